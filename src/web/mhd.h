/*
 * mhd - libmicrohttpd, and what its versions need, in this one place: 0.9.75
 * (Debian 12, Ubuntu 22.04) to 1.0 (Debian 13).
 */
#ifndef WEB_MHD_H
#define WEB_MHD_H

#include <microhttpd.h>
#include <stdlib.h>

#include "base/strbuf.h"

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

#endif
