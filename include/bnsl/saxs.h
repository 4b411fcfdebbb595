/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file saxs.h
 * Small-angle X-ray scattering: structure factors of configurations, sphere form factors, fits of measured curves.
 * q in nm^-1 and lengths in nm unless a function says "any consistent unit".
 */
#ifndef BNSL_SAXS_H
#define BNSL_SAXS_H

#include <bnsl/box.h>
#include <bnsl/lattice.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- structure factor of a configuration ----------------------------------------------------------- */

/** Ways to compute the structure factor of a configuration. */
enum {
    BNSL_SQ_AUTO = 0,   /**< a free box or none: DEBYE; periodic along x, y and z: DIRECT up to 200 particles, else NUFFT */
    BNSL_SQ_DIRECT = 1, /**< periodic: a sum over every particle for every wave vector. O(N N_k) */
    BNSL_SQ_NUFFT = 2,  /**< periodic: particles spread on a grid and Fourier transformed, to a given tolerance. O(N + N_k log N_k) */
    BNSL_SQ_DEBYE = 3   /**< isolated: every pair of particles, through a histogram of distances. O(N^2 + n_q r_max q_max) */
};

/** What becomes of the scattering of the outline of an isolated configuration (BNSL_SQ_DEBYE), which hides S(q) at small q. */
enum {
    BNSL_SQ_SHAPE_KEEP = 0,     /**< nothing */
    BNSL_SQ_SHAPE_SUBTRACT = 1, /**< that of a uniform sphere is subtracted */
    BNSL_SQ_SHAPE_MASK = 2      /**< S(q) is NaN below q = 6 / radius */
};

/** Parameters of bnsl_saxs_structure_factor. */
typedef struct bnsl_saxs_sq_options {
    uint32_t struct_size; /**< set by bnsl_saxs_sq_options_init */
    int32_t num_threads;  /**< 0 = 1; the result does not depend on it */
    double q_max;         /**< > 0; default 25 (in 1 / the unit of the positions) */
    double q_min;         /**< >= 0; default 0. The origin k = 0 is never counted */
    int32_t n_q;          /**< points of the output, 1 .. 1000000; default 500 */
    int32_t method;       /**< BNSL_SQ_*; default AUTO */
    double peak_hwhm;     /**< 0: plain bins (default). > 0, periodic only: the powder average is folded with a Lorentzian of this half
                               width at half maximum, as crystallites of finite size would do */
    double tolerance;     /**< NUFFT: error of F(k) over the root mean square of F, 1e-12 .. 1e-2; default 1e-6 */
    double memory_mib;    /**< NUFFT: most memory for the transforms, > 0 MiB; where that is not enough they are made in parts, down to
                               some 1/32 of the whole, which costs time. Default 1024 */
    double bin_width;     /**< DEBYE: width of the bins of the histogram; 0 (default): 0.1 / q_max. The error grows as (q bin_width)^3 */
    double shape_radius;  /**< DEBYE: radius of the sphere of shape; 0 (default): sqrt(5/3) times the radius of gyration */
    int32_t shape;        /**< DEBYE: BNSL_SQ_SHAPE_*; default KEEP */
    int32_t reserved;     /**< 0 */
} bnsl_saxs_sq_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_sq_options_init(bnsl_saxs_sq_options *opts, size_t struct_size);

/** The method that BNSL_SQ_AUTO stands for with n particles in a box; any other method itself. @return BNSL_OK; BNSL_EINVAL: no method fits. */
BNSL_API bnsl_status bnsl_saxs_sq_method(const bnsl_box *box, int64_t n, int32_t method, int32_t *method_out);

/**
 * Static structure factor of a configuration, total and partial. Normalisation: N is the number of all particles,
 *
 *   S_ab = Re[ F_a conj(F_b) ] / N,  F_a(k) = sum over particles of species a of exp(i k.r),  S = sum_ab S_ab
 *
 * so that at large q S_aa -> x_a, S_ab -> 0 and S -> 1 (Ashcroft-Langreth up to sqrt(x_a x_b); Faber-Ziman is
 * S_ab / (x_a x_b) + 1 - delta_ab / x_b).
 *
 * Periodic boxes, DIRECT and NUFFT: the powder average over every wave vector k of the box's reciprocal lattice in one half space (k and -k
 * are equal) with |k| <= q_max. Bins [q_b, q_b + dq) are means over their k (k = q_max belongs to the last). With peak_hwhm = w the powder
 * average is folded in one dimension:
 *
 *   S(q) = sum_k S(k) k^-2 L(q - |k|) / sum_k k^-2 L(q - |k|),  L(x) = 1 / (x^2 + w^2)
 *
 * over all k up to q_max + 20 w (at most 1.5 q_max), so that a Bragg peak has the area that bnsl_saxs_pattern_fit expects and no
 * value is NaN. Below the smallest |k| of the box nothing is known and the folded curve is that of the first shells. NUFFT folds k that are
 * interpolated to a grid of w / 16; that adds a relative error of 2e-7 at most.
 *
 * Isolated configurations, DEBYE: orientational average of one cluster [Debye, Ann. Phys. 351, 809 (1915)],
 *
 *   S_ab(q) = 1/N sum over i of a, j of b of sin(q r_ij) / (q r_ij)
 *
 * at the centres of the bins of q, from a histogram of the distances with the mean and the variance of each bin. The box does not matter:
 * positions are taken as they are. With shape the part of a uniform sphere of radius R that holds as many particles,
 * N_a (N_b - delta_ab) / N Phi^2(q R), Phi(x) = 3 (sin x - x cos x) / x^3, is subtracted, or small q masked.
 *
 * @param box        any consistent unit; DIRECT, NUFFT: periodic in x, y and z; DEBYE: may be NULL
 * @param n, xyz     particles, n >= 1
 * @param species    n values 0 .. n_species - 1, or NULL with n_species = 1; also classes of sizes, for bnsl_saxs_sq_intensity
 * @param n_species  1 .. 64
 * @param opts       or NULL for the defaults
 * @param q_out      n_q: mean |k| of the bin (empty bin: its centre); with peak_hwhm and DEBYE a uniform grid of bin centres
 * @param s_out      n_q total S(q); NaN for an empty or masked bin; or NULL
 * @param partial_out n_q x n_species (n_species + 1) / 2 partials, pairs in the order 00, 01, .., 11, ..; NaN as s_out; or NULL
 * @param n_k_out    n_q numbers of wave vectors (both half spaces) in the bin, 0 for DEBYE; or NULL
 * @param control    or NULL
 * @return BNSL_OK; BNSL_EINVAL: box, positions, options, or an index of a wave vector beyond 32767; BNSL_EDOMAIN: no wave vector up to q_max,
 *         or an isolated configuration with more than 10^7 bins of distance; BNSL_ECANCELLED, BNSL_ENOMEM.
 * Threads: the inputs may be shared. N_k = V q_max^3 / (12 pi^2). Memory: DIRECT some MiB a thread; NUFFT 30 bytes for each species and wave
 * vector (less with memory_mib) and some 260 bytes a particle (with the default tolerance); DEBYE 16 bytes for each bin of distance and
 * thread, 88 a bin, 24 a particle.
 */
BNSL_API bnsl_status bnsl_saxs_structure_factor(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t n_species,
                                                const bnsl_saxs_sq_options *opts, double *q_out, double *s_out, double *partial_out,
                                                int64_t *n_k_out, bnsl_control *control);

