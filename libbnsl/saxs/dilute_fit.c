/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fit of a dilute pattern: the best of the minima that are reached from the starts. sigma enters as its square, in which the pattern is
 * linear near 0: so a single size is a bound like any other, and not a stationary point that traps the search.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dilute_internal.h"

enum { MAX_ITERATIONS = 300 };
static const double NEGLIGIBLE = 1e-7;   /* what differences make of rounding, relative to the data */
static const double MONODISPERSE = 1e-4; /* sigma / R that no pattern tells from 0 */

/* The starting values into particles, the free non-linear parameters into a list with their bounds. */
static void prepare(dilute_problem *p)
{
    const bnsl_saxs_dilute *m = p->model;
    memcpy(p->particles, m->particles, sizeof p->particles);
    for (int32_t k = 0; k < m->n_populations; k++) {
        for (int32_t i = 0; i < DILUTE_NONLINEAR; i++) {
            const dilute_slot *slot = &m->slots[k * DILUTE_PER_POPULATION + i];
            *bnsl__dilute_field(&p->particles[k], i) = slot->start;
            if (!slot->free)
                continue;
            const bool sigma = i == BNSL_PARAMETER_SIGMA;
            p->low[p->n_free] = sigma ? slot->low * slot->low : slot->low;
            p->high[p->n_free] = sigma ? slot->high * slot->high : slot->high;
            p->free_slots[p->n_free++] = k * DILUTE_PER_POPULATION + i;
        }
    }
}

/* Of radius and shell: the radius; of sigma^2: 1 % of its square; of a density: the largest one. */
static void set_typical(dilute_problem *p, const double *x)
{
    bnsl__dilute_set(p, x);
    for (int32_t i = 0; i < p->n_free; i++) {
        const bnsl_saxs_particle *particle = &p->particles[p->free_slots[i] / DILUTE_PER_POPULATION];
        const int32_t parameter = p->free_slots[i] % DILUTE_PER_POPULATION;
        if (parameter == BNSL_PARAMETER_SIGMA)
            p->typical[i] = 0.01 * particle->radius * particle->radius;
        else if (parameter <= BNSL_PARAMETER_SHELL)
            p->typical[i] = particle->radius;
        else
            p->typical[i] = fmax(fmax(fabs(particle->sld_core), fabs(particle->sld_shell)), fmax(fabs(particle->sld_medium), 1e-100));
    }
}

/* Root of the sum of the squares of the weighted data. */
static double norm(const saxs_curve *c)
{
    double sum = 0;
    for (int64_t i = 0; i < c->n; i++)
        sum += c->value[i] * c->weight[i] * (c->value[i] * c->weight[i]);
    return sqrt(sum);
}

static bnsl_status descend(dilute_problem *p, double *x, double *chi2, bool *converged, int32_t *n_iterations, bnsl_control *control,
                           const char *func)
{
    const saxs_bounded problem = {p->curve.n, p->n_free, MAX_ITERATIONS, p->low, p->high, p->typical, NEGLIGIBLE * norm(&p->curve),
                                  bnsl__dilute_residual, p, control};
    set_typical(p, x);
    const bnsl_status status = bnsl__saxs_minimize_bounded(&problem, x, chi2, converged, n_iterations, func);
    if (p->status == BNSL_ENOMEM)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    return status;
}

/* Sizes that are one within MONODISPERSE become one, and the others are fitted again. */
static bnsl_status settle_single_sizes(dilute_problem *p, double *x, double *chi2, bool *converged, int32_t *n_iterations, bnsl_control *control,
                                       const char *func)
{
    double high[DILUTE_MAX_FREE];
    bool any = false;
    bnsl__dilute_set(p, x);
    memcpy(high, p->high, sizeof high);
    for (int32_t i = 0; i < p->n_free; i++) {
        const double radius = p->particles[p->free_slots[i] / DILUTE_PER_POPULATION].radius;
        if (p->free_slots[i] % DILUTE_PER_POPULATION == BNSL_PARAMETER_SIGMA && p->low[i] == 0 && x[i] > 0 &&
            x[i] < MONODISPERSE * MONODISPERSE * radius * radius) {
            x[i] = p->high[i] = 0;
            any = true;
        }
    }
    const bnsl_status status = any ? descend(p, x, chi2, converged, n_iterations, control, func) : BNSL_OK;
    memcpy(p->high, high, sizeof high);
    return status;
}

