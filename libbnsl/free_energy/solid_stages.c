/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stages before the integration: the shape of the cell, the crystal without springs, the choice of the springs with the exponential
 * average over the ideal Einstein crystal.
 *
 * Shape: at constant volume lz / lx fluctuates by trial moves of its own; its mean is where the free energy is lowest, to 1/N, and an
 * error of 0.001 in it costs some 1e-5 kT a particle. Springs: K_i = factor 3 / (2 <d_i^2>); the factor grows until the exponential average
 * is that of a narrow distribution.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solid_internal.h"

enum { SAMPLE_EVERY = 4 };

#define ABSURD 100.0          /* kT a particle on the sites */
#define FIRST_FACTOR 10.0
#define LN_EXP_MOST 0.03      /* |ln<exp>| / N of an exponential average that is trusted, and its error */
#define LN_EXP_ERROR 1e-4
#define LINDEMANN_MELTED 0.26 /* rms displacement against the nearest site */
#define STRESS_COST 1e-3      /* kT a particle */

static double volume(const bnsl_box *b)
{
    return b->lx * b->ly * b->lz;
}

bnsl_status bnsl__solid_check_sites(bnsl__solid *s)
{
    bnsl__crystal *c = s->crystal;
    bnsl__sampler *sampler = NULL;
    double sums[BNSL__MC_SUMS], density = (double)c->n / volume(&c->box);
    bnsl_status status = bnsl__sampler_create(&sampler, c, s->o.constraint, s->o.instruction_set, s->o.seed, 0, s->func);
    if (status)
        return status;
    bnsl__sampler_total(sampler, sums);
    bnsl__sampler_destroy(sampler);
    double u = sums[BNSL__MC_U] / (double)c->n;
    if (c->hard && !(u < INFINITY))
        return bnsl__fail(BNSL_EDOMAIN, s->func,
                          "spheres overlap on the sites of the crystal: density %.6g is beyond close packing at this c/a", density);
    if (!(u < ABSURD))
        return bnsl__fail(BNSL_EDOMAIN, s->func,
                          "density %.6g is beyond close packing: %.3g kT a particle on the sites of the crystal, at most %g", density, u,
                          ABSURD);
    s->r.u_lattice = u;
    s->p_lattice = (sums[BNSL__MC_XX] + sums[BNSL__MC_YY] + sums[BNSL__MC_ZZ]) / (3 * volume(&c->box));
    return BNSL_OK;
}

/* Memory of one record of several runs, set as their record. */
static double *give_record(int64_t n_runs, bnsl__run *runs, int what)
{
    double *all = bnsl__alloc(n_runs * runs[0].n_samples, sizeof *all);
    for (int64_t k = 0; k < n_runs && all; k++)
        runs[k].record[what] = all + k * runs[0].n_samples;
    return all;
}

static void note_correlation(bnsl__solid *s, double tau, int64_t interval, int64_t n_samples)
{
    s->r.correlation_sweeps = fmax(s->r.correlation_sweeps, tau * (double)interval);
    if ((double)n_samples < 50 * tau)
        s->r.flags |= BNSL_SOLID_SLOW;
}

static bnsl__run *plain_runs(const bnsl__solid *s, int32_t n, uint32_t stream)
{
    bnsl__run *runs = bnsl__calloc(n, sizeof *runs);
    for (int32_t k = 0; k < n && runs; k++) {
        runs[k].stream = stream + (uint32_t)k;
        runs[k].n_equilibrate = s->o.n_equilibrate;
        runs[k].interval = SAMPLE_EVERY;
        runs[k].n_samples = s->o.n_sweeps / SAMPLE_EVERY;
    }
    return runs;
}

static bnsl_status run_all(bnsl__solid *s, int64_t n_runs, bnsl__run *runs)
{
    bnsl_status status =
        bnsl__runs(s->crystal, s->o.constraint, s->o.instruction_set, s->o.seed, s->o.num_threads, n_runs, runs, &s->progress, s->func);
    for (int64_t k = 0; k < n_runs; k++)
        s->r.n_moves += runs[k].n_moves;
    return status;
}

