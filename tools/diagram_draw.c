/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figure of a phase diagram: lines of the phases that coexist, ties between them at the depths that were asked for. */
#include <math.h>
#include <stdio.h>

#include "diagram.h"
#include "plot/plot.h"

/* ---- what coexists ----------------------------------------------------------------------------------------- */

/* The fluid at the crystal is a liquid or a gas where there are two; where there is one, it is that of the two which it becomes. */
typedef enum tie { TIE_LIQUID_CRYSTAL, TIE_VAPOUR_LIQUID, TIE_GAS_CRYSTAL, N_TIES } tie;

static bool two_fluids(const diagram_point *p)
{
    return p->loop || p->vapour_liquid.found;
}

/* only: what one fluid alone counts as. NULL: not found. */
static const bnsl_free_energy_coexistence *find(const diagram_point *p, tie t, tie only)
{
    const diagram_pair *pair = t == TIE_VAPOUR_LIQUID ? &p->vapour_liquid : &p->gas_solid;
    if (t == TIE_LIQUID_CRYSTAL && two_fluids(p))
        pair = &p->liquid_solid;
    if (t != TIE_VAPOUR_LIQUID && t != only && !two_fluids(p))
        return NULL;
    return pair->found ? &pair->at : NULL;
}

static bool is_stable(const diagram_point *p, tie t)
{
    if (t == TIE_VAPOUR_LIQUID)
        return diagram_liquid_is_stable(p);
    return !two_fluids(p) || diagram_at_crystal(p) == (t == TIE_LIQUID_CRYSTAL ? &p->liquid_solid : &p->gas_solid);
}

/* What the fluid at a depth of the curve becomes at larger depths. */
static tie becomes(const diagram *d, int32_t k)
{
    while (k < d->n_curve && !two_fluids(&d->curve[k]))
        k++;
    return k < d->n_curve && diagram_at_crystal(&d->curve[k]) == &d->curve[k].gas_solid ? TIE_GAS_CRYSTAL : TIE_LIQUID_CRYSTAL;
}

/* ---- lines ------------------------------------------------------------------------------------------------- */

enum { N_DOME = 7, LINE_ROOM = DIAGRAM_CURVE + N_DOME + 2 };

/* Packing fractions against depth; stable or metastable. */
typedef struct line {
    int32_t n;
    double x[LINE_ROOM], y[LINE_ROOM];
} line;

static void append(line *l, double x, double y)
{
    if (l->n < LINE_ROOM) {
        l->x[l->n] = x;
        l->y[l->n++] = y;
    }
}

/*
 * From the critical point to the first depth of the dome that is known: as of any analytic fluid, the mean of the two densities goes with the
 * depth beyond the critical one, their difference with its root.
 */
static void append_dome(const diagram *d, const bnsl_free_energy_coexistence *first, double depth, int phase, line *l)
{
    double half = 0.5 * (first->density[phase] - first->density[1 - phase]), mean = 0.5 * (first->density[0] + first->density[1]);
    for (int k = 0; k < N_DOME; k++) {
        double root = (double)k / N_DOME, share = root * root;
        append(l, (d->critical_density + share * (mean - d->critical_density) + root * half) * d->volume,
               d->critical_depth + share * (depth - d->critical_depth));
    }
}

/*
 * Where, between two depths of the curve, vapour, liquid and crystal coexist: mu of vapour and liquid passes that of gas and crystal; as a
 * share of the step. The middle where the one of the two is not known on both sides.
 */
static double triple(const diagram_point *p)
{
    double ahead[2];
    for (int k = 0; k < 2; k++)
        ahead[k] = p[k].vapour_liquid.found && p[k].gas_solid.found ? p[k].vapour_liquid.at.mu - p[k].gas_solid.at.mu : NAN;
    return ahead[0] * ahead[1] < 0 ? ahead[0] / (ahead[0] - ahead[1]) : 0.5;
}

/* One phase of a tie at all depths: out[1] the stable parts, out[0] the metastable ones, which meet at the triple point; gaps elsewhere. */
static void trace(const diagram *d, tie t, int phase, line out[2])
{
    const bnsl_free_energy_coexistence *last = NULL;
    bool begun = false, was = false;
    out[0].n = out[1].n = 0;
    for (int32_t k = 0; k < d->n_curve; k++) {
        const diagram_point *p = &d->curve[k];
        const bnsl_free_energy_coexistence *at = find(p, t, becomes(d, k));
        bool stable = is_stable(p, t);
        if (t == TIE_VAPOUR_LIQUID && !(d->critical_found && p->depth >= d->critical_depth)) /* noise makes loops too */
            at = NULL;
        if (at && last && stable != was) {
            double share = triple(p - 1);
            for (int side = 0; side < 2; side++)
                append(&out[side], (last->density[phase] + share * (at->density[phase] - last->density[phase])) * d->volume,
                       p[-1].depth + share * (p->depth - p[-1].depth));
        }
        if (at && t == TIE_VAPOUR_LIQUID && !begun)
            append_dome(d, at, p->depth, phase, &out[stable]);
        append(&out[stable], at ? at->density[phase] * d->volume : NAN, p->depth);
        begun = begun || at;
        last = at;
        was = stable;
    }
}

