/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walls around the particles: a sphere, or two planes. Each particle is repelled by the WCA potential of length s = d_i / 2 [J. D. Weeks,
 * D. Chandler, H. C. Andersen, J. Chem. Phys. 54, 5237 (1971)] from the distance r of its centre to the wall, the truncation scaled with the
 * particle as in droplets of polydisperse nanocrystals:
 *
 *   U(r) = 4 eps ((s/r)^12 - (s/r)^6) + eps for r < 2^(1/6) s;  U(r) = U(0.75 s) + F(0.75 s) (0.75 s - r) for r < 0.75 s
 *
 * The straight part keeps forces finite next to the wall: about 105 eps high where it begins and 1485 eps on the wall itself. What gets
 * through (a wall that moves fast, a start outside) is reflected: a place further inside could be taken already. Cost: one comparison for a
 * particle away from the wall.
 */
#include <math.h>

#include "md_internal.h"

static const double WCA_REACH = 1.12246204830937298; /* 2^(1/6) */
static const double PI_3 = 1.04719755119659774615;
static const double STRAIGHT_BELOW = 0.75;

/* U and -dU/dr at a distance r < 2^(1/6) s. */
static void repulsion(double r, double s, double epsilon, double *energy, double *force)
{
    double from = STRAIGHT_BELOW * s, at = r > from ? r : from;
    double x2 = s / at * (s / at), x6 = x2 * x2 * x2;
    *force = 24 * epsilon * x6 * (2 * x6 - 1) / at;
    *energy = 4 * epsilon * x6 * (x6 - 1) + epsilon + *force * (at - r);
}

static void sphere_forces(bnsl_md *md, int64_t first, int64_t last, double sum[2])
{
    const double size = md->wall.size, epsilon = md->wall.epsilon;
    for (int64_t i = first; i < last; i++) {
        const double *x = md->position + ROW * i;
        double s = x[3], free_radius = size - WCA_REACH * s, r2 = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
        if (free_radius > 0 && r2 <= free_radius * free_radius)
            continue;
        double r = sqrt(r2), energy, force;
        repulsion(size - r, s, epsilon, &energy, &force);
        for (int d = 0; d < 3 && r > 0; d++) /* in the very middle of a tiny sphere the forces cancel */
            md->force[ROW * i + d] -= force * (x[d] / r);
        sum[0] += energy;
        sum[1] += force;
    }
}

static void slab_forces(bnsl_md *md, int64_t first, int64_t last, double sum[2])
{
    const double size = md->wall.size, epsilon = md->wall.epsilon;
    for (int64_t i = first; i < last; i++) {
        double s = md->position[ROW * i + 3], z = md->position[ROW * i + 2];
        if (fabs(z) <= size - WCA_REACH * s)
            continue;
        for (int side = -1; side <= 1; side += 2) {
            double r = size - side * z, energy, force;
            if (r >= WCA_REACH * s)
                continue;
            repulsion(r, s, epsilon, &energy, &force);
            md->force[ROW * i + 2] -= side * force;
            sum[0] += energy;
            sum[1] += force;
        }
    }
}

void bnsl__wall_forces(bnsl_md *md, int64_t chunk, int64_t first, int64_t last, bool with_energy)
{
    double sum[2] = { 0, 0 };
    if (md->wall.kind == BNSL_MD_WALL_SPHERE)
        sphere_forces(md, first, last, sum);
    else if (md->wall.kind == BNSL_MD_WALL_SLAB)
        slab_forces(md, first, last, sum);
    if (with_energy) {
        md->chunk_sum[chunk * N_SUMS + SUM_WALL_ENERGY] = sum[0];
        md->chunk_sum[chunk * N_SUMS + SUM_WALL_FORCE] = sum[1];
    }
}

/* ---- particles past the wall -------------------------------------------------------------------------- */

/* As far inside as r is beyond, at most 0.75 s. */
static double place_inside(double size, double r, double s)
{
    return fmax(size - fmin(r - size, STRAIGHT_BELOW * s), 0);
}

static bool return_to_sphere(double size, double *x, double *v)
{
    double r2 = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    if (!(r2 > size * size))
        return false;
    double r = sqrt(r2), inside = place_inside(size, r, x[3]), outward = 0;
    for (int d = 0; d < 3; d++) {
        x[d] /= r;
        outward += v[d] * x[d];
    }
    for (int d = 0; d < 3; d++) {
        v[d] -= outward > 0 ? 2 * outward * x[d] : 0;
        x[d] *= inside;
    }
    return true;
}

static bool return_to_slab(double size, double *x, double *v)
{
    if (!(fabs(x[2]) > size))
        return false;
    x[2] = copysign(place_inside(size, fabs(x[2]), x[3]), x[2]);
    if (v[2] * x[2] > 0)
        v[2] = -v[2];
    return true;
}

