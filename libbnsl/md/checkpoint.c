/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checkpoints: everything that the next step depends on, in double precision, with the positions from which the neighbour lists were
 * made (the order of their entries decides the last bits of the forces). Layout, all little-endian:
 *
 *   "BNSLCKPT"  u32 version  u32 0  payload (see put_payload)  u32 CRC-32 of all before
 *
 * Version 1 had no thermostats, walls, diameters and tables. Cost: one pass; 128 bytes a particle.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

enum { VERSION = 3, HEADER = 16, TRAILER = 4 };
static const char MAGIC[8] = { 'B', 'N', 'S', 'L', 'C', 'K', 'P', 'T' };

/* ---- bytes -------------------------------------------------------------------------------------------- */

typedef struct bytes {
    unsigned char *data;
    int64_t length, capacity;
    bool failed; /* writing: no memory; reading: the end was passed */
} bytes;

static void put_word(bytes *b, uint64_t value, int size)
{
    void *data = b->data;
    if (b->failed || !bnsl__reserve(&data, &b->capacity, b->length + size, 1)) {
        b->failed = true;
        return;
    }
    b->data = data;
    for (int k = 0; k < size; k++)
        b->data[b->length++] = (unsigned char)(value >> (8 * k));
}

static uint64_t get_word(bytes *b, int size)
{
    uint64_t value = 0;
    if (b->failed || b->capacity - b->length < size) {
        b->failed = true;
        return 0;
    }
    for (int k = 0; k < size; k++)
        value |= (uint64_t)b->data[b->length++] << (8 * k);
    return value;
}

static void put_i64(bytes *b, int64_t value)
{
    put_word(b, (uint64_t)value, 8);
}

static int64_t get_i64(bytes *b)
{
    return (int64_t)get_word(b, 8);
}

static void put_i32(bytes *b, int32_t value)
{
    put_word(b, (uint32_t)value, 4);
}

static int32_t get_i32(bytes *b)
{
    return (int32_t)(uint32_t)get_word(b, 4);
}

static void put_f64(bytes *b, double value)
{
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    put_word(b, word, 8);
}

static double get_f64(bytes *b)
{
    uint64_t word = get_word(b, 8);
    double value;
    memcpy(&value, &word, sizeof value);
    return value;
}

/* ---- parts that are written and read alike ------------------------------------------------------------ */

static void put_f64s(bytes *b, int64_t n, const double *values)
{
    for (int64_t k = 0; k < n; k++)
        put_f64(b, values[k]);
}

static void get_f64s(bytes *b, int64_t n, double *values)
{
    for (int64_t k = 0; k < n; k++)
        values[k] = get_f64(b);
}

static void put_box(bytes *b, const bnsl_box *box)
{
    put_f64s(b, 6, (const double[]){ box->lx, box->ly, box->lz, box->xy, box->xz, box->yz });
}

static bnsl_box get_box(bytes *b)
{
    double v[6];
    get_f64s(b, 6, v);
    return (bnsl_box){ .lx = v[0], .ly = v[1], .lz = v[2], .xy = v[3], .xz = v[4], .yz = v[5], .periodic = BNSL_PERIODIC_XYZ };
}

/* The fields of structs that are stored, in the order of the file. */
enum { N_PAIR_NUMBERS = 8, N_OPTION_NUMBERS = 7, N_OPTION_INTEGERS = 4, N_BATH_NUMBERS = 1 + 4 * MAX_CHAIN + 6 };

static void pair_numbers(bnsl_potential_options *o, double *field[N_PAIR_NUMBERS])
{
    double *const all[] = { &o->n, &o->m, &o->well_depth, &o->sigma, &o->r_cut, &o->coupling, &o->ipl_prefactor, &o->r_on };
    memcpy(field, all, sizeof all);
}

static void option_fields(bnsl_md_options *o, double *number[N_OPTION_NUMBERS], int32_t *integer[N_OPTION_INTEGERS])
{
    double *const numbers[] = { &o->dt, &o->kT, &o->friction, &o->skin, &o->thermostat_time, &o->pressure, &o->barostat_time };
    int32_t *const integers[] = { &o->integrator, &o->precision, &o->chain_length, &o->barostat };
    memcpy(number, numbers, sizeof numbers);
    memcpy(integer, integers, sizeof integers);
}

