/* The state of one master in plain words. */
#include "model/sentence.h"

#include <stdio.h>

#include "base/num.h"
#include "model/picture.h"

/* Why a master refuses writes, behind "It refuses writes: ". */
static const char *
refusal_text(enum write_refusal r)
{
	static const char *const texts[REFUSAL_COUNT] = {
		[REFUSAL_NONE] = "the reason is not known",
		[REFUSAL_LOADING] = "it is loading its data",
		[REFUSAL_BUSY] = "a script holds it",
		[REFUSAL_NOREPLICAS] = "too few replicas are attached",
		[REFUSAL_OOM] = "its memory is full",
		[REFUSAL_MISCONF] = "it cannot save to disk",
		[REFUSAL_READONLY] = "it says that it is a replica",
		[REFUSAL_NO_ANSWER] = "it does not answer",
	};

	return texts[r];
}

static enum sentence_mood
worse(enum sentence_mood a, enum sentence_mood b)
{
	return a > b ? a : b;
}

static enum sentence_mood
put_state(struct strbuf *out, const struct picture_master *m)
{
	strbuf_puts(out, m->address);
	if (m->up == 0) {
		strbuf_puts(
		    out, " should be master and does not answer as one.");
		return SENTENCE_BAD;
	}
	if (m->up == NUM_UNKNOWN) {
		strbuf_puts(
		    out, " is master; whether it answers is not known.");
		return SENTENCE_WARNING;
	}
	strbuf_puts(out, " is master");
	if (m->accepts_writes == 0) {
		strbuf_printf(
		    out, " and refuses writes: %s.", refusal_text(m->refusal));
		return SENTENCE_BAD;
	}
	strbuf_puts(out,
	    m->accepts_writes == 1 ? " and accepts writes." : " and answers.");
	return SENTENCE_GOOD;
}

static enum sentence_mood
put_sentinels(struct strbuf *out, const struct picture_master *m)
{
	enum sentence_mood mood = SENTENCE_GOOD;

	strbuf_printf(out, " %lld of %lld sentinels agree",
	    (long long)m->agreeing, (long long)m->counted);
	if (m->agreeing < m->counted)
		mood = SENTENCE_BAD;
	if (m->headroom == NUM_UNKNOWN) {
		strbuf_putc(out, '.');
	} else if (m->headroom < 0) {
		strbuf_printf(out,
		    "; a failover is impossible until %lld more are back.",
		    -(long long)m->headroom);
		mood = SENTENCE_BAD;
	} else if (m->headroom == 0) {
		strbuf_puts(out, "; none may fail.");
		mood = worse(mood, SENTENCE_WARNING);
	} else {
		strbuf_printf(out, "; %lld may fail.", (long long)m->headroom);
	}
	return mood;
}

/* "about 6 s" */
static void
put_about(struct strbuf *out, int64_t ms)
{
	if (ms < 10000)
		strbuf_printf(out, "about %.1f s", (double)ms / 1000);
	else
		strbuf_printf(
		    out, "about %lld s", (long long)(ms + 500) / 1000);
}

static enum sentence_mood
put_future(struct strbuf *out, const struct picture_master *m, int64_t now_ms)
{
	if (m->next == NULL) {
		if (m->promotable != 0)
			return SENTENCE_GOOD;
		strbuf_puts(out, " If the master died now, no replica could "
				 "take over.");
		return SENTENCE_BAD;
	}
	strbuf_printf(out, " If the master died now, %s would take over",
	    m->next->labels->name);
	if (m->expected_failover_ms != NUM_UNKNOWN) {
		strbuf_puts(out, " in ");
		put_about(out, m->expected_failover_ms);
	}
	if (picture_good(m->loss_until_ms, now_ms) &&
	    m->loss_bytes != NUM_UNKNOWN)
		strbuf_printf(out, " and at most %lld bytes would be lost",
		    (long long)m->loss_bytes);
	strbuf_putc(out, '.');
	return SENTENCE_GOOD;
}

static enum sentence_mood
put_split(struct strbuf *out, const struct picture_master *m)
{
	enum sentence_mood mood = SENTENCE_GOOD;

	if (m->distinct > 1) {
		strbuf_printf(out,
		    " The sentinels name %lld different masters.",
		    (long long)m->distinct);
		mood = SENTENCE_BAD;
	}
	if (m->reporting_nodes > 1) {
		strbuf_printf(out, " %lld nodes say that they are master.",
		    (long long)m->reporting_nodes);
		mood = SENTENCE_BAD;
	}
	return mood;
}

static enum sentence_mood
put_queues(struct strbuf *out, const struct picture_master *m, int64_t now_ms)
{
	const struct picture_db *db;
	const struct picture_queue *q;
	int64_t stranded = 0;

	vec_foreach(db, &m->celery.dbs)
		if (picture_good(db->until_ms, now_ms))
			vec_foreach(q, &db->queues)
				stranded += q->stranded == 1;
	if (stranded == 0)
		return SENTENCE_GOOD;
	strbuf_printf(out,
	    stranded == 1 ? " Tasks wait in %lld queue that no worker reads."
			  : " Tasks wait in %lld queues that no worker reads.",
	    (long long)stranded);
	return SENTENCE_BAD;
}

enum sentence_mood
sentence_of(struct strbuf *out, const struct picture_master *m, int64_t now_ms)
{
	enum sentence_mood mood;

	if (!picture_good(m->until_ms, now_ms)) {
		strbuf_puts(out, "What is known is too old to be shown.");
		return SENTENCE_WARNING;
	}
	if (!m->known) {
		strbuf_puts(out, "No sentinel that counts names a master.");
		return SENTENCE_BAD;
	}
	mood = put_state(out, m);
	mood = worse(mood, put_sentinels(out, m));
	mood = worse(mood, put_split(out, m));
	mood = worse(mood, put_future(out, m, now_ms));
	return worse(mood, put_queues(out, m, now_ms));
}
