/* SPDX-License-Identifier: GPL-3.0-or-later */
/* order, inside: the same bits from every instruction set in the pair kernels, lengths of transforms, memory that runs out. */
#include "order/msd_internal.h"
#include "order/pairs_internal.h"
#include "particles.h"

/* ---- kernels ------------------------------------------------------------------------------------------------------------------ */

enum { N_POINTS = 4000, N_BINS = 60, N_RUNS = 9 };

static void same_bits_on_every_instruction_set(void **state)
{
    (void)state;
    /* one run longer than a block, short ones, empty ends, and points on both sides of r_min and r_max */
    static const int32_t begin[N_RUNS] = {0, 1500, 1501, 1509, 1520, 1600, 3000, 3001, 3999};
    static const int32_t end[N_RUNS] = {1500, 1501, 1509, 1518, 1523, 3000, 3001, 3999, 4000};
    static double x[N_POINTS + PAIRS_LANES], y[N_POINTS + PAIRS_LANES], z[N_POINTS + PAIRS_LANES];
    static uint64_t histogram[2][PAIRS_HISTOGRAMS * (N_BINS + PAIRS_LANES)];
    const pairs_measure m = {0.2 * 0.2, 1.5 * 1.5, 0.2, N_BINS / 1.3, N_BINS, 0.7};
    pairs_run runs[N_RUNS];
    pairs_shells shells[2];
    uint64_t seed = 17, want = 0, got = 0;
    for (int i = 0; i < N_POINTS; i++) {
        x[i] = test_normal(&seed);
        y[i] = test_normal(&seed);
        z[i] = i < 100 ? 0 : test_normal(&seed);
    }
    for (int r = 0; r < N_RUNS; r++) {
        runs[r] = (pairs_run){begin[r], end[r], {0.1 * r, 0, -0.1}};
        for (int i = begin[r]; i < end[r]; i++) {
            double dx = x[i] - 0.1 * r, dz = z[i] + 0.1, s = dx * dx + y[i] * y[i] + dz * dz;
            want += s >= m.square_min && s < m.square_max;
        }
    }
    bnsl__pairs_histogram_baseline(&m, N_RUNS, runs, x, y, z, histogram[0]);
    memset(shells, 0, sizeof shells);
    bnsl__pairs_shells_baseline(&m, N_RUNS, runs, x, y, z, shells);
    for (int h = 0; h < PAIRS_HISTOGRAMS; h++)
        for (int b = 0; b < N_BINS; b++)
            got += histogram[0][h * (N_BINS + PAIRS_LANES) + b];
    assert_true(want > 1000);
    assert_int_equal(got, want);
    for (int32_t isa = BNSL_ISA_AVX2; isa <= bnsl__isa(BNSL_ISA_AUTO); isa++) {
        pairs_kernel count = BNSL_KERNEL_PICK(isa, bnsl__pairs_histogram), sum = BNSL_KERNEL_PICK(isa, bnsl__pairs_shells);
        memset(histogram[1], 0, sizeof histogram[1]);
        memset(shells + 1, 0, sizeof *shells);
        count(&m, N_RUNS, runs, x, y, z, histogram[1]);
        sum(&m, N_RUNS, runs, x, y, z, shells + 1);
        assert_memory_equal(histogram[0], histogram[1], sizeof histogram[0]);
        assert_memory_equal(shells, shells + 1, sizeof *shells);
    }
}

/* ---- transforms ---------------------------------------------------------------------------------------------------------------- */

static void lengths_of_transforms(void **state)
{
    (void)state;
    static const int64_t n[] = {2, 3, 8, 11, 22, 26, 1000, 1023, 4099}, want[] = {2, 4, 8, 12, 24, 28, 1000, 1024, 4116};
    for (int k = 0; k < 9; k++)
        assert_int_equal(bnsl__msd_fft_length(n[k]), want[k]);
    assert_int_equal(bnsl__msd_fft_length(INT64_C(1) << 31), -1);
}

/* ---- memory ---------------------------------------------------------------------------------------------------------------------- */

enum { N_FRAMES = 20 };
enum { RDF_CREATE, RDF_ADD, DENSITY, DENSITY_TYPED, MSD_CREATE, MSD_ADD, MSD_WINDOW, DIFFUSION, N_CALLS };

