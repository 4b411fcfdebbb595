/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expansions of a free energy in Chebyshev polynomials of density and well depth beside a virial term that is known: what a fluid of one
 * composition (surface.c) and one of two species at any composition (mixture.c) have in common.
 */
#include <math.h>
#include <stdlib.h>

#include "core_internal.h"
#include "fluid_internal.h"

/* ---- terms ------------------------------------------------------------------------------------------------ */

void bnsl__chebyshev(int32_t n, double x, double *t, double *slope)
{
    t[0] = 1;
    slope[0] = 0;
    if (n > 1) {
        t[1] = x;
        slope[1] = 1;
    }
    for (int32_t k = 2; k < n; k++) {
        t[k] = 2 * x * t[k - 1] - t[k - 2];
        slope[k] = 2 * t[k - 1] + 2 * x * slope[k - 1] - slope[k - 2];
    }
}

double bnsl__scaled(double value, const double range[2], double *factor)
{
    double width = range[1] - range[0];
    *factor = width > 0 ? 2 / width : 1;
    return width > 0 ? (value - range[0]) * *factor - 1 : 0;
}

bnsl_status bnsl__depth_terms(const expansion *e, const expansion_form *form, double well_depth, depth_terms *out, const char *func)
{
    double tolerance = 1e-9 * e->depth[1], factor;
    if (!(well_depth >= e->depth[0] - tolerance && well_depth <= e->depth[1] + tolerance))
        return bnsl__fail(BNSL_EDOMAIN, func, "well_depth is %g, the data reach from %g to %g", well_depth, e->depth[0], e->depth[1]);
    *out = (depth_terms){{0}, {0}, {0}, {0}};
    bnsl__chebyshev(e->n_depth, bnsl__scaled(well_depth, e->depth, &factor), out->t, out->t_slope);
    for (int32_t j = 0; j < e->n_depth; j++)
        out->t_slope[j] *= factor;
    if (!form->virial)
        return BNSL_OK;
    static const double offset[4] = {-2, -1, 1, 2}, weight[4] = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12}; /* the error is some h^4 = 1e-8 */
    double h = 0.01 * well_depth, v[3] = {0};
    bnsl_status status = form->virial(form->of, well_depth, out->virial);
    for (int k = 0; !status && e->n_depth > 1 && k < 4; k++) {
        status = form->virial(form->of, well_depth + offset[k] * h, v);
        for (int i = 0; i < 3; i++)
            out->virial_slope[i] += weight[k] * v[i] / h;
    }
    return status;
}

double bnsl__coefficient(const expansion *e, int32_t term, const double *normal)
{
    double c = e->c[term];
    for (int32_t k = 0; normal && k <= term; k++)
        c += e->root[term * e->n_terms + k] * normal[k];
    return c;
}

double bnsl__linear_error(const expansion *e, const double *gradient)
{
    double sum = 0;
    for (int32_t i = 0; i < e->n_terms; i++)
        for (int32_t j = 0; j < e->n_terms; j++)
            sum += gradient[i] * e->covariance[i * e->n_terms + j] * gradient[j];
    return sqrt(sum > 0 ? sum : 0);
}

/* ---- data ------------------------------------------------------------------------------------------------- */

void bnsl__widen(double range[2], double value)
{
    range[0] = fmin(range[0], value);
    range[1] = fmax(range[1], value);
}

