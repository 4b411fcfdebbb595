/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Columns of a pattern's linear problem, and the slopes of the model by its parameters: polynomial, diffuse scattering, fluid, lines. A
 * column is a function of q times the points' weights. Lines at the same place share a column; so do all lines of a phase whose areas are
 * calculated. Cost: O(n) a line and column.
 */
#include <math.h>
#include <string.h>

#include "pattern_internal.h"

static double *column_of(const pattern_fit *f, int32_t column)
{
    return f->columns.data + (int64_t)column * SAXS_LANES * f->n_vectors;
}

static double *slope_of(const pattern_fit *f, int32_t param)
{
    return f->slopes.data + (int64_t)param * SAXS_LANES * f->n_vectors;
}

/* ---- polynomial and diffuse scattering ------------------------------------------------------------------------------------------ */

/* Without crystals the fluid alone makes the level, or else its amplitude and its packing fraction could not be told apart: no constant then. */
static bool fluid_alone(const pattern_fit *f)
{
    bool any = false;
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        any = any || f->active[i];
    return f->fluid_column[0] >= 0 && !any;
}

static void fill_polynomial(pattern_fit *f)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    const double low = f->curve.q[0], high = f->curve.q[f->curve.n - 1], constant = fluid_alone(f) ? 0 : 1; /* a column of zeros is left out */
    for (int64_t i = 0; i < stride; i++) {
        double value[PATTERN_MAX_POLYNOMIAL];
        bnsl__pattern_legendre(f->n_polynomial, 2 * (f->curve.q[i] - low) / (high - low) - 1, value);
        for (int32_t j = 0; j < f->n_polynomial; j++)
            f->columns.data[j * stride + i] = f->curve.weight[i] * (j == 0 ? constant : value[j]);
    }
}

/* to = weight D(q); by_u: weight dD/du added times its factor, when not NULL. */
static void diffuse(const pattern_fit *f, int32_t phase, double *to, double *by_u, double factor)
{
    const pattern_tables *t = &f->tables;
    const pattern_phase *p = f->pattern->phases + phase;
    const double m = p->n_small / p->n_large, u = f->cell[phase].u;
    const int64_t n = SAXS_LANES * f->n_vectors;
    for (int64_t i = 0; i < n; i++) {
        const double q2 = t->q[i] * t->q[i], weight = f->curve.weight[i] * t->inverse_n[i];
        double coherent, value = pattern_diffuse_at(t, i, m, u, &coherent);
        if (to)
            to[i] = weight * value;
        if (by_u)
            by_u[i] += factor * weight * 2 * q2 * u * coherent;
    }
}

/* ---- fluid ------------------------------------------------------------------------------------------------------------------------ */

/* Weight of a fluid column at point i: its species' share of N(q), or 1 for all of it. */
static double fluid_share(const pattern_fit *f, int which, double ratio, int64_t i)
{
    if (f->fluid_column[1] < 0)
        return f->curve.weight[i];
    const pattern_tables *t = &f->tables;
    return f->curve.weight[i] * t->inverse_n[i] * (which == 0 ? t->f2_large[i] : ratio * t->f2_small[i]);
}

static void fill_fluid(pattern_fit *f)
{
    const int64_t n = SAXS_LANES * f->n_vectors;
    const double ratio = bnsl__pattern_ratio(f->pattern);
    double *s = f->scratch.data;
    if (f->pattern->options.fluid == BNSL_FLUID_IDEAL)
        for (int64_t i = 0; i < n; i++)
            s[i] = 1;
    else
        bnsl__saxs_fluid(&f->fluid, n, f->curve.q, s, NULL);
    for (int which = 0; which < 2; which++) {
        if (f->fluid_column[which] < 0)
            continue;
        double *to = column_of(f, f->fluid_column[which]);
        for (int64_t i = 0; i < n; i++)
            to[i] = fluid_share(f, which, ratio, i) * s[i];
    }
}

static void fluid_slopes(pattern_fit *f, const double *coefficients)
{
    const int64_t n = SAXS_LANES * f->n_vectors;
    const double ratio = bnsl__pattern_ratio(f->pattern);
    double *s = f->scratch.data, amplitude[2] = {0, 0};
    for (int which = 0; which < 2; which++)
        if (f->fluid_column[which] >= 0)
            amplitude[which] = coefficients[f->fluid_column[which]];
    bnsl__saxs_fluid(&f->fluid, n, f->curve.q, s, s + n);
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int which = 0; which < 2; which++)
            if (f->fluid_column[which] >= 0)
                sum += amplitude[which] * fluid_share(f, which, ratio, i);
        for (int k = 0; k < 3; k++)
            if (f->fluid_param[k] >= 0)
                slope_of(f, f->fluid_param[k])[i] = sum * s[(k + 1) * n + i];
    }
}

void bnsl__pattern_fixed_columns(pattern_fit *f)
{
    fill_polynomial(f);
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        if (f->diffuse_column[i] >= 0)
            diffuse(f, i, column_of(f, f->diffuse_column[i]), NULL, 0);
    if (f->fluid_column[0] >= 0)
        fill_fluid(f);
}

/* ---- lines ------------------------------------------------------------------------------------------------------------------------ */

static bool is_calculated(const pattern_fit *f, const pattern_group *group)
{
    return !f->plain && f->pattern->phases[group->phase].options.areas == BNSL_AREAS_CALCULATED;
}

/* Lorentzians without resolution go to the kernels; the others are computed here, point by point. */
static bool use_kernel(const pattern_fit *f)
{
    return f->pattern->options.line_shape == BNSL_LINE_LORENTZIAN && !(f->pattern->options.resolution > 0);
}

