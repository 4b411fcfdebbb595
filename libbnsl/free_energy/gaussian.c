/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configurations of the ideal, constrained Einstein crystal: independent Gaussians of variance 1 / (2 beta K_i) along each axis. That of
 * the molecule has d = 0 for the fixed particle; with a fixed centre the vectors are projected along the direction that the springs
 * resist least, d_i - (mu_i / K_i) sum_j mu_j d_j / sum_j (mu_j^2 / K_j), which is the Gaussian under the constraint sum mu_i d_i = 0.
 */
#include <math.h>

#include "free_energy_internal.h"

enum { ROW = BNSL__MC_ROW };

void bnsl__sampler_gaussian(bnsl__sampler *s, uint64_t seed, uint32_t stream, int64_t draw)
{
    const bnsl__crystal *c = s->crystal;
    const double mu = 1.0 / (double)c->n;
    double sum[3] = { 0, 0, 0 }, weight = 0;
    for (int64_t i = 0; i < c->n; i++) {
        double spring = s->spring[c->species[i]], width = sqrt(0.5 / spring), z[3];
        bnsl_random_normal(seed, stream, (uint64_t)i, (uint64_t)draw, 3, z);
        for (int k = 0; k < 3; k++) {
            s->position[ROW * i + k] = width * z[k];
            sum[k] += mu * width * z[k];
        }
        weight += mu * mu / spring;
    }
    for (int64_t i = 0; i < c->n; i++)
        for (int k = 0; k < 3; k++) {
            double d = s->position[ROW * i + k];
            if (s->constraint == BNSL_EINSTEIN_CRYSTAL)
                d -= mu / s->spring[c->species[i]] * sum[k] / weight;
            else if (i == c->fixed)
                d = 0;
            s->position[ROW * i + k] = s->site[ROW * i + k] + d;
        }
}
