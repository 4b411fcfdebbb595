/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl assemble: compression and assembly runs (assembly.h). */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "assembly.h"
#include "cli_mie.h"
#include "commands.h"
#include "json.h"
#include "output.h"

typedef struct args {
    const char *start, *nucleus, *out;
    cli_doubles ratio, polydispersity, exponents, well_depth, phi, nucleus_lattice;
    int64_t particles, bins, steps, frames, equilibration;
    double size_ratio, r_cut, dt, friction, checkpoint_every;
    int32_t shift, thermostat, confine, precision;
    bool resume;
} args;

static const cli_option options[] = {
    {.name = "out", .kind = CLI_STRING, .to = offsetof(args, out), .metavar = "DIR", .required = true,
     .help = "folder of the run; made when it is not there"},
    {.name = "resume", .kind = CLI_FLAG, .to = offsetof(args, resume), .help = "go on with the run in DIR, with the parameters it was started with"},
    {.name = "particles", .kind = CLI_INT, .to = offsetof(args, particles), .metavar = "N", .initial = "1500", .range = ">= 20 and <= 10000000",
     .help = "L and S together"},
    {.name = "ratio", .kind = CLI_DOUBLES, .to = offsetof(args, ratio), .metavar = "L:S", .separator = ":", .n_min = 2, .n_max = 2,
     .initial = "1:2", .range = ">= 0", .help = "numbers of L and S"},
    MIE_SIZE_RATIO(args),
    {.name = "polydispersity", .kind = CLI_DOUBLES, .to = offsetof(args, polydispersity), .metavar = "SL,SS", .n_min = 2, .n_max = 2,
     .initial = "0,0", .range = ">= 0 and <= 0.3", .help = "relative standard deviations of the diameters of L and S"},
    {.name = "bins", .kind = CLI_INT, .to = offsetof(args, bins), .metavar = "K", .initial = "13", .range = ">= 0 and <= 1000",
     .help = "of their distributions; 0: continuous"},
    MIE_EXPONENTS(args),
    {.name = "well-depth", .kind = CLI_DOUBLES, .to = offsetof(args, well_depth), .metavar = "E[,F...]", .n_min = 1, .n_max = ASSEMBLY_POINTS,
     .initial = "2.5", .range = ">= 0 and <= 100",
     .help = "epsilon / kT; several values: kT changes linearly between them; 0: the repulsive power law (sigma/r)^N at 1 kT"},
    MIE_R_CUT(args),
    MIE_SHIFT(args),
    {.name = "thermostat", .kind = CLI_CHOICE, .to = offsetof(args, thermostat), .choices = "langevin|mtk|none", .initial = "langevin",
     .help = "mtk: Nose-Hoover chain; none: constant energy"},
    {.name = "friction", .kind = CLI_DOUBLE, .to = offsetof(args, friction), .metavar = "G", .initial = "0.1", .range = ">= 0",
     .help = "of the Langevin thermostat, 1/tau"},
    {.name = "precision", .kind = CLI_CHOICE, .to = offsetof(args, precision), .choices = "double|mixed", .initial = "double",
     .help = "mixed: forces of the steps in single precision, faster"},
    {.name = "confine", .kind = CLI_CHOICE, .to = offsetof(args, confine), .choices = "periodic|sphere|slab", .initial = "periodic",
     .help = "sphere, slab: repulsive walls instead of the box; --phi moves them"},
    {.name = "phi", .kind = CLI_DOUBLES, .to = offsetof(args, phi), .metavar = "A[,B...]", .n_min = 1, .n_max = ASSEMBLY_POINTS,
     .range = "> 0 and <= 0.74",
     .help = "packing fraction, between walls that of the space inside them: linear between the values, which are evenly spaced over the "
             "steps from the first to the last; one value: constant volume"},
    {.name = "steps", .kind = CLI_INT, .to = offsetof(args, steps), .metavar = "N", .initial = "100000", .range = ">= 0", .help = "time steps"},
    {.name = "dt", .kind = CLI_DOUBLE, .to = offsetof(args, dt), .metavar = "X", .initial = "0.002", .range = "> 0 and <= 0.1",
     .help = "time step, tau = sigma sqrt(m / epsilon)"},
    {.name = "frames", .kind = CLI_INT, .to = offsetof(args, frames), .metavar = "N", .initial = "100", .range = ">= 1 and <= 100000",
     .help = "frames after the first one, evenly spread over the steps"},
    {.name = "checkpoint-every", .kind = CLI_DOUBLE, .to = offsetof(args, checkpoint_every), .metavar = "S", .initial = "30",
     .range = ">= 0.1 and <= 1e6", .help = "seconds between checkpoints"},
    {.name = "nucleus", .kind = CLI_STRING, .to = offsetof(args, nucleus), .metavar = "NAME:R",
     .help = "start around a crystalline sphere of this prototype and radius (sigma)"},
    {.name = "nucleus-lattice", .kind = CLI_DOUBLES, .to = offsetof(args, nucleus_lattice), .metavar = "A[,CA]", .n_min = 1, .n_max = 2,
     .range = "> 0", .help = "its lattice constant (sigma) and c/a (default: 1.06 times contact, AlB2 with c/a 1.03)"},
    {.name = "equilibrate", .kind = CLI_INT, .to = offsetof(args, equilibration), .metavar = "N", .range = ">= 0",
     .help = "steps at half the time step before step 0, nucleus held (default: 20000; 0 with --start)"},
    {.name = "start", .kind = CLI_STRING, .to = offsetof(args, start), .metavar = "FILE",
     .help = "start from the last frame of a GSD or XYZ file with types L and S"},
    {0}};

