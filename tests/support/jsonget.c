/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * jsonget [FILE] PATH: checks that a file (or standard input) is one JSON value (RFC 8259) and prints the part of it at a path:
 * jsonget reflections.0.q < out.json
 * Texts are printed without quotes and with their escapes undone, numbers as they stand, an object or array as it stands. The path
 * "." is the whole value; a last part "#" is the number of members or elements. Exit status 1: no such part; 2: not JSON.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

static const char *const numbers = "0123456789";

static void fail(const char *start, const char *at)
{
    fprintf(stderr, "jsonget: not JSON at byte %ld: %.20s\n", (long)(at - start), at);
    exit(2);
}

static const char *text; /* the whole input, for messages */

static const char *skip_blanks(const char *s)
{
    return s + strspn(s, " \t\r\n");
}

static const char *skip_string(const char *s)
{
    if (*s != '"')
        fail(text, s);
    for (s++; *s != '"'; s++) {
        if ((unsigned char)*s < 0x20)
            fail(text, s);
        if (*s != '\\')
            continue;
        s++;
        if (*s == 'u' && strspn(s + 1, "0123456789abcdefABCDEF") >= 4)
            s += 4;
        else if (*s == '\0' || !strchr("\"\\/bfnrt", *s))
            fail(text, s);
    }
    return s + 1;
}

static const char *skip_number(const char *s)
{
    const char *start = s;
    s += *s == '-';
    size_t n = strspn(s, numbers);
    if (n == 0 || (s[0] == '0' && n > 1))
        fail(text, start);
    s += n;
    if (*s == '.') {
        n = strspn(++s, numbers);
        if (n == 0)
            fail(text, start);
        s += n;
    }
    if (*s == 'e' || *s == 'E') {
        s++;
        s += *s == '+' || *s == '-';
        n = strspn(s, numbers);
        if (n == 0)
            fail(text, start);
        s += n;
    }
    return s;
}

static const char *skip_value(const char *s, int depth);

/* An object or array; counts what is in it. */
static const char *skip_group(const char *s, int depth, long *count)
{
    char closer = *s == '{' ? '}' : ']';
    *count = 0;
    if (depth > DEPTH_MAX)
        fail(text, s);
    s = skip_blanks(s + 1);
    while (*s != closer) {
        if (*count > 0) {
            if (*s != ',')
                fail(text, s);
            s = skip_blanks(s + 1);
        }
        if (closer == '}') {
            s = skip_blanks(skip_string(s));
            if (*s != ':')
                fail(text, s);
            s = skip_blanks(s + 1);
        }
        s = skip_blanks(skip_value(s, depth + 1));
        ++*count;
    }
    return s + 1;
}

static const char *skip_value(const char *s, int depth)
{
    long count;
    if (*s == '{' || *s == '[')
        return skip_group(s, depth, &count);
    if (*s == '"')
        return skip_string(s);
    static const char *const words[3] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++)
        if (strncmp(s, words[i], strlen(words[i])) == 0)
            return s + strlen(words[i]);
    return skip_number(s);
}

/* The value of member key (n bytes, compared as it stands) or element number key of the group at s; NULL: none. */
static const char *find_part(const char *s, const char *key, size_t n)
{
    char closer = *s == '{' ? '}' : ']';
    long wanted = strspn(key, numbers) == n ? atol(key) : -1;
    s = skip_blanks(s + 1);
    for (long i = 0; *s != closer; i++) {
        const char *name = s + 1;
        if (closer == '}') {
            const char *end = skip_string(s);
            size_t length = (size_t)(end - name) - 1;
            s = skip_blanks(skip_blanks(end) + 1);
            if (length == n && memcmp(name, key, n) == 0)
                return s;
        } else if (i == wanted) {
            return s;
        }
        s = skip_blanks(skip_value(s, 0));
        if (*s == ',')
            s = skip_blanks(s + 1);
    }
    return NULL;
}

static void print_utf8(unsigned long c)
{
    if (c < 0x80) {
        putchar((int)c);
    } else if (c < 0x800) {
        putchar((int)(0xC0 | c >> 6));
        putchar((int)(0x80 | (c & 0x3F)));
    } else {
        putchar((int)(0xE0 | c >> 12));
        putchar((int)(0x80 | (c >> 6 & 0x3F)));
        putchar((int)(0x80 | (c & 0x3F)));
    }
}

static void print_string(const char *s, const char *end)
{
    static const char codes[] = "bfnrt", meaning[] = "\b\f\n\r\t";
    for (s++; s < end - 1; s++) {
        if (*s != '\\') {
            putchar(*s);
            continue;
        }
        s++;
        const char *code = strchr(codes, *s);
        if (*s == 'u') {
            char digits[5] = {s[1], s[2], s[3], s[4], '\0'};
            print_utf8(strtoul(digits, NULL, 16));
            s += 4;
        } else {
            putchar(code ? meaning[code - codes] : *s);
        }
    }
}

static char *read_all(FILE *f)
{
    size_t n = 0, capacity = 1 << 16;
    char *all = malloc(capacity);
    while (all) {
        n += fread(all + n, 1, capacity - n - 1, f);
        if (n < capacity - 1)
            break;
        capacity *= 2;
        all = realloc(all, capacity);
    }
    if (all)
        all[n] = '\0';
    return all;
}

int main(int argc, char **argv)
{
    FILE *f = argc == 3 ? fopen(argv[1], "rb") : stdin;
    if (argc < 2 || argc > 3 || !f) {
        fprintf(stderr, "usage: jsonget [FILE] PATH\n");
        return 2;
    }
    text = read_all(f);
    if (!text)
        return 2;
    const char *s = skip_blanks(text), *path = argv[argc - 1];
    const char *rest = skip_blanks(skip_value(s, 0));
    if (*rest)
        fail(text, rest);
    if (strcmp(path, ".") == 0)
        path = "";
    while (*path) {
        size_t n = strcspn(path, ".");
        bool group = *s == '{' || *s == '[';
        long count = 0;
        if (group && n == 1 && *path == '#') {
            skip_group(s, 0, &count);
            printf("%ld\n", count);
            return 0;
        }
        s = group ? find_part(s, path, n) : NULL;
        if (!s) {
            fprintf(stderr, "jsonget: no part %s\n", argv[argc - 1]);
            return 1;
        }
        path += n + (path[n] == '.');
    }
    const char *end = skip_value(s, 0);
    if (*s == '"')
        print_string(s, end);
    else
        fwrite(s, 1, (size_t)(end - s), stdout);
    putchar('\n');
    return 0;
}
