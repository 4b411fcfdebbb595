/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl_saxs_structure_factor by NUFFT and by the Debye sum, against the direct sums; intensities. */
#include "bnsl_test.h"
#include "saved_fluid.h"

#define PI 3.14159265358979323846

typedef struct sample {
    bnsl_box box;
    int64_t n;
    int32_t n_species;
    double *xyz;
    int32_t *species;
} sample;

static void free_sample(sample *s)
{
    free(s->xyz);
    free(s->species);
}

/* n random particles of n_species in a box of volume n / 0.8, edges 1 : 0.7 : 1 / 0.7, some outside it. */
static sample random_sample(int64_t n, int32_t n_species, double tilt, uint64_t seed)
{
    sample s = {.n = n, .n_species = n_species, .xyz = malloc(3 * (size_t)n * sizeof(double)), .species = malloc((size_t)n * sizeof(int32_t))};
    const double length = cbrt((double)n / 0.8);
    assert_non_null(s.xyz);
    assert_non_null(s.species);
    assert_ok(bnsl_box_init(&s.box, length, 0.7 * length, length / 0.7, 0.4 * tilt, 0.3 * tilt, -0.5 * tilt));
    for (int64_t i = 0; i < n; i++) {
        s.species[i] = (int32_t)(test_uniform(&seed) * n_species);
        for (int k = 0; k < 3; k++)
            s.xyz[3 * i + k] = (test_uniform(&seed) - 0.5) * 2 * length;
    }
    return s;
}

static bnsl_saxs_sq_options options(int32_t method, double q_min, double q_max, int32_t n_q)
{
    bnsl_saxs_sq_options o;
    assert_ok(bnsl_saxs_sq_options_init(&o, sizeof o));
    o.method = method;
    o.q_min = q_min;
    o.q_max = q_max;
    o.n_q = n_q;
    return o;
}

enum { MAX_Q = 500, MAX_PAIRS = 10 };

typedef struct result {
    double q[MAX_Q], s[MAX_Q], partial[MAX_Q * MAX_PAIRS];
    int64_t n_k[MAX_Q];
} result;

static void run(const sample *s, const bnsl_saxs_sq_options *o, result *r)
{
    assert_true(o->n_q <= MAX_Q && s->n_species <= 4);
    assert_ok(bnsl_saxs_structure_factor(&s->box, s->n, s->xyz, s->species, s->n_species, o, r->q, r->s, r->partial, r->n_k, NULL));
}

/* Largest difference of two results' partials; the same q and numbers of wave vectors. */
static double distance(const sample *s, const bnsl_saxs_sq_options *o, const result *a, const result *b)
{
    double most = 0;
    for (int i = 0; i < o->n_q; i++) {
        assert_int_equal(a->n_k[i], b->n_k[i]);
        assert_close(a->q[i], b->q[i], 1e-12, 0);
        for (int c = 0; c < s->n_species * (s->n_species + 1) / 2; c++) {
            const double x = a->partial[i * s->n_species * (s->n_species + 1) / 2 + c], y = b->partial[i * s->n_species * (s->n_species + 1) / 2 + c];
            assert_true(isnan(x) == isnan(y));
            if (!isnan(x))
                most = fmax(most, fabs(x - y));
        }
    }
    return most;
}

/* ---- NUFFT ------------------------------------------------------------------------------------------------------------------ */

/* Boxes straight and tilted, 1 .. 4 species, 1 .. 400 particles, at several tolerances: random particles have a mean S of 1, and an error e
 * of F / sqrt(N) is one of 2 e in S at most. */
static void nufft_equals_the_direct_sum(void **state)
{
    (void)state;
    static const int64_t numbers[] = {1, 2, 5, 40, 400};
    static const double tolerances[] = {1e-3, 1e-6, 1e-11};
    static result want, got;
    for (int c = 0; c < 20; c++) {
        sample s = random_sample(numbers[c % 5], 1 + c % 4, c < 8 ? 0 : 0.3 * c, 100 + (uint64_t)c);
        const double q_max = c % 5 < 3 ? 40 : 12;
        bnsl_saxs_sq_options o = options(BNSL_SQ_DIRECT, c % 3, q_max, 30);
        o.peak_hwhm = c % 7 == 3 ? 0.4 : 0;
        run(&s, &o, &want);
        o.method = BNSL_SQ_NUFFT;
        for (int t = 0; t < 3; t++) {
            o.tolerance = tolerances[t];
            run(&s, &o, &got);
            const double error = distance(&s, &o, &want, &got);
            assert_true(error < 1.5 * tolerances[t] + (o.peak_hwhm > 0 ? 1e-6 : 0));
            if (t < 2 && s.n > 5)
                assert_true(error > 1e-13); /* it was no direct sum */
        }
        free_sample(&s);
    }
}

