/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io: scattering curves in canSAS XML and NXcanSAS, several in a file, writing. The HDF5 cases run in builds that have it (make check-hdf5). */
#include "test_frames.h"

static const char *write_text(const char *text)
{
    const char *path = test_temporary("curve.xml");
    file_write(path, text, strlen(text));
    return path;
}

typedef struct view {
    int64_t n, skipped;
    const double *q, *intensity, *sigma, *sigma_q;
} view;

static view look(const bnsl_io_curve *curve)
{
    view v;
    assert_ok(bnsl_io_curve_view(curve, &v.n, &v.q, &v.intensity, &v.sigma, &v.sigma_q, &v.skipped));
    return v;
}

#define HEAD "<?xml version=\"1.0\"?><SASroot version=\"1.1\" xmlns=\"urn:cansas1d:1.1\">"
#define ENTRY(title, points) "<SASentry name=\"e\"><Title>" title "</Title><Run>1</Run><SASdata name=\"d\">" points "</SASdata></SASentry>"
#define POINT(unit, q, i) "<Idata><Q unit=\"" unit "\">" q "</Q><I unit=\"1/cm\">" i "</I></Idata>"

static void real_xml_files(void **state)
{
    (void)state;
    bnsl_io_curve *curve;
    if (!bnsl_has_feature("expat")) {
        assert_status(bnsl_io_curve_read(&curve, test_data("saxs/Ludox_silica.xml"), BNSL_UNIT_FROM_FILE), BNSL_EUNSUPPORTED);
        return;
    }
    assert_ok(bnsl_io_curve_read(&curve, test_data("saxs/Ludox_silica.xml"), BNSL_UNIT_FROM_FILE));
    view v = look(curve);
    assert_true(v.n == 92 && v.skipped == 0 && v.sigma && v.sigma_q);
    assert_true(v.q[0] == 0.00714 * 10 && v.intensity[0] == 226.539 && v.sigma[0] == 1.93973 && v.sigma_q[0] == 0.00144239 * 10);
    assert_true(v.q[91] == 0.251694 * 10);
    assert_true(bnsl_io_curve_n_entries(curve) == 1);
    assert_string_equal(bnsl_io_curve_name(curve), "Ludox 1mm M4 TRANS_SANS");
    bnsl_io_curve_destroy(curve);
    assert_ok(bnsl_io_curve_read(&curve, test_data("saxs/cansas1d_33837rear.xml"), BNSL_UNIT_FROM_FILE));
    v = look(curve);
    assert_true(v.n == 66 && v.q[0] == 0.00416 * 10 && v.intensity[0] == 5.41609 && v.sigma[0] == 0.615225);
    bnsl_io_curve_destroy(curve);
}

/* XML and both dialects of HDF5 hold the same curve: to 5e-7 of 1/A and of the intensities' scale. */
static void one_curve_in_three_files(void **state)
{
    (void)state;
    static const char *const files[] = {"saxs/cansas1d_33837rear.xml", "saxs/nxcansas_33837rear.h5", "saxs/nxcansas_33837rear_v3.h5"};
    bnsl_io_curve *curves[3];
    view v[3];
    if (!bnsl_has_feature("hdf5")) {
        assert_status(bnsl_io_curve_read(&curves[1], test_data(files[1]), BNSL_UNIT_FROM_FILE), BNSL_EUNSUPPORTED);
        assert_non_null(strstr(bnsl_error_message(), "--with-hdf5"));
        bnsl_io_series *series;
        assert_status(bnsl_io_series_read(&series, test_data(files[1]), NULL, BNSL_UNIT_FROM_FILE), BNSL_EUNSUPPORTED);
        return;
    }
    for (int k = 0; k < 3; k++) {
        assert_ok(bnsl_io_curve_read(&curves[k], test_data(files[k]), BNSL_UNIT_FROM_FILE));
        v[k] = look(curves[k]);
        assert_true(v[k].n == 66 && v[k].sigma);
        for (int i = 0; i < 66; i++) {
            assert_close(v[k].q[i], v[0].q[i], 0, 10 * 5e-7);
            assert_close(v[k].intensity[i], v[0].intensity[i], 5e-6, 5e-7); /* six digits are printed in the XML */
            assert_close(v[k].sigma[i], v[0].sigma[i], 5e-6, 5e-7);
        }
    }
    for (int k = 0; k < 3; k++)
        bnsl_io_curve_destroy(curves[k]);
}

