/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fits of a phase diagram share: the fluid of its composition, and fluids of several compositions together. */
#ifndef BNSL_TOOLS_DIAGRAM_FIT_H
#define BNSL_TOOLS_DIAGRAM_FIT_H

#include "diagram.h"

enum { DIAGRAM_SAMPLES = 200, DIAGRAM_DATA = 3 * DIAGRAM_COLUMNS * 16 + 64 };

/* What a surface is fitted to. */
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

/* Values of A, Z and <U/eps> of the selected states; DIAGRAM_DATA at most. */
int64_t diagram_collect(const selection *s, bnsl_free_energy_datum *data);

/* The nodes near a depth, and terms in the depth that they can bear. */
void diagram_set_window(selection *s, const diagram *d, double depth);

/* First and last column of the fluid that has split at a depth; false: none. */
bool diagram_find_gap(const diagram *d, double depth, int32_t *first, int32_t *last);

/* The smallest depth at which a column of the fluid has split beyond doubt; INFINITY: none. */
double diagram_first_clumped(const diagram *d);

/* Gives the columns of the fluid their free energies. */
bnsl_status diagram_fluid_references(diagram *d);

#endif
