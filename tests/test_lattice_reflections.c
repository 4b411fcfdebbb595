/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reflections: positions, multiplicities, structure factors and absences of the prototypes. */
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

static bnsl_reflection *reflections_of(const bnsl_lattice *lattice, double q_max, int32_t include_absent, int64_t *n)
{
    int64_t wanted = -1;
    assert_status(bnsl_lattice_reflections(lattice, q_max, include_absent, 0, &wanted, NULL), BNSL_EBUFFER);
    bnsl_reflection *r = malloc((size_t)wanted * sizeof *r);
    assert_non_null(r);
    assert_ok(bnsl_lattice_reflections(lattice, q_max, include_absent, wanted, n, r));
    assert_int_equal(*n, wanted);
    return r;
}

static const bnsl_reflection *find(const bnsl_reflection *r, int64_t n, int h, int k, int l)
{
    for (int64_t i = 0; i < n; i++)
        if (r[i].h == h && r[i].k == k && r[i].l == l)
            return &r[i];
    return NULL;
}

/* volume x Phi(qR) of a sphere of unit contrast */
static double sphere_amplitude(double q, double radius)
{
    double x = q * radius;
    return 4.1887902047863905 * radius * radius * radius * 3 * (sin(x) - x * cos(x)) / (x * x * x);
}

/* ---- reference tables ------------------------------------------------------------------------------ */

static void check_table(const char *file, const char *name, double a, double c_over_a, double r_large, double r_small)
{
    csv_table t = csv_read(file);
    assert_int_equal(t.n_rows, 30);
    bnsl_lattice *lattice = lattice_of(name, a, c_over_a);
    int64_t n;
    bnsl_reflection *r = reflections_of(lattice, csv_number(&t, 29, "q_nm^-1") * (1 + 1e-5), 0, &n);
    assert_true(n == 30 || n == 31); /* the tables end at 30 rows, NaZn13's between 860 and 10 0 0 of the same q */
    double intensity[31], strongest = 0;
    for (int64_t i = 0; i < n; i++) {
        double f_l = sphere_amplitude(r[i].q, r_large), f_s = sphere_amplitude(r[i].q, r_small);
        double f2 = f_l * f_l * r[i].g_ll + f_s * f_s * r[i].g_ss + 2 * f_l * f_s * r[i].g_ls;
        intensity[i] = r[i].multiplicity * f2 / (r[i].q * r[i].q);
        strongest = fmax(strongest, intensity[i]);
    }
    for (int i = 0; i < 30; i++) {
        /* rows of equal q (442, 600) stand in another order in the table */
        const bnsl_reflection *x = find(r, n, (int)csv_number(&t, i, "h"), (int)csv_number(&t, i, "k"), (int)csv_number(&t, i, "l"));
        assert_non_null(x);
        assert_close(x->q, r[i].q, 1e-12, 0);
        assert_int_equal(x->multiplicity, (int)csv_number(&t, i, "multiplicity"));
        assert_int_equal(x->allowed, (int)csv_number(&t, i, "allowed"));
        assert_close(x->q, csv_number(&t, i, "q_nm^-1"), 0, 5.1e-6);
        assert_close(x->q * a / 6.283185307179586, csv_number(&t, i, "q_over_2pi_by_a"), 0, 5.1e-7);
        assert_close(x->g_ll, csv_number(&t, i, "|G_L|^2"), 0, 5.1e-6);
        assert_close(x->g_ss, csv_number(&t, i, "|G_S|^2"), 0, 5.1e-6);
        if (r_large > 0)
            assert_close(100 * intensity[x - r] / strongest, csv_number(&t, i, "I_powder_rel(M|F|^2/q^2)"), 0, 5.1e-5);
    }
    free(r);
    csv_free(&t);
    bnsl_lattice_destroy(lattice);
}

/* Radii 0: the table's intensities hold size distributions and Debye-Waller factors, which are not of this module. */
static void test_tables(void **state)
{
    (void)state;
    check_table("lattice/alb2_equalcontrast_ratio056.csv", "AlB2", 13.08, 0.99, 5.2, 0.56 * 5.2);
    check_table("lattice/alb2_equalcontrast_Fe3O4_PbS4.5_cores.csv", "AlB2", 13.08, 0.99, 5.2, 2.25);
    check_table("lattice/alb2_realcontrast_Fe3O4_PbS4.5.csv", "AlB2", 13.08, 0.99, 0, 0);
    check_table("lattice/alb2_realcontrast_FICO_PbS6.4.csv", "AlB2", 16.50, 0.99, 0, 0);
    check_table("lattice/nazn13_equalcontrast_ratio056.csv", "NaZn13", 40.50, 1, 6.6, 0.56 * 6.6);
    check_table("lattice/nazn13_equalcontrast_FICO_PbS6.4_cores.csv", "NaZn13", 40.50, 1, 6.6, 3.2);
    check_table("lattice/nazn13_realcontrast_FICO_PbS6.4.csv", "NaZn13", 40.50, 1, 0, 0);
}

