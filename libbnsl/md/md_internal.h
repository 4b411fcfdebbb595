/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulation object and what the files of this module share. */
#ifndef BNSL_MD_INTERNAL_H
#define BNSL_MD_INTERNAL_H

#include <bnsl/md.h>
#include <bnsl/neighbor.h>

#include "core_internal.h"

/*
 * Per-particle vectors are rows of 4 doubles, so that 8-lane kernels read them without shuffling strides. The fourth column of a
 * position is the particle's radius, half its diameter; those of velocities and forces stay 0.
 */
enum { ROW = 4 };

/* The pairs of a particle are added in groups of LANES, in mixed precision of MIXED_LANES, whatever the width of vectors. */
enum { LANES = 8, MIXED_LANES = 16 };

/* Smallest run of particles that a thread takes; a multiple of LANES. Sums are taken over each chunk, then over the chunks. */
enum { CHUNK = 128 };

/* Random-number streams of a simulation's seed. */
enum { STREAM_NOISE = 1, STREAM_VELOCITY = 2, STREAM_START = 3, STREAM_DIAMETER = 4 };

/* As many as a potential can have. */
enum { MAX_SPECIES = 64 };

/* How the kernels compute a law; the first ones are exponents that are known at compile time. */
enum { LAW_50_25 = 0, LAW_50_6, LAW_12_6, LAW_IPL50, LAW_POWERS, LAW_SMOOTH, LAW_TABLE, N_LAW_KINDS };

/*
 * One pair law, scaled by sigma_ij = scale (radius_i + radius_j):
 *
 *   U(r) = a_n t^(n/2) - a_m t^(m/2) - shift for t > 1 / cut2, t = (sigma_ij / r)^2
 */
typedef struct bnsl__law {
    int32_t kind;
    double n, m;
    double a_n, a_m;
    double scale;
    double cut2;           /* (r_cut / sigma_ij)^2; tables: r_max^2 */
    double shift;
    double reach;          /* r_cut = reach (radius_i + radius_j); tables: with the radii of the species */
    double on2;            /* smooth: (r_on / sigma_ij)^2 */
    const double *table;   /* tables: n_table intervals of 4 coefficients of U in (r - r_k) / step */
    double table_start, table_step, table_force; /* below the start U continues with this force */
    int32_t n_table;
} bnsl__law;

/*
 * The interaction as the kernels see it. The neighbours of a particle are listed in n_slots segments, one for each law that its species
 * has with others; slot[a][b] is the segment, or -1 where a and b do not interact.
 */
typedef struct bnsl__interaction {
    int32_t n_species, n_slots;
    bnsl__law *law;        /* n_species x n_slots */
    int32_t *slot;         /* n_species x n_species */
    double *pair_reach;    /* n_species x n_species: reach of the law of the pair, 0: none */
    double *reach;         /* n_species: the largest of its row */
    double *diameter;      /* n_species */
    bool has_table;
    bool one_law;          /* the same to the bit, for all */
    bnsl_potential *potential; /* a copy, for checkpoints and diameters of Barker and Henderson */
    double *tables;        /* memory of the laws' tables */
} bnsl__interaction;

/* A quantity given as a function of the step: linear between points, constant outside; n 0: none. */
typedef struct bnsl__schedule {
    int32_t n;
    int64_t *step;
    double *value;
} bnsl__schedule;

/* Points for the search of neighbours. */
typedef struct bnsl__points {
    float *x, *y, *z, *radius;
    int32_t *offset;                     /* of the row in position; where rows are to have owners for ghosts and are plain, of that of the owner */
} bnsl__points;

/*
 * A few consecutive particles, with what the search needs of them, and all points that are within reach of one of them, in the order of the grid:
 * scratch of a thread.
 */
enum { MOST_TOGETHER = 16 };
typedef struct bnsl__surroundings {
    int32_t n;
    float query[MOST_TOGETHER][4];       /* x, y, z from the grid's corner, radius */
    float reach[MOST_TOGETHER];          /* in units of the sum of the radii; 0: has no neighbours */
    float skin;
    float largest_reach;                 /* a length */
    int64_t n_points, capacity;
    bnsl__points points;                 /* n_points, and MIXED_LANES more that nothing reaches */
} bnsl__surroundings;

