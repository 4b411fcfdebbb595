/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A perfect crystal with its interactions: checks and what is derived from them once. Cost: N^2 distances. */
#include <math.h>
#include <stdlib.h>

#include "free_energy_internal.h"

static bnsl_status check_arrays(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const bnsl_potential *potential,
                                const char *func)
{
    int64_t where;
    if (!box || !xyz || !species || !potential)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", !box ? "box" : !xyz ? "xyz" : !species ? "species" : "potential");
    bnsl_status status = bnsl_box_validate(box);
    if (status)
        return status;
    if (box->periodic != BNSL_PERIODIC_XYZ)
        return bnsl__fail(BNSL_EINVAL, func, "box is periodic along %d, must be %d (all axes)", (int)box->periodic, (int)BNSL_PERIODIC_XYZ);
    if (n < 2 || n >= 1 << 24)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be 2 .. 2^24 - 1", (long long)n);
    if (!bnsl__all_finite(3 * n, xyz, &where))
        return bnsl__fail(BNSL_EINVAL, func, "xyz[%lld] is %g, must be finite", (long long)where, xyz[where]);
    int32_t n_species = bnsl_potential_n_species(potential);
    if (n_species > BNSL__MC_SPECIES)
        return bnsl__fail(BNSL_EINVAL, func, "potential has %d species, at most %d are possible", (int)n_species, (int)BNSL__MC_SPECIES);
    for (int64_t i = 0; i < n; i++)
        if (species[i] < 0 || species[i] >= n_species)
            return bnsl__fail(BNSL_EINVAL, func, "species[%lld] is %d, must be 0 .. %d", (long long)i, (int)species[i], (int)n_species - 1);
    return BNSL_OK;
}

/* Cut-offs against the box: a pair has one image within reach. */
static bnsl_status check_cutoffs(const bnsl__crystal *c, const char *func)
{
    double width[3];
    bnsl_status status = bnsl_box_plane_distances(&c->box, width);
    double least = fmin(fmin(width[0], width[1]), width[2]);
    for (int32_t a = 0; a < c->n_species && !status; a++)
        for (int32_t b = a; b < c->n_species && !status; b++) {
            double cut = c->cut[a * c->n_species + b];
            if (c->count[a] > 0 && c->count[b] > 0 && !(cut <= 0.5 * least))
                status = bnsl__fail(BNSL_EINVAL, func,
                                    "the cut-off of species %d and %d, %g, is longer than half the box, %.6g: more particles are needed",
                                    (int)a, (int)b, cut, 0.5 * least);
        }
    return status;
}

/* Distances to the nearest site. */
static void find_nearest(bnsl__crystal *c, const double vectors[9])
{
    for (int32_t a = 0; a < c->n_species; a++)
        c->nearest[a] = INFINITY;
    for (int64_t i = 0; i < c->n; i++)
        for (int64_t j = i + 1; j < c->n; j++) {
            double r2 = bnsl__fractional_distance2(c->fractional + 3 * i, c->fractional + 3 * j, vectors);
            c->nearest[c->species[i]] = fmin(c->nearest[c->species[i]], r2);
            c->nearest[c->species[j]] = fmin(c->nearest[c->species[j]], r2);
        }
    for (int32_t a = 0; a < c->n_species; a++)
        c->nearest[a] = sqrt(c->nearest[a]);
}

static bnsl_status fill(bnsl__crystal *c, const double *xyz, const int32_t *species, double kT, int64_t n_cells, const char *func)
{
    double vectors[9];
    for (int64_t i = 0; i < c->n; i++) {
        c->species[i] = species[i];
        c->count[species[i]]++;
    }
    bnsl_status status = bnsl_box_to_fractional(&c->box, c->n, xyz, c->fractional);
    for (int64_t k = 0; k < 3 * c->n && !status; k++)
        c->fractional[k] -= floor(c->fractional[k] + 0.5);
    if (!status)
        status = bnsl_box_vectors(&c->box, vectors);
    if (!status)
        status = bnsl__mc_laws(c->potential, kT, c->hard, c->law, c->cut);
    if (!status)
        status = check_cutoffs(c, func);
    if (!status)
        status = bnsl_free_energy_primitive_cells(&c->box, c->n, xyz, species, &c->n_cells);
    if (!status && n_cells > 0)
        c->n_cells = n_cells;
    if (!status)
        find_nearest(c, vectors);
    return status;
}

bnsl_status bnsl__crystal_create(bnsl__crystal **out, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                 const bnsl_potential *potential, double kT, bool hard, int64_t n_cells, int64_t fixed, const char *func)
{
    bnsl_status status = check_arrays(box, n, xyz, species, potential, func);
    if (status)
        return status;
    bnsl__crystal *c = bnsl__calloc(1, sizeof *c);
    if (!c)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    c->box = *box;
    c->n = n;
    c->fixed = fixed;
    c->n_species = bnsl_potential_n_species(potential);
    c->hard = hard;
    c->potential = potential;
    c->beta = 1 / kT;
    c->fractional = bnsl__alloc(3 * n, sizeof *c->fractional);
    c->species = bnsl__alloc(n, sizeof *c->species);
    if (!c->fractional || !c->species)
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    else
        status = fill(c, xyz, species, kT, n_cells, func);
    if (status) {
        bnsl__crystal_destroy(c);
        return status;
    }
    *out = c;
    return BNSL_OK;
}

void bnsl__crystal_destroy(bnsl__crystal *crystal)
{
    if (!crystal)
        return;
    free(crystal->fractional);
    free(crystal->species);
    free(crystal);
}