static int check_points(const char *name, const cli_doubles *schedule, int64_t steps)
{
    if (steps < schedule->n - 1)
        return cli_usage("--steps: %d values of --%s need at least %d steps", (int)schedule->n, name, (int)schedule->n - 1);
    return CLI_DONE;
}

int assembly_check(const assembly_spec *s)
{
    if (mie_check(s->exponent_n, s->exponent_m) != CLI_DONE)
        return CLI_USAGE;
    if (s->ratio_large + s->ratio_small <= 0)
        return cli_usage("--ratio: both numbers are 0");
    if (!s->start[0] && s->phi.n == 0)
        return cli_usage("--phi is needed for a disordered start");
    if (!s->start[0] && s->phi.values[0] > 0.60)
        return cli_usage("--phi: a disordered start needs at most 0.60, not %g", s->phi.values[0]);
    if (s->confine != BNSL_MD_WALL_NONE && s->phi.n == 0)
        return cli_usage("--confine needs --phi, which says where the walls are");
    if (s->start[0] && s->nucleus[0])
        return cli_usage("--nucleus needs a disordered start, not --start");
    if (s->well_depth.n == 0) /* a damaged parameters.tsv */
        return cli_usage("--well-depth has no value");
    for (int32_t k = 0; k < s->well_depth.n; k++)
        if (s->well_depth.n > 1 && !(s->well_depth.values[k] > 0))
            return cli_usage("--well-depth: 0, the power law, is one value alone; all of several must be > 0");
    if (s->well_depth.n > 1 && s->integrator == BNSL_MD_NVE)
        return cli_usage("--well-depth: several values need a thermostat");
    return check_points("phi", &s->phi, s->steps) == CLI_DONE ? check_points("well-depth", &s->well_depth, s->steps) : CLI_USAGE;
}

