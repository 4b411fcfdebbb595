/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Densest packings: closed forms, maxima of the literature, and that no other parameters do better. */
#include "bnsl_test.h"

#define PI_6 0.52359877559829887

static bnsl_lattice *lattice_of(const char *name)
{
    bnsl_lattice *lattice = NULL;
    assert_ok(bnsl_lattice_create(&lattice, name, NULL));
    return lattice;
}

static double densest(const char *name, double ratio)
{
    bnsl_lattice *lattice = lattice_of(name);
    bnsl_lattice_packing p;
    assert_ok(bnsl_lattice_densest_packing(lattice, 1, ratio, BNSL_RELAX_ALL, &p));
    bnsl_lattice_destroy(lattice);
    return p.fraction;
}

static double max3(double a, double b, double c)
{
    return fmax(a, fmax(b, c));
}

/* Volume of the cell from the contacts L-L, L-S, S-S, with d_L = 1, d_S = g. */
static double cell_volume(int which, double g)
{
    double s = 0.5 * (1 + g);
    switch (which) {
    case 0: return pow(max3(sqrt(2), 2 * s, sqrt(2) * g), 3);                             /* NaCl */
    case 1: return pow(max3(1, 2 * s / sqrt(3), g), 3);                                   /* CsCl */
    case 2: return pow(max3(1, sqrt(2) * s, sqrt(2) * g), 3);                             /* Cu3Au */
    case 3: return pow(max3(4 / sqrt(3), 8 * s / sqrt(11), sqrt(8) * g), 3);              /* MgCu2 */
    case 4: return pow(max3(2 / sqrt(3), 4 * s / sqrt(5), sqrt(8) * g), 3);               /* bcc-AB6 */
    case 5: return pow(max3(sqrt(2), 4 * s / sqrt(3), 4 * g / sqrt(3)), 3);               /* Li3Bi */
    case 7: return pow(fmax(1, (1 + sqrt(2)) * g), 3);                                     /* CaB6: nets of S with equal edges */
    case 6: {                                                                             /* AlB2: a from the plane, c from L-S or L-L */
        double a = fmax(1, sqrt(3) * g);
        return sqrt(0.75) * a * a * fmax(1, 2 * sqrt(fmax(0, s * s - a * a / 3)));
    }
    default: return fmax(1, 2 * sqrt(fmax(0, s * s - 0.5)));                              /* CuAu */
    }
}

static void test_closed_forms(void **state)
{
    (void)state;
    const struct {
        const char *name;
        int n_large, n_small;
    } of[] = {{"NaCl", 4, 4},     {"CsCl", 1, 1},   {"Cu3Au", 1, 3}, {"MgCu2", 8, 16},
              {"bcc-AB6", 2, 12}, {"Li3Bi", 4, 12}, {"AlB2", 1, 2},  {"CaB6", 1, 6}, {"CuAu", 1, 1}};
    for (int i = 0; i < 9; i++)
        for (double g = 0.2; g <= 1; g += 0.0531)
            assert_close(densest(of[i].name, g), PI_6 * (of[i].n_large + of[i].n_small * g * g * g) / cell_volume(i, g), 1e-9, 0);
    const double ratios[] = {0.3, 1, 7};
    for (int i = 0; i < 3; i++) {
        assert_close(densest("fcc", ratios[i]), 0.74048048969306102, 1e-13, 0); /* pi / sqrt 18 */
        assert_close(densest("hcp", ratios[i]), 0.74048048969306102, 1e-9, 0);
        assert_close(densest("bcc", ratios[i]), 0.68017476158783017, 1e-13, 0); /* pi sqrt(3) / 8 */
        assert_close(densest("sc", ratios[i]), PI_6, 1e-13, 0);
    }
}

/*
 * Maxima of the space-filling curves [Parthe 1961; Murray and Sanders 1980], at the ratio where the contacts meet. Laves phases: C14 and C36 are as
 * dense as C15, with the ideal parameters. NiAs is NaCl with hexagonal stacking.
 */
