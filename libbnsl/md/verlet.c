/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The neighbour lists of a simulation. Periodic images that reach into the cut-off are kept as ghost particles behind the real ones, so
 * that the pair kernels know no box. A list holds pairs up to r_cut + skin. Since it was made the box has been deformed by F and the
 * particles have moved by r - F r_past, at most D. No pair nearer than r_cut + t can be missing as long as
 *
 *   2 D + t <= s (r_cut + skin) - r_cut   for every cut-off,  s: the smallest stretch of F (1 in a constant box)
 *
 * The inner list needs t = 0; the outer one serves as long as this holds with the inner skin for t. Both are functions of past positions, boxes
 * and skins alone, so a resumed run gets the same ones.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

/* What does not depend on the number of segments; kept when it is there. */
static bool allocate_chunks(const bnsl_md *md, bnsl__rows *rows)
{
    if (!rows->entry)
        rows->entry = bnsl__calloc(md->n_chunks, sizeof *rows->entry);
    if (!rows->capacity)
        rows->capacity = bnsl__calloc(md->n_chunks, sizeof *rows->capacity);
    if (!rows->order)
        rows->order = bnsl__calloc(md->n_chunks * CHUNK, sizeof *rows->order);
    return rows->entry && rows->capacity && rows->order;
}

static void free_rows(const bnsl_md *md, bnsl__rows *rows)
{
    for (int64_t c = 0; rows->entry && c < md->n_chunks; c++)
        free(rows->entry[c]);
    free(rows->entry);
    free(rows->capacity);
    free(rows->start);
    free(rows->count);
    free(rows->order);
}

static bool allocate_past(const bnsl_md *md, bnsl__past *past)
{
    int64_t capacity = past->position ? md->n : 0;
    return bnsl__md_reserve_rows(&past->position, &capacity, md->n);
}

bnsl_status bnsl__verlet_allocate(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    int32_t **const segments[4] = { &list->outer.start, &list->outer.count, &list->inner.start, &list->inner.count }, *fresh[4];
    list->valid = false;
    bool ok = allocate_chunks(md, &list->outer) && allocate_chunks(md, &list->inner) && allocate_past(md, &list->built) &&
              allocate_past(md, &list->pruned);
    for (int k = 0; k < 4; k++) {
        fresh[k] = ok ? bnsl__calloc(md->n_chunks * CHUNK * (int64_t)md->interaction.n_slots, sizeof *fresh[k]) : NULL;
        ok = ok && fresh[k];
    }
    for (int k = 0; k < 4; k++) { /* all of them, or what there was */
        free(ok ? *segments[k] : fresh[k]);
        if (ok)
            *segments[k] = fresh[k];
    }
    return ok ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory for the neighbour list");
}

void bnsl__verlet_free(bnsl_md *md)
{
    bnsl__verlet *list = &md->list;
    free_rows(md, &list->outer);
    free_rows(md, &list->inner);
    free(list->built.position);
    free(list->pruned.position);
    free(list->ghost_owner);
    free(list->ghost_image);
    bnsl__grid_free(&list->grid);
}

const bnsl__rows *bnsl__verlet_rows(const bnsl_md *md)
{
    return md->list.is_dual ? &md->list.inner : &md->list.outer;
}

/* ---- reach -------------------------------------------------------------------------------------------- */

double bnsl__verlet_reach(const bnsl_md *md, int64_t i)
{
    return md->interaction.reach[md->species[i]] * (md->position[ROW * i + 3] + md->list.largest_radius);
}

double bnsl__verlet_largest_cutoff(const bnsl_md *md)
{
    const bnsl__interaction *x = &md->interaction;
    double reach = 0;
    for (int32_t a = 0; a < x->n_species; a++)
        reach = fmax(reach, x->reach[a]);
    return 2 * reach * md->list.largest_radius;
}

static double largest_radius(const bnsl_md *md)
{
    double largest = 0;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static) reduction(max : largest)
    for (int64_t i = 0; i < md->n; i++)
        largest = md->position[ROW * i + 3] > largest ? md->position[ROW * i + 3] : largest;
    return largest;
}

bool bnsl__verlet_can_wrap(const bnsl_md *md)
{
    const bnsl_box *b = &md->box;
    const bool cubic = b->lx == b->ly && b->lx == b->lz && b->xy == 0 && b->xz == 0 && b->yz == 0;
    return cubic && bnsl__md_is_mixed(md) && md->options.integrator != BNSL_MD_NPT &&
           b->lx > 2.1 * (bnsl__verlet_largest_cutoff(md) + 2 * md->list.built.skin);
}

/* ---- when a list must be made again ------------------------------------------------------------------- */

void bnsl__verlet_strain(const bnsl_md *md, const bnsl__past *past, double f[6])
{
    const bnsl_box *h = &md->box, *g = &past->box;
    f[0] = h->lx / g->lx;
    f[1] = h->ly / g->ly;
    f[2] = h->lz / g->lz;
    f[3] = (h->xy * h->ly - f[0] * (g->xy * g->ly)) / g->ly;
    f[5] = (h->yz * h->lz - f[1] * (g->yz * g->lz)) / g->lz;
    f[4] = (h->xz * h->lz - f[0] * (g->xz * g->lz) - f[3] * (g->yz * g->lz)) / g->lz;
}

/* A lower bound of the smallest stretch of an upper triangular matrix near the identity: that of its diagonal, less its other part. */
static double smallest_stretch(const double f[6])
{
    return fmin(f[0], fmin(f[1], f[2])) - sqrt(f[3] * f[3] + f[4] * f[4] + f[5] * f[5]);
}

