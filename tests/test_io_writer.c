/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io: when files appear, what a crash leaves, and that their bytes depend on the frames alone. */
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test_frames.h"

static const bnsl_box BOX = {4.1, 5.2, 6.3, 0.31, -0.17, 0.53, BNSL_PERIODIC_XYZ, 0};

/* Frame k of the trajectory of these tests: N changes, images and a mass come and go, 60 frames overflow the first index block. */
static void make_frame(bnsl_io_frame *frame, int k)
{
    uint64_t seed = 100u + (uint64_t)k;
    bnsl_box box = BOX;
    const int64_t n = k % 7 == 3 ? 17 : 20;
    box.lx += 0.01 * (k / 2);
    frame_random(frame, &box, 10 * k, n, &seed);
    double values[60];
    for (int64_t i = 0; i < n; i++)
        values[i] = k % 5 ? 1 : test_uniform(&seed);
    if (k % 3 == 1)
        assert_ok(bnsl_io_frame_set_array(frame, "mass", 1, values));
    const double *xyz;
    assert_ok(bnsl_io_frame_array_view(frame, "position", NULL, &xyz));
    for (int64_t i = 0; i < 3 * n; i++)
        values[i] = xyz[i] * (k % 4 == 2 ? 3 : 1);
    assert_ok(bnsl_io_frame_set_array(frame, "position", 3, values));
}

static void append(bnsl_io_writer *writer, int from, int to, int commit_every)
{
    bnsl_io_frame *frame;
    assert_ok(bnsl_io_frame_create(&frame));
    for (int k = from; k < to; k++) {
        make_frame(frame, k);
        assert_ok(bnsl_io_writer_append(writer, frame));
        if (commit_every && k % commit_every == 0)
            assert_ok(bnsl_io_writer_commit(writer));
    }
    bnsl_io_frame_destroy(frame);
}

static void write_all(const char *path, int n, int commit_every)
{
    bnsl_io_writer *writer;
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 1));
    append(writer, 0, n, commit_every);
    assert_ok(bnsl_io_writer_close(writer));
}

static int64_t frames_in(const char *path)
{
    bnsl_io_reader *reader;
    assert_ok(bnsl_io_reader_open(&reader, path, BNSL_FILE_AUTO));
    const int64_t n = bnsl_io_reader_n_frames(reader);
    bnsl_io_reader_close(reader);
    return n;
}

static void commits_do_not_show_in_the_bytes(void **state)
{
    static const char *const names[2][2] = {{"once.gsd", "often.gsd"}, {"once.xyz", "often.xyz"}};
    (void)state;
    for (int format = 0; format < 2; format++) {
        const char *once = test_temporary(names[format][0]), *often = test_temporary(names[format][1]);
        write_all(once, 60, 0);
        for (int every = 1; every < 30; every += 7) {
            write_all(often, 60, every);
            files_equal(often, once);
        }
    }
}

/* Interrupted after any frame and continued from any commit or earlier, again and again. */
static void continuing_does_not_show_in_the_bytes(void **state)
{
    static const char *const names[2][2] = {{"straight.gsd", "resumed.gsd"}, {"straight.xyz", "resumed.xyz"}};
    static const int stops[] = {1, 2, 9, 17, 18, 31, 59};
    (void)state;
    for (int format = 0; format < 2; format++) {
        const char *straight = test_temporary(names[format][0]), *resumed = test_temporary(names[format][1]);
        write_all(straight, 60, 5);
        remove(resumed);
        bnsl_io_writer *writer;
        assert_ok(bnsl_io_writer_create(&writer, resumed, BNSL_FILE_AUTO, 0));
        int from = 0;
        for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
            append(writer, from, stops[i], 0);
            assert_ok(bnsl_io_writer_commit(writer));
            append(writer, stops[i], stops[i] + 1, 0); /* lost */
            bnsl_io_writer_abandon(writer);
            assert_true(frames_in(resumed) == stops[i]);
            from = i % 2 ? stops[i] : stops[i] / 2;
            assert_ok(bnsl_io_writer_continue(&writer, resumed, BNSL_FILE_AUTO, from));
            assert_true(frames_in(resumed) == stops[i]); /* nothing is dropped before the next commit */
        }
        append(writer, from, 60, 11);
        assert_ok(bnsl_io_writer_close(writer));
        files_equal(resumed, straight);
    }
}

