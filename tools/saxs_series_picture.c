/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The figure of bnsl saxs series, in the manner of figure 1 of Marino 2024: the map of S(q, t) with the lines of the last frame marked,
 * some frames with their fits, and beside them lattice constants, surface distances, sizes and shares of the phases over time.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/plot.h"
#include "saxs_series.h"

enum { ROWS = 4, SHOWN_MAX = 6, MARKS_MAX = 14, MAP_MAX = 2000 };

static const plot_color phase_color[MODEL_PHASES_MAX] = {PLOT_BLUE,   PLOT_VERMILION, PLOT_GREEN, PLOT_PURPLE,
                                                         PLOT_ORANGE, PLOT_SKY,       PLOT_BLACK, PLOT_GREY};

/* The unit of time that reads best. */
typedef struct time_unit {
    double seconds;
    const char *name;
} time_unit;

static time_unit choose_unit(const series_report *r)
{
    const double last = r->in->time[r->in->n_frames - 1];
    return last > 7200 ? (time_unit){3600, "h"} : last > 300 ? (time_unit){60, "min"} : (time_unit){1, "s"};
}

static const char *time_label(time_unit u, char text[16])
{
    snprintf(text, 16, "t (%s)", u.name);
    return text;
}

/* ---- map ------------------------------------------------------------------------------------------------------------------ */

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Values between which the colours run: a thousandth of the points lie outside. */
static bool color_range(const series_input *in, double *low, double *high)
{
    const int64_t all = in->n_frames * in->n_q, step = all / 50000 + 1;
    double *sample = malloc((size_t)(all / step + 1) * sizeof *sample);
    int64_t n = 0;
    if (!sample)
        return false;
    for (int64_t i = 0; i < all; i += step)
        if (in->s[i] > 0 && isfinite(in->s[i]))
            sample[n++] = in->s[i];
    qsort(sample, (size_t)n, sizeof *sample, compare_doubles);
    *low = n > 0 ? sample[n / 1000] : 0.1;
    *high = n > 0 ? sample[n - 1 - n / 1000] : 1;
    *low = fmax(*low, *high / 300);
    if (!(*high > 1.01 * *low))
        *high = 1.01 * *low;
    free(sample);
    return true;
}

static int64_t nearest(int64_t n, const double *sorted, double value)
{
    int64_t low = 0, high = n - 1;
    while (high - low > 1) {
        const int64_t middle = (low + high) / 2;
        if (sorted[middle] <= value)
            low = middle;
        else
            high = middle;
    }
    return value - sorted[low] <= sorted[high] - value ? low : high;
}

/* The frame shown at a time: the nearest one, if it is good and not too far. -1: none. */
static int64_t frame_at(const series_input *in, double time, double spacing)
{
    const int64_t i = nearest(in->n_frames, in->time, time);
    return !in->bad[i] && fabs(in->time[i] - time) <= 1.5 * spacing ? i : -1;
}

static bool draw_map(const series_report *r, plot_panel *panel, time_unit u)
{
    const series_input *in = r->in;
    const int32_t n_x = in->n_q < MAP_MAX ? (int32_t)in->n_q : MAP_MAX, n_y = in->n_frames < MAP_MAX ? (int32_t)in->n_frames : MAP_MAX;
    const double first = in->time[0], last = in->time[in->n_frames - 1], spacing = n_y > 1 ? (last - first) / (n_y - 1) : 1;
    const double q_low = in->q[0], q_high = in->q[in->n_q - 1];
    double *values = malloc((size_t)n_x * (size_t)n_y * sizeof *values), low, high;
    char label[16];
    if (!values || !color_range(in, &low, &high)) {
        free(values);
        return false;
    }
    for (int32_t y = 0; y < n_y; y++) {
        const int64_t frame = frame_at(in, first + spacing * y, spacing);
        for (int32_t x = 0; x < n_x; x++) {
            const int64_t i = nearest(in->n_q, in->q, q_low + (q_high - q_low) * x / (n_x - 1));
            values[(size_t)y * (size_t)n_x + (size_t)x] = frame < 0 ? NAN : in->s[frame * in->n_q + i];
        }
    }
    plot_labels(panel, "Kinetic structure factor", "q (nm⁻¹)", time_label(u, label));
    plot_map(panel, n_x, q_low, q_high, n_y, first / u.seconds, fmax(last, first + 1) / u.seconds, values, low, high, "S(q, t)");
    if (!isnan(r->nucleation)) {
        plot_level(panel, r->nucleation / u.seconds, NULL, PLOT_ORANGE);
        plot_text(panel, q_high - 0.015 * (q_high - q_low), (r->nucleation - 0.035 * (last - first)) / u.seconds, -1, "nucleation", PLOT_ORANGE);
    }
    free(values);
    return true;
}