static void bath_numbers(bnsl__bath *bath, double *field[N_BATH_NUMBERS])
{
    *field++ = &bath->heat;
    for (int k = 0; k < MAX_CHAIN; k++) {
        *field++ = &bath->eta[k];
        *field++ = &bath->xi[k];
        *field++ = &bath->box_eta[k];
        *field++ = &bath->box_xi[k];
    }
    for (int k = 0; k < 6; k++)
        *field++ = &bath->box_rate[k];
}

/* ---- writing ------------------------------------------------------------------------------------------ */

static void put_table(bytes *b, const bnsl_potential *potential, int32_t a, int32_t c)
{
    double ends[2];
    int32_t n = 0;
    const double *u = NULL, *force = NULL;
    if (bnsl_potential_table(potential, a, c, &ends[0], &ends[1], &n, &u, &force)) {
        b->failed = true;
        return;
    }
    put_f64s(b, 2, ends);
    put_i32(b, n);
    put_f64s(b, n, u);
    put_f64s(b, n, force);
}

static void put_potential(bytes *b, const bnsl__interaction *x)
{
    put_i32(b, x->n_species);
    put_f64s(b, x->n_species, x->diameter);
    for (int32_t a = 0; a < x->n_species; a++)
        for (int32_t c = a; c < x->n_species; c++) {
            bnsl_potential_options o;
            double *field[N_PAIR_NUMBERS];
            if (bnsl_potential_options_init(&o, sizeof o) || bnsl_potential_get_pair(x->potential, a, c, &o)) {
                b->failed = true;
                return;
            }
            put_i32(b, o.form);
            put_i32(b, o.shift);
            pair_numbers(&o, field);
            for (int k = 0; k < N_PAIR_NUMBERS; k++)
                put_f64(b, *field[k]);
            if (o.form == BNSL_FORM_TABLE)
                put_table(b, x->potential, a, c);
        }
}

static void put_schedule(bytes *b, const bnsl__schedule *schedule)
{
    put_i32(b, schedule->n);
    for (int32_t k = 0; k < schedule->n; k++) {
        put_i64(b, schedule->step[k]);
        put_f64(b, schedule->value[k]);
    }
}

/* Without its positions. */
static void put_past(bytes *b, const bnsl_md *md, const bnsl__past *past)
{
    put_f64(b, past->skin);
    put_i64(b, past->step);
    put_box(b, md->list.valid ? &past->box : &md->box);
}

/* In the order in which they lie in memory. */
static void put_particles(bytes *b, const bnsl_md *md)
{
    for (int64_t i = 0; i < md->n; i++) {
        put_f64s(b, 4, md->position + ROW * i);
        put_f64s(b, 3, md->velocity + ROW * i);
        put_f64s(b, 3, md->list.built.position + ROW * i);
        put_f64s(b, 3, md->list.pruned.position + ROW * i);
        for (int d = 0; d < 3; d++)
            put_i32(b, md->image[3 * i + d]);
        put_i32(b, md->species[i]);
        put_i32(b, md->id[i]);
        put_i32(b, !md->mobile || md->mobile[i] != 0);
    }
}
enum { PARTICLE_BYTES = 13 * 8 + 6 * 4 };

