/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The known word that a mistyped one was probably meant to be: smallest optimal string alignment distance (insertions, deletions,
 * replacements and swaps of neighbours count 1 each) [Damerau 1964; Boytsov 2011]. A beginning of a known word ("--well" for
 * "--well-depth") counts as one mistake. Cost: O(product of the lengths) for each known word; at most 63 bytes are compared.
 */
#include "cli_internal.h"

#include <string.h>

enum { WORD_MAX = 63 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int alignment_distance(const char *a, int n, const char *b, int m)
{
    int rows[3][WORD_MAX + 1]; /* row i of the table is rows[i % 3] */
    for (int j = 0; j <= m; j++)
        rows[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *row = rows[i % 3];
        const int *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= m; j++) {
            int replace = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(replace, 1 + least(above[j], row[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const char *cli_nearest(const char *word, size_t length, int n, const char *const *known)
{
    int n_word = length < WORD_MAX ? (int)length : WORD_MAX;
    int best = 0, best_distance = 2 * WORD_MAX;
    for (int i = 0; i < n; i++) {
        int n_known = (int)strnlen(known[i], WORD_MAX);
        int distance = alignment_distance(word, n_word, known[i], n_known);
        if (n_word > 1 && n_word < n_known && memcmp(word, known[i], (size_t)n_word) == 0)
            distance = 1;
        if (distance < best_distance) {
            best = i;
            best_distance = distance;
        }
    }
    return known[best];
}
