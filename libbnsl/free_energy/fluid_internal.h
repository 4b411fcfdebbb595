/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files on fluids, surfaces and coexistence share. */
#ifndef BNSL_FLUID_INTERNAL_H
#define BNSL_FLUID_INTERNAL_H

#include <stdbool.h>

#include <bnsl/free_energy.h>
#include <bnsl/md.h>

/* Options of the potential, the defaults for NULL. */
bnsl_status bnsl__mie_options(bnsl_potential_options *out, const bnsl_potential_options *mie, const char *func);

/* The potential at a point of a path: the mixture (1 - coupling) IPL + coupling Mie, or the Mie potential at coupling 1. */
bnsl_status bnsl__path_potential(bnsl_potential **out, int32_t n_species, const double *diameter, const bnsl_potential_options *mie,
                                 double coupling, double well_depth, double ipl_prefactor);

/* Barker-Henderson diameters of the power law of a path: n_species. */
bnsl_status bnsl__hard_diameters(int32_t n_species, const double *diameter, const bnsl_potential_options *mie, double ipl_prefactor, double *out);

/* A simulation at kT = 1 on one thread; a cut-off beyond half the thickness of the box is refused. */
bnsl_status bnsl__langevin_create(bnsl_md **out, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                  const bnsl_potential *potential, double dt, double friction, uint64_t seed, const char *func);

/* The root of a function that grows with x between low, where it is <= 0, and high, where it is >= 0; to a relative tolerance. */
double bnsl__growing_root(double (*fn)(void *user, double x), void *user, double low, double high, double tolerance);

/* ---- expansions: what surfaces and mixtures share (expansion.c) ------------------------------------------ */

enum { SURFACE_SPECIES = 8, SURFACE_DENSITY = 12, SURFACE_DEPTH = 8, SURFACE_TERMS = SURFACE_DENSITY * SURFACE_DEPTH };

/* T_k(x) and dT_k/dx, k = 0 .. n - 1. */
void bnsl__chebyshev(int32_t n, double x, double *t, double *slope);

/* A value in a range as a number in -1 .. 1, and the derivative of that; 0 and 1 for a range of one value. */
double bnsl__scaled(double value, const double range[2], double *factor);

/* Fitted terms in density and depth. */
typedef struct expansion {
    int32_t n_terms, n_depth;    /* in all, and in the depth */
    double density[2], depth[2]; /* ranges of the data; density: or what stands for it */
    double *c;                   /* n_terms coefficients */
    double *covariance, *root;   /* n_terms x n_terms; root: lower triangle with root root^T = covariance */
    double chi2;
    int64_t freedom;
} expansion;

/* What an expansion has at one depth. */
typedef struct depth_terms {
    double t[SURFACE_DEPTH], t_slope[SURFACE_DEPTH]; /* T_j and its derivative by the depth */
    double virial[3], virial_slope[3]; /* B2 - B2_HS, one or those of LL, LS and SS, and the derivatives by the depth; 0 without */
} depth_terms;

/* What surfaces and mixtures do in their own ways. A datum of a surface has a fraction of 1. */
typedef struct expansion_form {
    const void *of;
    bnsl_status (*virial)(const void *of, double well_depth, double virial[3]); /* NULL: without */
    /* a row of the design matrix, and the value that its terms have to make */
    bnsl_status (*row)(const void *of, const depth_terms *at, const bnsl_free_energy_mixture_datum *d, double *row, double *value);
} expansion_form;

/* Checks the data and sets the ranges, the density's to that of the densities, from 0 with virial. */
bnsl_status bnsl__expansion_data(expansion *e, int64_t n, const bnsl_free_energy_mixture_datum *data, bool virial, const char *func);

/* A range over the values of n data. */
void bnsl__widen(double range[2], double value);

/* BNSL_EDOMAIN: beyond the data */
bnsl_status bnsl__depth_terms(const expansion *e, const expansion_form *form, double well_depth, depth_terms *out, const char *func);

/* Allocates and fits the coefficients; bnsl__expansion_free takes what a failure leaves too. */
bnsl_status bnsl__expansion_fit(expansion *e, const expansion_form *form, int64_t n, const bnsl_free_energy_mixture_datum *data, const char *func);
void bnsl__expansion_free(expansion *e);

/* A coefficient of the fit (normal NULL), or of a draw: that plus the row of root times n_terms normal numbers. */
double bnsl__coefficient(const expansion *e, int32_t term, const double *normal);

/* Standard error of a linear function of the coefficients with this gradient. */
double bnsl__linear_error(const expansion *e, const double *gradient);

/* Writes what is asked for (not NULL). */
void bnsl__expansion_quality(const expansion *e, double *chi2_out, int64_t *freedom_out, double *density_range_out, double *depth_range_out);

/* The coefficients, whose memory is there, from a design matrix of n x n_terms; errors > 0. */
bnsl_status bnsl__least_squares(int64_t n, const double *design, const double *value, const double *error, expansion *out, const char *func);

/* ---- limits of stability (stability.c) -------------------------------------------------------------------- */

static const double LOOP_SHARE = 0.975; /* of the draws must have a loop for there to be one: noise makes loops too */

typedef struct stability {
    const expansion *fit;
    const void *of;
    /* The smallest measure of stability over all densities at a depth, and the density of it, with the coefficients of bnsl__coefficient. */
    bnsl_status (*least)(const void *of, double depth, const double *normal, double *least, double *density, const char *func);
    uint32_t stream;       /* of the draws' random numbers */
    double tolerance[2];   /* of the depth, relative: of the fit, of the draws */
} stability;

/* The depth at which the measure first is 0 somewhere, its standard error and the density; outputs that are NULL are not asked for. */
bnsl_status bnsl__stability_limit(const stability *s, int32_t n_samples, uint64_t seed, double *depth_out, double *err_out, double *density_out,
                                  const char *func);

/* ---- surfaces ------------------------------------------------------------------------------------------ */

struct bnsl_free_energy_surface {
    bnsl_free_energy_surface_options o;
    bnsl_potential_options mie;
    double diameter[SURFACE_SPECIES], hard_diameter[SURFACE_SPECIES], fraction[SURFACE_SPECIES];
    double mixing;                   /* sum x ln x */
    double hard_b2;                  /* of the reference */
    expansion fit;                   /* term i n_depth + j is T_i(rho) T_j(eps) */
};

/* A surface at one depth, with its own or other coefficients: a function of the density alone. */
typedef struct surface_slice {
    const bnsl_free_energy_surface *surface;
    depth_terms at;
    double g[SURFACE_DENSITY];       /* coefficients in the density */
    double shift;                    /* added to A */
} surface_slice;

bnsl_status bnsl__surface_slice(const bnsl_free_energy_surface *surface, double well_depth, surface_slice *out, const char *func);

/* Puts other coefficients into a slice, those of bnsl__coefficient. */
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
    expansion fit; /* in y = rho sum x_i x_j sigma_ij^3; term (i n_depth + j) n_fraction + k is T_i(y) T_j(eps) h_k(x) */
};

/* A mixture at one depth, with its own or other coefficients. */
typedef struct mixture_slice {
    const bnsl_free_energy_mixture *mixture;
    depth_terms at;
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
