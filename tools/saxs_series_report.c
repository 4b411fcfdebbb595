/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What bnsl saxs series prints and writes: text, JSON, the table of all frames. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "output.h"
#include "saxs_series.h"

enum { LINES_MAX = 8, FRAME_COLUMNS = 9, PHASE_COLUMNS = 26 };

/* ---- frames and lines ----------------------------------------------------------------------------------------------- */

int series_phases(const series_report *r, int64_t frame, phase_report *phases)
{
    const bnsl_saxs_pattern *pattern = bnsl_saxs_series_pattern(r->series, frame);
    int status = CLI_DONE;
    for (int32_t i = 0; i < r->model->n_phases; i++)
        phases[i] = (phase_report){.name = r->model->phases[i].name};
    for (int32_t i = 0; i < r->model->n_phases && status == CLI_DONE; i++)
        status = saxs_fit_collect(pattern, i, r->model->args->bonds, phases + i);
    return status;
}

void series_free_phases(const series_report *r, phase_report *phases)
{
    for (int32_t i = 0; i < r->model->n_phases; i++)
        free(phases[i].peaks);
}

/* The line with these indices; NULL: none. */
static const bnsl_saxs_peak *find_line(const phase_report *p, const bnsl_saxs_peak *line)
{
    for (int32_t k = 0; k < p->fit.n_peaks; k++)
        if (p->peaks[k].h == line->h && p->peaks[k].k == line->k && p->peaks[k].l == line->l)
            return p->peaks + k;
    return NULL;
}

static void keep_strongest(bnsl_saxs_peak *lines, int32_t *n, int32_t n_most, const bnsl_saxs_peak *peak)
{
    for (int32_t i = 0; i < *n; i++)
        if (lines[i].h == peak->h && lines[i].k == peak->k && lines[i].l == peak->l) {
            if (peak->area > lines[i].area)
                lines[i] = *peak;
            return;
        }
    if (*n < n_most) {
        lines[(*n)++] = *peak;
        return;
    }
    int32_t least = 0;
    for (int32_t i = 1; i < *n; i++)
        least = lines[i].area < lines[least].area ? i : least;
    if (peak->area > lines[least].area)
        lines[least] = *peak;
}

static int by_area(const void *a, const void *b)
{
    const bnsl_saxs_peak *p = a, *q = b;
    return (q->area > p->area) - (q->area < p->area);
}

int32_t series_strong_lines(const series_report *r, int32_t phase, int32_t n_most, bnsl_saxs_peak *lines)
{
    int32_t n = 0;
    for (int64_t f = 0; f < bnsl_saxs_series_n_frames(r->series); f++) {
        bnsl_saxs_phase fit;
        bnsl_saxs_peak peak;
        const bnsl_saxs_pattern *pattern = bnsl_saxs_series_pattern(r->series, f);
        if (bnsl_saxs_pattern_phase(pattern, phase, &fit) != BNSL_OK || !(fit.fraction > 10 * fit.fraction_err))
            continue;
        for (int32_t k = 0; k < fit.n_peaks; k++)
            if (bnsl_saxs_pattern_peak(pattern, phase, k, &peak) == BNSL_OK && peak.area > 0)
                keep_strongest(lines, &n, n_most, &peak);
    }
    qsort(lines, (size_t)n, sizeof *lines, by_area);
    return n;
}

/* ---- table ------------------------------------------------------------------------------------------------------------ */

static double *put(double *to, double value, double error)
{
    to[0] = value;
    to[1] = error;
    return to + 2;
}

static double *frame_columns(double *to, const bnsl_saxs_frame *f, const bnsl_saxs_pattern *pattern, int64_t input_frame)
{
    bnsl_saxs_fluid fluid = {.eta = NAN, .share_large = NAN};
    const bool has_fluid = bnsl_saxs_pattern_fluid(pattern, &fluid) == BNSL_OK;
    const double row[FRAME_COLUMNS] = {f->time,          (double)input_frame, f->chi2_reduced,
                                       f->converged,     f->rescued,          f->significance,
                                       f->flux,          has_fluid ? fluid.eta : NAN, has_fluid ? fluid.share_large : NAN};
    memcpy(to, row, sizeof row);
    return to + FRAME_COLUMNS;
}

static double *phase_columns(double *to, const phase_report *p, const bnsl_saxs_peak *lines, int32_t n_lines)
{
    const bnsl_saxs_phase *f = &p->fit;
    const bnsl_saxs_geometry *g = &p->geometry;
    to = put(to, f->fraction, f->fraction_err);
    to = put(to, f->a, f->a_err);
    to = put(to, f->c_over_a, f->c_over_a_err);
    to = put(to, f->hwhm, f->hwhm_err);
    to = put(to, f->microstrain, f->microstrain_err);
    to = put(to, f->xi, f->xi_err);
    to = put(to, f->u_rms, f->u_rms_err);
    to = put(to, f->diffuse, f->diffuse_err);
    to = put(to, g->volume_fraction, g->volume_fraction_err);
    to = put(to, g->d_ll, g->d_ll_err);
    to = put(to, g->d_ls, g->d_ls_err);
    to = put(to, g->d_ss, g->d_ss_err);
    const bnsl_saxs_peak *strongest = n_lines > 0 ? find_line(p, lines) : NULL;
    to = put(to, strongest ? strongest->area : NAN, strongest ? strongest->area_err : NAN);
    for (int32_t k = 1; k < n_lines; k++) {
        const bnsl_saxs_peak *line = find_line(p, lines + k);
        const bool known = line && strongest && strongest->area > 0;
        const double ratio = known ? line->area / strongest->area : NAN;
        to = put(to, ratio, known ? hypot(line->area_err, ratio * strongest->area_err) / strongest->area : NAN);
    }
    return to;
}

