/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GSD files (file layer 2.0), appended to in place, such that
 *  - whatever the header in the file points to is never written again: a crash at any moment leaves the last commit readable;
 *  - the bytes of the file depend on the frames alone, not on where commits came between them.
 *
 *   header | index block | frame 0 | names | frame 1 | ... | [larger index block] | frame k | ... | [names, if a frame added some]
 *
 * An index block has room for twice the entries of the one before. New entries go behind those that the header counts, where no
 * reader looks: "entries allocated" is what is filled, not the room. When a block is full, its contents are copied to a larger
 * one at the end of the file; a frame that brings new names is followed by a new list of all names. Old blocks stay, unused.
 * A commit writes the new entries, syncs, and then replaces the header, which lies within one disk sector, and syncs again.
 * So a commit costs what was appended since the last one, and an append O(size of the frame).
 */
#include <stdio.h>
#include <stdlib.h>

#include "io_internal.h"

enum { FIRST_CAPACITY = 128, ALIGNMENT = 32 };
static const uint32_t SCHEMA_VERSION = 0x00010004, FILE_VERSION = 0x00020000;

static int64_t aligned(int64_t offset)
{
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void bnsl__gsd_writer_init(struct bnsl__gsd_writer *writer)
{
    *writer = (struct bnsl__gsd_writer){.end = BNSL__GSD_HEADER_SIZE};
}

void bnsl__gsd_writer_free(struct bnsl__gsd_writer *writer)
{
    free(writer->entries);
    free(writer->names.data);
    bnsl__gsd_code_free(&writer->first);
    bnsl__gsd_writer_init(writer);
}

/* ---- blocks ------------------------------------------------------------------------------------------- */

/* Brings the index block of the file up to date. */
static bnsl_status flush_index(struct bnsl__gsd_writer *writer, const struct bnsl__output *out, const char *func)
{
    const int64_t from = writer->n_flushed * BNSL__GSD_ENTRY_SIZE, n = writer->n_entries - writer->n_flushed;
    const bnsl_status status =
        n > 0 ? bnsl__output_write(out, writer->index_location + from, writer->entries + from, n * BNSL__GSD_ENTRY_SIZE, func) : BNSL_OK;
    if (!status)
        writer->n_flushed = writer->n_entries;
    return status;
}

/* Writes a block of capacity entries at location: those that there are, then zeros. */
static bnsl_status write_index_block(const struct bnsl__gsd_writer *writer, const struct bnsl__output *out, int64_t location, int64_t capacity,
                                     const char *func)
{
    unsigned char *block = bnsl__calloc(capacity, BNSL__GSD_ENTRY_SIZE);
    if (!block)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (writer->n_entries > 0)
        memcpy(block, writer->entries, (size_t)writer->n_entries * BNSL__GSD_ENTRY_SIZE);
    const bnsl_status status = bnsl__output_write(out, location, block, capacity * BNSL__GSD_ENTRY_SIZE, func);
    free(block);
    return status;
}

/* Makes sure that the index has room for n_more entries; *end_io is where a new block may go. */
static bnsl_status grow_index(struct bnsl__gsd_writer *writer, const struct bnsl__output *out, int64_t n_more, int64_t *end_io, const char *func)
{
    int64_t capacity = writer->index_capacity ? writer->index_capacity : FIRST_CAPACITY;
    while (capacity < writer->n_entries + n_more)
        capacity *= 2;
    if (capacity == writer->index_capacity)
        return BNSL_OK;
    bnsl_status status = flush_index(writer, out, func); /* the old block is complete for good */
    if (!status)
        status = write_index_block(writer, out, *end_io, capacity, func);
    if (status)
        return status;
    writer->index_location = *end_io;
    writer->index_capacity = capacity;
    writer->n_flushed = writer->n_entries;
    *end_io += capacity * BNSL__GSD_ENTRY_SIZE;
    return BNSL_OK;
}

/* ---- one frame ---------------------------------------------------------------------------------------- */

/* Number of a name; a new one is added to the list. < 0: no memory, or too many. */
static int32_t name_id(struct bnsl__gsd_writer *writer, const char *name)
{
    int32_t id = 0;
    for (int64_t at = 0; at < writer->names.length; at += (int64_t)strlen(writer->names.data + at) + 1, id++)
        if (strcmp(writer->names.data + at, name) == 0)
            return id;
    if (id >= BNSL__GSD_NAMES_MAX || !bnsl__text_add(&writer->names, name, (int64_t)strlen(name) + 1))
        return -1;
    writer->n_names++;
    return id;
}

static int by_id(const void *a, const void *b)
{
    const struct bnsl__gsd_chunk *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Numbers the chunks and puts them in the order of their numbers, which readers rely on. */
static bnsl_status number_chunks(struct bnsl__gsd_writer *writer, struct bnsl__gsd_code *code, const char *func)
{
    for (int64_t i = 0; i < code->n_chunks; i++) {
        code->chunks[i].id = name_id(writer, code->chunks[i].name);
        if (code->chunks[i].id < 0)
            return bnsl__fail(BNSL_ENOMEM, func, "no memory for another name, or more than %d names", BNSL__GSD_NAMES_MAX);
    }
    qsort(code->chunks, (size_t)code->n_chunks, sizeof *code->chunks, by_id);
    return BNSL_OK;
}

static void encode_entry(unsigned char *p, int64_t frame, const struct bnsl__gsd_chunk *chunk, int64_t location)
{
    bnsl__put_u64(p, (uint64_t)frame, 8);
    bnsl__put_u64(p + 8, (uint64_t)chunk->n, 8);
    bnsl__put_u64(p + 16, (uint64_t)location, 8);
    bnsl__put_u64(p + 24, (uint64_t)chunk->m, 4);
    bnsl__put_u64(p + 28, (uint64_t)chunk->id, 2);
    p[30] = chunk->type;
    p[31] = 0;
}

/* Writes the values of the chunks from *end_io on, and their entries behind the others in memory (not counted yet). */
static bnsl_status write_chunks(struct bnsl__gsd_writer *writer, const struct bnsl__output *out, const struct bnsl__gsd_code *code, int64_t *end_io,
                                const char *func)
{
    static const unsigned char padding[ALIGNMENT];
    int64_t at = *end_io;
    for (int64_t i = 0; i < code->n_chunks; i++) {
        const struct bnsl__gsd_chunk *chunk = &code->chunks[i];
        const int64_t size = chunk->n * chunk->m * bnsl__gsd_size(chunk->type);
        const bnsl_status status = bnsl__output_write(out, at, code->bytes.data + chunk->offset, size, func);
        if (status)
            return status;
        encode_entry(writer->entries + (writer->n_entries + i) * BNSL__GSD_ENTRY_SIZE, writer->n_frames, chunk, at);
        at += size;
    }
    *end_io = aligned(at);
    return bnsl__output_write(out, at, padding, *end_io - at, func);
}

/* Writes the list of all names at *end_io. */
static bnsl_status write_names(struct bnsl__gsd_writer *writer, const struct bnsl__output *out, int64_t *end_io, const char *func)
{
    const int64_t units = (writer->names.length + 1 + BNSL__GSD_NAME_UNIT - 1) / BNSL__GSD_NAME_UNIT;
    char *block = bnsl__calloc(units, BNSL__GSD_NAME_UNIT);
    if (!block)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    memcpy(block, writer->names.data, (size_t)writer->names.length);
    const bnsl_status status = bnsl__output_write(out, *end_io, block, units * BNSL__GSD_NAME_UNIT, func);
    free(block);
    if (status)
        return status;
    writer->names_location = *end_io;
    writer->names_units = units;
    *end_io += units * BNSL__GSD_NAME_UNIT;
    return BNSL_OK;
}

static bnsl_status append_code(struct bnsl__gsd_writer *writer, const struct bnsl__output *out, struct bnsl__gsd_code *code, const char *func)
{
    const int32_t n_names_before = writer->n_names;
    void *entries = writer->entries;
    int64_t end = writer->end;
    bnsl_status status = number_chunks(writer, code, func);
    if (!status && !bnsl__reserve(&entries, &writer->cap_entries, writer->n_entries + code->n_chunks, BNSL__GSD_ENTRY_SIZE))
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    writer->entries = entries;
    if (!status)
        status = grow_index(writer, out, code->n_chunks, &end, func);
    if (!status)
        status = write_chunks(writer, out, code, &end, func);
    if (!status && writer->n_names > n_names_before)
        status = write_names(writer, out, &end, func);
    if (status)
        return status;
    writer->n_entries += code->n_chunks;
    writer->n_frames++;
    writer->end = end;
    return BNSL_OK;
}

bnsl_status bnsl__gsd_append(struct bnsl__gsd_writer *writer, const struct bnsl__output *out, const bnsl_io_frame *frame, const char *func)
{
    struct bnsl__gsd_code code = {0};
    struct bnsl__gsd_writer before = *writer;
    bnsl_status status = bnsl__gsd_encode(frame, writer->n_frames > 0 ? &writer->first : NULL, &code, func);
    if (!status)
        status = append_code(writer, out, &code, func);
    if (!status && writer->n_frames == 1) { /* later frames are compared with this one */
        writer->first = code;
        return BNSL_OK;
    }
    if (status) { /* as before the call, but for memory that has grown */
        before.entries = writer->entries;
        before.cap_entries = writer->cap_entries;
        before.names.data = writer->names.data;
        before.names.capacity = writer->names.capacity;
        *writer = before;
    }
    bnsl__gsd_code_free(&code);
    return status;
}

/* ---- commit ------------------------------------------------------------------------------------------- */

static void encode_header(const struct bnsl__gsd_writer *writer, unsigned char header[BNSL__GSD_HEADER_SIZE])
{
    memset(header, 0, BNSL__GSD_HEADER_SIZE);
    bnsl__put_u64(header, BNSL__GSD_MAGIC, 8);
    bnsl__put_u64(header + 8, (uint64_t)writer->index_location, 8);
    bnsl__put_u64(header + 16, (uint64_t)writer->n_entries, 8);
    bnsl__put_u64(header + 24, (uint64_t)writer->names_location, 8);
    bnsl__put_u64(header + 32, (uint64_t)writer->names_units, 8);
    bnsl__put_u64(header + 40, SCHEMA_VERSION, 4);
    bnsl__put_u64(header + 44, FILE_VERSION, 4);
    snprintf((char *)header + 48, 64, "libbnsl %s", bnsl_version_string());
    snprintf((char *)header + 112, 64, "hoomd");
}

bnsl_status bnsl__gsd_commit(struct bnsl__gsd_writer *writer, struct bnsl__output *out, const char *func)
{
    unsigned char header[BNSL__GSD_HEADER_SIZE];
    bnsl_status status = flush_index(writer, out, func);
    if (!status)
        status = bnsl__output_sync(out, func);
    encode_header(writer, header);
    if (!status)
        status = bnsl__output_write(out, 0, header, sizeof header, func);
    if (!status)
        status = bnsl__output_publish(out, writer->end, func);
    if (!status) {
        writer->committed.end = writer->end;
        writer->committed.n_entries = writer->n_entries;
        writer->committed.index_location = writer->index_location;
        writer->committed.index_capacity = writer->index_capacity;
    }
    return status;
}

bnsl_status bnsl__gsd_roll_back(const struct bnsl__gsd_writer *writer, struct bnsl__output *out, const char *func)
{
    const int64_t n = writer->committed.index_capacity - writer->committed.n_entries;
    void *zeros = bnsl__calloc(n, BNSL__GSD_ENTRY_SIZE);
    if (!zeros)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    const int64_t at = writer->committed.index_location + writer->committed.n_entries * BNSL__GSD_ENTRY_SIZE;
    bnsl_status status = bnsl__output_write(out, at, zeros, n * BNSL__GSD_ENTRY_SIZE, func);
    if (!status)
        status = bnsl__output_publish(out, writer->committed.end, func);
    free(zeros);
    return status;
}
