/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io: extended XYZ: other programs' files, cells in any place and orientation, and that every bit comes back. */
#include "test_frames.h"

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

static bnsl_status read_text(const char *text, int64_t i, bnsl_io_frame *frame)
{
    const char *path = test_temporary("text.xyz");
    bnsl_io_reader *reader;
    file_write(path, text, strlen(text));
    bnsl_status status = bnsl_io_reader_open(&reader, path, BNSL_FILE_XYZ);
    if (status)
        return status;
    status = bnsl_io_reader_read(reader, i, frame);
    bnsl_io_reader_close(reader);
    return status;
}

/* Origin at -L/2, as our LAMMPS runs write it: already centred. */
static void simulation_file_is_read(void **state)
{
    (void)state;
    bnsl_io_reader *reader;
    bnsl_io_frame *frame = new_frame();
    bnsl_box box;
    assert_ok(bnsl_io_reader_open(&reader, test_data("io/fluid_cut.xyz"), BNSL_FILE_AUTO));
    assert_true(bnsl_io_reader_n_frames(reader) == 1);
    assert_ok(bnsl_io_reader_read(reader, 0, frame));
    assert_ok(bnsl_io_frame_box(frame, &box));
    assert_true(box.lx == 22.5186513971646 && box.ly == box.lx && box.lz == box.lx && box.xy == 0 && box.periodic == BNSL_PERIODIC_XYZ);
    assert_true(bnsl_io_frame_n(frame) == 150);
    assert_string_equal(bnsl_io_frame_type_name(frame, 0), "L");
    const double *r = view(frame, "position"), *v = view(frame, "velocity");
    assert_close(r[0], -9.794178983187201, 0, 1e-13); /* Origin has 15 digits: not quite -L/2 */
    assert_close(r[1], 1.5115813862646068, 0, 1e-13);
    assert_true(v[0] == 0.5382264972832286 && v[2] == 0.49513949197877777);
    for (int i = 0; i < 450; i++)
        assert_true(fabs(r[i]) <= 0.5 * box.lx);
    bnsl_io_reader_close(reader);
    bnsl_io_frame_destroy(frame);
}

/* As ASE writes particles that are no element: species X, the type in its own column, a radius, an id; a cell not centred. */
static void ase_file_is_read(void **state)
{
    (void)state;
    bnsl_io_reader *reader;
    bnsl_io_frame *frame = new_frame();
    bnsl_box box;
    assert_ok(bnsl_io_reader_open(&reader, test_data("io/triclinic.xyz"), BNSL_FILE_AUTO));
    assert_ok(bnsl_io_reader_read(reader, 0, frame));
    assert_ok(bnsl_io_frame_box(frame, &box));
    assert_true(box.lx == 10 && box.ly == 9 && box.lz == 8 && box.xy == -2. / 9 && box.xz == 0 && box.yz == 1. / 8);
    assert_true(bnsl_io_frame_step(frame) == 100);
    assert_int_equal(bnsl_io_frame_n_types(frame), 2);
    assert_string_equal(bnsl_io_frame_type_name(frame, 1), "S");
    for (int i = 0; i < 3; i++) { /* origin + (a + b + c) / 2 = (-1, 0.5, 0) */
        const double *r = view(frame, "position") + 3 * i;
        assert_true(r[0] == i + 1 && r[1] == -0.5 && r[2] == 0);
        assert_int_equal(bnsl_io_frame_type_index_view(frame)[i], i > 0);
        assert_true(view(frame, "diameter")[i] == (i ? 0.55 : 1) && view(frame, "id")[i] == i + 1);
    }
    bnsl_io_reader_close(reader);
    bnsl_io_frame_destroy(frame);
}

