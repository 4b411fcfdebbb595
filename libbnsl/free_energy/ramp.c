/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adiabatic switching along a path of potentials, by Langevin dynamics (BAOAB [Leimkuhler and Matthews 2013]) at kT = 1, in steps: the
 * potential changes at each node, the first quarter of the time there is left out, the rest sampled. The way back gives the same averages
 * once more; half the difference of the two integrals of the slope is the dissipated work [Watanabe and Reinhardt, Phys. Rev. Lett. 65, 3301 (1990)].
 *
 * On the first leg, U = (1 - lambda) U_IPL + lambda U_Mie, the slope U_Mie - U_IPL is (U_Mie - U) / (1 - lambda), U_Mie being the energy that the
 * configuration has with the Mie potential; on the second U is linear in the depth and the slope is U / eps.
 *
 * A box that follows the shape: after each stay ln(lz/lx) moves by the anisotropy of the stress there over some elastic constant of
 * dense crystals, which grows with the pressure, at constant volume; the simulation goes on in the new box with the same fractional
 * coordinates and velocities. By the virtue of the minimum the free energy along the relaxed shapes has the slope of a fixed one; what is
 * left of the stress does the shape work.
 *
 * Z takes the virial alone, the momenta integrated out: Z = 1 + (P V - 2 K / 3) / N. Cost: n_nodes * n_steps * directions steps, and
 * the samples.
 */
#include <math.h>
#include <stdlib.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { N_BLOCKS = 8, N_VALUES = 6 }; /* blocks in each direction; slope, energy, Z, three stresses */
enum { SLOPE, ENERGY, Z, STRESS };
static const double GAIN = 800, GAIN_PRESSURE = 15, LARGEST_CHANGE = 0.005; /* kT / sigma^3; 1; of ln(lz/lx) in one node */

static const bnsl_free_energy_ramp_options defaults = {
    .directions = 2,
    .dt = 0.002,
    .friction = 5,
    .n_equilibrate = 20000,
    .n_steps = 5000,
    .sample_every = 20,
    .ipl_prefactor = 1,
    .seed = 1,
};

