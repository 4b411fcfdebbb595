/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of io: frames in memory, files that appear complete, text under construction, the two trajectory formats. */
#ifndef BNSL_IO_INTERNAL_H
#define BNSL_IO_INTERNAL_H

#include <string.h>

#include <bnsl/io.h>

#include "core_internal.h"

enum {
    BNSL__NAME_SIZE = 64, /* bytes of a name with its NUL */
    BNSL__COLUMNS_MAX = 16,
    BNSL__TYPES_MAX = 4096
};

/* ---- frames (frame.c, frame_view.c) ------------------------------------------------------------------- */

struct bnsl__array {
    char name[BNSL__NAME_SIZE];
    int32_t columns;
    double *values; /* n x columns */
};

struct bnsl__scalar {
    char name[BNSL__NAME_SIZE];
    double value;
};

struct bnsl_io_frame {
    bnsl_box box;
    int64_t step, n;
    int32_t n_types, n_arrays, n_scalars;
    int64_t cap_types, cap_arrays, cap_scalars;
    char (*types)[BNSL__NAME_SIZE];
    int32_t *type_index; /* n */
    struct bnsl__array *arrays;
    struct bnsl__scalar *scalars;
};

/* Numbers of the GSD file layer for the types of chunks. */
enum {
    BNSL__GSD_U8 = 1,
    BNSL__GSD_U16 = 2,
    BNSL__GSD_U32 = 3,
    BNSL__GSD_U64 = 4,
    BNSL__GSD_I8 = 5,
    BNSL__GSD_I16 = 6,
    BNSL__GSD_I32 = 7,
    BNSL__GSD_I64 = 8,
    BNSL__GSD_F32 = 9,
    BNSL__GSD_F64 = 10,
    BNSL__GSD_TEXT = 11
};

/* A quantity whose name has a meaning, with what GSD's hoomd schema says of it. */
struct bnsl__quantity {
    const char *name;
    int32_t columns;
    uint8_t gsd_type;
    const char *chunk;
    double initial[4]; /* value of a particle where a file says nothing */
};
enum { BNSL__N_QUANTITIES = 10 };
extern const struct bnsl__quantity bnsl__quantities[BNSL__N_QUANTITIES];

/* The quantity of that name, or NULL. */
const struct bnsl__quantity *bnsl__quantity(const char *name);

/* Frees what the frame holds; it is then empty. */
void bnsl__frame_clear(bnsl_io_frame *frame);

/* Moves everything from src, which becomes empty, to dst, whose old contents are freed. */
void bnsl__frame_move(bnsl_io_frame *dst, bnsl_io_frame *src);

/* Adds a type of length bytes; *index_out is its number, also that of an equal one that is there already. */
bnsl_status bnsl__frame_add_type(bnsl_io_frame *frame, const char *name, int64_t length, int32_t *index_out, const char *func);

/* The array of that name, or NULL. */
struct bnsl__array *bnsl__frame_array(const bnsl_io_frame *frame, const char *name);

/* Adds an array, or replaces one, and returns its values, not yet set; NULL: no memory, nothing changed. */
double *bnsl__frame_new_array(bnsl_io_frame *frame, const char *name, int32_t columns);

/* Whether an array of that name may hold these values: columns and values of the quantities with a meaning. */
bnsl_status bnsl__frame_check_array(const char *name, int32_t columns, int64_t n, const double *values, const char *func);

/* Adds or replaces a number; false: no memory. */
bool bnsl__frame_set_scalar(bnsl_io_frame *frame, const char *name, double value);

/* Copies length bytes to a name of a frame, other characters than [A-Za-z0-9_] as '_'; false: empty or too long. */
bool bnsl__clean_name(char dst[BNSL__NAME_SIZE], const char *src, int64_t length);

/* ---- text under construction (text.c); also used for bytes ------------------------------------------------ */

struct bnsl__text {
    char *data;
    int64_t length, capacity;
};
/* Each returns false when there is no memory; the text is then as before. */
bool bnsl__text_add(struct bnsl__text *text, const void *bytes, int64_t n);
bool bnsl__text_string(struct bnsl__text *text, const char *string);
bool bnsl__text_double(struct bnsl__text *text, double value);
bool bnsl__text_int64(struct bnsl__text *text, int64_t value);

