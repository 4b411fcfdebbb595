/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Local number density around each particle. A neighbour is a sphere of some diameter D, of which the part inside the sphere of radius R
 * counts, linear in the distance d of its centre: 1 below R - D/2, (R + D/2 - d) / D from there to R + D/2, then 0. This is the local density
 * of freud [Ramasubramani et al., Comput. Phys. Commun. 254, 107275 (2020)]; in an ideal gas its mean is 1 + D^2 / (4 R^2) times the density.
 * Cost: O(pairs within R + D/2); no list of them is kept.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "order_internal.h"
#include "pairs_internal.h"

static const bnsl_order_density_options defaults = {sizeof defaults, 1, 1.3, 1, -1, -1};

/* Bounds of lengths whose cubes and squares are numbers. */
static const double min_length = 1e-100, max_length = 1e100;

bnsl_status bnsl_order_density_options_init(bnsl_order_density_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

double bnsl_order_density_threshold(int32_t phase)
{
    switch (phase) {
    case BNSL_PHASE_FCC:
        return 1.05;
    case BNSL_PHASE_ALB2:
        return 1.6;
    case BNSL_PHASE_NAZN13:
        return 2.5;
    default:
        return NAN;
    }
}

static bnsl_status load_options(bnsl_order_density_options *o, const bnsl_order_density_options *opts, const char *func)
{
    *o = defaults;
    bnsl_status status = opts ? bnsl__options_load(o, sizeof *o, opts, "bnsl_order_density_options", func) : BNSL_OK;
    if (status != BNSL_OK)
        return status;
    if (o->num_threads < 0)
        return bnsl__fail(BNSL_EINVAL, func, "num_threads is %d, must be >= 0", o->num_threads);
    if (!(o->r_max >= min_length && o->r_max <= max_length))
        return bnsl__fail(BNSL_EINVAL, func, "r_max is %g, must be within 1e-100 .. 1e100", o->r_max);
    if (!(o->diameter >= min_length && o->diameter <= max_length))
        return bnsl__fail(BNSL_EINVAL, func, "diameter is %g, must be within 1e-100 .. 1e100", o->diameter);
    if (o->query_species < -1 || o->point_species < -1)
        return bnsl__fail(BNSL_EINVAL, func, "query_species and point_species are %d and %d, must be >= -1", o->query_species, o->point_species);
    return BNSL_OK;
}

static double sphere_volume(const bnsl_order_density_options *o)
{
    return 4.0 / 3.0 * 3.14159265358979323846 * o->r_max * o->r_max * o->r_max;
}

/* ---- from positions --------------------------------------------------------------------------------------------------------------- */

/* What the threads read and write. */
typedef struct search {
    bnsl_order_density_options o;
    pairs_space space;
    pairs_grid query, others; /* others: when they are not the query particles */
    const pairs_grid *points;
    int32_t *home;            /* place of each particle among the others, -1: not there; NULL: its own, or none */
    double *neighbors;        /* by particle */
    pairs_worker *workers;
    int threads;
} search;

static void search_free(search *s)
{
    for (int t = 0; s->workers && t < s->threads; t++)
        free(s->workers[t].rows);
    free(s->workers);
    free(s->home);
    free(s->neighbors);
    bnsl__pairs_grid_free(&s->query);
    bnsl__pairs_grid_free(&s->others);
    bnsl__pairs_space_free(&s->space);
}

/* Grids of the two sides, and where a particle finds itself on the other one. */
static bool make_grids(search *s, const int32_t *species)
{
    const int64_t n = s->space.n;
    s->points = &s->query;
    if (!bnsl__pairs_grid_make(&s->query, &s->space, species, s->o.query_species))
        return false;
    if (s->o.point_species == s->o.query_species)
        return true;
    s->points = &s->others;
    s->home = bnsl__alloc(n, sizeof *s->home);
    if (!s->home || !bnsl__pairs_grid_make(&s->others, &s->space, species, s->o.point_species))
        return false;
    for (int64_t i = 0; i < n; i++)
        s->home[i] = -1;
    for (int64_t place = 0; place < s->others.n; place++)
        s->home[s->others.id[place]] = (int32_t)place;
    return true;
}

static double add_lanes(const double *v)
{
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

/* Neighbours of the particles of one row; false: no memory. */
static bool measure_row(const search *s, int64_t row, pairs_kernel kernel, pairs_worker *worker)
{
    const double outer = s->o.r_max + 0.5 * s->o.diameter;
    const pairs_measure measure = {.square_max = outer * outer, .r_full = s->o.r_max - 0.5 * s->o.diameter};
    const int32_t begin = bnsl__pairs_row_start(&s->query, row), end = bnsl__pairs_row_start(&s->query, row + 1);
    if (begin == end)
        return true;
    if (!bnsl__pairs_rows(&s->space, &s->query, row, s->points, false, worker))
        return false;
    for (int32_t i = begin; i < end; i++) {
        pairs_shells sums = {.n_full = {0}};
        const int32_t id = s->query.id[i];
        bnsl__pairs_scan(&s->space, &s->query, i, s->points, s->home ? s->home[id] : i, worker, kernel, &measure, &sums);
        s->neighbors[id] = add_lanes(sums.n_full) + (outer * add_lanes(sums.n_partial) - add_lanes(sums.sum_r)) / s->o.diameter;
    }
    return true;
}

static bool measure_all(search *s)
{
    const pairs_kernel kernel = BNSL_KERNEL_PICK(bnsl__isa(BNSL_ISA_AUTO), bnsl__pairs_shells);
    const int64_t n_rows = bnsl__pairs_n_rows(&s->query);
    atomic_int failed = 0;
#pragma omp parallel for num_threads(s->threads) schedule(dynamic, 1)
    for (int64_t row = 0; row < n_rows; row++)
        if (!atomic_load(&failed) && !measure_row(s, row, kernel, s->workers + bnsl__thread_number()))
            atomic_store(&failed, 1);
    return !atomic_load(&failed);
}

bnsl_status bnsl_order_local_density(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                     const bnsl_order_density_options *opts, double *density_out, double *neighbors_out)
{
    search s = {.space = {.n = 0}};
    bnsl_status status = load_options(&s.o, opts, __func__);
    if (status != BNSL_OK)
        return status;
    if (!species && (s.o.query_species > 0 || s.o.point_species > 0))
        return BNSL_FAIL(BNSL_EINVAL, "species is NULL: all are 0, but species %d is wanted",
                         s.o.query_species > 0 ? s.o.query_species : s.o.point_species);
    status = bnsl__pairs_space_make(&s.space, box, n, xyz, s.o.r_max + 0.5 * s.o.diameter, __func__);
    if (status == BNSL_OK)
        status = bnsl__pairs_check_species(n, species, INT32_MAX, __func__);
    if (status == BNSL_OK) {
        s.threads = bnsl__threads(s.o.num_threads);
        s.workers = bnsl__calloc(s.threads, sizeof *s.workers);
        s.neighbors = bnsl__calloc(n, sizeof *s.neighbors);
        if (!s.workers || !s.neighbors || !make_grids(&s, species) || !measure_all(&s))
            status = BNSL_NOMEM();
    }
    for (int64_t i = 0; status == BNSL_OK && i < n; i++) {
        if (density_out)
            density_out[i] = s.neighbors[i] / sphere_volume(&s.o);
        if (neighbors_out)
            neighbors_out[i] = s.neighbors[i];
    }
    search_free(&s);
    return status;
}

/* ---- from a list ------------------------------------------------------------------------------------------------------------------- */

bnsl_status bnsl_order_local_density_of_list(const bnsl_neighbor_list *list, const bnsl_order_density_options *opts, double *density_out,
                                             double *neighbors_out)
{
    bnsl_order_density_options o;
    order_bonds bonds;
    const double *distance;
    bnsl_status status = load_options(&o, opts, __func__);
    if (status != BNSL_OK)
        return status;
    if (!bnsl__order_load_bonds(list, true, false, "list", &bonds, __func__) || bnsl_neighbor_view(list, NULL, NULL, NULL, &distance) != BNSL_OK)
        return BNSL_EINVAL;
    const double inner = o.r_max - 0.5 * o.diameter, outer = o.r_max + 0.5 * o.diameter, volume = sphere_volume(&o);
#pragma omp parallel for num_threads(bnsl__threads(o.num_threads)) schedule(static)
    for (int64_t i = 0; i < bonds.n_query; i++) {
        double sum = 0;
        for (int64_t b = bonds.offset[i]; b < bonds.offset[i + 1]; b++)
            if (distance[b] < outer)
                sum += distance[b] < inner ? 1 : (outer - distance[b]) / o.diameter;
        if (density_out)
            density_out[i] = sum / volume;
        if (neighbors_out)
            neighbors_out[i] = sum;
    }
    return BNSL_OK;
}
