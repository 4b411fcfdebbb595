/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files on fluids, surfaces and coexistence share. */
#ifndef BNSL_FLUID_INTERNAL_H
#define BNSL_FLUID_INTERNAL_H

#include <stdbool.h>

#include <bnsl/free_energy.h>
#include <bnsl/md.h>

/* The potential at a point of a path: the mixture (1 - coupling) IPL + coupling Mie, or the Mie potential at coupling 1. */
bnsl_status bnsl__path_potential(bnsl_potential **out, int32_t n_species, const double *diameter, const bnsl_potential_options *mie,
                                 double coupling, double well_depth, double ipl_prefactor);

/* Barker-Henderson diameters of the power law of a path: n_species. */
bnsl_status bnsl__hard_diameters(int32_t n_species, const double *diameter, const bnsl_potential_options *mie, double ipl_prefactor, double *out);

/* A simulation at kT = 1 on one thread; a cut-off beyond half the thickness of the box is refused. */
bnsl_status bnsl__langevin_create(bnsl_md **out, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                  const bnsl_potential *potential, double dt, double friction, uint64_t seed, const char *func);

/* ---- fits --------------------------------------------------------------------------------------------- */

/* T_k(x) and dT_k/dx, k = 0 .. n - 1. */
void bnsl__chebyshev(int32_t n, double x, double *t, double *slope);

/* A value in a range as a number in -1 .. 1, and the derivative of that; 0 and 1 for a range of one value. */
double bnsl__scaled(double value, const double range[2], double *factor);

/* Coefficients, their covariance and its triangular root, root root^T = covariance: n_terms, and twice n_terms x n_terms, of the caller. */
typedef struct least_squares {
    double *c, *covariance, *root;
    double chi2;
    int64_t freedom;
} least_squares;

/* design: n x n_terms; errors > 0 */
bnsl_status bnsl__least_squares(int64_t n, int32_t n_terms, const double *design, const double *value, const double *error, least_squares *out,
                                const char *func);
/* Standard error of a linear function of the coefficients with this gradient. */
double bnsl__linear_error(int32_t n_terms, const double *covariance, const double *gradient);

/* ---- surfaces ------------------------------------------------------------------------------------------ */

enum { SURFACE_SPECIES = 8, SURFACE_DENSITY = 12, SURFACE_DEPTH = 8, SURFACE_TERMS = SURFACE_DENSITY * SURFACE_DEPTH };

struct bnsl_free_energy_surface {
    bnsl_free_energy_surface_options o;
    bnsl_potential_options mie;
    double diameter[SURFACE_SPECIES], hard_diameter[SURFACE_SPECIES], fraction[SURFACE_SPECIES];
    double mixing;                   /* sum x ln x */
    double hard_b2;                  /* of the reference */
    double density[2], depth[2];     /* ranges */
    int32_t n_terms;                 /* n_density * n_depth; term i * n_depth + j is T_i(rho) T_j(eps) */
    double c[SURFACE_TERMS];
    double *covariance, *root;       /* n_terms x n_terms; root: lower triangle with root root^T = covariance */
    double chi2;
    int64_t freedom;
};

/* A surface at one depth, with its own or other coefficients: a function of the density alone. */
typedef struct surface_slice {
    const bnsl_free_energy_surface *surface;
    double virial, virial_slope;     /* B2 - B2_HS and its derivative by the depth; 0 without */
    double t[SURFACE_DEPTH], t_slope[SURFACE_DEPTH]; /* T_j and its derivative by the depth */
    double g[SURFACE_DENSITY];       /* coefficients in the density */
    double shift;                    /* added to A */
} surface_slice;

bnsl_status bnsl__surface_slice(const bnsl_free_energy_surface *surface, double well_depth, surface_slice *out, const char *func);

/* Puts other coefficients into a slice: those of the fit (normal NULL), or those plus root times n_terms normal numbers. */
void bnsl__slice_set(surface_slice *slice, const double *normal);

/* beta A / N and beta P; a bnsl_free_energy_phase_fn with a slice as user. */
void bnsl__slice_value(void *slice, double density, double *a_out, double *pressure_out);

/* d(beta P)/d rho */
double bnsl__slice_stiffness(const surface_slice *slice, double density);

/* The tangent of two functions; branches and ranges as bnsl_free_energy_tangent. */
bnsl_status bnsl__tangent(bnsl_free_energy_phase_fn const *phase, void *const *user, const double *low, const double *high, double *density,
                          double *pressure, double *mu, const char *func);

/* ---- mixtures ------------------------------------------------------------------------------------------- */

enum { MIXTURE_FRACTION = 4, MIXTURE_TERMS = 240 };

struct bnsl_free_energy_mixture {
    bnsl_free_energy_mixture_options o;
    bnsl_potential_options mie;
    double diameter[2], hard_diameter[2], size[3]; /* size: sigma^3 of LL, LS, SS */
    double reduced[2], depth[2];     /* ranges of y = rho sum x_i x_j sigma_ij^3 and of the depth */
    int32_t n_terms;                 /* term (i n_depth + j) n_fraction + k is T_i(y) T_j(eps) h_k(x) */
    double c[MIXTURE_TERMS];
    double *covariance, *root;
    double chi2;
    int64_t freedom;
};

/* A mixture at one depth, with its own or other coefficients. */
typedef struct mixture_slice {
    const bnsl_free_energy_mixture *mixture;
    double virial[3], virial_slope[3]; /* B2 - B2_HS of LL, LS and SS, and their derivatives by the depth; 0 without */
    double t[SURFACE_DEPTH], t_slope[SURFACE_DEPTH];
    double g[SURFACE_DENSITY * MIXTURE_FRACTION];
} mixture_slice;

bnsl_status bnsl__mixture_slice(const bnsl_free_energy_mixture *mixture, double well_depth, mixture_slice *out, const char *func);

/* Other coefficients, as bnsl__slice_set. */
void bnsl__mixture_set(mixture_slice *slice, const double *normal);

/* A bnsl_free_energy_mixture_fn with a slice as user. */
void bnsl__mixture_value(void *slice, double density_l, double density_s, double *a_out, double *mu_out);

/* det(rho_i d mu_i / d rho_j) of a function */
double bnsl__mixture_stability(bnsl_free_energy_mixture_fn fn, void *user, double density_l, double density_s);

/* Two fluids and what is to be equal in both. */
typedef struct fluid_pair {
    bnsl_free_energy_mixture_fn fn[2];
    void *user[2];
    double fraction, size[3], low[2], high[2]; /* limits of rho sum x_i x_j size_ij, size of LL, LS, SS */
    bool bubble;
} fluid_pair;

/* From nothing; and from a solution nearby. value: rho of the parent, rho_L and rho_S of the other one. */
bnsl_status bnsl__incipient(const fluid_pair *pair, double value[3], const char *func);
bool bnsl__incipient_newton(const fluid_pair *pair, double value[3]);

#endif
