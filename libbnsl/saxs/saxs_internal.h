/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared parts of the saxs module: kernels, sphere amplitudes, error models, least squares, the pattern's state. */
#ifndef BNSL_SAXS_INTERNAL_H
#define BNSL_SAXS_INTERNAL_H

#include <bnsl/saxs.h>

#include "core_internal.h"

#define SAXS_PI 3.14159265358979323846

enum { SAXS_LANES = 8 };

/* ---- memory for the kernels -------------------------------------------------------------------------------------------- */

/* Doubles aligned to whole vectors of eight; end with free(x.memory). */
typedef struct saxs_lanes {
    void *memory;
    double *data;
} saxs_lanes;

/* Room for n doubles, rounded up to whole vectors, all zero; false: no memory. */
bool bnsl__saxs_lanes_alloc(saxs_lanes *out, int64_t n);

/* ---- kernels: arrays are saxs_lanes, lengths count vectors ------------------------------------------------------------- */

#define SAXS_KERNEL(name, arguments)    \
    void name##_baseline arguments;     \
    void name##_avx2 arguments;         \
    void name##_avx512 arguments

/* Complex arrays: vector v is eight real parts, then eight imaginary parts. z = a b or a conj(b); z may be a or b. */
SAXS_KERNEL(bnsl__saxs_multiply, (int32_t n_vectors, const double *a, const double *b, bool conjugate, double *z));
typedef void (*saxs_multiply_fn)(int32_t, const double *, const double *, bool, double *);

/* Adds to sums[l][4] the sums of Re z Re c_l, Im z Im c_l, Re z Im c_l, Im z Re c_l; c: n_l x n_vectors. */
SAXS_KERNEL(bnsl__saxs_row, (int32_t n_l, int32_t n_vectors, const double *z, const double *c, double *sums));
typedef void (*saxs_row_fn)(int32_t, int32_t, const double *, const double *, double *);

/* folded[column][q] += value[column] / ((q - k)^2 + w^2) */
SAXS_KERNEL(bnsl__saxs_fold, (int64_t n_vectors, const double *q, double k, double w, int32_t n_columns, const double *value, double *folded));
typedef void (*saxs_fold_fn)(int64_t, const double *, double, double, int32_t, const double *, double *);

/* column += factor weight w / pi / ((q - centre)^2 + w^2): a Lorentzian of area factor times the points' weights. */
SAXS_KERNEL(bnsl__saxs_line, (int64_t n_vectors, const double *q, const double *weight, double centre, double w, double factor, double *column));
typedef void (*saxs_line_fn)(int64_t, const double *, const double *, double, double, double, double *);

/* slope[k] += weight (factor[k][0] L + factor[k][1] dL/dcentre + factor[k][2] dL/dw) for the same line L of unit area. */
SAXS_KERNEL(bnsl__saxs_line_slopes, (int64_t n_vectors, const double *q, const double *weight, double centre, double w, int32_t n_slopes,
                                     const double (*factor)[3], double *const *slope));
typedef void (*saxs_line_slopes_fn)(int64_t, const double *, const double *, double, double, int32_t, const double (*)[3], double *const *);

/* to += factor x */
SAXS_KERNEL(bnsl__saxs_accumulate, (int64_t n_vectors, double factor, const double *x, double *to));
typedef void (*saxs_accumulate_fn)(int64_t, double, const double *, double *);

/* products[i] = x . column i, columns of 8 n_vectors doubles one after the other */
SAXS_KERNEL(bnsl__saxs_products, (int64_t n_vectors, int32_t n_columns, const double *columns, const double *x, double *products));
typedef void (*saxs_products_fn)(int64_t, int32_t, const double *, const double *, double *);

/* g1, g2: sums over nodes of an amplitude and of its square, see the kernel. */
SAXS_KERNEL(bnsl__saxs_average, (int64_t n_vectors, const double *q, int32_t n_nodes, const double *radius, const double *weight, double shell,
                                 double a, double b, double *g1, double *g2));
