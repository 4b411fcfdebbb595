/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * S(q, t) = I(q, t) / I(q, 0) and its errors. I(q, 0) is the mean of the n good frames among the first ones; its error is common to all
 * frames: var S = S^2 (v_t / I_t^2 + v_0 / I_0^2). A frame that is part of the mean is not independent of it: there
 *     var S = S^2 (v_t / I_t^2 (1 - 2 / n I_t / I_0) + v_0 / I_0^2),
 * the covariance of I_t and I_0 being v_t / n. Cost: one pass over the data.
 */
#include <math.h>
#include <stdlib.h>

#include "saxs_internal.h"

static bool is_good(int64_t n_q, const double *intensity, const double *error)
{
    for (int64_t i = 0; i < n_q; i++)
        if (!(fabs(intensity[i]) < INFINITY && error[i] > 0 && error[i] < INFINITY))
            return false;
    return true;
}

bnsl_status bnsl_saxs_normalise(int64_t n_frames, int64_t n_q, const double *intensity, const double *error, int64_t n_reference, double *s_out,
                                double *s_err_out, double *common_out, int64_t *n_bad_out)
{
    if (n_frames < 1 || n_q < 1 || n_frames > INT64_MAX / 64 / n_q)
        return BNSL_FAIL(BNSL_EINVAL, "n_frames is %lld and n_q is %lld, must be >= 1", (long long)n_frames, (long long)n_q);
    if (!intensity || !error || !s_out || !s_err_out)
        return BNSL_FAIL(BNSL_EINVAL, "intensity, error, s_out and s_err_out must be arrays");
    if (n_reference < 1 || n_reference > n_frames)
        return BNSL_FAIL(BNSL_EINVAL, "n_reference is %lld, must be 1 .. n_frames = %lld", (long long)n_reference, (long long)n_frames);
    double *mean = bnsl__calloc(n_q, 2 * sizeof *mean);
    bool *good = bnsl__alloc(n_frames, sizeof *good);
    if (!mean || !good) {
        free(mean);
        free(good);
        return BNSL_NOMEM();
    }
    double *variance = mean + n_q; /* of the mean */
    int64_t n = 0, n_bad = 0;
    for (int64_t t = 0; t < n_frames; t++) {
        good[t] = is_good(n_q, intensity + t * n_q, error + t * n_q);
        n_bad += !good[t];
        n += t < n_reference && good[t];
        for (int64_t i = 0; i < n_q && t < n_reference && good[t]; i++) {
            mean[i] += intensity[t * n_q + i];
            variance[i] += error[t * n_q + i] * error[t * n_q + i];
        }
    }
    for (int64_t i = 0; i < n_q && n > 0; i++) {
        mean[i] /= (double)n;
        variance[i] /= (double)n * (double)n;
    }
    for (int64_t t = 0; t < n_frames && n > 0; t++)
        for (int64_t i = 0; i < n_q; i++) {
            const double value = intensity[t * n_q + i], v = error[t * n_q + i] * error[t * n_q + i], i0 = mean[i], s = value / i0;
            const double own = t < n_reference ? v * (1 - 2 * s / (double)n) : v;
            const bool known = good[t] && i0 > 0;
            s_out[t * n_q + i] = known ? s : NAN;
            s_err_out[t * n_q + i] = known ? sqrt(fmax(own + s * s * variance[i], 1e-12 * v)) / i0 : NAN;
        }
    for (int64_t i = 0; i < n_q && common_out && n > 0; i++)
        common_out[i] = mean[i] > 0 ? sqrt(variance[i]) / mean[i] : NAN;
    if (n_bad_out && n > 0)
        *n_bad_out = n_bad;
    free(mean);
    free(good);
    return n > 0 ? BNSL_OK : BNSL_FAIL(BNSL_EDOMAIN, "none of the first %lld frames is good", (long long)n_reference);
}
