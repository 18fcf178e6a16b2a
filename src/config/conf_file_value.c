/* conf_file_value - scalars, lists, maps of Celery's, references to secrets. */
#include "config/conf_file_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "config/env.h"
#include "config/quote.h"
#include "config/secret_file.h"
#include "config/yaml_json.h"

static bool
put(const struct conf_walk *w, const struct option *o, const struct yaml *y,
    const char *text)
{
	char *place =
	    xasprintf("%s:%u:%u: %s", w->name, y->line, y->column, o->name);
	bool ok =
	    setting_put(w->into, o, w->rank, place, text, strlen(text), w->err);

	free(place);
	return ok;
}

static bool
holds_password(const struct option *o, const char *text)
{
	if (!o->secret)
		return false;
	if (o == &options[OPTION_CELERY_BROKER_URL])
		return strchr(text, '@') != NULL;
	return o->env_only || strstr(text, "password") != NULL;
}

static bool
put_own(const struct conf_walk *w, const struct option *o, const struct yaml *y,
    const char *text)
{
	if (!w->exposed || !holds_password(o, text))
		return put(w, o, y, text);
	yaml_refuse(y, w->name, w->err,
	    "%s: holds a password, and every user of this machine may read "
	    "this file; chmod o-r it, or write {file: PATH} or {env: NAME} "
	    "instead",
	    o->name);
	return false;
}

static bool
put_scalar(
    const struct conf_walk *w, const struct option *o, const struct yaml *y)
{
	if (y->kind == YAML_SCALAR && *y->text != '\0')
		return put_own(w, o, y, y->text);
	if (y->kind == YAML_SCALAR || y->kind == YAML_NULL)
		yaml_refuse(y, w->name, w->err,
		    "%s has no value; write one, or leave the key out",
		    o->name);
	else
		yaml_refuse(y, w->name, w->err, "%s must be a value, not %s",
		    o->name, yaml_kind_text(y->kind));
	return false;
}

static bool
put_list(
    const struct conf_walk *w, const struct option *o, const struct yaml *y)
{
	const struct yaml *item;

	if (y->kind != YAML_LIST)
		return put_scalar(w, o, y);
	vec_foreach(item, &y->children)
		if (!put_scalar(w, o, item))
			return false;
	return true;
}

static bool
put_variable(
    const struct conf_walk *w, const struct option *o, const struct yaml *ref)
{
	const char *value = env_get(w->env, ref->text);
	char shown[QUOTE_MAX];

	strlist_add(&w->file->variables, ref->text, strlen(ref->text));
	if (value != NULL)
		return put(w, o, ref, value);
	yaml_refuse(ref, w->name, w->err,
	    "%s: the variable %s is not set; set it, or correct its name",
	    o->name, quote(shown, ref->text, strlen(ref->text)));
	return false;
}

/* A password is read again when its file changes, so only the name is taken;
 * anything else is read here. */
static bool
put_file(
    const struct conf_walk *w, const struct option *o, const struct yaml *ref)
{
	struct secret_file f;
	bool ok;

	if (o == &options[OPTION_SENTINEL_PASSWORD])
		return put(
		    w, &options[OPTION_SENTINEL_PASSWORD_FILE], ref, ref->text);
	if (o == &options[OPTION_REDIS_PASSWORD])
		return put(
		    w, &options[OPTION_REDIS_PASSWORD_FILE], ref, ref->text);
	if (!secret_file_read(&f, ref->text, w->err)) {
		err_prefix(w->err, "%s:%u:%u: %s", w->name, ref->line,
		    ref->column, o->name);
		return false;
	}
	ok = put(w, o, ref, f.secret);
	xfree_secret(&f.secret);
	return ok;
}

/* {env: NAME} or {file: PATH}; NULL when it is no such map. */
static const struct yaml *
reference(const struct option *o, const struct yaml *y)
{
	const struct yaml *ref;

	if (!o->secret || y->kind != YAML_MAP || y->children.n != 1)
		return NULL;
	ref = &y->children.v[0];
	if (strcmp(ref->key, "env") != 0 && strcmp(ref->key, "file") != 0)
		return NULL;
	return ref;
}

static bool
put_reference(
    const struct conf_walk *w, const struct option *o, const struct yaml *ref)
{
	if (ref->kind != YAML_SCALAR || *ref->text == '\0') {
		yaml_refuse(ref, w->name, w->err,
		    "%s: write {env: NAME} or {file: PATH}", o->name);
		return false;
	}
	return strcmp(ref->key, "env") == 0 ? put_variable(w, o, ref)
					    : put_file(w, o, ref);
}

static bool
put_json(
    const struct conf_walk *w, const struct option *o, const struct yaml *y)
{
	char *text;
	bool ok;

	if (y->kind == YAML_SCALAR)
		return put_scalar(w, o, y);
	if (y->kind != YAML_MAP) {
		yaml_refuse(y, w->name, w->err,
		    "%s must be a map, or JSON in quotes, not %s", o->name,
		    yaml_kind_text(y->kind));
		return false;
	}
	text = yaml_json(y);
	ok = put_own(w, o, y, text);
	xfree_secret(&text);
	return ok;
}

bool
conf_file_value(
    const struct conf_walk *w, const struct option *o, const struct yaml *y)
{
	const struct yaml *ref = reference(o, y);

	if (ref != NULL)
		return put_reference(w, o, ref);
	if (o->env_only && y->kind == YAML_MAP) {
		yaml_refuse(y, w->name, w->err,
		    "%s: write {env: NAME} or {file: PATH}", o->name);
		return false;
	}
	if (o->kind == OPTION_LIST)
		return put_list(w, o, y);
	if (o->kind == OPTION_JSON_TEXT)
		return put_json(w, o, y);
	return put_scalar(w, o, y);
}
