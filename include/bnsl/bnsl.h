/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file bnsl.h Everything. */
#ifndef BNSL_BNSL_H
#define BNSL_BNSL_H
#include <bnsl/core.h>
#include <bnsl/box.h>
#include <bnsl/potential.h>
#include <bnsl/lattice.h>
#include <bnsl/neighbor.h>
#include <bnsl/md.h>
#include <bnsl/order.h>
#include <bnsl/saxs.h>
#include <bnsl/io.h>
#include <bnsl/free_energy.h>
#endif
