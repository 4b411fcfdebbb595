/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the threads share the chunks of a step: each gets consecutive ones with about the same work, the same ones in every loop of every step until
 * the next search. So a core finds what it has written itself in its own caches; with chunks dealt out one by one, every other line came from
 * another core. No bits depend on it. Cost: O(chunks) a search, O(log chunks) a loop.
 */
#include "md_internal.h"

/* Work of a particle beside its pairs, in listed pairs. */
enum { PARTICLE = 40 };

void bnsl__weigh_chunks(bnsl_md *md)
{
    const int32_t n_slots = md->interaction.n_slots;
    for (int64_t c = 0; c < md->n_chunks; c++) {
        const int64_t n = chunk_last(md, c) - chunk_first(c);
        const int32_t *count = md->list.outer.count + c * CHUNK * n_slots;
        int64_t work = PARTICLE * n;
        for (int64_t k = 0; k < n * n_slots; k++)
            work += count[k];
        md->chunk_work[c + 1] = md->chunk_work[c] + work;
    }
}

/* The first chunk of thread k of n: half of it or more lies beyond the k-th part of the work. */
static int64_t first_chunk(const bnsl_md *md, int k, int n)
{
    const int64_t *before = md->chunk_work, total = before[md->n_chunks];
    if (total == 0) /* no list yet */
        return md->n_chunks * k / n;
    int64_t low = 0, high = md->n_chunks;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if ((before[middle] + before[middle + 1]) / 2 < total / n * k)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void bnsl__share(const bnsl_md *md, int64_t *first, int64_t *last)
{
    const int k = bnsl__thread_number(), n = bnsl__team_size();
    *first = k == 0 ? 0 : first_chunk(md, k, n);
    *last = k == n - 1 ? md->n_chunks : first_chunk(md, k + 1, n);
}
