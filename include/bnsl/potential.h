/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file potential.h
 * Pair potentials of a mixture: one entry for each pair of species. Reduced units: lengths in
 * sigma_LL, energies in epsilon; any consistent unit works.
 *
 *   Mie      U(r) = C eps [ (sigma/r)^n - (sigma/r)^m ],  C = n/(n-m) (n/m)^(m/(n-m))    [Mie 1903; Marino 2024]
 *   IPL      U(r) = eps (sigma/r)^n                                                       (inverse power law)
 *   WCA      U(r) = U_Mie(r) + eps for r < r_min, 0 beyond                                 [Weeks 1971]
 *   IPL_MIE  U(r) = (1 - lambda) A (sigma/r)^n + lambda U_Mie(r)                           (path of a thermodynamic integration)
 *   TABLE    values of U and -dU/dr at equal distances (bnsl_potential_set_table), cubic Hermite polynomials between them
 *
 * Beyond r_cut the energy and the force are 0. BNSL_SHIFT_ENERGY subtracts U(r_cut) inside; BNSL_SHIFT_SMOOTH multiplies U by
 *
 *   S(r) = (r_cut^2 - r^2)^2 (r_cut^2 + 2 r^2 - 3 r_on^2) / (r_cut^2 - r_on^2)^3  between r_on and r_cut, 1 before   [XPLOR; Brooks 1983]
 *
 * so that energy and force are continuous; the force is -d(U S)/dr.
 */
#ifndef BNSL_POTENTIAL_H
#define BNSL_POTENTIAL_H

#include <bnsl/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Functional forms. */
enum { BNSL_FORM_MIE = 0, BNSL_FORM_IPL = 1, BNSL_FORM_WCA = 2, BNSL_FORM_NONE = 3, BNSL_FORM_TABLE = 4, BNSL_FORM_IPL_MIE = 5 };

/** What happens at the cut-off. */
enum { BNSL_SHIFT_ENERGY = 0, BNSL_SHIFT_NONE = 1, BNSL_SHIFT_SMOOTH = 2 };

/** The split of the Barker-Henderson diameter integral. */
enum {
    BNSL_BH_WCA = 0,  /**< repulsive part of the WCA split: integral of 1 - exp(-(U + eps)/kT) up to r_min */
    BNSL_BH_SIGMA = 1 /**< integral of 1 - exp(-U/kT) up to the zero of U */
};

/** Potential matrix of n_species x n_species pairs, symmetric. */
typedef struct bnsl_potential bnsl_potential;

/** One pair's parameters; fill with bnsl_potential_options_init, then change fields. */
typedef struct bnsl_potential_options {
    uint32_t struct_size; /**< set by bnsl_potential_options_init */
    int32_t form;         /**< BNSL_FORM_MIE, _IPL, _WCA, _NONE or _IPL_MIE; default Mie (_TABLE: bnsl_potential_set_table) */
    double n;             /**< repulsive exponent, > 3; 0: the default 50 */
    double m;             /**< attractive exponent, 3 < m < n (not used by IPL); 0: the default 25 */
    double well_depth;    /**< eps > 0; IPL: the prefactor; default 1 */
    double sigma;         /**< sigma_ij > 0; default 1. bnsl_potential_create multiplies it by (d_i + d_j) / 2 */
    double r_cut;         /**< cut-off as a multiple of sigma_ij, > 0, INFINITY allowed; 0: the default, 1.6
                               (IPL, and m >= 20) or 2.5; WCA always ends at r_min */
    int32_t shift;        /**< BNSL_SHIFT_ENERGY (default), BNSL_SHIFT_NONE, or BNSL_SHIFT_SMOOTH (Mie, IPL, IPL_MIE; r_cut finite) */
    int32_t reserved;     /**< 0 */
    double coupling;      /**< IPL_MIE: lambda, 0 (the inverse power law, default) to 1 (Mie); U is linear in it, shift included */
    double ipl_prefactor; /**< IPL_MIE: A > 0, an energy; 0: the default 1 */
    double r_on;          /**< BNSL_SHIFT_SMOOTH: where S begins to fall, a multiple of sigma_ij, 0 < r_on < r_cut; 0: the default 0.9 r_cut */
} bnsl_potential_options;

