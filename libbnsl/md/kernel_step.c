/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The integrators' loops. One step of velocity Verlet is B A A B, one of BAOAB [B. Leimkuhler, C. Matthews, J. Chem. Phys. 138, 174102
 * (2013)] is B A O A B, with unit masses:
 *
 *   B  v += (dt/2) f      A  r += (dt/2) v      O  v = exp(-gamma dt) v + sqrt(kT (1 - exp(-2 gamma dt))) N(0, 1)
 *
 * "move" does everything before the new forces, and finds how far the particles have come since the inner neighbour list was made; "kick" is
 * the last B. Between two steps without anybody to look, that B is left to the next move, one addition more: velocities are read once a step.
 * The normal numbers: kernel_noise.c. Cost: 3.4 ns a particle on Zen 3 (AVX2) beside these.
 */
#include "md_internal.h"
#include "lanes.h"

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

/* What all particles of a move share. */
typedef struct move_work {
    const bnsl__step_work *step;
    bool shears;
    vec stretch[PARTS]; /* of the values of a row, again and again */
} move_work;

/* B A O A of eight particles; factor: NULL, or that of each value. heat: the gain of v^2, by the place of a value modulo 8. */
static inline __attribute__((always_inline)) void baoa8(const move_work *work, const double *noise, double *r, double *v, const double *f,
                                                        const double *factor, vec heat[PARTS])
{
    const bnsl__step_work *step = work->step;
    const vec h = vec_set(step->half_dt), c = vec_set(step->friction_factor), a = vec_set(step->noise_factor);
    for (int k = 0; k < LANES * ROW; k += WIDTH) {
        vec push = h * load(f + k), kick = a * load(noise + k);
        if (factor) {
            push *= load(factor + k);
            kick *= load(factor + k);
        }
        vec w = load(v + k) + push;
        if (step->owes_kick)
            w += push;
        vec s = load(r + k) + h * w, u = c * w + kick;
        heat[k / WIDTH % PARTS] += u * u - w * w;
        store(v + k, u);
        store(r + k, s + h * u);
    }
}

/* The same of n < 8 particles, through copies. */
static inline void baoa_some(const move_work *work, const double *noise, int64_t i, int64_t n, const double *factor, vec heat[PARTS])
{
    const bnsl__step_work *step = work->step;
    double r[LANES * ROW] = { 0 }, v[LANES * ROW] = { 0 }, f[LANES * ROW] = { 0 }, mask[LANES * ROW] = { 0 };
    const size_t size = (size_t)(ROW * n) * sizeof *r;
    memcpy(r, step->position + ROW * i, size);
    memcpy(v, step->velocity + ROW * i, size);
    memcpy(f, step->force + ROW * i, size);
    for (int64_t k = 0; k < ROW * n; k++)
        mask[k] = factor ? factor[k] : 1;
    baoa8(work, noise, r, v, f, mask, heat);
    memcpy(step->position + ROW * i, r, size);
    memcpy(step->velocity + ROW * i, v, size);
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
static inline __attribute__((always_inline)) void displacements8(const move_work *work, int64_t i, int64_t n, displacement *d)
{
    const double *f = work->step->strain, *now = work->step->position + ROW * i, *past = work->step->reference + ROW * i;
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
        double moved[WIDTH * ROW];
        for (int k = 0; k < WIDTH * ROW; k += WIDTH) {
            const int e = WIDTH * ROW * h + k;
            store(moved + k, load(now + e) - work->stretch[k / WIDTH % PARTS] * load(past + e));
        }
        vec x, y, z, a, b, c;
        columns(moved, &x, &y, &z);
        if (work->shears) {
            columns(past + ROW * WIDTH * h, &a, &b, &c);
            x -= vec_set(f[3]) * b + vec_set(f[4]) * c;
            y -= vec_set(f[5]) * c;
        }
        vec d2 = x * x + y * y + z * z;
        d->largest[h] = vec_max(d2, d->largest[h]);
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

/* Moves n of eight particles; noise: of these, if there is any. */
static inline __attribute__((always_inline)) void move8(const move_work *work, const double *noise, int64_t i, int64_t n, vec heat[PARTS],
                                                        displacement *d)
{
    const bnsl__step_work *step = work->step;
    double factor[LANES * ROW];
    if (step->mobile)
        mobilities(step, i, n, factor);
    if (!step->langevin)
        kick_drift(step, i, ROW * n, step->mobile ? factor : NULL);
    else if (n < LANES)
        baoa_some(work, noise, i, n, step->mobile ? factor : NULL, heat);
    else if (step->mobile)
        baoa8(work, noise, step->position + ROW * i, step->velocity + ROW * i, step->force + ROW * i, factor, heat);
    else
        baoa8(work, noise, step->position + ROW * i, step->velocity + ROW * i, step->force + ROW * i, NULL, heat);
    displacements8(work, i, n, d);
}

static inline void prepare(const bnsl__step_work *step, move_work *work)
{
    const double *f = step->strain;
    const double stretch[LANES] = { f[0], f[1], f[2], 1, f[0], f[1], f[2], 1 };
    work->step = step;
    work->shears = f[3] != 0 || f[4] != 0 || f[5] != 0;
    for (int h = 0; h < PARTS; h++)
        work->stretch[h] = load(stretch + WIDTH * h);
}

double BNSL_KERNEL(bnsl__step_move)(const bnsl__step_work *step, int64_t first, int64_t last)
{
    move_work work;
    prepare(step, &work);
    displacement d = { { { 0 } }, { { 0 } } };
    vec heat[PARTS] = { { 0 } };
    double noise[(CHUNK + LANES) * ROW];
    if (step->langevin) {
        BNSL_KERNEL(bnsl__step_noise)(step->id + first, last - first, step->step, step->key, noise);
        memset(noise + ROW * (last - first), 0, LANES * ROW * sizeof *noise); /* the last ones are read by eights, too */
    }
    int64_t i = first;
    for (; i + LANES <= last; i += LANES)
        move8(&work, noise + ROW * (i - first), i, LANES, heat, &d);
    if (i < last)
        move8(&work, noise + ROW * (i - first), i, last - i, heat, &d);
    if (step->heat) {
        double sum = 0;
        for (int k = 0; k < LANES; k++)
            sum += 0.5 * heat[k / WIDTH][k % WIDTH];
        step->heat[first / CHUNK * N_SUMS + SUM_HEAT] = sum;
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
double BNSL_KERNEL(bnsl__step_displacement2)(const bnsl__step_work *step, int64_t first, int64_t last)
{
    move_work work;
    prepare(step, &work);
    displacement d = { { { 0 } }, { { 0 } } };
    for (int64_t i = first; i < last; i += LANES)
        displacements8(&work, i, last - i < LANES ? last - i : LANES, &d);
    return largest_of(&d);
}
