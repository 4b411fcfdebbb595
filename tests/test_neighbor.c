/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Radius lists against every image of every pair, in boxes of all kinds; half, typed, sorted, threaded and permuted lists. */
#include "bnsl_test.h"
#include "neighbor_oracle.h"

enum { MAX_N = 80 };

/* A random problem: two sets of points, and the cut-off rule of one of three kinds. */
typedef struct {
    bnsl_box box;
    int64_t n[2];
    double xyz[2][3 * MAX_N], diameter[2][MAX_N];
    int32_t species[2][MAX_N];
    int kind; /* 0: r_max, 1: matrix of species, 2: additive */
    int32_t n_species;
    double r_max, matrix[144], factor, skin;
    int32_t query_species, point_species;
    int between; /* the points are set 1, else set 0 too */
} problem;

static double cutoff_of(void *user, int64_t i, int64_t j)
{
    const problem *p = user;
    const int set = p->between ? 1 : 0;
    const int32_t a = p->species[0][i], b = p->species[set][j];
    if ((p->query_species >= 0 && a != p->query_species) || (p->point_species >= 0 && b != p->point_species))
        return 0.0;
    if (p->kind == 0)
        return p->r_max;
    return p->kind == 1 ? p->matrix[a * p->n_species + b] : 0.5 * p->factor * (p->diameter[0][i] + p->diameter[set][j]) + p->skin;
}

static int below(uint64_t *state, int n)
{
    return (int)(n * test_uniform(state));
}

/* The trial number chooses the box, the cut-off rule and the sizes in turn; the rest is random. */
static void make_problem(problem *p, int trial, uint64_t *state)
{
    memset(p, 0, sizeof *p);
    const double tilt = trial % 3 == 0 ? 0.0 : trial % 3 == 1 ? 0.5 : 2.0, edge = trial % 5 == 0 ? 0.6 : 2.2;
    double u[6];
    for (int i = 0; i < 6; i++)
        u[i] = test_uniform(state);
    assert_ok(bnsl_box_init(&p->box, edge * (0.7 + u[0]), edge * (0.7 + u[1]), edge * (0.7 + u[2]), tilt * (2.0 * u[3] - 1.0),
                            tilt * (2.0 * u[4] - 1.0), tilt * (2.0 * u[5] - 1.0)));
    p->box.periodic = trial % 8;
    p->kind = trial / 8 % 3;
    p->n_species = p->kind == 1 ? (trial % 2 ? 3 : 12) : 3;
    for (int set = 0; set < 2; set++) {
        p->n[set] = trial % 5 == 0 ? 1 + below(state, 4) : below(state, MAX_N + 1);
        double s[3 * MAX_N];
        for (int64_t i = 0; i < 3 * p->n[set]; i++)
            s[i] = (trial % 2 ? 1.0 : 4.0) * (test_uniform(state) - 0.5); /* wrapped or not */
        assert_ok(bnsl_box_to_cartesian(&p->box, p->n[set], s, p->xyz[set]));
        for (int64_t i = 0; i < p->n[set]; i++) {
            p->species[set][i] = below(state, p->n_species);
            p->diameter[set][i] = trial % 2 ? (below(state, 2) ? 1.0 : 0.55) : 0.3 + test_uniform(state); /* two sizes, or all different */
        }
    }
    p->r_max = 0.4 + 1.2 * test_uniform(state);
    for (int a = 0; a < p->n_species; a++) {
        for (int b = 0; b <= a; b++)
            p->matrix[a * p->n_species + b] = p->matrix[b * p->n_species + a] = below(state, 4) == 0 ? 0.0 : 1.5 * test_uniform(state);
    }
    p->factor = 0.5 + test_uniform(state);
    p->skin = trial % 2 ? 0.2 : 0.0;
    p->query_species = below(state, 3) == 0 ? below(state, p->n_species) : -1;
    p->point_species = below(state, 3) == 0 ? below(state, p->n_species) : -1;
}

static bnsl_neighbor_list *make_list(const problem *p, double r_min, int32_t flags, int32_t threads)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.r_min = r_min;
    o.r_max = p->kind == 0 ? p->r_max : 10.0;
    o.flags = flags;
    o.num_threads = threads;
    o.query_species = p->query_species;
    o.point_species = p->point_species;
    assert_ok(bnsl_neighbor_create(&list, &o));
    if (p->kind == 1)
        assert_ok(bnsl_neighbor_set_pair_cutoffs(list, p->n_species, p->matrix));
    if (p->kind == 2)
        assert_ok(bnsl_neighbor_set_additive_cutoff(list, p->factor, p->skin));
    return list;
}

