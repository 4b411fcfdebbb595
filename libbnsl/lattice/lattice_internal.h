/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prototypes as data, and the sites of a cell that follow from them. */
#ifndef BNSL_LATTICE_INTERNAL_H
#define BNSL_LATTICE_INTERNAL_H

#include <bnsl/lattice.h>

#include "core_internal.h"

enum { BNSL__LARGE = 0, BNSL__SMALL = 1, BNSL__MAX_ORBITS = 4, BNSL__MAX_GENERATORS = 8 };

/* Crystal family with its holohedral Laue class; it gives the cell's shape and which hkl are equivalent in a powder. */
typedef enum bnsl__family { BNSL__CUBIC /* m-3m */, BNSL__HEXAGONAL /* 6/mmm */ } bnsl__family;

/* Generators as coordinate triplets "-y,x-y,z+1/2"; lattice translations of a centred cell among them. */
typedef struct bnsl__space_group {
    const char *symbol;
    bnsl__family family;
    const char *generators[BNSL__MAX_GENERATORS]; /* ends with NULL */
} bnsl__space_group;

/* Sites of one Wyckoff position. */
typedef struct bnsl__orbit {
    int32_t species;
    const char *wyckoff;
    int32_t multiplicity; /* in the conventional cell */
    const char *position; /* of one site: "1/3,2/3,1/2"; y and z stand for the free coordinates */
} bnsl__orbit;

typedef struct bnsl__prototype {
    const char *name;
    const bnsl__space_group *group;
    int32_t n_orbits;
    bnsl__orbit orbits[BNSL__MAX_ORBITS]; /* L before S */
    double y, z;                          /* free coordinates; 0: there is none */

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
    int32_t n_species[2];
    int32_t n_sites;
    bnsl__site sites[]; /* of the conventional cell, orbit by orbit */
};

extern const bnsl__prototype *const bnsl__prototypes[];
extern const int32_t bnsl__n_prototypes;

/*
 * Sites of a Wyckoff position: the closure of its first site under the generators. Writes orbit->multiplicity sites and returns how many
 * different ones there are (fewer when the free coordinates lie on a position of higher symmetry); -1: the data of the prototype are wrong.
 */
int32_t bnsl__orbit_sites(const bnsl__prototype *prototype, int32_t orbit, double y, double z, bnsl__site *sites);

/* Fractional coordinates of the conventional cell to Cartesian ones (a along x; hexagonal: b at 120 degrees in the xy plane). */
void bnsl__cartesian(const bnsl_lattice *lattice, const double x[3], double r[3]);

double bnsl__cell_volume(const bnsl_lattice *lattice);

#endif
