/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SANN and RAD shells: against the definitions applied to every image of every point, in perfect crystals, at surfaces, and their faults. */
#include "bnsl_test.h"
#include "neighbor_oracle.h"
#include "particles.h"

static const int32_t modes[] = {BNSL_NEIGHBOR_SANN, BNSL_NEIGHBOR_RAD_OPEN, BNSL_NEIGHBOR_RAD_CLOSED};

static bnsl_neighbor_list *make_list(int32_t mode, double r_max, int32_t flags, int32_t threads)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = mode;
    o.r_max = r_max;
    o.flags = flags;
    o.num_threads = threads;
    assert_ok(bnsl_neighbor_create(&list, &o));
    return list;
}

/* ---- the definitions, on all points within reach ------------------------------------------------------------ */

static double reach_of(void *user, int64_t i, int64_t j)
{
    (void)i;
    (void)j;
    return *(const double *)user;
}

static int64_t naive_sann(int64_t n, const oracle_bond *bonds)
{
    double sum = 0;
    for (int64_t m = 0; m < n; m++) {
        if (m >= 3 && sum / (double)(m - 2) <= bonds[m].distance)
            return m;
        sum += bonds[m].distance;
    }
    return n;
}

static bool naive_blocked(const oracle_bond *bonds, int64_t j)
{
    for (int64_t k = 0; k < j; k++) {
        const double *u = bonds[k].vector, *v = bonds[j].vector, r = bonds[k].distance, s = bonds[j].distance;
        const double cosine = (u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) / (r * s);
        if (cosine / (r * r) > 1 / (s * s))
            return true;
    }
    return false;
}

/* Leaves the shell in front of bonds; its size. */
static int64_t naive_shell(int32_t mode, int64_t n, oracle_bond *bonds)
{
    if (mode == BNSL_NEIGHBOR_SANN)
        return naive_sann(n, bonds);
    bool *blocked = calloc((size_t)n + 1, sizeof *blocked);
    assert_non_null(blocked);
    int64_t n_shell = 0;
    for (int64_t j = 0; j < n; j++)
        blocked[j] = naive_blocked(bonds, j);
    for (int64_t j = 0; j < n; j++) {
        if (blocked[j] && mode == BNSL_NEIGHBOR_RAD_CLOSED)
            break;
        if (!blocked[j])
            bonds[n_shell++] = bonds[j];
    }
    free(blocked);
    return n_shell;
}

static void check_query(const bnsl_neighbor_list *list, int32_t mode, const bnsl_box *box, const double *query, int64_t i, bool same, int64_t n,
                        const double *xyz, double reach)
{
    oracle_bond *bonds;
    const int64_t found = oracle_bonds(box, query, i, same ? i : -1, n, xyz, 0.0, reach_of, &reach, &bonds);
    const int64_t n_shell = naive_shell(mode, found, bonds);
    if (!oracle_same(list, i, n_shell, bonds))
        fail_msg("mode %d, query %d: the bonds differ from the %d of the definition", (int)mode, (int)i, (int)n_shell);
    const int64_t *offset;
    const double *distance;
    assert_ok(bnsl_neighbor_view(list, &offset, NULL, NULL, &distance));
    for (int64_t b = offset[i] + 1; b < offset[i + 1]; b++)
        assert_true(distance[b] >= distance[b - 1]);
    free(bonds);
}

static void definitions(void **unused)
{
    (void)unused;
    enum { MAX_N = 16 };
    uint64_t state = 5;
    for (int trial = 0; trial < 64; trial++) {
        const double tilt = trial % 3 == 0 ? 0.0 : 0.5;
        double u[6], s[6 * MAX_N], xyz[6 * MAX_N];
        bnsl_box box;
        for (int i = 0; i < 6; i++)
            u[i] = test_uniform(&state);
        assert_ok(
            bnsl_box_init(&box, 1.0 + u[0], 1.0 + u[1], 1.0 + u[2], tilt * (2.0 * u[3] - 1.0), tilt * (2.0 * u[4] - 1.0), tilt * (2.0 * u[5] - 1.0)));
        box.periodic = trial % 8;
        const int64_t n = trial % 8 == 0 ? 4 + trial % 12 : 1 + (int64_t)(12.0 * test_uniform(&state)), n_query = 1 + trial % 3;
        for (int64_t i = 0; i < 3 * (n + n_query); i++)
            s[i] = test_uniform(&state) - 0.5;
        assert_ok(bnsl_box_to_cartesian(&box, n + n_query, s, xyz));
        /* no bond of these is longer: a longer one would be reported as a difference */
        const double reach = (const double[]){10.0, 12.0, 12.0, 8.0, 12.0, 8.0, 8.0, 5.0}[box.periodic];
        for (int m = 0; m < 3; m++) {
            bnsl_neighbor_list *list = make_list(modes[m], 0.0, 0, 1 + trial % 3);
            assert_ok(bnsl_neighbor_build(list, &box, n, xyz, NULL, NULL));
            for (int64_t i = 0; i < n; i++)
                check_query(list, modes[m], &box, xyz + 3 * i, i, true, n, xyz, reach);
            assert_ok(bnsl_neighbor_build_between(list, &box, n_query, xyz + 3 * n, NULL, NULL, n, xyz, NULL, NULL));
            for (int64_t i = 0; i < n_query; i++)
                check_query(list, modes[m], &box, xyz + 3 * (n + i), i, false, n, xyz, reach);
            bnsl_neighbor_destroy(list);
        }
    }
}

