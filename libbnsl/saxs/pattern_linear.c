/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The linear part of a pattern's fit: which lines are in the range, their columns at given cells, the best background and non-negative
 * areas, the model's derivatives by the cells. Lines closer than a hundredth of their width share a column, in the ratio of their
 * calculated areas: no data could tell such amplitudes apart. Cost: O(n_columns^2 n) for the matrix of the normal equations.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pattern_internal.h"

static const double SAME_LINE = 0.01; /* of the half width */
static const double RANGE_MARGIN = 2; /* half widths beyond the range in which lines still count */
static const double WIDTH_MIN = 0.05; /* of the distance of two points */

/* ---- memory ------------------------------------------------------------------------------------------------------------------- */

bnsl_status bnsl__pattern_fit_init(pattern_fit *f, const bnsl_saxs_pattern *pattern, int64_t n, const double *q, const double *s, const double *error,
                                   const char *func)
{
    const bnsl_saxs_pattern_options *o = &pattern->options;
    saxs_curve_options range = {o->error_model, o->relative_error, o->q_min, o->q_max};
    *f = (pattern_fit){.pattern = pattern, .n_background = o->background_order + 1};
    bnsl_status status = bnsl__saxs_curve_load(&f->curve, n, q, s, error, true, &range, func);
    if (status != BNSL_OK)
        return status;
    if (f->curve.n < f->n_background + 4)
        return bnsl__fail(BNSL_EINVAL, func, "%lld points in the fitted range, fewer than parameters", (long long)f->curve.n);
    f->spacing = (f->curve.q[f->curve.n - 1] - f->curve.q[0]) / (double)(f->curve.n - 1);
    f->groups = bnsl__alloc(PATTERN_MAX_LINES, sizeof *f->groups);
    f->gram = bnsl__alloc((int64_t)PATTERN_GRAM_STRIDE * PATTERN_GRAM_STRIDE, sizeof *f->gram);
    f->rhs = bnsl__alloc(PATTERN_GRAM_STRIDE, sizeof *f->rhs);
    bool ok = f->groups && f->gram && f->rhs && bnsl__saxs_nnls_alloc(&f->nnls, PATTERN_GRAM_STRIDE);
    ok = ok && bnsl__saxs_nnls_alloc(&f->restricted, PATTERN_MAX_RESTRICTED);
    ok = ok && bnsl__saxs_lanes_alloc(&f->data, f->curve.n) && bnsl__saxs_lanes_alloc(&f->residual, f->curve.n);
    if (!ok || !bnsl__saxs_lanes_alloc(&f->slopes, f->curve.n_padded * PATTERN_MAX_PARAMS))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t i = 0; i < f->curve.n; i++)
        f->data.data[i] = f->curve.weight[i] * f->curve.value[i];
    int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    f->add_line = BNSL_KERNEL_PICK(isa, bnsl__saxs_line);
    f->add_line_slopes = BNSL_KERNEL_PICK(isa, bnsl__saxs_line_slopes);
    f->products = BNSL_KERNEL_PICK(isa, bnsl__saxs_products);
    f->accumulate = BNSL_KERNEL_PICK(isa, bnsl__saxs_accumulate);
    bnsl__pattern_use_points(f, f->curve.n);
    if (!(f->data_norm < INFINITY))
        return bnsl__fail(BNSL_ENUMERIC, func, "values over their errors are too large to be squared");
    return BNSL_OK;
}

void bnsl__pattern_fit_free(pattern_fit *f)
{
    free(f->curve.memory.memory);
    free(f->groups);
    free(f->lines);
    free(f->columns.memory);
    free(f->data.memory);
    free(f->residual.memory);
    free(f->slopes.memory);
    free(f->gram);
    free(f->rhs);
    bnsl__saxs_nnls_free(&f->nnls);
    bnsl__saxs_nnls_free(&f->restricted);
}

void bnsl__pattern_use_points(pattern_fit *f, int64_t n)
{
    double square;
    f->n = n;
    f->n_vectors = (n + SAXS_LANES - 1) / SAXS_LANES;
    f->layout = 0;
    f->products(f->n_vectors, 1, f->data.data, f->data.data, &square);
    f->data_norm = sqrt(square);
}

/* ---- which lines ---------------------------------------------------------------------------------------------------------------- */

