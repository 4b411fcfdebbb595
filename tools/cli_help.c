/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --help: made from the same tables as the parser, wrapped at 96 columns. */
#include "cli_internal.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_COLUMN = 28, LINE_WIDTH = 96 };

const cli_common_option cli_common_options[CLI_N_COMMON + 1] = {
    {CLI_OUTPUT, {.name = "output", .kind = CLI_STRINGS, .to = offsetof(cli_common_values, output), .metavar = "PATH",
      .help = "write a file; may be given several times"}},
    {CLI_OUTPUT | CLI_FORCE, {.name = "force", .kind = CLI_FLAG, .to = offsetof(cli_common_values, force),
      .help = "overwrite files that exist"}},
    {CLI_JSON, {.name = "json", .kind = CLI_FLAG, .to = offsetof(cli_common_values, json),
      .help = "print one JSON object with all digits"}},
    {CLI_THREADS, {.name = "threads", .kind = CLI_INT, .to = offsetof(cli_common_values, threads), .metavar = "N", .range = ">= 1 and <= 4096",
      .help = "threads, default all cores; the result does not depend on them"}},
    {CLI_SEED, {.name = "seed", .kind = CLI_INT, .to = offsetof(cli_common_values, seed), .metavar = "N", .range = ">= 0",
      .help = "seed of the random numbers, default a fresh one, which is printed"}},
    {0, {.name = "quiet", .kind = CLI_FLAG, .to = offsetof(cli_common_values, quiet),
      .help = "no progress and no remarks"}},
    {0, {.name = "help", .kind = CLI_FLAG, .to = offsetof(cli_common_values, help),
      .help = "print this and stop"}},
    {0, {.name = NULL}}};

bool cli_has_common(const cli_command *command, int i)
{
    uint32_t bits = cli_common_options[i].bits;
    return bits == 0 || (command->common & bits) != 0;
}

/* Columns of UTF-8 text: its bytes that do not continue a character. */
static int columns_of(const char *text, size_t length)
{
    int columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

static const char hard_blank = '\1'; /* a blank at which no line ends */

static void print_word(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        putchar(word[i] == hard_blank ? ' ' : word[i]);
}

/* Prints words from column on, and starts new lines at indent. */
static void print_wrapped(const char *text, int column, int indent)
{
    bool line_start = true;
    while (*text) {
        size_t length = strcspn(text, " ");
        int width = columns_of(text, length);
        if (!line_start && column + 1 + width > LINE_WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
            line_start = true;
        }
        fputs(line_start ? "" : " ", stdout);
        print_word(text, length);
        column += width + (line_start ? 0 : 1);
        line_start = false;
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
}

/* Length of a paragraph: lines up to an empty or an indented one. */
static size_t paragraph_length(const char *text)
{
    size_t n = 0;
    while (text[n] && !(text[n] == '\n' && strchr("\n ", text[n + 1])))
        n++;
    return n;
}

/* Line ends become blanks, or nothing after a hyphen. */
static void join_lines(char *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '\n')
            *out++ = text[i];
        else if (i > 0 && text[i - 1] != '-')
            *out++ = ' ';
    }
    *out = '\0';
}

/* Paragraphs are filled; empty lines and lines that start with a blank stay as they are. */
static void print_description(const char *text)
{
    char paragraph[4096];
    while (*text) {
        bool fixed = *text == ' ' || *text == '\n';
        size_t length = fixed ? strcspn(text, "\n") : paragraph_length(text);
        length = length < sizeof paragraph ? length : sizeof paragraph - 1;
        join_lines(paragraph, text, length);
        if (fixed)
            puts(paragraph);
        else
            print_wrapped(paragraph, 0, 0);
        text += length;
        text += *text == '\n';
    }
}

/* "  left<blanks>text" */
static void print_entry(const char *left, const char *text)
{
    int column = 2 + columns_of(left, strlen(left));
    printf("  %s", left);
    if (column + 2 > TEXT_COLUMN) {
        putchar('\n');
        column = 0;
    }
    printf("%*s", TEXT_COLUMN - column, "");
    print_wrapped(text, TEXT_COLUMN, TEXT_COLUMN);
}

/* Appends joint and part to text of n bytes, without line ends inside part. Returns the new length. */
static size_t append_part(char *text, size_t size, size_t n, const char *joint, const char *part)
{
    int more = snprintf(text + n, size - n, "%s", joint);
    size_t start = n + (size_t)more;
    if (more < 0 || start >= size)
        return n;
    snprintf(text + start, size - start, "%s", part);
    for (n = start; text[n]; n++)
        if (text[n] == ' ')
            text[n] = hard_blank;
    return n;
}

/* The help text, then what is required, allowed and the default, in parentheses. */
static void print_option(const cli_option *o, const char *alias)
{
    char left[256], initial[128], text[1024];
    const char *value = o->metavar ? o->metavar : o->choices;
    snprintf(left, sizeof left, "%s--%s%s%s", alias, o->name, value ? " " : "", value ? value : "");
    snprintf(initial, sizeof initial, "default %s", o->initial ? o->initial : "");
    const char *parts[3] = {o->required ? "required" : NULL, o->range, o->initial ? initial : NULL};
    snprintf(text, sizeof text - 2, "%s", o->help);
    size_t n = strlen(text);
    const char *joint = " (";
    for (int i = 0; i < 3; i++) {
        if (!parts[i])
            continue;
        n = append_part(text, sizeof text - 2, n, joint, parts[i]);
        joint = "; ";
    }
    if (joint[0] == ';')
        memcpy(text + n, ")", 2);
    print_entry(left, text);
}

static void print_group(const cli_command *group)
{
    printf("usage: bnsl %s COMMAND [options]\n\n%s\n\n", group->name, group->summary);
    for (const cli_command *const *c = group->subcommands; *c; c++)
        print_entry((*c)->name, (*c)->summary);
    printf("\nbnsl %s COMMAND --help tells more.\n", group->name);
}

/* Text whose every line is indented by two blanks. */
static void print_indented(const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        printf("  %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

void cli_print_help(const cli_command *command)
{
    if (command->subcommands) {
        print_group(command);
        return;
    }
    printf("usage: bnsl %s %s\n\n%s\n", command->name, command->usage, command->summary);
    if (command->description) {
        putchar('\n');
        print_description(command->description);
    }
    if (command->options && command->options[0].name)
        printf("\noptions:\n");
    for (const cli_option *o = command->options; o && o->name; o++)
        print_option(o, "");
    printf("\ncommon options:\n");
    for (int i = 0; cli_common_options[i].option.name; i++)
        if (cli_has_common(command, i))
            print_option(&cli_common_options[i].option, strcmp(cli_common_options[i].option.name, "output") == 0 ? "-o, " : "");
    if (command->examples) {
        printf("\nexamples:\n");
        print_indented(command->examples);
    }
    printf("\nman bnsl-%.*s tells more.\n", (int)strcspn(command->name, " "), command->name);
}

void cli_print_program_help(const cli_command *const *commands)
{
    printf("usage: bnsl COMMAND [options] [files]\n\nBinary nanocrystal superlattices: simulate, analyse, fit, draw.\n\n");
    for (const cli_command *const *c = commands; *c; c++)
        print_entry((*c)->name, (*c)->summary);
    printf("\nbnsl COMMAND --help tells more about a command, bnsl --version the version.\n");
}
