/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings the particles back into the box and into the order of the cells of a grid, brick by brick, so that neighbours in
 * space are neighbours in memory and the surroundings of some hundred particles fit into a level-1 cache. A counting sort: particles of one
 * cell keep their order. Cost: O(n).
 */
#include <math.h>
#include <string.h>

#include "md_internal.h"

/* Positions into the box, counting the crossings. */
static bnsl_status wrap(bnsl_md *md, const char *func)
{
    const bnsl_box *b = &md->box;
    const double NEAR = 0.5 - 1e-9, skew = b->xz - b->yz * b->xy;
    int64_t n_failed = 0;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static) reduction(+ : n_failed)
    for (int64_t i = 0; i < md->n; i++) {
        double *r = md->position + ROW * i;
        double sx = (r[0] - skew * r[2] - b->xy * r[1]) / b->lx, sy = (r[1] - b->yz * r[2]) / b->ly, sz = r[2] / b->lz;
        if (!(fabs(sx) < NEAR && fabs(sy) < NEAR && fabs(sz) < NEAR))
            n_failed += bnsl_box_wrap(b, 1, r, md->image + 3 * i) != BNSL_OK;
    }
    return n_failed ? bnsl__fail(BNSL_EINVAL, func, "the image count of a particle no longer fits in 32 bits") : BNSL_OK;
}

/* Rows of 4 doubles, or of some integers, into the order md->order. */
static void permute_rows(bnsl_md *md, double *rows)
{
    const int threads = bnsl__threads(md->options.num_threads);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t i = 0; i < md->n; i++)
        memcpy(md->scratch + ROW * i, rows + ROW * (int64_t)md->order[i], ROW * sizeof *rows);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t c = 0; c < md->n_chunks; c++) {
        int64_t first = c * CHUNK, n = md->n - first < CHUNK ? md->n - first : CHUNK;
        memcpy(rows + ROW * first, md->scratch + ROW * first, (size_t)(ROW * n) * sizeof *rows);
    }
}

static void permute_integers(bnsl_md *md, int32_t *rows, int columns)
{
    int32_t *copy = (int32_t *)(void *)md->scratch;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t i = 0; i < md->n; i++)
        for (int k = 0; k < columns; k++)
            copy[columns * i + k] = rows[columns * (int64_t)md->order[i] + k];
    memcpy(rows, copy, (size_t)md->n * (size_t)columns * sizeof *rows);
}

static void permute_mobile(bnsl_md *md)
{
    for (int64_t i = 0; i < md->n; i++)
        md->scratch[i] = md->mobile[md->order[i]];
    memcpy(md->mobile, md->scratch, (size_t)md->n * sizeof *md->mobile);
}

bnsl_status bnsl__sort_particles(bnsl_md *md, const char *func)
{
    bnsl_status status = wrap(md, func);
    if (!status)
        status = bnsl__grid_shape(md, md->n, func);
    if (status)
        return status;
    bnsl__grid *grid = &md->list.grid;
    int64_t n_cells = bnsl__grid_n_brick_cells(grid);
    memset(grid->start, 0, (size_t)(n_cells + 1) * sizeof *grid->start);
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t i = 0; i < md->n; i++)
        grid->cell[i] = bnsl__grid_brick_cell(grid, md->position + ROW * i);
    for (int64_t i = 0; i < md->n; i++)
        grid->start[grid->cell[i] + 1]++;
    for (int64_t c = 0; c < n_cells; c++)
        grid->start[c + 1] += grid->start[c];
    for (int64_t i = 0; i < md->n; i++)
        md->order[grid->start[grid->cell[i]]++] = (int32_t)i;
    md->fixed_is_current = false;
    permute_rows(md, md->position);
    permute_rows(md, md->velocity);
    if (md->mobile)
        permute_mobile(md);
    permute_integers(md, md->image, 3);
    permute_integers(md, md->species, 1);
    permute_integers(md, md->id, 1);
    return BNSL_OK;
}
