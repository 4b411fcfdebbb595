/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl saxs index: which structures explain the positions of peaks, given or found in a curve. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curves.h"
#include "json.h"
#include "saxs_commands.h"

enum { MAX_PEAKS = 64, MAX_CANDIDATES = 64 };

typedef struct args {
    curve_args curve;
    cli_doubles positions, position_errors, a_range;
    double tolerance, c_over_a_range, significance, f_small;
    int64_t show;
} args;

typedef struct result {
    int32_t n_peaks;
    double q[MAX_PEAKS], q_err[MAX_PEAKS]; /* errors: NaN when not known */
    int32_t n_candidates;
    bnsl_saxs_index_candidate candidates[MAX_CANDIDATES];
    bnsl_saxs_index_options options;
} result;

static const cli_option options[] = {
    CURVE_OPTIONS(args, curve),
    {.name = "positions", .kind = CLI_DOUBLES, .to = offsetof(args, positions), .metavar = "Q,Q,..", .range = "> 0",
     .help = "positions of the peaks instead of a FILE, in the unit of --unit (default: nm)"},
    {.name = "position-errors", .kind = CLI_DOUBLES, .to = offsetof(args, position_errors), .metavar = "E,E,..", .range = "> 0",
     .help = "their standard errors, one or one for each"},
    {.name = "significance", .kind = CLI_DOUBLE, .to = offsetof(args, significance), .metavar = "S", .range = ">= 0", .initial = "7",
     .help = "peaks of a FILE: least prominence in units of the noise"},
    {.name = "tolerance", .kind = CLI_DOUBLE, .to = offsetof(args, tolerance), .metavar = "T", .range = "> 0 and <= 0.1", .initial = "0.01",
     .help = "a line explains a peak within this relative distance"},
    {.name = "a-range", .kind = CLI_DOUBLES, .to = offsetof(args, a_range), .metavar = "A,B", .n_min = 2, .n_max = 2, .range = "> 0",
     .help = "lattice constants considered, nm (default: any)"},
    {.name = "c-over-a-range", .kind = CLI_DOUBLE, .to = offsetof(args, c_over_a_range), .metavar = "R", .range = ">= 0 and <= 0.5",
     .initial = "0.15", .help = "largest relative difference of c/a from the structure's own"},
    {.name = "amplitude", .kind = CLI_DOUBLE, .to = offsetof(args, f_small), .metavar = "F", .initial = "0.17",
     .help = "scattering amplitude of S over that of L: which lines should be strong"},
    {.name = "show", .kind = CLI_INT, .to = offsetof(args, show), .metavar = "N", .range = ">= 1 and <= 64", .initial = "5",
     .help = "structures listed, the best first"},
    {0}};

/* ---- peaks ----------------------------------------------------------------------------------------- */

static int take_positions(const args *a, result *r)
{
    double to_nm = a->curve.unit == 1 ? 10.0 : 1.0;
    if (a->position_errors.n > 1 && a->position_errors.n != a->positions.n)
        return cli_usage("--position-errors: %d errors for %d positions: give one, or one for each", a->position_errors.n, a->positions.n);
    r->n_peaks = a->positions.n;
    for (int32_t i = 0; i < r->n_peaks; i++) {
        r->q[i] = to_nm * a->positions.values[i];
        r->q_err[i] = a->position_errors.n == 0 ? NAN : to_nm * a->position_errors.values[a->position_errors.n > 1 ? i : 0];
        if (i > 0 && !(r->q[i] > r->q[i - 1]))
            return cli_usage("--positions: %g after %g, they must rise", a->positions.values[i], a->positions.values[i - 1]);
    }
    return CLI_DONE;
}

