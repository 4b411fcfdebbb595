/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * free_energy: the Lennard-Jones fcc crystal at rho = 1, T = 1 by a route that shares nothing with the Einstein molecule but the Hamiltonian. At
 * constant volume, per particle and for N to infinity,
 *
 *   beta A = beta U_lat - (3/2) ln T + h + integral from 0 to T of -U_anh / T'^2 dT',  U_anh = <U> - U_lat - (3/2) T':
 *
 * the harmonic crystal of T -> 0, h = (1/2) <ln det D(k)> - (3/2) ln(2 pi) over the Brillouin zone with the dynamical matrix D of pairs up to
 * 9, and the rest by Langevin dynamics written here. No program of the library takes part in either.
 */
#include "configurations.h"

static const double pi = 3.14159265358979323846, cube = 1.5874010519681996; /* edge of the cube of four particles */

/* ---- the fcc lattice ---------------------------------------------------------------------------------------- */

enum { VECTORS_MAX = 4000 };

/* Vectors from a site to the others within a range, in halves of the cube's edge; one of each pair of opposite ones. */
static int half_shells(double range, int vector[VECTORS_MAX][3])
{
    int n = 0, reach = (int)(2 * range / cube) + 1;
    for (int x = 0; x <= reach; x++)
        for (int y = -reach; y <= reach; y++)
            for (int z = -reach; z <= reach; z++) {
                bool other = x == 0 && (y < 0 || (y == 0 && z <= 0));
                if (other || ((x + y + z) & 1) || (x * x + y * y + z * z) * cube * cube / 4 > range * range)
                    continue;
                assert_true(n < VECTORS_MAX);
                vector[n][0] = x;
                vector[n][1] = y;
                vector[n++][2] = z;
            }
    return n;
}

/* ---- lattice dynamics ------------------------------------------------------------------------------------- */

/* Force constants d^2 u / d r_a d r_b of the pairs: xx, yy, zz, xy, xz, yz. */
typedef struct springs {
    int n, vector[VECTORS_MAX][3];
    double k[VECTORS_MAX][6];
} springs;

static springs *springs_of(double range)
{
    static const int pair[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 0, 1 }, { 0, 2 }, { 1, 2 } };
    springs *s = malloc(sizeof *s);
    assert_non_null(s);
    s->n = half_shells(range, s->vector);
    for (int i = 0; i < s->n; i++) {
        const int *v = s->vector[i];
        double r2 = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) * cube * cube / 4, r = sqrt(r2);
        double slope = 4 * (6 * pow(r, -7) - 12 * pow(r, -13)) / r, curvature = 4 * (156 * pow(r, -14) - 42 * pow(r, -8));
        for (int k = 0; k < 6; k++)
            s->k[i][k] = (curvature - slope) * v[pair[k][0]] * v[pair[k][1]] * cube * cube / (4 * r2) + (k < 3 ? slope : 0);
    }
    return s;
}

/* ln det D(q), D = sum over all vectors of (1 - cos q r) k. q in units of 2 pi / edge. */
static double ln_det(const springs *s, const double q[3])
{
    double d[6] = { 0 };
    for (int i = 0; i < s->n; i++) {
        double w = 2 * (1 - cos(pi * (q[0] * s->vector[i][0] + q[1] * s->vector[i][1] + q[2] * s->vector[i][2])));
        for (int k = 0; k < 6; k++)
            d[k] += w * s->k[i][k];
    }
    return log(d[0] * (d[1] * d[2] - d[5] * d[5]) - d[3] * (d[3] * d[2] - d[5] * d[4]) + d[4] * (d[3] * d[5] - d[1] * d[4]));
}

/* h by m^3 points of the primitive reciprocal cell, none of them its corner. The singularity there leaves an error of m^-3. */
static double harmonic_grid(const springs *s, int m)
{
    double sum = 0;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < m; j++)
            for (int k = 0; k < m; k++) {
                double x = (i + 0.5) / m, y = (j + 0.5) / m, z = (k + 0.5) / m;
                sum += ln_det(s, (const double[3]){ y + z - x, x + z - y, x + y - z });
            }
    return sum / (2 * pow(m, 3)) - 1.5 * log(2 * pi);
}

