/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Input of bnsl saxs series: a matrix, a folder of frames or a list of them; times, errors, S(q, t) = I(q, t) / I(q, 0). */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "saxs_series.h"

static int32_t unit_of(const series_input_args *a)
{
    return a->unit < 0 ? BNSL_UNIT_FROM_FILE : a->unit == 1 ? BNSL_UNIT_PER_ANGSTROM : BNSL_UNIT_PER_NM;
}

/* ---- a matrix ---------------------------------------------------------------------------------------------------------- */

static int read_matrix(series_input *in, const char *path, const series_input_args *a, const cli_common *common)
{
    const double *intensity, *sigma;
    int64_t n_skipped;
    const char *errors = in->error_model == BNSL_ERRORS_GIVEN ? a->errors : NULL;
    if (a->times || !isnan(a->period))
        return cli_usage("--times and --period belong to files of frames; a matrix has its times in the first line");
    if (in->error_model == BNSL_ERRORS_GIVEN && !errors)
        return cli_usage("%s: give --errors FILE, a matrix of the same shape, or relative:F, sqrt or uniform", path);
    if (bnsl_io_series_read(&in->file, path, errors, unit_of(a)) != BNSL_OK ||
        bnsl_io_series_view(in->file, &in->n_frames, &in->n_q, &in->time, &in->q, &intensity, &sigma, &n_skipped) != BNSL_OK)
        return cli_fail_library(path);
    if (n_skipped > 0)
        cli_note(common, "%s: %lld rows with q <= 0 left out", path, (long long)n_skipped);
    const size_t n = (size_t)in->n_frames * (size_t)in->n_q;
    in->memory = malloc(2 * n * sizeof *in->memory);
    if (!in->memory)
        return cli_fail("out of memory");
    in->s = in->memory;
    in->error = sigma ? in->memory + n : NULL;
    memcpy(in->s, intensity, n * sizeof *in->s);
    if (sigma)
        memcpy(in->error, sigma, n * sizeof *in->error);
    return CLI_DONE;
}

/* ---- files of frames ----------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Files of a folder in the order of their names. The list owns them: free_list. */
static int list_folder(const char *path, char ***list, int64_t *n)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    int64_t capacity = 0;
    if (!folder)
        return cli_fail("%s: cannot be read", path);
    while ((entry = readdir(folder))) {
        struct stat info;
        char **grown = *list, *name = malloc(strlen(path) + strlen(entry->d_name) + 2);
        if (*n == capacity) {
            capacity = capacity ? 2 * capacity : 64;
            grown = realloc(*list, (size_t)capacity * sizeof *grown);
        }
        if (!name || !grown) {
            free(name);
            closedir(folder);
            return cli_fail("out of memory");
        }
        *list = grown;
        sprintf(name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && stat(name, &info) == 0 && S_ISREG(info.st_mode))
            (*list)[(*n)++] = name;
        else
            free(name);
    }
    closedir(folder);
    if (*n == 0)
        return cli_fail("%s: no files in this folder", path);
    qsort(*list, (size_t)*n, sizeof **list, by_name);
    return CLI_DONE;
}

static int read_times(series_input *in, double *time, const series_input_args *a)
{
    if (!a->times) {
        if (isnan(a->period))
            return cli_usage("files of frames need --times FILE or --period SECONDS");
        for (int64_t i = 0; i < in->n_frames; i++)
            time[i] = a->period * (double)i;
        return CLI_DONE;
    }
    bnsl_io_table *table = NULL;
    int64_t rows = 0;
    int32_t columns = 0;
    const double *values = NULL;
    int status = CLI_DONE;
    if (bnsl_io_table_read(&table, a->times) != BNSL_OK || bnsl_io_table_view(table, &rows, &columns, &values) != BNSL_OK)
        status = cli_fail_library(a->times);
    else if (rows != in->n_frames)
        status = cli_fail("%s: %lld times for %lld frames", a->times, (long long)rows, (long long)in->n_frames);
    for (int64_t i = 0; i < in->n_frames && status == CLI_DONE; i++)
        time[i] = values[i * columns];
    bnsl_io_table_destroy(table);
    return status;
}

/* Marks a frame bad with the library's last message or a text. */
static void set_bad(series_input *in, int64_t frame, const char *why)
{
    in->bad[frame] = true;
    snprintf(in->why[frame], sizeof in->why[frame], "%s", why);
}

