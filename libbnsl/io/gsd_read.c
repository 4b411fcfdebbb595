/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One frame of a GSD file as a snapshot, by hoomd schema 1.4: a chunk that the frame lacks is that of frame 0 if it has as many
 * particles, else the schema's initial value. O(size of the frame) and O(number of names).
 */
#include <stdlib.h>

#include "io_internal.h"

/* The frame at work: for each name its entry in the frame and in frame 0, or -1. */
struct decoder {
    const struct bnsl__gsd_file *file;
    const char *func;
    int64_t frame, n; /* number of the frame, its particles */
    int64_t *here, *first;
};

/* ---- chunks --------------------------------------------------------------------------------------------- */

static bnsl_status no_memory(const struct decoder *d)
{
    return bnsl__fail(BNSL_ENOMEM, d->func, "%s: no memory for frame %lld", d->file->path, (long long)d->frame);
}

static bnsl_status bad_chunk(const struct decoder *d, const struct bnsl__gsd_entry *entry, const char *what)
{
    return bnsl__fail(BNSL_EFORMAT, d->func, "%s: frame %lld: %s is %lld x %lld of type %d, %s", d->file->path, (long long)d->frame,
                      d->file->names[entry->id], (long long)entry->n, (long long)entry->m, entry->type, what);
}

