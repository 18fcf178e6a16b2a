/* A key, or a member of a binding, under a prefix and a separator from
 * outside: prefix, newline, separator, newline, queue, newline, key. */
#include "fuzz/fuzz.h"
#include "protocol/kombu.h"

static void
read_name(const struct kombu_options *o, const char *s, size_t len)
{
	const char *part = NULL;
	size_t n = 0;

	if (kombu_binding_exchange(o, s, len, &part, &n))
		ASSERT(n > 0 && fuzz_within(part, n, s, len));
	if (kombu_binding_queue(o, s, len, &part, &n))
		ASSERT(n > 0 && fuzz_within(part, n, s, len));
	if (kombu_pidbox_worker(o, s, len, &part, &n))
		ASSERT(n > 0 && fuzz_within(part, n, s, len));
	if (kombu_key_kind(o, s, len, &part, &n) == KOMBU_KEY_QUEUE)
		ASSERT(fuzz_within(part, n, s, len));
}

/* A member that we make names the queue that we put in. */
static void
round_trip(const struct kombu_options *o, const char *queue, size_t len)
{
	struct strbuf member = { 0 };
	const char *part = NULL;
	size_t n = 0;

	if (o->sep[0] == '\0')
		return;
	strbuf_printf(&member, "%s%s", o->sep, o->sep);
	strbuf_add(&member, queue, len);
	/* A separator that repeats itself may be found earlier. */
	if (kombu_binding_queue(o, member.s, member.len, &part, &n))
		ASSERT(n == len && memcmp(part, queue, n) == 0);
	strbuf_fini(&member);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = fuzz_slice(data, size);
	struct strbuf text = { 0 };
	struct kombu_options o;
	char *queue, *key;
	size_t queue_len, len, i;

	kombu_options_init(&o);
	free(o.global_keyprefix);
	o.global_keyprefix = fuzz_text(&in, '\n');
	free(o.sep);
	o.sep = fuzz_text(&in, '\n');
	queue = fuzz_part(&in, '\n', &queue_len);
	key = xcalloc(in.len, 1);
	len = in.len;
	if (len > 0)
		memcpy(key, in.s, len);
	read_name(&o, key, len);
	round_trip(&o, queue, queue_len);
	for (i = 0; i < o.priority_steps.n; i++)
		kombu_queue_key(&o, queue, queue_len, i, &text);
	kombu_binding_pattern(&o, &text);
	kombu_pidbox_key(&o, &text);
	strbuf_fini(&text);
	kombu_options_fini(&o);
	free(queue);
	free(key);
	return 0;
}
