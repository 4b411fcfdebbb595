/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md: a run that is stopped and resumed from its checkpoint, damaged checkpoints; disordered starts. */
#include "configurations.h"

static bnsl_md *start(const configuration *c, const bnsl_potential *p)
{
    bnsl_md *md;
    bnsl_md_options o;
    const int64_t step[2] = { 0, 300 };
    const double phi[2] = { 0.40, 0.44 };
    int32_t *frozen = calloc((size_t)c->n, sizeof *frozen);
    assert_non_null(frozen);
    frozen[7] = 1;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.dt = 0.002;
    o.seed = 5;
    assert_ok(bnsl_md_create(&md, &c->box, c->n, c->xyz, c->species, p, &o));
    assert_ok(bnsl_md_set_packing_schedule(md, 2, step, phi));
    assert_ok(bnsl_md_set_frozen(md, frozen));
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    free(frozen);
    return md;
}

static void read_state(bnsl_md *md, double *out, int32_t *image, bnsl_md_thermo *t)
{
    int64_t n = bnsl_md_n(md);
    assert_ok(bnsl_md_positions(md, out, image));
    assert_ok(bnsl_md_velocities(md, out + 3 * n));
    assert_ok(bnsl_md_thermo_now(md, t));
}

static void a_resumed_run_has_the_same_bits(void **state)
{
    (void)state;
    configuration c = fluid(67, 130, 0.40, 0.55, 21); /* counts whose volume sums depend on their order */
    const char *path = test_temporary("checkpoint");
    size_t bytes = (size_t)c.n * 48, image_bytes = (size_t)c.n * 12;
    double *want = malloc(bytes), *got = malloc(bytes);
    int32_t *want_image = malloc(image_bytes), *got_image = malloc(image_bytes);
    bnsl_md_thermo want_t, got_t;
    assert_true(want && got && want_image && got_image);
    for (int general = 0; general < 2; general++) {
        bnsl_potential *p = mie_mixture(50, 6, 0.55);
        if (general) {
            bnsl_potential_options o;
            assert_ok(bnsl_potential_options_init(&o, sizeof o));
            o.form = BNSL_FORM_WCA;
            o.sigma = 0.5;
            assert_ok(bnsl_potential_set_pair(p, 1, 1, &o));
        }
        bnsl_md *md = start(&c, p);
        assert_ok(bnsl_md_run(md, 300, NULL));
        read_state(md, want, want_image, &want_t);
        bnsl_md_destroy(md);
        static const int64_t stops[] = { 0, 1, 17, 100, 163, 299 };
        for (size_t k = 0; k < sizeof stops / sizeof *stops; k++) {
            md = start(&c, p);
            assert_ok(bnsl_md_run(md, stops[k], NULL));
            assert_ok(bnsl_md_checkpoint_write(md, path));
            bnsl_md_destroy(md);
            assert_ok(bnsl_md_checkpoint_read(&md, path, 1 + (int32_t)(k % 3), BNSL_ISA_AUTO));
            assert_ok(bnsl_md_run(md, 300 - stops[k], NULL));
            read_state(md, got, got_image, &got_t);
            assert_memory_equal(got, want, bytes);
            assert_memory_equal(got_image, want_image, image_bytes);
            assert_true(got_t.potential_energy == want_t.potential_energy && got_t.time == want_t.time && got_t.step == want_t.step);
            assert_true(got_t.volume == want_t.volume && got_t.pressure == want_t.pressure && got_t.kT == want_t.kT);
            bnsl_md_destroy(md);
        }
        bnsl_potential_destroy(p);
    }
    free(want);
    free(got);
    free(want_image);
    free(got_image);
    free_configuration(&c);
}

/* ---- every kind of simulation ------------------------------------------------------------------------- */

enum { N_KINDS = 12 };

