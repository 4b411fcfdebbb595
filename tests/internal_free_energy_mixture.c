/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fluids of any composition and identity changes: memory that ends at the k-th allocation, cancelling. */
#include "bnsl_test.h"

static const double diameter[2] = {1, 0.55};

/* Hard spheres with a mean field, whose pairs have one shape; critical near depth 1. */
static int64_t make_data(bnsl_free_energy_mixture_datum *data)
{
    int64_t n = 0;
    for (int f = 0; f < 2; f++)
        for (int i = 0; i < 10; i++)
            for (int j = 0; j < 3; j++) {
                double x = f ? 1.0 / 3 : 1, size = x * x + 2 * x * (1 - x) * 0.775 * 0.775 * 0.775 + (1 - x) * (1 - x) * 0.55 * 0.55 * 0.55;
                double rho = (0.004 + 0.07 * i) / size, eps = 0.8 + 0.3 * j, z, a;
                const double fraction[2] = {x, 1 - x};
                assert_ok(bnsl_free_energy_bmcsl(2, diameter, fraction, rho, &z, &a, NULL));
                a += log(rho) - 1 + x * log(x) + (f ? (1 - x) * log(1 - x) : 0) - 5.55 * eps * rho * size;
                data[n++] = (bnsl_free_energy_mixture_datum){BNSL_DATUM_A, 0, rho, x, eps, a, 1e-3};
                data[n++] = (bnsl_free_energy_mixture_datum){BNSL_DATUM_Z, 0, rho, x, eps, z - 5.55 * eps * rho * size, 1e-3};
            }
    return n;
}

static void test_mixture_memory_ends(void **state)
{
    (void)state;
    bnsl_free_energy_mixture_options o;
    bnsl_free_energy_mixture_datum data[120];
    int64_t n = make_data(data);
    assert_ok(bnsl_free_energy_mixture_options_init(&o, sizeof o));
    o.n_depth = 2;
    o.n_fraction = 2;
    for (long k = 0;; k++) {
        bnsl_free_energy_mixture *m = (void *)1;
        bnsl_free_energy_fractionation r = {.pressure = 7};
        double depth = 7;
        oom_arm(k);
        bnsl_status status = bnsl_free_energy_mixture_create(&m, &o, n, data, diameter, NULL);
        if (status)
            assert_null(m);
        if (!status)
            status = bnsl_free_energy_fractionate(m, m, 1.3, 1.0 / 3, 0, 3, 1, &r);
        if (!status)
            status = bnsl_free_energy_demixing_depth(m, 1.0 / 3, 1, 1, &depth, NULL, NULL);
        bool fired = oom_fired();
        oom_disarm();
        bnsl_free_energy_mixture_destroy(status && !m ? NULL : m);
        if (!fired) {
            assert_ok(status);
            assert_true(k > 5 && r.density[1] > 0 && depth > 0.9 && depth < 1.2); /* GSL's own memory is not counted */
            break;
        }
        assert_int_equal(status, BNSL_ENOMEM);
        assert_true(depth == 7);
    }
}

static bnsl_free_energy_exchange_options quick(void)
{
    bnsl_free_energy_exchange_options o;
    assert_ok(bnsl_free_energy_exchange_options_init(&o, sizeof o));
    o.n_windows = 2;
    o.n_steps = 800;
    o.n_equilibrate = 40;
    return o;
}

static bnsl_potential_options short_ranged(void)
{
    bnsl_potential_options p;
    assert_ok(bnsl_potential_options_init(&p, sizeof p));
    p.r_cut = 1.4;
    return p;
}

static void test_exchange_memory_ends(void **state)
{
    (void)state;
    const int64_t count[2] = {16, 32};
    bnsl_free_energy_exchange_options o = quick();
    bnsl_potential_options p = short_ranged();
    long k = 0;
    for (;; k = k < 30 ? k + 1 : 2 * k) { /* every early allocation, then ever wider steps */
        double value = 7;
        oom_arm(k);
        bnsl_status status = bnsl_free_energy_exchange(diameter, count, 0.1, 0.5, &p, &o, NULL, &value, NULL);
        bool fired = oom_fired();
        oom_disarm();
        if (!fired) {
            assert_ok(status);
            break;
        }
        assert_int_equal(status, BNSL_ENOMEM);
        assert_true(value == 7);
    }
    assert_true(k >= 30);
}

static void test_exchange_cancel(void **state)
{
    (void)state;
    const int64_t count[2] = {16, 32};
    bnsl_free_energy_exchange_options o = quick();
    bnsl_potential_options p = short_ranged();
    bnsl_control *control = NULL;
    double value = 7;
    assert_ok(bnsl_control_create(&control));
    bnsl_control_cancel(control);
    o.n_steps = 100000000; /* an hour, if it were not stopped */
    assert_status(bnsl_free_energy_exchange(diameter, count, 0.1, 0.5, &p, &o, control, &value, NULL), BNSL_ECANCELLED);
    assert_true(value == 7);
    bnsl_control_destroy(control);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mixture_memory_ends),
        cmocka_unit_test(test_exchange_memory_ends),
        cmocka_unit_test(test_exchange_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
