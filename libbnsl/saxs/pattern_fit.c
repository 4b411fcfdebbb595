/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fit of a diffraction pattern: Levenberg-Marquardt in the cells and widths, with background and areas eliminated at each step
 * (variable projection with Kaufman's Jacobian [BIT 15, 49 (1975)]), then errors from the covariance of all parameters.
 * Cost: some ten linear fits, O(n_columns^2 n) each.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pattern_internal.h"

enum { MAX_ITERATIONS = 100, MAX_ROUNDS = 4 };

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

/* Takes what the columns of the solution can explain out of a column; products: n_columns, solved: n_passive. */
static void project(pattern_fit *f, double *column, double *products, double *solved)
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
    bnsl__pattern_slopes(f, f->nnls.x + f->n_background);
    for (int32_t k = 0; k < f->n_params; k++) {
        double *column = f->slopes.data + k * stride;
        project(f, column, products, solved);
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

bnsl_status bnsl__pattern_refine(pattern_fit *f, bnsl_control *control, bool *converged, int32_t *n_iterations, const char *func)
{
    bool changed;
    *converged = false;
    for (int32_t round = 0; round < MAX_ROUNDS; round++) {
        double x[PATTERN_MAX_PARAMS] = {0};
        bnsl_status status = bnsl__pattern_layout(f, &changed, func);
        if (status == BNSL_OK && f->n_groups == 0)
            status = bnsl__fail(BNSL_EDOMAIN, func, "no reflection in the range q = %g .. %g", f->curve.q[0], f->curve.q[f->n - 1]);
        if (status != BNSL_OK)
            return status;
        if (round > 0 && !changed)
            break;
        saxs_lm lm = {f->n, f->n_params, MAX_ITERATIONS, residual, jacobian, f, control};
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

/* ---- errors and results ----------------------------------------------------------------------------------------------------------- */

/* Covariance of the parameters (theta, NaN where the data say nothing) and variances of the areas. sensitivity: n_columns x n_params work. */
static void covariance(pattern_fit *f, double *theta, double *area_variance, double *sensitivity)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    const int32_t p = f->n_params, k = f->nnls.n_passive;
    double products[PATTERN_GRAM_STRIDE], norm[PATTERN_MAX_PARAMS], matrix[PATTERN_MAX_PARAMS * PATTERN_MAX_PARAMS];
    double work[PATTERN_MAX_PARAMS * (PATTERN_MAX_PARAMS + 1)];
    bnsl__pattern_slopes(f, f->nnls.x + f->n_background);
    for (int32_t a = 0; a < p; a++) {
        double *column = f->slopes.data + a * stride;
        f->products(f->n_vectors, 1, column, column, norm + a);
        project(f, column, products, sensitivity + (int64_t)a * k); /* of the areas by parameter a, at the data's best */
    }
    for (int32_t a = 0; a < p; a++) {
        f->products(f->n_vectors, p, f->slopes.data, f->slopes.data + a * stride, matrix + a * p);
        for (int32_t b = 0; b < p; b++)
            matrix[a * p + b] /= norm[a] > 0 && norm[b] > 0 ? sqrt(norm[a]) * sqrt(norm[b]) : INFINITY;
        if (!(matrix[a * p + a] > 1e-12))
            matrix[a * p + a] = 0; /* nothing of its own */
    }
    bnsl__saxs_invert(p, matrix, theta, work);
    for (int32_t a = 0; a < p; a++)
        for (int32_t b = 0; b < p; b++)
            theta[a * p + b] /= sqrt(norm[a]) * sqrt(norm[b]);
    for (int32_t i = 0; i < k; i++) {
        if (f->nnls.passive[i] < f->n_background)
            continue;
        memset(products, 0, (size_t)k * sizeof *products);
        products[i] = 1;
        bnsl__saxs_nnls_apply(&f->nnls, products);
        double variance = products[i];
        for (int32_t a = 0; a < p; a++)
            for (int32_t b = 0; b < p; b++)
                if (theta[a * p + b] == theta[a * p + b])
                    variance += sensitivity[(int64_t)a * k + i] * sensitivity[(int64_t)b * k + i] * theta[a * p + b];
        area_variance[f->nnls.passive[i] - f->n_background] = variance;
    }
    for (int32_t g = 0; g < f->n_groups; g++) { /* lines at zero: the error that they would have if freed alone */
        int32_t j = f->n_background + g;
        if (f->nnls.is_passive[j])
            continue;
        const double *row = f->gram + (int64_t)j * PATTERN_GRAM_STRIDE;
        for (int32_t i = 0; i < k; i++)
            products[i] = row[f->nnls.passive[i]];
        bnsl__saxs_nnls_apply(&f->nnls, products);
        double own = row[j];
        for (int32_t i = 0; i < k; i++)
            own -= products[i] * row[f->nnls.passive[i]];
        area_variance[g] = own > 1e-12 * row[j] ? 1 / own : NAN;
    }
}

static pattern_result *alloc_result(const pattern_fit *f)
{
    pattern_result *r = bnsl__calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->peaks = bnsl__alloc(f->n_groups, sizeof *r->peaks);
    r->groups = bnsl__alloc(f->n_groups, sizeof *r->groups);
    r->areas = bnsl__alloc(f->n_groups, sizeof *r->areas);
    r->line_q = bnsl__alloc(f->n_lines, 2 * sizeof *r->line_q);
    r->line_share = r->line_q ? r->line_q + f->n_lines : NULL;
    return r;
}

static void store_peaks(const pattern_fit *f, const double *area_variance, double error_factor, pattern_result *r)
{
    r->n_groups = f->n_groups;
    r->n_lines = f->n_lines;
    for (int32_t g = 0; g < f->n_groups; g++) {
        const pattern_group *group = f->groups + g;
        const pattern_reflection *reflections = f->pattern->phases[group->phase].reflections,
                                 *first = reflections + f->lines[group->first].reflection;
        bnsl_saxs_peak *peak = r->peaks + g;
        *peak = (bnsl_saxs_peak){.h = first->h, .k = first->k, .l = first->l, .q = bnsl__pattern_q(first, f->cell + group->phase, NULL, NULL)};
        for (int32_t l = group->first; l < group->first + group->n; l++) {
            const pattern_reflection *reflection = reflections + f->lines[l].reflection;
            peak->multiplicity += reflection->multiplicity;
            r->line_q[l] = bnsl__pattern_q(reflection, f->cell + group->phase, NULL, NULL);
            r->line_share[l] = f->lines[l].share;
        }
        peak->area = r->areas[g] = f->nnls.x[f->n_background + g];
        peak->area_err = sqrt(error_factor * area_variance[g]);
        r->groups[g] = *group;
        r->first_peak[group->phase + 1] = g + 1;
    }
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        if (r->first_peak[i + 1] < r->first_peak[i])
            r->first_peak[i + 1] = r->first_peak[i]; /* a phase without lines in the range */
}

static void store_phases(const pattern_fit *f, const double *theta, double error_factor, pattern_result *r)
{
    double all = 0;
    for (int32_t g = 0; g < f->n_groups; g++)
        all += r->areas[g];
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        bnsl_saxs_phase *phase = r->phase + i;
        const pattern_cell *cell = f->cell + i;
        double own = 0, error[3] = {0, 0, 0};
        const int32_t param[3] = {f->a_param[i], f->c_param[i], f->w_param[i]};
        for (int k = 0; k < 3; k++)
            if (param[k] >= 0)
                error[k] = sqrt(error_factor * theta[param[k] * (f->n_params + 1)]);
        for (int32_t g = r->first_peak[i]; g < r->first_peak[i + 1]; g++)
            own += r->areas[g];
        r->cell[i] = *cell;
        phase->a = cell->a;
        phase->a_err = error[0];
        phase->c_over_a = cell->c_over_a;
        phase->c_over_a_err = error[1];
        phase->hwhm = cell->w;
        phase->hwhm_err = error[2] * cell->w;
        phase->xi = SAXS_PI * f->pattern->options.scherrer_k / cell->w;
        phase->xi_err = error[2] * phase->xi;
        phase->scale_weight = all > 0 ? own / all : 0;
        phase->n_peaks = r->first_peak[i + 1] - r->first_peak[i];
    }
}

static bnsl_status assemble(pattern_fit *f, pattern_result *r, const char *func)
{
    const int64_t degrees = f->n - f->n_params - f->nnls.n_passive;
    const int32_t p = f->n_params;
    double *theta = bnsl__alloc((int64_t)p * p, sizeof *theta);
    double *variance = bnsl__alloc(f->n_groups, sizeof *variance);
    double *sensitivity = bnsl__alloc((int64_t)p * f->nnls.n_passive, sizeof *sensitivity);
    bnsl_status status = BNSL_OK;
    if (!theta || !variance || !sensitivity || !r->peaks || !r->groups || !r->areas || !r->line_q) {
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    } else {
        r->chi2_reduced = f->chi2 / (double)degrees;
        double error_factor = f->pattern->options.error_model == BNSL_ERRORS_GIVEN ? 1 : r->chi2_reduced;
        covariance(f, theta, variance, sensitivity);
        store_peaks(f, variance, error_factor, r);
        store_phases(f, theta, error_factor, r);
        for (int32_t j = 0; j < f->n_background; j++)
            r->background[j] = f->nnls.x[j];
        r->q_low = f->curve.q[0];
        r->q_high = f->curve.q[f->curve.n - 1];
        status = bnsl__pattern_fractions(f, theta, error_factor, r->phase, func);
    }
    free(theta);
    free(variance);
    free(sensitivity);
    return status;
}

bnsl_status bnsl_saxs_pattern_fit(bnsl_saxs_pattern *pattern, int64_t n, const double *q, const double *s, const double *error, bnsl_control *control)
{
    if (!pattern)
        return BNSL_FAIL(BNSL_EINVAL, "pattern is NULL");
    if (pattern->n_phases == 0)
        return BNSL_FAIL(BNSL_EINVAL, "the pattern has no phase: call bnsl_saxs_pattern_add_phase first");
    pattern_fit f;
    pattern_result *r = NULL;
    bool converged = false;
    int32_t iterations = 0;
    bnsl_status status = bnsl__pattern_fit_init(&f, pattern, n, q, s, error, __func__);
    if (status == BNSL_OK)
        status = bnsl__pattern_search(&f, control, __func__);
    if (status == BNSL_OK)
        status = bnsl__pattern_refine(&f, control, &converged, &iterations, __func__);
    if (status == BNSL_OK) {
        r = alloc_result(&f);
        status = r ? assemble(&f, r, __func__) : BNSL_NOMEM();
    }
    if (status == BNSL_OK) {
        r->converged = converged;
        r->n_iterations = iterations;
        bnsl__pattern_set_result(pattern, r);
    } else if (r) {
        bnsl__pattern_free_result(r);
    }
    bnsl__pattern_fit_free(&f);
    if (status == BNSL_OK && !converged)
        return BNSL_FAIL(BNSL_ENOCONV, "no minimum found after %d iterations; the best so far has a reduced chi^2 of %g", (int)iterations,
                         r->chi2_reduced);
    return status;
}
