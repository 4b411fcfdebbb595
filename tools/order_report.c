/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Table, JSON and picture of bnsl order. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "order_report.h"
#include "plot/plot.h"

const char order_columns[] = "step\tL\tAlB2\tNaZn13\tfcc\tfluid\tclusters\tlargest_cluster\tsurface\tsmall\tconfirmed\tgrains\tlargest_grain\n"
                             "# steps\tL\tL\tL\tL\tL\t1\tL\tL\tS\tL\t1\tL";

static const char *const phase_names[BNSL_N_PHASES] = {"fluid", "AlB2", "NaZn13", "fcc"};
static const char *const mechanisms[] = {"undecided", "one-step", "two-step"};

static int64_t largest_grain(const order_row *row)
{
    return row->crystals.n_grains > 0 ? row->crystals.grain_size[0] : 0;
}

void order_values(const order_row *row, double *values)
{
    const phase_counts *c = &row->counts;
    const int64_t v[ORDER_COLUMNS] = {row->step,
                                      c->n_large,
                                      c->n_phase[BNSL_PHASE_ALB2],
                                      c->n_phase[BNSL_PHASE_NAZN13],
                                      c->n_phase[BNSL_PHASE_FCC],
                                      c->n_phase[BNSL_PHASE_FLUID],
                                      c->n_clusters,
                                      c->largest_cluster,
                                      row->crystals.n_region[BNSL_REGION_SURFACE],
                                      row->crystals.n_region[BNSL_REGION_SMALL],
                                      row->crystals.n_confirmed,
                                      row->crystals.n_grains,
                                      largest_grain(row)};
    for (int32_t k = 0; k < ORDER_COLUMNS; k++)
        values[k] = (double)v[k];
}

/* ---- JSON ------------------------------------------------------------------------------------------------ */

static void json_grains(json *j, const phase_crystals *c)
{
    json_int(j, "grains", c->n_grains);
    json_ints(j, "grain_sizes", c->n_grains, c->grain_size);
    json_array_begin(j, "grain_phases");
    for (int64_t g = 0; g < c->n_grains; g++)
        json_string(j, NULL, phase_names[c->grain_phase[g]]);
    json_array_end(j);
}

static void json_frame(json *j, const order_row *row)
{
    const phase_counts *c = &row->counts;
    json_object_begin(j, NULL);
    json_int(j, "step", row->step);
    json_int(j, "n_large", c->n_large);
    json_int(j, "AlB2", c->n_phase[BNSL_PHASE_ALB2]);
    json_int(j, "NaZn13", c->n_phase[BNSL_PHASE_NAZN13]);
    json_int(j, "fcc", c->n_phase[BNSL_PHASE_FCC]);
    json_int(j, "fluid", c->n_phase[BNSL_PHASE_FLUID]);
    json_int(j, "clusters", c->n_clusters);
    json_int(j, "largest_cluster", c->largest_cluster);
    json_int(j, "surface", row->crystals.n_region[BNSL_REGION_SURFACE]);
    json_int(j, "small", row->crystals.n_region[BNSL_REGION_SMALL]);
    json_int(j, "confirmed", row->crystals.n_confirmed);
    json_grains(j, &row->crystals);
    json_object_end(j);
}

static void json_nucleation(json *j, const bnsl_order_nucleation_summary *s)
{
    bool any = s->onset_frame >= 0;
    json_object_begin(j, "nucleation");
    json_int(j, "onset_frame", s->onset_frame);
    if (any)
        json_int(j, "onset_step", s->onset.step);
    else
        json_null(j, "onset_step");
    json_string(j, "phase", any ? phase_names[s->onset.largest_phase] : NULL);
    json_int(j, "cluster", s->onset.largest_cluster);
    json_int(j, "nuclei", s->onset.n_nuclei);
    json_double(j, "density", s->onset.density);
    json_double(j, "phi", s->onset.packing_fraction);
    json_double(j, "phi_effective", s->onset.packing_fraction_effective);
    json_doubles(j, "center", 3, s->onset.center);
    json_double(j, "distance", s->onset.distance);
    json_double(j, "distance_random", s->onset.distance_random);
    json_double(j, "distance_probability", s->onset.distance_probability);
    json_string(j, "mechanism", mechanisms[s->mechanism]);
    json_double(j, "dense_before", s->dense_before);
    json_double(j, "dense_fluid", s->dense_fluid);
    json_int(j, "largest_cluster", s->largest_cluster);
    json_int(j, "largest_frame", s->largest_frame);
    json_object_end(j);
}

/* ---- text ------------------------------------------------------------------------------------------------ */

