/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a potential matrix to the coefficients that the pair kernels use, and the choice of kernel. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "md_internal.h"

static bool same(double a, double b)
{
    return fabs(a - b) <= 4 * DBL_EPSILON * fabs(a);
}

/* The unshifted energy at t = (sigma / r)^2. */
static double energy_at(const bnsl__law *p, double t)
{
    return p->a_n * pow(t, 0.5 * p->n) - p->a_m * pow(t, 0.5 * p->m);
}

static void pair_from_options(const bnsl_potential_options *o, bnsl__law *p)
{
    *p = (bnsl__law){ .n = o->n, .m = o->m, .sigma = o->sigma };
    if (o->form == BNSL_FORM_NONE)
        return;
    double cut = o->r_cut; /* in units of sigma */
    if (o->form == BNSL_FORM_IPL) {
        p->a_n = o->well_depth;
    } else {
        p->a_n = p->a_m = o->well_depth * o->n / (o->n - o->m) * pow(o->n / o->m, o->m / (o->n - o->m));
        if (o->form == BNSL_FORM_WCA)
            cut = pow(o->n / o->m, 1 / (o->n - o->m));
    }
    p->cut2 = cut * cut;
    if (o->form == BNSL_FORM_WCA)
        p->shift = -o->well_depth;
    else if (o->shift == BNSL_SHIFT_ENERGY)
        p->shift = energy_at(p, 1 / p->cut2);
}

/* One law scaled by radius_i + radius_j? */
static bool is_additive(const bnsl__interaction *x)
{
    const bnsl__law *first = &x->pair[0];
    for (int32_t a = 0; a < x->n_species; a++)
        for (int32_t b = 0; b < x->n_species; b++) {
            const bnsl__law *p = &x->pair[a * x->n_species + b];
            if (!same(p->n, first->n) || !same(p->m, first->m) || !same(p->a_n, first->a_n) || !same(p->a_m, first->a_m) ||
                !same(p->cut2, first->cut2) || !same(p->shift, first->shift) || !same(p->sigma, x->radius[a] + x->radius[b]))
                return false;
        }
    return first->cut2 > 0;
}

static int32_t exponents_of(const bnsl__law *law)
{
    if (law->a_m == 0)
        return law->n == 50 ? EXPONENTS_IPL50 : EXPONENTS_OTHER;
    if (law->n == 50 && law->m == 25)
        return EXPONENTS_50_25;
    if (law->n == 50 && law->m == 6)
        return EXPONENTS_50_6;
    return law->n == 12 && law->m == 6 ? EXPONENTS_12_6 : EXPONENTS_OTHER;
}

void bnsl__interaction_free(bnsl__interaction *x)
{
    free(x->pair);
    free(x->r_cut);
    free(x->diameter);
    free(x->radius);
    free(x->options);
}

bnsl_status bnsl__interaction_init(bnsl__interaction *x, const bnsl_potential *potential, const char *func)
{
    int32_t k = bnsl_potential_n_species(potential);
    x->n_species = k;
    x->pair = bnsl__calloc((int64_t)k * k, sizeof *x->pair);
    x->r_cut = bnsl__calloc((int64_t)k * k, sizeof *x->r_cut);
    x->diameter = bnsl__calloc(k, sizeof *x->diameter);
    x->radius = bnsl__calloc(k, sizeof *x->radius);
    x->options = bnsl__calloc((int64_t)k * k, sizeof *x->options);
    if (!x->pair || !x->r_cut || !x->diameter || !x->radius || !x->options)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl_status status = bnsl_potential_diameters(potential, x->diameter);
    if (!status)
        status = bnsl_potential_cutoffs(potential, x->r_cut);
    for (int32_t a = 0; !status && a < k; a++)
        for (int32_t b = 0; !status && b < k; b++) {
            bnsl_potential_options *o = &x->options[a * k + b];
            status = bnsl_potential_options_init(o, sizeof *o);
            if (!status)
                status = bnsl_potential_get_pair(potential, a, b, o);
            if (!status && isinf(x->r_cut[a * k + b]))
                status = bnsl__fail(BNSL_EINVAL, func, "the cut-off of species %d and %d is infinite, must be finite", (int)a, (int)b);
            if (!status)
                pair_from_options(o, &x->pair[a * k + b]);
        }
    if (status)
        return status;
    for (int32_t a = 0; a < k; a++)
        x->radius[a] = 0.5 * x->pair[a * k + a].sigma;
    x->additive = is_additive(x);
    x->law = x->pair[0];
    x->law.sigma = 1;
    x->exponents = x->additive ? exponents_of(&x->law) : EXPONENTS_OTHER;
    return BNSL_OK;
}

bnsl__md_kernels bnsl__md_pick_kernels(const bnsl_md *md)
{
    int32_t isa = bnsl__isa(md->options.instruction_set);
    return (bnsl__md_kernels){
        .pair = md->interaction.additive ? BNSL_KERNEL_PICK(isa, bnsl__pair_additive) : BNSL_KERNEL_PICK(isa, bnsl__pair_general),
        .move = BNSL_KERNEL_PICK(isa, bnsl__step_move),
        .kick = BNSL_KERNEL_PICK(isa, bnsl__step_kick),
        .noise = BNSL_KERNEL_PICK(isa, bnsl__step_noise),
        .displacement2 = BNSL_KERNEL_PICK(isa, bnsl__step_displacement2),
    };
}