static void every_bit_comes_back(void **state)
{
    (void)state;
    uint64_t seed = 3;
    const char *path = test_temporary("trip.xyz");
    bnsl_io_frame *frame = new_frame(), *back = new_frame();
    const bnsl_box boxes[2] = {{4.1, 5.2, 6.3, 0, 0, 0, BNSL_PERIODIC_X | BNSL_PERIODIC_Z, 0}, {4.1, 5.2, 6.3, 0.31, -0.17, 0.53, 7, 0}};
    for (int k = 0; k < 2; k++) {
        bnsl_io_writer *writer;
        bnsl_io_reader *reader;
        double image[120], wild[40];
        frame_random(frame, &boxes[k], 12345678901, 40, &seed);
        for (int i = 0; i < 120; i++)
            image[i] = floor(9 * test_uniform(&seed)) - 4;
        for (int i = 0; i < 40; i++) /* any bits but those of NaN */
            wild[i] = ldexp(test_normal(&seed), (int)(1000 * test_normal(&seed)) % 1000);
        wild[0] = -0.0, wild[1] = INFINITY, wild[2] = -INFINITY, wild[3] = 5e-324, wild[4] = NAN;
        assert_ok(bnsl_io_frame_set_array(frame, "image", 3, image));
        assert_ok(bnsl_io_frame_set_array(frame, "wild", 1, wild));
        assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 1));
        assert_ok(bnsl_io_writer_append(writer, frame));
        assert_ok(bnsl_io_writer_close(writer));
        assert_ok(bnsl_io_reader_open(&reader, path, BNSL_FILE_AUTO));
        assert_ok(bnsl_io_reader_read(reader, 0, back));
        bnsl_io_reader_close(reader);
        double phi, want_phi;
        assert_ok(bnsl_io_frame_scalar(frame, "phi", &want_phi));
        assert_ok(bnsl_io_frame_scalar(back, "phi", &phi));
        assert_true(phi == want_phi);
        for (int i = 0; i < 40; i++)
            assert_true(memcmp(&view(back, "wild")[i], &wild[i], sizeof(double)) == 0 || i == 4);
        assert_true(isnan(view(back, "wild")[4]));
        assert_memory_equal(view(back, "position"), view(frame, "position"), 120 * sizeof(double));
        wild[3] = 0; /* assert_close takes a subnormal expectation for a mistake */
        assert_ok(bnsl_io_frame_set_array(frame, "wild", 1, wild));
        assert_ok(bnsl_io_frame_set_array(back, "wild", 1, wild));
        frames_equal(back, frame, k ? 2.3e-16 : 0); /* the file has xy ly, not xy: one rounding more */
    }
    bnsl_io_frame_destroy(frame);
    bnsl_io_frame_destroy(back);
}

/* A cell turned and moved as a whole gives the same distances, angles and fractional coordinates. */
static void turned_cells_are_turned_back(void **state)
{
    (void)state;
    uint64_t seed = 17;
    bnsl_io_frame *frame = new_frame();
    const bnsl_box box = {4, 5, 6, 0.3, -0.2, 0.5, BNSL_PERIODIC_XYZ, 0};
    double edges[9], text_edges[9], origin[3] = {3, -1, 0.5};
    assert_ok(bnsl_box_vectors(&box, edges));
    for (int trial = 0; trial < 20; trial++) {
        char text[2000];
        double q[4], r[3][3], s[6], xyz[6], velocity[3] = {1, -2, 0.5}, length = 0, turned[3][3], back[6];
        for (int i = 0; i < 4; i++) {
            q[i] = test_normal(&seed);
            length += q[i] * q[i];
        }
        for (int i = 0; i < 4; i++)
            q[i] /= sqrt(length);
        const double rotation[3][3] = {
            {1 - 2 * (q[2] * q[2] + q[3] * q[3]), 2 * (q[1] * q[2] - q[0] * q[3]), 2 * (q[1] * q[3] + q[0] * q[2])},
            {2 * (q[1] * q[2] + q[0] * q[3]), 1 - 2 * (q[1] * q[1] + q[3] * q[3]), 2 * (q[2] * q[3] - q[0] * q[1])},
            {2 * (q[1] * q[3] - q[0] * q[2]), 2 * (q[2] * q[3] + q[0] * q[1]), 1 - 2 * (q[1] * q[1] + q[2] * q[2])}};
        for (int i = 0; i < 6; i++)
            s[i] = test_uniform(&seed) - 0.5;
        assert_ok(bnsl_box_to_cartesian(&box, 2, s, xyz));
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++) {
                text_edges[3 * i + k] = rotation[k][0] * edges[3 * i] + rotation[k][1] * edges[3 * i + 1] + rotation[k][2] * edges[3 * i + 2];
                const double *p = i < 2 ? xyz + 3 * i : velocity;
                r[i][k] = rotation[k][0] * p[0] + rotation[k][1] * p[1] + rotation[k][2] * p[2];
            }
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++)
                turned[i][k] = r[i][k] + (i < 2 ? origin[k] + 0.5 * (text_edges[k] + text_edges[3 + k] + text_edges[6 + k]) : 0);
        int at = snprintf(text, sizeof text, "2\nLattice=\"");
        for (int i = 0; i < 9; i++)
            at += snprintf(text + at, sizeof text - (size_t)at, "%.17g ", text_edges[i]);
        at += snprintf(text + at, sizeof text - (size_t)at, "\" Origin=\"%.17g %.17g %.17g\" Properties=velo:R:3:pos:R:3:species:S:1\n", origin[0],
                       origin[1], origin[2]);
        for (int i = 0; i < 2; i++)
            at += snprintf(text + at, sizeof text - (size_t)at, "%.17g %.17g %.17g %.17g %.17g %.17g L\n", turned[2][0], turned[2][1], turned[2][2],
                           turned[i][0], turned[i][1], turned[i][2]);
        bnsl_box got;
        assert_ok(read_text(text, 0, frame));
        assert_ok(bnsl_io_frame_box(frame, &got));
        const double fields[6][2] = {{got.lx, box.lx}, {got.ly, box.ly}, {got.lz, box.lz}, {got.xy, box.xy}, {got.xz, box.xz}, {got.yz, box.yz}};
        for (int i = 0; i < 6; i++)
            assert_close(fields[i][0], fields[i][1], 1e-13, 1e-13); /* a dozen products of numbers of order 10 */
        assert_ok(bnsl_box_to_fractional(&got, 2, view(frame, "position"), back));
        for (int i = 0; i < 6; i++)
            assert_close(back[i], s[i], 0, 1e-13);
        for (int i = 0; i < 3; i++)
            assert_close(view(frame, "velocity")[i], velocity[i], 1e-13, 0);
    }
    bnsl_io_frame_destroy(frame);
}

