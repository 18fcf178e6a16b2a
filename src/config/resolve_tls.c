/* TLS to sentinels and to data nodes: own options over Celery's, key by key. */
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "config/quote.h"
#include "config/resolve_draft.h"

#define PEM_MAX (1 << 20)

/* The options of one kind of server. */
struct tls_options {
	enum option_id tls, ca_file, cert_file, key_file, server_name, insecure;
};

static const struct tls_options sentinel_options = {
	OPTION_SENTINEL_TLS,
	OPTION_SENTINEL_TLS_CA_FILE,
	OPTION_SENTINEL_TLS_CERT_FILE,
	OPTION_SENTINEL_TLS_KEY_FILE,
	OPTION_SENTINEL_TLS_SERVER_NAME,
	OPTION_SENTINEL_TLS_INSECURE_SKIP_VERIFY,
};
static const struct tls_options redis_options = {
	OPTION_REDIS_TLS,
	OPTION_REDIS_TLS_CA_FILE,
	OPTION_REDIS_TLS_CERT_FILE,
	OPTION_REDIS_TLS_KEY_FILE,
	OPTION_REDIS_TLS_SERVER_NAME,
	OPTION_REDIS_TLS_INSECURE_SKIP_VERIFY,
};

/* What Celery's settings say; conf NULL = nothing. */
struct theirs {
	const struct tls_conf *conf;
	const char *place;
};

/* The file can be read; a key is not encrypted. */
static bool
check_pem(
    struct draft *d, const char *place, enum option_id own, const char *path)
{
	char shown[QUOTE_MAX];
	struct file f;
	bool encrypted;

	if (path == NULL)
		return true;
	quote(shown, path, strlen(path));
	if (!file_read(&f, path, PEM_MAX, d->err)) {
		err_prefix(d->err, "%s: cannot read %s", place, shown);
		if (strstr(place, options[own].name) == NULL) {
			strlcat(d->err->text, "; name the file by --",
			    sizeof(d->err->text));
			strlcat(d->err->text, options[own].name,
			    sizeof(d->err->text));
		}
		return false;
	}
	encrypted = memmem(f.bytes, f.len, "ENCRYPTED", 9) != NULL;
	file_fini(&f);
	if (encrypted)
		err_set(d->err,
		    "%s: the key in %s is encrypted, and nobody could type "
		    "its password; write it decrypted to a file that only the "
		    "exporter may read: openssl pkey -in KEY -out PLAIN",
		    place, shown);
	return !encrypted;
}

static bool
choose_file(
    struct draft *d, enum option_id id, const char *their_place, char **field)
{
	const struct settings *s = d->settings;

	if (setting_given(s, id)) {
		free(*field);
		*field = xstrdup(setting_text(s, id));
		their_place = setting_place(s, id);
	}
	return check_pem(d, their_place, id, *field);
}

static bool
choose_files(struct draft *d, const struct tls_options *o, const char *place,
    struct tls_conf *t)
{
	const struct settings *s = d->settings;

	if (setting_given(s, o->key_file) && t->cert_file == NULL &&
	    !setting_given(s, o->cert_file)) {
		err_set(d->err,
		    "%s: a key without a certificate; give --%s "
		    "too",
		    setting_place(s, o->key_file), options[o->cert_file].name);
		return false;
	}
	/* Another certificate has another key. */
	if (setting_given(s, o->cert_file) && !setting_given(s, o->key_file)) {
		free(t->key_file);
		t->key_file = xstrdup(setting_text(s, o->cert_file));
	} else if (t->cert_file != NULL && t->key_file == NULL &&
		   !setting_given(s, o->key_file)) {
		t->key_file = xstrdup(t->cert_file);
	}
	return choose_file(d, o->ca_file, place, &t->ca_file) &&
	       choose_file(d, o->cert_file, place, &t->cert_file) &&
	       choose_file(d, o->key_file, place, &t->key_file);
}

