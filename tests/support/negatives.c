/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "negatives.h"

const negative negatives[N_NEGATIVES] = {
    {"hcp", AS_IS, {7, 4, 5}},      {"bcc", AS_IS, {6, 6, 7}},        {"sc", AS_IS, {8, 8, 8}},
    {"AlB2", WITHOUT_S, {8, 6, 6}}, /* simple hexagonal */
    {"CsCl", AS_IS, {8, 8, 8}},     {"CsCl", ALL_L, {6, 6, 7}},       {"NaCl", AS_IS, {5, 5, 5}},
    {"NaCl", ALL_L, {4, 4, 4}},     {"Cu3Au", AS_IS, {8, 8, 8}},      {"Cu3Au", SWAPPED, {6, 6, 5}},
    {"MgZn2", AS_IS, {5, 3, 5}},    {"MgZn2", SWAPPED, {4, 3, 4}},    {"MgZn2", ALL_L, {4, 2, 3}},
    {"AlB2", SWAPPED, {6, 4, 6}},   {"AlB2", ALL_L, {5, 4, 5}},       {"NaZn13", SWAPPED, {2, 2, 2}},
    {"NaZn13", ALL_L, {2, 2, 2}},   {"NaZn13", WITHOUT_S, {4, 4, 4}}, /* simple cubic, once more */
};

particles negative_crystal(const negative *n, int32_t repeat, double noise, uint64_t *seed)
{
    particles p = particles_crystal(n->name, 0.99, repeat * n->cells[0], repeat * n->cells[1], repeat * n->cells[2]);
    for (int64_t i = 0; i < p.n; i++) {
        static const int32_t other[][2] = {[ALL_L] = {0, 0}, [AS_IS] = {0, 1}, [SWAPPED] = {1, 0}, [WITHOUT_S] = {0, 2}};
        p.species[i] = other[n->species][p.species[i]];
    }
    particles_shake(&p, noise * particles_nearest(&p, 0), noise * particles_nearest(&p, 1), seed);
    return p;
}

const char *negative_text(const negative *n, char *buffer, size_t size)
{
    static const char *const text[] = {[ALL_L] = "L on all sites", [AS_IS] = "as it is", [SWAPPED] = "L and S swapped", [WITHOUT_S] = "without S"};
    snprintf(buffer, size, "%s, %s", n->name, text[n->species]);
    return buffer;
}

int64_t count_phases(const particles *p, const bnsl_box *box, int64_t *count)
{
    int32_t *phase = calloc((size_t)p->n + 1, sizeof *phase);
    int64_t n_l = 0;
    assert_non_null(phase);
    assert_ok(bnsl_order_classify(box, p->n, p->xyz, p->species, NULL, phase));
    for (int64_t i = 0; i < p->n; i++)
        if (p->species[i] == 0) {
            n_l++;
            count[phase[i]]++;
        }
    free(phase);
    return n_l;
}
