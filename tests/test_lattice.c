/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prototypes: parameters, cells, bond lengths, packing, supercells and spheres. */
#include "bnsl_test.h"
#include "test_csv.h"

static bnsl_lattice *lattice_of(const char *name, double a, double c_over_a)
{
    bnsl_lattice_options o;
    bnsl_lattice *lattice = NULL;
    assert_ok(bnsl_lattice_options_init(&o, sizeof o));
    o.a = a;
    o.c_over_a = c_over_a;
    assert_ok(bnsl_lattice_create(&lattice, name, &o));
    return lattice;
}

/* A supercell in memory. */
typedef struct crystal {
    bnsl_box box;
    int64_t n;
    double *xyz;
    int32_t *species;
} crystal;

static crystal crystal_of(const bnsl_lattice *lattice, int32_t cell, int32_t nx, int32_t ny, int32_t nz)
{
    crystal c = {.n = -1};
    assert_status(bnsl_lattice_supercell(lattice, cell, nx, ny, nz, 0, &c.n, NULL, NULL, NULL), BNSL_EBUFFER);
    c.xyz = malloc(3 * (size_t)c.n * sizeof *c.xyz);
    c.species = malloc((size_t)c.n * sizeof *c.species);
    assert_non_null(c.xyz);
    assert_non_null(c.species);
    int64_t n = -1;
    assert_ok(bnsl_lattice_supercell(lattice, cell, nx, ny, nz, c.n, &n, &c.box, c.xyz, c.species));
    assert_int_equal(n, c.n);
    return c;
}

static void crystal_free(crystal *c)
{
    free(c->xyz);
    free(c->species);
}

