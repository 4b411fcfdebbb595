/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl saxs formfactor: radius distribution of spheres from a dilute pattern. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "saxs_commands.h"
#include "saxs_formfactor.h"

typedef struct args {
    curve_args curve;
    int32_t distribution, weighting, model;
    double n_sigma, shell;
    cli_doubles sld, radius_start;
    cli_strings fix;
} args;

const char *const formfactor_distributions[FORMFACTOR_DISTRIBUTIONS] = {"gaussian", "schulz", "lognormal"};
const char *const formfactor_weightings[2] = {"number", "volume"};
const char *const formfactor_models[3] = {"sphere", "core-shell", "two-spheres"};
enum { ALL_DISTRIBUTIONS = FORMFACTOR_DISTRIBUTIONS };

static const cli_option options[] = {
    {.name = "distribution", .kind = CLI_CHOICE, .to = offsetof(args, distribution), .choices = "gaussian|schulz|lognormal|all",
     .initial = "gaussian", .help = "distribution of the radius; all: each of them, the best is reported"},
    {.name = "weighting", .kind = CLI_CHOICE, .to = offsetof(args, weighting), .choices = "number|volume", .initial = "number",
     .help = "what the distribution counts"},
    {.name = "model", .kind = CLI_CHOICE, .to = offsetof(args, model), .choices = "sphere|core-shell|two-spheres", .initial = "sphere",
     .help = "two-spheres: two sizes in one pattern"},
    CURVE_OPTIONS(args, curve),
    {.name = "truncate", .kind = CLI_DOUBLE, .to = offsetof(args, n_sigma), .metavar = "N", .range = "> 0",
     .help = "cut a Gaussian at N sigma and at 0 (default: not)"},
    {.name = "shell", .kind = CLI_DOUBLE, .to = offsetof(args, shell), .metavar = "T", .range = "> 0",
     .help = "core-shell: start of the thickness, nm; needed"},
    {.name = "sld", .kind = CLI_DOUBLES, .to = offsetof(args, sld), .metavar = "CORE,SHELL,MEDIUM", .n_min = 2, .n_max = 3,
     .help = "scattering length densities, any unit; spheres: CORE,MEDIUM"},
    {.name = "fix", .kind = CLI_STRINGS, .to = offsetof(args, fix), .metavar = "NAME=VALUE",
     .help = "keep radius, sigma, shell (nm), scale or background; radius2, ...: of the second size"},
    {.name = "radius-start", .kind = CLI_DOUBLES, .to = offsetof(args, radius_start), .metavar = "R", .range = "> 0", .n_min = 1,
     .n_max = FORMFACTOR_POPULATIONS, .help = "start from this mean radius, nm (default: found by a scan)"},
    {0}};

/* ---- the model ------------------------------------------------------------------------------------------------ */

/* "radius=5" into the model. CLI_DONE, CLI_USAGE. */
static int fix_parameter(bnsl_saxs_dilute *model, const args *a, const char *text)
{
    static const struct { const char *name; int32_t parameter; } names[] = {
        {"radius", BNSL_PARAMETER_RADIUS}, {"sigma", BNSL_PARAMETER_SIGMA}, {"shell", BNSL_PARAMETER_SHELL}, {"scale", BNSL_PARAMETER_SCALE},
        {"background", BNSL_PARAMETER_BACKGROUND}};
    const size_t length = strcspn(text, "=");
    double value;
    for (size_t k = 0; text[length] == '=' && k < sizeof names / sizeof *names; k++) {
        const size_t n = strlen(names[k].name);
        const bool second = length == n + 1 && text[n] == '2' && a->model == MODEL_TWO_SPHERES && k != 4;
        if (strncmp(text, names[k].name, n) != 0 || (length != n && !second) || (k == 2 && a->model != MODEL_CORE_SHELL))
            continue;
        const char *number = text + length + 1;
        if (bnsl_parse_double(number, (int64_t)strlen(number), &value, NULL) != BNSL_OK ||
            bnsl_saxs_dilute_fix(model, k == 4 ? -1 : second, names[k].parameter, value) != BNSL_OK)
            return cli_usage("--fix: '%s' needs a number%s", text, k == 4 ? "" : k == 0 ? " > 0" : " >= 0");
        return CLI_DONE;
    }
    return cli_usage("--fix: '%s' must be NAME=VALUE with a name of radius, sigma, scale, background%s", text,
                     a->model == MODEL_CORE_SHELL ? ", shell" : a->model == MODEL_TWO_SPHERES ? ", radius2, sigma2, scale2" : "");
}

