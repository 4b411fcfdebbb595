/* SPDX-License-Identifier: GPL-3.0-or-later */
/* core: status, version, control, random numbers, numbers in text. */
#include <locale.h>

#include "bnsl_test.h"

static void version_matches_the_headers(void **state)
{
    (void)state;
    assert_int_equal(bnsl_version_number(), BNSL_VERSION_NUMBER);
    assert_string_equal(bnsl_version_string(), BNSL_VERSION_STRING);
    assert_int_equal(bnsl_has_feature(NULL), 0);
    assert_int_equal(bnsl_has_feature("no such feature"), 0);
}

static void statuses_have_names(void **state)
{
    (void)state;
    assert_string_equal(bnsl_status_name(BNSL_EINVAL), "BNSL_EINVAL");
    assert_string_equal(bnsl_status_text(BNSL_EINVAL), "invalid argument");
    assert_string_equal(bnsl_status_name(-1000), "unknown status");
    assert_string_equal(bnsl_status_name(1), "unknown status");
    for (int s = 0; s >= -11; s--)
        assert_string_not_equal(bnsl_status_name(s), "unknown status");
}

/* Known answers published with Random123 (kat_vectors, philox4x32 10). */
static void philox_known_answers(void **state)
{
    (void)state;
    static const uint32_t kat[3][10] = {
        { 0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 },
        { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd },
        { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 },
    };
    for (int i = 0; i < 3; i++) {
        uint32_t out[4];
        bnsl_philox4x32(kat[i], kat[i] + 4, out);
        assert_memory_equal(out, kat[i] + 6, sizeof out);
    }
}

static void random_numbers_are_functions_of_their_coordinates(void **state)
{
    (void)state;
    double a[7], b[3], c[1];
    assert_ok(bnsl_random_uniform(1, 2, 3, 4, 7, a));
    assert_ok(bnsl_random_uniform(1, 2, 3, 4, 3, b));
    assert_memory_equal(a, b, sizeof b);
    assert_ok(bnsl_random_normal(1, 2, 3, 4, 7, a));
    assert_ok(bnsl_random_normal(1, 2, 3, 4, 3, b));
    assert_ok(bnsl_random_normal(1, 2, 3, 4, 1, c));
    assert_memory_equal(a, b, sizeof b);
    assert_memory_equal(a, c, sizeof c);
    for (int change = 0; change < 4; change++) {
        assert_ok(bnsl_random_uniform(1 + (change == 0), 2 + (change == 1), 3 + (change == 2), 4 + (change == 3), 1, c));
        assert_ok(bnsl_random_uniform(1, 2, 3, 4, 1, b));
        assert_true(b[0] != c[0]);
    }
    assert_status(bnsl_random_uniform(1, 2, 3, 4, -1, a), BNSL_EINVAL);
    assert_status(bnsl_random_uniform(1, 2, 3, 4, 1, NULL), BNSL_EINVAL);
    assert_status(bnsl_random_normal(1, 2, 3, 4, 200000, a), BNSL_EINVAL);
}

static void random_numbers_have_their_moments(void **state)
{
    (void)state;
    enum { N = 100000 };
    double *x = malloc(N * sizeof *x);
    assert_non_null(x);
    double m1 = 0, m2 = 0, m4 = 0;
    assert_ok(bnsl_random_uniform(7, 0, 0, 0, N, x));
    for (int i = 0; i < N; i++) {
        assert_true(x[i] > 0 && x[i] < 1);
        m1 += x[i] / N;
        m2 += (x[i] - 0.5) * (x[i] - 0.5) / N;
    }
    /* five standard errors of the mean, of the variance */
    assert_close(m1, 0.5, 0, 5 * sqrt(1.0 / 12 / N));
    assert_close(m2, 1.0 / 12, 0, 5 * sqrt((1.0 / 80 - 1.0 / 144) / N));
    assert_ok(bnsl_random_normal(7, 0, 0, 0, N, x));
    m1 = m2 = 0;
    for (int i = 0; i < N; i++) {
        m1 += x[i] / N;
        m2 += x[i] * x[i] / N;
        m4 += pow(x[i], 4) / N;
    }
    assert_close(m1, 0, 0, 5 * sqrt(1.0 / N));
    assert_close(m2, 1, 0, 5 * sqrt(2.0 / N));
    assert_close(m4, 3, 0, 5 * sqrt(96.0 / N));
    free(x);
}

static double parse(const char *text)
{
    double value = -12345;
    assert_ok(bnsl_parse_double(text, (int64_t)strlen(text), &value, NULL));
    return value;
}

static void numbers_are_read_whatever_the_locale(void **state)
{
    (void)state;
    const char *old = setlocale(LC_NUMERIC, NULL);
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8"))
        old = NULL; /* not installed here: the plain locale is tested all the same */
    assert_true(parse("1.5") == 1.5);
    assert_true(parse("-.5e3") == -500);
    assert_true(parse("+2.") == 2);
    assert_true(parse("1d-3") == 1e-3);
    assert_true(parse("1D+3") == 1e3);
    assert_true(parse("0.1") == 0.1);
    assert_true(parse("9007199254740993") == 9007199254740992.0);
    assert_true(parse("1e400") == INFINITY);
    assert_true(parse("-inf") == -INFINITY);
    assert_true(isnan(parse("NaN")));
    assert_true(parse("0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001") == 1);
    if (old)
        setlocale(LC_NUMERIC, "C");
}

