/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl lattice --list, and the plot of packing fractions. */
#include <math.h>
#include <stdio.h>

#include "json.h"
#include "lattice.h"
#include "plot/plot.h"

enum { N_CURVE = 161 };
#define LOWEST_RATIO 0.2
#define HIGHEST_RATIO 1.0
#define FCC_FRACTION 0.74048048969306102 /* pi / sqrt 18 */

const char *lattice_system_name(const bnsl_lattice *lattice)
{
    static const char *const names[] = {"cubic", "hexagonal", "tetragonal"};
    return names[bnsl_lattice_system(lattice)];
}

/* ---- list ------------------------------------------------------------------------------------------ */

static void list_json(json *j, const bnsl_lattice *lattice)
{
    double a = 0, c = 0, x = 0, y = 0, z = 0;
    int32_t n_large = 0, n_small = 0, n_cells = 0;
    bnsl_lattice_constants(lattice, &a, &c, NULL);
    bnsl_lattice_parameters(lattice, &x, &y, &z);
    bnsl_lattice_sites(lattice, &n_large, &n_small);
    bnsl_lattice_primitive_cells(lattice, &n_cells);
    json_object_begin(j, NULL);
    json_string(j, "structure", bnsl_lattice_name(lattice));
    json_string(j, "aliases", bnsl_lattice_aliases(lattice));
    json_string(j, "strukturbericht", bnsl_lattice_strukturbericht(lattice));
    json_string(j, "pearson_symbol", bnsl_lattice_pearson_symbol(lattice));
    json_string(j, "space_group", bnsl_lattice_space_group(lattice));
    json_string(j, "system", lattice_system_name(lattice));
    json_int(j, "n_large", n_large);
    json_int(j, "n_small", n_small);
    json_int(j, "primitive_cells", n_cells);
    json_double(j, "c_over_a", c / a);
    json_double(j, "x", x != 0.0 ? x : NAN);
    json_double(j, "y", y != 0.0 ? y : NAN);
    json_double(j, "z", z != 0.0 ? z : NAN);
    json_string(j, "source", bnsl_lattice_source(lattice));
    json_object_end(j);
}

/* "c/a 1.64, x 0.83, z 0.062": what a prototype leaves free, with its values. */
static void format_parameters(const bnsl_lattice *lattice, char *text, size_t size)
{
    double a = 1, c = 1, p[3] = {0, 0, 0};
    size_t n = 0;
    bnsl_lattice_constants(lattice, &a, &c, NULL);
    bnsl_lattice_parameters(lattice, &p[0], &p[1], &p[2]);
    text[0] = '\0';
    if (bnsl_lattice_system(lattice) != BNSL_SYSTEM_CUBIC)
        n += (size_t)snprintf(text, size, "c/a %.4g", c / a);
    for (int i = 0; i < 3; i++)
        if (p[i] != 0.0 && n < size)
            n += (size_t)snprintf(text + n, size - n, "%s%c %.4g", n ? ", " : "", 'x' + i, p[i]);
}

static void list_text(const bnsl_lattice *lattice)
{
    char parameters[64], content[32];
    int32_t n_large = 0, n_small = 0;
    bnsl_lattice_sites(lattice, &n_large, &n_small);
    snprintf(content, sizeof content, n_small > 0 ? "%d L, %d S" : "%d L", n_large, n_small);
    format_parameters(lattice, parameters, sizeof parameters);
    printf("%-10s%-10s%-8s%-14s%-31s%s\n", bnsl_lattice_name(lattice), bnsl_lattice_space_group(lattice),
           bnsl_lattice_pearson_symbol(lattice), content, parameters, bnsl_lattice_aliases(lattice));
}

int lattice_list(const cli_common *common)
{
    json j;
    json_init(&j, common->json);
    json_object_begin(&j, NULL);
    json_array_begin(&j, "prototypes");
    if (!common->json)
        printf("%-10s%-10s%-8s%-14s%-31s%s\n", "name", "group", "Pearson", "cell", "parameters (default)", "other names");
    for (int32_t i = 0; i < bnsl_lattice_n_prototypes(); i++) {
        bnsl_lattice *lattice = NULL;
        if (bnsl_lattice_create(&lattice, bnsl_lattice_prototype_name(i), NULL) != BNSL_OK) {
            json_free(&j);
            return cli_fail_library(bnsl_lattice_prototype_name(i));
        }
        if (common->json)
            list_json(&j, lattice);
        else
            list_text(lattice);
        bnsl_lattice_destroy(lattice);
    }
    json_array_end(&j);
    json_object_end(&j);
    return json_print(&j);
}

/* ---- curves ---------------------------------------------------------------------------------------- */

/* Whether anything can relax. */
static bool has_parameters(const bnsl_lattice *lattice)
{
    double p[3] = {0, 0, 0};
    bnsl_lattice_parameters(lattice, &p[0], &p[1], &p[2]);
    return bnsl_lattice_system(lattice) != BNSL_SYSTEM_CUBIC || p[0] != 0.0 || p[1] != 0.0 || p[2] != 0.0;
}

static bnsl_status find_curve(const bnsl_lattice *lattice, int32_t relax, const double *ratio, double *fraction)
{
    bnsl_status status = BNSL_OK;
    for (int32_t i = 0; i < N_CURVE && status == BNSL_OK; i++) {
        bnsl_lattice_packing packing = {.fraction = NAN};
        status = bnsl_lattice_densest_packing(lattice, 1.0, ratio[i], relax, &packing);
        fraction[i] = packing.fraction;
    }
    return status;
}

int lattice_plot_packing(const bnsl_lattice *lattice, double ratio, const char *path, bool force)
{
    double ratios[N_CURVE], fixed[N_CURVE], relaxed[N_CURVE];
    char parameters[64], label[96], mark[32];
    bool free_parameters = has_parameters(lattice);
    for (int32_t i = 0; i < N_CURVE; i++)
        ratios[i] = LOWEST_RATIO + (HIGHEST_RATIO - LOWEST_RATIO) * i / (N_CURVE - 1);
    bnsl_status status = find_curve(lattice, BNSL_RELAX_NOTHING, ratios, fixed);
    if (status == BNSL_OK && free_parameters)
        status = find_curve(lattice, BNSL_RELAX_ALL, ratios, relaxed);
    if (status != BNSL_OK)
        return cli_fail_library(bnsl_lattice_name(lattice));

    plot_figure *figure = plot_create(1, 1);
    plot_panel_size(figure, 470.0, 330.0);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    snprintf(label, sizeof label, "Densest packing of spheres, %s", bnsl_lattice_name(lattice));
    plot_labels(panel, label, "size ratio d(S) / d(L)", "volume fraction");
    if (free_parameters) {
        format_parameters(lattice, parameters, sizeof parameters);
        plot_line(panel, N_CURVE, ratios, relaxed, PLOT_BLUE, "parameters relaxed");
        plot_dashed(panel, N_CURVE, ratios, fixed, PLOT_VERMILION, parameters);
    } else {
        plot_line(panel, N_CURVE, ratios, fixed, PLOT_BLUE, NULL);
    }
    plot_level(panel, FCC_FRACTION, "fcc of equal spheres", PLOT_GREY);
    plot_range(panel, PLOT_X, LOWEST_RATIO, HIGHEST_RATIO);
    if (ratio >= LOWEST_RATIO && ratio <= HIGHEST_RATIO) {
        snprintf(mark, sizeof mark, "%.3f", ratio);
        plot_mark(panel, ratio, mark, PLOT_GREEN);
    }
    int result = plot_write(figure, path, force);
    plot_destroy(figure);
    return result;
}
