#include "protocol/reason.h"

#include <string.h>

static const char *const names[REASON_COUNT] = {
	[REASON_NONE] = "",
	[REASON_DNS] = "dns",
	[REASON_REFUSED] = "refused",
	[REASON_TIMEOUT] = "timeout",
	[REASON_TLS] = "tls",
	[REASON_AUTH] = "auth",
	[REASON_NOPERM] = "noperm",
	[REASON_LOADING] = "loading",
	[REASON_BUSY] = "busy",
	[REASON_MAXCLIENTS] = "maxclients",
	[REASON_PROTOCOL] = "protocol",
	[REASON_CLOSED] = "closed",
	[REASON_OTHER] = "other",
};

/* What an error begins with.  The space ends the word: BUSYKEY is not BUSY. */
static const struct {
	const char *start;
	enum reason reason;
} starts[] = {
	{ "NOAUTH ", REASON_AUTH },
	{ "WRONGPASS ", REASON_AUTH },
	{ "DENIED ", REASON_AUTH },
	{ "NOPERM ", REASON_NOPERM },
	{ "LOADING ", REASON_LOADING },
	{ "BUSY ", REASON_BUSY },
	{ "ERR max number of clients", REASON_MAXCLIENTS },
	{ "ERR invalid password", REASON_AUTH }, /* 5.0's WRONGPASS */
	/* A user name given to 5.0, and to sentinels before 6.2. */
	{ "ERR wrong number of arguments for 'auth'", REASON_AUTH },
};

static bool
starts_with(const char *s, const char *start)
{
	return strncmp(s, start, strlen(start)) == 0;
}

const char *
reason_name(enum reason reason)
{
	return names[reason];
}

enum reason
reason_of_error(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (starts_with(text, starts[i].start))
			return starts[i].reason;
	return REASON_OTHER;
}

bool
reason_is_no_password_set(const char *text)
{
	return starts_with(text, "ERR AUTH <password> called without any "
				 "password configured") ||
	       starts_with(
		   text, "ERR Client sent AUTH, but no password is set");
}
