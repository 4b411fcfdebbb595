/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * da2 by MBAR over states lambda_k from 0 to 1: the Hamiltonian is linear in lambda, so that one number a sample, U_E, gives its energy in
 * every state. da1 by Bennett's ratio between the ideal Einstein crystal and the state lambda = 1. Errors: the estimate on blocks of the
 * samples, which also covers their correlation.
 *
 * States are equally far apart in the length L = int sqrt(variance of U_E) dlambda: neighbours overlap when they are some 3 apart. The variance is
 * 3 (N - 1) / 2 / (lambda + lambda_c)^2 of vibrations, and in the molecule another 3/2 / (lambda + lambda_c / N)^2 of the crystal against its fixed
 * particle (see solid_integral.c). The number of states grows as sqrt(N).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solid_internal.h"

enum { BLOCKS = 8, LEAST_STATES = 8, SCALE = 2000 };

#define WIDTH_WANTED 3.0
#define LEAST_OVERLAP 0.03

typedef struct states {
    int32_t n;
    double lambda[BNSL__SOLID_STATES];
    int32_t replicas;
    int64_t n_samples;      /* of each run */
    const double *u_e;      /* n x replicas x n_samples */
    const double *u;        /* beta (U - U_lat) of the runs at lambda = 1, replicas x n_samples */
} states;

/* lambda at 0 <= t <= 1 of a scale that is fine enough at both ends. */
static double scale_point(double c, double t)
{
    return c * expm1(t * log1p(1 / c));
}

/* L up to every point of the scale. */
static void lengths(const bnsl__solid *s, double lambda_c, double c, double length[SCALE + 1])
{
    const double n = (double)s->crystal->n, drift = s->o.constraint == BNSL_EINSTEIN_MOLECULE ? 1.5 : 0;
    length[0] = 0;
    for (int k = 0; k < SCALE; k++) {
        double low = scale_point(c, (double)k / SCALE), high = scale_point(c, (k + 1.0) / SCALE), middle = 0.5 * (low + high);
        double vibration = 1.5 * (n - 1) / ((middle + lambda_c) * (middle + lambda_c));
        length[k + 1] = length[k] + (high - low) * sqrt(vibration + drift / ((middle + lambda_c / n) * (middle + lambda_c / n)));
    }
}

static void choose_states(const bnsl__solid *s, states *t)
{
    double length[SCALE + 1], lambda_c = bnsl__solid_lambda_c(s), c = lambda_c / (double)s->crystal->n;
    lengths(s, lambda_c, c, length);
    double n = ceil(length[SCALE] / WIDTH_WANTED) + 1;
    t->n = s->o.n_nodes > 0 ? s->o.n_nodes : n < LEAST_STATES ? LEAST_STATES : n > BNSL__SOLID_STATES ? BNSL__SOLID_STATES : (int32_t)n;
    for (int32_t k = 0, j = 0; k < t->n; k++) {
        double wanted = length[SCALE] * k / (t->n - 1);
        while (j < SCALE - 1 && length[j + 1] < wanted)
            j++;
        t->lambda[k] = scale_point(c, (j + (wanted - length[j]) / (length[j + 1] - length[j])) / SCALE);
    }
    t->lambda[0] = 0;
    t->lambda[t->n - 1] = 1;
}

/* F(1) - F(0) of the springs, in kT, from the samples begin .. end - 1 of every run. */
static bnsl_status spring_difference(const states *t, int64_t begin, int64_t end, int32_t num_threads, double *df, const char *func)
{
    const int64_t n_each = t->replicas * (end - begin), n = t->n * n_each;
    double *u = bnsl__alloc(t->n * n, sizeof *u), f[BNSL__SOLID_STATES];
    int64_t count[BNSL__SOLID_STATES];
    if (!u)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int32_t k = 0; k < t->n; k++) {
        int64_t i = 0;
        count[k] = n_each;
        for (int64_t run = 0; run < (int64_t)t->n * t->replicas; run++)
            for (int64_t j = begin; j < end; j++, i++)
                u[k * n + i] = t->lambda[k] * t->u_e[run * t->n_samples + j];
    }
    bnsl_status status = bnsl_free_energy_mbar(t->n, count, u, num_threads, f, NULL);
    free(u);
    *df = f[t->n - 1];
    return status;
}

/* F(interacting) - F(ideal) - U_lat at full springs. */
static bnsl_status interaction_difference(const bnsl__solid *s, const states *t, int64_t begin, int64_t end, int64_t first_draw,
                                          int64_t n_draws, double *df)
{
    int64_t n = t->replicas * (end - begin), i = 0;
    double *reverse = bnsl__alloc(n, sizeof *reverse);
    if (!reverse)
        return bnsl__fail(BNSL_ENOMEM, s->func, "out of memory");
    for (int32_t r = 0; r < t->replicas; r++)
        for (int64_t j = begin; j < end; j++)
            reverse[i++] = -t->u[r * t->n_samples + j];
    bnsl_status status = bnsl_free_energy_bar(n_draws, s->draws + first_draw, n, reverse, df, NULL);
    free(reverse);
    return status;
}

