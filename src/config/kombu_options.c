#include "config/kombu_options.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX      100
#define STEP_VALUE_MAX 1000000
#define TIMEOUT_MAX_S  (3650.0 * 24 * 3600)

void
kombu_options_init(struct kombu_options *k)
{
	static const int64_t steps[] = { 0, 3, 6, 9 };
	size_t i;

	*k = (struct kombu_options){ .visibility_timeout_ms = 3600 * 1000 };
	k->global_keyprefix = xstrdup("");
	k->sep = xstrdup("\x06\x16");
	k->unacked_key = xstrdup("unacked");
	k->unacked_index_key = xstrdup("unacked_index");
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		*vec_push(&k->priority_steps) = steps[i];
}

void
kombu_options_fini(struct kombu_options *k)
{
	free(k->master_name);
	free(k->global_keyprefix);
	free(k->sep);
	free(k->unacked_key);
	free(k->unacked_index_key);
	vec_fini(&k->priority_steps);
	free(k->sentinel_username);
	xfree_secret(&k->sentinel_password);
	kombu_tls_fini(&k->sentinel_tls);
	*k = (struct kombu_options){ 0 };
}

static const struct text_option {
	const char *key;
	size_t offset;
	bool may_be_empty;
} text_options[] = {
	{ "master_name", offsetof(struct kombu_options, master_name), false },
	{ "global_keyprefix", offsetof(struct kombu_options, global_keyprefix),
	    true },
	{ "sep", offsetof(struct kombu_options, sep), false },
	{ "unacked_key", offsetof(struct kombu_options, unacked_key), false },
	{ "unacked_index_key",
	    offsetof(struct kombu_options, unacked_index_key), false },
};

static bool
take_text(struct kombu_options *k, const struct text_option *o,
    const json_t *value, struct err *err)
{
	char **field = (char **)(void *)((char *)k + o->offset);

	if (!json_is_string(value) ||
	    (!o->may_be_empty && json_string_length(value) == 0)) {
		err_set(err, "%s must be a %sstring", o->key,
		    o->may_be_empty ? "" : "non-empty ");
		return false;
	}
	free(*field);
	*field = xstrdup(json_string_value(value));
	return true;
}

/* kombu searches the steps by bisection, so they ascend. */
static bool
take_steps(struct kombu_options *k, const json_t *value, struct err *err)
{
	const size_t n = json_array_size(value);
	const json_t *item;
	json_int_t last = -1, step;
	size_t i;

	if (n == 0 || n > STEPS_MAX)
		goto wrong;
	vec_fini(&k->priority_steps);
	for (i = 0; i < n; i++) {
		item = json_array_get(value, i);
		step = json_integer_value(item);
		if (!json_is_integer(item) || step <= last ||
		    step > STEP_VALUE_MAX)
			goto wrong;
		*vec_push(&k->priority_steps) = last = step;
	}
	return true;
wrong:
	err_set(err,
	    "priority_steps must be 1 to %d ascending whole numbers, "
	    "for example [0, 3, 6, 9]",
	    STEPS_MAX);
	return false;
}

static bool
take_visibility(struct kombu_options *k, const json_t *value, struct err *err)
{
	const double seconds = json_number_value(value);

	if (!json_is_number(value) || !(seconds >= 0.001) ||
	    seconds > TIMEOUT_MAX_S) {
		err_set(err, "visibility_timeout must be a number of seconds "
			     "above 0");
		return false;
	}
	k->visibility_timeout_ms = (int64_t)llround(seconds * 1000);
	return true;
}

static bool
take_sentinel_text(
    char **field, const json_t *kwargs, const char *key, struct err *err)
{
	const json_t *value = json_object_get(kwargs, key);

	if (value == NULL || json_is_null(value))
		return true;
	if (!json_is_string(value)) {
		err_set(err, "sentinel_kwargs.%s must be a string", key);
		return false;
	}
	xfree_secret(field);
	if (json_string_length(value) > 0)
		*field = xstrdup(json_string_value(value));
	return true;
}

static bool
take_sentinel_tls(
    struct kombu_options *k, const json_t *kwargs, struct err *err)
{
	const char *key;
	json_t *value;

	kombu_tls_fini(&k->sentinel_tls);
	json_object_foreach((json_t *)(uintptr_t)kwargs, key, value)
	{
		if (!kombu_tls_is_key(key))
			continue;
		if (!kombu_tls_take(&k->sentinel_tls, key, value, err)) {
			err_prefix(err, "sentinel_kwargs");
			return false;
		}
	}
	if (kombu_truthy(json_object_get(kwargs, "ssl"))) {
		(void)kombu_tls_on(&k->sentinel_tls);
		return true;
	}
	k->sentinel_tls_off = k->sentinel_tls.conf != NULL;
	kombu_tls_fini(&k->sentinel_tls);
	return true;
}

static bool
take_sentinel_kwargs(
    struct kombu_options *k, const json_t *value, struct err *err)
{
	if (json_is_null(value))
		return true;
	if (!json_is_object(value)) {
		err_set(err, "sentinel_kwargs must be an object");
		return false;
	}
	if (!take_sentinel_tls(k, value, err))
		return false;
	return take_sentinel_text(
		   &k->sentinel_username, value, "username", err) &&
	       take_sentinel_text(
		   &k->sentinel_password, value, "password", err);
}

static bool
take_option(struct kombu_options *k, const char *key, const json_t *value,
    struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(text_options) / sizeof(text_options[0]); i++)
		if (strcmp(key, text_options[i].key) == 0)
			return take_text(k, &text_options[i], value, err);
	if (strcmp(key, "priority_steps") == 0)
		return take_steps(k, value, err);
	if (strcmp(key, "visibility_timeout") == 0)
		return take_visibility(k, value, err);
	if (strcmp(key, "sentinel_kwargs") == 0)
		return take_sentinel_kwargs(k, value, err);
	return true; /* kombu ignores what it does not know */
}

bool
kombu_options_parse(struct kombu_options *k, const char *json, struct err *err)
{
	json_error_t where;
	json_t *root, *value;
	const char *key;
	bool ok = true;

	root = json_loads(json, 0, &where);
	if (root == NULL) {
		/* jansson's own text may quote a value */
		err_set(err,
		    "broken JSON at line %d, column %d; write an "
		    "object such as {\"master_name\": \"mymaster\"}",
		    where.line, where.column);
		return false;
	}
	if (!json_is_object(root)) {
		err_set(err, "must be a JSON object, "
			     "such as {\"master_name\": \"mymaster\"}");
		ok = false;
	}
	json_object_foreach(root, key, value) if (ok) ok =
	    take_option(k, key, value, err);
	json_decref(root);
	return ok;
}
