/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Grains: connected crystalline L of one phase and like orientation.
 *
 * The orientation of an L is the vector of q_4m and q_6m of its shell of L (8 in AlB2, 6 in NaZn13, 12 in fcc): unlike q_l it turns with
 * the crystal, and unlike a matrix it needs no choice among symmetric directions. The cosine between two such vectors is the connection
 * d_ij [ten Wolde, Ruiz-Montero and Frenkel, Faraday Discuss. 104, 93 (1996)] for l = 4 and 6 together. Thermal motion spreads it over
 * 0.5 to 1 within one crystal, so vectors are averaged over the bonded L of the phase whose cosine is above 0.75: not across a boundary,
 * which would smear it. At a free surface shells are incomplete and their vectors differ: such L join the grain they touch. Cost: O(n).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "order_crystal.h"

enum { N_SHELL_MAX = 12 };

static const int32_t shell[BNSL_N_PHASES] = {0, 8, 6, 12}, orders[] = {4, 6};
static const double alike = 0.75;

/* One grain: its set as bonds made it, its L, the lowest of them, its phase. */
typedef struct grain {
    int64_t size, lowest;
    int32_t set, phase;
} grain;

static const bnsl_order_grains_options defaults = {sizeof defaults, 1, 0.94, 8};

bnsl_status bnsl_order_grains_options_init(bnsl_order_grains_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

/* Vectors of all crystalline L, each of length 1, or 0 where there is no direction. */
static void normalise(const order_plan *plan, int64_t n, double *row)
{
    for (int64_t i = 0; i < n; i++) {
        double *v = row + i * plan->n_values, norm = sqrt(bnsl__order_dot(plan, v, v));
        for (int32_t k = 0; k < plan->n_values; k++)
            v[k] = norm > ORDER_NORM_MIN ? v[k] / norm : 0;
    }
}

/* Vectors of the shells, one phase after the other as each has a number of neighbours of its own; row: c->n x n_values. */
static bnsl_status shells(const order_plan *plan, const bnsl_box *box, const order_split *p, const order_crystal *c, int32_t num_threads, double *row,
                          const char *func)
{
    bnsl_neighbor_list *list;
    int32_t n_values = plan->n_values, have = bnsl__order_neighbors_to_have(box, p->n_l - 1, p->n_l, N_SHELL_MAX);
    int64_t *point = bnsl__alloc(c->n, sizeof *point);
    double *some = bnsl__alloc(c->n, (size_t)n_values * sizeof *some);
    bnsl_status status = point && some ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK) /* the first neighbour is the point itself: no direction, it does not count */
        status = bnsl__order_nearest(&list, box, c->n, c->xyz, p->n_l, p->l, have + 1, num_threads);
    if (status != BNSL_OK) {
        free(point), free(some);
        return status;
    }
    for (int32_t phase = BNSL_PHASE_ALB2; phase < BNSL_N_PHASES && status == BNSL_OK; phase++) {
        int64_t m = 0;
        for (int64_t i = 0; i < c->n; i++)
            if (c->phase[i] == phase)
                point[m++] = i;
        status = bnsl__order_rows(plan, list, shell[phase] + 1, m, point, bnsl__threads(num_threads), some, func);
        for (int64_t k = 0; k < m && status == BNSL_OK; k++)
            memcpy(row + point[k] * n_values, some + k * n_values, (size_t)n_values * sizeof *row);
    }
    bnsl_neighbor_destroy(list);
    free(point), free(some);
    return status;
}

static double cosine(const order_plan *plan, const double *row, int64_t i, int64_t j)
{
    return bnsl__order_dot(plan, row + i * plan->n_values, row + j * plan->n_values);
}

/* Averages over like L; row holds vectors of length 1. */
static void average(const order_plan *plan, const order_crystal *c, const order_bonds *bonds, int threads, const double *row, double *mean)
{
    int32_t n_values = plan->n_values;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t i = 0; i < c->n; i++) {
        double *sum = mean + i * n_values;
        memcpy(sum, row + i * n_values, (size_t)n_values * sizeof *sum);
        for (int64_t b = order_bond_begin(bonds, i); b < order_bond_end(bonds, i); b++) {
            int64_t j = bonds->index[b];
            if (c->phase[j] != c->phase[i] || !(cosine(plan, row, i, j) > alike))
                continue;
            for (int32_t v = 0; v < n_values; v++)
                sum[v] += row[j * n_values + v];
        }
    }
}

