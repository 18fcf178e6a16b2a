/*
 * sentence - the state of one master in plain words.  Pure.
 *
 * "10.0.0.5:6379 is master and accepts writes. 3 of 3 sentinels agree; one may
 * fail. If the master died now, 10.0.0.6:6379 would take over in about 6 s and
 * at most 0 bytes would be lost."
 */
#ifndef MODEL_SENTENCE_H
#define MODEL_SENTENCE_H

#include <stdint.h>

#include "base/strbuf.h"

struct picture_master;

enum sentence_mood { SENTENCE_GOOD, SENTENCE_WARNING, SENTENCE_BAD };

/* Append the sentences (any bytes: it holds names), without the name of the
 * master; how well it is. */
enum sentence_mood sentence_of(struct strbuf *, const struct picture_master *,
	    int64_t now_ms);

#endif
