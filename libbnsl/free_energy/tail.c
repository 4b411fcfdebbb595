/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the uncut potential adds to the energy and the virial of a crystal whose particles vibrate, <U_uncut - U_cut>: each pair of sites at
 * distance R has a Gaussian relative displacement of variance s^2 = (<d_a^2> + <d_b^2>) / 3 along each axis (the Einstein approximation), so that the
 * distance has the density p(r) = r / (R s sqrt(2 pi)) [exp(-(r - R)^2 / 2 s^2) - exp(-(r + R)^2 / 2 s^2)]. A shell of neighbours at the
 * cut-off is so counted in part, as it is in the run. Near the cut-off by Gauss-Legendre quadrature, beyond by the expansion in s^2 (the
 * Laplacians of the powers), beyond FAR with a uniform density. To first order in the difference of the potentials [Bogoliubov], this is
 * the change of A. That of U and P are its derivatives, and s^2 changes with temperature and volume; for that, d/d ln s^2 is summed too.
 * Cost: N times the sites within FAR, some 30,000.
 */
#include <gsl/gsl_integration.h>
#include <math.h>

#include "solid_internal.h"

enum { POINTS = 24 };

#define FAR 20.0
#define WIDTHS 6.0 /* of the Gaussian that are integrated */

static const double pi = 3.14159265358979323846;

typedef struct tail_sum {
    const gsl_integration_glfixed_table *table;
    double u, w, spread; /* energy, virial, du / d ln s^2 */
} tail_sum;

/* r^-p averaged over displacements that are small against R: sum_k (s^2/2)^k / k! Laplacian^k r^-p; adds factor times that, and d/d ln s^2. */
static void spread_power(double p, double r, double s2, double factor, double *value, double *spread)
{
    double y = s2 / (r * r), first = p * (p - 1) * y / 2, second = first * (p + 2) * (p + 1) * y / 4, third = second * (p + 4) * (p + 3) * y / 6;
    double power = factor * pow(r, -p);
    *value += power * (1 + first + second + third);
    *spread += power * (first + 2 * second + 3 * third);
}

/* Near the cut-off: f of the uncut potential outside, the shift inside. */
static void add_near(tail_sum *t, const bnsl__mc_law *law, double distance, double s2)
{
    const double cut = sqrt(law->cut2), s = sqrt(s2), sigma = sqrt(law->sigma2);
    const double low = fmax(cut, distance - WIDTHS * s), high = fmax(cut, distance + WIDTHS * s);
    const double z = (cut - distance) / s, gauss = exp(-0.5 * z * z) / sqrt(2 * pi);
    double inside = 0.5 * (1 + erf(z / sqrt(2.0))); /* p(r) without its factor r / R; that adds the next term */
    inside -= s / distance * gauss;
    t->u += law->shift * inside;
    t->spread -= law->shift * 0.5 * gauss * (z + s / distance * (1 + z * z));
    for (size_t k = 0; k < POINTS; k++) {
        double r, weight;
        if (gsl_integration_glfixed_point(low, high, k, &r, &weight, t->table))
            continue;
        double p = r / (distance * s * sqrt(2 * pi)) * exp(-0.5 * (r - distance) * (r - distance) / s2), x = sigma / r;
        double repulsion = law->a_n * pow(x, law->n), attraction = law->a_m != 0 ? law->a_m * pow(x, law->m) : 0;
        t->u += weight * p * (repulsion - attraction);
        t->spread += weight * p * (repulsion - attraction) * 0.5 * ((r - distance) * (r - distance) / s2 - 1);
        t->w += weight * p * (law->n * repulsion - law->m * attraction);
    }
}

static void add_pair(tail_sum *t, const bnsl__mc_law *law, double distance, double s2)
{
    const double cut = sqrt(law->cut2), sigma = sqrt(law->sigma2), margin = WIDTHS * sqrt(s2);
    if (distance < cut - margin) {
        t->u += law->shift;
    } else if (distance < cut + margin) {
        add_near(t, law, distance, s2);
    } else {
        double repulsion = 0, attraction = 0, spread[2] = { 0 };
        spread_power(law->n, distance / sigma, s2 / law->sigma2, law->a_n, &repulsion, &spread[0]);
        if (law->a_m != 0)
            spread_power(law->m, distance / sigma, s2 / law->sigma2, law->a_m, &attraction, &spread[1]);
        t->u += repulsion - attraction;
        t->spread += spread[0] - spread[1];
        t->w += law->n * repulsion - law->m * attraction; /* the virial of each power goes as the power; of its Laplacians nearly */
    }
}

