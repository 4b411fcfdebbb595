/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histograms of distances for the Debye sum. */
#ifndef BNSL_SAXS_SQ_DEBYE_H
#define BNSL_SAXS_SQ_DEBYE_H

#include "sq_internal.h"

/* The count from this bit on, below it the sum of places in the bin, in 2^-16 of its width: enough for 2^24 - 1 pairs. */
enum { SQ_DEBYE_COUNT_SHIFT = 40 };

typedef struct sq_debye_bin {
    uint64_t count_and_sum, sum_square;
} sq_debye_bin;

/* Eight bins as the transform needs them; see sq_debye.c. */
typedef struct sq_debye_lanes {
    double sine[SAXS_LANES], cosine[SAXS_LANES];           /* of q r at the first q */
    double step_sine[SAXS_LANES], step_cosine[SAXS_LANES]; /* of dq r */
    double a[SAXS_LANES], b[SAXS_LANES], g[SAXS_LANES];
} sq_debye_lanes;

/* Adds the distances of n points from one, times per_bin, to a table. At most 2^24 - 1 before it is emptied. */
SAXS_KERNEL(bnsl__sq_debye_pairs, (const double *from, int64_t n, const double *x, const double *y, const double *z, double per_bin,
                                   sq_debye_bin *table));
typedef void (*sq_debye_pairs_fn)(const double *, int64_t, const double *, const double *, const double *, double, sq_debye_bin *);

/* sums[i][lane] += sin(q r) (a - q^2 b) / q - g cos(q r) at the n_q equidistant q[i]; bins aligned to 64 bytes. */
SAXS_KERNEL(bnsl__sq_debye_transform, (int64_t n_vectors, const sq_debye_lanes *bins, int32_t n_q, const double *q, double *sums));
typedef void (*sq_debye_transform_fn)(int64_t, const sq_debye_lanes *, int32_t, const double *, double *);

#endif
