/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ghosts: the periodic images of particles that lie near enough to the box to interact with a particle in it. Cost: O(n + ghosts). */
#include <math.h>
#include <stdlib.h>

#include "md_internal.h"

/* Room for one more ghost. */
static bool hold_ghost(bnsl_md *md)
{
    bnsl__verlet *list = &md->list;
    if (list->n_ghosts < list->ghost_capacity)
        return true;
    int64_t capacity = list->ghost_capacity, image_capacity = 3 * list->ghost_capacity;
    void *owner = list->ghost_owner, *image = list->ghost_image;
    bool ok = bnsl__reserve(&owner, &capacity, list->n_ghosts + 1, sizeof *list->ghost_owner);
    list->ghost_owner = owner;
    ok = ok && bnsl__reserve(&image, &image_capacity, 3 * capacity, sizeof *list->ghost_image);
    list->ghost_image = image;
    list->ghost_capacity = ok ? capacity : list->ghost_capacity;
    return ok && md->n + list->n_ghosts < INT32_MAX / ROW - 1;
}

/* Images of particle i whose fractional coordinates lie within margin of the box. */
static bnsl_status add_ghosts_of(bnsl_md *md, int64_t i, const double s[3], const double margin[3], const char *func)
{
    bnsl__verlet *list = &md->list;
    int32_t low[3], high[3];
    for (int d = 0; d < 3; d++) {
        double least = ceil(-0.5 - margin[d] - s[d]), most = floor(0.5 + margin[d] - s[d]);
        if (!(least >= INT8_MIN && most <= INT8_MAX))
            return bnsl__fail(BNSL_EINVAL, func, "a cut-off reaches over more than 127 images of the box");
        low[d] = (int32_t)least;
        high[d] = (int32_t)most;
    }
    for (int32_t a = low[0]; a <= high[0]; a++)
        for (int32_t b = low[1]; b <= high[1]; b++)
            for (int32_t c = low[2]; c <= high[2]; c++) {
                if (a == 0 && b == 0 && c == 0)
                    continue;
                if (!hold_ghost(md))
                    return bnsl__fail(BNSL_ENOMEM, func, "out of memory for periodic images");
                list->ghost_owner[list->n_ghosts] = (int32_t)i;
                int8_t *k = list->ghost_image + 3 * list->n_ghosts++;
                k[0] = (int8_t)a;
                k[1] = (int8_t)b;
                k[2] = (int8_t)c;
            }
    return BNSL_OK;
}

/*
 * The far point pads the rows of the list: out of everybody's reach for as long as the list lives. Where the nearest images count nothing is far, and
 * its radius says so.
 */
static void place_far_point(bnsl_md *md)
{
    const bnsl_box *b = &md->box;
    double extent = 2 * (b->lx + b->ly * (1 + fabs(b->xy)) + b->lz * (1 + fabs(b->xz) + fabs(b->yz)));
    double away = extent + 10 * (bnsl__verlet_largest_cutoff(md) + md->list.built.skin);
    double *far_point = md->position + ROW * (md->n + md->list.n_ghosts);
    far_point[0] = far_point[1] = far_point[2] = away;
    far_point[3] = md->list.wraps ? FAR_RADIUS : md->list.largest_radius;
}

bnsl_status bnsl__find_ghosts(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    const bnsl_box *b = &md->box;
    const double skew = b->xz - b->yz * b->xy;
    double plane[3];
    bnsl_box_plane_distances(b, plane);
    list->n_ghosts = 0;
    bnsl_status status = BNSL_OK;
    for (int64_t i = 0; i < md->n && !status; i++) {
        const double *r = md->position + ROW * i;
        double reach = bnsl__verlet_reach(md, i) + list->built.skin;
        double s[3] = { (r[0] - skew * r[2] - b->xy * r[1]) / b->lx, (r[1] - b->yz * r[2]) / b->ly, r[2] / b->lz }, margin[3];
        bool inner = true;
        for (int d = 0; d < 3; d++) {
            margin[d] = reach / plane[d] + 1e-12;
            inner = inner && fabs(s[d]) < 0.5 - margin[d];
        }
        if (!inner)
            status = add_ghosts_of(md, i, s, margin, func);
    }
    if (status || !bnsl__md_reserve_rows(&md->position, &md->position_capacity, md->n + list->n_ghosts + 1))
        return status ? status : bnsl__fail(BNSL_ENOMEM, func, "out of memory for periodic images");
    for (int64_t g = 0; g < list->n_ghosts; g++)
        md->position[ROW * (md->n + g) + 3] = md->position[ROW * (int64_t)list->ghost_owner[g] + 3];
    bnsl__verlet_update_ghosts(md);
    place_far_point(md);
    return BNSL_OK;
}

void bnsl__drop_ghosts(bnsl_md *md)
{
    md->list.n_ghosts = 0;
    place_far_point(md);
}

void bnsl__verlet_update_ghosts(bnsl_md *md)
{
    const bnsl__verlet *list = &md->list;
    const bnsl__image_vectors vectors = bnsl__image_vectors_of(&md->box);
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t g = 0; g < list->n_ghosts; g++) {
        const double *r = md->position + ROW * (int64_t)list->ghost_owner[g];
        double *out = md->position + ROW * (md->n + g), shift[3];
        bnsl__image_shift(&vectors, list->ghost_image + 3 * g, shift);
        for (int d = 0; d < 3; d++)
            out[d] = r[d] + shift[d];
    }
}
