/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io: GSD files: HOOMD-blue's, our own byte by byte, what is kept and what is refused. */
#include "test_frames.h"

static const bnsl_box TILTED = {4, 5, 6, 0.25, -0.125, 0.5, BNSL_PERIODIC_XYZ, 0}; /* exact as floats */

static bnsl_io_frame *new_frame(void)
{
    bnsl_io_frame *frame;
    assert_ok(bnsl_io_frame_create(&frame));
    return frame;
}

static const double *view(const bnsl_io_frame *frame, const char *name)
{
    const double *values;
    assert_ok(bnsl_io_frame_array_view(frame, name, NULL, &values));
    return values;
}

static void write_one(const char *path, const bnsl_io_frame *frame)
{
    bnsl_io_writer *writer;
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 1));
    assert_ok(bnsl_io_writer_append(writer, frame));
    assert_ok(bnsl_io_writer_close(writer));
}

static void read_one(const char *path, int64_t i, bnsl_io_frame *frame)
{
    bnsl_io_reader *reader;
    assert_ok(bnsl_io_reader_open(&reader, path, BNSL_FILE_AUTO));
    assert_ok(bnsl_io_reader_read(reader, i, frame));
    bnsl_io_reader_close(reader);
}

/* Written by the gsd package 2.7.0 by the formulas below (tests/data/io/SOURCES): defaults, frame 0's chunks, a changing N. */
static void hoomd_file_is_read(void **state)
{
    (void)state;
    static const int n_of[3] = {6, 6, 4};
    bnsl_io_reader *reader;
    bnsl_io_frame *frame = new_frame();
    assert_ok(bnsl_io_reader_open(&reader, test_data("io/hoomd.gsd"), BNSL_FILE_AUTO));
    assert_true(bnsl_io_reader_n_frames(reader) == 3);
    for (int k = 0; k < 3; k++) {
        bnsl_box box;
        double value;
        assert_ok(bnsl_io_reader_read(reader, k == 2 ? -1 : k, frame));
        assert_ok(bnsl_io_frame_box(frame, &box));
        assert_true(box.lx == 4 + 0.5 * k && box.ly == 5 && box.lz == 6 && box.xy == 0.25 && box.xz == -0.125 && box.yz == 0.5);
        assert_int_equal(box.periodic, BNSL_PERIODIC_XYZ);
        assert_true(bnsl_io_frame_step(frame) == 1000 * k && bnsl_io_frame_n(frame) == n_of[k]);
        assert_int_equal(bnsl_io_frame_n_types(frame), 3);
        assert_string_equal(bnsl_io_frame_type_name(frame, 2), "wall");
        const double *r = view(frame, "position"), *v = view(frame, "velocity"), *image = view(frame, "image"), *q = view(frame, "q");
        for (int i = 0; i < n_of[k]; i++) {
            assert_int_equal(bnsl_io_frame_type_index_view(frame)[i], (i + k) % 3);
            assert_true(r[3 * i] == (i - 2) / 8. && r[3 * i + 1] == k / 4. && r[3 * i + 2] == -i / 16.);
            assert_true(v[3 * i] == i + k && v[3 * i + 1] == 0.5 && v[3 * i + 2] == -1);
            assert_true(image[3 * i] == i && image[3 * i + 1] == -k && image[3 * i + 2] == 0);
            assert_true(view(frame, "diameter")[i] == 1 - 0.125 * (i % 2)); /* frame 1 has it from frame 0 */
            assert_true(view(frame, "mass")[i] == (k < 2 ? 2 : 1));         /* frame 2: another N, so the schema's value */
            assert_true(view(frame, "cluster")[i] == i % 3 && q[2 * i] == i + 0.5 && q[2 * i + 1] == k);
        }
        assert_ok(bnsl_io_frame_scalar(frame, "md_compute_ThermodynamicQuantities_kinetic_temperature", &value));
        assert_true(value == 1.25 + k);
        assert_ok(bnsl_io_frame_scalar(frame, "phi", &value));
        assert_true(value == 0.5);
        assert_status(bnsl_io_frame_scalar(frame, "pressure_tensor", &value), BNSL_EINVAL); /* six numbers are no number */
    }
    assert_status(bnsl_io_reader_read(reader, 3, frame), BNSL_EINVAL);
    assert_true(bnsl_io_frame_n(frame) == 0);
    assert_status(bnsl_io_reader_read(reader, -4, frame), BNSL_EINVAL);
    bnsl_io_reader_close(reader);
    bnsl_io_writer *writer; /* its tensor would be lost */
    assert_status(bnsl_io_writer_continue(&writer, test_data("io/hoomd.gsd"), BNSL_FILE_AUTO, 3), BNSL_EUNSUPPORTED);
    assert_null(writer);
    bnsl_io_frame_destroy(frame);
}

