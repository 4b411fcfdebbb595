/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Potentials when memory runs out: BNSL_ENOMEM, nothing leaked, outputs as before. */
#include "bnsl_test.h"

static void test_create_without_memory(void **state)
{
    (void)state;
    const double diameter[2] = {1, 0.55};
    bnsl_potential *p = NULL;
    oom_arm(0);
    bnsl_status status = bnsl_potential_create(&p, 2, diameter, NULL);
    oom_disarm();
    assert_status(status, BNSL_ENOMEM);
    assert_null(p);
}

static void test_quadratures_without_memory(void **state)
{
    (void)state;
    bnsl_potential *p = NULL;
    const double diameter = 1;
    assert_ok(bnsl_potential_create(&p, 1, &diameter, NULL));
    for (int call = 0; call < 5; call++) {
        double x = 7;
        oom_arm(0);
        bnsl_status status = call == 0   ? bnsl_potential_second_virial(p, 0, 0, 1, &x)
                             : call == 1 ? bnsl_potential_barker_henderson(p, 0, 0, 1, BNSL_BH_WCA, &x)
                             : call == 2 ? bnsl_potential_effective_range(p, 0, 0, 1, &x)
                             : call == 3 ? bnsl_potential_boyle_kT(p, 0, 0, &x)
                                         : bnsl_potential_critical_kT(p, 0, 0, &x);
        oom_disarm();
        assert_true(oom_fired());
        assert_status(status, BNSL_ENOMEM);
        assert_true(x == 7);
        /* the potential is still usable */
        assert_ok(bnsl_potential_second_virial(p, 0, 0, 1, &x));
    }
    bnsl_potential_destroy(p);
}

static void test_set_table_without_memory(void **state)
{
    (void)state;
    bnsl_potential *p = NULL;
    const double diameter = 1, u[3] = {2, -1, 0}, force[3] = {9, 0, 0};
    assert_ok(bnsl_potential_create(&p, 1, &diameter, NULL));
    for (int round = 0; round < 2; round++) { /* over a form, over a table */
        double before = 7, after = 7;
        assert_ok(bnsl_potential_second_virial(p, 0, 0, 1, &before));
        oom_arm(0);
        bnsl_status status = bnsl_potential_set_table(p, 0, 0, 1, 0.8, 2, 3, u, force);
        oom_disarm();
        assert_true(oom_fired());
        assert_status(status, BNSL_ENOMEM);
        assert_ok(bnsl_potential_second_virial(p, 0, 0, 1, &after));
        assert_true(before == after);
        assert_ok(bnsl_potential_set_table(p, 0, 0, 1, 0.8, 2, 3, u, force));
    }
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_without_memory),
        cmocka_unit_test(test_quadratures_without_memory),
        cmocka_unit_test(test_set_table_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
