/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean squared displacements and diffusion: closed forms, the double sum over frames, freud's numbers, random walks, unwrapping, faults. */
#include "naive_pairs.h"
#include "test_csv.h"

/* A trajectory in memory: n_frames x n x 3 unwrapped positions. */
typedef struct walk {
    int64_t n_frames, n;
    double *xyz;
} walk;

static walk walk_make(int64_t n_frames, int64_t n)
{
    walk w = {n_frames, n, calloc((size_t)(n_frames * n * 3), sizeof(double))};
    assert_non_null(w.xyz);
    return w;
}

/* Every coordinate moves by step * N(0, 1) a frame, from starting points far from the origin; MSD = 3 step^2 t. */
static walk random_walk(int64_t n_frames, int64_t n, double step, uint64_t seed)
{
    walk w = walk_make(n_frames, n);
    for (int64_t i = 0; i < 3 * n; i++)
        w.xyz[i] = 100 * (test_uniform(&seed) - 0.5);
    for (int64_t i = 3 * n; i < n_frames * n * 3; i++)
        w.xyz[i] = w.xyz[i - 3 * n] + step * test_normal(&seed);
    return w;
}

static bnsl_order_msd_options options(int32_t n_species)
{
    bnsl_order_msd_options o;
    assert_ok(bnsl_order_msd_options_init(&o, sizeof o));
    o.n_species = n_species;
    return o;
}

static bnsl_order_msd *msd_of(const walk *w, const bnsl_order_msd_options *o, const int32_t *species)
{
    bnsl_order_msd *msd;
    assert_ok(bnsl_order_msd_create(&msd, o));
    for (int64_t f = 0; f < w->n_frames; f++)
        assert_ok(bnsl_order_msd_add(msd, NULL, w->n, w->xyz + 3 * w->n * f, NULL, species));
    assert_int_equal(bnsl_order_msd_n_frames(msd), w->n_frames);
    return msd;
}

/* Mean over time origins of the particles that species selects (wanted -1: all), lag by lag. */
static double naive_window(const walk *w, const int32_t *species, int32_t wanted, int64_t first, int64_t count, int64_t lag)
{
    double sum = 0, terms = 0;
    for (int64_t i = 0; i < w->n; i++) {
        if (wanted >= 0 && species[i] != wanted)
            continue;
        for (int64_t k = first; k + lag < first + count; k++) {
            const double *a = w->xyz + 3 * (k * w->n + i), *b = w->xyz + 3 * ((k + lag) * w->n + i);
            for (int d = 0; d < 3; d++)
                sum += (b[d] - a[d]) * (b[d] - a[d]);
            terms++;
        }
    }
    return sum / terms;
}

/* ---- displacements --------------------------------------------------------------------------------------------------------------- */

/* Particle i flies with velocity (1, 2, 0) i: MSD = 5 <i^2> t^2, whatever the origin. */
static void straight_lines(void **state)
{
    (void)state;
    enum { N_FRAMES = 33, N = 4 };
    walk w = walk_make(N_FRAMES, N);
    for (int f = 0; f < N_FRAMES; f++)
        for (int i = 0; i < N; i++) {
            w.xyz[3 * (f * N + i)] = i * f + 1e6;
            w.xyz[3 * (f * N + i) + 1] = 2 * i * f;
        }
    bnsl_order_msd_options o = options(1);
    bnsl_order_msd *msd = msd_of(&w, &o, NULL);
    double window[N_FRAMES], direct[N_FRAMES], largest = 5 * 3.5 * (N_FRAMES - 1) * (N_FRAMES - 1);
    assert_ok(bnsl_order_msd_window(msd, 0, N_FRAMES, window, NULL));
    assert_ok(bnsl_order_msd_direct(msd, 0, N_FRAMES, direct));
    assert_true(window[0] == 0 && direct[0] == 0);
    for (int m = 0; m < N_FRAMES; m++) {
        double want = 5 * (0 + 1 + 4 + 9) / 4.0 * m * m;
        assert_close(direct[m], want, 1e-15, 0);
        assert_close(window[m], want, 0, 1e-14 * largest);
    }
    bnsl_order_msd_destroy(msd);
    free(w.xyz);
}