static int find_positions(const char *path, const args *a, const curve *c, result *r)
{
    bnsl_saxs_found_peak found[MAX_PEAKS];
    bnsl_saxs_peaks_options o;
    int64_t n = 0, first = 0, end = 0;
    bnsl_saxs_peaks_options_init(&o, sizeof o);
    o.min_significance = a->significance;
    curve_fitted(c, &first, &end);
    if (end - first < 5)
        return cli_fail("%s: %lld points in the range, at least 5 are needed", path, (long long)(end - first));
    bnsl_status status =
        bnsl_saxs_find_peaks(end - first, c->q + first, c->value + first, c->error ? c->error + first : NULL, &o, MAX_PEAKS, &n, found);
    if (status == BNSL_EBUFFER)
        return cli_fail("%s: %lld peaks, at most %d can be indexed: raise --significance or give --q-range", path, (long long)n, MAX_PEAKS);
    if (status)
        return cli_fail_library(path);
    r->n_peaks = (int32_t)n;
    for (int32_t i = 0; i < r->n_peaks; i++) {
        r->q[i] = found[i].q;
        r->q_err[i] = found[i].q_err;
    }
    return CLI_DONE;
}

static int get_peaks(const args *a, const cli_common *common, result *r)
{
    if (a->positions.n > 0)
        return take_positions(a, r);
    curve c;
    curve_args curve_of = a->curve;
    if (!curve_of.errors && curve_of.column > 0)
        curve_of.errors = "uniform"; /* the peak finder estimates the noise itself */
    int status = curve_open(&c, common->positional[0], &curve_of, common);
    if (status == CLI_DONE)
        status = find_positions(common->positional[0], a, &c, r);
    curve_close(&c);
    return status;
}

/* ---- report ---------------------------------------------------------------------------------------- */

static const double *errors_of(const result *r)
{
    return isnan(r->q_err[0]) ? NULL : r->q_err;
}

