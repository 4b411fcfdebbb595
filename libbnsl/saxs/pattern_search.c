/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Starting values of a pattern's fit. Phases whose lattice constant is given start there, with the best of a few widths. The others are
 * placed one after the other: a is scanned over its range on a grid finer than the lines, the best minima are refined. A cell is judged
 * by the first forty of its lines and the points that they span: by how much the criterion of pattern_criterion.c falls when the phase is
 * added. With several phases to place, the best few sets are kept until all are in (a beam search), because a large cell explains other
 * phases' lines too as long as those are missing.
 * Cost: some hundred to a thousand linear fits of forty lines for each phase.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pattern_internal.h"

enum {
    N_SCAN_WIDTHS = 3,
    N_START_WIDTHS = 5,
    N_STRETCHES = 3,
    MAX_CANDIDATES = 6,
    BEAM = 4,
    WINDOW_LINES = 40,
    ACTIVE_LINES = 60,
    COMMON_LINES = 120,
    WINDOW_POINTS_MIN = 48
};

static const double scan_widths[N_SCAN_WIDTHS] = {3, 8, 20}; /* half widths in units of the points' distance */
static const double start_widths[N_START_WIDTHS] = {2, 4, 8, 16, 32};
static const double stretches[N_STRETCHES] = {1, 0.93, 1.08}; /* c/a that is fitted, relative to the lattice's */
static const double SAME_CELL = 1e-3;                         /* relative difference of a that is none */
static const double MARGIN = 0.02;                            /* of a beyond its range */
static const double STEP = 0.7;                               /* of the half width that the highest line moves */

typedef struct candidate {
    int32_t phase;
    pattern_cell cell;
    int64_t n;        /* points that it was judged by */
    double criterion; /* the lower the better */
} candidate;

/* Evaluates at f->cell; *listed: there are lines, not too many. */
static bnsl_status try_evaluate(pattern_fit *f, bool *listed, const char *func)
{
    bool changed;
    bnsl_status status = bnsl__pattern_layout(f, &changed, func);
    *listed = status == BNSL_OK && f->n_groups > 0;
    if (*listed)
        bnsl__pattern_evaluate(f);
    return status == BNSL_EINVAL ? BNSL_OK : status;
}

/* Criterion at f->cell; infinite when the lines cannot be listed or there are none. */
static bnsl_status try_cell(pattern_fit *f, double *criterion, const char *func)
{
    bool listed;
    bnsl_status status = try_evaluate(f, &listed, func);
    *criterion = listed ? bnsl__pattern_criterion(f) : INFINITY;
    return status;
}

/* One width for all phases with a given lattice constant. */
static bnsl_status place_given(pattern_fit *f, const char *func)
{
    const double w_max = (f->curve.q[f->curve.n - 1] - f->curve.q[0]) / 4;
    double best = INFINITY, best_w = fmin(start_widths[1] * f->spacing, w_max);
    int32_t n_given = 0;
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        const pattern_phase *p = f->pattern->phases + i;
        f->active[i] = p->options.a_max == 0;
        f->cell[i].w = best_w;
        n_given += f->active[i];
    }
    for (int k = 0; k < N_START_WIDTHS && n_given > 0; k++) {
        bool listed;
        for (int32_t i = 0; i < f->pattern->n_phases; i++)
            f->cell[i].w = fmin(start_widths[k] * f->spacing, w_max);
        bnsl_status status = try_evaluate(f, &listed, func);
        if (status != BNSL_OK)
            return status;
        if (listed && f->chi2 < best) {
            best = f->chi2;
            best_w = f->cell[0].w;
        }
    }
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        f->cell[i].w = best_w;
    return BNSL_OK;
}

static void keep_candidate(candidate *list, int32_t *n, candidate c)
{
    int32_t i = *n;
    if (i == MAX_CANDIDATES) {
        if (list[--i].criterion <= c.criterion)
            return;
    } else {
        ++*n;
    }
    for (; i > 0 && list[i - 1].criterion > c.criterion; i--)
        list[i] = list[i - 1];
    list[i] = c;
}