/* Lines of the last frame that have the largest areas, as marks. */
static void mark_lines(const series_report *r, plot_panel *panel)
{
    const int64_t last = bnsl_saxs_series_n_frames(r->series) - 1;
    phase_report phases[MODEL_PHASES_MAX];
    char hkl[48];
    if (last < 0 || series_phases(r, last, phases) != CLI_DONE)
        return;
    for (int32_t i = 0; i < r->model->n_phases; i++) {
        const phase_report *p = phases + i;
        for (int32_t k = 0; k < p->fit.n_peaks; k++) {
            int32_t stronger = 0;
            for (int32_t m = 0; m < p->fit.n_peaks; m++)
                stronger += p->peaks[m].area > p->peaks[k].area;
            if (p->peaks[k].area > 4 * p->peaks[k].area_err && p->peaks[k].q <= r->in->q[r->in->n_q - 1] && stronger < MARKS_MAX / r->model->n_phases)
                plot_mark(panel, p->peaks[k].q, model_hkl(p->peaks + k, hkl), r->model->n_phases > 1 ? phase_color[i] : PLOT_BLACK);
        }
    }
    series_free_phases(r, phases);
}

/* ---- some frames --------------------------------------------------------------------------------------------------------------- */

/* The fitted frame nearest to a time. */
static int64_t fitted_at(const series_report *r, double time)
{
    const int64_t n = bnsl_saxs_series_n_frames(r->series);
    int64_t best = 0;
    double least = INFINITY;
    for (int64_t k = 0; k < n; k++) {
        const double away = fabs(r->in->time[r->input_frame[k]] - time);
        if (away < least) {
            least = away;
            best = k;
        }
    }
    return best;
}

/* Frames to show: as asked; else one before nucleation, then at shares of the time from there to the end. */
static int32_t choose_frames(const series_report *r, int64_t *shown)
{
    const int64_t n = bnsl_saxs_series_n_frames(r->series);
    const double first = r->in->time[r->input_frame[0]], last = r->in->time[r->input_frame[n - 1]];
    static const double share[SHOWN_MAX] = {-1, -0.002, 0.02, 0.05, 0.3, 1};
    int32_t count = 0;
    for (int32_t i = 0; i < (r->show.n > 0 ? r->show.n : SHOWN_MAX) && count < SHOWN_MAX; i++) {
        double t;
        if (r->show.n > 0)
            t = r->show.values[i];
        else if (isnan(r->nucleation))
            t = first + (last - first) * i / (SHOWN_MAX - 1);
        else
            t = share[i] == -1 ? first + 0.9 * (r->nucleation - first) : r->nucleation + share[i] * (last - r->nucleation);
        const int64_t k = fitted_at(r, t);
        if (count == 0 || k > shown[count - 1])
            shown[count++] = k;
    }
    return count;
}