/* The bonds between L of one phase and like orientation; offset and index have room for all bonds. */
static void like_bonds(const order_plan *plan, const order_crystal *c, const order_bonds *bonds, const double *row, double d_min, int64_t *offset,
                       int32_t *index)
{
    int64_t n = 0;
    offset[0] = 0;
    for (int64_t i = 0; i < c->n; i++) {
        for (int64_t b = order_bond_begin(bonds, i); b < order_bond_end(bonds, i); b++) {
            int32_t j = bonds->index[b];
            if (c->phase[j] == c->phase[i] && cosine(plan, row, i, j) > d_min)
                index[n++] = j;
        }
        offset[i + 1] = n;
    }
}

/* Sets of like L, by decreasing size. */
static bnsl_status find_sets(const order_plan *plan, const bnsl_box *box, const order_split *p, const order_crystal *c,
                             const bnsl_order_grains_options *o, int32_t *set, int64_t *n_sets, int64_t *size, const char *func)
{
    order_bonds bonds;
    int threads = bnsl__threads(o->num_threads);
    if (!bnsl__order_load_bonds(c->bonds, false, false, "bonds", &bonds, func))
        return BNSL_EINTERNAL;
    double *row = bnsl__alloc(2 * c->n, (size_t)plan->n_values * sizeof *row), *mean = row ? row + c->n * plan->n_values : NULL;
    int64_t *offset = bnsl__alloc(c->n + 1, sizeof *offset);
    int32_t *index = bnsl__alloc(bnsl_neighbor_n_bonds(c->bonds), sizeof *index);
    bnsl_status status = row && offset && index ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK && c->n > 0)
        status = shells(plan, box, p, c, o->num_threads, row, func);
    if (status == BNSL_OK) {
        normalise(plan, c->n, row);
        average(plan, c, &bonds, threads, row, mean);
        normalise(plan, c->n, mean);
        like_bonds(plan, c, &bonds, mean, o->d_min, offset, index);
        order_bonds like = {.n_query = c->n, .offset = offset, .index = index, .limit = INT64_MAX};
        status = bnsl__order_join(&like, NULL, set, n_sets, size, func);
    }
    free(row), free(offset), free(index);
    return status;
}

/* One round: L of no grain (set >= n_grains) join the one that most of their bonded L of the phase belong to. Returns how many did. */
static int64_t absorb(const order_crystal *c, const order_bonds *bonds, int64_t n_grains, const int32_t *set, int32_t *next)
{
    int64_t n = 0;
    memcpy(next, set, (size_t)c->n * sizeof *next);
    for (int64_t i = 0; i < c->n; i++) {
        int64_t begin = order_bond_begin(bonds, i), end = order_bond_end(bonds, i), most = 0;
        for (int64_t b = begin; b < end && set[i] >= n_grains; b++) {
            int32_t j = bonds->index[b];
            int64_t votes = 0;
            if (set[j] >= n_grains || c->phase[j] != c->phase[i])
                continue;
            for (int64_t other = begin; other < end; other++)
                votes += set[bonds->index[other]] == set[j];
            if (votes > most || (votes == most && set[j] < next[i])) {
                most = votes;
                next[i] = set[j];
            }
        }
        n += most > 0;
    }
    return n;
}

static int by_size(const void *a, const void *b)
{
    const grain *x = a, *y = b;
    return x->size != y->size ? (x->size > y->size ? -1 : 1) : (x->lowest > y->lowest) - (x->lowest < y->lowest);
}

/* Counts the grains after sets have grown, and puts them in order; set[i] becomes the final number or -1. grains: n_grains. */
static void number_grains(const order_crystal *c, int64_t n_grains, int32_t *set, grain *grains, int32_t *number)
{
    for (int64_t g = 0; g < n_grains; g++)
        grains[g] = (grain){.set = (int32_t)g, .lowest = -1};
    for (int64_t i = 0; i < c->n; i++) {
        if (set[i] >= n_grains)
            continue;
        grain *g = grains + set[i];
        g->phase = c->phase[i];
        g->lowest = g->size++ == 0 ? i : g->lowest;
    }
    qsort(grains, (size_t)n_grains, sizeof *grains, by_size);
    for (int64_t g = 0; g < n_grains; g++)
        number[grains[g].set] = (int32_t)g;
    for (int64_t i = 0; i < c->n; i++)
        set[i] = set[i] < n_grains ? number[set[i]] : -1;
}

