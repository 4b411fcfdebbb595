/* SPDX-License-Identifier: GPL-3.0-or-later */
/* State of a diffraction pattern's model and of its fit; shared by pattern*.c and phase_fraction.c. */
#ifndef BNSL_PATTERN_INTERNAL_H
#define BNSL_PATTERN_INTERNAL_H

#include "saxs_internal.h"

enum {
    PATTERN_MAX_PHASES = 8,
    PATTERN_MAX_PARAMS = 3 * PATTERN_MAX_PHASES,
    PATTERN_MAX_BACKGROUND = 9,
    PATTERN_MAX_LINES = 400, /* amplitudes of one fit */
    PATTERN_MAX_RESTRICTED = PATTERN_MAX_BACKGROUND + 3 * PATTERN_MAX_PHASES,
    PATTERN_MAX_ORDER = 24   /* reflections are known up to q a / 2 pi of this */
};

/* A family of reflections: (q a)^2 = in_plane + axial / (c/a)^2. */
typedef struct pattern_reflection {
    int32_t h, k, l, multiplicity;
    double in_plane, axial, g_ll, g_ss, g_ls;
} pattern_reflection;

typedef struct pattern_phase {
    double a, c_over_a, a_min, a_max;
    bool cubic, fit_c_over_a;
    double f_large, f_small, d_large, d_small, ratio;
    double n_large, cell_factor; /* cell volume = cell_factor a^3 c/a */
    int32_t n_reflections;
    pattern_reflection *reflections;
} pattern_phase;

/* Where a phase's lines are and how wide. */
typedef struct pattern_cell {
    double a, c_over_a, w;
} pattern_cell;

/* One reflection in the range, as part of a column: share of the column's area. */
typedef struct pattern_line {
    int32_t reflection;
    double share;
} pattern_line;

/* Lines of one phase at (numerically) one q, which share an amplitude. */
typedef struct pattern_group {
    int32_t phase, first, n; /* lines first .. first + n - 1 */
} pattern_group;

typedef struct pattern_result {
    bnsl_saxs_phase phase[PATTERN_MAX_PHASES];
    pattern_cell cell[PATTERN_MAX_PHASES];
    double background[PATTERN_MAX_BACKGROUND], q_low, q_high; /* Legendre coefficients on [q_low, q_high] */
    int32_t first_peak[PATTERN_MAX_PHASES + 1];
    bnsl_saxs_peak *peaks;
    int32_t n_groups, n_lines; /* the lines as fitted, for the model's curve */
    pattern_group *groups;
    double *areas;
    double *line_q, *line_share;
    double chi2_reduced;
    int32_t converged, n_iterations;
} pattern_result;

struct bnsl_saxs_pattern {
    bnsl_saxs_pattern_options options;
    int32_t n_phases;
    pattern_phase phases[PATTERN_MAX_PHASES];
    pattern_result *result; /* NULL before the first fit */
};

/* A fit in progress: which points, which phases, which lines, and the linear problem at the last parameters. */
typedef struct pattern_fit {
    const bnsl_saxs_pattern *pattern;
    saxs_curve curve;
    double spacing;                 /* mean distance of two points */
    int64_t n, n_vectors;           /* points in use (all, or fewer for a search) and their vectors */
    int32_t n_background;
    bool active[PATTERN_MAX_PHASES];
    pattern_cell cell[PATTERN_MAX_PHASES];
    /* parameters: of each active phase a, c/a when fitted, ln w */
    int32_t n_params, a_param[PATTERN_MAX_PHASES], c_param[PATTERN_MAX_PHASES], w_param[PATTERN_MAX_PHASES];
    /* columns: background, then groups */
    int32_t n_groups, n_lines, n_columns, column_capacity;
    int64_t line_capacity;
    pattern_group *groups;          /* PATTERN_MAX_LINES */
    pattern_line *lines;
    uint64_t layout;                /* number made from the list of lines, to notice changes */
    saxs_lanes columns;             /* 8 n_vectors doubles each, weighted */
    saxs_lanes data, residual;      /* weighted values; model minus data */
    saxs_lanes slopes;              /* of the model by the parameters, as columns */
    double *gram, *rhs, data_norm;  /* gram: rows of PATTERN_MAX_LINES + PATTERN_MAX_BACKGROUND */
    saxs_nnls nnls, restricted;     /* areas free; areas from structure factors (pattern_criterion.c) */
    double chi2;                    /* |residual|^2 */
    double evaluated_at[PATTERN_MAX_PARAMS];
    bool evaluated;
    saxs_line_fn add_line;
    saxs_line_slopes_fn add_line_slopes;
    saxs_products_fn products;
    saxs_accumulate_fn accumulate;
} pattern_fit;

