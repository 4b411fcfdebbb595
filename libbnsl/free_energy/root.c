/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The root of a function that grows, between two bounds: false position in which the value at a bound that stays is halved [Illinois;
 * M. Dowell and P. Jarratt, BIT 11, 168 (1971)], and a plain halving at every third step, so that no function needs more than three times the
 * steps of bisection. A bound moves by half the tolerance at least: from a bound that has come to the root, that is past it. Cost: some 20
 * evaluations to rounding for smooth functions.
 */
#include <math.h>

#include "fluid_internal.h"

enum { MOST_STEPS = 200 };

static double middle(double low, double high)
{
    return low > 0 && high > 4 * low ? sqrt(low * high) : 0.5 * (low + high);
}

double bnsl__growing_root(double (*fn)(void *user, double x), void *user, double low, double high, double tolerance)
{
    const double least = 1e-18 * (high - low); /* a root at 0 has no relative precision */
    double f_low = fn(user, low), f_high = fn(user, high);
    int stays = 0; /* -1, 1: the lower or upper bound did at the last step */
    for (int k = 0; k < MOST_STEPS && high - low > fmax(tolerance * fmax(fabs(low), fabs(high)), least); k++) {
        double x = k % 3 < 2 ? high - f_high * (high - low) / (f_high - f_low) : middle(low, high);
        double step = fmax(0.5 * tolerance * fabs(x), least);
        x = fmin(fmax(x, low + step), high - step);
        if (!(x > low && x < high))
            x = middle(low, high);
        double f = fn(user, x);
        if (f < 0) {
            low = x;
            f_low = f;
            f_high *= stays > 0 ? 0.5 : 1;
            stays = 1;
        } else {
            high = x;
            f_high = f;
            f_low *= stays < 0 ? 0.5 : 1;
            stays = -1;
        }
    }
    return 0.5 * (low + high);
}
