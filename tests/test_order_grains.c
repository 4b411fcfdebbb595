/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from phases: clusters and surfaces of crystals against sums over all pairs, confirmation against Legendre sums, grains. */
#include "particles.h"

static const struct {
    const char *name;
    int32_t phase, cells[3];
    double d_ss;
} crystals[] = {
    {"AlB2", BNSL_PHASE_ALB2, {6, 4, 6}, 0.5774}, {"NaZn13", BNSL_PHASE_NAZN13, {3, 3, 3}, 0.4188}, {"fcc", BNSL_PHASE_FCC, {5, 4, 4}, 0}};

static particles noisy_crystal(int32_t k, double noise, uint64_t *seed)
{
    particles p = particles_crystal(crystals[k].name, 0.99, crystals[k].cells[0], crystals[k].cells[1], crystals[k].cells[2]);
    particles_shake(&p, noise, noise * crystals[k].d_ss, seed);
    return p;
}

static int32_t *labels(int64_t n)
{
    int32_t *v = malloc((size_t)(n + 1) * sizeof *v);
    assert_non_null(v);
    for (int64_t i = 0; i < n; i++)
        v[i] = -7;
    return v;
}

static int32_t *phases_of(const particles *p, const bnsl_box *box)
{
    int32_t *phase = labels(p->n);
    assert_ok(bnsl_order_classify(box, p->n, p->xyz, p->species, NULL, phase));
    return phase;
}

/* ---- clusters and surfaces: naive ------------------------------------------------------------------------ */