/* First entry of the index that belongs to frame or a later one. */
static int64_t lower_bound(const struct bnsl__gsd_file *file, int64_t frame)
{
    int64_t low = 0, high = file->n_entries;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (file->entries[middle].frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int64_t *entries_of(const struct bnsl__gsd_file *file, int64_t frame)
{
    int64_t *map = bnsl__alloc(file->n_names, sizeof *map);
    if (!map)
        return NULL;
    for (int32_t id = 0; id < file->n_names; id++)
        map[id] = -1;
    for (int64_t i = lower_bound(file, frame); i < file->n_entries && file->entries[i].frame == frame; i++)
        if (map[file->entries[i].id] < 0)
            map[file->entries[i].id] = i;
    return map;
}

/* The entry of a name in the frame, else in frame 0; NULL: in neither. *inherited: it is frame 0's. */
static const struct bnsl__gsd_entry *find(const struct decoder *d, const char *name, bool *inherited)
{
    for (int32_t id = 0; id < d->file->n_names; id++)
        if (strcmp(d->file->names[id], name) == 0) {
            const int64_t i = d->here[id] >= 0 ? d->here[id] : d->first[id];
            *inherited = d->here[id] < 0;
            if (i >= 0)
                return &d->file->entries[i];
        }
    return NULL;
}

static double decode_value(const unsigned char *p, int type)
{
    const uint64_t bits = bnsl__get_u64(p, bnsl__gsd_size(type));
    float f;
    double v;
    switch (type) {
    case BNSL__GSD_I8: return (int8_t)bits;
    case BNSL__GSD_I16: return (int16_t)bits;
    case BNSL__GSD_I32: return (int32_t)bits;
    case BNSL__GSD_I64: return (double)(int64_t)bits;
    case BNSL__GSD_F32: {
        const uint32_t low = (uint32_t)bits;
        memcpy(&f, &low, sizeof f);
        return f;
    }
    case BNSL__GSD_F64: memcpy(&v, &bits, sizeof v); return v;
    default: return (double)bits;
    }
}

/* The bytes of a chunk; free(). Its size is within the file (gsd_open.c). */
static bnsl_status read_bytes(const struct decoder *d, const struct bnsl__gsd_entry *entry, unsigned char **bytes_out)
{
    const int64_t size = entry->n * entry->m * bnsl__gsd_size(entry->type);
    unsigned char *bytes = bnsl__alloc(size, 1);
    if (!bytes)
        return no_memory(d);
    const bnsl_status status = bnsl__input_read(&d->file->in, d->file->path, entry->location, bytes, size, d->func);
    if (status)
        free(bytes);
    else
        *bytes_out = bytes;
    return status;
}

/* The values of a chunk, n x m of them. */
static bnsl_status read_values(const struct decoder *d, const struct bnsl__gsd_entry *entry, double *values)
{
    unsigned char *bytes;
    const bnsl_status status = read_bytes(d, entry, &bytes);
    if (status)
        return status;
    const int size = bnsl__gsd_size(entry->type);
    for (int64_t i = 0; i < entry->n * entry->m; i++)
        values[i] = decode_value(bytes + i * size, entry->type);
    free(bytes);
    return BNSL_OK;
}

/* A single whole number >= 0; *value_io keeps its value when the file has none. */
static bnsl_status read_integer(const struct decoder *d, const char *name, int64_t *value_io)
{
    bool inherited;
    unsigned char *bytes;
    const struct bnsl__gsd_entry *entry = find(d, name, &inherited);
    if (!entry)
        return BNSL_OK;
    if (entry->n * entry->m != 1 || entry->type > BNSL__GSD_I64)
        return bad_chunk(d, entry, "must be one whole number");
    const bnsl_status status = read_bytes(d, entry, &bytes);
    if (status)
        return status;
    uint64_t value = bnsl__get_u64(bytes, bnsl__gsd_size(entry->type));
    if (entry->type >= BNSL__GSD_I8 && value >> (8 * bnsl__gsd_size(entry->type) - 1)) /* negative */
        value = UINT64_MAX;
    free(bytes);
    if (value > INT64_MAX)
        return bad_chunk(d, entry, "must be a number from 0 to 2^63 - 1");
    *value_io = (int64_t)value;
    return BNSL_OK;
}

/* ---- what every frame has ---------------------------------------------------------------------------------- */

static bnsl_status read_box(const struct decoder *d, bnsl_box *box)
{
    double v[6];
    bool inherited;
    int64_t dimensions = 3, periodic = BNSL_PERIODIC_XYZ;
    bnsl_status status = read_integer(d, "configuration/dimensions", &dimensions);
    if (!status)
        status = read_integer(d, BNSL__GSD_PERIODIC, &periodic);
    if (status)
        return status;
    if (dimensions != 3)
        return bnsl__fail(BNSL_EUNSUPPORTED, d->func, "%s: frame %lld has %lld dimensions; read are 3", d->file->path, (long long)d->frame,
                          (long long)dimensions);
    const struct bnsl__gsd_entry *entry = find(d, "configuration/box", &inherited);
    if (!entry)
        return BNSL_OK;
    if (entry->n * entry->m != 6)
        return bad_chunk(d, entry, "must be 6 numbers");
    status = read_values(d, entry, v);
    if (status)
        return status;
    const bnsl_box read = {v[0], v[1], v[2], v[3], v[4], v[5], periodic <= BNSL_PERIODIC_XYZ ? (int32_t)periodic : -1, 0};
    if (bnsl_box_validate(&read) != BNSL_OK)
        return bnsl__fail(BNSL_EFORMAT, d->func, "%s: frame %lld has no valid box: lengths %g %g %g, tilts %g %g %g, periodic %lld", d->file->path,
                          (long long)d->frame, v[0], v[1], v[2], v[3], v[4], v[5], (long long)periodic);
    *box = read;
    return BNSL_OK;
}

static bnsl_status read_type_names(const struct decoder *d, bnsl_io_frame *frame)
{
    bool inherited;
    int32_t index;
    unsigned char *bytes;
    const struct bnsl__gsd_entry *entry = find(d, "particles/types", &inherited);
    if (!entry)
        return bnsl__frame_add_type(frame, "A", 1, &index, d->func);
    if (bnsl__gsd_size(entry->type) != 1)
        return bad_chunk(d, entry, "must be text");
    bnsl_status status = read_bytes(d, entry, &bytes);
    if (status)
        return status;
    for (int64_t i = 0; !status && i < entry->n; i++) {
        const char *name = (const char *)bytes + i * entry->m;
        const char *nul = memchr(name, '\0', (size_t)entry->m);
        status = bnsl__frame_add_type(frame, name, nul ? nul - name : entry->m, &index, d->func);
        if (status == BNSL_EINVAL || (!status && index != i))
            status = bad_chunk(d, entry, "must be different names of 1 .. 63 printable bytes");
    }
    free(bytes);
    return status;
}

static bnsl_status read_types(const struct decoder *d, bnsl_io_frame *frame)
{
    bool inherited;
    unsigned char *bytes = NULL;
    bnsl_status status = read_type_names(d, frame);
    if (status)
        return status;
    if (d->n > 0 && frame->n_types == 0)
        return bnsl__fail(BNSL_EFORMAT, d->func, "%s: frame %lld has %lld particles, but no types", d->file->path, (long long)d->frame,
                          (long long)d->n);
    frame->type_index = bnsl__calloc(d->n, sizeof *frame->type_index);
    if (!frame->type_index)
        return no_memory(d);
    const struct bnsl__gsd_entry *entry = find(d, "particles/typeid", &inherited);
    if (!entry || (inherited && entry->n != d->n))
        return BNSL_OK;
    if (entry->n != d->n || entry->m != 1 || entry->type > BNSL__GSD_U64)
        return bad_chunk(d, entry, "must be a number >= 0 for each particle");
    status = read_bytes(d, entry, &bytes);
    for (int64_t i = 0; !status && i < d->n; i++) {
        const int size = bnsl__gsd_size(entry->type);
        const uint64_t type = bnsl__get_u64(bytes + i * size, size);
        if (type < (uint64_t)frame->n_types)
            frame->type_index[i] = (int32_t)type;
        else
            status = bnsl__fail(BNSL_EFORMAT, d->func, "%s: frame %lld: particle %lld has type %llu, but there are %d types", d->file->path,
                                (long long)d->frame, (long long)i, (unsigned long long)type, frame->n_types);
    }
    free(bytes);
    return status;
}

/* ---- particles and results ----------------------------------------------------------------------------------- */

static bnsl_status read_quantity(const struct decoder *d, bnsl_io_frame *frame, const struct bnsl__quantity *quantity)
{
    bool inherited;
    const struct bnsl__gsd_entry *entry = find(d, quantity->chunk, &inherited);
    const bool initial = !entry || (inherited && entry->n != d->n);
    if (!entry && strcmp(quantity->name, "position") != 0)
        return BNSL_OK;
    if (!initial && (entry->n != d->n || entry->m != quantity->columns || entry->type > BNSL__GSD_F64))
        return bad_chunk(d, entry, "which does not fit the number of particles or the schema");
    double *values = bnsl__frame_new_array(frame, quantity->name, quantity->columns);
    if (!values)
        return no_memory(d);
    for (int64_t i = 0; initial && i < d->n * quantity->columns; i++)
        values[i] = quantity->initial[i % quantity->columns];
    bnsl_status status = initial ? BNSL_OK : read_values(d, entry, values);
    if (!status && bnsl__frame_check_array(quantity->name, quantity->columns, d->n, values, d->func))
        status = bnsl__fail(BNSL_EFORMAT, d->func, "%s: frame %lld: %s has a value that is not finite or not whole", d->file->path,
                            (long long)d->frame, quantity->chunk);
    return status;
}

/* The frame's name of log/NAME or log/particles/NAME; false: it has none. */
static bool log_name(const char *chunk, char name[BNSL__NAME_SIZE], bool *per_particle)
{
    static const char all[] = "log/", particles[] = "log/particles/";
    if (strncmp(chunk, all, sizeof all - 1) != 0 || strcmp(chunk, BNSL__GSD_PERIODIC) == 0)
        return false;
    *per_particle = strncmp(chunk, particles, sizeof particles - 1) == 0;
    const char *own = chunk + (*per_particle ? sizeof particles : sizeof all) - 1;
    return bnsl__clean_name(name, own, (int64_t)strlen(own)) && !(*per_particle && bnsl__quantity(name));
}

static bnsl_status read_log(const struct decoder *d, bnsl_io_frame *frame, const struct bnsl__gsd_entry *entry)
{
    char name[BNSL__NAME_SIZE];
    bool per_particle;
    if (!log_name(d->file->names[entry->id], name, &per_particle) || entry->type > BNSL__GSD_F64)
        return BNSL_OK;
    if (!per_particle) {
        double value;
        if (entry->n != 1 || entry->m != 1)
            return BNSL_OK;
        const bnsl_status status = read_values(d, entry, &value);
        if (status)
            return status;
        return bnsl__frame_set_scalar(frame, name, value) ? BNSL_OK : no_memory(d);
    }
    if (entry->n != d->n || entry->m < 1 || entry->m > BNSL__COLUMNS_MAX)
        return BNSL_OK;
    double *values = bnsl__frame_new_array(frame, name, (int32_t)entry->m);
    return values ? read_values(d, entry, values) : no_memory(d);
}

static bnsl_status decode(struct decoder *d, bnsl_io_frame *frame)
{
    bnsl_status status = read_integer(d, "configuration/step", &frame->step);
    if (!status)
        status = read_integer(d, "particles/N", &d->n);
    if (!status)
        status = read_box(d, &frame->box);
    if (status)
        return status;
    bool inherited;
    const struct bnsl__gsd_entry *position = find(d, "particles/position", &inherited);
    if (d->n > 0 && (!position || position->n != d->n || position->m != 3)) /* before memory is asked for: this chunk's size is known to be true */
        return bnsl__fail(BNSL_EFORMAT, d->func, "%s: frame %lld has %lld particles, but %lld positions", d->file->path, (long long)d->frame,
                          (long long)d->n, (long long)(position ? position->n : 0));
    frame->n = d->n;
    status = read_types(d, frame);
    for (int k = 0; !status && k < BNSL__N_QUANTITIES; k++)
        status = read_quantity(d, frame, &bnsl__quantities[k]);
    for (int32_t id = 0; !status && id < d->file->n_names; id++) {
        const int64_t i = d->here[id] >= 0 ? d->here[id] : d->first[id];
        if (i >= 0)
            status = read_log(d, frame, &d->file->entries[i]);
    }
    return status;
}

bnsl_status bnsl__gsd_read(const struct bnsl__gsd_file *file, int64_t frame, bnsl_io_frame *frame_out, const char *func)
{
    struct decoder d = {.file = file, .func = func, .frame = frame, .here = entries_of(file, frame), .first = entries_of(file, 0)};
    const bnsl_status status = d.here && d.first ? decode(&d, frame_out) : no_memory(&d);
    free(d.here);
    free(d.first);
    return status;
}

/* ---- what a snapshot cannot hold -------------------------------------------------------------------------- */

static bool is_readable(const char *chunk, const struct bnsl__gsd_entry *entry)
{
    static const char *const others[] = {"configuration/step", "configuration/box", "configuration/dimensions", "particles/N",
                                         "particles/types",    "particles/typeid",  BNSL__GSD_PERIODIC};
    char name[BNSL__NAME_SIZE];
    bool per_particle;
    const bool fits_32_bits = entry->type != BNSL__GSD_F64; /* schema 2 has floats of 64 bits too; frames are written with 32 */
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(chunk, others[i]) == 0)
            return fits_32_bits;
    for (int k = 0; k < BNSL__N_QUANTITIES; k++)
        if (strcmp(chunk, bnsl__quantities[k].chunk) == 0)
            return fits_32_bits;
    if (!log_name(chunk, name, &per_particle) || entry->type > BNSL__GSD_F64)
        return false;
    const bool fits = per_particle ? entry->m >= 1 && entry->m <= BNSL__COLUMNS_MAX : entry->n == 1 && entry->m == 1;
    return fits && strcmp(name, strrchr(chunk, '/') + 1) == 0 && strlen(name) + (per_particle ? 14 : 4) == strlen(chunk);
}

const char *bnsl__gsd_unreadable(const struct bnsl__gsd_file *file)
{
    for (int64_t i = 0; i < file->n_entries; i++)
        if (!is_readable(file->names[file->entries[i].id], &file->entries[i]))
            return file->names[file->entries[i].id];
    return NULL;
}
