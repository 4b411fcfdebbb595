/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of a phase diagram: parameters.tsv says what it is of, state/ holds one file for each state point that is done. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diagram.h"
#include "output.h"

void diagram_path(const diagram *d, const char *name, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", d->folder, name);
}

/* The spec as text; two specs are the same when their texts are. */
static void describe(const diagram *d, bool with_seed, char *text, size_t size)
{
    const diagram_spec *s = &d->spec;
    int n = snprintf(text, size,
                     "structure\t%s\nparticles\t%lld\nsteps\t%lld\nequilibration\t%lld\nsize_ratio\t%.17g\nexponent_n\t%.17g\nexponent_m\t%.17g\n"
                     "r_cut\t%.17g\nshift\t%d\ndt\t%.17g\nipl_prefactor\t%.17g\n",
                     s->structure, (long long)s->particles, (long long)s->steps, (long long)s->equilibration, s->size_ratio, s->exponent_n,
                     s->exponent_m, s->r_cut, (int)s->shift, s->dt, s->ipl_prefactor);
    for (int32_t k = 0; k < s->n_depth && n > 0 && (size_t)n < size; k++)
        n += snprintf(text + n, size - (size_t)n, "well_depth\t%.17g\n", s->depth[k]);
    if (with_seed && n > 0 && (size_t)n < size)
        snprintf(text + n, size - (size_t)n, "seed\t%llu\n", (unsigned long long)s->seed);
}

static const char heading[] = "# bnsl phases; lengths in sigma_LL, energies in kT\n";

static int write_parameters(const diagram *d)
{
    char path[DIAGRAM_PATH + 40], text[4096];
    output_file o;
    diagram_path(d, "parameters.tsv", path, sizeof path);
    FILE *f = output_open(&o, path, true);
    if (!f)
        return CLI_FAILED;
    describe(d, true, text, sizeof text);
    fprintf(f, "%s%s", heading, text);
    return output_commit(&o);
}

/* The whole file as text, NULL when it is not there. */
static char *slurp(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    size_t n = 0, capacity = 1 << 16;
    char *text = malloc(capacity);
    while (text) {
        n += fread(text + n, 1, capacity - n - 1, f);
        if (n + 1 < capacity)
            break;
        char *more = realloc(text, capacity *= 2);
        if (!more)
            free(text);
        text = more;
    }
    fclose(f);
    if (text)
        text[n] = '\0';
    return text;
}

/* Files of state/: those of a killed run that were never finished; all that this program makes, for another diagram. */
static bool is_ours(const char *name, bool unfinished_alone)
{
    static const char *const starts[] = {"fluid-", "solid-", "anchor-", "dome-", "exchange-", "diffusion-"};
    for (size_t k = 0; k < sizeof starts / sizeof *starts; k++)
        if (strncmp(name, starts[k], strlen(starts[k])) == 0)
            return !unfinished_alone || strstr(name, ".part-");
    return false;
}

static int forget_states(const diagram *d, bool unfinished_alone)
{
    char folder[DIAGRAM_PATH + 40], path[DIAGRAM_PATH + 400];
    diagram_path(d, "state", folder, sizeof folder);
    DIR *dir = opendir(folder);
    if (!dir)
        return CLI_DONE;
    int status = CLI_DONE;
    for (struct dirent *entry; status == CLI_DONE && (entry = readdir(dir));)
        if (is_ours(entry->d_name, unfinished_alone)) {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            if (unlink(path) != 0)
                status = cli_fail("%s: %s", path, strerror(errno));
        }
    closedir(dir);
    return status;
}

int diagram_open(diagram *d, bool force, bool seed_given)
{
    char path[DIAGRAM_PATH + 40], wanted[4096];
    diagram_path(d, "parameters.tsv", path, sizeof path);
    char *there = slurp(path);
    if (there) {
        const char *seed = strstr(there, "seed\t");
        if (seed && !seed_given) /* go on with its own */
            d->spec.seed = strtoull(seed + 5, NULL, 10);
        size_t skip = strncmp(there, heading, sizeof heading - 1) == 0 ? sizeof heading - 1 : 0;
        describe(d, true, wanted, sizeof wanted);
        bool same = strcmp(there + skip, wanted) == 0;
        free(there);
        if (same && !force)
            return forget_states(d, true);
        if (!force)
            return cli_fail("%s holds another diagram already; --force starts anew", d->folder);
        int status = forget_states(d, false);
        if (status != CLI_DONE)
            return status;
    }
    if (output_make_directory(d->folder) != CLI_DONE)
        return CLI_FAILED;
    diagram_path(d, "state", path, sizeof path);
    if (output_make_directory(path) != CLI_DONE)
        return CLI_FAILED;
    return write_parameters(d);
}

/* ---- state points -------------------------------------------------------------------------------------- */