/* From sets to grains: set[i] the number of the grain of L i or -1; grains has room for c->n. size: of the sets, largest first. */
static bnsl_status grow(const order_crystal *c, const bnsl_order_grains_options *o, int64_t n_sets, const int64_t *size, int32_t *set, grain *grains,
                        int64_t *n_grains_out, const char *func)
{
    order_bonds bonds;
    int64_t n_grains = 0;
    int32_t *next = bnsl__alloc(c->n, sizeof *next);
    if (!next)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (!bnsl__order_load_bonds(c->bonds, false, false, "bonds", &bonds, func)) {
        free(next);
        return BNSL_EINTERNAL;
    }
    while (n_grains < n_sets && size[n_grains] >= o->min_size)
        n_grains++;
    while (absorb(c, &bonds, n_grains, set, next) > 0)
        memcpy(set, next, (size_t)c->n * sizeof *set);
    number_grains(c, n_grains, set, grains, next);
    *n_grains_out = n_grains;
    free(next);
    return BNSL_OK;
}

static bnsl_status find_grains(const bnsl_box *box, int64_t n, const order_split *p, const order_crystal *c, const bnsl_order_grains_options *o,
                               int32_t *grain_out, int64_t *n_grains_out, int64_t *size_out, int32_t *phase_out, const char *func)
{
    int64_t n_sets = 0, n_grains = 0, *size = bnsl__alloc(c->n, sizeof *size);
    int32_t *set = bnsl__alloc(c->n, sizeof *set);
    grain *grains = bnsl__alloc(c->n, sizeof *grains);
    order_plan *plan = bnsl__alloc(1, sizeof *plan);
    bnsl_status status = size && set && grains && plan ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK) {
        bnsl__order_plan_init(plan, 2, orders, false);
        status = find_sets(plan, box, p, c, o, set, &n_sets, size, func);
    }
    if (status == BNSL_OK)
        status = grow(c, o, n_sets, size, set, grains, &n_grains, func);
    if (status == BNSL_OK) {
        for (int64_t i = 0; i < n; i++)
            grain_out[i] = -1;
        for (int64_t i = 0; i < c->n; i++)
            grain_out[c->particle[i]] = set[i];
        for (int64_t g = 0; size_out && g < n_grains; g++)
            size_out[g] = grains[g].size;
        for (int64_t g = 0; phase_out && g < n_grains; g++)
            phase_out[g] = grains[g].phase;
        if (n_grains_out)
            *n_grains_out = n_grains;
    }
    free(size), free(set), free(grains), free(plan);
    return status;
}

bnsl_status bnsl_order_grains(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase,
                              const bnsl_order_grains_options *opts, int32_t *grain_out, int64_t *n_grains_out, int64_t *size_out, int32_t *phase_out)
{
    bnsl_order_grains_options o = defaults;
    order_split p;
    order_crystal c;
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_order_grains_options", __func__) : BNSL_OK;
    if (status != BNSL_OK)
        return status;
    if (!(o.d_min > 0 && o.d_min < 1))
        return BNSL_FAIL(BNSL_EINVAL, "d_min is %g, must be > 0 and < 1", o.d_min);
    if (o.min_size < 1)
        return BNSL_FAIL(BNSL_EINVAL, "min_size is %lld, must be >= 1", (long long)o.min_size);
    if (o.num_threads < 0)
        return BNSL_FAIL(BNSL_EINVAL, "num_threads is %d, must be >= 0", o.num_threads);
    if (!bnsl__order_check_particles(box, n, xyz, species, __func__) || !bnsl__order_check_phases(n, phase, __func__))
        return BNSL_EINVAL;
    if (n > 0 && !grain_out)
        return BNSL_FAIL(BNSL_EINVAL, "grain_out is NULL");
    if (!bnsl__order_split(&p, n, xyz, species))
        return BNSL_NOMEM();
    status = bnsl__order_crystal_find(&c, box, &p, phase, o.num_threads, __func__);
    if (status == BNSL_OK) {
        status = find_grains(box, n, &p, &c, &o, grain_out, n_grains_out, size_out, phase_out, __func__);
        bnsl__order_crystal_free(&c);
    }
    bnsl__order_split_free(&p);
    return status;
}
