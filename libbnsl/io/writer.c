/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Trajectories being written. The file takes its name at the first commit. From then on GSD files grow in place behind what their
 * header points to (gsd_write.c); text has no header, so that an XYZ file that was committed is copied before it grows further:
 * committing XYZ often costs O(size of the file) each time.
 */
#include <stdlib.h>

#include "io_internal.h"

struct bnsl_io_writer {
    int32_t format; /* BNSL_FILE_GSD or BNSL_FILE_XYZ */
    int64_t n_frames, n_committed;
    struct bnsl__output out;
    struct bnsl__gsd_writer gsd;
    int64_t xyz_end; /* length of the text so far */
};

static bnsl_status open_writer(bnsl_io_writer **out, const char *path, int32_t format, bool overwrite, const char *func)
{
    bnsl_io_writer *writer = bnsl__calloc(1, sizeof *writer);
    if (!writer)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    writer->format = format;
    bnsl__gsd_writer_init(&writer->gsd);
    const bnsl_status status = bnsl__output_create(&writer->out, path, overwrite, func);
    if (status)
        free(writer);
    else
        *out = writer;
    return status;
}

static void free_writer(bnsl_io_writer *writer)
{
    bnsl__output_close(&writer->out);
    bnsl__gsd_writer_free(&writer->gsd);
    free(writer);
}

bnsl_status bnsl_io_writer_create(bnsl_io_writer **out, const char *path, int32_t format, int32_t overwrite)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (!path)
        return BNSL_FAIL(BNSL_EINVAL, "path is NULL");
    if (format < BNSL_FILE_AUTO || format > BNSL_FILE_XYZ)
        return BNSL_FAIL(BNSL_EINVAL, "format is %d, must be BNSL_FILE_AUTO, _GSD or _XYZ", format);
    if (format == BNSL_FILE_AUTO)
        format = bnsl__format_of(path);
    if (format == BNSL_FILE_AUTO)
        return BNSL_FAIL(BNSL_EUNSUPPORTED, "the format of %s is not known by its name, which must end in .gsd, .xyz or .extxyz", path);
    return open_writer(out, path, format, overwrite != 0, __func__);
}

/* ---- continuing --------------------------------------------------------------------------------------- */

/* Frames are decoded and encoded again, so that the bytes do not depend on who wrote the file and in how many goes. */
static bnsl_status keep_gsd(bnsl_io_writer *writer, bnsl_io_reader *reader, int64_t n_keep, const char *func)
{
    bnsl_io_frame *frame;
    const char *lost = bnsl__gsd_unreadable(&reader->gsd);
    if (lost)
        return bnsl__fail(BNSL_EUNSUPPORTED, func, "%s holds \"%s\", which would be lost", reader->path, lost);
    bnsl_status status = bnsl_io_frame_create(&frame);
    if (status)
        return status;
    for (int64_t i = 0; !status && i < n_keep; i++) {
        status = bnsl_io_reader_read(reader, i, frame);
        if (!status)
            status = bnsl_io_writer_append(writer, frame);
    }
    bnsl_io_frame_destroy(frame);
    return status;
}

/* The text of the frames as it is; the last line of the file may lack its newline. */
static bnsl_status keep_xyz(bnsl_io_writer *writer, const bnsl_io_reader *reader, int64_t n_keep, const char *func)
{
    enum { STEP = 1 << 20 };
    char *block = bnsl__alloc(STEP, 1);
    const int64_t end = n_keep > 0 ? reader->xyz.spans[n_keep - 1].end : 0;
    bnsl_status status = block ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    char last = '\n';
    for (int64_t at = 0; !status && at < end; at += STEP) {
        const int64_t n = end - at < STEP ? end - at : STEP;
        status = bnsl__input_read(&reader->xyz.in, reader->path, at, block, n, func);
        if (!status)
            status = bnsl__output_write(&writer->out, at, block, n, func);
        last = block[n - 1];
    }
    free(block);
    writer->xyz_end = end;
    if (!status && last != '\n')
        status = bnsl__output_write(&writer->out, writer->xyz_end++, "\n", 1, func);
    writer->n_frames = n_keep;
    return status;
}

bnsl_status bnsl_io_writer_continue(bnsl_io_writer **out, const char *path, int32_t format, int64_t n_keep)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    bnsl_io_reader *reader;
    bnsl_io_writer *writer = NULL;
    bnsl_status status = bnsl_io_reader_open(&reader, path, format);
    if (status)
        return status;
    if (n_keep < 0 || n_keep > bnsl_io_reader_n_frames(reader))
        status = BNSL_FAIL(BNSL_EINVAL, "%s has %lld frames, n_keep is %lld", path, (long long)bnsl_io_reader_n_frames(reader), (long long)n_keep);
    if (!status)
        status = open_writer(&writer, path, reader->format, true, __func__);
    if (!status)
        status = reader->format == BNSL_FILE_GSD ? keep_gsd(writer, reader, n_keep, __func__) : keep_xyz(writer, reader, n_keep, __func__);
    bnsl_io_reader_close(reader);
    if (status && writer)
        free_writer(writer);
    else
        *out = writer;
    return status;
}

/* ---- appending, committing, ending ------------------------------------------------------------------------ */

static bnsl_status append_xyz(bnsl_io_writer *writer, const bnsl_io_frame *frame, const char *func)
{
    struct bnsl__text text = {0};
    bnsl_status status = bnsl__xyz_encode(frame, &text, func);
    if (!status && writer->out.published)
        status = bnsl__output_fork(&writer->out, writer->xyz_end, func);
    if (!status)
        status = bnsl__output_write(&writer->out, writer->xyz_end, text.data, text.length, func);
    if (!status)
        writer->xyz_end += text.length;
    free(text.data);
    return status;
}

bnsl_status bnsl_io_writer_append(bnsl_io_writer *writer, const bnsl_io_frame *frame)
{
    if (!writer || !frame)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", writer ? "frame" : "writer");
    const bnsl_status status =
        writer->format == BNSL_FILE_GSD ? bnsl__gsd_append(&writer->gsd, &writer->out, frame, __func__) : append_xyz(writer, frame, __func__);
    if (!status)
        writer->n_frames++;
    return status;
}

static bnsl_status commit(bnsl_io_writer *writer, const char *func)
{
    if (writer->n_frames == 0)
        return bnsl__fail(BNSL_EINVAL, func, "%s: no frame was appended; a trajectory has at least one", writer->out.path);
    if (writer->out.published && writer->n_committed == writer->n_frames)
        return BNSL_OK;
    const bnsl_status status = writer->format == BNSL_FILE_GSD ? bnsl__gsd_commit(&writer->gsd, &writer->out, func)
                                                               : bnsl__output_publish(&writer->out, writer->xyz_end, func);
    if (!status)
        writer->n_committed = writer->n_frames;
    return status;
}

bnsl_status bnsl_io_writer_commit(bnsl_io_writer *writer)
{
    return writer ? commit(writer, __func__) : BNSL_FAIL(BNSL_EINVAL, "writer is NULL");
}

bnsl_status bnsl_io_writer_close(bnsl_io_writer *writer)
{
    if (!writer)
        return BNSL_OK;
    const bnsl_status status = commit(writer, __func__);
    free_writer(writer);
    return status;
}

void bnsl_io_writer_abandon(bnsl_io_writer *writer)
{
    if (!writer)
        return;
    if (writer->format == BNSL_FILE_GSD && writer->out.published) /* a failure leaves bytes that no reader looks at */
        (void)bnsl__gsd_roll_back(&writer->gsd, &writer->out, __func__);
    free_writer(writer);
}
