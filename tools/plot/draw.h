/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of drawing share: a panel's place on the page and its scales. */
#ifndef BNSL_TOOLS_PLOT_DRAW_H
#define BNSL_TOOLS_PLOT_DRAW_H

#ifdef HAVE_CAIRO
#include "picture.h"
#include "plot_internal.h"

enum { TAG_ROWS_MAX = 6 };

/* The frame in which data are drawn, and what lies around it. */
typedef struct plot_view {
    const plot_panel *panel;
    double left, top, width, height;      /* of the frame, on the page */
    double low[2], high[2];               /* of the axes */
    plot_ticks ticks[2];
    int32_t n_tag_rows;
} plot_view;

/* A rectangle on the page. */
typedef struct plot_rect {
    double x, y, width, height;
} plot_rect;

static const double plot_tick_size = 10.5, plot_label_size = 12, plot_title_size = 12.5, plot_small_size = 9.5;
static const double plot_tag_row = 11.5; /* height of a row of mark labels */

/* Places on the page of data values; NaN where there is none (logarithm of a value <= 0). */
double plot_to_x(const plot_view *view, double value);
double plot_to_y(const plot_view *view, double value);

void plot_set_color(cairo_t *cr, plot_color color, double alpha);

/* Axes with ticks and labels, title, marks with labels. tag_row[i]: the row of mark i's label, -1: no room for it. */
void plot_draw_axes(cairo_t *cr, const plot_view *view, double label_x);
void plot_draw_tags(cairo_t *cr, const plot_view *view);
int32_t plot_place_tags(cairo_t *cr, const plot_view *view, int32_t *tag_row);

/* The picture behind the curves with its scale of colours (false: no memory); texts in the panel. */
bool plot_draw_map(cairo_t *cr, const plot_view *view);
void plot_draw_remarks(cairo_t *cr, const plot_view *view);

/* Curves and points; legend and note where they hide least. */
void plot_draw_series(cairo_t *cr, const plot_view *view);
void plot_draw_boxes(cairo_t *cr, const plot_view *view);
#endif

#endif
