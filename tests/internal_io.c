/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io, inside: memory that runs out at any allocation, and the wrapping of GSD's float positions. */
#include "test_frames.h"

#include "io/io_internal.h"

/* ---- memory ------------------------------------------------------------------------------------------- */

static const bnsl_box BOX = {4, 5, 6, 0.25, -0.125, 0.5, BNSL_PERIODIC_X | BNSL_PERIODIC_Y, 0};

/* A job on a file. */
typedef bnsl_status job(const char *path);

typedef struct task {
    job *work;
    const char *path;
} task;

static bnsl_status run_task(void *user)
{
    const task *t = user;
    return t->work(t->path);
}

static void try_job(job *work, const char *path)
{
    assert_true(oom_until_success(run_task, &(task){work, path}) > 1);
}

static bnsl_status fill(bnsl_io_frame *frame, int step)
{
    const double xyz[9] = {0, 1, 2, -1, -2, 1.5, 1, 1, 1}, values[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9.5};
    const int32_t type[3] = {0, 1, 1};
    bnsl_status status = bnsl_io_frame_set(frame, &BOX, step, 3, xyz, type, "L,S");
    if (!status)
        status = bnsl_io_frame_set_array(frame, "velocity", 3, values);
    if (!status)
        status = bnsl_io_frame_set_array(frame, "q6", 2, values);
    if (!status)
        status = bnsl_io_frame_set_scalar(frame, "phi", 0.5);
    return status;
}

static bnsl_status write_two(const char *path)
{
    bnsl_io_frame *frame = NULL;
    bnsl_io_writer *writer = NULL;
    bnsl_status status = bnsl_io_frame_create(&frame);
    if (!status)
        status = fill(frame, 1);
    if (!status)
        status = bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 1);
    if (!status)
        status = bnsl_io_writer_append(writer, frame);
    if (!status)
        status = bnsl_io_writer_commit(writer);
    if (!status)
        status = bnsl_io_writer_append(writer, frame);
    if (status)
        bnsl_io_writer_abandon(writer);
    else
        status = bnsl_io_writer_close(writer);
    bnsl_io_frame_destroy(frame);
    return status;
}

static bnsl_status read_last(const char *path)
{
    bnsl_io_frame *frame = NULL;
    bnsl_io_reader *reader = NULL;
    bnsl_status status = bnsl_io_frame_create(&frame);
    if (!status)
        status = bnsl_io_reader_open(&reader, path, BNSL_FILE_AUTO);
    if (!status)
        status = bnsl_io_reader_read(reader, -1, frame);
    if (status && frame)
        assert_true(bnsl_io_frame_n(frame) == 0);
    bnsl_io_reader_close(reader);
    bnsl_io_frame_destroy(frame);
    return status;
}

static bnsl_status continue_one(const char *path)
{
    bnsl_io_writer *writer = NULL;
    const bnsl_status status = bnsl_io_writer_continue(&writer, path, BNSL_FILE_AUTO, 1);
    if (status)
        assert_null(writer);
    bnsl_io_writer_abandon(writer);
    return status;
}

static bnsl_status read_curve(const char *path)
{
    bnsl_io_curve *curve = NULL;
    const bnsl_status status = bnsl_io_curve_read(&curve, path, BNSL_UNIT_FROM_FILE);
    if (status)
        assert_null(curve);
    bnsl_io_curve_destroy(curve);
    return status;
}

static bnsl_status write_table(const char *path)
{
    const double values[4] = {1, 2, 3, 4};
    return bnsl_io_table_write(path, "a title\nq (nm^-1)\tI", 2, 2, values, 1);
}

static bnsl_status write_curve(const char *path)
{
    const double values[4] = {1, 2, 3, 4};
    return bnsl_io_curve_write(path, 4, values, values, values, values, 1);
}

static bnsl_status write_series(const char *path)
{
    const double time[2] = {0, 28}, q[2] = {1, 2}, values[4] = {1, 2, 3, 4};
    return bnsl_io_series_write(path, 2, time, 2, q, values, 1);
}

static bnsl_status read_series(const char *path)
{
    bnsl_io_series *series = NULL;
    const bnsl_status status = bnsl_io_series_read(&series, path, path, BNSL_UNIT_FROM_FILE);
    if (status)
        assert_null(series);
    bnsl_io_series_destroy(series);
    return status;
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    const char *gsd = test_temporary("oom.gsd"), *xyz = test_temporary("oom.xyz"), *table = test_temporary("oom.tsv");
    const char *paths[] = {gsd, xyz};
    for (int i = 0; i < 2; i++) {
        try_job(write_two, paths[i]);
        try_job(read_last, paths[i]);
        try_job(continue_one, paths[i]);
        assert_ok(read_last(paths[i]));
    }
    try_job(write_table, table);
    try_job(read_curve, table);
    const char *xml = test_temporary("oom.xml");
    try_job(write_curve, xml);
    if (bnsl_has_feature("expat"))
        try_job(read_curve, xml);
    try_job(write_series, table);
    try_job(read_series, table);
}

