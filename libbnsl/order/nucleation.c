/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nucleation in a trajectory, frame by frame: crystalline clusters, the largest one's size, phase and place, the density of the system,
 * and how dense the surroundings of its L were when they were last fluid. Cost: O(n) a frame, and a few numbers kept of each.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nucleation.h"

static const double pi = 3.14159265358979323846;

static const bnsl_order_nucleation_options defaults = {sizeof defaults, 1, 20, 0, 5, 1, 0.55, 0, 0, 1.3, 1, 1.6, 2.5, 1.05};

bnsl_status bnsl_order_nucleation_options_init(bnsl_order_nucleation_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_order_nucleation_options *o, const char *func)
{
    const double positive[] = {o->diameter_l, o->diameter_s, o->density_r_max, o->density_diameter, o->dense_alb2, o->dense_nazn13, o->dense_fcc};
    static const char *const name[] = {"diameter_l", "diameter_s", "density_r_max", "density_diameter", "dense_alb2", "dense_nazn13", "dense_fcc"};
    for (int32_t i = 0; i < 7; i++)
        if (!(positive[i] > 0) || !isfinite(positive[i]))
            return bnsl__fail(BNSL_EINVAL, func, "%s is %g, must be finite and > 0", name[i], positive[i]);
    if (!(o->effective_l >= 0) || !(o->effective_s >= 0) || !isfinite(o->effective_l) || !isfinite(o->effective_s))
        return bnsl__fail(BNSL_EINVAL, func, "effective diameters are %g and %g, must be finite and >= 0", o->effective_l, o->effective_s);
    if (o->density_diameter > 2 * o->density_r_max)
        return bnsl__fail(BNSL_EINVAL, func, "density_diameter is %g, must be at most 2 density_r_max = %g", o->density_diameter,
                          2 * o->density_r_max);
    if (o->onset_size < 1 || o->hold_frames < 0 || o->nucleus_size < 1)
        return bnsl__fail(BNSL_EINVAL, func, "onset_size is %lld, hold_frames %lld, nucleus_size %lld, must be >= 1, 0 and 1",
                          (long long)o->onset_size, (long long)o->hold_frames, (long long)o->nucleus_size);
    if (o->num_threads < 0)
        return bnsl__fail(BNSL_EINVAL, func, "num_threads is %d, must be >= 0", o->num_threads);
    return BNSL_OK;
}

bnsl_status bnsl_order_nucleation_create(bnsl_order_nucleation **out, const bnsl_order_nucleation_options *opts)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    bnsl_order_nucleation_options o = defaults;
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_order_nucleation_options", __func__) : BNSL_OK;
    if (status == BNSL_OK)
        status = check_options(&o, __func__);
    if (status != BNSL_OK)
        return status;
    bnsl_order_nucleation *r = bnsl__calloc(1, sizeof *r);
    if (!r)
        return BNSL_NOMEM();
    r->options = o;
    *out = r;
    return BNSL_OK;
}

void bnsl_order_nucleation_destroy(bnsl_order_nucleation *r)
{
    if (!r)
        return;
    free(r->frame);
    free(r->species);
    free(r->last_density);
    free(r);
}

bnsl_status bnsl_order_nucleation_set_wall(bnsl_order_nucleation *r, int32_t kind, int32_t axis, const double *center, double size)
{
    int64_t where;
    if (!r)
        return BNSL_FAIL(BNSL_EINVAL, "readout is NULL");
    if (kind < BNSL_CONFINEMENT_NONE || kind > BNSL_CONFINEMENT_SLAB)
        return BNSL_FAIL(BNSL_EINVAL, "kind is %d, must be BNSL_CONFINEMENT_*", kind);
    if (kind == BNSL_CONFINEMENT_NONE) {
        r->wall = (nucleation_wall){.kind = kind};
        return BNSL_OK;
    }
    if (!center)
        return BNSL_FAIL(BNSL_EINVAL, "center is NULL");
    if (!bnsl__all_finite(3, center, &where))
        return BNSL_FAIL(BNSL_EINVAL, "coordinate %lld of the centre is %g, must be finite", (long long)where, center[where]);
    if (!(size > 0) || !isfinite(size))
        return BNSL_FAIL(BNSL_EINVAL, "size is %g, must be finite and > 0", size);
    if (kind == BNSL_CONFINEMENT_SLAB && (axis < 0 || axis > 2))
        return BNSL_FAIL(BNSL_EINVAL, "axis is %d, must be 0, 1 or 2", axis);
    r->wall = (nucleation_wall){kind, axis, {center[0], center[1], center[2]}, size};
    return BNSL_OK;
}

/* ---- one frame ------------------------------------------------------------------------------------------ */

