/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replays a corpus through a fuzz target without libFuzzer: every file of the folders (or files) given, once.
 * With libFuzzer, leave this file out: clang -fsanitize=fuzzer,address fuzz_<name>.c libbnsl.a ...
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 1, or 0 when the file cannot be read. */
static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return 0;
    const long size = ftell(file);
    rewind(file);
    uint8_t *data = malloc((size_t)size + 1);
    const int ok = data && fread(data, 1, (size_t)size, file) == (size_t)size;
    if (ok)
        (void)LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    fclose(file);
    return ok;
}

/* Number of files replayed, -1 on failure. */
static int replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    int n = 0;
    if (!dir)
        return -1;
    for (struct dirent *entry = readdir(dir); entry && n >= 0; entry = readdir(dir)) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            n = replay(path) ? n + 1 : -1;
    }
    closedir(dir);
    return n;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        struct stat info;
        const int folder = stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode);
        const int n = folder ? replay_folder(argv[i]) : replay(argv[i]) ? 1 : -1;
        if (n < 0) {
            fprintf(stderr, "cannot read %s\n", argv[i]);
            return 1;
        }
        total += n;
    }
    printf("%d inputs passed\n", total);
    return total > 0 ? 0 : 1;
}