/* ---- shape --------------------------------------------------------------------------------------------- */

/* Stretches the crystal's box at constant volume. */
static bnsl_status stretch_crystal(bnsl__solid *s, double ratio)
{
    bnsl__crystal *c = s->crystal;
    double f = cbrt(ratio), width[3];
    c->box.lx /= f;
    c->box.ly /= f;
    c->box.lz *= f * f;
    c->box.xz /= ratio;
    c->box.yz /= ratio;
    bnsl_status status = bnsl_box_plane_distances(&c->box, width);
    for (int32_t k = 0; k < c->n_species * c->n_species && !status; k++)
        if (c->count[k / c->n_species] > 0 && c->count[k % c->n_species] > 0 && c->cut[k] > 0.5 * fmin(fmin(width[0], width[1]), width[2]))
            status = bnsl__fail(BNSL_EINVAL, s->func, "a cut-off, %g, is longer than half the relaxed box: more particles are needed", c->cut[k]);
    return status;
}

bnsl_status bnsl__solid_relax(bnsl__solid *s)
{
    int32_t n_runs = s->o.n_replicas;
    bnsl__run *runs = plain_runs(s, n_runs, BNSL__STREAM_SHAPE);
    double *ln_stretch = runs ? give_record(n_runs, runs, BNSL__RECORD_STRETCH) : NULL, tau = 0, mean = 0, err = 0;
    bnsl_status status = ln_stretch ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, s->func, "out of memory");
    for (int32_t k = 0; k < n_runs && !status; k++)
        runs[k].with_shape = true;
    if (!status)
        status = run_all(s, n_runs, runs);
    if (!status) {
        bnsl__series_pooled(n_runs, runs[0].n_samples, ln_stretch, &mean, &err, &tau);
        s->r.stretch = exp(mean);
        s->r.stretch_err = err * s->r.stretch;
        note_correlation(s, tau, SAMPLE_EVERY, n_runs * runs[0].n_samples);
        status = stretch_crystal(s, s->r.stretch);
    }
    free(ln_stretch);
    free(runs);
    return status;
}

/* ---- without springs ----------------------------------------------------------------------------------- */

/* Mean and error of a combination of records, sum_k w[k] record_k, per sample. */
static bnsl_status combine(bnsl__solid *s, int32_t n_runs, const bnsl__run *runs, const double w[BNSL__RECORDS], double *mean, double *err)
{
    int64_t n = runs[0].n_samples;
    double *x = bnsl__alloc(n_runs * n, sizeof *x), tau;
    if (!x)
        return bnsl__fail(BNSL_ENOMEM, s->func, "out of memory");
    for (int32_t r = 0; r < n_runs; r++)
        for (int64_t i = 0; i < n; i++) {
            double sum = 0;
            for (int k = 0; k < BNSL__RECORDS; k++)
                if (w[k] != 0)
                    sum += w[k] * runs[r].record[k][i];
            x[r * n + i] = sum;
        }
    bnsl__series_pooled(n_runs, n, x, mean, err, &tau);
    note_correlation(s, tau, runs[0].interval, n_runs * n);
    free(x);
    return BNSL_OK;
}

/* Would relaxing the cell lower A by more than STRESS_COST? With dA/d ln(c/a) = -(2/3)(Z_zz - Z_xy) and a curvature of some 3 Z. */
static bool stressed(const bnsl_free_energy_solid_result *r)
{
    double force = (2.0 / 3.0) * (r->p_zz - 0.5 * (r->p_xx + r->p_yy)) / r->density;
    double curvature = fmax(3 * fabs(r->z), 30.0);
    return fabs(r->p_zz - 0.5 * (r->p_xx + r->p_yy)) > 5 * r->p_aniso_err && force * force / (2 * curvature) > STRESS_COST;
}

