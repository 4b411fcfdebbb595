/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Neighbour list of a crystal: pairs of sites that may come within their cut-off as long as no particle of species a is further from its
 * site than slack[a]. Particles do not diffuse, so that one list serves a whole run; when one goes further, the slack grows and the
 * list is built again (sampler.c).
 *
 * Rows are ordered by the neighbour's species and padded with the far particle n. Cost: N^2 distances a build.
 */
#include <math.h>

#include "free_energy_internal.h"

enum { ROW = BNSL__MC_ROW, REACH = BNSL__MC_REACH, SIDE = 2 * BNSL__MC_REACH + 1, LANES = BNSL__MC_LANES };

#define STRAIN_ALLOWED 0.02 /* the list also holds when distances shrink by this part through a change of shape */

static int32_t shift_index(int32_t x, int32_t y, int32_t z)
{
    return ((x + REACH) * SIDE + (y + REACH)) * SIDE + (z + REACH);
}

void bnsl__sampler_sites(bnsl__sampler *s)
{
    const bnsl_box *b = &s->box;
    const double va[3] = { b->lx, 0, 0 }, vb[3] = { b->xy * b->ly, b->ly, 0 }, vc[3] = { b->xz * b->lz, b->yz * b->lz, b->lz };
    for (int64_t i = 0; i < s->crystal->n; i++) {
        const double *f = s->crystal->fractional + 3 * i;
        for (int k = 0; k < 3; k++)
            s->site[ROW * i + k] = f[0] * va[k] + f[1] * vb[k] + f[2] * vc[k];
        s->site[ROW * i + 3] = 0;
    }
    for (int32_t x = -REACH; x <= REACH; x++)
        for (int32_t y = -REACH; y <= REACH; y++)
            for (int32_t z = -REACH; z <= REACH; z++) {
                double *t = s->shift + ROW * shift_index(x, y, z);
                for (int k = 0; k < 3; k++)
                    t[k] = x * va[k] + y * vb[k] + z * vc[k];
                t[3] = 0;
            }
}

/* What one pair of sites needs: distances up to which it is listed, and those between opposite faces of the box. */
typedef struct listing {
    bnsl__sampler *s;
    double reach[BNSL__MC_SPECIES * BNSL__MC_SPECIES], width[3];
} listing;

static bool add_entry(bnsl__sampler *s, int64_t j, int32_t shift)
{
    if (!bnsl__reserve((void **)&s->entry, &s->capacity, s->n_entries + 1, sizeof *s->entry))
        return false;
    s->entry[s->n_entries++] = (bnsl__mc_entry){ (int32_t)j, shift };
    return true;
}

/* Adds the images of j around i. One that is x boxes from the nearest one, f boxes away, is at least |x - f| times the box's width away. */
static bool add_pair(const listing *l, int64_t i, int64_t j)
{
    bnsl__sampler *s = l->s;
    const bnsl__crystal *c = s->crystal;
    const double ROUNDING = 1e-9, reach = l->reach[c->species[i] * c->n_species + c->species[j]], reach2 = reach * reach;
    int32_t base[3], first[3], last[3];
    for (int k = 0; k < 3; k++) {
        double f = c->fractional[3 * i + k] - c->fractional[3 * j + k], boxes = reach / l->width[k] + ROUNDING;
        base[k] = (int32_t)rint(f);
        f -= base[k];
        if (fabs(f) > boxes)
            return true;
        first[k] = 1 + f > boxes ? 0 : -1;
        last[k] = 1 - f > boxes ? 0 : 1;
    }
    for (int32_t x = first[0]; x <= last[0]; x++)
        for (int32_t y = first[1]; y <= last[1]; y++)
            for (int32_t z = first[2]; z <= last[2]; z++) {
                int32_t shift = shift_index(base[0] + x, base[1] + y, base[2] + z);
                double r2 = 0;
                for (int k = 0; k < 3; k++) {
                    double d = s->site[ROW * j + k] + s->shift[ROW * shift + k] - s->site[ROW * i + k];
                    r2 += d * d;
                }
                if (r2 < reach2 && !add_entry(s, j, shift))
                    return false;
            }
    return true;
}

static bool add_row(const listing *l, int64_t i)
{
    bnsl__sampler *s = l->s;
    const bnsl__crystal *c = s->crystal;
    for (int32_t b = 0; b < c->n_species; b++) {
        s->row_start[i * c->n_species + b] = s->n_entries;
        if (l->reach[c->species[i] * c->n_species + b] == 0)
            continue;
        for (int64_t j = 0; j < c->n; j++)
            if (c->species[j] == b && j != i && !add_pair(l, i, j))
                return false;
        while (s->n_entries % LANES)
            if (!add_entry(s, c->n, shift_index(0, 0, 0)))
                return false;
    }
    return true;
}

bnsl_status bnsl__sampler_list(bnsl__sampler *s, const char *func)
{
    const bnsl__crystal *c = s->crystal;
    listing l = { .s = s };
    bnsl_status status = bnsl_box_plane_distances(&s->box, l.width);
    if (status)
        return status;
    for (int32_t a = 0; a < c->n_species; a++)
        for (int32_t b = 0; b < c->n_species; b++) {
            double cut = c->cut[a * c->n_species + b];
            l.reach[a * c->n_species + b] = cut > 0 ? cut * (1 + STRAIN_ALLOWED) + s->slack[a] + s->slack[b] : 0;
        }
    s->n_entries = 0;
    s->listed_stretch = s->stretch;
    for (int64_t i = 0; i < c->n; i++)
        if (!add_row(&l, i))
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    s->row_start[c->n * c->n_species] = s->n_entries;
    return BNSL_OK;
}
