/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl freeenergy solid: the free energy of a crystal by the Einstein molecule, and its equation of state. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_mie.h"
#include "commands.h"
#include "freeenergy.h"
#include "json.h"
#include "progress.h"

#define HARD_SPHERE_SLOPE 7.0 /* A(infinite) - A(N) = 7 / N of hard spheres [Vega and Noya 2007] */
#define LARGER 3.0            /* the second size of an extrapolation against the first */

typedef struct args {
    const char *structure, *c_over_a;
    cli_doubles exponents;
    double density, well_depth, size_ratio, r_cut, ipl_prefactor, spring;
    int64_t particles, sweeps, equilibrate, nodes, replicas;
    int32_t shift, method, finite_size;
    bool hard_spheres, tail;
} args;

enum { METHOD_MOLECULE, METHOD_CRYSTAL, METHOD_MBAR };
enum { SIZE_NONE, SIZE_CORRECTION, SIZE_EXTRAPOLATE };

static const cli_option options[] = {
    {.name = "structure", .kind = CLI_STRING, .to = offsetof(args, structure), .metavar = "NAME", .required = true,
     .help = "AlB2, NaZn13, fcc, ... (see bnsl lattice)"},
    {.name = "density", .kind = CLI_DOUBLE, .to = offsetof(args, density), .metavar = "R", .range = "> 0", .required = true,
     .help = "particles per sigma_LL^3"},
    {.name = "c-over-a", .kind = CLI_STRING, .to = offsetof(args, c_over_a), .metavar = "X|relax", .initial = "relax",
     .help = "of a hexagonal or tetragonal cell; relax: where the free energy is lowest"},
    {.name = "particles", .kind = CLI_INT, .to = offsetof(args, particles), .metavar = "N", .initial = "450", .range = ">= 8 and <= 1000000",
     .help = "about; whole cells in a nearly cubic box"},
    MIE_EXPONENTS(args),
    {.name = "well-depth", .kind = CLI_DOUBLE, .to = offsetof(args, well_depth), .metavar = "E", .initial = "1", .range = ">= 0 and <= 100",
     .help = "epsilon / kT; 0: the repulsive power law A (sigma/r)^N"},
    MIE_IPL_PREFACTOR(args),
    {.name = "hard-spheres", .kind = CLI_FLAG, .to = offsetof(args, hard_spheres),
     .help = "hard spheres of these sizes in the place of the potential"},
    MIE_SIZE_RATIO(args),
    {.name = "r-cut", .kind = CLI_DOUBLE, .to = offsetof(args, r_cut), .metavar = "F", .range = "> 0.9 and <= 10",
     .help = "cut-off in sigma_ij (default: 1.6 for M >= 20 and power laws, else 2.5)"},
    MIE_SHIFT(args),
    {.name = "tail", .kind = CLI_FLAG, .to = offsetof(args, tail), .help = "adds what the uncut potential would"},
    {.name = "method", .kind = CLI_CHOICE, .to = offsetof(args, method), .choices = "molecule|crystal|mbar", .initial = "molecule",
     .help = "Einstein molecule, Einstein crystal with fixed centre, or the molecule by MBAR"},
    {.name = "finite-size", .kind = CLI_CHOICE, .to = offsetof(args, finite_size), .choices = "none|correction|extrapolate", .initial = "none",
     .help = "A at infinite N: by 7/N, or from a second run of 3 N"},
    {.name = "sweeps", .kind = CLI_INT, .to = offsetof(args, sweeps), .metavar = "N", .initial = "4000", .range = ">= 100 and <= 1000000000",
     .help = "moves of every particle in each run"},
    {.name = "equilibrate", .kind = CLI_INT, .to = offsetof(args, equilibrate), .metavar = "N", .range = ">= 1 and <= 1000000000",
     .help = "sweeps before (default: a quarter of --sweeps, at least 500)"},
    {.name = "nodes", .kind = CLI_INT, .to = offsetof(args, nodes), .metavar = "K", .range = ">= 4 and <= 32",
     .help = "spring constants (default: 14; crystal: 10; mbar: from N)"},
    {.name = "replicas", .kind = CLI_INT, .to = offsetof(args, replicas), .metavar = "K", .initial = "2", .range = ">= 1 and <= 1024",
     .help = "independent runs of each"},
    {.name = "spring", .kind = CLI_DOUBLE, .to = offsetof(args, spring), .metavar = "K", .range = "> 0",
     .help = "largest spring constant, kT/sigma^2 (default: found)"},
    {0}};

