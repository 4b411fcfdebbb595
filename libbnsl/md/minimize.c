/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Energy minimum by the fast inertial relaxation engine [E. Bitzek, P. Koskinen, F. Gaehler, M. Moseler, P. Gumbsch, Phys. Rev. Lett. 97,
 * 170201 (2006)] as revised by J. Guenole, W. G. Noehring, A. Vaid, F. Houlle, Z. Xie, A. Prakash, E. Bitzek, Comput. Mater. Sci. 175, 109584
 * (2020), "FIRE 2.0": semi-implicit Euler steps, half a step back when going uphill. The energy itself is not needed. Forces are always in
 * double precision. Cost of a step: forces and three passes over the particles.
 */
#include <math.h>
#include <string.h>

#include "integrators.h"

/* The published parameters. */
static const double DT_GROW = 1.1, DT_SHRINK = 0.5, DT_LARGEST = 10, DT_SMALLEST = 0.02, ALPHA_START = 0.25, ALPHA_SHRINK = 0.99;
enum { DELAY = 20, MAX_UPHILL = 2000 };

/* Components of forces are cut here, so that their squares have a sum. */
static const double LARGEST_FORCE = 1e100;

static const bnsl_md_minimize_options defaults = {
    .struct_size = sizeof(bnsl_md_minimize_options), .max_steps = 100000, .force_tolerance = 1e-8, .dt_start = 0.002, .max_move = 0.1
};

bnsl_status bnsl_md_minimize_options_init(bnsl_md_minimize_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_md_minimize_options *o, const char *func)
{
    const struct {
        const char *name;
        double value;
    } positive[] = { { "force_tolerance", o->force_tolerance }, { "dt_start", o->dt_start }, { "max_move", o->max_move } };
    if (o->max_steps < 1)
        return bnsl__fail(BNSL_EINVAL, func, "max_steps is %d, must be >= 1", (int)o->max_steps);
    for (int k = 0; k < 3; k++)
        if (!(positive[k].value > 0 && isfinite(positive[k].value)))
            return bnsl__fail(BNSL_EINVAL, func, "%s is %g, must be > 0", positive[k].name, positive[k].value);
    return BNSL_OK;
}

typedef struct fire {
    double dt, dt_before, alpha;
    int64_t n_downhill, n_uphill, n_steps;
    double power, vv, ff, largest_force; /* f v, v v, f f over the mobile particles; largest component; NaN when a force is */
} fire;

/* Forces as the minimiser takes them: 0 on frozen particles, never too large to be squared. */
static void measure(bnsl_md *md, fire *x)
{
    double largest = 0;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static) reduction(max : largest)
    for (int64_t c = 0; c < md->n_chunks; c++) {
        double *sum = md->chunk_sum + c * N_SUMS;
        sum[0] = sum[1] = sum[2] = sum[3] = 0;
        for (int64_t i = chunk_first(c); i < chunk_last(md, c); i++)
            for (int d = 0; d < 3; d++) {
                double *f = &md->force[ROW * i + d], v = md->velocity[ROW * i + d];
                if (md->mobile && md->mobile[i] == 0)
                    *f = 0;
                *f = *f > LARGEST_FORCE ? LARGEST_FORCE : *f < -LARGEST_FORCE ? -LARGEST_FORCE : *f;
                sum[0] += *f * v;
                sum[1] += v * v;
                sum[2] += *f * *f;
                sum[3] += *f - *f; /* 0, or NaN that stays */
                largest = fabs(*f) > largest ? fabs(*f) : largest;
            }
    }
    x->power = bnsl__md_sum(md, 0);
    x->vv = bnsl__md_sum(md, 1);
    x->ff = bnsl__md_sum(md, 2);
    x->largest_force = largest + bnsl__md_sum(md, 3);
}

/* A vector made no longer than limit. */
static void shorten(double u[3], double limit)
{
    double length2 = u[0] * u[0] + u[1] * u[1] + u[2] * u[2];
    if (length2 > limit * limit)
        for (int d = 0; d < 3; d++)
            u[d] *= limit / sqrt(length2);
}

