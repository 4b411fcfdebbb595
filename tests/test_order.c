/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steinhardt parameters: closed forms, the tables of perfect shells, a naive sum over pairs of bonds, invariances, threads, faults. */
#include "particles.h"
#include "shells.h"
#include "test_csv.h"

/* ---- reference values ----------------------------------------------------------------------------------- */

static void closed_forms(void **state)
{
    (void)state;
    static const int32_t l[] = {2, 4, 6, 8, 10};
    const double sc[] = {0, sqrt(7.0 / 12), 1 / sqrt(8), sqrt(33) / 8};
    const double fcc[] = {0, sqrt(7.0 / 192), 13 / (16 * sqrt(2))};
    const double ico[] = {0, 0, sqrt(11) / 5, 0, sqrt(247.0 / 1875)};
    /* AlB2 8 L: q_l^2 = (6 (2 + 4 P_l(1/2)) + 4 + 24 P_l(0)) / 64 */
    const double alb2[] = {NAN, 17.0 / 32, sqrt(2081.0 / 8192)};
    const struct {
        const char *name;
        int32_t first, last;
        const double *q;
    } cases[] = {{"SC,6", 0, 3, sc}, {"FCC,12", 0, 2, fcc}, {"Icosahedron,12", 0, 4, ico}, {"AlB2 c/a=1.084 L-L,8", 1, 2, alb2}};
    for (int32_t c = 0; c < 4; c++) {
        shell s = shell_named(cases[c].name);
        double q[5];
        shell_steinhardt(&s, 5, l, q, NULL);
        /* sums of some 10 terms of order 1 whose square root is taken: 1e-15 on q^2, so 3e-8 where q is 0 */
        for (int32_t i = cases[c].first; i <= cases[c].last; i++)
            assert_close(q[i] * q[i], cases[c].q[i] * cases[c].q[i], 0, 1e-14);
        for (int32_t i = cases[c].first; i <= cases[c].last; i++)
            if (cases[c].q[i] > 0)
                assert_close(q[i], cases[c].q[i], 1e-13, 0);
    }
}

static void table_of_perfect_shells(void **state)
{
    (void)state;
    csv_table t = csv_read("order/ql_wl_perfect.csv");
    assert_int_equal(t.n_rows, 54 * 11);
    for (int row = 0; row < t.n_rows; row += 11) {
        char name[100];
        snprintf(name, sizeof name, "%s,%s", csv_text(&t, row, "environment"), csv_text(&t, row, "n_neighbours"));
        shell s = shell_named(name);
        int32_t l[11];
        double q[11], w[11];
        for (int i = 0; i < 11; i++)
            l[i] = (int32_t)csv_number(&t, row + i, "l");
        shell_steinhardt(&s, 11, l, q, w);
        for (int i = 0; i < 11; i++) {
            double q_want = csv_number(&t, row + i, "q_l"), w_want = csv_number(&t, row + i, "w_l_normalised");
            assert_close(q[i], q_want, 0, 5.1e-7); /* six digits are printed */
            assert_close(w[i], w_want, 0, 5.1e-7); /* NaN where q is 0 */
            if (l[i] % 2 && !isnan(w[i]))
                assert_true(w[i] == 0);
        }
    }
    csv_free(&t);
}

/* q_l^2 = sum over pairs of bonds of P_l(cos angle) / N^2 (addition theorem), by the recurrence of P_l. */
static double naive_q(int64_t n, const double *xyz, int32_t l)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            const double *a = xyz + 3 * i, *b = xyz + 3 * j;
            double c = (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) /
                       sqrt((a[0] * a[0] + a[1] * a[1] + a[2] * a[2]) * (b[0] * b[0] + b[1] * b[1] + b[2] * b[2]));
            double before = 0, p = 1;
            for (int32_t k = 0; k < l; k++) {
                double next = ((2 * k + 1) * c * p - k * before) / (k + 1);
                before = p;
                p = next;
            }
            sum += p;
        }
    return sqrt(sum) / (double)n;
}

