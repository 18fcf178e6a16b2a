/* json - JSON written as it comes. */
#include "base/json.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/num.h"

static void
put_string(struct json *j, const char *s, size_t len)
{
	strbuf_putc(j->out, '"');
	escape(j->out, ESCAPE_JSON, s, len);
	strbuf_putc(j->out, '"');
}

static void
put_key(struct json *j, const char *key)
{
	if (j->comma)
		strbuf_putc(j->out, ',');
	j->comma = true;
	if (key == NULL)
		return;
	put_string(j, key, strlen(key));
	strbuf_putc(j->out, ':');
}

void
json_open(struct json *j, const char *key, char bracket)
{
	put_key(j, key);
	strbuf_putc(j->out, bracket);
	j->comma = false;
}

void
json_close(struct json *j, char bracket)
{
	strbuf_putc(j->out, bracket);
	j->comma = true;
}

void
json_bytes(struct json *j, const char *key, const char *s, size_t len)
{
	if (s == NULL)
		return;
	put_key(j, key);
	put_string(j, s, len);
}

void
json_text(struct json *j, const char *key, const char *s)
{
	if (s != NULL)
		json_bytes(j, key, s, strlen(s));
}

void
json_shown(struct json *j, const char *key, const char *s)
{
	size_t len;

	if (s == NULL)
		return;
	put_key(j, key);
	strbuf_putc(j->out, '"');
	for (;; s += len + 1) {
		len = strcspn(s, "\\");
		escape(j->out, ESCAPE_JSON, s, len);
		if (s[len] == '\0')
			break;
		strbuf_puts(j->out, "\\\\");
	}
	strbuf_putc(j->out, '"');
}

void
json_int(struct json *j, const char *key, int64_t v)
{
	if (v == NUM_UNKNOWN)
		return;
	put_key(j, key);
	strbuf_printf(j->out, "%lld", (long long)v);
}

void
json_bool(struct json *j, const char *key, int64_t v)
{
	if (v == NUM_UNKNOWN)
		return;
	put_key(j, key);
	strbuf_puts(j->out, v != 0 ? "true" : "false");
}

void
json_seconds(struct json *j, const char *key, int64_t ms)
{
	char text[NUM_TEXT_MAX];
	size_t len;

	if (ms == NUM_UNKNOWN)
		return;
	put_key(j, key);
	len = num_format((double)ms / 1000, text);
	strbuf_add(j->out, text, len);
}

void
json_time(struct json *j, const char *key, int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX], unix_key[64];

	if (wall_ms == NUM_UNKNOWN || wall_ms == 0)
		return;
	clock_format(wall_ms, text);
	json_text(j, key, text);
	(void)snprintf(unix_key, sizeof(unix_key), "%s_unix", key);
	json_seconds(j, unix_key, wall_ms);
}
