/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl freeenergy fluid: the free energy of one state of a fluid. */
#include <math.h>
#include <stdio.h>

#include "cli_mie.h"
#include "commands.h"
#include "freeenergy.h"
#include "json.h"
#include "progress.h"

typedef struct args {
    cli_doubles ratio, exponents;
    int64_t particles, steps, equilibration, densities;
    double density, well_depth, size_ratio, r_cut, dt, ipl_prefactor;
    int32_t shift;
} args;

static const cli_option options[] = {
    {.name = "density", .kind = CLI_DOUBLE, .to = offsetof(args, density), .metavar = "R", .range = "> 0 and <= 1000", .required = true,
     .help = "particles per sigma_LL^3"},
    {.name = "ratio", .kind = CLI_DOUBLES, .to = offsetof(args, ratio), .metavar = "L:S", .separator = ":", .n_min = 2, .n_max = 2,
     .initial = "1:2", .range = ">= 0", .help = "numbers of L and S"},
    {.name = "well-depth", .kind = CLI_DOUBLE, .to = offsetof(args, well_depth), .metavar = "E", .initial = "1", .range = ">= 0 and <= 100",
     .help = "epsilon / kT; 0: the repulsive power law A (sigma/r)^N"},
    MIE_EXPONENTS(args),
    MIE_SIZE_RATIO(args),
    {.name = "particles", .kind = CLI_INT, .to = offsetof(args, particles), .metavar = "N", .initial = "498", .range = ">= 32 and <= 1000000",
     .help = "L and S together"},
    {.name = "steps", .kind = CLI_INT, .to = offsetof(args, steps), .metavar = "N", .initial = "5000", .range = ">= 320 and <= 100000000",
     .help = "at each node of the ramp and direction; each density gets four times as many"},
    {.name = "equilibrate", .kind = CLI_INT, .to = offsetof(args, equilibration), .metavar = "N", .initial = "20000", .range = ">= 0",
     .help = "steps before each run"},
    {.name = "densities", .kind = CLI_INT, .to = offsetof(args, densities), .metavar = "K", .initial = "8", .range = ">= 5 and <= 32",
     .help = "of the integration from the ideal gas"},
    MIE_R_CUT(args),
    MIE_SHIFT(args),
    {.name = "dt", .kind = CLI_DOUBLE, .to = offsetof(args, dt), .metavar = "X", .initial = "0.002", .range = "> 0 and <= 0.01",
     .help = "time step, sigma sqrt(m/kT)"},
    MIE_IPL_PREFACTOR(args),
    {0}};

static void print(const bnsl_free_energy_fluid_result *r, uint64_t seed)
{
    printf("%-28s %lld at density %.6g\n", "particles", (long long)r->n, r->density);
    printf("%-28s %.5f +- %.5f kT\n", "A / N", r->a, r->a_err);
    printf("  %-26s %.5f\n", "ideal gas", r->ideal);
    printf("  %-26s %.5f\n", "mixing", r->mixing);
    printf("  %-26s %.5f +- %.5f\n", "density, power law", r->density_part, r->density_part_err);
    if (r->well_depth > 0) {
        printf("  %-26s %.5f +- %.5f\n", "power law to Mie", r->coupling_part, r->coupling_part_err);
        printf("  %-26s %.5f +- %.5f\n", "well depth", r->depth_part, r->depth_part_err);
        printf("%-28s %.5f kT\n", "dissipated work", r->dissipation);
    }
    printf("%-28s %.5g +- %.2g kT/sigma^3\n", "P", r->pressure, r->pressure_err);
    printf("%-28s %.5g +- %.2g\n", "Z = P / (rho kT)", r->z, r->z_err);
    printf("%-28s %.5g +- %.2g kT\n", "U / N", r->u, r->u_err);
    printf("%-28s %.6g\n", "B2 (sigma^3)", r->b2);
    if (r->flags & BNSL_FLUID_HYSTERESIS)
        printf("remark: the dissipated work is beyond the statistical error; more --steps are needed\n");
    if (r->flags & BNSL_FLUID_CLUMPED)
        printf("remark: strong density fluctuations (%.3g): close to the vapour-liquid loop\n", r->clumping);
    printf("%-28s %llu\n", "seed", (unsigned long long)seed);
}

