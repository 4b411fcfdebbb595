/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What bnsl saxs fit prints and writes. */
#include "saxs_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "plot/plot.h"

enum { PHASES_MAX = MODEL_PHASES_MAX, LABELS_MAX = 16 };

/* ---- stdout -------------------------------------------------------------------------------------------------------- */

/* name, name_err and name_status */
static void json_parameter(json *j, const char *name, double value, double error, int32_t status)
{
    char key[40];
    json_with_error(j, name, value, error);
    snprintf(key, sizeof key, "%s_status", name);
    json_string(j, key, model_status(status));
}

static void json_line(json *j, const phase_report *p)
{
    json_object_begin(j, "local");
    json_string(j, "hkl", p->line_hkl);
    json_parameter(j, "q", p->line.q, p->line.q_err, p->line.q_status);
    json_parameter(j, "hwhm", p->line.hwhm, p->line.hwhm_err, p->line.hwhm_status);
    json_with_error(j, "area", p->line.area, p->line.area_err);
    json_with_error(j, "a", p->line_a, p->line_a_err);
    json_with_error(j, "xi", p->line_xi, p->line_xi_err);
    json_double(j, "chi2_reduced", p->line.chi2_reduced);
    json_bool(j, "converged", p->line.converged);
    json_object_end(j);
}

void saxs_fit_json_phase(json *j, const phase_report *p)
{
    char hkl[48];
    const bnsl_saxs_phase *f = &p->fit;
    const bnsl_saxs_geometry *g = &p->geometry;
    json_string(j, "structure", p->name);
    json_parameter(j, "a", f->a, f->a_err, f->a_status);
    json_parameter(j, "c_over_a", f->c_over_a, f->c_over_a_err, f->c_over_a_status);
    json_parameter(j, "hwhm", f->hwhm, f->hwhm_err, f->hwhm_status);
    json_parameter(j, "microstrain", f->microstrain, f->microstrain_err, f->microstrain_status);
    json_with_error(j, "xi", f->xi, f->xi_err);
    json_with_error(j, "fraction", f->fraction, f->fraction_err);
    json_parameter(j, "u_rms", f->u_rms, f->u_rms_err, f->u_status);
    json_with_error(j, "diffuse", f->diffuse, f->diffuse_err);
    json_double(j, "scale_weight", f->scale_weight);
    json_with_error(j, "volume_fraction", g->volume_fraction, g->volume_fraction_err);
    json_with_error(j, "d_LL", g->d_ll, g->d_ll_err);
    json_with_error(j, "d_LS", g->d_ls, g->d_ls_err);
    json_with_error(j, "d_SS", g->d_ss, g->d_ss_err);
    if (!isnan(p->relative))
        json_with_error(j, "fraction_relative", p->relative, p->relative_err);
    if (p->has_line)
        json_line(j, p);
    json_array_begin(j, "peaks");
    for (int32_t k = 0; k < f->n_peaks; k++) {
        const bnsl_saxs_peak *peak = p->peaks + k;
        json_object_begin(j, NULL);
        json_string(j, "hkl", model_hkl(peak, hkl));
        json_int(j, "multiplicity", peak->multiplicity);
        json_with_error(j, "q", peak->q, peak->q_err);
        json_parameter(j, "area", peak->area, peak->area_err, peak->status);
        json_object_end(j);
    }
    json_array_end(j);
}

void saxs_fit_json_fluid(json *j, const bnsl_saxs_fluid *fluid)
{
    json_object_begin(j, "fluid");
    json_parameter(j, "eta", fluid->eta, fluid->eta_err, fluid->eta_status);
    json_parameter(j, "diameter", fluid->diameter, fluid->diameter_err, fluid->diameter_status);
    json_parameter(j, "damping", fluid->damping, fluid->damping_err, fluid->damping_status);
    json_with_error(j, "share_large", fluid->share_large, fluid->share_large_err);
    json_with_error(j, "share_small", fluid->share_small, fluid->share_small_err);
    json_object_end(j);
}

static int report_json(const cli_common *common, const curve *c, const fit_report *r)
{
    char text[64];
    json j;
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_string(&j, "status", r->converged ? "ok" : "no convergence");
    json_array_begin(&j, "phases");
    for (int32_t i = 0; i < r->n_phases; i++) {
        json_object_begin(&j, NULL);
        saxs_fit_json_phase(&j, r->phases + i);
        json_object_end(&j);
    }
    json_array_end(&j);
    if (r->has_fluid)
        saxs_fit_json_fluid(&j, &r->fluid);
    json_double(&j, "chi2_reduced", r->chi2_reduced);
    json_bool(&j, "converged", r->converged);
    json_int(&j, "iterations", r->n_iterations);
    json_string(&j, "errors", curve_errors_text(c, text, sizeof text));
    output_json(common, &j);
    json_object_end(&j);
    return json_print(&j);
}

