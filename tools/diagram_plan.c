/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of a phase diagram: composition, densities of the columns, path of the ramps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diagram.h"

/* Packing fractions. The fluid ends where it would freeze fast; crystals reach from below melting at the power law to beyond their
 * densities at P = 0. */
static const double fluid_phi[] = {0.003, 0.01, 0.03, 0.045, 0.06, 0.075, 0.10, 0.15, 0.20, 0.26, 0.32, 0.38, 0.43, 0.47, 0.50, 0.525, 0.55, 0.57};
static const double fluid_phi_fcc[] = {0.003, 0.01, 0.03, 0.06, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.39, 0.43, 0.46, 0.49, 0.52};
/* Between the fluid's, through the dome of vapour and liquid from a dilute vapour to a liquid twice as dense as the critical point. */
static const double dome_phi[] = {0.037, 0.052, 0.067, 0.087, 0.122, 0.173, 0.228, 0.288, 0.349, 0.404};
/* Depths over the estimate of the critical one at which vapour and liquid are that close; the nodes before and beyond these depths that are
 * visited, kT. */
static const double DOME_FROM = 0.95, DOME_TO = 1.25, DOME_BEFORE = 0.3, DOME_BEYOND = 0.1;

static const double solid_phi[] = {0.61, 0.622, 0.637, 0.655, 0.67, 0.685, 0.70, 0.715, 0.73, /* bears the tension of 2 kT */ 0.63};
static const double solid_phi_nazn13[] = {0.545, 0.56, 0.58, 0.60, 0.62, 0.645, 0.67, 0.695, 0.72};
static const double solid_phi_fcc[] = {0.52, 0.54, 0.56, 0.585, 0.61, 0.64, 0.67, 0.70};
static const double anchor_phi = 0.65, anchor_phi_fcc = 0.585, anchor_phi_nazn13 = 0.62;

/* Fewer for the other compositions: they differ from the diagram's own by little, in these units. */
static const double mixture_phi[] = {0.01, 0.06, 0.14, 0.24, 0.34, 0.42, 0.45, 0.48, 0.52, 0.555};
static const double mixture_phi_one[] = {0.01, 0.06, 0.14, 0.24, 0.34, 0.41, 0.44, 0.465, 0.495, 0.52}; /* beyond, spheres of one size freeze */

