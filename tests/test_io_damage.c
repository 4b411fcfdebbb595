/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io: damaged files. Seeded changes of good files must give a status, never a crash (the sanitizer and valgrind runs see more), and a
 * frame that is read must hold what frames promise. Truncation of a GSD file is always noticed.
 */
#include "test_frames.h"

/* Reads everything; returns how many frames could be read, -1: the file could not be opened. */
static int64_t read_all(const char *path, bnsl_io_frame *frame)
{
    bnsl_io_reader *reader;
    int64_t n_read = 0;
    const bnsl_status opened = bnsl_io_reader_open(&reader, path, BNSL_FILE_AUTO);
    if (opened) {
        assert_true(opened == BNSL_EFORMAT || opened == BNSL_EUNSUPPORTED);
        return -1;
    }
    for (int64_t i = 0; i < bnsl_io_reader_n_frames(reader) && i < 50; i++) {
        const bnsl_status status = bnsl_io_reader_read(reader, i, frame);
        const int64_t n = bnsl_io_frame_n(frame);
        const double *xyz;
        bnsl_box box;
        if (status) {
            assert_true(status == BNSL_EFORMAT || status == BNSL_EUNSUPPORTED);
            assert_true(n == 0 && bnsl_io_frame_n_arrays(frame) == 0);
            continue;
        }
        n_read++;
        assert_ok(bnsl_io_frame_box(frame, &box));
        assert_ok(bnsl_box_validate(&box));
        assert_ok(bnsl_io_frame_array_view(frame, "position", NULL, &xyz));
        for (int64_t k = 0; k < n; k++) {
            assert_true(isfinite(xyz[3 * k]) && isfinite(xyz[3 * k + 1]) && isfinite(xyz[3 * k + 2]));
            assert_in_range(bnsl_io_frame_type_index_view(frame)[k], 0, bnsl_io_frame_n_types(frame) - 1);
        }
    }
    bnsl_io_reader_close(reader);
    return n_read;
}

/* Writes a small trajectory of the format that the name says. */
static void write_good(const char *path)
{
    const bnsl_box box = {4, 5, 6, 0.25, -0.125, 0.5, BNSL_PERIODIC_XYZ, 0};
    uint64_t seed = 1;
    bnsl_io_writer *writer;
    bnsl_io_frame *frame;
    assert_ok(bnsl_io_frame_create(&frame));
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 1));
    for (int k = 0; k < 3; k++) {
        frame_random(frame, &box, k, 6, &seed);
        assert_ok(bnsl_io_writer_append(writer, frame));
    }
    assert_ok(bnsl_io_writer_close(writer));
    bnsl_io_frame_destroy(frame);
}

/* One to four of the first n bytes set to values that sizes, counts and types are sensitive to. */
static void mutate(unsigned char *bytes, size_t n, uint64_t *seed)
{
    static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff, '9', '-', ' ', '\n', '"'};
    const int count = 1 + (int)(4 * test_uniform(seed));
    for (int i = 0; i < count; i++) {
        const size_t at = (size_t)(test_uniform(seed) * (double)n);
        bytes[at] = test_uniform(seed) < 0.5 ? values[(int)(10 * test_uniform(seed))] : (unsigned char)(256 * test_uniform(seed));
    }
}

static void changed_bytes(void **state)
{
    (void)state;
    static const char *const names[] = {"good.gsd", "good.xyz"};
    for (int format = 0; format < 2; format++) {
        const char *good = test_temporary(names[format]), *bad = test_temporary(format ? "bad.xyz" : "bad.gsd");
        bnsl_io_frame *frame;
        size_t n;
        int refused = 0, partly = 0, read = 0;
        write_good(good);
        assert_ok(bnsl_io_frame_create(&frame));
        assert_true(read_all(good, frame) == 3);
        unsigned char *bytes = file_bytes(good, &n), *copy = malloc(n);
        assert_non_null(copy);
        for (uint64_t trial = 0; trial < 600; trial++) {
            uint64_t seed = trial;
            memcpy(copy, bytes, n);
            mutate(copy, format == 0 && trial % 2 ? 1200 : n, &seed); /* GSD: header and index */
            file_write(bad, copy, n);
            const int64_t got = read_all(bad, frame);
            refused += got < 0;
            partly += got >= 0 && got < 3;
            read += got >= 3;
        }
        assert_true(refused > 50 && partly > 10 && read > 10); /* the changes reach every stage of reading */
        free(copy);
        free(bytes);
        bnsl_io_frame_destroy(frame);
    }
}

static void truncated_files(void **state)
{
    (void)state;
    static const char *const names[] = {"whole.gsd", "whole.xyz"};
    for (int format = 0; format < 2; format++) {
        const char *whole = test_temporary(names[format]), *cut = test_temporary(format ? "cut.xyz" : "cut.gsd");
        bnsl_io_frame *frame;
        size_t n;
        write_good(whole);
        assert_ok(bnsl_io_frame_create(&frame));
        unsigned char *bytes = file_bytes(whole, &n);
        for (size_t length = 0; length < n; length += length < 256 ? 5 : 17) {
            file_write(cut, bytes, length);
            const int64_t got = read_all(cut, frame);
            if (format == 0 && length + 31 < n) /* the last 31 bytes may be padding */
                assert_true(got < 0);
            assert_true(got <= 3);
        }
        free(bytes);
        bnsl_io_frame_destroy(frame);
    }
}

static void damaged_tables(void **state)
{
    (void)state;
    const char *path = test_temporary("bad.tsv");
    size_t n;
    unsigned char *bytes = file_bytes(test_data("saxs/PolySpheres.txt"), &n), *copy = malloc(n);
    assert_non_null(copy);
    int refused = 0;
    for (uint64_t trial = 0; trial < 300; trial++) {
        uint64_t seed = trial;
        bnsl_io_table *table;
        bnsl_io_curve *curve;
        memcpy(copy, bytes, n);
        if (trial % 2)
            mutate(copy, n, &seed);
        file_write(path, copy, (size_t)((double)n * test_uniform(&seed)));
        const bnsl_status status = bnsl_io_table_read(&table, path);
        assert_true(status == BNSL_OK || status == BNSL_EFORMAT);
        refused += status != BNSL_OK;
        bnsl_io_table_destroy(table);
        const bnsl_status curve_status = bnsl_io_curve_read(&curve, path, BNSL_UNIT_PER_NM);
        assert_true(curve_status == BNSL_EFORMAT || (curve_status == BNSL_OK && status == BNSL_OK));
        bnsl_io_curve_destroy(curve);
    }
    assert_true(refused > 50 && refused < 250);
    free(copy);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_bytes),
        cmocka_unit_test(truncated_files),
        cmocka_unit_test(damaged_tables),
    };
    return cmocka_run_group_tests_name("io, damaged files", tests, NULL, NULL);
}
