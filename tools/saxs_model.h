/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model of a diffraction pattern on the command line: what bnsl saxs fit and bnsl saxs series have in common.
 *
 *     typedef struct args { model_args model; ... } args;
 *     static const cli_option options[] = { MODEL_OPTIONS(args, model), ..., {0}};
 *
 *     model_request m;
 *     status = model_read(&m, &a.model, &common);              // what is asked, checked
 *     status = model_ranges(&m, path, q_first, q_last);        // where to look for lattice constants
 *     model_options(&m, &o); ...; model_add_phases(&m, pattern);
 *     model_close(&m);
 */
#ifndef BNSL_TOOLS_SAXS_MODEL_H
#define BNSL_TOOLS_SAXS_MODEL_H

#include "cli.h"

enum { MODEL_PHASES_MAX = 8 };

typedef struct model_args {
    cli_strings structure, a_range;
    const char *c_over_a;
    cli_doubles cores, core_sigma, contrast, fluid_start;
    double ratio, resolution, centre_bound, u_rms, scherrer_k;
    int32_t sizes, background, fluid, line_shape, areas, centres, scherrer, bonds;
    int64_t background_order;
    bool microstrain;
} model_args;

/* Each command adds --c-over-a, .to = offsetof(type, f.c_over_a). */
#define MODEL_OPTIONS(type, f)                                                                                                                       \
    {.name = "structure", .kind = CLI_STRINGS, .to = offsetof(type, f.structure), .metavar = "NAME", .required = true,                               \
     .help = "AlB2, NaZn13, ... (bnsl lattice lists them); once for each phase"}, \
    {.name = "a-range", .kind = CLI_STRINGS, .to = offsetof(type, f.a_range), .metavar = "MIN,MAX",                                                  \
     .help = "where to look for a, nm; once, or for each --structure (default: by the range of q)"},                                                 \
    {.name = "cores", .kind = CLI_DOUBLES, .to = offsetof(type, f.cores), .metavar = "dL,dS", .n_min = 1, .n_max = 2, .range = "> 0",                \
     .help = "core diameters, nm: intensities, surface distances, volume fraction"},                                                                 \
    {.name = "core-sigma", .kind = CLI_DOUBLES, .to = offsetof(type, f.core_sigma), .metavar = "sL,sS", .n_min = 1, .n_max = 2, .range = ">= 0",     \
     .help = "standard deviations of these diameters, nm (default: 0,0)"},                                                                           \
    {.name = "sizes", .kind = CLI_CHOICE, .to = offsetof(type, f.sizes), .choices = "gaussian|schulz", .initial = "gaussian",                        \
     .help = "their number distribution"},                                                                                                           \
    {.name = "contrast", .kind = CLI_DOUBLES, .to = offsetof(type, f.contrast), .metavar = "L,S", .n_min = 2, .n_max = 2, .initial = "1,1",          \
     .help = "scattering length densities of the cores less that of the solvent, any unit"},                                                         \
    {.name = "ratio", .kind = CLI_DOUBLE, .to = offsetof(type, f.ratio), .metavar = "R", .range = ">= 0",                                            \
     .help = "S particles for each L in the whole sample (default: as in the first phase)"},                                                         \
    {.name = "areas", .kind = CLI_CHOICE, .to = offsetof(type, f.areas), .choices = "free|calculated", .initial = "free",                            \
     .help = "areas of the lines: each its own, or as the structure has them times X (for minor phases)"},                                           \
    {.name = "background", .kind = CLI_CHOICE, .to = offsetof(type, f.background), .choices = "physical|polynomial", .initial = "physical",          \
     .help = "diffuse scattering, fluid and a polynomial, or the polynomial alone"},                                                                 \
    {.name = "background-order", .kind = CLI_INT, .to = offsetof(type, f.background_order), .metavar = "N", .range = ">= -1 and <= 8",               \
     .initial = "2", .help = "order of the polynomial; -1: none"},                                                                                   \
    {.name = "fluid", .kind = CLI_CHOICE, .to = offsetof(type, f.fluid), .choices = "fitted|fixed|ideal|none", .initial = "fitted",                 \
     .help = "structure of the fluid: hard spheres fitted, as given, S = 1, or no fluid"},                                                           \
    {.name = "fluid-start", .kind = CLI_DOUBLES, .to = offsetof(type, f.fluid_start), .metavar = "ETA,D,DELTA", .n_min = 3, .n_max = 3,              \
     .range = ">= 0", .help = "packing fraction, diameter and damping length (nm) of the fluid; 0: from the cores"},                                 \
    {.name = "line-shape", .kind = CLI_CHOICE, .to = offsetof(type, f.line_shape), .choices = "lorentzian|gaussian", .initial = "lorentzian",        \
     .help = "profile of the lines"},                                                                                                                \
    {.name = "resolution", .kind = CLI_DOUBLE, .to = offsetof(type, f.resolution), .metavar = "S", .range = ">= 0", .initial = "0",                  \
     .help = "standard deviation of the instrument's Gaussian, 1/nm: Lorentzians become Voigt profiles"},                                            \
    {.name = "microstrain", .kind = CLI_FLAG, .to = offsetof(type, f.microstrain), .help = "fit a microstrain e too, w^2 + (e q)^2"},                \
    {.name = "u-rms", .kind = CLI_DOUBLE, .to = offsetof(type, f.u_rms), .metavar = "U", .range = ">= 0",                                            \
     .help = "keep the displacement at U nm (default: fitted)"},                                                                                     \
    {.name = "scherrer", .kind = CLI_CHOICE, .to = offsetof(type, f.scherrer), .initial = "paper",                                                   \
     .choices = "paper|fwhm-diameter|fwhm-volume|breadth-diameter|breadth-volume", .help = "convention of the crystal size and its K"},              \
    {.name = "scherrer-k", .kind = CLI_DOUBLE, .to = offsetof(type, f.scherrer_k), .metavar = "K", .range = "> 0",                                   \
     .help = "another K for that convention"},                                                                                                       \
    {.name = "bonds", .kind = CLI_CHOICE, .to = offsetof(type, f.bonds), .choices = "geometry|paper", .initial = "geometry",                         \
     .help = "bond lengths from the sites or from the atomic ones that the paper prints"}

/* What the command line says of one phase. */
typedef struct model_phase {
    const char *name;
    bnsl_lattice *lattice; /* a = 1 */
    bool cubic, fit_c_over_a;
    double c_over_a;
    double a_min, a_max;
    bool a_given;
} model_phase;

typedef struct model_request {
    const model_args *args;
    int32_t n_phases;
    model_phase phases[MODEL_PHASES_MAX];
} model_request;

/* Reads and checks; CLI_DONE, CLI_FAILED or CLI_USAGE (said). model_close in all cases. */
int model_read(model_request *m, const model_args *a, const cli_common *common);
void model_close(model_request *m);

/* Ranges of a that were not given: from a whose fifth line is just in the range of q to a whose first line just is. CLI_DONE or CLI_FAILED (said). */
int model_ranges(model_request *m, const char *path, double q_first, double q_last);

/* The pattern's options as the command line has them; errors and range of q are the caller's. */
void model_options(const model_request *m, bnsl_saxs_pattern_options *o);

/* Adds the phases. */
bnsl_status model_add_phases(const model_request *m, bnsl_saxs_pattern *pattern);

/* "101"; "10 0 0" where digits alone would be ambiguous. */
const char *model_hkl(const bnsl_saxs_peak *p, char text[48]);

/* "fitted", "fixed", "at bound", "undetermined" */
const char *model_status(int32_t status);

#endif
