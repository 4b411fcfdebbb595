/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fit of I(q) = scale <f^2> / <V> + background to a dilute pattern. Scale and background enter linearly and are eliminated for each
 * trial (R, sigma) [Golub and Pereyra, SIAM J. Numer. Anal. 10, 413 (1973)]; the other two by Levenberg-Marquardt in ln R and u,
 * sigma / R = |u| / sqrt(1 + u^2), started from the best minima of a scan. Errors: covariance of all four parameters.
 * Cost: some 5000 evaluations of a form factor on 80 points for the scan, then 50 to 200 on all points.
 */
#include <math.h>
#include <stdlib.h>

#include "saxs_internal.h"

enum { MAX_ITERATIONS = 200, SCAN_POINTS = 80, SCAN_MAX_RADII = 20000, MAX_STARTS = 4, N_WIDTHS = 3 };

static const double scan_widths[N_WIDTHS] = {0.02, 0.08, 0.2}; /* sigma / R */
static const double SCAN_RELATIVE_STEP = 0.03;
static const double MONODISPERSE = 1e-4; /* sigma / R that no pattern tells from 0 */

typedef struct problem {
    saxs_curve curve;
    int32_t distribution;
    int64_t stride;           /* 1, or more for the scan: every stride-th point */
    double *model;            /* n: weighted form factor, then weighted model */
    double *difference;       /* n: work of the Jacobian */
    double scale, background; /* of the last evaluation */
    bool monodisperse;        /* u = 0 is kept */
} problem;

typedef struct start {
    double radius, width, chi2;
} start;

static double width_of(double u)
{
    return fabs(u) / sqrt(1 + u * u);
}

/* Weighted residuals (model - data) with the best scale and background; returns chi^2. residual may be NULL. */
static double evaluate(problem *p, double radius, double sigma, double *residual)
{
    const saxs_curve *c = &p->curve;
    const double unit = 1 / bnsl__saxs_mean_volume(p->distribution, radius, sigma);
    double ww = 0, wm = 0, wy = 0;
    for (int64_t i = 0; i < c->n; i += p->stride) {
        double f, f2, w2 = c->weight[i] * c->weight[i];
        bnsl__saxs_sphere(p->distribution, radius, sigma, c->q[i], &f, &f2);
        p->model[i] = f2 * unit;
        ww += w2;
        wm += w2 * p->model[i];
        wy += w2 * c->value[i];
    }
    double mean_model = wm / ww, mean_value = wy / ww, mm = 0, my = 0; /* the background's column is projected out */
    for (int64_t i = 0; i < c->n; i += p->stride) {
        double w2 = c->weight[i] * c->weight[i], m = p->model[i] - mean_model;
        mm += w2 * m * m;
        my += w2 * m * (c->value[i] - mean_value);
    }
    p->scale = mm > 1e-24 * ww * mean_model * mean_model && my > 0 ? my / mm : 0;
    p->background = mean_value - p->scale * mean_model;
    double chi2 = 0;
    for (int64_t i = 0; i < c->n; i += p->stride) {
        double r = c->weight[i] * (p->scale * p->model[i] + p->background - c->value[i]);
        if (residual)
            residual[i] = r;
        chi2 += r * r;
    }
    return chi2;
}

static double evaluate_at(problem *p, const double *x, double *residual)
{
    double radius = exp(x[0]);
    return evaluate(p, radius, p->monodisperse ? 0 : radius * width_of(x[1]), residual);
}

static bool residual(void *user, const double *x, double *r)
{
    problem *p = user;
    return fabs(x[0]) < 60 && evaluate_at(p, x, r) < INFINITY;
}

/* Central differences of the projected residual: relative error some 1e-9. */
static bool jacobian(void *user, const double *x, double *j)
{
    problem *p = user;
    const int32_t n_params = p->monodisperse ? 1 : 2;
    for (int32_t k = 0; k < n_params; k++) {
        double step = k == 0 ? 1e-5 : 1e-5 * fmax(fabs(x[1]), 0.01);
        for (int side = 1; side >= -1; side -= 2) {
            double moved[2] = {x[0], p->monodisperse ? 0 : x[1]};
            moved[k] += side * step;
            if (!(evaluate_at(p, moved, p->difference) < INFINITY))
                return false;
            for (int64_t i = 0; i < p->curve.n; i++) {
                double *to = j + i * n_params + k;
                *to = side == 1 ? p->difference[i] : (*to - p->difference[i]) / (2 * step);
            }
        }
    }
    return true;
}

/* ---- starts ------------------------------------------------------------------------------------------------------------------ */

static void keep_start(start *best, int32_t *n_best, start s)
{
    int32_t i = *n_best;
    if (i < MAX_STARTS)
        ++*n_best;
    else if (best[--i].chi2 <= s.chi2)
        return;
    for (; i > 0 && best[i - 1].chi2 > s.chi2; i--)
        best[i] = best[i - 1];
    best[i] = s;
}

