/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * da2 by Gauss-Legendre quadrature in u = ln(lambda + lambda_c), in which the integrand is nearly constant:
 *
 *   da2 = -(1/N) int_{ln lambda_c}^{ln(1 + lambda_c)} (lambda + lambda_c) <sum_i beta K_i d_i^2>_lambda du
 */
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>

#include "solid_internal.h"

enum { DEFAULT_NODES = 10 };

#define WEAK_SHARE 0.9

static bnsl_status nodes(int32_t n, double lambda_c, double *lambda, double *weight, const char *func)
{
    bnsl_status status = BNSL_OK;
    bnsl__gsl_enter();
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc((size_t)n);
    if (!table)
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int32_t k = 0; k < n && !status; k++) {
        double u, w;
        if (gsl_integration_glfixed_point(log(lambda_c), log1p(lambda_c), (size_t)k, &u, &w, table))
            status = bnsl__fail(BNSL_ENUMERIC, func, "no Gauss-Legendre rule of %d points", (int)n);
        lambda[k] = exp(u) - lambda_c;
        weight[k] = w * exp(u);
    }
    if (table)
        gsl_integration_glfixed_table_free(table);
    bnsl__gsl_leave();
    return status;
}

/* Adds up the nodes; replica r of node k is run k * n_replicas + r. */
static void add_up(bnsl__solid *s, int32_t n_nodes, const double *weight, const bnsl__run *runs, const double *u_e)
{
    const int32_t replicas = s->o.n_replicas;
    const int64_t n_samples = runs[0].n_samples;
    const double n = (double)s->crystal->n;
    double sum = 0, variance = 0, weak[2] = { 0, 0 };
    for (int32_t k = 0; k < n_nodes; k++) {
        double mean, err, tau;
        bnsl__series_pooled(replicas, n_samples, u_e + (int64_t)k * replicas * n_samples, &mean, &err, &tau);
        sum += weight[k] * mean;
        variance += weight[k] * err * weight[k] * err;
        if (k < 2)
            weak[k] = weight[k] * err * weight[k] * err;
        s->r.correlation_sweeps = fmax(s->r.correlation_sweeps, tau);
        if ((double)(replicas * n_samples) < 50 * tau)
            s->r.flags |= BNSL_SOLID_SLOW;
        for (int32_t r = 0; r < replicas; r++)
            if (runs[k * replicas + r].farthest > 1)
                s->r.flags |= BNSL_SOLID_HOPPED;
    }
    s->r.da2 = -sum / n;
    s->r.da2_err = sqrt(variance) / n;
    s->r.weak_share = variance > 0 ? (weak[0] + weak[1]) / variance : 0;
    if (s->r.weak_share > WEAK_SHARE)
        s->r.flags |= BNSL_SOLID_WEAK;
}

bnsl_status bnsl__solid_integral(bnsl__solid *s)
{
    const int32_t n_nodes = s->o.n_nodes > 0 ? s->o.n_nodes : DEFAULT_NODES, replicas = s->o.n_replicas;
    const int64_t n_runs = (int64_t)n_nodes * replicas, n_samples = s->o.n_sweeps;
    double lambda[BNSL__SOLID_STATES], weight[BNSL__SOLID_STATES];
    bnsl_status status = nodes(n_nodes, bnsl__solid_lambda_c(s), lambda, weight, s->func);
    if (status)
        return status;
    bnsl__run *runs = bnsl__calloc(n_runs, sizeof *runs);
    double *u_e = bnsl__alloc(n_runs * n_samples, sizeof *u_e);
    for (int64_t k = 0; k < n_runs && runs && u_e; k++) {
        runs[k].stream = BNSL__STREAM_NODES + (uint32_t)k;
        runs[k].lambda = lambda[k / replicas];
        for (int32_t a = 0; a < s->crystal->n_species; a++)
            runs[k].spring[a] = s->spring[a];
        runs[k].n_equilibrate = s->o.n_equilibrate;
        runs[k].interval = 1;
        runs[k].n_samples = n_samples;
        runs[k].record[BNSL__RECORD_SPRING] = u_e + k * n_samples;
    }
    if (!runs || !u_e)
        status = bnsl__fail(BNSL_ENOMEM, s->func, "out of memory");
    if (!status)
        status = bnsl__runs(s->crystal, s->o.constraint, s->o.instruction_set, s->o.seed, s->o.num_threads, n_runs, runs, &s->progress, s->func);
    if (!status) {
        add_up(s, n_nodes, weight, runs, u_e);
        for (int64_t k = 0; k < n_runs; k++)
            s->r.n_moves += runs[k].n_moves;
        s->r.n_nodes = n_nodes;
    }
    free(runs);
    free(u_e);
    return status;
}
