/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The linear part of a pattern's fit: which lines are in the range, which columns there are, the best background and non-negative
 * areas at given cells. Lines closer than a hundredth of their width share a column, in the ratio of their
 * calculated areas: no data could tell such amplitudes apart. Cost: O(n_columns^2 n) for the matrix of the normal equations.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pattern_internal.h"

static const double SAME_LINE = 0.01; /* of the half width */
static const double RANGE_MARGIN = 2; /* half widths beyond the range in which lines still count */

/* ---- memory ------------------------------------------------------------------------------------------------------------------- */

/* What does not depend on the curve; false: no memory. */
static bool alloc_once(pattern_fit *f)
{
    if (f->restricted.work)
        return true;
    f->groups = bnsl__alloc(PATTERN_MAX_LINES, sizeof *f->groups);
    f->gram = bnsl__alloc((int64_t)PATTERN_GRAM_STRIDE * PATTERN_GRAM_STRIDE, sizeof *f->gram);
    f->rhs = bnsl__alloc(PATTERN_GRAM_STRIDE, sizeof *f->rhs);
    return f->groups && f->gram && f->rhs && bnsl__saxs_nnls_alloc(&f->nnls, PATTERN_GRAM_STRIDE) &&
           bnsl__saxs_nnls_alloc(&f->restricted, PATTERN_MAX_RESTRICTED);
}

/* Grows an array to n doubles at least; what it held is lost. */
static bool room(saxs_lanes *lanes, int64_t n)
{
    saxs_lanes grown;
    if (!bnsl__saxs_lanes_alloc(&grown, n))
        return false;
    free(lanes->memory);
    *lanes = grown;
    return true;
}

static bool alloc_points(pattern_fit *f)
{
    const int64_t n = f->curve.n_padded;
    if (n <= f->point_capacity)
        return true;
    f->point_capacity = f->column_capacity = f->slope_capacity = 0;
    if (!room(&f->data, n) || !room(&f->residual, n) || !room(&f->scratch, 4 * n))
        return false;
    f->point_capacity = n;
    return true;
}

bnsl_status bnsl__pattern_fit_init(pattern_fit *f, const bnsl_saxs_pattern *pattern, int64_t n, const double *q, const double *s, const double *error,
                                   const char *func)
{
    const bnsl_saxs_pattern_options *o = &pattern->options;
    saxs_curve_options range = {o->error_model, o->relative_error, o->q_min, o->q_max};
    f->pattern = pattern;
    f->n_polynomial = o->background_order + 1;
    f->plain = f->hold_fluid = f->hold_shape = false;
    f->chi2_tolerance = 1e-10;
    f->functional = NULL;
    free(f->curve.memory.memory);
    bnsl_status status = bnsl__saxs_curve_load(&f->curve, n, q, s, error, true, &range, func);
    if (status != BNSL_OK)
        return status;
    if (f->curve.n < f->n_polynomial + 4)
        return bnsl__fail(BNSL_EINVAL, func, "%lld points in the fitted range, fewer than parameters", (long long)f->curve.n);
    f->spacing = (f->curve.q[f->curve.n - 1] - f->curve.q[0]) / (double)(f->curve.n - 1);
    if (!alloc_once(f) || !alloc_points(f) ||
        (o->background == BNSL_BACKGROUND_PHYSICAL && !bnsl__pattern_tables(&f->tables, pattern, &f->curve)))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t i = 0; i < f->curve.n_padded; i++)
        f->data.data[i] = f->curve.weight[i] * f->curve.value[i];
    int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    f->add_line = BNSL_KERNEL_PICK(isa, bnsl__saxs_line);
    f->add_line_slopes = BNSL_KERNEL_PICK(isa, bnsl__saxs_line_slopes);
    f->products = BNSL_KERNEL_PICK(isa, bnsl__saxs_products);
    f->accumulate = BNSL_KERNEL_PICK(isa, bnsl__saxs_accumulate);
    f->make_gram = BNSL_KERNEL_PICK(isa, bnsl__saxs_gram);
    bnsl__saxs_nnls_reset(&f->nnls);
    bnsl__pattern_use_points(f, f->curve.n);
    if (!(f->data_norm < INFINITY))
        return bnsl__fail(BNSL_ENUMERIC, func, "values over their errors are too large to be squared");
    return BNSL_OK;
}

void bnsl__pattern_fit_free(pattern_fit *f)
{
    if (!f)
        return;
    free(f->curve.memory.memory);
    free(f->tables.memory.memory);
    free(f->groups);
    free(f->lines);
    free(f->columns.memory);
    free(f->data.memory);
    free(f->residual.memory);
    free(f->slopes.memory);
    free(f->scratch.memory);
    free(f->gram);
    free(f->rhs);
    bnsl__saxs_nnls_free(&f->nnls);
    bnsl__saxs_nnls_free(&f->restricted);
    free(f);
}

pattern_fit *bnsl__pattern_workspace(bnsl_saxs_pattern *pattern)
{
    if (!pattern->workspace)
        pattern->workspace = bnsl__calloc(1, sizeof *pattern->workspace);
    return pattern->workspace;
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
            f->lines[end].share = bnsl__pattern_area(f->pattern, p, p->reflections + f->lines[end].reflection, cell, q0);
            sum += f->lines[end++].share;
        }
        for (int32_t i = first; i < end; i++)
            f->lines[i].share = sum > 0 ? f->lines[i].share / sum : 1.0 / (end - first);
        if (f->n_groups >= PATTERN_MAX_LINES)
            return bnsl__fail(BNSL_EINVAL, func, "more than %d lines in the fitted range (a = %g); lower q_max", PATTERN_MAX_LINES, cell->a);
        f->groups[f->n_groups++] = (pattern_group){phase, first, end - first, -1};
        first = end;
    }
    return BNSL_OK;
}

