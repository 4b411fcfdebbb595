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

int32_t bnsl__list_padding(const bnsl_md *md)
{
    return bnsl__md_is_mixed(md) ? MIXED_LANES : LANES;
}

/* The n found points of particle i, in its segments, padded; returns the new end. */
static int32_t write_segments(const bnsl_md *md, int64_t i, const int32_t *found, int64_t n, int32_t *entry, int32_t end, int32_t *start,
                              int32_t *count)
{
    const bnsl__interaction *x = &md->interaction;
    const double *p = md->position + ROW * i;
    const int32_t a = md->species[i], padding = bnsl__list_padding(md), far_entry = bnsl__far_entry(md);
    for (int32_t s = 0; s < x->n_slots; s++) {
        start[s] = end;
        for (int64_t k = 0; k < n; k++) {
            const int32_t j = found[k] / ROW, owner = j < md->n ? j : md->list.ghost_owner[j - md->n], b = md->species[owner];
            const double *q = md->position + found[k];
            double dx = q[0] - p[0], dy = q[1] - p[1], dz = q[2] - p[2];
            double far = x->pair_reach[a * x->n_species + b] * (p[3] + q[3]) + md->list.built.skin;
            entry[end] = md->list.wraps ? ROW * owner : found[k]; /* overwritten by the next point unless it counts */
            end += (x->slot[a * x->n_species + b] == s) & (dx * dx + dy * dy + dz * dz < far * far);
        }
        count[s] = end - start[s];
        end = bnsl__pad_row(entry, end, padding, far_entry);
    }
    return end;
}

int32_t bnsl__far_entry(const bnsl_md *md)
{
    return (int32_t)(ROW * (md->n + (md->list.wraps ? 0 : md->list.n_ghosts)));
}

bool bnsl__rows_are_plain(const bnsl_md *md)
{
    const bnsl__interaction *x = &md->interaction;
    for (int32_t k = 0; k < x->n_species * x->n_species; k++)
        if (x->slot[k] != 0 || x->pair_reach[k] != x->pair_reach[0])
            return false;
    return x->n_slots == 1;
}

bool bnsl__hold_entries(bnsl__draft *draft, int64_t used, int64_t n)
{
    if (used + n > INT32_MAX)
        return false;
    void *entry = draft->entry;
    const bool ok = bnsl__reserve(&entry, &draft->capacity, used + n, sizeof *draft->entry);
    draft->entry = entry;
    return ok;
}

/* Particles of chunk c by the lengths of their rows. */
static void order_by_length(bnsl_md *md, bnsl__rows *rows, int64_t c)
{
    enum { UNIT = 4, LONGEST = 64 }; /* of entries: the shortest vectors; rows of more than 256 are long enough */
    const int64_t first = chunk_first(c), n = chunk_last(md, c) - first, n_slots = md->interaction.n_slots;
    uint8_t key[CHUNK];
    int32_t at[LONGEST + 2] = { 0 };
    for (int64_t k = 0; k < n; k++) {
        int32_t length = 0;
        for (int64_t p = (first + k) * n_slots; p < (first + k + 1) * n_slots; p++)
            length += (rows->count[p] + UNIT - 1) / UNIT;
        key[k] = (uint8_t)(length < LONGEST ? length : LONGEST);
        at[key[k] + 1]++;
    }
    for (int k = 0; k <= LONGEST; k++)
        at[k + 1] += at[k];
    for (int64_t k = 0; k < n; k++)
        rows->order[first + at[key[k]]++] = (uint8_t)k;
}

/* Room for the n entries of chunk c; old ones are lost. */
static bool hold_rows(bnsl__rows *rows, int64_t c, int64_t n)
{
    if (n <= rows->capacity[c])
        return true;
    const int64_t capacity = n + n / 8;
    free(rows->entry[c]);
    rows->entry[c] = bnsl__alloc(capacity, sizeof **rows->entry);
    rows->capacity[c] = rows->entry[c] ? capacity : 0;
    return rows->entry[c] != NULL;
}

bool bnsl__keep_rows(bnsl_md *md, bnsl__rows *rows, int64_t c, const bnsl__draft *draft, int32_t end)
{
    if (!hold_rows(rows, c, end))
        return false;
    order_by_length(md, rows, c);
    int32_t *to = rows->entry[c];
    const int64_t first = chunk_first(c), n = chunk_last(md, c) - first, n_slots = md->interaction.n_slots;
    const int32_t padding = bnsl__list_padding(md);
    for (int64_t k = 0; k < n; k++) {
        const int64_t i = first + rows->order[first + k];
        for (int64_t p = i * n_slots; p < (i + 1) * n_slots; p++) {
            const int32_t *from = draft->entry + rows->start[p], *last = from + ((rows->count[p] + padding - 1) & ~(padding - 1));
            rows->start[p] = (int32_t)(to - rows->entry[c]);
            for (; from < last; from += LANES, to += LANES)
                memcpy(to, from, LANES * sizeof *to);
        }
    }
    return true;
}

/* What a thread needs: the kernels, and scratch that grows. */
typedef struct search {
    bnsl__md_kernels kernels;
    bool plain;
    bnsl__surroundings near;
    int32_t *found;
    int64_t found_capacity;
    bnsl__draft draft;
} search;

static bool hold_found(search *s)
{
    void *found = s->found;
    bool ok = bnsl__reserve(&found, &s->found_capacity, s->near.n_points + MIXED_LANES, sizeof *s->found);
    s->found = found;
    return ok;
}

/* The row of particle i, the k-th of those that share the surroundings, behind the *end entries of its chunk. */
static bool fill_row(bnsl_md *md, search *s, int64_t i, int32_t k, int32_t *end)
{
    bnsl__rows *rows = &md->list.outer;
    const bnsl__surroundings *near = &s->near;
    const int32_t n_slots = md->interaction.n_slots;
    int32_t *start = rows->start + i * n_slots, *count = rows->count + i * n_slots;
    const bnsl__scan_work work = { .points = &near->points, .n_points = near->reach[k] > 0 ? near->n_points : 0, .query = near->query[k],
                                   .reach = near->reach[k], .skin = near->skin, .self = (int32_t)(ROW * i) };
    if (s->plain) {
        if (!bnsl__hold_entries(&s->draft, *end, near->n_points + 2 * MIXED_LANES))
            return false;
        int32_t *entry = s->draft.entry;
        start[0] = *end;
        count[0] = (int32_t)s->kernels.scan(&work, entry + *end);
        *end = bnsl__pad_row(entry, *end + count[0], bnsl__list_padding(md), bnsl__far_entry(md));
        return true;
    }
    if (!hold_found(s))
        return false;
    int64_t n = s->kernels.scan(&work, s->found);
    if (!bnsl__hold_entries(&s->draft, *end, n + 1 + MIXED_LANES * (n_slots + 1))) /* one more is written over before it counts */
        return false;
    *end = write_segments(md, i, s->found, n, s->draft.entry, *end, start, count);
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
    return bnsl__keep_rows(md, &md->list.outer, c, &s->draft, end);
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
        free(own.draft.entry);
    }
    md->list.outer.n_listed = n_pairs;
    return n_failed ? bnsl__fail(BNSL_ENOMEM, func, "out of memory for the neighbour list") : BNSL_OK;
}
