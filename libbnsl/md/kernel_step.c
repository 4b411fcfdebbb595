/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The integrators' loops. One step of velocity Verlet is B A A B, one of BAOAB [B. Leimkuhler, C. Matthews, J. Chem. Phys. 138, 174102
 * (2013)] is B A O A B, with unit masses:
 *
 *   B  v += (dt/2) f      A  r += (dt/2) v      O  v = exp(-gamma dt) v + sqrt(kT (1 - exp(-2 gamma dt))) N(0, 1)
 *
 * "move" does everything before the new forces, and finds how far the particles have come since the inner neighbour list was made; "kick" is
 * the last B. Between two steps without anybody to look, that B is left to the next move, one addition more: velocities are read once a step.
 * The normal numbers are Philox blocks keyed by (seed, stream) and counted by (particle, step), turned into normals by Box-Muller in single
 * precision (|N| < 6.6, error some 1e-7); logarithm, sine and cosine are polynomials here, so that every instruction set and every C
 * library gives the same bits. Cost: 11 ns a particle on Zen 3 (AVX2), normal numbers included.
 */
#include "md_internal.h"
#include "lanes.h"

/* Philox4x32-10 of eight particles: counter (id, 0, step low, step high). See core/random.c. Only the lower halves of the lanes count. */
static inline __attribute__((always_inline)) void philox8(const int32_t *id, int64_t step, const uint32_t key[2], uvec word[4][PARTS])
{
    uvec k0 = uvec_set(key[0]), k1 = uvec_set(key[1]);
    for (int h = 0; h < PARTS; h++) {
        word[0][h] = uvec_widen(id + h * WIDTH);
        word[1][h] = uvec_set(0);
        word[2][h] = uvec_set((uint64_t)step & 0xFFFFFFFFu);
        word[3][h] = uvec_set((uint64_t)step >> 32);
    }
#pragma GCC unroll 10
    for (int round = 0; round < 10; round++) {
#pragma GCC unroll 4
        for (int h = 0; h < PARTS; h++) {
            uvec p0 = uvec_multiply32(uvec_set(0xD2511F53u), word[0][h]), p1 = uvec_multiply32(uvec_set(0xCD9E8D57u), word[2][h]);
            word[0][h] = (p1 >> 32) ^ word[1][h] ^ k0;
            word[1][h] = p1;
            word[2][h] = (p0 >> 32) ^ word[3][h] ^ k1;
            word[3][h] = p0;
        }
        k0 += uvec_set(0x9E3779B9u);
        k1 += uvec_set(0xBB67AE85u);
    }
}

/* Single precision of LANES = 8 particles: the noise needs no more, and the same operations in every instruction set give the same bits. */
typedef float noise8 __attribute__((vector_size(4 * LANES)));
typedef int32_t bits8 __attribute__((vector_size(4 * LANES)));
typedef uint32_t word8 __attribute__((vector_size(4 * LANES))); /* for what may wrap around */

static inline noise8 noise_set(float x)
{
    return x - (noise8){ 0 };
}

/* Correctly rounded on every instruction set. */
static inline noise8 noise_sqrt(noise8 a)
{
#if defined(__AVX2__)
    return (noise8)_mm256_sqrt_ps((__m256)a);
#else
    for (int k = 0; k < LANES; k++)
        a[k] = sqrtf(a[k]);
    return a;
#endif
}

/* The lower halves of the lanes of 8 / WIDTH vectors. */
static inline bits8 narrow(const uvec *word)
{
    bits8 out;
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    out = (bits8)_mm512_cvtepi64_epi32((__m512i)word[0]);
#elif defined(__AVX2__)
    const __m256 mixed = _mm256_shuffle_ps((__m256)word[0], (__m256)word[1], 0x88);
    out = (bits8)_mm256_permute4x64_epi64(_mm256_castps_si256(mixed), 0xD8);
#else
    for (int k = 0; k < LANES; k++)
        out[k] = (int32_t)(uint32_t)word[k / WIDTH][k % WIDTH];
#endif
    return out;
}

/*
 * sqrt(-2 ln u) for u = (w | 1) / 2^31 of the upper 31 bits w: 2^-31 (6.6 standard deviations) to 1. ln by exponent and 2 atanh((m - 1) / (m + 1)) of
 * the mantissa in [1/sqrt 2, sqrt 2), relative error < 2e-7.
 */
