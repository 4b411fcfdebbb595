/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file io.h
 * Files: particle trajectories (GSD, extended XYZ), tables (TSV), scattering curves (columns, canSAS XML, NXcanSAS) and series.
 * Numbers are read and written independently of the locale. New files appear under their name only when complete.
 */
#ifndef BNSL_IO_H
#define BNSL_IO_H

#include <bnsl/box.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- a frame ---------------------------------------------------------------------------------------- */

/**
 * One snapshot in memory: box, step, particles of named types, and named arrays of doubles, one row a particle.
 * Names with a meaning: "position" (3, finite), "velocity" (3), "image" (3, whole numbers), "mass" (1), "diameter" (1), and HOOMD-blue's
 * "charge" (1), "body" (1, whole numbers), "orientation" (4), "moment_inertia" (3), "angmom" (4); others are results ("crystalline", "q6", ...).
 */
typedef struct bnsl_io_frame bnsl_io_frame;

/** Empty frame: 0 particles, unit box, step 0. @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_io_frame_create(bnsl_io_frame **out);

/** Ends a frame; NULL is allowed. */
BNSL_API void bnsl_io_frame_destroy(bnsl_io_frame *frame);

/**
 * Replaces everything in the frame.
 * @param box       validated and copied
 * @param step      >= 0
 * @param n         particles
 * @param xyz       n x 3, finite, copied
 * @param type_index   n values 0 .. number of types - 1, or NULL: all 0
 * @param types     different type names separated by commas, "L,S"; 1 .. 63 bytes each, at most 4096
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_frame_set(bnsl_io_frame *frame, const bnsl_box *box, int64_t step, int64_t n, const double *xyz,
                                       const int32_t *type_index, const char *types);

/**
 * Gives the types of the frame other names; everything else stays.
 * @param types  as in bnsl_io_frame_set, as many as the frame has
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_frame_rename_types(bnsl_io_frame *frame, const char *types);

/**
 * Adds or replaces a named array.
 * @param name     1 .. 63 bytes of [A-Za-z0-9_]
 * @param columns  1 .. 16
 * @param values   n x columns, copied; those of a name with a meaning as it says above
 * @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_frame_set_array(bnsl_io_frame *frame, const char *name, int32_t columns, const double *values);

/** Adds or replaces a named number of the whole frame ("phi", "kT"); name as above. @return BNSL_OK, BNSL_EINVAL, BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_io_frame_set_scalar(bnsl_io_frame *frame, const char *name, double value);

/** Particles; 0 for NULL. */
BNSL_API int64_t bnsl_io_frame_n(const bnsl_io_frame *frame);

/** Time step of the frame; 0 for NULL. */
BNSL_API int64_t bnsl_io_frame_step(const bnsl_io_frame *frame);

/** Box of the frame. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_io_frame_box(const bnsl_io_frame *frame, bnsl_box *out);

/** Number of types; 0 for NULL. */
BNSL_API int32_t bnsl_io_frame_n_types(const bnsl_io_frame *frame);

/** Name of type i; NULL when there is none. Borrowed until the frame changes. */
BNSL_API const char *bnsl_io_frame_type_name(const bnsl_io_frame *frame, int32_t i);

/** Type index of each particle, n values. Borrowed until the frame changes; NULL when empty. */
BNSL_API const int32_t *bnsl_io_frame_type_index_view(const bnsl_io_frame *frame);

/**
 * A named array, n x columns. Borrowed until the frame changes.
 * @return BNSL_OK; BNSL_EINVAL: the frame has no such array (the message lists those it has).
 */
BNSL_API bnsl_status bnsl_io_frame_array_view(const bnsl_io_frame *frame, const char *name, int32_t *columns_out, const double **values_out);

/** Number of named arrays ("position" among them); 0 for NULL. */
BNSL_API int32_t bnsl_io_frame_n_arrays(const bnsl_io_frame *frame);

/** Name of array i in the order of insertion; NULL when there is none. Borrowed until the frame changes. */
BNSL_API const char *bnsl_io_frame_array_name(const bnsl_io_frame *frame, int32_t i);

/** A named number. @return BNSL_OK; BNSL_EINVAL: the frame has no such number (the message lists those it has). */
BNSL_API bnsl_status bnsl_io_frame_scalar(const bnsl_io_frame *frame, const char *name, double *value_out);

/** Number of named numbers; 0 for NULL. */
BNSL_API int32_t bnsl_io_frame_n_scalars(const bnsl_io_frame *frame);