/** Defaults (Mie 50-25). @param struct_size sizeof(bnsl_potential_options) of the caller. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_potential_options_init(bnsl_potential_options *opts, size_t struct_size);

/**
 * Mixture in which every pair has the same form and well depth and sigma_ij = opts->sigma (d_i + d_j) / 2.
 *
 * @param n_species  1 .. 64
 * @param diameter   n_species diameters > 0
 * @param opts       parameters of the pairs, or NULL for the defaults
 * @return BNSL_OK; BNSL_EINVAL names the field and its range; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_potential_create(bnsl_potential **out, int32_t n_species, const double *diameter, const bnsl_potential_options *opts);

/** Ends a potential; NULL is allowed. */
BNSL_API void bnsl_potential_destroy(bnsl_potential *potential);

/** Replaces the pair (a, b) and (b, a); opts->sigma is then sigma_ab itself. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_potential_set_pair(bnsl_potential *potential, int32_t a, int32_t b, const bnsl_potential_options *opts);

/**
 * Makes the pair (a, b) and (b, a) a table: U and the force -dU/dr at the n distances r_k = r_min + k (r_max - r_min) / (n - 1).
 *
 * Between them U is the cubic Hermite polynomial of the values and slopes, and the force its derivative: of a smooth U tabulated in
 * steps h, U is good to h^4 and the force to h^3. Below r_min U goes on as a straight line with the force at r_min; at and beyond
 * r_max both are 0, without a shift (let the values end in 0).
 *
 * @param sigma         size of the pair, > 0: r_cut of bnsl_potential_get_pair is r_max / sigma; U itself does not depend on it
 * @param r_min, r_max  0 <= r_min < r_max, distances (no multiples of sigma)
 * @param n             >= 2
 * @param u, force      n energies and n forces, within +-1e300, the forces also when multiplied by r_max; copied
 * @return BNSL_OK; BNSL_EINVAL names the value; BNSL_ENOMEM. On failure the pair stays what it was.
 */
BNSL_API bnsl_status bnsl_potential_set_table(bnsl_potential *potential, int32_t a, int32_t b, double sigma, double r_min, double r_max, int32_t n,
                                              const double *u, const double *force);

/**
 * Values of a table pair as given to bnsl_potential_set_table; each output may be NULL. u_out and force_out are borrowed until
 * the pair is set again or the potential destroyed. @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN: the pair is no table.
 */
BNSL_API bnsl_status bnsl_potential_table(const bnsl_potential *potential, int32_t a, int32_t b, double *r_min_out, double *r_max_out, int32_t *n_out,
                                          const double **u_out, const double **force_out);

/** Parameters in force for a pair, r_cut and r_on resolved (still as multiples of sigma). opts_out is filled as far as its struct_size,
 *  which bnsl_potential_options_init sets, reaches. Of a table: form, sigma, r_cut = r_max / sigma, BNSL_SHIFT_NONE, well_depth 1; the values
 *  are those of bnsl_potential_table. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_potential_get_pair(const bnsl_potential *potential, int32_t a, int32_t b, bnsl_potential_options *opts_out);

/** Number of species; 0 for NULL. */
BNSL_API int32_t bnsl_potential_n_species(const bnsl_potential *potential);

/** Diameters as given to bnsl_potential_create, n_species doubles. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_potential_diameters(const bnsl_potential *potential, double *diameter_out);

/** Cut-off distances r_cut * sigma_ij, n_species x n_species (WCA: r_min; NONE: 0). @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_potential_cutoffs(const bnsl_potential *potential, double *r_cut_out);

/**
 * Energy and force at n distances.
 *
 * @param r          n distances > 0
 * @param u_out      n energies U(r), cut and shifted as the pair says; or NULL
 * @param force_out  n values -dU/dr, positive: repulsive; or NULL
 * @return BNSL_OK; BNSL_EINVAL: unknown species, r not > 0. Accuracy: 2e-14 relative (to the larger of
 *         the two terms) for n <= 100, in proportion to n beyond. Energies and forces above 1e300 (deep overlap) are given as 1e300.
 *         Tables: to rounding of the largest of their values around r.
 */
BNSL_API bnsl_status bnsl_potential_evaluate(const bnsl_potential *potential, int32_t a, int32_t b, int64_t n, const double *r,
                                             double *u_out, double *force_out);