static void numbers_of_freud(void **state)
{
    (void)state;
    enum { N_FRAMES = 40, N = 6 };
    csv_table t = csv_read("order/freud_msd.csv");
    int64_t step[N_FRAMES * N * 3];
    walk w = walk_make(N_FRAMES, N);
    freud_integers(N_FRAMES * N * 3, 777, 129, step);
    for (int i = 0; i < N_FRAMES * N * 3; i++)
        w.xyz[i] = (i < 3 * N ? 0 : w.xyz[i - 3 * N]) + (double)(step[i] - 64) / 64;
    bnsl_order_msd_options o = options(1);
    bnsl_order_msd *msd = msd_of(&w, &o, NULL);
    double window[N_FRAMES], direct[N_FRAMES];
    assert_ok(bnsl_order_msd_window(msd, 0, N_FRAMES, window, NULL));
    assert_ok(bnsl_order_msd_direct(msd, 0, N_FRAMES, direct));
    assert_int_equal(t.n_rows, N_FRAMES);
    for (int m = 0; m < N_FRAMES; m++) { /* freud transforms in single precision: some 1e-6 of the largest square, 50 */
        assert_close(window[m], csv_number(&t, m, "window"), 0, 1e-4);
        assert_close(direct[m], csv_number(&t, m, "direct"), 1e-6, 0);
    }
    bnsl_order_msd_destroy(msd);
    free(w.xyz);
    csv_free(&t);
}

/* Lengths around powers of 2 and primes, parts of a trajectory, several species, against the double sum. */
static void the_double_sum(void **state)
{
    (void)state;
    static const int64_t n_frames[] = {1, 2, 3, 7, 31, 32, 33, 60};
    for (int k = 0; k < 8; k++)
        for (int32_t n_species = 1; n_species <= 3; n_species += 2) {
            const int64_t n = 70, first = n_frames[k] / 4, count = n_frames[k] - first;
            walk w = random_walk(n_frames[k], n, 0.3, 10 + (uint64_t)k);
            int32_t *species = malloc((size_t)n * sizeof *species);
            assert_non_null(species);
            for (int64_t i = 0; i < n; i++)
                species[i] = n_species == 1 ? 0 : i % 7 == 0 ? 2 : 0; /* none is 1 */
            bnsl_order_msd_options o = options(n_species);
            bnsl_order_msd *msd = msd_of(&w, &o, species);
            const int32_t columns = n_species == 1 ? 1 : n_species + 1;
            assert_int_equal(bnsl_order_msd_n_columns(msd), columns);
            double *window = malloc((size_t)(2 * count * columns) * sizeof *window), *direct = window + count * columns;
            assert_non_null(window);
            assert_ok(bnsl_order_msd_window(msd, first, count, window, NULL));
            assert_ok(bnsl_order_msd_direct(msd, first, count, direct));
            double largest = 3 * 0.09 * (double)n_frames[k] + 1;
            for (int64_t m = 0; m < count; m++)
                for (int32_t c = 0; c < columns; c++) {
                    int32_t wanted = c < n_species ? c : -1;
                    if (wanted == 1) {
                        assert_true(isnan(window[m * columns + c]) && isnan(direct[m * columns + c]));
                        continue;
                    }
                    assert_close(window[m * columns + c], naive_window(&w, species, wanted, first, count, m), 0, 1e-12 * largest);
                    assert_close(direct[m * columns + c], naive_window(&w, species, wanted, first, m + 1, m), 0, 1e-12 * largest);
                }
            bnsl_order_msd_destroy(msd);
            free(window);
            free(species);
            free(w.xyz);
        }
}

/* A flow that all particles share is gone, whatever the particles do beside it. */
static void drift(void **state)
{
    (void)state;
    enum { N_FRAMES = 25, N = 50 };
    walk still = random_walk(N_FRAMES, N, 0.1, 3), flow = walk_make(N_FRAMES, N);
    double msd_still[N_FRAMES], msd_flow[N_FRAMES], msd_kept[N_FRAMES];
    for (int i = 0; i < N_FRAMES * N * 3; i++)
        flow.xyz[i] = still.xyz[i] + (i % 3 + 1) * 0.7 * (i / (3 * N));
    bnsl_order_msd_options o = options(1), remove = o;
    remove.remove_drift = 1;
    bnsl_order_msd *a = msd_of(&still, &remove, NULL), *b = msd_of(&flow, &remove, NULL), *c = msd_of(&flow, &o, NULL);
    assert_ok(bnsl_order_msd_window(a, 0, N_FRAMES, msd_still, NULL));
    assert_ok(bnsl_order_msd_window(b, 0, N_FRAMES, msd_flow, NULL));
    assert_ok(bnsl_order_msd_window(c, 0, N_FRAMES, msd_kept, NULL));
    for (int m = 0; m < N_FRAMES; m++)
        assert_close(msd_flow[m], msd_still[m], 0, 1e-11); /* positions are up to 100, flowing 50 */
    assert_true(msd_kept[N_FRAMES - 1] > 100 * msd_still[N_FRAMES - 1]);
    bnsl_order_msd_destroy(a);
    bnsl_order_msd_destroy(b);
    bnsl_order_msd_destroy(c);
    free(still.xyz);
    free(flow.xyz);
}

