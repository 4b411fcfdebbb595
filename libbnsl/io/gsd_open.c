/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GSD files: header, names and index (file layer 2, as published with GSD 3). Nothing in the file is believed: every size is held
 * against the length of the file before memory is asked for. Index and names stay in memory, 32 bytes a chunk; O(entries).
 */
#include <stdlib.h>

#include "io_internal.h"

/* Header fields in use. */
struct header {
    uint64_t index_location, index_entries, names_location, names_units;
    uint32_t schema_version, file_version;
    char schema[64];
};

static bnsl_status corrupt(const struct bnsl__gsd_file *file, const char *func, const char *what, uint64_t value, uint64_t limit)
{
    return bnsl__fail(BNSL_EFORMAT, func, "%s: corrupt or truncated GSD file: %s (%llu, the file has %llu)", file->path, what,
                      (unsigned long long)value, (unsigned long long)limit);
}

static bnsl_status read_header(const struct bnsl__gsd_file *file, struct header *header, const char *func)
{
    unsigned char bytes[BNSL__GSD_HEADER_SIZE];
    const uint64_t size = (uint64_t)file->in.size;
    if (file->in.size < BNSL__GSD_HEADER_SIZE)
        return corrupt(file, func, "the header has 256 bytes", BNSL__GSD_HEADER_SIZE, size);
    bnsl_status status = bnsl__input_read(&file->in, file->path, 0, bytes, sizeof bytes, func);
    if (status)
        return status;
    if (bnsl__get_u64(bytes, 8) != BNSL__GSD_MAGIC)
        return bnsl__fail(BNSL_EFORMAT, func, "%s is not a GSD file: it does not begin with GSD's mark", file->path);
    *header = (struct header){.index_location = bnsl__get_u64(bytes + 8, 8),
                              .index_entries = bnsl__get_u64(bytes + 16, 8),
                              .names_location = bnsl__get_u64(bytes + 24, 8),
                              .names_units = bnsl__get_u64(bytes + 32, 8),
                              .schema_version = (uint32_t)bnsl__get_u64(bytes + 40, 4),
                              .file_version = (uint32_t)bnsl__get_u64(bytes + 44, 4)};
    memcpy(header->schema, bytes + 112, 63);
    header->schema[63] = '\0';
    if (header->file_version >> 16 != 2)
        return bnsl__fail(BNSL_EUNSUPPORTED, func, "%s has GSD version %u.%u; read is version 2 (the gsd package converts older files)", file->path,
                          header->file_version >> 16, header->file_version & 0xffff);
    const uint32_t schema = header->schema_version >> 16;
    if (strcmp(header->schema, "hoomd") != 0 || (schema != 1 && schema != 2))
        return bnsl__fail(BNSL_EUNSUPPORTED, func, "%s has schema \"%s\" %u.%u; read are hoomd 1 and 2", file->path, header->schema,
                          header->schema_version >> 16, header->schema_version & 0xffff);
    if (header->names_location > size || header->names_units > (size - header->names_location) / BNSL__GSD_NAME_UNIT)
        return corrupt(file, func, "the names lie beyond the end", header->names_location, size);
    if (header->index_location > size || header->index_entries > (size - header->index_location) / BNSL__GSD_ENTRY_SIZE)
        return corrupt(file, func, "the index lies beyond the end", header->index_location, size);
    return BNSL_OK;
}

static bnsl_status read_names(struct bnsl__gsd_file *file, const struct header *header, const char *func)
{
    const int64_t size = (int64_t)header->names_units * BNSL__GSD_NAME_UNIT;
    file->name_bytes = bnsl__alloc(size + 1, 1);
    if (!file->name_bytes)
        return bnsl__fail(BNSL_ENOMEM, func, "%s: no memory for its names", file->path);
    const bnsl_status status = bnsl__input_read(&file->in, file->path, (int64_t)header->names_location, file->name_bytes, size, func);
    if (status)
        return status;
    file->name_bytes[size] = '\0';
    int64_t n = 0;
    for (int64_t at = 0; at < size && file->name_bytes[at]; at += (int64_t)strlen(file->name_bytes + at) + 1)
        n++;
    if (n > BNSL__GSD_NAMES_MAX)
        return corrupt(file, func, "more names than a GSD file can have", (uint64_t)n, BNSL__GSD_NAMES_MAX);
    file->names = bnsl__alloc(n, sizeof *file->names);
    if (!file->names)
        return bnsl__fail(BNSL_ENOMEM, func, "%s: no memory for its names", file->path);
    for (char *name = file->name_bytes; file->n_names < n; name += strlen(name) + 1)
        file->names[file->n_names++] = name;
    return BNSL_OK;
}

