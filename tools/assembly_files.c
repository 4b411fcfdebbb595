/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text files of an assembly run: its parameters, so that it can be resumed, and its log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembly.h"
#include "output.h"

/* The parameters as they stand in the file. */
typedef enum field_kind { FIELD_INT64, FIELD_INT32, FIELD_UINT64, FIELD_DOUBLE, FIELD_SCHEDULE, FIELD_TEXT } field_kind;

typedef struct field {
    const char *name;
    field_kind kind;
    size_t offset, size;
} field;

#define FIELD(member, kind) {#member, kind, offsetof(assembly_spec, member), sizeof(((assembly_spec *)0)->member)}
static const field fields[] = {
    FIELD(particles, FIELD_INT64),
    FIELD(ratio_large, FIELD_DOUBLE),
    FIELD(ratio_small, FIELD_DOUBLE),
    FIELD(size_ratio, FIELD_DOUBLE),
    FIELD(polydispersity_large, FIELD_DOUBLE),
    FIELD(polydispersity_small, FIELD_DOUBLE),
    FIELD(bins, FIELD_INT32),
    FIELD(exponent_n, FIELD_DOUBLE),
    FIELD(exponent_m, FIELD_DOUBLE),
    FIELD(well_depth, FIELD_SCHEDULE),
    FIELD(r_cut, FIELD_DOUBLE),
    FIELD(shift, FIELD_INT32),
    FIELD(integrator, FIELD_INT32),
    FIELD(precision, FIELD_INT32),
    FIELD(friction, FIELD_DOUBLE),
    FIELD(dt, FIELD_DOUBLE),
    FIELD(confine, FIELD_INT32),
    FIELD(phi, FIELD_SCHEDULE),
    FIELD(steps, FIELD_INT64),
    FIELD(frames, FIELD_INT64),
    FIELD(equilibration, FIELD_INT64),
    FIELD(nucleus, FIELD_TEXT),
    FIELD(nucleus_radius, FIELD_DOUBLE),
    FIELD(nucleus_a, FIELD_DOUBLE),
    FIELD(nucleus_c_over_a, FIELD_DOUBLE),
    FIELD(start, FIELD_TEXT),
    FIELD(seed, FIELD_UINT64),
};
#undef FIELD
enum { N_FIELDS = sizeof fields / sizeof *fields };

static const char PARAMETERS[] = "parameters.tsv", LOG[] = "log.tsv";

static void join(const char *folder, const char *name, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", folder, name);
}

void assembly_path(const assembly *a, const char *name, char *out, size_t size)
{
    join(a->folder, name, out, size);
}

static void write_schedule(FILE *f, const cli_doubles *s)
{
    for (int32_t k = 0; k < s->n; k++)
        fprintf(f, "%s%.17g", k > 0 ? "," : "", s->values[k]);
    fputc('\n', f);
}

int assembly_write_parameters(const assembly_spec *spec, const char *folder)
{
    char path[ASSEMBLY_PATH + 32];
    output_file out;
    join(folder, PARAMETERS, path, sizeof path);
    FILE *f = output_open(&out, path, true);
    if (!f)
        return CLI_FAILED;
    fprintf(f, "# bnsl assemble; lengths in sigma_LL, energies in epsilon, times in tau\n# name\tvalue\n");
    for (int k = 0; k < N_FIELDS; k++) {
        const char *at = (const char *)spec + fields[k].offset;
        fprintf(f, "%s\t", fields[k].name);
        switch (fields[k].kind) {
        case FIELD_INT64: fprintf(f, "%lld\n", (long long)*(const int64_t *)(const void *)at); break;
        case FIELD_INT32: fprintf(f, "%d\n", (int)*(const int32_t *)(const void *)at); break;
        case FIELD_UINT64: fprintf(f, "%llu\n", (unsigned long long)*(const uint64_t *)(const void *)at); break;
        case FIELD_DOUBLE: fprintf(f, "%.17g\n", *(const double *)(const void *)at); break;
        case FIELD_SCHEDULE: write_schedule(f, (const cli_doubles *)(const void *)at); break;
        case FIELD_TEXT: fprintf(f, "%s\n", at); break;
        }
    }
    return output_commit(&out);
}

/* "0.58,0.57,0.59"; nothing: no point. */
static bool read_schedule(const char *text, cli_doubles *s)
{
    s->n = 0;
    while (*text && s->n < ASSEMBLY_POINTS) {
        size_t length = strcspn(text, ",");
        if (bnsl_parse_double(text, (int64_t)length, &s->values[s->n++], NULL) != BNSL_OK)
            return false;
        text += length + (text[length] == ',');
    }
    return *text == '\0';
}

