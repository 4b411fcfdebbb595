/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io: tables of numbers and scattering curves. */
#include <locale.h>

#include "test_frames.h"

static bnsl_io_table *read_text(const char *text, size_t n)
{
    const char *path = test_temporary("text.dat");
    bnsl_io_table *table;
    file_write(path, text, n);
    assert_ok(bnsl_io_table_read(&table, path));
    return table;
}

static void every_bit_comes_back(void **state)
{
    (void)state;
    uint64_t seed = 9;
    enum { N = 3000 };
    static double values[N * 3];
    const char *path = test_temporary("trip.tsv");
    for (int i = 0; i < 3 * N; i++)
        values[i] = ldexp(test_normal(&seed), (int)(600 * (test_uniform(&seed) - 0.5)));
    values[0] = NAN, values[1] = -INFINITY, values[2] = -0.0;
    for (int locale = 0; locale < 2; locale++) { /* also where the host writes 0,5 */
        if (locale && !setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "de_DE.utf8"))
            break;
        bnsl_io_table *table;
        int64_t n_rows;
        int32_t n_columns;
        const double *back;
        assert_ok(bnsl_io_table_write(path, "made by a test\nq (nm^-1)\tS\tS_err", N, 3, values, locale));
        assert_ok(bnsl_io_table_read(&table, path));
        assert_ok(bnsl_io_table_view(table, &n_rows, &n_columns, &back));
        assert_true(n_rows == N && n_columns == 3 && isnan(back[0]));
        assert_memory_equal(back + 1, values + 1, (3 * N - 1) * sizeof(double));
        assert_string_equal(bnsl_io_table_header(table), "made by a test\nq (nm^-1)\tS\tS_err");
        bnsl_io_table_destroy(table);
    }
    setlocale(LC_NUMERIC, "C");
    assert_status(bnsl_io_table_write(path, NULL, 1, 1, values + 1, 0), BNSL_EIO);
    assert_ok(bnsl_io_table_write(path, NULL, 1, 1, values + 1, 1));
    size_t n;
    char *text = (char *)file_bytes(path, &n);
    assert_string_equal(text, "-inf\n");
    free(text);
    assert_ok(bnsl_io_table_write(path, "a\n\nb", 0, 2, NULL, 1));
    text = (char *)file_bytes(path, &n);
    assert_string_equal(text, "# a\n# \n# b\n");
    free(text);
}

/* The same numbers in every dress. */
static void separators_and_line_endings(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1 2 3\n4 5 6\n",          "1\t2\t3\r\n4\t5\t6\r\n",       "1,2,3\r4,5,6\r",         "1; 2 ;3\n4;5;6",
        "  1  2 \t 3 \n\n 4 5 6 ", "1,2,3,\n4,5,6,\n",             "1.0E0 2d0 +3\n4 5 6e0\n", "\xEF\xBB\xBF" "1 2 3\n4 5 6\n",
        "# c\n1 2 3\n; d\n4 5 6\n% e", "q,I,sigma\n1,2,3\n4,5,6\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        bnsl_io_table *table = read_text(texts[i], strlen(texts[i]));
        int64_t n_rows;
        int32_t n_columns;
        const double *values;
        assert_ok(bnsl_io_table_view(table, &n_rows, &n_columns, &values));
        assert_true(n_rows == 2 && n_columns == 3);
        for (int k = 0; k < 6; k++)
            assert_true(values[k] == k + 1);
        static const char *const headers[] = {[8] = "c\nd\ne", [9] = "q,I,sigma"};
        assert_string_equal(bnsl_io_table_header(table), i >= 8 ? headers[i] : "");
        bnsl_io_table_destroy(table);
    }
}