/* An append that fails for lack of memory leaves no trace in the bytes. */
static void failed_appends_leave_no_trace(void **state)
{
    (void)state;
    const char *clean = test_temporary("clean.gsd"), *scarred = test_temporary("scarred.gsd");
    bnsl_io_frame *frame;
    bnsl_io_writer *writer;
    assert_ok(bnsl_io_frame_create(&frame));
    for (int scars = 0; scars < 2; scars++) {
        assert_ok(bnsl_io_writer_create(&writer, scars ? scarred : clean, BNSL_FILE_AUTO, 1));
        for (int k = 0; k < 40; k++) {
            assert_ok(fill(frame, k));
            for (long a = 0; scars && a < 4; a++) { /* no failure after the data were written: then nothing allocates */
                oom_arm(a);
                const bnsl_status status = bnsl_io_writer_append(writer, frame);
                oom_disarm();
                if (status == BNSL_OK) /* fewer allocations than that */
                    goto appended;
                assert_int_equal(status, BNSL_ENOMEM);
            }
            assert_ok(bnsl_io_writer_append(writer, frame));
        appended:;
        }
        assert_ok(bnsl_io_writer_close(writer));
    }
    files_equal(scarred, clean);
    bnsl_io_frame_destroy(frame);
}

/* ---- wrapping ----------------------------------------------------------------------------------------- */

static double fraction(const bnsl_box *box, const float r[3], int axis)
{
    const double y = (double)r[1] - box->yz * (double)r[2];
    if (axis == 2)
        return (double)r[2] / box->lz;
    return axis == 1 ? y / box->ly : ((double)r[0] - (box->xz * (double)r[2] + box->xy * y)) / box->lx;
}

/* Inside, where it was but for whole cells, and unchanged by a second time. */
static void wrapped_floats_lie_inside(void **state)
{
    (void)state;
    uint64_t seed = 23;
    for (int trial = 0; trial < 20000; trial++) {
        bnsl_box box = {(float)(1 + 20 * test_uniform(&seed)), (float)(1 + 20 * test_uniform(&seed)), (float)(1 + 20 * test_uniform(&seed)),
                        0, 0, 0, BNSL_PERIODIC_XYZ, 0};
        if (trial % 2) {
            box.xy = (float)test_normal(&seed);
            box.xz = (float)test_normal(&seed);
            box.yz = (float)test_normal(&seed);
        }
        double s[3], r[3], edges[9], crossed[3], again[3];
        float once[3], twice[3];
        for (int k = 0; k < 3; k++) {
            s[k] = trial % 3 ? 5 * (test_uniform(&seed) - 0.5) : floor(4 * test_uniform(&seed)) - 1.5;
            if (trial % 6 == 3)
                s[k] += ldexp(test_uniform(&seed) - 0.5, -20 - (int)(40 * test_uniform(&seed)));
        }
        assert_ok(bnsl_box_to_cartesian(&box, 1, s, r));
        assert_ok(bnsl_box_vectors(&box, edges));
        assert_int_equal(bnsl__gsd_wrap(&box, r, once, crossed), -1);
        for (int k = 0; k < 3; k++) {
            assert_true(fraction(&box, once, k) >= -0.5 && fraction(&box, once, k) < 0.5);
            const double back = (double)once[k] + crossed[0] * edges[k] + crossed[1] * edges[3 + k] + crossed[2] * edges[6 + k];
            assert_close(back, r[k], 0, 1e-5); /* floats of coordinates up to 100: half a unit in the last place is 4e-6 */
        }
        const double rounded[3] = {once[0], once[1], once[2]};
        assert_int_equal(bnsl__gsd_wrap(&box, rounded, twice, again), -1);
        for (int k = 0; k < 3; k++)
            assert_true(twice[k] == once[k] && again[k] == 0);
    }
}

/* A double just below the upper face rounds onto it: in HOOMD-blue's box it is the lower face of the next cell. */
static void faces_are_half_open(void **state)
{
    (void)state;
    const bnsl_box box = {10, 10, 10, 0, 0, 0, BNSL_PERIODIC_XYZ, 0};
    const double r[3] = {5 - 1e-12, -5, 5}, far[3] = {1e300, 0, 0};
    float out[3];
    double crossed[3];
    assert_int_equal(bnsl__gsd_wrap(&box, r, out, crossed), -1);
    for (int k = 0; k < 3; k++)
        assert_true(out[k] == -5 && crossed[k] == (k == 1 ? 0 : 1));
    assert_int_equal(bnsl__gsd_wrap(&box, far, out, crossed), -1);
    assert_true(isnan(crossed[0])); /* too far to count */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(failed_appends_leave_no_trace),
        cmocka_unit_test(wrapped_floats_lie_inside),
        cmocka_unit_test(faces_are_half_open),
    };
    return cmocka_run_group_tests_name("io, inside", tests, NULL, NULL);
}
