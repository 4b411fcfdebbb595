/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Local density: the weight of one neighbour, freud's numbers, the ideal gas, random points by a plain search, lists, faults. */
#include "naive_pairs.h"
#include "particles.h"
#include "test_csv.h"

static bnsl_order_density_options options(double r_max, double diameter)
{
    bnsl_order_density_options o;
    assert_ok(bnsl_order_density_options_init(&o, sizeof o));
    o.r_max = r_max;
    o.diameter = diameter;
    return o;
}

static void defaults_are_those_of_the_paper(void **state)
{
    (void)state;
    bnsl_order_density_options o;
    assert_ok(bnsl_order_density_options_init(&o, sizeof o));
    assert_true(o.r_max == 1.3 && o.diameter == 1 && o.query_species == -1 && o.point_species == -1);
    assert_true(bnsl_order_density_threshold(BNSL_PHASE_FCC) == 1.05);
    assert_true(bnsl_order_density_threshold(BNSL_PHASE_ALB2) == 1.6);
    assert_true(bnsl_order_density_threshold(BNSL_PHASE_NAZN13) == 2.5);
    assert_true(isnan(bnsl_order_density_threshold(BNSL_PHASE_FLUID)));
    assert_true(isnan(bnsl_order_density_threshold(-1)));
}

/* c(d) of one neighbour: 1 up to R - D/2 = 0.75, 1/2 at R, 0 from R + D/2 = 1.75 on; with and without a box. */
static void weight_of_one_neighbour(void **state)
{
    (void)state;
    static const double d[] = {0, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0}, want[] = {1, 1, 1, 0.75, 0.5, 0.25, 0, 0};
    bnsl_box box;
    bnsl_order_density_options o = options(1.25, 1);
    assert_ok(bnsl_box_init(&box, 8, 8, 8, 0, 0, 0));
    for (int k = 0; k < 8; k++) {
        double xyz[6] = {3.5, -4, 0, 3.5 + d[k], 4, 0}, density[2], neighbors[2];
        assert_ok(bnsl_order_local_density(&box, 2, xyz, NULL, &o, density, neighbors));
        for (int i = 0; i < 2; i++) {
            assert_close(neighbors[i], want[k], 1e-15, 0);
            assert_close(density[i], want[k] / (4.0 / 3.0 * TEST_PI * 1.25 * 1.25 * 1.25), 1e-15, 0);
        }
        xyz[4] = -4;
        assert_ok(bnsl_order_local_density(NULL, 2, xyz, NULL, &o, NULL, neighbors));
        assert_close(neighbors[1], want[k], 1e-15, 0);
    }
}

static void numbers_of_freud(void **state)
{
    (void)state;
    enum { N = 150 };
    csv_table t = csv_read("order/freud_density.csv");
    int64_t number[3 * N];
    double xyz[3 * N], density[N], neighbors[N];
    bnsl_box box;
    freud_integers(3 * N, 12345, 6144, number);
    for (int i = 0; i < 3 * N; i++)
        xyz[i] = (double)(number[i] - 3072) / 1024;
    assert_ok(bnsl_box_init(&box, 6, 6, 6, 0, 0, 0));
    assert_ok(bnsl_order_local_density(&box, N, xyz, NULL, NULL, density, neighbors));
    assert_int_equal(t.n_rows, N);
    for (int i = 0; i < N; i++) { /* single precision: some 1e-7 a neighbour */
        assert_close(density[i], csv_number(&t, i, "density"), 2e-6, 0);
        assert_close(neighbors[i], csv_number(&t, i, "num_neighbors"), 2e-6, 0);
    }
    csv_free(&t);
}

/*
 * <rho_i> = rho (1 + D^2 / (4 R^2)) in an ideal gas (N - 1 others: rho = (N - 1) / V). The mean over a frame of 2 sum_pairs c / N has the
 * variance 2 (N - 1) / N var(c), pairs being uncorrelated in a periodic box, with var(c) <= <c^2> <= <c> = weight / V.
 */
static void ideal_gas(void **state)
{
    (void)state;
    enum { N = 400, N_FRAMES = 30 };
    bnsl_box box;
    uint64_t seed = 11;
    assert_ok(bnsl_box_init(&box, 5, 5, 6, 0.3, 0, -0.2));
    const double volume = 5 * 5 * 6, r_max = 1.3, sphere = 4.0 / 3.0 * TEST_PI * r_max * r_max * r_max;
    const double want = (N - 1) / volume * (1 + 1 / (4 * r_max * r_max));
    double mean = 0, *density = malloc(N * sizeof *density);
    assert_non_null(density);
    for (int f = 0; f < N_FRAMES; f++) {
        double *xyz = random_points(&box, N, &seed);
        assert_ok(bnsl_order_local_density(&box, N, xyz, NULL, NULL, density, NULL));
        for (int i = 0; i < N; i++)
            mean += density[i] / (N * N_FRAMES);
        free(xyz);
    }
    double error = sqrt(2.0 * want * sphere / volume / N_FRAMES) / sphere;
    assert_true(error < 0.02 * want);
    assert_close(mean, want, 0, 4 * error);
    free(density);
}

