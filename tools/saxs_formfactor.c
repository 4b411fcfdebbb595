/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl saxs formfactor: radius distribution of spheres from a dilute pattern. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "curves.h"
#include "json.h"
#include "output.h"
#include "picture.h"
#include "plot/plot.h"
#include "saxs_commands.h"

typedef struct args {
    curve_args curve;
    int32_t distribution;
    double radius_start;
} args;

static const char *const distributions[] = {"gaussian", "schulz"};

static const cli_option options[] = {{.name = "distribution",
                                      .kind = CLI_CHOICE,
                                      .to = offsetof(args, distribution),
                                      .choices = "gaussian|schulz",
                                      .initial = "gaussian",
                                      .help = "number distribution of the radius"},
                                     CURVE_OPTIONS(args, curve),
                                     {.name = "radius-start",
                                      .kind = CLI_DOUBLE,
                                      .to = offsetof(args, radius_start),
                                      .metavar = "R",
                                      .range = "> 0",
                                      .help = "start from this mean radius, nm (default: found by a scan)"},
                                     {0}};

/* I(q) of the result at the curve's points, n values. */
static bnsl_status fitted_curve(const args *a, const curve *c, const bnsl_saxs_form_factor_result *r, double *fit)
{
    double zero = 0, volume;
    bnsl_status status = bnsl_saxs_form_factor(a->distribution, r->radius, r->sigma, c->n, c->q, NULL, fit);
    if (status == BNSL_OK) /* <f> at q = 0 is the mean volume */
        status = bnsl_saxs_form_factor(a->distribution, r->radius, r->sigma, 1, &zero, &volume, NULL);
    for (int64_t i = 0; i < c->n && status == BNSL_OK; i++)
        fit[i] = r->scale * fit[i] / volume + r->background;
    return status;
}

static int write_table(const cli_common *common, const curve *c, const double *fit, double scale, const char *path)
{
    char text[600];
    double *values = malloc((size_t)c->n * 4 * sizeof *values);
    if (!values)
        return cli_fail("out of memory");
    for (int64_t i = 0; i < c->n; i++) {
        values[4 * i] = c->q[i];
        values[4 * i + 1] = c->value[i];
        values[4 * i + 2] = curve_error(c, i, scale);
        values[4 * i + 3] = fit[i];
    }
    snprintf(text, sizeof text, "bnsl saxs formfactor %.400s\nq (nm^-1)\tI\tsigma_I\tfit", common->positional[0]);
    int status = bnsl_io_table_write(path, text, c->n, 4, values, common->force) == BNSL_OK ? CLI_DONE : cli_fail_library(path);
    free(values);
    return status;
}

static int write_picture(const args *a, const cli_common *common, const curve *c, const bnsl_saxs_form_factor_result *r, const double *fit,
                         double scale, const char *path)
{
    char note[300];
    int64_t first, end;
    double *work = malloc((size_t)c->n * 2 * sizeof *work);
    if (!work)
        return cli_fail("out of memory");
    double *error = work, *residual = work + c->n;
    for (int64_t i = 0; i < c->n; i++) {
        error[i] = curve_error(c, i, scale);
        residual[i] = (c->value[i] - fit[i]) / error[i];
    }
    curve_fitted(c, &first, &end);
    plot_figure *figure = plot_create(2, 1);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, curve_title(common), NULL, "I(q)");
    plot_log(panel, PLOT_X);
    plot_log(panel, PLOT_Y);
    plot_points(panel, c->n, c->q, c->value, error, PLOT_BLUE, "measured");
    plot_line(panel, end - first, c->q + first, fit + first, PLOT_VERMILION, distributions[a->distribution]);
    snprintf(note, sizeof note, "R = %.4g ± %.2g nm\nσ = %.3g ± %.2g nm\nd = %.4g nm\nχ²/ν = %.3g", r->radius, r->radius_err, r->sigma,
             r->sigma_at_bound ? 0 : r->sigma_err, 2 * r->radius, r->chi2_reduced);
    plot_note(panel, note);
    panel = plot_panel_at(figure, 1, 0);
    plot_labels(panel, NULL, "q (nm⁻¹)", "(measured − fit) / σ");
    plot_log(panel, PLOT_X);
    plot_points(panel, end - first, c->q + first, residual + first, NULL, PLOT_BLUE, NULL);
    plot_level(panel, 0, NULL, PLOT_GREY);
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    free(work);
    return status;
}

static int report_json(const args *a, const cli_common *common, const curve *c, const bnsl_saxs_form_factor_result *r)
{
    char text[64];
    json j;
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_string(&j, "status", r->converged ? "ok" : "no convergence");
    json_string(&j, "distribution", distributions[a->distribution]);
    json_double(&j, "radius", r->radius);
    json_double(&j, "radius_err", r->radius_err);
    json_double(&j, "sigma", r->sigma);
    json_double(&j, "sigma_err", r->sigma_err);
    json_bool(&j, "sigma_at_bound", r->sigma_at_bound);
    json_double(&j, "correlation_radius_sigma", r->correlation_radius_sigma);
    json_double(&j, "diameter", 2 * r->radius);
    json_double(&j, "scale", r->scale);
    json_double(&j, "scale_err", r->scale_err);
    json_double(&j, "background", r->background);
    json_double(&j, "background_err", r->background_err);
    json_double(&j, "chi2_reduced", r->chi2_reduced);
    json_bool(&j, "converged", r->converged);
    json_int(&j, "n_points", r->n_points);
    json_string(&j, "errors", curve_errors_text(c, text, sizeof text));
    json_array_begin(&j, "output");
    for (int32_t i = 0; i < common->output.n; i++)
        json_string(&j, NULL, common->output.values[i]);
    json_array_end(&j);
    json_object_end(&j);
    return json_print(&j);
}

