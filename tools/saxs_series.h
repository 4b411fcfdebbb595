/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl saxs series: what its parts share. Input (saxs_series_input.c), report (saxs_series_report.c), figure (saxs_series_picture.c). */
#ifndef BNSL_TOOLS_SAXS_SERIES_H
#define BNSL_TOOLS_SAXS_SERIES_H

#include "saxs_fit.h"

typedef struct series_input_args {
    int32_t unit;
    const char *errors, *times;
    double period;
    bool normalised;
    int64_t reference;
    cli_doubles q_range;
} series_input_args;

/* A series in memory: S(q, t), frame after frame. */
typedef struct series_input {
    bnsl_io_series *file;
    double *memory;               /* of what is not the file's */
    int64_t n_frames, n_q;
    const double *time, *q;
    double *s, *error;            /* n_frames x n_q; error NULL with an error model */
    int32_t error_model;
    double relative_error, q_min, q_max;
    const char **names;           /* of the frames' files; NULL: a matrix */
    char **owned;                 /* the same, of a folder */
    int64_t n_owned;
    double *kept_q;               /* q without those that have no reference */
    bool *bad;
    char (*why)[160];
    int64_t n_bad;
} series_input;

/* Reads, normalises, and names the bad frames. CLI_DONE, CLI_FAILED or CLI_USAGE (said); series_close in all cases. */
int series_open(series_input *in, const series_input_args *a, const cli_common *common);
void series_close(series_input *in);

/* "frame 17 (t = 476 s)", with its file where it has one. */
const char *series_frame_name(const series_input *in, int64_t frame, char *buffer, size_t size);

typedef struct series_report {
    const series_input *in;
    const model_request *model;
    bnsl_saxs_series *series;
    int64_t *input_frame;          /* of each fitted frame */
    double nucleation, nucleation_err; /* s; NaN: none */
    bool flux;
    cli_doubles show;              /* times of the frames in the figure, s; n = 0: chosen */
} series_report;

/* One fitted frame with its phases; free the peaks with series_free_phases. */
int series_phases(const series_report *r, int64_t frame, phase_report *phases);
void series_free_phases(const series_report *r, phase_report *phases);

/* The lines (their h, k, l of a phase) that are strongest anywhere in the series, by their largest area; returns how many, at most n_most. */
int32_t series_strong_lines(const series_report *r, int32_t phase, int32_t n_most, bnsl_saxs_peak *lines);

int series_write_table(const cli_common *common, const series_report *r, const char *path);
int series_write_picture(const cli_common *common, const series_report *r, const char *path);
int series_print_json(const cli_common *common, const series_report *r);
int series_print_text(const cli_common *common, const series_report *r);

#endif
