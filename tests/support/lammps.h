/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configurations and their interactions as input of LAMMPS, which runs as a process of its own, and what it says of them. */
#ifndef LAMMPS_H
#define LAMMPS_H

#include "bnsl_test.h"

/* Reduced units, every mass 1, everything periodic, walls or not. */
typedef struct lammps_system {
    bnsl_box box;
    int64_t n;
    const double *xyz;               /* n x 3, in the box */
    const double *velocity;          /* n x 3 */
    const int32_t *type;             /* n: species of the potential */
    const bnsl_potential *potential; /* Mie pairs, energy shifted or not */
    int32_t wall;                    /* BNSL_MD_WALL_* as of bnsl_md_set_wall, with the diameters of the species */
    double wall_size, wall_epsilon;
} lammps_system;

typedef struct lammps_thermo {
    double potential_energy, kinetic_energy, wall_energy;
    double pressure[6]; /* xx, yy, zz, xy, xz, yz: of pairs and velocities over the volume of the box */
} lammps_thermo;

/*
 * Starts the input NAME.in in the working directory: it reads the particles (NAME.data, written too) and sets pairs and walls. The caller adds
 * commands, closes the file and calls lammps_run(name), which fails the test, with the last lines of NAME.log, where LAMMPS does.
 */
FILE *lammps_input(const lammps_system *system, const char *name);
void lammps_run(const char *name);

/* Energies, pressure and forces (n x 3) of a configuration as it is. */
lammps_thermo lammps_evaluate(const lammps_system *system, const char *name, double *force);

#endif
