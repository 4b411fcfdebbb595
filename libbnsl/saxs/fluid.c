/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Structure factor of a hard-sphere fluid in the Percus-Yevick approximation [Wertheim, Phys. Rev. Lett. 10, 321 (1963); Thiele,
 * J. Chem. Phys. 39, 474 (1963)], damped at large q as polydispersity and softness do: S_fl = 1 + (S_PY - 1) exp(-(delta q)^2).
 *
 *     S_PY = 1 / (1 + 24 eta C(x)),  x = q d,  C = alpha g_0 + beta g_1 + eta alpha / 2 g_3,
 *     alpha = (1 + 2 eta)^2 / (1 - eta)^4,  beta = -6 eta (1 + eta / 2)^2 / (1 - eta)^4,  g_s(x) = int_0^1 r^(2 + s) sin(x r) / (x r) dr
 *
 * The slopes are those of these closed forms: d g_s / dx = (sin(x) / x - (3 + s) g_s) / x. Cost: some 40 ns a point, 60 with slopes.
 */
#include <math.h>

#include "pattern_internal.h"

static const double X_SERIES = 1.5; /* below it the closed forms cancel; the series has 1e-16 after 14 terms */

/* g_0, g_1, g_3 and sin(x) / x. */
static void moments(double x, double g[3], double *sinc)
{
    static const int order[3] = {0, 1, 3};
    const double x2 = x * x;
    if (x < X_SERIES) {
        double term = 1; /* (-1)^n x^(2n) / (2n + 1)! */
        g[0] = g[1] = g[2] = *sinc = 0;
        for (int n = 0; n < 14; n++) {
            for (int k = 0; k < 3; k++)
                g[k] += term / (2 * n + 3 + order[k]);
            *sinc += term;
            term *= -x2 / ((2 * n + 2) * (2 * n + 3));
        }
        return;
    }
    const double s = sin(x), c = cos(x);
    *sinc = s / x;
    g[0] = (s - x * c) / (x2 * x);
    g[1] = (2 * x * s + (2 - x2) * c - 2) / (x2 * x2);
    g[2] = (-x2 * x2 * c + 4 * ((3 * x2 - 6) * c + (x2 - 6) * x * s + 6)) / (x2 * x2 * x2);
}

void bnsl__saxs_fluid(const pattern_fluid *fluid, int64_t n, const double *q, double *s, double *slopes)
{
    const double eta = fluid->eta, d = fluid->diameter, rest = 1 - eta, rest4 = rest * rest * rest * rest;
    const double alpha = (1 + 2 * eta) * (1 + 2 * eta) / rest4, beta = -6 * eta * (1 + eta / 2) * (1 + eta / 2) / rest4;
    /* slopes of both by eta */
    const double alpha_eta = alpha * (4 / (1 + 2 * eta) + 4 / rest);
    const double beta_eta = -6 * (1 + eta / 2) * ((1 + eta / 2) + eta + 4 * eta * (1 + eta / 2) / rest) / rest4;
    for (int64_t i = 0; i < n; i++) {
        const double x = q[i] * d, t = fluid->damping * q[i], damping = exp(-t * t);
        double g[3], sinc;
        moments(x, g, &sinc);
        const double c = alpha * g[0] + beta * g[1] + eta * alpha / 2 * g[2], py = 1 / (1 + 24 * eta * c);
        s[i] = 1 + (py - 1) * damping;
        if (!slopes)
            continue;
        const double by_x0 = (sinc - 3 * g[0]) / x, by_x1 = (sinc - 4 * g[1]) / x, by_x3 = (sinc - 6 * g[2]) / x;
        const double c_eta = alpha_eta * g[0] + beta_eta * g[1] + (alpha + eta * alpha_eta) / 2 * g[2];
        const double c_x = alpha * by_x0 + beta * by_x1 + eta * alpha / 2 * by_x3;
        slopes[i] = -24 * (c + eta * c_eta) * py * py * damping;
        slopes[n + i] = -24 * eta * c_x * q[i] * py * py * damping;
        slopes[2 * n + i] = -(py - 1) * damping * 2 * t * q[i];
    }
}
