/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a lattice is: names, constants, sites, lattice translations. Cost: sites^3 comparisons for the translations. */
#include <math.h>

#include "lattice_internal.h"

#define SAME_PLACE 1e-6 /* fractional */

const char *bnsl_lattice_name(const bnsl_lattice *lattice)
{
    return lattice ? lattice->prototype->name : "";
}

const char *bnsl_lattice_space_group(const bnsl_lattice *lattice)
{
    return lattice ? lattice->prototype->group->symbol : "";
}

const char *bnsl_lattice_aliases(const bnsl_lattice *lattice)
{
    return lattice ? lattice->prototype->aliases : "";
}

const char *bnsl_lattice_strukturbericht(const bnsl_lattice *lattice)
{
    return lattice ? lattice->prototype->strukturbericht : "";
}

const char *bnsl_lattice_pearson_symbol(const bnsl_lattice *lattice)
{
    return lattice ? lattice->prototype->pearson : "";
}

const char *bnsl_lattice_source(const bnsl_lattice *lattice)
{
    return lattice ? lattice->prototype->source : "";
}

int32_t bnsl_lattice_system(const bnsl_lattice *lattice)
{
    return lattice ? (int32_t)lattice->prototype->group->family : BNSL_SYSTEM_CUBIC;
}

bnsl_status bnsl_lattice_constants(const bnsl_lattice *lattice, double *a_out, double *c_out, double *cell_volume_out)
{
    if (!lattice)
        return BNSL_FAIL(BNSL_EINVAL, "lattice is NULL");
    if (a_out)
        *a_out = lattice->a;
    if (c_out)
        *c_out = lattice->c;
    if (cell_volume_out)
        *cell_volume_out = bnsl__cell_volume(lattice);
    return BNSL_OK;
}

bnsl_status bnsl_lattice_sites(const bnsl_lattice *lattice, int32_t *n_large_out, int32_t *n_small_out)
{
    if (!lattice)
        return BNSL_FAIL(BNSL_EINVAL, "lattice is NULL");
    if (n_large_out)
        *n_large_out = lattice->n_species[BNSL__LARGE];
    if (n_small_out)
        *n_small_out = lattice->n_species[BNSL__SMALL];
    return BNSL_OK;
}

bnsl_status bnsl_lattice_parameters(const bnsl_lattice *lattice, double *x_out, double *y_out, double *z_out)
{
    if (!lattice)
        return BNSL_FAIL(BNSL_EINVAL, "lattice is NULL");
    double *const outputs[3] = {x_out, y_out, z_out};
    for (int i = 0; i < 3; i++)
        if (outputs[i])
            *outputs[i] = lattice->free[i];
    return BNSL_OK;
}

bnsl_status bnsl_lattice_site(const bnsl_lattice *lattice, int32_t i, double *x_out, int32_t *species_out)
{
    if (!lattice)
        return BNSL_FAIL(BNSL_EINVAL, "lattice is NULL");
    if (i < 0 || i >= lattice->n_sites)
        return BNSL_FAIL(BNSL_EINVAL, "i is %d, must be 0 .. %d", i, lattice->n_sites - 1);
    const bnsl__site *site = &lattice->sites[i];
    for (int k = 0; k < 3 && x_out; k++)
        x_out[k] = site->x[k];
    if (species_out)
        *species_out = site->species;
    return BNSL_OK;
}

const char *bnsl_lattice_site_wyckoff(const bnsl_lattice *lattice, int32_t i)
{
    bool there = lattice && i >= 0 && i < lattice->n_sites;
    return there ? lattice->prototype->orbits[lattice->sites[i].orbit].wyckoff : "";
}

/* Whether the crystal looks the same when it is moved by the vector from site 0 to site s. */
static bool is_translation(const bnsl_lattice *lattice, int32_t s)
{
    for (int32_t i = 0; i < lattice->n_sites; i++) {
        int32_t j = 0;
        for (; j < lattice->n_sites; j++) {
            double off = lattice->sites[i].species != lattice->sites[j].species;
            for (int k = 0; k < 3; k++) {
                double d = lattice->sites[i].x[k] + lattice->sites[s].x[k] - lattice->sites[0].x[k] - lattice->sites[j].x[k];
                off += fabs(d - rint(d));
            }
            if (off < SAME_PLACE)
                break;
        }
        if (j == lattice->n_sites)
            return false;
    }
    return true;
}

bnsl_status bnsl_lattice_primitive_cells(const bnsl_lattice *lattice, int32_t *n_cells_out)
{
    if (!lattice || !n_cells_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", lattice ? "n_cells_out" : "lattice");
    int32_t n = 0;
    for (int32_t s = 0; s < lattice->n_sites && lattice->sites[s].species == lattice->sites[0].species; s++)
        n += is_translation(lattice, s);
    *n_cells_out = n;
    return BNSL_OK;
}
