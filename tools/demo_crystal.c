/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl demo, part (b): a thermal AlB2 crystal is simulated, recognised, and measured by its own structure factor. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"
#include "output.h"
#include "plot/plot.h"

static const double PACKING = 0.69, C_OVER_A = 1.03, XI_NM = 200, FRICTION = 1, SCHERRER_K = 1.0747;
static const int64_t STEPS = 2000, FRAMES = 10, EQUILIBRATION = 2000;
enum { CELLS_X = 12, CELLS_Y = 7, CELLS_Z = 12, N_Q = 700 };
static const double Q_MIN = 0.30, Q_MAX = 1.45; /* nm^-1 */

/* Writes the perfect crystal to start from; out gets the truth. */
static int write_start(demo_crystal *out, const char *path)
{
    bnsl_lattice *lattice = NULL;
    bnsl_lattice_options o;
    bnsl_io_frame *frame = NULL;
    bnsl_io_writer *writer = NULL;
    bnsl_box box;
    double phi_1, b[3];
    int64_t n = 0;
    bnsl_lattice_options_init(&o, sizeof o);
    o.c_over_a = C_OVER_A;
    bool good = bnsl_lattice_create(&lattice, "AlB2", &o) == BNSL_OK && bnsl_lattice_volume_fraction(lattice, 1, demo_size_ratio, &phi_1) == BNSL_OK;
    bnsl_lattice_destroy(lattice);
    lattice = NULL;
    o.a = good ? cbrt(phi_1 / PACKING) : 1;
    good = good && bnsl_lattice_create(&lattice, "AlB2", &o) == BNSL_OK &&
           bnsl_lattice_bond_lengths(lattice, BNSL_BONDS_GEOMETRY, &b[0], &b[1], &b[2]) == BNSL_OK;
    if (good)
        bnsl_lattice_supercell(lattice, BNSL_CELL_ORTHOGONAL, CELLS_X, CELLS_Y, CELLS_Z, 0, &n, NULL, NULL, NULL);
    double *xyz = malloc(((size_t)n + 1) * 3 * sizeof *xyz);
    int32_t *species = malloc(((size_t)n + 1) * sizeof *species);
    good = good && xyz && species &&
           bnsl_lattice_supercell(lattice, BNSL_CELL_ORTHOGONAL, CELLS_X, CELLS_Y, CELLS_Z, n, &n, &box, xyz, species) == BNSL_OK &&
           bnsl_io_frame_create(&frame) == BNSL_OK && bnsl_io_frame_set(frame, &box, 0, n, xyz, species, "L,S") == BNSL_OK &&
           bnsl_io_writer_create(&writer, path, BNSL_FILE_GSD, 1) == BNSL_OK && bnsl_io_writer_append(writer, frame) == BNSL_OK;
    good = (bnsl_io_writer_close(writer) == BNSL_OK) && good;
    int status = good ? CLI_DONE : cli_fail_library(path);
    *out = (demo_crystal){.a = o.a * demo_sigma_nm, .c_over_a = C_OVER_A, .b_large = b[0] * demo_sigma_nm, .b_mixed = b[1] * demo_sigma_nm,
                          .b_small = b[2] * demo_sigma_nm, .xi = XI_NM, .particles = n};
    bnsl_io_frame_destroy(frame);
    bnsl_lattice_destroy(lattice);
    free(xyz);
    free(species);
    return status;
}

/* S(q) in nm^-1, mean over the frames after the first. */
static int structure_factor(const char *path, int32_t threads, double *q, double *s)
{
    bnsl_io_reader *reader = NULL;
    bnsl_io_frame *frame = NULL;
    bnsl_saxs_sq_options o;
    double *one = malloc(N_Q * sizeof *one);
    bool good = one && bnsl_io_reader_open(&reader, path, BNSL_FILE_GSD) == BNSL_OK && bnsl_io_frame_create(&frame) == BNSL_OK;
    int64_t n_frames = bnsl_io_reader_n_frames(reader);
    bnsl_saxs_sq_options_init(&o, sizeof o);
    o.num_threads = threads;
    o.n_q = N_Q;
    o.q_min = Q_MIN * demo_sigma_nm;
    o.q_max = Q_MAX * demo_sigma_nm;
    o.peak_hwhm = 3.14159265358979 * SCHERRER_K / XI_NM * demo_sigma_nm;
    memset(s, 0, N_Q * sizeof *s);
    for (int64_t k = 1; good && k < n_frames; k++) {
        bnsl_box box;
        const double *xyz;
        int32_t columns;
        good = bnsl_io_reader_read(reader, k, frame) == BNSL_OK && bnsl_io_frame_box(frame, &box) == BNSL_OK &&
               bnsl_io_frame_array_view(frame, "position", &columns, &xyz) == BNSL_OK &&
               bnsl_saxs_structure_factor(&box, bnsl_io_frame_n(frame), xyz, NULL, 1, &o, q, one, NULL, NULL, cli_control()) == BNSL_OK;
        for (int i = 0; good && i < N_Q; i++)
            s[i] += one[i] / (double)(n_frames - 1);
    }
    for (int i = 0; i < N_Q; i++)
        q[i] /= demo_sigma_nm;
    int status = good ? CLI_DONE : cli_fail_library(path);
    bnsl_io_frame_destroy(frame);
    bnsl_io_reader_close(reader);
    free(one);
    return status;
}

