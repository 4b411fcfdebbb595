/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The time loop, velocity Verlet and BAOAB (formulas in kernel_step.c; NVT and NPT: mtk.c), and random velocities. The energy that a
 * Langevin bath takes is summed in each step, so that U + K + heat is conserved but for the O(dt^2) of the splitting. Cost of a step
 * beside the forces: one pass over the particles, which does the second half-kick of the step before as well; that of the last step of a run is
 * done by the force loop.
 */
#include <math.h>

#include "integrators.h"

static bnsl__step_work step_work(bnsl_md *md)
{
    const bnsl_md_options *o = &md->options;
    bnsl__step_work work = {
        .position = md->position,
        .velocity = md->velocity,
        .force = md->force,
        .mobile = md->mobile,
        .id = md->id,
        .half_dt = 0.5 * o->dt,
        .owes_kick = md->owes_kick,
        .step = md->step,
        .langevin = o->integrator == BNSL_MD_LANGEVIN,
        .friction_factor = exp(-o->friction * o->dt),
        .noise_factor = sqrt(-o->kT * expm1(-2 * o->friction * o->dt)),
        .reference = md->list.pruned.position,
        .heat = o->integrator == BNSL_MD_LANGEVIN ? md->chunk_sum : NULL,
    };
    bnsl__random_key(o->seed, STREAM_NOISE, work.key);
    bnsl__verlet_strain(md, &md->list.pruned, work.strain);
    return work;
}

void bnsl__move_all(bnsl_md *md, const bnsl__step_work *work)
{
    bnsl__md_kernels kernels = bnsl__md_pick_kernels(md, false);
    const bool fixes = bnsl__md_fixes_moves(md);
    double largest = 0;
    if (fixes)
        bnsl__md_set_fixed_unit(md);
    bnsl__deal_chunks(md);
#pragma omp parallel num_threads(bnsl__threads(md->options.num_threads)) reduction(max : largest)
    for (bnsl__hand h = bnsl__first_hand(); bnsl__take_chunk(md, &h);) {
        double d2 = kernels.move(work, chunk_first(h.chunk), chunk_last(md, h.chunk));
        double comparable = d2 >= 0 ? d2 : INFINITY; /* a maximum would lose a NaN */
        largest = comparable > largest ? comparable : largest;
        if (fixes)
            bnsl__md_fix_chunk(md, &kernels, h.chunk);
    }
    md->fixed_is_current = fixes;
    md->largest_displacement2 = largest;
    md->forces_valid = false;
    if (md->wall.kind != BNSL_MD_WALL_NONE)
        bnsl__wall_return(md);
}

/* The second half-kick that the last step has left to the next move. */
static void settle_kick(bnsl_md *md)
{
    if (!md->owes_kick)
        return;
    const bnsl__step_work work = step_work(md);
    bnsl__md_pick_kernels(md, false).kick(&work, 0, md->n);
    md->owes_kick = false;
}

/* finish: with its second half-kick, else that is owed. */
static bnsl_status step_verlet(bnsl_md *md, bool finish, const char *func)
{
    bnsl__step_work work = step_work(md);
    bnsl__move_all(md, &work);
    md->owes_kick = false;
    if (work.heat)
        md->bath.heat -= bnsl__md_sum(md, SUM_HEAT); /* what the particles gained */
    md->step++;
    md->time += md->options.dt;
    bnsl_status status = bnsl__md_forces(md, false, finish ? &work : NULL, func);
    md->owes_kick = !status && !finish;
    return status;
}

bnsl_status bnsl_md_run(bnsl_md *md, int64_t n_steps, bnsl_control *control)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    if (n_steps < 0)
        return BNSL_FAIL(BNSL_EINVAL, "n_steps is %lld, must be >= 0", (long long)n_steps);
    if (md->failed)
        return BNSL_FAIL(BNSL_ENUMERIC, "this simulation has lost its positions; start again or from a checkpoint");
    const int32_t integrator = md->options.integrator;
    const bool bath = integrator == BNSL_MD_NVT || integrator == BNSL_MD_NPT;
    bnsl_status status = bath ? bnsl__mtk_check(md, __func__) : BNSL_OK;
    double start = bnsl__now();
    if (!status && (!md->forces_valid || integrator == BNSL_MD_NPT)) /* NPT: the virial is part of the state */
        status = bnsl__md_forces(md, integrator == BNSL_MD_NPT, NULL, __func__);
    for (int64_t k = 0; k < n_steps && !status; k++) {
        if (bnsl__control_due(control, k, n_steps)) {
            settle_kick(md); /* the callback sees whole steps */
            if (bnsl__control_ask(control, k, n_steps)) {
                status = BNSL_FAIL(BNSL_ECANCELLED, "stopped at step %lld", (long long)md->step);
                break;
            }
        }
        bnsl__schedule_apply(md, md->step + 1);
        status = bath ? bnsl__step_mtk(md, __func__) : step_verlet(md, k == n_steps - 1, __func__);
        md->statistics.n_steps += !status;
    }
    if (!status)
        bnsl__control_stop(control, n_steps, n_steps);
    md->statistics.wall_seconds += bnsl__now() - start;
    return status;
}

bnsl_status bnsl_md_thermalize(bnsl_md *md, double kT, int32_t remove_drift)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    if (!(kT >= 0 && isfinite(kT)))
        return BNSL_FAIL(BNSL_EINVAL, "kT is %g, must be >= 0", kT);
    uint32_t key[2];
    bnsl__random_key(md->options.seed, STREAM_VELOCITY, key);
    bnsl__md_pick_kernels(md, false).noise(md->id, md->n, md->step, key, md->velocity);
    for (int64_t i = 0; i < md->n; i++)
        for (int d = 0; d < 3; d++)
            md->velocity[ROW * i + d] *= sqrt(kT) * (md->mobile ? md->mobile[i] : 1);
    int64_t n_mobile = md->n - md->n_frozen;
    if (!remove_drift || n_mobile < 2)
        return BNSL_OK;
    double flux[N_FLUX], k2 = 0;
    bnsl__md_flux(md, flux);
    for (int64_t i = 0; i < md->n; i++)
        for (int d = 0; d < 3; d++) {
            double *v = &md->velocity[ROW * i + d];
            *v -= flux[FLUX_MOMENTUM + d] / (double)n_mobile * (md->mobile ? md->mobile[i] : 1);
            k2 += *v * *v;
        }
    double factor = k2 > 0 ? sqrt(3 * (double)(n_mobile - 1) * kT / k2) : 0;
    for (int64_t k = 0; k < ROW * md->n; k++)
        md->velocity[k] *= factor;
    return BNSL_OK;
}
