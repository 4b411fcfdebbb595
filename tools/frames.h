/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Going through a trajectory frame by frame, and the files that results go to. Every failure has been said.
 *
 *     frames f;
 *     results r;
 *     status = frames_open(&f, path, cli_given(&common, "frame"), a.frame);
 *     if (status == CLI_DONE) status = results_open(&r, &common, "step\tL\tAlB2");
 *     for (int64_t i = f.first; i < f.end && status == CLI_DONE; i++) {
 *         status = frames_read(&f, i);
 *         ... f.frame, f.box, f.n, f.xyz ...
 *         if (status == CLI_DONE) status = results_frame(&r, f.frame);
 *     }
 *     if (status == CLI_DONE) status = results_commit(&r);
 *     results_close(&r);
 *     frames_close(&f);
 */
#ifndef BNSL_TOOLS_FRAMES_H
#define BNSL_TOOLS_FRAMES_H

#include "cli.h"
#include "output.h"

typedef struct frames {
    const char *path;
    bnsl_io_reader *reader;
    bnsl_io_frame *frame; /* the frame read last, its box, particles and positions */
    bnsl_box box;
    int64_t n;
    const double *xyz;
    int64_t first, end; /* frames to go through */
} frames;

/* Opens a trajectory: all of its frames, or one (which: negative counts from the end). CLI_DONE or CLI_FAILED; frames_close in both cases. */
int frames_open(frames *f, const char *path, bool one, int64_t which);

/* Reads frame i. CLI_DONE, CLI_FAILED, or CLI_INTERRUPTED when a signal has come. */
int frames_read(frames *f, int64_t i);
void frames_close(frames *f);

/* The files of -o: trajectories (.gsd, .xyz, .extxyz) and tables (.tsv). */
typedef struct results {
    int32_t n;
    struct {
        const char *path;
        bnsl_io_writer *writer; /* of a trajectory */
        output_file table;      /* of a table, then writer is NULL */
    } to[CLI_LIST_MAX];
} results;

/* Checks and starts the files of common->output. columns: the heading of tables, separated by tabs. CLI_DONE, CLI_FAILED or CLI_USAGE. */
int results_open(results *r, const cli_common *common, const char *columns);

/* Whether there is a trajectory among the files. */
bool results_want_frames(const results *r);

/* Appends a frame to every trajectory, a row to every table. */
int results_frame(results *r, const bnsl_io_frame *frame);
int results_row(results *r, int32_t n, const double *values);

/* Completes the files: they appear under their names. */
int results_commit(results *r);

/* Drops what is not completed; after results_commit too. */
void results_close(results *r);

#endif
