/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What bnsl saxs fit prints and writes. */
#include "saxs_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "output.h"
#include "plot/plot.h"

enum { PHASES_MAX = SAXS_FIT_PHASES_MAX, LABELS_MAX = 16 };

/* ---- stdout -------------------------------------------------------------------------------------------------------- */

/* "101"; "10 0 0" where digits alone would be ambiguous. */
static const char *format_hkl(const bnsl_saxs_peak *p, char text[48])
{
    snprintf(text, 48, p->h < 10 && p->k < 10 && p->l < 10 ? "%d%d%d" : "%d %d %d", p->h, p->k, p->l);
    return text;
}

static void json_phase(json *j, const phase_report *p)
{
    char hkl[48];
    json_object_begin(j, NULL);
    json_string(j, "structure", p->name);
    json_double(j, "a", p->fit.a);
    json_double(j, "a_err", p->fit.a_err);
    json_double(j, "c_over_a", p->fit.c_over_a);
    json_double(j, "c_over_a_err", p->fit.c_over_a_err);
    json_double(j, "hwhm", p->fit.hwhm);
    json_double(j, "hwhm_err", p->fit.hwhm_err);
    json_double(j, "xi", p->fit.xi);
    json_double(j, "xi_err", p->fit.xi_err);
    json_double(j, "fraction", p->fit.fraction);
    json_double(j, "fraction_err", p->fit.fraction_err);
    json_double(j, "u_rms", p->fit.u_rms);
    json_double(j, "u_rms_err", p->fit.u_rms_err);
    json_double(j, "scale_weight", p->fit.scale_weight);
    json_double(j, "volume_fraction", p->volume_fraction);
    json_double(j, "d_LL", p->d_ll);
    json_double(j, "d_LS", p->d_ls);
    json_double(j, "d_SS", p->d_ss);
    json_array_begin(j, "peaks");
    for (int32_t k = 0; k < p->fit.n_peaks; k++) {
        json_object_begin(j, NULL);
        json_string(j, "hkl", format_hkl(p->peaks + k, hkl));
        json_int(j, "multiplicity", p->peaks[k].multiplicity);
        json_double(j, "q", p->peaks[k].q);
        json_double(j, "area", p->peaks[k].area);
        json_double(j, "area_err", p->peaks[k].area_err);
        json_object_end(j);
    }
    json_array_end(j);
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
    for (int32_t i = 0; i < r->n_phases; i++)
        json_phase(&j, r->phases + i);
    json_array_end(&j);
    json_double(&j, "chi2_reduced", r->chi2_reduced);
    json_bool(&j, "converged", r->converged);
    json_int(&j, "iterations", r->n_iterations);
    json_string(&j, "errors", curve_errors_text(c, text, sizeof text));
    json_array_begin(&j, "output");
    for (int32_t i = 0; i < common->output.n; i++)
        json_string(&j, NULL, common->output.values[i]);
    json_array_end(&j);
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
    enum { N_ROWS = 10 };
    static const char *const names[N_ROWS] = {
        "a (nm)",    "c/a",       "half width (1/nm)", "crystal size xi (nm)", "share of L particles", "displacement u_rms (nm)", "volume fraction",
        "d_LL (nm)", "d_LS (nm)", "d_SS (nm)"};
    double value[N_ROWS][PHASES_MAX], error[N_ROWS][PHASES_MAX];
    for (int32_t i = 0; i < r->n_phases; i++) {
        const phase_report *p = r->phases + i;
        const double v[N_ROWS] = {p->fit.a,     p->fit.c_over_a,    p->fit.hwhm, p->fit.xi, p->fit.fraction,
                                  p->fit.u_rms, p->volume_fraction, p->d_ll,     p->d_ls,   p->d_ss};
        const double e[N_ROWS] = {
            p->fit.a_err, p->fit.c_over_a_err, p->fit.hwhm_err, p->fit.xi_err, p->fit.fraction_err, p->fit.u_rms_err, 0, 0, 0, 0};
        for (int k = 0; k < N_ROWS; k++) {
            value[k][i] = v[k];
            error[k][i] = e[k];
        }
    }
    printf("%-26s", "");
    for (int32_t i = 0; i < r->n_phases; i++)
        printf("%24s", r->phases[i].name);
    putchar('\n');
    for (int k = 0; k < N_ROWS; k++)
        print_row(r, names[k], value[k], error[k]);
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
            printf("%-10s%8d%14.6g%14.4g%14.2g\n", format_hkl(p->peaks + k, hkl), p->peaks[k].multiplicity, p->peaks[k].q, p->peaks[k].area,
                   p->peaks[k].area_err);
    }
    if (r->point_particles)
        printf("\nshare of L particles: for point particles; --cores gives the intensities of spheres\n");
    for (int32_t i = 0; i < common->output.n; i++)
        printf("wrote %s\n", common->output.values[i]);
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
            plot_mark(panel, p->peaks[k].q, format_hkl(p->peaks + k, hkl), color);
    }
}

static void note_results(plot_panel *panel, const fit_report *r)
{
    char text[1200] = "";
    size_t used = 0;
    for (int32_t i = 0; i < r->n_phases && used < sizeof text - 200; i++) {
        const phase_report *p = r->phases + i;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s: a = %.5g ± %.1g nm, ξ = %.3g ± %.1g nm\n", p->name, p->fit.a, p->fit.a_err,
                                 p->fit.xi, p->fit.xi_err);
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
    plot_range(panel, PLOT_Y, fmin(lowest, 0), 1.3 * highest); /* room for the note */
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
