/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Positions for the mixed-precision kernel: 32-bit integers, so that the difference of two positions is exact and its error does not grow
 * with the size of the box (2^-29 of half the extent, some 1e-8 sigma); radii in single precision in the same unit. Where the list has no ghosts, the
 * edge of the box is 2^32 units, and differences wrap around to the nearest image by themselves; then the move of a step fixes what it has just
 * moved. Cost: O(n + ghosts) a step.
 */
#include <math.h>
#include <string.h>

#include "md_internal.h"

static bool has_mixed_kernel(const bnsl__law *law)
{
    double n = 2 * law->n, m = 2 * law->m;
    if (law->kind == LAW_POWERS)
        return n == floor(n) && n <= 400 && (law->a_m == 0 || (m == floor(m) && m <= 400));
    return law->kind != LAW_SMOOTH && law->kind != LAW_TABLE;
}

bool bnsl__md_is_mixed(const bnsl_md *md)
{
    const bnsl__interaction *x = &md->interaction;
    if (md->options.precision != BNSL_MD_MIXED)
        return false;
    for (int32_t k = 0; k < x->n_species * x->n_slots; k++)
        if (!has_mixed_kernel(&x->law[k]))
            return false;
    return true;
}

double bnsl__md_fixed_scale(const bnsl_md *md)
{
    return md->interaction.one_law ? md->interaction.law->scale : 1;
}

/* Half the extent of the particles and ghosts, with room for those that have moved since the list was built. */
static double half_extent(const bnsl_md *md)
{
    const bnsl_box *b = &md->box;
    double x = b->lx + b->ly * fabs(b->xy) + b->lz * fabs(b->xz), y = b->ly + b->lz * fabs(b->yz);
    return 0.5 * fmax(x, fmax(y, b->lz)) + 2 * (bnsl__verlet_largest_cutoff(md) + md->list.built.skin);
}

void bnsl__md_set_fixed_unit(bnsl_md *md)
{
    md->fixed_unit = md->list.wraps ? md->box.lx / 0x1p32 : half_extent(md) / 0x1p29;
}

void bnsl__md_fix_chunk(bnsl_md *md, const bnsl__md_kernels *kernels, int64_t chunk)
{
    const double per_unit = 1 / md->fixed_unit;
    const int64_t first = chunk_first(chunk);
    kernels->fix(md->position + ROW * first, chunk_last(md, chunk) - first, per_unit, per_unit * bnsl__md_fixed_scale(md), md->fixed + ROW * first);
}

/* Those of ghosts first .. last - 1, from their owners: their rows of position may be old. */
static void fix_ghosts(bnsl_md *md, const bnsl__md_kernels *kernels, double per_unit, int64_t first, int64_t last)
{
    const double per_radius = per_unit * bnsl__md_fixed_scale(md);
    const bnsl__image_vectors vectors = bnsl__image_vectors_of(&md->box);
    for (int64_t g = first; g < last; g++) {
        const double *r = md->position + ROW * (int64_t)md->list.ghost_owner[g];
        double shift[3];
        bnsl__image_shift(&vectors, md->list.ghost_image + 3 * g, shift);
        const double row[ROW] = { r[0] + shift[0], r[1] + shift[1], r[2] + shift[2], r[3] };
        kernels->fix(row, 1, per_unit, per_radius, md->fixed + ROW * (md->n + g));
    }
}

bool bnsl__md_fixes_moves(const bnsl_md *md)
{
    const bnsl__verlet *list = &md->list;
    return md->fixed && list->valid && list->wraps && bnsl__verlet_can_wrap(md) && md->wall.kind == BNSL_MD_WALL_NONE;
}

bnsl_status bnsl__md_fix_positions(bnsl_md *md, const char *func)
{
    if (md->fixed_is_current)
        return BNSL_OK;
    const int64_t n_ghosts = md->list.n_ghosts, n_points = md->n + n_ghosts;
    void *fixed = md->fixed;
    if (!bnsl__reserve_aligned(&fixed, &md->fixed_capacity, ROW * (n_points + 1), sizeof *md->fixed))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    md->fixed = fixed;
    bnsl__md_set_fixed_unit(md);
    const double per_unit = 1 / md->fixed_unit;
    const bnsl__md_kernels kernels = bnsl__md_pick_kernels(md, false);
    bnsl__deal_chunks(md);
#pragma omp parallel num_threads(bnsl__threads(md->options.num_threads))
    {
        const int64_t k = bnsl__thread_number(), n = bnsl__team_size();
        for (bnsl__hand h = bnsl__first_hand(); bnsl__take_chunk(md, &h);)
            bnsl__md_fix_chunk(md, &kernels, h.chunk);
        fix_ghosts(md, &kernels, per_unit, n_ghosts * k / n, n_ghosts * (k + 1) / n);
    }
    const float nobodys = NAN;
    int32_t *far_point = md->fixed + ROW * n_points;
    far_point[0] = far_point[1] = far_point[2] = 1 << 30;
    memcpy(far_point + 3, &nobodys, sizeof nobodys);
    md->fixed_is_current = true;
    return BNSL_OK;
}
