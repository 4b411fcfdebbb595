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

enum { N_SAMPLES = DIAGRAM_SAMPLES, N_LINE = 41, /* depths of the lines */ MAX_DATA = DIAGRAM_DATA };
static const double MOST_BEYOND = 0.2, CLOSE = 0.05; /* kT */
static const double WINDOW = 0.3, END_WINDOW = 0.5, /* one-sided at the first and last depth */
    LEAST_ERROR = 2e-4;

/* Not the phase that it should be, or not in equilibrium: a fluid that has split into two, at depths where up and down differ by more than noise;
 * a crystal that has broken or melted, from the first such node on (down to it, it is still broken). */
static bool unsteady(const bnsl_free_energy_node *n)
{
    return !isfinite(n->slope) || fabs(n->hysteresis) > 0.05 + 6 * n->slope_err;
}

static bool clumped(const diagram_column *c, int32_t k)
{
    return c->node[k].clumping > bnsl_free_energy_clumping_limit(c->n);
}

static bool split(const diagram_column *c, int32_t k)
{
    if (c->kind == DIAGRAM_FLUID)
        return clumped(c, k) || (unsteady(&c->node[k]) && c->node[k].clumping > 1);
    for (int32_t i = 0; i <= k; i++)
        if (unsteady(&c->node[i]))
            return true;
    return false;
}

static bool is_depth(const diagram *d, int32_t k)
{
    return d->coupling[k] == 1 && d->weight[k] == 0;
}

/* The node of the smallest depth, after the leg from the power law; 0 without. */
static int32_t first_depth(const diagram *d)
{
    for (int32_t k = 0; k < d->n_path; k++)
        if (d->coupling[k] == 1)
            return k;
    return 0;
}

void diagram_column_a(const diagram *d, const diagram_column *c, int32_t k, double *a, double *a_err)
{
    double sum = 0, block = 0, difference = 0, work = 0;
    int32_t from = k < c->reference ? k : c->reference, to = k < c->reference ? c->reference : k;
    for (int32_t i = from; i < to; i++) {
        const bnsl_free_energy_node *n = &c->node[i];
        sum += d->weight[i] * n->slope + c->node[i + 1].shape_work;
        block += pow(d->weight[i] * n->slope_err, 2);
        difference += pow(d->weight[i] * n->hysteresis / 2, 2);
        work += d->weight[i] * n->hysteresis / 2;
    }
    *a = c->a + (k < c->reference ? -sum : sum);
    *a_err = hypot(c->a_err, fmax(sqrt(fmax(block, difference)), fabs(work)));
}

static double at_least(double error)
{
    return error > LEAST_ERROR ? error : LEAST_ERROR;
}

int64_t diagram_collect(const selection *s, bnsl_free_energy_datum *data)
{
    int64_t n = 0;
    for (int32_t i = 0; i < s->n_columns; i++) {
        const diagram_column *c = &s->column[i];
        if (c->density < s->low || c->density > s->high)
            continue;
        for (int32_t k = 0; k < s->d->n_path && n + 3 <= MAX_DATA; k++) {
            const bnsl_free_energy_node *node = &c->node[k];
            bool wanted =
                s->power_law ? k == 0 : s->d->coupling[k] == 1 && node->well_depth >= s->depth[0] - 1e-9 && node->well_depth <= s->depth[1] + 1e-9;
            if (!wanted || (s->slow ? clumped(c, k) : split(c, k)))
                continue;
            data[n++] = (bnsl_free_energy_datum){BNSL_DATUM_Z, 0, c->density, node->well_depth, node->z, fmax(node->z_err, 2e-3)};
            if (!s->power_law && s->n_depth > 1)
                data[n++] = (bnsl_free_energy_datum){BNSL_DATUM_U,     0,           c->density,
                                                     node->well_depth, node->slope, at_least(fmax(node->slope_err, fabs(node->hysteresis) / 2))};
            if (s->power_law ? s->with_a : s->base ? k == first_depth(s->d) && i == s->n_columns - 1 : is_depth(s->d, k)) {
                double a, a_err;
                diagram_column_a(s->d, c, k, &a, &a_err);
                /* what the references have in common is not an error of the columns one by one: common_error */
                if (!s->base && !s->whole_errors && c->kind == DIAGRAM_FLUID)
                    a_err = sqrt(fmax(0, a_err * a_err - c->a_err * c->a_err));
                data[n++] = (bnsl_free_energy_datum){BNSL_DATUM_A, 0, c->density, node->well_depth, a, at_least(a_err)};
            }
        }
    }
    return n;
}