static void files_appear_when_committed(void **state)
{
    static const char *const names[] = {"appear.gsd", "appear.xyz"};
    (void)state;
    for (int format = 0; format < 2; format++) {
        const char *path = test_temporary(names[format]);
        bnsl_io_writer *writer;
        assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 0));
        append(writer, 0, 2, 0);
        assert_false(file_exists(path));
        assert_ok(bnsl_io_writer_commit(writer));
        size_t n, n_now;
        unsigned char *committed = file_bytes(path, &n);
        append(writer, 2, 30, 0);
        assert_true(frames_in(path) == 2);
        bnsl_io_writer_abandon(writer);
        unsigned char *now = file_bytes(path, &n_now);
        assert_int_equal(n_now, n);
        assert_memory_equal(now, committed, n);
        free(now);
        free(committed);

        assert_status(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 0), BNSL_EIO);
        assert_non_null(strstr(bnsl_error_message(), "not to be overwritten"));
        assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 1));
        append(writer, 0, 5, 0);
        assert_true(frames_in(path) == 2);
        bnsl_io_writer_abandon(writer);
        assert_true(frames_in(path) == 2);

        assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 1));
        assert_status(bnsl_io_writer_close(writer), BNSL_EINVAL); /* no frame: nothing happens to the file */
        assert_true(frames_in(path) == 2);
        remove(path);
        assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 0));
        append(writer, 0, 1, 0);
        file_write(path, "mine", 4); /* appears meanwhile */
        assert_status(bnsl_io_writer_close(writer), BNSL_EIO);
        unsigned char *mine = file_bytes(path, &n);
        assert_true(n == 4 && memcmp(mine, "mine", 4) == 0);
        free(mine);
        remove(path);
    }
}

/* A child writes and commits until it is killed; whoever reads meanwhile or afterwards sees a whole trajectory. */
static void killed_writers_leave_whole_files(void **state)
{
    (void)state;
    const char *path = test_temporary("killed.gsd"), *straight = test_temporary("unkilled.gsd");
    bnsl_io_frame *frame, *want;
    assert_ok(bnsl_io_frame_create(&frame));
    assert_ok(bnsl_io_frame_create(&want));
    remove(path);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bnsl_io_writer *writer;
        if (bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 0))
            _exit(1);
        for (int k = 0; k < 100000; k++) {
            make_frame(want, k);
            if (bnsl_io_writer_append(writer, want) || bnsl_io_writer_commit(writer))
                _exit(1);
        }
        _exit(1);
    }
    int64_t n = 0;
    const struct timespec pause = {0, 1000000};
    for (int i = 0; i < 20000 && n < 50; i++) {
        nanosleep(&pause, NULL);
        if (!file_exists(path))
            continue;
        bnsl_io_reader *reader;
        assert_ok(bnsl_io_reader_open(&reader, path, BNSL_FILE_AUTO));
        assert_true(bnsl_io_reader_n_frames(reader) >= n && bnsl_io_reader_n_frames(reader) > 0);
        n = bnsl_io_reader_n_frames(reader);
        assert_ok(bnsl_io_reader_read(reader, -1, frame));
        assert_true(bnsl_io_frame_step(frame) == 10 * (n - 1));
        bnsl_io_reader_close(reader);
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_true(n >= 50);
    bnsl_io_writer *writer;
    assert_ok(bnsl_io_writer_continue(&writer, path, BNSL_FILE_AUTO, n));
    append(writer, (int)n, (int)n + 3, 0);
    assert_ok(bnsl_io_writer_close(writer));
    write_all(straight, (int)n + 3, 0);
    files_equal(path, straight);
    bnsl_io_frame_destroy(frame);
    bnsl_io_frame_destroy(want);
}

