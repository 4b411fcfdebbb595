/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library reads files: a fuzz target puts its input into one. */
#ifndef FUZZ_FILE_H
#define FUZZ_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <bnsl/bnsl.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file with these bytes, in $TMPDIR or /tmp; fuzz_file_remove when done. The path is good until the next call. */
static inline const char *fuzz_file(const uint8_t *data, size_t size)
{
    static char path[4096];
    const char *folder = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/bnsl-fuzz-XXXXXX", folder ? folder : "/tmp");
    const int fd = mkstemp(path);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || close(fd) != 0)
        abort();
    return path;
}

/* A failure has a message, and one of these statuses: anything else is a find. */
static inline void fuzz_check(bnsl_status status)
{
    if (status != BNSL_OK && status != BNSL_EFORMAT && status != BNSL_EUNSUPPORTED && status != BNSL_ENOMEM)
        abort();
    if (status != BNSL_OK && bnsl_error_message()[0] == '\0')
        abort();
}

/* Reads every frame of a trajectory. */
static inline void fuzz_trajectory(const uint8_t *data, size_t size, int32_t format)
{
    const char *path = fuzz_file(data, size);
    bnsl_io_reader *reader;
    bnsl_io_frame *frame;
    fuzz_check(bnsl_io_frame_create(&frame));
    bnsl_status status = bnsl_io_reader_open(&reader, path, format);
    fuzz_check(status);
    for (int64_t i = 0; !status && i < bnsl_io_reader_n_frames(reader) && i < 100; i++) {
        const bnsl_status read = bnsl_io_reader_read(reader, i, frame);
        fuzz_check(read);
        const int64_t n = bnsl_io_frame_n(frame);
        const double *values;
        double sum = 0;
        for (int32_t k = 0; k < bnsl_io_frame_n_arrays(frame); k++) {
            int32_t columns;
            if (bnsl_io_frame_array_view(frame, bnsl_io_frame_array_name(frame, k), &columns, &values))
                abort();
            for (int64_t c = 0; c < n * columns; c++)
                sum += values[c] > 0;
        }
        for (int64_t k = 0; k < n; k++)
            if (!bnsl_io_frame_type_name(frame, bnsl_io_frame_type_index_view(frame)[k]) || sum < 0)
                abort();
    }
    if (!status)
        bnsl_io_reader_close(reader);
    bnsl_io_frame_destroy(frame);
    unlink(path);
}

#endif