static inline noise8 noise_radius(bits8 word)
{
    const noise8 u = __builtin_convertvector(((word >> 1) & 0x7FFFFFFF) | 1, noise8) * noise_set(0x1p-31f);
    const bits8 shifted = (bits8)u - 0x3F3504F3; /* sqrt(1/2): the exponent field steps where the mantissa range is cut */
    const bits8 exponent = shifted >> 23;
    const noise8 m = (noise8)((word8)u - ((word8)exponent << 23)), z = (m - noise_set(1)) / (m + noise_set(1)), y = z * z;
    noise8 s = noise_set(1.0f / 9);
    s = s * y + noise_set(1.0f / 7);
    s = s * y + noise_set(1.0f / 5);
    s = s * y + noise_set(1.0f / 3);
    const noise8 e = __builtin_convertvector(exponent, noise8);
    return noise_sqrt(noise_set(-2) * (e * noise_set(0.693147181f) + (noise_set(2) * z + noise_set(2) * z * y * s)));
}

/* cos and sin of 2 pi w / 2^32, absolute error < 1.5e-7: quadrant and Taylor polynomials on [-pi/4, pi/4). */
static inline void noise_direction(bits8 word, noise8 *cosine, noise8 *sine)
{
    const bits8 quadrant = ((word >> 29) + 1) >> 1; /* rounds w / 2^30 */
    const noise8 x = __builtin_convertvector((bits8)((word8)word - ((word8)quadrant << 30)), noise8) * noise_set(6.283185307f * 0x1p-32f), y = x * x;
    noise8 s = noise_set(1.0f / 362880), c = noise_set(1.0f / 40320);
    s = s * y + noise_set(-1.0f / 5040);
    c = c * y + noise_set(-1.0f / 720);
    s = s * y + noise_set(1.0f / 120);
    c = c * y + noise_set(1.0f / 24);
    s = s * y + noise_set(-1.0f / 6);
    c = c * y + noise_set(-0.5f);
    s = x + x * y * s;
    c = noise_set(1) + y * c;
    const bits8 odd = -(quadrant & 1), sin_sign = (bits8)((word8)(quadrant & 2) << 30), cos_sign = (bits8)((word8)((quadrant + 1) & 2) << 30);
    *cosine = (noise8)((((bits8)s & odd) | ((bits8)c & ~odd)) ^ cos_sign);
    *sine = (noise8)((((bits8)c & odd) | ((bits8)s & ~odd)) ^ sin_sign);
}

/* Lanes h WIDTH and following in double. */
static inline vec part_of(noise8 a, int h)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    (void)h;
    return (vec)_mm512_cvtps_pd((__m256)a);
#elif defined(__AVX2__)
    return (vec)_mm256_cvtps_pd(h ? _mm256_extractf128_ps((__m256)a, 1) : _mm256_castps256_ps128((__m256)a));
#else
    return (vec){ a[h * WIDTH], a[h * WIDTH + 1] };
#endif
}

/* Three standard normal numbers for each of eight particles, as rows of 4 (the fourth is 0) [Box, Muller, Ann. Math. Stat. 29, 610 (1958)]. */
static inline __attribute__((always_inline)) void normals8(const int32_t *id, int64_t step, const uint32_t key[2], double rows[LANES][ROW])
{
    uvec word[4][PARTS];
    philox8(id, step, key, word);
    noise8 ca, sa, cb, sb, ra = noise_radius(narrow(word[0])), rb = noise_radius(narrow(word[2]));
    noise_direction(narrow(word[1]), &ca, &sa);
    noise_direction(narrow(word[3]), &cb, &sb);
    const noise8 x = ra * ca, y = ra * sa, z = rb * cb;
    for (int h = 0; h < PARTS; h++)
        scatter_rows(rows[h * WIDTH], part_of(x, h), part_of(y, h), part_of(z, h));
}

/* ids of up to eight particles; missing ones repeat the last */
static inline void ids8(const int32_t *id, int64_t n, int32_t out[8])
{
    for (int64_t k = 0; k < 8; k++)
        out[k] = id[k < n ? k : n - 1];
}