/* A line of the table of results, one column of value and error for each phase. */
static void print_row(const fit_report *r, const char *name, const double *value, const double *error)
{
    printf("%-26s", name);
    for (int32_t i = 0; i < r->n_phases; i++) {
        char text[64] = "-";
        if (!isnan(value[i]) && error && error[i] > 0)
            snprintf(text, sizeof text, "%.6g +- %.2g", value[i], error[i]);
        else if (!isnan(value[i]))
            snprintf(text, sizeof text, "%.6g", value[i]);
        printf("%24s", text);
    }
    putchar('\n');
}

static void print_phases(const fit_report *r)
{
    enum { N_ROWS = 15 };
    static const char *const names[N_ROWS] = {"a (nm)",
                                              "c/a",
                                              "half width (1/nm)",
                                              "microstrain",
                                              "crystal size xi (nm)",
                                              "share of L particles",
                                              "share by the pure run",
                                              "displacement u_rms (nm)",
                                              "diffuse scattering Y",
                                              "volume fraction",
                                              "d_LL (nm)",
                                              "d_LS (nm)",
                                              "d_SS (nm)",
                                              "a, one line alone (nm)",
                                              "xi, one line alone (nm)"};
    double value[N_ROWS][PHASES_MAX], error[N_ROWS][PHASES_MAX];
    for (int32_t i = 0; i < r->n_phases; i++) {
        const phase_report *p = r->phases + i;
        const bnsl_saxs_phase *f = &p->fit;
        const bnsl_saxs_geometry *g = &p->geometry;
        const double unknown = NAN, v[N_ROWS] = {f->a,
                                                 f->c_over_a,
                                                 f->hwhm,
                                                 f->microstrain,
                                                 f->xi,
                                                 f->fraction,
                                                 p->relative,
                                                 f->u_rms,
                                                 f->diffuse,
                                                 g->volume_fraction,
                                                 g->d_ll,
                                                 g->d_ls,
                                                 g->d_ss,
                                                 p->has_line ? p->line_a : unknown,
                                                 p->has_line ? p->line_xi : unknown};
        const double e[N_ROWS] = {f->a_err,        f->c_over_a_err, f->hwhm_err,  f->microstrain_err, f->xi_err,
                                  f->fraction_err, p->relative_err, f->u_rms_err, f->diffuse_err,     g->volume_fraction_err,
                                  g->d_ll_err,     g->d_ls_err,     g->d_ss_err,  p->line_a_err,      p->line_xi_err};
        for (int k = 0; k < N_ROWS; k++) {
            value[k][i] = v[k];
            error[k][i] = e[k];
        }
    }
    printf("%-26s", "");
    for (int32_t i = 0; i < r->n_phases; i++)
        printf("%24s", r->phases[i].name);
    putchar('\n');
    for (int k = 0; k < N_ROWS; k++) {
        bool any = false;
        for (int32_t i = 0; i < r->n_phases; i++)
            any = any || (!isnan(value[k][i]) && !(k == 3 && value[k][i] == 0));
        if (any)
            print_row(r, names[k], value[k], error[k]);
    }
    if (r->has_fluid)
        printf("fluid: F_L %.4g +- %.2g, eta %.4g (%s), d %.4g nm (%s), delta %.3g nm (%s)\n", r->fluid.share_large,
               r->fluid.share_large_err, r->fluid.eta, model_status(r->fluid.eta_status), r->fluid.diameter,
               model_status(r->fluid.diameter_status), r->fluid.damping, model_status(r->fluid.damping_status));
}

static int report_text(const cli_common *common, const curve *c, const fit_report *r)
{
    char text[64], hkl[48];
    int64_t first, end;
    curve_fitted(c, &first, &end);
    printf("%s: %lld points, q = %.4g .. %.4g 1/nm; errors: %s; reduced chi^2 %.4g%s%s\n\n", common->positional[0], (long long)(end - first),
           c->q[first], c->q[end - 1], curve_errors_text(c, text, sizeof text), r->chi2_reduced,
           c->error_model == BNSL_ERRORS_GIVEN ? "" : " (errors below are scaled to 1)", r->converged ? "" : "; NOT CONVERGED");
    print_phases(r);
    for (int32_t i = 0; i < r->n_phases; i++) {
        const phase_report *p = r->phases + i;
        printf("\n%-10s%8s%14s%14s%14s\n", p->name, "M", "q (1/nm)", "area (1/nm)", "error");
        for (int32_t k = 0; k < p->fit.n_peaks; k++)
            printf("%-10s%8d%14.6g%14.4g%14.2g\n", model_hkl(p->peaks + k, hkl), p->peaks[k].multiplicity, p->peaks[k].q, p->peaks[k].area,
                   p->peaks[k].area_err);
    }
    if (r->point_particles)
        printf("\nshare of L particles: for point particles; --cores gives the intensities of spheres\n");
    output_print(common);
    return CLI_DONE;
}

/* ---- files ----------------------------------------------------------------------------------------------------------- */

