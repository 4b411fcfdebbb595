/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl convert: particle files from one format to another, some frames of them, other names for the species; scattering curves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "frames.h"
#include "json.h"
#include "output.h"
#include "progress.h"
#include "species.h"

typedef struct args {
    const char *frames, *species, *to_species;
    int32_t unit;  /* index into nm|A, -1: from the file */
    int64_t entry; /* with cli_given */
} args;

static const cli_option options[] = {
    {.name = "frames", .kind = CLI_STRING, .to = offsetof(args, frames), .metavar = "FIRST:LAST:STEP", .initial = "0:-1:1",
     .help = "frames FIRST to LAST, each STEP-th; counted from 0, negative: from the end"},
    {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file that is read"},
    {.name = "to-species", .kind = CLI_STRING, .to = offsetof(args, to_species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file that is written"},
    {.name = "unit", .kind = CLI_CHOICE, .to = offsetof(args, unit), .choices = "nm|A",
     .help = "curves: q is in 1/nm or 1/A; needed unless the file says so"},
    {.name = "entry", .kind = CLI_INT, .to = offsetof(args, entry), .metavar = "N", .range = ">= 0 and <= 1000000",
     .help = "curves: which one of a file that holds several, from 0"},
    {0}};

/* Which frames, and what the types are called before and after. */
typedef struct plan {
    int64_t first, last, step;
    species_names from, to;
} plan;

/* ---- the command line ------------------------------------------------------------------------------------- */

/* Reads "FIRST:LAST:STEP", "FIRST:LAST" or "FIRST" (that frame alone); a part may be empty. CLI_DONE or CLI_USAGE. */
static int parse_frames(const char *text, plan *p)
{
    int64_t values[3] = {0, -1, 1};
    int n = 0;
    bool good = text[0] != '\0';
    for (const char *at = text; good; at++) {
        const size_t length = strcspn(at, ":");
        good = n < 3 && (length == 0 || bnsl_parse_int64(at, (int64_t)length, &values[n], NULL) == BNSL_OK);
        n++;
        at += length;
        if (*at == '\0')
            break;
    }
    if (!good || values[2] < 1)
        return cli_usage("--frames: '%s' must be FIRST:LAST:STEP, whole numbers, STEP >= 1", text);
    *p = (plan){.first = values[0], .last = n == 1 ? values[0] : values[1], .step = values[2]};
    return CLI_DONE;
}

/* The numbers of the frames in a file of n; CLI_DONE or CLI_FAILED. */
static int resolve_frames(const char *path, int64_t n, plan *p)
{
    int64_t *const ends[2] = {&p->first, &p->last};
    for (int k = 0; k < 2; k++) {
        const int64_t wanted = *ends[k];
        if (wanted >= n || wanted < -n)
            return cli_fail("%s: there is no frame %lld, it has %lld", path, (long long)wanted, (long long)n);
        *ends[k] = wanted < 0 ? n + wanted : wanted;
    }
    if (p->last < p->first)
        return cli_fail("%s: the last frame, %lld, comes before the first, %lld", path, (long long)p->last, (long long)p->first);
    return CLI_DONE;
}

/* ---- names ------------------------------------------------------------------------------------------------- */

static const char *new_name(const plan *p, const char *name)
{
    if (p->from.large[0] && strcmp(name, p->from.large) == 0)
        return p->to.large[0] ? p->to.large : name;
    if (p->from.small[0] && strcmp(name, p->from.small) == 0)
        return p->to.small[0] ? p->to.small : name;
    return name;
}

static int rename_types(const char *path, bnsl_io_frame *frame, const plan *p)
{
    enum { NAME = 64 }; /* bytes of a name and a comma */
    const int32_t n = bnsl_io_frame_n_types(frame);
    char *types = calloc((size_t)n + 1, NAME);
    if (!types)
        return cli_fail("out of memory");
    size_t used = 0;
    for (int32_t i = 0; i < n; i++)
        used += (size_t)snprintf(types + used, NAME + 1, "%s%s", i > 0 ? "," : "", new_name(p, bnsl_io_frame_type_name(frame, i)));
    const int status = n == 0 || bnsl_io_frame_rename_types(frame, types) == BNSL_OK ? CLI_DONE : cli_fail_library(path);
    free(types);
    return status;
}

/* ---- the work ----------------------------------------------------------------------------------------------- */

/* Copies the frames; *n_out of them, the last with *particles_out particles. */
static int copy_frames(frames *f, const cli_common *common, const plan *p, results *r, int64_t *n_out, int64_t *particles_out)
{
    progress bar;
    int status = CLI_DONE;
    const int64_t n = (p->last - p->first) / p->step + 1;
    progress_begin(&bar, common, "convert", "frames", n);
    for (int64_t k = 0; k < n && status == CLI_DONE; k++) {
        if (cli_interrupted() || bnsl_io_reader_read(f->reader, p->first + k * p->step, f->frame) != BNSL_OK)
            status = cli_fail_library(f->path);
        if (status == CLI_DONE)
            status = rename_types(f->path, f->frame, p);
        if (status == CLI_DONE)
            status = results_frame(r, f->frame);
        *particles_out = bnsl_io_frame_n(f->frame);
        progress_update(&bar, k + 1);
    }
    progress_end(&bar);
    *n_out = n;
    return status;
}

static int report(const cli_common *common, int64_t n, int64_t particles)
{
    json j;
    json_init(&j, common->json);
    json_object_begin(&j, NULL);
    json_string(&j, "input", common->positional[0]);
    json_string(&j, "output", common->positional[1]);
    json_int(&j, "frames", n);
    json_int(&j, "particles", particles);
    json_object_end(&j);
    if (!common->json && !common->quiet)
        printf("%s: %lld frame%s, %lld particles in the last\n", common->positional[1], (long long)n, n == 1 ? "" : "s", (long long)particles);
    return json_print(&j);
}

/* ---- scattering curves ---------------------------------------------------------------------------------------- */

static int convert_curve(const args *a, const cli_common *common)
{
    static const int32_t units[] = {BNSL_UNIT_PER_NM, BNSL_UNIT_PER_ANGSTROM};
    const char *from = common->positional[0], *to = common->positional[1];
    const int32_t unit = a->unit < 0 ? BNSL_UNIT_FROM_FILE : units[a->unit];
    bnsl_io_curve *curve = NULL;
    int64_t n, n_skipped;
    const double *q, *intensity, *sigma, *sigma_q;
    json j;
    if (cli_given(common, "frames") || cli_given(common, "species") || cli_given(common, "to-species"))
        return cli_usage("--frames, --species and --to-species: '%s' is to be a curve, not particles", to);
    if ((cli_given(common, "entry") ? bnsl_io_curve_read_entry(&curve, from, unit, (int32_t)a->entry)
                                    : bnsl_io_curve_read(&curve, from, unit)) != BNSL_OK ||
        bnsl_io_curve_view(curve, &n, &q, &intensity, &sigma, &sigma_q, &n_skipped) != BNSL_OK)
        return cli_fail_library(NULL);
    if (n_skipped > 0)
        cli_note(common, "%s: %lld rows with q <= 0 or without a value left out", from, (long long)n_skipped);
    int status = bnsl_io_curve_write(to, n, q, intensity, sigma, sigma_q, common->force) == BNSL_OK ? CLI_DONE : cli_fail_library(to);
    bnsl_io_curve_destroy(curve);
    if (status != CLI_DONE)
        return status;
    json_init(&j, common->json);
    json_object_begin(&j, NULL);
    json_string(&j, "input", from);
    json_string(&j, "output", to);
    json_int(&j, "points", n);
    json_int(&j, "points_left_out", n_skipped);
    json_object_end(&j);
    if (!common->json && !common->quiet)
        printf("%s: %lld points, q in 1/nm\n", to, (long long)n);
    return json_print(&j);
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    plan p;
    frames f = {.path = NULL};
    results r = {.n = 0};
    int64_t n = 0, particles = 0;
    int status;
    if (!cli_parse(&convert_command, argc, argv, &a, &common, &status))
        return status;
    if (output_has_ending(common.positional[1], ".dat|.txt|.tsv|.csv|.xml")) {
        common.output = (cli_strings){.n = 1, .values = {common.positional[1]}};
        status = output_check_all(&common);
        return status == CLI_DONE ? convert_curve(&a, &common) : status;
    }
    if (a.unit >= 0 || cli_given(&common, "entry"))
        return cli_usage("--unit, --entry: of curves, whose file is to end in .dat, .txt, .tsv, .csv or .xml");
    status = parse_frames(a.frames, &p);
    if (status == CLI_DONE)
        status = species_parse(a.species, &p.from);
    if (status == CLI_DONE)
        status = species_parse(a.to_species, &p.to);
    if (status != CLI_DONE)
        return status;
    if (!output_has_ending(common.positional[1], ".gsd|.xyz|.extxyz"))
        return cli_usage("'%s' must end in .gsd, .xyz or .extxyz, or, for a curve, in .dat, .txt, .tsv, .csv or .xml", common.positional[1]);
    common.output = (cli_strings){.n = 1, .values = {common.positional[1]}};
    status = frames_open(&f, common.positional[0], false, 0);
    if (status == CLI_DONE)
        status = resolve_frames(f.path, f.end, &p);
    if (status == CLI_DONE)
        status = results_open(&r, &common, "");
    if (status == CLI_DONE)
        status = copy_frames(&f, &common, &p, &r, &n, &particles);
    if (status == CLI_DONE)
        status = results_commit(&r);
    if (status == CLI_DONE)
        status = report(&common, n, particles);
    results_close(&r);
    frames_close(&f);
    return status;
}

const cli_command convert_command = {
    .name = "convert",
    .usage = "A B [options]",
    .summary = "particle files from one format to another: GSD, extended XYZ; scattering curves",
    .description = "Reads the particle file A and writes its frames to B, in the format that B's name says: .gsd (GSD, for HOOMD-blue, OVITO,\n"
                   "freud) or .xyz and .extxyz (extended XYZ, for OVITO, ASE and people). GSD rounds positions to float.\n\n"
                   "A scattering curve A (columns, canSAS XML, NXcanSAS) is written in 1/nm: columns to .dat, .txt, .tsv and .csv,\n"
                   "canSAS1D XML to .xml.",
    .examples = "bnsl convert run/trajectory.gsd run.xyz\n"
                "bnsl convert run/trajectory.gsd last.xyz --frames -1 --to-species L=Au,S=Fe\n"
                "bnsl convert dump.xyz start.gsd --species L=1,S=2\n"
                "bnsl convert measured.xml measured.dat\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "A B",
    .n_positional_min = 2,
    .n_positional_max = 2,
    .common = CLI_JSON | CLI_FORCE,
    .run = run};