static void random_shells_against_pairs(void **state)
{
    (void)state;
    uint64_t seed = 20;
    int32_t l[BNSL_ORDER_L_MAX + 1];
    for (int32_t i = 0; i <= BNSL_ORDER_L_MAX; i++)
        l[i] = BNSL_ORDER_L_MAX - i; /* in any order */
    for (int32_t n = 1; n <= SHELL_MAX; n += 3) {
        shell s = {.n = n};
        double q[BNSL_ORDER_L_MAX + 1], one;
        for (int32_t i = 0; i < 3 * n; i++)
            s.xyz[i] = test_normal(&seed);
        shell_steinhardt(&s, BNSL_ORDER_L_MAX + 1, l, q, NULL);
        for (int32_t i = 0; i <= BNSL_ORDER_L_MAX; i++) {
            assert_close(q[i], naive_q(n, s.xyz, l[i]), 2e-13, 0); /* both lose some l eps */
            shell_steinhardt(&s, 1, l + i, &one, NULL);
            assert_true(one == q[i]);
        }
    }
}

/* ---- properties ------------------------------------------------------------------------------------------ */

enum { N_L = 4 };
static const int32_t some_l[N_L] = {3, 4, 6, 11};

/* q and w of every particle with the neighbours within 1.4. Free both. */
static void within(const particles *p, const bnsl_box *box, int32_t num_threads, double **q, double **w)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.r_max = 1.4;
    assert_ok(bnsl_neighbor_create(&list, &o));
    assert_ok(bnsl_neighbor_build(list, box, p->n, p->xyz, NULL, NULL));
    *q = calloc((size_t)p->n * N_L, sizeof **q);
    *w = calloc((size_t)p->n * N_L, sizeof **w);
    assert_non_null(*q);
    assert_non_null(*w);
    assert_ok(bnsl_order_steinhardt(list, N_L, some_l, num_threads, *q, *w, NULL));
    bnsl_neighbor_destroy(list);
}

/* The particles map[i] of one system against i of the other. */
static void compare(int64_t n, const int64_t *map, const double *q, const double *w, const double *q_want, const double *w_want, double tolerance)
{
    for (int64_t i = 0; i < n; i++)
        for (int32_t k = 0; k < N_L; k++) {
            int64_t a = (map ? map[i] : i) * N_L + k, b = i * N_L + k;
            assert_close(q[a], q_want[b], 0, tolerance);
            assert_close(w[a], w_want[b], 0, 100 * tolerance); /* w is divided by |q|^3 */
        }
}

static void does_not_depend_on_the_frame(void **state)
{
    (void)state;
    uint64_t seed = 4;
    particles p = particles_crystal("fcc", 1, 4, 4, 4);
    particles_shake(&p, 0.1, 0, &seed);
    double *q, *w, *q2, *w2, rotation[9];
    within(&p, &p.box, 1, &q, &w);
    for (int64_t i = 0; i < p.n; i++) { /* a shift, some particles in other images */
        p.xyz[3 * i] += 0.3 + (i % 3 == 0) * p.box.lx;
        p.xyz[3 * i + 1] -= 1.7 + (i % 5 == 0) * p.box.ly;
        p.xyz[3 * i + 2] += 4.4;
    }
    within(&p, &p.box, 1, &q2, &w2);
    compare(p.n, NULL, q2, w2, q, w, 1e-13);
    free(q2), free(w2), free(q), free(w);

    within(&p, NULL, 1, &q, &w);
    random_rotation(rotation, &seed);
    rotate_all(p.n, p.xyz, rotation);
    within(&p, NULL, 1, &q2, &w2);
    compare(p.n, NULL, q2, w2, q, w, 1e-13);
    free(q2), free(w2);

    int64_t *map = calloc((size_t)p.n, sizeof *map); /* particle i goes to place map[i] */
    particles other = {.n = p.n, .xyz = calloc((size_t)p.n * 3, sizeof(double))};
    assert_non_null(map);
    assert_non_null(other.xyz);
    for (int64_t i = 0; i < p.n; i++) {
        map[i] = (i * 59 + 7) % p.n; /* 256 particles */
        memcpy(other.xyz + 3 * map[i], p.xyz + 3 * i, 3 * sizeof(double));
    }
    within(&other, NULL, 1, &q2, &w2);
    compare(p.n, map, q2, w2, q, w, 1e-13);
    free(q2), free(w2), free(q), free(w), free(map);
    particles_free(&other);
    particles_free(&p);
}

