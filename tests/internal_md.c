/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * md, inside: the noise kernel against libm on the same Philox words; integer positions; rows of lists; storage order; lost memory; nearest images;
 * shares of threads.
 */
#include "configurations.h"
#include "core_internal.h"
#include "md/md_internal.h"

static void noise_is_box_muller_of_philox(void **state)
{
    (void)state;
    enum { N = 1003, STEPS = 50 };
    int32_t *id = malloc(N * sizeof *id);
    double *noise = malloc(N * ROW * sizeof *noise), moment[4] = { 0, 0, 0, 0 };
    assert_true(id && noise);
    for (int i = 0; i < N; i++)
        id[i] = (i * 37) % N;
    uint32_t key[2];
    bnsl__random_key(9, STREAM_NOISE, key);
    for (int64_t k = 0; k < STEPS; k++) {
        const int64_t step = k + ((int64_t)1 << 33);
        bnsl__step_noise_baseline(id, N, step, key, noise);
        for (int i = 0; i < N; i++) {
            uint32_t w[4], counter[4] = { (uint32_t)id[i], 0, (uint32_t)step, (uint32_t)(step >> 32) };
            bnsl_philox4x32(counter, key, w);
            double ra = sqrt(-2 * log((w[0] >> 1 | 1) * 0x1p-31)), rb = sqrt(-2 * log((w[2] >> 1 | 1) * 0x1p-31)),
                   turn = 6.283185307179586476925 * 0x1p-32;
            const double want[ROW] = { ra * cos(turn * w[1]), ra * sin(turn * w[1]), rb * cos(turn * w[3]), 0 };
            for (int d = 0; d < ROW; d++) {
                /* single precision: u rounds to 24 bits, which moves a radius by 6e-8 / r, or by less than 3.5e-4 where u is next to 1 */
                double near_one = ra < 1e-2 || rb < 1e-2 ? 4e-4 : 6e-8 / ra + 6e-8 / rb;
                assert_close(noise[ROW * i + d], want[d], 0, 4e-7 * (1 + ra + rb) + near_one);
                for (int m = 0; m < 4 && d < 3; m++)
                    moment[m] += pow(noise[ROW * i + d], m + 1) / (3.0 * N * STEPS);
            }
        }
    }
    double samples = 3.0 * N * STEPS; /* five standard errors */
    assert_close(moment[0], 0, 0, 5 * sqrt(1 / samples));
    assert_close(moment[1], 1, 0, 5 * sqrt(2 / samples));
    assert_close(moment[2], 0, 0, 5 * sqrt(15 / samples));
    assert_close(moment[3], 3, 0, 5 * sqrt(96 / samples));
    free(id);
    free(noise);
}