static bnsl_status fit_data(const selection *s, int64_t n, const bnsl_free_energy_datum *data, bnsl_free_energy_surface **out)
{
    bnsl_free_energy_surface_options o;
    bnsl_status status = bnsl_free_energy_surface_options_init(&o, sizeof o);
    o.n_density = s->n_density;
    o.n_depth = s->n_depth;
    o.n_species = s->fluid ? s->d->n_species : 0;
    o.virial = s->virial;
    o.coupling = s->power_law ? 0 : 1;
    o.ipl_prefactor = s->d->spec.ipl_prefactor;
    return status ? status : bnsl_free_energy_surface_create(out, &o, n, data, s->d->diameter, s->d->fraction, &s->d->mie);
}

/*
 * The data of one column follow one after another in time and share what is slow in the fluid. How much: the correlation of the residuals
 * of one kind in one column, from the mean product of their pairs; of which what the terms in the density have taken away is put back.
 * Errors of m such data are larger by the root of 1 + (m - 1) times it [Kish 1965, the design effect].
 */
static void spread_of_columns(const selection *s, const bnsl_free_energy_surface *surface, int32_t kind, int64_t n, bnsl_free_energy_datum *data)
{
    double squares = 0, products = 0, pairs = 0;
    int64_t n_kind = 0, n_columns = 0;
    for (int64_t first = 0, next; first < n; first = next) {
        double sum = 0, own = 0, m = 0;
        for (next = first; next < n && data[next].density == data[first].density; next++) {
            bnsl_free_energy_state x;
            if (data[next].kind != kind || bnsl_free_energy_surface_evaluate(surface, data[next].density, data[next].well_depth, &x))
                continue;
            double r = (data[next].value - (kind == BNSL_DATUM_Z ? x.pressure / x.density : x.u)) / data[next].error;
            sum += r;
            own += r * r;
            m++;
        }
        squares += own;
        products += sum * sum - own;
        pairs += m * (m - 1);
        n_kind += (int64_t)m;
        n_columns += m > 0;
    }
    if (!(pairs > 0 && squares > 0))
        return;
    double correlation = products / pairs / (squares / (double)n_kind);
    if (n_columns > s->n_density)
        correlation *= (double)n_columns / (double)(n_columns - s->n_density);
    correlation = fmax(0, fmin(1, correlation));
    for (int64_t first = 0, next; first < n; first = next) {
        double m = 0;
        for (next = first; next < n && data[next].density == data[first].density; next++)
            m += data[next].kind == kind;
        for (int64_t i = first; i < next; i++)
            if (data[i].kind == kind)
                data[i].error *= sqrt(1 + fmax(0, m - 1) * correlation);
    }
}

static bnsl_status fit(const selection *s, bnsl_free_energy_surface **out)
{
    bnsl_free_energy_datum *data = malloc(MAX_DATA * sizeof *data);
    *out = NULL;
    const int64_t n = data ? diagram_collect(s, data) : 0;
    bnsl_status status = data ? fit_data(s, n, data, out) : BNSL_ENOMEM;
    if (!status && !s->quick && !s->power_law) {
        spread_of_columns(s, *out, BNSL_DATUM_Z, n, data);
        spread_of_columns(s, *out, BNSL_DATUM_U, n, data);
        bnsl_free_energy_surface_destroy(*out);
        *out = NULL;
        status = fit_data(s, n, data, out);
    }
    free(data);
    return status;
}

static double chi2_of(const bnsl_free_energy_surface *s)
{
    double chi2 = 0;
    int64_t freedom = 0;
    bnsl_free_energy_surface_quality(s, &chi2, &freedom, NULL, NULL);
    return freedom > 0 ? chi2 / (double)freedom : 0;
}

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
        n += !split(&d->solid[i], node);
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
        if (column[k].kind == DIAGRAM_SOLID && split(&column[k], 0)) /* not used anywhere */
            continue;
        status = bnsl_free_energy_surface_evaluate(surface, column[k].density, depth, &s);
        column[k].reference = node;
        column[k].a = s.a;
        column[k].a_err = s.a_err;
    }
    return status;
}

