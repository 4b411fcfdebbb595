/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of bnsl saxs formfactor: text, JSON, table, picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "output.h"
#include "picture.h"
#include "plot/plot.h"
#include "saxs_formfactor.h"

static const char *const statuses[] = {"free", "fixed", "at a bound", "undetermined"};

/* One line of the parameters: of population -1 the background. */
typedef struct row {
    int32_t population, parameter;
    const char *name, *unit;
} row;

/* Parameters that a model has; the number of them. */
static int32_t rows_of(const formfactor_fits *f, row rows[16])
{
    static const row own[] = {{0, BNSL_PARAMETER_RADIUS, "radius", "nm, mean"},
                              {0, BNSL_PARAMETER_SIGMA, "sigma", "nm, standard deviation of the radius"},
                              {0, BNSL_PARAMETER_SHELL, "shell", "nm, thickness"},
                              {0, BNSL_PARAMETER_SCALE, "scale", "of <f^2>/<V>, intensity / nm^3"}};
    static const char *const second[] = {"radius2", "sigma2", "shell2", "scale2"};
    int32_t n = 0;
    for (int32_t p = 0; p < f->n_populations; p++)
        for (int32_t k = 0; k < 4; k++) {
            if (k == 2 && f->kind != MODEL_CORE_SHELL)
                continue;
            rows[n] = own[k];
            rows[n].population = p;
            rows[n++].name = p == 0 ? own[k].name : second[k];
        }
    rows[n++] = (row){-1, BNSL_PARAMETER_BACKGROUND, "background", "intensity"};
    return n;
}

static bnsl_saxs_parameter value_of(const formfactor_fit *fit, int32_t population, int32_t parameter)
{
    bnsl_saxs_parameter p = {.value = NAN};
    bnsl_saxs_dilute_parameter(fit->model, population, parameter, &p);
    return p;
}

/* Averages of the sizes that people quote, each by its name. */
typedef struct averages {
    double radius_number, sigma_number, radius_volume, radius_cube, radius_of_gyration;
} averages;

static averages averages_of(const formfactor_fit *fit, int32_t population)
{
    bnsl_saxs_particle p;
    double r[9] = {1};
    bnsl_saxs_particle_init(&p, sizeof p);
    bnsl_saxs_dilute_particle(fit->model, population, &p);
    for (int32_t m = 1; m <= 8; m++)
        if (bnsl_saxs_particle_moment(&p, m, &r[m]) != BNSL_OK)
            r[m] = NAN;
    return (averages){r[1], sqrt(fmax(r[2] - r[1] * r[1], 0)), r[4] / r[3], cbrt(r[3]), sqrt(0.6 * r[8] / r[6])};
}

/* What the errors of the data are multiplied by in reports. */
static double error_scale(const curve *c, const formfactor_fit *fit)
{
    return c->error_model == BNSL_ERRORS_GIVEN ? 1 : sqrt(fit->chi2_reduced);
}

/* ---- files ----------------------------------------------------------------------------------------------------------- */

static int write_table(const cli_common *common, const curve *c, const formfactor_fits *f, const double *fit, const char *path)
{
    char text[600];
    const int32_t columns = f->n_populations > 1 ? 6 : 4;
    double *values = malloc((size_t)c->n * (size_t)columns * sizeof *values);
    if (!values)
        return cli_fail("out of memory");
    for (int64_t i = 0; i < c->n; i++) {
        double *to = values + i * columns;
        to[0] = c->q[i];
        to[1] = c->value[i];
        to[2] = curve_error(c, i, error_scale(c, &f->fits[0]));
        to[3] = fit[i];
        for (int32_t k = 4; k < columns; k++)
            to[k] = fit[(k - 3) * c->n + i];
    }
    snprintf(text, sizeof text, "bnsl saxs formfactor %.400s\nq (nm^-1)\tI\tsigma_I\tfit%s", common->positional[0],
             columns > 4 ? "\tlarge\tsmall" : "");
    int status = bnsl_io_table_write(path, text, c->n, columns, values, common->force) == BNSL_OK ? CLI_DONE : cli_fail_library(path);
    free(values);
    return status;
}

