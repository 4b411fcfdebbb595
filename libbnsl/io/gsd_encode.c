/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot as chunks of GSD's hoomd schema 1.4. What reading gives back, encoded again, gives the same bytes: so a file is a
 * function of the snapshots alone. O(size of the frame).
 *
 * Frame 0 has a chunk for everything that the snapshot has. A later frame leaves out a particles/ or configuration/ chunk that
 * equals frame 0's, which is where readers look then; the step, the positions and everything under log/ are always written.
 * Results become u8, i32 or f64: the narrowest that holds frame 0's values, and in a later frame its own as well.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "io_internal.h"

/* The frame at work. */
struct encoder {
    const bnsl_io_frame *frame;
    const struct bnsl__gsd_code *first; /* NULL for frame 0 */
    struct bnsl__gsd_code *code;
    const char *func;
};

int bnsl__gsd_size(int type)
{
    static const int sizes[] = {0, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 1};
    return type >= 1 && type < (int)(sizeof sizes / sizeof sizes[0]) ? sizes[type] : 0;
}

void bnsl__gsd_code_free(struct bnsl__gsd_code *code)
{
    free(code->chunks);
    free(code->bytes.data);
    *code = (struct bnsl__gsd_code){0};
}

const struct bnsl__gsd_chunk *bnsl__gsd_code_find(const struct bnsl__gsd_code *code, const char *name)
{
    for (int64_t i = 0; code && i < code->n_chunks; i++)
        if (strcmp(code->chunks[i].name, name) == 0)
            return &code->chunks[i];
    return NULL;
}

/* Adds a chunk and returns room for its values; NULL: no memory. */
static unsigned char *add_chunk(struct encoder *e, const char *name, int type, int64_t n, int64_t m)
{
    struct bnsl__gsd_code *code = e->code;
    void *chunks = code->chunks;
    if (!bnsl__reserve(&chunks, &code->cap_chunks, code->n_chunks + 1, sizeof *code->chunks))
        return NULL;
    code->chunks = chunks;
    struct bnsl__gsd_chunk *chunk = &code->chunks[code->n_chunks];
    *chunk = (struct bnsl__gsd_chunk){.type = (uint8_t)type, .n = n, .m = m, .offset = code->bytes.length};
    snprintf(chunk->name, sizeof chunk->name, "%s", name);
    char *room = bnsl__text_extend(&code->bytes, n * m * bnsl__gsd_size(type));
    if (!room && n * m == 0 && bnsl__text_extend(&code->bytes, 1)) /* a chunk without values still has a place */
        room = code->bytes.data + --code->bytes.length;
    if (room)
        code->n_chunks++;
    return (unsigned char *)room;
}

/* Takes the last chunk back when it is what a reader takes from frame 0 anyway. */
static void drop_if_inherited(struct encoder *e)
{
    struct bnsl__gsd_code *code = e->code;
    const struct bnsl__gsd_chunk *chunk = &code->chunks[code->n_chunks - 1], *old = bnsl__gsd_code_find(e->first, chunk->name);
    const int64_t size = chunk->n * chunk->m * bnsl__gsd_size(chunk->type);
    if (!old || old->n != chunk->n || old->m != chunk->m || old->type != chunk->type ||
        memcmp(e->first->bytes.data + old->offset, code->bytes.data + chunk->offset, (size_t)size) != 0)
        return;
    code->bytes.length = chunk->offset;
    code->n_chunks--;
}

static bnsl_status no_memory(const struct encoder *e)
{
    return bnsl__fail(BNSL_ENOMEM, e->func, "out of memory");
}

static bool fits_float(double v)
{
    return isnan(v) || fabs(v) <= (double)FLT_MAX;
}

/* ---- box, step, types ---------------------------------------------------------------------------------- */

