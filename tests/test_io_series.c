/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io: series of curves as one matrix. */
#include "test_frames.h"

static const char *write_text(const char *name, const char *text)
{
    const char *path = test_temporary(name);
    file_write(path, text, strlen(text));
    return path;
}

/* The same two frames of three points in every dress; rows with q <= 0 are left out. */
static void headings_and_units(void **state)
{
    (void)state;
    static const struct { const char *text; double unit; int skipped; } cases[] = {
        {"#q_nm^-1\t0\t28\n1\t10\t11\n2\t20\t21\n3\t30\t31\n", 1, 0},
        {"# q (1/nm), 0, 28\r\n1, 10, 11\r\n2, 20, 21\r\n3, 30, 31\r\n", 1, 0},
        {"q_A^-1 0 28\r.1 10 11\r.2 20 21\r.3 30 31\r", 10, 0},
        {"% a run of 2026 11 29\n%q 0.0 2.8e1\n; in nm^-1\n0 1 2\n1;10;11\n2;20;21\n3;30;31", 1, 1},
    };
    const double time[2] = {0, 28}, q[3] = {1, 2, 3}, values[6] = {10, 20, 30, 11, 21, 31};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bnsl_io_series *s;
        int64_t n_frames, n_q, skipped;
        const double *t, *x, *v, *sigma;
        assert_ok(bnsl_io_series_read(&s, write_text("series.tsv", cases[i].text), NULL, BNSL_UNIT_FROM_FILE));
        assert_ok(bnsl_io_series_view(s, &n_frames, &n_q, &t, &x, &v, &sigma, &skipped));
        assert_true(n_frames == 2 && n_q == 3 && skipped == cases[i].skipped && !sigma);
        assert_memory_equal(t, time, sizeof time);
        for (int k = 0; k < 3; k++)
            assert_close(x[k], q[k], 4e-16, 0); /* 0.1 * 10 */
        assert_memory_equal(v, values, sizeof values);
        bnsl_io_series_destroy(s);
    }
}

static void errors_are_joined(void **state)
{
    (void)state;
    const char *path = write_text("series.tsv", "#q_nm^-1\t-1\t28\n1\t10\tnan\n2\t20\t21\n");
    bnsl_io_series *s;
    const double *v, *sigma;
    assert_ok(bnsl_io_series_read(&s, path, write_text("errors.tsv", "#q\t-1\t28.000001\n1.0000001\t0.1\t0.3\n2\tinf\t0.4\n"),
                                  BNSL_UNIT_PER_ANGSTROM));
    assert_ok(bnsl_io_series_view(s, NULL, NULL, NULL, NULL, &v, &sigma, NULL));
    assert_true(v[0] == 10 && v[1] == 20 && isnan(v[2]) && v[3] == 21);
    assert_true(sigma[0] == 0.1 && isnan(sigma[1]) && sigma[2] == 0.3 && sigma[3] == 0.4);
    bnsl_io_series_destroy(s);
    static const struct { const char *text, *says; } bad[] = {
        {"#q 0 28\n1 1 1\n2 1 1\n", "time 1 is 0 s, that of the intensities is -1"},
        {"#q -1 28 30\n1 1 1 1\n2 1 1 1\n", "errors of 3 frames and 2 q"},
        {"#q -1 28\n1 1 1\n", "1 q, the intensities have 2 frames and 2 q"},
        {"#q -1 28\n1 1 1\n2.001 1 1\n", "q number 2 is 2.001"},
        {"#q -1 28\n1 1 1\n2 1 -1\n", "line 3, frame 2: the standard error is -1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_status(bnsl_io_series_read(&s, path, write_text("errors.tsv", bad[i].text), BNSL_UNIT_PER_NM), BNSL_EFORMAT);
        assert_null(s);
        if (!strstr(bnsl_error_message(), bad[i].says))
            fail_msg("case %d: \"%s\"", (int)i, bnsl_error_message());
    }
}

static void bad_series_are_named(void **state)
{
    (void)state;
    static const struct { const char *text, *says; } cases[] = {
        {"#q_nm^-1 0\n1 2\n1 3\n", "line 3: q is 1, must be above that of the row before"},
        {"#q_nm^-1 0 28\n1 2\n", "no heading has one time for each of its 1 frames"},
        {"0 0 28\n1 2 3\n", "no heading has one time"},
        {"#q_nm^-1 0 nan\n1 2 3\n", "time 2 is nan"},
        {"#q_nm^-1 28 0\n1 2 3\n", "time 2 is 0"},
        {"#q 0 28\n1 2 3\n", "does not state the unit of q"},
        {"#q_nm^-1 0\n1\n", "1 column"},
        {"#q_nm^-1 0\n0 1\n", "no row with q > 0"},
        {"#q_nm^-1 0\ninf 1\n", "line 2: q is inf"},
        {"#q_nm^-1 0\n1 2\n2\n", "line 3 has 1 columns"},
        {"#0 28\n1 2 3\n", "no heading has one time"},
    };
    bnsl_io_series *s;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_status(bnsl_io_series_read(&s, write_text("bad.tsv", cases[i].text), NULL, BNSL_UNIT_FROM_FILE), BNSL_EFORMAT);
        assert_null(s);
        if (!strstr(bnsl_error_message(), cases[i].says))
            fail_msg("case %d: \"%s\"", (int)i, bnsl_error_message());
    }
    const char *good = write_text("good.tsv", "#q_nm^-1 0\n1 2\n");
    assert_status(bnsl_io_series_read(NULL, good, NULL, BNSL_UNIT_FROM_FILE), BNSL_EINVAL);
    assert_status(bnsl_io_series_read(&s, NULL, NULL, BNSL_UNIT_FROM_FILE), BNSL_EINVAL);
    assert_status(bnsl_io_series_read(&s, good, NULL, 3), BNSL_EINVAL);
    assert_status(bnsl_io_series_read(&s, "no such file", NULL, BNSL_UNIT_FROM_FILE), BNSL_EIO);
    assert_status(bnsl_io_series_read(&s, good, "no such file", BNSL_UNIT_FROM_FILE), BNSL_EIO);
    assert_null(s);
    assert_status(bnsl_io_series_view(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), BNSL_EINVAL);
    bnsl_io_series_destroy(NULL);
}

