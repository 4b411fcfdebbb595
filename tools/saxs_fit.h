/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of bnsl saxs fit, and how they are told: text, JSON, tables, pictures. */
#ifndef BNSL_TOOLS_SAXS_FIT_H
#define BNSL_TOOLS_SAXS_FIT_H

#include "curves.h"
#include "json.h"
#include "saxs_model.h"

/* A fitted phase with what follows from its lattice; NaN: not known. */
typedef struct phase_report {
    const char *name;
    bnsl_saxs_phase fit;
    bnsl_saxs_geometry geometry;
    double relative, relative_err; /* share by comparison with a reference run */
    bool has_line;                 /* --local */
    bnsl_saxs_line line;
    char line_hkl[48];
    double line_a, line_a_err, line_xi, line_xi_err;
    bnsl_saxs_peak *peaks; /* fit.n_peaks */
} phase_report;

typedef struct fit_report {
    int32_t n_phases, converged, n_iterations;
    phase_report phases[MODEL_PHASES_MAX];
    bool point_particles; /* the shares of particles are for points */
    bool has_fluid, has_relative;
    bnsl_saxs_fluid fluid;
    double chi2_reduced;
    double *fit, *background; /* at the curve's points */
} fit_report;

/* Phase, lines and what follows from them into a report; peaks is allocated. CLI_DONE or CLI_FAILED (said). */
int saxs_fit_collect(const bnsl_saxs_pattern *pattern, int32_t phase, int32_t bonds, phase_report *p);

/* The members of one phase's JSON object. */
void saxs_fit_json_phase(json *j, const phase_report *p);
void saxs_fit_json_fluid(json *j, const bnsl_saxs_fluid *fluid);

/* Writes the files of -o, then text or JSON to stdout. CLI_DONE or CLI_FAILED (said). */
int saxs_fit_tell(const cli_common *common, const curve *c, const fit_report *r);

#endif
