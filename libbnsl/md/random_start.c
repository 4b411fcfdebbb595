/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disordered starting configurations: random points, then overlaps d_ij - r of spheres are pushed apart by the harmonic repulsion
 * U = sum (1 - r / d_ij)^2 / 2, d_ij = (d_i + d_j) / 2, with the FIRE minimiser [E. Bitzek et al., Phys. Rev. Lett. 97, 170201 (2006)].
 * Walls push spheres that reach across them likewise, by U = sum (1 - 2 r / d_i)^2 / 2 of the distance r from the centre to the wall.
 * Below random close packing (0.64 for equal spheres, more for mixtures) it ends without overlap [C. S. O'Hern et al., Phys. Rev. E 68,
 * 011306 (2003)]; hence the limit of 0.60. Cost: some hundred to a few thousand passes over the touching pairs.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

static const double PI_6 = 0.52359877559829887308;
static const double MAX_PACKING = 0.60;
static const double ALLOWED_OVERLAP = 0.02; /* of d_ij */
static const double CLEARANCE = 0.8;        /* of d_ij, between a free particle's first place and the fixed ones */
static const int64_t MAX_PASSES = 100000;
static const uint64_t MAX_ATTEMPTS = 10000;

/* FIRE's published parameters; times in units of d_max, the period of a contact of mass 1 and stiffness 1 / d^2 over 2 pi. */
static const double DT_START = 0.05, DT_MAX = 0.3, DT_GROW = 1.1, DT_SHRINK = 0.5, ALPHA_START = 0.1, ALPHA_SHRINK = 0.99;
enum { DELAY = 5 };

typedef struct relaxation {
    const char *func;
    bnsl_box box;
    int32_t wall;      /* BNSL_MD_WALL_* */
    double wall_size;
    int64_t n, n_fixed;
    const double *diameter;
    double d_max;
    double *r, *v, *f, *reference; /* n x 3 */
    double *shift;                 /* n_bonds x 3: image of the neighbour */
    int64_t shift_capacity;
    double *overlap;               /* n: largest of the particle's */
    double skin;
    int32_t num_threads;
    bnsl_neighbor_list *list;
} relaxation;

static bnsl_status build_list(relaxation *x)
{
    const int64_t *offset;
    const int32_t *index;
    const double *vector;
    bnsl_status status = bnsl_box_wrap(&x->box, x->n, x->r, NULL);
    if (!status)
        status = bnsl_neighbor_build(x->list, &x->box, x->n, x->r, NULL, x->diameter);
    if (!status)
        status = bnsl_neighbor_view(x->list, &offset, &index, &vector, NULL);
    if (status)
        return status;
    void *shift = x->shift;
    bool ok = bnsl__reserve(&shift, &x->shift_capacity, 3 * offset[x->n], sizeof *x->shift);
    x->shift = shift;
    if (!ok)
        return bnsl__fail(BNSL_ENOMEM, x->func, "out of memory for the neighbour list");
    for (int64_t i = 0; i < x->n; i++)
        for (int64_t b = offset[i]; b < offset[i + 1]; b++)
            for (int d = 0; d < 3; d++)
                x->shift[3 * b + d] = vector[3 * b + d] - (x->r[3 * (int64_t)index[b] + d] - x->r[3 * i + d]);
    memcpy(x->reference, x->r, (size_t)(3 * x->n) * sizeof *x->r);
    return BNSL_OK;
}

static bool outdated(const relaxation *x)
{
    double limit = 0.25 * x->skin * x->skin;
    for (int64_t i = 0; i < x->n; i++) {
        double d2 = 0;
        for (int d = 0; d < 3; d++) {
            double u = x->r[3 * i + d] - x->reference[3 * i + d];
            d2 += u * u;
        }
        if (!(d2 < limit))
            return true;
    }
    return false;
}

/* Distance of a place to the nearest wall, negative beyond it, and the direction to that wall. */
static double wall_distance(const relaxation *x, const double *r, double direction[3])
{
    double r2 = 0;
    for (int d = 0; d < 3; d++) {
        direction[d] = x->wall == BNSL_MD_WALL_SPHERE || d == 2 ? r[d] : 0;
        r2 += direction[d] * direction[d];
    }
    for (int d = 0; d < 3; d++)
        direction[d] /= r2 > 0 ? sqrt(r2) : 1;
    return x->wall_size - sqrt(r2);
}

