/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * md: radial density profiles of L and S in a spherical droplet of 5,000 particles of 26 sizes at fixed radius against LAMMPS: the same walls,
 * pairs and temperature, dynamics and random numbers of its own. The composition of such a droplet relaxes in some 100 tau, so both start
 * each block from the same state and what is compared is the difference of their means over the block: its values in different blocks
 * are independent.
 */
#include "lammps.h"

enum { N = 5000, N_BLOCKS = 16, N_FRAMES = 30, N_FORGOTTEN = 8, STEPS_A_FRAME = 100, WARM_STEPS = 20000, N_BINS = 36, N_SERIES = 2 * N_BINS };

static const double PI_6 = 0.52359877559829887308;
static const double KT = 1, DT = 0.002, FRICTION = 0.2, PACKING = 0.40;

typedef struct droplet {
    bnsl_box box;
    double radius, diameter[N], xyz[3 * N], velocity[3 * N];
    int32_t species[N], type[N], n_types;
    bnsl_potential *potential, *types;
} droplet;

/* Shells of one width but for the middle, where few particles are: it is one shell. */
static int shell_of(const droplet *d, double r)
{
    const double middle = 2, width = (d->radius - middle) / (N_BINS - 1);
    int k = r < middle ? 0 : 1 + (int)((r - middle) / width);
    return k < N_BINS ? k : N_BINS - 1;
}

static void add_frame(const droplet *d, const double *xyz, double *count)
{
    for (int64_t i = 0; i < N; i++) {
        double r = sqrt(xyz[3 * i] * xyz[3 * i] + xyz[3 * i + 1] * xyz[3 * i + 1] + xyz[3 * i + 2] * xyz[3 * i + 2]);
        count[d->species[i] * N_BINS + shell_of(d, r)] += 1.0 / N_FRAMES;
    }
}

static void make_types(droplet *d)
{
    double size[26];
    for (int64_t i = 0; i < N; i++) {
        int32_t t = 0;
        while (t < d->n_types && size[t] != d->diameter[i])
            t++;
        assert_true(t < 26);
        if (t == d->n_types)
            size[d->n_types++] = d->diameter[i];
        d->type[i] = t;
    }
    assert_ok(bnsl_potential_create(&d->types, d->n_types, size, NULL));
}

static droplet *make_droplet(void)
{
    static const double mean[2] = { 1, 0.55 }, deviation[2] = { 0.047, 0.063 };
    droplet *d = calloc(1, sizeof *d);
    double volume = 0;
    assert_non_null(d);
    for (int64_t i = 0; i < N; i++)
        d->species[i] = i >= N / 3;
    assert_ok(bnsl_md_polydisperse(N, d->species, 2, mean, deviation, 13, 1, d->diameter));
    for (int64_t i = 0; i < N; i++)
        volume += PI_6 * pow(d->diameter[i], 3);
    d->radius = cbrt(volume / PACKING / (8 * PI_6));
    double edge = 2 * d->radius + 2.5;
    assert_ok(bnsl_box_init(&d->box, edge, edge, edge, 0, 0, 0));
    assert_ok(bnsl_md_random_start_confined(&d->box, BNSL_MD_WALL_SPHERE, d->radius, N, d->diameter, 0, 1, 1, d->xyz, NULL));
    assert_ok(bnsl_potential_create(&d->potential, 2, mean, NULL));
    make_types(d);
    return d;
}

static bnsl_md *simulate(const droplet *d)
{
    bnsl_md *md;
    bnsl_md_options o;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.dt = DT;
    o.kT = KT;
    o.friction = FRICTION;
    assert_ok(bnsl_md_create(&md, &d->box, N, d->xyz, d->species, d->potential, &o));
    assert_ok(bnsl_md_set_diameters(md, d->diameter));
    assert_ok(bnsl_md_set_wall(md, BNSL_MD_WALL_SPHERE, d->radius, 1));
    assert_ok(bnsl_md_thermalize(md, KT, 0));
    assert_ok(bnsl_md_run(md, WARM_STEPS, NULL));
    return md;
}

/* A block; the frames in which both still know that they started alike are left out, here and below. */
static void our_block(const droplet *d, bnsl_md *md, double *count)
{
    double *xyz = malloc(sizeof d->xyz);
    assert_non_null(xyz);
    for (int frame = 1; frame <= N_FORGOTTEN + N_FRAMES; frame++) {
        assert_ok(bnsl_md_run(md, STEPS_A_FRAME, NULL));
        assert_ok(bnsl_md_positions(md, xyz, NULL));
        if (frame > N_FORGOTTEN)
            add_frame(d, xyz, count);
    }
    free(xyz);
}

