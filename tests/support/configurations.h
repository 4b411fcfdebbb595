/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Particle configurations that several tests start from. */
#ifndef CONFIGURATIONS_H
#define CONFIGURATIONS_H

#include "bnsl_test.h"

/* A configuration; end with free_configuration. */
typedef struct configuration {
    bnsl_box box;
    int64_t n;
    double *xyz;
    int32_t *species;
} configuration;

void free_configuration(configuration *c);

/* Supercell of a prototype at packing fraction phi of spheres of diameters 1 and d_small, every coordinate moved by noise * N(0, 1). */
configuration crystal(const char *name, int32_t cell, int nx, int ny, int nz, double phi, double d_small, double noise, uint64_t seed);

/* bnsl_free_energy_supercell of a prototype. */
configuration supercell(const char *name, double density, double c_over_a, int64_t n_wanted);

/* Disordered mixture of n_large spheres of diameter 1 and n_small of d_small in a cube at packing fraction phi; L first. */
configuration fluid(int64_t n_large, int64_t n_small, double phi, double d_small, uint64_t seed);

/* Mixture potential with diameters 1 and d_small, exponents n and m. Caller destroys. */
bnsl_potential *mie_mixture(double n, double m, double d_small);

/* Energy and virial tensor (xx, yy, zz, xy, xz, yz) by a sum over all pairs and all periodic images within the cut-offs. */
double naive_energy(const configuration *c, const bnsl_potential *p, double *force, double *virial);

/* The same for particles with diameters of their own: sigma_ij and the cut-off scaled by (d_i + d_j) / (d_a + d_b). NULL: naive_energy. */
double naive_energy_sized(const configuration *c, const bnsl_potential *p, const double *diameter, double *force, double *virial);

#endif