/* Points in the cells of a grid, for building lists. */
typedef struct bnsl__grid {
    double low[3], per_edge[3], edge;   /* edges: along x half of that along y and z */
    int32_t n_cells[3];
    int64_t n_points, capacity, cell_capacity;
    int32_t *start;                      /* first point of each cell, and the end */
    int32_t *cell;                       /* of each point in the order of position */
    bnsl__points points;                 /* in the order of the cells, from low */
} bnsl__grid;

/*
 * Neighbour rows. Entries of chunk c are offsets of rows of position (particles, then ghosts, then the far point). Those of segment s of its k-th
 * particle are entry[c][start[p]] and count[p] - 1 more, p = (c CHUNK + k) n_slots + s; far points follow up to a multiple of the padding.
 */
typedef struct bnsl__rows {
    int32_t **entry;         /* n_chunks */
    int64_t *capacity;       /* n_chunks */
    int32_t *start, *count;  /* n_chunks x CHUNK x n_slots */
    uint8_t *order;          /* n_chunks x CHUNK: the particles of a chunk as their rows follow each other, see layout.c */
    int64_t n_listed;        /* without far points */
} bnsl__rows;

/* The radius of far points that nobody reaches: a sum with it is taken for 0. Their radius in mixed precision is not a number. */
#define FAR_RADIUS (-0x1p50)

/* Where everything was when a list was made. */
typedef struct bnsl__past {
    double *position;        /* n x 4 */
    bnsl_box box;
    double skin;             /* pairs up to r_cut + skin were listed */
    int64_t step;            /* -1: none yet */
} bnsl__past;

/*
 * Two lists: the outer one, from a search, and the inner one, those of its pairs that are nearly in range, which is made again from the outer one
 * every few steps. Kernels read the inner one; without one (inner.entry unused, is_dual false) the outer one.
 */
typedef struct bnsl__verlet {
    bool valid, is_dual;
    bool wraps;              /* rows have owners for ghosts, and there are none: see bnsl__verlet_can_wrap */
    bnsl__rows outer, inner;
    bnsl__past built, pruned; /* of the outer and the inner list; equal when there is only one */
    double largest_radius;
    int64_t n_ghosts, ghost_capacity;
    int32_t *ghost_owner;
    int8_t *ghost_image;     /* n_ghosts x 3 */
    bnsl__grid grid;
} bnsl__verlet;

/* Extended variables of the thermostats and the barostat. */
enum { MAX_CHAIN = 8 };
typedef struct bnsl__bath {
    double heat;                           /* Langevin: energy given to the bath */
    double eta[MAX_CHAIN], xi[MAX_CHAIN];  /* chain on the particles: positions, velocities */
    double box_eta[MAX_CHAIN], box_xi[MAX_CHAIN];
    double box_rate[6];                    /* barostat velocities: xx, yy, zz, xy, xz, yz */
} bnsl__bath;

typedef struct bnsl__wall {
    int32_t kind;
    double size, epsilon;
} bnsl__wall;

/* The parts of the threads of a loop over the chunks; more threads than parts take from these. See share.c. */
enum { MOST_PARTS = 64 };
typedef struct bnsl__part {
    int64_t next, last; /* chunk, and that after the last */
    char apart[112];    /* from the next part: on other cache lines */
} bnsl__part;
typedef struct bnsl__deal {
    int n;
    bnsl__part part[MOST_PARTS];
} bnsl__deal;

struct bnsl_md {
    bnsl_md_options options; /* kT and pressure: the present ones */
    bnsl__interaction interaction;
    bnsl_box box;
    int64_t n, n_chunks;
    int64_t *chunk_work;     /* n_chunks + 1: work of the chunks before each, see share.c */
    bnsl__deal deal;
    int64_t step;
    double time;             /* sum of the time steps */
    double *position;        /* (n + ghosts + 1) x 4 */
    int64_t position_capacity; /* rows */
    double *velocity, *force;/* n x 4 */
    double *mobile;          /* NULL: all; or n: 1 or 0 */
    int32_t *image;          /* n x 3 */
    int32_t *species;        /* n */
    int32_t *id;             /* n: place in the order of creation */
    int32_t *order;          /* n: scratch of sorting */
    double *scratch;         /* n x 4 */
    int32_t *fixed;          /* mixed precision: positions in units of fixed_unit, rows as of position */
    int64_t fixed_capacity;
    double fixed_unit;
    bool fixed_is_current;   /* they are the present ones; never outside of a step */
    double *chunk_sum;       /* n_chunks x N_SUMS: sums over the particles of a chunk, for bnsl__md_sum */
    bnsl__verlet list;
    bool own_diameters;      /* set by bnsl_md_set_diameters */
    bool forces_valid;
    bool owes_kick;          /* within a run: the second half-kick of the last step is left to the next move */
    bool failed;             /* positions were lost: only destroy is left */
    int64_t n_frozen;
    double largest_displacement2; /* since the inner list was made, by the last move; < 0: not known */
    double energy, virial[6];     /* of the present positions after bnsl__md_forces with energies */
    double wall_energy, wall_force; /* likewise; wall_force: sum of the normal forces */
    bnsl__schedule packing, kT, pressure;
    double sphere_volume;    /* (pi / 6) sum d_i^3 */
    bnsl__bath bath;
    bnsl__wall wall;
    int64_t n_returned;
    bnsl_md_statistics statistics;
};

