/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A nearly cubic supercell of a prototype at a density. Cost: some hundred trial repeats, and the sites. */
#include <math.h>

#include "free_energy_internal.h"

enum { MOST_REPEATS = 512 };

/* Edges of one orthogonal cell at c/a and density 1, and its particles. */
static bnsl_status one_cell(const bnsl_lattice *lattice, double stretch, double edge[3], int64_t *per_cell, const char *func)
{
    bnsl_box box;
    double xyz[3 * 512];
    int32_t species[512];
    bnsl_status status = bnsl_lattice_supercell(lattice, BNSL_CELL_ORTHOGONAL, 1, 1, 1, 512, per_cell, &box, xyz, species);
    if (status)
        return bnsl__fail(status == BNSL_EBUFFER ? BNSL_EUNSUPPORTED : status, func, "a cell of more than 512 particles");
    double scale = cbrt((double)*per_cell / (box.lx * box.ly * box.lz * stretch));
    edge[0] = box.lx * scale;
    edge[1] = box.ly * scale;
    edge[2] = box.lz * scale * stretch;
    return BNSL_OK;
}

/* Smallest width of a box relative to the edge of the cube of its volume, for repeats of a cell. */
static double roundness(const double edge[3], const int32_t repeat[3])
{
    double length[3];
    for (int k = 0; k < 3; k++)
        length[k] = edge[k] * repeat[k];
    return fmin(fmin(length[0], length[1]), length[2]) / cbrt(length[0] * length[1] * length[2]);
}

static bool better(double off, double round, double best_off, double best_round)
{
    bool near_enough = off <= 0.2, best_near = best_off <= 0.2;
    if (near_enough != best_near)
        return near_enough;
    return near_enough ? round > best_round + 1e-9 || (round > best_round - 1e-9 && off < best_off) : off < best_off;
}

static void choose_repeats(const double edge[3], int64_t per_cell, int64_t n_wanted, int32_t repeat[3])
{
    double cells = (double)n_wanted / (double)per_cell, best_off = INFINITY, best_round = 0;
    double side = cbrt(fmax(cells, 1.0) * edge[0] * edge[1] * edge[2]); /* of the cube */
    int32_t low[3], high[3];
    for (int k = 0; k < 3; k++) {
        double middle = side / edge[k];
        low[k] = middle > 3 ? (int32_t)floor(0.6 * middle) : 1;
        high[k] = (int32_t)fmin(ceil(1.6 * middle) + 1, MOST_REPEATS);
        low[k] = low[k] < high[k] ? low[k] : high[k];
    }
    for (int32_t x = low[0]; x <= high[0]; x++)
        for (int32_t y = low[1]; y <= high[1]; y++)
            for (int32_t z = low[2]; z <= high[2]; z++) {
                const int32_t trial[3] = { x, y, z };
                double off = fabs((double)x * y * z / cells - 1), round = roundness(edge, trial);
                if (better(off, round, best_off, best_round)) {
                    best_off = off;
                    best_round = round;
                    for (int k = 0; k < 3; k++)
                        repeat[k] = trial[k];
                }
            }
}

bnsl_status bnsl_free_energy_supercell(const bnsl_lattice *lattice, double density, double c_over_a, int64_t n_wanted, int64_t capacity,
                                       int64_t *n_out, bnsl_box *box_out, double *xyz_out, int32_t *species_out)
{
    double a, c, edge[3];
    int64_t per_cell, n;
    int32_t repeat[3] = { 1, 1, 1 };
    if (!n_out)
        return BNSL_FAIL(BNSL_EINVAL, "n_out is NULL");
    bnsl_status status = bnsl_lattice_constants(lattice, &a, &c, NULL);
    if (status)
        return status;
    if (!(density >= 1e-6 && density <= 1e6))
        return BNSL_FAIL(BNSL_EINVAL, "density is %g, must be 1e-6 .. 1e6", density);
    if (n_wanted < 1 || n_wanted > 1 << 24)
        return BNSL_FAIL(BNSL_EINVAL, "n_wanted is %lld, must be 1 .. 2^24", (long long)n_wanted);
    if (!(c_over_a >= 0.0) || isinf(c_over_a))
        return BNSL_FAIL(BNSL_EINVAL, "c_over_a is %g, must be > 0, or 0 for the lattice's own", c_over_a);
    if (c_over_a > 0 && c_over_a != c / a) { /* the prototype says whether it may */
        bnsl_lattice_options o;
        bnsl_lattice *trial;
        status = bnsl_lattice_options_init(&o, sizeof o);
        o.c_over_a = c_over_a;
        if (!status)
            status = bnsl_lattice_create(&trial, bnsl_lattice_name(lattice), &o);
        if (status)
            return status;
        bnsl_lattice_destroy(trial);
    }
    double stretch = c_over_a > 0 ? c_over_a * a / c : 1.0;
    status = one_cell(lattice, stretch, edge, &per_cell, __func__);
    if (status)
        return status;
    choose_repeats(edge, per_cell, n_wanted, repeat);
    n = per_cell * repeat[0] * repeat[1] * repeat[2];
    if (capacity < n) {
        *n_out = n;
        return BNSL_FAIL(BNSL_EBUFFER, "room for %lld particles, %lld are needed", (long long)capacity, (long long)n);
    }
    if (!box_out || !xyz_out || !species_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !box_out ? "box_out" : !xyz_out ? "xyz_out" : "species_out");
    bnsl_box old, box;
    status = bnsl_lattice_supercell(lattice, BNSL_CELL_ORTHOGONAL, repeat[0], repeat[1], repeat[2], capacity, &n, &old, xyz_out, species_out);
    double scale = cbrt(1 / density);
    if (!status)
        status = bnsl_box_init(&box, edge[0] * repeat[0] * scale, edge[1] * repeat[1] * scale, edge[2] * repeat[2] * scale, old.xy, old.xz, old.yz);
    if (!status)
        status = bnsl_box_to_fractional(&old, n, xyz_out, xyz_out);
    if (!status)
        status = bnsl_box_to_cartesian(&box, n, xyz_out, xyz_out);
    if (status)
        return status;
    *n_out = n;
    *box_out = box;
    return BNSL_OK;
}
