/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Command lines: the table of options says what there is, and every word of argv is matched against it.
 * Accepted are --name value, --name=value, -o PATH, -oPATH and --, after which all words are positional. Options and positional
 * arguments may be mixed. A word that is not known is refused with the nearest known one (cli_nearest.c).
 */
#include "cli_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A command line being read. */
typedef struct parser {
    const cli_command *command;
    unsigned char *args;     /* the command's struct */
    cli_common_values *common;
    uint64_t given;
} parser;

/* An option that was found: in the command's table (index >= 0) or among the common ones (-1). */
typedef struct match {
    const cli_option *option;
    int index;
} match;

static match find_option(const cli_command *command, const char *name, size_t length)
{
    const cli_option *own = command->options;
    for (int i = 0; own && own[i].name; i++)
        if (strlen(own[i].name) == length && memcmp(own[i].name, name, length) == 0)
            return (match){&own[i], i};
    for (int i = 0; cli_common_options[i].option.name; i++) {
        const cli_option *option = &cli_common_options[i].option;
        if (cli_has_common(command, i) && strlen(option->name) == length && memcmp(option->name, name, length) == 0)
            return (match){option, -1};
    }
    return (match){NULL, -1};
}

static int unknown_option(const cli_command *command, const char *name, size_t length)
{
    const char *known[CLI_OPTIONS_MAX + CLI_N_COMMON];
    int n = 0;
    for (const cli_option *o = command->options; o && o->name && n < CLI_OPTIONS_MAX; o++)
        known[n++] = o->name;
    for (int i = 0; cli_common_options[i].option.name; i++)
        if (cli_has_common(command, i))
            known[n++] = cli_common_options[i].option.name;
    return cli_usage("unknown option --%.*s; the nearest known one is --%s", (int)length, name, cli_nearest(name, length, n, known));
}

/* ---- ranges ------------------------------------------------------------------------------------------- */

/* Whether value meets one condition, "> 0" or "<= 20"; *condition moves behind it. */
static bool meets_condition(const char **condition, double value)
{
    const char *s = *condition;
    bool above = *s == '>';
    s++;
    bool equal = *s == '=';
    s += equal ? 2 : 1; /* the blank too */
    double limit = 0;
    int64_t used = 0;
    if (bnsl_parse_double(s, (int64_t)strlen(s), &limit, &used) != BNSL_OK)
        return false;
    *condition = s + used;
    return above ? (equal ? value >= limit : value > limit) : (equal ? value <= limit : value < limit);
}

static bool in_range(const char *range, double value)
{
    static const char joint[] = " and ";
    while (range && *range) {
        if (!meets_condition(&range, value))
            return false;
        if (strncmp(range, joint, sizeof joint - 1) == 0)
            range += sizeof joint - 1;
    }
    return true;
}

/* ---- values ------------------------------------------------------------------------------------------- */

static int wrong_value(const cli_option *option, const char *text, int length, const char *what)
{
    if (option->range)
        return cli_usage("--%s: '%.*s' %s; allowed: %s", option->name, length, text, what, option->range);
    return cli_usage("--%s: '%.*s' %s", option->name, length, text, what);
}

static int read_double(const cli_option *option, const char *text, int length, double *out)
{
    if (bnsl_parse_double(text, length, out, NULL) != BNSL_OK)
        return wrong_value(option, text, length, "is not a number");
    if (!isfinite(*out))
        return wrong_value(option, text, length, "is not finite");
    if (!in_range(option->range, *out))
        return wrong_value(option, text, length, "is out of range");
    return CLI_DONE;
}

static int read_int(const cli_option *option, const char *text, int length, int64_t *out)
{
    if (bnsl_parse_int64(text, length, out, NULL) != BNSL_OK)
        return wrong_value(option, text, length, "is not a whole number");
    if (!in_range(option->range, (double)*out))
        return wrong_value(option, text, length, "is out of range");
    return CLI_DONE;
}

static int read_choice(const cli_option *option, const char *text, int32_t *out)
{
    size_t length = strlen(text);
    int32_t index = 0;
    for (const char *s = option->choices; s; index++) {
        const char *end = strchr(s, '|');
        size_t n = end ? (size_t)(end - s) : strlen(s);
        if (n == length && memcmp(s, text, n) == 0) {
            *out = index;
            return CLI_DONE;
        }
        s = end ? end + 1 : NULL;
    }
    return cli_usage("--%s: '%s' is none of %s", option->name, text, option->choices);
}

