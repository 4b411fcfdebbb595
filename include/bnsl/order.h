/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file order.h
 * Bond-orientational order, phases and clusters of particle configurations; local density, pair distributions, motion.
 *
 *   q_lm(i) = mean over the bonds of i of Y_lm(direction),  q_l(i) = sqrt(4 pi / (2 l + 1) sum_m |q_lm|^2)   [Steinhardt 1983]
 *   w_l(i)  = sum_{m1+m2+m3=0} (l l l; m1 m2 m3) q_lm1 q_lm2 q_lm3, normalised by (sum_m |q_lm|^2)^(3/2)
 *   averaged: qbar_lm(i) = (q_lm(i) + sum over the neighbours j of q_lm(j)) / (N_b(i) + 1)                    [Lechner and Dellago 2008]
 *
 * Y_lm are orthonormal with the Condon-Shortley phase. Lists must hold every bond of a point (BNSL_NEIGHBOR_HALF: BNSL_EINVAL), but
 * clusters and the pairs of connections may be half lists.
 *
 * One rule for what has no value. A bond of length 0 has no direction and does not count. A particle without bonds that count is
 * unbound: all of its values are NaN, it is no member of an average, and functions say how many there are. A quotient of a vanishing
 * q_l (sum_m |q_lm|^2 < 1e-12: normalised w_l, normalised connections) is NaN. NaN is beyond no threshold: such particles are neither
 * solid-like nor of a phase.
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

/**
 * The general form of the two functions above: bonds with weights, w_l also without its norm.
 *
 *   q_lm(i) = sum_j weight_ij Y_lm(direction of j) / sum_j weight_ij
 *
 * @param weight     one for each bond of list, in its order: 0, or 1e-100 .. 1e100 (say, areas of Voronoi faces); NULL: all 1.
 *                   A particle whose weights are all 0 counts as one without bonds.
 * @param average    NULL: no averages; else the bonds to average over, as above (list itself is allowed). Members count alike.
 * @param w_out      n_query x n_l w_l / (sum_m |q_lm|^2)^(3/2), or NULL
 * @param w_raw_out  n_query x n_l w_l as it stands at the head of this file, without the norm, or NULL
 * @return also BNSL_EINVAL: a weight that is not allowed.
 */
BNSL_API bnsl_status bnsl_order_steinhardt_weighted(const bnsl_neighbor_list *list, const double *weight, const bnsl_neighbor_list *average,
                                                    int32_t n_l, const int32_t *l, int32_t num_threads, double *q_out, double *w_out,
                                                    double *w_raw_out, int64_t *n_unbound_out);

/**
 * The q_lm themselves, of one order l.
 * @param weight   as in bnsl_order_steinhardt_weighted, or NULL
 * @param qlm_out  n_query x (2 l + 1): q_l0, Re q_l1, Im q_l1, ..., Re q_ll, Im q_ll; the others are q_l,-m = (-1)^m conj(q_lm)
 */
BNSL_API bnsl_status bnsl_order_harmonics(const bnsl_neighbor_list *list, const double *weight, int32_t l, int32_t num_threads, double *qlm_out,
                                          int64_t *n_unbound_out);

/**
 * Connections between neighbours [ten Wolde, Ruiz-Montero and Frenkel 1995]:
 *
 *   d_ij = Re sum_m q_lm(i) conj(q_lm(j)),  normalised: divided by |q_l(i)| |q_l(j)|, |q_l|^2 = sum_m |q_lm|^2; within -1 .. 1
 *
 * @param list        bonds that q_lm are computed from (say, 24 nearest S of each L)
 * @param pairs       bonds i-j whose d is wanted (say, 6 nearest L of each L), both ends query points of list; NULL: list itself.
 *                    It needs no vectors, and may be a half list.
 * @param l           one order, 0..20, even or odd
 * @param normalised  1 or 0
 * @param d_out       one for each bond of pairs, in its order
 * @param n_undefined_out  bonds whose d is NaN, or NULL
 * @return BNSL_OK; BNSL_EINVAL: as bnsl_order_steinhardt_averaged; BNSL_ENOMEM. Cost: O(bonds l^2 + pairs l).
 */
BNSL_API bnsl_status bnsl_order_connections(const bnsl_neighbor_list *list, const bnsl_neighbor_list *pairs, int32_t l, int32_t normalised,
                                            int32_t num_threads, double *d_out, int64_t *n_undefined_out);

