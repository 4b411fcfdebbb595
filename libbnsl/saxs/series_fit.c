/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fit of one frame of a series: from where the frame before ended; what is not there is looked for, what is there no more is dropped, and
 * a start that leads nowhere is replaced by a new one. A phase is there when the fit without it (areas and background found anew at the
 * same cells) is worse by more than its number of lines and detect_sigma times the scatter of that number, chi^2 being scaled to the model's.
 */
#include <math.h>
#include <string.h>

#include "series_internal.h"

enum { CANDIDATES = 6 };

static const double WEAK_FLUID = 0.02; /* share below which its structure is kept beside crystals, and forgotten without */
static const double THIN_FLUID = 0.05; /* eta below which diameter and damping are kept */
static const double GAS = 0.01;        /* eta that a forgotten structure starts from */
static const double WORSE = 1.5;       /* reduced chi^2 over that of the frame before that makes a start suspicious */

/* A fit that has ended. */
typedef struct attempt {
    bool good; /* there is one */
    bool active[PATTERN_MAX_PHASES], converged;
    pattern_cell cell[PATTERN_MAX_PHASES];
    pattern_fluid fluid;
    double chi2;
} attempt;

static double degrees(const pattern_fit *f)
{
    return (double)(f->n - f->n_params - f->nnls.n_passive);
}

static attempt attempt_of(const pattern_fit *f, bool converged)
{
    attempt a = {.good = true, .converged = converged, .fluid = f->fluid, .chi2 = f->chi2};
    memcpy(a.active, f->active, sizeof a.active);
    memcpy(a.cell, f->cell, sizeof a.cell);
    return a;
}

/* Fits with the phases that are active in f. A fit that cannot be made (too many lines, no line) is no failure: good is then false. */
static bnsl_status try_fit(pattern_fit *f, attempt *out, bnsl_saxs_frame *told, bnsl_control *control, const char *func)
{
    bool converged;
    out->good = false;
    bnsl_status status = bnsl__pattern_refine_all(f, control, &converged, &told->n_iterations, func);
    if (status == BNSL_EINVAL || status == BNSL_EDOMAIN || status == BNSL_ENUMERIC)
        return BNSL_OK;
    if (status == BNSL_OK)
        *out = attempt_of(f, converged);
    return status;
}

/* Puts f back to where an attempt ended, ready for its result. */
static bnsl_status back_to(pattern_fit *f, const attempt *a, const char *func)
{
    bool changed;
    memcpy(f->active, a->active, sizeof f->active);
    memcpy(f->cell, a->cell, sizeof f->cell);
    f->fluid = a->fluid;
    bnsl_status status = bnsl__pattern_layout(f, &changed, func);
    if (status == BNSL_OK)
        bnsl__pattern_evaluate(f);
    return status;
}

/* chi^2 with the amplitudes of one phase at zero; *n_lines: how many they were. f is evaluated. */
static double chi2_without(bnsl_saxs_series *s, pattern_fit *f, int32_t phase, int32_t *n_lines)
{
    double diagonal[PATTERN_GRAM_STRIDE], sum = f->data_norm * f->data_norm;
    *n_lines = 0;
    for (int32_t j = f->n_polynomial; j < f->n_columns; j++) {
        double *d = f->gram + (int64_t)j * PATTERN_GRAM_STRIDE + j;
        const bool own = j == f->diffuse_column[phase] || (j >= f->n_background && f->groups[j - f->n_background].phase == phase);
        diagonal[j] = *d;
        if (own)
            *d = 0; /* a column of no length is left out */
        *n_lines += own;
    }
    bnsl__saxs_nnls_reset(&s->spare);
    bnsl__saxs_nnls_solve(&s->spare, f->n_columns, f->n_polynomial, f->gram, PATTERN_GRAM_STRIDE, f->rhs, f->data_norm);
    for (int32_t j = f->n_polynomial; j < f->n_columns; j++)
        f->gram[(int64_t)j * PATTERN_GRAM_STRIDE + j] = diagonal[j];
    for (int32_t a = 0; a < s->spare.n_passive; a++) {
        const int32_t i = s->spare.passive[a];
        const double *row = f->gram + (int64_t)i * PATTERN_GRAM_STRIDE;
        double half = -2 * f->rhs[i];
        for (int32_t b = 0; b < s->spare.n_passive; b++)
            half += row[s->spare.passive[b]] * s->spare.x[s->spare.passive[b]];
        sum += s->spare.x[i] * half;
    }
    return sum;
}

