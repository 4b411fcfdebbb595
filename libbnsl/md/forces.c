/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forces, energies and virials of the present positions. */
#include "md_internal.h"

bnsl_status bnsl__md_forces(bnsl_md *md, bool with_energy, const char *func)
{
    int outdated = md->list.valid ? bnsl__verlet_outdated(md) : 1;
    if (outdated < 0) {
        md->failed = true;
        return bnsl__fail(BNSL_ENUMERIC, func, "a particle has crossed the whole box at step %lld: a smaller time step than %g is needed",
                          (long long)md->step, md->options.dt);
    }
    if (outdated) {
        bnsl_status status = bnsl__verlet_build(md, func);
        if (status) {
            md->list.valid = false;
            return status;
        }
    } else {
        bnsl__verlet_update_ghosts(md);
    }
    bnsl__pair_work work = {
        .position = md->position,
        .row_start = md->list.row_start,
        .entry = md->list.entry,
        .force = md->force,
        .energy = with_energy ? md->scratch : NULL,
        .law = &md->interaction.law,
        .pair = md->interaction.pair,
        .n_species = md->interaction.n_species,
        .exponents = md->interaction.exponents,
    };
    bnsl__md_kernels kernels = bnsl__md_pick_kernels(md);
    int64_t n_chunks = (md->n + CHUNK - 1) / CHUNK;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(dynamic, 1)
    for (int64_t c = 0; c < n_chunks; c++)
        kernels.pair(&work, c * CHUNK, (c + 1) * CHUNK < md->n ? (c + 1) * CHUNK : md->n);
    md->forces_valid = true;
    return BNSL_OK;
}
