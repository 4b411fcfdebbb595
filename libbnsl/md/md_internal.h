/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulation object and what the files of this module share. */
#ifndef BNSL_MD_INTERNAL_H
#define BNSL_MD_INTERNAL_H

#include <bnsl/md.h>
#include <bnsl/neighbor.h>

#include "core_internal.h"

/*
 * Per-particle vectors are rows of 4 doubles, so that 8-lane kernels read them without shuffling strides. The fourth column of a
 * position is what the pair kernel needs to know of the particle: its radius sigma_i / 2 (additive kernel) or its species (general
 * kernel). The fourth column of velocities and forces stays 0.
 */
enum { ROW = 4 };

/* Lanes of a kernel vector; rows of the neighbour list are padded to a multiple. */
enum { LANES = 8 };

/* Random-number streams of a simulation's seed. */
enum { STREAM_NOISE = 1, STREAM_VELOCITY = 2, STREAM_START = 3 };

/* Coefficients of one pair: U(r) = a_n t^(n/2) - a_m t^(m/2) - shift for t > 1 / cut2, t = (sigma / r)^2. */
typedef struct bnsl__law {
    double n, m;
    double a_n, a_m;
    double sigma;  /* sigma_ij */
    double cut2;   /* (r_cut / sigma_ij)^2; 0: no interaction */
    double shift;
} bnsl__law;

/* Which compile-time specialisation of the additive kernel fits. */
enum { EXPONENTS_OTHER = 0, EXPONENTS_50_25, EXPONENTS_50_6, EXPONENTS_12_6, EXPONENTS_IPL50, N_EXPONENTS };

/* The interaction as the kernels see it. */
typedef struct bnsl__interaction {
    int32_t n_species;
    int32_t additive;       /* 1: one pair law for all, scaled by sigma_ij = radius_i + radius_j */
    int32_t exponents;      /* EXPONENTS_*, of the additive law */
    bnsl__law law;         /* additive: its sigma is 1 */
    bnsl__law *pair;       /* n_species x n_species */
    double *r_cut;          /* n_species x n_species distances */
    double *diameter;       /* n_species, for packing fractions */
    double *radius;         /* n_species, sigma_ii / 2 */
    bnsl_potential_options *options; /* n_species x n_species, for checkpoints */
} bnsl__interaction;

/* Neighbour rows: entries row_start[i] .. row_start[i + 1] - 1 are indices into position (particles, then ghosts, then the far point). */
typedef struct bnsl__verlet {
    bnsl_neighbor_list *search;
    bool valid;
    double skin;
    double scale;            /* the box has been scaled by this since the build */
    bnsl_box box;            /* at the build */
    double *reference;       /* n x 4 positions at the build */
    int64_t *row_start;      /* n + 1, multiples of LANES */
    int32_t *entry;
    int64_t entry_capacity;
    int64_t n_listed;        /* real entries */
    int64_t n_ghosts, ghost_capacity;
    int32_t *ghost_owner;
    int32_t *ghost_image;    /* n_ghosts x 3 */
    double *points;          /* (n + ghosts) x 3 for the search, with diameter and species */
    double *point_diameter;
    int32_t *point_species;
    int64_t point_capacity;
} bnsl__verlet;

struct bnsl_md {
    bnsl_md_options options;
    bnsl__interaction interaction;
    bnsl_box box;
    int64_t n;
    int64_t step;
    double time;             /* sum of the time steps */
    double *position;        /* (n + ghosts + 1) x 4 */
    int64_t position_capacity;
    double *velocity, *force;/* n x 4 */
    double *mobile;          /* n x 4: 1, 1, 1, 0 or 0, 0, 0, 0 */
    int32_t *image;          /* n x 3 */
    int32_t *species;        /* n */
    int32_t *id;             /* n: place in the order of creation */
    int32_t *order;          /* n: scratch of sorting */
    double *scratch;         /* n x 8: per-particle energies and virials, sorting */
    double *column;          /* n: one quantity of every particle, to be summed */
    bnsl__verlet list;
    bool forces_valid;
    bool failed;             /* positions were lost: only destroy is left */
    int64_t n_frozen;
    int32_t schedule_n;
    int64_t *schedule_step;
    double *schedule_packing;
    double sphere_volume;    /* (pi / 6) sum d_i^3 */
    bnsl_md_statistics statistics;
};