static void put_payload(bytes *b, const bnsl_md *md)
{
    bnsl_md_options o = md->options;
    bnsl__bath bath = md->bath;
    double *number[N_OPTION_NUMBERS], *field[N_BATH_NUMBERS];
    int32_t *integer[N_OPTION_INTEGERS];
    option_fields(&o, number, integer);
    bath_numbers(&bath, field);
    for (int k = 0; k < N_OPTION_NUMBERS; k++)
        put_f64(b, *number[k]);
    for (int k = 0; k < N_OPTION_INTEGERS; k++)
        put_i32(b, *integer[k]);
    put_word(b, o.seed, 8);
    put_potential(b, &md->interaction);
    put_box(b, &md->box);
    put_i64(b, md->n);
    put_i64(b, md->step);
    put_f64(b, md->time);
    put_i32(b, md->list.valid);
    put_i32(b, md->list.is_dual);
    put_past(b, md, &md->list.built);
    put_past(b, md, &md->list.pruned);
    for (int k = 0; k < N_BATH_NUMBERS; k++)
        put_f64(b, *field[k]);
    put_i32(b, md->wall.kind);
    put_f64(b, md->wall.size);
    put_f64(b, md->wall.epsilon);
    put_i64(b, md->n_returned);
    put_schedule(b, &md->packing);
    put_schedule(b, &md->kT);
    put_schedule(b, &md->pressure);
    put_i32(b, md->own_diameters);
    put_particles(b, md);
}

bnsl_status bnsl_md_checkpoint_write(const bnsl_md *md, const char *path)
{
    if (!md || !path)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "path");
    if (md->failed)
        return BNSL_FAIL(BNSL_ENUMERIC, "this simulation has lost its positions; there is nothing to save");
    bytes b = { 0 };
    for (size_t k = 0; k < sizeof MAGIC; k++)
        put_word(&b, (unsigned char)MAGIC[k], 1);
    put_i32(&b, VERSION);
    put_i32(&b, 0);
    put_payload(&b, md);
    put_word(&b, b.failed ? 0 : bnsl__crc32(b.length, b.data), 4);
    bnsl_status status = b.failed ? BNSL_NOMEM() : bnsl__output_whole(path, b.data, b.length, true, __func__);
    free(b.data);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static bnsl_status damaged(const char *path, const char *what, const char *func)
{
    return bnsl__fail(BNSL_EFORMAT, func, "%s is not a usable checkpoint: %s", path, what);
}

static bnsl_status check_file(const char *path, const unsigned char *data, int64_t length, const char *func)
{
    bytes b = { .data = (unsigned char *)(uintptr_t)data, .length = sizeof MAGIC, .capacity = length };
    if (length < HEADER + TRAILER || memcmp(data, MAGIC, sizeof MAGIC) != 0)
        return damaged(path, "it does not begin like one", func);
    int32_t version = get_i32(&b);
    if (version != VERSION)
        return bnsl__fail(BNSL_EFORMAT, func, "%s has checkpoint version %d; this library reads version %d", path, (int)version, (int)VERSION);
    b.length = length - TRAILER;
    if ((uint32_t)get_i32(&b) != bnsl__crc32(length - TRAILER, data))
        return damaged(path, "its checksum is wrong (truncated or damaged)", func);
    return BNSL_OK;
}

static bnsl_status get_table(bytes *b, bnsl_potential *potential, int32_t a, int32_t c, double sigma, const char *path, const char *func)
{
    double ends[2];
    get_f64s(b, 2, ends);
    int32_t n = get_i32(b);
    if (b->failed || n < 2 || n > (b->capacity - b->length) / 16)
        return damaged(path, "the length of a table is out of range", func);
    double *values = bnsl__alloc(2 * (int64_t)n, sizeof *values);
    if (!values)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    get_f64s(b, 2 * (int64_t)n, values);
    bnsl_status status = bnsl_potential_set_table(potential, a, c, sigma, ends[0], ends[1], n, values, values + n);
    free(values);
    return status;
}

/* The potential, through the public functions, so that their checks apply. */
static bnsl_status get_potential(bytes *b, bnsl_potential **out, const char *path, const char *func)
{
    enum { MOST_SPECIES = 64 };
    int32_t n_species = get_i32(b);
    double diameter[MOST_SPECIES], *field[N_PAIR_NUMBERS];
    if (b->failed || n_species < 1 || n_species > MOST_SPECIES)
        return damaged(path, "its number of species is out of range", func);
    get_f64s(b, n_species, diameter);
    bnsl_status status = bnsl_potential_create(out, n_species, diameter, NULL);
    for (int32_t a = 0; a < n_species && !status; a++)
        for (int32_t c = a; c < n_species && !status; c++) {
            bnsl_potential_options o;
            status = bnsl_potential_options_init(&o, sizeof o);
            o.form = get_i32(b);
            o.shift = get_i32(b);
            pair_numbers(&o, field);
            for (int k = 0; k < N_PAIR_NUMBERS; k++)
                *field[k] = get_f64(b);
            if (!status)
                status = o.form == BNSL_FORM_TABLE ? get_table(b, *out, a, c, o.sigma, path, func) : bnsl_potential_set_pair(*out, a, c, &o);
        }
    return status;
}

