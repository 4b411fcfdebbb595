/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vectors of doubles as wide as the instruction set has them: WIDTH lanes of 8 (AVX-512), 4 (AVX) or 2. Kernels work on groups of
 * LANES = 8 numbers, PARTS vectors each, and add their lanes in one fixed tree, so that every variant does the same operations in the
 * same order and gives the same bits.
 */
#ifndef BNSL_MD_LANES_H
#define BNSL_MD_LANES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>
enum { WIDTH = 8 };
#elif defined(__AVX2__)
#include <immintrin.h>
enum { WIDTH = 4 };
#else
enum { WIDTH = 2 };
#endif
enum { PARTS = LANES / WIDTH };

typedef double vec __attribute__((vector_size(8 * WIDTH)));
typedef int64_t ivec __attribute__((vector_size(8 * WIDTH)));
typedef uint64_t uvec __attribute__((vector_size(8 * WIDTH)));

static inline vec vec_set(double x)
{
    return x - (vec){ 0 };
}

static inline uvec uvec_set(uint64_t x)
{
    return x - (uvec){ 0 };
}

/* a where the mask is -1, 0 where it is 0 */
static inline vec vec_and(vec a, ivec mask)
{
    return (vec)((ivec)a & mask);
}

static inline vec vec_select(ivec mask, vec a, vec b)
{
    return (vec)(((ivec)a & mask) | ((ivec)b & ~mask));
}

/* Correctly rounded on every instruction set. */
static inline vec vec_sqrt(vec a)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return (vec)_mm512_sqrt_pd((__m512d)a);
#elif defined(__AVX2__)
    return (vec)_mm256_sqrt_pd((__m256d)a);
#else
    return (vec){ sqrt(a[0]), sqrt(a[1]) };
#endif
}

/* Sum of the 8 lanes of a group: ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)). */
static inline double group_sum(const vec *part)
{
    double lane[LANES];
    memcpy(lane, part, sizeof lane);
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/* A row of four, as one load (rows are aligned to 16 bytes at most). */
#if defined(__AVX2__)
typedef double row4 __attribute__((vector_size(32)));
typedef double row4_loose __attribute__((vector_size(32), aligned(8), may_alias));

static inline row4 load_row(const double *rows, int32_t i)
{
    return *(const row4_loose *)(rows + 4 * (int64_t)i);
}
#endif

/* Columns x, y, z, w of WIDTH rows of four, given by index. */
static inline void gather_rows(const double *rows, const int32_t *index, vec *x, vec *y, vec *z, vec *w)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    vec q0 = __builtin_shufflevector(load_row(rows, index[0]), load_row(rows, index[4]), 0, 1, 2, 3, 4, 5, 6, 7);
    vec q1 = __builtin_shufflevector(load_row(rows, index[1]), load_row(rows, index[5]), 0, 1, 2, 3, 4, 5, 6, 7);
    vec q2 = __builtin_shufflevector(load_row(rows, index[2]), load_row(rows, index[6]), 0, 1, 2, 3, 4, 5, 6, 7);
    vec q3 = __builtin_shufflevector(load_row(rows, index[3]), load_row(rows, index[7]), 0, 1, 2, 3, 4, 5, 6, 7);
    vec a = __builtin_shufflevector(q0, q1, 0, 8, 2, 10, 4, 12, 6, 14), b = __builtin_shufflevector(q0, q1, 1, 9, 3, 11, 5, 13, 7, 15);
    vec c = __builtin_shufflevector(q2, q3, 0, 8, 2, 10, 4, 12, 6, 14), d = __builtin_shufflevector(q2, q3, 1, 9, 3, 11, 5, 13, 7, 15);
    *x = __builtin_shufflevector(a, c, 0, 1, 8, 9, 4, 5, 12, 13);
    *y = __builtin_shufflevector(b, d, 0, 1, 8, 9, 4, 5, 12, 13);
    *z = __builtin_shufflevector(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
    *w = __builtin_shufflevector(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
#elif defined(__AVX2__)
    vec q0 = load_row(rows, index[0]), q1 = load_row(rows, index[1]), q2 = load_row(rows, index[2]), q3 = load_row(rows, index[3]);
    vec a = __builtin_shufflevector(q0, q1, 0, 4, 2, 6), b = __builtin_shufflevector(q0, q1, 1, 5, 3, 7);
    vec c = __builtin_shufflevector(q2, q3, 0, 4, 2, 6), d = __builtin_shufflevector(q2, q3, 1, 5, 3, 7);
    *x = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    *y = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    *z = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    *w = __builtin_shufflevector(b, d, 2, 3, 6, 7);
#else
    const double *p = rows + 4 * (int64_t)index[0], *q = rows + 4 * (int64_t)index[1];
    *x = (vec){ p[0], q[0] };
    *y = (vec){ p[1], q[1] };
    *z = (vec){ p[2], q[2] };
    *w = (vec){ p[3], q[3] };
#endif
}

#endif