static bnsl_saxs_particle population(const args *a, int32_t distribution, int32_t index)
{
    bnsl_saxs_particle p;
    bnsl_saxs_particle_init(&p, sizeof p);
    p.distribution = distribution;
    p.weighting = a->weighting;
    p.n_sigma = distribution == BNSL_SIZES_GAUSSIAN && !isnan(a->n_sigma) ? a->n_sigma : 0;
    p.radius = a->radius_start.n > index ? a->radius_start.values[index] : 0;
    if (p.radius > 0 && p.weighting == BNSL_WEIGHTING_VOLUME && p.n_sigma > 0) /* a start that ends above 0 */
        p.sigma = fmin(0.1, 0.5 / p.n_sigma) * p.radius;
    if (a->model == MODEL_CORE_SHELL)
        p.shell = a->shell;
    if (a->sld.n > 0) {
        p.sld_core = a->sld.values[0];
        p.sld_shell = a->sld.n > 2 ? a->sld.values[1] : 0;
        p.sld_medium = a->sld.values[a->sld.n - 1];
    }
    return p;
}

static int make_model(bnsl_saxs_dilute **model, const args *a, const curve *c, int32_t distribution)
{
    bnsl_saxs_dilute_options o;
    bnsl_saxs_dilute_options_init(&o, sizeof o);
    o.error_model = c->error_model;
    o.relative_error = c->relative_error;
    o.q_min = c->q_min;
    o.q_max = c->q_max;
    if (bnsl_saxs_dilute_create(model, &o) != BNSL_OK)
        return cli_fail_library(NULL);
    for (int32_t k = 0; k < (a->model == MODEL_TWO_SPHERES ? 2 : 1); k++) {
        const bnsl_saxs_particle p = population(a, distribution, k);
        if (bnsl_saxs_dilute_add(*model, &p) != BNSL_OK)
            return cli_fail_library(NULL);
    }
    if (a->model == MODEL_CORE_SHELL && bnsl_saxs_dilute_free(*model, 0, BNSL_PARAMETER_SHELL, NAN, 0, INFINITY) != BNSL_OK)
        return cli_fail_library(NULL);
    int status = CLI_DONE;
    for (int32_t i = 0; i < a->fix.n && status == CLI_DONE; i++)
        status = fix_parameter(*model, a, a->fix.values[i]);
    return status;
}

/* Options that go together. */
static int check(const args *a, const cli_common *common)
{
    const bool core_shell = a->model == MODEL_CORE_SHELL, gaussian = a->distribution == BNSL_SIZES_GAUSSIAN;
    if (core_shell && (isnan(a->shell) || a->sld.n != 3))
        return cli_usage("--model core-shell: give --shell T to start from and --sld CORE,SHELL,MEDIUM");
    if (!core_shell && !isnan(a->shell))
        return cli_usage("--shell: only with --model core-shell");
    if (!core_shell && a->sld.n == 3)
        return cli_usage("--sld: spheres have two densities, CORE,MEDIUM");
    if (a->sld.n > 0 && !core_shell && a->sld.values[0] == a->sld.values[1])
        return cli_usage("--sld: %g,%g is no contrast", a->sld.values[0], a->sld.values[1]);
    if (!isnan(a->n_sigma) && !gaussian && a->distribution != ALL_DISTRIBUTIONS)
        return cli_usage("--truncate: only of a Gaussian");
    if (a->weighting == BNSL_WEIGHTING_VOLUME && gaussian && (isnan(a->n_sigma) || a->radius_start.n == 0))
        return cli_usage("--weighting volume: a Gaussian needs --truncate N and --radius-start R, so that it ends above R = 0; schulz and "
                         "lognormal do not");
    if (a->radius_start.n > 1 && a->model != MODEL_TWO_SPHERES)
        return cli_usage("--radius-start: one radius, two only with --model two-spheres");
    if (a->radius_start.n == 1 && a->model == MODEL_TWO_SPHERES)
        return cli_usage("--radius-start: give both radii, R1,R2");
    return curve_check_outputs(common);
}

