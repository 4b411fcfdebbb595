/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is there a crystal? A matched filter [North 1943; Turin, IRE Trans. Inf. Theory 6, 311 (1960)]: the pattern t of a phase as calculated
 * from its structure factors, over a grid of a and width, against the residual r of a fit without it:
 *     significance = (t . W^2 r) / |W t|,
 * a standard normal number where there is only noise. r has no component along the background's columns, |W t| has, so the true
 * significance is higher. Cost: two dot products a template, some hundred templates a phase.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "series_internal.h"

enum { N_WIDTHS = 3 };

static const double widths[N_WIDTHS] = {3, 8, 20}; /* in units of the points' distance */
static const double STEP = 0.7;                    /* of the width that the line at q_middle moves from template to template */
static const double SAME_A = 0.01;                 /* relative difference of a of two candidates that are one */

/* q up to which most of the strong lines are: the tenth. */
static double middle(const pattern_phase *p, double a)
{
    const pattern_cell cell = {.a = a, .c_over_a = p->c_over_a};
    const int32_t i = p->n_reflections < 10 ? p->n_reflections - 1 : 9;
    return p->n_reflections > 0 ? bnsl__pattern_q(p->reflections + i, &cell, NULL, NULL) : 0;
}

/* Lists the templates of a phase in list (or counts them, NULL). */
static int32_t list_templates(const bnsl_saxs_series *s, const pattern_fit *f, int32_t phase, series_template *list)
{
    const pattern_phase *p = s->pattern->phases + phase;
    int32_t n = 0;
    for (int k = 0; k < N_WIDTHS && p->n_reflections > 0; k++) {
        const double w = widths[k] * f->spacing, factor = 1 + STEP * w / middle(p, s->a_low[phase]);
        for (double a = s->a_low[phase]; a < s->a_high[phase] * factor; a *= factor) {
            if (list)
                list[n] = (series_template){phase, a, w};
            n++;
        }
    }
    return n;
}

static void fill_template(const bnsl_saxs_series *s, const pattern_fit *f, const series_template *t, double *shape, double *square)
{
    const bnsl_saxs_pattern_options *o = &s->pattern->options;
    const pattern_phase *p = s->pattern->phases + t->phase;
    pattern_cell cell = s->looked_for[t->phase];
    const double q_high = f->curve.q[f->curve.n - 1];
    cell.a = t->a;
    cell.w = t->w;
    for (int32_t r = 0; r < p->n_reflections; r++) {
        const double q = bnsl__pattern_q(p->reflections + r, &cell, NULL, NULL);
        if (q > q_high + 2 * t->w)
            continue;
        const double area = bnsl__pattern_area(s->pattern, p, p->reflections + r, &cell, q) * exp(-q * q * cell.u * cell.u);
        for (int64_t i = 0; i < f->curve.n; i++)
            shape[i] += area * bnsl__saxs_profile(o->line_shape, o->resolution, f->curve.q[i] - q, t->w, NULL, NULL);
    }
    for (int64_t i = 0; i < f->curve.n; i++)
        square[i] = shape[i] * shape[i];
}

bool bnsl__series_templates(bnsl_saxs_series *s, const pattern_fit *f)
{
    if (s->n_templates > 0 && s->n_points == f->curve.n_padded)
        return true;
    int32_t n = 0;
    for (int32_t i = 0; i < s->pattern->n_phases; i++)
        n += list_templates(s, f, i, NULL);
    free(s->templates);
    free(s->shapes.memory);
    free(s->squares.memory);
    free(s->filter);
    s->shapes = s->squares = (saxs_lanes){NULL, NULL};
    s->n_templates = 0;
    s->templates = bnsl__alloc(n, sizeof *s->templates);
    s->filter = bnsl__alloc(n, 2 * sizeof *s->filter);
    if (!s->templates || !s->filter || !bnsl__saxs_lanes_alloc(&s->shapes, n * f->curve.n_padded) ||
        !bnsl__saxs_lanes_alloc(&s->squares, n * f->curve.n_padded))
        return false;
    for (int32_t i = 0, k = 0; i < s->pattern->n_phases; i++)
        k += list_templates(s, f, i, s->templates + k);
    for (int32_t k = 0; k < n; k++)
        fill_template(s, f, s->templates + k, s->shapes.data + k * f->curve.n_padded, s->squares.data + k * f->curve.n_padded);
    s->n_templates = n;
    s->n_points = f->curve.n_padded;
    return true;
}

/* Puts a candidate into the list of the best; those with nearly the same a are one. */
static void keep(series_candidate *list, int32_t *n, int32_t n_most, series_candidate c)
{
    for (int32_t i = 0; i < *n; i++)
        if (fabs(list[i].a - c.a) < SAME_A * c.a) {
            if (list[i].significance >= c.significance)
                return;
            memmove(list + i, list + i + 1, (size_t)(*n - i - 1) * sizeof *list);
            --*n;
            break;
        }
    int32_t place = *n;
    while (place > 0 && list[place - 1].significance < c.significance)
        place--;
    if (place >= n_most)
        return;
    if (*n < n_most)
        ++*n;
    memmove(list + place + 1, list + place, (size_t)(*n - place - 1) * sizeof *list);
    list[place] = c;
}

int32_t bnsl__series_filter(bnsl_saxs_series *s, pattern_fit *f, int32_t phase, double chi2_reduced, int32_t n_most, series_candidate *list)
{
    const int64_t n = f->curve.n_padded;
    double *product = s->filter, *norm = s->filter + s->n_templates, *weighted = f->scratch.data, *square = weighted + n;
    int32_t first = 0, count = 0, found = 0;
    while (first < s->n_templates && s->templates[first].phase != phase)
        first++;
    while (first + count < s->n_templates && s->templates[first + count].phase == phase)
        count++;
    for (int64_t i = 0; i < n; i++) {
        weighted[i] = -f->curve.weight[i] * f->residual.data[i];
        square[i] = f->curve.weight[i] * f->curve.weight[i];
    }
    f->products(n / SAXS_LANES, count, s->shapes.data + first * n, weighted, product);
    f->products(n / SAXS_LANES, count, s->squares.data + first * n, square, norm);
    for (int32_t k = 0; k < count; k++) {
        if (!(norm[k] > 0))
            continue;
        const double scale = sqrt(norm[k]), noise = sqrt(fmax(chi2_reduced, 1));
        keep(list, &found, n_most,
             (series_candidate){s->templates[first + k].a, s->templates[first + k].w, product[k] / scale / noise, noise / scale});
    }
    return found;
}
