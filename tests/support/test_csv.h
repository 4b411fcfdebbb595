/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference tables: comma-separated, lines of '#' are comments, the first other line names the columns. */
#ifndef TEST_CSV_H
#define TEST_CSV_H

enum { CSV_MAX_COLUMNS = 20 };

typedef struct csv_table {
    int n_rows, n_columns;
    char *text; /* the file, commas and newlines replaced by NUL */
    char *name[CSV_MAX_COLUMNS];
    char **cell; /* n_rows x n_columns */
} csv_table;

/* Reads a table under tests/data; the test fails when it cannot. End with csv_free. */
csv_table csv_read(const char *relative);
void csv_free(csv_table *table);

/* A cell as text or as a number; the test fails when there is no such column or the cell is no number. */
const char *csv_text(const csv_table *table, int row, const char *column);
double csv_number(const csv_table *table, int row, const char *column);

#endif
