/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Radial distribution functions: shells of crystals, freud's numbers, every pair of random points by a plain search, ideal gases, faults. */
#include "test_csv.h"
#include "naive_pairs.h"
#include "particles.h"

static bnsl_order_rdf_options options(double r_max, int32_t n_bins, int32_t n_species)
{
    bnsl_order_rdf_options o;
    assert_ok(bnsl_order_rdf_options_init(&o, sizeof o));
    o.r_max = r_max;
    o.n_bins = n_bins;
    o.n_species = n_species;
    return o;
}

static bnsl_order_rdf *rdf_of(const bnsl_order_rdf_options *o)
{
    bnsl_order_rdf *rdf;
    assert_ok(bnsl_order_rdf_create(&rdf, o));
    return rdf;
}

/* ---- closed forms ------------------------------------------------------------------------------------------------------------ */

static void shells_of_fcc(void **state)
{
    (void)state;
    /* numbers and squared distances of the neighbours, nearest one 1 [Kittel] */
    static const int32_t number[] = {12, 6, 24, 12, 24, 8, 48}, square[] = {1, 2, 3, 4, 5, 6, 7};
    enum { N_BINS = 140 };
    particles p = particles_crystal("fcc", 1, 2, 2, 2); /* the box is 2 sqrt(2) wide: r_max = 2.8 needs images */
    bnsl_order_rdf_options o = options(2.8, N_BINS, 1);
    o.r_min = 0.007; /* no shell on an edge */
    bnsl_order_rdf *rdf = rdf_of(&o);
    double g[N_BINS], n_r[N_BINS], edge[N_BINS + 1], centre[N_BINS];
    assert_ok(bnsl_order_rdf_add(rdf, &p.box, p.n, p.xyz, NULL, NULL));
    assert_ok(bnsl_order_rdf_read(rdf, -1, -1, g, n_r, NULL));
    assert_ok(bnsl_order_rdf_bins(rdf, centre, edge));
    double volume = p.box.lx * p.box.ly * p.box.lz;
    for (int32_t b = 0; b < N_BINS; b++) {
        double want = 0, inside = 0;
        for (int32_t s = 0; s < 7; s++) {
            double r = sqrt(square[s]);
            want += r >= edge[b] && r < edge[b + 1] ? number[s] : 0;
            inside += r < edge[b + 1] ? number[s] : 0;
        }
        double shell = 4.0 / 3.0 * TEST_PI * (pow(edge[b + 1], 3) - pow(edge[b], 3));
        assert_close(g[b], want * volume / ((double)p.n * shell), 1e-12, 0);
        assert_close(n_r[b], inside, 1e-14, 0);
        assert_close(centre[b], 0.007 + (b + 0.5) * (2.8 - 0.007) / N_BINS, 1e-14, 0);
    }
    bnsl_order_rdf_destroy(rdf);
    particles_free(&p);
}

/* Bins are closed below and open above, r_max itself does not count; the squares and edges here are exact. */
static void edges_of_bins(void **state)
{
    (void)state;
    static const double place[] = {0, 0.5, 0.75, 1.0};
    static const int32_t bin[] = {-1, 0, 1, -1};
    bnsl_box box = {.lx = 10, .ly = 10, .lz = 10, .periodic = BNSL_PERIODIC_XYZ};
    for (int k = 0; k < 4; k++) {
        bnsl_order_rdf_options o = options(1, 2, 1);
        o.r_min = 0.5;
        bnsl_order_rdf *rdf = rdf_of(&o);
        double xyz[6] = {4.75, 0, 0, 4.75 + place[k], 0, 0}, n_r[2];
        assert_ok(bnsl_order_rdf_add(rdf, &box, 2, xyz, NULL, NULL));
        assert_ok(bnsl_order_rdf_read(rdf, 0, 0, NULL, n_r, NULL));
        assert_close(n_r[0], bin[k] == 0, 0, 0);
        assert_close(n_r[1], bin[k] >= 0, 0, 0);
        bnsl_order_rdf_destroy(rdf);
    }
}

