/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The course of an assembly run: frames, log and checkpoints; resuming; summary and picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "assembly.h"
#include "json.h"
#include "output.h"
#include "phases.h"
#include "render/render.h"

static const double ONSET_CLUSTER = 10; /* L particles */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Step of frame k of the run: frames are spread evenly, the first at 0, the last at the end. */
static int64_t frame_step(const assembly_spec *s, int64_t k)
{
    return s->frames == 0 ? 0 : (int64_t)((double)s->steps * ((double)k / (double)s->frames));
}

/* Frames at or before a step. */
static int64_t frames_until(const assembly_spec *s, int64_t step)
{
    int64_t n = 0;
    while (n <= s->frames && frame_step(s, n) <= step)
        n++;
    return n;
}

/* ---- frames -------------------------------------------------------------------------------------------- */

/* The box as the analysis sees it: nothing is repeated beyond walls. */
static bnsl_status visible_box(const assembly *a, bnsl_box *box)
{
    bnsl_status status = bnsl_md_box(a->md, box);
    if (a->spec.confine == BNSL_MD_WALL_SPHERE)
        box->periodic = 0;
    else if (a->spec.confine == BNSL_MD_WALL_SLAB)
        box->periodic = BNSL_PERIODIC_X | BNSL_PERIODIC_Y;
    return status;
}

static assembly_row row_of(const bnsl_md *md, const bnsl_md_thermo *t, const phase_counts *counts)
{
    bnsl_md_statistics s;
    assembly_row row = {.step = (double)t->step,
                        .time = t->time,
                        .potential_energy = t->potential_energy,
                        .kinetic_energy = t->kinetic_energy,
                        .kT = t->kT,
                        .pressure = t->pressure,
                        .phi = t->packing_fraction,
                        .phi_effective = t->packing_fraction_effective,
                        .conserved = t->conserved,
                        .n_large = (double)counts->n_large,
                        .alb2 = (double)counts->n_phase[BNSL_PHASE_ALB2],
                        .nazn13 = (double)counts->n_phase[BNSL_PHASE_NAZN13],
                        .fcc = (double)counts->n_phase[BNSL_PHASE_FCC],
                        .clusters = (double)counts->n_clusters,
                        .largest_cluster = (double)counts->largest_cluster,
                        .wall_energy = t->wall_energy,
                        .wall_pressure = t->wall_pressure};
    memcpy(row.pressure_tensor, t->pressure_tensor, sizeof row.pressure_tensor);
    bnsl_md_wall(md, NULL, &row.wall_size);
    if (bnsl_md_statistics_now(md, &s) == BNSL_OK)
        row.n_returned = (double)s.n_returned;
    return row;
}

/* Analyses the present state into the next row and frame. */
static int take_frame(assembly *a, const cli_common *common)
{
    bnsl_md_thermo t;
    bnsl_box box;
    phase_counts counts;
    size_t n = (size_t)a->n;
    int32_t *image = malloc(3 * n * sizeof *image);
    double *column = malloc(3 * n * sizeof *column);
    bool good = image && column && bnsl_md_thermo_now(a->md, &t) == BNSL_OK && visible_box(a, &box) == BNSL_OK &&
                bnsl_md_positions(a->md, a->xyz, image) == BNSL_OK && bnsl_md_velocities(a->md, a->velocity) == BNSL_OK &&
                phases_find(&box, a->n, a->xyz, a->species, common->threads, a->phase, NULL, &counts) == BNSL_OK &&
                bnsl_io_frame_set(a->frame, &box, t.step, a->n, a->xyz, a->species, "L,S") == BNSL_OK &&
                bnsl_io_frame_set_array(a->frame, "velocity", 3, a->velocity) == BNSL_OK &&
                bnsl_io_frame_set_array(a->frame, "diameter", 1, a->diameter) == BNSL_OK;
    for (size_t k = 0; good && k < 3 * n; k++)
        column[k] = image[k];
    good = good && bnsl_io_frame_set_array(a->frame, "image", 3, column) == BNSL_OK;
    for (size_t i = 0; good && i < n; i++)
        column[i] = a->phase[i];
    good = good && bnsl_io_frame_set_array(a->frame, "phase", 1, column) == BNSL_OK &&
           bnsl_io_frame_set_scalar(a->frame, "packing_fraction", t.packing_fraction) == BNSL_OK;
    free(image);
    free(column);
    if (!good)
        return cli_fail_library(a->folder);
    a->rows[a->n_rows++] = row_of(a->md, &t, &counts);
    return CLI_DONE;
}

static int write_frame(assembly *a, const cli_common *common)
{
    int status = take_frame(a, common);
    if (status == CLI_DONE && bnsl_io_writer_append(a->trajectory, a->frame) != BNSL_OK)
        status = cli_fail_library(a->folder);
    return status;
}

