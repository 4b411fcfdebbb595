/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Phases of the L particles of a configuration, and the clusters that the crystalline ones form (whatever their phase).
 *
 * Two crystalline L belong to one cluster when they are nearer than 1.35 times the mean of their own L-L distances, each the mean
 * distance of the 6 nearest L: between the first and the second shell of every phase, with no length to be given.
 */
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

#endif
