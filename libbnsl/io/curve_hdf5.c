/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scattering curves and series in NXcanSAS [manual.nexusformat.org/classes/applications/NXcanSAS.html], by HDF5. Both dialects are read:
 * canSAS_class, units, uncertainties; and the older NX_class=SASentry, unit, uncertainty. A SASentry is a group of the file, a SASdata a
 * group in it; its signal and the axes (I_axes: "Q", or "Time,Q" of a series) name datasets of it. O(size).
 */
#include <math.h>
#include <stdlib.h>

#include "curve_internal.h"

#ifdef HAVE_HDF5
#include <hdf5.h>

enum { NAME_SIZE = 128, MAX_GROUPS = 10000 };
static const hsize_t MAX_VALUES = (hsize_t)1 << 30;

/* The text of an attribute that is a string, or of an array of strings with commas between them; false: there is none. */
static bool text_attribute(hid_t object, const char *name, char *text, size_t size)
{
    bool found = false;
    if (H5Aexists(object, name) <= 0)
        return false;
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT), type = attribute < 0 ? -1 : H5Aget_type(attribute);
    const hid_t space = attribute < 0 ? -1 : H5Aget_space(attribute);
    const hssize_t n = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    if (type >= 0 && H5Tget_class(type) == H5T_STRING && n > 0 && n <= 16) {
        text[0] = '\0';
        const size_t one = H5Tget_size(type);
        if (H5Tis_variable_str(type) > 0) {
            char *strings[16] = {NULL};
            found = H5Aread(attribute, type, strings) >= 0;
            for (hssize_t i = 0; i < n && found; i++)
                if (strings[i] && strlen(text) + strlen(strings[i]) + 2 < size)
                    strcat(strcat(text, i > 0 ? "," : ""), strings[i]);
            if (found)
                H5Dvlen_reclaim(type, space, H5P_DEFAULT, strings);
        } else if (one > 0 && one <= 4096) {
            char *strings = bnsl__calloc(n * (int64_t)one + 1, 1);
            found = strings && H5Aread(attribute, type, strings) >= 0;
            for (hssize_t i = 0; i < n && found; i++) {
                const size_t length = strnlen(strings + (size_t)i * one, one), used = strlen(text);
                if (used + length + 2 < size) {
                    strcat(text, i > 0 ? "," : "");
                    strncat(text, strings + (size_t)i * one, length);
                }
            }
            free(strings);
        }
    }
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
    return found;
}

/* The attribute by either of two names. */
static bool either_attribute(hid_t object, const char *one, const char *two, char *text, size_t size)
{
    return text_attribute(object, one, text, size) || text_attribute(object, two, text, size);
}

static bool has_class(hid_t group, const char *wanted)
{
    char text[NAME_SIZE];
    return (text_attribute(group, "canSAS_class", text, sizeof text) && strcmp(text, wanted) == 0) ||
           (text_attribute(group, "NX_class", text, sizeof text) && strcmp(text, wanted) == 0);
}

/* A dataset of numbers, with its shape; free(). NULL: no such dataset, *status says whether for lack of memory. */
static double *read_dataset(hid_t group, const char *name, int *rank_out, hsize_t shape[2], bnsl_status *status)
{
    double *values = NULL;
    if (H5Lexists(group, name, H5P_DEFAULT) <= 0)
        return NULL;
    const hid_t set = H5Dopen2(group, name, H5P_DEFAULT), space = set < 0 ? -1 : H5Dget_space(set);
    const hid_t type = set < 0 ? -1 : H5Dget_type(set);
    const int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    const H5T_class_t kind = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    if (rank >= 1 && rank <= 2 && (kind == H5T_FLOAT || kind == H5T_INTEGER) && H5Sget_simple_extent_dims(space, shape, NULL) == rank) {
        shape[1] = rank == 2 ? shape[1] : 1;
        if (shape[0] > 0 && shape[1] > 0 && shape[0] <= MAX_VALUES / shape[1]) {
            values = bnsl__alloc((int64_t)(shape[0] * shape[1]), sizeof *values);
            *status = values ? *status : BNSL_ENOMEM;
            if (values && H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
                free(values);
                values = NULL;
            }
            *rank_out = rank;
        }
    }
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    if (set >= 0)
        H5Dclose(set);
    return values;
}

/* Attribute of a dataset. */
static bool dataset_attribute(hid_t group, const char *name, const char *one, const char *two, char *text, size_t size)
{
    const hid_t set = H5Lexists(group, name, H5P_DEFAULT) > 0 ? H5Dopen2(group, name, H5P_DEFAULT) : -1;
    const bool found = set >= 0 && either_attribute(set, one, two, text, size);
    if (set >= 0)
        H5Dclose(set);
    return found;
}

/* ---- one SASdata ------------------------------------------------------------------------------------------------- */

/* What its attributes name. */
typedef struct names {
    char signal[NAME_SIZE], axes[NAME_SIZE], errors[NAME_SIZE], widths[NAME_SIZE], unit[NAME_SIZE];
    bool has_errors, has_widths;
    int32_t q_unit;
} names;