/* A free ball with a dense middle and a few points far outside: open directions, and many rounds of widening. */
static void surfaces(void **unused)
{
    (void)unused;
    enum { N = 220 };
    uint64_t state = 7;
    double xyz[3 * N];
    for (int i = 0; i < 3 * N; i++)
        xyz[i] = test_normal(&state) * (i < 3 * 200 ? 1.0 : 15.0);
    for (int m = 0; m < 3; m++) {
        bnsl_neighbor_list *list = make_list(modes[m], 0.0, 0, 2);
        assert_ok(bnsl_neighbor_build(list, NULL, N, xyz, NULL, NULL));
        for (int i = 0; i < N; i++)
            check_query(list, modes[m], NULL, xyz + 3 * i, i, true, N, xyz, 1e3);
        bnsl_neighbor_destroy(list);
    }
}

/* RAD looks at nothing beyond r_max; SANN fails when it needs more, and does not change when it does not. */
static void bounded(void **unused)
{
    (void)unused;
    enum { N = 60 };
    uint64_t state = 9;
    double xyz[3 * N];
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, 4.0, 4.0, 4.0, 0.2, 0.0, 0.1));
    for (int i = 0; i < 3 * N; i++)
        xyz[i] = 4.0 * (test_uniform(&state) - 0.5);
    for (int m = 0; m < 3; m++) {
        const double r_max = m == 0 ? 3.0 : 0.9;
        bnsl_neighbor_list *list = make_list(modes[m], r_max, 0, 1);
        assert_ok(bnsl_neighbor_build(list, &box, N, xyz, NULL, NULL));
        for (int i = 0; i < N; i++)
            check_query(list, modes[m], &box, xyz + 3 * i, i, true, N, xyz, r_max);
        bnsl_neighbor_destroy(list);
    }
    bnsl_neighbor_list *list = make_list(BNSL_NEIGHBOR_SANN, 0.9, 0, 1);
    assert_status(bnsl_neighbor_build(list, &box, N, xyz, NULL, NULL), BNSL_EDOMAIN);
    assert_non_null(strstr(bnsl_error_message(), "r_max = 0.9"));
    assert_int_equal(bnsl_neighbor_n_bonds(list), 0);
    bnsl_neighbor_destroy(list);
}

/* ---- crystals ------------------------------------------------------------------------------------------------- */

/* By hand: fcc 12 / (12 - 2) <= sqrt(2); bcc 8 / 6 > 2 / sqrt(3), 14; sc 6 / 4 > sqrt(2), 18. RAD: 2nd shells of fcc and sc are blocked at
 * 45 degrees (cos / 1 > 1 / 2), that of bcc is not (1 / sqrt(3) / (3 / 4) < 1). */
static void crystals(void **unused)
{
    (void)unused;
    const struct {
        const char *name;
        int64_t n[3];
    } cases[] = {{"fcc", {12, 12, 12}}, {"bcc", {14, 14, 14}}, {"sc", {18, 6, 6}}, {"hcp", {12, 12, 12}}};
    for (int c = 0; c < 4; c++)
        for (int32_t cells = 1; cells <= 3; cells++)
            for (int m = 0; m < 3; m++) {
                particles p = particles_crystal(cases[c].name, 1, cells, cells, cells);
                uint64_t state = 3;
                particles_shake(&p, 1e-6, 0, &state); /* touching shells of fcc tie exactly: which of them comes first is not the point */
                bnsl_neighbor_list *list = make_list(modes[m], 0.0, BNSL_NEIGHBOR_NO_VECTORS, 2);
                int64_t *count = calloc((size_t)p.n, sizeof *count);
                assert_non_null(count);
                assert_ok(bnsl_neighbor_build(list, &p.box, p.n, p.xyz, NULL, NULL));
                assert_ok(bnsl_neighbor_counts(list, count));
                for (int64_t i = 0; i < p.n; i++)
                    assert_int_equal(count[i], cases[c].n[m]);
                free(count);
                bnsl_neighbor_destroy(list);
                particles_free(&p);
            }
}

