/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl saxs fit: phases, lattice constants and crystal sizes from one diffraction pattern. */
#include "saxs_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saxs_commands.h"

typedef struct args {
    curve_args curve;
    model_args model;
    bool local;
    const char *line, *pure, *pure_structure;
    double window, pure_ratio, pure_fraction;
} args;

static const cli_option options[] = {MODEL_OPTIONS(args, model),
                                     {.name = "c-over-a",
                                      .kind = CLI_STRING,
                                      .to = offsetof(args, model.c_over_a),
                                      .metavar = "X|fit",
                                      .help = "c/a of hexagonal phases: kept at X, or fitted (default: 1, kept)"},
                                     {.name = "centres",
                                      .kind = CLI_CHOICE,
                                      .to = offsetof(args, model.centres),
                                      .choices = "lattice|free",
                                      .initial = "lattice",
                                      .help = "lines where the lattice has them, or each within a bound of that"},
                                     {.name = "centre-bound",
                                      .kind = CLI_DOUBLE,
                                      .to = offsetof(args, model.centre_bound),
                                      .metavar = "B",
                                      .range = "> 0",
                                      .help = "bound of free centres, 1/nm (default: the half width)"},
                                     {.name = "local",
                                      .kind = CLI_FLAG,
                                      .to = offsetof(args, local),
                                      .help = "also fit one line of each phase on a straight background, as the paper does"},
                                     {.name = "line",
                                      .kind = CLI_STRING,
                                      .to = offsetof(args, line),
                                      .metavar = "HKL",
                                      .help = "that line, such as 101 (default: the strongest)"},
                                     {.name = "window",
                                      .kind = CLI_DOUBLE,
                                      .to = offsetof(args, window),
                                      .metavar = "W",
                                      .range = "> 0",
                                      .initial = "0.1",
                                      .help = "half width of its range of q, 1/nm"},
                                     {.name = "pure",
                                      .kind = CLI_STRING,
                                      .to = offsetof(args, pure),
                                      .metavar = "FILE",
                                      .help = "pattern of a run with one phase alone: shares by comparison with it"},
                                     {.name = "pure-structure",
                                      .kind = CLI_STRING,
                                      .to = offsetof(args, pure_structure),
                                      .metavar = "NAME",
                                      .help = "its structure (default: the last --structure)"},
                                     {.name = "pure-ratio",
                                      .kind = CLI_DOUBLE,
                                      .to = offsetof(args, pure_ratio),
                                      .metavar = "R",
                                      .range = ">= 0",
                                      .help = "S for each L in that run (default: as in its structure)"},
                                     {.name = "pure-fraction",
                                      .kind = CLI_DOUBLE,
                                      .to = offsetof(args, pure_fraction),
                                      .metavar = "X",
                                      .range = "> 0 and <= 1",
                                      .initial = "1",
                                      .help = "share of L in the phase there"},
                                     CURVE_OPTIONS(args, curve),
                                     {0}};

/* ---- the fit ------------------------------------------------------------------------------------------------------ */

/* BNSL_OK and BNSL_ENOCONV come with a pattern. */
static bnsl_status fit(const model_request *m, const curve *c, double ratio, bnsl_saxs_pattern **out)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_pattern *pattern = NULL;
    bnsl_saxs_pattern_options_init(&o, sizeof o);
    model_options(m, &o);
    o.ratio = ratio;
    o.error_model = c->error_model;
    o.relative_error = c->relative_error;
    o.q_min = c->q_min;
    o.q_max = c->q_max;
    bnsl_status status = bnsl_saxs_pattern_create(&pattern, &o);
    if (status == BNSL_OK)
        status = model_add_phases(m, pattern);
    if (status == BNSL_OK)
        status = bnsl_saxs_pattern_fit(pattern, c->n, c->q, c->value, c->error, cli_control());
    if (status == BNSL_OK || status == BNSL_ENOCONV)
        *out = pattern;
    else
        bnsl_saxs_pattern_destroy(pattern);
    return status;
}

static int fit_file(model_request *m, const char *path, const curve *c, double ratio, bnsl_status *done, bnsl_saxs_pattern **out)
{
    int64_t first, end;
    curve_fitted(c, &first, &end);
    if (end - first < 2)
        return cli_fail("%s: %lld points in the range of q", path, (long long)(end - first));
    int status = model_ranges(m, path, c->q[first], c->q[end - 1]);
    if (status != CLI_DONE)
        return status;
    *done = fit(m, c, ratio, out);
    return *out ? CLI_DONE : cli_fail_library(path);
}

/* ---- one line alone ------------------------------------------------------------------------------------------------- */

/* The line asked for, or the strongest; NULL: not there. */
static const bnsl_saxs_peak *choose_line(const args *a, const phase_report *p)
{
    const bnsl_saxs_peak *best = NULL;
    char hkl[48];
    for (int32_t k = 0; k < p->fit.n_peaks; k++) {
        const bnsl_saxs_peak *peak = p->peaks + k;
        if (a->line ? strcmp(model_hkl(peak, hkl), a->line) == 0 : !best || peak->area > best->area)
            best = peak;
    }
    return best;
}