/** Parameters of bnsl_order_solid. */
typedef struct bnsl_order_solid_options {
    uint32_t struct_size;    /**< set by bnsl_order_solid_options_init */
    int32_t l;               /**< order of the connections, 0..20; default 6 */
    double threshold;        /**< a bond is solid-like when d_ij > this; default 0.7 */
    int32_t min_connections; /**< a particle is solid-like with this many solid-like bonds or more; >= 1; default 7 */
    int32_t raw;             /**< 1: d_ij without its norm; default 0 */
    int32_t num_threads;     /**< 0 = 1; the result does not depend on it */
    int32_t reserved;        /**< 0 */
} bnsl_order_solid_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_solid_options_init(bnsl_order_solid_options *opts, size_t struct_size);

/**
 * Solid-like particles, by the number of their connections to neighbours, and clusters of them: parts that solid-like bonds between
 * solid-like particles hold together [ten Wolde, Ruiz-Montero and Frenkel 1995].
 *
 * @param list, pairs        as in bnsl_order_connections, no half lists
 * @param opts               or NULL for the defaults
 * @param solid_out          n_query values 0 or 1
 * @param n_connections_out  n_query numbers of solid-like bonds, or NULL
 * @param cluster_out, n_clusters_out, size_out  as in bnsl_order_clusters; particles that are not solid-like: -1
 * @return BNSL_OK; BNSL_EINVAL: also options; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_order_solid(const bnsl_neighbor_list *list, const bnsl_neighbor_list *pairs, const bnsl_order_solid_options *opts,
                                      int32_t *solid_out, int32_t *n_connections_out, int32_t *cluster_out, int64_t *n_clusters_out,
                                      int64_t *size_out);

/** Thresholds of bnsl_order_classify (criterion C6 with conditions that other crystals break). */
typedef struct bnsl_order_classify_options {
    uint32_t struct_size;    /**< set by bnsl_order_classify_options_init */
    int32_t num_threads;     /**< 0 = 1; the result does not depend on it */
    double alb2_q4_ls;       /**< A > this: AlB2; default 0.22 */
    double nazn13_q4_ll;     /**< else B > this and ...; default 0.30 */
    double nazn13_q6_ll_max; /**< ... C <= this: NaZn13; default 0.27 */
    double fcc_q6_ll;        /**< else D > this and ...: fcc; default 0.35 */
    double guard_ll;         /**< distance guard: the 8th L (fcc: 12th L) nearer than this times b_LL; default 1.6 */
    double guard_ls;         /**< AlB2: the 12th S nearer than this times b_LL; default 1.2 */
    double b_ll;             /**< nearest L-L distance of a crystal. 0, the default: found for each phase, as the median of b_i (mean
                                  distance of the 6 nearest L) over the particles that meet its thresholds and are not gas: b_i below
                                  1.5 times the 5 % quantile of b_i. So coexisting phases, or a gas of most particles, do no harm */
    double guard_ls_nazn13;  /**< NaZn13: the 12th S nearer than this times b_LL; default 0.69 */
    double fcc_w4_ll_max;    /**< ... E < this and ...; default -0.08 */
    double fcc_w6_ll_max;    /**< ... F < this: fcc; default 0 */
    double fcc_clear_ls;     /**< fcc: the 4th S of the particle itself or of one of its 12 nearest L not nearer than this times b_LL; default 0.95 */
} bnsl_order_classify_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_classify_options_init(bnsl_order_classify_options *opts, size_t struct_size);

/**
 * Phase of every L particle, from averaged Steinhardt parameters of typed neighbours:
 *   A = qbar_4 of the 12 nearest S, averaged over the 8 nearest L;  B, C = qbar_4, qbar_6 of the 8 nearest L;
 *   D, E, F = qbar_6, wbar_4, wbar_6 of the 12 nearest L;
 *   A > 0.22 -> AlB2; else B > 0.30 and C <= 0.27 -> NaZn13; else D > 0.35, E < -0.08 and F < 0 -> fcc; else fluid.
 * The distance guards are part of each condition: particles with far neighbours (gas, surface) are fluid. Surfaces of crystals
 * are seen in part only (see bnsl_order_surface). fcc is a crystal of L alone: the L sublattices of NaCl, ZnS or CaF2 are none.
 *
 * Right for at least 99.9 % of L in crystals of each phase with 10 % rms displacement (of the nearest distance of the own species),
 * 99 % with 12 %. At 8 % at most 0.1 % of the L of hcp, bcc, simple cubic and hexagonal, CsCl, NaCl, MgZn2 and Cu3Au are given a
 * phase, and none of 20,000 L of binary fluids at packing fractions 0.50 to 0.57 (monodisperse, polydisperse, attractive).
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

/* ---- crystals: what follows from the phases ------------------------------------------------------------ */
/*
 * phase: n values BNSL_PHASE_* of bnsl_order_classify, or of the caller's own; those of S are ignored. A crystalline L is one that is not
 * fluid. Two of them are bonded when they are nearer than 1.35 times the mean of b_i and b_j, where b_i is the mean distance of the 6
 * nearest L: between the first and the second shell of every phase. box, n, xyz, species, num_threads as in bnsl_order_classify.
 * All: BNSL_OK; BNSL_EINVAL: positions, box, species, phase, an output that is NULL, num_threads < 0; BNSL_ENOMEM. Cost: O(n).
 */

