/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl_saxs_structure_factor by the direct sum, against naive sums over all wave vectors, perfect crystals and its own symmetries. */
#include "bnsl_test.h"

#define PI 3.14159265358979323846

typedef struct sample {
    bnsl_box box;
    int64_t n;
    double *xyz;
    int32_t *species;
} sample;

static void free_sample(sample *s)
{
    free(s->xyz);
    free(s->species);
}

/* n random particles, every third one of species 1, in a box of volume n / 0.8 with tilts scaled by tilt */
static sample random_sample(int64_t n, double tilt, uint64_t seed)
{
    sample s = {.n = n, .xyz = malloc(3 * (size_t)n * sizeof(double)), .species = malloc((size_t)n * sizeof(int32_t))};
    double length = cbrt((double)n / 0.8);
    assert_non_null(s.xyz);
    assert_non_null(s.species);
    assert_ok(bnsl_box_init(&s.box, length, 0.9 * length, length / 0.9, 0.4 * tilt, 0.3 * tilt, -0.5 * tilt));
    for (int64_t i = 0; i < n; i++) {
        s.species[i] = i % 3 == 2;
        for (int k = 0; k < 3; k++)
            s.xyz[3 * i + k] = (test_uniform(&seed) - 0.5) * 2 * length; /* some outside the box */
    }
    return s;
}

static sample crystal(const char *name, double c_over_a, int32_t cell, int32_t nx, int32_t ny, int32_t nz, bnsl_lattice **lattice)
{
    sample s = {0};
    bnsl_lattice_options o;
    assert_ok(bnsl_lattice_options_init(&o, sizeof o));
    o.c_over_a = c_over_a;
    assert_ok(bnsl_lattice_create(lattice, name, &o));
    assert_int_equal(bnsl_lattice_supercell(*lattice, cell, nx, ny, nz, 0, &s.n, &s.box, NULL, NULL), BNSL_EBUFFER);
    s.xyz = malloc(3 * (size_t)s.n * sizeof(double));
    s.species = malloc((size_t)s.n * sizeof(int32_t));
    assert_ok(bnsl_lattice_supercell(*lattice, cell, nx, ny, nz, s.n, &s.n, &s.box, s.xyz, s.species));
    return s;
}

static bnsl_saxs_sq_options options(double q_min, double q_max, int32_t n_q)
{
    bnsl_saxs_sq_options o;
    assert_ok(bnsl_saxs_sq_options_init(&o, sizeof o));
    o.q_min = q_min;
    o.q_max = q_max;
    o.n_q = n_q;
    o.method = BNSL_SQ_DIRECT;
    return o;
}