static void random_points_by_a_plain_search(void **state)
{
    (void)state;
    static const bnsl_box boxes[] = {
        {5, 4, 6, 0.4, -0.3, 0.7, BNSL_PERIODIC_XYZ, 0},
        {3, 3, 3, 1.7, -2.3, 1.1, BNSL_PERIODIC_XYZ, 0},
        {1.1, 0.9, 1.3, 0.3, 0.2, -0.5, BNSL_PERIODIC_XYZ, 0}, /* several images of each particle */
        {6, 5, 4, 0.2, 0.1, -0.4, BNSL_PERIODIC_X, 0},
        {6, 5, 4, 0.2, 0.1, -0.4, 0, 0},
    };
    static const int32_t wanted[][2] = {{-1, -1}, {0, 1}, {1, 1}, {-1, 1}, {0, -1}};
    uint64_t seed = 29;
    for (size_t k = 0; k < sizeof boxes / sizeof *boxes; k++) {
        int64_t n = boxes[k].lx < 2 ? 6 : 150;
        double *xyz = random_points(&boxes[k], n, &seed), *want = malloc((size_t)n * 4 * sizeof *want), *got = want + n;
        int32_t *species = malloc((size_t)n * sizeof *species);
        assert_true(want && species);
        for (int64_t i = 0; i < n; i++)
            species[i] = i % 3 != 0;
        for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
            bnsl_order_density_options o = options(1.3, w == 1 ? 2.9 : 1); /* also a neighbour that is larger than the sphere */
            o.query_species = wanted[w][0];
            o.point_species = wanted[w][1];
            o.num_threads = 1 + (int32_t)w % 3;
            naive_density(&boxes[k], n, xyz, species, o.query_species, o.point_species, o.r_max, o.diameter, want);
            assert_ok(bnsl_order_local_density(&boxes[k], n, xyz, species, &o, got, NULL));
            for (int64_t i = 0; i < n; i++)
                assert_close(got[i], want[i], 1e-12, 1e-14);
        }
        free(xyz);
        free(want);
        free(species);
    }
}

static void threads_change_nothing(void **state)
{
    (void)state;
    particles p = particles_crystal("NaZn13", 1, 2, 2, 2);
    uint64_t seed = 6;
    particles_shake(&p, 0.08, 0.08, &seed);
    double *density = malloc((size_t)p.n * 2 * sizeof *density);
    assert_non_null(density);
    for (int k = 0; k < 2; k++) {
        bnsl_order_density_options o = options(1.3, 1);
        o.num_threads = 1 + 3 * k;
        assert_ok(bnsl_order_local_density(&p.box, p.n, p.xyz, p.species, &o, density + k * p.n, NULL));
    }
    assert_memory_equal(density, density + p.n, (size_t)p.n * sizeof *density);
    free(density);
    particles_free(&p);
}

/* A list that reaches far enough gives the same; of a longer one the bonds beyond R + D/2 do not count. */
static void lists(void **state)
{
    (void)state;
    particles p = particles_crystal("AlB2", 0.99, 3, 2, 2);
    uint64_t seed = 9;
    particles_shake(&p, 0.05, 0.1, &seed);
    double *want = malloc((size_t)p.n * 3 * sizeof *want), *got = want + p.n, *neighbors = got + p.n;
    assert_non_null(want);
    assert_ok(bnsl_order_local_density(&p.box, p.n, p.xyz, p.species, NULL, want, NULL));
    for (int k = 0; k < 2; k++) {
        bnsl_neighbor_options n;
        bnsl_neighbor_list *list;
        assert_ok(bnsl_neighbor_options_init(&n, sizeof n));
        n.r_max = k == 0 ? 1.8 : 2.6;
        assert_ok(bnsl_neighbor_create(&list, &n));
        assert_ok(bnsl_neighbor_build(list, &p.box, p.n, p.xyz, p.species, NULL));
        assert_ok(bnsl_order_local_density_of_list(list, NULL, got, neighbors));
        for (int64_t i = 0; i < p.n; i++) {
            assert_close(got[i], want[i], 1e-13, 0);
            assert_close(neighbors[i], want[i] * 4.0 / 3.0 * TEST_PI * 1.3 * 1.3 * 1.3, 1e-13, 0);
        }
        bnsl_neighbor_destroy(list);
    }
    free(want);
    particles_free(&p);
}

