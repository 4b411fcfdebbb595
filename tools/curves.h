/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Measured curves of the saxs commands: the options that say how a file is read, and where the standard errors come from.
 *
 *     typedef struct args { curve_args curve; ... } args;
 *     static const cli_option options[] = { CURVE_OPTIONS(args, curve), ..., {0}};
 *
 *     curve c;
 *     status = curve_open(&c, path, &a.curve, &common);
 *     ... c.n, c.q, c.value, c.error (NULL with an error model), c.error_model, c.relative_error, c.q_min, c.q_max ...
 *     curve_close(&c);
 *
 * q is in nm^-1 after reading.
 */
#ifndef BNSL_TOOLS_CURVES_H
#define BNSL_TOOLS_CURVES_H

#include "cli.h"

typedef struct curve_args {
    int32_t unit;      /* index into nm|A, -1: from the file */
    int64_t column;    /* 0: a file of 2 to 4 columns */
    int64_t entry;     /* which curve of several; -1: the only one */
    const char *errors;
    cli_doubles q_range;
} curve_args;

#define CURVE_OPTIONS(type, field)                                                                                                       \
    {.name = "unit", .kind = CLI_CHOICE, .to = offsetof(type, field.unit), .choices = "nm|A",                                            \
     .help = "q is in 1/nm or 1/A; needed unless the file says so"},                                                                     \
    {.name = "errors", .kind = CLI_STRING, .to = offsetof(type, field.errors), .metavar = "MODEL",                                       \
     .help = "relative:F, sqrt or uniform (default: the third column)"},                                                                 \
    {.name = "q-range", .kind = CLI_DOUBLES, .to = offsetof(type, field.q_range), .metavar = "MIN,MAX", .n_min = 2, .n_max = 2,          \
     .range = ">= 0", .help = "part of the curve that is fitted, 1/nm (default: all)"},                                                  \
    {.name = "column", .kind = CLI_INT, .to = offsetof(type, field.column), .metavar = "N", .range = ">= 2 and <= 1000",                 \
     .help = "values from column N of a table, q from the first (then without errors)"},                                                 \
    {.name = "entry", .kind = CLI_INT, .to = offsetof(type, field.entry), .metavar = "N", .range = ">= -1 and <= 1000000",               \
     .initial = "-1", .help = "which curve of a file that holds several, from 0; -1: the only one"}

typedef struct curve {
    bnsl_io_curve *file;
    double *memory;        /* with --column: q, values */
    int64_t n;
    const double *q, *value, *error;
    int32_t error_model;   /* BNSL_ERRORS_* */
    double relative_error, q_min, q_max;
} curve;

/* Reads a curve. CLI_DONE, CLI_FAILED or CLI_USAGE (said); curve_close in all cases. */
int curve_open(curve *c, const char *path, const curve_args *a, const cli_common *common);
void curve_close(curve *c);

/* --errors: relative:F, sqrt or uniform; false: another text or none, the errors are then given. */
bool curve_error_model(const char *text, int32_t *model, double *fraction);

/* --q-range, left alone without one. CLI_DONE or CLI_USAGE (said). */
int curve_range(const cli_doubles *range, double *q_min, double *q_max);

/* Every -o must end in .tsv, .png, .svg or .pdf and be possible to write. CLI_DONE, CLI_FAILED or CLI_USAGE (said). */
int curve_check_outputs(const cli_common *common);

/* Index range [first, end) of the points that are fitted. */
void curve_fitted(const curve *c, int64_t *first, int64_t *end);

/* Standard error of point i as the fit takes it; without an absolute one (sqrt, uniform) times scale. */
double curve_error(const curve *c, int64_t i, double scale);

/* What --errors says, for a report: "given", "relative 0.02", "sqrt", "uniform". */
const char *curve_errors_text(const curve *c, char *buffer, size_t size);

/* Title of a picture: the file's name without its folders. */
const char *curve_title(const cli_common *common);

#endif
