/* yaml_json - the tree of one library becomes that of another, then text. */
#include "config/yaml_json.h"

#include <jansson.h>
#include <string.h>

#include "base/num.h"
#include "base/xalloc.h"

static json_t *
scalar(const struct yaml *y)
{
	const size_t len = strlen(y->text);
	int64_t whole;
	double number;

	if (y->quoted)
		return json_stringn(y->text, len);
	if (strcmp(y->text, "true") == 0 || strcmp(y->text, "false") == 0)
		return json_boolean(y->text[0] == 't');
	if (num_int(y->text, len, INT64_MIN, INT64_MAX, &whole))
		return json_integer(whole);
	if (num_double(y->text, len, &number))
		return json_real(number);
	return json_stringn(y->text, len);
}

/* As deep as the tree, which has a cap. */
static json_t *
convert(const struct yaml *y)
{
	const struct yaml *child;
	json_t *out = NULL;

	switch (y->kind) {
	case YAML_NULL:
		out = json_null();
		break;
	case YAML_SCALAR:
		out = scalar(y);
		break;
	case YAML_LIST:
		out = json_array();
		vec_foreach(child, &y->children)
			(void)json_array_append_new(out, convert(child));
		break;
	case YAML_MAP:
		out = json_object();
		vec_foreach(child, &y->children)
			(void)json_object_set_new(
			    out, child->key, convert(child));
		break;
	}
	return out;
}

char *
yaml_json(const struct yaml *y)
{
	json_t *tree = convert(y);
	char *text = json_dumps(tree, JSON_COMPACT | JSON_ENCODE_ANY), *own;

	json_decref(tree);
	own = xstrdup(text == NULL ? "" : text);
	xfree_secret(&text);
	return own;
}
