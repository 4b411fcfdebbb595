/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forces of a mixture on the caller's own particles, bond by bond of a neighbour list: for programs that have a time loop of their own.
 * The vector of a bond is that of the list's build plus what its two ends have moved since, so that any box and any number of images
 * of a pair are right without knowing the box. Virial W_ab = sum over pairs of r_a f_b [Allen and Tildesley, Computer Simulation of
 * Liquids, 2nd ed. 2017, eq. 2.54].
 * Cost: O(bonds), one evaluation of the pair's energy and force each (a full list: two for each pair).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <bnsl/md.h>

#include "core_internal.h"

/* Bonds that are worked on together, and particles of a chunk: sums are made by chunks, whatever the number of threads. */
enum { BLOCK = 64, PARTICLES = 256 };

typedef struct pair_sums {
    const int64_t *offset;
    const int32_t *index;
    const double *vector;
    const bnsl_potential *potential;
    int64_t n;
    const int32_t *species; /* NULL: all 0 */
    const double *displacement; /* NULL: 0 */
    double *force, *energy;
    bool half;
} pair_sums;

typedef struct chunk_result {
    double virial[6];
    int64_t fault; /* first particle of it with a bond that has no force, -1: none */
} chunk_result;

static int32_t species_of(const pair_sums *s, int64_t i)
{
    return s->species ? s->species[i] : 0;
}

/* Energies and forces of n <= BLOCK bonds of a particle of species a, one call for each species of neighbours. */
static bool evaluate(const pair_sums *s, int32_t a, int n, const int32_t *neighbor, const double *r, double *u, double *f)
{
    double some_r[BLOCK], some_u[BLOCK], some_f[BLOCK];
    int place[BLOCK];
    for (int32_t b = 0, done = 0; done < n; b++) {
        int m = 0;
        for (int k = 0; k < n; k++)
            if (species_of(s, neighbor[k]) == b) {
                place[m] = k;
                some_r[m++] = r[k];
            }
        if (m > 0 && bnsl_potential_evaluate(s->potential, a, b, m, some_r, some_u, some_f) != BNSL_OK)
            return false;
        for (int k = 0; k < m; k++) {
            u[place[k]] = some_u[k];
            f[place[k]] = some_f[k];
        }
        done += m;
    }
    return true;
}

/* Adds the bonds of particle i; false: one of them is of length 0 or leads to a particle that there is not. */
static bool add_bonds(const pair_sums *s, int64_t i, double virial[6])
{
    double own[3] = {0, 0, 0}, own_energy = 0;
    for (int64_t first = s->offset[i]; first < s->offset[i + 1]; first += BLOCK) {
        const int n = s->offset[i + 1] - first < BLOCK ? (int)(s->offset[i + 1] - first) : BLOCK;
        const int32_t *neighbor = s->index + first;
        double d[BLOCK][3], r[BLOCK], u[BLOCK], f[BLOCK];
        for (int k = 0; k < n; k++) {
            const int64_t j = neighbor[k];
            if (j >= s->n)
                return false;
            for (int x = 0; x < 3; x++)
                d[k][x] = s->vector[3 * (first + k) + x] + (s->displacement ? s->displacement[3 * j + x] - s->displacement[3 * i + x] : 0);
            r[k] = sqrt(d[k][0] * d[k][0] + d[k][1] * d[k][1] + d[k][2] * d[k][2]);
            if (!(r[k] > 0))
                return false;
        }
        if (!evaluate(s, species_of(s, i), n, neighbor, r, u, f))
            return false;
        for (int k = 0; k < n; k++) {
            const double scale = f[k] / r[k], share = s->half ? 1 : 0.5;
            static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
            for (int q = 0; q < 6; q++)
                virial[q] += share * scale * d[k][row[q]] * d[k][column[q]];
            own_energy += 0.5 * u[k];
            for (int x = 0; x < 3; x++)
                own[x] -= scale * d[k][x];
            if (s->half) {
                s->energy[neighbor[k]] += 0.5 * u[k];
                for (int x = 0; x < 3; x++)
                    s->force[3 * (int64_t)neighbor[k] + x] += scale * d[k][x];
            }
        }
    }
    s->energy[i] += own_energy;
    for (int x = 0; x < 3; x++)
        s->force[3 * i + x] += own[x];
    return true;
}

