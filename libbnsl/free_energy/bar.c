/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bennett's acceptance ratio [C. H. Bennett, J. Comput. Phys. 22, 245 (1976)]: the difference of the two sides decreases in dF, so that
 * bisection finds the root. Cost: some 60 passes over the works.
 */
#include <float.h>
#include <math.h>

#include "free_energy_internal.h"

enum { BISECTIONS = 200 };

static double fermi(double x)
{
    return x > 0 ? exp(-x) / (1 + exp(-x)) : 1 / (1 + exp(x));
}

/* sum_f fermi(M + w - dF) - sum_r fermi(-M + w + dF): grows with dF */
static double difference(int64_t n_f, const double *f, int64_t n_r, const double *r, double m, double df)
{
    double forward = 0, reverse = 0;
    for (int64_t i = 0; i < n_f; i++)
        forward += fermi(m + f[i] - df);
    for (int64_t i = 0; i < n_r; i++)
        reverse += fermi(-m + r[i] + df);
    return forward - reverse;
}

/* <f^2> / <f>^2 - 1, over n */
static double relative_variance(int64_t n, const double *w, double offset)
{
    double sum = 0, square = 0;
    for (int64_t i = 0; i < n; i++) {
        double f = fermi(w[i] + offset);
        sum += f;
        square += f * f;
    }
    return (square / (sum * sum) * (double)n - 1) / (double)n;
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
    double m = log((double)n_forward / (double)n_reverse);
    double margin = 60 + log((double)n_forward) + log((double)n_reverse);
    double low = fmin(low_f, -high_r) - margin, high = fmax(high_f, -low_r) + margin;
    for (int k = 0; k < BISECTIONS && high - low > 4 * DBL_EPSILON * fmax(fabs(low), fabs(high)); k++) {
        double middle = 0.5 * (low + high);
        *(difference(n_forward, forward, n_reverse, reverse, m, middle) > 0 ? &high : &low) = middle;
    }
    double df = 0.5 * (low + high);
    double variance = relative_variance(n_forward, forward, m - df) + relative_variance(n_reverse, reverse, -m + df);
    *df_out = df;
    if (err_out)
        *err_out = sqrt(fmax(variance, 0.0));
    return BNSL_OK;
}
