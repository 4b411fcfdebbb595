/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md, inside: the noise kernel against libm on the same Philox words; lost memory. */
#include "configurations.h"
#include "core_internal.h"
#include "md/md_internal.h"

static void noise_is_box_muller_of_philox(void **state)
{
    (void)state;
    enum { N = 1003, STEPS = 50 };
    int32_t *id = malloc(N * sizeof *id);
    double *noise = malloc(N * ROW * sizeof *noise), moment[4] = { 0, 0, 0, 0 };
    assert_true(id && noise);
    for (int i = 0; i < N; i++)
        id[i] = (i * 37) % N;
    bnsl__step_work work = { .id = id };
    bnsl__random_key(9, STREAM_NOISE, work.key);
    for (int64_t step = 0; step < STEPS; step++) {
        work.step = step + ((int64_t)1 << 33);
        bnsl__step_noise_baseline(&work, 0, N, noise);
        for (int i = 0; i < N; i++) {
            uint32_t w[4], counter[4] = { (uint32_t)id[i], 0, (uint32_t)work.step, (uint32_t)(work.step >> 32) };
            double u[4];
            bnsl_philox4x32(counter, work.key, w);
            for (int k = 0; k < 4; k++)
                u[k] = (w[k] + 0.5) * 0x1p-32;
            double ra = sqrt(-2 * log(u[0])), rb = sqrt(-2 * log(u[2])), pi2 = 6.283185307179586476925;
            const double want[ROW] = { ra * cos(pi2 * u[1]), ra * sin(pi2 * u[1]), rb * cos(pi2 * u[3]), 0 };
            for (int k = 0; k < ROW; k++) {
                /* the angle 2 pi u itself is rounded to half a unit in the last place of 6.28 */
                assert_close(noise[ROW * i + k], want[k], 0, 2e-15 * (1 + ra + rb));
                for (int m = 0; m < 4 && k < 3; m++)
                    moment[m] += pow(noise[ROW * i + k], m + 1) / (3.0 * N * STEPS);
            }
        }
    }
    double samples = 3.0 * N * STEPS; /* five standard errors */
    assert_close(moment[0], 0, 0, 5 * sqrt(1 / samples));
    assert_close(moment[1], 1, 0, 5 * sqrt(2 / samples));
    assert_close(moment[2], 0, 0, 5 * sqrt(15 / samples));
    assert_close(moment[3], 3, 0, 5 * sqrt(96 / samples));
    free(id);
    free(noise);
}

static void lost_memory_is_reported_and_survived(void **state)
{
    (void)state;
    configuration c = fluid(20, 40, 0.3, 0.55, 31);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    const char *path = test_temporary("checkpoint");
    const int64_t step[1] = { 0 };
    const double phi[1] = { 0.3 };
    bool done = false;
    for (long k = 0; !done; k++) {
        bnsl_md *md = NULL, *back = NULL;
        bnsl_md_thermo t;
        oom_arm(k);
        bnsl_status status = bnsl_md_create(&md, &c.box, c.n, c.xyz, c.species, p, NULL);
        if (!status)
            status = bnsl_md_set_packing_schedule(md, 1, step, phi);
        if (!status)
            status = bnsl_md_run(md, 3, NULL);
        if (!status)
            status = bnsl_md_thermo_now(md, &t);
        if (!status)
            status = bnsl_md_checkpoint_write(md, path);
        if (!status)
            status = bnsl_md_checkpoint_read(&back, path, 1, 0);
        oom_disarm();
        done = !oom_fired();
        assert_int_equal(status, done ? BNSL_OK : BNSL_ENOMEM);
        if (md && !done) /* still good for use */
            assert_ok(bnsl_md_run(md, 1, NULL));
        bnsl_md_destroy(md);
        bnsl_md_destroy(back);
        assert_true(k < 1000);
    }
    double diameter[60], xyz[180];
    for (int i = 0; i < 60; i++)
        diameter[i] = 0.5;
    for (long k = 0, fired = 1; fired; k++) {
        oom_arm(k);
        bnsl_status status = bnsl_md_random_start(&c.box, 60, diameter, 0, 1, 1, xyz, NULL);
        oom_disarm();
        fired = oom_fired();
        assert_int_equal(status, fired ? BNSL_ENOMEM : BNSL_OK);
    }
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_box_muller_of_philox),
        cmocka_unit_test(lost_memory_is_reported_and_survived),
    };
    return cmocka_run_group_tests_name("md, inside", tests, NULL, NULL);
}