/* First and last + 1 particle of a chunk. */
static inline int64_t chunk_first(int64_t chunk)
{
    return chunk * CHUNK;
}

static inline int64_t chunk_last(const bnsl_md *md, int64_t chunk)
{
    return (chunk + 1) * CHUNK < md->n ? (chunk + 1) * CHUNK : md->n;
}

/* interaction.c */
bnsl_status bnsl__interaction_init(bnsl__interaction *interaction, const bnsl_potential *potential, const char *func);
void bnsl__interaction_free(bnsl__interaction *interaction);

/* verlet.c: the list's life. Memory for n particles and n_slots segments; may be called again when these have changed. */
bnsl_status bnsl__verlet_allocate(bnsl_md *md, const char *func);
void bnsl__verlet_free(bnsl_md *md);
/* The list that kernels read. */
const bnsl__rows *bnsl__verlet_rows(const bnsl_md *md);
/* Lists that hold for the present positions: those there are or new ones; then ghosts must follow. BNSL_ENUMERIC: positions are lost. */
bnsl_status bnsl__verlet_update(bnsl_md *md, const char *func);
/* The lists that past positions gave, when resuming. */
bnsl_status bnsl__verlet_rebuild(bnsl_md *md, const char *func);
/*
 * Whether the steps can do without ghosts: in mixed precision and a cubic box, whose edge is then 2^32 units, so that the difference of two
 * integers is that of the nearest images. The edge must have room for twice the distance that a listed pair can come to. With a pressure, steps
 * are in double.
 */
bool bnsl__verlet_can_wrap(const bnsl_md *md);
void bnsl__verlet_update_ghosts(bnsl_md *md); /* their rows of position; the mixed kernel does without (fixed.c) */
double bnsl__verlet_largest_cutoff(const bnsl_md *md);
void bnsl__verlet_strain(const bnsl_md *md, const bnsl__past *past, double strain[6]); /* of the box since then: xx, yy, zz, xy, xz, yz */
double bnsl__verlet_reach(const bnsl_md *md, int64_t i);        /* largest cut-off of particle i with any other */

/* Edge vectors of the box, (ax, 0, 0), (bx, by, 0), (cx, cy, cz), and the way to an image. */
typedef struct bnsl__image_vectors {
    double ax, bx, by, cx, cy, cz;
} bnsl__image_vectors;
static inline bnsl__image_vectors bnsl__image_vectors_of(const bnsl_box *b)
{
    return (bnsl__image_vectors){ b->lx, b->xy * b->ly, b->ly, b->xz * b->lz, b->yz * b->lz, b->lz };
}
static inline void bnsl__image_shift(const bnsl__image_vectors *v, const int8_t image[3], double shift[3])
{
    shift[0] = image[0] * v->ax + image[1] * v->bx + image[2] * v->cx;
    shift[1] = image[1] * v->by + image[2] * v->cy;
    shift[2] = image[2] * v->cz;
}

/* skin.c: the skins that cost least, into list.built and list.pruned; whether an inner list pays, into list.is_dual. */
void bnsl__choose_skins(bnsl_md *md);

