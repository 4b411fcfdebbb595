/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Box geometry, wrapping and minimum images against hand values and a search over many images. */
#include "bnsl_test.h"

static bnsl_box make_box(double lx, double ly, double lz, double xy, double xz, double yz, int32_t periodic)
{
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, lx, ly, lz, xy, xz, yz));
    box.periodic = periodic;
    return box;
}

/* Edges 0.5 .. 4, tilts up to max_tilt in size. */
static bnsl_box random_box(uint64_t *state, double max_tilt, int32_t periodic)
{
    double u[6];
    for (int i = 0; i < 6; i++)
        u[i] = test_uniform(state);
    return make_box(0.5 + 3.5 * u[0], 0.5 + 3.5 * u[1], 0.5 + 3.5 * u[2], max_tilt * (2.0 * u[3] - 1.0), max_tilt * (2.0 * u[4] - 1.0),
                    max_tilt * (2.0 * u[5] - 1.0), periodic);
}

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void test_geometry(void **unused)
{
    (void)unused;
    bnsl_box box = make_box(2.0, 3.0, 4.0, 0.5, -0.25, 1.5, BNSL_PERIODIC_XYZ);
    double edges[9], reciprocal[9], volume, planes[3];
    assert_ok(bnsl_box_vectors(&box, edges));
    const double want[9] = {2.0, 0.0, 0.0, 1.5, 3.0, 0.0, -1.0, 6.0, 4.0};
    for (int i = 0; i < 9; i++)
        assert_close(edges[i], want[i], 0.0, 0.0);
    assert_ok(bnsl_box_volume(&box, &volume));
    assert_close(volume, 24.0, 0.0, 0.0);

    uint64_t state = 1;
    for (int trial = 0; trial < 100; trial++) {
        box = random_box(&state, 3.0, BNSL_PERIODIC_XYZ);
        assert_ok(bnsl_box_vectors(&box, edges));
        assert_ok(bnsl_box_reciprocal(&box, reciprocal));
        assert_ok(bnsl_box_plane_distances(&box, planes));
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) /* sums of three terms of up to some 10^3 */
                assert_close(dot(edges + 3 * i, reciprocal + 3 * j), i == j ? 2.0 * 3.14159265358979323846 : 0.0, 0.0, 1e-11);
            assert_close(planes[i], 2.0 * 3.14159265358979323846 / sqrt(dot(reciprocal + 3 * i, reciprocal + 3 * i)), 1e-14, 0.0);
        }
    }
}

static void test_fractional(void **unused)
{
    (void)unused;
    uint64_t state = 2;
    for (int trial = 0; trial < 100; trial++) {
        const bnsl_box box = random_box(&state, 2.0, BNSL_PERIODIC_XYZ);
        double edges[9], s[6], r[6], back[6];
        assert_ok(bnsl_box_vectors(&box, edges));
        for (int i = 0; i < 6; i++)
            s[i] = 4.0 * test_uniform(&state) - 2.0;
        assert_ok(bnsl_box_to_cartesian(&box, 2, s, r));
        for (int i = 0; i < 6; i++) {
            const double *f = s + i / 3 * 3;
            assert_close(r[i], f[0] * edges[i % 3] + f[1] * edges[3 + i % 3] + f[2] * edges[6 + i % 3], 0.0, 1e-13);
        }
        assert_ok(bnsl_box_to_fractional(&box, 2, r, back));
        for (int i = 0; i < 6; i++)
            assert_close(back[i], s[i], 0.0, 1e-13);
        assert_ok(bnsl_box_to_fractional(&box, 2, r, r));
        assert_memory_equal(r, back, sizeof r);
    }
}

static void test_from_vectors(void **unused)
{
    (void)unused;
    uint64_t state = 3;
    for (int trial = 0; trial < 100; trial++) {
        double v[9], rotation[9], edges[9];
        for (int i = 0; i < 9; i++)
            v[i] = test_normal(&state);
        const double volume = v[0] * (v[4] * v[8] - v[5] * v[7]) - v[1] * (v[3] * v[8] - v[5] * v[6]) + v[2] * (v[3] * v[7] - v[4] * v[6]);
        bnsl_box box, old;
        memset(&box, 7, sizeof box);
        old = box;
        if (volume < 1e-2) { /* left-handed, or so flat that the tolerance below would not hold */
            if (volume < 0.0) {
                assert_status(bnsl_box_from_vectors(&box, v, rotation), BNSL_EINVAL);
                assert_memory_equal(&box, &old, sizeof box);
            }
            continue;
        }
        assert_ok(bnsl_box_from_vectors(&box, v, rotation));
        assert_int_equal(box.periodic, BNSL_PERIODIC_XYZ);
        assert_ok(bnsl_box_vectors(&box, edges));
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                assert_close(dot(rotation + 3 * i, rotation + 3 * j), i == j, 0.0, 1e-14);
                assert_close(edges[3 * i + j], dot(rotation + 3 * j, v + 3 * i), 0.0, 1e-12);
            }
        }
        /* a box in the convention is its own result */
        bnsl_box again;
        assert_ok(bnsl_box_from_vectors(&again, edges, rotation));
        assert_close(again.lx, box.lx, 0.0, 0.0);
        assert_close(again.yz, box.yz, 1e-14, 1e-15);
        for (int i = 0; i < 9; i++)
            assert_close(rotation[i], i % 4 == 0, 0.0, 0.0);
    }
    const double flat[9] = {1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0};
    bnsl_box box;
    assert_status(bnsl_box_from_vectors(&box, flat, NULL), BNSL_EINVAL);
}

