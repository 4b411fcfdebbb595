/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl saxs fit: phases, lattice constants and crystal sizes from one diffraction pattern. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saxs_commands.h"
#include "saxs_fit.h"

enum { PHASES_MAX = SAXS_FIT_PHASES_MAX, RANGE_LINES = 5 };

typedef struct args {
    curve_args curve;
    cli_strings structure, a_range;
    const char *c_over_a;
    cli_doubles cores, contrast;
    double ratio, scherrer_k;
    int64_t background;
    int32_t bonds;
} args;

/* What the command line says of one phase. */
typedef struct phase_request {
    const char *name;
    bnsl_lattice *lattice; /* a = 1 */
    bool cubic;
    double c_over_a; /* hexagonal: the value to keep, NaN: to be fitted */
    double a_min, a_max;
    bool a_given;
} phase_request;

static const cli_option options[] = {{.name = "structure",
                                      .kind = CLI_STRINGS,
                                      .to = offsetof(args, structure),
                                      .metavar = "NAME",
                                      .required = true,
                                      .help = "AlB2, NaZn13 or fcc; once for each phase"},
                                     {.name = "a-range",
                                      .kind = CLI_STRINGS,
                                      .to = offsetof(args, a_range),
                                      .metavar = "MIN,MAX",
                                      .help = "where to look for a, nm; once, or for each --structure (default: by the range of q)"},
                                     {.name = "c-over-a",
                                      .kind = CLI_STRING,
                                      .to = offsetof(args, c_over_a),
                                      .metavar = "X|fit",
                                      .help = "c/a of hexagonal phases: kept at X, or fitted (default: 1, kept)"},
                                     {.name = "cores",
                                      .kind = CLI_DOUBLES,
                                      .to = offsetof(args, cores),
                                      .metavar = "dL,dS",
                                      .n_min = 1,
                                      .n_max = 2,
                                      .range = "> 0",
                                      .help = "core diameters, nm: intensities, surface distances, volume fraction"},
                                     {.name = "contrast",
                                      .kind = CLI_DOUBLES,
                                      .to = offsetof(args, contrast),
                                      .metavar = "L,S",
                                      .n_min = 2,
                                      .n_max = 2,
                                      .initial = "1,1",
                                      .help = "scattering length densities of the cores less that of the solvent, any unit"},
                                     {.name = "ratio",
                                      .kind = CLI_DOUBLE,
                                      .to = offsetof(args, ratio),
                                      .metavar = "R",
                                      .range = ">= 0",
                                      .help = "S particles for each L in the whole sample (default: as in the first phase)"},
                                     {.name = "background",
                                      .kind = CLI_INT,
                                      .to = offsetof(args, background),
                                      .metavar = "N",
                                      .range = ">= -1 and <= 8",
                                      .initial = "2",
                                      .help = "order of the background polynomial; -1: none"},
                                     {.name = "scherrer-k",
                                      .kind = CLI_DOUBLE,
                                      .to = offsetof(args, scherrer_k),
                                      .metavar = "K",
                                      .range = "> 0",
                                      .initial = "1.0747",
                                      .help = "K of the crystal size pi K / (half width at half maximum)"},
                                     {.name = "bonds",
                                      .kind = CLI_CHOICE,
                                      .to = offsetof(args, bonds),
                                      .choices = "geometry|paper",
                                      .initial = "geometry",
                                      .help = "bond lengths from the sites or from the atomic ones that the paper prints"},
                                     CURVE_OPTIONS(args, curve),
                                     {0}};

/* ---- what is asked --------------------------------------------------------------------------------------------- */

static int make_lattice(const char *name, double a, double c_over_a, bnsl_lattice **out)
{
    bnsl_lattice_options o;
    bnsl_lattice_options_init(&o, sizeof o);
    o.a = a;
    o.c_over_a = c_over_a;
    return bnsl_lattice_create(out, name, &o) == BNSL_OK ? CLI_DONE : cli_fail_library(NULL);
}

