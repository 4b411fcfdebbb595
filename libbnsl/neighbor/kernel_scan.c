/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distance tests of runs of sorted points. Every instruction set does the same operations on each point. Cost: O(points of the runs). */
#include "neighbor_internal.h"

int64_t BNSL_KERNEL(bnsl__neighbor_scan) BNSL__SCAN_ARGUMENTS
{
    const double qx = query[0], qy = query[1], qz = query[2];
    int64_t n = 0;
    for (int64_t r = 0; r < n_runs; r++) {
        for (int32_t i = runs[r].begin; i < runs[r].end; i++) {
            const double dx = x[i] - qx, dy = y[i] - qy, dz = z[i] - qz;
            const double square = dx * dx + dy * dy + dz * dz;
            id_out[n] = id[i]; /* overwritten by the next point unless it counts */
            square_out[n] = square;
            n += square < square_max;
        }
    }
    return n;
}
