/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The integrators' loops. One step of velocity Verlet is B A A B, one of BAOAB [B. Leimkuhler, C. Matthews, J. Chem. Phys. 138, 174102
 * (2013)] is B A O A B, with unit masses:
 *
 *   B  v += (dt/2) f      A  r += (dt/2) v      O  v = exp(-gamma dt) v + sqrt(kT (1 - exp(-2 gamma dt))) N(0, 1)
 *
 * "move" does everything before the new forces, and finds how far the particles have come since the neighbour list was built; "kick" is
 * the last B. The normal numbers are Philox blocks keyed by (seed, stream) and
 * counted by (particle, step), turned into normals by Box-Muller with 32-bit uniforms (so |N| < 6.8); logarithm, sine and cosine are
 * polynomials here, so that every instruction set and every C library gives the same bits.
 */
#include "md_internal.h"
#include "lanes.h"

/* Philox4x32-10 of WIDTH particles: counter (id, 0, step low, step high). See core/random.c. */
static inline void philox(const int32_t *id, int64_t step, const uint32_t key[2], uvec out[4])
{
    const uvec low = uvec_set(0xFFFFFFFFu);
    uvec c0 = uvec_widen(id), c1 = uvec_set(0), c2 = uvec_set((uint64_t)step & 0xFFFFFFFFu), c3 = uvec_set((uint64_t)step >> 32);
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uvec p0 = uvec_multiply32(uvec_set(0xD2511F53u), c0), p1 = uvec_multiply32(uvec_set(0xCD9E8D57u), c2);
        c0 = (p1 >> 32) ^ c1 ^ uvec_set(k0);
        c1 = p1 & low;
        c2 = (p0 >> 32) ^ c3 ^ uvec_set(k1);
        c3 = p0 & low;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

/* Middle of one of 2^32 equal parts of (0, 1). */
static inline vec open_unit(uvec word)
{
    vec whole = (vec)(word | uvec_set(0x4330000000000000u)) - vec_set(0x1p52);
    return (whole + vec_set(0.5)) * vec_set(0x1p-32);
}

/* ln x for normal x > 0: exponent, and 2 atanh((m - 1) / (m + 1)) of the mantissa in [1/sqrt 2, sqrt 2); error < 3e-16 max(1, |ln x|). */
static inline vec vec_log(vec x)
{
    uvec bits = (uvec)x;
    uvec shifted = bits - uvec_set(0x3FE6A09E667F3BCDu); /* sqrt(1/2): the exponent field steps where the mantissa range is cut */
    ivec exponent = (ivec)shifted >> 52;
    vec m = (vec)(bits - ((uvec)exponent << 52));
    vec e = (vec)((uvec)(exponent + 2048) | uvec_set(0x4330000000000000u)) - vec_set(0x1p52 + 2048);
    vec z = (m - vec_set(1)) / (m + vec_set(1)), y = z * z;
    vec s = vec_set(1.0 / 19);
    static const double c[] = { 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3 };
    for (int k = 0; k < 8; k++)
        s = s * y + vec_set(c[k]);
    return e * vec_set(0.69314718055994530942) + (vec_set(2) * z + vec_set(2) * z * y * s);
}

/* cos and sin of 2 pi u, 0 < u < 1, error < 3e-16: quadrant and Taylor polynomials on [-pi/4, pi/4]. */
static inline void vec_cos_sin(vec u, vec *cosine, vec *sine)
{
    const vec magic = vec_set(0x1.8p52); /* adding it rounds to an integer, which the low bits then hold */
    vec rounded = vec_set(4) * u + magic;
    ivec quadrant = (ivec)rounded;
    vec x = vec_set(6.28318530717958647693) * (u - vec_set(0.25) * (rounded - magic)), y = x * x;
    static const double sc[] = { -1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0, 1.0 / 362880.0, -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0 };
    static const double cc[] = { 1.0 / 20922789888000.0, -1.0 / 87178291200.0, 1.0 / 479001600.0, -1.0 / 3628800.0, 1.0 / 40320.0, -1.0 / 720.0, 1.0 / 24.0, -0.5 };
    vec s = vec_set(sc[0]), c = vec_set(cc[0]);
    for (int k = 1; k < 7; k++)
        s = s * y + vec_set(sc[k]);
    for (int k = 1; k < 8; k++)
        c = c * y + vec_set(cc[k]);
    s = x + x * y * s;
    c = vec_set(1) + y * c;
    ivec odd = -(quadrant & 1), sin_sign = (quadrant & 2) << 62, cos_sign = ((quadrant + 1) & 2) << 62;
    *cosine = (vec)((ivec)vec_select(odd, s, c) ^ cos_sign);
    *sine = (vec)((ivec)vec_select(odd, c, s) ^ sin_sign);
}

/* Three standard normal numbers for each of eight particles, as rows of 4 (the fourth is 0). */
static inline void normals8(const int32_t *id, int64_t step, const uint32_t key[2], double rows[LANES][ROW])
{
    for (int h = 0; h < LANES; h += WIDTH) {
        uvec word[4];
        philox(id + h, step, key, word);
        vec ra = vec_sqrt(vec_set(-2) * vec_log(open_unit(word[0]))), rb = vec_sqrt(vec_set(-2) * vec_log(open_unit(word[2])));
        vec ca, sa, cb, sb;
        vec_cos_sin(open_unit(word[1]), &ca, &sa);
        vec_cos_sin(open_unit(word[3]), &cb, &sb);
        scatter_rows(rows[h], ra * ca, ra * sa, rb * cb);
    }
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
static inline void mobilities(const bnsl__step_work *work, int64_t i, int64_t n, double factor[8 * ROW])
{
    for (int64_t k = 0; k < 8 * ROW; k++)
        factor[k] = work->mobile && k / ROW < n ? work->mobile[i + k / ROW] : 1;
}

/* B A O A of eight particles: n values in rows. */
static inline void baoa(const bnsl__step_work *work, int64_t i, int64_t n, const double *factor, double heat[8])
{
    const double h = work->half_dt, c = work->friction_factor, a = work->noise_factor;
    double *r = work->position + ROW * i, *v = work->velocity + ROW * i, gain[8 * ROW];
    const double *f = work->force + ROW * i;
    int32_t id[8];
    double rows[8][ROW];
    ids8(work->id + i, n / ROW, id);
    normals8(id, work->step, work->key, rows);
    const double *noise = rows[0];
    for (int64_t k = 0; k < n; k++) {
        double w = v[k] + h * f[k] * factor[k];
        double s = r[k] + h * w, u = c * w + a * noise[k] * factor[k];
        gain[k] = u * u - w * w;
        v[k] = u;
        r[k] = s + h * u;
    }
    for (int64_t k = 0; k < n; k++)
        heat[k & 7] += gain[k];
}

/* Largest |r - F r_reference|^2 of eight particles or fewer, lane by lane; rows of NaN leave NaN in lost. */
static inline void displacements8(const bnsl__step_work *work, int64_t i, int64_t n, double largest[8], double lost[8])
{
    const double *f = work->strain;
    double x[8], y[8], z[8];
    for (int64_t k = 0; k < 8; k++) {
        int64_t j = i + (k < n ? k : 0);
        const double *r = work->position + ROW * j, *s = work->reference + 3 * j;
        x[k] = r[0] - (f[0] * s[0] + f[3] * s[1] + f[4] * s[2]);
        y[k] = r[1] - (f[1] * s[1] + f[5] * s[2]);
        z[k] = r[2] - f[2] * s[2];
    }
    for (int64_t k = 0; k < 8; k++) {
        double d2 = x[k] * x[k] + y[k] * y[k] + z[k] * z[k];
        largest[k] = d2 > largest[k] ? d2 : largest[k];
        lost[k] += d2 - d2; /* 0, or NaN that stays */
    }
}

static inline double largest_of(const double largest[8], const double lost[8])
{
    double all = 0;
    for (int k = 0; k < 8; k++)
        all = largest[k] > all ? largest[k] : all;
    for (int k = 0; k < 8; k++)
        all += lost[k];
    return all;
}

double BNSL_KERNEL(bnsl__step_move)(const bnsl__step_work *work, int64_t first, int64_t last)
{
    const double h = work->half_dt;
    double largest[8] = { 0 }, lost[8] = { 0 }, heat[8] = { 0 }, factor[8 * ROW];
    mobilities(work, first, 0, factor); /* all 1 */
    for (int64_t i = first; i < last; i += 8) {
        int64_t count = last - i < 8 ? last - i : 8, n = ROW * count;
        if (work->mobile)
            mobilities(work, i, count, factor);
        if (work->langevin) {
            baoa(work, i, n, factor, heat);
        } else {
            double *r = work->position + ROW * i, *v = work->velocity + ROW * i;
            const double *f = work->force + ROW * i;
            for (int64_t k = 0; k < n; k++) {
                v[k] += h * f[k] * factor[k];
                r[k] += 2 * h * v[k];
            }
        }
        displacements8(work, i, count, largest, lost);
    }
    if (work->heat) {
        double sum = 0;
        for (int k = 0; k < 8; k++)
            sum += 0.5 * heat[k];
        work->heat[first / CHUNK * N_SUMS + SUM_HEAT] = sum;
    }
    return largest_of(largest, lost);
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

/* Largest |r - F r_reference|^2 of a range of particles; NaN when a position is not finite. */
double BNSL_KERNEL(bnsl__step_displacement2)(const bnsl__step_work *work, int64_t first, int64_t last)
{
    double largest[8] = { 0 }, lost[8] = { 0 };
    for (int64_t i = first; i < last; i += 8)
        displacements8(work, i, last - i < 8 ? last - i : 8, largest, lost);
    return largest_of(largest, lost);
}
