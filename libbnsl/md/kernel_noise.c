/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Standard normal numbers of particles: Philox4x32-10 blocks (core/random.c) keyed by (seed, stream) and counted by (particle, step), turned into
 * normals as G. E. P. Box and M. E. Muller do [Ann. Math. Stat. 29, 610 (1958)], in single precision (|N| < 6.6, error some 1e-7). Logarithm, sine
 * and cosine are polynomials here, so that every instruction set and every C library gives the same bits.
 *
 * Every step of this is a long chain, of which a processor overlaps only what its schedulers hold. So some vectors go through each of them side by
 * side, operation by operation. Cost on Zen 3 (AVX2): 5.3 ns a particle (words 2.2, radii 1.2, directions 1.2, rows 0.6), 7.1 when each vector goes
 * its way alone.
 */
#include "md_internal.h"
#include "lanes.h"

/* Particles of a batch: vectors of LANES = 8 numbers in single precision. Philox has half as many at a time: more would not fit into registers. */
enum { VECTORS = 4, BATCH = VECTORS * LANES, TOGETHER = 2 };

typedef float noise8 __attribute__((vector_size(4 * LANES)));
typedef int32_t bits8 __attribute__((vector_size(4 * LANES)));
typedef uint32_t word8 __attribute__((vector_size(4 * LANES))); /* for what may wrap around */

#define EACH_VECTOR _Pragma("GCC unroll 4") for (int v = 0; v < VECTORS; v++)

static inline noise8 noise_set(float x)
{
    return x - (noise8){ 0 };
}

/* ---- random words ------------------------------------------------------------------------------------- */

/* The keys of the rounds, made once: left to itself, a compiler makes them anew for every batch. */
enum { ROUNDS = 10 };
typedef struct round_keys {
    uvec first[ROUNDS], second[ROUNDS];
} round_keys;

static void make_keys(const uint32_t key[2], round_keys *keys)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        keys->first[round] = uvec_set(key[0] + round * 0x9E3779B9u);
        keys->second[round] = uvec_set(key[1] + round * 0xBB67AE85u);
    }
}

/* Eight integers in lanes of 64 bits, in the order that narrow8 takes back. */
static inline void widen8(const int32_t *from, uvec out[PARTS])
{
#if defined(__AVX2__) && !(defined(__AVX512F__) && defined(__AVX512DQ__))
    const __m256i order = _mm256_permute4x64_epi64(_mm256_loadu_si256((const __m256i *)(const void *)from), 0xD8); /* 0 1 4 5 2 3 6 7 */
    out[0] = (uvec)_mm256_cvtepu32_epi64(_mm256_castsi256_si128(order));
    out[1] = (uvec)_mm256_cvtepu32_epi64(_mm256_extracti128_si256(order, 1));
#else
    for (int h = 0; h < PARTS; h++)
        out[h] = uvec_widen(from + h * WIDTH);
#endif
}

/* Their lower halves. */
static inline word8 narrow8(const uvec word[PARTS])
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return (word8)_mm512_cvtepi64_epi32((__m512i)word[0]);
#elif defined(__AVX2__)
    return (word8)_mm256_shuffle_ps((__m256)word[0], (__m256)word[1], 0x88);
#else
    word8 out;
    for (int k = 0; k < LANES; k++)
        out[k] = (uint32_t)word[k / WIDTH][k % WIDTH];
    return out;
#endif
}

/* Philox of TOGETHER vectors of particles: counter (id, 0, step low, step high). Only the lower halves of the lanes count. */
static inline __attribute__((always_inline)) void philox(const int32_t *id, int64_t step, const round_keys *keys, word8 out[4][VECTORS])
{
    uvec word[4][TOGETHER * PARTS];
    for (int v = 0; v < TOGETHER; v++)
        widen8(id + LANES * v, word[0] + PARTS * v);
    for (int h = 0; h < TOGETHER * PARTS; h++) {
        word[1][h] = uvec_set(0);
        word[2][h] = uvec_set((uint64_t)step & 0xFFFFFFFFu);
        word[3][h] = uvec_set((uint64_t)step >> 32);
    }
#pragma GCC unroll 10
    for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 8
        for (int h = 0; h < TOGETHER * PARTS; h++) {
            uvec p0 = uvec_multiply32(uvec_set(0xD2511F53u), word[0][h]), p1 = uvec_multiply32(uvec_set(0xCD9E8D57u), word[2][h]);
            word[0][h] = (p1 >> 32) ^ word[1][h] ^ keys->first[round];
            word[1][h] = p1;
            word[2][h] = (p0 >> 32) ^ word[3][h] ^ keys->second[round];
            word[3][h] = p0;
        }
    }
    for (int w = 0; w < 4; w++)
        for (int v = 0; v < TOGETHER; v++)
            out[w][v] = narrow8(word[w] + PARTS * v);
}

/* ---- normal numbers ----------------------------------------------------------------------------------- */

/* Correctly rounded on every instruction set. */
static inline noise8 noise_sqrt(noise8 a)
{
#if defined(__AVX2__)
    return (noise8)_mm256_sqrt_ps((__m256)a);
#else
    for (int k = 0; k < LANES; k++)
        a[k] = sqrtf(a[k]);
    return a;
#endif
}

/* a, or b where the upper bit of a lane of `which` is set */
static inline noise8 choose(word8 which, noise8 a, noise8 b)
{
#if defined(__AVX2__)
    return (noise8)_mm256_blendv_ps((__m256)a, (__m256)b, (__m256)which);
#else
    const bits8 second = (bits8)which >> 31;
    return (noise8)(((bits8)b & second) | ((bits8)a & ~second));
#endif
}

