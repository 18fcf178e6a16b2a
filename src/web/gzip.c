#include "web/gzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/strbuf.h"
#include "base/xalloc.h"

#define GZIP_WINDOW 31 /* 15 bits, and 16 for the gzip header */
#define GZIP_MEMORY 8 /* zlib's default */

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