static void hdf5_entries_and_series(void **state)
{
    (void)state;
    bnsl_io_curve *curve;
    bnsl_io_series *series;
    int64_t n_frames, n_q, skipped;
    const double *t, *q, *intensity, *sigma;
    if (!bnsl_has_feature("hdf5"))
        return;
    assert_ok(bnsl_io_curve_read_entry(&curve, test_data("saxs/nxcansas_two.h5"), BNSL_UNIT_FROM_FILE, 0));
    view v = look(curve);
    assert_true(v.n == 3 && bnsl_io_curve_n_entries(curve) == 2 && !v.sigma && v.sigma_q && v.sigma_q[2] == 0.02 && v.intensity[0] == 3);
    assert_string_equal(bnsl_io_curve_name(curve), "entry0");
    assert_close(v.q[0], 0.1, 1e-7, 0);
    bnsl_io_curve_destroy(curve);
    assert_status(bnsl_io_curve_read_entry(&curve, test_data("saxs/nxcansas_two.h5"), BNSL_UNIT_FROM_FILE, 1), BNSL_EFORMAT); /* no unit */
    assert_ok(bnsl_io_curve_read_entry(&curve, test_data("saxs/nxcansas_two.h5"), BNSL_UNIT_PER_ANGSTROM, 1));
    assert_close(look(curve).q[0], 1, 1e-7, 0);
    bnsl_io_curve_destroy(curve);
    assert_status(bnsl_io_curve_read(&curve, test_data("saxs/nxcansas_series.h5"), BNSL_UNIT_FROM_FILE), BNSL_EFORMAT);
    assert_non_null(strstr(bnsl_error_message(), "series"));
    assert_ok(bnsl_io_series_read(&series, test_data("saxs/nxcansas_series.h5"), NULL, BNSL_UNIT_FROM_FILE));
    assert_ok(bnsl_io_series_view(series, &n_frames, &n_q, &t, &q, &intensity, &sigma, &skipped));
    assert_true(n_frames == 3 && n_q == 3 && skipped == 1 && t[1] == 30 && t[2] == 60); /* half a minute apart */
    assert_close(q[0], 0.1, 1e-15, 0);
    assert_true(intensity[0] == 2 && isnan(intensity[3 + 1]) && intensity[6 + 2] == 12);
    assert_close(sigma[6 + 2], 1.2, 1e-15, 0);
    unsigned char wanted[sizeof(double)]; /* the same file with this error negative */
    memcpy(wanted, &sigma[6 + 2], sizeof wanted);
    bnsl_io_series_destroy(series);
    size_t n_bytes, at = 0;
    unsigned char *changed = file_bytes(test_data("saxs/nxcansas_series.h5"), &n_bytes);
    while (at + sizeof wanted <= n_bytes && memcmp(changed + at, wanted, sizeof wanted) != 0)
        at++;
    assert_true(at + sizeof wanted <= n_bytes);
    changed[at + sizeof wanted - 1] ^= 0x80; /* the file is little endian */
    const char *negative = test_temporary("negative.h5");
    file_write(negative, (const char *)changed, n_bytes);
    free(changed);
    assert_status(bnsl_io_series_read(&series, negative, NULL, BNSL_UNIT_FROM_FILE), BNSL_EFORMAT);
    assert_non_null(strstr(bnsl_error_message(), "value 4 of frame 3: the standard error is -1.2"));
    assert_status(bnsl_io_series_read(&series, test_data("saxs/nxcansas_two.h5"), NULL, BNSL_UNIT_FROM_FILE), BNSL_EFORMAT);
    assert_status(bnsl_io_series_read(&series, test_data("saxs/nxcansas_series.h5"), "errors", BNSL_UNIT_FROM_FILE), BNSL_EINVAL);
    const char *cut = test_temporary("cut.h5"); /* a file whose end is missing */
    size_t n;
    unsigned char *bytes = file_bytes(test_data("saxs/nxcansas_two.h5"), &n);
    file_write(cut, (const char *)bytes, n / 2);
    free(bytes);
    assert_status(bnsl_io_curve_read(&curve, cut, BNSL_UNIT_PER_NM), BNSL_EFORMAT);
}

