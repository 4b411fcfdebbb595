/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Molecular dynamics: time of a particle-step, one JSON object a line. What is compared is run alternately, five times, and the medians
 * are printed: wall time, and the processor time of all threads, which another program's load disturbs less.
 *
 *   bench_md                     everything, some two minutes
 *   bench_md run KEY=VALUE ...   one case: state, threads, precision, isa, thermostat, skin, warm, steps, repeats (see parse_case)
 *   bench_md write DIRECTORY     the states as input of LAMMPS, NAME.data, and as files that state=FILE takes, NAME.bin
 *   bench_md memory EXPONENT     peak memory of a run, 10^6 particles
 *   bench_md cores STATE         what a second thread gives, and what the machine gives to a second process: rates over that of one thread
 *
 * States: the 27,000 particles of tests/data/md, narrow (m = 25) and wide (m = 6) wells at packing fraction 0.55, the same expanded to 0.30; the
 * narrow mixture with 26 sizes; the Lennard-Jones melt of 32,000 particles at density 0.8442.
 */
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bnsl/bnsl.h>

#include "bench.h"
#include "saved_fluid.h"

enum { MAX_REPEATS = 25, MAX_CASES = 16 };

static const double PI_6 = 0.52359877559829887308;

/* ---- states ------------------------------------------------------------------------------------------- */

typedef struct state {
    char name[200];
    saved_fluid fluid;
    double exponents[2];
    double *diameter; /* NULL: those of the species */
} state;

static bnsl_potential *potential_of(const state *s)
{
    const double diameter[2] = { 1, 0.55 };
    bnsl_potential *p;
    bnsl_potential_options o;
    must(bnsl_potential_options_init(&o, sizeof o));
    o.n = s->exponents[0];
    o.m = s->exponents[1];
    must(bnsl_potential_create(&p, 2, diameter, &o));
    return p;
}

static bnsl_md *simulation_of(const state *s, const bnsl_md_options *o)
{
    bnsl_md *md;
    bnsl_box box;
    bnsl_potential *p = potential_of(s);
    must(bnsl_box_init(&box, s->fluid.edge, s->fluid.edge, s->fluid.edge, 0, 0, 0));
    must(bnsl_md_create(&md, &box, s->fluid.n, s->fluid.xyz, s->fluid.species, p, o));
    if (s->diameter)
        must(bnsl_md_set_diameters(md, s->diameter));
    bnsl_potential_destroy(p);
    return md;
}

static bnsl_md_options options(void)
{
    bnsl_md_options o;
    must(bnsl_md_options_init(&o, sizeof o));
    o.dt = 0.001;
    o.friction = 1;
    return o;
}

/* Takes a simulation's positions over. */
static void take_back(state *s, bnsl_md *md)
{
    bnsl_box box;
    must(bnsl_md_box(md, &box));
    must(bnsl_md_positions(md, s->fluid.xyz, NULL));
    s->fluid.edge = box.lx;
    bnsl_md_destroy(md);
}

static void read_fluid(state *s, const char *path, double exponent_m)
{
    if (!saved_fluid_read(&s->fluid, path)) {
        fprintf(stderr, "bench_md: cannot read %s\n", path);
        exit(1);
    }
    s->exponents[0] = 50;
    s->exponents[1] = exponent_m;
}

/* From 0.55 to 0.30 in 2 tau, and 5 tau there. */
static void expand(state *s)
{
    const int64_t step[2] = { 0, 1000 };
    const double packing[2] = { 0.55, 0.30 };
    bnsl_md_options o = options();
    o.dt = 0.002;
    bnsl_md *md = simulation_of(s, &o);
    must(bnsl_md_thermalize(md, 1, 1));
    must(bnsl_md_set_packing_schedule(md, 2, step, packing));
    must(bnsl_md_run(md, 3500, NULL));
    take_back(s, md);
}

/* 13 classes of size of either species, standard deviations 4.7 and 6.3 %, at the same packing fraction. */
static void make_polydisperse(state *s)
{
    static const double mean[2] = { 1, 0.55 }, deviation[2] = { 0.047, 0.063 };
    saved_fluid *f = &s->fluid;
    double volume = 0;
    bnsl_box box;
    s->diameter = memory(f->n, sizeof *s->diameter);
    must(bnsl_md_polydisperse(f->n, f->species, 2, mean, deviation, 13, 1, s->diameter));
    for (int64_t i = 0; i < f->n; i++)
        volume += PI_6 * s->diameter[i] * s->diameter[i] * s->diameter[i];
    f->edge = cbrt(volume / 0.55);
    must(bnsl_box_init(&box, f->edge, f->edge, f->edge, 0, 0, 0));
    must(bnsl_md_random_start(&box, f->n, s->diameter, 0, 1, 0, f->xyz, NULL));
    bnsl_md_options o = options();
    bnsl_md *md = simulation_of(s, &o);
    must(bnsl_md_thermalize(md, 1, 1));
    must(bnsl_md_run(md, 3000, NULL));
    take_back(s, md);
}

