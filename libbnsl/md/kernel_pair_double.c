/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pair forces, energies and virials in double precision. Each law is scaled by sigma_ij = scale (radius_i + radius_j):
 *
 *   U = a_n t^(n/2) - a_m t^(m/2) - shift,  t = (sigma_ij / r)^2,   force on i = -(n a_n t^(n/2) - m a_m t^(m/2)) / r^2 (r_j - r_i)
 *
 * Full lists: every particle sums its own neighbours, so nothing is scattered and the result does not depend on threads.
 * Cost: one division, a square root where an exponent is odd, and some 50 other operations for each vector of listed pairs; the usual
 * exponents are known at compile time. They form one long chain, so they are done in three loops of short ones over a block of pairs that fits
 * into the level-1 cache: gathering, computing, adding (kernel_pair_mixed.c says why).
 */
#include "md_internal.h"
#include "lanes.h"

/* Vectors of a block: whole groups of 8 pairs, 14 KiB. */
enum { BLOCK = 256 / WIDTH };

/* Sums over one row: force, and with energies U and the virial. */
enum { SUM_FX, SUM_FY, SUM_FZ, SUM_U, SUM_XX, SUM_YY, SUM_ZZ, SUM_XY, SUM_XZ, SUM_YZ, N_ROW_SUMS, N_TOTALS = N_ROW_SUMS - SUM_U };

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

/* A law in vectors. */
typedef struct constants {
    vec a_n, a_m, f_n, f_m, shift, cut2, scale;
    const bnsl__law *law;
} constants;

static inline constants constants_of(const bnsl__law *law)
{
    return (constants){ .a_n = vec_set(law->a_n), .a_m = vec_set(law->a_m), .f_n = vec_set(law->n * law->a_n), .f_m = vec_set(law->m * law->a_m),
                        .shift = vec_set(law->shift), .cut2 = vec_set(law->cut2), .scale = vec_set(law->scale), .law = law };
}

/* What a law gives for a pair: U, and g = -(dU/dr) / r. */
typedef struct pair_value {
    vec u, g;
} pair_value;

static inline pair_value value_of(const constants *c, vec p_n, vec p_m, vec inverse2)
{
    return (pair_value){ c->a_n * p_n - c->a_m * p_m - c->shift, (c->f_n * p_n - c->f_m * p_m) * inverse2 };
}

/* Exponents known at compile time. */
static inline __attribute__((always_inline)) pair_value usual_powers(const constants *c, int kind, vec r2, vec sigma)
{
    const vec inverse = vec_set(1.0) / r2, t = sigma * sigma * inverse, t2 = t * t, t4 = t2 * t2, t12 = t4 * t4 * t4;
    vec p_m = kind == LAW_IPL50 ? vec_set(0.0) : t2 * t;
    if (kind == LAW_50_25) /* sigma_ij / r: the root does not wait for the division */
        p_m = t12 * (sigma * vec_sqrt(r2) * inverse);
    const vec p_n = kind == LAW_12_6 || kind == LAW_50_25 ? p_m * p_m : t12 * t12 * t;
    return value_of(c, p_n, p_m, inverse);
}

/* Any exponents. */
static inline pair_value powers(const constants *c, vec r2, vec sigma2)
{
    const bnsl__law *law = c->law;
    vec inverse = vec_set(1.0) / r2, t = sigma2 * inverse;
    return value_of(c, power_half(t, law->n), law->a_m != 0 ? power_half(t, law->m) : vec_set(0.0), inverse);
}

