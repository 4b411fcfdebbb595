/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pair forces when one law holds for every pair, scaled by sigma_ij = radius_i + radius_j (equal well depths, additive diameters):
 *
 *   U = a_n t^(n/2) - a_m t^(m/2) - shift,  t = (sigma_ij / r)^2,   force on i = -(n a_n t^(n/2) - m a_m t^(m/2)) / r^2 (r_j - r_i)
 *
 * Full lists: every particle sums its own neighbours, so nothing is scattered and the result does not depend on threads.
 * Cost: one division and some ten multiplications for 8 listed pairs; exponents known at compile time for the usual potentials.
 */
#include "md_internal.h"
#include "lanes.h"

/* t^k for an integer k >= 0 by squaring. */
static inline vec power_integer(vec t, int64_t k)
{
    vec result = vec_set(1.0);
    for (; k; k >>= 1) {
        if (k & 1)
            result *= t;
        t *= t;
    }
    return result;
}

/* t^(e/2): chains of multiplications and square roots for multiples of 1/2 in e, pow otherwise. */
static inline vec power_half(vec t, double e)
{
    double quarters = 2 * e;
    if (quarters != floor(quarters) || quarters > 4000) {
        vec r;
        for (int k = 0; k < WIDTH; k++)
            r[k] = pow(t[k], 0.5 * e);
        return r;
    }
    int64_t q = (int64_t)quarters;
    vec r = power_integer(t, q / 4);
    if (q % 4 >= 2)
        r *= vec_sqrt(t);
    if (q % 2)
        r *= vec_sqrt(vec_sqrt(t));
    return r;
}

/* The two powers t^(n/2), t^(m/2). */
static inline void powers(int exponents, const bnsl__law *law, vec t, vec *p_n, vec *p_m)
{
    if (exponents == EXPONENTS_12_6) {
        vec t3 = t * t * t;
        *p_m = t3;
        *p_n = t3 * t3;
    } else if (exponents == EXPONENTS_OTHER) {
        *p_n = power_half(t, law->n);
        *p_m = law->a_m != 0 ? power_half(t, law->m) : vec_set(0.0);
    } else {
        vec t2 = t * t, t4 = t2 * t2, t8 = t4 * t4, t12 = t8 * t4;
        *p_n = t12 * t12 * t;
        *p_m = exponents == EXPONENTS_50_25 ? t12 * vec_sqrt(t) : exponents == EXPONENTS_50_6 ? t2 * t : vec_set(0.0);
    }
}

/* Sums over one row: force, and with energies U and the virial. */
enum { SUM_FX, SUM_FY, SUM_FZ, SUM_U, SUM_XX, SUM_YY, SUM_ZZ, SUM_XY, SUM_XZ, SUM_YZ, N_SUMS };

static inline __attribute__((always_inline)) void rows(const bnsl__pair_work *work, int64_t first, int64_t last, int exponents, bool with_energy)
{
    const bnsl__law *law = work->law;
    const vec cut2 = vec_set(law->cut2), a_n = vec_set(law->a_n), a_m = vec_set(law->a_m), shift = vec_set(law->shift);
    const vec f_n = vec_set(law->n * law->a_n), f_m = vec_set(law->m * law->a_m);
    const int n_sums = with_energy ? N_SUMS : SUM_U;
    for (int64_t i = first; i < last; i++) {
        const double *p = work->position + ROW * i;
        const vec xi = vec_set(p[0]), yi = vec_set(p[1]), zi = vec_set(p[2]), wi = vec_set(p[3]);
        vec sum[N_SUMS][PARTS];
        for (int k = 0; k < n_sums; k++)
            for (int h = 0; h < PARTS; h++)
                sum[k][h] = vec_set(0);
        for (int64_t e = work->row_start[i]; e < work->row_start[i + 1]; e += LANES)
#pragma GCC unroll 4
            for (int h = 0; h < PARTS; h++) {
                vec x, y, z, w, p_n, p_m;
                gather_rows(work->position, work->entry + e + h * WIDTH, &x, &y, &z, &w);
                x -= xi;
                y -= yi;
                z -= zi;
                vec r2 = x * x + y * y + z * z, sigma = wi + w, sigma2 = sigma * sigma;
                ivec inside = r2 < cut2 * sigma2;
                vec inverse = vec_set(1.0) / r2;
                vec t = sigma2 * inverse;
                powers(exponents, law, t, &p_n, &p_m);
                vec g = vec_and((f_n * p_n - f_m * p_m) * inverse, inside);
                vec gx = g * x, gy = g * y, gz = g * z;
                sum[SUM_FX][h] -= gx;
                sum[SUM_FY][h] -= gy;
                sum[SUM_FZ][h] -= gz;
                if (with_energy) {
                    sum[SUM_U][h] += vec_and(a_n * p_n - a_m * p_m - shift, inside);
                    sum[SUM_XX][h] += gx * x;
                    sum[SUM_YY][h] += gy * y;
                    sum[SUM_ZZ][h] += gz * z;
                    sum[SUM_XY][h] += gx * y;
                    sum[SUM_XZ][h] += gx * z;
                    sum[SUM_YZ][h] += gy * z;
                }
            }
        for (int k = 0; k < 3; k++)
            work->force[ROW * i + k] = group_sum(sum[SUM_FX + k]);
        work->force[ROW * i + 3] = 0;
        if (with_energy) {
            double *out = work->energy + 8 * i;
            for (int k = 0; k < 7; k++)
                out[k] = 0.5 * group_sum(sum[SUM_U + k]);
            out[7] = 0;
        }
    }
}

void BNSL_KERNEL(bnsl__pair_additive)(const bnsl__pair_work *work, int64_t first, int64_t last)
{
#define SPECIALISE(which)                                  \
    case which:                                            \
        if (work->energy)                                  \
            rows(work, first, last, which, true);          \
        else                                               \
            rows(work, first, last, which, false);         \
        break;
    switch (work->exponents) {
        SPECIALISE(EXPONENTS_50_25)
        SPECIALISE(EXPONENTS_50_6)
        SPECIALISE(EXPONENTS_12_6)
        SPECIALISE(EXPONENTS_IPL50)
        SPECIALISE(EXPONENTS_OTHER)
    default: break;
    }
#undef SPECIALISE
}