static int32_t nodes_between(const diagram *d, double low, double high)
{
    int32_t n = 0;
    for (int32_t k = 0; k < d->n_path; k++)
        if (d->coupling[k] == 1 && d->well_depth[k] >= low - 1e-9 && d->well_depth[k] <= high + 1e-9)
            n++;
    return n;
}

/* The fluid's curve at the power law: from Z alone at first, later with the A that the Mie potentials give (with_a). */
static bnsl_status fluid_power_law(diagram *d, bool with_a, bnsl_free_energy_surface **curve)
{
    selection s = {.d = d,
                   .column = d->fluid,
                   .n_columns = d->n_fluid,
                   .high = INFINITY,
                   .n_density = 6,
                   .n_depth = 1,
                   .fluid = true,
                   .virial = true,
                   .power_law = true,
                   .with_a = with_a};
    return fit(&s, curve);
}

/* All depths at which the fluid is one phase make one surface, each of whose curves starts from its own ideal gas and B2: far more data for the
 * free energy at the first depth than the power law's alone. What the power law knows of it is one datum, A of the densest column: the
 * errors of its A at the others are nearly the same error. */
bnsl_status diagram_fluid_references(diagram *d)
{
    bnsl_free_energy_surface *curve = NULL, *base = NULL;
    int32_t k = first_depth(d);
    bnsl_status status = fluid_power_law(d, false, &curve);
    if (!status)
        status = set_references(curve, 1, 0, d->n_fluid, d->fluid);
    bnsl_free_energy_surface_destroy(curve);
    if (status || k == 0)
        return status;
    double low = d->well_depth[k], high = fmin(d->well_depth[d->n_path - 1], diagram_first_clumped(d) - 0.25);
    selection s = {.d = d,
                   .column = d->fluid,
                   .n_columns = d->n_fluid,
                   .high = INFINITY,
                   .depth = {low, fmax(low, high)},
                   .n_density = 7,
                   .fluid = true,
                   .virial = true,
                   .base = true};
    s.n_depth = nodes_between(d, s.depth[0], s.depth[1]);
    s.n_depth = s.n_depth < 6 ? s.n_depth : 6;
    if (s.n_depth == 1)
        s.depth[1] = low;
    status = fit(&s, &base);
    if (!status)
        status = set_references(base, low, k, d->n_fluid, d->fluid);
    if (!status)
        d->base_chi2 = chi2_of(base);
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
        if (!split(&d->solid[k], 0))
            data[n_data++] =
                (bnsl_free_energy_datum){BNSL_DATUM_Z, 0, d->solid[k].density, 1, d->solid[k].node[0].z, fmax(d->solid[k].node[0].z_err, 2e-3)};
    /* exact here: its own error is common to the whole solid and carried apart */
    data[n_data++] = (bnsl_free_energy_datum){BNSL_DATUM_A, 0, d->anchor[0].density, 1, d->anchor_a, 1e-5};
    if (!status)
        status = fit_data(&s, n_data, data, curve);
    return status ? status : set_references(*curve, 1, 0, d->n_solid, d->solid);
}

/* ---- one depth ------------------------------------------------------------------------------------------- */

/* The error that the free energies of all columns of the fluid near a density have in common, that of their references. */
static double common_error(const diagram *d, double density)
{
    int32_t k = 0;
    while (k + 1 < d->n_fluid && d->fluid[k + 1].density < density)
        k++;
    const diagram_column *c = &d->fluid[k], *next = &d->fluid[k + 1 < d->n_fluid ? k + 1 : k];
    double x = next == c ? 0 : fmax(0, fmin(1, (density - c->density) / (next->density - c->density)));
    return (1 - x) * c->a_err + x * next->a_err;
}

