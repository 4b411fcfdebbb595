/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which lanes of a vector of single precision are kept: their words are written one after the other, in their order. And the same of eight
 * integers by the bits of a byte.
 */
#ifndef BNSL_MD_LANES_KEEP_H
#define BNSL_MD_LANES_KEEP_H

#include "lanes_mixed.h"

#if defined(__AVX512F__) && defined(__AVX512DQ__)

typedef __mmask16 lanes_kept;

static inline lanes_kept keep_lanes(fivec hit)
{
    return _mm512_movepi32_mask((__m512i)hit);
}

/* Of the first n lanes. */
static inline lanes_kept first_lanes(lanes_kept kept, int32_t n)
{
    return (lanes_kept)(kept & ((1u << (n < FWIDTH ? n : FWIDTH)) - 1));
}

static inline int32_t n_kept(lanes_kept kept)
{
    return __builtin_popcount(kept);
}

static inline void write_kept(lanes_kept kept, fivec words, void *out)
{
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(kept, (__m512i)words));
}

/* Writes eight words to out, of which those whose bits are set come first and count. */
static inline void keep_eight(const int32_t *from, unsigned bits, int32_t *out)
{
    const __m256i all = _mm256_loadu_si256((const __m256i *)(const void *)from);
    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_maskz_compress_epi32((__mmask8)bits, all));
}

/* The bits of a vector's lanes, from the bit `place` of `bytes` on. */
static inline void write_bits(lanes_kept kept, int32_t place, uint8_t *bytes)
{
    memcpy(bytes + place / 8, &kept, sizeof kept);
}

/* Those of a group in double. */
static inline unsigned eight_bits(const ivec hit[PARTS])
{
    return _mm512_movepi64_mask((__m512i)hit[0]);
}

#elif defined(__AVX2__)

/* The order in which a permutation brings the lanes of a mask to the front, four bits each: a table of 1 KiB, which stays in the level-1 cache. */
#define LANE_OF(m, k) ((m) >> (k)&1 ? (uint32_t)(k) << 4 * __builtin_popcount((m) & ((1u << (k)) - 1)) : 0)
#define LANES_OF(m) (LANE_OF(m, 0) | LANE_OF(m, 1) | LANE_OF(m, 2) | LANE_OF(m, 3) | LANE_OF(m, 4) | LANE_OF(m, 5) | LANE_OF(m, 6) | LANE_OF(m, 7))
#define MASKS_4(m) LANES_OF(m), LANES_OF(m + 1), LANES_OF(m + 2), LANES_OF(m + 3)
#define MASKS_16(m) MASKS_4(m), MASKS_4(m + 4), MASKS_4(m + 8), MASKS_4(m + 12)
#define MASKS_64(m) MASKS_16(m), MASKS_16(m + 16), MASKS_16(m + 32), MASKS_16(m + 48)
static const uint32_t lanes_of_mask[256] = { MASKS_64(0u), MASKS_64(64u), MASKS_64(128u), MASKS_64(192u) };

/* Writes those of 8 integers whose bits are set to out, in their order, with others after them. */
static inline void compress8(__m256i all, unsigned mask, int32_t *out)
{
    const __m256i place = _mm256_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28); /* a permutation reads the lower three bits of a lane */
    const __m256i order = _mm256_srlv_epi32(_mm256_set1_epi32((int32_t)lanes_of_mask[mask]), place);
    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_permutevar8x32_epi32(all, order));
}

typedef unsigned lanes_kept;

static inline lanes_kept keep_lanes(fivec hit)
{
    return (unsigned)_mm256_movemask_ps((__m256)hit);
}

/* Of the first n lanes. */
static inline lanes_kept first_lanes(lanes_kept kept, int32_t n)
{
    return (lanes_kept)(kept & ((1u << (n < FWIDTH ? n : FWIDTH)) - 1));
}

static inline int32_t n_kept(lanes_kept kept)
{
    return __builtin_popcount(kept);
}

static inline void write_kept(lanes_kept kept, fivec words, void *out)
{
    compress8((__m256i)words, kept, out);
}

static inline void keep_eight(const int32_t *from, unsigned bits, int32_t *out)
{
    compress8(_mm256_loadu_si256((const __m256i *)(const void *)from), bits, out);
}

static inline void write_bits(lanes_kept kept, int32_t place, uint8_t *bytes)
{
    bytes[place / 8] = (uint8_t)kept;
}

static inline unsigned eight_bits(const ivec hit[PARTS])
{
    return (unsigned)_mm256_movemask_pd((__m256d)hit[0]) | (unsigned)_mm256_movemask_pd((__m256d)hit[1]) << 4;
}

#else

typedef fivec lanes_kept;

static inline lanes_kept keep_lanes(fivec hit)
{
    return hit;
}

static inline lanes_kept first_lanes(lanes_kept kept, int32_t n)
{
    const fivec lane = { 0, 1, 2, 3 };
    return kept & (lane < n);
}

static inline int32_t n_kept(lanes_kept kept)
{
    int32_t n = 0;
    for (int k = 0; k < FWIDTH; k++)
        n -= kept[k];
    return n;
}

/* Not kept: overwritten by the next word. */
static inline void write_kept(lanes_kept kept, fivec words, void *out)
{
    int32_t *word = out, n = 0;
    for (int k = 0; k < FWIDTH; k++) {
        word[n] = words[k];
        n -= kept[k];
    }
}

static inline void keep_eight(const int32_t *from, unsigned bits, int32_t *out)
{
    for (int k = 0; k < 8; k++) {
        *out = from[k];
        out += bits >> k & 1;
    }
}

static inline void write_bits(lanes_kept kept, int32_t place, uint8_t *bytes)
{
    unsigned bits = place % 8 ? bytes[place / 8] : 0;
    for (int k = 0; k < FWIDTH; k++)
        bits |= (unsigned)(kept[k] & 1) << (place % 8 + k);
    bytes[place / 8] = (uint8_t)bits;
}

static inline unsigned eight_bits(const ivec hit[PARTS])
{
    unsigned bits = 0;
    for (int k = 0; k < LANES; k++)
        bits |= (unsigned)(hit[k / WIDTH][k % WIDTH] & 1) << k;
    return bits;
}

#endif

#endif