static bnsl_status get_schedule(bytes *b, bnsl__schedule *schedule, const char *path, const char *func)
{
    int32_t n = get_i32(b);
    if (b->failed || n < 0 || n > (b->capacity - b->length) / 16)
        return damaged(path, "the length of a schedule is out of range", func);
    if (n == 0)
        return BNSL_OK;
    *schedule = (bnsl__schedule){ n, bnsl__alloc(n, sizeof(int64_t)), bnsl__alloc(n, sizeof(double)) };
    if (!schedule->step || !schedule->value)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int32_t k = 0; k < n; k++) {
        schedule->step[k] = get_i64(b);
        schedule->value[k] = get_f64(b);
        if (!isfinite(schedule->value[k]) || (k > 0 && schedule->step[k] <= schedule->step[k - 1]))
            return damaged(path, "a schedule is out of range", func);
    }
    return BNSL_OK;
}

static bool particle_is_sound(const bnsl_md *md, int64_t i)
{
    int64_t where;
    return bnsl__all_finite(4, md->position + ROW * i, &where) && bnsl__all_finite(3, md->velocity + ROW * i, &where) &&
           bnsl__all_finite(3, md->list.built.position + ROW * i, &where) && bnsl__all_finite(3, md->list.pruned.position + ROW * i, &where) &&
           md->position[ROW * i + 3] > 0 && md->species[i] >= 0 &&
           md->species[i] < md->interaction.n_species && md->id[i] >= 0 && md->id[i] < md->n;
}

static bnsl_status get_particles(bytes *b, bnsl_md *md, const char *path, const char *func)
{
    double *mobile = bnsl__alloc(md->n, sizeof *mobile);
    if (!mobile)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory for %lld particles", (long long)md->n);
    bool sound = true;
    for (int64_t i = 0; i < md->n && sound; i++) {
        get_f64s(b, 4, md->position + ROW * i);
        get_f64s(b, 3, md->velocity + ROW * i);
        get_f64s(b, 3, md->list.built.position + ROW * i);
        get_f64s(b, 3, md->list.pruned.position + ROW * i);
        for (int d = 0; d < 3; d++)
            md->image[3 * i + d] = get_i32(b);
        md->species[i] = get_i32(b);
        md->id[i] = get_i32(b);
        mobile[i] = get_i32(b) != 0;
        md->n_frozen += mobile[i] == 0;
        sound = !b->failed && particle_is_sound(md, i);
    }
    if (md->n_frozen > 0)
        md->mobile = mobile;
    else
        free(mobile);
    if (!sound)
        return damaged(path, "its particles are out of range", func);
    md->sphere_volume = bnsl__md_sphere_volume(md);
    return BNSL_OK;
}

/* Without its positions; false: damaged. */
static bool get_past(bytes *b, bnsl__past *past)
{
    past->skin = get_f64(b);
    past->step = get_i64(b);
    past->box = get_box(b);
    return past->skin >= 0 && isfinite(past->skin) && bnsl_box_validate(&past->box) == BNSL_OK;
}