/* Adds the walls' force on a particle; returns its relative overlap. */
static double push_from_walls(const relaxation *x, int64_t i, double *f)
{
    double direction[3], s = 0.5 * x->diameter[i], overlap = 1 - wall_distance(x, x->r + 3 * i, direction) / s;
    for (int d = 0; d < 3 && overlap > 0; d++)
        f[d] -= overlap * direction[d] / s;
    return overlap;
}

/* Forces on the free particles, and each particle's largest relative overlap. */
static void push(relaxation *x)
{
    const int64_t *offset;
    const int32_t *index;
    bnsl_neighbor_view(x->list, &offset, &index, NULL, NULL);
#pragma omp parallel for num_threads(bnsl__threads(x->num_threads)) schedule(static)
    for (int64_t i = 0; i < x->n; i++) {
        double f[3] = { 0, 0, 0 }, largest = 0;
        for (int64_t b = offset[i]; b < offset[i + 1]; b++) {
            int64_t j = index[b];
            double u[3], r2 = 0, d_ij = 0.5 * (x->diameter[i] + x->diameter[j]);
            for (int d = 0; d < 3; d++) {
                u[d] = x->r[3 * j + d] + x->shift[3 * b + d] - x->r[3 * i + d];
                r2 += u[d] * u[d];
            }
            if (r2 >= d_ij * d_ij || (j < x->n_fixed && i < x->n_fixed))
                continue;
            double r = sqrt(r2), overlap = 1 - r / d_ij;
            largest = overlap > largest ? overlap : largest;
            for (int d = 0; d < 3; d++)
                f[d] -= r > 0 ? overlap * u[d] / (r * d_ij) : 0;
        }
        if (x->wall != BNSL_MD_WALL_NONE && i >= x->n_fixed)
            largest = fmax(largest, push_from_walls(x, i, f));
        x->overlap[i] = largest;
        for (int d = 0; d < 3; d++)
            x->f[3 * i + d] = i < x->n_fixed ? 0 : f[d];
    }
}

static double dot(const relaxation *x, const double *a, const double *b)
{
    double s = 0;
    for (int64_t k = 0; k < 3 * x->n; k++)
        s += a[k] * b[k];
    return s;
}

static double largest_overlap(const relaxation *x)
{
    double largest = 0;
    for (int64_t i = 0; i < x->n; i++)
        largest = x->overlap[i] > largest ? x->overlap[i] : largest;
    return largest;
}

static bnsl_status relax(relaxation *x, bnsl_control *control)
{
    double dt = DT_START * x->d_max, alpha = ALPHA_START, initial = 0;
    int64_t downhill = 0;
    memset(x->v, 0, (size_t)(3 * x->n) * sizeof *x->v);
    bnsl_status status = build_list(x);
    for (int64_t pass = 0; !status; pass++) {
        push(x);
        double largest = largest_overlap(x);
        initial = pass == 0 ? largest : initial;
        if (largest <= ALLOWED_OVERLAP)
            return BNSL_OK;
        if (pass == MAX_PASSES)
            return bnsl__fail(BNSL_ENOCONV, x->func, "spheres still overlap by %.3g diameters after %lld passes", largest, (long long)pass);
        int64_t done = (int64_t)(1000 * (1 - largest / initial));
        if (bnsl__control_stop(control, done < 0 ? 0 : done, 1000))
            return bnsl__fail(BNSL_ECANCELLED, x->func, "stopped after %lld passes", (long long)pass);
        double power = dot(x, x->f, x->v), vv = dot(x, x->v, x->v), ff = dot(x, x->f, x->f);
        if (power > 0) {
            double mix = ff > 0 ? alpha * sqrt(vv / ff) : 0;
            for (int64_t k = 0; k < 3 * x->n; k++)
                x->v[k] = (1 - alpha) * x->v[k] + mix * x->f[k];
            if (++downhill > DELAY) {
                dt = fmin(dt * DT_GROW, DT_MAX * x->d_max);
                alpha *= ALPHA_SHRINK;
            }
        } else {
            memset(x->v, 0, (size_t)(3 * x->n) * sizeof *x->v);
            dt *= DT_SHRINK;
            alpha = ALPHA_START;
            downhill = 0;
        }
        for (int64_t k = 0; k < 3 * x->n; k++) {
            x->v[k] += dt * x->f[k];
            x->r[k] += dt * x->v[k];
        }
        if (outdated(x))
            status = build_list(x);
    }
    return status;
}