/* Largest |r - F r_past|^2; infinite when a position is not finite. */
static double measure_displacement2(const bnsl_md *md, const bnsl__past *past)
{
    bnsl__step_work work = { .position = md->position, .reference = past->position };
    bnsl__verlet_strain(md, past, work.strain);
    bnsl__md_kernels kernels = bnsl__md_pick_kernels(md, false);
    double largest = 0;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static) reduction(max : largest)
    for (int64_t c = 0; c < md->n_chunks; c++) {
        double d2 = kernels.displacement2(&work, chunk_first(c), chunk_last(md, c));
        double comparable = d2 >= 0 ? d2 : INFINITY; /* a maximum would lose a NaN */
        largest = comparable > largest ? comparable : largest;
    }
    return largest;
}

/* Whether a list of then has all pairs nearer than r_cut + beyond now, after displacements up to the root of displacement2. */
static bool holds(const bnsl_md *md, const bnsl__past *past, double displacement2, double beyond)
{
    double strain[6];
    bnsl__verlet_strain(md, past, strain);
    double s = smallest_stretch(strain);
    double gap = s * past->skin - (s < 1 ? (1 - s) * bnsl__verlet_largest_cutoff(md) : 0);
    return 2 * sqrt(displacement2) + beyond <= gap;
}

/* ---- making them ------------------------------------------------------------------------------------- */

/* Ghosts, search and far point for the present positions. */
static bnsl_status search_here(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    md->largest_displacement2 = -1;
    md->fixed_is_current = false;
    list->wraps = bnsl__verlet_can_wrap(md);
    bnsl_status status = bnsl__find_ghosts(md, func);
    if (!status)
        status = bnsl__grid_build(md, md->n + list->n_ghosts, func);
    if (!status)
        status = bnsl__list_rows(md, func);
    if (!status && list->wraps)
        bnsl__drop_ghosts(md);
    if (!status)
        bnsl__weigh_chunks(md);
    return status;
}

static void remember(bnsl_md *md, bnsl__past *past)
{
    bnsl__deal_chunks(md);
#pragma omp parallel num_threads(bnsl__threads(md->options.num_threads))
    for (bnsl__hand h = bnsl__first_hand(); bnsl__take_chunk(md, &h);) {
        const int64_t first = ROW * chunk_first(h.chunk), last = ROW * chunk_last(md, h.chunk);
        memcpy(past->position + first, md->position + first, (size_t)(last - first) * sizeof *past->position);
    }
    past->box = md->box;
    past->step = md->step;
}

static bnsl_status build(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    list->largest_radius = largest_radius(md);
    bnsl__choose_skins(md);
    list->valid = false;
    list->n_ghosts = 0;
    bnsl_status status = bnsl__sort_particles(md, func);
    if (!status) {
        remember(md, &list->built);
        remember(md, &list->pruned);
        status = search_here(md, func);
    }
    if (!status && list->is_dual)
        status = bnsl__prune_rows(md, func);
    list->valid = !status;
    md->statistics.n_list_builds++;
    return status;
}

/* A new inner list, from the outer one when that still holds, else from a new one. */
static bnsl_status renew(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    double start = bnsl__now();
    bnsl_status status;
    const bool usable = list->valid && list->is_dual && list->wraps == bnsl__verlet_can_wrap(md);
    if (usable && holds(md, &list->built, measure_displacement2(md, &list->built), list->pruned.skin)) {
        remember(md, &list->pruned);
        status = bnsl__prune_rows(md, func);
        list->valid = !status;
    } else {
        status = build(md, func);
    }
    md->statistics.n_listed = bnsl__verlet_rows(md)->n_listed;
    md->statistics.list_seconds += bnsl__now() - start;
    return status;
}

bnsl_status bnsl__verlet_update(bnsl_md *md, const char *func)
{
    double moved2 = -1;
    if (md->list.valid)
        moved2 = md->largest_displacement2 >= 0 ? md->largest_displacement2 : measure_displacement2(md, &md->list.pruned);
    md->largest_displacement2 = -1;
    double box = md->box.lx + md->box.ly + md->box.lz;
    if (md->list.valid && !(moved2 < box * box)) { /* further than the whole box since the last list */
        md->failed = true;
        return bnsl__fail(BNSL_ENUMERIC, func, "a particle has crossed the whole box at step %lld: a smaller time step than %g is needed",
                          (long long)md->step, md->options.dt);
    }
    if (!md->list.valid || md->list.wraps != bnsl__verlet_can_wrap(md) || !holds(md, &md->list.pruned, moved2, 0))
        return renew(md, func);
    return BNSL_OK;
}

/* The present positions change places with past ones. */
static void exchange(bnsl_md *md, bnsl__past *past)
{
    md->fixed_is_current = false;
    for (int64_t i = 0; i < md->n; i++)
        for (int d = 0; d < 3; d++) {
            double now = md->position[ROW * i + d];
            md->position[ROW * i + d] = past->position[ROW * i + d];
            past->position[ROW * i + d] = now;
        }
    bnsl_box box = md->box;
    md->box = past->box;
    past->box = box;
}

bnsl_status bnsl__verlet_rebuild(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    list->valid = false;
    list->largest_radius = largest_radius(md);
    exchange(md, &list->built);
    bnsl_status status = search_here(md, func);
    exchange(md, &list->built);
    if (!status && list->is_dual) {
        exchange(md, &list->pruned);
        status = bnsl__prune_rows(md, func);
        exchange(md, &list->pruned);
    }
    list->valid = !status;
    return status;
}
