/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Energies, temperature, pressure and packing of the present state. Pair sums come from the double-precision kernel, sums over velocities
 * are taken over each chunk and then over the chunks, so that they do not depend on threads. Cost: one evaluation of the forces with
 * energies, one pass over the velocities, a quadrature for each species.
 */
#include <math.h>

#include "integrators.h"

static const double PI = 3.14159265358979323846;

bool bnsl__md_conserves_momentum(const bnsl_md *md)
{
    return md->options.integrator != BNSL_MD_LANGEVIN && md->n_frozen == 0 && md->wall.kind == BNSL_MD_WALL_NONE;
}

double bnsl__md_freedom(const bnsl_md *md)
{
    return 3 * (double)(md->n - md->n_frozen) - (bnsl__md_conserves_momentum(md) ? 3 : 0);
}

/* A row as one vector. */
typedef double quad __attribute__((vector_size(32)));
typedef double loose_quad __attribute__((vector_size(32), aligned(8), may_alias));

static void flux_of_chunk(const bnsl_md *md, int64_t chunk, double *sums)
{
    quad x = { 0 }, y = { 0 }, z = { 0 }, momentum = { 0 };
    for (int64_t i = chunk_first(chunk); i < chunk_last(md, chunk); i++) {
        quad v = *(const loose_quad *)(md->velocity + ROW * i);
        x += v * v[0];
        y += v * v[1];
        z += v * v[2];
        momentum += v;
    }
    const double flux[N_FLUX] = { x[0], y[1], z[2], x[1], x[2], y[2], momentum[0], momentum[1], momentum[2] };
    for (int k = 0; k < N_FLUX; k++)
        sums[k] = flux[k];
}

void bnsl__md_flux(const bnsl_md *md, double flux[N_FLUX])
{
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t c = 0; c < md->n_chunks; c++)
        flux_of_chunk(md, c, md->chunk_sum + c * N_SUMS);
    for (int k = 0; k < N_FLUX; k++)
        flux[k] = bnsl__md_sum(md, k);
}

/* (pi/6) sum (d_i d_BH / d)^3, d and d_BH of the species: in the order of creation, as the plain one. */
static double effective_sphere_volume(const bnsl_md *md, double kT)
{
    const bnsl__interaction *x = &md->interaction;
    for (int32_t a = 0; a < x->n_species; a++) {
        double d_bh = NAN;
        if (bnsl_potential_barker_henderson(x->potential, a, a, kT, BNSL_BH_WCA, &d_bh))
            d_bh = NAN;
        for (int64_t i = 0; i < md->n; i++)
            if (md->species[i] == a) {
                double d = 2 * md->position[ROW * i + 3] * (d_bh / x->diameter[a]);
                md->scratch[md->id[i]] = PI / 6 * (d * d * d);
            }
    }
    return bnsl__sum(md->n, md->scratch, md->options.num_threads);
}

static double wall_area(const bnsl_md *md)
{
    double size = md->wall.size;
    return md->wall.kind == BNSL_MD_WALL_SPHERE ? 4 * PI * size * size : 2 * md->box.lx * md->box.ly;
}

bnsl_status bnsl_md_thermo_now(bnsl_md *md, bnsl_md_thermo *out)
{
    if (!md || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "out");
    if (md->failed)
        return BNSL_FAIL(BNSL_ENUMERIC, "this simulation has lost its positions; start again or from a checkpoint");
    bnsl_status status = bnsl__md_forces(md, true, NULL, __func__);
    if (status)
        return status;
    const int32_t integrator = md->options.integrator;
    double flux[N_FLUX], freedom = bnsl__md_freedom(md);
    bnsl__md_flux(md, flux);
    bnsl_md_thermo t = { .step = md->step, .time = md->time, .volume = bnsl__md_volume(md), .potential_energy = md->energy };
    for (int k = 0; k < 6; k++)
        t.pressure_tensor[k] = (flux[k] + md->virial[k]) / t.volume;
    t.pressure = (t.pressure_tensor[0] + t.pressure_tensor[1] + t.pressure_tensor[2]) / 3;
    t.kinetic_energy = 0.5 * (flux[XX] + flux[YY] + flux[ZZ]);
    t.kT = freedom > 0 ? 2 * t.kinetic_energy / freedom : 0;
    t.packing_fraction = md->sphere_volume / t.volume;
    t.packing_fraction_effective = effective_sphere_volume(md, integrator == BNSL_MD_NVE ? t.kT : md->options.kT) / t.volume;
    if (md->wall.kind != BNSL_MD_WALL_NONE) {
        t.wall_energy = md->wall_energy;
        t.wall_pressure = md->wall_force / wall_area(md);
    }
    t.conserved = t.potential_energy + t.wall_energy + t.kinetic_energy;
    if (integrator == BNSL_MD_LANGEVIN)
        t.conserved += md->bath.heat;
    else if (integrator != BNSL_MD_NVE)
        t.conserved += bnsl__mtk_energy(md);
    *out = t;
    return BNSL_OK;
}
