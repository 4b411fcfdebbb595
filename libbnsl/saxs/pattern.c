/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A diffraction pattern's model: options, phases with their reflections. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pattern_internal.h"

static const bnsl_saxs_pattern_options defaults = {
    .background_order = 2, .relative_error = 0.02, .contrast_large = 1, .contrast_small = 1, .ratio = -1, .fluid_eta = 0.3};
static const bnsl_saxs_phase_options phase_defaults = {.areas = BNSL_AREAS_FREE};

bnsl_status bnsl_saxs_pattern_options_init(bnsl_saxs_pattern_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

bnsl_status bnsl_saxs_phase_options_init(bnsl_saxs_phase_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &phase_defaults, sizeof phase_defaults, __func__);
}

/* ---- options ------------------------------------------------------------------------------------------------------------------- */

static bnsl_status check_choice(int32_t value, int32_t last, const char *name, const char *func)
{
    return value >= 0 && value <= last ? BNSL_OK : bnsl__fail(BNSL_EINVAL, func, "%s is %d, must be 0 .. %d", name, (int)value, (int)last);
}

static bnsl_status check_choices(const bnsl_saxs_pattern_options *o, const char *func)
{
    const struct {
        int32_t value, last;
        const char *name;
    } choice[] = {{o->background, BNSL_BACKGROUND_POLYNOMIAL, "background"},
                  {o->fluid, BNSL_FLUID_NONE, "fluid"},
                  {o->line_shape, BNSL_LINE_GAUSSIAN, "line_shape"},
                  {o->scherrer, BNSL_SCHERRER_BREADTH_VOLUME, "scherrer"},
                  {o->distribution, BNSL_SIZES_SCHULZ, "distribution"}};
    for (size_t i = 0; i < sizeof choice / sizeof *choice; i++) {
        bnsl_status status = check_choice(choice[i].value, choice[i].last, choice[i].name, func);
        if (status != BNSL_OK)
            return status;
    }
    if (o->background_order < -1 || o->background_order >= PATTERN_MAX_POLYNOMIAL)
        return bnsl__fail(BNSL_EINVAL, func, "background_order is %d, must be -1 .. %d", (int)o->background_order, PATTERN_MAX_POLYNOMIAL - 1);
    return BNSL_OK;
}