/* The start of LAMMPS' melt: a face-centred lattice of 20^3 cells. */
static void make_melt(state *s)
{
    static const double place[4][3] = { { 0, 0, 0 }, { 0.5, 0.5, 0 }, { 0.5, 0, 0.5 }, { 0, 0.5, 0.5 } };
    enum { CELLS = 20 };
    saved_fluid *f = &s->fluid;
    f->n = f->n_large = 4 * CELLS * CELLS * CELLS;
    f->edge = cbrt((double)f->n / 0.8442);
    f->xyz = memory(f->n * 3, sizeof *f->xyz);
    f->species = memory(f->n, sizeof *f->species);
    for (int64_t i = 0; i < f->n; i++) {
        const int64_t c = i / 4, cell[3] = { c % CELLS, c / CELLS % CELLS, c / CELLS / CELLS };
        for (int d = 0; d < 3; d++)
            f->xyz[3 * i + d] = (((double)cell[d] + place[i % 4][d]) / CELLS - 0.5) * f->edge;
    }
    s->exponents[0] = 12;
    s->exponents[1] = 6;
}

/* A state by its name, or from a file, "25:FILE" with the exponent m. */
static state make_state(const char *name)
{
    state s = { .fluid = { 0 } };
    snprintf(s.name, sizeof s.name, "%s", name);
    if (strcmp(name, "melt") == 0) {
        make_melt(&s);
    } else if (strchr(name, ':')) {
        read_fluid(&s, strchr(name, ':') + 1, strtod(name, NULL));
    } else {
        bool wide = strncmp(name, "wide", 4) == 0;
        if (!wide && strncmp(name, "narrow", 6) != 0)
            die("state must be narrow055, wide055, narrow030, wide030, narrow26, melt or EXPONENT:FILE");
        read_fluid(&s, wide ? TEST_DATA_DIR "/md/m6_phi055.bin" : TEST_DATA_DIR "/md/m25_phi055.bin", wide ? 6 : 25);
        if (strstr(name, "030"))
            expand(&s);
        else if (strstr(name, "26"))
            make_polydisperse(&s);
    }
    return s;
}

static void free_state(state *s)
{
    saved_fluid_free(&s->fluid);
    free(s->diameter);
}

/* ---- cases -------------------------------------------------------------------------------------------- */

typedef struct bench_case {
    const state *state;
    bnsl_md_options options;
    int64_t warm, steps;
    bnsl_md *md;
    bnsl_md_statistics before;
    double wall[MAX_REPEATS], cpu[MAX_REPEATS];
} bench_case;

/* The melt as in LAMMPS' input: NVE, dt 0.005, velocities of kT = 1.44 on the lattice. */
static bench_case make_case(const state *s, int32_t threads, int32_t precision)
{
    bench_case c = { .state = s, .options = options(), .warm = 200, .steps = s->exponents[1] == 6 ? 100 : 200 };
    c.options.num_threads = threads;
    c.options.precision = precision;
    if (s->exponents[0] == 12) {
        c.options.integrator = BNSL_MD_NVE;
        c.options.dt = 0.005;
    }
    return c;
}

static void report(bench_case *c, int repeats)
{
    static const char *const isa_name[] = { "auto", "baseline", "avx2", "avx512" }, *const thermostat[] = { "nve", "langevin", "nvt", "npt" };
    const double n = (double)c->state->fluid.n, scale = 1e9 / ((double)c->steps * n);
    bnsl_md_statistics s;
    must(bnsl_md_statistics_now(c->md, &s));
    double steps = (double)(s.n_steps - c->before.n_steps), builds = (double)(s.n_list_builds - c->before.n_list_builds);
    printf("{\"name\": \"md\", \"state\": \"%s\", \"n\": %.0f, \"thermostat\": \"%s\", \"precision\": \"%s\", \"isa\": \"%s\", "
           "\"threads\": %d, ",
           c->state->name, n, thermostat[c->options.integrator], c->options.precision == BNSL_MD_MIXED ? "mixed" : "double",
           isa_name[c->options.instruction_set], (int)c->options.num_threads);
    printf("\"ns_per_particle_step\": %.1f, \"cpu_ns\": %.1f, \"list_ns\": %.1f, \"builds_per_1000_steps\": %.0f, \"listed_per_particle\": "
           "%.1f, \"skin\": %.2f}\n",
           scale * median(repeats, c->wall), scale * median(repeats, c->cpu), 1e9 * (s.list_seconds - c->before.list_seconds) / (steps * n),
           1000 * builds / steps, (double)s.n_listed / n, s.skin);
    fflush(stdout);
}