/* Coincident particles are neighbours of each other at r = 0, not of themselves. */
static void coincident_particles(void **state)
{
    (void)state;
    bnsl_box box = {.lx = 5, .ly = 5, .lz = 5, .periodic = BNSL_PERIODIC_XYZ};
    double xyz[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1}, n_r;
    bnsl_order_rdf_options o = options(1, 1, 1);
    bnsl_order_rdf *rdf = rdf_of(&o);
    assert_ok(bnsl_order_rdf_add(rdf, &box, 3, xyz, NULL, NULL));
    assert_ok(bnsl_order_rdf_read(rdf, -1, -1, NULL, &n_r, NULL));
    assert_close(n_r, 2, 0, 0);
    bnsl_order_rdf_destroy(rdf);
}

/*
 * Independent uniform points: the number of pairs in a bin, N (N - 1) v / (2 V) on average, is a sum of uncorrelated variables of variance
 * p (1 - p) (pairs that share a particle are independent in a periodic box), so its relative error is 1 / sqrt(number).
 */
static void ideal_gas(void **state)
{
    (void)state;
    enum { N = 200, N_FRAMES = 40, N_BINS = 10 };
    bnsl_box box;
    uint64_t seed = 4;
    assert_ok(bnsl_box_init(&box, 5, 6, 7, 0.2, -0.3, 0.4));
    for (int32_t flags = 0; flags <= BNSL_RDF_FINITE_SIZE; flags++) {
        bnsl_order_rdf_options o = options(2.4, N_BINS, 1);
        o.flags = flags;
        bnsl_order_rdf *rdf = rdf_of(&o);
        for (int f = 0; f < N_FRAMES; f++) {
            double *xyz = random_points(&box, N, &seed);
            assert_ok(bnsl_order_rdf_add(rdf, &box, N, xyz, NULL, NULL));
            free(xyz);
        }
        double g[N_BINS], edge[N_BINS + 1];
        assert_ok(bnsl_order_rdf_read(rdf, 0, 0, g, NULL, NULL));
        assert_ok(bnsl_order_rdf_bins(rdf, NULL, edge));
        double chi2 = 0;
        for (int32_t b = 0; b < N_BINS; b++) {
            double shell = 4.0 / 3.0 * TEST_PI * (pow(edge[b + 1], 3) - pow(edge[b], 3));
            double pairs = N_FRAMES * 0.5 * N * (N - 1) * shell / (5 * 6 * 7), want = flags ? 1 : 1 - 1.0 / N;
            assert_true(pairs > 30);
            chi2 += pow((g[b] / want - 1), 2) * pairs;
        }
        assert_true(chi2 > 1.5 && chi2 < 30); /* 10 degrees of freedom: 0.1 % and 99.9 % quantiles 1.5 and 29.6 */
        bnsl_order_rdf_destroy(rdf);
    }
}

/* ---- other programs, other ways ------------------------------------------------------------------------------------------------ */

static void numbers_of_freud(void **state)
{
    (void)state;
    enum { N = 150, N_FIRST = 50, N_BINS = 24 };
    csv_table t = csv_read("order/freud_pairs.csv");
    int64_t number[3 * N];
    double xyz[3 * N], g[N_BINS], n_r[N_BINS], g_ab[N_BINS], n_r_ab[N_BINS];
    int32_t species[N];
    bnsl_box box;
    freud_integers(3 * N, 12345, 6144, number);
    for (int i = 0; i < 3 * N; i++)
        xyz[i] = (double)(number[i] - 3072) / 1024;
    for (int i = 0; i < N; i++)
        species[i] = i >= N_FIRST;
    assert_ok(bnsl_box_init(&box, 6, 6, 6, 0, 0, 0));
    bnsl_order_rdf_options o = options(2.9, N_BINS, 2);
    o.r_min = 0.3;
    bnsl_order_rdf *rdf = rdf_of(&o);
    assert_ok(bnsl_order_rdf_add(rdf, &box, N, xyz, species, NULL));
    assert_ok(bnsl_order_rdf_read(rdf, -1, -1, g, n_r, NULL));
    assert_ok(bnsl_order_rdf_read(rdf, 0, 1, g_ab, n_r_ab, NULL));
    assert_int_equal(t.n_rows, N_BINS);
    for (int b = 0; b < N_BINS; b++) { /* the counts are the same; freud's shells are differences of cubes in single precision */
        assert_close(g[b], csv_number(&t, b, "g"), 5e-6, 0);
        assert_close(n_r[b], csv_number(&t, b, "n_r"), 1e-6, 0);
        assert_close(g_ab[b], csv_number(&t, b, "g_ab"), 5e-6, 0);
        assert_close(n_r_ab[b], csv_number(&t, b, "n_r_ab"), 1e-6, 0);
    }
    bnsl_order_rdf_destroy(rdf);
    csv_free(&t);
}

