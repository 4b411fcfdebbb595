/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of a solid's free energy, and independent runs spread over threads. */
#ifndef BNSL_SOLID_INTERNAL_H
#define BNSL_SOLID_INTERNAL_H

#include <stdatomic.h>

#include "free_energy_internal.h"

enum { BNSL__SOLID_STATES = 32, BNSL__SOLID_DRAW_BLOCKS = 32, BNSL__SOLID_DRAWS = 32 }; /* draws of each block */

/* Streams of random numbers: each stage has its own numbers. */
enum { BNSL__STREAM_SHAPE = 0x5F000000, BNSL__STREAM_FREE = 0x5F010000, BNSL__STREAM_DRAWS = 0x5F020000, BNSL__STREAM_NODES = 0x5F030000 };

/* ---- runs (runs.c) -------------------------------------------------------------------------------------- */

/* What a run records at every sample. */
enum {
    BNSL__RECORD_SPRING,  /* sum beta K d^2 */
    BNSL__RECORD_U,       /* beta U */
    BNSL__RECORD_XX,      /* virial sums of r_a f_a, kT */
    BNSL__RECORD_YY,
    BNSL__RECORD_ZZ,
    BNSL__RECORD_STRETCH, /* ln(lz / lx) against the crystal's */
    BNSL__RECORDS
};

typedef struct bnsl__run {
    /* given */
    uint32_t stream;
    double lambda;
    double spring[BNSL__MC_SPECIES];
    bool with_energy, with_shape; /* U and the virial too; the shape of the box fluctuates */
    int64_t n_equilibrate, n_samples, interval; /* interval: sweeps between samples */
    /* results */
    double *record[BNSL__RECORDS]; /* n_samples each, the caller's; NULL: not wanted */
    double msd[BNSL__MC_SPECIES];  /* mean over the samples */
    double farthest;               /* displacement against half the distance to the nearest site: above 1 a particle is nearer to another site */
    int64_t n_moves;
    bnsl_status status;
} bnsl__run;

/* Progress of one public call over all its runs. */
typedef struct bnsl__progress {
    bnsl_control *control;
    int64_t total;
    atomic_llong done;
    atomic_int stop;
} bnsl__progress;

/* Counts n sweeps; calling: on the thread of the public call. Returns true when the work should stop. */
bool bnsl__progress_add(bnsl__progress *progress, int64_t n, bool calling);

/* Makes the runs; the first failure in their order is reported. */
bnsl_status bnsl__runs(const bnsl__crystal *crystal, int32_t constraint, int32_t isa, uint64_t seed, int32_t num_threads, int64_t n_runs,
                       bnsl__run *runs, bnsl__progress *progress, const char *func);

/* Range of distances r / sigma - 1 near contact from which the pressure of hard spheres is extrapolated. */
double bnsl__contact_range(const bnsl__crystal *crystal);

/* ---- stages (solid_stages.c, solid_integral.c, solid_mbar.c) ---------------------------------------------- */

typedef struct bnsl__solid {
    bnsl_free_energy_solid_options o; /* with zeros resolved */
    bnsl__crystal *crystal;
    bnsl__progress progress;
    const char *func;
    double msd[BNSL__MC_SPECIES];     /* without springs, from the mean displacement */
    double p_lattice;                 /* beta P of the sites */
    double spring[BNSL__MC_SPECIES];  /* at lambda = 1 */
    double factor;                    /* of spring: K = factor * 1.5 / msd */
    double *draws;                    /* beta (U - U_lat) of Gaussian displacements at these springs, DRAW_BLOCKS x DRAWS */
    bnsl_free_energy_solid_result r;
} bnsl__solid;

/* Energy of the sites; BNSL_EDOMAIN when spheres overlap or it is absurd. */
bnsl_status bnsl__solid_check_sites(bnsl__solid *s);

/* Changes crystal->box to the mean shape. */
bnsl_status bnsl__solid_relax(bnsl__solid *s);

/* Pressure, energy and displacements without springs. */
bnsl_status bnsl__solid_sample_free(bnsl__solid *s);

/* Springs and draws: the exponential average. */
bnsl_status bnsl__solid_choose_springs(bnsl__solid *s);

/* da2, and with MBAR da1 again. */
bnsl_status bnsl__solid_integral(bnsl__solid *s);
bnsl_status bnsl__solid_mbar(bnsl__solid *s);

/* What the uncut potential adds, with displacements of given mean squares (tail.c). */
typedef struct bnsl__tail {
    double u;      /* <U_uncut - U_cut> / N */
    double spread; /* its change with the displacements, d u / d ln <d^2> */
    double p;      /* <W_uncut - W_cut> / (3 V), the virials: -N du/dV if the displacements grow as the lattice does */
} bnsl__tail;

bnsl_status bnsl__thermal_tail(const bnsl__crystal *c, const double msd[BNSL__MC_SPECIES], bnsl__tail *out, const char *func);

/* lambda_c of the variable u = ln(lambda + lambda_c). */
double bnsl__solid_lambda_c(const bnsl__solid *s);

#endif