static void lonely_particles(void **state)
{
    (void)state;
    double xyz[6] = {0, 0, 0, 50, 0, 0}, density[2] = {7, 7};
    int32_t species[2] = {0, 1};
    bnsl_order_density_options o = options(1.3, 1);
    assert_ok(bnsl_order_local_density(NULL, 2, xyz, NULL, &o, density, NULL));
    assert_true(density[0] == 0 && density[1] == 0);
    o.point_species = 3; /* there is none */
    density[0] = 7;
    assert_ok(bnsl_order_local_density(NULL, 2, xyz, species, &o, density, NULL));
    assert_true(density[0] == 0);
    assert_ok(bnsl_order_local_density(NULL, 0, NULL, NULL, NULL, NULL, NULL));
    assert_ok(bnsl_order_local_density(NULL, 2, xyz, NULL, NULL, NULL, NULL));
}

/* Positions far apart along axes that are not periodic: few, large cells. */
static void far_apart(void **state)
{
    (void)state;
    double xyz[] = {-1e90, 0, 0, 0, 0, 0, 0.5, 0, 0, 1e100, -1e100, 1e100, 1e9, 1e9, 1e9, 1e9 + 0.5, 1e9, 1e9}, neighbors[6];
    assert_ok(bnsl_order_local_density(NULL, 6, xyz, NULL, NULL, NULL, neighbors));
    static const double want[] = {0, 1, 1, 0, 1, 1};
    for (int i = 0; i < 6; i++)
        assert_close(neighbors[i], want[i], 0, 0);
}

static void bad_input(void **state)
{
    (void)state;
    bnsl_box box, bad;
    double xyz[6] = {0, 0, 0, 1, 0, 0}, density[2] = {7, 7};
    int32_t species[2] = {0, 1};
    bnsl_order_density_options good = options(1.3, 1), o;
    assert_ok(bnsl_box_init(&box, 4, 4, 4, 0, 0, 0));
#define REFUSED(change)                                                                                        \
    do {                                                                                                       \
        o = good;                                                                                              \
        o.change;                                                                                              \
        assert_status(bnsl_order_local_density(&box, 2, xyz, species, &o, density, NULL), BNSL_EINVAL);        \
        assert_true(density[0] == 7 && density[1] == 7);                                                       \
    } while (0)
    REFUSED(r_max = 0);
    REFUSED(r_max = -1);
    REFUSED(r_max = NAN);
    REFUSED(r_max = INFINITY);
    REFUSED(r_max = 1e6); /* too many images */
    REFUSED(diameter = 0);
    REFUSED(diameter = NAN);
    REFUSED(num_threads = -1);
    REFUSED(query_species = -2);
    REFUSED(point_species = -2);
    REFUSED(struct_size = 2);
    bad = box;
    bad.lz = -4;
    assert_status(bnsl_order_local_density(&bad, 2, xyz, species, NULL, density, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_local_density(&box, -1, xyz, species, NULL, density, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_local_density(&box, 2, NULL, species, NULL, density, NULL), BNSL_EINVAL);
    o = good;
    o.point_species = 1;
    assert_status(bnsl_order_local_density(&box, 2, xyz, NULL, &o, density, NULL), BNSL_EINVAL);
    species[1] = -1;
    assert_status(bnsl_order_local_density(&box, 2, xyz, species, NULL, density, NULL), BNSL_EINVAL);
    species[1] = 1;
    xyz[4] = NAN;
    assert_status(bnsl_order_local_density(&box, 2, xyz, species, NULL, density, NULL), BNSL_EINVAL);
    xyz[4] = 0;
    assert_true(density[0] == 7 && density[1] == 7);
    assert_status(bnsl_order_density_options_init(NULL, sizeof o), BNSL_EINVAL);

    bnsl_neighbor_options n;
    assert_ok(bnsl_neighbor_options_init(&n, sizeof n));
    for (int k = 0; k < 2; k++) {
        bnsl_neighbor_list *list;
        n.flags = k == 0 ? BNSL_NEIGHBOR_HALF : BNSL_NEIGHBOR_NO_VECTORS;
        assert_ok(bnsl_neighbor_create(&list, &n));
        assert_ok(bnsl_neighbor_build(list, &box, 2, xyz, NULL, NULL));
        assert_status(bnsl_order_local_density_of_list(list, NULL, density, NULL), BNSL_EINVAL);
        bnsl_neighbor_destroy(list);
    }
    assert_status(bnsl_order_local_density_of_list(NULL, NULL, density, NULL), BNSL_EINVAL);
    assert_true(density[0] == 7 && density[1] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_paper),
        cmocka_unit_test(weight_of_one_neighbour),
        cmocka_unit_test(numbers_of_freud),
        cmocka_unit_test(ideal_gas),
        cmocka_unit_test(random_points_by_a_plain_search),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(lists),
        cmocka_unit_test(lonely_particles),
        cmocka_unit_test(far_apart),
        cmocka_unit_test(bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
