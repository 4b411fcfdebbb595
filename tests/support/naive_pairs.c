/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs by trying every image of every point; see naive_pairs.h. */
#include "naive_pairs.h"

#include "neighbor_oracle.h"

double *random_points(const bnsl_box *box, int64_t n, uint64_t *state)
{
    double *xyz = malloc((size_t)(3 * n + 1) * sizeof *xyz);
    assert_non_null(xyz);
    for (int64_t i = 0; i < n; i++)
        for (int k = 0; k < 3; k++)
            xyz[3 * i + k] = (box->periodic >> k & 1 ? 3 : 1) * (test_uniform(state) - 0.5);
    assert_ok(bnsl_box_to_cartesian(box, n, xyz, xyz));
    return xyz;
}

void freud_integers(int64_t n, uint64_t seed, int64_t modulus, int64_t *out)
{
    for (int64_t i = 0; i < n; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        out[i] = (int64_t)(seed >> 33) % modulus;
    }
}

static double constant_cutoff(void *user, int64_t i, int64_t j)
{
    (void)i;
    (void)j;
    return *(double *)user;
}

static bool is_of(const int32_t *species, int64_t i, int32_t wanted)
{
    return wanted < 0 || species[i] == wanted;
}

void naive_histogram(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t species_a, int32_t species_b, double r_min,
                     double r_max, int32_t n_bins, int64_t *counts, int64_t *doubtful)
{
    double reach = r_max * (1 + 1e-9);
    for (int32_t b = 0; b < n_bins; b++)
        counts[b] = 0;
    for (int64_t i = 0; i < n; i++) {
        oracle_bond *bonds;
        if (!is_of(species, i, species_a))
            continue;
        int64_t found = oracle_bonds(box, xyz + 3 * i, i, i, n, xyz, 0, constant_cutoff, &reach, &bonds);
        for (int64_t k = 0; k < found; k++) {
            double place = (bonds[k].distance - r_min) * n_bins / (r_max - r_min);
            if (!is_of(species, bonds[k].j, species_b))
                continue;
            *doubtful += fabs(place - round(place)) < 1e-12 * n_bins;
            if (place >= 0 && place < n_bins)
                counts[(int32_t)place]++;
        }
        free(bonds);
    }
}

void naive_density(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t query_species, int32_t point_species,
                   double r_max, double diameter, double *density)
{
    double reach = r_max + diameter / 2;
    for (int64_t i = 0; i < n; i++) {
        oracle_bond *bonds;
        double sum = 0;
        density[i] = 0;
        if (!is_of(species, i, query_species))
            continue;
        int64_t found = oracle_bonds(box, xyz + 3 * i, i, i, n, xyz, 0, constant_cutoff, &reach, &bonds);
        for (int64_t k = 0; k < found; k++)
            if (is_of(species, bonds[k].j, point_species))
                sum += bonds[k].distance < r_max - diameter / 2 ? 1 : 1 + (r_max - (bonds[k].distance + diameter / 2)) / diameter;
        density[i] = sum / (4.0 / 3.0 * TEST_PI * r_max * r_max * r_max);
        free(bonds);
    }
}