static bnsl_status check_cores(const bnsl_saxs_pattern_options *o, const char *func)
{
    const double d[2] = {o->d_large, o->d_small}, sigma[2] = {o->sigma_large, o->sigma_small};
    for (int i = 0; i < 2; i++) {
        if (!(d[i] >= 0 && d[i] < 1e6))
            return bnsl__fail(BNSL_EINVAL, func, "d_%s is %g, must be >= 0 and < 1e6", i ? "small" : "large", d[i]);
        if (!(sigma[i] >= 0 && (sigma[i] == 0 || sigma[i] < d[i])))
            return bnsl__fail(BNSL_EINVAL, func, "sigma_%s is %g, must be >= 0 and below the diameter, %g", i ? "small" : "large", sigma[i], d[i]);
    }
    if (!(fabs(o->contrast_large) < 1e100 && fabs(o->contrast_small) < 1e100) || (o->contrast_large == 0 && o->contrast_small == 0))
        return bnsl__fail(BNSL_EINVAL, func, "contrast_large is %g and contrast_small is %g, must be finite and not both 0", o->contrast_large,
                          o->contrast_small);
    if (!(fabs(o->ratio) < 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "ratio is %g, must be finite", o->ratio);
    return BNSL_OK;
}

static bnsl_status check_options(const bnsl_saxs_pattern_options *o, const char *func)
{
    const saxs_curve_options range = {o->error_model, o->relative_error, o->q_min, o->q_max};
    bnsl_status status = check_choices(o, func);
    if (status == BNSL_OK)
        status = check_cores(o, func);
    if (status == BNSL_OK)
        status = bnsl__saxs_check_curve_options(&range, func);
    if (status != BNSL_OK)
        return status;
    if (!(o->scherrer_k >= 0 && o->scherrer_k < 1e6))
        return bnsl__fail(BNSL_EINVAL, func, "scherrer_k is %g, must be > 0, or 0 for the convention's own", o->scherrer_k);
    if (!(o->resolution >= 0 && o->resolution < 1e6))
        return bnsl__fail(BNSL_EINVAL, func, "resolution is %g, must be >= 0", o->resolution);
    if (!(o->fluid_eta >= 0 && o->fluid_eta <= 0.6))
        return bnsl__fail(BNSL_EINVAL, func, "fluid_eta is %g, must be 0 .. 0.6", o->fluid_eta);
    if (!(o->fluid_diameter >= 0 && o->fluid_diameter < 1e6 && o->fluid_damping >= 0 && o->fluid_damping < 1e6))
        return bnsl__fail(BNSL_EINVAL, func, "fluid_diameter is %g and fluid_damping is %g, must be >= 0 and < 1e6", o->fluid_diameter,
                          o->fluid_damping);
    return BNSL_OK;
}

bnsl_status bnsl_saxs_pattern_create(bnsl_saxs_pattern **out, const bnsl_saxs_pattern_options *opts)
{
    bnsl_saxs_pattern_options o = defaults;
    bnsl_status status;
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (opts && (status = bnsl__options_load(&o, sizeof o, opts, "bnsl_saxs_pattern_options", __func__)) != BNSL_OK)
        return status;
    status = check_options(&o, __func__);
    if (status != BNSL_OK)
        return status;
    bnsl_saxs_pattern *pattern = bnsl__calloc(1, sizeof *pattern);
    if (!pattern)
        return BNSL_NOMEM();
    pattern->options = o;
    *out = pattern;
    return BNSL_OK;
}

/* ---- life --------------------------------------------------------------------------------------------------------------------- */

void bnsl__pattern_free_result(pattern_result *result)
{
    if (!result)
        return;
    free(result->peaks);
    free(result->lines);
    free(result);
}

void bnsl__pattern_set_result(bnsl_saxs_pattern *pattern, pattern_result *result)
{
    bnsl__pattern_free_result(pattern->result);
    pattern->result = result;
}

void bnsl_saxs_pattern_destroy(bnsl_saxs_pattern *pattern)
{
    if (!pattern)
        return;
    for (int32_t i = 0; i < pattern->n_phases; i++)
        free(pattern->phases[i].reflections);
    bnsl__pattern_free_result(pattern->result);
    bnsl__pattern_fit_free(pattern->workspace);
    free(pattern);
}

bnsl_saxs_pattern *bnsl__pattern_copy(const bnsl_saxs_pattern *pattern)
{
    bnsl_saxs_pattern *copy = bnsl__calloc(1, sizeof *copy);
    if (!copy)
        return NULL;
    copy->options = pattern->options;
    for (int32_t i = 0; i < pattern->n_phases; i++) {
        const pattern_phase *from = pattern->phases + i;
        pattern_phase *to = copy->phases + i;
        *to = *from;
        to->reflections = bnsl__alloc(from->n_reflections, sizeof *to->reflections);
        if (!to->reflections) {
            bnsl_saxs_pattern_destroy(copy);
            return NULL;
        }
        memcpy(to->reflections, from->reflections, (size_t)from->n_reflections * sizeof *to->reflections);
        copy->n_phases++;
    }
    return copy;
}

/* ---- phases ------------------------------------------------------------------------------------------------------------------------------- */

static bnsl_status check_modes(const bnsl_saxs_phase_options *o, const char *func)
{
    const struct {
        int32_t value;
        const char *name;
    } flag[] = {{o->areas, "areas"},
                {o->centres, "centres"},
                {o->fit_c_over_a, "fit_c_over_a"},
                {o->fit_microstrain, "fit_microstrain"},
                {o->fix_u_rms, "fix_u_rms"}};
    for (size_t i = 0; i < sizeof flag / sizeof *flag; i++) {
        bnsl_status status = check_choice(flag[i].value, 1, flag[i].name, func);
        if (status != BNSL_OK)
            return status;
    }
    if (o->centres == BNSL_CENTRES_FREE && o->areas == BNSL_AREAS_CALCULATED)
        return bnsl__fail(BNSL_EINVAL, func, "free centres need free areas, these are calculated");
    return BNSL_OK;
}

static bnsl_status check_phase(const bnsl_saxs_pattern *pattern, const bnsl_saxs_phase_options *o, const char *func)
{
    bnsl_status status = check_modes(o, func);
    if (status != BNSL_OK)
        return status;
    if (pattern->n_phases >= PATTERN_MAX_PHASES)
        return bnsl__fail(BNSL_EINVAL, func, "the pattern has %d phases already, the most possible", PATTERN_MAX_PHASES);
    if (!(o->a_min == 0 && o->a_max == 0) && !(o->a_min > 0 && o->a_max > o->a_min && o->a_max <= 100 * o->a_min))
        return bnsl__fail(BNSL_EINVAL, func, "a_min is %g and a_max is %g, must be 0 < a_min < a_max <= 100 a_min, or both 0", o->a_min, o->a_max);
    if (!(o->microstrain >= 0 && o->microstrain <= 0.2))
        return bnsl__fail(BNSL_EINVAL, func, "microstrain is %g, must be 0 .. 0.2", o->microstrain);
    if (!(o->u_rms >= 0 && o->u_rms < 1e6))
        return bnsl__fail(BNSL_EINVAL, func, "u_rms is %g, must be >= 0", o->u_rms);
    if (!(o->centre_bound >= 0 && o->centre_bound < 1e6))
        return bnsl__fail(BNSL_EINVAL, func, "centre_bound is %g, must be >= 0", o->centre_bound);
    return BNSL_OK;
}

static bnsl_status load_reflections(pattern_phase *phase, const bnsl_lattice *lattice, const char *func)
{
    int64_t n = 4096, room;
    bnsl_reflection *list = NULL;
    bnsl_status status;
    do { /* once, or twice when there are more than expected */
        room = n;
        free(list);
        list = bnsl__alloc(room, sizeof *list);
        if (!list)
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        status = bnsl_lattice_reflections(lattice, 2 * SAXS_PI * PATTERN_MAX_ORDER / phase->a, 0, room, &n, list);
    } while (status == BNSL_EBUFFER && n > room);
    if (status == BNSL_OK) {
        phase->reflections = bnsl__alloc(n, sizeof *phase->reflections);
        if (!phase->reflections)
            status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    }
    for (int64_t i = 0; status == BNSL_OK && i < n; i++) {
        double axial = 4 * SAXS_PI * SAXS_PI * list[i].l * list[i].l, qa = list[i].q * phase->a;
        phase->reflections[i] = (pattern_reflection){
            list[i].h, list[i].k,    list[i].l,    list[i].multiplicity, fmax(qa * qa - axial / (phase->c_over_a * phase->c_over_a), 0),
            axial,     list[i].g_ll, list[i].g_ss, list[i].g_ls};
        phase->n_reflections = (int32_t)n;
    }
    free(list);
    return status;
}

/* Lattice constants, sites, bond length; name. */
static bnsl_status load_lattice(pattern_phase *phase, const bnsl_lattice *lattice, const char *func)
{
    double c, volume, b_ll = NAN, b_ls, b_ss;
    int32_t n_large, n_small;
    bnsl_status status = bnsl_lattice_constants(lattice, &phase->a, &c, &volume);
    if (status == BNSL_OK)
        status = bnsl_lattice_sites(lattice, &n_large, &n_small);
    if (status == BNSL_OK)
        status = bnsl_lattice_bond_lengths(lattice, BNSL_BONDS_GEOMETRY, &b_ll, &b_ls, &b_ss);
    if (status != BNSL_OK)
        return status;
    phase->cubic = bnsl_lattice_system(lattice) == BNSL_SYSTEM_CUBIC;
    if (phase->cubic && phase->options.fit_c_over_a)
        return bnsl__fail(BNSL_EINVAL, func, "fit_c_over_a is 1, but %s is cubic", bnsl_lattice_name(lattice));
    snprintf(phase->name, sizeof phase->name, "%s", bnsl_lattice_name(lattice));
    phase->c_over_a = phase->cubic ? 1 : c / phase->a;
    phase->n_large = n_large;
    phase->n_small = n_small;
    phase->cell_factor = volume / (phase->a * phase->a * phase->a * phase->c_over_a);
    phase->b_large = b_ll > 0 ? b_ll / phase->a : 1;
    return load_reflections(phase, lattice, func);
}

bnsl_status bnsl_saxs_pattern_add_phase(bnsl_saxs_pattern *pattern, const bnsl_lattice *lattice, const bnsl_saxs_phase_options *opts)
{
    pattern_phase phase = {.options = phase_defaults};
    bnsl_status status;
    if (!pattern || !lattice)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", pattern ? "lattice" : "pattern");
    if (opts && (status = bnsl__options_load(&phase.options, sizeof phase.options, opts, "bnsl_saxs_phase_options", __func__)) != BNSL_OK)
        return status;
    status = check_phase(pattern, &phase.options, __func__);
    if (status == BNSL_OK)
        status = load_lattice(&phase, lattice, __func__);
    if (status != BNSL_OK)
        return status;
    pattern->phases[pattern->n_phases++] = phase;
    bnsl__pattern_set_result(pattern, NULL); /* an earlier fit knew nothing of this phase */
    return BNSL_OK;
}
