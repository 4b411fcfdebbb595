/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Energy of the perfect crystal by a sum over pairs and periodic images. Of the uncut potential: within FAR sigma_LL (of the largest pair), and
 * beyond as if the rest had a uniform density, 2 pi rho x_a x_b int u r^2 dr = 2 pi rho x_a x_b sigma^3 [a_n x^(3-n)/(n-3) - a_m x^(3-m)/(m-3)].
 * Cost: N^2 times the images.
 */
#include <math.h>

#include "free_energy_internal.h"

#define FAR 20.0
enum { BATCH = 512 };

static const double pi = 3.14159265358979323846;

typedef struct lattice_sum {
    const bnsl_potential *potential;
    int32_t a, b;
    double u, w; /* energy and sum of r f, each pair counted once from either side */
    int32_t n;
    double r[BATCH];
} lattice_sum;

static bnsl_status flush(lattice_sum *s)
{
    double u[BATCH], f[BATCH];
    bnsl_status status = s->n > 0 ? bnsl_potential_evaluate(s->potential, s->a, s->b, s->n, s->r, u, f) : BNSL_OK;
    for (int32_t k = 0; k < s->n && !status; k++) {
        s->u += u[k];
        s->w += f[k] * s->r[k];
    }
    s->n = 0;
    return status;
}

/* Adds the distances from x to all images of y up to the cut-off. */
static bnsl_status add_images(lattice_sum *s, const double vectors[9], const double width[3], const double d[3], bool same, double cut)
{
    int32_t reach[3];
    for (int k = 0; k < 3; k++)
        reach[k] = (int32_t)ceil(cut / width[k]) + 1;
    bnsl_status status = BNSL_OK;
    for (int32_t x = -reach[0]; x <= reach[0]; x++)
        for (int32_t y = -reach[1]; y <= reach[1]; y++)
            for (int32_t z = -reach[2]; z <= reach[2] && !status; z++) {
                if (same && x == 0 && y == 0 && z == 0)
                    continue;
                double r2 = 0;
                for (int k = 0; k < 3; k++) {
                    double t = d[k] + x * vectors[k] + y * vectors[3 + k] + z * vectors[6 + k];
                    r2 += t * t;
                }
                if (r2 >= cut * cut)
                    continue;
                s->r[s->n++] = sqrt(r2);
                if (s->n == BATCH)
                    status = flush(s);
            }
    return status;
}

/* The parameters of a pair without its cut-off, and what lies beyond `far` for one neighbour per volume. */
static bnsl_status uncut(bnsl_potential *p, int32_t a, int32_t b, double far, double *u_out, double *w_out, const char *func)
{
    bnsl_potential_options o;
    *u_out = *w_out = 0;
    bnsl_status status = bnsl_potential_options_init(&o, sizeof o);
    if (!status)
        status = bnsl_potential_get_pair(p, a, b, &o);
    if (status || o.form == BNSL_FORM_NONE)
        return status;
    if (o.form == BNSL_FORM_TABLE || o.form == BNSL_FORM_WCA || o.shift == BNSL_SHIFT_SMOOTH)
        return bnsl__fail(BNSL_EDOMAIN, func, "the pair (%d, %d) is a table, WCA or smooth at its cut-off, which has no uncut energy",
                          (int)a, (int)b);
    o.r_cut = INFINITY;
    o.shift = BNSL_SHIFT_NONE;
    bnsl__mc_law law;
    double diameter = 1.0, cut;
    bnsl_potential *single;
    status = bnsl_potential_set_pair(p, a, b, &o);
    if (!status)
        status = bnsl_potential_create(&single, 1, &diameter, &o);
    if (status)
        return status;
    status = bnsl__mc_laws(single, 1.0, false, &law, &cut);
    bnsl_potential_destroy(single);
    double x = far / o.sigma, volume = 2 * pi * o.sigma * o.sigma * o.sigma;
    double repulsion = law.a_n * pow(x, 3 - law.n) / (law.n - 3), attraction = law.a_m != 0 ? law.a_m * pow(x, 3 - law.m) / (law.m - 3) : 0;
    *u_out = volume * (repulsion - attraction);
    *w_out = volume * (law.n * repulsion - law.m * attraction);
    return status;
}

static bnsl_status copy_potential(const bnsl_potential *from, bnsl_potential **out)
{
    int32_t k = bnsl_potential_n_species(from);
    double diameter[BNSL__MC_SPECIES];
    bnsl_status status = bnsl_potential_diameters(from, diameter);
    if (!status)
        status = bnsl_potential_create(out, k, diameter, NULL);
    for (int32_t a = 0; a < k && !status; a++)
        for (int32_t b = a; b < k && !status; b++) {
            bnsl_potential_options o;
            status = bnsl_potential_options_init(&o, sizeof o);
            if (!status)
                status = bnsl_potential_get_pair(from, a, b, &o);
            if (!status && o.form != BNSL_FORM_TABLE)
                status = bnsl_potential_set_pair(*out, a, b, &o);
            else if (!status)
                status = BNSL_FAIL(BNSL_EDOMAIN, "the pair (%d, %d) is a table, which has no uncut energy", (int)a, (int)b);
        }
    if (status) {
        bnsl_potential_destroy(*out);
        *out = NULL;
    }
    return status;
}