static int wrong_count(const cli_option *option, const char *text, int n_min, int n_max)
{
    const char *separator = option->separator ? option->separator : ",";
    if (n_min == n_max)
        return cli_usage("--%s: '%s' must be %d numbers separated by '%s'", option->name, text, n_min, separator);
    return cli_usage("--%s: '%s' must be %d to %d numbers separated by '%s'", option->name, text, n_min, n_max, separator);
}

/* A list of numbers into ints or doubles, whichever is not NULL. */
static int read_list(const cli_option *option, const char *text, cli_ints *ints, cli_doubles *doubles)
{
    int n_min = option->n_min > 0 ? option->n_min : 1;
    int n_max = option->n_max > 0 ? option->n_max : CLI_LIST_MAX;
    char separator = option->separator ? option->separator[0] : ',';
    int32_t n = 0;
    for (const char *s = text; s; n++) {
        const char *end = strchr(s, separator);
        int length = (int)(end ? (size_t)(end - s) : strlen(s));
        if (n == n_max)
            return wrong_count(option, text, n_min, n_max);
        int status = ints ? read_int(option, s, length, &ints->values[n]) : read_double(option, s, length, &doubles->values[n]);
        if (status != CLI_DONE)
            return status;
        s = end ? end + 1 : NULL;
    }
    if (n < n_min)
        return wrong_count(option, text, n_min, n_max);
    if (ints)
        ints->n = n;
    else
        doubles->n = n;
    return CLI_DONE;
}

/* One more value of a repeatable option. What is there from the option's initial value goes when again is false. */
static int append_string(const cli_option *option, const char *text, bool again, cli_strings *out)
{
    if (!again)
        out->n = 0;
    if (out->n == CLI_LIST_MAX)
        return cli_usage("--%s: given more than %d times", option->name, CLI_LIST_MAX);
    out->values[out->n++] = text;
    return CLI_DONE;
}

/* text NULL: a flag. */
static int store(const cli_option *option, void *field, const char *text, bool again)
{
    switch (option->kind) {
    case CLI_FLAG: *(bool *)field = true; return CLI_DONE;
    case CLI_STRING: *(const char **)field = text; return CLI_DONE;
    case CLI_INT: return read_int(option, text, (int)strlen(text), field);
    case CLI_DOUBLE: return read_double(option, text, (int)strlen(text), field);
    case CLI_CHOICE: return read_choice(option, text, field);
    case CLI_INTS: return read_list(option, text, field, NULL);
    case CLI_DOUBLES: return read_list(option, text, NULL, field);
    case CLI_STRINGS: return append_string(option, text, again, field);
    }
    return CLI_USAGE;
}

/* The "not given" of each kind, then the option's initial value. */
static int store_initial(const cli_option *option, void *field)
{
    switch (option->kind) {
    case CLI_FLAG: *(bool *)field = false; break;
    case CLI_STRING: *(const char **)field = NULL; break;
    case CLI_INT: *(int64_t *)field = 0; break;
    case CLI_DOUBLE: *(double *)field = NAN; break;
    case CLI_CHOICE: *(int32_t *)field = -1; break;
    case CLI_INTS: ((cli_ints *)field)->n = 0; break;
    case CLI_DOUBLES: ((cli_doubles *)field)->n = 0; break;
    case CLI_STRINGS: ((cli_strings *)field)->n = 0; break;
    }
    return option->initial ? store(option, field, option->initial, false) : CLI_DONE;
}

/* ---- words -------------------------------------------------------------------------------------------- */

/* Takes the value of an option: behind the = or the next word. NULL: there is none. */
static const char *take_value(const char *attached, int argc, char **argv, int *i)
{
    if (attached)
        return attached;
    if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
        return NULL;
    return argv[++*i];
}

static int read_option(parser *p, match m, const char *attached, int argc, char **argv, int *i)
{
    const cli_option *option = m.option;
    unsigned char *base = m.index >= 0 ? p->args : (unsigned char *)p->common;
    bool again = m.index >= 0 ? (p->given >> m.index & 1) != 0 : true;
    const char *text = NULL;
    if (option->kind == CLI_FLAG) {
        if (attached)
            return cli_usage("--%s takes no value", option->name);
    } else {
        text = take_value(attached, argc, argv, i);
        if (!text)
            return cli_usage("--%s needs a value%s%s", option->name, option->metavar ? ", " : "", option->metavar ? option->metavar : "");
    }
    if (m.index >= 0)
        p->given |= (uint64_t)1 << m.index;
    return store(option, base + option->to, text, again);
}

