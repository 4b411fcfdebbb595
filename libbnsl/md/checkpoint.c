/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checkpoints: everything that the next step depends on, in double precision, with the positions from which the neighbour list was
 * built (the order of its entries decides the last bits of the forces). Layout, all little-endian:
 *
 *   "BNSLCKPT"  u32 version  u32 0  payload (see write_payload)  u32 CRC-32 of all before
 */
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

enum { VERSION = 1, HEADER = 16, TRAILER = 4 };
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

static void put_box(bytes *b, const bnsl_box *box)
{
    const double v[6] = { box->lx, box->ly, box->lz, box->xy, box->xz, box->yz };
    for (int k = 0; k < 6; k++)
        put_f64(b, v[k]);
}

static bnsl_box get_box(bytes *b)
{
    double v[6];
    for (int k = 0; k < 6; k++)
        v[k] = get_f64(b);
    return (bnsl_box){ .lx = v[0], .ly = v[1], .lz = v[2], .xy = v[3], .xz = v[4], .yz = v[5], .periodic = BNSL_PERIODIC_XYZ };
}

static void put_pair(bytes *b, const bnsl_potential_options *o)
{
    put_i32(b, o->form);
    put_i32(b, o->shift);
    const double v[5] = { o->n, o->m, o->well_depth, o->sigma, o->r_cut };
    for (int k = 0; k < 5; k++)
        put_f64(b, v[k]);
}

static void get_pair(bytes *b, bnsl_potential_options *o)
{
    o->form = get_i32(b);
    o->shift = get_i32(b);
    double *v[5] = { &o->n, &o->m, &o->well_depth, &o->sigma, &o->r_cut };
    for (int k = 0; k < 5; k++)
        *v[k] = get_f64(b);
}

/* ---- writing ------------------------------------------------------------------------------------------ */

static void put_particles(bytes *b, const bnsl_md *md)
{
    for (int64_t i = 0; i < md->n; i++) {
        for (int d = 0; d < 3; d++) {
            put_f64(b, md->position[ROW * i + d]);
            put_f64(b, md->velocity[ROW * i + d]);
            put_f64(b, md->list.reference[ROW * i + d]);
            put_i32(b, md->image[3 * i + d]);
        }
        put_i32(b, md->species[i]);
        put_i32(b, md->id[i]);
        put_i32(b, md->mobile[ROW * i] != 0);
    }
}