/**
 * Clusters of the crystalline L, whatever their phases.
 *
 * @param cluster_out    n cluster numbers, 0 = the largest (ties: the one with the lowest particle); -1: not a crystalline L
 * @param n_clusters_out number of clusters, or NULL
 * @param size_out       sizes in L, largest first: room for as many as there are crystalline L, the first n_clusters are set; or NULL
 */
BNSL_API bnsl_status bnsl_order_crystal_clusters(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                                 const int32_t *phase, int32_t num_threads, int32_t *cluster_out, int64_t *n_clusters_out,
                                                 int64_t *size_out);

/** What a particle is to the crystals (bnsl_order_surface). */
enum {
    BNSL_REGION_FLUID = 0,   /**< none of what follows */
    BNSL_REGION_CORE = 1,    /**< a crystalline L */
    BNSL_REGION_SURFACE = 2, /**< an L that is not crystalline but bonded to one that is */
    BNSL_REGION_SMALL = 3,   /**< an S next to a crystalline L */
    BNSL_N_REGIONS = 4
};

/**
 * The crystals with their surface: averaged order parameters see the outermost L of a crystal in part only, so that its size is between
 * the core and the core with its neighbours (the more the smaller it is).
 *
 * Surface: L that are nearer than 1.35 b_i to a crystalline L i. S next to it: nearer than b_i (AlB2: the 12 S at 0.76; fcc), for
 * NaZn13 nearer than 0.72 b_i (the 24 S at 0.58), or nearer than 0.95 b_i to 5 or more of them: the S at the centre of an icosahedron
 * (8 L at 0.87). So in bulk there are 2 S (AlB2) and 13 S (NaZn13) for each L of the core.
 *
 * @param region_out  n values BNSL_REGION_*
 * @param count_out   BNSL_N_REGIONS numbers of particles (L and S; those of other species are none), or NULL
 */
BNSL_API bnsl_status bnsl_order_surface(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase,
                                        int32_t num_threads, int32_t *region_out, int64_t *count_out);

/** Parameters of bnsl_order_grains. */
typedef struct bnsl_order_grains_options {
    uint32_t struct_size; /**< set by bnsl_order_grains_options_init */
    int32_t num_threads;  /**< 0 = 1; the result does not depend on it */
    double d_min;         /**< cosine of two orientations above which they are alike, > 0 and < 1; default 0.94 */
    int64_t min_size;     /**< smaller sets make no grains, >= 1; default 8 */
} bnsl_order_grains_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_grains_options_init(bnsl_order_grains_options *opts, size_t struct_size);

/**
 * Grains: sets of L of one phase, connected by bonds between L of like orientation.
 *
 *   v_i = (q_4m, q_6m) of the nearest L of i (8 in AlB2, 6 in NaZn13, 12 in fcc), averaged over i and its bonded L j of the same phase with
 *   v_i v_j / (|v_i| |v_j|) > 0.75;  i and j are alike when for the averages v_i v_j / (|v_i| |v_j|) > d_min
 *
 * the connection of ten Wolde et al. (1996) for l = 4 and 6 at once. Connected sets of at least min_size L are grains; L of smaller
 * sets join the grain that most of their bonded L of the phase belong to, if there is one. Up to 12 % rms noise a crystal is
 * one grain. Crystals that touch are told apart when turned by 25 degrees or more (fcc, AlB2 about c: 20), and are one grain below 10.
 *
 * @param opts          or NULL for the defaults
 * @param grain_out     n grain numbers, 0 = the largest (ties: the one with the lowest particle); -1: none
 * @param n_grains_out  number of grains, or NULL
 * @param size_out      sizes in L, largest first: room for as many as there are crystalline L, the first n_grains are set; or NULL
 * @param phase_out     likewise their phases BNSL_PHASE_*; or NULL
 */
