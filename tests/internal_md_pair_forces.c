/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forces on the caller's own particles when memory runs out: BNSL_ENOMEM, outputs as before. */
#include "bnsl_test.h"

typedef struct forces_run {
    bnsl_neighbor_list *list;
    bnsl_potential *potential;
    double force[6];
} forces_run;

static bnsl_status compute(void *user)
{
    forces_run *r = user;
    const bnsl_status status = bnsl_md_pair_forces(r->list, r->potential, 2, NULL, NULL, 1, r->force, NULL, NULL);
    for (int c = 0; c < 6 && status; c++)
        assert_true(r->force[c] == 7);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const double xyz[6] = {0, 0, 0, 1.05, 0, 0}, diameter = 1;
    bnsl_potential *p;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_potential_create(&p, 1, &diameter, NULL));
    assert_ok(bnsl_neighbor_create(&list, NULL));
    assert_ok(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, NULL));
    forces_run r = {list, p, {7, 7, 7, 7, 7, 7}};
    assert_true(oom_until_success(compute, &r) > 0);
    assert_true(r.force[0] != 7 && r.force[0] == -r.force[3]);
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
