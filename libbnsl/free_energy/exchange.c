/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mu_L - mu_S of a fluid mixture by identity changes in small steps. Between d_S and d_L stand n_windows + 1 diameters; the run of a window has
 * n/2 tagged particles at the one and n/2 at the other of two neighbouring diameters. In its configurations each tagged particle is tried at the
 * other diameter of the two, alone: energies w_f of growing and w_r of shrinking, whose difference of free energies is Bennett's
 * [J. Comput. Phys. 22, 245 (1976); for identity changes Shing and Gubbins, Mol. Phys. 49, 1121 (1983)]:
 *
 *   mu_L - mu_S = ln(x_L/x_S) + sum_k dF_k
 *
 * Half and half is the middle of the path on which the n particles change one by one, and growing and shrinking enter alike, so that n dF_k is the
 * free energy of all n changes to second order in n/N; and as half of the tagged particles were L and half S, the sum is the derivative by the
 * composition at count's. Each window is a run of its own on one thread. Cost: n_windows (n_steps + n_equilibrate) steps; the trials are
 * some per cent.
 */
#include <math.h>
#include <stdlib.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { N_BLOCKS = 16, MAX_WINDOWS = 16, SAMPLE_EVERY = 50, N_SPECIES = 4, LOWER = 2, UPPER = 3 };
static const double FRICTION = 5;     /* of the ramps too */
static const double OVERLAP = 1000;   /* kT: a trial of more is never accepted */

static const bnsl_free_energy_exchange_options defaults = {
    .n_windows = 6, .n_steps = 20000, .n_equilibrate = 20000, .dt = 0.002, .ipl_prefactor = 1, .seed = 1};

