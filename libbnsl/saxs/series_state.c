/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * State of a series as bytes: a head, what the next frame starts from, the phases as an anchor left them, every frame's result, a CRC-32.
 * The layout is that of the build's own structs, whose sizes stand in the head together with a checksum of model, options and q: another
 * build or another model is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "series_internal.h"

static const char MAGIC[8] = "bnslser1";

typedef struct state_head {
    char magic[8];
    uint32_t version, sizes[5], model, crc; /* crc: of all bytes but itself, which count as 0 */
    int64_t size, n_frames;
} state_head;

/* What an anchor changes of a phase. */
typedef struct state_phase {
    double a, c_over_a, a_low, a_high, a_min, a_max;
    pattern_cell looked_for;
    int32_t fit_c_over_a, anchored;
} state_phase;

static uint32_t checksum(uint32_t before, int64_t n, const void *bytes)
{
    return before * 31 + bnsl__crc32(n, bytes);
}

/* Of everything that create was given. What an anchor may change is left out. */
static uint32_t model_checksum(const bnsl_saxs_series *s)
{
    const bnsl_saxs_pattern *p = s->pattern;
    uint32_t sum = checksum(0, sizeof p->options, (const void *)&p->options);
    sum = checksum(sum, sizeof s->options, (const void *)&s->options);
    sum = checksum(sum, s->n_q * (int64_t)sizeof *s->q, (const void *)s->q);
    for (int32_t i = 0; i < p->n_phases; i++) {
        bnsl_saxs_phase_options o = p->phases[i].options;
        o.a_min = o.a_max = 0;
        o.fit_c_over_a = 0;
        sum = checksum(sum, sizeof p->phases[i].name, (const void *)p->phases[i].name);
        sum = checksum(sum, sizeof o, (const void *)&o);
    }
    return sum;
}

static state_head head_of(const bnsl_saxs_series *s, int64_t size)
{
    state_head h = {.version = BNSL_VERSION_NUMBER,
                    .sizes = {sizeof(pattern_result), sizeof(bnsl_saxs_peak), sizeof(pattern_result_line), sizeof(series_seed),
                              sizeof(bnsl_saxs_frame)},
                    .model = model_checksum(s),
                    .size = size,
                    .n_frames = s->n_frames};
    memcpy(h.magic, MAGIC, sizeof h.magic);
    return h;
}

static int64_t frame_size(const pattern_result *r)
{
    return (int64_t)(sizeof(bnsl_saxs_frame) + sizeof *r + (size_t)r->first_peak[PATTERN_MAX_PHASES] * sizeof *r->peaks +
                     (size_t)r->n_lines * sizeof *r->lines);
}

static char *put(char *to, const void *from, size_t n)
{
    memcpy(to, from, n);
    return to + n;
}

static uint32_t state_crc(int64_t size, char *bytes)
{
    state_head *h = (state_head *)(void *)bytes;
    const uint32_t kept = h->crc;
    h->crc = 0;
    const uint32_t crc = bnsl__crc32(size, (const unsigned char *)bytes);
    h->crc = kept;
    return crc;
}

bnsl_status bnsl_saxs_series_save(const bnsl_saxs_series *s, int64_t capacity, void *buffer, int64_t *size_out)
{
    if (!s || !size_out || (capacity > 0 && !buffer))
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !s ? "series" : !size_out ? "size_out" : "buffer");
    int64_t size = (int64_t)(sizeof(state_head) + sizeof s->seed + PATTERN_MAX_PHASES * sizeof(state_phase));
    for (int64_t i = 0; i < s->n_frames; i++)
        size += frame_size(s->frames[i].result);
    *size_out = size;
    if (capacity < size)
        return BNSL_FAIL(BNSL_EBUFFER, "capacity is %lld, must be >= %lld", (long long)capacity, (long long)size);
    char *bytes = bnsl__calloc(size, 1), *to = bytes; /* aligned, whatever the buffer is */
    if (!bytes)
        return BNSL_NOMEM();
    const state_head head = head_of(s, size);
    to = put(to, &head, sizeof head);
    to = put(to, &s->seed, sizeof s->seed);
    for (int32_t i = 0; i < PATTERN_MAX_PHASES; i++) {
        state_phase phase = {.anchored = s->anchored};
        if (i < s->pattern->n_phases) {
            const pattern_phase *p = s->pattern->phases + i;
            phase = (state_phase){p->a, p->c_over_a, s->a_low[i], s->a_high[i], p->options.a_min, p->options.a_max,
                                  s->looked_for[i], p->options.fit_c_over_a, s->anchored};
        }
        to = put(to, &phase, sizeof phase);
    }
    for (int64_t i = 0; i < s->n_frames; i++) {
        pattern_result r = *s->frames[i].result;
        const size_t n_peaks = (size_t)r.first_peak[PATTERN_MAX_PHASES], n_lines = (size_t)r.n_lines;
        to = put(to, &s->frames[i].told, sizeof s->frames[i].told);
        r.peaks = NULL;
        r.lines = NULL;
        to = put(to, &r, sizeof r);
        to = put(to, s->frames[i].result->peaks, n_peaks * sizeof *r.peaks);
        to = put(to, s->frames[i].result->lines, n_lines * sizeof *r.lines);
    }
    const uint32_t crc = state_crc(size, bytes);
    memcpy(bytes + offsetof(state_head, crc), &crc, sizeof crc);
    memcpy(buffer, bytes, (size_t)size);
    free(bytes);
    return BNSL_OK;
}

