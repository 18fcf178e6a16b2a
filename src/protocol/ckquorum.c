#include "protocol/ckquorum.h"

#include <string.h>

#include "base/num.h"
#include "base/slice.h"

bool
ckquorum_parse(struct ckquorum *q, const struct reply *r)
{
	struct slice rest, word;
	bool quorum_bad, majority_bad;

	*q = (struct ckquorum){ .usable = NUM_UNKNOWN };
	if (r == NULL || (r->type != REPLY_STATUS && r->type != REPLY_ERROR))
		return false;
	rest = (struct slice){ r->str, r->len };
	word = slice_cut(&rest, ' ');
	quorum_bad = strstr(r->str, "specified quorum") != NULL;
	majority_bad = strstr(r->str, "majority") != NULL;
	if (r->type == REPLY_STATUS
		? !slice_is(word, "OK")
		: !slice_is(word, "NOQUORUM") || (!quorum_bad && !majority_bad))
		return false;
	word = slice_cut(&rest, ' ');
	if (word.s == NULL ||
	    !num_int(word.s, word.len, 0, INT32_MAX, &q->usable))
		return false;
	q->quorum_ok = !quorum_bad;
	q->majority_ok = !majority_bad;
	q->known = true;
	return true;
}
