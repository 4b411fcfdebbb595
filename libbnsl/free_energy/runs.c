/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Independent Monte Carlo runs of one crystal, each by one thread from start to end: the result does not depend on which. Memory: a run has
 * its sampler only while it is worked on.
 */
#include <math.h>
#include <string.h>

#include "solid_internal.h"

enum { CHUNK = 16, FIT_TERMS = 4 }; /* sweeps between looks at the control; cubic */

#define CONTACT_RANGE 0.4 /* of the smallest gap between neighbours on their sites */

bool bnsl__progress_add(bnsl__progress *progress, int64_t n, bool calling)
{
    int64_t done = atomic_fetch_add(&progress->done, n) + n;
    if (calling ? bnsl__control_stop(progress->control, done, progress->total) : bnsl_control_is_cancelled(progress->control) != 0)
        atomic_store(&progress->stop, 1);
    return atomic_load(&progress->stop) != 0;
}

/* ---- contacts of hard spheres -------------------------------------------------------------------------- */

double bnsl__contact_range(const bnsl__crystal *c)
{
    double gap = INFINITY, vectors[9];
    if (bnsl_box_vectors(&c->box, vectors))
        return 0.01;
    for (int64_t i = 0; i < c->n; i++)
        for (int64_t j = i + 1; j < c->n; j++) {
            double r2 = bnsl__fractional_distance2(c->fractional + 3 * i, c->fractional + 3 * j, vectors);
            double sigma2 = c->law[c->species[i] * c->n_species + c->species[j]].sigma2;
            gap = sigma2 > 0 ? fmin(gap, sqrt(r2 / sigma2) - 1) : gap;
        }
    return fmin(fmax(CONTACT_RANGE * gap, 1e-4), 0.1);
}

/*
 * Weights that give the density dn/dx at x = 0 from counts in bins over 0 .. range: the intercept of the cubic least-squares fit. They are
 * fixed, so that the pressure is a linear function of the counts and has an unbiased series of samples.
 */
static void intercept_weights(double range, double weight[BNSL__MC_BINS])
{
    /* orthogonal polynomials on the bin centres; the intercept is sum_k p_k(0) p_k(x) / |p_k|^2 */
    double p[FIT_TERMS][BNSL__MC_BINS], at0[FIT_TERMS];
    for (int b = 0; b < BNSL__MC_BINS; b++)
        weight[b] = 0;
    for (int k = 0; k < FIT_TERMS; k++) {
        double norm = 0;
        at0[k] = k == 0;
        for (int b = 0; b < BNSL__MC_BINS; b++)
            p[k][b] = pow((b + 0.5) / BNSL__MC_BINS, k);
        for (int j = 0; j < k; j++) {
            double dot = 0, own = 0;
            for (int b = 0; b < BNSL__MC_BINS; b++) {
                dot += p[k][b] * p[j][b];
                own += p[j][b] * p[j][b];
            }
            for (int b = 0; b < BNSL__MC_BINS; b++)
                p[k][b] -= dot / own * p[j][b];
            at0[k] -= dot / own * at0[j];
        }
        for (int b = 0; b < BNSL__MC_BINS; b++)
            norm += p[k][b] * p[k][b];
        for (int b = 0; b < BNSL__MC_BINS; b++)
            weight[b] += at0[k] * p[k][b] / norm;
    }
    for (int b = 0; b < BNSL__MC_BINS; b++)
        weight[b] *= BNSL__MC_BINS / range;
}

/* Virial sums of hard spheres: r_a f_a of a pair in contact is kT n_a^2 delta(r / sigma - 1). */
static void contact_virial(const bnsl__sampler *s, double range, const double weight[BNSL__MC_BINS], double sums[BNSL__MC_SUMS])
{
    double bins[4][BNSL__MC_BINS];
    memset(bins, 0, sizeof bins);
    bnsl__sampler_contacts(s, range, bins);
    sums[BNSL__MC_U] = 0;
    for (int k = 0; k < 3; k++) {
        sums[BNSL__MC_XX + k] = 0;
        for (int b = 0; b < BNSL__MC_BINS; b++)
            sums[BNSL__MC_XX + k] += weight[b] * bins[1 + k][b];
    }
}

/* ---- one run ------------------------------------------------------------------------------------------- */

static void put(const bnsl__run *run, int what, int64_t sample, double value)
{
    if (run->record[what])
        run->record[what][sample] = value;
}

