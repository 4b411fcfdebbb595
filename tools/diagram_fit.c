/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From state points to coexistence. At each depth a surface A(rho, eps) is fitted to the A, Z and <U/eps> of all columns at the nodes within WINDOW
 * of it: one for the fluid, which starts from the ideal gas with the exact second virial coefficient, one for the solid. Where columns of the
 * fluid have split into two phases there is a loop, and vapour and liquid get surfaces of their own from the columns on either side.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "diagram_fit.h"

enum { N_SAMPLES = DIAGRAM_SAMPLES, N_LINE = 41 /* depths of the lines */ };
static const double MOST_BEYOND = 0.2, CLOSE = 0.05; /* kT */

/* The node of the path nearest to a depth; 0, the power law, for depth 0. */
static int32_t nearest_node(const diagram *d, double depth)
{
    int32_t nearest = 0;
    for (int32_t k = 0; depth > 0 && k < d->n_path; k++)
        if (d->coupling[k] == 1 && (nearest == 0 || fabs(d->well_depth[k] - depth) < fabs(d->well_depth[nearest] - depth)))
            nearest = k;
    return nearest;
}

/* Columns of the solid that are intact at a depth (0: at the power law) decide how many terms their data can bear. */
static int32_t solid_terms(const diagram *d, double depth)
{
    int32_t n = 0, node = nearest_node(d, depth);
    for (int32_t i = 0; i < d->n_solid; i++)
        n += !diagram_split(&d->solid[i], node);
    n = depth > 0 ? 2 * n - 1 : n; /* each has A and its slope; at the power law, the slope alone */
    return n >= 7 ? 7 : n >= 3 ? n : 3;
}

/* ---- references of the columns ----------------------------------------------------------------------------- */

/* The columns take their free energy at a node from a surface. */
static bnsl_status set_references(const bnsl_free_energy_surface *surface, double depth, int32_t node, int32_t n, diagram_column *column)
{
    bnsl_status status = BNSL_OK;
    for (int32_t k = 0; !status && k < n; k++) {
        bnsl_free_energy_state s;
        if (column[k].kind == DIAGRAM_SOLID && diagram_split(&column[k], 0)) /* not used anywhere */
            continue;
        status = bnsl_free_energy_surface_evaluate(surface, column[k].density, depth, &s);
        column[k].reference = node;
        column[k].a = s.a;
        column[k].a_err = s.a_err;
    }
    return status;
}

selection diagram_whole_fluid(diagram *d)
{
    return (selection){
        .d = d, .column = d->fluid, .n_columns = d->n_fluid, .high = INFINITY, .n_density = 9, .fluid = true, .virial = true};
}

/* The fluid's curve at the power law: from Z alone at first, later with the A that the Mie potentials give (with_a). */
static bnsl_status fluid_power_law(diagram *d, bool with_a, bnsl_free_energy_surface **curve)
{
    selection s = diagram_whole_fluid(d);
    s.n_density = 6;
    s.n_depth = 1;
    s.power_law = true;
    s.with_a = with_a;
    return diagram_fit_surface(&s, curve);
}

/* All depths at which the fluid is one phase make one surface, each of whose curves starts from its own ideal gas and B2: far more data for the
 * free energy at the first depth than the power law's alone. With the columns of the dome it reaches on into the depths of vapour and liquid, so that
 * the error of what is found there is that of one fit. What the power law knows of it is one datum, A of the densest column: the
 * errors of its A at the others are nearly the same error. */
bnsl_status diagram_fluid_references(diagram *d)
{
    bnsl_free_energy_surface *curve = NULL, *base = NULL;
    int32_t k = diagram_first_depth(d);
    bnsl_status status = fluid_power_law(d, false, &curve);
    if (!status)
        status = set_references(curve, 1, 0, d->n_fluid, d->fluid);
    bnsl_free_energy_surface_destroy(curve);
    if (status || k == 0)
        return status;
    const bool dome = d->n_dome > 0;
    double low = d->well_depth[k], high = fmin(d->well_depth[d->n_path - 1], diagram_first_clumped(d) - 0.25);
    if (dome)
        high = d->well_depth[d->last_dome];
    selection s = diagram_whole_fluid(d);
    s.depth[0] = low;
    s.depth[1] = fmax(low, high);
    s.n_density = dome ? 9 : 7;
    s.base = true;
    s.slow = dome;
    const int32_t most = dome ? 8 : 6;
    s.n_depth = diagram_nodes_between(d, s.depth[0], s.depth[1]);
    s.n_depth = s.n_depth < most ? s.n_depth : most;
    if (s.n_depth == 1)
        s.depth[1] = low;
    status = diagram_fit_surface(&s, &base);
    if (!status)
        status = set_references(base, low, k, d->n_fluid, d->fluid);
    if (!status)
        status = set_references(base, low, k, d->n_dome, d->dome);
    if (!status)
        d->base_chi2 = diagram_chi2(base);
    if (!status && dome) {
        d->through = base;
        base = NULL;
    }
    bnsl_free_energy_surface_destroy(base);
    return status;
}

