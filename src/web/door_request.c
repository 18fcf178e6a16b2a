/* door_request - find the end of a request's headers, no more. */
#include "web/door_request.h"

#include <ctype.h>
#include <string.h>

#include "web/door.h"

#define TLS_HANDSHAKE 0x16
#define TLS_HEADER    5

static enum door_request
judge_line(const char *line, size_t len)
{
	const char *end = memchr(line, '\n', len);
	const char *space;

	if (end == NULL)
		return DOOR_REQUEST_PART;
	space = memchr(line, ' ', (size_t)(end - line));
	if (space == NULL)
		return DOOR_REQUEST_BAD;
	if (door_request_arguments(space, (size_t)(end - space)) >
	    DOOR_ARGUMENTS_MAX)
		return DOOR_REQUEST_URI;
	return DOOR_REQUEST_WHOLE;
}

enum door_request
door_request_http(const char *bytes, size_t len, size_t max)
{
	const char *p = bytes, *end = bytes + len;
	enum door_request line;

	/* RFC 9112 2.2: empty lines before the request are skipped. */
	while (p < end && (*p == '\r' || *p == '\n'))
		p++;
	if (p < end && !isalpha((unsigned char)*p))
		return DOOR_REQUEST_BAD;
	line = judge_line(p, (size_t)(end - p));
	if (line != DOOR_REQUEST_PART && line != DOOR_REQUEST_WHOLE)
		return line;
	if (memmem(p, (size_t)(end - p), "\n\r\n", 3) != NULL ||
	    memmem(p, (size_t)(end - p), "\n\n", 2) != NULL)
		return DOOR_REQUEST_WHOLE;
	return len >= max ? DOOR_REQUEST_LONG : DOOR_REQUEST_PART;
}

/* The first record; what it holds is GnuTLS' to read. */
enum door_request
door_request_tls(const char *bytes, size_t len)
{
	const unsigned char *b = (const unsigned char *)bytes;
	size_t record;

	if (len == 0)
		return DOOR_REQUEST_PART;
	if (b[0] != TLS_HANDSHAKE)
		return isalpha(b[0]) ? DOOR_REQUEST_PLAIN : DOOR_REQUEST_BAD;
	if (len < TLS_HEADER)
		return DOOR_REQUEST_PART;
	record = (size_t)b[3] << 8 | b[4];
	if (record > DOOR_REQUEST_MAX - TLS_HEADER)
		return DOOR_REQUEST_BAD;
	return len >= TLS_HEADER + record ? DOOR_REQUEST_WHOLE
					  : DOOR_REQUEST_PART;
}

size_t
door_request_arguments(const char *uri, size_t len)
{
	const char *p = memchr(uri, '?', len), *end = uri + len;
	size_t n = 0;

	while (p != NULL) {
		n++;
		p++;
		p = memchr(p, '&', (size_t)(end - p));
	}
	return n;
}

#define REFUSAL(status, text)                                                \
	"HTTP/1.1 " status "\r\nContent-Type: text/plain; charset=utf-8\r\n" \
	"Connection: close\r\n\r\n" text "\n"

const char *
door_request_refusal(enum door_request r)
{
	switch (r) {
	case DOOR_REQUEST_BAD:
		return REFUSAL("400 Bad Request", "This is no HTTP request");
	case DOOR_REQUEST_URI:
		return REFUSAL("414 URI Too Long", "Too many arguments");
	case DOOR_REQUEST_LONG:
		return REFUSAL("431 Request Header Fields Too Large",
		    "The request is too long");
	case DOOR_REQUEST_PLAIN:
		return REFUSAL("400 Bad Request",
		    "Client sent an HTTP request to an HTTPS server");
	case DOOR_REQUEST_PART:
	case DOOR_REQUEST_WHOLE:
		break;
	}
	return "";
}
