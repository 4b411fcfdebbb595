/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Structure factors of configurations: checks, choice of the method, the total, and intensities from partials and amplitudes. The methods
 * are in sq_direct.c, sq_nufft.c and sq_debye.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sq_internal.h"

static const bnsl_saxs_sq_options defaults = {.q_max = 25, .n_q = 500, .tolerance = 1e-6, .memory_mib = 1024};

static const double MARGIN_HWHM = 20;   /* with peak_hwhm wave vectors up to q_max + 20 hwhm are summed, */
static const double MARGIN_RANGE = 0.5; /* but not beyond 1.5 q_max */

enum { DIRECT_UP_TO = 200 }; /* particles: with more the transform is the faster way, whatever the number of wave vectors */

bnsl_status bnsl_saxs_sq_options_init(bnsl_saxs_sq_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_saxs_sq_options *o, const char *func)
{
    if (!(o->q_max > 0 && o->q_max <= 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "q_max is %g, must be > 0 and finite", o->q_max);
    if (!(o->q_min >= 0 && o->q_min < o->q_max))
        return bnsl__fail(BNSL_EINVAL, func, "q_min is %g, must be >= 0 and below q_max, %g", o->q_min, o->q_max);
    if (o->n_q < 1 || o->n_q > 1000000)
        return bnsl__fail(BNSL_EINVAL, func, "n_q is %d, must be 1 .. 1000000", (int)o->n_q);
    if (!(o->peak_hwhm >= 0 && o->peak_hwhm <= 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "peak_hwhm is %g, must be >= 0 and finite", o->peak_hwhm);
    if (!(o->tolerance >= 1e-12 && o->tolerance <= 1e-2))
        return bnsl__fail(BNSL_EINVAL, func, "tolerance is %g, must be 1e-12 .. 1e-2", o->tolerance);
    if (!(o->memory_mib > 0 && o->memory_mib <= 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "memory_mib is %g, must be > 0 and finite", o->memory_mib);
    if (!(o->bin_width >= 0 && o->bin_width <= 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "bin_width is %g, must be >= 0 and finite", o->bin_width);
    if (!(o->shape_radius >= 0 && o->shape_radius <= 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "shape_radius is %g, must be >= 0 and finite", o->shape_radius);
    if (o->shape < BNSL_SQ_SHAPE_KEEP || o->shape > BNSL_SQ_SHAPE_MASK)
        return bnsl__fail(BNSL_EINVAL, func, "shape is %d, must be a BNSL_SQ_SHAPE_ (0 .. 2)", (int)o->shape);
    return BNSL_OK;
}

static bnsl_status check_particles(const sq_job *job)
{
    int64_t where;
    if (job->n < 1 || !job->xyz)
        return bnsl__fail(BNSL_EINVAL, job->func, "n is %lld and xyz is %s, must be >= 1 and an array", (long long)job->n,
                          job->xyz ? "given" : "NULL");
    if (job->n_species < 1 || job->n_species > SQ_MAX_SPECIES || (!job->species && job->n_species != 1))
        return bnsl__fail(BNSL_EINVAL, job->func, "n_species is %d, must be 1 .. %d, and 1 when species is NULL", (int)job->n_species,
                          SQ_MAX_SPECIES);
    if (job->n > INT32_MAX)
        return bnsl__fail(BNSL_EINVAL, job->func, "n is %lld, must be at most %d", (long long)job->n, INT32_MAX);
    if (!bnsl__all_finite(3 * job->n, job->xyz, &where))
        return bnsl__fail(BNSL_EINVAL, job->func, "the position of particle %lld is not finite", (long long)(where / 3));
    for (int64_t i = 0; job->species && i < job->n; i++)
        if (job->species[i] < 0 || job->species[i] >= job->n_species)
            return bnsl__fail(BNSL_EINVAL, job->func, "species[%lld] is %d, must be 0 .. %d", (long long)i, (int)job->species[i],
                              (int)job->n_species - 1);
    return BNSL_OK;
}

static bnsl_status choose_method(const bnsl_box *box, int64_t n, int32_t method, const char *func, int32_t *out)
{
    if (method < BNSL_SQ_AUTO || method > BNSL_SQ_DEBYE)
        return bnsl__fail(BNSL_EINVAL, func, "method is %d, must be a BNSL_SQ_ (0 .. 3)", (int)method);
    if (box) {
        bnsl_status status = bnsl_box_validate(box);
        if (status != BNSL_OK)
            return status;
    }
    if (method == BNSL_SQ_AUTO && box && box->periodic == BNSL_PERIODIC_XYZ)
        method = n <= DIRECT_UP_TO ? BNSL_SQ_DIRECT : BNSL_SQ_NUFFT;
    else if (method == BNSL_SQ_AUTO && (!box || box->periodic == 0))
        method = BNSL_SQ_DEBYE;
    if (method != BNSL_SQ_DEBYE && !box)
        return bnsl__fail(BNSL_EINVAL, func, "box is NULL");
    if (method != BNSL_SQ_DEBYE && box->periodic != BNSL_PERIODIC_XYZ)
        return bnsl__fail(BNSL_EINVAL, func, "the box's periodic is %d, must be BNSL_PERIODIC_XYZ (7), or the method BNSL_SQ_DEBYE",
                          (int)box->periodic);
    *out = method;
    return BNSL_OK;
}

bnsl_status bnsl_saxs_sq_method(const bnsl_box *box, int64_t n, int32_t method, int32_t *method_out)
{
    if (!method_out)
        return BNSL_FAIL(BNSL_EINVAL, "method_out is NULL");
    return choose_method(box, n, method, __func__, method_out);
}

bnsl_status bnsl__sq_no_wave_vector(const sq_job *job)
{
    return bnsl__fail(BNSL_EDOMAIN, job->func, "the box has no wave vector between q_min = %g and q_max = %g", job->o.q_min, job->o.q_max);
}

/* Checks and completes the job; xyz, species and the like are set already. */
static bnsl_status prepare(sq_job *job, const bnsl_saxs_sq_options *opts)
{
    bnsl_status status = BNSL_OK;
    job->o = defaults;
    if (opts)
        status = bnsl__options_load(&job->o, sizeof job->o, opts, "bnsl_saxs_sq_options", job->func);
    if (status == BNSL_OK)
        status = check_options(&job->o, job->func);
    if (status == BNSL_OK)
        status = choose_method(job->box, job->n, job->o.method, job->func, &job->o.method);
    if (status == BNSL_OK)
        status = check_particles(job);
    if (status != BNSL_OK)
        return status;
    if (job->o.method == BNSL_SQ_DEBYE && job->o.peak_hwhm > 0)
        return bnsl__fail(BNSL_EINVAL, job->func, "peak_hwhm is %g, must be 0 with BNSL_SQ_DEBYE: the peaks of an isolated crystal have a width",
                          job->o.peak_hwhm);
    job->n_pairs = job->n_species * (job->n_species + 1) / 2;
    job->dq = (job->o.q_max - job->o.q_min) / job->o.n_q;
    job->k_max = job->o.q_max + fmin(MARGIN_HWHM * job->o.peak_hwhm, MARGIN_RANGE * job->o.q_max);
    job->threads = bnsl__threads(job->o.num_threads);
    return BNSL_OK;
}

static double total_of(int32_t n_species, const double *partial)
{
    double total = 0;
    for (int32_t a = 0; a < n_species; a++)
        for (int32_t b = a; b < n_species; b++, partial++)
            total += a == b ? *partial : 2 * *partial;
    return total;
}

bnsl_status bnsl_saxs_structure_factor(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t n_species,
                                       const bnsl_saxs_sq_options *opts, double *q_out, double *s_out, double *partial_out, int64_t *n_k_out,
                                       bnsl_control *control)
{
    sq_job job = {.func = __func__, .box = box, .n = n, .xyz = xyz, .species = species, .n_species = n_species, .control = control};
    bnsl_status status = prepare(&job, opts);
    if (status != BNSL_OK)
        return status;
    if (!q_out)
        return BNSL_FAIL(BNSL_EINVAL, "q_out is NULL");
    const int64_t n_q = job.o.n_q;
    double *q = bnsl__alloc(n_q, sizeof *q), *partial = bnsl__alloc(n_q * job.n_pairs, sizeof *partial);
    int64_t *n_k = bnsl__calloc(n_q, sizeof *n_k);
    if (!q || !partial || !n_k)
        status = BNSL_NOMEM();
    else if (job.o.method == BNSL_SQ_DEBYE)
        status = bnsl__sq_debye(&job, q, partial);
    else
        status = (job.o.method == BNSL_SQ_DIRECT ? bnsl__sq_direct : bnsl__sq_nufft)(&job, q, partial, n_k);
    if (status == BNSL_OK) {
        memcpy(q_out, q, (size_t)n_q * sizeof *q);
        if (partial_out)
            memcpy(partial_out, partial, (size_t)(n_q * job.n_pairs) * sizeof *partial);
        if (n_k_out)
            memcpy(n_k_out, n_k, (size_t)n_q * sizeof *n_k);
        for (int64_t i = 0; s_out && i < n_q; i++)
            s_out[i] = total_of(n_species, partial + i * job.n_pairs);
    }
    free(q);
    free(partial);
    free(n_k);
    return status;
}

bnsl_status bnsl_saxs_sq_intensity(int64_t n_q, int32_t n_species, const double *share, const double *partial, const double *f, const double *f2,
                                   double *i_out)
{
    if (n_q < 1 || n_species < 1 || n_species > SQ_MAX_SPECIES)
        return BNSL_FAIL(BNSL_EINVAL, "n_q is %lld and n_species %d, must be >= 1 and 1 .. %d", (long long)n_q, (int)n_species, SQ_MAX_SPECIES);
    if (!partial || !f || !i_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !partial ? "partial" : !f ? "f" : "i_out");
    if (f2 && !share)
        return BNSL_FAIL(BNSL_EINVAL, "share is NULL, must be given with f2");
    const int64_t n_pairs = (int64_t)n_species * (n_species + 1) / 2;
    for (int64_t i = 0; i < n_q; i++) {
        const double *s = partial + i * n_pairs, *f_q = f + i * n_species;
        double sum = 0;
        for (int32_t a = 0; a < n_species; a++)
            for (int32_t b = a; b < n_species; b++, s++)
                sum += (a == b ? 1 : 2) * f_q[a] * f_q[b] * *s;
        for (int32_t a = 0; f2 && a < n_species; a++)
            sum += share[a] * (f2[i * n_species + a] - f_q[a] * f_q[a]);
        i_out[i] = sum;
    }
    return BNSL_OK;
}