static bnsl_status check_walls(const relaxation *x)
{
    double plane[3];
    if (x->wall != BNSL_MD_WALL_SPHERE && x->wall != BNSL_MD_WALL_SLAB)
        return bnsl__fail(BNSL_EINVAL, x->func, "wall is %d, must be BNSL_MD_WALL_SPHERE or _SLAB", (int)x->wall);
    if (!(x->wall_size > 0 && isfinite(x->wall_size)))
        return bnsl__fail(BNSL_EINVAL, x->func, "size is %g, must be > 0", x->wall_size);
    if (x->wall == BNSL_MD_WALL_SLAB && (x->box.xz != 0 || x->box.yz != 0))
        return bnsl__fail(BNSL_EINVAL, x->func, "the box has tilts xz %g and yz %g, a slab needs 0", x->box.xz, x->box.yz);
    bnsl_status status = bnsl_box_plane_distances(&x->box, plane);
    double thinnest = x->wall == BNSL_MD_WALL_SLAB ? plane[2] : fmin(plane[0], fmin(plane[1], plane[2]));
    if (!status && !(2 * x->wall_size <= thinnest))
        return bnsl__fail(BNSL_EINVAL, x->func, "size is %g, must be at most %g, half of the box", x->wall_size, 0.5 * thinnest);
    return status;
}

static double volume_of(const relaxation *x)
{
    if (x->wall == BNSL_MD_WALL_SPHERE)
        return 8 * PI_6 * x->wall_size * x->wall_size * x->wall_size;
    return x->box.lx * x->box.ly * (x->wall == BNSL_MD_WALL_SLAB ? 2 * x->wall_size : x->box.lz);
}

static bnsl_status check(const relaxation *x, const double *xyz)
{
    if (x->n < 1 || x->n >= 1 << 30 || x->n_fixed < 0 || x->n_fixed > x->n)
        return bnsl__fail(BNSL_EINVAL, x->func, "n is %lld and n_fixed %lld, must be 1 .. 2^30 - 1 and 0 .. n", (long long)x->n,
                          (long long)x->n_fixed);
    if (!x->diameter || !xyz)
        return bnsl__fail(BNSL_EINVAL, x->func, "%s is NULL", !x->diameter ? "diameter" : "xyz_io");
    double packing = 0;
    for (int64_t i = 0; i < x->n; i++) {
        double d = x->diameter[i];
        if (!(d > 0 && isfinite(d)))
            return bnsl__fail(BNSL_EINVAL, x->func, "diameter[%lld] is %g, must be > 0", (long long)i, d);
        packing += PI_6 * d * d * d / volume_of(x);
    }
    if (packing > MAX_PACKING)
        return bnsl__fail(BNSL_EINVAL, x->func, "the packing fraction is %.4g, a disordered start needs at most %g", packing, MAX_PACKING);
    int64_t where;
    if (!bnsl__all_finite(3 * x->n_fixed, xyz, &where))
        return bnsl__fail(BNSL_EINVAL, x->func, "xyz_io[%lld] of fixed particle %lld is not finite", (long long)where, (long long)(where / 3));
    return BNSL_OK;
}

/* Whether particle i is between the walls and leaves the fixed ones alone: inside of a cluster it would be caught for good. */
static bool is_clear(const relaxation *x, int64_t i)
{
    double direction[3];
    if (x->wall != BNSL_MD_WALL_NONE && !(wall_distance(x, x->r + 3 * i, direction) > 0))
        return false;
    for (int64_t j = 0; j < x->n_fixed; j++) {
        double u[3], reach = CLEARANCE * 0.5 * (x->diameter[i] + x->diameter[j]);
        for (int d = 0; d < 3; d++)
            u[d] = x->r[3 * j + d] - x->r[3 * i + d];
        bnsl_box_minimum_image(&x->box, 1, u);
        if (u[0] * u[0] + u[1] * u[1] + u[2] * u[2] < reach * reach)
            return false;
    }
    return true;
}

