/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the state points of a phase diagram: first the fluid and the anchors, then the solid columns, whose c/a the anchors have found. */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "cli_mie.h"
#include "diagram.h"
#include "progress.h"

/* Work in units of particle-steps. */
typedef struct fleet {
    progress *line;
    atomic_llong done;
    atomic_int n_done, n_failed;
    char message[600]; /* of the first failure, written by the thread that raised n_failed from 0 */
} fleet;

/* One running state point. */
typedef struct member {
    fleet *fleet;
    double cost, reported;
    bool main;
} member;

static int32_t report(void *user, int64_t done, int64_t total)
{
    member *m = user;
    double now = total > 0 ? m->cost * (double)done / (double)total : 0;
    int64_t step = (int64_t)(now - m->reported);
    m->reported += (double)step;
    int64_t all = atomic_fetch_add(&m->fleet->done, step) + step;
    if (m->main)
        progress_update(m->fleet->line, all);
    return cli_interrupted() || atomic_load(&m->fleet->n_failed) > 0;
}

/* Steps of the dome's columns over those of the others. The density of the vapour follows from the free energy of the liquid, whose error is
 * magnified near the critical point by kT / (dP/d rho) of the vapour: some eight times at a depth 1.1 times the critical one. */
enum { DOME_STEPS = 30 };

/* Two sizes, a factor 3 apart: the second one is smaller where its box still holds two cut-offs. */
static int64_t anchor_size(const diagram *d, int32_t index)
{
    int64_t n = d->spec.particles;
    return index == 0 ? n : n >= 450 ? n / 3 : 3 * n;
}

static double cost_of(const diagram *d, const diagram_column *c)
{
    double n = (double)d->spec.particles;
    if (c->kind == DIAGRAM_DOME)
        return n * (double)(d->spec.equilibration + 2 * DOME_STEPS * d->spec.steps * (d->last_dome - d->first_dome + 1));
    if (c->kind == DIAGRAM_ANCHOR)
        return (double)anchor_size(d, c->index) * (double)d->spec.steps * 40;
    return n * (double)(d->spec.equilibration + 2 * d->spec.steps * d->n_path);
}

/* A seed of its own for each state point. */
static uint64_t seed_of(const diagram *d, const diagram_column *c)
{
    return d->spec.seed + 1000003ull * (uint64_t)(1 + c->kind) + 7919ull * (uint64_t)c->index + 104729ull * (uint64_t)c->mixture;
}

/* Crystals whose c/a is free. */
static bool relaxes(const diagram *d)
{
    return strcmp(d->spec.structure, "AlB2") == 0;
}

/* The Z below which a crystal of this packing fraction may break: the looser it is, the less tension it bears. One that has broken does not
 * heal on the way back, and its column is lost. */
static double least_z(const diagram *d, double phi)
{
    if (d->n_species == 1)
        return 10 - 170 * (phi - 0.52);
    return 2 - 260 * (phi - (strcmp(d->spec.structure, "NaZn13") == 0 ? 0.56 : 0.62));
}

/* The clumping before which a fluid turns back: half as much over an ideal gas as what counts as split. One phase stays below it, near the critical
 * point too; a drop or a bubble that has begun to grow passes it. In a few particles the noise does as well: not below SMALLEST there. */
static double highest_clumping(int64_t n)
{
    static const double SMALLEST = 3;
    double limit = bnsl_free_energy_clumping_limit(n);
    return fmax(0.5 * (1 + limit), fmin(limit, SMALLEST));
}

static bnsl_free_energy_node not_visited(const diagram *d, int32_t k)
{
    return (bnsl_free_energy_node){d->coupling[k], d->well_depth[k], NAN, NAN, NAN, NAN, NAN, NAN, {NAN, NAN, NAN}, NAN, NAN, NAN, NAN};
}

