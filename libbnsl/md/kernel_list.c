/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The distance tests of the neighbour lists. The scan of the search: points of a few runs that lie nearer to a query than
 * reach (radius_i + radius_j) + skin, in single precision (the skin has room for the rounding), in the order of the runs. The pruning of a
 * row of the outer list, in double precision, or in single for the mixed kernel.
 */
#include "md_internal.h"
#include "lanes_mixed.h"

#if defined(__AVX2__)
/* The order in which a permutation brings the lanes of a mask to the front, one byte each. */
#define LANE_OF(m, k) ((m) >> (k)&1 ? (uint64_t)(k) << 8 * __builtin_popcount((m) & ((1u << (k)) - 1)) : 0)
#define LANES_OF(m) (LANE_OF(m, 0) | LANE_OF(m, 1) | LANE_OF(m, 2) | LANE_OF(m, 3) | LANE_OF(m, 4) | LANE_OF(m, 5) | LANE_OF(m, 6) | LANE_OF(m, 7))
#define MASKS_4(m) LANES_OF(m), LANES_OF(m + 1), LANES_OF(m + 2), LANES_OF(m + 3)
#define MASKS_16(m) MASKS_4(m), MASKS_4(m + 4), MASKS_4(m + 8), MASKS_4(m + 12)
#define MASKS_64(m) MASKS_16(m), MASKS_16(m + 16), MASKS_16(m + 32), MASKS_16(m + 48)
static const uint64_t lanes_of_mask[256] = { MASKS_64(0u), MASKS_64(64u), MASKS_64(128u), MASKS_64(192u) };

/* Writes those of 8 integers whose bits are set to out, in their order, with others after them. */
static inline void compress8(__m256i all, unsigned mask, int32_t *out)
{
    const __m256i order = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)lanes_of_mask[mask]));
    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_permutevar8x32_epi32(all, order));
}
#endif

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

#elif defined(__AVX2__)

int64_t BNSL_KERNEL(bnsl__list_scan)(const bnsl__scan_work *w, int32_t *found)
{
    const __m256 qx = _mm256_set1_ps(w->query[0]), qy = _mm256_set1_ps(w->query[1]), qz = _mm256_set1_ps(w->query[2]);
    const __m256 qr = _mm256_set1_ps(w->query[3]), reach = _mm256_set1_ps(w->reach), skin = _mm256_set1_ps(w->skin);
    const __m256i self = _mm256_set1_epi32(w->self);
    int64_t n = 0;
    for (int64_t r = 0; r < w->n_runs; r++)
        for (int32_t p = w->run[2 * r], end = w->run[2 * r + 1]; p < end; p += 8) {
            const unsigned within = end - p < 8 ? (1u << (end - p)) - 1 : 0xFF;
            __m256 x = _mm256_sub_ps(_mm256_loadu_ps(w->x + p), qx), y = _mm256_sub_ps(_mm256_loadu_ps(w->y + p), qy);
            __m256 z = _mm256_sub_ps(_mm256_loadu_ps(w->z + p), qz);
            __m256 d2 = _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(x, x), _mm256_mul_ps(y, y)), _mm256_mul_ps(z, z));
            __m256 far = _mm256_add_ps(_mm256_mul_ps(reach, _mm256_add_ps(qr, _mm256_loadu_ps(w->radius + p))), skin);
            __m256i offset = _mm256_loadu_si256((const __m256i *)(const void *)(w->offset + p));
            __m256 near = _mm256_cmp_ps(d2, _mm256_mul_ps(far, far), _CMP_LT_OQ);
            __m256 hit = _mm256_andnot_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(offset, self)), near);
            const unsigned mask = (unsigned)_mm256_movemask_ps(hit) & within;
            compress8(offset, mask, found + n);
            n += __builtin_popcount(mask);
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

int32_t BNSL_KERNEL(bnsl__list_prune)(const bnsl__prune_work *w, int32_t *kept)
{
    const vec px = vec_set(w->row[0]), py = vec_set(w->row[1]), pz = vec_set(w->row[2]), reach = vec_set(w->reach);
    const vec own = vec_set(w->reach * w->row[3] + w->skin);
    int32_t n = 0;
    for (int32_t e = 0; e < w->n; e += LANES) {
        ivec hit[PARTS];
        for (int h = 0; h < PARTS; h++) {
            vec x, y, z, radius;
            gather_rows(w->position, w->entry + e + h * WIDTH, &x, &y, &z, &radius);
            x -= px;
            y -= py;
            z -= pz;
            vec far = reach * radius + own;
            hit[h] = x * x + y * y + z * z < far * far;
        }
        /* far points are out of reach, so nothing after the end is kept */
#if defined(__AVX512F__) && defined(__AVX512DQ__)
        const __mmask8 mask = _mm512_movepi64_mask((__m512i)hit[0]);
        const __m256i entry = _mm256_loadu_si256((const __m256i *)(const void *)(w->entry + e));
        _mm256_storeu_si256((__m256i *)(void *)(kept + n), _mm256_maskz_compress_epi32(mask, entry));
        n += __builtin_popcount(mask);
#elif defined(__AVX2__)
        const unsigned mask = (unsigned)_mm256_movemask_pd((__m256d)hit[0]) | (unsigned)_mm256_movemask_pd((__m256d)hit[1]) << 4;
        compress8(_mm256_loadu_si256((const __m256i *)(const void *)(w->entry + e)), mask, kept + n);
        n += __builtin_popcount(mask);
#else
        for (int k = 0; k < LANES; k++) {
            kept[n] = w->entry[e + k]; /* overwritten by the next entry unless it counts */
            n += hit[k / WIDTH][k % WIDTH] != 0;
        }
#endif
    }
    return n;
}

/* The same from the integers of the mixed kernel. */
int32_t BNSL_KERNEL(bnsl__list_prune_mixed)(const bnsl__prune_work *w, int32_t *kept)
{
    const fivec zero = { 0 };
    const int32_t *row = w->fixed_row;
    float own_radius;
    memcpy(&own_radius, row + 3, sizeof own_radius);
    const fivec px = row[0] + zero, py = row[1] + zero, pz = row[2] + zero;
    const fvec reach = fvec_set((float)w->reach), own = fvec_set((float)w->reach * own_radius + (float)w->skin);
    int32_t n = 0;
    for (int32_t e = 0; e < w->n; e += FWIDTH) {
        fivec jx, jy, jz, jw;
        gather_words(w->fixed, w->entry + e, &jx, &jy, &jz, &jw);
        const fvec x = __builtin_convertvector(jx - px, fvec), y = __builtin_convertvector(jy - py, fvec), z = __builtin_convertvector(jz - pz, fvec);
        const fvec far = reach * (fvec)jw + own;
        const fivec hit = x * x + y * y + z * z < far * far; /* far points are out of reach, as above */
#if defined(__AVX512F__) && defined(__AVX512DQ__)
        const __mmask16 mask = _mm512_movepi32_mask((__m512i)hit);
        _mm512_storeu_si512(kept + n, _mm512_maskz_compress_epi32(mask, _mm512_loadu_si512(w->entry + e)));
        n += __builtin_popcount(mask);
#elif defined(__AVX2__)
        const unsigned mask = (unsigned)_mm256_movemask_ps((__m256)hit);
        compress8(_mm256_loadu_si256((const __m256i *)(const void *)(w->entry + e)), mask, kept + n);
        n += __builtin_popcount(mask);
#else
        for (int k = 0; k < FWIDTH; k++) {
            kept[n] = w->entry[e + k]; /* overwritten by the next entry unless it counts */
            n += hit[k] != 0;
        }
#endif
    }
    return n;
}
