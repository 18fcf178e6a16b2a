/* CLIENT LIST: one DB once, and no more readers than lines. */
#include "fuzz/fuzz.h"
#include "protocol/client_list.h"

static int64_t
lines(struct slice in)
{
	int64_t n = 0;

	while (in.s != NULL)
		n += slice_cut(&in, '\n').len > 0;
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client_list cl = { 0 };
	const struct db_readers *r;
	int64_t sum = 0;
	size_t i;

	if (client_list_parse(&cl, (const char *)data, size)) {
		for (i = 0; i < cl.readers.n; i++) {
			r = &cl.readers.v[i];
			ASSERT(i == 0 || r[-1].db < r->db);
			ASSERT(r->n > 0);
			ASSERT(client_list_readers(&cl, r->db) == r->n);
			sum += r->n;
		}
		ASSERT(sum <= lines(fuzz_slice(data, size)));
	}
	client_list_fini(&cl);
	return 0;
}