/* Boxes at least two cut-offs wide: the nearest image of each pair is enough. */
static double distance_of(const particles *p, const bnsl_box *box, int64_t i, int64_t j)
{
    double v[3];
    for (int32_t a = 0; a < 3; a++)
        v[a] = p->xyz[3 * j + a] - p->xyz[3 * i + a];
    if (box)
        assert_ok(bnsl_box_minimum_image(box, 1, v));
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* Mean distance of the 6 nearest L. */
static double naive_spacing(const particles *p, const bnsl_box *box, int64_t i)
{
    double nearest[7], sum = 0;
    int32_t n = 0;
    for (int64_t j = 0; j < p->n; j++) {
        if (j == i || p->species[j] != 0)
            continue;
        double d = distance_of(p, box, i, j);
        int32_t k = n < 6 ? n++ : 6;
        for (; k > 0 && nearest[k - 1] > d; k--)
            nearest[k] = nearest[k - 1];
        nearest[k] = d;
    }
    for (int32_t k = 0; k < n; k++)
        sum += nearest[k];
    return sum / n;
}

static void naive_surface(const particles *p, const bnsl_box *box, const int32_t *phase, const double *b, int32_t *region)
{
    for (int64_t j = 0; j < p->n; j++) {
        int32_t centers = 0;
        region[j] = p->species[j] == 0 && phase[j] != BNSL_PHASE_FLUID ? BNSL_REGION_CORE : BNSL_REGION_FLUID;
        for (int64_t i = 0; i < p->n && p->species[j] <= 1; i++) {
            if (p->species[i] != 0 || phase[i] == BNSL_PHASE_FLUID || i == j)
                continue;
            double r = distance_of(p, box, i, j) / b[i];
            if (p->species[j] == 0 && r < 1.35 && region[j] == BNSL_REGION_FLUID)
                region[j] = BNSL_REGION_SURFACE;
            if (p->species[j] == 1 && (phase[i] == BNSL_PHASE_NAZN13 ? r < 0.72 : r < 1))
                region[j] = BNSL_REGION_SMALL;
            if (p->species[j] == 1 && phase[i] == BNSL_PHASE_NAZN13 && r >= 0.72 && r < 0.95 && ++centers >= 5)
                region[j] = BNSL_REGION_SMALL;
        }
    }
}

/* Labels spread along bonds until nothing changes: the lowest particle of each cluster. */
static void naive_clusters(const particles *p, const bnsl_box *box, const int32_t *phase, const double *b, int32_t *label)
{
    for (int64_t i = 0; i < p->n; i++)
        label[i] = p->species[i] == 0 && phase[i] != BNSL_PHASE_FLUID ? (int32_t)i : -1;
    for (bool changed = true; changed;) {
        changed = false;
        for (int64_t i = 0; i < p->n; i++)
            for (int64_t j = 0; j < p->n && label[i] >= 0; j++)
                if (label[j] > label[i] && distance_of(p, box, i, j) < 1.35 * 0.5 * (b[i] + b[j])) {
                    label[j] = label[i];
                    changed = true;
                }
    }
}

static void compare_with_naive(const particles *p, const bnsl_box *box, const int32_t *phase)
{
    int32_t *region = labels(p->n), *cluster = labels(p->n), *want = labels(p->n);
    double *b = calloc((size_t)p->n + 1, sizeof *b);
    int64_t *size = calloc((size_t)p->n + 1, sizeof *size), count[BNSL_N_REGIONS], seen[BNSL_N_REGIONS] = {0}, n_clusters, total = 0, crystalline = 0;
    assert_true(b && size);
    for (int64_t i = 0; i < p->n; i++)
        b[i] = p->species[i] == 0 ? naive_spacing(p, box, i) : 0;
    naive_surface(p, box, phase, b, want);
    assert_ok(bnsl_order_surface(box, p->n, p->xyz, p->species, phase, 2, region, count));
    for (int64_t i = 0; i < p->n; i++) {
        assert_int_equal(region[i], want[i]);
        seen[region[i]] += p->species[i] <= 1;
    }
    assert_memory_equal(count, seen, sizeof seen);
    naive_clusters(p, box, phase, b, want);
    assert_ok(bnsl_order_crystal_clusters(box, p->n, p->xyz, p->species, phase, 1, cluster, &n_clusters, size));
    for (int64_t i = 0; i < p->n; i++) {
        crystalline += want[i] >= 0;
        assert_true((want[i] < 0) == (cluster[i] < 0));
        if (want[i] >= 0)
            assert_int_equal(cluster[i], cluster[want[i]]);
        if (want[i] == i) { /* one cluster a label */
            total += size[cluster[i]];
            for (int64_t j = 0; j < i; j++)
                assert_true(want[j] != j || cluster[j] != cluster[i]);
        }
    }
    assert_int_equal(total, crystalline);
    for (int64_t k = 1; k < n_clusters; k++)
        assert_true(size[k] <= size[k - 1]);
    free(region), free(cluster), free(want), free(b), free(size);
}

static void surfaces_and_clusters_are_those_of_all_pairs(void **state)
{
    (void)state;
    static const int32_t periodic[] = {BNSL_PERIODIC_XYZ, 0, BNSL_PERIODIC_X | BNSL_PERIODIC_Z};
    uint64_t seed = 17;
    for (int32_t k = 0; k < 3; k++)
        for (int32_t e = 0; e < 3; e++) {
            particles p = noisy_crystal(k, 0.07, &seed);
            int32_t *phase = labels(p.n);
            p.box.periodic = periodic[e];
            for (int64_t i = 0; i < p.n; i++) { /* pieces of every phase; S with phases, which are ignored; strangers */
                phase[i] = p.xyz[3 * i] > 0.3 && test_uniform(&seed) < 0.4 ? (int32_t)(4 * test_uniform(&seed)) : BNSL_PHASE_FLUID;
                if (p.species[i] == 1 && test_uniform(&seed) < 0.05)
                    p.species[i] = 2;
            }
            compare_with_naive(&p, &p.box, phase);
            if (periodic[e] == 0)
                compare_with_naive(&p, NULL, phase);
            free(phase);
            particles_free(&p);
        }
}

static void bulk_has_its_stoichiometry(void **state)
{
    (void)state;
    static const int64_t s_of_l[] = {2, 13, 0};
    uint64_t seed = 4;
    for (int32_t k = 0; k < 3; k++)
        for (int32_t one_cell = 0; one_cell < 2; one_cell++) {
            int64_t count[BNSL_N_REGIONS];
            particles p = one_cell ? particles_crystal(crystals[k].name, 1, 1, 1, 1) : noisy_crystal(k, 0.06, &seed);
            int32_t *phase = phases_of(&p, &p.box), *region = labels(p.n);
            assert_ok(bnsl_order_surface(&p.box, p.n, p.xyz, p.species, phase, 1, region, count));
            assert_int_equal(count[BNSL_REGION_CORE] + count[BNSL_REGION_SMALL], p.n);
            assert_int_equal(count[BNSL_REGION_SMALL], s_of_l[k] * count[BNSL_REGION_CORE]);
            free(phase), free(region);
            particles_free(&p);
        }
}

/* ---- confirmation ---------------------------------------------------------------------------------------- */

static double legendre(int32_t l, double x)
{
    double a = 1, b = x;
    for (int32_t k = 2; k <= l; k++) {
        double c = ((2 * k - 1) * x * b - (k - 1) * a) / k;
        a = b;
        b = c;
    }
    return l == 0 ? 1 : b;
}

/* The k nearest particles of a species as directions, and which they are. Boxes are wider than two shells. */
static void naive_shell(const particles *p, int64_t i, int32_t species, int32_t k, double *direction, int64_t *who)
{
    double *r = calloc((size_t)p->n, sizeof *r);
    assert_non_null(r);
    for (int64_t j = 0; j < p->n; j++)
        r[j] = j != i && p->species[j] == species ? distance_of(p, &p->box, i, j) : INFINITY;
    for (int32_t m = 0; m < k; m++) {
        int64_t best = 0;
        for (int64_t j = 1; j < p->n; j++)
            best = r[j] < r[best] ? j : best;
        for (int32_t a = 0; a < 3; a++)
            direction[3 * m + a] = p->xyz[3 * best + a] - p->xyz[3 * i + a];
        assert_ok(bnsl_box_minimum_image(&p->box, 1, direction + 3 * m));
        for (int32_t a = 0; a < 3; a++)
            direction[3 * m + a] /= r[best];
        who[m] = best;
        r[best] = INFINITY;
    }
    free(r);
}

/* sum_m q_lm(i) conj(q_lm(j)) but for a constant factor, by the addition theorem: sum over pairs of bonds of P_l(cos). */
static double naive_product(int32_t l, int32_t k, const double *a, const double *b)
{
    double sum = 0;
    for (int32_t i = 0; i < k; i++)
        for (int32_t j = 0; j < k; j++)
            sum += legendre(l, a[3 * i] * b[3 * j] + a[3 * i + 1] * b[3 * j + 1] + a[3 * i + 2] * b[3 * j + 2]);
    return sum;
}

static double naive_value(const particles *p, int64_t i, int32_t phase)
{
    static const struct {
        int32_t l, shell, species, others;
    } how[] = {{0, 0, 0, 0}, {4, 8, 0, 8}, {9, 24, 1, 6}, {6, 12, 0, 12}};
    double mine[72], its[72], unused[72], sum = 0;
    int64_t who[24], others[24];
    naive_shell(p, i, how[phase].species, how[phase].shell, mine, who);
    naive_shell(p, i, 0, how[phase].others, unused, others);
    for (int32_t k = 0; k < how[phase].others; k++) {
        naive_shell(p, others[k], how[phase].species, how[phase].shell, its, who);
        double ab = naive_product(how[phase].l, how[phase].shell, mine, its), aa = naive_product(how[phase].l, how[phase].shell, mine, mine),
               bb = naive_product(how[phase].l, how[phase].shell, its, its), d = ab / sqrt(aa * bb);
        sum += phase == BNSL_PHASE_NAZN13 ? d / 6 : d > 0.7;
    }
    return sum;
}

static void confirmation_is_the_legendre_sum(void **state)
{
    (void)state;
    uint64_t seed = 23;
    for (int32_t k = 0; k < 3; k++) {
        int32_t phase = crystals[k].phase;
        particles p = noisy_crystal(k, k == 1 ? 0.09 : 0.14, &seed); /* so that single ones fail */
        int32_t *all = labels(p.n), *confirmed = labels(p.n);
        double *value = calloc((size_t)p.n, sizeof *value);
        assert_non_null(value);
        for (int64_t i = 0; i < p.n; i++)
            all[i] = p.species[i] == 0 && i % 5 > 0 ? phase : BNSL_PHASE_FLUID;
        assert_ok(bnsl_order_confirm(&p.box, p.n, p.xyz, p.species, all, 2, confirmed, value));
        int64_t checked = 0;
        for (int64_t i = 0; i < p.n; i++) {
            if (all[i] == BNSL_PHASE_FLUID) {
                assert_true(isnan(value[i]) && confirmed[i] == 0);
                continue;
            }
            assert_int_equal(confirmed[i], phase == BNSL_PHASE_NAZN13 ? value[i] < -0.25 : value[i] >= (phase == BNSL_PHASE_ALB2 ? 5 : 9));
            if (checked++ < 20)
                assert_close(value[i], naive_value(&p, i, phase), 0, 1e-12);
        }
        assert_true(checked > 100);
        free(all), free(confirmed), free(value);
        particles_free(&p);
    }
}

static void crystals_are_confirmed_and_fluids_are_not(void **state)
{
    (void)state;
    static const double perfect[] = {8, -1, 12}, share[] = {1, 0.97, 1};
    uint64_t seed = 3;
    for (int32_t k = 0; k < 3; k++)
        for (int32_t noise = 0; noise <= 8; noise += 8) {
            particles p = noisy_crystal(k, 0.01 * noise, &seed);
            int32_t *phase = phases_of(&p, &p.box), *confirmed = labels(p.n);
            double *value = calloc((size_t)p.n, sizeof *value);
            int64_t n = 0, n_l = 0;
            assert_ok(bnsl_order_confirm(&p.box, p.n, p.xyz, p.species, phase, 1, confirmed, value));
            for (int64_t i = 0; i < p.n; i++) {
                n += confirmed[i];
                n_l += p.species[i] == 0;
                if (noise == 0 && p.species[i] == 0)
                    assert_close(value[i], perfect[k], 0, 1e-12);
            }
            assert_true((double)n >= share[k] * (double)n_l);
            free(phase), free(confirmed), free(value);
            particles_free(&p);
        }
    particles p = particles_fluid(500, 1000, 0.55, 60, 5);
    for (int32_t k = 0; k < 3; k++) {
        int32_t *phase = labels(p.n), *confirmed = labels(p.n);
        int64_t n = 0;
        for (int64_t i = 0; i < p.n; i++)
            phase[i] = crystals[k].phase;
        assert_ok(bnsl_order_confirm(&p.box, p.n, p.xyz, p.species, phase, 1, confirmed, NULL));
        for (int64_t i = 0; i < p.n; i++)
            n += confirmed[i];
        assert_true(n <= (k == 1 ? 15 : 2)); /* 1 % of a fluid has a mean d9 below -0.25 */
        free(phase), free(confirmed);
    }
    particles_free(&p);
}

/* ---- grains ---------------------------------------------------------------------------------------------- */

/* A ball cut in two halves, one of them turned by an angle around an axis; particles that would overlap are left out. */
static particles bicrystal(int32_t k, double degrees, const double axis[3], double radius, uint64_t *seed)
{
    particles grain = particles_crystal(crystals[k].name, 1, 14, 8, 14), p = {.n = 0};
    double t = degrees * acos(-1) / 180, u = sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]), m[9];
    const double e[3] = {axis[0] / u, axis[1] / u, axis[2] / u}, nowhere[3] = {0, 0, 0};
    for (int32_t i = 0; i < 3; i++)
        for (int32_t j = 0; j < 3; j++)
            m[3 * i + j] = (i == j ? cos(t) : (j == (i + 1) % 3 ? -1 : 1) * sin(t) * e[3 - i - j]) + (1 - cos(t)) * e[i] * e[j];
    for (int32_t side = 0; side < 2; side++) {
        particles half = {.n = 0};
        particles_append(&half, &grain, nowhere);
        if (side == 1)
            rotate_all(half.n, half.xyz, m);
        int64_t n = 0;
        for (int64_t i = 0; i < half.n; i++) {
            const double *r = half.xyz + 3 * i;
            bool keep = r[0] * r[0] + r[1] * r[1] + r[2] * r[2] < radius * radius && (side == 0 ? r[0] < 0 : r[0] >= 0);
            for (int64_t j = 0; j < p.n && keep; j++) {
                double near = half.species[i] + p.species[j] == 0 ? 0.85 : half.species[i] + p.species[j] == 1 ? 0.5 : 0.36;
                keep = pow(r[0] - p.xyz[3 * j], 2) + pow(r[1] - p.xyz[3 * j + 1], 2) + pow(r[2] - p.xyz[3 * j + 2], 2) > near * near;
            }
            if (!keep)
                continue;
            memmove(half.xyz + 3 * n, r, 3 * sizeof *r);
            half.species[n++] = half.species[i];
        }
        half.n = n;
        particles_append(&p, &half, nowhere);
        particles_free(&half);
    }
    particles_free(&grain);
    particles_shake(&p, 0.07, 0.07 * crystals[k].d_ss, seed);
    return p;
}