static uint64_t number(const unsigned char *p, int n)
{
    uint64_t v = 0;
    for (int i = n - 1; i >= 0; i--)
        v = v << 8 | p[i];
    return v;
}

/* One frame, taken apart by hand after the published layout. */
static void bytes_are_those_of_the_layout(void **state)
{
    (void)state;
    static const char *const names[] = {"configuration/step", "configuration/box",  "particles/N", "particles/types",
                                        "particles/typeid",   "particles/position", "log/phi",     "log/particles/label"};
    static const int shape[][3] = {{1, 1, 4}, {6, 1, 9}, {1, 1, 3}, {2, 2, 5}, {2, 1, 3}, {2, 3, 9}, {1, 1, 10}, {2, 1, 1}}; /* N, M, type */
    const double xyz[6] = {0.5, 1, -1.5, -0.25, 0, 2}, label[2] = {7, 255};
    const int32_t type[2] = {1, 0};
    const char *path = test_temporary("layout.gsd");
    bnsl_io_frame *frame = new_frame();
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 300, 2, xyz, type, "L,S"));
    assert_ok(bnsl_io_frame_set_array(frame, "label", 1, label));
    assert_ok(bnsl_io_frame_set_scalar(frame, "phi", 0.75));
    write_one(path, frame);

    size_t n;
    unsigned char *b = file_bytes(path, &n);
    const uint64_t index = number(b + 8, 8), entries = number(b + 16, 8), list = number(b + 24, 8), units = number(b + 32, 8);
    assert_true(number(b, 8) == 0x65DF65DF65DF65DFu && entries == 8);
    assert_true(number(b + 40, 4) == 0x00010004 && number(b + 44, 4) == 0x00020000);
    assert_memory_equal(b + 48, "libbnsl ", 8);
    assert_string_equal((char *)b + 112, "hoomd");
    assert_true(index + 32 * entries <= n && list + 64 * units <= n);
    const char *name = (char *)b + list;
    for (uint64_t i = 0; i < entries; i++, name += strlen(name) + 1) {
        const unsigned char *e = b + index + 32 * i;
        assert_string_equal(name, names[i]);
        assert_true(number(e, 8) == 0 && number(e + 28, 2) == i && e[31] == 0);
        assert_true(number(e + 8, 8) == (uint64_t)shape[i][0] && number(e + 24, 4) == (uint64_t)shape[i][1] && e[30] == shape[i][2]);
    }
    assert_int_equal(*name, '\0');
    const unsigned char *position = b + number(b + index + 32 * 5 + 16, 8), *phi = b + number(b + index + 32 * 6 + 16, 8);
    const unsigned char *labels = b + number(b + index + 32 * 7 + 16, 8), *step = b + number(b + index + 16, 8);
    for (int i = 0; i < 6; i++) {
        const float f = (float)xyz[i];
        uint32_t bits;
        memcpy(&bits, &f, 4);
        assert_true(number(position + 4 * i, 4) == bits);
    }
    assert_true(number(phi, 8) == 0x3FE8000000000000u && number(step, 8) == 300 && labels[0] == 7 && labels[1] == 255);
    free(b);
    bnsl_io_frame_destroy(frame);
}

