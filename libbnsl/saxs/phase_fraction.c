/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Share X of the L particles that a phase holds, and the one-dimensional rms displacement u: the areas of its lines are
 * A_hkl = X a_hkl exp(-q_hkl^2 u^2), a_hkl as in bnsl__pattern_area. X and u^2 of all phases are fitted to the areas with the areas'
 * full covariance, which is the same as fitting them to the data at the cells found before, so no division by uncertain areas occurs.
 * Errors: the covariance at fixed cells and what the cells' own covariance adds, N^-1 + (N^-1 B) theta (N^-1 B)^T; the two are
 * independent, since the areas were free when the cells were fitted. If the areas scatter about the model by more than their errors,
 * the errors grow by that factor. Gauss-Newton from the best of a few u. Cost: some ten products of the size of the normal equations.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pattern_internal.h"

enum { MIN_PEAKS = 3, MAX_STEPS = 100, MAX_HALVINGS = 40, N_START = 7 };

static const double start_exponents[N_START] = {0, 0.1, 0.3, 0.6, 1, 2, 4}; /* u^2 q_high^2 */
static const double CONVERGED = 1e-10;

/* Unknowns: free coefficients (background, lines of phases with too few lines), then X, then u^2 of each fitted phase. */
typedef struct shares {
    pattern_fit *f;
    int32_t n_free, n_phases, n; /* n = n_free + 2 n_phases */
    int32_t free_column[PATTERN_GRAM_STRIDE], phase[PATTERN_MAX_PHASES];
    double *area, *q2;            /* of each group: calculated area, q^2 */
    double *design, *product;     /* n_columns vectors: d coefficients / d unknown; gram times that */
    double *coefficients, *slope; /* n_columns; n */
    double *normal, *inverse, *work;
    double *value, *trial;
} shares;

static double *u2_of(const shares *s, double *value, int32_t k)
{
    return value + s->n_free + s->n_phases + k;
}

static int32_t place_of(const shares *s, int32_t phase)
{
    for (int32_t k = 0; k < s->n_phases; k++)
        if (s->phase[k] == phase)
            return k;
    return -1;
}

/* Coefficients of all columns at value; with design: their derivatives too. */
static void expand(shares *s, double *value, bool with_design)
{
    const pattern_fit *f = s->f;
    const int32_t n_columns = f->n_columns;
    memset(s->coefficients, 0, (size_t)n_columns * sizeof(double));
    if (with_design)
        memset(s->design, 0, (size_t)s->n * (size_t)n_columns * sizeof(double));
    for (int32_t i = 0; i < s->n_free; i++) {
        s->coefficients[s->free_column[i]] = value[i];
        if (with_design)
            s->design[(int64_t)i * n_columns + s->free_column[i]] = 1;
    }
    for (int32_t g = 0; g < f->n_groups; g++) {
        int32_t k = place_of(s, f->groups[g].phase), column = f->n_background + g;
        if (k < 0)
            continue;
        double share = value[s->n_free + k], area = s->area[g] * exp(-s->q2[g] * *u2_of(s, value, k));
        s->coefficients[column] = share * area;
        if (with_design) {
            s->design[(int64_t)(s->n_free + k) * n_columns + column] = area;
            s->design[(int64_t)(s->n_free + s->n_phases + k) * n_columns + column] = -share * s->q2[g] * area;
        }
    }
}

static double product_of(int32_t n, const double *a, const double *b)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* y = gram x, over the columns */
static void times_gram(const pattern_fit *f, const double *x, double *y)
{
    for (int32_t i = 0; i < f->n_columns; i++)
        y[i] = product_of(f->n_columns, f->gram + (int64_t)i * PATTERN_GRAM_STRIDE, x);
}

/* |data - model|^2 less the constant |data|^2 */
static double objective(shares *s, double *value)
{
    const pattern_fit *f = s->f;
    expand(s, value, false);
    times_gram(f, s->coefficients, s->product);
    return product_of(f->n_columns, s->coefficients, s->product) - 2 * product_of(f->n_columns, s->coefficients, f->rhs);
}

