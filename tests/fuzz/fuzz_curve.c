/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of scattering curves, canSAS XML and NXcanSAS among them: a status, never a crash. */
#include "fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    bnsl_io_curve *curve;
    bnsl_io_series *series;
    int64_t entries = 1;
    for (int32_t entry = 0; entry < entries && entry < 20; entry++) {
        const bnsl_status status = bnsl_io_curve_read_entry(&curve, path, BNSL_UNIT_PER_NM, entry);
        const double *q;
        int64_t n;
        if (status == BNSL_EINVAL) /* no such entry */
            break;
        fuzz_check(status);
        if (status)
            continue;
        entries = bnsl_io_curve_n_entries(curve);
        if (entries < 1 || !bnsl_io_curve_name(curve) || bnsl_io_curve_view(curve, &n, &q, NULL, NULL, NULL, NULL) || n < 1)
            abort();
        for (int64_t i = 0; i < n; i++)
            if (!(q[i] > 0))
                abort();
        bnsl_io_curve_destroy(curve);
    }
    const bnsl_status status = bnsl_io_series_read(&series, path, NULL, BNSL_UNIT_PER_NM);
    fuzz_check(status);
    if (!status)
        bnsl_io_series_destroy(series);
    unlink(path);
    return 0;
}