/* Points up to the last of the first n_lines lines of a cell. */
static int64_t window_points(const pattern_fit *f, int32_t phase, const pattern_cell *cell, int32_t n_lines)
{
    const pattern_phase *p = f->pattern->phases + phase;
    const int32_t last = p->n_reflections - 1 < n_lines ? p->n_reflections - 1 : n_lines;
    const double q = bnsl__pattern_q(p->reflections + last, cell, NULL, NULL);
    int64_t low = 0, high = f->curve.n; /* points up to q: low .. high */
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (f->curve.q[middle] <= q)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t n = (low + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
    if (n < WINDOW_POINTS_MIN)
        n = WINDOW_POINTS_MIN;
    return n < f->curve.n ? n : f->curve.n;
}

/* The same for all active phases at f->cell: the fewest points of any. */
static int64_t fewest_points(const pattern_fit *f, int32_t n_lines)
{
    int64_t n = f->curve.n;
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        int64_t own = f->active[i] ? window_points(f, i, f->cell + i, n_lines) : n;
        n = own < n ? own : n;
    }
    return n;
}

/* By how much the criterion changes on the first c->n points when the phase is added at c->cell. *without, *n_without: the criterion
 * without it, kept from call to call. */
static bnsl_status judge(pattern_fit *f, candidate *c, double *without, int64_t *n_without, const char *func)
{
    bool changed;
    bnsl_status status = BNSL_OK;
    if (f->n != c->n)
        bnsl__pattern_use_points(f, c->n);
    if (*n_without != c->n) {
        f->active[c->phase] = false;
        status = bnsl__pattern_layout(f, &changed, func);
        if (status == BNSL_OK)
            bnsl__pattern_evaluate(f);
        *without = status == BNSL_OK ? bnsl__pattern_criterion(f) : 0;
        *n_without = c->n;
    }
    f->active[c->phase] = true;
    f->cell[c->phase] = c->cell;
    if (status == BNSL_OK)
        status = try_cell(f, &c->criterion, func);
    c->criterion -= *without;
    return status;
}

/* Minima of the criterion over a of one phase, at one width and c/a. */
static bnsl_status scan(pattern_fit *f, int32_t phase, double w, double c_over_a, candidate *list, int32_t *n_list, bnsl_control *control,
                        const char *func)
{
    const pattern_phase *p = f->pattern->phases + phase;
    const double whole = log(p->options.a_max / p->options.a_min);
    candidate before = {.criterion = INFINITY}, middle = {.criterion = INFINITY};
    double without = 0;
    int64_t n_without = -1;
    f->active[phase] = false;
    const int64_t n_others = fewest_points(f, ACTIVE_LINES);
    for (double done = 0; done >= 0;) {
        candidate now = {.phase = phase, .cell = f->cell[phase], .criterion = INFINITY};
        now.cell.a = p->options.a_min * exp(done);
        now.cell.c_over_a = c_over_a;
        now.cell.w = w;
        now.n = window_points(f, phase, &now.cell, WINDOW_LINES);
        now.n = now.n < n_others ? now.n : n_others;
        bnsl_status status = judge(f, &now, &without, &n_without, func);
        if (status != BNSL_OK)
            return status;
        if (bnsl__control_stop(control, (int64_t)(1000 * done), (int64_t)(1000 * whole) + 1))
            return bnsl__fail(BNSL_ECANCELLED, func, "cancelled");
        if (middle.criterion < INFINITY && middle.criterion <= before.criterion && middle.criterion < now.criterion)
            keep_candidate(list, n_list, middle);
        before = middle;
        middle = now;
        done = done < whole ? fmin(whole, done + STEP * w / f->curve.q[now.n - 1]) : -1;
    }
    if (middle.criterion < before.criterion)
        keep_candidate(list, n_list, middle);
    return BNSL_OK;
}

