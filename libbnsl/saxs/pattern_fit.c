/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fit of a diffraction pattern: Levenberg-Marquardt in the cells, widths and fluid, with background and areas eliminated at each step
 * (variable projection with Kaufman's Jacobian [BIT 15, 49 (1975)]). Where areas are free and the background is physical, the
 * displacements u that shape the diffuse scattering are those that the areas show, found in turns.
 * Cost: some ten linear fits, O(n_columns^2 n) each.
 */
#include <math.h>
#include <string.h>

#include "pattern_internal.h"

enum { MAX_ITERATIONS = 100, MAX_ROUNDS = 4, MAX_TURNS = 4 };

static const double ROUNDING = 1e-26; /* |residual|^2 of a perfect fit, relative to the data */
static const double SAME_U = 0.01;    /* relative change of u that ends the turns: D(q) then changes by less than 1e-2 u^2 q^2 of itself */
static const double START_U = 0.045;  /* of the distance between L */
static const double START_STRAIN = 0.3; /* of the half width at the middle of the range */

/* ---- refinement ----------------------------------------------------------------------------------------------------------------- */

static void evaluate_at(pattern_fit *f, const double *x)
{
    if (f->evaluated && memcmp(f->evaluated_at, x, (size_t)f->n_params * sizeof *x) == 0)
        return;
    bnsl__pattern_unpack(f, x);
    bnsl__pattern_evaluate(f);
    memcpy(f->evaluated_at, x, (size_t)f->n_params * sizeof *x);
}

static bool residual(void *user, const double *x, double *r)
{
    pattern_fit *f = user;
    for (int32_t i = 0; i < f->n_params; i++)
        if (!(fabs(x[i]) < INFINITY))
            return false;
    evaluate_at(f, x);
    memcpy(r, f->residual.data, (size_t)f->n * sizeof *r);
    return f->chi2 < INFINITY;
}

void bnsl__pattern_project(pattern_fit *f, double *column, double *products, double *solved)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    f->products(f->n_vectors, f->n_columns, f->columns.data, column, products);
    for (int32_t i = 0; i < f->nnls.n_passive; i++)
        solved[i] = products[f->nnls.passive[i]];
    bnsl__saxs_nnls_apply(&f->nnls, solved);
    for (int32_t i = 0; i < f->nnls.n_passive; i++)
        f->accumulate(f->n_vectors, -solved[i], f->columns.data + f->nnls.passive[i] * stride, column);
}

static bool jacobian(void *user, const double *x, double *j)
{
    pattern_fit *f = user;
    const int64_t stride = SAXS_LANES * f->n_vectors;
    double products[PATTERN_GRAM_STRIDE], solved[PATTERN_GRAM_STRIDE];
    evaluate_at(f, x);
    bnsl__pattern_slopes(f, f->nnls.x);
    for (int32_t k = 0; k < f->n_params; k++) {
        double *column = f->slopes.data + k * stride;
        bnsl__pattern_project(f, column, products, solved);
        for (int64_t i = 0; i < f->n; i++)
            j[i * f->n_params + k] = column[i];
    }
    return true;
}

/* A width at its limit is no result. */
static bool width_at_limit(const pattern_fit *f)
{
    double low, high;
    bnsl__pattern_width_limits(f, &low, &high);
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        if (f->active[i] && !(f->cell[i].w > 1.000001 * low && f->cell[i].w < 0.999999 * high))
            return true;
    return false;
}

static bool any_active(const pattern_fit *f)
{
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        if (f->active[i])
            return true;
    return false;
}

bnsl_status bnsl__pattern_refine(pattern_fit *f, bnsl_control *control, bool *converged, int32_t *n_iterations, const char *func)
{
    bool changed;
    *converged = false;
    for (int32_t round = 0; round < MAX_ROUNDS; round++) {
        double x[PATTERN_MAX_PARAMS] = {0};
        bnsl_status status = bnsl__pattern_layout(f, &changed, func);
        if (status == BNSL_OK && f->n_groups == 0 && any_active(f))
            status = bnsl__fail(BNSL_EDOMAIN, func, "no reflection in the range q = %g .. %g", f->curve.q[0], f->curve.q[f->n - 1]);
        if (status != BNSL_OK)
            return status;
        if (round > 0 && !changed)
            break;
        if (f->n_params == 0) { /* a linear problem */
            *converged = true;
            break;
        }
        saxs_lm lm = {.n_residuals = f->n,
                      .n_params = f->n_params,
                      .max_iterations = MAX_ITERATIONS,
                      .tolerance = f->chi2_tolerance,
                      .negligible = ROUNDING * f->data_norm * f->data_norm,
                      .residual = residual,
                      .jacobian = jacobian,
                      .user = f,
                      .control = control};
        bnsl__pattern_pack(f, x);
        status = bnsl__saxs_minimize(&lm, x, converged, n_iterations, func);
        if (status != BNSL_OK)
            return status;
        bnsl__pattern_unpack(f, x);
    }
    bnsl__pattern_evaluate(f);
    *converged = *converged && !width_at_limit(f);
    return BNSL_OK;
}

/* Whether a phase's u comes from its areas and shapes its diffuse scattering. */
static bool u_in_turns(const pattern_fit *f, int32_t phase)
{
    const bnsl_saxs_phase_options *o = &f->pattern->phases[phase].options;
    return f->active[phase] && f->diffuse_column[phase] >= 0 && o->areas == BNSL_AREAS_FREE && !o->fix_u_rms;
}

