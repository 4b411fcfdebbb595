/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Particles of periodic supercells and of spheres cut from the crystal. Cost: proportional to the particles (sphere: to its bounding box). */
#include <math.h>
#include <string.h>

#include "lattice_internal.h"

#define MAX_PARTICLES 2147483648.0
#define ON_SURFACE 1e-9 /* relative: a shell of neighbours at exactly the radius is inside as a whole */

/* ---- cells ----------------------------------------------------------------------------------------- */

/* The cell that is repeated: its edges and tilt, and sites in its own fractional coordinates. */
typedef struct unit_cell {
    double lx, ly, lz, xy;
    int32_t copies; /* conventional cells in it: 1 or 2 */
    bool orthohexagonal;
} unit_cell;

static unit_cell unit_cell_of(const bnsl_lattice *lattice, int32_t cell)
{
    bool hexagonal = lattice->prototype->group->family == BNSL__HEXAGONAL;
    unit_cell u = {lattice->a, lattice->a, lattice->c, 0.0, 1, false};
    if (hexagonal && cell == BNSL_CELL_ORTHOGONAL) {
        u.ly = sqrt(3.0) * lattice->a;
        u.copies = 2;
        u.orthohexagonal = true;
    } else if (hexagonal) {
        u.ly = sqrt(0.75) * lattice->a;
        u.xy = -1.0 / sqrt(3.0);
    }
    return u;
}

/* Fractional coordinates in the unit cell of a site. Orthohexagonal axes: A = a, B = a + 2 b; the second copy is shifted by b. */
static void site_in_cell(const unit_cell *u, const bnsl__site *site, int32_t copy, double s[3])
{
    s[0] = site->x[0];
    s[1] = site->x[1];
    s[2] = site->x[2];
    if (!u->orthohexagonal)
        return;
    double y = site->x[1] + copy;
    s[0] = site->x[0] - 0.5 * y;
    s[1] = 0.5 * y;
    s[0] -= floor(s[0]);
}

static void fill_cell(const bnsl_lattice *lattice, const unit_cell *u, const int32_t at[3], const int32_t repeat[3], double *fractional,
                      int32_t *species)
{
    int64_t n = 0;
    for (int32_t copy = 0; copy < u->copies; copy++) {
        for (int32_t i = 0; i < lattice->n_sites; i++, n++) {
            double s[3];
            site_in_cell(u, &lattice->sites[i], copy, s);
            for (int k = 0; k < 3; k++)
                fractional[3 * n + k] = (at[k] + s[k]) / repeat[k] - 0.5;
            species[n] = lattice->sites[i].species;
        }
    }
}

