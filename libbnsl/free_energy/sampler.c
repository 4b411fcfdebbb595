/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Metropolis Monte Carlo of a crystal [Metropolis et al. 1953] in H = U + lambda U_E, one particle at a time in the order of their numbers.
 *
 * Displacements are counted from a reference c = sum mu_i d_i: the fixed particle's (mu = 1 for it) or the mean (mu = 1/N). Then
 * U_E = sum K |d - c|^2 = Q - 2 c.S + K_tot c^2 with Q = sum K d^2, S = sum K d, so that any particle, the fixed one among them, can move at
 * the cost of its neighbours: in the frame of the reference these are the ensembles of the Einstein molecule and of the Einstein crystal with
 * fixed centre. The drift of all particles against the fixed one, slow when they have to move one by one, is its own single move here; it
 * is tried MOVES_OF_FIXED times a sweep.
 *
 * One Philox block gives the four numbers of a move: index = particle, step = sweep. Cost: N times the listed neighbours, see kernel_mc.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "free_energy_internal.h"

enum { ROW = BNSL__MC_ROW, MOVES_OF_FIXED = 8, CENTRE_EVERY = 16, ADAPT_EVERY = 10 };

#define ACCEPTED 0.35       /* wanted share of accepted moves */
#define FAR_AWAY 1e4        /* of the particle that fills up the list, in units of the box */
#define FIRST_STEP 0.05     /* of the distance to the nearest site */
#define FIRST_SLACK 0.15
#define MORE_SLACK 1.15
#define ESCAPED 1.0         /* further from its site than the next site */
#define STRAIN_LISTED 0.02  /* change of ln(lz / lx): a distance changes by 2/3 of it at most; the list allows for as much (list.c) */

static bnsl__mc_work work_of(const bnsl__sampler *s)
{
    const bnsl__crystal *c = s->crystal;
    return (bnsl__mc_work){ .n = c->n, .n_species = c->n_species, .species = c->species, .position = s->position, .shift = s->shift,
                            .row_start = s->row_start, .entry = s->entry, .law = s->law, .potential = c->potential, .beta = c->beta };
}

/* ---- creation ------------------------------------------------------------------------------------------ */

static void start_at_sites(bnsl__sampler *s)
{
    const bnsl__crystal *c = s->crystal;
    bnsl__sampler_sites(s);
    memcpy(s->position, s->site, (size_t)c->n * ROW * sizeof *s->position);
    const double far = FAR_AWAY * (s->box.lx + s->box.ly + s->box.lz);
    for (int k = 0; k < 3; k++)
        s->position[ROW * c->n + k] = far;
    s->position[ROW * c->n + 3] = 0;
    bnsl__sampler_centre(s);
}

bnsl_status bnsl__sampler_create(bnsl__sampler **out, const bnsl__crystal *crystal, int32_t constraint, int32_t isa, uint64_t seed, uint32_t stream,
                                 const char *func)
{
    bnsl__sampler *s = bnsl__calloc(1, sizeof *s);
    if (!s)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    int64_t n = crystal->n;
    s->crystal = crystal;
    s->box = crystal->box;
    s->isa = bnsl__isa(isa);
    s->constraint = constraint;
    s->stretch = 1;
    memcpy(s->law, crystal->law, sizeof s->law);
    for (int32_t a = 0; a < crystal->n_species; a++) {
        double nearest = isfinite(crystal->nearest[a]) ? crystal->nearest[a] : 1.0;
        s->step[a] = FIRST_STEP * nearest;
        s->slack[a] = FIRST_SLACK * nearest;
    }
    s->step[BNSL__MC_SPECIES] = s->step[crystal->species[crystal->fixed]];
    bnsl__random_key(seed, stream, s->key);
    s->position = bnsl__alloc((n + 1) * ROW, sizeof *s->position);
    s->site = bnsl__alloc(n * ROW, sizeof *s->site);
    s->row_start = bnsl__alloc(n * crystal->n_species + 1, sizeof *s->row_start);
    bnsl_status status = BNSL_OK;
    if (!s->position || !s->site || !s->row_start) {
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    } else {
        start_at_sites(s);
        status = bnsl__sampler_list(s, func);
    }
    if (status) {
        bnsl__sampler_destroy(s);
        return status;
    }
    *out = s;
    return BNSL_OK;
}

