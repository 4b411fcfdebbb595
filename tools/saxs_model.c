/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model of a diffraction pattern from the command line. */
#include "saxs_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANGE_LINES = 5 };

/* "MIN,MAX" */
static int read_range(const char *text, model_phase *p)
{
    int64_t used = 0, length = (int64_t)strlen(text);
    if (bnsl_parse_double(text, length, &p->a_min, &used) != BNSL_OK || used >= length || text[used] != ',' ||
        bnsl_parse_double(text + used + 1, length - used - 1, &p->a_max, NULL) != BNSL_OK || !(p->a_min > 0 && p->a_min < p->a_max && p->a_max < 1e9))
        return cli_usage("--a-range: '%s' must be MIN,MAX with 0 < MIN < MAX", text);
    p->a_given = true;
    return CLI_DONE;
}

static int read_c_over_a(const char *text, double *value, bool *fit)
{
    *value = 1;
    *fit = text && strcmp(text, "fit") == 0;
    if (!text || *fit)
        return CLI_DONE;
    if (bnsl_parse_double(text, (int64_t)strlen(text), value, NULL) != BNSL_OK || !(*value > 0 && *value < 1e3))
        return cli_usage("--c-over-a: '%s' must be a number > 0 or the word fit", text);
    return CLI_DONE;
}

static int read_phase(model_phase *p, const model_args *a, int32_t i, double c_over_a, bool fit_c)
{
    int32_t n_small;
    if (bnsl_lattice_create(&p->lattice, a->structure.values[i], NULL) != BNSL_OK)
        return cli_fail_library(NULL);
    p->name = bnsl_lattice_name(p->lattice);
    p->cubic = bnsl_lattice_system(p->lattice) == BNSL_SYSTEM_CUBIC;
    p->c_over_a = p->cubic ? 1 : c_over_a;
    p->fit_c_over_a = !p->cubic && fit_c;
    bnsl_lattice_sites(p->lattice, NULL, &n_small);
    if (a->cores.n == 1 && n_small > 0)
        return cli_usage("--cores: %s has L and S particles: give both, dL,dS", p->name);
    return a->a_range.n > 0 ? read_range(a->a_range.values[a->a_range.n == 1 ? 0 : i], p) : CLI_DONE;
}

static int check_arguments(const model_args *a, const cli_common *common)
{
    if (a->structure.n > MODEL_PHASES_MAX)
        return cli_usage("--structure: %d of them, at most %d", (int)a->structure.n, MODEL_PHASES_MAX);
    if (a->a_range.n > 1 && a->a_range.n != a->structure.n)
        return cli_usage("--a-range: %d of them for %d structures: give one, or one for each", (int)a->a_range.n, (int)a->structure.n);
    if (a->contrast.values[0] == 0 && a->contrast.values[1] == 0)
        return cli_usage("--contrast: 0,0 scatters nothing");
    if (a->cores.n == 0 && cli_given(common, "bonds"))
        return cli_usage("--bonds needs --cores, for the distances between surfaces");
    if (a->core_sigma.n > a->cores.n)
        return cli_usage("--core-sigma needs --cores with as many diameters");
    for (int32_t i = 0; i < a->core_sigma.n; i++)
        if (!(a->core_sigma.values[i] < a->cores.values[i]))
            return cli_usage("--core-sigma: %g must be below the diameter, %g", a->core_sigma.values[i], a->cores.values[i]);
    if (a->background == BNSL_BACKGROUND_POLYNOMIAL && (cli_given(common, "fluid") || a->fluid_start.n > 0))
        return cli_usage("--fluid and --fluid-start belong to --background physical");
    return CLI_DONE;
}

int model_read(model_request *m, const model_args *a, const cli_common *common)
{
    double c_over_a;
    bool fit_c, any_hexagonal = false;
    *m = (model_request){.args = a};
    int status = check_arguments(a, common);
    if (status == CLI_DONE)
        status = read_c_over_a(a->c_over_a, &c_over_a, &fit_c);
    for (int32_t i = 0; i < a->structure.n && status == CLI_DONE; i++) {
        m->n_phases++;
        status = read_phase(m->phases + i, a, i, c_over_a, fit_c);
        any_hexagonal = any_hexagonal || !m->phases[i].cubic;
    }
    if (status == CLI_DONE && a->c_over_a && !any_hexagonal)
        return cli_usage("--c-over-a: no structure here has one");
    return status;
}

void model_close(model_request *m)
{
    for (int32_t i = 0; i < m->n_phases; i++)
        bnsl_lattice_destroy(m->phases[i].lattice);
    m->n_phases = 0;
}