bnsl_status bnsl_free_energy_exchange_options_init(bnsl_free_energy_exchange_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

typedef struct exchange {
    bnsl_free_energy_exchange_options o;
    const double *diameter;
    int64_t count[N_SPECIES], n; /* L, S, tagged of the smaller and of the larger diameter; their sum */
    double density, well_depth;
    bnsl_potential_options mie;
    bnsl_control *control;
} exchange;

/* Two neighbouring diameters, and what a change from the one to the other costs. */
typedef struct window {
    double diameter[2], difference, variance;
    bnsl_status status;
} window;

/* What trials need: positions, distances to the particles of one species, energies at both diameters. */
typedef struct trials {
    const bnsl_potential *potential;
    double cut[N_SPECIES * N_SPECIES], side;
    int32_t *species;
    double *xyz, *r, *here, *there;
    double *grow, *shrink; /* energies, sample by sample */
} trials;

static bnsl_status potential_of(const exchange *x, const window *w, bnsl_potential **out)
{
    const double diameter[N_SPECIES] = {x->diameter[0], x->diameter[1], w->diameter[0], w->diameter[1]};
    bool mie = x->well_depth > 0;
    return bnsl__path_potential(out, N_SPECIES, diameter, &x->mie, mie, mie ? x->well_depth : 1, x->o.ipl_prefactor);
}

/* Distances from particle i to those of a species, first .. first + n - 1, that may be within reach. */
static int64_t distances(const trials *t, int64_t i, int64_t first, int64_t n, double cut, double *r)
{
    int64_t found = 0;
    for (int64_t j = first; j < first + n; j++) {
        double square = 0;
        for (int k = 0; k < 3; k++) {
            double d = t->xyz[3 * j + k] - t->xyz[3 * i + k];
            d -= t->side * nearbyint(d / t->side);
            square += d * d;
        }
        if (j != i && square < cut * cut)
            r[found++] = sqrt(square);
    }
    return found;
}

/* Energy of particle i at the other diameter minus that at its own. */
static bnsl_status trial(const exchange *x, const trials *t, int64_t i, int32_t from, int32_t to, double *work)
{
    bnsl_status status = BNSL_OK;
    double sum = 0;
    int64_t first = 0;
    for (int32_t s = 0; !status && s < N_SPECIES; first += x->count[s++]) {
        int64_t n = distances(t, i, first, x->count[s], fmax(t->cut[from * N_SPECIES + s], t->cut[to * N_SPECIES + s]), t->r);
        if (n > 0)
            status = bnsl_potential_evaluate(t->potential, from, s, n, t->r, t->here, NULL);
        if (n > 0 && !status)
            status = bnsl_potential_evaluate(t->potential, to, s, n, t->r, t->there, NULL);
        for (int64_t k = 0; k < n; k++)
            sum += t->there[k] - t->here[k];
    }
    *work = sum < OVERLAP ? sum : INFINITY;
    return status;
}

/* All trials in one configuration. */
static bnsl_status try_all(const exchange *x, const trials *t, bnsl_md *md, int64_t sample)
{
    int64_t half = x->count[LOWER], first = x->count[0] + x->count[1];
    bnsl_status status = bnsl_md_positions(md, t->xyz, NULL);
    for (int64_t i = 0; !status && i < half; i++) {
        status = trial(x, t, first + i, LOWER, UPPER, &t->grow[sample * half + i]);
        if (!status)
            status = trial(x, t, first + half + i, UPPER, LOWER, &t->shrink[sample * half + i]);
    }
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

/* Squared standard error from the differences of n_blocks blocks of n samples each. */
static bnsl_status block_variance(const trials *t, int n_blocks, int64_t n, double *variance)
{
    double block[N_BLOCKS], mean = 0, square = 0;
    bnsl_status status = BNSL_OK;
    for (int b = 0; !status && b < n_blocks; b++) {
        status = bnsl_free_energy_bar(n, t->grow + b * n, n, t->shrink + b * n, &block[b], NULL);
        mean += block[b] / n_blocks;
    }
    for (int b = 0; !status && b < n_blocks; b++)
        square += (block[b] - mean) * (block[b] - mean);
    *variance = square / (n_blocks - 1) / n_blocks;
    return status;
}

/* Bennett's difference of all samples; its error from blocks as they are or joined in pairs, whichever is larger: the latter knows of
 * longer correlations. */
static bnsl_status evaluate(const exchange *x, const trials *t, int64_t per_block, window *w)
{
    int64_t n = per_block * x->count[LOWER];
    double joined = 0;
    bnsl_status status = bnsl_free_energy_bar(N_BLOCKS * n, t->grow, N_BLOCKS * n, t->shrink, &w->difference, NULL);
    if (!status)
        status = block_variance(t, N_BLOCKS, n, &w->variance);
    if (!status)
        status = block_variance(t, N_BLOCKS / 2, 2 * n, &joined);
    w->variance = fmax(w->variance, joined);
    return status;
}

/* The run of a window; it looks for the caller's cancel between samples. */
static bnsl_status sample(const exchange *x, const trials *t, window *w, bnsl_md *md)
{
    int64_t per_block = x->o.n_steps / SAMPLE_EVERY / N_BLOCKS;
    bnsl_status status = BNSL_OK;
    for (int64_t i = 0; !status && i < per_block * N_BLOCKS; i++) {
        status = bnsl_md_run(md, SAMPLE_EVERY, NULL);
        if (!status)
            status = try_all(x, t, md, i);
        if (!status && bnsl_control_is_cancelled(x->control))
            status = bnsl__fail(BNSL_ECANCELLED, "bnsl_free_energy_exchange", "cancelled");
    }
    return status ? status : evaluate(x, t, per_block, w);
}

static bnsl_status simulate(const exchange *x, trials *t, int32_t index, window *w, bnsl_potential *potential)
{
    const double diameter[N_SPECIES] = {x->diameter[0], x->diameter[1], w->diameter[0], w->diameter[1]};
    uint64_t seed = x->o.seed + (uint64_t)index;
    bnsl_md *md = NULL;
    bnsl_box box;
    bnsl_status status = bnsl_free_energy_fluid_start(N_SPECIES, diameter, x->count, x->density, seed, &box, t->xyz, t->species);
    if (!status)
        status = bnsl__langevin_create(&md, &box, x->n, t->xyz, t->species, potential, x->o.dt, FRICTION, seed, "bnsl_free_energy_exchange");
    t->side = box.lx;
    if (!status)
        status = equilibrate(x, md);
    if (!status)
        status = sample(x, t, w, md);
    bnsl_md_destroy(md);
    return status;
}

static bnsl_status run_window(const exchange *x, int32_t index, window *w)
{
    bnsl_potential *potential = NULL;
    bnsl_status status = potential_of(x, w, &potential);
    trials t = {.potential = potential};
    int64_t n = x->n, n_works = x->o.n_steps / SAMPLE_EVERY * x->count[LOWER];
    if (!status)
        status = bnsl_potential_cutoffs(potential, t.cut);
    t.xyz = bnsl__alloc(3 * n, sizeof(double));
    t.species = bnsl__alloc(n, sizeof(int32_t));
    t.r = bnsl__alloc(3 * n, sizeof(double));
    t.grow = bnsl__alloc(2 * n_works, sizeof(double));
    if (!status && !(t.xyz && t.species && t.r && t.grow))
        status = bnsl__fail(BNSL_ENOMEM, "bnsl_free_energy_exchange", "out of memory");
    if (!status) {
        t.here = t.r + n;
        t.there = t.r + 2 * n;
        t.shrink = t.grow + n_works;
        status = simulate(x, &t, index, w, potential);
    }
    bnsl_potential_destroy(potential);
    free(t.xyz);
    free(t.species);
    free(t.r);
    free(t.grow);
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
    if (o->n_windows < 2 || o->n_windows > MAX_WINDOWS)
        return bnsl__fail(BNSL_EINVAL, func, "n_windows is %d, must be 2 to %d", (int)o->n_windows, MAX_WINDOWS);
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
    x->count[LOWER] = x->count[UPPER] = o->n_swap / 2;
    x->n = count[0] + count[1];
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_exchange(const double *diameter, const int64_t *count, double density, double well_depth,
                                      const bnsl_potential_options *mie, const bnsl_free_energy_exchange_options *opts, bnsl_control *control,
                                      double *difference_out, double *err_out)
{
    if (!diameter || !count || !difference_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !diameter ? "diameter" : !count ? "count" : "difference_out");
    exchange x = {.o = defaults, .diameter = diameter, .density = density, .well_depth = well_depth, .control = control};
    window w[MAX_WINDOWS];
    bnsl_status status = bnsl__mie_options(&x.mie, mie, __func__);
    if (!status && opts)
        status = bnsl__options_load(&x.o, sizeof x.o, opts, "bnsl_free_energy_exchange_options", __func__);
    if (!status)
        status = check(&x, count, __func__);
    if (status)
        return status;
    double step = (diameter[0] - diameter[1]) / x.o.n_windows;
    for (int32_t k = 0; k < x.o.n_windows; k++)
        w[k] = (window){.diameter = {diameter[1] + k * step, diameter[1] + (k + 1) * step}};
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
            return BNSL_FAIL(w[k].status, "%s at diameter %g", bnsl_status_text(w[k].status), w[k].diameter[0]);
        sum += w[k].difference;
        variance += w[k].variance;
    }
    *difference_out = log((double)count[0] / (double)count[1]) + sum;
    if (err_out)
        *err_out = sqrt(variance);
    return BNSL_OK;
}
