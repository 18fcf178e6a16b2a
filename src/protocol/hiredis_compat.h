/*
 * hiredis_compat - the only file that knows how hiredis' reader is built.
 *
 * hiredis 0.14 (Debian 12) and 1.x (Debian 13) differ in the type of array
 * lengths and in RESP3's types.  The fields of redisReader that its API does
 * not give access to are read and moved here and nowhere else.
 */
#ifndef PROTOCOL_HIREDIS_COMPAT_H
#define PROTOCOL_HIREDIS_COMPAT_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stddef.h>

#if HIREDIS_MAJOR >= 1
#define CODEC_HAS_RESP3 1
typedef size_t codec_array_len;
#else
#define CODEC_HAS_RESP3 0
typedef int codec_array_len;
#endif

/* Bytes that were fed and not yet decoded. */
static inline size_t
codec_left(const redisReader *codec)
{
	return codec->len - codec->pos;
}

static inline const char *
codec_bytes(const redisReader *codec)
{
	return codec->buf + codec->pos;
}

/* Drop n of the bytes left. */
static inline void
codec_skip(redisReader *codec, size_t n)
{
	codec->pos += n;
}

/* Between two replies: the next byte begins one. */
static inline bool
codec_is_idle(const redisReader *codec)
{
	return codec->ridx == -1;
}

static inline const char *
codec_error(const redisReader *codec)
{
	return codec->errstr;
}

static inline void
codec_set_owner(redisReader *codec, void *owner)
{
	codec->privdata = owner;
}

#endif