static bnsl_status run_ramp(const diagram *d, diagram_column *c, const bnsl_box *box, const double *xyz, const int32_t *species,
                            bnsl_control *control)
{
    bnsl_free_energy_ramp_options o;
    bnsl_status status = bnsl_free_energy_ramp_options_init(&o, sizeof o);
    o.dt = d->spec.dt;
    o.n_equilibrate = d->spec.equilibration;
    o.n_steps = d->spec.steps;
    o.ipl_prefactor = d->spec.ipl_prefactor;
    o.seed = seed_of(d, c);
    const int32_t first = c->kind == DIAGRAM_DOME ? d->first_dome : 0, last = c->kind == DIAGRAM_DOME ? d->last_dome : d->n_path - 1;
    if (c->kind == DIAGRAM_DOME)
        o.n_steps *= DOME_STEPS;
    if (c->kind != DIAGRAM_SOLID)
        o.highest_clumping = highest_clumping(c->n);
    if (c->kind == DIAGRAM_SOLID) {
        o.relax_z = relaxes(d);
        o.lowest_z = least_z(d, c->density * d->volume);
    }
    for (int32_t k = 0; k < d->n_path; k++)
        if (k < first || k > last)
            c->node[k] = not_visited(d, k);
    return status ? status
                  : bnsl_free_energy_ramp(box, c->n, xyz, species, d->n_species, d->diameter, &d->mie, last - first + 1, d->coupling + first,
                                          d->well_depth + first, &o, control, c->node + first);
}

static bnsl_status run_fluid(const diagram *d, diagram_column *c, bnsl_control *control)
{
    double *xyz = malloc((size_t)c->n * 3 * sizeof *xyz);
    int32_t *species = malloc((size_t)c->n * sizeof *species);
    const int64_t units = c->n / (d->per_unit[0] + d->per_unit[1]), count[2] = {units * d->per_unit[0], units * d->per_unit[1]};
    bnsl_box box;
    bnsl_status status =
        xyz && species ? bnsl_free_energy_fluid_start(d->n_species, d->diameter, count, c->density, seed_of(d, c), &box, xyz, species) : BNSL_ENOMEM;
    if (!status)
        status = run_ramp(d, c, &box, xyz, species, control);
    free(xyz);
    free(species);
    return status;
}

/* c/a from which the crystal is relaxed: hard spheres of size ratio 0.55 pack best at 1.034. */
static double initial_c_over_a(const diagram *d)
{
    return strcmp(d->spec.structure, "AlB2") == 0 ? 1.03 : 0;
}

/* The perfect crystal; free() xyz and species. */
static bnsl_status crystal(const diagram *d, double density, double c_over_a, int64_t n_wanted, int64_t *n, bnsl_box *box, double **xyz,
                           int32_t **species)
{
    bnsl_lattice *lattice = NULL;
    *xyz = NULL;
    *species = NULL;
    bnsl_status status = bnsl_lattice_create(&lattice, d->spec.structure, NULL);
    if (!status)
        status = bnsl_free_energy_supercell(lattice, density, c_over_a, n_wanted, 0, n, NULL, NULL, NULL);
    if (status == BNSL_EBUFFER) {
        *xyz = malloc((size_t)*n * 3 * sizeof **xyz);
        *species = malloc((size_t)*n * sizeof **species);
        status = *xyz && *species ? bnsl_free_energy_supercell(lattice, density, c_over_a, n_wanted, *n, n, box, *xyz, *species) : BNSL_ENOMEM;
    }
    bnsl_lattice_destroy(lattice);
    return status;
}

static bnsl_status run_solid(const diagram *d, diagram_column *c, bnsl_control *control)
{
    bnsl_box box;
    double *xyz;
    int32_t *species;
    bnsl_status status = crystal(d, c->density, d->c_over_a, d->spec.particles, &c->n, &box, &xyz, &species);
    if (!status)
        status = run_ramp(d, c, &box, xyz, species, control);
    free(xyz);
    free(species);
    return status;
}

