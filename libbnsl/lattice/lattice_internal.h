/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prototypes as data, and the sites of a cell that follow from them. */
#ifndef BNSL_LATTICE_INTERNAL_H
#define BNSL_LATTICE_INTERNAL_H

#include <bnsl/lattice.h>

#include "core_internal.h"

enum { BNSL__LARGE = 0, BNSL__SMALL = 1, BNSL__MAX_ORBITS = 5, BNSL__MAX_GENERATORS = 8, BNSL__MAX_OPERATIONS = 192 };

/* Crystal system with its holohedral Laue class; it gives the cell's shape and which hkl are equivalent in a powder. */
typedef enum bnsl__family {
    BNSL__CUBIC = BNSL_SYSTEM_CUBIC,          /* m-3m */
    BNSL__HEXAGONAL = BNSL_SYSTEM_HEXAGONAL,  /* 6/mmm */
    BNSL__TETRAGONAL = BNSL_SYSTEM_TETRAGONAL /* 4/mmm */
} bnsl__family;

/* Generators as coordinate triplets "-y,x-y,z+1/2"; lattice translations of a centred cell among them. */
typedef struct bnsl__space_group {
    const char *symbol;
    bnsl__family family;
    const char *generators[BNSL__MAX_GENERATORS]; /* ends with NULL */
} bnsl__space_group;

/* One of its operations, x' = w x + t. */
typedef struct bnsl__operation {
    int32_t w[3][3];
    double t[3]; /* in [0, 1) */
} bnsl__operation;

/* Sites of one Wyckoff position. */
typedef struct bnsl__orbit {
    int32_t species;
    const char *wyckoff;
    int32_t multiplicity; /* in the conventional cell */
    const char *position; /* of one site: "1/3,2/3,1/2"; x, y and z stand for the free coordinates */
} bnsl__orbit;

/* A parameter: its value by default (0: there is none), and the interval to which the search for dense packings is confined. */
typedef struct bnsl__parameter {
    double value, low, high;
} bnsl__parameter;

typedef struct bnsl__prototype {
    const char *name;
    const char *aliases;         /* separated by ", " */
    const char *strukturbericht; /* "" where there is none */
    const char *pearson;
    const bnsl__space_group *group;
    int32_t n_orbits;
    bnsl__orbit orbits[BNSL__MAX_ORBITS]; /* L before S */
    bnsl__parameter c_over_a;
    bnsl__parameter free[3];              /* x, y, z */

    /* conventions of the bond lengths */
    bool basal_ll;          /* b_LL is taken between sites of equal z, also where c is shorter */
    int32_t centre_orbit;   /* b_SS is taken between S sites that surround different sites of this orbit; -1: between any two */
    double atomic_bonds[3]; /* LL, LS, SS of the atomic compound in nm as printed by Marino 2024; 0: not printed */

    const char *source; /* of the coordinates */
} bnsl__prototype;

typedef struct bnsl__site {
    double x[3]; /* fractional, in [0, 1) */
    int32_t species, orbit;
} bnsl__site;

struct bnsl_lattice {
    const bnsl__prototype *prototype;
    double a, c;
    double free[3]; /* x, y, z; 0 where there is none */
    int32_t n_species[2];
    int32_t n_sites;
    bnsl__site sites[]; /* of the conventional cell, orbit by orbit */
};

extern const bnsl__prototype bnsl__prototypes[];
extern const int32_t bnsl__n_prototypes;

/*
 * Sites of a Wyckoff position: the closure of its first site under the generators. Writes orbit->multiplicity sites and returns how many
 * different ones there are (fewer when the free coordinates lie on a position of higher symmetry); -1: the data of the prototype are wrong.
 */
int32_t bnsl__orbit_sites(const bnsl__prototype *prototype, int32_t orbit, const double free_coordinates[3], bnsl__site *sites);

/* All operations of a space group modulo the translations of its conventional cell, the identity first; their number; -1: wrong data. */
int32_t bnsl__group_operations(const bnsl__space_group *group, bnsl__operation operations[BNSL__MAX_OPERATIONS]);

/* A linear program: maximise c.x with A x <= b, b >= 0, x >= 0. */
enum { BNSL__LP_ROWS = 100, BNSL__LP_COLUMNS = 5 };
typedef struct bnsl__linear_program {
    int32_t m, n; /* rows, columns in use */
    double a[BNSL__LP_ROWS][BNSL__LP_COLUMNS], b[BNSL__LP_ROWS], c[BNSL__LP_COLUMNS];
} bnsl__linear_program;

/* Solves it, destroying it; a program that has no maximum stops where that shows. */
void bnsl__linear_maximum(bnsl__linear_program *lp, double x[BNSL__LP_COLUMNS]);

/* Fractional coordinates of the conventional cell to Cartesian ones (a along x; hexagonal: b at 120 degrees in the xy plane). */
void bnsl__cartesian(const bnsl_lattice *lattice, const double x[3], double r[3]);

double bnsl__cell_volume(const bnsl_lattice *lattice);

/* Area of the cell's base in units of a^2. */
double bnsl__base_area(bnsl__family family);

#endif
