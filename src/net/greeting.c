#include "net/greeting.h"

#include <string.h>

#define CLIENT_NAME "sentinel-exporter"

void
greeting_start(
    struct greeting *g, const struct credentials *auth, struct batch *b)
{
	const char *password = auth->password == NULL ? "" : auth->password;

	*g = (struct greeting){ .auth = auth, .step = GREETING_NAME };
	if (auth->username != NULL) {
		g->step = GREETING_AUTH;
		batch_add(b, "AUTH", auth->username, password, NULL);
	} else if (auth->password != NULL) {
		g->step = GREETING_AUTH;
		batch_add(b, "AUTH", password, NULL);
	}
	batch_add(b, "CLIENT", "SETNAME", CLIENT_NAME, NULL);
}

/* Servers up to 6.2 repeat the arguments of a command they do not know, which
 * AUTH is where it was renamed.  The texts of known reasons hold no argument,
 * though they may hold a short password by chance. */
static bool
repeats_secret(const struct greeting *g, const char *text)
{
	return strncmp(text, "ERR unknown command", 19) == 0 ||
	       (g->auth->password != NULL &&
		   strstr(text, g->auth->password) != NULL);
}

static enum reason
take_auth(struct greeting *g, const char *text, struct err *detail)
{
	enum reason reason;

	g->step = GREETING_NAME;
	if (text == NULL)
		return REASON_NONE;
	if (reason_is_no_password_set(text)) {
		g->no_password = true;
		return REASON_NONE;
	}
	reason = reason_of_error(text);
	err_set(detail, "%s",
	    reason == REASON_OTHER && repeats_secret(g, text)
		? "AUTH is refused"
		: text);
	return reason == REASON_OTHER ? REASON_AUTH : reason;
}

/* The server speaks unasked when it turns a client away at the door: too many
 * clients, or protected mode; then this is the first answer that we see. */
static enum reason
take_name(struct greeting *g, const char *text, struct err *detail)
{
	enum reason reason;

	g->step = GREETING_OVER;
	if (text == NULL)
		return REASON_NONE;
	reason = reason_of_error(text);
	if (reason != REASON_MAXCLIENTS && strncmp(text, "DENIED ", 7) != 0)
		return REASON_NONE;
	err_set(detail, "%s", text);
	return reason;
}

enum reason
greeting_take(struct greeting *g, const struct reply *r, struct err *detail)
{
	const char *error = reply_is_error(r) ? r->str : NULL;

	switch (g->step) {
	case GREETING_AUTH:
		return take_auth(g, error, detail);
	case GREETING_NAME:
		return take_name(g, error, detail);
	case GREETING_OVER:
		break;
	}
	err_set(detail, "an answer too many");
	return REASON_PROTOCOL;
}
