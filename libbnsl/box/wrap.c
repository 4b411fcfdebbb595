/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Positions into the cell, and out of it again by their image counts. Cost: O(n).
 * Subtracting an edge can round onto the upper face, which belongs to the next cell, so that wrapping repeats until
 * the fractional coordinate, as bnsl_box_to_fractional computes it, lies in [-1/2, 1/2).
 */
#include <float.h>
#include <math.h>

#include "box_internal.h"
#include "core_internal.h"

/* Wraps r along one axis; returns how many cells it crossed. */
static double wrap_axis(const bnsl_box *box, const double edge[3], int axis, double r[3])
{
    double crossed = 0.0;
    for (int pass = 0; pass < 4; pass++) {
        const double s = bnsl__box_fraction(box, r, axis);
        if (s >= -0.5 && s < 0.5)
            return crossed; /* s + 1/2 could round up to 1 */
        const double cells = floor(s + 0.5);
        for (int i = 0; i <= axis; i++)
            r[i] -= cells * edge[i];
        crossed += cells;
    }
    /* within rounding of a face on both sides of it: move inwards by the size of that rounding */
    const double tilt_of_z = fabs(box->xz) + fabs(box->yz) * (1.0 + fabs(box->xy));
    const double step = 2.0 * DBL_EPSILON * (edge[axis] + fabs(r[0]) + fabs(box->xy * r[1]) + tilt_of_z * fabs(r[2]));
    for (double s = bnsl__box_fraction(box, r, axis); !(s >= -0.5 && s < 0.5); s = bnsl__box_fraction(box, r, axis))
        r[axis] -= copysign(step, s);
    return crossed;
}

/* One position; crossed receives the cells along each axis. z first: its shift moves y and x. */
static void wrap_point(const bnsl_box *box, double edges[3][3], double r[3], double crossed[3])
{
    for (int axis = 2; axis >= 0; axis--)
        crossed[axis] = (box->periodic >> axis & 1) ? wrap_axis(box, edges[axis], axis, r) : 0.0;
}

/* The image counts after wrapping must still fit; nothing is changed before this is known. */
static bnsl_status check_images(const bnsl_box *box, double edges[3][3], int64_t n, const double *xyz, const int32_t *image, const char *func)
{
    for (int64_t i = 0; i < n; i++) {
        double r[3] = {xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2]}, crossed[3];
        wrap_point(box, edges, r, crossed);
        for (int axis = 0; axis < 3; axis++) {
            const double sum = (double)image[3 * i + axis] + crossed[axis];
            if (!(sum >= INT32_MIN && sum <= INT32_MAX))
                return bnsl__fail(BNSL_EINVAL, func, "image %d of point %lld becomes %.0f, must fit in 32 bits", axis, (long long)i, sum);
        }
    }
    return BNSL_OK;
}

bnsl_status bnsl_box_wrap(const bnsl_box *box, int64_t n, double *xyz, int32_t *image_io)
{
    bnsl_status status = bnsl__box_check(box, __func__);
    if (status == BNSL_OK)
        status = bnsl__box_check_near(box, n, xyz, "xyz", __func__);
    if (status != BNSL_OK)
        return status;
    double edges[3][3];
    bnsl__box_edges(box, edges);
    if (image_io) {
        status = check_images(box, edges, n, xyz, image_io, __func__);
        if (status != BNSL_OK)
            return status;
    }
    for (int64_t i = 0; i < n; i++) {
        double crossed[3];
        wrap_point(box, edges, xyz + 3 * i, crossed);
        if (image_io) {
            for (int axis = 0; axis < 3; axis++)
                image_io[3 * i + axis] = (int32_t)((double)image_io[3 * i + axis] + crossed[axis]);
        }
    }
    return BNSL_OK;
}

bnsl_status bnsl_box_unwrap(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *image, double *xyz_out)
{
    bnsl_status status = bnsl__box_check(box, __func__);
    if (status == BNSL_OK)
        status = bnsl__box_check_points(n, xyz, "xyz", __func__);
    if (status != BNSL_OK)
        return status;
    if (n > 0 && !(image && xyz_out))
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", image ? "xyz_out" : "image");
    double edges[3][3];
    bnsl__box_edges(box, edges);
    for (int64_t i = 0; i < n; i++) {
        for (int k = 0; k < 3; k++) {
            const double shift = image[3 * i] * edges[0][k] + image[3 * i + 1] * edges[1][k] + image[3 * i + 2] * edges[2][k];
            xyz_out[3 * i + k] = xyz[3 * i + k] + shift;
        }
    }
    return BNSL_OK;
}