static void add_images(tail_sum *t, const bnsl__mc_law *law, const double vectors[9], const int32_t reach[3], const double f[3], bool same, double s2)
{
    for (int32_t x = -reach[0]; x <= reach[0]; x++)
        for (int32_t y = -reach[1]; y <= reach[1]; y++)
            for (int32_t z = -reach[2]; z <= reach[2]; z++) {
                const double g[3] = { f[0] + x, f[1] + y, f[2] + z };
                double r2 = 0;
                for (int k = 0; k < 3; k++) {
                    double r = g[0] * vectors[k] + g[1] * vectors[3 + k] + g[2] * vectors[6 + k];
                    r2 += r * r;
                }
                if (r2 < FAR * FAR && !(same && x == 0 && y == 0 && z == 0))
                    add_pair(t, law, sqrt(r2), same ? 0 : s2); /* an image of itself moves with it */
            }
}

static void add_far(tail_sum *t, const bnsl__mc_law *law, double pairs)
{
    double sigma = sqrt(law->sigma2), x = FAR / sigma, volume = 2 * pi * sigma * sigma * sigma * pairs;
    double repulsion = law->a_n * pow(x, 3 - law->n) / (law->n - 3), attraction = law->a_m != 0 ? law->a_m * pow(x, 3 - law->m) / (law->m - 3) : 0;
    t->u += 2 * volume * (repulsion - attraction); /* the sums count every pair twice */
    t->w += 2 * volume * (law->n * repulsion - law->m * attraction);
}

bnsl_status bnsl__thermal_tail(const bnsl__crystal *c, const double msd[BNSL__MC_SPECIES], bnsl__tail *out, const char *func)
{
    double vectors[9], width[3], volume;
    bnsl_status status = bnsl_box_vectors(&c->box, vectors);
    if (!status)
        status = bnsl_box_plane_distances(&c->box, width);
    if (!status)
        status = bnsl_box_volume(&c->box, &volume);
    for (int32_t k = 0; k < c->n_species * c->n_species && !status; k++)
        if (c->law[k].kind == BNSL__MC_GENERAL || c->law[k].wca)
            status = bnsl__fail(BNSL_EDOMAIN, func, "a pair is a table, WCA or smooth at its cut-off, which has no tail");
    if (status)
        return status;
    int32_t reach[3];
    for (int k = 0; k < 3; k++)
        reach[k] = (int32_t)ceil(FAR / width[k]) + 1;
    bnsl__gsl_enter();
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(POINTS);
    tail_sum t = { .table = table };
    for (int64_t i = 0; i < c->n && table; i++)
        for (int64_t j = 0; j < c->n; j++) {
            int32_t a = c->species[i], b = c->species[j];
            const bnsl__mc_law *law = &c->law[a * c->n_species + b];
            double f[3];
            if (law->kind == BNSL__MC_NONE)
                continue;
            for (int k = 0; k < 3; k++)
                f[k] = c->fractional[3 * j + k] - c->fractional[3 * i + k];
            add_images(&t, law, vectors, reach, f, i == j, (msd[a] + msd[b]) / 3);
        }
    if (table)
        gsl_integration_glfixed_table_free(table);
    bnsl__gsl_leave();
    if (!table)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int32_t a = 0; a < c->n_species; a++)
        for (int32_t b = 0; b < c->n_species; b++)
            if (c->count[a] > 0 && c->count[b] > 0 && c->law[a * c->n_species + b].kind != BNSL__MC_NONE)
                add_far(&t, &c->law[a * c->n_species + b], (double)c->count[a] * (double)c->count[b] / volume);
    *out = (bnsl__tail){ .u = 0.5 * t.u / (double)c->n, .p = 0.5 * t.w / (3 * volume), .spread = 0.5 * t.spread / (double)c->n };
    return BNSL_OK;
}