static void take_sample(bnsl__run *run, bnsl__sampler *s, int64_t sample, double range, const double weight[BNSL__MC_BINS])
{
    double msd[BNSL__MC_SPECIES], farthest, sums[BNSL__MC_SUMS];
    bnsl__sampler_centre(s);
    bnsl__sampler_displacements(s, msd, &farthest);
    for (int32_t a = 0; a < s->crystal->n_species; a++)
        run->msd[a] += msd[a] / (double)run->n_samples;
    run->farthest = fmax(run->farthest, farthest);
    put(run, BNSL__RECORD_SPRING, sample, bnsl__sampler_spring_energy(s));
    put(run, BNSL__RECORD_STRETCH, sample, log(s->stretch));
    if (!run->with_energy)
        return;
    if (s->crystal->hard)
        contact_virial(s, range, weight, sums);
    else
        bnsl__sampler_total(s, sums);
    put(run, BNSL__RECORD_U, sample, sums[BNSL__MC_U]);
    for (int k = 0; k < 3; k++)
        put(run, BNSL__RECORD_XX + k, sample, sums[BNSL__MC_XX + k]);
}

static bnsl_status advance(bnsl__sampler *s, int64_t n_sweeps, bool adapt, bnsl__progress *progress, bool calling, const char *func)
{
    bnsl_status status = BNSL_OK;
    for (int64_t k = 0; k < n_sweeps && !status; k += CHUNK) {
        int64_t n = n_sweeps - k < CHUNK ? n_sweeps - k : CHUNK;
        status = bnsl__sampler_run(s, n, adapt, func);
        if (!status && bnsl__progress_add(progress, n, calling))
            status = bnsl__fail(BNSL_ECANCELLED, func, "cancelled");
    }
    return status;
}

static bnsl_status make_run(const bnsl__crystal *crystal, int32_t constraint, int32_t isa, uint64_t seed, double range, bnsl__run *run,
                            bnsl__progress *progress, bool calling, const char *func)
{
    bnsl__sampler *s = NULL;
    double weight[BNSL__MC_BINS];
    intercept_weights(range, weight);
    bnsl_status status = bnsl__sampler_create(&s, crystal, constraint, isa, seed, run->stream, func);
    if (status)
        return status;
    bnsl__sampler_set_springs(s, run->lambda, run->spring);
    if (run->with_shape)
        s->shape_step = 2e-3;
    status = advance(s, run->n_equilibrate, true, progress, calling, func);
    for (int64_t k = 0; k < run->n_samples && !status; k++) {
        status = advance(s, run->interval, false, progress, calling, func);
        if (!status)
            take_sample(run, s, k, range, weight);
    }
    run->n_moves = s->n_moves;
    bnsl__sampler_destroy(s);
    return status;
}

/* The message of a failure stays with the thread that met it: say it again on this one. */
static bnsl_status say_again(const bnsl__crystal *c, bnsl_status status, const char *func)
{
    if (status == BNSL_EDOMAIN)
        return bnsl__fail(status, func, "the crystal melts: a particle has left its site (density %.6g)",
                          (double)c->n / (c->box.lx * c->box.ly * c->box.lz));
    return bnsl__fail(status, func, status == BNSL_ENOMEM ? "out of memory" : "cancelled");
}

bnsl_status bnsl__runs(const bnsl__crystal *crystal, int32_t constraint, int32_t isa, uint64_t seed, int32_t num_threads, int64_t n_runs,
                       bnsl__run *runs, bnsl__progress *progress, const char *func)
{
    double range = crystal->hard ? bnsl__contact_range(crystal) : 1.0;
#pragma omp parallel for num_threads(bnsl__threads(num_threads)) schedule(dynamic, 1)
    for (int64_t k = 0; k < n_runs; k++) {
        bool stop = atomic_load(&progress->stop) != 0;
        runs[k].status =
            stop ? BNSL_ECANCELLED : make_run(crystal, constraint, isa, seed, range, &runs[k], progress, bnsl__thread_number() == 0, func);
        if (runs[k].status)
            atomic_store(&progress->stop, 1); /* the others need not go on */
    }
    bnsl_status status = BNSL_OK; /* a real failure before the cancellations that it caused */
    for (int64_t k = 0; k < n_runs && (!status || status == BNSL_ECANCELLED); k++)
        if (runs[k].status && (!status || runs[k].status != BNSL_ECANCELLED))
            status = runs[k].status;
    return status ? say_again(crystal, status, func) : BNSL_OK;
}