/**
 * Intensity a particle from partial structure factors and amplitudes,
 *
 *   I(q) = sum_ab <f_a> <f_b> S_ab + sum_a x_a (<f_a^2> - <f_a>^2)
 *
 * The second sum is the decoupling approximation for sizes that do not depend on the neighbours [Kotlarchyk and Chen, J. Chem. Phys. 79, 2461
 * (1983)]; it vanishes for classes of equal particles. f changes little within a bin of q when the bins are narrow beside 1 / diameter.
 *
 * @param n_q, n_species  as above
 * @param share   n_species number shares x_a >= 0; used with f2 only
 * @param partial n_q x n_species (n_species + 1) / 2 of bnsl_saxs_structure_factor
 * @param f       n_q x n_species mean amplitudes: contrast times <f> of bnsl_saxs_form_factor
 * @param f2      n_q x n_species mean squared amplitudes, or NULL: f^2
 * @param i_out   n_q; NaN where a partial is; must not be one of the inputs
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_saxs_sq_intensity(int64_t n_q, int32_t n_species, const double *share, const double *partial, const double *f,
                                            const double *f2, double *i_out);

/* ---- form factors ---------------------------------------------------------------------------------- */

/** Distributions of the radius, named by its mean and standard deviation. */
enum {
    BNSL_SIZES_GAUSSIAN = 0, /**< normal, in closed form over all R, or cut at radius +- n_sigma sigma and at 0 */
    BNSL_SIZES_SCHULZ = 1,   /**< Schulz-Zimm: density ~ R^(k-1) exp(-k R / mean), k = (mean / sigma)^2 */
    BNSL_SIZES_LOGNORMAL = 2 /**< density ~ exp(-(ln R - mu)^2 / (2 s^2)) / R, s^2 = ln(1 + (sigma / mean)^2), mu = ln(mean) - s^2 / 2;
                                  sigma <= 0.8 mean */
};

/** What a distribution counts. */
enum {
    BNSL_WEIGHTING_NUMBER = 0, /**< particles: the share of those with a radius near R */
    BNSL_WEIGHTING_VOLUME = 1  /**< volume: the share of all core volume that is in those; their number goes as that / R^3. Schulz: sigma <
                                    radius / 2; Gaussian: cut so that its smallest radius is > 0 */
};

/**
 * A population of spheres, or of spheres with a shell. radius, sigma and shell in any consistent unit.
 * bnsl_saxs_particle_init: a number-weighted Gaussian of contrast 1 without a shell; radius must be set.
 */
typedef struct bnsl_saxs_particle {
    uint32_t struct_size;  /**< set by bnsl_saxs_particle_init */
    int32_t distribution;  /**< BNSL_SIZES_*, of the core's radius */
    int32_t weighting;     /**< BNSL_WEIGHTING_* */
    int32_t n_points;      /**< 0: exact averages. 2 .. 100000, with n_sigma: sums over so many radii from radius - n_sigma sigma to radius +
                                n_sigma sigma, those > 0, as sasmodels takes them (35 and 3 there) */
    double radius;         /**< mean of the distribution, > 0 */
    double sigma;          /**< its standard deviation (before it is cut), >= 0, < radius */
    double n_sigma;        /**< Gaussian: cut at radius +- n_sigma sigma and at 0, and normalised again; 0: all of it, formally also R < 0 */
    double shell;          /**< thickness of the shell, the same for all, >= 0 */
    double sld_core, sld_shell, sld_medium; /**< scattering length densities; without a shell only core - medium matters */
} bnsl_saxs_particle;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_particle_init(bnsl_saxs_particle *particle, size_t struct_size);

/**
 * Averages over the number distribution of a population:
 *
 *   f(q, R) = (sld_core - sld_shell) V(R) Phi(q R) + (sld_shell - sld_medium) V(R + shell) Phi(q (R + shell)),
 *   V(R) = 4 pi R^3 / 3, Phi(x) = 3 (sin x - x cos x) / x^3,   beta = <f>^2 / <f^2>        [Kotlarchyk and Chen 1983]
 *
 * Uncut Gaussian and Schulz spheres: closed forms, accuracy as bnsl_saxs_form_factor. Others by quadrature in R whose number of nodes
 * follows q: 1e-9 of <f^2>, 1e-10 of the maximum of <f> (of the parts, where a shell's contrasts cancel; a cut Gaussian beyond q sigma = 5000: 1e-6).
 *
 * @param n, q      wave numbers >= 0, q (radius + shell) <= 1e8
 * @param f_out     n values of <f>, or NULL
 * @param f2_out    n values of <f^2>, or NULL
 * @param beta_out  n values of beta, or NULL; NaN where <f^2> is 0
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. Threads: any. Cost: 20 to 150 ns a value by the closed forms; else 2 to 3 ns for each of
 *         some 30 + 3 q sigma nodes (heavy tails: more).
 */
BNSL_API bnsl_status bnsl_saxs_particle_form_factor(const bnsl_saxs_particle *particle, int64_t n, const double *q, double *f_out, double *f2_out,
                                                    double *beta_out);

/**
 * Number average <R^order> of the core's radius. Of use: mean and standard deviation by number, <R> and <R^2>; mean radius by volume,
 * <R^4> / <R^3>; radius of the mean volume, <R^3>^(1/3); radius of gyration of spheres seen by scattering, Rg^2 = 3/5 <R^8> / <R^6>.
 *
 * @param order  0 .. 12
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_saxs_particle_moment(const bnsl_saxs_particle *particle, int32_t order, double *moment_out);

/** Number average of the volume of a whole particle, <4 pi (R + shell)^3 / 3>. @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_saxs_particle_volume(const bnsl_saxs_particle *particle, double *volume_out);

/**
 * Amplitude and intensity of spheres of unit contrast, averaged over a number distribution of radii; the same as
 * bnsl_saxs_particle_form_factor for the commonest case.
 *
 * @param distribution  BNSL_SIZES_*
 * @param radius        mean > 0; sigma: standard deviation >= 0, < radius; any consistent unit
 * @param n, q          wave numbers >= 0, q radius <= 1e8
 * @param f_out         n values of <f>, volume; or NULL
 * @param f2_out        n values of <f^2>, volume squared; or NULL
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. Accuracy of the closed forms (Gaussian, Schulz) 1e-10 relative to the value (f2_out),
 *         1e-12 of the maximum (f_out), with a series where they cancel; log-normal: see bnsl_saxs_particle_form_factor.
 */
BNSL_API bnsl_status bnsl_saxs_form_factor(int32_t distribution, double radius, double sigma, int64_t n, const double *q, double *f_out,
                                           double *f2_out);

/** Where the errors of a fit come from when the data have none. */
enum {
    BNSL_ERRORS_GIVEN = 0,    /**< the caller's sigma array (required) */
    BNSL_ERRORS_RELATIVE = 1, /**< a fixed fraction of the intensity */
    BNSL_ERRORS_SQRT = 2,     /**< proportional to the square root of the intensity */
    BNSL_ERRORS_UNIFORM = 3   /**< equal for every point */
};