/* g and n_r of a pair against the plain search. */
static void check_pair(const bnsl_order_rdf *rdf, const bnsl_order_rdf_options *o, const bnsl_box *box, int64_t n, const double *xyz,
                       const int32_t *species, int32_t a, int32_t b)
{
    int64_t *counts = malloc((size_t)o->n_bins * sizeof *counts), doubtful = 0, n_a = 0, n_b = 0;
    double *g = malloc((size_t)o->n_bins * 2 * sizeof *g), *n_r = g ? g + o->n_bins : NULL, edge[200], inside = 0;
    assert_true(counts && g && o->n_bins < 200);
    naive_histogram(box, n, xyz, species, a, b, o->r_min, o->r_max, o->n_bins, counts, &doubtful);
    assert_int_equal(doubtful, 0);
    for (int64_t i = 0; i < n; i++) {
        n_a += a < 0 || species[i] == a;
        n_b += b < 0 || species[i] == b;
    }
    assert_ok(bnsl_order_rdf_read(rdf, a, b, g, n_r, NULL));
    assert_ok(bnsl_order_rdf_bins(rdf, NULL, edge));
    for (int32_t i = 0; i < o->n_bins; i++) {
        double shell = 4.0 / 3.0 * TEST_PI * (pow(edge[i + 1], 3) - pow(edge[i], 3));
        inside += (double)counts[i];
        assert_close(g[i], (double)counts[i] * box->lx * box->ly * box->lz / ((double)n_a * (double)n_b * shell), 1e-12, 0);
        assert_close(n_r[i], inside / (double)n_a, 1e-12, 0);
    }
    free(counts);
    free(g);
}

