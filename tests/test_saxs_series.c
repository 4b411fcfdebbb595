/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinetic series: two synthetic runs from an independent generator (tests/support/saxs_synthetic.c), normalisation, states, faults. */
#include "bnsl_test.h"
#include "saxs_synthetic.h"

enum { N = SYNTHETIC_POINTS };

/* S(q, t) of a synthetic run. */
typedef struct run {
    synthetic_series *raw;
    double *s, *error;
} run;

static run normalised(synthetic_series *raw)
{
    const size_t n = (size_t)raw->n_frames * N;
    run r = {raw, malloc(n * sizeof(double)), malloc(n * sizeof(double))};
    assert_ok(bnsl_saxs_normalise(raw->n_frames, N, raw->intensity, raw->error, SYNTHETIC_REFERENCE, r.s, r.error, NULL, NULL));
    return r;
}

static void end_run(run *r)
{
    synthetic_free(r->raw);
    free(r->s);
    free(r->error);
}

static void add_phase(bnsl_saxs_pattern *pattern, const char *name, double a_min, double a_max, int32_t fit_c, int32_t areas)
{
    bnsl_lattice_options lo;
    bnsl_lattice *lattice;
    bnsl_saxs_phase_options po;
    assert_ok(bnsl_lattice_options_init(&lo, sizeof lo));
    lo.a = sqrt(a_min * a_max);
    lo.c_over_a = strcmp(name, "AlB2") == 0 ? fit_c ? 1 : 0.99 : 0;
    assert_ok(bnsl_lattice_create(&lattice, name, &lo));
    assert_ok(bnsl_saxs_phase_options_init(&po, sizeof po));
    po.a_min = a_min;
    po.a_max = a_max;
    po.fit_c_over_a = fit_c;
    po.areas = areas;
    assert_ok(bnsl_saxs_pattern_add_phase(pattern, lattice, &po));
    bnsl_lattice_destroy(lattice);
}

/* Models of the two runs. c/a of AlB2 is fitted in the first. */
static bnsl_saxs_pattern *alb2_model(void)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_pattern *pattern;
    assert_ok(bnsl_saxs_pattern_options_init(&o, sizeof o));
    o.d_large = 10.4, o.d_small = 4.5, o.sigma_large = 0.6, o.sigma_small = 0.4;
    o.contrast_large = 33.2, o.contrast_small = 44.3;
    o.ratio = 2;
    assert_ok(bnsl_saxs_pattern_create(&pattern, &o));
    add_phase(pattern, "AlB2", 12, 15, 1, BNSL_AREAS_FREE);
    return pattern;
}

static bnsl_saxs_pattern *nazn13_model(void)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_pattern *pattern;
    assert_ok(bnsl_saxs_pattern_options_init(&o, sizeof o));
    o.d_large = 13.2, o.d_small = 6.4, o.sigma_large = 0.9, o.sigma_small = 0.6;
    o.contrast_large = 51.8, o.contrast_small = 44.3;
    o.ratio = 13;
    assert_ok(bnsl_saxs_pattern_create(&pattern, &o));
    add_phase(pattern, "NaZn13", 39, 43, 0, BNSL_AREAS_CALCULATED);
    add_phase(pattern, "AlB2", 16, 17.5, 0, BNSL_AREAS_CALCULATED);
    return pattern;
}

static bnsl_saxs_series *series_of(bnsl_saxs_pattern *model, const run *r, bool anchored)
{
    bnsl_saxs_series_options o;
    bnsl_saxs_series *series;
    const size_t last = (size_t)(r->raw->n_frames - 1) * N;
    assert_ok(bnsl_saxs_series_options_init(&o, sizeof o));
    o.flux_scale = 1;
    assert_ok(bnsl_saxs_series_create(&series, model, &o, N, r->raw->q));
    if (anchored)
        assert_ok(bnsl_saxs_series_anchor(series, r->s + last, r->error + last, 0, NULL));
    bnsl_saxs_pattern_destroy(model);
    return series;
}

static void add_frames(bnsl_saxs_series *series, const run *r, int first, int end)
{
    for (int k = first; k < end; k++)
        assert_ok(bnsl_saxs_series_add(series, r->raw->time[k], r->s + (size_t)k * N, r->error + (size_t)k * N, NULL));
}

/* ---- the two runs: what the reference page asks for --------------------------------------------------------------------------------- */

typedef struct tolerances {
    double xi, x, x_full; /* relative, absolute, absolute near X = 0.95 */
} tolerances;