static void test_maxima(void **state)
{
    (void)state;
    assert_close(densest("NaCl", sqrt(2) - 1), 0.793, 0, 5e-4);
    assert_close(densest("NiAs", sqrt(2) - 1), densest("NaCl", sqrt(2) - 1), 1e-9, 0);
    assert_close(densest("CsCl", sqrt(3) - 1), 0.729, 0, 5e-4);
    assert_close(densest("MgCu2", sqrt(2.0 / 3)), 0.710, 0, 5e-4);
    assert_close(densest("MgZn2", sqrt(2.0 / 3)), densest("MgCu2", sqrt(2.0 / 3)), 1e-9, 0);
    assert_close(densest("MgNi2", sqrt(2.0 / 3)), densest("MgCu2", sqrt(2.0 / 3)), 1e-9, 0);
    assert_close(densest("AlB2", 2 * sqrt(7.0 / 12) - 1), 0.782, 0, 5e-4);

    /* AB13 of cuboctahedra: equal distances within and between, (sqrt 2 - 1) a / 2 each; and L-S */
    double y = 0.5 * (sqrt(2) - 1), d_s = sqrt(2) * (0.5 - y), d_l = 2 * sqrt(0.25 + 2 * y * y) - d_s;
    assert_close(densest("cub-AB13", d_s / d_l), PI_6 * (pow(d_l, 3) + 13 * pow(d_s, 3)), 1e-9, 0);
    assert_close(densest("cub-AB13", d_s / d_l), 0.700, 0, 5e-4);

    /* AB13 of regular icosahedra, y = z (1 + sqrt 5) / 2: 0.738; with y and z free it is denser */
    double best = 0, best_free = 0;
    for (double g = 0.55; g < 0.575; g += 0.0025) {
        for (double z = 0.108; z < 0.1125; z += 0.00025) {
            bnsl_lattice_options o;
            bnsl_lattice *lattice = NULL;
            bnsl_lattice_packing p;
            assert_ok(bnsl_lattice_options_init(&o, sizeof o));
            o.z = z;
            o.y = z * 0.5 * (1 + sqrt(5));
            assert_ok(bnsl_lattice_create(&lattice, "NaZn13", &o));
            assert_ok(bnsl_lattice_densest_packing(lattice, 1, g, BNSL_RELAX_NOTHING, &p));
            assert_true(p.y == o.y && p.z == o.z);
            best = fmax(best, p.fraction);
            bnsl_lattice_destroy(lattice);
        }
        best_free = fmax(best_free, densest("NaZn13", g));
    }
    assert_close(best, 0.738, 0, 1.5e-3); /* the grid above is 1e-3 short */
    assert_true(best_free > best && best_free < 0.76);
}

/* Shortest distance of each pair of species over a supercell; all pairs, no conventions. */
static void shortest_distances(const bnsl_lattice *lattice, double b[3])
{
    int64_t n = 0;
    bnsl_box box;
    assert_status(bnsl_lattice_supercell(lattice, 0, 2, 2, 2, 0, &n, NULL, NULL, NULL), BNSL_EBUFFER);
    double *xyz = malloc(3 * (size_t)n * sizeof *xyz), d[3];
    int32_t *species = malloc((size_t)n * sizeof *species);
    assert_non_null(xyz);
    assert_non_null(species);
    assert_ok(bnsl_lattice_supercell(lattice, 0, 2, 2, 2, n, &n, &box, xyz, species));
    b[0] = b[1] = b[2] = INFINITY;
    for (int64_t i = 0; i < n / 8; i++) {
        for (int64_t j = 0; j < n; j++) {
            for (int k = 0; k < 3; k++)
                d[k] = xyz[3 * j + k] - xyz[3 * i + k];
            assert_ok(bnsl_box_minimum_image(&box, 1, d));
            double r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
            int32_t pair = species[i] + species[j];
            if (j != i)
                b[pair] = fmin(b[pair], r);
        }
    }
    /* a cell is 1 x 1 x 1: the images of a site itself are in the 2 x 2 x 2 */
    free(xyz);
    free(species);
}

/* The returned cell has no overlap and the contacts it names; it stays the same for other units and is at least as dense as the fixed one. */
static void test_no_overlap(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int32_t i = 0; i < bnsl_lattice_n_prototypes(); i++) {
        bnsl_lattice *lattice = lattice_of(bnsl_lattice_prototype_name(i)), *packed = NULL;
        for (int k = 0; k < 4; k++) {
            double g = 0.25 + 0.75 * test_uniform(&seed), unit = 0.1 + 20 * test_uniform(&seed), b[3], fraction;
            bnsl_lattice_packing p, fixed;
            bnsl_lattice_options o;
            assert_ok(bnsl_lattice_densest_packing(lattice, unit, g * unit, BNSL_RELAX_ALL, &p));
            assert_ok(bnsl_lattice_densest_packing(lattice, 1, g, BNSL_RELAX_NOTHING, &fixed));
            assert_true(p.fraction >= fixed.fraction * (1 - 1e-12));
            assert_ok(bnsl_lattice_options_init(&o, sizeof o));
            o.a = p.a;
            o.c_over_a = p.c_over_a;
            o.x = p.x;
            o.y = p.y;
            o.z = p.z;
            assert_ok(bnsl_lattice_create(&packed, bnsl_lattice_prototype_name(i), &o));
            assert_ok(bnsl_lattice_volume_fraction(packed, unit, g * unit, &fraction));
            assert_close(fraction, p.fraction, 1e-12, 0);
            shortest_distances(packed, b);
            const double contact[3] = {unit, 0.5 * unit * (1 + g), unit * g};
            const int32_t touch[3] = {p.touch_ll, p.touch_ls, p.touch_ss};
            for (int pair = 0; pair < 3; pair++) {
                assert_true(b[pair] >= contact[pair] * (1 - 1e-12));
                assert_int_equal(b[pair] < contact[pair] * (1 + 1.1e-7), touch[pair]);
            }
            assert_true(touch[0] + touch[1] + touch[2] >= 1);
            bnsl_lattice_destroy(packed);
        }
        bnsl_lattice_destroy(lattice);
    }
}