static void build(bnsl_neighbor_list *list, const problem *p)
{
    const double *const d[2] = {p->kind == 2 ? p->diameter[0] : NULL, p->kind == 2 ? p->diameter[1] : NULL};
    const bnsl_box *box = p->box.periodic == 0 && p->n[0] % 2 ? NULL : &p->box; /* no box is a box without periodic axes */
    if (p->between)
        assert_ok(bnsl_neighbor_build_between(list, box, p->n[0], p->xyz[0], p->species[0], d[0], p->n[1], p->xyz[1], p->species[1], d[1]));
    else
        assert_ok(bnsl_neighbor_build(list, box, p->n[0], p->xyz[0], p->species[0], d[0]));
    assert_int_equal(bnsl_neighbor_n_query(list), p->n[0]);
}

/* Lists against the oracle. One list is built again and again, with memory of larger and smaller problems. */
static void check_oracle(int between, int32_t flags)
{
    uint64_t state = 11 + (uint64_t)between;
    static problem p;
    int64_t total = 0;
    for (int trial = 0; trial < 240; trial++) {
        make_problem(&p, trial, &state);
        p.between = between;
        const double r_min = trial % 7 == 0 ? 0.3 : 0.0;
        if (p.kind == 0 && p.r_max <= r_min)
            continue;
        bnsl_neighbor_list *list = make_list(&p, r_min, flags, 1 + trial % 3);
        for (int round = 0; round < 2; round++) {
            build(list, &p);
            const int set = between ? 1 : 0;
            for (int64_t i = 0; i < p.n[0]; i++) {
                oracle_bond *bonds;
                const int64_t n = oracle_bonds(&p.box, p.xyz[0] + 3 * i, i, between ? -1 : i, p.n[set], p.xyz[set], r_min, cutoff_of, &p, &bonds);
                if (!oracle_same(list, i, n, bonds))
                    fail_msg("trial %d, query %d: the bonds differ from the %d of the oracle", trial, (int)i, (int)n);
                total += n;
                free(bonds);
            }
            p.n[0] = p.n[0] / 2;
        }
        bnsl_neighbor_destroy(list);
    }
    assert_true(total > 25000); /* the problems are not empty */
}

static void test_oracle_one_set(void **unused)
{
    (void)unused;
    check_oracle(0, 0);
}

static void test_oracle_between(void **unused)
{
    (void)unused;
    check_oracle(1, BNSL_NEIGHBOR_SORTED);
}

/* Finds bond i -> j with exactly this vector. */
static bool has_bond(const bnsl_neighbor_list *list, int64_t i, int32_t j, const double *v, double sign)
{
    const int64_t *offset;
    const int32_t *index;
    const double *vector;
    assert_ok(bnsl_neighbor_view(list, &offset, &index, &vector, NULL));
    for (int64_t b = offset[i]; b < offset[i + 1]; b++)
        if (index[b] == j && vector[3 * b] == sign * v[0] && vector[3 * b + 1] == sign * v[1] && vector[3 * b + 2] == sign * v[2])
            return true;
    return false;
}

/* Every bond of a full list is there from both ends with exactly opposite vectors; the half list holds one of the two, seen from the lower index. */
static void test_half(void **unused)
{
    (void)unused;
    uint64_t state = 13;
    static problem p;
    for (int trial = 0; trial < 120; trial++) {
        make_problem(&p, trial, &state);
        p.point_species = p.query_species;
        bnsl_neighbor_list *full = make_list(&p, 0.0, 0, 1), *half = make_list(&p, 0.0, BNSL_NEIGHBOR_HALF, 2);
        build(full, &p);
        build(half, &p);
        assert_int_equal(2 * bnsl_neighbor_n_bonds(half), bnsl_neighbor_n_bonds(full));
        const int64_t *offset;
        const int32_t *index;
        const double *vector;
        assert_ok(bnsl_neighbor_view(full, &offset, &index, &vector, NULL));
        for (int64_t i = 0; i < p.n[0]; i++) {
            for (int64_t b = offset[i]; b < offset[i + 1]; b++) {
                const int32_t j = index[b];
                assert_true(has_bond(full, j, (int32_t)i, vector + 3 * b, -1.0));
                const bool forward = has_bond(half, i, j, vector + 3 * b, 1.0), backward = has_bond(half, j, (int32_t)i, vector + 3 * b, -1.0);
                if (j == i)
                    assert_true(forward != backward);
                else
                    assert_true(forward == (i < j) && backward == (j < i));
            }
        }
        bnsl_neighbor_destroy(full);
        bnsl_neighbor_destroy(half);
    }
}

