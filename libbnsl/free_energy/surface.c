/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The free energy of a phase as a function of density and well depth, fitted to values of A, Z and <U/eps> at once:
 *
 *   beta A/N = ln rho - 1 + sum x ln x + a_HS(rho) + v(eps) rho + rho^p sum_ij c_ij T_i(x) T_j(y),  v = B2 - B2_HS, p = 2 (virial) or v = 0, p = 0,
 *   Z = rho d/d rho of it, <U/eps>/N = d/d eps of it,
 *
 * x and y the density and the depth scaled to -1..1. A hard-sphere mixture as reference takes the steep part of the repulsion, so that few
 * terms suffice (least_squares.c). Cost: n_data n_terms^2.
 */
#include <math.h>
#include <stdlib.h>

#include "core_internal.h"
#include "fluid_internal.h"

static const bnsl_free_energy_surface_options defaults = {.n_density = 5, .n_depth = 1, .coupling = 1, .ipl_prefactor = 1};

bnsl_status bnsl_free_energy_surface_options_init(bnsl_free_energy_surface_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

/* ---- parts of the expression ---------------------------------------------------------------------------- */

/* T_k(x) and dT_k/dx, k = 0 .. n - 1. */
void bnsl__chebyshev(int32_t n, double x, double *t, double *slope)
{
    for (int32_t k = 0; k < n; k++) {
        t[k] = k == 0 ? 1 : k == 1 ? x : 2 * x * t[k - 1] - t[k - 2];
        slope[k] = k == 0 ? 0 : k == 1 ? 1 : 2 * t[k - 1] + 2 * x * slope[k - 1] - slope[k - 2];
    }
}

double bnsl__scaled(double value, const double range[2], double *factor)
{
    double width = range[1] - range[0];
    *factor = width > 0 ? 2 / width : 1;
    return width > 0 ? (value - range[0]) * *factor - 1 : 0;
}

/* A and Z without the fitted terms. */
static bnsl_status known_part(const bnsl_free_energy_surface *s, double density, double virial, double *a, double *z)
{
    double z_hs = 1, a_hs = 0;
    bnsl_status status = BNSL_OK;
    if (s->o.n_species > 0)
        status = bnsl_free_energy_bmcsl(s->o.n_species, s->hard_diameter, s->fraction, density, &z_hs, &a_hs, NULL);
    *a = log(density) - 1 + s->mixing + a_hs + virial * density;
    *z = z_hs + virial * density;
    return status;
}

/* rho^p T_i and rho d/d rho of it. */
static void density_terms(const bnsl_free_energy_surface *s, double density, double *a, double *z)
{
    double t[SURFACE_DENSITY], slope[SURFACE_DENSITY], factor;
    int32_t power = s->o.virial ? 2 : 0;
    bnsl__chebyshev(s->o.n_density, bnsl__scaled(density, s->density, &factor), t, slope);
    double scale = power ? density * density : 1;
    for (int32_t i = 0; i < s->o.n_density; i++) {
        a[i] = scale * t[i];
        z[i] = scale * (power * t[i] + density * factor * slope[i]);
    }
}

static bnsl_status virial_at(const bnsl_free_energy_surface *s, double well_depth, double *out)
{
    bnsl_potential *potential = NULL;
    bnsl_status status = bnsl__path_potential(&potential, s->o.n_species, s->diameter, &s->mie, s->o.coupling, well_depth, s->o.ipl_prefactor);
    if (!status)
        status = bnsl_free_energy_second_virial(potential, s->fraction, 1, out);
    bnsl_potential_destroy(potential);
    *out -= s->hard_b2;
    return status;
}

bnsl_status bnsl__surface_slice(const bnsl_free_energy_surface *s, double well_depth, surface_slice *out, const char *func)
{
    bool curve = s->o.n_depth == 1;
    double tolerance = 1e-9 * s->depth[1], factor = 1;
    if (curve)
        well_depth = s->depth[0];
    else if (!(well_depth >= s->depth[0] - tolerance && well_depth <= s->depth[1] + tolerance))
        return bnsl__fail(BNSL_EDOMAIN, func, "well_depth is %g, the data reach from %g to %g", well_depth, s->depth[0], s->depth[1]);
    *out = (surface_slice){.surface = s};
    double y = curve ? 0 : bnsl__scaled(well_depth, s->depth, &factor);
    bnsl__chebyshev(s->o.n_depth, y, out->t, out->t_slope);
    for (int32_t j = 0; j < s->o.n_depth; j++)
        out->t_slope[j] *= factor;
    bnsl_status status = BNSL_OK;
    if (s->o.virial)
        status = virial_at(s, well_depth, &out->virial);
    if (!status && s->o.virial && !curve) { /* differences of five points: the error is some h^4 = 1e-8 */
        static const double offset[4] = {-2, -1, 1, 2}, weight[4] = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12};
        double h = 0.01 * well_depth, v = 0;
        for (int k = 0; !status && k < 4; k++) {
            status = virial_at(s, well_depth + offset[k] * h, &v);
            out->virial_slope += weight[k] * v / h;
        }
    }
    if (!status)
        bnsl__slice_set(out, NULL);
    return status;
}

