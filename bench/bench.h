/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every benchmark needs: an end with a message, memory, clocks, medians. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <bnsl/core.h>

static inline void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", __BASE_FILE__, what);
    exit(1);
}

static inline void must(bnsl_status status)
{
    if (status != BNSL_OK)
        die(bnsl_error_message());
}

static inline void *memory(int64_t n, size_t size)
{
    void *p = calloc((size_t)n, size);
    if (!p)
        die("out of memory");
    return p;
}

/* Seconds. */
static inline double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts v. */
static inline double median(int n, double *v)
{
    qsort(v, (size_t)n, sizeof *v, by_value);
    return 0.5 * (v[n / 2] + v[(n - 1) / 2]);
}

#endif
