/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading measured curves for the saxs commands. */
#include "curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "picture.h"

bool curve_error_model(const char *text, int32_t *model, double *fraction)
{
    static const char relative[] = "relative:";
    *model = BNSL_ERRORS_GIVEN;
    *fraction = 0.02;
    if (!text)
        return false;
    if (strcmp(text, "sqrt") == 0) {
        *model = BNSL_ERRORS_SQRT;
    } else if (strcmp(text, "uniform") == 0) {
        *model = BNSL_ERRORS_UNIFORM;
    } else if (strncmp(text, relative, strlen(relative)) == 0) {
        const char *number = text + strlen(relative);
        if (bnsl_parse_double(number, (int64_t)strlen(number), fraction, NULL) == BNSL_OK && *fraction > 0 && *fraction <= 1e6)
            *model = BNSL_ERRORS_RELATIVE;
    }
    return *model != BNSL_ERRORS_GIVEN;
}

int curve_range(const cli_doubles *range, double *q_min, double *q_max)
{
    if (range->n != 2)
        return CLI_DONE;
    *q_min = range->values[0];
    *q_max = range->values[1];
    return *q_min < *q_max ? CLI_DONE : cli_usage("--q-range: %g,%g must be MIN,MAX with MIN < MAX", *q_min, *q_max);
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
    if (!curve_error_model(a->errors, &c->error_model, &c->relative_error) && a->errors)
        return cli_usage("--errors: '%s' must be relative:F with F > 0, sqrt or uniform", a->errors);
    int status = curve_range(&a->q_range, &c->q_min, &c->q_max);
    if (status != CLI_DONE)
        return status;
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
