/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted bonds, w_l without its norm, and the q_lm themselves: bonds given several times, closed forms, invariants of q_lm, faults. */
#include "particles.h"
#include "shells.h"
#include "test_csv.h"

#include <bnsl/order.h>

enum { N = 30, N_L = 4 };
static const int32_t some_l[N_L] = {0, 3, 4, 6};

/* N particles in random places, bonds within 1.2, random whole weights 0 .. 3; and a list of the same bonds that has each as often. */
typedef struct system {
    bnsl_neighbor_list *list, *repeated;
    double *weight;
} system_of_bonds;

static system_of_bonds make(uint64_t seed)
{
    double xyz[3 * N];
    bnsl_neighbor_options o;
    system_of_bonds s;
    const int64_t *offset;
    const int32_t *index;
    const double *vector;
    for (int i = 0; i < 3 * N; i++)
        xyz[i] = 2.5 * test_uniform(&seed);
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.r_max = 1.2;
    assert_ok(bnsl_neighbor_create(&s.list, &o));
    assert_ok(bnsl_neighbor_create(&s.repeated, &o));
    assert_ok(bnsl_neighbor_build(s.list, NULL, N, xyz, NULL, NULL));
    assert_ok(bnsl_neighbor_view(s.list, &offset, &index, &vector, NULL));
    const int64_t n = bnsl_neighbor_n_bonds(s.list);
    s.weight = calloc((size_t)n, sizeof *s.weight);
    int32_t *query = calloc((size_t)n * 3, sizeof *query), *point = calloc((size_t)n * 3, sizeof *point);
    double *copy = calloc((size_t)n * 9, sizeof *copy);
    assert_true(s.weight && query && point && copy);
    int64_t m = 0;
    for (int64_t i = 0; i < N; i++)
        for (int64_t b = offset[i]; b < offset[i + 1]; b++) {
            const int times = i == 4 ? 0 : (int)(4 * test_uniform(&seed)); /* particle 4: no weight at all */
            s.weight[b] = times;
            for (int k = 0; k < times; k++, m++) {
                query[m] = (int32_t)i;
                point[m] = index[b];
                memcpy(copy + 3 * m, vector + 3 * b, 3 * sizeof *copy);
            }
        }
    assert_ok(bnsl_neighbor_set_bonds(s.repeated, N, N, m, query, point, copy, NULL));
    free(query), free(point), free(copy);
    return s;
}

static void free_system(system_of_bonds *s)
{
    bnsl_neighbor_destroy(s->list);
    bnsl_neighbor_destroy(s->repeated);
    free(s->weight);
}

static void as_often_as_the_weight(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        system_of_bonds s = make(seed);
        double q[2][N * N_L], w[2][N * N_L], raw[2][N * N_L];
        int64_t unbound[2];
        for (int averaged = 0; averaged < 2; averaged++) {
            const bnsl_neighbor_list *over = averaged ? s.list : NULL; /* averages are over neighbours, whatever the weights */
            assert_ok(bnsl_order_steinhardt_weighted(s.list, s.weight, over, N_L, some_l, 2, q[0], w[0], raw[0], &unbound[0]));
            assert_ok(bnsl_order_steinhardt_weighted(s.repeated, NULL, over, N_L, some_l, 1, q[1], w[1], raw[1], &unbound[1]));
            assert_int_equal(unbound[0], unbound[1]);
            assert_true(isnan(q[0][4 * N_L]) && unbound[0] >= 1);
            for (int i = 0; i < N * N_L; i++) {
                assert_close(q[0][i], q[1][i], 0, 1e-14);
                assert_close(w[0][i], w[1][i], 0, 1e-11); /* divided by |q|^3 */
                assert_close(raw[0][i], raw[1][i], 0, 1e-14);
            }
        }
        /* the scale of the weights does not matter, even at the ends of what is allowed */
        for (int64_t b = 0; b < bnsl_neighbor_n_bonds(s.list); b++)
            s.weight[b] *= seed == 1 ? 1e-100 : 3e99;
        assert_ok(bnsl_order_steinhardt_weighted(s.list, s.weight, s.list, N_L, some_l, 1, q[0], NULL, NULL, NULL));
        for (int i = 0; i < N * N_L; i++)
            assert_close(q[0][i], q[1][i], 0, 1e-14);
        free_system(&s);
    }
}

/* Without weights the general function is the plain ones; w_raw = w |q|^3 with |q|^2 = (2 l + 1) / (4 pi) q_l^2. */
static void general_form(void **state)
{
    (void)state;
    system_of_bonds s = make(9);
    double q[2][N * N_L], w[2][N * N_L], raw[N * N_L];
    int64_t unbound[2];
    for (int averaged = 0; averaged < 2; averaged++) {
        assert_ok(bnsl_order_steinhardt_weighted(s.list, NULL, averaged ? s.list : NULL, N_L, some_l, 1, q[0], w[0], raw, &unbound[0]));
        if (averaged)
            assert_ok(bnsl_order_steinhardt_averaged(s.list, NULL, N_L, some_l, 1, q[1], w[1], &unbound[1]));
        else
            assert_ok(bnsl_order_steinhardt(s.list, N_L, some_l, 1, q[1], w[1], &unbound[1]));
        assert_memory_equal(q[0], q[1], sizeof q[0]);
        assert_memory_equal(w[0], w[1], sizeof w[0]);
        assert_int_equal(unbound[0], unbound[1]);
        for (int i = 0; i < N * N_L; i++)
            assert_close(raw[i], w[0][i] * pow((2 * some_l[i % N_L] + 1) / (4 * 3.14159265358979323846) * q[0][i] * q[0][i], 1.5), 1e-13, 0);
        double alone[N * N_L];
        assert_ok(bnsl_order_steinhardt_weighted(s.list, NULL, averaged ? s.list : NULL, N_L, some_l, 1, NULL, NULL, alone, NULL));
        assert_memory_equal(alone, raw, sizeof raw);
    }
    free_system(&s);
}

