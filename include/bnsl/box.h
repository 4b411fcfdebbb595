/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file box.h
 * Periodic cell in the convention of HOOMD-blue and GSD: centred on the origin, edge vectors
 *
 *     a = (lx, 0, 0),   b = (xy ly, ly, 0),   c = (xz lz, yz lz, lz),
 *
 * fractional coordinates s in [-1/2, 1/2): r = s_a a + s_b b + s_c c. Lengths in the caller's unit.
 */
#ifndef BNSL_BOX_H
#define BNSL_BOX_H

#include <bnsl/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Axes of bnsl_box.periodic. */
enum { BNSL_PERIODIC_X = 1, BNSL_PERIODIC_Y = 2, BNSL_PERIODIC_Z = 4, BNSL_PERIODIC_XYZ = 7 };

/** A cell; fill it with bnsl_box_init or by hand. */
typedef struct bnsl_box {
    double lx, ly, lz; /**< edge lengths along x, y, z before tilting, > 0 */
    double xy, xz, yz; /**< tilt factors, dimensionless */
    int32_t periodic;  /**< bits BNSL_PERIODIC_X | ...; 0: a free, finite system */
    int32_t reserved;  /**< 0 */
} bnsl_box;

/** Fully periodic box of the given lengths and tilts. @return BNSL_OK; BNSL_EINVAL as bnsl_box_validate. */
BNSL_API bnsl_status bnsl_box_init(bnsl_box *out, double lx, double ly, double lz, double xy, double xz, double yz);

/** BNSL_OK, or BNSL_EINVAL naming the field: lengths within 1e-100 .. 1e100, tilts within -1e6 .. 1e6, periodic in 0..7, reserved 0. */
BNSL_API bnsl_status bnsl_box_validate(const bnsl_box *box);

/**
 * Box from three edge vectors by the rotation that puts them in the convention above.
 *
 * @param vectors       3 x 3, rows a, b, c, right-handed
 * @param rotation_out  3 x 3 matrix R with r_box = R r_old, or NULL
 * @return BNSL_OK; BNSL_EINVAL: not finite, volume not positive (left-handed or flat).
 */
BNSL_API bnsl_status bnsl_box_from_vectors(bnsl_box *out, const double *vectors, double *rotation_out);

/** Rows a, b, c of the box, 3 x 3. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_box_vectors(const bnsl_box *box, double *vectors_out);

/** Reciprocal vectors with the 2 pi: a_i . b_j = 2 pi delta_ij; rows, 3 x 3. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_box_reciprocal(const bnsl_box *box, double *vectors_out);

/** Volume lx ly lz. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_box_volume(const bnsl_box *box, double *volume_out);

/** Distances between opposite faces, volume / |b x c| and so on: 3 doubles. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_box_plane_distances(const bnsl_box *box, double *distances_out);

/** Cartesian to fractional, n x 3 each; out may be the same array. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_box_to_fractional(const bnsl_box *box, int64_t n, const double *xyz, double *fractional_out);

/** Fractional to Cartesian, n x 3 each; out may be the same array. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_box_to_cartesian(const bnsl_box *box, int64_t n, const double *fractional, double *xyz_out);

/**
 * Puts positions into the box, -1/2 <= s < 1/2 along the periodic axes.
 *
 * @param xyz        n x 3, changed in place
 * @param image_io   n x 3 counts of crossed cells, r_unwrapped = r + image . (a, b, c), added to; or NULL
 * @return BNSL_OK; BNSL_EINVAL: bad box, or a position that is not finite or more than 2^30 cells away, or an image
 *         count beyond 32 bits (named; nothing is changed).
 */
BNSL_API bnsl_status bnsl_box_wrap(const bnsl_box *box, int64_t n, double *xyz, int32_t *image_io);

/** r + image . (a, b, c) for n particles; out may be xyz. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_box_unwrap(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *image, double *xyz_out);

/**
 * Shortest periodic image of n difference vectors, in place; exact in skewed boxes too (rounding in
 * a reduced basis followed by a search of the neighbouring images).
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_box_minimum_image(const bnsl_box *box, int64_t n, double *vectors_io);

#ifdef __cplusplus
}
#endif
#endif
