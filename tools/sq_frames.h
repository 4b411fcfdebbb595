/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Structure factors and intensities of the frames of a trajectory, and their mean: what bnsl sq computes. L and S particles may be cut into
 * classes of sizes by their diameters in the file, each with its own amplitude.
 */
#ifndef BNSL_TOOLS_SQ_FRAMES_H
#define BNSL_TOOLS_SQ_FRAMES_H

#include "selection.h"

enum { SQ_S, SQ_LL, SQ_LS, SQ_SS, SQ_I, SQ_N_CURVES };

enum { SQ_CLASSES_MAX = 32 }; /* of a species */

typedef struct sq_settings {
    bnsl_saxs_sq_options options; /* method as asked for */
    double unit;                  /* the file's unit of length in that of the results */
    bool intensity;
    double core[2], contrast[2]; /* of L and S: diameter and contrast of uniform spheres */
    double core_sigma[2];        /* standard deviations of the diameters, in the decoupling approximation; 0: the file's sizes */
    int64_t classes;             /* of sizes, 1: none */
    species_names names;
} sq_settings;

typedef struct sq_mean {
    int64_t n_large, n_small, step, n_frames, n_points;
    int32_t method;       /* the last frame's */
    int32_t n_classes[2]; /* the last frame's, of L and S */
    double *q;            /* n_points: those with a value in some frame */
    double *curve[SQ_N_CURVES], *error[SQ_N_CURVES]; /* n_points; NaN: without S. curve NULL: no intensity asked for; error NULL: one frame */
    double *memory;
} sq_mean;

/* Goes through the frames of a range. CLI_DONE, or a failure that has been said; sq_mean_free in all cases. */
int sq_mean_compute(sq_mean *mean, const sq_settings *settings, const cli_common *common, frames *f, const frame_range *range);
void sq_mean_free(sq_mean *mean);

/* "direct", "nufft", "debye" */
const char *sq_method_name(int32_t method);

#endif