static void bad_tables_are_named(void **state)
{
    (void)state;
    static const struct { const char *text, *says; } cases[] = {
        {"", "holds no numbers"},
        {"only words\n# and 1 2 comments\n", "holds no numbers"},
        {"1 2\n3 4 5\n", "line 2 has 3 columns, the lines before have 2"},
        {"head\n1 2\n\n3 x\n", "line 4"},
        {"1 2\nthe end\n", "the data have begun"},
        {"1,2\n3,,4\n", "line 2"},
        {"1 2\n3 4q\n", "line 2"},
        {"0,003;5,58\n", "decimal commas"},
    };
    const char *path = test_temporary("bad.dat");
    bnsl_io_table *table;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        file_write(path, cases[i].text, strlen(cases[i].text));
        assert_status(bnsl_io_table_read(&table, path), BNSL_EFORMAT);
        assert_null(table);
        if (!strstr(bnsl_error_message(), cases[i].says))
            fail_msg("case %d: \"%s\"", (int)i, bnsl_error_message());
    }
    table = read_text("a\0b\n1 2\n", 8); /* a byte that ends strings */
    assert_string_equal(bnsl_io_table_header(table), "a?b");
    bnsl_io_table_destroy(table);
    bnsl_io_table_destroy(NULL);
    assert_status(bnsl_io_table_read(NULL, path), BNSL_EINVAL);
    assert_status(bnsl_io_table_read(&table, NULL), BNSL_EINVAL);
    assert_status(bnsl_io_table_read(&table, "no such file"), BNSL_EIO);
    assert_status(bnsl_io_table_read(&table, "."), BNSL_EIO);
    assert_status(bnsl_io_table_view(NULL, NULL, NULL, NULL), BNSL_EINVAL);
    assert_string_equal(bnsl_io_table_header(NULL), "");
    const double one[1] = {1};
    assert_status(bnsl_io_table_write(NULL, "", 1, 1, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_table_write("", "", 1, 1, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_table_write(path, "", 1, 1, NULL, 1), BNSL_EINVAL);
    assert_status(bnsl_io_table_write(path, "", -1, 1, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_table_write(path, "", 1, 0, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_table_write(path, "a\r\n", 1, 1, one, 1), BNSL_EINVAL);
    assert_status(bnsl_io_table_write("no/such/folder/x", "", 1, 1, one, 1), BNSL_EIO);
}

/* Measured and simulated curves of other programs (tests/data/saxs/SOURCES); numbers as they stand in the files. */
static void real_curves_are_read(void **state)
{
    (void)state;
    bnsl_io_curve *curve;
    int64_t n, skipped;
    const double *q, *intensity, *sigma, *sigma_q;
    assert_ok(bnsl_io_curve_read(&curve, test_data("saxs/PolySpheres.txt"), BNSL_UNIT_PER_ANGSTROM));
    assert_ok(bnsl_io_curve_view(curve, &n, &q, &intensity, &sigma, &sigma_q, &skipped));
    assert_true(n == 128 && skipped == 1 && !sigma_q);
    assert_true(q[0] == 0.003 * 10 && intensity[0] == 5.58459588740281 && sigma[0] == 1.18158747955905);
    bnsl_io_curve_destroy(curve);
    assert_status(bnsl_io_curve_read(&curve, test_data("saxs/PolySpheres.txt"), BNSL_UNIT_FROM_FILE), BNSL_EFORMAT);
    assert_non_null(strstr(bnsl_error_message(), "unit of q"));
    assert_null(curve);

    assert_ok(bnsl_io_curve_read(&curve, test_data("saxs/100nmSpheresNodQ.txt"), BNSL_UNIT_FROM_FILE)); /* "1/A" in its heading */
    assert_ok(bnsl_io_curve_view(curve, &n, &q, &intensity, &sigma, NULL, NULL));
    assert_true(n == 150 && q[0] == 1e-3 * 10 && intensity[0] == 2.41e3 && sigma[0] == 24.1);
    bnsl_io_curve_destroy(curve);

    assert_ok(bnsl_io_curve_read(&curve, test_data("saxs/gixsgui_superlattice_linecut.dat"), BNSL_UNIT_PER_NM));
    assert_ok(bnsl_io_curve_view(curve, &n, &q, &intensity, &sigma, NULL, &skipped));
    assert_true(n == 281 && skipped == 0 && !sigma && q[0] == 4.5074211084283888e-04);
    bnsl_io_curve_destroy(curve);
}

static void units_and_rows(void **state)
{
    (void)state;
    static const struct { const char *text; double q; } cases[] = {
        {"# q (nm^-1) I\n1 2\n", 1},         {"q[1/nm], I\n1,2\n", 1},          {"Q (A^-1)\tI\n1\t2\n", 10},
        {"#q_A^-1 I\n1 2\n", 10},            {"q 1/Angstrom\n1 2\n", 10},       {"q in \xC3\x85^-1\n1 2\n", 10},
        {"R = 5 Angstrom, q in 1/nm\n1 2\n", 1}, {"units of Angstrom\n1 2\n", 10}, {"# 1/A\n0 nan\n-1 5\n1 2\n2 NaN\n", 10},
        {"q I\n1 2\n", 0},                   {"1/A and 1/nm\n1 2\n", 0},        {"I in cm^-1 mA^-1\n1 2\n", 0},
        {"1/Area\n1 2\n", 0},
    };
    const char *path = test_temporary("units.dat");
    bnsl_io_curve *curve;
    const double *q, *sigma_q;
    int64_t n, skipped;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        file_write(path, cases[i].text, strlen(cases[i].text));
        const bnsl_status status = bnsl_io_curve_read(&curve, path, BNSL_UNIT_FROM_FILE);
        if (status != (cases[i].q > 0 ? BNSL_OK : BNSL_EFORMAT))
            fail_msg("case %d: %s", (int)i, bnsl_status_name(status));
        if (status)
            continue;
        assert_ok(bnsl_io_curve_view(curve, &n, &q, NULL, NULL, NULL, &skipped));
        assert_true(n == 1 && q[0] == cases[i].q && skipped == (i == 8 ? 3 : 0));
        bnsl_io_curve_destroy(curve);
    }
    file_write(path, "1 2 3 0.5\n", 10);
    assert_ok(bnsl_io_curve_read(&curve, path, BNSL_UNIT_PER_ANGSTROM));
    assert_ok(bnsl_io_curve_view(curve, NULL, &q, NULL, NULL, &sigma_q, NULL));
    assert_true(q[0] == 10 && sigma_q[0] == 5);
    bnsl_io_curve_destroy(curve);
    static const char *const bad[][2] = {{"1\n", "1 columns"}, {"1 2 3 4 5\n", "5 columns"}, {"0 1\n-1 1\n3 nan\nnan 2\n", "no row with q > 0"},
                                         {"1 2\n2 -inf\n", "line 2: I is -inf"}, {"1 2 inf\n", "sigma is inf"}};
    for (int i = 0; i < 5; i++) {
        file_write(path, bad[i][0], strlen(bad[i][0]));
        assert_status(bnsl_io_curve_read(&curve, path, BNSL_UNIT_PER_NM), BNSL_EFORMAT);
        assert_non_null(strstr(bnsl_error_message(), bad[i][1]));
    }
    assert_status(bnsl_io_curve_read(NULL, path, BNSL_UNIT_PER_NM), BNSL_EINVAL);
    assert_status(bnsl_io_curve_read(&curve, NULL, BNSL_UNIT_PER_NM), BNSL_EINVAL);
    assert_status(bnsl_io_curve_read(&curve, path, 3), BNSL_EINVAL);
    assert_status(bnsl_io_curve_view(NULL, &n, NULL, NULL, NULL, NULL, NULL), BNSL_EINVAL);
    bnsl_io_curve_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_comes_back), cmocka_unit_test(separators_and_line_endings), cmocka_unit_test(bad_tables_are_named),
        cmocka_unit_test(real_curves_are_read), cmocka_unit_test(units_and_rows),
    };
    return cmocka_run_group_tests_name("io, tables", tests, NULL, NULL);
}
