/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neighbours by trying every image of every pair; see neighbor_oracle.h. */
#include "neighbor_oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const oracle_bond *p = a, *q = b;
    if (p->distance != q->distance)
        return p->distance < q->distance ? -1 : 1;
    return (p->j > q->j) - (p->j < q->j);
}

/* Appends the images of one point. */
static int64_t try_images(const bnsl_box *box, const double *query, const double *point, int32_t j, int skip, double r_min, double r_max, int64_t n,
                          oracle_bond **bonds)
{
    static const bnsl_box none = {1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0, 0};
    const bnsl_box *cell = box ? box : &none;
    double edges[9], plane[3], s[3];
    const double d[3] = {point[0] - query[0], point[1] - query[1], point[2] - query[2]};
    bnsl_box_vectors(cell, edges);
    bnsl_box_plane_distances(cell, plane);
    bnsl_box_to_fractional(cell, 1, d, s);
    int first[3], last[3];
    for (int k = 0; k < 3; k++) {
        const int periodic = cell->periodic >> k & 1;
        first[k] = periodic ? (int)floor(-s[k] - r_max / plane[k]) : 0;
        last[k] = periodic ? (int)ceil(-s[k] + r_max / plane[k]) : 0;
    }
    for (int a = first[0]; a <= last[0]; a++) {
        for (int b = first[1]; b <= last[1]; b++) {
            for (int c = first[2]; c <= last[2]; c++) {
                oracle_bond bond = {.j = j};
                for (int k = 0; k < 3; k++)
                    bond.vector[k] = d[k] + a * edges[k] + b * edges[3 + k] + c * edges[6 + k];
                bond.distance = sqrt(bond.vector[0] * bond.vector[0] + bond.vector[1] * bond.vector[1] + bond.vector[2] * bond.vector[2]);
                if ((skip && a == 0 && b == 0 && c == 0) || bond.distance < r_min || bond.distance >= r_max)
                    continue;
                if (n % 64 == 0)
                    *bonds = realloc(*bonds, (size_t)(n + 64) * sizeof bond);
                (*bonds)[n++] = bond;
            }
        }
    }
    return n;
}

int64_t oracle_bonds(const bnsl_box *box, const double *query, int64_t i, int64_t skip, int64_t n, const double *xyz, double r_min,
                     oracle_cutoff cutoff, void *user, oracle_bond **bonds)
{
    int64_t found = 0;
    *bonds = malloc(64 * sizeof **bonds);
    for (int64_t j = 0; j < n; j++)
        found = try_images(box, query, xyz + 3 * j, (int32_t)j, j == skip, r_min, cutoff(user, i, j), found, bonds);
    qsort(*bonds, (size_t)found, sizeof **bonds, compare);
    return found;
}

int oracle_same(const bnsl_neighbor_list *list, int64_t query, int64_t n, const oracle_bond *bonds)
{
    const int64_t *offset;
    const int32_t *index;
    const double *vector, *distance;
    bnsl_neighbor_view(list, &offset, &index, &vector, &distance);
    const int64_t first = offset[query];
    if (offset[query + 1] - first != n)
        return 0;
    char *taken = calloc((size_t)n + 1, 1);
    int64_t matched = 0;
    for (int64_t b = first; b < first + n; b++) {
        for (int64_t o = 0; o < n; o++) {
            if (taken[o] || bonds[o].j != index[b] || fabs(bonds[o].distance - distance[b]) > 1e-10)
                continue;
            const double *u = bonds[o].vector, *v = vector + 3 * b;
            if (fabs(u[0] - v[0]) > 1e-10 || fabs(u[1] - v[1]) > 1e-10 || fabs(u[2] - v[2]) > 1e-10)
                continue;
            taken[o] = 1;
            matched++;
            break;
        }
    }
    free(taken);
    return matched == n;
}
