/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bennett's acceptance ratio [C. H. Bennett, J. Comput. Phys. 22, 245 (1976)]. The two sides are compared by their logarithms, of sums whose
 * largest term is 1, as the terms themselves are 0 in double precision where the states hardly overlap. The difference grows with dF; its
 * root is found by halving the number of doubles that are left, so that works of any size end after 64 passes: 1 / r^50 makes some of 1e300.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "free_energy_internal.h"

static const double LEAST_KNOWN = 1e-6; /* kT, or of dF: where rounding leaves more open, there is no answer */

/* Works of a direction, finite or +infinity, of which `least` is the smallest. */
typedef struct works {
    int64_t n;
    const double *w;
    double least;
} works;

static double no_overflow(double x)
{
    return fmin(x, DBL_MAX);
}

/* sum 1 / (1 + exp(w + offset)), and that of squares, times exp(scale) and exp(2 scale); scale >= 0 so that the largest term is 1/2 to 1 */
static void fermi_sums(const works *w, double offset, double *sum, double *square, double *scale)
{
    *scale = no_overflow(fmax(w->least + offset, 0));
    *sum = *square = 0;
    double tail = exp(-*scale);
    for (int64_t i = 0; i < w->n; i++) {
        double x = no_overflow(w->w[i] + offset), e = exp(x > 0 ? *scale - x : x);
        double f = x > 0 ? e / (1 + e * tail) : 1 / (1 + e);
        *sum += f;
        *square += f * f;
    }
}

/* ln sum_f fermi(M + w - dF) - ln sum_r fermi(-M + w + dF): grows with dF */
static double difference(const works *f, const works *r, double m, double df)
{
    double sum[2], square, scale[2];
    fermi_sums(f, m - df, &sum[0], &square, &scale[0]);
    fermi_sums(r, -m + df, &sum[1], &square, &scale[1]);
    return log(sum[0]) - log(sum[1]) + (scale[1] - scale[0]);
}

/* <f^2> / <f>^2 - 1, over n */
static double relative_variance(const works *w, double offset)
{
    double sum, square, scale;
    fermi_sums(w, offset, &sum, &square, &scale);
    return (square / (sum * sum) * (double)w->n - 1) / (double)w->n;
}

/* Doubles in order as integers, and back. */
static uint64_t rank_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double of_rank(uint64_t rank)
{
    uint64_t bits = rank >> 63 ? rank ^ (uint64_t)1 << 63 : ~rank;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static bnsl_status range_of(int64_t n, const double *w, const char *name, double *least, double *most, const char *func)
{
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        if (isnan(w[i]) || w[i] == -INFINITY)
            return bnsl__fail(BNSL_EINVAL, func, "%s[%lld] is %g, must be a number or +infinity", name, (long long)i, w[i]);
        if (isinf(w[i]))
            continue;
        *least = any ? fmin(*least, w[i]) : w[i];
        *most = any ? fmax(*most, w[i]) : w[i];
        any = true;
    }
    return any ? BNSL_OK : bnsl__fail(BNSL_ENUMERIC, func, "no value of %s is finite: the states do not overlap", name);
}

bnsl_status bnsl_free_energy_bar(int64_t n_forward, const double *forward, int64_t n_reverse, const double *reverse, double *df_out, double *err_out)
{
    if (!forward || !reverse || !df_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !forward ? "forward" : !reverse ? "reverse" : "df_out");
    if (n_forward < 1 || n_reverse < 1)
        return BNSL_FAIL(BNSL_EINVAL, "%lld forward and %lld reverse values, at least 1 of each is needed", (long long)n_forward,
                         (long long)n_reverse);
    double low_f = 0, high_f = 0, low_r = 0, high_r = 0;
    bnsl_status status = range_of(n_forward, forward, "forward", &low_f, &high_f, __func__);
    if (!status)
        status = range_of(n_reverse, reverse, "reverse", &low_r, &high_r, __func__);
    if (status)
        return status;
    const works f = {n_forward, forward, low_f}, r = {n_reverse, reverse, low_r};
    double m = log((double)n_forward / (double)n_reverse);
    double margin = 60 + log((double)n_forward) + log((double)n_reverse);
    uint64_t low = rank_of(fmax(fmin(low_f, -high_r) - margin, -DBL_MAX)), high = rank_of(fmin(fmax(high_f, -low_r) + margin, DBL_MAX));
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        *(difference(&f, &r, m, of_rank(middle)) >= 0 ? &high : &low) = middle;
    }
    double df = of_rank(high), beyond = df + fmax(LEAST_KNOWN * fabs(df), LEAST_KNOWN);
    if (!(difference(&f, &r, m, beyond) > 0))
        return BNSL_FAIL(BNSL_ENUMERIC, "rounding of the works leaves open what makes both sides equal, all from %g to beyond %g", df, beyond);
    double variance = relative_variance(&f, m - df) + relative_variance(&r, -m + df);
    *df_out = df;
    if (err_out)
        *err_out = sqrt(fmax(variance, 0.0));
    return BNSL_OK;
}
