/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * <g> and <g^2> of Gaussian radii, some wave numbers at once: the series and the closed form of form_factor.c, where they are derived. The
 * series has as many terms for all, so that a value does not depend on its neighbours; the form is chosen for each.
 */
#include "saxs_internal.h"
#include "sincos_lanes.h"

enum { TERMS = 20 };                /* t^k / k! < 1e-24 for t <= T_CLOSED */
static const double T_CLOSED = 0.5; /* (q sigma)^2 above which nothing cancels in the closed form */

static inline lanes series(lanes t, lanes x, lanes g0, lanes sine, lanes cosine)
{
    lanes sum = g0 * g0, weight = {0};
    weight += 1.0;
    for (int k = 1; k <= TERMS; k++) {
        const lanes s = sine;
        sine = cosine; /* sin(x + k pi / 2), cos(x + k pi / 2) */
        cosine = -s;
        weight *= t * (1.0 / k);
        const lanes derivative = (t - (double)(k - 1)) * sine - x * cosine;
        sum += weight * (derivative * derivative);
    }
    return sum;
}

void BNSL_KERNEL(bnsl__saxs_gaussian)(int64_t n_vectors, const double *x_in, double p2, double *g, double *g2)
{
    for (int64_t v = 0; v < n_vectors * (SAXS_LANES / LANES_WIDTH); v++) {
        const lanes x = ((const lanes *)x_in)[v], t = p2 * (x * x), zero = {0};
        lanes sine, cosine, wide = zero, narrow = zero;
        lanes_sincos(x, &sine, &cosine);
        const lanes_int is_small = x < 0.6, is_narrow = t <= T_CLOSED;
        const lanes g0 = lanes_select(is_small, lanes_small_g(x), sine - x * cosine) + t * sine;
        const lanes e = lanes_exp(lanes_select(t < 700.0, -0.5 * t, zero - 350.0)), e2 = e * e;
        int n_narrow = 0;
        for (int k = 0; k < LANES_WIDTH; k++)
            n_narrow += is_narrow[k] != 0;
        if (n_narrow > 0)
            narrow = e2 * series(lanes_select(is_narrow, t, zero), x, g0, sine, cosine);
        if (n_narrow < LANES_WIDTH) {
            const lanes s2 = 2.0 * sine * cosine, c2 = 1.0 - 2.0 * sine * sine;
            wide = 0.5 * (1.0 + x * x + t) + (e2 * e2) * (-0.5 * c2 - x * s2 - 2.0 * t * c2 +
                                                        0.5 * ((x * x + t - 4.0 * t * t) * c2 - 4.0 * t * x * s2));
        }
        ((lanes *)g)[v] = e * g0;
        ((lanes *)g2)[v] = lanes_select(is_narrow, narrow, wide);
    }
}
