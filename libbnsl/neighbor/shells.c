/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shells of neighbours that need no cut-off, from the bonds of one query by increasing distance.
 *
 * SANN [van Meel, Filion, Valeriani and Frenkel, J. Chem. Phys. 136, 234107 (2012)]: the m >= 3 nearest, m the smallest number with
 * sum_{j <= m} r_j / (m - 2) <= r_{m+1}, so that the solid angles of the m add up to 4 pi.
 *
 * RAD [Higham and Henchman, J. Chem. Phys. 145, 084108 (2016)]: j is blocked by k when cos(angle j-i-k) / r_k^2 > 1 / r_j^2; open: all
 * that are not blocked; closed: those before the first one that is blocked. A blocker is always the nearer one.
 * With y_k = v_k / r_k^3 the condition is u_j . y_k > 1 / r_j^2. Beyond a radius R everything is blocked when in every direction u some
 * u . y_k >= 1 / R^2. That is linear in u, so that on a triangle of directions it holds when one k fulfils it at all three corners:
 * the octants are divided into smaller triangles until it does.
 *
 * Cost: O(n) (SANN), O(n m) for n bonds and m in the shell, as a rule.
 */
#include <math.h>

#include "neighbor_internal.h"

static const bnsl__bond *bond_at(const bnsl__part *part, const bnsl__key *keys, int64_t b)
{
    return (const bnsl__bond *)part->bonds.data + keys[b].place;
}

int64_t bnsl__shell_sann(const bnsl__key *keys, int64_t n, double radius)
{
    double sum = 0.0;
    for (int64_t m = 1; m <= n; m++) {
        sum += sqrt(keys[m - 1].square);
        const double next = m < n ? sqrt(keys[m].square) : radius;
        if (m >= 3 && sum <= next * (double)(m - 2))
            return m;
    }
    return -1;
}

/* Whether k blocks j, with y = v_k and cube = r_k^3. */
static bool blocks(const double *k, double cube, const bnsl__bond *j)
{
    const double *v = j->vector;
    return (k[0] * v[0] + k[1] * v[1] + k[2] * v[2]) * sqrt(j->square) > cube;
}

static bool is_blocked(const bnsl__part *part, const bnsl__key *keys, int64_t n_shell, int64_t b)
{
    const bnsl__bond *j = bond_at(part, keys, b);
    for (int64_t a = 0; a < n_shell; a++) /* those of the shell block the most, keys has them in front ... */
        if (blocks(bond_at(part, keys, a)->vector, keys[a].square * sqrt(keys[a].square), j))
            return true;
    const bnsl__key *other = (const bnsl__key *)part->blocked.data;
    for (int64_t a = 0; a < b - n_shell; a++) { /* ... but those that are blocked do too */
        const bnsl__bond *k = (const bnsl__bond *)part->bonds.data + other[a].place;
        if (blocks(k->vector, other[a].square * sqrt(other[a].square), j))
            return true;
    }
    return false;
}

int64_t bnsl__shell_rad(bnsl__part *part, bnsl__key *keys, int64_t n, bool closed, bool *ended_out)
{
    int64_t n_shell = 0;
    *ended_out = false;
    if (!bnsl__hold(&part->blocked, n, sizeof(bnsl__key)))
        return -1;
    bnsl__key *blocked = part->blocked.data;
    for (int64_t b = 0; b < n; b++) {
        if (!is_blocked(part, keys, n_shell, b)) {
            keys[n_shell++] = keys[b];
        } else if (closed) {
            *ended_out = true;
            break;
        } else {
            blocked[b - n_shell] = keys[b];
        }
    }
    return n_shell;
}

/* The y of some points in units of 1 / R^2. */
enum { MOST = 64, DEPTH = 5 };
typedef struct blockers {
    int n;
    double y[MOST][3];
} blockers;

/* Bits of those that block everything beyond R in direction v (of any length). */
static uint64_t blocking(const blockers *s, const double v[3])
{
    const double least = (1.0 + 1e-9) * sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    uint64_t bits = 0;
    for (int k = 0; k < s->n; k++)
        bits |= (uint64_t)(s->y[k][0] * v[0] + s->y[k][1] * v[1] + s->y[k][2] * v[2] >= least) << k;
    return bits;
}

/* Whether a triangle of directions is blocked; its corners are, by those in bits. */
static bool triangle_blocked(const blockers *s, double v[3][3], const uint64_t bits[3], int depth)
{
    if (bits[0] & bits[1] & bits[2])
        return true;
    if (depth == 0)
        return false;
    double middle[3][3]; /* of the edge opposite to each corner */
    uint64_t middle_bits[3];
    for (int c = 0; c < 3; c++) {
        for (int a = 0; a < 3; a++)
            middle[c][a] = 0.5 * (v[(c + 1) % 3][a] + v[(c + 2) % 3][a]);
        middle_bits[c] = blocking(s, middle[c]);
        if (middle_bits[c] == 0)
            return false;
    }
    if (!triangle_blocked(s, middle, middle_bits, depth - 1))
        return false;
    for (int c = 0; c < 3; c++) {
        double corner[3][3];
        uint64_t corner_bits[3];
        for (int d = 0; d < 3; d++) {
            corner_bits[d] = d == c ? bits[c] : middle_bits[d];
            for (int a = 0; a < 3; a++)
                corner[d][a] = d == c ? v[c][a] : middle[d][a];
        }
        if (!triangle_blocked(s, corner, corner_bits, depth - 1))
            return false;
    }
    return true;
}

/* Adds the points of keys. */
static void add_blockers(const bnsl__part *part, const bnsl__key *keys, int64_t n, double radius, blockers *s)
{
    for (int64_t b = 0; b < n && s->n < MOST; b++) {
        const double r = sqrt(keys[b].square);
        if (!(r > 0.0))
            continue;
        for (int a = 0; a < 3; a++)
            s->y[s->n][a] = bond_at(part, keys, b)->vector[a] / r * (radius / r) * (radius / r);
        s->n++;
    }
}

bool bnsl__shell_blocks_all(const bnsl__part *part, const bnsl__key *keys, int64_t n_shell, int64_t n, double radius)
{
    static const double axis[6][3] = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
    blockers s = {.n = 0};
    uint64_t bits[6];
    add_blockers(part, keys, n_shell, radius, &s);
    add_blockers(part, part->blocked.data, n - n_shell, radius, &s);
    for (int c = 0; c < 6; c++)
        if ((bits[c] = blocking(&s, axis[c])) == 0)
            return false;
    for (int octant = 0; octant < 8; octant++) {
        double v[3][3];
        uint64_t corner[3];
        for (int a = 0; a < 3; a++) {
            const int side = 2 * a + (octant >> a & 1);
            corner[a] = bits[side];
            for (int x = 0; x < 3; x++)
                v[a][x] = axis[side][x];
        }
        if (!triangle_blocked(&s, v, corner, DEPTH))
            return false;
    }
    return true;
}
