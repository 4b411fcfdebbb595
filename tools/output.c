/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output files that appear complete or not at all. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse_existing(const char *path)
{
    return cli_fail("%s exists; --force overwrites it", path);
}

/* Directory part of path in a new string: "." without a slash; NULL: no memory. */
static char *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static int check_directory(const char *path)
{
    char *directory = directory_of(path);
    if (!directory)
        return cli_fail("out of memory");
    struct stat info;
    int status = CLI_DONE;
    if (stat(directory, &info) != 0)
        status = cli_fail("%s: its folder cannot be used: %s", path, strerror(errno));
    else if (!S_ISDIR(info.st_mode))
        status = cli_fail("%s: %s is not a folder", path, directory);
    else if (access(directory, W_OK | X_OK) != 0)
        status = cli_fail("%s: its folder cannot be written: %s", path, strerror(errno));
    free(directory);
    return status;
}

int output_check(const char *path, bool force)
{
    struct stat info;
    size_t length = strlen(path);
    if (length == 0 || path[length - 1] == '/')
        return cli_fail("'%s' is no name for a file", path);
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            return cli_fail("%s is a folder", path);
        if (!force)
            return refuse_existing(path);
    }
    return check_directory(path);
}

int output_check_all(const cli_common *common)
{
    for (int32_t i = 0; i < common->output.n; i++) {
        for (int32_t k = 0; k < i; k++)
            if (strcmp(common->output.values[i], common->output.values[k]) == 0)
                return cli_fail("%s is given twice as an output", common->output.values[i]);
        if (output_check(common->output.values[i], common->force) != CLI_DONE)
            return CLI_FAILED;
    }
    return CLI_DONE;
}

int output_make_directory(const char *path)
{
    struct stat info;
    if (mkdir(path, 0777) == 0)
        return CLI_DONE;
    if (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return CLI_DONE;
    return cli_fail("%s: the folder cannot be made: %s", path, strerror(errno == EEXIST ? ENOTDIR : errno));
}

int output_begin(output_file *o, const char *path, bool force)
{
    *o = (output_file){.path = path, .force = force};
    if (output_check(path, force) != CLI_DONE)
        return CLI_FAILED;
    size_t size = strlen(path) + 32;
    o->temporary = malloc(size);
    if (!o->temporary)
        return cli_fail("out of memory");
    snprintf(o->temporary, size, "%s.part-%ld", path, (long)getpid());
    return CLI_DONE;
}

FILE *output_open(output_file *o, const char *path, bool force)
{
    if (output_begin(o, path, force) != CLI_DONE)
        return NULL;
    o->file = fopen(o->temporary, "w");
    if (!o->file) {
        cli_fail("%s: cannot be written: %s", path, strerror(errno));
        output_abandon(o);
        return NULL;
    }
    return o->file;
}

/* Data on the disk before the name is: a crash leaves the old file or the new one. */
static bool sync_file(const char *path)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return false;
    bool done = fsync(fd) == 0 || errno == EINVAL; /* EINVAL: the file system has no such thing */
    return close(fd) == 0 && done;
}

/* Gives the temporary file its name. A hard link fails when the name is taken, where a rename would overwrite. */
static bool give_name(const output_file *o)
{
    if (!o->force) {
        if (link(o->temporary, o->path) == 0) {
            unlink(o->temporary);
            return true;
        }
        if (errno == EEXIST)
            return false;
        if (access(o->path, F_OK) == 0) { /* a file system without links */
            errno = EEXIST;
            return false;
        }
    }
    return rename(o->temporary, o->path) == 0;
}

int output_commit(output_file *o)
{
    bool good = true;
    if (o->file) {
        good = !ferror(o->file);
        errno = good ? 0 : EIO;
        good = fclose(o->file) == 0 && good;
        o->file = NULL;
    }
    good = good && sync_file(o->temporary) && give_name(o);
    int status = CLI_DONE;
    if (!good) {
        status = errno == EEXIST ? refuse_existing(o->path) : cli_fail("%s: cannot be written: %s", o->path, strerror(errno));
        unlink(o->temporary);
    }
    free(o->temporary);
    o->temporary = NULL;
    return status;
}

void output_abandon(output_file *o)
{
    if (o->file)
        fclose(o->file);
    if (o->temporary)
        unlink(o->temporary);
    free(o->temporary);
    o->file = NULL;
    o->temporary = NULL;
}

bool output_has_ending(const char *path, const char *endings)
{
    size_t length = strlen(path);
    for (const char *s = endings; s && *s;) {
        size_t n = strcspn(s, "|");
        if (length > n && strncasecmp(path + length - n, s, n) == 0)
            return true;
        s += n + (s[n] == '|');
    }
    return false;
}

void output_print(const cli_common *common)
{
    for (int32_t i = 0; i < common->output.n; i++)
        printf("wrote %s\n", common->output.values[i]);
}

void output_json(const cli_common *common, json *j)
{
    json_array_begin(j, "output");
    for (int32_t i = 0; i < common->output.n; i++)
        json_string(j, NULL, common->output.values[i]);
    json_array_end(j);
}
