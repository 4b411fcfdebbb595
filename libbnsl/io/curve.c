/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scattering curves from tables: which columns are what, and the unit of q, which is never guessed. O(rows). */
#include <math.h>
#include <stdlib.h>

#include "io_internal.h"

struct bnsl_io_curve {
    int64_t n, n_skipped;
    int32_t n_columns;
    double *columns[4]; /* q, I, sigma, sigma_q; NULL when not there */
};

/* ---- the columns ------------------------------------------------------------------------------------------ */

static bnsl_status keep_rows(bnsl_io_curve *curve, const bnsl_io_table *table, const char *path, const char *func)
{
    static const char *const names[] = {"q", "I", "sigma", "sigma_q"};
    for (int64_t i = 0; i < table->n_rows; i++) {
        const double *row = table->values + i * table->n_columns;
        int64_t where;
        if (!bnsl__all_finite(table->n_columns, row, &where))
            return bnsl__fail(BNSL_EFORMAT, func, "%s: line %lld: %s is %g, must be finite", path, (long long)table->lines[i], names[where],
                              row[where]);
        if (row[0] <= 0) {
            curve->n_skipped++;
            continue;
        }
        for (int32_t k = 0; k < table->n_columns; k++)
            curve->columns[k][curve->n] = row[k];
        curve->n++;
    }
    if (curve->n == 0)
        return bnsl__fail(BNSL_EFORMAT, func, "%s has no row with q > 0", path);
    return BNSL_OK;
}

static bnsl_status fill_curve(bnsl_io_curve *curve, const bnsl_io_table *table, const char *path, int32_t unit, const char *func)
{
    if (table->n_columns < 2 || table->n_columns > 4)
        return bnsl__fail(BNSL_EFORMAT, func, "%s: line %lld has %d columns, a curve has 2 (q, I), 3 (and sigma) or 4 (and sigma_q)", path,
                          (long long)table->lines[0], table->n_columns);
    if (unit == BNSL_UNIT_FROM_FILE)
        unit = bnsl__stated_unit(bnsl_io_table_header(table));
    if (unit == BNSL_UNIT_FROM_FILE)
        return bnsl__fail(BNSL_EFORMAT, func, "%s does not state the unit of q (or states two): say 1/nm or 1/A", path);
    for (int32_t k = 0; k < table->n_columns; k++) {
        curve->columns[k] = bnsl__alloc(table->n_rows, sizeof **curve->columns);
        if (!curve->columns[k])
            return bnsl__fail(BNSL_ENOMEM, func, "%s: out of memory", path);
    }
    const bnsl_status status = keep_rows(curve, table, path, func);
    for (int64_t i = 0; unit == BNSL_UNIT_PER_ANGSTROM && i < curve->n; i++) {
        curve->columns[0][i] *= 10;
        if (curve->columns[3])
            curve->columns[3][i] *= 10;
    }
    return status;
}

bnsl_status bnsl_io_curve_read(bnsl_io_curve **out, const char *path, int32_t unit)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (unit < BNSL_UNIT_FROM_FILE || unit > BNSL_UNIT_PER_ANGSTROM)
        return BNSL_FAIL(BNSL_EINVAL, "unit is %d, must be BNSL_UNIT_FROM_FILE, _PER_NM or _PER_ANGSTROM", unit);
    bnsl_io_table *table;
    bnsl_status status = bnsl_io_table_read(&table, path);
    if (status)
        return status;
    bnsl_io_curve *curve = bnsl__calloc(1, sizeof *curve);
    status = curve ? fill_curve(curve, table, path, unit, __func__) : BNSL_NOMEM();
    bnsl_io_table_destroy(table);
    if (status)
        bnsl_io_curve_destroy(curve);
    else
        *out = curve;
    return status;
}

void bnsl_io_curve_destroy(bnsl_io_curve *curve)
{
    if (!curve)
        return;
    for (int k = 0; k < 4; k++)
        free(curve->columns[k]);
    free(curve);
}

bnsl_status bnsl_io_curve_view(const bnsl_io_curve *curve, int64_t *n_out, const double **q_out, const double **intensity_out,
                               const double **sigma_out, const double **sigma_q_out, int64_t *n_skipped_out)
{
    if (!curve)
        return BNSL_FAIL(BNSL_EINVAL, "curve is NULL");
    const double **const outputs[4] = {q_out, intensity_out, sigma_out, sigma_q_out};
    if (n_out)
        *n_out = curve->n;
    for (int k = 0; k < 4; k++)
        if (outputs[k])
            *outputs[k] = curve->columns[k];
    if (n_skipped_out)
        *n_skipped_out = curve->n_skipped;
    return BNSL_OK;
}