/* The fluid of 27,000 particles: relative error of every bin, wave vectors up to q sigma_LL = 25 in some narrow ranges (the whole is in bench). */
static void nufft_of_a_large_fluid(void **state)
{
    (void)state;
    static result want, got;
    saved_fluid fluid;
    assert_true(saved_fluid_read(&fluid, test_data("md/m25_phi055.bin")));
    sample s = {.n = fluid.n, .n_species = 2, .xyz = fluid.xyz, .species = fluid.species};
    assert_ok(bnsl_box_init(&s.box, fluid.edge, fluid.edge, fluid.edge, 0, 0, 0));
    bnsl_saxs_sq_options o = options(BNSL_SQ_DIRECT, 0, 5, 100);
    o.num_threads = 2;
    run(&s, &o, &want);
    o.method = BNSL_SQ_AUTO;
    run(&s, &o, &got);
    for (int i = 0; i < o.n_q; i++) {
        assert_int_equal(want.n_k[i], got.n_k[i]);
        if (want.n_k[i] > 0)
            assert_close(got.s[i], want.s[i], 1e-5, 0);
    }
    saved_fluid_free(&fluid);
}

/* A single wave vector by hand, at the very end of the range: the largest index along every axis. */
static void nufft_of_one_wave_vector(void **state)
{
    (void)state;
    double xyz[] = {0.1, 0.2, -0.3, 0.45, -0.2, 0.11, 0.3, 0.3, 0.3}, q, s, b[9];
    int64_t n_k;
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, 1, 1.1, 0.9, 0.2, -0.1, 0.3));
    assert_ok(bnsl_box_reciprocal(&box, b));
    for (int d = 0; d < 3; d++) {
        const int h = 7 + d;
        const double k = h * sqrt(b[3 * d] * b[3 * d] + b[3 * d + 1] * b[3 * d + 1] + b[3 * d + 2] * b[3 * d + 2]);
        bnsl_saxs_sq_options o = options(BNSL_SQ_NUFFT, k * (1 - 1e-9), k * (1 + 1e-9), 1);
        double re = 0, im = 0;
        for (int i = 0; i < 3; i++) {
            const double phase = h * (b[3 * d] * xyz[3 * i] + b[3 * d + 1] * xyz[3 * i + 1] + b[3 * d + 2] * xyz[3 * i + 2]);
            re += cos(phase);
            im += sin(phase);
        }
        assert_ok(bnsl_saxs_structure_factor(&box, 3, xyz, NULL, 1, &o, &q, &s, NULL, &n_k, NULL));
        assert_int_equal(n_k, 2);
        assert_close(q, k, 1e-12, 0);
        assert_close(s, (re * re + im * im) / 3, 0, 1e-5);
    }
}

static void same_bits_for_any_threads_and_memory(void **state)
{
    (void)state;
    sample s = random_sample(900, 3, 0.7, 21);
    static result one, other;
    for (int c = 0; c < 3; c++) {
        bnsl_saxs_sq_options o = options(c == 2 ? BNSL_SQ_DEBYE : BNSL_SQ_NUFFT, 0.5, 11, 90);
        o.peak_hwhm = c == 1 ? 0.1 : 0;
        run(&s, &o, &one);
        for (o.num_threads = 2; o.num_threads <= 4; o.num_threads++) {
            run(&s, &o, &other);
            assert_memory_equal(&one, &other, sizeof one);
        }
        o.memory_mib = 0.9; /* several passes */
        run(&s, &o, &other);
        assert_memory_equal(&one, &other, sizeof one);
    }
    free_sample(&s);
}

