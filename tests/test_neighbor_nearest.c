/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest lists: against the oracle, in perfect crystals, in sets of uneven density, and where k neighbours do not exist. */
#include "bnsl_test.h"
#include "neighbor_oracle.h"

static bnsl_neighbor_list *make_list(int32_t k, double r_max, int32_t threads)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = BNSL_NEIGHBOR_NEAREST;
    o.k = k;
    o.r_max = r_max;
    o.num_threads = threads;
    assert_ok(bnsl_neighbor_create(&list, &o));
    return list;
}

static double same_cutoff(void *user, int64_t i, int64_t j)
{
    (void)i;
    (void)j;
    return *(const double *)user;
}

/* Distances of the k bonds of a query are the k smallest of the oracle, and every bond is one of its bonds. */
static void check_query(const bnsl_neighbor_list *list, const bnsl_box *box, const double *query, int64_t i, bool same, int64_t n, const double *xyz,
                        int32_t k)
{
    const int64_t *offset;
    const int32_t *index;
    const double *vector, *distance;
    assert_ok(bnsl_neighbor_view(list, &offset, &index, &vector, &distance));
    const int64_t first = offset[i];
    assert_int_equal(offset[i + 1] - first, k);
    oracle_bond *bonds;
    double reach = distance[first + k - 1] * (1.0 + 1e-9) + 1e-12;
    const int64_t found = oracle_bonds(box, query, i, same ? i : -1, n, xyz, 0.0, same_cutoff, &reach, &bonds);
    assert_true(found >= k);
    for (int32_t b = 0; b < k; b++) {
        assert_close(distance[first + b], bonds[b].distance, 1e-12, 1e-13);
        bool is_bond = false;
        for (int64_t o = 0; o < found && !is_bond; o++) {
            const double *u = bonds[o].vector, *v = vector + 3 * (first + b);
            is_bond = bonds[o].j == index[first + b] && fabs(u[0] - v[0]) + fabs(u[1] - v[1]) + fabs(u[2] - v[2]) < 1e-10;
        }
        assert_true(is_bond);
        for (int32_t a = 0; a < b; a++) /* none twice */
            assert_true(index[first + a] != index[first + b] || memcmp(vector + 3 * (first + a), vector + 3 * (first + b), 3 * sizeof(double)) != 0);
    }
    free(bonds);
}

static void test_oracle(void **unused)
{
    (void)unused;
    enum { MAX_N = 60 };
    uint64_t state = 31;
    for (int trial = 0; trial < 200; trial++) {
        const double tilt = trial % 3 == 0 ? 0.0 : trial % 3 == 1 ? 0.5 : 2.0;
        double u[6], s[6 * MAX_N], xyz[6 * MAX_N];
        bnsl_box box;
        for (int i = 0; i < 6; i++)
            u[i] = test_uniform(&state);
        assert_ok(
            bnsl_box_init(&box, 1.0 + u[0], 1.0 + u[1], 1.0 + u[2], tilt * (2.0 * u[3] - 1.0), tilt * (2.0 * u[4] - 1.0), tilt * (2.0 * u[5] - 1.0)));
        box.periodic = trial % 8;
        const int32_t k = 1 + (int32_t)(20.0 * test_uniform(&state));
        const int64_t n = trial % 8 == 0 ? k + 1 + trial % 30 : 1 + (int64_t)(29.0 * test_uniform(&state)), n_query = 1 + trial % 10;
        for (int64_t i = 0; i < 3 * (n + n_query); i++)
            s[i] = 3.0 * (test_uniform(&state) - 0.5);
        assert_ok(bnsl_box_to_cartesian(&box, n + n_query, s, xyz));
        bnsl_neighbor_list *list = make_list(k, 0.0, 1 + trial % 3);
        assert_ok(bnsl_neighbor_build(list, &box, n, xyz, NULL, NULL));
        for (int64_t i = 0; i < n; i++)
            check_query(list, &box, xyz + 3 * i, i, true, n, xyz, k);
        assert_ok(bnsl_neighbor_build_between(list, &box, n_query, xyz + 3 * n, NULL, NULL, n, xyz, NULL, NULL));
        for (int64_t i = 0; i < n_query; i++)
            check_query(list, &box, xyz + 3 * (n + i), i, false, n, xyz, k);
        bnsl_neighbor_destroy(list);
    }
}

