/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pair of the potential matrix, and the integral over its Boltzmann factor that B2 and the Barker-Henderson diameter share. */
#ifndef BNSL_POTENTIAL_INTERNAL_H
#define BNSL_POTENTIAL_INTERNAL_H

#include <bnsl/potential.h>

#include "core_internal.h"

#define BNSL__MAX_SPECIES 64

/* x^exponent: by multiplications (and one square root) when twice_exponent > 0, else by pow. */
typedef struct bnsl__power {
    double exponent;
    int32_t twice_exponent;
} bnsl__power;

/* Parameters in force for a pair and what follows from them. */
typedef struct bnsl__pair {
    bnsl_potential_options opts; /* r_cut resolved, a multiple of sigma */
    double prefactor;            /* C of the Mie form in units of well_depth; 1 for IPL, 0 for NONE */
    double x_min;                /* r_min / sigma; NaN for IPL and NONE */
    double u_cut;                /* energy subtracted inside the cut-off, in units of well_depth */
    bnsl__power repulsion, attraction;
} bnsl__pair;

struct bnsl_potential {
    int32_t n_species;
    double diameter[BNSL__MAX_SPECIES];
    bnsl__pair pairs[]; /* n_species x n_species */
};

/* Pair (a, b), or NULL with a message when potential is NULL or a species is out of range. */
const bnsl__pair *bnsl__potential_pair(const bnsl_potential *potential, int32_t a, int32_t b, const char *func);

/* BNSL_EINVAL with a message unless kT is finite, > 0, and well_depth / kT is finite. */
bnsl_status bnsl__check_kT(const bnsl__pair *pair, double kT, const char *func);

/* Working memory of the quadratures below. Between begin (NULL without memory) and end (NULL is allowed) GSL does not abort. */
typedef struct bnsl__quadrature bnsl__quadrature;
bnsl__quadrature *bnsl__quadrature_begin(void);
void bnsl__quadrature_end(bnsl__quadrature *quadrature);

/* Uncut energy of the pair in units of well_depth at x = r / sigma = exp(log_x), exact to rounding near x = 1. */
double bnsl__pair_log_energy(const bnsl__pair *pair, double log_x);

/*
 * Integral of (1 - exp(-(u(x) - u_shift) / t)) x^power dx from 0 to x_upper, u the uncut energy in units of well_depth, t = kT / well_depth.
 * x_upper = INFINITY needs u_shift = 0. magnitude_out: the sum of the absolute values of the parts, the scale of the error (1e-12 of it).
 */
bnsl_status bnsl__boltzmann_moment(const bnsl__pair *pair, double t, int power, double u_shift, double x_upper, bnsl__quadrature *quadrature,
                                   double *moment_out, double *magnitude_out, const char *func);

/* B2 / sigma^3 of the pair as cut and shifted, and Barker-Henderson diameter / sigma of the uncut pair; t = kT / well_depth. */
bnsl_status bnsl__pair_second_virial(const bnsl__pair *pair, double t, bnsl__quadrature *quadrature, double *b2_out, const char *func);
bnsl_status bnsl__pair_barker_henderson(const bnsl__pair *pair, double t, int32_t split, bnsl__quadrature *quadrature, double *x_out,
                                        const char *func);

#endif