/* Lines of one phase by increasing q, from place first on. */
static bnsl_status list_phase(pattern_fit *f, int32_t phase, const char *func)
{
    const pattern_phase *p = f->pattern->phases + phase;
    const pattern_cell *cell = f->cell + phase;
    const double low = f->curve.q[0] - RANGE_MARGIN * cell->w, high = f->curve.q[f->n - 1] + RANGE_MARGIN * cell->w;
    const double known = 2 * SAXS_PI * PATTERN_MAX_ORDER * fmin(1, p->c_over_a / cell->c_over_a) / cell->a;
    const int32_t first = f->n_lines;
    if (high > known)
        return bnsl__fail(BNSL_EINVAL, func, "phase %d with a = %g: lines up to q = %g, at most %g is possible; lower q_max", (int)phase, cell->a,
                          high, known);
    for (int32_t r = 0; r < p->n_reflections; r++) {
        double q = bnsl__pattern_q(p->reflections + r, cell, NULL, NULL);
        if (q < low || q > high)
            continue;
        if (!bnsl__reserve((void **)&f->lines, &f->line_capacity, f->n_lines + 1, sizeof *f->lines))
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        int32_t place = f->n_lines++; /* nearly sorted already: c/a moves few lines */
        for (; place > first && bnsl__pattern_q(p->reflections + f->lines[place - 1].reflection, cell, NULL, NULL) > q; place--)
            f->lines[place] = f->lines[place - 1];
        f->lines[place].reflection = r;
    }
    return BNSL_OK;
}

/* Groups the lines from place first on. */
static bnsl_status group_phase(pattern_fit *f, int32_t phase, int32_t first, const char *func)
{
    const pattern_phase *p = f->pattern->phases + phase;
    const pattern_cell *cell = f->cell + phase;
    while (first < f->n_lines) {
        double q0 = bnsl__pattern_q(p->reflections + f->lines[first].reflection, cell, NULL, NULL), sum = 0;
        int32_t end = first;
        while (end < f->n_lines && bnsl__pattern_q(p->reflections + f->lines[end].reflection, cell, NULL, NULL) - q0 <= SAME_LINE * cell->w) {
            f->lines[end].share = bnsl__pattern_area(p, p->reflections + f->lines[end].reflection, cell);
            sum += f->lines[end++].share;
        }
        for (int32_t i = first; i < end; i++)
            f->lines[i].share = sum > 0 ? f->lines[i].share / sum : 1.0 / (end - first);
        if (f->n_groups >= PATTERN_MAX_LINES)
            return bnsl__fail(BNSL_EINVAL, func, "more than %d lines in the fitted range (a = %g); lower q_max", PATTERN_MAX_LINES, cell->a);
        f->groups[f->n_groups++] = (pattern_group){phase, first, end - first};
        first = end;
    }
    return BNSL_OK;
}

/* Columns of the background; those of the lines follow at each evaluation. */
static bnsl_status make_columns(pattern_fit *f, const char *func)
{
    const int64_t stride = SAXS_LANES * f->n_vectors, n_all = f->curve.n;
    if (f->n_columns > f->column_capacity) {
        saxs_lanes grown;
        if (!bnsl__saxs_lanes_alloc(&grown, (f->n_columns + 16) * f->curve.n_padded))
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        free(f->columns.memory);
        f->columns = grown;
        f->column_capacity = f->n_columns + 16;
    }
    const double low = f->curve.q[0], high = f->curve.q[n_all - 1];
    for (int64_t i = 0; i < stride; i++) {
        double value[PATTERN_MAX_BACKGROUND];
        bnsl__pattern_legendre(f->n_background, 2 * (f->curve.q[i] - low) / (high - low) - 1, value);
        for (int32_t j = 0; j < f->n_background; j++)
            f->columns.data[j * stride + i] = f->curve.weight[i] * value[j];
    }
    return BNSL_OK;
}

bnsl_status bnsl__pattern_layout(pattern_fit *f, bool *changed, const char *func)
{
    bnsl_status status = BNSL_OK;
    f->n_lines = f->n_groups = 0;
    f->n_params = 0;
    for (int32_t i = 0; i < f->pattern->n_phases && status == BNSL_OK; i++) {
        if (!f->active[i])
            continue;
        f->a_param[i] = f->n_params++;
        f->c_param[i] = f->pattern->phases[i].fit_c_over_a ? f->n_params++ : -1;
        f->w_param[i] = f->n_params++;
        int32_t first = f->n_lines;
        status = list_phase(f, i, func);
        if (status == BNSL_OK)
            status = group_phase(f, i, first, func);
    }
    f->n_columns = f->n_background + f->n_groups;
    uint64_t layout = 14695981039346656037u; /* FNV-1a */
    for (int32_t g = 0; g < f->n_groups; g++)
        for (int32_t l = 0; l < f->groups[g].n; l++)
            layout = (layout ^ (uint64_t)(f->groups[g].phase * 65536 + f->lines[f->groups[g].first + l].reflection * 2 + (l == 0))) * 1099511628211u;
    *changed = status != BNSL_OK || layout != f->layout;
    if (status == BNSL_OK && f->n < f->n_columns + f->n_params + 1)
        status = bnsl__fail(BNSL_EINVAL, func, "%lld points for %d parameters (%d lines)", (long long)f->n, f->n_columns + f->n_params, f->n_groups);
    if (status == BNSL_OK && *changed) {
        bnsl__saxs_nnls_reset(&f->nnls);
        status = make_columns(f, func);
    }
    f->layout = status == BNSL_OK ? layout : 0;
    f->evaluated = false;
    return status;
}