/* Every wave vector of both half spaces by cos and sin: means in bins, or folded. Partials 00, 01, 11. */
static void oracle(const sample *s, const bnsl_saxs_sq_options *o, double *q, double *partial, int64_t *count)
{
    double b[9], k_max = o->q_max + (o->peak_hwhm > 0 ? fmin(20 * o->peak_hwhm, 0.5 * o->q_max) : 0), dq = (o->q_max - o->q_min) / o->n_q;
    double *sum = calloc((size_t)o->n_q * 4, sizeof *sum), *fold = calloc((size_t)o->n_q * 4, sizeof *fold);
    assert_ok(bnsl_box_reciprocal(&s->box, b));
    memset(count, 0, (size_t)o->n_q * sizeof *count);
    for (int h = -40; h <= 40; h++)
        for (int k = -40; k <= 40; k++)
            for (int l = -40; l <= 40; l++) {
                double v[3], f[4] = {0};
                for (int i = 0; i < 3; i++)
                    v[i] = h * b[i] + k * b[3 + i] + l * b[6 + i];
                double length = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
                if ((h == 0 && k == 0 && l == 0) || length > k_max)
                    continue;
                assert_true(abs(h) < 40 && abs(k) < 40 && abs(l) < 40);
                for (int64_t i = 0; i < s->n; i++) {
                    double phase = v[0] * s->xyz[3 * i] + v[1] * s->xyz[3 * i + 1] + v[2] * s->xyz[3 * i + 2];
                    f[2 * s->species[i]] += cos(phase);
                    f[2 * s->species[i] + 1] += sin(phase);
                }
                double p[4] = {f[0] * f[0] + f[1] * f[1], f[0] * f[2] + f[1] * f[3], f[2] * f[2] + f[3] * f[3], 0};
                for (int c = 0; c < 3; c++)
                    p[c] /= (double)s->n;
                for (int i = 0; i < o->n_q && o->peak_hwhm > 0; i++) {
                    double x = o->q_min + (i + 0.5) * dq - length, line = 1 / (x * x + o->peak_hwhm * o->peak_hwhm) / (length * length);
                    for (int c = 0; c < 3; c++)
                        fold[4 * i + c] += line * p[c];
                    fold[4 * i + 3] += line;
                }
                if (length < o->q_min || length > o->q_max)
                    continue;
                int bin = (int)((length - o->q_min) / dq);
                count[bin]++;
                for (int c = 0; c < 3; c++)
                    sum[4 * bin + c] += p[c];
                sum[4 * bin + 3] += length;
            }
    for (int i = 0; i < o->n_q; i++) {
        bool folded = o->peak_hwhm > 0;
        q[i] = folded || count[i] == 0 ? o->q_min + (i + 0.5) * dq : sum[4 * i + 3] / (double)count[i];
        for (int c = 0; c < 3; c++)
            partial[3 * i + c] = folded ? fold[4 * i + c] / fold[4 * i + 3] : count[i] == 0 ? NAN : sum[4 * i + c] / (double)count[i];
    }
    free(sum);
    free(fold);
}

static void agrees_with_oracle(const sample *s, const bnsl_saxs_sq_options *o)
{
    enum { MAX = 64 };
    double q[MAX], total[MAX], partial[3 * MAX], q_want[MAX], want[3 * MAX];
    int64_t count[MAX], count_want[MAX];
    assert_true(o->n_q <= MAX);
    oracle(s, o, q_want, want, count_want);
    assert_ok(bnsl_saxs_structure_factor(&s->box, s->n, s->xyz, s->species, 2, o, q, total, partial, count, NULL));
    for (int i = 0; i < o->n_q; i++) {
        assert_int_equal(count[i], count_want[i]);
        assert_close(q[i], q_want[i], 1e-13, 0);
        for (int c = 0; c < 3; c++)
            assert_close(partial[3 * i + c], want[3 * i + c], 1e-10, 1e-10);
        assert_close(total[i], want[3 * i] + 2 * want[3 * i + 1] + want[3 * i + 2], 1e-10, 1e-10);
    }
}

static void equals_the_direct_sum(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        sample s = random_sample(k == 0 ? 7 : 131, k < 2 ? 0 : 1.0 + k, 11 + (uint64_t)k);
        bnsl_saxs_sq_options o = options(k == 1 ? 1.5 : 0, k == 0 ? 12 : 6, 40);
        agrees_with_oracle(&s, &o);
        o.peak_hwhm = 0.2;
        o.q_max = k == 0 ? 8 : 5;
        agrees_with_oracle(&s, &o);
        free_sample(&s);
    }
}

static void blocks_of_particles_add_up(void **state)
{
    (void)state;
    sample s = random_sample(1201, 1, 3); /* five blocks of 256, the last of each species ragged */
    bnsl_saxs_sq_options o = options(0, 1.6, 9);
    agrees_with_oracle(&s, &o);
    free_sample(&s);
}

static void does_not_depend_on_threads(void **state)
{
    (void)state;
    sample s = random_sample(500, 0.7, 21);
    for (int folded = 0; folded < 2; folded++) {
        bnsl_saxs_sq_options o = options(0.5, 7, 50);
        double one[50 * 5], other[50 * 5];
        o.peak_hwhm = folded ? 0.1 : 0;
        assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &o, one, one + 50, one + 100, NULL, NULL));
        for (o.num_threads = 2; o.num_threads <= 3; o.num_threads++) {
            assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &o, other, other + 50, other + 100, NULL, NULL));
            assert_memory_equal(one, other, sizeof one);
        }
    }
    free_sample(&s);
}