static void too_little_memory_is_said(void **state)
{
    (void)state;
    sample s = random_sample(900, 3, 0.7, 21);
    bnsl_saxs_sq_options o = options(BNSL_SQ_NUFFT, 0.5, 11, 90);
    double q[90];
    o.memory_mib = 0.01;
    assert_status(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, NULL, 1, &o, q, NULL, NULL, NULL, NULL), BNSL_ENOMEM);
    assert_non_null(strstr(bnsl_error_message(), "memory_mib"));
    free_sample(&s);
}

/* A box tilted by many edges, as a long shear leaves it. */
static void nufft_of_a_very_tilted_box(void **state)
{
    (void)state;
    sample s = random_sample(300, 2, 0, 5);
    bnsl_saxs_sq_options o = options(BNSL_SQ_NUFFT, 0, 9, 40);
    static result want, got;
    run(&s, &o, &want);
    s.box.xy = 50 * s.box.lx / s.box.ly;
    s.box.yz = -7 * s.box.ly / s.box.lz;
    run(&s, &o, &got);
    assert_true(distance(&s, &o, &want, &got) < 1e-5);
    free_sample(&s);
}

/* Translation, order of the particles, and a supercell: of 8 copies only the wave vectors of the small cell scatter, 8 times as much each. */
static void nufft_invariances(void **state)
{
    (void)state;
    sample s = random_sample(250, 2, 1, 6), big = {.n = 8 * s.n, .n_species = 2, .box = s.box};
    static result want, got;
    bnsl_saxs_sq_options o = options(BNSL_SQ_NUFFT, 0, 8, 1);
    double edges[9];
    o.tolerance = 1e-10;
    run(&s, &o, &want);
    assert_ok(bnsl_box_vectors(&s.box, edges));
    big.xyz = malloc(3 * (size_t)big.n * sizeof(double));
    big.species = malloc((size_t)big.n * sizeof(int32_t));
    for (int64_t i = 0; i < big.n; i++) { /* the last first */
        const int64_t of = (big.n - 1 - i) % s.n, copy = i / s.n;
        big.species[i] = s.species[of];
        for (int k = 0; k < 3; k++)
            big.xyz[3 * i + k] = s.xyz[3 * of + k] + 0.37 + (copy & 1 ? edges[k] : 0) + (copy & 2 ? edges[3 + k] : 0) + (copy & 4 ? edges[6 + k] : 0);
    }
    big.box.lx *= 2;
    big.box.ly *= 2;
    big.box.lz *= 2;
    run(&big, &o, &got);
    for (int c = 0; c < 3; c++) /* mean over k times number of k */
        assert_close(got.partial[c] * (double)got.n_k[0], 8 * want.partial[c] * (double)want.n_k[0], 1e-8, 1e-8);
    free_sample(&big);
    free_sample(&s);
}

/* In a narrow bin around each line of a crystal: sum over k of S = M N_cells^2 |F|^2 / N. */
static void nufft_of_perfect_crystals(void **state)
{
    (void)state;
    static const char *const names[] = {"AlB2", "NaZn13", "fcc"};
    for (int c = 0; c < 3; c++) {
        bnsl_lattice *lattice;
        bnsl_reflection list[64];
        int64_t n;
        int32_t n_large, n_small;
        sample s = {.n_species = 2};
        assert_ok(bnsl_lattice_create(&lattice, names[c], NULL));
        const int32_t repeat = c == 1 ? 2 : 4;
        assert_int_equal(bnsl_lattice_supercell(lattice, 0, repeat, repeat, repeat, 0, &s.n, &s.box, NULL, NULL), BNSL_EBUFFER);
        s.xyz = malloc(3 * (size_t)s.n * sizeof(double));
        s.species = malloc((size_t)s.n * sizeof(int32_t));
        assert_ok(bnsl_lattice_supercell(lattice, 0, repeat, repeat, repeat, s.n, &s.n, &s.box, s.xyz, s.species));
        assert_ok(bnsl_lattice_sites(lattice, &n_large, &n_small));
        assert_ok(bnsl_lattice_reflections(lattice, c == 0 ? 15 : 35, 0, 64, &n, list));
        const double cells = (double)s.n / (n_large + n_small);
        assert_true(n > 3);
        for (int64_t i = 0; i < n; i += 3) {
            static result r;
            double sum = 0;
            bnsl_saxs_sq_options o = options(BNSL_SQ_NUFFT, list[i].q - 1e-6, list[i].q + 1e-6, 1);
            for (int64_t j = 0; j < n; j++)
                if (fabs(list[j].q - list[i].q) < 1e-6)
                    sum += list[j].multiplicity * (list[j].g_ll + list[j].g_ss + 2 * list[j].g_ls);
            run(&s, &o, &r);
            assert_close(r.s[0] * (double)r.n_k[0], sum * cells * cells / (double)s.n, 1e-5, 1e-5 * (double)s.n);
        }
        free_sample(&s);
        bnsl_lattice_destroy(lattice);
    }
}

