/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot as extended XYZ text, every number with the fewest digits that read back the same bits. O(size of the frame).
 *
 *   N
 *   Lattice="..." Origin="..." pbc="T T T" step=S types="L,S" NAME=VALUE ... Properties=species:S:1:pos:R:3:...
 *   SPECIES X Y Z ...
 */
#include "io_internal.h"

/* Text being built; ok turns false for good when memory runs out. */
struct builder {
    struct bnsl__text *text;
    bool ok;
};

static void put(struct builder *b, const char *string)
{
    b->ok = b->ok && bnsl__text_string(b->text, string);
}

static void put_double(struct builder *b, double value)
{
    b->ok = b->ok && bnsl__text_double(b->text, value);
}

static void put_int64(struct builder *b, int64_t value)
{
    b->ok = b->ok && bnsl__text_int64(b->text, value);
}

static void put_doubles(struct builder *b, int n, const double *values)
{
    for (int i = 0; i < n; i++) {
        put(b, i ? " " : "");
        put_double(b, values[i]);
    }
}

/* Name of an array's column: extended XYZ's where it has one. */
static const char *column_name(const char *name)
{
    return strcmp(name, "position") == 0 ? "pos" : strcmp(name, "velocity") == 0 ? "velo" : name;
}

/* Whole numbers by their meaning are written as such. */
static bool is_integer(const char *name)
{
    const struct bnsl__quantity *quantity = bnsl__quantity(name);
    return quantity && quantity->gsd_type == BNSL__GSD_I32;
}

static bnsl_status check_names(const bnsl_io_frame *frame, const char *func)
{
    for (int32_t i = 0; i < frame->n_types; i++)
        if (strpbrk(frame->types[i], " \t,\"'\\=[]{}"))
            return bnsl__fail(BNSL_EINVAL, func, "the name of type \"%s\" cannot be a species in XYZ: no blanks, commas, quotes, =, brackets",
                              frame->types[i]);
    for (int32_t i = 0; i < frame->n_arrays; i++)
        if (bnsl__xyz_is_reserved(frame->arrays[i].name))
            return bnsl__fail(BNSL_EINVAL, func, "an array cannot be named \"%s\" in XYZ, where this means something else", frame->arrays[i].name);
    for (int32_t i = 0; i < frame->n_scalars; i++)
        if (bnsl__xyz_is_reserved(frame->scalars[i].name))
            return bnsl__fail(BNSL_EINVAL, func, "a number cannot be named \"%s\" in XYZ, where this means something else", frame->scalars[i].name);
    return BNSL_OK;
}

static void put_cell(struct builder *b, const bnsl_box *box)
{
    const double v[9] = {box->lx, 0, 0, box->xy * box->ly, box->ly, 0, box->xz * box->lz, box->yz * box->lz, box->lz};
    double origin[3];
    for (int k = 0; k < 3; k++)
        origin[k] = -(0.5 * (v[k] + v[3 + k] + v[6 + k]));
    put(b, "Lattice=\"");
    put_doubles(b, 9, v);
    put(b, "\" Origin=\"");
    put_doubles(b, 3, origin);
    put(b, "\" pbc=\"");
    for (int k = 0; k < 3; k++) {
        put(b, k ? " " : "");
        put(b, box->periodic >> k & 1 ? "T" : "F");
    }
    put(b, "\"");
}

static void put_comment(struct builder *b, const bnsl_io_frame *frame)
{
    put_cell(b, &frame->box);
    put(b, " step=");
    put_int64(b, frame->step);
    put(b, frame->n_types ? " types=\"" : "");
    for (int32_t i = 0; i < frame->n_types; i++) {
        put(b, i ? "," : "");
        put(b, frame->types[i]);
    }
    put(b, frame->n_types ? "\"" : "");
    for (int32_t i = 0; i < frame->n_scalars; i++) {
        put(b, " ");
        put(b, frame->scalars[i].name);
        put(b, "=");
        put_double(b, frame->scalars[i].value);
    }
    put(b, " Properties=species:S:1");
    if (frame->n_arrays == 0) /* a frame that was never set: the format wants positions */
        put(b, ":pos:R:3");
    for (int32_t i = 0; i < frame->n_arrays; i++) {
        put(b, ":");
        put(b, column_name(frame->arrays[i].name));
        put(b, is_integer(frame->arrays[i].name) ? ":I:" : ":R:");
        put_int64(b, frame->arrays[i].columns);
    }
    put(b, "\n");
}

static void put_particle(struct builder *b, const bnsl_io_frame *frame, int64_t i)
{
    put(b, frame->types[frame->type_index[i]]);
    for (int32_t k = 0; k < frame->n_arrays; k++) {
        const struct bnsl__array *array = &frame->arrays[k];
        const double *values = array->values + i * array->columns;
        const bool integer = is_integer(array->name);
        for (int32_t c = 0; c < array->columns; c++) {
            put(b, " ");
            if (integer)
                put_int64(b, (int64_t)values[c]);
            else
                put_double(b, values[c]);
        }
    }
    put(b, "\n");
}

bnsl_status bnsl__xyz_encode(const bnsl_io_frame *frame, struct bnsl__text *text, const char *func)
{
    struct builder b = {.text = text, .ok = true};
    const bnsl_status status = check_names(frame, func);
    if (status)
        return status;
    put_int64(&b, frame->n);
    put(&b, "\n");
    put_comment(&b, frame);
    for (int64_t i = 0; b.ok && i < frame->n; i++)
        put_particle(&b, frame, i);
    return b.ok ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
}