/* "MIN,MAX" */
static int read_range(const char *text, phase_request *p)
{
    int64_t used = 0, length = (int64_t)strlen(text);
    if (bnsl_parse_double(text, length, &p->a_min, &used) != BNSL_OK || used >= length || text[used] != ',' ||
        bnsl_parse_double(text + used + 1, length - used - 1, &p->a_max, NULL) != BNSL_OK || !(p->a_min > 0 && p->a_min < p->a_max && p->a_max < 1e9))
        return cli_usage("--a-range: '%s' must be MIN,MAX with 0 < MIN < MAX", text);
    p->a_given = true;
    return CLI_DONE;
}

/* q of the first and the RANGE_LINES-th line of a lattice with a = 1; false: no memory. */
static bool first_lines(const bnsl_lattice *lattice, double *q_first, double *q_later)
{
    const double q_max = 40;
    int64_t n = 0;
    bnsl_lattice_reflections(lattice, q_max, 0, 0, &n, NULL); /* asks for their number */
    bnsl_reflection *lines = malloc((size_t)n * sizeof *lines);
    bool ok = lines && n >= RANGE_LINES && bnsl_lattice_reflections(lattice, q_max, 0, n, &n, lines) == BNSL_OK;
    if (ok) {
        *q_first = lines[0].q;
        *q_later = lines[RANGE_LINES - 1].q;
    }
    free(lines);
    return ok;
}

/* From a whose fifth line is just in the range of q to a whose first line just is. */
static int automatic_range(const char *path, const curve *c, phase_request *p)
{
    int64_t first, end;
    double q_first, q_later;
    curve_fitted(c, &first, &end);
    if (end - first < 2)
        return cli_fail("%s: %lld points in the range of q", path, (long long)(end - first));
    if (!first_lines(p->lattice, &q_first, &q_later))
        return cli_fail("out of memory");
    p->a_min = q_later / c->q[end - 1];
    p->a_max = fmin(q_first / c->q[first], 50 * p->a_min);
    if (!(p->a_min < p->a_max))
        return cli_fail("%s: q = %.4g .. %.4g 1/nm is too short a range to look for %s in; give --a-range", path, c->q[first], c->q[end - 1],
                        p->name);
    return CLI_DONE;
}

static int read_c_over_a(const args *a, double *out)
{
    *out = 1;
    if (!a->c_over_a)
        return CLI_DONE;
    if (strcmp(a->c_over_a, "fit") == 0) {
        *out = NAN;
        return CLI_DONE;
    }
    if (bnsl_parse_double(a->c_over_a, (int64_t)strlen(a->c_over_a), out, NULL) != BNSL_OK || !(*out > 0 && *out < 1e3))
        return cli_usage("--c-over-a: '%s' must be a number > 0 or the word fit", a->c_over_a);
    return CLI_DONE;
}

static int read_requests(const args *a, const char *path, const curve *c, phase_request *p)
{
    double c_over_a;
    bool any_hexagonal = false;
    int status = read_c_over_a(a, &c_over_a);
    for (int32_t i = 0; i < a->structure.n && status == CLI_DONE; i++) {
        bnsl_lattice *stretched = NULL;
        int32_t n_small;
        p[i].name = a->structure.values[i];
        status = make_lattice(p[i].name, 1, 0, &p[i].lattice);
        if (status != CLI_DONE)
            return status;
        p[i].name = bnsl_lattice_name(p[i].lattice);
        bnsl_lattice_options o;
        bnsl_lattice_options_init(&o, sizeof o);
        o.c_over_a = 2;
        p[i].cubic = bnsl_lattice_create(&stretched, p[i].name, &o) != BNSL_OK;
        bnsl_lattice_destroy(stretched);
        any_hexagonal = any_hexagonal || !p[i].cubic;
        p[i].c_over_a = p[i].cubic ? 1 : c_over_a;
        bnsl_lattice_sites(p[i].lattice, NULL, &n_small);
        if (a->cores.n == 1 && n_small > 0)
            return cli_usage("--cores: %s has L and S particles: give both, dL,dS", p[i].name);
        status = a->a_range.n > 0 ? read_range(a->a_range.values[a->a_range.n == 1 ? 0 : i], p + i) : automatic_range(path, c, p + i);
    }
    if (status == CLI_DONE && a->c_over_a && !any_hexagonal)
        return cli_usage("--c-over-a: no structure here is hexagonal");
    return status;
}

