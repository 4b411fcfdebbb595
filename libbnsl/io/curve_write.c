/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scattering curves as text: columns, or canSAS1D XML 1.1, by the ending of the name. O(points). */
#include <stdlib.h>

#include "curve_internal.h"

static const char *const headings[BNSL__CURVE_COLUMNS] = {"q (nm^-1)", "I", "sigma_I", "sigma_q (nm^-1)"};
static const char *const elements[BNSL__CURVE_COLUMNS] = {"Q", "I", "Idev", "Qdev"};
static const char *const units[BNSL__CURVE_COLUMNS] = {"1/nm", "a.u.", "a.u.", "1/nm"};

/* columns: those that are there, in order; which: their numbers. */
static bool put_columns(struct bnsl__text *text, char separator, int64_t n, int n_columns, const int *which, const double *const *columns)
{
    bool ok = bnsl__text_string(text, "# ");
    for (int k = 0; ok && k < n_columns; k++)
        ok = (k == 0 || bnsl__text_add(text, &separator, 1)) && bnsl__text_string(text, headings[which[k]]);
    for (int64_t i = 0; ok && i < n; i++) {
        ok = bnsl__text_string(text, "\n");
        for (int k = 0; ok && k < n_columns; k++)
            ok = (k == 0 || bnsl__text_add(text, &separator, 1)) && bnsl__text_double(text, columns[k][i]);
    }
    return ok && bnsl__text_string(text, "\n");
}

static bool put_xml(struct bnsl__text *text, int64_t n, int n_columns, const int *which, const double *const *columns)
{
    bool ok = bnsl__text_string(
        text, "<?xml version=\"1.0\"?>\n<SASroot version=\"1.1\" xmlns=\"urn:cansas1d:1.1\">\n  <SASentry>\n    <Title/>\n    <Run/>\n"
              "    <SASdata>\n");
    for (int64_t i = 0; ok && i < n; i++) {
        ok = bnsl__text_string(text, "      <Idata>");
        for (int k = 0; ok && k < n_columns; k++) {
            const char *element = elements[which[k]];
            ok = bnsl__text_string(text, "<") && bnsl__text_string(text, element) && bnsl__text_string(text, " unit=\"") &&
                 bnsl__text_string(text, units[which[k]]) && bnsl__text_string(text, "\">") && bnsl__text_double(text, columns[k][i]) &&
                 bnsl__text_string(text, "</") && bnsl__text_string(text, element) && bnsl__text_string(text, ">");
        }
        ok = ok && bnsl__text_string(text, "</Idata>\n");
    }
    return ok &&
           bnsl__text_string(
               text, "    </SASdata>\n    <SASsample><ID/></SASsample>\n    <SASinstrument><name/><SASsource><radiation/></SASsource>"
                     "<SAScollimation/><SASdetector><name/></SASdetector></SASinstrument>\n    <SASnote/>\n  </SASentry>\n</SASroot>\n");
}

static bool ends_in(const char *path, const char *ending)
{
    const size_t n = strlen(path), m = strlen(ending);
    return n >= m && strcmp(path + n - m, ending) == 0;
}

bnsl_status bnsl_io_curve_write(const char *path, int64_t n, const double *q, const double *intensity, const double *sigma, const double *sigma_q,
                                int32_t overwrite)
{
    const double *const all[BNSL__CURVE_COLUMNS] = {q, intensity, sigma, sigma_q}, *columns[BNSL__CURVE_COLUMNS];
    int which[BNSL__CURVE_COLUMNS], n_columns = 0;
    int64_t where;
    if (!path || !q || !intensity)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !path ? "path" : !q ? "q" : "intensity");
    if (n < 1 || (sigma_q && !sigma))
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld, must be >= 1%s", (long long)n, sigma_q && !sigma ? "; sigma_q needs sigma" : "");
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++) {
        if (!all[k])
            continue;
        if (!bnsl__all_finite(n, all[k], &where))
            return BNSL_FAIL(BNSL_EINVAL, "%s[%lld] is %g, must be finite", elements[k], (long long)where, all[k][where]);
        which[n_columns] = k;
        columns[n_columns++] = all[k];
    }
    for (int64_t i = 0; i < n; i++)
        if (!(q[i] > 0))
            return BNSL_FAIL(BNSL_EINVAL, "q[%lld] is %g, must be > 0", (long long)i, q[i]);
    struct bnsl__text text = {0};
    const bool done = ends_in(path, ".xml") ? put_xml(&text, n, n_columns, which, columns)
                                            : put_columns(&text, ends_in(path, ".csv") ? ',' : '\t', n, n_columns, which, columns);
    const bnsl_status status = done ? bnsl__output_whole(path, text.data, text.length, overwrite != 0, __func__) : BNSL_NOMEM();
    free(text.data);
    return status;
}