/* The absolute free energy is that of infinite size, from the anchors of two sizes; the rest comes from the pressure along the columns. */
static bnsl_status solid_power_law(diagram *d, bnsl_free_energy_surface **curve)
{
    const int64_t n[2] = {d->anchor[0].n, d->anchor[1].n};
    const double a[2] = {d->anchor[0].anchor.a, d->anchor[1].anchor.a}, a_err[2] = {d->anchor[0].anchor.a_err, d->anchor[1].anchor.a_err};
    bnsl_status status = bnsl_free_energy_extrapolate(2, n, a, a_err, &d->anchor_a, &d->anchor_a_err, NULL);
    bnsl_free_energy_datum data[DIAGRAM_COLUMNS + 1];
    selection s = {
        .d = d, .column = d->solid, .n_columns = d->n_solid, .high = INFINITY, .n_density = solid_terms(d, 0), .n_depth = 1, .power_law = true};
    int64_t n_data = 0;
    for (int32_t k = 0; k < d->n_solid; k++)
        if (!diagram_split(&d->solid[k], 0))
            data[n_data++] =
                (bnsl_free_energy_datum){BNSL_DATUM_Z, 0, d->solid[k].density, 1, d->solid[k].node[0].z, fmax(d->solid[k].node[0].z_err, 2e-3)};
    /* exact here: its own error is common to the whole solid and carried apart */
    data[n_data++] = (bnsl_free_energy_datum){BNSL_DATUM_A, 0, d->anchor[0].density, 1, d->anchor_a, 1e-5};
    if (!status)
        status = diagram_fit_data(&s, n_data, data, curve);
    return status ? status : set_references(*curve, 1, 0, d->n_solid, d->solid);
}

/* ---- one depth ------------------------------------------------------------------------------------------- */

double diagram_common_error(const diagram *d, double density)
{
    int32_t k = 0;
    while (k + 1 < d->n_fluid && d->fluid[k + 1].density < density)
        k++;
    const diagram_column *c = &d->fluid[k], *next = &d->fluid[k + 1 < d->n_fluid ? k + 1 : k];
    double x = next == c ? 0 : fmax(0, fmin(1, (density - c->density) / (next->density - c->density)));
    return (1 - x) * c->a_err + x * next->a_err;
}

void diagram_coexist(const diagram *d, const bnsl_free_energy_surface *dilute, const bnsl_free_energy_surface *dense, const double *shift_err,
                     double depth, int32_t n_samples, diagram_pair *pair)
{
    pair->found = !bnsl_free_energy_coexist(dilute, shift_err[0], dense, shift_err[1], depth, n_samples, d->spec.seed, &pair->at);
    if (!pair->found)
        snprintf(pair->why, sizeof pair->why, "%.290s", cli_library_message());
}

/* With what the columns have in common, which depends on the densities that are found. */
static void coexist(const diagram *d, const bnsl_free_energy_surface *dilute, const bnsl_free_energy_surface *dense, bool solid, double depth,
                    int32_t n_samples, diagram_pair *pair)
{
    double shift_err[2] = {0, 0};
    diagram_coexist(d, dilute, dense, shift_err, depth, 0, pair);
    if (!pair->found || n_samples == 0)
        return;
    shift_err[0] = diagram_common_error(d, pair->at.density[0]);
    shift_err[1] = solid ? d->anchor_a_err : diagram_common_error(d, pair->at.density[1]);
    diagram_coexist(d, dilute, dense, shift_err, depth, n_samples, pair);
}

/* At the crystal, of the fluid that is stable there. */
static void phase_errors(const diagram *d, const bnsl_free_energy_surface *fluid, const bnsl_free_energy_surface *liquid,
                         const bnsl_free_energy_surface *solid, double depth, diagram_point *p)
{
    const diagram_pair *pair = diagram_at_crystal(p);
    bnsl_free_energy_state s;
    if (!pair->found)
        return;
    if (pair == &p->liquid_solid)
        fluid = liquid;
    if (!bnsl_free_energy_surface_evaluate(fluid, pair->at.density[0], depth, &s))
        p->fluid_a_err = hypot(s.a_err, diagram_common_error(d, pair->at.density[0]));
    if (!bnsl_free_energy_surface_evaluate(solid, pair->at.density[1], depth, &s))
        p->solid_a_err = hypot(s.a_err, d->anchor_a_err);
    p->fluid_chi2 = diagram_chi2(fluid);
    p->solid_chi2 = diagram_chi2(solid);
}