/* Trajectory, log, then the checkpoint, which says how much of them counts. */
static int save(assembly *a)
{
    char path[ASSEMBLY_PATH + 32];
    assembly_path(a, "checkpoint", path, sizeof path);
    if (bnsl_io_writer_commit(a->trajectory) != BNSL_OK)
        return cli_fail_library(a->folder);
    int status = assembly_write_log(a);
    if (status == CLI_DONE && bnsl_md_checkpoint_write(a->md, path) != BNSL_OK)
        status = cli_fail_library(path);
    return status;
}

/* ---- the loop ------------------------------------------------------------------------------------------ */

static int64_t present_step(assembly *a)
{
    bnsl_md_statistics s;
    bnsl_md_statistics_now(a->md, &s);
    return s.step;
}

/* Progress of a stretch of the run, which ends early when a checkpoint is due. */
typedef struct stretch {
    progress progress;
    double next_save;
} stretch;

static int32_t watch(void *user, int64_t done, int64_t total)
{
    stretch *s = user;
    progress_callback(&s->progress, done, total);
    return now() >= s->next_save;
}

/* To the next frame, or as far as it gets before a checkpoint is due or the run is interrupted. */
static int advance(assembly *a, stretch *s, int64_t step, const cli_common *common)
{
    int64_t goal = a->n_rows <= a->spec.frames ? frame_step(&a->spec, a->n_rows) : a->spec.steps;
    s->progress.offset = step;
    bnsl_control_set_progress(cli_control(), watch, s);
    bnsl_status ran = bnsl_md_run(a->md, goal - step, cli_control());
    bnsl_control_set_progress(cli_control(), NULL, NULL);
    if (ran != BNSL_OK && ran != BNSL_ECANCELLED)
        return cli_fail_library(a->folder);
    if (ran == BNSL_OK && a->n_rows <= a->spec.frames)
        return write_frame(a, common);
    return CLI_DONE;
}

static int run_to_the_end(assembly *a, const cli_common *common, const char *job)
{
    stretch s;
    double began = now();
    int64_t first = present_step(a), step = first;
    int status = CLI_DONE;
    s.next_save = began + a->spec.checkpoint_seconds;
    progress_begin(&s.progress, common, job, "steps", a->spec.steps);
    if (a->n_rows == 0)
        status = write_frame(a, common);
    while (status == CLI_DONE && step < a->spec.steps && !cli_interrupted()) {
        status = advance(a, &s, step, common);
        step = present_step(a);
        const assembly_row *row = &a->rows[a->n_rows - 1];
        progress_text(&s.progress, "phi %.3f  crystalline L %.1f %%", row->phi, 100 * (row->alb2 + row->nazn13 + row->fcc) / fmax(row->n_large, 1));
        if (status == CLI_DONE && step < a->spec.steps && now() >= s.next_save) {
            status = save(a);
            s.next_save = now() + a->spec.checkpoint_seconds;
        }
    }
    if (status == CLI_DONE)
        status = save(a);
    progress_end(&s.progress);
    a->steps_here = step - first;
    a->particle_steps_per_second = (double)a->steps_here * (double)a->n / fmax(now() - began, 1e-9);
    if (status == CLI_DONE && step < a->spec.steps) {
        cli_note(common, "%s: saved at step %lld of %lld; continue with --resume", a->folder, (long long)step, (long long)a->spec.steps);
        return CLI_INTERRUPTED;
    }
    return status;
}

/* ---- starting and resuming ----------------------------------------------------------------------------- */

static int start(assembly *a, const cli_common *common)
{
    char path[ASSEMBLY_PATH + 32];
    int status = assembly_make_start(a, common); /* before there is a folder: what cannot start leaves nothing behind */
    if (status == CLI_DONE)
        status = output_make_directory(a->folder);
    if (status == CLI_DONE)
        status = assembly_write_parameters(&a->spec, a->folder);
    if (status == CLI_DONE)
        status = assembly_equilibrate(a, common);
    assembly_path(a, "trajectory.gsd", path, sizeof path);
    if (status == CLI_DONE && bnsl_io_writer_create(&a->trajectory, path, BNSL_FILE_GSD, 1) != BNSL_OK)
        status = cli_fail_library(path);
    return status;
}