static void a_crystal_is_one_grain(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (int32_t k = 0; k < 3; k++)
        for (int32_t noise = 0; noise <= 12; noise += 6)
            for (int32_t free_space = 0; free_space < 2; free_space++) {
                particles p = noisy_crystal(k, 0.01 * noise, &seed);
                const bnsl_box *box = free_space ? NULL : &p.box;
                int32_t *phase = phases_of(&p, box), *grain = labels(p.n), *of = labels(p.n);
                int64_t n_grains, *size = calloc((size_t)p.n, sizeof *size), n = 0;
                assert_non_null(size);
                assert_ok(bnsl_order_grains(box, p.n, p.xyz, p.species, phase, NULL, grain, &n_grains, size, of));
                for (int64_t i = 0; i < p.n; i++) {
                    n += phase[i] != BNSL_PHASE_FLUID;
                    assert_true(grain[i] == 0 || (grain[i] == -1 && (free_space || phase[i] == BNSL_PHASE_FLUID)));
                }
                assert_true(n_grains == 1 && of[0] == crystals[k].phase && size[0] <= n && (free_space ? 100 * size[0] >= 98 * n : size[0] == n));
                free(phase), free(grain), free(of), free(size);
                particles_free(&p);
            }
}

static void boundaries_are_found(void **state)
{
    (void)state;
    static const double axis[][3] = {{0, 0, 1}, {0.3, 0.5, 0.81}};
    uint64_t seed = 30;
    for (int32_t k = 0; k < 3; k++)
        for (int32_t a = 0; a < 2; a++)
            for (int32_t large = 0; large < 2; large++) {
                particles p = bicrystal(k, large ? 30 : 5, axis[a], 5, &seed);
                int32_t *phase = phases_of(&p, NULL), *grain = labels(p.n);
                int64_t n_grains, *size = calloc((size_t)p.n, sizeof *size), wrong = 0, left = 0, first = -1;
                assert_non_null(size);
                assert_ok(bnsl_order_grains(NULL, p.n, p.xyz, p.species, phase, NULL, grain, &n_grains, size, NULL));
                assert_int_equal(n_grains, large ? 2 : 1);
                for (int64_t i = 0; i < p.n && large; i++)
                    if (grain[i] >= 0) { /* sides: which grain is on the left */
                        first = first < 0 && p.xyz[3 * i] < -1 ? grain[i] : first;
                        left += p.xyz[3 * i] < 0;
                        wrong += fabs(p.xyz[3 * i]) > 0.6 && (grain[i] == first) != (p.xyz[3 * i] < 0);
                    }
                assert_true(wrong == 0 && (!large || (left > 50 && size[1] > 50)));
                free(phase), free(grain), free(size);
                particles_free(&p);
            }
}

