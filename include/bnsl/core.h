/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file core.h
 * Status codes and messages, run control, counter-based random numbers, number parsing, version.
 *
 * Rules that hold for the whole library:
 *  - A function that can fail returns bnsl_status: 0, or a negative code; it then has set a one-line
 *    message for the calling thread (bnsl_error_message). Outputs are untouched on failure unless stated; a function that makes
 *    an object sets its out to NULL.
 *  - bnsl_x_create() hands an object to the caller, who ends it with bnsl_x_destroy() (NULL is allowed).
 *  - Positions are n x 3 doubles, row-major and contiguous.
 *  - Different objects may be used from different threads at the same time; functions that take a
 *    const object may run concurrently on one object.
 *  - The library never prints, exits, aborts, or changes the locale, the floating-point mode, signal
 *    handlers or OpenMP's settings of its host.
 */
#ifndef BNSL_CORE_H
#define BNSL_CORE_H

#include <stddef.h>
#include <stdint.h>

#include <bnsl/version.h>

#if defined(__GNUC__) || defined(__clang__)
#define BNSL_API __attribute__((visibility("default")))
#else
#define BNSL_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** 0 on success, else one of the negative codes below. */
typedef int32_t bnsl_status;

/** X(name, number, text): every status. Numbers are never reused or changed. */
#define BNSL_STATUS_LIST(X)                                                      \
    X(BNSL_OK, 0, "success")                                                     \
    X(BNSL_EINVAL, -1, "invalid argument")                                       \
    X(BNSL_ENOMEM, -2, "out of memory")                                          \
    X(BNSL_EDOMAIN, -3, "outside the range where the result is defined")         \
    X(BNSL_ENUMERIC, -4, "numerical failure")                                    \
    X(BNSL_ENOCONV, -5, "no convergence")                                        \
    X(BNSL_EBUFFER, -6, "the caller's array is too small")                       \
    X(BNSL_ECANCELLED, -7, "cancelled")                                          \
    X(BNSL_EFORMAT, -8, "malformed file or text")                                \
    X(BNSL_EIO, -9, "input or output failed")                                    \
    X(BNSL_EUNSUPPORTED, -10, "not available in this build")                     \
    X(BNSL_EINTERNAL, -11, "internal error, please report it")

enum {
#define BNSL_STATUS_ENUM(name, number, text) name = (number),
    BNSL_STATUS_LIST(BNSL_STATUS_ENUM)
#undef BNSL_STATUS_ENUM
};

/**
 * Message of the last failure on this thread: one line, "function: value and what is allowed".
 * Never NULL; meaningful right after a call on the same thread returned a non-zero status.
 * Borrowed: valid until the next failing call on this thread.
 */
BNSL_API const char *bnsl_error_message(void);

/** Name of a status, "BNSL_EINVAL"; "unknown status" for other numbers. Static storage. */
BNSL_API const char *bnsl_status_name(bnsl_status status);

/** One-phrase text of a status, "invalid argument"; "unknown status" for other numbers. Static storage. */
BNSL_API const char *bnsl_status_text(bnsl_status status);

/** Version of the library that is linked, 10000 * major + 100 * minor + patch (header: BNSL_VERSION_NUMBER). */
BNSL_API int32_t bnsl_version_number(void);

/** Version of the library that is linked, "major.minor.patch". Static storage. */
BNSL_API const char *bnsl_version_string(void);

/** 1 if the library was built with a feature ("openmp"; "avx2", "avx512": kernels for them; "expat", "hdf5":
 * curves in canSAS XML and NXcanSAS), else 0. NULL gives 0. */
BNSL_API int32_t bnsl_has_feature(const char *name);

/** Instruction sets of the hot kernels. */
enum {
    BNSL_ISA_AUTO = 0,     /**< the best one that this processor and this build have */
    BNSL_ISA_BASELINE = 1, /**< what the compiler's target guarantees */
    BNSL_ISA_AVX2 = 2,
    BNSL_ISA_AVX512 = 3
};

