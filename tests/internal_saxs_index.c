/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peaks and their indexing when memory ends. */
#include "bnsl_test.h"

static const double positions[] = {0.4853, 0.5548, 0.7371, 0.9609, 0.9706, 1.0765};

static bnsl_status index_them(int32_t *n, bnsl_saxs_index_candidate *c)
{
    return bnsl_saxs_index(6, positions, NULL, NULL, 64, n, c);
}

typedef struct lines_run {
    const bnsl_saxs_index_candidate *candidate;
    bnsl_saxs_index_line lines[6];
} lines_run;

static bnsl_status find_lines(void *user)
{
    lines_run *r = user;
    const bnsl_status status = bnsl_saxs_index_lines(r->candidate, 6, positions, NULL, NULL, r->lines);
    assert_true(status == BNSL_OK || r->lines[0].h == 7);
    return status;
}

static void indexing_without_memory(void **state)
{
    (void)state;
    bnsl_saxs_index_candidate c[64] = {{.a = 7}};
    int32_t n = 7;
    for (int k = 0; k < 40; k++) { /* the first prototypes and the workspace; later ones allocate alike */
        oom_arm(k);
        bnsl_status status = index_them(&n, c);
        oom_disarm();
        assert_status(status, BNSL_ENOMEM);
        assert_true(n == 7 && c[0].a == 7);
    }
    assert_ok(index_them(&n, c));
    lines_run r = {.candidate = c, .lines = {{.h = 7}}};
    assert_true(oom_until_success(find_lines, &r) > 1);
    assert_int_equal(r.lines[0].l, 1);
}

static void peaks_without_memory(void **state)
{
    (void)state;
    const double q[] = {1, 2, 3, 4, 5, 6}, s[] = {1, 3, 1, 1, 2, 1}, error[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    bnsl_saxs_found_peak p[4] = {{.q = 7}};
    int64_t n = 7;
    for (int k = 0; k < 2; k++) {
        oom_arm(k);
        bnsl_status status = bnsl_saxs_find_peaks(6, q, s, error, NULL, 4, &n, p);
        oom_disarm();
        assert_status(status, BNSL_ENOMEM);
        assert_true(n == 7 && p[0].q == 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(indexing_without_memory), cmocka_unit_test(peaks_without_memory)};
    return cmocka_run_group_tests_name("saxs index, inside", tests, NULL, NULL);
}
