/* A broker URL; and that no reason shows the password, wherever in the rest of
 * the text it broke. */
#include "config/broker_url.h"
#include "fuzz/fuzz.h"

#define SECRET "q7Secret7q"

static void
check(const struct broker_url *b)
{
	const struct endpoint *e;
	size_t i;

	ASSERT(b->sentinels.n > 0 && (b->dbs.n > 0 || b->db_none));
	vec_foreach(e, &b->sentinels)
		ASSERT(addr_known(&e->addr));
	for (i = 0; i < b->dbs.n; i++)
		ASSERT(b->dbs.v[i] >= 0 &&
		       (i == 0 || b->dbs.v[i - 1] < b->dbs.v[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = fuzz_slice(data, size);
	const bool hidden = fuzz_byte(&in) % 2 == 1;
	char *front = fuzz_text(&in, '\n'), *back = fuzz_text(&in, '\n');
	struct broker_url b;
	struct err err = { "" };
	char *text;

	/* The secret stands between a ':' and an '@', with nothing behind it
	 * that would end its URL, or the URL's user part, before the '@'. */
	text = hidden && strpbrk(back, ";/?#@") == NULL
		   ? xasprintf("sentinel://%s:" SECRET "@%s", front, back)
		   : xstrdup(front);
	if (broker_url_parse(&b, text, &err)) {
		check(&b);
		broker_url_fini(&b);
	} else {
		ASSERT(err.text[0] != '\0');
		ASSERT(strstr(err.text, SECRET) == NULL);
		ASSERT(strchr(err.text, '\n') == NULL);
	}
	free(text);
	free(front);
	free(back);
	return 0;
}
