/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a potential matrix to the laws that the pair kernels compute, and which law each pair of species has. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

static bool same(double a, double b)
{
    return fabs(a - b) <= 4 * DBL_EPSILON * fabs(a);
}

static bool same_law(const bnsl__law *a, const bnsl__law *b)
{
    return a->kind == b->kind && a->table == b->table && same(a->n, b->n) && same(a->m, b->m) && same(a->a_n, b->a_n) &&
           same(a->a_m, b->a_m) && same(a->scale, b->scale) && same(a->cut2, b->cut2) && same(a->shift, b->shift) &&
           same(a->on2, b->on2);
}

static bool identical(const bnsl__law *a, const bnsl__law *b)
{
    return a->kind == b->kind && a->table == b->table && a->n == b->n && a->m == b->m && a->a_n == b->a_n && a->a_m == b->a_m &&
           a->scale == b->scale && a->cut2 == b->cut2 && a->shift == b->shift && a->on2 == b->on2;
}

/* The unshifted energy at t = (sigma / r)^2. */
static double energy_at(const bnsl__law *p, double t)
{
    return p->a_n * pow(t, 0.5 * p->n) - (p->a_m != 0 ? p->a_m * pow(t, 0.5 * p->m) : 0);
}

static int32_t kind_of(const bnsl__law *law)
{
    if (law->on2 > 0)
        return LAW_SMOOTH;
    if (law->a_m == 0)
        return law->n == 50 ? LAW_IPL50 : LAW_POWERS;
    if (law->n == 50 && law->m == 25)
        return LAW_50_25;
    if (law->n == 50 && law->m == 6)
        return LAW_50_6;
    return law->n == 12 && law->m == 6 ? LAW_12_6 : LAW_POWERS;
}

/* size: (d_a + d_b) / 2 of the species */
static void law_from_options(const bnsl_potential_options *o, double size, bnsl__law *p)
{
    double cut = o->r_cut; /* in units of sigma */
    *p = (bnsl__law){ .n = o->n, .m = o->m };
    if (o->form == BNSL_FORM_IPL) {
        p->a_n = o->well_depth;
    } else {
        p->a_n = p->a_m = o->well_depth * o->n / (o->n - o->m) * pow(o->n / o->m, o->m / (o->n - o->m));
        if (o->form == BNSL_FORM_WCA)
            cut = pow(o->n / o->m, 1 / (o->n - o->m));
        if (o->form == BNSL_FORM_IPL_MIE) {
            p->a_m *= o->coupling;
            p->a_n = o->coupling * p->a_n + (1 - o->coupling) * o->ipl_prefactor;
        }
    }
    p->cut2 = cut * cut;
    p->scale = o->sigma / size;
    p->reach = cut * (o->sigma / size); /* exactly cut where sizes are additive */
    if (o->form == BNSL_FORM_WCA)
        p->shift = -o->well_depth;
    else if (o->shift == BNSL_SHIFT_ENERGY)
        p->shift = energy_at(p, 1 / p->cut2);
    else if (o->shift == BNSL_SHIFT_SMOOTH)
        p->on2 = o->r_on * o->r_on;
    p->kind = kind_of(p);
}

/* Cubics in s = (r - r_k) / h from values and slopes at both ends of each interval (Hermite). */
static void table_coefficients(int32_t n, double h, const double *u, const double *force, double *out)
{
    for (int32_t k = 0; k + 1 < n; k++) {
        double rise = u[k + 1] - u[k], f0 = h * force[k], f1 = h * force[k + 1];
        out[4 * k] = u[k];
        out[4 * k + 1] = -f0;
        out[4 * k + 2] = 3 * rise + 2 * f0 + f1;
        out[4 * k + 3] = -2 * rise - f0 - f1;
    }
}

