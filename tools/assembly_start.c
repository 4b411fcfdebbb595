/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an assembly run begins: from a file, from a disordered mixture, or from one around a crystalline nucleus; in a box or between walls. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembly.h"
#include "species.h"

static const double PI_6 = 0.52359877559829887308;
static const int64_t EQUILIBRATION_STEP = INT64_C(1) << 40; /* far from the run's steps: no random number is used twice */
static const double NUCLEUS_SWELLING = 1.06; /* of a thermal crystal near zero pressure, over its contact distance */
static const double WALL_EPSILON = 1;
static const double ROOM = 4; /* beyond the walls, sigma, at least: other programs take the box of a frame for a periodic one */

void assembly_spec_init(assembly_spec *spec)
{
    *spec = (assembly_spec){.particles = 1500, .ratio_large = 1, .ratio_small = 2, .size_ratio = 0.55, .bins = 13, .exponent_n = 50,
                            .exponent_m = 25, .well_depth = {1, {2.5}}, .integrator = BNSL_MD_LANGEVIN, .friction = 0.1, .dt = 0.002, .steps = 100000,
                            .frames = 100, .equilibration = -1, .checkpoint_seconds = 30};
}

static int make_potential(const assembly_spec *spec, bnsl_potential **out)
{
    bnsl_potential_options o;
    const double diameter[2] = {1, spec->size_ratio};
    bnsl_potential_options_init(&o, sizeof o);
    o.form = spec->well_depth.values[0] > 0 ? BNSL_FORM_MIE : BNSL_FORM_IPL;
    o.n = spec->exponent_n;
    o.m = spec->exponent_m;
    o.r_cut = spec->r_cut;
    o.shift = spec->shift;
    return bnsl_potential_create(out, 2, diameter, &o) == BNSL_OK ? CLI_DONE : cli_fail_library(NULL);
}

/* epsilon is 1; without attraction kT is. */
static double kT_of(double well_depth)
{
    return well_depth > 0 ? 1 / well_depth : 1;
}

/* Numbers of L and S of a disordered start. */
static void counts_of(const assembly_spec *spec, int64_t *n_large, int64_t *n_small)
{
    *n_large = llround((double)spec->particles * spec->ratio_large / (spec->ratio_large + spec->ratio_small));
    *n_small = spec->particles - *n_large;
}

int assembly_allocate(assembly *a, int64_t n)
{
    size_t size = (size_t)n;
    a->n = n;
    a->species = malloc(size * sizeof *a->species);
    a->phase = calloc(size, sizeof *a->phase);
    a->xyz = malloc(size * 3 * sizeof *a->xyz);
    a->velocity = malloc(size * 3 * sizeof *a->velocity);
    a->diameter = malloc(size * sizeof *a->diameter);
    a->rows = calloc((size_t)a->spec.frames + 1, sizeof *a->rows);
    bool good = a->species && a->phase && a->xyz && a->velocity && a->diameter && a->rows && bnsl_io_frame_create(&a->frame) == BNSL_OK;
    return good ? CLI_DONE : cli_fail("out of memory for %lld particles", (long long)n);
}

static int set_diameters(assembly *a)
{
    const assembly_spec *s = &a->spec;
    const double mean[2] = {1, s->size_ratio}, sd[2] = {s->polydispersity_large, s->polydispersity_small};
    a->own_diameters = sd[0] > 0 || sd[1] > 0;
    if (bnsl_md_polydisperse(a->n, a->species, 2, mean, sd, s->bins, s->seed, a->diameter) != BNSL_OK)
        return cli_fail_library("--polydispersity");
    return CLI_DONE;
}

/* Volume of all spheres at a packing fraction. */
static double volume_at(const assembly *a, double phi)
{
    double sum = 0;
    for (int64_t i = 0; i < a->n; i++)
        sum += PI_6 * a->diameter[i] * a->diameter[i] * a->diameter[i];
    return sum / phi;
}

/* ---- walls --------------------------------------------------------------------------------------------- */

/* Size of the walls at a packing fraction. A slab is as wide along x and y as it is thick at the first step. */
static double wall_size(const assembly *a, double phi)
{
    double volume = volume_at(a, phi), edge = cbrt(volume_at(a, a->spec.phi.values[0]));
    return a->spec.confine == BNSL_MD_WALL_SPHERE ? cbrt(volume / (8 * PI_6)) : volume / (2 * edge * edge);
}

