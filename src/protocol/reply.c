#include "protocol/reply.h"

#include <hiredis/hiredis.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xalloc.h"

/* hiredis 1.0 made array lengths unsigned and added RESP3's types. */
#if HIREDIS_MAJOR >= 1
typedef size_t array_len;
#else
typedef int array_len;
#endif

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

/* A new reply in its place in the tree; NULL, which hiredis takes for a want
 * of memory, when the type is not one of RESP2's. */
static struct reply *
new_reply(const redisReadTask *task, enum reply_type type)
{
	struct reply *parent, *r;

	if (task->type == REDIS_REPLY_NIL || task->type > REDIS_REPLY_ERROR) {
		refuse(task->privdata, "a type of RESP3 in a RESP2 reply");
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	r->type = type;
	if (task->parent != NULL) {
		parent = task->parent->obj;
		parent->elements[task->idx] = r;
	}
	return r;
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
	r->str = xmemdup0(s, len);
	r->len = len;
	return r;
}

static void *
create_array(const redisReadTask *task, array_len n)
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
	r->n = (size_t)n;
	if (n > 0)
		r->elements = xcalloc(r->n, sizeof(struct reply *));
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

#if HIREDIS_MAJOR >= 1
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
#if HIREDIS_MAJOR >= 1
		.createDouble = create_double, .createBool = create_bool,
#endif
	};
	rd->codec = redisReaderCreateWithFunctions(&rd->fn);
	if (rd->codec == NULL)
		abort();
	rd->codec->privdata = rd;
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
		refuse(rd, "%s", rd->codec->errstr);
	rd->bytes += len;
}

/* Throw away what is there already of a LONG string. */
static void
skip_fed(struct reply_reader *rd)
{
	size_t fed = rd->codec->len - rd->codec->pos;

	if (fed > rd->skip)
		fed = rd->skip;
	rd->codec->pos += fed;
	rd->skip -= fed;
}

/* Does a top-level string begin, or may one, whose length must be known before
 * the codec sees it?  If it is LONG it is skipped from here on. */
static bool
begin_string(struct reply_reader *rd)
{
	const redisReader *codec = rd->codec;
	size_t fed = codec->len - codec->pos;
	const char *s = codec->buf + codec->pos, *end;
	int64_t len;

	if (rd->limits.string == 0 || codec->ridx != -1)
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
	rd->codec->pos += (size_t)(end - s) + 2;
	rd->skipped = xcalloc(1, sizeof(*rd->skipped));
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
	rd->bytes = rd->codec->len - rd->codec->pos;
	return r;
}

/* Bytes of the bulk string that hiredis waits for: it does so however long the
 * string says it will be.  While it waits it stands behind the type byte, so
 * the only line end it can have before it is that of a string's length. */
static size_t
announced(const redisReader *codec)
{
	const char *s = codec->buf + codec->pos, *end;
	int64_t len;

	end = memmem(s, codec->len - codec->pos, "\r\n", 2);
	if (end == NULL || !num_int(s, (size_t)(end - s), 0, INT64_MAX, &len))
		return 0;
	if (len > INT32_MAX)
		len = INT32_MAX;
	return (size_t)(end - s) + 2 + (size_t)len + 2;
}

/* Is the reply begun over the limit of bytes, or bound to be? */
static bool
too_long(const struct reply_reader *rd, bool whole)
{
	size_t left = rd->codec->len - rd->codec->pos;

	if (whole)
		return rd->bytes - left > rd->limits.bytes;
	return rd->bytes > rd->limits.bytes ||
	       rd->bytes - left + announced(rd->codec) > rd->limits.bytes;
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
		refuse(rd, "%s", rd->codec->errstr);
	if (rd->refused[0] == '\0' && too_long(rd, r != NULL))
		refuse(rd, "a reply of more than %zu bytes", rd->limits.bytes);
	if (rd->refused[0] != '\0') {
		reply_free(r);
		err_set(err, "%s", rd->refused);
		return NULL;
	}
	if (r != NULL) {
		rd->bytes = rd->codec->len - rd->codec->pos;
		rd->elements = 0;
	}
	return r;
}

void
reply_free(struct reply *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->n; i++)
		reply_free(r->elements[i]);
	free(r->elements);
	free(r->str);
	free(r);
}

const struct reply *
reply_at(const struct reply *r, size_t i)
{
	return r != NULL && i < r->n ? r->elements[i] : NULL;
}

const char *
reply_text(const struct reply *r)
{
	if (r == NULL || (r->type != REPLY_STRING && r->type != REPLY_STATUS))
		return NULL;
	return r->str;
}

bool
reply_int(const struct reply *r, int64_t *out)
{
	if (r == NULL)
		return false;
	if (r->type == REPLY_INTEGER) {
		*out = r->integer;
		return true;
	}
	return r->type == REPLY_STRING &&
	       num_int(r->str, r->len, -INT64_MAX, INT64_MAX, out);
}

bool
reply_is_error(const struct reply *r)
{
	return r != NULL && r->type == REPLY_ERROR;
}
