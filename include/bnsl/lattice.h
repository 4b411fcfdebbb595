/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file lattice.h
 * Structure prototypes of binary superlattices: cells, supercells, bond lengths, packing, reflections.
 * Species 0 is L (large), 1 is S (small). Lengths in the unit of a; q in 2 pi per that unit.
 *
 * Prototypes: "AlB2" (P6/mmm: L 1a, S 2d), "NaZn13" (Fm-3c: L 8a, S 8b and 96i), "fcc" (Fm-3m: L 4a).
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
    double c_over_a;      /**< hexagonal prototypes: c/a > 0; 0: 1. Cubic ones: 0 or 1 */
    double y, z;          /**< free site coordinates (NaZn13 96i), between 0 and 0.5; 0: the prototype's own, y = 0.1806, z = 0.1192 */
} bnsl_lattice_options;

/** One family of reflections {hkl}. */
typedef struct bnsl_reflection {
    int32_t h, k, l;      /**< representative: h >= k for hexagonal, h >= k >= l for cubic (l in front: 001) */
    int32_t multiplicity; /**< number of equivalent hkl in the powder, both Friedel mates counted */
    int32_t allowed;      /**< 0: extinct by the space group or with |F|^2 < 1e-10 for all scattering lengths */
    int32_t reserved;     /**< 0 */
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
 * @param name  as listed above; case is ignored
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

/** Lattice constants and conventional cell volume; each output may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_lattice_constants(const bnsl_lattice *lattice, double *a_out, double *c_out, double *cell_volume_out);

/** L and S particles in the conventional cell; each output may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_lattice_sites(const bnsl_lattice *lattice, int32_t *n_large_out, int32_t *n_small_out);

/**
 * Shortest centre-to-centre distances. For NaZn13 b_SS is the shortest Zn2-Zn2 distance between neighbouring
 * icosahedra (saxs conventions); for AlB2 b_LL is a, also where c is shorter. NaN where a pair does not exist (fcc: LS, SS).
 * @param source  BNSL_BONDS_GEOMETRY or BNSL_BONDS_PAPER: b_LL by geometry, the others by the ratios of the
 *                atomic distances AlB2 0.30090 / 0.22883 / 0.17372 nm, NaZn13 0.61365 / 0.35647 / 0.25664 nm
 * @return BNSL_OK; BNSL_EINVAL: source; BNSL_EUNSUPPORTED: no printed constants for this prototype.
 */
BNSL_API bnsl_status bnsl_lattice_bond_lengths(const bnsl_lattice *lattice, int32_t source, double *b_ll_out, double *b_ls_out, double *b_ss_out);

/** Volume fraction of spheres on the sites: sum n_i (pi/6) d_i^3 / V_cell. Diameters > 0 (d_small unused where no S). @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_lattice_volume_fraction(const bnsl_lattice *lattice, double d_large, double d_small, double *fraction_out);

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
BNSL_API bnsl_status bnsl_lattice_sphere(const bnsl_lattice *lattice, double radius, int64_t capacity, int64_t *n_out, double *xyz_out, int32_t *species_out);

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