/* Size of the walls the furthest out that they will be. */
static double largest_wall_size(const assembly *a)
{
    double size = 0;
    for (int32_t k = 0; k < a->spec.phi.n; k++)
        size = fmax(size, wall_size(a, a->spec.phi.values[k]));
    return size;
}

/* A box that leaves nothing within reach of each other across the walls, the furthest out that they will be. */
static bnsl_status walled_box(const assembly *a, const bnsl_potential *potential, bnsl_box *box)
{
    double r_cut[4], reach = ROOM, edge = cbrt(volume_at(a, a->spec.phi.values[0]));
    double thickness = 2 * largest_wall_size(a);
    bnsl_status status = bnsl_potential_cutoffs(potential, r_cut);
    for (int64_t i = 0; i < a->n && !status; i++) { /* of the largest particles, which may be larger than their species */
        double swelling = a->diameter[i] / (a->species[i] == 0 ? 1 : a->spec.size_ratio);
        for (int k = 0; k < 4; k++)
            reach = fmax(reach, 1.01 * swelling * r_cut[k]);
    }
    if (status)
        return status;
    if (a->spec.confine == BNSL_MD_WALL_SPHERE)
        edge = thickness + reach;
    return bnsl_box_init(box, edge, edge, thickness + reach, 0, 0, 0);
}

/* ---- the nucleus --------------------------------------------------------------------------------------- */

/* Lattice constant at which the closest pairs of spheres touch, for the lattice at a = 1. */
static double contact_a(const bnsl_lattice *lattice, double size_ratio)
{
    double b[3], a = 0;
    const double sigma[3] = {1, 0.5 * (1 + size_ratio), size_ratio};
    bnsl_lattice_bond_lengths(lattice, BNSL_BONDS_GEOMETRY, &b[0], &b[1], &b[2]);
    for (int k = 0; k < 3; k++)
        if (b[k] > 0)
            a = fmax(a, sigma[k] / b[k]);
    return a;
}

/* Puts the nucleus into the first rows, and species into the others: L, then S. */
static int place_nucleus(assembly *a, int64_t n_large, int64_t n_small)
{
    const assembly_spec *s = &a->spec;
    bnsl_lattice *unit = NULL, *lattice = NULL;
    bnsl_lattice_options o;
    bnsl_lattice_options_init(&o, sizeof o);
    o.c_over_a = s->nucleus_c_over_a;
    int64_t n = 0, kind[2] = {0, 0};
    int status = bnsl_lattice_create(&unit, s->nucleus, &o) == BNSL_OK ? CLI_DONE : cli_fail_library("--nucleus");
    if (status == CLI_DONE) {
        o.a = s->nucleus_a > 0 ? s->nucleus_a : NUCLEUS_SWELLING * contact_a(unit, s->size_ratio);
        if (bnsl_lattice_create(&lattice, s->nucleus, &o) != BNSL_OK)
            status = cli_fail_library("--nucleus");
    }
    bnsl_lattice_destroy(unit);
    if (status == CLI_DONE && bnsl_lattice_sphere(lattice, s->nucleus_radius, 0, &n, NULL, NULL) != BNSL_EBUFFER)
        status = cli_fail_library("--nucleus");
    if (status == CLI_DONE && n > a->n)
        status = cli_fail("--nucleus: a nucleus of radius %g has %lld particles, more than the %lld of the run", s->nucleus_radius, (long long)n,
                          (long long)a->n);
    if (status == CLI_DONE && bnsl_lattice_sphere(lattice, s->nucleus_radius, a->n, &n, a->xyz, a->species) != BNSL_OK)
        status = cli_fail_library("--nucleus");
    bnsl_lattice_destroy(lattice);
    if (status != CLI_DONE)
        return status;
    for (int64_t i = 0; i < n; i++)
        kind[a->species[i]]++;
    if (kind[0] > n_large || kind[1] > n_small)
        return cli_fail("--nucleus: it has %lld L and %lld S, the mixture has %lld and %lld", (long long)kind[0], (long long)kind[1],
                        (long long)n_large, (long long)n_small);
    for (int64_t i = n; i < a->n; i++)
        a->species[i] = i - n >= n_large - kind[0];
    a->n_nucleus = n;
    return CLI_DONE;
}

/* ---- starts -------------------------------------------------------------------------------------------- */