/* A box whose tilt is larger by a whole edge describes the same periodic system. */
static void triclinic_equals_orthorhombic(void **state)
{
    (void)state;
    sample s = random_sample(200, 0, 5);
    bnsl_saxs_sq_options o = options(0, 6, 30);
    double q[30], want[30], got[30];
    int64_t n_want[30], n_got[30];
    assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, NULL, 1, &o, q, want, NULL, n_want, NULL));
    s.box.xy = s.box.lx / s.box.ly;
    s.box.yz = -2 * s.box.ly / s.box.lz;
    assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, NULL, 1, &o, q, got, NULL, n_got, NULL));
    for (int i = 0; i < 30; i++) {
        assert_int_equal(n_got[i], n_want[i]);
        assert_close(got[i], want[i], 1e-11, 0);
    }
    free_sample(&s);
}

static void ignores_translation_and_order(void **state)
{
    (void)state;
    sample s = random_sample(150, 1, 6);
    bnsl_saxs_sq_options o = options(0, 5, 20);
    double q[20], want[60], got[60];
    assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &o, q, NULL, want, NULL, NULL));
    for (int64_t i = 0; i < s.n / 2; i++) { /* exchange pairs, then shift all */
        int64_t j = s.n - 1 - i;
        int32_t t = s.species[i];
        s.species[i] = s.species[j];
        s.species[j] = t;
        for (int k = 0; k < 3; k++) {
            double x = s.xyz[3 * i + k];
            s.xyz[3 * i + k] = s.xyz[3 * j + k];
            s.xyz[3 * j + k] = x;
        }
    }
    for (int64_t i = 0; i < 3 * s.n; i++)
        s.xyz[i] += 0.37;
    assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &o, q, NULL, got, NULL, NULL));
    for (int i = 0; i < 60; i++)
        assert_close(got[i], want[i], 1e-11, 1e-12);
    free_sample(&s);
}

/* In bins around each line: sum over k of S = M N_cells^2 |F|^2 / N, the true multiplicity. */
static void perfect_crystals_have_true_multiplicities(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double c_over_a;
        int32_t cell;
    } cases[] = {{"AlB2", 0.99, BNSL_CELL_CONVENTIONAL}, {"AlB2", 0.99, BNSL_CELL_ORTHOGONAL}, {"NaZn13", 0, 0}, {"fcc", 0, 0}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        bnsl_lattice *lattice;
        const int32_t repeat = c == 2 ? 1 : 3;
        sample s = crystal(cases[c].name, cases[c].c_over_a, cases[c].cell, repeat, repeat, repeat, &lattice);
        bnsl_reflection list[64];
        int64_t n;
        int32_t n_large, n_small;
        assert_ok(bnsl_lattice_sites(lattice, &n_large, &n_small));
        assert_ok(bnsl_lattice_reflections(lattice, c < 2 ? 20 : 45, 0, 64, &n, list));
        assert_true(n > 6);
        double cells = (double)s.n / (n_large + n_small);
        for (int64_t i = 0; i < n; i++) {
            double width = 1e-6, q, total, sum = 0;
            int64_t count;
            bnsl_saxs_sq_options o = options(list[i].q - width, list[i].q + width, 1);
            for (int64_t j = 0; j < n; j++) /* 442 and 600 share a bin */
                if (fabs(list[j].q - list[i].q) < width)
                    sum += list[j].multiplicity * (list[j].g_ll + list[j].g_ss + 2 * list[j].g_ls);
            assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &o, &q, &total, NULL, &count, NULL));
            assert_close(total * (double)count, sum * cells * cells / (double)s.n, 1e-10, 1e-9);
        }
        free_sample(&s);
        bnsl_lattice_destroy(lattice);
    }
}

