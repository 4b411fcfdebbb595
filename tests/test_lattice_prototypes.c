/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every prototype against what textbooks say of its structure: contents of the cell, bond lengths in closed form, coordination numbers. */
#include "bnsl_test.h"

typedef struct fact {
    const char *name, *alias, *group, *pearson;
    int32_t system, n_large, n_small, n_primitive;
    double c_over_a, x, y, z; /* 0: the prototype's own */
    double b_ll, b_ls, b_ss;  /* a = 1; 0: no such pair */
    int32_t around_l[2], around_s[2]; /* L, S at those distances from the first L; from the last S */
} fact;

#define R2 1.4142135623730951
#define R3 1.7320508075688772

/* c/a of MgZn2 and MgNi2 and their x and z are those of equal and regular tetrahedra: then C14 and C36 have the distances of C15. */
static const fact facts[] = {
    {"AlB2", "c32", "P6/mmm", "hP3", BNSL_SYSTEM_HEXAGONAL, 1, 2, 1, 1.1, 0, 0, 0, 1, 0.79739158, 1 / R3, {6, 12}, {6, 3}},
    {"NaZn13", "ico-AB13", "Fm-3c", "cF112", BNSL_SYSTEM_CUBIC, 8, 104, 4, 0, 0, 0, 0, 0.5, 0.29056, 0.209404, {6, 24}, {2, 2}},
    {"fcc", "A1", "Fm-3m", "cF4", BNSL_SYSTEM_CUBIC, 4, 0, 4, 0, 0, 0, 0, 1 / R2, 0, 0, {12, 0}, {0, 0}},
    {"hcp", "Mg", "P6_3/mmc", "hP2", BNSL_SYSTEM_HEXAGONAL, 2, 0, 1, 0, 0, 0, 0, 1, 0, 0, {12, 0}, {0, 0}},
    {"bcc", "W", "Im-3m", "cI2", BNSL_SYSTEM_CUBIC, 2, 0, 2, 0, 0, 0, 0, R3 / 2, 0, 0, {8, 0}, {0, 0}},
    {"sc", "Po", "Pm-3m", "cP1", BNSL_SYSTEM_CUBIC, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, {6, 0}, {0, 0}},
    {"NaCl", "B1", "Fm-3m", "cF8", BNSL_SYSTEM_CUBIC, 4, 4, 4, 0, 0, 0, 0, 1 / R2, 0.5, 1 / R2, {12, 6}, {6, 12}},
    {"CsCl", "B2", "Pm-3m", "cP2", BNSL_SYSTEM_CUBIC, 1, 1, 1, 0, 0, 0, 0, 1, R3 / 2, 1, {6, 8}, {8, 6}},
    {"CuAu", "L10", "P4/mmm", "tP2", BNSL_SYSTEM_TETRAGONAL, 1, 1, 1, 1.3, 0, 0, 0, 1, 0.96046863561492728, 1, {4, 8}, {8, 4}},
    {"Cu3Au", "auCU3", "Pm-3m", "cP4", BNSL_SYSTEM_CUBIC, 1, 3, 1, 0, 0, 0, 0, 1, 1 / R2, 1 / R2, {6, 12}, {4, 8}},
    {"MgZn2", "C14", "P6_3/mmc", "hP12", BNSL_SYSTEM_HEXAGONAL, 4, 8, 1, 1.632993161855452, 5 / 6.0, 0, 0.0625, 0.61237243569579447,
     0.58630196997792872, 0.5, {4, 12}, {6, 6}},
    {"MgCu2", "C15", "Fd-3m", "cF24", BNSL_SYSTEM_CUBIC, 8, 16, 4, 0, 0, 0, 0, R3 / 4, 0.41457809879442498, R2 / 4, {4, 12}, {6, 6}},
    {"CaCu5", "D2d", "P6/mmm", "hP6", BNSL_SYSTEM_HEXAGONAL, 1, 5, 1, 1 / R2, 0, 0, 0, 1 / R2, 1 / R3, 0.45643546458763845, {2, 6}, {0, 4}},
    {"Fe4C", "CFe4", "P-43m", "cP5", BNSL_SYSTEM_CUBIC, 1, 4, 1, 0, 0.26, 0, 0, 1, 0.26 * R3, 0.48 * R2, {6, 4}, {1, 3}},
    {"bcc-AB6", "Cs6C60", "Im-3m", "cI14", BNSL_SYSTEM_CUBIC, 2, 12, 2, 0, 0, 0, 0, R3 / 2, 0.55901699437494745, R2 / 4, {8, 24}, {4, 4}},
    {"NiAs", "B81", "P6_3/mmc", "hP4", BNSL_SYSTEM_HEXAGONAL, 2, 2, 1, 1.7, 0, 0, 0, 1, 0.71690887, 0.85, {6, 6}, {6, 2}},
    {"Li3Bi", "BiF3", "Fm-3m", "cF16", BNSL_SYSTEM_CUBIC, 4, 12, 4, 0, 0, 0, 0, 1 / R2, R3 / 4, R3 / 4, {12, 8}, {4, 4}},
    {"cub-AB13", "cubAB13", "Pm-3m", "cP14", BNSL_SYSTEM_CUBIC, 1, 13, 1, 0, 0, 0.2, 0, 1, 0.57445626465380286, 0.4, {6, 24}, {2, 2}},
    {"CaB6", "D21", "Pm-3m", "cP7", BNSL_SYSTEM_CUBIC, 1, 6, 1, 0, 0.2, 0, 0, 1, 0.73484692283495345, 0.4, {6, 24}, {4, 1}},
    {"MgNi2", "c36", "P6_3/mmc", "hP24", BNSL_SYSTEM_HEXAGONAL, 8, 16, 1, 3.265986323710904, 1 / 6.0, 0, 0.09375, 0.61237243569579447,
     0.58630196997792872, 0.5, {4, 12}, {6, 6}},
};
enum { N_FACTS = sizeof facts / sizeof facts[0] };