/* One "name value" line into the spec; false: not a parameter or not its kind of value. */
static bool read_field(assembly_spec *spec, const char *name, const char *value)
{
    for (int k = 0; k < N_FIELDS; k++) {
        char *at = (char *)spec + fields[k].offset;
        int64_t length = (int64_t)strlen(value), whole;
        if (strcmp(name, fields[k].name) != 0)
            continue;
        switch (fields[k].kind) {
        case FIELD_INT64: return bnsl_parse_int64(value, length, (int64_t *)(void *)at, NULL) == BNSL_OK;
        case FIELD_DOUBLE: return bnsl_parse_double(value, length, (double *)(void *)at, NULL) == BNSL_OK;
        case FIELD_SCHEDULE: return read_schedule(value, (cli_doubles *)(void *)at);
        case FIELD_INT32:
            if (bnsl_parse_int64(value, length, &whole, NULL) != BNSL_OK)
                return false;
            *(int32_t *)(void *)at = (int32_t)whole;
            return true;
        case FIELD_UINT64: {
            char *end;
            *(uint64_t *)(void *)at = strtoull(value, &end, 10);
            return length > 0 && *end == '\0';
        }
        case FIELD_TEXT:
            if ((size_t)length >= fields[k].size)
                return false;
            strcpy(at, value);
            return true;
        }
    }
    return false;
}

int assembly_read_parameters(assembly_spec *spec, const char *folder)
{
    char path[ASSEMBLY_PATH + 32], line[ASSEMBLY_PATH + 64];
    int n_read = 0, status = CLI_DONE;
    join(folder, PARAMETERS, path, sizeof path);
    FILE *f = fopen(path, "r");
    if (!f)
        return cli_fail("%s: there is no run to resume (no %s)", folder, PARAMETERS);
    while (status == CLI_DONE && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (line[0] == '#')
            continue;
        if (tab)
            *tab = '\0';
        if (!tab || !read_field(spec, line, tab + 1))
            status = cli_fail("%s: '%.60s' is not a parameter with a value of its kind", path, line);
        n_read++;
    }
    fclose(f);
    if (status == CLI_DONE && n_read != N_FIELDS)
        status = cli_fail("%s: it has %d parameters, %d are needed", path, n_read, (int)N_FIELDS);
    return status;
}

static int32_t log_columns(const assembly_spec *spec)
{
    return ASSEMBLY_COLUMNS - (spec->confine == BNSL_MD_WALL_NONE ? ASSEMBLY_WALL_COLUMNS : 0);
}

/* Between a row of the log and the first columns of it, which stand in the file one row after the other. */
static void pack_rows(int64_t n, int32_t columns, const assembly_row *rows, double *values)
{
    for (int64_t k = 0; k < n; k++)
        memcpy(values + k * columns, &rows[k], (size_t)columns * sizeof *values);
}

static void unpack_rows(int64_t n, int32_t columns, const double *values, assembly_row *rows)
{
    for (int64_t k = 0; k < n; k++) {
        rows[k] = (assembly_row){0};
        memcpy(&rows[k], values + k * columns, (size_t)columns * sizeof *values);
    }
}

int assembly_write_log(const assembly *a)
{
    char path[ASSEMBLY_PATH + 32], header[1024];
    int32_t columns = log_columns(&a->spec);
    double *values = malloc(((size_t)a->n_rows + 1) * (size_t)columns * sizeof *values);
    if (!values)
        return cli_fail("out of memory");
    pack_rows(a->n_rows, columns, a->rows, values);
    assembly_path(a, LOG, path, sizeof path);
    snprintf(header, sizeof header,
             "bnsl assemble; seed %llu; energies are those of the whole system; crystalline L are numbers of particles\n"
             "step\ttime (tau)\tU (epsilon)\tK (epsilon)\tkT (epsilon)\tP (epsilon/sigma^3)\tPxx (epsilon/sigma^3)\tPyy (epsilon/sigma^3)\t"
             "Pzz (epsilon/sigma^3)\tPxy (epsilon/sigma^3)\tPxz (epsilon/sigma^3)\tPyz (epsilon/sigma^3)\tpacking_fraction (1)\t"
             "packing_fraction_effective (1)\tconserved (epsilon)\tn_L (1)\tAlB2 (1)\tNaZn13 (1)\tfcc (1)\tclusters (1)\tlargest_cluster (1)%s",
             (unsigned long long)a->spec.seed,
             a->spec.confine == BNSL_MD_WALL_NONE ? "" : "\twall_size (sigma)\tU_wall (epsilon)\tP_wall (epsilon/sigma^3)\treturned (1)");
    int status = bnsl_io_table_write(path, header, a->n_rows, columns, values, 1) == BNSL_OK ? CLI_DONE : cli_fail_library(path);
    free(values);
    return status;
}

int assembly_read_log(assembly *a, int64_t n_rows)
{
    char path[ASSEMBLY_PATH + 32];
    bnsl_io_table *table = NULL;
    const double *values;
    int64_t n;
    int32_t columns;
    assembly_path(a, LOG, path, sizeof path);
    if (bnsl_io_table_read(&table, path) != BNSL_OK)
        return cli_fail_library(path);
    bnsl_io_table_view(table, &n, &columns, &values);
    int status = columns == log_columns(&a->spec) && n >= n_rows ? CLI_DONE : cli_fail("%s: it does not reach the checkpoint", path);
    if (status == CLI_DONE)
        unpack_rows(n_rows, columns, values, a->rows);
    bnsl_io_table_destroy(table);
    a->n_rows = n_rows;
    return status;
}