/* Named quantities come back as floats, results with every bit. */
static void round_trip_keeps_what_it_says(void **state)
{
    (void)state;
    uint64_t seed = 11;
    const char *path = test_temporary("trip.gsd");
    bnsl_io_frame *frame = new_frame(), *back = new_frame();
    bnsl_io_writer *writer;
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_GSD, 0));
    for (int k = 0; k < 5; k++) {
        frame_random(frame, &TILTED, 10 * k, k == 3 ? 80 : 100, &seed);
        assert_ok(bnsl_io_writer_append(writer, frame));
    }
    assert_ok(bnsl_io_writer_close(writer));
    seed = 11;
    for (int k = 0; k < 5; k++) {
        frame_random(frame, &TILTED, 10 * k, k == 3 ? 80 : 100, &seed);
        read_one(path, k, back);
        frames_equal(back, frame, 0x1p-24); /* half a unit in the last place of a float */
        const size_t bytes = (size_t)bnsl_io_frame_n(frame) * 2 * sizeof(double);
        double a, b;
        assert_memory_equal(view(back, "pair"), view(frame, "pair"), bytes); /* NaN too */
        assert_memory_equal(view(back, "label"), view(frame, "label"), bytes / 2);
        assert_ok(bnsl_io_frame_scalar(frame, "phi", &a));
        assert_ok(bnsl_io_frame_scalar(back, "phi", &b));
        assert_true(a == b);
    }
    bnsl_io_frame_destroy(frame);
    bnsl_io_frame_destroy(back);
}

/* Unwrapped positions go in, wrapped ones and images come out, for the same place. */
static void positions_are_wrapped_into_the_box(void **state)
{
    (void)state;
    uint64_t seed = 5;
    enum { N = 500 };
    const char *path = test_temporary("wrap.gsd");
    const bnsl_box boxes[] = {TILTED, {3.3, 7.1, 5.7, 0, 0, 0, BNSL_PERIODIC_XYZ, 0}, {11.3, 2.9, 3.1, -0.9, 0.4, 1.7, BNSL_PERIODIC_XYZ, 0}};
    bnsl_io_frame *frame = new_frame(), *back = new_frame();
    for (int k = 0; k < 3; k++) {
        double xyz[3 * N], image[3 * N];
        bnsl_box box;
        for (int i = 0; i < N; i++) {
            double s[3];
            for (int c = 0; c < 3; c++) { /* some on the faces and right beside them */
                s[c] = i % 4 == 0 ? floor(5 * test_uniform(&seed)) - 2.5 : 8 * (test_uniform(&seed) - 0.5);
                image[3 * i + c] = floor(7 * test_uniform(&seed)) - 3;
                if (i % 8 == 0)
                    s[c] += 1e-9 * (test_uniform(&seed) - 0.5);
            }
            assert_ok(bnsl_box_to_cartesian(&boxes[k], 1, s, xyz + 3 * i));
        }
        assert_ok(bnsl_io_frame_set(frame, &boxes[k], 0, N, xyz, NULL, "L"));
        assert_ok(bnsl_io_frame_set_array(frame, "image", 3, image));
        write_one(path, frame);
        read_one(path, 0, back);
        assert_ok(bnsl_io_frame_box(back, &box));
        double s[3 * N], unwrapped[3 * N], want[3 * N];
        int32_t crossed[3 * N];
        const double *r = view(back, "position");
        assert_ok(bnsl_box_to_fractional(&box, N, r, s));
        for (int i = 0; i < 3 * N; i++) {
            assert_true(r[i] == (double)(float)r[i]);
            assert_true(s[i] >= -0.5 - 1e-15 && s[i] < 0.5 + 1e-15); /* 1e-15: to_fractional sums in another order */
            crossed[i] = (int32_t)view(back, "image")[i];
        }
        assert_ok(bnsl_box_unwrap(&box, N, r, crossed, unwrapped));
        for (int i = 0; i < 3 * N; i++)
            crossed[i] = (int32_t)image[i];
        assert_ok(bnsl_box_unwrap(&boxes[k], N, xyz, crossed, want));
        for (int i = 0; i < 3 * N; i++)
            assert_close(unwrapped[i], want[i], 0, 1e-5); /* floats of the box, up to 11, times seven images in three directions */
    }
    bnsl_io_frame_destroy(frame);
    bnsl_io_frame_destroy(back);
}

