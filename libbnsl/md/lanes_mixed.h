/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vectors of single precision for the mixed kernel: groups of 16 pairs, FPARTS vectors of FWIDTH lanes each. See lanes.h. */
#ifndef BNSL_MD_LANES_MIXED_H
#define BNSL_MD_LANES_MIXED_H

#include "lanes.h"

enum { FWIDTH = 2 * WIDTH, FPARTS = MIXED_LANES / FWIDTH };
typedef float fvec __attribute__((vector_size(8 * WIDTH)));
typedef int32_t fivec __attribute__((vector_size(8 * WIDTH)));

static inline fvec fvec_set(float x)
{
    return x - (fvec){ 0 };
}

static inline fvec load_floats(const float *from)
{
    fvec v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline fivec load_integers(const int32_t *from)
{
    fivec v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline fvec fvec_and(fvec a, fivec mask)
{
    return (fvec)((fivec)a & mask);
}

static inline fvec fvec_select(fivec mask, fvec a, fvec b)
{
    return (fvec)(((fivec)a & mask) | ((fivec)b & ~mask));
}

/* b where one is not a number */
static inline fvec fvec_max(fvec a, fvec b)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return (fvec)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
    return (fvec)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
    return (fvec)_mm_max_ps((__m128)a, (__m128)b);
#else
    return fvec_select(a > b, a, b);
#endif
}

static inline fvec fvec_min(fvec a, fvec b)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return (fvec)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
    return (fvec)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
    return (fvec)_mm_min_ps((__m128)a, (__m128)b);
#else
    return fvec_select(a < b, a, b);
#endif
}

/* Differences of positions, which may wrap around. */
static inline fvec fixed_difference(fivec a, fivec b)
{
    typedef uint32_t words __attribute__((vector_size(8 * WIDTH)));
    return __builtin_convertvector((fivec)((words)a - (words)b), fvec);
}

/* Correctly rounded on every instruction set. */
static inline fvec fvec_sqrt(fvec a)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return (fvec)_mm512_sqrt_ps((__m512)a);
#elif defined(__AVX2__)
    return (fvec)_mm256_sqrt_ps((__m256)a);
#else
    return (fvec){ sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3]) };
#endif
}

#if !(defined(__AVX512F__) && defined(__AVX512DQ__))
/* The lower and the upper half of the lanes in double. */
static inline vec low_half(fvec a)
{
#if defined(__AVX2__)
    return (vec)_mm256_cvtps_pd(_mm256_castps256_ps128((__m256)a));
#else
    return (vec){ a[0], a[1] };
#endif
}

static inline vec high_half(fvec a)
{
#if defined(__AVX2__)
    return (vec)_mm256_cvtps_pd(_mm256_extractf128_ps((__m256)a, 1));
#else
    return (vec){ a[2], a[3] };
#endif
}
#endif

/* A group of 16 numbers as one of 8 in double: e and e + 8 are added in single precision. */
static inline void fold(const fvec part[FPARTS], vec sum[PARTS])
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    sum[0] = (vec)_mm512_cvtps_pd(_mm256_add_ps(_mm512_castps512_ps256((__m512)part[0]), _mm512_extractf32x8_ps((__m512)part[0], 1)));
#else
    for (int h = 0; h < FPARTS / 2; h++) {
        fvec both = part[h] + part[h + FPARTS / 2];
        sum[2 * h] = low_half(both);
        sum[2 * h + 1] = high_half(both);
    }
#endif
}

/* Columns of FWIDTH rows of four 32-bit words, given by their offsets. */
static inline void gather_words(const int32_t *rows, const int32_t *offset, fivec *x, fivec *y, fivec *z, fivec *w)
{
#if defined(__AVX2__)
#define ROW_AT(k) _mm_loadu_si128((const __m128i *)(const void *)(rows + offset[k]))
#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define TWO_AT(k) _mm256_inserti128_si256(_mm256_castsi128_si256(ROW_AT(k)), ROW_AT((k) + 4), 1)
#define ROWS_AT(k) _mm512_inserti64x4(_mm512_castsi256_si512(TWO_AT(k)), TWO_AT((k) + 8), 1)
#define LOW32(a, b) _mm512_unpacklo_epi32(a, b)
#define HIGH32(a, b) _mm512_unpackhi_epi32(a, b)
#define LOW64(a, b) (fivec) _mm512_unpacklo_epi64(a, b)
#define HIGH64(a, b) (fivec) _mm512_unpackhi_epi64(a, b)
    __m512i q0 = ROWS_AT(0), q1 = ROWS_AT(1), q2 = ROWS_AT(2), q3 = ROWS_AT(3);
    __m512i a = LOW32(q0, q1), b = LOW32(q2, q3), c = HIGH32(q0, q1), d = HIGH32(q2, q3);
#else
#define ROWS_AT(k) _mm256_inserti128_si256(_mm256_castsi128_si256(ROW_AT(k)), ROW_AT((k) + 4), 1)
#define LOW32(a, b) _mm256_unpacklo_epi32(a, b)
#define HIGH32(a, b) _mm256_unpackhi_epi32(a, b)
#define LOW64(a, b) (fivec) _mm256_unpacklo_epi64(a, b)
#define HIGH64(a, b) (fivec) _mm256_unpackhi_epi64(a, b)
    __m256i q0 = ROWS_AT(0), q1 = ROWS_AT(1), q2 = ROWS_AT(2), q3 = ROWS_AT(3);
    __m256i a = LOW32(q0, q1), b = LOW32(q2, q3), c = HIGH32(q0, q1), d = HIGH32(q2, q3);
#endif
    *x = LOW64(a, b);
    *y = HIGH64(a, b);
    *z = LOW64(c, d);
    *w = HIGH64(c, d);
#undef ROW_AT
#undef ROWS_AT
#undef TWO_AT
#undef LOW32
#undef HIGH32
#undef LOW64
#undef HIGH64
#else
    fivec q[4];
    for (int k = 0; k < 4; k++)
        memcpy(&q[k], rows + offset[k], sizeof q[k]);
    fivec a = __builtin_shufflevector(q[0], q[1], 0, 4, 1, 5), b = __builtin_shufflevector(q[2], q[3], 0, 4, 1, 5);
    fivec c = __builtin_shufflevector(q[0], q[1], 2, 6, 3, 7), d = __builtin_shufflevector(q[2], q[3], 2, 6, 3, 7);
    *x = __builtin_shufflevector(a, b, 0, 1, 4, 5);
    *y = __builtin_shufflevector(a, b, 2, 3, 6, 7);
    *z = __builtin_shufflevector(c, d, 0, 1, 4, 5);
    *w = __builtin_shufflevector(c, d, 2, 3, 6, 7);
#endif
}

#endif