/* What is set and read by the order of creation is the same after the particles have been sorted in memory. */
static void storage_order_does_not_show(void **state)
{
    (void)state;
    configuration c = fluid(100, 200, 0.3, 0.55, 32);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *md;
    double *v = malloc((size_t)c.n * 24), *got = malloc((size_t)c.n * 24), volume;
    int32_t *frozen = calloc((size_t)c.n, sizeof *frozen), *species = malloc((size_t)c.n * sizeof *species);
    assert_true(v && got && frozen && species);
    assert_ok(bnsl_md_create(&md, &c.box, c.n, c.xyz, c.species, p, NULL));
    volume = md->sphere_volume;
    assert_null(md->mobile);
    assert_ok(bnsl_md_forces(md, got));
    int64_t moved = 0;
    for (int64_t i = 0; i < c.n; i++) {
        moved += md->id[i] != i;
        frozen[i] = i % 3 == 0;
        for (int d = 0; d < 3; d++)
            v[3 * i + d] = (double)(3 * i + d);
    }
    assert_true(moved > c.n / 2);
    assert_true(bnsl__md_sphere_volume(md) == volume); /* to the last bit */
    assert_ok(bnsl_md_set_velocities(md, v));
    assert_ok(bnsl_md_velocities(md, got));
    assert_memory_equal(got, v, (size_t)c.n * 24);
    assert_ok(bnsl_md_species(md, species));
    assert_memory_equal(species, c.species, (size_t)c.n * sizeof *species);
    assert_ok(bnsl_md_set_frozen(md, frozen));
    assert_non_null(md->mobile);
    assert_true(md->n_frozen == c.n / 3);
    assert_ok(bnsl_md_velocities(md, got));
    for (int64_t k = 0; k < 3 * c.n; k++)
        assert_true(got[k] == (frozen[k / 3] ? 0 : v[k]));
    memset(frozen, 0, (size_t)c.n * sizeof *frozen);
    assert_ok(bnsl_md_set_frozen(md, frozen)); /* nobody: no array */
    assert_null(md->mobile);
    free(v);
    free(got);
    free(frozen);
    free(species);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/* Every call that takes memory, one after the other. */
static bnsl_status long_life(const configuration *c, const bnsl_potential *p, const bnsl_potential *other, const char *path, bnsl_md **md,
                             bnsl_md **back)
{
    const int64_t step[1] = { 0 };
    const double phi[1] = { 0.3 };
    double energy, diameter[60];
    int32_t frozen[60] = { 1 };
    bnsl_md_thermo t;
    for (int i = 0; i < 60; i++)
        diameter[i] = c->species[i] ? 0.5 : 1;
    bnsl_status status = bnsl_md_create(md, &c->box, c->n, c->xyz, c->species, p, NULL);
    if (!status)
        status = bnsl_md_set_frozen(*md, frozen);
    if (!status)
        status = bnsl_md_set_packing_schedule(*md, 1, step, phi);
    if (!status)
        status = bnsl_md_run(*md, 3, NULL);
    if (!status)
        status = bnsl_md_set_diameters(*md, diameter);
    if (!status)
        status = bnsl_md_set_potential(*md, other);
    if (!status)
        status = bnsl_md_energy_with(*md, p, &energy);
    if (!status)
        status = bnsl_md_thermo_now(*md, &t);
    if (!status)
        status = bnsl_md_checkpoint_write(*md, path);
    return status ? status : bnsl_md_checkpoint_read(back, path, 1, 0);
}

static void lost_memory_is_reported_and_survived(void **state)
{
    (void)state;
    configuration c = fluid(20, 40, 0.3, 0.55, 31);
    bnsl_potential *p = mie_mixture(50, 25, 0.55), *other = mie_mixture(50, 12, 0.55);
    bnsl_potential_options o;
    const char *path = test_temporary("checkpoint");
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.sigma = 0.7; /* more laws than before: more segments of the list */
    assert_ok(bnsl_potential_set_pair(other, 0, 1, &o));
    bool done = false;
    for (long k = 0; !done; k++) {
        bnsl_md *md = NULL, *back = NULL;
        oom_arm(k);
        bnsl_status status = long_life(&c, p, other, path, &md, &back);
        oom_disarm();
        done = !oom_fired();
        assert_int_equal(status, done ? BNSL_OK : BNSL_ENOMEM);
        if (md && !done) /* still good for use */
            assert_ok(bnsl_md_run(md, 1, NULL));
        bnsl_md_destroy(md);
        bnsl_md_destroy(back);
        assert_true(k < 2000);
    }
    bnsl_potential_destroy(other);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void starts_and_sizes_without_memory(void **state)
{
    (void)state;
    bnsl_box box;
    double diameter[60], xyz[180] = { 0 }, mean[1] = { 0.5 }, sd[1] = { 0.1 };
    const int32_t species[60] = { 0 };
    assert_ok(bnsl_box_init(&box, 4, 4, 4, 0, 0, 0));
    for (int i = 0; i < 60; i++)
        diameter[i] = 0.5;
    for (int kind = 0; kind < 3; kind++)
        for (long k = 0, fired = 1; fired; k++) {
            const double kept = xyz[0];
            oom_arm(k);
            bnsl_status status = kind == 0   ? bnsl_md_random_start(&box, 60, diameter, 0, 1, 1, xyz, NULL)
                                 : kind == 1 ? bnsl_md_random_start_confined(&box, BNSL_MD_WALL_SPHERE, 1.6, 60, diameter, 0, 1, 1, xyz, NULL)
                                             : bnsl_md_polydisperse(60, species, 1, mean, sd, 13, 1, diameter);
            oom_disarm();
            fired = oom_fired();
            assert_int_equal(status, fired ? BNSL_ENOMEM : BNSL_OK);
            assert_true(!fired || xyz[0] == kept);
        }
}

static bnsl_md *mixed_simulation(const configuration *c, const bnsl_box *box, const bnsl_potential *p)
{
    bnsl_md_options o;
    bnsl_md *md;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.precision = BNSL_MD_MIXED;
    o.dt = 0.002;
    o.seed = 4;
    assert_ok(bnsl_md_create(&md, box, c->n, c->xyz, c->species, p, &o));
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    return md;
}

static void assert_same_forces(bnsl_md *a, bnsl_md *b, int64_t n)
{
    double *f = malloc((size_t)n * 24), *g = malloc((size_t)n * 24), largest = 0;
    assert_true(f && g);
    assert_ok(bnsl_md_forces(a, f));
    assert_ok(bnsl_md_forces(b, g));
    for (int64_t k = 0; k < 3 * n; k++)
        largest = fmax(largest, fabs(g[k]));
    for (int64_t k = 0; k < 3 * n; k++)
        assert_close(f[k], g[k], 0, 2e-5 * largest);
    free(f);
    free(g);
}

/* In a cubic box mixed precision has no ghosts; with an edge longer by the last bits it has. Both give the same forces and, in double, energies. */
static void nearest_images_do_as_ghosts(void **state)
{
    (void)state;
    configuration c = fluid(450, 900, 0.35, 0.55, 33);
    for (int32_t m = 6; m <= 25; m += 19) {
        bnsl_potential *p = mie_mixture(50, m, 0.55);
        bnsl_box longer = c.box;
        longer.lx *= 1 + 4e-16;
        assert_true(longer.lx > c.box.lx);
        bnsl_md *cubic = mixed_simulation(&c, &c.box, p), *with_ghosts = mixed_simulation(&c, &longer, p);
        assert_same_forces(cubic, with_ghosts, c.n);
        assert_true(cubic->list.wraps && cubic->list.n_ghosts == 0 && !with_ghosts->list.wraps && with_ghosts->list.n_ghosts > 0);
        assert_ok(bnsl_md_run(cubic, 500, NULL)); /* particles leave the box, lists are made again */
        double *xyz = malloc((size_t)c.n * 24);
        assert_true(xyz);
        assert_ok(bnsl_md_positions(cubic, xyz, NULL));
        configuration now = { .box = c.box, .n = c.n, .xyz = xyz, .species = c.species };
        bnsl_md *fresh = mixed_simulation(&now, &longer, p);
        assert_same_forces(cubic, fresh, c.n);
        bnsl_md_thermo a, b;
        assert_ok(bnsl_md_thermo_now(cubic, &a));
        assert_ok(bnsl_md_thermo_now(fresh, &b));
        assert_close(a.potential_energy, b.potential_energy, 1e-12, 0);
        assert_close(a.pressure - a.kT * (double)c.n / a.volume, b.pressure - b.kT * (double)c.n / b.volume, 1e-10, 0);
        bnsl_md_destroy(cubic);
        bnsl_md_destroy(with_ghosts);
        bnsl_md_destroy(fresh);
        free(xyz);
        bnsl_potential_destroy(p);
    }
    free_configuration(&c);
}

/* Any number of threads, also fewer than there are parts, has each chunk once; no part is much more than its share of the work. */
static void chunks_are_shared_by_their_work(void **state)
{
    (void)state;
    enum { N = 40 };
    int64_t work[N + 1] = { 0 };
    bnsl_md md = { .n_chunks = N, .chunk_work = work };
    for (int heavy = 0; heavy < 3; heavy++) {
        for (int c = 0; c < N; c++)
            work[c + 1] = heavy == 0 ? 0 : work[c] + (heavy == 1 ? 100 : c < 10 ? 1000 : 10);
        for (int parts = 1; parts <= 3; parts++)
            for (int threads = 1; threads <= 4; threads++) {
                int n_done[N] = { 0 };
                md.options.num_threads = parts;
                bnsl__deal_chunks(&md);
                const int n_parts = md.deal.n;
                for (int k = 0; k < n_parts; k++) {
                    const int64_t first = md.deal.part[k].next, last = md.deal.part[k].last;
                    assert_true(heavy == 0 || work[last] - work[first] <= work[N] / n_parts + (heavy == 1 ? 100 : 1000));
                }
#pragma omp parallel num_threads(threads)
                for (bnsl__hand h = bnsl__first_hand(); bnsl__take_chunk(&md, &h);)
#pragma omp atomic
                    n_done[h.chunk]++;
                for (int c = 0; c < N; c++)
                    assert_int_equal(n_done[c], 1);
            }
    }
}

/* The nearest integers, modulo 2^32, and radii in single precision, from every instruction set. */
static void integer_positions_are_the_nearest(void **state)
{
    (void)state;
    enum { N = 37 };
    configuration c = fluid(50, 50, 0.3, 0.55, 34);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *md = mixed_simulation(&c, &c.box, p);
    double rows[N * ROW];
    int32_t best[N * ROW], plain[N * ROW];
    for (int k = 0; k < N * ROW; k++)
        rows[k] = k % ROW == 3 ? 0.1 + 0.01 * k : 7.3 * sin(k);
    const double per_unit = 0x1p29, per_radius = 3 * 0x1p29; /* up to 3.9e9: beyond an integer of 32 bits */
    bnsl__md_pick_kernels(md, false).fix(rows, N, per_unit, per_radius, best);
    bnsl__fix_rows_baseline(rows, N, per_unit, per_radius, plain);
    assert_memory_equal(best, plain, sizeof best);
    for (int k = 0; k < N * ROW; k++) {
        float radius;
        memcpy(&radius, plain + k, sizeof radius);
        if (k % ROW == 3)
            assert_true(radius == (float)(rows[k] * per_radius));
        else
            assert_true(plain[k] == (int32_t)(uint32_t)llrint(rows[k] * per_unit));
    }
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/* Squared distance of the nearest images in a cubic box. */
static double distance2(const bnsl_md *md, int64_t i, int64_t j)
{
    double sum = 0;
    for (int d = 0; d < 3; d++) {
        const double x = md->position[ROW * j + d] - md->position[ROW * i + d], nearest = x - md->box.lx * rint(x / md->box.lx);
        sum += nearest * nearest;
    }
    return sum;
}

/* The rows of chunk c follow each other in memory by their lengths, each particle once; pairs in range are all there, once. */
static void check_rows(const bnsl_md *md, const bnsl__rows *rows, int64_t c)
{
    const int64_t first = chunk_first(c), n = chunk_last(md, c) - first;
    const int32_t padding = bnsl__list_padding(md);
    bool seen[CHUNK] = { false };
    int32_t end = 0, longest = 0;
    for (int64_t k = 0; k < n; k++) {
        const int64_t i = first + rows->order[first + k];
        const int32_t count = rows->count[i], *entry = rows->entry[c] + rows->start[i];
        assert_false(seen[i - first]);
        seen[i - first] = true;
        assert_int_equal(rows->start[i], end);
        end += (count + padding - 1) / padding * padding;
        assert_true((count + 3) / 4 >= longest);
        longest = (count + 3) / 4;
        assert_true(count == 0 || end <= rows->capacity[c]);
        int n_listed = 0, n_near = 0;
        for (int32_t e = 0; e < count; e++) {
            const int64_t j = entry[e] / ROW, owner = j < md->n ? j : md->list.ghost_owner[j - md->n];
            const double cut = md->interaction.reach[0] * (md->position[ROW * i + 3] + md->position[ROW * owner + 3]);
            n_listed += distance2(md, i, owner) < cut * cut;
        }
        for (int64_t j = 0; j < md->n; j++) {
            const double cut = md->interaction.reach[0] * (md->position[ROW * i + 3] + md->position[ROW * j + 3]);
            n_near += j != i && distance2(md, i, j) < cut * cut;
        }
        assert_int_equal(n_listed, n_near);
        for (int32_t e = count; e < (count + padding - 1) / padding * padding; e++)
            assert_int_equal(entry[e], bnsl__far_entry(md));
    }
}

static void rows_stand_by_their_lengths(void **state)
{
    (void)state;
    configuration c = fluid(250, 500, 0.3, 0.55, 35);
    for (int k = 0; k < 6; k++) { /* narrow and wide wells; without ghosts, with them, in double */
        bnsl_potential *p = mie_mixture(50, k % 2 ? 6 : 25, 0.55);
        bnsl_box box = c.box;
        box.lx *= k / 2 == 1 ? 1 + 4e-16 : 1;
        bnsl_md *md = mixed_simulation(&c, &box, p);
        if (k / 2 == 2) {
            bnsl_md_options o;
            bnsl_md_destroy(md);
            assert_ok(bnsl_md_options_init(&o, sizeof o));
            o.dt = 0.002;
            assert_ok(bnsl_md_create(&md, &box, c.n, c.xyz, c.species, p, &o));
        }
        for (int run = 0; run < 4; run++) {
            assert_ok(bnsl_md_run(md, 5, NULL));
            assert_true(md->list.wraps == (k / 2 == 0));
            for (int64_t chunk = 0; chunk < md->n_chunks; chunk++) {
                check_rows(md, &md->list.outer, chunk);
                if (md->list.is_dual)
                    check_rows(md, &md->list.inner, chunk);
            }
        }
        bnsl_md_destroy(md);
        bnsl_potential_destroy(p);
    }
    free_configuration(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_box_muller_of_philox),
        cmocka_unit_test(integer_positions_are_the_nearest),
        cmocka_unit_test(rows_stand_by_their_lengths),
        cmocka_unit_test(storage_order_does_not_show),
        cmocka_unit_test(lost_memory_is_reported_and_survived),
        cmocka_unit_test(starts_and_sizes_without_memory),
        cmocka_unit_test(nearest_images_do_as_ghosts),
        cmocka_unit_test(chunks_are_shared_by_their_work),
    };
    return cmocka_run_group_tests_name("md, inside", tests, NULL, NULL);
}