/* Normal equations at value: slope (half the downhill gradient), inverse over the unknowns not fixed. */
static void linearise(shares *s, double *value, const bool *fixed)
{
    const pattern_fit *f = s->f;
    const int32_t n = s->n, n_columns = f->n_columns;
    expand(s, value, true);
    times_gram(f, s->coefficients, s->product);
    for (int32_t a = 0; a < n; a++) {
        const double *row = s->design + (int64_t)a * n_columns;
        s->slope[a] = product_of(n_columns, row, f->rhs) - product_of(n_columns, row, s->product);
    }
    for (int32_t b = 0; b < n; b++) {
        times_gram(f, s->design + (int64_t)b * n_columns, s->product);
        for (int32_t a = 0; a < n; a++)
            s->normal[a * n + b] = fixed[a] || fixed[b] ? 0 : product_of(n_columns, s->design + (int64_t)a * n_columns, s->product);
    }
    double *scale = s->work + (int64_t)n * (n + 1);
    for (int32_t a = 0; a < n; a++)
        scale[a] = s->normal[a * n + a] > 0 ? sqrt(s->normal[a * n + a]) : 1;
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = 0; b < n; b++)
            s->normal[a * n + b] /= scale[a] * scale[b];
    bnsl__saxs_invert(n, s->normal, s->inverse, s->work);
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = 0; b < n; b++)
            s->inverse[a * n + b] /= scale[a] * scale[b];
}

/* step = inverse slope, 0 where nothing is known */
static void newton_step(const shares *s, double *step)
{
    for (int32_t a = 0; a < s->n; a++) {
        step[a] = 0;
        for (int32_t b = 0; b < s->n; b++)
            if (s->inverse[a * s->n + b] == s->inverse[a * s->n + b])
                step[a] += s->inverse[a * s->n + b] * s->slope[b];
    }
}

/* Best free coefficients and X at the u^2 in value: a linear problem, one step. Returns the objective. */
static double solve_linear(shares *s, double *value, bool *fixed)
{
    for (int32_t i = 0; i < s->n; i++) {
        fixed[i] = i >= s->n_free + s->n_phases;
        if (!fixed[i])
            value[i] = 0;
    }
    linearise(s, value, fixed);
    newton_step(s, s->trial);
    for (int32_t i = 0; i < s->n; i++)
        value[i] += s->trial[i];
    return objective(s, value);
}

/* One damped Gauss-Newton step with u^2 >= 0; false: converged. */
static bool improve(shares *s, bool *fixed, double *best)
{
    double *step = s->work + (int64_t)s->n * (s->n + 2);
    for (int32_t i = 0; i < s->n; i++)
        fixed[i] = false;
    for (int pass = 0; pass <= s->n_phases; pass++) { /* a u^2 at 0 that wants to fall stays there */
        linearise(s, s->value, fixed);
        newton_step(s, step);
        bool again = false;
        for (int32_t k = 0; k < s->n_phases; k++) {
            int32_t i = s->n_free + s->n_phases + k;
            if (!fixed[i] && s->value[i] <= 0 && step[i] < 0)
                fixed[i] = again = true;
        }
        if (!again)
            break;
    }
    double factor = 1;
    for (int halving = 0; halving < MAX_HALVINGS; halving++, factor /= 2) {
        double change = 0;
        for (int32_t i = 0; i < s->n; i++) {
            s->trial[i] = s->value[i] + factor * step[i];
            if (i >= s->n_free + s->n_phases)
                s->trial[i] = fmax(s->trial[i], 0);
            change = fmax(change, fabs(s->trial[i] - s->value[i]) / (fabs(s->value[i]) + fabs(s->trial[i]) + 1e-300));
        }
        double value = objective(s, s->trial);
        if (value <= *best) {
            *best = value;
            memcpy(s->value, s->trial, (size_t)s->n * sizeof(double));
            return change > CONVERGED;
        }
        if (change < CONVERGED)
            return false;
    }
    return false;
}

/* From the best of a few u^2, the same for all phases. */
static void scan_starts(shares *s, bool *fixed)
{
    const double q_high = s->f->curve.q[s->f->curve.n - 1];
    double best = INFINITY, best_exponent = 0;
    for (int i = 0; i <= N_START; i++) { /* the last one: back to the best */
        double exponent = i < N_START ? start_exponents[i] : best_exponent;
        for (int32_t k = 0; k < s->n_phases; k++)
            *u2_of(s, s->value, k) = exponent / (q_high * q_high);
        double value = solve_linear(s, s->value, fixed);
        if (value < best) {
            best = value;
            best_exponent = exponent;
        }
    }
}

