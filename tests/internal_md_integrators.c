/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md, inside: NVT and NPT run backwards when all velocities are turned round; lost memory in schedules, minimiser and checkpoints. */
#include "configurations.h"
#include "core_internal.h"
#include "md/md_internal.h"

static void turn_round(bnsl_md *md)
{
    for (int64_t k = 0; k < ROW * md->n; k++)
        md->velocity[k] = -md->velocity[k];
    for (int k = 0; k < MAX_CHAIN; k++) {
        md->bath.xi[k] = -md->bath.xi[k];
        md->bath.box_xi[k] = -md->bath.box_xi[k];
    }
    for (int k = 0; k < 6; k++)
        md->bath.box_rate[k] = -md->bath.box_rate[k];
}

static void the_equations_run_backwards(void **state)
{
    (void)state;
    configuration c = crystal("AlB2", BNSL_CELL_ORTHOGONAL, 3, 2, 3, 0.6, 0.55, 0.02, 2);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    double *start = malloc((size_t)c.n * 24), *r = malloc((size_t)c.n * 24);
    assert_true(start && r);
    for (int kind = 0; kind < 5; kind++) {
        bnsl_md_options o;
        bnsl_md *md;
        bnsl_box first, last;
        assert_ok(bnsl_md_options_init(&o, sizeof o));
        o.integrator = kind < 2 ? BNSL_MD_NVT : BNSL_MD_NPT;
        o.barostat = kind < 2 ? 0 : kind - 2;
        o.chain_length = kind == 0 ? 1 : 4;
        o.dt = 0.001;
        o.kT = 0.4;
        o.pressure = 5;
        o.thermostat_time = 0.1;
        o.barostat_time = 1; /* a fast box would be chaotic within the run */
        assert_ok(bnsl_md_create(&md, &c.box, c.n, c.xyz, c.species, p, &o));
        assert_ok(bnsl_md_thermalize(md, 0.3, 1));
        assert_ok(bnsl_md_positions(md, start, NULL));
        assert_ok(bnsl_md_box(md, &first));
        assert_ok(bnsl_md_run(md, 200, NULL));
        assert_true(fabs(md->bath.xi[0]) > 1e-3 && (kind < 2 || md->box.lx != first.lx));
        turn_round(md);
        assert_ok(bnsl_md_run(md, 200, NULL));
        assert_ok(bnsl_md_positions(md, r, NULL));
        assert_ok(bnsl_md_box(md, &last));
        for (int64_t k = 0; k < 3 * c.n; k++)
            r[k] -= start[k];
        assert_ok(bnsl_box_minimum_image(&first, c.n, r));
        for (int64_t k = 0; k < 3 * c.n; k++) /* rounding, grown by the chaos of 0.4 time units */
            assert_close(r[k], 0, 0, 1e-8);
        assert_close(last.lx, first.lx, 1e-10, 0);
        assert_close(last.lz, first.lz, 1e-10, 0);
        assert_close(last.xy, first.xy, 0, 1e-10);
        for (int k = 0; k < MAX_CHAIN; k++) {
            assert_close(md->bath.eta[k], 0, 0, 1e-8);
            assert_close(md->bath.box_xi[k], 0, 0, 1e-8);
        }
        bnsl_md_destroy(md);
    }
    free(start);
    free(r);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void set_table(bnsl_potential *p)
{
    double u[50], force[50];
    for (int k = 0; k < 50; k++) {
        double x = k / 49.0;
        u[k] = 10 * (1 - x) * (1 - x);
        force[k] = 20 * (1 - x);
    }
    assert_ok(bnsl_potential_set_table(p, 1, 1, 0.55, 0, 1, 50, u, force));
}

static void lost_memory_is_reported_and_survived(void **state)
{
    (void)state;
    configuration c = fluid(20, 40, 0.3, 0.55, 31);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    const char *path = test_temporary("checkpoint");
    const int64_t step[2] = { 0, 10 };
    int32_t frozen[60] = { 0, 1 };
    bnsl_md_options o;
    bnsl_md_minimize_options few;
    bool done = false;
    set_table(p);
    assert_ok(bnsl_md_minimize_options_init(&few, sizeof few));
    few.max_steps = 20;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.integrator = BNSL_MD_NVT;
    for (long k = 0; !done; k++) {
        bnsl_md *md = NULL, *back = NULL;
        assert_ok(bnsl_md_create(&md, &c.box, c.n, c.xyz, c.species, p, &o));
        oom_arm(k);
        bnsl_status status = bnsl_md_set_frozen(md, frozen);
        if (!status)
            status = bnsl_md_set_packing_schedule(md, 2, step, (double[]){ 0.3, 0.301 });
        if (!status)
            status = bnsl_md_set_kT_schedule(md, 2, step, (double[]){ 1, 2 });
        if (!status && (status = bnsl_md_minimize(md, &few, NULL, NULL)) == BNSL_ENOCONV)
            status = BNSL_OK;
        if (!status)
            status = bnsl_md_run(md, 3, NULL);
        if (!status)
            status = bnsl_md_checkpoint_write(md, path);
        if (!status)
            status = bnsl_md_checkpoint_read(&back, path, 1, 0);
        oom_disarm();
        done = !oom_fired();
        assert_int_equal(status, done ? BNSL_OK : BNSL_ENOMEM);
        if (!done) /* still good for use */
            assert_ok(bnsl_md_run(md, 1, NULL));
        bnsl_md_destroy(md);
        bnsl_md_destroy(back);
        assert_true(k < 1000);
    }
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_equations_run_backwards),
        cmocka_unit_test(lost_memory_is_reported_and_survived),
    };
    return cmocka_run_group_tests_name("md integrators, inside", tests, NULL, NULL);
}