bnsl_status bnsl_free_energy_ramp_options_init(bnsl_free_energy_ramp_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(bnsl_free_energy_ramp_options *o, const char *func)
{
    if (o->directions == 0)
        o->directions = 2;
    if (o->dt == 0)
        o->dt = defaults.dt;
    if (o->n_steps == 0)
        o->n_steps = defaults.n_steps;
    if (o->sample_every == 0)
        o->sample_every = defaults.sample_every;
    if (o->ipl_prefactor == 0)
        o->ipl_prefactor = defaults.ipl_prefactor;
    if (!isfinite(o->lowest_z))
        return bnsl__fail(BNSL_EINVAL, func, "lowest_z is %g, must be finite", o->lowest_z);
    if (!(o->highest_clumping >= 0) || !isfinite(o->highest_clumping))
        return bnsl__fail(BNSL_EINVAL, func, "highest_clumping is %g, must be >= 0", o->highest_clumping);
    if (o->directions != 1 && o->directions != 2)
        return bnsl__fail(BNSL_EINVAL, func, "directions is %d, must be 1 or 2", (int)o->directions);
    if (!(o->dt > 0 && o->dt <= 0.1))
        return bnsl__fail(BNSL_EINVAL, func, "dt is %g, must be > 0 and <= 0.1", o->dt);
    if (!(o->friction >= 0) || !isfinite(o->friction))
        return bnsl__fail(BNSL_EINVAL, func, "friction is %g, must be >= 0", o->friction);
    if (!(o->ipl_prefactor > 0) || !isfinite(o->ipl_prefactor))
        return bnsl__fail(BNSL_EINVAL, func, "ipl_prefactor is %g, must be > 0", o->ipl_prefactor);
    if (o->n_equilibrate < 0 || o->sample_every < 1 || o->n_steps / o->sample_every < 2 * N_BLOCKS)
        return bnsl__fail(BNSL_EINVAL, func, "n_equilibrate %lld must be >= 0, sample_every %lld >= 1 and n_steps %lld at least %d times it",
                          (long long)o->n_equilibrate, (long long)o->sample_every, (long long)o->n_steps, 2 * N_BLOCKS);
    return BNSL_OK;
}

bnsl_status bnsl__mie_options(bnsl_potential_options *out, const bnsl_potential_options *mie, const char *func)
{
    bnsl_status status = bnsl_potential_options_init(out, sizeof *out);
    return status || !mie ? status : bnsl__options_load(out, sizeof *out, mie, "bnsl_potential_options", func);
}

bnsl_status bnsl__path_potential(bnsl_potential **out, int32_t n_species, const double *diameter, const bnsl_potential_options *mie, double coupling,
                                 double well_depth, double ipl_prefactor)
{
    bnsl_potential_options p = *mie;
    p.form = coupling < 1 ? BNSL_FORM_IPL_MIE : BNSL_FORM_MIE;
    p.coupling = coupling < 1 ? coupling : 0;
    p.ipl_prefactor = coupling < 1 ? ipl_prefactor : 0;
    p.well_depth = well_depth;
    return bnsl_potential_create(out, n_species, diameter, &p);
}

bnsl_status bnsl__hard_diameters(int32_t n_species, const double *diameter, const bnsl_potential_options *mie, double ipl_prefactor, double *out)
{
    bnsl_potential *ipl = NULL;
    bnsl_status status = bnsl__path_potential(&ipl, n_species, diameter, mie, 0, 1, ipl_prefactor);
    for (int32_t i = 0; !status && i < n_species; i++)
        status = bnsl_potential_barker_henderson(ipl, i, i, 1, BNSL_BH_WCA, &out[i]);
    bnsl_potential_destroy(ipl);
    return status;
}

/* Refuses cut-offs beyond half the thickness of the box. */
static bnsl_status check_cut_off(const bnsl_box *box, const bnsl_potential *potential, const char *func)
{
    int32_t n = bnsl_potential_n_species(potential);
    double distance[3], longest = 0, *cut = bnsl__alloc(n * n, sizeof *cut);
    bnsl_status status = cut ? bnsl_potential_cutoffs(potential, cut) : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (!status)
        status = bnsl_box_plane_distances(box, distance);
    for (int32_t i = 0; !status && i < n * n; i++)
        longest = cut[i] > longest ? cut[i] : longest;
    free(cut);
    if (status)
        return status;
    double half = 0.5 * fmin(fmin(distance[0], distance[1]), distance[2]);
    if (longest > half)
        return bnsl__fail(BNSL_EINVAL, func, "r_cut is %g, more than half the box, %g: take more particles", longest, half);
    return BNSL_OK;
}

bnsl_status bnsl__langevin_create(bnsl_md **out, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                  const bnsl_potential *potential, double dt, double friction, uint64_t seed, const char *func)
{
    bnsl_md_options o;
    bnsl_status status = check_cut_off(box, potential, func);
    if (!status)
        status = bnsl_md_options_init(&o, sizeof o);
    if (status)
        return status;
    o.integrator = BNSL_MD_LANGEVIN;
    o.dt = dt;
    o.kT = 1;
    o.friction = friction;
    o.seed = seed;
    return bnsl_md_create(out, box, n, xyz, species, potential, &o);
}

/* A run in progress. */
typedef struct ramp {
    bnsl_free_energy_ramp_options o;
    const bnsl_potential_options *mie;
    bnsl_box box;
    double ln_stretch;
    int64_t n;
    int32_t n_species;
    const double *diameter;
    bnsl_md *md;
    double *xyz, *velocity, *kept_xyz, *kept_velocity; /* kept: as the last node of a fluid that has not split was left */
    const int32_t *species;
    bnsl_control *control;
    int64_t done, total;
    const char *func;
} ramp;

/* Sums of one stay at one node. */
typedef struct stay {
    double block[N_BLOCKS][N_VALUES];
    double clumping, ln_stretch;
} stay;

static bnsl_status advance(ramp *r, int64_t n_steps)
{
    bnsl_status status = bnsl_md_run(r->md, n_steps, NULL);
    r->done += n_steps;
    if (!status && bnsl__control_stop(r->control, r->done, r->total))
        status = bnsl__fail(BNSL_ECANCELLED, r->func, "cancelled");
    return status;
}

/* Variance over mean of the numbers in the octants of the box. */
static bnsl_status octants(ramp *r, double *out)
{
    int64_t count[8] = {0};
    bnsl_status status = bnsl_md_positions(r->md, r->xyz, NULL);
    if (!status)
        status = bnsl_box_to_fractional(&r->box, r->n, r->xyz, r->xyz);
    if (status)
        return status;
    for (int64_t i = 0; i < r->n; i++)
        count[(r->xyz[3 * i] >= 0) + 2 * (r->xyz[3 * i + 1] >= 0) + 4 * (r->xyz[3 * i + 2] >= 0)]++;
    double mean = (double)r->n / 8, sum = 0;
    for (int k = 0; k < 8; k++)
        sum += ((double)count[k] - mean) * ((double)count[k] - mean) / 8;
    *out = sum / mean * 8 / 7;
    return BNSL_OK;
}

/* One sample of all values. target: the Mie potential at the end of the first leg, NULL on the second. */
static bnsl_status sample(ramp *r, double coupling, double well_depth, const bnsl_potential *target, double value[N_VALUES])
{
    bnsl_md_thermo t;
    double u_mie = 0;
    bnsl_status status = bnsl_md_thermo_now(r->md, &t);
    if (!status && target)
        status = bnsl_md_energy_with(r->md, target, &u_mie);
    if (status)
        return status;
    double n = (double)r->n;
    value[SLOPE] = target ? (u_mie - t.potential_energy) / (1 - coupling) / n : t.potential_energy / well_depth / n;
    value[ENERGY] = t.potential_energy / n;
    value[Z] = 1 + (t.pressure * t.volume - 2.0 / 3 * t.kinetic_energy) / n;
    for (int k = 0; k < 3; k++)
        value[STRESS + k] = t.pressure_tensor[k];
    return BNSL_OK;
}

/* n_steps at one node; s gets the averages of its blocks. */
static bnsl_status stay_at(ramp *r, double coupling, double well_depth, stay *s)
{
    bnsl_potential *potential = NULL, *target = NULL;
    bnsl_status status = bnsl__path_potential(&potential, r->n_species, r->diameter, r->mie, coupling, well_depth, r->o.ipl_prefactor);
    if (!status && coupling < 1)
        status = bnsl__path_potential(&target, r->n_species, r->diameter, r->mie, 1, well_depth, r->o.ipl_prefactor);
    if (!status)
        status = bnsl_md_set_potential(r->md, potential);
    int64_t every = r->o.sample_every * (coupling < 1 ? 2 : 1); /* the energy with another potential costs a list */
    int64_t n_settle = r->o.n_steps / 4, n_samples = (r->o.n_steps - n_settle) / every;
    n_samples -= n_samples % N_BLOCKS;
    n_samples = n_samples < N_BLOCKS ? N_BLOCKS : n_samples;
    if (!status)
        status = advance(r, r->o.n_steps - n_samples * every > 0 ? r->o.n_steps - n_samples * every : 0);
    *s = (stay){.ln_stretch = r->ln_stretch};
    int64_t per_block = n_samples / N_BLOCKS;
    for (int64_t i = 0; !status && i < n_samples; i++) {
        double value[N_VALUES], clumping = 0;
        status = advance(r, every);
        if (!status)
            status = sample(r, coupling, well_depth, target, value);
        if (!status)
            status = octants(r, &clumping);
        if (status)
            break;
        for (int k = 0; k < N_VALUES; k++)
            s->block[i / per_block][k] += value[k] / (double)per_block;
        s->clumping += clumping / (double)n_samples;
    }
    bnsl_potential_destroy(potential);
    bnsl_potential_destroy(target);
    return status;
}

/* Standard error of a value from the blocks of n_stays stays around each stay's own mean; of blocks as they are or joined in pairs, whichever is
 * larger: the latter knows of longer correlations. */
static double block_error(const stay *s, int n_stays, int value, const double *own)
{
    double largest = 0;
    for (int width = 1; width <= 2; width++) {
        double square = 0;
        int n_blocks = N_BLOCKS / width;
        for (int d = 0; d < n_stays; d++)
            for (int b = 0; b < n_blocks; b++) {
                double x = s[d].block[width * b][value];
                if (width == 2)
                    x = 0.5 * (x + s[d].block[width * b + 1][value]);
                square += (x - own[d]) * (x - own[d]);
            }
        largest = fmax(largest, sqrt(square / (n_stays * (n_blocks - 1)) / (n_stays * n_blocks)));
    }
    return largest;
}

/* P_zz - (P_xx + P_yy) / 2 of a stay. */
static double anisotropy(const stay *s)
{
    double sum = 0;
    for (int b = 0; b < N_BLOCKS; b++)
        sum += (s->block[b][STRESS + 2] - 0.5 * (s->block[b][STRESS] + s->block[b][STRESS + 1])) / N_BLOCKS;
    return sum;
}

static double pressure(const stay *s)
{
    double sum = 0;
    for (int b = 0; b < N_BLOCKS; b++)
        sum += (s->block[b][STRESS] + s->block[b][STRESS + 1] + s->block[b][STRESS + 2]) / (3 * N_BLOCKS);
    return sum;
}

/* The work of the change of shape from one stay to another. */
static double shape_work(const stay *from, const stay *to, double density)
{
    return -2.0 / 3 * 0.5 * (anisotropy(from) + anisotropy(to)) / density * (to->ln_stretch - from->ln_stretch);
}

static void merge(const stay *s, int n_stays, double coupling, double well_depth, bnsl_free_energy_node *node)
{
    double mean[N_VALUES] = {0}, error[N_VALUES], hysteresis = 0;
    *node = (bnsl_free_energy_node){.coupling = coupling, .well_depth = well_depth};
    for (int k = 0; k < N_VALUES; k++) {
        double own[2] = {0};
        for (int d = 0; d < n_stays; d++) {
            for (int b = 0; b < N_BLOCKS; b++)
                own[d] += s[d].block[b][k] / N_BLOCKS;
            mean[k] += own[d] / n_stays;
        }
        error[k] = block_error(s, n_stays, k, own);
        if (k == SLOPE && n_stays == 2)
            hysteresis = own[0] - own[1];
    }
    node->slope = mean[SLOPE];
    node->slope_err = error[SLOPE];
    node->energy = mean[ENERGY];
    node->energy_err = error[ENERGY];
    node->z = mean[Z];
    node->z_err = error[Z];
    for (int k = 0; k < 3; k++)
        node->stress[k] = mean[STRESS + k];
    node->hysteresis = hysteresis;
    node->stretch = exp(n_stays == 2 ? 0.5 * (s[0].ln_stretch + s[1].ln_stretch) : s[0].ln_stretch);
    node->clumping = n_stays == 2 ? 0.5 * (s[0].clumping + s[1].clumping) : s[0].clumping;
}

/* A simulation in the present box at the potential of a node. */
static bnsl_status make_simulation(ramp *r, const double *xyz, double coupling, double well_depth)
{
    bnsl_potential *potential = NULL;
    bnsl_md *md = NULL;
    bnsl_status status = bnsl__path_potential(&potential, r->n_species, r->diameter, r->mie, coupling, well_depth, r->o.ipl_prefactor);
    if (!status)
        status = bnsl__langevin_create(&md, &r->box, r->n, xyz, r->species, potential, r->o.dt, r->o.friction, r->o.seed, r->func);
    bnsl_potential_destroy(potential);
    if (status)
        return status;
    bnsl_md_destroy(r->md);
    r->md = md;
    return BNSL_OK;
}

static bnsl_status start(ramp *r, const double *xyz, double coupling, double well_depth)
{
    bnsl_status status = make_simulation(r, xyz, coupling, well_depth);
    if (!status)
        status = bnsl_md_thermalize(r->md, 1, 0);
    /* overlaps of a start relax with short steps first */
    if (!status)
        status = bnsl_md_set_dt(r->md, 0.25 * r->o.dt);
    if (!status)
        status = advance(r, r->o.n_equilibrate / 4);
    if (!status)
        status = bnsl_md_set_dt(r->md, r->o.dt);
    return status ? status : advance(r, r->o.n_equilibrate - r->o.n_equilibrate / 4);
}

/* Changes the shape after a stay; the next node comes with its own potential. */
static bnsl_status follow_shape(ramp *r, const stay *s, double coupling, double well_depth)
{
    double stiffness = GAIN + GAIN_PRESSURE * fmax(0, pressure(s));
    double change = fmax(-LARGEST_CHANGE, fmin(LARGEST_CHANGE, anisotropy(s) / stiffness)), along = exp(2.0 / 3 * change),
           across = exp(-1.0 / 3 * change);
    bnsl_box former = r->box;
    bnsl_md_statistics counters;
    bnsl_status status = bnsl_md_positions(r->md, r->xyz, NULL);
    if (!status)
        status = bnsl_md_velocities(r->md, r->velocity);
    if (!status)
        status = bnsl_md_statistics_now(r->md, &counters);
    if (!status)
        status = bnsl_box_to_fractional(&former, r->n, r->xyz, r->xyz);
    r->box.lx *= across;
    r->box.ly *= across;
    r->box.lz *= along;
    r->ln_stretch += change;
    if (!status)
        status = bnsl_box_to_cartesian(&r->box, r->n, r->xyz, r->xyz);
    if (!status)
        status = make_simulation(r, r->xyz, coupling, well_depth);
    if (!status)
        status = bnsl_md_set_velocities(r->md, r->velocity);
    return status ? status : bnsl_md_set_step(r->md, counters.step); /* random numbers go on */
}

/* The simulation as it was when it left a node, from which it goes on with new random numbers. */
static bnsl_status keep(ramp *r)
{
    bnsl_status status = bnsl_md_positions(r->md, r->kept_xyz, NULL);
    return status ? status : bnsl_md_velocities(r->md, r->kept_velocity);
}

static bnsl_status go_back(ramp *r, double coupling, double well_depth)
{
    bnsl_md_statistics counters;
    bnsl_status status = bnsl_md_statistics_now(r->md, &counters);
    if (!status)
        status = make_simulation(r, r->kept_xyz, coupling, well_depth);
    if (!status)
        status = bnsl_md_set_velocities(r->md, r->kept_velocity);
    return status ? status : bnsl_md_set_step(r->md, counters.step);
}

static bnsl_status visit(ramp *r, double coupling, double well_depth, stay *s)
{
    bnsl_status status = stay_at(r, coupling, well_depth, s);
    return status || !r->o.relax_z ? status : follow_shape(r, s, coupling, well_depth);
}

static double mean_z(const stay *s)
{
    double z = 0;
    for (int b = 0; b < N_BLOCKS; b++)
        z += s->block[b][Z] / N_BLOCKS;
    return z;
}

/* Up, until the last node, or one of too much tension, or before one at which the fluid has split, and down again. *n_reached: nodes that were
 * visited. */
static bnsl_status run_all(ramp *r, const double *xyz, int32_t n_nodes, const double *coupling, const double *well_depth, stay *stays,
                           int32_t *n_reached)
{
    const bool back = r->o.directions == 2, whole = r->o.highest_clumping > 0;
    bnsl_status status = start(r, xyz, coupling[0], well_depth[0]);
    *n_reached = n_nodes;
    for (int32_t k = 0; !status && k < *n_reached; k++) {
        stay *s = &stays[2 * k];
        status = visit(r, coupling[k], well_depth[k], s);
        bool split = !status && whole && k > 0 && s->clumping > r->o.highest_clumping;
        bool tense = !status && r->o.lowest_z != 0 && mean_z(s) < r->o.lowest_z;
        if (split || tense) {
            *n_reached = split ? k : k + 1;
            r->total = r->done + (r->o.directions - 1) * *n_reached * r->o.n_steps;
        }
        if (split && back)
            status = go_back(r, coupling[k - 1], well_depth[k - 1]);
        else if (!status && whole && back)
            status = keep(r);
    }
    for (int32_t k = *n_reached - 1; !status && back && k >= 0; k--)
        status = visit(r, coupling[k], well_depth[k], &stays[2 * k + 1]);
    return status;
}

bnsl_status bnsl_free_energy_ramp(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t n_species,
                                  const double *diameter, const bnsl_potential_options *mie, int32_t n_nodes, const double *coupling,
                                  const double *well_depth, const bnsl_free_energy_ramp_options *opts, bnsl_control *control,
                                  bnsl_free_energy_node *node_out)
{
    if (!box || !xyz || !species || !diameter || !coupling || !well_depth || !node_out)
        return BNSL_FAIL(BNSL_EINVAL, "an argument that must not be NULL is NULL");
    if (n < 1 || n_nodes < 1)
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld and n_nodes %d, must be >= 1", (long long)n, (int)n_nodes);
    for (int32_t k = 0; k < n_nodes; k++)
        if (!(coupling[k] >= 0 && coupling[k] <= 1 && well_depth[k] > 0 && well_depth[k] <= 1000))
            return BNSL_FAIL(BNSL_EINVAL, "node %d: coupling %g must be 0 to 1 and well_depth %g > 0", (int)k, coupling[k], well_depth[k]);
    bnsl_potential_options own_mie;
    bnsl_status status = bnsl_potential_options_init(&own_mie, sizeof own_mie);
    ramp r = {.o = defaults,
              .mie = mie ? mie : &own_mie,
              .box = *box,
              .n = n,
              .species = species,
              .n_species = n_species,
              .diameter = diameter,
              .control = control,
              .func = __func__};
    if (!status && opts)
        status = bnsl__options_load(&r.o, sizeof r.o, opts, "bnsl_free_energy_ramp_options", __func__);
    if (!status)
        status = check_options(&r.o, __func__);
    if (status)
        return status;
    r.total = r.o.n_equilibrate + r.o.n_steps * r.o.directions * n_nodes;
    r.xyz = bnsl__alloc(3 * n, sizeof *r.xyz);
    r.velocity = bnsl__alloc(3 * n, sizeof *r.velocity);
    r.kept_xyz = bnsl__alloc(3 * n, sizeof *r.kept_xyz);
    r.kept_velocity = bnsl__alloc(3 * n, sizeof *r.kept_velocity);
    stay *stays = bnsl__calloc(2 * (int64_t)n_nodes, sizeof *stays);
    int32_t n_reached = 0;
    bool room = r.xyz && r.velocity && r.kept_xyz && r.kept_velocity && stays;
    status = room ? run_all(&r, xyz, n_nodes, coupling, well_depth, stays, &n_reached) : BNSL_NOMEM();
    for (int32_t k = 0; !status && k < n_nodes; k++)
        if (k < n_reached)
            merge(&stays[2 * k], r.o.directions, coupling[k], well_depth[k], &node_out[k]);
        else
            node_out[k] = (bnsl_free_energy_node){ coupling[k], well_depth[k], NAN, NAN, NAN, NAN, NAN, NAN, { NAN, NAN, NAN }, NAN, NAN, NAN, NAN };
    double density = (double)n / (box->lx * box->ly * box->lz);
    for (int32_t k = 1; !status && k < n_reached; k++)
        for (int d = 0; d < r.o.directions; d++)
            node_out[k].shape_work += shape_work(&stays[2 * k - 2 + d], &stays[2 * k + d], density) / r.o.directions;
    bnsl_md_destroy(r.md);
    free(r.xyz);
    free(r.velocity);
    free(r.kept_xyz);
    free(r.kept_velocity);
    free(stays);
    return status;
}