static bnsl_lattice *lattice_of(const char *name, const fact *f)
{
    bnsl_lattice_options o;
    bnsl_lattice *lattice = NULL;
    assert_ok(bnsl_lattice_options_init(&o, sizeof o));
    o.c_over_a = f->c_over_a;
    o.x = f->x;
    o.y = f->y;
    o.z = f->z;
    assert_ok(bnsl_lattice_create(&lattice, name, &o));
    return lattice;
}

static void test_cells(void **state)
{
    (void)state;
    assert_int_equal(bnsl_lattice_n_prototypes(), N_FACTS);
    for (int i = 0; i < N_FACTS; i++) {
        const fact *f = &facts[i];
        assert_string_equal(bnsl_lattice_prototype_name(i), f->name);
        bnsl_lattice *lattice = lattice_of(f->alias, f);
        int32_t n_large, n_small, n_primitive;
        assert_string_equal(bnsl_lattice_name(lattice), f->name);
        assert_string_equal(bnsl_lattice_space_group(lattice), f->group);
        assert_string_equal(bnsl_lattice_pearson_symbol(lattice), f->pearson);
        assert_true(strlen(bnsl_lattice_source(lattice)) > 10);
        assert_int_equal(bnsl_lattice_system(lattice), f->system);
        assert_ok(bnsl_lattice_sites(lattice, &n_large, &n_small));
        assert_ok(bnsl_lattice_primitive_cells(lattice, &n_primitive));
        assert_int_equal(n_large, f->n_large);
        assert_int_equal(n_small, f->n_small);
        assert_int_equal(n_primitive, f->n_primitive);
        /* Pearson's symbol: system, centring, sites of the conventional cell */
        assert_int_equal(atoi(f->pearson + 2), n_large + n_small);
        assert_true(f->pearson[0] == "cht"[f->system]);
        assert_int_equal(n_primitive, f->pearson[1] == 'F' ? 4 : f->pearson[1] == 'I' ? 2 : 1);
        bnsl_lattice_destroy(lattice);
    }
}