static int resume_from(assembly *a, const char *checkpoint, const cli_common *common)
{
    char path[ASSEMBLY_PATH + 32];
    if (bnsl_md_checkpoint_read(&a->md, checkpoint, common->threads, BNSL_ISA_AUTO) != BNSL_OK)
        return cli_fail_library(NULL);
    int64_t n_rows = frames_until(&a->spec, present_step(a));
    int status = assembly_allocate(a, bnsl_md_n(a->md));
    if (status == CLI_DONE && (bnsl_md_species(a->md, a->species) != BNSL_OK || bnsl_md_diameters(a->md, a->diameter) != BNSL_OK))
        status = cli_fail_library(checkpoint);
    if (status == CLI_DONE)
        status = assembly_read_log(a, n_rows);
    assembly_path(a, "trajectory.gsd", path, sizeof path);
    if (status == CLI_DONE && bnsl_io_writer_continue(&a->trajectory, path, BNSL_FILE_GSD, n_rows) != BNSL_OK)
        status = cli_fail_library(path);
    /* the last frame again, for the picture of a run that has nothing left to do */
    if (status == CLI_DONE && present_step(a) >= a->spec.steps) {
        a->n_rows--;
        status = take_frame(a, common);
    }
    return status;
}

int assembly_run(assembly *a, const assembly_spec *spec, const char *folder, bool resume, const cli_common *common, const char *job)
{
    char checkpoint[ASSEMBLY_PATH + 32];
    struct stat info;
    *a = (assembly){.spec = *spec};
    if (strlen(folder) >= ASSEMBLY_PATH)
        return cli_fail("the name of the folder is longer than %d bytes", ASSEMBLY_PATH - 1);
    strcpy(a->folder, folder);
    int status = resume ? assembly_read_parameters(&a->spec, folder) : CLI_DONE;
    if (status == CLI_DONE)
        status = assembly_check(&a->spec);
    if (status != CLI_DONE)
        return status;
    assembly_path(a, "checkpoint", checkpoint, sizeof checkpoint);
    bool has_checkpoint = stat(checkpoint, &info) == 0;
    if (!resume && has_checkpoint && remove(checkpoint) != 0)
        return cli_fail("%s: cannot be removed", checkpoint);
    status = resume && has_checkpoint ? resume_from(a, checkpoint, common) : start(a, common);
    if (status == CLI_DONE)
        status = run_to_the_end(a, common, job);
    if (status == CLI_DONE || status == CLI_INTERRUPTED) {
        if (bnsl_io_writer_close(a->trajectory) != BNSL_OK)
            status = cli_fail_library(folder);
    } else {
        bnsl_io_writer_abandon(a->trajectory);
    }
    a->trajectory = NULL;
    return status;
}

void assembly_free(assembly *a)
{
    bnsl_io_writer_abandon(a->trajectory);
    bnsl_io_frame_destroy(a->frame);
    bnsl_md_destroy(a->md);
    free(a->species);
    free(a->phase);
    free(a->xyz);
    free(a->velocity);
    free(a->diameter);
    free(a->rows);
    *a = (assembly){0};
}

/* ---- results ------------------------------------------------------------------------------------------- */

const assembly_row *assembly_onset(const assembly *a)
{
    for (int64_t k = 0; k < a->n_rows; k++)
        if (a->rows[k].largest_cluster >= ONSET_CLUSTER)
            return &a->rows[k];
    return NULL;
}

void assembly_report_json(const assembly *a, json *j)
{
    const assembly_row *last = &a->rows[a->n_rows - 1], *onset = assembly_onset(a);
    json_object_begin(j, NULL);
    json_int(j, "steps", (int64_t)last->step);
    json_int(j, "particles", a->n);
    json_double(j, "phi", last->phi);
    json_double(j, "phi_effective", last->phi_effective);
    if (a->spec.confine != BNSL_MD_WALL_NONE) {
        json_double(j, "wall_size", last->wall_size);
        json_int(j, "returned", (int64_t)last->n_returned);
    }
    json_object_begin(j, "crystalline");
    json_double(j, "AlB2", last->alb2 / last->n_large);
    json_double(j, "NaZn13", last->nazn13 / last->n_large);
    json_double(j, "fcc", last->fcc / last->n_large);
    json_object_end(j);
    if (onset)
        json_double(j, "onset_phi", onset->phi);
    else
        json_null(j, "onset_phi");
    json_int(j, "largest_cluster", (int64_t)last->largest_cluster);
    json_double(j, "particle_steps_per_second", a->particle_steps_per_second);
    json_uint(j, "seed", a->spec.seed);
    json_object_end(j);
}

int assembly_finish(assembly *a, const cli_common *common)
{
    char path[ASSEMBLY_PATH + 32];
    json j;
    assembly_path(a, "summary.json", path, sizeof path);
    json_init(&j, true);
    assembly_report_json(a, &j);
    int status = json_write(&j, path, true);
    json_free(&j);
#ifdef HAVE_CAIRO
    if (status == CLI_DONE) {
        render_options o;
        render_options_init(&o);
        assembly_path(a, "picture.png", path, sizeof path);
        status = render_frame(&o, a->frame, a->phase, path, true);
    }
    (void)common;
#else
    cli_note(common, "no picture.png: this build has no cairo");
#endif
    return status;
}