/* A pair of each form, the smallest pair a table for kind 9. */
static bnsl_potential *potential_of_kind(int kind)
{
    bnsl_potential *p = mie_mixture(50, kind % 3 == 1 ? 6 : 25, 0.55);
    bnsl_potential_options o;
    if (kind == 8) {
        const int32_t form[3] = { BNSL_FORM_IPL_MIE, BNSL_FORM_IPL, BNSL_FORM_MIE };
        for (int k = 0; k < 3; k++) {
            assert_ok(bnsl_potential_options_init(&o, sizeof o));
            o.form = form[k];
            o.coupling = k == 0 ? 0.3 : 0;
            o.ipl_prefactor = k == 0 ? 0.7 : 0;
            o.sigma = 0.5 + 0.5 * k / 2.0;
            o.shift = k == 2 ? BNSL_SHIFT_SMOOTH : k == 1 ? BNSL_SHIFT_NONE : BNSL_SHIFT_ENERGY;
            o.r_on = k == 2 ? 1.2 : 0;
            assert_ok(bnsl_potential_set_pair(p, k == 2 ? 0 : 1, k == 0 ? 1 : 0, &o));
        }
    } else if (kind == 9) {
        double u[201], force[201];
        for (int k = 0; k < 201; k++) {
            double x = 1 - k / 200.0;
            u[k] = 30 * x * x - 2 * x * x * x;
            force[k] = (60 * x - 6 * x * x) / 0.9;
        }
        assert_ok(bnsl_potential_set_table(p, 1, 1, 0.55, 0.1, 1.0, 201, u, force));
    }
    return p;
}

/* Every integrator in both precisions; walls, diameters, tables, schedules, a barostat of each sort. */
static bnsl_md *start_of_kind(int kind, const configuration *c)
{
    static const int32_t integrator[N_KINDS] = { BNSL_MD_NVE, BNSL_MD_NVE, BNSL_MD_LANGEVIN, BNSL_MD_LANGEVIN, BNSL_MD_NVT, BNSL_MD_NVT,
                                                 BNSL_MD_NPT, BNSL_MD_NPT, BNSL_MD_NVT,      BNSL_MD_LANGEVIN, BNSL_MD_NPT, BNSL_MD_NVT };
    const int64_t step[2] = { 20, 150 };
    bnsl_potential *p = potential_of_kind(kind);
    bnsl_md_options o;
    bnsl_md *md;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.integrator = integrator[kind];
    o.precision = kind % 2 && kind != 9 ? BNSL_MD_MIXED : BNSL_MD_DOUBLE;
    o.barostat = kind == 7 ? BNSL_MD_TRICLINIC : kind == 10 ? BNSL_MD_ORTHORHOMBIC : BNSL_MD_ISOTROPIC;
    o.chain_length = kind == 4 ? 1 : kind == 5 ? 8 : 0;
    o.pressure = 3;
    o.thermostat_time = kind == 6 ? 0.07 : 0;
    o.barostat_time = kind == 6 ? 0.9 : 0;
    o.skin = kind == 2 ? 0.21 : 0;
    o.seed = 5;
    bnsl_box box = c->box;
    if (kind == 3 || kind == 11)
        assert_ok(bnsl_box_init(&box, 11, 11, 11, 0, 0, 0));
    assert_ok(bnsl_md_create(&md, &box, c->n, c->xyz, c->species, p, &o));
    bnsl_potential_destroy(p);
    if (kind == 1 || kind == 3 || kind == 10) {
        double *diameter = malloc((size_t)c->n * sizeof *diameter);
        assert_non_null(diameter);
        assert_ok(bnsl_md_polydisperse(c->n, c->species, 2, (double[]){ 0.97, 0.53 }, (double[]){ 0.03, 0.04 }, 0, 3, diameter));
        assert_ok(bnsl_md_set_diameters(md, diameter));
        free(diameter);
    }
    if (kind == 3 || kind == 11)
        assert_ok(bnsl_md_set_wall(md, kind == 3 ? BNSL_MD_WALL_SPHERE : BNSL_MD_WALL_SLAB, kind == 3 ? 4 : 3, 1.5));
    bnsl_md_thermo t;
    assert_ok(bnsl_md_thermo_now(md, &t));
    if (o.integrator == BNSL_MD_NPT)
        assert_ok(bnsl_md_set_pressure_schedule(md, 2, step, (double[]){ 3, 5 }));
    else
        assert_ok(bnsl_md_set_packing_schedule(md, 2, step, (double[]){ t.packing_fraction, 1.01 * t.packing_fraction }));
    if (o.integrator != BNSL_MD_NVE)
        assert_ok(bnsl_md_set_kT_schedule(md, 2, step, (double[]){ 1, 0.8 }));
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    return md;
}