/* a within 0.002 nm or three standard errors, xi and X within the tolerances or, in the first frames with little crystal, three standard
 * errors. Adds squares of the pulls in a, xi, X. */
static void check_phase(const bnsl_saxs_pattern *pattern, int phase, const synthetic_truth *t, const tolerances *tol, double *square)
{
    bnsl_saxs_phase p;
    assert_ok(bnsl_saxs_pattern_phase(pattern, phase, &p));
    const double a = p.a - t->a[phase], xi = p.xi - t->xi[phase], x = p.fraction - t->x[phase];
    const bool early = t->x[phase] < 0.15 || t->xi[phase] < 100;
    if (!(fabs(a) < fmax(0.002, 3.5 * p.a_err) && fabs(xi) < fmax(tol->xi * t->xi[phase], early ? 4 * p.xi_err : 0) &&
          fabs(x) < fmax(t->x[phase] > 0.9 ? tol->x_full : tol->x, early ? 4 * p.fraction_err : 0)))
        print_error("phase %d, X = %g: a %g +- %g, xi %g +- %g, X %g +- %g off\n", phase, t->x[phase], a, p.a_err, xi, p.xi_err, x, p.fraction_err);
    assert_true(fabs(a) < fmax(0.002, 3.5 * p.a_err)); /* 3.5: hundreds of frames */
    assert_true(fabs(xi) < fmax(tol->xi * t->xi[phase], early ? 4 * p.xi_err : 0));
    assert_true(fabs(x) < fmax(t->x[phase] > 0.9 ? tol->x_full : tol->x, early ? 4 * p.fraction_err : 0));
    square[0] += a * a / (p.a_err * p.a_err);
    square[1] += xi * xi / (p.xi_err * p.xi_err);
    square[2] += x * x / (p.fraction_err * p.fraction_err);
}

static void check_pulls(const double *square, int n)
{
    for (int k = 0; k < 3; k++) {
        const double pull = sqrt(square[k] / n);
        if (!(pull > 0.8 && pull < 1.3))
            print_error("pull %d: %g\n", k, pull);
        assert_true(pull > 0.8 && pull < 1.3);
    }
}

/* Time at which the true fraction of all crystals passes 0.05. */
static double true_nucleation(const synthetic_series *s)
{
    int k = 0;
    while (s->truth[k].x[0] + s->truth[k].x[1] <= 0.05)
        k++;
    return s->time[k];
}

static void the_alb2_run(void **state)
{
    (void)state;
    run r = normalised(synthetic_alb2(1, 0, 1, 1));
    bnsl_saxs_series *series = series_of(alb2_model(), &r, true);
    const tolerances tol = {0.01, 0.01, 0.015};
    double square[3] = {0, 0, 0}, time, time_err;
    int n = 0, n_bad_chi2 = 0;
    add_frames(series, &r, 0, r.raw->n_frames);
    assert_int_equal(bnsl_saxs_series_n_frames(series), SYNTHETIC_ALB2_FRAMES);
    for (int k = 0; k < r.raw->n_frames; k++) {
        const synthetic_truth *t = r.raw->truth + k;
        bnsl_saxs_frame frame;
        assert_ok(bnsl_saxs_series_frame(series, k, &frame));
        assert_true(frame.time == r.raw->time[k]);
        assert_int_equal(frame.converged, 1);
        n_bad_chi2 += !(frame.chi2_reduced > 0.8 && frame.chi2_reduced < 1.2); /* 4 standard deviations of it */
        if (t->x[0] == 0)
            assert_int_equal(frame.present, 0); /* no crystal before there is one */
        if (t->x[0] > 0.05) {
            assert_int_equal(frame.present, 1);
            assert_close(frame.flux, t->flux, 0, 5 * frame.flux_err);
            check_phase(bnsl_saxs_series_pattern(series, k), 0, t, &tol, square);
            n++;
        }
    }
    assert_true(n_bad_chi2 < 4);
    assert_true(n > 200);
    check_pulls(square, n);
    assert_ok(bnsl_saxs_series_nucleation(series, -1, &time, &time_err));
    assert_close(time, true_nucleation(r.raw), 0, 28); /* one frame */
    assert_true(time_err > 4 && time_err < 28);
    bnsl_saxs_series_destroy(series);
    end_run(&r);
}

