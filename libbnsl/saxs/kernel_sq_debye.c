/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inner loops of the Debye sum: distances into a histogram, and the transform of its bins. A count and sums of whole numbers are exact, so the
 * order of the pairs does not matter; the transform keeps eight sums a q, lane k for bins 8 v + k, and adds them in one fixed order.
 */
#include "sq_debye.h"
#include "sq_lanes.h"

enum { RUN = 512 };

/* Bins and places within them, in units of 2^-16, of the distances of n <= RUN points from one. */
static inline void distances(const double *restrict from, int64_t n, const double *restrict x, const double *restrict y, const double *restrict z,
                             double per_bin, int32_t *restrict bin, int32_t *restrict place)
{
    const double x0 = from[0], y0 = from[1], z0 = from[2];
    for (int64_t j = 0; j < n; j++) {
        const double dx = x[j] - x0, dy = y[j] - y0, dz = z[j] - z0, r = __builtin_sqrt(dx * dx + dy * dy + dz * dz) * per_bin;
        const int32_t b = (int32_t)r;
        bin[j] = b;
        place[j] = (int32_t)((r - b) * 65536.0);
    }
}

void BNSL_KERNEL(bnsl__sq_debye_pairs)(const double *from, int64_t n, const double *x, const double *y, const double *z, double per_bin,
                                       sq_debye_bin *table)
{
    int32_t bin[RUN], place[RUN];
    for (int64_t first = 0; first < n; first += RUN) {
        const int64_t m = n - first < RUN ? n - first : RUN;
        distances(from, m, x + first, y + first, z + first, per_bin, bin, place);
        for (int64_t j = 0; j < m; j++) {
            const uint64_t f = (uint64_t)place[j];
            sq_debye_bin *b = table + bin[j];
            b->count_and_sum += ((uint64_t)1 << SQ_DEBYE_COUNT_SHIFT) + f;
            b->sum_square += f * f;
        }
    }
}

void BNSL_KERNEL(bnsl__sq_debye_transform)(int64_t n_vectors, const sq_debye_lanes *bins, int32_t n_q, const double *q, double *sums)
{
    vec *total = (vec *)sums;
    for (int64_t v = 0; v < n_vectors; v++)
        for (int p = 0; p < PARTS; p++) {
#define OF(field) ((const vec *)bins[v].field)[p]
            vec s = OF(sine), c = OF(cosine);
            const vec step_s = OF(step_sine), step_c = OF(step_cosine), a = OF(a), b = OF(b), g = OF(g);
            for (int32_t i = 0; i < n_q; i++) {
                const double square = q[i] * q[i], over = 1 / q[i];
                total[i * PARTS + p] += s * (a - square * b) * over - g * c;
                const vec next = s * step_c + c * step_s;
                c = c * step_c - s * step_s;
                s = next;
            }
        }
}
