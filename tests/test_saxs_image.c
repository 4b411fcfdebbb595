/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distances of neighbours from images: synthetic monolayers of known spacing. tests/slow_saxs_image.c has the large ones. */
#include "bnsl_test.h"
#include "micrograph.h"

static bnsl_saxs_image_result measure(const micrograph *m, double pixel)
{
    bnsl_saxs_image_result r;
    double *image = micrograph_make(m);
    assert_ok(bnsl_saxs_image_spacing(m->width, m->height, m->width, image, pixel, NULL, &r));
    free(image);
    return r;
}

/* 5 seeds, 3 orientations, 5 % disorder, a gradient: within 0.5 %, and the stated errors cover it. */
static void test_one_grain(void **state)
{
    (void)state;
    for (int32_t size = 256; size <= 512; size *= 2) {
        double squares = 0;
        for (int seed = 1; seed <= 5; seed++) {
            for (int turn = 0; turn < 3; turn++) {
                micrograph m = {size, size, 11 + 0.7 * seed, 17.3 * turn + 3 * seed, 1, 0.05, 60, 15, (uint64_t)(1000 * seed + turn)};
                bnsl_saxs_image_result r = measure(&m, 1);
                assert_close(r.distance, m.spacing, 5e-3, 0);
                assert_true(r.distance_err > 0 && r.distance_err < 5e-3 * m.spacing);
                squares += pow((r.distance - m.spacing) / r.distance_err, 2) / 15;
                assert_close(r.distance, 2 / (sqrt(3) * r.g), 1e-14, 0);
                assert_true(r.sixfold > 0.95 && r.contrast > 50);
                assert_close(remainder(r.orientation - m.angle, 60), 0, 0, 0.4);
            }
        }
        assert_true(squares > 0.3 && squares < 1.3); /* pulls: 0.87 and 0.62 */
    }
}

/* Many grains: the ring is broad and the form factor pulls it; the error says so. */
static void test_many_grains(void **state)
{
    (void)state;
    double squares = 0;
    for (int seed = 1; seed <= 6; seed++) {
        micrograph m = {640, 512, 12 + 0.3 * seed, 0, 12, 0.05, 60, 15, (uint64_t)seed};
        bnsl_saxs_image_result r = measure(&m, 1);
        assert_close(r.distance, m.spacing, 7e-3, 0);
        squares += pow((r.distance - m.spacing) / r.distance_err, 2) / 6;
        assert_true(r.sixfold < 0.9 && r.n_pieces > 3);
    }
    assert_true(squares < 1.5);
}

/* Units, scale and sign of the grey values, a part of a larger image, sides that are no products of small primes. */
static void test_invariance(void **state)
{
    (void)state;
    micrograph m = {307, 269, 12.7, 33, 1, 0.05, 60, 10, 5};
    bnsl_saxs_image_result r, nm, part;
    double *image = micrograph_make(&m), *larger = malloc(400 * 300 * sizeof *larger);
    assert_non_null(larger);
    assert_ok(bnsl_saxs_image_spacing(m.width, m.height, m.width, image, 1, NULL, &r));
    assert_close(r.distance, m.spacing, 5e-3, 0);
    assert_ok(bnsl_saxs_image_spacing(m.width, m.height, m.width, image, 0.62, NULL, &nm));
    assert_close(nm.distance, 0.62 * r.distance, 1e-14, 0);
    assert_close(nm.g_err, r.g_err / 0.62, 1e-14, 0);
    for (int i = 0; i < 400 * 300; i++)
        larger[i] = 1e9; /* must not be read */
    for (int32_t y = 0; y < m.height; y++)
        for (int32_t x = 0; x < m.width; x++)
            larger[(y + 20) * 400 + x + 60] = 3 - 0.01 * image[y * m.width + x];
    assert_ok(bnsl_saxs_image_spacing(m.width, m.height, 400, larger + 20 * 400 + 60, 1, NULL, &part));
    assert_close(part.distance, r.distance, 1e-9, 0);
    assert_close(part.distance_err, r.distance_err, 1e-6, 0);
    free(image);
    free(larger);
}