static void report(const bnsl_free_energy_fluid_result *r, uint64_t seed, json *j)
{
    json_object_begin(j, NULL);
    json_with_error(j, "A", r->a, r->a_err);
    json_object_begin(j, "terms");
    json_double(j, "ideal", r->ideal);
    json_double(j, "mixing", r->mixing);
    json_with_error(j, "density", r->density_part, r->density_part_err);
    json_with_error(j, "coupling", r->coupling_part, r->coupling_part_err);
    json_with_error(j, "depth", r->depth_part, r->depth_part_err);
    json_object_end(j);
    json_double(j, "dissipation", r->dissipation);
    json_with_error(j, "P", r->pressure, r->pressure_err);
    json_with_error(j, "Z", r->z, r->z_err);
    json_with_error(j, "U", r->u, r->u_err);
    json_double(j, "b2", r->b2);
    json_int(j, "N", r->n);
    json_double(j, "density", r->density);
    json_double(j, "well_depth", r->well_depth);
    json_array_begin(j, "flags");
    if (r->flags & BNSL_FLUID_HYSTERESIS)
        json_string(j, NULL, "hysteresis");
    if (r->flags & BNSL_FLUID_CLUMPED)
        json_string(j, NULL, "clumped");
    json_array_end(j);
    json_uint(j, "seed", seed);
    json_object_end(j);
}

/* The fluid as asked for. */
static bnsl_status compute(const args *a, const cli_common *common, bnsl_free_energy_fluid_result *r)
{
    bnsl_potential_options mie;
    bnsl_free_energy_fluid_options o;
    bnsl_status status = bnsl_potential_options_init(&mie, sizeof mie);
    if (!status)
        status = bnsl_free_energy_fluid_options_init(&o, sizeof o);
    if (status)
        return status;
    mie.n = a->exponents.values[0];
    mie.m = a->exponents.values[1];
    mie.r_cut = isnan(a->r_cut) ? 0 : a->r_cut;
    mie.shift = a->shift == 0 ? BNSL_SHIFT_ENERGY : BNSL_SHIFT_NONE;
    o.n_densities = (int32_t)a->densities;
    o.num_threads = common->threads;
    o.n_steps = a->steps;
    o.n_equilibrate = a->equilibration;
    o.dt = a->dt;
    o.ipl_prefactor = a->ipl_prefactor;
    o.seed = common->seed;
    double large = a->ratio.values[0], small = a->ratio.values[1];
    const int64_t n_large = (int64_t)floor((double)a->particles * large / (large + small) + 0.5), count[2] = {n_large, a->particles - n_large};
    const double diameter[2] = {1, a->size_ratio};
    progress line;
    progress_begin(&line, common, "fluid", "steps", 0); /* the library knows how many */
    bnsl_control_set_progress(cli_control(), progress_callback, &line);
    status = small > 0 && large > 0 ? bnsl_free_energy_fluid(2, diameter, count, a->density, a->well_depth, &mie, &o, cli_control(), r)
                                    : bnsl_free_energy_fluid(1, large > 0 ? &diameter[0] : &diameter[1], &a->particles, a->density, a->well_depth,
                                                             &mie, &o, cli_control(), r);
    progress_end(&line);
    return status;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    bnsl_free_energy_fluid_result r;
    json j;
    int status;
    if (!cli_parse(&freeenergy_fluid_command, argc, argv, &a, &common, &status))
        return status;
    if (mie_check(a.exponents.values[0], a.exponents.values[1]) != CLI_DONE)
        return CLI_USAGE;
    if (!(a.ratio.values[0] + a.ratio.values[1] > 0))
        return cli_usage("--ratio: both numbers are 0");
    if (compute(&a, &common, &r))
        return cli_fail_library(NULL);
    if (!common.json)
        print(&r, common.seed);
    json_init(&j, common.json);
    report(&r, common.seed, &j);
    return json_print(&j);
}

const cli_command freeenergy_fluid_command = {
    .name = "freeenergy fluid",
    .usage = "--density R [options]",
    .summary = "free energy of one state of a fluid",
    .description =
        "Integrates from the ideal gas along the density with a repulsive power law, whose second virial coefficient is exact, then at "
        "constant density to the Mie potential and its depth, up and down. Free energies are beta A/N, with sigma_LL as the thermal "
        "wavelength. A state that has split into vapour and liquid is refused.",
    .examples = "bnsl freeenergy fluid --ratio 1:2 --density 2.0 --well-depth 1\n"
                "bnsl freeenergy fluid --ratio 1:0 --exponents 12,6 --density 0.8 --well-depth 0.5 --r-cut 3\n",
    .options = options,
    .args_size = sizeof(args),
    .common = CLI_JSON | CLI_THREADS | CLI_SEED,
    .run = run,
};