static int check_arguments(const args *a, const cli_common *common)
{
    if (a->structure.n > PHASES_MAX)
        return cli_usage("--structure: %d of them, at most %d", (int)a->structure.n, PHASES_MAX);
    if (a->a_range.n > 1 && a->a_range.n != a->structure.n)
        return cli_usage("--a-range: %d of them for %d structures: give one, or one for each", (int)a->a_range.n, (int)a->structure.n);
    if (a->contrast.values[0] == 0 && a->contrast.values[1] == 0)
        return cli_usage("--contrast: 0,0 scatters nothing");
    if (a->cores.n == 0 && (cli_given(common, "bonds")))
        return cli_usage("--bonds needs --cores, for the distances between surfaces");
    return curve_check_outputs(common);
}

/* ---- the fit ----------------------------------------------------------------------------------------------------- */

/* Contrast times volume; points when the cores are not known. */
static double amplitude(const args *a, int species)
{
    double contrast = a->contrast.values[species];
    if (a->cores.n == 0)
        return contrast;
    double d = species < a->cores.n ? a->cores.values[species] : 0;
    return contrast * d * d * d * 0.5235987755982988; /* pi / 6 */
}

/* Number of S for each L of the first phase. */
static double first_ratio(const phase_request *p)
{
    int32_t n_large, n_small;
    bnsl_lattice_sites(p->lattice, &n_large, &n_small);
    return (double)n_small / n_large;
}

/* The fit. BNSL_OK and BNSL_ENOCONV come with a pattern. */
static bnsl_status fit(const args *a, const curve *c, const phase_request *p, bnsl_saxs_pattern **out)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_pattern *pattern = NULL;
    bnsl_saxs_pattern_options_init(&o, sizeof o);
    o.background_order = (int32_t)a->background;
    o.error_model = c->error_model;
    o.relative_error = c->relative_error;
    o.q_min = c->q_min;
    o.q_max = c->q_max;
    o.scherrer_k = a->scherrer_k;
    bnsl_status status = bnsl_saxs_pattern_create(&pattern, &o);
    for (int32_t i = 0; i < a->structure.n && status == BNSL_OK; i++) {
        bnsl_lattice *lattice = NULL;
        bnsl_lattice_options lo;
        const bool fit_c = isnan(p[i].c_over_a);
        bnsl_lattice_options_init(&lo, sizeof lo);
        lo.a = sqrt(p[i].a_min * p[i].a_max);
        lo.c_over_a = p[i].cubic ? 0 : fit_c ? 1 : p[i].c_over_a;
        status = bnsl_lattice_create(&lattice, p[i].name, &lo);
        if (status == BNSL_OK)
            status = bnsl_saxs_pattern_add_phase(pattern, lattice, p[i].a_min, p[i].a_max, fit_c, amplitude(a, 0), amplitude(a, 1),
                                                 a->cores.n > 0 ? a->cores.values[0] : 0, a->cores.n > 1 ? a->cores.values[1] : 0,
                                                 isnan(a->ratio) ? first_ratio(p) : a->ratio);
        bnsl_lattice_destroy(lattice);
    }
    if (status == BNSL_OK)
        status = bnsl_saxs_pattern_fit(pattern, c->n, c->q, c->value, c->error, cli_control());
    if (status == BNSL_OK || status == BNSL_ENOCONV)
        *out = pattern;
    else
        bnsl_saxs_pattern_destroy(pattern);
    return status;
}

/* What follows from a phase's lattice and the cores. */
static int derive(const args *a, const phase_request *request, phase_report *p)
{
    bnsl_lattice *lattice = NULL;
    int status = make_lattice(request->name, p->fit.a, request->cubic ? 0 : p->fit.c_over_a, &lattice);
    p->volume_fraction = p->d_ll = p->d_ls = p->d_ss = NAN;
    if (status == CLI_DONE && a->cores.n > 0) {
        double large = a->cores.values[0], small = a->cores.n > 1 ? a->cores.values[1] : 1;
        double b_ll, b_ls, b_ss;
        if (bnsl_lattice_bond_lengths(lattice, a->bonds == 1 ? BNSL_BONDS_PAPER : BNSL_BONDS_GEOMETRY, &b_ll, &b_ls, &b_ss) != BNSL_OK ||
            bnsl_lattice_volume_fraction(lattice, large, small, &p->volume_fraction) != BNSL_OK) {
            status = cli_fail_library(request->name);
        } else {
            p->d_ll = b_ll - large;
            p->d_ls = b_ls - 0.5 * (large + small);
            p->d_ss = b_ss - small;
        }
    }
    bnsl_lattice_destroy(lattice);
    return status;
}