/* Distances of the k nearest in a crystal: shells of a cell repeated m times each way, all multiplicities full. */
static void check_crystal(int n_basis, const double *basis, int m, int n_shells, const int *count, const double *shell)
{
    double xyz[3 * 4 * 27];
    int n = 0, k = 0;
    for (int cell = 0; cell < m * m * m; cell++) {
        for (int b = 0; b < n_basis; b++, n++) {
            xyz[3 * n] = basis[3 * b] + cell % m;
            xyz[3 * n + 1] = basis[3 * b + 1] + cell / m % m;
            xyz[3 * n + 2] = basis[3 * b + 2] + cell / m / m;
        }
    }
    for (int s = 0; s < n_shells; s++)
        k += count[s];
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, m, m, m, 0.0, 0.0, 0.0));
    bnsl_neighbor_list *list = make_list(k, 0.0, 1);
    assert_ok(bnsl_neighbor_build(list, &box, n, xyz, NULL, NULL));
    const int64_t *offset;
    const int32_t *index;
    const double *distance, *vector;
    assert_ok(bnsl_neighbor_view(list, &offset, &index, &vector, &distance));
    for (int i = 0; i < n; i++) {
        int64_t b = offset[i];
        double sum[3] = {0.0, 0.0, 0.0};
        assert_int_equal(offset[i + 1] - b, k);
        for (int s = 0; s < n_shells; s++) {
            for (int c = 0; c < count[s]; c++, b++) {
                assert_close(distance[b], shell[s], 1e-14, 0.0);
                if (c > 0 && distance[b] == distance[b - 1])
                    assert_true(index[b] >= index[b - 1]);
                for (int x = 0; x < 3; x++)
                    sum[x] += vector[3 * b + x];
            }
        }
        for (int x = 0; x < 3; x++) /* full shells have a centre of inversion */
            assert_close(sum[x], 0.0, 0.0, 1e-12);
    }
    /* a shell in part: ties go to the lower index, so the list is the beginning of the longer one */
    bnsl_neighbor_list *part = make_list(k - 2, 0.0, 2);
    assert_ok(bnsl_neighbor_build(part, &box, n, xyz, NULL, NULL));
    const int32_t *part_index;
    const double *part_vector;
    assert_ok(bnsl_neighbor_view(part, NULL, &part_index, &part_vector, NULL));
    for (int i = 0; i < n; i++) {
        assert_memory_equal(part_index + (k - 2) * i, index + k * i, (size_t)(k - 2) * sizeof(int32_t));
        assert_memory_equal(part_vector + 3 * (k - 2) * i, vector + 3 * k * i, 3 * (size_t)(k - 2) * sizeof(double));
    }
    bnsl_neighbor_destroy(part);
    bnsl_neighbor_destroy(list);
}

static void test_crystals(void **unused)
{
    (void)unused;
    const double sc[] = {0.0, 0.0, 0.0};
    const double fcc[] = {0.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.5, 0.0, 0.5, 0.0, 0.5, 0.5};
    const double bcc[] = {0.0, 0.0, 0.0, 0.5, 0.5, 0.5};
    for (int m = 1; m <= 3; m++) { /* one cell is enough: images count */
        check_crystal(1, sc, m, 3, (int[]){6, 12, 8}, (double[]){1.0, sqrt(2.0), sqrt(3.0)});
        check_crystal(4, fcc, m, 3, (int[]){12, 6, 24}, (double[]){sqrt(0.5), 1.0, sqrt(1.5)});
        check_crystal(2, bcc, m, 3, (int[]){8, 6, 12}, (double[]){sqrt(0.75), 1.0, sqrt(2.0)});
    }
    /* k far beyond one cell */
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0));
    bnsl_neighbor_list *list = make_list(1000, 0.0, 1);
    assert_ok(bnsl_neighbor_build(list, &box, 1, sc, NULL, NULL));
    check_query(list, &box, sc, 0, true, 1, sc, 1000);
    box.periodic = BNSL_PERIODIC_Y; /* a chain */
    assert_ok(bnsl_neighbor_build(list, &box, 1, sc, NULL, NULL));
    check_query(list, &box, sc, 0, true, 1, sc, 1000);
    bnsl_neighbor_destroy(list);
}

