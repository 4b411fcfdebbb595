/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that readers see either complete or not at all: written beside their place under "NAME.tmp<process>-<k>", synced, and
 * given their name by rename(2), or by link(2) where an existing file must stay. Reads are bounded and at explicit offsets.
 */
#define _XOPEN_SOURCE 700 /* realpath */
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core_internal.h"

static const int64_t IO_STEP = INT64_C(1) << 30; /* most bytes of one read or write: systems limit it near 2^31 */

static bnsl_status fail_errno(const char *func, const char *path, const char *what, int error)
{
    char text[128];
    if (strerror_r(error, text, sizeof text) != 0)
        snprintf(text, sizeof text, "error %d", error);
    return bnsl__fail(error == ENOMEM ? BNSL_ENOMEM : BNSL_EIO, func, "%s: %s: %s", path, what, text);
}

/* ---- reading ---------------------------------------------------------------------------------------- */

bnsl_status bnsl__input_open(struct bnsl__input *in, const char *path, const char *func)
{
    struct stat info;
    if (path[0] == '\0')
        return bnsl__fail(BNSL_EINVAL, func, "the file name is empty");
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* no waiting on a named pipe, which is refused below */
    if (fd < 0)
        return fail_errno(func, path, "cannot open", errno);
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return bnsl__fail(BNSL_EIO, func, "%s is not a regular file", path);
    }
    *in = (struct bnsl__input){.fd = fd, .size = (int64_t)info.st_size};
    return BNSL_OK;
}

void bnsl__input_close(struct bnsl__input *in)
{
    if (in->fd >= 0)
        close(in->fd);
    in->fd = -1;
}