/* Images appear by themselves when positions were not wrapped. */
static void images_are_made_when_needed(void **state)
{
    (void)state;
    const char *path = test_temporary("images.gsd");
    const double inside[3] = {0, 0, 0}, outside[3] = {0, 0, 9.5}; /* + 2 c = (-1.5, 6, 12) */
    bnsl_io_frame *frame = new_frame();
    bnsl_io_writer *writer;
    const double *image;
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_GSD, 0));
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 0, 1, inside, NULL, "L"));
    assert_ok(bnsl_io_writer_append(writer, frame));
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 1, 1, outside, NULL, "L"));
    assert_ok(bnsl_io_writer_append(writer, frame));
    assert_ok(bnsl_io_writer_close(writer));
    read_one(path, 0, frame);
    assert_status(bnsl_io_frame_array_view(frame, "image", NULL, &image), BNSL_EINVAL);
    read_one(path, 1, frame);
    const double *r = view(frame, "position");
    image = view(frame, "image");
    assert_true(image[2] == 2 && image[1] == -1 && r[2] == -2.5);
    assert_close(r[0] + image[0] * 4 + image[1] * 1.25 + image[2] * -0.75, 0, 0, 0);
    bnsl_io_frame_destroy(frame);
}

/* A velocity may come and go; a result may not. */
static void frames_must_agree_on_their_results(void **state)
{
    (void)state;
    const char *path = test_temporary("agree.gsd");
    const double xyz[6] = {0}, v[6] = {1, 2, 3, 4, 5, 6}, q[2] = {0, 1}, half[2] = {0.5, 300};
    bnsl_io_frame *frame = new_frame();
    bnsl_io_writer *writer;
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_GSD, 0));
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 0, 2, xyz, NULL, "L"));
    assert_ok(bnsl_io_frame_set_array(frame, "velocity", 3, v));
    assert_ok(bnsl_io_frame_set_array(frame, "q", 1, q));
    assert_ok(bnsl_io_frame_set_scalar(frame, "phi", 0.5));
    assert_ok(bnsl_io_writer_append(writer, frame));
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 1, 2, xyz, NULL, "L"));
    assert_ok(bnsl_io_frame_set_array(frame, "q", 1, half)); /* wider than frame 0's u8 */
    assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "\"phi\" is missing"));
    assert_ok(bnsl_io_frame_set_scalar(frame, "phi", 0.75));
    assert_ok(bnsl_io_frame_set_array(frame, "mass", 1, half));
    assert_ok(bnsl_io_writer_append(writer, frame));
    assert_ok(bnsl_io_frame_set_scalar(frame, "kT", 1));
    assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "\"kT\" is not in the first frame"));
    assert_ok(bnsl_io_writer_close(writer));
    read_one(path, 1, frame);
    for (int i = 0; i < 6; i++)
        assert_true(view(frame, "velocity")[i] == 0);
    assert_true(view(frame, "q")[0] == 0.5 && view(frame, "q")[1] == 300 && view(frame, "mass")[1] == 300);
    read_one(path, 0, frame);
    assert_true(view(frame, "velocity")[5] == 6 && view(frame, "q")[1] == 1);
    const double *mass;
    assert_status(bnsl_io_frame_array_view(frame, "mass", NULL, &mass), BNSL_EINVAL);
    bnsl_io_frame_destroy(frame);
}

