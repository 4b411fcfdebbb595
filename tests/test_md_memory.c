/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md: memory of a large simulation, list and periodic images included. A program of its own, since the measure is a peak. */
#include <sys/resource.h>

#include "configurations.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* Largest resident memory so far, bytes. */
static double peak_bytes(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return 1024.0 * (double)usage.ru_maxrss;
}

/* The dense narrow-well mixture. 700 MiB at 10^6 particles are 734 bytes for each; measured on fewer, where the images weigh more. */
static void a_particle_takes_no_more_than_734_bytes(void **state)
{
    (void)state;
    if (SANITIZED)
        skip(); /* its own memory is counted with ours */
    configuration c = crystal("AlB2", BNSL_CELL_ORTHOGONAL, 33, 19, 40, 0.55, 0.55, 0.02, 3);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md_options o;
    bnsl_md *md;
    bnsl_md_thermo t;
    assert_true(c.n > 150000);
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    double before = peak_bytes();
    assert_ok(bnsl_md_create(&md, &c.box, c.n, c.xyz, c.species, p, &o));
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    assert_ok(bnsl_md_run(md, 30, NULL));
    assert_ok(bnsl_md_thermo_now(md, &t));
    double each = (peak_bytes() - before) / (double)c.n;
    print_message("%lld particles, %.0f bytes for each\n", (long long)c.n, each);
    assert_true(each > 100); /* the measure works */
    assert_true(each < 734);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_particle_takes_no_more_than_734_bytes),
    };
    return cmocka_run_group_tests_name("md, memory", tests, NULL, NULL);
}