/* Whether there is a homogeneous fluid of a density. */
static bool stable_at(const bnsl_free_energy_surface *fluid, double depth, double density)
{
    bnsl_free_energy_state s;
    return !bnsl_free_energy_surface_evaluate(fluid, density, depth, &s) && s.stiffness > 0;
}

/* At the densities of the fluid's columns, and a curve through them. Where the crystal is not known at the fluid's pressure the force is NaN; such
 * columns stay in the list for their diffusion. */
static void driving_forces(const diagram *d, const bnsl_free_energy_surface *fluid, const bnsl_free_energy_surface *solid, double depth,
                           diagram_point *p)
{
    for (int32_t k = 0; k < d->n_fluid; k++) {
        diagram_force *f = &p->force[p->n_forces];
        *f = (diagram_force){
            .column = k, .density = d->fluid[k].density, .force = NAN, .force_err = NAN, .diffusion = {NAN, NAN}, .diffusion_err = {NAN, NAN}};
        if (!stable_at(fluid, depth, f->density))
            continue;
        double shift_err = hypot(d->anchor_a_err, diagram_common_error(d, f->density));
        bool known = !bnsl_free_energy_driving_force(fluid, solid, shift_err, depth, f->density, &f->force, &f->force_err);
        p->n_forces += known || f->density * d->volume >= DIAGRAM_LEAST_PHI;
    }
    for (int32_t k = 0; p->n_forces > 1 && k < DIAGRAM_FORCE_CURVE; k++) {
        double low = p->force[0].density, high = p->force[p->n_forces - 1].density, *x = &p->curve_density[p->n_force_curve];
        *x = low + (high - low) * k / (DIAGRAM_FORCE_CURVE - 1);
        p->n_force_curve += stable_at(fluid, depth, *x) && !bnsl_free_energy_driving_force(fluid, solid, d->anchor_a_err, depth, *x,
                                                                                          &p->curve_force[p->n_force_curve], NULL);
    }
}

static bnsl_status fit_depth(diagram *d, double depth, int32_t n_samples, diagram_point *p)
{
    bnsl_free_energy_surface *fluid = NULL, *liquid = NULL, *solid = NULL;
    int32_t first = 0, last = 0;
    *p = (diagram_point){.depth = depth};
    selection s = {
        .d = d, .column = d->solid, .n_columns = d->n_solid, .high = INFINITY, .n_density = solid_terms(d, depth), .quick = n_samples == 0};
    diagram_set_window(&s, d, depth);
    bnsl_status status = diagram_fit_surface(&s, &solid);
    p->loop = diagram_find_gap(d, depth, &first, &last);
    selection f = diagram_whole_fluid(d);
    f.quick = n_samples == 0;
    diagram_set_window(&f, d, depth);
    if (p->loop) { /* the vapour's branch; terms as its columns allow */
        f.high = first > 0 ? d->fluid[first - 1].density : 0;
        f.n_density = first > 3 ? 3 : first > 1 ? 2 : 1;
    }
    if (!status)
        status = diagram_fit_surface(&f, &fluid);
    int32_t n_liquid = d->n_fluid - 1 - last;
    if (!status && p->loop && n_liquid >= 3) {
        f.low = d->fluid[last + 1].density;
        f.high = INFINITY;
        f.n_density = n_liquid > 4 ? 5 : n_liquid;
        f.virial = false;
        status = diagram_fit_surface(&f, &liquid);
    }
    if (!status) {
        coexist(d, fluid, solid, true, depth, n_samples, &p->gas_solid);
        if (liquid) {
            coexist(d, liquid, solid, true, depth, n_samples, &p->liquid_solid);
            coexist(d, fluid, liquid, false, depth, n_samples, &p->vapour_liquid);
        } else if (!p->loop) {
            coexist(d, fluid, fluid, false, depth, n_samples, &p->vapour_liquid);
        }
        if (diagram_has_dome(d, depth) || (p->loop && !p->vapour_liquid.found)) {
            diagram_pair near = {.found = false};
            diagram_near_critical(d, depth, n_samples, &near);
            if (near.found || (!p->vapour_liquid.found && near.why[0]))
                p->vapour_liquid = near;
        }
        phase_errors(d, fluid, liquid, solid, depth, p);
        if (n_samples > 0)
            driving_forces(d, liquid ? liquid : fluid, solid, depth, p);
    }
    bnsl_free_energy_surface_destroy(fluid);
    bnsl_free_energy_surface_destroy(liquid);
    bnsl_free_energy_surface_destroy(solid);
    return status;
}

/* ---- the solid alone --------------------------------------------------------------------------------------- */

/*
 * A solid beyond its loosest column, where it would be stretched: mu from the end by the volume and its first change, mu(P) = mu_0 + v dP +
 * v' dP^2 / 2 with v' = dv/dP = -1 / (rho^2 dP/drho); the last term is taken for the error as well, and may not be above MOST_BEYOND. At a
 * limit of stability, where v' is not known, a step of v dP within CLOSE is still taken, and for the error too.
 */