/* The absolute free energy, of the power law, cut where it is 2e-6 kT, so that small boxes hold it. */
static bnsl_status run_anchor(const diagram *d, diagram_column *c, bnsl_control *control)
{
    bnsl_box box;
    double *xyz;
    int32_t *species;
    bnsl_potential_options p;
    bnsl_potential *potential = NULL;
    bnsl_free_energy_solid_options o;
    bnsl_status status = crystal(d, c->density, initial_c_over_a(d), anchor_size(d, c->index), &c->n, &box, &xyz, &species);
    if (!status)
        status = bnsl_potential_options_init(&p, sizeof p);
    p.form = BNSL_FORM_IPL;
    p.n = d->spec.exponent_n;
    p.well_depth = d->spec.ipl_prefactor;
    p.r_cut = pow(2e-6, -1 / d->spec.exponent_n);
    if (!status)
        status = bnsl_potential_create(&potential, d->n_species, d->diameter, &p);
    if (!status)
        status = bnsl_free_energy_solid_options_init(&o, sizeof o);
    o.cell = relaxes(d) ? BNSL_SOLID_CELL_RELAX_Z : BNSL_SOLID_CELL_FIXED;
    o.n_sweeps = 3 * d->spec.steps; /* its error is common to the whole solid */
    o.seed = seed_of(d, c);
    if (!status)
        status = bnsl_free_energy_solid(&box, c->n, xyz, species, potential, &o, control, &c->anchor);
    bnsl_potential_destroy(potential);
    free(xyz);
    free(species);
    return status;
}

static bnsl_status run_column(const diagram *d, diagram_column *c, member *m)
{
    bnsl_control *control = NULL;
    bnsl_status status = bnsl_control_create(&control);
    if (!status)
        status = bnsl_control_set_progress(control, report, m);
    if (!status)
        status = c->kind == DIAGRAM_ANCHOR  ? run_anchor(d, c, control)
                 : c->kind == DIAGRAM_SOLID ? run_solid(d, c, control)
                                            : run_fluid(d, c, control);
    bnsl_control_destroy(control);
    return status;
}

static void work(diagram *d, diagram_column *c, fleet *f, bool main, int32_t n_all)
{
    if (cli_interrupted() || atomic_load(&f->n_failed) > 0)
        return;
    static const char *const names[] = {"fluid", "solid", "solid", "fluid"};
    member m = {.fleet = f, .cost = cost_of(d, c), .main = main};
    bnsl_status status = run_column(d, c, &m);
    bool written = !status && diagram_write_column(d, c) == CLI_DONE;
    if (written) {
        c->done = true;
        int done = atomic_fetch_add(&f->n_done, 1) + 1;
        if (main)
            progress_text(f->line, "%d of %d state points", done, (int)n_all);
    } else if (!cli_interrupted() && atomic_fetch_add(&f->n_failed, 1) == 0 && status)
        snprintf(f->message, sizeof f->message, "%s at density %.4g: %.500s", names[c->kind], c->density, cli_library_message());
}

/* A state point, and the fluid or crystal that it is of. */
typedef struct task {
    diagram *of;
    diagram_column *column;
} task;

/* Runs what is not done of a list of state points, the largest first. */
static void run_list(int32_t n, const task *list, fleet *f, int32_t threads, int32_t n_all)
{
    (void)threads; /* without OpenMP */
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (int32_t k = 0; k < n; k++) {
#ifdef _OPENMP
        bool main = omp_get_thread_num() == 0;
#else
        bool main = true;
#endif
        if (!list[k].column->done)
            work(list[k].of, list[k].column, f, main, n_all);
    }
}

static int failure(const fleet *f)
{
    if (cli_interrupted())
        return cli_fail_library(NULL); /* says that it was interrupted */
    if (f->n_failed > 0)
        return f->message[0] ? cli_fail("%s", f->message) : CLI_FAILED;
    return CLI_DONE;
}

/* The shape of the crystal, from the larger anchor. */
static void take_shape(diagram *d)
{
    d->c_over_a = relaxes(d) ? initial_c_over_a(d) * d->anchor[0].anchor.stretch : 0;
}

