/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peaks of curves and their indexing: synthetic line sets of every prototype, a measured line cut. */
#include "bnsl_test.h"

enum { MAX = 64 };

static double strength(const bnsl_reflection *r)
{
    return r->multiplicity * (r->g_ll + 0.17 * 0.17 * r->g_ss + 2 * 0.17 * r->g_ls) / (r->q * r->q);
}

/* The first strong lines of a lattice, with a relative error of 1e-3, none nearer to another than 1.2 %. Returns their number. */
static int32_t make_peaks(const bnsl_lattice *lattice, int32_t wanted, uint64_t *seed, double *q, double *q_err)
{
    enum { LINES = 400 };
    bnsl_reflection *r = malloc(LINES * sizeof *r);
    double a, q_max = 40, strongest = 0;
    int64_t n = 0;
    int32_t found = 0;
    assert_non_null(r);
    assert_ok(bnsl_lattice_constants(lattice, &a, NULL, NULL));
    while (bnsl_lattice_reflections(lattice, q_max / a, 0, LINES, &n, r) != BNSL_OK)
        q_max *= 0.9;
    for (int i = 0; i < n && i < 20; i++)
        strongest = fmax(strongest, strength(&r[i]));
    for (int i = 0; i < n && found < wanted; i++) {
        if (strength(&r[i]) < 0.05 * strongest || (found > 0 && r[i].q < q[found - 1] * 1.012))
            continue;
        q[found] = r[i].q * (1 + 1e-3 * fmax(-3, fmin(3, test_normal(seed))));
        q_err[found++] = 1e-3 * r[i].q;
    }
    free(r);
    return found;
}

/* Every prototype is among the best of its own lines, with its a and c/a within the errors. */
static void test_every_prototype(void **state)
{
    (void)state;
    uint64_t seed = 21;
    double squares = 0;
    int n_pulls = 0;
    for (int32_t p = 0; p < bnsl_lattice_n_prototypes(); p++) {
        bnsl_lattice_options o;
        bnsl_lattice *lattice = NULL;
        bnsl_saxs_index_candidate c[MAX];
        double q[MAX], q_err[MAX], a, edge;
        int32_t n = 0;
        assert_ok(bnsl_lattice_create(&lattice, bnsl_lattice_prototype_name(p), NULL));
        assert_ok(bnsl_lattice_constants(lattice, &a, &edge, NULL));
        bool cubic = bnsl_lattice_system(lattice) == BNSL_SYSTEM_CUBIC;
        bnsl_lattice_destroy(lattice);
        assert_ok(bnsl_lattice_options_init(&o, sizeof o));
        o.a = 10 + 10 * test_uniform(&seed);
        o.c_over_a = cubic ? 0 : edge / a * (1 + 0.04 * (test_uniform(&seed) - 0.5));
        assert_ok(bnsl_lattice_create(&lattice, bnsl_lattice_prototype_name(p), &o));
        int32_t n_peaks = make_peaks(lattice, 10, &seed, q, q_err);
        assert_true(n_peaks >= 7);
        assert_ok(bnsl_saxs_index(n_peaks, q, q_err, NULL, MAX, &n, c));
        int32_t i = 0;
        while (i < n && c[i].prototype != p)
            i++;
        assert_true(i < n);
        assert_true(c[i].score >= 0.999 * c[0].score || (i < 2 && c[i].score > 0.8 * c[0].score)); /* others with the same lines come first */
        assert_int_equal(c[i].n_explained, n_peaks);
        assert_int_equal(c[i].n_unexplained, 0);
        assert_true(c[i].figure_of_merit > 20 && c[i].rms < 2e-3);
        squares += pow((c[i].a - o.a) / c[i].a_err, 2);
        n_pulls++;
        if (!cubic) {
            squares += pow((c[i].c_over_a - o.c_over_a) / c[i].c_over_a_err, 2);
            n_pulls++;
        }
        bnsl_lattice_destroy(lattice);
    }
    assert_true(sqrt(squares / n_pulls) > 0.5 && sqrt(squares / n_pulls) < 1.5);
}