static void read_frames(const droplet *d, const char *path, double *count)
{
    FILE *f = fopen(path, "r");
    char line[200];
    int frame = -1;
    int64_t n_read = 0;
    double *xyz = malloc(sizeof d->xyz);
    assert_true(f && xyz);
    while (fgets(line, sizeof line, f)) {
        long long id;
        double r[3];
        if (strncmp(line, "ITEM: ATOMS", 11) == 0)
            frame++;
        else if (frame >= 0 && sscanf(line, "%lld %lg %lg %lg", &id, &r[0], &r[1], &r[2]) == 4 && id >= 1 && id <= N) {
            memcpy(xyz + 3 * (id - 1), r, sizeof r);
            if (++n_read % N == 0 && frame > N_FORGOTTEN)
                add_frame(d, xyz, count);
        }
    }
    assert_int_equal(n_read, (int64_t)N * (1 + N_FORGOTTEN + N_FRAMES)); /* with the start */
    fclose(f);
    free(xyz);
}

static void their_block(const droplet *d, int block, double *count)
{
    lammps_system s = { .box = d->box, .n = N, .xyz = d->xyz, .velocity = d->velocity, .type = d->type, .potential = d->types,
                        .wall = BNSL_MD_WALL_SPHERE, .wall_size = d->radius, .wall_epsilon = 1 };
    FILE *f = lammps_input(&s, "droplet");
    fprintf(f, "fix 1 all nve\nfix 2 all langevin %g %g %g %d\ntimestep %g\nthermo 10000\n", KT, KT, 1 / FRICTION, 4711 + block, DT);
    fprintf(f, "dump frames all custom %d droplet.dump id x y z\ndump_modify frames format float %%.9g\nrun %d\n", (int)STEPS_A_FRAME,
            (N_FORGOTTEN + N_FRAMES) * STEPS_A_FRAME);
    assert_int_equal(fclose(f), 0);
    lammps_run("droplet");
    read_frames(d, "droplet.dump", count);
}

/* Mean and its error over the blocks. */
static double mean_of(const double difference[N_BLOCKS][N_SERIES], int k, double *error)
{
    double mean = 0, sum = 0;
    for (int b = 0; b < N_BLOCKS; b++)
        mean += difference[b][k] / N_BLOCKS;
    for (int b = 0; b < N_BLOCKS; b++)
        sum += (difference[b][k] - mean) * (difference[b][k] - mean);
    *error = sqrt(sum / (N_BLOCKS - 1) / N_BLOCKS);
    return mean;
}

/*
 * Differences over their errors follow Student's t of nu = N_BLOCKS - 1 degrees of freedom: of 70 shells 0.6 are beyond 3 sigma, and one beyond 5
 * in every 90 runs. The sum of their squares has the mean n nu / (nu - 2); its spread, were all independent, is left four times, since
 * neighbouring shells are not. The profile must be layered, or both could agree by being flat.
 */
static void judge(const double difference[N_BLOCKS][N_SERIES], const double *profile)
{
    const double nu = N_BLOCKS - 1;
    double chi2 = 0, largest = 0, highest = 0;
    int n = 0, n_beyond = 0;
    for (int k = 0; k < N_SERIES; k++) {
        double error, z = fabs(mean_of(difference, k, &error)) / error;
        if (profile[k] < 1)
            continue;
        chi2 += z * z;
        n++;
        n_beyond += z > 3;
        largest = fmax(largest, z);
        highest = fmax(highest, profile[k]);
    }
    double expected = n * nu / (nu - 2), deviation = sqrt(n * 2 * nu * nu * (nu - 1) / ((nu - 2) * (nu - 2) * (nu - 4)));
    printf("ok droplet: %d of %d shells within 3 sigma, the largest difference %.2f sigma, chi^2 %.1f (%.1f +- %.1f)\n", n - n_beyond, n,
           largest, chi2, expected, deviation);
    assert_true(n >= N_SERIES - 8); /* the others lie next to the wall, where no centre can be */
    assert_true(n_beyond <= 4);
    assert_true(largest < 5);
    assert_true(fabs(chi2 - expected) < 4 * deviation);
    assert_true(highest > 3.0 * N / N_SERIES);
}

static void profiles_agree(void **state)
{
    (void)state;
    droplet *d = make_droplet();
    double(*difference)[N_SERIES] = calloc(N_BLOCKS, sizeof *difference), profile[N_SERIES] = { 0 };
    assert_non_null(difference);
    bnsl_md *md = simulate(d);
    for (int b = 0; b < N_BLOCKS; b++) {
        double ours[N_SERIES] = { 0 }, theirs[N_SERIES] = { 0 };
        assert_ok(bnsl_md_positions(md, d->xyz, NULL));
        assert_ok(bnsl_md_velocities(md, d->velocity));
        our_block(d, md, ours);
        their_block(d, b, theirs);
        for (int k = 0; k < N_SERIES; k++) {
            difference[b][k] = ours[k] - theirs[k];
            profile[k] += ours[k] / N_BLOCKS;
        }
    }
    bnsl_md_statistics s;
    assert_ok(bnsl_md_statistics_now(md, &s));
    assert_int_equal(s.n_returned, 0); /* LAMMPS would have stopped */
    bnsl_md_destroy(md);
    judge((const double(*)[N_SERIES])difference, profile);
    bnsl_potential_destroy(d->potential);
    bnsl_potential_destroy(d->types);
    free(d);
    free(difference);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(profiles_agree) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
