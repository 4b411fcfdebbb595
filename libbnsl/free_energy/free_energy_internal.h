/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crystals, their pair energies and the Monte Carlo sampler that all free energies of solids share. Energies are in kT. */
#ifndef BNSL_FREE_ENERGY_INTERNAL_H
#define BNSL_FREE_ENERGY_INTERNAL_H

#include <math.h>

#include <bnsl/free_energy.h>

#include "core_internal.h"

enum {
    BNSL__MC_ROW = 4,       /* doubles of a row of positions: x, y, z, 0 */
    BNSL__MC_LANES = 8,     /* list entries computed together; rows of a list are padded to this */
    BNSL__MC_REACH = 2,     /* periodic images -2 .. 2 along each axis have a shift vector */
    BNSL__MC_SHIFTS = 125,
    BNSL__MC_SPECIES = 8,   /* most species of a crystal */
    BNSL__MC_BINS = 32      /* of the distances near contact of hard spheres */
};

/* ---- pair laws (laws.c) ------------------------------------------------------------------------------- */

enum {
    BNSL__MC_NONE,
    BNSL__MC_HARD,
    BNSL__MC_12_6,
    BNSL__MC_50_25,
    BNSL__MC_50_6,
    BNSL__MC_IPL50,
    BNSL__MC_POWERS,  /* multiples of 1/2 up to 100, by multiplications */
    BNSL__MC_GENERAL  /* everything else, by bnsl_potential_evaluate */
};

/* u = a_n t^(n/2) - a_m t^(m/2) - shift with t = (sigma / r)^2, in kT. */
typedef struct bnsl__mc_law {
    int32_t kind;
    int32_t half_n, half_m; /* 2 n and 2 m of BNSL__MC_POWERS: t is raised to a quarter of it */
    int32_t wca; /* ends at its minimum: there is no tail */
    double n, m, a_n, a_m, shift;
    double sigma2, cut2; /* hard spheres: cut2 = sigma2 */
} bnsl__mc_law;

/* A neighbour: particle and number of the shift vector that takes it to its image. */
typedef struct bnsl__mc_entry {
    int32_t j, shift;
} bnsl__mc_entry;

/* What the kernels read. Positions are not wrapped. */
typedef struct bnsl__mc_work {
    int64_t n;
    int32_t n_species;
    const int32_t *species;
    const double *position;         /* (n + 1) x ROW; row n stands far away and fills up the list */
    const double *shift;            /* SHIFTS x ROW */
    const int64_t *row_start;       /* n x n_species + 1; multiples of LANES */
    const bnsl__mc_entry *entry;
    const bnsl__mc_law *law;        /* n_species x n_species */
    const bnsl_potential *potential; /* of BNSL__MC_GENERAL */
    double beta;
} bnsl__mc_work;

/* Sums over all pairs: U, and the virial sum of r_a f_a of U along x, y, z. Hard spheres: U is infinite when any pair overlaps. */
enum { BNSL__MC_U, BNSL__MC_XX, BNSL__MC_YY, BNSL__MC_ZZ, BNSL__MC_SUMS };

#define BNSL__MC_KERNELS(suffix)                                                                                                     \
    double bnsl__mc_change_##suffix(const bnsl__mc_work *work, int64_t i, const double *from, const double *to);                      \
    void bnsl__mc_total_##suffix(const bnsl__mc_work *work, double sums[BNSL__MC_SUMS]);
BNSL__MC_KERNELS(baseline)
#ifdef BNSL_HAVE_ISA_VARIANTS
BNSL__MC_KERNELS(avx2)
BNSL__MC_KERNELS(avx512)
#endif
#undef BNSL__MC_KERNELS

/* Energies and -(dU/dr)/r of up to LANES pairs at squared distances r2 by bnsl_potential_evaluate; g may be NULL. */
void bnsl__mc_general(const bnsl__mc_work *work, int32_t a, int32_t b, const double *r2, double *u, double *g);

/* ---- crystals (crystal.c) ----------------------------------------------------------------------------- */

/* A perfect crystal and how its particles interact; immutable, shared by all runs. */
typedef struct bnsl__crystal {
    bnsl_box box;
    int64_t n, n_cells, fixed;
    int32_t n_species;
    bool hard;
    const bnsl_potential *potential;
    double beta;
    int64_t count[BNSL__MC_SPECIES];
    double nearest[BNSL__MC_SPECIES]; /* distance from a site of this species to the nearest other site */
    bnsl__mc_law law[BNSL__MC_SPECIES * BNSL__MC_SPECIES];
    double cut[BNSL__MC_SPECIES * BNSL__MC_SPECIES];
    double *fractional; /* n x 3 */
    int32_t *species;   /* n */
} bnsl__crystal;

/* Checks and copies; n_cells 0: to be found. */
bnsl_status bnsl__crystal_create(bnsl__crystal **out, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                 const bnsl_potential *potential, double kT, bool hard, int64_t n_cells, int64_t fixed, const char *func);
void bnsl__crystal_destroy(bnsl__crystal *crystal);

