/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frame of the program bnsl: JSON writer, command lines, nearest words, axis ticks, output files. */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <unistd.h>

#include "bnsl_test.h"

#ifndef BNSL_PKGDATADIR
#define BNSL_PKGDATADIR "no-such-folder"
#endif
#include "../tools/cli_run.c"
#include "../tools/cli.c"
#include "../tools/cli_help.c"
#include "../tools/cli_nearest.c"
#include "../tools/json.c"
#include "../tools/output.c"
#include "../tools/plot/ticks.c"

/* ---- what was said on stderr ------------------------------------------------------------------------------- */

static int saved_stderr;
static char said[4096];

static void listen(void)
{
    fflush(stderr);
    saved_stderr = dup(STDERR_FILENO);
    assert_non_null(freopen("tmp_said", "w", stderr));
}

/* Stops listening; what was said is in said. */
static void stop_listening(void)
{
    fflush(stderr);
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    FILE *f = fopen("tmp_said", "r");
    assert_non_null(f);
    size_t n = fread(said, 1, sizeof said - 1, f);
    said[n] = '\0';
    fclose(f);
    remove("tmp_said");
}

/* ---- JSON ---------------------------------------------------------------------------------------------------- */

static void test_json_structure(void **state)
{
    (void)state;
    json j;
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_string(&j, "name", "AlB2");
    json_array_begin(&j, "none");
    json_array_end(&j);
    json_array_begin(&j, "two");
    json_int(&j, NULL, INT64_MIN);
    json_object_begin(&j, NULL);
    json_bool(&j, "yes", true);
    json_null(&j, "nil");
    json_object_end(&j);
    json_array_end(&j);
    json_doubles(&j, "d", 3, (double[3]){1, NAN, 0.1});
    json_ints(&j, "i", 2, (int64_t[2]){-1, 2});
    json_uint(&j, "u", UINT64_MAX);
    json_object_end(&j);
    assert_true(is_complete(&j));
    assert_string_equal(j.text, "{\n  \"name\": \"AlB2\",\n  \"none\": [],\n  \"two\": [\n    -9223372036854775808,\n    {\n      \"yes\": true,\n"
                                "      \"nil\": null\n    }\n  ],\n  \"d\": [1, null, 0.1],\n  \"i\": [-1, 2],\n  \"u\": 18446744073709551615\n}");
    json_free(&j);
}

