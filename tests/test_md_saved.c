/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * md: the energies of two saved fluids of 27,000 particles, as LAMMPS (29 Sep 2021) gives them for the unrounded coordinates (HOOMD-blue
 * 4.8.2: -2.28780986 and -4.22856237), with the energy shifted at 1.6 sigma_ij (m = 25) and 2.5 sigma_ij (m = 6). Tolerance: rounding
 * the coordinates to edge / 2^32 moves the energy by 4e-10 a particle.
 */
#include "configurations.h"
#include "saved_fluid.h"

static void energy_of(const char *file, double m, double want)
{
    saved_fluid f;
    bnsl_box box;
    bnsl_md_options o;
    bnsl_md *md;
    bnsl_md_thermo t;
    assert_true(saved_fluid_read(&f, test_data(file)));
    assert_int_equal(f.n, 27000);
    assert_int_equal(f.n_large, 9000);
    assert_ok(bnsl_box_init(&box, f.edge, f.edge, f.edge, 0, 0, 0));
    bnsl_potential *p = mie_mixture(50, m, 0.55);
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    assert_ok(bnsl_md_create(&md, &box, f.n, f.xyz, f.species, p, &o));
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_close(t.potential_energy / (double)f.n, want, 0, 1e-9);
    assert_close(t.packing_fraction, 0.55, 1e-12, 0);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    saved_fluid_free(&f);
}

static void narrow_well(void **state)
{
    (void)state;
    energy_of("md/m25_phi055.bin", 25, -2.28780985936);
}

static void wide_well(void **state)
{
    (void)state;
    energy_of("md/m6_phi055.bin", 6, -4.22856237094);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(narrow_well), cmocka_unit_test(wide_well) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
