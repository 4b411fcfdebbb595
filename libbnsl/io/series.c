/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Series of scattering curves as one matrix of text, q and one column a frame under a line of times, or from NXcanSAS. Transposed in
 * memory, so that a frame is contiguous. O(size).
 */
#include <math.h>
#include <stdlib.h>

#include "curve_internal.h"

struct bnsl_io_series {
    int64_t n_frames, n_q, n_skipped;
    double *time, *q;           /* n_frames; n_q */
    double *intensity, *sigma;  /* n_frames x n_q; sigma NULL without errors */
};

static const double SAME_Q = 1e-6; /* relative difference of q between the two files: what rounding to seven digits makes */

/* ---- the line of times ------------------------------------------------------------------------------------- */

static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';';
}

/*
 * Numbers at the end of a line, behind at least one word that is none: how many. The last `n` of them, if there are so many, go to
 * times, and *words_out is the length of what stands before them.
 */
static int64_t trailing_numbers(const char *line, int64_t length, int64_t n, double *times, int64_t *words_out)
{
    int64_t count = 0, end = length;
    while (end > 0) {
        while (end > 0 && is_separator(line[end - 1]))
            end--;
        int64_t begin = end;
        double value;
        while (begin > 0 && !is_separator(line[begin - 1]))
            begin--;
        if (begin == end || bnsl_parse_double(line + begin, end - begin, &value, NULL) != BNSL_OK)
            break;
        if (++count <= n)
            times[n - count] = value;
        end = begin;
    }
    *words_out = end;
    return end > 0 ? count : 0;
}

static bnsl_status check_times(int64_t n, const double *time, const char *path, const char *func)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(time[i]) || (i > 0 && time[i] <= time[i - 1]))
            return bnsl__fail(BNSL_EFORMAT, func, "%s: time %lld is %g, must be finite and above the one before", path, (long long)i + 1, time[i]);
    return BNSL_OK;
}

/* The first line of the header that ends in n times; the unit that it states goes to *unit_out. */
static bnsl_status read_times(const char *header, int64_t n, double *time, int32_t *unit_out, const char *path, const char *func)
{
    for (const char *line = header; *line;) {
        const int64_t length = (int64_t)strcspn(line, "\n");
        int64_t words;
        if (trailing_numbers(line, length, n, time, &words) == n) {
            char *text = bnsl__alloc(words + 1, 1);
            if (!text)
                return bnsl__fail(BNSL_ENOMEM, func, "%s: out of memory", path);
            memcpy(text, line, (size_t)words);
            text[words] = '\0';
            *unit_out = bnsl__stated_unit(text);
            if (*unit_out == BNSL_UNIT_FROM_FILE) /* said elsewhere in the heading */
                *unit_out = bnsl__stated_unit(header);
            free(text);
            return check_times(n, time, path, func);
        }
        line += length + (line[length] == '\n');
    }
    return bnsl__fail(BNSL_EFORMAT, func,
                      "%s: no heading has one time for each of its %lld frames; its first line must be \"#q_nm^-1\" and the times in s",
                      path, (long long)n);
}

/* ---- the matrix ----------------------------------------------------------------------------------------------- */

static bnsl_status keep_rows(bnsl_io_series *s, const bnsl_io_table *table, double unit, double *values, bool errors, const char *path,
                             const char *func)
{
    for (int64_t i = 0; i < table->n_rows; i++) {
        const double *row = table->values + i * table->n_columns;
        const double q = unit * row[0];
        if (!isfinite(q))
            return bnsl__fail(BNSL_EFORMAT, func, "%s: line %lld: q is %g, must be finite", path, (long long)table->lines[i], row[0]);
        if (q <= 0) {
            s->n_skipped++;
            continue;
        }
        if (s->n_q > 0 && q <= s->q[s->n_q - 1])
            return bnsl__fail(BNSL_EFORMAT, func, "%s: line %lld: q is %g, must be above that of the row before", path,
                              (long long)table->lines[i], row[0]);
        s->q[s->n_q] = q;
        for (int64_t k = 0; k < s->n_frames; k++) {
            const double value = row[k + 1];
            if (errors && value < 0)
                return bnsl__fail(BNSL_EFORMAT, func, "%s: line %lld, frame %lld: the standard error is %g, must be >= 0", path,
                                  (long long)table->lines[i], (long long)k + 1, value);
            values[k * table->n_rows + s->n_q] = isfinite(value) ? value : NAN;
        }
        s->n_q++;
    }
    if (s->n_q == 0)
        return bnsl__fail(BNSL_EFORMAT, func, "%s has no row with q > 0", path);
    for (int64_t k = 1; k < s->n_frames && s->n_q < table->n_rows; k++) /* close the gaps of rows left out */
        memmove(values + k * s->n_q, values + k * table->n_rows, (size_t)s->n_q * sizeof *values);
    return BNSL_OK;
}

