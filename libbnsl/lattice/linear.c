/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small linear programs: maximise c.x with A x <= b, x >= 0, b >= 0, by the simplex method on a condensed tableau with Bland's rule, which
 * never cycles [Bland, Math. Oper. Res. 2, 103 (1977)]. The origin is feasible, so there is no first phase. Cost: rows x columns a pivot.
 */
#include <math.h>

#include "lattice_internal.h"

#define TINY 1e-12

/* The row that limits an increase of a column's variable most; -1: none does. Ties: the variable of the lowest number. */
static int32_t leaving_row(const bnsl__linear_program *lp, int32_t column, const int32_t *row_variable)
{
    int32_t best = -1;
    double smallest = INFINITY;
    for (int32_t i = 0; i < lp->m; i++) {
        if (!(lp->a[i][column] > TINY))
            continue;
        double ratio = lp->b[i] / lp->a[i][column];
        if (ratio < smallest - TINY || (best >= 0 && ratio <= smallest + TINY && row_variable[i] < row_variable[best])) {
            smallest = fmin(ratio, smallest);
            best = i;
        }
    }
    return best;
}

/* Exchanges the variable of a row with that of a column. */
static void pivot(bnsl__linear_program *lp, int32_t row, int32_t column)
{
    double inverse = 1.0 / lp->a[row][column];
    for (int32_t j = 0; j < lp->n; j++)
        lp->a[row][j] *= j == column ? 0.0 : inverse;
    lp->a[row][column] = inverse;
    lp->b[row] *= inverse;
    for (int32_t i = 0; i < lp->m; i++) {
        double factor = lp->a[i][column];
        if (i == row || factor == 0.0)
            continue;
        for (int32_t j = 0; j < lp->n; j++)
            lp->a[i][j] = (j == column ? 0.0 : lp->a[i][j]) - factor * lp->a[row][j];
        lp->b[i] = fmax(lp->b[i] - factor * lp->b[row], 0.0);
    }
    double gain = lp->c[column];
    for (int32_t j = 0; j < lp->n; j++)
        lp->c[j] = (j == column ? 0.0 : lp->c[j]) - gain * lp->a[row][j];
}

void bnsl__linear_maximum(bnsl__linear_program *lp, double x[BNSL__LP_COLUMNS])
{
    int32_t row_variable[BNSL__LP_ROWS], column_variable[BNSL__LP_COLUMNS]; /* 0 .. n - 1: x; then the slacks */
    for (int32_t j = 0; j < lp->n; j++)
        column_variable[j] = j;
    for (int32_t i = 0; i < lp->m; i++)
        row_variable[i] = lp->n + i;
    for (int32_t count = 0; count < 50 * BNSL__LP_ROWS; count++) {
        int32_t column = -1;
        for (int32_t j = 0; j < lp->n; j++)
            if (lp->c[j] > TINY && (column < 0 || column_variable[j] < column_variable[column]))
                column = j;
        int32_t row = column < 0 ? -1 : leaving_row(lp, column, row_variable);
        if (row < 0)
            break;
        pivot(lp, row, column);
        int32_t variable = row_variable[row];
        row_variable[row] = column_variable[column];
        column_variable[column] = variable;
    }
    for (int32_t j = 0; j < lp->n; j++)
        x[j] = 0.0;
    for (int32_t i = 0; i < lp->m; i++)
        if (row_variable[i] < lp->n)
            x[row_variable[i]] = lp->b[i];
}