static void write_phase_names(FILE *f, const char *name, const bnsl_saxs_peak *lines, int32_t n_lines)
{
    static const char *const quantity[][2] = {
        {"X", ""},         {"a", " (nm)"},     {"c/a", ""},     {"hwhm", " (nm^-1)"},    {"microstrain", ""},
        {"xi", " (nm)"},   {"u_rms", " (nm)"}, {"diffuse", ""}, {"volume_fraction", ""}, {"d_LL", " (nm)"},
        {"d_LS", " (nm)"}, {"d_SS", " (nm)"}};
    char hkl[48], first[48];
    for (size_t k = 0; k < sizeof quantity / sizeof *quantity; k++)
        fprintf(f, "\t%s %s%s\t%s %s_err%s", name, quantity[k][0], quantity[k][1], name, quantity[k][0], quantity[k][1]);
    if (n_lines > 0)
        model_hkl(lines, first);
    else
        snprintf(first, sizeof first, "strongest");
    fprintf(f, "\t%s A_%s (nm^-1)\t%s A_%s_err (nm^-1)", name, first, name, first);
    for (int32_t k = 1; k < n_lines; k++) {
        model_hkl(lines + k, hkl);
        fprintf(f, "\t%s A_%s/A_%s\t%s A_%s/A_%s_err", name, hkl, first, name, hkl, first);
    }
}

/* The header in memory, to be freed; NULL: no memory. */
static char *make_header(const cli_common *common, const series_report *r, const bnsl_saxs_peak (*lines)[LINES_MAX], const int32_t *n_lines)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        return NULL;
    fprintf(f, "bnsl saxs series %s\n", common->positional[0]);
    if (isnan(r->nucleation))
        fprintf(f, "nucleation: none\n");
    else
        fprintf(f, "nucleation: %.6g +- %.2g s\n", r->nucleation, r->nucleation_err);
    fprintf(f, "time (s)\tframe\tchi2_reduced\tconverged\trescued\tsignificance (sigma)\tflux\teta\tF_L");
    for (int32_t i = 0; i < r->model->n_phases; i++)
        write_phase_names(f, r->model->phases[i].name, lines[i], n_lines[i]);
    return fclose(f) == 0 ? text : NULL;
}

int series_write_table(const cli_common *common, const series_report *r, const char *path)
{
    bnsl_saxs_peak lines[MODEL_PHASES_MAX][LINES_MAX];
    int32_t n_lines[MODEL_PHASES_MAX], n_columns = FRAME_COLUMNS;
    const int64_t n = bnsl_saxs_series_n_frames(r->series);
    for (int32_t i = 0; i < r->model->n_phases; i++) {
        n_lines[i] = series_strong_lines(r, i, LINES_MAX, lines[i]);
        n_columns += PHASE_COLUMNS + 2 * (n_lines[i] > 1 ? n_lines[i] - 1 : 0);
    }
    double *values = malloc((size_t)n * (size_t)n_columns * sizeof *values + 1);
    char *header = make_header(common, r, (const bnsl_saxs_peak(*)[LINES_MAX])lines, n_lines);
    int status = values && header ? CLI_DONE : cli_fail("out of memory");
    for (int64_t k = 0; k < n && status == CLI_DONE; k++) {
        phase_report phases[MODEL_PHASES_MAX];
        bnsl_saxs_frame frame;
        double *to = values + k * n_columns;
        bnsl_saxs_series_frame(r->series, k, &frame);
        to = frame_columns(to, &frame, bnsl_saxs_series_pattern(r->series, k), r->input_frame[k]);
        status = series_phases(r, k, phases);
        for (int32_t i = 0; i < r->model->n_phases && status == CLI_DONE; i++)
            to = phase_columns(to, phases + i, lines[i], n_lines[i]);
        series_free_phases(r, phases);
    }
    if (status == CLI_DONE && bnsl_io_table_write(path, header, n, n_columns, values, common->force) != BNSL_OK)
        status = cli_fail_library(path);
    free(values);
    free(header);
    return status;
}

/* ---- JSON and text -------------------------------------------------------------------------------------------------------- */

