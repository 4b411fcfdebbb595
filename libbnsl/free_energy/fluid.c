/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Free energy of one state of a fluid mixture:
 *
 *   beta A/N = ln rho - 1 + sum x ln x + int_0^rho (Z_IPL - 1)/rho' drho' + int_0^1 <U_Mie - U_IPL>/N dlambda + int <U/eps>/N deps
 *
 * The first integral is that of a curve through Z at n_densities densities up to rho, which has the exact B2 and hard spheres as reference
 * (surface.c); the others are one ramp (ramp.c). The runs are independent: each has its own seed and runs on one thread.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bnsl/md.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { MIN_TERMS = 3, MAX_TERMS = 7, MAX_SPECIES = 8, MAX_RUNS = 33, N_END = 3 }; /* N_END: more stays at the end of the ramp */

static const bnsl_free_energy_fluid_options defaults = {
    .n_densities = 8,
    .n_steps = 5000,
    .n_equilibrate = 20000,
    .dt = 0.002,
    .ipl_prefactor = 1,
    .seed = 1,
};

bnsl_status bnsl_free_energy_fluid_options_init(bnsl_free_energy_fluid_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

double bnsl_free_energy_clumping_limit(int64_t n)
{
    return 1 + (double)n / 48;
}

static bnsl_status check_mixture(int32_t n_species, const double *diameter, const int64_t *count, double density, int64_t *n_out, const char *func)
{
    if (n_species < 1 || n_species > MAX_SPECIES || !diameter || !count)
        return bnsl__fail(BNSL_EINVAL, func, "n_species is %d, must be 1 to %d, with diameters and counts", (int)n_species, MAX_SPECIES);
    if (!(density > 0) || !isfinite(density))
        return bnsl__fail(BNSL_EINVAL, func, "density is %g, must be > 0", density);
    *n_out = 0;
    for (int32_t i = 0; i < n_species; i++) {
        if (!(diameter[i] > 0) || !isfinite(diameter[i]) || count[i] < 0 || count[i] > (1 << 24))
            return bnsl__fail(BNSL_EINVAL, func, "diameter[%d] is %g, must be > 0, and count[%d] %lld, 0 to 2^24", (int)i, diameter[i], (int)i,
                              (long long)count[i]);
        *n_out += count[i];
    }
    return *n_out >= 32 ? BNSL_OK : bnsl__fail(BNSL_EINVAL, func, "there are %lld particles, must be at least 32", (long long)*n_out);
}

bnsl_status bnsl_free_energy_fluid_start(int32_t n_species, const double *diameter, const int64_t *count, double density, uint64_t seed,
                                         bnsl_box *box_out, double *xyz_out, int32_t *species_out)
{
    int64_t n = 0;
    bnsl_status status = check_mixture(n_species, diameter, count, density, &n, __func__);
    if (status)
        return status;
    if (!box_out || !xyz_out || !species_out)
        return BNSL_FAIL(BNSL_EINVAL, "an output is NULL");
    double side = cbrt((double)n / density), *size = bnsl__alloc(n, sizeof *size);
    bnsl_box box;
    if (!size)
        return BNSL_NOMEM();
    int64_t i = 0;
    for (int32_t s = 0; s < n_species; s++)
        for (int64_t k = 0; k < count[s]; k++, i++)
            size[i] = diameter[s];
    status = bnsl_box_init(&box, side, side, side, 0, 0, 0);
    if (!status)
        status = bnsl_md_random_start(&box, n, size, 0, seed, 1, xyz_out, NULL);
    free(size);
    if (status == BNSL_EINVAL || status == BNSL_ENOCONV)
        return BNSL_FAIL(BNSL_EDOMAIN, "no disordered start at density %g: its packing fraction must be below 0.6", density);
    if (status)
        return status;
    i = 0;
    for (int32_t s = 0; s < n_species; s++)
        for (int64_t k = 0; k < count[s]; k++)
            species_out[i++] = s;
    *box_out = box;
    return BNSL_OK;
}

/* ---- several runs at a time ------------------------------------------------------------------------------ */

/* All runs of one call; each reports its steps through a control of its own. */
typedef struct fleet {
    bnsl_control *parent;
    atomic_llong done;
    atomic_int stopped; /* by the caller, or because a run has failed */
    int64_t total;
} fleet;

typedef struct member {
    fleet *fleet;
    int64_t done;
    bool main; /* on the calling thread: the only one that may call the caller's progress function */
} member;

static int32_t report(void *user, int64_t done, int64_t total)
{
    member *m = user;
    (void)total;
    int64_t all = (int64_t)atomic_fetch_add(&m->fleet->done, done - m->done) + done - m->done;
    m->done = done;
    bool stop = bnsl_control_is_cancelled(m->fleet->parent);
    if (m->main)
        stop = bnsl__control_stop(m->fleet->parent, all < m->fleet->total ? all : m->fleet->total - 1, m->fleet->total);
    if (stop)
        atomic_store(&m->fleet->stopped, 1);
    return atomic_load(&m->fleet->stopped);
}

/* The problem, and one run of it. */
typedef struct problem {
    bnsl_free_energy_fluid_options o;
    int32_t n_species;
    const double *diameter;
    const int64_t *count;
    const bnsl_potential_options *mie;
    int64_t n;
    fleet fleet;
} problem;

typedef struct job {
    double density;
    int32_t n_nodes, directions;
    int64_t n_steps;
    uint64_t seed;
    const double *coupling, *well_depth;
    bnsl_free_energy_node *node;
    bnsl_status status;
    char message[400];
} job;

static bnsl_status run_job(problem *p, job *j, bool on_caller)
{
    double *xyz = bnsl__alloc(3 * p->n, sizeof *xyz);
    int32_t *species = bnsl__alloc(p->n, sizeof *species);
    member m = {.fleet = &p->fleet, .main = on_caller};
    bnsl_control *control = NULL;
    bnsl_free_energy_ramp_options o;
    bnsl_box box;
    bnsl_status status = xyz && species ? bnsl_control_create(&control) : bnsl__fail(BNSL_ENOMEM, "bnsl_free_energy_fluid", "out of memory");
    if (!status)
        status = bnsl_control_set_progress(control, report, &m);
    if (!status)
        status = bnsl_free_energy_ramp_options_init(&o, sizeof o);
    if (!status)
        status = bnsl_free_energy_fluid_start(p->n_species, p->diameter, p->count, j->density, j->seed, &box, xyz, species);
    if (!status) {
        o.directions = j->directions;
        o.dt = p->o.dt;
        o.n_equilibrate = p->o.n_equilibrate;
        o.n_steps = j->n_steps;
        o.ipl_prefactor = p->o.ipl_prefactor;
        o.seed = j->seed;
        status = bnsl_free_energy_ramp(&box, p->n, xyz, species, p->n_species, p->diameter, p->mie, j->n_nodes, j->coupling, j->well_depth, &o,
                                       control, j->node);
    }
    bnsl_control_destroy(control);
    free(xyz);
    free(species);
    return status;
}

/* Runs all jobs, the longest first; the first failure, in the order of jobs, is reported. */
static bnsl_status run_jobs(problem *p, int32_t n_jobs, job *jobs)
{
    atomic_init(&p->fleet.done, 0);
    atomic_init(&p->fleet.stopped, 0);
    for (int32_t k = 0; k < n_jobs; k++)
        p->fleet.total += p->o.n_equilibrate + jobs[k].n_steps * jobs[k].directions * jobs[k].n_nodes;
#pragma omp parallel for num_threads(bnsl__threads(p->o.num_threads)) schedule(dynamic, 1)
    for (int32_t k = 0; k < n_jobs; k++) {
        jobs[k].status = atomic_load(&p->fleet.stopped) ? BNSL_ECANCELLED : run_job(p, &jobs[k], bnsl__thread_number() == 0);
        if (jobs[k].status) {
            atomic_store(&p->fleet.stopped, 1);
            const char *text = bnsl_error_message(), *colon = strstr(text, ": ");
            snprintf(jobs[k].message, sizeof jobs[k].message, "%s", colon ? colon + 2 : text); /* without the name of the inner function */
        }
    }
    bool cancelled = false;
    for (int32_t k = 0; k < n_jobs; k++) { /* a run that failed stops the others, which are then cancelled */
        if (jobs[k].status && jobs[k].status != BNSL_ECANCELLED)
            return bnsl__fail(jobs[k].status, "bnsl_free_energy_fluid", "%s", jobs[k].message);
        cancelled = cancelled || jobs[k].status;
    }
    if (cancelled)
        return bnsl__fail(BNSL_ECANCELLED, "bnsl_free_energy_fluid", "cancelled");
    return BNSL_OK;
}

/* ---- the integrals --------------------------------------------------------------------------------------- */

/* The power law's A at the density, from Z at the densities up to it. As many terms as bring chi^2 per degree of freedom below 2, or else the number
 * with the least: soft spheres differ from the hard ones of the reference by more terms than hard ones do. */
static bnsl_status density_integral(const problem *p, int32_t n, const job *jobs, const double *fraction, double density, bnsl_free_energy_state *out)
{
    bnsl_free_energy_datum data[MAX_RUNS];
    bnsl_free_energy_surface_options o;
    bnsl_status status = bnsl_free_energy_surface_options_init(&o, sizeof o);
    o.n_species = p->n_species;
    o.virial = 1;
    o.coupling = 0;
    o.ipl_prefactor = p->o.ipl_prefactor;
    for (int32_t k = 0; k < n; k++)
        data[k] = (bnsl_free_energy_datum){BNSL_DATUM_Z, 0, jobs[k].density, 1, jobs[k].node[0].z, jobs[k].node[0].z_err};
    double least = INFINITY;
    for (o.n_density = MIN_TERMS; !status && o.n_density <= MAX_TERMS && o.n_density < n && least > 2; o.n_density++) {
        bnsl_free_energy_surface *curve = NULL;
        double chi2 = 0;
        int64_t freedom = 1;
        status = bnsl_free_energy_surface_create(&curve, &o, n, data, p->diameter, fraction, p->mie);
        if (!status)
            status = bnsl_free_energy_surface_quality(curve, &chi2, &freedom, NULL, NULL);
        if (!status && chi2 / (double)freedom < least) {
            least = chi2 / (double)freedom;
            status = bnsl_free_energy_surface_evaluate(curve, density, 1, out);
        }
        bnsl_free_energy_surface_destroy(curve);
    }
    return status;
}

/* The state at the end: the mean over the last stays, whose scatter is an error too. */
static bnsl_free_energy_node end_state(int32_t n, const bnsl_free_energy_node *stay)
{
    bnsl_free_energy_node mean = stay[0];
    double z = 0, u = 0, clumping = 0, z_block = 0, u_block = 0, z_scatter = 0, u_scatter = 0;
    for (int32_t k = 0; k < n; k++) {
        z += stay[k].z / n;
        u += stay[k].energy / n;
        clumping += stay[k].clumping / n;
        z_block += pow(stay[k].z_err / n, 2);
        u_block += pow(stay[k].energy_err / n, 2);
    }
    for (int32_t k = 0; k < n; k++) {
        z_scatter += pow(stay[k].z - z, 2) / (n * fmax(n - 1, 1));
        u_scatter += pow(stay[k].energy - u, 2) / (n * fmax(n - 1, 1));
    }
    mean.z = z;
    mean.energy = u;
    mean.clumping = clumping;
    mean.z_err = sqrt(0.5 * (z_block + fmax(z_block, z_scatter))); /* few stays: their scatter alone is uncertain */
    mean.energy_err = sqrt(0.5 * (u_block + fmax(u_block, u_scatter)));
    return mean;
}

/* Sums of the two legs. Errors: from blocks, or from the difference of both directions, whichever is larger. */
static void add_legs(const problem *p, const job *ramp, const double *weight, bnsl_free_energy_fluid_result *r)
{
    double block[2] = {0}, difference[2] = {0}, sum[2] = {0};
    for (int32_t k = 0; k < ramp->n_nodes; k++) {
        const bnsl_free_energy_node *node = &ramp->node[k];
        int leg = ramp->coupling[k] < 1 ? 0 : 1;
        sum[leg] += weight[k] * node->slope;
        block[leg] += pow(weight[k] * node->slope_err, 2);
        difference[leg] += pow(weight[k] * node->hysteresis / 2, 2);
        r->dissipation += weight[k] * node->hysteresis / 2;
    }
    r->coupling_part = sum[0];
    r->depth_part = sum[1];
    r->coupling_part_err = sqrt(fmax(block[0], difference[0]));
    r->depth_part_err = sqrt(fmax(block[1], difference[1]));
    double statistical = hypot(hypot(r->coupling_part_err, r->depth_part_err), r->density_part_err);
    r->a_err = hypot(r->density_part_err, fmax(hypot(r->coupling_part_err, r->depth_part_err), fabs(r->dissipation)));
    if (fabs(r->dissipation) > 3 * statistical)
        r->flags |= BNSL_FLUID_HYSTERESIS;
    if (r->clumping > 0.5 * bnsl_free_energy_clumping_limit(p->n))
        r->flags |= BNSL_FLUID_CLUMPED;
}

static bnsl_status end_virial(const problem *p, const double *fraction, double well_depth, double *out)
{
    bnsl_potential_options mie;
    bnsl_potential *potential = NULL;
    bnsl_status status = bnsl_potential_options_init(&mie, sizeof mie);
    if (!status)
        status = bnsl__path_potential(&potential, p->n_species, p->diameter, p->mie ? p->mie : &mie, well_depth > 0, well_depth > 0 ? well_depth : 1,
                                      p->o.ipl_prefactor);
    if (!status)
        status = bnsl_free_energy_second_virial(potential, fraction, 1, out);
    bnsl_potential_destroy(potential);
    return status;
}

/* Densities of the integration: those of Chebyshev on (0, rho), the last one rho itself. */
static double density_node(int32_t k, int32_t n, double density)
{
    return k == n - 1 ? density : density * 0.5 * (1 - cos(3.14159265358979323846 * (k + 1) / n));
}

static bnsl_status check_options(bnsl_free_energy_fluid_options *o, double well_depth, const char *func)
{
    o->n_densities = o->n_densities ? o->n_densities : defaults.n_densities;
    o->n_steps = o->n_steps ? o->n_steps : defaults.n_steps;
    o->ipl_prefactor = o->ipl_prefactor == 0 ? defaults.ipl_prefactor : o->ipl_prefactor;
    if (o->n_densities < 5 || o->n_densities >= MAX_RUNS)
        return bnsl__fail(BNSL_EINVAL, func, "n_densities is %d, must be 5 to %d", (int)o->n_densities, MAX_RUNS - 1);
    if (!(well_depth >= 0 && well_depth <= 100))
        return bnsl__fail(BNSL_EINVAL, func, "well_depth is %g, must be 0 to 100", well_depth);
    return BNSL_OK;
}

/* All runs: the densities, and last the ramp at the density (only its first node for the power law). */
static bnsl_status compute(problem *p, double density, double well_depth, const double *fraction, bnsl_free_energy_node *density_node_out,
                           bnsl_free_energy_node *ramp_node, double *coupling, double *depth, double *weight, int32_t n_nodes,
                           bnsl_free_energy_fluid_result *r)
{
    static const double ipl = 0, unit = 1;
    job jobs[MAX_RUNS + 1];
    int32_t n = p->o.n_densities;
    bool mie = well_depth > 0;
    jobs[0] = (job){.density = density,
                    .n_nodes = n_nodes,
                    .directions = 2,
                    .n_steps = p->o.n_steps,
                    .seed = p->o.seed + 1000,
                    .coupling = coupling,
                    .well_depth = depth,
                    .node = ramp_node};
    for (int32_t k = 0; k < n; k++)
        jobs[1 + k] = (job){.density = density_node(k, n, density),
                            .n_nodes = 1,
                            .directions = 1,
                            .n_steps = 4 * p->o.n_steps,
                            .seed = p->o.seed + k,
                            .coupling = &ipl,
                            .well_depth = &unit,
                            .node = &density_node_out[k]};
    bnsl_status status = run_jobs(p, n + mie, jobs + !mie);
    if (status)
        return status;
    bnsl_free_energy_node end = mie ? end_state(1 + N_END, &ramp_node[n_nodes - 1 - N_END]) : density_node_out[n - 1];
    r->clumping = end.clumping;
    if (end.clumping > bnsl_free_energy_clumping_limit(p->n))
        status = bnsl__fail(
            BNSL_EDOMAIN, "bnsl_free_energy_fluid",
            "density %g at well depth %g lies inside the vapour-liquid loop: the fluid has split (density fluctuations %.3g times those of "
            "an ideal gas, at most %.3g for one phase)",
            density, well_depth, end.clumping, bnsl_free_energy_clumping_limit(p->n));
    bnsl_free_energy_state start;
    if (!status)
        status = density_integral(p, n, jobs + 1, fraction, density, &start);
    if (!status)
        status = end_virial(p, fraction, well_depth, &r->b2);
    if (status)
        return status;
    r->density_part = start.a - r->ideal - r->mixing;
    r->density_part_err = r->a_err = start.a_err;
    if (mie)
        add_legs(p, &jobs[0], weight, r);
    r->a = r->ideal + r->mixing + r->density_part + r->coupling_part + r->depth_part;
    r->z = end.z;
    r->z_err = end.z_err;
    r->pressure = density * end.z;
    r->pressure_err = density * end.z_err;
    r->u = end.energy;
    r->u_err = end.energy_err;
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_fluid(int32_t n_species, const double *diameter, const int64_t *count, double density, double well_depth,
                                   const bnsl_potential_options *mie, const bnsl_free_energy_fluid_options *opts, bnsl_control *control,
                                   bnsl_free_energy_fluid_result *out)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    problem p = {.o = defaults, .n_species = n_species, .diameter = diameter, .count = count, .mie = mie};
    p.fleet.parent = control;
    bnsl_status status = check_mixture(n_species, diameter, count, density, &p.n, __func__);
    if (!status && opts)
        status = bnsl__options_load(&p.o, sizeof p.o, opts, "bnsl_free_energy_fluid_options", __func__);
    if (!status)
        status = check_options(&p.o, well_depth, __func__);
    const double depth[2] = {well_depth > 0.5 ? 0.5 : well_depth, well_depth};
    int32_t n_depth = well_depth > 0.5 ? 2 : 1, n_nodes = 0;
    if (!status && well_depth > 0)
        status = bnsl_free_energy_path(n_depth, depth, 0, NULL, NULL, NULL, &n_nodes);
    if (status)
        return status;
    bnsl_free_energy_fluid_result r = {.n = p.n, .density = density, .well_depth = well_depth, .ideal = log(density) - 1};
    double fraction[MAX_SPECIES];
    for (int32_t i = 0; i < n_species; i++) {
        fraction[i] = (double)count[i] / (double)p.n;
        r.mixing += fraction[i] > 0 ? fraction[i] * log(fraction[i]) : 0;
    }
    int32_t n_path = n_nodes, n_stays = n_nodes > 0 ? n_nodes + N_END : 0;
    double *path = bnsl__calloc(n_stays, sizeof *path), *path_depth = bnsl__calloc(n_stays, sizeof *path),
           *weight = bnsl__calloc(n_stays, sizeof *path);
    bnsl_free_energy_node *node = bnsl__alloc(n_stays + MAX_RUNS, sizeof *node);
    status = path && path_depth && weight && node ? BNSL_OK : BNSL_NOMEM();
    if (!status && n_path > 0)
        status = bnsl_free_energy_path(n_depth, depth, n_path, path, path_depth, weight, &n_path);
    for (int32_t k = n_path; !status && k < n_stays; k++) { /* the end, again */
        path[k] = 1;
        path_depth[k] = well_depth;
    }
    if (!status)
        status = compute(&p, density, well_depth, fraction, node + n_stays, node, path, path_depth, weight, n_stays, &r);
    free(path);
    free(path_depth);
    free(weight);
    free(node);
    if (!status)
        *out = r;
    return status;
}
