/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io: snapshots in memory. */
#include "test_frames.h"

static const bnsl_box BOX = {4, 5, 6, 0.1, -0.2, 0.3, BNSL_PERIODIC_XYZ, 0};

static bnsl_io_frame *two_particles(void)
{
    static const double xyz[6] = {1, 2, 3, -1, -2, -3};
    static const int32_t type[2] = {1, 0};
    bnsl_io_frame *frame;
    assert_ok(bnsl_io_frame_create(&frame));
    assert_ok(bnsl_io_frame_set(frame, &BOX, 7, 2, xyz, type, "L,S,wall"));
    return frame;
}

static void empty_frame_has_nothing(void **state)
{
    (void)state;
    bnsl_io_frame *frame;
    bnsl_box box;
    const double *values;
    assert_ok(bnsl_io_frame_create(&frame));
    assert_true(bnsl_io_frame_n(frame) == 0 && bnsl_io_frame_step(frame) == 0);
    assert_int_equal(bnsl_io_frame_n_types(frame), 0);
    assert_int_equal(bnsl_io_frame_n_arrays(frame), 0);
    assert_null(bnsl_io_frame_type_index_view(frame));
    assert_null(bnsl_io_frame_type_name(frame, 0));
    assert_null(bnsl_io_frame_array_name(frame, 0));
    assert_ok(bnsl_io_frame_box(frame, &box));
    assert_true(box.lx == 1 && box.ly == 1 && box.lz == 1 && box.periodic == BNSL_PERIODIC_XYZ);
    assert_status(bnsl_io_frame_array_view(frame, "position", NULL, &values), BNSL_EINVAL);
    bnsl_io_frame_destroy(frame);
    bnsl_io_frame_destroy(NULL);
}

static void what_is_set_can_be_seen(void **state)
{
    (void)state;
    bnsl_io_frame *frame = two_particles();
    const double q6[2] = {0.25, NAN}, bonds[4] = {1, 2, 3, 4};
    const double *values;
    double value;
    int32_t columns;
    assert_true(bnsl_io_frame_n(frame) == 2 && bnsl_io_frame_step(frame) == 7);
    assert_int_equal(bnsl_io_frame_n_types(frame), 3);
    assert_string_equal(bnsl_io_frame_type_name(frame, 2), "wall");
    assert_null(bnsl_io_frame_type_name(frame, 3));
    assert_null(bnsl_io_frame_type_name(frame, -1));
    assert_int_equal(bnsl_io_frame_type_index_view(frame)[0], 1);
    assert_ok(bnsl_io_frame_set_array(frame, "q6", 1, q6));
    assert_ok(bnsl_io_frame_set_array(frame, "q6", 2, bonds)); /* replaced, also with another shape */
    assert_int_equal(bnsl_io_frame_n_arrays(frame), 2);
    assert_string_equal(bnsl_io_frame_array_name(frame, 0), "position");
    assert_string_equal(bnsl_io_frame_array_name(frame, 1), "q6");
    assert_ok(bnsl_io_frame_array_view(frame, "q6", &columns, &values));
    assert_int_equal(columns, 2);
    assert_memory_equal(values, bonds, sizeof bonds);
    assert_ok(bnsl_io_frame_set_array(frame, "q6", 1, values + 2)); /* from its own values */
    assert_ok(bnsl_io_frame_array_view(frame, "q6", NULL, &values));
    assert_true(values[0] == 3 && values[1] == 4);
    assert_ok(bnsl_io_frame_set_scalar(frame, "phi", 0.5));
    assert_ok(bnsl_io_frame_set_scalar(frame, "phi", 0.75));
    assert_ok(bnsl_io_frame_scalar(frame, "phi", &value));
    assert_true(value == 0.75);
    assert_int_equal(bnsl_io_frame_n_scalars(frame), 1);
    assert_string_equal(bnsl_io_frame_scalar_name(frame, 0), "phi");
    assert_null(bnsl_io_frame_scalar_name(frame, 1));
    assert_ok(bnsl_io_frame_rename_types(frame, "Fe,Pb,X"));
    assert_string_equal(bnsl_io_frame_type_name(frame, 1), "Pb");
    assert_int_equal(bnsl_io_frame_type_index_view(frame)[0], 1);
    assert_int_equal(bnsl_io_frame_n_arrays(frame), 2);
    assert_status(bnsl_io_frame_scalar(frame, "kT", &value), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "phi"));
    assert_status(bnsl_io_frame_array_view(frame, "q4", &columns, &values), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "position, q6"));
    bnsl_io_frame_destroy(frame);
}