static void print_nucleation(const bnsl_order_nucleation_summary *s)
{
    const bnsl_order_nucleation_frame *f = &s->onset;
    if (s->onset_frame < 0) {
        printf("\nno onset: the largest cluster of all has %lld L (frame %lld)\n", (long long)s->largest_cluster, (long long)s->largest_frame);
        return;
    }
    printf("\nonset            frame %lld, step %lld: %lld L of %s, %lld %s\n", (long long)s->onset_frame, (long long)f->step,
           (long long)f->largest_cluster, phase_names[f->largest_phase], (long long)f->n_nuclei, f->n_nuclei == 1 ? "nucleus" : "nuclei");
    if (!isnan(f->volume))
        printf("density          %.4f per unit volume, packing fraction %.4f\n", f->density, f->packing_fraction);
    if (!isnan(f->packing_fraction_effective))
        printf("effective        packing fraction %.4f\n", f->packing_fraction_effective);
    printf("centre           %.2f %.2f %.2f\n", f->center[0], f->center[1], f->center[2]);
    if (!isnan(f->distance))
        printf("distance         %.2f; at random %.2f on average, nearer with probability %.2f\n", f->distance, f->distance_random,
               f->distance_probability);
    printf("mechanism        %s", mechanisms[s->mechanism]);
    if (s->mechanism != BNSL_NUCLEATION_UNDECIDED)
        printf(": dense before %.2f of the nucleus, %.2f of the fluid", s->dense_before, s->dense_fluid);
    printf("\nlargest cluster  %lld L (frame %lld)\n", (long long)s->largest_cluster, (long long)s->largest_frame);
}

static void print_row(const order_row *row)
{
    double v[ORDER_COLUMNS];
    order_values(row, v);
    printf("%12lld", (long long)row->step);
    for (int32_t k = 1; k < ORDER_COLUMNS; k++)
        printf(" %*lld", k >= 6 ? 9 : 8, (long long)v[k]);
    printf("\n");
}

int order_report(const cli_common *common, int64_t n, const order_row *rows, const bnsl_order_nucleation *readout)
{
    json j;
    bnsl_order_nucleation_summary s;
    json_init(&j, common->json);
    json_object_begin(&j, NULL);
    json_array_begin(&j, "frames");
    if (!common->json)
        printf("%12s %8s %8s %8s %8s %8s %9s %9s %9s %9s %9s %9s %9s\n", "step", "L", "AlB2", "NaZn13", "fcc", "fluid", "clusters", "largest",
               "surface", "small", "confirmed", "grains", "largest");
    for (int64_t i = 0; i < n; i++) {
        json_frame(&j, &rows[i]);
        if (!common->json)
            print_row(&rows[i]);
    }
    json_array_end(&j);
    if (readout && bnsl_order_nucleation_summarize(readout, &s) == BNSL_OK) {
        json_nucleation(&j, &s);
        if (!common->json)
            print_nucleation(&s);
    }
    json_object_end(&j);
    return json_print(&j);
}

/* ---- picture --------------------------------------------------------------------------------------------- */

/* Column k of the rows as y. */
static void column(int64_t n, const order_row *rows, int32_t k, double *y)
{
    double v[ORDER_COLUMNS];
    for (int64_t i = 0; i < n; i++) {
        order_values(&rows[i], v);
        y[i] = v[k];
    }
}

static void draw_columns(plot_panel *panel, int64_t n, const order_row *rows, int32_t n_columns, const int32_t *which, const plot_color *color,
                         const char *const *label, double *work)
{
    double *x = work, *y = work + n;
    column(n, rows, 0, x);
    for (int32_t k = 0; k < n_columns; k++) {
        column(n, rows, which[k], y);
        plot_line(panel, n, x, y, color[k], label[k]);
        if (n <= 60)
            plot_points(panel, n, x, y, NULL, color[k], NULL);
    }
}

int order_picture(const cli_common *common, int64_t n, const order_row *rows, const bnsl_order_nucleation *readout, const char *path)
{
    static const int32_t phases[] = {2, 3, 4}, sizes[] = {7, 12, 8};
    static const plot_color phase_color[] = {PLOT_BLUE, PLOT_GREEN, PLOT_ORANGE}, size_color[] = {PLOT_BLACK, PLOT_PURPLE, PLOT_GREY};
    static const char *const phase_label[] = {"AlB₂", "NaZn₁₃", "fcc"}, *const size_label[] = {"largest cluster", "largest grain", "surface"};
    const char *slash = strrchr(common->positional[0], '/');
    bnsl_order_nucleation_summary s = {.onset_frame = -1};
    double *work = malloc((size_t)n * 2 * sizeof *work);
    plot_figure *figure = plot_create(2, 1);
    if (!work) {
        plot_destroy(figure);
        return cli_fail("out of memory");
    }
    if (readout)
        bnsl_order_nucleation_summarize(readout, &s);
    plot_panel_size(figure, 560, 260);
    for (int32_t k = 0; k < 2; k++) {
        plot_panel *panel = plot_panel_at(figure, k, 0);
        plot_labels(panel, k == 0 ? (slash ? slash + 1 : common->positional[0]) : NULL, k == 0 ? NULL : "step", "L particles");
        draw_columns(panel, n, rows, 3, k == 0 ? phases : sizes, k == 0 ? phase_color : size_color, k == 0 ? phase_label : size_label, work);
        if (s.onset_frame >= 0)
            plot_mark(panel, (double)s.onset.step, "onset", PLOT_VERMILION);
    }
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    free(work);
    return status;
}