/* A frame's values on the series' q; a frame that does not fit is bad. */
static void take_frame(series_input *in, int64_t frame, const char *path, int32_t unit)
{
    bnsl_io_curve *one = NULL;
    int64_t n = 0;
    const double *q = NULL, *intensity = NULL, *sigma = NULL;
    double *s = in->s + frame * in->n_q, *error = in->error ? in->error + frame * in->n_q : NULL;
    for (int64_t i = 0; i < in->n_q; i++) {
        s[i] = NAN;
        if (error)
            error[i] = NAN;
    }
    if (bnsl_io_curve_read(&one, path, unit) != BNSL_OK || bnsl_io_curve_view(one, &n, &q, &intensity, &sigma, NULL, NULL) != BNSL_OK) {
        set_bad(in, frame, bnsl_error_message());
    } else if (n != in->n_q) {
        set_bad(in, frame, "another number of points than the first frame");
    } else if (error && !sigma) {
        set_bad(in, frame, "no column of standard errors");
    } else {
        for (int64_t i = 0; i < n && !in->bad[frame]; i++)
            if (!(fabs(q[i] - in->q[i]) <= 1e-6 * in->q[i]))
                set_bad(in, frame, "other wave numbers than the first frame");
        if (!in->bad[frame]) {
            memcpy(s, intensity, (size_t)n * sizeof *s);
            if (error)
                memcpy(error, sigma, (size_t)n * sizeof *error);
        }
    }
    bnsl_io_curve_destroy(one);
}

static int read_frames(series_input *in, char *const *paths, int64_t n, const series_input_args *a)
{
    bnsl_io_curve *first = NULL;
    const double *q, *sigma;
    int64_t n_q, k = 0;
    while (k < n && bnsl_io_curve_read(&first, paths[k], unit_of(a)) != BNSL_OK)
        k++; /* the first that can be read decides the grid */
    if (!first || bnsl_io_curve_view(first, &n_q, &q, NULL, &sigma, NULL, NULL) != BNSL_OK)
        return cli_fail_library(paths[n - 1]);
    in->n_frames = n;
    in->n_q = n_q;
    const bool errors = in->error_model == BNSL_ERRORS_GIVEN;
    const size_t values = (size_t)n * (size_t)n_q;
    double *memory = malloc(((size_t)n + (size_t)n_q + 2 * values) * sizeof *memory);
    in->bad = calloc((size_t)n, sizeof *in->bad);
    in->why = calloc((size_t)n, sizeof *in->why);
    in->names = calloc((size_t)n, sizeof *in->names);
    int status = memory && in->bad && in->why && in->names ? CLI_DONE : cli_fail("out of memory");
    in->memory = memory;
    if (status == CLI_DONE && errors && !sigma)
        status = cli_usage("%s has no third column with standard errors: give --errors relative:F, sqrt or uniform", paths[k]);
    if (status == CLI_DONE) {
        double *grid = memory + n;
        memcpy(grid, q, (size_t)n_q * sizeof *q);
        in->time = memory;
        in->q = grid;
        in->s = memory + n + n_q;
        in->error = errors ? in->s + values : NULL;
        status = read_times(in, memory, a);
    }
    bnsl_io_curve_destroy(first);
    for (int64_t i = 0; i < n && status == CLI_DONE; i++) {
        in->names[i] = paths[i];
        take_frame(in, i, paths[i], unit_of(a));
    }
    return status;
}

/* ---- both ----------------------------------------------------------------------------------------------------------------- */

const char *series_frame_name(const series_input *in, int64_t frame, char *buffer, size_t size)
{
    const char *slash = in->names ? strrchr(in->names[frame], '/') : NULL;
    if (in->names)
        snprintf(buffer, size, "frame %lld (%s, t = %.6g s)", (long long)frame, slash ? slash + 1 : in->names[frame], in->time[frame]);
    else
        snprintf(buffer, size, "frame %lld (t = %.6g s)", (long long)frame, in->time[frame]);
    return buffer;
}

/* Index of the first value that no fit could take; -1: none. */
static int64_t first_unusable(const series_input *in, int64_t frame)
{
    for (int64_t i = 0; i < in->n_q; i++) {
        const double s = in->s[frame * in->n_q + i], error = in->error ? in->error[frame * in->n_q + i] : 1;
        if (!isfinite(s) || !(error > 0) || !isfinite(error))
            return i;
    }
    return -1;
}