static void threads_and_species(void **unused)
{
    (void)unused;
    particles p = particles_fluid(60, 120, 0.4, 5, 2);
    for (int m = 0; m < 3; m++) {
        const int64_t *offset[3];
        const int32_t *index[3];
        const double *vector[3], *distance[3];
        bnsl_neighbor_list *list[3];
        for (int t = 0; t < 3; t++) {
            list[t] = make_list(modes[m], 0.0, 0, t + 1);
            assert_ok(bnsl_neighbor_build(list[t], &p.box, p.n, p.xyz, p.species, NULL));
            assert_ok(bnsl_neighbor_view(list[t], &offset[t], &index[t], &vector[t], &distance[t]));
            const size_t n = (size_t)bnsl_neighbor_n_bonds(list[0]);
            assert_memory_equal(offset[t], offset[0], (size_t)(p.n + 1) * sizeof(int64_t));
            assert_memory_equal(index[t], index[0], n * sizeof(int32_t));
            assert_memory_equal(vector[t], vector[0], 3 * n * sizeof(double));
            assert_memory_equal(distance[t], distance[0], n * sizeof(double));
        }
        for (int t = 0; t < 3; t++)
            bnsl_neighbor_destroy(list[t]);

        /* the S around each L are those of a set of S alone */
        bnsl_neighbor_options o;
        bnsl_neighbor_list *typed, *alone = make_list(modes[m], 0.0, 0, 1);
        assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
        o.mode = modes[m];
        o.query_species = 0;
        o.point_species = 1;
        o.r_max = 0;
        assert_ok(bnsl_neighbor_create(&typed, &o));
        assert_ok(bnsl_neighbor_build(typed, &p.box, p.n, p.xyz, p.species, NULL));
        assert_ok(bnsl_neighbor_build_between(alone, &p.box, 60, p.xyz, NULL, NULL, 120, p.xyz + 180, NULL, NULL));
        assert_int_equal(p.species[59], 0);
        assert_int_equal(p.species[60], 1);
        assert_int_equal(bnsl_neighbor_n_bonds(typed), bnsl_neighbor_n_bonds(alone));
        const double *typed_vector;
        assert_ok(bnsl_neighbor_view(typed, NULL, NULL, &typed_vector, NULL));
        assert_ok(bnsl_neighbor_view(alone, NULL, NULL, &vector[0], NULL));
        assert_memory_equal(typed_vector, vector[0], 3 * (size_t)bnsl_neighbor_n_bonds(alone) * sizeof(double));
        bnsl_neighbor_destroy(typed);
        bnsl_neighbor_destroy(alone);
    }
    particles_free(&p);
}

/* ---- few points, points in one place ----------------------------------------------------------------------------- */

static void few_points(void **unused)
{
    (void)unused;
    const double line[] = {0, 0, 0, 1, 0, 0, 3, 0, 0}, place[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0));
    bnsl_neighbor_list *sann = make_list(BNSL_NEIGHBOR_SANN, 0.0, 0, 1), *rad = make_list(BNSL_NEIGHBOR_RAD_OPEN, 0.0, 0, 1);
    assert_status(bnsl_neighbor_build(sann, NULL, 3, line, NULL, NULL), BNSL_EDOMAIN);
    assert_non_null(strstr(bnsl_error_message(), "query 0 has 2 neighbours"));
    assert_int_equal(bnsl_neighbor_n_query(sann), 0);
    assert_ok(bnsl_neighbor_build(sann, NULL, 4, place, NULL, NULL)); /* 0 <= 0 */
    assert_int_equal(bnsl_neighbor_n_bonds(sann), 12);
    assert_ok(bnsl_neighbor_build(sann, NULL, 0, NULL, NULL, NULL));
    assert_status(bnsl_neighbor_build_between(sann, &box, 3, line, NULL, NULL, 0, NULL, NULL, NULL), BNSL_EDOMAIN);

    int64_t count[4];
    assert_ok(bnsl_neighbor_build(rad, NULL, 3, line, NULL, NULL));
    assert_ok(bnsl_neighbor_counts(rad, count));
    assert_int_equal(count[0], 1); /* the second one hides the third */
    assert_int_equal(count[1], 2);
    assert_int_equal(count[2], 1);
    assert_ok(bnsl_neighbor_build(rad, NULL, 4, place, NULL, NULL)); /* a point at distance 0 has no direction to be blocked in */
    assert_int_equal(bnsl_neighbor_n_bonds(rad), 12);
    assert_ok(bnsl_neighbor_build(rad, NULL, 1, line, NULL, NULL));
    assert_int_equal(bnsl_neighbor_n_bonds(rad), 0);
    assert_int_equal(bnsl_neighbor_n_query(rad), 1);
    assert_ok(bnsl_neighbor_build(rad, &box, 1, line, NULL, NULL)); /* its own images */
    assert_int_equal(bnsl_neighbor_n_bonds(rad), 6);
    box.periodic = BNSL_PERIODIC_Z;
    assert_ok(bnsl_neighbor_build(rad, &box, 1, line, NULL, NULL));
    assert_int_equal(bnsl_neighbor_n_bonds(rad), 2);
    assert_ok(bnsl_neighbor_build_between(rad, &box, 3, line, NULL, NULL, 0, NULL, NULL, NULL));
    assert_int_equal(bnsl_neighbor_n_bonds(rad), 0);
    bnsl_neighbor_destroy(sann);
    bnsl_neighbor_destroy(rad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions), cmocka_unit_test(surfaces),           cmocka_unit_test(bounded),
        cmocka_unit_test(crystals),    cmocka_unit_test(threads_and_species), cmocka_unit_test(few_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
