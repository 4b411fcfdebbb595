/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables of numbers in text: blanks, tabs, commas or semicolons between the columns, any line ending, comments and headings in front.
 * The file is in memory while it is read; O(size).
 */
#include <stdlib.h>

#include "io_internal.h"

/* The text at work. */
struct scanner {
    const char *path, *func, *at, *end;
    int64_t line; /* number of the line read last, from 1 */
    const char *begin, *stop; /* that line */
    double *row; /* its numbers */
    int64_t n_row, cap_row;
};

static bnsl_status fail_line(const struct scanner *s, const char *what)
{
    const int64_t length = s->stop - s->begin;
    return bnsl__fail(BNSL_EFORMAT, s->func, "%s: line %lld: %s: \"%.*s\"", s->path, (long long)s->line, what,
                      (int)(length < 60 ? length : 60), s->begin);
}

/* The next line, up to LF, CR or CRLF; false: no more. */
static bool next_line(struct scanner *s)
{
    if (s->at == s->end)
        return false;
    s->begin = s->at;
    while (s->at < s->end && *s->at != '\n' && *s->at != '\r')
        s->at++;
    s->stop = s->at;
    if (s->at < s->end)
        s->at += *s->at == '\r' && s->end - s->at > 1 && s->at[1] == '\n' ? 2 : 1;
    s->line++;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && is_blank(*p))
        p++;
    return p;
}

/* What a line is. */
enum kind { NUMBERS, WORDS, DECIMAL_COMMAS, NO_MEMORY };

/* Reads the numbers of the line into s->row. One comma or semicolon, with blanks around it, ends a column; a last one may stand alone. */
static enum kind parse_line(struct scanner *s, const char *p)
{
    bool comma = false, semicolon = false;
    s->n_row = 0;
    while (p < s->stop) {
        void *row = s->row;
        int64_t used;
        if (!bnsl__reserve(&row, &s->cap_row, s->n_row + 1, sizeof *s->row))
            return NO_MEMORY;
        s->row = row;
        if (bnsl_parse_double(p, s->stop - p, &s->row[s->n_row], &used) != BNSL_OK)
            return WORDS;
        s->n_row++;
        p += used;
        const char *next = skip_blanks(p, s->stop);
        if (next == p && next < s->stop && *next != ',' && *next != ';')
            return WORDS; /* "1/A", "12abc" */
        if (next < s->stop && (*next == ',' || *next == ';')) {
            comma = comma || *next == ',';
            semicolon = semicolon || *next == ';';
            next = skip_blanks(next + 1, s->stop);
        }
        p = next;
    }
    return comma && semicolon ? DECIMAL_COMMAS : NUMBERS;
}

/* Adds a comment or heading line to the header. */
static bool keep_header(bnsl_io_table *table, const char *p, const char *stop)
{
    bool ok = table->header.length == 0 || bnsl__text_add(&table->header, "\n", 1);
    for (; ok && p < stop; p++)
        ok = bnsl__text_add(&table->header, *p ? p : "?", 1);
    return ok;
}

static bnsl_status keep_row(bnsl_io_table *table, const struct scanner *s)
{
    void *values = table->values, *lines = table->lines;
    if (table->n_rows == 0 && s->n_row > INT32_MAX)
        return fail_line(s, "too many columns");
    if (table->n_rows == 0)
        table->n_columns = (int32_t)s->n_row;
    if (s->n_row != table->n_columns)
        return bnsl__fail(BNSL_EFORMAT, s->func, "%s: line %lld has %lld columns, the lines before have %d", s->path, (long long)s->line,
                          (long long)s->n_row, table->n_columns);
    const bool room = bnsl__reserve(&values, &table->cap_values, (table->n_rows + 1) * s->n_row, sizeof *table->values);
    table->values = values;
    if (!room || !bnsl__reserve(&lines, &table->cap_lines, table->n_rows + 1, sizeof *table->lines))
        return bnsl__fail(BNSL_ENOMEM, s->func, "%s: no memory for its rows", s->path);
    table->lines = lines;
    memcpy(table->values + table->n_rows * s->n_row, s->row, (size_t)s->n_row * sizeof *s->row);
    table->lines[table->n_rows++] = s->line;
    return BNSL_OK;
}

static bnsl_status read_line(bnsl_io_table *table, struct scanner *s)
{
    const char *p = skip_blanks(s->begin, s->stop);
    if (p == s->stop)
        return BNSL_OK;
    bool kept = true;
    if (*p == '#' || *p == '%' || *p == ';') {
        p++;
        kept = keep_header(table, p + (p < s->stop && *p == ' ' ? 1 : 0), s->stop);
    } else {
        switch (parse_line(s, p)) {
        case NUMBERS: return keep_row(table, s);
        case WORDS:
            if (table->n_rows > 0)
                return fail_line(s, "this is no row of numbers, and the data have begun");
            kept = keep_header(table, p, s->stop);
            break;
        case DECIMAL_COMMAS: return fail_line(s, "both ',' and ';' separate columns; decimal commas are not read");
        case NO_MEMORY: kept = false;
        }
    }
    return kept ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, s->func, "%s: out of memory", s->path);
}

static bnsl_status read_table(bnsl_io_table *table, const char *path, const char *func)
{
    char *text;
    int64_t length;
    bnsl_status status = bnsl__input_slurp(path, &text, &length, func);
    if (status)
        return status;
    struct scanner s = {.path = path, .func = func, .at = text, .end = text + length};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) /* the byte order mark of some editors */
        s.at += 3;
    while (!status && next_line(&s))
        status = read_line(table, &s);
    if (!status && table->n_rows == 0)
        status = bnsl__fail(BNSL_EFORMAT, func, "%s holds no numbers", path);
    if (!status && !bnsl__text_add(&table->header, "", 1)) /* its NUL */
        status = bnsl__fail(BNSL_ENOMEM, func, "%s: out of memory", path);
    free(s.row);
    free(text);
    return status;
}

bnsl_status bnsl_io_table_read(bnsl_io_table **out, const char *path)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (!path)
        return BNSL_FAIL(BNSL_EINVAL, "path is NULL");
    bnsl_io_table *table = bnsl__calloc(1, sizeof *table);
    if (!table)
        return BNSL_NOMEM();
    const bnsl_status status = read_table(table, path, __func__);
    if (status)
        bnsl_io_table_destroy(table);
    else
        *out = table;
    return status;
}

void bnsl_io_table_destroy(bnsl_io_table *table)
{
    if (!table)
        return;
    free(table->values);
    free(table->lines);
    free(table->header.data);
    free(table);
}

bnsl_status bnsl_io_table_view(const bnsl_io_table *table, int64_t *n_rows_out, int32_t *n_columns_out, const double **values_out)
{
    if (!table)
        return BNSL_FAIL(BNSL_EINVAL, "table is NULL");
    if (n_rows_out)
        *n_rows_out = table->n_rows;
    if (n_columns_out)
        *n_columns_out = table->n_columns;
    if (values_out)
        *values_out = table->values;
    return BNSL_OK;
}

const char *bnsl_io_table_header(const bnsl_io_table *table)
{
    return table ? table->header.data : "";
}
