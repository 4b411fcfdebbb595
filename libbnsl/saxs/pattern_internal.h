/* SPDX-License-Identifier: GPL-3.0-or-later */
/* State of a diffraction pattern's model and of its fit; shared by pattern*.c, phase_fraction.c and series*.c. */
#ifndef BNSL_PATTERN_INTERNAL_H
#define BNSL_PATTERN_INTERNAL_H

#include <math.h>

#include "saxs_internal.h"

enum {
    PATTERN_MAX_PHASES = 8,
    PATTERN_MAX_SHIFTS = 48,                                      /* free centres of one fit */
    PATTERN_MAX_PARAMS = 5 * PATTERN_MAX_PHASES + 3 + PATTERN_MAX_SHIFTS,
    PATTERN_MAX_POLYNOMIAL = 9,
    PATTERN_MAX_BACKGROUND = PATTERN_MAX_POLYNOMIAL + PATTERN_MAX_PHASES + 2,
    PATTERN_MAX_LINES = 400,                                      /* amplitudes of one fit */
    PATTERN_MAX_RESTRICTED = PATTERN_MAX_BACKGROUND + 3 * PATTERN_MAX_PHASES,
    PATTERN_MAX_ORDER = 24,                                       /* reflections are known up to q a / 2 pi of this */
    PATTERN_NAME = 24
};

/* A family of reflections: (q a)^2 = in_plane + axial / (c/a)^2. */
typedef struct pattern_reflection {
    int32_t h, k, l, multiplicity;
    double in_plane, axial, g_ll, g_ss, g_ls;
} pattern_reflection;

typedef struct pattern_phase {
    char name[PATTERN_NAME];
    bnsl_saxs_phase_options options;
    double a, c_over_a; /* of the lattice that was given */
    bool cubic;
    double n_large, n_small, cell_factor; /* cell volume = cell_factor a^3 c/a */
    double b_large;                       /* shortest distance of two L over a */
    int32_t n_reflections;
    pattern_reflection *reflections;
} pattern_phase;

/* Where a phase's lines are, how wide, how much the particles move. */
typedef struct pattern_cell {
    double a, c_over_a, w, microstrain, u;
} pattern_cell;

/* The fluid's structure factor. */
typedef struct pattern_fluid {
    double eta, diameter, damping;
} pattern_fluid;

/* One reflection in the range, as part of a column: share of the column's coefficient that is this line's area. */
typedef struct pattern_line {
    int32_t reflection;
    double share;
} pattern_line;

/* Lines that share a coefficient: those of one phase at (numerically) one q, or all of a phase whose areas are calculated. */
typedef struct pattern_group {
    int32_t phase, first, n; /* lines first .. first + n - 1 */
    int32_t shift;           /* number of its free centre; -1: none */
} pattern_group;

/* Averages over the sizes of the cores at the points of a curve: arrays of n_padded values. */
typedef struct pattern_tables {
    int64_t n_padded;
    double *q, *f_large, *f2_large, *f_small, *f2_small, *inverse_n; /* 1 / N(q) */
    double key[8];      /* what they were made for */
    saxs_lanes memory;
} pattern_tables;

typedef enum param_kind { PARAM_A, PARAM_C, PARAM_W, PARAM_STRAIN, PARAM_U, PARAM_SHIFT, PARAM_ETA, PARAM_DIAMETER, PARAM_DAMPING } param_kind;

typedef struct pattern_param {
    param_kind kind;
    int32_t index; /* of the phase, or of the shift */
} pattern_param;

/* A line as fitted, for the model's curve. */
typedef struct pattern_result_line {
    double q, w, area;
} pattern_result_line;