/* ---- parameters ----------------------------------------------------------------------------------------------------------------- */

static double clamp(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

void bnsl__pattern_pack(pattern_fit *f, double *x)
{
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        if (!f->active[i])
            continue;
        x[f->a_param[i]] = f->cell[i].a;
        if (f->c_param[i] >= 0)
            x[f->c_param[i]] = f->cell[i].c_over_a;
        x[f->w_param[i]] = log(f->cell[i].w);
    }
}

void bnsl__pattern_width_limits(const pattern_fit *f, double *low, double *high)
{
    *low = WIDTH_MIN * f->spacing;
    *high = f->curve.q[f->curve.n - 1] - f->curve.q[0];
}

void bnsl__pattern_unpack(pattern_fit *f, const double *x)
{
    double w_min, w_max;
    bnsl__pattern_width_limits(f, &w_min, &w_max);
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        const pattern_phase *p = f->pattern->phases + i;
        if (!f->active[i])
            continue;
        double a_low = p->a_min > 0 ? p->a_min : p->a, a_high = p->a_max > 0 ? p->a_max : p->a;
        f->cell[i].a = clamp(x[f->a_param[i]], 0.8 * a_low, 1.25 * a_high);
        if (f->c_param[i] >= 0)
            f->cell[i].c_over_a = clamp(x[f->c_param[i]], 0.5 * p->c_over_a, 2 * p->c_over_a);
        f->cell[i].w = exp(clamp(x[f->w_param[i]], log(w_min), log(w_max)));
    }
}

/* ---- evaluation ----------------------------------------------------------------------------------------------------------------- */

static void fill_columns(pattern_fit *f)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    memset(f->columns.data + f->n_background * stride, 0, (size_t)(f->n_groups * stride) * sizeof(double));
    for (int32_t g = 0; g < f->n_groups; g++) {
        const pattern_group *group = f->groups + g;
        const pattern_cell *cell = f->cell + group->phase;
        for (int32_t l = group->first; l < group->first + group->n; l++) {
            double q = bnsl__pattern_q(f->pattern->phases[group->phase].reflections + f->lines[l].reflection, cell, NULL, NULL);
            f->add_line(f->n_vectors, f->curve.q, f->curve.weight, q, cell->w, f->lines[l].share, f->columns.data + (f->n_background + g) * stride);
        }
    }
}

void bnsl__pattern_evaluate(pattern_fit *f)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    const double *columns = f->columns.data;
    fill_columns(f);
    for (int32_t j = 0; j < f->n_columns; j++) {
        double *row = f->gram + (int64_t)j * PATTERN_GRAM_STRIDE;
        f->products(f->n_vectors, j + 1, columns, columns + j * stride, row);
        for (int32_t i = 0; i < j; i++)
            f->gram[(int64_t)i * PATTERN_GRAM_STRIDE + j] = row[i];
    }
    f->products(f->n_vectors, f->n_columns, columns, f->data.data, f->rhs);
    bnsl__saxs_nnls_solve(&f->nnls, f->n_columns, f->n_background, f->gram, PATTERN_GRAM_STRIDE, f->rhs, f->data_norm);
    for (int64_t i = 0; i < stride; i++)
        f->residual.data[i] = -f->data.data[i];
    for (int32_t j = 0; j < f->n_columns; j++)
        if (f->nnls.is_passive[j])
            f->accumulate(f->n_vectors, f->nnls.x[j], columns + j * stride, f->residual.data);
    f->products(f->n_vectors, 1, f->residual.data, f->residual.data, &f->chi2);
    f->evaluated = true;
}

void bnsl__pattern_slopes(pattern_fit *f, const double *area)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    memset(f->slopes.data, 0, (size_t)(f->n_params * stride) * sizeof(double));
    for (int32_t g = 0; g < f->n_groups; g++) {
        const pattern_group *group = f->groups + g;
        const pattern_cell *cell = f->cell + group->phase;
        const int32_t c = f->c_param[group->phase];
        for (int32_t l = group->first; l < group->first + group->n && area[g] > 0; l++) {
            double by_a, by_c, q = bnsl__pattern_q(f->pattern->phases[group->phase].reflections + f->lines[l].reflection, cell, &by_a, &by_c);
            f->add_line_slopes(f->n_vectors, f->curve.q, f->curve.weight, q, cell->w, area[g] * f->lines[l].share, by_a, by_c,
                               f->slopes.data + f->a_param[group->phase] * stride, c >= 0 ? f->slopes.data + c * stride : NULL,
                               f->slopes.data + f->w_param[group->phase] * stride);
        }
    }
}
