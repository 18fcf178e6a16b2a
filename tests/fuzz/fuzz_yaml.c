/* A configuration file's text. */
#include "config/yaml.h"
#include "fuzz/fuzz.h"

static size_t
count(const struct yaml *y, int depth)
{
	const struct yaml *child;
	size_t n = 1;

	ASSERT(depth <= YAML_DEPTH_MAX);
	ASSERT(y->line > 0 && y->column > 0);
	ASSERT(y->text != NULL);
	ASSERT(
	    y->children.n == 0 || y->kind == YAML_LIST || y->kind == YAML_MAP);
	vec_foreach(child, &y->children) {
		ASSERT((child->key != NULL) == (y->kind == YAML_MAP));
		if (child->key != NULL)
			ASSERT(yaml_get(y, child->key) == child);
		n += count(child, depth + 1);
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { "" };
	struct yaml root;

	if (yaml_parse(&root, "f.yml", (const char *)data, size, &err)) {
		ASSERT(count(&root, 0) <= YAML_NODES_MAX + 1);
		yaml_fini(&root);
		return 0;
	}
	ASSERT(strncmp(err.text, "f.yml:", 6) == 0);
	ASSERT(strchr(err.text, '\n') == NULL);
	return 0;
}