static void print_value(const char *name, double value, double error, const char *unit)
{
    if (isnan(error))
        printf("%-18s%14.6g%14s  %s\n", name, value, "-", unit);
    else
        printf("%-18s%14.6g%14.2g  %s\n", name, value, error, unit);
}

static int report_text(const args *a, const cli_common *common, const curve *c, const bnsl_saxs_form_factor_result *r)
{
    char text[64];
    printf("%s: %lld points fitted by spheres with a %s number distribution of radii; errors: %s\n\n", common->positional[0], (long long)r->n_points,
           distributions[a->distribution], curve_errors_text(c, text, sizeof text));
    printf("%-18s%14s%14s\n", "", "value", "error");
    print_value("radius", r->radius, r->radius_err, "nm, mean");
    print_value("sigma", r->sigma, r->sigma_err, r->sigma_at_bound ? "nm; one size fits best" : "nm, standard deviation of the radius");
    print_value("diameter", 2 * r->radius, 2 * r->radius_err, "nm, mean");
    print_value("scale", r->scale, r->scale_err, "of <f^2>/<V>, intensity / nm^3");
    print_value("background", r->background, r->background_err, "intensity");
    printf("%-18s%14.4g%s\n", "reduced chi^2", r->chi2_reduced,
           c->error_model == BNSL_ERRORS_GIVEN ? "" : "                (errors above are scaled to 1)");
    for (int32_t i = 0; i < common->output.n; i++)
        printf("wrote %s\n", common->output.values[i]);
    return CLI_DONE;
}

static int write_all(const args *a, const cli_common *common, const curve *c, const bnsl_saxs_form_factor_result *r)
{
    const double scale = c->error_model == BNSL_ERRORS_GIVEN ? 1 : sqrt(r->chi2_reduced);
    double *fit = malloc((size_t)c->n * sizeof *fit);
    int status = CLI_DONE;
    if (!fit)
        return cli_fail("out of memory");
    if (fitted_curve(a, c, r, fit) != BNSL_OK)
        status = cli_fail_library(NULL);
    for (int32_t i = 0; i < common->output.n && status == CLI_DONE; i++) {
        const char *path = common->output.values[i];
        status = output_has_ending(path, ".tsv") ? write_table(common, c, fit, scale, path) : write_picture(a, common, c, r, fit, scale, path);
    }
    free(fit);
    return status;
}

static int fit_and_report(const args *a, const cli_common *common, const curve *c)
{
    bnsl_saxs_form_factor_options o;
    bnsl_saxs_form_factor_result r;
    bnsl_saxs_form_factor_options_init(&o, sizeof o);
    o.distribution = a->distribution;
    o.error_model = c->error_model;
    o.relative_error = c->relative_error;
    o.radius_start = isnan(a->radius_start) ? 0 : a->radius_start;
    o.q_min = c->q_min;
    o.q_max = c->q_max;
    bnsl_status done = bnsl_saxs_fit_form_factor(c->n, c->q, c->value, c->error, &o, &r);
    if (done != BNSL_OK)
        return cli_fail_library(common->positional[0]);
    int status = common->output.n > 0 ? write_all(a, common, c, &r) : CLI_DONE;
    if (status != CLI_DONE)
        return status;
    return common->json ? report_json(a, common, c, &r) : report_text(a, common, c, &r);
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    curve c;
    int status;
    if (!cli_parse(&saxs_formfactor_command, argc, argv, &a, &common, &status))
        return status;
    status = curve_check_outputs(&common);
    if (status != CLI_DONE)
        return status;
    status = curve_open(&c, common.positional[0], &a.curve, &common);
    if (status == CLI_DONE)
        status = fit_and_report(&a, &common, &c);
    curve_close(&c);
    return status;
}

const cli_command saxs_formfactor_command = {
    .name = "saxs formfactor",
    .usage = "FILE --unit nm|A [options]",
    .summary = "radius distribution of spheres, from a dilute pattern",
    .description = "Fits I(q) = scale <f^2>/<V> + background. FILE has the columns q, I and, if known, the standard error of I.\n"
                   "Lengths are reported in nm whatever the unit of the file. -o takes .tsv for data and fit, .png, .svg, .pdf\n"
                   "for a picture.",
    .examples = "bnsl saxs formfactor dilute.dat --unit nm\n"
                "bnsl saxs formfactor PolySpheres.txt --unit A --distribution schulz -o fit.png\n"
                "bnsl saxs formfactor curve.dat --unit nm --errors relative:0.02 --q-range 0.1,2 --json\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_OUTPUT,
    .run = run};
