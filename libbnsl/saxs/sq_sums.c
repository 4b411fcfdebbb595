/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Powder averages of S(k) over wave vectors: means in bins of |k|, and folding with a Lorentzian L of half width w.
 *
 * Folding every wave vector into every q costs O(N_k n_q). Instead a wave vector may be spread to the six nearest nodes of a grid of spacing
 * d = w / 16 with the weights of Lagrange's interpolation, so that the nodes, folded, give the interpolant of L at k: the error is
 * |(x + 2)(x + 1) x (x - 1)(x - 2)(x - 3)| / 720 max |L^(6)| d^6 <= 3.52 (d / w)^6 = 2.1e-7 of L's maximum.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sq_internal.h"

enum {
    NODES_PER_WIDTH = 16,
    STENCIL = 6,
    MOST_NODES = 1 << 18 /* of a very narrow line; then every wave vector by itself is less work and less memory */
};

bool bnsl__sq_average_begin(sq_average *average, const sq_job *job, bool fine)
{
    const bnsl_saxs_sq_options *o = &job->o;
    *average = (sq_average){.job = job, .n_columns = job->n_pairs + 1};
    if (!(o->peak_hwhm > 0))
        return true;
    const double n_nodes = ceil(job->k_max / o->peak_hwhm * NODES_PER_WIDTH) + STENCIL + 1;
    if (fine && n_nodes <= MOST_NODES) {
        average->n_nodes = (int64_t)n_nodes;
        average->per_node = NODES_PER_WIDTH / o->peak_hwhm;
    }
    int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    average->fold = BNSL_KERNEL_PICK(isa, bnsl__saxs_fold);
    average->n_q_padded = ((int64_t)o->n_q + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
    if (!bnsl__saxs_lanes_alloc(&average->q, average->n_q_padded))
        return false;
    for (int64_t i = 0; i < average->n_q_padded; i++)
        average->q.data[i] = o->q_min + ((double)i + 0.5) * job->dq;
    return true;
}

void bnsl__sq_average_end(sq_average *average)
{
    free(average->q.memory);
    *average = (sq_average){.n_columns = 0};
}

/* ---- sums ----------------------------------------------------------------------------------------------------------------- */

bool bnsl__sq_sums_make(const sq_average *average, sq_sums *sums)
{
    const int64_t n_q = average->job->o.n_q;
    *sums = (sq_sums){.count = bnsl__calloc(n_q, sizeof *sums->count),
                      .sum_k = bnsl__calloc(n_q, sizeof *sums->sum_k),
                      .sum_s = bnsl__calloc(n_q * average->job->n_pairs, sizeof *sums->sum_s),
                      .nodes = bnsl__calloc(average->n_nodes * average->n_columns, sizeof *sums->nodes)};
    return sums->count && sums->sum_k && sums->sum_s && sums->nodes &&
           bnsl__saxs_lanes_alloc(&sums->folded, average->n_q_padded * average->n_columns);
}

void bnsl__sq_sums_free(sq_sums *sums)
{
    free(sums->count);
    free(sums->sum_k);
    free(sums->sum_s);
    free(sums->nodes);
    free(sums->folded.memory);
    *sums = (sq_sums){.count = NULL};
}

void bnsl__sq_sums_clear(const sq_average *average, sq_sums *sums)
{
    const size_t n_q = (size_t)average->job->o.n_q;
    memset(sums->count, 0, n_q * sizeof *sums->count);
    memset(sums->sum_k, 0, n_q * sizeof *sums->sum_k);
    memset(sums->sum_s, 0, n_q * (size_t)average->job->n_pairs * sizeof *sums->sum_s);
    memset(sums->nodes, 0, (size_t)(average->n_nodes * average->n_columns) * sizeof *sums->nodes);
    memset(sums->folded.data, 0, (size_t)(average->n_q_padded * average->n_columns) * sizeof(double));
}

/* Weights of the nodes -2 .. 3 at 0 <= x < 1. */
static void lagrange(double x, double weight[STENCIL])
{
    static const double denominator[STENCIL] = {-120, 24, -12, 12, -24, 120};
    const double from[STENCIL] = {x + 2, x + 1, x, x - 1, x - 2, x - 3};
    for (int m = 0; m < STENCIL; m++) {
        double product = 1;
        for (int j = 0; j < STENCIL; j++)
            product *= j == m ? 1 : from[j];
        weight[m] = product / denominator[m];
    }
}

static void add_folded(const sq_average *average, sq_sums *sums, double k, const double *s)
{
    const int32_t n_columns = average->n_columns;
    double value[SQ_MAX_PAIRS + 1];
    const double shell = 1 / (k * k);
    for (int32_t c = 0; c < n_columns - 1; c++)
        value[c] = s[c] * shell;
    value[n_columns - 1] = shell;
    if (average->n_nodes == 0) {
        average->fold(average->n_q_padded / SAXS_LANES, average->q.data, k, average->job->o.peak_hwhm, n_columns, value, sums->folded.data);
        return;
    }
    double weight[STENCIL];
    const double at = k * average->per_node, cell = floor(at);
    double *node = sums->nodes + (int64_t)cell * n_columns; /* that 2 left of k's */
    lagrange(at - cell, weight);
    for (int m = 0; m < STENCIL; m++)
        for (int32_t c = 0; c < n_columns; c++)
            *node++ += weight[m] * value[c];
}

void bnsl__sq_sums_add(const sq_average *average, sq_sums *sums, double k, const double *s)
{
    const sq_job *job = average->job;
    if (average->n_q_padded > 0)
        add_folded(average, sums, k, s);
    if (k < job->o.q_min || k > job->o.q_max)
        return;
    int64_t i = (int64_t)((k - job->o.q_min) / job->dq);
    if (i >= job->o.n_q)
        i = job->o.n_q - 1;
    sums->count[i]++;
    sums->sum_k[i] += k;
    double *sum_s = sums->sum_s + i * job->n_pairs;
    for (int32_t c = 0; c < job->n_pairs; c++)
        sum_s[c] += s[c];
}

static void add_all(int64_t n, double *to, const double *from)
{
    for (int64_t i = 0; i < n; i++)
        to[i] += from[i];
}

void bnsl__sq_sums_merge(const sq_average *average, sq_sums *to, const sq_sums *from)
{
    const int64_t n_q = average->job->o.n_q;
    for (int64_t i = 0; i < n_q; i++)
        to->count[i] += from->count[i];
    add_all(n_q, to->sum_k, from->sum_k);
    add_all(n_q * average->job->n_pairs, to->sum_s, from->sum_s);
    add_all(average->n_nodes * average->n_columns, to->nodes, from->nodes);
    add_all(average->n_q_padded * average->n_columns, to->folded.data, from->folded.data);
}

void bnsl__sq_sums_finish(const sq_average *average, sq_sums *sums, double *q, double *partial, int64_t *n_k, bool *empty)
{
    const sq_job *job = average->job;
    const int64_t padded = average->n_q_padded;
    const int32_t n_pairs = job->n_pairs;
    for (int64_t i = 0; i < average->n_nodes; i++)
        average->fold(padded / SAXS_LANES, average->q.data, (double)(i - 2) / average->per_node, job->o.peak_hwhm, average->n_columns,
                      sums->nodes + i * average->n_columns, sums->folded.data);
    *empty = true;
    for (int64_t i = 0; i < job->o.n_q; i++) {
        const double n = (double)sums->count[i];
        *empty = *empty && n == 0;
        q[i] = padded == 0 && n > 0 ? sums->sum_k[i] / n : job->o.q_min + ((double)i + 0.5) * job->dq;
        for (int32_t c = 0; c < n_pairs; c++)
            partial[i * n_pairs + c] = padded > 0 ? sums->folded.data[c * padded + i] / sums->folded.data[n_pairs * padded + i]
                                       : n > 0    ? sums->sum_s[i * n_pairs + c] / n
                                                  : NAN;
        n_k[i] = 2 * sums->count[i];
    }
}
