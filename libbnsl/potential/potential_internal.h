/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pair of the potential matrix, and the integral over its Boltzmann factor that B2 and the Barker-Henderson diameter share. */
#ifndef BNSL_POTENTIAL_INTERNAL_H
#define BNSL_POTENTIAL_INTERNAL_H

#include <bnsl/potential.h>

#include "core_internal.h"

#define BNSL__MAX_SPECIES 64

/* Energies and forces of overlapping particles end here, so that sums over pairs stay finite; nor may a table hold more. */
#define BNSL__LARGEST_ENERGY 1e300

/* x^exponent: by multiplications (and one square root) when twice_exponent > 0, else by pow. */
typedef struct bnsl__power {
    double exponent;
    int32_t twice_exponent;
} bnsl__power;

/* A function of r given by values and slopes at equal distances. */
typedef struct bnsl__table {
    double r_min, r_max, step;
    int32_t n;
    const double *u, *force; /* n each, in values */
    double values[];
} bnsl__table;

/*
 * Parameters in force for a pair and what follows from them. Lengths x = r / sigma, energies in units of well_depth (of a table: 1).
 * Every form but the table is, before it is cut, u(x) = repulsive x^-n - attractive x^-m.
 */
typedef struct bnsl__pair {
    bnsl_potential_options opts;  /* r_cut and r_on resolved, multiples of sigma */
    double repulsive, attractive; /* factors of the powers; 0 for NONE and tables */
    bnsl__power repulsion, attraction;
    double depth;              /* of the uncut u, 0: nowhere negative; WCA: of its Mie potential */
    double log_zero, x_min;    /* log x where u changes sign, x of the minimum; NaN without depth */
    double u_cut;              /* energy subtracted inside the cut-off */
    double cut_depth;          /* of u as cut, shifted or smoothed; not above 0 when there is no well */
    double cutoff;             /* distance, in the unit of sigma */
    bnsl__table *table;        /* BNSL_FORM_TABLE; shared by (a, b) and (b, a) */
} bnsl__pair;

struct bnsl_potential {
    int32_t n_species;
    double diameter[BNSL__MAX_SPECIES];
    bnsl__pair pairs[]; /* n_species x n_species */
};

/* Pair (a, b), or NULL with a message when potential is NULL or a species is out of range. */
const bnsl__pair *bnsl__potential_pair(const bnsl_potential *potential, int32_t a, int32_t b, const char *func);

/* Puts a pair at (a, b) and (b, a), which are in range, and frees the table that was there. */
void bnsl__potential_put(bnsl_potential *potential, int32_t a, int32_t b, const bnsl__pair *pair);

/* Defaults of the options. */
extern const bnsl_potential_options bnsl__potential_defaults;

/* ---- forms (form.c) ---------------------------------------------------------------------------------- */

/* What follows from checked options (no table). */
bnsl__pair bnsl__pair_make(const bnsl_potential_options *o);

/* x^exponent */
double bnsl__power_of(const bnsl__power *plan, double x);

/* Uncut u at x = exp(log_x), exact to rounding near its zero. No tables. */
double bnsl__pair_log_energy(const bnsl__pair *pair, double log_x);

/* The switching function S(x) of BNSL_SHIFT_SMOOTH for x <= r_cut; slope_out: dS/dx, or NULL. */
double bnsl__pair_switch(const bnsl__pair *pair, double x, double *slope_out);

/* ---- tables (table.c) -------------------------------------------------------------------------------- */

/* Energy at r < r_max; force_out: -dU/dr, or NULL. */
double bnsl__table_energy(const bnsl__table *table, double r, double *force_out);

/* ---- integrals (virial.c) ---------------------------------------------------------------------------- */

/* BNSL_EINVAL with a message unless kT is finite, > 0, and well_depth / kT is finite. */
bnsl_status bnsl__check_kT(const bnsl__pair *pair, double kT, const char *func);

/* Working memory of the quadratures below. Between begin (NULL without memory) and end (NULL is allowed) GSL does not abort. */
typedef struct bnsl__quadrature bnsl__quadrature;
bnsl__quadrature *bnsl__quadrature_begin(void);
void bnsl__quadrature_end(bnsl__quadrature *quadrature);

/* B2 / sigma^3 of the pair as cut and shifted, and Barker-Henderson diameter / sigma of the uncut pair; t = kT / well_depth. */
bnsl_status bnsl__pair_second_virial(const bnsl__pair *pair, double t, bnsl__quadrature *quadrature, double *b2_out, const char *func);
bnsl_status bnsl__pair_barker_henderson(const bnsl__pair *pair, double t, int32_t split, bnsl__quadrature *quadrature, double *x_out,
                                        const char *func);

#endif
