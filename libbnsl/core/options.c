/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options structs that callers and libraries of different age understand: the caller's size comes first in the struct. */
#include <string.h>

#include "core_internal.h"

bnsl_status bnsl__options_load(void *dst, size_t known, const void *src, const char *type, const char *func)
{
    uint32_t given;
    memcpy(&given, src, sizeof given);
    if (given < sizeof given)
        return bnsl__fail(BNSL_EINVAL, func, "%s.struct_size is %u; call %s_init first", type, (unsigned)given, type);
    const unsigned char *bytes = src;
    for (size_t i = known; i < given; i++)
        if (bytes[i] != 0)
            return bnsl__fail(BNSL_EINVAL, func, "%s uses an option that this library (%s) is too old to know", type, BNSL_VERSION_STRING);
    size_t common = given < known ? given : known;
    memcpy(dst, src, common);
    uint32_t size = (uint32_t)known;
    memcpy(dst, &size, sizeof size);
    return BNSL_OK;
}

bnsl_status bnsl__options_store(void *dst, const void *src, size_t known, const char *type, const char *func)
{
    uint32_t room;
    memcpy(&room, dst, sizeof room);
    if (room < sizeof room)
        return bnsl__fail(BNSL_EINVAL, func, "%s.struct_size is %u; call %s_init first", type, (unsigned)room, type);
    memcpy(dst, src, room < known ? room : known);
    memcpy(dst, &room, sizeof room);
    return BNSL_OK;
}

bnsl_status bnsl__options_init(void *dst, size_t struct_size, const void *defaults, size_t known, const char *func)
{
    if (!dst)
        return bnsl__fail(BNSL_EINVAL, func, "opts is NULL");
    if (struct_size < sizeof(uint32_t) || struct_size > UINT32_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "struct_size is %zu, must be sizeof *opts", struct_size);
    memset(dst, 0, struct_size);
    memcpy(dst, defaults, struct_size < known ? struct_size : known);
    uint32_t size = (uint32_t)struct_size;
    memcpy(dst, &size, sizeof size);
    return BNSL_OK;
}
