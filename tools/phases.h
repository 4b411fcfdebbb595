/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phases of the L particles of a configuration, the clusters that the crystalline ones form, and what else is known of their crystals. */
#ifndef BNSL_TOOLS_PHASES_H
#define BNSL_TOOLS_PHASES_H

#include <bnsl/bnsl.h>

typedef struct phase_counts {
    int64_t n_large, n_phase[BNSL_N_PHASES]; /* L particles, all and of each phase */
    int64_t n_clusters, largest_cluster;     /* the latter in L particles */
} phase_counts;

/*
 * phase_out    n values BNSL_PHASE_*; S and others are fluid
 * cluster_out  n cluster numbers, 0 = the largest, -1: not crystalline; or NULL
 * Status of the library call that failed, or BNSL_ENOMEM.
 */
bnsl_status phases_find(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t num_threads, int32_t *phase_out,
                        int32_t *cluster_out, phase_counts *counts_out);

/* The crystals: particles of each BNSL_REGION_*, confirmed L, grains. */
typedef struct phase_crystals {
    int64_t n_region[BNSL_N_REGIONS], n_confirmed, n_grains;
    int64_t *grain_size; /* n_grains, largest first; malloc'd */
    int32_t *grain_phase;
} phase_crystals;

/*
 * After phases_find: region_out, confirmed_out, grain_out have room for n values each (bnsl_order_surface, _confirm, _grains). BNSL_OK, else
 * there is nothing to free.
 */
bnsl_status phases_crystals(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase, int32_t num_threads,
                            int32_t *region_out, int32_t *confirmed_out, int32_t *grain_out, phase_crystals *out);
void phases_crystals_free(phase_crystals *c);

#endif
