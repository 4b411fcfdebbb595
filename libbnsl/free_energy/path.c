/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths through potentials: an inverse power law, mixed linearly into a Mie potential, whose depth then grows. Between two depths the
 * quadrature is that of Gauss and Legendre, 3 points for half a kT: <U/eps>/N is nearly linear there, and a third-order rule is exact to far
 * below the statistical errors. Cost: none.
 */
#include <math.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { N_COUPLING = 5, N_STEP = 3 };
static const double LARGEST_STEP = 0.5;

/* Points and weights on (0, 1) [Abramowitz and Stegun, table 25.4]. */
static const double COUPLING_X[N_COUPLING] = {0.04691007703066800, 0.23076534494715845, 0.5, 0.76923465505284155, 0.95308992296933200};
static const double COUPLING_W[N_COUPLING] = {0.11846344252809454, 0.23931433524968324, 0.28444444444444444, 0.23931433524968324,
                                              0.11846344252809454};
static const double STEP_X[N_STEP] = {0.11270166537925831, 0.5, 0.88729833462074169};
static const double STEP_W[N_STEP] = {0.27777777777777778, 0.44444444444444444, 0.27777777777777778};

typedef struct writer {
    int32_t n, n_max;
    double *coupling, *well_depth, *weight;
} writer;

static void add(writer *w, double coupling, double well_depth, double weight)
{
    if (w->coupling && w->n < w->n_max) {
        w->coupling[w->n] = coupling;
        w->well_depth[w->n] = well_depth;
        w->weight[w->n] = weight;
    }
    w->n++;
}

bnsl_status bnsl_free_energy_path(int32_t n_depth, const double *depth, int32_t n_max, double *coupling_out, double *well_depth_out,
                                  double *weight_out, int32_t *n_out)
{
    if (n_depth < 1 || !depth || !n_out)
        return BNSL_FAIL(BNSL_EINVAL, "n_depth is %d, must be >= 1, and depth and n_out must not be NULL", (int)n_depth);
    for (int32_t k = 0; k < n_depth; k++)
        if (!(depth[k] > (k ? depth[k - 1] : 0) && depth[k] <= 100))
            return BNSL_FAIL(BNSL_EINVAL, "depth[%d] is %g, must be above the one before it (or 0), and at most 100", (int)k, depth[k]);
    bool asked = coupling_out || well_depth_out || weight_out;
    if (asked && !(coupling_out && well_depth_out && weight_out))
        return BNSL_FAIL(BNSL_EINVAL, "coupling_out, well_depth_out and weight_out must be given together");
    writer count = {0};
    writer *w = &count, fill = {0, n_max, coupling_out, well_depth_out, weight_out};
    for (int pass = 0; pass < (asked ? 2 : 1); pass++, w = &fill) {
        add(w, 0, depth[0], 0);
        for (int k = 0; k < N_COUPLING; k++)
            add(w, COUPLING_X[k], depth[0], COUPLING_W[k]);
        add(w, 1, depth[0], 0);
        for (int32_t k = 1; k < n_depth; k++) {
            double width = depth[k] - depth[k - 1];
            int n_parts = (int)ceil(width / LARGEST_STEP - 1e-9);
            for (int part = 0; part < n_parts; part++)
                for (int i = 0; i < N_STEP; i++)
                    add(w, 1, depth[k - 1] + width / n_parts * (part + STEP_X[i]), width / n_parts * STEP_W[i]);
            add(w, 1, depth[k], 0);
        }
        if (asked && count.n > n_max)
            return BNSL_FAIL(BNSL_EBUFFER, "the path has %d nodes, n_max is %d", (int)count.n, (int)n_max);
    }
    *n_out = count.n;
    return BNSL_OK;
}
