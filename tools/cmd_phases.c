/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl phases: the phase diagram of a crystal and the fluid of its composition (diagram.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli_mie.h"
#include "commands.h"
#include "diagram.h"

typedef struct args {
    const char *structure, *out;
    cli_doubles exponents, well_depth, diffusion;
    cli_strings compare;
    int64_t particles, steps, equilibration;
    double size_ratio, r_cut, dt, ipl_prefactor;
    int32_t shift;
    bool fractionation;
} args;

static const cli_option options[] = {
    {.name = "out", .kind = CLI_STRING, .to = offsetof(args, out), .metavar = "DIR", .required = true,
     .help = "folder of the diagram; made when it is not there, gone on with when it holds this diagram"},
    {.name = "structure", .kind = CLI_STRING, .to = offsetof(args, structure), .metavar = "NAME", .initial = "AlB2",
     .help = "the crystal, a prototype of bnsl lattice; the fluid has its composition"},
    MIE_EXPONENTS(args),
    {.name = "well-depth", .kind = CLI_DOUBLES, .to = offsetof(args, well_depth), .metavar = "E,E,...", .n_min = 1, .n_max = DIAGRAM_DEPTHS,
     .initial = "0,0.5,1,1.5,2,2.5", .range = ">= 0 and <= 20",
     .help = "epsilon / kT, increasing; 0: the repulsive power law A (sigma/r)^N"},
    MIE_SIZE_RATIO(args),
    {.name = "particles", .kind = CLI_INT, .to = offsetof(args, particles), .metavar = "N", .range = ">= 60 and <= 100000",
     .help = "in each run, near this number (default: 498; NaZn13, whose cells are large: 896)"},
    {.name = "steps", .kind = CLI_INT, .to = offsetof(args, steps), .metavar = "N", .initial = "5000", .range = ">= 320 and <= 100000000",
     .help = "at each node of a ramp and direction, and a third of the sweeps of the Einstein molecule; errors fall with its root"},
    {.name = "equilibrate", .kind = CLI_INT, .to = offsetof(args, equilibration), .metavar = "N", .initial = "20000", .range = ">= 0",
     .help = "steps before each ramp"},
    MIE_R_CUT(args),
    MIE_SHIFT(args),
    {.name = "dt", .kind = CLI_DOUBLE, .to = offsetof(args, dt), .metavar = "X", .initial = "0.002", .range = "> 0 and <= 0.01",
     .help = "time step, sigma sqrt(m/kT)"},
    {.name = "compare", .kind = CLI_STRINGS, .to = offsetof(args, compare), .metavar = "DIR", .n_max = DIAGRAM_FOLDERS,
     .help = "the finished diagram of another crystal with this potential: is it more stable in the coexisting fluid? Can be given "
             "several times"},
    {.name = "diffusion", .kind = CLI_DOUBLES, .to = offsetof(args, diffusion), .metavar = "E,E,...", .n_max = DIAGRAM_DEPTHS,
     .range = ">= 0 and <= 20",
     .help = "measures the fluid's diffusion coefficients at these of the well depths, beside the driving force"},
    {.name = "fractionation", .kind = CLI_FLAG, .to = offsetof(args, fractionation),
     .help = "vapour and liquid of different composition: runs fluids of other compositions too"},
    MIE_IPL_PREFACTOR(args),
    {0}};

static int read_spec(const args *a, const cli_common *common, diagram_spec *s)
{
    *s = (diagram_spec){.particles = a->particles,
                        .steps = a->steps,
                        .equilibration = a->equilibration,
                        .size_ratio = a->size_ratio,
                        .exponent_n = a->exponents.values[0],
                        .exponent_m = a->exponents.values[1],
                        .r_cut = isnan(a->r_cut) ? 0 : a->r_cut,
                        .dt = a->dt,
                        .ipl_prefactor = a->ipl_prefactor,
                        .shift = a->shift == 0 ? BNSL_SHIFT_ENERGY : BNSL_SHIFT_NONE,
                        .n_depth = a->well_depth.n,
                        .seed = common->seed};
    if (strlen(a->structure) >= sizeof s->structure)
        return cli_usage("--structure: '%.40s' is no prototype", a->structure);
    strcpy(s->structure, a->structure);
    if (mie_check(s->exponent_n, s->exponent_m) != CLI_DONE)
        return CLI_USAGE;
    for (int32_t k = 0; k < s->n_depth; k++) {
        s->depth[k] = a->well_depth.values[k];
        if (k > 0 && !(s->depth[k] > s->depth[k - 1]))
            return cli_usage("--well-depth: %g after %g, must increase", s->depth[k], s->depth[k - 1]);
    }
    return diagram_check_diffusion(s, &a->diffusion);
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    diagram_spec spec;
    int status;
    if (!cli_parse(&phases_command, argc, argv, &a, &common, &status))
        return status;
    status = read_spec(&a, &common, &spec);
    if (status != CLI_DONE)
        return status;
    diagram *d = calloc(1, sizeof *d);
    if (!d)
        return cli_fail("out of memory");
    status = diagram_plan(d, &spec, a.out);
    if (status == CLI_DONE)
        status = diagram_check_boxes(d);
    if (status == CLI_DONE)
        status = diagram_open(d, common.force, common.seed_given);
    if (status == CLI_DONE && a.fractionation)
        status = diagram_plan_mixtures(d);
    for (int32_t k = 0; status == CLI_DONE && k < d->n_mixtures; k++)
        status = diagram_check_boxes(d->mixture[k]);
    if (status == CLI_DONE)
        status = diagram_run(d, &common);
    if (status == CLI_DONE)
        status = diagram_fit(d);
    if (status == CLI_DONE && a.fractionation)
        status = diagram_fractionate(d);
    if (status == CLI_DONE && a.diffusion.n > 0)
        status = diagram_diffusion(d, &a.diffusion, &common);
    if (status == CLI_DONE && a.compare.n > 0)
        status = diagram_compare(d, &a.compare, &common);
    if (status == CLI_DONE)
        status = diagram_report(d, &common);
    if (status == CLI_DONE && !common.json)
        diagram_print(d);
    if (status == CLI_DONE) {
        json j;
        json_init(&j, common.json);
        diagram_json(d, &j);
        status = json_print(&j);
    }
    diagram_free(d);
    return status;
}

const cli_command phases_command = {
    .name = "phases",
    .usage = "--out DIR [options]",
    .summary = "phase diagram: coexistence of fluid and crystal against well depth",
    .description =
        "Computes the coexistence of a crystal and the fluid of its composition for several well depths, and of vapour and liquid of that "
        "composition: free energies by integration along density and potential, the crystal's by the Einstein molecule, common tangents, "
        "errors by Monte Carlo. Units: sigma_LL and kT. The folder DIR holds one file for each state point that is done, in state/; the "
        "same command goes on after an interruption and ends with the same numbers. At the end there are the tables phases.tsv, states.tsv "
        "and driving.tsv, summary.json, and pictures, diagram.png and driving.png, also as .svg.",
    .examples = "bnsl phases --exponents 50,25 --out narrow\n"
                "bnsl phases --exponents 50,6 --well-depth 0.5,1,1.5,2 --out wide\n"
                "bnsl phases --exponents 50,25 --out narrow --diffusion 1,1.5,2\n"
                "bnsl phases --exponents 50,6 --out wide --fractionation\n"
                "bnsl phases --structure fcc --exponents 50,25 --out fcc\n",
    .options = options,
    .args_size = sizeof(args),
    .common = CLI_JSON | CLI_THREADS | CLI_SEED | CLI_FORCE,
    .run = run,
};
