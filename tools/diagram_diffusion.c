/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Diffusion coefficients of the fluid beside its driving force to crystallise: at a depth, one run for each density of the table of forces, from a
 * disordered start of its own, by Langevin dynamics of so little friction (that of bnsl assemble) that the collisions decide. D comes from the mean
 * squared displacements (bnsl_order_diffusion): a line through the lags of a tenth to half of a block, five blocks for the error.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include <bnsl/md.h>
#include <bnsl/order.h>

#include "diagram.h"
#include "progress.h"

enum { N_FRAMES = 500, N_BLOCKS = 5, LENGTH = 20 }; /* steps of a run, in --steps */
static const double FRICTION = 0.1;
static const double SHORT_DT = 0.25; /* of the time step, while the overlaps of the start relax */

/* One run. */
typedef struct job {
    const diagram *d;
    int32_t depth_index;
    diagram_force *force; /* gets the result */
    int64_t n_steps;
    progress *line;
    atomic_llong *done;
    bool main;
} job;

static void file_name(const job *j, char *name, size_t size)
{
    snprintf(name, size, "diffusion-%02d-%02d.tsv", (int)j->depth_index, (int)j->force->column);
}

static const char header[] =
    "density (1/sigma^3)\tD_L (sigma^2/tau)\terror (sigma^2/tau)\tD_S (sigma^2/tau)\terror (sigma^2/tau); tau = sigma (m/kT)^(1/2)";

/* The result of a former run, when it is of this density. */
static bool read_result(const job *j)
{
    char name[40];
    double value[5];
    file_name(j, name, sizeof name);
    if (!diagram_read_numbers(j->d, name, 5, value) || value[0] != j->force->density)
        return false;
    for (int k = 0; k < 2; k++) {
        j->force->diffusion[k] = value[1 + 2 * k];
        j->force->diffusion_err[k] = value[2 + 2 * k];
    }
    return true;
}

static bnsl_status make_potential(const diagram *d, double depth, bnsl_potential **out)
{
    bnsl_potential_options p = d->mie;
    p.form = depth > 0 ? BNSL_FORM_MIE : BNSL_FORM_IPL_MIE;
    p.well_depth = depth > 0 ? depth : 1;
    p.ipl_prefactor = depth > 0 ? 0 : d->spec.ipl_prefactor;
    return bnsl_potential_create(out, d->n_species, d->diameter, &p);
}

static bnsl_status run_steps(const job *j, bnsl_md *md, int64_t n)
{
    bnsl_status status = bnsl_md_run(md, n, NULL);
    long long done = atomic_fetch_add(j->done, n) + n;
    if (j->main)
        progress_update(j->line, done);
    return !status && cli_interrupted() ? BNSL_ECANCELLED : status;
}

static bnsl_status equilibrate(const job *j, bnsl_md *md)
{
    const diagram_spec *s = &j->d->spec;
    bnsl_status status = bnsl_md_thermalize(md, 1, 0);
    if (!status)
        status = bnsl_md_set_dt(md, SHORT_DT * s->dt);
    if (!status)
        status = run_steps(j, md, s->equilibration / 4);
    if (!status)
        status = bnsl_md_set_dt(md, s->dt);
    return status ? status : run_steps(j, md, s->equilibration - s->equilibration / 4);
}

/* Frames at equal times, and the line through their displacements. */
static bnsl_status follow(const job *j, bnsl_md *md, const bnsl_box *box, int64_t n, double *xyz, int32_t *image, const int32_t *species)
{
    const int64_t every = j->n_steps / N_FRAMES > 0 ? j->n_steps / N_FRAMES : 1, n_frames = j->n_steps / every;
    bnsl_order_msd_options mo;
    bnsl_order_diffusion_options o;
    bnsl_order_msd *msd = NULL;
    double value[3], err[3]; /* both species and all */
    bnsl_status status = bnsl_order_msd_options_init(&mo, sizeof mo);
    mo.n_species = j->d->n_species;
    mo.remove_drift = 1; /* the thermostat lets the fluid as a whole diffuse, by kT / (N m friction): as much as the particles where it is dense */
    if (!status)
        status = bnsl_order_msd_create(&msd, &mo);
    for (int64_t i = 0; !status && i < n_frames; i++) {
        status = run_steps(j, md, every);
        if (!status)
            status = bnsl_md_positions(md, xyz, image);
        if (!status)
            status = bnsl_order_msd_add(msd, box, n, xyz, image, species);
    }
    if (!status)
        status = bnsl_order_diffusion_options_init(&o, sizeof o);
    o.n_blocks = N_BLOCKS;
    o.dt = (double)every * j->d->spec.dt;
    o.lag_max = n_frames / N_BLOCKS / 2;
    o.lag_min = n_frames / N_BLOCKS / 10;
    if (!status)
        status = bnsl_order_diffusion(msd, &o, value, err, NULL, NULL);
    for (int32_t k = 0; !status && k < j->d->n_species; k++) {
        j->force->diffusion[k] = value[k];
        j->force->diffusion_err[k] = err[k];
    }
    bnsl_order_msd_destroy(msd);
    return status;
}

