/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images when memory ends. */
#include "bnsl_test.h"

#include "micrograph.h"

static void memory_ends(void **state)
{
    (void)state;
    micrograph m = {64, 64, 7, 5, 1, 0, 10, 0, 2};
    double *image = micrograph_make(&m);
    int failures = 0;
    bnsl_saxs_image_result r = {.distance = 7};
    for (int k = 0;; k++, failures++) {
        oom_arm(k);
        bnsl_status status = bnsl_saxs_image_spacing(64, 64, 64, image, 1, NULL, &r);
        bool fired = oom_fired();
        oom_disarm();
        if (!fired) {
            assert_status(status, BNSL_OK);
            break;
        }
        if (status == BNSL_OK) /* the transform's own memory, which it does without */
            continue;
        assert_status(status, BNSL_ENOMEM);
        assert_true(r.distance == 7);
    }
    assert_true(failures > 4);
    assert_close(r.distance, 7, 0.02, 0);
    free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_ends)};
    return cmocka_run_group_tests_name("saxs images, inside", tests, NULL, NULL);
}
