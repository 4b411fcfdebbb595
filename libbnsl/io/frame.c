/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot in memory: building and changing it. Everything is copied in, O(size); names are looked up one after the other,
 * there are few of them.
 */
#include <math.h>
#include <stdlib.h>

#include "io_internal.h"

const struct bnsl__quantity bnsl__quantities[BNSL__N_QUANTITIES] = {
    {"position", 3, BNSL__GSD_F32, "particles/position", {0, 0, 0, 0}},
    {"image", 3, BNSL__GSD_I32, "particles/image", {0, 0, 0, 0}},
    {"velocity", 3, BNSL__GSD_F32, "particles/velocity", {0, 0, 0, 0}},
    {"mass", 1, BNSL__GSD_F32, "particles/mass", {1, 0, 0, 0}},
    {"diameter", 1, BNSL__GSD_F32, "particles/diameter", {1, 0, 0, 0}},
    {"charge", 1, BNSL__GSD_F32, "particles/charge", {0, 0, 0, 0}},
    {"body", 1, BNSL__GSD_I32, "particles/body", {-1, 0, 0, 0}},
    {"orientation", 4, BNSL__GSD_F32, "particles/orientation", {1, 0, 0, 0}},
    {"moment_inertia", 3, BNSL__GSD_F32, "particles/moment_inertia", {0, 0, 0, 0}},
    {"angmom", 4, BNSL__GSD_F32, "particles/angmom", {0, 0, 0, 0}},
};

const struct bnsl__quantity *bnsl__quantity(const char *name)
{
    for (int i = 0; i < BNSL__N_QUANTITIES; i++)
        if (strcmp(bnsl__quantities[i].name, name) == 0)
            return &bnsl__quantities[i];
    return NULL;
}

/* ---- life ------------------------------------------------------------------------------------------- */

static const bnsl_io_frame EMPTY = {.box = {1, 1, 1, 0, 0, 0, BNSL_PERIODIC_XYZ, 0}};

bnsl_status bnsl_io_frame_create(bnsl_io_frame **out)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    bnsl_io_frame *frame = bnsl__alloc(1, sizeof *frame);
    if (!frame)
        return BNSL_NOMEM();
    *frame = EMPTY;
    *out = frame;
    return BNSL_OK;
}

void bnsl__frame_clear(bnsl_io_frame *frame)
{
    for (int32_t i = 0; i < frame->n_arrays; i++)
        free(frame->arrays[i].values);
    free(frame->arrays);
    free(frame->scalars);
    free(frame->types);
    free(frame->type_index);
    *frame = EMPTY;
}

void bnsl__frame_move(bnsl_io_frame *dst, bnsl_io_frame *src)
{
    bnsl__frame_clear(dst);
    *dst = *src;
    *src = EMPTY;
}

void bnsl_io_frame_destroy(bnsl_io_frame *frame)
{
    if (frame)
        bnsl__frame_clear(frame);
    free(frame);
}

/* ---- names ------------------------------------------------------------------------------------------ */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool bnsl__clean_name(char dst[BNSL__NAME_SIZE], const char *src, int64_t length)
{
    if (length < 1 || length >= BNSL__NAME_SIZE)
        return false;
    for (int64_t i = 0; i < length; i++)
        dst[i] = is_name_char(src[i]) ? src[i] : '_';
    dst[length] = '\0';
    return true;
}

static bnsl_status check_name(const char *name, const char *func)
{
    if (!name)
        return bnsl__fail(BNSL_EINVAL, func, "name is NULL");
    const size_t length = strlen(name);
    if (length < 1 || length >= BNSL__NAME_SIZE)
        return bnsl__fail(BNSL_EINVAL, func, "name has %llu bytes, must have 1 .. %d", (unsigned long long)length, BNSL__NAME_SIZE - 1);
    for (size_t i = 0; i < length; i++)
        if (!is_name_char(name[i]))
            return bnsl__fail(BNSL_EINVAL, func, "name \"%s\" must be of letters, digits and underscores", name);
    return BNSL_OK;
}