static void coexist(const diagram *d, const bnsl_free_energy_surface *dilute, const bnsl_free_energy_surface *dense, bool solid, double depth,
                    int32_t n_samples, diagram_pair *pair)
{
    pair->found = !bnsl_free_energy_coexist(dilute, 0, dense, 0, depth, 0, d->spec.seed, &pair->at);
    if (pair->found && n_samples > 0) {
        double dense_err = solid ? d->anchor_a_err : common_error(d, pair->at.density[1]);
        pair->found = !bnsl_free_energy_coexist(dilute, common_error(d, pair->at.density[0]), dense, dense_err, depth, n_samples,
                                                d->spec.seed, &pair->at);
    }
    if (!pair->found)
        snprintf(pair->why, sizeof pair->why, "%.290s", cli_library_message());
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
        p->fluid_a_err = hypot(s.a_err, common_error(d, pair->at.density[0]));
    if (!bnsl_free_energy_surface_evaluate(solid, pair->at.density[1], depth, &s))
        p->solid_a_err = hypot(s.a_err, d->anchor_a_err);
    p->fluid_chi2 = chi2_of(fluid);
    p->solid_chi2 = chi2_of(solid);
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
        bool known = !bnsl_free_energy_driving_force(fluid, solid, hypot(d->anchor_a_err, common_error(d, f->density)), depth, f->density, &f->force,
                                                     &f->force_err);
        p->n_forces += known || f->density * d->volume >= DIAGRAM_LEAST_PHI;
    }
    for (int32_t k = 0; p->n_forces > 1 && k < DIAGRAM_FORCE_CURVE; k++) {
        double low = p->force[0].density, high = p->force[p->n_forces - 1].density, *x = &p->curve_density[p->n_force_curve];
        *x = low + (high - low) * k / (DIAGRAM_FORCE_CURVE - 1);
        p->n_force_curve += stable_at(fluid, depth, *x) && !bnsl_free_energy_driving_force(fluid, solid, d->anchor_a_err, depth, *x,
                                                                                          &p->curve_force[p->n_force_curve], NULL);
    }
}

bool diagram_find_gap(const diagram *d, double depth, int32_t *first, int32_t *last)
{
    *first = -1;
    for (int32_t i = 0; i < d->n_fluid; i++)
        for (int32_t k = 0; k < d->n_path; k++)
            if (d->coupling[k] == 1 && d->well_depth[k] > depth - 0.2 && d->well_depth[k] < depth + 1e-9 && split(&d->fluid[i], k)) {
                *first = *first < 0 ? i : *first;
                *last = i;
            }
    return *first >= 0;
}

void diagram_set_window(selection *s, const diagram *d, double depth)
{
    double low = d->spec.depth[d->spec.depth[0] > 0 ? 0 : 1], high = d->spec.depth[d->spec.n_depth - 1];
    s->depth[0] = fmax(depth - (depth >= high ? END_WINDOW : WINDOW), low);
    s->depth[1] = fmin(depth + (depth <= low ? END_WINDOW : WINDOW), high);
    int32_t n = nodes_between(d, s->depth[0], s->depth[1]);
    s->n_depth = n >= 5 ? 4 : n >= 3 ? 3 : n;
}

/* Vapour and liquid close to the critical depth, where the columns between them are slow but have not split: one surface for both. */
static void near_critical(diagram *d, double depth, int32_t n_samples, diagram_pair *pair)
{
    bnsl_free_energy_surface *both = NULL;
    selection f = {.d = d,
                   .column = d->fluid,
                   .n_columns = d->n_fluid,
                   .high = INFINITY,
                   .n_density = 9,
                   .fluid = true,
                   .virial = true,
                   .slow = true,
                   .quick = n_samples == 0};
    diagram_set_window(&f, d, depth);
    if (!fit(&f, &both))
        coexist(d, both, both, false, depth, n_samples, pair);
    bnsl_free_energy_surface_destroy(both);
}