bnsl_status bnsl_lattice_supercell(const bnsl_lattice *lattice, int32_t cell, int32_t nx, int32_t ny, int32_t nz, int64_t capacity, int64_t *n_out,
                                   bnsl_box *box_out, double *xyz_out, int32_t *species_out)
{
    if (!lattice || !n_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", lattice ? "n_out" : "lattice");
    if (cell != BNSL_CELL_CONVENTIONAL && cell != BNSL_CELL_ORTHOGONAL)
        return BNSL_FAIL(BNSL_EINVAL, "cell is %d, must be BNSL_CELL_CONVENTIONAL or BNSL_CELL_ORTHOGONAL", cell);
    if (nx < 1 || ny < 1 || nz < 1)
        return BNSL_FAIL(BNSL_EINVAL, "repeats are %d, %d, %d, each must be >= 1", nx, ny, nz);
    if (capacity < 0)
        return BNSL_FAIL(BNSL_EINVAL, "capacity is %lld, must be >= 0", (long long)capacity);
    unit_cell u = unit_cell_of(lattice, cell);
    int64_t per_cell = (int64_t)u.copies * lattice->n_sites;
    double wanted = (double)per_cell * nx * ny * nz;
    if (wanted > MAX_PARTICLES)
        return BNSL_FAIL(BNSL_EINVAL, "%d x %d x %d cells have %.4g particles, at most 2^31 are possible", nx, ny, nz, wanted);
    int64_t n = (int64_t)wanted;
    if (capacity < n) {
        *n_out = n;
        return BNSL_FAIL(BNSL_EBUFFER, "room for %lld particles, %lld are needed", (long long)capacity, (long long)n);
    }
    if (!box_out || !xyz_out || !species_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !box_out ? "box_out" : !xyz_out ? "xyz_out" : "species_out");

    bnsl_box box;
    bnsl_status status = bnsl_box_init(&box, nx * u.lx, ny * u.ly, nz * u.lz, u.xy, 0.0, 0.0);
    if (status)
        return status;
    const int32_t repeat[3] = {nx, ny, nz};
    int64_t done = 0;
    for (int32_t i = 0; i < nx; i++) {
        for (int32_t j = 0; j < ny; j++) {
            for (int32_t k = 0; k < nz; k++, done += per_cell) {
                const int32_t at[3] = {i, j, k};
                fill_cell(lattice, &u, at, repeat, xyz_out + 3 * done, species_out + done);
            }
        }
    }
    status = bnsl_box_to_cartesian(&box, n, xyz_out, xyz_out);
    if (!status)
        status = bnsl_box_wrap(&box, n, xyz_out, NULL);
    if (status)
        return status;
    *n_out = n;
    *box_out = box;
    return BNSL_OK;
}

/* ---- sphere ---------------------------------------------------------------------------------------- */

/* Particles within the radius of the first L site, at most capacity of them written; returns how many there are. */
static int64_t carve(const bnsl_lattice *lattice, double radius, const int32_t reach[3], int64_t capacity, double *xyz, int32_t *species)
{
    const double *centre = lattice->sites[0].x;
    double limit = radius * radius * (1.0 + 2.0 * ON_SURFACE);
    int64_t n = 0;
    for (int32_t i = -reach[0]; i <= reach[0]; i++) {
        for (int32_t j = -reach[1]; j <= reach[1]; j++) {
            for (int32_t k = -reach[2]; k <= reach[2]; k++) {
                for (int32_t s = 0; s < lattice->n_sites; s++) {
                    const double *site = lattice->sites[s].x;
                    const double x[3] = {site[0] - centre[0] + i, site[1] - centre[1] + j, site[2] - centre[2] + k};
                    double r[3];
                    bnsl__cartesian(lattice, x, r);
                    if (r[0] * r[0] + r[1] * r[1] + r[2] * r[2] > limit)
                        continue;
                    if (n < capacity) {
                        memcpy(xyz + 3 * n, r, sizeof r);
                        species[n] = lattice->sites[s].species;
                    }
                    n++;
                }
            }
        }
    }
    return n;
}

bnsl_status bnsl_lattice_sphere(const bnsl_lattice *lattice, double radius, int64_t capacity, int64_t *n_out, double *xyz_out, int32_t *species_out)
{
    if (!lattice || !n_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", lattice ? "n_out" : "lattice");
    if (!(radius > 0.0) || isinf(radius))
        return BNSL_FAIL(BNSL_EINVAL, "radius is %g, must be finite and > 0", radius);
    if (capacity < 0)
        return BNSL_FAIL(BNSL_EINVAL, "capacity is %lld, must be >= 0", (long long)capacity);

    /* distances between lattice planes: c, and a or its projection */
    bool hexagonal = lattice->prototype->group->family == BNSL__HEXAGONAL;
    double planes = hexagonal ? sqrt(0.75) * lattice->a : lattice->a;
    double reach_xy = ceil(radius / planes) + 1.0, reach_z = ceil(radius / lattice->c) + 1.0;
    double searched = (2.0 * reach_xy + 1.0) * (2.0 * reach_xy + 1.0) * (2.0 * reach_z + 1.0) * lattice->n_sites;
    if (!(searched <= 8.0 * MAX_PARTICLES))
        return BNSL_FAIL(BNSL_EINVAL, "a sphere of radius %g has too many particles, at most 2^31 are possible", radius);
    const int32_t reach[3] = {(int32_t)reach_xy, (int32_t)reach_xy, (int32_t)reach_z};

    int64_t n = carve(lattice, radius, reach, 0, NULL, NULL);
    if (capacity < n) {
        *n_out = n;
        return BNSL_FAIL(BNSL_EBUFFER, "room for %lld particles, %lld are needed", (long long)capacity, (long long)n);
    }
    if (!xyz_out || !species_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", xyz_out ? "species_out" : "xyz_out");
    *n_out = carve(lattice, radius, reach, n, xyz_out, species_out);
    return BNSL_OK;
}