enum { PATTERN_GRAM_STRIDE = PATTERN_MAX_LINES + PATTERN_MAX_BACKGROUND };

/* q of a reflection, and its derivatives by a and c/a (each may be NULL). */
double bnsl__pattern_q(const pattern_reflection *r, const pattern_cell *cell, double *by_a, double *by_c);

/* Area of a line of a phase that holds all L particles, without Debye-Waller factor: 2 pi^2 M |F|^2 / (v_c q^2 n_L (f_L^2 + r f_S^2)). */
double bnsl__pattern_area(const pattern_phase *phase, const pattern_reflection *r, const pattern_cell *cell);

/* Legendre polynomials P_0 .. P_(n-1). */
void bnsl__pattern_legendre(int32_t n, double x, double *values);

/* Loads the curve and allocates. End with bnsl__pattern_fit_free, also on failure. */
bnsl_status bnsl__pattern_fit_init(pattern_fit *f, const bnsl_saxs_pattern *pattern, int64_t n, const double *q, const double *s, const double *error,
                                   const char *func);
void bnsl__pattern_fit_free(pattern_fit *f);

/* Takes the first n points alone. */
void bnsl__pattern_use_points(pattern_fit *f, int64_t n);

/* Lists the lines of the active phases at f->cell and groups those that no width can tell apart.
 * BNSL_OK; BNSL_EINVAL (message set): too many lines or too few points. *changed: the list differs from the one before. */
bnsl_status bnsl__pattern_layout(pattern_fit *f, bool *changed, const char *func);

/* Parameters of the active phases from f->cell, and back (kept within sensible limits). */
void bnsl__pattern_pack(pattern_fit *f, double *x);
void bnsl__pattern_unpack(pattern_fit *f, const double *x);

/* Half widths that a fit may take. */
void bnsl__pattern_width_limits(const pattern_fit *f, double *low, double *high);

/* Best background and areas at f->cell: columns, gram, nnls.x, residual, chi2. */
void bnsl__pattern_evaluate(pattern_fit *f);

/* Derivatives of the weighted model by the parameters into f->slopes (n_params columns); area: of each group, as nnls.x + n_background. */
void bnsl__pattern_slopes(pattern_fit *f, const double *area);

/* Levenberg-Marquardt over the active phases from f->cell, listing lines again until they stay. */
bnsl_status bnsl__pattern_refine(pattern_fit *f, bnsl_control *control, bool *converged, int32_t *n_iterations, const char *func);

/* What sets of cells are compared by, after bnsl__pattern_evaluate; the lower the better. */
double bnsl__pattern_criterion(pattern_fit *f);

/* Activates all phases with cells good enough for bnsl__pattern_refine. */
bnsl_status bnsl__pattern_search(pattern_fit *f, bnsl_control *control, const char *func);

void bnsl__pattern_free_result(pattern_result *result);

/* Replaces (and frees) the model's result. */
void bnsl__pattern_set_result(bnsl_saxs_pattern *pattern, pattern_result *result);

/* Shares X, Debye-Waller factors and their errors into phase[]. theta: n_params x n_params covariance of the parameters (NaN: not known). */
bnsl_status bnsl__pattern_fractions(pattern_fit *f, const double *theta, double error_factor, bnsl_saxs_phase *phase, const char *func);

#endif