static double distance(const crystal *c, int64_t i, int64_t j)
{
    double d[3];
    for (int k = 0; k < 3; k++)
        d[k] = c->xyz[3 * j + k] - c->xyz[3 * i + k];
    assert_ok(bnsl_box_minimum_image(&c->box, 1, d));
    return sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

/* ---- facts ----------------------------------------------------------------------------------------- */

static void test_prototypes(void **state)
{
    (void)state;
    const struct {
        const char *name, *alias, *group;
        int32_t n_large, n_small;
        double volume;
    } want[] = {
        {"AlB2", "alb2", "P6/mmm", 1, 2, 8 * 0.86602540378443865}, {"NaZn13", "NAZN13", "Fm-3c", 8, 104, 8}, {"fcc", "FCC", "Fm-3m", 4, 0, 8}};
    for (int32_t i = 0; i < 3; i++) {
        assert_string_equal(bnsl_lattice_prototype_name(i), want[i].name);
        bnsl_lattice *lattice = lattice_of(want[i].alias, 2, 0);
        double a, c, volume;
        int32_t n_large, n_small;
        assert_string_equal(bnsl_lattice_name(lattice), want[i].name);
        assert_string_equal(bnsl_lattice_space_group(lattice), want[i].group);
        assert_ok(bnsl_lattice_constants(lattice, &a, &c, &volume));
        assert_ok(bnsl_lattice_sites(lattice, &n_large, &n_small));
        assert_true(a == 2 && c == 2);
        assert_close(volume, want[i].volume, 1e-15, 0);
        assert_int_equal(n_large, want[i].n_large);
        assert_int_equal(n_small, want[i].n_small);
        assert_ok(bnsl_lattice_constants(lattice, NULL, NULL, NULL));
        assert_ok(bnsl_lattice_sites(lattice, NULL, NULL));
        bnsl_lattice_destroy(lattice);
    }
    assert_null(bnsl_lattice_prototype_name(-1));
    assert_null(bnsl_lattice_prototype_name(bnsl_lattice_n_prototypes()));
    assert_string_equal(bnsl_lattice_name(NULL), "");
    assert_string_equal(bnsl_lattice_space_group(NULL), "");
    bnsl_lattice_destroy(NULL);
}

/* The paper's crystals: volume fractions, bond lengths and surface distances [reference values to the digits printed]. */
static void test_measured_crystals(void **state)
{
    (void)state;
    const struct {
        const char *name;
        double a, c_over_a, d_large, d_small, fraction, d_ll, d_ls, d_ss;
    } want[] = {{"AlB2", 13.077, 0.99, 10.4, 4.5, 0.357, 2.677, 2.49, 3.05},
                {"AlB2", 16.499, 0.99, 13.2, 6.4, 0.384, 3.30, 2.75, 3.13},
                {"NaZn13", 40.497, 0, 13.2, 6.4, 0.360, 7.05, 1.96, 2.07}};
    for (int i = 0; i < 3; i++) {
        bnsl_lattice *lattice = lattice_of(want[i].name, want[i].a, want[i].c_over_a);
        double fraction, ll, ls, ss, ll_paper, ls_paper, ss_paper;
        assert_ok(bnsl_lattice_volume_fraction(lattice, want[i].d_large, want[i].d_small, &fraction));
        assert_close(fraction, want[i].fraction, 0, 5.1e-4);
        assert_ok(bnsl_lattice_bond_lengths(lattice, BNSL_BONDS_GEOMETRY, &ll, &ls, &ss));
        assert_close(ll - want[i].d_large, want[i].d_ll, 0, 5.1e-3);
        assert_ok(bnsl_lattice_bond_lengths(lattice, BNSL_BONDS_PAPER, &ll_paper, &ls_paper, &ss_paper));
        assert_true(ll_paper == ll);
        assert_close(ls_paper - 0.5 * (want[i].d_large + want[i].d_small), want[i].d_ls, 0, 5.1e-3);
        assert_close(ss_paper - want[i].d_small, want[i].d_ss, 0, 5.1e-3);
        /* the printed constants of NaZn13 are 0.04 % and 0.14 % off those of its coordinates, those of AlB2 are the same to 5 digits */
        assert_close(ls, ls_paper, i == 2 ? 5e-4 : 5e-5, 0);
        assert_close(ss, ss_paper, i == 2 ? 1.5e-3 : 5e-5, 0);
        bnsl_lattice_destroy(lattice);
    }
}

/*
 * Shortest Zn2-Zn2 distance between neighbouring icosahedra of NaZn13, in units of a. From (0, y, z) about (0, 0, 0) to the icosahedron about
 * (0, 1/2, 0) or (0, 0, 1/2), whose vertices are that centre +- (0, z, y), (y, 0, z), (z, y, 0) with all signs.
 */
static double zn2_zn2(double y, double z)
{
    const double vertex[3][3] = {{0, z, y}, {y, 0, z}, {z, y, 0}};
    double best = INFINITY;
    for (int centre = 1; centre <= 2; centre++) {
        for (int v = 0; v < 3; v++) {
            for (int signs = 0; signs < 8; signs++) {
                const double from[3] = {0, y, z};
                double d2 = 0;
                for (int k = 0; k < 3; k++)
                    d2 += pow((k == centre ? 0.5 : 0) + (signs >> k & 1 ? -1 : 1) * vertex[v][k] - from[k], 2);
                best = fmin(best, d2);
            }
        }
    }
    return sqrt(best);
}

static void test_bond_lengths_closed_form(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 60; i++) {
        double a = 0.5 + 20 * test_uniform(&seed), ratio = 0.6 + test_uniform(&seed), ll, ls, ss;
        bnsl_lattice *alb2 = lattice_of("AlB2", a, ratio);
        assert_ok(bnsl_lattice_bond_lengths(alb2, BNSL_BONDS_GEOMETRY, &ll, &ls, &ss));
        assert_close(ll, a, 1e-14, 0); /* also where c < a */
        assert_close(ls, a * sqrt(1.0 / 3 + ratio * ratio / 4), 1e-14, 0);
        assert_close(ss, a * fmin(sqrt(1.0 / 3), ratio), 1e-14, 0);
        assert_ok(bnsl_lattice_bond_lengths(alb2, BNSL_BONDS_PAPER, &ll, &ls, &ss));
        assert_close(ls, a * 0.22883 / 0.30090, 1e-14, 0);
        assert_close(ss, a * 0.17372 / 0.30090, 1e-14, 0);
        bnsl_lattice_destroy(alb2);

        bnsl_lattice_options o;
        bnsl_lattice *nazn13 = NULL;
        assert_ok(bnsl_lattice_options_init(&o, sizeof o));
        o.a = a;
        o.y = 0.170 + 0.02 * test_uniform(&seed);
        o.z = 0.110 + 0.02 * test_uniform(&seed);
        assert_ok(bnsl_lattice_create(&nazn13, "NaZn13", &o));
        assert_ok(bnsl_lattice_bond_lengths(nazn13, BNSL_BONDS_GEOMETRY, &ll, &ls, &ss));
        assert_close(ll, a / 2, 1e-14, 0);
        assert_close(ls, a * sqrt(1.0 / 16 + pow(0.25 - o.y, 2) + pow(0.25 - o.z, 2)), 1e-13, 0);
        assert_close(ss, a * zn2_zn2(o.y, o.z), 1e-13, 0);
        bnsl_lattice_destroy(nazn13);
    }
    double ll, ls, ss;
    bnsl_lattice *fcc = lattice_of("fcc", 3, 1);
    assert_ok(bnsl_lattice_bond_lengths(fcc, BNSL_BONDS_GEOMETRY, &ll, &ls, &ss));
    assert_close(ll, 3 / sqrt(2.0), 1e-14, 0);
    assert_true(isnan(ls) && isnan(ss));
    assert_status(bnsl_lattice_bond_lengths(fcc, BNSL_BONDS_PAPER, &ll, &ls, &ss), BNSL_EUNSUPPORTED);
    double fraction;
    assert_ok(bnsl_lattice_volume_fraction(fcc, 3 / sqrt(2.0), NAN, &fraction));
    assert_close(fraction, 0.74048048969306102, 1e-14, 0); /* pi / sqrt(18) */
    bnsl_lattice_destroy(fcc);
}