static void free_boxes_stay_free(void **state)
{
    (void)state;
    const char *path = test_temporary("free.gsd");
    const double xyz[3] = {4.9, 0, 1}, beyond[3] = {0, 0, 5.1}, face[3] = {5, 0, -5};
    bnsl_box box = {10, 10, 10, 0, 0, 0, BNSL_PERIODIC_X | BNSL_PERIODIC_Y, 0}, back;
    bnsl_io_frame *frame = new_frame();
    bnsl_io_writer *writer;
    assert_ok(bnsl_io_frame_set(frame, &box, 0, 1, xyz, NULL, "L"));
    write_one(path, frame);
    read_one(path, 0, frame);
    assert_ok(bnsl_io_frame_box(frame, &back));
    assert_int_equal(back.periodic, box.periodic);
    assert_int_equal(bnsl_io_frame_n_arrays(frame), 1);

    assert_ok(bnsl_io_frame_set(frame, &box, 0, 1, beyond, NULL, "L"));
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_GSD, 1));
    assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "outside the box along z"));
    box.periodic = BNSL_PERIODIC_XYZ;
    assert_ok(bnsl_io_frame_set(frame, &box, 0, 1, beyond, NULL, "L"));
    assert_ok(bnsl_io_writer_append(writer, frame));
    box.periodic = 0;
    assert_ok(bnsl_io_frame_set(frame, &box, 0, 1, face, NULL, "L"));
    assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL); /* the first frame is periodic */
    bnsl_io_writer_abandon(writer);
    write_one(path, frame); /* on a face that is none: stays there but for a float's last digit */
    read_one(path, 0, frame);
    assert_close(view(frame, "position")[0], 5, 1e-7, 0);
    assert_true(view(frame, "position")[0] < 5 && view(frame, "position")[2] == -5);
    bnsl_io_frame_destroy(frame);
}

static void frames_without_particles(void **state)
{
    (void)state;
    const char *path = test_temporary("none.gsd");
    const double xyz[3] = {1, 1, 1}, q[1] = {0.5};
    bnsl_io_frame *frame = new_frame();
    bnsl_io_writer *writer;
    bnsl_io_reader *reader;
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_GSD, 0));
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 0, 0, NULL, NULL, "L,S"));
    assert_ok(bnsl_io_frame_set_array(frame, "q", 1, NULL));
    assert_ok(bnsl_io_writer_append(writer, frame));
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 1, 1, xyz, NULL, "L,S"));
    assert_ok(bnsl_io_frame_set_array(frame, "q", 1, q));
    assert_ok(bnsl_io_writer_append(writer, frame));
    assert_ok(bnsl_io_writer_close(writer));
    assert_ok(bnsl_io_reader_open(&reader, path, BNSL_FILE_AUTO));
    assert_ok(bnsl_io_reader_read(reader, 0, frame));
    assert_true(bnsl_io_frame_n(frame) == 0);
    assert_int_equal(bnsl_io_frame_n_types(frame), 2);
    assert_ok(bnsl_io_reader_read(reader, 1, frame));
    assert_true(bnsl_io_frame_n(frame) == 1 && view(frame, "q")[0] == 0.5 && view(frame, "position")[2] == 1);
    bnsl_io_reader_close(reader);
    bnsl_io_frame_destroy(frame);
}

static void what_floats_cannot_hold_is_refused(void **state)
{
    (void)state;
    const char *path = test_temporary("floats.gsd");
    const double xyz[3] = {1, 1, 1}, far[3] = {1e12, 0, 0}, huge[3] = {1e300, -1e300, 1e300}, mass[1] = {1e39}, nan_mass[1] = {NAN};
    const bnsl_box large = {1e60, 1, 1, 0, 0, 0, 7, 0}, small = {1, 1e-60, 1, 0, 0, 0, 7, 0};
    bnsl_io_frame *frame = new_frame();
    bnsl_io_writer *writer;
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_GSD, 0));
    assert_ok(bnsl_io_frame_set(frame, &large, 0, 1, xyz, NULL, "L"));
    assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    assert_ok(bnsl_io_frame_set(frame, &small, 0, 1, xyz, NULL, "L"));
    assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 0, 1, far, NULL, "L"));
    assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 0, 1, huge, NULL, "L"));
    assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    assert_ok(bnsl_io_frame_set(frame, &TILTED, 0, 1, xyz, NULL, "L"));
    assert_ok(bnsl_io_frame_set_array(frame, "mass", 1, mass));
    assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    assert_status(bnsl_io_writer_commit(writer), BNSL_EINVAL); /* nothing to commit yet */
    assert_ok(bnsl_io_frame_set_array(frame, "mass", 1, nan_mass));
    assert_ok(bnsl_io_writer_append(writer, frame));
    assert_ok(bnsl_io_writer_close(writer));
    read_one(path, 0, frame);
    assert_true(isnan(view(frame, "mass")[0]));
    bnsl_io_frame_destroy(frame);
}

