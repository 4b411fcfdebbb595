/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time loop: velocity Verlet and BAOAB, with slow compression (formulas in kernel_step.c). */
#include <math.h>

#include "md_internal.h"

typedef void (*range_kernel)(const bnsl__step_work *work, int64_t first, int64_t last);

static void for_all(const bnsl_md *md, range_kernel kernel, const bnsl__step_work *work)
{
    int64_t n_chunks = (md->n + CHUNK - 1) / CHUNK;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t c = 0; c < n_chunks; c++)
        kernel(work, c * CHUNK, (c + 1) * CHUNK < md->n ? (c + 1) * CHUNK : md->n);
}

static bnsl__step_work step_work(const bnsl_md *md)
{
    const bnsl_md_options *o = &md->options;
    bnsl__step_work work = {
        .velocity = md->velocity,
        .force = md->force,
        .mobile = md->mobile,
        .half_dt = 0.5 * o->dt,
        .langevin = o->integrator == BNSL_MD_LANGEVIN,
        .friction_factor = exp(-o->friction * o->dt),
        .noise_factor = sqrt(-o->kT * expm1(-2 * o->friction * o->dt)),
    };
    bnsl__random_key(o->seed, STREAM_NOISE, work.key);
    return work;
}

bnsl_status bnsl_md_run(bnsl_md *md, int64_t n_steps, bnsl_control *control)
{
    if (!md || n_steps < 0)
        return BNSL_FAIL(BNSL_EINVAL, "%s", !md ? "md is NULL" : "n_steps is negative");
    if (md->failed)
        return BNSL_FAIL(BNSL_ENUMERIC, "this simulation has lost its positions; start again or from a checkpoint");
    double start = bnsl__now();
    bnsl__md_kernels kernels = bnsl__md_pick_kernels(md);
    bnsl__step_work work = step_work(md);
    bnsl_status status = md->forces_valid ? BNSL_OK : bnsl__md_forces(md, false, __func__);
    for (int64_t k = 0; k < n_steps && !status; k++) {
        if (bnsl__control_stop(control, k, n_steps)) {
            status = BNSL_FAIL(BNSL_ECANCELLED, "stopped at step %lld", (long long)md->step);
            break;
        }
        bnsl__schedule_apply(md, md->step + 1);
        work.position = md->position; /* both may move at a list build */
        work.id = md->id;
        work.step = md->step;
        for_all(md, kernels.move, &work);
        md->step++;
        md->time += md->options.dt;
        status = bnsl__md_forces(md, false, __func__);
        if (status)
            break;
        for_all(md, kernels.kick, &work);
        md->statistics.n_steps++;
    }
    if (!status)
        bnsl__control_stop(control, n_steps, n_steps);
    md->statistics.wall_seconds += bnsl__now() - start;
    return status;
}

bnsl_status bnsl_md_thermalize(bnsl_md *md, double kT, int32_t remove_drift)
{
    if (!md || !(kT >= 0 && isfinite(kT)))
        return md ? BNSL_FAIL(BNSL_EINVAL, "kT is %g, must be >= 0", kT) : BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    bnsl__step_work work = { .id = md->id, .step = md->step };
    bnsl__random_key(md->options.seed, STREAM_VELOCITY, work.key);
    bnsl__md_pick_kernels(md).noise(&work, 0, md->n, md->velocity);
    for (int64_t k = 0; k < ROW * md->n; k++)
        md->velocity[k] *= sqrt(kT) * md->mobile[k];
    int64_t n_mobile = md->n - md->n_frozen;
    if (!remove_drift || n_mobile < 2)
        return BNSL_OK;
    double drift[3] = { 0, 0, 0 }, k2 = 0;
    for (int64_t i = 0; i < md->n; i++)
        for (int d = 0; d < 3; d++)
            drift[d] += md->velocity[ROW * i + d] / (double)n_mobile;
    for (int64_t i = 0; i < md->n; i++)
        for (int d = 0; d < 3; d++) {
            double *v = &md->velocity[ROW * i + d];
            *v -= drift[d] * md->mobile[ROW * i + d];
            k2 += *v * *v;
        }
    double factor = k2 > 0 ? sqrt(3 * (double)(n_mobile - 1) * kT / k2) : 0;
    for (int64_t k = 0; k < ROW * md->n; k++)
        md->velocity[k] *= factor;
    return BNSL_OK;
}

static double sum_column(bnsl_md *md, const double *rows, int column, double *copy)
{
    for (int64_t i = 0; i < md->n; i++)
        copy[i] = rows[8 * i + column];
    return bnsl__sum(md->n, copy, md->options.num_threads);
}

bnsl_status bnsl_md_thermo_now(bnsl_md *md, bnsl_md_thermo *out)
{
    if (!md || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "out");
    if (md->failed)
        return BNSL_FAIL(BNSL_ENUMERIC, "this simulation has lost its positions; start again or from a checkpoint");
    bnsl_status status = bnsl__md_forces(md, true, __func__);
    if (status)
        return status;
    double *rows = md->scratch, *copy = md->column;
    double volume = md->box.lx * md->box.ly * md->box.lz, virial[6], momentum_flux[6];
    bnsl_md_thermo t = { .step = md->step, .time = md->time, .volume = volume };
    t.potential_energy = sum_column(md, rows, 0, copy);
    for (int k = 0; k < 6; k++)
        virial[k] = sum_column(md, rows, 1 + k, copy);
    static const int first[6] = { 0, 1, 2, 0, 0, 1 }, second[6] = { 0, 1, 2, 1, 2, 2 };
    for (int k = 0; k < 6; k++) {
        for (int64_t i = 0; i < md->n; i++)
            copy[i] = md->velocity[ROW * i + first[k]] * md->velocity[ROW * i + second[k]];
        momentum_flux[k] = bnsl__sum(md->n, copy, md->options.num_threads);
        t.pressure_tensor[k] = (momentum_flux[k] + virial[k]) / volume;
    }
    t.kinetic_energy = 0.5 * (momentum_flux[0] + momentum_flux[1] + momentum_flux[2]);
    t.pressure = (t.pressure_tensor[0] + t.pressure_tensor[1] + t.pressure_tensor[2]) / 3;
    t.packing_fraction = md->sphere_volume / volume;
    bool conserves_momentum = md->options.integrator == BNSL_MD_NVE && md->n_frozen == 0;
    double freedom = 3 * (double)(md->n - md->n_frozen) - (conserves_momentum ? 3 : 0);
    t.kT = freedom > 0 ? 2 * t.kinetic_energy / freedom : 0;
    *out = t;
    return BNSL_OK;
}