/* Local minima of chi^2 over radii that the range of q can see, on at most SCAN_POINTS points. */
static int32_t scan(problem *p, start *best)
{
    double q_low = INFINITY, q_high = 0;
    for (int64_t i = 0; i < p->curve.n; i++) {
        q_low = fmin(q_low, p->curve.q[i]);
        q_high = fmax(q_high, p->curve.q[i]);
    }
    int32_t n_best = 0;
    p->stride = (p->curve.n + SCAN_POINTS - 1) / SCAN_POINTS;
    const double low = 0.5 / q_high, high = 8 / q_low, finest = log(high / low) / SCAN_MAX_RADII;
    for (int w = 0; w < N_WIDTHS; w++) {
        start before = {0}, middle = {0};
        int64_t seen = 0;
        for (double radius = low; radius <= high; radius += fmax(fmin(SCAN_RELATIVE_STEP * radius, 1 / q_high), finest * radius), seen++) {
            start now = {radius, scan_widths[w], evaluate(p, radius, scan_widths[w] * radius, NULL)};
            if (seen >= 2 && middle.chi2 <= before.chi2 && middle.chi2 < now.chi2)
                keep_start(best, &n_best, middle);
            before = middle;
            middle = now;
        }
        keep_start(best, &n_best, middle);
    }
    p->stride = 1;
    return n_best;
}

/* ---- errors ------------------------------------------------------------------------------------------------------------------ */

/* Column of the weighted Jacobian by radius or sigma. */
static void slope(problem *p, double radius, double sigma, bool by_sigma, double *column)
{
    const double scale = p->scale, background = p->background, step = by_sigma ? 1e-4 * sigma : 1e-5 * radius;
    for (int side = 1; side >= -1; side -= 2) {
        double r = by_sigma ? radius : radius + side * step, s = by_sigma ? sigma + side * step : sigma;
        const double unit = scale / bnsl__saxs_mean_volume(p->distribution, r, s) / (2 * step);
        for (int64_t i = 0; i < p->curve.n; i++) {
            double f, f2;
            bnsl__saxs_sphere(p->distribution, r, s, p->curve.q[i], &f, &f2);
            column[i] = (side == 1 ? 0 : column[i]) + side * unit * f2 * p->curve.weight[i];
        }
    }
    p->scale = scale;
    p->background = background;
}

/* Standard errors from the covariance of (R, scale, background, sigma); factor multiplies variances. columns: 4 n. */
static void store_errors(problem *p, double factor, double *columns, bnsl_saxs_form_factor_result *r)
{
    const int32_t n_params = r->sigma_at_bound ? 3 : 4;
    const int64_t n = p->curve.n;
    double matrix[16], inverse[16], work[20];
    evaluate(p, r->radius, r->sigma, NULL);
    for (int64_t i = 0; i < n; i++) {
        columns[n + i] = p->model[i] * p->curve.weight[i];
        columns[2 * n + i] = p->curve.weight[i];
    }
    slope(p, r->radius, r->sigma, false, columns);
    if (!r->sigma_at_bound)
        slope(p, r->radius, r->sigma, true, columns + 3 * n);
    double size[4];
    for (int32_t a = 0; a < n_params; a++) {
        size[a] = 0;
        for (int64_t i = 0; i < n; i++)
            size[a] += columns[a * n + i] * columns[a * n + i];
        size[a] = size[a] > 0 ? sqrt(size[a]) : 1;
    }
    for (int32_t a = 0; a < n_params; a++)
        for (int32_t b = 0; b < n_params; b++) {
            matrix[a * n_params + b] = 0;
            for (int64_t i = 0; i < n; i++)
                matrix[a * n_params + b] += columns[a * n + i] / size[a] * (columns[b * n + i] / size[b]);
        }
    bnsl__saxs_invert(n_params, matrix, inverse, work);
    double error[4] = {NAN, NAN, NAN, NAN};
    for (int32_t a = 0; a < n_params; a++)
        error[a] = sqrt(factor * inverse[a * (n_params + 1)]) / size[a];
    r->radius_err = error[0];
    r->scale_err = error[1];
    r->background_err = error[2];
    r->sigma_err = error[3];
    r->correlation_radius_sigma = r->sigma_at_bound ? NAN : inverse[3] / sqrt(inverse[0] * inverse[15]);
}

/* ---- the fit ----------------------------------------------------------------------------------------------------------------- */

