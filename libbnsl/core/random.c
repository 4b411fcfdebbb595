/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counter-based random numbers: Philox4x32-10 [J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC'11, doi 10.1145/2063384.2063405]. A number is a function of its coordinates, so threads and restarts do not matter.
 *
 * Counter words: index (48 bits) | block of 2 doubles (16 bits) | step (63 bits). The key is the first half of the Philox block of
 * (seed, stream) under a fixed key, so that streams do not overlap for any pair of seeds.
 */
#include <math.h>

#include "core_internal.h"

static const uint32_t MULTIPLIER_0 = 0xD2511F53u, MULTIPLIER_1 = 0xCD9E8D57u; /* the paper's table 2 and 3 */
static const uint32_t WEYL_0 = 0x9E3779B9u, WEYL_1 = 0xBB67AE85u;

void bnsl_philox4x32(const uint32_t *counter, const uint32_t *key, uint32_t *out)
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)MULTIPLIER_0 * c0;
        uint64_t p1 = (uint64_t)MULTIPLIER_1 * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

void bnsl__random_key(uint64_t seed, uint32_t stream, uint32_t key[2])
{
    static const uint32_t fixed[2] = { 0x62736E6Cu, 0x6B657973u };
    uint32_t block[4] = { (uint32_t)seed, (uint32_t)(seed >> 32), stream, 0 };
    bnsl_philox4x32(block, fixed, block);
    key[0] = block[0];
    key[1] = block[1];
}

enum { MAX_NUMBERS = 2 * 65536 }; /* 16 bits of block number, 2 doubles a block */

/* 53 random bits to the middle of one of 2^53 equal parts of (0, 1) */
static double open_unit(uint32_t high, uint32_t low)
{
    uint64_t bits = ((uint64_t)high << 32 | low) >> 11;
    return ((double)bits + 0.5) * 0x1p-53;
}

static bnsl_status check(const char *func, int64_t n, const double *out)
{
    if (n < 0 || n > MAX_NUMBERS)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be 0 .. %d", (long long)n, (int)MAX_NUMBERS);
    if (n > 0 && !out)
        return bnsl__fail(BNSL_EINVAL, func, "out is NULL");
    return BNSL_OK;
}

static void fill(uint64_t seed, uint32_t stream, uint64_t index, uint64_t step, int64_t n, double *out)
{
    uint32_t key[2];
    bnsl__random_key(seed, stream, key);
    for (int64_t i = 0; i < n; i += 2) {
        uint32_t block[4] = { (uint32_t)index, (uint32_t)(index >> 32 & 0xFFFFu) | (uint32_t)(i / 2) << 16, (uint32_t)step,
                              (uint32_t)(step >> 32) & 0x7FFFFFFFu };
        bnsl_philox4x32(block, key, block);
        out[i] = open_unit(block[0], block[1]);
        if (i + 1 < n)
            out[i + 1] = open_unit(block[2], block[3]);
    }
}

bnsl_status bnsl_random_uniform(uint64_t seed, uint32_t stream, uint64_t index, uint64_t step, int64_t n, double *out)
{
    bnsl_status status = check(__func__, n, out);
    if (!status)
        fill(seed, stream, index, step, n, out);
    return status;
}

bnsl_status bnsl_random_normal(uint64_t seed, uint32_t stream, uint64_t index, uint64_t step, int64_t n, double *out)
{
    bnsl_status status = check(__func__, n, out);
    if (status)
        return status;
    /* pairs (u, v) -> sqrt(-2 ln u) (cos, sin)(2 pi v); the last number of an odd n needs a v of its own */
    fill(seed, stream, index, step, n, out);
    double last_v = 0;
    if (n % 2) {
        double pair[2];
        uint32_t key[2], block[4] = { (uint32_t)index, (uint32_t)(index >> 32 & 0xFFFFu) | (uint32_t)(n / 2) << 16, (uint32_t)step,
                                      (uint32_t)(step >> 32) & 0x7FFFFFFFu };
        bnsl__random_key(seed, stream, key);
        bnsl_philox4x32(block, key, block);
        pair[1] = open_unit(block[2], block[3]);
        last_v = pair[1];
    }
    for (int64_t i = 0; i < n; i += 2) {
        double radius = sqrt(-2.0 * log(out[i]));
        double angle = 6.283185307179586476925 * (i + 1 < n ? out[i + 1] : last_v);
        out[i] = radius * cos(angle);
        if (i + 1 < n)
            out[i + 1] = radius * sin(angle);
    }
    return BNSL_OK;
}