static void every_bit_comes_back(void **state)
{
    (void)state;
    enum { FRAMES = 40, POINTS = 60 };
    static double values[FRAMES * POINTS];
    double time[FRAMES], q[POINTS];
    uint64_t seed = 4;
    const char *path = test_temporary("trip.tsv");
    for (int k = 0; k < FRAMES; k++)
        time[k] = 28.1 * k - 3 + test_uniform(&seed);
    for (int i = 0; i < POINTS; i++)
        q[i] = 0.1 + 0.02 * i + 0.01 * test_uniform(&seed);
    for (int i = 0; i < FRAMES * POINTS; i++)
        values[i] = exp(5 * test_normal(&seed));
    values[7] = NAN;
    assert_ok(bnsl_io_series_write(path, FRAMES, time, POINTS, q, values, 0));
    bnsl_io_series *s;
    int64_t n_frames, n_q;
    const double *t, *x, *v;
    assert_ok(bnsl_io_series_read(&s, path, NULL, BNSL_UNIT_FROM_FILE));
    assert_ok(bnsl_io_series_view(s, &n_frames, &n_q, &t, &x, &v, NULL, NULL));
    assert_true(n_frames == FRAMES && n_q == POINTS && isnan(v[7]));
    assert_memory_equal(t, time, sizeof time);
    assert_memory_equal(x, q, sizeof q);
    assert_memory_equal(v, values, 7 * sizeof *v);
    assert_memory_equal(v + 8, values + 8, sizeof values - 8 * sizeof *v);
    bnsl_io_series_destroy(s);

    size_t n;
    const double one[2] = {1, 2}, back[2] = {2, 1}, not_finite[2] = {1, INFINITY};
    assert_status(bnsl_io_series_write(path, 1, one, 1, one, one, 0), BNSL_EIO);
    assert_ok(bnsl_io_series_write(path, 1, one, 1, one + 1, one, 1));
    char *text = (char *)file_bytes(path, &n);
    assert_string_equal(text, "#q_nm^-1\t1\n2\t1\n");
    free(text);
    assert_status(bnsl_io_series_write(NULL, 1, one, 1, one, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_series_write(path, 1, NULL, 1, one, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_series_write(path, 1, one, 1, NULL, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_series_write(path, 1, one, 1, one, NULL, 1), BNSL_EINVAL);
    assert_status(bnsl_io_series_write(path, 0, one, 1, one, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_series_write(path, 1, one, 0, one, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_series_write(path, 2, back, 1, one, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_series_write(path, 1, one, 2, back, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_series_write(path, 1, not_finite + 1, 1, one, one, 1), BNSL_EINVAL);
    const double zero[1] = {0};
    assert_status(bnsl_io_series_write(path, 1, one, 1, zero, one, 1), BNSL_EINVAL);
    assert_ok(bnsl_io_series_write(path, 1, zero, 1, one, one, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_and_units),
        cmocka_unit_test(errors_are_joined),
        cmocka_unit_test(bad_series_are_named),
        cmocka_unit_test(every_bit_comes_back),
    };
    return cmocka_run_group_tests_name("io, series", tests, NULL, NULL);
}