bnsl_status bnsl__frame_add_type(bnsl_io_frame *frame, const char *name, int64_t length, int32_t *index_out, const char *func)
{
    if (length < 1 || length >= BNSL__NAME_SIZE)
        return bnsl__fail(BNSL_EINVAL, func, "the name of type %d has %lld bytes, must have 1 .. %d", frame->n_types, (long long)length,
                          BNSL__NAME_SIZE - 1);
    for (int64_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return bnsl__fail(BNSL_EINVAL, func, "the name of type %d holds a control character", frame->n_types);
    for (int32_t i = 0; i < frame->n_types; i++)
        if (strlen(frame->types[i]) == (size_t)length && memcmp(frame->types[i], name, (size_t)length) == 0) {
            *index_out = i;
            return BNSL_OK;
        }
    if (frame->n_types == BNSL__TYPES_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "there are more than %d types", BNSL__TYPES_MAX);
    void *types = frame->types;
    if (!bnsl__reserve(&types, &frame->cap_types, (int64_t)frame->n_types + 1, sizeof *frame->types))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    frame->types = types;
    memcpy(frame->types[frame->n_types], name, (size_t)length);
    frame->types[frame->n_types][length] = '\0';
    *index_out = frame->n_types++;
    return BNSL_OK;
}

/* "L,S": every name once. */
static bnsl_status set_types(bnsl_io_frame *frame, const char *types, const char *func)
{
    for (const char *name = types;; name++) {
        const size_t length = strcspn(name, ",");
        const int32_t n_before = frame->n_types;
        int32_t index;
        bnsl_status status = bnsl__frame_add_type(frame, name, (int64_t)length, &index, func);
        if (status)
            return status;
        if (index < n_before)
            return bnsl__fail(BNSL_EINVAL, func, "types \"%s\" names \"%s\" twice", types, frame->types[index]);
        name += length;
        if (*name == '\0')
            return BNSL_OK;
    }
}

/* ---- arrays and numbers ------------------------------------------------------------------------------ */

struct bnsl__array *bnsl__frame_array(const bnsl_io_frame *frame, const char *name)
{
    for (int32_t i = 0; i < frame->n_arrays; i++)
        if (strcmp(frame->arrays[i].name, name) == 0)
            return &frame->arrays[i];
    return NULL;
}

/* Makes values, n x columns, the array of that name and owns them; false: no memory, nothing changed. */
static bool attach_array(bnsl_io_frame *frame, const char *name, int32_t columns, double *values)
{
    struct bnsl__array *array = bnsl__frame_array(frame, name);
    if (!array) {
        void *arrays = frame->arrays;
        if (!bnsl__reserve(&arrays, &frame->cap_arrays, (int64_t)frame->n_arrays + 1, sizeof *frame->arrays))
            return false;
        frame->arrays = arrays;
        array = &frame->arrays[frame->n_arrays++];
        strcpy(array->name, name);
        array->values = NULL;
    }
    free(array->values);
    array->values = values;
    array->columns = columns;
    return true;
}

double *bnsl__frame_new_array(bnsl_io_frame *frame, const char *name, int32_t columns)
{
    double *values = bnsl__alloc(frame->n, (size_t)columns * sizeof *values);
    if (values && attach_array(frame, name, columns, values))
        return values;
    free(values);
    return NULL;
}

bnsl_status bnsl__frame_check_array(const char *name, int32_t columns, int64_t n, const double *values, const char *func)
{
    const struct bnsl__quantity *quantity = bnsl__quantity(name);
    if (!quantity)
        return BNSL_OK;
    if (columns != quantity->columns)
        return bnsl__fail(BNSL_EINVAL, func, "%s has %d columns, must have %d", name, columns, quantity->columns);
    const bool whole = quantity->gsd_type == BNSL__GSD_I32, finite = strcmp(name, "position") == 0;
    for (int64_t i = 0; i < n * columns; i++) {
        const double v = values[i];
        if (finite && !isfinite(v))
            return bnsl__fail(BNSL_EINVAL, func, "position of particle %lld is %g, must be finite", (long long)(i / columns), v);
        if (whole && !(v >= INT32_MIN && v <= INT32_MAX && v == floor(v)))
            return bnsl__fail(BNSL_EINVAL, func, "%s of particle %lld is %g, must be a whole number of 32 bits", name, (long long)(i / columns), v);
    }
    return BNSL_OK;
}

bool bnsl__frame_set_scalar(bnsl_io_frame *frame, const char *name, double value)
{
    int32_t i = 0;
    while (i < frame->n_scalars && strcmp(frame->scalars[i].name, name) != 0)
        i++;
    if (i == frame->n_scalars) {
        void *scalars = frame->scalars;
        if (!bnsl__reserve(&scalars, &frame->cap_scalars, (int64_t)i + 1, sizeof *frame->scalars))
            return false;
        frame->scalars = scalars;
        strcpy(frame->scalars[i].name, name);
        frame->n_scalars++;
    }
    frame->scalars[i].value = value;
    return true;
}

static bnsl_status copy_types(bnsl_io_frame *frame, const int32_t *type_index, const char *func)
{
    frame->type_index = bnsl__calloc(frame->n, sizeof *frame->type_index);
    if (!frame->type_index)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t i = 0; type_index && i < frame->n; i++) {
        if (type_index[i] < 0 || type_index[i] >= frame->n_types)
            return bnsl__fail(BNSL_EINVAL, func, "type_index of particle %lld is %d, must be 0 .. %d", (long long)i, type_index[i],
                              frame->n_types - 1);
        frame->type_index[i] = type_index[i];
    }
    return BNSL_OK;
}

