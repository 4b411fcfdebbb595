/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Output files: checked before the work, written under a temporary name beside the target, renamed when complete.
 * Without force nothing is overwritten (also not a file that appeared in between). Every failure has been said by cli_fail.
 *
 *     output_file o;
 *     FILE *f = output_open(&o, path, common.force);
 *     if (!f) return CLI_FAILED;
 *     fprintf(f, ...);
 *     return output_commit(&o);            // or output_abandon(&o) on failure
 */
#ifndef BNSL_TOOLS_OUTPUT_H
#define BNSL_TOOLS_OUTPUT_H

#include <stdio.h>

#include "cli.h"
#include "json.h"

typedef struct output_file {
    const char *path;   /* the caller's, must live until commit or abandon */
    char *temporary;    /* "PATH.part-<pid>" in the same directory */
    FILE *file;         /* NULL after output_begin */
    bool force;
} output_file;

/* CLI_DONE when path can be created: its directory exists and is writable, and path does not exist (or force and it is no directory). */
int output_check(const char *path, bool force);

/* output_check for every -o of the command line; two equal paths are refused too. */
int output_check_all(const cli_common *common);

/* Makes directory path when it is not there; CLI_DONE or CLI_FAILED. */
int output_make_directory(const char *path);

/* Starts a file for writing; NULL: failed (said). */
FILE *output_open(output_file *o, const char *path, bool force);

/* Starts a file that others write by name (o->temporary); CLI_DONE or CLI_FAILED. */
int output_begin(output_file *o, const char *path, bool force);

/* Closes, syncs and renames. CLI_DONE, or CLI_FAILED: nothing is left behind. */
int output_commit(output_file *o);

/* Closes and removes the temporary file. */
void output_abandon(output_file *o);

/* What a report says of the files of -o: "wrote PATH" for each; "output", their names, as a member of the open JSON object. */
void output_print(const cli_common *common);
void output_json(const cli_common *common, json *j);

/* Whether path ends in one of the endings (".png|.svg|.pdf"), whatever the case. */
bool output_has_ending(const char *path, const char *endings);

#endif
