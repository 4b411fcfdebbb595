/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a potential matrix to the laws that the kernels of the sampler compute. Energies are divided by kT here. */
#include <math.h>

#include "free_energy_internal.h"

#define LONGEST_POWER 100.0 /* by multiplications */

static double power(double t, double e)
{
    return pow(t, 0.5 * e);
}

static int32_t kind_of(const bnsl__mc_law *law)
{
    double n = law->n, m = law->m;
    if (law->a_m == 0 && n == 50)
        return BNSL__MC_IPL50;
    if (law->a_m != 0 && n == 50 && m == 25)
        return BNSL__MC_50_25;
    if (law->a_m != 0 && n == 50 && m == 6)
        return BNSL__MC_50_6;
    if (law->a_m != 0 && n == 12 && m == 6)
        return BNSL__MC_12_6;
    bool chain = n <= LONGEST_POWER && 2 * n == floor(2 * n) && 2 * m == floor(2 * m);
    return chain ? BNSL__MC_POWERS : BNSL__MC_GENERAL;
}

static void law_from_options(const bnsl_potential_options *o, double beta, bnsl__mc_law *law)
{
    double cut = o->r_cut; /* in units of sigma */
    *law = (bnsl__mc_law){ .n = o->n, .m = o->m, .sigma2 = o->sigma * o->sigma };
    if (o->form == BNSL_FORM_IPL) {
        law->a_n = beta * o->well_depth;
        law->m = 0;
    } else {
        law->a_n = law->a_m = beta * o->well_depth * o->n / (o->n - o->m) * pow(o->n / o->m, o->m / (o->n - o->m));
        if (o->form == BNSL_FORM_IPL_MIE) {
            law->a_m *= o->coupling;
            law->a_n = o->coupling * law->a_n + (1 - o->coupling) * beta * o->ipl_prefactor;
        }
    }
    law->cut2 = cut * cut * law->sigma2;
    law->wca = o->form == BNSL_FORM_WCA;
    if (law->wca)
        law->shift = -beta * o->well_depth;
    else if (o->shift == BNSL_SHIFT_ENERGY && isfinite(cut))
        law->shift = law->a_n * power(1 / (cut * cut), law->n) - law->a_m * power(1 / (cut * cut), law->m);
    law->half_n = (int32_t)(2 * law->n);
    law->half_m = (int32_t)(2 * law->m);
    law->kind = kind_of(law);
}

bnsl_status bnsl__mc_laws(const bnsl_potential *potential, double kT, bool hard, bnsl__mc_law *laws, double *cut)
{
    int32_t k = bnsl_potential_n_species(potential);
    for (int32_t a = 0; a < k; a++)
        for (int32_t b = a; b < k; b++) {
            bnsl__mc_law *law = &laws[a * k + b];
            bnsl_potential_options o;
            bnsl_status status = bnsl_potential_options_init(&o, sizeof o);
            if (!status)
                status = bnsl_potential_get_pair(potential, a, b, &o);
            if (status)
                return status;
            if (hard)
                *law = (bnsl__mc_law){ .kind = BNSL__MC_HARD, .sigma2 = o.sigma * o.sigma, .cut2 = o.sigma * o.sigma };
            else if (o.form == BNSL_FORM_NONE)
                *law = (bnsl__mc_law){ .kind = BNSL__MC_NONE };
            else if (o.form == BNSL_FORM_TABLE || o.shift == BNSL_SHIFT_SMOOTH)
                *law = (bnsl__mc_law){ .kind = BNSL__MC_GENERAL, .sigma2 = o.sigma * o.sigma, .cut2 = o.r_cut * o.r_cut * o.sigma * o.sigma };
            else
                law_from_options(&o, 1 / kT, law);
            laws[b * k + a] = *law;
            cut[a * k + b] = cut[b * k + a] = sqrt(law->cut2);
        }
    return BNSL_OK;
}

void bnsl__mc_general(const bnsl__mc_work *work, int32_t a, int32_t b, const double *r2, double *u, double *g)
{
    double r[BNSL__MC_LANES];
    for (int k = 0; k < BNSL__MC_LANES; k++)
        r[k] = sqrt(r2[k]);
    if (bnsl_potential_evaluate(work->potential, a, b, BNSL__MC_LANES, r, u, g)) { /* a distance of 0: two particles at one place */
        for (int k = 0; k < BNSL__MC_LANES; k++) {
            u[k] = INFINITY;
            if (g)
                g[k] = INFINITY;
        }
        return;
    }
    for (int k = 0; k < BNSL__MC_LANES; k++) {
        u[k] *= work->beta;
        if (g)
            g[k] *= work->beta / r[k];
    }
}
