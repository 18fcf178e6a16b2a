/* gzip - zlib, once over. */
#include "web/gzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/assert.h"
#include "base/strbuf.h"
#include "base/xalloc.h"

#define GZIP_WINDOW 31 /* 15 bits, and 16 for the gzip header */
#define RAW_WINDOW  (-15) /* the same without header and trailer */
#define GZIP_MEMORY 8 /* zlib's default */

/* What a flush may add to deflateBound: an empty stored block, and bits. */
#define FLUSH_ROOM 16

static bool
deflate_whole(z_stream *z, const struct strbuf *body)
{
	int end;

	if (deflateInit2(z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW,
		GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	z->next_in = (Bytef *)body->s;
	z->avail_in = (uInt)body->len;
	end = deflate(z, Z_FINISH);
	(void)deflateEnd(z);
	return end == Z_STREAM_END;
}

bool
gzip_body(struct strbuf *body)
{
	z_stream z = { 0 };
	char *out;

	if (body->len == 0 || body->len > UINT_MAX)
		return false;
	out = xreallocarray(NULL, body->len, 1);
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)body->len;
	if (!deflate_whole(&z, body)) {
		free(out);
		return false;
	}
	body->len = 0;
	strbuf_add(body, out, z.total_out);
	free(out);
	return true;
}

/* Append the text as deflate blocks, up to a byte's border. */
static void
deflate_blocks(struct strbuf *out, const struct strbuf *text, int flush)
{
	z_stream z = { 0 };
	size_t room;
	int rc;

	ASSERT(text->len < UINT_MAX / 2);
	rc = deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, RAW_WINDOW,
	    GZIP_MEMORY, Z_DEFAULT_STRATEGY);
	if (rc != Z_OK)
		abort(); /* out of memory, as in xalloc */
	room = deflateBound(&z, text->len) + FLUSH_ROOM;
	z.next_in = (Bytef *)text->s;
	z.avail_in = (uInt)text->len;
	z.next_out = (Bytef *)strbuf_room(out, room);
	z.avail_out = (uInt)room;
	rc = deflate(&z, flush);
	ASSERT(rc == (flush == Z_FINISH ? Z_STREAM_END : Z_OK));
	ASSERT(z.avail_in == 0);
	strbuf_grow(out, z.total_out);
	(void)deflateEnd(&z);
}

static struct gzip_sum
sum_of(const struct strbuf *text)
{
	unsigned long crc = crc32(0, NULL, 0);

	if (text->len > 0)
		crc = crc32(crc, (const Bytef *)text->s, (uInt)text->len);
	return (struct gzip_sum){ crc, text->len };
}

void
gzip_begin(struct strbuf *out, const struct strbuf *text, struct gzip_sum *sum)
{
	/* RFC 1952: deflate, no name, no time, made by Unix. */
	static const char head[10] = "\x1f\x8b\x08\0\0\0\0\0\0\x03";

	*sum = sum_of(text);
	strbuf_add(out, head, sizeof(head));
	deflate_blocks(out, text, Z_SYNC_FLUSH);
}

static void
put_le32(struct strbuf *out, uint64_t n)
{
	int i;

	for (i = 0; i < 4; i++)
		strbuf_putc(out, (char)(n >> (8 * i) & 0xff));
}

void
gzip_end(
    struct strbuf *out, const struct strbuf *text, const struct gzip_sum *begin)
{
	struct gzip_sum sum = sum_of(text);

	deflate_blocks(out, text, Z_FINISH);
	put_le32(out, crc32_combine(begin->crc, sum.crc, (z_off_t)sum.len));
	put_le32(out, begin->len + sum.len);
}
