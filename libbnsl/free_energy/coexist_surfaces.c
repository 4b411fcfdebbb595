/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Coexistence, critical depth and driving force from surfaces A(rho, eps). Errors by Monte Carlo: the coefficients of the surfaces are drawn
 * from their covariance, each draw is solved, the scatter of the solutions is the standard error. Draw k takes the random numbers of
 * index k, so that errors do not depend on the order. Cost: one tangent, some 2000 evaluations, a draw.
 */
#include <math.h>
#include <stdlib.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { STREAM_DRAWS = 0x464c5544, N_GRID = 300 };
static const double LOWEST_DENSITY = 1e-9;

/* Random numbers of one draw: for the dilute surface, for the dense one, and two for what is common to each. */
typedef struct draw {
    double dilute[SURFACE_TERMS], dense[SURFACE_TERMS], shift[2];
} draw;

static bnsl_status random_draw(uint64_t seed, int32_t k, draw *d)
{
    bnsl_status status = bnsl_random_normal(seed, STREAM_DRAWS, (uint64_t)k, 0, SURFACE_TERMS, d->dilute);
    if (!status)
        status = bnsl_random_normal(seed, STREAM_DRAWS, (uint64_t)k, 1000000, SURFACE_TERMS, d->dense);
    return status ? status : bnsl_random_normal(seed, STREAM_DRAWS, (uint64_t)k, 2000000, 2, d->shift);
}

/* Puts a draw into the slices of both phases; those of one surface get the same coefficients. */
static void apply(const draw *d, surface_slice slice[2], const double shift_err[2])
{
    bool same = slice[0].surface == slice[1].surface;
    bnsl__slice_set(&slice[0], d->dilute);
    bnsl__slice_set(&slice[1], same ? d->dilute : d->dense);
    for (int k = 0; k < 2; k++)
        slice[k].shift = shift_err[k] * d->shift[same ? 0 : k];
}

/* Where the growing branch begins that ends at the high end of a surface: the liquid's, which may be known beyond its limit of stability. */
static double liquid_begins(surface_slice *slice, double low, double high)
{
    double a, p_last, p, last = high;
    bnsl__slice_value(slice, high, &a, &p_last);
    for (int k = 1; k <= N_GRID; k++, p_last = p) {
        double next = high + (low - high) * k / N_GRID;
        bnsl__slice_value(slice, next, &a, &p);
        if (!(p < p_last))
            break;
        last = next;
    }
    return fmin(last + (high - low) / N_GRID, high); /* past the minimum itself */
}

static bnsl_status solve(surface_slice slice[2], double value[4], const char *func)
{
    bnsl_free_energy_phase_fn const phase[2] = {bnsl__slice_value, bnsl__slice_value};
    void *const user[2] = {&slice[0], &slice[1]};
    double low[2], high[2];
    for (int k = 0; k < 2; k++) {
        low[k] = fmax(slice[k].surface->fit.density[0], LOWEST_DENSITY);
        high[k] = slice[k].surface->fit.density[1];
    }
    if (slice[0].surface != slice[1].surface && !slice[0].surface->o.virial)
        low[0] = liquid_begins(&slice[0], low[0], high[0]);
    return bnsl__tangent(phase, user, low, high, value, &value[2], &value[3], func);
}

/* Mean square deviation of the draws' solutions from the solution. */
static bnsl_status scatter(surface_slice slice[2], const double shift_err[2], const double value[4], int32_t n_samples, uint64_t seed,
                           double error[4], const char *func)
{
    draw *d = bnsl__alloc(1, sizeof *d);
    if (!d)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    double sum[4] = {0};
    int32_t n = 0;
    bnsl_status status = BNSL_OK;
    for (int32_t k = 0; !status && k < n_samples; k++) {
        double drawn[4];
        status = random_draw(seed, k, d);
        apply(d, slice, shift_err);
        if (status || solve(slice, drawn, func))
            continue;
        for (int i = 0; i < 4; i++)
            sum[i] += (drawn[i] - value[i]) * (drawn[i] - value[i]);
        n++;
    }
    free(d);
    double needed = slice[0].surface == slice[1].surface ? LOOP_SHARE : 0.5;
    if (!status && n < needed * n_samples)
        status = bnsl__fail(BNSL_EDOMAIN, func, "only %d of %d draws within the errors have a coexistence", (int)n, (int)n_samples);
    for (int i = 0; i < 4; i++)
        error[i] = n > 0 ? sqrt(sum[i] / n) : 0;
    return status;
}

bnsl_status bnsl_free_energy_coexist(const bnsl_free_energy_surface *dilute, double dilute_shift_err, const bnsl_free_energy_surface *dense,
                                     double dense_shift_err, double well_depth, int32_t n_samples, uint64_t seed, bnsl_free_energy_coexistence *out)
{
    if (!dilute || !dense || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !dilute ? "dilute" : !dense ? "dense" : "out");
    if (!(dilute_shift_err >= 0 && dense_shift_err >= 0) || !isfinite(dilute_shift_err + dense_shift_err))
        return BNSL_FAIL(BNSL_EINVAL, "the errors %g and %g must be >= 0", dilute_shift_err, dense_shift_err);
    if (n_samples < 0 || n_samples > 10000)
        return BNSL_FAIL(BNSL_EINVAL, "n_samples is %d, must be 0 to 10000", (int)n_samples);
    surface_slice slice[2];
    bnsl_status status = bnsl__surface_slice(dilute, well_depth, &slice[0], __func__);
    if (!status)
        status = bnsl__surface_slice(dense, well_depth, &slice[1], __func__);
    double value[4], error[4] = {0};
    const double shift_err[2] = {dilute_shift_err, dense_shift_err};
    if (!status)
        status = solve(slice, value, __func__);
    if (!status && n_samples > 0)
        status = scatter(slice, shift_err, value, n_samples, seed, error, __func__);
    if (status)
        return status;
    *out = (bnsl_free_energy_coexistence){{value[0], value[1]}, {error[0], error[1]}, value[2], error[2], value[3], error[3]};
    return BNSL_OK;
}