/* Three crystals far apart and touching none: their grains, by size, with their phases; small ones are none. */
static void grains_have_sizes_and_phases(void **state)
{
    (void)state;
    uint64_t seed = 6;
    particles all = {.n = 0};
    int64_t at[4] = {0}, n_grains, size[8000];
    int32_t of[8000];
    for (int32_t k = 0; k < 3; k++) {
        const double shift[3] = {30.0 * k, 5, 5};
        particles p = noisy_crystal(k, 0.05, &seed);
        particles_append(&all, &p, shift);
        at[k + 1] = all.n;
        particles_free(&p);
    }
    assert_true(all.n < 8000);
    int32_t *phase = phases_of(&all, NULL), *grain = labels(all.n);
    bnsl_order_grains_options o;
    assert_ok(bnsl_order_grains(NULL, all.n, all.xyz, all.species, phase, NULL, grain, &n_grains, size, of));
    assert_int_equal(n_grains, 3);
    for (int64_t g = 0; g < 3; g++) {
        int64_t n = 0, k = of[g] - 1;
        for (int64_t i = 0; i < all.n; i++)
            n += grain[i] == g && i >= at[k] && i < at[k + 1];
        assert_true(n == size[g] && (g == 0 || size[g] <= size[g - 1]));
    }
    assert_true(of[0] != of[1] && of[1] != of[2] && of[2] != of[0]);
    assert_ok(bnsl_order_grains_options_init(&o, sizeof o));
    assert_true(o.d_min == 0.94 && o.min_size == 8 && o.num_threads == 1);
    o.min_size = size[1] / 2 + size[0] / 2 + 1; /* the largest alone, when it is so much larger than the next */
    assert_ok(bnsl_order_grains(NULL, all.n, all.xyz, all.species, phase, &o, grain, &n_grains, NULL, NULL));
    assert_int_equal(n_grains, size[0] >= o.min_size ? 1 : 0);
    o.min_size = size[0] + all.n;
    assert_ok(bnsl_order_grains(NULL, all.n, all.xyz, all.species, phase, &o, grain, &n_grains, size, of));
    assert_int_equal(n_grains, 0);
    for (int64_t i = 0; i < all.n; i++)
        assert_int_equal(grain[i], -1);
    free(phase), free(grain);
    particles_free(&all);
}