typedef struct pattern_result {
    bnsl_saxs_phase phase[PATTERN_MAX_PHASES];
    bool active[PATTERN_MAX_PHASES];
    pattern_cell cell[PATTERN_MAX_PHASES];
    pattern_fluid fluid;
    bnsl_saxs_fluid fluid_result;
    double polynomial[PATTERN_MAX_POLYNOMIAL], q_low, q_high; /* Legendre coefficients on [q_low, q_high] */
    double diffuse[PATTERN_MAX_PHASES], fluid_large, fluid_small;
    int32_t first_peak[PATTERN_MAX_PHASES + 1];
    int32_t n_lines, converged, n_iterations;
    double chi2_reduced;
    bnsl_saxs_peak *peaks; /* first_peak[last] */
    pattern_result_line *lines;
} pattern_result;

/* A linear function of the background's coefficients and the fractions, its error and covariance with the fractions. */
typedef struct pattern_functional {
    double column[PATTERN_MAX_BACKGROUND], fraction[PATTERN_MAX_PHASES];       /* weights */
    double value, variance, covariance[PATTERN_MAX_PHASES]; /* results */
    bool known;
} pattern_functional;

typedef struct pattern_fit pattern_fit;

struct bnsl_saxs_pattern {
    bnsl_saxs_pattern_options options;
    int32_t n_phases;
    pattern_phase phases[PATTERN_MAX_PHASES];
    pattern_result *result; /* NULL before the first fit */
    pattern_fit *workspace; /* kept from fit to fit; NULL before the first */
};

/* A fit in progress: which points, which phases, which lines, and the linear problem at the last parameters. */
struct pattern_fit {
    const bnsl_saxs_pattern *pattern;
    saxs_curve curve;
    pattern_tables tables;
    double spacing;                 /* mean distance of two points */
    double fluid_start;             /* diameter that bounds the fitted one */
    double chi2_tolerance;          /* relative fall of chi^2 below which a fit has converged; 0: by the step alone */
    int64_t n, n_vectors;           /* points in use (all, or fewer for a search) and their vectors */
    bool plain;                     /* a search: areas free, centres of the lattice, no microstrain, the fluid as it is */
    bool hold_fluid, hold_shape;    /* the fluid as it is; its diameter and damping */
    bool active[PATTERN_MAX_PHASES];
    pattern_cell cell[PATTERN_MAX_PHASES];
    pattern_fluid fluid;
    double shift[PATTERN_MAX_SHIFTS], shift_bound[PATTERN_MAX_SHIFTS];
    int32_t n_shifts;
    int32_t n_params;
    pattern_param params[PATTERN_MAX_PARAMS];
    int32_t a_param[PATTERN_MAX_PHASES], c_param[PATTERN_MAX_PHASES], w_param[PATTERN_MAX_PHASES], strain_param[PATTERN_MAX_PHASES],
        u_param[PATTERN_MAX_PHASES], fluid_param[3], shift_param[PATTERN_MAX_SHIFTS]; /* -1: not a parameter */
    /* columns: polynomial (any sign), diffuse scattering of the active phases, fluid, groups (all >= 0) */
    int32_t n_polynomial, n_background, diffuse_column[PATTERN_MAX_PHASES], fluid_column[2]; /* -1: none */
    int32_t n_groups, n_lines, n_columns, column_capacity, slope_capacity;
    int64_t line_capacity;
    pattern_group *groups;          /* PATTERN_MAX_LINES */
    pattern_line *lines;
    uint64_t layout;                /* number made from the list of lines, to notice changes */
    saxs_lanes columns;             /* 8 n_vectors doubles each, weighted */
    saxs_lanes data, residual;      /* weighted values; model minus data */
    saxs_lanes slopes;              /* of the model by the parameters, as columns */
    saxs_lanes scratch;             /* S_fl and its three derivatives, unweighted; profiles of a line */
    int64_t point_capacity;         /* of data, residual, scratch */
    double *gram, *rhs, data_norm;  /* gram: rows of PATTERN_GRAM_STRIDE */
    saxs_nnls nnls, restricted;     /* areas free; areas from structure factors (pattern_criterion.c) */
    double chi2;                    /* |residual|^2 */
    pattern_functional *functional; /* to be found with the result, or NULL */
    double evaluated_at[PATTERN_MAX_PARAMS];
    bool evaluated;
    saxs_line_fn add_line;
    saxs_line_slopes_fn add_line_slopes;
    saxs_products_fn products;
    saxs_accumulate_fn accumulate;
    saxs_gram_fn make_gram;
};