/* No cell: the positions stay, in a free box around them. */
static void plain_files_are_read(void **state)
{
    (void)state;
    bnsl_io_frame *frame = new_frame();
    bnsl_box box;
    assert_ok(read_text("2\r\nmade by = hand, step 3\r\nL 1 -7.5 0 extra\r\nS 2e0\t0 0.25 \r\n\r\n", -1, frame));
    assert_ok(bnsl_io_frame_box(frame, &box));
    assert_int_equal(box.periodic, 0);
    assert_true(box.lx > 4 && box.lx < 4.001 && box.ly > 15 && box.ly < 15.001 && box.lz == 1);
    assert_true(view(frame, "position")[1] == -7.5 && view(frame, "position")[3] == 2);
    assert_true(bnsl_io_frame_step(frame) == 0);
    assert_int_equal(bnsl_io_frame_type_index_view(frame)[1], 1);
    assert_ok(read_text("0\nLattice=[[1,0,0],[0,2,0],[0,0,3]] pbc=[T, F, true] kT='0.5' note=\"a b\" x={1 2} Timestep=9\n", 0, frame));
    assert_ok(bnsl_io_frame_box(frame, &box));
    assert_true(box.ly == 2 && box.periodic == (BNSL_PERIODIC_X | BNSL_PERIODIC_Z) && bnsl_io_frame_step(frame) == 9);
    double kT, none;
    assert_ok(bnsl_io_frame_scalar(frame, "kT", &kT));
    assert_true(kT == 0.5);
    assert_status(bnsl_io_frame_scalar(frame, "x", &none), BNSL_EINVAL);
    assert_ok(read_text("1\nProperties=pos:R:3:solid:L:1:stress:R:6\n1 2 3 T 1 2 3 4 5 6", 0, frame));
    assert_string_equal(bnsl_io_frame_type_name(frame, 0), "A");
    assert_true(view(frame, "solid")[0] == 1 && view(frame, "stress")[5] == 6);
    bnsl_io_frame_destroy(frame);
}

static void several_frames_are_found(void **state)
{
    (void)state;
    bnsl_io_frame *frame = new_frame();
    const char *text = "1\nstep=1\nL 1 0 0\n2\nstep=2\nL 1 0 0\nL 2 0 0\n0\nstep=3\n1\nstep=4 types=\"S,L\"\nL 4 0 0";
    for (int k = 0; k < 4; k++) {
        assert_ok(read_text(text, k, frame));
        assert_true(bnsl_io_frame_step(frame) == k + 1);
    }
    assert_int_equal(bnsl_io_frame_type_index_view(frame)[0], 1); /* the order of types= */
    assert_ok(read_text(text, -3, frame));
    assert_true(bnsl_io_frame_n(frame) == 2);
    assert_status(read_text(text, 4, frame), BNSL_EINVAL);
    bnsl_io_frame_destroy(frame);
}