/* Two dense clusters and a lone point far apart; a plane; points all in one place. */
static void test_uneven(void **unused)
{
    (void)unused;
    enum { N = 401, K = 15 };
    uint64_t state = 37;
    static double xyz[3 * N];
    for (int periodic = 0; periodic < 2; periodic++) {
        bnsl_box box;
        assert_ok(bnsl_box_init(&box, 2000.0, 3000.0, 2500.0, 0.1, 0.2, -0.3));
        box.periodic = periodic ? BNSL_PERIODIC_XYZ : 0;
        for (int i = 0; i < 3 * N; i++)
            xyz[i] = test_uniform(&state) + (i / 3 < 5 ? 900.0 : i / 3 == 5 ? -700.0 : 0.0);
        bnsl_neighbor_list *list = make_list(K, 0.0, 2);
        assert_ok(bnsl_neighbor_build(list, &box, N, xyz, NULL, NULL));
        for (int i = 0; i < N; i++)
            check_query(list, &box, xyz + 3 * i, i, true, N, xyz, K);
        const double far[] = {1e9, -1e9, 1e8};
        assert_ok(bnsl_neighbor_build_between(list, &box, 1, far, NULL, NULL, N, xyz, NULL, NULL));
        if (!periodic) /* some 1e9 edges away, images keep too few digits for the oracle */
            check_query(list, NULL, far, 0, false, N, xyz, K);
        for (int i = 0; i < N; i++)
            xyz[3 * i + 1] = 0.25;
        assert_ok(bnsl_neighbor_build(list, &box, N, xyz, NULL, NULL));
        for (int i = 0; i < N; i += 7)
            check_query(list, &box, xyz + 3 * i, i, true, N, xyz, K);
        for (int i = 0; i < 3 * N; i++)
            xyz[i] = 0.25;
        assert_ok(bnsl_neighbor_build(list, &box, N, xyz, NULL, NULL));
        const int32_t *index;
        assert_ok(bnsl_neighbor_view(list, NULL, &index, NULL, NULL));
        for (int b = 0; b < K; b++) { /* all tie: the lowest indices, but for itself */
            assert_int_equal(index[b], b + 1);
            assert_int_equal(index[K * (N - 1) + b], b);
        }
        bnsl_neighbor_destroy(list);
    }
}

/* More points than caches hold, which are searched in another order. */
static void test_many(void **unused)
{
    (void)unused;
    enum { N = 110000, K = 5 };
    uint64_t state = 47;
    double *xyz = malloc(3 * N * sizeof *xyz);
    assert_non_null(xyz);
    for (int i = 0; i < 3 * N; i++)
        xyz[i] = 40.0 * test_uniform(&state);
    bnsl_neighbor_list *one = make_list(K, 0.0, 1), *more = make_list(K, 0.0, 3);
    assert_ok(bnsl_neighbor_build(one, NULL, N, xyz, NULL, NULL));
    assert_ok(bnsl_neighbor_build(more, NULL, N, xyz, NULL, NULL));
    const int32_t *index[2];
    const double *vector[2];
    assert_ok(bnsl_neighbor_view(one, NULL, &index[0], &vector[0], NULL));
    assert_ok(bnsl_neighbor_view(more, NULL, &index[1], &vector[1], NULL));
    assert_memory_equal(index[0], index[1], (size_t)K * N * sizeof(int32_t));
    assert_memory_equal(vector[0], vector[1], 3 * (size_t)K * N * sizeof(double));
    for (int i = 0; i < N; i += 5003)
        check_query(one, NULL, xyz + 3 * i, i, true, N, xyz, K);
    assert_ok(bnsl_neighbor_build_between(more, NULL, 22, xyz, NULL, NULL, N, xyz, NULL, NULL));
    for (int i = 0; i < 22; i++)
        check_query(more, NULL, xyz + 3 * i, i, false, N, xyz, K);
    bnsl_neighbor_destroy(one);
    bnsl_neighbor_destroy(more);
    free(xyz);
}