static int collect(const args *a, const curve *c, const phase_request *request, const bnsl_saxs_pattern *pattern, fit_report *r)
{
    int status = CLI_DONE;
    r->fit = malloc((size_t)c->n * 2 * sizeof *r->fit);
    if (!r->fit)
        return cli_fail("out of memory");
    r->background = r->fit + c->n;
    if (bnsl_saxs_pattern_quality(pattern, &r->chi2_reduced, &r->converged, &r->n_iterations) != BNSL_OK ||
        bnsl_saxs_pattern_model(pattern, c->n, c->q, r->fit, r->background) != BNSL_OK)
        return cli_fail_library(NULL);
    for (int32_t i = 0; i < a->structure.n && status == CLI_DONE; i++) {
        phase_report *p = r->phases + r->n_phases++;
        p->name = request[i].name;
        if (bnsl_saxs_pattern_phase(pattern, i, &p->fit) != BNSL_OK)
            return cli_fail_library(NULL);
        p->peaks = malloc((size_t)(p->fit.n_peaks + 1) * sizeof *p->peaks);
        if (!p->peaks)
            return cli_fail("out of memory");
        for (int32_t k = 0; k < p->fit.n_peaks; k++)
            if (bnsl_saxs_pattern_peak(pattern, i, k, p->peaks + k) != BNSL_OK)
                return cli_fail_library(NULL);
        status = derive(a, request + i, p);
    }
    return status;
}

/* ---- command ------------------------------------------------------------------------------------------------------------ */

/* A fit that has not converged is reported as such; what it found may still be of use. */
static int fit_and_report(const args *a, const cli_common *common, const curve *c, phase_request *requests)
{
    const char *path = common->positional[0];
    bnsl_saxs_pattern *pattern = NULL;
    fit_report r = {.n_phases = 0, .point_particles = a->cores.n == 0};
    int status = read_requests(a, path, c, requests);
    if (status != CLI_DONE)
        return status;
    bnsl_status done = fit(a, c, requests, &pattern);
    if (!pattern)
        return cli_fail_library(path);
    status = collect(a, c, requests, pattern, &r);
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

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    curve c;
    phase_request requests[PHASES_MAX] = {{.name = NULL}};
    int status;
    if (!cli_parse(&saxs_fit_command, argc, argv, &a, &common, &status))
        return status;
    status = check_arguments(&a, &common);
    if (status != CLI_DONE)
        return status;
    status = curve_open(&c, common.positional[0], &a.curve, &common);
    if (status == CLI_DONE)
        status = fit_and_report(&a, &common, &c, requests);
    for (int32_t i = 0; i < PHASES_MAX; i++)
        bnsl_lattice_destroy(requests[i].lattice);
    curve_close(&c);
    return status;
}

const cli_command saxs_fit_command = {
    .name = "saxs fit",
    .usage = "FILE --structure NAME --unit nm|A [options]",
    .summary = "phases, lattice constants and crystal sizes from a diffraction pattern",
    .description = "Fits S(q) or I(q) by a smooth background and, for each phase, Lorentzians of one width where its lattice puts the\n"
                   "lines, each with an area >= 0 of its own. The lattice constant is searched. The share of the L particles in a phase\n"
                   "and the displacement u_rms compare the areas with calculated ones, for S(q) that is 1 a particle at large q.\n"
                   "-o takes .tsv for data, fit and background, .png, .svg, .pdf for a picture.",
    .examples = "bnsl saxs fit frame.dat --unit nm --structure AlB2 --c-over-a 0.99 --cores 10.4,4.5 -o fit.png\n"
                "bnsl saxs fit frame.dat --unit nm --structure NaZn13 --structure AlB2 --cores 13.2,6.4 --ratio 13\n"
                "bnsl saxs fit s.tsv --column 2 --unit nm --errors uniform --structure AlB2 --c-over-a fit --json\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_OUTPUT,
    .run = run};