/** Parameters of bnsl_saxs_fit_form_factor. */
typedef struct bnsl_saxs_form_factor_options {
    uint32_t struct_size;  /**< set by bnsl_saxs_form_factor_options_init */
    int32_t distribution;  /**< BNSL_SIZES_*; default Gaussian */
    int32_t error_model;   /**< BNSL_ERRORS_*; default GIVEN. Other models: errors are scaled to a reduced chi^2 of 1 */
    int32_t weighting;     /**< BNSL_WEIGHTING_*; default NUMBER. VOLUME: not with a Gaussian, which must then be cut (bnsl_saxs_dilute) */
    double relative_error; /**< of BNSL_ERRORS_RELATIVE; default 0.02 */
    double radius_start;   /**< 0: found from a scan over radii */
    double q_min, q_max;   /**< range that is fitted; 0, 0: all of it */
} bnsl_saxs_form_factor_options;

/** Result of bnsl_saxs_fit_form_factor; the unit of lengths is that of 1/q. */
typedef struct bnsl_saxs_form_factor_result {
    double radius, radius_err;         /**< mean radius and its standard error */
    double sigma, sigma_err;           /**< standard deviation of the radius */
    double scale, scale_err;           /**< of <f^2> / <V>: with absolute data in volume^-1 units, volume fraction x contrast^2 */
    double background, background_err;
    double chi2_reduced;               /**< with the errors as given, or as the error model states them (SQRT: the root, UNIFORM: 1) */
    double correlation_radius_sigma;
    int64_t n_points;                  /**< points fitted */
    int32_t n_iterations;
    int32_t converged;                 /**< 1: a minimum; 0: outputs hold the best so far */
    int32_t sigma_at_bound;            /**< 1: the best sigma is 0 (monodisperse); its error and the correlation are then NaN */
    int32_t reserved;
} bnsl_saxs_form_factor_result;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_form_factor_options_init(bnsl_saxs_form_factor_options *opts, size_t struct_size);

/**
 * Least-squares fit of I(q) = scale <f^2> / <V> + background to a dilute pattern.
 *
 * @param n, q, intensity  n > 4 points, q > 0 (any unit)
 * @param error            n standard errors > 0 of the intensity, or NULL with an error model
 * @return BNSL_OK; BNSL_EINVAL: not finite, errors missing, too few points in range; BNSL_ENOCONV: result_out holds the best
 *         so far; BNSL_ENOMEM, BNSL_ENUMERIC.
 */
BNSL_API bnsl_status bnsl_saxs_fit_form_factor(int64_t n, const double *q, const double *intensity, const double *error,
                                               const bnsl_saxs_form_factor_options *opts, bnsl_saxs_form_factor_result *result_out);

/**
 * Model of a dilute pattern: one or more populations of particles and a constant background,
 *
 *   I(q) = sum_populations scale <f^2> / <V> + background,
 *
 * <V> of whole particles: with scattering length densities in the data's absolute units scale is a volume fraction.
 * Every parameter can be fitted between bounds, or fixed. Scales and background enter linearly and are solved for inside
 * [Golub and Pereyra, SIAM J. Numer. Anal. 10, 413 (1973)]; radii that have no start are found by a scan.
 */
typedef struct bnsl_saxs_dilute bnsl_saxs_dilute;

/** Parameters of a population; the background has population -1. */
enum {
    BNSL_PARAMETER_RADIUS = 0,     /**< of the core: mean of the distribution */
    BNSL_PARAMETER_SIGMA = 1,      /**< its standard deviation */
    BNSL_PARAMETER_SHELL = 2,      /**< thickness */
    BNSL_PARAMETER_SLD_CORE = 3,
    BNSL_PARAMETER_SLD_SHELL = 4,
    BNSL_PARAMETER_SLD_MEDIUM = 5,
    BNSL_PARAMETER_SCALE = 6,
    BNSL_PARAMETER_BACKGROUND = 7
};

/** What a fit made of a parameter. */
enum {
    BNSL_FIT_FREE = 0,        /**< fitted, with a standard error */
    BNSL_FIT_FIXED = 1,       /**< kept at its value */
    BNSL_FIT_AT_BOUND = 2,    /**< the best value is one of its bounds (of sigma: 0): no error */
    BNSL_FIT_UNDETERMINED = 3 /**< the data do not say: other values of it, and of others with it, fit as well. No error */
};

/** One parameter after a fit. */
typedef struct bnsl_saxs_parameter {
    double value, err; /**< standard error; NaN unless free, 0 when fixed */
    int32_t status;    /**< BNSL_FIT_* */
    int32_t reserved;
} bnsl_saxs_parameter;

/** Parameters of bnsl_saxs_dilute_create. */
typedef struct bnsl_saxs_dilute_options {
    uint32_t struct_size;  /**< set by bnsl_saxs_dilute_options_init */
    int32_t error_model;   /**< BNSL_ERRORS_*; default GIVEN. Other models: errors are scaled to a reduced chi^2 of 1 */
    double relative_error; /**< of BNSL_ERRORS_RELATIVE; default 0.02 */
    double q_min, q_max;   /**< range that is fitted; 0, 0: all of it */
} bnsl_saxs_dilute_options;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_dilute_options_init(bnsl_saxs_dilute_options *opts, size_t struct_size);

/** New model without populations, background free. @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_saxs_dilute_create(bnsl_saxs_dilute **out, const bnsl_saxs_dilute_options *opts);

/** Ends a model; NULL is allowed. */
BNSL_API void bnsl_saxs_dilute_destroy(bnsl_saxs_dilute *model);

/**
 * Adds a population, at most 4. Its radius, its sigma and its scale (>= 0) are free, shell and densities fixed at what particle says; its
 * radius may be 0: it is then searched over what the range of q can see, when one or two populations ask for it.
 * @return BNSL_OK; BNSL_EINVAL: also a fifth population.
 */
BNSL_API bnsl_status bnsl_saxs_dilute_add(bnsl_saxs_dilute *model, const bnsl_saxs_particle *particle);

/** Keeps a parameter at a value. @param population 0 ..; -1 for the background. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_dilute_fix(bnsl_saxs_dilute *model, int32_t population, int32_t parameter, double value);

/**
 * Fits a parameter, between bounds.
 * @param start     within the bounds; NaN: what the particle says (a radius of 0: searched within the bounds). Scales and background need none
 * @param low, high low <= high; -INFINITY and INFINITY: none but those of nature (radius > 0; sigma, shell and scale >= 0)
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_saxs_dilute_free(bnsl_saxs_dilute *model, int32_t population, int32_t parameter, double start, double low, double high);

/**
 * Fits the model, replacing an earlier result.
 *
 * @param n, q, intensity  points, more than free parameters; q > 0 (any unit; lengths are in its inverse)
 * @param error            n standard errors > 0 of the intensity, or NULL with an error model
 * @return BNSL_OK; BNSL_EINVAL: no population, not finite, errors missing, too few points in range; BNSL_EDOMAIN: no distribution is
 *         possible at the start; BNSL_ENOCONV: the best so far can be read; BNSL_ECANCELLED, BNSL_ENOMEM, BNSL_ENUMERIC.
 */
BNSL_API bnsl_status bnsl_saxs_dilute_fit(bnsl_saxs_dilute *model, int64_t n, const double *q, const double *intensity, const double *error,
                                          bnsl_control *control);

/** A parameter after a fit. @param population 0 ..; -1 for the background. @return BNSL_OK; BNSL_EINVAL: no such parameter, not fitted yet. */
BNSL_API bnsl_status bnsl_saxs_dilute_parameter(const bnsl_saxs_dilute *model, int32_t population, int32_t parameter, bnsl_saxs_parameter *out);