/* A random place for particle i. */
static bnsl_status place(relaxation *x, int64_t i, uint64_t seed)
{
    for (uint64_t attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        double s[3];
        bnsl_status status = bnsl_random_uniform(seed, STREAM_START, (uint64_t)i, attempt, 3, s);
        for (int d = 0; d < 3; d++)
            s[d] -= 0.5;
        if (!status)
            status = bnsl_box_to_cartesian(&x->box, 1, s, x->r + 3 * i);
        if (status || is_clear(x, i))
            return status;
    }
    return bnsl__fail(BNSL_ENOCONV, x->func, "no room for particle %lld beside the %lld fixed ones", (long long)i,
                      (long long)x->n_fixed);
}

static bnsl_status set_up(relaxation *x, uint64_t seed, const double *xyz)
{
    bnsl_neighbor_options o;
    x->r = bnsl__calloc(3 * x->n, sizeof *x->r);
    x->v = bnsl__calloc(3 * x->n, sizeof *x->v);
    x->f = bnsl__calloc(3 * x->n, sizeof *x->f);
    x->reference = bnsl__calloc(3 * x->n, sizeof *x->reference);
    x->overlap = bnsl__calloc(x->n, sizeof *x->overlap);
    if (!x->r || !x->v || !x->f || !x->reference || !x->overlap)
        return bnsl__fail(BNSL_ENOMEM, x->func, "out of memory for %lld particles", (long long)x->n);
    for (int64_t i = 0; i < x->n; i++)
        x->d_max = fmax(x->d_max, x->diameter[i]);
    x->skin = 0.3 * x->d_max;
    bnsl_status status = bnsl_neighbor_options_init(&o, sizeof o);
    o.num_threads = x->num_threads;
    if (!status)
        status = bnsl_neighbor_create(&x->list, &o);
    if (!status)
        status = bnsl_neighbor_set_additive_cutoff(x->list, 1.0, x->skin);
    memcpy(x->r, xyz, (size_t)(3 * x->n_fixed) * sizeof *xyz);
    for (int64_t i = x->n_fixed; i < x->n && !status; i++)
        status = place(x, i, seed);
    return status;
}

static bnsl_status run(relaxation *x, uint64_t seed, double *xyz, bnsl_control *control)
{
    bnsl_status status = check(x, xyz);
    if (status)
        return status;
    status = set_up(x, seed, xyz);
    if (!status)
        status = relax(x, control);
    if (!status)
        memcpy(xyz + 3 * x->n_fixed, x->r + 3 * x->n_fixed, (size_t)(3 * (x->n - x->n_fixed)) * sizeof *xyz);
    bnsl_neighbor_destroy(x->list);
    free(x->r);
    free(x->v);
    free(x->f);
    free(x->reference);
    free(x->shift);
    free(x->overlap);
    return status;
}

static bnsl_status check_box(const bnsl_box *box, const char *func)
{
    bnsl_status status = bnsl_box_validate(box);
    if (!status && box->periodic != BNSL_PERIODIC_XYZ)
        return bnsl__fail(BNSL_EINVAL, func, "box.periodic is %d, must be BNSL_PERIODIC_XYZ", (int)box->periodic);
    return status;
}

bnsl_status bnsl_md_random_start(const bnsl_box *box, int64_t n, const double *diameter, int64_t n_fixed, uint64_t seed, int32_t num_threads,
                                 double *xyz_io, bnsl_control *control)
{
    bnsl_status status = check_box(box, __func__);
    if (status)
        return status;
    relaxation x = { .func = __func__, .box = *box, .n = n, .n_fixed = n_fixed, .diameter = diameter, .num_threads = num_threads };
    return run(&x, seed, xyz_io, control);
}

bnsl_status bnsl_md_random_start_confined(const bnsl_box *box, int32_t wall, double size, int64_t n, const double *diameter, int64_t n_fixed,
                                          uint64_t seed, int32_t num_threads, double *xyz_io, bnsl_control *control)
{
    bnsl_status status = check_box(box, __func__);
    if (status)
        return status;
    relaxation x = { .func = __func__, .box = *box, .wall = wall, .wall_size = size, .n = n, .n_fixed = n_fixed, .diameter = diameter,
                     .num_threads = num_threads };
    status = check_walls(&x);
    return status ? status : run(&x, seed, xyz_io, control);
}
