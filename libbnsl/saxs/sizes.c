/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distributions of radii: from the names of a population to a number distribution, its moments, and nodes and weights for averages.
 *
 * Volume weights: n(R) ~ w(R) / R^3. For Schulz sizes of shape k that is the shape k - 3 with the same scale; for log-normal ones the same
 * s with mu - 3 s^2 [Hatch and Choate, J. Franklin Inst. 207, 369 (1929)].
 *
 * Nodes: smooth weights by the trapezoidal rule in a variable in which they are analytic and fall off like a Gaussian (R itself; ln R for
 * Schulz and log-normal), whose error falls exponentially once its step resolves weight and phase 2 q R [Trefethen and Weideman, SIAM
 * Rev. 56, 385 (2014)]; cut ones by Gauss-Legendre panels. Cost: O(nodes), 50 ns each.
 */
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include "saxs_internal.h"

static const double TAIL = 8.5;       /* exp(-TAIL^2 / 2) = 2e-16 */
static const double TAIL_PHASE = 6.8; /* phases are resolved where the weight is above exp(-6.8^2 / 2) = 1e-10 of its maximum */
static const double MAX_NODES = 200000;

/* ---- from a population to a number distribution ------------------------------------------------------------- */

static bnsl_status resolve_gaussian(saxs_sizes *s, const bnsl_saxs_particle *p, const char *func)
{
    s->low = -INFINITY;
    s->high = INFINITY;
    if (p->n_sigma > 0) {
        s->low = fmax(0, p->radius - p->n_sigma * p->sigma);
        s->high = p->radius + p->n_sigma * p->sigma;
    }
    s->n_points = p->sigma > 0 ? p->n_points : 0;
    s->per_volume = p->weighting == BNSL_WEIGHTING_VOLUME && p->sigma > 0;
    if (s->per_volume && !(s->low > 0))
        return bnsl__fail(BNSL_EINVAL, func, "a volume-weighted Gaussian must end above R = 0: n_sigma is %g, must be > 0 and < radius / sigma, %g",
                          p->n_sigma, p->radius / p->sigma);
    return BNSL_OK;
}

bnsl_status bnsl__saxs_sizes(saxs_sizes *s, const bnsl_saxs_particle *p, const char *func)
{
    const double ratio = p->sigma / p->radius;
    const bool volume = p->weighting == BNSL_WEIGHTING_VOLUME;
    if (p->distribution < BNSL_SIZES_GAUSSIAN || p->distribution > BNSL_SIZES_LOGNORMAL)
        return bnsl__fail(BNSL_EINVAL, func, "distribution is %d, must be one of BNSL_SIZES_* (0 .. 2)", (int)p->distribution);
    if (p->weighting < BNSL_WEIGHTING_NUMBER || p->weighting > BNSL_WEIGHTING_VOLUME)
        return bnsl__fail(BNSL_EINVAL, func, "weighting is %d, must be BNSL_WEIGHTING_NUMBER (0) or BNSL_WEIGHTING_VOLUME (1)", (int)p->weighting);
    if (!(p->radius > 0 && p->radius <= 1e30))
        return bnsl__fail(BNSL_EINVAL, func, "radius is %g, must be > 0 and <= 1e30", p->radius);
    if (!(p->sigma >= 0 && p->sigma < p->radius))
        return bnsl__fail(BNSL_EINVAL, func, "sigma is %g, must be >= 0 and below the radius, %g", p->sigma, p->radius);
    if (!(p->n_sigma >= 0) || (p->n_sigma > 0 && p->distribution != BNSL_SIZES_GAUSSIAN))
        return bnsl__fail(BNSL_EINVAL, func, "n_sigma is %g, must be >= 0, and 0 unless the distribution is a Gaussian", p->n_sigma);
    if (p->n_points != 0 && !(p->n_points >= 2 && p->n_points <= 100000 && p->n_sigma > 0 && p->n_sigma < INFINITY))
        return bnsl__fail(BNSL_EINVAL, func, "n_points is %d, must be 0, or 2 .. 100000 with an n_sigma > 0", (int)p->n_points);
    *s = (saxs_sizes){.distribution = p->distribution, .mean = p->radius, .sd = p->sigma};
    if (ratio < SAXS_SINGLE_SIZE) {
        s->distribution = BNSL_SIZES_GAUSSIAN;
        s->low = -INFINITY;
        s->high = INFINITY;
        s->sd = 0;
        return BNSL_OK;
    }
    switch (p->distribution) {
    case BNSL_SIZES_SCHULZ: {
        const double k = 1 / (ratio * ratio);
        if (volume && !(k > 4)) /* by number the standard deviation stays below the mean */
            return bnsl__fail(BNSL_EINVAL, func, "sigma is %g, must be below radius / 2, %g, for volume-weighted Schulz sizes", p->sigma,
                              p->radius / 2);
        s->shape = volume ? k - 3 : k;
        s->scale = p->radius / k;
        s->mean = s->shape * s->scale;
        s->sd = sqrt(s->shape) * s->scale;
        return BNSL_OK;
    }
    case BNSL_SIZES_LOGNORMAL: {
        const double s2 = log1p(ratio * ratio);
        if (!(ratio <= SAXS_WIDEST_LOGNORMAL))
            return bnsl__fail(BNSL_EINVAL, func, "sigma is %g, must be at most %g radius, %g, for log-normal sizes", p->sigma, SAXS_WIDEST_LOGNORMAL,
                              SAXS_WIDEST_LOGNORMAL * p->radius);
        s->shape = sqrt(s2);
        s->scale = p->radius * exp(-(volume ? 3.5 : 0.5) * s2); /* exp mu */
        s->mean = s->scale * exp(0.5 * s2);
        s->sd = s->mean * ratio;
        return BNSL_OK;
    }
    default: return resolve_gaussian(s, p, func);
    }
}

