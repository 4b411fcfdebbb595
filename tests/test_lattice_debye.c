/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Structure factors, multiplicity and cell against a sum over explicit particles: the 101 line of a sphere of AlB2, by Debye's formula.
 *
 *   S(q) = 1/N sum_ij sin(q r_ij) / (q r_ij)
 *
 * Brute force, but for the symmetry 6/mmm of the sphere: i runs over a wedge of 30 degrees of the upper half, weighted by its images.
 */
#include "bnsl_test.h"

#define PI 3.141592653589793

/* Images of a particle under 6/mmm when it lies in the closed wedge 0 <= angle <= 30 degrees, z >= 0; 0 outside. */
static int images(const double r[3])
{
    double tangent = r[1] * sqrt(3); /* on the second mirror: x */
    if (r[2] < -1e-6 || r[1] < -1e-6 || tangent > r[0] + 1e-6)
        return 0;
    bool on_axis = r[0] < 1e-6, on_mirror = r[1] < 1e-6 || tangent > r[0] - 1e-6;
    return (on_axis ? 1 : on_mirror ? 6 : 12) * (r[2] < 1e-6 ? 1 : 2);
}

static double debye(int64_t n, const double *xyz, double q)
{
    double sum = 0, weight = 0;
#pragma omp parallel for num_threads(2) schedule(dynamic, 16) reduction(+ : sum, weight)
    for (int64_t i = 0; i < n; i++) {
        int w = images(xyz + 3 * i);
        if (w == 0)
            continue;
        double of_i = 0;
        for (int64_t j = 0; j < n; j++) {
            double x = xyz[3 * j] - xyz[3 * i], y = xyz[3 * j + 1] - xyz[3 * i + 1], z = xyz[3 * j + 2] - xyz[3 * i + 2];
            double qr = q * sqrt(x * x + y * y + z * z);
            of_i += j == i ? 1 : sin(qr) / qr;
        }
        sum += w * of_i;
        weight += w;
    }
    assert_true(weight == (double)n); /* the wedge's images are the sphere */
    return sum / (double)n;
}

static void test_line_101(void **state)
{
    (void)state;
    const double a = 13.08, diameter = 320.6;
    bnsl_lattice_options o;
    bnsl_lattice *lattice = NULL;
    bnsl_reflection line[3];
    int64_t n = 0, n_lines = 0;
    double volume;
    assert_ok(bnsl_lattice_options_init(&o, sizeof o));
    o.a = a;
    o.c_over_a = 0.99;
    assert_ok(bnsl_lattice_create(&lattice, "AlB2", &o));
    assert_ok(bnsl_lattice_constants(lattice, NULL, NULL, &volume));
    assert_status(bnsl_lattice_sphere(lattice, 0.5 * diameter, 0, &n, NULL, NULL), BNSL_EBUFFER);
    double *xyz = malloc(3 * (size_t)n * sizeof *xyz);
    int32_t *species = malloc((size_t)n * sizeof *species);
    assert_non_null(xyz);
    assert_non_null(species);
    assert_ok(bnsl_lattice_sphere(lattice, 0.5 * diameter, n, &n, xyz, species));
    assert_in_range(n, 26900, 27100);
    assert_ok(bnsl_lattice_reflections(lattice, 0.75, 0, 3, &n_lines, line));
    assert_true(n_lines == 3 && line[2].h == 1 && line[2].k == 0 && line[2].l == 1);

    /*
     * Area 2 pi^2 M |F|^2 / (v_c q^2 n), n = 3 particles a cell, over the integral breadth of a sphere, 2 pi (4/3) / D, with the D that
     * holds the particles' volume. The sum was computed by another program before: 11.631.
     */
    double f2 = line[2].g_ll + line[2].g_ss + 2 * line[2].g_ls, q = line[2].q;
    double area = 2 * PI * PI * line[2].multiplicity * f2 / (volume * q * q * 3), d = cbrt(6 / PI * volume * (double)n / 3);
    double height = area / (2 * PI * (4.0 / 3) / d), summed = debye(n, xyz, q);
    assert_close(summed, 11.631, 1e-4, 0); /* printed with five digits, at a q of its own rounding */
    assert_close(summed, height, 3e-3, 0);
    free(xyz);
    free(species);
    bnsl_lattice_destroy(lattice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_line_101)};
    return cmocka_run_group_tests_name("lattice, Debye sum", tests, NULL, NULL);
}
