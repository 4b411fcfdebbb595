/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the threads share the chunks of a loop: each has a part, consecutive chunks with about the same work, the same ones in every loop of every
 * step until the next search, so that a core finds what it has written itself in its own caches; with chunks dealt out one by one, every other line
 * came from another core. A thread that is done takes from the others' parts, so a core that is slower for a while, as beside another program
 * or in a virtual machine, does not hold up the step by all of its lag. No bits depend on who does what. Cost: O(chunks) a search,
 * O(threads log chunks) a loop.
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

/* The first chunk of part k of n: half of it or more lies beyond the k-th part of the work. */
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

void bnsl__deal_chunks(bnsl_md *md)
{
    bnsl__deal *deal = &md->deal;
    const int n = bnsl__threads(md->options.num_threads);
    deal->n = n < MOST_PARTS ? n : MOST_PARTS;
    for (int k = 0; k < deal->n; k++) {
        deal->part[k].next = k == 0 ? 0 : deal->part[k - 1].last;
        deal->part[k].last = k == deal->n - 1 ? md->n_chunks : first_chunk(md, k + 1, deal->n);
    }
}

bnsl__hand bnsl__first_hand(void)
{
    return (bnsl__hand){ .part = bnsl__thread_number(), .chunk = -1 };
}

/* An eighth of what is left of a part at a time, one chunk in the end: a loop over short chunks is not to be one over atomic operations. */
bool bnsl__take_chunk(bnsl_md *md, bnsl__hand *hand)
{
    if (++hand->chunk < hand->end)
        return true;
    bnsl__deal *deal = &md->deal;
    for (; hand->n_empty < deal->n; hand->n_empty++, hand->part++) {
        bnsl__part *part = &deal->part[hand->part % deal->n];
        int64_t next;
#pragma omp atomic read
        next = part->next;
        const int64_t taken = part->last - next > 8 ? (part->last - next) / 8 : 1;
#pragma omp atomic capture
        {
            next = part->next;
            part->next += taken;
        }
        hand->chunk = next;
        hand->end = next + taken < part->last ? next + taken : part->last;
        if (next < part->last)
            return true;
    }
    return false;
}
