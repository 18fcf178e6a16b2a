/* web_file - exporter-toolkit's keys, all of them or a reason. */
#include "config/web_file.h"

#include <string.h>

#include "base/nearest.h"
#include "config/web_file_parts.h"

static bool
refuse_unknown(struct web_reader *r, const struct yaml *y,
    const struct web_key *keys, size_t n)
{
	struct nearest like;
	size_t i;

	nearest_init(&like, y->key, strlen(y->key));
	for (i = 0; i < n; i++)
		nearest_offer(&like, keys[i].name);
	if (like.best != NULL)
		yaml_refuse_key(y, r->name, r->err,
		    "unknown key \"%s\"; did you mean \"%s\"?", y->key,
		    like.best);
	else
		yaml_refuse_key(
		    y, r->name, r->err, "unknown key \"%s\"", y->key);
	return false;
}

static bool
read_key(struct web_reader *r, const struct yaml *y, const struct web_key *keys,
    size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(y->key, keys[i].name) != 0)
			continue;
		if (y->kind == YAML_NULL)
			return true;
		if (y->kind == keys[i].kind)
			return keys[i].read(r, y);
		yaml_refuse(y, r->name, r->err, "%s must be %s, not %s", y->key,
		    yaml_kind_text(keys[i].kind), yaml_kind_text(y->kind));
		return false;
	}
	return refuse_unknown(r, y, keys, n);
}

bool
web_file_keys(struct web_reader *r, const struct yaml *map,
    const struct web_key *keys, size_t n)
{
	const struct yaml *y;

	vec_foreach(y, &map->children)
		if (!read_key(r, y, keys, n))
			return false;
	return true;
}

bool
web_file_bool(struct web_reader *r, const struct yaml *y, bool *out)
{
	*out = strcmp(y->text, "true") == 0;
	if (*out || strcmp(y->text, "false") == 0)
		return true;
	yaml_refuse(y, r->name, r->err, "%s must be true or false", y->key);
	return false;
}

static bool
read_tree(struct web_reader *r, const struct yaml *root)
{
	static const struct web_key keys[] = {
		{ "tls_server_config", YAML_MAP, web_file_tls },
		{ "http_server_config", YAML_MAP, web_file_http },
		{ "basic_auth_users", YAML_MAP, web_file_users },
	};
	const struct yaml *tls;

	if (root->kind == YAML_NULL)
		return true;
	if (root->kind != YAML_MAP) {
		yaml_refuse(root, r->name, r->err, "this must be a map, not %s",
		    yaml_kind_text(root->kind));
		return false;
	}
	if (!web_file_keys(r, root, keys, sizeof(keys) / sizeof(keys[0])))
		return false;
	tls = yaml_get(root, "tls_server_config");
	return tls == NULL || web_file_check_tls(r, tls);
}

bool
web_file_read(struct web_file *f, const char *path, struct err *err)
{
	struct web_reader r = { .f = f, .name = path, .err = err };
	struct yaml root;
	struct file text;
	bool fine;

	*f = (struct web_file){ .path = xstrdup(path),
		.min_version = 12,
		.max_version = 13,
		.prefer_server_ciphers = true };
	if (!file_read(&text, path, YAML_SIZE_MAX, err)) {
		err_prefix(err, "%s", path);
		web_file_fini(f);
		return false;
	}
	f->stamp = text.stamp;
	fine = yaml_parse(&root, path, text.bytes, text.len, err);
	file_fini(&text);
	if (fine) {
		fine = read_tree(&r, &root);
		yaml_fini(&root);
	}
	if (!fine)
		web_file_fini(f);
	return fine;
}

static void
pem_fini(struct web_pem *pem)
{
	free(pem->path);
	xfree_secret(&pem->text);
}

void
web_file_fini(struct web_file *f)
{
	struct web_header *h;
	struct web_user *u;

	free(f->path);
	pem_fini(&f->cert);
	pem_fini(&f->private_key);
	pem_fini(&f->client_ca);
	strlist_fini(&f->client_allowed_sans);
	strlist_fini(&f->cipher_suites);
	strlist_fini(&f->curves);
	vec_foreach(h, &f->headers) {
		free(h->name);
		free(h->value);
	}
	vec_fini(&f->headers);
	vec_foreach(u, &f->users) {
		free(u->name);
		xfree_secret(&u->hash);
	}
	vec_fini(&f->users);
	*f = (struct web_file){ 0 };
}

static bool
changed(const char *path, const struct file_stamp *then)
{
	struct file_stamp now;

	if (path == NULL)
		return false;
	now = file_stamp(path);
	return !file_stamp_equal(&now, then);
}

bool
web_file_changed(const struct web_file *f)
{
	return changed(f->path, &f->stamp) ||
	       changed(f->cert.path, &f->cert.stamp) ||
	       changed(f->private_key.path, &f->private_key.stamp) ||
	       changed(f->client_ca.path, &f->client_ca.stamp);
}