static void the_nazn13_run(void **state)
{
    (void)state;
    run r = normalised(synthetic_nazn13(3, 285, 8, 1));
    bnsl_saxs_series *series = series_of(nazn13_model(), &r, true);
    const tolerances tol[2] = {{0.01, 0.01, 0.01}, {0.02, 0.01, 0.01}};
    double square[2][3] = {{0}}, time;
    int n = 0;
    add_frames(series, &r, 0, r.raw->n_frames);
    for (int k = 0; k < r.raw->n_frames; k++) {
        const synthetic_truth *t = r.raw->truth + k;
        bnsl_saxs_frame frame;
        assert_ok(bnsl_saxs_series_frame(series, k, &frame));
        if (t->x[0] == 0)
            assert_int_equal(frame.present, 0);
        if (t->x[0] == 0 || t->xi[1] < 150)
            continue; /* every eighth frame alone is fitted, so that the lattice jumps while the crystals grow */
        assert_int_equal(frame.present, 3);
        assert_int_equal(frame.converged, 1);
        for (int i = 0; i < 2; i++)
            check_phase(bnsl_saxs_series_pattern(series, k), i, t, tol + i, square[i]);
        n++;
    }
    assert_true(n > 45);
    check_pulls(square[0], n);
    check_pulls(square[1], n);
    assert_ok(bnsl_saxs_series_nucleation(series, 0, &time, NULL));
    assert_close(time, true_nucleation(r.raw), 0, 8 * 28);
    bnsl_saxs_series_destroy(series);
    end_run(&r);
}

/* Nothing is found where nothing is. */
static void a_run_without_crystals(void **state)
{
    (void)state;
    run r = normalised(synthetic_alb2(5, 300, 4, 1));
    bnsl_saxs_series *series = series_of(alb2_model(), &r, true);
    double time = -1;
    int n = 0;
    while (n < r.raw->n_frames && r.raw->time[n] < 3.59 * 3600)
        n++;
    add_frames(series, &r, 0, n);
    for (int k = 0; k < n; k++) {
        bnsl_saxs_frame frame;
        bnsl_saxs_phase p;
        assert_ok(bnsl_saxs_series_frame(series, k, &frame));
        assert_int_equal(frame.present, 0);
        assert_true(frame.significance < 7);
        assert_ok(bnsl_saxs_pattern_phase(bnsl_saxs_series_pattern(series, k), 0, &p));
        assert_true(p.fraction == 0 && p.fraction_err > 0 && isnan(p.a) && p.n_peaks == 0);
    }
    assert_status(bnsl_saxs_series_nucleation(series, -1, &time, NULL), BNSL_EDOMAIN);
    assert_true(time == -1);
    bnsl_saxs_series_destroy(series);
    end_run(&r);
}

/* Frames far apart: the start from the frame before is no good, and the crystal is found anew; without an anchor the range of a does it. Both ways
 * of it are met: the filter sees the first jump of a, by 0.95 nm; at the second, by 0.22 nm, the fit goes astray and is begun again. */
static void a_jump_is_rescued(void **state)
{
    (void)state;
    run r = normalised(synthetic_alb2(6, 465, 114, 1));
    for (int anchored = 0; anchored < 2; anchored++) {
        bnsl_saxs_series *series = series_of(alb2_model(), &r, anchored);
        int n_rescued = 0;
        add_frames(series, &r, 0, r.raw->n_frames);
        for (int k = SYNTHETIC_REFERENCE; k < r.raw->n_frames; k++) {
            bnsl_saxs_frame frame;
            bnsl_saxs_phase p;
            assert_ok(bnsl_saxs_series_frame(series, k, &frame));
            assert_ok(bnsl_saxs_pattern_phase(bnsl_saxs_series_pattern(series, k), 0, &p));
            assert_int_equal(frame.present, 1);
            n_rescued += frame.rescued;
            assert_close(p.a, r.raw->truth[k].a[0], 0, fmax(0.002, 3 * p.a_err)); /* X = 0.07 in the first one */
            if (!(frame.chi2_reduced < 1.3))
                print_error("frame %d, anchored %d: chi2 %g, rescued %d\n", k, anchored, frame.chi2_reduced, (int)frame.rescued);
            assert_true(frame.chi2_reduced < 1.3);
        }
        assert_int_equal(n_rescued, 1);
        bnsl_saxs_series_destroy(series);
    }
    end_run(&r);
}

/* ---- normalisation --------------------------------------------------------------------------------------------------------------------- */