/* ---- critical depth ------------------------------------------------------------------------------------- */

/* The smallest d P/d rho at a depth and where it is, away from the ends of the data. */
static bnsl_status least_stiffness(const void *of, double depth, const double *normal, double *least, double *density, const char *func)
{
    const bnsl_free_energy_surface *s = of;
    surface_slice slice;
    bnsl_status status = bnsl__surface_slice(s, depth, &slice, func);
    if (status)
        return status;
    bnsl__slice_set(&slice, normal);
    const double *range = s->fit.density;
    *least = INFINITY;
    for (int k = 1; k < N_GRID; k++) {
        double rho = range[0] + (range[1] - range[0]) * k / N_GRID, x = bnsl__slice_stiffness(&slice, rho);
        if (x < *least) {
            *least = x;
            *density = rho;
        }
    }
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_critical_depth(const bnsl_free_energy_surface *surface, int32_t n_samples, uint64_t seed, double *depth_out,
                                            double *depth_err_out, double *density_out)
{
    if (!surface)
        return BNSL_FAIL(BNSL_EINVAL, "surface is NULL");
    if (surface->o.n_depth < 2)
        return BNSL_FAIL(BNSL_EINVAL, "the surface is a curve at one depth, it must have n_depth >= 2");
    const stability s = {.fit = &surface->fit, .of = surface, .least = least_stiffness, .stream = STREAM_DRAWS, .tolerance = {1e-9, 1e-9}};
    return bnsl__stability_limit(&s, n_samples, seed, depth_out, depth_err_out, density_out, __func__);
}

/* ---- driving force --------------------------------------------------------------------------------------- */

/* A slice and the pressure that it is to have. */
typedef struct excess {
    surface_slice *slice;
    double pressure;
} excess;

static double excess_pressure(void *user, double density)
{
    const excess *e = user;
    double a, p;
    bnsl__slice_value(e->slice, density, &a, &p);
    return p - e->pressure;
}

/* mu of the fluid minus mu of the solid at the pressure of the fluid. */
static bnsl_status force_of(surface_slice slice[2], double density, double *force, const char *func)
{
    const double *range = slice[1].surface->fit.density;
    double low = fmax(range[0], LOWEST_DENSITY), high = range[1], a, p, wanted, mu;
    bnsl__slice_value(&slice[0], density, &mu, &wanted);
    mu += wanted / density;
    bnsl__slice_value(&slice[1], high, &a, &p);
    if (!(p >= wanted))
        return bnsl__fail(BNSL_EDOMAIN, func, "the fluid's pressure is %g, the solid is known up to %g", wanted, p);
    bnsl__slice_value(&slice[1], low, &a, &p);
    if (!(p <= wanted))
        return bnsl__fail(BNSL_EDOMAIN, func, "the fluid's pressure is %g, the solid is known from %g", wanted, p);
    excess e = {&slice[1], wanted};
    double solid = bnsl__growing_root(excess_pressure, &e, low, high, 1e-15);
    bnsl__slice_value(&slice[1], solid, &a, &p);
    *force = mu - (a + wanted / solid);
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_driving_force(const bnsl_free_energy_surface *fluid, const bnsl_free_energy_surface *solid, double solid_shift_err,
                                           double well_depth, double density, double *force_out, double *force_err_out)
{
    if (!fluid || !solid || !force_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !fluid ? "fluid" : !solid ? "solid" : "force_out");
    if (!(solid_shift_err >= 0) || !isfinite(solid_shift_err))
        return BNSL_FAIL(BNSL_EINVAL, "solid_shift_err is %g, must be >= 0", solid_shift_err);
    if (!(density > 0 && density >= fluid->fit.density[0] && density <= fluid->fit.density[1] * (1 + 1e-9)))
        return BNSL_FAIL(BNSL_EDOMAIN, "density is %g, the fluid is known from %g to %g", density, fluid->fit.density[0], fluid->fit.density[1]);
    surface_slice slice[2];
    bnsl_status status = bnsl__surface_slice(fluid, well_depth, &slice[0], __func__);
    if (!status)
        status = bnsl__surface_slice(solid, well_depth, &slice[1], __func__);
    double force = 0, sum = 0;
    if (!status)
        status = force_of(slice, density, &force, __func__);
    enum { N_SAMPLES = 100 };
    const double shift_err[2] = {0, solid_shift_err};
    int32_t n = 0;
    draw *d = bnsl__alloc(1, sizeof *d);
    if (!status && !d)
        status = BNSL_NOMEM();
    for (int32_t k = 0; !status && force_err_out && k < N_SAMPLES; k++) {
        double drawn;
        status = random_draw(1, k, d);
        apply(d, slice, shift_err);
        if (status || force_of(slice, density, &drawn, __func__))
            continue;
        sum += (drawn - force) * (drawn - force);
        n++;
    }
    free(d);
    if (status)
        return status;
    *force_out = force;
    if (force_err_out)
        *force_err_out = n > 0 ? sqrt(sum / n) : 0;
    return BNSL_OK;
}
