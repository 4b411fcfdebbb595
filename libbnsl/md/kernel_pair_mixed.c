/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pair forces in mixed precision: differences of positions are exact integers (fixed.c), each pair is computed in single precision, every
 * eighth pair of a particle is added in it, the eight sums in double: one conversion a row, not one a pair, which took a quarter of the time.
 * Error of a pair's force: some n 1e-7 of it; that of such a sum is some 1e-7 of its largest part. Formulas: kernel_pair_double.c.
 *
 * From a neighbour's position to its force is a chain of some 80 cycles, several times what its operations cost, and a processor overlaps only
 * what its schedulers hold. So the chain is cut: a block of pairs that fits into the level-1 cache is gathered, then all its forces are
 * computed, then its rows are summed, each in a loop of short chains. Cost on Zen 3: some 7 ns a vector of 8 pairs, most of it
 * gathering, and 4 ns a row.
 */
#include "md_internal.h"
#include "lanes_mixed.h"

/* Vectors of a block: whole groups of 16 pairs, 12 KiB. */
enum { BLOCK = 512 / FWIDTH };

/* A law in vectors: g = factor (ratio t^(n/2) - t^(m/2)) / r^2 as long as t > least; without a second power g = factor t^(n/2) / r^2. */
typedef struct constants {
    fvec least, ratio, scale;
    double n, m, factor;
    int32_t kind;
    bool repulsive;
} constants;

static inline constants constants_of(const bnsl__law *law)
{
    const bool repulsive = law->a_m == 0;
    const double f_n = law->n * law->a_n, f_m = law->m * law->a_m;
    return (constants){ .least = fvec_set((float)(1 / law->cut2)),
                        .ratio = fvec_set(repulsive ? 1 : (float)(f_n / f_m)),
                        .scale = fvec_set((float)law->scale),
                        .n = law->n,
                        .m = law->m,
                        .factor = repulsive ? f_n : f_m,
                        .kind = law->kind,
                        .repulsive = repulsive };
}

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

/* Pairs between the stages; lengths in units of the integers. */
typedef struct block {
    fvec x[BLOCK], y[BLOCK], z[BLOCK], sigma[BLOCK], r2[BLOCK], g[BLOCK];
} block;

/* The particle whose row is summed. */
typedef struct centre {
    fivec x, y, z;
    fvec radius;
} centre;

static inline centre centre_of(const int32_t *row)
{
    const fivec zero = { 0 };
    float radius;
    memcpy(&radius, row + 3, sizeof radius);
    return (centre){ row[0] + zero, row[1] + zero, row[2] + zero, fvec_set(radius) };
}

static inline int32_t vectors_of(int32_t n)
{
    return (int32_t)((uint32_t)(n + FWIDTH - 1) / FWIDTH);
}

static inline __attribute__((always_inline)) void gather_pairs(const int32_t *fixed, const centre *p, const int32_t *entry, int32_t from, int32_t to,
                                                               block *b)
{
    for (int32_t v = from; v < to; v++, entry += FWIDTH) {
        __builtin_prefetch(entry + AHEAD);
        fivec jx, jy, jz, jw;
        gather_words(fixed, entry, &jx, &jy, &jz, &jw);
        const fvec x = fixed_difference(jx, p->x), y = fixed_difference(jy, p->y), z = fixed_difference(jz, p->z);
        b->x[v] = x;
        b->y[v] = y;
        b->z[v] = z;
        b->r2[v] = x * x + y * y + z * z;
        b->sigma[v] = p->radius + (fvec)jw;
    }
}

/* ratio t^(n/2) - t^(m/2) */
static inline __attribute__((always_inline)) fvec difference(const constants *c, int kind, fvec t)
{
    const fvec t2 = t * t, t4 = t2 * t2, t12 = t4 * t4 * t4;
    switch (kind) {
    case LAW_50_25: {
        const fvec p = t12 * fvec_sqrt(t);
        return c->ratio * (p * p) - p;
    }
    case LAW_50_6: return c->ratio * (t12 * t12 * t) - t2 * t;
    case LAW_12_6: return c->ratio * (t4 * t2) - t2 * t;
    case LAW_IPL50: return t12 * t12 * t;
    default: return c->ratio * power_half(t, c->n) - (c->repulsive ? fvec_set(0.0f) : power_half(t, c->m));
    }
}

/* scaled: the radii of the integers have the law's scale in them (fixed.c) */
static inline __attribute__((always_inline)) void compute_pairs(const constants *law, int kind, bool scaled, int32_t n, block *b)
{
    const constants c = *law;
    for (int32_t v = 0; v < n; v++) {
        const fvec sigma = scaled ? b->sigma[v] : b->sigma[v] * c.scale, inverse = fvec_set(1.0f) / b->r2[v], t = sigma * sigma * inverse;
        const fivec inside = t > c.least; /* not with the far point, whose radius is not a number */
        const fvec bounded = fvec_max(t, c.least); /* beyond the cut-off powers could underflow, which is slow */
        b->g[v] = fvec_and(difference(&c, kind, bounded) * inverse, inside);
    }
}

