/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A result that is columns of numbers over a first one, as rdf, msd and sq have it: the table on stdout, as .tsv, as arrays of the JSON object;
 * and the files of -o.
 *
 *     column_set c;
 *     columns_begin(&c, n_rows, "bnsl rdf %s, %lld frames", path, n_frames);
 *     columns_add(&c, "r", "r (length of the file)", r, 1);
 *     columns_add(&c, "g", "g", g, 1);
 *     status = columns_write_files(&c, &common, write_picture, &result);
 *     if (status == CLI_DONE && common.json) { json_init(..); ...; columns_json(&c, &j, &common); json_object_end(&j); return json_print(&j); }
 *     if (common.output.n == 0) columns_print(&c);
 */
#ifndef BNSL_TOOLS_COLUMNS_H
#define BNSL_TOOLS_COLUMNS_H

#include "cli.h"
#include "json.h"

enum { COLUMNS_MAX = 24 };

typedef struct column_set {
    char comment[1024]; /* first lines of the table */
    int64_t n_rows;
    int32_t n;
    struct {
        const char *key, *heading; /* name in JSON, and with its unit in the table's heading */
        const double *values;      /* NULL: not defined; null in JSON, nan in the table */
        int64_t stride;            /* from one row to the next */
    } list[COLUMNS_MAX];
} column_set;

/* Texts and values must live as long as c. comment: without a newline at its end. */
void columns_begin(column_set *c, int64_t n_rows, const char *comment, ...) __attribute__((format(printf, 3, 4)));
void columns_add(column_set *c, const char *key, const char *heading, const double *values, int64_t stride);

/* Writes every file of -o: tables, and pictures by the callback. CLI_DONE, or a failure that has been said. */
typedef int (*columns_picture)(const void *user, const cli_common *common, const char *path);
int columns_write_files(const column_set *c, const cli_common *common, columns_picture picture, const void *user);

/* The table to stdout. */
void columns_print(const column_set *c);

/* Members of the open JSON object: an array for each column, and "output", the names of the files. */
void columns_json(const column_set *c, json *j, const cli_common *common);

#endif
