/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pruning the rows of a chunk: which entries are near, as bits, in double precision, or in single for the mixed kernel; then the new rows from these.
 * Where to write an entry depends on all tests before; a processor that does not know yet where a store goes delays the loads of the next tests, so
 * the two are done one after the other.
 */
#include "md_internal.h"
#include "lanes_keep.h"

/* Bits of the n entries of a row, and of the far points behind them: nearer than reach (radius_i + radius_j) + skin. How many are. */
typedef int32_t row_test(const bnsl__prune_work *w, int64_t i, double reach, const int32_t *entry, int32_t n, uint8_t *near);

static inline __attribute__((always_inline)) int32_t test_double(const bnsl__prune_work *w, int64_t i, double row_reach, const int32_t *entry,
                                                                 int32_t n, uint8_t *near)
{
    const double *position = w->position, *row = position + ROW * i;
    const vec px = vec_set(row[0]), py = vec_set(row[1]), pz = vec_set(row[2]), reach = vec_set(row_reach);
    const vec own = vec_set(row_reach * row[3] + w->skin);
    int32_t n_near = 0;
    for (int32_t e = 0; e < n; e += LANES) {
        ivec hit[PARTS];
        __builtin_prefetch(entry + e + AHEAD);
        for (int h = 0; h < PARTS; h++) {
            vec x, y, z, radius;
            gather_rows(position, entry + e + h * WIDTH, &x, &y, &z, &radius);
            x -= px;
            y -= py;
            z -= pz;
            vec far = reach * radius + own;
            hit[h] = x * x + y * y + z * z < far * far; /* far points are out of reach */
        }
        const unsigned bits = eight_bits(hit);
        near[e / 8] = (uint8_t)bits;
        n_near += __builtin_popcount(bits);
    }
    return n_near;
}

/* The same from the integers of the mixed kernel. */
static inline __attribute__((always_inline)) int32_t test_mixed(const bnsl__prune_work *w, int64_t i, double row_reach, const int32_t *entry,
                                                                int32_t n, uint8_t *near)
{
    const fivec zero = { 0 };
    const int32_t *fixed = w->fixed, *row = fixed + ROW * i;
    float own_radius;
    memcpy(&own_radius, row + 3, sizeof own_radius);
    const fivec px = row[0] + zero, py = row[1] + zero, pz = row[2] + zero;
    const fvec reach = fvec_set((float)row_reach), own = fvec_set((float)row_reach * own_radius + (float)w->skin);
    int32_t n_near = 0;
    for (int32_t e = 0; e < n; e += FWIDTH) {
        fivec jx, jy, jz, jw;
        __builtin_prefetch(entry + e + AHEAD);
        gather_words(fixed, entry + e, &jx, &jy, &jz, &jw);
        const fvec x = fixed_difference(jx, px), y = fixed_difference(jy, py), z = fixed_difference(jz, pz);
        const fvec far = reach * (fvec)jw + own;
        const lanes_kept kept = keep_lanes(x * x + y * y + z * z < far * far); /* never a far point, whose radius is not a number */
        write_bits(kept, e, near);
        n_near += n_kept(kept);
    }
    return n_near;
}

static inline __attribute__((always_inline)) void test_rows(const bnsl__prune_work *w, row_test *test)
{
    for (int64_t k = 0; k < w->n; k++) {
        const int64_t i = w->order[k], first = i * w->n_slots;
        const bnsl__law *law = w->law + (int64_t)w->species[i] * w->n_slots;
        for (int64_t s = first; s < first + w->n_slots; s++, law++) {
            const int32_t *entry = w->entry + w->start[s];
            w->kept_count[s] = test(w, w->first + i, law->reach * w->reach_unit, entry, w->count[s], w->near + w->start[s] / 8);
        }
    }
}

void BNSL_KERNEL(bnsl__list_test)(const bnsl__prune_work *work)
{
    test_rows(work, test_double);
}

void BNSL_KERNEL(bnsl__list_test_mixed)(const bnsl__prune_work *work)
{
    test_rows(work, test_mixed);
}

/* Of n entries; returns where the row ends. */
static inline int32_t *keep_row(const int32_t *entry, const uint8_t *near, int32_t n, int32_t *out)
{
    for (const int32_t *last = entry + n; entry < last; entry += 8, near++) {
        const unsigned bits = *near;
        keep_eight(entry, bits, out);
        out += __builtin_popcount(bits);
    }
    return out;
}

void BNSL_KERNEL(bnsl__list_keep)(const bnsl__prune_work *w, const uint8_t *order)
{
    for (int64_t k = 0; k < w->n; k++)
        for (int64_t s = order[k] * (int64_t)w->n_slots; s < (order[k] + 1) * (int64_t)w->n_slots; s++) {
            const int32_t *end = keep_row(w->entry + w->start[s], w->near + w->start[s] / 8, w->count[s], w->kept + w->kept_start[s]);
            bnsl__pad_row(w->kept, (int32_t)(end - w->kept), w->padding, w->far_entry);
        }
}
