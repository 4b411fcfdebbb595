/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bonds of one query: sorted, and written to the list. Distances that are equal go by id, so the order is total and no two methods can
 * differ. Short sets are sorted by counting for each bond those before it: O(n^2), but without a branch that could go wrong. Of longer
 * ones the k nearest are kept in a heap, its farthest on top, and pieces sorted that way are merged: O(n + m log k + k log k) for m bonds
 * that enter the heap; no bad case.
 */
#include <math.h>
#include <string.h>

#include "neighbor_internal.h"

static inline bool before(const bnsl__key *a, const bnsl__key *b)
{
    return a->square < b->square || (a->square == b->square && a->id < b->id);
}

/* Moves the bond at the top of heap[0 .. n - 1] down to its place. */
static void sift_down(int64_t n, bnsl__key *heap, int64_t top)
{
    const bnsl__key moving = heap[top];
    for (int64_t child = 2 * top + 1; child < n; child = 2 * top + 1) {
        if (child + 1 < n && before(&heap[child], &heap[child + 1]))
            child++;
        if (!before(&moving, &heap[child]))
            break;
        heap[top] = heap[child];
        top = child;
    }
    heap[top] = moving;
}

enum { SHORT = 64, PIECE = 32 };

/* Sorts n <= SHORT keys into another array; keys that are equal in all (the caller's bonds may be) keep their order. */
static void rank_sort(int32_t isa, int64_t n, const bnsl__key *keys, bnsl__key *sorted)
{
    double square[SHORT], id[SHORT];
    int64_t rank[SHORT], total = 0;
    const int64_t padded = (n + 7) / 8 * 8;
    for (int64_t i = 0; i < padded; i++)
        square[i] = i < n ? keys[i].square : INFINITY;
    BNSL_KERNEL_PICK(isa, bnsl__neighbor_rank)(n, padded, square, NULL, rank);
    for (int64_t i = 0; i < n; i++)
        total += rank[i];
    if (total != n * (n - 1) / 2) { /* some are equal */
        for (int64_t i = 0; i < padded; i++)
            id[i] = i < n ? (double)keys[i].id * SHORT + (double)i : (double)INFINITY;
        BNSL_KERNEL_PICK(isa, bnsl__neighbor_rank)(n, padded, square, id, rank);
    }
    for (int64_t i = 0; i < n; i++)
        sorted[rank[i]] = keys[i];
}

/* Brings the k nearest to the front. */
static void select_keys(int64_t n, int64_t k, bnsl__key *keys)
{
    for (int64_t top = k / 2 - 1; top >= 0; top--)
        sift_down(k, keys, top);
    for (int64_t i = k; i < n; i++) {
        if (!before(&keys[i], &keys[0]))
            continue;
        keys[0] = keys[i];
        sift_down(k, keys, 0);
    }
}

/* Merges two sorted runs that follow each other. */
static void merge_runs(const bnsl__key *from, int64_t n_first, int64_t n, bnsl__key *to)
{
    int64_t a = 0, b = n_first, i = 0;
    for (; a < n_first && b < n; i++) {
        const bool second = before(&from[b], &from[a]);
        to[i] = from[second ? b : a];
        a += !second;
        b += second;
    }
    memcpy(to + i, from + (a < n_first ? a : b), (size_t)(n - i) * sizeof *to);
}

/* Sorts n keys with room for n more; returns where they are. */
static bnsl__key *merge_sort(int32_t isa, int64_t n, bnsl__key *keys, bnsl__key *room)
{
    for (int64_t i = 0; i < n; i += PIECE)
        rank_sort(isa, n - i < PIECE ? n - i : PIECE, keys + i, room + i);
    bnsl__key *sorted = room, *other = keys;
    for (int64_t length = PIECE; length < n; length *= 2) {
        for (int64_t i = 0; i < n; i += 2 * length) {
            const int64_t here = n - i < 2 * length ? n - i : 2 * length;
            merge_runs(sorted + i, here < length ? here : length, here, other + i);
        }
        bnsl__key *merged = other;
        other = sorted;
        sorted = merged;
    }
    return sorted;
}

bnsl__key *bnsl__bonds_sort(const bnsl__search *s, bnsl__part *part, int64_t n, int64_t k)
{
    if (!bnsl__hold(&part->keys, 2 * n + 1, sizeof(bnsl__key)))
        return NULL;
    const bnsl__bond *bonds = part->bonds.data;
    bnsl__key *keys = part->keys.data, *room = keys + n;
    for (int64_t b = 0; b < n; b++)
        keys[b] = (bnsl__key){bonds[b].square, bonds[b].id, (int32_t)b};
    if (n <= SHORT) {
        rank_sort(s->isa, n, keys, room);
        return room;
    }
    if (k < n)
        select_keys(n, k, keys);
    return merge_sort(s->isa, k, keys, room);
}

bool bnsl__bonds_hold(bnsl__bonds *out, int64_t n, bool vectors)
{
    return bnsl__hold(&out->index, n, sizeof(int32_t)) &&
           (!vectors || (bnsl__hold(&out->vector, 3 * n, sizeof(double)) && bnsl__hold(&out->distance, n, sizeof(double))));
}

int64_t bnsl__drop_hits(const bnsl__search *s, bnsl__part *part, int64_t i, int64_t n_hits)
{
    const int32_t home = bnsl__home(s, i);
    if (home < 0)
        return n_hits;
    /* ids are ordered by (point, image): of the two ends of a pair, one sees the other above itself */
    const int32_t lowest = s->list->options.flags & BNSL_NEIGHBOR_HALF ? home : -1;
    int32_t *hit = part->hit_id.data;
    int64_t n = 0;
    for (int64_t h = 0; h < n_hits; h++) {
        const int32_t id = hit[h];
        hit[n] = id;
        n += (id > lowest) & (id != home);
    }
    return n;
}

void bnsl__bonds_write(const bnsl__search *s, const bnsl__part *part, int64_t n, const bnsl__key *keys, bnsl__bonds *out, int64_t first)
{
    const bool vectors = !(s->list->options.flags & BNSL_NEIGHBOR_NO_VECTORS);
    const bnsl__bond *bonds = part->bonds.data;
    int32_t *index = (int32_t *)out->index.data + first;
    for (int64_t b = 0; b < n; b++)
        index[b] = bnsl__owner(s->images, keys ? keys[b].id : bonds[b].id);
    if (!vectors)
        return;
    double *vector = (double *)out->vector.data + 3 * first, *distance = (double *)out->distance.data + first;
    for (int64_t b = 0; b < n; b++) {
        const bnsl__bond *bond = &bonds[keys ? keys[b].place : b];
        memcpy(vector + 3 * b, bond->vector, sizeof bond->vector);
        distance[b] = sqrt(bond->square);
    }
}
