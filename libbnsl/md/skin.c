/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The skins of the neighbour lists: those with the least work a step, from a model of the costs. The result is part of the state: it is a function
 * of that alone, so runs stay reproducible.
 */
#include <math.h>

#include "md_internal.h"

/*
 * Costs in units of a computed pair: a search of a particle, each entry that it lists, each entry that pruning tests, the end of a row. Those in
 * double precision were measured with an earlier search; those in mixed with this one, by trying: of four sets these had the shortest
 * times of lists, or within 2 % of them, in the four states of the benchmark; whole steps differed by little more than the machine's noise.
 */
typedef struct prices {
    double search, listing, testing, row_end;
} prices;
static const prices DOUBLE_PRICES = { 100, 1.6, 0.7, 0.5 * LANES }, MIXED_PRICES = { 130, 2.2, 1.1, 0.5 * MIXED_LANES };

/* More entries than this (of all particles) are not listed twice: memory. */
static const double MOST_DUAL = 6e7;

/* Mean number of others within the cut-offs of a particle, by the mean density, and the mean cut-off. */
static void mean_neighbours(const bnsl_md *md, double *n_out, double *r_out)
{
    const bnsl__interaction *x = &md->interaction;
    int64_t count[MAX_SPECIES] = { 0 };
    double share[MAX_SPECIES], volume = 0;
    for (int64_t i = 0; i < md->n; i++)
        count[md->species[i]]++;
    for (int32_t a = 0; a < x->n_species; a++)
        share[a] = (double)count[a] / (double)md->n;
    for (int32_t a = 0; a < x->n_species; a++)
        for (int32_t b = 0; b < x->n_species; b++) {
            double cut = x->pair_reach[a * x->n_species + b] * 0.5 * (x->diameter[a] + x->diameter[b]);
            volume += share[a] * share[b] * cut * cut * cut;
        }
    *r_out = cbrt(volume);
    *n_out = 4.18879020478639098462 * volume * (double)md->n / bnsl__md_volume(md);
}

typedef struct costs {
    prices price;
    double n_neighbours, r_cut; /* of a particle */
    double speed;               /* by which the two of a pair come closer in a step, at most */
} costs;

static double n_listed(const costs *c, double skin)
{
    double stretch = 1 + skin / c->r_cut;
    return c->n_neighbours * stretch * stretch * stretch;
}

/* Work of a step; outer = inner: one list. */
static double work_of(const costs *c, double inner, double outer)
{
    double between_prunings = fmax(inner / c->speed, 1), between_searches = fmax((outer > inner ? outer - inner : inner) / c->speed, 1);
    double pruning = outer > inner ? (6 + c->price.testing * n_listed(c, outer)) / between_prunings : 0;
    return n_listed(c, inner) + c->price.row_end + pruning + (c->price.search + c->price.listing * n_listed(c, outer)) / between_searches;
}

/* Skins in steps of a tenth, from 0.02 to 1 sigma; `only` > 0: the outer one is that. */
static void best_skins(const costs *c, double only, bool may_be_dual, double *inner_out, double *outer_out)
{
    double best = INFINITY;
    for (double outer = only > 0 ? only : 0.02; outer < 1 || only > 0; outer *= 1.1) {
        for (double inner = outer; inner > 0.015; inner /= 1.1) {
            double work = work_of(c, inner, outer);
            if (work < best) {
                best = work;
                *inner_out = inner;
                *outer_out = outer;
            }
            if (!may_be_dual)
                break;
        }
        if (only > 0)
            break;
    }
}

/* The speed from the steps that the last inner list served; before the first, from the fastest particles to expect. */
void bnsl__choose_skins(bnsl_md *md)
{
    bnsl__verlet *list = &md->list;
    const double given = md->options.skin;
    costs c = { .price = bnsl__md_is_mixed(md) ? MIXED_PRICES : DOUBLE_PRICES };
    mean_neighbours(md, &c.n_neighbours, &c.r_cut);
    if (!(c.r_cut > 0)) {
        list->is_dual = false;
        list->built.skin = list->pruned.skin = given > 0 ? given : 0.3;
        return;
    }
    if (list->valid && list->pruned.step >= 0 && md->step > list->pruned.step)
        c.speed = list->pruned.skin / (double)(md->step - list->pruned.step);
    else if (list->built.skin > 0)
        return;
    else
        c.speed = 2 * 4 * sqrt(md->options.kT) * md->options.dt;
    double inner = given, outer = given;
    best_skins(&c, given, n_listed(&c, given > 0 ? given : 0.3) * (double)md->n < MOST_DUAL, &inner, &outer);
    list->is_dual = inner < outer;
    list->built.skin = outer;
    list->pruned.skin = inner;
}