static void column_path(const diagram *d, const diagram_column *c, char *out, size_t size)
{
    static const char *const names[] = {"fluid", "solid", "anchor", "dome"};
    if (c->mixture > 0)
        snprintf(out, size, "%s/state/%s-mixture%d-%02d.tsv", d->folder, names[c->kind], (int)c->mixture, (int)c->index);
    else
        snprintf(out, size, "%s/state/%s-%02d.tsv", d->folder, names[c->kind], (int)c->index);
}

/* The values of a node or an anchor, in the order of the file. */
enum { NODE_VALUES = 15, ANCHOR_VALUES = 16 };
static const char node_header[] =
    "# coupling (1)\twell_depth (kT)\tslope (kT)\tslope_err (kT)\tenergy (kT)\tenergy_err (kT)\tz (1)\tz_err (1)\tP_xx (kT/sigma^3)\t"
    "P_yy (kT/sigma^3)\tP_zz (kT/sigma^3)\thysteresis (kT)\tclumping (1)\tstretch (1)\tshape_work (kT)";
static const char anchor_header[] =
    "# A (kT)\tA_err (kT)\ta0 (kT)\tU_lat (kT)\tdA1 (kT)\tdA1_err (kT)\tdA2 (kT)\tdA2_err (kT)\tP (kT/sigma^3)\tP_err (kT/sigma^3)\t"
    "U (kT)\tU_err (kT)\tstretch (1)\tstretch_err (1)\tlindemann (1)\tflags (1)";

static void node_values(bnsl_free_energy_node *n, double *value[NODE_VALUES])
{
    double *const v[NODE_VALUES] = {&n->coupling,   &n->well_depth, &n->slope,    &n->slope_err, &n->energy,
                                    &n->energy_err, &n->z,          &n->z_err,    &n->stress[0], &n->stress[1],
                                    &n->stress[2],  &n->hysteresis, &n->clumping, &n->stretch,   &n->shape_work};
    memcpy(value, v, sizeof v);
}

static void anchor_values(bnsl_free_energy_solid_result *a, double *flags, double *value[ANCHOR_VALUES])
{
    double *const v[ANCHOR_VALUES] = {&a->a, &a->a_err, &a->a0, &a->u_lattice, &a->da1,     &a->da1_err,     &a->da2,       &a->da2_err,
                                      &a->p, &a->p_err, &a->u,  &a->u_err,     &a->stretch, &a->stretch_err, &a->lindemann, flags};
    memcpy(value, v, sizeof v);
}

static void print_row(FILE *f, int n, double *const *value)
{
    for (int k = 0; k < n; k++)
        fprintf(f, "%s%.17g", k ? "\t" : "", *value[k]);
    fputc('\n', f);
}

int diagram_write_column(const diagram *d, const diagram_column *column)
{
    char path[DIAGRAM_PATH + 80];
    output_file o;
    diagram_column c = *column;
    column_path(d, column, path, sizeof path);
    FILE *f = output_open(&o, path, true);
    if (!f)
        return CLI_FAILED;
    fprintf(f, "# bnsl phases, one state point\nparticles\t%lld\ndensity\t%.17g\n", (long long)c.n, c.density);
    if (c.kind == DIAGRAM_ANCHOR) {
        double flags = c.anchor.flags, *value[ANCHOR_VALUES];
        anchor_values(&c.anchor, &flags, value);
        fprintf(f, "%s\n", anchor_header);
        print_row(f, ANCHOR_VALUES, value);
    } else {
        fprintf(f, "%s\n", node_header);
        for (int32_t k = 0; k < d->n_path; k++) {
            double *value[NODE_VALUES];
            node_values(&c.node[k], value);
            print_row(f, NODE_VALUES, value);
        }
    }
    fprintf(f, "end\n");
    return output_commit(&o);
}

/* Numbers of one line; where the next line starts, NULL when it is not n numbers. */
static char *read_row(char *line, int n, double *const *value)
{
    char *end = strchr(line, '\n');
    if (!end)
        return NULL;
    for (int k = 0; k < n; k++) {
        char *stop = line;
        while (*stop != '\t' && *stop != '\n')
            stop++;
        if ((k < n - 1) != (*stop == '\t') || bnsl_parse_double(line, stop - line, value[k], NULL))
            return NULL;
        line = stop + 1;
    }
    return line;
}

static char *skip_line(char *line)
{
    char *end = line ? strchr(line, '\n') : NULL;
    return end ? end + 1 : NULL;
}

static bool parse_column(const diagram *d, char *text, diagram_column *c)
{
    double n = 0, density = 0, *const one[1] = {&n}, *const two[1] = {&density};
    char *at = skip_line(text);
    if (!at || strncmp(at, "particles\t", 10) != 0 || !(at = read_row(at + 10, 1, one)))
        return false;
    if (strncmp(at, "density\t", 8) != 0 || !(at = read_row(at + 8, 1, two)))
        return false;
    at = skip_line(at);
    double flags = 0;
    for (int32_t k = 0; at && k < (c->kind == DIAGRAM_ANCHOR ? 1 : d->n_path); k++) {
        double *value[NODE_VALUES > ANCHOR_VALUES ? NODE_VALUES : ANCHOR_VALUES];
        if (c->kind == DIAGRAM_ANCHOR)
            anchor_values(&c->anchor, &flags, value);
        else
            node_values(&c->node[k], value);
        at = read_row(at, c->kind == DIAGRAM_ANCHOR ? ANCHOR_VALUES : NODE_VALUES, value);
    }
    if (!at || strcmp(at, "end\n") != 0 || density != c->density) /* of another plan */
        return false;
    c->n = (int64_t)n;
    c->anchor.flags = (int32_t)flags;
    c->done = true;
    return true;
}

