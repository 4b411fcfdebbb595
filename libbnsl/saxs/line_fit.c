/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line and a polynomial background in a window around it: centre and width by Levenberg-Marquardt from the best of a grid of starts,
 * area >= 0 and background by linear least squares inside (variable projection, Kaufman's Jacobian).
 * Cost: some hundred linear fits of the window's points.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pattern_internal.h"

enum { MAX_ORDER = 4, MAX_COLUMNS = MAX_ORDER + 2, MAX_ITERATIONS = 100, N_WIDTHS = 5 };

static const bnsl_saxs_line_options defaults = {.background_order = 1, .relative_error = 0.02, .window = 0.1};
static const double start_widths[N_WIDTHS] = {2, 4, 8, 16, 32}; /* in units of the points' distance */
static const double WIDTH_MIN = 0.05;                           /* likewise */

typedef struct line_problem {
    const bnsl_saxs_line_options *o;
    saxs_curve curve;
    double spacing, q_low, q_high;
    int32_t n_columns; /* background, then the line */
    double *columns;   /* n_columns x n, weighted */
    double *slopes;    /* 2 x n */
    double gram[MAX_COLUMNS * MAX_COLUMNS], rhs[MAX_COLUMNS], data_norm, chi2;
    saxs_nnls nnls;
} line_problem;

bnsl_status bnsl_saxs_line_options_init(bnsl_saxs_line_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static double dot(int64_t n, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static double width_of(const line_problem *p, double x)
{
    return exp(fmin(fmax(x, log(WIDTH_MIN * p->spacing)), log(p->q_high - p->q_low)));
}

static double centre_of(const line_problem *p, double x)
{
    return fmin(fmax(x, p->q_low), p->q_high);
}

/* Best area and background at a centre and width; residual: model minus data, weighted. */
static void evaluate(line_problem *p, double q, double w, double *residual)
{
    const int64_t n = p->curve.n;
    double *line = p->columns + (p->n_columns - 1) * n;
    for (int64_t i = 0; i < n; i++)
        line[i] = p->curve.weight[i] * bnsl__saxs_profile(p->o->line_shape, p->o->resolution, p->curve.q[i] - q, w, NULL, NULL);
    for (int32_t a = 0; a < p->n_columns; a++) {
        for (int32_t b = 0; b <= a; b++)
            p->gram[a * p->n_columns + b] = p->gram[b * p->n_columns + a] = dot(n, p->columns + a * n, p->columns + b * n);
        p->rhs[a] = 0;
        for (int64_t i = 0; i < n; i++)
            p->rhs[a] += p->columns[a * n + i] * p->curve.weight[i] * p->curve.value[i];
    }
    bnsl__saxs_nnls_solve(&p->nnls, p->n_columns, p->n_columns - 1, p->gram, p->n_columns, p->rhs, p->data_norm);
    p->chi2 = 0;
    for (int64_t i = 0; i < n; i++) {
        double r = -p->curve.weight[i] * p->curve.value[i];
        for (int32_t a = 0; a < p->n_columns; a++)
            r += p->nnls.x[a] * p->columns[a * n + i];
        residual[i] = r;
        p->chi2 += r * r;
    }
}

static bool residual_at(void *user, const double *x, double *residual)
{
    line_problem *p = user;
    if (!(fabs(x[0]) < INFINITY && fabs(x[1]) < INFINITY))
        return false;
    evaluate(p, centre_of(p, x[0]), width_of(p, x[1]), residual);
    return p->chi2 < INFINITY;
}

/* Slopes by centre and ln w, less what the columns explain of them. solved: of the two, n_passive values each. */
static void project_slopes(line_problem *p, double q, double w, double solved[2][MAX_COLUMNS])
{
    const int64_t n = p->curve.n;
    const double area = p->nnls.x[p->n_columns - 1];
    for (int64_t i = 0; i < n; i++) {
        double by_x, by_w;
        bnsl__saxs_profile(p->o->line_shape, p->o->resolution, p->curve.q[i] - q, w, &by_x, &by_w);
        p->slopes[i] = -area * p->curve.weight[i] * by_x;
        p->slopes[n + i] = area * p->curve.weight[i] * by_w * w;
    }
    for (int k = 0; k < 2; k++) {
        double *slope = p->slopes + k * n;
        for (int32_t a = 0; a < p->nnls.n_passive; a++)
            solved[k][a] = dot(n, p->columns + p->nnls.passive[a] * n, slope);
        bnsl__saxs_nnls_apply(&p->nnls, solved[k]);
        for (int32_t a = 0; a < p->nnls.n_passive; a++)
            for (int64_t i = 0; i < n; i++)
                slope[i] -= solved[k][a] * p->columns[p->nnls.passive[a] * n + i];
    }
}

static bool jacobian_at(void *user, const double *x, double *jacobian)
{
    line_problem *p = user;
    const int64_t n = p->curve.n;
    double solved[2][MAX_COLUMNS];
    evaluate(p, centre_of(p, x[0]), width_of(p, x[1]), jacobian); /* the residual goes where the slopes will */
    project_slopes(p, centre_of(p, x[0]), width_of(p, x[1]), solved);
    for (int64_t i = 0; i < n; i++) {
        jacobian[2 * i] = p->slopes[i];
        jacobian[2 * i + 1] = p->slopes[n + i];
    }
    return true;
}

/* The best of a grid of centres, within half the window, and widths. */
static void scan(line_problem *p, double q_start, double x[2])
{
    const double w_max = (p->q_high - p->q_low) / 4;
    double best = INFINITY;
    x[0] = centre_of(p, q_start);
    x[1] = log(fmin(4 * p->spacing, w_max));
    for (int k = 0; k < N_WIDTHS; k++) {
        const double w = fmin(start_widths[k] * p->spacing, w_max);
        const int steps = (int)fmin(p->o->window / 2 / (0.7 * w), 50);
        for (int s = -steps; s <= steps; s++) {
            const double q = q_start + 0.7 * w * s;
            if (q < p->q_low || q > p->q_high)
                continue;
            evaluate(p, q, w, p->slopes);
            if (p->chi2 < best) {
                best = p->chi2;
                x[0] = q;
                x[1] = log(w);
            }
        }
    }
}

static void store(line_problem *p, const double x[2], bnsl_saxs_line *out)
{
    double solved[2][MAX_COLUMNS], m[4], inverse[4], work[6], unit[MAX_COLUMNS] = {0};
    const int64_t n = p->curve.n;
    const double q = centre_of(p, x[0]), w = width_of(p, x[1]);
    const int32_t line = p->n_columns - 1;
    evaluate(p, q, w, p->slopes);
    out->chi2_reduced = p->chi2 / (double)(n - 2 - p->nnls.n_passive);
    const double factor = p->o->error_model == BNSL_ERRORS_GIVEN ? 1 : out->chi2_reduced;
    project_slopes(p, q, w, solved);
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++)
            m[2 * a + b] = dot(n, p->slopes + a * n, p->slopes + b * n);
    bnsl__saxs_invert(2, m, inverse, work);
    out->q = q;
    out->hwhm = w;
    out->area = p->nnls.x[line];
    out->n_points = n;
    out->q_err = sqrt(factor * inverse[0]);
    out->hwhm_err = sqrt(factor * inverse[3]) * w;
    out->area_err = NAN;
    for (int32_t i = 0; i < p->nnls.n_passive; i++) {
        if (p->nnls.passive[i] != line)
            continue;
        unit[i] = 1;
        bnsl__saxs_nnls_apply(&p->nnls, unit);
        double variance = unit[i];
        for (int a = 0; a < 2; a++)
            for (int b = 0; b < 2; b++)
                if (inverse[2 * a + b] == inverse[2 * a + b])
                    variance += solved[a][i] * solved[b][i] * inverse[2 * a + b];
        out->area_err = sqrt(factor * variance);
    }
    const bool edge_q = !(q > p->q_low && q < p->q_high), edge_w = w <= 1.000001 * WIDTH_MIN * p->spacing || w >= 0.999999 * (p->q_high - p->q_low);
    out->q_status = edge_q ? BNSL_PARAMETER_AT_BOUND : out->q_err == out->q_err ? BNSL_PARAMETER_FITTED : BNSL_PARAMETER_UNDETERMINED;
    out->hwhm_status = edge_w ? BNSL_PARAMETER_AT_BOUND : out->hwhm_err == out->hwhm_err ? BNSL_PARAMETER_FITTED : BNSL_PARAMETER_UNDETERMINED;
}

static bnsl_status prepare(line_problem *p, const char *func)
{
    const int64_t n = p->curve.n;
    p->n_columns = p->o->background_order + 2;
    if (n < p->n_columns + 3)
        return bnsl__fail(BNSL_EINVAL, func, "%lld points in the window for %d parameters", (long long)n, (int)p->n_columns + 2);
    p->q_low = p->curve.q[0];
    p->q_high = p->curve.q[n - 1];
    p->spacing = (p->q_high - p->q_low) / (double)(n - 1);
    p->columns = bnsl__alloc(n * p->n_columns, sizeof *p->columns);
    p->slopes = bnsl__alloc(2 * n, sizeof *p->slopes);
    if (!p->columns || !p->slopes || !bnsl__saxs_nnls_alloc(&p->nnls, MAX_COLUMNS))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    double square = 0;
    for (int64_t i = 0; i < n; i++) {
        double value[MAX_ORDER + 1];
        bnsl__pattern_legendre(p->o->background_order + 1, 2 * (p->curve.q[i] - p->q_low) / (p->q_high - p->q_low) - 1, value);
        for (int32_t j = 0; j <= p->o->background_order; j++)
            p->columns[j * n + i] = p->curve.weight[i] * value[j];
        square += p->curve.weight[i] * p->curve.value[i] * p->curve.weight[i] * p->curve.value[i];
    }
    p->data_norm = sqrt(square);
    return p->data_norm < INFINITY ? BNSL_OK : bnsl__fail(BNSL_ENUMERIC, func, "values over their errors are too large to be squared");
}

static bnsl_status check(const bnsl_saxs_line_options *o, double q_start, const bnsl_saxs_line *out, const char *func)
{
    if (!out)
        return bnsl__fail(BNSL_EINVAL, func, "out is NULL");
    if (!(q_start > 0 && q_start < INFINITY))
        return bnsl__fail(BNSL_EINVAL, func, "q_start is %g, must be > 0", q_start);
    if (o->line_shape != BNSL_LINE_LORENTZIAN && o->line_shape != BNSL_LINE_GAUSSIAN)
        return bnsl__fail(BNSL_EINVAL, func, "line_shape is %d, must be 0 or 1", (int)o->line_shape);
    if (o->background_order < 0 || o->background_order > MAX_ORDER)
        return bnsl__fail(BNSL_EINVAL, func, "background_order is %d, must be 0 .. %d", (int)o->background_order, MAX_ORDER);
    if (!(o->window > 0 && o->window < 1e6))
        return bnsl__fail(BNSL_EINVAL, func, "window is %g, must be > 0", o->window);
    if (!(o->resolution >= 0 && o->resolution < 1e6))
        return bnsl__fail(BNSL_EINVAL, func, "resolution is %g, must be >= 0", o->resolution);
    return BNSL_OK;
}

bnsl_status bnsl_saxs_fit_line(int64_t n, const double *q, const double *s, const double *error, double q_start, const bnsl_saxs_line_options *opts,
                               bnsl_saxs_line *out)
{
    bnsl_saxs_line_options o = defaults;
    bnsl_status status;
    if (opts && (status = bnsl__options_load(&o, sizeof o, opts, "bnsl_saxs_line_options", __func__)) != BNSL_OK)
        return status;
    status = check(&o, q_start, out, __func__);
    if (status != BNSL_OK)
        return status;
    const saxs_curve_options range = {o.error_model, o.relative_error, fmax(q_start - o.window, 0), q_start + o.window};
    line_problem p = {.o = &o};
    double x[2] = {0, 0};
    bool converged = false;
    bnsl_saxs_line line = {.n_iterations = 0};
    status = bnsl__saxs_check_curve_options(&range, __func__);
    if (status == BNSL_OK)
        status = bnsl__saxs_curve_load(&p.curve, n, q, s, error, true, &range, __func__);
    if (status == BNSL_OK)
        status = prepare(&p, __func__);
    if (status == BNSL_OK) {
        scan(&p, q_start, x);
        saxs_lm lm = {.n_residuals = p.curve.n, .n_params = 2, .max_iterations = MAX_ITERATIONS, .residual = residual_at, .jacobian = jacobian_at,
                      .user = &p, .tolerance = 1e-12};
        status = bnsl__saxs_minimize(&lm, x, &converged, &line.n_iterations, __func__);
    }
    if (status == BNSL_OK) {
        store(&p, x, &line);
        line.converged = converged && line.area > 0 && line.q_status == BNSL_PARAMETER_FITTED && line.hwhm_status == BNSL_PARAMETER_FITTED;
        *out = line;
    }
    free(p.curve.memory.memory);
    free(p.columns);
    free(p.slopes);
    bnsl__saxs_nnls_free(&p.nnls);
    if (status == BNSL_OK && !line.converged)
        return BNSL_FAIL(BNSL_ENOCONV, "no line found within %g of q = %g", o.window, q_start);
    return status;
}
