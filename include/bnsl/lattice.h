/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file lattice.h
 * Structure prototypes of binary superlattices: cells, supercells, bond lengths, packing, reflections.
 * Species 0 is L (large), 1 is S (small). Lengths in the unit of a; q in 2 pi per that unit.
 *
 *   name      group     L    S          free           name      group     L    S          free
 *   AlB2      P6/mmm    1a   2d         c/a            Cu3Au     Pm-3m     1a   3c
 *   NaZn13    Fm-3c     8a   8b 96i     y, z           MgZn2     P6_3/mmc  4f   2a 6h      c/a, x, z
 *   fcc       Fm-3m     4a                             MgCu2     Fd-3m     8a   16d
 *   hcp       P6_3/mmc  2c              c/a            CaCu5     P6/mmm    1a   2c 3g      c/a
 *   bcc       Im-3m     2a                             Fe4C      P-43m     1a   4e         x
 *   sc        Pm-3m     1a                             bcc-AB6   Im-3m     2a   12d
 *   NaCl      Fm-3m     4a   4b                        NiAs      P6_3/mmc  2c   2a         c/a
 *   CsCl      Pm-3m     1a   1b                        Li3Bi     Fm-3m     4a   4b 8c
 *   CuAu      P4/mmm    1a   1d         c/a            cub-AB13  Pm-3m     1a   1b 12j     y
 *   CaB6      Pm-3m     1a   6f         x              MgNi2     P6_3/mmc  4e 4f  4f 6g 6h c/a, x, z
 *
 * Other names are known too: bnsl_lattice_aliases. The primitive cell of CuAu is used: its a is that of the face-centred cell over sqrt 2.
 */
#ifndef BNSL_LATTICE_H
#define BNSL_LATTICE_H

#include <bnsl/box.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which cell a supercell repeats. */
enum {
    BNSL_CELL_CONVENTIONAL = 0, /**< the crystallographic cell; hexagonal ones are tilted (gamma = 120 degrees) */
    BNSL_CELL_ORTHOGONAL = 1    /**< an orthorhombic cell: a, sqrt(3) a, c for hexagonal prototypes */
};

/** Crystal system: the shape of the conventional cell. */
enum {
    BNSL_SYSTEM_CUBIC = 0,     /**< a = b = c */
    BNSL_SYSTEM_HEXAGONAL = 1, /**< a = b, gamma = 120 degrees */
    BNSL_SYSTEM_TETRAGONAL = 2 /**< a = b */
};

/** Where bond lengths come from. */
enum {
    BNSL_BONDS_GEOMETRY = 0, /**< from this lattice's a, c/a and site coordinates */
    BNSL_BONDS_PAPER = 1     /**< scaled from the atomic distances that Marino 2024 prints */
};

/** A prototype with its lattice parameters; immutable, may be shared between threads. */
typedef struct bnsl_lattice bnsl_lattice;

/** Parameters of bnsl_lattice_create. */
typedef struct bnsl_lattice_options {
    uint32_t struct_size; /**< set by bnsl_lattice_options_init */
    int32_t reserved;     /**< 0 */
    double a;             /**< lattice constant > 0; default 1 */
    double c_over_a;      /**< hexagonal and tetragonal prototypes: c/a > 0; 0: the prototype's own (AlB2: 1). Cubic ones: 0 or 1 */
    double y, z;          /**< free site coordinates, between 0 and 1; 0: the prototype's own (NaZn13 96i: 0.1806 and 0.1192) */
    double x;             /**< likewise (MgZn2, Fe4C) */
} bnsl_lattice_options;

/** Why a reflection is extinct. */
enum {
    BNSL_ABSENCE_NONE = 0, /**< it is not */
    BNSL_ABSENCE_GROUP = 1, /**< by the space group: its centring, a glide plane or a screw axis */
    BNSL_ABSENCE_SITES = 2  /**< the group allows it, the special positions of the sites do not */
};

/** One family of reflections {hkl}. */
typedef struct bnsl_reflection {
    int32_t h, k, l;      /**< representative: h >= k for hexagonal and tetragonal, h >= k >= l for cubic lattices (0 and up) */
    int32_t multiplicity; /**< number of equivalent hkl in the powder, both Friedel mates counted */
    int32_t allowed;      /**< 0: |G_L|^2 and |G_S|^2 are both below 1e-10 */
    int32_t absence;      /**< BNSL_ABSENCE_*: why it is not allowed */
    double q;             /**< 2 pi / d_hkl */
    double g_ll;          /**< |G_L|^2, G_X = sum over the X sites of the cell of exp(2 pi i h.x) */
    double g_ss;          /**< |G_S|^2 */
    double g_ls;          /**< Re(G_L conj(G_S)); |F|^2 = f_L^2 g_ll + f_S^2 g_ss + 2 f_L f_S g_ls */
} bnsl_reflection;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_lattice_options_init(bnsl_lattice_options *opts, size_t struct_size);