void bnsl__sampler_destroy(bnsl__sampler *sampler)
{
    if (!sampler)
        return;
    free(sampler->position);
    free(sampler->site);
    free(sampler->row_start);
    free(sampler->entry);
    free(sampler);
}

void bnsl__sampler_set_springs(bnsl__sampler *s, double lambda, const double *spring)
{
    s->lambda = lambda;
    for (int32_t a = 0; a < s->crystal->n_species; a++)
        s->spring[a] = spring[a];
    bnsl__sampler_centre(s);
}

/* ---- springs ------------------------------------------------------------------------------------------- */

void bnsl__sampler_centre(bnsl__sampler *s)
{
    const bnsl__crystal *c = s->crystal;
    double mean[3] = { 0, 0, 0 };
    for (int64_t i = 0; i < c->n; i++)
        for (int k = 0; k < 3; k++)
            mean[k] += s->position[ROW * i + k] - s->site[ROW * i + k];
    s->q = s->total_spring = 0;
    for (int k = 0; k < 3; k++) {
        mean[k] /= (double)c->n;
        s->s[k] = s->c[k] = 0;
    }
    for (int64_t i = 0; i < c->n; i++) {
        double spring = s->spring[c->species[i]];
        for (int k = 0; k < 3; k++) {
            s->position[ROW * i + k] -= mean[k];
            double d = s->position[ROW * i + k] - s->site[ROW * i + k];
            s->q += spring * d * d;
            s->s[k] += spring * d;
        }
        s->total_spring += spring;
    }
    if (s->constraint == BNSL_EINSTEIN_MOLECULE)
        for (int k = 0; k < 3; k++)
            s->c[k] = s->position[ROW * c->fixed + k] - s->site[ROW * c->fixed + k];
}

static double spring_energy(double q, const double s[3], const double c[3], double total)
{
    return q - 2 * (c[0] * s[0] + c[1] * s[1] + c[2] * s[2]) + total * (c[0] * c[0] + c[1] * c[1] + c[2] * c[2]);
}

double bnsl__sampler_spring_energy(const bnsl__sampler *s)
{
    return spring_energy(s->q, s->s, s->c, s->total_spring);
}

/* The sums after particle i has moved by delta. */
typedef struct spring_sums {
    double q, s[3], c[3];
} spring_sums;

static spring_sums moved_springs(const bnsl__sampler *s, int64_t i, const double *d, const double delta[3])
{
    const double spring = s->spring[s->crystal->species[i]];
    const double mu = s->constraint == BNSL_EINSTEIN_CRYSTAL ? 1.0 / (double)s->crystal->n : i == s->crystal->fixed ? 1.0 : 0.0;
    spring_sums t = { .q = s->q };
    for (int k = 0; k < 3; k++) {
        t.q += spring * delta[k] * (2 * d[k] + delta[k]);
        t.s[k] = s->s[k] + spring * delta[k];
        t.c[k] = s->c[k] + mu * delta[k];
    }
    return t;
}

/* ---- moves --------------------------------------------------------------------------------------------- */

/* Four numbers in (0, 1) of 32 bits. */
static void random_four(const bnsl__sampler *s, uint64_t index, double u[4])
{
    uint64_t step = (uint64_t)s->sweep;
    uint32_t block[4] = { (uint32_t)index, (uint32_t)(index >> 32) & 0xFFFFu, (uint32_t)step, (uint32_t)(step >> 32) & 0x7FFFFFFFu };
    bnsl_philox4x32(block, s->key, block);
    for (int k = 0; k < 4; k++)
        u[k] = ((double)block[k] + 0.5) * 0x1p-32;
}

/* A particle that is further from its site than the list allows for: a longer list, or the end. */
static bnsl_status give_slack(bnsl__sampler *s, int64_t i, double d2, const char *func)
{
    int32_t a = s->crystal->species[i];
    double distance = sqrt(d2);
    if (distance > ESCAPED * s->crystal->nearest[a]) {
        return bnsl__fail(BNSL_EDOMAIN, func, "the crystal melts: particle %lld has left its site (density %.6g)", (long long)i,
                          (double)s->crystal->n / (s->box.lx * s->box.ly * s->box.lz));
    }
    s->slack[a] = fmax(s->slack[a], distance) * MORE_SLACK;
    return bnsl__sampler_list(s, func);
}