/* ---- Debye -------------------------------------------------------------------------------------------------------------------- */

/* Every pair by sin(q r) / (q r). */
static void naive_debye(const sample *s, double q, double *partial)
{
    const int32_t n_pairs = s->n_species * (s->n_species + 1) / 2;
    for (int c = 0; c < n_pairs; c++)
        partial[c] = 0;
    for (int64_t i = 0; i < s->n; i++)
        for (int64_t j = 0; j < s->n; j++) {
            const int32_t a = s->species[i], b = s->species[j];
            double square = 0;
            for (int k = 0; k < 3; k++)
                square += (s->xyz[3 * i + k] - s->xyz[3 * j + k]) * (s->xyz[3 * i + k] - s->xyz[3 * j + k]);
            const double x = q * sqrt(square);
            if (a <= b)
                partial[a * s->n_species - a * (a - 1) / 2 + b - a] += (x > 0 ? sin(x) / x : 1) / (double)s->n;
        }
}

static void compare_debye(const sample *s, const bnsl_saxs_sq_options *o, int every)
{
    static result r;
    const int32_t n_pairs = s->n_species * (s->n_species + 1) / 2;
    double want[MAX_PAIRS];
    run(s, o, &r);
    for (int i = 0; i < o->n_q; i += every) {
        naive_debye(s, r.q[i], want);
        double total = 0;
        for (int32_t a = 0, c = 0; a < s->n_species; a++)
            for (int32_t b = a; b < s->n_species; b++, c++) {
                assert_close(r.partial[i * n_pairs + c], want[c], 1e-6, 1e-6);
                total += a == b ? want[c] : 2 * want[c];
            }
        assert_close(r.s[i], total, 1e-6, 1e-6);
        assert_close(r.q[i], o->q_min + (i + 0.5) * (o->q_max - o->q_min) / o->n_q, 1e-14, 0);
    }
}

static void debye_equals_the_naive_sum(void **state)
{
    (void)state;
    static const int64_t numbers[] = {1, 2, 3, 17, 300, 1100};
    for (int c = 0; c < 12; c++) {
        sample s = random_sample(numbers[c % 6], 1 + c % 4, 0, 40 + (uint64_t)c);
        bnsl_saxs_sq_options o = options(BNSL_SQ_DEBYE, c % 2 ? 0 : 1.5, 5.0 * (1 + c % 5), c % 3 ? 131 : 20);
        o.num_threads = 1 + c % 2;
        compare_debye(&s, &o, numbers[c % 6] > 200 ? 26 : 1);
        free_sample(&s);
    }
}

/* Equal distances, pairs in one place and nearly so, a bin that is not 0.1 / q_max. */
static void debye_of_special_pairs(void **state)
{
    (void)state;
    double xyz[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1e-9, 0, 0, 1e-4, 0, 0, 2e-3, 1e-3, 0, 0, 1, 0, 500, 300, 200};
    int32_t species[] = {0, 1, 0, 1, 0, 0, 1, 0};
    sample s = {.n = 8, .n_species = 2, .xyz = xyz, .species = species};
    assert_ok(bnsl_box_init(&s.box, 1, 1, 1, 0, 0, 0));
    bnsl_saxs_sq_options o = options(BNSL_SQ_DEBYE, 0, 20, 100);
    compare_debye(&s, &o, 1);
    o.bin_width = 0.0013;
    compare_debye(&s, &o, 1);
}