/* Order, vectors and thread counts. */
static void test_forms(void **unused)
{
    (void)unused;
    uint64_t state = 17;
    static problem p;
    for (int trial = 0; trial < 120; trial++) {
        make_problem(&p, trial, &state);
        p.between = trial % 2;
        bnsl_neighbor_list *list[4] = {make_list(&p, 0.0, BNSL_NEIGHBOR_SORTED, 1), make_list(&p, 0.0, BNSL_NEIGHBOR_SORTED, 2),
                                       make_list(&p, 0.0, 0, 3), make_list(&p, 0.0, BNSL_NEIGHBOR_NO_VECTORS, 1)};
        const int64_t *offset[4];
        const int32_t *index[4];
        const double *vector[4], *distance[4];
        for (int k = 0; k < 4; k++) {
            build(list[k], &p);
            assert_ok(bnsl_neighbor_view(list[k], &offset[k], &index[k], &vector[k], &distance[k]));
            assert_int_equal(offset[k][p.n[0]], bnsl_neighbor_n_bonds(list[k]));
            assert_memory_equal(offset[k], offset[0], (size_t)(p.n[0] + 1) * sizeof(int64_t));
        }
        const size_t n = (size_t)bnsl_neighbor_n_bonds(list[0]);
        assert_memory_equal(index[1], index[0], n * sizeof(int32_t));
        assert_memory_equal(vector[1], vector[0], 3 * n * sizeof(double));
        assert_memory_equal(distance[1], distance[0], n * sizeof(double));
        assert_memory_equal(index[3], index[2], n * sizeof(int32_t));
        assert_null(vector[3]);
        assert_null(distance[3]);
        for (int64_t i = 0; i < p.n[0]; i++) {
            for (int64_t b = offset[0][i]; b < offset[0][i + 1]; b++) {
                const double *v = vector[0] + 3 * b;
                assert_close(distance[0][b], sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), 4e-16, 0.0);
                if (b > offset[0][i])
                    assert_true(distance[0][b] > distance[0][b - 1] || (distance[0][b] == distance[0][b - 1] && index[0][b] >= index[0][b - 1]));
            }
        }
        for (int k = 0; k < 4; k++)
            bnsl_neighbor_destroy(list[k]);
    }
}

/* The same points in another order have the same bonds, to the last bit. */
static void test_permutation(void **unused)
{
    (void)unused;
    uint64_t state = 19;
    static problem p, q;
    for (int trial = 0; trial < 60; trial++) {
        make_problem(&p, trial, &state);
        q = p;
        for (int64_t i = 0; i < p.n[0]; i++) { /* reversed */
            const int64_t r = p.n[0] - 1 - i;
            memcpy(q.xyz[0] + 3 * r, p.xyz[0] + 3 * i, 3 * sizeof(double));
            q.species[0][r] = p.species[0][i];
            q.diameter[0][r] = p.diameter[0][i];
        }
        bnsl_neighbor_list *a = make_list(&p, 0.0, 0, 1), *b = make_list(&q, 0.0, 0, 1);
        build(a, &p);
        build(b, &q);
        assert_int_equal(bnsl_neighbor_n_bonds(a), bnsl_neighbor_n_bonds(b));
        const int64_t *offset;
        const int32_t *index;
        const double *vector;
        assert_ok(bnsl_neighbor_view(a, &offset, &index, &vector, NULL));
        for (int64_t i = 0; i < p.n[0]; i++)
            for (int64_t k = offset[i]; k < offset[i + 1]; k++)
                assert_true(has_bond(b, p.n[0] - 1 - i, (int32_t)(p.n[0] - 1 - index[k]), vector + 3 * k, 1.0));
        bnsl_neighbor_destroy(a);
        bnsl_neighbor_destroy(b);
    }
}

