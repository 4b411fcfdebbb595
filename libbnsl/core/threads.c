/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread counts, and sums whose bits do not depend on them. */
#include <stdlib.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "core_internal.h"

int bnsl__threads(int32_t num_threads)
{
#ifdef _OPENMP
    return num_threads > 1 ? (num_threads < 1024 ? num_threads : 1024) : 1;
#else
    (void)num_threads;
    return 1;
#endif
}

int bnsl__thread_number(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

int bnsl__team_size(void)
{
#ifdef _OPENMP
    return omp_get_num_threads();
#else
    return 1;
#endif
}

/* Values summed in one go. Chunk sums are added pairwise in a fixed tree, so rounding grows as log n. */
enum { SUM_CHUNK = 512 };

static double sum_run(int64_t n, const double *v)
{
    double s[4] = { 0, 0, 0, 0 };
    int64_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (int k = 0; k < 4; k++)
            s[k] += v[i + k];
    for (; i < n; i++)
        s[0] += v[i];
    return (s[0] + s[1]) + (s[2] + s[3]);
}

static double sum_tree(int64_t n_chunks, int64_t n, const double *v)
{
    if (n_chunks == 1)
        return sum_run(n, v);
    int64_t left = n_chunks / 2;
    return sum_tree(left, left * SUM_CHUNK, v) + sum_tree(n_chunks - left, n - left * SUM_CHUNK, v + left * SUM_CHUNK);
}

/* Blocks of 2^7 chunks may be summed in parallel; their results are added in order. */
enum { SUM_BLOCK = 128 * SUM_CHUNK };

static double sum_block(int64_t n, const double *v)
{
    return n > 0 ? sum_tree((n + SUM_CHUNK - 1) / SUM_CHUNK, n, v) : 0.0;
}

double bnsl__sum(int64_t n, const double *values, int32_t num_threads)
{
    int64_t n_blocks = (n + SUM_BLOCK - 1) / SUM_BLOCK;
    double *block = n_blocks > 1 && num_threads > 1 ? bnsl__alloc(n_blocks, sizeof *block) : NULL;
    double total = 0;
    if (!block) { /* also without memory: the same additions, one after another */
        for (int64_t b = 0; b < n_blocks; b++)
            total += sum_block(b + 1 < n_blocks ? SUM_BLOCK : n - b * SUM_BLOCK, values + b * SUM_BLOCK);
        return total;
    }
#pragma omp parallel for num_threads(bnsl__threads(num_threads)) schedule(static)
    for (int64_t b = 0; b < n_blocks; b++)
        block[b] = sum_block(b + 1 < n_blocks ? SUM_BLOCK : n - b * SUM_BLOCK, values + b * SUM_BLOCK);
    for (int64_t b = 0; b < n_blocks; b++)
        total += block[b];
    free(block);
    return total;
}
