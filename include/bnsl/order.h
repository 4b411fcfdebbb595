/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file order.h
 * Bond-orientational order, phases and clusters of particle configurations.
 *
 *   q_lm(i) = mean over the bonds of i of Y_lm(direction),  q_l(i) = sqrt(4 pi / (2 l + 1) sum_m |q_lm|^2)   [Steinhardt 1983]
 *   w_l(i)  = sum_{m1+m2+m3=0} (l l l; m1 m2 m3) q_lm1 q_lm2 q_lm3, normalised by (sum_m |q_lm|^2)^(3/2)
 *   averaged: qbar_lm(i) = (q_lm(i) + sum over the neighbours j of q_lm(j)) / (N_b(i) + 1)                    [Lechner and Dellago 2008]
 *
 * Y_lm are orthonormal with the Condon-Shortley phase. A particle without bonds has the value NaN; a bond of length 0 has no
 * direction and does not count. Lists must hold every bond of a point (BNSL_NEIGHBOR_HALF: BNSL_EINVAL), but clusters take half lists too.
 */
#ifndef BNSL_ORDER_H
#define BNSL_ORDER_H

#include <bnsl/neighbor.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Phases of a particle. */
enum { BNSL_PHASE_FLUID = 0, BNSL_PHASE_ALB2 = 1, BNSL_PHASE_NAZN13 = 2, BNSL_PHASE_FCC = 3, BNSL_N_PHASES = 4 };

/** Largest order l. */
enum { BNSL_ORDER_L_MAX = 20 };

/**
 * Steinhardt bond-order parameters of each query particle of a list.
 *
 * @param list           bonds of the query particles (with vectors)
 * @param n_l, l         orders wanted, each 0..20
 * @param num_threads    0 = 1; the result does not depend on it
 * @param q_out          n_query x n_l, row-major, dimensionless, or NULL
 * @param w_out          n_query x n_l normalised w_l, or NULL; NaN also where sum |q_lm|^2 < 1e-12; 0 for odd l
 * @param n_unbound_out  number of query particles without bonds (those of a species that the list does not ask for too), or NULL
 * @return BNSL_OK; BNSL_EINVAL: no order, an order out of range, a list without vectors, num_threads < 0; BNSL_ENOMEM.
 * Threads: list may be shared. Cost: O(bonds * max(l)^2).
 */
BNSL_API bnsl_status bnsl_order_steinhardt(const bnsl_neighbor_list *list, int32_t n_l, const int32_t *l, int32_t num_threads, double *q_out,
                                           double *w_out, int64_t *n_unbound_out);

/**
 * As bnsl_order_steinhardt, averaged over the particle and its neighbours.
 *
 * @param list     bonds that q_lm are computed from (say, 12 nearest S of each L)
 * @param average  bonds over which q_lm are averaged (say, 8 nearest L of each L), both ends query particles of list;
 *                 NULL: list itself. A neighbour without bonds in list is left out of the mean. It needs no vectors.
 * @return also BNSL_EINVAL: the two lists have different numbers of query points, or a bond ends at another point.
 */
BNSL_API bnsl_status bnsl_order_steinhardt_averaged(const bnsl_neighbor_list *list, const bnsl_neighbor_list *average, int32_t n_l,
                                                    const int32_t *l, int32_t num_threads, double *q_out, double *w_out, int64_t *n_unbound_out);

/** Thresholds of bnsl_order_classify (criterion C6). */
typedef struct bnsl_order_classify_options {
    uint32_t struct_size;    /**< set by bnsl_order_classify_options_init */
    int32_t num_threads;     /**< 0 = 1; the result does not depend on it */
    double alb2_q4_ls;       /**< A > this: AlB2; default 0.22 */
    double nazn13_q4_ll;     /**< else B > this and ...; default 0.30 */
    double nazn13_q6_ll_max; /**< ... C <= this: NaZn13; default 0.27 */
    double fcc_q6_ll;        /**< else D > this: fcc; default 0.35 */
    double guard_ll;         /**< distance guard: the 8th L (fcc: 12th L) nearer than this times b_LL; default 1.6 */
    double guard_ls;         /**< the 12th S nearer than this times b_LL (AlB2, NaZn13); default 1.2 */
    double b_ll;             /**< nearest L-L distance of a crystal. 0, the default: found for each phase, as the median of b_i (mean
                                  distance of the 6 nearest L) over the particles that meet its thresholds and are not gas: b_i below
                                  1.5 times the 5 % quantile of b_i. So coexisting phases, or a gas of most particles, do no harm */
} bnsl_order_classify_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_classify_options_init(bnsl_order_classify_options *opts, size_t struct_size);

/**
 * Phase of every L particle, from averaged Steinhardt parameters of typed neighbours:
 *   A = qbar_4 of the 12 nearest S, averaged over the 8 nearest L;  B, C = qbar_4, qbar_6 of the 8 nearest L;  D = qbar_6 of the 12 nearest L;
 *   A > 0.22 -> AlB2; else B > 0.30 and C <= 0.27 -> NaZn13; else D > 0.35 -> fcc; else fluid. The distance guard is part of
 *   each condition: particles with far neighbours (gas, surface) are fluid. Surfaces of crystals are seen in part only.
 *
 * @param box        or NULL: a finite cluster
 * @param n, xyz     all particles
 * @param species    n values: 0 = L, 1 = S; other species are ignored
 * @param opts       or NULL for the defaults
 * @param phase_out  n values BNSL_PHASE_*; S particles are always fluid
 * @return BNSL_OK; BNSL_EINVAL: positions, box, species, options; BNSL_ENOMEM. In a free system fewer than 9 L particles (13 for fcc), or
 *         12 S (AlB2, NaZn13): that phase is not found; in a periodic one images are neighbours too.
 * Cost: O(n).
 */
BNSL_API bnsl_status bnsl_order_classify(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                         const bnsl_order_classify_options *opts, int32_t *phase_out);

/**
 * Clusters: connected components of the bonds whose two ends are both selected.
 *
 * @param list          bonds; query points and points are the same set
 * @param selected      n_query values, 0 or not 0
 * @param cluster_out   n_query cluster numbers, 0 = the largest (ties: the one with the lowest particle); -1: not selected
 * @param n_clusters_out number of clusters, or NULL
 * @param size_out      n_query values of which the first n_clusters are set: sizes, largest first; or NULL
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_order_clusters(const bnsl_neighbor_list *list, const int32_t *selected, int32_t *cluster_out, int64_t *n_clusters_out,
                                         int64_t *size_out);

#ifdef __cplusplus
}
#endif
#endif