/* Some thousand points: parts of several threads, cells smaller than the cut-off, few points far from the many. */
static void test_large(void **unused)
{
    (void)unused;
    enum { N = 3000 };
    uint64_t state = 23;
    static problem p;
    double *xyz = malloc(3 * N * sizeof *xyz), *diameter = malloc(N * sizeof *diameter);
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, 14.0, 13.0, 12.0, 0.3, -0.2, 0.4));
    for (int i = 0; i < N; i++)
        diameter[i] = i % 3 ? 0.55 : 1.0;
    for (int64_t i = 0; i < 3 * N; i++)
        xyz[i] = (i < 2700 * 3 ? 8.0 : 1e4) * (test_uniform(&state) - 0.5);
    memset(&p, 0, sizeof p);
    p.kind = 2;
    p.factor = 1.6;
    p.skin = 0.1;
    p.query_species = p.point_species = -1;
    for (int periodic = 0; periodic < 2; periodic++) {
        box.periodic = periodic ? BNSL_PERIODIC_XYZ : 0;
        bnsl_neighbor_list *list[3];
        int64_t n = 0;
        for (int i = 0; i < N && !periodic; i++) { /* pairs by brute force, free set */
            for (int j = 0; j < i; j++) {
                const double dx = xyz[3 * i] - xyz[3 * j], dy = xyz[3 * i + 1] - xyz[3 * j + 1], dz = xyz[3 * i + 2] - xyz[3 * j + 2];
                const double cut = 0.8 * (diameter[i] + diameter[j]) + 0.1;
                n += dx * dx + dy * dy + dz * dz < cut * cut;
            }
        }
        for (int t = 0; t < 3; t++) {
            list[t] = make_list(&p, 0.0, BNSL_NEIGHBOR_HALF | BNSL_NEIGHBOR_NO_VECTORS, t + 1);
            assert_ok(bnsl_neighbor_build(list[t], &box, N, xyz, NULL, diameter));
        }
        if (!periodic)
            assert_int_equal(bnsl_neighbor_n_bonds(list[0]), n);
        const int64_t *offset[3];
        const int32_t *index[3];
        for (int t = 0; t < 3; t++) {
            assert_ok(bnsl_neighbor_view(list[t], &offset[t], &index[t], NULL, NULL));
            assert_memory_equal(offset[t], offset[0], (N + 1) * sizeof(int64_t));
            assert_memory_equal(index[t], index[0], (size_t)bnsl_neighbor_n_bonds(list[0]) * sizeof(int32_t));
        }
        for (int t = 0; t < 3; t++)
            bnsl_neighbor_destroy(list[t]);
    }
    free(xyz);
    free(diameter);
}

/* Edges of the interval in exact arithmetic: r_min is in, r_max is out; a point is at distance 0 of another, but not of itself. */
static void test_edges(void **unused)
{
    (void)unused;
    const double xyz[] = {0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0};
    bnsl_neighbor_options o;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.r_min = 1.0;
    o.r_max = 2.0;
    bnsl_neighbor_list *list;
    const int64_t *offset;
    const int32_t *index;
    const double *distance;
    assert_ok(bnsl_neighbor_create(&list, &o));
    assert_ok(bnsl_neighbor_build(list, NULL, 4, xyz, NULL, NULL));
    assert_ok(bnsl_neighbor_view(list, &offset, &index, NULL, NULL));
    const int64_t want[] = {0, 1, 3, 3, 4};
    assert_memory_equal(offset, want, sizeof want);
    bnsl_neighbor_destroy(list);

    o.r_min = 0.0;
    o.r_max = 0.5;
    assert_ok(bnsl_neighbor_create(&list, &o));
    assert_ok(bnsl_neighbor_build(list, NULL, 4, xyz, NULL, NULL));
    assert_ok(bnsl_neighbor_view(list, &offset, &index, NULL, &distance));
    assert_int_equal(bnsl_neighbor_n_bonds(list), 2);
    assert_int_equal(index[0], 3);
    assert_true(distance[0] == 0.0);
    /* between two sets nothing is left out */
    assert_ok(bnsl_neighbor_build_between(list, NULL, 4, xyz, NULL, NULL, 4, xyz, NULL, NULL));
    assert_int_equal(bnsl_neighbor_n_bonds(list), 6);
    bnsl_neighbor_destroy(list);

    /* shell of a perfect crystal just on r_max, anywhere in space: as many bonds in as out for every pair */
    uint64_t state = 29;
    o.r_max = 0.1;
    for (int trial = 0; trial < 20; trial++) {
        double shift[3], r[3 * 125];
        bnsl_box box;
        assert_ok(bnsl_box_init(&box, 0.5, 0.5, 0.5, 0.0, 0.0, 0.0));
        for (int k = 0; k < 3; k++)
            shift[k] = test_uniform(&state);
        for (int i = 0; i < 125; i++) {
            r[3 * i] = shift[0] + 0.1 * (i % 5);
            r[3 * i + 1] = shift[1] + 0.1 * (i / 5 % 5);
            r[3 * i + 2] = shift[2] + 0.1 * (i / 25);
        }
        assert_ok(bnsl_neighbor_create(&list, &o));
        assert_ok(bnsl_neighbor_build(list, &box, 125, r, NULL, NULL));
        const double *vector;
        assert_ok(bnsl_neighbor_view(list, &offset, &index, &vector, NULL));
        for (int i = 0; i < 125; i++)
            for (int64_t b = offset[i]; b < offset[i + 1]; b++)
                assert_true(has_bond(list, index[b], i, vector + 3 * b, -1.0));
        bnsl_neighbor_destroy(list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oracle_one_set), cmocka_unit_test(test_oracle_between), cmocka_unit_test(test_half),  cmocka_unit_test(test_forms),
        cmocka_unit_test(test_permutation),    cmocka_unit_test(test_large),          cmocka_unit_test(test_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
