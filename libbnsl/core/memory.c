/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Allocation with overflow checks. */
#include <stdlib.h>
#include <string.h>

#include "core_internal.h"

static bool bytes_for(int64_t n, size_t size, size_t *bytes)
{
    if (n < 0 || (size > 0 && (uint64_t)n > (uint64_t)PTRDIFF_MAX / size))
        return false;
    *bytes = (size_t)n * size;
    if (*bytes == 0)
        *bytes = 1;
    return true;
}

void *bnsl__alloc(int64_t n, size_t size)
{
    size_t bytes;
    return bytes_for(n, size, &bytes) ? malloc(bytes) : NULL;
}

void *bnsl__calloc(int64_t n, size_t size)
{
    size_t bytes;
    return bytes_for(n, size, &bytes) ? calloc(1, bytes) : NULL;
}

bool bnsl__reserve(void **array, int64_t *n_capacity, int64_t n_wanted, size_t size)
{
    if (n_wanted <= *n_capacity)
        return true;
    int64_t grown = *n_capacity + *n_capacity / 2;
    int64_t n = n_wanted > grown ? n_wanted : grown;
    size_t bytes;
    if (!bytes_for(n, size, &bytes))
        return false;
    void *p = realloc(*array, bytes);
    if (!p)
        return false;
    *array = p;
    *n_capacity = n;
    return true;
}

/* A boundary of cache lines, so that no row of four doubles lies in two of them. */
enum { LINE = 64 };

bool bnsl__reserve_aligned(void **array, int64_t *n_capacity, int64_t n_wanted, size_t size)
{
    if (n_wanted <= *n_capacity)
        return true;
    size_t bytes;
    if (n_wanted > INT64_MAX - n_wanted / 8 || !bytes_for(n_wanted + n_wanted / 8, size, &bytes) || bytes > SIZE_MAX - LINE)
        return false;
    void *p = aligned_alloc(LINE, (bytes + LINE - 1) / LINE * LINE);
    if (!p)
        return false;
    memset(p, 0, bytes);
    if (*n_capacity > 0)
        memcpy(p, *array, (size_t)*n_capacity * size);
    free(*array);
    *array = p;
    *n_capacity = n_wanted + n_wanted / 8;
    return true;
}