/* Carved AlB2 with a = 13.08, a ball of radius 55: some points against the naive sum. */
static void debye_of_a_crystal_ball(void **state)
{
    (void)state;
    bnsl_lattice *lattice;
    sample s = {.n_species = 2};
    bnsl_lattice_options lo;
    assert_ok(bnsl_lattice_options_init(&lo, sizeof lo));
    lo.a = 13.08;
    assert_ok(bnsl_lattice_create(&lattice, "AlB2", &lo));
    assert_int_equal(bnsl_lattice_sphere(lattice, 55, 0, &s.n, NULL, NULL), BNSL_EBUFFER);
    s.xyz = malloc(3 * (size_t)s.n * sizeof(double));
    s.species = malloc((size_t)s.n * sizeof(int32_t));
    assert_ok(bnsl_lattice_sphere(lattice, 55, s.n, &s.n, s.xyz, s.species));
    bnsl_lattice_destroy(lattice);
    bnsl_saxs_sq_options o = options(BNSL_SQ_DEBYE, 0, 2, 240);
    assert_ok(bnsl_box_init(&s.box, 1, 1, 1, 0, 0, 0));
    s.box.periodic = 0;
    compare_debye(&s, &o, 40);
    free_sample(&s);
}

/* The reflection 101 of a ball of diameter 320.6 of AlB2, a = 13.08, c/a = 0.99: 11.631 by a plain sum over all pairs, made for this project with
 * numpy; from the area of the line, 2 pi^2 M |F|^2 / (v_c q^2 n), over a ball's integral breadth, 2 pi (4/3) / D: 11.608. */
static void debye_of_a_reflection(void **state)
{
    (void)state;
    const double a = 13.08, c = 0.99 * a, diameter = 320.6, volume = sqrt(3) / 2 * a * a * c, q = 2 * PI * sqrt(4 / (3 * a * a) + 1 / (c * c));
    const double theory = 2 * PI * PI * 12 * 4 / (volume * q * q * 3) / (2 * PI * 4 / 3 / diameter);
    bnsl_lattice *lattice;
    sample s = {.n_species = 1};
    bnsl_lattice_options lo;
    static result r;
    assert_ok(bnsl_lattice_options_init(&lo, sizeof lo));
    lo.a = a;
    lo.c_over_a = 0.99;
    assert_ok(bnsl_lattice_create(&lattice, "AlB2", &lo));
    assert_int_equal(bnsl_lattice_sphere(lattice, diameter / 2, 0, &s.n, NULL, NULL), BNSL_EBUFFER);
    s.xyz = malloc(3 * (size_t)s.n * sizeof(double));
    s.species = calloc((size_t)s.n, sizeof(int32_t));
    int32_t *ignored = malloc((size_t)s.n * sizeof(int32_t));
    assert_ok(bnsl_lattice_sphere(lattice, diameter / 2, s.n, &s.n, s.xyz, ignored));
    bnsl_lattice_destroy(lattice);
    assert_int_equal(s.n, 26983);
    assert_ok(bnsl_box_init(&s.box, 1, 1, 1, 0, 0, 0));
    bnsl_saxs_sq_options o = options(BNSL_SQ_DEBYE, q - 1e-7, q + 1e-7, 1);
    o.num_threads = 2;
    run(&s, &o, &r);
    assert_close(r.s[0], 11.631, 0, 1e-3); /* given to three decimals */
    assert_close(r.s[0], theory, 0.003, 0);
    free(ignored);
    free_sample(&s);
}