/* ---- crystals -------------------------------------------------------------------------------------- */

/* "L", "S", "S1(8b)" or "S2(96i)" of a table against a particle of a crystal; S1 has all coordinates at multiples of a/2. */
static bool is_kind(const crystal *c, int64_t i, const char *kind, double a)
{
    if (kind[0] == 'L')
        return c->species[i] == 0;
    if (c->species[i] != 1)
        return false;
    if (kind[1] == '\0')
        return true;
    bool corner = true;
    for (int k = 0; k < 3; k++) {
        double x = c->xyz[3 * i + k] / (0.5 * a);
        corner = corner && fabs(x - rint(x)) < 1e-6;
    }
    return corner == (kind[1] == '1');
}

static void test_neighbour_shells(void **state)
{
    (void)state;
    const double a = 7;
    bnsl_lattice *alb2 = lattice_of("AlB2", a, 0.99), *nazn13 = lattice_of("NaZn13", a, 0);
    csv_table t = csv_read("lattice/neighbour_shells.csv");
    assert_int_equal(t.n_rows, 19);
    for (int cell = 0; cell < 2; cell++) {
        crystal crystals[2] = {crystal_of(alb2, cell, 4, 4 - 2 * cell, 4), crystal_of(nazn13, cell, 2, 2, 2)};
        for (int row = 0; row < t.n_rows; row++) {
            bool is_nazn13 = csv_text(&t, row, "structure")[0] == 'N';
            const crystal *c = &crystals[is_nazn13];
            const char *from = csv_text(&t, row, "from"), *to = csv_text(&t, row, "to");
            double r = csv_number(&t, row, "distance_over_bLL"), b_ll = is_nazn13 ? a / 2 : a;
            int64_t n_from = 0;
            for (int64_t i = 0; i < c->n && n_from < 12; i++) {
                if (!is_kind(c, i, from, a))
                    continue;
                n_from++;
                int count = 0;
                for (int64_t j = 0; j < c->n; j++)
                    if (j != i && is_kind(c, j, to, a) && fabs(distance(c, i, j) / b_ll - r) < 1e-4) /* cut to 4 digits */
                        count++;
                assert_int_equal(count, (int)csv_number(&t, row, "count"));
            }
            assert_true(n_from > 0);
        }
        crystal_free(&crystals[0]);
        crystal_free(&crystals[1]);
    }
    csv_free(&t);
    bnsl_lattice_destroy(alb2);
    bnsl_lattice_destroy(nazn13);
}

