/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phases, clusters, surfaces, grains. */
#include <stdlib.h>

#include "phases.h"

static void count_phases(int64_t n, const int32_t *species, const int32_t *phase, phase_counts *counts)
{
    *counts = (phase_counts){0, {0}, 0, 0};
    for (int64_t i = 0; i < n; i++)
        if (species[i] == 0) {
            counts->n_large++;
            counts->n_phase[phase[i]]++;
        }
}

bnsl_status phases_find(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t num_threads, int32_t *phase_out,
                        int32_t *cluster_out, phase_counts *counts_out)
{
    bnsl_order_classify_options o;
    bnsl_order_classify_options_init(&o, sizeof o);
    o.num_threads = num_threads;
    bnsl_status status = bnsl_order_classify(box, n, xyz, species, &o, phase_out);
    if (status != BNSL_OK)
        return status;
    count_phases(n, species, phase_out, counts_out);
    int32_t *cluster = cluster_out ? cluster_out : malloc((size_t)(n + 1) * sizeof *cluster);
    int64_t *size = malloc((size_t)(counts_out->n_large + 1) * sizeof *size);
    status = cluster && size ? bnsl_order_crystal_clusters(box, n, xyz, species, phase_out, num_threads, cluster, &counts_out->n_clusters, size)
                             : BNSL_ENOMEM;
    if (status == BNSL_OK && counts_out->n_clusters > 0)
        counts_out->largest_cluster = size[0];
    free(size);
    if (!cluster_out)
        free(cluster);
    return status;
}

bnsl_status phases_crystals(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase, int32_t num_threads,
                            int32_t *region_out, int32_t *confirmed_out, int32_t *grain_out, phase_crystals *out)
{
    bnsl_order_grains_options o;
    phase_crystals c = {.grain_size = malloc((size_t)(n + 1) * sizeof(int64_t)), .grain_phase = malloc((size_t)(n + 1) * sizeof(int32_t))};
    bnsl_status status = c.grain_size && c.grain_phase ? bnsl_order_grains_options_init(&o, sizeof o) : BNSL_ENOMEM;
    if (status == BNSL_OK) {
        o.num_threads = num_threads;
        status = bnsl_order_grains(box, n, xyz, species, phase, &o, grain_out, &c.n_grains, c.grain_size, c.grain_phase);
    }
    if (status == BNSL_OK)
        status = bnsl_order_surface(box, n, xyz, species, phase, num_threads, region_out, c.n_region);
    if (status == BNSL_OK)
        status = bnsl_order_confirm(box, n, xyz, species, phase, num_threads, confirmed_out, NULL);
    for (int64_t i = 0; status == BNSL_OK && i < n; i++)
        c.n_confirmed += confirmed_out[i];
    if (status == BNSL_OK)
        *out = c;
    else
        phases_crystals_free(&c);
    return status;
}

void phases_crystals_free(phase_crystals *c)
{
    free(c->grain_size);
    free(c->grain_phase);
    *c = (phase_crystals){.n_grains = 0};
}