static void every_pair_of_random_points(void **state)
{
    (void)state;
    static const bnsl_box boxes[] = {
        {5, 4, 6, 0, 0, 0, BNSL_PERIODIC_XYZ, 0},
        {5, 4, 6, 0.4, -0.3, 0.7, BNSL_PERIODIC_XYZ, 0},
        {3, 3, 3, 1.7, -2.3, 1.1, BNSL_PERIODIC_XYZ, 0}, /* far from reduced */
        {1.1, 0.9, 1.3, 0.3, 0.2, -0.5, BNSL_PERIODIC_XYZ, 0},
        {6, 5, 4, 0.2, 0.1, -0.4, BNSL_PERIODIC_X | BNSL_PERIODIC_Z, 0},
        {6, 5, 4, 0.2, 0.1, -0.4, BNSL_PERIODIC_Y, 0},
        {6, 5, 4, 0.3, 0.1, 0.4, 0, 0},
    };
    static const double r_max[] = {0.3, 1.2, 3.7};
    uint64_t seed = 71;
    for (size_t k = 0; k < sizeof boxes / sizeof *boxes; k++)
        for (int r = 0; r < 3; r++) {
            int64_t n = boxes[k].lx < 2 ? 7 : 120;
            double *xyz = random_points(&boxes[k], n, &seed);
            int32_t *species = malloc((size_t)n * sizeof *species);
            assert_non_null(species);
            for (int64_t i = 0; i < n; i++)
                species[i] = i % 3 == 1 ? 0 : 2; /* none is 1 */
            bnsl_order_rdf_options o = options(r_max[r], 37, 3);
            o.r_min = r == 2 ? 0.9 : 0;
            bnsl_order_rdf *rdf = rdf_of(&o);
            assert_ok(bnsl_order_rdf_add(rdf, &boxes[k], n, xyz, species, NULL));
            check_pair(rdf, &o, &boxes[k], n, xyz, species, -1, -1);
            check_pair(rdf, &o, &boxes[k], n, xyz, species, 0, 0);
            check_pair(rdf, &o, &boxes[k], n, xyz, species, 0, 2);
            check_pair(rdf, &o, &boxes[k], n, xyz, species, 2, 0);
            assert_status(bnsl_order_rdf_read(rdf, 1, 2, NULL, NULL, NULL), BNSL_EDOMAIN);
            bnsl_order_rdf_destroy(rdf);
            o.species_a = 2; /* this pair alone */
            o.species_b = 0;
            rdf = rdf_of(&o);
            assert_ok(bnsl_order_rdf_add(rdf, &boxes[k], n, xyz, species, NULL));
            check_pair(rdf, &o, &boxes[k], n, xyz, species, 2, 0);
            check_pair(rdf, &o, &boxes[k], n, xyz, species, 0, 2);
            assert_status(bnsl_order_rdf_read(rdf, 0, 0, NULL, NULL, NULL), BNSL_EINVAL);
            assert_status(bnsl_order_rdf_read(rdf, -1, -1, NULL, NULL, NULL), BNSL_EINVAL);
            bnsl_order_rdf_destroy(rdf);
            free(xyz);
            free(species);
        }
}

/* A cell and its 3 x 3 x 3 supercell, both beyond half their boxes. */
static void supercells(void **state)
{
    (void)state;
    enum { N_BINS = 97 };
    double g[2][N_BINS];
    for (int k = 0; k < 2; k++) {
        int32_t repeat = k == 0 ? 1 : 3;
        particles p = particles_crystal("AlB2", 0.99, repeat, repeat, repeat);
        bnsl_order_rdf_options o = options(3.777, N_BINS, 2);
        bnsl_order_rdf *rdf = rdf_of(&o);
        assert_ok(bnsl_order_rdf_add(rdf, &p.box, p.n, p.xyz, p.species, NULL));
        assert_ok(bnsl_order_rdf_read(rdf, 1, 0, g[k], NULL, NULL));
        bnsl_order_rdf_destroy(rdf);
        particles_free(&p);
    }
    for (int b = 0; b < N_BINS; b++)
        assert_close(g[1][b], g[0][b], 1e-12, 0);
}

/* ---- several frames, threads ------------------------------------------------------------------------------------------------------ */

