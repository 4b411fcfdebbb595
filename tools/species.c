/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which particle types are L and S. */
#include <stdio.h>
#include <string.h>

#include "species.h"

/* One "L=name" of the list; false: neither L= nor S=, given twice, no name or too long a one. */
static bool read_name(const char *text, size_t length, species_names *out)
{
    if (length < 3 || length - 2 >= sizeof out->large || text[1] != '=' || (text[0] != 'L' && text[0] != 'S'))
        return false;
    char *to = text[0] == 'L' ? out->large : out->small;
    if (to[0])
        return false;
    memcpy(to, text + 2, length - 2);
    to[length - 2] = '\0';
    return true;
}

int species_parse(const char *text, species_names *out)
{
    *out = (species_names){"", ""};
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ",");
        if (!read_name(at, length, out))
            return cli_usage("--species: '%s' must be L=NAME,S=NAME (or one of them)", text);
        at += length;
        if (!*at)
            break;
    }
    if (strcmp(out->large, out->small) == 0)
        return cli_usage("--species: '%s' names the same type twice", text);
    return CLI_DONE;
}

static int fail_without_large(const char *path, const bnsl_io_frame *frame, const species_names *names)
{
    char types[200] = "";
    size_t used = 0;
    for (int32_t t = 0; t < bnsl_io_frame_n_types(frame) && used + 1 < sizeof types; t++)
        used += (size_t)snprintf(types + used, sizeof types - used, "%s%s", t > 0 ? ", " : "", bnsl_io_frame_type_name(frame, t));
    return cli_fail("%s: no particle is of type '%s' at step %lld (types: %s); --species L=A,S=B names the types", path, names->large,
                    (long long)bnsl_io_frame_step(frame), types[0] ? types : "none");
}

int species_of_frame(const char *path, const bnsl_io_frame *frame, const species_names *names, int32_t *out)
{
    int64_t n = bnsl_io_frame_n(frame), n_large = 0;
    const int32_t *type = bnsl_io_frame_type_index_view(frame);
    for (int64_t i = 0; i < n; i++) {
        const char *name = bnsl_io_frame_type_name(frame, type[i]);
        out[i] = strcmp(name, names->large) == 0 ? 0 : strcmp(name, names->small) == 0 ? 1 : 2;
        n_large += out[i] == 0;
    }
    return n_large > 0 ? CLI_DONE : fail_without_large(path, frame, names);
}