/* The box of the frame with its lengths and tilts rounded to float. */
static bnsl_status float_box(const struct encoder *e, bnsl_box *box)
{
    *box = e->frame->box;
    double *const fields[] = {&box->lx, &box->ly, &box->lz, &box->xy, &box->xz, &box->yz};
    for (int i = 0; i < 6; i++) {
        if (!fits_float(*fields[i]) || (i < 3 && !((float)*fields[i] > 0)))
            return bnsl__fail(BNSL_EINVAL, e->func, "a box of %g x %g x %g, tilts %g %g %g, is beyond the floats of a GSD file", e->frame->box.lx,
                              e->frame->box.ly, e->frame->box.lz, e->frame->box.xy, e->frame->box.xz, e->frame->box.yz);
        *fields[i] = (float)*fields[i];
    }
    return BNSL_OK;
}

static bnsl_status encode_configuration(struct encoder *e, const bnsl_box *box)
{
    unsigned char *step = add_chunk(e, "configuration/step", BNSL__GSD_U64, 1, 1);
    if (!step)
        return no_memory(e);
    bnsl__put_u64(step, (uint64_t)e->frame->step, 8);
    unsigned char *edges = add_chunk(e, "configuration/box", BNSL__GSD_F32, 6, 1);
    if (!edges)
        return no_memory(e);
    const double fields[6] = {box->lx, box->ly, box->lz, box->xy, box->xz, box->yz};
    for (int i = 0; i < 6; i++)
        bnsl__put_f32(edges + 4 * i, (float)fields[i]);
    drop_if_inherited(e);
    unsigned char *n = add_chunk(e, "particles/N", BNSL__GSD_U32, 1, 1);
    if (!n)
        return no_memory(e);
    bnsl__put_u64(n, (uint64_t)e->frame->n, 4);
    drop_if_inherited(e);
    return BNSL_OK;
}

static bnsl_status encode_types(struct encoder *e)
{
    const bnsl_io_frame *frame = e->frame;
    size_t width = 1;
    for (int32_t i = 0; i < frame->n_types; i++)
        width = strlen(frame->types[i]) + 1 > width ? strlen(frame->types[i]) + 1 : width;
    unsigned char *names = add_chunk(e, "particles/types", BNSL__GSD_I8, frame->n_types, (int64_t)width);
    if (!names)
        return no_memory(e);
    for (int32_t i = 0; i < frame->n_types; i++) {
        memset(names + (size_t)i * width, 0, width);
        memcpy(names + (size_t)i * width, frame->types[i], strlen(frame->types[i]));
    }
    drop_if_inherited(e);
    unsigned char *ids = add_chunk(e, "particles/typeid", BNSL__GSD_U32, frame->n, 1);
    if (!ids)
        return no_memory(e);
    for (int64_t i = 0; i < frame->n; i++)
        bnsl__put_u64(ids + 4 * i, (uint64_t)frame->type_index[i], 4);
    drop_if_inherited(e);
    return BNSL_OK;
}

/* ---- particles ------------------------------------------------------------------------------------------ */

/* Wraps all positions; image (n x 3) holds the images on entry and exit. *moved: whether some image is not zero. */
static bnsl_status wrap_positions(const struct encoder *e, const bnsl_box *box, const double *xyz, float *out, double *image, bool *moved)
{
    for (int64_t i = 0; i < e->frame->n; i++) {
        double crossed[3];
        const int axis = bnsl__gsd_wrap(box, xyz + 3 * i, out + 3 * i, crossed);
        if (axis >= 0)
            return bnsl__fail(BNSL_EINVAL, e->func,
                              "particle %lld at (%g, %g, %g) is outside the box along %c, where it is not periodic: use a larger box",
                              (long long)i, xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2], "xyz"[axis]);
        for (int k = 0; k < 3; k++) {
            image[3 * i + k] += crossed[k];
            if (!(fabs(image[3 * i + k]) <= INT32_MAX))
                return bnsl__fail(BNSL_EINVAL, e->func, "particle %lld is %g boxes away along %c, more than 32 bits hold", (long long)i,
                                  image[3 * i + k], "xyz"[k]);
            if (image[3 * i + k] != 0)
                *moved = true;
        }
    }
    return BNSL_OK;
}

