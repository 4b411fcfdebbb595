/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * da2 by Gauss-Legendre quadrature in u = ln(lambda + c), in which the integrand varies little:
 *
 *   da2 = -(1/N) int_{ln c}^{ln(1 + c)} (lambda + c) <sum_i beta K_i d_i^2>_lambda du
 *
 * Vibrations: <U_E> falls as 3 (N - 1) / 2 / (lambda + lambda_c), so c = lambda_c is best for the crystal with fixed centre. In the
 * molecule the whole crystal also moves against its fixed particle, held by all N springs together: another 3/2 / (lambda + lambda_c / N),
 * which changes at much smaller lambda. With c = lambda_c that term costs an error of some 2 / N per particle, 0.005 to 0.010 kT at N = 256
 * (10 nodes); with c = lambda_c / N both are smooth: below 1e-5 for N = 100 .. 500 and 14 nodes; both by this model with lambda_c = 1/640
 * .. 1/10. Nodes at small lambda then hardly count and get fewer sweeps, in proportion to their share. What fewer nodes leave out of the model's
 * integral (0.05 of 4, 0.005 of 8) is part of the error.
 */
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solid_internal.h"

enum { CRYSTAL_NODES = 10, MOLECULE_NODES = 14, LEAST_SAMPLES = 100 };

#define LEAST_SHARE 0.125 /* of the sweeps of a node */

#define WEAK_SHARE 0.9
#define SHORT_SHARE 0.05 /* of the variance: a node whose correlation time matters */

static bnsl_status nodes(int32_t n, double c, double *lambda, double *weight, const char *func)
{
    bnsl_status status = BNSL_OK;
    bnsl__gsl_enter();
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc((size_t)n);
    if (!table)
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int32_t k = 0; k < n && !status; k++) {
        double u, w;
        if (gsl_integration_glfixed_point(log(c), log1p(c), (size_t)k, &u, &w, table))
            status = bnsl__fail(BNSL_ENUMERIC, func, "no Gauss-Legendre rule of %d points", (int)n);
        lambda[k] = exp(u) - c;
        weight[k] = w * exp(u);
    }
    if (table)
        gsl_integration_glfixed_table_free(table);
    bnsl__gsl_leave();
    return status;
}

/* The model's error of quadrature in da2; of several species each with its own lambda_c, times a factor. */
static double model_error(const bnsl__solid *s, int32_t n_nodes, const double *lambda, const double *weight, double factor)
{
    const bnsl__crystal *c = s->crystal;
    const double n = (double)c->n, whole = bnsl__solid_lambda_c(s) / n;
    const bool molecule = s->o.constraint == BNSL_EINSTEIN_MOLECULE;
    double error = 0;
    for (int32_t a = 0; a <= c->n_species; a++) { /* the last: the whole crystal */
        bool last = a == c->n_species;
        if (last ? !molecule : c->count[a] == 0)
            continue;
        double at = factor * (last ? whole : 1.5 / (s->msd[a] * s->spring[a])), sum = -log1p(1 / at);
        for (int32_t k = 0; k < n_nodes; k++)
            sum += weight[k] / (lambda[k] + at);
        error += 1.5 * (last ? 1 : (double)c->count[a]) * sum;
    }
    return fabs(error) / n;
}

/* The largest of crystals somewhat softer and stiffer, as the error changes its sign with lambda_c and the crystal is not harmonic. */
static double quadrature_error(const bnsl__solid *s, int32_t n_nodes, const double *lambda, const double *weight)
{
    double largest = 0;
    for (int k = -2; k <= 2; k++)
        largest = fmax(largest, model_error(s, n_nodes, lambda, weight, pow(2, k)));
    return largest;
}