/* Anchors and fluids, which need nothing else: dense columns first, as they take longest, anchors before them all. */
static int32_t first_tasks(diagram *d, task *list)
{
    int32_t n = 0;
    for (int32_t k = 0; k < d->n_anchor; k++)
        list[n++] = (task){d, &d->anchor[k]};
    for (int32_t k = d->n_dome - 1; k >= 0; k--)
        list[n++] = (task){d, &d->dome[k]};
    for (int32_t k = d->n_fluid - 1; k >= 0; k--)
        list[n++] = (task){d, &d->fluid[k]};
    for (int32_t m = 0; m < d->n_mixtures; m++)
        for (int32_t k = d->mixture[m]->n_fluid - 1; k >= 0; k--)
            list[n++] = (task){d->mixture[m], &d->mixture[m]->fluid[k]};
    return n;
}

/* Half the smallest thickness of a column's box. */
static bnsl_status half_box(const diagram *d, const diagram_column *c, double *half)
{
    double *xyz = NULL, width[3];
    int32_t *species = NULL;
    int64_t n;
    bnsl_box box;
    *half = 0.5 * cbrt((double)c->n / c->density);
    if (c->kind != DIAGRAM_SOLID)
        return BNSL_OK;
    bnsl_status status = crystal(d, c->density, initial_c_over_a(d), d->spec.particles, &n, &box, &xyz, &species);
    if (!status)
        status = bnsl_box_plane_distances(&box, width);
    if (!status)
        *half = 0.5 * fmin(width[0], fmin(width[1], width[2]));
    free(xyz);
    free(species);
    return status;
}

/* What a crystal's cell may still change by when it is relaxed: boxes that near to the limit are left to the runs. */
static const double RELAXATION = 0.03;

int diagram_check_boxes(const diagram *d)
{
    for (int32_t k = 0; k < d->n_fluid + d->n_solid && d->n_path > 1; k++) { /* the power law alone is cut by the library */
        const diagram_column *c = k < d->n_fluid ? &d->fluid[k] : &d->solid[k - d->n_fluid];
        double half, reach = mie_r_cut(d->mie.r_cut, d->spec.exponent_m) * d->diameter[0];
        if (half_box(d, c, &half))
            return cli_fail_library("phases");
        if (reach > (1 + RELAXATION) * half)
            return cli_fail("--particles: %lld are too few: r_cut is %g, half the box of the %s at density %.4g is %.3g",
                            (long long)d->spec.particles, reach, c->kind == DIAGRAM_SOLID ? "solid" : "fluid", c->density, half);
    }
    return CLI_DONE;
}

int diagram_run(diagram *d, const cli_common *common)
{
    task list[(4 + DIAGRAM_MIXTURES) * DIAGRAM_COLUMNS];
    int32_t n_done = 0;
    progress line;
    fleet f = {.line = &line};
    double total = 0, there = 0;
    const int32_t n_first = first_tasks(d, list), n_all = n_first + d->n_solid;
    for (int32_t k = 0; k < d->n_solid; k++)
        list[n_first + k] = (task){d, &d->solid[d->n_solid - 1 - k]};
    for (int32_t k = 0; k < n_all; k++) {
        double cost = cost_of(d, list[k].column);
        if (diagram_read_column(d, list[k].column)) {
            there += cost;
            n_done++;
        }
        total += cost;
    }
    atomic_init(&f.done, (long long)there);
    atomic_init(&f.n_done, n_done);
    cli_control(); /* installs the handlers of interrupts */
    progress_begin(&line, common, "phases", "particle-steps", (int64_t)total);
    progress_text(&line, "%d of %d state points", (int)n_done, (int)n_all);
    run_list(n_first, list, &f, common->threads, n_all);
    int status = failure(&f);
    if (status == CLI_DONE) {
        take_shape(d);
        run_list(d->n_solid, list + n_first, &f, common->threads, n_all);
        progress_end(&line);
        status = failure(&f);
    }
    progress_end(&line);
    return status;
}
