/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of numbers: tables, JSON arrays, files. */
#include "columns.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

void columns_begin(column_set *c, int64_t n_rows, const char *comment, ...)
{
    va_list arguments;
    *c = (column_set){.n_rows = n_rows};
    va_start(arguments, comment);
    vsnprintf(c->comment, sizeof c->comment, comment, arguments);
    va_end(arguments);
}

void columns_add(column_set *c, const char *key, const char *heading, const double *values, int64_t stride)
{
    if (c->n == COLUMNS_MAX)
        return; /* more is an error of the command, which its test of the heading shows */
    c->list[c->n].key = key;
    c->list[c->n].heading = heading;
    c->list[c->n].values = values;
    c->list[c->n++].stride = stride;
}

static double value_at(const column_set *c, int32_t column, int64_t row)
{
    return c->list[column].values ? c->list[column].values[row * c->list[column].stride] : NAN;
}

/* Comment, newline, headings between tabs: what bnsl_io_table_write takes. */
static void heading(const column_set *c, char *text, size_t size)
{
    int used = snprintf(text, size, "%s\n", c->comment);
    for (int32_t k = 0; k < c->n && used > 0 && (size_t)used < size; k++)
        used += snprintf(text + used, size - (size_t)used, "%s%s", k > 0 ? "\t" : "", c->list[k].heading);
}

static int write_table(const column_set *c, const char *path, bool force)
{
    char text[2048];
    double *values = malloc((size_t)(c->n_rows * c->n + 1) * sizeof *values);
    if (!values)
        return cli_fail("out of memory");
    for (int64_t i = 0; i < c->n_rows; i++)
        for (int32_t k = 0; k < c->n; k++)
            values[i * c->n + k] = value_at(c, k, i);
    heading(c, text, sizeof text);
    int status = bnsl_io_table_write(path, text, c->n_rows, c->n, values, force) == BNSL_OK ? CLI_DONE : cli_fail_library(path);
    free(values);
    return status;
}

int columns_write_files(const column_set *c, const cli_common *common, columns_picture picture, const void *user)
{
    int status = CLI_DONE;
    for (int32_t i = 0; i < common->output.n && status == CLI_DONE; i++) {
        const char *path = common->output.values[i];
        status = output_has_ending(path, ".tsv") ? write_table(c, path, common->force) : picture(user, common, path);
    }
    return status;
}

void columns_print(const column_set *c)
{
    char text[2048];
    heading(c, text, sizeof text);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        printf("# %s\n", line);
    for (int64_t i = 0; i < c->n_rows; i++)
        for (int32_t k = 0; k < c->n; k++)
            printf("%.8g%c", value_at(c, k, i), k + 1 < c->n ? '\t' : '\n');
}

void columns_json(const column_set *c, json *j, const cli_common *common)
{
    double *values = malloc((size_t)(c->n_rows + 1) * sizeof *values);
    j->failed = j->failed || !values;
    for (int32_t k = 0; k < c->n && values; k++) {
        for (int64_t i = 0; i < c->n_rows; i++)
            values[i] = value_at(c, k, i);
        if (c->list[k].values)
            json_doubles(j, c->list[k].key, c->n_rows, values);
        else
            json_null(j, c->list[k].key);
    }
    free(values);
    output_json(common, j);
}
