/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file free_energy.h
 * Free energies of crystals of hard or soft spheres.
 *
 * Everything is reduced by kT and given per particle: beta A / N, beta U / N; beta P in 1 / sigma^3. Lengths in sigma_LL = 1, the number
 * density is rho = N / V. The thermal wavelength of every species is sigma_LL. Energies of a bnsl_potential are divided by the option kT: with
 * kT = 1 its well depth is beta epsilon.
 *
 * Sampling: Metropolis Monte Carlo, one particle at a time, without a time step and so without its error. Random numbers are
 * addressed by (seed, stream, particle, sweep) and independent runs are spread over num_threads: the result does not depend on it.
 * A sweep is one trial move of every particle.
 */
#ifndef BNSL_FREE_ENERGY_H
#define BNSL_FREE_ENERGY_H

#include <bnsl/box.h>
#include <bnsl/lattice.h>
#include <bnsl/potential.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- solids ---------------------------------------------------------------------------------------- */

/**
 * Sites of a crystal at a density, in a nearly cubic, fully periodic box: whole cells (orthorhombic ones of hexagonal prototypes), of the
 * numbers of particles within 20 % of n_wanted (or the nearest to it) the one whose box has the largest smallest width for its size.
 *
 * @param lattice     prototype; its lattice constant is replaced by the one that gives the density
 * @param density     N / V > 0
 * @param c_over_a    > 0, or 0: the lattice's own; cubic prototypes: 0 or 1
 * @param n_wanted    1 .. 2^24
 * @param capacity    particles that xyz_out and species_out have room for
 * @param n_out       number of particles (set on BNSL_EBUFFER too: call with capacity 0 to ask)
 * @param box_out, xyz_out, species_out  as of bnsl_lattice_supercell; may be NULL when capacity is 0
 * @return BNSL_OK; BNSL_EBUFFER; BNSL_EINVAL names the argument and its range.
 */
BNSL_API bnsl_status bnsl_free_energy_supercell(const bnsl_lattice *lattice, double density, double c_over_a, int64_t n_wanted, int64_t capacity,
                                                int64_t *n_out, bnsl_box *box_out, double *xyz_out, int32_t *species_out);

/**
 * Number of primitive cells in a box: the lattice translations that carry every site to a site of the same species, N_cell of the free
 * energies below. AlB2 has N/3, NaZn13 N/28 (not N/112), fcc N.
 *
 * @param box      fully periodic
 * @param n, xyz   sites, 1 <= n < 2^24; equivalent ones must match within 1e-4 of the shortest distance between sites
 * @param species  n values >= 0
 * @return BNSL_OK; BNSL_EINVAL: also two sites at the same place; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_free_energy_primitive_cells(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                                      int64_t *n_cells_out);

/**
 * Energy of the perfect crystal per particle, in the unit of the potential's energies: half the sum over all pairs and periodic images within
 * the cut-offs, which may be longer than the box.
 *
 * @param tail      0: as cut and shifted; 1: the energy of the uncut potential (lattice sum within 20, then a uniform density)
 * @param u_out     U / N
 * @param p_out     the static part of the pressure, -dU/dV at uniform scaling; or NULL
 * @return BNSL_OK; BNSL_EINVAL: also an infinite cut-off without tail; BNSL_EDOMAIN: tail with a table, WCA or a smooth cut-off.
 */
BNSL_API bnsl_status bnsl_free_energy_lattice_energy(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                                     const bnsl_potential *potential, int32_t tail, double *u_out, double *p_out);

/** Which constraint holds the crystal. */
enum {
    BNSL_EINSTEIN_MOLECULE = 0, /**< one particle is fixed [Vega and Noya 2007] */
    BNSL_EINSTEIN_CRYSTAL = 1   /**< the centre, the mean displacement, is fixed [Frenkel and Ladd 1984; Polson et al. 2000] */
};