bnsl_status bnsl__pattern_refine_all(pattern_fit *f, bnsl_control *control, bool *converged, int32_t *n_iterations, const char *func)
{
    bnsl_saxs_phase phase[PATTERN_MAX_PHASES];
    bnsl_status status = bnsl__pattern_refine(f, control, converged, n_iterations, func);
    for (int turn = 0; turn < MAX_TURNS && status == BNSL_OK; turn++) {
        double u_start[PATTERN_MAX_PHASES];
        bool any = false, moved = false;
        for (int32_t i = 0; i < f->pattern->n_phases; i++) {
            u_start[i] = f->cell[i].u;
            any = any || u_in_turns(f, i);
        }
        if (!any)
            break;
        status = bnsl__pattern_fractions(f, NULL, 1, u_start, phase, func);
        for (int32_t i = 0; i < f->pattern->n_phases && status == BNSL_OK; i++) {
            const double u = phase[i].u_rms, most = 0.3 * f->pattern->phases[i].b_large * f->cell[i].a;
            if (!u_in_turns(f, i) || !(phase[i].fraction > 0 && u > 0))
                continue; /* nothing is known: as it was */
            moved = moved || fabs(fmin(u, most) - f->cell[i].u) > SAME_U * f->cell[i].u;
            f->cell[i].u = fmin(u, most);
        }
        if (!moved)
            break;
        if (status == BNSL_OK)
            status = bnsl__pattern_refine(f, control, converged, n_iterations, func);
    }
    return status;
}

/* ---- fits --------------------------------------------------------------------------------------------------------------------------- */

void bnsl__pattern_start_fluid(const pattern_fit *f, pattern_fluid *fluid)
{
    const bnsl_saxs_pattern_options *o = &f->pattern->options;
    *fluid = (pattern_fluid){o->fluid_eta, f->fluid_start, o->fluid_damping > 0 ? o->fluid_damping : f->fluid_start / 15};
}

void bnsl__pattern_start(pattern_fit *f)
{
    const bnsl_saxs_pattern *pattern = f->pattern;
    const bnsl_saxs_pattern_options *o = &pattern->options;
    for (int32_t i = 0; i < pattern->n_phases; i++) {
        const pattern_phase *p = pattern->phases + i;
        double u = p->options.u_rms > 0 || p->options.fix_u_rms ? p->options.u_rms : START_U * p->b_large * p->a;
        f->cell[i] = (pattern_cell){p->a, p->c_over_a, 4 * f->spacing, p->options.microstrain, u};
        f->active[i] = false;
    }
    const double d = o->fluid_diameter > 0 ? o->fluid_diameter
                     : o->d_large > 0      ? 1.15 * o->d_large
                     : pattern->n_phases > 0 ? 0.95 * pattern->phases[0].b_large * pattern->phases[0].a
                                             : 1;
    f->fluid_start = d;
    bnsl__pattern_start_fluid(f, &f->fluid);
    memset(f->shift, 0, sizeof f->shift);
}

/* A microstrain that is to be fitted does not start at 0, where its slope vanishes. */
static void start_strain(pattern_fit *f)
{
    const double q = 0.5 * (f->curve.q[0] + f->curve.q[f->curve.n - 1]);
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        if (f->pattern->phases[i].options.fit_microstrain && f->cell[i].microstrain == 0)
            f->cell[i].microstrain = fmin(START_STRAIN * f->cell[i].w / q, 0.1);
}

static void start_from_result(pattern_fit *f, const pattern_result *r)
{
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        f->active[i] = r->active[i];
        f->cell[i] = r->cell[i];
    }
    f->fluid = r->fluid;
}

static bnsl_status fit(bnsl_saxs_pattern *pattern, bool again, int64_t n, const double *q, const double *s, const double *error,
                       bnsl_control *control, const char *func)
{
    if (!pattern)
        return bnsl__fail(BNSL_EINVAL, func, "pattern is NULL");
    if (pattern->n_phases == 0)
        return bnsl__fail(BNSL_EINVAL, func, "the pattern has no phase: call bnsl_saxs_pattern_add_phase first");
    if (again && !pattern->result)
        return bnsl__fail(BNSL_EINVAL, func, "the pattern has not been fitted: call bnsl_saxs_pattern_fit first");
    pattern_fit *f = bnsl__pattern_workspace(pattern);
    if (!f)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    pattern_result *r = NULL;
    bool converged = false;
    int32_t iterations = 0;
    bnsl_status status = bnsl__pattern_fit_init(f, pattern, n, q, s, error, func);
    if (status == BNSL_OK) {
        bnsl__pattern_start(f);
        if (again) {
            start_from_result(f, pattern->result);
        } else {
            f->plain = true;
            status = bnsl__pattern_search(f, control, func);
            f->plain = false;
            start_strain(f);
        }
    }
    if (status == BNSL_OK)
        status = bnsl__pattern_refine_all(f, control, &converged, &iterations, func);
    if (status == BNSL_OK)
        status = bnsl__pattern_assemble(f, converged, iterations, &r, func);
    if (status == BNSL_OK)
        bnsl__pattern_set_result(pattern, r);
    if (status == BNSL_ENOMEM) { /* it may be half made */
        bnsl__pattern_fit_free(f);
        pattern->workspace = NULL;
    }
    if (status == BNSL_OK && !converged)
        return bnsl__fail(BNSL_ENOCONV, func, "no minimum found after %d iterations; the best so far has a reduced chi^2 of %g", (int)iterations,
                          r->chi2_reduced);
    return status;
}

bnsl_status bnsl_saxs_pattern_fit(bnsl_saxs_pattern *pattern, int64_t n, const double *q, const double *s, const double *error, bnsl_control *control)
{
    return fit(pattern, false, n, q, s, error, control, __func__);
}

bnsl_status bnsl_saxs_pattern_refit(bnsl_saxs_pattern *pattern, int64_t n, const double *q, const double *s, const double *error,
                                    bnsl_control *control)
{
    return fit(pattern, true, n, q, s, error, control, __func__);
}
