/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a figure holds, and the ticks of an axis. */
#ifndef BNSL_TOOLS_PLOT_INTERNAL_H
#define BNSL_TOOLS_PLOT_INTERNAL_H

#include "plot.h"

typedef enum plot_kind { PLOT_KIND_LINE, PLOT_KIND_DASHED, PLOT_KIND_POINTS, PLOT_KIND_LEVEL, PLOT_KIND_TIE } plot_kind;

typedef struct plot_series {
    plot_kind kind;
    int64_t n;
    double *x, *y, *y_err; /* one allocation, at x; y_err NULL: none */
    plot_color color;
    char *label;           /* NULL: none */
} plot_series;

typedef struct plot_tag {
    double x;
    char *label;
    plot_color color;
} plot_tag;

typedef struct plot_remark {
    double x, y;
    int32_t align;
    char *text;
    plot_color color;
} plot_remark;

typedef struct plot_image {
    int32_t n[2];            /* 0: none */
    double low[2], high[2];  /* the rectangle */
    double *values, value_low, value_high;
    char *label;
} plot_image;

typedef struct plot_axis {
    char *label;
    bool logarithmic, fixed;
    double low, high;
} plot_axis;

struct plot_panel {
    plot_figure *figure;
    char *title, *note;
    plot_axis axis[2];
    int32_t n_series, n_tags, n_remarks;
    int32_t span;  /* rows; 0: covered by another panel */
    plot_series *series;
    plot_tag *tags;
    plot_remark *remarks;
    plot_image image;
    int32_t next_color;
};

struct plot_figure {
    int32_t rows, columns;
    double width, height; /* of a panel */
    char *heading;
    plot_panel *panels;   /* row-major */
    bool failed;          /* memory ran out */
};

enum { PLOT_TICKS_MAX = 100, PLOT_TICK_TEXT = 32 };

typedef struct plot_ticks {
    int32_t n;
    double value[PLOT_TICKS_MAX];
    char label[PLOT_TICKS_MAX][PLOT_TICK_TEXT]; /* "" for a minor tick */
} plot_ticks;

/* Range of an axis that shows all data of the panel, or the fixed one; low < high, and > 0 when logarithmic. */
void plot_find_range(const plot_panel *panel, int32_t axis, double *low, double *high);

/* Round ticks in low..high, some n_wanted of them with labels. */
void plot_find_ticks(double low, double high, bool logarithmic, double n_wanted, plot_ticks *ticks);

#endif
