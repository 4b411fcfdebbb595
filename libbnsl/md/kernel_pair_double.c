/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pair forces, energies and virials in double precision. Each law is scaled by sigma_ij = scale (radius_i + radius_j):
 *
 *   U = a_n t^(n/2) - a_m t^(m/2) - shift,  t = (sigma_ij / r)^2,   force on i = -(n a_n t^(n/2) - m a_m t^(m/2)) / r^2 (r_j - r_i)
 *
 * Full lists: every particle sums its own neighbours, so nothing is scattered and the result does not depend on threads.
 * Cost: one division, a square root where an exponent is odd, and some 50 other operations for each vector of listed pairs; the usual
 * exponents are known at compile time. They form one long chain, so two vectors are computed side by side: each fills the
 * other's waiting times.
 */
#include "md_internal.h"
#include "lanes.h"

/* Vectors computed at a time. */
enum { SIDE_BY_SIDE = 2 };

/* Sums over one row: force, and with energies U and the virial. */
enum { SUM_FX, SUM_FY, SUM_FZ, SUM_U, SUM_XX, SUM_YY, SUM_ZZ, SUM_XY, SUM_XZ, SUM_YZ, N_ROW_SUMS };

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

/* What a law gives for a pair: U, and g = -(dU/dr) / r. */
typedef struct pair_value {
    vec u, g;
} pair_value;

static inline pair_value value_of(const bnsl__law *law, vec p_n, vec p_m, vec inverse2)
{
    const vec a_n = vec_set(law->a_n), a_m = vec_set(law->a_m), f_n = vec_set(law->n * law->a_n), f_m = vec_set(law->m * law->a_m);
    return (pair_value){ a_n * p_n - a_m * p_m - vec_set(law->shift), (f_n * p_n - f_m * p_m) * inverse2 };
}

/* Exponents known at compile time, for r^2, sigma_ij and sigma_ij^2 of n vectors. */
static inline __attribute__((always_inline)) void usual_powers(const bnsl__law *law, int kind, int n, const vec *r2, const vec *sigma,
                                                               const vec *sigma2, pair_value *out)
{
    vec inverse[SIDE_BY_SIDE], t[SIDE_BY_SIDE], t2[SIDE_BY_SIDE], t12[SIDE_BY_SIDE], p_n[SIDE_BY_SIDE], p_m[SIDE_BY_SIDE], ratio[SIDE_BY_SIDE];
    for (int u = 0; u < n; u++)
        inverse[u] = vec_set(1.0) / r2[u];
    for (int u = 0; u < n && kind == LAW_50_25; u++) /* sigma_ij / r: the root does not wait for the division */
        ratio[u] = sigma[u] * vec_sqrt(r2[u]) * inverse[u];
    for (int u = 0; u < n; u++) {
        t[u] = sigma2[u] * inverse[u];
        t2[u] = t[u] * t[u];
    }
    for (int u = 0; u < n && kind != LAW_12_6; u++) {
        vec t4 = t2[u] * t2[u];
        t12[u] = t4 * t4 * t4;
    }
    for (int u = 0; u < n; u++) {
        p_m[u] = kind == LAW_50_25 ? t12[u] * ratio[u] : kind == LAW_IPL50 ? vec_set(0.0) : t2[u] * t[u];
        p_n[u] = kind == LAW_12_6 || kind == LAW_50_25 ? p_m[u] * p_m[u] : t12[u] * t12[u] * t[u];
    }
    for (int u = 0; u < n; u++)
        out[u] = value_of(law, p_n[u], p_m[u], inverse[u]);
}

/* Any exponents. */
static inline pair_value powers(const bnsl__law *law, vec r2, vec sigma2)
{
    vec inverse = vec_set(1.0) / r2, t = sigma2 * inverse;
    return value_of(law, power_half(t, law->n), law->a_m != 0 ? power_half(t, law->m) : vec_set(0.0), inverse);
}

