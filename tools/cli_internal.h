/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of cli share: the common options, help, the nearest word, the label of messages. */
#ifndef BNSL_TOOLS_CLI_INTERNAL_H
#define BNSL_TOOLS_CLI_INTERNAL_H

#include "cli.h"

/* Where the common options go. threads 0 and seed -1: not given. */
typedef struct cli_common_values {
    bool json, quiet, force, help;
    int64_t threads, seed;
    cli_strings output;
} cli_common_values;

/* A common option, and the bits of cli_command.common that bring it (0: every command has it). */
typedef struct cli_common_option {
    uint32_t bits;
    cli_option option;
} cli_common_option;

enum { CLI_N_COMMON = 7 };
extern const cli_common_option cli_common_options[CLI_N_COMMON + 1]; /* ends with a name NULL */

/* Whether a command takes common option i. */
bool cli_has_common(const cli_command *command, int i);

/* --help of a command or group, on stdout; the program's. */
void cli_print_help(const cli_command *command);
void cli_print_program_help(const cli_command *const *commands);

/* The one of n >= 1 known words that is nearest to word (length bytes). */
const char *cli_nearest(const char *word, size_t length, int n, const char *const *known);

/* What messages call the command from now on; "" at first. */
void cli_set_label(const char *name);

/* Ends the control of cli_control and gives the signals back. */
void cli_release_control(void);

/* Processors this process may run on, >= 1. */
int32_t cli_processors(void);

/* A random number below 2^32. */
uint64_t cli_fresh_seed(void);

#endif
