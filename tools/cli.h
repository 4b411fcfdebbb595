/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The frame of the program bnsl: commands, their options, help, messages, exit statuses, signals.
 *
 * A command is one file tools/cmd_<name>.c that defines a `const cli_command <name>_command` (declared in commands.h). Its
 * table of options is what both the parser and --help read. A command looks like this:
 *
 *     typedef struct args { double a; cli_ints repeat; const char *name; int32_t method; bool wl; } args;
 *
 *     static const cli_option options[] = {
 *         {.name = "a", .kind = CLI_DOUBLE, .to = offsetof(args, a), .metavar = "A", .range = "> 0", .required = true,
 *          .help = "lattice constant, nm"},
 *         {.name = "repeat", .kind = CLI_INTS, .to = offsetof(args, repeat), .metavar = "X,Y,Z", .n_min = 3, .n_max = 3,
 *          .range = ">= 1", .initial = "1,1,1", .help = "cells along a, b, c"},
 *         {.name = "method", .kind = CLI_CHOICE, .to = offsetof(args, method), .choices = "direct|debye", .initial = "direct",
 *          .help = "how S(q) is summed"},                                              // 0 = direct, 1 = debye
 *         {.name = "wl", .kind = CLI_FLAG, .to = offsetof(args, wl), .help = "w_l too"},
 *         {0}};
 *
 *     static int run(int argc, char **argv)
 *     {
 *         args a;
 *         cli_common common;
 *         int status;
 *         if (!cli_parse(&lattice_command, argc, argv, &a, &common, &status))
 *             return status;                                    // --help was printed, or the usage error named
 *         if (output_check_all(&common) != CLI_DONE)            // output.h: before the work
 *             return CLI_FAILED;
 *         bnsl_lattice *lattice = NULL;
 *         if (bnsl_lattice_create(&lattice, common.positional[0], NULL) != BNSL_OK)
 *             return cli_fail_library("lattice");
 *         ...
 *     }
 *
 *     const cli_command lattice_command = {
 *         .name = "lattice", .usage = "NAME --a A [options]", .summary = "cell, geometry, reflections, coordinates", .options = options,
 *         .args_size = sizeof(args), .positional_name = "NAME", .n_positional_min = 1, .n_positional_max = 1,
 *         .common = CLI_JSON | CLI_OUTPUT, .run = run};
 */
#ifndef BNSL_TOOLS_CLI_H
#define BNSL_TOOLS_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bnsl/bnsl.h>

/* Exit statuses of the program; a command's run returns one of them. */
enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_INTERRUPTED = 130 };

/* Most values that one list option takes, and most options of one command. */
enum { CLI_LIST_MAX = 64, CLI_OPTIONS_MAX = 64 };

/* What an option's value is, and the type of the field that it goes to. Nothing here needs freeing: texts point into argv. */
typedef enum cli_kind {
    CLI_FLAG,    /* --x            bool                                                                      */
    CLI_STRING,  /* --x TEXT       const char *; NULL when not given and without initial                     */
    CLI_INT,     /* --x 5          int64_t; 0 when not given and without initial                             */
    CLI_DOUBLE,  /* --x 0.5        double; NaN when not given and without initial; a given one is finite     */
    CLI_CHOICE,  /* --x a          int32_t, index into choices; -1 when not given and without initial        */
    CLI_INTS,    /* --x 4,6        cli_ints; n = 0 when not given and without initial                        */
    CLI_DOUBLES, /* --x 0.5,1      cli_doubles, likewise                                                     */
    CLI_STRINGS  /* --x A --x B    cli_strings, one value each time the option is given                      */
} cli_kind;

typedef struct cli_ints {
    int32_t n;
    int64_t values[CLI_LIST_MAX];
} cli_ints;

typedef struct cli_doubles {
    int32_t n;
    double values[CLI_LIST_MAX];
} cli_doubles;

typedef struct cli_strings {
    int32_t n;
    const char *values[CLI_LIST_MAX];
} cli_strings;

/* One option. Leave out what does not apply (zero). A table ends with {0}. */
typedef struct cli_option {
    const char *name;      /* long name without the dashes, "well-depth" */
    cli_kind kind;
    size_t to;             /* offsetof the field in the command's own struct of arguments */
    const char *metavar;   /* the value's name in --help, "A"; not for flags; choices show themselves when it is NULL */
    const char *help;      /* one line: what it is, and its unit */
    const char *initial;   /* the default as the user would type it; shown in --help and parsed */
    const char *range;     /* numbers, each value of a list: "> 0", ">= 0 and <= 20", "> 0 and < 1"; NULL: any finite number */
    const char *choices;   /* CLI_CHOICE: "gaussian|schulz|lognormal" */
    const char *separator; /* lists: one character between the values, default ","; "1:2" has ":" */
    int32_t n_min, n_max;  /* lists: how many values; 0, 0: any number from 1 to CLI_LIST_MAX */
    bool required;         /* a usage error when it is not given */
} cli_option;