static void every_kind_of_run_resumes_to_the_same_bits(void **state)
{
    (void)state;
    configuration c = fluid(60, 120, 0.38, 0.55, 23);
    const char *path = test_temporary("checkpoint");
    size_t bytes = (size_t)c.n * 48, image_bytes = (size_t)c.n * 12;
    double *want = malloc(bytes), *got = malloc(bytes);
    int32_t *want_image = malloc(image_bytes), *got_image = malloc(image_bytes);
    assert_true(want && got && want_image && got_image);
    for (int kind = 0; kind < N_KINDS; kind++) {
        bnsl_md_thermo want_t, got_t;
        bnsl_md_statistics want_s, got_s;
        bnsl_md *md = start_of_kind(kind, &c);
        assert_ok(bnsl_md_run(md, 200, NULL));
        read_state(md, want, want_image, &want_t);
        assert_ok(bnsl_md_statistics_now(md, &want_s));
        bnsl_md_destroy(md);
        static const int64_t stops[] = { 0, 1, 83, 200 };
        for (size_t k = 0; k < sizeof stops / sizeof *stops; k++) {
            md = start_of_kind(kind, &c);
            assert_ok(bnsl_md_run(md, stops[k], NULL));
            assert_ok(bnsl_md_checkpoint_write(md, path));
            bnsl_md_destroy(md);
            assert_ok(bnsl_md_checkpoint_read(&md, path, 1 + (int32_t)(k % 3), BNSL_ISA_AUTO));
            assert_ok(bnsl_md_run(md, 200 - stops[k], NULL));
            read_state(md, got, got_image, &got_t);
            assert_ok(bnsl_md_statistics_now(md, &got_s));
            assert_memory_equal(got, want, bytes);
            assert_memory_equal(got_image, want_image, image_bytes);
            assert_memory_equal(&got_t, &want_t, sizeof got_t); /* every field: bath, walls, effective packing */
            assert_true(got_s.skin == want_s.skin && got_s.n_listed == want_s.n_listed && got_s.n_returned == want_s.n_returned);
            bnsl_md_destroy(md);
        }
    }
    free(want);
    free(got);
    free(want_image);
    free(got_image);
    free_configuration(&c);
}

static long read_all(const char *path, unsigned char *data, long capacity)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    long n = (long)fread(data, 1, (size_t)capacity, f);
    fclose(f);
    return n;
}

static void write_all(const char *path, const unsigned char *data, long n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, (size_t)n, f), n);
    fclose(f);
}

static void damaged_checkpoints_are_refused(void **state)
{
    (void)state;
    enum { CAPACITY = 1 << 20 };
    configuration c = fluid(10, 20, 0.40, 0.55, 22);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *md = start(&c, p), *back;
    const char *path = test_temporary("checkpoint");
    unsigned char *data = malloc(CAPACITY);
    assert_non_null(data);
    assert_ok(bnsl_md_run(md, 10, NULL));
    assert_ok(bnsl_md_checkpoint_write(md, path));
    long n = read_all(path, data, CAPACITY);
    assert_true(n > 30 * 84 && n < CAPACITY);
    for (long length = 0; length < n; length += 1 + length / 7) {
        write_all(path, data, length);
        assert_status(bnsl_md_checkpoint_read(&back, path, 1, 0), BNSL_EFORMAT);
        assert_null(back);
    }
    for (long at = 0; at < n; at += 61) {
        data[at] ^= 0x10;
        write_all(path, data, n);
        assert_status(bnsl_md_checkpoint_read(&back, path, 1, 0), BNSL_EFORMAT);
        data[at] ^= 0x10;
    }
    assert_status(bnsl_md_checkpoint_read(&back, "no/such/file", 1, 0), BNSL_EIO);
    assert_status(bnsl_md_checkpoint_write(md, "no/such/folder/file"), BNSL_EIO);
    assert_non_null(strstr(bnsl_error_message(), "no/such/folder/file"));
    assert_status(bnsl_md_checkpoint_write(NULL, path), BNSL_EINVAL);
    assert_status(bnsl_md_checkpoint_write(md, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_checkpoint_read(NULL, path, 1, 0), BNSL_EINVAL);
    assert_status(bnsl_md_checkpoint_read(&back, path, 1, 9), BNSL_EINVAL);
    write_all(path, data, n);
    assert_ok(bnsl_md_checkpoint_read(&back, path, 1, 0));
    bnsl_md_destroy(back);
    data[8] = 1; /* the version of older files */
    write_all(path, data, n);
    assert_status(bnsl_md_checkpoint_read(&back, path, 1, 0), BNSL_EFORMAT);
    assert_non_null(strstr(bnsl_error_message(), "version 1"));
    free(data);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/* Smallest r / d_ij over all pairs. */
static double closest(const bnsl_box *box, int64_t n, const double *xyz, const double *diameter)
{
    double least = INFINITY;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++) {
            double u[3] = { xyz[3 * j] - xyz[3 * i], xyz[3 * j + 1] - xyz[3 * i + 1], xyz[3 * j + 2] - xyz[3 * i + 2] };
            assert_ok(bnsl_box_minimum_image(box, 1, u));
            least = fmin(least, sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]) / (0.5 * (diameter[i] + diameter[j])));
        }
    return least;
}

