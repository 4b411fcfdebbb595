/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file md.h
 * Molecular dynamics of spheres with pair potentials in a periodic box, with walls if wanted. Reduced units: sigma_LL,
 * epsilon, mass of a particle 1, time tau = sigma_LL sqrt(m / epsilon).
 *
 * Reproducible: the same input, seed and build give the same bits for any number of threads, on any
 * instruction set, and for a run that was interrupted and resumed from a checkpoint.
 */
#ifndef BNSL_MD_H
#define BNSL_MD_H

#include <bnsl/box.h>
#include <bnsl/neighbor.h>
#include <bnsl/potential.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Integrators. */
enum {
    BNSL_MD_NVE = 0,      /**< velocity Verlet */
    BNSL_MD_LANGEVIN = 1, /**< BAOAB splitting [Leimkuhler and Matthews 2013] */
    BNSL_MD_NVT = 2,      /**< Nose-Hoover chain, MTK equations [Martyna, Tobias and Klein 1994; Martyna, Tuckerman, Tobias and Klein 1996] */
    BNSL_MD_NPT = 3       /**< MTK barostat with Nose-Hoover chains on particles and box [the same; Yu et al. 2010] */
};

/** What the box may do under BNSL_MD_NPT. */
enum {
    BNSL_MD_ISOTROPIC = 0,    /**< one volume */
    BNSL_MD_ORTHORHOMBIC = 1, /**< three independent lengths (tilts stay in proportion) */
    BNSL_MD_TRICLINIC = 2     /**< lengths and tilts */
};

/** Arithmetic of pair forces. */
enum {
    BNSL_MD_DOUBLE = 0,
    BNSL_MD_MIXED = 1 /**< forces of the time steps in single precision, summed and integrated in double; energies always double */
};

/** Walls. */
enum {
    BNSL_MD_WALL_NONE = 0,
    BNSL_MD_WALL_SPHERE = 1, /**< particles inside a sphere around the centre of the box */
    BNSL_MD_WALL_SLAB = 2    /**< particles between two planes normal to z, at equal distances from the centre of the box */
};

/** A simulation. */
typedef struct bnsl_md bnsl_md;

/** Parameters of bnsl_md_create. */
typedef struct bnsl_md_options {
    uint32_t struct_size;    /**< set by bnsl_md_options_init */
    int32_t integrator;      /**< BNSL_MD_NVE, _LANGEVIN (default), _NVT or _NPT */
    double dt;               /**< time step > 0; default 0.002 */
    double kT;               /**< temperature of the bath, > 0; default 1 */
    double friction;         /**< Langevin friction gamma >= 0, 1 / tau; default 0.1 */
    double skin;             /**< extra radius of the neighbour search, >= 0; 0 (default): chosen from the speed of the particles and the cost of a
                                  step; what is chosen is part of the state, so runs stay reproducible. From the list of a search a shorter one,
                                  whose skin is always chosen, is drawn every few steps where that pays */
    uint64_t seed;           /**< of every random number of the run; default 1 */
    int32_t num_threads;     /**< 0 = 1; the result does not depend on it */
    int32_t instruction_set; /**< BNSL_ISA_*; the result does not depend on it; default BNSL_ISA_AUTO */
    int32_t precision;       /**< BNSL_MD_DOUBLE (default) or BNSL_MD_MIXED */
    int32_t chain_length;    /**< Nose-Hoover thermostats in each chain, 1 .. 8 (1: a single thermostat); 0: the default, 3 */
    double thermostat_time;  /**< tau_T > 0 of NVT and NPT; 0: the default, 100 dt */
    double pressure;         /**< of BNSL_MD_NPT, epsilon / sigma^3, any finite value; default 0 */
    double barostat_time;    /**< tau_P > 0; 0: the default, 1000 dt */
    int32_t barostat;        /**< BNSL_MD_ISOTROPIC (default), _ORTHORHOMBIC or _TRICLINIC */
    int32_t reserved;        /**< 0 */
} bnsl_md_options;

/** Instantaneous state, from the positions, velocities and forces of the current step. */
typedef struct bnsl_md_thermo {
    int64_t step;
    double time;                /**< tau: the sum of the time steps */
    double potential_energy;    /**< U, whole system, epsilon */
    double kinetic_energy;      /**< K */
    double kT;                  /**< 2 K / (3 N_mobile) (Langevin, walls or frozen particles); 2 K / (3 N_mobile - 3) otherwise */
    double pressure;            /**< trace / 3 of the tensor */
    double pressure_tensor[6];  /**< xx, yy, zz, xy, xz, yz: (sum m v v + sum_pairs r f) / V */
    double volume;              /**< of the box; with walls, of the space between them */
    double packing_fraction;    /**< (pi/6) sum d_i^3 / V with the diameters of the particles */
    double packing_fraction_effective; /**< the same with Barker-Henderson diameters at the bath's kT (WCA split; NVE: at the kinetic kT);
                                  NaN where a species' own pair has none */
    double wall_energy;         /**< not part of potential_energy; 0 without walls */
    double wall_pressure;       /**< normal force on the walls / their area */
    double conserved;           /**< what the equations of motion conserve: U + U_wall + K (NVE), plus the energy given to the bath
                                  (Langevin) or of thermostats and barostat (NVT, NPT); a schedule changes it */
} bnsl_md_thermo;

