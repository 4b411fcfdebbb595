/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Least squares with bounds on few parameters: Levenberg-Marquardt with Marquardt's scaling, steps projected into the box, parameters
 * held at a bound while the gradient points out of it [Kanzow, Yamashita and Fukushima, J. Comput. Appl. Math. 172, 375 (2004)].
 * Derivatives by central differences, one-sided of second order at a bound. Cost: O(n p^2) and 2 p residuals an iteration.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dilute_internal.h"

static const double DIFFERENCE = 1e-5;       /* relative step of the differences */
static const double STEP_TOLERANCE = 1e-9;   /* relative step that ends the search */
static const double COSINE_TOLERANCE = 1e-4; /* angle between residual and tangent space when no step helps any more */
static const double PERFECT = 1e-8;          /* |residual|^2 relative to what is negligible: nothing left to fit */

static double square(int64_t n, const double *r)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += r[i] * r[i];
    return sum;
}

/* Step for differences by parameter k. */
static double difference(const saxs_bounded *p, const double *x, int32_t k)
{
    return DIFFERENCE * fmax(fabs(x[k]), 1e-2 * p->typical[k]);
}

bool bnsl__saxs_slope(const saxs_bounded *p, const double *x, int32_t k, const double *residual, double *slope, double *work)
{
    double moved[DILUTE_MAX_FREE];
    double *one = work, *two = work + p->n_residuals;
    const double h = difference(p, x, k);
    memcpy(moved, x, (size_t)p->n_params * sizeof *x);
    bool below = x[k] - h >= p->low[k], above = x[k] + h <= p->high[k];
    if (above) {
        moved[k] = x[k] + h;
        above = p->residual(p->user, moved, one);
    }
    if (below) {
        moved[k] = x[k] - h;
        below = p->residual(p->user, moved, two);
    }
    if (above && below) {
        for (int64_t i = 0; i < p->n_residuals; i++)
            slope[i] = (one[i] - two[i]) / (2 * h);
        return true;
    }
    if (!above && !below)
        return false;
    const double side = above ? h : -h;
    if (!above)
        memcpy(one, two, (size_t)p->n_residuals * sizeof *one);
    moved[k] = x[k] + 2 * side;
    if (!p->residual(p->user, moved, two))
        return false;
    for (int64_t i = 0; i < p->n_residuals; i++)
        slope[i] = (4 * one[i] - two[i] - 3 * residual[i]) / (2 * side);
    return true;
}

/* The state of a search. */
typedef struct search {
    const saxs_bounded *p;
    double *residual, *trial, *jacobian, *work; /* jacobian: one column after the other */
    double chi2, damping;
    double matrix[DILUTE_MAX_FREE * DILUTE_MAX_FREE], gradient[DILUTE_MAX_FREE];
    bool held[DILUTE_MAX_FREE];
} search;

static bool differentiate(search *s, const double *x)
{
    const saxs_bounded *p = s->p;
    const int64_t n = p->n_residuals;
    for (int32_t k = 0; k < p->n_params; k++) {
        if (p->low[k] >= p->high[k]) /* a column of zeros: held */
            memset(s->jacobian + k * n, 0, (size_t)n * sizeof *s->jacobian);
        else if (!bnsl__saxs_slope(p, x, k, s->residual, s->jacobian + k * n, s->work))
            return false;
    }
    for (int32_t a = 0; a < p->n_params; a++) {
        const double *column = s->jacobian + a * n;
        double sum = 0;
        for (int64_t i = 0; i < n; i++)
            sum += column[i] * s->residual[i];
        s->gradient[a] = sum;
        for (int32_t b = 0; b <= a; b++) {
            double product = 0;
            for (int64_t i = 0; i < n; i++)
                product += column[i] * s->jacobian[b * n + i];
            s->matrix[a * p->n_params + b] = s->matrix[b * p->n_params + a] = product;
        }
        s->held[a] = (x[a] <= p->low[a] && sum > 0) || (x[a] >= p->high[a] && sum < 0) ||
                     !(sqrt(s->matrix[a * (p->n_params + 1)]) * p->typical[a] > p->negligible);
    }
    return true;
}