void bnsl__slice_set(surface_slice *slice, const double *normal)
{
    const bnsl_free_energy_surface *s = slice->surface;
    int32_t n = s->n_terms, n_depth = s->o.n_depth;
    for (int32_t i = 0; i < s->o.n_density; i++) {
        slice->g[i] = 0;
        for (int32_t j = 0; j < n_depth; j++) {
            int32_t term = i * n_depth + j;
            double c = s->c[term];
            for (int32_t k = 0; normal && k <= term; k++)
                c += s->root[term * n + k] * normal[k];
            slice->g[i] += c * slice->t[j];
        }
    }
}

void bnsl__slice_value(void *user, double density, double *a_out, double *pressure_out)
{
    const surface_slice *slice = user;
    double a[SURFACE_DENSITY], z[SURFACE_DENSITY], sum_a, sum_z;
    if (known_part(slice->surface, density, slice->virial, &sum_a, &sum_z)) {
        *a_out = *pressure_out = NAN;
        return;
    }
    density_terms(slice->surface, density, a, z);
    for (int32_t i = 0; i < slice->surface->o.n_density; i++) {
        sum_a += slice->g[i] * a[i];
        sum_z += slice->g[i] * z[i];
    }
    *a_out = sum_a + slice->shift;
    *pressure_out = density * sum_z;
}

double bnsl__slice_stiffness(const surface_slice *slice, double density)
{
    surface_slice copy = *slice;
    double h = 1e-4 * density, a, low, high;
    bnsl__slice_value(&copy, density - h, &a, &low);
    bnsl__slice_value(&copy, density + h, &a, &high);
    return (high - low) / (2 * h);
}

/* ---- fit ------------------------------------------------------------------------------------------------- */

/* Slices at the depths that the data have: virial coefficients are quadratures, and many data share a depth. */
enum { N_CACHED = 32 };
typedef struct slice_cache {
    int n, next;
    double depth[N_CACHED];
    surface_slice slice[N_CACHED];
} slice_cache;

static bnsl_status cached_slice(const bnsl_free_energy_surface *s, slice_cache *cache, double depth, const surface_slice **out)
{
    for (int k = 0; k < cache->n; k++)
        if (cache->depth[k] == depth) {
            *out = &cache->slice[k];
            return BNSL_OK;
        }
    int k = cache->next;
    cache->next = (k + 1) % N_CACHED;
    cache->n = cache->n < N_CACHED ? cache->n + 1 : N_CACHED;
    cache->depth[k] = depth;
    *out = &cache->slice[k];
    return bnsl__surface_slice(s, depth, &cache->slice[k], "bnsl_free_energy_surface_create");
}

/* One row of the design matrix and the value that the fitted terms have to make. */
static bnsl_status design_row(const bnsl_free_energy_surface *s, slice_cache *cache, const bnsl_free_energy_datum *d, double *row,
                              double *value)
{
    double a[SURFACE_DENSITY], z[SURFACE_DENSITY], known_a, known_z;
    const surface_slice *slice;
    bnsl_status status = cached_slice(s, cache, d->well_depth, &slice);
    if (!status)
        status = known_part(s, d->density, slice->virial, &known_a, &known_z);
    if (status)
        return status;
    density_terms(s, d->density, a, z);
    *value = d->value - (d->kind == BNSL_DATUM_A ? known_a : d->kind == BNSL_DATUM_Z ? known_z : slice->virial_slope * d->density);
    for (int32_t i = 0; i < s->o.n_density; i++)
        for (int32_t j = 0; j < s->o.n_depth; j++)
            row[i * s->o.n_depth + j] = d->kind == BNSL_DATUM_A   ? a[i] * slice->t[j]
                                        : d->kind == BNSL_DATUM_Z ? z[i] * slice->t[j]
                                                                  : a[i] * slice->t_slope[j];
    return BNSL_OK;
}

static bnsl_status fit(bnsl_free_energy_surface *s, int64_t n, const bnsl_free_energy_datum *data)
{
    double *design = bnsl__alloc(n * s->n_terms, sizeof *design), *value = bnsl__alloc(2 * n, sizeof *value), *error = value ? value + n : NULL;
    slice_cache *cache = bnsl__calloc(1, sizeof *cache);
    least_squares result = {.c = s->c, .covariance = s->covariance, .root = s->root};
    bnsl_status status = design && value && cache ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, "bnsl_free_energy_surface_create", "out of memory");
    for (int64_t i = 0; !status && i < n; i++) {
        status = design_row(s, cache, &data[i], &design[i * s->n_terms], &value[i]);
        error[i] = data[i].error;
    }
    if (!status)
        status = bnsl__least_squares(n, s->n_terms, design, value, error, &result, "bnsl_free_energy_surface_create");
    s->chi2 = result.chi2;
    s->freedom = result.freedom;
    free(design);
    free(value);
    free(cache);
    return status;
}