/* The range decides where to look; noise has no ring. */
static void test_range_and_noise(void **state)
{
    (void)state;
    micrograph m = {256, 256, 14, 5, 1, 0.03, 0, 5, 2};
    bnsl_saxs_image_options o;
    bnsl_saxs_image_result r = {.distance = 7};
    double *image = micrograph_make(&m);
    assert_ok(bnsl_saxs_image_options_init(&o, sizeof o));
    o.d_min = 12;
    o.d_max = 16;
    assert_ok(bnsl_saxs_image_spacing(256, 256, 256, image, 1, &o, &r));
    assert_close(r.distance, 14, 5e-3, 0);
    o.d_min = 20;
    o.d_max = 40;
    r.distance = 7;
    assert_status(bnsl_saxs_image_spacing(256, 256, 256, image, 1, &o, &r), BNSL_EDOMAIN);
    uint64_t seed = 4;
    for (int i = 0; i < 256 * 256; i++)
        image[i] = 100 + 20 * test_normal(&seed) + 0.2 * (i % 256);
    assert_status(bnsl_saxs_image_spacing(256, 256, 256, image, 1, NULL, &r), BNSL_EDOMAIN);
    for (int i = 0; i < 256 * 256; i++)
        image[i] = 3;
    assert_status(bnsl_saxs_image_spacing(256, 256, 256, image, 1, NULL, &r), BNSL_EDOMAIN);
    assert_true(r.distance == 7);
    free(image);
}

/* A plane wave is where it belongs in the picture, and at -k; sums of the picture are those of the transform. */
static void test_spectrum(void **state)
{
    (void)state;
    enum { N = 128 };
    double *image = malloc(N * N * sizeof *image), *power = malloc(64 * 64 * sizeof *power);
    assert_non_null(image);
    assert_non_null(power);
    for (int y = 0; y < N; y++)
        for (int x = 0; x < N; x++)
            image[y * N + x] = cos(2 * 3.141592653589793 * (20 * x + 12 * y) / N);
    assert_ok(bnsl_saxs_image_spectrum(N, N, N, image, 0.25, 64, power)); /* one pixel a cycle over the image */
    int best = 0;
    for (int i = 0; i < 64 * 64; i++)
        best = power[i] > power[best] * (1 + 1e-9) ? i : best;
    int u = best % 64 - 32, v = best / 64 - 32;
    assert_true((u == 20 && v == 12) || (u == -20 && v == -12));
    assert_close(power[(32 + 12) * 64 + 32 + 20], power[(32 - 12) * 64 + 32 - 20], 1e-9, 0);
    assert_close(power[best], pow(N * N / 8.0, 2), 1e-3, 0); /* amplitude 1/2, the window's mean 1/4 */
    free(image);
    free(power);
}

static void test_faults(void **state)
{
    (void)state;
    static double image[64 * 64];
    bnsl_saxs_image_options o;
    bnsl_saxs_image_result r = {.distance = 7};
    double power[4] = {7};
    assert_status(bnsl_saxs_image_spacing(64, 64, 64, NULL, 1, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_saxs_image_spacing(64, 64, 64, image, 1, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_image_spacing(31, 64, 64, image, 1, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_saxs_image_spacing(64, 40000, 64, image, 1, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_saxs_image_spacing(64, 64, 63, image, 1, NULL, &r), BNSL_EINVAL);
    const double bad[] = {0, -1, NAN, INFINITY};
    for (int i = 0; i < 4; i++) {
        assert_status(bnsl_saxs_image_spacing(64, 64, 64, image, bad[i], NULL, &r), BNSL_EINVAL);
        assert_status(bnsl_saxs_image_spectrum(64, 64, 64, image, bad[i], 2, power), BNSL_EINVAL);
        assert_ok(bnsl_saxs_image_options_init(&o, sizeof o));
        o.d_min = i == 0 ? 2.9 : bad[i];
        assert_status(bnsl_saxs_image_spacing(64, 64, 64, image, 1, &o, &r), BNSL_EINVAL);
        o.d_min = 0;
        o.d_max = i == 0 ? 40 : bad[i];
        assert_status(bnsl_saxs_image_spacing(64, 64, 64, image, 1, &o, &r), BNSL_EINVAL);
    }
    assert_status(bnsl_saxs_image_spectrum(64, 64, 64, image, 0.6, 2, power), BNSL_EINVAL);
    assert_status(bnsl_saxs_image_spectrum(64, 64, 64, image, 0.5, 0, power), BNSL_EINVAL);
    assert_status(bnsl_saxs_image_spectrum(64, 64, 64, image, 0.5, 2, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_image_options_init(NULL, sizeof o), BNSL_EINVAL);
    image[70] = NAN;
    assert_status(bnsl_saxs_image_spacing(64, 64, 64, image, 1, NULL, &r), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "pixel 6 of row 1"));
    assert_true(r.distance == 7 && power[0] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_grain),       cmocka_unit_test(test_many_grains), cmocka_unit_test(test_invariance),
                                       cmocka_unit_test(test_range_and_noise), cmocka_unit_test(test_spectrum),    cmocka_unit_test(test_faults)};
    return cmocka_run_group_tests_name("saxs images", tests, NULL, NULL);
}
