/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trajectories in, trajectories and tables out. */
#include <string.h>

#include "frames.h"

/* ---- frames in ------------------------------------------------------------------------------------------- */

int frames_open(frames *f, const char *path, bool one, int64_t which)
{
    *f = (frames){.path = path};
    cli_control(); /* a signal ends the loop over frames, not the process */
    if (bnsl_io_reader_open(&f->reader, path, BNSL_FILE_AUTO) != BNSL_OK || bnsl_io_frame_create(&f->frame) != BNSL_OK)
        return cli_fail_library(path);
    int64_t n = bnsl_io_reader_n_frames(f->reader);
    if (n == 0)
        return cli_fail("%s: no frames", path);
    if (one && (which >= n || which < -n))
        return cli_fail("%s: there is no frame %lld, it has %lld", path, (long long)which, (long long)n);
    f->first = !one ? 0 : which < 0 ? n + which : which;
    f->end = one ? f->first + 1 : n;
    return CLI_DONE;
}

int frames_read(frames *f, int64_t i)
{
    int32_t columns;
    if (cli_interrupted() || bnsl_io_reader_read(f->reader, i, f->frame) != BNSL_OK)
        return cli_fail_library(f->path);
    f->n = bnsl_io_frame_n(f->frame);
    if (f->n == 0)
        return cli_fail("%s: frame %lld has no particles", f->path, (long long)i);
    if (bnsl_io_frame_box(f->frame, &f->box) != BNSL_OK || bnsl_io_frame_array_view(f->frame, "position", &columns, &f->xyz) != BNSL_OK)
        return cli_fail_library(f->path);
    return CLI_DONE;
}

void frames_close(frames *f)
{
    bnsl_io_frame_destroy(f->frame);
    bnsl_io_reader_close(f->reader);
    *f = (frames){.path = NULL};
}

/* ---- results out ------------------------------------------------------------------------------------------ */

static int start(results *r, const char *path, const cli_common *common, const char *columns)
{
    int32_t k = r->n;
    r->to[k].path = path;
    if (output_has_ending(path, ".tsv")) {
        FILE *table = output_open(&r->to[k].table, path, common->force);
        if (!table)
            return CLI_FAILED;
        fprintf(table, "# bnsl %s %s\n# %s\n", common->command->name, common->positional[0], columns);
    } else if (bnsl_io_writer_create(&r->to[k].writer, path, BNSL_FILE_AUTO, common->force) != BNSL_OK) {
        return cli_fail_library(path);
    }
    r->n++;
    return CLI_DONE;
}

int results_open(results *r, const cli_common *common, const char *columns)
{
    r->n = 0;
    memset(r->to, 0, sizeof r->to);
    for (int32_t i = 0; i < common->output.n; i++)
        if (!output_has_ending(common->output.values[i], ".gsd|.xyz|.extxyz|.tsv"))
            return cli_usage("-o: '%s' must end in .gsd, .xyz, .extxyz or .tsv", common->output.values[i]);
    if (output_check_all(common) != CLI_DONE)
        return CLI_FAILED;
    for (int32_t i = 0; i < common->output.n; i++)
        if (start(r, common->output.values[i], common, columns) != CLI_DONE)
            return CLI_FAILED;
    return CLI_DONE;
}

bool results_want_frames(const results *r)
{
    for (int32_t k = 0; k < r->n; k++)
        if (r->to[k].writer)
            return true;
    return false;
}

int results_frame(results *r, const bnsl_io_frame *frame)
{
    for (int32_t k = 0; k < r->n; k++)
        if (r->to[k].writer && bnsl_io_writer_append(r->to[k].writer, frame) != BNSL_OK)
            return cli_fail_library(r->to[k].path);
    return CLI_DONE;
}

int results_row(results *r, int32_t n, const double *values)
{
    for (int32_t k = 0; k < r->n; k++) {
        FILE *table = r->to[k].table.file;
        for (int32_t i = 0; table && i < n; i++)
            if (fprintf(table, "%.17g%c", values[i], i + 1 < n ? '\t' : '\n') < 0)
                return cli_fail("%s: cannot be written", r->to[k].path);
    }
    return CLI_DONE;
}

int results_commit(results *r)
{
    for (int32_t k = 0; k < r->n; k++) {
        if (r->to[k].writer) {
            bnsl_io_writer *writer = r->to[k].writer;
            r->to[k].writer = NULL;
            if (bnsl_io_writer_close(writer) != BNSL_OK)
                return cli_fail_library(r->to[k].path);
        } else if (output_commit(&r->to[k].table) != CLI_DONE) {
            return CLI_FAILED;
        }
    }
    return CLI_DONE;
}

void results_close(results *r)
{
    for (int32_t k = 0; k < r->n; k++) {
        bnsl_io_writer_abandon(r->to[k].writer);
        if (!r->to[k].writer)
            output_abandon(&r->to[k].table);
    }
    r->n = 0;
}
