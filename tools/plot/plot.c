/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a figure: everything is copied, and a lack of memory is remembered for plot_write. */
#include "plot_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

plot_figure *plot_create(int32_t rows, int32_t columns)
{
    if (rows < 1 || rows > 8 || columns < 1 || columns > 8)
        return NULL;
    plot_figure *figure = calloc(1, sizeof *figure);
    plot_panel *panels = calloc((size_t)(rows * columns), sizeof *panels);
    if (!figure || !panels) {
        free(figure);
        free(panels);
        return NULL;
    }
    *figure = (plot_figure){.rows = rows, .columns = columns, .width = 420, .height = 300, .panels = panels};
    for (int32_t i = 0; i < rows * columns; i++)
        panels[i] = (plot_panel){.figure = figure, .span = 1};
    return figure;
}

static void free_panel(plot_panel *panel)
{
    for (int32_t i = 0; i < panel->n_series; i++) {
        free(panel->series[i].x);
        free(panel->series[i].label);
    }
    for (int32_t i = 0; i < panel->n_tags; i++)
        free(panel->tags[i].label);
    for (int32_t i = 0; i < panel->n_remarks; i++)
        free(panel->remarks[i].text);
    free(panel->remarks);
    free(panel->image.values);
    free(panel->image.label);
    free(panel->series);
    free(panel->tags);
    free(panel->title);
    free(panel->note);
    free(panel->axis[PLOT_X].label);
    free(panel->axis[PLOT_Y].label);
}

void plot_destroy(plot_figure *figure)
{
    if (!figure)
        return;
    for (int32_t i = 0; i < figure->rows * figure->columns; i++)
        free_panel(&figure->panels[i]);
    free(figure->panels);
    free(figure->heading);
    free(figure);
}

/* Replaces *slot by a copy of text; NULL stays NULL. */
static void set_text(plot_figure *figure, char **slot, const char *text)
{
    free(*slot);
    *slot = text ? strdup(text) : NULL;
    if (text && !*slot)
        figure->failed = true;
}

void plot_panel_size(plot_figure *figure, double width, double height)
{
    if (!figure || !(width >= 120 && width <= 4000 && height >= 100 && height <= 4000))
        return;
    figure->width = width;
    figure->height = height;
}

void plot_heading(plot_figure *figure, const char *text)
{
    if (figure)
        set_text(figure, &figure->heading, text);
}

plot_panel *plot_panel_at(plot_figure *figure, int32_t row, int32_t column)
{
    if (!figure || row < 0 || row >= figure->rows || column < 0 || column >= figure->columns)
        return NULL;
    return &figure->panels[row * figure->columns + column];
}

void plot_labels(plot_panel *panel, const char *title, const char *x_label, const char *y_label)
{
    if (!panel)
        return;
    set_text(panel->figure, &panel->title, title);
    set_text(panel->figure, &panel->axis[PLOT_X].label, x_label);
    set_text(panel->figure, &panel->axis[PLOT_Y].label, y_label);
}

void plot_log(plot_panel *panel, int32_t axis)
{
    if (panel && (axis == PLOT_X || axis == PLOT_Y))
        panel->axis[axis].logarithmic = true;
}

void plot_range(plot_panel *panel, int32_t axis, double low, double high)
{
    if (!panel || (axis != PLOT_X && axis != PLOT_Y) || !(low < high) || !isfinite(low) || !isfinite(high))
        return;
    panel->axis[axis].fixed = true;
    panel->axis[axis].low = low;
    panel->axis[axis].high = high;
}

static plot_color choose_color(plot_panel *panel, plot_color color)
{
    if (color > PLOT_AUTO && color < PLOT_N_COLORS)
        return color;
    return (plot_color)(panel->next_color++ % PLOT_BLACK);
}

/* One more element of an array of n; NULL: no memory, remembered. */
static void *grow(plot_panel *panel, void *array, int32_t n, size_t size)
{
    void *grown = realloc(array, (size_t)(n + 1) * size);
    if (!grown)
        panel->figure->failed = true;
    return grown;
}