static void put_payload(bytes *b, const bnsl_md *md)
{
    const bnsl_md_options *o = &md->options;
    const bnsl__interaction *x = &md->interaction;
    put_i32(b, o->integrator);
    put_f64(b, o->dt);
    put_f64(b, o->kT);
    put_f64(b, o->friction);
    put_f64(b, o->skin);
    put_word(b, o->seed, 8);
    put_i32(b, x->n_species);
    for (int32_t a = 0; a < x->n_species; a++)
        put_f64(b, x->diameter[a]);
    for (int32_t k = 0; k < x->n_species * x->n_species; k++)
        put_pair(b, &x->options[k]);
    put_box(b, &md->box);
    put_i64(b, md->n);
    put_i64(b, md->step);
    put_f64(b, md->time);
    put_i32(b, md->list.valid);
    put_f64(b, md->list.scale);
    put_box(b, md->list.valid ? &md->list.box : &md->box);
    put_i32(b, md->schedule_n);
    for (int32_t k = 0; k < md->schedule_n; k++) {
        put_i64(b, md->schedule_step[k]);
        put_f64(b, md->schedule_packing[k]);
    }
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

/* The potential, through the public constructor, so that its checks apply. */
static bnsl_status get_potential(bytes *b, bnsl_potential **out, const char *path, const char *func)
{
    int32_t k = get_i32(b);
    double diameter[64];
    bnsl_potential_options o;
    bnsl_status status = bnsl_potential_options_init(&o, sizeof o);
    if (status)
        return status;
    if (b->failed || k < 1 || k > 64)
        return damaged(path, "its number of species is out of range", func);
    for (int32_t a = 0; a < k; a++)
        diameter[a] = get_f64(b);
    status = bnsl_potential_create(out, k, diameter, NULL);
    for (int32_t i = 0; i < k * k && !status; i++) {
        get_pair(b, &o);
        status = bnsl_potential_set_pair(*out, i / k, i % k, &o);
    }
    return status;
}

static bnsl_status get_particles(bytes *b, bnsl_md *md, const char *path, const char *func)
{
    for (int64_t i = 0; i < md->n; i++) {
        for (int d = 0; d < 3; d++) {
            md->position[ROW * i + d] = get_f64(b);
            md->velocity[ROW * i + d] = get_f64(b);
            md->list.reference[ROW * i + d] = get_f64(b);
            md->image[3 * i + d] = get_i32(b);
        }
        int32_t species = get_i32(b), id = get_i32(b), mobile = get_i32(b);
        if (b->failed || species < 0 || species >= md->interaction.n_species || id < 0 || id >= md->n)
            return damaged(path, "its particles are out of range", func);
        md->species[i] = species;
        md->id[i] = id;
        md->n_frozen += !mobile;
        for (int d = 0; d < 3; d++)
            md->mobile[ROW * i + d] = mobile ? 1 : 0;
        md->position[ROW * i + 3] = md->list.reference[ROW * i + 3] = bnsl__md_row_tag(md, species);
    }
    md->sphere_volume = bnsl__md_sphere_volume(md);
    return BNSL_OK;
}

static bnsl_status get_schedule(bytes *b, bnsl_md *md, const char *path, const char *func)
{
    int32_t n = get_i32(b);
    if (b->failed || n < 0 || n > (b->capacity - b->length) / 16)
        return damaged(path, "its schedule is out of range", func);
    md->schedule_step = bnsl__alloc(n, sizeof *md->schedule_step);
    md->schedule_packing = bnsl__alloc(n, sizeof *md->schedule_packing);
    if (!md->schedule_step || !md->schedule_packing)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int32_t k = 0; k < n; k++) {
        md->schedule_step[k] = get_i64(b);
        md->schedule_packing[k] = get_f64(b);
    }
    md->schedule_n = n;
    return BNSL_OK;
}

static bnsl_status get_simulation(bytes *b, bnsl_md *md, const char *path, const char *func)
{
    bnsl_md_options *o = &md->options;
    bnsl_potential *potential = NULL;
    o->integrator = get_i32(b);
    o->dt = get_f64(b);
    o->kT = get_f64(b);
    o->friction = get_f64(b);
    o->skin = get_f64(b);
    o->seed = get_word(b, 8);
    bnsl_status status = bnsl__md_check_options(o, func);
    if (!status)
        status = get_potential(b, &potential, path, func);
    if (!status) {
        md->box = get_box(b);
        md->n = get_i64(b);
        md->step = get_i64(b);
        md->time = get_f64(b);
        status = b->failed || md->n < 1 || md->n > (b->capacity - b->length) / 84 ? damaged(path, "its number of particles is out of range", func)
                                                                                 : bnsl_box_validate(&md->box);
    }
    if (!status)
        status = bnsl__md_set_up(md, potential, func);
    bnsl_potential_destroy(potential);
    if (status)
        return status;
    bool list_valid = get_i32(b) != 0;
    md->list.scale = get_f64(b);
    md->list.box = get_box(b);
    status = get_schedule(b, md, path, func);
    if (!status)
        status = get_particles(b, md, path, func);
    if (!status && b->length != b->capacity)
        status = damaged(path, "there is more in it than expected", func);
    if (!status && list_valid)
        status = bnsl__verlet_rebuild_from_reference(md, func);
    return status;
}

bnsl_status bnsl_md_checkpoint_read(bnsl_md **out, const char *path, int32_t num_threads, int32_t instruction_set)
{
    if (!out || !path)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !out ? "out" : "path");
    *out = NULL;
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
    }
    free(data);
    if (status) {
        bnsl_md_destroy(md);
        return status;
    }
    *out = md;
    return BNSL_OK;
}
