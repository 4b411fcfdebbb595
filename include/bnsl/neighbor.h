/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file neighbor.h
 * Neighbour lists of point sets in periodic, partly periodic or free boxes.
 *
 * A bond is (query i, point j, vector r_j + image - r_i). Bonds are stored by query point, and within one
 * query by increasing distance, ties by increasing j, then image (radius lists without BNSL_NEIGHBOR_SORTED:
 * in an order that depends on the input alone). Radius lists hold r_min <= r < r_max, compared as squares; a
 * radius beyond half the box lists several images of one point. A point is never its own neighbour at r = 0,
 * but its periodic images are.
 *
 * Shells without a cut-off:
 *
 *   SANN  the m nearest, m the smallest number >= 3 with sum_{j <= m} r_j / (m - 2) <= r_{m+1}; the farthest point of a finite
 *         set has r_{m+1} = infinity               [van Meel, Filion, Valeriani and Frenkel, J. Chem. Phys. 136, 234107 (2012)]
 *   RAD   j is blocked by k when cos(angle j-i-k) / r_k^2 > 1 / r_j^2. Open: every j that is not blocked by any other point,
 *         blocked or not; closed: those before the first blocked one by distance
 *                                                            [Higham and Henchman, J. Chem. Phys. 145, 084108 (2016)]
 */
#ifndef BNSL_NEIGHBOR_H
#define BNSL_NEIGHBOR_H

#include <bnsl/box.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a list holds for each query point. */
enum {
    BNSL_NEIGHBOR_RADIUS = 0,  /**< every point with r_min <= r < r_max */
    BNSL_NEIGHBOR_NEAREST = 1, /**< the k nearest points (all of them distinct bonds; images count) */
    BNSL_NEIGHBOR_SANN = 2,       /**< solid-angle nearest neighbours, by increasing distance */
    BNSL_NEIGHBOR_RAD_OPEN = 3,   /**< relative angular distance, open shells, by increasing distance */
    BNSL_NEIGHBOR_RAD_CLOSED = 4  /**< relative angular distance, closed shells, by increasing distance */
};

/** Bits of bnsl_neighbor_options.flags. */
enum {
    BNSL_NEIGHBOR_HALF = 1,       /**< each pair once, from the lower index (an own-image pair once); one point set, query_species == point_species */
    BNSL_NEIGHBOR_SORTED = 2,     /**< radius lists too by increasing distance */
    BNSL_NEIGHBOR_NO_VECTORS = 4  /**< leave out vectors and distances (index and offsets only) */
};

/** A neighbour list and the memory to build it again. */
typedef struct bnsl_neighbor_list bnsl_neighbor_list;

/** Parameters of bnsl_neighbor_create. */
typedef struct bnsl_neighbor_options {
    uint32_t struct_size;  /**< set by bnsl_neighbor_options_init */
    int32_t mode;          /**< BNSL_NEIGHBOR_RADIUS (default), _NEAREST, _SANN, _RAD_OPEN or _RAD_CLOSED */
    double r_min;          /**< radius lists: >= 0; default 0 */
    double r_max;          /**< radius lists: > r_min; 0 (default): 1.5. Nearest, SANN: an upper bound below which k must exist,
                                or the shell must close; RAD: points beyond are not looked at; 0 (default): none */
    int32_t k;             /**< nearest: 1 .. 1000; default 12 */
    int32_t query_species; /**< only query points of this species; -1: all (default) */
    int32_t point_species; /**< only neighbours of this species; -1: all (default) */
    int32_t flags;         /**< bits above; default 0 */
    int32_t num_threads;   /**< 0 = 1; the result does not depend on it */
    int32_t reserved;      /**< 0 */
} bnsl_neighbor_options;

/** Defaults: radius list, all species. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_neighbor_options_init(bnsl_neighbor_options *opts, size_t struct_size);

/** New, empty list. @return BNSL_OK; BNSL_EINVAL names the option and its range; BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_neighbor_create(bnsl_neighbor_list **out, const bnsl_neighbor_options *opts);

/** Ends a list; NULL is allowed. */
BNSL_API void bnsl_neighbor_destroy(bnsl_neighbor_list *list);

/**
 * Radius lists: a cut-off for each pair of species instead of r_max. Of this and the next function the last call holds.
 * @param r_max  n_species x n_species, symmetric, >= 0; 0: never neighbours
 * @return BNSL_OK; BNSL_EINVAL: not a radius list, not symmetric, not finite; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_neighbor_set_pair_cutoffs(bnsl_neighbor_list *list, int32_t n_species, const double *r_max);

/**
 * Radius lists: a cut-off r_max(i, j) = factor (d_i + d_j) / 2 + skin from a diameter of each point, given to the
 * next bnsl_neighbor_build as its diameters. @return BNSL_OK; BNSL_EINVAL: factor not > 0, skin < 0.
 */
