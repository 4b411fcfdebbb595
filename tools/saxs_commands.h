/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The subcommands of bnsl saxs. */
#ifndef BNSL_TOOLS_SAXS_COMMANDS_H
#define BNSL_TOOLS_SAXS_COMMANDS_H

#include "cli.h"

extern const cli_command saxs_formfactor_command;
extern const cli_command saxs_fit_command;
extern const cli_command saxs_series_command;
extern const cli_command saxs_index_command;

#endif
