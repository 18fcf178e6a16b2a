/* The text of a status or an error that answers SENTINEL CKQUORUM; and, as
 * errors are texts too, their reasons. */
#include "fuzz/fuzz.h"
#include "protocol/ckquorum.h"
#include "protocol/reason.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = fuzz_slice(data, size);
	struct reply r = { .type = fuzz_byte(&in) % 2 ? REPLY_STATUS
						      : REPLY_ERROR };
	struct ckquorum q;

	r.str = xmemdup0(in.s, in.len);
	r.len = in.len;
	if (ckquorum_parse(&q, &r)) {
		ASSERT(q.known && q.usable >= 0);
		ASSERT(
		    r.type == REPLY_STATUS || !(q.quorum_ok && q.majority_ok));
	} else {
		ASSERT(!q.known);
	}
	ASSERT(reason_of_error(r.str) < REASON_COUNT);
	ASSERT(reason_name(reason_of_error(r.str))[0] != '\0');
	(void)reason_is_no_password_set(r.str);
	free(r.str);
	return 0;
}
