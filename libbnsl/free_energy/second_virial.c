/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second virial coefficient of a mixture, B2 = sum_ij x_i x_j B2_ij, from those of the pairs (module potential). Cost: 1e-5 s a pair. */
#include <math.h>

#include "core_internal.h"
#include "fluid_internal.h"

bnsl_status bnsl_free_energy_second_virial(const bnsl_potential *potential, const double *fraction, double kT, double *b2_out)
{
    int32_t n = bnsl_potential_n_species(potential);
    if (!potential || !fraction || !b2_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !potential ? "potential" : !fraction ? "fraction" : "b2_out");
    double total = 0, sum = 0;
    for (int32_t i = 0; i < n; i++) {
        if (!(fraction[i] >= 0 && fraction[i] <= 1))
            return BNSL_FAIL(BNSL_EINVAL, "fraction[%d] is %g, must be 0 to 1", (int)i, fraction[i]);
        total += fraction[i];
    }
    if (!(fabs(total - 1) < 1e-9))
        return BNSL_FAIL(BNSL_EINVAL, "the fractions add up to %g, must be 1", total);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = i; j < n; j++) {
            double b2 = 0;
            bnsl_status status = bnsl_potential_second_virial(potential, i, j, kT, &b2);
            if (status)
                return status;
            sum += (i == j ? 1 : 2) * fraction[i] * fraction[j] * b2;
        }
    *b2_out = sum;
    return BNSL_OK;
}
