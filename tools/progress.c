/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of progress on a terminal's stderr, rewritten in place. */
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static const double interval = 0.2; /* seconds between two lines */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int terminal_width(void)
{
#ifdef TIOCGWINSZ
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10)
        return size.ws_col;
#endif
    return 80;
}

/* "12.3k" */
static void format_rate(char *text, size_t size, double rate)
{
    static const char *const suffix[] = {"", "k", "M", "G"};
    int i = 0;
    for (; rate >= 1000 && i < 3; i++)
        rate /= 1000;
    snprintf(text, size, "%.3g%s", rate, suffix[i]);
}

/* "1:05" or "2:03:04" */
static void format_seconds(char *text, size_t size, double seconds)
{
    long s = seconds < 3.6e6 ? (long)(seconds + 0.5) : 3599999;
    if (s >= 3600)
        snprintf(text, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(text, size, "%ld:%02ld", s / 60, s % 60);
}

/* Cuts UTF-8 text to a number of columns. */
static void cut(char *text, int columns)
{
    for (char *c = text; *c; c++) {
        if (((unsigned char)*c & 0xC0) == 0x80)
            continue;
        if (columns-- == 0) {
            *c = '\0';
            return;
        }
    }
}

static void draw(const progress *p, double t)
{
    char line[400], rate_text[32], left_text[32];
    double rate = t > p->start ? (double)(p->done - p->first) / (t - p->start) : 0;
    size_t n = (size_t)snprintf(line, 64, "%.60s", p->job);
    n = n < 63 ? n : 63;
    if (p->total > 0)
        n += (size_t)snprintf(line + n, 32, "  %3.0f%%", 100 * (double)p->done / (double)p->total);
    if (p->unit && rate > 0) {
        format_rate(rate_text, sizeof rate_text, rate);
        n += (size_t)snprintf(line + n, 96, "  %s %.40s/s", rate_text, p->unit);
    }
    if (p->total > p->done && rate > 0) {
        format_seconds(left_text, sizeof left_text, (double)(p->total - p->done) / rate);
        n += (size_t)snprintf(line + n, 64, "  %s left", left_text);
    }
    if (p->text[0])
        snprintf(line + n, sizeof line - n, "  %s", p->text);
    cut(line, terminal_width() - 1);
    fprintf(stderr, "\r\033[K%s", line);
    fflush(stderr);
}

void progress_begin(progress *p, const cli_common *common, const char *job, const char *unit, int64_t total)
{
    *p = (progress){.visible = isatty(STDERR_FILENO) && !common->quiet && !common->json, .job = job, .unit = unit, .total = total, .first = -1};
}

void progress_update(progress *p, int64_t done)
{
    p->done = done;
    if (!p->visible)
        return;
    double t = now();
    if (p->first < 0) {
        p->first = done;
        p->start = t;
    }
    if (t - p->last < interval)
        return;
    p->last = t;
    draw(p, t);
}

void progress_text(progress *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(p->text, sizeof p->text, format, arguments);
    va_end(arguments);
}

void progress_end(progress *p)
{
    if (p->visible && p->last > 0) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    p->visible = false;
}

int32_t progress_callback(void *user, int64_t done, int64_t total)
{
    progress *p = user;
    if (p->total <= 0)
        p->total = total;
    progress_update(p, p->offset + done);
    return 0;
}