/** Number of prototypes known. */
BNSL_API int32_t bnsl_lattice_n_prototypes(void);

/** Name of prototype i, 0 <= i < bnsl_lattice_n_prototypes(); NULL outside. Static storage. */
BNSL_API const char *bnsl_lattice_prototype_name(int32_t i);

/**
 * Lattice of a prototype.
 * @param name  as listed above, or an alias; case is ignored
 * @param opts  or NULL for the defaults
 * @return BNSL_OK; BNSL_EINVAL: unknown name (the message lists the known ones), a parameter out of range; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_lattice_create(bnsl_lattice **out, const char *name, const bnsl_lattice_options *opts);

/** Ends a lattice; NULL is allowed. */
BNSL_API void bnsl_lattice_destroy(bnsl_lattice *lattice);

/** Prototype's name in its usual spelling, "AlB2"; "" for NULL. Valid while the lattice lives. */
BNSL_API const char *bnsl_lattice_name(const bnsl_lattice *lattice);

/** Hermann-Mauguin symbol of the space group, "P6/mmm"; "" for NULL. */
BNSL_API const char *bnsl_lattice_space_group(const bnsl_lattice *lattice);

/** Other names that bnsl_lattice_create takes, "D23, ico-AB13"; "" for NULL. Static storage, as the three that follow. */
BNSL_API const char *bnsl_lattice_aliases(const bnsl_lattice *lattice);

/** Strukturbericht symbol, "C32"; "" where there is none. */
BNSL_API const char *bnsl_lattice_strukturbericht(const bnsl_lattice *lattice);

/** Pearson symbol, "hP3". */
BNSL_API const char *bnsl_lattice_pearson_symbol(const bnsl_lattice *lattice);

/** Publication of the sites and their coordinates. */
BNSL_API const char *bnsl_lattice_source(const bnsl_lattice *lattice);

/** Crystal system, BNSL_SYSTEM_*; cubic for NULL. */
BNSL_API int32_t bnsl_lattice_system(const bnsl_lattice *lattice);

/** Free site coordinates, 0 where the prototype has none; each output may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_lattice_parameters(const bnsl_lattice *lattice, double *x_out, double *y_out, double *z_out);

/** Lattice constants and conventional cell volume; each output may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_lattice_constants(const bnsl_lattice *lattice, double *a_out, double *c_out, double *cell_volume_out);

/** L and S particles in the conventional cell; each output may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_lattice_sites(const bnsl_lattice *lattice, int32_t *n_large_out, int32_t *n_small_out);

/**
 * Site i of the conventional cell, L before S; each output may be NULL.
 * @param i            0 <= i < n_large + n_small
 * @param x_out        fractional coordinates, 3 values in [0, 1)
 * @param species_out  0 (L) or 1 (S)
 * @return BNSL_OK; BNSL_EINVAL: no such site.
 */
BNSL_API bnsl_status bnsl_lattice_site(const bnsl_lattice *lattice, int32_t i, double *x_out, int32_t *species_out);

/** Wyckoff position of site i of the conventional cell, "96i"; "" where there is none. Static storage. */
BNSL_API const char *bnsl_lattice_site_wyckoff(const bnsl_lattice *lattice, int32_t i);

/**
 * Primitive cells in the conventional one: the lattice translations that the particles have, found from their sites (fcc 4, bcc 2, hcp 1).
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_lattice_primitive_cells(const bnsl_lattice *lattice, int32_t *n_cells_out);

/**
 * Shortest centre-to-centre distances. For NaZn13 b_SS is the shortest Zn2-Zn2 distance between neighbouring
 * icosahedra (saxs conventions); for AlB2 b_LL is a, also where c is shorter. NaN where a pair does not exist (fcc: LS, SS).
 * @param source  BNSL_BONDS_GEOMETRY or BNSL_BONDS_PAPER: b_LL by geometry, the others by the ratios of the
 *                atomic distances AlB2 0.30090 / 0.22883 / 0.17372 nm, NaZn13 0.61365 / 0.35647 / 0.25664 nm
 * @return BNSL_OK; BNSL_EINVAL: source; BNSL_EUNSUPPORTED: no printed constants for this prototype.
 */
BNSL_API bnsl_status bnsl_lattice_bond_lengths(const bnsl_lattice *lattice, int32_t source, double *b_ll_out, double *b_ls_out, double *b_ss_out);

/**
 * Volume fraction of spheres on the sites: sum n_i (pi/6) d_i^3 / V_cell. Diameters > 0 (d_small unused where no S).
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_lattice_volume_fraction(const bnsl_lattice *lattice, double d_large, double d_small, double *fraction_out);

/** What may change in bnsl_lattice_densest_packing besides a; flags. */
enum {
    BNSL_RELAX_NOTHING = 0,
    BNSL_RELAX_C_OVER_A = 1, /**< c/a of hexagonal and tetragonal prototypes */
    BNSL_RELAX_SITES = 2,    /**< free site coordinates */
    BNSL_RELAX_ALL = 3
};

