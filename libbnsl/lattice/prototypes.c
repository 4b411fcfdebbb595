/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The known structure prototypes, and the sites that their space groups generate.
 *
 * To add one: its space group's generators as coordinate triplets (International Tables for Crystallography A; the identity is left out,
 * the translations of a centred cell are written out), its Wyckoff positions, L first, and a line in the table of prototypes. The
 * multiplicities are checked against the sites generated. Cost: multiplicity^2 x generators comparisons an orbit.
 */
#include <math.h>
#include <string.h>

#include "lattice_internal.h"

#define SAME_SITE 1e-6 /* fractional */

/* ---- data ------------------------------------------------------------------------------------------ */

#define FACE_CENTRED "x,y+1/2,z+1/2", "x+1/2,y,z+1/2"

static const bnsl__space_group p6_mmm = {"P6/mmm", BNSL__HEXAGONAL, {"-y,x-y,z", "-x,-y,z", "y,x,-z", "-x,-y,-z"}};
static const bnsl__space_group fm_3m = {"Fm-3m", BNSL__CUBIC, {FACE_CENTRED, "-x,-y,z", "-x,y,-z", "z,x,y", "y,x,-z", "-x,-y,-z"}};
static const bnsl__space_group fm_3c = {"Fm-3c", BNSL__CUBIC, {FACE_CENTRED, "-x,-y,z", "-x,y,-z", "z,x,y", "y+1/2,x+1/2,-z+1/2", "-x,-y,-z"}};

static const bnsl__prototype alb2 = {
    .name = "AlB2",
    .group = &p6_mmm,
    .n_orbits = 2,
    .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}, {BNSL__SMALL, "2d", 2, "1/3,2/3,1/2"}},
    .basal_ll = true,
    .centre_orbit = -1,
    .atomic_bonds = {0.30090, 0.22883, 0.17372},
    .source = "Hofmann and Jaeniche, Naturwissenschaften 23, 851 (1935)",
};

static const bnsl__prototype nazn13 = {
    .name = "NaZn13",
    .group = &fm_3c,
    .n_orbits = 3,
    .orbits = {{BNSL__LARGE, "8a", 8, "1/4,1/4,1/4"}, {BNSL__SMALL, "8b", 8, "0,0,0"}, {BNSL__SMALL, "96i", 96, "0,y,z"}},
    .y = 0.1806,
    .z = 0.1192,
    .centre_orbit = 1,
    .atomic_bonds = {0.61365, 0.35647, 0.25664},
    .source = "Shoemaker, Marsh, Ewing and Pauling, Acta Cryst. 5, 637 (1952)",
};

static const bnsl__prototype fcc = {
    .name = "fcc",
    .group = &fm_3m,
    .n_orbits = 1,
    .orbits = {{BNSL__LARGE, "4a", 4, "0,0,0"}},
    .centre_orbit = -1,
    .source = "copper: Bragg, Phil. Mag. 28, 355 (1914)",
};

const bnsl__prototype *const bnsl__prototypes[] = {&alb2, &nazn13, &fcc};
const int32_t bnsl__n_prototypes = sizeof bnsl__prototypes / sizeof bnsl__prototypes[0];

/* ---- coordinate triplets --------------------------------------------------------------------------- */

/* One coordinate of x' = m x + t: "x-y", "z+1/2", "1/3". Moves *text behind it and the comma that follows. */
static bool parse_coordinate(const char **text, double m[3], double *t)
{
    const char *c = *text;
    m[0] = m[1] = m[2] = *t = 0.0;
    while (*c && *c != ',') {
        double sign = *c == '-' ? -1.0 : 1.0;
        if (*c == '-' || *c == '+')
            c++;
        if (*c >= 'x' && *c <= 'z') {
            m[*c - 'x'] += sign;
            c++;
        } else if (*c >= '0' && *c <= '9') {
            double numerator = *c++ - '0', denominator = 1.0;
            if (c[0] == '/' && c[1] >= '1' && c[1] <= '9') {
                denominator = c[1] - '0';
                c += 2;
            }
            *t += sign * numerator / denominator;
        } else {
            return false;
        }
    }
    *text = *c == ',' ? c + 1 : c;
    return true;
}

/* Into [0, 1), with what rounding has put just below 1 at 0. */
static double reduce(double x)
{
    x -= floor(x);
    return x > 1.0 - 1e-12 ? 0.0 : x;
}

/* out = triplet applied to x, reduced to the cell */
static bool apply_triplet(const char *triplet, const double x[3], double out[3])
{
    for (int i = 0; i < 3; i++) {
        double m[3], t;
        if (!parse_coordinate(&triplet, m, &t))
            return false;
        out[i] = reduce(m[0] * x[0] + m[1] * x[1] + m[2] * x[2] + t);
    }
    return *triplet == '\0';
}

/* ---- sites ----------------------------------------------------------------------------------------- */

static bool same_site(const double a[3], const double b[3])
{
    for (int i = 0; i < 3; i++) {
        double difference = a[i] - b[i];
        if (fabs(difference - rint(difference)) > SAME_SITE)
            return false;
    }
    return true;
}

int32_t bnsl__orbit_sites(const bnsl__prototype *prototype, int32_t orbit, double y, double z, bnsl__site *sites)
{
    const bnsl__orbit *o = &prototype->orbits[orbit];
    const double free_coordinates[3] = {0.0, y, z};
    if (!apply_triplet(o->position, free_coordinates, sites[0].x))
        return -1;
    int32_t n = 1;
    for (int32_t i = 0; i < n; i++) {
        for (const char *const *generator = prototype->group->generators; *generator; generator++) {
            double image[3];
            int32_t j = 0;
            if (!apply_triplet(*generator, sites[i].x, image))
                return -1;
            while (j < n && !same_site(sites[j].x, image))
                j++;
            if (j < n)
                continue;
            if (n == o->multiplicity)
                return -1;
            memcpy(sites[n++].x, image, sizeof image);
        }
    }
    for (int32_t i = 0; i < n; i++) {
        sites[i].species = o->species;
        sites[i].orbit = orbit;
    }
    return n;
}