typedef void (*saxs_average_fn)(int64_t, const double *, int32_t, const double *, const double *, double, double, double, double *, double *);

/* <g> and <g^2>, g(y) = sin y - y cos y, of Gaussian radii: x = q R >= SAXS_GUINIER, p2 = (sigma / R)^2. */
SAXS_KERNEL(bnsl__saxs_gaussian, (int64_t n_vectors, const double *x, double p2, double *g, double *g2));
typedef void (*saxs_gaussian_fn)(int64_t, const double *, double, double *, double *);

/* gram[j][i] = column i . column j for i <= j; rows of stride doubles */
SAXS_KERNEL(bnsl__saxs_gram, (int64_t n_vectors, int32_t n_columns, const double *columns, double *gram, int64_t stride));
typedef void (*saxs_gram_fn)(int64_t, int32_t, const double *, double *, int64_t);

/* ---- spheres ----------------------------------------------------------------------------------------------------------- */

#define SAXS_GUINIER 1e-4           /* q R up to which the first two terms in q^2 do: the next one is below 100 (q R)^4 */
#define SAXS_SINGLE_SIZE 1e-100     /* sigma / radius below it is a single size */
#define SAXS_WIDEST_LOGNORMAL 0.8   /* sigma / radius */

/* <f> and <f^2> of bnsl_saxs_form_factor at one q, Gaussian or Schulz; arguments already checked. */
void bnsl__saxs_sphere(int32_t distribution, double radius, double sigma, double q, double *f, double *f2);

/* A number distribution of radii. */
typedef struct saxs_sizes {
    int32_t distribution;
    int32_t n_points;   /* Gaussian: sums over so many radii; 0: exact */
    bool per_volume;    /* Gaussian: density / R^3 */
    double mean, sd;    /* of radii by number (Gaussian: as named, before it is cut); sd = 0: one size */
    double low, high;   /* Gaussian: where it is cut; else infinite */
    double shape, scale; /* Schulz: k and R / k; log-normal: s and exp mu */
} saxs_sizes;

/* The number distribution of a population (its sizes are checked here). */
bnsl_status bnsl__saxs_sizes(saxs_sizes *s, const bnsl_saxs_particle *p, const char *func);
bool bnsl__saxs_sizes_are_cut(const saxs_sizes *s);

/* <R^m>, m >= 0; not of cut ones. */
double bnsl__saxs_sizes_moment(const saxs_sizes *s, int32_t m);

/* Whether |<exp(i k R)>| is above 1e-12. */
bool bnsl__saxs_sizes_oscillate(const saxs_sizes *s, double k);

/* Radii and weights, of sum 1, that average amplitudes up to a wave number. Begins as {0}. */
typedef struct saxs_nodes {
    int32_t n;
    bool too_many; /* n is 0: the phases cannot be resolved */
    int64_t cap_radius, cap_weight;
    double *radius, *weight;
} saxs_nodes;
bnsl_status bnsl__saxs_nodes_fill(saxs_nodes *nodes, const saxs_sizes *s, const bnsl_saxs_particle *p, double q); /* sets no message */
void bnsl__saxs_nodes_free(saxs_nodes *nodes);

/* A caller's population, all but its sizes checked. */
bnsl_status bnsl__saxs_particle_load(bnsl_saxs_particle *out, const bnsl_saxs_particle *particle, const char *func);

/* n values of <f> (or NULL) and <f^2>; the mean volume. BNSL_OK or BNSL_ENOMEM, without a message. */
bnsl_status bnsl__saxs_particle_averages(const bnsl_saxs_particle *p, const saxs_sizes *s, int64_t n, const double *q, double *f, double *f2);
bnsl_status bnsl__saxs_particle_volume(const bnsl_saxs_particle *p, const saxs_sizes *s, double *volume);

/* ---- profiles of lines (line_profile.c) ------------------------------------------------------------------------------------ */

/* Profile of unit area at distance x from its centre, half width w, folded with a Gaussian of standard deviation resolution; its
 * derivatives by x and w unless NULL. */