bnsl_status bnsl__input_read(const struct bnsl__input *in, const char *path, int64_t offset, void *dst, int64_t n, const char *func)
{
    for (int64_t done = 0; done < n;) {
        const int64_t step = n - done < IO_STEP ? n - done : IO_STEP;
        const ssize_t got = pread(in->fd, (char *)dst + done, (size_t)step, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(func, path, "cannot read", errno);
        if (got == 0)
            return bnsl__fail(BNSL_EFORMAT, func, "%s ends at byte %lld, where %lld more were expected", path, (long long)(offset + done),
                              (long long)(n - done));
        done += got;
    }
    return BNSL_OK;
}

bnsl_status bnsl__input_slurp(const char *path, char **text_out, int64_t *length_out, const char *func)
{
    struct bnsl__input in;
    bnsl_status status = bnsl__input_open(&in, path, func);
    if (status)
        return status;
    char *text = in.size < INT64_MAX ? bnsl__alloc(in.size + 1, 1) : NULL;
    if (!text)
        status = bnsl__fail(BNSL_ENOMEM, func, "%s: no memory for its %lld bytes", path, (long long)in.size);
    else
        status = bnsl__input_read(&in, path, 0, text, in.size, func);
    bnsl__input_close(&in);
    if (status) {
        free(text);
        return status;
    }
    text[in.size] = '\0';
    *text_out = text;
    *length_out = in.size;
    return BNSL_OK;
}

/* ---- writing ---------------------------------------------------------------------------------------- */

/* Opens a new file beside out->path; sets out->fd and out->temporary. mode: permissions, or 0 for those of a new file. */
static bnsl_status open_temporary(struct bnsl__output *out, mode_t mode, const char *func)
{
    const int64_t size = (int64_t)strlen(out->path) + 48;
    char *name = bnsl__alloc(size, 1);
    if (!name)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    int fd = -1;
    for (int k = 0; fd < 0 && k < 1000; k++) {
        snprintf(name, (size_t)size, "%s.tmp%ld-%d", out->path, (long)getpid(), k);
        fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd < 0) {
        const bnsl_status status = fail_errno(func, out->path, "cannot create a file beside it", errno);
        free(name);
        return status;
    }
    if (mode)
        (void)!fchmod(fd, mode); /* a courtesy: not every file system has permissions */
    out->fd = fd;
    out->temporary = name;
    return BNSL_OK;
}

bnsl_status bnsl__output_create(struct bnsl__output *out, const char *path, bool overwrite, const char *func)
{
    struct stat info;
    const bool exists = stat(path, &info) == 0;
    *out = (struct bnsl__output){.fd = -1, .overwrite = overwrite};
    if (path[0] == '\0')
        return bnsl__fail(BNSL_EINVAL, func, "the file name is empty");
    if (exists && !S_ISREG(info.st_mode))
        return bnsl__fail(BNSL_EIO, func, "%s is not a regular file", path);
    if (exists && !overwrite)
        return bnsl__fail(BNSL_EIO, func, "%s exists and is not to be overwritten", path);
    if (exists) { /* through symbolic links to the file itself: it is what is replaced */
        out->path = realpath(path, NULL);
    } else {
        out->path = bnsl__alloc((int64_t)strlen(path) + 1, 1);
        if (out->path)
            strcpy(out->path, path);
    }
    bnsl_status status =
        out->path ? open_temporary(out, exists ? info.st_mode & 0777 : 0, func) : bnsl__fail(BNSL_ENOMEM, func, "%s: no memory for its name", path);
    if (status)
        bnsl__output_close(out);
    return status;
}

bnsl_status bnsl__output_write(const struct bnsl__output *out, int64_t offset, const void *src, int64_t n, const char *func)
{
    for (int64_t done = 0; done < n;) {
        const int64_t step = n - done < IO_STEP ? n - done : IO_STEP;
        const ssize_t put = pwrite(out->fd, (const char *)src + done, (size_t)step, (off_t)(offset + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return fail_errno(func, out->path, "cannot write", put < 0 ? errno : ENOSPC);
        done += put;
    }
    return BNSL_OK;
}

bnsl_status bnsl__output_sync(const struct bnsl__output *out, const char *func)
{
    return fsync(out->fd) == 0 ? BNSL_OK : fail_errno(func, out->path, "cannot sync", errno);
}

/* Makes a new name last: syncs its folder. Some file systems cannot; the file itself is safe either way. */
static void sync_folder(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    const int fd = open(!slash ? "." : slash == path ? "/" : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (slash)
        *slash = '/';
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

/* Gives the temporary file its name; without overwrite by link(2), which never replaces a file. */
static bnsl_status take_name(const struct bnsl__output *out, const char *func)
{
    if (!out->overwrite) {
        if (link(out->temporary, out->path) == 0) {
            unlink(out->temporary);
            return BNSL_OK;
        }
        if (errno == EEXIST)
            return bnsl__fail(BNSL_EIO, func, "%s exists and is not to be overwritten (it was made meanwhile)", out->path);
    } /* a file system without links: rename */
    return rename(out->temporary, out->path) == 0 ? BNSL_OK : fail_errno(func, out->path, "cannot rename to it", errno);
}

bnsl_status bnsl__output_publish(struct bnsl__output *out, int64_t length, const char *func)
{
    if (ftruncate(out->fd, (off_t)length) != 0)
        return fail_errno(func, out->path, "cannot set its length", errno);
    bnsl_status status = bnsl__output_sync(out, func);
    if (status || out->published)
        return status;
    status = take_name(out, func);
    if (status)
        return status;
    sync_folder(out->path);
    out->published = true;
    return BNSL_OK;
}

static bnsl_status copy_bytes(int from, const struct bnsl__output *to, int64_t length, const char *func)
{
    enum { BLOCK = 1 << 20 };
    const struct bnsl__input in = {.fd = from, .size = length};
    char *block = bnsl__alloc(BLOCK, 1);
    bnsl_status status = block ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t at = 0; !status && at < length; at += BLOCK) {
        const int64_t n = length - at < BLOCK ? length - at : BLOCK;
        status = bnsl__input_read(&in, to->path, at, block, n, func);
        if (!status)
            status = bnsl__output_write(to, at, block, n, func);
    }
    free(block);
    return status;
}

bnsl_status bnsl__output_fork(struct bnsl__output *out, int64_t length, const char *func)
{
    struct stat info;
    struct bnsl__output copy = {.fd = -1, .overwrite = true, .path = out->path};
    bnsl_status status = open_temporary(&copy, fstat(out->fd, &info) == 0 ? info.st_mode & 0777 : 0, func);
    if (status)
        return status;
    status = copy_bytes(out->fd, &copy, length, func);
    if (status) {
        copy.path = NULL; /* still out's */
        bnsl__output_close(&copy);
        return status;
    }
    close(out->fd);
    free(out->temporary);
    *out = copy;
    return BNSL_OK;
}

void bnsl__output_close(struct bnsl__output *out)
{
    if (out->fd >= 0)
        close(out->fd);
    if (out->temporary && !out->published)
        unlink(out->temporary);
    free(out->temporary);
    free(out->path);
    *out = (struct bnsl__output){.fd = -1};
}

bnsl_status bnsl__output_whole(const char *path, const void *data, int64_t length, bool overwrite, const char *func)
{
    struct bnsl__output out;
    bnsl_status status = bnsl__output_create(&out, path, overwrite, func);
    if (status)
        return status;
    status = bnsl__output_write(&out, 0, data, length, func);
    if (!status)
        status = bnsl__output_publish(&out, length, func);
    bnsl__output_close(&out);
    return status;
}
