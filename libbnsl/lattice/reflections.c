/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Families of reflections of a powder: positions, multiplicities, geometric structure factors.
 *
 *   1/d^2 = (4/3) (h^2 + h k + k^2)/a^2 + l^2/c^2 (hexagonal),  (h^2 + k^2)/a^2 + l^2/c^2 (tetragonal, cubic)
 *   G_X(hkl) = sum over the X sites of the conventional cell of exp(2 pi i (h x + k y + l z))
 *
 * [International Tables for Crystallography B, 1.2; multiplicities of the Laue classes: volume A, table 10.1.2.2]. Absences are not looked
 * up: a family is extinct when G_L and G_S both vanish, and it is so by the space group when one of its operations (W, t) has h W = h and
 * h.t not whole [volume A, 2.2.13]. Cost: families x (sites sines and cosines + operations).
 */
#include <math.h>
#include <stdlib.h>

#include "lattice_internal.h"

enum { MAX_INDEX = 200 };

#define TWO_PI 6.283185307179586
#define EXTINCT 1e-10 /* |G|^2, where one site gives 1 */
#define SAME_Q 1e-12  /* relative: one line of the powder */

/* Hexagonal, Laue class 6/mmm, h >= k >= 0 and l >= 0. */
static int32_t multiplicity_hexagonal(int32_t h, int32_t k, int32_t l)
{
    int32_t in_plane = h == 0 ? 1 : k == 0 || h == k ? 6 : 12;
    return l == 0 ? in_plane : 2 * in_plane;
}

/* Tetragonal, Laue class 4/mmm, h >= k >= 0 and l >= 0. */
static int32_t multiplicity_tetragonal(int32_t h, int32_t k, int32_t l)
{
    int32_t in_plane = h == 0 ? 1 : k == 0 || h == k ? 4 : 8;
    return l == 0 ? in_plane : 2 * in_plane;
}

/* Cubic, Laue class m-3m, h >= k >= l >= 0: permutations times signs. */
static int32_t multiplicity_cubic(int32_t h, int32_t k, int32_t l)
{
    int32_t permutations = h == k && k == l ? 1 : h == k || k == l ? 3 : 6;
    int32_t signs = (h ? 2 : 1) * (k ? 2 : 1) * (l ? 2 : 1);
    return permutations * signs;
}

static int32_t multiplicity(bnsl__family family, int32_t h, int32_t k, int32_t l)
{
    return family == BNSL__HEXAGONAL    ? multiplicity_hexagonal(h, k, l)
           : family == BNSL__TETRAGONAL ? multiplicity_tetragonal(h, k, l)
                                        : multiplicity_cubic(h, k, l);
}

/* Whether the group's centring, glides and screws extinguish hkl. */
static bool extinct_by_group(int32_t n, const bnsl__operation *operations, const int32_t hkl[3])
{
    for (int32_t i = 0; i < n; i++) {
        const bnsl__operation *op = &operations[i];
        double turns = 0.0;
        bool same = true;
        for (int k = 0; k < 3; k++) {
            same = same && hkl[0] * op->w[0][k] + hkl[1] * op->w[1][k] + hkl[2] * op->w[2][k] == hkl[k];
            turns += hkl[k] * op->t[k];
        }
        if (same && fabs(turns - rint(turns)) > 1e-6)
            return true;
    }
    return false;
}

/* G_L, G_S as real and imaginary parts. */
static void structure_factors(const bnsl_lattice *lattice, int32_t h, int32_t k, int32_t l, double g[2][2])
{
    g[0][0] = g[0][1] = g[1][0] = g[1][1] = 0.0;
    for (int32_t i = 0; i < lattice->n_sites; i++) {
        const bnsl__site *site = &lattice->sites[i];
        double turns = h * site->x[0] + k * site->x[1] + l * site->x[2];
        double phase = TWO_PI * (turns - rint(turns));
        g[site->species][0] += cos(phase);
        g[site->species][1] += sin(phase);
    }
}

static void fill_structure_factors(const bnsl_lattice *lattice, bnsl_reflection *r)
{
    double g[2][2];
    structure_factors(lattice, r->h, r->k, r->l, g);
    r->g_ll = g[0][0] * g[0][0] + g[0][1] * g[0][1];
    r->g_ss = g[1][0] * g[1][0] + g[1][1] * g[1][1];
    r->g_ls = g[0][0] * g[1][0] + g[0][1] * g[1][1];
    /* what is zero but for rounding becomes so */
    if (r->g_ll < EXTINCT)
        r->g_ll = r->g_ls = 0.0;
    if (r->g_ss < EXTINCT)
        r->g_ss = r->g_ls = 0.0;
    r->allowed = r->g_ll > 0.0 || r->g_ss > 0.0;
}

/* By q, then by decreasing h, k, l. */
static int compare(const void *pa, const void *pb)
{
    const bnsl_reflection *a = pa, *b = pb;
    if (a->q != b->q)
        return a->q < b->q ? -1 : 1;
    if (a->h != b->h)
        return a->h > b->h ? -1 : 1;
    if (a->k != b->k)
        return a->k > b->k ? -1 : 1;
    return (a->l < b->l) - (a->l > b->l);
}