/* Values of a quantity in the type that the schema gives it; values NULL: the initial ones. */
static bnsl_status encode_quantity(struct encoder *e, const struct bnsl__quantity *quantity, const double *values)
{
    const int64_t m = quantity->columns, n = e->frame->n;
    unsigned char *p = add_chunk(e, quantity->chunk, quantity->gsd_type, n, m);
    if (!p)
        return no_memory(e);
    for (int64_t i = 0; i < n * m; i++, p += 4) {
        const double v = values ? values[i] : quantity->initial[i % m];
        if (quantity->gsd_type == BNSL__GSD_I32)
            bnsl__put_u64(p, (uint64_t)(int64_t)v, 4);
        else if (fits_float(v))
            bnsl__put_f32(p, (float)v);
        else
            return bnsl__fail(BNSL_EINVAL, e->func, "%s of particle %lld is %g, beyond the floats of a GSD file", quantity->name,
                              (long long)(i / m), v);
    }
    drop_if_inherited(e);
    return BNSL_OK;
}

static bnsl_status encode_positions(struct encoder *e, const bnsl_box *box)
{
    const int64_t n = e->frame->n;
    const struct bnsl__array *position = bnsl__frame_array(e->frame, "position"), *image = bnsl__frame_array(e->frame, "image");
    const struct bnsl__quantity *meaning = bnsl__quantity("image");
    float *wrapped = bnsl__alloc(n, 3 * sizeof *wrapped);
    double *images = bnsl__calloc(n, 3 * sizeof *images);
    bool moved = false;
    bnsl_status status = wrapped && images ? BNSL_OK : no_memory(e);
    if (!status && image && n > 0)
        memcpy(images, image->values, (size_t)n * 3 * sizeof *images);
    if (!status && position)
        status = wrap_positions(e, box, position->values, wrapped, images, &moved);
    unsigned char *p = status ? NULL : add_chunk(e, "particles/position", BNSL__GSD_F32, position ? n : 0, 3);
    if (!status && !p)
        status = no_memory(e);
    for (int64_t i = 0; !status && i < 3 * n; i++)
        bnsl__put_f32(p + 4 * i, wrapped[i]);
    if (!status && (image || moved || bnsl__gsd_code_find(e->first, meaning->chunk)))
        status = encode_quantity(e, meaning, images);
    free(wrapped);
    free(images);
    return status;
}

static bnsl_status encode_quantities(struct encoder *e)
{
    for (int k = 0; k < BNSL__N_QUANTITIES; k++) {
        const struct bnsl__quantity *quantity = &bnsl__quantities[k];
        const struct bnsl__array *array = bnsl__frame_array(e->frame, quantity->name);
        if (strcmp(quantity->name, "position") == 0 || strcmp(quantity->name, "image") == 0)
            continue;
        if (!array && !bnsl__gsd_code_find(e->first, quantity->chunk))
            continue;
        const bnsl_status status = encode_quantity(e, quantity, array ? array->values : NULL);
        if (status)
            return status;
    }
    return BNSL_OK;
}

/* ---- results -------------------------------------------------------------------------------------------- */

/* The narrowest of u8, i32, f64 that holds every value with its sign; *type_io is a lower bound. */
static void widen(int64_t count, const double *values, int *type_io)
{
    for (int64_t i = 0; i < count && *type_io != BNSL__GSD_F64; i++) {
        const double v = values[i];
        if (!(v >= INT32_MIN && v <= INT32_MAX && v == floor(v)) || (v == 0 && signbit(v)))
            *type_io = BNSL__GSD_F64;
        else if (!(v >= 0 && v <= UINT8_MAX))
            *type_io = BNSL__GSD_I32;
    }
}

/* The chunk of that name in frame 0, which must be there when this is not frame 0. */
static bnsl_status check_log(const struct encoder *e, const char *name, const struct bnsl__gsd_chunk **old)
{
    *old = bnsl__gsd_code_find(e->first, name);
    if (e->first && !*old)
        return bnsl__fail(BNSL_EINVAL, e->func, "\"%s\" is not in the first frame, and a GSD file needs it there", name + strlen("log/"));
    return BNSL_OK;
}

