/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Binary fluids in cubic periodic boxes as files, for tests and benchmarks (which link none of the other helpers, hence a header alone):
 * two little-endian 64-bit integers, the number of particles and how many of them, the first, are L; the edge as a double; three unsigned
 * 32-bit integers a particle, k standing for the coordinate (k / 2^32 - 1/2) edge: exact to 2.6e-9 sigma where the edge is 22.5.
 */
#ifndef SAVED_FLUID_H
#define SAVED_FLUID_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct saved_fluid {
    int64_t n, n_large;
    double edge;
    double *xyz;      /* n x 3 */
    int32_t *species; /* n: 0 = L, 1 = S */
} saved_fluid;

static inline void saved_fluid_free(saved_fluid *f)
{
    free(f->xyz);
    free(f->species);
}

/* false: cannot be read, or is no such file; free otherwise. The host is little-endian, as all that run the benchmarks are. */
static inline bool saved_fluid_read(saved_fluid *f, const char *path)
{
    FILE *file = fopen(path, "rb");
    *f = (saved_fluid){ 0 };
    bool ok = file && fread(&f->n, 8, 1, file) == 1 && fread(&f->n_large, 8, 1, file) == 1 && fread(&f->edge, 8, 1, file) == 1 && f->n > 0 &&
              f->n < 1 << 24 && f->edge > 0;
    if (ok) {
        f->xyz = malloc((size_t)f->n * 3 * sizeof *f->xyz);
        f->species = malloc((size_t)f->n * sizeof *f->species);
        ok = f->xyz && f->species;
    }
    for (int64_t i = 0; i < f->n && ok; i++) {
        uint32_t k[3];
        ok = fread(k, 4, 3, file) == 3;
        f->species[i] = i >= f->n_large;
        for (int d = 0; d < 3 && ok; d++)
            f->xyz[3 * i + d] = ((double)k[d] / 4294967296.0 - 0.5) * f->edge;
    }
    if (file)
        fclose(file);
    if (!ok)
        saved_fluid_free(f);
    return ok;
}

/* Writes n rows of positions, rounded, and puts the rounded ones into xyz. */
static inline bool saved_fluid_write(const saved_fluid *f, const char *path)
{
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(&f->n, 8, 1, file) == 1 && fwrite(&f->n_large, 8, 1, file) == 1 && fwrite(&f->edge, 8, 1, file) == 1;
    for (int64_t k = 0; k < 3 * f->n && ok; k++) {
        double u = f->xyz[k] / f->edge + 0.5;
        uint32_t whole = (uint32_t)(uint64_t)llrint((u - floor(u)) * 4294967296.0);
        f->xyz[k] = ((double)whole / 4294967296.0 - 0.5) * f->edge;
        ok = fwrite(&whole, 4, 1, file) == 1;
    }
    return file && fclose(file) == 0 && ok;
}

#endif