/** The instruction set that BNSL_ISA_AUTO stands for on this machine (BNSL_ISA_BASELINE, _AVX2 or _AVX512). */
BNSL_API int32_t bnsl_cpu_isa(void);

/* ---- control of long calls ------------------------------------------------------------------------- */

/** Progress and cancellation of one long call. */
typedef struct bnsl_control bnsl_control;

/**
 * Progress callback: done of total units of work. Called on the thread that made the long call, some
 * ten times a second at most. Returns 0 to go on, non-zero to stop: the call then returns BNSL_ECANCELLED.
 */
typedef int32_t (*bnsl_progress_fn)(void *user, int64_t done, int64_t total);

/** New control without callback, not cancelled. @return BNSL_OK, BNSL_EINVAL (out is NULL), BNSL_ENOMEM. */
BNSL_API bnsl_status bnsl_control_create(bnsl_control **out);

/** Ends a control; NULL is allowed. */
BNSL_API void bnsl_control_destroy(bnsl_control *control);

/** Sets or clears (fn NULL) the progress callback. Not while a call that uses the control runs. @return BNSL_OK, BNSL_EINVAL. */
BNSL_API bnsl_status bnsl_control_set_progress(bnsl_control *control, bnsl_progress_fn fn, void *user);

/** Asks the running call to stop; one atomic store: safe from any thread and from a signal handler. NULL is ignored. */
BNSL_API void bnsl_control_cancel(bnsl_control *control);

/** Forgets an earlier cancel, so that the control can be used again. NULL is ignored. */
BNSL_API void bnsl_control_reset(bnsl_control *control);

/** 1 after bnsl_control_cancel, else 0; NULL gives 0. Any thread. */
BNSL_API int32_t bnsl_control_is_cancelled(const bnsl_control *control);

/* ---- random numbers -------------------------------------------------------------------------------- */

/**
 * One block of Philox4x32-10 [Salmon, Moraes, Dror, Shaw, SC'11, doi 10.1145/2063384.2063405].
 *
 * @param counter  4 words
 * @param key      2 words
 * @param out      4 words, may alias counter
 * Pure function; any thread. No argument may be NULL.
 */
BNSL_API void bnsl_philox4x32(const uint32_t *counter, const uint32_t *key, uint32_t *out);

/**
 * Uniform random numbers in the open interval (0, 1), 53 bits each, addressed by coordinates:
 * the same (seed, stream, index, step) always gives the same numbers, in any order of calls.
 *
 * @param seed, stream, index, step  coordinates; index and step are taken modulo 2^48 and 2^63
 * @param n    how many consecutive numbers, 0 .. 131072
 * @param out  n doubles
 * @return BNSL_OK, BNSL_EINVAL. Any thread.
 */
BNSL_API bnsl_status bnsl_random_uniform(uint64_t seed, uint32_t stream, uint64_t index, uint64_t step, int64_t n, double *out);

/** Standard normal random numbers by Box-Muller on bnsl_random_uniform's numbers; arguments and errors as there. */
BNSL_API bnsl_status bnsl_random_normal(uint64_t seed, uint32_t stream, uint64_t index, uint64_t step, int64_t n, double *out);

/* ---- numbers in text ------------------------------------------------------------------------------- */

/**
 * Decimal number at the start of text, whatever the locale: [+-]digits[.digits][(e|E|d|D)[+-]digits], inf, nan.
 * Correctly rounded.
 *
 * @param text      length bytes; need not end in NUL
 * @param used_out  bytes read, or NULL: then the whole of text must be the number
 * @return BNSL_OK; BNSL_EFORMAT: no number here, or text after it; BNSL_EINVAL: NULL or length < 0. Any thread.
 */
BNSL_API bnsl_status bnsl_parse_double(const char *text, int64_t length, double *value_out, int64_t *used_out);

/** As bnsl_parse_double for a decimal integer [+-]digits that fits in 64 bits. */
BNSL_API bnsl_status bnsl_parse_int64(const char *text, int64_t length, int64_t *value_out, int64_t *used_out);

#ifdef __cplusplus
}
#endif
#endif
