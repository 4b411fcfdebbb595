/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of bnsl lattice beside the command itself: the list of prototypes, curves of the densest packing. */
#ifndef BNSL_TOOLS_LATTICE_H
#define BNSL_TOOLS_LATTICE_H

#include "cli.h"

/* Prints all prototypes, as a table or as JSON. Returns an exit status. */
int lattice_list(const cli_common *common);

/* Draws the densest packing against the size ratio, with the lattice's parameters fixed and relaxed; ratio: marked when it is a number. */
int lattice_plot_packing(const bnsl_lattice *lattice, double ratio, const char *path, bool force);

/* "cubic", "hexagonal" or "tetragonal". */
const char *lattice_system_name(const bnsl_lattice *lattice);

#endif