static struct bnsl__gsd_entry decode_entry(const unsigned char *p)
{
    /* Numbers above 2^63 become negative, which check_entry refuses. */
    return (struct bnsl__gsd_entry){.frame = (int64_t)bnsl__get_u64(p, 8),
                                    .n = (int64_t)bnsl__get_u64(p + 8, 8),
                                    .location = (int64_t)bnsl__get_u64(p + 16, 8),
                                    .m = (int64_t)bnsl__get_u64(p + 24, 4),
                                    .id = (int32_t)bnsl__get_u64(p + 28, 2),
                                    .type = p[30]};
}

static bnsl_status check_entry(const struct bnsl__gsd_file *file, const struct bnsl__gsd_entry *entry, int64_t i, int64_t n_allocated,
                               const char *func)
{
    const int64_t size = bnsl__gsd_size(entry->type), previous = i > 0 ? file->entries[i - 1].frame : 0;
    const char *what = NULL;
    if (size == 0)
        what = "a chunk of unknown type in the index, at entry";
    else if (entry->id >= file->n_names)
        what = "a chunk without a name in the index, at entry";
    else if (entry->frame < previous || entry->frame >= n_allocated)
        what = "the frames of the index are not in order, at entry";
    else if (entry->n < 0 || entry->location < BNSL__GSD_HEADER_SIZE || entry->location > file->in.size)
        what = "a chunk beyond the end, at entry";
    else if (entry->n > (file->in.size - entry->location) / ((entry->m > 0 ? entry->m : 1) * size))
        what = "a chunk that goes beyond the end, at entry";
    if (!what)
        return BNSL_OK;
    return bnsl__fail(BNSL_EFORMAT, func, "%s: corrupt or truncated GSD file: %s %lld (frame %lld, %s, %lld x %lld at byte %lld; the file has %lld)",
                      file->path, what, (long long)i, (long long)entry->frame, entry->id < file->n_names ? file->names[entry->id] : "?",
                      (long long)entry->n, (long long)entry->m, (long long)entry->location, (long long)file->in.size);
}

/* The entries up to the first without location. */
static bnsl_status read_index(struct bnsl__gsd_file *file, const struct header *header, const char *func)
{
    enum { STEP = 1024 };
    unsigned char *block = bnsl__alloc(STEP, BNSL__GSD_ENTRY_SIZE);
    int64_t capacity = 0;
    const int64_t n = (int64_t)header->index_entries;
    bnsl_status status = block ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t i = 0; !status && i < n; i++) {
        if (i % STEP == 0) {
            const int64_t count = n - i < STEP ? n - i : STEP, at = (int64_t)header->index_location + i * BNSL__GSD_ENTRY_SIZE;
            void *entries = file->entries;
            status = bnsl__input_read(&file->in, file->path, at, block, count * BNSL__GSD_ENTRY_SIZE, func);
            if (!status && !bnsl__reserve(&entries, &capacity, i + count, sizeof *file->entries))
                status = bnsl__fail(BNSL_ENOMEM, func, "%s: no memory for an index of %lld entries", file->path, (long long)n);
            file->entries = entries;
            if (status)
                break;
        }
        const struct bnsl__gsd_entry entry = decode_entry(block + i % STEP * BNSL__GSD_ENTRY_SIZE);
        if (entry.location == 0)
            break;
        status = check_entry(file, &entry, i, n, func);
        if (!status)
            file->entries[file->n_entries++] = entry;
    }
    free(block);
    if (!status && file->n_entries > 0)
        file->n_frames = file->entries[file->n_entries - 1].frame + 1;
    return status;
}

bnsl_status bnsl__gsd_open(struct bnsl__gsd_file *file, const char *path, const char *func)
{
    struct header header = {0};
    *file = (struct bnsl__gsd_file){.in = {.fd = -1}, .path = path};
    bnsl_status status = bnsl__input_open(&file->in, path, func);
    if (!status)
        status = read_header(file, &header, func);
    if (!status)
        status = read_names(file, &header, func);
    if (!status)
        status = read_index(file, &header, func);
    if (status)
        bnsl__gsd_close(file);
    return status;
}

void bnsl__gsd_close(struct bnsl__gsd_file *file)
{
    bnsl__input_close(&file->in);
    free(file->entries);
    free(file->names);
    free(file->name_bytes);
    *file = (struct bnsl__gsd_file){.in = {.fd = -1}};
}