/* ---- the crystal ------------------------------------------------------------------------------------------ */

typedef struct crystal {
    bnsl_box box;
    int64_t n;
    double *xyz;
    int32_t *species;
    double c_over_a; /* of these sites */
    bool relaxes;
} crystal;

static void free_crystal(crystal *c)
{
    free(c->xyz);
    free(c->species);
    *c = (crystal){.n = 0};
}

/* "relax" or a number. */
static int read_c_over_a(const args *a, double *value, bool *relax)
{
    *relax = strcmp(a->c_over_a, "relax") == 0;
    *value = 0;
    if (!*relax && (bnsl_parse_double(a->c_over_a, (int64_t)strlen(a->c_over_a), value, NULL) || !(*value > 0) || isinf(*value)))
        return cli_usage("--c-over-a: \"%.40s\" must be a number > 0 or relax", a->c_over_a);
    return CLI_DONE;
}

static bnsl_status make_sites(const args *a, const bnsl_lattice *lattice, double c_over_a, int64_t n_wanted, crystal *c)
{
    bnsl_status status = bnsl_free_energy_supercell(lattice, a->density, c_over_a, n_wanted, 0, &c->n, NULL, NULL, NULL);
    if (status != BNSL_EBUFFER)
        return status;
    c->xyz = malloc((size_t)c->n * 3 * sizeof *c->xyz);
    c->species = malloc((size_t)c->n * sizeof *c->species);
    if (!c->xyz || !c->species)
        return BNSL_ENOMEM;
    return bnsl_free_energy_supercell(lattice, a->density, c_over_a, n_wanted, c->n, &c->n, &c->box, c->xyz, c->species);
}

static int make_crystal(const args *a, int64_t n_wanted, crystal *c)
{
    bnsl_lattice *lattice = NULL;
    double wanted, length_a, length_c;
    *c = (crystal){.n = 0};
    int done = read_c_over_a(a, &wanted, &c->relaxes);
    if (done != CLI_DONE)
        return done;
    if (bnsl_lattice_create(&lattice, a->structure, NULL) || bnsl_lattice_constants(lattice, &length_a, &length_c, NULL)) {
        bnsl_lattice_destroy(lattice);
        return cli_fail_library("--structure");
    }
    c->relaxes = c->relaxes && bnsl_lattice_system(lattice) != BNSL_SYSTEM_CUBIC;
    c->c_over_a = wanted > 0 ? wanted : length_c / length_a;
    bnsl_status status = make_sites(a, lattice, wanted, n_wanted, c);
    bnsl_lattice_destroy(lattice);
    if (!status)
        return CLI_DONE;
    free_crystal(c);
    return status == BNSL_ENOMEM ? cli_fail("out of memory") : cli_fail_library(a->structure);
}

static bnsl_status make_potential(const args *a, bnsl_potential **out)
{
    const double diameter[2] = {1, a->size_ratio};
    bnsl_potential_options o;
    bnsl_status status = bnsl_potential_options_init(&o, sizeof o);
    if (status)
        return status;
    o.form = a->well_depth > 0 ? BNSL_FORM_MIE : BNSL_FORM_IPL;
    o.n = a->exponents.values[0];
    o.m = a->exponents.values[1];
    o.well_depth = a->well_depth > 0 ? a->well_depth : a->ipl_prefactor;
    o.r_cut = isnan(a->r_cut) ? 0 : a->r_cut;
    o.shift = a->shift == 0 ? BNSL_SHIFT_ENERGY : BNSL_SHIFT_NONE;
    return bnsl_potential_create(out, 2, diameter, &o);
}

