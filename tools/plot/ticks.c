/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Axis ranges and ticks. Linear: the step 1, 2 or 5 times a power of ten that comes nearest to the wanted number of ticks.
 * Logarithmic: powers of ten with 2..9 as minor ticks; over less than two decades 2 and 5 have labels too, and over less than a
 * factor of 5 the ticks are those of a linear axis.
 */
#include "plot_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- range ----------------------------------------------------------------------------------------------- */

typedef struct extent {
    bool logarithmic;
    double low, high;
} extent;

static void include_value(extent *e, double value)
{
    if (!isfinite(value) || (e->logarithmic && value <= 0))
        return;
    e->low = fmin(e->low, value);
    e->high = fmax(e->high, value);
}

static void include_series(extent *e, const plot_series *s, int32_t axis)
{
    for (int64_t i = 0; i < s->n; i++) {
        double v = axis == PLOT_X ? s->x[i] : s->y[i];
        include_value(e, v);
        if (axis == PLOT_Y && s->y_err && isfinite(s->y_err[i])) {
            include_value(e, v - s->y_err[i]);
            include_value(e, v + s->y_err[i]);
        }
    }
}

/* Room around the data. Positive data on a linear y axis that come near to zero start at zero. */
static void widen(extent *e, int32_t axis)
{
    double margin = axis == PLOT_X ? 0.025 : 0.06;
    if (e->logarithmic) {
        double decades = fmax(log10(e->high / e->low), 0.3);
        e->low *= pow(10, -margin * decades);
        e->high *= pow(10, margin * decades);
        return;
    }
    double width = e->high - e->low;
    if (!(width > 1e-12 * fmax(fabs(e->low), fabs(e->high))))
        width = fmax(fabs(e->high), 1);
    bool from_zero = axis == PLOT_Y && e->low >= 0 && e->low < 0.3 * e->high;
    e->low = from_zero ? 0 : e->low - margin * width;
    e->high += margin * width;
}

void plot_find_range(const plot_panel *panel, int32_t axis, double *low, double *high)
{
    const plot_axis *a = &panel->axis[axis];
    if (a->fixed && (a->low > 0 || !a->logarithmic)) {
        *low = a->low;
        *high = a->high;
        return;
    }
    extent e = {a->logarithmic, INFINITY, -INFINITY};
    for (int32_t i = 0; i < panel->n_series; i++)
        include_series(&e, &panel->series[i], axis);
    for (int32_t i = 0; axis == PLOT_X && i < panel->n_tags; i++)
        include_value(&e, panel->tags[i].x);
    if (e.low > e.high) {
        e.low = a->logarithmic ? 0.1 : 0;
        e.high = 1;
    }
    widen(&e, axis);
    *low = e.low;
    *high = e.high;
}

/* ---- labels ---------------------------------------------------------------------------------------------- */

/* An exponent of ten in superscripts: "10⁻³", after "2×" when the factor is not 1. */
static void power_label(char *text, size_t size, double factor, int exponent)
{
    static const char *const digits[10] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char plain[16], raised[64] = "";
    snprintf(plain, sizeof plain, "%d", exponent);
    for (const char *c = plain; *c; c++)
        strcat(raised, *c == '-' ? "⁻" : digits[*c - '0']);
    if (fabs(factor - 1) < 1e-9)
        snprintf(text, size, "10%s", raised);
    else
        snprintf(text, size, "%.6g×10%s", factor, raised);
}

/* Text of one tick with a number of decimals; a true minus sign, and no minus zero. */
static void decimal_label(char *text, size_t size, double value, int decimals)
{
    char plain[PLOT_TICK_TEXT - 4];
    snprintf(plain, sizeof plain, "%.*f", decimals, fabs(value));
    bool negative = value < 0 && strspn(plain, "0.") != strlen(plain);
    snprintf(text, size, "%s%s", negative ? "−" : "", plain);
}

/* ---- ticks ----------------------------------------------------------------------------------------------- */

static void add_tick(plot_ticks *t, double value, const char *label)
{
    if (t->n == PLOT_TICKS_MAX)
        return;
    t->value[t->n] = value;
    snprintf(t->label[t->n], PLOT_TICK_TEXT, "%s", label);
    t->n++;
}

/* The round step nearest to raw on a logarithmic scale, and how many minor steps divide it. */
static double round_step(double raw, int *n_minor)
{
    static const double mantissa[4] = {1, 2, 5, 10};
    double power = pow(10, floor(log10(raw)));
    int best = 0;
    for (int i = 1; i < 4; i++)
        if (fabs(log(mantissa[i] * power / raw)) < fabs(log(mantissa[best] * power / raw)))
            best = i;
    *n_minor = best == 1 ? 4 : 5;
    return mantissa[best] * power;
}

static void linear_label(char *text, double value, double step, double largest)
{
    int decimals = (int)fmax(0, -floor(log10(step) + 1e-9));
    if (largest >= 1e5 || decimals > 5) {
        int exponent = (int)floor(log10(largest) + 1e-9);
        double scaled = value / pow(10, exponent);
        char number[PLOT_TICK_TEXT], power[PLOT_TICK_TEXT];
        decimal_label(number, 16, scaled, (int)fmax(0, -floor(log10(step / pow(10, exponent)) + 1e-9)));
        power_label(power, sizeof power, 1, exponent);
        if (fabs(value) < 1e-9 * step)
            snprintf(text, PLOT_TICK_TEXT, "0");
        else
            snprintf(text, PLOT_TICK_TEXT, "%.10s×%.16s", number, power);
        return;
    }
    decimal_label(text, PLOT_TICK_TEXT, value, decimals);
}

static void linear_ticks(double low, double high, double n_wanted, plot_ticks *t)
{
    int n_minor = 1;
    double step = round_step((high - low) / n_wanted, &n_minor);
    double minor = step / n_minor, slack = 1e-9 * step;
    double largest = fmax(fabs(low), fabs(high));
    for (double k = ceil((low - slack) / minor); k * minor <= high + slack && t->n < PLOT_TICKS_MAX; k++) {
        char label[PLOT_TICK_TEXT] = "";
        if (fmod(k, n_minor) == 0)
            linear_label(label, k * minor, step, largest);
        add_tick(t, k * minor, label);
    }
}

static void logarithmic_ticks(double low, double high, double n_wanted, plot_ticks *t)
{
    int first = (int)floor(log10(low)), last = (int)ceil(log10(high));
    int every = (int)fmax(1, ceil(log10(high / low) / n_wanted));
    bool few = log10(high / low) < 2, fine = last - first <= 7;
    for (int exponent = first; exponent <= last; exponent++) {
        for (int digit = 1; digit <= (fine ? 9 : 1); digit++) {
            double value = digit * pow(10, exponent);
            if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9))
                continue;
            bool major = digit == 1 ? exponent % every == 0 : few && (digit == 2 || digit == 5);
            char label[PLOT_TICK_TEXT] = "";
            if (major && few && abs(exponent) <= 3)
                decimal_label(label, sizeof label, value, exponent < 0 ? -exponent : 0);
            else if (major)
                power_label(label, sizeof label, digit, exponent);
            add_tick(t, value, label);
        }
    }
}

void plot_find_ticks(double low, double high, bool logarithmic, double n_wanted, plot_ticks *ticks)
{
    ticks->n = 0;
    n_wanted = fmin(fmax(n_wanted, 2), 10);
    if (logarithmic && high / low > 5)
        logarithmic_ticks(low, high, n_wanted, ticks);
    else
        linear_ticks(low, high, n_wanted, ticks);
}
