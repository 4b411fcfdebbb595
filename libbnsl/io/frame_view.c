/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a snapshot in memory holds. O(1), or O(number of names). */
#include "io_internal.h"

int64_t bnsl_io_frame_n(const bnsl_io_frame *frame)
{
    return frame ? frame->n : 0;
}

int64_t bnsl_io_frame_step(const bnsl_io_frame *frame)
{
    return frame ? frame->step : 0;
}

bnsl_status bnsl_io_frame_box(const bnsl_io_frame *frame, bnsl_box *out)
{
    if (!frame || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", frame ? "out" : "frame");
    *out = frame->box;
    return BNSL_OK;
}

int32_t bnsl_io_frame_n_types(const bnsl_io_frame *frame)
{
    return frame ? frame->n_types : 0;
}

const char *bnsl_io_frame_type_name(const bnsl_io_frame *frame, int32_t i)
{
    return frame && i >= 0 && i < frame->n_types ? frame->types[i] : NULL;
}

const int32_t *bnsl_io_frame_type_index_view(const bnsl_io_frame *frame)
{
    return frame && frame->n > 0 ? frame->type_index : NULL;
}

int32_t bnsl_io_frame_n_arrays(const bnsl_io_frame *frame)
{
    return frame ? frame->n_arrays : 0;
}

const char *bnsl_io_frame_array_name(const bnsl_io_frame *frame, int32_t i)
{
    return frame && i >= 0 && i < frame->n_arrays ? frame->arrays[i].name : NULL;
}

int32_t bnsl_io_frame_n_scalars(const bnsl_io_frame *frame)
{
    return frame ? frame->n_scalars : 0;
}

const char *bnsl_io_frame_scalar_name(const bnsl_io_frame *frame, int32_t i)
{
    return frame && i >= 0 && i < frame->n_scalars ? frame->scalars[i].name : NULL;
}

/* Adds ", name" to a list of at most size bytes, while there is room. */
static void list_name(char *list, size_t size, const char *name)
{
    const size_t used = strlen(list), length = strlen(name);
    if (used + length + 3 > size)
        return;
    strcat(strcat(list, used ? ", " : ""), name);
}

bnsl_status bnsl_io_frame_array_view(const bnsl_io_frame *frame, const char *name, int32_t *columns_out, const double **values_out)
{
    if (!frame || !name || !values_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !frame ? "frame" : !name ? "name" : "values_out");
    const struct bnsl__array *array = bnsl__frame_array(frame, name);
    if (!array) {
        char list[256] = "";
        for (int32_t i = 0; i < frame->n_arrays; i++)
            list_name(list, sizeof list, frame->arrays[i].name);
        return BNSL_FAIL(BNSL_EINVAL, "there is no array \"%s\"; the frame has: %s", name, frame->n_arrays ? list : "none");
    }
    if (columns_out)
        *columns_out = array->columns;
    *values_out = array->values;
    return BNSL_OK;
}

bnsl_status bnsl_io_frame_scalar(const bnsl_io_frame *frame, const char *name, double *value_out)
{
    if (!frame || !name || !value_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !frame ? "frame" : !name ? "name" : "value_out");
    char list[256] = "";
    for (int32_t i = 0; i < frame->n_scalars; i++) {
        if (strcmp(frame->scalars[i].name, name) == 0) {
            *value_out = frame->scalars[i].value;
            return BNSL_OK;
        }
        list_name(list, sizeof list, frame->scalars[i].name);
    }
    return BNSL_FAIL(BNSL_EINVAL, "there is no number \"%s\"; the frame has: %s", name, frame->n_scalars ? list : "none");
}
