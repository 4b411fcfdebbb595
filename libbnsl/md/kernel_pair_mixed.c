/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pair forces in mixed precision: differences of positions are exact integers (fixed.c), each pair is computed in single precision, every
 * eighth pair of a particle is added in it, the eight sums in double: one conversion a row, not one a pair, which took a quarter of the time. Error of a pair's force: some n 1e-7 of it; that of such a sum is some 1e-7 of its largest part. Formulas: kernel_pair_double.c.
 */
#include "md_internal.h"
#include "lanes_mixed.h"

/* Vectors computed at a time. */
enum { SIDE_BY_SIDE = 2 };

/* t^(e/2), e a multiple of 1/2: chains of multiplications and square roots. */
static inline fvec power_half(fvec t, double e)
{
    int64_t q = (int64_t)(2 * e);
    fvec result = fvec_set(1.0f), root = fvec_sqrt(t);
    if (q % 4 >= 2)
        result *= root;
    if (q % 2)
        result *= fvec_sqrt(root);
    for (int64_t k = q / 4; k; k >>= 1) {
        if (k & 1)
            result *= t;
        t *= t;
    }
    return result;
}

/* g = -(dU/dr) / r of n vectors, for 1 / r^2 and t = (sigma_ij / r)^2 */
static inline __attribute__((always_inline)) void force_over_r(const bnsl__law *law, int kind, int n, const fvec *inverse, const fvec *t, fvec *g)
{
    const fvec f_n = fvec_set((float)(law->n * law->a_n)), f_m = fvec_set((float)(law->m * law->a_m));
    fvec t2[SIDE_BY_SIDE], t12[SIDE_BY_SIDE], p_n[SIDE_BY_SIDE], p_m[SIDE_BY_SIDE];
    for (int u = 0; u < n; u++)
        t2[u] = t[u] * t[u];
    for (int u = 0; u < n && kind != LAW_12_6; u++) {
        fvec t4 = t2[u] * t2[u];
        t12[u] = t4 * t4 * t4;
    }
    for (int u = 0; u < n; u++) {
        if (kind == LAW_POWERS) {
            p_n[u] = power_half(t[u], law->n);
            p_m[u] = law->a_m != 0 ? power_half(t[u], law->m) : fvec_set(0.0f);
            continue;
        }
        p_m[u] = kind == LAW_50_25 ? t12[u] * fvec_sqrt(t[u]) : kind == LAW_IPL50 ? fvec_set(0.0f) : t2[u] * t[u];
        p_n[u] = kind == LAW_12_6 || kind == LAW_50_25 ? p_m[u] * p_m[u] : t12[u] * t12[u] * t[u];
    }
    for (int u = 0; u < n; u++)
        g[u] = (f_n * p_n[u] - f_m * p_m[u]) * inverse[u];
}

/* The particle whose row is summed. Distances are in units of the integers. */
typedef struct centre {
    fivec x, y, z;
    fvec radius;
} centre;

/* Adds n vectors of pairs with the given entries; part: place of the first in its group of 16. */
static inline __attribute__((always_inline)) void add_pairs(const bnsl__pair_work *work, const bnsl__law *law, int kind, const centre *p, int n, const int32_t *entry,
                                                            int part, fvec sum[3][FPARTS])
{
    const fvec cut2 = fvec_set((float)law->cut2), scale = fvec_set((float)(law->scale * work->per_unit));
    fivec jx[SIDE_BY_SIDE], jy[SIDE_BY_SIDE], jz[SIDE_BY_SIDE], jw[SIDE_BY_SIDE], inside[SIDE_BY_SIDE];
    fvec x[SIDE_BY_SIDE], y[SIDE_BY_SIDE], z[SIDE_BY_SIDE], t[SIDE_BY_SIDE], r2[SIDE_BY_SIDE], inverse[SIDE_BY_SIDE], g[SIDE_BY_SIDE];
    for (int u = 0; u < n; u++)
        gather_words(work->fixed, entry + u * FWIDTH, &jx[u], &jy[u], &jz[u], &jw[u]);
    for (int u = 0; u < n; u++) {
        x[u] = __builtin_convertvector(jx[u] - p->x, fvec);
        y[u] = __builtin_convertvector(jy[u] - p->y, fvec);
        z[u] = __builtin_convertvector(jz[u] - p->z, fvec);
        r2[u] = x[u] * x[u] + y[u] * y[u] + z[u] * z[u];
        fvec sigma = (p->radius + (fvec)jw[u]) * scale, sigma2 = sigma * sigma, far = cut2 * sigma2;
        inside[u] = r2[u] < far;
        inverse[u] = fvec_set(1.0f) / fvec_select(inside[u], r2[u], far); /* beyond the cut-off powers could underflow, which is slow */
        t[u] = sigma2 * inverse[u];
    }
    force_over_r(law, kind, n, inverse, t, g);
    for (int u = 0; u < n; u++) {
        const int h = (part + u) % FPARTS;
        g[u] = fvec_and(g[u], inside[u]);
        sum[0][h] += g[u] * x[u];
        sum[1][h] += g[u] * y[u];
        sum[2][h] += g[u] * z[u];
    }
}

/* Adds the pairs of one particle with n entries, which far points follow. */
static inline __attribute__((always_inline)) void segment(const bnsl__pair_work *work, const bnsl__law *law, int kind, const int32_t *row, const int32_t *entry,
                                                          int32_t n, fvec sum[3][FPARTS])
{
    enum { TOGETHER = SIDE_BY_SIDE * FWIDTH, STRIDE = TOGETHER > MIXED_LANES ? TOGETHER : MIXED_LANES, SINGLE = FWIDTH < MIXED_LANES / 2 ? 0 : FWIDTH };
    const fivec zero = { 0 };
    float radius;
    memcpy(&radius, row + 3, sizeof radius);
    const centre p = { row[0] + zero, row[1] + zero, row[2] + zero, fvec_set(radius) };
    int32_t e = 0;
    for (; n - e > SINGLE; e += STRIDE)
#pragma GCC unroll 4
        for (int h = 0; h < STRIDE; h += TOGETHER)
            add_pairs(work, law, kind, &p, SIDE_BY_SIDE, entry + e + h, h / FWIDTH % FPARTS, sum);
    if (e < n) /* one vector is enough for the rest */
        add_pairs(work, law, kind, &p, 1, entry + e, 0, sum);
}

void BNSL_KERNEL(bnsl__pair_mixed)(const bnsl__pair_work *work, int64_t first, int64_t last)
{
    const int32_t n_slots = work->n_slots;
    for (int64_t i = first; i < last; i++) {
        const int32_t *p = work->fixed + ROW * i, *start = work->start + (i - first) * n_slots, *count = work->count + (i - first) * n_slots;
        const bnsl__law *law = work->law + (int64_t)work->species[i] * n_slots;
        fvec sum[3][FPARTS];
        for (int k = 0; k < 3; k++)
            for (int h = 0; h < FPARTS; h++)
                sum[k][h] = fvec_set(0);
        for (int32_t s = 0; s < n_slots; s++, law++) {
#define CASE(which) case which: segment(work, law, which, p, work->entry + start[s], count[s], sum); break;
            switch (law->kind) {
                CASE(LAW_50_25)
                CASE(LAW_50_6)
                CASE(LAW_12_6)
                CASE(LAW_IPL50)
                CASE(LAW_POWERS)
            default: break;
            }
#undef CASE
        }
        for (int k = 0; k < 3; k++)
            work->force[ROW * i + k] = -work->per_unit * mixed_sum(sum[k]);
        work->force[ROW * i + 3] = 0;
    }
}
