/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Particle types of a file as L and S: --species L=A,S=B.
 *
 *     {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
 *      .help = "names of the two species in the file"},
 *
 *     species_names names;
 *     if (species_parse(a.species, &names) != CLI_DONE)
 *         return CLI_USAGE;
 */
#ifndef BNSL_TOOLS_SPECIES_H
#define BNSL_TOOLS_SPECIES_H

#include "cli.h"

typedef struct species_names {
    char large[64], small[64]; /* "" : no particle is of this species */
} species_names;

/* Reads "L=A,S=B" in either order, or one of the two alone. CLI_DONE, or CLI_USAGE (said). */
int species_parse(const char *text, species_names *out);

/*
 * 0 (L), 1 (S) or 2 (another type) for each particle of a frame; out has room for all. CLI_DONE; CLI_FAILED, said with the path and the
 * types that the frame has: no particle is L.
 */
int species_of_frame(const char *path, const bnsl_io_frame *frame, const species_names *names, int32_t *out);

#endif