BNSL_API bnsl_status bnsl_order_grains(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase,
                                       const bnsl_order_grains_options *opts, int32_t *grain_out, int64_t *n_grains_out, int64_t *size_out,
                                       int32_t *phase_out);

/**
 * Confirms phases by quantities that bnsl_order_classify does not use: connections d_ij = sum_m Re(q_lm(i) conj(q_lm(j))) / (|q_l(i)| |q_l(j)|).
 *   NaZn13: mean of d_ij over the 6 nearest L, l = 9 of the 24 nearest S, below -0.25 (neighbouring cages are mirror images: -1; fluid: 0)
 *   AlB2:   at least 5 of the 8 nearest L with d_ij > 0.7, l = 4 of the 8 nearest L
 *   fcc:    at least 9 of the 12 nearest L with d_ij > 0.7, l = 6 of the 12 nearest L
 * Cages lose their handedness with noise: of the L of a NaZn13 crystal with 8 % rms noise 99 % are confirmed, with 10 % some 92 %, with
 * 12 % some 75 %, at a surface fewer; AlB2 and fcc: 99 % up to 12 %. Of a fluid given as NaZn13 1 % are. An L that is not confirmed is not
 * wrong; a crystal in which few are deserves a look.
 *
 * @param confirmed_out  n values, 1: confirmed, 0: not, or not a crystalline L
 * @param value_out      n values, the mean or the number; NaN: no crystalline L, or fewer neighbours than that; or NULL
 */
BNSL_API bnsl_status bnsl_order_confirm(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase,
                                        int32_t num_threads, int32_t *confirmed_out, double *value_out);

/* ---- nucleation in a trajectory -------------------------------------------------------------------------- */

/** A read-out of the nucleation in a trajectory: frames go in one by one. */
typedef struct bnsl_order_nucleation bnsl_order_nucleation;

/** Walls of bnsl_order_nucleation_set_wall. */
enum {
    BNSL_CONFINEMENT_NONE = 0,
    BNSL_CONFINEMENT_SPHERE = 1, /**< inside a sphere of radius size */
    BNSL_CONFINEMENT_SLAB = 2    /**< between two planes parallel to faces of the box, size on either side of the centre */
};

/** How a crystal came (bnsl_order_nucleation_summary.mechanism). */
enum {
    BNSL_NUCLEATION_UNDECIDED = 0, /**< no onset, or nothing seen before it */
    BNSL_NUCLEATION_ONE_STEP = 1,
    BNSL_NUCLEATION_TWO_STEP = 2 /**< its L were in a dense fluid before, most of the others were not */
};

/** Parameters of bnsl_order_nucleation_create. */
typedef struct bnsl_order_nucleation_options {
    uint32_t struct_size;    /**< set by bnsl_order_nucleation_options_init */
    int32_t num_threads;     /**< 0 = 1; the result does not depend on it */
    int64_t onset_size;      /**< L in the largest cluster that make the onset, >= 1; default 20 */
    int64_t hold_frames;     /**< for how many more frames it must stay so large; 0, the default: in all that follow */
    int64_t nucleus_size;    /**< L in a cluster that make it a nucleus, >= 1; default 5 */
    double diameter_l;       /**< sigma of L, > 0: unit of the lengths below and part of the packing fraction; default 1 */
    double diameter_s;       /**< sigma of S, > 0; default 0.55 */
    double effective_l;      /**< diameters for the effective packing fraction (bnsl_potential_barker_henderson); ... */
    double effective_s;      /**< ... 0, the default: not known, the fraction is NaN */
    double density_r_max;    /**< radius of the local density in diameter_l, > 0; default 1.3 */
    double density_diameter; /**< width of its edge in diameter_l, > 0, at most 2 density_r_max; default 1 */
    double dense_alb2;       /**< local density from which on a particle is dense, diameter_l^-3; defaults: bnsl_order_density_threshold, 1.6, ... */
    double dense_nazn13;     /**< ... 2.5, ... */
    double dense_fcc;        /**< ... 1.05 */
} bnsl_order_nucleation_options;

