/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bonds of one query: sorted, and written to the list. Distances that are equal go by id, so the order is total and no two methods can
 * differ. Sorting keeps a heap of the k nearest so far, its farthest on top; cost O(n + m log k) for m bonds that enter it, no bad case.
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

static void insertion_sort(int64_t n, bnsl__key *keys)
{
    for (int64_t i = 1; i < n; i++) {
        const bnsl__key moving = keys[i];
        int64_t j = i;
        for (; j > 0 && before(&moving, &keys[j - 1]); j--)
            keys[j] = keys[j - 1];
        keys[j] = moving;
    }
}

static void sort_keys(int64_t n, int64_t k, bnsl__key *keys)
{
    enum { SHORT = 24 };
    if (n <= SHORT) {
        insertion_sort(n, keys);
        return;
    }
    for (int64_t top = k / 2 - 1; top >= 0; top--)
        sift_down(k, keys, top);
    for (int64_t i = k; i < n; i++) {
        if (!before(&keys[i], &keys[0]))
            continue;
        keys[0] = keys[i];
        sift_down(k, keys, 0);
    }
    for (int64_t end = k - 1; end > 0; end--) {
        const bnsl__key farthest = keys[0];
        keys[0] = keys[end];
        keys[end] = farthest;
        sift_down(end, keys, 0);
    }
}

const bnsl__key *bnsl__bonds_sort(bnsl__part *part, int64_t n, int64_t k)
{
    if (!bnsl__hold(&part->keys, n, sizeof(bnsl__key)))
        return NULL;
    const bnsl__bond *bonds = part->bonds.data;
    bnsl__key *keys = part->keys.data;
    for (int64_t b = 0; b < n; b++)
        keys[b] = (bnsl__key){bonds[b].square, bonds[b].id, (int32_t)b};
    sort_keys(n, k, keys);
    return keys;
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