/** Covariance of two parameters after a fit; 0 when one is fixed, NaN when one has no error. @return as bnsl_saxs_dilute_parameter. */
BNSL_API bnsl_status bnsl_saxs_dilute_covariance(const bnsl_saxs_dilute *model, int32_t population_a, int32_t parameter_a, int32_t population_b,
                                                 int32_t parameter_b, double *out);

/** A population as fitted, for bnsl_saxs_particle_form_factor and moments; struct_size must be set. @return as bnsl_saxs_dilute_parameter. */
BNSL_API bnsl_status bnsl_saxs_dilute_particle(const bnsl_saxs_dilute *model, int32_t population, bnsl_saxs_particle *out);

/** Reduced chi^2, points fitted, free parameters, 1 if converged, iterations; each may be NULL. @return BNSL_OK; BNSL_EINVAL: not fitted yet. */
BNSL_API bnsl_status bnsl_saxs_dilute_quality(const bnsl_saxs_dilute *model, double *chi2_reduced_out, int64_t *n_points_out, int32_t *n_free_out,
                                              int32_t *converged_out, int32_t *n_iterations_out);

/**
 * Fitted I(q) at n wave numbers: population -1: all of it; 0 ..: what that population scatters, without the background.
 * @return BNSL_OK; BNSL_EINVAL: not fitted yet, no such population, q as in bnsl_saxs_particle_form_factor; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_saxs_dilute_model(const bnsl_saxs_dilute *model, int32_t population, int64_t n, const double *q, double *intensity_out);

/* ---- diffraction patterns -------------------------------------------------------------------------- */

/** Profile of a line; `hwhm` is its half width at half maximum before the instrument's resolution. */
enum {
    BNSL_LINE_LORENTZIAN = 0, /**< w / pi / ((q - q_hkl)^2 + w^2); with a resolution it becomes a Voigt profile */
    BNSL_LINE_GAUSSIAN = 1    /**< sqrt(ln 2 / pi) / w exp(-ln 2 (q - q_hkl)^2 / w^2); with a resolution the variances are added */
};

/** What a pattern is apart from its lines. */
enum {
    BNSL_BACKGROUND_PHYSICAL = 0,  /**< diffuse scattering of each phase and the fluid's structure factor, both >= 0, and a polynomial: for S(q) */
    BNSL_BACKGROUND_POLYNOMIAL = 1 /**< the polynomial alone */
};

/** Structure of the fluid in a physical background. */
enum {
    BNSL_FLUID_FITTED = 0, /**< damped hard-sphere liquid, its parameters fitted while the fluid is strong enough to tell them */
    BNSL_FLUID_FIXED = 1,  /**< the same with the parameters as given */
    BNSL_FLUID_IDEAL = 2,  /**< S = 1 */
    BNSL_FLUID_NONE = 3    /**< no fluid */
};

/** Areas of a phase's lines. */
enum {
    BNSL_AREAS_FREE = 0,      /**< one area >= 0 for each line */
    BNSL_AREAS_CALCULATED = 1 /**< X times the calculated areas: for minor phases, whose lines hide under others' */
};

/** Centres of a phase's lines. */
enum {
    BNSL_CENTRES_LATTICE = 0, /**< where a and c/a put them */
    BNSL_CENTRES_FREE = 1     /**< each within a bound of its place in the starting lattice; a and c/a then follow from the centres. Lines nearer
                                   to each other than the bound share a shift. Only for areas that are free */
};

/**
 * K of the Scherrer size and the width that it belongs to. All give xi = 2 pi K / width, and for a sphere of diameter D and volume V
 * with its exact profile either D or V^(1/3). A fitted Lorentzian's size depends on the window by some 15 %.
 */
enum {
    BNSL_SCHERRER_PAPER = 0,             /**< K = 1.0747 on the full width at half maximum, as Marino 2024: for a Lorentzian pi K / hwhm */
    BNSL_SCHERRER_FWHM_DIAMETER = 1,     /**< K = 1.1067: FWHM D = 6.9533, xi = D */
    BNSL_SCHERRER_FWHM_VOLUME = 2,       /**< K = 0.8920: xi = V^(1/3) */
    BNSL_SCHERRER_BREADTH_DIAMETER = 3,  /**< K = 4/3 on the integral breadth: xi = D */
    BNSL_SCHERRER_BREADTH_VOLUME = 4     /**< K = (4/3) (pi/6)^(1/3) = 1.07466 on the integral breadth: xi = V^(1/3) */
};

/** What became of a parameter in a fit. */
enum {
    BNSL_PARAMETER_FITTED = 0,
    BNSL_PARAMETER_FIXED = 1,       /**< kept as given; its error is 0 */
    BNSL_PARAMETER_AT_BOUND = 2,    /**< the best value is the end of the allowed range (an area: 0); the error is that of a free one, or NaN */
    BNSL_PARAMETER_UNDETERMINED = 3 /**< the data say nothing about it; its error is NaN */
};

/**
 * Model of one diffraction pattern: phases whose reflections sit where their lattices put them, plus a background.
 *
 *   S(q) = sum_j B_j P_j(x) + sum_phases [ Y D(q) + sum_hkl A_hkl L(q - q_hkl(a, c/a), w_hkl) ] + F_L S_L(q) + F_S S_S(q)
 *
 * A_hkl, Y, F >= 0; P_j Legendre polynomials on the fitted range; L a profile of unit area, w_hkl^2 = w^2 + (e q_hkl)^2 with the
 * microstrain e. With a physical background, for nL and nS particles in a cell, m = nS / nL, r the S for each L in the sample, u the
 * one-dimensional rms displacement, and <f>, <f^2> averages over the sizes of the cores (N(q) = <f_L^2> + r <f_S^2>):
 *
 *   D(q)   = [ <f_L^2> + m <f_S^2> - (<f_L>^2 + m <f_S>^2) exp(-q^2 u^2) ] / N(q)          Laue's diffuse and the thermal scattering
 *   S_L(q) = <f_L^2> / N(q) S_fl(q),  S_S(q) = r <f_S^2> / N(q) S_fl(q)                     (their sum, one column, where all m = r)
 *   S_fl   = 1 + (S_PY(q; eta, d) - 1) exp(-(delta q)^2)                                    Percus-Yevick [Wertheim 1963] and a damping
 *   A_hkl  = X 2 pi^2 M |F_hkl|^2 exp(-q^2 u^2) / (v_c q^2 nL N(q)),  F of <f_L>, <f_S>     (BNSL_AREAS_CALCULATED)
 *
 * for S(q) = I(q, t) / I(q, 0), which is 1 a particle at large q. Non-linear parameters (a, c/a, w, e, u, centres, fluid) by
 * Levenberg-Marquardt with an analytic Jacobian; all amplitudes by non-negative least squares inside (variable projection [Golub and
 * Pereyra 1973]), so a fit needs no starting amplitudes.
 */
typedef struct bnsl_saxs_pattern bnsl_saxs_pattern;