static int write_table(const cli_common *common, const curve *c, const fit_report *r, double scale, const char *path)
{
    char text[600];
    double *values = malloc((size_t)c->n * 5 * sizeof *values);
    if (!values)
        return cli_fail("out of memory");
    for (int64_t i = 0; i < c->n; i++) {
        const double row[5] = {c->q[i], c->value[i], curve_error(c, i, scale), r->fit[i], r->background[i]};
        memcpy(values + 5 * i, row, sizeof row);
    }
    snprintf(text, sizeof text, "bnsl saxs fit %.400s\nq (nm^-1)\tS\tsigma_S\tfit\tbackground", common->positional[0]);
    int status = bnsl_io_table_write(path, text, c->n, 5, values, common->force) == BNSL_OK ? CLI_DONE : cli_fail_library(path);
    free(values);
    return status;
}

/* Marks of the strongest lines of a phase up to q_max. */
static void mark_lines(plot_panel *panel, const phase_report *p, double q_max, plot_color color)
{
    char hkl[48];
    for (int32_t k = 0; k < p->fit.n_peaks; k++) {
        int32_t stronger = 0;
        for (int32_t m = 0; m < p->fit.n_peaks; m++)
            stronger += p->peaks[m].area > p->peaks[k].area;
        if (p->peaks[k].area > 0 && p->peaks[k].q <= q_max && stronger < LABELS_MAX)
            plot_mark(panel, p->peaks[k].q, model_hkl(p->peaks + k, hkl), color);
    }
}

/* A value and its error, which gives the decimals of both. */
static const char *with_error(double value, double error, char text[64])
{
    const int decimals = error > 0 ? (int)fmin(fmax(ceil(-log10(error)), 0), 6) : 3;
    snprintf(text, 64, "%.*f ± %.*f", decimals, value, decimals, error);
    return text;
}

static void note_results(plot_panel *panel, const fit_report *r)
{
    char text[1200] = "";
    size_t used = 0;
    for (int32_t i = 0; i < r->n_phases && used < sizeof text - 200; i++) {
        const phase_report *p = r->phases + i;
        char a[64], xi[64];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s: a = %s nm, ξ = %s nm\n", p->name, with_error(p->fit.a, p->fit.a_err, a),
                                 with_error(p->fit.xi, p->fit.xi_err, xi));
    }
    snprintf(text + used, sizeof text - used, "χ²/ν = %.3g", r->chi2_reduced);
    plot_note(panel, text);
}

static int write_picture(const cli_common *common, const curve *c, const fit_report *r, double scale, const char *path)
{
    static const plot_color colors[PHASES_MAX] = {PLOT_GREEN, PLOT_PURPLE, PLOT_ORANGE, PLOT_SKY, PLOT_GREY, PLOT_GREEN, PLOT_PURPLE, PLOT_ORANGE};
    int64_t first, end;
    double *work = malloc((size_t)c->n * 2 * sizeof *work);
    if (!work)
        return cli_fail("out of memory");
    double *error = work, *residual = work + c->n;
    for (int64_t i = 0; i < c->n; i++) {
        error[i] = curve_error(c, i, scale);
        residual[i] = (c->value[i] - r->fit[i]) / error[i];
    }
    curve_fitted(c, &first, &end);
    double lowest = INFINITY, highest = -INFINITY;
    for (int64_t i = first; i < end; i++) {
        lowest = fmin(lowest, c->value[i]);
        highest = fmax(highest, c->value[i]);
    }
    plot_figure *figure = plot_create(2, 1);
    plot_panel_size(figure, 620, 300);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, curve_title(common), NULL, "S(q)");
    plot_range(panel, PLOT_X, c->q[first], c->q[end - 1]);
    /* Room above the peaks for the note and the legend of three rows: rows of 14 in a panel that the indices leave some 180 of. */
    plot_range(panel, PLOT_Y, fmin(lowest, 0), highest / (1 - fmin((14 * fmax(r->n_phases + 1, 3) + 16) / 180, 0.6)));
    plot_points(panel, c->n, c->q, c->value, error, PLOT_BLUE, "measured");
    plot_line(panel, end - first, c->q + first, r->fit + first, PLOT_VERMILION, "fit");
    plot_dashed(panel, end - first, c->q + first, r->background + first, PLOT_BLACK, "background");
    for (int32_t i = 0; i < r->n_phases; i++)
        mark_lines(panel, r->phases + i, c->q[end - 1], colors[i]);
    note_results(panel, r);
    panel = plot_panel_at(figure, 1, 0);
    plot_labels(panel, NULL, "q (nm⁻¹)", "(measured − fit) / σ");
    plot_range(panel, PLOT_X, c->q[first], c->q[end - 1]);
    plot_points(panel, end - first, c->q + first, residual + first, NULL, PLOT_BLUE, NULL);
    plot_level(panel, 0, NULL, PLOT_GREY);
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    free(work);
    return status;
}

int saxs_fit_tell(const cli_common *common, const curve *c, const fit_report *r)
{
    const double scale = c->error_model == BNSL_ERRORS_GIVEN ? 1 : sqrt(r->chi2_reduced);
    int status = CLI_DONE;
    for (int32_t i = 0; i < common->output.n && status == CLI_DONE; i++) {
        const char *path = common->output.values[i];
        status = (output_has_ending(path, ".tsv") ? write_table : write_picture)(common, c, r, scale, path);
    }
    if (status != CLI_DONE)
        return status;
    return common->json ? report_json(common, c, r) : report_text(common, c, r);
}