static bnsl_status law_from_table(const bnsl_potential *potential, int32_t a, int32_t b, double size, double **memory, bnsl__law *p)
{
    double start, end;
    const double *u, *force;
    int32_t n;
    bnsl_status status = bnsl_potential_table(potential, a, b, &start, &end, &n, &u, &force);
    if (status)
        return status;
    double h = (end - start) / (n - 1);
    table_coefficients(n, h, u, force, *memory);
    *p = (bnsl__law){ .kind = LAW_TABLE, .cut2 = end * end, .scale = 1, .reach = end / size, .table = *memory,
                      .table_start = start, .table_step = h, .table_force = force[0], .n_table = n - 1 };
    *memory += 4 * (int64_t)(n - 1);
    return BNSL_OK;
}

/* The law of every pair, into laws; pairs without interaction get reach 0. */
static bnsl_status pair_laws(bnsl__interaction *x, bnsl__law *laws, const char *func)
{
    int32_t k = x->n_species;
    double *memory = x->tables;
    for (int32_t a = 0; a < k; a++)
        for (int32_t b = a; b < k; b++) {
            bnsl__law *law = &laws[a * k + b];
            double size = 0.5 * (x->diameter[a] + x->diameter[b]);
            bnsl_potential_options o;
            bnsl_status status = bnsl_potential_options_init(&o, sizeof o);
            if (!status)
                status = bnsl_potential_get_pair(x->potential, a, b, &o);
            if (!status && o.form == BNSL_FORM_TABLE)
                status = law_from_table(x->potential, a, b, size, &memory, law);
            else if (!status && o.form != BNSL_FORM_NONE)
                law_from_options(&o, size, law);
            if (status)
                return status;
            if (!isfinite(law->reach))
                return bnsl__fail(BNSL_EINVAL, func, "the cut-off of species %d and %d is infinite, must be finite", (int)a, (int)b);
            x->has_table |= law->kind == LAW_TABLE;
            laws[b * k + a] = *law;
            x->pair_reach[a * k + b] = x->pair_reach[b * k + a] = law->reach;
            x->reach[a] = fmax(x->reach[a], law->reach);
            x->reach[b] = fmax(x->reach[b], law->reach);
        }
    return BNSL_OK;
}

/* Numbers the different laws of each row. */
static void number_slots(bnsl__interaction *x, const bnsl__law *laws)
{
    int32_t k = x->n_species;
    x->n_slots = 1;
    for (int32_t a = 0; a < k; a++) {
        int32_t n = 0;
        for (int32_t b = 0; b < k; b++) {
            int32_t *slot = &x->slot[a * k + b];
            const bnsl__law *law = &laws[a * k + b];
            *slot = -1;
            for (int32_t c = 0; c < b && *slot < 0; c++)
                if (law->reach > 0 && x->slot[a * k + c] >= 0 && same_law(&laws[a * k + c], law))
                    *slot = x->slot[a * k + c];
            if (*slot < 0 && law->reach > 0)
                *slot = n++;
        }
        x->n_slots = n > x->n_slots ? n : x->n_slots;
    }
    for (int32_t a = 0; a < k; a++)
        for (int32_t b = k - 1; b >= 0; b--) /* of laws that are the same up to rounding, the first */
            if (x->slot[a * k + b] >= 0)
                x->law[a * x->n_slots + x->slot[a * k + b]] = laws[a * k + b];
    x->one_law = x->n_slots == 1;
    for (int32_t a = 1; a < k; a++)
        x->one_law = x->one_law && identical(&x->law[0], &x->law[a]);
}