/* The mean of what each frame gives alone, whatever its volume and numbers; frames without the species are left out. */
static void frames_have_their_own_volume(void **state)
{
    (void)state;
    enum { N_FRAMES = 3, N_BINS = 20 };
    static const int64_t n[N_FRAMES] = {90, 60, 30};
    static const double edge[N_FRAMES] = {3, 5, 4};
    bnsl_order_rdf_options o = options(2, N_BINS, 2);
    bnsl_order_rdf *all = rdf_of(&o);
    double g[N_BINS], n_r[N_BINS], one_g[N_BINS], one_n[N_BINS], want_g[N_BINS] = {0}, want_n[N_BINS] = {0};
    uint64_t seed = 8;
    int64_t n_frames;
    for (int f = 0; f < N_FRAMES; f++) {
        bnsl_box box;
        int32_t species[90];
        assert_ok(bnsl_box_init(&box, edge[f], edge[f], edge[f], 0, 0, 0));
        double *xyz = random_points(&box, n[f], &seed);
        for (int64_t i = 0; i < n[f]; i++)
            species[i] = f < 2 && i % 3 == 0; /* the last frame has no 1 */
        bnsl_order_rdf *one = rdf_of(&o);
        assert_ok(bnsl_order_rdf_add(all, &box, n[f], xyz, species, NULL));
        assert_ok(bnsl_order_rdf_add(one, &box, n[f], xyz, species, NULL));
        if (f < 2) {
            assert_ok(bnsl_order_rdf_read(one, 0, 1, one_g, one_n, NULL));
            for (int b = 0; b < N_BINS; b++) {
                want_g[b] += one_g[b] / 2;
                want_n[b] += one_n[b] / 2;
            }
        }
        bnsl_order_rdf_destroy(one);
        free(xyz);
    }
    assert_ok(bnsl_order_rdf_read(all, 0, 1, g, n_r, &n_frames));
    assert_int_equal(n_frames, 2);
    for (int b = 0; b < N_BINS; b++) {
        assert_close(g[b], want_g[b], 1e-13, 0);
        assert_close(n_r[b], want_n[b], 1e-13, 0);
    }
    assert_ok(bnsl_order_rdf_read(all, -1, -1, NULL, NULL, &n_frames));
    assert_int_equal(n_frames, 3);
    bnsl_order_rdf_destroy(all);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    enum { N_BINS = 300 };
    particles p = particles_crystal("NaZn13", 1, 2, 2, 2);
    uint64_t seed = 5;
    double g[2][2 * N_BINS];
    particles_shake(&p, 0.05, 0.05, &seed);
    for (int k = 0; k < 2; k++) {
        bnsl_order_rdf_options o = options(3, N_BINS, 2);
        o.num_threads = 1 + 3 * k;
        bnsl_order_rdf *rdf = rdf_of(&o);
        for (int f = 0; f < 2; f++)
            assert_ok(bnsl_order_rdf_add(rdf, &p.box, p.n, p.xyz, p.species, NULL));
        assert_ok(bnsl_order_rdf_read(rdf, 0, 1, g[k], g[k] + N_BINS, NULL));
        bnsl_order_rdf_destroy(rdf);
    }
    assert_memory_equal(g[0], g[1], sizeof g[0]);
    particles_free(&p);
}

/* ---- faults --------------------------------------------------------------------------------------------------------------------- */

static void bad_options(void **state)
{
    (void)state;
    bnsl_order_rdf *rdf = NULL;
    bnsl_order_rdf_options good = options(2, 10, 2), o;
    assert_status(bnsl_order_rdf_create(NULL, &good), BNSL_EINVAL);
#define REFUSED(change)                                            \
    do {                                                           \
        o = good;                                                  \
        o.change;                                                  \
        assert_status(bnsl_order_rdf_create(&rdf, &o), BNSL_EINVAL); \
        assert_null(rdf);                                          \
    } while (0)
    REFUSED(r_max = 0);
    REFUSED(r_max = NAN);
    REFUSED(r_max = INFINITY);
    REFUSED(r_min = -1);
    REFUSED(r_min = 2);
    REFUSED(r_min = NAN);
    REFUSED(n_bins = 0);
    REFUSED(n_bins = 1000001);
    REFUSED(n_species = 0);
    REFUSED(n_species = 17);
    REFUSED(species_a = 0);
    REFUSED(species_b = 1);
    REFUSED(species_a = o.species_b = 2);
    REFUSED(num_threads = -1);
    REFUSED(flags = 2);
    REFUSED(reserved = 1);
    REFUSED(struct_size = 0);
    assert_ok(bnsl_order_rdf_create(&rdf, NULL));
    bnsl_order_rdf_destroy(rdf);
    bnsl_order_rdf_destroy(NULL);
    assert_status(bnsl_order_rdf_options_init(NULL, sizeof o), BNSL_EINVAL);
}

static int32_t stop_at_once(void *user, int64_t done, int64_t total)
{
    (void)user;
    (void)done;
    (void)total;
    return 1;
}

