/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A prototype with lattice constants: creation, cell, volume fraction. Cost of creation: the sites of symmetry.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lattice_internal.h"

#define SMALLEST_LENGTH 1e-100 /* cell volumes and their reciprocals stay finite */
#define LARGEST_LENGTH 1e100

static const bnsl_lattice_options default_options = {.struct_size = sizeof(bnsl_lattice_options), .a = 1.0};

bnsl_status bnsl_lattice_options_init(bnsl_lattice_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &default_options, sizeof default_options, __func__);
}

int32_t bnsl_lattice_n_prototypes(void)
{
    return bnsl__n_prototypes;
}

const char *bnsl_lattice_prototype_name(int32_t i)
{
    return i >= 0 && i < bnsl__n_prototypes ? bnsl__prototypes[i].name : NULL;
}

/* ---- creation -------------------------------------------------------------------------------------- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

/* Whether a name is in a list "D23, ico-AB13". */
static bool in_list(const char *name, const char *list)
{
    while (*list) {
        const char *n = name;
        while (*n && lower(*n) == lower(*list)) {
            n++;
            list++;
        }
        if (*n == '\0' && (*list == ',' || *list == '\0'))
            return true;
        while (*list && *list != ',')
            list++;
        while (*list == ',' || *list == ' ')
            list++;
    }
    return false;
}

static const bnsl__prototype *find_prototype(const char *name)
{
    for (int32_t i = 0; i < bnsl__n_prototypes; i++)
        if (same_name(name, bnsl__prototypes[i].name))
            return &bnsl__prototypes[i];
    for (int32_t i = 0; i < bnsl__n_prototypes; i++)
        if (*name && in_list(name, bnsl__prototypes[i].aliases))
            return &bnsl__prototypes[i];
    return NULL;
}

static bnsl_status unknown_name(const char *name, const char *func)
{
    char known[256];
    size_t length = 0;
    for (int32_t i = 0; i < bnsl__n_prototypes && length < sizeof known; i++)
        length += (size_t)snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "", bnsl__prototypes[i].name);
    return bnsl__fail(BNSL_EINVAL, func, "no structure \"%.40s\"; known: %s", name, known);
}

/* A free coordinate of the prototype: given, or its own. */
static bnsl_status free_coordinate(const bnsl__prototype *prototype, int which, double *value_io, const char *func)
{
    double own = prototype->free[which].value;
    double value = *value_io;
    char letter = (char)('x' + which);
    if (value == 0.0) {
        *value_io = own;
        return BNSL_OK;
    }
    if (own == 0.0)
        return bnsl__fail(BNSL_EINVAL, func, "%c is %g, but %s has no free site coordinate %c", letter, value, prototype->name, letter);
    if (!(value > 0.0 && value < 1.0))
        return bnsl__fail(BNSL_EINVAL, func, "%c is %g, must lie between 0 and 1", letter, value);
    return BNSL_OK;
}

static bnsl_status load_options(bnsl_lattice_options *o, const bnsl__prototype *prototype, const bnsl_lattice_options *opts, const char *func)
{
    bnsl_status status = BNSL_OK;
    *o = default_options;
    if (opts)
        status = bnsl__options_load(o, sizeof *o, opts, "bnsl_lattice_options", func);
    if (status)
        return status;
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", o->reserved);
    if (!(o->a >= SMALLEST_LENGTH && o->a <= LARGEST_LENGTH))
        return bnsl__fail(BNSL_EINVAL, func, "a is %g, must be > 0 and within %g .. %g", o->a, SMALLEST_LENGTH, LARGEST_LENGTH);
    bool cubic = prototype->group->family == BNSL__CUBIC;
    if (o->c_over_a == 0.0)
        o->c_over_a = cubic ? 1.0 : prototype->c_over_a.value;
    if (!(o->c_over_a > 0.0))
        return bnsl__fail(BNSL_EINVAL, func, "c_over_a is %g, must be > 0", o->c_over_a);
    if (cubic && o->c_over_a != 1.0)
        return bnsl__fail(BNSL_EINVAL, func, "c_over_a is %g, but %s is cubic: 0 or 1", o->c_over_a, prototype->name);
    double c = o->a * o->c_over_a;
    if (!(c >= SMALLEST_LENGTH && c <= LARGEST_LENGTH))
        return bnsl__fail(BNSL_EINVAL, func, "c = a c_over_a is %g, must lie within %g .. %g", c, SMALLEST_LENGTH, LARGEST_LENGTH);
    double *const free_coordinates[3] = {&o->x, &o->y, &o->z};
    for (int i = 0; i < 3 && !status; i++)
        status = free_coordinate(prototype, i, free_coordinates[i], func);
    return status;
}