static void test_json_text(void **state)
{
    static const char *const cases[][2] = {
        {"q (nm⁻¹)", "\"q (nm⁻¹)\""},     {"a\"b\\c", "\"a\\\"b\\\\c\""},        {"\n\x01\x7f", "\"\\u000a\\u0001\\u007f\""},
        {"\xff", "\"\xEF\xBF\xBD\""},     {"\xe2\x82", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* cut in the middle */
        {"\xc0\xaf", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* overlong */
        {"\xed\xa0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* a surrogate */
        {"\xf0\x9f\x94\xac", "\"\xf0\x9f\x94\xac\""}, {NULL, "null"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json j;
        json_init(&j, true);
        json_string(&j, NULL, cases[i][0]);
        assert_true(is_complete(&j));
        assert_string_equal(j.text, cases[i][1]);
        json_free(&j);
    }
}

static double random_double(uint64_t *seed)
{
    double value;
    do {
        uint64_t bits = (uint64_t)(test_uniform(seed) * 4294967296.0) << 32 | (uint64_t)(test_uniform(seed) * 4294967296.0);
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value));
    return value;
}

static void test_json_doubles(void **state)
{
    (void)state;
    uint64_t seed = 20240601;
    for (int i = 0; i < 2000; i++) {
        double value = i == 0 ? -0.0 : i == 1 ? 5e-324 : i == 2 ? 1.7976931348623157e308 : random_double(&seed), back = 0;
        json j;
        json_init(&j, true);
        json_double(&j, NULL, value);
        assert_int_equal(bnsl_parse_double(j.text, (int64_t)strlen(j.text), &back, NULL), BNSL_OK);
        assert_memory_equal(&back, &value, sizeof value);
        json_free(&j);
    }
}

static void test_json_misuse(void **state)
{
    (void)state;
    json j;
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_int(&j, NULL, 1); /* a member without a name */
    assert_false(is_complete(&j));
    json_free(&j);
    json_init(&j, true);
    json_array_begin(&j, NULL);
    json_object_end(&j);
    listen();
    assert_int_equal(json_print(&j), CLI_FAILED);
    stop_listening();
    assert_null(j.text);
    json_init(&j, true);
    for (int i = 0; i <= JSON_DEPTH_MAX; i++)
        json_array_begin(&j, NULL);
    assert_true(j.failed);
    json_free(&j);
    json_init(&j, false);
    json_object_end(&j);
    json_int(&j, "x", 1);
    assert_null(j.text);
    assert_int_equal(json_print(&j), CLI_DONE);
}

/* ---- command lines ------------------------------------------------------------------------------------------- */

typedef struct args {
    double a, phi;
    int64_t n;
    const char *name;
    bool wl;
    int32_t method;
    cli_ints repeat;
    cli_doubles list;
    cli_strings structure;
} args;

static const cli_option test_options[] = {
    {.name = "a", .kind = CLI_DOUBLE, .to = offsetof(args, a), .range = "> 0", .required = true, .help = "lattice constant"},
    {.name = "phi", .kind = CLI_DOUBLE, .to = offsetof(args, phi), .range = ">= 0 and < 1", .help = "fraction"},
    {.name = "steps", .kind = CLI_INT, .to = offsetof(args, n), .initial = "100", .range = ">= 0", .help = "steps"},
    {.name = "name", .kind = CLI_STRING, .to = offsetof(args, name), .help = "name"},
    {.name = "wl", .kind = CLI_FLAG, .to = offsetof(args, wl), .help = "w_l too"},
    {.name = "method", .kind = CLI_CHOICE, .to = offsetof(args, method), .choices = "direct|debye", .initial = "direct", .help = "how"},
    {.name = "repeat", .kind = CLI_INTS, .to = offsetof(args, repeat), .n_min = 3, .n_max = 3, .range = ">= 1", .initial = "1,1,1", .help = "cells"},
    {.name = "ratio", .kind = CLI_DOUBLES, .to = offsetof(args, list), .separator = ":", .help = "ratio"},
    {.name = "structure", .kind = CLI_STRINGS, .to = offsetof(args, structure), .initial = "AlB2", .help = "structure"},
    {0}};

static const cli_command test_command = {.name = "test", .usage = "FILE", .summary = "a test", .options = test_options, .args_size = sizeof(args),
                                         .positional_name = "FILE", .n_positional_min = 1, .n_positional_max = 2,
                                         .common = CLI_JSON | CLI_THREADS | CLI_SEED | CLI_OUTPUT};

enum { WORDS_MAX = 32 };

/* Splits line at blanks (it is overwritten) and parses it. */
static bool parse(char *line, args *a, cli_common *common, int *status)
{
    static char *words[WORDS_MAX];
    int n = 0;
    for (char *word = strtok(line, " "); word && n < WORDS_MAX - 1; word = strtok(NULL, " "))
        words[n++] = word;
    words[n] = NULL;
    return cli_parse(&test_command, n, words, a, common, status);
}

static void test_parse_everything(void **state)
{
    (void)state;
    char line[] = "test --a=8.13 f1 --phi 0.5 --wl --method debye --repeat 2,3,4 --ratio 1:2 --structure NaZn13 --structure fcc --name -x"
                  " -o p.png --output=q.svg -or.pdf --json --threads 3 --seed 7 --force -- --f2";
    args a;
    cli_common c;
    int status;
    assert_true(parse(line, &a, &c, &status));
    assert_true(a.a == 8.13 && a.phi == 0.5 && a.n == 100 && a.wl && a.method == 1);
    assert_string_equal(a.name, "-x");
    assert_int_equal(a.repeat.n, 3);
    assert_int_equal(a.repeat.values[2], 4);
    assert_int_equal(a.list.n, 2);
    assert_true(a.list.values[1] == 2);
    assert_int_equal(a.structure.n, 2); /* the initial value is replaced, not kept beside the given ones */
    assert_string_equal(a.structure.values[0], "NaZn13");
    assert_int_equal(c.output.n, 3);
    assert_string_equal(c.output.values[2], "r.pdf");
    assert_true(c.json && c.force && !c.quiet && c.threads == 3 && c.seed == 7 && c.seed_given);
    assert_int_equal(c.n_positional, 2);
    assert_string_equal(c.positional[0], "f1");
    assert_string_equal(c.positional[1], "--f2");
    assert_true(cli_given(&c, "phi"));
    assert_false(cli_given(&c, "steps"));
}

static void test_parse_defaults(void **state)
{
    (void)state;
    char line[] = "test --a 1 f";
    args a;
    cli_common c;
    int status;
    assert_true(parse(line, &a, &c, &status));
    assert_true(isnan(a.phi) && a.n == 100 && !a.name && !a.wl && a.method == 0 && a.list.n == 0);
    assert_int_equal(a.structure.n, 1);
    assert_true(c.threads >= 1 && !c.seed_given && c.seed < UINT64_C(1) << 32);
}

static void test_parse_errors(void **state)
{
    static const char *const cases[][2] = {
        {"test --a 1", "FILE is missing"},
        {"test --a 1 f g h", "'h' is one argument too many"},
        {"test f", "--a is missing (lattice constant)"},
        {"test f --a", "--a needs a value"},
        {"test f --a --json", "--a needs a value"},
        {"test f --a 0", "--a: '0' is out of range; allowed: > 0"},
        {"test f --a 1x", "--a: '1x' is not a number"},
        {"test f --a nan", "--a: 'nan' is not finite"},
        {"test f --a 1e400", "--a: '1e400' is not"},
        {"test f --a 1,5", "--a: '1,5' is not a number"},
        {"test f --a 1 --phi 1", "allowed: >= 0 and < 1"},
        {"test f --a 1 --phi -1e-9", "allowed: >= 0 and < 1"},
        {"test f --a 1 --steps 1.5", "--steps: '1.5' is not a whole number"},
        {"test f --a 1 --method dye", "--method: 'dye' is none of direct|debye"},
        {"test f --a 1 --repeat 1,2", "must be 3 numbers separated by ','"},
        {"test f --a 1 --repeat 1,2,3,4", "must be 3 numbers separated by ','"},
        {"test f --a 1 --repeat 1,,3", "--repeat: '' is not a whole number"},
        {"test f --a 1 --repeat 1,0,3", "--repeat: '0' is out of range; allowed: >= 1"},
        {"test f --a 1 --wl=yes", "--wl takes no value"},
        {"test f --a 1 --threads 0", "--threads: '0' is out of range"},
        {"test f --a 1 --seed -1", "--seed: '-1' is out of range"},
        {"test f --a 1 --phy 0.5", "unknown option --phy; the nearest known one is --phi"},
        {"test f --a 1 --repaet=3", "unknown option --repaet; the nearest known one is --repeat"},
        {"test f --a 1 --out x", "unknown option --out; the nearest known one is --output"},
        {"test f --a 1 -x", "unknown option --x"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[128];
        args a;
        cli_common c;
        int status = -1;
        snprintf(line, sizeof line, "%s", cases[i][0]);
        listen();
        bool good = parse(line, &a, &c, &status);
        stop_listening();
        if (good || status != CLI_USAGE || !strstr(said, cases[i][1]) || strncmp(said, "bnsl test: ", 11) != 0)
            fail_msg("%s: status %d, said: %s", cases[i][0], status, said);
    }
}

static void test_nearest(void **state)
{
    static const char *const known[] = {"lattice", "potential", "assemble", "order", "sq", "render", "well-depth", "wl"};
    (void)state;
    assert_string_equal(cli_nearest("latice", 6, 8, known), "lattice");
    assert_string_equal(cli_nearest("oredr", 5, 8, known), "order");
    assert_string_equal(cli_nearest("well", 4, 8, known), "well-depth"); /* a beginning, though "wl" is 2 away */
    assert_string_equal(cli_nearest("qs", 2, 8, known), "sq");
    assert_int_equal(alignment_distance("kitten", 6, "sitting", 7), 3);
    assert_int_equal(alignment_distance("ca", 2, "abc", 3), 3); /* 2 without the restriction of optimal string alignment */
    assert_int_equal(alignment_distance("abcd", 4, "acbd", 4), 1);
    assert_int_equal(alignment_distance("", 0, "abc", 3), 3);
}

static void test_fail_library(void **state)
{
    (void)state;
    bnsl_io_reader *reader = NULL;
    cli_set_label("test");
    listen();
    assert_int_not_equal(bnsl_io_reader_open(&reader, "no/such.gsd", BNSL_FILE_AUTO), BNSL_OK);
    int status = cli_fail_library("no/such.gsd");
    stop_listening();
    assert_int_equal(status, CLI_FAILED);
    assert_null(strstr(said, "bnsl_"));
    char *first = strstr(said, "no/such.gsd");
    assert_non_null(first);
    assert_null(strstr(first + 1, "no/such.gsd"));
    assert_int_equal(strncmp(said, "bnsl test: ", 11), 0);
}

/* ---- ticks ----------------------------------------------------------------------------------------------------- */

static void test_ticks(void **state)
{
    (void)state;
    plot_ticks t;
    plot_find_ticks(0, 1, false, 5, &t);
    assert_string_equal(t.label[0], "0.0");
    assert_string_equal(t.label[t.n - 1], "1.0");
    plot_find_ticks(-2, 2, false, 4, &t);
    assert_string_equal(t.label[0], "−2");
    plot_find_ticks(0, 4e5, false, 4, &t);
    assert_string_equal(t.label[t.n - 1], "4×10⁵");
    plot_find_ticks(1e-3, 1e3, true, 6, &t);
    assert_string_equal(t.label[0], "10⁻³");
    plot_find_ticks(0.1, 2, true, 6, &t);
    assert_string_equal(t.label[0], "0.1");
    assert_string_equal(t.label[1], "0.2");
    assert_string_equal(t.label[2], "");
}

/* Ticks lie in the range, rise, have from 2 to twice the wanted number of labels, and linear labels read as their value. */
static void test_ticks_property(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < 500; i++) {
        double low = pow(10, 8 * test_uniform(&seed) - 4), high = low * (1 + pow(10, 6 * test_uniform(&seed) - 2));
        double wanted = 3 + 6 * test_uniform(&seed);
        bool logarithmic = i % 2;
        if (!logarithmic && i % 4 == 0)
            low = -high * test_uniform(&seed);
        plot_ticks t;
        plot_find_ticks(low, high, logarithmic, wanted, &t);
        int n_labels = 0;
        double slack = 1e-6 * (high - low);
        for (int k = 0; k < t.n; k++) {
            assert_true(t.value[k] >= low - slack && t.value[k] <= high + slack);
            assert_true(k == 0 || t.value[k] > t.value[k - 1]);
            n_labels += t.label[k][0] != '\0';
            bool plain = t.label[k][0] && !strstr(t.label[k], "×") && (!logarithmic || !strstr(t.label[k], "10"));
            if (plain) {
                bool negative = strncmp(t.label[k], "−", strlen("−")) == 0;
                double shown = strtod(t.label[k] + (negative ? strlen("−") : 0), NULL) * (negative ? -1 : 1);
                assert_close(shown, t.value[k], 1e-9, 1e-6 * (high - low)); /* labels are rounded to the step's last decimal */
            }
        }
        if (n_labels < 1 || n_labels > 2 * wanted + 1)
            fail_msg("%g .. %g: %d labels for %g", low, high, n_labels, wanted);
    }
}

static void test_range_follows_data(void **state)
{
    double x[3] = {1, 2, 4}, y[3] = {5, NAN, 10}, error[3] = {1, 1, 2};
    plot_series s = {.kind = PLOT_KIND_POINTS, .n = 3, .x = x, .y = y, .y_err = error};
    plot_panel p = {.n_series = 1, .series = &s};
    double low, high;
    (void)state;
    plot_find_range(&p, PLOT_X, &low, &high);
    assert_true(low < 1 && low > 0.8 && high > 4 && high < 4.2);
    plot_find_range(&p, PLOT_Y, &low, &high);
    assert_true(low < 4 && high > 12 && high < 13); /* with the error bars */
    y[0] = 0.5;
    error[0] = 0;
    plot_find_range(&p, PLOT_Y, &low, &high);
    assert_true(low == 0);
    y[0] = -1;
    p.axis[PLOT_Y].logarithmic = true;
    plot_find_range(&p, PLOT_Y, &low, &high);
    assert_true(low > 0 && low < 8 && high > 12);
}

/* ---- output files ------------------------------------------------------------------------------------------------ */

static bool exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

static void test_output(void **state)
{
    (void)state;
    const char *path = test_temporary("output");
    output_file o;
    remove(path);
    FILE *f = output_open(&o, path, false);
    assert_non_null(f);
    fputs("one", f);
    assert_false(exists(path));
    char *temporary = strdup(o.temporary);
    assert_true(exists(temporary));
    assert_int_equal(output_commit(&o), CLI_DONE);
    assert_true(exists(path));
    assert_false(exists(temporary));

    listen();
    assert_null(output_open(&o, path, false));
    stop_listening();
    assert_non_null(strstr(said, "--force"));
    assert_non_null(output_open(&o, path, true));
    output_abandon(&o);
    assert_false(exists(temporary));

    remove(path); /* another program makes the file meanwhile */
    assert_non_null(output_open(&o, path, false));
    FILE *other = fopen(path, "w");
    fputs("other", other);
    fclose(other);
    listen();
    assert_int_equal(output_commit(&o), CLI_FAILED);
    stop_listening();
    assert_false(exists(temporary));
    char text[16] = "";
    other = fopen(path, "r");
    assert_non_null(fgets(text, sizeof text, other));
    fclose(other);
    assert_string_equal(text, "other");
    free(temporary);
}

static void test_output_refused(void **state)
{
    static const char *const paths[] = {"", "no-such-folder/x.png", ".", "x/"};
    (void)state;
    for (int i = 0; i < 4; i++) {
        listen();
        assert_int_equal(output_check(paths[i], false), CLI_FAILED);
        stop_listening();
        assert_int_equal(strcspn(said, "\n") + 1, strlen(said)); /* one line */
    }
    assert_true(output_has_ending("A.PNG", ".png|.svg"));
    assert_true(output_has_ending("a.svg", ".png|.svg"));
    assert_false(output_has_ending("a.pdf", ".png|.svg"));
    assert_false(output_has_ending(".png", ".png"));
}

/* ---- interrupts -------------------------------------------------------------------------------------------------- */

/* Last, since it cannot be undone in one process. */
static void test_interrupt(void **state)
{
    (void)state;
    bnsl_control *control = cli_control();
    assert_non_null(control);
    assert_ptr_equal(cli_control(), control);
    assert_false(cli_interrupted());
    raise(SIGTERM);
    assert_true(cli_interrupted());
    assert_int_equal(bnsl_control_is_cancelled(control), 1);
    listen();
    assert_int_equal(cli_fail_library("x"), CLI_INTERRUPTED);
    stop_listening();
    cli_release_control();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_structure),   cmocka_unit_test(test_json_text),      cmocka_unit_test(test_json_doubles),
        cmocka_unit_test(test_json_misuse),      cmocka_unit_test(test_parse_everything), cmocka_unit_test(test_parse_defaults),
        cmocka_unit_test(test_parse_errors),     cmocka_unit_test(test_nearest),        cmocka_unit_test(test_fail_library),
        cmocka_unit_test(test_ticks),            cmocka_unit_test(test_ticks_property), cmocka_unit_test(test_range_follows_data),
        cmocka_unit_test(test_output),           cmocka_unit_test(test_output_refused),
        cmocka_unit_test(test_interrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