double bnsl__saxs_profile(int32_t line_shape, double resolution, double x, double w, double *by_x, double *by_w);

/* Full width at half maximum and integral breadth of a profile without resolution, over its half width. */
double bnsl__saxs_breadth(int32_t line_shape, bool integral);

/* xi of a half width; arguments already checked. */
double bnsl__saxs_size(double hwhm, int32_t line_shape, int32_t convention, double k);

/* ---- measured curves --------------------------------------------------------------------------------------------------- */

typedef struct saxs_curve_options {
    int32_t error_model;
    double relative_error, q_min, q_max;
} saxs_curve_options;

/* The points of a curve that are fitted, copied: three arrays of n_padded doubles. Padding has weight 0. */
typedef struct saxs_curve {
    int64_t n, n_padded;
    double *q, *value, *weight; /* weight: 1 / standard error */
    saxs_lanes memory;
} saxs_curve;

/* BNSL_OK when error model, relative error and range make sense. */
bnsl_status bnsl__saxs_check_curve_options(const saxs_curve_options *opts, const char *func);

/* Checks n points (q > 0; with sorted: increasing) and copies those in range. End with free(curve->memory.memory), also on failure. */
bnsl_status bnsl__saxs_curve_load(saxs_curve *curve, int64_t n, const double *q, const double *value, const double *error, bool sorted,
                                  const saxs_curve_options *opts, const char *func);

/* ---- least squares ------------------------------------------------------------------------------------------------------ */

/* Minimises |residual(x)|^2. The callbacks return false when a value is not finite. */
typedef struct saxs_lm {
    int64_t n_residuals;
    int32_t n_params, max_iterations;
    double tolerance;  /* relative fall of the sum of squares that ends the search; 0: the step alone does */
    double negligible; /* a sum of squares that is rounding alone */
    bool (*residual)(void *user, const double *x, double *residual);
    bool (*jacobian)(void *user, const double *x, double *jacobian); /* n_residuals x n_params; at the x of the last residual call or any other */
    void *user;
    bnsl_control *control;
} saxs_lm;

/* Levenberg-Marquardt from x, which is replaced by the best found. BNSL_OK (see *converged), BNSL_ENOMEM, BNSL_ENUMERIC, BNSL_ECANCELLED;
 * sets the message. *n_iterations is added to. */
bnsl_status bnsl__saxs_minimize(const saxs_lm *lm, double *x, bool *converged, int32_t *n_iterations, const char *func);

/* Inverse of a symmetric positive definite matrix (n x n); columns that depend on earlier ones, or are zero, get NaN rows and columns.
 * work: n (n + 1) doubles. */
void bnsl__saxs_invert(int32_t n, const double *matrix, double *inverse, double *work);

/* Least squares with non-negative coefficients from normal equations; keeps its active set from call to call. */
typedef struct saxs_nnls {
    int32_t capacity, n_passive;
    int32_t *passive;          /* columns in the solution, in the order of the factor's rows */
    uint8_t *is_passive, *refused;
    double *factor;            /* Cholesky factor of the passive columns' matrix, capacity x capacity, lower */
    double *x;                 /* solution, 0 where not passive */
    double *trial, *work;
} saxs_nnls;

bool bnsl__saxs_nnls_alloc(saxs_nnls *s, int32_t capacity);
void bnsl__saxs_nnls_free(saxs_nnls *s);

/* Forgets the active set. */
void bnsl__saxs_nnls_reset(saxs_nnls *s);

/* min x^T gram x - 2 rhs^T x over x_j >= 0 for j >= n_free; gram: rows of `stride` doubles. norm: square root of the data's sum of squares. */
void bnsl__saxs_nnls_solve(saxs_nnls *s, int32_t n, int32_t n_free, const double *gram, int64_t stride, const double *rhs, double norm);

/* y = (matrix of the passive columns)^-1 y, n_passive values in the order of s->passive. */
void bnsl__saxs_nnls_apply(const saxs_nnls *s, double *y);

#endif
