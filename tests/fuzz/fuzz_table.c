/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a table and as a scattering curve or series of them: a status, never a crash. */
#include "fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    bnsl_io_table *table;
    bnsl_io_curve *curve;
    const double *values, *q;
    int64_t n_rows, n;
    int32_t n_columns;
    const bnsl_status status = bnsl_io_table_read(&table, path);
    fuzz_check(status);
    if (!status && (bnsl_io_table_view(table, &n_rows, &n_columns, &values) || n_rows < 1 || n_columns < 1 || !bnsl_io_table_header(table)))
        abort();
    bnsl_io_table_destroy(table);
    for (int32_t unit = BNSL_UNIT_FROM_FILE; unit <= BNSL_UNIT_PER_ANGSTROM; unit++) {
        const bnsl_status read = bnsl_io_curve_read(&curve, path, unit);
        fuzz_check(read);
        if (read)
            continue;
        if (bnsl_io_curve_view(curve, &n, &q, NULL, NULL, NULL, NULL) || n < 1)
            abort();
        for (int64_t i = 0; i < n; i++)
            if (!(q[i] > 0))
                abort();
        bnsl_io_curve_destroy(curve);
    }
    bnsl_io_series *series;
    const double *times;
    int64_t n_frames;
    const bnsl_status read = bnsl_io_series_read(&series, path, path, BNSL_UNIT_PER_NM);
    fuzz_check(read);
    if (!read && (bnsl_io_series_view(series, &n_frames, &n, &times, &q, NULL, NULL, NULL) || n_frames < 1 || n < 1 || !(q[0] > 0)))
        abort();
    if (!read)
        bnsl_io_series_destroy(series);
    unlink(path);
    return 0;
}