/* ---- public -------------------------------------------------------------------------------------------- */

static bnsl_status check_options(bnsl_free_energy_surface_options *o, const double *diameter, const double *fraction, const char *func)
{
    if (o->ipl_prefactor == 0)
        o->ipl_prefactor = 1;
    if (o->n_density < 1 || o->n_density > SURFACE_DENSITY || o->n_depth < 1 || o->n_depth > SURFACE_DEPTH)
        return bnsl__fail(BNSL_EINVAL, func, "n_density is %d, must be 1 to %d, and n_depth %d, 1 to %d", (int)o->n_density, SURFACE_DENSITY,
                          (int)o->n_depth, SURFACE_DEPTH);
    if (o->n_species < 0 || o->n_species > SURFACE_SPECIES)
        return bnsl__fail(BNSL_EINVAL, func, "n_species is %d, must be 0 to %d", (int)o->n_species, SURFACE_SPECIES);
    if (o->n_species > 0 && (!diameter || !fraction))
        return bnsl__fail(BNSL_EINVAL, func, "a mixture needs its diameters and fractions");
    if (o->virial && o->n_species == 0)
        return bnsl__fail(BNSL_EINVAL, func, "a virial coefficient needs n_species > 0");
    if (!(o->coupling >= 0 && o->coupling <= 1) || !(o->ipl_prefactor > 0))
        return bnsl__fail(BNSL_EINVAL, func, "coupling is %g, must be 0 to 1, and ipl_prefactor %g, > 0", o->coupling, o->ipl_prefactor);
    return BNSL_OK;
}

/* Ranges, and the numbers themselves. */
static bnsl_status check_data(bnsl_free_energy_surface *s, int64_t n, const bnsl_free_energy_datum *data, const char *func)
{
    bool has_a = false;
    s->density[0] = s->depth[0] = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const bnsl_free_energy_datum *d = &data[i];
        if (d->kind < BNSL_DATUM_A || d->kind > BNSL_DATUM_U || (d->kind == BNSL_DATUM_U && s->o.n_depth == 1))
            return bnsl__fail(BNSL_EINVAL, func, "data[%lld]: kind %d is not known, or is U in a curve", (long long)i, (int)d->kind);
        if (!(d->density > 0) || !isfinite(d->density) || !(d->well_depth > 0) || !isfinite(d->well_depth))
            return bnsl__fail(BNSL_EINVAL, func, "data[%lld]: density %g and well_depth %g must be > 0", (long long)i, d->density, d->well_depth);
        if (!isfinite(d->value) || !(d->error > 0) || !isfinite(d->error))
            return bnsl__fail(BNSL_EINVAL, func, "data[%lld]: value %g must be finite and error %g > 0", (long long)i, d->value, d->error);
        has_a = has_a || d->kind == BNSL_DATUM_A;
        s->density[0] = fmin(s->density[0], d->density);
        s->density[1] = fmax(s->density[1], d->density);
        s->depth[0] = fmin(s->depth[0], d->well_depth);
        s->depth[1] = fmax(s->depth[1], d->well_depth);
    }
    if (n < s->n_terms)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be at least the number of coefficients, %d", (long long)n, (int)s->n_terms);
    if (!has_a && !s->o.virial)
        return bnsl__fail(BNSL_EINVAL, func, "no datum is a free energy, and without virial the integral has no start");
    if (s->o.virial)
        s->density[0] = 0;
    return BNSL_OK;
}

/* Barker-Henderson diameters of the inverse power law, the reference's B2, the mixing term. */
static bnsl_status set_reference(bnsl_free_energy_surface *s, const double *diameter, const double *fraction)
{
    for (int32_t i = 0; i < s->o.n_species; i++) {
        s->diameter[i] = diameter[i];
        s->fraction[i] = fraction[i];
        s->mixing += fraction[i] > 0 ? fraction[i] * log(fraction[i]) : 0;
    }
    bnsl_status status = BNSL_OK;
    if (s->o.n_species > 0)
        status = bnsl__hard_diameters(s->o.n_species, diameter, &s->mie, s->o.ipl_prefactor, s->hard_diameter);
    for (int32_t i = 0; !status && i < s->o.n_species; i++)
        for (int32_t j = 0; j < s->o.n_species; j++)
            s->hard_b2 += fraction[i] * fraction[j] * 2.0943951023931953 * pow(0.5 * (s->hard_diameter[i] + s->hard_diameter[j]), 3);
    return status;
}

