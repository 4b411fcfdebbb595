/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits of dilute patterns: the model's state, its evaluation with the linear parameters eliminated, bounded least squares. */
#ifndef BNSL_SAXS_DILUTE_INTERNAL_H
#define BNSL_SAXS_DILUTE_INTERNAL_H

#include "saxs_internal.h"

enum {
    DILUTE_POPULATIONS = 4,
    DILUTE_NONLINEAR = 6,                                             /* BNSL_PARAMETER_RADIUS .. _SLD_MEDIUM */
    DILUTE_PER_POPULATION = DILUTE_NONLINEAR + 1,                     /* and the scale */
    DILUTE_SLOTS = DILUTE_POPULATIONS * DILUTE_PER_POPULATION + 1,    /* all parameters; the last is the background */
    DILUTE_LINEAR = DILUTE_POPULATIONS + 1,
    DILUTE_MAX_FREE = DILUTE_POPULATIONS * DILUTE_NONLINEAR
};

/* One parameter: as asked for, and as fitted. */
typedef struct dilute_slot {
    double start, low, high; /* sigma too is itself here; a start of 0 for radius and sigma: to be searched */
    bool free;
    bnsl_saxs_parameter result;
} dilute_slot;

struct bnsl_saxs_dilute {
    bnsl_saxs_dilute_options options;
    int32_t n_populations;
    bnsl_saxs_particle particles[DILUTE_POPULATIONS]; /* as added; after a fit as fitted */
    dilute_slot slots[DILUTE_SLOTS];
    double covariance[DILUTE_SLOTS * DILUTE_SLOTS];
    bool fitted;
    double chi2_reduced;
    int64_t n_points;
    int32_t n_free, converged, n_iterations;
};

/* Slot of a parameter, -1 when there is none. */
int32_t bnsl__dilute_slot(const bnsl_saxs_dilute *m, int32_t population, int32_t parameter);

/* Slot of the linear parameter k: the scale of population k, with k = n_populations the background. */
static inline int32_t dilute_linear_slot(const bnsl_saxs_dilute *m, int32_t k)
{
    return k < m->n_populations ? k * DILUTE_PER_POPULATION + BNSL_PARAMETER_SCALE : DILUTE_SLOTS - 1;
}

/* Where a particle has its non-linear parameter, BNSL_PARAMETER_RADIUS .. _SLD_MEDIUM. */
double *bnsl__dilute_field(bnsl_saxs_particle *particle, int32_t parameter);

/* ---- evaluation (dilute_evaluate.c) --------------------------------------------------------------------------------------------- */

/* A model and its data at work. */
typedef struct dilute_problem {
    const bnsl_saxs_dilute *model;
    saxs_curve curve;                                 /* data and weights */
    bnsl_saxs_particle particles[DILUTE_POPULATIONS]; /* at the trial point */
    int32_t n_free;
    int32_t free_slots[DILUTE_MAX_FREE]; /* non-linear ones; sigma enters as its square */
    double low[DILUTE_MAX_FREE], high[DILUTE_MAX_FREE], typical[DILUTE_MAX_FREE];
    double *columns;                     /* n_populations x n: <f^2> / <V> */
    double *work;                        /* (DILUTE_LINEAR + 1) n */
    double linear[DILUTE_LINEAR];        /* scales and the background, last */
    bnsl_status status;                  /* BNSL_ENOMEM when an evaluation found no memory */
} dilute_problem;

/* Puts x into the particles. */
void bnsl__dilute_set(dilute_problem *p, const double *x);

/* <f^2> / <V> of one particle at n wave numbers; false: no such distribution, or no memory (p->status). */
bool bnsl__dilute_column(dilute_problem *p, const bnsl_saxs_particle *particle, int64_t n, const double *q, double *column);

/*
 * Best scales and background within their bounds, for columns of n points (population k at columns + k n): into p->linear. Returns
 * chi^2; residual: n weighted (model - data), or NULL. work: (DILUTE_LINEAR + 1) n.
 */
double bnsl__dilute_solve(dilute_problem *p, int64_t n, const double *value, const double *weight, const double *const *columns, double *residual,
                          double *work);

/* The projected residual at x for bnsl__saxs_minimize_bounded; also its chi^2. */
bool bnsl__dilute_residual(void *problem, const double *x, double *residual);

/* ---- starts and errors -------------------------------------------------------------------------------------------------------------- */

enum { DILUTE_STARTS = 6 };
typedef struct dilute_start {
    double chi2, x[DILUTE_MAX_FREE];
} dilute_start;

/* Starting points, the best first; at most two radii are sought. Returns their number; 0: none is possible (or p->status). */
int32_t bnsl__dilute_starts(dilute_problem *p, dilute_start *starts);

/* Covariance, errors, statuses and reduced chi^2 at x with the linear parameters of p, into the model. */
bnsl_status bnsl__dilute_errors(dilute_problem *p, bnsl_saxs_dilute *out, const double *x, double chi2, const char *func);

/* ---- least squares with bounds (bounded_lm.c) -------------------------------------------------------------------------------------- */

typedef struct saxs_bounded {
    int64_t n_residuals;
    int32_t n_params, max_iterations; /* n_params <= DILUTE_MAX_FREE */
    const double *low, *high;         /* n_params; may be infinite */
    const double *typical;            /* n_params: a size that matters of each */
    double negligible;                /* change of the residual's norm for such a change of a parameter that is noise: it is then held */
    bool (*residual)(void *user, const double *x, double *residual); /* false: not defined there */
    void *user;
    bnsl_control *control;
} saxs_bounded;

/* From x, which is replaced by the best found. BNSL_OK (see *converged), BNSL_ENOMEM, BNSL_EDOMAIN (not defined at x), BNSL_ECANCELLED;
 * sets the message. */
bnsl_status bnsl__saxs_minimize_bounded(const saxs_bounded *problem, double *x, double *chi2_out, bool *converged, int32_t *n_iterations,
                                        const char *func);

/* n_residuals x 1: derivative of the residual by parameter k at x (residual: at x; work: 2 n_residuals). False: not defined around x. */
bool bnsl__saxs_slope(const saxs_bounded *problem, const double *x, int32_t k, const double *residual, double *slope, double *work);

#endif
