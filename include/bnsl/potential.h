/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file potential.h
 * Pair potentials of a mixture: one entry for each pair of species. Reduced units: lengths in
 * sigma_LL, energies in epsilon; any consistent unit works.
 *
 *   Mie   U(r) = C eps [ (sigma/r)^n - (sigma/r)^m ],  C = n/(n-m) (n/m)^(m/(n-m))       [Mie 1903; Marino 2024]
 *   IPL   U(r) = eps (sigma/r)^n                                                          (inverse power law)
 *   WCA   U(r) = U_Mie(r) + eps for r < r_min, 0 beyond                                    [Weeks 1971]
 *
 * Beyond r_cut the energy and the force are 0. BNSL_SHIFT_ENERGY subtracts U(r_cut) inside.
 */
#ifndef BNSL_POTENTIAL_H
#define BNSL_POTENTIAL_H

#include <bnsl/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Functional forms. */
enum { BNSL_FORM_MIE = 0, BNSL_FORM_IPL = 1, BNSL_FORM_WCA = 2, BNSL_FORM_NONE = 3 };

/** What happens at the cut-off. */
enum { BNSL_SHIFT_ENERGY = 0, BNSL_SHIFT_NONE = 1 };

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
    int32_t form;         /**< BNSL_FORM_MIE, _IPL, _WCA or _NONE; default Mie */
    double n;             /**< repulsive exponent, > 3; 0: the default 50 */
    double m;             /**< attractive exponent, 3 < m < n (not used by IPL); 0: the default 25 */
    double well_depth;    /**< eps > 0; IPL: the prefactor; default 1 */
    double sigma;         /**< sigma_ij > 0; default 1. bnsl_potential_create multiplies it by (d_i + d_j) / 2 */
    double r_cut;         /**< cut-off as a multiple of sigma_ij, > 0, INFINITY allowed; 0: the default, 1.6
                               (IPL, and m >= 20) or 2.5; WCA always ends at r_min */
    int32_t shift;        /**< BNSL_SHIFT_ENERGY (default) or BNSL_SHIFT_NONE */
    int32_t reserved;     /**< 0 */
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

/** Parameters in force for a pair, r_cut resolved (still as a multiple of sigma). opts_out is filled as far as its struct_size,
 *  which bnsl_potential_options_init sets, reaches. @return BNSL_OK, BNSL_EINVAL. */
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
 */
BNSL_API bnsl_status bnsl_potential_evaluate(const bnsl_potential *potential, int32_t a, int32_t b, int64_t n, const double *r, double *u_out, double *force_out);

/** Position and value of the minimum of the uncut U (WCA: of its Mie potential): r_min = sigma (n/m)^(1/(n-m)), -eps. @return BNSL_EDOMAIN for IPL and NONE. */
BNSL_API bnsl_status bnsl_potential_minimum(const bnsl_potential *potential, int32_t a, int32_t b, double *r_min_out, double *u_min_out);

/**
 * Second virial coefficient B2(T) = -2 pi integral (exp(-U/kT) - 1) r^2 dr of the pair as cut and shifted
 * (r_cut = INFINITY: of the full potential), by adaptive quadrature. Error < 1e-12
 * of the larger of the repulsive and the attractive part (B2 passes through 0 at the Boyle temperature).
 * @param kT  > 0, in the unit of well_depth
 * @return BNSL_OK, BNSL_EINVAL; BNSL_ENUMERIC: also where exp(depth/kT) overflows, kT < depth/690.
 */
BNSL_API bnsl_status bnsl_potential_second_virial(const bnsl_potential *potential, int32_t a, int32_t b, double kT, double *b2_out);

/**
 * Barker-Henderson diameter of the uncut pair [Barker and Henderson 1967].
 * IPL and WCA: integral of 1 - exp(-U/kT) to infinity and to r_min, whatever split. Relative error < 1e-12.
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENUMERIC; BNSL_EDOMAIN for NONE.
 */
BNSL_API bnsl_status bnsl_potential_barker_henderson(const bnsl_potential *potential, int32_t a, int32_t b, double kT, int32_t split, double *diameter_out);

/**
 * Noro-Frenkel effective range R_eff = lambda - 1, in units of d_BH, of the square well with the same reduced B2 and depth:
 * (B2 / B2_HS) = 1 - (lambda^3 - 1)(exp(depth/kT) - 1), B2_HS = (2 pi/3) d_BH^3 (WCA split) [Noro and Frenkel 2000].
 * B2 and depth of the pair as cut and shifted: depth = eps + U(r_cut) with BNSL_SHIFT_ENERGY. A cut-off must lie beyond r_min.
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENUMERIC; BNSL_EDOMAIN for purely repulsive forms or cut-offs.
 */
BNSL_API bnsl_status bnsl_potential_effective_range(const bnsl_potential *potential, int32_t a, int32_t b, double kT, double *range_out);

/** Temperature at which the second virial coefficient (of the pair as cut and shifted) vanishes; relative error < 1e-12. @return as bnsl_potential_effective_range. */
BNSL_API bnsl_status bnsl_potential_boyle_kT(const bnsl_potential *potential, int32_t a, int32_t b, double *kT_out);

/** Noro-Frenkel estimate of the critical temperature: B2 / ((2 pi/3) d_BH^3) = -1.5, d_BH by the WCA split. @return as above. */
BNSL_API bnsl_status bnsl_potential_critical_kT(const bnsl_potential *potential, int32_t a, int32_t b, double *kT_out);

#ifdef __cplusplus
}
#endif
#endif
