/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vapour and liquid of different composition, and the limit of stability, from mixtures A(rho, x, eps). Errors by Monte Carlo: the
 * coefficients are drawn from their covariances, each draw is solved by Newton's method from the solution of the fit, on the way to it in
 * steps where one is too long, and the scatter of the solutions is the standard error. Cost: some 10^2 evaluations a draw.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { STREAM_DRAWS = 0x464c5546, N_GRID = 150, N_VALUES = 6 };
static const double LOWEST_DENSITY = 1e-10;

static bnsl_status random_draw(uint64_t seed, int32_t k, int which, double normal[MIXTURE_TERMS])
{
    return bnsl_random_normal(seed, STREAM_DRAWS, (uint64_t)k, (uint64_t)which * 1000000, MIXTURE_TERMS, normal);
}

/* rho, rho', x', P, both mu */
static void values_of(const fluid_pair *f, const double solution[3], double value[N_VALUES])
{
    double a, mu[2], l = solution[1], s = solution[2];
    f->fn[1](f->user[1], l, s, &a, mu);
    const double all[N_VALUES] = {solution[0], l + s, l / (l + s), l * mu[0] + s * mu[1] - a, mu[0], mu[1]};
    for (int k = 0; k < N_VALUES; k++)
        value[k] = all[k];
}

/* The solution of a draw from that of the fit, in n_steps steps of the coefficients; the second mixture's numbers follow the first one's. */
static bool follow(const fluid_pair *f, mixture_slice slice[2], const double *normal, int n_steps, double solution[3])
{
    bool same = slice[0].mixture == slice[1].mixture;
    double part[MIXTURE_TERMS];
    for (int step = 1; step <= n_steps; step++) {
        for (int which = 0; which < 2; which++) {
            for (int i = 0; i < MIXTURE_TERMS; i++)
                part[i] = normal[(same ? 0 : which) * MIXTURE_TERMS + i] * step / n_steps;
            bnsl__mixture_set(&slice[which], part);
        }
        if (!bnsl__incipient_newton(f, solution))
            return false;
    }
    return true;
}

/* Mean square deviation of the draws' solutions from the solution. */
static bnsl_status scatter(const fluid_pair *f, mixture_slice slice[2], const double solution[3], int32_t n_samples, uint64_t seed,
                           double error[N_VALUES], const char *func)
{
    static const int steps[] = {1, 4, 16};
    double *normal = bnsl__alloc(2 * MIXTURE_TERMS, sizeof *normal), centre[N_VALUES], sum[N_VALUES] = {0};
    bnsl_status status = normal ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    int32_t n = 0;
    values_of(f, solution, centre);
    for (int32_t k = 0; !status && k < n_samples; k++) {
        double drawn[3], value[N_VALUES];
        bool found = false;
        for (int which = 0; !status && which < 2; which++)
            status = random_draw(seed, k, which, normal + which * MIXTURE_TERMS);
        for (size_t i = 0; !status && !found && i < sizeof steps / sizeof *steps; i++) {
            memcpy(drawn, solution, sizeof drawn);
            found = follow(f, slice, normal, steps[i], drawn);
        }
        if (!found)
            continue;
        values_of(f, drawn, value);
        for (int i = 0; i < N_VALUES; i++)
            sum[i] += (value[i] - centre[i]) * (value[i] - centre[i]);
        n++;
    }
    free(normal);
    double share = slice[0].mixture == slice[1].mixture ? LOOP_SHARE : 0.5;
    if (!status && n < share * n_samples)
        status = bnsl__fail(BNSL_EDOMAIN, func, "only %d of %d draws within the errors have an equilibrium", (int)n, (int)n_samples);
    for (int i = 0; i < N_VALUES; i++)
        error[i] = n > 0 ? sqrt(sum[i] / n) : 0;
    return status;
}