static void add_profile(const pattern_fit *f, double centre, double w, double factor, double *to)
{
    const bnsl_saxs_pattern_options *o = &f->pattern->options;
    if (use_kernel(f)) {
        f->add_line(f->n_vectors, f->curve.q, f->curve.weight, centre, w, factor, to);
        return;
    }
    for (int64_t i = 0; i < f->n; i++)
        to[i] += factor * f->curve.weight[i] * bnsl__saxs_profile(o->line_shape, o->resolution, f->curve.q[i] - centre, w, NULL, NULL);
}

static void add_profile_slopes(const pattern_fit *f, double centre, double w, int32_t n_slopes, const double (*factor)[3], double *const *slope)
{
    const bnsl_saxs_pattern_options *o = &f->pattern->options;
    if (use_kernel(f)) {
        f->add_line_slopes(f->n_vectors, f->curve.q, f->curve.weight, centre, w, n_slopes, factor, slope);
        return;
    }
    for (int64_t i = 0; i < f->n; i++) {
        double by_x, by_w, line = bnsl__saxs_profile(o->line_shape, o->resolution, f->curve.q[i] - centre, w, &by_x, &by_w);
        for (int32_t k = 0; k < n_slopes; k++)
            slope[k][i] += f->curve.weight[i] * (factor[k][0] * line - factor[k][1] * by_x + factor[k][2] * by_w);
    }
}

void bnsl__pattern_moving_columns(pattern_fit *f)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        if (f->u_param[i] >= 0 && f->active[i] && f->diffuse_column[i] >= 0)
            diffuse(f, i, column_of(f, f->diffuse_column[i]), NULL, 0);
    if (f->fluid_param[0] >= 0)
        fill_fluid(f);
    memset(column_of(f, f->n_background), 0, (size_t)(f->n_groups * stride) * sizeof(double));
    for (int32_t g = 0; g < f->n_groups; g++) {
        const pattern_group *group = f->groups + g;
        const pattern_cell *cell = f->cell + group->phase;
        const pattern_phase *phase = f->pattern->phases + group->phase;
        const double shift = group->shift >= 0 ? f->shift[group->shift] : 0;
        for (int32_t l = group->first; l < group->first + group->n; l++) {
            const pattern_reflection *r = phase->reflections + f->lines[l].reflection;
            double q = bnsl__pattern_q(r, cell, NULL, NULL);
            if (is_calculated(f, group))
                f->lines[l].share = bnsl__pattern_area(f->pattern, phase, r, cell, q) * exp(-q * q * cell->u * cell->u);
            add_profile(f, q + shift, bnsl__pattern_width(cell, q), f->lines[l].share, column_of(f, f->n_background + g));
        }
    }
}

/* Slopes of one line whose group has the coefficient x. */
static void line_slopes(pattern_fit *f, const pattern_group *group, int32_t line, double x)
{
    const int32_t phase = group->phase;
    const pattern_cell *cell = f->cell + phase;
    const pattern_reflection *r = f->pattern->phases[phase].reflections + f->lines[line].reflection;
    double by_a, by_c, q = bnsl__pattern_q(r, cell, &by_a, &by_c), w = bnsl__pattern_width(cell, q);
    const double area = x * f->lines[line].share, e = cell->microstrain, w_by_q = e * e * q / w;
    double share_a = 0, share_c = 0, factor[6][3], *to[6];
    int32_t n = 0;
    if (is_calculated(f, group)) {
        const double debye_waller = exp(-q * q * cell->u * cell->u), damping = -2 * q * cell->u * cell->u;
        const double bare = bnsl__pattern_area_slopes(f->pattern, f->pattern->phases + phase, r, cell, &share_a, &share_c);
        share_a = x * debye_waller * (share_a + bare * damping * by_a);
        share_c = x * debye_waller * (share_c + bare * damping * by_c);
    }
    const struct {
        int32_t param;
        double factor[3];
    } slope[6] = {{f->a_param[phase], {share_a, area * by_a, area * w_by_q * by_a}},
                  {f->c_param[phase], {share_c, area * by_c, area * w_by_q * by_c}},
                  {f->w_param[phase], {0, 0, area * cell->w / w}},
                  {f->strain_param[phase], {0, 0, area * e * q * q / w}},
                  {f->u_param[phase], {-2 * q * q * cell->u * area, 0, 0}},
                  {group->shift >= 0 ? f->shift_param[group->shift] : -1, {0, area, 0}}};
    for (int k = 0; k < 6; k++) {
        if (slope[k].param < 0)
            continue;
        memcpy(factor[n], slope[k].factor, sizeof factor[n]);
        to[n++] = slope_of(f, slope[k].param);
    }
    add_profile_slopes(f, q + (group->shift >= 0 ? f->shift[group->shift] : 0), w, n, (const double(*)[3])factor, to);
}

void bnsl__pattern_slopes(pattern_fit *f, const double *coefficients)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    memset(f->slopes.data, 0, (size_t)(f->n_params * stride) * sizeof(double));
    for (int32_t g = 0; g < f->n_groups; g++) {
        const pattern_group *group = f->groups + g;
        const double x = coefficients[f->n_background + g];
        for (int32_t l = group->first; l < group->first + group->n && x > 0; l++)
            line_slopes(f, group, l, x);
    }
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        if (f->active[i] && f->u_param[i] >= 0 && f->diffuse_column[i] >= 0)
            diffuse(f, i, NULL, slope_of(f, f->u_param[i]), coefficients[f->diffuse_column[i]]);
    if (f->fluid_param[0] >= 0)
        fluid_slopes(f, coefficients);
    for (int32_t k = 0; k < f->n_params; k++) {
        const double scale = bnsl__pattern_scale(f, k);
        double *slope = slope_of(f, k);
        if (scale == 1)
            continue;
        for (int64_t i = 0; i < stride; i++)
            slope[i] *= scale;
    }
}