/* sort.c, ghosts.c, grid.c, rows.c: the steps of building; surroundings.c below */
bnsl_status bnsl__sort_particles(bnsl_md *md, const char *func);
bnsl_status bnsl__find_ghosts(bnsl_md *md, const char *func);
void bnsl__drop_ghosts(bnsl_md *md); /* after the search, when rows have owners for them */
bnsl_status bnsl__grid_build(bnsl_md *md, int64_t n_points, const char *func);
void bnsl__grid_free(bnsl__grid *grid);
/* Room for n points, whose values are lost; false: no memory. Free x. */
bool bnsl__points_hold(bnsl__points *points, int64_t *capacity, int64_t n);
/* Cells numbered brick by brick, so that points near in space are near in number; how many there are, and that of a point. */
int64_t bnsl__grid_n_brick_cells(const bnsl__grid *grid);
int32_t bnsl__grid_brick_cell(const bnsl__grid *grid, const double *r);
/* Shapes a grid around the points; positions outside go to the outermost cells. */
bnsl_status bnsl__grid_shape(bnsl_md *md, int64_t n_points, const char *func);
bnsl_status bnsl__list_rows(bnsl_md *md, const char *func);
/* prune.c: the inner list of the present positions, from the outer one. */
bnsl_status bnsl__prune_rows(bnsl_md *md, const char *func);
/* rows.c: one law for all, without exceptions: what the scan finds is the row. */
bool bnsl__rows_are_plain(const bnsl_md *md);
/*
 * layout.c. From the counts of chunk c: the order of its rows, where they start, and room for 2 MIXED_LANES entries more; old entries are lost.
 * before: an order of the particles in which rows of the same length stay. false: no memory.
 */
bool bnsl__lay_out_rows(const bnsl_md *md, bnsl__rows *rows, int64_t c, const uint8_t *before);
/* The entry of the far point; where there are no ghosts between steps, as it will be then. */
int32_t bnsl__far_entry(const bnsl_md *md);
int32_t bnsl__list_padding(const bnsl_md *md);
/*
 * Far points after `end` up to a multiple of the padding, a power of 2; the new end. Always writes MIXED_LANES, which spares a loop of unknown
 * length.
 */
static inline int32_t bnsl__pad_row(int32_t *entry, int32_t end, int32_t padding, int32_t far_entry)
{
    for (int k = 0; k < MIXED_LANES; k++)
        entry[end + k] = far_entry;
    return (end + padding - 1) & ~(padding - 1);
}
double bnsl__list_rounding(const bnsl_md *md); /* how far single precision may move a point in the search */

/*
 * share.c. Before a parallel region that loops over the chunks:
 *
 *   bnsl__deal_chunks(md);
 *   #pragma omp parallel num_threads(...)
 *   for (bnsl__hand h = bnsl__first_hand(); bnsl__take_chunk(md, &h);)
 *       ... h.chunk ...
 */
typedef struct bnsl__hand {
    int64_t chunk, end; /* the present one, and that after the last of those taken with it */
    int part, n_empty; /* where it takes from; how many parts it has found empty */
} bnsl__hand;
void bnsl__deal_chunks(bnsl_md *md);
bnsl__hand bnsl__first_hand(void);
bool bnsl__take_chunk(bnsl_md *md, bnsl__hand *hand);
/* After a search: what each chunk costs. */
void bnsl__weigh_chunks(bnsl_md *md);

/*
 * forces.c: list if needed, then forces of pairs and walls, md->force; with energies also md->energy, virial, wall_*.
 * kick: NULL, or the work of the second half of a step, done to each particle as soon as its force is known.
 */
struct bnsl__step_work;
bnsl_status bnsl__md_forces(bnsl_md *md, bool with_energy, const struct bnsl__step_work *kick, const char *func);
/* Sum of one column of chunk_sum in a fixed order. */
enum { N_SUMS = 12 };
double bnsl__md_sum(const bnsl_md *md, int column);

/* md.c */
/* Room for n rows at a boundary of cache lines; new ones are 0. */
bool bnsl__md_reserve_rows(double **rows, int64_t *capacity, int64_t n);
bnsl_status bnsl__md_check_options(const bnsl_md_options *options, const char *func);
/* The object without its particles' values: options, n and box set, everything else empty. */
bnsl_status bnsl__md_set_up(bnsl_md *md, const bnsl_potential *potential, const char *func);
double bnsl__md_sphere_volume(const bnsl_md *md);
double bnsl__md_volume(const bnsl_md *md); /* of the box, or between the walls */

/* schedule.c */
double bnsl__schedule_value(const bnsl__schedule *schedule, int64_t step);
void bnsl__schedule_free(bnsl__schedule *schedule);
void bnsl__schedule_apply(bnsl_md *md, int64_t step); /* packing, kT and pressure of this step */