/* ---- invariance ------------------------------------------------------------------------------------------- */

typedef struct readings {
    int32_t *phase, *cluster, *region, *confirmed, *grain;
    int64_t n_clusters, n_grains, count[BNSL_N_REGIONS];
} readings;

static readings read_all(const particles *p, const bnsl_box *box, int32_t threads)
{
    readings r = {phases_of(p, box), labels(p->n), labels(p->n), labels(p->n), labels(p->n), 0, 0, {0}};
    bnsl_order_grains_options o;
    assert_ok(bnsl_order_grains_options_init(&o, sizeof o));
    o.num_threads = threads;
    assert_ok(bnsl_order_crystal_clusters(box, p->n, p->xyz, p->species, r.phase, threads, r.cluster, &r.n_clusters, NULL));
    assert_ok(bnsl_order_surface(box, p->n, p->xyz, p->species, r.phase, threads, r.region, r.count));
    assert_ok(bnsl_order_confirm(box, p->n, p->xyz, p->species, r.phase, threads, r.confirmed, NULL));
    assert_ok(bnsl_order_grains(box, p->n, p->xyz, p->species, r.phase, &o, r.grain, &r.n_grains, NULL, NULL));
    return r;
}

/* b[i] is what a[order[i]] was; sizes of sets are different here, so that their numbers are the same too. */
static void assert_same(int64_t n, const readings *a, const readings *b, const int64_t *order)
{
    assert_true(a->n_clusters == b->n_clusters && a->n_grains == b->n_grains && !memcmp(a->count, b->count, sizeof a->count));
    for (int64_t i = 0; i < n; i++) {
        int64_t j = order ? order[i] : i;
        assert_true(a->phase[j] == b->phase[i] && a->region[j] == b->region[i] && a->confirmed[j] == b->confirmed[i]);
        assert_true(a->cluster[j] == b->cluster[i] && a->grain[j] == b->grain[i]);
    }
}

