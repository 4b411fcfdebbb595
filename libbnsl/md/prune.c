/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inner list: those pairs of the outer one that are nearer than r_cut and the inner skin now. It is made again every few steps, at a fraction
 * of the cost of a search, so its skin can be a fraction of the outer one's, and the kernels compute few pairs that are out of range
 * [S. Pall et al., J. Chem. Phys. 153, 134110 (2020), have such lists of clusters]. Cost: O(outer list), 1.2 to 1.6 ns an entry on Zen 3,
 * in mixed precision as in double.
 */
#include <stdlib.h>

#include "md_internal.h"

static bool prune_chunk(bnsl_md *md, const bnsl__md_kernels *kernels, int64_t c, bnsl__draft *draft, int64_t *n_pairs)
{
    bnsl__verlet *list = &md->list;
    const bnsl__interaction *x = &md->interaction;
    const int32_t n_slots = x->n_slots, padding = bnsl__list_padding(md), far_point = (int32_t)(ROW * (md->n + list->n_ghosts));
    const bool mixed = bnsl__md_is_mixed(md);
    const double rounding = 1e-6 * (bnsl__verlet_largest_cutoff(md) + list->pruned.skin); /* several times that of single precision */
    const int64_t first = chunk_first(c), n = chunk_last(md, c) - first;
    int32_t end = 0;
    for (int64_t k = 0; k < n; k++) {
        const int64_t i = first + list->outer.order[first + k];
        const bnsl__law *law = x->law + (int64_t)md->species[i] * n_slots;
        for (int32_t s = 0; s < n_slots; s++) {
            const int64_t p = i * n_slots + s;
            bnsl__prune_work work = { .position = md->position, .row = md->position + ROW * i, .entry = list->outer.entry[c] + list->outer.start[p],
                                      .n = list->outer.count[p], .reach = law[s].reach, .skin = list->pruned.skin };
            if (mixed) {
                work.fixed = md->fixed;
                work.fixed_row = md->fixed + ROW * i;
                work.reach /= bnsl__md_fixed_scale(md);
                work.skin = (work.skin + rounding) / md->fixed_unit;
            }
            if (!bnsl__hold_entries(draft, end, work.n + 2 * MIXED_LANES))
                return false;
            list->inner.start[p] = end;
            list->inner.count[p] = kernels->prune(&work, draft->entry + end);
            *n_pairs += list->inner.count[p];
            end = bnsl__pad_row(draft->entry, end + list->inner.count[p], padding, far_point);
        }
    }
    return bnsl__keep_rows(md, &list->inner, c, draft, end);
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
        bnsl__draft draft = { NULL, 0 };
        for (bnsl__hand h = bnsl__first_hand(); bnsl__take_chunk(md, &h);)
            n_failed += !prune_chunk(md, &kernels, h.chunk, &draft, &n_pairs);
        free(draft.entry);
    }
    md->list.inner.n_listed = n_pairs;
    return n_failed ? bnsl__fail(BNSL_ENOMEM, func, "out of memory for the neighbour list") : BNSL_OK;
}
