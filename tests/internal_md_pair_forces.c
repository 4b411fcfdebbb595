/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forces on the caller's own particles when memory runs out: BNSL_ENOMEM, outputs as before. */
#include "bnsl_test.h"

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const double xyz[6] = {0, 0, 0, 1.05, 0, 0}, diameter = 1;
    bnsl_potential *p;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_potential_create(&p, 1, &diameter, NULL));
    assert_ok(bnsl_neighbor_create(&list, NULL));
    assert_ok(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, NULL));
    for (long k = 0;; k++) {
        double force[6] = {7, 7, 7, 7, 7, 7};
        oom_arm(k);
        bnsl_status status = bnsl_md_pair_forces(list, p, 2, NULL, NULL, 1, force, NULL, NULL);
        oom_disarm();
        if (!oom_fired()) {
            assert_ok(status);
            assert_true(k > 0 && force[0] != 7 && force[0] == -force[3]);
            break;
        }
        assert_status(status, BNSL_ENOMEM);
        for (int c = 0; c < 6; c++)
            assert_true(force[c] == 7);
    }
    bnsl_neighbor_destroy(list);
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
