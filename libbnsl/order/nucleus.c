/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is measured of a nucleus in one frame: where its centre is, how far from a wall, and how dense the surroundings of each L are.
 * Cost: O(n).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nucleation.h"

static const double pi = 3.14159265358979323846;

bnsl_status bnsl__order_density_around_l(const bnsl_order_nucleation_options *o, const bnsl_box *box, int64_t n, const double *xyz,
                                         const int32_t *species, double *density)
{
    bnsl_order_density_options d;
    bnsl_status status = bnsl_order_density_options_init(&d, sizeof d);
    d.r_max = o->density_r_max * o->diameter_l;
    d.diameter = o->density_diameter * o->diameter_l;
    d.query_species = 0;
    d.num_threads = o->num_threads;
    if (status == BNSL_OK)
        status = bnsl_order_local_density(box, n, xyz, species, &d, density, NULL);
    for (int64_t i = 0; status == BNSL_OK && i < n; i++)
        density[i] = species[i] == 0 ? density[i] * pow(o->diameter_l, 3) : NAN;
    return status;
}

/* Adds the members of the cluster of one L to its sum, each at the place where bonds lead from there. place: c->n x 3; queue: c->n; seen: c->n. */
static void gather(const order_bonds *bonds, int32_t first, const double *xyz, double *place, int32_t *queue, bool *seen, double *sum)
{
    int64_t head = 0, tail = 0;
    memcpy(place + 3 * (int64_t)first, xyz + 3 * (int64_t)first, 3 * sizeof *place);
    seen[first] = true;
    queue[tail++] = first;
    while (head < tail) {
        int64_t i = queue[head++];
        for (int32_t a = 0; a < 3; a++)
            sum[a] += place[3 * i + a];
        for (int64_t b = bonds->offset[i]; b < bonds->offset[i + 1]; b++) {
            int64_t j = bonds->index[b];
            if (seen[j])
                continue;
            seen[j] = true;
            queue[tail++] = (int32_t)j;
            for (int32_t a = 0; a < 3; a++)
                place[3 * j + a] = place[3 * i + a] + bonds->vector[3 * b + a];
        }
    }
}

bnsl_status bnsl__order_cluster_centers(const bnsl_box *box, const order_crystal *c, int64_t n_clusters, const int32_t *cluster, const int64_t *size,
                                        double *center, const char *func)
{
    order_bonds bonds;
    if (!bnsl__order_load_bonds(c->bonds, true, false, "bonds", &bonds, func))
        return BNSL_EINTERNAL;
    double *place = bnsl__alloc(c->n, 3 * sizeof *place);
    int32_t *queue = bnsl__alloc(c->n, sizeof *queue);
    bool *seen = bnsl__calloc(c->n, sizeof *seen);
    bnsl_status status = place && queue && seen ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK) {
        memset(center, 0, (size_t)n_clusters * 3 * sizeof *center);
        for (int32_t i = 0; i < c->n; i++)
            if (!seen[i])
                gather(&bonds, i, c->xyz, place, queue, seen, center + 3 * (int64_t)cluster[i]);
        for (int64_t k = 0; k < n_clusters; k++)
            for (int32_t a = 0; a < 3; a++)
                center[3 * k + a] /= (double)size[k];
        if (box)
            status = bnsl_box_wrap(box, n_clusters, center, NULL);
    }
    free(place), free(queue), free(seen);
    return status;
}

double bnsl__order_room(const nucleation_wall *wall, const bnsl_box *box)
{
    double plane[3], volume;
    if (wall->kind == BNSL_CONFINEMENT_SPHERE)
        return 4.0 / 3 * pi * wall->size * wall->size * wall->size;
    if (!box || bnsl_box_volume(box, &volume) != BNSL_OK || bnsl_box_plane_distances(box, plane) != BNSL_OK)
        return NAN;
    if (wall->kind == BNSL_CONFINEMENT_SLAB)
        return volume * 2 * wall->size / plane[wall->axis];
    return box->periodic == BNSL_PERIODIC_XYZ ? volume : NAN;
}

void bnsl__order_wall_distance(const nucleation_wall *wall, const bnsl_box *box, const double *point, double *distance, double *random,
                               double *probability)
{
    double v[3], reciprocal[9], length = 0, along = 0;
    *distance = *random = *probability = NAN;
    for (int32_t a = 0; a < 3; a++)
        v[a] = point[a] - wall->center[a];
    if (wall->kind == BNSL_CONFINEMENT_SPHERE) {
        double r = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), inner = r < wall->size ? r / wall->size : 1;
        *distance = wall->size - r;
        *random = wall->size / 4;
        *probability = 1 - inner * inner * inner;
    } else if (wall->kind == BNSL_CONFINEMENT_SLAB && box && bnsl_box_reciprocal(box, reciprocal) == BNSL_OK) {
        const double *normal = reciprocal + 3 * wall->axis;
        for (int32_t a = 0; a < 3; a++) {
            length += normal[a] * normal[a];
            along += normal[a] * v[a];
        }
        *distance = wall->size - fabs(along) / sqrt(length);
        *random = wall->size / 2;
        *probability = *distance > 0 ? *distance / wall->size : 0;
    }
}
