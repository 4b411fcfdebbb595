/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phases and crystalline clusters. */
#include <stdbool.h>
#include <stdlib.h>

#include "phases.h"

enum { N_SPACING = 6 };

static const double bond_factor = 1.35, smallest_spacing = 1e-100;

/* The L particles, and the crystalline ones among them (crystal: indices into all particles). */
typedef struct selection {
    int64_t n_l, n;
    double *l, *xyz, *spacing; /* positions of L; positions and L-L distances of the crystalline ones */
    int64_t *crystal, *place;  /* index among all particles, index among the L, of the crystalline ones */
    int32_t *all, *cluster;
} selection;

static void free_selection(selection *s)
{
    free(s->l);
    free(s->xyz);
    free(s->spacing);
    free(s->crystal);
    free(s->place);
    free(s->all);
    free(s->cluster);
}

static bool make_selection(selection *s, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase, const phase_counts *counts)
{
    size_t n_l = (size_t)counts->n_large, n_c = n_l - (size_t)counts->n_phase[BNSL_PHASE_FLUID];
    *s = (selection){.l = malloc(3 * n_l * sizeof(double)),
                     .xyz = malloc(3 * n_c * sizeof(double)),
                     .spacing = malloc(n_c * sizeof(double)),
                     .crystal = malloc(n_c * sizeof(int64_t)),
                     .place = malloc(n_c * sizeof(int64_t)),
                     .all = malloc(n_c * sizeof(int32_t)),
                     .cluster = malloc(n_c * sizeof(int32_t))};
    if (!s->l || !s->xyz || !s->spacing || !s->crystal || !s->place || !s->all || !s->cluster)
        return false;
    for (int64_t i = 0; i < n; i++) {
        if (species[i] != 0)
            continue;
        for (int k = 0; k < 3; k++)
            s->l[3 * s->n_l + k] = xyz[3 * i + k];
        if (phase[i] != BNSL_PHASE_FLUID) {
            for (int k = 0; k < 3; k++)
                s->xyz[3 * s->n + k] = xyz[3 * i + k];
            s->crystal[s->n] = i;
            s->place[s->n] = s->n_l;
            s->all[s->n] = 1;
            s->n++;
        }
        s->n_l++;
    }
    return true;
}

/* Mean distance of the 6 nearest L (or images) of each crystalline L. */
static bnsl_status measure_spacing(selection *s, const bnsl_box *box, int32_t num_threads)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list = NULL;
    const int64_t *offset;
    const double *distance;
    bnsl_neighbor_options_init(&o, sizeof o);
    o.mode = BNSL_NEIGHBOR_NEAREST;
    o.r_max = 0;
    o.k = N_SPACING;
    o.num_threads = num_threads;
    bnsl_status status = bnsl_neighbor_create(&list, &o);
    if (status == BNSL_OK)
        status = bnsl_neighbor_build(list, box, s->n_l, s->l, NULL, NULL);
    if (status == BNSL_OK)
        status = bnsl_neighbor_view(list, &offset, NULL, NULL, &distance);
    for (int64_t i = 0; status == BNSL_OK && i < s->n; i++) {
        double sum = 0;
        for (int k = 0; k < N_SPACING; k++)
            sum += distance[offset[s->place[i]] + k];
        s->spacing[i] = sum > smallest_spacing ? sum / N_SPACING : smallest_spacing;
    }
    bnsl_neighbor_destroy(list);
    return status;
}

static bnsl_status join(selection *s, const bnsl_box *box, int32_t num_threads, phase_counts *counts)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list = NULL;
    int64_t *size = malloc((size_t)s->n * sizeof *size);
    bnsl_neighbor_options_init(&o, sizeof o);
    o.flags = BNSL_NEIGHBOR_NO_VECTORS;
    o.num_threads = num_threads;
    bnsl_status status = size ? bnsl_neighbor_create(&list, &o) : BNSL_ENOMEM;
    if (status == BNSL_OK)
        status = bnsl_neighbor_set_additive_cutoff(list, bond_factor, 0);
    if (status == BNSL_OK)
        status = bnsl_neighbor_build(list, box, s->n, s->xyz, NULL, s->spacing);
    if (status == BNSL_OK)
        status = bnsl_order_clusters(list, s->all, s->cluster, &counts->n_clusters, size);
    if (status == BNSL_OK)
        counts->largest_cluster = size[0];
    bnsl_neighbor_destroy(list);
    free(size);
    return status;
}

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
    for (int64_t i = 0; cluster_out && i < n; i++)
        cluster_out[i] = -1;
    if (counts_out->n_phase[BNSL_PHASE_FLUID] == counts_out->n_large)
        return BNSL_OK;
    selection s = {.n = 0};
    status = make_selection(&s, n, xyz, species, phase_out, counts_out) ? measure_spacing(&s, box, num_threads) : BNSL_ENOMEM;
    if (status == BNSL_OK)
        status = join(&s, box, num_threads, counts_out);
    for (int64_t i = 0; status == BNSL_OK && cluster_out && i < s.n; i++)
        cluster_out[s.crystal[i]] = s.cluster[i];
    free_selection(&s);
    return status;
}
