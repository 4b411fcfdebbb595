/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the functions on phases share: particles by species, the crystalline L with the bonds between them, orientations. */
#ifndef BNSL_ORDER_CRYSTAL_H
#define BNSL_ORDER_CRYSTAL_H

#include "order_internal.h"

/* The L and S of one system. */
typedef struct order_split {
    int64_t n_l, n_s;
    int64_t *index_l, *index_s; /* which particles they are */
    double *l, *s;              /* positions */
} order_split;

/* True when n, box, xyz and species are fit; else the message is set and the status is BNSL_EINVAL. func: the public function. */
bool bnsl__order_check_particles(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const char *func);

/* True when the phases are BNSL_PHASE_*. */
bool bnsl__order_check_phases(int64_t n, const int32_t *phase, const char *func);

/* False: no memory, nothing to free. */
bool bnsl__order_split(order_split *out, int64_t n, const double *xyz, const int32_t *species);
void bnsl__order_split_free(order_split *p);

/* How many other L an L has as neighbours, up to `wanted`: images count in a periodic box. */
int32_t bnsl__order_neighbors_to_have(const bnsl_box *box, int64_t n_others, int64_t n_same, int32_t wanted);

/* List of the k nearest points of each query point; query NULL: of the points among themselves. */
bnsl_status bnsl__order_nearest(bnsl_neighbor_list **out, const bnsl_box *box, int64_t n_query, const double *query, int64_t n, const double *xyz,
                                int32_t k, int32_t num_threads);

/* The crystalline L of a configuration. */
typedef struct order_crystal {
    int64_t n;
    int32_t *phase;            /* of each */
    int64_t *particle, *place; /* index among all particles, among the L */
    double *xyz, *spacing;     /* position; b_i: mean distance of the 6 nearest L */
    bnsl_neighbor_list *bonds; /* between those nearer than 1.35 (b_i + b_j) / 2: first shell of every phase, not the second */
} order_crystal;

/* phase: n values. The particles have been checked. BNSL_OK, or a status with nothing to free. */
bnsl_status bnsl__order_crystal_find(order_crystal *out, const bnsl_box *box, const order_split *p, const int32_t *phase, int32_t num_threads,
                                     const char *func);
void bnsl__order_crystal_free(order_crystal *c);

/* As bnsl_order_clusters, for any bonds between n_query points (vectors are not needed); selected NULL: all of them. */
bnsl_status bnsl__order_join(const order_bonds *bonds, const int32_t *selected, int32_t *cluster_out, int64_t *n_clusters_out, int64_t *size_out,
                             const char *func);

/* Clusters of the crystalline L, whatever their phase: numbers (c->n) by decreasing size; sizes (c->n, the first *n_clusters are set). */
bnsl_status bnsl__order_crystal_join(const order_crystal *c, int32_t *cluster, int64_t *n_clusters, int64_t *size, const char *func);

/* q_lm of n points of a list, each from its first k bonds, n x plan->n_values. BNSL_OK, or BNSL_EINTERNAL for a list without vectors. */
bnsl_status bnsl__order_rows(const order_plan *plan, const bnsl_neighbor_list *list, int64_t k, int64_t n, const int64_t *point,
                             int threads, double *row, const char *func);

/* sum_lm Re(a_lm conj(b_lm)) over all orders of the plan. */
double bnsl__order_dot(const order_plan *plan, const double *a, const double *b);

#endif
