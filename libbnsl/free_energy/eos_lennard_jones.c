/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Free energies of the full Lennard-Jones (12-6) system, epsilon = sigma = 1.
 *
 * Fluid [Kolafa and Nezbeda, Fluid Phase Equilibria 100, 1 (1994), eqs. 30 to 36]: hard spheres of a diameter d(T), a correction of B2 and
 * a polynomial,
 *
 *   A_res/N = T a_HS(eta) + exp(-gamma rho^2) rho T dB2(T) + sum_ij C_ij T^(i/2) rho^j,  eta = (pi/6) rho d^3,
 *   a_HS = (5/3) ln(1 - eta) + eta (34 - 33 eta + 4 eta^2) / (6 (1 - eta)^2).
 *
 * fcc solid [van der Hoef, J. Chem. Phys. 113, 8142 (2000), eq. 21], with beta = 1/T:
 *
 *   beta A_ex/N = C + beta u_stat(rho) + (3/2) ln beta - sum_nm a_nm/(m-1) rho^n beta^(1-m) + sum_n b_n/(n+1) rho^(n+1),
 *   u_stat = c_2 rho^2 + c_4 rho^4.
 *
 * C is the published constant; free_energy.h has its correction.
 *
 * U and P are the analytic derivatives of A: U = d(beta A)/d beta, P = rho T + rho^2 dA/d rho. Cost: some hundred operations.
 */
#include <math.h>

#include "core_internal.h"
#include "fluid_internal.h"

static const double PI = 3.14159265358979323846;

/* C_ij of Kolafa and Nezbeda, with the half powers i of T and powers j of rho. */
static const struct kn_term {
    double c;
    int i, j;
} KN_TERM[] = {
    {2.01546797, 0, 2},     {-28.17881636, 0, 3},   {28.28313847, 0, 4},    {-10.42402873, 0, 5},  {-19.58371655, -1, 2},
    {75.62340289, -1, 3},   {-120.70586598, -1, 4}, {93.92740328, -1, 5},   {-27.37737354, -1, 6}, {29.34470520, -2, 2},
    {-112.35356937, -2, 3}, {170.64908980, -2, 4},  {-123.06669187, -2, 5}, {34.42288969, -2, 6},  {-13.37031968, -4, 2},
    {65.38059570, -4, 3},   {-115.09233113, -4, 4}, {88.91973082, -4, 5},   {-25.62099890, -4, 6},
};
static const double KN_GAMMA = 1.92907278;

/* dB2(T): coefficients of T^(i/2). */
static const struct kn_power {
    double c;
    int i;
} KN_B2[] = {{-0.58544978, -7}, {0.43102052, -6}, {0.87361369, -5}, {-4.13749995, -4}, {2.90616279, -3}, {-7.02181962, -2}, {0.02459877, 0}},
  KN_DIAMETER[] = {{0.011117524, -2}, {-0.076383859, -1}, {1.080142248, 0}, {0.000693129, 1}};
static const double KN_DIAMETER_LOG = -0.063920968;

static double half_powers(int n, const struct kn_power *term, double t, double *derivative)
{
    double sum = 0;
    *derivative = 0;
    for (int k = 0; k < n; k++) {
        double x = term[k].c * pow(t, 0.5 * term[k].i);
        sum += x;
        *derivative += 0.5 * term[k].i * x / t;
    }
    return sum;
}

static bnsl_status check_state(double kT, double density, double highest, const char *func)
{
    if (!(kT > 0) || !isfinite(kT))
        return bnsl__fail(BNSL_EINVAL, func, "kT is %g, must be > 0", kT);
    if (!(density >= 0 && density <= highest))
        return bnsl__fail(BNSL_EINVAL, func, "density is %g, must be 0 to %g", density, highest);
    return BNSL_OK;
}

static void store(double a, double u, double p, double *a_out, double *u_out, double *p_out)
{
    if (a_out)
        *a_out = a;
    if (u_out)
        *u_out = u;
    if (p_out)
        *p_out = p;
}

