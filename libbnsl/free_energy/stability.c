/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The depth at which a fluid first is unstable at some density, by halving the range of depths that its expansion is known in. Error by Monte
 * Carlo: the coefficients are drawn from their covariance, each draw is solved, the scatter of the solutions is the standard error. Draw k
 * takes the random numbers of index k, so that errors do not depend on the order. Cost: for each draw some -log2(tolerance) scans of the densities.
 */
#include <math.h>
#include <stdlib.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { N_HALVINGS = 50 };

static bnsl_status limit(const stability *s, const double *normal, double tolerance, double *depth, double *density, const char *func)
{
    double low = s->fit->depth[0], high = s->fit->depth[1], least = 0;
    bnsl_status status = s->least(s->of, low, normal, &least, density, func);
    if (!status && least <= 0)
        return bnsl__fail(BNSL_EDOMAIN, func, "the fluid is not stable at all densities even at the smallest depth, %g", low);
    if (!status)
        status = s->least(s->of, high, normal, &least, density, func);
    if (!status && least > 0)
        return bnsl__fail(BNSL_EDOMAIN, func, "the fluid is stable at all densities up to the largest depth, %g", high);
    for (int k = 0; !status && k < N_HALVINGS && high - low > tolerance * high; k++) {
        double middle = 0.5 * (low + high);
        status = s->least(s->of, middle, normal, &least, density, func);
        *(least > 0 ? &low : &high) = middle;
    }
    *depth = 0.5 * (low + high);
    return status;
}

bnsl_status bnsl__stability_limit(const stability *s, int32_t n_samples, uint64_t seed, double *depth_out, double *err_out, double *density_out,
                                  const char *func)
{
    if (n_samples < 0 || n_samples > 10000)
        return bnsl__fail(BNSL_EINVAL, func, "n_samples is %d, must be 0 to 10000", (int)n_samples);
    double depth = 0, density = 0, sum = 0, *normal = bnsl__alloc(s->fit->n_terms, sizeof *normal);
    int32_t n = 0;
    bnsl_status status = normal ? limit(s, NULL, s->tolerance[0], &depth, &density, func) : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int32_t k = 0; !status && k < n_samples; k++) {
        double drawn, where;
        status = bnsl_random_normal(seed, s->stream, (uint64_t)k, 0, s->fit->n_terms, normal);
        if (status || limit(s, normal, s->tolerance[1], &drawn, &where, func))
            continue;
        sum += (drawn - depth) * (drawn - depth);
        n++;
    }
    free(normal);
    if (!status && n < LOOP_SHARE * n_samples)
        status = bnsl__fail(BNSL_EDOMAIN, func, "the limit of stability, %.3g, is unsure: %d of %d draws within the errors have none up to %g", depth,
                            (int)(n_samples - n), (int)n_samples, s->fit->depth[1]);
    if (status)
        return status;
    if (depth_out)
        *depth_out = depth;
    if (err_out)
        *err_out = n > 0 ? sqrt(sum / n) : 0;
    if (density_out)
        *density_out = density;
    return BNSL_OK;
}
