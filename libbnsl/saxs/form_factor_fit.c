/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fit of one population of spheres to a dilute pattern: bnsl_saxs_dilute in one call. */
#include <math.h>

#include "saxs_internal.h"

static const bnsl_saxs_form_factor_options defaults = {.relative_error = 0.02};

bnsl_status bnsl_saxs_form_factor_options_init(bnsl_saxs_form_factor_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status store(const bnsl_saxs_dilute *model, bnsl_saxs_form_factor_result *r)
{
    bnsl_saxs_parameter p[4];
    double covariance;
    static const int32_t kinds[4] = {BNSL_PARAMETER_RADIUS, BNSL_PARAMETER_SIGMA, BNSL_PARAMETER_SCALE, BNSL_PARAMETER_BACKGROUND};
    bnsl_status status = BNSL_OK;
    for (int k = 0; k < 4 && !status; k++)
        status = bnsl_saxs_dilute_parameter(model, k < 3 ? 0 : -1, kinds[k], &p[k]);
    if (!status)
        status = bnsl_saxs_dilute_quality(model, &r->chi2_reduced, &r->n_points, NULL, &r->converged, &r->n_iterations);
    if (!status)
        status = bnsl_saxs_dilute_covariance(model, 0, BNSL_PARAMETER_RADIUS, 0, BNSL_PARAMETER_SIGMA, &covariance);
    if (status)
        return status;
    double *const values[4] = {&r->radius, &r->sigma, &r->scale, &r->background};
    double *const errors[4] = {&r->radius_err, &r->sigma_err, &r->scale_err, &r->background_err};
    for (int k = 0; k < 4; k++) {
        *values[k] = p[k].value;
        *errors[k] = p[k].err;
    }
    r->sigma_at_bound = p[1].status == BNSL_FIT_AT_BOUND;
    r->correlation_radius_sigma = covariance / (p[0].err * p[1].err);
    return BNSL_OK;
}

static bnsl_status fit(bnsl_saxs_dilute **model, const bnsl_saxs_form_factor_options *o, int64_t n, const double *q, const double *intensity,
                       const double *error)
{
    bnsl_saxs_dilute_options options = {.struct_size = sizeof options, .error_model = o->error_model, .relative_error = o->relative_error,
                                        .q_min = o->q_min, .q_max = o->q_max};
    const bnsl_saxs_particle sphere = {.struct_size = sizeof sphere, .distribution = o->distribution, .weighting = o->weighting,
                                       .radius = o->radius_start, .sld_core = 1};
    bnsl_status status = bnsl_saxs_dilute_create(model, &options);
    if (!status)
        status = bnsl_saxs_dilute_add(*model, &sphere);
    if (!status)
        status = bnsl_saxs_dilute_fit(*model, n, q, intensity, error, NULL);
    return status;
}

bnsl_status bnsl_saxs_fit_form_factor(int64_t n, const double *q, const double *intensity, const double *error,
                                      const bnsl_saxs_form_factor_options *opts, bnsl_saxs_form_factor_result *result_out)
{
    bnsl_saxs_form_factor_options o = defaults;
    bnsl_status status;
    if (!result_out)
        return BNSL_FAIL(BNSL_EINVAL, "result_out is NULL");
    if (opts && (status = bnsl__options_load(&o, sizeof o, opts, "bnsl_saxs_form_factor_options", __func__)) != BNSL_OK)
        return status;
    if (!(o.radius_start >= 0 && o.radius_start < 1e20))
        return BNSL_FAIL(BNSL_EINVAL, "radius_start is %g, must be >= 0", o.radius_start);
    if (o.weighting == BNSL_WEIGHTING_VOLUME && o.distribution == BNSL_SIZES_GAUSSIAN)
        return BNSL_FAIL(BNSL_EINVAL, "a volume-weighted Gaussian must be cut: use bnsl_saxs_dilute with an n_sigma, or Schulz or log-normal sizes");
    bnsl_saxs_dilute *model = NULL;
    bnsl_saxs_form_factor_result r = {0};
    status = fit(&model, &o, n, q, intensity, error);
    const bnsl_status stored = status == BNSL_OK || status == BNSL_ENOCONV ? store(model, &r) : status;
    bnsl_saxs_dilute_destroy(model);
    if (stored == BNSL_OK)
        *result_out = r;
    return stored == BNSL_OK ? status : stored;
}