/* wall.c: adds the wall's forces of a chunk's particles to md->force; sums into the chunk's WALL columns when wanted. */
enum { SUM_WALL_ENERGY = 7, SUM_WALL_FORCE = 8, SUM_HEAT = 9 }; /* columns 0..6: energy and virial of pairs */
void bnsl__wall_forces(bnsl_md *md, int64_t chunk, int64_t first, int64_t last, bool with_energy);
/* Puts particles that are past the wall back; called after positions moved. */
void bnsl__wall_return(bnsl_md *md);
/* The size at which the present kind of wall encloses a volume. */
double bnsl__wall_size(const bnsl_md *md, double volume);
/* BNSL_EINVAL: the box is too small for such a wall and the cut-offs; the second: for the present one, now and along the packing schedule. */
bnsl_status bnsl__wall_fits(const bnsl_md *md, int32_t kind, double size, const char *func);
bnsl_status bnsl__wall_still_fits(const bnsl_md *md, const char *func);

/* diameters.c: to be called when radii have changed. */
void bnsl__md_sizes_changed(bnsl_md *md);

bnsl_status bnsl__step_mtk(bnsl_md *md, const char *func);       /* mtk.c: a step of NVT and NPT */
double bnsl__mtk_energy(const bnsl_md *md);                    /* of thermostats and barostat, with P V */

/* ---- kernels (kernel_*.c, one variant for each instruction set) ---------------------------------------- */

typedef struct bnsl__pair_work {
    const double *position;
    const int32_t *species;
    const int32_t *entry, *start, *count; /* of the chunk: see bnsl__rows */
    const uint8_t *order;
    double *force;               /* n x 4 */
    double *sums;                /* NULL, or 7 sums over the particles: U, W_xx, yy, zz, xy, xz, yz (half of every pair) */
    const bnsl__law *law;        /* n_species x n_slots */
    int32_t n_slots;
    bool one_law;                /* n_slots is 1 and the laws are the same to the bit */
    double edge;                 /* double, with sums: 0, or of the cubic box whose nearest images are meant (list.wraps) */
    const int32_t *fixed;        /* mixed: rows of 4: x, y, z in units of 1 / per_unit, and the radius as the bits of a float */
    double per_unit;
} bnsl__pair_work;

typedef struct bnsl__step_work {
    double *position;
    double *velocity;
    const double *force;
    const double *mobile;        /* NULL: all */
    const int32_t *id;
    double half_dt;
    bool owes_kick;              /* the move begins with the second half-kick of the step before */
    double friction_factor;      /* exp(-gamma dt) */
    double noise_factor;         /* sqrt(kT (1 - exp(-2 gamma dt))) */
    int64_t step;
    uint32_t key[2];
    int32_t langevin;
    const double *reference;     /* n x 4 past positions, deformed by strain (xx, yy, zz, xy, xz, yz) */
    double strain[6];
    double *heat;                /* Langevin: n_chunks x N_SUMS, column SUM_HEAT */
} bnsl__step_work;

typedef struct bnsl__gather_work {
    const bnsl__points *points;      /* of the grid */
    int64_t n_runs;
    const int32_t *run;              /* first and last + 1 of each run of points */
    float low[3], high[3];           /* corners of a box */
    float radius, reach, skin;       /* a point is taken nearer to the box than reach (radius + its radius) + skin */
} bnsl__gather_work;

typedef struct bnsl__scan_work {
    const bnsl__points *points;      /* after the last MIXED_LANES that nothing reaches */
    int64_t n_points;
    const float *query;              /* x, y, z, radius */
    float reach, skin;               /* a point is found nearer than reach (radius_i + radius_j) + skin */
    int32_t self;                    /* offset of the query's own row */
} bnsl__scan_work;

/* The n rows of a chunk, from the particle `first` on; the other arrays are of the chunk. */
typedef struct bnsl__prune_work {
    const double *position;
    const int32_t *fixed;            /* mixed: instead of position; reach and skin are of these */
    int64_t first, n;
    const uint8_t *order;
    const int32_t *species;
    const bnsl__law *law;            /* n_species x n_slots */
    int32_t n_slots;
    double reach_unit, skin;         /* an entry is kept when nearer than law.reach reach_unit (radius_i + radius_j) + skin */
    const int32_t *entry, *start, *count;
    uint8_t *near;                   /* one bit an entry */
    int32_t *kept, *kept_start, *kept_count; /* the new rows; room for 2 MIXED_LANES entries beyond the last */
    int32_t padding, far_entry;
} bnsl__prune_work;