/* ---- one run ---------------------------------------------------------------------------------------------- */

static bnsl_status fill_options(const args *a, const cli_common *common, bool relaxes, bnsl_free_energy_solid_options *o)
{
    bnsl_status status = bnsl_free_energy_solid_options_init(o, sizeof *o);
    if (status)
        return status;
    o->method = a->method == METHOD_MBAR ? BNSL_SOLID_MBAR : BNSL_SOLID_INTEGRAL;
    o->constraint = a->method == METHOD_CRYSTAL ? BNSL_EINSTEIN_CRYSTAL : BNSL_EINSTEIN_MOLECULE;
    o->hard_spheres = a->hard_spheres;
    o->cell = relaxes ? BNSL_SOLID_CELL_RELAX_Z : BNSL_SOLID_CELL_FIXED;
    o->n_nodes = (int32_t)a->nodes;
    o->n_replicas = (int32_t)a->replicas;
    o->num_threads = common->threads;
    o->tail = a->tail;
    o->n_sweeps = a->sweeps;
    o->n_equilibrate = a->equilibrate;
    o->spring = isnan(a->spring) ? 0 : a->spring;
    o->seed = common->seed;
    return BNSL_OK;
}

/* The crystal of some n_wanted particles. */
static int compute(const args *a, const cli_common *common, int64_t n_wanted, bnsl_free_energy_solid_result *r, double *c_over_a)
{
    bnsl_potential *potential = NULL;
    bnsl_free_energy_solid_options o;
    crystal c;
    progress line;
    int done = make_crystal(a, n_wanted, &c);
    if (done != CLI_DONE)
        return done;
    if (make_potential(a, &potential) || fill_options(a, common, c.relaxes, &o)) {
        done = cli_fail_library(NULL);
    } else {
        progress_begin(&line, common, a->structure, "sweeps", 0); /* the library knows how many */
        bnsl_control_set_progress(cli_control(), progress_callback, &line);
        bnsl_status status = bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, potential, &o, cli_control(), r);
        progress_end(&line);
        done = status ? cli_fail_library(a->structure) : CLI_DONE;
        *c_over_a = c.c_over_a * r->stretch;
    }
    bnsl_potential_destroy(potential);
    free_crystal(&c);
    return done;
}

/* ---- infinite size ---------------------------------------------------------------------------------------- */

typedef struct infinite {
    bool known;
    double a, err;
    int64_t n_second; /* 0: no second run */
    double second, second_err;
} infinite;

static int find_infinite(const args *a, const cli_common *common, const bnsl_free_energy_solid_result *r, infinite *f)
{
    *f = (infinite){.known = a->finite_size != SIZE_NONE};
    if (a->finite_size == SIZE_CORRECTION) {
        f->a = r->a + HARD_SPHERE_SLOPE / (double)r->n;
        f->err = hypot(r->a_err, 0.2 * HARD_SPHERE_SLOPE / (double)r->n); /* 20 % of the slope stand for other crystals */
    } else if (a->finite_size == SIZE_EXTRAPOLATE) {
        bnsl_free_energy_solid_result larger;
        double unused;
        int done = compute(a, common, (int64_t)(LARGER * (double)r->n), &larger, &unused);
        if (done != CLI_DONE)
            return done;
        const int64_t n[2] = {r->n, larger.n};
        const double value[2] = {r->a, larger.a}, err[2] = {r->a_err, larger.a_err};
        f->n_second = larger.n;
        f->second = larger.a;
        f->second_err = larger.a_err;
        if (bnsl_free_energy_extrapolate(2, n, value, err, &f->a, &f->err, NULL))
            return cli_fail_library("--finite-size");
    }
    return CLI_DONE;
}