/* "AlB2:2.6" */
static int read_nucleus(const args *a, assembly_spec *s)
{
    const char *colon = strchr(a->nucleus, ':');
    size_t length = colon ? (size_t)(colon - a->nucleus) : 0;
    if (length == 0 || length >= sizeof s->nucleus ||
        bnsl_parse_double(colon + 1, (int64_t)strlen(colon + 1), &s->nucleus_radius, NULL) != BNSL_OK ||
        !(s->nucleus_radius > 0 && s->nucleus_radius < 1000))
        return cli_usage("--nucleus: '%s' must be NAME:R with a prototype and a radius > 0, AlB2:2.6", a->nucleus);
    memcpy(s->nucleus, a->nucleus, length);
    s->nucleus[length] = '\0';
    if (strcasecmp(s->nucleus, "AlB2") == 0)
        s->nucleus_c_over_a = 1.03; /* of the thermal crystal at size ratio 0.55 */
    if (a->nucleus_lattice.n > 0)
        s->nucleus_a = a->nucleus_lattice.values[0];
    if (a->nucleus_lattice.n > 1)
        s->nucleus_c_over_a = a->nucleus_lattice.values[1];
    return CLI_DONE;
}

static int read_spec(const args *a, const cli_common *common, assembly_spec *s)
{
    assembly_spec_init(s);
    s->particles = a->particles;
    s->ratio_large = a->ratio.values[0];
    s->ratio_small = a->ratio.values[1];
    s->size_ratio = a->size_ratio;
    s->exponent_n = a->exponents.values[0];
    s->exponent_m = a->exponents.values[1];
    s->polydispersity_large = a->polydispersity.values[0];
    s->polydispersity_small = a->polydispersity.values[1];
    s->bins = (int32_t)a->bins;
    s->well_depth = a->well_depth;
    s->phi = a->phi;
    s->r_cut = isnan(a->r_cut) ? 0 : a->r_cut;
    s->shift = a->shift == 0 ? BNSL_SHIFT_ENERGY : BNSL_SHIFT_NONE;
    s->integrator = (const int32_t[]){BNSL_MD_LANGEVIN, BNSL_MD_NVT, BNSL_MD_NVE}[a->thermostat];
    s->precision = a->precision;  /* choices are in the order of BNSL_MD_DOUBLE, ... */
    s->confine = a->confine;      /* and of BNSL_MD_WALL_NONE, ... */
    s->friction = a->friction;
    s->dt = a->dt;
    s->steps = a->steps;
    s->frames = a->frames < a->steps ? a->frames : a->steps;
    s->equilibration = cli_given(common, "equilibrate") ? a->equilibration : -1;
    s->seed = common->seed;
    if (a->nucleus && read_nucleus(a, s) != CLI_DONE)
        return CLI_USAGE;
    if (!a->nucleus && a->nucleus_lattice.n > 0)
        return cli_usage("--nucleus-lattice needs --nucleus");
    if (a->start && strlen(a->start) >= sizeof s->start)
        return cli_usage("--start: the name is longer than %d bytes", ASSEMBLY_PATH - 1);
    if (a->start)
        strcpy(s->start, a->start);
    return assembly_check(s);
}

/* Nothing that makes the run another one may be given with --resume. */
static int check_resume(const cli_common *common)
{
    for (const cli_option *o = options; o->name; o++)
        if (cli_given(common, o->name) && strcmp(o->name, "out") != 0 && strcmp(o->name, "resume") != 0 && strcmp(o->name, "checkpoint-every") != 0)
            return cli_usage("--%s cannot be changed with --resume: the run goes on with its own parameters", o->name);
    return common->seed_given ? cli_usage("--seed cannot be changed with --resume") : CLI_DONE;
}

/* A folder that holds a run is only replaced with --force. */
static int check_folder(const char *folder, const cli_common *common)
{
    char path[ASSEMBLY_PATH + 32];
    struct stat info;
    snprintf(path, sizeof path, "%s/parameters.tsv", folder);
    if (stat(path, &info) == 0 && !common->force)
        return cli_fail("%s holds a run already; --resume goes on with it, --force starts it anew", folder);
    return CLI_DONE;
}

