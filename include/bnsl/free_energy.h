/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file free_energy.h
 * Free energies of crystals and fluids of hard or soft spheres, surfaces A(rho, eps), coexistence.
 *
 * Everything is reduced by kT and given per particle: beta A / N, beta U / N; beta P in 1 / sigma^3. Lengths in sigma_LL = 1, the number
 * density is rho = N / V. The thermal wavelength of every species is sigma_LL. Energies of a bnsl_potential are divided by the option kT: with
 * kT = 1 its well depth is beta epsilon.
 *
 * Sampling of crystals' absolute free energies: Metropolis Monte Carlo, one particle at a time, without a time step and so without its
 * error. Random numbers are addressed by (seed, stream, particle, sweep) and independent runs are spread over num_threads: the result does
 * not depend on it. A sweep is one trial move of every particle.
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
BNSL_API bnsl_status bnsl_free_energy_einstein(int32_t constraint, int32_t n_species, const int64_t *count, const double *spring,
                                               int32_t fixed_species, int64_t n_cells, double volume, double *a0_out);

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
    BNSL_SOLID_HOPPED = 1,        /**< a particle was nearer to another site than to its own in a run without springs or with weak ones */
    BNSL_SOLID_BIASED = 2,        /**< the exponential average at full springs did not meet its criteria (see max_spring_factor) */
    BNSL_SOLID_CELL_STRESSED = 4, /**< the pressure along z differs from that along x and y by more than 5 standard errors, enough to
                                       raise A by more than 1e-3 */
    BNSL_SOLID_SLOW = 8,          /**< runs that matter are shorter than 50 correlation times: the error bar is uncertain */
    BNSL_SOLID_WEAK = 16,         /**< more than 90 % of the variance comes from the weakest springs: near the limit of mechanical stability */
    BNSL_SOLID_POOR_OVERLAP = 32 /**< neighbouring states of BNSL_SOLID_MBAR share less than 0.03 of their samples */
};