/* Reads one frame from bytes that are known to be whole; the place after it, or NULL (message set). */
static const char *read_frame(const char *from, const char *end, series_frame *frame, bnsl_status *status, const char *func)
{
    pattern_result *r = bnsl__calloc(1, sizeof *r);
    *status = BNSL_OK;
    if (!r) {
        *status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        return NULL;
    }
    if ((size_t)(end - from) >= sizeof frame->told + sizeof *r) {
        memcpy(&frame->told, from, sizeof frame->told);
        memcpy(r, from + sizeof frame->told, sizeof *r);
        r->peaks = NULL;
        r->lines = NULL;
        const int64_t n_peaks = r->first_peak[PATTERN_MAX_PHASES], n_lines = r->n_lines;
        from += sizeof frame->told + sizeof *r;
        const int64_t room = end - from;
        if (n_peaks >= 0 && n_lines >= 0 && n_peaks * (int64_t)sizeof *r->peaks + n_lines * (int64_t)sizeof *r->lines <= room) {
            r->peaks = bnsl__alloc(n_peaks, sizeof *r->peaks);
            r->lines = bnsl__alloc(n_lines, sizeof *r->lines);
            if (r->peaks && r->lines) {
                memcpy(r->peaks, from, (size_t)n_peaks * sizeof *r->peaks);
                from += n_peaks * (int64_t)sizeof *r->peaks;
                memcpy(r->lines, from, (size_t)n_lines * sizeof *r->lines);
                frame->result = r;
                return from + n_lines * (int64_t)sizeof *r->lines;
            }
            *status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        }
    }
    bnsl__pattern_free_result(r);
    if (*status == BNSL_OK)
        *status = bnsl__fail(BNSL_EFORMAT, func, "the state of a series is damaged");
    return NULL;
}

static bnsl_status check_state(const bnsl_saxs_series *s, int64_t size, char *bytes, const char *func)
{
    state_head h, own = head_of(s, size);
    const int64_t least = (int64_t)(sizeof h + sizeof s->seed + PATTERN_MAX_PHASES * sizeof(state_phase));
    if (size < least)
        return bnsl__fail(BNSL_EFORMAT, func, "the state of a series has %lld bytes, too few", (long long)size);
    memcpy(&h, bytes, sizeof h);
    if (memcmp(h.magic, MAGIC, sizeof h.magic) != 0 || h.size != size || h.n_frames < 0 || h.crc != state_crc(size, bytes))
        return bnsl__fail(BNSL_EFORMAT, func, "the state of a series is damaged");
    if (h.version != own.version || memcmp(h.sizes, own.sizes, sizeof h.sizes) != 0)
        return bnsl__fail(BNSL_EFORMAT, func, "the state of a series comes from another version of the library");
    if (h.model != own.model)
        return bnsl__fail(BNSL_EFORMAT, func, "the state of a series belongs to another model, other options or other q");
    return BNSL_OK;
}

/* Frames into s, which has none yet. */
static bnsl_status read_frames(bnsl_saxs_series *s, const char *bytes, int64_t size, const char *func)
{
    bnsl_status status = BNSL_OK;
    state_head h;
    memcpy(&h, bytes, sizeof h);
    const char *from = bytes + sizeof h + sizeof s->seed + PATTERN_MAX_PHASES * sizeof(state_phase);
    if (!bnsl__reserve((void **)&s->frames, &s->capacity, h.n_frames, sizeof *s->frames))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    while (s->n_frames < h.n_frames && status == BNSL_OK) {
        from = read_frame(from, bytes + size, s->frames + s->n_frames, &status, func);
        s->n_frames += status == BNSL_OK;
    }
    while (status != BNSL_OK && s->n_frames > 0)
        bnsl__pattern_free_result(s->frames[--s->n_frames].result);
    return status;
}

bnsl_status bnsl_saxs_series_restore(bnsl_saxs_series *s, int64_t size, const void *buffer)
{
    if (!s || !buffer)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", s ? "buffer" : "series");
    if (s->n_frames > 0 || s->anchored)
        return BNSL_FAIL(BNSL_EINVAL, "the series has frames or an anchor already");
    char *bytes = bnsl__alloc(size, 1);
    if (!bytes)
        return size < 0 ? BNSL_FAIL(BNSL_EINVAL, "size is %lld, must be >= 0", (long long)size) : BNSL_NOMEM();
    memcpy(bytes, buffer, (size_t)size);
    bnsl_status status = check_state(s, size, bytes, __func__);
    if (status == BNSL_OK)
        status = read_frames(s, bytes, size, __func__);
    if (status == BNSL_OK) {
        memcpy(&s->seed, bytes + sizeof(state_head), sizeof s->seed);
        for (int32_t i = 0; i < s->pattern->n_phases; i++) {
            state_phase phase;
            pattern_phase *p = s->pattern->phases + i;
            memcpy(&phase, bytes + sizeof(state_head) + sizeof s->seed + (size_t)i * sizeof phase, sizeof phase);
            p->a = phase.a;
            p->c_over_a = phase.c_over_a;
            p->options.a_min = phase.a_min;
            p->options.a_max = phase.a_max;
            p->options.fit_c_over_a = phase.fit_c_over_a;
            s->looked_for[i] = phase.looked_for;
            s->a_low[i] = phase.a_low;
            s->a_high[i] = phase.a_high;
            s->anchored = phase.anchored != 0;
        }
    }
    free(bytes);
    return status;
}