/** Parameters of bnsl_saxs_pattern_create. Lengths in nm, q in nm^-1. */
typedef struct bnsl_saxs_pattern_options {
    uint32_t struct_size;     /**< set by bnsl_saxs_pattern_options_init */
    int32_t background;       /**< BNSL_BACKGROUND_*; default physical */
    int32_t background_order; /**< highest Legendre order, 0 .. 8; -1: no polynomial; default 2 */
    int32_t fluid;            /**< BNSL_FLUID_*; default fitted */
    int32_t line_shape;       /**< BNSL_LINE_*; default Lorentzian */
    int32_t scherrer;         /**< BNSL_SCHERRER_*; default as the paper */
    int32_t error_model;      /**< BNSL_ERRORS_*; default GIVEN */
    int32_t distribution;     /**< BNSL_SIZES_* of the cores; default Gaussian */
    double relative_error;    /**< of BNSL_ERRORS_RELATIVE; default 0.02 */
    double q_min, q_max;      /**< fitted range; 0, 0: all of it */
    double resolution;        /**< standard deviation of the instrument's Gaussian; default 0: none */
    double scherrer_k;        /**< another K for the convention; 0: its own */
    double d_large, d_small;  /**< mean core diameters of L and S; 0: points, whose amplitude is the contrast alone */
    double sigma_large, sigma_small;       /**< standard deviations of these diameters; default 0 */
    double contrast_large, contrast_small; /**< scattering length densities less the solvent's, any unit; default 1, 1 */
    double ratio;             /**< number of S for each L in the sample; < 0, the default: that of the first phase */
    double fluid_eta;         /**< packing fraction of the hard spheres, 0 .. 0.6: start or value; default 0.3 */
    double fluid_diameter;    /**< d; 0: 1.15 d_large, without cores 0.95 of the first phase's shortest distance between L */
    double fluid_damping;     /**< delta; 0: d / 15 */
} bnsl_saxs_pattern_options;

/** Parameters of bnsl_saxs_pattern_add_phase. */
typedef struct bnsl_saxs_phase_options {
    uint32_t struct_size;    /**< set by bnsl_saxs_phase_options_init */
    int32_t areas;           /**< BNSL_AREAS_*; default free */
    int32_t centres;         /**< BNSL_CENTRES_*; default lattice */
    int32_t fit_c_over_a;    /**< 0: c/a stays as in the lattice (default); 1: fitted */
    int32_t fit_microstrain; /**< 0: e stays as given (default); 1: fitted */
    int32_t fix_u_rms;       /**< 0: u is fitted (default); 1: kept */
    double a_min, a_max;     /**< range of a that is searched before the fit, nm (with c/a fitted also 0.93 and 1.08 times the lattice's);
                                  0, 0: start from the lattice's a */
    double microstrain;      /**< e, 0 .. 0.2; default 0 */
    double u_rms;            /**< start or value of u, nm; 0: 0.045 of the shortest distance (with fix_u_rms: no displacement) */
    double centre_bound;     /**< of free centres, nm^-1; 0: the half width found with the lattice */
} bnsl_saxs_phase_options;

/** Result for one phase. Lengths in nm. */
typedef struct bnsl_saxs_phase {
    double a, a_err;
    double c_over_a, c_over_a_err;       /**< cubic: 1 */
    double hwhm, hwhm_err;               /**< w, nm^-1, without resolution and microstrain */
    double microstrain, microstrain_err; /**< e */
    double xi, xi_err;                   /**< Scherrer size of w */
    double fraction, fraction_err;       /**< share X of the L particles in this phase: observed over calculated areas of the lines with a
                                              Debye-Waller factor fitted to them, divided by the flux scale where one is asked for (a
                                              series); NaN with fewer than 3 lines */
    double u_rms, u_rms_err;             /**< u of that Debye-Waller factor, >= 0; NaN likewise. The error of a value that is not distinct from
                                              0 is what would be */
    double diffuse, diffuse_err;         /**< Y of the diffuse scattering; X where nothing else is diffuse; NaN without a physical background */
    double scale_weight;                 /**< sum of the areas of this phase over the sum of all phases' areas */
    int32_t n_peaks;
    int32_t a_status, c_over_a_status, hwhm_status, microstrain_status, u_status; /**< BNSL_PARAMETER_* */
} bnsl_saxs_phase;

/** One line of a phase. Lines at the same q (442 and 600; nearer than hwhm / 100) are fitted as one and listed under the first. */
typedef struct bnsl_saxs_peak {
    int32_t h, k, l;
    int32_t multiplicity;     /**< of all lines that are fitted as one */
    int32_t status;           /**< BNSL_PARAMETER_* of the area; FIXED: calculated */
    int32_t reserved;
    double q, q_err;          /**< nm^-1 */
    double area, area_err;    /**< nm^-1; the error of a line of area 0 is the one it would have if only it were free */
} bnsl_saxs_peak;

/** The fluid of a physical background. */
typedef struct bnsl_saxs_fluid {
    double eta, eta_err, diameter, diameter_err, damping, damping_err; /**< of S_fl; nm */
    double share_large, share_large_err; /**< F_L: 1 - X in a sample without polynomial; NaN without fluid */
    double share_small, share_small_err; /**< F_S; the same as F_L when all phases have the sample's composition */
    int32_t eta_status, diameter_status, damping_status, reserved;
} bnsl_saxs_fluid;

/** What follows from a phase's lattice and the cores. Lengths in nm; NaN: no such pair, or no core diameter. */
typedef struct bnsl_saxs_geometry {
    double b_ll, b_ls, b_ss;             /**< shortest distances between centres */
    double d_ll, d_ls, d_ss;             /**< between surfaces, d_ij = b_ij - (d_i + d_j) / 2 */
    double d_ll_err, d_ls_err, d_ss_err; /**< from the errors of a and c/a */
    double volume_fraction, volume_fraction_err; /**< sum n_i (pi/6) d_i^3 / v_c, from the mean diameters */
} bnsl_saxs_geometry;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_pattern_options_init(bnsl_saxs_pattern_options *opts, size_t struct_size);

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_phase_options_init(bnsl_saxs_phase_options *opts, size_t struct_size);

/** New model without phases. @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_saxs_pattern_create(bnsl_saxs_pattern **out, const bnsl_saxs_pattern_options *opts);

/** Ends a model; NULL is allowed. */
BNSL_API void bnsl_saxs_pattern_destroy(bnsl_saxs_pattern *pattern);

/**
 * Adds a phase. An earlier result is forgotten.
 *
 * @param lattice  the prototype, with c/a and site coordinates; what is needed of it is copied. Its a is the starting value when a_min
 *                 and a_max are 0
 * @param opts     or NULL for the defaults
 * @return BNSL_OK; BNSL_EINVAL: also a ninth phase, a_max > 100 a_min, c/a of a cubic phase to be fitted, contradicting modes; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_saxs_pattern_add_phase(bnsl_saxs_pattern *pattern, const bnsl_lattice *lattice, const bnsl_saxs_phase_options *opts);

/**
 * Fits the model to a pattern, replacing an earlier result. Every reflection in the range (up to two half widths beyond it) takes part;
 * phases with a range of a are searched one after the other, the one that explains most first.
 *
 * @param n, q, s  points, q > 0 increasing, nm^-1; s = S(q), or with a polynomial background any intensity
 * @param error    n standard errors > 0, or NULL with an error model (errors then scaled to a reduced chi^2 of 1)
 * @return BNSL_OK; BNSL_EINVAL: no phase, not finite, fewer points than parameters, more than 400 lines
 *         or orders beyond q a / 2 pi = 24; BNSL_EDOMAIN: no reflection in the range;
 *         BNSL_ENOCONV: the best so far can be read; BNSL_ECANCELLED, BNSL_ENOMEM, BNSL_ENUMERIC.
 */
