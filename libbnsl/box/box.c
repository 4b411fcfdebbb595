/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Geometry of the periodic cell: validation, edge and reciprocal vectors, plane distances, fractional coordinates.
 * Convention: HOOMD-blue and GSD, an upper triangular matrix of edge vectors. Cost: O(1), or O(n) for n points.
 */
#include "box_internal.h"

#include <math.h>

#include "core_internal.h"

static const double two_pi = 6.283185307179586476925286766559;

/* Lengths and tilts within these limits keep every product below (volumes, squared edges) a normal number. */
static const double min_length = 1e-100, max_length = 1e100, max_tilt = 1e6;

bnsl_status bnsl__box_check(const bnsl_box *box, const char *func)
{
    if (!box)
        return bnsl__fail(BNSL_EINVAL, func, "box is NULL");
    const double length[3] = {box->lx, box->ly, box->lz}, tilt[3] = {box->xy, box->xz, box->yz};
    static const char *const length_name[3] = {"lx", "ly", "lz"}, *const tilt_name[3] = {"xy", "xz", "yz"};
    for (int i = 0; i < 3; i++) {
        if (!(length[i] >= min_length && length[i] <= max_length))
            return bnsl__fail(BNSL_EINVAL, func, "box %s is %g, must be within 1e-100 .. 1e100", length_name[i], length[i]);
    }
    for (int i = 0; i < 3; i++) {
        if (!(fabs(tilt[i]) <= max_tilt))
            return bnsl__fail(BNSL_EINVAL, func, "box %s is %g, must be within -1e6 .. 1e6", tilt_name[i], tilt[i]);
    }
    if (box->periodic < 0 || box->periodic > BNSL_PERIODIC_XYZ)
        return bnsl__fail(BNSL_EINVAL, func, "box periodic is %d, must be within 0 .. 7", (int)box->periodic);
    if (box->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "box reserved is %d, must be 0", (int)box->reserved);
    return BNSL_OK;
}

bnsl_status bnsl__box_check_points(int64_t n, const double *xyz, const char *name, const char *func)
{
    int64_t where;
    if (n < 0 || n > INT64_MAX / 24)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be >= 0", (long long)n);
    if (n > 0 && !xyz)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", name);
    if (n > 0 && !bnsl__all_finite(3 * n, xyz, &where)) {
        const double *r = xyz + where / 3 * 3;
        return bnsl__fail(BNSL_EINVAL, func, "%s[%lld] is (%g, %g, %g), must be finite", name, (long long)(where / 3), r[0], r[1], r[2]);
    }
    return BNSL_OK;
}

bnsl_status bnsl__box_check_near(const bnsl_box *box, int64_t n, const double *xyz, const char *name, const char *func)
{
    bnsl_status status = bnsl__box_check_points(n, xyz, name, func);
    if (status != BNSL_OK)
        return status;
    for (int64_t i = 0; i < n; i++) {
        for (int axis = 0; axis < 3; axis++) {
            if ((box->periodic >> axis & 1) && !(fabs(bnsl__box_fraction(box, xyz + 3 * i, axis)) < BNSL__MAX_CELLS))
                return bnsl__fail(BNSL_EINVAL, func, "%s[%lld] is (%g, %g, %g), must be within 2^30 cells of the origin", name, (long long)i,
                                  xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2]);
        }
    }
    return BNSL_OK;
}

bnsl_status bnsl_box_validate(const bnsl_box *box)
{
    return bnsl__box_check(box, __func__);
}

bnsl_status bnsl_box_init(bnsl_box *out, double lx, double ly, double lz, double xy, double xz, double yz)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    const bnsl_box box = {.lx = lx, .ly = ly, .lz = lz, .xy = xy, .xz = xz, .yz = yz, .periodic = BNSL_PERIODIC_XYZ};
    bnsl_status status = bnsl__box_check(&box, __func__);
    if (status == BNSL_OK)
        *out = box;
    return status;
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

bnsl_status bnsl_box_from_vectors(bnsl_box *out, const double *vectors, double *rotation_out)
{
    if (!out || !vectors)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", out ? "vectors" : "out");
    bnsl_status status = bnsl__box_check_points(3, vectors, "vectors", __func__);
    if (status != BNSL_OK)
        return status;
    double scale = 0.0;
    for (int i = 0; i < 9; i++)
        scale = fmax(scale, fabs(vectors[i]));
    if (!(scale >= min_length && scale <= max_length))
        return BNSL_FAIL(BNSL_EINVAL, "the longest component is %g, must be within 1e-100 .. 1e100", scale);

    /* rows of the rotation: e[0] along a, e[2] along a x b, e[1] completes them */
    const double *a = vectors, *b = vectors + 3, *c = vectors + 6;
    double e[3][3];
    double length_a = sqrt(dot(a, a));
    cross(a, b, e[2]);
    double area = sqrt(dot(e[2], e[2])), volume = dot(e[2], c);
    if (!(area > 0.0) || !(volume > 1e-14 * length_a * sqrt(dot(b, b)) * sqrt(dot(c, c))))
        return BNSL_FAIL(BNSL_EINVAL, "the volume of the vectors is %g, must be > 0 (right-handed, not flat)", volume);
    for (int i = 0; i < 3; i++) {
        e[0][i] = a[i] / length_a;
        e[2][i] /= area;
    }
    cross(e[2], e[0], e[1]);

    const double ly = dot(b, e[1]), lz = dot(c, e[2]);
    const bnsl_box box = {
        .lx = length_a, .ly = ly, .lz = lz, .xy = dot(b, e[0]) / ly, .xz = dot(c, e[0]) / lz, .yz = dot(c, e[1]) / lz, .periodic = BNSL_PERIODIC_XYZ};
    status = bnsl__box_check(&box, __func__);
    if (status != BNSL_OK)
        return status;
    *out = box;
    if (rotation_out) {
        for (int i = 0; i < 9; i++)
            rotation_out[i] = e[i / 3][i % 3];
    }
    return BNSL_OK;
}