/*
 * sqrt(-2 ln u) for u = (w | 1) / 2^31 of the upper 31 bits w: 2^-31 (6.6 standard deviations) to 1. ln by exponent and 2 atanh((m - 1) / (m + 1)) of
 * the mantissa in [1/sqrt 2, sqrt 2), relative error < 2e-7.
 */
static inline __attribute__((always_inline)) void radii(const word8 *word, noise8 *out)
{
    noise8 e[VECTORS], z[VECTORS], y[VECTORS], s[VECTORS];
    EACH_VECTOR
    {
        const noise8 u = __builtin_convertvector((bits8)((word[v] >> 1) | 1), noise8) * noise_set(0x1p-31f);
        const bits8 shifted = (bits8)u - 0x3F3504F3; /* sqrt(1/2): the exponent field steps where the mantissa range is cut */
        const bits8 exponent = shifted >> 23;
        const noise8 m = (noise8)((word8)u - ((word8)exponent << 23));
        z[v] = (m - noise_set(1)) / (m + noise_set(1));
        e[v] = __builtin_convertvector(exponent, noise8);
    }
    EACH_VECTOR y[v] = z[v] * z[v];
    EACH_VECTOR s[v] = noise_set(1.0f / 9) * y[v] + noise_set(1.0f / 7);
    EACH_VECTOR s[v] = s[v] * y[v] + noise_set(1.0f / 5);
    EACH_VECTOR s[v] = s[v] * y[v] + noise_set(1.0f / 3);
    EACH_VECTOR out[v] = noise_sqrt(noise_set(-2) * (e[v] * noise_set(0.693147181f) + (noise_set(2) * z[v] + noise_set(2) * z[v] * y[v] * s[v])));
}

/* cos and sin of 2 pi w / 2^32, absolute error < 1.5e-7: quadrant and Taylor polynomials on [-pi/4, pi/4). */
static inline __attribute__((always_inline)) void directions(const word8 *word, noise8 *cosine, noise8 *sine)
{
    const word8 upper = (word8){ 0 } + 0x80000000u;
    EACH_VECTOR
    {
        const word8 quadrant = word[v] + 0x20000000u; /* its upper two bits: w / 2^30, rounded */
        const word8 odd = quadrant + quadrant, angle = word[v] - (quadrant & 0xC0000000u);
        const noise8 x = __builtin_convertvector((bits8)angle, noise8) * noise_set(6.283185307f * 0x1p-32f), y = x * x;
        noise8 s = noise_set(1.0f / 362880), c = noise_set(1.0f / 40320);
        s = s * y + noise_set(-1.0f / 5040);
        c = c * y + noise_set(-1.0f / 720);
        s = s * y + noise_set(1.0f / 120);
        c = c * y + noise_set(1.0f / 24);
        s = s * y + noise_set(-1.0f / 6);
        c = c * y + noise_set(-0.5f);
        s = x + x * y * s;
        c = noise_set(1) + y * c;
        cosine[v] = (noise8)((word8)choose(odd, c, s) ^ ((quadrant ^ odd) & upper));
        sine[v] = (noise8)((word8)choose(odd, s, c) ^ (quadrant & upper));
    }
}

/* Lanes h WIDTH and following in double. */
static inline vec part_of(noise8 a, int h)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    (void)h;
    return (vec)_mm512_cvtps_pd((__m256)a);
#elif defined(__AVX2__)
    return (vec)_mm256_cvtps_pd(h ? _mm256_extractf128_ps((__m256)a, 1) : _mm256_castps256_ps128((__m256)a));
#else
    return (vec){ a[h * WIDTH], a[h * WIDTH + 1] };
#endif
}

/* Rows (x, y, z, 0) of a batch. */
static inline __attribute__((always_inline)) void normals(const int32_t *id, int64_t step, const round_keys *keys, double *rows)
{
    word8 word[4][VECTORS];
    noise8 ra[VECTORS], rb[VECTORS], ca[VECTORS], cb[VECTORS], sa[VECTORS], sb[VECTORS];
    for (int v = 0; v < VECTORS; v += TOGETHER) {
        word8 some[4][VECTORS]; /* with gcc 12 a particle takes 1 ns more when they are written in place */
        philox(id + LANES * v, step, keys, some);
        for (int w = 0; w < 4; w++)
            memcpy(word[w] + v, some[w], TOGETHER * sizeof some[w][0]);
    }
    radii(word[0], ra);
    radii(word[2], rb);
    directions(word[1], ca, sa);
    directions(word[3], cb, sb);
    EACH_VECTOR
    {
        const noise8 x = ra[v] * ca[v], y = ra[v] * sa[v], z = rb[v] * cb[v];
        for (int h = 0; h < PARTS; h++)
            scatter_rows(rows + ROW * (LANES * v + WIDTH * h), part_of(x, h), part_of(y, h), part_of(z, h));
    }
}

void BNSL_KERNEL(bnsl__step_noise)(const int32_t *id, int64_t n, int64_t step, const uint32_t key[2], double *noise)
{
    round_keys keys;
    make_keys(key, &keys);
    int64_t i = 0;
    for (; i + BATCH <= n; i += BATCH)
        normals(id + i, step, &keys, noise + ROW * i);
    if (i == n)
        return;
    int32_t some[BATCH];
    double rows[BATCH * ROW];
    for (int64_t k = 0; k < BATCH; k++)
        some[k] = id[i + k < n ? i + k : n - 1];
    normals(some, step, &keys, rows);
    memcpy(noise + ROW * i, rows, (size_t)(ROW * (n - i)) * sizeof *rows);
}