/** One frame. */
typedef struct bnsl_order_nucleation_frame {
    int64_t step;
    double time;
    int64_t n_large;                   /**< L particles */
    int64_t n_phase[4];                /**< of each BNSL_PHASE_* */
    int64_t n_clusters;                /**< crystalline clusters, bnsl_order_crystal_clusters */
    int64_t n_nuclei;                  /**< of at least nucleus_size */
    int64_t largest_cluster;           /**< L in the largest one; 0: none */
    int32_t largest_phase;             /**< the phase of most of its L */
    int32_t reserved;                  /**< 0 */
    double center[3];                  /**< mean position of its L, in the box; NaN without one. Of a cluster that has no end (through a periodic
                                            box to itself) it means nothing */
    double distance;                   /**< of the centre from the wall; without a wall, from the centre of the nearest other nucleus; else NaN */
    double distance_random;            /**< mean of that for a random point: R / 4 in a sphere, size / 2 in a slab; without a wall
                                            Gamma(4/3) (4/3 pi m / V)^(-1/3) with m other nuclei [Hertz 1909] */
    double distance_probability;       /**< probability that it is smaller for a random point: near 0: at the wall, near 1: far from it */
    double volume;                     /**< of the sphere or slab, else of a fully periodic box, else NaN */
    double density;                    /**< L and S per volume */
    double packing_fraction;           /**< pi / 6 sum sigma^3 / volume */
    double packing_fraction_effective; /**< the same with the effective diameters */
    double dense_fluid[4];             /**< share of the fluid L that are as dense as each phase asks for; [0] and without fluid L: NaN */
    int64_t n_known;                   /**< L of the largest cluster that were fluid in an earlier frame ... */
    int64_t n_dense_before;            /**< ... and as dense as their present phase asks for, in the last one of these */
} bnsl_order_nucleation_frame;

/** What a trajectory shows. */
typedef struct bnsl_order_nucleation_summary {
    int64_t n_frames;
    int64_t onset_frame;               /**< counted from 0; -1: none */
    bnsl_order_nucleation_frame onset; /**< that frame; without one step -1 and NaN */
    int64_t largest_frame;             /**< the frame with the largest cluster of all ... */
    int64_t largest_cluster;           /**< ... and its L */
    int32_t mechanism;                 /**< BNSL_NUCLEATION_* */
    int32_t reserved;                  /**< 0 */
    double dense_before;               /**< n_dense_before / n_known at the onset; NaN when undecided */
    double dense_fluid;                /**< share of the fluid L in the frame before that were as dense, the phase of the nucleus; likewise */
} bnsl_order_nucleation_summary;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_nucleation_options_init(bnsl_order_nucleation_options *opts, size_t struct_size);

/** New read-out without frames. @param opts or NULL for the defaults. @return BNSL_OK; BNSL_EINVAL names the option and its range; BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_order_nucleation_create(bnsl_order_nucleation **out, const bnsl_order_nucleation_options *opts);

/** Ends a read-out; NULL is allowed. */
BNSL_API void bnsl_order_nucleation_destroy(bnsl_order_nucleation *readout);

/**
 * The wall around the particles of the frames to come (a drying droplet: call it before each).
 *
 * @param kind    BNSL_CONFINEMENT_*; NONE, as at first: the arguments that follow are ignored
 * @param axis    SLAB: the planes are parallel to the two other edge vectors of the box, 0 .. 2
 * @param center  3 coordinates
 * @param size    radius of the sphere, half the width of the slab; > 0
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_order_nucleation_set_wall(bnsl_order_nucleation *readout, int32_t kind, int32_t axis, const double *center, double size);

/**
 * Adds a frame. The particles and their species are the same in all frames, in the same order.
 *
 * Local densities are those of bnsl_order_local_density, of all particles around an L.
 *
 * @param box, n, xyz, species  as in bnsl_order_classify
 * @param phase  n values BNSL_PHASE_*, or NULL: bnsl_order_classify with its defaults
 * @param step, time  for the reports; NaN: no time
 * @return BNSL_OK; BNSL_EINVAL: as there, other particles than before, a slab without box; BNSL_ENOMEM. On failure the frame is not added.
 * Cost: O(n).
 */
BNSL_API bnsl_status bnsl_order_nucleation_add(bnsl_order_nucleation *readout, const bnsl_box *box, int64_t n, const double *xyz,
                                               const int32_t *species, const int32_t *phase, int64_t step, double time);

/** Number of frames; 0 for NULL. */
BNSL_API int64_t bnsl_order_nucleation_n_frames(const bnsl_order_nucleation *readout);

