/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structure factors of 27,000 particles up to q sigma_LL = 25, the whole range: NUFFT beside the direct sum, Debye beside all pairs. */
#include "bnsl_test.h"
#include "saved_fluid.h"

enum { N_Q = 500 };

static bnsl_saxs_sq_options options(int32_t method)
{
    bnsl_saxs_sq_options o;
    assert_ok(bnsl_saxs_sq_options_init(&o, sizeof o));
    o.method = method;
    o.num_threads = 2;
    return o;
}

/* Within 1e-4 of the mean, what is promised; the tolerance is 1e-6. Both fluids, L alone, S alone and across. */
static void nufft_to_25(void **state)
{
    (void)state;
    static const char *const files[] = {"md/m25_phi055.bin", "md/m6_phi055.bin"};
    static double q[N_Q], want[3 * N_Q], got[3 * N_Q], total[N_Q], s[N_Q];
    static int64_t n_want[N_Q], n_got[N_Q];
    for (int f = 0; f < 2; f++) {
        saved_fluid fluid;
        bnsl_box box;
        assert_true(saved_fluid_read(&fluid, test_data(files[f])));
        assert_ok(bnsl_box_init(&box, fluid.edge, fluid.edge, fluid.edge, 0, 0, 0));
        bnsl_saxs_sq_options o = options(BNSL_SQ_DIRECT);
        assert_ok(bnsl_saxs_structure_factor(&box, fluid.n, fluid.xyz, fluid.species, 2, &o, q, total, want, n_want, NULL));
        o = options(BNSL_SQ_NUFFT);
        assert_ok(bnsl_saxs_structure_factor(&box, fluid.n, fluid.xyz, fluid.species, 2, &o, q, s, got, n_got, NULL));
        double most = 0;
        for (int i = 0; i < N_Q; i++) {
            assert_int_equal(n_want[i], n_got[i]);
            for (int c = 0; c < 3 && n_want[i] > 0; c++)
                most = fmax(most, fabs(want[3 * i + c] - got[3 * i + c]));
            if (n_want[i] > 0)
                most = fmax(most, fabs(total[i] - s[i]));
        }
        assert_true(most < 1e-6);
        saved_fluid_free(&fluid);
    }
}

static void debye_to_25(void **state)
{
    (void)state;
    static double q[N_Q], s[N_Q];
    static const int at[] = {0, 9, 77, 250, 499};
    saved_fluid fluid;
    assert_true(saved_fluid_read(&fluid, test_data("md/m25_phi055.bin")));
    bnsl_saxs_sq_options o = options(BNSL_SQ_DEBYE);
    assert_ok(bnsl_saxs_structure_factor(NULL, fluid.n, fluid.xyz, NULL, 1, &o, q, s, NULL, NULL, NULL));
    for (int k = 0; k < 5; k++) {
        double sum = 0;
        for (int64_t i = 0; i < fluid.n; i++)
            for (int64_t j = i + 1; j < fluid.n; j++) {
                const double *a = fluid.xyz + 3 * i, *b = fluid.xyz + 3 * j;
                const double x = q[at[k]] * sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
                sum += sin(x) / x;
            }
        assert_close(s[at[k]], 1 + 2 * sum / (double)fluid.n, 1e-5, 1e-5);
    }
    saved_fluid_free(&fluid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nufft_to_25), cmocka_unit_test(debye_to_25)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
