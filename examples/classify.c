/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of my particles are in a crystal, and in which? A program that has particles of its own asks, without giving them up: one call
 * on plain arrays for the phases, one for the clusters. No object has to be made.
 *
 *     cc classify.c $(pkg-config --cflags --libs bnsl) -lm -o classify && ./classify
 *
 * The particles here are a piece of AlB2 whose every particle is off its site by a few per cent of the lattice constant, in a
 * thin gas, all in free space; of the surface no particle counts, since half of its neighbours are missing.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <bnsl/order.h>

enum { CELLS = 8, CRYSTAL = 3 * CELLS * CELLS * CELLS, GAS = 300, N = CRYSTAL + GAS };

/* What the host has: its own record and its own names for the two kinds. */
struct particle {
    double x, y, z;
    char kind; /* 'A' large, 'B' small */
};

static double uniform(uint64_t *state) /* Knuth's MMIX generator, the upper 53 bits */
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* AlB2: L at the corners of a hexagonal cell, two S half-way up in the middles of its triangles. */
static void make_particles(struct particle *p)
{
    static const double site[3][3] = {{0, 0, 0}, {1 / 3.0, 2 / 3.0, 0.5}, {2 / 3.0, 1 / 3.0, 0.5}};
    const double a = 1.06, c = 1.03 * a, noise = 0.04 * a;
    uint64_t state = 1;
    int n = 0;
    for (int i = 0; i < CELLS; i++)
        for (int j = 0; j < CELLS; j++)
            for (int k = 0; k < CELLS; k++)
                for (int s = 0; s < 3; s++, n++) {
                    double u = i + site[s][0], v = j + site[s][1], w = k + site[s][2];
                    p[n].x = a * (u - 0.5 * v) + noise * (2 * uniform(&state) - 1);
                    p[n].y = a * sqrt(0.75) * v + noise * (2 * uniform(&state) - 1);
                    p[n].z = c * w + noise * (2 * uniform(&state) - 1);
                    p[n].kind = s == 0 ? 'A' : 'B';
                }
    for (; n < N; n++) { /* the gas, beside the crystal */
        p[n].x = 30 + 20 * uniform(&state);
        p[n].y = 20 * uniform(&state);
        p[n].z = 20 * uniform(&state);
        p[n].kind = n % 3 ? 'B' : 'A';
    }
}

static int fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, bnsl_error_message());
    return EXIT_FAILURE;
}

int main(void)
{
    static struct particle mine[N];
    static double xyz[3 * N];
    static int32_t species[N], phase[N], cluster[N];
    static int64_t size[N];
    static const char *name[BNSL_N_PHASES] = {"fluid", "AlB2", "NaZn13", "fcc"};
    int64_t count[BNSL_N_PHASES] = {0}, n_clusters;

    make_particles(mine);
    for (int i = 0; i < N; i++) { /* n x 3 doubles, and a number for each kind: 0 large, 1 small */
        xyz[3 * i] = mine[i].x;
        xyz[3 * i + 1] = mine[i].y;
        xyz[3 * i + 2] = mine[i].z;
        species[i] = mine[i].kind == 'A' ? 0 : 1;
    }

    if (bnsl_order_classify(NULL, N, xyz, species, NULL, phase) != BNSL_OK) /* no box, default thresholds */
        return fail("phases");
    if (bnsl_order_crystal_clusters(NULL, N, xyz, species, phase, 1, cluster, &n_clusters, size) != BNSL_OK)
        return fail("clusters");

    for (int i = 0; i < N; i++)
        if (species[i] == 0)
            count[phase[i]]++;
    for (int p = 0; p < BNSL_N_PHASES; p++)
        printf("%-7s %4lld large particles\n", name[p], (long long)count[p]);
    printf("%lld cluster, %lld large particles in the largest\n", (long long)n_clusters, n_clusters > 0 ? (long long)size[0] : 0LL);
    return EXIT_SUCCESS;
}