/* AlB2 of the paper, positions of the reference table and their neighbours: the structure, its a and every index. */
static void test_measured_lines(void **state)
{
    (void)state;
    const double q[] = {0.4853, 0.5548, 0.7371, 0.9609, 0.9707, 1.0765, 1.1181, 1.2111};
    const int hkl[][3] = {{0, 0, 1}, {1, 0, 0}, {1, 0, 1}, {1, 1, 0}, {0, 0, 2}, {1, 1, 1}, {1, 0, 2}, {2, 0, 1}};
    bnsl_saxs_index_candidate c[MAX];
    bnsl_saxs_index_line lines[9];
    int32_t n = 0;
    assert_ok(bnsl_saxs_index(8, q, NULL, NULL, MAX, &n, c));
    assert_string_equal(bnsl_lattice_prototype_name(c[0].prototype), "AlB2");
    assert_close(c[0].a, 13.077, 3e-4, 0);
    assert_close(c[0].c_over_a, 0.99, 5e-4, 0);
    assert_true(c[0].score > 2 * c[1].score);
    assert_ok(bnsl_saxs_index_lines(&c[0], 8, q, NULL, NULL, lines));
    for (int i = 0; i < 8; i++) {
        assert_true(lines[i].explained && lines[i].h == hkl[i][0] && lines[i].k == hkl[i][1] && lines[i].l == hkl[i][2]);
        assert_close(lines[i].q + lines[i].residual, q[i], 1e-14, 0);
    }
    /* a peak that belongs to nothing: counted, and AlB2 stays first */
    const double more[] = {0.4853, 0.5548, 0.6300, 0.7371, 0.9609, 0.9707, 1.0765, 1.1181, 1.2111};
    assert_ok(bnsl_saxs_index(9, more, NULL, NULL, MAX, &n, c));
    assert_string_equal(bnsl_lattice_prototype_name(c[0].prototype), "AlB2");
    assert_int_equal(c[0].n_unexplained, 1);
    assert_ok(bnsl_saxs_index_lines(&c[0], 9, more, NULL, NULL, lines));
    assert_true(!lines[2].explained && isnan(lines[2].q) && lines[3].explained);
}

static void test_line_cut(void **state)
{
    (void)state;
    FILE *f = fopen(test_data("saxs/gixsgui_superlattice_linecut.dat"), "r");
    double q[300], s[300];
    char row[200];
    int64_t n = 0, n_peaks = 0;
    assert_non_null(f);
    while (n < 300 && fgets(row, sizeof row, f))
        n += sscanf(row, "%lf %lf", &q[n], &s[n]) == 2;
    fclose(f);
    assert_int_equal(n, 281);
    bnsl_saxs_found_peak p[20];
    bnsl_saxs_peaks_options o;
    assert_ok(bnsl_saxs_peaks_options_init(&o, sizeof o));
    o.min_significance = 6; /* two of them are hardly above the noise */
    assert_ok(bnsl_saxs_find_peaks(n, q, s, NULL, &o, 20, &n_peaks, p));
    assert_in_range(n_peaks, 6, 8);
    const double known[] = {0.0284, 0.0906, 0.1001, 0.1096, 0.1706, 0.1882}; /* found by another program; its 0.1509 is one point in the noise */
    for (int k = 0; k < 6; k++) {
        double nearest = INFINITY;
        for (int i = 0; i < n_peaks; i++)
            nearest = fmin(nearest, fabs(p[i].q - known[k]));
        assert_true(nearest < 1e-3); /* 1.5 steps of the grid */
    }
}

static double clean_curve(double q)
{
    double value = 2 * pow(q, -2);
    for (int k = 0; k < 4; k++)
        value += 6 * exp(-pow((q - (const double[]){0.5, 0.81, 1.13, 1.3}[k]) / 0.015, 2));
    return value;
}

/* The top near a place: the background moves it. */
static double top_near(double q)
{
    double best = q;
    for (double x = q - 0.01; x < q + 0.01; x += 1e-6)
        best = clean_curve(x) > clean_curve(best) ? x : best;
    return best;
}

