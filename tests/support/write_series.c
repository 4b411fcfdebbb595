/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write_series alb2|nazn13 SEED FIRST STRIDE VALUES ERRORS: a synthetic series as two matrix files, for tests of the program and benchmarks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saxs_synthetic.h"

static int write_matrix(const char *path, const synthetic_series *s, const double *values)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return 1;
    fprintf(f, "#q_nm^-1");
    for (int k = 0; k < s->n_frames; k++)
        fprintf(f, "\t%.10g", s->time[k]);
    for (int i = 0; i < SYNTHETIC_POINTS; i++) {
        fprintf(f, "\n%.10g", s->q[i]);
        for (int k = 0; k < s->n_frames; k++)
            fprintf(f, "\t%.10g", values[(size_t)k * SYNTHETIC_POINTS + (size_t)i]);
    }
    fprintf(f, "\n");
    return fclose(f) != 0;
}

int main(int argc, char **argv)
{
    if (argc != 7)
        return 2;
    const int first = atoi(argv[3]), stride = atoi(argv[4]);
    const uint64_t seed = (uint64_t)strtoull(argv[2], NULL, 10);
    synthetic_series *s = strcmp(argv[1], "alb2") == 0 ? synthetic_alb2(seed, first, stride, 1) : synthetic_nazn13(seed, first, stride, 1);
    const int status = write_matrix(argv[5], s, s->intensity) | write_matrix(argv[6], s, s->error);
    synthetic_free(s);
    return status;
}