static void compute_block(const constants *c, bool scaled, int32_t n, block *b)
{
#define CASE(which)                                     \
    case which:                                         \
        if (scaled)                                     \
            compute_pairs(c, which, true, n, b);        \
        else                                            \
            compute_pairs(c, which, false, n, b);       \
        break;
    switch (c->kind) {
        CASE(LAW_50_25)
        CASE(LAW_50_6)
        CASE(LAW_12_6)
        CASE(LAW_IPL50)
        CASE(LAW_POWERS)
    default: break;
    }
#undef CASE
}

/* Adds vector v of a block to part h. */
static inline __attribute__((always_inline)) void add_vector(const block *b, int64_t v, int h, fvec sum[3][FPARTS])
{
    sum[0][h] += b->g[v] * b->x[v];
    sum[1][h] += b->g[v] * b->y[v];
    sum[2][h] += b->g[v] * b->z[v];
}

/* Vector by vector to the parts of the sums in turn. */
static inline __attribute__((always_inline)) void add_pairs(const block *b, int64_t from, int64_t to, fvec sum[3][FPARTS])
{
    int64_t v = from;
    for (; v + FPARTS <= to; v += FPARTS)
#pragma GCC unroll 4
        for (int h = 0; h < FPARTS; h++)
            add_vector(b, v + h, h, sum);
#pragma GCC unroll 4
    for (int h = 0; h < FPARTS - 1; h++)
        if (v + h < to)
            add_vector(b, v + h, h, sum);
}

static inline __attribute__((always_inline)) void write_force(double factor, fvec sum[3][FPARTS], double *force)
{
    vec x[PARTS], y[PARTS], z[PARTS];
    fold(sum[0], x);
    fold(sum[1], y);
    fold(sum[2], z);
    write_sums(x, y, z, factor, force);
}

/*
 * Rows of particles that all have the same law, in the order of their lengths, as many as fit into a block at a time; how many of the n_rows, 0:
 * not even one.
 */
static inline __attribute__((always_inline)) int32_t rows_of_one_law(const bnsl__pair_work *work, const constants *c, int64_t first,
                                                                     const uint8_t *row, int32_t n_rows, block *b)
{
    const double factor = -c->factor * work->per_unit;
    const int32_t *fixed = work->fixed + ROW * first;
    double *force = work->force + ROW * first;
    int32_t end[BLOCK], n = 0, v = 0, k = 0;
    for (; k < n_rows && k < BLOCK; k++) {
        const int32_t to = n + vectors_of(work->count[row[k]]);
        if (to > BLOCK)
            break;
        const centre p = centre_of(fixed + ROW * row[k]);
        gather_pairs(work->fixed, &p, work->entry + work->start[row[k]], n, to, b);
        end[k] = n = to;
    }
    compute_block(c, true, n, b);
    for (int32_t q = 0; q < k; v = end[q++]) {
        fvec sum[3][FPARTS] = { { { 0 } } };
        add_pairs(b, v, end[q], sum);
        write_force(factor, sum, force + ROW * row[q]);
    }
    return k;
}

/* A row of any number of laws and pairs. */
static void any_row(const bnsl__pair_work *work, int64_t first, int64_t row, block *b)
{
    const int32_t n_slots = work->n_slots;
    const int32_t *start = work->start + row * n_slots, *count = work->count + row * n_slots;
    const int64_t i = first + row;
    const bnsl__law *law = work->law + (int64_t)work->species[i] * n_slots;
    const centre p = centre_of(work->fixed + ROW * i);
    double *force = work->force + ROW * i, part[ROW];
    memset(force, 0, ROW * sizeof *force);
    for (int32_t s = 0; s < n_slots; s++, law++) {
        fvec sum[3][FPARTS] = { { { 0 } } };
        const constants c = constants_of(law);
        const int32_t *entry = work->entry + start[s];
        for (int32_t left = vectors_of(count[s]); left > 0; left -= BLOCK, entry += BLOCK * FWIDTH) {
            const int32_t now = left < BLOCK ? left : BLOCK;
            gather_pairs(work->fixed, &p, entry, 0, now, b);
            compute_block(&c, work->one_law, now, b);
            add_pairs(b, 0, now, sum);
        }
        write_force(-c.factor * work->per_unit, sum, part);
        for (int k = 0; k < 3; k++)
            force[k] += part[k];
    }
}

void BNSL_KERNEL(bnsl__pair_mixed)(const bnsl__pair_work *work, int64_t first, int64_t last)
{
    const constants c = constants_of(work->law);
    const int32_t n_rows = (int32_t)(last - first);
    block b;
    for (int32_t k = 0, done; k < n_rows; k += done) {
        done = work->one_law ? rows_of_one_law(work, &c, first, work->order + k, n_rows - k, &b) : 0;
        if (done == 0)
            any_row(work, first, work->order[k + done++], &b);
    }
}
