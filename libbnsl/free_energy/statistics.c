/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Means of correlated series with honest errors: integrated autocorrelation time tau = 1/2 + sum_t rho(t) with the window of Sokal (the sum ends
 * at the first t >= 6 tau), variance of the mean 2 tau c(0) / n, and the correction of U. Wolff, Comput. Phys. Commun. 156, 143 (2004), eq.
 * 49 for the bias of a finite series. Several series share one mean and one correlation function, so that a difference between them counts.
 * Cost: n times the window.
 */
#include <math.h>

#include "free_energy_internal.h"

#define WINDOW 6.0

static double covariance(int64_t n_series, int64_t n, const double *x, double mean, int64_t lag)
{
    double sum = 0;
    for (int64_t s = 0; s < n_series; s++)
        for (int64_t i = 0; i + lag < n; i++)
            sum += (x[s * n + i] - mean) * (x[s * n + i + lag] - mean);
    return sum / (double)(n_series * (n - lag));
}

void bnsl__series_pooled(int64_t n_series, int64_t n, const double *x, double *mean_out, double *err_out, double *tau_out)
{
    const double total = (double)(n_series * n);
    double mean = bnsl__sum(n_series * n, x, 1) / total;
    double c0 = covariance(n_series, n, x, mean, 0), tau = 0.5;
    int64_t lag = 1;
    for (; c0 > 0 && lag < n / 2 && (double)lag < WINDOW * tau; lag++)
        tau += covariance(n_series, n, x, mean, lag) / c0;
    tau = fmax(tau, 0.5);
    tau *= 1 + (2 * (double)lag + 1) / total;
    *mean_out = mean;
    *err_out = c0 > 0 ? sqrt(2 * tau * c0 / total) : 0;
    *tau_out = tau;
}