static void free_readings(readings *r)
{
    free(r->phase), free(r->cluster), free(r->region), free(r->confirmed), free(r->grain);
}

static void does_not_depend_on_frame_order_or_threads(void **state)
{
    (void)state;
    static const double axis[3] = {0.2, -0.4, 0.9};
    uint64_t seed = 81;
    for (int32_t k = 0; k < 3; k++) {
        particles p = bicrystal(k, 30, axis, 4.5, &seed), q = {.n = 0};
        readings want = read_all(&p, NULL, 1);
        const double shift[3] = {3.1, -7.7, 0.4};
        double rotation[9];
        int64_t *order = malloc((size_t)p.n * sizeof *order);
        assert_non_null(order);
        particles_append(&q, &p, shift);
        random_rotation(rotation, &seed);
        rotate_all(q.n, q.xyz, rotation);
        for (int64_t i = 0; i < p.n; i++)
            order[i] = i;
        for (int64_t i = p.n - 1; i > 0; i--) { /* shuffle */
            int64_t j = (int64_t)((double)(i + 1) * test_uniform(&seed)), t = order[i];
            order[i] = order[j];
            order[j] = t;
        }
        particles r = {.n = 0};
        particles_append(&r, &q, (const double[3]){0, 0, 0});
        for (int64_t i = 0; i < p.n; i++) {
            memcpy(r.xyz + 3 * i, q.xyz + 3 * order[i], 3 * sizeof *r.xyz);
            r.species[i] = q.species[order[i]];
        }
        readings turned = read_all(&q, NULL, 3), shuffled = read_all(&r, NULL, 2);
        assert_same(p.n, &want, &turned, NULL);
        assert_same(p.n, &want, &shuffled, order);
        free_readings(&want), free_readings(&turned), free_readings(&shuffled);
        free(order);
        particles_free(&p), particles_free(&q), particles_free(&r);
    }
}

