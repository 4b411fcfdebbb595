/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pair energies of the Monte Carlo sampler: the change of one particle's energy by a move, and sums over all pairs. Laws as in
 * free_energy_internal.h. The usual exponents are known at compile time; old and new position share the loads of the neighbours.
 * Groups of 8 entries are added lane by lane and the lanes in a fixed tree, so that every instruction set gives the same bits.
 * Cost: 4 to 6 ns for each listed entry of a move (AVX2, Zen 3).
 */
#include <math.h>
#include <string.h>

#include "free_energy_internal.h"

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>
enum { WIDTH = 8 };
#elif defined(__AVX2__)
#include <immintrin.h>
enum { WIDTH = 4 };
#else
enum { WIDTH = 2 };
#endif

enum { LANES = BNSL__MC_LANES, PARTS = LANES / WIDTH, ROW = BNSL__MC_ROW, TOGETHER = 64 };

typedef double vec __attribute__((vector_size(8 * WIDTH)));
typedef int64_t ivec __attribute__((vector_size(8 * WIDTH)));

static inline vec vec_set(double x)
{
    return x - (vec){ 0 };
}

static inline vec vec_load(const double *x)
{
    vec v;
    memcpy(&v, x, sizeof v);
    return v;
}

static inline vec vec_and(vec a, ivec mask)
{
    return (vec)((ivec)a & mask);
}

/* Correctly rounded on every instruction set. */
static inline vec vec_sqrt(vec a)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return (vec)_mm512_sqrt_pd((__m512d)a);
#elif defined(__AVX2__)
    return (vec)_mm256_sqrt_pd((__m256d)a);
#else
    return (vec){ sqrt(a[0]), sqrt(a[1]) };
#endif
}

