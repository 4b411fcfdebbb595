/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading measured curves for the saxs commands. */
#include "curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "picture.h"

/* --errors into model and fraction. */
static int read_errors(curve *c, const char *text)
{
    static const char relative[] = "relative:";
    c->error_model = BNSL_ERRORS_GIVEN;
    c->relative_error = 0.02;
    if (!text)
        return CLI_DONE;
    if (strcmp(text, "sqrt") == 0) {
        c->error_model = BNSL_ERRORS_SQRT;
    } else if (strcmp(text, "uniform") == 0) {
        c->error_model = BNSL_ERRORS_UNIFORM;
    } else {
        const char *number = text + strlen(relative);
        if (strncmp(text, relative, strlen(relative)) != 0 ||
            bnsl_parse_double(number, (int64_t)strlen(number), &c->relative_error, NULL) != BNSL_OK ||
            !(c->relative_error > 0 && c->relative_error <= 1e6))
            return cli_usage("--errors: '%s' must be relative:F with F > 0, sqrt or uniform", text);
        c->error_model = BNSL_ERRORS_RELATIVE;
    }
    return CLI_DONE;
}

/* q and one column of a table of any width; the unit must be given. */
static int read_column(curve *c, const char *path, const curve_args *a)
{
    bnsl_io_table *table = NULL;
    int64_t rows;
    int32_t columns;
    const double *values;
    if (a->unit < 0)
        return cli_usage("--column: give the unit of q too, --unit nm or --unit A");
    if (c->error_model == BNSL_ERRORS_GIVEN)
        return cli_usage("--column: give --errors too, such a column has none");
    if (bnsl_io_table_read(&table, path) != BNSL_OK || bnsl_io_table_view(table, &rows, &columns, &values) != BNSL_OK)
        return cli_fail_library(path);
    int status = CLI_DONE;
    if (a->column > columns) {
        status = cli_fail("%s: there is no column %lld, it has %d", path, (long long)a->column, (int)columns);
    } else if (!(c->memory = malloc((size_t)rows * 2 * sizeof *c->memory))) {
        status = cli_fail("out of memory");
    } else {
        const double factor = a->unit == 1 ? 10 : 1;
        double *value = c->memory + rows;
        for (int64_t i = 0; i < rows; i++) {
            double q = values[i * columns], v = values[i * columns + a->column - 1];
            if (!(q > 0) || !isfinite(v))
                continue;
            c->memory[c->n] = factor * q;
            value[c->n++] = v;
        }
        c->q = c->memory;
        c->value = value;
        if (c->n == 0)
            status = cli_fail("%s: no row with q > 0 and a number in column %lld", path, (long long)a->column);
    }
    bnsl_io_table_destroy(table);
    return status;
}

static int read_curve(curve *c, const char *path, const curve_args *a, const cli_common *common)
{
    static const int32_t units[] = {BNSL_UNIT_PER_NM, BNSL_UNIT_PER_ANGSTROM};
    int64_t n_skipped;
    const double *sigma;
    const int32_t unit = a->unit < 0 ? BNSL_UNIT_FROM_FILE : units[a->unit];
    if ((a->entry < 0 ? bnsl_io_curve_read(&c->file, path, unit) : bnsl_io_curve_read_entry(&c->file, path, unit, (int32_t)a->entry)) != BNSL_OK ||
        bnsl_io_curve_view(c->file, &c->n, &c->q, &c->value, &sigma, NULL, &n_skipped) != BNSL_OK)
        return cli_fail_library(path);
    if (n_skipped > 0)
        cli_note(common, "%s: %lld rows with q <= 0 or without a value left out", path, (long long)n_skipped);
    if (c->error_model != BNSL_ERRORS_GIVEN)
        return CLI_DONE;
    if (!sigma)
        return cli_usage("%s has no third column with standard errors: give --errors relative:0.02, sqrt or uniform", path);
    c->error = sigma;
    return CLI_DONE;
}

int curve_open(curve *c, const char *path, const curve_args *a, const cli_common *common)
{
    *c = (curve){.n = 0};
    int status = read_errors(c, a->errors);
    if (status != CLI_DONE)
        return status;
    if (a->q_range.n == 2) {
        c->q_min = a->q_range.values[0];
        c->q_max = a->q_range.values[1];
        if (!(c->q_min < c->q_max))
            return cli_usage("--q-range: %g,%g must be MIN,MAX with MIN < MAX", c->q_min, c->q_max);
    }
    return a->column > 0 ? read_column(c, path, a) : read_curve(c, path, a, common);
}

void curve_close(curve *c)
{
    bnsl_io_curve_destroy(c->file);
    free(c->memory);
    *c = (curve){.n = 0};
}

void curve_fitted(const curve *c, int64_t *first, int64_t *end)
{
    *first = 0;
    *end = c->n;
    if (c->q_max <= 0)
        return;
    while (*first < c->n && c->q[*first] < c->q_min)
        ++*first;
    while (*end > *first && c->q[*end - 1] > c->q_max)
        --*end;
}

double curve_error(const curve *c, int64_t i, double scale)
{
    switch (c->error_model) {
    case BNSL_ERRORS_GIVEN:
        return c->error[i];
    case BNSL_ERRORS_RELATIVE:
        return scale * c->relative_error * fabs(c->value[i]);
    case BNSL_ERRORS_SQRT:
        return scale * sqrt(fabs(c->value[i]));
    default:
        return scale;
    }
}

const char *curve_errors_text(const curve *c, char *buffer, size_t size)
{
    static const char *const names[] = {"given", "relative", "sqrt", "uniform"};
    if (c->error_model == BNSL_ERRORS_RELATIVE)
        snprintf(buffer, size, "relative %g", c->relative_error);
    else
        snprintf(buffer, size, "%s", names[c->error_model]);
    return buffer;
}

int curve_check_outputs(const cli_common *common)
{
    for (int32_t i = 0; i < common->output.n; i++) {
        const char *path = common->output.values[i];
        if (!output_has_ending(path, ".tsv|.png|.svg|.pdf"))
            return cli_usage("-o: '%s' must end in .tsv, .png, .svg or .pdf", path);
        int status = output_has_ending(path, ".tsv") ? CLI_DONE : picture_check(path);
        if (status != CLI_DONE)
            return status;
    }
    return output_check_all(common);
}

const char *curve_title(const cli_common *common)
{
    const char *slash = strrchr(common->positional[0], '/');
    return slash ? slash + 1 : common->positional[0];
}