bnsl_status bnsl_free_energy_surface_create(bnsl_free_energy_surface **out, const bnsl_free_energy_surface_options *opts, int64_t n,
                                            const bnsl_free_energy_datum *data, const double *diameter, const double *fraction,
                                            const bnsl_potential_options *mie)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (!data || n < 1)
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld, must be >= 1, with data", (long long)n);
    bnsl_free_energy_surface *s = bnsl__calloc(1, sizeof *s);
    if (!s)
        return BNSL_NOMEM();
    s->o = defaults;
    bnsl_status status = opts ? bnsl__options_load(&s->o, sizeof s->o, opts, "bnsl_free_energy_surface_options", __func__) : BNSL_OK;
    if (!status)
        status = check_options(&s->o, diameter, fraction, __func__);
    s->n_terms = s->o.n_density * s->o.n_depth;
    if (!status)
        status = bnsl_potential_options_init(&s->mie, sizeof s->mie);
    if (!status && mie)
        status = bnsl__options_load(&s->mie, sizeof s->mie, mie, "bnsl_potential_options", __func__);
    if (!status)
        status = check_data(s, n, data, __func__);
    if (!status)
        status = set_reference(s, diameter, fraction);
    if (!status) {
        s->covariance = bnsl__calloc((int64_t)s->n_terms * s->n_terms, sizeof(double));
        s->root = bnsl__calloc((int64_t)s->n_terms * s->n_terms, sizeof(double));
        status = s->covariance && s->root ? fit(s, n, data) : BNSL_NOMEM();
    }
    if (status) {
        bnsl_free_energy_surface_destroy(s);
        return status;
    }
    *out = s;
    return BNSL_OK;
}

void bnsl_free_energy_surface_destroy(bnsl_free_energy_surface *surface)
{
    if (!surface)
        return;
    free(surface->covariance);
    free(surface->root);
    free(surface);
}

bnsl_status bnsl_free_energy_surface_quality(const bnsl_free_energy_surface *surface, double *chi2_out, int64_t *freedom_out,
                                             double *density_range_out, double *depth_range_out)
{
    if (!surface)
        return BNSL_FAIL(BNSL_EINVAL, "surface is NULL");
    if (chi2_out)
        *chi2_out = surface->chi2;
    if (freedom_out)
        *freedom_out = surface->freedom;
    for (int k = 0; k < 2; k++) {
        if (density_range_out)
            density_range_out[k] = surface->density[k];
        if (depth_range_out)
            depth_range_out[k] = surface->depth[k];
    }
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_surface_evaluate(const bnsl_free_energy_surface *surface, double density, double well_depth, bnsl_free_energy_state *out)
{
    if (!surface || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !surface ? "surface" : "out");
    const double *range = surface->density;
    if (!(density > 0 && density >= range[0] * (1 - 1e-9) && density <= range[1] * (1 + 1e-9)))
        return BNSL_FAIL(BNSL_EDOMAIN, "density is %g, the data reach from %g to %g", density, range[0], range[1]);
    surface_slice slice;
    bnsl_status status = bnsl__surface_slice(surface, well_depth, &slice, __func__);
    if (status)
        return status;
    bnsl_free_energy_state r = {.density = density, .well_depth = surface->o.n_depth == 1 ? surface->depth[0] : well_depth};
    double a[SURFACE_DENSITY], z[SURFACE_DENSITY], p[4][SURFACE_TERMS];
    density_terms(surface, density, a, z);
    r.u = slice.virial_slope * density;
    for (int32_t i = 0; i < surface->o.n_density; i++)
        for (int32_t j = 0; j < surface->o.n_depth; j++) {
            int32_t k = i * surface->o.n_depth + j;
            p[0][k] = a[i] * slice.t[j];
            p[1][k] = density * z[i] * slice.t[j];
            p[2][k] = (a[i] + z[i]) * slice.t[j];
            p[3][k] = a[i] * slice.t_slope[j];
            r.u += surface->c[k] * p[3][k];
        }
    bnsl__slice_value(&slice, density, &r.a, &r.pressure);
    r.mu = r.a + r.pressure / density;
    r.a_err = bnsl__linear_error(surface->n_terms, surface->covariance, p[0]);
    r.pressure_err = bnsl__linear_error(surface->n_terms, surface->covariance, p[1]);
    r.mu_err = bnsl__linear_error(surface->n_terms, surface->covariance, p[2]);
    r.u_err = bnsl__linear_error(surface->n_terms, surface->covariance, p[3]);
    r.stiffness = bnsl__slice_stiffness(&slice, density);
    *out = r;
    return BNSL_OK;
}
