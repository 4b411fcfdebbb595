/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the integrators, the minimiser and the thermodynamic output share. */
#ifndef BNSL_MD_INTEGRATORS_H
#define BNSL_MD_INTEGRATORS_H

#include "md_internal.h"

/* Symmetric and upper triangular 3 x 3 matrices are six numbers in this order. */
enum { XX, YY, ZZ, XY, XZ, YZ };

/* thermo.c: whether the total momentum is conserved (no walls, nothing frozen, no Langevin bath), and the degrees of freedom that share K. */
bool bnsl__md_conserves_momentum(const bnsl_md *md);
double bnsl__md_freedom(const bnsl_md *md);

/* Sums of v v (xx, yy, zz, xy, xz, yz) and of v, in a fixed order. Overwrites columns 0 .. 8 of chunk_sum. */
enum { N_FLUX = 9, FLUX_MOMENTUM = 6 };
void bnsl__md_flux(const bnsl_md *md, double flux[N_FLUX]);

/* integrate.c: the move of a step for all particles, and past the walls back. */
void bnsl__move_all(bnsl_md *md, const bnsl__step_work *work);

/* mtk.c: BNSL_EINVAL where NVT or NPT cannot be run. */
bnsl_status bnsl__mtk_check(const bnsl_md *md, const char *func);

#endif