static names names_of(hid_t data)
{
    names n;
    memset(&n, 0, sizeof n);
    if (!text_attribute(data, "signal", n.signal, sizeof n.signal))
        strcpy(n.signal, "I");
    if (!either_attribute(data, "I_axes", "axes", n.axes, sizeof n.axes))
        strcpy(n.axes, "Q");
    n.has_errors = dataset_attribute(data, n.signal, "uncertainties", "uncertainty", n.errors, sizeof n.errors) ||
                   text_attribute(data, "I_uncertainty", n.errors, sizeof n.errors);
    n.has_widths = dataset_attribute(data, "Q", "resolutions", "uncertainties", n.widths, sizeof n.widths) ||
                   dataset_attribute(data, "Q", "uncertainty", "resolution", n.widths, sizeof n.widths);
    n.q_unit = BNSL_UNIT_FROM_FILE;
    if (dataset_attribute(data, "Q", "units", "unit", n.unit, sizeof n.unit))
        n.q_unit = bnsl__stated_unit(n.unit);
    return n;
}

static bool is_series(const names *n)
{
    return strcmp(n->axes, "Time,Q") == 0;
}

static bnsl_status read_data(hid_t data, struct bnsl__raw_curve *curve, const char *path, const char *func)
{
    const names n = names_of(data);
    const char *const sets[BNSL__CURVE_COLUMNS] = {"Q", n.signal, n.has_errors ? n.errors : NULL, n.has_widths ? n.widths : NULL};
    bnsl_status status = BNSL_OK;
    if (is_series(&n))
        return bnsl__fail(BNSL_EFORMAT, func, "%s: \"%s\" is a series of curves in time, not one curve", path, curve->name);
    if (strcmp(n.axes, "Q") != 0)
        return bnsl__fail(BNSL_EUNSUPPORTED, func, "%s: \"%s\" is data over %s, only I(Q) and I(Time, Q) are read", path, curve->name, n.axes);
    curve->unit = n.q_unit;
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++) {
        hsize_t shape[2] = {0, 0};
        int rank = 0;
        if (!sets[k])
            continue;
        curve->columns[k] = read_dataset(data, sets[k], &rank, shape, &status);
        if (status)
            return bnsl__fail(status, func, "%s: out of memory", path);
        if (!curve->columns[k])
            return bnsl__fail(BNSL_EFORMAT, func, "%s: \"%s\" has no numbers in %s", path, curve->name, sets[k]);
        if (k == 0)
            curve->n = (int64_t)shape[0];
        if (rank != 1 || (int64_t)shape[0] != curve->n)
            return bnsl__fail(BNSL_EFORMAT, func, "%s: \"%s\": %s has not the %lld values of Q", path, curve->name, sets[k], (long long)curve->n);
        curve->has[k] = true;
    }
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++)
        for (int64_t i = 0; i < curve->n && curve->has[k]; i++)
            if (isinf(curve->columns[k][i]))
                return bnsl__fail(BNSL_EFORMAT, func, "%s: \"%s\": value %lld of %s is %g, must be finite", path, curve->name,
                                  (long long)i + 1, sets[k], curve->columns[k][i]);
    return BNSL_OK;
}

/* ---- the file ------------------------------------------------------------------------------------------------------- */

/* Calls visit for every SASdata of every SASentry in turn, while it returns BNSL_OK. */
typedef bnsl_status visitor(hid_t data, const char *entry, void *user);

