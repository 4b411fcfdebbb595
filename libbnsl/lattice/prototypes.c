/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The known structure prototypes: one table.
 *
 * To add one: its space group's generators as coordinate triplets (International Tables for Crystallography A; the identity is left out,
 * the translations of a centred cell are written out), where no other prototype has it; then a record in the table: Wyckoff positions, L
 * first, the letters x, y and z for free coordinates (one of each a prototype), their values in the compound and the range in which the
 * structure keeps its character (the search for dense packings stays in it). The multiplicities are checked against the sites generated.
 * All groups here have the holohedral Laue class of their system: reflections.c counts on it.
 *
 * Groups and positions were compared with those of the AFLOW Library of Crystallographic Prototypes [Mehl et al., Comput. Mater. Sci. 136, S1
 * (2017)] for AlB2, hcp, bcc, sc, CsCl, CuAu, MgZn2, CaCu5, Fe4C (and its x), NiAs, CaB6 and MgNi2, and of the program HOODLT of A. Travesset
 * for NaCl, Cu3Au, NaZn13, MgZn2, bcc-AB6, Li3Bi, CaB6 and cub-AB13. The sources of AlB2, bcc, sc, CsCl, CuAu, NiAs and MgNi2 are those that
 * AFLOW gives.
 */
#include "lattice_internal.h"

#define SQRT_8_3 1.632993161855452 /* c/a of close-packed spheres */

/* ---- space groups ---------------------------------------------------------------------------------- */

#define FACE_CENTRED "x,y+1/2,z+1/2", "x+1/2,y,z+1/2"
#define BODY_CENTRED "x+1/2,y+1/2,z+1/2"

static const bnsl__space_group pm_3m = {"Pm-3m", BNSL__CUBIC, {"-x,-y,z", "-x,y,-z", "z,x,y", "y,x,-z", "-x,-y,-z"}};
static const bnsl__space_group im_3m = {"Im-3m", BNSL__CUBIC, {BODY_CENTRED, "-x,-y,z", "-x,y,-z", "z,x,y", "y,x,-z", "-x,-y,-z"}};
static const bnsl__space_group fm_3m = {"Fm-3m", BNSL__CUBIC, {FACE_CENTRED, "-x,-y,z", "-x,y,-z", "z,x,y", "y,x,-z", "-x,-y,-z"}};
static const bnsl__space_group fm_3c = {"Fm-3c", BNSL__CUBIC, {FACE_CENTRED, "-x,-y,z", "-x,y,-z", "z,x,y", "y+1/2,x+1/2,-z+1/2", "-x,-y,-z"}};
/* origin choice 2 */
static const bnsl__space_group fd_3m = {
    "Fd-3m", BNSL__CUBIC, {FACE_CENTRED, "-x+3/4,-y+1/4,z+1/2", "-x+1/4,y+1/2,-z+3/4", "z,x,y", "y+3/4,x+1/4,-z+1/2", "-x,-y,-z"}};
static const bnsl__space_group p_43m = {"P-43m", BNSL__CUBIC, {"-x,-y,z", "-x,y,-z", "z,x,y", "y,x,z"}};
static const bnsl__space_group p6_mmm = {"P6/mmm", BNSL__HEXAGONAL, {"-y,x-y,z", "-x,-y,z", "y,x,-z", "-x,-y,-z"}};
static const bnsl__space_group p63_mmc = {"P6_3/mmc", BNSL__HEXAGONAL, {"-y,x-y,z", "-x,-y,z+1/2", "y,x,-z", "-x,-y,-z"}};
static const bnsl__space_group p4_mmm = {"P4/mmm", BNSL__TETRAGONAL, {"-x,-y,z", "-y,x,z", "-x,y,-z", "-x,-y,-z"}};

/* ---- prototypes ------------------------------------------------------------------------------------ */

