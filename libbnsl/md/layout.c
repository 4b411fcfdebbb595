/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the rows of a neighbour list stand. Those of a chunk follow each other in the order of their lengths: then rows with as many vectors of
 * neighbours stand together, and the processor foresees when a loop over these ends. Its wrong guesses would cost 5 ns a particle, a fifth of the
 * forces in the narrow well; in an order that is not that of the memory, long rows would cost more than that. Forces do not depend on it. Cost: O(n).
 */
#include <stdlib.h>

#include "md_internal.h"

int32_t bnsl__list_padding(const bnsl_md *md)
{
    return bnsl__md_is_mixed(md) ? MIXED_LANES : LANES;
}

int32_t bnsl__far_entry(const bnsl_md *md)
{
    return (int32_t)(ROW * (md->n + (md->list.wraps ? 0 : md->list.n_ghosts)));
}

/* The n particles of a chunk by the lengths of their rows; those of the same length as they were before. */
static void order_by_length(int64_t n, int32_t n_slots, const int32_t *count, const uint8_t *before, uint8_t *order)
{
    enum { UNIT = 4, LONGEST = 64 }; /* of entries: the shortest vectors; rows of more than 256 are long enough */
    uint8_t length[CHUNK];
    int32_t at[LONGEST + 2] = { 0 };
    for (int64_t k = 0; k < n; k++) {
        uint32_t units = 0;
        for (int32_t s = 0; s < n_slots; s++)
            units += (uint32_t)(*count++ + UNIT - 1) / UNIT;
        length[k] = (uint8_t)(units < LONGEST ? units : LONGEST);
    }
    for (int64_t k = 0; k < n; k++)
        at[length[k] + 1]++;
    for (int k = 0; k <= LONGEST; k++)
        at[k + 1] += at[k];
    for (int64_t k = 0; k < n; k++)
        order[at[length[before[k]]]++] = before[k];
}

/* Room for n entries of chunk c; old ones are lost. */
static bool hold_rows(bnsl__rows *rows, int64_t c, int64_t n)
{
    if (n <= rows->capacity[c])
        return true;
    const int64_t capacity = n + n / 8;
    free(rows->entry[c]);
    rows->entry[c] = capacity <= INT32_MAX ? bnsl__alloc(capacity, sizeof **rows->entry) : NULL;
    rows->capacity[c] = rows->entry[c] ? capacity : 0;
    return rows->entry[c] != NULL;
}

bool bnsl__lay_out_rows(const bnsl_md *md, bnsl__rows *rows, int64_t c, const uint8_t *before)
{
    const int32_t n_slots = md->interaction.n_slots, padding = bnsl__list_padding(md);
    const int64_t first = chunk_first(c), n = chunk_last(md, c) - first;
    const int32_t *count = rows->count + first * n_slots;
    int32_t *start = rows->start + first * n_slots;
    uint8_t *order = rows->order + first;
    int64_t end = 0;
    order_by_length(n, n_slots, count, before, order);
    for (int64_t k = 0; k < n; k++)
        for (int32_t p = order[k] * n_slots; p < (order[k] + 1) * n_slots; p++) {
            start[p] = (int32_t)end;
            end += (count[p] + padding - 1) & ~(padding - 1);
        }
    return hold_rows(rows, c, end + 2 * MIXED_LANES);
}
