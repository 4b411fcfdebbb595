/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forces, energies and virials of the present positions. */
#include <string.h>

#include "md_internal.h"

/* The sum over chunks in pairs of pairs of ..., so that its error stays small and its order is fixed. */
static double sum_column(const double *column, int64_t first, int64_t last)
{
    if (last - first < 8) {
        double sum = 0;
        for (int64_t c = first; c < last; c++)
            sum += column[c * N_SUMS];
        return sum;
    }
    int64_t middle = first + (last - first) / 2;
    return sum_column(column, first, middle) + sum_column(column, middle, last);
}

double bnsl__md_sum(const bnsl_md *md, int column)
{
    return sum_column(md->chunk_sum + column, 0, md->n_chunks);
}

/* What the loop over the chunks needs. */
typedef struct force_loop {
    bnsl__md_kernels kernels;
    bool with_energy, mixed;
    const bnsl__step_work *kick; /* or NULL */
} force_loop;

static void forces_of_chunk(bnsl_md *md, const force_loop *loop, int64_t c)
{
    const bnsl__rows *rows = bnsl__verlet_rows(md);
    const int64_t row_stride = CHUNK * (int64_t)md->interaction.n_slots;
    const int64_t first = chunk_first(c), last = chunk_last(md, c);
    bnsl__pair_work work = {
        .position = md->position,
        .species = md->species,
        .entry = rows->entry[c],
        .start = rows->start + c * row_stride,
        .count = rows->count + c * row_stride,
        .order = rows->order + c * CHUNK,
        .force = md->force,
        .sums = loop->with_energy ? md->chunk_sum + c * N_SUMS : NULL,
        .law = md->interaction.law,
        .n_slots = md->interaction.n_slots,
        .one_law = md->interaction.one_law,
        .edge = md->list.wraps ? md->box.lx : 0,
        .fixed = md->fixed,
        .per_unit = loop->mixed ? 1 / md->fixed_unit : 0,
    };
    loop->kernels.pair(&work, first, last);
    if (md->wall.kind != BNSL_MD_WALL_NONE)
        bnsl__wall_forces(md, c, first, last, loop->with_energy);
    if (loop->kick)
        loop->kernels.kick(loop->kick, first, last);
}

static void sum_energies(bnsl_md *md)
{
    bool wall = md->wall.kind != BNSL_MD_WALL_NONE;
    md->energy = bnsl__md_sum(md, 0);
    for (int k = 0; k < 6; k++)
        md->virial[k] = bnsl__md_sum(md, 1 + k);
    md->wall_energy = wall ? bnsl__md_sum(md, SUM_WALL_ENERGY) : 0;
    md->wall_force = wall ? bnsl__md_sum(md, SUM_WALL_FORCE) : 0;
}

/* Lists, and ghosts or fixed positions, for the present positions. */
static bnsl_status prepare(bnsl_md *md, bool mixed, const char *func)
{
    bnsl_status status = bnsl__verlet_update(md, func);
    if (!status && mixed)
        status = bnsl__md_fix_positions(md, func);
    else if (!status)
        bnsl__verlet_update_ghosts(md);
    md->fixed_is_current = false; /* the next change of positions may be anybody's */
    return status;
}

bnsl_status bnsl__md_forces(bnsl_md *md, bool with_energy, const bnsl__step_work *kick, const char *func)
{
    const bool mixed = bnsl__md_is_mixed(md) && !with_energy;
    bnsl_status status = prepare(md, mixed, func);
    if (status)
        return status;
    bnsl__step_work last_kick;
    if (kick) { /* sorting may have moved the arrays */
        last_kick = *kick;
        last_kick.velocity = md->velocity;
        last_kick.force = md->force;
        last_kick.mobile = md->mobile;
    }
    const force_loop loop = { bnsl__md_pick_kernels(md, with_energy), with_energy, mixed, kick ? &last_kick : NULL };
    bnsl__deal_chunks(md);
#pragma omp parallel num_threads(bnsl__threads(md->options.num_threads))
    for (bnsl__hand h = bnsl__first_hand(); bnsl__take_chunk(md, &h);)
        forces_of_chunk(md, &loop, h.chunk);
    if (with_energy)
        sum_energies(md);
    /* energies are always computed in double: the steps of a mixed run need their own forces again */
    md->forces_valid = mixed == (bnsl__md_is_mixed(md) && md->options.integrator != BNSL_MD_NPT);
    return BNSL_OK;
}