/* Counts, densities, packing fractions. */
static void count_particles(const bnsl_order_nucleation *r, const bnsl_box *box, int64_t n, const int32_t *species, const int32_t *phase,
                            bnsl_order_nucleation_frame *f)
{
    const bnsl_order_nucleation_options *o = &r->options;
    int64_t n_s = 0;
    for (int64_t i = 0; i < n; i++) {
        n_s += species[i] == 1;
        if (species[i] != 0)
            continue;
        f->n_large++;
        f->n_phase[phase[i]]++;
    }
    double l = (double)f->n_large, s = (double)n_s, volume = bnsl__order_room(&r->wall, box);
    f->volume = volume;
    f->density = (l + s) / volume;
    f->packing_fraction = pi / 6 * (l * pow(o->diameter_l, 3) + s * pow(o->diameter_s, 3)) / volume;
    bool known = (o->effective_l > 0 || f->n_large == 0) && (o->effective_s > 0 || n_s == 0);
    f->packing_fraction_effective = known ? pi / 6 * (l * pow(o->effective_l, 3) + s * pow(o->effective_s, 3)) / volume : NAN;
}

/* Distance of the largest cluster from the wall, or without one from the nearest other nucleus. */
static void place_of_largest(const bnsl_order_nucleation *r, const bnsl_box *box, int64_t n_clusters, const int64_t *size, const double *center,
                             bnsl_order_nucleation_frame *f)
{
    memcpy(f->center, center, sizeof f->center);
    if (r->wall.kind != BNSL_CONFINEMENT_NONE) {
        bnsl__order_wall_distance(&r->wall, box, center, &f->distance, &f->distance_random, &f->distance_probability);
        return;
    }
    double nearest = INFINITY;
    int64_t others = 0;
    for (int64_t k = 1; k < n_clusters && size[k] >= r->options.nucleus_size; k++, others++) {
        double v[3] = {center[3 * k] - center[0], center[3 * k + 1] - center[1], center[3 * k + 2] - center[2]};
        if (box)
            bnsl_box_minimum_image(box, 1, v);
        nearest = fmin(nearest, v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    }
    if (others == 0 || isnan(f->volume))
        return;
    double expected = (double)others * 4.0 / 3 * pi / f->volume;
    f->distance = sqrt(nearest);
    f->distance_random = tgamma(4.0 / 3) / cbrt(expected);
    f->distance_probability = -expm1(-expected * f->distance * nearest);
}

/* The L of the largest cluster: its phase, and how dense their surroundings were. */
static void history(const bnsl_order_nucleation *r, const order_crystal *c, const int32_t *cluster, bnsl_order_nucleation_frame *f)
{
    int64_t of_phase[BNSL_N_PHASES] = {0};
    for (int64_t i = 0; i < c->n; i++) {
        if (cluster[i] != 0)
            continue;
        of_phase[c->phase[i]]++;
        double before = r->last_density ? r->last_density[c->particle[i]] : NAN;
        f->n_known += !isnan(before);
        f->n_dense_before += before >= nucleation_cutoff(&r->options, c->phase[i]);
    }
    for (int32_t p = BNSL_PHASE_ALB2; p < BNSL_N_PHASES; p++)
        if (of_phase[p] > of_phase[f->largest_phase])
            f->largest_phase = p;
}

static bnsl_status measure_clusters(const bnsl_order_nucleation *r, const bnsl_box *box, const order_crystal *c, bnsl_order_nucleation_frame *f,
                                    const char *func)
{
    int64_t n_clusters = 0, *size = bnsl__alloc(c->n, sizeof *size);
    int32_t *cluster = bnsl__alloc(c->n, sizeof *cluster);
    double *center = bnsl__alloc(c->n, 3 * sizeof *center);
    bnsl_status status = size && cluster && center ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK)
        status = bnsl__order_crystal_join(c, cluster, &n_clusters, size, func);
    if (status == BNSL_OK)
        status = bnsl__order_cluster_centers(box, c, n_clusters, cluster, size, center, func);
    if (status == BNSL_OK && n_clusters > 0) {
        f->n_clusters = n_clusters;
        f->largest_cluster = size[0];
        while (f->n_nuclei < n_clusters && size[f->n_nuclei] >= r->options.nucleus_size)
            f->n_nuclei++;
        history(r, c, cluster, f);
        place_of_largest(r, box, n_clusters, size, center, f);
    }
    free(size), free(cluster), free(center);
    return status;
}

/* Shares of the fluid L whose surroundings are as dense as a phase asks for. */
static void dense_shares(const bnsl_order_nucleation_options *o, int64_t n, const int32_t *species, const int32_t *phase, const double *density,
                         bnsl_order_nucleation_frame *f)
{
    int64_t fluid = f->n_phase[BNSL_PHASE_FLUID], dense[BNSL_N_PHASES] = {0};
    for (int64_t i = 0; i < n; i++)
        for (int32_t p = BNSL_PHASE_ALB2; p < BNSL_N_PHASES; p++)
            dense[p] += species[i] == 0 && phase[i] == BNSL_PHASE_FLUID && density[i] >= nucleation_cutoff(o, p);
    f->dense_fluid[BNSL_PHASE_FLUID] = NAN;
    for (int32_t p = BNSL_PHASE_ALB2; p < BNSL_N_PHASES; p++)
        f->dense_fluid[p] = fluid > 0 ? (double)dense[p] / (double)fluid : NAN;
}

