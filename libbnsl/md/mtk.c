/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NVT and NPT by the equations of Martyna, Tobias and Klein with chains of Nose-Hoover thermostats [G. J. Martyna, D. J. Tobias, M. L. Klein,
 * J. Chem. Phys. 101, 4177 (1994); G. J. Martyna, M. E. Tuckerman, D. J. Tobias, M. L. Klein, Mol. Phys. 87, 1117 (1996); T.-Q. Yu,
 * J. Alejandre, R. Lopez-Rendon, G. J. Martyna, M. E. Tuckerman, Chem. Phys. 370, 294 (2010)]. Masses of particles are 1; h is the upper
 * triangular matrix of the box (columns a, b, c), g = md->bath.box_rate the upper triangular rate of its deformation, N_f the degrees of freedom:
 *
 *   dr/dt = v + g r                                         dh/dt = g h
 *   dv/dt = f - (g + tr(g) / N_f) v - xi_1 v                Q_1 dxi_1/dt = 2 K - N_f kT - Q_1 xi_1 xi_2, ...  Q_1 = N_f kT tau_T^2, Q_k = kT tau_T^2
 *   W dg/dt = V (P_inst - P) + 2 K / N_f + S - W g xi'_1    W = (N_f + 3) kT tau_P^2 / 3, another chain on g with tau_P
 *
 * An isotropic box has one g, the mean of the three; an orthorhombic one the diagonal. S = kT diag(2, 0, -2) only for the triclinic box: an
 * upper triangular g leaves prod h_aa^(a - 3) invariant where the ensemble of boxes without a preferred axis (V dh / det(h)^3, rotations
 * divided out: h = Q R has the Jacobian prod R_aa^(3 - a)) asks for prod h_aa^(1 - a); S makes up for the difference, a force of order 1 / N.
 *
 * A step is the symmetric product T G S B D B S G T of flows that are solved exactly: thermostats T and barostat G for dt/2, coupling
 * S: v = exp(-(g + tr(g) / N_f) dt/2) v, kick B: v += f dt/2, drift D: r and h for dt, with a fixed g. So the step is reversible and keeps
 * the measure. Cost of a step beside the forces (in NPT with the virial): four passes over the particles.
 */
#include <math.h>

#include "integrators.h"

/* ---- upper triangular matrices ------------------------------------------------------------------------ */

static void multiply(const double a[6], const double b[6], double out[6])
{
    const double p[6] = {
        a[XX] * b[XX],
        a[YY] * b[YY],
        a[ZZ] * b[ZZ],
        a[XX] * b[XY] + a[XY] * b[YY],
        a[XX] * b[XZ] + a[XY] * b[YZ] + a[XZ] * b[ZZ],
        a[YY] * b[YZ] + a[YZ] * b[ZZ],
    };
    for (int k = 0; k < 6; k++)
        out[k] = p[k];
}

/* e = exp(x) and phi = (exp(x) - 1) / x by their series: x, a rate times dt, is small; past 1 the run is lost anyway. phi may be NULL. */
static void exponential(const double x[6], double e[6], double *phi)
{
    double term[6] = { 1, 1, 1, 0, 0, 0 }, sum[6] = { 1, 1, 1, 0, 0, 0 }, sum_phi[6] = { 1, 1, 1, 0, 0, 0 };
    for (int k = 1; k <= 20; k++) {
        multiply(term, x, term);
        for (int j = 0; j < 6; j++) {
            term[j] /= k;
            sum[j] += term[j];
            sum_phi[j] += term[j] / (k + 1);
        }
    }
    for (int j = 0; j < 6; j++) {
        e[j] = sum[j];
        if (phi)
            phi[j] = sum_phi[j];
    }
}

/* A m A^T of a symmetric m, in place. */
static void congruence(const double a[6], double m[6])
{
    const double full_m[3][3] = { { m[XX], m[XY], m[XZ] }, { m[XY], m[YY], m[YZ] }, { m[XZ], m[YZ], m[ZZ] } };
    const double full_a[3][3] = { { a[XX], a[XY], a[XZ] }, { 0, a[YY], a[YZ] }, { 0, 0, a[ZZ] } };
    static const int row[6] = { 0, 1, 2, 0, 0, 1 }, column[6] = { 0, 1, 2, 1, 2, 2 };
    for (int k = 0; k < 6; k++) {
        m[k] = 0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                m[k] += full_a[row[k]][i] * full_m[i][j] * full_a[column[k]][j];
    }
}

static double trace(const double m[6])
{
    return m[XX] + m[YY] + m[ZZ];
}