static void test_measured_lines(void **state)
{
    (void)state;
    int64_t n;
    bnsl_lattice *alb2 = lattice_of("AlB2", 13.077, 0.99);
    bnsl_reflection *r = reflections_of(alb2, 1.0, 0, &n);
    assert_close(find(r, n, 0, 0, 1)->q, 0.4853, 0, 5.1e-5);
    assert_close(find(r, n, 1, 0, 0)->q, 0.5548, 0, 5.1e-5);
    /* printed 0.7372; the two lines above, sqrt(q001^2 + q100^2), give 0.7371 */
    assert_close(find(r, n, 1, 0, 1)->q, 0.7372, 0, 1e-4);
    free(r);
    bnsl_lattice_destroy(alb2);

    bnsl_lattice *nazn13 = lattice_of("NaZn13", 40.497, 0);
    r = reflections_of(nazn13, 1.3, 1, &n);
    assert_close(find(r, n, 2, 0, 0)->q, 0.3103, 0, 5.1e-5);
    const int absent[][3] = {{1, 0, 0}, {1, 1, 0}, {1, 1, 1}, {3, 1, 1}, {3, 3, 1}, {3, 3, 3}, {5, 1, 1}, {7, 1, 1}, {2, 1, 0}, {5, 3, 3}};
    for (int i = 0; i < 10; i++) {
        const bnsl_reflection *x = find(r, n, absent[i][0], absent[i][1], absent[i][2]);
        assert_non_null(x);
        assert_true(x->allowed == 0 && x->g_ll == 0 && x->g_ss == 0 && x->g_ls == 0);
    }
    /* the first line with odd indices: S alone */
    const bnsl_reflection *odd = find(r, n, 5, 3, 1);
    assert_true(odd->allowed == 1 && odd->g_ll == 0 && odd->g_ss > 1865 && odd->g_ls == 0);
    for (int64_t i = 0; i < n; i++)
        assert_true(r[i].q >= odd->q || !r[i].allowed || r[i].h % 2 == 0);
    /* 442 and 600 at the same q, listed apart, larger h first */
    const bnsl_reflection *x600 = find(r, n, 6, 0, 0), *x442 = find(r, n, 4, 4, 2);
    assert_true(x600->q == x442->q && x442 == x600 + 1);
    free(r);
    bnsl_lattice_destroy(nazn13);
}

/* ---- oracles --------------------------------------------------------------------------------------- */

/* AlB2: F = f_L + (-1)^l g f_S with g = 2 for h - k divisible by 3 and -1 otherwise; none is extinct. */
static void test_alb2_rule(void **state)
{
    (void)state;
    bnsl_lattice *lattice = lattice_of("AlB2", 1, 1.07);
    int64_t n;
    bnsl_reflection *r = reflections_of(lattice, 70, 1, &n);
    assert_true(n > 300);
    for (int64_t i = 0; i < n; i++) {
        double g = ((r[i].h - r[i].k) % 3 == 0 ? 2 : -1) * (r[i].l % 2 ? -1 : 1);
        assert_true(r[i].allowed == 1);
        assert_close(r[i].g_ll, 1, 1e-12, 0);
        assert_close(r[i].g_ss, g * g, 1e-11, 0);
        assert_close(r[i].g_ls, g, 1e-11, 0);
        assert_close(r[i].q,
                     6.283185307179586 * sqrt(4.0 / 3 * (r[i].h * r[i].h + r[i].h * r[i].k + r[i].k * r[i].k) + r[i].l * r[i].l / (1.07 * 1.07)),
                     1e-14, 0);
    }
    free(r);
    bnsl_lattice_destroy(lattice);
}

/* fcc: 16 for unmixed indices, else extinct. */
static void test_fcc_rule(void **state)
{
    (void)state;
    bnsl_lattice *lattice = lattice_of("fcc", 2.5, 0);
    int64_t n;
    bnsl_reflection *r = reflections_of(lattice, 30, 1, &n);
    for (int64_t i = 0; i < n; i++) {
        int odd = r[i].h % 2 + r[i].k % 2 + r[i].l % 2;
        assert_int_equal(r[i].allowed, odd == 0 || odd == 3);
        assert_close(r[i].g_ll, r[i].allowed ? 16 : 0, 1e-12, 0);
        assert_true(r[i].g_ss == 0 && r[i].g_ls == 0);
    }
    free(r);
    bnsl_lattice_destroy(lattice);
}