/* Phases placed so far, and how well they explain the points. */
typedef struct placement {
    bool active[PATTERN_MAX_PHASES];
    pattern_cell cell[PATTERN_MAX_PHASES];
    int64_t n;
    double criterion;
} placement;

enum { POOL = BEAM * PATTERN_MAX_PHASES * MAX_CANDIDATES };

static void take(pattern_fit *f, const placement *p)
{
    memcpy(f->active, p->active, sizeof f->active);
    memcpy(f->cell, p->cell, sizeof f->cell);
}

static placement placement_of(const pattern_fit *f, int64_t n)
{
    placement p = {.n = n, .criterion = INFINITY};
    memcpy(p.active, f->active, sizeof p.active);
    memcpy(p.cell, f->cell, sizeof p.cell);
    return p;
}

static bool same_placement(const placement *a, const placement *b)
{
    for (int32_t i = 0; i < PATTERN_MAX_PHASES; i++)
        if (a->active[i] != b->active[i] || (a->active[i] && fabs(a->cell[i].a - b->cell[i].a) > SAME_CELL * a->cell[i].a))
            return false;
    return true;
}

/* Whether all phases that are searched are where they are to be searched, more or less. */
static bool in_range(const pattern_fit *f)
{
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        const bnsl_saxs_phase_options *o = &f->pattern->phases[i].options;
        if (f->active[i] && o->a_max > 0 && !(f->cell[i].a > (1 - MARGIN) * o->a_min && f->cell[i].a < (1 + MARGIN) * o->a_max))
            return false;
    }
    return true;
}

/* Adds one phase to a placement: its best candidates, refined on their own points, join the pool. */
static bnsl_status add_phase(pattern_fit *f, const placement *from, int32_t phase, placement *pool, int32_t *n_pool, bnsl_control *control,
                             const char *func)
{
    const double w_max = (f->curve.q[f->curve.n - 1] - f->curve.q[0]) / 4;
    candidate list[MAX_CANDIDATES];
    int32_t n_list = 0;
    take(f, from);
    const pattern_phase *p = f->pattern->phases + phase;
    for (int k = 0; k < N_SCAN_WIDTHS * N_STRETCHES; k++) {
        const int stretch = k / N_SCAN_WIDTHS;
        if (stretch > 0 && !p->options.fit_c_over_a)
            break;
        bnsl_status status =
            scan(f, phase, fmin(scan_widths[k % N_SCAN_WIDTHS] * f->spacing, w_max), stretches[stretch] * p->c_over_a, list, &n_list, control, func);
        if (status != BNSL_OK)
            return status;
    }
    for (int32_t c = 0; c < n_list; c++) {
        bool converged;
        int32_t iterations = 0;
        take(f, from);
        f->active[phase] = true;
        f->cell[phase] = list[c].cell;
        bnsl__pattern_use_points(f, list[c].n);
        pool[*n_pool] = placement_of(f, f->n);
        bnsl_status status = bnsl__pattern_refine(f, control, &converged, &iterations, func);
        if (status == BNSL_OK && in_range(f))
            pool[*n_pool] = placement_of(f, f->n); /* else it stays as it was: what ran away is another minimum */
        else if (status != BNSL_OK && status != BNSL_EINVAL && status != BNSL_ENUMERIC) /* those: more lines than can be listed; it stays as it was */
            return status;
        ++*n_pool;
    }
    return BNSL_OK;
}