/* ---- moments ------------------------------------------------------------------------------------------------- */

bool bnsl__saxs_sizes_are_cut(const saxs_sizes *s)
{
    return s->distribution == BNSL_SIZES_GAUSSIAN && s->sd > 0 && (s->low > -INFINITY || s->high < INFINITY);
}

double bnsl__saxs_sizes_moment(const saxs_sizes *s, int32_t m)
{
    if (s->distribution == BNSL_SIZES_SCHULZ) {
        double product = 1;
        for (int32_t j = 0; j < m; j++)
            product *= (s->shape + j) * s->scale;
        return product;
    }
    if (s->distribution == BNSL_SIZES_LOGNORMAL)
        return pow(s->scale, m) * exp(0.5 * m * m * s->shape * s->shape);
    double lower = 1, value = s->mean; /* M_(j+1) = mean M_j + j sd^2 M_(j-1) */
    if (m == 0)
        return 1;
    for (int32_t j = 1; j < m; j++) {
        const double next = s->mean * value + j * s->sd * s->sd * lower;
        lower = value;
        value = next;
    }
    return value;
}

/* ---- oscillations ------------------------------------------------------------------------------------------- */

/*
 * |<exp(i k R)>| of log-normal radii, by the saddle point: z = k s^2 exp(mu), W exp W = -i z, exp(-Re(W^2 + 2 W) / (2 s^2))
 * [Asmussen, Jensen and Rojas-Nandayapa, Methodol. Comput. Appl. Probab. 18, 441 (2016)]. ln of it.
 */
static double lognormal_decay(const saxs_sizes *s, double k)
{
    const double s2 = s->shape * s->shape, z = k * s2 * s->scale;
    double complex w = clog(1 - I * z), target = -I * z;
    for (int i = 0; i < 30; i++) {
        const double complex power = cexp(w), step = (w * power - target) / (power * (1 + w));
        w -= step;
        if (cabs(step) < 1e-10 * (1 + cabs(w)))
            break;
    }
    return -creal(w * w + 2 * w) / (2 * s2);
}