/*
 * Kinds of absence: Fm-3m's centring; P6_3/mmc's c glide (hhl, l odd), and hcp's own rule h - k = 3 n, l odd; Fd-3m's d glide (0kl, k + l =
 * 4 n) and what is left of it where both 8a (h + k + l = 4 n) and 16d (all indices 4 n or all 4 n + 2) are extinct. */
static void test_kinds_of_absence(void **state)
{
    (void)state;
    const struct {
        const char *name;
        double q_max;
    } of[] = {{"fcc", 40}, {"hcp", 60}, {"MgCu2", 60}, {"CuAu", 30}};
    for (int p = 0; p < 4; p++) {
        bnsl_lattice *lattice = lattice_of(of[p].name, 1, 0);
        int64_t n;
        int seen[3] = {0, 0, 0};
        bnsl_reflection *r = reflections_of(lattice, of[p].q_max, 1, &n);
        for (int64_t i = 0; i < n; i++) {
            int h = r[i].h, k = r[i].k, l = r[i].l, odd = h % 2 + k % 2 + l % 2, want = BNSL_ABSENCE_NONE;
            if (p == 1 && (h - k) % 3 == 0 && l % 2)
                want = h == k || h == 0 ? BNSL_ABSENCE_GROUP : BNSL_ABSENCE_SITES;
            if ((p == 0 || p == 2) && (odd == 1 || odd == 2))
                want = BNSL_ABSENCE_GROUP;
            bool glide = l == 0 && (h + k) % 4 != 0; /* one index is 0: the least */
            if (p == 2 && odd == 0 && (h + k + l) % 4 != 0 && (h % 4 != k % 4 || h % 4 != l % 4))
                want = glide ? BNSL_ABSENCE_GROUP : BNSL_ABSENCE_SITES;
            assert_int_equal(r[i].absence, want);
            assert_int_equal(r[i].allowed, want == BNSL_ABSENCE_NONE);
            seen[want]++;
        }
        assert_true(seen[0] > 10 && (seen[1] > 5) == (p < 3) && (seen[2] > 0) == (p == 1 || p == 2));
        free(r);
        bnsl_lattice_destroy(lattice);
    }
}

/* Structure factors from the coordinates of a supercell, through the reciprocal vectors of its box; equivalent hkl of both signs count. */
static void test_against_coordinates(void **state)
{
    (void)state;
    for (int32_t p = 0; p < bnsl_lattice_n_prototypes(); p++) {
        bnsl_lattice *lattice = lattice_of(bnsl_lattice_prototype_name(p), 1.7, p == 0 ? 1.04 : 0);
        enum { CAPACITY = 200, H = 5 };
        double xyz[3 * CAPACITY], b[9];
        int32_t species[CAPACITY], n_large, n_small;
        int64_t n_particles, n;
        bnsl_box box;
        assert_ok(bnsl_lattice_supercell(lattice, BNSL_CELL_CONVENTIONAL, 1, 1, 1, CAPACITY, &n_particles, &box, xyz, species));
        assert_ok(bnsl_box_reciprocal(&box, b));
        assert_ok(bnsl_lattice_sites(lattice, &n_large, &n_small));
        /* in this sphere h and k are at most 2 H, l at most 4 H (MgNi2) */
        double q_max = 6.283185307179586 / 1.7 * H * 0.999;
        bnsl_reflection *r = reflections_of(lattice, q_max, 1, &n);
        int64_t n_hkl = 0, n_counted = 0;
        for (int64_t i = 0; i < n; i++)
            n_counted += r[i].multiplicity;
        for (int h = -2 * H; h <= 2 * H; h++) {
            for (int k = -2 * H; k <= 2 * H; k++) {
                for (int l = -4 * H; l <= 4 * H; l++) {
                    double q[3], g[2][2] = {{0, 0}, {0, 0}}, length = 0;
                    for (int d = 0; d < 3; d++) {
                        q[d] = h * b[d] + k * b[3 + d] + l * b[6 + d];
                        length += q[d] * q[d];
                    }
                    length = sqrt(length);
                    if (length == 0 || length > q_max)
                        continue;
                    n_hkl++;
                    for (int64_t i = 0; i < n_particles; i++) {
                        double phase = q[0] * xyz[3 * i] + q[1] * xyz[3 * i + 1] + q[2] * xyz[3 * i + 2];
                        g[species[i]][0] += cos(phase);
                        g[species[i]][1] += sin(phase);
                    }
                    double ll = g[0][0] * g[0][0] + g[0][1] * g[0][1], ss = g[1][0] * g[1][0] + g[1][1] * g[1][1];
                    double ls = g[0][0] * g[1][0] + g[0][1] * g[1][1];
                    bool matched = false;
                    for (int64_t i = 0; i < n && !matched; i++)
                        matched =
                            fabs(r[i].q - length) < 1e-9 && fabs(r[i].g_ll - ll) < 1e-8 && fabs(r[i].g_ss - ss) < 1e-8 && fabs(r[i].g_ls - ls) < 1e-8;
                    assert_true(matched);
                }
            }
        }
        assert_int_equal(n_hkl, n_counted);
        free(r);
        bnsl_lattice_destroy(lattice);
    }
}