static void fit_shares(shares *s, bool *fixed, const double *u_start)
{
    for (int32_t k = 0; u_start && k < s->n_phases; k++)
        *u2_of(s, s->value, k) = u_start[s->phase[k]] * u_start[s->phase[k]];
    if (u_start)
        solve_linear(s, s->value, fixed);
    else
        scan_starts(s, fixed);
    double best = objective(s, s->value);
    for (int step = 0; step < MAX_STEPS; step++)
        if (!improve(s, fixed, &best))
            break;
}

/* Number of an unknown: the share of a phase, or the coefficient of its only column; -1: neither. */
static int32_t share_of(const shares *s, int32_t phase)
{
    const int32_t k = place_of(s, phase);
    for (int32_t i = 0; k < 0 && i < s->n_free; i++) {
        const int32_t j = s->free_column[i];
        if (j >= s->f->n_background && s->f->groups[j - s->f->n_background].phase == phase)
            return i;
    }
    return k < 0 ? -1 : s->n_free + k;
}

/* Value, variance and covariances of f->functional; before the cells' errors are added to the diagonal. */
static void find_functional(shares *s, const double *theta, const double *sensitivity)
{
    pattern_fit *f = s->f;
    pattern_functional *to = f->functional;
    const int32_t n = s->n, p = f->n_params;
    double *weight = s->trial, by_cell[PATTERN_MAX_PARAMS] = {0};
    for (int32_t i = 0; i < n; i++)
        weight[i] = i < s->n_free && s->free_column[i] < f->n_background ? to->column[s->free_column[i]] : 0;
    for (int32_t k = 0; k < f->pattern->n_phases; k++)
        if (f->active[k] && share_of(s, k) >= 0)
            weight[share_of(s, k)] = to->fraction[k];
    to->value = product_of(n, weight, s->value);
    to->variance = 0;
    for (int32_t a = 0; a < p; a++)
        by_cell[a] = product_of(n, weight, sensitivity + a * n);
    for (int32_t i = 0; i < n; i++) {
        double covariance = 0;
        for (int32_t j = 0; j < n; j++)
            if (s->inverse[i * n + j] == s->inverse[i * n + j])
                covariance += s->inverse[i * n + j] * weight[j];
        for (int32_t a = 0; a < p; a++)
            for (int32_t b = 0; b < p; b++)
                if (theta[a * p + b] == theta[a * p + b])
                    covariance += sensitivity[a * n + i] * by_cell[b] * theta[a * p + b];
        to->variance += weight[i] * covariance;
        for (int32_t k = 0; k < f->pattern->n_phases; k++)
            if (f->active[k] && share_of(s, k) == i)
                to->covariance[k] = covariance;
    }
    to->known = to->variance == to->variance;
}

/* Adds to the covariance what the cells' covariance contributes. sensitivity: n x n_params work. */
static void add_cell_errors(shares *s, const double *theta, double *sensitivity)
{
    pattern_fit *f = s->f;
    const int32_t p = f->n_params, n = s->n;
    double products[PATTERN_GRAM_STRIDE];
    bnsl__pattern_slopes(f, s->coefficients);
    for (int32_t a = 0; a < p; a++) {
        f->products(f->n_vectors, f->n_columns, f->columns.data, f->slopes.data + a * SAXS_LANES * f->n_vectors, products);
        for (int32_t i = 0; i < n; i++)
            s->slope[i] = product_of(f->n_columns, s->design + (int64_t)i * f->n_columns, products);
        newton_step(s, sensitivity + a * n);
    }
    if (f->functional)
        find_functional(s, theta, sensitivity);
    for (int32_t i = 0; i < n; i++)
        for (int32_t a = 0; a < p; a++)
            for (int32_t b = 0; b < p; b++)
                if (theta[a * p + b] == theta[a * p + b])
                    s->inverse[i * n + i] += sensitivity[a * n + i] * sensitivity[b * n + i] * theta[a * p + b];
}

