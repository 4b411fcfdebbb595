/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models of dilute patterns: populations, their parameters, what a fit has found. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dilute_internal.h"

static const bnsl_saxs_dilute_options defaults = {.relative_error = 0.02};
static const char *const names[DILUTE_PER_POPULATION + 1] = {"radius",    "sigma",      "shell", "sld_core",
                                                             "sld_shell", "sld_medium", "scale", "background"};

bnsl_status bnsl_saxs_dilute_options_init(bnsl_saxs_dilute_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

bnsl_status bnsl_saxs_dilute_create(bnsl_saxs_dilute **out, const bnsl_saxs_dilute_options *opts)
{
    bnsl_saxs_dilute_options o = defaults;
    bnsl_status status;
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (opts && (status = bnsl__options_load(&o, sizeof o, opts, "bnsl_saxs_dilute_options", __func__)) != BNSL_OK)
        return status;
    const saxs_curve_options range = {o.error_model, o.relative_error, o.q_min, o.q_max};
    status = bnsl__saxs_check_curve_options(&range, __func__);
    if (status)
        return status;
    bnsl_saxs_dilute *m = bnsl__calloc(1, sizeof *m);
    if (!m)
        return BNSL_NOMEM();
    m->options = o;
    m->slots[DILUTE_SLOTS - 1] = (dilute_slot){.low = -INFINITY, .high = INFINITY, .free = true};
    *out = m;
    return BNSL_OK;
}

void bnsl_saxs_dilute_destroy(bnsl_saxs_dilute *model)
{
    free(model);
}

/* ---- parameters ---------------------------------------------------------------------------------------------------- */

int32_t bnsl__dilute_slot(const bnsl_saxs_dilute *m, int32_t population, int32_t parameter)
{
    if (population == -1)
        return parameter == BNSL_PARAMETER_BACKGROUND ? DILUTE_SLOTS - 1 : -1;
    if (population < 0 || population >= m->n_populations || parameter < 0 || parameter >= DILUTE_PER_POPULATION)
        return -1;
    return population * DILUTE_PER_POPULATION + parameter;
}

static int32_t find(const bnsl_saxs_dilute *m, int32_t population, int32_t parameter, const char *func)
{
    if (!m) {
        bnsl__fail(BNSL_EINVAL, func, "model is NULL");
        return -1;
    }
    const int32_t slot = bnsl__dilute_slot(m, population, parameter);
    if (slot < 0)
        bnsl__fail(BNSL_EINVAL, func, "there is no parameter %d of population %d; the model has %d populations, the background is that of -1",
                   (int)parameter, (int)population, (int)m->n_populations);
    return slot;
}

static bool is_positive(int32_t parameter) /* > 0 or >= 0 by nature */
{
    return parameter <= BNSL_PARAMETER_SHELL || parameter == BNSL_PARAMETER_SCALE;
}

bnsl_status bnsl_saxs_dilute_add(bnsl_saxs_dilute *model, const bnsl_saxs_particle *particle)
{
    bnsl_saxs_particle p, valid;
    saxs_sizes sizes;
    if (!model)
        return BNSL_FAIL(BNSL_EINVAL, "model is NULL");
    bnsl_status status = bnsl__saxs_particle_load(&p, particle, __func__);
    if (status)
        return status;
    valid = p;
    if (p.radius == 0) { /* to be found: any will do for the other checks */
        valid.radius = 1;
        valid.sigma = 0;
        if (!(p.sigma >= 0 && p.sigma < INFINITY))
            return BNSL_FAIL(BNSL_EINVAL, "sigma is %g, must be >= 0 and finite", p.sigma);
    }
    status = bnsl__saxs_sizes(&sizes, &valid, __func__);
    if (status)
        return status;
    if (model->n_populations == DILUTE_POPULATIONS)
        return BNSL_FAIL(BNSL_EINVAL, "a model has at most %d populations", (int)DILUTE_POPULATIONS);
    dilute_slot *slots = &model->slots[model->n_populations * DILUTE_PER_POPULATION];
    const double starts[DILUTE_PER_POPULATION] = {p.radius, p.sigma, p.shell, p.sld_core, p.sld_shell, p.sld_medium, 1};
    for (int32_t k = 0; k < DILUTE_PER_POPULATION; k++)
        slots[k] = (dilute_slot){.start = starts[k], .low = is_positive(k) ? 0 : -INFINITY, .high = INFINITY,
                                 .free = k <= BNSL_PARAMETER_SIGMA || k == BNSL_PARAMETER_SCALE};
    model->particles[model->n_populations++] = p;
    model->fitted = false;
    return BNSL_OK;
}

bnsl_status bnsl_saxs_dilute_fix(bnsl_saxs_dilute *model, int32_t population, int32_t parameter, double value)
{
    const int32_t k = find(model, population, parameter, __func__);
    if (k < 0)
        return BNSL_EINVAL;
    if (!(fabs(value) <= 1e100) || (is_positive(parameter) && value < 0) || (parameter == BNSL_PARAMETER_RADIUS && !(value > 0)))
        return BNSL_FAIL(BNSL_EINVAL, "%s is %g, must be finite%s", names[parameter], value,
                         parameter == BNSL_PARAMETER_RADIUS ? " and > 0" : is_positive(parameter) ? " and >= 0" : "");
    model->slots[k] = (dilute_slot){.start = value, .low = value, .high = value};
    model->fitted = false;
    return BNSL_OK;
}

bnsl_status bnsl_saxs_dilute_free(bnsl_saxs_dilute *model, int32_t population, int32_t parameter, double start, double low, double high)
{
    const int32_t k = find(model, population, parameter, __func__);
    if (k < 0)
        return BNSL_EINVAL;
    if (!(low <= high) || low == INFINITY || high == -INFINITY || (is_positive(parameter) && high < 0))
        return BNSL_FAIL(BNSL_EINVAL, "bounds of %s are %g and %g, must be low <= high%s", names[parameter], low, high,
                         is_positive(parameter) ? ", high >= 0" : "");
    const double floor = is_positive(parameter) ? fmax(low, 0) : low;
    const double first = start == start ? start : fmin(fmax(model->slots[k].start, floor), high);
    const bool search = parameter == BNSL_PARAMETER_RADIUS && model->slots[k].start == 0 && start != start;
    if (!search && !(first >= floor && first <= high && fabs(first) <= 1e100))
        return BNSL_FAIL(BNSL_EINVAL, "%s starts at %g, must be within its bounds, %g and %g", names[parameter], first, floor, high);
    model->slots[k] = (dilute_slot){.start = search ? 0 : first, .low = floor, .high = high, .free = true};
    model->fitted = false;
    return BNSL_OK;
}

/* ---- results ------------------------------------------------------------------------------------------------------- */

static bnsl_status check_fitted(const bnsl_saxs_dilute *m, const char *func)
{
    if (!m)
        return bnsl__fail(BNSL_EINVAL, func, "model is NULL");
    return m->fitted ? BNSL_OK : bnsl__fail(BNSL_EINVAL, func, "the model has not been fitted since it was made or changed");
}

bnsl_status bnsl_saxs_dilute_parameter(const bnsl_saxs_dilute *model, int32_t population, int32_t parameter, bnsl_saxs_parameter *out)
{
    bnsl_status status = check_fitted(model, __func__);
    if (status)
        return status;
    const int32_t k = find(model, population, parameter, __func__);
    if (k < 0 || !out)
        return k < 0 ? BNSL_EINVAL : BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = model->slots[k].result;
    return BNSL_OK;
}

bnsl_status bnsl_saxs_dilute_covariance(const bnsl_saxs_dilute *model, int32_t population_a, int32_t parameter_a, int32_t population_b,
                                        int32_t parameter_b, double *out)
{
    bnsl_status status = check_fitted(model, __func__);
    if (status)
        return status;
    const int32_t a = find(model, population_a, parameter_a, __func__), b = a < 0 ? -1 : find(model, population_b, parameter_b, __func__);
    if (b < 0 || !out)
        return b < 0 ? BNSL_EINVAL : BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = model->covariance[a * DILUTE_SLOTS + b];
    return BNSL_OK;
}

bnsl_status bnsl_saxs_dilute_particle(const bnsl_saxs_dilute *model, int32_t population, bnsl_saxs_particle *out)
{
    const bnsl_status status = check_fitted(model, __func__);
    if (status)
        return status;
    if (population < 0 || population >= model->n_populations || !out)
        return BNSL_FAIL(BNSL_EINVAL, "population is %d, must be 0 .. %d%s", (int)population, (int)model->n_populations - 1,
                         out ? "" : "; out is NULL");
    return bnsl__options_store(out, &model->particles[population], sizeof *model->particles, "bnsl_saxs_particle", __func__);
}

bnsl_status bnsl_saxs_dilute_quality(const bnsl_saxs_dilute *model, double *chi2_reduced_out, int64_t *n_points_out, int32_t *n_free_out,
                                     int32_t *converged_out, int32_t *n_iterations_out)
{
    const bnsl_status status = check_fitted(model, __func__);
    if (status)
        return status;
    if (chi2_reduced_out)
        *chi2_reduced_out = model->chi2_reduced;
    if (n_points_out)
        *n_points_out = model->n_points;
    if (n_free_out)
        *n_free_out = model->n_free;
    if (converged_out)
        *converged_out = model->converged;
    if (n_iterations_out)
        *n_iterations_out = model->n_iterations;
    return BNSL_OK;
}

bnsl_status bnsl_saxs_dilute_model(const bnsl_saxs_dilute *model, int32_t population, int64_t n, const double *q, double *intensity_out)
{
    bnsl_status status = check_fitted(model, __func__);
    if (status)
        return status;
    if (population < -1 || population >= model->n_populations || (n > 0 && !intensity_out))
        return BNSL_FAIL(BNSL_EINVAL, "population is %d, must be -1 (all) .. %d%s", (int)population, (int)model->n_populations - 1,
                         intensity_out ? "" : "; intensity_out is NULL");
    if (n < 0 || n > INT64_MAX / 64)
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld, must be >= 0", (long long)n);
    double *sum = bnsl__calloc(n, 2 * sizeof *sum), *f2 = sum ? sum + n : NULL;
    if (!sum)
        return BNSL_NOMEM();
    for (int32_t k = 0; k < model->n_populations && !status; k++) {
        const double scale = model->slots[k * DILUTE_PER_POPULATION + BNSL_PARAMETER_SCALE].result.value;
        double volume;
        if (population >= 0 && population != k)
            continue;
        status = bnsl_saxs_particle_form_factor(&model->particles[k], n, q, NULL, f2, NULL);
        if (!status)
            status = bnsl_saxs_particle_volume(&model->particles[k], &volume);
        for (int64_t i = 0; i < n && !status; i++)
            sum[i] += scale * f2[i] / volume;
    }
    for (int64_t i = 0; i < n && !status; i++)
        intensity_out[i] = sum[i] + (population < 0 ? model->slots[DILUTE_SLOTS - 1].result.value : 0);
    free(sum);
    return status;
}