/* Half a step back and a stop when uphill; then a step along velocities that are turned towards the forces. */
static void move(bnsl_md *md, const fire *x, double max_move)
{
    const bool downhill = x->power > 0;
    const double keep = downhill ? 1 - x->alpha : 1, turn = downhill ? x->alpha * sqrt(x->vv / x->ff) : 0;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t c = 0; c < md->n_chunks; c++)
        for (int64_t i = chunk_first(c); i < chunk_last(md, c); i++) {
            double *r = md->position + ROW * i, *v = md->velocity + ROW * i, step[3];
            const double *f = md->force + ROW * i;
            for (int d = 0; d < 3; d++) {
                step[d] = downhill ? 0 : -0.5 * x->dt_before * v[d];
                v[d] = keep * ((downhill ? v[d] : 0) + x->dt * f[d]) + turn * f[d];
            }
            shorten(v, max_move / x->dt);
            for (int d = 0; d < 3; d++)
                step[d] += x->dt * v[d];
            shorten(step, max_move);
            for (int d = 0; d < 3; d++)
                r[d] += step[d];
        }
    md->forces_valid = false;
    md->largest_displacement2 = -1;
    bnsl__wall_return(md);
}

/* Time step and mixing for the next move. */
static void adapt(fire *x, double dt_start)
{
    x->dt_before = x->dt;
    if (x->power > 0) {
        x->n_uphill = 0;
        if (++x->n_downhill > DELAY) {
            x->dt = fmin(x->dt * DT_GROW, DT_LARGEST * dt_start);
            x->alpha *= ALPHA_SHRINK;
        }
        return;
    }
    x->n_downhill = 0;
    x->n_uphill++;
    if (x->n_steps <= DELAY)
        return;
    x->dt = fmax(x->dt * DT_SHRINK, DT_SMALLEST * dt_start);
    x->alpha = ALPHA_START;
}

static bnsl_status relax(bnsl_md *md, const bnsl_md_minimize_options *o, bnsl_control *control, fire *x)
{
    static const char *const func = "bnsl_md_minimize";
    for (;;) {
        bnsl_status status = bnsl__md_forces(md, bnsl__md_is_mixed(md), NULL, func); /* forces that come with energies are in double */
        if (status)
            return status;
        x->n_steps++;
        measure(md, x);
        md->forces_valid = false; /* they have been cut */
        if (!(x->largest_force <= LARGEST_FORCE))
            return bnsl__fail(BNSL_ENUMERIC, func, "a force is not a number: two particles are at the same place");
        if (x->largest_force <= o->force_tolerance)
            return BNSL_OK;
        if (x->n_steps >= o->max_steps || x->n_uphill > MAX_UPHILL)
            return bnsl__fail(BNSL_ENOCONV, func, "after %lld steps the largest force is %.3g, wanted %.3g", (long long)x->n_steps,
                              x->largest_force, o->force_tolerance);
        if (bnsl__control_stop(control, x->n_steps, o->max_steps))
            return bnsl__fail(BNSL_ECANCELLED, func, "stopped after %lld steps", (long long)x->n_steps);
        adapt(x, o->dt_start);
        move(md, x, o->max_move);
    }
}

bnsl_status bnsl_md_minimize(bnsl_md *md, const bnsl_md_minimize_options *opts, bnsl_control *control, int64_t *n_steps_out)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    if (md->failed)
        return BNSL_FAIL(BNSL_ENUMERIC, "this simulation has lost its positions; start again or from a checkpoint");
    bnsl_md_minimize_options o = defaults;
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_md_minimize_options", __func__) : BNSL_OK;
    if (!status)
        status = check_options(&o, __func__);
    if (status)
        return status;
    fire x = { .dt = o.dt_start, .dt_before = o.dt_start, .alpha = ALPHA_START };
    memset(md->velocity, 0, (size_t)(ROW * md->n) * sizeof *md->velocity);
    status = relax(md, &o, control, &x);
    memset(md->velocity, 0, (size_t)(ROW * md->n) * sizeof *md->velocity);
    if (n_steps_out)
        *n_steps_out = x.n_steps;
    return status;
}