static bool draw_frames(const series_report *r, plot_panel *panel, time_unit u)
{
    const series_input *in = r->in;
    int64_t shown[SHOWN_MAX];
    const int32_t n = choose_frames(r, shown);
    double *work = malloc((size_t)in->n_q * 2 * sizeof *work), highest = 0, offset = 0;
    char text[64];
    if (!work)
        return false;
    double *s = work, *fit = work + in->n_q;
    for (int32_t i = 0; i < n; i++)
        for (int64_t k = 0; k < in->n_q; k++)
            highest = fmax(highest, in->s[r->input_frame[shown[i]] * in->n_q + k]);
    const double step = 0.42 * highest;
    plot_labels(panel, NULL, "q (nm⁻¹)", "S(q), shifted");
    plot_range(panel, PLOT_X, in->q[0], in->q[in->n_q - 1]);
    plot_range(panel, PLOT_Y, 0, step * (n - 1) + 1.08 * highest);
    for (int32_t i = 0; i < n; i++, offset += step) {
        const int64_t frame = r->input_frame[shown[i]];
        const bnsl_saxs_pattern *pattern = bnsl_saxs_series_pattern(r->series, shown[i]);
        if (bnsl_saxs_pattern_model(pattern, in->n_q, in->q, fit, NULL) != BNSL_OK)
            break;
        for (int64_t k = 0; k < in->n_q; k++) {
            s[k] = in->s[frame * in->n_q + k] + offset;
            fit[k] += offset;
        }
        plot_points(panel, in->n_q, in->q, s, NULL, PLOT_BLUE, i == 0 ? "measured" : NULL);
        plot_line(panel, in->n_q, in->q, fit, PLOT_VERMILION, i == 0 ? "fit" : NULL);
        snprintf(text, sizeof text, "%.4g %s", in->time[frame] / u.seconds, u.name);
        plot_text(panel, in->q[0] + 0.02 * (in->q[in->n_q - 1] - in->q[0]), s[in->n_q / 50] + 0.14 * step, 1, text, PLOT_BLACK);
    }
    free(work);
    return true;
}

/* ---- over time -------------------------------------------------------------------------------------------------------------------- */

typedef double (*value_fn)(const phase_report *p, double *error);

static double value_a(const phase_report *p, double *error)
{
    *error = p->fit.a_err;
    return p->fit.a;
}

static double value_xi(const phase_report *p, double *error)
{
    *error = p->fit.xi_err;
    return p->fit.xi;
}

static double value_fraction(const phase_report *p, double *error)
{
    *error = p->fit.fraction_err;
    return p->fit.fraction;
}

static double value_d_ll(const phase_report *p, double *error)
{
    *error = p->geometry.d_ll_err;
    return p->geometry.d_ll;
}

static double value_d_ls(const phase_report *p, double *error)
{
    *error = p->geometry.d_ls_err;
    return p->geometry.d_ls;
}

static double value_d_ss(const phase_report *p, double *error)
{
    *error = p->geometry.d_ss_err;
    return p->geometry.d_ss;
}

static double value_c_over_a(const phase_report *p, double *error)
{
    *error = p->fit.c_over_a_err;
    return p->fit.c_over_a;
}

/* What the panels over time are drawn from. */
typedef struct history {
    int64_t n;
    double *time;         /* in the figure's unit */
    phase_report *phases; /* n x n_phases, without peaks */
} history;

static bool make_history(const series_report *r, time_unit u, history *h)
{
    const int32_t n_phases = r->model->n_phases;
    h->n = bnsl_saxs_series_n_frames(r->series);
    h->time = malloc((size_t)h->n * sizeof *h->time);
    h->phases = malloc((size_t)h->n * (size_t)n_phases * sizeof *h->phases);
    bool good = h->time && h->phases;
    for (int64_t k = 0; k < h->n && good; k++) {
        good = series_phases(r, k, h->phases + k * n_phases) == CLI_DONE;
        h->time[k] = r->in->time[r->input_frame[k]] / u.seconds;
        series_free_phases(r, h->phases + k * n_phases);
    }
    return good;
}

/* A quantity of one phase where it is known to better than a part of itself; relative: over its last value. */
static void draw_quantity(const series_report *r, const history *h, plot_panel *panel, int32_t phase, value_fn value, double precision, bool relative,
                          plot_color color, const char *label)
{
    double *memory = malloc((size_t)h->n * 3 * sizeof *memory), *x = memory, *y = memory + h->n, *e = y + h->n;
    int64_t n = 0;
    if (!memory)
        return;
    for (int64_t k = 0; k < h->n; k++) {
        const phase_report *p = h->phases + k * r->model->n_phases + phase;
        double error, v = value(p, &error);
        if (!isfinite(v) || !isfinite(error) || !(error <= precision * fabs(v)) || !(p->fit.a > 0))
            continue;
        x[n] = h->time[k];
        y[n] = v;
        e[n++] = error;
    }
    for (int64_t k = 0; k < n && relative; k++) {
        e[k] /= y[n - 1];
        y[k] /= k < n - 1 ? y[n - 1] : 1;
    }
    if (relative && n > 0)
        y[n - 1] = 1;
    if (n > 0)
        plot_points(panel, n, x, y, e, color, label);
    free(memory);
}

