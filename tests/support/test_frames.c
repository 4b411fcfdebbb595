/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See test_frames.h. */
#include "test_frames.h"

void frame_random(bnsl_io_frame *frame, const bnsl_box *box, int64_t step, int64_t n, uint64_t *state)
{
    double *xyz = calloc((size_t)n * 8 + 1, sizeof *xyz), *velocity = xyz + 3 * n, *pair = velocity + 3 * n;
    double *label = calloc((size_t)n + 1, sizeof *label);
    int32_t *type = calloc((size_t)n + 1, sizeof *type);
    assert_true(xyz && label && type);
    for (int64_t i = 0; i < n; i++) {
        const double s[3] = {test_uniform(state) - 0.5, test_uniform(state) - 0.5, test_uniform(state) - 0.5};
        assert_ok(bnsl_box_to_cartesian(box, 1, s, xyz + 3 * i));
        for (int k = 0; k < 3; k++)
            velocity[3 * i + k] = test_normal(state);
        type[i] = test_uniform(state) < 0.3;
        label[i] = floor(3 * test_uniform(state));
        pair[2 * i] = test_normal(state);
        pair[2 * i + 1] = i % 5 == 4 ? NAN : test_uniform(state);
    }
    assert_ok(bnsl_io_frame_set(frame, box, step, n, xyz, type, "L,S"));
    assert_ok(bnsl_io_frame_set_array(frame, "velocity", 3, velocity));
    assert_ok(bnsl_io_frame_set_array(frame, "label", 1, label));
    assert_ok(bnsl_io_frame_set_array(frame, "pair", 2, pair));
    assert_ok(bnsl_io_frame_set_scalar(frame, "phi", test_uniform(state)));
    free(xyz);
    free(label);
    free(type);
}

void frames_equal(const bnsl_io_frame *got, const bnsl_io_frame *want, double rtol)
{
    bnsl_box a, b;
    assert_ok(bnsl_io_frame_box(got, &a));
    assert_ok(bnsl_io_frame_box(want, &b));
    const double fields[][2] = {{a.lx, b.lx}, {a.ly, b.ly}, {a.lz, b.lz}, {a.xy, b.xy}, {a.xz, b.xz}, {a.yz, b.yz}};
    for (int i = 0; i < 6; i++)
        assert_close(fields[i][0], fields[i][1], rtol, 0);
    const int64_t n = bnsl_io_frame_n(want);
    assert_int_equal(a.periodic, b.periodic);
    assert_true(bnsl_io_frame_step(got) == bnsl_io_frame_step(want));
    assert_true(bnsl_io_frame_n(got) == n);
    assert_int_equal(bnsl_io_frame_n_types(got), bnsl_io_frame_n_types(want));
    for (int32_t i = 0; i < bnsl_io_frame_n_types(want); i++)
        assert_string_equal(bnsl_io_frame_type_name(got, i), bnsl_io_frame_type_name(want, i));
    if (n > 0)
        assert_memory_equal(bnsl_io_frame_type_index_view(got), bnsl_io_frame_type_index_view(want), (size_t)n * sizeof(int32_t));
    assert_int_equal(bnsl_io_frame_n_arrays(got), bnsl_io_frame_n_arrays(want));
    for (int32_t i = 0; i < bnsl_io_frame_n_arrays(want); i++) {
        const char *name = bnsl_io_frame_array_name(want, i);
        int32_t columns, want_columns;
        const double *values, *want_values;
        assert_ok(bnsl_io_frame_array_view(want, name, &want_columns, &want_values));
        assert_ok(bnsl_io_frame_array_view(got, name, &columns, &values));
        assert_int_equal(columns, want_columns);
        for (int64_t k = 0; k < n * columns; k++)
            assert_close(values[k], want_values[k], rtol, 0);
    }
}

unsigned char *file_bytes(const char *path, size_t *n_out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot open %s", path);
    fseek(file, 0, SEEK_END);
    const size_t n = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = calloc(n + 1, 1);
    if (!bytes || fread(bytes, 1, n, file) != n)
        fail_msg("cannot read %s", path);
    fclose(file);
    *n_out = n;
    return bytes;
}

void file_write(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, n, file) != n || fclose(file) != 0)
        fail_msg("cannot write %s", path);
}

bool file_exists(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file)
        fclose(file);
    return file != NULL;
}

void files_equal(const char *got, const char *want)
{
    size_t n_got, n_want;
    unsigned char *a = file_bytes(got, &n_got), *b = file_bytes(want, &n_want);
    assert_int_equal(n_got, n_want);
    assert_memory_equal(a, b, n_want);
    free(a);
    free(b);
}