const bnsl__prototype bnsl__prototypes[] = {
    {
        .name = "AlB2",
        .aliases = "C32",
        .strukturbericht = "C32",
        .pearson = "hP3",
        .group = &p6_mmm,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}, {BNSL__SMALL, "2d", 2, "1/3,2/3,1/2"}},
        .c_over_a = {1.0, 0.5, 2.0}, /* the compound has 1.083; 1 is what superlattices and hard spheres come near to */
        .basal_ll = true,
        .centre_orbit = -1,
        .atomic_bonds = {0.30090, 0.22883, 0.17372},
        .source = "Burkhardt et al., J. Solid State Chem. 177, 389 (2004)",
    },
    {
        .name = "NaZn13",
        .aliases = "D23, ico-AB13",
        .strukturbericht = "D2_3",
        .pearson = "cF112",
        .group = &fm_3c,
        .n_orbits = 3,
        .orbits = {{BNSL__LARGE, "8a", 8, "1/4,1/4,1/4"}, {BNSL__SMALL, "8b", 8, "0,0,0"}, {BNSL__SMALL, "96i", 96, "0,y,z"}},
        .free = {{0}, {0.1806, 0.15, 0.21}, {0.1192, 0.09, 0.145}},
        .centre_orbit = 1,
        .atomic_bonds = {0.61365, 0.35647, 0.25664},
        .source = "Shoemaker, Marsh, Ewing and Pauling, Acta Cryst. 5, 637 (1952)",
    },
    {
        .name = "fcc",
        .aliases = "A1, Cu",
        .strukturbericht = "A1",
        .pearson = "cF4",
        .group = &fm_3m,
        .n_orbits = 1,
        .orbits = {{BNSL__LARGE, "4a", 4, "0,0,0"}},
        .centre_orbit = -1,
        .source = "copper: Bragg, Phil. Mag. 28, 355 (1914)",
    },
    {
        .name = "hcp",
        .aliases = "A3, Mg",
        .strukturbericht = "A3",
        .pearson = "hP2",
        .group = &p63_mmc,
        .n_orbits = 1,
        .orbits = {{BNSL__LARGE, "2c", 2, "1/3,2/3,1/4"}},
        .c_over_a = {SQRT_8_3, 1.0, 2.5},
        .centre_orbit = -1,
        .source = "magnesium: Hull, Proc. Natl. Acad. Sci. 3, 470 (1917); c/a of close-packed spheres",
    },
    {
        .name = "bcc",
        .aliases = "A2, W",
        .strukturbericht = "A2",
        .pearson = "cI2",
        .group = &im_3m,
        .n_orbits = 1,
        .orbits = {{BNSL__LARGE, "2a", 2, "0,0,0"}},
        .centre_orbit = -1,
        .source = "tungsten: Davey, Phys. Rev. 26, 736 (1925)",
    },
    {
        .name = "sc",
        .aliases = "Ah, Po",
        .strukturbericht = "A_h",
        .pearson = "cP1",
        .group = &pm_3m,
        .n_orbits = 1,
        .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}},
        .centre_orbit = -1,
        .source = "polonium: Beamer and Maxwell, J. Chem. Phys. 14, 569 (1946)",
    },
    {
        .name = "NaCl",
        .aliases = "B1",
        .strukturbericht = "B1",
        .pearson = "cF8",
        .group = &fm_3m,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "4a", 4, "0,0,0"}, {BNSL__SMALL, "4b", 4, "1/2,1/2,1/2"}},
        .centre_orbit = -1,
        .source = "Bragg, Proc. R. Soc. A 89, 248 (1913)",
    },
    {
        .name = "CsCl",
        .aliases = "B2",
        .strukturbericht = "B2",
        .pearson = "cP2",
        .group = &pm_3m,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}, {BNSL__SMALL, "1b", 1, "1/2,1/2,1/2"}},
        .centre_orbit = -1,
        .source = "Ganesan and Girirajan, Pramana 27, 469 (1986)",
    },
    {
        .name = "CuAu",
        .aliases = "L10, AuCu",
        .strukturbericht = "L1_0",
        .pearson = "tP2",
        .group = &p4_mmm,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}, {BNSL__SMALL, "1d", 1, "1/2,1/2,1/2"}},
        .c_over_a = {1.311, 0.7, 2.0},
        .centre_orbit = -1,
        .source = "Bayliss, Can. Mineral. 28, 751 (1990); the primitive cell, a that of the face-centred one / sqrt 2",
    },
    {
        .name = "Cu3Au",
        .aliases = "L12, AuCu3",
        .strukturbericht = "L1_2",
        .pearson = "cP4",
        .group = &pm_3m,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}, {BNSL__SMALL, "3c", 3, "0,1/2,1/2"}},
        .centre_orbit = -1,
        .source = "Johansson and Linde, Ann. Phys. 383, 439 (1925)",
    },
    {
        .name = "MgZn2",
        .aliases = "C14",
        .strukturbericht = "C14",
        .pearson = "hP12",
        .group = &p63_mmc,
        .n_orbits = 3,
        .orbits = {{BNSL__LARGE, "4f", 4, "1/3,2/3,z"}, {BNSL__SMALL, "2a", 2, "0,0,0"}, {BNSL__SMALL, "6h", 6, "x,2x,1/4"}},
        .c_over_a = {1.64, 1.3, 2.0},
        .free = {{0.830, 0.75, 0.92}, {0}, {0.062, 0.0, 0.125}},
        .centre_orbit = -1,
        .source = "Friauf, Phys. Rev. 29, 34 (1927)",
    },
    {
        .name = "MgCu2",
        .aliases = "C15",
        .strukturbericht = "C15",
        .pearson = "cF24",
        .group = &fd_3m,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "8a", 8, "1/8,1/8,1/8"}, {BNSL__SMALL, "16d", 16, "1/2,1/2,1/2"}},
        .centre_orbit = -1,
        .source = "Friauf, J. Am. Chem. Soc. 49, 3107 (1927)",
    },
    {
        .name = "CaCu5",
        .aliases = "D2d",
        .strukturbericht = "D2_d",
        .pearson = "hP6",
        .group = &p6_mmm,
        .n_orbits = 3,
        .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}, {BNSL__SMALL, "2c", 2, "1/3,2/3,0"}, {BNSL__SMALL, "3g", 3, "1/2,0,1/2"}},
        .c_over_a = {0.802, 0.5, 1.5},
        .centre_orbit = -1,
        .source = "Haucke, Z. anorg. allg. Chem. 244, 17 (1940)",
    },
    {
        .name = "Fe4C",
        .aliases = "CFe4",
        .strukturbericht = "",
        .pearson = "cP5",
        .group = &p_43m,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}, {BNSL__SMALL, "4e", 4, "x,x,x"}},
        .free = {{0.265, 0.2, 0.4}, {0}, {0}},
        .centre_orbit = -1,
        .source = "Pinsker and Kaverin, Sov. Phys. Crystallogr. 1, 48 (1956)",
    },
    {
        .name = "bcc-AB6",
        .aliases = "Cs6C60, bccAB6",
        .strukturbericht = "",
        .pearson = "cI14",
        .group = &im_3m,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "2a", 2, "0,0,0"}, {BNSL__SMALL, "12d", 12, "1/4,0,1/2"}},
        .centre_orbit = -1,
        .source = "Zhou et al., Nature 351, 462 (1991): Cs6C60",
    },
    {
        .name = "NiAs",
        .aliases = "B81",
        .strukturbericht = "B8_1",
        .pearson = "hP4",
        .group = &p63_mmc,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "2c", 2, "1/3,2/3,1/4"}, {BNSL__SMALL, "2a", 2, "0,0,0"}},
        .c_over_a = {1.391, 1.0, 2.5},
        .centre_orbit = -1,
        .source = "Brand and Briest, Z. anorg. allg. Chem. 337, 209 (1965)",
    },
    {
        .name = "Li3Bi",
        .aliases = "D03, BiF3, BiLi3",
        .strukturbericht = "D0_3",
        .pearson = "cF16",
        .group = &fm_3m,
        .n_orbits = 3,
        .orbits = {{BNSL__LARGE, "4a", 4, "0,0,0"}, {BNSL__SMALL, "4b", 4, "1/2,1/2,1/2"}, {BNSL__SMALL, "8c", 8, "1/4,1/4,1/4"}},
        .centre_orbit = -1,
        .source = "Zintl and Brauer, Z. Elektrochem. 41, 297 (1935)",
    },
    {
        .name = "cub-AB13",
        .aliases = "cubAB13, cuboctahedral-AB13",
        .strukturbericht = "",
        .pearson = "cP14",
        .group = &pm_3m,
        .n_orbits = 3,
        .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}, {BNSL__SMALL, "1b", 1, "1/2,1/2,1/2"}, {BNSL__SMALL, "12j", 12, "1/2,y,y"}},
        .free = {{0}, {0.20710678118654752, 0.1, 0.4}, {0}}, /* equal S-S distances within and between the cuboctahedra */
        .centre_orbit = -1,
        .source = "Murray and Sanders, Phil. Mag. A 42, 721 (1980)",
    },
    {
        .name = "CaB6",
        .aliases = "D21",
        .strukturbericht = "D2_1",
        .pearson = "cP7",
        .group = &pm_3m,
        .n_orbits = 2,
        .orbits = {{BNSL__LARGE, "1a", 1, "0,0,0"}, {BNSL__SMALL, "6f", 6, "x,1/2,1/2"}},
        .free = {{0.207, 0.15, 0.25}, {0}, {0}}, /* from the Crystal Lattice Structures pages of the NRL; S-S equal at (sqrt 2 - 1) / 2 */
        .centre_orbit = -1,
        .source = "Pauling and Weinbaum, Z. Kristallogr. 87, 181 (1934)",
    },
    {
        /* As 4f, Mg has a z of its own, 0.8442, which is 0.7502 above that of 4e, and Ni on 4f 0.1251: 3/4 and 1/8 hold for regular tetrahedra,
         * whose z is 3/32 and x 1/6. */
        .name = "MgNi2",
        .aliases = "C36",
        .strukturbericht = "C36",
        .pearson = "hP24",
        .group = &p63_mmc,
        .n_orbits = 5,
        .orbits = {{BNSL__LARGE, "4e", 4, "0,0,z"},
                   {BNSL__LARGE, "4f", 4, "1/3,2/3,z+3/4"},
                   {BNSL__SMALL, "4f", 4, "1/3,2/3,1/8"},
                   {BNSL__SMALL, "6g", 6, "1/2,0,0"},
                   {BNSL__SMALL, "6h", 6, "x,2x,1/4"}},
        .c_over_a = {2 * SQRT_8_3, 2.6, 4.0},
        .free = {{0.1643, 0.08, 0.25}, {0}, {0.0940, 0.0625, 0.125}},
        .centre_orbit = -1,
        .source = "Komura and Tokunaga, Acta Cryst. B 36, 1548 (1980); c/a of regular tetrahedra",
    },
};

const int32_t bnsl__n_prototypes = sizeof bnsl__prototypes / sizeof bnsl__prototypes[0];
