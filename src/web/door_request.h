/*
 * door_request - is it whole: what a client has sent before anybody reads it.
 * Pure.
 */
#ifndef WEB_DOOR_REQUEST_H
#define WEB_DOOR_REQUEST_H

#include <stddef.h>

enum door_request {
	DOOR_REQUEST_PART,	/* go on waiting */
	DOOR_REQUEST_WHOLE,
	DOOR_REQUEST_BAD,	/* no HTTP at all */
	DOOR_REQUEST_URI,	/* its query has too many arguments */
	DOOR_REQUEST_LONG,	/* no end within max bytes */
	DOOR_REQUEST_PLAIN,	/* plain HTTP where TLS is spoken */
};

/* The begin of a connection, of which len bytes are there. */
enum door_request door_request_http(const char *bytes, size_t len,
	    size_t max);
enum door_request door_request_tls(const char *bytes, size_t len);

/* How many arguments the query of a URI has. */
size_t	door_request_arguments(const char *uri, size_t len);

/* The whole answer to a request that nobody else will answer; "" when there is
 * none to give. */
const char *door_request_refusal(enum door_request);

#endif
