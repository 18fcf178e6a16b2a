#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "base/utf8.h"

static enum log_level threshold = LOG_INFO;
static enum log_format format = LOG_LOGFMT;

static const char *const names[] = {
	[LOG_DEBUG] = "DEBUG",
	[LOG_INFO] = "INFO",
	[LOG_WARN] = "WARN",
	[LOG_ERROR] = "ERROR",
};

void
log_setup(enum log_level level, enum log_format f)
{
	threshold = level;
	format = f;
}

bool
log_enabled(enum log_level level)
{
	return level >= threshold;
}

static void
put_quoted(struct strbuf *b, const char *s)
{
	struct strbuf clean = { 0 };
	const char *p;

	utf8_append(&clean, s, strlen(s));
	strbuf_putc(b, '"');
	for (p = strbuf_text(&clean); *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			strbuf_printf(b, "\\%c", *p);
		else if (*p == '\n')
			strbuf_puts(b, "\\n");
		else if ((unsigned char)*p < ' ' || *p == 0x7f)
			strbuf_printf(b, "\\u%04x", (unsigned char)*p);
		else
			strbuf_putc(b, *p);
	}
	strbuf_putc(b, '"');
	strbuf_fini(&clean);
}

static bool
plain(const char *s)
{
	return *s != '\0' &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.:/@[],")] ==
		   '\0';
}

static void
put_pair(struct strbuf *b, const char *key, const char *value)
{
	if (format == LOG_JSON) {
		strbuf_putc(b, b->len == 0 ? '{' : ',');
		put_quoted(b, key);
		strbuf_putc(b, ':');
		put_quoted(b, value);
		return;
	}
	if (b->len > 0)
		strbuf_putc(b, ' ');
	strbuf_puts(b, key);
	strbuf_putc(b, '=');
	if (plain(value))
		strbuf_puts(b, value);
	else
		put_quoted(b, value);
}

static void
put_time(struct strbuf *b)
{
	char text[CLOCK_TEXT_MAX];

	clock_format(clock_now().wall_ms, text);
	put_pair(b, "time", text);
}

void
log_line(enum log_level level, const char *msg, ...)
{
	struct strbuf b = { 0 };
	const char *key, *value;
	ssize_t written;
	va_list ap;

	if (!log_enabled(level))
		return;
	put_time(&b);
	put_pair(&b, "level", names[level]);
	put_pair(&b, "msg", msg);
	va_start(ap, msg);
	while ((key = va_arg(ap, const char *)) != NULL) {
		value = va_arg(ap, const char *);
		if (value != NULL)
			put_pair(&b, key, value);
	}
	va_end(ap);
	strbuf_puts(&b, format == LOG_JSON ? "}\n" : "\n");
	written = write(STDERR_FILENO, b.s, b.len);
	(void)written; /* nowhere left to complain */
	strbuf_fini(&b);
}
