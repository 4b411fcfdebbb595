/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a neighbour list, from points in the cells of a grid. A few particles that are near in space share their surroundings; each is
 * compared with all points of these, in the order of the grid. What is found does not depend on which particles share. Each chunk of particles
 * fills memory of its own, so the rows do not depend on the number of threads.
 * Cost: O(points near each particle), on Zen 3 some 3 ns for each listed one (wide wells; 4 ns in narrow ones).
 */
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

/* The n found points of particle i, in its segments, padded; returns the new end. */
static int32_t write_segments(const bnsl_md *md, int64_t i, const int32_t *found, int64_t n, int32_t *entry, int32_t end, int32_t *count)
{
    const bnsl__interaction *x = &md->interaction;
    const double *p = md->position + ROW * i;
    const int32_t a = md->species[i], padding = bnsl__list_padding(md), far_entry = bnsl__far_entry(md);
    for (int32_t s = 0; s < x->n_slots; s++) {
        const int32_t begin = end;
        for (int64_t k = 0; k < n; k++) {
            const int32_t j = found[k] / ROW, owner = j < md->n ? j : md->list.ghost_owner[j - md->n], b = md->species[owner];
            const double *q = md->position + found[k];
            double dx = q[0] - p[0], dy = q[1] - p[1], dz = q[2] - p[2];
            double far = x->pair_reach[a * x->n_species + b] * (p[3] + q[3]) + md->list.built.skin;
            entry[end] = md->list.wraps ? ROW * owner : found[k]; /* overwritten by the next point unless it counts */
            end += (x->slot[a * x->n_species + b] == s) & (dx * dx + dy * dy + dz * dz < far * far);
        }
        count[s] = end - begin;
        end = bnsl__pad_row(entry, end, padding, far_entry);
    }
    return end;
}

bool bnsl__rows_are_plain(const bnsl_md *md)
{
    const bnsl__interaction *x = &md->interaction;
    for (int32_t k = 0; k < x->n_species * x->n_species; k++)
        if (x->slot[k] != 0 || x->pair_reach[k] != x->pair_reach[0])
            return false;
    return x->n_slots == 1;
}

/* What a thread needs: the kernels, and scratch that grows. In the draft the rows of a chunk follow each other in the order of the particles. */
typedef struct search {
    bnsl__md_kernels kernels;
    bool plain;
    bnsl__surroundings near;
    int32_t *found, *draft;
    int64_t found_capacity, draft_capacity;
} search;

static bool hold(int32_t **entries, int64_t *capacity, int64_t n)
{
    void *memory = *entries;
    bool ok = n <= INT32_MAX && bnsl__reserve(&memory, capacity, n, sizeof **entries);
    *entries = memory;
    return ok;
}

/* The row of particle i, the k-th of those that share the surroundings, behind the *end entries of its chunk. */
static bool fill_row(bnsl_md *md, search *s, int64_t i, int32_t k, int32_t *end)
{
    bnsl__rows *rows = &md->list.outer;
    const bnsl__surroundings *near = &s->near;
    const int32_t n_slots = md->interaction.n_slots;
    int32_t *count = rows->count + i * n_slots;
    const bnsl__scan_work work = { .points = &near->points, .n_points = near->reach[k] > 0 ? near->n_points : 0, .query = near->query[k],
                                   .reach = near->reach[k], .skin = near->skin, .self = (int32_t)(ROW * i) };
    if (s->plain) {
        if (!hold(&s->draft, &s->draft_capacity, *end + near->n_points + 2 * MIXED_LANES))
            return false;
        count[0] = (int32_t)s->kernels.scan(&work, s->draft + *end);
        *end = bnsl__pad_row(s->draft, *end + count[0], bnsl__list_padding(md), bnsl__far_entry(md));
        return true;
    }
    if (!hold(&s->found, &s->found_capacity, near->n_points + MIXED_LANES))
        return false;
    int64_t n = s->kernels.scan(&work, s->found);
    if (!hold(&s->draft, &s->draft_capacity, *end + n + 1 + MIXED_LANES * (n_slots + 1))) /* one more is written over before it counts */
        return false;
    *end = write_segments(md, i, s->found, n, s->draft, *end, count);
    return true;
}

/* The draft of chunk c as it is to stand. */
static bool keep_draft(const bnsl_md *md, bnsl__rows *rows, int64_t c, const int32_t *draft)
{
    const int64_t n_slots = md->interaction.n_slots;
    const int32_t padding = bnsl__list_padding(md);
    uint8_t own_order[CHUNK];
    for (int k = 0; k < CHUNK; k++)
        own_order[k] = (uint8_t)k;
    if (!bnsl__lay_out_rows(md, rows, c, own_order))
        return false;
    for (int64_t p = chunk_first(c) * n_slots; p < chunk_last(md, c) * n_slots; p++) {
        int32_t *to = rows->entry[c] + rows->start[p], *last = to + ((rows->count[p] + padding - 1) & ~(padding - 1));
        for (; to < last; to += LANES, draft += LANES)
            memcpy(to, draft, LANES * sizeof *to);
    }
    return true;
}

/* Rows of the particles of chunk c. */
static bool fill_chunk(bnsl_md *md, search *s, int64_t c, int64_t *n_pairs)
{
    const int64_t first = chunk_first(c), last = chunk_last(md, c), n_slots = md->interaction.n_slots;
    int32_t end = 0;
    for (int64_t i = first; i < last; i += s->near.n) {
        if (!bnsl__surround(md, &s->kernels, i, last, &s->near))
            return false;
        for (int32_t k = 0; k < s->near.n; k++)
            if (!fill_row(md, s, i + k, k, &end))
                return false;
    }
    for (int64_t p = first * n_slots; p < last * n_slots; p++)
        *n_pairs += md->list.outer.count[p];
    return keep_draft(md, &md->list.outer, c, s->draft);
}

bnsl_status bnsl__list_rows(bnsl_md *md, const char *func)
{
    const bnsl__md_kernels kernels = bnsl__md_pick_kernels(md, false);
    const bool plain = bnsl__rows_are_plain(md);
    int64_t n_pairs = 0, n_failed = 0;
    bnsl__deal_chunks(md);
#pragma omp parallel num_threads(bnsl__threads(md->options.num_threads)) reduction(+ : n_pairs, n_failed)
    {
        search own = { .kernels = kernels, .plain = plain };
        for (bnsl__hand h = bnsl__first_hand(); bnsl__take_chunk(md, &h);)
            n_failed += !fill_chunk(md, &own, h.chunk, &n_pairs);
        free(own.near.points.x);
        free(own.found);
        free(own.draft);
    }
    md->list.outer.n_listed = n_pairs;
    return n_failed ? bnsl__fail(BNSL_ENOMEM, func, "out of memory for the neighbour list") : BNSL_OK;
}
