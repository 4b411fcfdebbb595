/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See configurations.h. */
#include "configurations.h"

void free_configuration(configuration *c)
{
    free(c->xyz);
    free(c->species);
    *c = (configuration){ 0 };
}

configuration crystal(const char *name, int32_t cell, int nx, int ny, int nz, double phi, double d_small, double noise, uint64_t seed)
{
    configuration c = { 0 };
    bnsl_lattice *lattice;
    bnsl_lattice_options o;
    double phi_1;
    assert_ok(bnsl_lattice_options_init(&o, sizeof o));
    assert_ok(bnsl_lattice_create(&lattice, name, &o));
    assert_ok(bnsl_lattice_volume_fraction(lattice, 1, d_small, &phi_1));
    bnsl_lattice_destroy(lattice);
    o.a = cbrt(phi_1 / phi);
    assert_ok(bnsl_lattice_create(&lattice, name, &o));
    assert_status(bnsl_lattice_supercell(lattice, cell, nx, ny, nz, 0, &c.n, NULL, NULL, NULL), BNSL_EBUFFER);
    c.xyz = malloc((size_t)c.n * 3 * sizeof *c.xyz);
    c.species = malloc((size_t)c.n * sizeof *c.species);
    assert_non_null(c.xyz);
    assert_non_null(c.species);
    assert_ok(bnsl_lattice_supercell(lattice, cell, nx, ny, nz, c.n, &c.n, &c.box, c.xyz, c.species));
    bnsl_lattice_destroy(lattice);
    for (int64_t k = 0; k < 3 * c.n; k++)
        c.xyz[k] += noise * test_normal(&seed);
    assert_ok(bnsl_box_wrap(&c.box, c.n, c.xyz, NULL));
    return c;
}

configuration supercell(const char *name, double density, double c_over_a, int64_t n_wanted)
{
    configuration c = { .n = 0 };
    bnsl_lattice *lattice;
    assert_ok(bnsl_lattice_create(&lattice, name, NULL));
    assert_status(bnsl_free_energy_supercell(lattice, density, c_over_a, n_wanted, 0, &c.n, NULL, NULL, NULL), BNSL_EBUFFER);
    c.xyz = malloc((size_t)c.n * 3 * sizeof *c.xyz);
    c.species = malloc((size_t)c.n * sizeof *c.species);
    assert_non_null(c.xyz);
    assert_non_null(c.species);
    assert_ok(bnsl_free_energy_supercell(lattice, density, c_over_a, n_wanted, c.n, &c.n, &c.box, c.xyz, c.species));
    bnsl_lattice_destroy(lattice);
    return c;
}

configuration fluid(int64_t n_large, int64_t n_small, double phi, double d_small, uint64_t seed)
{
    configuration c = { .n = n_large + n_small };
    double edge = cbrt(3.14159265358979 / 6 * ((double)n_large + (double)n_small * pow(d_small, 3)) / phi);
    double *diameter = malloc((size_t)c.n * sizeof *diameter);
    c.xyz = malloc((size_t)c.n * 3 * sizeof *c.xyz);
    c.species = malloc((size_t)c.n * sizeof *c.species);
    assert_non_null(diameter);
    assert_non_null(c.xyz);
    assert_non_null(c.species);
    for (int64_t i = 0; i < c.n; i++) {
        c.species[i] = i >= n_large;
        diameter[i] = i < n_large ? 1 : d_small;
    }
    assert_ok(bnsl_box_init(&c.box, edge, edge, edge, 0, 0, 0));
    assert_ok(bnsl_md_random_start(&c.box, c.n, diameter, 0, seed, 1, c.xyz, NULL));
    free(diameter);
    return c;
}

bnsl_potential *mie_mixture(double n, double m, double d_small)
{
    bnsl_potential *p;
    bnsl_potential_options o;
    const double diameter[2] = { 1, d_small };
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.n = n;
    o.m = m;
    assert_ok(bnsl_potential_create(&p, 2, diameter, &o));
    return p;
}

double naive_energy(const configuration *c, const bnsl_potential *p, double *force, double *virial)
{
    return naive_energy_sized(c, p, NULL, force, virial);
}

double naive_energy_sized(const configuration *c, const bnsl_potential *p, const double *diameter, double *force, double *virial)
{
    double h[9], plane[3], cut[64 * 64], size[64], swelling = 1;
    long double energy = 0, w[6] = { 0 };
    int32_t k = bnsl_potential_n_species(p);
    assert_ok(bnsl_potential_cutoffs(p, cut));
    assert_ok(bnsl_potential_diameters(p, size));
    assert_ok(bnsl_box_vectors(&c->box, h));
    assert_ok(bnsl_box_plane_distances(&c->box, plane));
    for (int64_t i = 0; i < c->n && diameter; i++)
        swelling = fmax(swelling, diameter[i] / size[c->species[i]]);
    double reach = 0;
    for (int32_t a = 0; a < k * k; a++)
        reach = fmax(reach, swelling * cut[a]);
    int m[3];
    for (int d = 0; d < 3; d++)
        m[d] = (int)ceil(reach / plane[d]) + 1;
    if (force)
        memset(force, 0, (size_t)c->n * 3 * sizeof *force);
    for (int64_t i = 0; i < c->n; i++)
        for (int64_t j = 0; j < c->n; j++) {
            int32_t a = c->species[i], b = c->species[j];
            double scale = diameter ? (diameter[i] + diameter[j]) / (size[a] + size[b]) : 1, limit = scale * cut[a * k + b];
            for (int x = -m[0]; x <= m[0]; x++)
                for (int y = -m[1]; y <= m[1]; y++)
                    for (int z = -m[2]; z <= m[2]; z++) {
                        double u[3], r2 = 0, energy_pair, f;
                        for (int d = 0; d < 3; d++) {
                            u[d] = c->xyz[3 * j + d] + (x * h[d] + y * h[3 + d] + z * h[6 + d]) - c->xyz[3 * i + d];
                            r2 += u[d] * u[d];
                        }
                        if (r2 >= limit * limit || r2 == 0)
                            continue;
                        double r = sqrt(r2), scaled = r / scale;
                        assert_ok(bnsl_potential_evaluate(p, a, b, 1, &scaled, &energy_pair, &f));
                        f /= scale;
                        energy += 0.5L * (long double)energy_pair;
                        static const int first[6] = { 0, 1, 2, 0, 0, 1 }, second[6] = { 0, 1, 2, 1, 2, 2 };
                        for (int q = 0; q < 6; q++)
                            w[q] += 0.5L * (long double)(f * u[first[q]] * u[second[q]] / r);
                        for (int d = 0; d < 3 && force; d++)
                            force[3 * i + d] -= f * u[d] / r;
                    }
        }
    for (int q = 0; q < 6 && virial; q++)
        virial[q] = (double)w[q];
    return (double)energy;
}
