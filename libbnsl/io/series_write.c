/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Series of scattering curves as a matrix of text (see series.c). O(size). */
#include <math.h>
#include <stdlib.h>

#include "io_internal.h"

/* The matrix, under a line of times. */
static bool put_matrix(struct bnsl__text *text, int64_t n_frames, const double *time, int64_t n_q, const double *q, const double *values)
{
    bool ok = bnsl__text_string(text, "#q_nm^-1");
    for (int64_t k = 0; ok && k < n_frames; k++)
        ok = bnsl__text_string(text, "\t") && bnsl__text_double(text, time[k]);
    for (int64_t i = 0; ok && i < n_q; i++) {
        ok = bnsl__text_string(text, "\n") && bnsl__text_double(text, q[i]);
        for (int64_t k = 0; ok && k < n_frames; k++)
            ok = bnsl__text_string(text, "\t") && bnsl__text_double(text, values[k * n_q + i]);
    }
    return ok && bnsl__text_string(text, "\n");
}

static bnsl_status check_increasing(const char *name, double low, int64_t n, const double *x, const char *func)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(x[i]) || x[i] <= (i > 0 ? x[i - 1] : low))
            return bnsl__fail(BNSL_EINVAL, func, "%s[%lld] is %g, must be finite%s and above the one before", name, (long long)i, x[i],
                              low == 0 ? ", > 0" : "");
    return BNSL_OK;
}

bnsl_status bnsl_io_series_write(const char *path, int64_t n_frames, const double *time, int64_t n_q, const double *q, const double *values,
                                 int32_t overwrite)
{
    if (!path || !time || !q || !values)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !path ? "path" : !time ? "time" : !q ? "q" : "values");
    if (n_frames < 1 || n_q < 1)
        return BNSL_FAIL(BNSL_EINVAL, "n_frames is %lld and n_q is %lld, must be >= 1", (long long)n_frames, (long long)n_q);
    bnsl_status status = check_increasing("time", -INFINITY, n_frames, time, __func__);
    if (!status)
        status = check_increasing("q", 0, n_q, q, __func__);
    if (status)
        return status;
    struct bnsl__text text = {0};
    if (put_matrix(&text, n_frames, time, n_q, q, values))
        status = bnsl__output_whole(path, text.data, text.length, overwrite != 0, __func__);
    else
        status = BNSL_NOMEM();
    free(text.data);
    return status;
}
