/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measured curves: checks, the range that is fitted, weights from given errors or an error model. */
#include <math.h>

#include "saxs_internal.h"

bnsl_status bnsl__saxs_check_curve_options(const saxs_curve_options *o, const char *func)
{
    if (o->error_model < BNSL_ERRORS_GIVEN || o->error_model > BNSL_ERRORS_UNIFORM)
        return bnsl__fail(BNSL_EINVAL, func, "error_model is %d, must be one of BNSL_ERRORS_* (0 .. 3)", (int)o->error_model);
    if (!(o->relative_error > 0 && o->relative_error <= 1e6))
        return bnsl__fail(BNSL_EINVAL, func, "relative_error is %g, must be > 0", o->relative_error);
    if (!(o->q_min >= 0 && o->q_max >= 0 && o->q_max < INFINITY) || (o->q_max > 0 ? o->q_min >= o->q_max : o->q_min > 0))
        return bnsl__fail(BNSL_EINVAL, func, "q_min is %g and q_max is %g, must be 0 <= q_min < q_max, or both 0", o->q_min, o->q_max);
    return BNSL_OK;
}

/* 1 / standard error of point i; NAN: the message is set. */
static double point_weight(const saxs_curve_options *o, int64_t i, double value, const double *error, const char *func)
{
    if (o->error_model == BNSL_ERRORS_GIVEN) {
        if (error[i] > 0 && error[i] < INFINITY && 1 / error[i] < INFINITY)
            return 1 / error[i];
        bnsl__fail(BNSL_EINVAL, func, "error[%lld] is %g, must be > 0 and finite", (long long)i, error[i]);
        return NAN;
    }
    if (o->error_model == BNSL_ERRORS_UNIFORM)
        return 1;
    if (value > 0 && 1 / value < INFINITY)
        return o->error_model == BNSL_ERRORS_RELATIVE ? 1 / (o->relative_error * value) : 1 / sqrt(value);
    bnsl__fail(BNSL_EINVAL, func, "point %lld has the value %g: this error model needs values > 0; restrict the q range or use uniform errors",
               (long long)i, value);
    return NAN;
}

bnsl_status bnsl__saxs_curve_load(saxs_curve *curve, int64_t n, const double *q, const double *value, const double *error, bool sorted,
                                  const saxs_curve_options *o, const char *func)
{
    *curve = (saxs_curve){0};
    if (n < 1 || !q || !value)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, q is %s, values are %s; needs points and both arrays", (long long)n, q ? "given" : "NULL",
                          value ? "given" : "NULL");
    if (o->error_model == BNSL_ERRORS_GIVEN && !error)
        return bnsl__fail(BNSL_EINVAL, func, "no standard errors: give them, or choose an error_model other than BNSL_ERRORS_GIVEN");
    int64_t n_padded = (n + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES, count = 0;
    if (n > INT64_MAX / 64 || !bnsl__saxs_lanes_alloc(&curve->memory, 3 * n_padded))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    curve->q = curve->memory.data;
    curve->value = curve->q + n_padded;
    curve->weight = curve->value + n_padded;
    for (int64_t i = 0; i < n; i++) {
        if (!(q[i] > 0 && q[i] < INFINITY))
            return bnsl__fail(BNSL_EINVAL, func, "q[%lld] is %g, must be > 0 and finite", (long long)i, q[i]);
        if (sorted && i > 0 && q[i] <= q[i - 1])
            return bnsl__fail(BNSL_EINVAL, func, "q[%lld] is %g, must be above the one before, %g", (long long)i, q[i], q[i - 1]);
        if (o->q_max > 0 && (q[i] < o->q_min || q[i] > o->q_max))
            continue;
        if (!(fabs(value[i]) < INFINITY))
            return bnsl__fail(BNSL_EINVAL, func, "the value at point %lld (q = %g) is %g, must be finite", (long long)i, q[i], value[i]);
        double weight = point_weight(o, i, value[i], error, func);
        if (weight != weight)
            return BNSL_EINVAL;
        curve->q[count] = q[i];
        curve->value[count] = value[i];
        curve->weight[count++] = weight;
    }
    curve->n = count;
    curve->n_padded = (count + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
    for (int64_t i = count; i < n_padded; i++)
        curve->q[i] = count > 0 ? curve->q[count - 1] : 1;
    return BNSL_OK;
}