/* A walk wrapped into a tilted box comes back by its images, and by the nearest image from frame to frame. */
static void unwrapping(void **state)
{
    (void)state;
    enum { N_FRAMES = 60, N = 20 };
    bnsl_box box;
    walk w = random_walk(N_FRAMES, N, 0.4, 21);
    double want[N_FRAMES], got[N_FRAMES];
    bnsl_order_msd_options o = options(1), follow = o;
    bnsl_order_msd *msd = msd_of(&w, &o, NULL), *by_image, *by_following;
    assert_ok(bnsl_order_msd_window(msd, 0, N_FRAMES, want, NULL));
    bnsl_order_msd_destroy(msd);
    follow.follow = 1;
    assert_ok(bnsl_box_init(&box, 6, 5, 7, 0.5, -0.4, 0.3));
    assert_ok(bnsl_order_msd_create(&by_image, &o));
    assert_ok(bnsl_order_msd_create(&by_following, &follow));
    for (int f = 0; f < N_FRAMES; f++) {
        double *xyz = w.xyz + 3 * N * f;
        int32_t image[3 * N] = {0};
        assert_ok(bnsl_box_wrap(&box, N, xyz, image));
        assert_ok(bnsl_order_msd_add(by_image, &box, N, xyz, image, NULL));
        assert_ok(bnsl_order_msd_add(by_following, &box, N, xyz, NULL, NULL));
    }
    for (int k = 0; k < 2; k++) {
        assert_ok(bnsl_order_msd_window(k == 0 ? by_image : by_following, 0, N_FRAMES, got, NULL));
        for (int m = 0; m < N_FRAMES; m++)
            assert_close(got[m], want[m], 0, 1e-11);
    }
    bnsl_order_msd_destroy(by_image);
    bnsl_order_msd_destroy(by_following);
    free(w.xyz);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    enum { N_FRAMES = 50, N = 1000 };
    walk w = random_walk(N_FRAMES, N, 0.2, 33);
    int32_t species[N];
    double msd[2][N_FRAMES * 3], d[2][3], error[2][3];
    for (int i = 0; i < N; i++)
        species[i] = i % 3 == 0;
    for (int k = 0; k < 2; k++) {
        bnsl_order_msd_options o = options(2);
        o.num_threads = 1 + 3 * k;
        bnsl_order_msd *m = msd_of(&w, &o, species);
        assert_ok(bnsl_order_msd_window(m, 0, N_FRAMES, msd[k], NULL));
        assert_ok(bnsl_order_diffusion(m, NULL, d[k], error[k], NULL, NULL));
        bnsl_order_msd_destroy(m);
    }
    assert_memory_equal(msd[0], msd[1], sizeof msd[0]);
    assert_memory_equal(d[0], d[1], sizeof d[0]);
    assert_memory_equal(error[0], error[1], sizeof error[0]);
    free(w.xyz);
}

/* ---- diffusion -------------------------------------------------------------------------------------------------------------------- */

static bnsl_order_diffusion_options fit_options(int32_t n_blocks, int64_t lag_min, int64_t lag_max, double dt)
{
    bnsl_order_diffusion_options o;
    assert_ok(bnsl_order_diffusion_options_init(&o, sizeof o));
    o.n_blocks = n_blocks;
    o.lag_min = lag_min;
    o.lag_max = lag_max;
    o.dt = dt;
    return o;
}

