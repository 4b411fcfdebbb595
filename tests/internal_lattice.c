/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lattices when memory runs out: BNSL_ENOMEM, nothing leaked, outputs as before. */
#include "bnsl_test.h"

static void test_create_without_memory(void **state)
{
    (void)state;
    bnsl_lattice *lattice = NULL;
    oom_arm(0);
    bnsl_status status = bnsl_lattice_create(&lattice, "NaZn13", NULL);
    oom_disarm();
    assert_status(status, BNSL_ENOMEM);
    assert_null(lattice);
}

static void test_reflections_without_memory(void **state)
{
    (void)state;
    bnsl_lattice *lattice = NULL;
    assert_ok(bnsl_lattice_create(&lattice, "NaZn13", NULL));
    enum { CAPACITY = 4000 };
    bnsl_reflection *r = calloc(CAPACITY, sizeof *r);
    assert_non_null(r);
    bool fired = true;
    long k = 0;
    for (; fired; k++) {
        int64_t n = 7;
        oom_arm(k);
        bnsl_status status = bnsl_lattice_reflections(lattice, 100, 0, CAPACITY, &n, r);
        oom_disarm();
        fired = oom_fired();
        assert_status(status, fired ? BNSL_ENOMEM : BNSL_OK);
        if (fired)
            assert_true(n == 7 && r[0].multiplicity == 0);
    }
    assert_true(k > 3); /* the list grew more than once */
    free(r);
    bnsl_lattice_destroy(lattice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_without_memory),
        cmocka_unit_test(test_reflections_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