/**
 * Free energy of the non-interacting, constrained Einstein crystal per particle: with mu_i = 1 for the fixed particle and 0 for the others
 * (molecule) or mu_i = 1 / N (crystal),
 *
 *   N a0 = -ln(V / (N_cell Lambda^3)) + sum_i (3/2) ln(Lambda^2 beta K_i / pi) + (3/2) ln( (pi / Lambda^2) sum_i mu_i^2 / (beta K_i) )
 *
 * U_E = sum_i K_i |r_i - r_i0|^2 (no factor 1/2). For the molecule that is ln(N_cell Lambda^3 / V) + sum_{i >= 2} (3/2) ln(Lambda^2 beta K_i / pi)
 * [Vega and Noya, J. Chem. Phys. 127, 154113 (2007), with N_cell in the place of N, so that crystals of several species come out right
 * whichever particle is fixed].
 *
 * @param constraint     BNSL_EINSTEIN_MOLECULE or _CRYSTAL
 * @param n_species      >= 1
 * @param count          particles of each species >= 0
 * @param spring         beta K of each species > 0, 1 / sigma^2 (not used where count is 0)
 * @param fixed_species  species of the fixed particle (molecule), count >= 1
 * @param n_cells        primitive cells, 1 .. N
 * @param volume         > 0
 * @return BNSL_OK; BNSL_EINVAL names the argument and its range.
 */
BNSL_API bnsl_status bnsl_free_energy_einstein(int32_t constraint, int32_t n_species, const int64_t *count, const double *spring, int32_t fixed_species,
                                               int64_t n_cells, double volume, double *a0_out);

/** How the interacting Einstein crystal is joined to the crystal without springs. */
enum {
    BNSL_SOLID_INTEGRAL = 0, /**< Gauss-Legendre quadrature of <U_E> in ln(lambda + c), and an exponential average at full springs */
    BNSL_SOLID_MBAR = 1      /**< multistate Bennett acceptance ratio over the same kind of states, and Bennett's at full springs */
};

/** What may change the shape of the box at constant volume before the free energy is computed. */
enum {
    BNSL_SOLID_CELL_FIXED = 0,
    BNSL_SOLID_CELL_RELAX_Z = 1 /**< lz against lx and ly: c/a of a hexagonal or tetragonal crystal along z */
};

/** Alarms of a result: bits of flags. */
enum {
    BNSL_SOLID_HOPPED = 1,      /**< a particle was nearer to another site than to its own in a run without springs or with weak ones */
    BNSL_SOLID_BIASED = 2,      /**< the exponential average at full springs did not meet its criteria (see max_spring_factor) */
    BNSL_SOLID_CELL_STRESSED = 4, /**< the pressure along z differs from that along x and y by more than 5 standard errors, enough to raise A by more than 1e-3 */
    BNSL_SOLID_SLOW = 8,        /**< runs that matter are shorter than 50 correlation times: the error bar is uncertain */
    BNSL_SOLID_WEAK = 16,       /**< more than 90 % of the variance comes from the weakest springs: near the limit of mechanical stability */
    BNSL_SOLID_POOR_OVERLAP = 32 /**< neighbouring states of BNSL_SOLID_MBAR share less than 0.03 of their samples */
};

/** Parameters of bnsl_free_energy_solid. */
typedef struct bnsl_free_energy_solid_options {
    uint32_t struct_size;      /**< set by bnsl_free_energy_solid_options_init */
    int32_t method;            /**< BNSL_SOLID_INTEGRAL (default) or BNSL_SOLID_MBAR */
    int32_t constraint;        /**< BNSL_EINSTEIN_MOLECULE (default) or _CRYSTAL */
    int32_t hard_spheres;      /**< 1: pairs are hard at the sigma_ij of the potential, whatever its form; 0: the potential */
    int32_t cell;              /**< BNSL_SOLID_CELL_FIXED (default) or _RELAX_Z */
    int32_t n_nodes;           /**< 4 .. 32; 0: the default, 14 (molecule), 10 (crystal) or chosen from N (MBAR) */
    int32_t n_replicas;        /**< independent runs of every node, 1 .. 1024; 0: the default, 2 */
    int32_t num_threads;       /**< 0 = 1; the result does not depend on it */
    int32_t instruction_set;   /**< BNSL_ISA_*; the result does not depend on it */
    int32_t tail;              /**< 1: the mean of U_uncut - U_cut over the vibrating crystal is added to A, U and P (first order); 0 (default): the potential as cut */
    int64_t n_sweeps;          /**< sampled sweeps of each run, >= 100; 0: the default, 4000 */
    int64_t n_equilibrate;     /**< sweeps before sampling; 0: the default, n_sweeps / 4 and at least 500 */
    int64_t n_cells;           /**< primitive cells in the box; 0: the default, found by bnsl_free_energy_primitive_cells */
    int64_t fixed_particle;    /**< of the molecule, 0 .. n - 1; default 0; the result does not depend on it but for statistics */
    double kT;                 /**< > 0; default 1 */
    double spring;             /**< beta K of all species, 1 / sigma^2; 0: the default, K_i = factor * 3 / (2 <d_i^2>) with a factor from 10 on */
    double max_spring_factor;  /**< the factor is doubled up to this until |ln<exp>| / N < 0.03 and its error < 1e-4; 0: the default, 640 */
    uint64_t seed;             /**< default 1 */
} bnsl_free_energy_solid_options;

