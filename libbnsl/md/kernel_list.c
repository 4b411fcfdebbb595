/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The distance tests of the neighbour search: points of a few runs that lie nearer to a query than reach (radius_i + radius_j) + skin,
 * in single precision (the skin has room for the rounding), in the order of the runs. Cost: some 10 cycles for 16 points with AVX-512.
 */
#include "md_internal.h"
#include "lanes.h"

#if defined(__AVX512F__) && defined(__AVX512DQ__)

int64_t BNSL_KERNEL(bnsl__list_scan)(const bnsl__scan_work *w, int32_t *found)
{
    const __m512 qx = _mm512_set1_ps(w->query[0]), qy = _mm512_set1_ps(w->query[1]), qz = _mm512_set1_ps(w->query[2]);
    const __m512 qr = _mm512_set1_ps(w->query[3]), reach = _mm512_set1_ps(w->reach), skin = _mm512_set1_ps(w->skin);
    const __m512i self = _mm512_set1_epi32(w->self);
    int64_t n = 0;
    for (int64_t r = 0; r < w->n_runs; r++)
        for (int32_t p = w->run[2 * r], end = w->run[2 * r + 1]; p < end; p += 16) {
            const unsigned within = end - p < 16 ? (1u << (end - p)) - 1 : 0xFFFF;
            __m512 x = _mm512_sub_ps(_mm512_loadu_ps(w->x + p), qx), y = _mm512_sub_ps(_mm512_loadu_ps(w->y + p), qy);
            __m512 z = _mm512_sub_ps(_mm512_loadu_ps(w->z + p), qz);
            __m512 d2 = _mm512_add_ps(_mm512_add_ps(_mm512_mul_ps(x, x), _mm512_mul_ps(y, y)), _mm512_mul_ps(z, z));
            __m512 far = _mm512_add_ps(_mm512_mul_ps(reach, _mm512_add_ps(qr, _mm512_loadu_ps(w->radius + p))), skin);
            __m512i offset = _mm512_loadu_si512(w->offset + p);
            __mmask16 hit = _mm512_mask_cmp_ps_mask((__mmask16)within, d2, _mm512_mul_ps(far, far), _CMP_LT_OQ);
            hit = _mm512_mask_cmpneq_epi32_mask(hit, offset, self);
            _mm512_storeu_si512(found + n, _mm512_maskz_compress_epi32(hit, offset));
            n += __builtin_popcount(hit);
        }
    return n;
}

#else

int64_t BNSL_KERNEL(bnsl__list_scan)(const bnsl__scan_work *w, int32_t *found)
{
    const float qx = w->query[0], qy = w->query[1], qz = w->query[2], qr = w->query[3], reach = w->reach, skin = w->skin;
    int64_t n = 0;
    for (int64_t r = 0; r < w->n_runs; r++)
        for (int32_t p = w->run[2 * r]; p < w->run[2 * r + 1]; p += 16) {
            int32_t hit[16]; /* points after the end of the run exist, and are left out below */
            for (int k = 0; k < 16; k++) {
                float x = w->x[p + k] - qx, y = w->y[p + k] - qy, z = w->z[p + k] - qz, far = reach * (qr + w->radius[p + k]) + skin;
                hit[k] = (x * x + y * y + z * z < far * far) & (w->offset[p + k] != w->self);
            }
            int32_t left = w->run[2 * r + 1] - p;
            for (int k = 0; k < (left < 16 ? left : 16); k++) {
                found[n] = w->offset[p + k]; /* overwritten by the next point unless it counts */
                n += hit[k];
            }
        }
    return n;
}

#endif