static int find_bad(series_input *in, const cli_common *common)
{
    char name[300];
    if (!in->bad) {
        in->bad = calloc((size_t)in->n_frames, sizeof *in->bad);
        in->why = calloc((size_t)in->n_frames, sizeof *in->why);
        if (!in->bad || !in->why)
            return cli_fail("out of memory");
    }
    double last = -INFINITY;
    for (int64_t i = 0; i < in->n_frames; i++) {
        const int64_t where = first_unusable(in, i);
        char why[160];
        if (!in->bad[i] && where >= 0) {
            snprintf(why, sizeof why, "no value or no error > 0 at q = %.5g", in->q[where]);
            set_bad(in, i, why);
        } else if (!in->bad[i] && !(in->time[i] > last && isfinite(in->time[i]))) {
            snprintf(why, sizeof why, "its time is not after the frame before, %.6g s", last);
            set_bad(in, i, why);
        }
        if (in->bad[i]) {
            in->n_bad++;
            cli_note(common, "%s left out: %s", series_frame_name(in, i, name, sizeof name), in->why[i]);
        } else {
            last = in->time[i];
        }
    }
    return in->n_bad < in->n_frames ? CLI_DONE : cli_fail("all %lld frames are bad", (long long)in->n_frames);
}

static int normalise(series_input *in, const series_input_args *a)
{
    if (a->normalised)
        return CLI_DONE;
    if (a->reference > in->n_frames)
        return cli_fail("--reference %lld: there are %lld frames", (long long)a->reference, (long long)in->n_frames);
    double *unit = NULL, *error = in->error;
    if (!error) { /* an error model: the mean of the first frames is taken as exact */
        const size_t n = (size_t)in->n_frames * (size_t)in->n_q;
        unit = malloc(n * sizeof *unit);
        for (size_t i = 0; unit && i < n; i++)
            unit[i] = 1;
        error = unit;
    }
    int status = !error ? cli_fail("out of memory")
                 : bnsl_saxs_normalise(in->n_frames, in->n_q, in->s, error, a->reference, in->s, error, NULL, NULL) == BNSL_OK
                     ? CLI_DONE
                     : cli_fail_library("--reference");
    free(unit);
    return status;
}

/* Leaves out the q at which no frame has a value: where the reference is not positive. */
static int drop_empty_q(series_input *in, const cli_common *common)
{
    int64_t n = 0;
    double *q = in->kept_q = malloc((size_t)in->n_q * sizeof *q);
    bool *keep = calloc((size_t)in->n_q, sizeof *keep);
    if (!q || !keep) {
        free(keep);
        return cli_fail("out of memory");
    }
    for (int64_t f = 0; f < in->n_frames; f++)
        for (int64_t i = 0; i < in->n_q; i++)
            keep[i] = keep[i] || isfinite(in->s[f * in->n_q + i]);
    for (int64_t i = 0; i < in->n_q; i++)
        if (keep[i])
            q[n++] = in->q[i];
    if (n < in->n_q && n > 0) {
        int64_t to = 0;
        cli_note(common, "%lld of %lld wave numbers left out: the reference is not positive there", (long long)(in->n_q - n), (long long)in->n_q);
        for (int64_t f = 0; f < in->n_frames; f++)
            for (int64_t i = 0; i < in->n_q; i++)
                if (keep[i]) {
                    in->s[to] = in->s[f * in->n_q + i];
                    if (in->error)
                        in->error[to] = in->error[f * in->n_q + i];
                    to++;
                }
        in->n_q = n;
        in->q = q;
    }
    free(keep);
    return CLI_DONE;
}

int series_open(series_input *in, const series_input_args *a, const cli_common *common)
{
    struct stat info;
    char **list = common->positional;
    int64_t n = common->n_positional;
    *in = (series_input){.n_frames = 0};
    const bool model = curve_error_model(a->errors, &in->error_model, &in->relative_error); /* else the name of a file */
    const bool folder = n == 1 && stat(list[0], &info) == 0 && S_ISDIR(info.st_mode);
    int status = curve_range(&a->q_range, &in->q_min, &in->q_max);
    if (status == CLI_DONE && folder) {
        char **files = NULL;
        n = 0;
        status = list_folder(list[0], &files, &n);
        list = in->owned = files;
        in->n_owned = n;
    }
    if (status == CLI_DONE && (folder || n > 1) && a->errors && !model)
        status = cli_usage("--errors: '%s' must be relative:F, sqrt or uniform; a matrix of errors belongs to a matrix", a->errors);
    if (status == CLI_DONE)
        status = folder || n > 1 ? read_frames(in, list, n, a) : read_matrix(in, list[0], a, common);
    if (status == CLI_DONE)
        status = normalise(in, a);
    if (status == CLI_DONE && !a->normalised)
        status = drop_empty_q(in, common);
    if (status == CLI_DONE)
        status = find_bad(in, common);
    return status;
}

void series_close(series_input *in)
{
    bnsl_io_series_destroy(in->file);
    free(in->memory);
    free(in->kept_q);
    for (int64_t i = 0; i < in->n_owned; i++)
        free(in->owned[i]);
    free(in->owned);
    free(in->names);
    free(in->bad);
    free(in->why);
    *in = (series_input){.n_frames = 0};
}
