/*
 * reason - why a source could not be read, as one word.  Pure.
 *
 * The word is the label "reason" of sentinel_exporter_source_errors_total.
 */
#ifndef PROTOCOL_REASON_H
#define PROTOCOL_REASON_H

#include <stdbool.h>
#include <stddef.h>

enum reason {
	REASON_NONE,		/* no error */
	REASON_DNS,		/* the name does not resolve */
	REASON_REFUSED,		/* the dial was refused or unreachable */
	REASON_TIMEOUT,		/* no answer within its deadline */
	REASON_TLS,
	REASON_AUTH,		/* NOAUTH, WRONGPASS, DENIED */
	REASON_NOPERM,
	REASON_LOADING,
	REASON_BUSY,		/* a script holds the server */
	REASON_MAXCLIENTS,
	REASON_PROTOCOL,	/* not RESP2, or over a limit */
	REASON_CLOSED,		/* the peer hung up */
	REASON_OTHER,
	REASON_COUNT,
};

/* "dns", "refused" ...; "" for REASON_NONE. */
const char *reason_name(enum reason);

/* From the text of an error reply, by its first word and the few texts that
 * have no word of their own (redis 5.0 .. 8.0, valkey 8). */
enum reason reason_of_error(const char *text);

/* AUTH's answer of a server that has no password set for the default user:
 * "ERR AUTH <password> called without any password ..." (6.0 on), "ERR Client
 * sent AUTH, but no password is set" (5.0).  Not a failure. */
bool	reason_is_no_password_set(const char *text);

#endif
