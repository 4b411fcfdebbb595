/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Input of LAMMPS and its answers; see lammps.h. */
#include "lammps.h"

enum { MAX_TYPES = 64 };

static FILE *must_open(const char *name, const char *suffix, const char *mode)
{
    char path[200];
    snprintf(path, sizeof path, "%s%s", name, suffix);
    FILE *f = fopen(path, mode);
    if (!f)
        fail_msg("cannot open %s", path);
    return f;
}

/* ---- particles ---------------------------------------------------------------------------------------- */

/* A box around the origin with the tilts as lengths. */
static void write_data(const lammps_system *s, const char *name)
{
    const bnsl_box *b = &s->box;
    const double xy = b->xy * b->ly, xz = b->xz * b->lz, yz = b->yz * b->lz;
    const double low[3] = { -0.5 * (b->lx + xy + xz), -0.5 * (b->ly + yz), -0.5 * b->lz }, edge[3] = { b->lx, b->ly, b->lz };
    int32_t n_types = bnsl_potential_n_species(s->potential);
    FILE *f = must_open(name, ".data", "w");
    fprintf(f, "%s\n\n%lld atoms\n%d atom types\n\n", name, (long long)s->n, (int)n_types);
    for (int d = 0; d < 3; d++)
        fprintf(f, "%.17g %.17g %clo %chi\n", low[d], low[d] + edge[d], 'x' + d, 'x' + d);
    if (xy != 0 || xz != 0 || yz != 0)
        fprintf(f, "%.17g %.17g %.17g xy xz yz\n", xy, xz, yz);
    fprintf(f, "\nMasses\n\n");
    for (int32_t a = 0; a < n_types; a++)
        fprintf(f, "%d 1\n", (int)a + 1);
    fprintf(f, "\nAtoms # atomic\n\n");
    for (int64_t i = 0; i < s->n; i++)
        fprintf(f, "%lld %d %.17g %.17g %.17g\n", (long long)i + 1, (int)s->type[i] + 1, s->xyz[3 * i], s->xyz[3 * i + 1], s->xyz[3 * i + 2]);
    fprintf(f, "\nVelocities\n\n");
    for (int64_t i = 0; i < s->n; i++)
        fprintf(f, "%lld %.17g %.17g %.17g\n", (long long)i + 1, s->velocity[3 * i], s->velocity[3 * i + 1], s->velocity[3 * i + 2]);
    if (fclose(f))
        fail_msg("cannot write %s.data", name);
}

/* ---- interactions ------------------------------------------------------------------------------------- */

static bnsl_potential_options pair_of(const bnsl_potential *p, int32_t a, int32_t b)
{
    bnsl_potential_options o;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    assert_ok(bnsl_potential_get_pair(p, a, b, &o));
    assert_int_equal(o.form, BNSL_FORM_MIE);
    assert_true(o.shift == BNSL_SHIFT_ENERGY || o.shift == BNSL_SHIFT_NONE);
    return o;
}

/* lj/cut where that is what all pairs are, or mie/cut; both shifted and unshifted pairs make it two styles, joined by hybrid. */
static void write_pairs(FILE *f, const bnsl_potential *p)
{
    int32_t n = bnsl_potential_n_species(p), n_shifted = 0, n_other = 0;
    bool lj = true;
    double largest = 0;
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = a; b < n; b++) {
            bnsl_potential_options o = pair_of(p, a, b);
            lj = lj && o.n == 12 && o.m == 6;
            largest = fmax(largest, o.r_cut * o.sigma);
            n_shifted += o.shift == BNSL_SHIFT_ENERGY;
            n_other += o.shift == BNSL_SHIFT_NONE;
        }
    const char *style = lj ? "lj/cut" : "mie/cut";
    bool hybrid = n_shifted > 0 && n_other > 0;
    if (hybrid)
        fprintf(f, "pair_style hybrid %s %.17g %s %.17g\n", style, largest, style, largest);
    else
        fprintf(f, "pair_style %s %.17g\n", style, largest);
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = a; b < n; b++) {
            bnsl_potential_options o = pair_of(p, a, b);
            fprintf(f, "pair_coeff %d %d ", (int)a + 1, (int)b + 1);
            if (hybrid)
                fprintf(f, "%s %d ", style, o.shift == BNSL_SHIFT_ENERGY ? 1 : 2);
            fprintf(f, "%.17g %.17g ", o.well_depth, o.sigma);
            if (!lj)
                fprintf(f, "%.17g %.17g ", o.n, o.m);
            fprintf(f, "%.17g\n", o.r_cut * o.sigma);
        }
    if (hybrid)
        fprintf(f, "pair_modify pair %s 1 shift yes\npair_modify pair %s 2 shift no\n", style, style);
    else
        fprintf(f, "pair_modify shift %s\n", n_shifted > 0 ? "yes" : "no");
}

