/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trajectories for reading: which format a file has, and frames by number. The work is in gsd_*.c and xyz_*.c. */
#include <stdlib.h>

#include "io_internal.h"

static bool has_ending(const char *path, const char *ending)
{
    const size_t length = strlen(path), n = strlen(ending);
    if (length < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const char c = path[length - n + i];
        if ((char)(c >= 'A' && c <= 'Z' ? c + 32 : c) != ending[i])
            return false;
    }
    return true;
}

int32_t bnsl__format_of(const char *path)
{
    if (has_ending(path, ".gsd"))
        return BNSL_FILE_GSD;
    return has_ending(path, ".xyz") || has_ending(path, ".extxyz") ? BNSL_FILE_XYZ : BNSL_FILE_AUTO;
}

/* By GSD's mark, then by name, then by a first line that is a count. */
static bnsl_status detect(const char *path, int32_t *format_out, const char *func)
{
    unsigned char head[32] = {0};
    struct bnsl__input in;
    bnsl_status status = bnsl__input_open(&in, path, func);
    if (status)
        return status;
    const int64_t n = in.size < (int64_t)sizeof head ? in.size : (int64_t)sizeof head;
    status = bnsl__input_read(&in, path, 0, head, n, func);
    bnsl__input_close(&in);
    if (status)
        return status;
    *format_out = bnsl__get_u64(head, 8) == BNSL__GSD_MAGIC ? BNSL_FILE_GSD : bnsl__format_of(path);
    if (*format_out != BNSL_FILE_AUTO)
        return BNSL_OK;
    int64_t i = 0, count, used = 0;
    while (i < n && (head[i] == ' ' || head[i] == '\t'))
        i++;
    if (bnsl_parse_int64((const char *)head + i, n - i, &count, &used) == BNSL_OK && i + used < n && strchr(" \t\r\n", head[i + used]))
        *format_out = BNSL_FILE_XYZ;
    if (*format_out == BNSL_FILE_AUTO)
        return bnsl__fail(BNSL_EUNSUPPORTED, func, "%s is neither GSD nor XYZ, by its contents or its name (.gsd, .xyz, .extxyz)", path);
    return BNSL_OK;
}

bnsl_status bnsl_io_reader_open(bnsl_io_reader **out, const char *path, int32_t format)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (!path)
        return BNSL_FAIL(BNSL_EINVAL, "path is NULL");
    if (format < BNSL_FILE_AUTO || format > BNSL_FILE_XYZ)
        return BNSL_FAIL(BNSL_EINVAL, "format is %d, must be BNSL_FILE_AUTO, _GSD or _XYZ", format);
    bnsl_status status = format == BNSL_FILE_AUTO ? detect(path, &format, __func__) : BNSL_OK;
    if (status)
        return status;
    bnsl_io_reader *reader = bnsl__calloc(1, sizeof *reader);
    char *copy = bnsl__alloc((int64_t)strlen(path) + 1, 1);
    if (!reader || !copy) {
        free(reader);
        free(copy);
        return BNSL_NOMEM();
    }
    reader->format = format;
    reader->path = strcpy(copy, path);
    reader->gsd.in.fd = reader->xyz.in.fd = -1;
    status = format == BNSL_FILE_GSD ? bnsl__gsd_open(&reader->gsd, copy, __func__) : bnsl__xyz_open(&reader->xyz, copy, __func__);
    if (status)
        bnsl_io_reader_close(reader);
    else
        *out = reader;
    return status;
}

void bnsl_io_reader_close(bnsl_io_reader *reader)
{
    if (!reader)
        return;
    bnsl__gsd_close(&reader->gsd);
    bnsl__xyz_close(&reader->xyz);
    free(reader->path);
    free(reader);
}

int64_t bnsl_io_reader_n_frames(const bnsl_io_reader *reader)
{
    if (!reader)
        return 0;
    return reader->format == BNSL_FILE_GSD ? reader->gsd.n_frames : reader->xyz.n_frames;
}

bnsl_status bnsl_io_reader_read(bnsl_io_reader *reader, int64_t i, bnsl_io_frame *frame_out)
{
    if (!reader || !frame_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", reader ? "frame_out" : "reader");
    const int64_t n = bnsl_io_reader_n_frames(reader), frame = i < 0 ? i + n : i;
    bnsl__frame_clear(frame_out);
    if (frame < 0 || frame >= n)
        return BNSL_FAIL(BNSL_EINVAL, "%s: there is no frame %lld, the file has %lld", reader->path, (long long)i, (long long)n);
    const bnsl_status status = reader->format == BNSL_FILE_GSD ? bnsl__gsd_read(&reader->gsd, frame, frame_out, __func__)
                                                               : bnsl__xyz_read(&reader->xyz, frame, frame_out, __func__);
    if (status)
        bnsl__frame_clear(frame_out);
    return status;
}
