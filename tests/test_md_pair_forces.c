/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md: forces on the caller's own particles, against sums over all pairs and images and against a simulation of the library's own. */
#include "configurations.h"

/* A list of the particles with the potential's cut-offs plus skin. */
static bnsl_neighbor_list *list_of(const configuration *c, const bnsl_potential *p, double skin, int32_t flags)
{
    bnsl_neighbor_list *list;
    bnsl_neighbor_options o;
    double cut[9];
    int32_t k = bnsl_potential_n_species(p);
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.flags = flags;
    assert_ok(bnsl_neighbor_create(&list, &o));
    assert_ok(bnsl_potential_cutoffs(p, cut));
    for (int32_t q = 0; q < k * k; q++)
        cut[q] += skin;
    assert_ok(bnsl_neighbor_set_pair_cutoffs(list, k, cut));
    assert_ok(bnsl_neighbor_build(list, &c->box, c->n, c->xyz, c->species, NULL));
    return list;
}

/* Everything moves by up to the skin's half after the list was built; the naive sum sees the moved particles. */
static void compare_with_naive(configuration *c, const bnsl_potential *p, int32_t flags)
{
    const double skin = 0.2;
    bnsl_neighbor_list *list = list_of(c, p, skin, flags);
    size_t bytes = (size_t)c->n * 3 * sizeof(double);
    double *moved = malloc(bytes), *want = malloc(bytes), *got = malloc(bytes), *energy = malloc((size_t)c->n * sizeof(double));
    double want_virial[6], virial[6], sum = 0, largest = 0;
    uint64_t seed = 17;
    assert_true(moved && want && got && energy);
    for (int64_t k = 0; k < 3 * c->n; k++) {
        moved[k] = 0.5 * skin / sqrt(3) * (2 * test_uniform(&seed) - 1);
        c->xyz[k] += moved[k];
    }
    double want_energy = naive_energy(c, p, want, want_virial);
    assert_ok(bnsl_md_pair_forces(list, p, c->n, c->species, moved, 2, got, energy, virial));
    for (int64_t k = 0; k < 3 * c->n; k++)
        largest = fmax(largest, fabs(want[k]));
    for (int64_t k = 0; k < 3 * c->n; k++) /* steep forces: 50 times the rounding of r */
        assert_close(got[k], want[k], 0, 1e-12 * largest);
    for (int64_t i = 0; i < c->n; i++)
        sum += energy[i];
    assert_close(sum, want_energy, 1e-12, 0);
    for (int q = 0; q < 6; q++)
        assert_close(virial[q], want_virial[q], 1e-12, 1e-12 * fabs(want_virial[0]));
    bnsl_neighbor_destroy(list);
    free(moved);
    free(want);
    free(got);
    free(energy);
}

static void equal_the_naive_sum(void **state)
{
    (void)state;
    for (int32_t flags = 0; flags <= BNSL_NEIGHBOR_HALF; flags += BNSL_NEIGHBOR_HALF) {
        bnsl_potential *p = mie_mixture(50, 6, 0.55);
        configuration c = fluid(100, 200, 0.5, 0.55, 3);
        compare_with_naive(&c, p, flags);
        free_configuration(&c);
        c = crystal("AlB2", BNSL_CELL_CONVENTIONAL, 3, 3, 3, 0.6, 0.55, 0.03, 5); /* skewed */
        compare_with_naive(&c, p, flags);
        free_configuration(&c);
        c = crystal("AlB2", BNSL_CELL_CONVENTIONAL, 1, 1, 1, 0.6, 0.55, 0.02, 6); /* several images of each pair, and of a particle itself */
        compare_with_naive(&c, p, flags);
        free_configuration(&c);
        bnsl_potential_destroy(p);
    }
}

static void equal_those_of_a_simulation(void **state)
{
    (void)state;
    configuration c = fluid(200, 400, 0.5, 0.55, 8);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_neighbor_list *list = list_of(&c, p, 0, 0);
    bnsl_md *md;
    bnsl_md_thermo t;
    double *want = malloc((size_t)c.n * 24), *got = malloc((size_t)c.n * 24), *energy = malloc((size_t)c.n * 8), virial[6], sum = 0;
    assert_true(want && got && energy);
    assert_ok(bnsl_md_create(&md, &c.box, c.n, c.xyz, c.species, p, NULL));
    assert_ok(bnsl_md_forces(md, want));
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_ok(bnsl_md_pair_forces(list, p, c.n, c.species, NULL, 1, got, energy, virial));
    double largest = 0;
    for (int64_t k = 0; k < 3 * c.n; k++)
        largest = fmax(largest, fabs(want[k]));
    for (int64_t k = 0; k < 3 * c.n; k++)
        assert_close(got[k], want[k], 0, 1e-12 * largest);
    for (int64_t i = 0; i < c.n; i++)
        sum += energy[i];
    assert_close(sum, t.potential_energy, 1e-12, 0);
    for (int q = 0; q < 6; q++)
        assert_close(virial[q] / t.volume, t.pressure_tensor[q], 1e-12, 1e-12 * fabs(t.pressure_tensor[0]));
    bnsl_md_destroy(md);
    bnsl_neighbor_destroy(list);
    bnsl_potential_destroy(p);
    free_configuration(&c);
    free(want);
    free(got);
    free(energy);
}