static bnsl_status run_job(const job *j)
{
    const diagram *d = j->d;
    const int64_t n = d->fluid[0].n, units = n / (d->per_unit[0] + d->per_unit[1]), count[2] = {units * d->per_unit[0], units * d->per_unit[1]};
    const uint64_t seed = d->spec.seed + 500009ull + 7919ull * (uint64_t)j->force->column + 131ull * (uint64_t)j->depth_index;
    double *xyz = malloc((size_t)n * 3 * sizeof *xyz);
    int32_t *image = malloc((size_t)n * 3 * sizeof *image), *species = malloc((size_t)n * sizeof *species);
    bnsl_potential *potential = NULL;
    bnsl_md *md = NULL;
    bnsl_md_options o;
    bnsl_box box;
    bnsl_status status = xyz && image && species
                             ? bnsl_free_energy_fluid_start(d->n_species, d->diameter, count, j->force->density, seed, &box, xyz, species)
                             : BNSL_ENOMEM;
    if (!status)
        status = make_potential(d, d->point[j->depth_index].depth, &potential);
    if (!status)
        status = bnsl_md_options_init(&o, sizeof o);
    o.friction = FRICTION;
    o.dt = d->spec.dt;
    o.seed = seed;
    if (!status)
        status = bnsl_md_create(&md, &box, n, xyz, species, potential, &o);
    if (!status)
        status = equilibrate(j, md);
    if (!status)
        status = follow(j, md, &box, n, xyz, image, species);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(potential);
    free(xyz);
    free(image);
    free(species);
    return status;
}

static int write_result(const job *j)
{
    const diagram_force *f = j->force;
    const double value[5] = {f->density, f->diffusion[0], f->diffusion_err[0], f->diffusion[1], f->diffusion_err[1]};
    char name[40];
    file_name(j, name, sizeof name);
    return diagram_write_numbers(j->d, name, header, 5, value);
}

/* What is still to be run of the depths that were asked for; the rest is read. */
static int32_t plan_jobs(diagram *d, const cli_doubles *depths, int64_t n_steps, job *jobs)
{
    int32_t n = 0;
    for (int32_t k = 0; k < d->n_points; k++) {
        diagram_point *p = &d->point[k];
        for (int32_t i = 0; i < depths->n; i++)
            p->diffusion = p->diffusion || depths->values[i] == p->depth;
        for (int32_t i = 0; p->diffusion && i < p->n_forces; i++) {
            job j = {.d = d, .depth_index = k, .force = &p->force[i], .n_steps = n_steps};
            if (p->force[i].density * d->volume >= DIAGRAM_LEAST_PHI && !read_result(&j))
                jobs[n++] = j;
        }
    }
    return n;
}

int diagram_check_diffusion(const diagram_spec *spec, const cli_doubles *depths)
{
    for (int32_t i = 0; i < depths->n; i++) {
        bool there = false;
        for (int32_t k = 0; k < spec->n_depth; k++)
            there = there || spec->depth[k] == depths->values[i];
        if (!there)
            return cli_usage("--diffusion: %g is none of the depths of --well-depth", depths->values[i]);
    }
    return CLI_DONE;
}

int diagram_diffusion(diagram *d, const cli_doubles *depths, const cli_common *common)
{
    job *jobs = malloc(sizeof *jobs * DIAGRAM_DEPTHS * DIAGRAM_COLUMNS);
    if (!jobs)
        return cli_fail("out of memory");
    const int64_t n_steps = LENGTH * d->spec.steps;
    const int32_t n = plan_jobs(d, depths, n_steps, jobs);
    progress line;
    atomic_llong done;
    atomic_int n_failed;
    char message[600] = "";
    atomic_init(&done, 0);
    atomic_init(&n_failed, 0);
    progress_begin(&line, common, "diffusion", "steps", n * (n_steps + d->spec.equilibration));
#pragma omp parallel for num_threads(common->threads) schedule(dynamic, 1)
    for (int32_t k = n - 1; k >= 0; k--) { /* the dense ones first */
#ifdef _OPENMP
        jobs[k].main = omp_get_thread_num() == 0;
#else
        jobs[k].main = true;
#endif
        jobs[k].line = &line;
        jobs[k].done = &done;
        if (cli_interrupted() || atomic_load(&n_failed) > 0)
            continue;
        bnsl_status status = run_job(&jobs[k]);
        if ((status || write_result(&jobs[k]) != CLI_DONE) && !cli_interrupted() && atomic_fetch_add(&n_failed, 1) == 0 && status)
            snprintf(message, sizeof message, "diffusion at density %.4g: %.500s", jobs[k].force->density,
                     status == BNSL_ENOMEM ? "out of memory" : cli_library_message());
    }
    progress_end(&line);
    free(jobs);
    if (cli_interrupted())
        return cli_fail_library(NULL); /* says that it was interrupted */
    return n_failed == 0 ? CLI_DONE : message[0] ? cli_fail("%s", message) : CLI_FAILED;
}