static void add_series(plot_panel *panel, plot_kind kind, int64_t n, const double *x, const double *y, const double *y_err,
                       plot_color color, const char *label)
{
    if (!panel || n < 1)
        return;
    plot_series *grown = grow(panel, panel->series, panel->n_series, sizeof *grown);
    if (!grown)
        return;
    panel->series = grown;
    size_t bytes = (size_t)n * sizeof(double);
    double *copy = malloc(3 * bytes);
    if (!copy) {
        panel->figure->failed = true;
        return;
    }
    plot_series *s = &panel->series[panel->n_series++];
    *s = (plot_series){.kind = kind, .n = n, .x = copy, .y = copy + n, .y_err = y_err ? copy + 2 * n : NULL, .color = choose_color(panel, color)};
    memcpy(s->x, x, bytes);
    memcpy(s->y, y, bytes);
    if (y_err)
        memcpy(s->y_err, y_err, bytes);
    set_text(panel->figure, &s->label, label);
}

void plot_line(plot_panel *panel, int64_t n, const double *x, const double *y, plot_color color, const char *label)
{
    add_series(panel, PLOT_KIND_LINE, n, x, y, NULL, color, label);
}

void plot_dashed(plot_panel *panel, int64_t n, const double *x, const double *y, plot_color color, const char *label)
{
    add_series(panel, PLOT_KIND_DASHED, n, x, y, NULL, color, label);
}

void plot_tie(plot_panel *panel, const double *x, const double *y)
{
    add_series(panel, PLOT_KIND_TIE, 2, x, y, NULL, PLOT_GREY, NULL);
}

void plot_points(plot_panel *panel, int64_t n, const double *x, const double *y, const double *y_err, plot_color color, const char *label)
{
    add_series(panel, PLOT_KIND_POINTS, n, x, y, y_err, color, label);
}

void plot_level(plot_panel *panel, double y, const char *label, plot_color color)
{
    double nowhere = NAN;
    add_series(panel, PLOT_KIND_LEVEL, 1, &nowhere, &y, NULL, color, label);
}

void plot_mark(plot_panel *panel, double x, const char *label, plot_color color)
{
    if (!panel || !isfinite(x))
        return;
    plot_tag *grown = grow(panel, panel->tags, panel->n_tags, sizeof *grown);
    if (!grown)
        return;
    panel->tags = grown;
    plot_tag *tag = &panel->tags[panel->n_tags++];
    *tag = (plot_tag){.x = x, .color = color > PLOT_AUTO && color < PLOT_N_COLORS ? color : PLOT_GREY};
    set_text(panel->figure, &tag->label, label);
}

void plot_text(plot_panel *panel, double x, double y, int32_t align, const char *text, plot_color color)
{
    if (!panel || !isfinite(x) || !isfinite(y))
        return;
    plot_remark *grown = grow(panel, panel->remarks, panel->n_remarks, sizeof *grown);
    if (!grown)
        return;
    panel->remarks = grown;
    plot_remark *remark = &panel->remarks[panel->n_remarks++];
    *remark = (plot_remark){.x = x, .y = y, .align = align, .color = color > PLOT_AUTO && color < PLOT_N_COLORS ? color : PLOT_BLACK};
    set_text(panel->figure, &remark->text, text);
}

void plot_map(plot_panel *panel, int32_t n_x, double x_low, double x_high, int32_t n_y, double y_low, double y_high, const double *values, double low,
              double high, const char *label)
{
    if (!panel || n_x < 1 || n_y < 1 || !(x_low < x_high) || !(y_low < y_high) || !(low > 0 && low < high))
        return;
    plot_image *image = &panel->image;
    free(image->values);
    image->values = malloc((size_t)n_x * (size_t)n_y * sizeof *values);
    if (!image->values) {
        panel->figure->failed = true;
        return;
    }
    memcpy(image->values, values, (size_t)n_x * (size_t)n_y * sizeof *values);
    image->n[PLOT_X] = n_x, image->n[PLOT_Y] = n_y;
    image->low[PLOT_X] = x_low, image->high[PLOT_X] = x_high;
    image->low[PLOT_Y] = y_low, image->high[PLOT_Y] = y_high;
    image->value_low = low, image->value_high = high;
    set_text(panel->figure, &image->label, label);
    plot_range(panel, PLOT_X, x_low, x_high);
    plot_range(panel, PLOT_Y, y_low, y_high);
}

void plot_span(plot_panel *panel, int32_t rows)
{
    if (!panel || rows < 1)
        return;
    const plot_figure *f = panel->figure;
    const int32_t place = (int32_t)(panel - f->panels);
    panel->span = 1;
    for (int32_t i = place + f->columns; panel->span < rows && i < f->rows * f->columns; i += f->columns) {
        f->panels[i].span = 0;
        panel->span++;
    }
}

void plot_note(plot_panel *panel, const char *text)
{
    if (panel)
        set_text(panel->figure, &panel->note, text);
}