static double harmonic(const springs *s)
{
    return (harmonic_grid(s, 12) * pow(12, 3) - harmonic_grid(s, 8) * pow(8, 3)) / (pow(12, 3) - pow(8, 3));
}

/*
 * The same of a cubic box of m^3 cubes at T = 1: its own wave vectors without 0, and the centre of mass, free in a primitive cell, the N^(3/2)
 * from its coordinate sum_i d_i / sqrt(N). With rho = 1 ln(V / N) is 0.
 */
static double harmonic_box(const springs *s, int m)
{
    double sum = 0, n = 4 * pow(m, 3);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < m; j++)
            for (int k = 0; k < m; k++)
                for (int face = 0; face < 4; face++) /* of the body-centred lattice's four cosets */
                    if (i + j + k + face > 0)
                        sum += ln_det(s, (const double[3]){ (double)i / m + (face == 1), (double)j / m + (face == 2), (double)k / m + (face == 3) });
    return (sum / 2 - (n - 1) * 1.5 * log(2 * pi) - 1.5 * log(n)) / n;
}

static void harmonic_crystal(void **state)
{
    (void)state;
    springs *s = springs_of(9);
    double h = harmonic(s);
    printf("    h %.5f, N (A(infinite) - A(N)) %.3f at 256, %.3f at 500\n", h, 256 * (h - harmonic_box(s, 4)), 500 * (h - harmonic_box(s, 5)));
    assert_close(h, 5.04621, 0, 5e-5); /* with pairs up to 12, points up to 24^3 */
    assert_close(500 * (h - harmonic_box(s, 5)), 7.57, 0, 0.01);
    free(s);
}

/* ---- Langevin dynamics ------------------------------------------------------------------------------------ */

/* Of N particles whose pairs are those of sites within 3.9: displacements d, velocities v, forces f, n x 3. */
typedef struct dynamics {
    int n, n_vectors, *partner;
    double vector[VECTORS_MAX][3], *d, *v, *f, energy;
    uint64_t noise;
} dynamics;

static dynamics *dynamics_create(int m, uint64_t seed)
{
    int vector[VECTORS_MAX][3], edge = 2 * m, *number = malloc(sizeof(int) * (size_t)(edge * edge * edge));
    dynamics *x = calloc(1, sizeof *x);
    assert_true(x && number);
    x->n_vectors = half_shells(3.9, vector);
    for (int i = 0; i < edge * edge * edge; i++)
        number[i] = (i / (edge * edge) + i / edge + i) & 1 ? -1 : x->n++;
    x->noise = seed;
    x->partner = malloc(sizeof(int) * (size_t)(x->n * x->n_vectors));
    double **memory[3] = { &x->d, &x->v, &x->f };
    for (int k = 0; k < 3; k++) {
        *memory[k] = calloc((size_t)(3 * x->n), sizeof(double));
        assert_non_null(*memory[k]);
    }
    assert_non_null(x->partner);
    for (int k = 0; k < x->n_vectors; k++) {
        for (int a = 0; a < 3; a++)
            x->vector[k][a] = vector[k][a] * cube / 2;
        for (int i = 0, row = 0; i < edge * edge * edge; i++) {
            const int to[3] = { (i / (edge * edge) + vector[k][0] + 2 * edge) % edge, (i / edge % edge + vector[k][1] + 2 * edge) % edge,
                                (i % edge + vector[k][2] + 2 * edge) % edge };
            if (number[i] >= 0)
                x->partner[row++ * x->n_vectors + k] = number[(to[0] * edge + to[1]) * edge + to[2]];
        }
    }
    free(number);
    return x;
}

static void dynamics_destroy(dynamics *x)
{
    free(x->partner);
    free(x->d);
    free(x->v);
    free(x->f);
    free(x);
}

