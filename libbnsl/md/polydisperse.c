/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Diameters of polydisperse species: normal distributions cut at +-3 standard deviations, in bins of equal width [E. Marino et al., Nature
 * Synthesis 3, 111 (2024): 13 for each species] or continuous. The numbers of particles in the bins are rounded by largest remainders, so
 * that a mixture has the shares it should, not a sample of them; which particle gets which is random. Cost: O(n).
 */
#include <math.h>
#include <stdlib.h>

#include "md_internal.h"

enum { MAX_BINS = 1000 };
static const double CUT = 3, MAX_RELATIVE_SD = 0.3;

static bnsl_status check(int64_t n, const int32_t *species, int32_t n_species, const double *mean, const double *relative_sd, int32_t n_bins,
                         const double *diameter_out, const char *func)
{
    if (n < 0 || n_species < 1 || n_bins < 0 || n_bins > MAX_BINS)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, n_species %d, n_bins %d, must be >= 0, >= 1, 0 .. %d", (long long)n, (int)n_species,
                          (int)n_bins, (int)MAX_BINS);
    if (!mean || !relative_sd || (n > 0 && (!species || !diameter_out)))
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", !mean ? "mean" : !relative_sd ? "relative_sd" : !species ? "species" : "diameter_out");
    for (int32_t a = 0; a < n_species; a++) {
        if (!(mean[a] > 0 && isfinite(mean[a])))
            return bnsl__fail(BNSL_EINVAL, func, "mean[%d] is %g, must be > 0", (int)a, mean[a]);
        if (!(relative_sd[a] >= 0 && relative_sd[a] <= MAX_RELATIVE_SD))
            return bnsl__fail(BNSL_EINVAL, func, "relative_sd[%d] is %g, must be 0 .. %g", (int)a, relative_sd[a], MAX_RELATIVE_SD);
    }
    for (int64_t i = 0; i < n; i++)
        if (species[i] < 0 || species[i] >= n_species)
            return bnsl__fail(BNSL_EINVAL, func, "species[%lld] is %d, must be 0 .. %d", (long long)i, (int)species[i], (int)n_species - 1);
    return BNSL_OK;
}

/* Centre of a bin in standard deviations. */
static double bin_centre(int32_t k, int32_t n_bins)
{
    return 2 * CUT * (k + 0.5) / n_bins - CUT;
}

/* How many of n particles go to each bin; remainder is scratch. */
static void share_out(int64_t n, int32_t n_bins, int64_t *count, double *remainder)
{
    double total = 0;
    int64_t left = n;
    for (int32_t k = 0; k < n_bins; k++) {
        double z = bin_centre(k, n_bins);
        remainder[k] = exp(-0.5 * z * z);
        total += remainder[k];
    }
    for (int32_t k = 0; k < n_bins; k++) {
        double exact = (double)n * remainder[k] / total;
        count[k] = (int64_t)exact;
        remainder[k] = exact - (double)count[k];
        left -= count[k];
    }
    for (; left > 0; left--) {
        int32_t best = 0;
        for (int32_t k = 1; k < n_bins; k++)
            if (remainder[k] > remainder[best])
                best = k;
        count[best]++;
        remainder[best] -= 1;
    }
}

/* Binned diameters of one species, in the order of the bins, then shuffled [Durstenfeld 1964]: member holds its particles. */
static bnsl_status fill_bins(int64_t n, int64_t *member, double mean, double sd, int32_t n_bins, uint64_t seed, int32_t species, int64_t *count,
                             double *remainder, double *diameter_out)
{
    share_out(n, n_bins, count, remainder);
    for (int64_t last = n - 1; last > 0; last--) {
        double u;
        bnsl_status status = bnsl_random_uniform(seed, STREAM_DIAMETER, (uint64_t)last, (uint64_t)species, 1, &u);
        if (status)
            return status;
        int64_t other = (int64_t)(u * (double)(last + 1)), kept = member[last];
        member[last] = member[other];
        member[other] = kept;
    }
    for (int32_t k = 0; k < n_bins; k++)
        for (int64_t c = 0; c < count[k]; c++)
            diameter_out[*member++] = mean + sd * bin_centre(k, n_bins);
    return BNSL_OK;
}

static bnsl_status binned(int64_t n, const int32_t *species, int32_t n_species, const double *mean, const double *relative_sd, int32_t n_bins,
                          uint64_t seed, double *diameter_out, const char *func)
{
    int64_t *member = bnsl__alloc(n, sizeof *member), *count = bnsl__alloc(n_bins, sizeof *count);
    double *remainder = bnsl__alloc(n_bins, sizeof *remainder);
    bnsl_status status = member && count && remainder ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory for %lld particles", (long long)n);
    for (int32_t a = 0; a < n_species && !status; a++) {
        int64_t n_members = 0;
        for (int64_t i = 0; i < n; i++)
            if (species[i] == a)
                member[n_members++] = i;
        status = fill_bins(n_members, member, mean[a], relative_sd[a] * mean[a], n_bins, seed, a, count, remainder, diameter_out);
    }
    free(member);
    free(count);
    free(remainder);
    return status;
}

/* Normal numbers until one is within the cut: 0.3 % are not. */
static bnsl_status continuous(int64_t n, const int32_t *species, const double *mean, const double *relative_sd, uint64_t seed, double *diameter_out)
{
    for (int64_t i = 0; i < n; i++) {
        double z = INFINITY;
        for (uint64_t attempt = 0; !(fabs(z) <= CUT); attempt++) {
            bnsl_status status = bnsl_random_normal(seed, STREAM_DIAMETER, (uint64_t)i, attempt, 1, &z);
            if (status)
                return status;
        }
        diameter_out[i] = mean[species[i]] * (1 + relative_sd[species[i]] * z);
    }
    return BNSL_OK;
}

bnsl_status bnsl_md_polydisperse(int64_t n, const int32_t *species, int32_t n_species, const double *mean, const double *relative_sd, int32_t n_bins,
                                 uint64_t seed, double *diameter_out)
{
    bnsl_status status = check(n, species, n_species, mean, relative_sd, n_bins, diameter_out, __func__);
    if (status)
        return status;
    if (n_bins == 0)
        return continuous(n, species, mean, relative_sd, seed, diameter_out);
    return binned(n, species, n_species, mean, relative_sd, n_bins, seed, diameter_out, __func__);
}