/* ---- thermostats -------------------------------------------------------------------------------------- */

typedef struct chain {
    int length;
    double kT, freedom, tau2;
    double *eta, *xi;
} chain;

static chain particle_chain(bnsl__bath *bath, const bnsl_md *md)
{
    const bnsl_md_options *o = &md->options;
    return (chain){ o->chain_length, o->kT, bnsl__md_freedom(md), o->thermostat_time * o->thermostat_time, bath->eta, bath->xi };
}

/* Degrees of freedom of the box. */
static double box_freedom(const bnsl_md_options *o)
{
    return o->barostat == BNSL_MD_ISOTROPIC ? 1 : o->barostat == BNSL_MD_ORTHORHOMBIC ? 3 : 6;
}

static chain box_chain(bnsl__bath *bath, const bnsl_md *md)
{
    const bnsl_md_options *o = &md->options;
    return (chain){ o->chain_length, o->kT, box_freedom(o), o->barostat_time * o->barostat_time, bath->box_eta, bath->box_xi };
}

static double chain_mass(const chain *c, int k)
{
    return (k == 0 ? c->freedom : 1) * c->kT * c->tau2;
}

/* xi_k for a time t, under the friction of the next one, which stands still meanwhile. */
static void kick_thermostat(const chain *c, int k, double twice_kinetic, double t)
{
    double drive = k == 0 ? twice_kinetic - c->freedom * c->kT : chain_mass(c, k - 1) * c->xi[k - 1] * c->xi[k - 1] - c->kT;
    double damp = k + 1 < c->length ? exp(-0.5 * t * c->xi[k + 1]) : 1;
    c->xi[k] = (c->xi[k] * damp + t * drive / chain_mass(c, k)) * damp;
}

/* The chain for a time t: the factor of the velocities that it acts on. Fourth order in t [Suzuki and Yoshida], as these times may be short. */
static double advance_chain(const chain *c, double twice_kinetic, double t)
{
    const double outer = 1 / (2 - cbrt(2.0)), weight[3] = { outer, 1 - 2 * outer, outer };
    double factor = 1;
    for (int w = 0; w < 3; w++) {
        double part = weight[w] * t;
        for (int k = c->length - 1; k >= 0; k--)
            kick_thermostat(c, k, factor * factor * twice_kinetic, 0.5 * part);
        factor *= exp(-part * c->xi[0]);
        for (int k = 0; k < c->length; k++)
            c->eta[k] += part * c->xi[k];
        for (int k = 0; k < c->length; k++)
            kick_thermostat(c, k, factor * factor * twice_kinetic, 0.5 * part);
    }
    return factor;
}

static double chain_energy(const chain *c)
{
    double energy = 0;
    for (int k = 0; k < c->length; k++)
        energy += 0.5 * chain_mass(c, k) * c->xi[k] * c->xi[k] + (k == 0 ? c->freedom : 1) * c->kT * c->eta[k];
    return energy;
}

/* ---- barostat ----------------------------------------------------------------------------------------- */

static double box_mass(const bnsl_md *md)
{
    const bnsl_md_options *o = &md->options;
    return (bnsl__md_freedom(md) + 3) * o->kT * o->barostat_time * o->barostat_time / 3;
}

static double twice_box_energy(const bnsl_md *md)
{
    double sum = 0;
    for (int k = 0; k < 6; k++)
        sum += md->bath.box_rate[k] * md->bath.box_rate[k];
    return box_mass(md) * sum;
}

/* kT diag(2, 0, -2), see above; its energy is -kT (2 ln h_xx - 2 ln h_zz). */
static double axis_force(const bnsl_md *md)
{
    return md->options.barostat == BNSL_MD_TRICLINIC ? 2 * md->options.kT : 0;
}

/* flux: sums of v v */
static void kick_barostat(bnsl_md *md, const double flux[6], double t)
{
    double *g = md->bath.box_rate, force[6], mass = box_mass(md);
    double volume = md->box.lx * md->box.ly * md->box.lz, kinetic = trace(flux) / bnsl__md_freedom(md);
    for (int k = 0; k < 6; k++)
        force[k] = flux[k] + md->virial[k] + (k <= ZZ ? kinetic - md->options.pressure * volume : 0);
    force[XX] += axis_force(md);
    force[ZZ] -= axis_force(md);
    if (md->options.barostat == BNSL_MD_ISOTROPIC)
        force[XX] = force[YY] = force[ZZ] = trace(force) / 3;
    for (int k = 0; k < (md->options.barostat == BNSL_MD_TRICLINIC ? 6 : 3); k++)
        g[k] += t * force[k] / mass;
}