static bool beyond(bnsl_free_energy_state *s, double pressure)
{
    double step = pressure - s->pressure, change = s->stiffness > 0 ? -1 / (s->density * s->density * s->stiffness) : 0;
    double last = 0.5 * change * step * step;
    if (!(step < 0 && fabs(last) <= MOST_BEYOND) || (change == 0 && fabs(step / s->density) > CLOSE))
        return false;
    s->mu += step / s->density + last;
    s->mu_err = hypot(s->mu_err, change == 0 ? step / s->density : last);
    s->density = 1 / (1 / s->density + change * step);
    s->pressure = pressure;
    return true;
}

/* State of a surface at a pressure, by bisection; false: not between its ends, whose pressures range gets, nor close below. */
static bool state_at(const bnsl_free_energy_surface *surface, double depth, double pressure, bnsl_free_energy_state *state, double range[2])
{
    double end[2];
    if (bnsl_free_energy_surface_quality(surface, NULL, NULL, end, NULL))
        return false;
    for (int k = 0; k < 2; k++) {
        if (bnsl_free_energy_surface_evaluate(surface, end[k], depth, state))
            return false;
        range[k] = state->pressure;
    }
    if (pressure < range[0])
        return !bnsl_free_energy_surface_evaluate(surface, end[0], depth, state) && beyond(state, pressure);
    if (!(pressure <= range[1]))
        return false;
    for (int k = 0; k < 50; k++) {
        double middle = 0.5 * (end[0] + end[1]);
        if (bnsl_free_energy_surface_evaluate(surface, middle, depth, state))
            return false;
        end[state->pressure < pressure ? 0 : 1] = middle;
    }
    return true;
}

bool diagram_solid_at(diagram *d, double depth, double pressure, bnsl_free_energy_state *state, double range[2])
{
    bnsl_free_energy_surface *law = NULL, *surface = NULL;
    selection s = {.d = d, .column = d->solid, .n_columns = d->n_solid, .high = INFINITY, .n_density = solid_terms(d, depth)};
    range[0] = range[1] = NAN;
    bool found = !solid_power_law(d, &law);
    if (found && depth > 0) {
        double low = d->spec.depth[d->spec.depth[0] > 0 ? 0 : 1];
        diagram_set_window(&s, d, depth);
        found = depth >= low && depth <= d->spec.depth[d->spec.n_depth - 1] && !diagram_fit_surface(&s, &surface);
    }
    found = found && state_at(depth > 0 ? surface : law, depth > 0 ? depth : 1, pressure, state, range);
    if (found)
        state->mu_err = hypot(state->mu_err, d->anchor_a_err);
    bnsl_free_energy_surface_destroy(law);
    bnsl_free_energy_surface_destroy(surface);
    return found;
}

/* ---- all -------------------------------------------------------------------------------------------------- */

int diagram_fit(diagram *d)
{
    bnsl_free_energy_surface *fluid = NULL, *solid = NULL;
    bnsl_status status = diagram_fluid_references(d);
    if (!status)
        status = fluid_power_law(d, d->n_path > 1, &fluid);
    if (!status)
        status = solid_power_law(d, &solid);
    for (int32_t k = 0; !status && k < d->spec.n_depth; k++) {
        diagram_point *p = &d->point[d->n_points++];
        if (d->spec.depth[k] > 0) {
            status = fit_depth(d, d->spec.depth[k], N_SAMPLES, p);
            continue;
        }
        *p = (diagram_point){.depth = 0};
        coexist(d, fluid, solid, true, 1, N_SAMPLES, &p->gas_solid);
        phase_errors(d, fluid, NULL, solid, 1, p);
        driving_forces(d, fluid, solid, 1, p);
    }
    bnsl_free_energy_surface_destroy(fluid);
    bnsl_free_energy_surface_destroy(solid);
    if (status)
        return cli_fail_library(d->folder);
    bool several = d->n_path > 1 && d->spec.depth[d->spec.n_depth - 1] > d->spec.depth[d->spec.depth[0] > 0 ? 0 : 1];
    if (several)
        diagram_find_critical(d);
    else
        snprintf(d->critical_why, sizeof d->critical_why, "one well depth has no critical depth");
    /* lines of the figure, between the depths as well; where a fit fails there is a gap */
    double low = d->spec.depth[d->spec.depth[0] > 0 ? 0 : 1], high = d->spec.depth[d->spec.n_depth - 1];
    for (int32_t k = 0; several && k < N_LINE; k++)
        if (!fit_depth(d, low + (high - low) * k / (N_LINE - 1), 0, &d->curve[d->n_curve]))
            d->n_curve++;
    return CLI_DONE;
}