/* Line y = slope t + c through points, by the normal equations. */
static double normal_equations(const double *y, int32_t stride, int64_t first, int64_t last, double dt, bool through_origin, double *c)
{
    double n = 0, t1 = 0, t2 = 0, y1 = 0, ty = 0;
    for (int64_t m = first; m <= last; m++) {
        double t = (double)m * dt;
        n++, t1 += t, t2 += t * t, y1 += y[m * stride], ty += t * y[m * stride];
    }
    if (through_origin) {
        *c = 0;
        return ty / t2;
    }
    double slope = (n * ty - t1 * y1) / (n * t2 - t1 * t1);
    *c = (y1 - slope * t1) / n;
    return slope;
}

/* The fit of the windowed displacement, and the scatter of the fits in the blocks, term by term. */
static void fit_and_blocks(void **state)
{
    (void)state;
    enum { N_FRAMES = 103, N = 30, BLOCKS = 4, LENGTH = N_FRAMES / BLOCKS };
    walk w = random_walk(N_FRAMES, N, 0.5, 55);
    int32_t species[N];
    for (int i = 0; i < N; i++)
        species[i] = i % 2;
    bnsl_order_msd_options o = options(2);
    bnsl_order_msd *msd = msd_of(&w, &o, species);
    for (int32_t origin = 0; origin <= 1; origin++) {
        bnsl_order_diffusion_options fit = fit_options(BLOCKS, 3, 11, 0.25);
        double d[3], error[3], intercept[3], curve[3 * N_FRAMES], c;
        fit.through_origin = origin;
        assert_ok(bnsl_order_diffusion(msd, &fit, d, error, intercept, NULL));
        for (int column = 0; column < 3; column++) {
            assert_ok(bnsl_order_msd_window(msd, 0, N_FRAMES, curve, NULL));
            assert_close(d[column], normal_equations(curve + column, 3, 3, 11, 0.25, origin, &c) / 6, 1e-11, 0);
            assert_close(intercept[column], c, 0, 1e-11);
            double block[BLOCKS], mean = 0, squares = 0;
            for (int b = 0; b < BLOCKS; b++) {
                assert_ok(bnsl_order_msd_window(msd, b * LENGTH, LENGTH, curve, NULL));
                block[b] = normal_equations(curve + column, 3, 3, 11, 0.25, origin, &c) / 6;
                mean += block[b] / BLOCKS;
            }
            for (int b = 0; b < BLOCKS; b++)
                squares += (block[b] - mean) * (block[b] - mean);
            assert_close(error[column], sqrt(squares / (BLOCKS - 1) / BLOCKS), 1e-9, 0);
        }
    }
    bnsl_order_msd_destroy(msd);
    free(w.xyz);
}

/* A random walk of step s a coordinate and frame: MSD = 3 s^2 t, D = s^2 / (2 dt). The error must be of the size of the deviation. */
static void random_walks(void **state)
{
    (void)state;
    enum { N_FRAMES = 400, N = 200, N_RUNS = 12 };
    const double step = 0.3, dt = 0.01, want = step * step / (2 * dt);
    double chi2 = 0;
    for (int run = 0; run < N_RUNS; run++) {
        walk w = random_walk(N_FRAMES, N, step, 1000 + (uint64_t)run);
        bnsl_order_msd_options o = options(1);
        bnsl_order_msd *msd = msd_of(&w, &o, NULL);
        bnsl_order_diffusion_options fit = fit_options(8, 1, 10, dt);
        double d, error;
        assert_ok(bnsl_order_diffusion(msd, &fit, &d, &error, NULL, NULL));
        assert_true(error > 0 && error < 0.03 * want);
        assert_close(d, want, 0.03, 0); /* 5 standard deviations */
        chi2 += pow((d - want) / error, 2);
        bnsl_order_msd_destroy(msd);
        free(w.xyz);
    }
    assert_true(chi2 > 2 && chi2 < 60); /* 12 squares of Student's t with 7 degrees of freedom */
}

static void one_block_has_no_error(void **state)
{
    (void)state;
    walk w = random_walk(30, 5, 0.1, 2);
    bnsl_order_msd_options o = options(1);
    bnsl_order_msd *msd = msd_of(&w, &o, NULL);
    bnsl_order_diffusion_options fit = fit_options(1, 1, 0, 1);
    double d[2], error = 0;
    assert_ok(bnsl_order_diffusion(msd, &fit, d, &error, NULL, NULL));
    assert_true(isnan(error));
    fit.lag_max = 15; /* what 0 stands for: half of 30 frames */
    assert_ok(bnsl_order_diffusion(msd, &fit, d + 1, NULL, NULL, NULL));
    assert_true(d[0] == d[1]);
    bnsl_order_msd_destroy(msd);
    free(w.xyz);
}