static void test_wrap(void **unused)
{
    (void)unused;
    uint64_t state = 4;
    for (int trial = 0; trial < 400; trial++) {
        const bnsl_box box = random_box(&state, trial % 2 ? 3.0 : 0.0, trial % 8);
        double r[30], wrapped[30], s[30], back[30];
        int32_t image[30];
        for (int i = 0; i < 30; i++)
            s[i] = 20.0 * (test_uniform(&state) - 0.5);
        for (int i = 0; i < 6; i++)
            s[i] = nextafter(i < 3 ? -0.5 : 0.5, i % 2 ? -1.0 : 1.0); /* on the faces */
        assert_ok(bnsl_box_to_cartesian(&box, 10, s, r));
        memcpy(wrapped, r, sizeof r);
        for (int i = 0; i < 30; i++)
            image[i] = 1000;
        assert_ok(bnsl_box_wrap(&box, 10, wrapped, image));
        assert_ok(bnsl_box_to_fractional(&box, 10, wrapped, s));
        for (int i = 0; i < 30; i++) {
            image[i] -= 1000;
            if (box.periodic >> i % 3 & 1)
                assert_true(s[i] >= -0.5 && s[i] < 0.5);
            else
                assert_int_equal(image[i], 0);
        }
        assert_ok(bnsl_box_unwrap(&box, 10, wrapped, image, back));
        for (int i = 0; i < 30; i++)
            assert_close(back[i], r[i], 0.0, 1e-12);
        memcpy(back, wrapped, sizeof back);
        assert_ok(bnsl_box_wrap(&box, 10, back, NULL));
        assert_memory_equal(back, wrapped, sizeof back);
        if (box.periodic == 0)
            assert_memory_equal(r, wrapped, sizeof r);
    }
}

/* Square of the shortest image with up to reach cells along the periodic axes. */
static double shortest_by_search(const bnsl_box *box, const double *edges, const double *v, int reach)
{
    const int rx = box->periodic & 1 ? reach : 0, ry = box->periodic & 2 ? reach : 0, rz = box->periodic & 4 ? reach : 0;
    double best = INFINITY;
    for (int a = -rx; a <= rx; a++) {
        for (int b = -ry; b <= ry; b++) {
            for (int c = -rz; c <= rz; c++) {
                double w[3];
                for (int k = 0; k < 3; k++)
                    w[k] = v[k] + a * edges[k] + b * edges[3 + k] + c * edges[6 + k];
                best = fmin(best, dot(w, w));
            }
        }
    }
    return best;
}

static void test_minimum_image(void **unused)
{
    (void)unused;
    uint64_t state = 5;
    for (int trial = 0; trial < 240; trial++) {
        /* tilts up to 1: with edge ratios up to 8, 12 cells each way hold the shortest image of a vector within 1 cell */
        const bnsl_box box = random_box(&state, trial % 3 == 0 ? 0.0 : 1.0, trial % 8);
        double edges[9], s[9], v[9], got[9], lattice[9];
        assert_ok(bnsl_box_vectors(&box, edges));
        for (int i = 0; i < 9; i++)
            s[i] = 2.0 * test_uniform(&state) - 1.0;
        assert_ok(bnsl_box_to_cartesian(&box, 3, s, v));
        memcpy(got, v, sizeof v);
        assert_ok(bnsl_box_minimum_image(&box, 3, got));
        for (int i = 0; i < 3; i++) {
            const double want = shortest_by_search(&box, edges, v + 3 * i, 12);
            assert_close(dot(got + 3 * i, got + 3 * i), want, 1e-12, 1e-14);
        }
        /* the difference is a lattice vector of the periodic axes */
        for (int i = 0; i < 9; i++)
            lattice[i] = got[i] - v[i];
        assert_ok(bnsl_box_to_fractional(&box, 3, lattice, lattice));
        for (int i = 0; i < 9; i++)
            assert_close(lattice[i], box.periodic >> i % 3 & 1 ? rint(lattice[i]) : 0.0, 0.0, 1e-12);
    }
}

