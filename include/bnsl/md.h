/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file md.h
 * Molecular dynamics of spheres with pair potentials in a periodic box. Reduced units: sigma_LL, epsilon,
 * mass of a particle 1, time tau = sigma_LL sqrt(m / epsilon).
 *
 * Reproducible: the same input, seed and build give the same bits for any number of threads, on any
 * instruction set, and for a run that was interrupted and resumed from a checkpoint.
 */
#ifndef BNSL_MD_H
#define BNSL_MD_H

#include <bnsl/box.h>
#include <bnsl/potential.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Integrators. */
enum {
    BNSL_MD_NVE = 0,     /**< velocity Verlet */
    BNSL_MD_LANGEVIN = 1 /**< BAOAB splitting [Leimkuhler and Matthews 2013] */
};

/** A simulation. */
typedef struct bnsl_md bnsl_md;

/** Parameters of bnsl_md_create. */
typedef struct bnsl_md_options {
    uint32_t struct_size;    /**< set by bnsl_md_options_init */
    int32_t integrator;      /**< BNSL_MD_LANGEVIN (default) or BNSL_MD_NVE */
    double dt;               /**< time step > 0; default 0.002 */
    double kT;               /**< temperature of the Langevin bath, > 0; default 1 */
    double friction;         /**< Langevin friction gamma >= 0, 1 / tau; default 0.1 */
    double skin;             /**< extra radius of the neighbour list, >= 0; 0: 0.3 */
    uint64_t seed;           /**< of every random number of the run; default 1 */
    int32_t num_threads;     /**< 0 = 1; the result does not depend on it */
    int32_t instruction_set; /**< BNSL_ISA_*; the result does not depend on it; default BNSL_ISA_AUTO */
} bnsl_md_options;

/** Instantaneous state, from the positions, velocities and forces of the current step. */
typedef struct bnsl_md_thermo {
    int64_t step;
    double time;                /**< tau: the sum of the time steps */
    double potential_energy;    /**< U, whole system, epsilon */
    double kinetic_energy;      /**< K */
    double kT;                  /**< 2 K / (3 N_mobile) (Langevin); 2 K / (3 N_mobile - 3) (NVE with no particle frozen) */
    double pressure;            /**< trace / 3 of the tensor */
    double pressure_tensor[6];  /**< xx, yy, zz, xy, xz, yz: (sum m v v + sum_pairs r f) / V */
    double volume;
    double packing_fraction;    /**< (pi/6) sum d_i^3 / V with the diameters of the potential */
} bnsl_md_thermo;

/** The present step and counters of the work done since creation, for reports and benchmarks. */
typedef struct bnsl_md_statistics {
    int64_t step;               /**< present step */
    int64_t n_steps;            /**< steps run by this object */
    int64_t n_list_builds;
    int64_t n_listed;           /**< entries of the present list (each pair twice) */
    double wall_seconds;        /**< time spent in bnsl_md_run */
    double list_seconds;        /**< of which building lists */
} bnsl_md_statistics;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_options_init(bnsl_md_options *opts, size_t struct_size);

/**
 * New simulation at step 0, velocities zero, nothing frozen.
 *
 * @param box        fully periodic; any size (a cut-off beyond half the box counts several images)
 * @param n, xyz     particles, 1 <= n < 2^30; wrapped on entry
 * @param species    n values 0 .. n_species - 1 of the potential
 * @param potential  copied
 * @param opts       or NULL for the defaults
 * @return BNSL_OK; BNSL_EINVAL names the argument and its range; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_create(bnsl_md **out, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                    const bnsl_potential *potential, const bnsl_md_options *opts);

/** Ends a simulation; NULL is allowed. */
BNSL_API void bnsl_md_destroy(bnsl_md *md);

/** Maxwell-Boltzmann velocities at kT >= 0 from the run's seed; total momentum removed and the kinetic temperature set to kT when remove_drift is not 0. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_thermalize(bnsl_md *md, double kT, int32_t remove_drift);

/** Sets velocities, n x 3. @return BNSL_OK; BNSL_EINVAL: not finite. */
BNSL_API bnsl_status bnsl_md_set_velocities(bnsl_md *md, const double *velocity);

/** Particles that do not move: n values, 0 or not 0 (their velocities become 0); NULL frees all. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_md_set_frozen(bnsl_md *md, const int32_t *frozen);

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

/**
 * Runs n_steps steps.
 * @return BNSL_OK; BNSL_ECANCELLED: stopped between two steps, the state is valid and a later run goes on to the same bits;
 *         BNSL_ENUMERIC: a particle crossed the whole box in one step (a smaller dt is needed); the simulation can then only be
 *         destroyed: later runs, thermo, forces and checkpoints fail likewise; BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_md_run(bnsl_md *md, int64_t n_steps, bnsl_control *control);

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

#ifdef __cplusplus
}
#endif
#endif
