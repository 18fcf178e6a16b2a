/*
 * mhd - libmicrohttpd, and what its versions need, in this one place: 0.9.75
 * (Debian 12, Ubuntu 22.04) to 1.0 (Debian 13).
 */
#ifndef WEB_MHD_H
#define WEB_MHD_H

#include <microhttpd.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "web/blob.h"

#if MHD_VERSION < 0x00097500
#error "libmicrohttpd 0.9.75 or newer is needed"
#endif

/* A response that owns the bytes of body, which is left empty.
 * MHD_create_response_from_buffer is to go after 1.0. */
static inline struct MHD_Response *
mhd_response(struct strbuf *body)
{
	size_t len;
	char *bytes = strbuf_take(body, &len);

	return MHD_create_response_from_buffer_with_free_callback(
	    len, bytes, free);
}

static inline void
mhd_release_parts(void *arg)
{
	struct blob **parts = arg;

	blob_unref(parts[0]);
	blob_unref(parts[1]);
	free(parts);
}

/* A response of two parts, both of which it has a reference of its own to. */
static inline struct MHD_Response *
mhd_response_of(struct blob *first, struct blob *last)
{
	const struct MHD_IoVec iov[2] = { { first->bytes, first->len },
		{ last->bytes, last->len } };
	struct blob **parts = xcalloc(2, sizeof(*parts));
	struct MHD_Response *response;

	parts[0] = blob_ref(first);
	parts[1] = blob_ref(last);
	response = MHD_create_response_from_iovec(
	    iov, 2, mhd_release_parts, parts);
	if (response == NULL)
		mhd_release_parts(parts);
	return response;
}

#endif