/* The table of perfect shells has w_l without its norm, too. */
static void table_of_perfect_shells(void **state)
{
    (void)state;
    static const double origin[3] = {0, 0, 0};
    csv_table t = csv_read("order/ql_wl_perfect.csv");
    for (int row = 0; row < t.n_rows; row += 11) {
        char name[100];
        snprintf(name, sizeof name, "%s,%s", csv_text(&t, row, "environment"), csv_text(&t, row, "n_neighbours"));
        const shell s = shell_named(name);
        bnsl_neighbor_options o;
        bnsl_neighbor_list *list;
        int32_t l[11];
        double raw[11];
        for (int i = 0; i < 11; i++)
            l[i] = (int32_t)csv_number(&t, row + i, "l");
        assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
        o.r_max = 10;
        assert_ok(bnsl_neighbor_create(&list, &o));
        assert_ok(bnsl_neighbor_build_between(list, NULL, 1, origin, NULL, NULL, s.n, s.xyz, NULL, NULL));
        assert_ok(bnsl_order_steinhardt_weighted(list, NULL, NULL, 11, l, 1, NULL, NULL, raw, NULL));
        for (int i = 0; i < 11; i++) /* printed digits */
            assert_close(raw[i], csv_number(&t, row + i, "w_l_unnormalised"), 0, 5.1e-9);
        bnsl_neighbor_destroy(list);
    }
    csv_free(&t);
}

static void harmonics(void **state)
{
    (void)state;
    const double four_pi = 4 * 3.14159265358979323846;
    system_of_bonds s = make(5);
    for (int k = 0; k < N_L; k++) {
        const int32_t l = some_l[k];
        double qlm[N * 13], q[N];
        int64_t unbound;
        assert_ok(bnsl_order_harmonics(s.list, s.weight, l, 2, qlm, &unbound));
        assert_ok(bnsl_order_steinhardt_weighted(s.list, s.weight, NULL, 1, &l, 1, q, NULL, NULL, NULL));
        int64_t n_nan = 0;
        for (int i = 0; i < N; i++) {
            const double *row = qlm + i * (2 * l + 1);
            double norm = row[0] * row[0];
            for (int v = 1; v <= 2 * l; v++)
                norm += 2 * row[v] * row[v];
            assert_close(sqrt(four_pi / (2 * l + 1) * norm), q[i], 1e-14, 0);
            n_nan += isnan(row[0]);
        }
        assert_int_equal(n_nan, unbound);
    }
    free_system(&s);

    /* one bond: Y_20 = sqrt(5 / (16 pi)) (3 z^2 - 1), Y_21 = -sqrt(15 / (8 pi)) z (x + i y), Y_22 = sqrt(15 / (32 pi)) (x + i y)^2 */
    static const int32_t query[] = {0}, point[] = {0};
    static const double vector[] = {2, 3, 6}; /* of length 7 */
    const double x = 2.0 / 7, y = 3.0 / 7, z = 6.0 / 7;
    const double want[] = {sqrt(5 / (4 * four_pi)) * (3 * z * z - 1), -sqrt(15 / (2 * four_pi)) * z * x,
                           -sqrt(15 / (2 * four_pi)) * z * y,         sqrt(15 / (8 * four_pi)) * (x * x - y * y),
                           sqrt(15 / (8 * four_pi)) * 2 * x * y};
    bnsl_neighbor_list *list;
    double qlm[5];
    assert_ok(bnsl_neighbor_create(&list, NULL));
    assert_ok(bnsl_neighbor_set_bonds(list, 1, 1, 1, query, point, vector, NULL));
    assert_ok(bnsl_order_harmonics(list, NULL, 2, 1, qlm, NULL));
    for (int v = 0; v < 5; v++)
        assert_close(qlm[v], want[v], 1e-15, 0);
    bnsl_neighbor_destroy(list);
}

static void bad_arguments(void **state)
{
    (void)state;
    system_of_bonds s = make(2);
    double q[N * N_L] = {5}, qlm[N * 13] = {5};
    int64_t unbound = 5;
    static const double bad[] = {-1, NAN, INFINITY, 1e-101, 1e101};
    for (int k = 0; k < 5; k++) {
        const double good = s.weight[3];
        s.weight[3] = bad[k];
        assert_status(bnsl_order_steinhardt_weighted(s.list, s.weight, NULL, N_L, some_l, 1, q, NULL, NULL, &unbound), BNSL_EINVAL);
        assert_non_null(strstr(bnsl_error_message(), "weight[3]"));
        assert_status(bnsl_order_harmonics(s.list, s.weight, 6, 1, qlm, &unbound), BNSL_EINVAL);
        s.weight[3] = good;
    }
    assert_status(bnsl_order_steinhardt_weighted(NULL, s.weight, NULL, N_L, some_l, 1, q, NULL, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_harmonics(NULL, NULL, 6, 1, qlm, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_harmonics(s.list, NULL, 21, 1, qlm, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_harmonics(s.list, NULL, 6, -1, qlm, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_harmonics(s.list, NULL, 6, 1, NULL, &unbound), BNSL_EINVAL);
    assert_true(q[0] == 5 && qlm[0] == 5 && unbound == 5);
    free_system(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_often_as_the_weight), cmocka_unit_test(general_form),  cmocka_unit_test(table_of_perfect_shells),
        cmocka_unit_test(harmonics),              cmocka_unit_test(bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