void bnsl__wall_return(bnsl_md *md)
{
    const bnsl__wall wall = md->wall;
    int64_t n_returned = 0;
    if (wall.kind == BNSL_MD_WALL_NONE)
        return;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static) reduction(+ : n_returned)
    for (int64_t i = 0; i < md->n; i++) {
        double *x = md->position + ROW * i, *v = md->velocity + ROW * i;
        if (md->mobile && md->mobile[i] == 0)
            continue;
        n_returned += wall.kind == BNSL_MD_WALL_SPHERE ? return_to_sphere(wall.size, x, v) : return_to_slab(wall.size, x, v);
    }
    md->n_returned += n_returned;
    if (n_returned > 0) {
        md->forces_valid = false;
        md->largest_displacement2 = -1;
    }
}

/* ---- setting ------------------------------------------------------------------------------------------ */

/* Largest cut-off of the present particles. */
static double largest_cutoff(const bnsl_md *md)
{
    const bnsl__interaction *x = &md->interaction;
    double reach = 0, radius = 0;
    for (int32_t k = 0; k < x->n_species * x->n_species; k++)
        reach = fmax(reach, x->pair_reach[k]);
    for (int64_t i = 0; i < md->n; i++)
        radius = fmax(radius, md->position[ROW * i + 3]);
    return 2 * reach * radius;
}

bnsl_status bnsl__wall_fits(const bnsl_md *md, int32_t kind, double size, const char *func)
{
    static const char *const axis[3] = { "a", "b", "c" };
    double plane[3], needed = 2 * size + largest_cutoff(md);
    if (kind == BNSL_MD_WALL_NONE)
        return BNSL_OK;
    if (kind == BNSL_MD_WALL_SLAB && (md->box.xz != 0 || md->box.yz != 0))
        return bnsl__fail(BNSL_EINVAL, func, "the box has tilts xz %g and yz %g, a slab needs 0", md->box.xz, md->box.yz);
    bnsl_status status = bnsl_box_plane_distances(&md->box, plane);
    for (int d = kind == BNSL_MD_WALL_SLAB ? 2 : 0; d < 3 && !status; d++)
        if (!(plane[d] >= needed))
            status = bnsl__fail(BNSL_EINVAL, func, "the box is %g thick along %s, walls of size %g need %g (twice the size and the largest cut-off)",
                                plane[d], axis[d], size, needed);
    return status;
}

double bnsl__wall_size(const bnsl_md *md, double volume)
{
    if (md->wall.kind == BNSL_MD_WALL_SPHERE)
        return cbrt(volume / (4 * PI_3));
    return volume / (2 * md->box.lx * md->box.ly);
}

bnsl_status bnsl__wall_still_fits(const bnsl_md *md, const char *func)
{
    double size = md->wall.size, thinnest = 1;
    for (int32_t k = 0; k < md->packing.n; k++)
        thinnest = fmin(thinnest, md->packing.value[k]);
    if (md->wall.kind != BNSL_MD_WALL_NONE && md->packing.n > 0)
        size = fmax(size, bnsl__wall_size(md, bnsl__md_sphere_volume(md) / thinnest));
    return bnsl__wall_fits(md, md->wall.kind, size, func);
}

bnsl_status bnsl_md_set_wall(bnsl_md *md, int32_t kind, double size, double epsilon)
{
    if (!md || kind < BNSL_MD_WALL_NONE || kind > BNSL_MD_WALL_SLAB)
        return md ? BNSL_FAIL(BNSL_EINVAL, "kind is %d, must be one of BNSL_MD_WALL_*", (int)kind) : BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    if (md->packing.n > 0)
        return BNSL_FAIL(BNSL_EINVAL, "there is a packing schedule; end it, and set it after the wall");
    if (kind == BNSL_MD_WALL_NONE) {
        md->wall = (bnsl__wall){ .kind = BNSL_MD_WALL_NONE };
        md->forces_valid = false;
        return BNSL_OK;
    }
    if (md->options.integrator == BNSL_MD_NPT)
        return BNSL_FAIL(BNSL_EINVAL, "walls are not possible with BNSL_MD_NPT");
    if (!(size > 0 && isfinite(size)) || !(epsilon > 0 && isfinite(epsilon)))
        return BNSL_FAIL(BNSL_EINVAL, "size is %g and epsilon %g, both must be > 0", size, epsilon);
    bnsl_status status = bnsl__wall_fits(md, kind, size, __func__);
    if (status)
        return status;
    md->wall = (bnsl__wall){ .kind = kind, .size = size, .epsilon = epsilon };
    md->forces_valid = false;
    md->largest_displacement2 = -1;
    bnsl__wall_return(md);
    return BNSL_OK;
}
