/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What bnsl order found in a trajectory, as table, JSON and picture. */
#ifndef BNSL_TOOLS_ORDER_REPORT_H
#define BNSL_TOOLS_ORDER_REPORT_H

#include "cli.h"
#include "phases.h"

/* One frame's result. */
typedef struct order_row {
    int64_t step;
    phase_counts counts;
    phase_crystals crystals;
} order_row;

/* Heading of tables, with the units below, and the values of a row: ORDER_COLUMNS of them. */
enum { ORDER_COLUMNS = 13 };
extern const char order_columns[];
void order_values(const order_row *row, double *values);

/* The report on stdout; readout: of --nucleation, or NULL. CLI_DONE or CLI_FAILED (said). */
int order_report(const cli_common *common, int64_t n, const order_row *rows, const bnsl_order_nucleation *readout);

/* A picture of the counts against the step. CLI_DONE or CLI_FAILED (said). */
int order_picture(const cli_common *common, int64_t n, const order_row *rows, const bnsl_order_nucleation *readout, const char *path);

#endif