/* All lines from place first on in one group: their areas are calculated. */
static bnsl_status group_calculated(pattern_fit *f, int32_t phase, int32_t first, const char *func)
{
    if (f->n_groups >= PATTERN_MAX_LINES || f->n_lines > 4 * PATTERN_MAX_LINES)
        return bnsl__fail(BNSL_EINVAL, func, "more than %d lines in the fitted range (a = %g); lower q_max", 4 * PATTERN_MAX_LINES, f->cell[phase].a);
    if (f->n_lines > first)
        f->groups[f->n_groups++] = (pattern_group){phase, first, f->n_lines - first, -1};
    return BNSL_OK;
}

/* Numbers the free centres of the groups from first on: those nearer to each other than the bound move together. */
static bnsl_status number_shifts(pattern_fit *f, int32_t phase, int32_t first, const char *func)
{
    const pattern_phase *p = f->pattern->phases + phase;
    const double bound = p->options.centre_bound > 0 ? p->options.centre_bound : f->cell[phase].w;
    double last = -INFINITY;
    for (int32_t g = first; g < f->n_groups; g++) {
        const double q = bnsl__pattern_q(p->reflections + f->lines[f->groups[g].first].reflection, f->cell + phase, NULL, NULL);
        if (q - last > bound) {
            if (f->n_shifts >= PATTERN_MAX_SHIFTS)
                return bnsl__fail(BNSL_EINVAL, func, "more than %d free centres; lower q_max", PATTERN_MAX_SHIFTS);
            f->shift_bound[f->n_shifts++] = bound; /* the shift itself stays from round to round */
            last = q;
        }
        f->groups[g].shift = f->n_shifts - 1;
    }
    return BNSL_OK;
}

/* ---- which columns ---------------------------------------------------------------------------------------------------------------- */

static void number_background(pattern_fit *f)
{
    const bnsl_saxs_pattern_options *o = &f->pattern->options;
    const bool physical = o->background == BNSL_BACKGROUND_PHYSICAL;
    f->n_background = f->n_polynomial;
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        f->diffuse_column[i] = physical && f->active[i] ? f->n_background++ : -1;
    const bool fluid = physical && o->fluid != BNSL_FLUID_NONE;
    f->fluid_column[0] = fluid ? f->n_background++ : -1;
    f->fluid_column[1] = fluid && !bnsl__pattern_one_fluid(f->pattern) ? f->n_background++ : -1;
}

static bnsl_status make_columns(pattern_fit *f, const char *func)
{
    if (f->n_columns > f->column_capacity) {
        if (!room(&f->columns, (f->n_columns + 16) * f->point_capacity))
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        f->column_capacity = f->n_columns + 16;
    }
    if (f->n_params > f->slope_capacity) {
        if (!room(&f->slopes, (f->n_params + 8) * f->point_capacity))
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        f->slope_capacity = f->n_params + 8;
    }
    return BNSL_OK;
}

bnsl_status bnsl__pattern_layout(pattern_fit *f, bool *changed, const char *func)
{
    bnsl_status status = BNSL_OK;
    f->n_lines = f->n_groups = f->n_shifts = 0;
    number_background(f);
    for (int32_t i = 0; i < f->pattern->n_phases && status == BNSL_OK; i++) {
        const bnsl_saxs_phase_options *o = &f->pattern->phases[i].options;
        if (!f->active[i])
            continue;
        const int32_t first = f->n_lines, first_group = f->n_groups;
        status = list_phase(f, i, func);
        if (status == BNSL_OK)
            status = (!f->plain && o->areas == BNSL_AREAS_CALCULATED ? group_calculated : group_phase)(f, i, first, func);
        if (status == BNSL_OK && !f->plain && o->centres == BNSL_CENTRES_FREE)
            status = number_shifts(f, i, first_group, func);
    }
    bnsl__pattern_number_parameters(f);
    f->n_columns = f->n_background + f->n_groups;
    uint64_t layout = 14695981039346656037u; /* FNV-1a */
    layout = (layout ^ (uint64_t)(f->n_params * 1024 + f->n_background)) * 1099511628211u;
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
    if (status == BNSL_OK && (*changed || !f->plain))
        bnsl__pattern_fixed_columns(f);
    f->layout = status == BNSL_OK ? layout : 0;
    f->evaluated = false;
    return status;
}

/* ---- evaluation ----------------------------------------------------------------------------------------------------------------- */

void bnsl__pattern_evaluate(pattern_fit *f)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    const double *columns = f->columns.data;
    bnsl__pattern_moving_columns(f);
    f->make_gram(f->n_vectors, f->n_columns, columns, f->gram, PATTERN_GRAM_STRIDE);
    for (int32_t j = 0; j < f->n_columns; j++)
        for (int32_t i = 0; i < j; i++)
            f->gram[(int64_t)i * PATTERN_GRAM_STRIDE + j] = f->gram[(int64_t)j * PATTERN_GRAM_STRIDE + i];
    f->products(f->n_vectors, f->n_columns, columns, f->data.data, f->rhs);
    bnsl__saxs_nnls_solve(&f->nnls, f->n_columns, f->n_polynomial, f->gram, PATTERN_GRAM_STRIDE, f->rhs, f->data_norm);
    for (int64_t i = 0; i < stride; i++)
        f->residual.data[i] = -f->data.data[i];
    for (int32_t j = 0; j < f->n_columns; j++)
        if (f->nnls.is_passive[j])
            f->accumulate(f->n_vectors, f->nnls.x[j], columns + j * stride, f->residual.data);
    f->products(f->n_vectors, 1, f->residual.data, f->residual.data, &f->chi2);
    f->evaluated = true;
}