BNSL_API bnsl_status bnsl_saxs_pattern_fit(bnsl_saxs_pattern *pattern, int64_t n, const double *q, const double *s, const double *error,
                                           bnsl_control *control);

/** As bnsl_saxs_pattern_fit, from the parameters of the last fit instead of a search. @return as there; BNSL_EINVAL: not fitted yet. */
BNSL_API bnsl_status bnsl_saxs_pattern_refit(bnsl_saxs_pattern *pattern, int64_t n, const double *q, const double *s, const double *error,
                                             bnsl_control *control);

/** Number of phases; 0 for NULL. */
BNSL_API int32_t bnsl_saxs_pattern_n_phases(const bnsl_saxs_pattern *pattern);

/** Result of a phase after a fit. @return BNSL_OK; BNSL_EINVAL: no such phase, not fitted yet. */
BNSL_API bnsl_status bnsl_saxs_pattern_phase(const bnsl_saxs_pattern *pattern, int32_t phase, bnsl_saxs_phase *out);

/** Line i of a phase, 0 <= i < n_peaks, by increasing q. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_pattern_peak(const bnsl_saxs_pattern *pattern, int32_t phase, int32_t i, bnsl_saxs_peak *out);

/** The fluid after a fit. @return BNSL_OK; BNSL_EINVAL: not fitted yet, no physical background. */
BNSL_API bnsl_status bnsl_saxs_pattern_fluid(const bnsl_saxs_pattern *pattern, bnsl_saxs_fluid *out);

/** Reduced chi^2, 1 if converged, iterations; each may be NULL. @return BNSL_OK; BNSL_EINVAL: not fitted yet. */
BNSL_API bnsl_status bnsl_saxs_pattern_quality(const bnsl_saxs_pattern *pattern, double *chi2_reduced_out, int32_t *converged_out,
                                               int32_t *n_iterations_out);

/** Fitted model at n wave numbers >= 0: total, and all but the lines (either may be NULL). @return BNSL_OK; BNSL_EINVAL: also not fitted yet. */
BNSL_API bnsl_status bnsl_saxs_pattern_model(const bnsl_saxs_pattern *pattern, int64_t n, const double *q, double *s_out, double *background_out);

/**
 * Bond lengths, surface distances and volume fraction of a fitted phase.
 * @param bonds  BNSL_BONDS_GEOMETRY or BNSL_BONDS_PAPER
 * @return BNSL_OK; BNSL_EINVAL; BNSL_EUNSUPPORTED as bnsl_lattice_bond_lengths; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_saxs_pattern_geometry(const bnsl_saxs_pattern *pattern, int32_t phase, int32_t bonds, bnsl_saxs_geometry *out);

/**
 * Share of the L particles in a phase by comparison with a reference run in which it is known (the paper's way): the areas of the
 * lines that both have, over those of the reference, times the ratio of the calculated ones, which corrects for composition, cell and
 * q (structure factors cancel where cores and contrasts are those of the reference). Weighted by the errors of both.
 *
 * @param reference, reference_phase  another fitted pattern and its phase of the same prototype, areas free
 * @param reference_fraction          share of L in that phase there, > 0
 * @return BNSL_OK; BNSL_EINVAL: not fitted, another prototype; BNSL_EDOMAIN: no line that both have with an area.
 */
BNSL_API bnsl_status bnsl_saxs_pattern_relative_fraction(const bnsl_saxs_pattern *pattern, int32_t phase, const bnsl_saxs_pattern *reference,
                                                         int32_t reference_phase, double reference_fraction, double *fraction_out,
                                                         double *fraction_err_out);

/* ---- one line alone -------------------------------------------------------------------------------- */

/** Parameters of bnsl_saxs_fit_line. */
typedef struct bnsl_saxs_line_options {
    uint32_t struct_size;     /**< set by bnsl_saxs_line_options_init */
    int32_t line_shape;       /**< BNSL_LINE_* */
    int32_t background_order; /**< Legendre order of the background, 0 .. 4; default 1 */
    int32_t error_model;      /**< BNSL_ERRORS_* */
    double relative_error;    /**< of BNSL_ERRORS_RELATIVE; default 0.02 */
    double window;            /**< points within this distance of q_start are fitted, nm^-1; default 0.1 */
    double resolution;        /**< as in bnsl_saxs_pattern_options */
} bnsl_saxs_line_options;

/** Result of bnsl_saxs_fit_line, nm^-1. */
typedef struct bnsl_saxs_line {
    double q, q_err, hwhm, hwhm_err, area, area_err, chi2_reduced;
    int64_t n_points;
    int32_t converged, n_iterations;
    int32_t q_status, hwhm_status; /**< BNSL_PARAMETER_* */
} bnsl_saxs_line;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_line_options_init(bnsl_saxs_line_options *opts, size_t struct_size);

/**
 * The paper's quick mode: one line and a straight background near q_start (101 of AlB2, 200 of NaZn13). Other lines and a curved
 * background bias it: for AlB2 a by -0.0004 .. -0.002 nm, the size by some per cent, more just after nucleation.
 * @return BNSL_OK; BNSL_EINVAL: as bnsl_saxs_pattern_fit; BNSL_ENOCONV: out holds the best so far (a line of area 0 too); BNSL_ENOMEM, BNSL_ENUMERIC.
 */
BNSL_API bnsl_status bnsl_saxs_fit_line(int64_t n, const double *q, const double *s, const double *error, double q_start,
                                        const bnsl_saxs_line_options *opts, bnsl_saxs_line *out);

/**
 * Scherrer size of a half width.
 * @param hwhm        > 0, nm^-1; line_shape: BNSL_LINE_* (for the integral breadth)
 * @param convention  BNSL_SCHERRER_*; k: 0 for its own K
 * @return BNSL_OK, BNSL_EINVAL.
 */
BNSL_API bnsl_status bnsl_saxs_scherrer(double hwhm, int32_t line_shape, int32_t convention, double k, double *xi_out);

/* ---- kinetic series -------------------------------------------------------------------------------- */

/**
 * S(q, t) = I(q, t) / I(q, 0), I(q, 0) the mean of the first n_reference frames, with var S = S^2 (v_t / I_t^2 + v_0 / I_0^2); for the
 * frames of the reference themselves the covariance with their own mean is taken off.
 *
 * @param intensity, error  n_frames x n_q, row-major (a row a frame); errors > 0. Bad frames (a value not finite, an error not > 0) become
 *                      NaN and do not count as reference
 * @param s_out, s_err_out  n_frames x n_q; NaN at a q where I(q, 0) <= 0; may be intensity and error
 * @param common_out    n_q: sigma(I_0) / I_0, the part of the relative error that all frames share, or NULL
 * @param n_bad_out     number of bad frames, or NULL
 * @return BNSL_OK; BNSL_EINVAL: n_reference not 1 .. n_frames, NULL; BNSL_EDOMAIN: no good frame in the reference; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_saxs_normalise(int64_t n_frames, int64_t n_q, const double *intensity, const double *error, int64_t n_reference,
                                         double *s_out, double *s_err_out, double *common_out, int64_t *n_bad_out);

/**
 * A series of patterns in time, fitted one after the other: each fit starts from the frame before. A frame without crystal is a fluid
 * alone; a matched filter (the calculated pattern of each phase over its range of a, against the residual) finds the first crystal, and
 * again one that was lost. A phase counts as present while chi^2 without it, scaled to the model's, is higher by more than the number n of
 * its lines and detect_sigma times the scatter of that, sqrt(2 n).
 */