/* interaction.c */
bnsl_status bnsl__interaction_init(bnsl__interaction *interaction, const bnsl_potential *potential, const char *func);
void bnsl__interaction_free(bnsl__interaction *interaction);

/* verlet.c */
void bnsl__verlet_free(bnsl__verlet *list);
/* Builds the list of the present positions (wrapped and sorted first), or of a given reference when resuming. */
bnsl_status bnsl__verlet_build(bnsl_md *md, const char *func);
bnsl_status bnsl__verlet_rebuild_from_reference(bnsl_md *md, const char *func);
/* 1: some pair may have come into range that is not listed; 0: not; -1: positions are lost. */
int bnsl__verlet_outdated(const bnsl_md *md);
void bnsl__verlet_update_ghosts(bnsl_md *md);

/* forces.c: list if needed, then forces; with energies and virials per particle in md->scratch when wanted. */
bnsl_status bnsl__md_forces(bnsl_md *md, bool with_energy, const char *func);

/* md.c: checks of options; the object without its particles (options, n and box set, the rest empty). */
bnsl_status bnsl__md_check_options(const bnsl_md_options *options, const char *func);
bnsl_status bnsl__md_set_up(bnsl_md *md, const bnsl_potential *potential, const char *func);
double bnsl__md_row_tag(const bnsl_md *md, int32_t species); /* fourth column of a position */
double bnsl__md_sphere_volume(const bnsl_md *md);

/* schedule.c */
double bnsl__schedule_packing(const bnsl_md *md, int64_t step);
void bnsl__schedule_apply(bnsl_md *md, int64_t step);

/* Smallest run of particles that a thread takes; a multiple of LANES. Results do not depend on it. */
enum { CHUNK = 128 };

/* ---- kernels (kernel_*.c, one variant for each instruction set) ---------------------------------------- */

typedef struct bnsl__pair_work {
    const double *position;
    const int64_t *row_start;
    const int32_t *entry;
    double *force;               /* n x 4 */
    double *energy;              /* NULL, or n x 8: U, W_xx, yy, zz, xy, xz, yz, 0 of each particle (half of every pair) */
    const bnsl__law *law;       /* additive kernel */
    const bnsl__law *pair;      /* general kernel: n_species x n_species */
    int32_t n_species;
    int32_t exponents;
} bnsl__pair_work;

typedef struct bnsl__step_work {
    double *position;
    double *velocity;
    const double *force;
    const double *mobile;
    const int32_t *id;
    double half_dt;
    double friction_factor;      /* exp(-gamma dt) */
    double noise_factor;         /* sqrt(kT (1 - exp(-2 gamma dt))) */
    int64_t step;
    uint32_t key[2];
    int32_t langevin;
} bnsl__step_work;

#define DECLARE_KERNELS(isa)                                                                              \
    void bnsl__pair_additive_##isa(const bnsl__pair_work *work, int64_t first, int64_t last);             \
    void bnsl__pair_general_##isa(const bnsl__pair_work *work, int64_t first, int64_t last);              \
    void bnsl__step_move_##isa(const bnsl__step_work *work, int64_t first, int64_t last);                 \
    void bnsl__step_kick_##isa(const bnsl__step_work *work, int64_t first, int64_t last);                 \
    void bnsl__step_noise_##isa(const bnsl__step_work *work, int64_t first, int64_t last, double *noise); \
    double bnsl__step_displacement2_##isa(const double *position, const double *reference, double scale, int64_t first, int64_t last);
DECLARE_KERNELS(baseline)
#ifdef BNSL_HAVE_ISA_VARIANTS
DECLARE_KERNELS(avx2)
DECLARE_KERNELS(avx512)
#endif
#undef DECLARE_KERNELS

typedef struct bnsl__md_kernels {
    void (*pair)(const bnsl__pair_work *work, int64_t first, int64_t last);
    void (*move)(const bnsl__step_work *work, int64_t first, int64_t last);
    void (*kick)(const bnsl__step_work *work, int64_t first, int64_t last);
    void (*noise)(const bnsl__step_work *work, int64_t first, int64_t last, double *noise);
    double (*displacement2)(const double *position, const double *reference, double scale, int64_t first, int64_t last);
} bnsl__md_kernels;

bnsl__md_kernels bnsl__md_pick_kernels(const bnsl_md *md);

#endif
