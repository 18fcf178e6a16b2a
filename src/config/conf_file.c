/* conf_file - each key of the tree finds its option, or is refused. */
#include "config/conf_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/xalloc.h"
#include "config/conf_file_value.h"
#include "config/quote.h"
#include "config/yaml.h"

#define NAME_MAX_LEN 64 /* of a group */

static bool walk_map(
    const struct conf_walk *, const struct yaml *, const char *prefix);

/* Does the option stand below the prefix, in a place as deep as this one? */
static bool
fits(const struct option *o, const char *prefix, enum option_scope least)
{
	return option_has_key(o) && o->scope >= least &&
	       strncmp(o->name, prefix, strlen(prefix)) == 0;
}

static bool
is_section(const char *full, enum option_scope least)
{
	const struct option *o;
	char prefix[OPTION_ENV_MAX];

	(void)snprintf(prefix, sizeof(prefix), "%s.", full);
	for (o = options; o < options + OPTION_COUNT; o++)
		if (fits(o, prefix, least))
			return true;
	return false;
}

/* All keys that may stand here, as the next part of the options' names. */
static void
list_keys(const struct conf_walk *w, const char *prefix, struct strlist *keys)
{
	const struct option *o;
	const char *part;

	for (o = options; o < options + OPTION_COUNT; o++) {
		if (!fits(o, prefix, w->least))
			continue;
		part = o->name + strlen(prefix);
		strlist_add(keys, part, strcspn(part, "."));
	}
	if (*prefix == '\0' && w->least == OPTION_PROCESS)
		strlist_add(keys, "groups", strlen("groups"));
	if (*prefix == '\0' && w->least == OPTION_EACH_GROUP)
		strlist_add(keys, "name", strlen("name"));
	if (strcmp(prefix, "celery.") == 0 && w->least <= OPTION_GROUP)
		strlist_add(keys, "brokers", strlen("brokers"));
}

/* "section: key" for an option's name. */
static void
show_path(const char *name, char *buf, size_t size)
{
	size_t i, n = 0;

	for (i = 0; name[i] != '\0' && n + 3 < size; i++) {
		buf[n++] = name[i] == '.' ? ':' : name[i];
		if (name[i] == '.')
			buf[n++] = ' ';
	}
	buf[n] = '\0';
}

/* An option whose last part is the key, or whose whole name it is. */
static const struct option *
find_elsewhere(const char *key)
{
	const struct option *o;
	const char *dot;

	for (o = options; o < options + OPTION_COUNT; o++) {
		dot = strrchr(o->name, '.');
		if (option_has_key(o) &&
		    (strcmp(o->name, key) == 0 ||
			(dot != NULL && strcmp(dot + 1, key) == 0)))
			return o;
	}
	return NULL;
}

static bool
refuse_unknown(
    const struct conf_walk *w, const struct yaml *y, const char *prefix)
{
	const struct option *o = find_elsewhere(y->key);
	char shown[QUOTE_MAX], path[OPTION_ENV_MAX];
	struct strlist keys = { 0 };
	struct nearest n;
	char *const *key;

	quote(shown, y->key, strlen(y->key));
	nearest_init(&n, y->key, strlen(y->key));
	list_keys(w, prefix, &keys);
	vec_foreach(key, &keys.items)
		nearest_offer(&n, *key);
	if (o != NULL) {
		show_path(o->name, path, sizeof(path));
		yaml_refuse_key(y, w->name, w->err,
		    "unknown key %s; did you mean \"%s: ...\"?", shown, path);
	} else if (n.best != NULL) {
		yaml_refuse_key(y, w->name, w->err,
		    "unknown key %s; did you mean %s?", shown, n.best);
	} else {
		yaml_refuse_key(y, w->name, w->err,
		    "unknown key %s; the keys are the names of the flags, "
		    "which --help lists",
		    shown);
	}
	strlist_fini(&keys);
	return false;
}

static bool
refuse_place(const struct conf_walk *w, const struct yaml *y, const char *full)
{
	bool group = is_section(full, OPTION_EACH_GROUP);
	const struct option *o = option_find(full, strlen(full));

	if (o != NULL)
		group = o->scope != OPTION_PROCESS;
	yaml_refuse_key(y, w->name, w->err,
	    "%s does not belong here; put it %s", y->key,
	    group ? "into the group, or at the top of the file"
		  : "at the top of the file");
	return false;
}

static bool
check_kind(
    const struct conf_walk *w, const struct yaml *y, enum yaml_kind wanted)
{
	if (y->kind == wanted)
		return true;
	yaml_refuse(y, w->name, w->err, "%s must be %s, not %s",
	    y->key == NULL ? "this" : y->key, yaml_kind_text(wanted),
	    yaml_kind_text(y->kind));
	return false;
}

static bool
walk_brokers(const struct conf_walk *w, const struct yaml *list)
{
	const struct yaml *y;
	struct conf_walk inner = *w;

	if (!check_kind(w, list, YAML_LIST))
		return false;
	if (list->children.n > CONF_FILE_BROKERS_MAX) {
		yaml_refuse(list, w->name, w->err, "more than %d brokers",
		    CONF_FILE_BROKERS_MAX);
		return false;
	}
	w->section->lists_brokers = true;
	inner.rank = SETTING_FILE_BROKER;
	inner.least = OPTION_BROKER;
	vec_foreach(y, &list->children) {
		inner.into = vec_push(&w->section->brokers);
		if (!check_kind(w, y, YAML_MAP) ||
		    !walk_map(&inner, y, "celery."))
			return false;
	}
	return true;
}

