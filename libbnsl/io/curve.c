/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scattering curves from tables, canSAS XML and NXcanSAS: which columns are what, and the unit of q, which is never guessed. O(points). */
#include <math.h>
#include <stdlib.h>

#include "curve_internal.h"

struct bnsl_io_curve {
    int64_t n, n_skipped;
    int64_t n_entries; /* curves in the file */
    double *columns[BNSL__CURVE_COLUMNS]; /* NULL when not there */
    char name[BNSL__CURVE_NAME];
};

/* ---- what a file holds ---------------------------------------------------------------------------------------- */

int bnsl__curve_format(const char *path)
{
    struct bnsl__input in;
    unsigned char head[256];
    if (!path || bnsl__input_open(&in, path, __func__) != BNSL_OK)
        return BNSL__IS_TABLE;
    const int64_t n = in.size < (int64_t)sizeof head ? in.size : (int64_t)sizeof head;
    const bool read = n > 0 && bnsl__input_read(&in, path, 0, head, n, __func__) == BNSL_OK;
    bnsl__input_close(&in);
    if (!read)
        return BNSL__IS_TABLE;
    if (n >= 8 && memcmp(head, "\x89HDF\r\n\x1a\n", 8) == 0)
        return BNSL__IS_HDF5;
    int64_t i = 0;
    if (n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0)
        i = 3;
    else if (n >= 2 && ((head[0] == 0xFE && head[1] == 0xFF) || (head[0] == 0xFF && head[1] == 0xFE))) /* UTF-16: nothing else is read in it */
        return BNSL__IS_XML;
    while (i < n && (head[i] == ' ' || head[i] == '\t' || head[i] == '\r' || head[i] == '\n'))
        i++;
    return i < n && head[i] == '<' ? BNSL__IS_XML : BNSL__IS_TABLE;
}

void bnsl__raw_curves_free(struct bnsl__raw_curves *raw)
{
    for (int64_t i = 0; i < raw->n; i++)
        for (int k = 0; k < BNSL__CURVE_COLUMNS; k++)
            free(raw->curves[i].columns[k]);
    free(raw->curves);
    *raw = (struct bnsl__raw_curves){0};
}

struct bnsl__raw_curve *bnsl__raw_curves_add(struct bnsl__raw_curves *raw)
{
    void *curves = raw->curves;
    if (!bnsl__reserve(&curves, &raw->capacity, raw->n + 1, sizeof *raw->curves))
        return NULL;
    raw->curves = curves;
    raw->curves[raw->n] = (struct bnsl__raw_curve){.unit = BNSL_UNIT_FROM_FILE};
    return &raw->curves[raw->n++];
}

bool bnsl__raw_curve_add(struct bnsl__raw_curve *curve, const double values[BNSL__CURVE_COLUMNS])
{
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++) {
        void *column = curve->columns[k];
        if (!curve->has[k])
            continue;
        if (!bnsl__reserve(&column, &curve->capacity[k], curve->n + 1, sizeof(double)))
            return false;
        curve->columns[k] = column;
        curve->columns[k][curve->n] = values[k];
    }
    curve->n++;
    return true;
}

/* ---- tables ----------------------------------------------------------------------------------------------------- */

static bnsl_status from_table(struct bnsl__raw_curves *raw, const char *path, const char *func)
{
    static const char *const names[] = {"q", "I", "sigma", "sigma_q"};
    bnsl_io_table *table;
    bnsl_status status = bnsl_io_table_read(&table, path);
    if (status)
        return status;
    const int32_t n_columns = table->n_columns;
    if (n_columns < 2 || n_columns > BNSL__CURVE_COLUMNS)
        status = bnsl__fail(BNSL_EFORMAT, func, "%s: line %lld has %d columns, a curve has 2 (q, I), 3 (and sigma) or 4 (and sigma_q)", path,
                            (long long)table->lines[0], n_columns);
    struct bnsl__raw_curve *curve = status ? NULL : bnsl__raw_curves_add(raw);
    if (!status && !curve)
        status = bnsl__fail(BNSL_ENOMEM, func, "%s: out of memory", path);
    if (!status) {
        curve->unit = bnsl__stated_unit(table->header.data);
        for (int32_t k = 0; k < n_columns; k++)
            curve->has[k] = true;
    }
    for (int64_t i = 0; i < table->n_rows && !status; i++) {
        double row[BNSL__CURVE_COLUMNS] = {0};
        memcpy(row, table->values + i * n_columns, (size_t)n_columns * sizeof *row);
        for (int32_t k = 0; k < n_columns && !status; k++)
            if (isinf(row[k]))
                status = bnsl__fail(BNSL_EFORMAT, func, "%s: line %lld: %s is %g, must be finite", path, (long long)table->lines[i],
                                    names[k], row[k]);
        if (!status && !bnsl__raw_curve_add(curve, row))
            status = bnsl__fail(BNSL_ENOMEM, func, "%s: out of memory", path);
    }
    bnsl_io_table_destroy(table);
    return status;
}

static bnsl_status from_xml(struct bnsl__raw_curves *raw, const char *path, const char *func)
{
    char *text;
    int64_t length;
    bnsl_status status = bnsl__input_slurp(path, &text, &length, func);
    if (status)
        return status;
    status = bnsl__curves_from_xml(raw, path, text, length, func);
    free(text);
    return status;
}

/* ---- one of them -------------------------------------------------------------------------------------------------- */