/** A crystal's free energy and equation of state at one density. Errors are standard errors. */
typedef struct bnsl_free_energy_solid_result {
    int64_t n;                 /**< particles */
    int64_t n_cells;           /**< primitive cells */
    double density;            /**< N / V */
    double a, a_err;           /**< beta A / N = a0 + da1 + da2, of this N */
    double a0;                 /**< bnsl_free_energy_einstein */
    double u_lattice;          /**< beta U / N of the perfect crystal (0 for hard spheres), a part of da1 */
    double da1, da1_err;       /**< u_lattice - (1/N) ln <exp(-beta (U - U_lat))> over the ideal Einstein crystal */
    double da2, da2_err;       /**< -(1/N) integral of <sum_i beta K_i d_i^2> over lambda = 0 .. 1 */
    double p, p_err;           /**< beta P sigma^3, by the virial; hard spheres: by the pairs near contact */
    double z, z_err;           /**< beta P / rho */
    double u, u_err;           /**< beta U / N */
    double p_xx, p_yy, p_zz;   /**< diagonal of the pressure tensor */
    double p_aniso_err;        /**< standard error of p_zz - (p_xx + p_yy) / 2 */
    double u_tail, p_tail;     /**< what the option tail has added to u and a, and to p and its parts */
    double ln_exp;             /**< |ln<exp>| / N of da1, without u_lattice */
    double stretch;            /**< (lz / lx) / (lz / lx as given): 1 for a fixed cell */
    double stretch_err;
    double spring_max;         /**< largest beta K used */
    double lindemann;          /**< largest sqrt(<d^2>) / nearest site of a species, without springs */
    double correlation_sweeps; /**< longest integrated correlation time of a run, sweeps */
    double weak_share;         /**< share of the weakest nodes, lambda K < 0.3 / <d^2>, in the variance of da2 (integral) */
    double overlap;            /**< smallest overlap of neighbours (MBAR; 1 otherwise) */
    int64_t n_moves;           /**< trial moves made in all */
    int32_t n_nodes;           /**< used */
    int32_t flags;             /**< bits BNSL_SOLID_HOPPED | ... */
    bnsl_box box;              /**< the box in which the free energy holds */
} bnsl_free_energy_solid_result;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_free_energy_solid_options_init(bnsl_free_energy_solid_options *opts, size_t struct_size);

/**
 * Free energy of a crystal by thermodynamic integration from the Einstein molecule or crystal
 * [Frenkel and Ladd, J. Chem. Phys. 81, 3188 (1984); Polson et al., 112, 5339 (2000); Vega and Noya, 127, 154113 (2007)]:
 *
 *   beta A / N = a0 + da1 + da2,  da2 = -(1/N) int_0^1 dlambda < sum_i beta K_i |d_i|^2 >_{U + lambda U_E}
 *
 * Displacements d_i are taken from the site, relative to those of the fixed particle or centre. In the order of work: the
 * cell is relaxed if wanted (mean shape of a run in which the shape fluctuates), the crystal without springs is sampled (pressure,
 * energy, mean-square displacements), springs are chosen, da1 is averaged over exact Gaussian displacements, the nodes are sampled.
 *
 * @param box        fully periodic
 * @param n, xyz     sites of the perfect crystal, 2 <= n < 2^24
 * @param species    n values 0 .. n_species - 1 of the potential
 * @param potential  borrowed during the call
 * @param opts       or NULL for the defaults
 * @param control    or NULL; progress counts sweeps of all runs
 * @return BNSL_OK; BNSL_EINVAL names the argument: also a cut-off longer than half the smallest width of the box;
 *         BNSL_EDOMAIN: overlapping sites or a lattice energy above 100 kT a particle (beyond close packing), a crystal that melts;
 *         BNSL_ECANCELLED, BNSL_ENOMEM.
 * Cost: at most (n_nodes + 2) n_replicas (n_sweeps + n_equilibrate) sweeps; a sweep of 450 particles of AlB2 takes some 2e-4 s.
 */
