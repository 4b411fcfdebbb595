/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Around a command: choosing it, its messages, interrupts, installed data, processors and seeds.
 * The state of the process that signal handlers and messages need is here, and nowhere else in the program.
 */
#define _GNU_SOURCE /* sched_getaffinity */
#include "cli_internal.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *command_label = "";         /* the command's name in messages */
static bnsl_control *process_control;          /* what the signal handler cancels */
static volatile sig_atomic_t was_interrupted;

/* ---- messages ------------------------------------------------------------------------------------------ */

void cli_set_label(const char *name)
{
    command_label = name;
}

/* One line, whatever the text holds. */
static void say(const char *format, va_list arguments)
{
    char text[2048];
    vsnprintf(text, sizeof text, format, arguments);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20)
            *c = '?';
    fprintf(stderr, "bnsl%s%s: %s\n", *command_label ? " " : "", command_label, text);
}

int cli_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    return CLI_FAILED;
}

int cli_usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try 'bnsl%s%s --help'.\n", *command_label ? " " : "", command_label);
    return CLI_USAGE;
}

void cli_note(const cli_common *common, const char *format, ...)
{
    if (common->quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

const char *cli_library_message(void)
{
    const char *message = bnsl_error_message();
    size_t name = strspn(message, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return strncmp(message, "bnsl_", 5) == 0 && strncmp(message + name, ": ", 2) == 0 ? message + name + 2 : message;
}

int cli_fail_library(const char *what)
{
    if (cli_interrupted()) {
        cli_fail("interrupted");
        return CLI_INTERRUPTED;
    }
    const char *message = cli_library_message();
    if (!what || strstr(message, what))
        return cli_fail("%s", message);
    return cli_fail("%s: %s", what, message);
}

/* ---- interrupts ---------------------------------------------------------------------------------------- */

static void on_signal(int number)
{
    (void)number;
    was_interrupted = 1;
    bnsl_control_cancel(process_control);
}

bnsl_control *cli_control(void)
{
    if (process_control || bnsl_control_create(&process_control) != BNSL_OK)
        return process_control;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return process_control;
}

void cli_release_control(void)
{
    if (!process_control)
        return;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    bnsl_control_destroy(process_control);
    process_control = NULL;
}

bool cli_interrupted(void)
{
    return was_interrupted != 0;
}

/* ---- machine ------------------------------------------------------------------------------------------- */

int32_t cli_processors(void)
{
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
#endif
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 && n <= 4096 ? (int32_t)n : 1;
}

uint64_t cli_fresh_seed(void)
{
    uint32_t seed = 0;
    FILE *f = fopen("/dev/urandom", "rb");
    size_t n = f ? fread(&seed, sizeof seed, 1, f) : 0;
    if (f)
        fclose(f);
    if (n != 1)
        seed = (uint32_t)time(NULL) ^ (uint32_t)getpid() << 16;
    return seed;
}

bool cli_find_data(const char *name, char *path, size_t size)
{
    const char *own = getenv("BNSL_DATA");
    const char *directories[2] = {own && *own ? own : NULL, BNSL_PKGDATADIR};
    for (int i = 0; i < 2; i++) {
        int n = directories[i] ? snprintf(path, size, "%s/%s", directories[i], name) : 0;
        if (n > 0 && (size_t)n < size && access(path, R_OK) == 0)
            return true;
    }
    cli_fail("data file %s is not in %s%s%s; BNSL_DATA names its folder", name, directories[0] ? directories[0] : "",
             directories[0] ? " nor in " : "", directories[1]);
    return false;
}

/* ---- choosing the command -------------------------------------------------------------------------------- */

/* The last word of a command's name: "fit" of "saxs fit". */
static const char *last_word(const cli_command *command)
{
    const char *blank = strrchr(command->name, ' ');
    return blank ? blank + 1 : command->name;
}

static const cli_command *find_command(const cli_command *const *commands, const char *word)
{
    for (; *commands; commands++)
        if (strcmp(last_word(*commands), word) == 0)
            return *commands;
    return NULL;
}

static int unknown_command(const cli_command *const *commands, const char *word)
{
    const char *known[CLI_OPTIONS_MAX];
    int n = 0;
    for (; commands[n] && n < CLI_OPTIONS_MAX; n++)
        known[n] = last_word(commands[n]);
    return cli_usage("unknown command '%s'; the nearest known one is '%s'", word, cli_nearest(word, strlen(word), n, known));
}

static int print_version(void)
{
    printf("bnsl %s\n", bnsl_version_string());
    return CLI_DONE;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Finds the command that argv[1], argv[2] ... name and runs it. */
static int run_command(const cli_command *const *commands, int argc, char **argv)
{
    const cli_command *command = find_command(commands, argv[1]);
    if (!command)
        return unknown_command(commands, argv[1]);
    argc--, argv++;
    while (command->subcommands) {
        cli_set_label(command->name);
        if (argc < 2)
            return cli_usage("a command is missing");
        if (is_help(argv[1])) {
            cli_print_help(command);
            return CLI_DONE;
        }
        const cli_command *next = find_command(command->subcommands, argv[1]);
        if (!next)
            return unknown_command(command->subcommands, argv[1]);
        command = next;
        argc--, argv++;
    }
    cli_set_label(command->name);
    return command->run(argc, argv);
}

/*
 * Threads that wait for each other spin for milliseconds in libgomp's default: with one other busy program on the machine, two threads
 * are then tens of times slower than one. The limit is read from the environment when the library is loaded, so the program
 * starts itself once more with one of some 10 microseconds, unless the user has chosen.
 */
static void wait_briefly(char **argv)
{
#ifdef _OPENMP
    if (getenv("GOMP_SPINCOUNT") || getenv("OMP_WAIT_POLICY") || setenv("GOMP_SPINCOUNT", "1000", 0))
        return;
    execv("/proc/self/exe", argv); /* where this does not work, the program goes on as it is */
#else
    (void)argv;
#endif
}

int cli_main(const cli_command *const *commands, int argc, char **argv)
{
    wait_briefly(argv);
    int status;
    if (argc < 2) {
        status = cli_usage("a command is missing");
    } else if (is_help(argv[1])) {
        cli_print_program_help(commands);
        status = CLI_DONE;
    } else if (strcmp(argv[1], "--version") == 0) {
        status = print_version();
    } else if (argv[1][0] == '-') {
        static const char *const known[2] = {"--help", "--version"};
        status = cli_usage("unknown option %s; the nearest known one is %s", argv[1], cli_nearest(argv[1], strlen(argv[1]), 2, known));
    } else {
        status = run_command(commands, argc, argv);
    }
    cli_release_control();
    if (fflush(stdout) != 0 && status == CLI_DONE)
        status = cli_fail("cannot write to standard output: %s", strerror(errno));
    return status;
}
