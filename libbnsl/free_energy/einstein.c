/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Closed forms: the constrained Einstein crystal, the energy of the perfect crystal, extrapolation in 1/N. Sources: free_energy.h.
 */
#include <math.h>

#include "free_energy_internal.h"

static const double pi = 3.14159265358979323846;

bnsl_status bnsl_free_energy_einstein(int32_t constraint, int32_t n_species, const int64_t *count, const double *spring, int32_t fixed_species,
                                      int64_t n_cells, double volume, double *a0_out)
{
    if (!count || !spring || !a0_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !count ? "count" : !spring ? "spring" : "a0_out");
    if (constraint != BNSL_EINSTEIN_MOLECULE && constraint != BNSL_EINSTEIN_CRYSTAL)
        return BNSL_FAIL(BNSL_EINVAL, "constraint is %d, must be BNSL_EINSTEIN_MOLECULE or _CRYSTAL", (int)constraint);
    if (n_species < 1)
        return BNSL_FAIL(BNSL_EINVAL, "n_species is %d, must be >= 1", (int)n_species);
    if (!(volume > 0) || isinf(volume))
        return BNSL_FAIL(BNSL_EINVAL, "volume is %g, must be finite and > 0", volume);
    double n = 0, logs = 0, mobility = 0; /* N; sum of ln(beta K / pi); sum of 1 / (beta K) */
    for (int32_t a = 0; a < n_species; a++) {
        if (count[a] < 0)
            return BNSL_FAIL(BNSL_EINVAL, "count[%d] is %lld, must be >= 0", (int)a, (long long)count[a]);
        if (count[a] == 0)
            continue;
        if (!(spring[a] > 0) || isinf(spring[a]))
            return BNSL_FAIL(BNSL_EINVAL, "spring[%d] is %g, must be finite and > 0", (int)a, spring[a]);
        n += (double)count[a];
        logs += (double)count[a] * log(spring[a] / pi);
        mobility += (double)count[a] / spring[a];
    }
    if (n < 1)
        return BNSL_FAIL(BNSL_EINVAL, "there are no particles");
    if (n_cells < 1 || (double)n_cells > n)
        return BNSL_FAIL(BNSL_EINVAL, "n_cells is %lld, must be 1 .. %.0f", (long long)n_cells, n);
    if (constraint == BNSL_EINSTEIN_CRYSTAL)
        mobility /= n * n;
    else if (fixed_species < 0 || fixed_species >= n_species || count[fixed_species] < 1)
        return BNSL_FAIL(BNSL_EINVAL, "fixed_species is %d, must be 0 .. %d and have particles", (int)fixed_species, (int)n_species - 1);
    else
        mobility = 1 / spring[fixed_species];
    *a0_out = (log((double)n_cells / volume) + 1.5 * logs + 1.5 * log(pi * mobility)) / n;
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_extrapolate(int32_t n_sizes, const int64_t *n, const double *a, const double *a_err, double *a_inf_out, double *err_out,
                                         double *slope_out)
{
    if (!n || !a || !a_err || !a_inf_out || !err_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !n ? "n" : !a ? "a" : !a_err ? "a_err" : !a_inf_out ? "a_inf_out" : "err_out");
    if (n_sizes < 2)
        return BNSL_FAIL(BNSL_EINVAL, "n_sizes is %d, must be >= 2", (int)n_sizes);
    double w = 0, x = 0, y = 0, xx = 0, xy = 0; /* weighted means */
    for (int32_t i = 0; i < n_sizes; i++) {
        if (n[i] < 1)
            return BNSL_FAIL(BNSL_EINVAL, "n[%d] is %lld, must be >= 1", (int)i, (long long)n[i]);
        if (!isfinite(a[i]) || !(a_err[i] > 0) || isinf(a_err[i]))
            return BNSL_FAIL(BNSL_EINVAL, "a[%d] is %g +- %g, must be finite and its error > 0", (int)i, a[i], a_err[i]);
        double weight = 1 / (a_err[i] * a_err[i]);
        w += weight;
        x += weight / (double)n[i];
        y += weight * a[i];
    }
    x /= w;
    y /= w;
    for (int32_t i = 0; i < n_sizes; i++) {
        double weight = 1 / (a_err[i] * a_err[i]), dx = 1 / (double)n[i] - x;
        xx += weight * dx * dx;
        xy += weight * dx * (a[i] - y);
    }
    if (!(xx > 1e-20 * w * x * x))
        return BNSL_FAIL(BNSL_EINVAL, "all sizes are %lld, at least two must differ", (long long)n[0]);
    double slope = xy / xx;
    *a_inf_out = y - slope * x;
    *err_out = sqrt(1 / w + x * x / xx);
    if (slope_out)
        *slope_out = slope;
    return BNSL_OK;
}