typedef struct bnsl_saxs_series bnsl_saxs_series;

/** Parameters of bnsl_saxs_series_create. */
typedef struct bnsl_saxs_series_options {
    uint32_t struct_size;    /**< set by bnsl_saxs_series_options_init */
    int32_t flux_scale;      /**< 1: a scale of each frame (intensity of the beam) is found and divides the fractions; default 0 */
    double detect_sigma;     /**< a phase is looked at when the matched filter passes this many standard deviations, 4 .. 100; default 7.
                                  And see above */
    double fraction_present; /**< nucleation is when the fraction passes this; default 0.05 */
    double swelling;         /**< a may be up to this much larger (relative) than in the anchor's frame, 0 .. 1; default 0.15 */
    double shrinking;        /**< and up to this much smaller, 0 .. 0.5; default 0.03 */
} bnsl_saxs_series_options;

/** One frame of a series. */
typedef struct bnsl_saxs_frame {
    double time;                   /**< as given */
    double chi2_reduced;           /**< an alarm: 1 for a model that is right */
    double significance;           /**< largest value of the matched filter where no phase was present, standard deviations; else NaN */
    double flux, flux_err;         /**< scale of the frame; 1 and 0 unless asked for */
    int32_t present;               /**< bit i: phase i is there */
    int32_t converged;
    int32_t rescued;               /**< 1: the start from the frame before failed and the fit was found anew */
    int32_t n_iterations;
} bnsl_saxs_frame;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_series_options_init(bnsl_saxs_series_options *opts, size_t struct_size);

/**
 * New series without frames.
 * @param model  options and phases; copied. Phases without range of a are searched around their lattice's a
 * @param n_q, q the frames' wave numbers, copied; as in bnsl_saxs_pattern_fit
 * @return BNSL_OK; BNSL_EINVAL: also free centres; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_saxs_series_create(bnsl_saxs_series **out, const bnsl_saxs_pattern *model, const bnsl_saxs_series_options *opts,
                                             int64_t n_q, const double *q);

/** Ends a series; NULL is allowed. */
BNSL_API void bnsl_saxs_series_destroy(bnsl_saxs_series *series);

/**
 * Fits a pattern of grown crystals (the last frame) with the whole search. Its a sets the range in which later frames look, and phases
 * that are to fit c/a keep the one found here (the paper's way) when keep_c_over_a is 1.
 * @return as bnsl_saxs_pattern_fit; BNSL_EINVAL: there are frames already. A phase that is not found keeps its range.
 */
BNSL_API bnsl_status bnsl_saxs_series_anchor(bnsl_saxs_series *series, const double *s, const double *error, int32_t keep_c_over_a,
                                             bnsl_control *control);

/**
 * Fits the next frame.
 * @param time  finite, larger than the one before
 * @return BNSL_OK (also for a frame whose fit has not converged: see its result); BNSL_EINVAL: a bad frame, which leaves the series as it
 *         was; BNSL_ECANCELLED (likewise), BNSL_ENOMEM, BNSL_ENUMERIC.
 */
BNSL_API bnsl_status bnsl_saxs_series_add(bnsl_saxs_series *series, double time, const double *s, const double *error, bnsl_control *control);

/** Number of frames; 0 for NULL. */
BNSL_API int64_t bnsl_saxs_series_n_frames(const bnsl_saxs_series *series);

/** Result of a frame. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_series_frame(const bnsl_saxs_series *series, int64_t frame, bnsl_saxs_frame *out);

/**
 * The fitted pattern of a frame, for bnsl_saxs_pattern_phase, _peak, _fluid, _model, _geometry; borrowed until the next
 * call with this series. A phase that is not present has a fraction 0 with the error it would have had, no lines, and NaN elsewhere.
 * @return NULL: no such frame.
 */
BNSL_API const bnsl_saxs_pattern *bnsl_saxs_series_pattern(bnsl_saxs_series *series, int64_t frame);

/**
 * Nucleation time: where the fraction of a phase passes fraction_present and stays above for three frames, interpolated between the last
 * frame below and the first above. Its error has the errors of these fractions and the spacing of the frames (a uniform distribution);
 * NaN when the first frame is above already.
 * @param phase  -1: the sum of all phases
 * @return BNSL_OK; BNSL_EINVAL; BNSL_EDOMAIN: none in this series.
 */
BNSL_API bnsl_status bnsl_saxs_series_nucleation(const bnsl_saxs_series *series, int32_t phase, double *time_out, double *time_err_out);

/**
 * State as bytes, to continue a series in another process with the same build, model, options and q: the same numbers as without the break.
 * @param capacity  room in buffer; *size_out is set on BNSL_EBUFFER too (call with 0 to ask)
 * @return BNSL_OK, BNSL_EBUFFER, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_saxs_series_save(const bnsl_saxs_series *series, int64_t capacity, void *buffer, int64_t *size_out);

/** The other way, into a series just created. @return BNSL_OK; BNSL_EFORMAT: damaged, or of another model; BNSL_EINVAL, BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_saxs_series_restore(bnsl_saxs_series *series, int64_t size, const void *buffer);

/* ---- images ---------------------------------------------------------------------------------------- */

/** Parameters of bnsl_saxs_image_spacing. */
typedef struct bnsl_saxs_image_options {
    uint32_t struct_size; /**< set by bnsl_saxs_image_options_init */
    int32_t reserved;     /**< 0 */
    double d_min, d_max;  /**< distances searched, in the unit of pixel; 0: 3 pixels, and a quarter of the shorter side over sqrt(3)/2 */
} bnsl_saxs_image_options;

/** Result of bnsl_saxs_image_spacing; lengths in the unit of pixel. */
typedef struct bnsl_saxs_image_result {
    double distance, distance_err; /**< centre-to-centre distance of neighbours, d = 2 / (sqrt(3) g), and its standard error */
    double g, g_err;               /**< first ring of the power spectrum, cycles a length (not times 2 pi) */
    double contrast;               /**< radial mean of the power at the ring over the background there; at least 2 */
    double sixfold;                /**< |mean of exp(6 i angle)| over the ring: 1 for one grain, 0 for many */
    double orientation;            /**< direction of the rows of neighbours, degrees 0 .. 60 from the rows of pixels towards later ones */
    int32_t n_pieces;              /**< spots or arcs that the ring's centre and error come from, of one half plane */
    int32_t reserved;
} bnsl_saxs_image_result;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_image_options_init(bnsl_saxs_image_options *opts, size_t struct_size);