/** Parameters of bnsl_free_energy_solid. */
typedef struct bnsl_free_energy_solid_options {
    uint32_t struct_size;      /**< set by bnsl_free_energy_solid_options_init */
    int32_t method;            /**< BNSL_SOLID_INTEGRAL (default) or BNSL_SOLID_MBAR */
    int32_t constraint;        /**< BNSL_EINSTEIN_MOLECULE (default) or _CRYSTAL */
    int32_t hard_spheres;      /**< 1: pairs are hard at the sigma_ij of the potential, whatever its form; 0: the potential */
    int32_t cell;              /**< BNSL_SOLID_CELL_FIXED (default) or _RELAX_Z */
    int32_t n_nodes;           /**< 4 .. 32; 0: the default, 14 (molecule), 10 (crystal) or chosen from N (MBAR). What few nodes leave out of
                                    the integral of a harmonic crystal is in da2_err */
    int32_t n_replicas;        /**< independent runs of every node, 1 .. 1024; 0: the default, 2 */
    int32_t num_threads;       /**< 0 = 1; the result does not depend on it */
    int32_t instruction_set;   /**< BNSL_ISA_*; the result does not depend on it */
    int32_t tail;              /**< 1: the mean of U_uncut - U_cut over the vibrating crystal is added to A (first order), its derivatives by
                                    temperature and volume to U and P; 0 (default): the potential as cut */
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
    double u_tail, p_tail;     /**< what the option tail has added to a, and to p and its parts */
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
 * Cost: at most (n_nodes + 2) n_replicas (n_sweeps + n_equilibrate) sweeps; a sweep of 450 particles of AlB2 takes 1e-4 to 2e-4 s
 * (exponents 50-25, AVX2).
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
 * @return BNSL_OK; BNSL_EINVAL: n < 1, NaN or -INFINITY; BNSL_ENUMERIC: no value in one of the directions is finite, or the root is not known to
 *         1e-6 (of dF, or kT), as rounding of the works, say 1e300 in both directions, is more.
 * Cost: 67 passes over the works.
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
 * @param covariance_out  n_states x n_states, asymptotic covariance of f (row and column 0 are 0, so that the diagonal is the squared error
 *                        of f_k - f_0) for uncorrelated samples (eq. 8 there, by eq. D4), or NULL
 * @param num_threads     0 = 1; the result does not depend on it
 * @return BNSL_OK; BNSL_EINVAL; BNSL_ENOCONV: no solution within 1e-10 in 1000 iterations; BNSL_ENUMERIC: a state that no sample can be in;
 *         BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_free_energy_mbar(int32_t n_states, const int64_t *n_samples, const double *u, int32_t num_threads, double *f_out,
                                           double *covariance_out);

/* ==== fluids ==========================================================================================
 * Fluids, and ramps of either phase, are sampled by Langevin dynamics (BAOAB) at kT = 1: well depths and energies are in kT. A fluid's beta
 * A_id / N is ln rho - 1 + sum x_i ln x_i.
 */
/* ---- reference equations ------------------------------------------------------------------------------ */

/**
 * Hard spheres of one size [Carnahan and Starling 1969]: Z = (1 + e + e^2 - e^3) / (1 - e)^3, beta A_ex/N = e (4 - 3 e) / (1 - e)^2.
 *
 * @param packing_fraction  e, 0 <= e < 1
 * @param z_out             P / (rho kT); each output may be NULL
 * @param a_ex_out          beta A_ex / N, over the ideal gas
 * @param mu_ex_out         beta mu_ex = beta A_ex / N + Z - 1
 * @return BNSL_OK, BNSL_EINVAL. Any thread.
 */
BNSL_API bnsl_status bnsl_free_energy_carnahan_starling(double packing_fraction, double *z_out, double *a_ex_out, double *mu_ex_out);

/**
 * Mixture of additive hard spheres [Boublik 1970; Mansoori, Carnahan, Starling and Leland 1971].
 *
 * @param n_species  >= 1
 * @param diameter   n_species diameters > 0
 * @param fraction   n_species mole fractions, sum 1
 * @param density    number density >= 0, packing fraction below 1
 * @param z_out, a_ex_out  as above; the ideal mixing term sum x ln x is not part of a_ex
 * @param mu_ex_out  n_species values; each output may be NULL
 * @return BNSL_OK, BNSL_EINVAL. Any thread.
 */
BNSL_API bnsl_status bnsl_free_energy_bmcsl(int32_t n_species, const double *diameter, const double *fraction, double density, double *z_out,
                                            double *a_ex_out, double *mu_ex_out);

/**
 * The full Lennard-Jones fluid, epsilon = sigma = 1 [Kolafa and Nezbeda 1994]; fitted for 0.68 < kT < 10 and stable fluid densities.
 *
 * @param kT            > 0
 * @param density       0 .. 1.5
 * @param a_ex_out      A_ex / N in epsilon (not in kT); each output may be NULL
 * @param u_out         U / N, epsilon
 * @param pressure_out  epsilon / sigma^3
 * @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN: the effective packing fraction reaches 1. Any thread.
 */
BNSL_API bnsl_status bnsl_free_energy_kolafa_nezbeda(double kT, double density, double *a_ex_out, double *u_out, double *pressure_out);

/**
 * The full Lennard-Jones fcc solid, N to infinity [van der Hoef, J. Chem. Phys. 113, 8142 (2000)], fitted for 0.1 <= kT <= 2 and
 * 0.94 <= rho <= 1.2; arguments as bnsl_free_energy_kolafa_nezbeda. U and P are the derivatives of A.
 *
 * As published: its additive constant, -23.3450759 in beta A_ex/N, was set at an assumed triple point of kT = 0.687. Mastny and de Pablo
 * [J. Chem. Phys. 127, 104504 (2007)] corrected it to -23.3626352: add -0.0175593 kT to A_ex for theirs. U and P stay; with Kolafa and
 * Nezbeda's fluid the solid then melts at kT = 1 at P = 4.0505, in the place of 4.2403.
 *
 * With either constant A is too high. At kT = 1, rho = 1, where U and P are right within 0.001 and 0.003, by 0.0298 as published and by
 * 0.0122(4) with theirs: beta A/N is -3.0949(4) by integration over the temperature from the harmonic crystal, -3.0930(11) by
 * bnsl_free_energy_solid (tests/slow_free_energy_lennard_jones.c). For kT to 0, where lattice dynamics is exact, by 0.025 to 0.035 kT and
 * by 0.008 to 0.017 kT over 0.94 <= rho <= 1.2.
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_free_energy_van_der_hoef(double kT, double density, double *a_ex_out, double *u_out, double *pressure_out);

/**
 * Second virial coefficient of a mixture, sum_ij x_i x_j B2_ij, of the pairs as cut and shifted.
 *
 * @param fraction  mole fractions of the potential's species, sum 1
 * @param kT        as bnsl_potential_second_virial
 * @return BNSL_OK, BNSL_EINVAL; BNSL_ENUMERIC as there.
 */
BNSL_API bnsl_status bnsl_free_energy_second_virial(const bnsl_potential *potential, const double *fraction, double kT, double *b2_out);

/* ---- ramps ------------------------------------------------------------------------------------------- */

/** Parameters of bnsl_free_energy_ramp. */
typedef struct bnsl_free_energy_ramp_options {
    uint32_t struct_size;   /**< set by bnsl_free_energy_ramp_options_init */
    int32_t directions;     /**< 2 (default): up and down again; 1: up alone, no hysteresis is known */
    double dt;              /**< time step in sigma sqrt(m/kT), > 0; 0: the default 0.002 */
    double friction;        /**< of the Langevin thermostat, >= 0; default 5 */
    int64_t n_equilibrate;  /**< steps before the first node, >= 0; default 20000 */
    int64_t n_steps;        /**< steps at a node, each direction; default 5000. The first quarter is not used */
    int64_t sample_every;   /**< steps between samples, >= 1; default 20 */
    double ipl_prefactor;   /**< A of the inverse power law, kT; 0: the default 1 */
    uint64_t seed;          /**< of velocities and thermostat; default 1 */
    double lowest_z;        /**< on the way up, turns back after the first node whose Z is below this; the nodes beyond get NaN. 0 (default): never.
                                 For crystals, which break under tension and do not heal on the way back */
    int32_t relax_z;        /**< 1: the box follows the shape at which P_zz = (P_xx + P_yy)/2, at constant volume; default 0 */
    int32_t reserved;       /**< 0 */
    double highest_clumping; /**< on the way up, turns back before the first node (but node 0) whose clumping is above this; it and the nodes
                                  beyond get NaN, the way back starts from the configuration before it. 0 (default): never. For fluids: vapour
                                  and liquid, once apart, stay so on the way back to depths at which the fluid is one phase */
} bnsl_free_energy_ramp_options;

/**
 * Averages at one node of a path. Errors are standard errors from 8 blocks in each direction (or pairs of blocks, whichever is larger).
 */
typedef struct bnsl_free_energy_node {
    double coupling;            /**< lambda of the IPL-Mie mixture; 1: the Mie potential itself */
    double well_depth;          /**< of the Mie potential, kT */
    double slope, slope_err;    /**< coupling < 1: <dU/d lambda>/N = <U_Mie - U_IPL>/N; else <U/eps>/N */
    double energy, energy_err;  /**< <U>/N */
    double z, z_err;            /**< P / (rho kT) */
    double stress[3];           /**< P_xx, P_yy, P_zz, kT / sigma^3 */
    double stretch;             /**< lz / lx over that of the start (relax_z); 1 for a fixed box */
    double shape_work;          /**< d(beta A/N) by the change of shape since the node before; 0 for a fixed box */
    double hysteresis;          /**< slope on the way up minus slope on the way down */
    double clumping;            /**< variance over mean of the numbers of particles in the octants of the box, 8/7 times: 1 for an
                                     ideal gas, the compressibility for a fluid, large where it has split into two phases */
} bnsl_free_energy_node;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_free_energy_ramp_options_init(bnsl_free_energy_ramp_options *opts, size_t struct_size);

/**
 * Nodes of the path from the inverse power law through the Mie potential of depth[0] to that of depth[n_depth - 1], and weights of a
 * quadrature by Gauss and Legendre: the free energy at a node that is one of the depths is that of node 0 plus the sum of
 * weight * slope over all nodes before it (of a box that changes its shape: plus shape_work of all nodes up to it). [beta A(lambda) : d/d
 * lambda = <U_Mie - U_IPL>; then d/d eps = <U/eps>]
 *
 * Node 0 is the power law (coupling 0); 5 nodes with 0 < coupling < 1 follow, then depth[0], then 3 nodes for each started 0.5 kT up to the next
 * depth, and so on. The path does not begin at depth 0 with the Mie potential, where the slope diverges.
 *
 * @param n_depth     >= 1; depth: increasing, > 0
 * @param n_max       room in the arrays
 * @param coupling_out, well_depth_out, weight_out  n_max values, or all NULL to ask for n_out alone
 * @param n_out       number of nodes
 * @return BNSL_OK, BNSL_EINVAL, BNSL_EBUFFER.
 */
BNSL_API bnsl_status bnsl_free_energy_path(int32_t n_depth, const double *depth, int32_t n_max, double *coupling_out, double *well_depth_out,
                                           double *weight_out, int32_t *n_out);

/**
 * Adiabatic switching along a path at constant density, up and down: Langevin dynamics (BAOAB) that stays n_steps at each node. One ramp gives the
 * averages of every potential on the path; integrals of slope are free energies, those of hysteresis / 2 the dissipated work.
 *
 * With relax_z lz is stretched against lx and ly from node to node, in proportion to the anisotropy of the stress at the node before, so
 * that a crystal keeps the c/a that suits the potential; the free energy of the deformation, d(beta A/N) = -(2/3) (P_zz - (P_xx + P_yy)/2) / rho
 * d ln(lz/lx), is reported as shape_work.
 *
 * The configuration may be a fluid or a crystal; what it becomes on the way is for the caller to see (clumping, hysteresis).
 * What the time step does to the averages is not in their errors; bnsl_free_energy(3) has Z at two of them.
 *
 * @param box, n, xyz, species  start, as bnsl_md_create
 * @param n_species, diameter   diameters of the species, as bnsl_potential_create
 * @param mie         exponents, r_cut and shift of the pairs; its form, well_depth, coupling and prefactor are not used. NULL: the defaults.
 *                    r_cut * max sigma must be at most half the smallest thickness of the box
 * @param n_nodes     >= 1; coupling (0..1) and well_depth (> 0) of each
 * @param opts        or NULL for the defaults
 * @param control     or NULL; progress in steps
 * @param node_out    n_nodes
 * @return BNSL_OK; BNSL_EINVAL; BNSL_ENUMERIC: the dynamics failed (dt is too large); BNSL_ECANCELLED; BNSL_ENOMEM.
 * Runs on one thread: run several ramps at a time instead.
 */
BNSL_API bnsl_status bnsl_free_energy_ramp(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t n_species,
                                           const double *diameter, const bnsl_potential_options *mie, int32_t n_nodes, const double *coupling,
                                           const double *well_depth, const bnsl_free_energy_ramp_options *opts, bnsl_control *control,
                                           bnsl_free_energy_node *node_out);

/* ---- one state of a fluid -------------------------------------------------------------------------------- */

/** Remarks on a fluid's result: bits of flags. */
enum {
    BNSL_FLUID_HYSTERESIS = 1, /**< the dissipated work is more than 3 times the statistical error: slower ramps are needed */
    BNSL_FLUID_CLUMPED = 2     /**< strong density fluctuations (more than half the limit): close to the vapour-liquid loop */
};

/** Parameters of bnsl_free_energy_fluid. */
typedef struct bnsl_free_energy_fluid_options {
    uint32_t struct_size;   /**< set by bnsl_free_energy_fluid_options_init */
    int32_t n_densities;    /**< states of the density integration, 5 .. 32; default 8 */
    int32_t num_threads;    /**< 0 = 1; the result does not depend on it */
    int32_t reserved;       /**< 0 */
    int64_t n_steps;        /**< at a node of the ramp, each direction; default 5000. Each density gets 4 times as many */
    int64_t n_equilibrate;  /**< of each run; default 20000 */
    double dt;              /**< 0: the default 0.002 */
    double ipl_prefactor;   /**< 0: the default 1 */
    uint64_t seed;          /**< default 1 */
} bnsl_free_energy_fluid_options;

/** Free energy of a fluid and its parts. Errors are standard errors. */
typedef struct bnsl_free_energy_fluid_result {
    int64_t n;                  /**< particles */
    double density, well_depth;
    double a, a_err;            /**< beta A / N = ideal + mixing + density_part + coupling_part + depth_part */
    double ideal;               /**< ln rho - 1 */
    double mixing;              /**< sum x ln x */
    double density_part, density_part_err;   /**< of the power law: integral of (Z - 1) / rho from the ideal gas */
    double coupling_part, coupling_part_err; /**< from the power law to the first Mie potential; 0 at depth 0 */
    double depth_part, depth_part_err;       /**< on to the depth wanted */
    double dissipation;         /**< half the hysteresis of both legs, kT per particle */
    double b2;                  /**< second virial coefficient of the mixture at the end */
    double z, z_err;            /**< P / (rho kT) */
    double pressure, pressure_err; /**< kT / sigma^3 */
    double u, u_err;            /**< <U>/N, kT */
    double clumping;            /**< as bnsl_free_energy_node */
    int32_t flags;              /**< bits BNSL_FLUID_* */
    int32_t reserved;
} bnsl_free_energy_fluid_result;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_free_energy_fluid_options_init(bnsl_free_energy_fluid_options *opts, size_t struct_size);

/**
 * Disordered start of a mixture at a density in a cubic box, the species in blocks (all of species 0 first).
 * @param box_out, xyz_out, species_out  sum of count particles
 * @return as bnsl_md_random_start.
 */
BNSL_API bnsl_status bnsl_free_energy_fluid_start(int32_t n_species, const double *diameter, const int64_t *count, double density, uint64_t seed,
                                                  bnsl_box *box_out, double *xyz_out, int32_t *species_out);

/** Limit of bnsl_free_energy_node.clumping for n particles, above which a fluid is taken to have split: 1 + n / 48. */
BNSL_API double bnsl_free_energy_clumping_limit(int64_t n);

/**
 * Free energy of a homogeneous fluid mixture: integration over the density from the ideal gas along the inverse power law (which has no
 * vapour-liquid loop), with the exact second virial coefficient; then at constant density to the Mie potential and to the depth, up and down.
 *
 * @param n_species, diameter, count  the mixture; sum of count >= 32
 * @param density     > 0
 * @param well_depth  kT; 0: the inverse power law itself
 * @param mie         exponents, r_cut, shift of the pairs; NULL: the defaults
 * @param opts        or NULL
 * @param control     or NULL; progress in steps of all runs
 * @return BNSL_OK; BNSL_EINVAL: also a cut-off beyond half the box; BNSL_EDOMAIN: the fluid has split into vapour and liquid at this state
 *         (it lies inside the loop), or no disordered start of this density is found; BNSL_ENUMERIC, BNSL_ECANCELLED, BNSL_ENOMEM.
 * Finite size: of order 1/N. Cost: (4 n_densities + 2 n_nodes) n_steps and the equilibration steps, n_nodes = 7 + 4 for each 0.5 kT.
 */
BNSL_API bnsl_status bnsl_free_energy_fluid(int32_t n_species, const double *diameter, const int64_t *count, double density, double well_depth,
                                            const bnsl_potential_options *mie, const bnsl_free_energy_fluid_options *opts, bnsl_control *control,
                                            bnsl_free_energy_fluid_result *out);

/* ---- component chemical potentials ------------------------------------------------------------------------ */

/** Parameters of bnsl_free_energy_exchange. */
typedef struct bnsl_free_energy_exchange_options {
    uint32_t struct_size;   /**< set by bnsl_free_energy_exchange_options_init */
    int32_t n_windows;      /**< steps in the diameter from one species to the other, 2 .. 16; default 6 */
    int32_t n_swap;         /**< particles between the species, even, 2 .. the number of the rarer one; 0: the default, a twentieth of that */
    int32_t num_threads;    /**< 0 = 1; the result does not depend on it */
    int64_t n_steps;        /**< in each window; default 20000 */
    int64_t n_equilibrate;  /**< default 20000 */
    double dt;              /**< > 0 and <= 0.1; 0: the default 0.002 */
    double ipl_prefactor;   /**< > 0; 0: the default 1 */
    uint64_t seed;          /**< default 1 */
} bnsl_free_energy_exchange_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_free_energy_exchange_options_init(bnsl_free_energy_exchange_options *opts, size_t struct_size);

/**
 * Difference of the chemical potentials of the two species of a fluid, by identity changes in small steps [Shing and Gubbins 1983] between
 * n_windows + 1 diameters from d_S to d_L (sigma_ij additive with them):
 *
 *   mu_L - mu_S = ln(x_L / x_S) + sum_k dF_k,
 *
 * dF_k the free energy of growing a particle from one diameter to the next, from both sides by Bennett's acceptance ratio. In the run of a
 * window n_swap / 2 tagged particles have the one diameter and n_swap / 2 the other; each is tried at the other one. Half of the tagged
 * particles are taken from each species, so that the result holds at count's composition, to second order in n_swap / N: for hard spheres
 * of 1:2 at a packing fraction of 0.49 and N = 498 it is 0.01 too high with 8 particles, 0.03 with 16 and 0.2 with 40 (BMCSL). It works at
 * densities where neither insertion nor a change at once is ever accepted. With A and P the potentials themselves follow: x_L mu_L + x_S
 * mu_S = A/N + P/rho.
 *
 * @param diameter, count  of L and S: 2 values each
 * @param density, well_depth, mie  as bnsl_free_energy_fluid
 * @param control     or NULL; cancels the runs, reports no progress
 * @param difference_out   beta (mu_L - mu_S), with ln(x_L / x_S); err_out: its standard error from 16 blocks, or NULL
 * @return as bnsl_free_energy_fluid (what splits is not looked for); BNSL_ENUMERIC: also no change was ever possible, take more windows.
 */
BNSL_API bnsl_status bnsl_free_energy_exchange(const double *diameter, const int64_t *count, double density, double well_depth,
                                               const bnsl_potential_options *mie, const bnsl_free_energy_exchange_options *opts,
                                               bnsl_control *control, double *difference_out, double *err_out);

/* ---- surfaces A(rho, eps) ------------------------------------------------------------------------------ */

/** What a datum is. */
enum {
    BNSL_DATUM_A = 0, /**< beta A / N, with the ideal part */
    BNSL_DATUM_Z = 1, /**< P / (rho kT) */
    BNSL_DATUM_U = 2  /**< <U/eps>/N = d(beta A/N)/d eps */
};

/** One measured value with its standard error. */
typedef struct bnsl_free_energy_datum {
    int32_t kind;      /**< BNSL_DATUM_* */
    int32_t reserved;  /**< 0 */
    double density;    /**< > 0 */
    double well_depth; /**< > 0; not used by surfaces with n_depth = 1 */
    double value;
    double error;      /**< > 0 */
} bnsl_free_energy_datum;

/** Parameters of bnsl_free_energy_surface_create. */
typedef struct bnsl_free_energy_surface_options {
    uint32_t struct_size; /**< set by bnsl_free_energy_surface_options_init */
    int32_t n_density;    /**< terms in the density, 1 .. 12; default 5 */
    int32_t n_depth;      /**< terms in the well depth, 1 .. 8; 1 (default): a curve A(rho) at one potential */
    int32_t n_species;    /**< of the mixture; default 0: a crystal, A has no mixing term, no reference and no virial coefficient */
    int32_t virial;       /**< not 0: the term linear in rho has the exact second virial coefficient; needs n_species > 0 */
    int32_t reserved;     /**< 0 */
    double coupling;      /**< of the potential (virial): 1 (default) the Mie potential, 0 the inverse power law */
    double ipl_prefactor; /**< kT; 0: the default 1 */
} bnsl_free_energy_surface_options;

/** The free energy of one phase as a function of density and well depth, with the covariance of its coefficients. */
typedef struct bnsl_free_energy_surface bnsl_free_energy_surface;

/** A phase at one state, with standard errors. */
typedef struct bnsl_free_energy_state {
    double density, well_depth;
    double a, a_err;               /**< beta A / N */
    double pressure, pressure_err; /**< kT / sigma^3 */
    double mu, mu_err;             /**< beta A/N + P / (rho kT): per particle, at the phase's composition */
    double u, u_err;               /**< d(beta A/N)/d eps = <U/eps>/N; 0 for a curve */
    double stiffness;              /**< d(beta P)/d rho; <= 0: unstable */
} bnsl_free_energy_state;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_free_energy_surface_options_init(bnsl_free_energy_surface_options *opts, size_t struct_size);

/**
 * Weighted least squares of values of A, Z and U together:
 *
 *   beta A/N = ln rho - 1 + sum x ln x + a_HS(rho) + [B2(eps) - B2_HS] rho + rho^2 sum_ij c_ij T_i(rho) T_j(eps),
 *
 * T Chebyshev polynomials over the range of the data, a_HS the mixture of hard spheres (BMCSL) with the Barker-Henderson diameters of the
 * power law, B2 = sum x_i x_j B2_ij; a crystal, or without virial: without the term of B2 and the factor rho^2 (and the reference stays,
 * for n_species > 0). Z and U are derivatives of the same expression, so that all three constrain the same coefficients. The covariance is
 * multiplied by chi^2 per degree of freedom where that is above 1.
 *
 * @param opts      or NULL
 * @param n, data   at least as many as coefficients, n_density * n_depth, with data of A among them unless virial (the integral then starts
 *                  from the ideal gas)
 * @param diameter, fraction  n_species values: diameters as bnsl_potential_create, and mole fractions; NULL without species
 * @param mie       of the pairs; NULL: the defaults
 * @return BNSL_OK; BNSL_EINVAL; BNSL_ENUMERIC: the data do not determine the coefficients; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_free_energy_surface_create(bnsl_free_energy_surface **out, const bnsl_free_energy_surface_options *opts, int64_t n,
                                                     const bnsl_free_energy_datum *data, const double *diameter, const double *fraction,
                                                     const bnsl_potential_options *mie);

/** Ends a surface; NULL is allowed. */
BNSL_API void bnsl_free_energy_surface_destroy(bnsl_free_energy_surface *surface);

/**
 * chi^2 of the fit, degrees of freedom, and the ranges of the data (low, high; with virial, density from 0); each output may be NULL.
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_free_energy_surface_quality(const bnsl_free_energy_surface *surface, double *chi2_out, int64_t *freedom_out,
                                                      double *density_range_out, double *depth_range_out);

/**
 * The phase at a density and a depth, with errors from the covariance.
 * @param density     > 0 and not beyond the data (with virial: from 0 to the largest of the data)
 * @param well_depth  within the data; not used by a curve
 * @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN: outside the data. Any thread. Cost: some 2e-4 s with virial.
 */
BNSL_API bnsl_status bnsl_free_energy_surface_evaluate(const bnsl_free_energy_surface *surface, double density, double well_depth,
                                                       bnsl_free_energy_state *out);

/* ---- coexistence --------------------------------------------------------------------------------------- */

/** beta A / N and beta P of a phase at a density. user: as given. */
typedef void (*bnsl_free_energy_phase_fn)(void *user, double density, double *a_out, double *pressure_out);

/** Two phases in equilibrium at equal P and equal mu = A/N + P/rho, with standard errors. */
typedef struct bnsl_free_energy_coexistence {
    double density[2], density_err[2]; /**< of the dilute and the dense phase */
    double pressure, pressure_err;     /**< kT / sigma^3 */
    double mu, mu_err;                 /**< per particle, kT */
} bnsl_free_energy_coexistence;

/**
 * Common tangent of two phases given by functions: P equal and mu equal. mu_0(P) - mu_1(P) grows with P (its slope is 1/rho_0 - 1/rho_1),
 * so there is one solution at most; it is bracketed and found to rounding. Of each phase the stable branch is taken that ends at its outer limit:
 * of the dilute one from low upwards, of the dense one from high downwards, until P stops growing. One function may stand for both: gas and liquid.
 *
 * A crystal of fixed composition and a fluid: exact when the fluid has the crystal's composition, as it must by mass balance at that overall
 * composition; mu is then the stoichiometric mean of the component potentials. Gas and liquid at fixed composition: an approximation, as the true
 * phases differ in composition.
 *
 * @param low, high    densities between which each phase is known, 0 < low < high, for the dilute and the dense phase: 2 values
 * @param density_out  2 values; pressure_out, mu_out: or NULL
 * @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN: no pressure at which both branches exist, or no equal mu on them.
 */
BNSL_API bnsl_status bnsl_free_energy_tangent(bnsl_free_energy_phase_fn dilute, void *dilute_user, bnsl_free_energy_phase_fn dense, void *dense_user,
                                              const double *low, const double *high, double *density_out, double *pressure_out, double *mu_out);

/**
 * Coexistence of two phases given as surfaces (one surface twice: gas and liquid) at a well depth. Errors are standard deviations over
 * n_samples Monte-Carlo draws of the coefficients from their covariances.
 *
 * @param dilute_shift_err, dense_shift_err  standard errors that are common to a whole surface (of the absolute free energy of a crystal), >= 0
 * @param n_samples  0 .. 10000; 0 gives errors 0. At least half of the draws must have a solution; gas and liquid of one surface: 97.5 %,
 *                   as noise makes loops too
 * @param seed       of the draws
 * @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN as bnsl_free_energy_tangent; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_free_energy_coexist(const bnsl_free_energy_surface *dilute, double dilute_shift_err, const bnsl_free_energy_surface *dense,
                                              double dense_shift_err, double well_depth, int32_t n_samples, uint64_t seed,
                                              bnsl_free_energy_coexistence *out);

/**
 * Critical depth of a fluid surface at its composition: the smallest depth at which d P/d rho = 0 somewhere. An analytic expression rounds the
 * critical point off; the depth is an upper bound of where the mixture truly demixes.
 *
 * @param n_samples, seed  Monte-Carlo draws for the errors; 97.5 % of them must have a critical point, as noise makes loops too
 * @param depth_out, depth_err_out, density_out  each may be NULL
 * @return BNSL_OK; BNSL_EINVAL; BNSL_EDOMAIN: P grows with rho everywhere up to the largest depth, or somewhere not even at the smallest.
 */
BNSL_API bnsl_status bnsl_free_energy_critical_depth(const bnsl_free_energy_surface *surface, int32_t n_samples, uint64_t seed, double *depth_out,
                                                     double *depth_err_out, double *density_out);

/** mu of phase 0 minus mu of phase 1 at the pressure of phase 0 at a density: the driving force for the transition 0 to 1, > 0 where 1 is stable.
 *  @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN: phase 1 has no state of that pressure. */
BNSL_API bnsl_status bnsl_free_energy_driving_force(const bnsl_free_energy_surface *fluid, const bnsl_free_energy_surface *solid,
                                                    double solid_shift_err, double well_depth, double density, double *force_out,
                                                    double *force_err_out);

/* ---- fluids of two species at any composition --------------------------------------------------------------- */

/** One measured value of a fluid of L and S with its standard error. */
typedef struct bnsl_free_energy_mixture_datum {
    int32_t kind;      /**< BNSL_DATUM_* */
    int32_t reserved;  /**< 0 */
    double density;    /**< > 0 */
    double fraction;   /**< of L, 0 .. 1 */
    double well_depth; /**< > 0 */
    double value;
    double error;      /**< > 0 */
} bnsl_free_energy_mixture_datum;

/** Parameters of bnsl_free_energy_mixture_create. */
typedef struct bnsl_free_energy_mixture_options {
    uint32_t struct_size; /**< set by bnsl_free_energy_mixture_options_init */
    int32_t n_density;    /**< terms in the reduced density y, 1 .. 12; default 6 */
    int32_t n_depth;      /**< terms in the well depth, 1 .. 8; default 1: at one potential */
    int32_t n_fraction;   /**< terms in the composition, 1 .. 4, at most the number of compositions of the data (L and S alone are one); default 1 */
    int32_t virial;       /**< not 0: the term linear in rho has the exact second virial coefficients; for a vapour, or vapour and liquid */
    int32_t reserved;     /**< 0 */
    double ipl_prefactor; /**< of the power law that the reference is taken from, kT; 0: the default 1 */
} bnsl_free_energy_mixture_options;

/** The free energy of a fluid of L and S as a function of density, composition and well depth. */
typedef struct bnsl_free_energy_mixture bnsl_free_energy_mixture;

/** A mixture at one state, with standard errors. */
typedef struct bnsl_free_energy_mixture_state {
    double density, fraction, well_depth;
    double a, a_err;               /**< beta A / N */
    double pressure, pressure_err; /**< kT / sigma^3 */
    double mu[2], mu_err[2];       /**< beta mu of L and of S */
    double stiffness;              /**< d(beta P)/d rho at constant composition; <= 0: unstable even so */
    double stability;              /**< det(rho_i d(beta mu_i)/d rho_j): 1 for an ideal gas; <= 0: unstable, inside the spinodal */
} bnsl_free_energy_mixture_state;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_free_energy_mixture_options_init(bnsl_free_energy_mixture_options *opts, size_t struct_size);

/**
 * Weighted least squares of values of A, Z and U of fluids of several compositions together:
 *
 *   beta A/N = ln rho - 1 + sum x ln x + a_HS(rho, x) + rho sum_ij x_i x_j [B2_ij(eps) - B2_HS,ij] + y^2 sum_ijk c_ijk T_i(y) T_j(eps) h_k(x),
 *
 * T Chebyshev polynomials, y = rho sum_ij x_i x_j sigma_ij^3, a_HS hard spheres (BMCSL) with the Barker-Henderson diameters of the power
 * law; without virial y in the place of y^2, and no term of B2. h_0 = 1 and h_k = (r - 1) x^(k-1), r = sum_i x_i sigma_i^3 / sum_ij x_i x_j
 * sigma_ij^3: to one-fluid theory [Leland, Rowlinson and Sather 1968], which pairs of one shape and depth suit, the last term is a function
 * of y and eps alone; what is beyond it grows with the packing at given y, and is nothing for L or S alone, which are one fluid in
 * different units: data of the one are data of the other. The covariance is multiplied by chi^2 per degree of freedom where that is above
 * 1.
 *
 * @param opts      or NULL
 * @param n, data   at least as many as coefficients, with data of A among them unless virial
 * @param diameter  of L and S: 2 values
 * @param mie       of the pairs; NULL: the defaults
 * @return BNSL_OK; BNSL_EINVAL; BNSL_ENUMERIC: the data do not determine the coefficients; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_free_energy_mixture_create(bnsl_free_energy_mixture **out, const bnsl_free_energy_mixture_options *opts, int64_t n,
                                                     const bnsl_free_energy_mixture_datum *data, const double *diameter,
                                                     const bnsl_potential_options *mie);

/** Ends a mixture; NULL is allowed. */
BNSL_API void bnsl_free_energy_mixture_destroy(bnsl_free_energy_mixture *mixture);

/** chi^2 of the fit, degrees of freedom, and the ranges (low, high) of y and depth; each output may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_free_energy_mixture_quality(const bnsl_free_energy_mixture *mixture, double *chi2_out, int64_t *freedom_out,
                                                      double *reduced_range_out, double *depth_range_out);

/**
 * The mixture at a density, composition and depth, with errors from the covariance.
 * @param density     > 0, its y within the data (with virial: from 0)
 * @param fraction    of L, 0 < x < 1
 * @param well_depth  within the data
 * @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN: outside the data. Any thread.
 */
BNSL_API bnsl_status bnsl_free_energy_mixture_evaluate(const bnsl_free_energy_mixture *mixture, double density, double fraction, double well_depth,
                                                       bnsl_free_energy_mixture_state *out);

/** beta A / V of a fluid and its derivatives by the densities of L and of S, the 2 beta mu, at these densities > 0. user: as given. */
typedef void (*bnsl_free_energy_mixture_fn)(void *user, double density_l, double density_s, double *a_out, double *mu_out);

/** Two fluids in equilibrium at equal P, mu_L and mu_S, with standard errors. [0]: the one whose composition was given, of which there is
 *  all but nothing of the other, [1]. */
typedef struct bnsl_free_energy_fractionation {
    double density[2], density_err[2];
    double fraction[2], fraction_err[2]; /**< of L */
    double pressure, pressure_err;       /**< kT / sigma^3 */
    double mu[2], mu_err[2];             /**< of L and of S, kT */
} bnsl_free_energy_fractionation;

/**
 * Dew point or bubble point of a mixture given by functions: the first density of the given composition, counted from its outer limit (dew:
 * from low upwards, bubble: from high downwards), at which another fluid has a lower free energy than the tangent plane there [Michelsen,
 * Fluid Phase Equilib. 9, 1 (1982)]; then Newton's method on equal P, mu_L and mu_S, to rounding. One function may stand for both fluids.
 *
 * @param parent, parent_user  the fluid whose composition is given
 * @param other, other_user    the one that appears
 * @param fraction  of L in the parent, 0 < x < 1
 * @param bubble    0: the parent is the vapour, the point is its dew point; 1: it is the liquid
 * @param volume    of a particle of L and of S > 0: packing fraction = sum rho_i volume_i
 * @param low, high packing fractions between which the parent and the other one are known: 2 values
 * @param out       errors are 0
 * @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN: stable at all densities, or no solution within the ranges.
 */
BNSL_API bnsl_status bnsl_free_energy_incipient(bnsl_free_energy_mixture_fn parent, void *parent_user, bnsl_free_energy_mixture_fn other,
                                                void *other_user, double fraction, int32_t bubble, const double *volume, const double *low,
                                                const double *high, bnsl_free_energy_fractionation *out);

/**
 * The same for mixtures at a depth (one mixture twice: vapour and liquid by one expression). Errors are standard deviations over n_samples
 * draws of the coefficients from their covariances.
 *
 * @param bubble     0: dew point of parent, a vapour; 1: bubble point of parent, a liquid
 * @param n_samples  0 .. 10000; 0 gives errors 0. At least half of the draws must have a solution, of one mixture 97.5 %
 * @param seed       of the draws
 * @return BNSL_OK, BNSL_EINVAL; BNSL_EDOMAIN as bnsl_free_energy_incipient; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_free_energy_fractionate(const bnsl_free_energy_mixture *parent, const bnsl_free_energy_mixture *other, double well_depth,
                                                  double fraction, int32_t bubble, int32_t n_samples, uint64_t seed,
                                                  bnsl_free_energy_fractionation *out);

/**
 * Depth at which a fluid of a composition loses its stability: the smallest at which det(d mu_i / d rho_j) = 0 at some density. It lies below
 * bnsl_free_energy_critical_depth of the same fluid, which may not change its composition, and above the first depth with a dew point,
 * whose fluids may be metastable.
 *
 * @param n_samples, seed  as bnsl_free_energy_critical_depth
 * @param depth_out, depth_err_out, density_out  each may be NULL
 * @return BNSL_OK; BNSL_EINVAL; BNSL_EDOMAIN: stable up to the largest depth, or not even at the smallest.
 */
BNSL_API bnsl_status bnsl_free_energy_demixing_depth(const bnsl_free_energy_mixture *mixture, double fraction, int32_t n_samples, uint64_t seed,
                                                     double *depth_out, double *depth_err_out, double *density_out);

#ifdef __cplusplus
}
#endif
#endif