/* A word that starts with a dash. */
static int read_dashed(parser *p, int argc, char **argv, int *i)
{
    const char *word = argv[*i];
    if (word[1] == '-') {
        const char *name = word + 2, *equals = strchr(name, '=');
        size_t length = equals ? (size_t)(equals - name) : strlen(name);
        match m = find_option(p->command, name, length);
        return m.option ? read_option(p, m, equals ? equals + 1 : NULL, argc, argv, i) : unknown_option(p->command, name, length);
    }
    if (word[1] == 'h' && word[2] == '\0')
        return read_option(p, find_option(p->command, "help", 4), NULL, argc, argv, i);
    if (word[1] == 'o' && p->command->common & CLI_OUTPUT)
        return read_option(p, find_option(p->command, "output", 6), word[2] ? word + 2 : NULL, argc, argv, i);
    return unknown_option(p->command, word + 1, strlen(word + 1));
}

/* All words; positional ones are gathered at the front of argv. */
static int read_words(parser *p, int argc, char **argv, int32_t *n_positional)
{
    bool only_positional = false;
    for (int i = 1; i < argc; i++) {
        if (!only_positional && strcmp(argv[i], "--") == 0) {
            only_positional = true;
        } else if (!only_positional && argv[i][0] == '-' && argv[i][1] != '\0') {
            int status = read_dashed(p, argc, argv, &i);
            if (status != CLI_DONE || p->common->help)
                return status;
        } else {
            argv[1 + (*n_positional)++] = argv[i];
        }
    }
    return CLI_DONE;
}

static int check_complete(const parser *p, const char *const *positional, int32_t n)
{
    const cli_command *c = p->command;
    if (n < c->n_positional_min)
        return cli_usage("%s is missing", c->positional_name);
    if (c->n_positional_max >= 0 && n > c->n_positional_max)
        return cli_usage("'%s' is one argument too many", positional[c->n_positional_max]);
    for (int i = 0; c->options && c->options[i].name; i++)
        if (c->options[i].required && !(p->given >> i & 1))
            return cli_usage("--%s is missing (%s)", c->options[i].name, c->options[i].help);
    return CLI_DONE;
}

static int set_initial_values(parser *p)
{
    int status = CLI_DONE;
    for (const cli_option *o = p->command->options; o && o->name && status == CLI_DONE; o++)
        status = store_initial(o, p->args + o->to);
    for (int i = 0; cli_common_options[i].option.name && status == CLI_DONE; i++)
        status = store_initial(&cli_common_options[i].option, (unsigned char *)p->common + cli_common_options[i].option.to);
    return status;
}

bool cli_parse(const cli_command *command, int argc, char **argv, void *args, cli_common *common_out, int *status_out)
{
    cli_common_values values;
    parser p = {command, args, &values, 0};
    int32_t n = 0;
    cli_set_label(command->name);
    *status_out = set_initial_values(&p);
    values.seed = -1; /* not given; outside the range of --seed */
    if (*status_out == CLI_DONE)
        *status_out = read_words(&p, argc, argv, &n);
    if (*status_out == CLI_DONE && values.help) {
        cli_print_help(command);
        return false;
    }
    if (*status_out == CLI_DONE)
        *status_out = check_complete(&p, (const char *const *)(argv + 1), n);
    if (*status_out != CLI_DONE)
        return false;

    bool seed_given = values.seed >= 0;
    *common_out = (cli_common){.command = command,
                               .json = values.json,
                               .quiet = values.quiet,
                               .force = values.force,
                               .threads = values.threads > 0 ? (int32_t)values.threads : cli_processors(),
                               .seed = seed_given ? (uint64_t)values.seed : cli_fresh_seed(),
                               .seed_given = seed_given,
                               .output = values.output,
                               .n_positional = n,
                               .positional = argv + 1,
                               .given = p.given};
    return true;
}

bool cli_given(const cli_common *common, const char *option_name)
{
    match m = find_option(common->command, option_name, strlen(option_name));
    return m.index >= 0 && (common->given >> m.index & 1) != 0;
}
