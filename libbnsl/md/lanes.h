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
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
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

/* b where one is not a number */
static inline vec vec_max(vec a, vec b)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return (vec)_mm512_max_pd((__m512d)a, (__m512d)b);
#elif defined(__AVX2__)
    return (vec)_mm256_max_pd((__m256d)a, (__m256d)b);
#elif defined(__SSE2__)
    return (vec)_mm_max_pd((__m128d)a, (__m128d)b);
#else
    return vec_select(a > b, a, b);
#endif
}

/* Products of the lower 32 bits of each lane. */
static inline uvec uvec_multiply32(uvec a, uvec b)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return (uvec)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (uvec)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return (uvec)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
    return (a & 0xFFFFFFFFu) * (b & 0xFFFFFFFFu);
#endif
}

/* WIDTH integers of 32 bits, each in a lane of 64. */
static inline uvec uvec_widen(const int32_t *from)
{
    typedef uint32_t half __attribute__((vector_size(4 * WIDTH)));
    half words;
    memcpy(&words, from, sizeof words);
    return __builtin_convertvector(words, uvec);
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

/* Sums of the 8 lanes of a group: ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)). */
typedef double pair_of __attribute__((vector_size(16)));

#if defined(__AVX2__)
static inline __m256d half_sum(const vec *part)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return _mm256_add_pd(_mm512_castpd512_pd256((__m512d)part[0]), _mm512_extractf64x4_pd((__m512d)part[0], 1));
#else
    return _mm256_add_pd((__m256d)part[0], (__m256d)part[1]);
#endif
}

static inline pair_of quarter_sum(const vec *part)
{
    const __m256d s = half_sum(part);
    return (pair_of)_mm_add_pd(_mm256_castpd256_pd128(s), _mm256_extractf128_pd(s, 1));
}
#else
static inline pair_of quarter_sum(const vec *part)
{
    return (part[0] + part[2]) + (part[1] + part[3]);
}
#endif

static inline double group_sum(const vec *part)
{
    pair_of s = quarter_sum(part);
    return s[0] + s[1];
}

/* The sums of three groups times a factor, and 0. */
static inline void write_sums(const vec *x, const vec *y, const vec *z, double factor, double row[ROW])
{
#if defined(__AVX2__)
    const __m256d half_x = half_sum(x), half_y = half_sum(y), quarter_z = _mm256_zextpd128_pd256((__m128d)quarter_sum(z));
    const __m256d quarter_xy = _mm256_add_pd(_mm256_permute2f128_pd(half_x, half_y, 0x20), _mm256_permute2f128_pd(half_x, half_y, 0x31));
    const __m256d all = _mm256_add_pd(_mm256_unpacklo_pd(quarter_xy, quarter_z), _mm256_unpackhi_pd(quarter_xy, quarter_z)); /* x z y 0 */
    _mm256_storeu_pd(row, _mm256_mul_pd(_mm256_permute4x64_pd(all, 0xD8), _mm256_setr_pd(factor, factor, factor, 0)));
#else
    row[0] = factor * group_sum(x);
    row[1] = factor * group_sum(y);
    row[2] = factor * group_sum(z);
    row[3] = 0;
#endif
}

/*
 * Entries of a list that are fetched ahead of use: the lists of a large system stream from the outer caches, where the processor's own guesses end at
 * each page of 4 KiB. In the wide well at 0.55 the forces in mixed precision gain some 4 %.
 */
enum { AHEAD = 64 };

/* A row of four, as one load (rows are aligned to 16 bytes at most). */
#if defined(__AVX2__)
typedef double row4 __attribute__((vector_size(32)));
typedef double row4_loose __attribute__((vector_size(32), aligned(8), may_alias));

static inline row4 load_row(const double *rows, int32_t offset)
{
    return *(const row4_loose *)(rows + offset);
}
#endif

