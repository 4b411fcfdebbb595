/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Free energies of solids by the Einstein molecule: what one state costs, and how good it is. One JSON object a line: processor time on one
 * thread, trial moves a second over all stages, the standard error of beta A / N, and that error times the square root of the time: what a
 * state would have after one second. Default options but for the sweeps. Usage: bench_free_energy [SWEEPS], default 2000.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <bnsl/bnsl.h>

#include "bench.h"

typedef struct state {
    const char *name, *structure;
    double density, n, m;
    int32_t hard, constraint, particles;
} state;

static const state states[] = {
    {"hard spheres", "fcc", 1.04086, 50, 25, 1, BNSL_EINSTEIN_MOLECULE, 256},
    {"hard spheres, centre", "fcc", 1.04086, 50, 25, 1, BNSL_EINSTEIN_CRYSTAL, 256},
    {"Mie 50-25", "AlB2", 2.8, 50, 25, 0, BNSL_EINSTEIN_MOLECULE, 450},
    {"Mie 50-25, centre", "AlB2", 2.8, 50, 25, 0, BNSL_EINSTEIN_CRYSTAL, 450},
    {"Mie 50-6", "AlB2", 2.8, 50, 6, 0, BNSL_EINSTEIN_MOLECULE, 450},
    {"Lennard-Jones", "fcc", 1.0, 12, 6, 0, BNSL_EINSTEIN_MOLECULE, 500},
};

static void measure(const state *s, int64_t n_sweeps)
{
    const double diameter[2] = {1, 0.55};
    bnsl_lattice *lattice;
    bnsl_potential *potential;
    bnsl_potential_options po;
    bnsl_free_energy_solid_options o;
    bnsl_free_energy_solid_result r;
    bnsl_box box;
    static double xyz[3 * 1000];
    static int32_t species[1000];
    int64_t n;
    must(bnsl_lattice_create(&lattice, s->structure, NULL));
    must(bnsl_free_energy_supercell(lattice, s->density, s->structure[0] == 'A' ? 1.045 : 0, s->particles, 1000, &n, &box, xyz, species));
    must(bnsl_potential_options_init(&po, sizeof po));
    po.n = s->n;
    po.m = s->m;
    must(bnsl_potential_create(&potential, 2, diameter, &po));
    must(bnsl_free_energy_solid_options_init(&o, sizeof o));
    o.hard_spheres = s->hard;
    o.constraint = s->constraint;
    o.n_sweeps = n_sweeps;
    double start = now(CLOCK_PROCESS_CPUTIME_ID);
    must(bnsl_free_energy_solid(&box, n, xyz, species, potential, &o, NULL, &r));
    double t = now(CLOCK_PROCESS_CPUTIME_ID) - start;
    printf("{\"bench\": \"free energy of a solid\", \"case\": \"%s\", \"structure\": \"%s\", \"n\": %d, \"cpu_s\": %.2f, \"moves_per_s\": "
           "%.3g, \"a\": %.5f, "
           "\"a_err\": %.5f, \"err_after_1s\": %.5f}\n",
           s->name, s->structure, (int)n, t, (double)r.n_moves / t, r.a, r.a_err, r.a_err * sqrt(t));
    fflush(stdout);
    bnsl_potential_destroy(potential);
    bnsl_lattice_destroy(lattice);
}

int main(int argc, char **argv)
{
    int64_t n_sweeps = argc > 1 ? atoll(argv[1]) : 2000;
    for (size_t k = 0; k < sizeof states / sizeof states[0]; k++)
        measure(&states[k], n_sweeps);
    return 0;
}
