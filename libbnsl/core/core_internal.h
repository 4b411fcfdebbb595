/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every module shares: failure messages, options, memory, GSL calls, sums, number formatting, threads. */
#ifndef BNSL_CORE_INTERNAL_H
#define BNSL_CORE_INTERNAL_H

#include <stdbool.h>

#include <bnsl/core.h>

/* Stores "func: text" as the calling thread's message (control characters become '?') and returns status. */
bnsl_status bnsl__fail(bnsl_status status, const char *func, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* return BNSL_FAIL(BNSL_EINVAL, "dt is %g, must be > 0", dt); names the public function it stands in. */
#define BNSL_FAIL(status, ...) bnsl__fail((status), __func__, __VA_ARGS__)

/*
 * Options structs. dst holds the defaults (known bytes, struct_size set by the caller); what src has is copied over it.
 * A longer src is accepted when its tail is zero. func: the public function, for the message.
 */
bnsl_status bnsl__options_load(void *dst, size_t known, const void *src, const char *type, const char *func);

/* The other way round: fills a caller's struct, as much of it as the caller knows (dst's struct_size is set). */
bnsl_status bnsl__options_store(void *dst, const void *src, size_t known, const char *type, const char *func);

/* Body of every bnsl_x_options_init: zeroes struct_size bytes, copies the defaults, stores struct_size. */
bnsl_status bnsl__options_init(void *dst, size_t struct_size, const void *defaults, size_t known, const char *func);

/* Memory for n objects of size bytes: NULL when it is not there or n * size overflows or n < 0; n == 0 gives a valid pointer. End with free(). */
void *bnsl__alloc(int64_t n, size_t size);
void *bnsl__calloc(int64_t n, size_t size);

/* Grows *array (n objects of size) to hold at least n_wanted, by half its size at a time; false: no memory, nothing changed. */
bool bnsl__reserve(void **array, int64_t *n_capacity, int64_t n_wanted, size_t size);
/* The same at a boundary of 64 bytes; new elements are 0. An eighth more than wanted. */
bool bnsl__reserve_aligned(void **array, int64_t *n_capacity, int64_t n_wanted, size_t size);

/* A message for no memory. */
#define BNSL_NOMEM() BNSL_FAIL(BNSL_ENOMEM, "out of memory")

/* GSL must not abort the host: surround calls by enter and leave, and check every return code as well. leave returns the last GSL error. */
void bnsl__gsl_enter(void);
int bnsl__gsl_leave(void);

/* FFTW plans are made and destroyed between lock and unlock, with these flags: the planner is not thread safe, and the same length must
 * give the same bits on every machine. Plans are executed without the lock. */
void bnsl__fftw_lock(void);
void bnsl__fftw_unlock(void);
unsigned bnsl__fftw_flags(void);

/* Sum of n values, bitwise the same for any number of threads: chunks of fixed length, added in order. */
double bnsl__sum(int64_t n, const double *values, int32_t num_threads);

/* num_threads option to a thread count >= 1 (1 without OpenMP). */
int bnsl__threads(int32_t num_threads);

/* Number of this thread in the parallel region that it is in: 0 is the calling one (and outside of a region, and without OpenMP). */
int bnsl__thread_number(void);
/* How many threads this region has: those asked for, or fewer. */
int bnsl__team_size(void);

/* Shortest decimal text that reads back as value, '.' whatever the locale; at most 31 bytes and a NUL. Returns its length. */
int bnsl__format_double(char *buffer, double value);

/* True when every one of n values is finite; else *where is the first index that is not. */
bool bnsl__all_finite(int64_t n, const double *values, int64_t *where);

/* The Philox key of a (seed, stream). */
void bnsl__random_key(uint64_t seed, uint32_t stream, uint32_t key[2]);

/* Progress: calls the callback when some 0.1 s have passed since the last call (or done == total).
 * Returns true when the caller should stop, for a cancel or by the callback. control may be NULL. Only on the calling thread. */
bool bnsl__control_stop(bnsl_control *control, int64_t done, int64_t total);
/* The same in two: whether there is a cancel or a callback to come, so that the caller can put its object in order first; and, if so, that. */
bool bnsl__control_due(const bnsl_control *control, int64_t done, int64_t total);
bool bnsl__control_ask(bnsl_control *control, int64_t done, int64_t total);

/* CRC-32 of n bytes; 0xCBF43926 for "123456789". */
uint32_t bnsl__crc32(int64_t n, const unsigned char *bytes);

/* ---- files (file.c) ---------------------------------------------------------------------------------- */

/* A file open for reading. */
struct bnsl__input {
    int fd;
    int64_t size;
};
bnsl_status bnsl__input_open(struct bnsl__input *in, const char *path, const char *func);
void bnsl__input_close(struct bnsl__input *in);

/* Reads exactly n bytes; BNSL_EFORMAT when the file is shorter (it may have shrunk). */
bnsl_status bnsl__input_read(const struct bnsl__input *in, const char *path, int64_t offset, void *dst, int64_t n, const char *func);

/* A file being written: under a temporary name beside path until it is published. */
struct bnsl__output {
    int fd;
    bool overwrite, published;
    char *path, *temporary;
};
bnsl_status bnsl__output_create(struct bnsl__output *out, const char *path, bool overwrite, const char *func);
bnsl_status bnsl__output_write(const struct bnsl__output *out, int64_t offset, const void *src, int64_t n, const char *func);
bnsl_status bnsl__output_sync(const struct bnsl__output *out, const char *func);

/* Cuts the file to length, syncs it, and gives it its name unless it has it already. */
bnsl_status bnsl__output_publish(struct bnsl__output *out, int64_t length, const char *func);

/* A published file of length bytes: goes on in a copy under a new temporary name. */
bnsl_status bnsl__output_fork(struct bnsl__output *out, int64_t length, const char *func);

/* Closes; a file that was never published is removed. */
void bnsl__output_close(struct bnsl__output *out);

/* A whole file at once: path is replaced when data is complete and synced. */
bnsl_status bnsl__output_whole(const char *path, const void *data, int64_t length, bool overwrite, const char *func);

/* The whole file in memory, with a NUL after it; free(). */
bnsl_status bnsl__input_slurp(const char *path, char **text_out, int64_t *length_out, const char *func);

/* ---- time, instruction sets ---------------------------------------------------------------------------- */

/* Seconds of a monotonic clock. */
double bnsl__now(void);

/* Instruction set to use for an option value: AUTO resolved, one that this machine lacks lowered. */
int32_t bnsl__isa(int32_t wanted);

/*
 * Kernels. A file libbnsl/<module>/kernel_<name>.c is compiled once for each instruction set; it defines its functions as
 * BNSL_KERNEL(bnsl__name), and the module's internal header declares the variants (_baseline, _avx2, _avx512). Kernels must give the
 * same bits on every instruction set: groups of 8 lanes added in a fixed tree, no fused multiply-add, no libm but sqrt.
 */
#ifdef BNSL_KERNEL_SUFFIX
#define BNSL_KERNEL_PASTE2(a, b) a##b
#define BNSL_KERNEL_PASTE(a, b) BNSL_KERNEL_PASTE2(a, b)
#define BNSL_KERNEL(name) BNSL_KERNEL_PASTE(name, BNSL_KERNEL_SUFFIX)
#endif

#ifdef BNSL_HAVE_ISA_VARIANTS
/* expression choosing one of three pointers by an isa of bnsl__isa() */
#define BNSL_KERNEL_PICK(isa, name) ((isa) == BNSL_ISA_AVX512 ? name##_avx512 : (isa) == BNSL_ISA_AVX2 ? name##_avx2 : name##_baseline)
#else
#define BNSL_KERNEL_PICK(isa, name) ((void)(isa), name##_baseline)
#endif

#endif