/* Makes room for n more bytes and counts them; NULL: no memory. */
char *bnsl__text_extend(struct bnsl__text *text, int64_t n);

/* ---- little-endian numbers --------------------------------------------------------------------------- */

static inline void bnsl__put_u64(unsigned char *p, uint64_t v, int n_bytes)
{
    for (int i = 0; i < n_bytes; i++)
        p[i] = (unsigned char)(v >> 8 * i);
}

static inline uint64_t bnsl__get_u64(const unsigned char *p, int n_bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < n_bytes; i++)
        v |= (uint64_t)p[i] << 8 * i;
    return v;
}

static inline void bnsl__put_f32(unsigned char *p, float v)
{
    uint32_t bits;
    memcpy(&bits, &v, sizeof bits);
    bnsl__put_u64(p, bits, 4);
}

static inline void bnsl__put_f64(unsigned char *p, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    bnsl__put_u64(p, bits, 8);
}

/* ---- GSD ---------------------------------------------------------------------------------------------- */

#define BNSL__GSD_MAGIC UINT64_C(0x65DF65DF65DF65DF)
#define BNSL__GSD_PERIODIC "log/bnsl/periodic" /* ours: bits of bnsl_box.periodic, absent in fully periodic files */
enum {
    BNSL__GSD_HEADER_SIZE = 256,
    BNSL__GSD_ENTRY_SIZE = 32,
    BNSL__GSD_NAME_UNIT = 64, /* the name list is allocated in units of this size */
    BNSL__GSD_NAMES_MAX = 65535,
    BNSL__CHUNK_NAME_SIZE = 80 /* "log/particles/" and a name */
};

/* Bytes of one value of a type; 0 for numbers that are no type. */
int bnsl__gsd_size(int type);

struct bnsl__gsd_entry {
    int64_t frame, n, location;
    int64_t m;
    int32_t id;
    uint8_t type;
};

/* A GSD file open for reading: its index and its names are in memory, its data are not. */
struct bnsl__gsd_file {
    struct bnsl__input in;
    const char *path; /* borrowed */
    int64_t n_entries, n_frames;
    struct bnsl__gsd_entry *entries; /* by frame */
    int32_t n_names;
    char *name_bytes;
    char **names; /* into name_bytes */
};
bnsl_status bnsl__gsd_open(struct bnsl__gsd_file *file, const char *path, const char *func);
void bnsl__gsd_close(struct bnsl__gsd_file *file);
bnsl_status bnsl__gsd_read(const struct bnsl__gsd_file *file, int64_t frame, bnsl_io_frame *frame_out, const char *func);

/* A chunk that reading and writing again would lose ("bonds/group"), or NULL. */
const char *bnsl__gsd_unreadable(const struct bnsl__gsd_file *file);

/* One frame in the form of chunks. */
struct bnsl__gsd_chunk {
    char name[BNSL__CHUNK_NAME_SIZE];
    uint8_t type;
    int64_t n, m, offset; /* offset into the bytes of the code */
    int32_t id;           /* number of the name in the file */
};
struct bnsl__gsd_code {
    int64_t n_chunks, cap_chunks;
    struct bnsl__gsd_chunk *chunks;
    struct bnsl__text bytes;
};
void bnsl__gsd_code_free(struct bnsl__gsd_code *code);
const struct bnsl__gsd_chunk *bnsl__gsd_code_find(const struct bnsl__gsd_code *code, const char *name);

/* Encodes a frame; first: the code of the file's frame 0, NULL when this is it. Left out: what a reader takes from frame 0. */
bnsl_status bnsl__gsd_encode(const bnsl_io_frame *frame, const struct bnsl__gsd_code *first, struct bnsl__gsd_code *code, const char *func);

/*
 * Position of a particle for a file: r wrapped into the box along its periodic axes and rounded to float so that
 * -1/2 <= s < 1/2 still holds; crossed: the cells that this moved it back by. Returns the axis along which it lies outside a
 * box that is not periodic there (0, 1, 2), else -1. The box holds floats.
 */
int bnsl__gsd_wrap(const bnsl_box *box, const double r[3], float r_out[3], double crossed[3]);

