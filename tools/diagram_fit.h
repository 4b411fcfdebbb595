/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fits of a phase diagram share: the fluid of its composition, and fluids of several compositions together. */
#ifndef BNSL_TOOLS_DIAGRAM_FIT_H
#define BNSL_TOOLS_DIAGRAM_FIT_H

#include "diagram.h"

enum { DIAGRAM_SAMPLES = 200, DIAGRAM_DATA = 3 * 2 * DIAGRAM_COLUMNS * 64 };

/* What a surface is fitted to; of a fluid, the columns of the dome too. */
typedef struct selection {
    diagram *d;
    diagram_column *column;
    int32_t n_columns;
    double low, high; /* densities */
    double depth[2];  /* of nodes */
    int32_t n_density, n_depth;
    bool fluid, virial, power_law;
    bool with_a;       /* the power law: A too */
    bool base;         /* all depths together: A of the densest column alone, at the first depth */
    bool quick;        /* for a line: errors do not matter */
    bool slow;         /* fluids too that have not split but are slow, near the critical point */
    bool whole_errors; /* of A with that of the references, which other fits carry apart as common to all columns */
} selection;

/* All columns of the fluid at all densities, with the second virial coefficient; the window of nodes is left open. */
selection diagram_whole_fluid(diagram *d);

/* Not the phase that it should be, or not in equilibrium, at a node. */
bool diagram_split(const diagram_column *c, int32_t k);

/* The node of the smallest depth, after the leg from the power law; 0 without. */
int32_t diagram_first_depth(const diagram *d);

/* Nodes of Mie potentials between two depths. */
int32_t diagram_nodes_between(const diagram *d, double low, double high);

/* Values of A, Z and <U/eps> of the selected states; DIAGRAM_DATA at most. */
int64_t diagram_collect(const selection *s, bnsl_free_energy_datum *data);

/* A surface through n data, or through those of a selection; chi^2 per degree of freedom. */
bnsl_status diagram_fit_data(const selection *s, int64_t n, const bnsl_free_energy_datum *data, bnsl_free_energy_surface **out);
bnsl_status diagram_fit_surface(const selection *s, bnsl_free_energy_surface **out);
double diagram_chi2(const bnsl_free_energy_surface *s);

/* The nodes near a depth, and terms in the depth that they can bear. */
void diagram_set_window(selection *s, const diagram *d, double depth);

/* First and last column of the fluid that has split at a depth; false: none. */
bool diagram_find_gap(const diagram *d, double depth, int32_t *first, int32_t *last);

/* The smallest depth at which a column of the fluid has split beyond doubt; INFINITY: none. */
double diagram_first_clumped(const diagram *d);

/* Gives the columns of the fluid their free energies; with columns of the dome also the surface through it. */
bnsl_status diagram_fluid_references(diagram *d);

/* Coexistence by two surfaces, or one for vapour and liquid; shift_err: of dilute and dense phase, what their surfaces do not know of. */
void diagram_coexist(const diagram *d, const bnsl_free_energy_surface *dilute, const bnsl_free_energy_surface *dense, const double *shift_err,
                     double depth, int32_t n_samples, diagram_pair *pair);

/* The error that the free energies of all columns of the fluid near a density have in common, that of their references. */
double diagram_common_error(const diagram *d, double density);

/* Vapour and liquid by one surface, close to the critical depth; and that depth. */
void diagram_near_critical(diagram *d, double depth, int32_t n_samples, diagram_pair *pair);
bool diagram_has_dome(const diagram *d, double depth);
void diagram_find_critical(diagram *d);

#endif