typedef struct cell_geometry {
    double vectors[9], width[3], volume;
    int64_t n, count[BNSL__MC_SPECIES];
    const double *xyz;
    const int32_t *species;
} cell_geometry;

/* Adds one pair of species to the sums over the crystal. */
static bnsl_status add_species(const cell_geometry *g, const bnsl_potential *p, int32_t a, int32_t b, double cut, double *u, double *w)
{
    lattice_sum s = { .potential = p, .a = a, .b = b };
    bnsl_status status = BNSL_OK;
    for (int64_t i = 0; i < g->n && !status; i++)
        for (int64_t j = 0; j < g->n && g->species[i] == a && !status; j++) {
            if (g->species[j] != b)
                continue;
            double d[3];
            for (int k = 0; k < 3; k++)
                d[k] = g->xyz[3 * j + k] - g->xyz[3 * i + k];
            status = add_images(&s, g->vectors, g->width, d, i == j, cut);
        }
    if (!status)
        status = flush(&s);
    *u += 0.5 * s.u;
    *w += 0.5 * s.w;
    return status;
}

static bnsl_status sum_crystal(const cell_geometry *g, const bnsl_potential *given, bool tail, double *u_out, double *w_out, const char *func)
{
    int32_t k = bnsl_potential_n_species(given);
    double cut[BNSL__MC_SPECIES * BNSL__MC_SPECIES], u = 0, w = 0;
    bnsl_potential *own = NULL;
    bnsl_status status = tail ? copy_potential(given, &own) : BNSL_OK;
    if (!status)
        status = bnsl_potential_cutoffs(given, cut);
    for (int32_t a = 0; a < k && !status; a++)
        for (int32_t b = 0; b < k && !status; b++) {
            if (g->count[a] == 0 || g->count[b] == 0)
                continue;
            double range = cut[a * k + b], pairs = (double)g->count[a] * (double)g->count[b] / g->volume;
            if (!tail && isinf(range))
                status = bnsl__fail(BNSL_EINVAL, func, "the cut-off of species %d and %d is infinite: that needs the tail", (int)a, (int)b);
            if (!status && tail) {
                double u_far, w_far;
                range = FAR;
                status = uncut(own, a, b, range, &u_far, &w_far, func);
                u += pairs * u_far;
                w += pairs * w_far;
            }
            if (!status && range > 0)
                status = add_species(g, tail ? own : given, a, b, range, &u, &w);
        }
    bnsl_potential_destroy(own);
    *u_out = u;
    *w_out = w;
    return status;
}

bnsl_status bnsl_free_energy_lattice_energy(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                            const bnsl_potential *potential, int32_t tail, double *u_out, double *p_out)
{
    if (!box || !xyz || !species || !potential || !u_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !box ? "box" : !xyz ? "xyz" : !species ? "species" : !potential ? "potential" : "u_out");
    if (n < 1 || n >= 1 << 24)
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld, must be 1 .. 2^24 - 1", (long long)n);
    if (tail != 0 && tail != 1)
        return BNSL_FAIL(BNSL_EINVAL, "tail is %d, must be 0 or 1", (int)tail);
    cell_geometry g = { .n = n, .xyz = xyz, .species = species };
    int32_t n_species = bnsl_potential_n_species(potential);
    int64_t where;
    if (n_species > BNSL__MC_SPECIES)
        return BNSL_FAIL(BNSL_EINVAL, "potential has %d species, at most %d are possible", (int)n_species, (int)BNSL__MC_SPECIES);
    if (!bnsl__all_finite(3 * n, xyz, &where))
        return BNSL_FAIL(BNSL_EINVAL, "xyz[%lld] is %g, must be finite", (long long)where, xyz[where]);
    for (int64_t i = 0; i < n; i++) {
        if (species[i] < 0 || species[i] >= n_species)
            return BNSL_FAIL(BNSL_EINVAL, "species[%lld] is %d, must be 0 .. %d", (long long)i, (int)species[i], (int)n_species - 1);
        g.count[species[i]]++;
    }
    bnsl_status status = bnsl_box_vectors(box, g.vectors);
    if (!status)
        status = bnsl_box_plane_distances(box, g.width);
    if (!status)
        status = bnsl_box_volume(box, &g.volume);
    double u, w;
    if (!status)
        status = sum_crystal(&g, potential, tail != 0, &u, &w, __func__);
    if (status)
        return status;
    *u_out = u / (double)n;
    if (p_out)
        *p_out = w / (3 * g.volume);
    return BNSL_OK;
}