bnsl_status bnsl_free_energy_fractionate(const bnsl_free_energy_mixture *parent, const bnsl_free_energy_mixture *other, double well_depth,
                                         double fraction, int32_t bubble, int32_t n_samples, uint64_t seed, bnsl_free_energy_fractionation *out)
{
    if (!parent || !other || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !parent ? "parent" : !other ? "other" : "out");
    if (!(fraction > 0 && fraction < 1))
        return BNSL_FAIL(BNSL_EINVAL, "fraction is %g, must be > 0 and < 1", fraction);
    if ((bubble != 0 && bubble != 1) || n_samples < 0 || n_samples > 10000)
        return BNSL_FAIL(BNSL_EINVAL, "bubble is %d, must be 0 or 1, and n_samples %d, 0 to 10000", (int)bubble, (int)n_samples);
    const bnsl_free_energy_mixture *const mixture[2] = {parent, other};
    mixture_slice slice[2];
    fluid_pair f = {.fraction = fraction, .bubble = bubble, .size = {parent->size[0], parent->size[1], parent->size[2]}};
    bnsl_status status = BNSL_OK;
    for (int k = 0; !status && k < 2; k++) {
        status = bnsl__mixture_slice(mixture[k], well_depth, &slice[k], __func__);
        f.fn[k] = bnsl__mixture_value;
        f.user[k] = &slice[k];
        f.low[k] = fmax(mixture[k]->fit.density[0], LOWEST_DENSITY);
        f.high[k] = mixture[k]->fit.density[1];
    }
    double solution[3], v[N_VALUES], e[N_VALUES] = {0};
    if (!status)
        status = bnsl__incipient(&f, solution, __func__);
    if (status)
        return status;
    values_of(&f, solution, v);
    if (n_samples > 0)
        status = scatter(&f, slice, solution, n_samples, seed, e, __func__);
    if (status)
        return status;
    *out = (bnsl_free_energy_fractionation){{v[0], v[1]}, {e[0], e[1]}, {fraction, v[2]}, {0, e[2]}, v[3], e[3], {v[4], v[5]}, {e[4], e[5]}};
    return BNSL_OK;
}

/* ---- limit of stability ----------------------------------------------------------------------------------- */

typedef struct composition {
    const bnsl_free_energy_mixture *mixture;
    double fraction;
} composition;

/* The smallest stability at a depth and the density of it, away from the ends of the data. */
static bnsl_status least_stability(const void *of, double depth, const double *normal, double *least, double *density, const char *func)
{
    const composition *at = of;
    const bnsl_free_energy_mixture *m = at->mixture;
    mixture_slice slice;
    bnsl_status status = bnsl__mixture_slice(m, depth, &slice, func);
    if (status)
        return status;
    bnsl__mixture_set(&slice, normal);
    const double *range = m->fit.density, x = at->fraction;
    *least = INFINITY;
    for (int k = 1; k < N_GRID; k++) {
        double y = range[0] + (range[1] - range[0]) * k / N_GRID,
               rho = y / (x * x * m->size[0] + 2 * x * (1 - x) * m->size[1] + (1 - x) * (1 - x) * m->size[2]);
        double value = bnsl__mixture_stability(bnsl__mixture_value, &slice, rho * x, rho * (1 - x));
        if (value < *least) {
            *least = value;
            *density = rho;
        }
    }
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_demixing_depth(const bnsl_free_energy_mixture *mixture, double fraction, int32_t n_samples, uint64_t seed,
                                            double *depth_out, double *depth_err_out, double *density_out)
{
    if (!mixture)
        return BNSL_FAIL(BNSL_EINVAL, "mixture is NULL");
    if (mixture->o.n_depth < 2)
        return BNSL_FAIL(BNSL_EINVAL, "the mixture is of one depth, it must have n_depth >= 2");
    if (!(fraction > 0 && fraction < 1))
        return BNSL_FAIL(BNSL_EINVAL, "fraction is %g, must be > 0 and < 1", fraction);
    const composition of = {mixture, fraction};
    const stability s = {.fit = &mixture->fit, .of = &of, .least = least_stability, .stream = STREAM_DRAWS, .tolerance = {1e-7, 1e-4}};
    return bnsl__stability_limit(&s, n_samples, seed, depth_out, depth_err_out, density_out, __func__);
}