/* Sites of every orbit; their number tells whether the coordinates are what the Wyckoff symbols say. */
static bnsl_status fill_sites(bnsl_lattice *lattice, const char *func)
{
    const bnsl__prototype *prototype = lattice->prototype;
    for (int32_t i = 0; i < prototype->n_orbits; i++) {
        const bnsl__orbit *orbit = &prototype->orbits[i];
        int32_t n = bnsl__orbit_sites(prototype, i, lattice->free, lattice->sites + lattice->n_sites);
        if (n < 0)
            return bnsl__fail(BNSL_EINTERNAL, func, "%s: site %s does not fit %s", prototype->name, orbit->wyckoff, prototype->group->symbol);
        if (n != orbit->multiplicity)
            return bnsl__fail(BNSL_EINVAL, func, "x = %g, y = %g, z = %g give %d instead of %d different %s sites", lattice->free[0],
                              lattice->free[1], lattice->free[2], n, orbit->multiplicity, orbit->wyckoff);
        lattice->n_sites += n;
        lattice->n_species[orbit->species] += n;
    }
    return BNSL_OK;
}

bnsl_status bnsl_lattice_create(bnsl_lattice **out, const char *name, const bnsl_lattice_options *opts)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (!name)
        return BNSL_FAIL(BNSL_EINVAL, "name is NULL");
    const bnsl__prototype *prototype = find_prototype(name);
    if (!prototype)
        return unknown_name(name, __func__);
    bnsl_lattice_options o;
    bnsl_status status = load_options(&o, prototype, opts, __func__);
    if (status)
        return status;

    size_t n_sites = 0;
    for (int32_t i = 0; i < prototype->n_orbits; i++)
        n_sites += (size_t)prototype->orbits[i].multiplicity;
    bnsl_lattice *lattice = bnsl__calloc(1, sizeof *lattice + n_sites * sizeof(bnsl__site));
    if (!lattice)
        return BNSL_NOMEM();
    lattice->prototype = prototype;
    lattice->a = o.a;
    lattice->c = o.a * o.c_over_a;
    lattice->free[0] = o.x;
    lattice->free[1] = o.y;
    lattice->free[2] = o.z;
    status = fill_sites(lattice, __func__);
    if (status) {
        free(lattice);
        return status;
    }
    *out = lattice;
    return BNSL_OK;
}

void bnsl_lattice_destroy(bnsl_lattice *lattice)
{
    free(lattice);
}

/* ---- cell ------------------------------------------------------------------------------------------ */

void bnsl__cartesian(const bnsl_lattice *lattice, const double x[3], double r[3])
{
    if (lattice->prototype->group->family == BNSL__HEXAGONAL) {
        r[0] = lattice->a * (x[0] - 0.5 * x[1]);
        r[1] = lattice->a * (sqrt(0.75) * x[1]);
    } else {
        r[0] = lattice->a * x[0];
        r[1] = lattice->a * x[1];
    }
    r[2] = lattice->c * x[2];
}

double bnsl__base_area(bnsl__family family)
{
    return family == BNSL__HEXAGONAL ? sqrt(0.75) : 1.0;
}

double bnsl__cell_volume(const bnsl_lattice *lattice)
{
    return bnsl__base_area(lattice->prototype->group->family) * lattice->a * lattice->a * lattice->c;
}

bnsl_status bnsl_lattice_volume_fraction(const bnsl_lattice *lattice, double d_large, double d_small, double *fraction_out)
{
    if (!lattice || !fraction_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", lattice ? "fraction_out" : "lattice");
    const double diameter[2] = {d_large, d_small};
    double reduced = 0.0; /* sum of n_i d_i^3 / a^3 */
    for (int i = 0; i < 2; i++) {
        if (lattice->n_species[i] == 0)
            continue;
        if (!(diameter[i] > 0.0) || isinf(diameter[i]))
            return BNSL_FAIL(BNSL_EINVAL, "%s is %g, must be finite and > 0", i == BNSL__LARGE ? "d_large" : "d_small", diameter[i]);
        double d = diameter[i] / lattice->a;
        reduced += lattice->n_species[i] * d * d * d;
    }
    double fraction = 0.52359877559829887 * reduced * lattice->a * (lattice->a * lattice->a / bnsl__cell_volume(lattice));
    if (!isfinite(fraction))
        return BNSL_FAIL(BNSL_EINVAL, "diameters %g and %g overflow the volume fraction of a = %g", d_large, d_small, lattice->a);
    *fraction_out = fraction;
    return BNSL_OK;
}
