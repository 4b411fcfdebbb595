/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Extended XYZ: where the frames of a file begin and end. One pass over the file, 1 MiB at a time: a count, a comment line, and as
 * many lines as the count says. O(size of the file).
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "io_internal.h"

enum { BLOCK = 1 << 20, HEAD = 64 };

/* Reads line by line. */
struct lines {
    const struct bnsl__xyz_file *file;
    const char *func;
    char *block;
    int64_t have, at;     /* bytes in the block, the next of them */
    int64_t offset, line; /* of the next line: in the file, and its number from 1 */
    char head[HEAD];      /* beginning of the line read last */
    int64_t head_length;
};

bnsl_status bnsl__xyz_fail(const struct bnsl__xyz_place *place, const char *fmt, ...)
{
    char text[320];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return bnsl__fail(BNSL_EFORMAT, place->func, "%s: frame %lld, line %lld: %s", place->path, (long long)place->frame, (long long)place->line, text);
}

/* Reads one line; *found is false at the end of the file. Its beginning is in lines->head. */
static bnsl_status next_line(struct lines *lines, bool *found)
{
    int64_t length = 0;
    bool ended = false;
    lines->head_length = 0;
    while (!ended) {
        if (lines->at == lines->have) {
            const int64_t from = lines->offset + length, left = lines->file->in.size - from;
            lines->have = left < BLOCK ? left : BLOCK;
            lines->at = 0;
            if (lines->have <= 0)
                break;
            const bnsl_status status = bnsl__input_read(&lines->file->in, lines->file->path, from, lines->block, lines->have, lines->func);
            if (status)
                return status;
        }
        const char *start = lines->block + lines->at, *newline = memchr(start, '\n', (size_t)(lines->have - lines->at));
        const int64_t n = newline ? newline - start : lines->have - lines->at;
        for (int64_t i = 0; i < n && lines->head_length < HEAD; i++)
            lines->head[lines->head_length++] = start[i];
        ended = newline != NULL;
        length += n + (ended ? 1 : 0);
        lines->at += n + (ended ? 1 : 0);
    }
    *found = length > 0;
    lines->offset += length;
    lines->line += *found ? 1 : 0;
    return BNSL_OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The count in lines->head; *blank: there is only white space. */
static bnsl_status parse_count(const struct lines *lines, const struct bnsl__xyz_place *place, int64_t *n, bool *blank)
{
    int64_t begin = 0, end = lines->head_length;
    while (begin < end && is_blank(lines->head[begin]))
        begin++;
    while (end > begin && is_blank(lines->head[end - 1]))
        end--;
    *blank = begin == end;
    if (*blank)
        return BNSL_OK;
    if (bnsl_parse_int64(lines->head + begin, end - begin, n, NULL) != BNSL_OK || *n < 0)
        return bnsl__xyz_fail(place, "\"%.*s\" is not a number of particles", (int)(end - begin), lines->head + begin);
    return BNSL_OK;
}

/* Reads the lines of a frame whose count was just read. */
static bnsl_status skip_frame(struct lines *lines, const struct bnsl__xyz_place *place, int64_t n)
{
    bool found = true;
    bnsl_status status = next_line(lines, &found);
    if (!status && !found)
        return bnsl__xyz_fail(place, "the file ends before the second line of the frame");
    for (int64_t i = 0; !status && i < n; i++) {
        status = next_line(lines, &found);
        if (!status && !found)
            return bnsl__xyz_fail(place, "%lld particles are announced, but the file ends after %lld: truncated?", (long long)n, (long long)i);
    }
    return status;
}

static bnsl_status find_frames(struct bnsl__xyz_file *file, struct lines *lines)
{
    for (;;) {
        struct bnsl__xyz_span span = {.begin = lines->offset, .line = lines->line};
        const struct bnsl__xyz_place place = {file->path, lines->func, file->n_frames, lines->line};
        bool found, blank = false;
        bnsl_status status = next_line(lines, &found);
        if (!status && found)
            status = parse_count(lines, &place, &span.n, &blank);
        if (status || !found)
            return status;
        if (blank)
            continue;
        status = skip_frame(lines, &place, span.n);
        if (status)
            return status;
        span.end = lines->offset;
        void *spans = file->spans;
        if (!bnsl__reserve(&spans, &file->cap_frames, file->n_frames + 1, sizeof *file->spans))
            return bnsl__fail(BNSL_ENOMEM, lines->func, "%s: no memory for the places of its frames", file->path);
        file->spans = spans;
        file->spans[file->n_frames++] = span;
    }
}

bnsl_status bnsl__xyz_open(struct bnsl__xyz_file *file, const char *path, const char *func)
{
    *file = (struct bnsl__xyz_file){.in = {.fd = -1}, .path = path};
    bnsl_status status = bnsl__input_open(&file->in, path, func);
    if (status)
        return status;
    struct lines lines = {.file = file, .func = func, .block = bnsl__alloc(BLOCK, 1), .line = 1};
    status = lines.block ? find_frames(file, &lines) : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    free(lines.block);
    if (status)
        bnsl__xyz_close(file);
    return status;
}

void bnsl__xyz_close(struct bnsl__xyz_file *file)
{
    bnsl__input_close(&file->in);
    free(file->spans);
    *file = (struct bnsl__xyz_file){.in = {.fd = -1}};
}