/* A uniform random ball: S - 1 is that of its outline, which shape takes away; a mask leaves the rest as it is. */
static void debye_without_the_outline(void **state)
{
    (void)state;
    enum { N = 3000, N_Q = 120 };
    const double radius = 9;
    sample s = random_sample(N, 2, 0, 77);
    static result kept, subtracted, masked, other;
    uint64_t seed = 4;
    for (int64_t i = 0; i < N; i++) {
        double *r = s.xyz + 3 * i;
        do
            for (int k = 0; k < 3; k++)
                r[k] = 100 + radius * (2 * test_uniform(&seed) - 1);
        while ((r[0] - 100) * (r[0] - 100) + (r[1] - 100) * (r[1] - 100) + (r[2] - 100) * (r[2] - 100) > radius * radius);
    }
    bnsl_saxs_sq_options o = options(BNSL_SQ_DEBYE, 0, 6, N_Q);
    run(&s, &o, &kept);
    o.shape = BNSL_SQ_SHAPE_SUBTRACT;
    run(&s, &o, &subtracted);
    o.shape_radius = radius;
    run(&s, &o, &other);
    o.shape = BNSL_SQ_SHAPE_MASK;
    run(&s, &o, &masked);
    double mean = 0;
    for (int i = 0; i < N_Q; i++) {
        const double x = kept.q[i] * radius, phi = 3 * (sin(x) - x * cos(x)) / (x * x * x);
        assert_close(kept.s[i] - other.s[i], (N - 1) * phi * phi, 1e-9, 1e-9); /* partials add up to it */
        assert_close(subtracted.s[i], other.s[i], 0, 0.05 * N * phi * phi + 0.02 * sqrt(N) * fabs(phi)); /* radius from the radius of gyration */
        if (x < 6)
            assert_true(isnan(masked.s[i]) && isnan(masked.partial[3 * i + 1]));
        else
            assert_true(masked.s[i] == kept.s[i] && masked.partial[3 * i + 1] == kept.partial[3 * i + 1]);
        mean += x < 6 ? 0 : other.s[i];
    }
    assert_true(kept.s[0] > 1000);
    /* Independent wave vectors: V q^2 / (4 pi^2) a unit of q; the mean over 0.67 < q < 6 has a standard error of 0.025. */
    assert_close(mean / (N_Q - 6 / radius / (6.0 / N_Q)), 1, 0, 0.12);
    free_sample(&s);
}

/* The Debye sum does not know the box; a direct sum far from the origin of k agrees with it in the mean over a random gas: both 1. */
static void debye_needs_no_box(void **state)
{
    (void)state;
    sample s = random_sample(60, 1, 0, 3);
    bnsl_saxs_sq_options o = options(BNSL_SQ_AUTO, 0, 9, 30);
    double with[30], without[30], q[30];
    int32_t method;
    assert_ok(bnsl_saxs_structure_factor(NULL, s.n, s.xyz, NULL, 1, &o, q, without, NULL, NULL, NULL));
    o.method = BNSL_SQ_DEBYE;
    assert_ok(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, NULL, 1, &o, q, with, NULL, NULL, NULL));
    assert_memory_equal(with, without, sizeof with);
    assert_ok(bnsl_saxs_sq_method(NULL, 60, BNSL_SQ_AUTO, &method));
    assert_int_equal(method, BNSL_SQ_DEBYE);
    assert_ok(bnsl_saxs_sq_method(&s.box, 60, BNSL_SQ_AUTO, &method));
    assert_int_equal(method, BNSL_SQ_DIRECT);
    assert_ok(bnsl_saxs_sq_method(&s.box, 6000, BNSL_SQ_AUTO, &method));
    assert_int_equal(method, BNSL_SQ_NUFFT);
    assert_ok(bnsl_saxs_sq_method(&s.box, 6000, BNSL_SQ_DEBYE, &method));
    assert_int_equal(method, BNSL_SQ_DEBYE);
    s.box.periodic = BNSL_PERIODIC_X;
    assert_status(bnsl_saxs_sq_method(&s.box, 60, BNSL_SQ_AUTO, &method), BNSL_EINVAL);
    assert_status(bnsl_saxs_sq_method(NULL, 60, BNSL_SQ_NUFFT, &method), BNSL_EINVAL);
    assert_status(bnsl_saxs_sq_method(NULL, 60, 4, &method), BNSL_EINVAL);
    assert_status(bnsl_saxs_sq_method(NULL, 60, 0, NULL), BNSL_EINVAL);
    free_sample(&s);
}

/* ---- intensities -------------------------------------------------------------------------------------------------------------- */

