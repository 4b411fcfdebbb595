/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The distance tests of pruning: a row of the outer neighbour list, in double precision, or in single for the mixed kernel. */
#include "md_internal.h"
#include "lanes_keep.h"

int32_t BNSL_KERNEL(bnsl__list_prune)(const bnsl__prune_work *w, int32_t *kept)
{
    const vec px = vec_set(w->row[0]), py = vec_set(w->row[1]), pz = vec_set(w->row[2]), reach = vec_set(w->reach);
    const vec own = vec_set(w->reach * w->row[3] + w->skin);
    int32_t n = 0;
    for (int32_t e = 0; e < w->n; e += LANES) {
        ivec hit[PARTS];
        __builtin_prefetch(w->entry + e + AHEAD);
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
        __builtin_prefetch(w->entry + e + AHEAD);
        gather_words(w->fixed, w->entry + e, &jx, &jy, &jz, &jw);
        const fvec x = fixed_difference(jx, px), y = fixed_difference(jy, py), z = fixed_difference(jz, pz);
        const fvec far = fvec_positive(reach * (fvec)jw + own);
        const fivec hit = x * x + y * y + z * z < far * far; /* far points are out of reach, as above */
        write_kept(keep_lanes(hit), load_integers(w->entry + e), kept + n);
        n += n_kept(keep_lanes(hit));
    }
    return n;
}