static void note_results(const formfactor_fits *f, char *note, size_t size)
{
    size_t used = 0;
    for (int32_t p = 0; p < f->n_populations; p++) {
        const bnsl_saxs_parameter radius = value_of(&f->fits[0], p, BNSL_PARAMETER_RADIUS), sigma = value_of(&f->fits[0], p, BNSL_PARAMETER_SIGMA);
        used += (size_t)snprintf(note + used, size - used, "R = %.4g ± %.2g nm\nσ = %.3g ± %.2g nm\n", radius.value,
                                 isnan(radius.err) ? 0 : radius.err, sigma.value, isnan(sigma.err) ? 0 : sigma.err);
    }
    if (f->kind == MODEL_CORE_SHELL) {
        const bnsl_saxs_parameter shell = value_of(&f->fits[0], 0, BNSL_PARAMETER_SHELL);
        used += (size_t)snprintf(note + used, size - used, "shell %.3g ± %.2g nm\n", shell.value, isnan(shell.err) ? 0 : shell.err);
    }
    snprintf(note + used, size - used, "χ²/ν = %.3g", f->fits[0].chi2_reduced);
}

/* fit: c->n values of the best model, then of each population, then of the other distributions. */
static int write_picture(const cli_common *common, const curve *c, const formfactor_fits *f, const double *fit, const char *path)
{
    static const plot_color colors[] = {PLOT_VERMILION, PLOT_GREEN, PLOT_PURPLE};
    char note[400];
    int64_t first, end;
    double *work = malloc((size_t)c->n * 2 * sizeof *work), top = 0;
    if (!work)
        return cli_fail("out of memory");
    double *error = work, *residual = work + c->n;
    for (int64_t i = 0; i < c->n; i++) {
        error[i] = curve_error(c, i, error_scale(c, &f->fits[0]));
        residual[i] = (c->value[i] - fit[i]) / error[i];
        top = fmax(top, c->value[i]);
    }
    curve_fitted(c, &first, &end);
    double low = INFINITY;
    for (int64_t i = 0; i < c->n; i++)
        low = c->value[i] > 0 ? fmin(low, c->value[i]) : low;
    plot_figure *figure = plot_create(2, 1);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, curve_title(common), NULL, "I(q)");
    plot_log(panel, PLOT_X);
    plot_log(panel, PLOT_Y);
    plot_range(panel, PLOT_Y, 0.5 * low, 2 * top);
    plot_points(panel, c->n, c->q, c->value, error, PLOT_BLUE, "measured");
    for (int32_t k = f->n - 1; k > 0; k--)
        plot_dashed(panel, end - first, c->q + first, fit + ((f->n_populations > 1 ? f->n_populations : 0) + k) * c->n + first, colors[k],
                    formfactor_distributions[f->fits[k].distribution]);
    for (int32_t p = 0; f->n_populations > 1 && p < f->n_populations; p++)
        plot_dashed(panel, end - first, c->q + first, fit + (1 + p) * c->n + first, p == 0 ? PLOT_ORANGE : PLOT_SKY, p == 0 ? "first" : "second");
    plot_line(panel, end - first, c->q + first, fit + first, PLOT_VERMILION,
              f->n_populations > 1 ? "both" : formfactor_distributions[f->fits[0].distribution]);
    note_results(f, note, sizeof note);
    plot_note(panel, note);
    panel = plot_panel_at(figure, 1, 0);
    plot_labels(panel, NULL, "q (nm⁻¹)", f->n > 1 ? "measured / fit − 1 (%)" : "(measured − fit) / σ");
    plot_log(panel, PLOT_X);
    for (int32_t k = f->n - 1; k > 0; k--) { /* distributions side by side: what they miss, of the intensity */
        const double *other = fit + ((f->n_populations > 1 ? f->n_populations : 0) + k) * c->n;
        for (int64_t i = 0; i < c->n; i++)
            error[i] = 100 * (c->value[i] / other[i] - 1);
        plot_dashed(panel, end - first, c->q + first, error + first, colors[k], formfactor_distributions[f->fits[k].distribution]);
    }
    for (int64_t i = 0; f->n > 1 && i < c->n; i++)
        residual[i] = 100 * (c->value[i] / fit[i] - 1);
    plot_points(panel, end - first, c->q + first, residual + first, NULL, f->n > 1 ? PLOT_VERMILION : PLOT_BLUE,
                f->n > 1 ? formfactor_distributions[f->fits[0].distribution] : NULL);
    plot_level(panel, 0, NULL, PLOT_GREY);
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    free(work);
    return status;
}