static void store(shares *s, double error_factor, bnsl_saxs_phase *phase)
{
    pattern_fit *f = s->f;
    int32_t n_areas = 0;
    for (int32_t g = 0; g < f->n_groups; g++)
        n_areas += place_of(s, f->groups[g].phase) >= 0 && f->nnls.is_passive[f->n_background + g];
    double excess = objective(s, s->value) + f->data_norm * f->data_norm - f->chi2;
    double scatter = n_areas > 2 * s->n_phases ? excess / (n_areas - 2 * s->n_phases) : 0;
    double factor = fmax(error_factor, scatter);
    for (int32_t k = 0; k < s->n_phases; k++) {
        bnsl_saxs_phase *to = phase + s->phase[k];
        int32_t i = s->n_free + k, j = i + s->n_phases;
        double u2 = s->value[j], u2_err = sqrt(factor * s->inverse[j * (s->n + 1)]);
        to->fraction = fmax(s->value[i], 0);
        to->fraction_err = sqrt(factor * s->inverse[i * (s->n + 1)]);
        if (!(to->fraction > 0))
            continue; /* no lines, no displacement */
        to->u_rms = sqrt(u2);
        to->u_rms_err = u2_err < 2 * u2 ? u2_err / (2 * to->u_rms) : sqrt(u2_err);
    }
}

static bool has_free_areas(const pattern_fit *f, int32_t phase)
{
    return f->active[phase] && f->pattern->phases[phase].options.areas == BNSL_AREAS_FREE;
}

/* Which unknowns there are; calculated areas of the groups. */
static void set_up(shares *s)
{
    pattern_fit *f = s->f;
    int32_t n_groups[PATTERN_MAX_PHASES] = {0};
    double calculated[PATTERN_MAX_PHASES] = {0};
    for (int32_t g = 0; g < f->n_groups; g++) {
        const pattern_group *group = f->groups + g;
        const pattern_phase *phase = f->pattern->phases + group->phase;
        const pattern_cell *cell = f->cell + group->phase;
        double q = bnsl__pattern_q(phase->reflections + f->lines[group->first].reflection, cell, NULL, NULL);
        s->q2[g] = q * q;
        s->area[g] = 0;
        for (int32_t l = group->first; l < group->first + group->n; l++)
            s->area[g] += bnsl__pattern_area(f->pattern, phase, phase->reflections + f->lines[l].reflection, cell, q);
        n_groups[group->phase]++;
        calculated[group->phase] += s->area[g];
    }
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        if (n_groups[i] >= MIN_PEAKS && calculated[i] > 0 && has_free_areas(f, i))
            s->phase[s->n_phases++] = i;
    for (int32_t j = 0; j < f->n_columns; j++)
        if (f->nnls.is_passive[j] && (j < f->n_background || place_of(s, f->groups[j - f->n_background].phase) < 0))
            s->free_column[s->n_free++] = j;
    s->n = s->n_free + 2 * s->n_phases;
}

bnsl_status bnsl__pattern_fractions(pattern_fit *f, const double *theta, double error_factor, const double *u_start, bnsl_saxs_phase *phase,
                                    const char *func)
{
    shares s = {.f = f};
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        if (has_free_areas(f, i))
            phase[i].fraction = phase[i].fraction_err = phase[i].u_rms = phase[i].u_rms_err = NAN;
    s.area = bnsl__alloc(f->n_groups, 2 * sizeof *s.area);
    if (!s.area)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    s.q2 = s.area + f->n_groups;
    set_up(&s);
    const int64_t n = s.n, square = n * n;
    bool *fixed = bnsl__alloc(n, sizeof *fixed);
    double *memory = bnsl__alloc(n * f->n_columns + 2 * f->n_columns + 3 * square + 8 * n + n * f->n_params, sizeof *memory);
    bnsl_status status = BNSL_OK;
    if (!fixed || !memory) {
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    } else if (s.n_phases > 0 || (theta && f->functional)) {
        double *next = memory;
        s.design = next, next += n * f->n_columns;
        s.coefficients = next, next += f->n_columns;
        s.product = next, next += f->n_columns;
        s.normal = next, next += square;
        s.inverse = next, next += square;
        s.work = next, next += square + 4 * n; /* for the inverse n (n + 1), then scales and a step */
        s.slope = next, next += n;
        s.value = next, next += n;
        s.trial = next, next += n;
        fit_shares(&s, fixed, u_start);
        memset(fixed, 0, (size_t)n * sizeof *fixed);
        linearise(&s, s.value, fixed);
        if (theta)
            add_cell_errors(&s, theta, next);
        store(&s, error_factor, phase);
    }
    free(s.area);
    free(memory);
    free(fixed);
    return status;
}
