/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums over radii of the amplitude of spheres with a shell, for some wave numbers at once. With y = q R and g(y) = sin y - y cos y,
 *
 *     G(R) = a g(q R) + b g(q (R + shell)),   g1 = sum_j w_j G(R_j),   g2 = sum_j w_j G(R_j)^2.
 *
 * Each lane adds its nodes in their order: a value does not depend on its neighbours, nor on the instruction set. Some 75 operations
 * for a vector of g.
 */
#include "saxs_internal.h"
#include "sincos_lanes.h"

/* sine and cosine: of y. The difference loses digits below y = 0.6, where the series takes over. */
static inline lanes amplitude(lanes y, lanes sine, lanes cosine, bool may_be_small)
{
    const lanes g = sine - y * cosine;
    if (!may_be_small)
        return g;
    const lanes_int is_small = (y < 0.6) & (y > -0.6);
    return lanes_select(is_small, lanes_small_g(y), g);
}

void BNSL_KERNEL(bnsl__saxs_average)(int64_t n_vectors, const double *q, int32_t n_nodes, const double *radius, const double *weight, double shell,
                                     double a, double b, double *g1, double *g2)
{
    const lanes *q_lanes = (const lanes *)q;
    for (int64_t v = 0; v < n_vectors * (SAXS_LANES / LANES_WIDTH); v++) {
        lanes sum1 = {0}, sum2 = {0}, shell_sine = {0}, shell_cosine = {0};
        double least = q_lanes[v][0];
        for (int k = 1; k < LANES_WIDTH; k++)
            least = q_lanes[v][k] < least ? q_lanes[v][k] : least;
        if (shell > 0)
            lanes_sincos(q_lanes[v] * shell, &shell_sine, &shell_cosine);
        for (int32_t j = 0; j < n_nodes; j++) {
            const double size = radius[j] < 0 ? -radius[j] : radius[j];
            const bool may_be_small = least * size < 0.6;
            const lanes y = q_lanes[v] * radius[j];
            lanes sine, cosine;
            lanes_sincos(y, &sine, &cosine);
            lanes g = a * amplitude(y, sine, cosine, may_be_small);
            if (shell > 0) /* of y + q shell by the sum of angles */
                g += b * amplitude(y + q_lanes[v] * shell, sine * shell_cosine + cosine * shell_sine, cosine * shell_cosine - sine * shell_sine,
                                   radius[j] < 0 || may_be_small);
            sum1 += weight[j] * g;
            sum2 += weight[j] * (g * g);
        }
        ((lanes *)g1)[v] = sum1;
        ((lanes *)g2)[v] = sum2;
    }
}
