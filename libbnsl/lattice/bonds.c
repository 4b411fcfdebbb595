/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shortest centre-to-centre distances by pair of species.
 *
 * One site of each orbit stands for all of it; its distances to the sites of the cells around are searched. The prototype's conventions
 * leave pairs out: L-L bonds out of the basal plane, and S-S bonds within the polyhedron around one site (NaZn13: an icosahedron of Zn2
 * about a Zn1). Cost: orbits x sites x 125 distances.
 */
#include <math.h>

#include "lattice_internal.h"

/* Cells searched on each side; the shortest vector between sites of a reduced cell is within 1. */
enum { REACH = 2, SIDE = 2 * REACH + 1, N_CELLS = SIDE * SIDE * SIDE };

static double distance_squared(const bnsl_lattice *lattice, const double from[3], const double to[3], const int cell[3])
{
    double x[3], r[3];
    for (int i = 0; i < 3; i++)
        x[i] = to[i] + cell[i] - from[i];
    bnsl__cartesian(lattice, x, r);
    return r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
}

/* Cell number i of the N_CELLS around and including the first. */
static void cell_at(int i, int cell[3])
{
    cell[0] = i / (SIDE * SIDE) - REACH;
    cell[1] = i / SIDE % SIDE - REACH;
    cell[2] = i % SIDE - REACH;
}

/* Fractional coordinates of the site of an orbit that is nearest to x. */
static void nearest_centre(const bnsl_lattice *lattice, int32_t orbit, const double x[3], double centre[3])
{
    double nearest = INFINITY;
    for (int32_t i = 0; i < lattice->n_sites; i++) {
        const bnsl__site *site = &lattice->sites[i];
        for (int c = 0; c < N_CELLS && site->orbit == orbit; c++) {
            int cell[3];
            cell_at(c, cell);
            double d2 = distance_squared(lattice, x, site->x, cell);
            if (d2 < nearest) {
                nearest = d2;
                for (int k = 0; k < 3; k++)
                    centre[k] = site->x[k] + cell[k];
            }
        }
    }
}

/* Whether two sites (the second one shifted by cell) surround one and the same site of the orbit. */
static bool share_centre(const bnsl_lattice *lattice, int32_t orbit, const double from[3], const double to[3], const int cell[3])
{
    double a[3], b[3];
    nearest_centre(lattice, orbit, from, a);
    nearest_centre(lattice, orbit, to, b);
    return fabs(a[0] - b[0] - cell[0]) + fabs(a[1] - b[1] - cell[1]) + fabs(a[2] - b[2] - cell[2]) < 1e-6;
}

/* Whether the pair counts for the bond length of its species; only asked for pairs closer than the best so far. */
static bool counts(const bnsl_lattice *lattice, const bnsl__site *from, const bnsl__site *to, const int cell[3])
{
    const bnsl__prototype *prototype = lattice->prototype;
    if (from->species != to->species)
        return true;
    if (from->species == BNSL__LARGE)
        return !prototype->basal_ll || fabs(to->x[2] + cell[2] - from->x[2]) < 1e-9;
    int32_t centre = prototype->centre_orbit;
    if (centre < 0)
        return true;
    if (from->orbit == centre || to->orbit == centre)
        return false;
    return !share_centre(lattice, centre, from->x, to->x, cell);
}

/* Shortest distance between species that counts; NaN without one. */
static double shortest(const bnsl_lattice *lattice, int32_t species_from, int32_t species_to)
{
    double best = INFINITY;
    int32_t orbit_done = -1;
    for (int32_t i = 0; i < lattice->n_sites; i++) {
        const bnsl__site *from = &lattice->sites[i];
        if (from->species != species_from || from->orbit == orbit_done)
            continue;
        orbit_done = from->orbit;
        for (int32_t j = 0; j < lattice->n_sites; j++) {
            const bnsl__site *to = &lattice->sites[j];
            for (int c = 0; c < N_CELLS && to->species == species_to; c++) {
                int cell[3];
                cell_at(c, cell);
                bool itself = i == j && cell[0] == 0 && cell[1] == 0 && cell[2] == 0;
                double d2 = distance_squared(lattice, from->x, to->x, cell);
                if (!itself && d2 < best && counts(lattice, from, to, cell))
                    best = d2;
            }
        }
    }
    return isinf(best) ? NAN : sqrt(best);
}

bnsl_status bnsl_lattice_bond_lengths(const bnsl_lattice *lattice, int32_t source, double *b_ll_out, double *b_ls_out, double *b_ss_out)
{
    if (!lattice)
        return BNSL_FAIL(BNSL_EINVAL, "lattice is NULL");
    if (source != BNSL_BONDS_GEOMETRY && source != BNSL_BONDS_PAPER)
        return BNSL_FAIL(BNSL_EINVAL, "source is %d, must be BNSL_BONDS_GEOMETRY or BNSL_BONDS_PAPER", source);
    const double *atomic = lattice->prototype->atomic_bonds;
    if (source == BNSL_BONDS_PAPER && atomic[0] == 0.0)
        return BNSL_FAIL(BNSL_EUNSUPPORTED, "no printed bond lengths for %s", lattice->prototype->name);

    double b_ll = shortest(lattice, BNSL__LARGE, BNSL__LARGE), b_ls, b_ss;
    if (source == BNSL_BONDS_PAPER) {
        b_ls = b_ll * (atomic[1] / atomic[0]);
        b_ss = b_ll * (atomic[2] / atomic[0]);
    } else {
        b_ls = shortest(lattice, BNSL__LARGE, BNSL__SMALL);
        b_ss = shortest(lattice, BNSL__SMALL, BNSL__SMALL);
    }
    if (b_ll_out)
        *b_ll_out = b_ll;
    if (b_ls_out)
        *b_ls_out = b_ls;
    if (b_ss_out)
        *b_ss_out = b_ss;
    return BNSL_OK;
}
