/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Another potential for a simulation, and the energy of its configuration with another one. The latter is taken by a simulation of its own,
 * made for this one energy, so that the list of the first one, whose order decides the last bits of its course, is not touched.
 * Cost: one neighbour list; energy_with needs the memory of a second simulation meanwhile.
 */
#include <stdlib.h>

#include "md_internal.h"

/* Skin of a list that serves one configuration. */
static const double ONE_SHOT_SKIN = 0.02;

static bnsl_status check(const bnsl_md *md, const bnsl_potential *potential, const char *func)
{
    if (!md || !potential)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", !md ? "md" : "potential");
    if (md->failed)
        return bnsl__fail(BNSL_ENUMERIC, func, "this simulation has lost its positions; start again or from a checkpoint");
    int32_t n = bnsl_potential_n_species(potential);
    if (n != md->interaction.n_species)
        return bnsl__fail(BNSL_EINVAL, func, "the potential has %d species, must be %d", (int)n, (int)md->interaction.n_species);
    return BNSL_OK;
}

/* Whether everything that the simulation has goes with its present interaction; and the list's memory for it. */
static bnsl_status prepare(bnsl_md *md, const char *func)
{
    if (md->own_diameters && md->interaction.has_table)
        return bnsl__fail(BNSL_EINVAL, func, "the potential has a table, which does not scale with the diameters that the particles have");
    bnsl_status status = bnsl__wall_still_fits(md, func);
    return status ? status : bnsl__verlet_allocate(md, func);
}

/* Radii of the present potential's species, unless the particles have their own. */
static void set_radii(bnsl_md *md)
{
    for (int64_t i = 0; i < md->n && !md->own_diameters; i++)
        md->position[ROW * i + 3] = 0.5 * md->interaction.diameter[md->species[i]];
}

bnsl_status bnsl_md_set_potential(bnsl_md *md, const bnsl_potential *potential)
{
    bnsl_status status = check(md, potential, __func__);
    if (status)
        return status;
    bnsl__interaction former = md->interaction, interaction;
    bool list_valid = md->list.valid;
    status = bnsl__interaction_init(&interaction, potential, __func__);
    if (status)
        return status;
    md->interaction = interaction;
    set_radii(md);
    status = prepare(md, __func__);
    if (status) {
        md->interaction = former;
        set_radii(md);
        md->list.valid = list_valid;
        bnsl__interaction_free(&interaction);
        return status;
    }
    bnsl__interaction_free(&former);
    bnsl__md_sizes_changed(md);
    return BNSL_OK;
}

/* A simulation of the present configuration; everything else has its defaults. */
static bnsl_status copy_configuration(const bnsl_md *md, const bnsl_potential *potential, double *xyz, int32_t *species, bnsl_md **out)
{
    bnsl_md_options o;
    bnsl_status status = bnsl_md_options_init(&o, sizeof o);
    o.skin = ONE_SHOT_SKIN;
    o.num_threads = md->options.num_threads;
    o.instruction_set = md->options.instruction_set;
    if (!status)
        status = bnsl_md_positions(md, xyz, NULL);
    if (!status)
        status = bnsl_md_species(md, species);
    if (!status)
        status = bnsl_md_create(out, &md->box, md->n, xyz, species, potential, &o);
    if (!status && md->own_diameters) {
        status = bnsl_md_diameters(md, xyz);
        if (!status)
            status = bnsl_md_set_diameters(*out, xyz);
    }
    return status;
}

bnsl_status bnsl_md_energy_with(bnsl_md *md, const bnsl_potential *potential, double *energy_out)
{
    bnsl_status status = check(md, potential, __func__);
    if (status)
        return status;
    if (!energy_out)
        return BNSL_FAIL(BNSL_EINVAL, "energy_out is NULL");
    bnsl_md *copy = NULL;
    double *xyz = bnsl__alloc(3 * md->n, sizeof *xyz);
    int32_t *species = bnsl__alloc(md->n, sizeof *species);
    status = xyz && species ? copy_configuration(md, potential, xyz, species, &copy) : BNSL_NOMEM();
    free(xyz);
    free(species);
    if (!status)
        status = bnsl__md_forces(copy, true, NULL, __func__);
    if (!status)
        *energy_out = copy->energy;
    bnsl_md_destroy(copy);
    return status;
}