static bnsl_status fit_depth(diagram *d, double depth, int32_t n_samples, diagram_point *p)
{
    bnsl_free_energy_surface *fluid = NULL, *liquid = NULL, *solid = NULL;
    int32_t first = 0, last = 0;
    *p = (diagram_point){.depth = depth};
    selection s = {
        .d = d, .column = d->solid, .n_columns = d->n_solid, .high = INFINITY, .n_density = solid_terms(d, depth), .quick = n_samples == 0};
    diagram_set_window(&s, d, depth);
    bnsl_status status = fit(&s, &solid);
    p->loop = diagram_find_gap(d, depth, &first, &last);
    selection f = {.d = d,
                   .column = d->fluid,
                   .n_columns = d->n_fluid,
                   .high = INFINITY,
                   .n_density = 9,
                   .fluid = true,
                   .virial = true,
                   .quick = n_samples == 0};
    diagram_set_window(&f, d, depth);
    if (p->loop) { /* the vapour's branch; terms as its columns allow */
        f.high = first > 0 ? d->fluid[first - 1].density : 0;
        f.n_density = first > 3 ? 3 : first > 1 ? 2 : 1;
    }
    if (!status)
        status = fit(&f, &fluid);
    int32_t n_liquid = d->n_fluid - 1 - last;
    if (!status && p->loop && n_liquid >= 3) {
        f.low = d->fluid[last + 1].density;
        f.high = INFINITY;
        f.n_density = n_liquid > 4 ? 5 : n_liquid;
        f.virial = false;
        status = fit(&f, &liquid);
    }
    if (!status) {
        coexist(d, fluid, solid, true, depth, n_samples, &p->gas_solid);
        if (liquid) {
            coexist(d, liquid, solid, true, depth, n_samples, &p->liquid_solid);
            coexist(d, fluid, liquid, false, depth, n_samples, &p->vapour_liquid);
        } else if (!p->loop) {
            coexist(d, fluid, fluid, false, depth, n_samples, &p->vapour_liquid);
        }
        if (p->loop && !p->vapour_liquid.found)
            near_critical(d, depth, n_samples, &p->vapour_liquid);
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
        found = depth >= low && depth <= d->spec.depth[d->spec.n_depth - 1] && !fit(&s, &surface);
    }
    found = found && state_at(depth > 0 ? surface : law, depth > 0 ? depth : 1, pressure, state, range);
    if (found)
        state->mu_err = hypot(state->mu_err, d->anchor_a_err);
    bnsl_free_energy_surface_destroy(law);
    bnsl_free_energy_surface_destroy(surface);
    return found;
}

/* ---- critical depth -------------------------------------------------------------------------------------- */

double diagram_first_clumped(const diagram *d)
{
    double least = INFINITY;
    for (int32_t i = 0; i < d->n_fluid; i++)
        for (int32_t k = 0; k < d->n_path; k++)
            if (d->coupling[k] == 1 && clumped(&d->fluid[i], k))
                least = fmin(least, d->well_depth[k]);
    return least;
}

static void find_critical(diagram *d)
{
    double low = d->spec.depth[d->spec.depth[0] > 0 ? 0 : 1], high = d->spec.depth[d->spec.n_depth - 1], at = diagram_first_clumped(d);
    bnsl_free_energy_surface *surface = NULL;
    selection s = {
        .d = d, .column = d->fluid, .n_columns = d->n_fluid, .high = INFINITY, .n_density = 9, .n_depth = 4, .fluid = true, .virial = true};
    s.slow = true;
    s.depth[0] = fmax(low, fmin(at, high) - 0.8);
    s.depth[1] = fmin(at, high);
    bnsl_status status = fit(&s, &surface);
    if (!status)
        status = bnsl_free_energy_critical_depth(surface, N_SAMPLES, d->spec.seed, &d->critical_depth, &d->critical_depth_err, &d->critical_density);
    d->critical_found = !status;
    if (status)
        snprintf(d->critical_why, sizeof d->critical_why, "%.290s", cli_library_message());
    bnsl_free_energy_surface_destroy(surface);
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
        find_critical(d);
    else
        snprintf(d->critical_why, sizeof d->critical_why, "one well depth has no critical depth");
    /* lines of the figure, between the depths as well; where a fit fails there is a gap */
    double low = d->spec.depth[d->spec.depth[0] > 0 ? 0 : 1], high = d->spec.depth[d->spec.n_depth - 1];
    for (int32_t k = 0; several && k < N_LINE; k++)
        if (!fit_depth(d, low + (high - low) * k / (N_LINE - 1), 0, &d->curve[d->n_curve]))
            d->n_curve++;
    return CLI_DONE;
}