/* What is wrong and in which line. */
static void bad_files_are_named(void **state)
{
    (void)state;
    static const struct { const char *text, *says; } cases[] = {
        {"x\n\n", "line 1: \"x\" is not a number of particles"},
        {"-1\n\n", "\"-1\" is not a number of particles"},
        {"2\nc\nL 0 0 0\n", "line 1: 2 particles are announced, but the file ends after 1"},
        {"99999999999999\nc\n", "99999999999999 particles are announced"},
        {"99999999999999999999\nc\n", "not a number of particles"},
        {"1", "ends before the second line"},
        {"1\nc\nL 0 0 0\n1\nc\n", "frame 1, line 4"},
        {"1\nc\nL 0 0\n", "line 3: the line has too few columns"},
        {"1\nc\nL 0 0 zero\n", "line 3: position is \"zero\""},
        {"1\nc\nL 0 0 1e999\n", "position that is not finite"},
        {"1\nProperties=species:S:1:pos:R:3\nL 0 0 0 1\n", "more columns than Properties"},
        {"1\nProperties=species:S:1\nL\n", "lack the positions"},
        {"1\nProperties=pos:R:2\n0 0\n", "must have 3"},
        {"1\nProperties=pos:R:3:position:R:3\n0 0 0 0 0 0\n", "two properties"},
        {"1\nProperties=pos:X:3\n0 0 0\n", "Properties must be"},
        {"1\nProperties=pos:R:0\n0\n", "Properties must be"},
        {"1\nProperties=pos:R:3:\n0 0\n", "line 3: the line has too few columns"},
        {"1\nProperties=pos:R:3x\n0 0 0\n", "Properties must be"},
        {"1\nProperties=pos:R:3:q:R:17\n0 0 0\n", "at most 16"},
        {"1\nProperties=pos:R:3:image:I:3\n0 0 0 0 0.5 0\n", "image that is not finite or not whole"},
        {"1\nProperties=pos:R:3:solid:L:1\n0 0 0 2\n", "must be T or F"},
        {"1\nLattice=\"1 0 0 0 1 0 0 0\"\nL 0 0 0\n", "line 2: Lattice"},
        {"1\nLattice=\"1 0 0 0 1 0 0 0 nan\"\nL 0 0 0\n", "must be 9 finite numbers"},
        {"1\nLattice=\"1 0 0 0 1 0 0 0 -1\"\nL 0 0 0\n", "right-handed"},
        {"1\nLattice=\"1 0 0 0 1 0 0 1 0\"\nL 0 0 0\n", "with a volume"},
        {"1\nLattice=\"1 0 0 0 1 0 0 0 1\" pbc=\"T T\"\nL 0 0 0\n", "pbc"},
        {"1\nLattice=\"1 0 0 0 1 0 0 0 1\" Origin=\"1 2\"\nL 0 0 0\n", "Origin"},
        {"1\nstep=1.5\nL 0 0 0\n", "step=1.5"},
        {"1\nstep=-1\nL 0 0 0\n", "must be a whole number >= 0"},
    };
    bnsl_io_frame *frame = new_frame();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const bnsl_status status = read_text(cases[i].text, 0, frame);
        if (status != BNSL_EFORMAT || !strstr(bnsl_error_message(), cases[i].says))
            fail_msg("case %d: %s, \"%s\"", (int)i, bnsl_status_name(status), status ? bnsl_error_message() : "");
        assert_true(bnsl_io_frame_n(frame) == 0);
    }
    bnsl_io_frame_destroy(frame);
}

static void what_the_format_cannot_say_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"species", "pos", "vel", "radius", "Type", "masses"}, *const types[] = {"L S", "a=b", "\"L\"", "[L]"};
    const bnsl_box box = {1, 1, 1, 0, 0, 0, 7, 0};
    const double xyz[3] = {0, 0, 0};
    const char *path = test_temporary("refused.xyz");
    bnsl_io_frame *frame = new_frame();
    bnsl_io_writer *writer;
    assert_ok(bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, 0));
    for (int i = 0; i < 6; i++) {
        assert_ok(bnsl_io_frame_set(frame, &box, 0, 1, xyz, NULL, "L"));
        assert_ok(bnsl_io_frame_set_array(frame, names[i], 1, xyz));
        assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
        assert_ok(bnsl_io_frame_set(frame, &box, 0, 1, xyz, NULL, "L"));
        assert_ok(bnsl_io_frame_set_scalar(frame, i ? names[i] : "Step", 1));
        assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    }
    for (int i = 0; i < 4; i++) {
        assert_ok(bnsl_io_frame_set(frame, &box, 0, 1, xyz, NULL, types[i]));
        assert_status(bnsl_io_writer_append(writer, frame), BNSL_EINVAL);
    }
    bnsl_io_writer_abandon(writer);
    assert_false(file_exists(path));
    bnsl_io_frame_destroy(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simulation_file_is_read),      cmocka_unit_test(ase_file_is_read),
        cmocka_unit_test(every_bit_comes_back),         cmocka_unit_test(turned_cells_are_turned_back),
        cmocka_unit_test(plain_files_are_read),         cmocka_unit_test(several_frames_are_found),
        cmocka_unit_test(bad_files_are_named),          cmocka_unit_test(what_the_format_cannot_say_is_refused),
    };
    return cmocka_run_group_tests_name("io, XYZ", tests, NULL, NULL);
}