bool diagram_read_column(const diagram *d, diagram_column *column)
{
    char path[DIAGRAM_PATH + 80];
    column_path(d, column, path, sizeof path);
    char *text = slurp(path);
    if (!text)
        return false;
    diagram_column c = *column;
    bool good = parse_column(d, text, &c);
    free(text);
    if (good)
        *column = c;
    return good;
}

bool diagram_read_numbers(const diagram *d, const char *name, int n, double *value)
{
    char path[DIAGRAM_PATH + 80];
    snprintf(path, sizeof path, "%s/state/%s", d->folder, name);
    char *text = slurp(path), *at = skip_line(text);
    double *to[8];
    for (int k = 0; k < n && k < 8; k++)
        to[k] = &value[k];
    bool good = at && n <= 8 && (at = read_row(at, n, to)) && strcmp(at, "end\n") == 0;
    free(text);
    return good;
}

int diagram_write_numbers(const diagram *d, const char *name, const char *header, int n, const double *value)
{
    char path[DIAGRAM_PATH + 80];
    output_file o;
    snprintf(path, sizeof path, "%s/state/%s", d->folder, name);
    FILE *f = output_open(&o, path, true);
    if (!f)
        return CLI_FAILED;
    fprintf(f, "# %s\n", header);
    for (int k = 0; k < n; k++)
        fprintf(f, "%s%.17g", k ? "\t" : "", value[k]);
    fprintf(f, "\nend\n");
    return output_commit(&o);
}

/* ---- another diagram --------------------------------------------------------------------------------------- */

/* The value of a line "name<TAB>value", its k-th; false: there is none. */
static bool find_value(const char *text, const char *name, int k, char *value, size_t size)
{
    size_t length = strlen(name);
    for (const char *line = text; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (strncmp(line, name, length) == 0 && line[length] == '\t' && k-- == 0) {
            size_t n = strcspn(line + length + 1, "\n");
            if (n >= size)
                return false;
            memcpy(value, line + length + 1, n);
            value[n] = '\0';
            return true;
        }
    return false;
}

static bool find_number(const char *text, const char *name, int k, double *out)
{
    char value[64];
    return find_value(text, name, k, value, sizeof value) && !bnsl_parse_double(value, (int64_t)strlen(value), out, NULL);
}

static bool read_spec(const char *text, diagram_spec *s)
{
    double particles, steps, equilibration, shift, seed;
    *s = (diagram_spec){.n_depth = 0};
    if (!find_value(text, "structure", 0, s->structure, sizeof s->structure) || !find_number(text, "particles", 0, &particles) ||
        !find_number(text, "steps", 0, &steps) || !find_number(text, "equilibration", 0, &equilibration) ||
        !find_number(text, "size_ratio", 0, &s->size_ratio) || !find_number(text, "exponent_n", 0, &s->exponent_n) ||
        !find_number(text, "exponent_m", 0, &s->exponent_m) || !find_number(text, "r_cut", 0, &s->r_cut) || !find_number(text, "shift", 0, &shift) ||
        !find_number(text, "dt", 0, &s->dt) || !find_number(text, "ipl_prefactor", 0, &s->ipl_prefactor) || !find_number(text, "seed", 0, &seed))
        return false;
    while (s->n_depth < DIAGRAM_DEPTHS && find_number(text, "well_depth", s->n_depth, &s->depth[s->n_depth]))
        s->n_depth++;
    s->particles = (int64_t)particles;
    s->steps = (int64_t)steps;
    s->equilibration = (int64_t)equilibration;
    s->shift = (int32_t)shift;
    s->seed = (uint64_t)seed;
    return s->n_depth > 0;
}

int diagram_load(diagram *d, const char *folder)
{
    char path[DIAGRAM_PATH + 40];
    diagram_spec spec;
    snprintf(path, sizeof path, "%.*s/parameters.tsv", DIAGRAM_PATH, folder);
    char *text = slurp(path);
    bool good = text && read_spec(text, &spec);
    free(text);
    if (!good)
        return cli_fail("%s: not the folder of a diagram", folder);
    int status = diagram_plan(d, &spec, folder);
    if (status != CLI_DONE)
        return status;
    for (int32_t k = 0; k < d->n_anchor + d->n_solid; k++)
        if (!diagram_read_column(d, k < d->n_anchor ? &d->anchor[k] : &d->solid[k - d->n_anchor]))
            return cli_fail("%s: the diagram is not finished", folder);
    return CLI_DONE;
}