static int fit_line(const args *a, const curve *c, phase_report *p)
{
    bnsl_saxs_line_options o;
    const bnsl_saxs_peak *peak = choose_line(a, p);
    if (!peak)
        return a->line ? cli_fail("--line: %s has no line %s in the range of q", p->name, a->line) : CLI_DONE;
    bnsl_saxs_line_options_init(&o, sizeof o);
    o.line_shape = a->model.line_shape;
    o.resolution = a->model.resolution;
    o.window = a->window;
    o.error_model = c->error_model;
    o.relative_error = c->relative_error;
    bnsl_status status = bnsl_saxs_fit_line(c->n, c->q, c->value, c->error, peak->q, &o, &p->line);
    if (status != BNSL_OK && status != BNSL_ENOCONV)
        return cli_fail_library("--local");
    p->has_line = true;
    model_hkl(peak, p->line_hkl);
    p->line_a = p->fit.a * peak->q / p->line.q; /* q ~ 1 / a at a given c/a */
    p->line_a_err = p->line_a * p->line.q_err / p->line.q;
    if (bnsl_saxs_scherrer(p->line.hwhm, o.line_shape, a->model.scherrer, isnan(a->model.scherrer_k) ? 0 : a->model.scherrer_k,
                           &p->line_xi) != BNSL_OK)
        return cli_fail_library("--local");
    p->line_xi_err = p->line_xi * p->line.hwhm_err / p->line.hwhm;
    return CLI_DONE;
}

/* ---- comparison with a pure run --------------------------------------------------------------------------------------- */

/* The phase of the pattern that the pure run has; -1: none. */
static int32_t pure_phase(const args *a, const model_request *m)
{
    bnsl_lattice *lattice = NULL;
    int32_t found = -1;
    if (!a->pure_structure)
        return m->n_phases - 1;
    if (bnsl_lattice_create(&lattice, a->pure_structure, NULL) == BNSL_OK)
        for (int32_t i = 0; i < m->n_phases; i++)
            if (strcmp(m->phases[i].name, bnsl_lattice_name(lattice)) == 0)
                found = i;
    bnsl_lattice_destroy(lattice);
    return found;
}

static int compare_with_pure(const args *a, const cli_common *common, const model_request *m, const bnsl_saxs_pattern *pattern, fit_report *r)
{
    const int32_t phase = pure_phase(a, m);
    if (phase < 0)
        return cli_usage("--pure-structure: '%s' is none of the structures here", a->pure_structure);
    args alone = *a;
    model_request one;
    curve c;
    bnsl_saxs_pattern *reference = NULL;
    bnsl_status done;
    alone.model.structure.n = 1;
    alone.model.structure.values[0] = m->phases[phase].name;
    alone.model.areas = BNSL_AREAS_FREE;
    alone.model.a_range.n = 0; /* it may have another lattice constant */
    if (m->phases[phase].cubic)
        alone.model.c_over_a = NULL;
    int status = model_read(&one, &alone.model, common);
    if (status == CLI_DONE)
        status = curve_open(&c, a->pure, &a->curve, common);
    if (status == CLI_DONE) {
        status = fit_file(&one, a->pure, &c, isnan(a->pure_ratio) ? -1 : a->pure_ratio, &done, &reference);
        curve_close(&c);
    }
    if (status == CLI_DONE && bnsl_saxs_pattern_relative_fraction(pattern, phase, reference, 0, a->pure_fraction, &r->phases[phase].relative,
                                                                  &r->phases[phase].relative_err) != BNSL_OK)
        status = cli_fail_library(a->pure);
    r->has_relative = true;
    bnsl_saxs_pattern_destroy(reference);
    model_close(&one);
    return status;
}

/* ---- results ---------------------------------------------------------------------------------------------------------- */

