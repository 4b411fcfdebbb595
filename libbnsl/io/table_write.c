/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of numbers as tab-separated text, every number with the fewest digits that read back the same bits. O(size). */
#include <stdlib.h>

#include "io_internal.h"

/* "# " before every line of the header. */
static bool put_header(struct bnsl__text *text, const char *header)
{
    bool ok = true;
    while (ok && *header) {
        const size_t length = strcspn(header, "\n");
        ok = bnsl__text_string(text, "# ") && bnsl__text_add(text, header, (int64_t)length) && bnsl__text_string(text, "\n");
        header += length + (header[length] == '\n');
    }
    return ok;
}

static bool put_row(struct bnsl__text *text, int32_t n_columns, const double *row)
{
    bool ok = true;
    for (int32_t i = 0; ok && i < n_columns; i++)
        ok = bnsl__text_double(text, row[i]) && bnsl__text_string(text, i + 1 < n_columns ? "\t" : "\n");
    return ok;
}

/* Writes the rows, a block of text at a time. */
static bnsl_status write_rows(const struct bnsl__output *out, const char *header, int64_t n_rows, int32_t n_columns, const double *values,
                              int64_t *end_out, const char *func)
{
    enum { BLOCK = 1 << 16 };
    struct bnsl__text text = {0};
    int64_t end = 0;
    bnsl_status status = BNSL_OK;
    bool ok = put_header(&text, header);
    for (int64_t i = 0; ok && !status && i < n_rows; i++) {
        ok = put_row(&text, n_columns, values + i * n_columns);
        if (text.length >= BLOCK) {
            status = bnsl__output_write(out, end, text.data, text.length, func);
            end += text.length;
            text.length = 0;
        }
    }
    if (!ok)
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (!status)
        status = bnsl__output_write(out, end, text.data, text.length, func);
    *end_out = end + text.length;
    free(text.data);
    return status;
}

bnsl_status bnsl_io_table_write(const char *path, const char *header, int64_t n_rows, int32_t n_columns, const double *values, int32_t overwrite)
{
    if (!path || (!values && n_rows > 0))
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", path ? "values" : "path");
    if (n_rows < 0 || n_columns < 1)
        return BNSL_FAIL(BNSL_EINVAL, "n_rows is %lld and n_columns is %d, must be >= 0 and >= 1", (long long)n_rows, n_columns);
    if (header && strchr(header, '\r'))
        return BNSL_FAIL(BNSL_EINVAL, "header holds a carriage return; lines end in newlines");
    struct bnsl__output out;
    int64_t end;
    bnsl_status status = bnsl__output_create(&out, path, overwrite != 0, __func__);
    if (status)
        return status;
    status = write_rows(&out, header ? header : "", n_rows, n_columns, values, &end, __func__);
    if (!status)
        status = bnsl__output_publish(&out, end, __func__);
    bnsl__output_close(&out);
    return status;
}