/* ---- report ----------------------------------------------------------------------------------------------- */

static const struct {
    int32_t bit;
    const char *name, *text;
} alarms[] = {
    {BNSL_SOLID_HOPPED, "hopped", "a particle came nearer to another site than to its own"},
    {BNSL_SOLID_BIASED, "biased", "the average at full springs did not converge; --method mbar, or a larger --spring"},
    {BNSL_SOLID_CELL_STRESSED, "c_over_a", "the pressure along c differs from that along a: c/a is not relaxed"},
    {BNSL_SOLID_SLOW, "slow", "a run is shorter than 50 correlation times; more --sweeps are needed"},
    {BNSL_SOLID_WEAK, "weak", "nearly all of the error comes from the weakest springs: near the limit of mechanical stability"},
    {BNSL_SOLID_POOR_OVERLAP, "overlap", "neighbouring states of MBAR hardly overlap; more --nodes or fewer --particles are needed"},
};
enum { N_ALARMS = sizeof alarms / sizeof alarms[0] };

static void print(const bnsl_free_energy_solid_result *r, double c_over_a, const infinite *f, const cli_common *common)
{
    printf("%-28s %lld in %lld primitive cells at density %.6g\n", "particles", (long long)r->n, (long long)r->n_cells, r->density);
    printf("%-28s %.5f +- %.5f\n", "c/a", c_over_a, r->stretch_err * c_over_a / r->stretch);
    printf("%-28s %.5f +- %.5f kT\n", "A / N", r->a, r->a_err);
    printf("  %-26s %.8f\n", "ideal Einstein crystal", r->a0);
    printf("  %-26s %.6f +- %.6f  (perfect crystal %.6f)\n", "interactions switched on", r->da1, r->da1_err, r->u_lattice);
    printf("  %-26s %.5f +- %.5f\n", "springs switched off", r->da2, r->da2_err);
    if (r->u_tail != 0)
        printf("  %-26s %.6f\n", "uncut potential", r->u_tail);
    if (f->known)
        printf("%-28s %.5f +- %.5f kT\n", "A / N at infinite size", f->a, f->err);
    if (f->n_second > 0)
        printf("  %-26s %.5f +- %.5f\n", "the larger crystal", f->second, f->second_err);
    printf("%-28s %.5g +- %.2g kT/sigma^3\n", "P", r->p, r->p_err);
    printf("%-28s %.5g +- %.2g\n", "Z = P / (rho kT)", r->z, r->z_err);
    printf("%-28s %.5g +- %.2g kT\n", "U / N", r->u, r->u_err);
    printf("%-28s %.3f\n", "Lindemann ratio", r->lindemann);
    printf("%-28s %.5g kT/sigma^2\n", "largest spring", r->spring_max);
    for (int k = 0; k < N_ALARMS; k++)
        if (r->flags & alarms[k].bit)
            printf("remark: %s\n", alarms[k].text);
    printf("%-28s %llu\n", "seed", (unsigned long long)common->seed);
}

static void json_potential(json *j, const args *a)
{
    json_bool(j, "hard_spheres", a->hard_spheres);
    json_double(j, "size_ratio", a->size_ratio);
    if (a->hard_spheres)
        return;
    json_doubles(j, "exponents", 2, a->exponents.values);
    json_double(j, "well_depth", a->well_depth);
    if (a->well_depth == 0)
        json_double(j, "ipl_prefactor", a->ipl_prefactor);
    json_double(j, "r_cut", mie_r_cut(a->r_cut, a->well_depth == 0 ? INFINITY : a->exponents.values[1]));
    json_string(j, "shift", a->shift == 0 ? "energy" : "none");
}