/* A GSD file being written. */
struct bnsl__gsd_writer {
    int64_t end; /* where the next frame begins */
    int64_t n_frames;
    int64_t n_entries, cap_entries; /* all frames */
    unsigned char *entries;         /* encoded */
    int64_t n_flushed;              /* entries that are in the file */
    int64_t index_location, index_capacity;
    struct bnsl__text names; /* each with its NUL */
    int32_t n_names;
    int64_t names_location, names_units;
    struct bnsl__gsd_code first;
    struct {
        int64_t end, n_entries, index_location, index_capacity;
    } committed; /* as at the last commit */
};
void bnsl__gsd_writer_init(struct bnsl__gsd_writer *writer);
void bnsl__gsd_writer_free(struct bnsl__gsd_writer *writer);
bnsl_status bnsl__gsd_append(struct bnsl__gsd_writer *writer, const struct bnsl__output *out, const bnsl_io_frame *frame, const char *func);
bnsl_status bnsl__gsd_commit(struct bnsl__gsd_writer *writer, struct bnsl__output *out, const char *func);

/* Takes out of a published file what no header points to. */
bnsl_status bnsl__gsd_roll_back(const struct bnsl__gsd_writer *writer, struct bnsl__output *out, const char *func);

/* ---- extended XYZ --------------------------------------------------------------------------------------- */

/* An XYZ file open for reading: where its frames are. */
struct bnsl__xyz_span {
    int64_t begin, end; /* bytes; end is behind the newline of the last line */
    int64_t line, n;    /* number of the first line, from 1; particles */
};
struct bnsl__xyz_file {
    struct bnsl__input in;
    const char *path; /* borrowed */
    int64_t n_frames, cap_frames;
    struct bnsl__xyz_span *spans;
};
bnsl_status bnsl__xyz_open(struct bnsl__xyz_file *file, const char *path, const char *func);
void bnsl__xyz_close(struct bnsl__xyz_file *file);
bnsl_status bnsl__xyz_read(const struct bnsl__xyz_file *file, int64_t frame, bnsl_io_frame *frame_out, const char *func);

/* Where in a message: "frame 3, line 120". */
struct bnsl__xyz_place {
    const char *path, *func;
    int64_t frame, line;
};
bnsl_status bnsl__xyz_fail(const struct bnsl__xyz_place *place, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What the second line of a frame says. */
struct bnsl__xyz_comment {
    bool has_lattice, has_origin, has_pbc;
    double lattice[9], origin[3];
    int32_t periodic;
    const char *properties, *types; /* into the line; NULL when not there */
    int64_t properties_length, types_length;
};
/* Reads it; the step and the numbers go to the frame. */
bnsl_status bnsl__xyz_parse_comment(const struct bnsl__xyz_place *place, const char *line, int64_t length, struct bnsl__xyz_comment *comment,
                                    bnsl_io_frame *frame);

/* Names that a column or a number of a file may not have, because the format uses them for something else. */
bool bnsl__xyz_is_reserved(const char *name);

/* Text of a frame, added to text. */
bnsl_status bnsl__xyz_encode(const bnsl_io_frame *frame, struct bnsl__text *text, const char *func);

/* ---- readers (reader.c) ------------------------------------------------------------------------------------ */

struct bnsl_io_reader {
    int32_t format; /* BNSL_FILE_GSD or BNSL_FILE_XYZ */
    char *path;
    struct bnsl__gsd_file gsd;
    struct bnsl__xyz_file xyz;
};

/* BNSL_FILE_GSD or BNSL_FILE_XYZ by the ending of path, BNSL_FILE_AUTO when it tells nothing. */
int32_t bnsl__format_of(const char *path);

/* ---- tables (table_read.c) ----------------------------------------------------------------------------------- */

struct bnsl_io_table {
    int64_t n_rows, cap_values, cap_lines;
    int32_t n_columns;
    double *values;
    int64_t *lines; /* number of the line of each row, from 1 */
    struct bnsl__text header;
};

/* ---- units (unit.c) ---------------------------------------------------------------------------------------- */

/* BNSL_UNIT_PER_NM or _PER_ANGSTROM, whichever the text states for q; BNSL_UNIT_FROM_FILE: neither, or both. */
int32_t bnsl__stated_unit(const char *text);

#endif