/* Cut at 2^(1/6) s the wall lj126 subtracts its energy there, -eps: the WCA potential. One fix a type, for s = d / 2. */
static void write_walls(FILE *f, const lammps_system *s)
{
    double diameter[MAX_TYPES], size = s->wall_size;
    int32_t n_types = bnsl_potential_n_species(s->potential);
    assert_true(n_types <= MAX_TYPES);
    assert_ok(bnsl_potential_diameters(s->potential, diameter));
    fprintf(f, "variable wall equal 0");
    for (int32_t a = 0; a < n_types && s->wall != BNSL_MD_WALL_NONE; a++)
        fprintf(f, "+f_wall%d", (int)a + 1);
    fprintf(f, "\n");
    if (s->wall == BNSL_MD_WALL_NONE)
        return;
    if (s->wall == BNSL_MD_WALL_SPHERE)
        fprintf(f, "region inside sphere 0 0 0 %.17g side in units box\n", size);
    else
        fprintf(f, "region inside block INF INF INF INF %.17g %.17g side in units box\n", -size, size);
    for (int32_t a = 0; a < n_types; a++) {
        double length = 0.5 * diameter[a];
        fprintf(f, "group type%d type %d\nfix wall%d type%d wall/region inside lj126 %.17g %.17g %.17g\n", (int)a + 1, (int)a + 1,
                (int)a + 1, (int)a + 1, s->wall_epsilon, length, pow(2, 1.0 / 6) * length);
    }
}

FILE *lammps_input(const lammps_system *s, const char *name)
{
    write_data(s, name);
    FILE *f = must_open(name, ".in", "w");
    fprintf(f, "units lj\natom_style atomic\nread_data %s.data\nneighbor 0.2 bin\nneigh_modify delay 0 every 1 check yes\n", name);
    write_pairs(f, s->potential);
    write_walls(f, s);
    fprintf(f, "thermo_style custom step pe ke v_wall pxx pyy pzz pxy pxz pyz\nthermo_modify norm no\n");
    return f;
}

void lammps_run(const char *name)
{
    const char *program = getenv("LMP");
    char command[1000];
    snprintf(command, sizeof command, "'%s' -in %s.in -log %s.log -screen none || { tail -n 5 %s.log; exit 1; }", program ? program : "lmp",
             name, name, name);
    fflush(NULL);
    if (system(command) != 0)
        fail_msg("LAMMPS failed on %s.in", name);
}

/* ---- answers ------------------------------------------------------------------------------------------ */

static void read_forces(const char *name, int64_t n, double *force)
{
    FILE *f = must_open(name, ".dump", "r");
    char line[400];
    bool rows = false;
    int64_t n_read = 0;
    while (fgets(line, sizeof line, f)) {
        if (rows) {
            long long id;
            double v[3];
            if (sscanf(line, "%lld %lg %lg %lg", &id, &v[0], &v[1], &v[2]) != 4 || id < 1 || id > n)
                fail_msg("%s.dump: not a row of forces: %s", name, line);
            memcpy(force + 3 * (id - 1), v, sizeof v);
            n_read++;
        }
        rows = rows || strncmp(line, "ITEM: ATOMS", 11) == 0;
    }
    fclose(f);
    assert_int_equal(n_read, n);
}

lammps_thermo lammps_evaluate(const lammps_system *s, const char *name, double *force)
{
    lammps_thermo t;
    FILE *f = lammps_input(s, name);
    fprintf(f, "dump forces all custom 1 %s.dump id fx fy fz\ndump_modify forces format float %%.17g\nrun 0\n", name);
    fprintf(f, "print \"$(pe:%%.17g) $(ke:%%.17g) $(v_wall:%%.17g) $(pxx:%%.17g) $(pyy:%%.17g) $(pzz:%%.17g) $(pxy:%%.17g) $(pxz:%%.17g) "
               "$(pyz:%%.17g)\"");
    fprintf(f, " file %s.thermo\n", name);
    if (fclose(f))
        fail_msg("cannot write %s.in", name);
    lammps_run(name);
    read_forces(name, s->n, force);
    f = must_open(name, ".thermo", "r");
    double *p = t.pressure;
    int n = fscanf(f, "%lg %lg %lg %lg %lg %lg %lg %lg %lg", &t.potential_energy, &t.kinetic_energy, &t.wall_energy, &p[0], &p[1], &p[2],
                   &p[3], &p[4], &p[5]);
    fclose(f);
    assert_int_equal(n, 9);
    return t;
}