/* Columns x, y, z, w of WIDTH rows of four, given by their offsets from the first number of the first row. */
static inline void gather_rows(const double *rows, const int32_t *offset, vec *x, vec *y, vec *z, vec *w)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    vec q0 = __builtin_shufflevector(load_row(rows, offset[0]), load_row(rows, offset[4]), 0, 1, 2, 3, 4, 5, 6, 7);
    vec q1 = __builtin_shufflevector(load_row(rows, offset[1]), load_row(rows, offset[5]), 0, 1, 2, 3, 4, 5, 6, 7);
    vec q2 = __builtin_shufflevector(load_row(rows, offset[2]), load_row(rows, offset[6]), 0, 1, 2, 3, 4, 5, 6, 7);
    vec q3 = __builtin_shufflevector(load_row(rows, offset[3]), load_row(rows, offset[7]), 0, 1, 2, 3, 4, 5, 6, 7);
    vec a = __builtin_shufflevector(q0, q1, 0, 8, 2, 10, 4, 12, 6, 14), b = __builtin_shufflevector(q0, q1, 1, 9, 3, 11, 5, 13, 7, 15);
    vec c = __builtin_shufflevector(q2, q3, 0, 8, 2, 10, 4, 12, 6, 14), d = __builtin_shufflevector(q2, q3, 1, 9, 3, 11, 5, 13, 7, 15);
    *x = __builtin_shufflevector(a, c, 0, 1, 8, 9, 4, 5, 12, 13);
    *y = __builtin_shufflevector(b, d, 0, 1, 8, 9, 4, 5, 12, 13);
    *z = __builtin_shufflevector(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
    *w = __builtin_shufflevector(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
#elif defined(__AVX2__)
    vec q0 = load_row(rows, offset[0]), q1 = load_row(rows, offset[1]), q2 = load_row(rows, offset[2]), q3 = load_row(rows, offset[3]);
    vec a = __builtin_shufflevector(q0, q1, 0, 4, 2, 6), b = __builtin_shufflevector(q0, q1, 1, 5, 3, 7);
    vec c = __builtin_shufflevector(q2, q3, 0, 4, 2, 6), d = __builtin_shufflevector(q2, q3, 1, 5, 3, 7);
    *x = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    *y = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    *z = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    *w = __builtin_shufflevector(b, d, 2, 3, 6, 7);
#else
    const double *p = rows + offset[0], *q = rows + offset[1];
    *x = (vec){ p[0], q[0] };
    *y = (vec){ p[1], q[1] };
    *z = (vec){ p[2], q[2] };
    *w = (vec){ p[3], q[3] };
#endif
}

/* Rows (x, y, z, 0) of WIDTH particles, the inverse of gather_rows for consecutive rows. */
static inline void scatter_rows(double *rows, vec x, vec y, vec z)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    const vec zero = vec_set(0.0);
    vec a = __builtin_shufflevector(x, y, 0, 8, 2, 10, 4, 12, 6, 14), b = __builtin_shufflevector(x, y, 1, 9, 3, 11, 5, 13, 7, 15);
    vec c = __builtin_shufflevector(z, zero, 0, 8, 2, 10, 4, 12, 6, 14), d = __builtin_shufflevector(z, zero, 1, 9, 3, 11, 5, 13, 7, 15);
    vec p = __builtin_shufflevector(a, c, 0, 1, 8, 9, 2, 3, 10, 11), q = __builtin_shufflevector(b, d, 0, 1, 8, 9, 2, 3, 10, 11);
    vec r = __builtin_shufflevector(a, c, 4, 5, 12, 13, 6, 7, 14, 15), s = __builtin_shufflevector(b, d, 4, 5, 12, 13, 6, 7, 14, 15);
    vec out[4] = { __builtin_shufflevector(p, q, 0, 1, 2, 3, 8, 9, 10, 11), __builtin_shufflevector(p, q, 4, 5, 6, 7, 12, 13, 14, 15),
                   __builtin_shufflevector(r, s, 0, 1, 2, 3, 8, 9, 10, 11), __builtin_shufflevector(r, s, 4, 5, 6, 7, 12, 13, 14, 15) };
    memcpy(rows, out, sizeof out);
#elif defined(__AVX2__)
    const vec zero = vec_set(0.0);
    vec a = __builtin_shufflevector(x, y, 0, 4, 2, 6), b = __builtin_shufflevector(x, y, 1, 5, 3, 7);
    vec c = __builtin_shufflevector(z, zero, 0, 4, 2, 6), d = __builtin_shufflevector(z, zero, 1, 5, 3, 7);
    vec out[4] = { __builtin_shufflevector(a, c, 0, 1, 4, 5), __builtin_shufflevector(b, d, 0, 1, 4, 5),
                   __builtin_shufflevector(a, c, 2, 3, 6, 7), __builtin_shufflevector(b, d, 2, 3, 6, 7) };
    memcpy(rows, out, sizeof out);
#else
    for (int k = 0; k < WIDTH; k++) {
        rows[4 * k] = x[k];
        rows[4 * k + 1] = y[k];
        rows[4 * k + 2] = z[k];
        rows[4 * k + 3] = 0;
    }
#endif
}

#endif
