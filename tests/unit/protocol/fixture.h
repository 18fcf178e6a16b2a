/*
 * fixture - recorded bytes, and replies made from bytes.  Tests run from the
 * top of the source tree.
 */
#ifndef UNIT_PROTOCOL_FIXTURE_H
#define UNIT_PROTOCOL_FIXTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "protocol/reply_reader.h"

static const struct reply_limits wide = {
	.bytes = 1 << 20, .elements = 10000, .depth = 7
};

/* The whole file under tests/fixtures; the caller frees it. */
static inline char *
fixture_read(const char *name, size_t *len)
{
	char path[256], buf[65536];
	FILE *f;

	snprintf(path, sizeof(path), "tests/fixtures/%s", name);
	f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "cannot open %s", path);
	*len = fread(buf, 1, sizeof(buf), f);
	ck_assert_msg(*len < sizeof(buf), "%s is too long", path);
	fclose(f);
	return xmemdup0(buf, *len);
}

/* The one reply that the bytes hold; NULL when they hold none. */
static inline struct reply *
reply_from(const char *bytes, size_t len)
{
	struct reply_reader *rd = reply_reader_new(&wide);
	struct reply *r;
	struct err err;

	reply_reader_feed(rd, bytes, len);
	r = reply_reader_next(rd, &err);
	reply_reader_free(rd);
	return r;
}

static inline struct reply *
reply_from_text(const char *bytes)
{
	return reply_from(bytes, strlen(bytes));
}

static inline struct reply *
fixture_reply(const char *name)
{
	struct reply *r;
	size_t len;
	char *bytes = fixture_read(name, &len);

	r = reply_from(bytes, len);
	free(bytes);
	ck_assert_msg(r != NULL, "%s is no reply", name);
	return r;
}

#endif
