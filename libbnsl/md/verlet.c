/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The neighbour list of a simulation. Periodic images that reach into the cut-off are kept as ghost particles behind the real ones, so
 * that the pair kernels know no box. A list holds pairs up to r_cut + skin. Since it was built the box has been deformed by F and the
 * particles have moved by r - F r_ref; no pair can be missing as long as
 *
 *   2 max |r - F r_ref| <= s (r_cut + skin) - r_cut   for every cut-off,  s: the smallest stretch of F (1 in a constant box)
 *
 * The list is a function of the reference positions, box and skin alone, so a resumed run gets the same one.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

bnsl_status bnsl__verlet_allocate(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    list->valid = false;
    if (!list->entry) {
        list->entry = bnsl__calloc(md->n_chunks, sizeof *list->entry);
        list->entry_capacity = bnsl__calloc(md->n_chunks, sizeof *list->entry_capacity);
        list->reference = bnsl__calloc(3 * md->n, sizeof *list->reference);
    }
    int32_t *row_start = bnsl__calloc(md->n_chunks * (CHUNK * (int64_t)md->interaction.n_slots + 1), sizeof *row_start);
    if (!row_start || !list->entry || !list->entry_capacity || !list->reference) {
        free(row_start);
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory for the neighbour list");
    }
    free(list->row_start);
    list->row_start = row_start;
    return BNSL_OK;
}