/* Bits do not depend on threads; total force 0; outputs are optional. */
static void threads_and_outputs(void **state)
{
    (void)state;
    configuration c = fluid(300, 600, 0.5, 0.55, 9);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_neighbor_list *list = list_of(&c, p, 0.1, 0);
    double *one = malloc((size_t)c.n * 24), *three = malloc((size_t)c.n * 24), w1[6], w3[6], sum[3] = { 0 }, size = 0;
    assert_true(one && three);
    assert_ok(bnsl_md_pair_forces(list, p, c.n, c.species, NULL, 1, one, NULL, w1));
    assert_ok(bnsl_md_pair_forces(list, p, c.n, c.species, NULL, 3, three, NULL, w3));
    assert_memory_equal(one, three, (size_t)c.n * 24);
    assert_memory_equal(w1, w3, sizeof w1);
    for (int64_t k = 0; k < 3 * c.n; k++) {
        sum[k % 3] += one[k];
        size += fabs(one[k]);
    }
    for (int x = 0; x < 3; x++)
        assert_close(sum[x], 0, 0, 1e-13 * size);
    assert_ok(bnsl_md_pair_forces(list, p, c.n, c.species, NULL, 0, NULL, NULL, NULL));
    bnsl_neighbor_destroy(list);
    bnsl_potential_destroy(p);
    free_configuration(&c);
    free(one);
    free(three);
}

static void bad_arguments(void **state)
{
    (void)state;
    const double xyz[9] = { 0, 0, 0, 1, 0, 0, 0, 1.1, 0 }, on_top[9] = { 1 };
    double nan_move[9] = { 0 }, force[9] = { 7, 7, 7, 7, 7, 7, 7, 7, 7 };
    int32_t species[3] = { 0, 1, 0 };
    configuration c = { .n = 3, .xyz = (double *)(uintptr_t)xyz, .species = species };
    assert_ok(bnsl_box_init(&c.box, 9, 9, 9, 0, 0, 0));
    bnsl_potential *p = mie_mixture(12, 6, 0.9), *single;
    const double diameter = 1;
    assert_ok(bnsl_potential_create(&single, 1, &diameter, NULL));
    bnsl_neighbor_list *list = list_of(&c, p, 0, 0), *bare = list_of(&c, p, 0, BNSL_NEIGHBOR_NO_VECTORS), *empty, *between;
    assert_ok(bnsl_neighbor_create(&empty, NULL));
    assert_ok(bnsl_neighbor_create(&between, NULL));
    assert_ok(bnsl_neighbor_build_between(between, NULL, 1, xyz + 3, NULL, NULL, 3, xyz, NULL, NULL));
    nan_move[4] = NAN;
    assert_status(bnsl_md_pair_forces(NULL, p, 3, species, NULL, 1, force, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_pair_forces(list, NULL, 3, species, NULL, 1, force, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_pair_forces(list, p, 2, species, NULL, 1, force, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_pair_forces(list, p, -1, species, NULL, 1, force, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_pair_forces(list, single, 3, species, NULL, 1, force, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_pair_forces(list, p, 3, species, nan_move, 1, force, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_pair_forces(list, p, 3, species, on_top, 1, force, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_pair_forces(list, p, 3, species, NULL, -1, force, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_pair_forces(bare, p, 3, species, NULL, 1, force, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_pair_forces(between, p, 1, species, NULL, 1, force, NULL, NULL), BNSL_EINVAL);
    for (int k = 0; k < 9; k++)
        assert_true(force[k] == 7);
    species[1] = -1;
    assert_status(bnsl_md_pair_forces(list, p, 3, species, NULL, 1, force, NULL, NULL), BNSL_EINVAL);
    assert_ok(bnsl_md_pair_forces(empty, p, 0, NULL, NULL, 1, force, NULL, NULL));
    assert_ok(bnsl_md_pair_forces(list, single, 3, NULL, NULL, 1, force, NULL, NULL)); /* no species: all 0 */
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(bare);
    bnsl_neighbor_destroy(empty);
    bnsl_neighbor_destroy(between);
    bnsl_potential_destroy(single);
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_the_naive_sum),
        cmocka_unit_test(equal_those_of_a_simulation),
        cmocka_unit_test(threads_and_outputs),
        cmocka_unit_test(bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