/* Lines whose q differs by rounding alone (110 and 002 at c/a = 1) get one q, so that their order is that of the indices. */
static void sort_lines(int64_t n, bnsl_reflection *list)
{
    qsort(list, (size_t)n, sizeof *list, compare);
    for (int64_t i = 1; i < n; i++)
        if (list[i].q - list[i - 1].q <= SAME_Q * list[i].q)
            list[i].q = list[i - 1].q;
    qsort(list, (size_t)n, sizeof *list, compare);
}

typedef struct family_list {
    bnsl_reflection *items;
    int64_t n, capacity;
    double q_max;
    bool include_absent;
    int32_t n_operations;
    bnsl__operation operations[BNSL__MAX_OPERATIONS];
} family_list;

/* Adds the family of hkl when it is within q_max and wanted; false: no memory. */
static bool add_family(family_list *list, const bnsl_lattice *lattice, const int32_t hkl[3])
{
    int32_t h = hkl[0], k = hkl[1], l = hkl[2];
    bnsl__family family = lattice->prototype->group->family;
    double a_over_c = lattice->a / lattice->c;
    double in_plane = family == BNSL__HEXAGONAL ? 4.0 * (h * h + h * k + k * k) / 3.0 : h * h + k * k;
    double axial = l * a_over_c;
    bnsl_reflection r = {.h = h, .k = k, .l = l, .q = TWO_PI / lattice->a * sqrt(in_plane + axial * axial)};
    if (!(r.q > 0.0 && r.q <= list->q_max * (1.0 + SAME_Q)))
        return true;
    bool by_group = extinct_by_group(list->n_operations, list->operations, hkl);
    if (by_group && !list->include_absent)
        return true;
    r.multiplicity = multiplicity(family, h, k, l);
    if (!by_group)
        fill_structure_factors(lattice, &r);
    if (!r.allowed && !list->include_absent)
        return true;
    r.absence = by_group ? BNSL_ABSENCE_GROUP : r.allowed ? BNSL_ABSENCE_NONE : BNSL_ABSENCE_SITES;
    void *items = list->items;
    if (!bnsl__reserve(&items, &list->capacity, list->n + 1, sizeof r))
        return false;
    list->items = items;
    list->items[list->n++] = r;
    return true;
}

static bool add_families(family_list *list, const bnsl_lattice *lattice, int32_t h_max, int32_t l_max)
{
    bool cubic = lattice->prototype->group->family == BNSL__CUBIC;
    for (int32_t h = 0; h <= h_max; h++)
        for (int32_t k = 0; k <= h; k++)
            for (int32_t l = 0; l <= (cubic ? k : l_max); l++)
                if (!add_family(list, lattice, (const int32_t[3]){h, k, l}))
                    return false;
    return true;
}

bnsl_status bnsl_lattice_reflections(const bnsl_lattice *lattice, double q_max, int32_t include_absent, int64_t capacity, int64_t *n_out,
                                     bnsl_reflection *reflections_out)
{
    if (!lattice || !n_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", lattice ? "n_out" : "lattice");
    if (!(q_max > 0.0) || isinf(q_max))
        return BNSL_FAIL(BNSL_EINVAL, "q_max is %g, must be finite and > 0", q_max);
    if (include_absent != 0 && include_absent != 1)
        return BNSL_FAIL(BNSL_EINVAL, "include_absent is %d, must be 0 or 1", include_absent);
    if (capacity < 0 || (capacity > 0 && !reflections_out))
        return BNSL_FAIL(BNSL_EINVAL, "capacity is %lld and reflections_out is %sNULL, must be >= 0 and an array", (long long)capacity,
                         reflections_out ? "not " : "");

    /* k = 0 (and l = 0) allows the largest h */
    const bnsl__space_group *group = lattice->prototype->group;
    double h_max = floor(q_max / TWO_PI * lattice->a * bnsl__base_area(group->family) + 1e-6);
    double l_max = floor(q_max / TWO_PI * lattice->c + 1e-6);
    if (!(h_max <= MAX_INDEX && l_max <= MAX_INDEX))
        return BNSL_FAIL(BNSL_EINVAL, "q_max is %g: indices up to %g, at most %d are possible", q_max, fmax(h_max, l_max), MAX_INDEX);

    family_list list = {.q_max = q_max, .include_absent = include_absent};
    list.n_operations = bnsl__group_operations(group, list.operations);
    if (list.n_operations < 0)
        return BNSL_FAIL(BNSL_EINTERNAL, "the generators of %s make no group", group->symbol);
    if (!add_families(&list, lattice, (int32_t)h_max, (int32_t)l_max)) {
        free(list.items);
        return BNSL_NOMEM();
    }
    int64_t n = list.n;
    if (n > 0 && n <= capacity) {
        sort_lines(n, list.items);
        for (int64_t i = 0; i < n; i++)
            reflections_out[i] = list.items[i];
    }
    free(list.items);
    *n_out = n;
    if (capacity < n)
        return BNSL_FAIL(BNSL_EBUFFER, "room for %lld families, %lld are needed", (long long)capacity, (long long)n);
    return BNSL_OK;
}