void bnsl__verlet_free(bnsl_md *md)
{
    bnsl__verlet *list = &md->list;
    for (int64_t c = 0; list->entry && c < md->n_chunks; c++)
        free(list->entry[c]);
    free(list->entry);
    free(list->entry_capacity);
    free(list->reference);
    free(list->row_start);
    free(list->ghost_owner);
    free(list->ghost_image);
    bnsl__grid_free(&list->grid);
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

/* ---- when a list must be made again ------------------------------------------------------------------- */

void bnsl__verlet_strain(const bnsl_md *md, double f[6])
{
    const bnsl_box *h = &md->box, *g = &md->list.box;
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

static double measure_displacement2(const bnsl_md *md)
{
    bnsl__step_work work = { .position = md->position, .reference = md->list.reference };
    bnsl__verlet_strain(md, work.strain);
    bnsl__md_kernels kernels = bnsl__md_pick_kernels(md, false);
    double largest = 0;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static) reduction(max : largest)
    for (int64_t c = 0; c < md->n_chunks; c++) {
        double d2 = kernels.displacement2(&work, c * CHUNK, (c + 1) * CHUNK < md->n ? (c + 1) * CHUNK : md->n);
        double comparable = d2 >= 0 ? d2 : INFINITY; /* a maximum would lose a NaN */
        largest = comparable > largest ? comparable : largest;
    }
    return largest;
}

int bnsl__verlet_outdated(const bnsl_md *md)
{
    const bnsl__verlet *list = &md->list;
    double largest = md->largest_displacement2 >= 0 ? md->largest_displacement2 : measure_displacement2(md);
    double box = md->box.lx + md->box.ly + md->box.lz, strain[6];
    if (!(largest < box * box)) /* further than the whole box since the last step */
        return -1;
    bnsl__verlet_strain(md, strain);
    double s = smallest_stretch(strain);
    double gap = s * list->skin - (s < 1 ? (1 - s) * bnsl__verlet_largest_cutoff(md) : 0);
    return !(2 * sqrt(largest) <= gap);
}

/* ---- the skin ----------------------------------------------------------------------------------------- */

/* Mean number of others within the cut-offs of a particle, by the mean density, and the mean cut-off. */
static void mean_neighbours(const bnsl_md *md, double *n_out, double *r_out)
{
    const bnsl__interaction *x = &md->interaction;
    int64_t count[MAX_SPECIES] = { 0 };
    double share[MAX_SPECIES], volume = 0;
    for (int64_t i = 0; i < md->n; i++)
        count[md->species[i]]++;
    for (int32_t a = 0; a < x->n_species; a++)
        share[a] = (double)count[a] / (double)md->n;
    for (int32_t a = 0; a < x->n_species; a++)
        for (int32_t b = 0; b < x->n_species; b++) {
            double cut = x->pair_reach[a * x->n_species + b] * 0.5 * (x->diameter[a] + x->diameter[b]);
            volume += share[a] * share[b] * cut * cut * cut;
        }
    *r_out = cbrt(volume);
    *n_out = 4.18879020478639098462 * volume * (double)md->n / bnsl__md_volume(md);
}

/*
 * The skin with the least work a step: listed pairs, and a share of a build, which costs about as much as 70 pairs and 3 for each listed one.
 * Particles come 'speed' further apart in each step; the list serves skin / speed steps.
 */
static double best_skin(double n_neighbours, double r_cut, double speed)
{
    const double BUILD = 70, LISTING = 3, PADDING = 0.5 * LANES;
    double best = INFINITY, skin = 0.3;
    for (int k = 5; k <= 80; k++) {
        double s = 0.01 * k, steps = fmax(s / speed, 1), stretch = 1 + s / r_cut;
        double pairs = n_neighbours * stretch * stretch * stretch + PADDING;
        double work = pairs + (BUILD + LISTING * pairs) / steps;
        if (work < best) {
            best = work;
            skin = s;
        }
    }
    return skin;
}

/* From the steps that the last list served; before the first, from the fastest particles to expect. A function of the state alone. */
static void choose_skin(bnsl_md *md)
{
    bnsl__verlet *list = &md->list;
    if (md->options.skin > 0) {
        list->skin = md->options.skin;
        return;
    }
    double n_neighbours, r_cut, speed;
    mean_neighbours(md, &n_neighbours, &r_cut);
    if (!(r_cut > 0)) {
        list->skin = 0.3;
        return;
    }
    if (list->valid && list->built_at >= 0 && md->step > list->built_at)
        speed = list->skin / (double)(md->step - list->built_at);
    else if (list->skin > 0)
        return;
    else
        speed = 2 * 4 * sqrt(md->options.kT) * md->options.dt;
    list->skin = best_skin(n_neighbours, r_cut, speed);
}

/* ---- building ----------------------------------------------------------------------------------------- */

/* Ghosts, search and far point for the present positions. */
static bnsl_status build_here(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    list->valid = false;
    md->largest_displacement2 = -1;
    bnsl_status status = bnsl__find_ghosts(md, func);
    if (!status)
        status = bnsl__grid_build(md, md->n + list->n_ghosts, func);
    if (!status)
        status = bnsl__list_rows(md, func);
    list->valid = !status;
    return status;
}

bnsl_status bnsl__verlet_build(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    double start = bnsl__now();
    list->largest_radius = largest_radius(md);
    choose_skin(md);
    list->n_ghosts = 0;
    bnsl_status status = bnsl__sort_particles(md, func);
    if (!status) {
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
        for (int64_t i = 0; i < md->n; i++)
            memcpy(list->reference + 3 * i, md->position + ROW * i, 3 * sizeof *list->reference);
        list->box = md->box;
        list->built_at = md->step;
        status = build_here(md, func);
    }
    md->statistics.n_list_builds++;
    md->statistics.n_listed = list->n_listed;
    md->statistics.list_seconds += bnsl__now() - start;
    return status;
}

bnsl_status bnsl__verlet_rebuild_from_reference(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    bnsl_box box = md->box;
    for (int64_t i = 0; i < md->n; i++) {
        memcpy(md->scratch + ROW * i, md->position + ROW * i, 3 * sizeof *md->position);
        memcpy(md->position + ROW * i, list->reference + 3 * i, 3 * sizeof *md->position);
    }
    md->box = list->box;
    list->largest_radius = largest_radius(md);
    bnsl_status status = build_here(md, func);
    for (int64_t i = 0; i < md->n; i++)
        memcpy(md->position + ROW * i, md->scratch + ROW * i, 3 * sizeof *md->position);
    md->box = box;
    return status;
}