/* The same lattice in a box sheared by many whole cells must give the same lengths. */
static void test_minimum_image_strong_shear(void **unused)
{
    (void)unused;
    uint64_t state = 6;
    for (int trial = 0; trial < 100; trial++) {
        const bnsl_box box = make_box(1.0, 1.0, 1.0, 0.25, -0.375, 0.125, BNSL_PERIODIC_XYZ);
        bnsl_box sheared = box;
        sheared.xy += 17.0; /* b + 17 a */
        sheared.yz += 9.0;  /* c + 9 (b + 17 a) - 40 a */
        sheared.xz += 9.0 * sheared.xy - 40.0;
        double v[3], w[3];
        for (int k = 0; k < 3; k++)
            v[k] = w[k] = 6.0 * test_uniform(&state) - 3.0;
        assert_ok(bnsl_box_minimum_image(&box, 1, v));
        assert_ok(bnsl_box_minimum_image(&sheared, 1, w));
        assert_close(dot(w, w), dot(v, v), 1e-12, 1e-14);
    }
    /* far away, with the digits that are left there */
    const bnsl_box box = make_box(1.0, 2.0, 1.0, 0.5, 0.0, 0.0, BNSL_PERIODIC_XYZ);
    double v[3] = {1e6 + 0.25, -2e6 + 0.25, 3e6 - 0.25};
    assert_ok(bnsl_box_minimum_image(&box, 1, v));
    assert_close(dot(v, v), 3.0 / 16.0, 1e-9, 0.0);
}

static void test_faults(void **unused)
{
    (void)unused;
    const bnsl_box good = make_box(1.0, 1.0, 1.0, 0.0, 0.0, 0.0, BNSL_PERIODIC_XYZ);
    bnsl_box box;
    assert_status(bnsl_box_init(NULL, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0), BNSL_EINVAL);
    assert_status(bnsl_box_init(&box, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "lx"));
    assert_status(bnsl_box_init(&box, 1.0, -1.0, 1.0, 0.0, 0.0, 0.0), BNSL_EINVAL);
    assert_status(bnsl_box_init(&box, 1.0, 1.0, INFINITY, 0.0, 0.0, 0.0), BNSL_EINVAL);
    assert_status(bnsl_box_init(&box, 1.0, 1.0, 1.0, 0.0, NAN, 0.0), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "xz"));
    assert_status(bnsl_box_validate(NULL), BNSL_EINVAL);
    box = good;
    box.periodic = 8;
    assert_status(bnsl_box_validate(&box), BNSL_EINVAL);
    box = good;
    box.reserved = 1;
    assert_status(bnsl_box_validate(&box), BNSL_EINVAL);

    double r[6] = {0.0, 3.0, 0.0, 0.0, NAN, 0.0}, out[9] = {5.0};
    const double before[6] = {0.0, 3.0, 0.0, 0.0, 0.0, 0.0};
    int32_t image[6] = {0, INT32_MAX, 0, 0, 0, 0};
    assert_status(bnsl_box_wrap(&good, 2, r, NULL), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "xyz[1]"));
    assert_status(bnsl_box_minimum_image(&good, 2, r), BNSL_EINVAL);
    assert_status(bnsl_box_to_fractional(&good, 2, r, out), BNSL_EINVAL);
    assert_status(bnsl_box_to_cartesian(&good, 2, r, out), BNSL_EINVAL);
    assert_status(bnsl_box_unwrap(&good, 2, r, image, out), BNSL_EINVAL);
    assert_true(out[0] == 5.0);
    r[4] = 1e300;
    assert_status(bnsl_box_wrap(&good, 2, r, NULL), BNSL_EINVAL);
    r[4] = 0.0;
    assert_status(bnsl_box_wrap(&good, 2, r, image), BNSL_EINVAL); /* the image count overflows */
    assert_memory_equal(r, before, sizeof r);
    assert_int_equal(image[1], INT32_MAX);
    assert_status(bnsl_box_wrap(&good, -1, r, NULL), BNSL_EINVAL);
    assert_status(bnsl_box_wrap(&good, 2, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_box_unwrap(&good, 2, r, NULL, out), BNSL_EINVAL);
    assert_status(bnsl_box_unwrap(&good, 2, r, image, NULL), BNSL_EINVAL);
    assert_status(bnsl_box_to_fractional(&good, 2, r, NULL), BNSL_EINVAL);
    assert_status(bnsl_box_to_cartesian(&good, 2, r, NULL), BNSL_EINVAL);
    assert_status(bnsl_box_vectors(&good, NULL), BNSL_EINVAL);
    assert_status(bnsl_box_reciprocal(NULL, out), BNSL_EINVAL);
    assert_status(bnsl_box_volume(&good, NULL), BNSL_EINVAL);
    assert_status(bnsl_box_plane_distances(&good, NULL), BNSL_EINVAL);
    assert_status(bnsl_box_from_vectors(&box, NULL, NULL), BNSL_EINVAL);
    out[3] = NAN;
    assert_status(bnsl_box_from_vectors(&box, out, NULL), BNSL_EINVAL);
    assert_ok(bnsl_box_wrap(&good, 0, NULL, NULL));
    assert_ok(bnsl_box_minimum_image(&good, 0, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_geometry), cmocka_unit_test(test_fractional),    cmocka_unit_test(test_from_vectors),
        cmocka_unit_test(test_wrap),     cmocka_unit_test(test_minimum_image), cmocka_unit_test(test_minimum_image_strong_shear),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
