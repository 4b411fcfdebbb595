/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl order: phases, crystalline clusters, surfaces and grains in every frame of a trajectory, and how they nucleated. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "frames.h"
#include "order_report.h"
#include "picture.h"
#include "progress.h"
#include "species.h"

typedef struct args {
    const char *species, *wall;
    int64_t frame, onset;
    bool nucleation;
    cli_doubles diameters, effective;
} args;

static const cli_option options[] = {
    {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file"},
    {.name = "frame", .kind = CLI_INT, .to = offsetof(args, frame), .metavar = "N",
     .help = "this frame alone, counted from 0; negative: from the end. Default: all"},
    {.name = "nucleation", .kind = CLI_FLAG, .to = offsetof(args, nucleation),
     .help = "when, where and how the crystal came"},
    {.name = "onset", .kind = CLI_INT, .to = offsetof(args, onset), .metavar = "N", .initial = "20", .range = ">= 1",
     .help = "L in the largest cluster, in a frame and all after it, that make the onset"},
    {.name = "wall", .kind = CLI_STRING, .to = offsetof(args, wall), .metavar = "sphere:R|x:H|y:H|z:H",
     .help = "the particles are in a sphere of radius R or a slab of half width H, around the origin"},
    {.name = "diameters", .kind = CLI_DOUBLES, .to = offsetof(args, diameters), .metavar = "L,S", .initial = "1,0.55", .n_min = 2, .n_max = 2,
     .range = "> 0", .help = "of L and S in the file's unit, for packing fraction and local density"},
    {.name = "effective", .kind = CLI_DOUBLES, .to = offsetof(args, effective), .metavar = "L,S", .n_min = 2, .n_max = 2, .range = "> 0",
     .help = "Barker-Henderson diameters (bnsl potential), for the effective packing fraction"},
    {0}};

/* What one run works with. */
typedef struct job {
    const cli_common *common;
    cli_common data;         /* the common options with those -o that are no pictures */
    species_names names;
    frames f;
    results r;
    order_row *rows;
    bnsl_order_nucleation *readout; /* or NULL */
} job;

/* ---- options ----------------------------------------------------------------------------------------------- */

static bool is_picture(const char *path)
{
    return output_has_ending(path, ".png|.svg|.pdf");
}

/* Pictures are drawn at the end, the other outputs are written frame by frame. */
static int split_outputs(job *j)
{
    j->data = *j->common;
    j->data.output.n = 0;
    for (int32_t i = 0; i < j->common->output.n; i++) {
        const char *path = j->common->output.values[i];
        if (!is_picture(path))
            j->data.output.values[j->data.output.n++] = path;
        else if (picture_check(path) != CLI_DONE)
            return CLI_FAILED;
    }
    return output_check_all(j->common);
}

/* "sphere:8.5" or "z:4". */
static int set_wall(bnsl_order_nucleation *readout, const char *text)
{
    static const double origin[3] = {0, 0, 0};
    const char *colon = strchr(text, ':');
    double size;
    int32_t kind = BNSL_CONFINEMENT_SLAB, axis = 0;
    bool good = colon && bnsl_parse_double(colon + 1, (int64_t)strlen(colon + 1), &size, NULL) == BNSL_OK && isfinite(size) && size > 0;
    if (good && colon - text == 6 && !strncmp(text, "sphere", 6))
        kind = BNSL_CONFINEMENT_SPHERE;
    else if (good && colon - text == 1 && text[0] >= 'x' && text[0] <= 'z')
        axis = text[0] - 'x';
    else
        return cli_usage("--wall: '%s' must be sphere:R, x:H, y:H or z:H with a length > 0", text);
    return bnsl_order_nucleation_set_wall(readout, kind, axis, origin, size) == BNSL_OK ? CLI_DONE : cli_fail_library("--wall");
}

static int start_readout(job *j, const args *a)
{
    bnsl_order_nucleation_options o;
    static const char *const with[] = {"onset", "wall", "diameters", "effective"};
    for (int32_t k = 0; k < 4 && !a->nucleation; k++)
        if (cli_given(j->common, with[k]))
            return cli_usage("--%s belongs to --nucleation", with[k]);
    if (!a->nucleation)
        return CLI_DONE;
    bnsl_order_nucleation_options_init(&o, sizeof o);
    o.num_threads = j->common->threads;
    o.onset_size = a->onset;
    o.diameter_l = a->diameters.values[0];
    o.diameter_s = a->diameters.values[1];
    if (a->effective.n == 2) {
        o.effective_l = a->effective.values[0];
        o.effective_s = a->effective.values[1];
    }
    if (bnsl_order_nucleation_create(&j->readout, &o) != BNSL_OK)
        return cli_fail_library("--nucleation");
    return a->wall ? set_wall(j->readout, a->wall) : CLI_DONE;
}

/* ---- frames ------------------------------------------------------------------------------------------------ */

/* What is known of each particle. */
enum { SPECIES, PHASE, CLUSTER, REGION, CONFIRMED, GRAIN, N_ARRAYS };
static const char *const array_name[N_ARRAYS] = {NULL, "phase", "cluster", "region", "confirmed", "grain"};

/* The frame with its results as arrays. */
static int write_frame(job *j, const int32_t *arrays)
{
    frames *f = &j->f;
    double *values = malloc((size_t)f->n * sizeof *values);
    if (!values)
        return cli_fail("out of memory");
    bnsl_status status = BNSL_OK;
    for (int32_t k = PHASE; k < N_ARRAYS && status == BNSL_OK; k++) {
        for (int64_t i = 0; i < f->n; i++)
            values[i] = arrays[k * f->n + i];
        status = bnsl_io_frame_set_array(f->frame, array_name[k], 1, values);
    }
    free(values);
    return status == BNSL_OK ? results_frame(&j->r, f->frame) : cli_fail_library(f->path);
}

static bnsl_status analyse(job *j, int32_t *arrays, order_row *out)
{
    const frames *f = &j->f;
    int32_t *species = arrays, *phase = arrays + PHASE * f->n, threads = j->common->threads;
    bnsl_status status = phases_find(&f->box, f->n, f->xyz, species, threads, phase, arrays + CLUSTER * f->n, &out->counts);
    if (status == BNSL_OK)
        status = phases_crystals(&f->box, f->n, f->xyz, species, phase, threads, arrays + REGION * f->n, arrays + CONFIRMED * f->n,
                                 arrays + GRAIN * f->n, &out->crystals);
    if (status == BNSL_OK && j->readout)
        status = bnsl_order_nucleation_add(j->readout, &f->box, f->n, f->xyz, species, phase, out->step, NAN);
    return status;
}

static int do_frame(job *j, order_row *out)
{
    frames *f = &j->f;
    double values[ORDER_COLUMNS];
    int32_t *arrays = malloc((size_t)f->n * N_ARRAYS * sizeof *arrays);
    int status = arrays ? species_of_frame(f->path, f->frame, &j->names, arrays) : cli_fail("out of memory");
    out->step = bnsl_io_frame_step(f->frame);
    if (status == CLI_DONE) {
        bnsl_status found = analyse(j, arrays, out);
        if (found != BNSL_OK)
            status = found == BNSL_ENOMEM ? cli_fail("out of memory") : cli_fail_library(f->path);
    }
    if (status == CLI_DONE) {
        order_values(out, values);
        status = results_row(&j->r, ORDER_COLUMNS, values);
    }
    if (status == CLI_DONE && results_want_frames(&j->r))
        status = write_frame(j, arrays);
    free(arrays);
    return status;
}

/* All frames: rows holds one result each. */
static int go_through(job *j)
{
    progress p;
    frames *f = &j->f;
    int status = CLI_DONE;
    progress_begin(&p, j->common, "order", "frames", f->end - f->first);
    for (int64_t i = f->first; i < f->end && status == CLI_DONE; i++) {
        order_row *out = j->rows + (i - f->first);
        status = frames_read(f, i);
        if (status == CLI_DONE)
            status = do_frame(j, out);
        progress_text(&p, "largest cluster %lld", (long long)out->counts.largest_cluster);
        progress_update(&p, i + 1 - f->first);
    }
    progress_end(&p);
    return status;
}

static int draw(const job *j)
{
    int status = CLI_DONE;
    for (int32_t i = 0; i < j->common->output.n && status == CLI_DONE; i++)
        if (is_picture(j->common->output.values[i]))
            status = order_picture(j->common, j->f.end - j->f.first, j->rows, j->readout, j->common->output.values[i]);
    return status;
}

static int work(job *j, const args *a)
{
    int status = frames_open(&j->f, j->common->positional[0], cli_given(j->common, "frame"), a->frame);
    int64_t n = j->f.end - j->f.first;
    if (status == CLI_DONE && n < 2 && j->data.output.n < j->common->output.n)
        status = cli_fail("%s: one frame makes no picture of the counts (bnsl render draws the particles)", j->f.path);
    if (status == CLI_DONE)
        status = results_open(&j->r, &j->data, order_columns);
    if (status == CLI_DONE) {
        j->rows = calloc((size_t)n, sizeof *j->rows);
        status = j->rows ? go_through(j) : cli_fail("out of memory");
    }
    if (status == CLI_DONE)
        status = results_commit(&j->r);
    if (status == CLI_DONE)
        status = draw(j);
    if (status == CLI_DONE)
        status = order_report(j->common, n, j->rows, j->readout);
    for (int64_t i = 0; j->rows && i < n; i++)
        phases_crystals_free(&j->rows[i].crystals);
    results_close(&j->r);
    frames_close(&j->f);
    free(j->rows);
    return status;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    int status;
    if (!cli_parse(&order_command, argc, argv, &a, &common, &status))
        return status;
    job *j = calloc(1, sizeof *j);
    if (!j)
        return cli_fail("out of memory");
    j->common = &common;
    status = species_parse(a.species, &j->names) == CLI_DONE ? split_outputs(j) : CLI_USAGE;
    if (status == CLI_DONE)
        status = start_readout(j, &a);
    if (status == CLI_DONE)
        status = work(j, &a);
    bnsl_order_nucleation_destroy(j->readout);
    free(j);
    return status;
}

const cli_command order_command = {
    .name = "order",
    .usage = "FILE [options]",
    .summary = "phases (AlB2, NaZn13, fcc, fluid), crystals and grains of every frame; nucleation",
    .description = "Counts the large particles (L) of each phase by averaged Steinhardt parameters of typed neighbours, the clusters and\n"
                   "grains that the crystalline ones form, the L at their surface and the small particles (S) beside them. With -o\n"
                   "the results are written: .gsd and .xyz are the trajectory with the arrays phase (0 fluid, 1 AlB2, 2 NaZn13,\n"
                   "3 fcc), cluster and grain (0 the largest, -1 none), region (0 fluid, 1 crystal, 2 surface, 3 S) and confirmed\n"
                   "of each particle, .tsv is the table of counts, .png, .svg and .pdf are a plot of it.",
    .examples = "bnsl order run/trajectory.gsd\n"
                "bnsl order run/trajectory.gsd --nucleation --effective 1.02,0.56 -o counts.png\n"
                "bnsl order droplet.gsd --nucleation --wall sphere:12.5 --json\n"
                "bnsl order dump.xyz --species L=1,S=2 -o phases.gsd -o counts.tsv\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_THREADS | CLI_OUTPUT,
    .run = run};