/* ---- few particles, bad arguments --------------------------------------------------------------------------- */

/* Phases given to particles that cannot have them: nothing breaks. */
static void few_particles(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int64_t n_l = 0; n_l <= 14; n_l++)
        for (int32_t e = 0; e < 3; e++) {
            int64_t n = n_l + 3 * e;
            particles p = particles_crystal("AlB2", 1, 3, 2, 2);
            int32_t *phase = labels(n), *grain = labels(n), *region = labels(n), *confirmed = labels(n), *cluster = labels(n);
            int64_t n_grains, count[BNSL_N_REGIONS];
            for (int64_t i = 0; i < n; i++) {
                p.species[i] = i < n_l ? 0 : 1;
                phase[i] = (int32_t)(1 + i % 3);
                for (int32_t a = 0; a < 3; a++)
                    p.xyz[3 * i + a] = e == 2 ? 1 : 3 * test_uniform(&seed); /* e == 2: all at one place */
            }
            for (int32_t free_space = 0; free_space < 2; free_space++) {
                const bnsl_box *box = free_space ? NULL : &p.box;
                assert_ok(bnsl_order_crystal_clusters(box, n, p.xyz, p.species, phase, 1, cluster, NULL, NULL));
                assert_ok(bnsl_order_surface(box, n, p.xyz, p.species, phase, 1, region, count));
                assert_ok(bnsl_order_confirm(box, n, p.xyz, p.species, phase, 1, confirmed, NULL));
                assert_ok(bnsl_order_grains(box, n, p.xyz, p.species, phase, NULL, grain, &n_grains, NULL, NULL));
                assert_int_equal(count[BNSL_REGION_CORE], n_l);
                assert_true(n_grains * 8 <= n_l);
            }
            free(phase), free(grain), free(region), free(confirmed), free(cluster);
            particles_free(&p);
        }
}

enum { CLUSTERS, SURFACE, CONFIRM, GRAINS, N_CALLS };

static bnsl_status call(int32_t which, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase,
                        int32_t threads, int32_t *out)
{
    bnsl_order_grains_options o;
    bnsl_order_grains_options_init(&o, sizeof o);
    o.num_threads = threads;
    switch (which) {
    case CLUSTERS:
        return bnsl_order_crystal_clusters(box, n, xyz, species, phase, threads, out, NULL, NULL);
    case SURFACE:
        return bnsl_order_surface(box, n, xyz, species, phase, threads, out, NULL);
    case CONFIRM:
        return bnsl_order_confirm(box, n, xyz, species, phase, threads, out, NULL);
    default:
        return bnsl_order_grains(box, n, xyz, species, phase, &o, out, NULL, NULL, NULL);
    }
}

