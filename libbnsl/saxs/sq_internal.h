/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structure factors of configurations: the job, sums over wave vectors, the three methods. */
#ifndef BNSL_SAXS_SQ_INTERNAL_H
#define BNSL_SAXS_SQ_INTERNAL_H

#include "saxs_internal.h"

enum {
    SQ_MAX_SPECIES = 64,
    SQ_MAX_PAIRS = SQ_MAX_SPECIES * (SQ_MAX_SPECIES + 1) / 2,
    SQ_MAX_INDEX = 32767 /* of a wave vector */
};

/* One call of bnsl_saxs_structure_factor, checked. */
typedef struct sq_job {
    const char *func;
    bnsl_saxs_sq_options o; /* method resolved */
    const bnsl_box *box;
    int64_t n;
    const double *xyz;
    const int32_t *species; /* may be NULL: all 0 */
    int32_t n_species, n_pairs;
    double dq, k_max; /* width of a bin; largest |k| that is summed */
    int threads;
    bnsl_control *control;
} sq_job;

static inline int32_t sq_species(const sq_job *job, int64_t i)
{
    return job->species ? job->species[i] : 0;
}

/* ---- sums over wave vectors (sq_sums.c) ------------------------------------------------------------------------------------ */

/*
 * Powder average: bins of q and, with peak_hwhm, the curve folded with a Lorentzian. A folded wave vector is either added to every q at once
 * (exact), or spread to the nodes of a fine grid of k, which are folded at the end.
 */
typedef struct sq_average {
    const sq_job *job;
    int32_t n_columns; /* n_pairs numerators, then the denominator */
    int64_t n_q_padded;
    saxs_lanes q;      /* n_q_padded; NULL without folding */
    int64_t n_nodes;   /* 0: exact */
    double per_node;   /* nodes per unit of k; node i stands at (i - 2) / per_node */
    saxs_fold_fn fold;
} sq_average;

typedef struct sq_sums {
    int64_t *count;        /* n_q */
    double *sum_k, *sum_s; /* n_q; n_q x n_pairs */
    saxs_lanes folded;     /* n_columns x n_q_padded */
    double *nodes;         /* n_nodes x n_columns */
} sq_sums;

/* fine: spread to nodes, where that is not more work. End with bnsl__sq_average_end, also after a failure. */
bool bnsl__sq_average_begin(sq_average *average, const sq_job *job, bool fine);
void bnsl__sq_average_end(sq_average *average);

bool bnsl__sq_sums_make(const sq_average *average, sq_sums *sums); /* zero; end with bnsl__sq_sums_free, also after a failure */
void bnsl__sq_sums_free(sq_sums *sums);
void bnsl__sq_sums_clear(const sq_average *average, sq_sums *sums);

/* A wave vector of length k > 0 with its n_pairs partials. */
void bnsl__sq_sums_add(const sq_average *average, sq_sums *sums, double k, const double *s);

/* to += from */
void bnsl__sq_sums_merge(const sq_average *average, sq_sums *to, const sq_sums *from);

/* q, partials (n_q x n_pairs) and numbers of wave vectors; *empty: no wave vector was in any bin. */
void bnsl__sq_sums_finish(const sq_average *average, sq_sums *sums, double *q, double *partial, int64_t *n_k, bool *empty);

/* ---- methods: q (n_q), partial (n_q x n_pairs), n_k (n_q) are for them to fill -------------------------------------------------- */

bnsl_status bnsl__sq_direct(const sq_job *job, double *q, double *partial, int64_t *n_k);
bnsl_status bnsl__sq_nufft(const sq_job *job, double *q, double *partial, int64_t *n_k);
bnsl_status bnsl__sq_debye(const sq_job *job, double *q, double *partial);

/* BNSL_EDOMAIN: no wave vector in the range. */
bnsl_status bnsl__sq_no_wave_vector(const sq_job *job);

#endif
