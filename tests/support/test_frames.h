/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots and whole files for the tests of io. */
#ifndef TEST_FRAMES_H
#define TEST_FRAMES_H

#include "bnsl_test.h"

/* Fills a frame with n particles of types L and S: positions all over the box, velocities, a label, a result of two columns, a number. */
void frame_random(bnsl_io_frame *frame, const bnsl_box *box, int64_t step, int64_t n, uint64_t *state);

/* Same step, box, types, arrays and values: every number within rtol (0: the same bits but for the sign of NaN). */
void frames_equal(const bnsl_io_frame *got, const bnsl_io_frame *want, double rtol);

/* Bytes of a file with a NUL after them, free(); fails when it cannot be read. */
unsigned char *file_bytes(const char *path, size_t *n_out);

/* Replaces a file. */
void file_write(const char *path, const void *bytes, size_t n);

bool file_exists(const char *path);

/* Two files have the same bytes. */
void files_equal(const char *got, const char *want);

#endif