/** The present step and counters of the work done since creation, for reports and benchmarks. */
typedef struct bnsl_md_statistics {
    int64_t step;               /**< present step */
    int64_t n_steps;            /**< steps run by this object */
    int64_t n_list_builds;      /**< neighbour searches */
    int64_t n_listed;           /**< entries of the list that forces are computed from (each pair twice) */
    double wall_seconds;        /**< time spent in bnsl_md_run */
    double list_seconds;        /**< of which building lists */
    double skin;                /**< of the last search */
    int64_t n_returned;         /**< particles that were past a wall and were brought back, since creation or the first checkpoint */
} bnsl_md_statistics;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_options_init(bnsl_md_options *opts, size_t struct_size);

/**
 * New simulation at step 0, velocities zero, nothing frozen.
 *
 * @param box        fully periodic; any size (a cut-off beyond half the box counts several images)
 * @param n, xyz     particles, 1 <= n < 2^28; wrapped on entry
 * @param species    n values 0 .. n_species - 1 of the potential
 * @param potential  copied
 * @param opts       or NULL for the defaults
 * @return BNSL_OK; BNSL_EINVAL names the argument and its range; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_create(bnsl_md **out, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                    const bnsl_potential *potential, const bnsl_md_options *opts);

/** Ends a simulation; NULL is allowed. */
BNSL_API void bnsl_md_destroy(bnsl_md *md);

/**
 * Maxwell-Boltzmann velocities at kT >= 0 from the run's seed; total momentum removed and the kinetic temperature set to kT when
 * remove_drift is not 0.
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_md_thermalize(bnsl_md *md, double kT, int32_t remove_drift);

/** Sets velocities, n x 3. @return BNSL_OK; BNSL_EINVAL: not finite. */
BNSL_API bnsl_status bnsl_md_set_velocities(bnsl_md *md, const double *velocity);

/** Particles that do not move: n values, 0 or not 0 (their velocities become 0); NULL frees all. @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_md_set_frozen(bnsl_md *md, const int32_t *frozen);

/**
 * Own diameters, n values > 0 in the order of creation; NULL: those of the species. Every sigma_ij becomes
 * sigma_ab (d_i + d_j) / (d_a + d_b), a and b the species of i and j; cut-offs scale with it. Tables do not scale:
 * BNSL_EINVAL with a table in the potential.
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_set_diameters(bnsl_md *md, const double *diameter);

/** Diameters in force, n values, order of creation. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_diameters(const bnsl_md *md, double *diameter_out);

/**
 * Replaces the potential (same number of species); positions and velocities stay, diameters of the particles are kept
 * where they were set with bnsl_md_set_diameters. For ramps of the well depth and integrations over a coupling.
 * @return BNSL_OK; BNSL_EINVAL; BNSL_ENOMEM: the simulation keeps its potential.
 */
BNSL_API bnsl_status bnsl_md_set_potential(bnsl_md *md, const bnsl_potential *potential);

/**
 * Energy that the present configuration has with another potential (same number of species): for reweighting and for the derivative
 * along a coupling. Diameters of the particles scale it too.
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_energy_with(bnsl_md *md, const bnsl_potential *potential, double *energy_out);

/**
 * Walls that act on every particle by a WCA (12-6) repulsion of well depth wall_epsilon and length d_i / 2, from the distance of
 * the particle's centre to the wall [Weeks 1971]: U = 4 eps ((s/r)^12 - (s/r)^6) + eps for r < 2^(1/6) s, s = d_i / 2; below 0.75 s it
 * continues linearly. A particle that gets past the wall is put back as far inside as it was outside (at most 0.75 s), its outward velocity
 * reversed, and counted.
 *
 * @param kind    BNSL_MD_WALL_*
 * @param size    radius of the sphere, or half the distance of the planes, > 0. The thickness of the box (sphere: along its three plane
 *                normals; slab: along z, and the box must have no xz and yz tilt) must be at least twice the size plus the largest
 *                cut-off, so that nothing acts across it. A packing schedule that is set later moves the walls and leaves the box and the particles
 * @param epsilon strength > 0; size and epsilon are not used with BNSL_MD_WALL_NONE
 * @return BNSL_OK; BNSL_EINVAL: also with BNSL_MD_NPT, and while there is a packing schedule.
 */
