/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Progress of a long command in one line of stderr: "compress  42%  12.3k steps/s  1:05 left  phi 0.531". Only when stderr is a
 * terminal and neither --quiet nor --json was given; at most five times a second; wiped at the end.
 *
 *     progress p;
 *     progress_begin(&p, &common, "compress", "steps", n_steps);
 *     bnsl_control_set_progress(cli_control(), progress_callback, &p);    // for the library's calls, or
 *     progress_update(&p, done);                                          // in a loop of one's own
 *     progress_text(&p, "phi %.3f", phi);                                 // the quantity of interest, whenever known
 *     progress_end(&p);
 *
 * A call with its own count inside a longer job: set p.offset to what was done before it (progress_callback adds it).
 */
#ifndef BNSL_TOOLS_PROGRESS_H
#define BNSL_TOOLS_PROGRESS_H

#include "cli.h"

typedef struct progress {
    bool visible;
    const char *job, *unit; /* unit NULL: no rate */
    int64_t total, done, offset;
    int64_t first;      /* done at the first update: a continued job starts there, not at 0; -1 before */
    double start, last; /* seconds of the monotonic clock: first update, last line */
    char text[96];
} progress;

/* job and unit must outlive p. total <= 0: not known, no percentage. */
void progress_begin(progress *p, const cli_common *common, const char *job, const char *unit, int64_t total);
void progress_update(progress *p, int64_t done);
void progress_text(progress *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void progress_end(progress *p);

/* A bnsl_progress_fn; user is a progress. Its total counts where progress_begin knew none. Always returns 0. */
int32_t progress_callback(void *user, int64_t done, int64_t total);

#endif
