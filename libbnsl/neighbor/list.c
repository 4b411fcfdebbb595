/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The neighbour list as an object: options, cut-offs, memory, results. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neighbor_internal.h"

enum { MAX_K = 1000, ALL_FLAGS = BNSL_NEIGHBOR_HALF | BNSL_NEIGHBOR_SORTED | BNSL_NEIGHBOR_NO_VECTORS };

/* Radii up to this can be squared. */
static const double max_radius = 1e100;

static const bnsl_neighbor_options defaults = {
    .struct_size = sizeof(bnsl_neighbor_options), .mode = BNSL_NEIGHBOR_RADIUS, .k = 12, .query_species = -1, .point_species = -1};

static const double DEFAULT_RADIUS = 1.5;

bnsl_status bnsl_neighbor_options_init(bnsl_neighbor_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_neighbor_options *o, const char *func)
{
    const bool radius = o->mode == BNSL_NEIGHBOR_RADIUS, nearest = o->mode == BNSL_NEIGHBOR_NEAREST;
    if (o->mode < BNSL_NEIGHBOR_RADIUS || o->mode > BNSL_NEIGHBOR_RAD_CLOSED)
        return bnsl__fail(BNSL_EINVAL, func, "mode is %d, must be one of BNSL_NEIGHBOR_RADIUS (0) .. BNSL_NEIGHBOR_RAD_CLOSED (4)", (int)o->mode);
    if (!(o->r_min >= 0.0 && o->r_min <= max_radius))
        return bnsl__fail(BNSL_EINVAL, func, "r_min is %g, must be within 0 .. 1e100", o->r_min);
    if (!radius && o->r_min > 0.0)
        return bnsl__fail(BNSL_EINVAL, func, "r_min is %g, must be 0 for any but a radius list", o->r_min);
    if (radius && !(o->r_max > o->r_min && o->r_max <= max_radius))
        return bnsl__fail(BNSL_EINVAL, func, "r_max is %g, must be > r_min = %g and <= 1e100", o->r_max, o->r_min);
    if (!radius && !(o->r_max >= 0.0 && o->r_max <= max_radius))
        return bnsl__fail(BNSL_EINVAL, func, "r_max is %g, must be within 0 .. 1e100 (0: no bound)", o->r_max);
    if (nearest && (o->k < 1 || o->k > MAX_K))
        return bnsl__fail(BNSL_EINVAL, func, "k is %d, must be within 1 .. %d", (int)o->k, MAX_K);
    if (o->query_species < -1 || o->point_species < -1)
        return bnsl__fail(BNSL_EINVAL, func, "query_species and point_species are %d and %d, must be >= 0, or -1 for all", (int)o->query_species,
                          (int)o->point_species);
    if (o->flags & ~ALL_FLAGS)
        return bnsl__fail(BNSL_EINVAL, func, "flags is %d, must be a sum of BNSL_NEIGHBOR_ bits, 0 .. %d", (int)o->flags, (int)ALL_FLAGS);
    if ((o->flags & BNSL_NEIGHBOR_HALF) && (!radius || o->query_species != o->point_species))
        return bnsl__fail(BNSL_EINVAL, func, "BNSL_NEIGHBOR_HALF is for radius lists of one point set with query_species == point_species");
    if (o->num_threads < 0)
        return bnsl__fail(BNSL_EINVAL, func, "num_threads is %d, must be >= 0", (int)o->num_threads);
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", (int)o->reserved);
    return BNSL_OK;
}

bnsl_status bnsl_neighbor_create(bnsl_neighbor_list **out, const bnsl_neighbor_options *opts)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    bnsl_neighbor_options o = defaults;
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_neighbor_options", __func__) : BNSL_OK;
    if (o.mode == BNSL_NEIGHBOR_RADIUS && o.r_max == 0.0)
        o.r_max = DEFAULT_RADIUS;
    if (status == BNSL_OK)
        status = check_options(&o, __func__);
    if (status != BNSL_OK)
        return status;
    bnsl_neighbor_list *list = bnsl__calloc(1, sizeof *list);
    if (!list)
        return BNSL_NOMEM();
    list->options = o;
    /* one element each: an empty list has valid arrays too */
    bool held = bnsl__hold(&list->offset, 1, sizeof(int64_t)) && bnsl__hold(&list->bonds.index, 1, sizeof(int32_t));
    if (held && !(o.flags & BNSL_NEIGHBOR_NO_VECTORS))
        held = bnsl__hold(&list->bonds.vector, 3, sizeof(double)) && bnsl__hold(&list->bonds.distance, 1, sizeof(double));
    if (!held) {
        bnsl_neighbor_destroy(list);
        return BNSL_NOMEM();
    }
    *(int64_t *)list->offset.data = 0;
    *out = list;
    return BNSL_OK;
}

static void free_arrays(size_t n, bnsl__array *const arrays[])
{
    for (size_t i = 0; i < n; i++)
        free(arrays[i]->data);
}

void bnsl_neighbor_destroy(bnsl_neighbor_list *list)
{
    if (!list)
        return;
    for (int64_t p = 0; p < list->n_parts_allocated; p++) {
        bnsl__part *part = &list->parts[p];
        bnsl__array *const arrays[] = {&part->own.index, &part->own.vector, &part->own.distance, &part->runs, &part->hit_id,
                                       &part->hit_square, &part->bonds,     &part->keys,         &part->done, &part->blocked};
        free_arrays(sizeof arrays / sizeof *arrays, arrays);
    }
    bnsl__images *im = &list->images;
    bnsl__array *const arrays[] = {&list->offset,      &list->bonds.index,    &list->bonds.vector,  &list->bonds.distance,
                                   &list->query_class, &list->point_class,    &list->query_wrapped, &list->point_wrapped,
                                   &list->unfinished,  &list->query_cell,     &list->query_order,   &list->cell_first,
                                   &im->own_xyz,       &im->own_class,        &im->own_owner,       &im->own_shift,
                                   &im->own_shift_vector, &im->own_home,      &im->fraction};
    free_arrays(sizeof arrays / sizeof *arrays, arrays);
    bnsl__cells_free(&list->cells);
    free(list->pair_cutoff);
    free(list->species_class);
    free(list->parts);
    free(list);
}

