/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scattering curves on their way from a file: the same for every format. */
#ifndef BNSL_IO_CURVE_INTERNAL_H
#define BNSL_IO_CURVE_INTERNAL_H

#include "io_internal.h"

/* q, I, sigma, sigma_q */
enum { BNSL__CURVE_COLUMNS = 4, BNSL__CURVE_NAME = 128 };

/* One curve as it stands in a file. */
struct bnsl__raw_curve {
    int64_t n;
    int64_t capacity[BNSL__CURVE_COLUMNS];
    double *columns[BNSL__CURVE_COLUMNS]; /* those that are there have n values */
    bool has[BNSL__CURVE_COLUMNS];
    int32_t unit; /* BNSL_UNIT_*; _FROM_FILE: not stated */
    char name[BNSL__CURVE_NAME];
};

/* All curves of a file. */
struct bnsl__raw_curves {
    int64_t n, capacity;
    struct bnsl__raw_curve *curves;
};
void bnsl__raw_curves_free(struct bnsl__raw_curves *raw);

/* Adds an empty curve; NULL: no memory. The pointer is good until the next call. */
struct bnsl__raw_curve *bnsl__raw_curves_add(struct bnsl__raw_curves *raw);

/* Adds a point; false: no memory. */
bool bnsl__raw_curve_add(struct bnsl__raw_curve *curve, const double values[BNSL__CURVE_COLUMNS]);

/* canSAS1D XML, versions 1.0 and 1.1 (curve_xml.c): text of a file that begins with '<'. */
bnsl_status bnsl__curves_from_xml(struct bnsl__raw_curves *raw, const char *path, const char *text, int64_t length, const char *func);

/* NXcanSAS (curve_hdf5.c). */
bnsl_status bnsl__curves_from_hdf5(struct bnsl__raw_curves *raw, const char *path, const char *func);

/* I(Time, Q) of NXcanSAS: n_times x n_q values, frame by frame; time in s. */
struct bnsl__raw_series {
    int64_t n_times, n_q;
    double *time, *q, *intensity, *sigma; /* sigma NULL when not there */
    int32_t unit;
};
bnsl_status bnsl__series_from_hdf5(struct bnsl__raw_series *raw, const char *path, const char *func);

/* What a file is, by its first bytes: BNSL__IS_TABLE also when it cannot be read (that is then said elsewhere). */
enum { BNSL__IS_TABLE, BNSL__IS_XML, BNSL__IS_HDF5 };
int bnsl__curve_format(const char *path);

#endif