/* Sites in order, within the cell, as many as their Wyckoff symbols say. */
static void test_sites(void **state)
{
    (void)state;
    for (int i = 0; i < N_FACTS; i++) {
        bnsl_lattice *lattice = lattice_of(facts[i].name, &facts[i]);
        int32_t run = 0, n = facts[i].n_large + facts[i].n_small;
        const char *wyckoff, *last = NULL;
        for (int32_t s = 0, species = -1; s < n; s++) {
            double x[3];
            const int32_t before = species;
            assert_ok(bnsl_lattice_site(lattice, s, x, &species));
            wyckoff = bnsl_lattice_site_wyckoff(lattice, s);
            assert_int_equal(species, s >= facts[i].n_large);
            for (int k = 0; k < 3; k++)
                assert_true(x[k] >= 0 && x[k] < 1);
            if (last && (strcmp(last, wyckoff) != 0 || species != before)) {
                assert_int_equal(run, atoi(last));
                run = 0;
            }
            run++;
            last = wyckoff;
        }
        assert_int_equal(run, atoi(last));
        double x[3] = {7, 7, 7};
        assert_status(bnsl_lattice_site(lattice, n, x, NULL), BNSL_EINVAL);
        assert_status(bnsl_lattice_site(lattice, -1, x, NULL), BNSL_EINVAL);
        assert_true(x[0] == 7);
        assert_ok(bnsl_lattice_site(lattice, 0, NULL, NULL));
        assert_string_equal(bnsl_lattice_site_wyckoff(lattice, -1), "");
        assert_string_equal(bnsl_lattice_site_wyckoff(lattice, n), "");
        bnsl_lattice_destroy(lattice);
    }
}

/* Particles of one species at a distance from particle i. */
static int32_t count(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int64_t i, int32_t wanted, double distance)
{
    int32_t found = 0;
    for (int64_t j = 0; j < n; j++) {
        double d[3] = {xyz[3 * j] - xyz[3 * i], xyz[3 * j + 1] - xyz[3 * i + 1], xyz[3 * j + 2] - xyz[3 * i + 2]};
        assert_ok(bnsl_box_minimum_image(box, 1, d));
        double r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        found += j != i && species[j] == wanted && fabs(r - distance) < 1e-5;
    }
    return found;
}

static void test_neighbours(void **state)
{
    (void)state;
    for (int i = 0; i < N_FACTS; i++) {
        const fact *f = &facts[i];
        bnsl_lattice *lattice = lattice_of(f->name, f);
        double b[3];
        assert_ok(bnsl_lattice_bond_lengths(lattice, BNSL_BONDS_GEOMETRY, &b[0], &b[1], &b[2]));
        const double want[3] = {f->b_ll, f->b_ls, f->b_ss};
        for (int k = 0; k < 3; k++)
            assert_true(want[k] == 0 ? isnan(b[k]) : fabs(b[k] - want[k]) < 1e-5);
        for (int32_t cell = 0; cell < 2; cell++) {
            int64_t n = 0;
            bnsl_box box;
            assert_status(bnsl_lattice_supercell(lattice, cell, 4, 3, 4, 0, &n, NULL, NULL, NULL), BNSL_EBUFFER);
            double *xyz = malloc(3 * (size_t)n * sizeof *xyz);
            int32_t *species = malloc((size_t)n * sizeof *species);
            assert_non_null(xyz);
            assert_non_null(species);
            assert_ok(bnsl_lattice_supercell(lattice, cell, 4, 3, 4, n, &n, &box, xyz, species));
            assert_int_equal(count(&box, n, xyz, species, 0, 0, f->b_ll), f->around_l[0]);
            assert_int_equal(count(&box, n, xyz, species, 0, 1, f->b_ls), f->around_l[1]);
            if (f->n_small > 0) {
                int64_t last = f->n_large + f->n_small - 1; /* of the first cell */
                assert_int_equal(species[last], 1);
                assert_int_equal(count(&box, n, xyz, species, last, 0, f->b_ls), f->around_s[0]);
                assert_int_equal(count(&box, n, xyz, species, last, 1, f->b_ss), f->around_s[1]);
            }
            free(xyz);
            free(species);
        }
        bnsl_lattice_destroy(lattice);
    }
}