/** Name of number i in the order of insertion; NULL when there is none. Borrowed until the frame changes. */
BNSL_API const char *bnsl_io_frame_scalar_name(const bnsl_io_frame *frame, int32_t i);

/* ---- trajectories ------------------------------------------------------------------------------------ */

/** File formats. */
enum {
    BNSL_FILE_AUTO = 0, /**< by name (.gsd, .xyz, .extxyz), when reading by content too */
    BNSL_FILE_GSD = 1,  /**< GSD 2.0, schema hoomd 1.4 */
    BNSL_FILE_XYZ = 2   /**< extended XYZ, as many digits as it takes to read back the same numbers */
};

/*
 * What the formats keep of a frame (bnsl-formats(5) has the details):
 *  - GSD rounds the box and the named quantities to float and wraps the positions into that box, along its periodic axes; the images
 *    are changed with them, and written when one is not zero. A particle outside along an axis that is not periodic is an error.
 *    Results keep every bit. Each frame must have the results and numbers of the first; a velocity, mass, ... may come and go,
 *    and is then 0, 1, ... as the schema says. That a box is not periodic is known to this library alone (log/bnsl/periodic).
 *  - XYZ keeps all of it, but for the last bit of a tilt. Read cells may lie anywhere and in any orientation: they are moved and turned
 *    to bnsl_box's convention, positions and velocities with them (other vectors stay). A file without a cell is read as a free
 *    system in a box that encloses it, with the positions as they are.
 */

/** A trajectory file open for reading. */
typedef struct bnsl_io_reader bnsl_io_reader;

/** A trajectory file being written. */
typedef struct bnsl_io_writer bnsl_io_writer;

/** Opens a trajectory. @return BNSL_OK; BNSL_EIO: cannot be read; BNSL_EFORMAT: what and where; BNSL_EUNSUPPORTED: unknown format; BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_io_reader_open(bnsl_io_reader **out, const char *path, int32_t format);

/** Closes; NULL is allowed. */
BNSL_API void bnsl_io_reader_close(bnsl_io_reader *reader);

/** Number of frames; 0 for NULL. */
BNSL_API int64_t bnsl_io_reader_n_frames(const bnsl_io_reader *reader);

/**
 * Reads a frame; every array and number the file has is in it (GSD: log/particles/NAME as array NAME, log/NAME as number NAME).
 * @param i          0 .. n_frames - 1, or negative: counted from the end, -1 is the last
 * @param frame_out  replaced
 * @return BNSL_OK; BNSL_EINVAL: no such frame; BNSL_EFORMAT, BNSL_EIO, BNSL_ENOMEM: the frame is then empty.
 */
BNSL_API bnsl_status bnsl_io_reader_read(bnsl_io_reader *reader, int64_t i, bnsl_io_frame *frame_out);

/**
 * Starts a trajectory. The data go to a temporary file beside path, which takes its name at the first commit; what was there before stays
 * until then. A writer belongs to one thread, a path to one writer.
 * @param overwrite  0: BNSL_EIO when path exists
 * @return BNSL_OK, BNSL_EIO, BNSL_EUNSUPPORTED (unknown name ending), BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_writer_create(bnsl_io_writer **out, const char *path, int32_t format, int32_t overwrite);

/**
 * Continues an existing GSD or XYZ trajectory after its first n_keep frames (later ones are dropped).
 * The bytes of the finished file depend on the frames alone, not on how often it was continued or committed.
 * The kept frames are copied: O(size) once; path is as it was until the first commit.
 * @return as bnsl_io_writer_create and bnsl_io_reader_open; BNSL_EINVAL: fewer than n_keep frames; BNSL_EUNSUPPORTED: another program's
 *         GSD file that holds what a frame cannot (bonds, shapes).
 */
BNSL_API bnsl_status bnsl_io_writer_continue(bnsl_io_writer **out, const char *path, int32_t format, int64_t n_keep);

/**
 * Appends a frame. After a failure the file is as before the call.
 * @return BNSL_OK, BNSL_EIO, BNSL_EINVAL (the format cannot hold it), BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_writer_append(bnsl_io_writer *writer, const bnsl_io_frame *frame);

/**
 * Makes what was appended so far readable under path (complete file, synced), and goes on. A crash at any time leaves path as it was at
 * the last commit. Cost: GSD, what was appended since; XYZ, the size of the file from the second commit on.
 * @return BNSL_OK, BNSL_EIO; BNSL_EINVAL: nothing was appended.
 */
BNSL_API bnsl_status bnsl_io_writer_commit(bnsl_io_writer *writer);