/* Gaussian peaks on a falling background with noise: found once each, pulls of their places as they should be. */
static void test_peak_places(void **state)
{
    (void)state;
    enum { N = 600 };
    double q[N], s[N], error[N], squares = 0;
    const double at[] = {top_near(0.5), top_near(0.81), top_near(1.13), top_near(1.3)};
    uint64_t seed = 8;
    for (int run = 0; run < 20; run++) {
        for (int i = 0; i < N; i++) {
            q[i] = 0.2 + 0.0025 * i;
            double clean = clean_curve(q[i]);
            error[i] = 0.02 * clean;
            s[i] = clean + error[i] * test_normal(&seed);
        }
        bnsl_saxs_found_peak p[10];
        int64_t n = 0;
        assert_ok(bnsl_saxs_find_peaks(N, q, s, run % 2 ? error : NULL, NULL, 10, &n, p));
        assert_int_equal(n, 4);
        for (int k = 0; k < 4; k++) {
            assert_close(p[k].q, at[k], 0, 0.004);
            squares += pow((p[k].q - at[k]) / p[k].q_err, 2) / 80;
        }
    }
    assert_true(sqrt(squares) > 0.5 && sqrt(squares) < 1.6);
}

static void test_faults(void **state)
{
    (void)state;
    const double q[] = {1, 2, 3, 4, 5, 6}, s[] = {1, 3, 1, 1, 2, 1}, falling[] = {2, 1, 3}, err[] = {0.01, -1, 0.01};
    bnsl_saxs_index_candidate c[MAX] = {{.a = 7}};
    bnsl_saxs_index_line lines[6];
    bnsl_saxs_found_peak p[2] = {{.q = 7}};
    int32_t n = 7;
    int64_t m = 7;
    assert_status(bnsl_saxs_index(3, NULL, NULL, NULL, MAX, &n, c), BNSL_EINVAL);
    assert_status(bnsl_saxs_index(1, q, NULL, NULL, MAX, &n, c), BNSL_EINVAL);
    assert_status(bnsl_saxs_index(65, q, NULL, NULL, MAX, &n, c), BNSL_EINVAL);
    assert_status(bnsl_saxs_index(3, falling, NULL, NULL, MAX, &n, c), BNSL_EINVAL);
    assert_status(bnsl_saxs_index(3, q, err, NULL, MAX, &n, c), BNSL_EINVAL);
    assert_status(bnsl_saxs_index(3, q, NULL, NULL, 5, &n, c), BNSL_EINVAL);
    assert_status(bnsl_saxs_index(3, q, NULL, NULL, MAX, NULL, c), BNSL_EINVAL);
    assert_status(bnsl_saxs_index(3, q, NULL, NULL, MAX, &n, NULL), BNSL_EINVAL);
    bnsl_saxs_index_options o;
    const double bad[] = {0, -1, NAN, 0.2};
    for (int i = 0; i < 4; i++) {
        assert_ok(bnsl_saxs_index_options_init(&o, sizeof o));
        o.tolerance = bad[i];
        assert_status(bnsl_saxs_index(3, q, NULL, &o, MAX, &n, c), BNSL_EINVAL);
    }
    assert_status(bnsl_saxs_index_lines(NULL, 3, q, NULL, NULL, lines), BNSL_EINVAL);
    assert_status(bnsl_saxs_index_lines(&c[1], 3, q, NULL, NULL, lines), BNSL_EINVAL);
    assert_true(n == 7 && c[0].a == 7);
    assert_status(bnsl_saxs_find_peaks(4, q, s, NULL, NULL, 2, &m, p), BNSL_EINVAL);
    assert_status(bnsl_saxs_find_peaks(6, NULL, s, NULL, NULL, 2, &m, p), BNSL_EINVAL);
    assert_status(bnsl_saxs_find_peaks(6, q, s, NULL, NULL, 2, NULL, p), BNSL_EINVAL);
    assert_status(bnsl_saxs_find_peaks(6, q, s, NULL, NULL, -1, &m, p), BNSL_EINVAL);
    assert_true(m == 7 && p[0].q == 7);
    const double certain[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    assert_status(bnsl_saxs_find_peaks(6, q, s, certain, NULL, 1, &m, p), BNSL_EBUFFER);
    assert_true(m == 2 && p[0].q == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_prototype), cmocka_unit_test(test_measured_lines), cmocka_unit_test(test_line_cut),
                                       cmocka_unit_test(test_peak_places), cmocka_unit_test(test_faults)};
    return cmocka_run_group_tests_name("saxs index", tests, NULL, NULL);
}
