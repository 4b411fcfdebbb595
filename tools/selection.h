/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What part of a trajectory a command works on: --frames FIRST:LAST[:STEP] and --between A,B.
 *
 *     {.name = "frames", .kind = CLI_INTS, .to = offsetof(args, frames), FRAMES_OPTION},
 *     {.name = "between", .kind = CLI_STRING, .to = offsetof(args, between), .metavar = "A,B", .help = "..."},
 *
 *     status = frames_open(&f, path, false, 0);
 *     if (status == CLI_DONE) status = frame_range_set(&f, &a.frames, &range);
 *     for (int64_t i = 0; i < range.n && status == CLI_DONE; i++)
 *         status = frames_read(&f, frame_range_at(&range, i));
 */
#ifndef BNSL_TOOLS_SELECTION_H
#define BNSL_TOOLS_SELECTION_H

#include "frames.h"
#include "species.h"

/* Frames first, first + step, ..., n of them. */
typedef struct frame_range {
    int64_t first, step, n;
} frame_range;

#define FRAMES_OPTION                                                                                                                    \
    .metavar = "FIRST:LAST[:STEP]", .separator = ":", .n_min = 1, .n_max = 3,                                                            \
    .help = "these frames, counted from 0, negative: from the end, both included; one number: this frame alone. Default: all"

/* The range of an opened trajectory; also sets f->first and f->end. CLI_DONE, CLI_FAILED (no such frame) or CLI_USAGE. */
int frame_range_set(frames *f, const cli_ints *option, frame_range *out);

static inline int64_t frame_range_at(const frame_range *range, int64_t i)
{
    return range->first + i * range->step;
}

/* Two types of a file; typed false: no such choice was made. */
typedef struct type_pair {
    bool typed;
    char a[64], b[64];
} type_pair;

/* Reads "A,B": L and S as names has them, others as they are. text NULL: not typed. CLI_DONE or CLI_USAGE. */
int type_pair_parse(const char *text, const species_names *names, type_pair *out);

/* Indices of the two types in a frame. CLI_DONE; CLI_FAILED, said: there is no such type. */
int type_pair_find(const char *path, const bnsl_io_frame *frame, const type_pair *pair, int32_t *a, int32_t *b);

#endif
