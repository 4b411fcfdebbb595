/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zeroed arrays of doubles aligned to 64 bytes, in memory that free() takes. */
#include "saxs_internal.h"

enum { ALIGNMENT = SAXS_LANES * sizeof(double) };

bool bnsl__saxs_lanes_alloc(saxs_lanes *out, int64_t n)
{
    if (n < 0 || n > INT64_MAX - SAXS_LANES)
        return false;
    int64_t vectors = (n + SAXS_LANES - 1) / SAXS_LANES;
    char *memory = bnsl__calloc(vectors + 1, ALIGNMENT);
    if (!memory)
        return false;
    out->memory = memory;
    out->data = (double *)(void *)(memory + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT) % ALIGNMENT);
    return true;
}