static bool
take_name(struct conf_file *file, const struct conf_walk *w,
    struct conf_section *section, const struct yaml *group)
{
	const struct yaml *y = yaml_get(group, "name");
	const struct conf_section *other;
	char shown[QUOTE_MAX];

	if (y == NULL) {
		yaml_refuse(group, w->name, w->err,
		    "the group has no name; write \"name: ...\": it is the "
		    "label \"group\" of its metrics");
		return false;
	}
	if (!check_kind(w, y, YAML_SCALAR))
		return false;
	if (*y->text == '\0' || strlen(y->text) > NAME_MAX_LEN) {
		yaml_refuse(y, w->name, w->err,
		    "a group's name has 1 to %d bytes", NAME_MAX_LEN);
		return false;
	}
	section->name = xstrdup(y->text);
	section->place = xasprintf("%s:%u:%u", w->name, y->line, y->column);
	vec_foreach(other, &file->groups) {
		if (other == section || strcmp(other->name, y->text) != 0)
			continue;
		yaml_refuse(y, w->name, w->err,
		    "a group called %s stands at %s already; choose another "
		    "name",
		    quote(shown, y->text, strlen(y->text)), other->place);
		return false;
	}
	return true;
}

static bool
walk_groups(const struct conf_walk *w, const struct yaml *list)
{
	struct conf_file *file = w->file;
	struct conf_walk inner = *w;
	const struct yaml *y;

	if (!check_kind(w, list, YAML_LIST))
		return false;
	if (list->children.n == 0 || list->children.n > CONF_FILE_GROUPS_MAX) {
		yaml_refuse(list, w->name, w->err, "write 1 to %d groups",
		    CONF_FILE_GROUPS_MAX);
		return false;
	}
	file->lists_groups = true;
	inner.rank = SETTING_FILE_GROUP;
	inner.least = OPTION_EACH_GROUP;
	vec_foreach(y, &list->children) {
		inner.section = vec_push(&file->groups);
		inner.into = &inner.section->own;
		if (!check_kind(w, y, YAML_MAP) ||
		    !take_name(file, w, inner.section, y) ||
		    !walk_map(&inner, y, ""))
			return false;
	}
	return true;
}

static bool
walk_key(const struct conf_walk *w, const struct yaml *y, const char *prefix)
{
	char full[OPTION_ENV_MAX], deeper[OPTION_ENV_MAX + 1];
	const struct option *o;
	int n;

	n = snprintf(full, sizeof(full), "%s%s", prefix, y->key);
	if (n >= (int)sizeof(full) || strchr(y->key, '.') != NULL)
		return refuse_unknown(w, y, prefix);
	if (strcmp(full, "groups") == 0 && w->least == OPTION_PROCESS)
		return walk_groups(w, y);
	if (strcmp(full, "name") == 0 && w->least == OPTION_EACH_GROUP)
		return true; /* taken before */
	if (strcmp(full, "celery.brokers") == 0 && w->least <= OPTION_GROUP)
		return walk_brokers(w, y);
	o = option_find(full, (size_t)n);
	if (o != NULL && option_has_key(o))
		return o->scope >= w->least ? conf_file_value(w, o, y)
					    : refuse_place(w, y, full);
	if (!is_section(full, OPTION_PROCESS))
		return refuse_unknown(w, y, prefix);
	if (!is_section(full, w->least))
		return refuse_place(w, y, full);
	(void)snprintf(deeper, sizeof(deeper), "%s.", full);
	return check_kind(w, y, YAML_MAP) && walk_map(w, y, deeper);
}

/* As deep as the options' names have dots. */
static bool
walk_map(const struct conf_walk *w, const struct yaml *map, const char *prefix)
{
	const struct yaml *y;

	vec_foreach(y, &map->children)
		if (!walk_key(w, y, prefix))
			return false;
	return true;
}

bool
conf_file_parse(struct conf_file *file, const char *path, const char *text,
    size_t len, bool exposed, char *const *env, struct err *err)
{
	struct conf_walk w = { .name = path,
		.exposed = exposed,
		.env = env,
		.file = file,
		.section = &file->top,
		.into = &file->top.own,
		.rank = SETTING_FILE,
		.least = OPTION_PROCESS,
		.err = err };
	struct yaml root;
	bool ok;

	*file = (struct conf_file){ 0 };
	if (!yaml_parse(&root, path, text, len, err))
		return false;
	ok = root.kind == YAML_NULL ||
	     (check_kind(&w, &root, YAML_MAP) && walk_map(&w, &root, ""));
	yaml_fini(&root);
	if (!ok)
		conf_file_fini(file);
	return ok;
}

bool
conf_file_read(
    struct conf_file *file, const char *path, char *const *env, struct err *err)
{
	struct file f;
	bool ok;

	*file = (struct conf_file){ 0 };
	if (!file_read(&f, path, YAML_SIZE_MAX, err)) {
		err_prefix(err, "cannot read the configuration file %s", path);
		return false;
	}
	ok = conf_file_parse(file, path, f.bytes, f.len, f.exposed, env, err);
	file_fini(&f);
	return ok;
}

static void
section_fini(struct conf_section *s)
{
	struct settings *broker;

	settings_fini(&s->own);
	vec_foreach(broker, &s->brokers)
		settings_fini(broker);
	vec_fini(&s->brokers);
	free(s->name);
	free(s->place);
}

void
conf_file_fini(struct conf_file *file)
{
	struct conf_section *group;

	section_fini(&file->top);
	vec_foreach(group, &file->groups)
		section_fini(group);
	vec_fini(&file->groups);
	strlist_fini(&file->variables);
	*file = (struct conf_file){ 0 };
}