static void compute_forces(dynamics *x)
{
    x->energy = 0;
    memset(x->f, 0, sizeof(double) * (size_t)(3 * x->n));
    for (int i = 0; i < x->n; i++)
        for (int k = 0; k < x->n_vectors; k++) {
            int j = x->partner[i * x->n_vectors + k];
            double r[3], r2 = 0;
            for (int a = 0; a < 3; a++) {
                r[a] = x->vector[k][a] + x->d[3 * j + a] - x->d[3 * i + a];
                r2 += r[a] * r[a];
            }
            double inverse2 = 1 / r2, inverse6 = inverse2 * inverse2 * inverse2, push = 4 * inverse6 * (12 * inverse6 - 6) * inverse2;
            x->energy += 4 * inverse6 * (inverse6 - 1);
            for (int a = 0; a < 3; a++) {
                x->f[3 * i + a] -= push * r[a];
                x->f[3 * j + a] += push * r[a];
            }
        }
}

/* BAOAB [Leimkuhler and Matthews 2013]: exact averages of positions for a harmonic crystal, so that dt acts on the anharmonic part alone. */
static void step(dynamics *x, double kT, double dt)
{
    const double kept = exp(-4 * dt), kick = sqrt(kT * (1 - kept * kept));
    for (int i = 0; i < 3 * x->n; i++) {
        x->v[i] += 0.5 * dt * x->f[i];
        x->d[i] += 0.5 * dt * x->v[i];
        x->v[i] = kept * x->v[i] + kick * test_normal(&x->noise);
        x->d[i] += 0.5 * dt * x->v[i];
    }
    compute_forces(x);
    for (int i = 0; i < 3 * x->n; i++)
        x->v[i] += 0.5 * dt * x->f[i];
}

/*
 * <U_anh> / N by harmonically mapped averaging [Moustafa, Schultz and Kofke, Phys. Rev. E 92, 043303 (2015)]: <sum F d> = -3 (N - 1) T, so that
 * U_anh = <U - U_lat + sum F d / 2>, without the harmonic noise; the standard error by 16 blocks.
 */
static double anharmonic_energy(dynamics *x, double kT, int n_steps, double *err)
{
    enum { BLOCKS = 16, EVERY = 5 };
    const double dt = 0.008;
    double mean = 0, square = 0;
    memset(x->d, 0, sizeof(double) * (size_t)(3 * x->n));
    compute_forces(x);
    const double lattice = x->energy;
    for (int i = 0; i < 3 * x->n; i++)
        x->v[i] = sqrt(kT) * test_normal(&x->noise);
    for (int t = 0; t < 2000; t++)
        step(x, kT, dt);
    for (int b = 0; b < BLOCKS; b++) {
        double sum = 0;
        for (int t = 1; t <= n_steps / BLOCKS; t++) {
            step(x, kT, dt);
            double work = 0;
            for (int i = 0; i < 3 * x->n && t % EVERY == 0; i++)
                work += x->f[i] * x->d[i];
            sum += t % EVERY == 0 ? x->energy - lattice + 0.5 * work : 0;
        }
        sum /= (double)(n_steps / BLOCKS / EVERY) * x->n;
        mean += sum / BLOCKS;
        square += sum * sum / BLOCKS;
    }
    *err = sqrt((square - mean * mean) / (BLOCKS - 1));
    return mean;
}

/* The integral from T = 0 to 1 by Gauss and Legendre: U_anh / T^2 is a smooth function, -0.357 + 0.32 T - 0.20 T^2 + 0.06 T^3. */
static double anharmonic_free_energy(double *err)
{
    static const double node[3] = { 0.1127016653792583, 0.5, 0.8872983346207417 }, weight[3] = { 5.0 / 18, 4.0 / 9, 5.0 / 18 };
    dynamics *x = dynamics_create(5, 20261130);
    double sum = 0, variance = 0;
    assert_int_equal(x->n, 500);
    for (int k = 0; k < 3; k++) {
        double u_err, kT = node[k], u = anharmonic_energy(x, kT, 16000, &u_err);
        printf("    T %.4f: U_anh / T^2 %.5f +- %.5f\n", kT, u / (kT * kT), u_err / (kT * kT));
        sum -= weight[k] * u / (kT * kT);
        variance += pow(weight[k] * u_err / (kT * kT), 2);
    }
    dynamics_destroy(x);
    *err = sqrt(variance);
    return sum;
}