enum { PATTERN_GRAM_STRIDE = PATTERN_MAX_LINES + PATTERN_MAX_BACKGROUND };

/* ---- geometry and physics (pattern_physics.c) ---------------------------------------------------------------------------- */

/* q of a reflection, and its derivatives by a and c/a (each may be NULL). */
double bnsl__pattern_q(const pattern_reflection *r, const pattern_cell *cell, double *by_a, double *by_c);

/* S for each L in the sample. */
double bnsl__pattern_ratio(const bnsl_saxs_pattern *pattern);

/* <f_L>, <f_L^2>, <f_S>, <f_S^2> at one q. */
void bnsl__pattern_amplitudes(const bnsl_saxs_pattern *pattern, double q, double f[4]);

/* D(q) N(q) of a phase, Laue's diffuse and the thermal scattering: <f_L^2> + m <f_S^2> less the coherent part, (<f_L>^2 + m <f_S>^2)
 * exp(-q^2 u^2). f: as above; m: S for each L in the phase. */
static inline double pattern_diffuse(const double f[4], double m, double q, double u, double *coherent)
{
    *coherent = (f[0] * f[0] + m * f[2] * f[2]) * exp(-q * q * u * u);
    return f[1] + m * f[3] - *coherent;
}

/* The same at point i of a curve. */
static inline double pattern_diffuse_at(const pattern_tables *t, int64_t i, double m, double u, double *coherent)
{
    const double f[4] = {t->f_large[i], t->f2_large[i], t->f_small[i], t->f2_small[i]};
    return pattern_diffuse(f, m, t->q[i], u, coherent);
}

/* Area of a line at q of a phase that holds all L particles, without Debye-Waller factor. */
double bnsl__pattern_area(const bnsl_saxs_pattern *pattern, const pattern_phase *phase, const pattern_reflection *r,
                          const pattern_cell *cell, double q);

/* The same at the line's q, and its derivatives by a and c/a. */
double bnsl__pattern_area_slopes(const bnsl_saxs_pattern *pattern, const pattern_phase *phase, const pattern_reflection *r, const pattern_cell *cell,
                                 double *by_a, double *by_c);

/* Averages at the points of a curve, kept when they are those already there. false: no memory. */
bool bnsl__pattern_tables(pattern_tables *t, const bnsl_saxs_pattern *pattern, const saxs_curve *curve);

/* Legendre polynomials P_0 .. P_(n-1). */
void bnsl__pattern_legendre(int32_t n, double x, double *values);

/* Whether every phase has the sample's composition: the fluid is then one column. */
bool bnsl__pattern_one_fluid(const bnsl_saxs_pattern *pattern);

/* S_fl at n points, and its derivatives by eta, diameter, damping (n values each, one after the other) unless NULL. */
void bnsl__saxs_fluid(const pattern_fluid *fluid, int64_t n, const double *q, double *s, double *slopes);

/* ---- the linear problem (pattern_linear.c, pattern_columns.c) -------------------------------------------------------------- */

/* Loads the curve; allocates what is not there yet. A workspace may be used again for the same pattern; end it with bnsl__pattern_fit_free. */
bnsl_status bnsl__pattern_fit_init(pattern_fit *f, const bnsl_saxs_pattern *pattern, int64_t n, const double *q, const double *s, const double *error,
                                   const char *func);
void bnsl__pattern_fit_free(pattern_fit *f);

/* The pattern's own workspace, made when there is none; NULL: no memory. */
pattern_fit *bnsl__pattern_workspace(bnsl_saxs_pattern *pattern);

/* Takes the first n points alone. */
void bnsl__pattern_use_points(pattern_fit *f, int64_t n);

/* Lists the lines of the active phases at f->cell and groups those that no width can tell apart; numbers parameters and columns.
 * BNSL_OK; BNSL_EINVAL (message set): too many lines or too few points. *changed: the list differs from the one before. */
