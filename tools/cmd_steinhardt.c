/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl steinhardt: bond-order parameters of every particle, their means in every frame of a trajectory. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "frames.h"
#include "json.h"
#include "progress.h"
#include "species.h"

/* Blocks of one value for each order: q_l, w_l, w_l without its norm. */
enum { Q, W, W_RAW, N_BLOCKS };

/* A table's columns: those before the values, all blocks, connections and cluster. */
enum { QUANTITIES_MAX = N_BLOCKS * (BNSL_ORDER_L_MAX + 1), COLUMNS_BEFORE = 3, COLUMNS_MAX = QUANTITIES_MAX + 2, OTHERS = 8 };

typedef struct args {
    cli_ints l;
    const char *between, *species;
    int64_t nearest, average_nearest, frame, connections, min_connections;
    double r_max, threshold;
    int32_t rad;
    bool average, wl, raw_wl, sann;
} args;

static const cli_option options[] = {
    {.name = "l", .kind = CLI_INTS, .to = offsetof(args, l), .metavar = "L,...", .initial = "4,6", .range = ">= 0 and <= 20", .n_min = 1,
     .n_max = BNSL_ORDER_L_MAX + 1, .help = "orders"},
    {.name = "between", .kind = CLI_STRING, .to = offsetof(args, between), .metavar = "A,B",
     .help = "of the particles of type A, by their neighbours of type B: L, S or a type of the file. Default: all"},
    {.name = "nearest", .kind = CLI_INT, .to = offsetof(args, nearest), .metavar = "K", .range = ">= 1 and <= 1000",
     .help = "neighbours: the K nearest. Default: 12"},
    {.name = "r-max", .kind = CLI_DOUBLE, .to = offsetof(args, r_max), .metavar = "R", .range = "> 0",
     .help = "neighbours: all nearer than R, in the file's unit of length"},
    {.name = "sann", .kind = CLI_FLAG, .to = offsetof(args, sann), .help = "neighbours: shells by their solid angles (SANN), no cut-off"},
    {.name = "rad", .kind = CLI_CHOICE, .to = offsetof(args, rad), .choices = "open|closed",
     .help = "neighbours: shells by relative angular distances (RAD), no cut-off"},
    {.name = "average", .kind = CLI_FLAG, .to = offsetof(args, average),
     .help = "average q_lm over each particle and its neighbours (Lechner and Dellago)"},
    {.name = "average-nearest", .kind = CLI_INT, .to = offsetof(args, average_nearest), .metavar = "K", .range = ">= 1 and <= 1000",
     .help = "with --average: over the K nearest of type A; with --connections: to them. Default: the neighbours; 8 when A and B differ"},
    {.name = "wl", .kind = CLI_FLAG, .to = offsetof(args, wl), .help = "w_l too, normalised"},
    {.name = "raw-wl", .kind = CLI_FLAG, .to = offsetof(args, raw_wl), .help = "w_l without its norm, too"},
    {.name = "connections", .kind = CLI_INT, .to = offsetof(args, connections), .metavar = "L", .range = ">= 0 and <= 20",
     .help = "solid-like particles and their clusters, by connections of this order between neighbours (ten Wolde et al.)"},
    {.name = "threshold", .kind = CLI_DOUBLE, .to = offsetof(args, threshold), .metavar = "D", .range = "> -1 and < 1", .initial = "0.7",
     .help = "with --connections: a bond is solid-like when its d_ij is larger"},
    {.name = "min-connections", .kind = CLI_INT, .to = offsetof(args, min_connections), .metavar = "N", .range = ">= 1 and <= 1000", .initial = "7",
     .help = "with --connections: a particle is solid-like when it has so many of these bonds"},
    {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file"},
    {.name = "frame", .kind = CLI_INT, .to = offsetof(args, frame), .metavar = "N",
     .help = "this frame alone, counted from 0; negative: from the end. Default: all"},
    {0}};

/* What is computed, the same in every frame. */
typedef struct job {
    int32_t n_l, l[BNSL_ORDER_L_MAX + 1], threads;
    bool average, connections;
    bool typed;                       /* between two types ... */
    char of[64], by[64];              /* ... of these names */
    bnsl_neighbor_options neighbours, others;
    bool has_others;                  /* averages and connections go by others, not by neighbours */
    bnsl_order_solid_options solid;
    bool block[N_BLOCKS];             /* which there are */
    int32_t n_quantities, n_columns;  /* all values of the blocks; with connections and cluster */
    char name[COLUMNS_MAX][16];       /* "q4", "w6", "w6_raw" */
} job;

/* One frame's result. */
typedef struct row {
    int64_t step, n, n_unbound, n_solid, n_clusters, largest;
    double mean[QUANTITIES_MAX], deviation[QUANTITIES_MAX];
} row;

/* ---- options ---------------------------------------------------------------------------------------------- */

static int set_orders(const args *a, job *j)
{
    static const char *const letter[N_BLOCKS] = {"q", "w", "w"}, *const suffix[N_BLOCKS] = {"", "", "_raw"};
    const bool block[N_BLOCKS] = {true, a->wl, a->raw_wl};
    j->n_l = a->l.n;
    for (int32_t i = 0; i < j->n_l; i++) {
        j->l[i] = (int32_t)a->l.values[i];
        for (int32_t k = 0; k < i; k++)
            if (j->l[k] == j->l[i])
                return cli_usage("--l: %d is given twice", j->l[i]);
    }
    for (int32_t b = 0; b < N_BLOCKS; b++) {
        j->block[b] = block[b];
        for (int32_t i = 0; i < j->n_l && block[b]; i++)
            snprintf(j->name[j->n_quantities++], sizeof *j->name, "%s%d%s", letter[b], j->l[i], suffix[b]);
    }
    return CLI_DONE;
}

static int set_connections(const args *a, const cli_common *common, job *j)
{
    j->connections = cli_given(common, "connections");
    if (!j->connections && (cli_given(common, "threshold") || cli_given(common, "min-connections")))
        return cli_usage("--threshold and --min-connections need --connections");
    bnsl_order_solid_options_init(&j->solid, sizeof j->solid);
    j->solid.l = (int32_t)a->connections;
    j->solid.threshold = a->threshold;
    j->solid.min_connections = (int32_t)a->min_connections;
    j->solid.num_threads = common->threads;
    j->n_columns = j->n_quantities;
    if (j->connections) {
        snprintf(j->name[j->n_columns++], sizeof *j->name, "connections");
        snprintf(j->name[j->n_columns++], sizeof *j->name, "cluster");
    }
    return CLI_DONE;
}

/* A type's name of --between: L and S as --species says, others as they are. */
static bool read_type(const char *text, size_t length, const species_names *names, char out[64])
{
    const char *known = length == 1 && *text == 'L' ? names->large : length == 1 && *text == 'S' ? names->small : "";
    if (*known) {
        snprintf(out, 64, "%s", known);
        return true;
    }
    if (length == 0 || length >= 64)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

static int set_types(const args *a, const species_names *names, job *j)
{
    if (!a->between)
        return CLI_DONE;
    size_t first = strcspn(a->between, ",");
    const char *second = a->between + first + 1;
    if (!a->between[first] || strchr(second, ',') || !read_type(a->between, first, names, j->of) ||
        !read_type(second, strlen(second), names, j->by))
        return cli_usage("--between: '%s' must be two types, A,B", a->between);
    j->typed = true;
    return CLI_DONE;
}

static int set_neighbours(const args *a, const cli_common *common, job *j)
{
    bool same = !j->typed || strcmp(j->of, j->by) == 0;
    if (!isnan(a->r_max) + (a->nearest > 0) + a->sann + (a->rad >= 0) > 1)
        return cli_usage("--nearest, --r-max, --sann and --rad exclude each other");
    if (a->average_nearest > 0 && !a->average && !j->connections)
        return cli_usage("--average-nearest needs --average or --connections");
    bnsl_neighbor_options_init(&j->neighbours, sizeof j->neighbours);
    j->neighbours.num_threads = j->threads = common->threads;
    j->others = j->neighbours;
    j->neighbours.mode = !isnan(a->r_max) ? BNSL_NEIGHBOR_RADIUS
                         : a->sann        ? BNSL_NEIGHBOR_SANN
                         : a->rad == 0    ? BNSL_NEIGHBOR_RAD_OPEN
                         : a->rad == 1    ? BNSL_NEIGHBOR_RAD_CLOSED
                                          : BNSL_NEIGHBOR_NEAREST;
    j->neighbours.r_max = isnan(a->r_max) ? 0 : a->r_max;
    j->neighbours.k = a->nearest > 0 ? (int32_t)a->nearest : 12;
    j->average = a->average;
    j->has_others = (a->average || j->connections) && (a->average_nearest > 0 || !same);
    j->others.mode = BNSL_NEIGHBOR_NEAREST;
    j->others.r_max = 0;
    j->others.k = a->average_nearest > 0 ? (int32_t)a->average_nearest : OTHERS;
    j->others.flags = BNSL_NEIGHBOR_NO_VECTORS;
    return CLI_DONE;
}

/* ---- one frame ---------------------------------------------------------------------------------------------- */

/* Index of a type in a frame; -1, said: none of this name. */
static int32_t type_of(const frames *f, const char *name)
{
    for (int32_t t = 0; t < bnsl_io_frame_n_types(f->frame); t++)
        if (strcmp(bnsl_io_frame_type_name(f->frame, t), name) == 0)
            return t;
    cli_fail("%s: no type '%s' at step %lld", f->path, name, (long long)bnsl_io_frame_step(f->frame));
    return -1;
}

static bnsl_status build(bnsl_neighbor_list **out, const bnsl_neighbor_options *o, const frames *f)
{
    bnsl_status status = bnsl_neighbor_create(out, o);
    return status == BNSL_OK ? bnsl_neighbor_build(*out, &f->box, f->n, f->xyz, bnsl_io_frame_type_index_view(f->frame), NULL) : status;
}

/* A frame's values. */
typedef struct values {
    const job *j;
    const int32_t *type;
    int32_t of;                                     /* type of the particles that have values, -1: all */
    double *block[N_BLOCKS];                        /* n x n_l each; NULL: not wanted */
    int32_t *solid, *n_solid_bonds, *cluster;       /* n each, with connections */
    int64_t *size, n_clusters;
} values;

static void values_free(values *v)
{
    for (int32_t b = 0; b < N_BLOCKS; b++)
        free(v->block[b]);
    free(v->solid);
    free(v->size);
}

static int values_alloc(values *v, int64_t n)
{
    bool good = true;
    for (int32_t b = 0; b < N_BLOCKS; b++)
        if (v->j->block[b]) {
            v->block[b] = malloc((size_t)n * (size_t)v->j->n_l * sizeof *v->block[b]);
            good = good && v->block[b];
        }
    if (v->j->connections) {
        v->solid = malloc((size_t)n * 3 * sizeof *v->solid);
        v->size = malloc((size_t)n * sizeof *v->size);
        good = good && v->solid && v->size;
        v->n_solid_bonds = v->solid ? v->solid + n : NULL;
        v->cluster = v->solid ? v->solid + 2 * n : NULL;
    }
    return good ? CLI_DONE : cli_fail("out of memory");
}

/* Everything of every particle. */
static int measure(values *v, const frames *f, int32_t by)
{
    const job *j = v->j;
    bnsl_neighbor_list *list = NULL, *other = NULL;
    bnsl_neighbor_options o = j->neighbours, others = j->others;
    o.query_species = others.query_species = others.point_species = v->of;
    o.point_species = by;
    bnsl_status status = build(&list, &o, f);
    if (status == BNSL_OK && j->has_others)
        status = build(&other, &others, f);
    const bnsl_neighbor_list *pairs = j->has_others ? other : list;
    if (status == BNSL_OK)
        status = bnsl_order_steinhardt_weighted(list, NULL, j->average ? pairs : NULL, j->n_l, j->l, j->threads, v->block[Q], v->block[W],
                                                v->block[W_RAW], NULL);
    if (status == BNSL_OK && j->connections)
        status = bnsl_order_solid(list, pairs, &j->solid, v->solid, v->n_solid_bonds, v->cluster, &v->n_clusters, v->size);
    int result = status == BNSL_OK ? CLI_DONE : cli_fail_library(f->path);
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(other);
    return result;
}

static bool counts(const values *v, int64_t i)
{
    return v->of < 0 || v->type[i] == v->of;
}

/* Column k of particle i: nan for one that does not count. */
static double value_of(const values *v, int64_t i, int32_t k)
{
    int32_t n_l = v->j->n_l;
    if (!counts(v, i))
        return NAN;
    if (k >= v->j->n_quantities)
        return k == v->j->n_quantities ? v->n_solid_bonds[i] : v->cluster[i];
    for (int32_t b = 0; b < N_BLOCKS; b++) {
        if (!v->block[b])
            continue;
        if (k < n_l)
            return v->block[b][i * n_l + k];
        k -= n_l;
    }
    return NAN;
}

/* Means and standard deviations over the particles whose value is a number. */
static void summarise(const values *v, int64_t n, row *out)
{
    for (int32_t k = 0; k < v->j->n_quantities; k++) {
        double sum = 0, squares = 0;
        int64_t found = 0;
        for (int64_t i = 0; i < n; i++)
            if (counts(v, i) && !isnan(value_of(v, i, k))) {
                sum += value_of(v, i, k);
                found++;
            }
        double mean = sum / (double)found; /* NaN when there is none */
        for (int64_t i = 0; i < n; i++)
            if (counts(v, i) && !isnan(value_of(v, i, k)))
                squares += (value_of(v, i, k) - mean) * (value_of(v, i, k) - mean);
        out->mean[k] = mean;
        out->deviation[k] = sqrt(squares / (double)found);
    }
    out->n = out->n_unbound = out->n_solid = 0;
    for (int64_t i = 0; i < n; i++)
        if (counts(v, i)) {
            out->n++;
            out->n_unbound += isnan(value_of(v, i, 0));
            out->n_solid += v->solid && v->solid[i];
        }
    out->n_clusters = v->n_clusters;
    out->largest = v->n_clusters > 0 ? v->size[0] : 0;
}

static int write_frame(const values *v, frames *f, results *r)
{
    double line[COLUMNS_BEFORE + COLUMNS_MAX], *column = malloc((size_t)f->n * sizeof *column);
    int status = column ? CLI_DONE : cli_fail("out of memory");
    line[0] = (double)bnsl_io_frame_step(f->frame);
    for (int64_t i = 0; i < f->n && status == CLI_DONE; i++) {
        if (!counts(v, i))
            continue;
        line[1] = (double)i;
        line[2] = v->type[i];
        for (int32_t k = 0; k < v->j->n_columns; k++)
            line[COLUMNS_BEFORE + k] = value_of(v, i, k);
        status = results_row(r, COLUMNS_BEFORE + v->j->n_columns, line);
    }
    for (int32_t k = 0; k < v->j->n_columns && status == CLI_DONE && results_want_frames(r); k++) {
        for (int64_t i = 0; i < f->n; i++)
            column[i] = value_of(v, i, k);
        if (bnsl_io_frame_set_array(f->frame, v->j->name[k], 1, column) != BNSL_OK)
            status = cli_fail_library(f->path);
    }
    free(column);
    return status == CLI_DONE && results_want_frames(r) ? results_frame(r, f->frame) : status;
}

static int do_frame(const job *j, frames *f, results *r, row *out)
{
    int32_t of = -1, by = -1;
    if (j->typed && ((of = type_of(f, j->of)) < 0 || (by = type_of(f, j->by)) < 0))
        return CLI_FAILED;
    values v = {.j = j, .type = bnsl_io_frame_type_index_view(f->frame), .of = of};
    int status = values_alloc(&v, f->n);
    if (status == CLI_DONE)
        status = measure(&v, f, by);
    if (status == CLI_DONE) {
        summarise(&v, f->n, out);
        out->step = bnsl_io_frame_step(f->frame);
        status = write_frame(&v, f, r);
    }
    values_free(&v);
    return status;
}

/* ---- report ------------------------------------------------------------------------------------------------- */

static void report_json(json *out, const job *j, int64_t n, const row *rows)
{
    json_object_begin(out, NULL);
    json_bool(out, "average", j->average);
    json_array_begin(out, "frames");
    for (int64_t i = 0; i < n; i++) {
        json_object_begin(out, NULL);
        json_int(out, "step", rows[i].step);
        json_int(out, "n", rows[i].n);
        json_int(out, "n_unbound", rows[i].n_unbound);
        if (j->connections) {
            json_int(out, "solid", rows[i].n_solid);
            json_int(out, "clusters", rows[i].n_clusters);
            json_int(out, "largest_cluster", rows[i].largest);
        }
        json_object_begin(out, "mean");
        for (int32_t k = 0; k < j->n_quantities; k++)
            json_double(out, j->name[k], rows[i].mean[k]);
        json_object_end(out);
        json_object_begin(out, "standard_deviation");
        for (int32_t k = 0; k < j->n_quantities; k++)
            json_double(out, j->name[k], rows[i].deviation[k]);
        json_object_end(out);
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
}

static int report(const cli_common *common, const job *j, int64_t n, const row *rows)
{
    json out;
    json_init(&out, common->json);
    report_json(&out, j, n, rows);
    if (common->json)
        return json_print(&out);
    printf("%12s %9s %9s", "step", "particles", "unbound");
    for (int32_t k = 0; k < j->n_quantities; k++)
        printf("  %9s %9s", j->name[k], "+-");
    if (j->connections)
        printf(" %9s %9s %9s", "solid", "clusters", "largest");
    printf("\n");
    for (int64_t i = 0; i < n; i++) {
        printf("%12lld %9lld %9lld", (long long)rows[i].step, (long long)rows[i].n, (long long)rows[i].n_unbound);
        for (int32_t k = 0; k < j->n_quantities; k++)
            printf("  %9.6f %9.6f", rows[i].mean[k], rows[i].deviation[k]);
        if (j->connections)
            printf(" %9lld %9lld %9lld", (long long)rows[i].n_solid, (long long)rows[i].n_clusters, (long long)rows[i].largest);
        printf("\n");
    }
    return CLI_DONE;
}

/* ---- command -------------------------------------------------------------------------------------------------- */

static int go_through(const job *j, frames *f, const cli_common *common, results *r, row *rows)
{
    progress p;
    int status = CLI_DONE;
    progress_begin(&p, common, "steinhardt", "frames", f->end - f->first);
    for (int64_t i = f->first; i < f->end && status == CLI_DONE; i++) {
        row *out = rows + (i - f->first);
        status = frames_read(f, i);
        if (status == CLI_DONE)
            status = do_frame(j, f, r, out);
        progress_text(&p, "%s %.4f", j->name[0], out->mean[0]);
        progress_update(&p, i + 1 - f->first);
    }
    progress_end(&p);
    return status;
}

static int start_results(results *r, const cli_common *common, const job *j)
{
    char columns[64 + 16 * COLUMNS_MAX];
    int used = snprintf(columns, sizeof columns, "step\tparticle\ttype");
    for (int32_t k = 0; k < j->n_columns; k++)
        used += snprintf(columns + used, sizeof columns - (size_t)used, "\t%s", j->name[k]);
    return results_open(r, common, columns);
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    species_names names;
    frames f;
    job j = {.n_l = 0};
    results r = {.n = 0};
    row *rows = NULL;
    int status;
    if (!cli_parse(&steinhardt_command, argc, argv, &a, &common, &status))
        return status;
    if (species_parse(a.species, &names) != CLI_DONE || set_orders(&a, &j) != CLI_DONE || set_types(&a, &names, &j) != CLI_DONE ||
        set_connections(&a, &common, &j) != CLI_DONE || set_neighbours(&a, &common, &j) != CLI_DONE)
        return CLI_USAGE;
    status = frames_open(&f, common.positional[0], cli_given(&common, "frame"), a.frame);
    if (status == CLI_DONE)
        status = start_results(&r, &common, &j);
    if (status == CLI_DONE) {
        rows = calloc((size_t)(f.end - f.first), sizeof *rows);
        status = rows ? go_through(&j, &f, &common, &r, rows) : cli_fail("out of memory");
    }
    if (status == CLI_DONE)
        status = results_commit(&r);
    if (status == CLI_DONE)
        status = report(&common, &j, f.end - f.first, rows);
    results_close(&r);
    frames_close(&f);
    free(rows);
    return status;
}

const cli_command steinhardt_command = {
    .name = "steinhardt",
    .usage = "FILE [--l 4,6] [options]",
    .summary = "Steinhardt bond-order parameters q_l, w_l, and their averages",
    .description = "The mean and the standard deviation over the particles of every frame; -o writes those of each particle: .tsv is a table\n"
                   "(type: index of the particle's type in the file), .gsd and .xyz are the trajectory with arrays q4, q6, ... Particles\n"
                   "without neighbours have no value (nan) and are counted as unbound.",
    .examples = "bnsl steinhardt run/trajectory.gsd --l 4,6,8\n"
                "bnsl steinhardt run/trajectory.gsd --between L,L --nearest 8 --average --wl -o particles.tsv\n"
                "bnsl steinhardt dump.xyz --species L=1,S=2 --between L,S --r-max 1.1 --frame -1 --json\n"
                "bnsl steinhardt run/trajectory.gsd --between L,L --sann --connections 6 --threshold 0.7 --min-connections 7\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_THREADS | CLI_OUTPUT,
    .run = run};
