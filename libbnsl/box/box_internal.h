/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of the box module: checked arguments and the fractional coordinates of one point. */
#ifndef BNSL_BOX_INTERNAL_H
#define BNSL_BOX_INTERNAL_H

#include <bnsl/box.h>

/* Positions further out than this many cells have no digits left worth keeping, and no 32-bit image count. */
#define BNSL__MAX_CELLS 1073741824.0

/* bnsl_box_validate on behalf of the public function func. */
bnsl_status bnsl__box_check(const bnsl_box *box, const char *func);

/* n x 3 array named name: n >= 0, not NULL, finite. */
bnsl_status bnsl__box_check_points(int64_t n, const double *xyz, const char *name, const char *func);

/* As above, and within BNSL__MAX_CELLS cells of the origin along the periodic axes. */
bnsl_status bnsl__box_check_near(const bnsl_box *box, int64_t n, const double *xyz, const char *name, const char *func);

/* Rows a, b, c. */
void bnsl__box_edges(const bnsl_box *box, double edges[3][3]);

/* Fractional coordinate of r along one axis; the axes above it (z over y over x) enter through the tilts. */
static inline double bnsl__box_fraction(const bnsl_box *box, const double r[3], int axis)
{
    if (axis == 2)
        return r[2] / box->lz;
    double y = r[1] - box->yz * r[2];
    if (axis == 1)
        return y / box->ly;
    return (r[0] - box->xy * y - box->xz * r[2]) / box->lx;
}

#endif