/* Whether a point is left out: q <= 0, or NaN, with which programs mark what a mask has covered. */
static bool is_missing(const struct bnsl__raw_curve *raw, int64_t i)
{
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++)
        if (raw->has[k] && isnan(raw->columns[k][i]))
            return true;
    return raw->columns[0][i] <= 0;
}

/* Moves a curve over, without the points that are left out, in nm^-1. */
static bnsl_status take(bnsl_io_curve *curve, struct bnsl__raw_curve *raw, const char *path, int32_t unit, const char *func)
{
    if (raw->n == 0)
        return bnsl__fail(BNSL_EFORMAT, func, "%s has no row with q > 0 and without NaN", path);
    if (unit == BNSL_UNIT_FROM_FILE)
        unit = raw->unit;
    if (unit == BNSL_UNIT_FROM_FILE)
        return bnsl__fail(BNSL_EFORMAT, func, "%s does not state the unit of q (or states two): say 1/nm or 1/A", path);
    for (int64_t i = 0; i < raw->n; i++) {
        if (is_missing(raw, i)) {
            curve->n_skipped++;
            continue;
        }
        for (int k = 0; k < BNSL__CURVE_COLUMNS; k++)
            if (raw->has[k])
                raw->columns[k][curve->n] = raw->columns[k][i] * (unit == BNSL_UNIT_PER_ANGSTROM && (k == 0 || k == 3) ? 10 : 1);
        curve->n++;
    }
    if (curve->n == 0)
        return bnsl__fail(BNSL_EFORMAT, func, "%s has no row with q > 0 and without NaN", path);
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++) {
        curve->columns[k] = raw->columns[k];
        raw->columns[k] = NULL;
    }
    memcpy(curve->name, raw->name, sizeof curve->name);
    return BNSL_OK;
}

/* entry < 0: the only one. */
static bnsl_status read_curve(bnsl_io_curve **out, const char *path, int32_t unit, int32_t entry, const char *func)
{
    struct bnsl__raw_curves raw = {0};
    bnsl_io_curve *curve = NULL;
    if (unit < BNSL_UNIT_FROM_FILE || unit > BNSL_UNIT_PER_ANGSTROM)
        return bnsl__fail(BNSL_EINVAL, func, "unit is %d, must be BNSL_UNIT_FROM_FILE, _PER_NM or _PER_ANGSTROM", unit);
    const int format = bnsl__curve_format(path);
    bnsl_status status = format == BNSL__IS_XML    ? from_xml(&raw, path, func)
                         : format == BNSL__IS_HDF5 ? bnsl__curves_from_hdf5(&raw, path, func)
                                                   : from_table(&raw, path, func);
    if (!status && entry < 0 && raw.n > 1)
        status = bnsl__fail(BNSL_EFORMAT, func, "%s holds %lld curves (\"%.60s\", \"%.60s\"%s): say which, 0 .. %lld", path, (long long)raw.n,
                            raw.curves[0].name, raw.curves[1].name, raw.n > 2 ? ", ..." : "", (long long)raw.n - 1);
    if (!status && entry >= raw.n)
        status = bnsl__fail(BNSL_EINVAL, func, "%s: there is no curve %d, it holds %lld", path, (int)entry, (long long)raw.n);
    if (!status && !(curve = bnsl__calloc(1, sizeof *curve)))
        status = bnsl__fail(BNSL_ENOMEM, func, "%s: out of memory", path);
    if (!status) {
        curve->n_entries = raw.n;
        status = take(curve, &raw.curves[entry < 0 ? 0 : entry], path, unit, func);
    }
    bnsl__raw_curves_free(&raw);
    if (status)
        bnsl_io_curve_destroy(curve);
    else
        *out = curve;
    return status;
}

bnsl_status bnsl_io_curve_read(bnsl_io_curve **out, const char *path, int32_t unit)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    return read_curve(out, path, unit, -1, __func__);
}

bnsl_status bnsl_io_curve_read_entry(bnsl_io_curve **out, const char *path, int32_t unit, int32_t entry)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (entry < 0)
        return BNSL_FAIL(BNSL_EINVAL, "entry is %d, must be >= 0", (int)entry);
    return read_curve(out, path, unit, entry, __func__);
}

void bnsl_io_curve_destroy(bnsl_io_curve *curve)
{
    if (!curve)
        return;
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++)
        free(curve->columns[k]);
    free(curve);
}

bnsl_status bnsl_io_curve_view(const bnsl_io_curve *curve, int64_t *n_out, const double **q_out, const double **intensity_out,
                               const double **sigma_out, const double **sigma_q_out, int64_t *n_skipped_out)
{
    if (!curve)
        return BNSL_FAIL(BNSL_EINVAL, "curve is NULL");
    const double **const outputs[BNSL__CURVE_COLUMNS] = {q_out, intensity_out, sigma_out, sigma_q_out};
    if (n_out)
        *n_out = curve->n;
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++)
        if (outputs[k])
            *outputs[k] = curve->columns[k];
    if (n_skipped_out)
        *n_skipped_out = curve->n_skipped;
    return BNSL_OK;
}

int64_t bnsl_io_curve_n_entries(const bnsl_io_curve *curve)
{
    return curve ? curve->n_entries : 0;
}

const char *bnsl_io_curve_name(const bnsl_io_curve *curve)
{
    return curve ? curve->name : "";
}