static void an_ideal_gas_has_its_composition(void **state)
{
    (void)state;
    sample s = random_sample(600, 0.5, 8);
    bnsl_saxs_sq_options o = options(4, 16, 4);
    double q[4], partial[12];
    int64_t count[4];
    assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &o, q, NULL, partial, count, NULL));
    for (int i = 0; i < 4; i++) { /* S_aa of one k is exponential with mean x_a; 5 standard errors */
        double five = 5 / sqrt((double)count[i] / 2);
        assert_close(partial[3 * i], 2.0 / 3, 0, 2.0 / 3 * five);
        assert_close(partial[3 * i + 1], 0, 0, sqrt(2.0 / 9) * five);
        assert_close(partial[3 * i + 2], 1.0 / 3, 0, 1.0 / 3 * five);
    }
    free_sample(&s);
}

/* The whole way: crystal, folded S(q), fit. a to 1e-4 (and not 2 a, whose lines contain all of these), Scherrer size to 1 %, all particles
 * crystalline. */
static void a_folded_crystal_fits_back(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double c_over_a;
        int32_t cell, nx, ny, nz;
        double q_max;
    } cases[] = {
        {"AlB2", 0.99, BNSL_CELL_CONVENTIONAL, 12, 12, 12, 16}, {"AlB2", 0.99, BNSL_CELL_ORTHOGONAL, 12, 7, 12, 16}, {"fcc", 0, 0, 10, 10, 10, 20}};
    enum { N_Q = 800 };
    static double q[N_Q], s_q[N_Q];
    const double hwhm = 0.12;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        bnsl_lattice *lattice;
        sample s = crystal(cases[c].name, cases[c].c_over_a, cases[c].cell, cases[c].nx, cases[c].ny, cases[c].nz, &lattice);
        bnsl_saxs_sq_options o = options(3, cases[c].q_max, N_Q);
        o.peak_hwhm = hwhm;
        assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &o, q, s_q, NULL, NULL, NULL));
        for (int i = 0; i < N_Q; i++)
            assert_true(isfinite(s_q[i]));
        bnsl_saxs_pattern_options po;
        assert_ok(bnsl_saxs_pattern_options_init(&po, sizeof po));
        po.background = BNSL_BACKGROUND_POLYNOMIAL;
        po.background_order = 0;
        po.error_model = BNSL_ERRORS_UNIFORM;
        bnsl_saxs_pattern *pattern;
        bnsl_saxs_phase phase;
        assert_ok(bnsl_saxs_pattern_create(&pattern, &po));
        bnsl_saxs_phase_options range;
        assert_ok(bnsl_saxs_phase_options_init(&range, sizeof range));
        range.a_min = 0.7;
        range.a_max = 2.5;
        assert_ok(bnsl_saxs_pattern_add_phase(pattern, lattice, &range));
        assert_ok(bnsl_saxs_pattern_fit(pattern, N_Q, q, s_q, NULL, NULL));
        assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &phase));
        assert_close(phase.a, 1, 1e-4, 0);
        assert_close(phase.xi, PI * 1.0747 / hwhm, 0.01, 0);
        assert_close(phase.fraction, 1, 0.02, 0); /* the number of wave vectors in a shell fluctuates by a percent */
        bnsl_saxs_pattern_destroy(pattern);
        free_sample(&s);
        bnsl_lattice_destroy(lattice);
    }
}

static int32_t stop(void *user, int64_t done, int64_t total)
{
    int64_t *calls = user;
    assert_true(done <= total);
    ++*calls;
    return 1;
}