/** Frame i, 0 <= i < n_frames. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_nucleation_frame_at(const bnsl_order_nucleation *readout, int64_t i, bnsl_order_nucleation_frame *out);

/**
 * The onset and how the crystal came.
 *
 * Onset: the first frame from which on the largest cluster has at least onset_size L, for hold_frames more frames or in all that follow.
 *
 * Two steps, dense before crystalline: of the L of that cluster at least half were dense when they were last seen fluid (dense_before), of
 * all fluid L in the frame before the onset less than 95 % were (dense_fluid: in a fluid that is dense everywhere nothing came first), and
 * 1 - dense_before <= (1 - dense_fluid) / 2: the nucleus comes out of the dense part. Else one step. Undecided without an onset, with an
 * onset in the first frame, or when less than half of the L were ever seen fluid.
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_order_nucleation_summarize(const bnsl_order_nucleation *readout, bnsl_order_nucleation_summary *out);
/** Most species of the functions below. */
enum { BNSL_ORDER_SPECIES_MAX = 16 };

/* ---- local density -------------------------------------------------------------------------------- */

/** Parameters of the local density. */
typedef struct bnsl_order_density_options {
    uint32_t struct_size;  /**< set by bnsl_order_density_options_init */
    int32_t num_threads;   /**< 0 = 1; the result does not depend on it */
    double r_max;          /**< R, > 0; default 1.3 */
    double diameter;       /**< D of every neighbour, > 0; default 1 */
    int32_t query_species; /**< only around particles of this species; -1: all (default). Not for lists, which have chosen */
    int32_t point_species; /**< only neighbours of this species; -1: all (default) */
} bnsl_order_density_options;

/** Defaults: those of the assembly paper's analysis. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_density_options_init(bnsl_order_density_options *opts, size_t struct_size);

/**
 * Local number density around each particle, as freud's LocalDensity:
 *
 *   rho_i = sum_j c(d_ij) / (4/3 pi R^3),   c(d) = 1 for d < R - D/2, (R + D/2 - d) / D up to R + D/2, 0 beyond
 *
 * over all neighbours j and their images, the particle itself left out. In an ideal gas its mean is rho (1 + D^2 / (4 R^2)).
 *
 * @param box            or NULL: no periodicity; R may be larger than the box
 * @param n, xyz         particles, n < 2^31 - 1; need not be wrapped
 * @param species        n values >= 0, or NULL: all 0
 * @param opts           or NULL for the defaults
 * @param density_out    n values, 1 / length^3, or NULL; 0 for a particle without neighbours and for those of a species not asked for
 * @param neighbors_out  n values, sum_j c(d_ij), or NULL
 * @return BNSL_OK; BNSL_EINVAL: box, positions, species, options, an R that reaches over 2^30 images; BNSL_ENOMEM. Outputs are untouched on error.
 * Cost: O(pairs within R + D/2); no list of them is kept.
 */
BNSL_API bnsl_status bnsl_order_local_density(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                              const bnsl_order_density_options *opts, double *density_out, double *neighbors_out);

/**
 * As bnsl_order_local_density, from the bonds of a list that reaches to R + D/2 or further (bonds beyond count 0).
 *
 * @param list           with vectors, not BNSL_NEIGHBOR_HALF
 * @param density_out, neighbors_out  n_query values each, or NULL
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_order_local_density_of_list(const bnsl_neighbor_list *list, const bnsl_order_density_options *opts, double *density_out,
                                                      double *neighbors_out);

/**
 * Local density (R = 1.3, D = 1, in units of the diameter of L) above which a particle counts as dense as a phase: 1.05 for
 * BNSL_PHASE_FCC, 1.6 for BNSL_PHASE_ALB2, 2.5 for BNSL_PHASE_NAZN13; NaN for others.
 */
BNSL_API double bnsl_order_density_threshold(int32_t phase);

/* ---- pairs ------------------------------------------------------------------------------------------ */

/** Radial distribution functions g_ab(r), accumulated over frames. */
typedef struct bnsl_order_rdf bnsl_order_rdf;

/** Bits of bnsl_order_rdf_options.flags. */
enum { BNSL_RDF_FINITE_SIZE = 1 /**< of one species N (N - 1) pairs are expected, not N^2: an ideal gas has g = 1 for any N */ };

