/* web_file_http - http_server_config and basic_auth_users. */
#include <ctype.h>
#include <string.h>

#include "config/web_file_parts.h"

#define USERS_MAX 64
#define COST_MAX  16 /* takes 5 seconds; each step more doubles that */
#define HASH_LEN  60

/* HTTP/2 is not spoken here, which every client can bear. */
static bool
read_http2(struct web_reader *r, const struct yaml *y)
{
	bool ignored;

	return web_file_bool(r, y, &ignored);
}

static const struct {
	const char *name;
	const char *values[3]; /* none: any */
} known_headers[] = {
	{ "Content-Security-Policy", { NULL } },
	{ "Strict-Transport-Security", { NULL } },
	{ "X-Content-Type-Options", { "nosniff", NULL } },
	{ "X-Frame-Options", { "deny", "sameorigin", NULL } },
	{ "X-XSS-Protection", { NULL } },
};

static bool
header_value_fits(const struct yaml *y, const char *const *values)
{
	const char *p;

	for (p = y->text; *p != '\0'; p++)
		if (iscntrl((unsigned char)*p))
			return false;
	if (values[0] == NULL)
		return true;
	for (; *values != NULL; values++)
		if (strcmp(y->text, *values) == 0)
			return true;
	return false;
}

static bool
read_header(struct web_reader *r, const struct yaml *y)
{
	struct web_header *h;
	size_t i;

	for (i = 0; i < sizeof(known_headers) / sizeof(known_headers[0]); i++) {
		if (strcmp(y->key, known_headers[i].name) != 0)
			continue;
		if (y->kind != YAML_SCALAR ||
		    !header_value_fits(y, known_headers[i].values)) {
			yaml_refuse(y, r->name, r->err,
			    "%s cannot have this value", y->key);
			return false;
		}
		h = vec_push(&r->f->headers);
		*h = (struct web_header){ xstrdup(y->key), xstrdup(y->text) };
		return true;
	}
	yaml_refuse_key(
	    y, r->name, r->err, "the header \"%s\" cannot be set", y->key);
	return false;
}

static bool
read_headers(struct web_reader *r, const struct yaml *y)
{
	const struct yaml *header;

	vec_foreach(header, &y->children)
		if (!read_header(r, header))
			return false;
	return true;
}

bool
web_file_http(struct web_reader *r, const struct yaml *y)
{
	static const struct web_key keys[] = {
		{ "http2", YAML_SCALAR, read_http2 },
		{ "headers", YAML_MAP, read_headers },
	};

	return web_file_keys(r, y, keys, sizeof(keys) / sizeof(keys[0]));
}

/* "$2y$10$", then 53 characters of bcrypt's own alphabet. */
static bool
is_bcrypt(const char *hash, int *cost)
{
	if (strlen(hash) != HASH_LEN || hash[0] != '$' || hash[1] != '2' ||
	    strchr("aby", hash[2]) == NULL || hash[3] != '$' ||
	    !isdigit((unsigned char)hash[4]) ||
	    !isdigit((unsigned char)hash[5]) || hash[6] != '$')
		return false;
	*cost = (hash[4] - '0') * 10 + hash[5] - '0';
	return *cost >= 4 && *cost <= 31 &&
	       strspn(hash + 7, "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"abcdefghijklmnopqrstuvwxyz") == HASH_LEN - 7;
}

static bool
read_user(struct web_reader *r, const struct yaml *y)
{
	struct web_user *u;
	int cost;

	if (y->kind != YAML_SCALAR || !is_bcrypt(y->text, &cost)) {
		yaml_refuse(y, r->name, r->err,
		    "this is no bcrypt hash; make one with "
		    "\"htpasswd -nBC 10 USER\"");
		return false;
	}
	if (cost > COST_MAX) {
		yaml_refuse(y, r->name, r->err,
		    "a bcrypt cost of %d takes too long; use 10, at most %d",
		    cost, COST_MAX);
		return false;
	}
	if (r->f->users.n >= USERS_MAX) {
		yaml_refuse_key(
		    y, r->name, r->err, "more than %d users", USERS_MAX);
		return false;
	}
	u = vec_push(&r->f->users);
	*u = (struct web_user){ xstrdup(y->key), xstrdup(y->text) };
	return true;
}

bool
web_file_users(struct web_reader *r, const struct yaml *y)
{
	const struct yaml *user;

	vec_foreach(user, &y->children)
		if (!read_user(r, user))
			return false;
	return true;
}