bnsl_status bnsl_free_energy_kolafa_nezbeda(double kT, double density, double *a_ex_out, double *u_out, double *pressure_out)
{
    bnsl_status status = check_state(kT, density, 1.5, __func__);
    if (status)
        return status;
    double t = kT, rho = density, d_t, b_t;
    double d = half_powers(4, KN_DIAMETER, t, &d_t) + KN_DIAMETER_LOG * log(t), b = half_powers(7, KN_B2, t, &b_t);
    d_t += KN_DIAMETER_LOG / t;
    double eta = PI / 6 * rho * d * d * d, f = 1 - eta;
    if (!(f > 0))
        return BNSL_FAIL(BNSL_EDOMAIN, "density %g at kT %g has an effective packing fraction of %g, must be below 1", density, kT, eta);
    double a_hs = 5.0 / 3 * log1p(-eta) + eta * (34 - 33 * eta + 4 * eta * eta) / (6 * f * f);
    double a_eta = -5.0 / (3 * f) + (34 - 66 * eta + 12 * eta * eta) / (6 * f * f) + eta * (34 - 33 * eta + 4 * eta * eta) / (3 * f * f * f);
    double g = exp(-KN_GAMMA * rho * rho);
    double a = t * a_hs + g * rho * t * b;
    double a_t = a_hs + t * a_eta * 3 * eta * d_t / d + g * rho * (b + t * b_t);
    double a_rho = t * a_eta * PI / 6 * d * d * d + g * t * b * (1 - 2 * KN_GAMMA * rho * rho);
    for (size_t k = 0; k < sizeof KN_TERM / sizeof *KN_TERM; k++) {
        double x = KN_TERM[k].c * pow(t, 0.5 * KN_TERM[k].i);
        a += x * pow(rho, KN_TERM[k].j);
        a_t += 0.5 * KN_TERM[k].i / t * x * pow(rho, KN_TERM[k].j);
        a_rho += KN_TERM[k].j * x * pow(rho, KN_TERM[k].j - 1);
    }
    store(a, a - t * a_t, rho * t + rho * rho * a_rho, a_ex_out, u_out, pressure_out);
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_van_der_hoef(double kT, double density, double *a_ex_out, double *u_out, double *pressure_out)
{
    static const double constant = -23.3450759, c2 = -14.45392093, c4 = 6.065940096;
    static const double a_nm[3][4] = {{-8.2151768, 12.070686, -6.6594615, 1.3211582},
                                      {13.404069, -20.632066, 11.564825, -2.3064801},
                                      {-5.5481261, 8.8465978, -5.0258631, 1.0070066}};
    static const double b_n[4] = {69.833875, -132.86963, 97.438593, -25.848057};
    bnsl_status status = check_state(kT, density, 1.5, __func__);
    if (status)
        return status;
    double t = kT, rho = density, r2 = rho * rho;
    double stat = c2 * r2 + c4 * r2 * r2, stat_rho = 2 * c2 * rho + 4 * c4 * r2 * rho;
    /* beta A, its derivatives by beta and by rho */
    double a = constant + stat / t - 1.5 * log(t), u = stat + 1.5 * t, z = stat_rho / t;
    for (int n = 0; n <= 2; n++)
        for (int m = 2; m <= 5; m++) {
            double x = a_nm[n][m - 2];
            a -= x / (m - 1) * pow(rho, n) * pow(t, m - 1);
            u += x * pow(rho, n) * pow(t, m);
            if (n > 0)
                z -= x / (m - 1) * n * pow(rho, n - 1) * pow(t, m - 1);
        }
    for (int n = 0; n <= 3; n++) {
        a += b_n[n] / (n + 1) * pow(rho, n + 1);
        z += b_n[n] * pow(rho, n);
    }
    store(t * a, u, rho * t + r2 * t * z, a_ex_out, u_out, pressure_out);
    return BNSL_OK;
}
