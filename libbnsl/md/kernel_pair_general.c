/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pair forces when pairs of species differ in more than size (well depths, exponents, cut-offs, missing interactions): the parameters of
 * each pair are looked up by the species in the fourth column of the positions. One pair at a time; same formulas as the additive kernel.
 */
#include <math.h>

#include "md_internal.h"

static inline double power_integer(double t, int64_t k)
{
    double result = 1;
    for (; k; k >>= 1) {
        if (k & 1)
            result *= t;
        t *= t;
    }
    return result;
}

/* t^(e/2) */
static inline double power_half(double t, double e)
{
    double quarters = 2 * e;
    if (quarters != floor(quarters) || quarters > 4000)
        return pow(t, 0.5 * e);
    int64_t q = (int64_t)quarters;
    double r = power_integer(t, q / 4);
    if (q % 4 >= 2)
        r *= sqrt(t);
    if (q % 2)
        r *= sqrt(sqrt(t));
    return r;
}

static inline void one_row(const bnsl__pair_work *work, int64_t i)
{
    const double *p = work->position + ROW * i;
    const bnsl__law *row = work->pair + (int64_t)p[3] * work->n_species;
    double f[3] = { 0, 0, 0 }, sum[7] = { 0, 0, 0, 0, 0, 0, 0 };
    for (int64_t e = work->row_start[i]; e < work->row_start[i + 1]; e++) {
        const double *q = work->position + ROW * (int64_t)work->entry[e];
        const bnsl__law *pair = row + (int64_t)q[3];
        double x = q[0] - p[0], y = q[1] - p[1], z = q[2] - p[2];
        double r2 = x * x + y * y + z * z, sigma2 = pair->sigma * pair->sigma;
        if (!(r2 < pair->cut2 * sigma2))
            continue;
        double inverse = 1 / r2, t = sigma2 * inverse;
        double p_n = power_half(t, pair->n), p_m = pair->a_m != 0 ? power_half(t, pair->m) : 0;
        double g = (pair->n * pair->a_n * p_n - pair->m * pair->a_m * p_m) * inverse;
        f[0] -= g * x;
        f[1] -= g * y;
        f[2] -= g * z;
        if (work->energy) {
            sum[0] += pair->a_n * p_n - pair->a_m * p_m - pair->shift;
            sum[1] += g * x * x;
            sum[2] += g * y * y;
            sum[3] += g * z * z;
            sum[4] += g * x * y;
            sum[5] += g * x * z;
            sum[6] += g * y * z;
        }
    }
    double *out = work->force + ROW * i;
    for (int k = 0; k < 3; k++)
        out[k] = f[k];
    out[3] = 0;
    if (work->energy) {
        for (int k = 0; k < 7; k++)
            work->energy[8 * i + k] = 0.5 * sum[k];
        work->energy[8 * i + 7] = 0;
    }
}

void BNSL_KERNEL(bnsl__pair_general)(const bnsl__pair_work *work, int64_t first, int64_t last)
{
    for (int64_t i = first; i < last; i++)
        one_row(work, i);
}
