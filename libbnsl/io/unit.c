/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unit of q in the words of a file: a heading, a comment, an attribute. Never guessed. O(length). */
#include "io_internal.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether text holds the word, with no letter right before it or behind it. */
static bool holds_word(const char *text, const char *word)
{
    const size_t length = strlen(word);
    for (const char *p = strstr(text, word); p; p = strstr(p + 1, word))
        if (!(p > text && is_letter(p[-1]) && is_letter(word[0])) && !is_letter(p[length]))
            return true;
    return false;
}

static bool holds_any(const char *text, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (holds_word(text, words[i]))
            return true;
    return false;
}

/* A reciprocal length decides; the mere name of the Angstrom does where there is none. */
int32_t bnsl__stated_unit(const char *text)
{
    static const char *const per_nm[] = {"nm^-1", "1/nm", "nm^{-1}", NULL};
    static const char *const per_angstrom[] = {"A^-1",         "1/A",          "A^{-1}",       "1/Angstrom",     "1/angstrom", "Angstrom^-1",
                                               "angstrom^-1", "\xC3\x85^-1", "1/\xC3\x85", "\xC3\x85^{-1}", NULL};
    static const char *const angstrom[] = {"Angstrom", "angstrom", "Angstroms", "angstroms", NULL};
    const bool nm = holds_any(text, per_nm), a = holds_any(text, per_angstrom);
    if (nm != a)
        return nm ? BNSL_UNIT_PER_NM : BNSL_UNIT_PER_ANGSTROM;
    return !nm && holds_any(text, angstrom) ? BNSL_UNIT_PER_ANGSTROM : BNSL_UNIT_FROM_FILE;
}