/* Smallest int 2 p q / (p + q) over neighbours, from the samples of both. */
static double least_overlap(const states *t)
{
    double least = 1;
    for (int32_t k = 0; k + 1 < t->n; k++) {
        int64_t n = t->replicas * t->n_samples;
        const double *low = t->u_e + k * n, *high = low + n;
        double step = t->lambda[k + 1] - t->lambda[k], df, sum = 0;
        double *f = bnsl__alloc(2 * n, sizeof *f);
        for (int64_t i = 0; i < n && f; i++) {
            f[i] = step * low[i];
            f[n + i] = -step * high[i];
        }
        if (f && bnsl_free_energy_bar(n, f, n, f + n, &df, NULL) == BNSL_OK) {
            for (int64_t i = 0; i < n; i++)
                sum += 1 / (1 + exp(f[i] - df)) + 1 / (1 + exp(f[n + i] + df));
            least = fmin(least, sum / (double)n);
        }
        free(f);
    }
    return least;
}

static bnsl_status estimate(bnsl__solid *s, const states *t)
{
    const double n = (double)s->crystal->n;
    const int64_t length = t->n_samples / BLOCKS, n_draws = BNSL__SOLID_DRAW_BLOCKS * BNSL__SOLID_DRAWS, draws = n_draws / BLOCKS;
    double da2, da1, block2[BLOCKS], block1[BLOCKS], variance2 = 0, variance1 = 0;
    bnsl_status status = spring_difference(t, 0, t->n_samples, s->o.num_threads, &da2, s->func);
    if (!status)
        status = interaction_difference(s, t, 0, t->n_samples, 0, n_draws, &da1);
    for (int64_t b = 0; b < BLOCKS && !status; b++) {
        status = spring_difference(t, b * length, (b + 1) * length, s->o.num_threads, &block2[b], s->func);
        if (!status)
            status = interaction_difference(s, t, b * length, (b + 1) * length, b * draws, draws, &block1[b]);
        if (!status) {
            variance2 += (block2[b] - da2) * (block2[b] - da2);
            variance1 += (block1[b] - da1) * (block1[b] - da1);
        }
    }
    if (status)
        return status;
    s->r.da2 = -da2 / n;
    s->r.da2_err = sqrt(variance2 / (BLOCKS * (BLOCKS - 1))) / n;
    s->r.da1 = s->r.u_lattice + da1 / n;
    s->r.da1_err = sqrt(variance1 / (BLOCKS * (BLOCKS - 1))) / n;
    s->r.overlap = least_overlap(t);
    if (s->r.overlap < LEAST_OVERLAP)
        s->r.flags |= BNSL_SOLID_POOR_OVERLAP;
    return BNSL_OK;
}

static void note_runs(bnsl__solid *s, const states *t, const bnsl__run *runs)
{
    for (int32_t k = 0; k < t->n; k++) {
        double mean, err, tau;
        bnsl__series_pooled(t->replicas, t->n_samples, t->u_e + (int64_t)k * t->replicas * t->n_samples, &mean, &err, &tau);
        s->r.correlation_sweeps = fmax(s->r.correlation_sweeps, tau);
        if ((double)(t->replicas * t->n_samples) < 50 * tau)
            s->r.flags |= BNSL_SOLID_SLOW;
    }
    for (int64_t k = 0; k < (int64_t)t->n * t->replicas; k++) {
        s->r.n_moves += runs[k].n_moves;
        if (runs[k].farthest > 1)
            s->r.flags |= BNSL_SOLID_HOPPED;
    }
    s->r.n_nodes = t->n;
}

bnsl_status bnsl__solid_mbar(bnsl__solid *s)
{
    states t = { .replicas = s->o.n_replicas, .n_samples = s->o.n_sweeps };
    choose_states(s, &t);
    const int64_t n_runs = (int64_t)t.n * t.replicas, n_u = t.replicas * t.n_samples;
    bnsl__run *runs = bnsl__calloc(n_runs, sizeof *runs);
    double *u_e = bnsl__alloc(n_runs * t.n_samples, sizeof *u_e), *u = bnsl__alloc(n_u, sizeof *u);
    bnsl_status status = runs && u_e && u ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, s->func, "out of memory");
    for (int64_t k = 0; k < n_runs && !status; k++) {
        bool last = k / t.replicas == t.n - 1;
        runs[k].stream = BNSL__STREAM_NODES + (uint32_t)k;
        runs[k].lambda = t.lambda[k / t.replicas];
        memcpy(runs[k].spring, s->spring, sizeof s->spring);
        runs[k].n_equilibrate = s->o.n_equilibrate;
        runs[k].interval = 1;
        runs[k].n_samples = t.n_samples;
        runs[k].record[BNSL__RECORD_SPRING] = u_e + k * t.n_samples;
        runs[k].with_energy = last;
        if (last)
            runs[k].record[BNSL__RECORD_U] = u + k % t.replicas * t.n_samples;
    }
    if (!status)
        status = bnsl__runs(s->crystal, s->o.constraint, s->o.instruction_set, s->o.seed, s->o.num_threads, n_runs, runs, &s->progress, s->func);
    if (!status) {
        for (int64_t k = 0; k < n_u; k++)
            u[k] -= s->crystal->hard ? 0 : s->r.u_lattice * (double)s->crystal->n;
        t.u_e = u_e;
        t.u = u;
        note_runs(s, &t, runs);
        status = estimate(s, &t);
    }
    free(runs);
    free(u_e);
    free(u);
    return status;
}