/* A copy of a potential through its public interface; the memory that its tables take, in doubles, in n_table_out. */
static bnsl_status copy_potential(bnsl__interaction *x, const bnsl_potential *from, int64_t *n_table_out)
{
    *n_table_out = 0;
    bnsl_status status = bnsl_potential_create(&x->potential, x->n_species, x->diameter, NULL);
    for (int32_t a = 0; a < x->n_species && !status; a++)
        for (int32_t b = a; b < x->n_species && !status; b++) {
            bnsl_potential_options o;
            status = bnsl_potential_options_init(&o, sizeof o);
            if (!status)
                status = bnsl_potential_get_pair(from, a, b, &o);
            if (status || o.form != BNSL_FORM_TABLE) {
                status = status ? status : bnsl_potential_set_pair(x->potential, a, b, &o);
                continue;
            }
            double start, end;
            const double *u, *force;
            int32_t n;
            status = bnsl_potential_table(from, a, b, &start, &end, &n, &u, &force);
            if (!status)
                status = bnsl_potential_set_table(x->potential, a, b, o.sigma, start, end, n, u, force);
            *n_table_out += 4 * (int64_t)(n - 1);
        }
    return status;
}

void bnsl__interaction_free(bnsl__interaction *x)
{
    bnsl_potential_destroy(x->potential);
    free(x->law);
    free(x->slot);
    free(x->pair_reach);
    free(x->reach);
    free(x->diameter);
    free(x->tables);
    memset(x, 0, sizeof *x);
}

bnsl_status bnsl__interaction_init(bnsl__interaction *x, const bnsl_potential *potential, const char *func)
{
    int32_t k = bnsl_potential_n_species(potential);
    int64_t n_pairs = (int64_t)k * k, n_table = 0;
    memset(x, 0, sizeof *x);
    if (k > MAX_SPECIES)
        return bnsl__fail(BNSL_EINVAL, func, "the potential has %d species, must be at most %d", (int)k, MAX_SPECIES);
    x->n_species = k;
    x->law = bnsl__calloc(n_pairs, sizeof *x->law);
    x->slot = bnsl__calloc(n_pairs, sizeof *x->slot);
    x->pair_reach = bnsl__calloc(n_pairs, sizeof *x->pair_reach);
    x->reach = bnsl__calloc(k, sizeof *x->reach);
    x->diameter = bnsl__calloc(k, sizeof *x->diameter);
    bnsl__law *laws = bnsl__calloc(n_pairs, sizeof *laws);
    const bool ok = x->law && x->slot && x->pair_reach && x->reach && x->diameter && laws;
    bnsl_status status = ok ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (!status)
        status = bnsl_potential_diameters(potential, x->diameter);
    if (!status)
        status = copy_potential(x, potential, &n_table);
    if (!status && n_table > 0 && !(x->tables = bnsl__alloc(n_table, sizeof *x->tables)))
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory for tables");
    if (!status)
        status = pair_laws(x, laws, func);
    if (!status)
        number_slots(x, laws);
    free(laws);
    if (status)
        bnsl__interaction_free(x);
    return status;
}

bnsl__md_kernels bnsl__md_pick_kernels(const bnsl_md *md, bool with_energy)
{
    int32_t isa = bnsl__isa(md->options.instruction_set);
    bool mixed = bnsl__md_is_mixed(md) && !with_energy;
    return (bnsl__md_kernels){
        .pair = mixed ? BNSL_KERNEL_PICK(isa, bnsl__pair_mixed) : BNSL_KERNEL_PICK(isa, bnsl__pair_double),
        .gather = BNSL_KERNEL_PICK(isa, bnsl__list_gather),
        .scan = BNSL_KERNEL_PICK(isa, bnsl__list_scan),
        .test = bnsl__md_is_mixed(md) ? BNSL_KERNEL_PICK(isa, bnsl__list_test_mixed) : BNSL_KERNEL_PICK(isa, bnsl__list_test),
        .keep = BNSL_KERNEL_PICK(isa, bnsl__list_keep),
        .move = BNSL_KERNEL_PICK(isa, bnsl__step_move),
        .kick = BNSL_KERNEL_PICK(isa, bnsl__step_kick),
        .noise = BNSL_KERNEL_PICK(isa, bnsl__step_noise),
        .displacement2 = BNSL_KERNEL_PICK(isa, bnsl__step_displacement2),
        .fix = BNSL_KERNEL_PICK(isa, bnsl__fix_rows),
    };
}