/**
 * Commits and ends the writer, whatever the status. NULL is allowed.
 * @return BNSL_OK, BNSL_EIO; BNSL_EINVAL: nothing was appended, path is as it was.
 */
BNSL_API bnsl_status bnsl_io_writer_close(bnsl_io_writer *writer);

/** Ends the writer without committing: path is as it was at the last commit. NULL is allowed. */
BNSL_API void bnsl_io_writer_abandon(bnsl_io_writer *writer);

/* ---- tables ------------------------------------------------------------------------------------------ */

/**
 * Writes a table of numbers as tab-separated text.
 *
 * @param header     lines before the data, each written with "# " in front; the last one names the columns and units,
 *                   separated by tabs ("q (nm^-1)\tS"); lines are separated by newlines
 * @param n_rows, n_columns, values  row-major; as many digits as it takes to read back the same numbers; NaN is written as nan
 * @param overwrite  0: BNSL_EIO when path exists
 * @return BNSL_OK, BNSL_EIO, BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_table_write(const char *path, const char *header, int64_t n_rows, int32_t n_columns, const double *values,
                                         int32_t overwrite);

/** A table read from a file. */
typedef struct bnsl_io_table bnsl_io_table;

/**
 * Reads a table of numbers: columns separated by blanks, tabs, commas or semicolons, lines ending in LF, CR or CRLF; lines that start with
 * #, % or ; are comments. Lines that are not numbers alone before the data are its heading; after it they are errors.
 * @return BNSL_OK; BNSL_EIO; BNSL_EFORMAT names the line: rows of different length, no data; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_table_read(bnsl_io_table **out, const char *path);

/** Ends a table; NULL is allowed. */
BNSL_API void bnsl_io_table_destroy(bnsl_io_table *table);

/** Size and values, row-major, borrowed until destroy; each output may be NULL. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_io_table_view(const bnsl_io_table *table, int64_t *n_rows_out, int32_t *n_columns_out, const double **values_out);

/** Comment and heading lines, separated by newlines, markers removed; "" without any. Borrowed until destroy. */
BNSL_API const char *bnsl_io_table_header(const bnsl_io_table *table);

/* ---- scattering curves ------------------------------------------------------------------------------- */

/** Unit of q in a file. */
enum {
    BNSL_UNIT_FROM_FILE = 0,      /**< as the file states it; BNSL_EFORMAT when it does not */
    BNSL_UNIT_PER_NM = 1,
    BNSL_UNIT_PER_ANGSTROM = 2
};

/** A scattering curve in memory, q in nm^-1. */
typedef struct bnsl_io_curve bnsl_io_curve;

/**
 * Reads a curve. The contents of the file tell its format:
 *
 * - a table of 2 (q, I), 3 (q, I, sigma) or 4 (q, I, sigma, sigma_q) columns, as in bnsl_io_table_read. Its unit is stated by a
 *   heading or comment that holds "nm^-1", "1/nm", "1/A", "A^-1" (or the letter with a ring), or, when none of these is there, "Angstrom";
 * - canSAS1D XML 1.0 and 1.1, with expat: Q, I, Idev and Qdev of each Idata, the unit attribute of Q. Documents that declare entities,
 *   are nested deeper than 100 elements or have more than 256 MiB are refused;
 * - NXcanSAS, with HDF5, in today's dialect (canSAS_class, units, uncertainties) and the older one (NX_class, unit, uncertainty).
 *
 * Points with q <= 0, and those with a NaN, are left out and counted; an infinite value is an error.
 *
 * @param unit  BNSL_UNIT_*; one that is given is believed whatever the file says
 * @return BNSL_OK; BNSL_EIO; BNSL_EFORMAT: line and reason (also: the unit is neither in the file nor given; the file holds several
 *         curves, whose names the message has); BNSL_EUNSUPPORTED: built without expat or HDF5; BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_curve_read(bnsl_io_curve **out, const char *path, int32_t unit);

/**
 * Reads one of the curves of a file: of every SASdata in its order.
 * @param entry  0 .. bnsl_io_curve_n_entries - 1 (of any curve of the file)
 * @return as bnsl_io_curve_read; BNSL_EINVAL: there is no such curve.
 */
BNSL_API bnsl_status bnsl_io_curve_read_entry(bnsl_io_curve **out, const char *path, int32_t unit, int32_t entry);

/** Number of curves in the file that the curve was read from; 0 for NULL. */
BNSL_API int64_t bnsl_io_curve_n_entries(const bnsl_io_curve *curve);