static int report_json(const result *r, int32_t n_shown)
{
    json j;
    bnsl_saxs_index_line lines[MAX_PEAKS];
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_doubles(&j, "q", r->n_peaks, r->q);
    json_doubles(&j, "q_err", r->n_peaks, r->q_err);
    json_array_begin(&j, "candidates");
    for (int32_t i = 0; i < n_shown; i++) {
        const bnsl_saxs_index_candidate *c = &r->candidates[i];
        if (bnsl_saxs_index_lines(c, r->n_peaks, r->q, errors_of(r), &r->options, lines) != BNSL_OK) {
            json_free(&j);
            return cli_fail_library(NULL);
        }
        json_object_begin(&j, NULL);
        json_string(&j, "structure", bnsl_lattice_prototype_name(c->prototype));
        json_double(&j, "a", c->a);
        json_double(&j, "a_err", c->a_err);
        json_double(&j, "c_over_a", c->c_over_a);
        json_double(&j, "c_over_a_err", c->c_over_a_err);
        json_double(&j, "figure_of_merit", c->figure_of_merit);
        json_double(&j, "score", c->score);
        json_double(&j, "rms", c->rms);
        json_int(&j, "explained", c->n_explained);
        json_int(&j, "unexplained", c->n_unexplained);
        json_int(&j, "missing", c->n_missing);
        json_int(&j, "possible", c->n_possible);
        json_array_begin(&j, "lines");
        for (int32_t k = 0; k < r->n_peaks; k++) {
            char hkl[48];
            snprintf(hkl, sizeof hkl, "%d %d %d", lines[k].h, lines[k].k, lines[k].l);
            json_object_begin(&j, NULL);
            json_string(&j, "hkl", lines[k].explained ? hkl : NULL);
            json_double(&j, "q", lines[k].q);
            json_double(&j, "residual", lines[k].residual);
            json_object_end(&j);
        }
        json_array_end(&j);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_object_end(&j);
    return json_print(&j);
}

static int report_text(const result *r, int32_t n_shown)
{
    bnsl_saxs_index_line lines[MAX_PEAKS];
    if (r->n_candidates == 0) {
        printf("%d peaks; no structure explains half of them\n", r->n_peaks);
        return CLI_DONE;
    }
    printf("%-10s%12s%10s%10s%10s%8s%8s%11s%9s\n", "structure", "a (nm)", "+-", "c/a", "+-", "M", "score", "explained", "missing");
    for (int32_t i = 0; i < n_shown; i++) {
        const bnsl_saxs_index_candidate *c = &r->candidates[i];
        printf("%-10s%12.6g%10.2g%10.5g%10.2g%8.1f%8.1f%7d/%-3d%9d\n", bnsl_lattice_prototype_name(c->prototype), c->a, c->a_err,
               c->c_over_a, c->c_over_a_err, c->figure_of_merit, c->score, c->n_explained, r->n_peaks, c->n_missing);
    }
    if (bnsl_saxs_index_lines(&r->candidates[0], r->n_peaks, r->q, errors_of(r), &r->options, lines) != BNSL_OK)
        return cli_fail_library(NULL);
    printf("\n%s\n%-12s%12s%12s%12s\n", bnsl_lattice_prototype_name(r->candidates[0].prototype), "peak (1/nm)", "hkl", "line", "residual");
    for (int32_t k = 0; k < r->n_peaks; k++) {
        char hkl[48];
        snprintf(hkl, sizeof hkl, "%d %d %d", lines[k].h, lines[k].k, lines[k].l);
        if (lines[k].explained)
            printf("%-12.6g%12s%12.6g%12.2g\n", r->q[k], hkl, lines[k].q, lines[k].residual);
        else
            printf("%-12.6g%12s%12s%12s\n", r->q[k], "-", "-", "-");
    }
    return CLI_DONE;
}

/* ---- command --------------------------------------------------------------------------------------- */

static int index_peaks(const args *a, result *r)
{
    bnsl_saxs_index_options_init(&r->options, sizeof r->options);
    r->options.tolerance = a->tolerance;
    r->options.c_over_a_range = a->c_over_a_range;
    r->options.f_small = a->f_small;
    if (a->a_range.n == 2) {
        r->options.a_min = a->a_range.values[0];
        r->options.a_max = a->a_range.values[1];
    }
    if (r->n_peaks < 2)
        return cli_fail("%d peaks, at least 2 are needed", r->n_peaks);
    if (bnsl_saxs_index(r->n_peaks, r->q, errors_of(r), &r->options, MAX_CANDIDATES, &r->n_candidates, r->candidates) != BNSL_OK)
        return cli_fail_library(NULL);
    return CLI_DONE;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    int status;
    if (!cli_parse(&saxs_index_command, argc, argv, &a, &common, &status))
        return status;
    if ((common.n_positional == 1) == (a.positions.n > 0))
        return cli_usage("give either a FILE or --positions");
    if (a.position_errors.n > 0 && a.positions.n == 0)
        return cli_usage("--position-errors goes with --positions");
    result *r = calloc(1, sizeof *r);
    if (!r)
        return cli_fail("out of memory");
    status = get_peaks(&a, &common, r);
    if (status == CLI_DONE)
        status = index_peaks(&a, r);
    if (status == CLI_DONE) {
        int32_t n_shown = r->n_candidates < a.show ? r->n_candidates : (int32_t)a.show;
        status = common.json ? report_json(r, n_shown) : report_text(r, n_shown);
    }
    free(r);
    return status;
}

const cli_command saxs_index_command = {
    .name = "saxs index",
    .usage = "FILE | --positions Q,Q,.. [options]",
    .summary = "structures and lattice constants that explain the positions of peaks",
    .description = "Ranks the structures of `bnsl lattice --list` by how well their reflections explain the peaks, which are given or found in\n"
                   "FILE, and refines a and c/a. M is de Wolff's figure of merit; the score counts unexplained peaks and missing strong lines.",
    .examples = "bnsl saxs index --positions 0.4853,0.5548,0.7371,0.9609,0.9706,1.0765\n"
                "bnsl saxs index pattern.dat --unit nm --q-range 0.2,1.6 --json\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 0,
    .n_positional_max = 1,
    .common = CLI_JSON,
    .run = run};