static void several_entries(void **state)
{
    (void)state;
    bnsl_io_curve *curve;
    if (!bnsl_has_feature("expat"))
        return;
    const char *path = write_text(HEAD ENTRY("one", POINT("1/nm", "1", "5") POINT("1/nm", "0", "9") POINT("1/nm", " 2e0\n", "6"))
                                  ENTRY("two <![CDATA[&]]> more", POINT("A^-1", "0.1", "7")) "</SASroot>");
    assert_status(bnsl_io_curve_read(&curve, path, BNSL_UNIT_FROM_FILE), BNSL_EFORMAT);
    assert_non_null(strstr(bnsl_error_message(), "holds 2 curves (\"one\", \"two & more\")"));
    assert_ok(bnsl_io_curve_read_entry(&curve, path, BNSL_UNIT_FROM_FILE, 0));
    view v = look(curve);
    assert_true(v.n == 2 && v.skipped == 1 && v.q[1] == 2 && v.intensity[1] == 6 && !v.sigma && !v.sigma_q);
    assert_true(bnsl_io_curve_n_entries(curve) == 2);
    bnsl_io_curve_destroy(curve);
    assert_ok(bnsl_io_curve_read_entry(&curve, path, BNSL_UNIT_FROM_FILE, 1));
    assert_true(look(curve).q[0] == 1);
    bnsl_io_curve_destroy(curve);
    assert_ok(bnsl_io_curve_read_entry(&curve, path, BNSL_UNIT_PER_NM, 1)); /* the caller knows better */
    assert_true(look(curve).q[0] == 0.1);
    bnsl_io_curve_destroy(curve);
    assert_status(bnsl_io_curve_read_entry(&curve, path, BNSL_UNIT_FROM_FILE, 2), BNSL_EINVAL);
    assert_status(bnsl_io_curve_read_entry(&curve, path, BNSL_UNIT_FROM_FILE, -1), BNSL_EINVAL);
    assert_status(bnsl_io_curve_read_entry(NULL, path, BNSL_UNIT_FROM_FILE, 0), BNSL_EINVAL);
    /* version 1.0, with prefixes, UTF-16 */
    static const char text[] =
        "<?xml version='1.0'?><c:SASroot version='1.0' xmlns:c='cansas1d/1.0'><c:SASentry><c:SASdata><c:Idata><c:Q unit='1/nm'>3</c:Q>"
        "<c:I>4</c:I></c:Idata></c:SASdata></c:SASentry></c:SASroot>";
    char wide[2 * sizeof text + 2] = "\xFF\xFE";
    for (size_t i = 0; i + 1 < sizeof text; i++)
        wide[2 + 2 * i] = text[i];
    for (int k = 0; k < 2; k++) {
        path = test_temporary("old.xml");
        file_write(path, k ? wide : text, k ? 2 * sizeof text : sizeof text - 1);
        assert_ok(bnsl_io_curve_read(&curve, path, BNSL_UNIT_FROM_FILE));
        assert_true(look(curve).n == 1 && look(curve).q[0] == 3 && look(curve).intensity[0] == 4);
        assert_string_equal(bnsl_io_curve_name(curve), "");
        bnsl_io_curve_destroy(curve);
    }
    assert_true(bnsl_io_curve_n_entries(NULL) == 0);
    assert_string_equal(bnsl_io_curve_name(NULL), "");
}

static void bad_xml_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"<", "no well-formed XML"},
        {"<a/>", "its root is a"},
        {HEAD "</SASroot>", "holds no SASdata"},
        {HEAD ENTRY("t", "") "</SASroot>", "no row with q > 0"},
        {HEAD ENTRY("t", POINT("1/A", "1", "nan")) "</SASroot>", "no row with q > 0"},
        {HEAD ENTRY("t", POINT("", "1", "2")) "</SASroot>", "does not state the unit"},
        {HEAD ENTRY("t", POINT("1/m", "1", "2")) "</SASroot>", "does not state the unit"},
        {HEAD ENTRY("t", POINT("1/A", "1", "2") POINT("1/nm", "1", "2")) "</SASroot>", "the unit changes to 1/nm"},
        {HEAD ENTRY("t", POINT("1/A", "one", "2")) "</SASroot>", "this is no number: one"},
        {HEAD ENTRY("t", POINT("1/A", "1", "inf")) "</SASroot>", "must be finite"},
        {HEAD ENTRY("t", "<Idata><Q unit='1/A'>1</Q></Idata>") "</SASroot>", "a point has no I"},
        {HEAD ENTRY("t", "<Idata><I>1</I></Idata>") "</SASroot>", "a point has no Q"},
        {HEAD ENTRY("t", "<Idata><Q unit='1/A'>1</Q><Q>2</Q><I>1</I></Idata>") "</SASroot>", "two values of Q"},
        {HEAD ENTRY("t", "<Idata><Q unit='1/A'>1<b/></Q><I>1</I></Idata>") "</SASroot>", "an element inside of a value: b"},
        {HEAD ENTRY("t", POINT("1/A", "1", "2") "\n<Idata><Q unit='1/A'>1</Q><I>2</I><Idev>1</Idev></Idata>") "</SASroot>",
         "line 2: some points have"},
        {HEAD ENTRY("t", POINT("1/A", "1", "2")), "no well-formed XML"},
        {"<?xml version='1.0' encoding='KOI8-R'?><SASroot/>", "unknown encoding"},
        {"<?xml version='1.0' encoding='UTF-8'?><SASroot>\xFF\xFE</SASroot>", "not well-formed"},
        {"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><SASroot>&b;</SASroot>", "entities are not allowed: a"},
        {"<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><SASroot>&a;</SASroot>", "entities are not allowed: a"},
    };
    bnsl_io_curve *curve;
    if (!bnsl_has_feature("expat"))
        return;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_status(bnsl_io_curve_read(&curve, write_text(cases[i].text), BNSL_UNIT_FROM_FILE), BNSL_EFORMAT);
        assert_null(curve);
        if (!strstr(bnsl_error_message(), cases[i].says))
            fail_msg("case %d: \"%s\"", (int)i, bnsl_error_message());
    }
    static char deep[101 * 3 + 20];
    strcpy(deep, "<SASroot>");
    for (int i = 0; i < 101; i++)
        strcat(deep, "<a>");
    assert_status(bnsl_io_curve_read(&curve, write_text(deep), BNSL_UNIT_FROM_FILE), BNSL_EFORMAT);
    assert_non_null(strstr(bnsl_error_message(), "nested too deeply"));
}