/* Symbolic links are followed, permissions of a replaced file are kept. */
static void replaced_files_keep_their_place(void **state)
{
    (void)state;
    const char *path = test_temporary("real.xyz"), *name = test_temporary("link.xyz");
    struct stat info;
    write_all(path, 1, 0);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(symlink(path, name), 0);
    write_all(name, 2, 1);
    assert_true(frames_in(path) == 2);
    assert_int_equal(lstat(name, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
}

static void bad_calls_are_refused(void **state)
{
    (void)state;
    bnsl_io_writer *writer = NULL;
    bnsl_io_reader *reader = NULL;
    bnsl_io_frame *frame;
    const char *path = test_temporary("calls.gsd");
    assert_ok(bnsl_io_frame_create(&frame));
    assert_status(bnsl_io_writer_create(NULL, path, BNSL_FILE_GSD, 0), BNSL_EINVAL);
    assert_status(bnsl_io_writer_create(&writer, NULL, BNSL_FILE_GSD, 0), BNSL_EINVAL);
    assert_status(bnsl_io_writer_create(&writer, "", BNSL_FILE_GSD, 0), BNSL_EINVAL);
    assert_status(bnsl_io_writer_create(&writer, path, 3, 0), BNSL_EINVAL);
    assert_status(bnsl_io_writer_create(&writer, "tmp_x.pdb", BNSL_FILE_AUTO, 0), BNSL_EUNSUPPORTED);
    assert_status(bnsl_io_writer_create(&writer, "no/such/folder/x.gsd", BNSL_FILE_AUTO, 0), BNSL_EIO);
    assert_status(bnsl_io_writer_create(&writer, ".", BNSL_FILE_GSD, 1), BNSL_EIO);
    assert_null(writer);
    assert_status(bnsl_io_writer_continue(NULL, path, BNSL_FILE_GSD, 0), BNSL_EINVAL);
    assert_status(bnsl_io_writer_continue(&writer, NULL, BNSL_FILE_GSD, 0), BNSL_EINVAL);
    assert_status(bnsl_io_writer_continue(&writer, path, BNSL_FILE_GSD, 0), BNSL_EIO);
    write_all(path, 3, 0);
    assert_status(bnsl_io_writer_continue(&writer, path, BNSL_FILE_AUTO, 4), BNSL_EINVAL);
    assert_status(bnsl_io_writer_continue(&writer, path, BNSL_FILE_AUTO, -1), BNSL_EINVAL);
    assert_null(writer);
    assert_status(bnsl_io_writer_append(NULL, frame), BNSL_EINVAL);
    assert_status(bnsl_io_writer_commit(NULL), BNSL_EINVAL);
    assert_ok(bnsl_io_writer_close(NULL));
    bnsl_io_writer_abandon(NULL);
    assert_ok(bnsl_io_writer_continue(&writer, path, BNSL_FILE_AUTO, 0));
    assert_status(bnsl_io_writer_append(writer, NULL), BNSL_EINVAL);
    bnsl_io_writer_abandon(writer);
    assert_true(frames_in(path) == 3);

    assert_status(bnsl_io_reader_open(NULL, path, BNSL_FILE_AUTO), BNSL_EINVAL);
    assert_status(bnsl_io_reader_open(&reader, NULL, BNSL_FILE_AUTO), BNSL_EINVAL);
    assert_status(bnsl_io_reader_open(&reader, path, -1), BNSL_EINVAL);
    assert_status(bnsl_io_reader_open(&reader, "no such file.gsd", BNSL_FILE_AUTO), BNSL_EIO);
    assert_status(bnsl_io_reader_open(&reader, ".", BNSL_FILE_AUTO), BNSL_EIO);
    assert_status(bnsl_io_reader_open(&reader, test_data("saxs/gixsgui_superlattice_linecut.dat"), BNSL_FILE_AUTO), BNSL_EUNSUPPORTED);
    assert_null(reader);
    assert_status(bnsl_io_reader_read(NULL, 0, frame), BNSL_EINVAL);
    assert_ok(bnsl_io_reader_open(&reader, path, BNSL_FILE_AUTO));
    assert_status(bnsl_io_reader_read(reader, 0, NULL), BNSL_EINVAL);
    bnsl_io_reader_close(reader);
    bnsl_io_reader_close(NULL);
    assert_true(bnsl_io_reader_n_frames(NULL) == 0);
    bnsl_io_frame_destroy(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commits_do_not_show_in_the_bytes), cmocka_unit_test(continuing_does_not_show_in_the_bytes),
        cmocka_unit_test(files_appear_when_committed),      cmocka_unit_test(killed_writers_leave_whole_files),
        cmocka_unit_test(replaced_files_keep_their_place),  cmocka_unit_test(bad_calls_are_refused),
    };
    return cmocka_run_group_tests_name("io, writing", tests, NULL, NULL);
}