static bnsl_status try_move(bnsl__sampler *s, const bnsl__mc_work *work, int64_t i, uint64_t index, int step_class, const char *func)
{
    const bnsl__crystal *crystal = s->crystal;
    double *p = s->position + ROW * i, u[4], to[3], delta[3], d[3], d2 = 0;
    random_four(s, index, u);
    for (int k = 0; k < 3; k++) {
        delta[k] = s->step[step_class] * (2 * u[k] - 1);
        to[k] = p[k] + delta[k];
        d[k] = p[k] - s->site[ROW * i + k];
        d2 += (d[k] + delta[k]) * (d[k] + delta[k]);
    }
    s->counts[step_class].tried++;
    s->n_moves++;
    double slack = s->slack[crystal->species[i]];
    if (d2 > slack * slack) { /* before the move, so that the list in use always covers both positions */
        bnsl_status status = give_slack(s, i, d2, func);
        if (status)
            return status;
    }
    double change = 0;
    spring_sums t = { 0 };
    if (s->lambda > 0) {
        t = moved_springs(s, i, d, delta);
        change = s->lambda * (spring_energy(t.q, t.s, t.c, s->total_spring) - bnsl__sampler_spring_energy(s));
    }
    double threshold = -log(u[3]);
    if (change > threshold && crystal->hard)
        return BNSL_OK;
    bnsl__mc_work now = *work;
    now.entry = s->entry; /* a longer list may stand elsewhere */
    change += BNSL_KERNEL_PICK(s->isa, bnsl__mc_change)(&now, i, p, to);
    if (!(change <= threshold)) /* also a NaN, from two particles on top of each other */
        return BNSL_OK;
    for (int k = 0; k < 3; k++)
        p[k] = to[k];
    if (s->lambda > 0) {
        s->q = t.q;
        memcpy(s->s, t.s, sizeof s->s);
        memcpy(s->c, t.c, sizeof s->c);
    }
    s->counts[step_class].accepted++;
    return BNSL_OK;
}

/* ---- shape --------------------------------------------------------------------------------------------- */

/* Scales the box, sites and positions at constant volume: lz by f^2, lx and ly by 1/f, so that lz/lx grows by f^3. */
static void stretch_by(bnsl__sampler *s, double f)
{
    const double scale[3] = { 1 / f, 1 / f, f * f };
    s->box.lx *= scale[0];
    s->box.ly *= scale[1];
    s->box.lz *= scale[2];
    s->box.xz *= scale[0] / scale[2];
    s->box.yz *= scale[1] / scale[2];
    for (int64_t i = 0; i < s->crystal->n; i++)
        for (int k = 0; k < 3; k++)
            s->position[ROW * i + k] *= scale[k];
    bnsl__sampler_sites(s);
    s->stretch *= f * f * f;
}

/* One trial of the shape; the measure is uniform in ln(lz / lx). */
static bnsl_status try_shape(bnsl__sampler *s, const char *func)
{
    double u[4], before[BNSL__MC_SUMS], after[BNSL__MC_SUMS];
    random_four(s, (uint64_t)s->crystal->n + MOVES_OF_FIXED, u);
    double f = exp(s->shape_step * (2 * u[0] - 1) / 3);
    s->counts[BNSL__MC_SPECIES + 1].tried++;
    bnsl__sampler_total(s, before);
    if (fabs(log(s->stretch * f * f * f / s->listed_stretch)) > STRAIN_LISTED) {
        bnsl_status status = bnsl__sampler_list(s, func);
        if (status)
            return status;
    }
    const bnsl_box box = s->box;
    const double stretch = s->stretch;
    stretch_by(s, f);
    bnsl__sampler_total(s, after);
    if (after[BNSL__MC_U] - before[BNSL__MC_U] <= -log(u[3])) {
        s->counts[BNSL__MC_SPECIES + 1].accepted++;
        return BNSL_OK;
    }
    stretch_by(s, 1 / f);
    s->box = box; /* without the rounding of there and back */
    s->stretch = stretch;
    bnsl__sampler_sites(s);
    return BNSL_OK;
}

/* ---- sweeps -------------------------------------------------------------------------------------------- */

