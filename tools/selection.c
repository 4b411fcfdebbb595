/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --frames and --between. */
#include <string.h>

#include "selection.h"

int frame_range_set(frames *f, const cli_ints *option, frame_range *out)
{
    const int64_t n = f->end;
    int64_t bound[2] = {0, n - 1};
    *out = (frame_range){0, 1, n};
    if (option->n == 0)
        return CLI_DONE;
    for (int k = 0; k < 2; k++) {
        const int64_t given = option->values[k < option->n ? k : 0];
        if (given >= n || given < -n)
            return cli_fail("%s: there is no frame %lld, it has %lld", f->path, (long long)given, (long long)n);
        bound[k] = given < 0 ? n + given : given;
    }
    if (option->n == 3)
        out->step = option->values[2];
    if (out->step < 1)
        return cli_usage("--frames: the step is %lld, must be >= 1", (long long)out->step);
    if (bound[1] < bound[0])
        return cli_usage("--frames: frame %lld comes after frame %lld", (long long)bound[0], (long long)bound[1]);
    out->first = f->first = bound[0];
    f->end = bound[1] + 1;
    out->n = (bound[1] - bound[0]) / out->step + 1;
    return CLI_DONE;
}

/* One name of length bytes. */
static bool read_type(const char *text, size_t length, const species_names *names, char out[64])
{
    const char *known = length == 1 && *text == 'L' ? names->large : length == 1 && *text == 'S' ? names->small : "";
    if (*known) {
        strcpy(out, known);
        return true;
    }
    if (length == 0 || length >= 64)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

int type_pair_parse(const char *text, const species_names *names, type_pair *out)
{
    *out = (type_pair){.typed = text != NULL};
    if (!text)
        return CLI_DONE;
    const size_t first = strcspn(text, ",");
    const char *second = text[first] ? text + first + 1 : "";
    if (strchr(second, ',') || !read_type(text, first, names, out->a) || !read_type(second, strlen(second), names, out->b))
        return cli_usage("--between: '%s' must be two types, A,B", text);
    return CLI_DONE;
}

static int32_t find(const bnsl_io_frame *frame, const char *name)
{
    for (int32_t t = 0; t < bnsl_io_frame_n_types(frame); t++)
        if (strcmp(bnsl_io_frame_type_name(frame, t), name) == 0)
            return t;
    return -1;
}

int type_pair_find(const char *path, const bnsl_io_frame *frame, const type_pair *pair, int32_t *a, int32_t *b)
{
    *a = find(frame, pair->a);
    *b = find(frame, pair->b);
    if (*a < 0 || *b < 0)
        return cli_fail("%s: no type '%s' at step %lld", path, *a < 0 ? pair->a : pair->b, (long long)bnsl_io_frame_step(frame));
    return CLI_DONE;
}