/* ---- the fits --------------------------------------------------------------------------------------------------- */

/* Puts a fit among the others, the best first: converged ones, then by chi^2. */
static void keep(formfactor_fits *f, formfactor_fit fit)
{
    int32_t i = f->n++;
    for (; i > 0 && fit.converged >= f->fits[i - 1].converged &&
           (fit.converged > f->fits[i - 1].converged || fit.chi2_reduced < f->fits[i - 1].chi2_reduced);
         i--)
        f->fits[i] = f->fits[i - 1];
    f->fits[i] = fit;
}

/* Whether a distribution takes part in "all": a volume-weighted Gaussian only when it is cut. */
static bool takes_part(const args *a, int32_t distribution)
{
    if (a->distribution != ALL_DISTRIBUTIONS)
        return distribution == a->distribution;
    return distribution != BNSL_SIZES_GAUSSIAN || a->weighting == BNSL_WEIGHTING_NUMBER || (!isnan(a->n_sigma) && a->radius_start.n > 0);
}

static int fit_all(const args *a, const cli_common *common, const curve *c, formfactor_fits *f)
{
    int status = CLI_DONE;
    f->kind = a->model;
    f->weighting = a->weighting;
    f->n_sigma = isnan(a->n_sigma) ? 0 : a->n_sigma;
    f->n_populations = a->model == MODEL_TWO_SPHERES ? 2 : 1;
    for (int32_t d = 0; d < FORMFACTOR_DISTRIBUTIONS && status == CLI_DONE; d++) {
        formfactor_fit fit = {.distribution = d};
        if (!takes_part(a, d))
            continue;
        status = make_model(&fit.model, a, c, d);
        if (status == CLI_DONE) {
            const bnsl_status done = bnsl_saxs_dilute_fit(fit.model, c->n, c->q, c->value, c->error, cli_control());
            if (done != BNSL_OK && (done != BNSL_ENOCONV || a->distribution != ALL_DISTRIBUTIONS))
                status = cli_fail_library(common->positional[0]);
            else
                bnsl_saxs_dilute_quality(fit.model, &fit.chi2_reduced, &fit.n_points, &fit.n_free, &fit.converged, NULL);
        }
        keep(f, fit);
    }
    if (status == CLI_DONE && !f->fits[0].converged)
        status = cli_fail("%s: no distribution fits", common->positional[0]);
    return status;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    curve c;
    formfactor_fits f = {.n = 0};
    int status;
    if (!cli_parse(&saxs_formfactor_command, argc, argv, &a, &common, &status))
        return status;
    status = check(&a, &common);
    if (status != CLI_DONE)
        return status;
    status = curve_open(&c, common.positional[0], &a.curve, &common);
    if (status == CLI_DONE)
        status = fit_all(&a, &common, &c, &f);
    if (status == CLI_DONE)
        status = formfactor_write(&common, &c, &f);
    if (status == CLI_DONE)
        status = (common.json ? formfactor_report_json : formfactor_report_text)(&common, &c, &f);
    for (int32_t i = 0; i < f.n; i++)
        bnsl_saxs_dilute_destroy(f.fits[i].model);
    curve_close(&c);
    return status;
}

const cli_command saxs_formfactor_command = {
    .name = "saxs formfactor",
    .usage = "FILE --unit nm|A [options]",
    .summary = "radius distribution of spheres, from a dilute pattern",
    .description = "Fits I(q) = scale <f^2>/<V> + background, <V> of whole particles. FILE has the columns q, I and, if known, the\n"
                   "standard error of I. Lengths are reported in nm whatever the unit of the file. -o takes .tsv for data and fit,\n"
                   ".png, .svg, .pdf for a picture.",
    .examples = "bnsl saxs formfactor dilute.dat --unit nm\n"
                "bnsl saxs formfactor PolySpheres.txt --unit A --distribution all -o fit.png\n"
                "bnsl saxs formfactor mixture.dat --unit nm --model two-spheres --errors relative:0.02 --json\n"
                "bnsl saxs formfactor dilute.dat --unit nm --model core-shell --shell 2 --sld 41.7,8.5,6.8 --fix background=0\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_OUTPUT,
    .run = run};