static bnsl_status walk(hid_t parent, const char *wanted, const char *entry, visitor *visit, void *user)
{
    H5G_info_t info;
    bnsl_status status = BNSL_OK;
    if (H5Gget_info(parent, &info) < 0)
        return BNSL_OK;
    for (hsize_t i = 0; i < info.nlinks && i < MAX_GROUPS && !status; i++) {
        char name[NAME_SIZE];
        const ssize_t length = H5Lget_name_by_idx(parent, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
        const hid_t child = length > 0 && length < NAME_SIZE ? H5Oopen(parent, name, H5P_DEFAULT) : -1;
        if (child >= 0 && H5Iget_type(child) == H5I_GROUP && has_class(child, wanted))
            status = entry ? visit(child, entry, user) : walk(child, "SASdata", name, visit, user);
        if (child >= 0)
            H5Oclose(child);
    }
    return status;
}

static bnsl_status visit_file(const char *path, visitor *visit, void *user, const char *func)
{
    H5E_auto2_t report;
    void *report_data;
    H5Eget_auto2(H5E_DEFAULT, &report, &report_data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* HDF5 prints otherwise */
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    bnsl_status status = BNSL_OK;
    if (file < 0)
        status = bnsl__fail(BNSL_EFORMAT, func, "%s: HDF5 cannot open it: it is damaged, or another program writes to it", path);
    else
        status = walk(file, "SASentry", NULL, visit, user);
    if (file >= 0)
        H5Fclose(file);
    H5Eset_auto2(H5E_DEFAULT, report, report_data);
    return status;
}

struct curves_job {
    struct bnsl__raw_curves *raw;
    const char *path, *func;
};

static bnsl_status visit_curve(hid_t data, const char *entry, void *user)
{
    const struct curves_job *job = user;
    struct bnsl__raw_curve *curve = bnsl__raw_curves_add(job->raw);
    if (!curve)
        return bnsl__fail(BNSL_ENOMEM, job->func, "%s: out of memory", job->path);
    strncpy(curve->name, entry, sizeof curve->name - 1);
    return read_data(data, curve, job->path, job->func);
}

bnsl_status bnsl__curves_from_hdf5(struct bnsl__raw_curves *raw, const char *path, const char *func)
{
    struct curves_job job = {raw, path, func};
    const bnsl_status status = visit_file(path, visit_curve, &job, func);
    if (!status && raw->n == 0)
        return bnsl__fail(BNSL_EFORMAT, func, "%s is HDF5 and holds no SASdata of NXcanSAS", path);
    return status;
}

/* ---- series --------------------------------------------------------------------------------------------------------- */

struct series_job {
    struct bnsl__raw_series *raw;
    const char *path, *func;
    bool found;
};

/* Seconds of a unit of time; 0: not one that is known. */
static double seconds_of(const char *unit)
{
    static const struct {
        const char *name;
        double seconds;
    } known[] = {{"s", 1},       {"sec", 1},      {"second", 1}, {"seconds", 1}, {"ms", 1e-3},   {"min", 60},
                 {"minute", 60}, {"minutes", 60}, {"h", 3600},   {"hour", 3600}, {"hours", 3600}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strcmp(unit, known[k].name) == 0)
            return known[k].seconds;
    return 0;
}

static bnsl_status visit_series(hid_t data, const char *entry, void *user)
{
    struct series_job *job = user;
    struct bnsl__raw_series *raw = job->raw;
    const names n = names_of(data);
    char unit[NAME_SIZE] = "";
    bnsl_status status = BNSL_OK;
    hsize_t time[2] = {0, 0}, q[2] = {0, 0}, values[2] = {0, 0}, errors[2] = {0, 0};
    int rank_time = 0, rank_q = 0, rank = 0, rank_errors = 2;
    if (!is_series(&n) || job->found)
        return BNSL_OK;
    job->found = true;
    if (!dataset_attribute(data, "Time", "units", "unit", unit, sizeof unit) || !(seconds_of(unit) > 0))
        return bnsl__fail(BNSL_EFORMAT, job->func, "%s: \"%s\": the unit of Time is \"%.40s\", must be s, ms, min or h", job->path, entry, unit);
    raw->time = read_dataset(data, "Time", &rank_time, time, &status);
    raw->q = read_dataset(data, "Q", &rank_q, q, &status);
    raw->intensity = read_dataset(data, n.signal, &rank, values, &status);
    if (n.has_errors)
        raw->sigma = read_dataset(data, n.errors, &rank_errors, errors, &status);
    if (status)
        return bnsl__fail(status, job->func, "%s: out of memory", job->path);
    if (!raw->time || !raw->q || !raw->intensity || rank_time != 1 || rank_q != 1 || rank != 2 || values[0] != time[0] || values[1] != q[0] ||
        (n.has_errors && (!raw->sigma || rank_errors != 2 || errors[0] != values[0] || errors[1] != values[1])))
        return bnsl__fail(BNSL_EFORMAT, job->func, "%s: \"%s\": needs Time and Q of one dimension, and %s%s%s of Time x Q", job->path,
                          entry, n.signal, n.has_errors ? ", " : "", n.has_errors ? n.errors : "");
    raw->n_times = (int64_t)time[0];
    raw->n_q = (int64_t)q[0];
    raw->unit = n.q_unit;
    for (int64_t i = 0; i < raw->n_times; i++)
        raw->time[i] *= seconds_of(unit);
    return BNSL_OK;
}

bnsl_status bnsl__series_from_hdf5(struct bnsl__raw_series *raw, const char *path, const char *func)
{
    struct series_job job = {raw, path, func, false};
    const bnsl_status status = visit_file(path, visit_series, &job, func);
    if (!status && !job.found)
        return bnsl__fail(BNSL_EFORMAT, func, "%s holds no series, a SASdata with I_axes \"Time,Q\"", path);
    return status;
}

#else

bnsl_status bnsl__curves_from_hdf5(struct bnsl__raw_curves *raw, const char *path, const char *func)
{
    (void)raw;
    return bnsl__fail(BNSL_EUNSUPPORTED, func, "%s is HDF5, and this library was built without it (configure --with-hdf5)", path);
}

bnsl_status bnsl__series_from_hdf5(struct bnsl__raw_series *raw, const char *path, const char *func)
{
    (void)raw;
    return bnsl__fail(BNSL_EUNSUPPORTED, func, "%s is HDF5, and this library was built without it (configure --with-hdf5)", path);
}

#endif
