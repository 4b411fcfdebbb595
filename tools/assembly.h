/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An assembly run: a disordered mixture, alone or around a crystalline nucleus, in a periodic box or between walls, is simulated at
 * constant volume or under slow compression, and its crystalline particles are counted. bnsl assemble is one; bnsl demo makes several.
 *
 * A run owns a folder:
 *   parameters.tsv   what was asked, one "name value" line each; --resume reads it
 *   trajectory.gsd   n_frames + 1 frames, with the phase of each particle
 *   log.tsv          one row a frame
 *   checkpoint       to resume from, replaced from time to time and when the run is interrupted
 *   summary.json, picture.png   at the end
 */
#ifndef BNSL_TOOLS_ASSEMBLY_H
#define BNSL_TOOLS_ASSEMBLY_H

#include "cli.h"
#include "json.h"
#include "progress.h"

enum { ASSEMBLY_NAME = 32, ASSEMBLY_PATH = 1024, ASSEMBLY_POINTS = 16 };

/*
 * What is simulated. Lengths in sigma_LL, energies in epsilon = 1, kT = 1 / well_depth. A schedule, at most ASSEMBLY_POINTS values, changes linearly
 * between points evenly spaced over the steps, the first and the last of them included; one value: constant.
 */
typedef struct assembly_spec {
    int64_t particles;
    double ratio_large, ratio_small;
    double size_ratio;
    double exponent_n, exponent_m;
    double polydispersity_large, polydispersity_small; /* relative standard deviations */
    int32_t bins;             /* of the diameters of a species; 0: continuous */
    cli_doubles well_depth;   /* schedule of epsilon / kT, kT being what changes linearly; a single 0: the inverse power law (sigma / r)^n at 1 kT */
    double r_cut;             /* in sigma_ij; 0: the library's default */
    int32_t shift;            /* BNSL_SHIFT_* */
    int32_t integrator;       /* BNSL_MD_* */
    int32_t precision;        /* BNSL_MD_DOUBLE or _MIXED */
    double friction, dt;
    int32_t confine;          /* BNSL_MD_WALL_*: walls of strength epsilon */
    cli_doubles phi;          /* schedule of the packing fraction of the box, or of the space between the walls; no point: the volume of the start */
    int64_t steps, frames;
    int64_t equilibration;    /* steps at dt / 2 before step 0; with a nucleus, while it is held */
    char nucleus[ASSEMBLY_NAME]; /* prototype, or "" */
    double nucleus_radius, nucleus_a, nucleus_c_over_a; /* a 0: 1.06 times the contact distance */
    char start[ASSEMBLY_PATH];   /* file to start from, or "" */
    uint64_t seed;
    double checkpoint_seconds; /* between checkpoints; not part of what is simulated, nor of parameters.tsv */
} assembly_spec;

/* One row of the log: a frame. */
typedef struct assembly_row {
    double step, time, potential_energy, kinetic_energy, kT, pressure, pressure_tensor[6];
    double phi, phi_effective, conserved;
    double n_large, alb2, nazn13, fcc, clusters, largest_cluster;
    double wall_size, wall_energy, wall_pressure, n_returned; /* of confined runs alone */
} assembly_row;
enum { ASSEMBLY_COLUMNS = sizeof(assembly_row) / sizeof(double), ASSEMBLY_WALL_COLUMNS = 4 };

/* A run and what came of it. */
typedef struct assembly {
    assembly_spec spec;
    char folder[ASSEMBLY_PATH];
    bnsl_md *md;
    bnsl_io_writer *trajectory;
    bnsl_io_frame *frame;     /* the last one */
    int64_t n, n_rows;
    int64_t n_nucleus;        /* the first particles of a disordered start */
    bool has_velocities;      /* the start file has them */
    bool own_diameters;       /* drawn from distributions or from the start file */
    int32_t *species, *phase;
    double *xyz, *velocity, *diameter;
    assembly_row *rows;       /* spec.frames + 1 */
    double particle_steps_per_second;
    int64_t steps_here;       /* run by this process */
} assembly;

void assembly_spec_init(assembly_spec *spec);

/* Checks a spec as a whole, before any work. CLI_DONE, or CLI_USAGE (said). */
int assembly_check(const assembly_spec *spec);

/*
 * Runs a spec in a folder, from the start or from its checkpoint. CLI_DONE; CLI_FAILED or CLI_INTERRUPTED, said: the folder can be
 * resumed. out is valid for assembly_free in every case. resume: spec is not used, the folder's own is.
 */
int assembly_run(assembly *out, const assembly_spec *spec, const char *folder, bool resume, const cli_common *common, const char *job);
void assembly_free(assembly *a);

/* summary.json and picture.png (the latter only with cairo). CLI_DONE or CLI_FAILED (said). */
int assembly_finish(assembly *a, const cli_common *common);

/* The summary as one JSON object. */
void assembly_report_json(const assembly *a, json *j);

/* First row whose largest crystalline cluster has at least 10 L, or NULL. */
const assembly_row *assembly_onset(const assembly *a);

/* ---- shared by the files of this module ----------------------------------------------------------------- */

/* assembly_start.c: memory for n particles; particles and simulation of a spec; its equilibration. CLI_DONE, or said. */
int assembly_allocate(assembly *a, int64_t n);
int assembly_make_start(assembly *a, const cli_common *common);
int assembly_equilibrate(assembly *a, const cli_common *common);

/* assembly_files.c */
int assembly_write_parameters(const assembly_spec *spec, const char *folder);
int assembly_read_parameters(assembly_spec *spec, const char *folder);
int assembly_write_log(const assembly *a);
int assembly_read_log(assembly *a, int64_t n_rows);
void assembly_path(const assembly *a, const char *name, char *out, size_t size);

#endif
