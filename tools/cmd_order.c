/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl order: phases and crystalline clusters in every frame of a trajectory. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "frames.h"
#include "json.h"
#include "phases.h"
#include "progress.h"
#include "species.h"

typedef struct args {
    const char *species;
    int64_t frame;
} args;

static const cli_option options[] = {
    {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file"},
    {.name = "frame", .kind = CLI_INT, .to = offsetof(args, frame), .metavar = "N",
     .help = "this frame alone, counted from 0; negative: from the end. Default: all"},
    {0}};

/* One frame's result. */
typedef struct row {
    int64_t step;
    phase_counts counts;
} row;

/* The frame with its phases and clusters as arrays. */
static int write_frame(results *r, frames *f, const int32_t *phase, const int32_t *cluster)
{
    double *values = malloc((size_t)f->n * sizeof *values);
    if (!values)
        return cli_fail("out of memory");
    bnsl_status status = BNSL_OK;
    for (int k = 0; k < 2 && status == BNSL_OK; k++) {
        for (int64_t i = 0; i < f->n; i++)
            values[i] = k == 0 ? phase[i] : cluster[i];
        status = bnsl_io_frame_set_array(f->frame, k == 0 ? "phase" : "cluster", 1, values);
    }
    free(values);
    return status == BNSL_OK ? results_frame(r, f->frame) : cli_fail_library(f->path);
}

static int do_frame(frames *f, const species_names *names, int32_t threads, results *r, row *out)
{
    int32_t *species = malloc((size_t)f->n * sizeof *species), *phase = malloc((size_t)f->n * sizeof *phase);
    int32_t *cluster = malloc((size_t)f->n * sizeof *cluster);
    int status = species && phase && cluster ? species_of_frame(f->path, f->frame, names, species) : cli_fail("out of memory");
    if (status == CLI_DONE) {
        bnsl_status found = phases_find(&f->box, f->n, f->xyz, species, threads, phase, cluster, &out->counts);
        if (found != BNSL_OK)
            status = found == BNSL_ENOMEM ? cli_fail("out of memory") : cli_fail_library(f->path);
    }
    out->step = bnsl_io_frame_step(f->frame);
    const phase_counts *c = &out->counts;
    const double values[] = {(double)out->step,
                             (double)c->n_large,
                             (double)c->n_phase[BNSL_PHASE_ALB2],
                             (double)c->n_phase[BNSL_PHASE_NAZN13],
                             (double)c->n_phase[BNSL_PHASE_FCC],
                             (double)c->n_phase[BNSL_PHASE_FLUID],
                             (double)c->n_clusters,
                             (double)c->largest_cluster};
    if (status == CLI_DONE)
        status = results_row(r, 8, values);
    if (status == CLI_DONE && results_want_frames(r))
        status = write_frame(r, f, phase, cluster);
    free(species);
    free(phase);
    free(cluster);
    return status;
}

static int report(const cli_common *common, int64_t n, const row *rows)
{
    json j;
    json_init(&j, common->json);
    json_object_begin(&j, NULL);
    json_array_begin(&j, "frames");
    if (!common->json)
        printf("%12s %8s %8s %8s %8s %8s %9s %8s\n", "step", "L", "AlB2", "NaZn13", "fcc", "fluid", "clusters", "largest");
    for (int64_t i = 0; i < n; i++) {
        const phase_counts *c = &rows[i].counts;
        json_object_begin(&j, NULL);
        json_int(&j, "step", rows[i].step);
        json_int(&j, "n_large", c->n_large);
        json_int(&j, "AlB2", c->n_phase[BNSL_PHASE_ALB2]);
        json_int(&j, "NaZn13", c->n_phase[BNSL_PHASE_NAZN13]);
        json_int(&j, "fcc", c->n_phase[BNSL_PHASE_FCC]);
        json_int(&j, "fluid", c->n_phase[BNSL_PHASE_FLUID]);
        json_int(&j, "clusters", c->n_clusters);
        json_int(&j, "largest_cluster", c->largest_cluster);
        json_object_end(&j);
        if (!common->json)
            printf("%12lld %8lld %8lld %8lld %8lld %8lld %9lld %8lld\n", (long long)rows[i].step, (long long)c->n_large,
                   (long long)c->n_phase[BNSL_PHASE_ALB2], (long long)c->n_phase[BNSL_PHASE_NAZN13], (long long)c->n_phase[BNSL_PHASE_FCC],
                   (long long)c->n_phase[BNSL_PHASE_FLUID], (long long)c->n_clusters, (long long)c->largest_cluster);
    }
    json_array_end(&j);
    json_object_end(&j);
    return json_print(&j);
}

/* All frames: rows holds one result each. */
static int go_through(frames *f, const cli_common *common, const species_names *names, results *r, row *rows)
{
    progress p;
    int status = CLI_DONE;
    progress_begin(&p, common, "order", "frames", f->end - f->first);
    for (int64_t i = f->first; i < f->end && status == CLI_DONE; i++) {
        row *out = rows + (i - f->first);
        status = frames_read(f, i);
        if (status == CLI_DONE)
            status = do_frame(f, names, common->threads, r, out);
        progress_text(&p, "largest cluster %lld", (long long)out->counts.largest_cluster);
        progress_update(&p, i + 1 - f->first);
    }
    progress_end(&p);
    return status;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    species_names names;
    frames f;
    results r = {.n = 0};
    row *rows = NULL;
    int status;
    if (!cli_parse(&order_command, argc, argv, &a, &common, &status))
        return status;
    if (species_parse(a.species, &names) != CLI_DONE)
        return CLI_USAGE;
    status = frames_open(&f, common.positional[0], cli_given(&common, "frame"), a.frame);
    if (status == CLI_DONE)
        status = results_open(&r, &common, "step\tL\tAlB2\tNaZn13\tfcc\tfluid\tclusters\tlargest_cluster");
    if (status == CLI_DONE) {
        rows = calloc((size_t)(f.end - f.first), sizeof *rows);
        status = rows ? go_through(&f, &common, &names, &r, rows) : cli_fail("out of memory");
    }
    if (status == CLI_DONE)
        status = results_commit(&r);
    if (status == CLI_DONE)
        status = report(&common, f.end - f.first, rows);
    results_close(&r);
    frames_close(&f);
    free(rows);
    return status;
}

const cli_command order_command = {
    .name = "order",
    .usage = "FILE [options]",
    .summary = "phases (AlB2, NaZn13, fcc, fluid) and crystalline clusters of every frame",
    .description = "Counts the large particles (L) of each phase by averaged Steinhardt parameters of typed neighbours, and the clusters\n"
                   "that the crystalline ones form. Surfaces of crystals are seen in part only. With -o the results are written: .gsd and\n"
                   ".xyz are the trajectory with the arrays phase (0 fluid, 1 AlB2, 2 NaZn13, 3 fcc) and cluster (0 the largest, -1\n"
                   "none) of each particle, .tsv is the table of counts.",
    .examples = "bnsl order run/trajectory.gsd\n"
                "bnsl order run/trajectory.gsd --frame -1 --json\n"
                "bnsl order dump.xyz --species L=1,S=2 -o phases.gsd -o counts.tsv\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_THREADS | CLI_OUTPUT,
    .run = run};