/** A packing; lengths in the unit of the diameters. */
typedef struct bnsl_lattice_packing {
    double fraction;        /**< volume fraction of the spheres */
    double a, c_over_a;     /**< cubic: c_over_a 1 */
    double x, y, z;         /**< free coordinates, 0 where there is none: with a and c_over_a, what bnsl_lattice_options takes */
    int32_t touch_ll;       /**< 1: L touch L (to 1e-7) */
    int32_t touch_ls;       /**< 1: L touch S */
    int32_t touch_ss;       /**< 1: S touch S */
    int32_t reserved;       /**< 0 */
} bnsl_lattice_packing;

/**
 * Densest packing of hard spheres on the sites of a prototype: the smallest cell in which no two spheres overlap, all pairs counted
 * (also those that the conventions of bnsl_lattice_bond_lengths leave out),
 *
 *   fraction = max over c/a and free coordinates of  sum n_i (pi/6) d_i^3 / v(c/a) / max over pairs of (d_ij / b_ij)^3,   a = 1
 *
 * as in the space-filling curves of Parthe [Z. Kristallogr. 115, 52 (1961)] and Murray and Sanders [Phil. Mag. A 42, 721 (1980)], those
 * with fixed coordinates being BNSL_RELAX_NOTHING. c/a and coordinates stay in the range in which the structure keeps its character: c/a AlB2
 * 0.5 .. 2, hcp 1 .. 2.5, CuAu 0.7 .. 2, MgZn2 1.3 .. 2, CaCu5 0.5 .. 1.5, NiAs 1 .. 2.5, MgNi2 2.6 .. 4; NaZn13 y 0.15 .. 0.21, z 0.09 ..
 * 0.145; MgZn2 x 0.75 .. 0.92, z 0 .. 0.125; Fe4C x 0.2 .. 0.4; cub-AB13 y 0.1 .. 0.4; CaB6 x 0.15 .. 0.25; MgNi2 x 0.08 .. 0.25, z 0.0625
 * .. 0.125. The minimax problem is solved by sequential linear programming in a trust region from several starts; a local optimum is exact to
 * 1e-9.
 *
 * @param lattice  gives c/a and coordinates where they are not relaxed, and one of the starts; its a is not used
 * @param d_large, d_small  diameters > 0 (d_small unused where no S); for the curve of a size ratio g: 1, g
 * @param relax    BNSL_RELAX_*
 * @return BNSL_OK; BNSL_EINVAL; BNSL_ENOMEM. Cost: 1e-5 .. 1e-2 s.
 */
BNSL_API bnsl_status bnsl_lattice_densest_packing(const bnsl_lattice *lattice, double d_large, double d_small, int32_t relax,
                                                  bnsl_lattice_packing *packing_out);

/**
 * Particles of nx x ny x nz cells in a fully periodic box.
 *
 * @param cell         BNSL_CELL_CONVENTIONAL or BNSL_CELL_ORTHOGONAL
 * @param capacity     particles that xyz_out and species_out have room for
 * @param n_out        the number of particles (set on BNSL_EBUFFER too: call with capacity 0 to ask)
 * @param box_out      the supercell, centred on the origin
 * @param xyz_out      n x 3, wrapped into the box; species_out n values 0 (L) or 1 (S); these and box_out may be NULL when capacity is 0
 * @return BNSL_OK; BNSL_EBUFFER; BNSL_EINVAL: repeats < 1 or more than 2^31 particles.
 */
BNSL_API bnsl_status bnsl_lattice_supercell(const bnsl_lattice *lattice, int32_t cell, int32_t nx, int32_t ny, int32_t nz, int64_t capacity,
                                            int64_t *n_out, bnsl_box *box_out, double *xyz_out, int32_t *species_out);

/**
 * Particles within a radius of an L site, as a finite cluster centred there (|r| <= radius, to 1e-9 relative: a shell at the radius is in).
 * Order: by cell, then site. Arguments and errors as bnsl_lattice_supercell; radius > 0.
 */
BNSL_API bnsl_status bnsl_lattice_sphere(const bnsl_lattice *lattice, double radius, int64_t capacity, int64_t *n_out, double *xyz_out,
                                         int32_t *species_out);

/**
 * Families of reflections with 0 < q <= q_max, by increasing q (then by decreasing h, k, l).
 * Families at the same q that are not equivalent (cubic 442 and 600) are listed apart.
 *
 * @param include_absent  0: allowed ones only; 1: extinct ones too, marked allowed = 0
 * @param capacity        room in reflections_out; n_out is set on BNSL_EBUFFER too
 * @return BNSL_OK; BNSL_EBUFFER; BNSL_EINVAL: q_max not > 0, or so large that an index passes 200; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_lattice_reflections(const bnsl_lattice *lattice, double q_max, int32_t include_absent, int64_t capacity,
                                              int64_t *n_out, bnsl_reflection *reflections_out);

#ifdef __cplusplus
}
#endif
#endif