/* q of the first and the RANGE_LINES-th line of a lattice with a = 1; false: no memory. */
static bool first_lines(const bnsl_lattice *lattice, double *q_first, double *q_later)
{
    const double q_max = 40;
    int64_t n = 0;
    bnsl_lattice_reflections(lattice, q_max, 0, 0, &n, NULL); /* asks for their number */
    bnsl_reflection *lines = malloc((size_t)n * sizeof *lines);
    bool ok = lines && n >= RANGE_LINES && bnsl_lattice_reflections(lattice, q_max, 0, n, &n, lines) == BNSL_OK;
    if (ok) {
        *q_first = lines[0].q;
        *q_later = lines[RANGE_LINES - 1].q;
    }
    free(lines);
    return ok;
}

int model_ranges(model_request *m, const char *path, double q_first, double q_last)
{
    for (int32_t i = 0; i < m->n_phases; i++) {
        model_phase *p = m->phases + i;
        double first, later;
        if (p->a_given)
            continue;
        if (!first_lines(p->lattice, &first, &later))
            return cli_fail("out of memory");
        p->a_min = later / q_last;
        p->a_max = fmin(first / q_first, 50 * p->a_min);
        if (!(p->a_min < p->a_max))
            return cli_fail("%s: q = %.4g .. %.4g 1/nm is too short a range to look for %s in; give --a-range", path, q_first, q_last, p->name);
    }
    return CLI_DONE;
}

void model_options(const model_request *m, bnsl_saxs_pattern_options *o)
{
    const model_args *a = m->args;
    o->background = a->background;
    o->background_order = (int32_t)a->background_order;
    o->fluid = a->fluid;
    o->line_shape = a->line_shape;
    o->resolution = a->resolution;
    o->scherrer = a->scherrer;
    o->scherrer_k = isnan(a->scherrer_k) ? 0 : a->scherrer_k;
    o->distribution = a->sizes == 1 ? BNSL_SIZES_SCHULZ : BNSL_SIZES_GAUSSIAN;
    o->d_large = a->cores.n > 0 ? a->cores.values[0] : 0;
    o->d_small = a->cores.n > 1 ? a->cores.values[1] : 0;
    o->sigma_large = a->core_sigma.n > 0 ? a->core_sigma.values[0] : 0;
    o->sigma_small = a->core_sigma.n > 1 ? a->core_sigma.values[1] : 0;
    o->contrast_large = a->contrast.values[0];
    o->contrast_small = a->contrast.values[1];
    o->ratio = isnan(a->ratio) ? -1 : a->ratio;
    if (a->fluid_start.n == 3) {
        o->fluid_eta = a->fluid_start.values[0];
        o->fluid_diameter = a->fluid_start.values[1];
        o->fluid_damping = a->fluid_start.values[2];
    }
}

bnsl_status model_add_phases(const model_request *m, bnsl_saxs_pattern *pattern)
{
    const model_args *a = m->args;
    bnsl_status status = BNSL_OK;
    for (int32_t i = 0; i < m->n_phases && status == BNSL_OK; i++) {
        const model_phase *p = m->phases + i;
        bnsl_lattice *lattice = NULL;
        bnsl_lattice_options lo;
        bnsl_saxs_phase_options po;
        bnsl_lattice_options_init(&lo, sizeof lo);
        bnsl_saxs_phase_options_init(&po, sizeof po);
        lo.a = sqrt(p->a_min * p->a_max);
        lo.c_over_a = p->cubic ? 0 : p->c_over_a;
        po.areas = a->areas;
        po.centres = a->centres;
        po.centre_bound = isnan(a->centre_bound) ? 0 : a->centre_bound;
        po.fit_c_over_a = p->fit_c_over_a;
        po.fit_microstrain = a->microstrain;
        po.fix_u_rms = !isnan(a->u_rms);
        po.u_rms = isnan(a->u_rms) ? 0 : a->u_rms;
        po.a_min = p->a_min;
        po.a_max = p->a_max;
        status = bnsl_lattice_create(&lattice, p->name, &lo);
        if (status == BNSL_OK)
            status = bnsl_saxs_pattern_add_phase(pattern, lattice, &po);
        bnsl_lattice_destroy(lattice);
    }
    return status;
}

const char *model_hkl(const bnsl_saxs_peak *p, char text[48])
{
    snprintf(text, 48, p->h < 10 && p->k < 10 && p->l < 10 ? "%d%d%d" : "%d %d %d", (int)p->h, (int)p->k, (int)p->l);
    return text;
}

const char *model_status(int32_t status)
{
    static const char *const names[] = {"fitted", "fixed", "at bound", "undetermined"};
    return status >= 0 && status < 4 ? names[status] : "unknown";
}
