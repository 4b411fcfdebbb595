/* SPDX-License-Identifier: GPL-3.0-or-later */
/* core, inside: sums, memory, number formatting, messages. */
#include <locale.h>

#include "bnsl_test.h"
#include "core_internal.h"

static void sums_do_not_depend_on_threads(void **state)
{
    (void)state;
    enum { N = 300001 };
    double *v = malloc(N * sizeof *v);
    assert_non_null(v);
    uint64_t s = 5;
    for (int i = 0; i < N; i++)
        v[i] = test_normal(&s) * pow(10, 6 * test_uniform(&s));
    static const int64_t lengths[] = { 0, 1, 3, 511, 512, 513, 65535, 65536, 65537, 200000, N };
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        long double exact = 0;
        long double size = 0;
        for (int64_t i = 0; i < lengths[k]; i++) {
            exact += (long double)v[i];
            size += (long double)fabs(v[i]);
        }
        double one = bnsl__sum(lengths[k], v, 1);
        for (int t = 2; t <= 4; t++)
            assert_true(bnsl__sum(lengths[k], v, t) == one);
        assert_close(one, (double)exact, 0, 2e-15 * (double)size); /* log2(N) / 2 roundings */
    }
    oom_arm(0);
    double without_memory = bnsl__sum(N, v, 2);
    oom_disarm();
    assert_true(without_memory == bnsl__sum(N, v, 2));
    free(v);
}

static void allocation_checks_its_size(void **state)
{
    (void)state;
    assert_null(bnsl__alloc(-1, 8));
    assert_null(bnsl__alloc(INT64_MAX, 8));
    assert_null(bnsl__calloc(INT64_MAX / 4, 8));
    void *p = bnsl__alloc(0, 8);
    assert_non_null(p);
    int64_t capacity = 0;
    assert_true(bnsl__reserve(&p, &capacity, 10, 8));
    assert_true(capacity >= 10);
    int64_t before = capacity;
    assert_false(bnsl__reserve(&p, &capacity, INT64_MAX, 8));
    assert_true(capacity == before);
    free(p);
}

static void doubles_are_written_to_read_back(void **state)
{
    (void)state;
    char text[32];
    uint64_t s = 1;
    for (int i = 0; i < 20000; i++) {
        double back, value = test_normal(&s) * pow(10, 600 * test_uniform(&s) - 300);
        int n = bnsl__format_double(text, value);
        assert_int_equal(n, strlen(text));
        assert_ok(bnsl_parse_double(text, n, &back, NULL));
        assert_true(back == value);
    }
    bnsl__format_double(text, 0.1);
    assert_string_equal(text, "0.1");
    bnsl__format_double(text, NAN);
    assert_string_equal(text, "nan");
    bnsl__format_double(text, -INFINITY);
    assert_string_equal(text, "-inf");
    if (setlocale(LC_NUMERIC, "de_DE.UTF-8")) {
        bnsl__format_double(text, 0.25);
        setlocale(LC_NUMERIC, "C");
        assert_string_equal(text, "0.25");
    }
}

static void messages_are_one_line(void **state)
{
    (void)state;
    char longer[2000];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(BNSL_FAIL(BNSL_EIO, "a\nb\t%s", longer), BNSL_EIO);
    assert_null(strpbrk(bnsl_error_message(), "\n\t"));
    assert_true(strlen(bnsl_error_message()) < 512);
    assert_int_equal(strncmp(bnsl_error_message(), "messages_are_one_line: a?b?x", 28), 0);
}

static void instruction_sets_are_limited_to_the_machine(void **state)
{
    (void)state;
    assert_int_equal(bnsl__isa(BNSL_ISA_AUTO), bnsl_cpu_isa());
    assert_int_equal(bnsl__isa(BNSL_ISA_BASELINE), BNSL_ISA_BASELINE);
    assert_true(bnsl__isa(BNSL_ISA_AVX512) <= bnsl_cpu_isa());
}

static int32_t stop_at_once(void *user, int64_t done, int64_t total)
{
    (void)total;
    *(int64_t *)user = done;
    return 1;
}

static void control_stops_calls(void **state)
{
    (void)state;
    bnsl_control *control;
    int64_t seen = -1;
    assert_ok(bnsl_control_create(&control));
    assert_false(bnsl__control_stop(control, 1, 10));
    assert_false(bnsl__control_stop(NULL, 1, 10));
    assert_ok(bnsl_control_set_progress(control, stop_at_once, &seen));
    assert_true(bnsl__control_stop(control, 10, 10));
    assert_true(seen == 10);
    assert_ok(bnsl_control_set_progress(control, NULL, NULL));
    bnsl_control_cancel(control);
    assert_true(bnsl__control_stop(control, 1, 10));
    bnsl_control_destroy(control);
}

/* One thread at a time between lock and unlock: an increment in two steps would lose counts otherwise. */
static void fftw_lock_excludes(void **state)
{
    (void)state;
    volatile int count = 0;
#pragma omp parallel for num_threads(4)
    for (int i = 0; i < 4000; i++) {
        bnsl__fftw_lock();
        int before = count;
        for (volatile int k = 0; k < 10; k++)
            ;
        count = before + 1;
        bnsl__fftw_unlock();
    }
    assert_int_equal(count, 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_do_not_depend_on_threads),   cmocka_unit_test(allocation_checks_its_size),
        cmocka_unit_test(doubles_are_written_to_read_back), cmocka_unit_test(messages_are_one_line),
        cmocka_unit_test(control_stops_calls),              cmocka_unit_test(instruction_sets_are_limited_to_the_machine),
        cmocka_unit_test(fftw_lock_excludes),
    };
    return cmocka_run_group_tests_name("core, inside", tests, NULL, NULL);
}