/* What is not the particles' own; list_valid_out: whether the past positions mean something. */
static bnsl_status get_state(bytes *b, bnsl_md *md, bool *list_valid_out, const char *path, const char *func)
{
    double *field[N_BATH_NUMBERS];
    int64_t where = 0;
    *list_valid_out = get_i32(b) != 0;
    md->list.is_dual = get_i32(b) != 0;
    bool sound = get_past(b, &md->list.built);
    sound = get_past(b, &md->list.pruned) && sound && md->list.pruned.skin <= md->list.built.skin;
    bath_numbers(&md->bath, field);
    for (int k = 0; k < N_BATH_NUMBERS; k++) {
        *field[k] = get_f64(b);
        sound = sound && bnsl__all_finite(1, field[k], &where);
    }
    md->wall = (bnsl__wall){ .kind = get_i32(b) };
    md->wall.size = get_f64(b);
    md->wall.epsilon = get_f64(b);
    md->n_returned = get_i64(b);
    if (b->failed || !sound || md->wall.kind < BNSL_MD_WALL_NONE || md->wall.kind > BNSL_MD_WALL_SLAB)
        return damaged(path, "its list, thermostats or walls are out of range", func);
    bnsl_status status = get_schedule(b, &md->packing, path, func);
    if (!status)
        status = get_schedule(b, &md->kT, path, func);
    if (!status)
        status = get_schedule(b, &md->pressure, path, func);
    md->own_diameters = get_i32(b) != 0;
    return status;
}

static bnsl_status get_options(bytes *b, bnsl_md_options *o, const char *func)
{
    double *number[N_OPTION_NUMBERS];
    int32_t *integer[N_OPTION_INTEGERS];
    option_fields(o, number, integer);
    for (int k = 0; k < N_OPTION_NUMBERS; k++)
        *number[k] = get_f64(b);
    for (int k = 0; k < N_OPTION_INTEGERS; k++)
        *integer[k] = get_i32(b);
    o->seed = get_word(b, 8);
    return bnsl__md_check_options(o, func);
}

static bnsl_status get_simulation(bytes *b, bnsl_md *md, const char *path, const char *func)
{
    bnsl_potential *potential = NULL;
    bool list_valid = false;
    bnsl_status status = get_options(b, &md->options, func);
    if (!status)
        status = get_potential(b, &potential, path, func);
    if (!status) {
        md->box = get_box(b);
        md->n = get_i64(b);
        md->step = get_i64(b);
        md->time = get_f64(b);
        bool fits = !b->failed && md->n >= 1 && md->n <= (b->capacity - b->length) / PARTICLE_BYTES;
        status = fits ? bnsl_box_validate(&md->box) : damaged(path, "its number of particles is out of range", func);
    }
    if (!status)
        status = bnsl__md_set_up(md, potential, func);
    bnsl_potential_destroy(potential);
    if (!status)
        status = get_state(b, md, &list_valid, path, func);
    if (!status)
        status = get_particles(b, md, path, func);
    if (!status && b->length != b->capacity)
        status = damaged(path, "there is more in it than expected", func);
    if (!status && list_valid)
        status = bnsl__verlet_rebuild(md, func);
    md->statistics.n_listed = bnsl__verlet_rows(md)->n_listed;
    return status;
}

bnsl_status bnsl_md_checkpoint_read(bnsl_md **out, const char *path, int32_t num_threads, int32_t instruction_set)
{
    if (!out || !path)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !out ? "out" : "path");
    *out = NULL;
    if (instruction_set < BNSL_ISA_AUTO || instruction_set > BNSL_ISA_AVX512)
        return BNSL_FAIL(BNSL_EINVAL, "instruction_set is %d, must be one of BNSL_ISA_*", (int)instruction_set);
    char *data;
    int64_t length;
    bnsl_status status = bnsl__input_slurp(path, &data, &length, __func__);
    if (status)
        return status;
    bytes b = { .data = (unsigned char *)data, .length = HEADER, .capacity = length - TRAILER };
    status = check_file(path, b.data, length, __func__);
    bnsl_md *md = status ? NULL : bnsl__calloc(1, sizeof *md);
    if (!status && !md)
        status = BNSL_NOMEM();
    if (!status) {
        bnsl_md_options_init(&md->options, sizeof md->options);
        md->options.num_threads = num_threads;
        md->options.instruction_set = instruction_set;
        status = get_simulation(&b, md, path, __func__);
        if (status == BNSL_EINVAL) /* of a function that a value was handed to */
            status = damaged(path, "a value is out of range", __func__);
    }
    free(data);
    if (status) {
        bnsl_md_destroy(md);
        return status;
    }
    *out = md;
    return BNSL_OK;
}