static bnsl_status measure_frame(const bnsl_order_nucleation *r, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                 const int32_t *phase, bnsl_order_nucleation_frame *f, double *density, const char *func)
{
    order_split p;
    order_crystal c;
    if (!bnsl__order_split(&p, n, xyz, species))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl_status status = bnsl__order_crystal_find(&c, box, &p, phase, r->options.num_threads, func);
    bnsl__order_split_free(&p);
    if (status != BNSL_OK)
        return status;
    count_particles(r, box, n, species, phase, f);
    status = measure_clusters(r, box, &c, f, func);
    bnsl__order_crystal_free(&c);
    if (status == BNSL_OK)
        status = bnsl__order_density_around_l(&r->options, box, n, xyz, species, density);
    if (status == BNSL_OK)
        dense_shares(&r->options, n, species, phase, density, f);
    return status;
}

/* ---- the trajectory --------------------------------------------------------------------------------------- */

/* Room for one more frame, and on the first for the particles' history. */
static bool prepare(bnsl_order_nucleation *r, int64_t n, const int32_t *species)
{
    void *frames = r->frame;
    if (!bnsl__reserve(&frames, &r->capacity, r->n_frames + 1, sizeof *r->frame))
        return false;
    r->frame = frames;
    if (r->species)
        return true;
    int32_t *copy = bnsl__alloc(n, sizeof *copy);
    double *last = bnsl__alloc(n, sizeof *last);
    if (!copy || !last) {
        free(copy), free(last);
        return false;
    }
    for (int64_t i = 0; i < n; i++) {
        copy[i] = species[i];
        last[i] = NAN;
    }
    r->n = n;
    r->species = copy;
    r->last_density = last;
    return true;
}

static bnsl_status check_frame(const bnsl_order_nucleation *r, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                               const int32_t *phase, double time, const char *func)
{
    if (!r)
        return bnsl__fail(BNSL_EINVAL, func, "readout is NULL");
    if (!bnsl__order_check_particles(box, n, xyz, species, func) || (phase && !bnsl__order_check_phases(n, phase, func)))
        return BNSL_EINVAL;
    if (isinf(time))
        return bnsl__fail(BNSL_EINVAL, func, "time is %g, must be finite, or NaN for none", time);
    if (r->wall.kind == BNSL_CONFINEMENT_SLAB && !box)
        return bnsl__fail(BNSL_EINVAL, func, "box is NULL, a slab needs one");
    if (r->n_frames == 0)
        return BNSL_OK;
    if (n != r->n)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, it was %lld in the frames before", (long long)n, (long long)r->n);
    for (int64_t i = 0; i < n; i++)
        if (species[i] != r->species[i])
            return bnsl__fail(BNSL_EINVAL, func, "species of particle %lld is %d, it was %d in the frames before", (long long)i, species[i],
                              r->species[i]);
    return BNSL_OK;
}

/* Phases as the caller gives them, else by the default criterion into memory of our own. */
static bnsl_status phases_of(const bnsl_order_nucleation *r, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                             const int32_t *given, int32_t *phase)
{
    bnsl_order_classify_options o;
    if (given) {
        memcpy(phase, given, (size_t)n * sizeof *phase);
        return BNSL_OK;
    }
    bnsl_status status = bnsl_order_classify_options_init(&o, sizeof o);
    o.num_threads = r->options.num_threads;
    return status == BNSL_OK ? bnsl_order_classify(box, n, xyz, species, &o, phase) : status;
}

bnsl_status bnsl_order_nucleation_add(bnsl_order_nucleation *r, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                      const int32_t *phase, int64_t step, double time)
{
    bnsl_status status = check_frame(r, box, n, xyz, species, phase, time, __func__);
    if (status != BNSL_OK)
        return status;
    bnsl_order_nucleation_frame f = {.step = step, .time = time, .center = {NAN, NAN, NAN}, .distance = NAN, .distance_random = NAN,
                                     .distance_probability = NAN};
    int32_t *own = bnsl__alloc(n, sizeof *own);
    double *density = bnsl__alloc(n, sizeof *density);
    status = own && density ? phases_of(r, box, n, xyz, species, phase, own) : BNSL_NOMEM();
    if (status == BNSL_OK)
        status = measure_frame(r, box, n, xyz, species, own, &f, density, __func__);
    if (status == BNSL_OK && !prepare(r, n, species))
        status = BNSL_NOMEM();
    if (status == BNSL_OK) {
        for (int64_t i = 0; i < n; i++)
            if (species[i] == 0 && own[i] == BNSL_PHASE_FLUID)
                r->last_density[i] = density[i];
        r->frame[r->n_frames++] = f;
    }
    free(own), free(density);
    return status;
}

int64_t bnsl_order_nucleation_n_frames(const bnsl_order_nucleation *r)
{
    return r ? r->n_frames : 0;
}

bnsl_status bnsl_order_nucleation_frame_at(const bnsl_order_nucleation *r, int64_t i, bnsl_order_nucleation_frame *out)
{
    if (!r || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", r ? "out" : "readout");
    if (i < 0 || i >= r->n_frames)
        return BNSL_FAIL(BNSL_EINVAL, "frame %lld does not exist, there are %lld", (long long)i, (long long)r->n_frames);
    *out = r->frame[i];
    return BNSL_OK;
}
