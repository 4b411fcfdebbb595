/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See bnsl_test.h. */
#include "bnsl_test.h"

#include <float.h>
#include <unistd.h>

void test_close(double got, double want, double rtol, double atol, const char *what, const char *file, int line)
{
    if (want != 0 && fabs(want) < DBL_MIN) {
        print_error("%s: the expected value %.17g is subnormal: a bad test\n", what, want);
        _fail(file, line);
    }
    if (isnan(want) ? isnan(got) : isinf(want) ? got == want : fabs(got - want) <= atol + rtol * fabs(want))
        return;
    print_error("%s: got %.17g, want %.17g, difference %.3g (%.4g eps), allowed %.3g\n", what, got, want, got - want,
                want != 0 ? fabs(got - want) / fabs(want) / DBL_EPSILON : INFINITY, atol + rtol * fabs(want));
    _fail(file, line);
}

void test_status(bnsl_status got, bnsl_status want, const char *what, const char *file, int line)
{
    if (got != want) {
        print_error("%s: %s, want %s; message \"%s\"\n", what, bnsl_status_name(got), bnsl_status_name(want), got ? bnsl_error_message() : "");
        _fail(file, line);
    }
    if (want != BNSL_OK && (bnsl_error_message()[0] == '\0' || strchr(bnsl_error_message(), '\n'))) {
        print_error("%s: message \"%s\" is not one line\n", what, bnsl_error_message());
        _fail(file, line);
    }
}

const char *test_data(const char *relative)
{
    static char buffers[8][1024];
    static int next;
    char *b = buffers[next++ % 8];
    snprintf(b, sizeof buffers[0], "%s/%s", TEST_DATA_DIR, relative);
    return b;
}

enum { MAX_TEMPORARY = 64 };
static char temporary[MAX_TEMPORARY][256];
static int n_temporary;

static void remove_temporary(void)
{
    for (int i = 0; i < n_temporary; i++)
        remove(temporary[i]);
}

const char *test_temporary(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "tmp_%ld_%s", (long)getpid(), name);
    for (int i = 0; i < n_temporary; i++)
        if (strcmp(temporary[i], path) == 0)
            return temporary[i];
    if (n_temporary == 0)
        atexit(remove_temporary);
    if (n_temporary == MAX_TEMPORARY)
        abort();
    return strcpy(temporary[n_temporary++], path);
}

bnsl_potential *one_species(const bnsl_potential_options *o)
{
    bnsl_potential *p = NULL;
    const double diameter = 1;
    assert_ok(bnsl_potential_create(&p, 1, &diameter, o));
    return p;
}

double test_uniform(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return ((double)((z ^ z >> 31) >> 11) + 0.5) * 0x1p-53;
}

double test_normal(uint64_t *state)
{
    double radius = sqrt(-2 * log(test_uniform(state)));
    return radius * cos(6.283185307179586 * test_uniform(state));
}
