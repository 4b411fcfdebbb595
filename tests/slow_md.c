/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * md: what the integrators sample. Means are compared with exact results, with an equation of state, or with each other, within five
 * standard errors; these come from averages over blocks much longer than the correlation times. Seeds are fixed, so a run either always
 * passes or always fails.
 */
#include "configurations.h"
#include "test_csv.h"

enum { N_BLOCKS = 20 };

/* ---- measuring ---------------------------------------------------------------------------------------- */

/* A mean with its standard error. */
typedef struct mean {
    double value, error;
} mean;

static mean block_mean(int n, const double *x)
{
    mean m = { 0, 0 };
    double square = 0;
    int length = n / N_BLOCKS;
    for (int b = 0; b < N_BLOCKS; b++) {
        double block = 0;
        for (int k = 0; k < length; k++)
            block += x[b * length + k] / length;
        m.value += block / N_BLOCKS;
        square += block * block / N_BLOCKS;
    }
    m.error = sqrt(fmax(square - m.value * m.value, 0) / (N_BLOCKS - 1));
    return m;
}

/* Mean of (x - centre)^2. */
static mean block_square(int n, const double *x, double centre)
{
    double *y = malloc((size_t)n * sizeof *y);
    assert_non_null(y);
    for (int k = 0; k < n; k++)
        y[k] = (x[k] - centre) * (x[k] - centre);
    mean m = block_mean(n, y);
    free(y);
    return m;
}