static int32_t greatest_divisor(int32_t a, int32_t b)
{
    while (b) {
        int32_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

static int plan_composition(diagram *d)
{
    bnsl_lattice *lattice = NULL;
    int32_t sites[2] = {0, 0};
    if (bnsl_lattice_create(&lattice, d->spec.structure, NULL) || bnsl_lattice_sites(lattice, &sites[0], &sites[1])) {
        bnsl_lattice_destroy(lattice);
        return cli_fail_library("--structure");
    }
    snprintf(d->spec.structure, sizeof d->spec.structure, "%s", bnsl_lattice_name(lattice));
    bnsl_lattice_destroy(lattice);
    int32_t g = greatest_divisor(sites[0], sites[1]);
    d->n_species = sites[1] > 0 ? 2 : 1;
    d->diameter[0] = 1;
    d->diameter[1] = d->spec.size_ratio;
    for (int k = 0; k < 2; k++) {
        d->per_unit[k] = sites[k] / g;
        d->fraction[k] = (double)sites[k] / (sites[0] + sites[1]);
        d->volume += 3.14159265358979323846 / 6 * d->fraction[k] * pow(d->diameter[k], 3);
    }
    return CLI_DONE;
}

static void plan_columns(diagram *d, diagram_kind kind, int32_t n, const double *phi, diagram_column *column, int32_t *n_out)
{
    for (int32_t k = 0; k < n; k++)
        column[k] = (diagram_column){.kind = kind, .index = k, .density = phi[k] / d->volume};
    *n_out = n;
}

/* The columns of the dome, where a depth is so near to the critical one, by the estimate of Noro and Frenkel [J. Chem. Phys. 113, 2941 (2000)],
 * that the pressure hardly depends on the density. */
static int plan_dome(diagram *d)
{
    bnsl_potential *pair = NULL;
    double kT = 0;
    bnsl_status status = bnsl_potential_create(&pair, 1, d->diameter, &d->mie);
    if (!status)
        status = bnsl_potential_critical_kT(pair, 0, 0, &kT);
    bnsl_potential_destroy(pair);
    if (status) /* no such depth */
        return status == BNSL_EDOMAIN ? CLI_DONE : cli_fail_library(NULL);
    double first = INFINITY;
    for (int32_t k = 0; k < d->spec.n_depth; k++)
        if (d->spec.depth[k] * kT > DOME_FROM && d->spec.depth[k] * kT < DOME_TO) {
            first = fmin(first, d->spec.depth[k]);
            d->dome_depth = d->spec.depth[k];
        }
    if (!(d->dome_depth > 0))
        return CLI_DONE;
    while (d->coupling[d->first_dome] < 1 || d->well_depth[d->first_dome] < first - DOME_BEFORE)
        d->first_dome++;
    for (int32_t k = d->first_dome; k < d->n_path && d->well_depth[k] <= d->dome_depth + DOME_BEYOND; k++)
        d->last_dome = k;
    plan_columns(d, DIAGRAM_DOME, (int32_t)(sizeof dome_phi / sizeof *dome_phi), dome_phi, d->dome, &d->n_dome);
    return CLI_DONE;
}

int diagram_plan(diagram *d, const diagram_spec *spec, const char *folder)
{
    *d = (diagram){.spec = *spec};
    if (strlen(folder) + 40 >= sizeof d->folder)
        return cli_usage("--out: the name is longer than %d bytes", DIAGRAM_PATH - 41);
    strcpy(d->folder, folder);
    int status = plan_composition(d);
    if (status != CLI_DONE)
        return status;
    if (d->spec.particles == 0) /* two cells of 112 along each edge hold the cut-off */
        d->spec.particles = strcmp(d->spec.structure, "NaZn13") == 0 ? 896 : 498;
    if (bnsl_potential_options_init(&d->mie, sizeof d->mie))
        return cli_fail_library(NULL);
    d->mie.n = spec->exponent_n;
    d->mie.m = spec->exponent_m;
    d->mie.r_cut = spec->r_cut;
    d->mie.shift = spec->shift;
    int32_t first = spec->depth[0] > 0 ? 0 : 1;
    if (spec->n_depth == first) { /* the power law alone: one node */
        d->n_path = 1;
        d->coupling[0] = 0;
        d->well_depth[0] = 1;
    } else if (bnsl_free_energy_path(spec->n_depth - first, spec->depth + first, DIAGRAM_NODES, d->coupling, d->well_depth, d->weight, &d->n_path))
        return cli_fail_library("--well-depth");
    bool fcc = d->n_species == 1, nazn13 = strcmp(d->spec.structure, "NaZn13") == 0;
#define COLUMNS(kind, phi, to, n) plan_columns(d, kind, (int32_t)(sizeof phi / sizeof *phi), phi, to, n)
    if (fcc) {
        COLUMNS(DIAGRAM_FLUID, fluid_phi_fcc, d->fluid, &d->n_fluid);
        COLUMNS(DIAGRAM_SOLID, solid_phi_fcc, d->solid, &d->n_solid);
    } else {
        COLUMNS(DIAGRAM_FLUID, fluid_phi, d->fluid, &d->n_fluid);
        if (nazn13)
            COLUMNS(DIAGRAM_SOLID, solid_phi_nazn13, d->solid, &d->n_solid);
        else
            COLUMNS(DIAGRAM_SOLID, solid_phi, d->solid, &d->n_solid);
    }
#undef COLUMNS
    double at = fcc ? anchor_phi_fcc : nazn13 ? anchor_phi_nazn13 : anchor_phi;
    const double anchors[DIAGRAM_ANCHORS] = {at, at};
    plan_columns(d, DIAGRAM_ANCHOR, DIAGRAM_ANCHORS, anchors, d->anchor, &d->n_anchor);
    /* whole formula units */
    int64_t unit = d->per_unit[0] + d->per_unit[1], units = (d->spec.particles + unit / 2) / unit;
    for (int32_t k = 0; k < d->n_fluid; k++)
        d->fluid[k].n = unit * (units > 0 ? units : 1);
    status = plan_dome(d);
    for (int32_t k = 0; k < d->n_dome; k++)
        d->dome[k].n = d->fluid[0].n;
    return status;
}

/* ---- other compositions --------------------------------------------------------------------------------------- */

/* A fluid of other composition on the same path; per_unit[1] = 0: of L alone. */
static diagram *plan_mixture(const diagram *d, int32_t index, int32_t n_large, int32_t n_small)
{
    diagram *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    const int32_t per_unit[2] = {n_large, n_small};
    m->spec = d->spec;
    memcpy(m->folder, d->folder, sizeof m->folder);
    m->n_species = n_small > 0 ? 2 : 1;
    for (int k = 0; k < 2; k++) {
        m->per_unit[k] = per_unit[k];
        m->diameter[k] = d->diameter[k];
        m->fraction[k] = (double)per_unit[k] / (n_large + n_small);
        m->volume += 3.14159265358979323846 / 6 * m->fraction[k] * pow(m->diameter[k], 3);
    }
    m->mie = d->mie;
    m->n_path = d->n_path;
    memcpy(m->coupling, d->coupling, sizeof m->coupling);
    memcpy(m->well_depth, d->well_depth, sizeof m->well_depth);
    memcpy(m->weight, d->weight, sizeof m->weight);
    if (n_small > 0)
        plan_columns(m, DIAGRAM_FLUID, (int32_t)(sizeof mixture_phi / sizeof *mixture_phi), mixture_phi, m->fluid, &m->n_fluid);
    else
        plan_columns(m, DIAGRAM_FLUID, (int32_t)(sizeof mixture_phi_one / sizeof *mixture_phi_one), mixture_phi_one, m->fluid, &m->n_fluid);
    int64_t unit = n_large + n_small, units = (d->spec.particles + unit / 2) / unit;
    for (int32_t k = 0; k < m->n_fluid; k++) {
        m->fluid[k].n = unit * (units > 0 ? units : 1);
        m->fluid[k].mixture = index;
    }
    return m;
}

int diagram_plan_mixtures(diagram *d)
{
    if (d->n_species != 2)
        return cli_fail("--fractionation: %s has one component", d->spec.structure);
    /* L alone is S alone too, in other units, so that these and the diagram's own are four compositions */
    bool poor = 2 * d->per_unit[0] < d->per_unit[0] + d->per_unit[1];
    d->mixture[0] = plan_mixture(d, 1, 1, 0);
    d->mixture[1] = plan_mixture(d, 2, poor ? 2 : 1, poor ? 1 : 2);
    d->n_mixtures = DIAGRAM_MIXTURES;
    if (d->mixture[0] && d->mixture[1])
        return CLI_DONE;
    return cli_fail("out of memory");
}

void diagram_free(diagram *d)
{
    for (int32_t k = 0; d && k < DIAGRAM_MIXTURES; k++)
        free(d->mixture[k]);
    if (d)
        bnsl_free_energy_surface_destroy(d->through);
    free(d);
}