BNSL_API bnsl_status bnsl_md_set_wall(bnsl_md *md, int32_t kind, double size, double epsilon);

/** Kind and present size of the wall; either may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_wall(const bnsl_md *md, int32_t *kind_out, double *size_out);

/** Changes the time step > 0. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_set_dt(bnsl_md *md, double dt);

/** Sets the step counter (random numbers are keyed by it), >= 0, and the time to step dt. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_set_step(bnsl_md *md, int64_t step);

/**
 * Packing fraction as a function of the step, linear between n_points given points, constant outside: the box
 * and the positions are scaled after each step whose value differs. Replaces an earlier schedule; n_points 0: constant volume.
 *
 * @param step              increasing step numbers
 * @param packing_fraction  > 0 and <= 1, (pi/6) sum d_i^3 / V
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. The box takes the schedule's value for the present step at once.
 */
BNSL_API bnsl_status bnsl_md_set_packing_schedule(bnsl_md *md, int32_t n_points, const int64_t *step, const double *packing_fraction);

/** The bath's kT > 0 as a function of the step, as above; n_points 0: the last value stays. Not with BNSL_MD_NVE. @return as above. */
BNSL_API bnsl_status bnsl_md_set_kT_schedule(bnsl_md *md, int32_t n_points, const int64_t *step, const double *kT);

/** The pressure of BNSL_MD_NPT as a function of the step, as above; n_points 0: the last value stays. @return as above. */
BNSL_API bnsl_status bnsl_md_set_pressure_schedule(bnsl_md *md, int32_t n_points, const int64_t *step, const double *pressure);

/**
 * Runs n_steps steps.
 * @return BNSL_OK; BNSL_ECANCELLED: stopped between two steps, the state is valid and a later run goes on to the same bits;
 *         BNSL_ENUMERIC: a particle crossed the whole box in one step (a smaller dt is needed); the simulation can then only be
 *         destroyed: later runs, thermo, forces and checkpoints fail likewise; BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_run(bnsl_md *md, int64_t n_steps, bnsl_control *control);

/** Parameters of bnsl_md_minimize. */
typedef struct bnsl_md_minimize_options {
    uint32_t struct_size;    /**< set by bnsl_md_minimize_options_init */
    int32_t max_steps;       /**< >= 1; default 100000 */
    double force_tolerance;  /**< done when no component of a force on a mobile particle is larger; > 0; default 1e-8 */
    double dt_start;         /**< first time step > 0; default 0.002; at most 10 times that later */
    double max_move;         /**< no particle moves further in a step; > 0; default 0.1 */
} bnsl_md_minimize_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_minimize_options_init(bnsl_md_minimize_options *opts, size_t struct_size);

/**
 * Nearest minimum of the potential energy at constant box, by FIRE [Bitzek et al. 2006; Guenole et al. 2020]. Velocities are 0
 * afterwards, the step counter stays.
 *
 * @param opts        or NULL for the defaults
 * @param control     or NULL
 * @param n_steps_out force evaluations used, or NULL
 * @return BNSL_OK; BNSL_ENOCONV: max_steps did not do (the state is the last one, and valid); BNSL_ECANCELLED, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_minimize(bnsl_md *md, const bnsl_md_minimize_options *opts, bnsl_control *control, int64_t *n_steps_out);

/** Energies, temperature, pressure at the present step. @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_md_thermo_now(bnsl_md *md, bnsl_md_thermo *out);

/** Counters. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_statistics_now(const bnsl_md *md, bnsl_md_statistics *out);

/** Number of particles; 0 for NULL. */
BNSL_API int64_t bnsl_md_n(const bnsl_md *md);