/* five standard errors, and what the method itself is off */
#define assert_mean(m, want, bias)                                                                         \
    do {                                                                                                   \
        mean m_ = (m);                                                                                     \
        print_message("%s: %.6g +- %.2g, want %.6g\n", #m, m_.value, m_.error, (double)(want));            \
        assert_close(m_.value, (want), 0, 5 * m_.error + (bias));                                          \
    } while (0)

enum { MAX_SAMPLES = 20000 };

/* Samples of a run. */
typedef struct samples {
    int n;
    double u[MAX_SAMPLES], k[MAX_SAMPLES], p[MAX_SAMPLES], v[MAX_SAMPLES], conserved[MAX_SAMPLES], time[MAX_SAMPLES];
} samples;

/* n samples every stride steps, after skip steps. */
static void sample(bnsl_md *md, int skip, int n, int stride, samples *s)
{
    assert_true(n <= MAX_SAMPLES);
    assert_ok(bnsl_md_run(md, skip, NULL));
    s->n = n;
    for (int k = 0; k < n; k++) {
        bnsl_md_thermo t;
        assert_ok(bnsl_md_run(md, stride, NULL));
        assert_ok(bnsl_md_thermo_now(md, &t));
        s->u[k] = t.potential_energy;
        s->k[k] = t.kinetic_energy;
        s->p[k] = t.pressure;
        s->v[k] = t.volume;
        s->conserved[k] = t.conserved;
        s->time[k] = t.time;
    }
}

static bnsl_md_options options(int32_t integrator, double dt, double kT)
{
    bnsl_md_options o;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.integrator = integrator;
    o.dt = dt;
    o.kT = kT;
    o.seed = 2024;
    o.friction = 1;
    o.thermostat_time = 0.2;
    o.barostat_time = 1;
    return o;
}

static bnsl_md *simulate(const configuration *c, const bnsl_potential *p, const bnsl_md_options *o)
{
    bnsl_md *md;
    assert_ok(bnsl_md_create(&md, &c->box, c->n, c->xyz, c->species, p, o));
    assert_ok(bnsl_md_thermalize(md, o->kT, 1));
    return md;
}

static bnsl_potential *lennard_jones(double r_cut, int32_t shift)
{
    bnsl_potential *p;
    bnsl_potential_options o;
    const double diameter = 1;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.n = 12;
    o.m = 6;
    o.r_cut = r_cut;
    o.shift = shift;
    assert_ok(bnsl_potential_create(&p, 1, &diameter, &o));
    return p;
}

static const double PI_6 = 0.52359877559829887308;

/* ---- distributions ------------------------------------------------------------------------------------ */

/* Share of a standard normal below x. */
static double normal_below(double x)
{
    return 0.5 * erfc(-x / sqrt(2.0));
}

/*
 * Kinetic energy: mean and variance of the Gamma distribution of freedom / 2; velocity components: a histogram of 24 bins by chi^2;
 * the same mean for both species. Snapshots are some friction or collision times apart, so that they count as independent.
 */
static void distributions(int32_t integrator)
{
    enum { BINS = 24, SNAPSHOTS = 4000, N = 150 };
    configuration c = fluid(N / 3, 2 * N / 3, 0.45, 0.55, 5);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md_options o = options(integrator, 0.001, 0.7);
    o.friction = 10;
    o.thermostat_time = 0.05;
    o.pressure = 6;
    bnsl_md *md = simulate(&c, p, &o);
    static double k_series[SNAPSHOTS], kT_large[SNAPSHOTS], kT_small[SNAPSHOTS], v[3 * N];
    double count[BINS] = { 0 };
    double freedom = integrator == BNSL_MD_LANGEVIN ? 3.0 * N : 3.0 * N - 3;
    double share = freedom / (3.0 * N); /* of kT, that a component has when the total momentum is 0 */
    assert_ok(bnsl_md_run(md, 5000, NULL));
    for (int s = 0; s < SNAPSHOTS; s++) {
        assert_ok(bnsl_md_run(md, 200, NULL));
        assert_ok(bnsl_md_velocities(md, v));
        double sum[2] = { 0, 0 };
        for (int k = 0; k < 3 * N; k++) {
            int bin = (int)(normal_below(v[k] / sqrt(o.kT * share)) * BINS);
            count[bin < BINS ? bin : BINS - 1] += 1;
            sum[c.species[k / 3]] += v[k] * v[k];
        }
        k_series[s] = 0.5 * (sum[0] + sum[1]);
        kT_large[s] = sum[0] / (3 * (N / 3));
        kT_small[s] = sum[1] / (3 * (2 * N / 3));
    }
    /* the splittings' error of kT, O(dt^2), is some 1e-4 here */
    assert_mean(block_mean(SNAPSHOTS, k_series), 0.5 * freedom * o.kT, 2e-4 * 0.5 * freedom * o.kT);
    assert_mean(block_square(SNAPSHOTS, k_series, 0.5 * freedom * o.kT), 0.5 * freedom * o.kT * o.kT, 4e-4 * 0.5 * freedom * o.kT * o.kT);
    assert_mean(block_mean(SNAPSHOTS, kT_large), o.kT * share, 2e-4 * o.kT);
    assert_mean(block_mean(SNAPSHOTS, kT_small), o.kT * share, 2e-4 * o.kT);
    double expected = 3.0 * N * SNAPSHOTS / BINS, chi2 = 0;
    for (int b = 0; b < BINS; b++)
        chi2 += (count[b] - expected) * (count[b] - expected) / expected;
    print_message("chi^2 of %d bins: %.1f\n", (int)BINS, chi2);
    assert_true(chi2 < (BINS - 1) + 5 * sqrt(2.0 * (BINS - 1)));
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void langevin_samples_maxwell_and_boltzmann(void **state)
{
    (void)state;
    distributions(BNSL_MD_LANGEVIN);
}

static void nvt_samples_maxwell_and_boltzmann(void **state)
{
    (void)state;
    distributions(BNSL_MD_NVT);
}

static void npt_samples_maxwell_and_boltzmann(void **state)
{
    (void)state;
    distributions(BNSL_MD_NPT);
}

/* ---- volume ------------------------------------------------------------------------------------------- */

/* Without interactions and with total momentum 0 the volume has the weight V^(N - 1) exp(-P V / kT): mean N kT / P, variance N (kT / P)^2. */
static void the_volume_of_an_ideal_gas(void **state)
{
    (void)state;
    enum { N = 30, SAMPLES = 20000 };
    static samples s;
    configuration c = fluid(N, 0, 0.2, 0.55, 7);
    bnsl_potential *p;
    bnsl_potential_options po;
    const double diameter = 1;
    assert_ok(bnsl_potential_options_init(&po, sizeof po));
    po.form = BNSL_FORM_NONE;
    assert_ok(bnsl_potential_create(&p, 1, &diameter, &po));
    bnsl_md_options o = options(BNSL_MD_NPT, 0.005, 1.3);
    o.pressure = 0.4;
    o.thermostat_time = 0.5;
    o.barostat_time = 1;
    bnsl_md *md = simulate(&c, p, &o);
    sample(md, 20000, SAMPLES, 100, &s);
    double unit = o.kT / o.pressure;
    assert_mean(block_mean(s.n, s.v), N * unit, 1e-4 * N * unit);
    assert_mean(block_square(s.n, s.v, N * unit), N * unit * unit, 2e-4 * N * unit * unit);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/*
 * The pressure of a constant volume gives that volume back on the average. The volume's mean differs from where P(V) is the given pressure by
 * the skewness of its distribution, in terms of the pressure kT / (2 V) (1 + d ln B / d ln rho), B the bulk modulus: its logarithmic slope is
 * 2 of a gas and up to 9 of a dense fluid, hence the allowance of 5 kT / V.
 */
static void compare_volume(const configuration *c, const bnsl_potential *p, double dt, double kT, int steps, double most_allowed)
{
    static samples s;
    bnsl_md_options o = options(BNSL_MD_NVT, dt, kT);
    bnsl_md *md = simulate(c, p, &o);
    sample(md, steps / 5, 2000, steps / 2000, &s);
    bnsl_md_destroy(md);
    mean pressure = block_mean(s.n, s.p);
    double volume = s.v[0];
    o.integrator = BNSL_MD_NPT;
    o.pressure = pressure.value;
    md = simulate(c, p, &o);
    sample(md, steps / 5, 2000, steps / 2000, &s);
    bnsl_md_destroy(md);
    mean v = block_mean(s.n, s.v), scatter = block_square(s.n, s.v, v.value), own = block_mean(s.n, s.p);
    double bulk = kT * v.value / scatter.value;
    print_message("P %.4f +- %.4f at V %.3f; at that P: V %.3f +- %.3f, P %.4f +- %.4f, bulk modulus %.3f\n", pressure.value, pressure.error,
                  volume, v.value, v.error, own.value, own.error, bulk);
    double allowed = 5 * hypot(v.error / volume, pressure.error / bulk) + 5 * kT / (volume * bulk);
    assert_close(v.value / volume, 1, 0, allowed);
    assert_true(allowed < most_allowed); /* or the comparison would say nothing */
    /* <(P_inst - P) V> = -kT, the average of the barostat's own equation */
    for (int k = 0; k < s.n; k++)
        s.p[k] = (s.p[k] - o.pressure) * s.v[k];
    assert_mean(block_mean(s.n, s.p), -kT, 0);
}

static void npt_has_the_density_of_nvt_at_its_pressure(void **state)
{
    (void)state;
    static const double lj[3][3] = { { 1.0, 0.8, 0.01 }, { 2.0, 1.0, 0.01 }, { 2.74, 0.5, 0.02 } }; /* kT, density, what is allowed at most */
    static const double mie[3][3] = { { 1.0, 0.50, 0.01 }, { 0.5, 0.40, 0.07 }, { 2.0, 0.30, 0.02 } }; /* kT, packing fraction */
    bnsl_potential *p = lennard_jones(2.5, BNSL_SHIFT_SMOOTH);
    for (int k = 0; k < 3; k++) {
        configuration c = fluid(256, 0, PI_6 * lj[k][1], 0.55, 11);
        compare_volume(&c, p, 0.004, lj[k][0], 60000, lj[k][2]);
        free_configuration(&c);
    }
    bnsl_potential_destroy(p);
    p = mie_mixture(50, 25, 0.55);
    for (int k = 0; k < 3; k++) {
        configuration c = fluid(80, 160, mie[k][1], 0.55, 12);
        compare_volume(&c, p, 0.002, mie[k][0], 100000, mie[k][2]);
        free_configuration(&c);
    }
    bnsl_potential_destroy(p);
}

/*
 * A small fcc crystal has three equal axes, whatever the convention of the box: the mean squares of its edges agree (without the force kT
 * diag(2, 0, -2) of the triclinic barostat the first and the last differ by 0.018 here), and the volume with that at the same pressure in a
 * fixed cube.
 */
static void a_crystal_keeps_its_shape(int32_t barostat)
{
    enum { SAMPLES = 20000 };
    static samples s;
    static double edge2[3][SAMPLES], difference[SAMPLES], tilt[SAMPLES];
    configuration c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 2, 2, 2, PI_6 * 1.2, 0.55, 0.0, 1); /* dense enough to stay fcc */
    bnsl_potential *p = lennard_jones(2.0, BNSL_SHIFT_SMOOTH);
    bnsl_md_options o = options(BNSL_MD_NVT, 0.005, 0.6);
    bnsl_md *md = simulate(&c, p, &o);
    sample(md, 5000, 5000, 10, &s);
    bnsl_md_destroy(md);
    mean pressure = block_mean(s.n, s.p);
    double volume = s.v[0];
    o.integrator = BNSL_MD_NPT;
    o.pressure = pressure.value;
    o.barostat = barostat;
    md = simulate(&c, p, &o);
    assert_ok(bnsl_md_run(md, 20000, NULL));
    s.n = SAMPLES;
    for (int k = 0; k < SAMPLES; k++) {
        bnsl_box b;
        assert_ok(bnsl_md_run(md, 40, NULL));
        assert_ok(bnsl_md_box(md, &b));
        s.v[k] = b.lx * b.ly * b.lz;
        edge2[0][k] = b.lx * b.lx;
        edge2[1][k] = b.ly * b.ly * (1 + b.xy * b.xy);
        edge2[2][k] = b.lz * b.lz * (1 + b.xz * b.xz + b.yz * b.yz);
        tilt[k] = b.xy + b.xz + b.yz;
    }
    bnsl_md_destroy(md);
    mean v = block_mean(s.n, s.v);
    double bulk = o.kT * v.value / block_square(s.n, s.v, v.value).value;
    print_message("P %.4f +- %.4f, V %.4f; at that P: V %.4f +- %.4f, bulk modulus %.2f\n", pressure.value, pressure.error, volume, v.value,
                  v.error, bulk);
    /* skewness as above, and the fluctuations of the shape: each soft mode shifts the mean by about as much */
    assert_close(v.value / volume, 1, 0, 5 * hypot(v.error / volume, pressure.error / bulk) + 20 * o.kT / (volume * bulk));
    for (int pair = 0; pair < 3; pair++) {
        int a = pair, b = (pair + 1) % 3;
        for (int k = 0; k < SAMPLES; k++)
            difference[k] = edge2[a][k] - edge2[b][k];
        assert_mean(block_mean(SAMPLES, difference), 0, 0);
    }
    assert_mean(block_mean(SAMPLES, tilt), 0, 0);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void an_orthorhombic_crystal_keeps_its_shape(void **state)
{
    (void)state;
    a_crystal_keeps_its_shape(BNSL_MD_ORTHORHOMBIC);
}

static void a_triclinic_crystal_keeps_its_shape(void **state)
{
    (void)state;
    a_crystal_keeps_its_shape(BNSL_MD_TRICLINIC);
}

/* ---- equation of state -------------------------------------------------------------------------------- */

/*
 * Lennard-Jones fluids against the equation of state of Kolafa and Nezbeda. Beyond the cut-off the density is taken to be uniform; the bias
 * is the equation's own uncertainty, some 0.2 % of the energy and, of the pressure, 0.02 rho kT.
 */
static void lennard_jones_agrees_with_kolafa_and_nezbeda(void **state)
{
    (void)state;
    static const double states[3][2] = { { 1.0, 0.8 }, { 2.0, 1.0 }, { 1.5, 0.3 } };
    static samples s;
    csv_table table = csv_read("md/eos_lj_kolafa_nezbeda.csv");
    const double cut = 3.5, pi = 6 * PI_6;
    bnsl_potential *p = lennard_jones(cut, BNSL_SHIFT_NONE);
    for (int k = 0; k < 3; k++) {
        double kT = states[k][0], rho = states[k][1];
        int row = 0;
        while (row < table.n_rows && (csv_number(&table, row, "T") != kT || csv_number(&table, row, "rho") != rho))
            row++;
        assert_true(row < table.n_rows);
        configuration c = fluid(500, 0, PI_6 * rho, 0.55, 9);
        bnsl_md_options o = options(BNSL_MD_NVT, 0.004, kT);
        bnsl_md *md = simulate(&c, p, &o);
        sample(md, 5000, 2000, 15, &s);
        bnsl_md_destroy(md);
        for (int i = 0; i < s.n; i++) {
            s.u[i] = s.u[i] / (double)c.n + 8 * pi * rho * (1 / (9 * pow(cut, 9)) - 1 / (3 * pow(cut, 3)));
            /* the momentum that is 0 leaves kT / V out of the kinetic part */
            s.p[i] += kT / s.v[i] + 16 * pi * rho * rho * (2 / (9 * pow(cut, 9)) - 1 / (3 * pow(cut, 3)));
        }
        double u = csv_number(&table, row, "U_res"), pressure = csv_number(&table, row, "P");
        assert_mean(block_mean(s.n, s.u), u, 2e-3 * fabs(u));
        assert_mean(block_mean(s.n, s.p), pressure, 0.02 * rho * kT);
        free_configuration(&c);
    }
    bnsl_potential_destroy(p);
    csv_free(&table);
}

/* ---- integrators among each other --------------------------------------------------------------------- */

static void langevin_and_nvt_agree(void **state)
{
    (void)state;
    static samples s;
    configuration c = fluid(80, 160, 0.50, 0.55, 14);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    mean u[3], pressure[3];
    for (int k = 0; k < 3; k++) {
        bnsl_md_options o = options(k == 0 ? BNSL_MD_LANGEVIN : BNSL_MD_NVT, 0.002, 1);
        o.precision = k == 2 ? BNSL_MD_MIXED : BNSL_MD_DOUBLE;
        bnsl_md *md = simulate(&c, p, &o);
        sample(md, 20000, 2000, 50, &s);
        bnsl_md_destroy(md);
        for (int i = 0; i < s.n; i++) /* Langevin has the total momentum as well */
            s.p[i] += k == 0 ? 0 : o.kT / s.v[i];
        u[k] = block_mean(s.n, s.u);
        pressure[k] = block_mean(s.n, s.p);
    }
    for (int k = 1; k < 3; k++) {
        print_message("U %.3f +- %.3f and %.3f +- %.3f, P %.4f +- %.4f and %.4f +- %.4f\n", u[0].value, u[0].error, u[k].value, u[k].error,
                      pressure[0].value, pressure[0].error, pressure[k].value, pressure[k].error);
        assert_close(u[k].value, u[0].value, 0, 5 * hypot(u[k].error, u[0].error));
        assert_close(pressure[k].value, pressure[0].value, 0, 5 * hypot(pressure[k].error, pressure[0].error));
    }
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/*
 * Slope of the conserved quantity by least squares, per particle: below 1e-6 epsilon / tau with dt 0.001. Boxes that change their shape hold a
 * crystal, as a fluid would let them become ever flatter.
 */
static void drift_of(const configuration *c, const bnsl_potential *p, const bnsl_md_options *o)
{
    static samples s;
    bnsl_md *md = simulate(c, p, o);
    sample(md, 10000, 2000, 50, &s);
    double t = 0, e = 0, tt = 0, te = 0;
    for (int k = 0; k < s.n; k++) {
        t += s.time[k] / s.n;
        e += s.conserved[k] / s.n;
    }
    for (int k = 0; k < s.n; k++) {
        tt += (s.time[k] - t) * (s.time[k] - t);
        te += (s.time[k] - t) * (s.conserved[k] - e);
    }
    double slope = te / tt / (double)c->n, rms = sqrt(block_square(s.n, s.conserved, e).value) / (double)c->n;
    print_message("integrator %d, barostat %d: slope %.2g, rms %.2g\n", (int)o->integrator, (int)o->barostat, slope, rms);
    assert_true(fabs(slope) < 1e-6 && rms < 5e-4);
    double *v = malloc((size_t)c->n * 24), sum[3] = { 0, 0, 0 };
    assert_non_null(v);
    assert_ok(bnsl_md_velocities(md, v));
    for (int64_t k = 0; k < 3 * c->n; k++)
        sum[k % 3] += v[k];
    for (int d = 0; d < 3; d++) /* rounding of 1e5 steps */
        assert_close(sum[d], 0, 0, 1e-9);
    free(v);
    bnsl_md_destroy(md);
}

static void conserved_quantities_do_not_drift(void **state)
{
    (void)state;
    configuration c = fluid(100, 200, 0.50, 0.55, 3);
    const double diameter[2] = { 1, 0.55 };
    bnsl_potential_options smooth; /* at a cut-off where the force jumps each crossing adds an error: a random walk that hides a drift */
    bnsl_potential *p;
    assert_ok(bnsl_potential_options_init(&smooth, sizeof smooth));
    smooth.shift = BNSL_SHIFT_SMOOTH;
    assert_ok(bnsl_potential_create(&p, 2, diameter, &smooth));
    bnsl_md_options o = options(BNSL_MD_NVE, 0.001, 1);
    o.pressure = 13;
    o.barostat_time = 2;
    drift_of(&c, p, &o);
    o.integrator = BNSL_MD_NVT;
    drift_of(&c, p, &o);
    o.integrator = BNSL_MD_NPT;
    drift_of(&c, p, &o);
    free_configuration(&c);
    bnsl_potential_destroy(p);
    c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 3, 3, 3, PI_6 * 1.1, 0.55, 0.0, 1);
    p = lennard_jones(2.5, BNSL_SHIFT_SMOOTH);
    o.pressure = 6;
    o.kT = 0.7;
    for (o.barostat = BNSL_MD_ORTHORHOMBIC; o.barostat <= BNSL_MD_TRICLINIC; o.barostat++)
        drift_of(&c, p, &o);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(langevin_samples_maxwell_and_boltzmann),
        cmocka_unit_test(nvt_samples_maxwell_and_boltzmann),
        cmocka_unit_test(npt_samples_maxwell_and_boltzmann),
        cmocka_unit_test(the_volume_of_an_ideal_gas),
        cmocka_unit_test(npt_has_the_density_of_nvt_at_its_pressure),
        cmocka_unit_test(an_orthorhombic_crystal_keeps_its_shape),
        cmocka_unit_test(a_triclinic_crystal_keeps_its_shape),
        cmocka_unit_test(lennard_jones_agrees_with_kolafa_and_nezbeda),
        cmocka_unit_test(langevin_and_nvt_agree),
        cmocka_unit_test(conserved_quantities_do_not_drift),
    };
    return cmocka_run_group_tests_name("md, statistics", tests, NULL, NULL);
}
