/* web_settings - all of a new file, or none of it. */
#include "web/web_settings.h"

#include "base/log.h"
#include "web/auth.h"
#include "web/tls_server.h"

/* The context for its TLS; true with NULL when it has none. */
static bool
make_tls(const struct web_file *f, struct tls_server **tls, struct err *err)
{
	*tls = NULL;
	if (f->tls)
		*tls = tls_server_new(f, err);
	return !f->tls || *tls != NULL;
}

bool
web_settings_open(struct web_settings *s, const char *path, struct err *err)
{
	*s = (struct web_settings){ .auth = auth_new() };
	if (path == NULL)
		return true;
	if (!web_file_read(&s->file, path, err))
		return false;
	if (!make_tls(&s->file, &s->tls, err))
		return false;
	auth_set_users(s->auth, &s->file);
	return true;
}

void
web_settings_fini(struct web_settings *s)
{
	if (s->auth != NULL) {
		auth_stop(s->auth);
		auth_free(s->auth);
	}
	tls_server_unref(s->tls);
	web_file_fini(&s->file);
	*s = (struct web_settings){ 0 };
}

static bool
read_again(struct web_settings *s, struct err *err)
{
	struct tls_server *tls;
	struct web_file f;

	if (!web_file_read(&f, s->file.path, err))
		return false;
	if (f.tls != (s->tls != NULL))
		err_set(err,
		    "%s: TLS cannot be turned %s while serving; "
		    "restart for that",
		    f.path, f.tls ? "on" : "off");
	else if (make_tls(&f, &tls, err)) {
		tls_server_unref(s->tls);
		web_file_fini(&s->file);
		s->tls = tls;
		s->file = f;
		auth_set_users(s->auth, &s->file);
		return true;
	}
	web_file_fini(&f);
	return false;
}

void
web_settings_refresh(struct web_settings *s, int64_t now_ms)
{
	struct err err;

	if (s->file.path == NULL ||
	    now_ms - s->looked_ms < WEB_SETTINGS_LOOK_MS)
		return;
	s->looked_ms = now_ms;
	if (!web_file_changed(&s->file))
		return;
	if (read_again(s, &err)) {
		s->broken = false;
		log_info(
		    "web configuration read again", "file", s->file.path, NULL);
	} else if (!s->broken) {
		s->broken = true;
		log_warn("web configuration is broken; the last good one "
			 "stays in force",
		    "reason", err.text, NULL);
	}
}
