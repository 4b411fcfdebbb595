/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A phase diagram of a crystal and a fluid of its composition: the plan of state points, their runs, the folder that holds them, the fits.
 *
 * State points are independent runs: columns (one density, a ramp over all well depths) of fluid and of solid, anchors (the absolute free
 * energy of the solid, two sizes), and, where a depth is a little beyond the critical one, long columns of the fluid through the dome of vapour
 * and liquid. Each has a file in DIR/state, written when it is done, so that the same command goes on after a kill.
 */
#ifndef BNSL_TOOLS_DIAGRAM_H
#define BNSL_TOOLS_DIAGRAM_H

#include <stdio.h>

#include "cli.h"
#include "json.h"
#include "plot/plot.h"

enum {
    DIAGRAM_FOLDERS = 4,
    DIAGRAM_RIVALS = 2 * DIAGRAM_FOLDERS, /* a crystal of one component may be of L or of S */
    DIAGRAM_PATH = 1024,
    DIAGRAM_DEPTHS = 32,
    DIAGRAM_COLUMNS = 24,
    DIAGRAM_NODES = 256,
    DIAGRAM_ANCHORS = 2,
    DIAGRAM_CURVE = 128,
    DIAGRAM_FORCE_CURVE = 60,
    DIAGRAM_MIXTURES = 2
};

/* What was asked for. Two diagrams with the same spec are the same. */
typedef struct diagram_spec {
    char structure[32];
    int64_t particles, steps, equilibration;
    double size_ratio, exponent_n, exponent_m, r_cut, dt, ipl_prefactor;
    int32_t shift, n_depth;
    double depth[DIAGRAM_DEPTHS]; /* increasing; a 0 in front is the inverse power law */
    uint64_t seed;
} diagram_spec;

typedef enum diagram_kind { DIAGRAM_FLUID, DIAGRAM_SOLID, DIAGRAM_ANCHOR, DIAGRAM_DOME } diagram_kind;

/* One state point: what it is, and what it gave. */
typedef struct diagram_column {
    diagram_kind kind;
    int32_t index;
    int32_t mixture; /* 0: the diagram's own composition; k: that of mixture[k - 1] */
    bool done;
    int64_t n; /* particles */
    double density;
    bnsl_free_energy_node node[DIAGRAM_NODES]; /* columns */
    bnsl_free_energy_solid_result anchor;      /* anchors */
    int32_t reference;                         /* node from which free energies of this column are counted */
    double a, a_err;                           /* beta A / N there */
} diagram_column;

/* A coexistence that was found, or why not. */
typedef struct diagram_pair {
    bool found;
    bnsl_free_energy_coexistence at;
    char why[300];
} diagram_pair;

/* Thinner fluids hardly collide within a run: their diffusion is not measured. */
#define DIAGRAM_LEAST_PHI 0.2

/* Dew or bubble point with its own compositions (--fractionation), or why there is none. */
typedef struct diagram_fractions {
    bool found;
    bnsl_free_energy_fractionation at;
    char why[300];
} diagram_fractions;

/* What a particle gains from the fluid of a column into the crystal, at equal pressure (< 0: it loses), and how the fluid's particles move;
 * NaN: not known. */
typedef struct diagram_force {
    int32_t column;
    double density, force, force_err;
    double diffusion[2], diffusion_err[2]; /* D of L and S, sigma^2 / tau */
} diagram_force;

/*
 * Another crystal in the same fluid, at its pressure: the fluid's potentials by the crystal's composition, sum x_i mu_i, the crystal's own mu, and
 * what a particle would gain, the former minus the latter; > 0: the fluid would rather form it. Not found: the crystal is not known at the pressure,
 * only from range[0] to range[1] (NaN: not at this depth).
 */
typedef struct diagram_rival {
    bool found;
    char name[40]; /* "NaZn13", "fcc of L" */
    double mu_fluid, mu, mu_err, excess, excess_err, range[2];
} diagram_rival;

/* One well depth. */
typedef struct diagram_point {
    double depth;
    diagram_pair gas_solid, liquid_solid, vapour_liquid; /* without a loop, gas_solid is the fluid-solid coexistence, and the others are not found */
    bool loop;                                           /* the fluid has two branches */
    double fluid_a_err, solid_a_err;                     /* standard error of beta A / N at coexistence */
    double fluid_chi2, solid_chi2;                       /* per degree of freedom */
    bool components;                                     /* the potentials of L and S in the coexisting fluid are known (--compare) */
    double mu[2], mu_err[2];
    int32_t n_rivals;
    diagram_rival rival[DIAGRAM_RIVALS];
    int32_t n_forces, n_force_curve;
    diagram_force force[DIAGRAM_COLUMNS]; /* at the densities of the fluid's columns */
    double curve_density[DIAGRAM_FORCE_CURVE], curve_force[DIAGRAM_FORCE_CURVE]; /* between them */
    bool diffusion; /* asked for */
    diagram_fractions dew, bubble;
} diagram_point;