bool bnsl__saxs_sizes_oscillate(const saxs_sizes *s, double k)
{
    const double gone = -28; /* ln 7e-13 */
    if (s->sd == 0 || s->n_points > 0 || bnsl__saxs_sizes_are_cut(s))
        return true;
    if (s->distribution == BNSL_SIZES_GAUSSIAN)
        return -0.5 * k * k * s->sd * s->sd > gone;
    if (s->distribution == BNSL_SIZES_SCHULZ)
        return -0.5 * s->shape * log1p(k * k * s->scale * s->scale) > gone;
    return lognormal_decay(s, k) > gone;
}

/* ---- nodes --------------------------------------------------------------------------------------------------- */

static bool room(saxs_nodes *nodes, int64_t n)
{
    void *radius = nodes->radius, *weight = nodes->weight;
    const bool enough = bnsl__reserve(&radius, &nodes->cap_radius, n, sizeof *nodes->radius) &&
                        bnsl__reserve(&weight, &nodes->cap_weight, n, sizeof *nodes->weight);
    nodes->radius = radius;
    nodes->weight = weight;
    return enough;
}

void bnsl__saxs_nodes_free(saxs_nodes *nodes)
{
    free(nodes->radius);
    free(nodes->weight);
    *nodes = (saxs_nodes){0};
}

/* Density of a Gaussian as counted: by number, up to a factor. */
static double gaussian_density(const saxs_sizes *s, double radius)
{
    const double z = (radius - s->mean) / s->sd, r = radius / s->mean;
    return exp(-0.5 * z * z) / (s->per_volume ? r * r * r : 1);
}

/* Equidistant radii with their densities, as sasmodels sums them. */
static bnsl_status given_points(saxs_nodes *nodes, const saxs_sizes *s, const bnsl_saxs_particle *p)
{
    if (!room(nodes, s->n_points))
        return BNSL_ENOMEM;
    const double first = p->radius - p->n_sigma * p->sigma, step = 2 * p->n_sigma * p->sigma / (s->n_points - 1);
    for (int32_t i = 0; i < s->n_points; i++) {
        const double radius = first + i * step;
        if (radius > 0) {
            nodes->radius[nodes->n] = radius;
            nodes->weight[nodes->n++] = gaussian_density(s, radius);
        }
    }
    return BNSL_OK;
}

/* Gauss-Legendre of 32 points on panels no wider than four standard deviations and twenty radians. */
static bnsl_status cut_gaussian(saxs_nodes *nodes, const saxs_sizes *s, double q)
{
    const double most = TAIL + 1.5, low = fmax(s->low, s->mean - most * s->sd), high = fmin(s->high, s->mean + most * s->sd), width = high - low;
    const double wanted = ceil(fmax(width / (4 * s->sd), 2 * q * width / 20));
    if (!(wanted * 32 <= MAX_NODES)) {
        nodes->too_many = true;
        return BNSL_OK;
    }
    const int32_t n_panels = (int32_t)fmax(1, wanted);
    bnsl__gsl_enter();
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(32);
    bool ok = table && room(nodes, 32 * (int64_t)n_panels);
    for (int32_t i = 0; ok && i < n_panels; i++)
        for (size_t j = 0; ok && j < 32; j++) {
            double radius, weight;
            ok = gsl_integration_glfixed_point(low + width * i / n_panels, low + width * (i + 1) / n_panels, j, &radius, &weight, table) ==
                 GSL_SUCCESS;
            nodes->radius[nodes->n] = radius;
            nodes->weight[nodes->n++] = weight * gaussian_density(s, radius);
        }
    gsl_integration_glfixed_table_free(table);
    bnsl__gsl_leave();
    return ok ? BNSL_OK : BNSL_ENOMEM;
}

/* Nodes v of the trapezoidal rule between two ends, with 2 pi / (frequency) between them; their number goes to nodes->n. */
static bnsl_status trapezoid(saxs_nodes *nodes, double low, double high, double frequency, double *step_out)
{
    const double n = ceil((high - low) * frequency / (2 * SAXS_PI)) + 1;
    if (!(n <= MAX_NODES)) {
        nodes->too_many = true;
        return BNSL_OK;
    }
    if (!room(nodes, (int64_t)n))
        return BNSL_ENOMEM;
    nodes->n = (int32_t)n;
    *step_out = (high - low) / (n - 1);
    return BNSL_OK;
}