static int fit(demo_crystal *out, const double *q, const double *s, bnsl_saxs_pattern **pattern_out)
{
    bnsl_lattice *lattice = NULL;
    bnsl_saxs_pattern *pattern = NULL;
    bnsl_saxs_pattern_options o;
    bnsl_saxs_phase_options phase;
    bnsl_saxs_pattern_options_init(&o, sizeof o);
    bnsl_saxs_phase_options_init(&phase, sizeof phase);
    phase.a_min = 10;
    phase.a_max = 20;
    phase.fit_c_over_a = 1;
    o.error_model = BNSL_ERRORS_UNIFORM;
    o.background = BNSL_BACKGROUND_POLYNOMIAL; /* colloidal particles of unit amplitude in a dense droplet, no dilute sample to divide by */
    o.background_order = 3;
    o.scherrer_k = SCHERRER_K;
    bool good = bnsl_lattice_create(&lattice, "AlB2", NULL) == BNSL_OK && bnsl_saxs_pattern_create(&pattern, &o) == BNSL_OK &&
                bnsl_saxs_pattern_add_phase(pattern, lattice, &phase) == BNSL_OK &&
                bnsl_saxs_pattern_fit(pattern, N_Q, q, s, NULL, cli_control()) == BNSL_OK &&
                bnsl_saxs_pattern_phase(pattern, 0, &out->fit) == BNSL_OK &&
                bnsl_saxs_pattern_quality(pattern, &out->chi2_reduced, NULL, NULL) == BNSL_OK;
    bnsl_lattice_destroy(lattice);
    *pattern_out = pattern;
    return good ? CLI_DONE : cli_fail_library("S(q) of the crystal");
}

static int draw(const demo_crystal *c, const bnsl_saxs_pattern *pattern, const double *q, const double *s, const char *folder)
{
    char path[ASSEMBLY_PATH + 32], label[32], note[160];
    double *model = malloc(2 * N_Q * sizeof *model), *rest = model ? model + N_Q : NULL;
    if (!model || bnsl_saxs_pattern_model(pattern, N_Q, q, model, NULL) != BNSL_OK) {
        free(model);
        return cli_fail_library("S(q) of the crystal");
    }
    double highest = 0;
    for (int i = 0; i < N_Q; i++) {
        rest[i] = s[i] - model[i];
        highest = fmax(highest, s[i]);
    }
    plot_figure *figure = plot_create(2, 1);
    plot_panel *top = plot_panel_at(figure, 0, 0), *bottom = plot_panel_at(figure, 1, 0);
    plot_panel_size(figure, 560, 300);
    plot_labels(top, "AlB₂ crystal at 2.5 kT: structure factor and shared-lattice fit", "q (nm⁻¹)", "S(q)");
    plot_range(top, PLOT_Y, 0, 1.45 * highest); /* room for the note */
    plot_points(top, N_Q, q, s, NULL, PLOT_GREY, "simulation");
    plot_line(top, N_Q, q, model, PLOT_BLUE, "fit");
    double strongest = 0;
    for (int32_t pass = 0; pass < 2; pass++)
        for (int32_t i = 0; i < c->fit.n_peaks; i++) {
            bnsl_saxs_peak peak;
            if (bnsl_saxs_pattern_peak(pattern, 0, i, &peak) != BNSL_OK)
                continue;
            snprintf(label, sizeof label, "%d%d%d", (int)peak.h, (int)peak.k, (int)peak.l);
            if (pass == 0)
                strongest = fmax(strongest, peak.area);
            else if (peak.area > 0.002 * strongest)
                plot_mark(top, peak.q, label, PLOT_VERMILION);
        }
    snprintf(note, sizeof note, "a = %.3f nm (true %.3f)\nc/a = %.4f (true %.4f)\nξ = %.1f nm (true %.0f)", c->fit.a, c->a, c->fit.c_over_a,
             c->c_over_a, c->fit.xi, c->xi);
    plot_note(top, note);
    plot_labels(bottom, "residual", "q (nm⁻¹)", "S − fit");
    plot_line(bottom, N_Q, q, rest, PLOT_BLACK, NULL);
    snprintf(path, sizeof path, "%s/crystal-sq.png", folder);
    int status = plot_write(figure, path, true);
    plot_destroy(figure);
    free(model);
    return status;
}

int demo_make_crystal(demo_crystal *out, const char *folder, const cli_common *common)
{
    char start[ASSEMBLY_PATH + 32], run[ASSEMBLY_PATH], path[ASSEMBLY_PATH + 32];
    assembly result = {0};
    assembly_spec spec;
    bnsl_saxs_pattern *pattern = NULL;
    double *q = malloc(2 * N_Q * sizeof *q), *s = q ? q + N_Q : NULL;
    snprintf(start, sizeof start, "%.900s/crystal-start.gsd", folder);
    snprintf(run, sizeof run, "%.900s/crystal", folder);
    int status = q ? write_start(out, start) : cli_fail("out of memory");
    assembly_spec_init(&spec);
    spec.seed = common->seed;
    spec.well_depth.values[0] = demo_well_depth;
    spec.friction = FRICTION;
    spec.size_ratio = demo_size_ratio;
    spec.steps = STEPS;
    spec.frames = FRAMES;
    spec.equilibration = EQUILIBRATION;
    strcpy(spec.start, start);
    if (status == CLI_DONE)
        status = assembly_run(&result, &spec, run, false, common, "crystal");
    if (status == CLI_DONE)
        status = assembly_finish(&result, common);
    if (status == CLI_DONE) {
        const assembly_row *last = &result.rows[result.n_rows - 1];
        out->share_alb2 = last->alb2 / last->n_large;
        snprintf(path, sizeof path, "%s/trajectory.gsd", run);
        status = structure_factor(path, common->threads, q, s);
    }
    if (status == CLI_DONE)
        status = fit(out, q, s, &pattern);
    if (status == CLI_DONE)
        status = draw(out, pattern, q, s, folder);
    bnsl_saxs_pattern_destroy(pattern);
    assembly_free(&result);
    free(q);
    return status;
}
