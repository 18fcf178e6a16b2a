/* Everything that is not a group's: polling, state, web, log. */
#include <string.h>

#include "base/addr.h"
#include "base/num.h"
#include "config/quote.h"
#include "config/resolve.h"

#define WEB_PATH_MAX 255

bool
resolve_poll(struct poll_conf *p, const struct settings *s, struct err *err)
{
	if (!setting_number(s, OPTION_POLL_INTERVAL, &p->interval_ms, err) ||
	    !setting_number(s, OPTION_POLL_TIMEOUT, &p->timeout_ms, err))
		return false;
	if (!setting_given(s, OPTION_POLL_TIMEOUT) &&
	    p->timeout_ms >= p->interval_ms)
		p->timeout_ms = p->interval_ms * 4 / 5;
	if (p->timeout_ms >= p->interval_ms) {
		err_set(err,
		    "%s: must be shorter than --poll.interval; shorten it, "
		    "or lengthen the interval",
		    setting_place(s, OPTION_POLL_TIMEOUT));
		return false;
	}
	p->stale_after_ms = 3 * p->interval_ms;
	if (!setting_given(s, OPTION_POLL_STALE_AFTER))
		return true;
	if (!setting_number(
		s, OPTION_POLL_STALE_AFTER, &p->stale_after_ms, err))
		return false;
	if (p->stale_after_ms <= p->interval_ms) {
		err_set(err,
		    "%s: must be longer than --poll.interval; write for "
		    "example three times as much",
		    setting_place(s, OPTION_POLL_STALE_AFTER));
		return false;
	}
	return true;
}

static bool
listen_address_is_valid(const char *text)
{
	const size_t len = strlen(text);
	struct addr a;
	int64_t port;

	if (text[0] == ':')
		return num_int(text + 1, len - 1, 1, UINT16_MAX, &port);
	return addr_parse(&a, text, len, 0);
}

static bool
resolve_listen(struct conf *c, const struct settings *s, struct err *err)
{
	const enum option_id id = OPTION_WEB_LISTEN_ADDRESS;
	struct strlist *list = &c->web_listen_addresses;
	const struct setting_text *t;
	char shown[QUOTE_MAX];

	vec_foreach(t, &s->of[id].texts) {
		if (!listen_address_is_valid(t->text)) {
			err_set(err,
			    "%s: %s is no address to listen on; "
			    "write :port, host:port or [v6]:port",
			    t->place, quote(shown, t->text, strlen(t->text)));
			return false;
		}
		if (!strlist_has(list, t->text))
			strlist_add(list, t->text, strlen(t->text));
	}
	if (list->items.n == 0)
		strlist_add(
		    list, options[id].fallback, strlen(options[id].fallback));
	return true;
}

static bool
path_is_valid(const char *path)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789/-._~";

	return path[0] == '/' && path[1] != '\0' && path[1] != '/' &&
	       strlen(path) <= WEB_PATH_MAX &&
	       path[strspn(path, allowed)] == '\0';
}

/* Another endpoint's, or below a folder that is kept for them. */
static bool
path_is_taken(const char *path)
{
	return strcmp(path, "/sd") == 0 || strncmp(path, "/-/", 3) == 0 ||
	       strncmp(path, "/api/", 5) == 0;
}

static bool
resolve_path(struct conf *c, const struct settings *s, struct err *err)
{
	const enum option_id id = OPTION_WEB_TELEMETRY_PATH;
	const char *path = setting_text(s, id);
	char shown[QUOTE_MAX];

	if (!path_is_valid(path)) {
		err_set(err,
		    "%s: %s is no path for metrics; write for "
		    "example /metrics: a '/', then letters, digits and "
		    "-._~/",
		    setting_place(s, id), quote(shown, path, strlen(path)));
		return false;
	}
	if (path_is_taken(path)) {
		err_set(err,
		    "%s: %s belongs to another endpoint; write for "
		    "example /metrics",
		    setting_place(s, id), path);
		return false;
	}
	c->web_telemetry_path = xstrdup(path);
	return true;
}

static bool
resolve_log(struct conf *c, const struct settings *s, struct err *err)
{
	size_t level, format;

	if (!setting_word(s, OPTION_LOG_LEVEL, &level, err) ||
	    !setting_word(s, OPTION_LOG_FORMAT, &format, err))
		return false;
	c->log_level = (enum log_level)level;
	c->log_format = (enum log_format)format;
	return true;
}

static bool
resolve_command(struct conf *c, const struct settings *s, struct err *err)
{
	struct command_conf *told = &c->told;

	told->epoch = NUM_UNKNOWN;
	if (setting_given(s, OPTION_MASTER))
		told->master = xstrdup(setting_text(s, OPTION_MASTER));
	return setting_bool(s, OPTION_JSON, &told->json, err) &&
	       setting_bool(s, OPTION_WATCH, &told->watch, err) &&
	       setting_bool(s, OPTION_MARKDOWN, &told->markdown, err) &&
	       (!setting_given(s, OPTION_EPOCH) ||
		   setting_number(s, OPTION_EPOCH, &told->epoch, err));
}

bool
resolve_process(struct conf *c, const struct settings *s, struct err *err)
{
	if (setting_given(s, OPTION_STATE_FILE))
		c->state_file = xstrdup(setting_text(s, OPTION_STATE_FILE));
	if (setting_given(s, OPTION_WEB_CONFIG_FILE))
		c->web_config_file =
		    xstrdup(setting_text(s, OPTION_WEB_CONFIG_FILE));
	return resolve_command(c, s, err) && resolve_poll(&c->poll, s, err) &&
	       resolve_listen(c, s, err) && resolve_path(c, s, err) &&
	       resolve_log(c, s, err) &&
	       setting_number(s, OPTION_WEB_MAX_CONNECTIONS,
		   &c->web_max_connections, err) &&
	       setting_bool(
		   s, OPTION_WEB_SYSTEMD_SOCKET, &c->web_systemd_socket, err) &&
	       setting_bool(s, OPTION_WEB_ENABLE_LIFECYCLE,
		   &c->web_enable_lifecycle, err);
}