static void draw_fractions(const series_report *r, const history *h, plot_panel *panel)
{
    double *y = malloc((size_t)h->n * 2 * sizeof *y), *e = y ? y + h->n : NULL;
    if (!y)
        return;
    for (int32_t i = 0; i < r->model->n_phases; i++) {
        for (int64_t k = 0; k < h->n; k++)
            y[k] = value_fraction(h->phases + k * r->model->n_phases + i, e + k);
        plot_points(panel, h->n, h->time, y, e, phase_color[i], r->model->n_phases > 1 ? r->model->phases[i].name : NULL);
    }
    free(y);
}

/* Colour and legend of a quantity of a phase. */
static const char *legend(const series_report *r, int32_t phase, const char *what, char text[64])
{
    if (r->model->n_phases == 1)
        return what;
    snprintf(text, 64, "%s%s%s", r->model->phases[phase].name, what ? " " : "", what ? what : "");
    return text;
}

static void draw_panels(const series_report *r, const history *h, plot_figure *figure, time_unit u)
{
    plot_panel *panel[ROWS];
    const bool several = r->model->n_phases > 1, cores = r->model->args->cores.n > 0;
    char text[64], label[16];
    const double last = h->time[h->n - 1], begin = isnan(r->nucleation) ? h->time[0] : r->nucleation / u.seconds;
    const double span = last - begin > 0 ? last - begin : 1;
    static const char *const name[ROWS] = {NULL, NULL, "ξ (nm)", "share X of L"};
    for (int k = 0; k < ROWS; k++) {
        panel[k] = plot_panel_at(figure, k, 1);
        plot_range(panel[k], PLOT_X, isnan(r->nucleation) ? begin : fmax(begin - 0.07 * span, h->time[0]), last + 0.02 * span);
        plot_labels(panel[k], k == 0 ? "Superlattice" : NULL, k == ROWS - 1 ? time_label(u, label) : NULL,
                    k == 0 ? (several ? "a / a(end)" : "a (nm)") : k == 1 ? (cores ? "surface distance d (nm)" : "c/a") : name[k]);
        if (!isnan(r->nucleation))
            plot_mark(panel[k], r->nucleation / u.seconds, NULL, PLOT_ORANGE);
    }
    for (int32_t i = 0; i < r->model->n_phases; i++) {
        static const plot_color d_color[2][3] = {{PLOT_GREEN, PLOT_PURPLE, PLOT_ORANGE}, {PLOT_BLACK, PLOT_GREY, PLOT_SKY}};
        draw_quantity(r, h, panel[0], i, value_a, 0.002, several, phase_color[i], legend(r, i, NULL, text));
        if (cores) {
            draw_quantity(r, h, panel[1], i, value_d_ll, 0.05, false, d_color[i > 0][0], legend(r, i, "d_LL", text));
            draw_quantity(r, h, panel[1], i, value_d_ls, 0.05, false, d_color[i > 0][1], legend(r, i, "d_LS", text));
            draw_quantity(r, h, panel[1], i, value_d_ss, 0.05, false, d_color[i > 0][2], legend(r, i, "d_SS", text));
        } else {
            draw_quantity(r, h, panel[1], i, value_c_over_a, 0.01, false, phase_color[i], legend(r, i, NULL, text));
        }
        draw_quantity(r, h, panel[2], i, value_xi, 0.1, false, phase_color[i], legend(r, i, NULL, text));
    }
    draw_fractions(r, h, panel[3]);
}

int series_write_picture(const cli_common *common, const series_report *r, const char *path)
{
    const time_unit u = choose_unit(r);
    history h = {.n = 0};
    plot_figure *figure = plot_create(ROWS, 2);
    plot_panel_size(figure, 430, 190);
    plot_panel *map = plot_panel_at(figure, 0, 0), *frames = plot_panel_at(figure, 2, 0);
    plot_span(map, 2);
    plot_span(frames, 2);
    bool good = figure && make_history(r, u, &h) && draw_map(r, map, u) && draw_frames(r, frames, u);
    if (good) {
        mark_lines(r, map);
        mark_lines(r, frames);
        draw_panels(r, &h, figure, u);
    }
    int status = good ? plot_write(figure, path, common->force) : cli_fail("out of memory");
    plot_destroy(figure);
    free(h.time);
    free(h.phases);
    return status;
}
