/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distances of runs of particles from a point: histogram, and sums for the local density. Eight particles at once; squares are gathered
 * first, so that only the last of them are fewer than eight. Every instruction set does the same operations on each particle.
 * Cost: some 1.5 ns a distance in a histogram with AVX-512, in range or not.
 */
#include "pairs_internal.h"

enum { LANES = PAIRS_LANES, BLOCK = 1024 };

/* Squares of the distances of the next particles of the runs, at most BLOCK of them; *run and *done say where to go on. */
static inline int64_t gather(int64_t n_runs, const pairs_run *runs, const double *restrict x, const double *restrict y, const double *restrict z,
                             int64_t *run, int32_t *done, double *restrict square)
{
    int64_t n = 0;
    while (*run < n_runs) {
        const pairs_run *r = runs + *run;
        const double qx = r->from[0], qy = r->from[1], qz = r->from[2];
        const int32_t left = r->end - r->begin - *done, room = (int32_t)(BLOCK - n), take = left < room ? left : room;
        const double *rx = x + r->begin + *done, *ry = y + r->begin + *done, *rz = z + r->begin + *done;
        for (int32_t i = 0; i < take; i += LANES) /* what is beyond `take` is overwritten */
            for (int32_t k = 0; k < LANES; k++) {
                const double dx = rx[i + k] - qx, dy = ry[i + k] - qy, dz = rz[i + k] - qz;
                square[n + i + k] = dx * dx + dy * dy + dz * dz;
            }
        n += take;
        if (take < left) {
            *done += take;
            return n;
        }
        *done = 0;
        ++*run;
    }
    return n;
}

void BNSL_KERNEL(bnsl__pairs_histogram) PAIRS_KERNEL_ARGUMENTS
{
    _Alignas(64) double square[BLOCK + LANES];
    uint64_t *first = out, *second = first + m->n_bins + LANES;
    const double low = m->square_min, high = m->square_max, r_min = m->r_min, per_bin = m->per_bin;
    const int32_t n_bins = m->n_bins;
    int64_t run = 0;
    int32_t done = 0;
    while (run < n) {
        const int64_t n_squares = gather(n, runs, x, y, z, &run, &done, square);
        for (int32_t k = 0; k < LANES; k++)
            square[n_squares + k] = high; /* out of range */
        for (int64_t i = 0; i < n_squares; i += LANES) {
            int32_t bin[LANES];
            for (int32_t k = 0; k < LANES; k++) {
                const double s = square[i + k], in_range = s < high ? (s > low ? s : low) : high;
                const int32_t b = (int32_t)((__builtin_sqrt(in_range) - r_min) * per_bin), b_last = b < n_bins ? b : n_bins - 1;
                bin[k] = s < high && s >= low ? b_last : n_bins + k;
            }
            for (int32_t k = 0; k < LANES; k += 2) { /* neighbours often share a bin: two histograms wait less for each other */
                first[bin[k]]++;
                second[bin[k + 1]]++;
            }
        }
    }
}

void BNSL_KERNEL(bnsl__pairs_shells) PAIRS_KERNEL_ARGUMENTS
{
    _Alignas(64) double square[BLOCK + LANES];
    pairs_shells *sum = out;
    const double high = m->square_max, r_full = m->r_full;
    int64_t run = 0;
    int32_t done = 0;
    while (run < n) {
        const int64_t n_squares = gather(n, runs, x, y, z, &run, &done, square);
        for (int32_t k = 0; k < LANES; k++)
            square[n_squares + k] = high;
        for (int64_t i = 0; i < n_squares; i += LANES)
            for (int32_t k = 0; k < LANES; k++) {
                const double s = square[i + k], r = __builtin_sqrt(s < high ? s : high);
                const double counts = s < high ? 1 : 0, full = r < r_full ? counts : 0, partial = counts - full;
                sum->n_full[k] += full;
                sum->n_partial[k] += partial;
                sum->sum_r[k] += partial * r;
            }
    }
}