/* U S with S = (c - s)^2 (c + 2 s - 3 o) / (c - o)^3 in s = r^2 beyond o = r_on^2, c = r_cut^2; dS/ds = -6 (c - s) (s - o) / (c - o)^3. */
static inline pair_value smooth(const bnsl__law *law, vec r2, vec sigma2)
{
    pair_value v = powers(law, r2, sigma2);
    vec c = vec_set(law->cut2) * sigma2, o = vec_set(law->on2) * sigma2, width = c - o;
    vec unit = vec_set(1.0) / (width * width * width), left = c - r2;
    vec s = left * left * (c + vec_set(2.0) * r2 - vec_set(3.0) * o) * unit, slope = vec_set(-6.0) * left * (r2 - o) * unit;
    ivec beyond = r2 > o;
    vec g = v.g * s - vec_set(2.0) * v.u * slope; /* -(1/r) d/dr = -2 d/d(r^2) */
    return (pair_value){ vec_select(beyond, v.u * s, v.u), vec_select(beyond, g, v.g) };
}

/* Cubics between the values of a table. */
static inline pair_value table(const bnsl__law *law, vec r2)
{
    vec r = vec_sqrt(r2), u = vec_set(0.0), f = vec_set(0.0);
    for (int k = 0; k < WIDTH; k++) {
        double s = (r[k] - law->table_start) / law->table_step;
        if (s < 0) {
            u[k] = law->table[0] - law->table_force * (r[k] - law->table_start);
            f[k] = law->table_force;
        } else if (s < law->n_table) {
            const double *c = law->table + 4 * (int64_t)s;
            s -= floor(s);
            u[k] = c[0] + s * (c[1] + s * (c[2] + s * c[3]));
            f[k] = -(c[1] + s * (2 * c[2] + 3 * s * c[3])) / law->table_step;
        }
    }
    return (pair_value){ u, f / r };
}

/* The particle whose row is summed. */
typedef struct centre {
    vec x, y, z, radius;
} centre;

/* Adds n vectors of pairs with the given entries, to parts of the sums from `part` on. */
static inline __attribute__((always_inline)) void add_pairs(const bnsl__pair_work *work, const bnsl__law *law, int kind, const centre *p,
                                                            int n, const int32_t *entry, int part, bool with_energy,
                                                            vec sum[N_ROW_SUMS][PARTS])
{
    const vec cut2 = vec_set(law->cut2), scale = vec_set(law->scale);
    vec x[SIDE_BY_SIDE], y[SIDE_BY_SIDE], z[SIDE_BY_SIDE], sigma[SIDE_BY_SIDE], sigma2[SIDE_BY_SIDE], r2[SIDE_BY_SIDE];
    pair_value v[SIDE_BY_SIDE];
    for (int u = 0; u < n; u++)
        gather_rows(work->position, entry + u * WIDTH, &x[u], &y[u], &z[u], &sigma[u]);
    for (int u = 0; u < n; u++) {
        x[u] -= p->x;
        y[u] -= p->y;
        z[u] -= p->z;
        r2[u] = x[u] * x[u] + y[u] * y[u] + z[u] * z[u];
        sigma[u] = (sigma[u] + p->radius) * scale;
        sigma2[u] = sigma[u] * sigma[u];
    }
    if (kind < LAW_POWERS)
        usual_powers(law, kind, n, r2, sigma, sigma2, v);
    for (int u = 0; u < n && kind >= LAW_POWERS; u++)
        v[u] = kind == LAW_TABLE ? table(law, r2[u]) : kind == LAW_SMOOTH ? smooth(law, r2[u], sigma2[u]) : powers(law, r2[u], sigma2[u]);
    for (int u = 0; u < n; u++) {
        const int h = (part + u) % PARTS;
        ivec inside = r2[u] < (kind == LAW_TABLE ? cut2 : cut2 * sigma2[u]);
        vec g = vec_and(v[u].g, inside), gx = g * x[u], gy = g * y[u], gz = g * z[u];
        sum[SUM_FX][h] -= gx;
        sum[SUM_FY][h] -= gy;
        sum[SUM_FZ][h] -= gz;
        if (with_energy) {
            sum[SUM_U][h] += vec_and(v[u].u, inside);
            sum[SUM_XX][h] += gx * x[u];
            sum[SUM_YY][h] += gy * y[u];
            sum[SUM_ZZ][h] += gz * z[u];
            sum[SUM_XY][h] += gx * y[u];
            sum[SUM_XZ][h] += gx * z[u];
            sum[SUM_YZ][h] += gy * z[u];
        }
    }
}