/** Present box. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_box(const bnsl_md *md, bnsl_box *out);

/** Positions in the box, n x 3, and crossed cells, n x 3, in the order of creation; either may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_positions(const bnsl_md *md, double *xyz_out, int32_t *image_out);

/** Velocities, n x 3, order of creation. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_velocities(const bnsl_md *md, double *velocity_out);

/** Forces at the present positions, n x 3, order of creation. @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_md_forces(bnsl_md *md, double *force_out);

/** Species, n values, order of creation. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_species(const bnsl_md *md, int32_t *species_out);

/**
 * Writes everything a bit-exact continuation needs (double precision state, random-number coordinates, list reference,
 * schedule, potential, options) to a file: to a temporary name, synced, then renamed over path.
 * @return BNSL_OK; BNSL_EIO names the path and the system's reason; BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_checkpoint_write(const bnsl_md *md, const char *path);

/**
 * Simulation from a checkpoint. The file is versioned, little-endian and ends in a CRC-32.
 * @param num_threads, instruction_set  as in the options (not stored: they do not change results)
 * @return BNSL_OK; BNSL_EIO: cannot be read; BNSL_EFORMAT: not a checkpoint, of a newer version, truncated or damaged; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_checkpoint_read(bnsl_md **out, const char *path, int32_t num_threads, int32_t instruction_set);

/**
 * Disordered start: particles placed at random in the box, around fixed ones if given, and pushed apart until they do not overlap:
 * harmonic repulsion, FIRE minimiser [Bitzek et al. 2006].
 *
 * @param box         fully periodic
 * @param n           particles in all; diameter n values > 0
 * @param n_fixed     the first n_fixed rows of xyz_io are given and stay where they are, 0 <= n_fixed <= n
 * @param seed        of the random numbers
 * @param num_threads 0 = 1; the result does not depend on it
 * @param xyz_io      n x 3; rows n_fixed .. n - 1 are set
 * @param control     or NULL; progress is the share of the largest overlap that is gone, in thousandths
 * @return BNSL_OK: every pair but those of two fixed particles is at least 0.98 (d_i + d_j)/2 apart; BNSL_EINVAL: packing fraction
 *         above 0.60, a bad argument; BNSL_ENOCONV: overlaps remain, or there is no room beside the fixed particles;
 *         BNSL_ECANCELLED, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_random_start(const bnsl_box *box, int64_t n, const double *diameter, int64_t n_fixed, uint64_t seed,
                                          int32_t num_threads, double *xyz_io, bnsl_control *control);

/**
 * bnsl_md_random_start between walls (bnsl_md_set_wall): particles also stay 0.98 d_i / 2 away from them. The walls fit into the
 * box, and the packing fraction is that of the space between them.
 *
 * @param wall, size  BNSL_MD_WALL_SPHERE or _SLAB, and its radius or half distance > 0; a slab needs a box without xz and yz tilt
 * @return as bnsl_md_random_start.
 */
BNSL_API bnsl_status bnsl_md_random_start_confined(const bnsl_box *box, int32_t wall, double size, int64_t n, const double *diameter, int64_t n_fixed,
                                                   uint64_t seed, int32_t num_threads, double *xyz_io, bnsl_control *control);

/**
 * Diameters of polydisperse species: normal distributions, in equal-width bins over +-3 standard deviations (weights of the bins: the
 * density at their centres; the numbers of particles are the nearest to them, spread at random) or continuous (cut at +-3 standard deviations).
 *
 * @param n, species   particles; species 0 .. n_species - 1
 * @param mean         n_species mean diameters > 0
 * @param relative_sd  n_species standard deviations as a fraction of the mean, 0 .. 0.3
 * @param n_bins       1 .. 1000 (Marino 2024: 13); 0: continuous
 * @param seed         of the random numbers
 * @param diameter_out n values
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_polydisperse(int64_t n, const int32_t *species, int32_t n_species, const double *mean, const double *relative_sd,
                                          int32_t n_bins, uint64_t seed, double *diameter_out);

/**
 * Forces, energies and virial of the caller's own particles: for a program that has a time loop of its own and takes neighbours and
 * interactions from here. A bond's vector is that of the list's build plus what its two ends have moved since, so that one list serves
 * until a particle has moved half of its skin (the reach of the list beyond the cut-offs).
 *
 * @param list          with vectors, of all the particles among themselves, reaching to the cut-off of every pair (bnsl_potential_cutoffs,
 *                      bnsl_neighbor_set_pair_cutoffs) plus the skin; full, or BNSL_NEIGHBOR_HALF
 * @param n             particles of the list
 * @param species       n values 0 .. n_species - 1 of the potential, or NULL: all 0
 * @param displacement  n x 3 moved since the list was built (not wrapped), or NULL: nothing
 * @param num_threads   0 = 1; the result does not depend on it. A half list is worked on by one thread
 * @param force_out     n x 3, or NULL
 * @param energy_out    n values, half of the energies of a particle's pairs (their sum is the energy of the system), or NULL
 * @param virial_out    6 values xx, yy, zz, xy, xz, yz: W = sum over pairs of r_a f_b, so that the pressure tensor is
 *                      (sum m v_a v_b + W) / V; or NULL
 * @return BNSL_OK; BNSL_EINVAL names the argument, or the particle that has a bond of length 0; BNSL_ENOMEM. Outputs are untouched on error.
 * Accuracy: bnsl_potential_evaluate for each pair. Cost: O(bonds). bnsl_md_run does the same several times faster. Threads: list and
 * potential may be shared.
 */
BNSL_API bnsl_status bnsl_md_pair_forces(const bnsl_neighbor_list *list, const bnsl_potential *potential, int64_t n, const int32_t *species,
                                         const double *displacement, int32_t num_threads, double *force_out, double *energy_out,
                                         double *virial_out);

#ifdef __cplusplus
}
#endif
#endif