/* Any repeats and either cell: particles inside the box, right composition and density, none closer than the shortest bond. */
static void test_supercells(void **state)
{
    (void)state;
    uint64_t seed = 17;
    const int32_t n_kinds = bnsl_lattice_n_prototypes();
    for (int i = 0; i < 4 * n_kinds; i++) {
        const char *name = bnsl_lattice_prototype_name(i % n_kinds);
        bnsl_lattice *lattice = lattice_of(name, 1, 0);
        int32_t system = bnsl_lattice_system(lattice);
        bnsl_lattice_destroy(lattice);
        double a = 0.3 + 5 * test_uniform(&seed), ratio = system == BNSL_SYSTEM_CUBIC ? 0 : 0.8 + 0.4 * test_uniform(&seed), volume, box_volume;
        lattice = lattice_of(name, a, ratio);
        int32_t cell = (i / n_kinds) % 2, repeat[3], n_large, n_small;
        for (int k = 0; k < 3; k++)
            repeat[k] = 1 + (int32_t)(3 * test_uniform(&seed));
        crystal c = crystal_of(lattice, cell, repeat[0], repeat[1], repeat[2]);
        assert_ok(bnsl_lattice_sites(lattice, &n_large, &n_small));
        assert_ok(bnsl_lattice_constants(lattice, NULL, NULL, &volume));
        assert_ok(bnsl_box_volume(&c.box, &box_volume));
        int copies = system == BNSL_SYSTEM_HEXAGONAL && cell == BNSL_CELL_ORTHOGONAL ? 2 : 1, cells = copies * repeat[0] * repeat[1] * repeat[2];
        assert_int_equal(c.n, cells * (n_large + n_small));
        assert_close(box_volume, cells * volume, 1e-14, 0);
        assert_int_equal(c.box.periodic, BNSL_PERIODIC_XYZ);
        assert_true(cell == BNSL_CELL_CONVENTIONAL || (c.box.xy == 0 && c.box.xz == 0 && c.box.yz == 0));
        if (system == BNSL_SYSTEM_HEXAGONAL && cell == BNSL_CELL_CONVENTIONAL)
            assert_close(c.box.xy, -0.57735026918962573, 1e-15, 0);

        int32_t found[2] = {0, 0};
        double *s = malloc(3 * (size_t)c.n * sizeof *s), shortest = INFINITY;
        assert_non_null(s);
        assert_ok(bnsl_box_to_fractional(&c.box, c.n, c.xyz, s));
        for (int64_t j = 0; j < c.n; j++) {
            found[c.species[j]]++;
            for (int k = 0; k < 3; k++)
                assert_true(s[3 * j + k] >= -0.5 - 1e-15 && s[3 * j + k] < 0.5);
        }
        free(s);
        assert_int_equal(found[0], cells * n_large);
        assert_int_equal(found[1], cells * n_small);
        for (int64_t j = 0; j < c.n && j < 60; j++)
            for (int64_t k = j + 1; k < c.n; k++)
                shortest = fmin(shortest, distance(&c, j, k));
        double ll, ls, ss, expected;
        assert_ok(bnsl_lattice_bond_lengths(lattice, BNSL_BONDS_GEOMETRY, &ll, &ls, &ss));
        expected = fmin(ll, fmin(ls, ss)); /* fmin passes NaN over */
        assert_true(shortest >= expected * (1 - 1e-9));
        crystal_free(&c);
        bnsl_lattice_destroy(lattice);
    }
}