void BNSL_KERNEL(bnsl__step_noise)(const bnsl__step_work *work, int64_t first, int64_t last, double *noise)
{
    for (int64_t i = first; i < last; i += 8) {
        int64_t n = last - i < 8 ? last - i : 8;
        int32_t id[8];
        double rows[8][ROW];
        ids8(work->id + i, n, id);
        normals8(id, work->step, work->key, rows);
        memcpy(noise + ROW * i, rows, (size_t)n * sizeof rows[0]);
    }
}

/* Factors of the forces and the noise of eight particles: 1, or 0 for a frozen one. */
static inline void mobilities(const bnsl__step_work *work, int64_t i, int64_t n, double factor[LANES * ROW])
{
    for (int64_t k = 0; k < LANES * ROW; k++)
        factor[k] = k / ROW < n ? work->mobile[i + k / ROW] : 1;
}

static inline vec load(const double *from)
{
    vec v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void store(double *to, vec v)
{
    memcpy(to, &v, sizeof v);
}

/* B A O A of eight particles; factor: NULL, or that of each value. heat: the gain of v^2, by the place of a value modulo 8. */
static inline __attribute__((always_inline)) void baoa8(const bnsl__step_work *work, const int32_t *id, double *r, double *v, const double *f,
                                                        const double *factor, vec heat[PARTS])
{
    const vec h = vec_set(work->half_dt), c = vec_set(work->friction_factor), a = vec_set(work->noise_factor);
    double rows[LANES][ROW];
    normals8(id, work->step, work->key, rows);
    for (int k = 0; k < LANES * ROW; k += WIDTH) {
        vec push = h * load(f + k), kick = a * load(rows[0] + k);
        if (factor) {
            push *= load(factor + k);
            kick *= load(factor + k);
        }
        vec w = load(v + k) + push;
        if (work->owes_kick)
            w += push;
        vec s = load(r + k) + h * w, u = c * w + kick;
        heat[k / WIDTH % PARTS] += u * u - w * w;
        store(v + k, u);
        store(r + k, s + h * u);
    }
}

/* The same of n < 8 particles, through copies. */
static inline void baoa_some(const bnsl__step_work *work, int64_t i, int64_t n, const double *factor, vec heat[PARTS])
{
    double r[LANES * ROW] = { 0 }, v[LANES * ROW] = { 0 }, f[LANES * ROW] = { 0 }, mask[LANES * ROW] = { 0 };
    const size_t size = (size_t)(ROW * n) * sizeof *r;
    int32_t id[LANES];
    ids8(work->id + i, n, id);
    memcpy(r, work->position + ROW * i, size);
    memcpy(v, work->velocity + ROW * i, size);
    memcpy(f, work->force + ROW * i, size);
    for (int64_t k = 0; k < ROW * n; k++)
        mask[k] = factor ? factor[k] : 1;
    baoa8(work, id, r, v, f, mask, heat);
    memcpy(work->position + ROW * i, r, size);
    memcpy(work->velocity + ROW * i, v, size);
}

/* A kick and a drift of n values in rows. */
static inline __attribute__((always_inline)) void kick_drift(const bnsl__step_work *work, int64_t i, int64_t n, const double *factor)
{
    const double h = work->half_dt;
    double *r = work->position + ROW * i, *v = work->velocity + ROW * i;
    const double *f = work->force + ROW * i;
    for (int64_t k = 0; k < n; k++) {
        const double push = factor ? h * f[k] * factor[k] : h * f[k];
        v[k] += push;
        if (work->owes_kick)
            v[k] += push;
        r[k] += 2 * h * v[k];
    }
}

/* Columns of WIDTH consecutive rows. */
static inline void columns(const double *rows, vec *x, vec *y, vec *z)
{
    static const int32_t offset[8] = { 0, ROW, 2 * ROW, 3 * ROW, 4 * ROW, 5 * ROW, 6 * ROW, 7 * ROW };
    vec w;
    gather_rows(rows, offset, x, y, z, &w);
}

/* The largest |r - F r_past|^2 so far, lane by lane; rows of NaN leave NaN in lost. */
typedef struct displacement {
    vec largest[PARTS], lost[PARTS];
} displacement;

/* Takes in eight particles, or n < 8. */
static inline __attribute__((always_inline)) void displacements8(const bnsl__step_work *work, int64_t i, int64_t n, displacement *d)
{
    const double *f = work->strain, *now = work->position + ROW * i, *past = work->reference + ROW * i;
    double some[2][LANES * ROW];
    if (n < LANES) { /* the missing ones repeat the first */
        for (int64_t k = 0; k < LANES; k++) {
            memcpy(some[0] + ROW * k, now + (k < n ? ROW * k : 0), ROW * sizeof *now);
            memcpy(some[1] + ROW * k, past + (k < n ? ROW * k : 0), ROW * sizeof *past);
        }
        now = some[0];
        past = some[1];
    }
    for (int h = 0; h < PARTS; h++) {
        vec x, y, z, a, b, c;
        columns(now + ROW * WIDTH * h, &x, &y, &z);
        columns(past + ROW * WIDTH * h, &a, &b, &c);
        x -= vec_set(f[0]) * a + vec_set(f[3]) * b + vec_set(f[4]) * c;
        y -= vec_set(f[1]) * b + vec_set(f[5]) * c;
        z -= vec_set(f[2]) * c;
        vec d2 = x * x + y * y + z * z;
        d->largest[h] = vec_select(d2 > d->largest[h], d2, d->largest[h]);
        d->lost[h] += d2 - d2; /* 0, or NaN that stays */
    }
}

static inline double largest_of(const displacement *d)
{
    double all = 0;
    for (int k = 0; k < LANES; k++)
        all = d->largest[k / WIDTH][k % WIDTH] > all ? d->largest[k / WIDTH][k % WIDTH] : all;
    for (int k = 0; k < LANES; k++)
        all += d->lost[k / WIDTH][k % WIDTH];
    return all;
}

/* Moves n of eight particles. */
static inline __attribute__((always_inline)) void move8(const bnsl__step_work *work, int64_t i, int64_t n, vec heat[PARTS], displacement *d)
{
    double factor[LANES * ROW];
    if (work->mobile)
        mobilities(work, i, n, factor);
    if (!work->langevin)
        kick_drift(work, i, ROW * n, work->mobile ? factor : NULL);
    else if (n < LANES)
        baoa_some(work, i, n, work->mobile ? factor : NULL, heat);
    else if (work->mobile)
        baoa8(work, work->id + i, work->position + ROW * i, work->velocity + ROW * i, work->force + ROW * i, factor, heat);
    else
        baoa8(work, work->id + i, work->position + ROW * i, work->velocity + ROW * i, work->force + ROW * i, NULL, heat);
    displacements8(work, i, n, d);
}

double BNSL_KERNEL(bnsl__step_move)(const bnsl__step_work *work, int64_t first, int64_t last)
{
    displacement d = { { { 0 } }, { { 0 } } };
    vec heat[PARTS] = { { 0 } };
    int64_t i = first;
    for (; i + LANES <= last; i += LANES)
        move8(work, i, LANES, heat, &d);
    if (i < last)
        move8(work, i, last - i, heat, &d);
    if (work->heat) {
        double sum = 0;
        for (int k = 0; k < LANES; k++)
            sum += 0.5 * heat[k / WIDTH][k % WIDTH];
        work->heat[first / CHUNK * N_SUMS + SUM_HEAT] = sum;
    }
    return largest_of(&d);
}

void BNSL_KERNEL(bnsl__step_kick)(const bnsl__step_work *work, int64_t first, int64_t last)
{
    const double h = work->half_dt;
    double *v = work->velocity;
    if (work->mobile) {
        for (int64_t k = ROW * first; k < ROW * last; k++)
            v[k] += h * work->force[k] * work->mobile[k / ROW];
    } else {
        for (int64_t k = ROW * first; k < ROW * last; k++)
            v[k] += h * work->force[k];
    }
}

/* Largest |r - F r_past|^2 of a range of particles; NaN when a position is not finite. */
double BNSL_KERNEL(bnsl__step_displacement2)(const bnsl__step_work *work, int64_t first, int64_t last)
{
    displacement d = { { { 0 } }, { { 0 } } };
    for (int64_t i = first; i < last; i += LANES)
        displacements8(work, i, last - i < LANES ? last - i : LANES, &d);
    return largest_of(&d);
}
