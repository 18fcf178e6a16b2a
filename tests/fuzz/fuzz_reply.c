/* Bytes from a Redis server: the caps hold, and it makes no difference in how
 * many pieces the bytes come. */
#include "fuzz/fuzz.h"
#include "protocol/reply_reader.h"

static const struct reply_limits limits[] = {
	{ .bytes = 64, .elements = 4, .memory = 300, .depth = 2 },
	{ .bytes = 4096, .string = 16, .elements = 100, .depth = 4 },
	{ .bytes = 1 << 20, .string = 1024, .elements = 1000, .depth = 7 },
	{ .bytes = 1 << 20, .string = 0, .elements = 100000, .depth = 3 },
};

static uint64_t
mix(uint64_t h, uint64_t v)
{
	return (h ^ v) * 0x100000001b3;
}

/* Checks the tree, and returns a number that stands for it. */
static uint64_t
walk(const struct reply *r, const struct reply_limits *l, int depth,
    size_t *elements)
{
	uint64_t h = mix(0xcbf29ce484222325, r->type);
	size_t i;

	h = mix(mix(h, (uint64_t)r->integer), r->len);
	if (r->str != NULL) {
		ASSERT(r->str[r->len] == '\0');
		ASSERT(r->len <= l->bytes);
		for (i = 0; i < r->len; i++)
			h = mix(h, (unsigned char)r->str[i]);
	}
	if (r->type != REPLY_ARRAY)
		return h;
	ASSERT(depth < l->depth);
	*elements += r->n;
	ASSERT(*elements <= l->elements);
	for (i = 0; i < r->n; i++) {
		ASSERT(reply_at(r, i) != NULL);
		h = mix(h, walk(r->elements[i], l, depth + 1, elements));
	}
	ASSERT(reply_at(r, r->n) == NULL);
	return h;
}

/* All replies of the bytes, fed step by step. */
static uint64_t
read_all(const struct reply_limits *l, struct slice bytes, size_t step)
{
	struct reply_reader *rd = reply_reader_new(l);
	uint64_t h = 0;
	struct err err = { "" };
	struct reply *r;
	size_t n, elements;

	while (bytes.len > 0 && err.text[0] == '\0') {
		n = bytes.len < step ? bytes.len : step;
		reply_reader_feed(rd, bytes.s, n);
		bytes.s += n;
		bytes.len -= n;
		while ((r = reply_reader_next(rd, &err)) != NULL) {
			elements = 0;
			/* Rounded up to whole words. */
			ASSERT(
			    l->memory == 0 || reply_memory(r) < l->memory + 8);
			h = mix(h, walk(r, l, 0, &elements));
			reply_free(r);
		}
	}
	/* Where it gave up, it stays so. */
	if (err.text[0] != '\0') {
		reply_reader_feed(rd, "+OK\r\n", 5);
		ASSERT(reply_reader_next(rd, &err) == NULL);
		ASSERT(err.text[0] != '\0');
		h = mix(h, 1);
	}
	reply_reader_free(rd);
	return h;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = fuzz_slice(data, size);
	const struct reply_limits *l = &limits[fuzz_byte(&in) % 4];
	const size_t step = fuzz_byte(&in) % 16 + 1;

	ASSERT(read_all(l, in, in.len) == read_all(l, in, step));
	return 0;
}