/** Parameters of bnsl_order_rdf_create. */
typedef struct bnsl_order_rdf_options {
    uint32_t struct_size; /**< set by bnsl_order_rdf_options_init */
    int32_t num_threads;  /**< 0 = 1; the result does not depend on it */
    double r_min;         /**< >= 0; default 0 */
    double r_max;         /**< > r_min; default 5. May be larger than the box: images count, a particle's own ones too */
    int32_t n_bins;       /**< 1 .. 1000000; default 200. Bin b holds r_b <= r < r_(b+1), r_b = r_min + b (r_max - r_min) / n_bins */
    int32_t n_species;    /**< 1 .. BNSL_ORDER_SPECIES_MAX; default 1 */
    int32_t species_a;    /**< count only the pairs of species_a and species_b; both -1, the default: all pairs */
    int32_t species_b;    /**< */
    int32_t flags;        /**< bits above; default 0 */
    int32_t reserved;     /**< 0 */
} bnsl_order_rdf_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_rdf_options_init(bnsl_order_rdf_options *opts, size_t struct_size);

/** New accumulator without frames; opts may be NULL. @return BNSL_OK; BNSL_EINVAL names the option and its range; BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_order_rdf_create(bnsl_order_rdf **out, const bnsl_order_rdf_options *opts);

/** Ends an accumulator; NULL is allowed. */
BNSL_API void bnsl_order_rdf_destroy(bnsl_order_rdf *rdf);

/**
 * Adds a frame; volume and numbers of particles may differ from frame to frame.
 *
 * @param box      its volume V normalises g, also along axes that are not periodic
 * @param n, xyz   particles, n < 2^31 - 1; need not be wrapped
 * @param species  n values 0 .. n_species - 1, or NULL: all 0
 * @param control  progress and cancel, or NULL
 * @return BNSL_OK; BNSL_EINVAL: box, positions, species, an r_max that reaches over 2^30 images; BNSL_ENOMEM; BNSL_ECANCELLED. Nothing is
 *         added on failure.
 * Cost: O(pairs within r_max), each counted from one end; memory beside the particles: one histogram a thread.
 */
BNSL_API bnsl_status bnsl_order_rdf_add(bnsl_order_rdf *rdf, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                        bnsl_control *control);

/** Middles (n_bins values) and edges (n_bins + 1) of the bins; each may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_rdf_bins(const bnsl_order_rdf *rdf, double *centre_out, double *edge_out);

/**
 * Mean over the frames that have particles a and b:
 *
 *   g_ab(b) = < H_b V / (N_a N_b) > / (4/3 pi (r_(b+1)^3 - r_b^3)),   n_r(b) = < sum_{b' <= b} H_b' / N_a >
 *
 * with H the number of ordered pairs (a, b) in a bin. In an ideal gas g_ab = 1 and g_aa = 1 - 1 / N_a (see BNSL_RDF_FINITE_SIZE).
 *
 * @param species_a, species_b  0 .. n_species - 1; both -1: all particles, whatever their species (when all pairs are counted)
 * @param g_out         n_bins values, or NULL
 * @param n_r_out       n_bins values: mean number of b between r_min and the upper edge of the bin around an a; or NULL
 * @param n_frames_out  number of frames in the mean, or NULL
 * @return BNSL_OK; BNSL_EINVAL: species, or a pair that is not counted; BNSL_EDOMAIN: no such frame.
 */
BNSL_API bnsl_status bnsl_order_rdf_read(const bnsl_order_rdf *rdf, int32_t species_a, int32_t species_b, double *g_out, double *n_r_out,
                                         int64_t *n_frames_out);

/* ---- motion ----------------------------------------------------------------------------------------- */

/** A trajectory for mean squared displacements (MSD): every frame is kept, 24 bytes a particle. */
typedef struct bnsl_order_msd bnsl_order_msd;

/** Parameters of bnsl_order_msd_create. */
typedef struct bnsl_order_msd_options {
    uint32_t struct_size; /**< set by bnsl_order_msd_options_init */
    int32_t num_threads;  /**< 0 = 1; the result does not depend on it */
    int32_t n_species;    /**< 1 .. BNSL_ORDER_SPECIES_MAX; default 1 */
    int32_t follow;       /**< 1: positions are wrapped and have no images: take the nearest image since the frame before (right while no
                               particle moves half a box between frames); default 0 */
    int32_t remove_drift; /**< 1: subtract the mean displacement of all particles in each frame; default 0 */
    int32_t reserved;     /**< 0 */
} bnsl_order_msd_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_msd_options_init(bnsl_order_msd_options *opts, size_t struct_size);