static void bad_frames_add_nothing(void **state)
{
    (void)state;
    enum { N_BINS = 16 };
    bnsl_order_rdf_options o = options(1.5, N_BINS, 2);
    bnsl_order_rdf *rdf = rdf_of(&o);
    bnsl_box box, bad;
    uint64_t seed = 3;
    assert_ok(bnsl_box_init(&box, 4, 4, 4, 0, 0, 0));
    double *xyz = random_points(&box, 50, &seed), g[2][N_BINS], one = 7;
    int32_t species[50] = {0};
    int64_t n_frames;
    assert_status(bnsl_order_rdf_read(rdf, -1, -1, &one, NULL, NULL), BNSL_EDOMAIN);
    assert_true(one == 7);
    assert_ok(bnsl_order_rdf_add(rdf, &box, 50, xyz, species, NULL));
    assert_ok(bnsl_order_rdf_read(rdf, -1, -1, g[0], NULL, NULL));
    assert_status(bnsl_order_rdf_add(NULL, &box, 50, xyz, species, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_rdf_add(rdf, NULL, 50, xyz, species, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_rdf_add(rdf, &box, -1, xyz, species, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_rdf_add(rdf, &box, INT64_MAX, xyz, species, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_rdf_add(rdf, &box, 50, NULL, species, NULL), BNSL_EINVAL);
    bad = box;
    bad.ly = 0;
    assert_status(bnsl_order_rdf_add(rdf, &bad, 50, xyz, species, NULL), BNSL_EINVAL);
    bad.ly = 1e-3; /* 3,000 x 3,000 x 3,000 images */
    bad.lx = bad.lz = 1e-3;
    assert_status(bnsl_order_rdf_add(rdf, &bad, 50, xyz, species, NULL), BNSL_EINVAL);
    species[49] = 2;
    assert_status(bnsl_order_rdf_add(rdf, &box, 50, xyz, species, NULL), BNSL_EINVAL);
    species[49] = -1;
    assert_status(bnsl_order_rdf_add(rdf, &box, 50, xyz, species, NULL), BNSL_EINVAL);
    species[49] = 0;
    static const double poison[] = {NAN, INFINITY, -INFINITY, 1e101};
    for (int k = 0; k < 4; k++) {
        double kept = xyz[77];
        xyz[77] = poison[k];
        assert_status(bnsl_order_rdf_add(rdf, &box, 50, xyz, species, NULL), BNSL_EINVAL);
        xyz[77] = kept;
    }
    bnsl_control *control;
    assert_ok(bnsl_control_create(&control));
    bnsl_control_cancel(control);
    assert_status(bnsl_order_rdf_add(rdf, &box, 50, xyz, species, control), BNSL_ECANCELLED);
    bnsl_control_reset(control);
    assert_ok(bnsl_control_set_progress(control, stop_at_once, NULL));
    assert_status(bnsl_order_rdf_add(rdf, &box, 50, xyz, species, control), BNSL_ECANCELLED);
    bnsl_control_destroy(control);
    assert_ok(bnsl_order_rdf_read(rdf, -1, -1, g[1], NULL, &n_frames));
    assert_int_equal(n_frames, 1);
    assert_memory_equal(g[0], g[1], sizeof g[0]);
    assert_ok(bnsl_order_rdf_add(rdf, &box, 0, NULL, NULL, NULL)); /* no particles: no pairs, no frame of any pair */
    assert_ok(bnsl_order_rdf_read(rdf, -1, -1, g[1], NULL, &n_frames));
    assert_int_equal(n_frames, 1);
    assert_status(bnsl_order_rdf_read(NULL, 0, 0, g[0], NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_rdf_read(rdf, 0, 2, g[0], NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_rdf_read(rdf, -1, 0, g[0], NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_rdf_bins(NULL, g[0], NULL), BNSL_EINVAL);
    bnsl_order_rdf_destroy(rdf);
    free(xyz);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shells_of_fcc),
        cmocka_unit_test(edges_of_bins),
        cmocka_unit_test(coincident_particles),
        cmocka_unit_test(ideal_gas),
        cmocka_unit_test(numbers_of_freud),
        cmocka_unit_test(every_pair_of_random_points),
        cmocka_unit_test(supercells),
        cmocka_unit_test(frames_have_their_own_volume),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(bad_options),
        cmocka_unit_test(bad_frames_add_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