bnsl_status bnsl__expansion_data(expansion *e, int64_t n, const bnsl_free_energy_mixture_datum *data, bool virial, const char *func)
{
    bool has_a = false;
    e->density[0] = e->depth[0] = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const bnsl_free_energy_mixture_datum *d = &data[i];
        if (d->kind < BNSL_DATUM_A || d->kind > BNSL_DATUM_U || (d->kind == BNSL_DATUM_U && e->n_depth == 1))
            return bnsl__fail(BNSL_EINVAL, func, "data[%lld]: kind %d is not known, or is U at one depth", (long long)i, (int)d->kind);
        if (!(d->density > 0) || isinf(d->density) || !(d->well_depth > 0) || isinf(d->well_depth))
            return bnsl__fail(BNSL_EINVAL, func, "data[%lld]: density %g and well_depth %g must be > 0", (long long)i, d->density, d->well_depth);
        if (!(d->fraction >= 0 && d->fraction <= 1))
            return bnsl__fail(BNSL_EINVAL, func, "data[%lld]: fraction is %g, must be 0 to 1", (long long)i, d->fraction);
        if (!isfinite(d->value) || !(d->error > 0) || isinf(d->error))
            return bnsl__fail(BNSL_EINVAL, func, "data[%lld]: value %g must be finite and error %g > 0", (long long)i, d->value, d->error);
        has_a = has_a || d->kind == BNSL_DATUM_A;
        bnsl__widen(e->density, d->density);
        bnsl__widen(e->depth, d->well_depth);
    }
    if (n < e->n_terms)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be at least the number of coefficients, %d", (long long)n, (int)e->n_terms);
    if (!has_a && !virial)
        return bnsl__fail(BNSL_EINVAL, func, "no datum is a free energy, and without virial the integral has no start");
    if (virial)
        e->density[0] = 0;
    return BNSL_OK;
}

/* ---- fit -------------------------------------------------------------------------------------------------- */

/* Terms at the depths that the data have: virial coefficients are quadratures, and many data share a depth. */
enum { N_CACHED = 32 };
typedef struct depth_cache {
    int n, next;
    double depth[N_CACHED];
    depth_terms at[N_CACHED];
} depth_cache;

static bnsl_status cached_terms(const expansion *e, const expansion_form *form, depth_cache *cache, double depth, const depth_terms **out,
                                const char *func)
{
    for (int k = 0; k < cache->n; k++)
        if (cache->depth[k] == depth) {
            *out = &cache->at[k];
            return BNSL_OK;
        }
    int k = cache->next;
    cache->next = (k + 1) % N_CACHED;
    cache->n = cache->n < N_CACHED ? cache->n + 1 : N_CACHED;
    cache->depth[k] = depth;
    *out = &cache->at[k];
    return bnsl__depth_terms(e, form, depth, &cache->at[k], func);
}

/* The design matrix, the values and their errors. */
static bnsl_status make_design(const expansion *e, const expansion_form *form, int64_t n, const bnsl_free_energy_mixture_datum *data,
                               double *design, double *value, double *error, const char *func)
{
    depth_cache *cache = bnsl__calloc(1, sizeof *cache);
    bnsl_status status = cache ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t i = 0; !status && i < n; i++) {
        const depth_terms *at;
        status = cached_terms(e, form, cache, data[i].well_depth, &at, func);
        if (!status)
            status = form->row(form->of, at, &data[i], &design[i * e->n_terms], &value[i]);
        error[i] = data[i].error;
    }
    free(cache);
    return status;
}

bnsl_status bnsl__expansion_fit(expansion *e, const expansion_form *form, int64_t n, const bnsl_free_energy_mixture_datum *data, const char *func)
{
    const int64_t square = (int64_t)e->n_terms * e->n_terms;
    e->c = bnsl__calloc(e->n_terms, sizeof *e->c);
    e->covariance = bnsl__calloc(square, sizeof *e->covariance);
    e->root = bnsl__calloc(square, sizeof *e->root);
    double *design = bnsl__alloc(n * e->n_terms, sizeof *design), *value = bnsl__alloc(2 * n, sizeof *value);
    bnsl_status status =
        e->c && e->covariance && e->root && design && value ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (!status)
        status = make_design(e, form, n, data, design, value, value + n, func);
    if (!status)
        status = bnsl__least_squares(n, design, value, value + n, e, func);
    free(design);
    free(value);
    return status;
}

void bnsl__expansion_free(expansion *e)
{
    free(e->c);
    free(e->covariance);
    free(e->root);
}

void bnsl__expansion_quality(const expansion *e, double *chi2_out, int64_t *freedom_out, double *density_range_out, double *depth_range_out)
{
    if (chi2_out)
        *chi2_out = e->chi2;
    if (freedom_out)
        *freedom_out = e->freedom;
    for (int k = 0; k < 2; k++) {
        if (density_range_out)
            density_range_out[k] = e->density[k];
        if (depth_range_out)
            depth_range_out[k] = e->depth[k];
    }
}