static void report(const args *a, const bnsl_free_energy_solid_result *r, double c_over_a, const infinite *f, const cli_common *common, json *j)
{
    static const char *const methods[] = {"molecule", "crystal", "mbar"};
    json_object_begin(j, NULL);
    json_string(j, "structure", a->structure);
    json_with_error(j, "A", r->a, r->a_err);
    json_object_begin(j, "terms");
    json_double(j, "a0", r->a0);
    json_double(j, "U_lat", r->u_lattice);
    json_with_error(j, "dA1", r->da1, r->da1_err);
    json_with_error(j, "dA2", r->da2, r->da2_err);
    json_double(j, "tail", r->u_tail);
    json_object_end(j);
    json_with_error(j, "P", r->p, r->p_err);
    json_with_error(j, "Z", r->z, r->z_err);
    json_with_error(j, "U", r->u, r->u_err);
    json_int(j, "N", r->n);
    json_int(j, "primitive_cells", r->n_cells);
    json_double(j, "density", r->density);
    json_with_error(j, "c_over_a", c_over_a, r->stretch_err * c_over_a / r->stretch);
    json_with_error(j, "A_infinite", f->known ? f->a : NAN, f->known ? f->err : NAN);
    json_double(j, "lindemann", r->lindemann);
    json_double(j, "spring", r->spring_max);
    json_double(j, "correlation_sweeps", r->correlation_sweeps);
    json_int(j, "moves", r->n_moves);
    json_string(j, "method", methods[a->method]);
    json_int(j, "nodes", r->n_nodes);
    json_potential(j, a);
    json_array_begin(j, "flags");
    for (int k = 0; k < N_ALARMS; k++)
        if (r->flags & alarms[k].bit)
            json_string(j, NULL, alarms[k].name);
    json_array_end(j);
    json_uint(j, "seed", common->seed);
    json_object_end(j);
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    bnsl_free_energy_solid_result r;
    infinite f;
    double c_over_a;
    json j;
    int status;
    if (!cli_parse(&freeenergy_solid_command, argc, argv, &a, &common, &status))
        return status;
    if (mie_check(a.exponents.values[0], a.exponents.values[1]) != CLI_DONE)
        return CLI_USAGE;
    if (a.hard_spheres && (a.tail || cli_given(&common, "well-depth") || cli_given(&common, "exponents") || cli_given(&common, "r-cut") ||
                           cli_given(&common, "shift") || cli_given(&common, "ipl-prefactor")))
        return cli_usage("--hard-spheres have no --exponents, --well-depth, --ipl-prefactor, --r-cut, --shift or --tail");
    if (cli_given(&common, "ipl-prefactor") && a.well_depth > 0)
        return cli_usage("--ipl-prefactor needs --well-depth 0");
    status = compute(&a, &common, a.particles, &r, &c_over_a);
    if (status == CLI_DONE)
        status = find_infinite(&a, &common, &r, &f);
    if (status != CLI_DONE)
        return status;
    if (!common.json)
        print(&r, c_over_a, &f, &common);
    json_init(&j, common.json);
    report(&a, &r, c_over_a, &f, &common, &j);
    return json_print(&j);
}

const cli_command freeenergy_solid_command = {
    .name = "freeenergy solid",
    .usage = "--structure NAME --density R [options]",
    .summary = "free energy of a crystal",
    .description =
        "Thermodynamic integration from the Einstein molecule: springs hold every particle at its site and are switched off. Free energies "
        "are beta A/N, with sigma_LL as the thermal wavelength of all species; energies are in kT, lengths in sigma_LL. A crystal that "
        "melts is refused.",
    .examples = "bnsl freeenergy solid --structure AlB2 --density 2.8 --exponents 50,25 --well-depth 1\n"
                "bnsl freeenergy solid --structure fcc --density 1.04086 --hard-spheres --particles 500 \\\n"
                "    --finite-size correction\n"
                "bnsl freeenergy solid --structure fcc --density 1 --exponents 12,6 --r-cut 3 --tail --particles 500\n",
    .options = options,
    .args_size = sizeof(args),
    .common = CLI_JSON | CLI_THREADS | CLI_SEED,
    .run = run,
};