static void measure(int n_cases, bench_case *cases, int repeats)
{
    for (int k = 0; k < n_cases; k++) {
        bench_case *c = &cases[k];
        c->md = simulation_of(c->state, &c->options);
        must(bnsl_md_thermalize(c->md, c->state->exponents[0] == 12 ? 1.44 : 1, 1));
        must(bnsl_md_run(c->md, c->warm, NULL));
        must(bnsl_md_statistics_now(c->md, &c->before));
    }
    for (int r = 0; r < repeats; r++)
        for (int k = 0; k < n_cases; k++) {
            double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
            must(bnsl_md_run(cases[k].md, cases[k].steps, NULL));
            cases[k].wall[r] = now(CLOCK_MONOTONIC) - wall;
            cases[k].cpu[r] = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        }
    for (int k = 0; k < n_cases; k++) {
        report(&cases[k], repeats);
        bnsl_md_destroy(cases[k].md);
    }
}

static int32_t choice(const char *value, int n, const char *const *names)
{
    for (int k = 0; k < n; k++)
        if (strcmp(value, names[k]) == 0)
            return k;
    fprintf(stderr, "bench_md: unknown value %s\n", value);
    exit(1);
}

/* KEY=VALUE into a case; the state was made before. */
static void parse_case(bench_case *c, int *repeats, const char *argument)
{
    static const char *const precision[] = { "double", "mixed" }, *const isa[] = { "auto", "baseline", "avx2", "avx512" };
    static const char *const thermostat[] = { "nve", "langevin", "nvt" };
    const char *value = strchr(argument, '=');
    if (!value)
        die("arguments of run are KEY=VALUE");
    size_t length = (size_t)(value++ - argument);
    char key[20] = "";
    memcpy(key, argument, length < sizeof key - 1 ? length : sizeof key - 1);
    if (strcmp(key, "threads") == 0)
        c->options.num_threads = (int32_t)strtol(value, NULL, 10);
    else if (strcmp(key, "precision") == 0)
        c->options.precision = choice(value, 2, precision);
    else if (strcmp(key, "isa") == 0)
        c->options.instruction_set = choice(value, 4, isa);
    else if (strcmp(key, "thermostat") == 0)
        c->options.integrator = choice(value, 3, thermostat);
    else if (strcmp(key, "skin") == 0)
        c->options.skin = strtod(value, NULL);
    else if (strcmp(key, "warm") == 0)
        c->warm = strtol(value, NULL, 10);
    else if (strcmp(key, "steps") == 0)
        c->steps = strtol(value, NULL, 10);
    else if (strcmp(key, "repeats") == 0)
        *repeats = (int)strtol(value, NULL, 10);
    else if (strcmp(key, "state") != 0)
        die("keys of run are state, threads, precision, isa, thermostat, skin, warm, steps and repeats");
    if (c->warm < 0 || c->steps < 1 || *repeats < 1 || *repeats > MAX_REPEATS)
        die("warm must be >= 0, steps >= 1, repeats 1 .. 25");
}

static int run_one(int argc, char **argv)
{
    const char *name = "narrow055";
    int repeats = 5;
    for (int k = 0; k < argc; k++)
        if (strncmp(argv[k], "state=", 6) == 0)
            name = argv[k] + 6;
    state s = make_state(name);
    bench_case c = make_case(&s, 1, BNSL_MD_DOUBLE);
    for (int k = 0; k < argc; k++)
        parse_case(&c, &repeats, argv[k]);
    measure(1, &c, repeats);
    free_state(&s);
    return 0;
}

/* ---- memory ------------------------------------------------------------------------------------------- */

