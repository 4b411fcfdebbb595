/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Line plots to PNG, SVG or PDF (by the file's ending): panels in a grid, axes with round ticks, linear or logarithmic,
 * lines, points with error bars, marked positions with labels, legend. Texts are UTF-8: "q (nm⁻¹)", "σ", "χ²".
 *
 *     plot_figure *fig = plot_create(1, 2);                       // rows, columns of panels
 *     plot_panel *p = plot_panel_at(fig, 0, 0);
 *     plot_labels(p, "AlB2", "q (nm⁻¹)", "S(q)");
 *     plot_points(p, n, q, s, s_err, PLOT_BLUE, "measured");
 *     plot_line(p, n, q, fit, PLOT_VERMILION, "fit");
 *     plot_mark(p, q001, "001", PLOT_BLUE);
 *     status = plot_write(fig, path, common.force);               // CLI_DONE or CLI_FAILED (said)
 *     plot_destroy(fig);
 *
 * Data and texts are copied. Values that are not finite leave gaps; on logarithmic axes values <= 0 do. When memory runs out the
 * figure remembers it and plot_write fails. NULL figures and panels are ignored everywhere (plot_write then says "out of memory").
 * Without cairo at configure time all calls work, and plot_write says that pictures need cairo.
 */
#ifndef BNSL_TOOLS_PLOT_H
#define BNSL_TOOLS_PLOT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct plot_figure plot_figure;
typedef struct plot_panel plot_panel;

/* Colours that stay distinct for colour-blind readers [Okabe and Ito 2008]. PLOT_AUTO takes the next one of the panel. */
typedef enum plot_color {
    PLOT_AUTO = -1,
    PLOT_BLUE,
    PLOT_VERMILION,
    PLOT_GREEN,
    PLOT_PURPLE,
    PLOT_ORANGE,
    PLOT_SKY,
    PLOT_BLACK,
    PLOT_GREY,
    PLOT_N_COLORS
} plot_color;

enum { PLOT_X = 0, PLOT_Y = 1 };

/* rows x columns panels, each 1..8. */
plot_figure *plot_create(int32_t rows, int32_t columns);
void plot_destroy(plot_figure *figure);

/* Size of one panel in points (1/72 inch), frame and labels included; default 420 x 300. A PNG has 2 pixels a point. */
void plot_panel_size(plot_figure *figure, double width, double height);

/* A heading over all panels. */
void plot_heading(plot_figure *figure, const char *text);

/* Panel in a row and column counted from 0; NULL when there is none. */
plot_panel *plot_panel_at(plot_figure *figure, int32_t row, int32_t column);

/* Title and axis labels of a panel; NULL: none. */
void plot_labels(plot_panel *panel, const char *title, const char *x_label, const char *y_label);

/* Makes an axis (PLOT_X, PLOT_Y) logarithmic. */
void plot_log(plot_panel *panel, int32_t axis);

/* Fixes an axis' range; without it the data decide. Ignored unless low < high. */
void plot_range(plot_panel *panel, int32_t axis, double low, double high);

/* A curve; label NULL: not in the legend. */
void plot_line(plot_panel *panel, int64_t n, const double *x, const double *y, plot_color color, const char *label);

/* A dashed curve. */
void plot_dashed(plot_panel *panel, int64_t n, const double *x, const double *y, plot_color color, const char *label);

/* A thin grey line between two places (2 values), behind the dots. */
void plot_tie(plot_panel *panel, const double *x, const double *y);

/* Dots with vertical error bars (y_err n values >= 0, or NULL). */
void plot_points(plot_panel *panel, int64_t n, const double *x, const double *y, const double *y_err, plot_color color, const char *label);

/* A vertical mark at x with a small label over it ("001"); labels that would collide are staggered. */
void plot_mark(plot_panel *panel, double x, const char *label, plot_color color);

/* A horizontal line across the panel, dotted. */
void plot_level(plot_panel *panel, double y, const char *label, plot_color color);

/* Text beside a place in the panel, its baseline there; align < 0: ends at x, 0: centred, > 0: starts at x. */
void plot_text(plot_panel *panel, double x, double y, int32_t align, const char *text, plot_color color);

/*
 * A picture of n_x x n_y values (row-major, y slowest and upwards) that fills the rectangle x_low .. x_high, y_low .. y_high, behind all
 * curves; colours by the logarithm of the value between low and high > 0, with a scale named label over the frame's right end. NaN is
 * white. The panel's range becomes the rectangle.
 */
void plot_map(plot_panel *panel, int32_t n_x, double x_low, double x_high, int32_t n_y, double y_low, double y_high, const double *values, double low,
              double high, const char *label);

/* Lets a panel reach over rows rows, its own included; the panels below that it covers are not drawn. */
void plot_span(plot_panel *panel, int32_t rows);

/* A few lines of text in the panel's emptiest corner: fit results. Newlines separate. */
void plot_note(plot_panel *panel, const char *text);

/* Draws the figure into a file; not over an existing one unless force. CLI_DONE or CLI_FAILED (said). */
int plot_write(plot_figure *figure, const char *path, bool force);

#endif