static int json_frame(json *j, const series_report *r, int64_t k)
{
    phase_report phases[MODEL_PHASES_MAX];
    bnsl_saxs_frame frame;
    bnsl_saxs_fluid fluid;
    const bnsl_saxs_pattern *pattern = bnsl_saxs_series_pattern(r->series, k);
    bnsl_saxs_series_frame(r->series, k, &frame);
    int status = series_phases(r, k, phases);
    json_object_begin(j, NULL);
    json_double(j, "time", frame.time);
    json_int(j, "frame", r->input_frame[k]);
    json_array_begin(j, "phases");
    for (int32_t i = 0; i < r->model->n_phases && status == CLI_DONE; i++) {
        json_object_begin(j, NULL);
        json_bool(j, "present", frame.present >> i & 1);
        saxs_fit_json_phase(j, phases + i);
        json_object_end(j);
    }
    json_array_end(j);
    if (bnsl_saxs_pattern_fluid(pattern, &fluid) == BNSL_OK)
        saxs_fit_json_fluid(j, &fluid);
    json_double(j, "chi2_reduced", frame.chi2_reduced);
    json_double(j, "significance", frame.significance);
    if (r->flux) {
        json_double(j, "flux", frame.flux);
        json_double(j, "flux_err", frame.flux_err);
    }
    json_bool(j, "converged", frame.converged);
    json_bool(j, "rescued", frame.rescued);
    json_object_end(j);
    series_free_phases(r, phases);
    return status;
}

int series_print_json(const cli_common *common, const series_report *r)
{
    json j;
    int status = CLI_DONE;
    const int64_t n = bnsl_saxs_series_n_frames(r->series);
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_string(&j, "status", "ok");
    json_double(&j, "nucleation_time", r->nucleation);
    json_double(&j, "nucleation_time_err", r->nucleation_err);
    json_array_begin(&j, "bad_frames");
    for (int64_t i = 0; i < r->in->n_frames; i++) {
        if (!r->in->bad[i])
            continue;
        json_object_begin(&j, NULL);
        json_int(&j, "frame", i);
        json_double(&j, "time", r->in->time[i]);
        if (r->in->names)
            json_string(&j, "file", r->in->names[i]);
        json_string(&j, "reason", r->in->why[i]);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_array_begin(&j, "frames");
    for (int64_t k = 0; k < n && status == CLI_DONE; k++)
        status = json_frame(&j, r, k);
    json_array_end(&j);
    output_json(common, &j);
    json_object_end(&j);
    if (status != CLI_DONE) {
        json_free(&j);
        return status;
    }
    return json_print(&j);
}

static void print_frame(const series_report *r, int64_t k)
{
    bnsl_saxs_frame frame;
    const bnsl_saxs_pattern *pattern = bnsl_saxs_series_pattern(r->series, k);
    bnsl_saxs_series_frame(r->series, k, &frame);
    printf("%10.6g", frame.time);
    for (int32_t i = 0; i < r->model->n_phases; i++) {
        bnsl_saxs_phase p;
        bnsl_saxs_pattern_phase(pattern, i, &p);
        if (frame.present >> i & 1)
            printf("%9.4f +- %-7.4f%9.4f +- %-7.4f%8.1f +- %-6.1f", p.fraction, p.fraction_err, p.a, p.a_err, p.xi, p.xi_err);
        else
            printf("%9s    %-7s%9s    %-7s%8s    %-6s", "-", "", "-", "", "-", "");
    }
    printf("%8.3f%s\n", frame.chi2_reduced, frame.converged ? frame.rescued ? "  found anew" : "" : "  NOT CONVERGED");
}

int series_print_text(const cli_common *common, const series_report *r)
{
    enum { SHOWN = 24 };
    const int64_t n = bnsl_saxs_series_n_frames(r->series), step = n > SHOWN ? (n + SHOWN - 1) / SHOWN : 1;
    int64_t n_lost = 0;
    for (int64_t k = 0; k < n; k++) {
        bnsl_saxs_frame frame;
        bnsl_saxs_series_frame(r->series, k, &frame);
        n_lost += !frame.converged;
    }
    printf("%s: %lld frames", common->positional[0], (long long)n);
    if (r->in->n_bad > 0)
        printf(", %lld bad ones left out", (long long)r->in->n_bad);
    if (n_lost > 0)
        printf(", %lld NOT CONVERGED", (long long)n_lost);
    printf("\n");
    if (isnan(r->nucleation))
        printf("nucleation: none in this series\n\n");
    else
        printf("nucleation: t = %.6g +- %.2g s (%.5g h)\n\n", r->nucleation, r->nucleation_err, r->nucleation / 3600);
    printf("%10s", "");
    for (int32_t i = 0; i < r->model->n_phases; i++)
        printf("  %-58s", r->model->phases[i].name);
    printf("\n%10s", "t (s)");
    for (int32_t i = 0; i < r->model->n_phases; i++)
        printf("%9s%11s%9s%11s%8s%10s", "X", "", "a (nm)", "", "xi (nm)", "");
    printf("%8s\n", "chi^2");
    for (int64_t k = n > 0 ? (n - 1) % step : 0; k < n; k += step)
        print_frame(r, k);
    output_print(common);
    return CLI_DONE;
}