/* ---- faults --------------------------------------------------------------------------------------------------------------------------- */

static void bad_options(void **state)
{
    (void)state;
    bnsl_order_msd_options good = options(2), o;
    bnsl_order_msd *msd = NULL;
    assert_status(bnsl_order_msd_create(NULL, &good), BNSL_EINVAL);
#define REFUSED(change)                                              \
    do {                                                             \
        o = good;                                                    \
        o.change;                                                    \
        assert_status(bnsl_order_msd_create(&msd, &o), BNSL_EINVAL); \
        assert_null(msd);                                            \
    } while (0)
    REFUSED(n_species = 0);
    REFUSED(n_species = 17);
    REFUSED(follow = 2);
    REFUSED(remove_drift = -1);
    REFUSED(num_threads = -1);
    REFUSED(reserved = 1);
    REFUSED(struct_size = 1);
    assert_ok(bnsl_order_msd_create(&msd, NULL));
    bnsl_order_msd_destroy(msd);
    bnsl_order_msd_destroy(NULL);
    assert_int_equal(bnsl_order_msd_n_frames(NULL), 0);
    assert_int_equal(bnsl_order_msd_n_columns(NULL), 0);
    assert_status(bnsl_order_msd_options_init(NULL, sizeof o), BNSL_EINVAL);
    assert_status(bnsl_order_diffusion_options_init(NULL, 100), BNSL_EINVAL);
}

static void frames_that_do_not_fit(void **state)
{
    (void)state;
    enum { N = 4 };
    double xyz[3 * N] = {0.5, 1, 2};
    int32_t image[3 * N] = {0}, species[N] = {0, 1, 0, 1};
    bnsl_box box, other;
    bnsl_order_msd *msd;
    bnsl_order_msd_options o = options(2);
    assert_ok(bnsl_box_init(&box, 4, 5, 6, 0, 0.1, 0));
    assert_ok(bnsl_order_msd_create(&msd, &o));
    assert_status(bnsl_order_msd_add(NULL, &box, N, xyz, image, species), BNSL_EINVAL);
    assert_status(bnsl_order_msd_add(msd, &box, 0, xyz, image, species), BNSL_EINVAL);
    assert_status(bnsl_order_msd_add(msd, NULL, N, xyz, image, species), BNSL_EINVAL);
    assert_int_equal(bnsl_order_msd_n_frames(msd), 0);
    assert_ok(bnsl_order_msd_add(msd, &box, N, xyz, image, species));
    assert_status(bnsl_order_msd_add(msd, NULL, N, xyz, NULL, species), BNSL_EINVAL);
    assert_status(bnsl_order_msd_add(msd, &box, N - 1, xyz, image, species), BNSL_EINVAL);
    assert_status(bnsl_order_msd_add(msd, &box, N, NULL, image, species), BNSL_EINVAL);
    assert_status(bnsl_order_msd_add(msd, &box, N, xyz, image, NULL), BNSL_EINVAL); /* particle 1 was of species 1 */
    other = box;
    other.ly = 5.1;
    assert_status(bnsl_order_msd_add(msd, &other, N, xyz, image, species), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "constant box"));
    other = box;
    other.xz = 0.2;
    assert_status(bnsl_order_msd_add(msd, &other, N, xyz, image, species), BNSL_EINVAL);
    other = box;
    other.periodic = BNSL_PERIODIC_X;
    assert_status(bnsl_order_msd_add(msd, &other, N, xyz, image, species), BNSL_EINVAL);
    other.lz = NAN;
    assert_status(bnsl_order_msd_add(msd, &other, N, xyz, image, species), BNSL_EINVAL);
    xyz[7] = NAN;
    assert_status(bnsl_order_msd_add(msd, &box, N, xyz, image, species), BNSL_EINVAL);
    xyz[7] = 0;
    species[3] = 2;
    assert_status(bnsl_order_msd_add(msd, &box, N, xyz, image, species), BNSL_EINVAL);
    species[3] = 1;
    assert_int_equal(bnsl_order_msd_n_frames(msd), 1);
    other = box;
    other.lx *= 1 + 3e-7; /* single precision */
    assert_ok(bnsl_order_msd_add(msd, &other, N, xyz, image, species));
    bnsl_order_msd_destroy(msd);

    o.follow = 1;
    assert_ok(bnsl_order_msd_create(&msd, &o));
    assert_status(bnsl_order_msd_add(msd, &box, N, xyz, image, species), BNSL_EINVAL);
    assert_status(bnsl_order_msd_add(msd, NULL, N, xyz, NULL, species), BNSL_EINVAL);
    bnsl_order_msd_destroy(msd);
}

