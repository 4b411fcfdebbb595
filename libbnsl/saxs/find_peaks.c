/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Peaks of a measured curve: local maxima that stand out by their topographic prominence (height over the higher of the two saddles
 * towards higher maxima), each located by a least-squares parabola through its upper half. Works on ln s where all s > 0, since
 * scattering falls over decades; the noise is the points' own error or, without any, a robust estimate from second differences
 * (median absolute deviation over 0.6745, whose variance is 6 times that of a point). Cost: O(n^2) at most.
 */
#include <math.h>
#include <stdlib.h>

#include "saxs_internal.h"

static const bnsl_saxs_peaks_options default_options = {
    .struct_size = sizeof(bnsl_saxs_peaks_options), .min_significance = 7.0, .min_prominence = 0.02};

bnsl_status bnsl_saxs_peaks_options_init(bnsl_saxs_peaks_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &default_options, sizeof default_options, __func__);
}

static int compare(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

/* Noise of one point of y; scratch: n values. */
static double estimate_noise(int64_t n, const double *y, double *scratch)
{
    for (int64_t i = 1; i + 1 < n; i++)
        scratch[i - 1] = fabs(y[i - 1] - 2.0 * y[i] + y[i + 1]);
    qsort(scratch, (size_t)(n - 2), sizeof *scratch, compare);
    return scratch[(n - 2) / 2] / 0.6744897501960817 / sqrt(6.0);
}

/* Height of the maximum at i over the higher of the saddles on its sides. */
static double prominence(int64_t n, const double *y, int64_t i)
{
    double left = y[i], right = y[i];
    for (int64_t k = i - 1; k >= 0 && y[k] <= y[i]; k--)
        left = fmin(left, y[k]);
    for (int64_t k = i + 1; k < n && y[k] <= y[i]; k++)
        right = fmin(right, y[k]);
    return y[i] - fmax(left, right);
}

/* Least-squares parabola c0 + c1 u + c2 u^2 through the points i - m .. i + m, u = (q - q[i]) / scale. */
typedef struct parabola {
    double scale, top, top_err; /* of q - q[i]; NaN where it has no top */
} parabola;

static parabola fit_parabola(const double *q, const double *y, double noise, int64_t i, int64_t m)
{
    parabola f = {.scale = q[i + m] - q[i - m], .top = NAN, .top_err = NAN};
    double s[5] = {0}, t[3] = {0};
    for (int64_t k = i - m; k <= i + m; k++) {
        double u = (q[k] - q[i]) / f.scale, power = 1.0;
        for (int p = 0; p < 5; p++, power *= u) {
            s[p] += power;
            if (p < 3)
                t[p] += power * y[k];
        }
    }
    /* normal equations of 3 x 3 by the adjugate: a symmetric matrix of the sums of powers */
    double m00 = s[2] * s[4] - s[3] * s[3], m01 = s[2] * s[3] - s[1] * s[4], m02 = s[1] * s[3] - s[2] * s[2];
    double m11 = s[0] * s[4] - s[2] * s[2], m12 = s[1] * s[2] - s[0] * s[3], m22 = s[0] * s[2] - s[1] * s[1];
    double det = s[0] * m00 + s[1] * m01 + s[2] * m02;
    double c1 = (m01 * t[0] + m11 * t[1] + m12 * t[2]) / det, c2 = (m02 * t[0] + m12 * t[1] + m22 * t[2]) / det;
    if (!(det > 0.0 && c2 < 0.0))
        return f;
    f.top = -c1 / (2.0 * c2) * f.scale;
    /* its gradient by c1 and c2, with the covariance noise^2 times the inverse matrix */
    double g1 = -1.0 / (2.0 * c2), g2 = c1 / (2.0 * c2 * c2);
    f.top_err = f.scale * noise * sqrt(fmax(g1 * g1 * m11 + 2.0 * g1 * g2 * m12 + g2 * g2 * m22, 0.0) / det);
    return f;
}

/* Place of the top and its error; the parabola is centred anew when its top lies beside another point. The highest point if it has none. */
static void locate(int64_t n, const double *q, const double *y, double noise, double half, int64_t i, bnsl_saxs_found_peak *peak)
{
    double spacing = 0.5 * (q[i + 1] - q[i - 1]);
    int64_t centre = i;
    peak->q = q[i];
    peak->q_err = spacing;
    for (int it = 0; it < 4; it++) {
        int64_t m = 1;
        while (m < 5 && centre - m - 1 >= 0 && centre + m + 1 < n && y[centre - m - 1] > half && y[centre + m + 1] > half)
            m++;
        parabola f = fit_parabola(q, y, noise, centre, m);
        if (!(fabs(f.top) <= 0.5 * f.scale))
            return;
        if (fabs(f.top) <= spacing) {
            peak->q = q[centre] + f.top;
            peak->q_err = fmax(f.top_err, 0.02 * spacing); /* no place is known better than to a fiftieth of the grid */
            return;
        }
        centre += f.top > 0.0 ? 1 : -1;
        if (centre < 1 || centre + 1 >= n)
            return;
    }
}

/* y and its noise (one for all points, or NULL and one estimate); false: no memory. */
static bool prepare(int64_t n, const double *s, const double *error, double *y, double *noise)
{
    bool positive = true;
    for (int64_t i = 0; i < n; i++)
        positive = positive && s[i] > 0.0;
    double *scratch = bnsl__alloc(n, sizeof *scratch);
    if (!scratch)
        return false;
    for (int64_t i = 0; i < n; i++)
        y[i] = positive ? log(s[i]) : s[i];
    double common = error ? 0.0 : estimate_noise(n, y, scratch);
    for (int64_t i = 0; i < n; i++)
        noise[i] = error ? error[i] / (positive ? s[i] : 1.0) : common;
    free(scratch);
    return true;
}

static bnsl_status check(int64_t n, const double *q, const double *s, const double *error, const bnsl_saxs_peaks_options *o, const char *func)
{
    if (!q || !s)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", q ? "s" : "q");
    if (n < 5)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be >= 5", (long long)n);
    if (!(o->min_significance >= 0.0) || !(o->min_prominence >= 0.0) || isinf(o->min_significance) || isinf(o->min_prominence))
        return bnsl__fail(BNSL_EINVAL, func, "min_significance is %g and min_prominence is %g, must be finite and >= 0", o->min_significance,
                          o->min_prominence);
    for (int64_t i = 0; i < n; i++) {
        if (!isfinite(q[i]) || !isfinite(s[i]) || (i > 0 && !(q[i] > q[i - 1])))
            return bnsl__fail(BNSL_EINVAL, func, "point %lld is q = %g, s = %g: must be finite, q rising", (long long)i, q[i], s[i]);
        if (error && !(error[i] > 0.0 && isfinite(error[i])))
            return bnsl__fail(BNSL_EINVAL, func, "error %lld is %g, must be finite and > 0", (long long)i, error[i]);
    }
    return BNSL_OK;
}

bnsl_status bnsl_saxs_find_peaks(int64_t n, const double *q, const double *s, const double *error, const bnsl_saxs_peaks_options *opts,
                                 int64_t capacity, int64_t *n_out, bnsl_saxs_found_peak *peaks_out)
{
    bnsl_saxs_peaks_options o = default_options;
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_saxs_peaks_options", __func__) : BNSL_OK;
    if (!status)
        status = check(n, q, s, error, &o, __func__);
    if (status)
        return status;
    if (!n_out || capacity < 0 || (capacity > 0 && !peaks_out))
        return BNSL_FAIL(BNSL_EINVAL, "%s", n_out ? "capacity is < 0, or peaks_out is NULL" : "n_out is NULL");
    double *y = bnsl__alloc(2 * n, sizeof *y);
    if (!y || !prepare(n, s, error, y, y + n)) {
        free(y);
        return BNSL_NOMEM();
    }
    const double *noise = y + n;
    int64_t found = 0;
    for (int pass = 0; pass < 2; pass++) { /* first the number: outputs stay untouched when there is no room */
        if (pass == 1 && found > capacity)
            break;
        found = 0;
        for (int64_t i = 1; i + 1 < n; i++) {
            if (!(y[i] > y[i - 1] && y[i] >= y[i + 1]))
                continue;
            double high = prominence(n, y, i);
            if (!(high >= o.min_prominence && high >= o.min_significance * noise[i]))
                continue;
            if (pass == 1) {
                bnsl_saxs_found_peak peak = {.height = s[i], .prominence = high, .significance = noise[i] > 0.0 ? high / noise[i] : INFINITY};
                locate(n, q, y, noise[i], y[i] - 0.5 * high, i, &peak);
                peaks_out[found] = peak;
            }
            found++;
        }
    }
    free(y);
    *n_out = found;
    if (found > capacity)
        return BNSL_FAIL(BNSL_EBUFFER, "room for %lld peaks, %lld are there", (long long)capacity, (long long)found);
    return BNSL_OK;
}