BNSL_API bnsl_status bnsl_neighbor_set_additive_cutoff(bnsl_neighbor_list *list, double factor, double skin);

/**
 * Finds the neighbours of a set of points among themselves.
 *
 * @param box       or NULL: no periodicity
 * @param n         points, 0 <= n < 2^31
 * @param xyz       n x 3; need not be wrapped
 * @param species   n values >= 0, or NULL: all 0
 * @param diameter  n values > 0; only with bnsl_neighbor_set_additive_cutoff, else NULL
 * @return BNSL_OK; BNSL_EINVAL: a position that is not finite or beyond 1e100 (named), a bad box or species, a cut-off
 *         that reaches over 2^30 images; BNSL_EDOMAIN: fewer than k (SANN: 3) neighbours exist for a query, or its
 *         SANN shell does not close within r_max (named); BNSL_ENOMEM. On failure the list is empty.
 * Cost: O(n) for even density (cells sized to the cut-offs of each size class). RAD_OPEN: a query with an open side in a
 *       free set looks at all points, unless r_max says how far.
 */
BNSL_API bnsl_status bnsl_neighbor_build(bnsl_neighbor_list *list, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                         const double *diameter);

/**
 * Finds the neighbours of query points among another set of points (index i of one set is not index i of the
 * other: nothing is excluded, not even at r = 0). Species and diameters as in bnsl_neighbor_build, for each set. Not with BNSL_NEIGHBOR_HALF.
 */
BNSL_API bnsl_status bnsl_neighbor_build_between(bnsl_neighbor_list *list, const bnsl_box *box, int64_t n_query, const double *query_xyz,
                                                 const int32_t *query_species, const double *query_diameter, int64_t n, const double *xyz,
                                                 const int32_t *species, const double *diameter);

/**
 * Fills a list with the caller's own bonds instead of a search, so that every function of lists works on them. Of the options only
 * the flags count: BNSL_NEIGHBOR_NO_VECTORS keeps no vectors, BNSL_NEIGHBOR_HALF says that each pair is given once,
 * BNSL_NEIGHBOR_SORTED sorts the bonds of a query by distance, ties by point (with vectors); else they stay in the order given.
 *
 * @param n_query, n_points  sizes of the two point sets (one set: the same number)
 * @param query, point       n_bonds pairs of indices, in any order; a pair may occur several times (images)
 * @param vector             n_bonds x 3, from query to point; NULL with BNSL_NEIGHBOR_NO_VECTORS
 * @param order_out          n_bonds: which given bond each one of the list is (to bring weights into the same order), or NULL
 * @return BNSL_OK; BNSL_EINVAL: an index out of range, a vector that is not finite or beyond 1e100 (named), 2^31 bonds or more;
 *         BNSL_ENOMEM. On failure the list is empty. Cost: O(bonds + query points).
 */
BNSL_API bnsl_status bnsl_neighbor_set_bonds(bnsl_neighbor_list *list, int64_t n_query, int64_t n_points, int64_t n_bonds, const int32_t *query,
                                             const int32_t *point, const double *vector, int64_t *order_out);

/**
 * As bnsl_neighbor_set_bonds, with vectors from positions: the shortest image of r_point - r_query.
 * @param box  or NULL: no periodicity
 */
BNSL_API bnsl_status bnsl_neighbor_set_pairs(bnsl_neighbor_list *list, const bnsl_box *box, int64_t n_query, const double *query_xyz, int64_t n,
                                             const double *xyz, int64_t n_bonds, const int32_t *query, const int32_t *point,
                                             int64_t *order_out);

/** 1 when the list was made with BNSL_NEIGHBOR_HALF, else 0; 0 for NULL. */
BNSL_API int32_t bnsl_neighbor_is_half(const bnsl_neighbor_list *list);

/** Bonds in the list; 0 for NULL. */
BNSL_API int64_t bnsl_neighbor_n_bonds(const bnsl_neighbor_list *list);

/** Query points of the last build (all n, those of other species included, with no bonds); 0 for NULL. */
BNSL_API int64_t bnsl_neighbor_n_query(const bnsl_neighbor_list *list);

/** Number of bonds of each query point (n_query values), of any list, with vectors or without. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_neighbor_counts(const bnsl_neighbor_list *list, int64_t *count_out);

/**
 * Borrowed arrays of the list, valid until the next build or destroy; each output may be NULL.
 *
 * @param offset_out    n_query + 1 values: bonds of query i are offset[i] .. offset[i + 1] - 1
 * @param index_out     point j of each bond
 * @param vector_out    n_bonds x 3 bond vectors from query to point; NULL with BNSL_NEIGHBOR_NO_VECTORS
 * @param distance_out  n_bonds lengths of the vectors; NULL likewise
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_neighbor_view(const bnsl_neighbor_list *list, const int64_t **offset_out, const int32_t **index_out,
                                        const double **vector_out, const double **distance_out);

#ifdef __cplusplus
}
#endif
#endif