/** Position and value of the minimum of the uncut U: Mie r_min = sigma (n/m)^(1/(n-m)), -eps; WCA: of its Mie potential; a table: of the function
 *  between its points. @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN: none below 0 (IPL, NONE, lambda = 0), or at an end of the table. */
BNSL_API bnsl_status bnsl_potential_minimum(const bnsl_potential *potential, int32_t a, int32_t b, double *r_min_out, double *u_min_out);

/**
 * Second virial coefficient B2(T) = -2 pi integral (exp(-U/kT) - 1) r^2 dr of the pair as cut and shifted
 * (r_cut = INFINITY: of the full potential), by adaptive quadrature. Error < 1e-12
 * of the larger of the repulsive and the attractive part (B2 passes through 0 at the Boyle temperature).
 * @param kT  > 0, in the unit of well_depth (of a table: of its energies)
 * @return BNSL_OK, BNSL_EINVAL; BNSL_ENUMERIC: also where exp(depth/kT) overflows, kT < depth/690.
 * Cost: some 1e-5 s; a table some 4e-7 s a point.
 */
BNSL_API bnsl_status bnsl_potential_second_virial(const bnsl_potential *potential, int32_t a, int32_t b, double kT, double *b2_out);

/**
 * The same of the uncut pair, whatever its cut-off, by the series (independent of the quadrature; error < 1e-12 of the larger part)
 *
 *   B2 = -(2 pi sigma^3 / n) sum_{k >= 0} (1/k!) (C eps/kT)^((3 + k (n - m)) / n) Gamma((m k - 3) / n)       [Lennard-Jones 1924]
 *
 * and, for IPL_MIE, its like with two prefactors; of IPL the first term alone.
 * @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN: WCA, NONE, TABLE; BNSL_ENUMERIC: so cold that rounding takes more
 *         digits, at a kT below some depth / 250 * n / (n - m).
 */
BNSL_API bnsl_status bnsl_potential_second_virial_series(const bnsl_potential *potential, int32_t a, int32_t b, double kT, double *b2_out);

/**
 * Barker-Henderson diameter of the uncut pair [Barker and Henderson 1967].
 * Pairs that are repulsive throughout (IPL, lambda = 0, such a table) and WCA: integral of 1 - exp(-U/kT) to infinity (table: r_max) and to
 * r_min, whatever split. Relative error < 1e-12.
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENUMERIC; BNSL_EDOMAIN for NONE and a table without a repulsive core.
 */
BNSL_API bnsl_status bnsl_potential_barker_henderson(const bnsl_potential *potential, int32_t a, int32_t b, double kT, int32_t split,
                                                     double *diameter_out);

/**
 * Noro-Frenkel effective range R_eff = lambda - 1, in units of d_BH, of the square well with the same reduced B2 and depth:
 * (B2 / B2_HS) = 1 - (lambda^3 - 1)(exp(depth/kT) - 1), B2_HS = (2 pi/3) d_BH^3 (WCA split) [Noro and Frenkel 2000].
 * B2 and depth of the pair as cut and shifted: depth = eps + U(r_cut) with BNSL_SHIFT_ENERGY, of U S with BNSL_SHIFT_SMOOTH. A cut-off
 * must lie beyond r_min.
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENUMERIC; BNSL_EDOMAIN for purely repulsive forms or cut-offs, a table without a repulsive core,
 *         and so high a kT that B2 >= B2_HS, which no square well has.
 */
BNSL_API bnsl_status bnsl_potential_effective_range(const bnsl_potential *potential, int32_t a, int32_t b, double kT, double *range_out);

/**
 * Temperature at which the second virial coefficient (of the pair as cut and shifted) vanishes; relative error < 1e-12.
 * @return as bnsl_potential_effective_range.
 */
BNSL_API bnsl_status bnsl_potential_boyle_kT(const bnsl_potential *potential, int32_t a, int32_t b, double *kT_out);

/** Noro-Frenkel estimate of the critical temperature: B2 / ((2 pi/3) d_BH^3) = -1.5, d_BH by the WCA split. @return as above. */
BNSL_API bnsl_status bnsl_potential_critical_kT(const bnsl_potential *potential, int32_t a, int32_t b, double *kT_out);

#ifdef __cplusplus
}
#endif
#endif