bnsl_status bnsl__pattern_layout(pattern_fit *f, bool *changed, const char *func);

/* Columns that no parameter moves (after a layout), and those that move, at the current parameters. */
void bnsl__pattern_fixed_columns(pattern_fit *f);
void bnsl__pattern_moving_columns(pattern_fit *f);

/* Half width of a line of a phase at q. */
double bnsl__pattern_width(const pattern_cell *cell, double q);

/* Best background and areas at f->cell: columns, gram, nnls.x, residual, chi2. */
void bnsl__pattern_evaluate(pattern_fit *f);

/* Derivatives of the weighted model by the parameters into f->slopes (n_params columns), for the coefficients of all columns. */
void bnsl__pattern_slopes(pattern_fit *f, const double *coefficients);

/* ---- parameters (pattern_parameters.c) --------------------------------------------------------------------------------------- */

/* Numbers the parameters of the active phases; the shifts are numbered by the layout. */
void bnsl__pattern_number_parameters(pattern_fit *f);

/* Parameters from f->cell and f->fluid, and back (kept within sensible limits). */
void bnsl__pattern_pack(const pattern_fit *f, double *x);
void bnsl__pattern_unpack(pattern_fit *f, const double *x);

/* d value / d x of a parameter at its present value: 1 but for those that are fitted as a function of their value. */
double bnsl__pattern_scale(const pattern_fit *f, int32_t param);

/* BNSL_PARAMETER_* from where a parameter ended and whether it has an error. */
int32_t bnsl__pattern_status(const pattern_fit *f, int32_t param, double variance);

/* Half widths that a fit may take. */
void bnsl__pattern_width_limits(const pattern_fit *f, double *low, double *high);

/* ---- fits (pattern_fit.c, pattern_search.c, pattern_criterion.c, pattern_result.c, phase_fraction.c) --------------------------- */

/* Cells, widths, displacements and fluid as the pattern's options start them. */
void bnsl__pattern_start(pattern_fit *f);
void bnsl__pattern_start_fluid(const pattern_fit *f, pattern_fluid *fluid);

/* Levenberg-Marquardt over the active phases from f->cell, listing lines again until they stay. */
bnsl_status bnsl__pattern_refine(pattern_fit *f, bnsl_control *control, bool *converged, int32_t *n_iterations, const char *func);

/* The same, then again with the displacements that the areas show in the diffuse scattering, until these stay. */
bnsl_status bnsl__pattern_refine_all(pattern_fit *f, bnsl_control *control, bool *converged, int32_t *n_iterations, const char *func);

/* Takes what the columns of the solution can explain out of a column; products: n_columns, solved: n_passive. */
void bnsl__pattern_project(pattern_fit *f, double *column, double *products, double *solved);

/* What sets of cells are compared by, after bnsl__pattern_evaluate; the lower the better. */
double bnsl__pattern_criterion(pattern_fit *f);

/* Activates all phases with cells good enough for bnsl__pattern_refine. */
bnsl_status bnsl__pattern_search(pattern_fit *f, bnsl_control *control, const char *func);

/* Result of a fit that has ended, errors and all; free it with bnsl__pattern_free_result. */
bnsl_status bnsl__pattern_assemble(pattern_fit *f, bool converged, int32_t n_iterations, pattern_result **out, const char *func);
void bnsl__pattern_free_result(pattern_result *result);

/* Replaces (and frees) the model's result. */
void bnsl__pattern_set_result(bnsl_saxs_pattern *pattern, pattern_result *result);

/* Copy without result; NULL: no memory. */
bnsl_saxs_pattern *bnsl__pattern_copy(const bnsl_saxs_pattern *pattern);

/* Shares X, Debye-Waller factors and their errors of phases with free areas into phase[]. theta: n_params x n_params covariance of the
 * parameters (NaN: not known), or NULL without errors; u_start: where to start, or NULL for a scan. */
bnsl_status bnsl__pattern_fractions(pattern_fit *f, const double *theta, double error_factor, const double *u_start, bnsl_saxs_phase *phase,
                                    const char *func);

#endif