/* Neighbours of one species of another; points of neither are ignored. */
static void test_species(void **unused)
{
    (void)unused;
    enum { N = 90, K = 8 };
    uint64_t state = 41;
    double xyz[3 * N], of_b[3 * N];
    int32_t species[N], which[N];
    int64_t n_b = 0;
    for (int i = 0; i < N; i++) {
        species[i] = i % 3;
        for (int k = 0; k < 3; k++)
            xyz[3 * i + k] = 2.0 * test_uniform(&state);
        if (species[i] != 1)
            continue;
        which[n_b] = i;
        memcpy(of_b + 3 * n_b++, xyz + 3 * i, 3 * sizeof(double));
    }
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list, *plain = make_list(K, 0.0, 1);
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = BNSL_NEIGHBOR_NEAREST;
    o.k = K;
    o.r_max = 0.0;
    o.query_species = 0;
    o.point_species = 1;
    assert_ok(bnsl_neighbor_create(&list, &o));
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, 2.0, 2.0, 2.0, 0.0, 0.0, 0.3));
    assert_ok(bnsl_neighbor_build(list, &box, N, xyz, species, NULL));
    assert_ok(bnsl_neighbor_build_between(plain, &box, N, xyz, NULL, NULL, n_b, of_b, NULL, NULL));
    const int64_t *offset;
    const int32_t *index, *plain_index;
    assert_ok(bnsl_neighbor_view(list, &offset, &index, NULL, NULL));
    assert_ok(bnsl_neighbor_view(plain, NULL, &plain_index, NULL, NULL));
    for (int i = 0; i < N; i++) {
        assert_int_equal(offset[i + 1] - offset[i], species[i] == 0 ? K : 0);
        for (int b = 0; b < (species[i] == 0 ? K : 0); b++)
            assert_int_equal(index[offset[i] + b], which[plain_index[K * i + b]]);
    }
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(plain);
}

static void test_too_few(void **unused)
{
    (void)unused;
    const double xyz[] = {0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 4.0};
    bnsl_neighbor_list *list = make_list(4, 0.0, 1);
    assert_status(bnsl_neighbor_build(list, NULL, 4, xyz, NULL, NULL), BNSL_EDOMAIN);
    assert_non_null(strstr(bnsl_error_message(), "query 0"));
    assert_int_equal(bnsl_neighbor_n_bonds(list), 0);
    assert_int_equal(bnsl_neighbor_n_query(list), 0);
    assert_ok(bnsl_neighbor_build_between(list, NULL, 4, xyz, NULL, NULL, 4, xyz, NULL, NULL)); /* itself counts */
    assert_int_equal(bnsl_neighbor_n_bonds(list), 16);
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0));
    assert_ok(bnsl_neighbor_build(list, &box, 4, xyz, NULL, NULL));
    box.periodic = 0;
    assert_status(bnsl_neighbor_build(list, &box, 4, xyz, NULL, NULL), BNSL_EDOMAIN);
    box.periodic = BNSL_PERIODIC_Z; /* no points at all */
    assert_status(bnsl_neighbor_build_between(list, &box, 1, xyz, NULL, NULL, 0, NULL, NULL, NULL), BNSL_EDOMAIN);
    assert_ok(bnsl_neighbor_build(list, &box, 0, NULL, NULL, NULL));
    assert_int_equal(bnsl_neighbor_n_bonds(list), 0);
    bnsl_neighbor_destroy(list);

    /* within a bound: query 2 has but 1 at r < 2.5; r_max itself is out */
    list = make_list(2, 2.5, 2);
    assert_status(bnsl_neighbor_build(list, NULL, 3, xyz, NULL, NULL), BNSL_OK);
    assert_status(bnsl_neighbor_build(list, NULL, 4, xyz, NULL, NULL), BNSL_EDOMAIN);
    assert_non_null(strstr(bnsl_error_message(), "query 3"));
    bnsl_neighbor_destroy(list);
    list = make_list(1, 1.0, 1);
    assert_status(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, NULL), BNSL_EDOMAIN);
    bnsl_neighbor_destroy(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oracle), cmocka_unit_test(test_crystals), cmocka_unit_test(test_uneven),
        cmocka_unit_test(test_many),   cmocka_unit_test(test_species),  cmocka_unit_test(test_too_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
