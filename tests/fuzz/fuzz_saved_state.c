/* A state file's text: all or nothing, and what was read is written so that it
 * is read the same again. */
#include "fuzz/fuzz.h"
#include "model/saved_state.h"

static struct saved_state *again;
static size_t masters;

static void
keep(void *arg, const char *group, const struct tracker_memory *m)
{
	(void)arg;
	masters++;
	ASSERT(m->master_name[0] != '\0');
	saved_state_add(again, group, m);
}

/* What was read from the text, written; NULL when it is no state. */
static char *
pass(const char *text, size_t len, size_t *out_len)
{
	struct err err = { "" };
	char *out = NULL;

	again = saved_state_new(1);
	masters = 0;
	if (saved_state_decode(text, len, keep, NULL, &err))
		out = saved_state_encode(again, out_len);
	else
		ASSERT(masters == 0 && err.text[0] != '\0');
	saved_state_free(again);
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t once_len = 0, twice_len = 0;
	char *once = pass((const char *)data, size, &once_len), *twice;

	if (once == NULL)
		return 0;
	twice = pass(once, once_len, &twice_len);
	ASSERT(twice != NULL && once_len == twice_len);
	ASSERT(memcmp(once, twice, once_len) == 0);
	free(once);
	free(twice);
	return 0;
}
