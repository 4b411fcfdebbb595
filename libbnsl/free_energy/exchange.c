/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mu_L - mu_S of a fluid mixture by thermodynamic integration over the diameter of a few tagged particles, which are a third species:
 *
 *   mu_L - mu_S = ln(x_L/x_S) + (1/n) int < dU/dd > dd,
 *
 * dU/dd by the symmetric difference of the energies that a configuration has at d (1 +- 1e-5), so good to 1e-10 of itself. Composition: at d_S there
 * are n/2 S too many, at d_L n/2 L; the free energy of mixing aside, A_ex(x + dx/2) - A_ex(x - dx/2) is the derivative at x to third order.
 * Each diameter of the Gauss-Legendre rule is a run of its own on one thread. Cost: n_windows (n_steps + n_equilibrate) steps.
 */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_integration.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { N_BLOCKS = 16, MAX_WINDOWS = 16, SAMPLE_EVERY = 50, N_SPECIES = 3 };
static const double RELATIVE_STEP = 1e-5, FRICTION = 5; /* of the ramps too */

static const bnsl_free_energy_exchange_options defaults = {
    .n_windows = 8, .n_steps = 20000, .n_equilibrate = 20000, .dt = 0.002, .ipl_prefactor = 1, .seed = 1};

bnsl_status bnsl_free_energy_exchange_options_init(bnsl_free_energy_exchange_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

typedef struct exchange {
    bnsl_free_energy_exchange_options o;
    const double *diameter;
    int64_t count[N_SPECIES]; /* L, S, tagged */
    double density, well_depth;
    bnsl_potential_options mie;
    bnsl_control *control;
} exchange;

/* One diameter of the tagged particles. */
typedef struct window {
    double d, weight, mean, variance; /* of <dU/dd>, variance of the mean */
    bnsl_status status;
} window;

static bnsl_status potential_at(const exchange *x, double d, bnsl_potential **out)
{
    const double diameter[N_SPECIES] = {x->diameter[0], x->diameter[1], d};
    bool mie = x->well_depth > 0;
    return bnsl__path_potential(out, N_SPECIES, diameter, &x->mie, mie, mie ? x->well_depth : 1, x->o.ipl_prefactor);
}

/* The run at one diameter, in an own control's absence: it looks for the caller's cancel between samples. */
static bnsl_status sample(const exchange *x, window *w, bnsl_md *md, const bnsl_potential *low, const bnsl_potential *high)
{
    double block[N_BLOCKS] = {0}, square = 0;
    int64_t per_block = x->o.n_steps / SAMPLE_EVERY / N_BLOCKS;
    bnsl_status status = BNSL_OK;
    for (int64_t i = 0; !status && i < per_block * N_BLOCKS; i++) {
        double u[2] = {0};
        status = bnsl_md_run(md, SAMPLE_EVERY, NULL);
        if (!status)
            status = bnsl_md_energy_with(md, low, &u[0]);
        if (!status)
            status = bnsl_md_energy_with(md, high, &u[1]);
        block[i / per_block] += (u[1] - u[0]) / (2 * RELATIVE_STEP * w->d) / (double)per_block;
        if (!status && bnsl_control_is_cancelled(x->control))
            status = bnsl__fail(BNSL_ECANCELLED, "bnsl_free_energy_exchange", "cancelled");
    }
    w->mean = 0;
    for (int b = 0; b < N_BLOCKS; b++)
        w->mean += block[b] / N_BLOCKS;
    for (int b = 0; b < N_BLOCKS; b++)
        square += (block[b] - w->mean) * (block[b] - w->mean);
    w->variance = square / (N_BLOCKS - 1) / N_BLOCKS;
    return status;
}

static bnsl_status equilibrate(const exchange *x, bnsl_md *md)
{
    bnsl_status status = bnsl_md_thermalize(md, 1, 0);
    if (!status)
        status = bnsl_md_set_dt(md, 0.25 * x->o.dt);
    if (!status)
        status = bnsl_md_run(md, x->o.n_equilibrate / 4, NULL);
    if (!status)
        status = bnsl_md_set_dt(md, x->o.dt);
    return status ? status : bnsl_md_run(md, x->o.n_equilibrate - x->o.n_equilibrate / 4, NULL);
}

static bnsl_status run_window(const exchange *x, int32_t index, window *w)
{
    int64_t n = x->count[0] + x->count[1] + x->count[2];
    const double diameter[N_SPECIES] = {x->diameter[0], x->diameter[1], w->d};
    double *xyz = bnsl__alloc(3 * n, sizeof *xyz);
    int32_t *species = bnsl__alloc(n, sizeof *species);
    bnsl_potential *here = NULL, *low = NULL, *high = NULL;
    bnsl_md *md = NULL;
    bnsl_box box;
    uint64_t seed = x->o.seed + (uint64_t)index;
    bnsl_status status = xyz && species ? bnsl_free_energy_fluid_start(N_SPECIES, diameter, x->count, x->density, seed, &box, xyz, species)
                                        : bnsl__fail(BNSL_ENOMEM, "bnsl_free_energy_exchange", "out of memory");
    if (!status)
        status = potential_at(x, w->d, &here);
    if (!status)
        status = potential_at(x, w->d * (1 - RELATIVE_STEP), &low);
    if (!status)
        status = potential_at(x, w->d * (1 + RELATIVE_STEP), &high);
    if (!status)
        status = bnsl__langevin_create(&md, &box, n, xyz, species, here, x->o.dt, FRICTION, seed, "bnsl_free_energy_exchange");
    if (!status)
        status = equilibrate(x, md);
    if (!status)
        status = sample(x, w, md, low, high);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(here);
    bnsl_potential_destroy(low);
    bnsl_potential_destroy(high);
    free(xyz);
    free(species);
    return status;
}

static bnsl_status check(exchange *x, const int64_t *count, const char *func)
{
    bnsl_free_energy_exchange_options *o = &x->o;
    int64_t rarer = count[0] < count[1] ? count[0] : count[1];
    o->n_windows = o->n_windows ? o->n_windows : defaults.n_windows;
    o->n_swap = o->n_swap ? o->n_swap : (int32_t)(rarer / 40 > 0 ? 2 * (rarer / 40) : 2);
    o->dt = o->dt == 0 ? defaults.dt : o->dt;
    o->ipl_prefactor = o->ipl_prefactor == 0 ? defaults.ipl_prefactor : o->ipl_prefactor;
    if (!(o->dt > 0 && o->dt <= 0.1))
        return bnsl__fail(BNSL_EINVAL, func, "dt is %g, must be > 0 and <= 0.1", o->dt);
    if (!(o->ipl_prefactor > 0) || isinf(o->ipl_prefactor))
        return bnsl__fail(BNSL_EINVAL, func, "ipl_prefactor is %g, must be > 0", o->ipl_prefactor);
    if (o->n_windows < 3 || o->n_windows > MAX_WINDOWS)
        return bnsl__fail(BNSL_EINVAL, func, "n_windows is %d, must be 3 to %d", (int)o->n_windows, MAX_WINDOWS);
    if (rarer < 4 || o->n_swap < 2 || o->n_swap % 2 || o->n_swap > rarer)
        return bnsl__fail(BNSL_EINVAL, func, "n_swap is %d, must be even and at most the number of either species, here %lld and %lld",
                          (int)o->n_swap, (long long)count[0], (long long)count[1]);
    if (o->n_equilibrate < 0 || o->n_steps < N_BLOCKS * SAMPLE_EVERY)
        return bnsl__fail(BNSL_EINVAL, func, "n_steps is %lld, must be at least %d, and n_equilibrate %lld, >= 0", (long long)o->n_steps,
                          N_BLOCKS * SAMPLE_EVERY, (long long)o->n_equilibrate);
    if (!(x->well_depth >= 0 && x->well_depth <= 100))
        return bnsl__fail(BNSL_EINVAL, func, "well_depth is %g, must be 0 to 100", x->well_depth);
    if (!(x->diameter[0] > x->diameter[1] && x->diameter[1] > 0))
        return bnsl__fail(BNSL_EINVAL, func, "diameters are %g and %g, must fall and be > 0", x->diameter[0], x->diameter[1]);
    x->count[0] = count[0] - o->n_swap / 2;
    x->count[1] = count[1] - o->n_swap / 2;
    x->count[2] = o->n_swap;
    return BNSL_OK;
}

/* Gauss-Legendre diameters between S and L. */
static bnsl_status place_windows(const exchange *x, window *w)
{
    bnsl__gsl_enter();
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc((size_t)x->o.n_windows);
    int failed = 0;
    for (int32_t k = 0; table && k < x->o.n_windows; k++)
        failed |= gsl_integration_glfixed_point(x->diameter[1], x->diameter[0], (size_t)k, &w[k].d, &w[k].weight, table);
    if (table)
        gsl_integration_glfixed_table_free(table);
    bnsl__gsl_leave();
    return !table   ? bnsl__fail(BNSL_ENOMEM, "bnsl_free_energy_exchange", "out of memory")
           : failed ? bnsl__fail(BNSL_ENUMERIC, "bnsl_free_energy_exchange", "the quadrature rule failed")
                    : BNSL_OK;
}

bnsl_status bnsl_free_energy_exchange(const double *diameter, const int64_t *count, double density, double well_depth,
                                      const bnsl_potential_options *mie, const bnsl_free_energy_exchange_options *opts, bnsl_control *control,
                                      double *difference_out, double *err_out)
{
    if (!diameter || !count || !difference_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !diameter ? "diameter" : !count ? "count" : "difference_out");
    exchange x = {.o = defaults, .diameter = diameter, .density = density, .well_depth = well_depth, .control = control};
    window w[MAX_WINDOWS] = {{0}};
    bnsl_status status = bnsl_potential_options_init(&x.mie, sizeof x.mie);
    if (!status && mie)
        status = bnsl__options_load(&x.mie, sizeof x.mie, mie, "bnsl_potential_options", __func__);
    if (!status && opts)
        status = bnsl__options_load(&x.o, sizeof x.o, opts, "bnsl_free_energy_exchange_options", __func__);
    if (!status)
        status = check(&x, count, __func__);
    if (!status)
        status = place_windows(&x, w);
    if (status)
        return status;
#pragma omp parallel for num_threads(bnsl__threads(x.o.num_threads)) schedule(dynamic, 1)
    for (int32_t k = 0; k < x.o.n_windows; k++)
        w[k].status = run_window(&x, k, &w[k]);
    double sum = 0, variance = 0;
    for (int32_t k = 0; k < x.o.n_windows; k++) {
        if (w[k].status == BNSL_ECANCELLED)
            return BNSL_FAIL(BNSL_ECANCELLED, "cancelled");
        if (w[k].status == BNSL_EINVAL || w[k].status == BNSL_EDOMAIN)
            return run_window(&x, k, &w[k]); /* once more on this thread, for its message */
        if (w[k].status)
            return BNSL_FAIL(w[k].status, "%s at diameter %g", bnsl_status_text(w[k].status), w[k].d);
        sum += w[k].weight * w[k].mean;
        variance += w[k].weight * w[k].weight * w[k].variance;
    }
    *difference_out = log((double)count[0] / (double)count[1]) + sum / x.o.n_swap;
    if (err_out)
        *err_out = sqrt(variance) / x.o.n_swap;
    return BNSL_OK;
}