static void adapt_steps(bnsl__sampler *s)
{
    for (int a = 0; a < BNSL__MC_SPECIES + 2; a++) {
        bnsl__mc_counts *count = &s->counts[a];
        if (count->tried < 8)
            continue;
        double *step = a < BNSL__MC_SPECIES + 1 ? &s->step[a] : &s->shape_step;
        double share = (double)count->accepted / (double)count->tried;
        double factor = fmin(fmax(share / ACCEPTED, 0.6), 1.5);
        *step *= factor;
        if (a < BNSL__MC_SPECIES && isfinite(s->crystal->nearest[a]))
            *step = fmin(*step, 0.5 * s->crystal->nearest[a]);
        else
            *step = fmin(*step, 0.5);
        *count = (bnsl__mc_counts){ 0, 0 };
    }
}

static bnsl_status one_sweep(bnsl__sampler *s, const char *func)
{
    const bnsl__crystal *c = s->crystal;
    const bnsl__mc_work work = work_of(s);
    const bool molecule = s->constraint == BNSL_EINSTEIN_MOLECULE && s->lambda > 0;
    const int64_t stride = c->n / MOVES_OF_FIXED + 1;
    bnsl_status status = BNSL_OK;
    for (int64_t i = 0; i < c->n && !status; i++) {
        int step_class = molecule && i == c->fixed ? BNSL__MC_SPECIES : c->species[i];
        status = try_move(s, &work, i, (uint64_t)i, step_class, func);
        if (!status && molecule && i % stride == stride / 2)
            status = try_move(s, &work, c->fixed, (uint64_t)(c->n + i / stride), BNSL__MC_SPECIES, func);
    }
    if (!status && s->shape_step > 0)
        status = try_shape(s, func);
    s->sweep++;
    return status;
}

bnsl_status bnsl__sampler_run(bnsl__sampler *s, int64_t n_sweeps, bool adapt, const char *func)
{
    bnsl_status status = BNSL_OK;
    for (int64_t k = 0; k < n_sweeps && !status; k++) {
        status = one_sweep(s, func);
        if (adapt && s->sweep % ADAPT_EVERY == 0)
            adapt_steps(s);
        if (s->sweep % CENTRE_EVERY == 0)
            bnsl__sampler_centre(s);
    }
    return status;
}

/* ---- measurements -------------------------------------------------------------------------------------- */

void bnsl__sampler_total(const bnsl__sampler *s, double sums[BNSL__MC_SUMS])
{
    const bnsl__mc_work work = work_of(s);
    BNSL_KERNEL_PICK(s->isa, bnsl__mc_total)(&work, sums);
}

void bnsl__sampler_contacts(const bnsl__sampler *s, double range, double bins[4][BNSL__MC_BINS])
{
    const bnsl__crystal *c = s->crystal;
    for (int64_t i = 0; i < c->n; i++)
        for (int64_t e = s->row_start[i * c->n_species]; e < s->row_start[(i + 1) * c->n_species]; e++) {
            int64_t j = s->entry[e].j;
            if (j <= i || j == c->n)
                continue;
            double sigma2 = s->law[c->species[i] * c->n_species + c->species[j]].sigma2, d[3], r2 = 0;
            for (int k = 0; k < 3; k++) {
                d[k] = s->position[ROW * j + k] + s->shift[ROW * s->entry[e].shift + k] - s->position[ROW * i + k];
                r2 += d[k] * d[k];
            }
            double x = (sqrt(r2 / sigma2) - 1) / range;
            if (!(x >= 0 && x < 1))
                continue;
            int bin = (int)(x * BNSL__MC_BINS);
            bins[0][bin] += 1;
            for (int k = 0; k < 3; k++)
                bins[1 + k][bin] += d[k] * d[k] / r2;
        }
}

void bnsl__sampler_displacements(const bnsl__sampler *s, double msd[BNSL__MC_SPECIES], double *farthest)
{
    const bnsl__crystal *c = s->crystal;
    *farthest = 0;
    for (int32_t a = 0; a < c->n_species; a++)
        msd[a] = 0;
    for (int64_t i = 0; i < c->n; i++) {
        int32_t a = c->species[i];
        double d2 = 0;
        for (int k = 0; k < 3; k++) {
            double d = s->position[ROW * i + k] - s->site[ROW * i + k];
            d2 += d * d;
        }
        msd[a] += d2;
        *farthest = fmax(*farthest, 2 * sqrt(d2) / c->nearest[a]);
    }
    for (int32_t a = 0; a < c->n_species; a++)
        msd[a] = c->count[a] > 0 ? msd[a] / (double)c->count[a] : 0;
}