void bnsl__box_edges(const bnsl_box *box, double edges[3][3])
{
    const double rows[3][3] = {{box->lx, 0.0, 0.0}, {box->xy * box->ly, box->ly, 0.0}, {box->xz * box->lz, box->yz * box->lz, box->lz}};
    for (int i = 0; i < 9; i++)
        edges[i / 3][i % 3] = rows[i / 3][i % 3];
}

/* Checks for functions of a box alone. */
static bnsl_status check_with_output(const bnsl_box *box, const double *out, const char *name, const char *func)
{
    bnsl_status status = bnsl__box_check(box, func);
    if (status == BNSL_OK && !out)
        status = bnsl__fail(BNSL_EINVAL, func, "%s is NULL", name);
    return status;
}

bnsl_status bnsl_box_vectors(const bnsl_box *box, double *vectors_out)
{
    bnsl_status status = check_with_output(box, vectors_out, "vectors_out", __func__);
    if (status != BNSL_OK)
        return status;
    double edges[3][3];
    bnsl__box_edges(box, edges);
    for (int i = 0; i < 9; i++)
        vectors_out[i] = edges[i / 3][i % 3];
    return BNSL_OK;
}

bnsl_status bnsl_box_reciprocal(const bnsl_box *box, double *vectors_out)
{
    bnsl_status status = check_with_output(box, vectors_out, "vectors_out", __func__);
    if (status != BNSL_OK)
        return status;
    const double gx = two_pi / box->lx, gy = two_pi / box->ly, gz = two_pi / box->lz;
    const double rows[9] = {gx, -box->xy * gx, (box->xy * box->yz - box->xz) * gx, 0.0, gy, -box->yz * gy, 0.0, 0.0, gz};
    for (int i = 0; i < 9; i++)
        vectors_out[i] = rows[i];
    return BNSL_OK;
}

bnsl_status bnsl_box_volume(const bnsl_box *box, double *volume_out)
{
    bnsl_status status = check_with_output(box, volume_out, "volume_out", __func__);
    if (status == BNSL_OK)
        *volume_out = box->lx * box->ly * box->lz;
    return status;
}

bnsl_status bnsl_box_plane_distances(const bnsl_box *box, double *distances_out)
{
    bnsl_status status = check_with_output(box, distances_out, "distances_out", __func__);
    if (status != BNSL_OK)
        return status;
    const double skew = box->xy * box->yz - box->xz;
    distances_out[0] = box->lx / sqrt(1.0 + box->xy * box->xy + skew * skew);
    distances_out[1] = box->ly / sqrt(1.0 + box->yz * box->yz);
    distances_out[2] = box->lz;
    return BNSL_OK;
}

bnsl_status bnsl_box_to_fractional(const bnsl_box *box, int64_t n, const double *xyz, double *fractional_out)
{
    bnsl_status status = bnsl__box_check(box, __func__);
    if (status == BNSL_OK)
        status = bnsl__box_check_points(n, xyz, "xyz", __func__);
    if (status != BNSL_OK)
        return status;
    if (n > 0 && !fractional_out)
        return BNSL_FAIL(BNSL_EINVAL, "fractional_out is NULL");
    for (int64_t i = 0; i < n; i++) {
        const double r[3] = {xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2]};
        for (int axis = 0; axis < 3; axis++)
            fractional_out[3 * i + axis] = bnsl__box_fraction(box, r, axis);
    }
    return BNSL_OK;
}

bnsl_status bnsl_box_to_cartesian(const bnsl_box *box, int64_t n, const double *fractional, double *xyz_out)
{
    bnsl_status status = bnsl__box_check(box, __func__);
    if (status == BNSL_OK)
        status = bnsl__box_check_points(n, fractional, "fractional", __func__);
    if (status != BNSL_OK)
        return status;
    if (n > 0 && !xyz_out)
        return BNSL_FAIL(BNSL_EINVAL, "xyz_out is NULL");
    for (int64_t i = 0; i < n; i++) {
        const double x = fractional[3 * i] * box->lx, y = fractional[3 * i + 1] * box->ly, z = fractional[3 * i + 2] * box->lz;
        xyz_out[3 * i] = x + box->xy * y + box->xz * z;
        xyz_out[3 * i + 1] = y + box->yz * z;
        xyz_out[3 * i + 2] = z;
    }
    return BNSL_OK;
}