static void refuses_bad_arguments(void **state)
{
    (void)state;
    sample s = random_sample(20, 0, 9);
    bnsl_saxs_sq_options good = options(0, 5, 10), o = good;
    double q[10], kept = -7;
    const double nan_value = NAN;
    for (int i = 0; i < 10; i++)
        q[i] = kept;
#define CALL(n, xyz, species, n_species, opts) bnsl_saxs_structure_factor(&s.box, n, xyz, species, n_species, opts, q, NULL, NULL, NULL, NULL)
    assert_status(bnsl_saxs_structure_factor(NULL, 20, s.xyz, s.species, 2, &o, q, NULL, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_structure_factor(&s.box, 20, s.xyz, s.species, 2, &o, NULL, q, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(CALL(0, s.xyz, s.species, 2, &o), BNSL_EINVAL);
    assert_status(CALL(-3, s.xyz, s.species, 2, &o), BNSL_EINVAL);
    assert_status(CALL(20, NULL, s.species, 2, &o), BNSL_EINVAL);
    assert_status(CALL(20, s.xyz, s.species, 1, &o), BNSL_EINVAL);
    assert_status(CALL(20, s.xyz, s.species, 65, &o), BNSL_EINVAL);
    assert_status(CALL(20, s.xyz, NULL, 2, &o), BNSL_EINVAL);
    s.species[3] = -1;
    assert_status(CALL(20, s.xyz, s.species, 2, &o), BNSL_EINVAL);
    s.species[3] = 0;
    const double x = s.xyz[7];
    s.xyz[7] = nan_value;
    assert_status(CALL(20, s.xyz, s.species, 2, &o), BNSL_EINVAL);
    s.xyz[7] = INFINITY;
    assert_status(CALL(20, s.xyz, s.species, 2, &o), BNSL_EINVAL);
    s.xyz[7] = x;
    const struct {
        double q_min, q_max, hwhm;
        int32_t n_q;
    } bad[] = {{0, 0, 0, 10},   {0, -1, 0, 10}, {0, NAN, 0, 10}, {0, INFINITY, 0, 10}, {-1, 5, 0, 10},     {5, 5, 0, 10},
               {NAN, 5, 0, 10}, {0, 5, -1, 10}, {0, 5, NAN, 10}, {0, 5, 0, 0},         {0, 5, 0, 1000001}, {0, 1e9, 0, 10}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        o = good;
        o.q_min = bad[i].q_min;
        o.q_max = bad[i].q_max;
        o.peak_hwhm = bad[i].hwhm;
        o.n_q = bad[i].n_q;
        assert_status(CALL(20, s.xyz, s.species, 2, &o), BNSL_EINVAL);
    }
    o = good;
    o.struct_size = 0;
    assert_status(CALL(20, s.xyz, s.species, 2, &o), BNSL_EINVAL);
    o = options(0, 0.1, 10); /* 2 pi / L is larger */
    assert_status(CALL(20, s.xyz, s.species, 2, &o), BNSL_EDOMAIN);
    s.box.periodic = BNSL_PERIODIC_X;
    assert_status(CALL(20, s.xyz, s.species, 2, &good), BNSL_EINVAL);
    s.box.periodic = BNSL_PERIODIC_XYZ;
    s.box.ly = -1;
    assert_status(CALL(20, s.xyz, s.species, 2, &good), BNSL_EINVAL);
#undef CALL
    assert_status(bnsl_saxs_sq_options_init(NULL, sizeof o), BNSL_EINVAL);
    for (int i = 0; i < 10; i++)
        assert_true(q[i] == kept);
    free_sample(&s);
}

static void can_be_cancelled(void **state)
{
    (void)state;
    sample s = random_sample(300, 0, 10);
    bnsl_saxs_sq_options o = options(0, 8, 10);
    bnsl_control *control;
    double q[10] = {0};
    int64_t calls = 0;
    assert_ok(bnsl_control_create(&control));
    bnsl_control_cancel(control);
    assert_status(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, NULL, 1, &o, q, NULL, NULL, NULL, control), BNSL_ECANCELLED);
    bnsl_control_reset(control);
    assert_ok(bnsl_control_set_progress(control, stop, &calls));
    o.num_threads = 2;
    assert_status(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, NULL, 1, &o, q, NULL, NULL, NULL, control), BNSL_ECANCELLED);
    assert_int_equal(calls, 1);
    assert_true(q[0] == 0 && q[9] == 0);
    bnsl_control_destroy(control);
    free_sample(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_direct_sum),
        cmocka_unit_test(blocks_of_particles_add_up),
        cmocka_unit_test(does_not_depend_on_threads),
        cmocka_unit_test(triclinic_equals_orthorhombic),
        cmocka_unit_test(ignores_translation_and_order),
        cmocka_unit_test(perfect_crystals_have_true_multiplicities),
        cmocka_unit_test(an_ideal_gas_has_its_composition),
        cmocka_unit_test(a_folded_crystal_fits_back),
        cmocka_unit_test(refuses_bad_arguments),
        cmocka_unit_test(can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