static bnsl_status fill_series(bnsl_io_series *s, const bnsl_io_table *table, int32_t unit, bool errors, const char *path, const char *func)
{
    int32_t stated = BNSL_UNIT_FROM_FILE;
    if (table->n_columns < 2)
        return bnsl__fail(BNSL_EFORMAT, func, "%s: line %lld has 1 column, a series has q and one for each frame", path, (long long)table->lines[0]);
    s->n_frames = table->n_columns - 1;
    s->time = bnsl__alloc(s->n_frames, sizeof *s->time);
    s->q = bnsl__alloc(table->n_rows, sizeof *s->q);
    s->intensity = bnsl__alloc(table->n_rows, (size_t)s->n_frames * sizeof *s->intensity);
    if (!s->time || !s->q || !s->intensity)
        return bnsl__fail(BNSL_ENOMEM, func, "%s: out of memory", path);
    bnsl_status status = read_times(table->header.data, s->n_frames, s->time, &stated, path, func);
    if (status)
        return status;
    if (unit == BNSL_UNIT_FROM_FILE)
        unit = stated;
    if (unit == BNSL_UNIT_FROM_FILE)
        return bnsl__fail(BNSL_EFORMAT, func, "%s does not state the unit of q (or states two): say 1/nm or 1/A", path);
    return keep_rows(s, table, unit == BNSL_UNIT_PER_ANGSTROM ? 10 : 1, s->intensity, errors, path, func);
}

/* ---- NXcanSAS ------------------------------------------------------------------------------------------------- */

/* Checks, unit, and only the points of q > 0. */
static bnsl_status take(bnsl_io_series *s, struct bnsl__raw_series *raw, int32_t unit, const char *path, const char *func)
{
    const int64_t n = raw->n_q;
    bnsl_status status = check_times(raw->n_times, raw->time, path, func);
    if (unit == BNSL_UNIT_FROM_FILE)
        unit = raw->unit;
    if (!status && unit == BNSL_UNIT_FROM_FILE)
        status = bnsl__fail(BNSL_EFORMAT, func, "%s does not state the unit of q: say 1/nm or 1/A", path);
    while (!status && s->n_skipped < n && raw->q[s->n_skipped] <= 0)
        s->n_skipped++;
    s->n_frames = raw->n_times;
    s->n_q = n - s->n_skipped;
    for (int64_t i = s->n_skipped; i < n && !status; i++) {
        if (!isfinite(raw->q[i]) || (i > s->n_skipped && raw->q[i] <= raw->q[i - 1]))
            status = bnsl__fail(BNSL_EFORMAT, func, "%s: value %lld of Q is %g, must be finite and above the one before", path,
                                (long long)i + 1, raw->q[i]);
        raw->q[i - s->n_skipped] = raw->q[i] * (unit == BNSL_UNIT_PER_ANGSTROM ? 10 : 1);
    }
    if (!status && s->n_q == 0)
        status = bnsl__fail(BNSL_EFORMAT, func, "%s has no row with q > 0", path);
    double *const both[2] = {raw->intensity, raw->sigma};
    for (int b = 0; b < 2 && !status; b++)
        for (int64_t k = 0; k < s->n_frames && both[b]; k++)
            for (int64_t i = 0; i < s->n_q; i++) {
                const double value = both[b][k * n + i + s->n_skipped];
                if (b == 1 && value < 0 && !status)
                    status = bnsl__fail(BNSL_EFORMAT, func, "%s: value %lld of frame %lld: the standard error is %g, must be >= 0", path,
                                        (long long)(i + s->n_skipped) + 1, (long long)k + 1, value);
                both[b][k * s->n_q + i] = isfinite(value) ? value : NAN;
            }
    if (status)
        return status;
    s->time = raw->time;
    s->q = raw->q;
    s->intensity = raw->intensity;
    s->sigma = raw->sigma;
    *raw = (struct bnsl__raw_series){0};
    return BNSL_OK;
}

static bnsl_status read_hdf5(bnsl_io_series **out, const char *path, int32_t unit, const char *func)
{
    struct bnsl__raw_series raw = {0};
    bnsl_io_series *s = bnsl__calloc(1, sizeof *s);
    bnsl_status status = s ? bnsl__series_from_hdf5(&raw, path, func) : bnsl__fail(BNSL_ENOMEM, func, "%s: out of memory", path);
    if (!status)
        status = take(s, &raw, unit, path, func);
    free(raw.time);
    free(raw.q);
    free(raw.intensity);
    free(raw.sigma);
    if (status) {
        bnsl_io_series_destroy(s);
        s = NULL;
    }
    *out = s;
    return status;
}

