/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Size classes. Points whose cut-offs are alike share a class; each pair of classes is then searched only as far as it needs.
 * One cut-off: one class. Species: one class each, or up to 8 groups of species by their largest cut-off. Additive diameters:
 * one class for each diameter while there are few, else up to 8 ranges in geometric progression. Cost: O(n).
 */
#include <math.h>
#include <string.h>

#include "neighbor_internal.h"

/* Maps a size to a class: listed values, or ranges that begin at bound[]. */
typedef struct {
    int n;
    bool listed;
    double bound[BNSL__MAX_CLASSES];
} size_map;

static int class_of_size(const size_map *map, double size)
{
    int c = map->n - 1;
    while (c > 0 && (map->listed ? size != map->bound[c] : size < map->bound[c]))
        c--;
    return c;
}

/* Adds a size to the listed ones; false when that would be one too many. */
static bool list_size(size_map *map, double size)
{
    for (int c = 0; c < map->n; c++)
        if (map->bound[c] == size)
            return true;
    if (map->n == BNSL__MAX_CLASSES)
        return false;
    map->bound[map->n++] = size;
    return true;
}

/* Ranges from low to high: wider ranges of sizes deserve more classes, each of which costs a search of its own. */
static void divide_range(size_map *map, double low, double high)
{
    const double ratio = high / low;
    map->listed = false;
    map->n = ratio < 1.25 ? 1 : ratio < 2.0 ? 2 : ratio < 8.0 ? 4 : 8;
    double step = ratio;
    for (int n = map->n; n > 1; n /= 2)
        step = sqrt(step);
    map->bound[0] = low;
    for (int c = 1; c < map->n; c++)
        map->bound[c] = map->bound[c - 1] * step;
}

/* Classes of diameters, each searched to the largest cut-off of its range. */
static void map_diameters(const bnsl_neighbor_list *list, const bnsl__points *query, const bnsl__points *point, size_map *map, bnsl__classes *classes)
{
    const bnsl__points *const sets[2] = {query, point};
    double low = INFINITY, high = 0.0, last = 0.0;
    bool few = true;
    map->listed = true;
    for (int k = 0; k < (query->diameter == point->diameter && query->n == point->n ? 1 : 2); k++) {
        for (int64_t i = 0; i < sets[k]->n; i++) {
            const double d = sets[k]->diameter[i];
            if (d == last)
                continue;
            last = d;
            low = fmin(low, d);
            high = fmax(high, d);
            few = few && list_size(map, d);
        }
    }
    if (!few)
        divide_range(map, low, high);
    double largest[BNSL__MAX_CLASSES];
    for (int c = 0; c < map->n; c++)
        largest[c] = few ? map->bound[c] : c + 1 < map->n ? fmin(map->bound[c + 1], high) : high;
    classes->n = map->n;
    for (int a = 0; a < map->n; a++) {
        for (int b = 0; b < map->n; b++) {
            classes->cutoff[a][b] = list->factor * (0.5 * (largest[a] + largest[b])) + list->skin;
            classes->exact[a][b] = few;
        }
    }
}

static double largest_of_row(int32_t n, const double *row)
{
    double largest = 0.0;
    for (int32_t t = 0; t < n; t++)
        largest = fmax(largest, row[t]);
    return largest;
}

void bnsl__classify_species(int32_t n, const double *cutoff, uint8_t *class_of, bnsl__classes *classes)
{
    size_map map = {.n = 1};
    double low = INFINITY, high = 0.0;
    for (int32_t a = 0; a < n; a++) {
        const double largest = largest_of_row(n, cutoff + (int64_t)a * n);
        high = fmax(high, largest);
        if (largest > 0.0)
            low = fmin(low, largest);
    }
    if (high > 0.0)
        divide_range(&map, low, high);
    for (int32_t a = 0; a < n; a++)
        class_of[a] = (uint8_t)(n <= BNSL__MAX_CLASSES ? a : class_of_size(&map, largest_of_row(n, cutoff + (int64_t)a * n)));

    memset(classes, 0, sizeof *classes);
    classes->n = n <= BNSL__MAX_CLASSES ? n : map.n;
    bool seen[BNSL__MAX_CLASSES][BNSL__MAX_CLASSES] = {{false}};
    for (int32_t a = 0; a < n; a++) {
        for (int32_t b = 0; b < n; b++) {
            const int ca = class_of[a], cb = class_of[b];
            const double r = cutoff[(int64_t)a * n + b];
            classes->exact[ca][cb] = !seen[ca][cb] || (classes->exact[ca][cb] && r == classes->cutoff[ca][cb]);
            classes->cutoff[ca][cb] = fmax(classes->cutoff[ca][cb], r);
            seen[ca][cb] = true;
        }
    }
}

static void assign(const bnsl_neighbor_list *list, const size_map *map, const bnsl__points *set, int32_t wanted, uint8_t *class_of)
{
    double last_size = NAN; /* runs of one size are common */
    uint8_t last = 0;
    for (int64_t i = 0; i < set->n; i++) {
        const int32_t species = set->species ? set->species[i] : 0;
        if (list->factor > 0.0 && set->diameter[i] != last_size) {
            last_size = set->diameter[i];
            last = (uint8_t)class_of_size(map, last_size);
        } else if (list->pair_cutoff) {
            last = list->species_class[species];
        }
        class_of[i] = wanted >= 0 && species != wanted ? BNSL__NO_CLASS : last;
    }
}

void bnsl__classify(const bnsl_neighbor_list *list, const bnsl__points *query, const bnsl__points *point, bnsl__classes *classes,
                    uint8_t *query_class, uint8_t *point_class)
{
    size_map map = {.n = 0};
    memset(classes, 0, sizeof *classes);
    if (list->factor > 0.0) {
        map_diameters(list, query, point, &map, classes);
    } else if (list->pair_cutoff) {
        *classes = list->species_classes;
    } else {
        classes->n = 1;
        classes->cutoff[0][0] = list->options.r_max;
        classes->exact[0][0] = true;
    }
    assign(list, &map, query, list->options.query_species, query_class);
    if (query_class != point_class)
        assign(list, &map, point, list->options.point_species, point_class);
}

double bnsl__pair_cutoff(const bnsl__search *s, int64_t i, int64_t j)
{
    const bnsl_neighbor_list *list = s->list;
    if (list->factor > 0.0)
        return list->factor * (0.5 * (s->query.diameter[i] + s->point.diameter[j])) + list->skin;
    const int32_t a = s->query.species ? s->query.species[i] : 0, b = s->point.species ? s->point.species[j] : 0;
    return list->pair_cutoff[(int64_t)a * list->n_species + b];
}