/* Repeats are copies: 2 x 1 x 1 shifted back by a is 1 x 1 x 1 twice. Order: by cell, then site. */
static void test_order_of_particles(void **state)
{
    (void)state;
    bnsl_lattice *lattice = lattice_of("NaZn13", 4, 0);
    crystal c = crystal_of(lattice, BNSL_CELL_CONVENTIONAL, 2, 2, 2);
    for (int64_t i = 112; i < c.n; i++) {
        assert_int_equal(c.species[i], c.species[i % 112]);
        for (int k = 0; k < 3; k++) {
            double cells = (c.xyz[3 * i + k] - c.xyz[3 * (i % 112) + k]) / 4;
            assert_close(cells, rint(cells), 0, 1e-12);
        }
    }
    crystal_free(&c);
    bnsl_lattice_destroy(lattice);
}

/* Against a cut from a large supercell; shells at exactly the radius are inside as a whole. */
static void test_spheres(void **state)
{
    (void)state;
    for (int p = 0; p < bnsl_lattice_n_prototypes(); p++) {
        const char *name = bnsl_lattice_prototype_name(p);
        bnsl_lattice *lattice = lattice_of(name, 1, p == 0 ? 0.99 : 0);
        bool hexagonal = bnsl_lattice_system(lattice) == BNSL_SYSTEM_HEXAGONAL;
        bool without_inversion = p == 1 || p == 10 || p == 11 || p == 3 || p == 15 || p == 13 || p == 19; /* at its L sites */
        crystal c = crystal_of(lattice, BNSL_CELL_ORTHOGONAL, 6, hexagonal ? 4 : 6, 6);
        int64_t centre = 0; /* the L particle nearest to the middle of the box */
        double nearest = INFINITY;
        for (int64_t i = 0; i < c.n; i++) {
            double r = sqrt(pow(c.xyz[3 * i], 2) + pow(c.xyz[3 * i + 1], 2) + pow(c.xyz[3 * i + 2], 2));
            if (c.species[i] == 0 && r < nearest) {
                nearest = r;
                centre = i;
            }
        }
        const double radii[] = {1e-6, 0.3, 0.5, 0.70710678118654757, 1.0, 1.5, 1.8};
        for (int k = 0; k < 7; k++) {
            int64_t expected = 0, n = -1, m = -1;
            for (int64_t i = 0; i < c.n; i++)
                expected += distance(&c, centre, i) <= radii[k] * (1 + 1e-9);
            assert_status(bnsl_lattice_sphere(lattice, radii[k], 0, &n, NULL, NULL), BNSL_EBUFFER);
            assert_int_equal(n, expected);
            double *xyz = malloc(3 * (size_t)n * sizeof *xyz);
            int32_t *species = malloc((size_t)n * sizeof *species);
            assert_non_null(xyz);
            assert_non_null(species);
            assert_ok(bnsl_lattice_sphere(lattice, radii[k], n, &m, xyz, species));
            assert_int_equal(m, n);
            bool has_centre = false;
            double sum[3] = {0, 0, 0};
            for (int64_t i = 0; i < n; i++) {
                double r2 = 0;
                for (int d = 0; d < 3; d++) {
                    r2 += xyz[3 * i + d] * xyz[3 * i + d];
                    sum[d] += xyz[3 * i + d];
                }
                assert_true(sqrt(r2) <= radii[k] * (1 + 2e-9));
                has_centre = has_centre || (r2 == 0 && species[i] == 0);
            }
            assert_true(has_centre);
            for (int d = 0; !without_inversion && d < 3; d++)
                assert_close(sum[d], 0, 0, 1e-12 * (double)n); /* L on an inversion centre is in the middle */
            free(xyz);
            free(species);
        }
        crystal_free(&c);
        bnsl_lattice_destroy(lattice);
    }
}

