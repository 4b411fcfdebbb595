/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pruning the rows of a chunk: their distance tests, in double precision, or in single for the mixed kernel. */
#include "md_internal.h"
#include "lanes_keep.h"

/* Of a row of n entries, and far points up to a multiple of LANES, those nearer than reach (radius_i + radius_j) + skin; how many. */
typedef int32_t prune_row(const bnsl__prune_work *w, int64_t i, double reach, const int32_t *entry, int32_t n, int32_t *kept);

static inline __attribute__((always_inline)) int32_t prune_double(const bnsl__prune_work *w, int64_t i, double row_reach, const int32_t *entry,
                                                                  int32_t n_entries, int32_t *kept)
{
    const double *row = w->position + ROW * i;
    const vec px = vec_set(row[0]), py = vec_set(row[1]), pz = vec_set(row[2]), reach = vec_set(row_reach);
    const vec own = vec_set(row_reach * row[3] + w->skin);
    int32_t n = 0;
    for (int32_t e = 0; e < n_entries; e += LANES) {
        ivec hit[PARTS];
        __builtin_prefetch(entry + e + AHEAD);
        for (int h = 0; h < PARTS; h++) {
            vec x, y, z, radius;
            gather_rows(w->position, entry + e + h * WIDTH, &x, &y, &z, &radius);
            x -= px;
            y -= py;
            z -= pz;
            vec far = reach * radius + own;
            hit[h] = x * x + y * y + z * z < far * far;
        }
        /* far points are out of reach, so nothing after the end is kept */
#if defined(__AVX512F__) && defined(__AVX512DQ__)
        const __mmask8 mask = _mm512_movepi64_mask((__m512i)hit[0]);
        const __m256i some = _mm256_loadu_si256((const __m256i *)(const void *)(entry + e));
        _mm256_storeu_si256((__m256i *)(void *)(kept + n), _mm256_maskz_compress_epi32(mask, some));
        n += __builtin_popcount(mask);
#elif defined(__AVX2__)
        const unsigned mask = (unsigned)_mm256_movemask_pd((__m256d)hit[0]) | (unsigned)_mm256_movemask_pd((__m256d)hit[1]) << 4;
        compress8(_mm256_loadu_si256((const __m256i *)(const void *)(entry + e)), mask, kept + n);
        n += __builtin_popcount(mask);
#else
        for (int k = 0; k < LANES; k++) {
            kept[n] = entry[e + k]; /* overwritten by the next entry unless it counts */
            n += hit[k / WIDTH][k % WIDTH] != 0;
        }
#endif
    }
    return n;
}

/* The same from the integers of the mixed kernel. */
static inline __attribute__((always_inline)) int32_t prune_mixed(const bnsl__prune_work *w, int64_t i, double row_reach, const int32_t *entry,
                                                                 int32_t n_entries, int32_t *kept)
{
    const fivec zero = { 0 };
    const int32_t *row = w->fixed + ROW * i;
    float own_radius;
    memcpy(&own_radius, row + 3, sizeof own_radius);
    const fivec px = row[0] + zero, py = row[1] + zero, pz = row[2] + zero;
    const fvec reach = fvec_set((float)row_reach), own = fvec_set((float)row_reach * own_radius + (float)w->skin);
    int32_t n = 0;
    for (int32_t e = 0; e < n_entries; e += FWIDTH) {
        fivec jx, jy, jz, jw;
        __builtin_prefetch(entry + e + AHEAD);
        gather_words(w->fixed, entry + e, &jx, &jy, &jz, &jw);
        const fvec x = fixed_difference(jx, px), y = fixed_difference(jy, py), z = fixed_difference(jz, pz);
        const fvec far = reach * (fvec)jw + own;
        const fivec hit = x * x + y * y + z * z < far * far; /* never with a far point, whose radius is not a number */
        write_kept(keep_lanes(hit), load_integers(entry + e), kept + n);
        n += n_kept(keep_lanes(hit));
    }
    return n;
}

static inline __attribute__((always_inline)) int32_t prune_rows(const bnsl__prune_work *w, prune_row *prune)
{
    int32_t end = 0;
    for (int64_t k = 0; k < w->n; k++) {
        const int64_t i = w->order[k], first = i * w->n_slots;
        const bnsl__law *law = w->law + (int64_t)w->species[i] * w->n_slots;
        for (int64_t s = first; s < first + w->n_slots; s++, law++) {
            w->kept_start[s] = end;
            w->kept_count[s] = prune(w, w->first + i, law->reach * w->reach_unit, w->entry + w->start[s], w->count[s], w->kept + end);
            end = bnsl__pad_row(w->kept, end + w->kept_count[s], w->padding, w->far_entry);
        }
    }
    return end;
}

int32_t BNSL_KERNEL(bnsl__list_prune)(const bnsl__prune_work *work)
{
    return prune_rows(work, prune_double);
}

int32_t BNSL_KERNEL(bnsl__list_prune_mixed)(const bnsl__prune_work *work)
{
    return prune_rows(work, prune_mixed);
}