static bool is_there(bnsl_saxs_series *s, pattern_fit *f, int32_t phase)
{
    int32_t n;
    const double gain = chi2_without(s, f, phase, &n) - f->chi2, noise = fmax(f->chi2 / degrees(f), 1);
    return n > 0 && gain > noise * (n + s->options.detect_sigma * sqrt(2.0 * n));
}

/* Drops phases of an attempt that are not there, the least one first, and fits again. */
static bnsl_status drop_absent(bnsl_saxs_series *s, pattern_fit *f, attempt *a, bnsl_saxs_frame *told, bnsl_control *control, const char *func)
{
    bnsl_status status = BNSL_OK;
    for (int32_t i = s->pattern->n_phases - 1; i >= 0 && status == BNSL_OK && a->good; i--) {
        if (!f->active[i] || is_there(s, f, i))
            continue;
        f->active[i] = false;
        status = try_fit(f, a, told, control, func);
    }
    return status;
}

/* A lattice constant that has run out of where the phase is looked for is another minimum. */
static bool in_range(const bnsl_saxs_series *s, int32_t phase, double a)
{
    return a > 0.98 * s->a_low[phase] && a < 1.02 * s->a_high[phase];
}

/* Structures of the fluid to start from beside a phase that was found: that of the fit without it, unless this took the phase for a fluid;
 * then that of the frame before, and a dense one. Returns how many. */
static int fluids_beside(const bnsl_saxs_series *s, const pattern_fit *f, const attempt *a, double chi2_reduced, pattern_fluid fluid[2])
{
    fluid[0] = a->fluid;
    if (chi2_reduced < WORSE || f->pattern->options.fluid != BNSL_FLUID_FITTED)
        return 1;
    bnsl__pattern_start_fluid(f, fluid);
    fluid[1] = s->seed.fluid;
    return s->seed.share >= WEAK_FLUID && s->seed.fluid.eta >= THIN_FLUID ? 2 : 1;
}

/* Tries the candidates of a phase beside what is in the attempt; *chosen: the best that is there. */
static bnsl_status try_candidates(bnsl_saxs_series *s, pattern_fit *f, const attempt *a, int32_t phase, int32_t n, const series_candidate *list,
                                  double chi2_reduced, attempt *chosen, bnsl_saxs_frame *told, bnsl_control *control, const char *func)
{
    pattern_fluid fluid[2];
    const int n_fluids = fluids_beside(s, f, a, chi2_reduced, fluid);
    for (int32_t k = 0; k < n * n_fluids; k++) {
        const series_candidate *c = list + k / n_fluids;
        attempt now;
        if (c->significance < 0.5 * list[0].significance)
            break;
        memcpy(f->active, a->active, sizeof f->active);
        memcpy(f->cell, a->cell, sizeof f->cell);
        f->fluid = fluid[k % n_fluids];
        f->active[phase] = true;
        f->cell[phase] = s->looked_for[phase];
        f->cell[phase].a = c->a;
        f->cell[phase].w = c->w;
        bnsl_status status = try_fit(f, &now, told, control, func);
        if (status != BNSL_OK)
            return status;
        if (now.good && in_range(s, phase, now.cell[phase].a) && is_there(s, f, phase) && (!chosen->good || now.chi2 < chosen->chi2))
            *chosen = now;
    }
    return BNSL_OK;
}

/* Adds the phases that the matched filter sees to the attempt that f is at, the most significant first. */
static bnsl_status add_present(bnsl_saxs_series *s, pattern_fit *f, attempt *a, bnsl_saxs_frame *told, double *absent_err, bnsl_control *control,
                               const char *func)
{
    for (bool more = a->good; more;) {
        series_candidate best[CANDIDATES] = {{0}}, list[CANDIDATES];
        const double chi2_reduced = f->chi2 / degrees(f);
        int32_t phase = -1, n_best = 0;
        for (int32_t i = 0; i < s->pattern->n_phases; i++) {
            if (a->active[i])
                continue;
            const int32_t n = bnsl__series_filter(s, f, i, chi2_reduced, CANDIDATES, list);
            if (n == 0)
                continue;
            absent_err[i] = list[0].fraction_err;
            told->significance = told->significance > list[0].significance ? told->significance : list[0].significance;
            if (phase < 0 || list[0].significance > best[0].significance) {
                memcpy(best, list, sizeof best);
                phase = i;
                n_best = n;
            }
        }
        more = false;
        if (phase < 0 || !(best[0].significance > s->options.detect_sigma))
            break;
        attempt chosen = {.good = false};
        bnsl_status status = try_candidates(s, f, a, phase, n_best, best, chi2_reduced, &chosen, told, control, func);
        if (status != BNSL_OK)
            return status;
        if (chosen.good) {
            *a = chosen;
            more = true;
        }
        status = back_to(f, a, func);
        if (status != BNSL_OK)
            return status;
    }
    return BNSL_OK;
}

