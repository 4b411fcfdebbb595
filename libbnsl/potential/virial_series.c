/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Second virial coefficient of an uncut pair of powers by its series, independent of the quadrature of virial.c.
 *
 * Expanding exp(attraction) in B2 = -2 pi integral (exp(-u/t) - 1) x^2 dx and integrating term by term [Lennard-Jones, Proc. R. Soc. A 106,
 * 463 (1924), for any two exponents], with u = R x^-n - Q x^-m:
 *   B2 / sigma^3 = (2 pi/3) (R/t)^(3/n) Gamma(1 - 3/n) - (2 pi/n) sum_{k >= 1} (Q/t)^k (R/t)^((3 - m k)/n) Gamma((m k - 3)/n) / k!
 * All terms of the sum are positive, so that nothing cancels but the repulsive part and the sum. They rise to a maximum near
 * k = (depth/t) n/(n-m) and fall faster than any power. Each is the exponential of a sum of logarithms, whose rounding limits the accuracy in
 * the cold.
 * Cost: some (depth/t) n/(n-m) + 50 logarithms of the gamma function.
 */
#include <float.h>
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>

#include "potential_internal.h"

#define TOLERANCE 1e-12 /* of the larger of the repulsive part and the sum */
#define NEGLIGIBLE 1e-18
#define MOST_TERMS 1e6

typedef struct series {
    double sum, error;
    int gsl_status;
} series;

/* The sum over k; log_r, log_q: logarithms of R/t and Q/t. */
static series attractive_sum(double n, double m, double log_r, double log_q)
{
    series s = {0.0, 0.0, 0};
    double log_z = log_q - m / n * log_r, log_scale = 3.0 / n * log_r, term;
    int64_t k = 0;
    do {
        k++;
        gsl_sf_result gamma, factorial;
        s.gsl_status = gsl_sf_lngamma_e((m * (double)k - 3.0) / n, &gamma);
        if (!s.gsl_status)
            s.gsl_status = gsl_sf_lngamma_e((double)k + 1.0, &factorial);
        if (s.gsl_status)
            return s;
        double power = (double)k * log_z + log_scale;
        term = exp(power + gamma.val - factorial.val);
        s.sum += term;
        s.error += DBL_EPSILON * term * (2.0 + (double)k * (fabs(log_q) + fabs(log_r)) + fabs(gamma.val) + factorial.val);
    } while (term > NEGLIGIBLE * s.sum);
    return s;
}

static bnsl_status second_virial_series(const bnsl__pair *pair, double t, double *b2_out, const char *func)
{
    double n = pair->opts.n, m = pair->opts.m, log_r = log(pair->repulsive / t);
    double repulsion = exp(3.0 / n * log_r) * tgamma(1.0 - 3.0 / n) / 3.0;
    series s = {0.0, 0.0, 0};
    double peak = pair->depth / t * (n / (n - m));
    if (pair->depth > 0.0 && !(peak < MOST_TERMS))
        return bnsl__fail(BNSL_ENUMERIC, func, "kT is %g of the depth: the series takes more than %g terms", t / pair->depth, MOST_TERMS);
    if (pair->depth > 0.0) {
        bnsl__gsl_enter();
        s = attractive_sum(n, m, log_r, log(pair->attractive / t));
        bnsl__gsl_leave();
    }
    double largest = fmax(repulsion, s.sum / n);
    if (s.gsl_status || !isfinite(largest) || !(s.error / n <= TOLERANCE * largest))
        return bnsl__fail(BNSL_ENUMERIC, func, "kT is %g of the depth: rounding leaves the series less than 12 digits", t / pair->depth);
    *b2_out = 2.0 * M_PI * (repulsion - s.sum / n);
    return BNSL_OK;
}

bnsl_status bnsl_potential_second_virial_series(const bnsl_potential *potential, int32_t a, int32_t b, double kT, double *b2_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (!b2_out)
        return BNSL_FAIL(BNSL_EINVAL, "b2_out is NULL");
    bnsl_status status = bnsl__check_kT(pair, kT, __func__);
    if (status)
        return status;
    if (pair->opts.form == BNSL_FORM_WCA || !(pair->repulsive > 0.0))
        return BNSL_FAIL(BNSL_EDOMAIN, "the pair (%d, %d) has no series, only BNSL_FORM_MIE, _IPL and _IPL_MIE have", a, b);
    double reduced = 0.0, sigma = pair->opts.sigma;
    status = second_virial_series(pair, kT / pair->opts.well_depth, &reduced, __func__);
    if (!status)
        *b2_out = reduced * sigma * sigma * sigma;
    return status;
}