/* The damped step of the parameters that are not held; false: there is none. */
static bool damped_step(const search *s, double *step)
{
    const int32_t n = s->p->n_params;
    double l[DILUTE_MAX_FREE * DILUTE_MAX_FREE];
    int32_t map[DILUTE_MAX_FREE], m = 0;
    for (int32_t k = 0; k < n; k++) {
        step[k] = 0;
        if (!s->held[k])
            map[m++] = k;
    }
    for (int32_t a = 0; a < m; a++)
        for (int32_t b = 0; b <= a; b++) {
            const double size = sqrt(s->matrix[map[a] * (n + 1)]) * sqrt(s->matrix[map[b] * (n + 1)]);
            double sum = s->matrix[map[a] * n + map[b]] / size + (a == b ? s->damping : 0);
            for (int32_t c = 0; c < b; c++)
                sum -= l[a * m + c] * l[b * m + c];
            if (a == b && !(sum > 0))
                return false;
            l[a * m + b] = a == b ? sqrt(sum) : sum / l[b * (m + 1)];
        }
    for (int32_t a = 0; a < m; a++) {
        double sum = -s->gradient[map[a]] / sqrt(s->matrix[map[a] * (n + 1)]);
        for (int32_t c = 0; c < a; c++)
            sum -= l[a * m + c] * step[map[c]];
        step[map[a]] = sum / l[a * (m + 1)];
    }
    for (int32_t a = m - 1; a >= 0; a--) {
        double sum = step[map[a]];
        for (int32_t c = a + 1; c < m; c++)
            sum -= l[c * m + a] * step[map[c]];
        step[map[a]] = sum / l[a * (m + 1)];
    }
    for (int32_t a = 0; a < m; a++)
        step[map[a]] /= sqrt(s->matrix[map[a] * (n + 1)]);
    return m > 0;
}

/* Largest |cos| between the residual and the tangents that are not held. */
static double largest_cosine(const search *s)
{
    double most = 0;
    for (int32_t k = 0; k < s->p->n_params; k++)
        if (!s->held[k] && s->chi2 > 0)
            most = fmax(most, fabs(s->gradient[k]) / sqrt(s->matrix[k * (s->p->n_params + 1)] * s->chi2));
    return most;
}

/* One accepted step of x, *relative its largest relative change; false: none lowers the sum. */
static bool descend(search *s, double *x, double *relative)
{
    const saxs_bounded *p = s->p;
    double step[DILUTE_MAX_FREE], moved[DILUTE_MAX_FREE];
    for (; s->damping < 1e10; s->damping *= 6) {
        if (!damped_step(s, step))
            continue;
        *relative = 0;
        for (int32_t k = 0; k < p->n_params; k++) {
            moved[k] = fmin(fmax(x[k] + step[k], p->low[k]), p->high[k]);
            *relative = fmax(*relative, fabs(moved[k] - x[k]) / (fabs(x[k]) + 1e-3 * p->typical[k]));
        }
        const double chi2 = p->residual(p->user, moved, s->trial) ? square(p->n_residuals, s->trial) : INFINITY;
        if (chi2 < s->chi2 || (chi2 == s->chi2 && *relative <= STEP_TOLERANCE)) {
            memcpy(x, moved, (size_t)p->n_params * sizeof *x);
            memcpy(s->residual, s->trial, (size_t)p->n_residuals * sizeof *s->residual);
            s->chi2 = chi2;
            s->damping = fmax(s->damping / 20, 1e-14);
            return true;
        }
    }
    return false;
}

static bnsl_status run(search *s, double *x, bool *converged, int32_t *n_iterations, const char *func)
{
    const saxs_bounded *p = s->p;
    if (!p->residual(p->user, x, s->residual) || !((s->chi2 = square(p->n_residuals, s->residual)) < INFINITY))
        return bnsl__fail(BNSL_EDOMAIN, func, "the model is not defined at the start of the fit");
    const double perfect = PERFECT * p->negligible * p->negligible;
    *converged = s->chi2 == 0 || p->n_params == 0;
    for (int32_t i = 0; i < p->max_iterations && !*converged; i++) {
        double relative;
        if (bnsl__control_stop(p->control, i, p->max_iterations))
            return bnsl__fail(BNSL_ECANCELLED, func, "cancelled");
        if (!differentiate(s, x))
            return BNSL_OK;
        ++*n_iterations;
        bool moving = false;
        for (int32_t k = 0; k < p->n_params; k++)
            moving = moving || !s->held[k];
        if (!moving) {
            *converged = true;
        } else if (!descend(s, x, &relative)) {
            *converged = largest_cosine(s) < COSINE_TOLERANCE || s->chi2 < perfect;
            return BNSL_OK;
        } else {
            *converged = relative <= STEP_TOLERANCE || s->chi2 < perfect;
        }
    }
    return BNSL_OK;
}

bnsl_status bnsl__saxs_minimize_bounded(const saxs_bounded *p, double *x, double *chi2_out, bool *converged, int32_t *n_iterations, const char *func)
{
    const int64_t n = p->n_residuals;
    *converged = false;
    double *memory = n < INT64_MAX / 1024 ? bnsl__alloc(n * (4 + p->n_params), sizeof *memory) : NULL;
    if (!memory)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    search s = {.p = p, .residual = memory, .trial = memory + n, .work = memory + 2 * n, .jacobian = memory + 4 * n, .damping = 1e-3};
    const bnsl_status status = run(&s, x, converged, n_iterations, func);
    *chi2_out = s.chi2;
    free(memory);
    return status;
}