static void normalisation(void **state)
{
    (void)state;
    const double intensity[4][3] = {{10, 4, -1}, {14, 8, 0}, {NAN, 1, 1}, {24, 3, 2}}, error[4][3] = {{1, 1, 1}, {2, 1, 1}, {1, 1, 1}, {3, 2, 1}};
    double s[4][3], e[4][3], common[3];
    int64_t n_bad = -1;
    assert_ok(bnsl_saxs_normalise(4, 3, &intensity[0][0], &error[0][0], 3, &s[0][0], &e[0][0], common, &n_bad));
    assert_int_equal(n_bad, 1); /* the third frame, which then is no part of the mean */
    assert_close(s[0][0], 10.0 / 12, 1e-15, 0);
    assert_close(s[3][0], 2, 1e-15, 0);
    assert_close(common[0], sqrt(5.0 / 4) / 12, 1e-15, 0);
    assert_close(e[3][0], 2 * sqrt(9.0 / (24 * 24) + 1.25 / 144), 1e-14, 0); /* S sqrt(v_t / I_t^2 + v_0 / I_0^2) */
    /* a frame of the reference is not independent of it: S_0 = 2 I_0 / (I_0 + I_1), by propagation */
    const double by_0 = 2 * 14.0 / (24 * 24), by_1 = -2 * 10.0 / (24 * 24);
    assert_close(e[0][0], sqrt(by_0 * by_0 * 1 + by_1 * by_1 * 4), 1e-14, 0);
    assert_true(isnan(s[2][1]) && isnan(e[2][1]));
    for (int k = 0; k < 4; k++)
        assert_true(isnan(s[k][2])); /* the reference is not positive there */
    assert_status(bnsl_saxs_normalise(4, 3, &intensity[0][0], &error[0][0], 0, &s[0][0], &e[0][0], NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_normalise(4, 3, &intensity[0][0], &error[0][0], 5, &s[0][0], &e[0][0], NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_normalise(0, 3, &intensity[0][0], &error[0][0], 1, &s[0][0], &e[0][0], NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_normalise(4, 0, &intensity[0][0], &error[0][0], 1, &s[0][0], &e[0][0], NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_normalise(4, 3, NULL, &error[0][0], 1, &s[0][0], &e[0][0], NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_normalise(4, 3, &intensity[0][0], &error[0][0], 1, NULL, &e[0][0], NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_normalise(2, 3, &intensity[2][0], &error[2][0], 1, &s[0][0], &e[0][0], NULL, NULL), BNSL_EDOMAIN);
}

/* ---- states ------------------------------------------------------------------------------------------------------------------------------ */

static void *state_of(const bnsl_saxs_series *series, int64_t *size)
{
    assert_status(bnsl_saxs_series_save(series, 0, NULL, size), BNSL_EBUFFER);
    void *bytes = malloc((size_t)*size);
    assert_ok(bnsl_saxs_series_save(series, *size, bytes, size));
    return bytes;
}

/* Broken off after any frame and continued in a new series: the same bits in every result. */
static void a_state_continues_with_the_same_numbers(void **state)
{
    (void)state;
    run r = normalised(synthetic_alb2(7, 458, 6, 1));
    const int n = 30;
    bnsl_saxs_series *whole = series_of(alb2_model(), &r, true);
    add_frames(whole, &r, 0, n);
    static const int breaks[] = {0, 10, 23};
    for (int b = 0; b < 3; b++) {
        int64_t size, size_again;
        bnsl_saxs_series *first = series_of(alb2_model(), &r, true), *second = series_of(alb2_model(), &r, false);
        add_frames(first, &r, 0, breaks[b]);
        void *bytes = state_of(first, &size);
        assert_ok(bnsl_saxs_series_restore(second, size, bytes));
        void *again = state_of(second, &size_again);
        assert_int_equal(size, size_again);
        assert_memory_equal(bytes, again, (size_t)size);
        add_frames(second, &r, breaks[b], n);
        for (int k = 0; k < n; k++) {
            bnsl_saxs_phase p, q;
            bnsl_saxs_frame f, g;
            assert_ok(bnsl_saxs_series_frame(whole, k, &f));
            assert_ok(bnsl_saxs_series_frame(second, k, &g));
            assert_memory_equal(&f, &g, sizeof f);
            assert_ok(bnsl_saxs_pattern_phase(bnsl_saxs_series_pattern(whole, k), 0, &p));
            assert_ok(bnsl_saxs_pattern_phase(bnsl_saxs_series_pattern(second, k), 0, &q));
            assert_memory_equal(&p, &q, sizeof p);
        }
        assert_status(bnsl_saxs_series_restore(first, size, bytes), BNSL_EINVAL); /* not a new one */
        free(bytes);
        free(again);
        bnsl_saxs_series_destroy(first);
        bnsl_saxs_series_destroy(second);
    }
    bnsl_saxs_series_destroy(whole);
    end_run(&r);
}

static void refuses_damaged_states(void **state)
{
    (void)state;
    run r = normalised(synthetic_alb2(8, 466, 80, 1));
    bnsl_saxs_series *series = series_of(alb2_model(), &r, true);
    int64_t size;
    add_frames(series, &r, 0, r.raw->n_frames);
    unsigned char *bytes = state_of(series, &size);
    for (int64_t i = 0; i < size; i += i < 200 ? 1 : size / 50) {
        bnsl_saxs_series *fresh = series_of(alb2_model(), &r, false);
        bytes[i] ^= 0x10;
        assert_status(bnsl_saxs_series_restore(fresh, size, bytes), BNSL_EFORMAT);
        bytes[i] ^= 0x10;
        assert_status(bnsl_saxs_series_restore(fresh, i, bytes), BNSL_EFORMAT);
        assert_int_equal(bnsl_saxs_series_n_frames(fresh), 0);
        if (i % 8 == 0)
            assert_ok(bnsl_saxs_series_restore(fresh, size, bytes)); /* nothing was left behind */
        bnsl_saxs_series_destroy(fresh);
    }
    bnsl_saxs_series *other = series_of(nazn13_model(), &r, false);
    assert_status(bnsl_saxs_series_restore(other, size, bytes), BNSL_EFORMAT);
    assert_status(bnsl_saxs_series_restore(other, -1, bytes), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_restore(other, size, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_restore(NULL, size, bytes), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_save(NULL, size, bytes, &size), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_save(series, size, NULL, &size), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_save(series, size, bytes, NULL), BNSL_EINVAL);
    bnsl_saxs_series_destroy(other);
    bnsl_saxs_series_destroy(series);
    free(bytes);
    end_run(&r);
}

/* ---- faults ---------------------------------------------------------------------------------------------------------------------------------- */

static void a_bad_frame_changes_nothing(void **state)
{
    (void)state;
    run r = normalised(synthetic_alb2(9, 466, 40, 1));
    bnsl_saxs_series *series = series_of(alb2_model(), &r, true), *clean = series_of(alb2_model(), &r, true);
    static const double values[] = {NAN, INFINITY, -INFINITY};
    bnsl_control *control;
    assert_ok(bnsl_control_create(&control));
    bnsl_control_cancel(control);
    for (int k = 0; k < r.raw->n_frames; k++) {
        double *s = r.s + (size_t)k * N, *e = r.error + (size_t)k * N, kept = s[300], time = r.raw->time[k];
        s[300] = values[k % 3];
        assert_status(bnsl_saxs_series_add(series, time, s, e, NULL), BNSL_EINVAL);
        s[300] = kept;
        kept = e[3];
        e[3] = k % 2 ? 0 : NAN;
        assert_status(bnsl_saxs_series_add(series, time, s, e, NULL), BNSL_EINVAL);
        e[3] = kept;
        assert_status(bnsl_saxs_series_add(series, k % 2 ? NAN : INFINITY, s, e, NULL), BNSL_EINVAL);
        if (k > 0)
            assert_status(bnsl_saxs_series_add(series, r.raw->time[k - 1], s, e, NULL), BNSL_EINVAL);
        assert_status(bnsl_saxs_series_add(series, time, NULL, e, NULL), BNSL_EINVAL);
        assert_status(bnsl_saxs_series_add(series, time, s, NULL, NULL), BNSL_EINVAL);
        if (k > SYNTHETIC_REFERENCE)
            assert_status(bnsl_saxs_series_add(series, time, s, e, control), BNSL_ECANCELLED);
        assert_ok(bnsl_saxs_series_add(series, time, s, e, NULL));
        assert_ok(bnsl_saxs_series_add(clean, time, s, e, NULL));
        bnsl_saxs_frame f, g;
        assert_ok(bnsl_saxs_series_frame(series, k, &f));
        assert_ok(bnsl_saxs_series_frame(clean, k, &g));
        assert_memory_equal(&f, &g, sizeof f);
    }
    bnsl_control_destroy(control);
    bnsl_saxs_series_destroy(series);
    bnsl_saxs_series_destroy(clean);
    end_run(&r);
}

static void refuses_bad_arguments(void **state)
{
    (void)state;
    bnsl_saxs_series_options good, o;
    bnsl_saxs_series *series = NULL;
    bnsl_saxs_frame frame;
    bnsl_saxs_pattern *model = alb2_model(), *empty, *polynomial;
    bnsl_saxs_pattern_options po;
    double q[N], s[N], time;
    for (int i = 0; i < N; i++) {
        q[i] = 0.15 + 0.00223 * i;
        s[i] = 1;
    }
    assert_ok(bnsl_saxs_series_options_init(&good, sizeof good));
    assert_status(bnsl_saxs_series_options_init(NULL, sizeof good), BNSL_EINVAL);
#define WITH(change)                                                                                                                                 \
    do {                                                                                                                                             \
        o = good;                                                                                                                                    \
        change;                                                                                                                                      \
        assert_status(bnsl_saxs_series_create(&series, model, &o, N, q), BNSL_EINVAL);                                                               \
        assert_null(series);                                                                                                                         \
    } while (0)
    WITH(o.flux_scale = 2);
    WITH(o.detect_sigma = 3);
    WITH(o.detect_sigma = NAN);
    WITH(o.fraction_present = 0);
    WITH(o.fraction_present = 1);
    WITH(o.swelling = -0.1);
    WITH(o.swelling = 2);
    WITH(o.shrinking = 0.6);
    WITH(o.shrinking = NAN);
    WITH(o.struct_size = 2);
#undef WITH
    assert_ok(bnsl_saxs_pattern_create(&empty, NULL));
    assert_status(bnsl_saxs_series_create(&series, empty, NULL, N, q), BNSL_EINVAL); /* no phase */
    assert_ok(bnsl_saxs_pattern_options_init(&po, sizeof po));
    po.background = BNSL_BACKGROUND_POLYNOMIAL;
    assert_ok(bnsl_saxs_pattern_create(&polynomial, &po));
    add_phase(polynomial, "AlB2", 12, 15, 0, BNSL_AREAS_FREE);
    o = good;
    o.flux_scale = 1;
    assert_status(bnsl_saxs_series_create(&series, polynomial, &o, N, q), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_create(NULL, model, NULL, N, q), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_create(&series, NULL, NULL, N, q), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_create(&series, model, NULL, N, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_create(&series, model, NULL, 3, q), BNSL_EINVAL);
    q[5] = q[4];
    assert_status(bnsl_saxs_series_create(&series, model, NULL, N, q), BNSL_EINVAL);
    q[5] = 0.15 + 0.00223 * 5;
    assert_ok(bnsl_saxs_series_create(&series, model, NULL, N, q));
    assert_int_equal(bnsl_saxs_series_n_frames(series), 0);
    assert_status(bnsl_saxs_series_frame(series, 0, &frame), BNSL_EINVAL);
    assert_null(bnsl_saxs_series_pattern(series, 0));
    assert_null(bnsl_saxs_series_pattern(NULL, 0));
    assert_status(bnsl_saxs_series_nucleation(series, 1, &time, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_nucleation(series, -1, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_nucleation(series, -1, &time, NULL), BNSL_EDOMAIN);
    assert_status(bnsl_saxs_series_anchor(NULL, s, s, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_anchor(series, s, s, 2, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_anchor(series, NULL, s, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_add(NULL, 0, s, s, NULL), BNSL_EINVAL);
    assert_ok(bnsl_saxs_series_add(series, 0, s, s, NULL));
    assert_status(bnsl_saxs_series_anchor(series, s, s, 0, NULL), BNSL_EINVAL); /* too late */
    assert_status(bnsl_saxs_series_frame(series, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_series_frame(series, 1, &frame), BNSL_EINVAL);
    assert_int_equal(bnsl_saxs_series_n_frames(NULL), 0);
    bnsl_saxs_series_destroy(series);
    bnsl_saxs_series_destroy(NULL);
    bnsl_saxs_pattern_destroy(model);
    bnsl_saxs_pattern_destroy(empty);
    bnsl_saxs_pattern_destroy(polynomial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_alb2_run),
        cmocka_unit_test(the_nazn13_run),
        cmocka_unit_test(a_run_without_crystals),
        cmocka_unit_test(a_jump_is_rescued),
        cmocka_unit_test(normalisation),
        cmocka_unit_test(a_state_continues_with_the_same_numbers),
        cmocka_unit_test(refuses_damaged_states),
        cmocka_unit_test(a_bad_frame_changes_nothing),
        cmocka_unit_test(refuses_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