static bnsl_status free_results(bnsl__solid *s, int32_t n_runs, const bnsl__run *runs)
{
    bnsl_free_energy_solid_result *r = &s->r;
    const double n = (double)s->crystal->n, rho = r->density;
    const double w_u[BNSL__RECORDS] = { [BNSL__RECORD_U] = 1 / n };
    const double w_p[BNSL__RECORDS] = { [BNSL__RECORD_XX] = rho / (3 * n), [BNSL__RECORD_YY] = rho / (3 * n), [BNSL__RECORD_ZZ] = rho / (3 * n) };
    const double w_a[BNSL__RECORDS] = { [BNSL__RECORD_XX] = -rho / (2 * n), [BNSL__RECORD_YY] = -rho / (2 * n), [BNSL__RECORD_ZZ] = rho / n };
    double *part[3] = { &r->p_xx, &r->p_yy, &r->p_zz }, unused;
    bnsl_status status = combine(s, n_runs, runs, w_u, &r->u, &r->u_err);
    if (!status)
        status = combine(s, n_runs, runs, w_p, &r->p, &r->p_err);
    for (int k = 0; k < 3 && !status; k++) {
        double w[BNSL__RECORDS] = { 0 };
        w[BNSL__RECORD_XX + k] = rho / n;
        status = combine(s, n_runs, runs, w, part[k], &unused);
        *part[k] += rho;
    }
    if (!status)
        status = combine(s, n_runs, runs, w_a, &unused, &r->p_aniso_err);
    r->p += rho;
    r->z = r->p / rho;
    r->z_err = r->p_err / rho;
    if (!status && stressed(r))
        r->flags |= BNSL_SOLID_CELL_STRESSED;
    return status;
}

bnsl_status bnsl__solid_sample_free(bnsl__solid *s)
{
    const bnsl__crystal *c = s->crystal;
    int32_t n_runs = s->o.n_replicas;
    bnsl__run *runs = plain_runs(s, n_runs, BNSL__STREAM_FREE);
    double *memory[BNSL__RECORDS] = { NULL };
    bnsl_status status = runs ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, s->func, "out of memory");
    for (int what = BNSL__RECORD_U; what <= BNSL__RECORD_ZZ && !status; what++) {
        memory[what] = give_record(n_runs, runs, what);
        status = memory[what] ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, s->func, "out of memory");
    }
    for (int32_t k = 0; k < n_runs && !status; k++)
        runs[k].with_energy = true;
    if (!status)
        status = run_all(s, n_runs, runs);
    if (!status)
        status = free_results(s, n_runs, runs);
    for (int32_t a = 0; a < c->n_species && !status; a++) {
        if (c->count[a] == 0)
            continue;
        for (int32_t k = 0; k < n_runs; k++) {
            s->msd[a] += runs[k].msd[a] / n_runs;
            if (runs[k].farthest > 1)
                s->r.flags |= BNSL_SOLID_HOPPED;
        }
        s->r.lindemann = fmax(s->r.lindemann, sqrt(s->msd[a]) / c->nearest[a]);
    }
    for (int what = 0; what < BNSL__RECORDS; what++)
        free(memory[what]);
    free(runs);
    if (!status && s->r.lindemann > LINDEMANN_MELTED)
        return bnsl__fail(BNSL_EDOMAIN, s->func,
                          "the crystal melts: the rms displacement is %.3g of the distance to the nearest site, at most %g (density %.6g)",
                          s->r.lindemann, LINDEMANN_MELTED, s->r.density);
    return status;
}

/* ---- springs ------------------------------------------------------------------------------------------- */

static bnsl_status draw_block(bnsl__solid *s, int block)
{
    bnsl__sampler *sampler = NULL;
    double sums[BNSL__MC_SUMS];
    bnsl_status status = bnsl__sampler_create(&sampler, s->crystal, s->o.constraint, s->o.instruction_set, s->o.seed, 0, s->func);
    if (status)
        return status;
    bnsl__sampler_set_springs(sampler, 1.0, s->spring);
    for (int k = 0; k < BNSL__SOLID_DRAWS; k++) {
        bnsl__sampler_gaussian(sampler, s->o.seed, BNSL__STREAM_DRAWS, (int64_t)block * BNSL__SOLID_DRAWS + k);
        bnsl__sampler_total(sampler, sums);
        s->draws[block * BNSL__SOLID_DRAWS + k] = sums[BNSL__MC_U] - s->r.u_lattice * (double)s->crystal->n;
    }
    bnsl__sampler_destroy(sampler);
    return BNSL_OK;
}