static int32_t stop_at_once(void *user, int64_t done, int64_t total)
{
    (void)user;
    (void)done;
    (void)total;
    return 1;
}

static void bad_questions(void **state)
{
    (void)state;
    walk w = random_walk(20, 3, 1, 4);
    bnsl_order_msd_options o = options(1);
    bnsl_order_msd *msd = msd_of(&w, &o, NULL), *empty;
    double out[20] = {7}, d = 7, error = 7;
    assert_ok(bnsl_order_msd_create(&empty, NULL));
    static const int64_t range[][2] = {{-1, 2}, {0, 0}, {0, 21}, {20, 1}, {19, 2}, {1, INT64_MAX}};
    for (int k = 0; k < 6; k++) {
        assert_status(bnsl_order_msd_window(msd, range[k][0], range[k][1], out, NULL), BNSL_EINVAL);
        assert_status(bnsl_order_msd_direct(msd, range[k][0], range[k][1], out), BNSL_EINVAL);
    }
    assert_status(bnsl_order_msd_window(NULL, 0, 1, out, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_msd_window(msd, 0, 1, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_msd_direct(NULL, 0, 1, out), BNSL_EINVAL);
    assert_status(bnsl_order_msd_window(empty, 0, 1, out, NULL), BNSL_EINVAL);
    static const bnsl_order_diffusion_options bad[] = {
        {sizeof *bad, 0, 1, 1, 0, 0, 0}, {sizeof *bad, 2, 0, 1, 0, 0, 0},  {sizeof *bad, 2, NAN, 1, 0, 0, 0}, {sizeof *bad, 2, INFINITY, 1, 0, 0, 0},
        {sizeof *bad, 2, 1, 0, 3, 0, 0}, {sizeof *bad, 2, 1, 3, 3, 0, 0},  {sizeof *bad, 2, 1, 3, 2, 1, 0},   {sizeof *bad, 2, 1, 1, 10, 0, 0},
        {sizeof *bad, 8, 1, 1, 0, 0, 0}, {sizeof *bad, 20, 1, 1, 0, 1, 0}, {sizeof *bad, 2, 1, 1, 0, 2, 0},   {sizeof *bad, 2, 1, 1, 0, 0, 1},
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_status(bnsl_order_diffusion(msd, bad + k, &d, &error, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_diffusion(NULL, NULL, &d, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_diffusion(msd, NULL, NULL, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_diffusion(empty, NULL, &d, NULL, NULL, NULL), BNSL_EINVAL);
    bnsl_control *control;
    assert_ok(bnsl_control_create(&control));
    bnsl_control_cancel(control);
    assert_status(bnsl_order_msd_window(msd, 0, 20, out, control), BNSL_ECANCELLED);
    assert_status(bnsl_order_diffusion(msd, NULL, &d, &error, NULL, control), BNSL_ECANCELLED);
    bnsl_control_reset(control);
    assert_ok(bnsl_control_set_progress(control, stop_at_once, NULL));
    assert_status(bnsl_order_msd_window(msd, 0, 20, out, control), BNSL_ECANCELLED);
    bnsl_control_destroy(control);
    assert_true(out[0] == 7 && out[1] == 0 && d == 7 && error == 7);
    bnsl_order_msd_destroy(msd);
    bnsl_order_msd_destroy(empty);
    free(w.xyz);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_lines),
        cmocka_unit_test(numbers_of_freud),
        cmocka_unit_test(the_double_sum),
        cmocka_unit_test(drift),
        cmocka_unit_test(unwrapping),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(fit_and_blocks),
        cmocka_unit_test(random_walks),
        cmocka_unit_test(one_block_has_no_error),
        cmocka_unit_test(bad_options),
        cmocka_unit_test(frames_that_do_not_fit),
        cmocka_unit_test(bad_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