/* Parameters: own ones, given ones, refusals. */
static void test_parameters(void **state)
{
    (void)state;
    bnsl_lattice *lattice = NULL;
    double x, y, z, a, c;
    bnsl_lattice_options o;
    assert_ok(bnsl_lattice_create(&lattice, "MgZn2", NULL));
    assert_ok(bnsl_lattice_parameters(lattice, &x, &y, &z));
    assert_ok(bnsl_lattice_constants(lattice, &a, &c, NULL));
    assert_true(x == 0.830 && y == 0 && z == 0.062 && a == 1 && c == 1.64);
    assert_ok(bnsl_lattice_parameters(lattice, NULL, NULL, NULL));
    bnsl_lattice_destroy(lattice);
    assert_ok(bnsl_lattice_options_init(&o, sizeof o));
    o.x = 0.27;
    assert_ok(bnsl_lattice_create(&lattice, "fe4c", &o));
    assert_ok(bnsl_lattice_parameters(lattice, &x, &y, &z));
    assert_true(x == 0.27 && y == 0 && z == 0);
    bnsl_lattice_destroy(lattice);
    const struct {
        const char *name;
        double c_over_a, x, y, z;
    } bad[] = {{"Fe4C", 0, 1, 0, 0},     {"Fe4C", 0, -0.1, 0, 0}, {"Fe4C", 0, NAN, 0, 0}, {"Fe4C", 0, 0, 0.2, 0},     {"Fe4C", 0, 0.5, 0, 0},
               {"cub-AB13", 0, 0, 0.5, 0}, {"MgZn2", 0, 0.8, 0.1, 0}, {"CuAu", -1, 0, 0, 0},  {"CuAu", INFINITY, 0, 0, 0}, {"Cu3Au", 1.1, 0, 0, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_ok(bnsl_lattice_options_init(&o, sizeof o));
        o.c_over_a = bad[i].c_over_a;
        o.x = bad[i].x;
        o.y = bad[i].y;
        o.z = bad[i].z;
        assert_status(bnsl_lattice_create(&lattice, bad[i].name, &o), BNSL_EINVAL);
        assert_null(lattice);
    }
    assert_status(bnsl_lattice_create(&lattice, "C1", NULL), BNSL_EINVAL); /* the beginning of an alias is none */
    assert_status(bnsl_lattice_create(&lattice, "C14, C15", NULL), BNSL_EINVAL);
    assert_status(bnsl_lattice_parameters(NULL, &x, &y, &z), BNSL_EINVAL);
    assert_status(bnsl_lattice_primitive_cells(NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_lattice_site(NULL, 0, NULL, NULL), BNSL_EINVAL);
    assert_string_equal(bnsl_lattice_aliases(NULL), "");
    assert_string_equal(bnsl_lattice_strukturbericht(NULL), "");
    assert_string_equal(bnsl_lattice_pearson_symbol(NULL), "");
    assert_string_equal(bnsl_lattice_source(NULL), "");
    assert_int_equal(bnsl_lattice_system(NULL), BNSL_SYSTEM_CUBIC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cells), cmocka_unit_test(test_sites), cmocka_unit_test(test_neighbours),
                                       cmocka_unit_test(test_parameters)};
    return cmocka_run_group_tests_name("lattice prototypes", tests, NULL, NULL);
}
