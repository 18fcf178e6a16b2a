/* http_check - count what may stand there once. */
#include "web/http_check.h"

#include <string.h>
#include <strings.h>

#include "web/mhd.h"

struct counts {
	unsigned hosts, lengths, encodings;
};

static enum MHD_Result
count(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct counts *n = arg;

	(void)kind, (void)value;
	n->hosts += strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
	n->lengths += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
	n->encodings +=
	    strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
	return MHD_YES;
}

bool
http_check_uri(const char *uri)
{
	const char *query = strchr(uri, '?');
	const char *nul = strstr(uri, "%00"), *p;

	if (nul != NULL && (query == NULL || nul < query))
		return false;
	for (p = uri; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return false;
	return true;
}

const char *
http_check_headers(struct MHD_Connection *connection, const char *version)
{
	struct counts n = { 0 };

	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND, count, &n);
	if (n.hosts > 1)
		return "Two Host headers\n";
	if (n.hosts == 0 && strcmp(version, MHD_HTTP_VERSION_1_1) == 0)
		return "The Host header is missing\n";
	if (n.lengths > 1)
		return "Two Content-Length headers\n";
	if (n.lengths > 0 && n.encodings > 0)
		return "Content-Length beside Transfer-Encoding\n";
	return NULL;
}

bool
http_check_body(struct MHD_Connection *connection)
{
	const char *length = MHD_lookup_connection_value(
	    connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
	const char *encoding = MHD_lookup_connection_value(
	    connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING);

	return encoding != NULL || (length != NULL && strcmp(length, "0") != 0);
}