/* Common options that a command takes; --quiet and --help belong to all of them. */
enum {
    CLI_JSON = 1,    /* --json */
    CLI_THREADS = 2, /* --threads N, default: all cores */
    CLI_SEED = 4,    /* --seed N, default: a fresh random one */
    CLI_OUTPUT = 8,  /* -o PATH, --output PATH, repeatable; brings --force with it */
    CLI_FORCE = 16   /* --force alone, for commands that name their outputs otherwise (--out DIR) */
};

/* One command, or a group of them (bnsl saxs fit): then subcommands is set, and run, options and the like are not. */
typedef struct cli_command {
    const char *name;            /* as typed: "lattice"; a subcommand: "saxs fit" */
    const char *usage;           /* what follows the name in the usage line: "FILE [options]" */
    const char *summary;         /* a phrase for the list of commands */
    const char *description;     /* for --help, or NULL: paragraphs, which are filled; lines that start with a blank stay */
    const char *examples;        /* lines of shell for --help, each ending in a newline; or NULL */
    const cli_option *options;   /* or NULL */
    size_t args_size;            /* sizeof the struct that the options' offsets belong to */
    const char *positional_name; /* "FILE": for messages about missing or superfluous arguments */
    int32_t n_positional_min;
    int32_t n_positional_max;    /* -1: any number */
    uint32_t common;             /* bits CLI_JSON | ... */
    int (*run)(int argc, char **argv); /* argv[0] is the command's last word; returns an exit status */
    const struct cli_command *const *subcommands; /* ends with NULL */
} cli_command;

/* What the common options said. */
typedef struct cli_common {
    const cli_command *command;
    bool json, quiet, force;
    int32_t threads;         /* >= 1 */
    uint64_t seed;           /* given or fresh (a fresh one is below 2^32, so that it survives every JSON reader) */
    bool seed_given;
    cli_strings output;      /* -o, in order */
    int32_t n_positional;
    char **positional;       /* points into argv */
    uint64_t given;          /* bit i: option i of the command's table was on the command line */
} cli_common;

/*
 * Reads the command line of a command. args (command->args_size bytes, or NULL without options) gets every field: given value,
 * else initial, else the "not given" of cli_kind.
 * Returns true to go on. False: *status_out is the exit status to return, and what was to say has been said
 * (--help on stdout: CLI_DONE; a usage error on stderr: CLI_USAGE).
 */
bool cli_parse(const cli_command *command, int argc, char **argv, void *args, cli_common *common_out, int *status_out);

/* Whether an option of the command's table was on the command line. */
bool cli_given(const cli_common *common, const char *option_name);

/* Runs the command that argv names, out of a list that ends with NULL; also --help and --version. Returns the exit status of the program. */
int cli_main(const cli_command *const *commands, int argc, char **argv);

/* ---- messages: one line on stderr, "bnsl <command>: ..." ------------------------------------------------ */

/* Says why the command failed. Returns CLI_FAILED, so that: return cli_fail("%s: no L particles", path); */
int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For wrong use that the option table cannot express; adds where help is found. Returns CLI_USAGE. */
int cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * After a library call failed on this thread: "what: <the library's message without its function name>". what is the file or
 * the thing worked on; NULL: the message alone. Returns CLI_FAILED; after an interrupt (cli_interrupted) says so instead and
 * returns CLI_INTERRUPTED.
 */
int cli_fail_library(const char *what);

/* The library's message on this thread without its function name; valid until the next failure. */
const char *cli_library_message(void);

/* A remark that is no failure; not with --quiet. */
void cli_note(const cli_common *common, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- interrupts -------------------------------------------------------------------------------------- */

/*
 * The control of this process, for the library's long calls: SIGINT and SIGTERM cancel it (the second one ends the process).
 * The first call installs the handlers. NULL when there is no memory (the library accepts NULL).
 */
bnsl_control *cli_control(void);

/* Whether SIGINT or SIGTERM has come since cli_control was called first. Commands check it in their own long loops. */
bool cli_interrupted(void);

/* ---- installed data ---------------------------------------------------------------------------------- */

/*
 * Path of an installed data file ("PolySpheres.txt"): in $BNSL_DATA, else in the directory given at configure time.
 * Writes into path (size bytes); false: in neither (then cli_fail has named both).
 */
bool cli_find_data(const char *name, char *path, size_t size);

#endif