/* Particles of four sizes, classes of their own: |sum_i f(q, R_i) exp(i k.r)|^2 / N. */
static void intensity_of_size_classes(void **state)
{
    (void)state;
    enum { N_Q = 12 };
    sample s = random_sample(80, 4, 0.5, 12);
    static result r;
    double b[9], f[N_Q * 4], f2[N_Q * 4], i_q[N_Q], other[N_Q];
    bnsl_saxs_sq_options o = options(BNSL_SQ_NUFFT, 1, 7, N_Q);
    o.tolerance = 1e-10;
    run(&s, &o, &r);
    assert_ok(bnsl_box_reciprocal(&s.box, b));
    for (int i = 0; i < N_Q; i++)
        for (int a = 0; a < 4; a++)
            f[4 * i + a] = 0.3 * a - 0.2; /* does not depend on q, so that the mean over a bin is exact */
    assert_ok(bnsl_saxs_sq_intensity(N_Q, 4, NULL, r.partial, f, NULL, i_q));
    double sum[N_Q] = {0};
    int64_t count[N_Q] = {0};
    for (int h = -12; h <= 12; h++)
        for (int k = -12; k <= 12; k++)
            for (int l = -12; l <= 12; l++) {
                double v[3], re = 0, im = 0;
                for (int d = 0; d < 3; d++)
                    v[d] = h * b[d] + k * b[3 + d] + l * b[6 + d];
                const double length = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
                if (length < 1 || length >= 7)
                    continue;
                assert_true(abs(h) < 12 && abs(k) < 12 && abs(l) < 12);
                for (int64_t i = 0; i < s.n; i++) {
                    const double phase = v[0] * s.xyz[3 * i] + v[1] * s.xyz[3 * i + 1] + v[2] * s.xyz[3 * i + 2];
                    re += f[s.species[i]] * cos(phase);
                    im += f[s.species[i]] * sin(phase);
                }
                sum[(int)((length - 1) / 0.5)] += (re * re + im * im) / (double)s.n;
                count[(int)((length - 1) / 0.5)]++;
            }
    for (int i = 0; i < N_Q; i++) {
        assert_int_equal(count[i], r.n_k[i]);
        assert_close(i_q[i], count[i] ? sum[i] / (double)count[i] : NAN, 1e-8, 1e-10);
    }
    /* Decoupling: with <f^2> of a spread of sizes each share adds its variance. */
    const double share[4] = {0.1, 0.2, 0.3, 0.4};
    for (int i = 0; i < 4 * N_Q; i++)
        f2[i] = f[i] * f[i] + 0.01 * (i % 4);
    assert_ok(bnsl_saxs_sq_intensity(N_Q, 4, share, r.partial, f, f2, other));
    for (int i = 0; i < N_Q; i++)
        assert_close(other[i] - i_q[i], count[i] ? 0.01 * (0.2 + 0.6 + 1.2) : NAN, 1e-11, 0);
    assert_status(bnsl_saxs_sq_intensity(0, 4, NULL, r.partial, f, NULL, i_q), BNSL_EINVAL);
    assert_status(bnsl_saxs_sq_intensity(N_Q, 65, NULL, r.partial, f, NULL, i_q), BNSL_EINVAL);
    assert_status(bnsl_saxs_sq_intensity(N_Q, 4, NULL, r.partial, f, f2, i_q), BNSL_EINVAL);
    assert_status(bnsl_saxs_sq_intensity(N_Q, 4, NULL, NULL, f, NULL, i_q), BNSL_EINVAL);
    free_sample(&s);
}

/* An ideal gas: S = 1 and partials of its composition within statistics, by every method. */
static void ideal_gas(void **state)
{
    (void)state;
    for (int32_t method = BNSL_SQ_NUFFT; method <= BNSL_SQ_DEBYE; method++) {
        sample s = random_sample(5000, 2, 0.5, 8 + (uint64_t)method);
        bnsl_saxs_sq_options o = options(method, 6, 10, 1);
        static result r;
        int64_t n_large = 0;
        for (int64_t i = 0; i < s.n; i++)
            n_large += s.species[i] == 0;
        const double x = (double)n_large / (double)s.n;
        if (method == BNSL_SQ_DEBYE)
            assert_ok(bnsl_box_wrap(&s.box, s.n, s.xyz, NULL));
        run(&s, &o, &r);
        /* one k: exponential of mean 1. Debye: variance of 2 / N sum over pairs of j0 is 4 / N^2 N^2 / 2 <j0^2>, <j0^2> = 1/2 <1 / (q r)^2> */
        const double five = 5 * (method == BNSL_SQ_NUFFT ? 1 / sqrt((double)r.n_k[0] / 2) : 0.02);
        assert_close(r.s[0], 1, 0, five);
        assert_close(r.partial[0], x, 0, five);
        assert_close(r.partial[1], 0, 0, five);
        assert_close(r.partial[2], 1 - x, 0, five);
        free_sample(&s);
    }
}