static int start_disordered(assembly *a, const bnsl_potential *potential, bnsl_box *box)
{
    const assembly_spec *s = &a->spec;
    int64_t n_large, n_small;
    counts_of(s, &n_large, &n_small);
    int status = assembly_allocate(a, n_large + n_small);
    if (status != CLI_DONE)
        return status;
    if (s->nucleus[0])
        status = place_nucleus(a, n_large, n_small);
    else
        for (int64_t i = 0; i < a->n; i++)
            a->species[i] = i >= n_large;
    if (status == CLI_DONE)
        status = set_diameters(a);
    if (status != CLI_DONE)
        return status;
    double edge = cbrt(volume_at(a, s->phi.values[0]));
    bnsl_status made = s->confine == BNSL_MD_WALL_NONE ? bnsl_box_init(box, edge, edge, edge, 0, 0, 0) : walled_box(a, potential, box);
    if (made == BNSL_OK && s->confine == BNSL_MD_WALL_NONE)
        made = bnsl_md_random_start(box, a->n, a->diameter, a->n_nucleus, s->seed, 1, a->xyz, cli_control());
    else if (made == BNSL_OK)
        made = bnsl_md_random_start_confined(box, s->confine, wall_size(a, s->phi.values[0]), a->n, a->diameter, a->n_nucleus, s->seed, 1, a->xyz,
                                             cli_control());
    return made == BNSL_OK ? CLI_DONE : cli_fail_library("the disordered start");
}

/* Of a file, which may hold them in single precision: those that are the species' are taken as such. */
static void take_diameters(assembly *a, const double *diameter)
{
    for (int64_t i = 0; i < a->n; i++)
        if (!(fabs(diameter[i] - a->diameter[i]) <= 1e-6 * a->diameter[i])) {
            a->diameter[i] = diameter[i];
            a->own_diameters = true;
        }
}

static int start_from_file(assembly *a, const bnsl_potential *potential, bnsl_box *box)
{
    bnsl_io_reader *reader = NULL;
    bnsl_io_frame *frame = NULL;
    const double *xyz = NULL, *velocity = NULL, *diameter = NULL;
    int32_t columns;
    int status = CLI_DONE;
    if (bnsl_io_reader_open(&reader, a->spec.start, BNSL_FILE_AUTO) != BNSL_OK || bnsl_io_frame_create(&frame) != BNSL_OK ||
        bnsl_io_reader_read(reader, -1, frame) != BNSL_OK || bnsl_io_frame_box(frame, box) != BNSL_OK ||
        bnsl_io_frame_array_view(frame, "position", &columns, &xyz) != BNSL_OK)
        status = cli_fail_library(a->spec.start);
    if (status == CLI_DONE)
        status = assembly_allocate(a, bnsl_io_frame_n(frame));
    if (status == CLI_DONE)
        status = species_of_frame(a->spec.start, frame, &(species_names){"L", "S"}, a->species);
    for (int64_t i = 0; status == CLI_DONE && i < a->n; i++)
        if (a->species[i] > 1)
            status = cli_fail("%s: particle %lld is neither of type L nor S", a->spec.start, (long long)i);
    if (status == CLI_DONE) {
        memcpy(a->xyz, xyz, (size_t)a->n * 3 * sizeof *xyz);
        a->has_velocities = bnsl_io_frame_array_view(frame, "velocity", &columns, &velocity) == BNSL_OK;
        if (a->has_velocities)
            memcpy(a->velocity, velocity, (size_t)a->n * 3 * sizeof *velocity);
        status = set_diameters(a);
    }
    if (status == CLI_DONE && !a->own_diameters && bnsl_io_frame_array_view(frame, "diameter", &columns, &diameter) == BNSL_OK && columns == 1)
        take_diameters(a, diameter);
    if (status == CLI_DONE && a->spec.confine != BNSL_MD_WALL_NONE && walled_box(a, potential, box) != BNSL_OK)
        status = cli_fail_library(a->spec.start);
    bnsl_io_frame_destroy(frame);
    bnsl_io_reader_close(reader);
    return status;
}

/* The simulation: sizes of the particles, walls. */
static bnsl_status make_simulation(assembly *a, const bnsl_box *box, const bnsl_potential *potential, int32_t num_threads)
{
    const assembly_spec *s = &a->spec;
    bnsl_md_options o;
    bnsl_md_options_init(&o, sizeof o);
    o.integrator = s->integrator;
    o.precision = s->precision;
    o.dt = s->dt;
    o.kT = kT_of(s->well_depth.values[0]);
    o.friction = s->friction;
    o.seed = s->seed;
    o.num_threads = num_threads;
    bnsl_status status = bnsl_md_create(&a->md, box, a->n, a->xyz, a->species, potential, &o);
    if (!status && a->own_diameters)
        status = bnsl_md_set_diameters(a->md, a->diameter);
    if (!status && s->confine != BNSL_MD_WALL_NONE)
        status = bnsl_md_set_wall(a->md, s->confine, wall_size(a, s->phi.values[0]), WALL_EPSILON);
    return status;
}