/* 36 copies of a saved fluid, 972,000 particles; the peak of the whole process, the caller's copy of the positions with it. */
static int measure_memory(double exponent_m)
{
    enum { NX = 4, NY = 3, NZ = 3, COPIES = NX * NY * NZ };
    state s = { .name = "" };
    read_fluid(&s, exponent_m == 6 ? TEST_DATA_DIR "/md/m6_phi055.bin" : TEST_DATA_DIR "/md/m25_phi055.bin", exponent_m);
    const int64_t n = s.fluid.n, total = n * COPIES;
    double *xyz = memory(total * 3, sizeof *xyz);
    int32_t *species = memory(total, sizeof *species);
    for (int64_t k = 0; k < total; k++) {
        int64_t copy = k / n, shift[3] = { copy % NX, copy / NX % NY, copy / NX / NY };
        species[k] = s.fluid.species[k % n];
        for (int d = 0; d < 3; d++)
            xyz[3 * k + d] = s.fluid.xyz[3 * (k % n) + d] + (double)shift[d] * s.fluid.edge;
    }
    bnsl_box box;
    bnsl_md *md;
    bnsl_md_options o = options();
    bnsl_potential *p = potential_of(&s);
    must(bnsl_box_init(&box, NX * s.fluid.edge, NY * s.fluid.edge, NZ * s.fluid.edge, 0, 0, 0));
    must(bnsl_md_create(&md, &box, total, xyz, species, p, &o));
    must(bnsl_md_thermalize(md, 1, 1));
    must(bnsl_md_run(md, 40, NULL));
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double mib = (double)usage.ru_maxrss / 1024;
    printf("{\"name\": \"md memory\", \"exponents\": \"50,%g\", \"n\": %lld, \"peak_mib\": %.0f, \"peak_mib_per_million\": %.0f}\n",
           exponent_m, (long long)total, mib, mib * 1e6 / (double)total);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    saved_fluid_free(&s.fluid);
    free(xyz);
    free(species);
    return 0;
}

/* In a process of its own, whose peak it is. */
static void memory_in_child(double exponent_m)
{
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        die("cannot start a process");
    if (child == 0)
        exit(measure_memory(exponent_m));
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0)
        die("the measurement of memory failed");
}

/* ---- cores -------------------------------------------------------------------------------------------- */

/* A process with a simulation of its own that runs some steps whenever it is asked. */
typedef struct companion {
    pid_t pid;
    int ask[2], answer[2];
} companion;

static double time_steps(bench_case *c)
{
    double start = now(CLOCK_MONOTONIC);
    must(bnsl_md_run(c->md, c->steps, NULL));
    return now(CLOCK_MONOTONIC) - start;
}

static void start_case(bench_case *c)
{
    c->md = simulation_of(c->state, &c->options);
    must(bnsl_md_thermalize(c->md, 1, 1));
    must(bnsl_md_run(c->md, c->warm, NULL));
}

/* Before any thread exists. */
static companion start_companion(bench_case c)
{
    companion m;
    if (pipe(m.ask) || pipe(m.answer))
        die("cannot make a pipe");
    fflush(stdout);
    m.pid = fork();
    if (m.pid < 0)
        die("cannot start a process");
    if (m.pid > 0) {
        close(m.ask[0]);
        close(m.answer[1]);
        return m;
    }
    close(m.ask[1]);
    close(m.answer[0]);
    start_case(&c);
    for (char start; read(m.ask[0], &start, 1) == 1;) {
        double seconds = time_steps(&c);
        if (write(m.answer[1], &seconds, sizeof seconds) != sizeof seconds)
            break;
    }
    exit(0);
}

/* Both at once: the time of the slower one. */
static double time_both(bench_case *c, companion *m)
{
    double theirs, ours;
    if (write(m->ask[1], "", 1) != 1)
        die("the second process has gone");
    ours = time_steps(c);
    if (read(m->answer[0], &theirs, sizeof theirs) != sizeof theirs)
        die("the second process has gone");
    return theirs > ours ? theirs : ours;
}

/* One thread, two processes of one thread each, one thread, two threads, in turn; medians of the ratios. */
static void measure_cores(const char *name, int32_t precision)
{
    enum { ROUNDS = 25 };
    state s = make_state(name);
    bench_case one = make_case(&s, 1, precision), two = make_case(&s, 2, precision);
    double processes[ROUNDS], threads[ROUNDS];
    one.steps = two.steps = 40;
    companion m = start_companion(one);
    start_case(&one);
    start_case(&two);
    for (int k = 0; k < ROUNDS; k++) {
        double before = time_steps(&one), both = time_both(&one, &m), after = time_steps(&one), alone = 0.5 * (before + after);
        processes[k] = 2 * alone / both;
        threads[k] = alone / time_steps(&two);
    }
    printf("{\"name\": \"md cores\", \"state\": \"%s\", \"precision\": \"%s\", \"two_processes\": %.2f, \"two_threads\": %.2f}\n", name,
           precision == BNSL_MD_MIXED ? "mixed" : "double", median(ROUNDS, processes), median(ROUNDS, threads));
    fflush(stdout);
    close(m.ask[1]);
    waitpid(m.pid, NULL, 0);
    bnsl_md_destroy(one.md);
    bnsl_md_destroy(two.md);
    free_state(&s);
}