/* Versions and schemas that are not read are named. */
static void other_files_are_refused(void **state)
{
    (void)state;
    static const struct { int offset, length; const char *bytes; bnsl_status status; const char *says; } cases[] = {
        {46, 2, "\x01\x00", BNSL_EUNSUPPORTED, "version 1.0"},
        {46, 2, "\x03\x00", BNSL_EUNSUPPORTED, "version 3.0"},
        {112, 6, "other", BNSL_EUNSUPPORTED, "\"other\""},
        {42, 2, "\x03\x00", BNSL_EUNSUPPORTED, "hoomd"},
        {0, 1, "x", BNSL_EFORMAT, "not a GSD file"},
        {8, 8, "\xff\xff\xff\xff\xff\xff\xff\xff", BNSL_EFORMAT, "index lies beyond the end"},
        {16, 8, "\xff\xff\xff\xff\xff\xff\xff\x0f", BNSL_EFORMAT, "index lies beyond the end"},
        {24, 8, "\xff\xff\xff\xff\xff\xff\xff\x7f", BNSL_EFORMAT, "names lie beyond the end"},
        {32, 8, "\xff\xff\xff\xff\xff\xff\xff\x03", BNSL_EFORMAT, "names lie beyond the end"},
    };
    const char *path = test_temporary("other.gsd");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n;
        unsigned char *bytes = file_bytes(test_data("io/hoomd.gsd"), &n);
        bnsl_io_reader *reader;
        memcpy(bytes + cases[i].offset, cases[i].bytes, (size_t)cases[i].length);
        file_write(path, bytes, n);
        assert_status(bnsl_io_reader_open(&reader, path, BNSL_FILE_AUTO), cases[i].status);
        assert_null(reader);
        assert_non_null(strstr(bnsl_error_message(), cases[i].says));
        assert_non_null(strstr(bnsl_error_message(), path));
        free(bytes);
    }
}

/* Schema 2 of newer writers: the same chunks. */
static void schema_2_is_read(void **state)
{
    (void)state;
    size_t n;
    unsigned char *bytes = file_bytes(test_data("io/hoomd.gsd"), &n);
    const char *path = test_temporary("schema2.gsd");
    bnsl_io_frame *frame, *first;
    bytes[40] = bytes[41] = bytes[43] = 0;
    bytes[42] = 2;
    file_write(path, bytes, n);
    free(bytes);
    assert_ok(bnsl_io_frame_create(&frame));
    assert_ok(bnsl_io_frame_create(&first));
    read_one(path, 0, frame);
    read_one(test_data("io/hoomd.gsd"), 0, first);
    assert_int_equal(bnsl_io_frame_n(frame), bnsl_io_frame_n(first));
    assert_memory_equal(view(frame, "mass"), view(first, "mass"), (size_t)bnsl_io_frame_n(frame) * sizeof(double));
    bnsl_io_frame_destroy(frame);
    bnsl_io_frame_destroy(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_2_is_read),
        cmocka_unit_test(hoomd_file_is_read),           cmocka_unit_test(bytes_are_those_of_the_layout),
        cmocka_unit_test(round_trip_keeps_what_it_says), cmocka_unit_test(positions_are_wrapped_into_the_box),
        cmocka_unit_test(images_are_made_when_needed),  cmocka_unit_test(frames_must_agree_on_their_results),
        cmocka_unit_test(free_boxes_stay_free),         cmocka_unit_test(frames_without_particles),
        cmocka_unit_test(what_floats_cannot_hold_is_refused), cmocka_unit_test(other_files_are_refused),
    };
    return cmocka_run_group_tests_name("io, GSD", tests, NULL, NULL);
}