static void bad_arguments(void **state)
{
    (void)state;
    particles p = particles_crystal("AlB2", 1, 2, 2, 2);
    int32_t *phase = phases_of(&p, &p.box), *out = labels(p.n);
    bnsl_box box = p.box;
    box.lz = 0;
    for (int32_t w = 0; w < N_CALLS; w++) {
        assert_status(call(w, &p.box, -1, p.xyz, p.species, phase, 1, out), BNSL_EINVAL);
        assert_status(call(w, &p.box, INT64_MAX, p.xyz, p.species, phase, 1, out), BNSL_EINVAL);
        assert_status(call(w, &p.box, p.n, NULL, p.species, phase, 1, out), BNSL_EINVAL);
        assert_status(call(w, &p.box, p.n, p.xyz, NULL, phase, 1, out), BNSL_EINVAL);
        assert_status(call(w, &p.box, p.n, p.xyz, p.species, NULL, 1, out), BNSL_EINVAL);
        assert_status(call(w, &p.box, p.n, p.xyz, p.species, phase, 1, NULL), BNSL_EINVAL);
        assert_status(call(w, &p.box, p.n, p.xyz, p.species, phase, -1, out), BNSL_EINVAL);
        assert_status(call(w, &box, p.n, p.xyz, p.species, phase, 1, out), BNSL_EINVAL);
        static const double bad[] = {NAN, INFINITY, -INFINITY};
        for (int32_t k = 0; k < 3; k++) {
            double good = p.xyz[11];
            p.xyz[11] = bad[k];
            assert_status(call(w, &p.box, p.n, p.xyz, p.species, phase, 1, out), BNSL_EINVAL);
            assert_non_null(strstr(bnsl_error_message(), "particle 3"));
            p.xyz[11] = good;
        }
        phase[5] = BNSL_N_PHASES;
        assert_status(call(w, &p.box, p.n, p.xyz, p.species, phase, 1, out), BNSL_EINVAL);
        phase[5] = -1;
        assert_status(call(w, &p.box, p.n, p.xyz, p.species, phase, 1, out), BNSL_EINVAL);
        phase[5] = 0;
        for (int64_t i = 0; i < p.n; i++)
            assert_int_equal(out[i], -7);
        assert_ok(call(w, NULL, 0, NULL, NULL, NULL, 1, NULL));
    }
    bnsl_order_grains_options o;
    static const double bad_cosine[] = {0, 1, -0.5, 2, NAN, INFINITY};
    for (int32_t k = 0; k < 6; k++) {
        assert_ok(bnsl_order_grains_options_init(&o, sizeof o));
        o.d_min = bad_cosine[k];
        assert_status(bnsl_order_grains(&p.box, p.n, p.xyz, p.species, phase, &o, out, NULL, NULL, NULL), BNSL_EINVAL);
    }
    assert_ok(bnsl_order_grains_options_init(&o, sizeof o));
    o.min_size = 0;
    assert_status(bnsl_order_grains(&p.box, p.n, p.xyz, p.species, phase, &o, out, NULL, NULL, NULL), BNSL_EINVAL);
    o.struct_size = 3;
    assert_status(bnsl_order_grains(&p.box, p.n, p.xyz, p.species, phase, &o, out, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_grains_options_init(NULL, sizeof o), BNSL_EINVAL);
    free(phase), free(out);
    particles_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(surfaces_and_clusters_are_those_of_all_pairs),
        cmocka_unit_test(bulk_has_its_stoichiometry),
        cmocka_unit_test(confirmation_is_the_legendre_sum),
        cmocka_unit_test(crystals_are_confirmed_and_fluids_are_not),
        cmocka_unit_test(a_crystal_is_one_grain),
        cmocka_unit_test(boundaries_are_found),
        cmocka_unit_test(grains_have_sizes_and_phases),
        cmocka_unit_test(does_not_depend_on_frame_order_or_threads),
        cmocka_unit_test(few_particles),
        cmocka_unit_test(bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