/* Random parameters within the ranges that lattice.h names are never denser. */
static void test_random_parameters_do_not_beat_it(void **state)
{
    (void)state;
    const struct {
        const char *name;
        double c[2], x[2], y[2], z[2];
        int n;
    } of[] = {{"AlB2", {0.5, 2}, {0, 0}, {0, 0}, {0, 0}, 300},
              {"CaCu5", {0.5, 1.5}, {0, 0}, {0, 0}, {0, 0}, 300},
              {"MgZn2", {1.3, 2}, {0.75, 0.92}, {0, 0}, {0.001, 0.125}, 1500},
              {"MgNi2", {2.6, 4}, {0.08, 0.25}, {0, 0}, {0.0625, 0.125}, 1500},
              {"CaB6", {0, 0}, {0.15, 0.25}, {0, 0}, {0, 0}, 300},
              {"Fe4C", {0, 0}, {0.2, 0.4}, {0, 0}, {0, 0}, 300},
              {"cub-AB13", {0, 0}, {0, 0}, {0.1, 0.4}, {0, 0}, 300},
              {"NaZn13", {0, 0}, {0, 0}, {0.15, 0.21}, {0.09, 0.145}, 150}};
    uint64_t seed = 11;
    for (int i = 0; i < 8; i++) {
        for (double g = 0.35; g < 0.9; g += 0.23) {
            double best = densest(of[i].name, g), closest = 0;
            for (int k = 0; k < of[i].n; k++) {
                bnsl_lattice *lattice = NULL;
                bnsl_lattice_packing p;
                bnsl_lattice_options o;
                assert_ok(bnsl_lattice_options_init(&o, sizeof o));
                o.c_over_a = of[i].c[0] + (of[i].c[1] - of[i].c[0]) * test_uniform(&seed);
                o.x = of[i].x[0] + (of[i].x[1] - of[i].x[0]) * test_uniform(&seed);
                o.y = of[i].y[0] + (of[i].y[1] - of[i].y[0]) * test_uniform(&seed);
                o.z = of[i].z[0] + (of[i].z[1] - of[i].z[0]) * test_uniform(&seed);
                assert_ok(bnsl_lattice_create(&lattice, of[i].name, &o));
                assert_ok(bnsl_lattice_densest_packing(lattice, 1, g, BNSL_RELAX_NOTHING, &p));
                closest = fmax(closest, p.fraction);
                bnsl_lattice_destroy(lattice);
            }
            assert_true(closest <= best * (1 + 1e-12));
            assert_true(closest > 0.85 * best); /* and they come near it: the maximum is one of this structure */
        }
    }
}

static void test_faults(void **state)
{
    (void)state;
    bnsl_lattice *lattice = lattice_of("AlB2");
    bnsl_lattice_packing p = {.fraction = 7};
    const double bad[] = {0, -1, NAN, INFINITY};
    for (int i = 0; i < 4; i++) {
        assert_status(bnsl_lattice_densest_packing(lattice, bad[i], 1, 0, &p), BNSL_EINVAL);
        assert_status(bnsl_lattice_densest_packing(lattice, 1, bad[i], 0, &p), BNSL_EINVAL);
    }
    assert_status(bnsl_lattice_densest_packing(lattice, 1, 1e-7, 0, &p), BNSL_EINVAL);
    assert_status(bnsl_lattice_densest_packing(lattice, 1, 1, 4, &p), BNSL_EINVAL);
    assert_status(bnsl_lattice_densest_packing(lattice, 1, 1, -1, &p), BNSL_EINVAL);
    assert_status(bnsl_lattice_densest_packing(NULL, 1, 1, 0, &p), BNSL_EINVAL);
    assert_status(bnsl_lattice_densest_packing(lattice, 1, 1, 0, NULL), BNSL_EINVAL);
    assert_true(p.fraction == 7);
    bnsl_lattice_destroy(lattice);
    lattice = lattice_of("fcc");
    assert_ok(bnsl_lattice_densest_packing(lattice, 2, NAN, BNSL_RELAX_ALL, &p)); /* no S: its diameter is not asked for */
    assert_true(p.touch_ll == 1 && p.touch_ls == 0 && p.touch_ss == 0);
    assert_close(p.a, sqrt(8), 1e-14, 0);
    bnsl_lattice_destroy(lattice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_closed_forms), cmocka_unit_test(test_maxima), cmocka_unit_test(test_no_overlap),
                                       cmocka_unit_test(test_random_parameters_do_not_beat_it), cmocka_unit_test(test_faults)};
    return cmocka_run_group_tests_name("lattice packing", tests, NULL, NULL);
}
