/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Coordinate triplets: the sites of a Wyckoff position, and the operations of a space group, both as closures of its generators
 * [International Tables for Crystallography A, 8.3.5]. Cost: multiplicity^2 x generators comparisons an orbit, order^2 x generators a group.
 */
#include <math.h>
#include <string.h>

#include "lattice_internal.h"

#define SAME_SITE 1e-6 /* fractional */

/* ---- coordinate triplets --------------------------------------------------------------------------- */

/* One coordinate of x' = m x + t: "x-y", "2x", "z+1/2", "1/3". Moves *text behind it and the comma that follows. */
static bool parse_coordinate(const char **text, double m[3], double *t)
{
    const char *c = *text;
    if (!*c || *c == ',')
        return false;
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
            if (*c >= 'x' && *c <= 'z') {
                m[*c++ - 'x'] += sign * numerator;
                continue;
            }
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

int32_t bnsl__orbit_sites(const bnsl__prototype *prototype, int32_t orbit, const double free_coordinates[3], bnsl__site *sites)
{
    const bnsl__orbit *o = &prototype->orbits[orbit];
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

/* ---- operations ------------------------------------------------------------------------------------ */

static bool parse_operation(const char *triplet, bnsl__operation *op)
{
    for (int i = 0; i < 3; i++) {
        double m[3], t;
        if (!parse_coordinate(&triplet, m, &t))
            return false;
        for (int k = 0; k < 3; k++)
            op->w[i][k] = (int32_t)m[k];
        op->t[i] = reduce(t);
    }
    return *triplet == '\0';
}

/* second after first */
static bnsl__operation product(const bnsl__operation *second, const bnsl__operation *first)
{
    bnsl__operation p;
    for (int i = 0; i < 3; i++) {
        double t = second->t[i];
        for (int k = 0; k < 3; k++) {
            p.w[i][k] = 0;
            for (int j = 0; j < 3; j++)
                p.w[i][k] += second->w[i][j] * first->w[j][k];
            t += second->w[i][k] * first->t[k];
        }
        p.t[i] = reduce(t);
    }
    return p;
}

static bool same_operation(const bnsl__operation *a, const bnsl__operation *b)
{
    return memcmp(a->w, b->w, sizeof a->w) == 0 && same_site(a->t, b->t);
}

int32_t bnsl__group_operations(const bnsl__space_group *group, bnsl__operation operations[BNSL__MAX_OPERATIONS])
{
    bnsl__operation generators[BNSL__MAX_GENERATORS];
    int32_t n_generators = 0, n = 1;
    while (group->generators[n_generators]) {
        if (!parse_operation(group->generators[n_generators], &generators[n_generators]))
            return -1;
        n_generators++;
    }
    operations[0] = (bnsl__operation){.w = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    for (int32_t i = 0; i < n; i++) {
        for (int32_t g = 0; g < n_generators; g++) {
            bnsl__operation next = product(&generators[g], &operations[i]);
            int32_t j = 0;
            while (j < n && !same_operation(&operations[j], &next))
                j++;
            if (j < n)
                continue;
            if (n == BNSL__MAX_OPERATIONS)
                return -1;
            operations[n++] = next;
        }
    }
    return n;
}