/* ---- the Einstein molecule -------------------------------------------------------------------------------- */

static bnsl_free_energy_solid_result molecule(const configuration *c, const bnsl_potential *p)
{
    bnsl_free_energy_solid_options o;
    bnsl_free_energy_solid_result r;
    assert_ok(bnsl_free_energy_solid_options_init(&o, sizeof o));
    o.n_sweeps = 8000;
    o.num_threads = 2;
    o.tail = 1;
    assert_ok(bnsl_free_energy_solid(&c->box, c->n, c->xyz, c->species, p, &o, NULL, &r));
    printf("    N %d: A %.5f +- %.5f, P %.4f +- %.4f, U %.5f +- %.5f, flags %d\n", (int)r.n, r.a, r.a_err, r.p, r.p_err, r.u, r.u_err, (int)r.flags);
    return r;
}

/*
 * The two routes against each other, at infinite size (the harmonic crystal's dependence on N taken off) and for the full potential; and long
 * runs of both: -3.0949(4) by the integral over T (10 temperatures, 40,000 steps of 0.004), -3.0930(11) by the molecule (64,000 sweeps).
 *
 * U and P against the fit of van der Hoef, whose derivatives are right: -7.0608 and 3.641, where the long run over T gave -7.0600(5) and 3.644(2).
 * Its A is not, and is not asked for here. As published it is -3.0651; with the constant of Mastny and de Pablo (free_energy.h) -3.0827
 * (Adidharma and Tan, J. Chem. Phys. 145, 014503 (2016), an independent fit: -3.0828), 0.0122(4) above. Such constants come from melting, by the
 * equation of state of a fluid. For T -> 0 the corrected fit has h = 5.0539, 0.0077 above the exact 5.0462, and as much or more at every density from
 * 0.94 (0.0172) to 1.2 (0.0087); the rest, 0.0045, is from small differences of U at low temperatures, which count as 1 / T^2.
 */
static void two_routes(void **state)
{
    (void)state;
    configuration c = supercell("fcc", 1.0, 0, 500);
    springs *s = springs_of(9);
    double h = harmonic(s), size = h - harmonic_box(s, 5), u_lattice, err, published, u, pressure;
    free(s);
    bnsl_potential_options o;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.n = 12;
    o.m = 6;
    o.r_cut = 3.9;
    o.shift = BNSL_SHIFT_NONE;
    bnsl_potential *p = one_species(&o);
    bnsl_free_energy_solid_result r = molecule(&c, p);
    assert_int_equal(r.n, 500);
    assert_true(r.a_err < 0.0035);
    assert_ok(bnsl_free_energy_lattice_energy(&c.box, c.n, c.xyz, c.species, p, 1, &u_lattice, NULL));
    bnsl_potential_destroy(p);
    const double by_molecule = r.a + size, by_temperature = u_lattice + h + anharmonic_free_energy(&err);
    assert_ok(bnsl_free_energy_van_der_hoef(1, 1, &published, &u, &pressure));
    published -= 1; /* the ideal gas: ln rho - 1 */
    printf("    infinite: by the molecule %.5f +- %.5f, by temperature %.5f +- %.5f; fit %.5f, with the other constant %.5f\n", by_molecule, r.a_err,
           by_temperature, err, published, published - 0.0175593);
    assert_true(err < 0.001);
    assert_close(by_molecule, by_temperature, 0, 4 * hypot(r.a_err, err));
    assert_close(by_molecule, -3.0949, 0, 4 * hypot(r.a_err, 0.0004));
    assert_close(by_temperature, -3.0949, 0, 4 * hypot(err, 0.0004));
    assert_close(r.u + 1.5 / (double)r.n, u, 0, 4 * hypot(r.u_err, 0.0005));
    assert_close(r.p, pressure, 0, 4 * hypot(r.p_err, 0.002));
    free_configuration(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(harmonic_crystal),
        cmocka_unit_test(two_routes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