int formfactor_write(const cli_common *common, const curve *c, const formfactor_fits *f)
{
    const int32_t components = f->n_populations > 1 ? f->n_populations : 0;
    double *fit;
    int status = CLI_DONE;
    if (common->output.n == 0)
        return CLI_DONE;
    fit = malloc((size_t)c->n * (size_t)(f->n + components) * sizeof *fit);
    if (!fit)
        return cli_fail("out of memory");
    bnsl_status done = bnsl_saxs_dilute_model(f->fits[0].model, -1, c->n, c->q, fit);
    for (int32_t p = 0; p < components && done == BNSL_OK; p++)
        done = bnsl_saxs_dilute_model(f->fits[0].model, p, c->n, c->q, fit + (1 + p) * c->n);
    for (int32_t k = 1; k < f->n && done == BNSL_OK; k++)
        done = bnsl_saxs_dilute_model(f->fits[k].model, -1, c->n, c->q, fit + (components + k) * c->n);
    if (done != BNSL_OK)
        status = cli_fail_library(NULL);
    for (int32_t i = 0; i < common->output.n && status == CLI_DONE; i++) {
        const char *path = common->output.values[i];
        status = output_has_ending(path, ".tsv") ? write_table(common, c, f, fit, path) : write_picture(common, c, f, fit, path);
    }
    free(fit);
    return status;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------------- */

static void json_parameter(json *j, const formfactor_fit *fit, int32_t population, int32_t parameter, const char *name)
{
    const bnsl_saxs_parameter p = value_of(fit, population, parameter);
    char key[40];
    json_double(j, name, p.value);
    snprintf(key, sizeof key, "%s_err", name);
    json_double(j, key, p.err);
    snprintf(key, sizeof key, "%s_status", name);
    json_string(j, key, statuses[p.status]);
}

static void json_population(json *j, const formfactor_fits *f, int32_t population)
{
    const formfactor_fit *fit = &f->fits[0];
    const averages a = averages_of(fit, population);
    json_object_begin(j, NULL);
    json_parameter(j, fit, population, BNSL_PARAMETER_RADIUS, "radius");
    json_parameter(j, fit, population, BNSL_PARAMETER_SIGMA, "sigma");
    if (f->kind == MODEL_CORE_SHELL)
        json_parameter(j, fit, population, BNSL_PARAMETER_SHELL, "shell");
    json_parameter(j, fit, population, BNSL_PARAMETER_SCALE, "scale");
    json_double(j, "radius_number_mean", a.radius_number);
    json_double(j, "radius_number_sd", a.sigma_number);
    json_double(j, "radius_volume_mean", a.radius_volume);
    json_double(j, "radius_of_mean_volume", a.radius_cube);
    json_double(j, "radius_of_gyration", a.radius_of_gyration);
    json_object_end(j);
}

static void json_covariance(json *j, const formfactor_fits *f)
{
    row rows[16];
    const int32_t n = rows_of(f, rows);
    json_object_begin(j, "covariance");
    json_array_begin(j, "parameters");
    for (int32_t a = 0; a < n; a++)
        json_string(j, NULL, rows[a].name);
    json_array_end(j);
    json_array_begin(j, "matrix");
    for (int32_t a = 0; a < n; a++) {
        double line[16] = {0};
        for (int32_t b = 0; b < n; b++)
            bnsl_saxs_dilute_covariance(f->fits[0].model, rows[a].population, rows[a].parameter, rows[b].population, rows[b].parameter, &line[b]);
        json_doubles(j, NULL, n, line);
    }
    json_array_end(j);
    json_object_end(j);
}

static void json_comparison(json *j, const formfactor_fits *f)
{
    json_array_begin(j, "comparison");
    for (int32_t k = 0; k < f->n; k++) {
        json_object_begin(j, NULL);
        json_string(j, "distribution", formfactor_distributions[f->fits[k].distribution]);
        json_double(j, "chi2_reduced", f->fits[k].chi2_reduced);
        json_bool(j, "converged", f->fits[k].converged);
        json_double(j, "radius", value_of(&f->fits[k], 0, BNSL_PARAMETER_RADIUS).value);
        json_double(j, "sigma", value_of(&f->fits[k], 0, BNSL_PARAMETER_SIGMA).value);
        json_object_end(j);
    }
    json_array_end(j);
}

int formfactor_report_json(const cli_common *common, const curve *c, const formfactor_fits *f)
{
    const formfactor_fit *fit = &f->fits[0];
    const bnsl_saxs_parameter radius = value_of(fit, 0, BNSL_PARAMETER_RADIUS), sigma = value_of(fit, 0, BNSL_PARAMETER_SIGMA);
    double covariance = NAN;
    char text[64];
    json j;
    bnsl_saxs_dilute_covariance(fit->model, 0, BNSL_PARAMETER_RADIUS, 0, BNSL_PARAMETER_SIGMA, &covariance);
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_string(&j, "status", fit->converged ? "ok" : "no convergence");
    json_string(&j, "model", formfactor_models[f->kind]);
    json_string(&j, "distribution", formfactor_distributions[fit->distribution]);
    json_string(&j, "weighting", formfactor_weightings[f->weighting]);
    json_parameter(&j, fit, 0, BNSL_PARAMETER_RADIUS, "radius");
    json_parameter(&j, fit, 0, BNSL_PARAMETER_SIGMA, "sigma");
    json_bool(&j, "sigma_at_bound", sigma.status == BNSL_FIT_AT_BOUND);
    json_double(&j, "correlation_radius_sigma", covariance / (radius.err * sigma.err));
    json_double(&j, "diameter", 2 * radius.value);
    json_parameter(&j, fit, 0, BNSL_PARAMETER_SCALE, "scale");
    json_parameter(&j, fit, -1, BNSL_PARAMETER_BACKGROUND, "background");
    json_double(&j, "chi2_reduced", fit->chi2_reduced);
    json_bool(&j, "converged", fit->converged);
    json_int(&j, "n_points", fit->n_points);
    json_int(&j, "n_free", fit->n_free);
    json_string(&j, "errors", curve_errors_text(c, text, sizeof text));
    json_array_begin(&j, "populations");
    for (int32_t p = 0; p < f->n_populations; p++)
        json_population(&j, f, p);
    json_array_end(&j);
    json_covariance(&j, f);
    json_comparison(&j, f);
    output_json(common, &j);
    json_object_end(&j);
    return json_print(&j);
}

/* ---- text -------------------------------------------------------------------------------------------------------------- */

static void print_row(const formfactor_fit *fit, const row *r)
{
    const bnsl_saxs_parameter p = value_of(fit, r->population, r->parameter);
    if (p.status == BNSL_FIT_FREE)
        printf("%-18s%14.6g%14.2g  %s\n", r->name, p.value, p.err, r->unit);
    else
        printf("%-18s%14.6g%14s  %s%s\n", r->name, p.value, statuses[p.status], r->unit,
               p.status == BNSL_FIT_AT_BOUND && r->parameter == BNSL_PARAMETER_SIGMA && p.value == 0 ? "; one size fits best" : "");
}

static void print_averages(const formfactor_fits *f)
{
    for (int32_t p = 0; p < f->n_populations; p++) {
        const averages a = averages_of(&f->fits[0], p);
        printf("\n%s\n", f->n_populations == 1 ? "averages of the radius, nm"
                         : p == 0              ? "averages of the first radius, nm"
                                               : "averages of the second radius, nm");
        printf("  by number %.6g, standard deviation %.4g; by volume %.6g; of the mean volume %.6g\n", a.radius_number, a.sigma_number,
               a.radius_volume, a.radius_cube);
        printf("  diameter by number %.6g; radius of gyration %.6g\n", 2 * a.radius_number, a.radius_of_gyration);
    }
}

int formfactor_report_text(const cli_common *common, const curve *c, const formfactor_fits *f)
{
    static const char *const shapes[] = {"spheres", "spheres with a shell", "spheres of two sizes"};
    char text[64];
    row rows[16];
    const int32_t n = rows_of(f, rows);
    const formfactor_fit *fit = &f->fits[0];
    const char *cut = f->n_sigma > 0 && fit->distribution == BNSL_SIZES_GAUSSIAN ? "truncated " : "";
    printf("%s: %lld points fitted by %s with a %s%s distribution of radii by %s; errors: %s\n\n", common->positional[0],
           (long long)fit->n_points, shapes[f->kind], cut, formfactor_distributions[fit->distribution], formfactor_weightings[f->weighting],
           curve_errors_text(c, text, sizeof text));
    printf("%-18s%14s%14s\n", "", "value", "error");
    for (int32_t k = 0; k < n; k++)
        print_row(fit, &rows[k]);
    printf("%-18s%14.4g%s\n", "reduced chi^2", fit->chi2_reduced,
           c->error_model == BNSL_ERRORS_GIVEN ? "" : "                (errors above are scaled to 1)");
    print_averages(f);
    if (f->n > 1) {
        printf("\n%-18s%14s%14s%14s\n", "distribution", "reduced chi^2", "radius", "sigma");
        for (int32_t k = 0; k < f->n; k++)
            printf("%-18s%14.4g%14.6g%14.6g%s\n", formfactor_distributions[f->fits[k].distribution], f->fits[k].chi2_reduced,
                   value_of(&f->fits[k], 0, BNSL_PARAMETER_RADIUS).value, value_of(&f->fits[k], 0, BNSL_PARAMETER_SIGMA).value,
                   f->fits[k].converged ? "" : "  (no convergence)");
    }
    output_print(common);
    return CLI_DONE;
}
