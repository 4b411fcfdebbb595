/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of bnsl saxs fit, and how they are told: text, JSON, tables, pictures. */
#ifndef BNSL_TOOLS_SAXS_FIT_H
#define BNSL_TOOLS_SAXS_FIT_H

#include "curves.h"

enum { SAXS_FIT_PHASES_MAX = 8 };

/* A fitted phase with what follows from its lattice; NaN: not known. */
typedef struct phase_report {
    const char *name;
    bnsl_saxs_phase fit;
    double volume_fraction, d_ll, d_ls, d_ss;
    bnsl_saxs_peak *peaks; /* fit.n_peaks */
} phase_report;

typedef struct fit_report {
    int32_t n_phases, converged, n_iterations;
    phase_report phases[SAXS_FIT_PHASES_MAX];
    bool point_particles; /* the shares of particles are for points */
    double chi2_reduced;
    double *fit, *background; /* at the curve's points */
} fit_report;

/* Writes the files of -o, then text or JSON to stdout. CLI_DONE or CLI_FAILED (said). */
int saxs_fit_tell(const cli_common *common, const curve *c, const fit_report *r);

#endif