/** New trajectory without frames; opts may be NULL. @return BNSL_OK; BNSL_EINVAL names the option and its range; BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_order_msd_create(bnsl_order_msd **out, const bnsl_order_msd_options *opts);

/** Ends a trajectory; NULL is allowed. */
BNSL_API void bnsl_order_msd_destroy(bnsl_order_msd *msd);

/**
 * Adds a frame, equally spaced in time. Box, particles and their species must be those of the first frame: at changing volume
 * displacements mean nothing.
 *
 * @param box      or NULL: positions are unwrapped; lengths and tilts may differ by 1e-6 (single precision in files)
 * @param n, xyz   particles, n >= 1
 * @param image    n x 3 counts of crossed cells (bnsl_box_wrap), or NULL: positions are unwrapped, or the option follow
 * @param species  n values 0 .. n_species - 1, or NULL: all 0
 * @return BNSL_OK; BNSL_EINVAL: what differs, positions, box, species; BNSL_ENOMEM. Nothing is added on failure.
 */
BNSL_API bnsl_status bnsl_order_msd_add(bnsl_order_msd *msd, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *image,
                                        const int32_t *species);

/** Frames so far; 0 for NULL. */
BNSL_API int64_t bnsl_order_msd_n_frames(const bnsl_order_msd *msd);

/** Columns of results: one for each species, and behind them one for all particles when n_species > 1; 0 for NULL. */
BNSL_API int32_t bnsl_order_msd_n_columns(const bnsl_order_msd *msd);

/**
 * MSD averaged over time origins, MSD(m) = < 1 / (N - m) sum_k |r(k + m) - r(k)|^2 > over the particles, by FFT.
 *
 * @param first, count  frames to use: N = count from number first on
 * @param msd_out       count x n_columns, row-major, length^2, for lags 0 .. count - 1; NaN for a species without particles
 * @param control       progress and cancel, or NULL
 * @return BNSL_OK; BNSL_EINVAL: frames that are not there; BNSL_ENOMEM; BNSL_ECANCELLED. Outputs are untouched on error.
 * Error: some 1e-16 of the largest squared displacement. Cost: O(n N log N).
 * Threads: msd may be shared. FFTW's planner is locked against other calls of this library, not against those of the host.
 */
BNSL_API bnsl_status bnsl_order_msd_window(const bnsl_order_msd *msd, int64_t first, int64_t count, double *msd_out, bnsl_control *control);

/** MSD from one time origin, < |r(first + m) - r(first)|^2 >; arguments and errors as bnsl_order_msd_window. Cost: O(n N). */
BNSL_API bnsl_status bnsl_order_msd_direct(const bnsl_order_msd *msd, int64_t first, int64_t count, double *msd_out);

/** Parameters of bnsl_order_diffusion. */
typedef struct bnsl_order_diffusion_options {
    uint32_t struct_size;   /**< set by bnsl_order_diffusion_options_init */
    int32_t n_blocks;       /**< parts of the trajectory for the error; default 5 */
    double dt;              /**< time between frames; default 1 */
    int64_t lag_min;        /**< first lag of the fit, in frames, >= 1; default 1 */
    int64_t lag_max;        /**< last lag, below the frames of a block; 0, the default: half of them */
    int32_t through_origin; /**< 1: MSD = 6 D t; 0, the default: MSD = 6 D t + c, which leaves motion in cages out */
    int32_t reserved;       /**< 0 */
} bnsl_order_diffusion_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_order_diffusion_options_init(bnsl_order_diffusion_options *opts, size_t struct_size);

/**
 * Diffusion coefficients: least-squares lines MSD(t) = 6 D t + c through the windowed MSD of all frames.
 *
 * @param opts           or NULL for the defaults
 * @param d_out          n_columns values, length^2 / time
 * @param d_err_out      n_columns standard errors: scatter of the same fit in n_blocks parts of the trajectory, over sqrt(n_blocks); NaN for
 *                       one block; or NULL
 * @param intercept_out  n_columns values c, length^2, or NULL
 * @param control        progress and cancel, or NULL
 * @return BNSL_OK; BNSL_EINVAL: options, too few frames; BNSL_ENOMEM; BNSL_ECANCELLED. Outputs are untouched on error.
 */
BNSL_API bnsl_status bnsl_order_diffusion(const bnsl_order_msd *msd, const bnsl_order_diffusion_options *opts, double *d_out, double *d_err_out,
                                          double *intercept_out, bnsl_control *control);

#ifdef __cplusplus
}
#endif
#endif