/* -ln of the mean of exp(-x); infinite when all are. */
static double log_average(int64_t n, const double *x)
{
    double least = INFINITY, sum = 0;
    for (int64_t i = 0; i < n; i++)
        least = fmin(least, x[i]);
    if (!(least < INFINITY))
        return INFINITY;
    for (int64_t i = 0; i < n; i++)
        sum += exp(least - x[i]);
    return least - log(sum / (double)n);
}

/* da1 from the draws, with the error from their blocks. */
static void average_draws(bnsl__solid *s)
{
    const int64_t n_draws = BNSL__SOLID_DRAW_BLOCKS * BNSL__SOLID_DRAWS;
    const double n = (double)s->crystal->n;
    double all = log_average(n_draws, s->draws), variance = 0;
    for (int b = 0; b < BNSL__SOLID_DRAW_BLOCKS; b++) {
        double d = log_average(BNSL__SOLID_DRAWS, s->draws + b * BNSL__SOLID_DRAWS) - all;
        variance += d * d;
    }
    s->r.ln_exp = fabs(all) / n;
    s->r.da1 = s->r.u_lattice + all / n;
    s->r.da1_err = sqrt(variance / (BNSL__SOLID_DRAW_BLOCKS * (BNSL__SOLID_DRAW_BLOCKS - 1))) / n;
}

static bnsl_status draw_all(bnsl__solid *s)
{
    bnsl_status block_status[BNSL__SOLID_DRAW_BLOCKS] = { 0 };
#pragma omp parallel for num_threads(bnsl__threads(s->o.num_threads)) schedule(dynamic, 1)
    for (int b = 0; b < BNSL__SOLID_DRAW_BLOCKS; b++)
        block_status[b] = draw_block(s, b);
    for (int b = 0; b < BNSL__SOLID_DRAW_BLOCKS; b++)
        if (block_status[b])
            return bnsl__fail(block_status[b], s->func, "out of memory");
    if (bnsl__progress_add(&s->progress, 0, true))
        return bnsl__fail(BNSL_ECANCELLED, s->func, "cancelled");
    average_draws(s);
    return BNSL_OK;
}

bnsl_status bnsl__solid_choose_springs(bnsl__solid *s)
{
    const bnsl__crystal *c = s->crystal;
    s->factor = FIRST_FACTOR;
    for (;;) {
        s->r.spring_max = 0;
        for (int32_t a = 0; a < c->n_species; a++) {
            if (c->count[a] == 0)
                continue;
            s->spring[a] = s->o.spring > 0 ? s->o.spring : s->factor * 1.5 / s->msd[a];
            s->r.spring_max = fmax(s->r.spring_max, s->spring[a]);
        }
        bnsl_status status = draw_all(s);
        if (status)
            return status;
        bool good = s->r.ln_exp < LN_EXP_MOST && s->r.da1_err < LN_EXP_ERROR;
        if (good || s->o.spring > 0 || 2 * s->factor > s->o.max_spring_factor) {
            if (!good)
                s->r.flags |= BNSL_SOLID_BIASED;
            break;
        }
        s->factor *= 2;
    }
    if (!isfinite(s->r.da1))
        return bnsl__fail(BNSL_EDOMAIN, s->func, "spheres overlap in every configuration at spring %g: a larger one is needed", s->r.spring_max);
    return BNSL_OK;
}

double bnsl__solid_lambda_c(const bnsl__solid *s)
{
    /* <d^2> falls as 1 / (lambda + lambda_c) where K lambda_c = 1.5 / <d^2>; of several species the smallest, so that no node is wasted */
    double lambda_c = INFINITY;
    for (int32_t a = 0; a < s->crystal->n_species; a++)
        if (s->crystal->count[a] > 0)
            lambda_c = fmin(lambda_c, 1.5 / (s->msd[a] * s->spring[a]));
    return fmin(lambda_c, 1.0);
}
