/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl demo, part (c): a small AlB2 nucleus in a disordered 1:2 fluid, once with the narrow and once with the wide well. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"
#include "plot/plot.h"
#include "render/render.h"

static const int64_t PARTICLES = 2400, STEPS = 130000, FRAMES = 60;
static const double PACKING = 0.545, DT = 0.004, NUCLEUS_RADIUS = 3.4, NUCLEUS_A = 1.061, NUCLEUS_C_OVER_A = 1.03;
static const double EXPONENT_M[DEMO_N_WELLS] = {25, 6};
static const char *const NAMES[DEMO_N_WELLS] = {"narrow", "wide"};
static const char *const TITLES[DEMO_N_WELLS] = {"narrow well (50, 25)", "wide well (50, 6)"};

static double mean_alb2(const assembly *a, int64_t first, int64_t last)
{
    double sum = 0;
    for (int64_t k = first; k < last; k++)
        sum += a->rows[k].alb2 / (double)(last - first);
    return sum;
}

static int draw_curves(const assembly *runs, const char *folder)
{
    char path[ASSEMBLY_PATH + 32], title[128];
    plot_figure *figure = plot_create(1, 1);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    int status = CLI_DONE;
    plot_panel_size(figure, 520, 340);
    snprintf(title, sizeof title, "AlB₂ nucleus in a 1:2 fluid, φ = %g, %.1f kT", PACKING, demo_well_depth);
    plot_labels(panel, title, "time (τ)", "AlB₂-like L (% of all L)");
    for (int w = 0; w < DEMO_N_WELLS && status == CLI_DONE; w++) {
        int64_t n = runs[w].n_rows;
        double *x = malloc((size_t)n * 2 * sizeof *x), *y = x ? x + n : NULL;
        for (int64_t k = 0; x && k < n; k++) {
            x[k] = runs[w].rows[k].time;
            y[k] = 100 * runs[w].rows[k].alb2 / runs[w].rows[k].n_large;
        }
        if (x)
            plot_line(panel, n, x, y, w == DEMO_NARROW ? PLOT_BLUE : PLOT_VERMILION, TITLES[w]);
        else
            status = cli_fail("out of memory");
        free(x);
    }
    snprintf(path, sizeof path, "%s/growth.png", folder);
    if (status == CLI_DONE)
        status = plot_write(figure, path, true);
    plot_destroy(figure);
    return status;
}

static int draw_slices(const assembly *runs, const char *folder)
{
    char path[ASSEMBLY_PATH + 32];
    render_options o;
    render_panel panels[DEMO_N_WELLS];
    render_options_init(&o);
    o.slice = true;
    o.slice_thickness = 0; /* all that is behind the plane through the nucleus */
    o.width = o.height = 700;
    memcpy(o.view, (double[3]){0, 0, 1}, sizeof o.view);
    for (int w = 0; w < DEMO_N_WELLS; w++)
        panels[w] = (render_panel){runs[w].frame, runs[w].phase, TITLES[w]};
    snprintf(path, sizeof path, "%s/slices.png", folder);
    return render_panels(&o, DEMO_N_WELLS, panels, path, true);
}

int demo_grow(demo_growth *out, const char *folder, const cli_common *common)
{
    assembly runs[DEMO_N_WELLS] = {{.n = 0}};
    int status = CLI_DONE;
    for (int w = 0; w < DEMO_N_WELLS && status == CLI_DONE; w++) {
        char run[ASSEMBLY_PATH];
        assembly_spec s;
        assembly_spec_init(&s);
        s.particles = PARTICLES;
        s.size_ratio = demo_size_ratio;
        s.exponent_m = EXPONENT_M[w];
        s.well_depth.values[0] = demo_well_depth;
        s.dt = DT;
        s.phi = (cli_doubles){1, {PACKING}};
        s.steps = STEPS;
        s.frames = FRAMES;
        s.seed = common->seed;
        strcpy(s.nucleus, "AlB2");
        s.nucleus_radius = NUCLEUS_RADIUS;
        s.nucleus_a = NUCLEUS_A;
        s.nucleus_c_over_a = NUCLEUS_C_OVER_A;
        snprintf(run, sizeof run, "%.900s/%s", folder, NAMES[w]);
        status = assembly_run(&runs[w], &s, run, false, common, NAMES[w]);
        if (status == CLI_DONE)
            status = assembly_finish(&runs[w], common);
        if (status == CLI_DONE) {
            int64_t n = runs[w].n_rows, tenth = n / 10;
            out->first[w] = mean_alb2(&runs[w], 0, tenth);
            out->last[w] = mean_alb2(&runs[w], n - tenth, n);
            out->time = runs[w].rows[n - 1].time;
        }
    }
    out->particles = PARTICLES;
    out->phi = PACKING;
    if (status == CLI_DONE)
        status = draw_curves(runs, folder);
    if (status == CLI_DONE)
        status = draw_slices(runs, folder);
    for (int w = 0; w < DEMO_N_WELLS; w++)
        assembly_free(&runs[w]);
    return status;
}
