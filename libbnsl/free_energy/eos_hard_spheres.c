/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Equations of state of hard spheres: one size [Carnahan and Starling, J. Chem. Phys. 51, 635 (1969)] and mixtures [Boublik, J. Chem. Phys.
 * 53, 471 (1970); Mansoori, Carnahan, Starling and Leland, J. Chem. Phys. 54, 1523 (1971)].
 *
 * With xi_k = (pi/6) rho sum x_i d_i^k, f = 1 - xi_3 and n_k = (pi/6) sum x_i d_i^k, so that xi_k = rho n_k:
 *
 *   beta A_ex/N = (6 / (pi rho)) [ (xi_2^3/xi_3^2 - xi_0) ln f + 3 xi_1 xi_2 / f + xi_2^3 / (xi_3 f^2) ]
 *
 * Z and the chemical potentials are its derivatives, taken term by term: beta mu_i = d(beta A_ex rho)/d rho_i, rho_i = x_i rho.
 * Cost: some ten operations a species.
 */
#include <math.h>

#include "core_internal.h"
#include "fluid_internal.h"

static const double PI = 3.14159265358979323846;

bnsl_status bnsl_free_energy_carnahan_starling(double packing_fraction, double *z_out, double *a_ex_out, double *mu_ex_out)
{
    double f = 1 - packing_fraction, e = packing_fraction;
    if (!(e >= 0 && e < 1))
        return BNSL_FAIL(BNSL_EINVAL, "packing_fraction is %g, must be >= 0 and < 1", packing_fraction);
    double z = (1 + e + e * e - e * e * e) / (f * f * f), a = e * (4 - 3 * e) / (f * f);
    if (z_out)
        *z_out = z;
    if (a_ex_out)
        *a_ex_out = a;
    if (mu_ex_out)
        *mu_ex_out = a + z - 1;
    return BNSL_OK;
}

static bnsl_status check_mixture(int32_t n_species, const double *diameter, const double *fraction, double density, const char *func)
{
    if (n_species < 1 || !diameter || !fraction)
        return bnsl__fail(BNSL_EINVAL, func, "n_species is %d, must be >= 1, with diameters and fractions", (int)n_species);
    double sum = 0, third = 0;
    for (int32_t i = 0; i < n_species; i++) {
        if (!(diameter[i] > 0) || !isfinite(diameter[i]))
            return bnsl__fail(BNSL_EINVAL, func, "diameter[%d] is %g, must be > 0", (int)i, diameter[i]);
        if (!(fraction[i] >= 0 && fraction[i] <= 1))
            return bnsl__fail(BNSL_EINVAL, func, "fraction[%d] is %g, must be 0 to 1", (int)i, fraction[i]);
        sum += fraction[i];
        third += PI / 6 * fraction[i] * diameter[i] * diameter[i] * diameter[i];
    }
    if (!(fabs(sum - 1) < 1e-9))
        return bnsl__fail(BNSL_EINVAL, func, "the fractions add up to %g, must be 1", sum);
    if (!(density >= 0 && density * third < 1))
        return bnsl__fail(BNSL_EINVAL, func, "density is %g, must be >= 0 and give a packing fraction below 1 (it is %g)", density, density * third);
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_bmcsl(int32_t n_species, const double *diameter, const double *fraction, double density, double *z_out, double *a_ex_out,
                                   double *mu_ex_out)
{
    bnsl_status status = check_mixture(n_species, diameter, fraction, density, __func__);
    if (status)
        return status;
    double xi[4] = {0};
    for (int32_t i = 0; i < n_species; i++) {
        double power = PI / 6 * density * fraction[i];
        for (int k = 0; k < 4; k++, power *= diameter[i])
            xi[k] += power;
    }
    if (density == 0) {
        for (int32_t i = 0; i < n_species && mu_ex_out; i++)
            mu_ex_out[i] = 0;
        if (z_out)
            *z_out = 1;
        if (a_ex_out)
            *a_ex_out = 0;
        return BNSL_OK;
    }
    /* phi = beta A_ex/V and its derivatives by xi_0 .. xi_3 */
    double f = 1 - xi[3], l = log1p(-xi[3]), s3 = xi[2] * xi[2] * xi[2], c = 6 / PI;
    double phi = c * ((s3 / (xi[3] * xi[3]) - xi[0]) * l + 3 * xi[1] * xi[2] / f + s3 / (xi[3] * f * f));
    double d[4] = {
        -c * l,
        c * 3 * xi[2] / f,
        c * (3 * xi[2] * xi[2] * (l / (xi[3] * xi[3]) + 1 / (xi[3] * f * f)) + 3 * xi[1] / f),
        c * (-2 * s3 * l / (xi[3] * xi[3] * xi[3]) - (s3 / (xi[3] * xi[3]) - xi[0]) / f + 3 * xi[1] * xi[2] / (f * f) +
             s3 * (3 * xi[3] - 1) / (xi[3] * xi[3] * f * f * f)),
    };
    double a = phi / density, z = 1 - a;
    for (int k = 0; k < 4; k++)
        z += d[k] * xi[k] / density;
    for (int32_t i = 0; i < n_species && mu_ex_out; i++) {
        double power = PI / 6;
        mu_ex_out[i] = 0;
        for (int k = 0; k < 4; k++, power *= diameter[i])
            mu_ex_out[i] += d[k] * power;
    }
    if (z_out)
        *z_out = z;
    if (a_ex_out)
        *a_ex_out = a;
    return BNSL_OK;
}