static bnsl_status encode_result(struct encoder *e, const struct bnsl__array *array)
{
    char name[BNSL__CHUNK_NAME_SIZE];
    const struct bnsl__gsd_chunk *old;
    const int64_t count = e->frame->n * array->columns;
    snprintf(name, sizeof name, "log/particles/%s", array->name);
    const bnsl_status status = check_log(e, name, &old);
    if (status)
        return status;
    int type = old ? old->type : count > 0 ? BNSL__GSD_U8 : BNSL__GSD_F64;
    widen(count, array->values, &type);
    unsigned char *p = add_chunk(e, name, type, e->frame->n, array->columns);
    if (!p)
        return no_memory(e);
    for (int64_t i = 0; i < count; i++) {
        if (type == BNSL__GSD_F64)
            bnsl__put_f64(p + 8 * i, array->values[i]);
        else
            bnsl__put_u64(p + bnsl__gsd_size(type) * i, (uint64_t)(int64_t)array->values[i], bnsl__gsd_size(type));
    }
    return BNSL_OK;
}

static bnsl_status encode_scalar(struct encoder *e, const struct bnsl__scalar *scalar)
{
    char name[BNSL__CHUNK_NAME_SIZE];
    const struct bnsl__gsd_chunk *old;
    snprintf(name, sizeof name, "log/%s", scalar->name);
    const bnsl_status status = check_log(e, name, &old);
    if (status)
        return status;
    unsigned char *p = add_chunk(e, name, BNSL__GSD_F64, 1, 1);
    if (!p)
        return no_memory(e);
    bnsl__put_f64(p, scalar->value);
    return BNSL_OK;
}

/* The axes along which the box is periodic; GSD knows only boxes that are periodic along all three. */
static bnsl_status encode_periodic(struct encoder *e)
{
    const int32_t periodic = e->frame->box.periodic;
    const bool in_first = bnsl__gsd_code_find(e->first, BNSL__GSD_PERIODIC) != NULL;
    if (periodic == BNSL_PERIODIC_XYZ && !in_first)
        return BNSL_OK;
    if (e->first && !in_first)
        return bnsl__fail(BNSL_EINVAL, e->func, "the box is not periodic along every axis (%d), but that of the first frame is", periodic);
    unsigned char *p = add_chunk(e, BNSL__GSD_PERIODIC, BNSL__GSD_U8, 1, 1);
    if (!p)
        return no_memory(e);
    *p = (unsigned char)periodic;
    return BNSL_OK;
}

static bnsl_status encode_results(struct encoder *e)
{
    bnsl_status status = encode_periodic(e);
    for (int32_t i = 0; !status && i < e->frame->n_scalars; i++)
        status = encode_scalar(e, &e->frame->scalars[i]);
    for (int32_t i = 0; !status && i < e->frame->n_arrays; i++)
        if (!bnsl__quantity(e->frame->arrays[i].name))
            status = encode_result(e, &e->frame->arrays[i]);
    for (int64_t i = 0; !status && e->first && i < e->first->n_chunks; i++) {
        const char *name = e->first->chunks[i].name;
        if (strncmp(name, "log/", 4) == 0 && !bnsl__gsd_code_find(e->code, name))
            status = bnsl__fail(BNSL_EINVAL, e->func,
                                "\"%s\" is missing: the first frame has it, and then a GSD file needs it in every one", name + 4);
    }
    return status;
}

bnsl_status bnsl__gsd_encode(const bnsl_io_frame *frame, const struct bnsl__gsd_code *first, struct bnsl__gsd_code *code, const char *func)
{
    struct encoder e = {.frame = frame, .first = first, .code = code, .func = func};
    bnsl_box box;
    if (frame->n > UINT32_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "the frame has %lld particles, a GSD file holds at most %u", (long long)frame->n, UINT32_MAX);
    bnsl_status status = float_box(&e, &box);
    if (!status)
        status = encode_configuration(&e, &box);
    if (!status)
        status = encode_types(&e);
    if (!status)
        status = encode_positions(&e, &box);
    if (!status)
        status = encode_quantities(&e);
    if (!status)
        status = encode_results(&e);
    return status;
}