static bnsl_status gaussian_nodes(saxs_nodes *nodes, const saxs_sizes *s, double q)
{
    double step = 0;
    const double end = TAIL + fmin(6 * s->sd / s->mean, 2); /* R^6 moves the maximum */
    const bnsl_status status = trapezoid(nodes, -end, end, 2 * q * s->sd + TAIL, &step);
    for (int32_t i = 0; i < nodes->n; i++) {
        const double z = -end + i * step;
        nodes->radius[i] = s->mean + s->sd * z;
        nodes->weight[i] = exp(-0.5 * z * z);
    }
    return status;
}

static bnsl_status lognormal_nodes(saxs_nodes *nodes, const saxs_sizes *s, double q)
{
    double step = 0;
    const double low = -TAIL, high = 6 * s->shape + TAIL, largest = s->scale * exp(s->shape * (2 * s->shape + TAIL_PHASE));
    const bnsl_status status = trapezoid(nodes, low, high, 2 * q * largest * s->shape + TAIL, &step);
    for (int32_t i = 0; i < nodes->n; i++) {
        const double z = low + i * step;
        nodes->radius[i] = s->scale * exp(s->shape * z);
        nodes->weight[i] = exp(-0.5 * z * z);
    }
    return status;
}

/* Where k v - exp v has fallen by depth from its maximum, on the side of direction +1 or -1. */
static double schulz_end(double k, double depth, double direction)
{
    const double top = k * log(k) - k;
    double near = log(k), width = 1 / sqrt(k), far = near + direction * width;
    while (top - (k * far - exp(far)) < depth)
        far += direction * (width *= 1.5);
    for (int i = 0; i < 40; i++) {
        const double middle = 0.5 * (near + far);
        *(top - (k * middle - exp(middle)) < depth ? &near : &far) = middle;
    }
    return far;
}

/* v = ln(R / scale), density exp(k v - exp v): analytic within pi / 2 of the real axis. */
static bnsl_status schulz_nodes(saxs_nodes *nodes, const saxs_sizes *s, double q)
{
    double step = 0;
    const double k = s->shape, low = schulz_end(k, 0.5 * TAIL * TAIL, -1), high = schulz_end(k + 6, 0.5 * TAIL * TAIL, 1), top = k * log(k) - k;
    const double largest = s->scale * exp(schulz_end(k + 2, 0.5 * TAIL_PHASE * TAIL_PHASE, 1));
    const bnsl_status status = trapezoid(nodes, low, high, 2 * q * largest + TAIL * sqrt(k + 6) + 25, &step);
    for (int32_t i = 0; i < nodes->n; i++) {
        const double v = low + i * step;
        nodes->radius[i] = s->scale * exp(v);
        nodes->weight[i] = exp(k * v - exp(v) - top);
    }
    return status;
}

bnsl_status bnsl__saxs_nodes_fill(saxs_nodes *nodes, const saxs_sizes *s, const bnsl_saxs_particle *p, double q)
{
    bnsl_status status = BNSL_OK;
    nodes->n = 0;
    nodes->too_many = false;
    if (s->sd == 0) {
        if (!room(nodes, 1))
            return BNSL_ENOMEM;
        nodes->n = 1;
        nodes->radius[0] = s->mean;
        nodes->weight[0] = 1;
        return BNSL_OK;
    }
    if (s->n_points > 0)
        status = given_points(nodes, s, p);
    else if (bnsl__saxs_sizes_are_cut(s))
        status = cut_gaussian(nodes, s, q);
    else if (s->distribution == BNSL_SIZES_GAUSSIAN)
        status = gaussian_nodes(nodes, s, q);
    else
        status = (s->distribution == BNSL_SIZES_SCHULZ ? schulz_nodes : lognormal_nodes)(nodes, s, q);
    double sum = 0;
    for (int32_t i = 0; i < nodes->n; i++)
        sum += nodes->weight[i];
    for (int32_t i = 0; i < nodes->n; i++)
        nodes->weight[i] /= sum;
    return status;
}
