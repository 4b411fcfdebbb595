/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every command of the program; main.c lists them in the order of --help. */
#ifndef BNSL_TOOLS_COMMANDS_H
#define BNSL_TOOLS_COMMANDS_H

#include "cli.h"

extern const cli_command demo_command;
extern const cli_command assemble_command;
extern const cli_command order_command;
extern const cli_command steinhardt_command;
extern const cli_command rdf_command;
extern const cli_command msd_command;
extern const cli_command density_command;
extern const cli_command sq_command;
extern const cli_command saxs_command;
extern const cli_command tem_command;
extern const cli_command lattice_command;
extern const cli_command potential_command;
extern const cli_command freeenergy_command;
extern const cli_command phases_command;
extern const cli_command render_command;
extern const cli_command convert_command;

#endif
