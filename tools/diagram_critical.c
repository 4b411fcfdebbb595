/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vapour and liquid close to the critical depth, and that depth. Where the plan has columns through the dome (diagram_plan.c) they come from
 * the surface of all depths up to there, or else from one of the depths around.
 */
#include <math.h>
#include <stdio.h>

#include "diagram_fit.h"

bool diagram_has_dome(const diagram *d, double depth)
{
    return d->through && depth <= d->dome_depth;
}

/* Vapour and liquid close to the critical depth, where the columns between them are slow but have not split: one surface for both. */
void diagram_near_critical(diagram *d, double depth, int32_t n_samples, diagram_pair *pair)
{
    bnsl_free_energy_surface *both = NULL;
    double shift_err[2] = {0, 0};
    if (diagram_has_dome(d, depth)) {
        diagram_coexist(d, d->through, d->through, shift_err, depth, n_samples, pair);
        return;
    }
    selection f = diagram_whole_fluid(d);
    f.slow = true;
    f.quick = n_samples == 0;
    diagram_set_window(&f, d, depth);
    if (!diagram_fit_surface(&f, &both))
        diagram_coexist(d, both, both, shift_err, depth, 0, pair);
    for (int k = 0; pair->found && k < 2; k++)
        shift_err[k] = diagram_common_error(d, pair->at.density[k]);
    if (pair->found && n_samples > 0)
        diagram_coexist(d, both, both, shift_err, depth, n_samples, pair);
    bnsl_free_energy_surface_destroy(both);
}

void diagram_find_critical(diagram *d)
{
    double low = d->spec.depth[d->spec.depth[0] > 0 ? 0 : 1], high = d->spec.depth[d->spec.n_depth - 1], at = diagram_first_clumped(d);
    bnsl_free_energy_surface *surface = NULL;
    selection s = diagram_whole_fluid(d);
    s.n_depth = 4;
    s.slow = true;
    s.depth[0] = fmax(low, fmin(at, high) - 0.8);
    s.depth[1] = fmin(at, high);
    bnsl_status status = d->through ? BNSL_OK : diagram_fit_surface(&s, &surface);
    const bnsl_free_energy_surface *of = d->through ? d->through : surface;
    if (!status)
        status =
            bnsl_free_energy_critical_depth(of, DIAGRAM_SAMPLES, d->spec.seed, &d->critical_depth, &d->critical_depth_err, &d->critical_density);
    d->critical_found = !status;
    if (status)
        snprintf(d->critical_why, sizeof d->critical_why, "%.290s", cli_library_message());
    bnsl_free_energy_surface_destroy(surface);
}