static bnsl_status check_arguments(const bnsl_neighbor_list *list, const bnsl_potential *potential, int64_t n, const int32_t *species,
                                   const double *displacement, int32_t num_threads, const char *func)
{
    const int32_t n_species = bnsl_potential_n_species(potential);
    int64_t where;
    if (!list)
        return bnsl__fail(BNSL_EINVAL, func, "list is NULL");
    if (!potential)
        return bnsl__fail(BNSL_EINVAL, func, "potential is NULL");
    if (n != bnsl_neighbor_n_query(list))
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, but the list was built for %lld particles", (long long)n,
                          (long long)bnsl_neighbor_n_query(list));
    for (int64_t i = 0; species && i < n; i++)
        if (species[i] < 0 || species[i] >= n_species)
            return bnsl__fail(BNSL_EINVAL, func, "species[%lld] is %d, must be 0 .. %d", (long long)i, species[i], n_species - 1);
    if (displacement && !bnsl__all_finite(3 * n, displacement, &where))
        return bnsl__fail(BNSL_EINVAL, func, "displacement of particle %lld is not finite", (long long)(where / 3));
    if (num_threads < 0)
        return bnsl__fail(BNSL_EINVAL, func, "num_threads is %d, must be >= 0", num_threads);
    return BNSL_OK;
}

/* All particles, in chunks; returns the first one at fault, -1: none. */
static int64_t add_particles(const pair_sums *s, int64_t n_chunks, chunk_result *chunk, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (int64_t c = 0; c < n_chunks; c++) {
        const int64_t end = (c + 1) * PARTICLES < s->n ? (c + 1) * PARTICLES : s->n;
        chunk[c].fault = -1;
        for (int64_t i = c * PARTICLES; i < end && chunk[c].fault < 0; i++)
            if (!add_bonds(s, i, chunk[c].virial))
                chunk[c].fault = i;
    }
    for (int64_t c = 0; c < n_chunks; c++)
        if (chunk[c].fault >= 0)
            return chunk[c].fault;
    return -1;
}

bnsl_status bnsl_md_pair_forces(const bnsl_neighbor_list *list, const bnsl_potential *potential, int64_t n, const int32_t *species,
                                const double *displacement, int32_t num_threads, double *force_out, double *energy_out, double *virial_out)
{
    bnsl_status status = check_arguments(list, potential, n, species, displacement, num_threads, __func__);
    if (status != BNSL_OK)
        return status;
    const int64_t n_chunks = (n + PARTICLES - 1) / PARTICLES;
    pair_sums s = {.potential = potential, .n = n, .species = species, .displacement = displacement, .half = bnsl_neighbor_is_half(list) != 0};
    bnsl_neighbor_view(list, &s.offset, &s.index, &s.vector, NULL);
    if (bnsl_neighbor_n_bonds(list) > 0 && !s.vector)
        return BNSL_FAIL(BNSL_EINVAL, "the list has no vectors (BNSL_NEIGHBOR_NO_VECTORS)");

    s.force = bnsl__calloc(3 * n, sizeof *s.force);
    s.energy = bnsl__calloc(n, sizeof *s.energy);
    chunk_result *chunk = bnsl__calloc(n_chunks, sizeof *chunk);
    if (!s.force || !s.energy || !chunk) {
        status = BNSL_NOMEM();
    } else { /* both ends of a bond of a half list are written: one thread */
        int64_t fault = add_particles(&s, n_chunks, chunk, s.half ? 1 : bnsl__threads(num_threads));
        if (fault >= 0)
            status = BNSL_FAIL(BNSL_EINVAL, "particle %lld has a bond of length 0, or to a particle beyond n", (long long)fault);
    }
    if (status == BNSL_OK) {
        double virial[6] = {0, 0, 0, 0, 0, 0};
        for (int64_t c = 0; c < n_chunks; c++)
            for (int q = 0; q < 6; q++)
                virial[q] += chunk[c].virial[q];
        if (force_out && n > 0)
            memcpy(force_out, s.force, (size_t)n * 3 * sizeof *force_out);
        if (energy_out && n > 0)
            memcpy(energy_out, s.energy, (size_t)n * sizeof *energy_out);
        if (virial_out)
            memcpy(virial_out, virial, sizeof virial);
    }
    free(s.force);
    free(s.energy);
    free(chunk);
    return status;
}
