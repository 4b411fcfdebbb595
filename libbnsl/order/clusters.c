/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clusters: connected components of a bond list among selected particles, by a union-find forest whose roots are the lowest particle of
 * each tree, so that the result depends on the set of bonds alone. Numbered by a counting sort of their sizes. Cost: O(bonds + n).
 */
#include <stdlib.h>

#include "order_crystal.h"

static int32_t find_root(int32_t *parent, int32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static void join_bonds(const order_bonds *bonds, const int32_t *selected, int32_t *parent)
{
    for (int32_t i = 0; i < bonds->n_query; i++) {
        if (selected && !selected[i])
            continue;
        for (int64_t b = bonds->offset[i]; b < bonds->offset[i + 1]; b++) {
            if (selected && !selected[bonds->index[b]])
                continue;
            int32_t p = find_root(parent, i), q = find_root(parent, bonds->index[b]);
            if (p < q)
                parent[q] = p;
            else
                parent[p] = q;
        }
    }
}

/*
 * size[i] holds the size of the cluster whose root is i, 0 elsewhere. Gives number[root]: clusters by decreasing size, then increasing
 * root. first[s] (n + 1 entries, zeroed) becomes the number of the next cluster of size s.
 */
static int64_t number_clusters(int64_t n, const int32_t *size, int32_t *first, int32_t *number)
{
    int64_t n_clusters = 0;
    for (int64_t i = 0; i < n; i++)
        if (size[i] > 0) {
            first[size[i]]++;
            n_clusters++;
        }
    int32_t larger = 0;
    for (int64_t s = n; s > 0; s--) {
        int32_t here = first[s];
        first[s] = larger;
        larger += here;
    }
    for (int64_t i = 0; i < n; i++)
        if (size[i] > 0)
            number[i] = first[size[i]]++;
    return n_clusters;
}

static bool check_points(const order_bonds *bonds)
{
    for (int64_t b = 0; b < bonds->offset[bonds->n_query]; b++)
        if (bonds->index[b] >= bonds->n_query)
            return false;
    return true;
}

bnsl_status bnsl__order_join(const order_bonds *bonds, const int32_t *selected, int32_t *cluster_out, int64_t *n_clusters_out, int64_t *size_out,
                             const char *func)
{
    int64_t n = bonds->n_query;
    int32_t *work = bnsl__calloc(4 * n + 1, sizeof *work);
    if (!work)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    int32_t *parent = work, *size = work + n, *number = work + 2 * n, *first = work + 3 * n; /* first has n + 1 entries */
    for (int32_t i = 0; i < n; i++)
        parent[i] = i;
    join_bonds(bonds, selected, parent);
    for (int32_t i = 0; i < n; i++)
        if (!selected || selected[i])
            size[find_root(parent, i)]++;
    int64_t n_clusters = number_clusters(n, size, first, number);
    for (int32_t i = 0; i < n; i++) {
        cluster_out[i] = !selected || selected[i] ? number[find_root(parent, i)] : -1;
        if (size_out && size[i] > 0)
            size_out[number[i]] = size[i];
    }
    if (n_clusters_out)
        *n_clusters_out = n_clusters;
    free(work);
    return BNSL_OK;
}

bnsl_status bnsl_order_clusters(const bnsl_neighbor_list *list, const int32_t *selected, int32_t *cluster_out, int64_t *n_clusters_out,
                                int64_t *size_out)
{
    order_bonds bonds;
    if (!bnsl__order_load_bonds(list, false, true, "list", &bonds, __func__))
        return BNSL_EINVAL;
    int64_t n = bonds.n_query;
    if (n > 0 && (!selected || !cluster_out))
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", selected ? "cluster_out" : "selected");
    if (!check_points(&bonds))
        return BNSL_FAIL(BNSL_EINVAL, "the list's query points and points are different sets, must be the same");
    return bnsl__order_join(&bonds, selected, cluster_out, n_clusters_out, size_out, __func__);
}