/* The 8 lanes as ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)), however many vectors they are in. */
static inline double lane_sum(const vec *part)
{
    double x[LANES];
    memcpy(x, part, sizeof x);
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/* t^(quarters / 4) by squaring and square roots */
static inline vec power_quarters(vec t, int32_t quarters)
{
    vec r = vec_set(1.0), square = t;
    for (int32_t k = quarters >> 2; k; k >>= 1) {
        if (k & 1)
            r *= square;
        square *= square;
    }
    if (quarters & 2)
        r *= vec_sqrt(t);
    if (quarters & 1)
        r *= vec_sqrt(vec_sqrt(t));
    return r;
}

typedef struct powers {
    vec n, m;
} powers;

static inline __attribute__((always_inline)) powers powers_of(const bnsl__mc_law *law, int kind, vec t)
{
    vec t2 = t * t, t3 = t2 * t, t6 = t3 * t3, t12 = t6 * t6;
    switch (kind) {
    case BNSL__MC_12_6: return (powers){ t6, t3 };
    case BNSL__MC_50_25: {
        vec p = t12 * vec_sqrt(t);
        return (powers){ p * p, p };
    }
    case BNSL__MC_50_6: return (powers){ t12 * t12 * t, t3 };
    case BNSL__MC_IPL50: return (powers){ t12 * t12 * t, vec_set(0.0) };
    default: return (powers){ power_quarters(t, law->half_n), law->half_m ? power_quarters(t, law->half_m) : vec_set(0.0) };
    }
}

/* Energy at squared distances, 0 beyond the cut-off. */
static inline __attribute__((always_inline)) vec energy(const bnsl__mc_law *law, int kind, vec r2)
{
    powers p = powers_of(law, kind, vec_set(law->sigma2) / r2);
    vec u = vec_set(law->a_n) * p.n - vec_set(law->a_m) * p.m - vec_set(law->shift);
    return vec_and(u, r2 < vec_set(law->cut2));
}

/* Vectors from the origin to n entries, n a multiple of LANES and at most TOGETHER. */
static inline void load(const bnsl__mc_work *work, int64_t e, int64_t n, double *x, double *y, double *z)
{
    for (int64_t k = 0; k < n; k++) {
        const bnsl__mc_entry entry = work->entry[e + k];
        const double *p = work->position + ROW * (int64_t)entry.j, *t = work->shift + ROW * entry.shift;
        x[k] = p[0] + t[0];
        y[k] = p[1] + t[1];
        z[k] = p[2] + t[2];
    }
}

static inline vec distance2(const double *x, const double *y, const double *z, const double *p)
{
    vec dx = vec_load(x) - vec_set(p[0]), dy = vec_load(y) - vec_set(p[1]), dz = vec_load(z) - vec_set(p[2]);
    return dx * dx + dy * dy + dz * dz;
}

/* Energy of entries begin .. end - 1 as seen from `to` minus that from `from`. */
static inline __attribute__((always_inline)) double segment_change(const bnsl__mc_work *work, const bnsl__mc_law *law, int kind, int64_t begin,
                                                                   int64_t end, const double *from, const double *to)
{
    double x[TOGETHER], y[TOGETHER], z[TOGETHER];
    vec sum[PARTS] = { { 0 } };
    for (int64_t e = begin; e < end; e += TOGETHER) {
        int64_t n = end - e < TOGETHER ? end - e : TOGETHER;
        load(work, e, n, x, y, z);
        for (int64_t k = 0; k < n; k += LANES)
            for (int h = 0; h < PARTS; h++) {
                const int64_t at = k + h * WIDTH;
                sum[h] += energy(law, kind, distance2(x + at, y + at, z + at, to)) - energy(law, kind, distance2(x + at, y + at, z + at, from));
            }
    }
    return lane_sum(sum);
}

/* Whether a sphere at `to` overlaps an entry. */
static inline bool overlaps(const bnsl__mc_work *work, const bnsl__mc_law *law, int64_t begin, int64_t end, const double *to)
{
    double x[TOGETHER], y[TOGETHER], z[TOGETHER];
    for (int64_t e = begin; e < end; e += TOGETHER) {
        int64_t n = end - e < TOGETHER ? end - e : TOGETHER;
        load(work, e, n, x, y, z);
        ivec any = { 0 };
        int64_t found = 0;
        for (int64_t k = 0; k < n; k += WIDTH)
            any |= distance2(x + k, y + k, z + k, to) < vec_set(law->sigma2);
        for (int k = 0; k < WIDTH; k++)
            found |= any[k];
        if (found)
            return true;
    }
    return false;
}

static double general_change(const bnsl__mc_work *work, int32_t a, int32_t b, int64_t begin, int64_t end, const double *from, const double *to)
{
    double x[TOGETHER], y[TOGETHER], z[TOGETHER], r2[LANES], u[2][LANES], sum = 0.0;
    for (int64_t e = begin; e < end; e += LANES) {
        load(work, e, LANES, x, y, z);
        for (int side = 0; side < 2; side++) {
            for (int h = 0; h < PARTS; h++) {
                vec d = distance2(x + h * WIDTH, y + h * WIDTH, z + h * WIDTH, side ? to : from);
                memcpy(r2 + h * WIDTH, &d, sizeof d);
            }
            bnsl__mc_general(work, a, b, r2, u[side], NULL);
        }
        for (int k = 0; k < LANES; k++)
            sum += u[1][k] - u[0][k];
    }
    return sum;
}

double BNSL_KERNEL(bnsl__mc_change)(const bnsl__mc_work *work, int64_t i, const double *from, const double *to)
{
    const int32_t a = work->species[i];
    const int64_t *row = work->row_start + i * work->n_species;
    const bnsl__mc_law *law = work->law + (int64_t)a * work->n_species;
    double sum = 0.0;
    for (int32_t b = 0; b < work->n_species; b++, law++) {
        if (row[b] == row[b + 1])
            continue;
#define CASE(which) case which: sum += segment_change(work, law, which, row[b], row[b + 1], from, to); break;
        switch (law->kind) {
            CASE(BNSL__MC_12_6)
            CASE(BNSL__MC_50_25)
            CASE(BNSL__MC_50_6)
            CASE(BNSL__MC_IPL50)
            CASE(BNSL__MC_POWERS)
        case BNSL__MC_HARD:
            if (overlaps(work, law, row[b], row[b + 1], to))
                return INFINITY;
            break;
        case BNSL__MC_GENERAL: sum += general_change(work, a, b, row[b], row[b + 1], from, to); break;
        default: break;
        }
#undef CASE
    }
    return sum;
}

/* Adds pairs at vectors (x, y, z) with energy u and g = -(dU/dr) / r. */
static inline void add_pairs(vec (*sum)[PARTS], int h, vec u, vec g, vec x, vec y, vec z)
{
    sum[BNSL__MC_U][h] += u;
    sum[BNSL__MC_XX][h] += g * x * x;
    sum[BNSL__MC_YY][h] += g * y * y;
    sum[BNSL__MC_ZZ][h] += g * z * z;
}

/* Adds the entries of one row to the sums, each pair as seen from one of its particles. */
static inline __attribute__((always_inline)) void segment_total(const bnsl__mc_work *work, const bnsl__mc_law *law, int kind, int64_t begin,
                                                                int64_t end, const double *p, vec (*sum)[PARTS])
{
    double x[TOGETHER], y[TOGETHER], z[TOGETHER];
    for (int64_t e = begin; e < end; e += TOGETHER) {
        int64_t n = end - e < TOGETHER ? end - e : TOGETHER;
        load(work, e, n, x, y, z);
        for (int64_t k = 0; k < n; k += LANES)
            for (int h = 0; h < PARTS; h++) {
                const int64_t at = k + h * WIDTH;
                vec dx = vec_load(x + at) - vec_set(p[0]), dy = vec_load(y + at) - vec_set(p[1]), dz = vec_load(z + at) - vec_set(p[2]);
                vec r2 = dx * dx + dy * dy + dz * dz, inverse = vec_set(1.0) / r2;
                ivec inside = r2 < vec_set(law->cut2);
                powers q = powers_of(law, kind, vec_set(law->sigma2) * inverse);
                vec u = vec_set(law->a_n) * q.n - vec_set(law->a_m) * q.m - vec_set(law->shift);
                vec g = (vec_set(law->n * law->a_n) * q.n - vec_set(law->m * law->a_m) * q.m) * inverse;
                add_pairs(sum, h, vec_and(u, inside), vec_and(g, inside), dx, dy, dz);
            }
    }
}

static void general_total(const bnsl__mc_work *work, int32_t a, int32_t b, int64_t begin, int64_t end, const double *p, vec (*sum)[PARTS])
{
    double x[LANES], y[LANES], z[LANES], r2[LANES], u[LANES], g[LANES];
    for (int64_t e = begin; e < end; e += LANES) {
        load(work, e, LANES, x, y, z);
        for (int k = 0; k < LANES; k++) {
            x[k] -= p[0];
            y[k] -= p[1];
            z[k] -= p[2];
            r2[k] = x[k] * x[k] + y[k] * y[k] + z[k] * z[k];
        }
        bnsl__mc_general(work, a, b, r2, u, g);
        for (int h = 0; h < PARTS; h++) {
            const int at = h * WIDTH;
            add_pairs(sum, h, vec_load(u + at), vec_load(g + at), vec_load(x + at), vec_load(y + at), vec_load(z + at));
        }
    }
}

void BNSL_KERNEL(bnsl__mc_total)(const bnsl__mc_work *work, double sums[BNSL__MC_SUMS])
{
    for (int k = 0; k < BNSL__MC_SUMS; k++)
        sums[k] = 0.0;
    for (int64_t i = 0; i < work->n; i++) {
        const int32_t a = work->species[i];
        const int64_t *row = work->row_start + i * work->n_species;
        const bnsl__mc_law *law = work->law + (int64_t)a * work->n_species;
        const double *p = work->position + ROW * i;
        vec sum[BNSL__MC_SUMS][PARTS];
        memset(sum, 0, sizeof sum);
        for (int32_t b = 0; b < work->n_species; b++, law++) {
#define CASE(which) case which: segment_total(work, law, which, row[b], row[b + 1], p, sum); break;
            switch (law->kind) {
                CASE(BNSL__MC_12_6)
                CASE(BNSL__MC_50_25)
                CASE(BNSL__MC_50_6)
                CASE(BNSL__MC_IPL50)
                CASE(BNSL__MC_POWERS)
            case BNSL__MC_GENERAL: general_total(work, a, b, row[b], row[b + 1], p, sum); break;
            case BNSL__MC_HARD:
                if (overlaps(work, law, row[b], row[b + 1], p)) {
                    sums[BNSL__MC_U] = INFINITY;
                    return;
                }
                break;
            default: break;
            }
#undef CASE
        }
        for (int k = 0; k < BNSL__MC_SUMS; k++)
            sums[k] += 0.5 * lane_sum(sum[k]);
    }
}