/* Sum rule: the mean of |G_X|^2 over all hkl is the number of X sites; here over a large sphere, NaZn13's 96i included. */
static void test_sum_rule(void **state)
{
    (void)state;
    bnsl_lattice *lattice = lattice_of("NaZn13", 1, 0);
    int64_t n;
    bnsl_reflection *r = reflections_of(lattice, 6.283185307179586 * 40, 1, &n);
    double sum_ll = 0, sum_ss = 0, count = 0;
    for (int64_t i = 0; i < n; i++) {
        sum_ll += r[i].multiplicity * r[i].g_ll;
        sum_ss += r[i].multiplicity * r[i].g_ss;
        count += r[i].multiplicity;
    }
    /* the sphere's surface leaves 1 % */
    assert_close(sum_ll / count, 8, 0.01, 0);
    assert_close(sum_ss / count, 104, 0.01, 0);
    free(r);
    bnsl_lattice_destroy(lattice);
}

/* ---- order, limits, faults ------------------------------------------------------------------------- */

static void test_order_and_limit(void **state)
{
    (void)state;
    /* c/a = 1: 110 and 002 coincide exactly */
    bnsl_lattice *lattice = lattice_of("AlB2", 3.3, 1);
    int64_t n;
    bnsl_reflection *r = reflections_of(lattice, 25, 1, &n);
    for (int64_t i = 1; i < n; i++) {
        assert_true(r[i].q >= r[i - 1].q);
        assert_true(r[i].q == r[i - 1].q || r[i].q > r[i - 1].q * (1 + 1e-10));
        if (r[i].q == r[i - 1].q)
            assert_true(10000 * r[i].h + 100 * r[i].k + r[i].l < 10000 * r[i - 1].h + 100 * r[i - 1].k + r[i - 1].l);
    }
    assert_true(find(r, n, 1, 1, 0)->q == find(r, n, 0, 0, 2)->q);
    free(r);
    /* q_max itself is inside; below the first line there is none */
    double first = 6.283185307179586 / 3.3;
    int64_t none = -1;
    r = reflections_of(lattice, first, 0, &n);
    assert_true(n == 1 && r[0].l == 1 && r[0].multiplicity == 2);
    free(r);
    assert_ok(bnsl_lattice_reflections(lattice, first * 0.999, 1, 0, &none, NULL));
    assert_int_equal(none, 0);
    bnsl_lattice_destroy(lattice);
}

static void test_faults(void **state)
{
    (void)state;
    bnsl_lattice *lattice = lattice_of("AlB2", 1, 1);
    bnsl_reflection r[2] = {{.h = 7}, {.h = 7}};
    int64_t n = 7;
    const double bad[] = {0, -1, NAN, INFINITY, 1e4, 1e300};
    for (int i = 0; i < 6; i++)
        assert_status(bnsl_lattice_reflections(lattice, bad[i], 0, 2, &n, r), BNSL_EINVAL);
    assert_status(bnsl_lattice_reflections(NULL, 7, 0, 2, &n, r), BNSL_EINVAL);
    assert_status(bnsl_lattice_reflections(lattice, 7, 0, 2, NULL, r), BNSL_EINVAL);
    assert_status(bnsl_lattice_reflections(lattice, 7, 0, 2, &n, NULL), BNSL_EINVAL);
    assert_status(bnsl_lattice_reflections(lattice, 7, 0, -1, &n, r), BNSL_EINVAL);
    assert_status(bnsl_lattice_reflections(lattice, 7, 2, 2, &n, r), BNSL_EINVAL);
    assert_true(n == 7);
    assert_status(bnsl_lattice_reflections(lattice, 20, 0, 2, &n, r), BNSL_EBUFFER);
    assert_true(n > 2 && r[0].h == 7);
    bnsl_lattice_destroy(lattice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_measured_lines),
        cmocka_unit_test(test_alb2_rule),
        cmocka_unit_test(test_fcc_rule),
        cmocka_unit_test(test_kinds_of_absence),
        cmocka_unit_test(test_against_coordinates),
        cmocka_unit_test(test_sum_rule),
        cmocka_unit_test(test_order_and_limit),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