/* Adds the pairs of one particle with n entries, which far points follow. */
static inline __attribute__((always_inline)) void segment(const bnsl__pair_work *work, const bnsl__law *law, int kind, const double *row,
                                                          const int32_t *entry, int32_t n, bool with_energy, vec sum[N_ROW_SUMS][PARTS])
{
    enum { TOGETHER = SIDE_BY_SIDE * WIDTH, STRIDE = TOGETHER > LANES ? TOGETHER : LANES, SINGLE = WIDTH < LANES / 2 ? 0 : WIDTH };
    const centre p = { vec_set(row[0]), vec_set(row[1]), vec_set(row[2]), vec_set(row[3]) };
    int32_t e = 0;
    for (; n - e > SINGLE; e += STRIDE)
#pragma GCC unroll 4
        for (int h = 0; h < STRIDE; h += TOGETHER)
            add_pairs(work, law, kind, &p, SIDE_BY_SIDE, entry + e + h, h / WIDTH % PARTS, with_energy, sum);
    if (e < n) /* one vector is enough for the rest */
        add_pairs(work, law, kind, &p, 1, entry + e, 0, with_energy, sum);
}

static inline __attribute__((always_inline)) void rows(const bnsl__pair_work *work, int64_t first, int64_t last, bool with_energy)
{
    const int n_sums = with_energy ? N_ROW_SUMS : SUM_U;
    const int32_t n_slots = work->n_slots;
    double total[7] = { 0, 0, 0, 0, 0, 0, 0 };
    for (int64_t i = first; i < last; i++) {
        const double *p = work->position + ROW * i;
        const int32_t *start = work->start + (i - first) * n_slots, *count = work->count + (i - first) * n_slots;
        const bnsl__law *law = work->law + (int64_t)work->species[i] * n_slots;
        vec sum[N_ROW_SUMS][PARTS];
        for (int k = 0; k < n_sums; k++)
            for (int h = 0; h < PARTS; h++)
                sum[k][h] = vec_set(0);
        for (int32_t s = 0; s < n_slots; s++, law++) {
#define CASE(which) case which: segment(work, law, which, p, work->entry + start[s], count[s], with_energy, sum); break;
            switch (law->kind) {
                CASE(LAW_50_25)
                CASE(LAW_50_6)
                CASE(LAW_12_6)
                CASE(LAW_IPL50)
                CASE(LAW_POWERS)
                CASE(LAW_SMOOTH)
                CASE(LAW_TABLE)
            default: break;
            }
#undef CASE
        }
        for (int k = 0; k < 3; k++)
            work->force[ROW * i + k] = group_sum(sum[SUM_FX + k]);
        work->force[ROW * i + 3] = 0;
        for (int k = 0; with_energy && k < 7; k++)
            total[k] += 0.5 * group_sum(sum[SUM_U + k]);
    }
    for (int k = 0; with_energy && k < 7; k++)
        work->sums[k] = total[k];
}

void BNSL_KERNEL(bnsl__pair_double)(const bnsl__pair_work *work, int64_t first, int64_t last)
{
    if (work->sums)
        rows(work, first, last, true);
    else
        rows(work, first, last, false);
}