int assembly_make_start(assembly *a, const cli_common *common)
{
    const assembly_spec *s = &a->spec;
    bnsl_potential *potential = NULL;
    bnsl_box box;
    int status = make_potential(s, &potential);
    if (status == CLI_DONE)
        status = s->start[0] ? start_from_file(a, potential, &box) : start_disordered(a, potential, &box);
    if (status == CLI_DONE && make_simulation(a, &box, potential, common->threads) != BNSL_OK)
        status = cli_fail_library(s->start[0] ? s->start : NULL);
    bnsl_potential_destroy(potential);
    return status;
}

/* ---- equilibration ------------------------------------------------------------------------------------- */

/* Steps at half the time step, the nucleus held. */
static bool run_held(assembly *a, int64_t steps, const int32_t *frozen, double kT)
{
    return bnsl_md_set_step(a->md, EQUILIBRATION_STEP) == BNSL_OK && bnsl_md_set_frozen(a->md, frozen) == BNSL_OK &&
           bnsl_md_thermalize(a->md, kT, 0) == BNSL_OK && bnsl_md_set_dt(a->md, 0.5 * a->spec.dt) == BNSL_OK &&
           bnsl_md_run(a->md, steps, cli_control()) == BNSL_OK;
}

/* The steps of a schedule's points, evenly spaced. */
static void schedule_steps(const cli_doubles *s, int64_t steps, int64_t step[ASSEMBLY_POINTS])
{
    step[0] = 0;
    for (int32_t k = 1; k < s->n; k++)
        step[k] = steps / (s->n - 1) * k + steps % (s->n - 1) * k / (s->n - 1);
}

static bnsl_status set_schedules(assembly *a)
{
    const assembly_spec *s = &a->spec;
    int64_t step[ASSEMBLY_POINTS];
    double kT[ASSEMBLY_POINTS];
    bnsl_status status = BNSL_OK;
    if (s->phi.n > 0) {
        schedule_steps(&s->phi, s->steps, step);
        status = bnsl_md_set_packing_schedule(a->md, s->phi.n, step, s->phi.values);
    }
    if (!status && s->well_depth.n > 1) {
        schedule_steps(&s->well_depth, s->steps, step);
        for (int32_t k = 0; k < s->well_depth.n; k++)
            kT[k] = kT_of(s->well_depth.values[k]);
        status = bnsl_md_set_kT_schedule(a->md, s->well_depth.n, step, kT);
    }
    return status;
}

int assembly_equilibrate(assembly *a, const cli_common *common)
{
    const assembly_spec *s = &a->spec;
    int64_t steps = s->equilibration >= 0 ? s->equilibration : s->start[0] ? 0 : 20000;
    int32_t *frozen = calloc((size_t)a->n, sizeof *frozen);
    double kT = kT_of(s->well_depth.values[0]);
    progress p;
    if (!frozen)
        return cli_fail("out of memory");
    for (int64_t i = 0; i < a->n_nucleus; i++)
        frozen[i] = 1;
    progress_begin(&p, common, "equilibrate", "steps", steps);
    bnsl_control_set_progress(cli_control(), progress_callback, &p);
    bool good = steps == 0 || run_held(a, steps, frozen, kT);
    bnsl_control_set_progress(cli_control(), NULL, NULL);
    progress_end(&p);
    free(frozen);
    /* everything is let go, thermal or, for a start that was not touched, with the velocities of its file */
    good = good && bnsl_md_set_frozen(a->md, NULL) == BNSL_OK && bnsl_md_set_dt(a->md, s->dt) == BNSL_OK && bnsl_md_set_step(a->md, 0) == BNSL_OK &&
           (a->has_velocities && steps == 0 ? bnsl_md_set_velocities(a->md, a->velocity) : bnsl_md_thermalize(a->md, kT, 1)) == BNSL_OK;
    return good && set_schedules(a) == BNSL_OK ? CLI_DONE : cli_fail_library("equilibration");
}