/* A refused call changes nothing. */
static void bad_arguments_are_named(void **state)
{
    (void)state;
    bnsl_io_frame *frame = two_particles(), *before = two_particles();
    const double xyz[6] = {0}, infinite[6] = {0, 0, INFINITY}, halves[6] = {0.5}, large[6] = {0, 0, 0, 3e9};
    const int32_t type[2] = {0, 3};
    const bnsl_box flat = {1, 0, 1, 0, 0, 0, 7, 0};
    char long_name[80];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';

    assert_status(bnsl_io_frame_create(NULL), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(NULL, &BOX, 0, 2, xyz, NULL, "L"), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(frame, NULL, 0, 2, xyz, NULL, "L"), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(frame, &flat, 0, 2, xyz, NULL, "L"), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(frame, &BOX, -1, 2, xyz, NULL, "L"), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(frame, &BOX, 0, -2, xyz, NULL, "L"), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(frame, &BOX, 0, INT64_MAX, xyz, NULL, "L"), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(frame, &BOX, 0, 2, NULL, NULL, "L"), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(frame, &BOX, 0, 2, infinite, NULL, "L"), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "particle 0"));
    assert_status(bnsl_io_frame_set(frame, &BOX, 0, 2, xyz, type, "L,S"), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "particle 1 is 3, must be 0 .. 1"));
    static const char *const bad_types[] = {"", "L,", ",S", "L,L", "L\tS"};
    for (int i = 0; i < 5; i++)
        assert_status(bnsl_io_frame_set(frame, &BOX, 0, 2, xyz, NULL, bad_types[i]), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(frame, &BOX, 0, 2, xyz, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set(frame, &BOX, 0, 2, xyz, NULL, long_name), BNSL_EINVAL);

    static const char *const bad_renames[] = {"L", "L,S,wall,X", "L,L,S", "", "L,,S"};
    for (int i = 0; i < 5; i++)
        assert_status(bnsl_io_frame_rename_types(frame, bad_renames[i]), BNSL_EINVAL);
    assert_status(bnsl_io_frame_rename_types(frame, NULL), BNSL_EINVAL);
    assert_status(bnsl_io_frame_rename_types(NULL, "L,S,wall"), BNSL_EINVAL);

    static const char *const bad_names[] = {"", "q 6", "q/6", "q\xC3\xA9", "a=b"};
    for (int i = 0; i < 5; i++) {
        assert_status(bnsl_io_frame_set_array(frame, bad_names[i], 1, xyz), BNSL_EINVAL);
        assert_status(bnsl_io_frame_set_scalar(frame, bad_names[i], 1), BNSL_EINVAL);
    }
    assert_status(bnsl_io_frame_set_array(frame, long_name, 1, xyz), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_array(frame, NULL, 1, xyz), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_array(NULL, "q6", 1, xyz), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_array(frame, "q6", 0, xyz), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_array(frame, "q6", 17, xyz), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_array(frame, "q6", 1, NULL), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_array(frame, "velocity", 2, xyz), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_array(frame, "position", 3, infinite), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_array(frame, "image", 3, halves), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_array(frame, "image", 3, large), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_scalar(NULL, "phi", 1), BNSL_EINVAL);
    assert_status(bnsl_io_frame_set_scalar(frame, NULL, 1), BNSL_EINVAL);

    double value;
    const double *values;
    assert_status(bnsl_io_frame_box(NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_io_frame_box(frame, NULL), BNSL_EINVAL);
    assert_status(bnsl_io_frame_array_view(NULL, "position", NULL, &values), BNSL_EINVAL);
    assert_status(bnsl_io_frame_array_view(frame, NULL, NULL, &values), BNSL_EINVAL);
    assert_status(bnsl_io_frame_array_view(frame, "position", NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_io_frame_scalar(NULL, "phi", &value), BNSL_EINVAL);
    assert_status(bnsl_io_frame_scalar(frame, NULL, &value), BNSL_EINVAL);
    assert_status(bnsl_io_frame_scalar(frame, "phi", NULL), BNSL_EINVAL);
    assert_true(bnsl_io_frame_n(NULL) == 0 && bnsl_io_frame_step(NULL) == 0 && bnsl_io_frame_n_types(NULL) == 0);
    assert_true(bnsl_io_frame_n_scalars(NULL) == 0 && !bnsl_io_frame_scalar_name(NULL, 0));
    assert_true(bnsl_io_frame_n_arrays(NULL) == 0 && !bnsl_io_frame_array_name(NULL, 0) && !bnsl_io_frame_type_name(NULL, 0));
    assert_null(bnsl_io_frame_type_index_view(NULL));
    frames_equal(frame, before, 0);
    bnsl_io_frame_destroy(frame);
    bnsl_io_frame_destroy(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_frame_has_nothing),
        cmocka_unit_test(what_is_set_can_be_seen),
        cmocka_unit_test(bad_arguments_are_named),
    };
    return cmocka_run_group_tests_name("io, frames", tests, NULL, NULL);
}