/* The best of the pool, judged on the same points, without repetitions. */
static bnsl_status choose(pattern_fit *f, placement *pool, int32_t n_pool, placement *beam, int32_t *n_beam, const char *func)
{
    int64_t n_most = 0, n_fewest = f->curve.n;
    for (int32_t i = 0; i < n_pool; i++) {
        take(f, pool + i);
        int64_t n = fewest_points(f, COMMON_LINES);
        n_fewest = n < n_fewest ? n : n_fewest;
        n_most = pool[i].n > n_most ? pool[i].n : n_most;
    }
    bnsl__pattern_use_points(f, n_most < n_fewest ? n_most : n_fewest);
    for (int32_t i = 0; i < n_pool; i++) {
        take(f, pool + i);
        bnsl_status status = try_cell(f, &pool[i].criterion, func);
        if (status != BNSL_OK)
            return status;
    }
    for (*n_beam = 0; *n_beam < BEAM; ++*n_beam) {
        int32_t best = -1;
        for (int32_t i = 0; i < n_pool; i++) {
            bool known = false;
            for (int32_t k = 0; k < *n_beam; k++)
                known = known || same_placement(pool + i, beam + k);
            if (!known && (best < 0 || pool[i].criterion < pool[best].criterion))
                best = i;
        }
        if (best < 0)
            break;
        beam[*n_beam] = pool[best];
    }
    return BNSL_OK;
}

/* Places one more phase in each of the placements. */
static bnsl_status place_next(pattern_fit *f, placement *beam, int32_t *n_beam, placement *pool, bnsl_control *control, const char *func)
{
    int32_t n_pool = 0;
    for (int32_t k = 0; k < *n_beam; k++)
        for (int32_t i = 0; i < f->pattern->n_phases; i++) {
            bnsl_status status = beam[k].active[i] ? BNSL_OK : add_phase(f, beam + k, i, pool, &n_pool, control, func);
            if (status != BNSL_OK)
                return status;
        }
    if (n_pool == 0)
        return bnsl__fail(BNSL_EDOMAIN, func, "no reflection in the range q = %g .. %g for any lattice constant asked for", f->curve.q[0],
                          f->curve.q[f->curve.n - 1]);
    return choose(f, pool, n_pool, beam, n_beam, func);
}

/* Whether the areas of all phases are calculated: then the whole model can choose, which a cell that is too large does not deceive. */
static bool all_calculated(const bnsl_saxs_pattern *pattern)
{
    for (int32_t i = 0; i < pattern->n_phases; i++)
        if (pattern->phases[i].options.areas != BNSL_AREAS_CALCULATED)
            return false;
    return true;
}

/* Leaves the placement whose refined model has the lowest chi^2 at beam[0]. */
static bnsl_status choose_by_model(pattern_fit *f, placement *beam, int32_t n_beam, bnsl_control *control, const char *func)
{
    const pattern_fluid fluid = f->fluid;
    double least = INFINITY;
    f->plain = false;
    bnsl__pattern_use_points(f, f->curve.n);
    for (int32_t k = 0; k < n_beam; k++) {
        bool converged;
        int32_t iterations = 0;
        take(f, beam + k);
        f->fluid = fluid;
        bnsl_status status = bnsl__pattern_refine(f, control, &converged, &iterations, func);
        if (status == BNSL_OK && in_range(f) && f->chi2 < least) {
            least = f->chi2;
            beam[0] = placement_of(f, f->n);
        } else if (status != BNSL_OK && status != BNSL_EINVAL && status != BNSL_ENUMERIC) {
            return status;
        }
    }
    f->fluid = fluid;
    f->plain = true;
    return BNSL_OK;
}

bnsl_status bnsl__pattern_search(pattern_fit *f, bnsl_control *control, const char *func)
{
    bnsl_status status = place_given(f, func);
    placement beam[BEAM];
    int32_t n_beam = 1, n_left = 0;
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        n_left += !f->active[i];
    if (status != BNSL_OK || n_left == 0)
        return status;
    placement *pool = bnsl__alloc(POOL, sizeof *pool);
    if (!pool)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    beam[0] = placement_of(f, 0);
    for (; n_left > 0 && status == BNSL_OK; n_left--)
        status = place_next(f, beam, &n_beam, pool, control, func);
    free(pool);
    if (status == BNSL_OK && n_beam > 1 && all_calculated(f->pattern))
        status = choose_by_model(f, beam, n_beam, control, func);
    take(f, beam);
    bnsl__pattern_use_points(f, f->curve.n);
    return status;
}
