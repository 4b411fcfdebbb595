/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A molecular dynamics program with a loop of its own that takes two things from libbnsl: the neighbour list of a mixture of sizes
 * and the Mie forces on it. Positions, velocities, integrator and clock are the host's.
 *
 *     cc -O2 host_md.c $(pkg-config --cflags --libs bnsl) -lm -o host_md && ./host_md
 *
 * The list reaches a skin further than the cut-offs and is built again when a particle has moved half of it; between builds the
 * host says how far each particle has moved, and need not wrap. The energy is that of a closed system, so the sum of potential and
 * kinetic energy must stay: the program checks it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bnsl/md.h>
#include <bnsl/neighbor.h>
#include <bnsl/potential.h>

enum { EDGE = 10, N = EDGE * EDGE * EDGE, STEPS = 400 };
static const double skin = 0.15, dt = 0.001;

/* The host's state. */
static double position[3 * N], velocity[3 * N], force[3 * N], energy[N], built_at[3 * N], displacement[3 * N];
static int32_t species[N];

/* What it uses of the library. */
static bnsl_potential *potential;
static bnsl_neighbor_list *list;
static bnsl_box box;
static int n_builds;

static void check(bnsl_status status, const char *what)
{
    if (status == BNSL_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, bnsl_error_message());
    exit(EXIT_FAILURE);
}

/* L and S in turn on a cubic lattice, with velocities of some kT = 1 that add up to none. */
static void start(void)
{
    double total[3] = {0, 0, 0};
    for (int i = 0; i < N; i++) {
        int cell[3] = {i % EDGE, i / EDGE % EDGE, i / (EDGE * EDGE)};
        species[i] = (cell[0] + cell[1] + cell[2]) % 2;
        for (int x = 0; x < 3; x++)
            position[3 * i + x] = cell[x] + 0.5 - 0.5 * EDGE;
        check(bnsl_random_normal(2026, 0, (uint64_t)i, 0, 3, velocity + 3 * i), "velocities");
        for (int x = 0; x < 3; x++)
            total[x] += velocity[3 * i + x];
    }
    for (int k = 0; k < 3 * N; k++)
        velocity[k] -= total[k % 3] / N;
}

static void make_interactions(void)
{
    const double diameter[2] = {1, 0.55};
    double reach[4];
    bnsl_potential_options pair;
    bnsl_neighbor_options neighbors;

    bnsl_potential_options_init(&pair, sizeof pair); /* Mie 50-25, eps = 1 */
    pair.shift = BNSL_SHIFT_SMOOTH;
    check(bnsl_potential_create(&potential, 2, diameter, &pair), "potential");
    check(bnsl_potential_cutoffs(potential, reach), "cut-offs");
    for (int p = 0; p < 4; p++)
        reach[p] += skin;
    bnsl_neighbor_options_init(&neighbors, sizeof neighbors);
    neighbors.flags = BNSL_NEIGHBOR_HALF; /* each pair once */
    check(bnsl_neighbor_create(&list, &neighbors), "list");
    check(bnsl_neighbor_set_pair_cutoffs(list, 2, reach), "cut-offs of the list");
    check(bnsl_box_init(&box, EDGE, EDGE, EDGE, 0, 0, 0), "box");
}

static int list_is_too_old(void)
{
    for (int i = 0; i < N; i++) {
        const double *d = displacement + 3 * i;
        if (d[0] * d[0] + d[1] * d[1] + d[2] * d[2] >= 0.25 * skin * skin)
            return 1;
    }
    return 0;
}

/* Forces at the present positions; returns the potential energy. */
static double compute_forces(void)
{
    double sum = 0;
    for (int k = 0; k < 3 * N; k++)
        displacement[k] = position[k] - built_at[k];
    if (n_builds == 0 || list_is_too_old()) {
        check(bnsl_neighbor_build(list, &box, N, position, species, NULL), "neighbours");
        memcpy(built_at, position, sizeof position);
        memset(displacement, 0, sizeof displacement);
        n_builds++;
    }
    check(bnsl_md_pair_forces(list, potential, N, species, displacement, 1, force, energy, NULL), "forces");
    for (int i = 0; i < N; i++)
        sum += energy[i];
    return sum;
}

static double kinetic_energy(void)
{
    double sum = 0;
    for (int k = 0; k < 3 * N; k++)
        sum += 0.5 * velocity[k] * velocity[k];
    return sum;
}

int main(void)
{
    double potential_energy, first = 0, largest_drift = 0;

    start();
    make_interactions();
    potential_energy = compute_forces();
    for (int step = 0; step <= STEPS; step++) {
        double kinetic = kinetic_energy(), total = (potential_energy + kinetic) / N;
        if (step == 0)
            first = total;
        largest_drift = fmax(largest_drift, fabs(total - first));
        if (step % 100 == 0)
            printf("step %3d   U/N %8.4f   kT %6.4f   E/N %8.5f\n", step, potential_energy / N, 2 * kinetic / (3 * (N - 1)), total);
        for (int k = 0; k < 3 * N; k++) { /* velocity Verlet */
            velocity[k] += 0.5 * dt * force[k];
            position[k] += dt * velocity[k];
        }
        potential_energy = compute_forces();
        for (int k = 0; k < 3 * N; k++)
            velocity[k] += 0.5 * dt * force[k];
    }
    printf("%d lists in %d steps; energy constant within %.0e a particle\n", n_builds, STEPS, largest_drift);
    bnsl_neighbor_destroy(list);
    bnsl_potential_destroy(potential);
    return largest_drift < 1e-3 && n_builds > 1 && n_builds < STEPS / 4 ? EXIT_SUCCESS : EXIT_FAILURE;
}
