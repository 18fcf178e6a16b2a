/* reply_reader - hiredis as codec, our own replies, and the limits. */
#include "protocol/reply_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xalloc.h"
#include "protocol/hiredis_compat.h"
#include "protocol/reply_arena.h"

/* Redis' own limit of a string (proto-max-bulk-len), and the line that tells
 * its length. */
#define STRING_MAX (512LL * 1024 * 1024)
#define HEADER_MAX 32

struct reply_reader {
	redisReplyObjectFunctions fn;
	redisReader *codec; /* owned */
	struct reply_limits limits;
	size_t bytes; /* fed since the last whole reply */
	size_t elements; /* of the reply being read */
	struct reply_arena *arena; /* of the reply being read, owned by it */
	struct reply *skipped; /* owned; a LONG reply whose bytes are coming */
	size_t skip; /* of them, and its line end, still to come */
	char refused[128]; /* why we stopped; "" = we did not */
};

__attribute__((format(printf, 2, 3))) static void
refuse(struct reply_reader *rd, const char *fmt, ...)
{
	va_list ap;

	if (rd->refused[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(rd->refused, sizeof(rd->refused), fmt, ap);
	va_end(ap);
}

/* Memory for the reply being read; NULL, which hiredis takes for a want of
 * memory, when that would break the limit. */
static void *
take_memory(struct reply_reader *rd, size_t bytes)
{
	size_t max = rd->limits.memory, taken = rd->arena->taken;

	if (max > 0 && (taken > max || bytes > max - taken)) {
		refuse(rd, "a reply that takes more than %zu bytes of memory",
		    max);
		return NULL;
	}
	return reply_arena_take(rd->arena, bytes);
}

/* A new reply in its place in the tree; NULL when the type is not one of
 * RESP2's, or there are too many. */
static struct reply *
new_reply(const redisReadTask *task, enum reply_type type)
{
	struct reply_reader *rd = task->privdata;
	struct reply *parent, *r;

	if (task->type == REDIS_REPLY_NIL || task->type > REDIS_REPLY_ERROR) {
		refuse(rd, "a type of RESP3 in a RESP2 reply");
		return NULL;
	}
	if (task->parent == NULL) {
		rd->arena = reply_arena_new();
		r = &rd->arena->root;
	} else {
		r = take_memory(rd, sizeof(*r));
		if (r == NULL)
			return NULL;
		*r = (struct reply){ 0 };
		parent = task->parent->obj;
		parent->elements[task->idx] = r;
	}
	r->type = type;
	return r;
}

/* The new reply cannot be filled; hiredis frees its root only. */
static void *
give_up(const redisReadTask *task, struct reply *r)
{
	if (task->parent == NULL)
		reply_free(r);
	return NULL;
}

static void *
create_string(const redisReadTask *task, char *s, size_t len)
{
	enum reply_type type = REPLY_STRING;
	struct reply *r;

	if (task->type == REDIS_REPLY_ERROR)
		type = REPLY_ERROR;
	else if (task->type == REDIS_REPLY_STATUS)
		type = REPLY_STATUS;
	else if (memcmp(s + len, "\r\n", 2) != 0) {
		/* hiredis has the two bytes at hand and does not look. */
		refuse(task->privdata, "a bulk string without its line end");
		return NULL;
	}
	r = new_reply(task, type);
	if (r == NULL)
		return NULL;
	r->str = take_memory(task->privdata, len + 1);
	if (r->str == NULL)
		return give_up(task, r);
	memcpy(r->str, s, len);
	r->str[len] = '\0';
	r->len = len;
	return r;
}

static void *
create_array(const redisReadTask *task, codec_array_len n)
{
	struct reply_reader *rd = task->privdata;
	const redisReadTask *t;
	struct reply *r;
	int depth = 0;

	for (t = task; t != NULL; t = t->parent)
		depth++;
	if (depth > rd->limits.depth) {
		refuse(rd, "arrays nested deeper than %d", rd->limits.depth);
		return NULL;
	}
	if ((size_t)n > rd->limits.elements - rd->elements) {
		refuse(rd, "a reply of more than %zu elements",
		    rd->limits.elements);
		return NULL;
	}
	r = new_reply(task, REPLY_ARRAY);
	if (r == NULL)
		return NULL;
	rd->elements += (size_t)n;
	if (n == 0)
		return r;
	r->elements = take_memory(rd, (size_t)n * sizeof(*r->elements));
	if (r->elements == NULL)
		return give_up(task, r);
	memset(r->elements, 0, (size_t)n * sizeof(*r->elements));
	r->n = (size_t)n;
	return r;
}

static void *
create_integer(const redisReadTask *task, long long value)
{
	struct reply *r = new_reply(task, REPLY_INTEGER);

	if (r != NULL)
		r->integer = value;
	return r;
}

static void *
create_nil(const redisReadTask *task)
{
	return new_reply(task, REPLY_NIL);
}

static void
free_object(void *r)
{
	reply_free(r);
}

#if CODEC_HAS_RESP3
static void *
create_double(const redisReadTask *task, double value, char *s, size_t len)
{
	(void)value, (void)s, (void)len;
	return new_reply(task, REPLY_NIL);
}

static void *
create_bool(const redisReadTask *task, int value)
{
	(void)value;
	return new_reply(task, REPLY_NIL);
}
#endif

struct reply_reader *
reply_reader_new(const struct reply_limits *limits)
{
	struct reply_reader *rd = xcalloc(1, sizeof(*rd));

	rd->limits = *limits;
	rd->fn = (redisReplyObjectFunctions)
	{
		.createString = create_string, .createArray = create_array,
		.createInteger = create_integer, .createNil = create_nil,
		.freeObject = free_object,
#if CODEC_HAS_RESP3
		.createDouble = create_double, .createBool = create_bool,
#endif
	};
	rd->codec = redisReaderCreateWithFunctions(&rd->fn);
	if (rd->codec == NULL)
		abort();
	codec_set_owner(rd->codec, rd);
	return rd;
}

void
reply_reader_free(struct reply_reader *rd)
{
	if (rd == NULL)
		return;
	reply_free(rd->skipped);
	redisReaderFree(rd->codec);
	free(rd);
}

void
reply_reader_feed(struct reply_reader *rd, const char *bytes, size_t len)
{
	size_t n = len < rd->skip ? len : rd->skip;

	if (rd->refused[0] != '\0')
		return;
	rd->skip -= n;
	bytes += n;
	len -= n;
	if (len > 0 && redisReaderFeed(rd->codec, bytes, len) != REDIS_OK)
		refuse(rd, "%s", codec_error(rd->codec));
	rd->bytes += len;
}

/* Throw away what is there already of a LONG string. */
static void
skip_fed(struct reply_reader *rd)
{
	size_t fed = codec_left(rd->codec);

	if (fed > rd->skip)
		fed = rd->skip;
	codec_skip(rd->codec, fed);
	rd->skip -= fed;
}

/* Does a top-level string begin, or may one, whose length must be known before
 * the codec sees it?  If it is LONG it is skipped from here on. */
static bool
begin_string(struct reply_reader *rd)
{
	const redisReader *codec = rd->codec;
	size_t fed = codec_left(codec);
	const char *s = codec_bytes(codec), *end;
	int64_t len;

	if (rd->limits.string == 0 || !codec_is_idle(codec))
		return false;
	/* The codec begins a reply even when it has nothing to read. */
	if (fed == 0 || *s != '$')
		return fed == 0;
	end = memmem(s, fed < HEADER_MAX ? fed : HEADER_MAX, "\r\n", 2);
	if (end == NULL)
		return fed < HEADER_MAX;
	if (!num_int(s + 1, (size_t)(end - s) - 1, 0, STRING_MAX, &len) ||
	    (size_t)len <= rd->limits.string)
		return false;
	codec_skip(rd->codec, (size_t)(end - s) + 2);
	rd->skipped = &reply_arena_new()->root;
	rd->skipped->type = REPLY_LONG;
	rd->skipped->len = (size_t)len;
	rd->skip = (size_t)len + 2;
	return true;
}

/* The LONG reply when the last of it has come. */
static struct reply *
end_string(struct reply_reader *rd)
{
	struct reply *r = rd->skipped;

	if (r == NULL)
		return NULL;
	skip_fed(rd);
	if (rd->skip > 0)
		return NULL;
	rd->skipped = NULL;
	rd->bytes = codec_left(rd->codec);
	return r;
}

/*
 * What hiredis waits for.  It waits for a line's end however long the line
 * grows, looking through all of it each time more comes; and for a bulk string
 * however long it says that it will be.  While it waits for a string it stands
 * behind the type byte, so the only line end it can have before it is that of
 * the string's length.
 */
static void
check_wait(struct reply_reader *rd)
{
	const char *s = codec_bytes(rd->codec), *end;
	size_t left = codec_left(rd->codec), awaited = 0;
	int64_t len;

	end =
	    memmem(s, left < REPLY_LINE_MAX ? left : REPLY_LINE_MAX, "\r\n", 2);
	if (end == NULL && left >= REPLY_LINE_MAX) {
		refuse(rd, "a line of more than %d bytes", REPLY_LINE_MAX);
		return;
	}
	if (end != NULL && num_int(s, (size_t)(end - s), 0, INT64_MAX, &len)) {
		if (len > INT32_MAX)
			len = INT32_MAX;
		awaited = (size_t)(end - s) + 2 + (size_t)len + 2;
	}
	if (rd->bytes > rd->limits.bytes ||
	    rd->bytes - left + awaited > rd->limits.bytes)
		refuse(rd, "a reply of more than %zu bytes", rd->limits.bytes);
}

struct reply *
reply_reader_next(struct reply_reader *rd, struct err *err)
{
	void *r = NULL;

	err->text[0] = '\0';
	if (rd->refused[0] == '\0' && (rd->skipped != NULL || begin_string(rd)))
		return end_string(rd);
	if (rd->refused[0] == '\0' &&
	    redisReaderGetReply(rd->codec, &r) != REDIS_OK)
		refuse(rd, "%s", codec_error(rd->codec));
	if (r == NULL && rd->refused[0] == '\0')
		check_wait(rd);
	else if (rd->bytes - codec_left(rd->codec) > rd->limits.bytes)
		refuse(rd, "a reply of more than %zu bytes", rd->limits.bytes);
	if (rd->refused[0] != '\0') {
		reply_free(r);
		err_set(err, "%s", rd->refused);
		return NULL;
	}
	if (r != NULL) {
		rd->bytes = codec_left(rd->codec);
		rd->elements = 0;
	}
	return r;
}