static void supercell_has_the_values_of_the_cell(void **state)
{
    (void)state;
    uint64_t seed = 9;
    particles cell = particles_crystal("fcc", 1, 1, 1, 1), super = {.n = 0};
    particles_shake(&cell, 0.1, 0, &seed);
    double edge = cell.box.lx, *q, *w, *q2, *w2;
    assert_ok(bnsl_box_init(&super.box, 3 * edge, 3 * edge, 3 * edge, 0, 0, 0));
    int64_t map[27 * 4];
    for (int32_t k = 0; k < 27; k++) {
        const double shift[3] = {edge * (k % 3 - 1), edge * (k / 3 % 3 - 1), edge * (k / 9 - 1)};
        for (int64_t i = 0; i < 4; i++)
            map[super.n + i] = i;
        particles_append(&super, &cell, shift);
    }
    within(&cell, &cell.box, 1, &q, &w); /* r_max is 1.4, the cell's edge 1.41: several images of a particle */
    within(&super, &super.box, 1, &q2, &w2);
    compare(super.n, map, q, w, q2, w2, 1e-13);
    free(q2), free(w2), free(q), free(w);
    particles_free(&super);
    particles_free(&cell);
}

/* q and w of the particles of one species with the k nearest of another; every one has the same values, which are returned. */
static void of_species(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t of, int32_t by, int32_t k, double q[N_L],
                       double w[N_L])
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = BNSL_NEIGHBOR_NEAREST;
    o.k = k;
    o.r_max = 0;
    o.query_species = of;
    o.point_species = by;
    assert_ok(bnsl_neighbor_create(&list, &o));
    assert_ok(bnsl_neighbor_build(list, box, n, xyz, species, NULL));
    double *all = calloc((size_t)n * 2 * N_L, sizeof *all);
    assert_non_null(all);
    assert_ok(bnsl_order_steinhardt(list, N_L, some_l, 1, all, all + n * N_L, NULL));
    int64_t one = 0;
    while (species[one] != of)
        one++;
    memcpy(q, all + one * N_L, N_L * sizeof *q);
    memcpy(w, all + (n + one) * N_L, N_L * sizeof *w);
    for (int64_t i = 0; i < n; i++)
        for (int32_t m = 0; m < N_L && species[i] == of; m++) {
            assert_close(all[i * N_L + m], q[m], 0, 1e-12);
            assert_close(all[(n + i) * N_L + m], w[m], 0, 1e-12);
        }
    free(all);
    bnsl_neighbor_destroy(list);
}

/* AlB2 in its triclinic cell of three particles and in an orthorhombic one. */
static void the_shape_of_the_cell_does_not_matter(void **state)
{
    (void)state;
    static const double fraction[] = {0, 0, 0, 1.0 / 3, 2.0 / 3, 0.5, 2.0 / 3, 1.0 / 3, 0.5};
    static const int32_t species[] = {0, 1, 1};
    static const int32_t kinds[][3] = {{0, 0, 8}, {0, 1, 12}, {1, 0, 6}, {1, 1, 3}, {1, 1, 11}};
    const double c_over_a = 1.084;
    for (int32_t sign = -1; sign <= 1; sign += 2) { /* either angle, 60 or 120 degrees; and a cell with a far-off edge */
        bnsl_box box;
        double xyz[9], s[9];
        assert_ok(bnsl_box_init(&box, 1, sqrt(0.75), c_over_a, sign / sqrt(3), sign < 0 ? 0 : 3 / c_over_a, 0));
        for (int32_t i = 0; i < 9; i++)
            s[i] = i % 3 == 0 && sign > 0 ? fraction[i] - fraction[i + 1] - 3 * fraction[i + 2] : fraction[i];
        assert_ok(bnsl_box_to_cartesian(&box, 3, s, xyz));
        particles p = particles_crystal("AlB2", c_over_a, 2, 2, 2);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            double q[2][N_L], w[2][N_L];
            of_species(&box, 3, xyz, species, kinds[k][0], kinds[k][1], kinds[k][2], q[0], w[0]);
            of_species(&p.box, p.n, p.xyz, p.species, kinds[k][0], kinds[k][1], kinds[k][2], q[1], w[1]);
            for (int32_t m = 0; m < N_L; m++) {
                assert_close(q[0][m], q[1][m], 0, 1e-12);
                assert_close(w[0][m], w[1][m], 0, 1e-12);
            }
        }
        particles_free(&p);
    }
}

static void same_bytes_for_any_threads(void **state)
{
    (void)state;
    uint64_t seed = 1;
    particles p = particles_crystal("fcc", 1, 5, 5, 5);
    particles_shake(&p, 0.3, 0, &seed);
    double *q, *w, *q2, *w2;
    within(&p, &p.box, 0, &q, &w);
    for (int32_t t = 1; t <= 3; t++) {
        within(&p, &p.box, t, &q2, &w2);
        assert_memory_equal(q, q2, (size_t)p.n * N_L * sizeof *q);
        assert_memory_equal(w, w2, (size_t)p.n * N_L * sizeof *w);
        free(q2), free(w2);
    }
    free(q), free(w);
    particles_free(&p);
}