/* Squared distance of the nearest images of two points in fractional coordinates; the box, its vectors as rows, must not be flat. */
static inline double bnsl__fractional_distance2(const double *x, const double *y, const double vectors[9])
{
    double f[3], r2 = 0;
    for (int k = 0; k < 3; k++) {
        f[k] = x[k] - y[k];
        f[k] -= rint(f[k]);
    }
    for (int k = 0; k < 3; k++) {
        double r = f[0] * vectors[k] + f[1] * vectors[3 + k] + f[2] * vectors[6 + k];
        r2 += r * r;
    }
    return r2;
}

/* The laws of a potential; hard: its sigma_ij as hard diameters. */
bnsl_status bnsl__mc_laws(const bnsl_potential *potential, double kT, bool hard, bnsl__mc_law *laws, double *cut);

/* ---- sampler (sampler.c, list.c) ------------------------------------------------------------------------ */

typedef struct bnsl__mc_counts {
    int64_t tried, accepted;
} bnsl__mc_counts;

/*
 * A Markov chain of particles in H = U + lambda U_E. Reference of the displacements: the fixed particle, or the mean. The fixed
 * particle moves too, as all the others do, and everything is measured from it: the same ensemble, without the slow drift of N - 1
 * particles against one.
 */
typedef struct bnsl__sampler {
    const bnsl__crystal *crystal;
    bnsl_box box;
    bnsl__mc_law law[BNSL__MC_SPECIES * BNSL__MC_SPECIES];
    int32_t isa, constraint;

    double *position, *site; /* (n + 1) x ROW, n x ROW */
    double shift[BNSL__MC_SHIFTS * BNSL__MC_ROW];

    double lambda;
    double spring[BNSL__MC_SPECIES];   /* beta K */
    double q, s[3], c[3], total_spring; /* sum K d^2, sum K d, sum mu d, sum K: U_E = q - 2 c.s + total c^2 */

    /* list */
    double slack[BNSL__MC_SPECIES];    /* the list holds while no particle is further than this from its site */
    double listed_stretch;             /* when the list was built */
    int64_t *row_start, n_entries, capacity;
    bnsl__mc_entry *entry;

    /* moves */
    double step[BNSL__MC_SPECIES + 1]; /* largest displacement of each species; of the fixed particle */
    double shape_step;                 /* 0: the shape does not change */
    bnsl__mc_counts counts[BNSL__MC_SPECIES + 2];
    uint32_t key[2];
    int64_t sweep, n_moves;
    double stretch;                    /* (lz / lx) / (as given) */
} bnsl__sampler;

/* At the sites, without springs. */
bnsl_status bnsl__sampler_create(bnsl__sampler **out, const bnsl__crystal *crystal, int32_t constraint, int32_t isa, uint64_t seed, uint32_t stream,
                                 const char *func);
void bnsl__sampler_destroy(bnsl__sampler *sampler);

void bnsl__sampler_set_springs(bnsl__sampler *s, double lambda, const double *spring);

/* Makes sweeps. adapt: steps are changed towards a third of accepted moves. BNSL_ENOMEM, or BNSL_EDOMAIN when a particle has left its site
 * for good. */
bnsl_status bnsl__sampler_run(bnsl__sampler *s, int64_t n_sweeps, bool adapt, const char *func);

/* Recomputes what is summed along the way and puts the mean displacement to 0. */
void bnsl__sampler_centre(bnsl__sampler *s);

/* sum K d^2 with displacements from the fixed particle or the mean. */
double bnsl__sampler_spring_energy(const bnsl__sampler *s);

/* Sums over all pairs. */
void bnsl__sampler_total(const bnsl__sampler *s, double sums[BNSL__MC_SUMS]);

/* Hard spheres: sums over pairs with 1 <= r / sigma_ij < 1 + range, in BINS bins: counts, and counts weighted by the squared components of the
 * unit vector. */
void bnsl__sampler_contacts(const bnsl__sampler *s, double range, double bins[4][BNSL__MC_BINS]);

/* Mean squared displacement of each species from the mean displacement, largest one relative to half the distance to the nearest site. */
void bnsl__sampler_displacements(const bnsl__sampler *s, double msd[BNSL__MC_SPECIES], double *farthest);

/* Displaces every particle by an independent Gaussian of the springs, constrained; number draw of a stream. */
void bnsl__sampler_gaussian(bnsl__sampler *s, uint64_t seed, uint32_t stream, int64_t draw);

/* Builds the list from the sites; BNSL_ENOMEM with a message. */
bnsl_status bnsl__sampler_list(bnsl__sampler *s, const char *func);

/* Sites and shift vectors of the present box. */
void bnsl__sampler_sites(bnsl__sampler *s);

/* ---- statistics (statistics.c) -------------------------------------------------------------------------- */

/* Mean of correlated numbers, its standard error, and the integrated autocorrelation time in samples (>= 0.5), of several series of equal length n
 * that lie one after another. */
void bnsl__series_pooled(int64_t n_series, int64_t n, const double *x, double *mean_out, double *err_out, double *tau_out);

#endif