bnsl_status bnsl_io_frame_set(bnsl_io_frame *frame, const bnsl_box *box, int64_t step, int64_t n, const double *xyz, const int32_t *type_index,
                              const char *types)
{
    if (!frame)
        return BNSL_FAIL(BNSL_EINVAL, "frame is NULL");
    if (!types)
        return BNSL_FAIL(BNSL_EINVAL, "types is NULL");
    if (n < 0 || n > INT64_MAX / 1024)
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld, must be 0 .. 2^53", (long long)n);
    if (n > 0 && !xyz)
        return BNSL_FAIL(BNSL_EINVAL, "xyz is NULL");
    if (step < 0)
        return BNSL_FAIL(BNSL_EINVAL, "step is %lld, must be >= 0", (long long)step);
    bnsl_status status = bnsl_box_validate(box);
    if (!status)
        status = bnsl__frame_check_array("position", 3, n, xyz, __func__);
    if (status)
        return status;
    bnsl_io_frame next = EMPTY;
    next.box = *box;
    next.step = step;
    next.n = n;
    status = set_types(&next, types, __func__);
    if (!status)
        status = copy_types(&next, type_index, __func__);
    double *position = status ? NULL : bnsl__frame_new_array(&next, "position", 3);
    if (!status && !position)
        status = BNSL_NOMEM();
    if (!status) {
        if (n > 0)
            memcpy(position, xyz, (size_t)n * 3 * sizeof *xyz);
        bnsl__frame_move(frame, &next);
    }
    bnsl__frame_clear(&next);
    return status;
}

bnsl_status bnsl_io_frame_rename_types(bnsl_io_frame *frame, const char *types)
{
    if (!frame || !types)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", frame ? "types" : "frame");
    bnsl_io_frame renamed = EMPTY;
    bnsl_status status = set_types(&renamed, types, __func__);
    if (!status && renamed.n_types != frame->n_types)
        status = BNSL_FAIL(BNSL_EINVAL, "\"%s\" are %d types, the frame has %d", types, renamed.n_types, frame->n_types);
    if (!status)
        memcpy(frame->types, renamed.types, (size_t)frame->n_types * sizeof *frame->types);
    bnsl__frame_clear(&renamed);
    return status;
}

bnsl_status bnsl_io_frame_set_array(bnsl_io_frame *frame, const char *name, int32_t columns, const double *values)
{
    if (!frame)
        return BNSL_FAIL(BNSL_EINVAL, "frame is NULL");
    if (columns < 1 || columns > BNSL__COLUMNS_MAX)
        return BNSL_FAIL(BNSL_EINVAL, "columns is %d, must be 1 .. %d", columns, BNSL__COLUMNS_MAX);
    if (frame->n > 0 && !values)
        return BNSL_FAIL(BNSL_EINVAL, "values is NULL");
    bnsl_status status = check_name(name, __func__);
    if (!status)
        status = bnsl__frame_check_array(name, columns, frame->n, values, __func__);
    if (status)
        return status;
    double *copy = bnsl__alloc(frame->n, (size_t)columns * sizeof *copy);
    if (copy && frame->n > 0)
        memcpy(copy, values, (size_t)frame->n * (size_t)columns * sizeof *values);
    if (copy && attach_array(frame, name, columns, copy)) /* frees the old values last: they may be what was copied */
        return BNSL_OK;
    free(copy);
    return BNSL_NOMEM();
}

bnsl_status bnsl_io_frame_set_scalar(bnsl_io_frame *frame, const char *name, double value)
{
    if (!frame)
        return BNSL_FAIL(BNSL_EINVAL, "frame is NULL");
    const bnsl_status status = check_name(name, __func__);
    if (status)
        return status;
    return bnsl__frame_set_scalar(frame, name, value) ? BNSL_OK : BNSL_NOMEM();
}