static bool any(const bool *active)
{
    for (int32_t i = 0; i < PATTERN_MAX_PHASES; i++)
        if (active[i])
            return true;
    return false;
}

static void start_from_seed(pattern_fit *f, const series_seed *seed)
{
    memcpy(f->active, seed->active, sizeof f->active);
    memcpy(f->cell, seed->cell, sizeof f->cell);
    if (any(seed->active) || seed->share >= WEAK_FLUID)
        f->fluid = seed->fluid;
    else if (f->pattern->options.fluid == BNSL_FLUID_FITTED)
        f->fluid.eta = GAS; /* diameter and damping as bnsl__pattern_start set them */
    f->hold_fluid = any(seed->active) && seed->share < WEAK_FLUID;
    f->hold_shape = f->fluid.eta < THIN_FLUID;
}

/* From the background alone. */
static bnsl_status find_anew(bnsl_saxs_series *s, pattern_fit *f, attempt *a, bnsl_saxs_frame *told, double *absent_err, bnsl_control *control,
                             const char *func)
{
    start_from_seed(f, &s->seed);
    memset(f->active, 0, sizeof f->active);
    bnsl_status status = try_fit(f, a, told, control, func);
    if (status == BNSL_OK && a->good && f->hold_shape &&
        (a->fluid.eta >= THIN_FLUID || f->chi2 / degrees(f) > WORSE)) { /* it condensed within a frame */
        f->hold_shape = false;
        status = try_fit(f, a, told, control, func);
    }
    if (status == BNSL_OK && a->good)
        status = add_present(s, f, a, told, absent_err, control, func);
    return status;
}

bnsl_status bnsl__series_fit(bnsl_saxs_series *s, pattern_fit *f, bnsl_saxs_frame *told, double absent_err[PATTERN_MAX_PHASES], bnsl_control *control,
                             const char *func)
{
    attempt a = {.good = false}, anew;
    bnsl_status status = BNSL_OK;
    for (int32_t i = 0; i < PATTERN_MAX_PHASES; i++)
        absent_err[i] = NAN;
    if (any(s->seed.active)) {
        start_from_seed(f, &s->seed);
        status = try_fit(f, &a, told, control, func);
        if (status == BNSL_OK)
            status = drop_absent(s, f, &a, told, control, func);
        if (status == BNSL_OK)
            status = add_present(s, f, &a, told, absent_err, control, func);
        if (status != BNSL_OK)
            return status;
    }
    const bool lost = memcmp(a.active, s->seed.active, sizeof a.active) != 0;
    const double expected = fmax(fmin(s->seed.chi2_reduced, 2 * s->seed.anchor_chi2), 1);
    const bool suspicious = !a.good || !a.converged || lost || a.chi2 / degrees(f) > WORSE * expected;
    if (suspicious) {
        status = find_anew(s, f, &anew, told, absent_err, control, func);
        if (status == BNSL_OK && anew.good && (!a.good || anew.chi2 < a.chi2 * (1 - 1e-6) || (anew.converged && !a.converged))) {
            told->rescued = any(s->seed.active);
            a = anew;
        }
    }
    if (status == BNSL_OK && !a.good)
        return bnsl__fail(BNSL_ENUMERIC, func, "the background cannot be fitted");
    if (status == BNSL_OK)
        status = back_to(f, &a, func);
    told->converged = a.converged;
    for (int32_t i = 0; i < s->pattern->n_phases; i++)
        told->present |= a.active[i] ? 1 << i : 0;
    if (told->present)
        told->significance = NAN;
    return status;
}