/* ---- faults ---------------------------------------------------------------------------------------------------------------------- */

static int32_t stop(void *user, int64_t done, int64_t total)
{
    assert_true(done <= total);
    ++*(int64_t *)user;
    return 1;
}

static void refuses_and_stops(void **state)
{
    (void)state;
    sample s = random_sample(300, 2, 0, 10);
    double q[10];
    for (int i = 0; i < 10; i++)
        q[i] = -7;
    for (int32_t method = BNSL_SQ_DIRECT; method <= BNSL_SQ_DEBYE; method++) {
        const bnsl_saxs_sq_options good = options(method, 0, 8, 10);
        bnsl_saxs_sq_options o;
        bnsl_control *control;
        int64_t calls = 0;
#define REFUSED(field, value)                                                                                                                      \
    do {                                                                                                                                           \
        o = good;                                                                                                                                  \
        o.field = value;                                                                                                                           \
        assert_status(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &o, q, NULL, NULL, NULL, NULL), BNSL_EINVAL);                   \
    } while (0)
        REFUSED(method, -1);
        REFUSED(method, 4);
        REFUSED(tolerance, 0);
        REFUSED(tolerance, 1e-13);
        REFUSED(tolerance, NAN);
        REFUSED(tolerance, 0.1);
        REFUSED(memory_mib, 0);
        REFUSED(memory_mib, NAN);
        REFUSED(bin_width, -1);
        REFUSED(bin_width, INFINITY);
        REFUSED(shape_radius, -1);
        REFUSED(shape_radius, NAN);
        REFUSED(shape, 3);
        REFUSED(shape, -1);
        if (method != BNSL_SQ_DEBYE)
            REFUSED(q_max, 1e9);
        if (method == BNSL_SQ_DEBYE)
            REFUSED(peak_hwhm, 0.1);
        o = good;
        o.q_max = method == BNSL_SQ_DEBYE ? 1e9 : 0.01; /* too many bins; no wave vector */
        assert_status(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &o, q, NULL, NULL, NULL, NULL), BNSL_EDOMAIN);
        s.xyz[5] = NAN;
        assert_status(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &good, q, NULL, NULL, NULL, NULL), BNSL_EINVAL);
        s.xyz[5] = 0;
        s.species[9] = 2;
        assert_status(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, s.species, 2, &good, q, NULL, NULL, NULL, NULL), BNSL_EINVAL);
        s.species[9] = 0;
        assert_ok(bnsl_control_create(&control));
        bnsl_control_cancel(control);
        assert_status(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, NULL, 1, &good, q, NULL, NULL, NULL, control), BNSL_ECANCELLED);
        bnsl_control_reset(control);
        assert_ok(bnsl_control_set_progress(control, stop, &calls));
        o = good;
        o.num_threads = 2;
        assert_status(bnsl_saxs_structure_factor(&s.box, s.n, s.xyz, NULL, 1, &o, q, NULL, NULL, NULL, control), BNSL_ECANCELLED);
        assert_int_equal(calls, 1);
        bnsl_control_destroy(control);
    }
#undef REFUSED
    for (int i = 0; i < 10; i++)
        assert_true(q[i] == -7);
    free_sample(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nufft_equals_the_direct_sum),
        cmocka_unit_test(nufft_of_a_large_fluid),
        cmocka_unit_test(nufft_of_one_wave_vector),
        cmocka_unit_test(same_bits_for_any_threads_and_memory),
        cmocka_unit_test(too_little_memory_is_said),
        cmocka_unit_test(nufft_of_a_very_tilted_box),
        cmocka_unit_test(nufft_invariances),
        cmocka_unit_test(nufft_of_perfect_crystals),
        cmocka_unit_test(debye_equals_the_naive_sum),
        cmocka_unit_test(debye_of_special_pairs),
        cmocka_unit_test(debye_of_a_crystal_ball),
        cmocka_unit_test(debye_of_a_reflection),
        cmocka_unit_test(debye_without_the_outline),
        cmocka_unit_test(debye_needs_no_box),
        cmocka_unit_test(intensity_of_size_classes),
        cmocka_unit_test(ideal_gas),
        cmocka_unit_test(refuses_and_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