/* Both chains for dt/2, flux following: the factor of the velocities. */
static double advance_thermostats(bnsl_md *md, double flux[6])
{
    const double half_dt = 0.5 * md->options.dt;
    chain particles = particle_chain(&md->bath, md), box = box_chain(&md->bath, md);
    double factor = advance_chain(&particles, trace(flux), half_dt);
    for (int k = 0; k < 6; k++)
        flux[k] *= factor * factor;
    if (md->options.integrator == BNSL_MD_NPT) {
        double box_factor = advance_chain(&box, twice_box_energy(md), half_dt);
        for (int k = 0; k < 6; k++)
            md->bath.box_rate[k] *= box_factor;
    }
    return factor;
}

/* exp(-(g + tr(g) / N_f) dt/2), the identity in NVT. */
static void coupling(const bnsl_md *md, double out[6])
{
    double x[6], half_dt = 0.5 * md->options.dt, all = trace(md->bath.box_rate) / bnsl__md_freedom(md);
    for (int k = 0; k < 6; k++)
        x[k] = -half_dt * (md->bath.box_rate[k] + (k <= ZZ ? all : 0));
    exponential(x, out, NULL);
}

/* ---- particles ---------------------------------------------------------------------------------------- */

/* A row, and an upper triangular matrix as three columns of rows. */
typedef double quad __attribute__((vector_size(32)));
typedef double loose_quad __attribute__((vector_size(32), aligned(8), may_alias));

typedef struct columns {
    quad x, y, z;
} columns;

static void to_columns(const double m[6], columns *out)
{
    *out = (columns){ { m[XX], 0, 0, 0 }, { m[XY], m[YY], 0, 0 }, { m[XZ], m[YZ], m[ZZ], 0 } };
}

/* v = a v */
static void transform_velocities(bnsl_md *md, const double a[6])
{
    columns m;
    to_columns(a, &m);
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t c = 0; c < md->n_chunks; c++)
        for (int64_t i = chunk_first(c); i < chunk_last(md, c); i++) {
            loose_quad *row = (loose_quad *)(md->velocity + ROW * i);
            quad v = *row;
            *row = m.x * v[0] + m.y * v[1] + m.z * v[2];
        }
}

/* Velocities v - u. */
static void shift_velocities(bnsl_md *md, const double u[3])
{
    for (int64_t i = 0; i < md->n; i++)
        for (int d = 0; d < 3; d++)
            md->velocity[ROW * i + d] -= u[d];
}

/* B and D of NPT: v += f dt/2, then r = stretch r + carry v; nothing is frozen. */
static void kick_and_drift(bnsl_md *md, const double stretch[6], const double carry[6])
{
    const double half_dt = 0.5 * md->options.dt;
    const quad radius = { 0, 0, 0, 1 };
    columns e, f;
    to_columns(stretch, &e);
    to_columns(carry, &f);
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t c = 0; c < md->n_chunks; c++)
        for (int64_t i = chunk_first(c); i < chunk_last(md, c); i++) {
            loose_quad *velocity = (loose_quad *)(md->velocity + ROW * i), *position = (loose_quad *)(md->position + ROW * i);
            quad r = *position, v = *velocity + half_dt * *(const loose_quad *)(md->force + ROW * i);
            *velocity = v;
            *position = e.x * r[0] + e.y * r[1] + e.z * r[2] + radius * r + (f.x * v[0] + f.y * v[1] + f.z * v[2]);
        }
    md->forces_valid = false;
    md->largest_displacement2 = -1;
}

/* h = stretch h */
static void deform_box(bnsl_box *box, const double stretch[6])
{
    double h[6] = { box->lx, box->ly, box->lz, box->xy * box->ly, box->xz * box->lz, box->yz * box->lz };
    const bool tilted = box->xy != 0 || box->xz != 0 || box->yz != 0 || stretch[XY] != 0 || stretch[XZ] != 0 || stretch[YZ] != 0;
    multiply(stretch, h, h);
    box->lx = h[XX];
    box->ly = h[YY];
    box->lz = h[ZZ];
    if (tilted) {
        box->xy = h[XY] / h[YY];
        box->xz = h[XZ] / h[ZZ];
        box->yz = h[YZ] / h[ZZ];
    }
}

/* ---- the step ----------------------------------------------------------------------------------------- */

