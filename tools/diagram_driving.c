/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driving force of crystallisation and the mobility of the fluid: table, JSON, figure. */
#include <math.h>
#include <stdio.h>

#include "diagram.h"
#include "plot/plot.h"

void diagram_print_forces(const diagram *d, FILE *f)
{
    fprintf(f, "# bnsl phases: what a particle of the fluid gains in the crystal at equal pressure, mu_fluid - mu_crystal (< 0: the fluid "
               "is stable), "
               "and diffusion coefficients of the fluid,\n"
               "# by Langevin dynamics of friction 0.1 / tau, tau = sigma (m/kT)^(1/2); nan: not measured (--diffusion)\n"
               "# well_depth (kT)\trho (1/sigma^3)\tphi (1)\tdelta_mu (kT)\tdelta_mu_err (kT)\tD_L (sigma^2/tau)\tD_L_err (sigma^2/tau)\t"
               "D_S (sigma^2/tau)\tD_S_err (sigma^2/tau)\n");
    for (int32_t k = 0; k < d->n_points; k++)
        for (int32_t i = 0; i < d->point[k].n_forces; i++) {
            const diagram_force *x = &d->point[k].force[i];
            fprintf(f, "%.6g\t%.6g\t%.6g\t%.5g\t%.2g\t%.5g\t%.2g\t%.5g\t%.2g\n", d->point[k].depth, x->density, x->density * d->volume, x->force,
                    x->force_err, x->diffusion[0], x->diffusion_err[0], x->diffusion[1], x->diffusion_err[1]);
        }
}

void diagram_json_forces(const diagram *d, const diagram_point *p, json *j)
{
    json_array_begin(j, "driving");
    for (int32_t i = 0; i < p->n_forces; i++) {
        const diagram_force *x = &p->force[i];
        json_object_begin(j, NULL);
        json_double(j, "rho", x->density);
        json_double(j, "phi", x->density * d->volume);
        json_with_error(j, "delta_mu", x->force, x->force_err);
        if (p->diffusion) {
            json_with_error(j, "D_L", x->diffusion[0], x->diffusion_err[0]);
            if (d->n_species > 1)
                json_with_error(j, "D_S", x->diffusion[1], x->diffusion_err[1]);
        }
        json_object_end(j);
    }
    json_array_end(j);
}

/* ---- figure ------------------------------------------------------------------------------------------------ */

static const double FIRST_PHI = DIAGRAM_LEAST_PHI; /* of the figure: in thinner fluids the force is that of a gas, ln rho */

static const double ROOM = 0.08;                     /* of the height, for a line of the legend */

/* Depths of the figure: those with diffusion, or all. */
static bool drawn(const diagram *d, int32_t k)
{
    bool any = false;
    for (int32_t i = 0; i < d->n_points; i++)
        any = any || d->point[i].diffusion;
    return d->point[k].n_forces > 0 && (!any || d->point[k].diffusion);
}

static void draw_force(const diagram *d, const diagram_point *p, plot_panel *panel, plot_color color)
{
    double x[DIAGRAM_FORCE_CURVE], y[DIAGRAM_FORCE_CURVE], err[DIAGRAM_COLUMNS];
    char label[40];
    snprintf(label, sizeof label, "ε = %g kT", p->depth);
    for (int32_t i = 0; i < p->n_force_curve; i++) {
        x[i] = p->curve_density[i] * d->volume;
        y[i] = p->curve_force[i];
    }
    plot_line(panel, p->n_force_curve, x, y, color, NULL);
    for (int32_t i = 0; i < p->n_forces; i++) {
        x[i] = p->force[i].density * d->volume;
        y[i] = p->force[i].force;
        err[i] = p->force[i].force_err;
    }
    plot_points(panel, p->n_forces, x, y, err, color, label);
}

static void draw_diffusion(const diagram *d, const diagram_point *p, plot_panel *panel, plot_color color, int species)
{
    double x[DIAGRAM_COLUMNS], y[DIAGRAM_COLUMNS], err[DIAGRAM_COLUMNS];
    char label[40];
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_forces; i++)
        if (p->force[i].diffusion[species] > 0) { /* not NaN */
            x[n] = p->force[i].density * d->volume;
            y[n] = p->force[i].diffusion[species];
            err[n++] = p->force[i].diffusion_err[species];
        }
    snprintf(label, sizeof label, "%s, ε = %g kT", species == 0 ? "L" : "S", p->depth);
    if (species == 0)
        plot_line(panel, n, x, y, color, NULL);
    else
        plot_dashed(panel, n, x, y, color, NULL);
    plot_points(panel, n, x, y, err, color, d->n_species > 1 ? label : label + 3);
}

/* Packing fractions and forces that the panels show: the forces that crystallise, and some that melt. */
static void ranges(const diagram *d, double x[2], double y[2])
{
    int n_drawn = 0;
    x[0] = x[1] = y[0] = y[1] = 0;
    for (int32_t k = 0; k < d->n_points; k++) {
        const diagram_point *p = &d->point[k];
        if (!drawn(d, k))
            continue;
        n_drawn++;
        for (int32_t i = 0; i < p->n_forces; i++) {
            x[1] = fmax(x[1], p->force[i].density * d->volume);
            y[1] = fmax(y[1], p->force[i].force);
        }
    }
    x[0] = fmin(FIRST_PHI, 0.5 * x[1]) - 0.02;
    x[1] += 0.02;
    y[1] = y[1] > 0 ? 1.1 * y[1] : 0.5;
    y[0] = -fmax(0.5, 0.5 * y[1]);
    y[1] += ROOM * n_drawn * (y[1] - y[0]);
}

int diagram_draw_forces(const diagram *d, const char *name)
{
    char path[DIAGRAM_PATH + 40], title[128];
    double x[2], y[2];
    bool diffusion = false;
    int n = 0;
    for (int32_t k = 0; k < d->n_points; k++) {
        n += drawn(d, k);
        diffusion = diffusion || d->point[k].diffusion;
    }
    if (n == 0)
        return CLI_DONE;
    diagram_path(d, name, path, sizeof path);
    plot_figure *figure = plot_create(1, diffusion ? 2 : 1);
    plot_panel *force = plot_panel_at(figure, 0, 0), *mobility = diffusion ? plot_panel_at(figure, 0, 1) : NULL;
    ranges(d, x, y);
    snprintf(title, sizeof title, "%s, Mie %g–%g: driving force", d->spec.structure, d->spec.exponent_n, d->spec.exponent_m);
    plot_labels(force, title, "packing fraction φ of the fluid", "Δμ = μ(fluid) − μ(crystal), kT a particle");
    plot_range(force, PLOT_X, x[0], x[1]);
    plot_range(force, PLOT_Y, y[0], y[1]);
    plot_level(force, 0, NULL, PLOT_GREY);
    plot_labels(mobility, "Mobility of the fluid", "packing fraction φ of the fluid", "D (σ²/τ)");
    plot_range(mobility, PLOT_X, x[0], x[1]);
    plot_log(mobility, PLOT_Y);
    for (int32_t k = 0, color = 0; k < d->n_points; k++) {
        if (!drawn(d, k))
            continue;
        draw_force(d, &d->point[k], force, (plot_color)(color % PLOT_GREY));
        for (int species = 0; species < d->n_species; species++)
            draw_diffusion(d, &d->point[k], mobility, (plot_color)(color % PLOT_GREY), species);
        color++;
    }
    int status = plot_write(figure, path, true);
    plot_destroy(figure);
    return status;
}
