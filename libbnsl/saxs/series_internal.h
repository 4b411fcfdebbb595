/* SPDX-License-Identifier: GPL-3.0-or-later */
/* State of a kinetic series; shared by series*.c. */
#ifndef BNSL_SERIES_INTERNAL_H
#define BNSL_SERIES_INTERNAL_H

#include "pattern_internal.h"

/* Where the fit of a frame starts: what the frame before ended with. Plain data. */
typedef struct series_seed {
    bool active[PATTERN_MAX_PHASES];
    pattern_cell cell[PATTERN_MAX_PHASES];
    pattern_fluid fluid;
    double share, chi2_reduced; /* of the fluid; of the fit. NaN before the first frame */
    double anchor_chi2;         /* reduced, of the anchor; infinite without one */
} series_seed;

typedef struct series_frame {
    bnsl_saxs_frame told;
    pattern_result *result;
} series_frame;

/* A calculated pattern of one phase for the matched filter. */
typedef struct series_template {
    int32_t phase;
    double a, w;
} series_template;

struct bnsl_saxs_series {
    bnsl_saxs_series_options options;
    bnsl_saxs_pattern *pattern; /* its result is that of a frame, borrowed */
    int64_t n_q;
    double *q;
    double a_low[PATTERN_MAX_PHASES], a_high[PATTERN_MAX_PHASES]; /* where a phase is looked for */
    pattern_cell looked_for[PATTERN_MAX_PHASES]; /* c/a and u there */
    bool anchored;
    series_seed seed;
    int32_t n_templates; /* 0: not made yet */
    int64_t n_points;    /* points of a template */
    series_template *templates;
    saxs_lanes shapes, squares; /* of each template at the fitted points, and their squares */
    double *filter;             /* work: n_templates products, n_templates norms */
    saxs_nnls spare;
    int64_t n_frames, capacity;
    series_frame *frames;
};

/* Best template of a phase (a_low .. a_high), in standard deviations of the residual at f; up to n_most candidates, the best first. */
typedef struct series_candidate {
    double a, w, significance, fraction_err;
} series_candidate;

/* Makes the templates for the points of f. false: no memory. */
bool bnsl__series_templates(bnsl_saxs_series *series, const pattern_fit *f);

/* Applies those of one phase to the residual of an evaluated fit; returns the number of candidates, at least 1 for a phase with lines. */
int32_t bnsl__series_filter(bnsl_saxs_series *series, pattern_fit *f, int32_t phase, double chi2_reduced, int32_t n_most, series_candidate *list);

/* Fits a frame from the seed, leaving in f the fit that was chosen and in told what came of it. Nothing of series but its memory changes. */
bnsl_status bnsl__series_fit(bnsl_saxs_series *series, pattern_fit *f, bnsl_saxs_frame *told, double absent_err[PATTERN_MAX_PHASES],
                             bnsl_control *control, const char *func);

/* Weights of the frame's scale in the fit that f holds, for f->functional. */
void bnsl__series_flux_weights(const pattern_fit *f, pattern_functional *to);

/* That scale when it is known; it then divides the fractions: what a sample at the reference's intensity would show. */
void bnsl__series_flux(const pattern_fit *f, const pattern_functional *scale, pattern_result *r, double *flux, double *flux_err);

#endif