BNSL_API bnsl_status bnsl_free_energy_solid(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                            const bnsl_potential *potential, const bnsl_free_energy_solid_options *opts, bnsl_control *control,
                                            bnsl_free_energy_solid_result *result_out);

/**
 * Free energy at infinite size from n_sizes >= 2 sizes: weighted least squares of a = a_inf + b / N.
 * @param n, a, a_err     particles, beta A / N, its standard errors > 0
 * @param slope_out       b, or NULL
 * @return BNSL_OK; BNSL_EINVAL: also all sizes equal.
 */
BNSL_API bnsl_status bnsl_free_energy_extrapolate(int32_t n_sizes, const int64_t *n, const double *a, const double *a_err, double *a_inf_out,
                                                  double *err_out, double *slope_out);

/* ---- Bennett acceptance ratio ---------------------------------------------------------------------- */

/**
 * Free energy difference of two states from works in both directions [Bennett, J. Comput. Phys. 22, 245 (1976)]: the root of
 *
 *   sum_forward 1 / (1 + exp(M + w_f - dF)) = sum_reverse 1 / (1 + exp(-M + w_r + dF)),  M = ln(n_f / n_r)
 *
 * @param n_forward, forward  n_forward values beta (U_1 - U_0) in samples of state 0 (or works of switching 0 -> 1)
 * @param n_reverse, reverse  n_reverse values beta (U_0 - U_1) in samples of state 1. +INFINITY (an overlap) is allowed, not in all of a direction
 * @param df_out   beta (F_1 - F_0)
 * @param err_out  its standard error for uncorrelated samples (Bennett's eq. 10), or NULL
 * @return BNSL_OK; BNSL_EINVAL: n < 1, NaN or -INFINITY; BNSL_ENUMERIC: no value in one of the directions is finite.
 */
BNSL_API bnsl_status bnsl_free_energy_bar(int64_t n_forward, const double *forward, int64_t n_reverse, const double *reverse, double *df_out,
                                          double *err_out);

/**
 * Free energies of several states from samples of all of them [Shirts and Chodera, J. Chem. Phys. 129, 124105 (2008)]:
 *
 *   f_i = -ln sum_n exp(-u_in) / sum_k N_k exp(f_k - u_kn),  f_0 = 0
 *
 * @param n_states        2 .. 32
 * @param n_samples       n_states counts >= 0, at least one of them > 0: samples that were drawn in each state; N is their sum
 * @param u               n_states x N reduced energies: u[k * N + n] of sample n (in the order of the states that they were drawn in) in state k;
 *                        +INFINITY is allowed where a sample is impossible in a state
 * @param f_out           n_states values
 * @param covariance_out  n_states x n_states, asymptotic covariance of f (row and column 0 are 0, so that the diagonal is the squared error of f_k - f_0)
 *                        for uncorrelated samples (eq. 8 there, by eq. D4), or NULL
 * @param num_threads     0 = 1; the result does not depend on it
 * @return BNSL_OK; BNSL_EINVAL; BNSL_ENOCONV: no solution within 1e-10 in 1000 iterations; BNSL_ENUMERIC: a state that no sample can be in;
 *         BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_free_energy_mbar(int32_t n_states, const int64_t *n_samples, const double *u, int32_t num_threads, double *f_out,
                                           double *covariance_out);

#ifdef __cplusplus
}
#endif
#endif