#define DECLARE_KERNELS(isa)                                                                            \
    void bnsl__pair_double_##isa(const bnsl__pair_work *work, int64_t first, int64_t last);             \
    void bnsl__pair_mixed_##isa(const bnsl__pair_work *work, int64_t first, int64_t last);              \
    int64_t bnsl__list_gather_##isa(const bnsl__gather_work *work, const bnsl__points *out);            \
    int64_t bnsl__list_scan_##isa(const bnsl__scan_work *work, int32_t *found);                         \
    void bnsl__list_test_##isa(const bnsl__prune_work *work);                                           \
    void bnsl__list_test_mixed_##isa(const bnsl__prune_work *work);                                     \
    void bnsl__list_keep_##isa(const bnsl__prune_work *work, const uint8_t *order);                     \
    double bnsl__step_move_##isa(const bnsl__step_work *work, int64_t first, int64_t last);             \
    void bnsl__step_kick_##isa(const bnsl__step_work *work, int64_t first, int64_t last);               \
    void bnsl__step_noise_##isa(const int32_t *id, int64_t n, int64_t step, const uint32_t key[2], double *noise); \
    void bnsl__fix_rows_##isa(const double *position, int64_t n, double per_unit, double per_radius, int32_t *fixed); \
    double bnsl__step_displacement2_##isa(const bnsl__step_work *work, int64_t first, int64_t last);
DECLARE_KERNELS(baseline)
#ifdef BNSL_HAVE_ISA_VARIANTS
DECLARE_KERNELS(avx2)
DECLARE_KERNELS(avx512)
#endif
#undef DECLARE_KERNELS

typedef struct bnsl__md_kernels {
    void (*pair)(const bnsl__pair_work *work, int64_t first, int64_t last);
    int64_t (*gather)(const bnsl__gather_work *work, const bnsl__points *out); /* writes up to 2 MIXED_LANES beyond; returns their number */
    int64_t (*scan)(const bnsl__scan_work *work, int32_t *found); /* the same */
    void (*test)(const bnsl__prune_work *work); /* near and kept_count */
    void (*keep)(const bnsl__prune_work *work, const uint8_t *order); /* the new rows, in this order, by these and kept_start */
    double (*move)(const bnsl__step_work *work, int64_t first, int64_t last); /* returns the largest displacement^2 */
    void (*kick)(const bnsl__step_work *work, int64_t first, int64_t last);
    void (*noise)(const int32_t *id, int64_t n, int64_t step, const uint32_t key[2], double *noise); /* n rows: three normal numbers and 0 */
    double (*displacement2)(const bnsl__step_work *work, int64_t first, int64_t last);
    void (*fix)(const double *position, int64_t n, double per_unit, double per_radius, int32_t *fixed); /* n rows; see fixed.c */
} bnsl__md_kernels;

bnsl__md_kernels bnsl__md_pick_kernels(const bnsl_md *md, bool with_energy);

/* surroundings.c: of particle `first` and of those after it, up to last - 1, that lie near; false: no memory. */
bool bnsl__surround(const bnsl_md *md, const bnsl__md_kernels *kernels, int64_t first, int64_t last, bnsl__surroundings *s);

/* fixed.c: whether steps use the mixed kernel (tables, smooth cut-offs and exponents that need pow do not); its positions. */
bool bnsl__md_is_mixed(const bnsl_md *md);
/* What its radii are multiplied by, beside the unit: with one law for all, the scale of that. */
double bnsl__md_fixed_scale(const bnsl_md *md);
/* Of the present list, unless they are current; fixed_is_current becomes false where positions, their order or ghosts change. */
bnsl_status bnsl__md_fix_positions(bnsl_md *md, const char *func);
/* Whether a move can fix each chunk as soon as it has moved, in the unit of the present box: those positions need nothing else. */
bool bnsl__md_fixes_moves(const bnsl_md *md);
void bnsl__md_set_fixed_unit(bnsl_md *md);
void bnsl__md_fix_chunk(bnsl_md *md, const bnsl__md_kernels *kernels, int64_t chunk);

#endif