bnsl_status bnsl__mtk_check(const bnsl_md *md, const char *func)
{
    const bool npt = md->options.integrator == BNSL_MD_NPT;
    if (npt && (md->n_frozen > 0 || md->wall.kind != BNSL_MD_WALL_NONE))
        return bnsl__fail(BNSL_EINVAL, func, "BNSL_MD_NPT allows no %s", md->n_frozen > 0 ? "frozen particles" : "walls");
    if (npt && md->packing.n > 0)
        return bnsl__fail(BNSL_EINVAL, func, "BNSL_MD_NPT allows no packing schedule");
    if (bnsl__md_freedom(md) < 1)
        return bnsl__fail(BNSL_EINVAL, func, "a thermostat needs degrees of freedom; %lld particles are mobile, total momentum is %s",
                          (long long)(md->n - md->n_frozen), bnsl__md_conserves_momentum(md) ? "conserved" : "not conserved");
    return BNSL_OK;
}

/*
 * N_f counts no total momentum, which the equations would let grow as the box shrinks: velocities that were set with some lose it at the
 * first step. What rounding brings in, sqrt(steps) 1e-16, stays far below the limit; what single precision brings in is removed from time to time.
 */
static void sum_flux(bnsl_md *md, double flux[N_FLUX])
{
    const double LIMIT = 1e-12; /* of the kinetic energy */
    const double *p = flux + FLUX_MOMENTUM;
    bnsl__md_flux(md, flux);
    double n = (double)md->n;
    if (!bnsl__md_conserves_momentum(md) || !(p[0] * p[0] + p[1] * p[1] + p[2] * p[2] > LIMIT * n * trace(flux)))
        return;
    shift_velocities(md, (double[]){ p[0] / n, p[1] / n, p[2] / n });
    bnsl__md_flux(md, flux);
}

/* B, D and B with the new forces. */
static bnsl_status inner_step(bnsl_md *md, const char *func)
{
    const bool npt = md->options.integrator == BNSL_MD_NPT;
    bnsl__step_work work = {
        .position = md->position,
        .velocity = md->velocity,
        .force = md->force,
        .mobile = md->mobile,
        .half_dt = 0.5 * md->options.dt,
        .reference = md->list.pruned.position,
    };
    if (npt) {
        double x[6], stretch[6], carry[6];
        for (int k = 0; k < 6; k++)
            x[k] = md->options.dt * md->bath.box_rate[k];
        exponential(x, stretch, carry);
        for (int k = 0; k < 6; k++)
            carry[k] *= md->options.dt;
        kick_and_drift(md, stretch, carry);
        deform_box(&md->box, stretch);
        if (bnsl_box_validate(&md->box)) {
            md->failed = true;
            return bnsl__fail(BNSL_ENUMERIC, func,
                              "the box has come apart at step %lld: a smaller time step than %g or a longer barostat_time than %g is needed",
                              (long long)md->step, md->options.dt, md->options.barostat_time);
        }
    } else {
        bnsl__verlet_strain(md, &md->list.pruned, work.strain);
        bnsl__move_all(md, &work);
    }
    md->step++;
    md->time += md->options.dt;
    return bnsl__md_forces(md, npt, &work, func);
}

bnsl_status bnsl__step_mtk(bnsl_md *md, const char *func)
{
    const bool npt = md->options.integrator == BNSL_MD_NPT;
    const double half_dt = 0.5 * md->options.dt;
    double flux[N_FLUX], a[6];
    sum_flux(md, flux);
    double factor = advance_thermostats(md, flux);
    if (npt)
        kick_barostat(md, flux, half_dt);
    coupling(md, a);
    for (int k = 0; k < 6; k++)
        a[k] *= factor;
    transform_velocities(md, a);
    bnsl_status status = inner_step(md, func);
    if (status)
        return status;
    coupling(md, a);
    bnsl__md_flux(md, flux);
    congruence(a, flux);
    if (npt)
        kick_barostat(md, flux, half_dt);
    factor = advance_thermostats(md, flux);
    for (int k = 0; k < 6; k++)
        a[k] *= factor;
    transform_velocities(md, a);
    return BNSL_OK;
}

double bnsl__mtk_energy(const bnsl_md *md)
{
    bnsl__bath bath = md->bath; /* the chains point into a copy: md is const */
    chain particles = particle_chain(&bath, md), box = box_chain(&bath, md);
    double energy = chain_energy(&particles);
    if (md->options.integrator != BNSL_MD_NPT)
        return energy;
    const bnsl_box *h = &md->box;
    return energy + chain_energy(&box) + 0.5 * twice_box_energy(md) + md->options.pressure * (h->lx * h->ly * h->lz) -
           axis_force(md) * log(h->lx / h->lz);
}