static void draw_lines(const diagram *d, plot_panel *panel, tie t, const plot_color *color)
{
    line part[2];
    for (int phase = 0; phase < 2; phase++) {
        trace(d, t, phase, part);
        plot_line(panel, part[1].n, part[1].x, part[1].y, color[phase], NULL);
        plot_dashed(panel, part[0].n, part[0].x, part[0].y, color[phase], NULL);
    }
}

/* ---- points ------------------------------------------------------------------------------------------------ */

static bool any(const diagram *d, tie t)
{
    for (int32_t k = 0; k < d->n_points; k++)
        if (find(&d->point[k], t, TIE_LIQUID_CRYSTAL))
            return true;
    return false;
}

static void draw_points(const diagram *d, plot_panel *panel, tie t, int phase, plot_color color, const char *label)
{
    double x[DIAGRAM_DEPTHS], y[DIAGRAM_DEPTHS];
    int32_t n = 0;
    for (int32_t k = 0; k < d->n_points; k++) {
        const bnsl_free_energy_coexistence *at = find(&d->point[k], t, TIE_LIQUID_CRYSTAL);
        if (!at)
            continue;
        x[n] = at->density[phase] * d->volume;
        y[n++] = d->point[k].depth;
    }
    if (n > 0)
        plot_points(panel, n, x, y, NULL, color, label);
}

static void draw_ties(const diagram *d, plot_panel *panel)
{
    for (int32_t k = 0; k < d->n_points; k++)
        for (tie t = 0; t < N_TIES; t++) {
            const bnsl_free_energy_coexistence *at = find(&d->point[k], t, TIE_LIQUID_CRYSTAL);
            if (!at || !is_stable(&d->point[k], t))
                continue;
            const double x[2] = {at->density[0] * d->volume, at->density[1] * d->volume}, y[2] = {d->point[k].depth, d->point[k].depth};
            plot_tie(panel, x, y);
        }
}

/* ---- all --------------------------------------------------------------------------------------------------- */

int diagram_draw(const diagram *d, const char *name)
{
    static const plot_color color[N_TIES][2] = {{PLOT_BLUE, PLOT_VERMILION}, {PLOT_GREEN, PLOT_GREEN}, {PLOT_BLUE, PLOT_VERMILION}};
    char path[DIAGRAM_PATH + 40], title[128], note[128];
    diagram_path(d, name, path, sizeof path);
    plot_figure *figure = plot_create(1, 1);
    plot_panel_size(figure, 480, 380);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    snprintf(title, sizeof title, "%s, Mie %g–%g, size ratio %g", d->spec.structure, d->spec.exponent_n, d->spec.exponent_m, d->spec.size_ratio);
    if (d->n_species == 1)
        snprintf(title, sizeof title, "%s, Mie %g–%g, one component", d->spec.structure, d->spec.exponent_n, d->spec.exponent_m);
    plot_labels(panel, title, "packing fraction φ = (π/6) Σ σ³ / V", "well depth ε / kT");
    double deepest = d->spec.depth[d->spec.n_depth - 1];
    plot_range(panel, PLOT_X, 0, 0.8);
    plot_range(panel, PLOT_Y, -0.04 * (deepest > 0 ? deepest : 1), 1.06 * (deepest > 0 ? deepest : 1));
    draw_ties(d, panel);
    bool two = any(d, TIE_VAPOUR_LIQUID);
    for (tie t = 0; t < N_TIES; t++)
        if (t != TIE_VAPOUR_LIQUID || two) /* a coarse fit may have a liquid somewhere between the depths */
            draw_lines(d, panel, t, color[t]);
    bool liquid = any(d, TIE_LIQUID_CRYSTAL);
    draw_points(d, panel, TIE_VAPOUR_LIQUID, 0, PLOT_GREEN, NULL);
    draw_points(d, panel, TIE_LIQUID_CRYSTAL, 0, PLOT_BLUE, "fluid at the crystal");
    draw_points(d, panel, TIE_GAS_CRYSTAL, 0, PLOT_BLUE, liquid ? NULL : "fluid at the crystal");
    draw_points(d, panel, TIE_LIQUID_CRYSTAL, 1, PLOT_VERMILION, "crystal");
    draw_points(d, panel, TIE_GAS_CRYSTAL, 1, PLOT_VERMILION, liquid ? NULL : "crystal");
    draw_points(d, panel, TIE_VAPOUR_LIQUID, 1, PLOT_GREEN, "vapour and liquid");
    if (d->critical_found) {
        const double x = d->critical_density * d->volume, y = d->critical_depth;
        snprintf(note, sizeof note, "critical: ε = %.2f ± %.2f kT", d->critical_depth, d->critical_depth_err);
        plot_points(panel, 1, &x, &y, NULL, PLOT_BLACK, note);
    }
    diagram_draw_fractions(d, panel);
    int status = plot_write(figure, path, true);
    plot_destroy(figure);
    return status;
}
