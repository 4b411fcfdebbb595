/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every unit test needs beside cmocka. */
#ifndef BNSL_TEST_H
#define BNSL_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <bnsl/bnsl.h>

/*
 * got == want within atol + rtol |want|, by gsl_test's rules: NaN equals NaN, an infinity the same infinity; a subnormal
 * expectation is a bad test. Prints both values and the error in units of DBL_EPSILON.
 */
#define assert_close(got, want, rtol, atol) test_close((got), (want), (rtol), (atol), #got, __FILE__, __LINE__)
void test_close(double got, double want, double rtol, double atol, const char *what, const char *file, int line);

/* A status is BNSL_OK; prints the library's message otherwise. */
#define assert_ok(call) test_status((call), BNSL_OK, #call, __FILE__, __LINE__)

/* A status is the expected failure, with a message of one line. */
#define assert_status(call, want) test_status((call), (want), #call, __FILE__, __LINE__)
void test_status(bnsl_status got, bnsl_status want, const char *what, const char *file, int line);

/* Path of a file under tests/data; the buffer is overwritten by the eighth next call. */
const char *test_data(const char *relative);

/* A file name for this test program in the working directory, "tmp_<name>"; removed when the program ends. */
const char *test_temporary(const char *name);

/* The potential of one species of diameter 1; ended with bnsl_potential_destroy. */
bnsl_potential *one_species(const bnsl_potential_options *o);

/* Uniform number in (0, 1) and standard normal number of a small generator (splitmix64): start with any *state. */
double test_uniform(uint64_t *state);
double test_normal(uint64_t *state);

/*
 * Allocation failures (programs linked with --wrap=malloc, calloc, realloc): the k-th allocation from now on, k >= 0, fails, and all
 * after it until oom_disarm(). oom_fired(): whether it came to that. Loop k upwards until a call succeeds without firing.
 */
void oom_arm(long k);
void oom_disarm(void);
bool oom_fired(void);

/*
 * That loop: run with the k-th allocation failing, k = 0, 1, ..., must return BNSL_ENOMEM with its message, and at last BNSL_OK. Returns how
 * many runs failed. What a failure must not touch is for run to check.
 */
long oom_until_success(bnsl_status (*run)(void *user), void *user);

#endif