static struct tls_conf *
copy_of(const struct tls_conf *from)
{
	struct tls_conf *t = tls_conf_new();

	if (from == NULL)
		return t;
	t->ca_file = str_copy(from->ca_file);
	t->ca_path = str_copy(from->ca_path);
	t->ca_data = str_copy(from->ca_data);
	t->cert_file = str_copy(from->cert_file);
	t->key_file = str_copy(from->key_file);
	t->server_name = str_copy(from->server_name);
	t->ciphers = str_copy(from->ciphers);
	t->min_version = from->min_version;
	t->insecure_skip_verify = from->insecure_skip_verify;
	t->skip_name_check = from->skip_name_check;
	return t;
}

/* An option that has no effect is a mistake. */
static bool
check_off(struct draft *d, const struct tls_options *o)
{
	const enum option_id ids[] = { o->ca_file, o->cert_file, o->key_file,
		o->server_name, o->insecure };
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (!setting_given(d->settings, ids[i]))
			continue;
		err_set(d->err, "%s: has no effect without --%s",
		    setting_place(d->settings, ids[i]), options[o->tls].name);
		return false;
	}
	return true;
}

static void
warn_insecure(struct draft *d, const char *place, const char *who)
{
	struct strbuf text = { 0 };

	strbuf_printf(&text,
	    "%s: certificates of the %s are not verified, so that anybody on "
	    "the way can read the password and answer in their place",
	    place, who);
	draft_warn(d, &text);
}

static bool
choose_tls(struct draft *d, const struct tls_options *o, struct theirs theirs,
    const char *who, struct tls_conf **out)
{
	const struct settings *s = d->settings;
	const char *place = theirs.place;
	struct tls_conf *t;
	bool on;

	if (!setting_bool(s, o->tls, &on, d->err))
		return false;
	if (!setting_given(s, o->tls))
		on = theirs.conf != NULL;
	if (!on)
		return check_off(d, o);
	if (place == NULL)
		place = setting_place(s, o->tls);
	*out = t = copy_of(theirs.conf);
	if (setting_given(s, o->server_name)) {
		free(t->server_name);
		t->server_name = xstrdup(setting_text(s, o->server_name));
		t->skip_name_check = false;
	}
	if (setting_given(s, o->insecure)) {
		place = setting_place(s, o->insecure);
		if (!setting_bool(
			s, o->insecure, &t->insecure_skip_verify, d->err))
			return false;
	}
	if (t->insecure_skip_verify)
		warn_insecure(d, place, who);
	return choose_files(
	    d, o, theirs.place == NULL ? place : theirs.place, t);
}

/* The first broker that says something; another one must say the same. */
static bool
agree(struct draft *d, const struct tls_options *o, struct theirs *all,
    struct theirs one)
{
	if (setting_given(d->settings, o->tls) || one.place == NULL)
		return true;
	if (all->place == NULL) {
		*all = one;
		return true;
	}
	if (tls_conf_equal(all->conf, one.conf))
		return true;
	err_set(d->err,
	    "%s: asks for other TLS settings than %s; give those of the group "
	    "by --%s and what belongs to it, or make it two groups",
	    one.place, all->place, options[o->tls].name);
	return false;
}

bool
resolve_tls(struct draft *d)
{
	struct theirs nodes = { 0 }, sentinels = { 0 };
	const struct broker_draft *b;
	const struct tls_conf *t;

	vec_foreach(b, &d->brokers) {
		t = b->celery.kombu.sentinel_tls.conf;
		if (!agree(d, &redis_options, &nodes,
			(struct theirs){ b->tls, b->tls_place }) ||
		    !agree(d, &sentinel_options, &sentinels,
			(struct theirs){ t,
			    t == NULL ? NULL
				      : setting_place(b->settings,
					    OPTION_CELERY_TRANSPORT_OPTIONS) }))
			return false;
	}
	return choose_tls(d, &sentinel_options, sentinels, "sentinels",
		   &d->group->sentinel_tls) &&
	       choose_tls(d, &redis_options, nodes, "data nodes",
		   &d->group->redis_tls);
}
