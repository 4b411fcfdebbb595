/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Positions as GSD files hold them: floats inside the box. HOOMD-blue refuses a particle outside -1/2 <= s < 1/2, and a double
 * just below the upper face rounds onto it; so each coordinate is wrapped, rounded, and then put back inside. z comes first: its
 * shift along c moves y and x, and y's along b moves x. Coordinates that are floats inside the box already stay as they are. O(1).
 */
#include <math.h>

#include "io_internal.h"

static const double FACE_TOLERANCE = 1e-6;  /* s beyond a face that is no more than the rounding of the box to float */
static const double CELLS_MAX = 2147483648.; /* images are 32-bit */
enum { NUDGES_MAX = 128 };                   /* the gaps to close are below 2^-19 of the length */

/* A coordinate along one axis: s = (v - tilt) / length. */
struct axis {
    double length, tilt;
    bool periodic;
};

static double fraction(const struct axis *axis, double v)
{
    return (v - axis->tilt) / axis->length;
}

/* The next float in a direction (+1, -1), or 2^-26 of the length further: floats near zero lie too close to each other to close a gap. */
static float nudge(const struct axis *axis, float f, int direction)
{
    const float next = nextafterf(f, (float)direction * INFINITY), step = (float)((double)f + direction * axis->length * 0x1p-26);
    return (step - next) * (float)direction > 0 ? step : next;
}

/* Rounds v into the cell; *crossed receives how many lengths it was moved down by, NaN: too many. false: outside, and not periodic. */
static bool wrap_axis(const struct axis *axis, double v, float *v_out, double *crossed)
{
    const double s = fraction(axis, v);
    *crossed = 0;
    *v_out = 0;
    if (!axis->periodic && !(s >= -0.5 - FACE_TOLERANCE && s <= 0.5 + FACE_TOLERANCE))
        return false;
    if (axis->periodic && !(s >= -0.5 && s < 0.5)) {
        *crossed = fabs(s) < CELLS_MAX ? floor(s + 0.5) : NAN;
        v -= *crossed * axis->length;
    }
    float f = (float)v;
    if (axis->periodic && fraction(axis, f) >= 0.5) { /* rounded onto the upper face, which is the lower one of the next cell */
        f = (float)((double)f - axis->length);
        *crossed += 1;
    }
    if (!isfinite(f)) {
        *crossed = NAN;
        return true;
    }
    for (int k = 0; k < NUDGES_MAX && fraction(axis, f) < -0.5; k++)
        f = nudge(axis, f, +1);
    for (int k = 0; k < NUDGES_MAX && fraction(axis, f) >= 0.5; k++)
        f = nudge(axis, f, -1);
    *v_out = f;
    return true;
}

int bnsl__gsd_wrap(const bnsl_box *box, const double r[3], float r_out[3], double crossed[3])
{
    const struct axis z = {box->lz, 0, box->periodic & BNSL_PERIODIC_Z};
    if (!wrap_axis(&z, r[2], &r_out[2], &crossed[2]))
        return 2;
    const struct axis y = {box->ly, box->yz * (double)r_out[2], box->periodic & BNSL_PERIODIC_Y};
    if (!wrap_axis(&y, r[1] - crossed[2] * box->yz * box->lz, &r_out[1], &crossed[1]))
        return 1;
    const double along_b = (double)r_out[1] - y.tilt;
    const struct axis x = {box->lx, box->xz * (double)r_out[2] + box->xy * along_b, box->periodic & BNSL_PERIODIC_X};
    if (!wrap_axis(&x, r[0] - crossed[2] * box->xz * box->lz - crossed[1] * box->xy * box->ly, &r_out[0], &crossed[0]))
        return 0;
    return -1;
}
