/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See test_csv.h. */
#include "test_csv.h"

#include "bnsl_test.h"

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot open %s", path);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = calloc(size + 1, 1);
    if (!text || fread(text, 1, size, file) != size)
        fail_msg("cannot read %s", path);
    fclose(file);
    return text;
}

/* Splits the line at its commas; a comma between double quotes does not count. Returns the number of cells. */
static int split_cells(char *line, char **cell)
{
    int n = 0;
    bool quoted = false;
    cell[n++] = line;
    for (char *c = line; *c; c++) {
        if (*c == '"')
            quoted = !quoted;
        if (*c == ',' && !quoted) {
            *c = '\0';
            if (n == CSV_MAX_COLUMNS)
                fail_msg("more than %d columns", CSV_MAX_COLUMNS);
            cell[n++] = c + 1;
        }
    }
    return n;
}

csv_table csv_read(const char *relative)
{
    csv_table table = {.text = read_text(test_data(relative))};
    int n_lines = 1;
    for (const char *c = table.text; *c; c++)
        n_lines += *c == '\n';
    table.cell = calloc((size_t)n_lines * CSV_MAX_COLUMNS, sizeof *table.cell);
    if (!table.cell)
        fail_msg("out of memory");

    for (char *c = table.text; *c; c++) /* CRLF */
        if (*c == '\r')
            *c = '\n';
    char *next = table.text;
    while (next && *next) {
        char *line = next;
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (*line == '#' || *line == '\0')
            continue;
        if (table.n_columns == 0) {
            table.n_columns = split_cells(line, table.name);
            continue;
        }
        char *cell[CSV_MAX_COLUMNS];
        if (split_cells(line, cell) != table.n_columns)
            fail_msg("%s: row %d has not %d cells", relative, table.n_rows, table.n_columns);
        memcpy(table.cell + (ptrdiff_t)table.n_rows++ * table.n_columns, cell, (size_t)table.n_columns * sizeof *cell);
    }
    if (table.n_rows == 0)
        fail_msg("%s has no rows", relative);
    return table;
}

void csv_free(csv_table *table)
{
    free(table->text);
    free(table->cell);
}

const char *csv_text(const csv_table *table, int row, const char *column)
{
    for (int i = 0; i < table->n_columns; i++)
        if (strcmp(table->name[i], column) == 0)
            return table->cell[row * table->n_columns + i];
    fail_msg("no column \"%s\"", column);
    return NULL;
}

double csv_number(const csv_table *table, int row, const char *column)
{
    const char *text = csv_text(table, row, column);
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end)
        fail_msg("row %d, column %s: \"%s\" is no number", row, column, text);
    return value;
}