/* Each precision in a process of its own, as a companion must be started before there are threads. */
static void cores_in_children(const char *name)
{
    for (int32_t precision = BNSL_MD_DOUBLE; precision <= BNSL_MD_MIXED; precision++) {
        fflush(stdout);
        pid_t child = fork();
        if (child < 0)
            die("cannot start a process");
        if (child == 0) {
            measure_cores(name, precision);
            exit(0);
        }
        int status = 0;
        if (waitpid(child, &status, 0) != child || status != 0)
            die("the measurement of the cores failed");
    }
}

/* ---- all ---------------------------------------------------------------------------------------------- */

/* Threads and precisions of one state side by side; every instruction set too where asked. */
static void bench_state(const char *name, bool every_isa)
{
    state s = make_state(name);
    bench_case cases[MAX_CASES];
    int n = 0;
    for (int32_t precision = BNSL_MD_DOUBLE; precision <= BNSL_MD_MIXED; precision++) {
        for (int32_t threads = 1; threads <= 2; threads++)
            cases[n++] = make_case(&s, threads, precision);
        for (int32_t isa = BNSL_ISA_BASELINE; isa <= bnsl_cpu_isa() && every_isa; isa++) {
            cases[n] = make_case(&s, 1, precision);
            cases[n++].options.instruction_set = isa;
        }
    }
    measure(n, cases, 5);
    free_state(&s);
}

static void bench_sizes(void)
{
    state s[2] = { make_state("narrow055"), make_state("narrow26") };
    bench_case cases[2] = { make_case(&s[0], 1, BNSL_MD_DOUBLE), make_case(&s[1], 1, BNSL_MD_DOUBLE) };
    measure(2, cases, 5);
    free_state(&s[0]);
    free_state(&s[1]);
}

static void bench_thermostats(void)
{
    state s = make_state("narrow055");
    bench_case cases[3];
    for (int32_t integrator = BNSL_MD_NVE; integrator <= BNSL_MD_NVT; integrator++) {
        cases[integrator] = make_case(&s, 1, BNSL_MD_DOUBLE);
        cases[integrator].options.integrator = integrator;
    }
    measure(3, cases, 5);
    free_state(&s);
}

static void write_state(const char *directory, const char *name)
{
    state s = make_state(name);
    const saved_fluid *f = &s.fluid;
    char path[1000];
    snprintf(path, sizeof path, "%s/%s.bin", directory, name);
    if (!saved_fluid_write(f, path))
        die("cannot write the state");
    snprintf(path, sizeof path, "%s/%s.data", directory, name);
    FILE *file = fopen(path, "w");
    if (!file)
        die("cannot write the state");
    fprintf(file, "%s\n\n%lld atoms\n2 atom types\n\n", name, (long long)f->n);
    for (int d = 0; d < 3; d++)
        fprintf(file, "%.17g %.17g %clo %chi\n", -0.5 * f->edge, 0.5 * f->edge, 'x' + d, 'x' + d);
    fprintf(file, "\nMasses\n\n1 1\n2 1\n\nAtoms # atomic\n\n");
    for (int64_t i = 0; i < f->n; i++)
        fprintf(file, "%lld %d %.17g %.17g %.17g\n", (long long)i + 1, (int)f->species[i] + 1, f->xyz[3 * i], f->xyz[3 * i + 1], f->xyz[3 * i + 2]);
    if (fclose(file))
        die("cannot write the state");
    free_state(&s);
}

int main(int argc, char **argv)
{
    static const char *const mixtures[] = { "narrow055", "wide055", "narrow030", "wide030" };
    if (argc >= 2 && strcmp(argv[1], "run") == 0)
        return run_one(argc - 2, argv + 2);
    if (argc == 3 && strcmp(argv[1], "memory") == 0)
        return measure_memory(strtod(argv[2], NULL));
    if (argc == 3 && strcmp(argv[1], "cores") == 0) {
        cores_in_children(argv[2]);
        return 0;
    }
    if (argc == 3 && strcmp(argv[1], "write") == 0) {
        for (int k = 0; k < 4; k++)
            write_state(argv[2], mixtures[k]);
        return 0;
    }
    if (argc > 1)
        die("usage: bench_md | run KEY=VALUE ... | write DIRECTORY | memory EXPONENT | cores STATE");
    memory_in_child(25);
    memory_in_child(6);
    for (int k = 0; k < 4; k++)
        cores_in_children(mixtures[k]);
    for (int k = 0; k < 4; k++)
        bench_state(mixtures[k], k < 2);
    bench_state("melt", false);
    bench_sizes();
    bench_thermostats();
    return 0;
}