static void disordered_starts_do_not_overlap(void **state)
{
    (void)state;
    enum { N = 600 };
    double diameter[N], *xyz = calloc(3 * N, sizeof *xyz), *again = calloc(3 * N, sizeof *again);
    bnsl_box box;
    assert_true(xyz && again);
    for (int k = 0; k < 3; k++) {
        double small = k == 0 ? 0.55 : k == 1 ? 1.0 : 0.3, unit = k == 2 ? 13.2 : 1, volume = 0;
        for (int i = 0; i < N; i++) {
            diameter[i] = unit * (i < N / 3 ? 1 : small);
            volume += 3.14159265358979 / 6 * pow(diameter[i], 3);
        }
        double edge = cbrt(volume / 0.5999);
        assert_ok(bnsl_box_init(&box, edge, edge, edge, k ? 0.2 : 0, 0, k ? -0.3 : 0));
        assert_ok(bnsl_md_random_start(&box, N, diameter, 0, 3, 1, xyz, NULL));
        assert_true(closest(&box, N, xyz, diameter) >= 0.98 - 1e-12);
        assert_ok(bnsl_md_random_start(&box, N, diameter, 0, 3, 2, again, NULL));
        assert_memory_equal(xyz, again, 3 * N * sizeof *xyz);
    }
    /* a fixed cluster in the middle */
    for (int i = 0; i < N; i++)
        diameter[i] = 1;
    assert_ok(bnsl_box_init(&box, 8.2, 8.2, 8.2, 0, 0, 0));
    for (int i = 0; i < 8; i++)
        for (int d = 0; d < 3; d++)
            xyz[3 * i + d] = 1.01 * ((i >> d & 1) - 0.5);
    memcpy(again, xyz, 24 * sizeof *xyz);
    assert_ok(bnsl_md_random_start(&box, N, diameter, 8, 3, 1, xyz, NULL));
    assert_memory_equal(xyz, again, 24 * sizeof *xyz);
    assert_true(closest(&box, N, xyz, diameter) >= 0.98 - 1e-12);
    free(xyz);
    free(again);
}

static void impossible_starts_are_refused(void **state)
{
    (void)state;
    double diameter[10] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, xyz[30] = { 7 };
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, 2, 2, 2, 0, 0, 0));
    assert_status(bnsl_md_random_start(&box, 10, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "0.6545"));
    assert_true(xyz[0] == 7);
    assert_ok(bnsl_box_init(&box, 4, 4, 4, 0, 0, 0));
    assert_status(bnsl_md_random_start(NULL, 10, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start(&box, 0, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start(&box, 10, diameter, 11, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start(&box, 10, NULL, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start(&box, 10, diameter, 0, 1, 1, NULL, NULL), BNSL_EINVAL);
    xyz[4] = NAN;
    assert_status(bnsl_md_random_start(&box, 10, diameter, 2, 1, 1, xyz, NULL), BNSL_EINVAL);
    diameter[3] = -1;
    assert_status(bnsl_md_random_start(&box, 10, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    bnsl_control *control;
    assert_ok(bnsl_control_create(&control));
    bnsl_control_cancel(control);
    diameter[3] = 1;
    assert_status(bnsl_md_random_start(&box, 10, diameter, 0, 1, 1, xyz, control), BNSL_ECANCELLED);
    bnsl_control_destroy(control);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resumed_run_has_the_same_bits),
        cmocka_unit_test(every_kind_of_run_resumes_to_the_same_bits),
        cmocka_unit_test(damaged_checkpoints_are_refused),
        cmocka_unit_test(disordered_starts_do_not_overlap),
        cmocka_unit_test(impossible_starts_are_refused),
    };
    return cmocka_run_group_tests_name("md checkpoints and starts", tests, NULL, NULL);
}