/* ---- particles without bonds, faults ----------------------------------------------------------------------- */

static bnsl_neighbor_list *radius_list(double r_max, int32_t flags, int64_t n, const double *xyz)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.r_max = r_max;
    o.flags = flags;
    assert_ok(bnsl_neighbor_create(&list, &o));
    if (n >= 0)
        assert_ok(bnsl_neighbor_build(list, NULL, n, xyz, NULL, NULL));
    return list;
}

static void unbound_particles_are_nan_and_counted(void **state)
{
    (void)state;
    /* 0 and 1 are neighbours, 2 is alone, 3 and 4 are at the same place: their bond has no direction */
    static const double xyz[] = {0, 0, 0, 1, 0, 0, 9, 9, 9, -7, 0, 0, -7, 0, 0};
    static const int32_t l[] = {4, 4, 3};
    bnsl_neighbor_list *list = radius_list(1.5, 0, 5, xyz);
    double q[15], w[15], q_only[15];
    int64_t unbound = -1;
    assert_ok(bnsl_order_steinhardt(list, 3, l, 1, q, w, &unbound));
    assert_int_equal(unbound, 3);
    for (int32_t i = 0; i < 2; i++) {
        for (int32_t k = 0; k < 3; k++)
            assert_close(q[3 * i + k], 1, 1e-15, 0); /* one bond */
        /* one bond along z: w = (4 4 4; 0 0 0) = 3 sqrt(2 / 1001), by Racah's formula */
        assert_close(w[3 * i], 3 * sqrt(2.0 / 1001), 1e-14, 0);
        assert_true(w[3 * i] == w[3 * i + 1] && w[3 * i + 2] == 0);
    }
    for (int32_t i = 6; i < 15; i++)
        assert_true(isnan(q[i]) && isnan(w[i]));
    assert_ok(bnsl_order_steinhardt(list, 3, l, 1, q_only, NULL, NULL));
    assert_memory_equal(q, q_only, 6 * sizeof *q);
    assert_ok(bnsl_order_steinhardt(list, 3, l, 1, NULL, NULL, &unbound));
    assert_int_equal(unbound, 3);
    bnsl_neighbor_destroy(list);

    list = radius_list(1.5, 0, 0, NULL);
    assert_ok(bnsl_order_steinhardt(list, 3, l, 1, q, w, &unbound));
    assert_int_equal(unbound, 0);
    bnsl_neighbor_destroy(list);
    list = radius_list(1.5, 0, -1, NULL); /* never built */
    assert_ok(bnsl_order_steinhardt(list, 3, l, 1, q, w, &unbound));
    assert_int_equal(unbound, 0);
    bnsl_neighbor_destroy(list);
}

static void bad_arguments(void **state)
{
    (void)state;
    static const double xyz[] = {0, 0, 0, 1, 0, 0};
    static const int32_t l[] = {4, 21}, negative[] = {-1};
    bnsl_neighbor_list *list = radius_list(1.5, 0, 2, xyz), *bare = radius_list(1.5, BNSL_NEIGHBOR_NO_VECTORS, 2, xyz);
    double q[4] = {5, 5, 5, 5};
    int64_t unbound = 5;
    assert_status(bnsl_order_steinhardt(NULL, 1, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt(list, 0, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt(list, -3, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt(list, 1, NULL, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt(list, 1, l, -1, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt(list, 1, negative, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt(list, 2, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "21"));
    assert_status(bnsl_order_steinhardt(bare, 1, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "NO_VECTORS"));
    for (int32_t i = 0; i < 4; i++)
        assert_true(q[i] == 5);
    assert_int_equal(unbound, 5);
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(bare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_forms),
        cmocka_unit_test(table_of_perfect_shells),
        cmocka_unit_test(random_shells_against_pairs),
        cmocka_unit_test(does_not_depend_on_the_frame),
        cmocka_unit_test(supercell_has_the_values_of_the_cell),
        cmocka_unit_test(the_shape_of_the_cell_does_not_matter),
        cmocka_unit_test(same_bytes_for_any_threads),
        cmocka_unit_test(unbound_particles_are_nan_and_counted),
        cmocka_unit_test(bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