int saxs_fit_collect(const bnsl_saxs_pattern *pattern, int32_t phase, int32_t bonds, phase_report *p)
{
    p->relative = p->relative_err = NAN;
    if (bnsl_saxs_pattern_phase(pattern, phase, &p->fit) != BNSL_OK)
        return cli_fail_library(NULL);
    if (!(p->fit.a > 0) || bnsl_saxs_pattern_geometry(pattern, phase, bonds == 1 ? BNSL_BONDS_PAPER : BNSL_BONDS_GEOMETRY, &p->geometry) != BNSL_OK) {
        if (p->fit.a > 0)
            return cli_fail_library(p->name);
        p->geometry = (bnsl_saxs_geometry){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    }
    p->peaks = malloc((size_t)(p->fit.n_peaks + 1) * sizeof *p->peaks);
    if (!p->peaks)
        return cli_fail("out of memory");
    for (int32_t k = 0; k < p->fit.n_peaks; k++)
        if (bnsl_saxs_pattern_peak(pattern, phase, k, p->peaks + k) != BNSL_OK)
            return cli_fail_library(NULL);
    return CLI_DONE;
}

static int collect(const args *a, const curve *c, const model_request *m, const bnsl_saxs_pattern *pattern, fit_report *r)
{
    int status = CLI_DONE;
    r->fit = malloc((size_t)c->n * 2 * sizeof *r->fit);
    if (!r->fit)
        return cli_fail("out of memory");
    r->background = r->fit + c->n;
    if (bnsl_saxs_pattern_quality(pattern, &r->chi2_reduced, &r->converged, &r->n_iterations) != BNSL_OK ||
        bnsl_saxs_pattern_model(pattern, c->n, c->q, r->fit, r->background) != BNSL_OK)
        return cli_fail_library(NULL);
    r->has_fluid = a->model.background == BNSL_BACKGROUND_PHYSICAL && a->model.fluid != BNSL_FLUID_NONE;
    if (r->has_fluid && bnsl_saxs_pattern_fluid(pattern, &r->fluid) != BNSL_OK)
        return cli_fail_library(NULL);
    for (int32_t i = 0; i < m->n_phases && status == CLI_DONE; i++) {
        phase_report *p = r->phases + r->n_phases++;
        p->name = m->phases[i].name;
        status = saxs_fit_collect(pattern, i, a->model.bonds, p);
        if (status == CLI_DONE && a->local)
            status = fit_line(a, c, p);
    }
    return status;
}

/* ---- command ------------------------------------------------------------------------------------------------------------ */

/* A fit that has not converged is reported as such; what it found may still be of use. */
static int fit_and_report(const args *a, const cli_common *common, const curve *c, model_request *m)
{
    const char *path = common->positional[0];
    bnsl_saxs_pattern *pattern = NULL;
    bnsl_status done = BNSL_OK;
    fit_report r = {.n_phases = 0, .point_particles = a->model.cores.n == 0};
    int status = fit_file(m, path, c, isnan(a->model.ratio) ? -1 : a->model.ratio, &done, &pattern);
    if (status == CLI_DONE)
        status = collect(a, c, m, pattern, &r);
    if (status == CLI_DONE && a->pure)
        status = compare_with_pure(a, common, m, pattern, &r);
    if (status == CLI_DONE)
        status = saxs_fit_tell(common, c, &r);
    if (status == CLI_DONE && done != BNSL_OK)
        cli_note(common, "%s: the fit has not converged; a narrower --a-range or --q-range may help", path);
    for (int32_t i = 0; i < r.n_phases; i++)
        free(r.phases[i].peaks);
    free(r.fit);
    bnsl_saxs_pattern_destroy(pattern);
    return status;
}

static int check_arguments(const args *a, const cli_common *common)
{
    if (!a->local && (a->line || cli_given(common, "window")))
        return cli_usage("--line and --window need --local");
    if (!a->pure && (a->pure_structure || cli_given(common, "pure-ratio") || cli_given(common, "pure-fraction")))
        return cli_usage("--pure-structure, --pure-ratio and --pure-fraction need --pure");
    if (a->model.centres == BNSL_CENTRES_FREE && a->model.areas == BNSL_AREAS_CALCULATED)
        return cli_usage("--centres free needs --areas free");
    if (a->model.centres == BNSL_CENTRES_LATTICE && cli_given(common, "centre-bound"))
        return cli_usage("--centre-bound needs --centres free");
    return curve_check_outputs(common);
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    curve c = {.n = 0};
    model_request m = {.n_phases = 0};
    int status;
    if (!cli_parse(&saxs_fit_command, argc, argv, &a, &common, &status))
        return status;
    status = check_arguments(&a, &common);
    if (status == CLI_DONE)
        status = model_read(&m, &a.model, &common);
    if (status == CLI_DONE)
        status = curve_open(&c, common.positional[0], &a.curve, &common);
    if (status == CLI_DONE)
        status = fit_and_report(&a, &common, &c, &m);
    model_close(&m);
    curve_close(&c);
    return status;
}

const cli_command saxs_fit_command = {
    .name = "saxs fit",
    .usage = "FILE --structure NAME --unit nm|A [options]",
    .summary = "phases, lattice constants and crystal sizes from a diffraction pattern",
    .description = "Fits S(q) by the diffuse scattering of each phase, the fluid and a polynomial (--background polynomial: that alone,\n"
                   "also for I(q)) and, for each phase, lines of one width where its lattice puts them, each with an area >= 0 of its\n"
                   "own. The lattice constant is searched. The share of the L particles in a phase and the displacement u_rms compare\n"
                   "the areas with calculated ones, for S(q) that is 1 a particle at large q; --pure compares with another run.\n"
                   "-o takes .tsv for data, fit and background, .png, .svg, .pdf for a picture.",
    .examples = "bnsl saxs fit frame.dat --unit nm --structure AlB2 --c-over-a 0.99 --cores 10.4,4.5 -o fit.png\n"
                "bnsl saxs fit frame.dat --unit nm --structure NaZn13 --structure AlB2 --cores 13.2,6.4 --ratio 13 \\\n"
                "    --areas calculated\n"
                "bnsl saxs fit s.tsv --column 2 --unit nm --errors uniform --structure AlB2 --background polynomial --json\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_OUTPUT,
    .run = run};