typedef struct diagram {
    diagram_spec spec;
    char folder[DIAGRAM_PATH];
    int32_t n_species, per_unit[2];          /* formula */
    double diameter[2], fraction[2], volume; /* volume of the spheres per particle: phi = rho volume */
    bnsl_potential_options mie;
    int32_t n_path;
    double coupling[DIAGRAM_NODES], well_depth[DIAGRAM_NODES], weight[DIAGRAM_NODES];
    int32_t n_fluid, n_solid, n_anchor, n_dome;
    diagram_column fluid[DIAGRAM_COLUMNS], solid[DIAGRAM_COLUMNS], anchor[DIAGRAM_ANCHORS], dome[DIAGRAM_COLUMNS];
    double dome_depth;             /* the deepest for which the dome's columns are; they visit the nodes first_dome to last_dome */
    int32_t first_dome, last_dome;
    double c_over_a;               /* of the solid columns */
    double anchor_a, anchor_a_err; /* at infinite size */
    double base_chi2;              /* per degree of freedom, of the fluid's surface over all depths */
    bnsl_free_energy_surface *through; /* that surface where it goes through the dome: vapour and liquid up to dome_depth */
    int32_t n_points, n_curve;
    diagram_point point[DIAGRAM_DEPTHS], curve[DIAGRAM_CURVE];
    bool critical_found;
    double critical_depth, critical_depth_err, critical_density;
    char critical_why[300];
    int32_t n_mixtures;
    struct diagram *mixture[DIAGRAM_MIXTURES]; /* --fractionation: fluids of other compositions, of which fluid[] and what it needs are in use */
    bool demixing_found;
    double demixing_depth, demixing_depth_err, demixing_density;
    char demixing_why[300];
} diagram;

/* The plan: composition, densities, path. CLI_DONE, or the failure said. */
int diagram_plan(diagram *d, const diagram_spec *spec, const char *folder);

/* The fluids of other compositions that vapour and liquid of different composition need. After diagram_open. */
int diagram_plan_mixtures(diagram *d);
void diagram_free(diagram *d);

/* Boxes that are clearly too small for the cut-off: said before the folder is made and the first run started, not after minutes of them. */
int diagram_check_boxes(const diagram *d);

/* Reads or makes the folder. A folder of another diagram is refused, or emptied of state points when force. */
int diagram_open(diagram *d, bool force, bool seed_given);

/* The file of one state point: true when it is there and fits the plan. */
bool diagram_read_column(const diagram *d, diagram_column *column);
int diagram_write_column(const diagram *d, const diagram_column *column);

/* Runs every state point that is not done. */
int diagram_run(diagram *d, const cli_common *common);

/* Free energies and coexistence from the state points. */
int diagram_fit(diagram *d);

/* beta A / N of a column at node k of the path (a depth, or node 0: the power law), with its error. */
void diagram_column_a(const diagram *d, const diagram_column *column, int32_t k, double *a, double *a_err);

/* The solid at a depth and a pressure; false: not known there, range gets the pressures between which it is (NaN: none). Needs the state
 * points alone. */
bool diagram_solid_at(diagram *d, double depth, double pressure, bnsl_free_energy_state *state, double range[2]);

/* The plan and the state points of a finished diagram in a folder. CLI_DONE, or the failure said. */
int diagram_load(diagram *d, const char *folder);

/* Whether other crystals are more stable in the coexisting fluids: their diagrams' folders. Measures the potentials of L and S. */
int diagram_compare(diagram *d, const cli_strings *folders, const cli_common *common);
const char *diagram_verdict(const diagram_rival *r);
void diagram_print_rivals(const diagram *d, FILE *f);   /* the table compare.tsv */
void diagram_print_verdicts(const diagram *d);          /* in words */
void diagram_json_rivals(const diagram_point *p, json *j);

/* The fluid's diffusion coefficients at some of the depths (--diffusion) and the densities of the forces; diagram_check_diffusion looks at
 * the depths alone. */
int diagram_check_diffusion(const diagram_spec *spec, const cli_doubles *depths);
int diagram_diffusion(diagram *d, const cli_doubles *depths, const cli_common *common);

/* Driving forces and diffusion: the table driving.tsv, objects of the JSON, driving.png and driving.svg. */
void diagram_print_forces(const diagram *d, FILE *f);
void diagram_json_forces(const diagram *d, const diagram_point *p, json *j);
int diagram_draw_forces(const diagram *d, const char *name);

/* The liquid freezes stably where vapour and liquid have a lower mu than vapour and crystal, or where a vapour as dense as that is not known. */
bool diagram_liquid_is_stable(const diagram_point *p);

/* The fluid that is stable at the crystal: gas_solid or liquid_solid. */
const diagram_pair *diagram_at_crystal(const diagram_point *p);

/* Dew and bubble points of different compositions, from the fluids of all compositions; after diagram_fit. Their table fractionation.tsv,
 * objects of the JSON, lines of the figure and of the text; nothing without --fractionation. */
int diagram_fractionate(diagram *d);
void diagram_print_fractions(const diagram *d, FILE *f);
void diagram_json_fractions(const diagram_point *p, json *j);
void diagram_draw_fractions(const diagram *d, plot_panel *panel);
void diagram_say_fractions(const diagram *d);

/* The figure: the phases' packing fractions against well depth. */
int diagram_draw(const diagram *d, const char *name);

/* Tables phases.tsv, states.tsv and driving.tsv, summary.json, the pictures. */
int diagram_report(const diagram *d, const cli_common *common);
void diagram_json(const diagram *d, json *j);
void diagram_print(const diagram *d);

/* Small files in DIR/state of n numbers; false: not there. */
bool diagram_read_numbers(const diagram *d, const char *name, int n, double *value);
int diagram_write_numbers(const diagram *d, const char *name, const char *header, int n, const double *value);

/* DIR/name */
void diagram_path(const diagram *d, const char *name, char *out, size_t size);

#endif