static void print_table(const assembly *a)
{
    const assembly_row *last = &a->rows[a->n_rows - 1], *onset = assembly_onset(a);
    printf("%-26s %lld (%.0f L, %.0f S)\n", "particles", (long long)a->n, last->n_large, (double)a->n - last->n_large);
    printf("%-26s %.0f  (t = %.6g tau)\n", "steps", last->step, last->time);
    printf("%-26s %.4f\n", "packing fraction", last->phi);
    printf("%-26s %.4f\n", "effective packing fraction", last->phi_effective);
    if (a->spec.confine != BNSL_MD_WALL_NONE)
        printf("%-26s %.4f sigma; %.0f particles brought back\n",
               a->spec.confine == BNSL_MD_WALL_SPHERE ? "radius of the sphere" : "half width of the slab", last->wall_size,
               last->n_returned);
    printf("%-26s %.5f epsilon\n", "U / N", last->potential_energy / (double)a->n);
    printf("%-26s %.4f epsilon\n", "kT", last->kT);
    printf("%-26s %.4f epsilon/sigma^3\n", "pressure", last->pressure);
    printf("%-26s AlB2 %.2f %%, NaZn13 %.2f %%, fcc %.2f %% of L\n", "crystalline", 100 * last->alb2 / last->n_large,
           100 * last->nazn13 / last->n_large, 100 * last->fcc / last->n_large);
    printf("%-26s %.0f L (%.0f clusters)\n", "largest cluster", last->largest_cluster, last->clusters);
    if (onset)
        printf("%-26s phi %.4f at step %.0f\n", "onset (10 L)", onset->phi, onset->step);
    else
        printf("%-26s none\n", "onset (10 L)");
    if (a->steps_here > 0)
        printf("%-26s %.3g particle-steps/s\n", "speed", a->particle_steps_per_second);
    printf("%-26s %llu\n", "seed", (unsigned long long)a->spec.seed);
    printf("%-26s %s/ trajectory.gsd log.tsv summary.json\n", "files", a->folder);
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    assembly_spec spec;
    assembly result = {0};
    json j;
    int status;
    if (!cli_parse(&assemble_command, argc, argv, &a, &common, &status))
        return status;
    assembly_spec_init(&spec);
    status = a.resume ? check_resume(&common) : read_spec(&a, &common, &spec);
    spec.checkpoint_seconds = a.checkpoint_every;
    if (status == CLI_DONE && !a.resume)
        status = check_folder(a.out, &common);
    if (status != CLI_DONE)
        return status;
    status = assembly_run(&result, &spec, a.out, a.resume, &common, "assemble");
    if (status == CLI_DONE)
        status = assembly_finish(&result, &common);
    if (status == CLI_DONE && !common.json)
        print_table(&result);
    if (status == CLI_DONE) {
        json_init(&j, common.json);
        assembly_report_json(&result, &j);
        status = json_print(&j);
    }
    assembly_free(&result);
    return status;
}

const cli_command assemble_command = {
    .name = "assemble",
    .usage = "--phi A[,B...] --out DIR [options]",
    .summary = "a compression run: start, run, analyse",
    .description =
        "Simulates a mixture of large (L) and small (S) spheres with Mie attractions in a periodic box or between walls, from a disordered "
        "start, around a crystalline nucleus or from a file, at constant volume or under slow compression, and counts the particles of "
        "each crystal. Units: sigma_LL, epsilon, tau = sigma_LL sqrt(m / epsilon); epsilon = 1 and kT = 1 / well depth. The folder DIR "
        "holds trajectory.gsd, log.tsv, checkpoint, parameters.tsv, and at the end summary.json and picture.png. An interrupted run is "
        "saved and goes on with --resume to the same bytes.",
    .examples = "bnsl assemble --ratio 1:2 --particles 600 --phi 0.40,0.45 --steps 2000 --out run1\n"
                "bnsl assemble --nucleus AlB2:2 --particles 600 --phi 0.56 --steps 2000 --equilibrate 1000 --out run2\n"
                "bnsl assemble --confine sphere --polydispersity 0.047,0.063 --phi 0.4 --steps 2000 --out drop\n",
    .options = options,
    .args_size = sizeof(args),
    .common = CLI_JSON | CLI_THREADS | CLI_SEED | CLI_FORCE,
    .run = run,
};