/* U S with S = (c - s)^2 (c + 2 s - 3 o) / (c - o)^3 in s = r^2 beyond o = r_on^2, c = r_cut^2; dS/ds = -6 (c - s) (s - o) / (c - o)^3. */
static inline pair_value smooth(const constants *k, vec r2, vec sigma2)
{
    pair_value v = powers(k, r2, sigma2);
    vec c = k->cut2 * sigma2, o = vec_set(k->law->on2) * sigma2, width = c - o;
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

/* Pairs between the stages. */
typedef struct block {
    vec x[BLOCK], y[BLOCK], z[BLOCK], sigma[BLOCK], r2[BLOCK], g[BLOCK], u[BLOCK];
} block;

static inline int32_t vectors_of(int32_t n)
{
    return (int32_t)((uint32_t)(n + WIDTH - 1) / WIDTH);
}

/* x less the whole edges that bring it next to 0 */
static inline vec nearest_image(vec x, double edge)
{
    const vec magic = vec_set(0x1.8p52); /* adding it leaves an integer */
    return x - vec_set(edge) * ((x * vec_set(1 / edge) + magic) - magic);
}

/* edge: 0, or of a box whose nearest images are meant */
static inline __attribute__((always_inline)) void gather_pairs(const double *position, const double *row, vec scale, double edge,
                                                               const int32_t *entry, int32_t from, int32_t to, block *b)
{
    const vec px = vec_set(row[0]), py = vec_set(row[1]), pz = vec_set(row[2]), radius = vec_set(row[3]), zero = vec_set(0);
    for (int32_t v = from; v < to; v++, entry += WIDTH) {
        __builtin_prefetch(entry + AHEAD);
        vec x, y, z, other;
        gather_rows(position, entry, &x, &y, &z, &other);
        x -= px;
        y -= py;
        z -= pz;
        if (edge > 0) {
            x = nearest_image(x, edge);
            y = nearest_image(y, edge);
            z = nearest_image(z, edge);
            other = vec_select(other < zero, -radius, other); /* the far point */
        }
        b->x[v] = x;
        b->y[v] = y;
        b->z[v] = z;
        b->r2[v] = x * x + y * y + z * z;
        b->sigma[v] = (other + radius) * scale;
    }
}

static inline __attribute__((always_inline)) void compute_pairs(const constants *law, int kind, bool with_energy, int32_t n, block *b)
{
    const constants c = *law;
    for (int32_t k = 0; k < n; k++) {
        const vec r2 = b->r2[k], sigma = b->sigma[k], sigma2 = sigma * sigma;
        const pair_value v = kind < LAW_POWERS ? usual_powers(&c, kind, r2, sigma) : kind == LAW_TABLE ? table(c.law, r2)
                                                 : kind == LAW_SMOOTH ? smooth(&c, r2, sigma2) : powers(&c, r2, sigma2);
        const ivec inside = r2 < (kind == LAW_TABLE ? c.cut2 : c.cut2 * sigma2);
        b->g[k] = vec_and(v.g, inside);
        if (with_energy)
            b->u[k] = vec_and(v.u, inside);
    }
}

static void compute_block(const bnsl__law *law, bool with_energy, int32_t n, block *b)
{
    const constants c = constants_of(law);
#define CASE(which)                                     \
    case which:                                         \
        if (with_energy)                                \
            compute_pairs(&c, which, true, n, b);       \
        else                                            \
            compute_pairs(&c, which, false, n, b);      \
        break;
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

/* Adds vector v of a block to part h. */
static inline __attribute__((always_inline)) void add_vector(const block *b, int64_t v, int h, bool with_energy, vec sum[N_ROW_SUMS][PARTS])
{
    const vec x = b->x[v], y = b->y[v], z = b->z[v], gx = b->g[v] * x, gy = b->g[v] * y, gz = b->g[v] * z;
    sum[SUM_FX][h] -= gx;
    sum[SUM_FY][h] -= gy;
    sum[SUM_FZ][h] -= gz;
    if (with_energy) {
        sum[SUM_U][h] += b->u[v];
        sum[SUM_XX][h] += gx * x;
        sum[SUM_YY][h] += gy * y;
        sum[SUM_ZZ][h] += gz * z;
        sum[SUM_XY][h] += gx * y;
        sum[SUM_XZ][h] += gx * z;
        sum[SUM_YZ][h] += gy * z;
    }
}

/* Vector by vector to the parts of the sums in turn. */
static inline __attribute__((always_inline)) void add_pairs(const block *b, int64_t from, int64_t to, bool with_energy, vec sum[N_ROW_SUMS][PARTS])
{
    int64_t v = from;
    for (; v + PARTS <= to; v += PARTS)
#pragma GCC unroll 4
        for (int h = 0; h < PARTS; h++)
            add_vector(b, v + h, h, with_energy, sum);
#pragma GCC unroll 4
    for (int h = 0; h < PARTS - 1; h++)
        if (v + h < to)
            add_vector(b, v + h, h, with_energy, sum);
}

static inline __attribute__((always_inline)) void clear_sums(bool with_energy, vec sum[N_ROW_SUMS][PARTS])
{
    for (int k = 0; k < (with_energy ? N_ROW_SUMS : SUM_U); k++)
        for (int h = 0; h < PARTS; h++)
            sum[k][h] = vec_set(0);
}

/* total: U and the virial of the row, half of every pair */
static inline __attribute__((always_inline)) void write_row(vec sum[N_ROW_SUMS][PARTS], bool with_energy, double *force, double total[N_TOTALS])
{
    write_sums(sum[SUM_FX], sum[SUM_FY], sum[SUM_FZ], 1, force);
    for (int k = 0; with_energy && k < N_TOTALS; k++)
        total[k] = 0.5 * group_sum(sum[SUM_U + k]);
}

/*
 * Rows of particles that all have the same law, in the order of their lengths, as many as fit into a block at a time; how many of the n_rows, 0:
 * not even one.
 */
static inline __attribute__((always_inline)) int32_t rows_of_one_law(const bnsl__pair_work *work, int64_t first, const uint8_t *row, int32_t n_rows,
                                                                     bool with_energy, block *b, double total[CHUNK][N_TOTALS])
{
    const vec scale = vec_set(work->law->scale);
    const double edge = with_energy ? work->edge : 0, *position = work->position + ROW * first;
    double *force = work->force + ROW * first;
    int32_t end[BLOCK], n = 0, v = 0, k = 0;
    for (; k < n_rows && k < BLOCK; k++) {
        const int32_t to = n + vectors_of(work->count[row[k]]);
        if (to > BLOCK)
            break;
        gather_pairs(work->position, position + ROW * row[k], scale, edge, work->entry + work->start[row[k]], n, to, b);
        end[k] = n = to;
    }
    compute_block(work->law, with_energy, n, b);
    for (int32_t q = 0; q < k; v = end[q++]) {
        vec sum[N_ROW_SUMS][PARTS];
        clear_sums(with_energy, sum);
        add_pairs(b, v, end[q], with_energy, sum);
        write_row(sum, with_energy, force + ROW * row[q], total[row[q]]);
    }
    return k;
}

/* A row of any number of laws and pairs. */
static inline __attribute__((always_inline)) void any_row(const bnsl__pair_work *work, int64_t first, int64_t row, bool with_energy, block *b,
                                                          double total[CHUNK][N_TOTALS])
{
    const int32_t n_slots = work->n_slots;
    const int32_t *start = work->start + row * n_slots, *count = work->count + row * n_slots;
    const int64_t i = first + row;
    const bnsl__law *law = work->law + (int64_t)work->species[i] * n_slots;
    vec sum[N_ROW_SUMS][PARTS];
    clear_sums(with_energy, sum);
    for (int32_t s = 0; s < n_slots; s++, law++) {
        const int32_t *entry = work->entry + start[s];
        for (int32_t left = vectors_of(count[s]); left > 0; left -= BLOCK, entry += BLOCK * WIDTH) {
            const int32_t now = left < BLOCK ? left : BLOCK;
            gather_pairs(work->position, work->position + ROW * i, vec_set(law->scale), with_energy ? work->edge : 0, entry, 0, now, b);
            compute_block(law, with_energy, now, b);
            add_pairs(b, 0, now, with_energy, sum);
        }
    }
    write_row(sum, with_energy, work->force + ROW * i, total[row]);
}

static inline __attribute__((always_inline)) void rows(const bnsl__pair_work *work, int64_t first, int64_t last, bool with_energy)
{
    double total[CHUNK][N_TOTALS];
    block b;
    const int32_t n_rows = (int32_t)(last - first);
    for (int32_t k = 0, done; k < n_rows; k += done) {
        done = work->one_law ? rows_of_one_law(work, first, work->order + k, n_rows - k, with_energy, &b, total) : 0;
        if (done == 0)
            any_row(work, first, work->order[k + done++], with_energy, &b, total);
    }
    for (int k = 0; with_energy && k < N_TOTALS; k++) {
        double sum = 0;
        for (int32_t row = 0; row < n_rows; row++)
            sum += total[row][k];
        work->sums[k] = sum;
    }
}

void BNSL_KERNEL(bnsl__pair_double)(const bnsl__pair_work *work, int64_t first, int64_t last)
{
    if (work->sums)
        rows(work, first, last, true);
    else
        rows(work, first, last, false);
}