typedef struct objects {
    particles p;
    bnsl_order_rdf *rdf;
    bnsl_order_msd *msd, *fresh;
} objects;

static bnsl_status call(int which, objects *o, double *out)
{
    bnsl_order_rdf *rdf = NULL;
    bnsl_order_msd *msd = NULL;
    bnsl_order_density_options d;
    bnsl_status status;
    switch (which) {
    case RDF_CREATE:
        status = bnsl_order_rdf_create(&rdf, NULL);
        bnsl_order_rdf_destroy(rdf);
        return status;
    case RDF_ADD:
        return bnsl_order_rdf_add(o->rdf, &o->p.box, o->p.n, o->p.xyz, o->p.species, NULL);
    case DENSITY:
        return bnsl_order_local_density(&o->p.box, o->p.n, o->p.xyz, o->p.species, NULL, out, NULL);
    case DENSITY_TYPED:
        bnsl_order_density_options_init(&d, sizeof d);
        d.point_species = 1;
        return bnsl_order_local_density(&o->p.box, o->p.n, o->p.xyz, o->p.species, &d, out, NULL);
    case MSD_CREATE:
        status = bnsl_order_msd_create(&msd, NULL);
        bnsl_order_msd_destroy(msd);
        return status;
    case MSD_ADD:
        return bnsl_order_msd_add(o->fresh, &o->p.box, o->p.n, o->p.xyz, NULL, NULL);
    case MSD_WINDOW:
        return bnsl_order_msd_window(o->msd, 0, N_FRAMES, out, NULL);
    default:
        return bnsl_order_diffusion(o->msd, NULL, out, out + 1, NULL, NULL);
    }
}

static objects make_objects(void)
{
    objects o = {.p = particles_crystal("AlB2", 1, 3, 2, 3)};
    bnsl_order_rdf_options r;
    bnsl_order_msd_options m;
    assert_ok(bnsl_order_rdf_options_init(&r, sizeof r));
    r.n_species = 2;
    r.r_max = 2.5;
    assert_ok(bnsl_order_rdf_create(&o.rdf, &r));
    assert_ok(bnsl_order_msd_options_init(&m, sizeof m));
    assert_ok(bnsl_order_msd_create(&o.msd, &m));
    m.follow = 1;
    assert_ok(bnsl_order_msd_create(&o.fresh, &m));
    uint64_t seed = 1;
    for (int f = 0; f < N_FRAMES; f++) {
        particles_shake(&o.p, 0.02, 0.02, &seed);
        assert_ok(bnsl_order_msd_add(o.msd, NULL, o.p.n, o.p.xyz, NULL, NULL));
    }
    return o;
}

static void no_memory_at_any_point(void **state)
{
    (void)state;
    objects o = make_objects();
    double *out = calloc((size_t)o.p.n + N_FRAMES, sizeof *out);
    int64_t n_frames;
    assert_non_null(out);
    for (int which = 0; which < N_CALLS; which++) {
        for (int64_t i = 0; i < o.p.n + N_FRAMES; i++)
            out[i] = 5;
        long k = 0;
        for (;; k++) {
            oom_arm(k);
            bnsl_status status = call(which, &o, out);
            bool fired = oom_fired();
            oom_disarm();
            if (!fired) {
                assert_ok(status);
                break;
            }
            assert_status(status, BNSL_ENOMEM);
            for (int64_t i = 0; i < o.p.n + N_FRAMES; i++)
                assert_true(out[i] == 5);
            assert_status(bnsl_order_rdf_read(o.rdf, -1, -1, NULL, NULL, NULL), which <= RDF_ADD ? BNSL_EDOMAIN : BNSL_OK);
            assert_int_equal(bnsl_order_msd_n_frames(o.fresh), which <= MSD_ADD ? 0 : 1);
        }
        assert_true(k > 0);
    }
    assert_ok(bnsl_order_rdf_read(o.rdf, 0, 1, NULL, NULL, &n_frames));
    assert_int_equal(n_frames, 1);
    free(out);
    bnsl_order_rdf_destroy(o.rdf);
    bnsl_order_msd_destroy(o.msd);
    bnsl_order_msd_destroy(o.fresh);
    particles_free(&o.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_on_every_instruction_set),
        cmocka_unit_test(lengths_of_transforms),
        cmocka_unit_test(no_memory_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
