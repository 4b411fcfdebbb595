/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl demo, part (a): sizes from a dilute SAXS pattern. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "demo.h"
#include "output.h"
#include "plot/plot.h"

static int fit(const bnsl_io_curve *curve, int32_t distribution, bnsl_saxs_form_factor_result *out)
{
    bnsl_saxs_form_factor_options o;
    const double *q, *intensity, *error;
    int64_t n;
    bnsl_saxs_form_factor_options_init(&o, sizeof o);
    o.distribution = distribution;
    bnsl_io_curve_view(curve, &n, &q, &intensity, &error, NULL, NULL);
    if (bnsl_saxs_fit_form_factor(n, q, intensity, error, &o, out) != BNSL_OK)
        return cli_fail_library("PolySpheres.txt");
    return CLI_DONE;
}

static int draw(const bnsl_io_curve *curve, const demo_form_factor *f, const char *folder)
{
    const double *q, *intensity, *error;
    int64_t n;
    char path[ASSEMBLY_PATH + 32], label[64];
    bnsl_io_curve_view(curve, &n, &q, &intensity, &error, NULL, NULL);
    double *model = malloc((size_t)n * 2 * sizeof *model);
    plot_figure *figure = plot_create(1, 1);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, "PolySpheres.txt: form factor of a dilute sample", "q (nm⁻¹)", "I(q)");
    plot_log(panel, PLOT_X);
    plot_log(panel, PLOT_Y);
    plot_points(panel, n, q, intensity, error, PLOT_GREY, "measured");
    const bnsl_saxs_form_factor_result *fits[2] = {&f->schulz, &f->gaussian};
    static const char *const names[2] = {"Schulz", "Gaussian"};
    static const int32_t kinds[2] = {BNSL_SIZES_SCHULZ, BNSL_SIZES_GAUSSIAN};
    for (int k = 0; model && k < 2; k++) {
        double *curve_model = model + k * n, radius = fits[k]->radius, sigma = fits[k]->sigma;
        double volume = 4.18879020478639098 * (pow(radius, 3) + 3 * radius * sigma * sigma); /* (4 pi / 3) <R^3>, Gaussian */
        if (kinds[k] == BNSL_SIZES_SCHULZ)
            volume += 4.18879020478639098 * 2 * pow(sigma, 4) / radius;
        bnsl_saxs_form_factor(kinds[k], radius, sigma, n, q, NULL, curve_model);
        for (int64_t i = 0; i < n; i++)
            curve_model[i] = fits[k]->scale * curve_model[i] / volume + fits[k]->background;
        snprintf(label, sizeof label, "%s: R = %.3f ± %.3f nm", names[k], radius, fits[k]->radius_err);
        (k == 0 ? plot_line : plot_dashed)(panel, n, q, curve_model, k == 0 ? PLOT_BLUE : PLOT_VERMILION, label);
    }
    snprintf(path, sizeof path, "%s/form-factor.png", folder);
    int status = model ? plot_write(figure, path, true) : cli_fail("out of memory");
    plot_destroy(figure);
    free(model);
    return status;
}

int demo_fit_form_factor(demo_form_factor *out, const char *folder)
{
    char path[ASSEMBLY_PATH];
    bnsl_io_curve *curve = NULL;
    if (!cli_find_data("PolySpheres.txt", path, sizeof path))
        return CLI_FAILED;
    if (bnsl_io_curve_read(&curve, path, BNSL_UNIT_PER_ANGSTROM) != BNSL_OK)
        return cli_fail_library(path);
    int status = fit(curve, BNSL_SIZES_SCHULZ, &out->schulz);
    if (status == CLI_DONE)
        status = fit(curve, BNSL_SIZES_GAUSSIAN, &out->gaussian);
    if (status == CLI_DONE)
        status = draw(curve, out, folder);
    bnsl_io_curve_destroy(curve);
    return status;
}
