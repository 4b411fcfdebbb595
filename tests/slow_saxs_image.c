/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distances from images of 256 to 2048 pixels a side: 5 seeds, 3 orientations, 5 % disorder, a gradient; and of 12 grains. */
#include "bnsl_test.h"
#include "micrograph.h"

static void check(int32_t n_grains, double worst_allowed, double largest_pull)
{
    for (int32_t size = 256; size <= 2048; size *= 2) {
        double squares = 0, worst = 0, stated = 0;
        for (int seed = 1; seed <= 5; seed++) {
            for (int turn = 0; turn < 3; turn++) {
                double spacing = 11 + 0.7 * seed + (size > 512 ? 5 : 0);
                micrograph m = {size, size, spacing, 17.3 * turn + 3 * seed, n_grains, 0.05, 60, 15, (uint64_t)(1000 * seed + turn)};
                bnsl_saxs_image_result r;
                double *image = micrograph_make(&m);
                assert_ok(bnsl_saxs_image_spacing(size, size, size, image, 1, NULL, &r));
                free(image);
                worst = fmax(worst, fabs(r.distance / spacing - 1));
                stated += r.distance_err / spacing / 15;
                squares += pow((r.distance - spacing) / r.distance_err, 2) / 15;
            }
        }
        printf("%4d pixels, %2d grains: worst %.3f %%, stated %.3f %%, pulls %.2f\n", size, n_grains, 100 * worst, 100 * stated, sqrt(squares));
        /* grains of 5 rows in the smallest image: the form factor's pull is corrected to a quarter of its 5 % */
        assert_true(worst < worst_allowed * (n_grains > 1 ? 2048.0 / size : 1));
        assert_true(sqrt(squares) < largest_pull);
    }
}

static void one_grain(void **state)
{
    (void)state;
    check(1, 5e-3, 1.3);
}

static void many_grains(void **state)
{
    (void)state;
    check(12, 2e-3, 1.3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_grain), cmocka_unit_test(many_grains)};
    return cmocka_run_group_tests_name("saxs images, large", tests, NULL, NULL);
}