/* ---- faults ---------------------------------------------------------------------------------------- */

static void test_bad_creation(void **state)
{
    (void)state;
    bnsl_lattice *lattice = NULL;
    bnsl_lattice_options o;
    assert_status(bnsl_lattice_create(NULL, "AlB2", NULL), BNSL_EINVAL);
    assert_status(bnsl_lattice_create(&lattice, NULL, NULL), BNSL_EINVAL);
    const char *unknown[] = {"", "AlB", "AlB22", "MgB2!", "a name that is longer than any structure prototype would ever be in this list of them"};
    for (int i = 0; i < 5; i++) {
        lattice = (bnsl_lattice *)&o;
        assert_status(bnsl_lattice_create(&lattice, unknown[i], NULL), BNSL_EINVAL);
        assert_null(lattice);
        assert_non_null(strstr(bnsl_error_message(), "AlB2, NaZn13, fcc"));
    }
    const struct {
        const char *name;
        double a, c_over_a, y, z;
        int32_t reserved;
    } bad[] = {{"AlB2", 0, 1, 0, 0, 0},          {"AlB2", -1, 1, 0, 0, 0},        {"AlB2", NAN, 1, 0, 0, 0},
               {"AlB2", INFINITY, 1, 0, 0, 0},   {"AlB2", 1, -1, 0, 0, 0},        {"AlB2", 1, NAN, 0, 0, 0},
               {"AlB2", 1, INFINITY, 0, 0, 0},   {"AlB2", 1, 1, 0.1, 0, 0},       {"AlB2", 1, 1, 0, 0.1, 0},
               {"AlB2", 1, 1, 0, 0, 3},          {"NaZn13", 1, 0.99, 0, 0, 0},    {"NaZn13", 1, 1, 0.5, 0, 0},
               {"NaZn13", 1, 1, 1.2, 0, 0},      {"NaZn13", 1, 1, -0.1, 0, 0},    {"NaZn13", 1, 1, NAN, 0, 0},
               {"NaZn13", 1, 1, 0, INFINITY, 0}, {"NaZn13", 1, 1, 0.25, 0.25, 0}, {"fcc", 1, 1.1, 0, 0, 0},
               {"fcc", 1, 0, 0.2, 0, 0},         {"AlB2", 1e101, 1, 0, 0, 0},     {"AlB2", 1e99, 1e9, 0, 0, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_ok(bnsl_lattice_options_init(&o, sizeof o));
        o.a = bad[i].a;
        o.c_over_a = bad[i].c_over_a;
        o.y = bad[i].y;
        o.z = bad[i].z;
        o.reserved = bad[i].reserved;
        assert_status(bnsl_lattice_create(&lattice, bad[i].name, &o), BNSL_EINVAL);
        assert_null(lattice);
    }
    assert_status(bnsl_lattice_options_init(NULL, sizeof o), BNSL_EINVAL);
    assert_status(bnsl_lattice_options_init(&o, 2), BNSL_EINVAL);
    assert_ok(bnsl_lattice_create(&lattice, "AlB2", NULL));
    double a, c;
    assert_ok(bnsl_lattice_constants(lattice, &a, &c, NULL));
    assert_true(a == 1 && c == 1);
    bnsl_lattice_destroy(lattice);
}

static void test_bad_arguments(void **state)
{
    (void)state;
    bnsl_lattice *lattice = lattice_of("AlB2", 1, 0.99);
    double x = 7, y = 7, z = 7, xyz[9] = {7};
    int32_t species[3] = {7};
    int64_t n = 7;
    bnsl_box box = {.lx = 7};
    assert_status(bnsl_lattice_constants(NULL, &x, &y, &z), BNSL_EINVAL);
    assert_status(bnsl_lattice_sites(NULL, species, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_bond_lengths(NULL, 0, &x, &y, &z), BNSL_EINVAL);
    assert_status(bnsl_lattice_bond_lengths(lattice, 2, &x, &y, &z), BNSL_EINVAL);
    assert_status(bnsl_lattice_bond_lengths(lattice, -1, &x, &y, &z), BNSL_EINVAL);
    const double bad[] = {0, -1, NAN, INFINITY, 1e200};
    for (int i = 0; i < 5; i++) {
        assert_status(bnsl_lattice_volume_fraction(lattice, bad[i], 1, &x), BNSL_EINVAL);
        assert_status(bnsl_lattice_volume_fraction(lattice, 1, bad[i], &x), BNSL_EINVAL);
        assert_status(bnsl_lattice_sphere(lattice, bad[i], 3, &n, xyz, species), BNSL_EINVAL);
    }
    assert_status(bnsl_lattice_volume_fraction(NULL, 1, 1, &x), BNSL_EINVAL);
    assert_status(bnsl_lattice_volume_fraction(lattice, 1, 1, NULL), BNSL_EINVAL);
    assert_status(bnsl_lattice_sphere(NULL, 1, 3, &n, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_sphere(lattice, 1, 3, NULL, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_sphere(lattice, 1, -1, &n, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_sphere(lattice, 0.1, 3, &n, NULL, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_sphere(lattice, 0.1, 3, &n, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_lattice_sphere(lattice, 1e6, 3, &n, xyz, species), BNSL_EINVAL);

    const int32_t repeats[][3] = {{0, 1, 1}, {1, -1, 1}, {1, 1, 0}, {INT32_MIN, 1, 1}, {INT32_MAX, INT32_MAX, INT32_MAX}, {100000, 1000, 100}};
    for (int i = 0; i < 6; i++)
        assert_status(bnsl_lattice_supercell(lattice, 0, repeats[i][0], repeats[i][1], repeats[i][2], 3, &n, &box, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_supercell(lattice, 2, 1, 1, 1, 3, &n, &box, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_supercell(lattice, -1, 1, 1, 1, 3, &n, &box, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_supercell(NULL, 0, 1, 1, 1, 3, &n, &box, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_supercell(lattice, 0, 1, 1, 1, 3, NULL, &box, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_supercell(lattice, 0, 1, 1, 1, -3, &n, &box, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_supercell(lattice, 0, 1, 1, 1, 3, &n, NULL, xyz, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_supercell(lattice, 0, 1, 1, 1, 3, &n, &box, NULL, species), BNSL_EINVAL);
    assert_status(bnsl_lattice_supercell(lattice, 0, 1, 1, 1, 3, &n, &box, xyz, NULL), BNSL_EINVAL);
    assert_true(n == 7 && x == 7 && y == 7 && z == 7 && xyz[0] == 7 && species[0] == 7 && box.lx == 7);
    /* too small a buffer: n alone is set */
    assert_status(bnsl_lattice_supercell(lattice, 0, 1, 1, 1, 2, &n, &box, xyz, species), BNSL_EBUFFER);
    assert_true(n == 3 && xyz[0] == 7 && species[0] == 7 && box.lx == 7);
    bnsl_lattice_destroy(lattice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prototypes),       cmocka_unit_test(test_measured_crystals), cmocka_unit_test(test_bond_lengths_closed_form),
        cmocka_unit_test(test_neighbour_shells), cmocka_unit_test(test_supercells),        cmocka_unit_test(test_order_of_particles),
        cmocka_unit_test(test_spheres),          cmocka_unit_test(test_bad_creation),      cmocka_unit_test(test_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