static void text_that_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "+", ".", "e5", "1,5", "0x10", "1.5x", " 1", "1 ", "--1", "in", "1.5.5" };
    double value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_status(bnsl_parse_double(bad[i], (int64_t)strlen(bad[i]), &value, NULL), BNSL_EFORMAT);
    assert_true(value == 7);
    int64_t used = 0;
    assert_ok(bnsl_parse_double("1.5x", 4, &value, &used));
    assert_int_equal(used, 3);
    assert_ok(bnsl_parse_double("1e", 2, &value, &used));
    assert_int_equal(used, 1);
    assert_ok(bnsl_parse_double("15", 1, &value, NULL)); /* length counts, not a NUL */
    assert_true(value == 1);
    assert_status(bnsl_parse_double(NULL, 1, &value, NULL), BNSL_EINVAL);
    assert_status(bnsl_parse_double("1", -1, &value, NULL), BNSL_EINVAL);
    assert_status(bnsl_parse_double("1", 1, NULL, NULL), BNSL_EINVAL);
}

static void integers_are_read_to_their_limits(void **state)
{
    (void)state;
    int64_t v = 0;
    assert_ok(bnsl_parse_int64("9223372036854775807", 19, &v, NULL));
    assert_true(v == INT64_MAX);
    assert_ok(bnsl_parse_int64("-9223372036854775808", 20, &v, NULL));
    assert_true(v == INT64_MIN);
    assert_ok(bnsl_parse_int64("+12", 3, &v, NULL));
    assert_true(v == 12);
    assert_status(bnsl_parse_int64("9223372036854775808", 19, &v, NULL), BNSL_EFORMAT);
    assert_status(bnsl_parse_int64("-9223372036854775809", 20, &v, NULL), BNSL_EFORMAT);
    assert_status(bnsl_parse_int64("1.5", 3, &v, NULL), BNSL_EFORMAT);
    assert_status(bnsl_parse_int64("", 0, &v, NULL), BNSL_EFORMAT);
    assert_true(v == 12);
}

static int32_t count_calls(void *user, int64_t done, int64_t total)
{
    (void)done;
    (void)total;
    return ++*(int *)user > 1000;
}

static void control_is_cancelled_and_reset(void **state)
{
    (void)state;
    bnsl_control *control;
    int calls = 0;
    assert_ok(bnsl_control_create(&control));
    assert_ok(bnsl_control_set_progress(control, count_calls, &calls));
    assert_int_equal(bnsl_control_is_cancelled(control), 0);
    bnsl_control_cancel(control);
    assert_int_equal(bnsl_control_is_cancelled(control), 1);
    bnsl_control_reset(control);
    assert_int_equal(bnsl_control_is_cancelled(control), 0);
    bnsl_control_destroy(control);
    bnsl_control_destroy(NULL);
    bnsl_control_cancel(NULL);
    assert_int_equal(bnsl_control_is_cancelled(NULL), 0);
    assert_status(bnsl_control_create(NULL), BNSL_EINVAL);
    assert_status(bnsl_control_set_progress(NULL, NULL, NULL), BNSL_EINVAL);
}

/* Options of callers that are older or newer than the library. */
static void options_of_other_ages_are_understood(void **state)
{
    (void)state;
    const double d[1] = { 1 };
    bnsl_potential *p;
    struct {
        bnsl_potential_options options;
        double newer;
    } longer;
    assert_ok(bnsl_potential_options_init(&longer.options, sizeof longer));
    assert_true(longer.newer == 0);
    assert_ok(bnsl_potential_create(&p, 1, d, &longer.options));
    bnsl_potential_destroy(p);
    longer.newer = 1;
    assert_status(bnsl_potential_create(&p, 1, d, &longer.options), BNSL_EINVAL);
    bnsl_potential_options shorter;
    memset(&shorter, 0xff, sizeof shorter);
    assert_ok(bnsl_potential_options_init(&shorter, offsetof(bnsl_potential_options, m)));
    assert_ok(bnsl_potential_create(&p, 1, d, &shorter));
    bnsl_potential_options got;
    assert_ok(bnsl_potential_options_init(&got, sizeof got));
    assert_ok(bnsl_potential_get_pair(p, 0, 0, &got));
    assert_true(got.m == 25);
    memset(&got, 0x5a, sizeof got);
    assert_ok(bnsl_potential_options_init(&got, offsetof(bnsl_potential_options, m)));
    assert_ok(bnsl_potential_get_pair(p, 0, 0, &got)); /* an older caller's struct is not written beyond its end */
    assert_true(got.n == 50 && got.struct_size == offsetof(bnsl_potential_options, m));
    for (size_t k = offsetof(bnsl_potential_options, m); k < sizeof got; k++)
        assert_int_equal(((unsigned char *)&got)[k], 0x5a);
    bnsl_potential_destroy(p);
    assert_status(bnsl_potential_options_init(&shorter, 2), BNSL_EINVAL);
    assert_status(bnsl_potential_options_init(NULL, sizeof shorter), BNSL_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_matches_the_headers),
        cmocka_unit_test(statuses_have_names),
        cmocka_unit_test(philox_known_answers),
        cmocka_unit_test(random_numbers_are_functions_of_their_coordinates),
        cmocka_unit_test(random_numbers_have_their_moments),
        cmocka_unit_test(numbers_are_read_whatever_the_locale),
        cmocka_unit_test(text_that_is_no_number_is_refused),
        cmocka_unit_test(integers_are_read_to_their_limits),
        cmocka_unit_test(control_is_cancelled_and_reset),
        cmocka_unit_test(options_of_other_ages_are_understood),
    };
    return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