static bnsl_status read_matrix(bnsl_io_series **out, const char *path, int32_t unit, bool errors, const char *func)
{
    bnsl_io_table *table;
    *out = NULL;
    bnsl_status status = bnsl_io_table_read(&table, path);
    if (status)
        return status;
    bnsl_io_series *s = bnsl__calloc(1, sizeof *s);
    status = s ? fill_series(s, table, unit, errors, path, func) : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl_io_table_destroy(table);
    if (status)
        bnsl_io_series_destroy(s);
    else
        *out = s;
    return status;
}

/* Moves the values of a file of errors into the series that they belong to. */
static bnsl_status join_errors(bnsl_io_series *s, bnsl_io_series *errors, const char *path, const char *func)
{
    if (errors->n_frames != s->n_frames || errors->n_q != s->n_q)
        return bnsl__fail(BNSL_EFORMAT, func, "%s: errors of %lld frames and %lld q, the intensities have %lld frames and %lld q", path,
                          (long long)errors->n_frames, (long long)errors->n_q, (long long)s->n_frames, (long long)s->n_q);
    for (int64_t i = 0; i < s->n_q; i++)
        if (!(fabs(errors->q[i] - s->q[i]) <= SAME_Q * s->q[i]))
            return bnsl__fail(BNSL_EFORMAT, func, "%s: q number %lld is %g nm^-1, that of the intensities is %g", path, (long long)i + 1,
                              errors->q[i], s->q[i]);
    for (int64_t k = 0; k < s->n_frames; k++)
        if (!(fabs(errors->time[k] - s->time[k]) <= SAME_Q * fabs(s->time[k])))
            return bnsl__fail(BNSL_EFORMAT, func, "%s: time %lld is %g s, that of the intensities is %g", path, (long long)k + 1,
                              errors->time[k], s->time[k]);
    s->sigma = errors->intensity;
    errors->intensity = NULL;
    return BNSL_OK;
}

bnsl_status bnsl_io_series_read(bnsl_io_series **out, const char *path, const char *errors_path, int32_t unit)
{
    bnsl_io_series *s, *errors = NULL;
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (unit < BNSL_UNIT_FROM_FILE || unit > BNSL_UNIT_PER_ANGSTROM)
        return BNSL_FAIL(BNSL_EINVAL, "unit is %d, must be BNSL_UNIT_FROM_FILE, _PER_NM or _PER_ANGSTROM", unit);
    if (bnsl__curve_format(path) == BNSL__IS_HDF5) {
        if (errors_path)
            return BNSL_FAIL(BNSL_EINVAL, "errors_path is given, and %s is NXcanSAS, which has its own errors", path);
        return read_hdf5(out, path, unit, __func__);
    }
    bnsl_status status = read_matrix(&s, path, unit, false, __func__);
    if (!status && errors_path) {
        status = read_matrix(&errors, errors_path, unit, true, __func__);
        if (!status)
            status = join_errors(s, errors, errors_path, __func__);
        bnsl_io_series_destroy(errors);
    }
    if (status)
        bnsl_io_series_destroy(s);
    else
        *out = s;
    return status;
}

void bnsl_io_series_destroy(bnsl_io_series *series)
{
    if (!series)
        return;
    free(series->time);
    free(series->q);
    free(series->intensity);
    free(series->sigma);
    free(series);
}

bnsl_status bnsl_io_series_view(const bnsl_io_series *series, int64_t *n_frames_out, int64_t *n_q_out, const double **time_out,
                                const double **q_out, const double **intensity_out, const double **sigma_out, int64_t *n_skipped_out)
{
    if (!series)
        return BNSL_FAIL(BNSL_EINVAL, "series is NULL");
    const int64_t counts[3] = {series->n_frames, series->n_q, series->n_skipped};
    int64_t *const count_out[3] = {n_frames_out, n_q_out, n_skipped_out};
    const double *const arrays[4] = {series->time, series->q, series->intensity, series->sigma};
    const double **const array_out[4] = {time_out, q_out, intensity_out, sigma_out};
    for (int k = 0; k < 3; k++)
        if (count_out[k])
            *count_out[k] = counts[k];
    for (int k = 0; k < 4; k++)
        if (array_out[k])
            *array_out[k] = arrays[k];
    return BNSL_OK;
}