/* Adds up the nodes; replica r of node k is run k * n_replicas + r, and the samples of a node's runs lie one after another. */
static void add_up(bnsl__solid *s, int32_t n_nodes, const double *lambda, const double *weight, const bnsl__run *runs)
{
    const int32_t replicas = s->o.n_replicas;
    const double n = (double)s->crystal->n;
    double sum = 0, variance = 0, weak = 0, weakest = 0.2 * bnsl__solid_lambda_c(s), part[BNSL__SOLID_STATES];
    bool is_short[BNSL__SOLID_STATES];
    for (int32_t k = 0; k < n_nodes; k++) {
        const bnsl__run *first = &runs[k * replicas];
        const int64_t n_samples = first->n_samples;
        double mean, err, tau;
        bnsl__series_pooled(replicas, n_samples, first->record[BNSL__RECORD_SPRING], &mean, &err, &tau);
        sum += weight[k] * mean;
        part[k] = weight[k] * err * weight[k] * err;
        is_short[k] = (double)(replicas * n_samples) < 50 * tau;
        variance += part[k];
        if (first->lambda < weakest)
            weak += part[k];
        s->r.correlation_sweeps = fmax(s->r.correlation_sweeps, tau);
        for (int32_t r = 0; r < replicas; r++)
            if (runs[k * replicas + r].farthest > 1)
                s->r.flags |= BNSL_SOLID_HOPPED;
    }
    for (int32_t k = 0; k < n_nodes; k++)
        if (is_short[k] && part[k] > SHORT_SHARE * variance)
            s->r.flags |= BNSL_SOLID_SLOW;
    s->r.da2 = -sum / n;
    s->r.da2_err = hypot(sqrt(variance) / n, quadrature_error(s, n_nodes, lambda, weight));
    s->r.weak_share = variance > 0 ? weak / variance : 0;
    if (s->r.weak_share > WEAK_SHARE)
        s->r.flags |= BNSL_SOLID_WEAK;
}

/* Describes the runs; returns the number of samples in all. */
static int64_t plan(const bnsl__solid *s, int32_t n_nodes, const double *lambda, bnsl__run *runs)
{
    const int32_t replicas = s->o.n_replicas;
    const bool molecule = s->o.constraint == BNSL_EINSTEIN_MOLECULE;
    const double lambda_c = bnsl__solid_lambda_c(s), c = molecule ? lambda_c / (double)s->crystal->n : lambda_c;
    int64_t total = 0;
    for (int64_t k = 0; k < (int64_t)n_nodes * replicas; k++) {
        bnsl__run *run = &runs[k];
        run->lambda = lambda[k / replicas];
        double share = fmax((run->lambda + c) / (run->lambda + lambda_c), LEAST_SHARE);
        int64_t wanted = (int64_t)ceil(share * (double)s->o.n_sweeps);
        run->stream = BNSL__STREAM_NODES + (uint32_t)k;
        memcpy(run->spring, s->spring, sizeof s->spring);
        run->n_equilibrate = s->o.n_equilibrate;
        run->interval = 1;
        run->n_samples = wanted > LEAST_SAMPLES ? wanted : LEAST_SAMPLES;
        total += run->n_samples;
    }
    return total;
}

bnsl_status bnsl__solid_integral(bnsl__solid *s)
{
    const bool molecule = s->o.constraint == BNSL_EINSTEIN_MOLECULE;
    const int32_t n_nodes = s->o.n_nodes > 0 ? s->o.n_nodes : molecule ? MOLECULE_NODES : CRYSTAL_NODES;
    const int64_t n_runs = (int64_t)n_nodes * s->o.n_replicas;
    double lambda[BNSL__SOLID_STATES], weight[BNSL__SOLID_STATES], lambda_c = bnsl__solid_lambda_c(s);
    bnsl_status status = nodes(n_nodes, molecule ? lambda_c / (double)s->crystal->n : lambda_c, lambda, weight, s->func);
    if (status)
        return status;
    bnsl__run *runs = bnsl__calloc(n_runs, sizeof *runs);
    double *u_e = runs ? bnsl__alloc(plan(s, n_nodes, lambda, runs), sizeof *u_e) : NULL, *next = u_e;
    if (!u_e)
        status = bnsl__fail(BNSL_ENOMEM, s->func, "out of memory");
    for (int64_t k = 0; k < n_runs && !status; k++) {
        runs[k].record[BNSL__RECORD_SPRING] = next;
        next += runs[k].n_samples;
    }
    if (!status)
        status = bnsl__runs(s->crystal, s->o.constraint, s->o.instruction_set, s->o.seed, s->o.num_threads, n_runs, runs, &s->progress, s->func);
    if (!status) {
        add_up(s, n_nodes, lambda, weight, runs);
        for (int64_t k = 0; k < n_runs; k++)
            s->r.n_moves += runs[k].n_moves;
        s->r.n_nodes = n_nodes;
    }
    free(runs);
    free(u_e);
    return status;
}
