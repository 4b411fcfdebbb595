/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shells of neighbours around a site of a perfect crystal, found by a plain search, and their Steinhardt parameters. */
#ifndef BNSL_TEST_SHELLS_H
#define BNSL_TEST_SHELLS_H

#include "bnsl_test.h"

enum { SHELL_MAX = 64 };

typedef struct shell {
    int32_t n;
    double xyz[3 * SHELL_MAX];
} shell;

/* A shell of the table order/ql_wl_perfect.csv: "environment,n_neighbours". The test fails for other names, and when the shell is not closed. */
shell shell_named(const char *name);

/* Of the site in the middle, with the library. w_out may be NULL. */
void shell_steinhardt(const shell *s, int32_t n_l, const int32_t *l, double *q_out, double *w_out);

#endif