/** Title of the curve, at most 127 bytes; "" when the file has none, and for NULL. Borrowed until destroy. */
BNSL_API const char *bnsl_io_curve_name(const bnsl_io_curve *curve);

/**
 * Writes a curve, in nm^-1: canSAS1D XML 1.1 to a name that ends in .xml, columns with commas to .csv, with tabs to any other; numbers have
 * as many digits as it takes to read back the same.
 *
 * @param n, q, intensity  >= 1 points, finite, q > 0
 * @param sigma            n standard errors of the intensity, or NULL
 * @param sigma_q          n standard deviations of q, or NULL; needs sigma
 * @param overwrite        0: BNSL_EIO when path exists
 * @return BNSL_OK, BNSL_EINVAL, BNSL_EIO, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_curve_write(const char *path, int64_t n, const double *q, const double *intensity, const double *sigma,
                                         const double *sigma_q, int32_t overwrite);

/** Ends a curve; NULL is allowed. */
BNSL_API void bnsl_io_curve_destroy(bnsl_io_curve *curve);

/**
 * Borrowed arrays until destroy; each output may be NULL. sigma and sigma_q are NULL when the file has none.
 * @param n_skipped_out  rows left out because q <= 0 or a value is NaN
 */
BNSL_API bnsl_status bnsl_io_curve_view(const bnsl_io_curve *curve, int64_t *n_out, const double **q_out, const double **intensity_out,
                                     const double **sigma_out, const double **sigma_q_out, int64_t *n_skipped_out);

/* ---- series of curves -------------------------------------------------------------------------------- */

/** A series of curves on one grid of q, I(q, t), in memory: q in nm^-1, times in s. */
typedef struct bnsl_io_series bnsl_io_series;

/**
 * Reads a series from one table, a matrix: q and then one column for each frame. A heading or comment line before the numbers names q and
 * its unit and goes on with one time in seconds per frame, by custom the first line:
 *
 *     #q_nm^-1  0         28        56
 *     0.1500    3.41e-2   3.40e-2   3.42e-2
 *
 * or, where the library was built with HDF5, from an NXcanSAS file with I_axes "Time,Q" (times in s, ms, min or h; it has its own errors).
 * Separators and line ends as in bnsl_io_table_read. Rows with q <= 0 are left out and counted; q of the others increases, and so do
 * the times. An intensity that is not finite is kept as NaN: which frames are good is for the caller to say.
 *
 * @param errors_path  a second file of the same shape, times and q (to 1e-6) with the standard errors of the intensities, or NULL.
 *                     An error that is not finite is kept as NaN; a negative one is refused
 * @param unit         BNSL_UNIT_*; of both files
 * @return BNSL_OK; BNSL_EIO; BNSL_EFORMAT: line and reason (no line of times, the unit is neither in the file nor given, the two files
 *         differ in shape); BNSL_EUNSUPPORTED: built without HDF5; BNSL_EINVAL, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_series_read(bnsl_io_series **out, const char *path, const char *errors_path, int32_t unit);

/** Ends a series; NULL is allowed. */
BNSL_API void bnsl_io_series_destroy(bnsl_io_series *series);

/**
 * Borrowed arrays until destroy; each output may be NULL.
 * @param time_out       n_frames
 * @param q_out          n_q
 * @param intensity_out  n_frames x n_q, frame by frame
 * @param sigma_out      likewise; NULL without errors
 * @param n_skipped_out  rows left out because q <= 0
 * @return BNSL_OK, BNSL_EINVAL. Threads: a series may be shared.
 */
BNSL_API bnsl_status bnsl_io_series_view(const bnsl_io_series *series, int64_t *n_frames_out, int64_t *n_q_out, const double **time_out,
                                         const double **q_out, const double **intensity_out, const double **sigma_out, int64_t *n_skipped_out);

/**
 * Writes a series as such a matrix, in nm^-1 and s, with as many digits as it takes to read back the same numbers.
 *
 * @param n_frames, time  >= 1, finite and increasing
 * @param n_q, q          >= 1, > 0 and increasing
 * @param values          n_frames x n_q, frame by frame; NaN is written as nan
 * @param overwrite       0: BNSL_EIO when path exists
 * @return BNSL_OK, BNSL_EINVAL, BNSL_EIO, BNSL_ENOMEM.
 */
BNSL_API bnsl_status bnsl_io_series_write(const char *path, int64_t n_frames, const double *time, int64_t n_q, const double *q, const double *values,
                                          int32_t overwrite);

#ifdef __cplusplus
}
#endif
#endif
