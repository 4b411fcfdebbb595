/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The subcommands of bnsl freeenergy. */
#ifndef BNSL_TOOLS_FREEENERGY_H
#define BNSL_TOOLS_FREEENERGY_H

#include "cli.h"

extern const cli_command freeenergy_solid_command;
extern const cli_command freeenergy_fluid_command;

#endif