/* Every format that is written reads back to the same bits, but for q in XML's and the columns' nm^-1. */
static void what_is_written_comes_back(void **state)
{
    (void)state;
    static const char *const names[] = {"trip.xml", "trip.csv", "trip.dat"};
    enum { N = 50 };
    double columns[4][N];
    uint64_t seed = 8;
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < N; i++)
            columns[k][i] = k == 0 ? 0.1 * (i + 1) + 0.01 * test_uniform(&seed) : exp(3 * test_normal(&seed));
    for (int f = 0; f < 3; f++)
        for (int n_columns = 2; n_columns <= 4; n_columns++) {
            const char *path = test_temporary(names[f]);
            const double *sigma = n_columns > 2 ? columns[2] : NULL, *sigma_q = n_columns > 3 ? columns[3] : NULL;
            bnsl_io_curve *curve;
            assert_ok(bnsl_io_curve_write(path, N, columns[0], columns[1], sigma, sigma_q, 1));
            assert_status(bnsl_io_curve_write(path, N, columns[0], columns[1], sigma, sigma_q, 0), BNSL_EIO);
            if (f == 0 && !bnsl_has_feature("expat"))
                continue;
            assert_ok(bnsl_io_curve_read(&curve, path, BNSL_UNIT_FROM_FILE));
            const view v = look(curve);
            assert_true(v.n == N && !v.sigma == !sigma && !v.sigma_q == !sigma_q);
            assert_memory_equal(v.q, columns[0], sizeof columns[0]);
            assert_memory_equal(v.intensity, columns[1], sizeof columns[1]);
            if (sigma)
                assert_memory_equal(v.sigma, columns[2], sizeof columns[2]);
            if (sigma_q)
                assert_memory_equal(v.sigma_q, columns[3], sizeof columns[3]);
            bnsl_io_curve_destroy(curve);
        }
    const char *path = test_temporary("bad.dat");
    const double one[1] = {1}, zero[1] = {0}, not_finite[1] = {NAN};
    assert_status(bnsl_io_curve_write(NULL, 1, one, one, NULL, NULL, 1), BNSL_EINVAL);
    assert_status(bnsl_io_curve_write(path, 1, NULL, one, NULL, NULL, 1), BNSL_EINVAL);
    assert_status(bnsl_io_curve_write(path, 1, one, NULL, NULL, NULL, 1), BNSL_EINVAL);
    assert_status(bnsl_io_curve_write(path, 0, one, one, NULL, NULL, 1), BNSL_EINVAL);
    assert_status(bnsl_io_curve_write(path, 1, zero, one, NULL, NULL, 1), BNSL_EINVAL);
    assert_status(bnsl_io_curve_write(path, 1, one, not_finite, NULL, NULL, 1), BNSL_EINVAL);
    assert_status(bnsl_io_curve_write(path, 1, one, one, NULL, one, 1), BNSL_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_xml_files),  cmocka_unit_test(one_curve_in_three_files),   cmocka_unit_test(hdf5_entries_and_series),
        cmocka_unit_test(several_entries), cmocka_unit_test(bad_xml_is_named), cmocka_unit_test(what_is_written_comes_back),
    };
    return cmocka_run_group_tests_name("io, curves", tests, NULL, NULL);
}