/* Best of the minima reached from the starts; then whether one size does as well. */
static bnsl_status minimise(problem *p, const start *starts, int32_t n_starts, bnsl_saxs_form_factor_result *r, const char *func)
{
    saxs_lm lm = {p->curve.n, 2, MAX_ITERATIONS, residual, jacobian, p, NULL};
    double best = INFINITY, best_x[2] = {0, 0};
    for (int32_t i = 0; i < n_starts; i++) {
        double x[2] = {log(starts[i].radius), starts[i].width};
        bool converged = false;
        bnsl_status status = bnsl__saxs_minimize(&lm, x, &converged, &r->n_iterations, func);
        if (status != BNSL_OK)
            return status;
        double chi2 = evaluate_at(p, x, NULL);
        if (chi2 < best) {
            best = chi2;
            best_x[0] = x[0];
            best_x[1] = x[1];
            r->converged = converged && p->scale > 0;
        }
    }
    double x[1] = {best_x[0]};
    bool converged = false;
    lm.n_params = 1;
    p->monodisperse = true;
    bnsl_status status = bnsl__saxs_minimize(&lm, x, &converged, &r->n_iterations, func);
    if (status != BNSL_OK)
        return status;
    r->sigma_at_bound = width_of(best_x[1]) < MONODISPERSE || evaluate_at(p, x, NULL) <= best * (1 + 1e-9);
    if (r->sigma_at_bound) {
        best_x[0] = x[0];
        best_x[1] = 0;
        r->converged = converged && p->scale > 0;
    }
    r->radius = exp(best_x[0]);
    r->sigma = r->radius * width_of(best_x[1]);
    return BNSL_OK;
}

static const bnsl_saxs_form_factor_options defaults = {.relative_error = 0.02};

bnsl_status bnsl_saxs_form_factor_options_init(bnsl_saxs_form_factor_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status fit(problem *p, const bnsl_saxs_form_factor_options *o, bnsl_saxs_form_factor_result *r, const char *func)
{
    start starts[MAX_STARTS];
    int32_t n_starts = 0;
    p->model = bnsl__alloc(p->curve.n, 6 * sizeof *p->model);
    if (!p->model)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    p->difference = p->model + p->curve.n;
    if (o->radius_start > 0)
        for (; n_starts < N_WIDTHS; n_starts++)
            starts[n_starts] = (start){o->radius_start, scan_widths[n_starts], 0};
    else
        n_starts = scan(p, starts);
    bnsl_status status = minimise(p, starts, n_starts, r, func);
    if (status != BNSL_OK)
        return status;
    double chi2 = evaluate(p, r->radius, r->sigma, NULL);
    r->scale = p->scale;
    r->background = p->background;
    r->n_points = p->curve.n;
    r->chi2_reduced = chi2 / (double)(p->curve.n - (r->sigma_at_bound ? 3 : 4));
    store_errors(p, o->error_model == BNSL_ERRORS_GIVEN ? 1 : r->chi2_reduced, p->model + 2 * p->curve.n, r);
    if (!(chi2 < INFINITY))
        return bnsl__fail(BNSL_ENUMERIC, func, "chi^2 is not finite: intensities or errors are too large or too small");
    return BNSL_OK;
}

bnsl_status bnsl_saxs_fit_form_factor(int64_t n, const double *q, const double *intensity, const double *error,
                                      const bnsl_saxs_form_factor_options *opts, bnsl_saxs_form_factor_result *result_out)
{
    bnsl_saxs_form_factor_options o = defaults;
    bnsl_status status;
    if (!result_out)
        return BNSL_FAIL(BNSL_EINVAL, "result_out is NULL");
    if (opts && (status = bnsl__options_load(&o, sizeof o, opts, "bnsl_saxs_form_factor_options", __func__)) != BNSL_OK)
        return status;
    if (o.distribution != BNSL_SIZES_GAUSSIAN && o.distribution != BNSL_SIZES_SCHULZ)
        return BNSL_FAIL(BNSL_EINVAL, "distribution is %d, must be BNSL_SIZES_GAUSSIAN (0) or BNSL_SIZES_SCHULZ (1)", (int)o.distribution);
    if (!(o.radius_start >= 0 && o.radius_start < 1e20))
        return BNSL_FAIL(BNSL_EINVAL, "radius_start is %g, must be >= 0", o.radius_start);
    saxs_curve_options range = {o.error_model, o.relative_error, o.q_min, o.q_max};
    status = bnsl__saxs_check_curve_options(&range, __func__);
    if (status != BNSL_OK)
        return status;
    problem p = {.distribution = o.distribution, .stride = 1};
    bnsl_saxs_form_factor_result r = {0};
    status = bnsl__saxs_curve_load(&p.curve, n, q, intensity, error, false, &range, __func__);
    if (status == BNSL_OK && p.curve.n <= 4)
        status = BNSL_FAIL(BNSL_EINVAL, "%lld points in the fitted range, must be more than 4", (long long)p.curve.n);
    if (status == BNSL_OK)
        status = fit(&p, &o, &r, __func__);
    free(p.model);
    free(p.curve.memory.memory);
    if (status != BNSL_OK)
        return status;
    *result_out = r;
    if (!r.converged)
        return BNSL_FAIL(BNSL_ENOCONV, "no minimum found (best radius %g, sigma %g, reduced chi^2 %g)", r.radius, r.sigma, r.chi2_reduced);
    return BNSL_OK;
}
