#include "protocol/field.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"

enum role
field_role(struct slice word)
{
	if (slice_is(word, "master"))
		return ROLE_MASTER;
	if (slice_is(word, "slave") || slice_is(word, "replica"))
		return ROLE_REPLICA;
	return slice_is(word, "sentinel") ? ROLE_SENTINEL : ROLE_UNKNOWN;
}

static void
set_int(void *at, int64_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void
set_role(void *at, enum role role)
{
	memcpy(at, &role, sizeof(role));
}

void
field_clear(const struct field *fields, size_t n, void *target)
{
	size_t i;
	char *at;

	for (i = 0; i < n; i++) {
		at = (char *)target + fields[i].offset;
		switch (fields[i].kind) {
		case FIELD_TEXT:
			*at = '\0';
			break;
		case FIELD_COUNT:
		case FIELD_WORD:
			set_int(at, NUM_UNKNOWN);
			break;
		case FIELD_ROLE:
			set_role(at, ROLE_UNKNOWN);
			break;
		}
	}
}

static int
compare(const void *key, const void *row)
{
	const struct slice *name = key;
	const struct field *f = row;
	size_t len = strlen(f->name);
	int c;

	c = memcmp(name->s, f->name, name->len < len ? name->len : len);
	return c != 0 ? c : (name->len > len) - (name->len < len);
}

void
field_set(const struct field *fields, size_t n, void *target, struct slice name,
    struct slice value)
{
	const struct field *f;
	int64_t v;
	char *at;

	f = bsearch(&name, fields, n, sizeof(*fields), compare);
	if (f == NULL)
		return;
	at = (char *)target + f->offset;
	switch (f->kind) {
	case FIELD_TEXT:
		slice_copy(value, at, f->size);
		break;
	case FIELD_COUNT:
		if (num_int(value.s, value.len, 0, INT64_MAX, &v))
			set_int(at, v);
		break;
	case FIELD_WORD:
		set_int(at, slice_is(value, f->word));
		break;
	case FIELD_ROLE:
		set_role(at, field_role(value));
		break;
	}
}