bool bnsl__parts_hold(bnsl_neighbor_list *list, int64_t n)
{
    if (n <= list->n_parts_allocated)
        return true;
    bnsl__part *parts = bnsl__calloc(n, sizeof *parts);
    if (!parts)
        return false;
    if (list->n_parts_allocated > 0)
        memcpy(parts, list->parts, (size_t)list->n_parts_allocated * sizeof *parts);
    free(list->parts);
    list->parts = parts;
    list->n_parts_allocated = n;
    return true;
}

static bnsl_status check_pair_cutoffs(int32_t n, const double *r_max, const char *func)
{
    for (int32_t a = 0; a < n; a++) {
        for (int32_t b = 0; b < n; b++) {
            const double r = r_max[(int64_t)a * n + b];
            if (!(r >= 0.0 && r <= max_radius))
                return bnsl__fail(BNSL_EINVAL, func, "r_max[%d][%d] is %g, must be within 0 .. 1e100", (int)a, (int)b, r);
            if (r != r_max[(int64_t)b * n + a])
                return bnsl__fail(BNSL_EINVAL, func, "r_max[%d][%d] is %.17g, r_max[%d][%d] is %.17g; must be symmetric", (int)a, (int)b, r, (int)b,
                                  (int)a, r_max[(int64_t)b * n + a]);
        }
    }
    return BNSL_OK;
}

bnsl_status bnsl_neighbor_set_pair_cutoffs(bnsl_neighbor_list *list, int32_t n_species, const double *r_max)
{
    if (!list || !r_max)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", list ? "r_max" : "list");
    if (list->options.mode != BNSL_NEIGHBOR_RADIUS)
        return BNSL_FAIL(BNSL_EINVAL, "pair cut-offs are for radius lists");
    if (n_species < 1)
        return BNSL_FAIL(BNSL_EINVAL, "n_species is %d, must be >= 1", (int)n_species);
    bnsl_status status = check_pair_cutoffs(n_species, r_max, __func__);
    if (status != BNSL_OK)
        return status;
    const int64_t n = (int64_t)n_species * n_species;
    double *copy = bnsl__alloc(n, sizeof *copy);
    uint8_t *species_class = bnsl__alloc(n_species, sizeof *species_class);
    if (!copy || !species_class) {
        free(copy);
        free(species_class);
        return BNSL_NOMEM();
    }
    memcpy(copy, r_max, (size_t)n * sizeof *copy);
    bnsl__classify_species(n_species, copy, species_class, &list->species_classes);
    free(list->pair_cutoff);
    free(list->species_class);
    list->pair_cutoff = copy;
    list->species_class = species_class;
    list->n_species = n_species;
    list->factor = 0.0;
    return BNSL_OK;
}

bnsl_status bnsl_neighbor_set_additive_cutoff(bnsl_neighbor_list *list, double factor, double skin)
{
    if (!list)
        return BNSL_FAIL(BNSL_EINVAL, "list is NULL");
    if (list->options.mode != BNSL_NEIGHBOR_RADIUS)
        return BNSL_FAIL(BNSL_EINVAL, "additive cut-offs are for radius lists");
    if (!(factor > 0.0 && factor <= max_radius))
        return BNSL_FAIL(BNSL_EINVAL, "factor is %g, must be > 0 and <= 1e100", factor);
    if (!(skin >= 0.0 && skin <= max_radius))
        return BNSL_FAIL(BNSL_EINVAL, "skin is %g, must be within 0 .. 1e100", skin);
    free(list->pair_cutoff);
    free(list->species_class);
    list->pair_cutoff = NULL;
    list->species_class = NULL;
    list->n_species = 0;
    list->factor = factor;
    list->skin = skin;
    return BNSL_OK;
}

int32_t bnsl_neighbor_is_half(const bnsl_neighbor_list *list)
{
    return list && (list->options.flags & BNSL_NEIGHBOR_HALF) ? 1 : 0;
}

int64_t bnsl_neighbor_n_bonds(const bnsl_neighbor_list *list)
{
    return list ? list->bonds.n : 0;
}

int64_t bnsl_neighbor_n_query(const bnsl_neighbor_list *list)
{
    return list ? list->n_query : 0;
}

bnsl_status bnsl_neighbor_counts(const bnsl_neighbor_list *list, int64_t *count_out)
{
    if (!list)
        return BNSL_FAIL(BNSL_EINVAL, "list is NULL");
    if (!count_out && list->n_query > 0)
        return BNSL_FAIL(BNSL_EINVAL, "count_out is NULL");
    const int64_t *offset = list->offset.data;
    for (int64_t i = 0; i < list->n_query; i++)
        count_out[i] = offset[i + 1] - offset[i];
    return BNSL_OK;
}

bnsl_status bnsl_neighbor_view(const bnsl_neighbor_list *list, const int64_t **offset_out, const int32_t **index_out, const double **vector_out,
                               const double **distance_out)
{
    if (!list)
        return BNSL_FAIL(BNSL_EINVAL, "list is NULL");
    if (offset_out)
        *offset_out = list->offset.data;
    if (index_out)
        *index_out = list->bonds.index.data;
    if (vector_out)
        *vector_out = list->bonds.vector.data;
    if (distance_out)
        *distance_out = list->bonds.distance.data;
    return BNSL_OK;
}