/**
 * Distance of neighbours in a grey image of a monolayer of particles in hexagonal order, one grain or many, from the first ring
 * of its power spectrum:
 *
 *   d = 2 / (sqrt(3) g),  g: length of the shortest vectors of the reciprocal lattice, in cycles a length
 *
 * (1 / g is the distance of the rows, not of the particles). An uneven background of third order is removed first. The ring is located
 * to a fraction of a pixel; its error counts the disorder, the noise and the scatter between grains or spots, not that of the pixel's
 * size, and not a distortion that all of the image shares.
 *
 * @param width, height  pixels, 32 .. 32768 each; square pixels
 * @param stride         image[y stride + x]; >= width
 * @param image          grey values, any scale; particles may be dark or bright
 * @param pixel          length of a pixel > 0, nm; 1 gives results in pixels
 * @param opts           or NULL for the defaults
 * @return BNSL_OK; BNSL_EINVAL: sizes, values that are not finite, options; BNSL_EDOMAIN: no ring stands out; BNSL_ENOMEM.
 * Threads: the image may be shared; FFTW's planner is locked. Cost: one transform, 0.25 s for 2048 x 2048; 12 bytes a pixel.
 */
BNSL_API bnsl_status bnsl_saxs_image_spacing(int32_t width, int32_t height, int64_t stride, const double *image, double pixel,
                                             const bnsl_saxs_image_options *opts, bnsl_saxs_image_result *result_out);

/**
 * Power spectrum of the same image, background removed and windowed, as a square picture centred on k = 0.
 *
 * @param k_max      the picture covers -k_max .. k_max along both axes, cycles a pixel, <= 0.5
 * @param n          pixels of its side, 1 .. 16384
 * @param power_out  n x n, row-major, rows by increasing k_y (towards later rows of the image): means over the transform's values in a pixel
 * @return as bnsl_saxs_image_spacing.
 */
BNSL_API bnsl_status bnsl_saxs_image_spectrum(int32_t width, int32_t height, int64_t stride, const double *image, double k_max, int32_t n,
                                              double *power_out);

/* ---- indexing -------------------------------------------------------------------------------------- */

/** Parameters of bnsl_saxs_find_peaks. */
typedef struct bnsl_saxs_peaks_options {
    uint32_t struct_size;    /**< set by bnsl_saxs_peaks_options_init */
    int32_t reserved;        /**< 0 */
    double min_significance; /**< least prominence in units of the noise of a point; default 7: of 1000 points of noise the highest stands out by 6 */
    double min_prominence;   /**< least prominence itself: of ln s where all s > 0 (0.02, the default: 2 % of the height), else of s */
} bnsl_saxs_peaks_options;

/** A peak of a curve. */
typedef struct bnsl_saxs_found_peak {
    double q, q_err;       /**< place of the top and its standard error, in the unit of q */
    double height;         /**< s of the highest point */
    double prominence;     /**< height over the higher of the saddles towards higher peaks; of ln s where all s > 0 */
    double significance;   /**< prominence over the noise of the point */
} bnsl_saxs_found_peak;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_peaks_options_init(bnsl_saxs_peaks_options *opts, size_t struct_size);

/**
 * Peaks of a curve by prominence, by increasing q, each located by a parabola through its upper half.
 *
 * @param n, q, s  points, n >= 5, q rising (any unit)
 * @param error    n standard errors > 0 of s, or NULL: the noise is estimated from second differences of neighbours
 * @param capacity room in peaks_out; n_out is set on BNSL_EBUFFER too
 * @return BNSL_OK; BNSL_EBUFFER; BNSL_EINVAL; BNSL_ENOMEM. Cost: O(n) a maximum.
 */
BNSL_API bnsl_status bnsl_saxs_find_peaks(int64_t n, const double *q, const double *s, const double *error, const bnsl_saxs_peaks_options *opts,
                                          int64_t capacity, int64_t *n_out, bnsl_saxs_found_peak *peaks_out);

/** Parameters of bnsl_saxs_index. */
typedef struct bnsl_saxs_index_options {
    uint32_t struct_size;  /**< set by bnsl_saxs_index_options_init */
    int32_t reserved;      /**< 0 */
    double tolerance;      /**< a line explains a peak within this relative distance; > 0, <= 0.1; default 0.01 */
    double c_over_a_range; /**< c/a differs from the prototype's own by at most this relative amount, 0 .. 0.5; default 0.15 */
    double a_min, a_max;   /**< range of a, in 1 / the unit of q times 2 pi; 0: any */
    double f_small;        /**< scattering amplitude of S in units of that of L: which lines are strong; default 0.17, volumes at a ratio of 0.55 */
} bnsl_saxs_index_options;

/** A prototype with the cell that explains the peaks best. */
typedef struct bnsl_saxs_index_candidate {
    int32_t prototype;            /**< for bnsl_lattice_prototype_name */
    int32_t n_explained;          /**< peaks with a line */
    int32_t n_unexplained;        /**< peaks without */
    int32_t n_missing;            /**< lines between the first and the last peak, of more than a tenth of the strongest one there, without a peak */
    int32_t n_possible;           /**< places of lines up to the last explained peak */
    int32_t reserved;             /**< 0 */
    double a, a_err;              /**< refined, with standard errors: from q_err (scaled up where the residuals are larger), else from the
                                       residuals */
    double c_over_a, c_over_a_err;/**< cubic: 1 and 0 */
    double rms;                   /**< relative residuals of the explained peaks */
    double figure_of_merit;       /**< de Wolff's M_N = Q_N / (2 <|Delta Q|> N_possible), Q = q^2; above 10 is good, below 4 chance */
    double score;                 /**< M_N times the cubed share of peaks explained times the share of strong lines seen; of cells with a
                                       free c/a 2/3 of that: the order of the list */
} bnsl_saxs_index_candidate;

/** What a candidate says of one peak. */
typedef struct bnsl_saxs_index_line {
    int32_t explained; /**< 0: no line; the rest is then 0 or NaN */
    int32_t h, k, l;
    double q;          /**< of the line */
    double residual;   /**< peak less line */
} bnsl_saxs_index_line;

/** Defaults. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_saxs_index_options_init(bnsl_saxs_index_options *opts, size_t struct_size);

/**
 * Which prototypes put their reflections where the peaks are: for each the cell of the highest score, a and c/a refined by linear least
 * squares in q^2, the best prototype first. Prototypes with the same allowed lines (fcc, NaCl and Li3Bi; sc, CsCl, Cu3Au, Fe4C,
 * cub-AB13 and CaB6) differ in the strong lines that are missing alone.
 *
 * @param n_peaks, q  2 .. 64 positions > 0, rising; any unit (nm^-1: a in nm)
 * @param q_err       standard errors > 0, or NULL: a tenth of the tolerance until the residuals tell
 * @param capacity    room in candidates_out, at least the number of prototypes
 * @param n_out       candidates found; prototypes that explain less than half of the peaks, or no more than they have parameters, are left out
 * @return BNSL_OK (also with none); BNSL_EINVAL; BNSL_ENOMEM. Cost: 10 .. 100 ms.
 */
BNSL_API bnsl_status bnsl_saxs_index(int32_t n_peaks, const double *q, const double *q_err, const bnsl_saxs_index_options *opts, int32_t capacity,
                                     int32_t *n_out, bnsl_saxs_index_candidate *candidates_out);

/** Lines of a candidate, one for each peak: lines_out has n_peaks. The other arguments are those of bnsl_saxs_index. @return likewise. */
BNSL_API bnsl_status bnsl_saxs_index_lines(const bnsl_saxs_index_candidate *candidate, int32_t n_peaks, const double *q, const double *q_err,
                                           const bnsl_saxs_index_options *opts, bnsl_saxs_index_line *lines_out);

#ifdef __cplusplus
}
#endif
#endif