/* The best x; *chi2_out infinite when there is none. */
static bnsl_status best_minimum(dilute_problem *p, double *best_x, double *chi2_out, bool *converged_out, int32_t *n_iterations,
                                bnsl_control *control, const char *func)
{
    dilute_start starts[DILUTE_STARTS];
    const int32_t n_starts = bnsl__dilute_starts(p, starts);
    *chi2_out = INFINITY;
    *converged_out = false;
    if (p->status == BNSL_ENOMEM)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int32_t i = 0; i < n_starts; i++) {
        bool converged;
        double chi2;
        const bnsl_status status = descend(p, starts[i].x, &chi2, &converged, n_iterations, control, func);
        if (status == BNSL_EDOMAIN)
            continue;
        if (status)
            return status;
        if (chi2 < *chi2_out) {
            *chi2_out = chi2;
            *converged_out = converged;
            memcpy(best_x, starts[i].x, sizeof starts[i].x);
        }
    }
    return *chi2_out < INFINITY ? settle_single_sizes(p, best_x, chi2_out, converged_out, n_iterations, control, func) : BNSL_OK;
}

/* Whether some population scatters. */
static bool anything_scatters(const dilute_problem *p)
{
    for (int32_t k = 0; k < p->model->n_populations; k++)
        if (p->linear[k] != 0)
            return true;
    return false;
}

static bnsl_status fit(dilute_problem *p, bnsl_saxs_dilute *m, bnsl_control *control, const char *func)
{
    const int64_t n = p->curve.n;
    double x[DILUTE_MAX_FREE] = {0}, chi2;
    bool converged;
    prepare(p);
    int32_t n_free = p->n_free, sought = 0;
    for (int32_t k = 0; k <= m->n_populations; k++)
        n_free += m->slots[dilute_linear_slot(m, k)].free;
    for (int32_t k = 0; k < m->n_populations; k++)
        sought += m->slots[k * DILUTE_PER_POPULATION].free && m->slots[k * DILUTE_PER_POPULATION].start == 0;
    if (sought > 2)
        return bnsl__fail(BNSL_EINVAL, func, "%d radii have no start, at most two can be searched", (int)sought);
    if (n <= n_free)
        return bnsl__fail(BNSL_EINVAL, func, "%lld points in the fitted range, must be more than %d free parameters", (long long)n, (int)n_free);
    p->columns = n < INT64_MAX / 1024 ? bnsl__alloc(n * (m->n_populations + DILUTE_LINEAR + 1), sizeof *p->columns) : NULL;
    if (!p->columns)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    p->work = p->columns + n * m->n_populations;
    bnsl_status status = best_minimum(p, x, &chi2, &converged, &m->n_iterations, control, func);
    if (status)
        return status;
    if (!(chi2 < INFINITY))
        return bnsl__fail(BNSL_EDOMAIN, func, "no fit can start: sizes at the start or within the bounds are not possible, or values are too large");
    double *residual = bnsl__alloc(n, sizeof *residual);
    if (!residual)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    const bool defined = bnsl__dilute_residual(p, x, residual); /* the linear parameters at the minimum */
    free(residual);
    if (!defined)
        return bnsl__fail(p->status ? p->status : BNSL_ENUMERIC, func, p->status ? "out of memory" : "the model is not finite at its minimum");
    m->converged = converged && anything_scatters(p);
    m->n_points = n;
    status = bnsl__dilute_errors(p, m, x, chi2, func);
    if (status == BNSL_OK)
        memcpy(m->particles, p->particles, sizeof m->particles);
    return status;
}

bnsl_status bnsl_saxs_dilute_fit(bnsl_saxs_dilute *model, int64_t n, const double *q, const double *intensity, const double *error,
                                 bnsl_control *control)
{
    if (!model)
        return BNSL_FAIL(BNSL_EINVAL, "model is NULL");
    if (model->n_populations == 0)
        return BNSL_FAIL(BNSL_EINVAL, "the model has no population; add one first");
    const saxs_curve_options range = {model->options.error_model, model->options.relative_error, model->options.q_min, model->options.q_max};
    bnsl_saxs_dilute *trial = bnsl__alloc(1, sizeof *trial);
    dilute_problem p = {.model = trial};
    if (!trial)
        return BNSL_NOMEM();
    *trial = *model;
    trial->n_iterations = 0;
    bnsl_status status = bnsl__saxs_curve_load(&p.curve, n, q, intensity, error, false, &range, __func__);
    if (status == BNSL_OK)
        status = fit(&p, trial, control, __func__);
    if (status == BNSL_OK) {
        trial->fitted = true;
        *model = *trial;
    }
    free(p.columns);
    free(p.curve.memory.memory);
    free(trial);
    if (status == BNSL_OK && !model->converged)
        return BNSL_FAIL(BNSL_ENOCONV, "no minimum found (best radius %g, sigma %g, reduced chi^2 %g)", model->slots[0].result.value,
                         model->slots[1].result.value, model->chi2_reduced);
    return status;
}
