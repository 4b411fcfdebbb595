/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inner list: those pairs of the outer one that are nearer than r_cut and the inner skin now. It is made again every few steps, at a fraction
 * of the cost of a search, so its skin can be a fraction of the outer one's, and the kernels compute few pairs that are out of range
 * [S. Pall et al., J. Chem. Phys. 153, 134110 (2020), have such lists of clusters]. Cost: O(outer list), on Zen 3 1.0 ns an entry in
 * wide wells and 1.4 in narrow ones, some 60 per cent of it distances.
 */
#include <stdlib.h>

#include "md_internal.h"

/* Scratch of a thread: a bit for each entry of a chunk. */
typedef struct scratch {
    uint8_t *near;
    int64_t capacity;
} scratch;

static bool hold_near(scratch *s, int64_t n)
{
    void *near = s->near;
    const bool ok = bnsl__reserve(&near, &s->capacity, n, sizeof *s->near);
    s->near = near;
    return ok;
}

static bool prune_chunk(bnsl_md *md, const bnsl__md_kernels *kernels, int64_t c, scratch *own, int64_t *n_pairs)
{
    bnsl__verlet *list = &md->list;
    const bnsl__interaction *x = &md->interaction;
    const int64_t first = chunk_first(c), n = chunk_last(md, c) - first, segment = first * x->n_slots, n_segments = n * x->n_slots;
    const double rounding = 1e-6 * (bnsl__verlet_largest_cutoff(md) + list->pruned.skin); /* several times that of single precision */
    const bool mixed = bnsl__md_is_mixed(md);
    if (!hold_near(own, list->outer.capacity[c] / 8 + 1))
        return false;
    bnsl__prune_work work = {
        .position = md->position,
        .fixed = md->fixed,
        .first = first,
        .n = n,
        .order = list->outer.order + first,
        .species = md->species + first,
        .law = x->law,
        .n_slots = x->n_slots,
        .reach_unit = mixed ? 1 / bnsl__md_fixed_scale(md) : 1,
        .skin = mixed ? (list->pruned.skin + rounding) / md->fixed_unit : list->pruned.skin,
        .entry = list->outer.entry[c],
        .start = list->outer.start + segment,
        .count = list->outer.count + segment,
        .near = own->near,
        .kept_start = list->inner.start + segment,
        .kept_count = list->inner.count + segment,
        .padding = bnsl__list_padding(md),
        .far_entry = bnsl__far_entry(md),
    };
    kernels->test(&work);
    if (!bnsl__lay_out_rows(md, &list->inner, c, work.order)) /* the loops over the outer rows are then foreseen as well */
        return false;
    work.kept = list->inner.entry[c];
    kernels->keep(&work, list->inner.order + first);
    for (int64_t s = 0; s < n_segments; s++)
        *n_pairs += work.kept_count[s];
    return true;
}

bnsl_status bnsl__prune_rows(bnsl_md *md, const char *func)
{
    const bnsl__md_kernels kernels = bnsl__md_pick_kernels(md, false);
    int64_t n_pairs = 0, n_failed = 0;
    bnsl_status status = BNSL_OK;
    if (bnsl__md_is_mixed(md))
        status = bnsl__md_fix_positions(md, func);
    else
        bnsl__verlet_update_ghosts(md);
    if (status)
        return status;
    bnsl__deal_chunks(md);
#pragma omp parallel num_threads(bnsl__threads(md->options.num_threads)) reduction(+ : n_pairs, n_failed)
    {
        scratch own = { NULL, 0 };
        for (bnsl__hand h = bnsl__first_hand(); bnsl__take_chunk(md, &h);)
            n_failed += !prune_chunk(md, &kernels, h.chunk, &own, &n_pairs);
        free(own.near);
    }
    md->list.inner.n_listed = n_pairs;
    return n_failed ? bnsl__fail(BNSL_ENOMEM, func, "out of memory for the neighbour list") : BNSL_OK;
}
