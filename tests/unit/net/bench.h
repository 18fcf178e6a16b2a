/*
 * bench - a conn on a loop, and a diary of all that it calls back.
 *
 * Each callback adds one word: "up", "down=REASON", "push=TEXT", or the
 * batch's tag and its end, "a=REASON" or "a=REPLY,REPLY".  Waiting is for a
 * number of words; the watchdog fails the test when they do not come.
 */
#ifndef NET_BENCH_H
#define NET_BENCH_H

#include "base/clock.h"
#include "fake/peer.h"
#include "net/conn.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "unit/unit.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define WATCHDOG_MS	20000
#define HOUR_MS		3600000

struct bench {
	struct loop *loop;
	struct resolver *resolver;
	struct timer *watchdog;
	struct credentials auth;
	struct conn_conf conf;
	struct conn_ops ops;
	struct conn *conn;
	struct peer *peer;
	struct strbuf diary;
	char detail[600];	/* of the last failure */
	size_t words, wanted;
	int64_t noted_ms;	/* the turn of the last word */
	void (*hook)(struct bench *, const char *word); /* after each word */
};

/* What identifies one batch. */
struct tag {
	struct bench *bench;
	char name[32];
};

static inline void
bench_note(struct bench *b, const char *word)
{
	if (b->diary.len > 0)
		strbuf_putc(&b->diary, ' ');
	strbuf_puts(&b->diary, word);
	b->noted_ms = loop_now(b->loop).mono_ms;
	if (++b->words >= b->wanted)
		loop_stop(b->loop);
	if (b->hook != NULL)
		b->hook(b, word);
}

static inline void
bench_put_reply(struct strbuf *s, const struct reply *r)
{
	size_t i;

	switch (r->type) {
	case REPLY_ERROR:
		strbuf_putc(s, '-');
		strbuf_add(s, r->str, strcspn(r->str, " "));
		break;
	case REPLY_STATUS:
	case REPLY_STRING:
		strbuf_add(s, r->str, r->len);
		break;
	case REPLY_INTEGER:
		strbuf_printf(s, ":%d", (int)r->integer);
		break;
	case REPLY_NIL:
		strbuf_puts(s, "nil");
		break;
	case REPLY_ARRAY:
		strbuf_putc(s, '[');
		for (i = 0; i < r->n; i++) {
			strbuf_puts(s, i == 0 ? "" : "|");
			bench_put_reply(s, r->elements[i]);
		}
		strbuf_putc(s, ']');
		break;
	case REPLY_LONG:
		strbuf_printf(s, "long:%zu", r->len);
		break;
	}
}

static inline void
bench_on_state(void *arg, enum reason reason, const char *detail)
{
	struct bench *b = arg;
	char word[64] = "up";

	ck_assert_int_eq(conn_is_up(b->conn), reason == REASON_NONE);
	if (reason != REASON_NONE) {
		(void)snprintf(word, sizeof(word), "down=%s",
		    reason_name(reason));
		(void)snprintf(b->detail, sizeof(b->detail), "%s", detail);
	}
	bench_note(b, word);
}

static inline void
bench_on_push(void *arg, const struct reply *reply)
{
	struct strbuf word = { 0 };

	strbuf_puts(&word, "push=");
	bench_put_reply(&word, reply);
	bench_note(arg, word.s);
	strbuf_fini(&word);
}

static inline void
bench_on_done(void *arg, const struct conn_result *result)
{
	struct tag *tag = arg;
	struct bench *b = tag->bench;
	struct strbuf word = { 0 };
	size_t i;

	ck_assert(result->detail != NULL);
	strbuf_printf(&word, "%s=%s", tag->name, reason_name(result->reason));
	if (result->reason != REASON_NONE) {
		ck_assert_uint_eq(result->n, 0);
		ck_assert_str_ne(result->detail, "");
		(void)snprintf(b->detail, sizeof(b->detail), "%s",
		    result->detail);
	}
	for (i = 0; i < result->n; i++) {
		strbuf_puts(&word, i == 0 ? "" : ",");
		bench_put_reply(&word, result->replies[i]);
	}
	free(tag);
	bench_note(b, word.s);
	strbuf_fini(&word);
}

/* Commands of one word, apart by spaces. */
static inline void
bench_send(struct bench *b, const char *name, const char *commands,
    int64_t timeout_ms)
{
	struct tag *tag = xcalloc(1, sizeof(*tag));
	size_t words = b->words, len;
	struct batch batch = { 0 };
	const char *p;

	for (p = commands; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		batch_add_words(&batch, 1, &p, &len);
	}
	tag->bench = b;
	(void)snprintf(tag->name, sizeof(tag->name), "%s", name);
	conn_send(b->conn, &batch, timeout_ms, bench_on_done, tag);
	ck_assert_uint_eq(b->words, words);
	ck_assert_uint_eq(batch.n, 0);
	ck_assert_ptr_null(batch.wire.s);
}

static inline void
bench_bite(void *arg)
{
	const struct bench *b = arg;

	ck_abort_msg("only: %s", strbuf_text(&b->diary));
}

/* Run until the diary has so many words. */
static inline void
bench_wait(struct bench *b, size_t words)
{
	b->wanted = words;
	timer_set(b->watchdog, WATCHDOG_MS);
	while (b->words < words)
		loop_run(b->loop);
	b->wanted = SIZE_MAX;
	timer_unset(b->watchdog);
}

static inline void
bench_stop(void *arg)
{
	const struct bench *b = arg;

	loop_stop(b->loop);
}

/* Run whatever is due within ms, to see that nothing more comes. */
static inline void
bench_settle(struct bench *b, int64_t ms)
{
	struct timer *t = timer_new(b->loop, bench_stop, b);

	b->wanted = SIZE_MAX;
	timer_set(t, ms);
	loop_run(b->loop);
	timer_free(t);
}

static inline void
bench_begin(struct bench *b)
{
	*b = (struct bench){ .loop = loop_new(), .wanted = SIZE_MAX };
	b->resolver = resolver_new(b->loop);
	b->watchdog = timer_new(b->loop, bench_bite, b);
	b->conf = (struct conn_conf){
		.loop = b->loop,
		.resolver = b->resolver,
		.auth = &b->auth,
		.dial_timeout_ms = 10000,
		.backoff_ceil_ms = 200,
		.limits = { .bytes = 1 << 20, .elements = 1000, .depth = 7 },
	};
	b->ops = (struct conn_ops){ .on_state = bench_on_state, .arg = b };
}

/* A peer with these scripts and a conn that dials it. */
static inline void
bench_connect(struct bench *b, const struct peer_step *const *scripts)
{
	b->peer = peer_new(b->loop, 0, scripts);
	b->conn = conn_new(&b->conf, &b->peer->addr, &b->ops, 0);
}

static inline void
bench_end(struct bench *b)
{
	size_t words;

	b->hook = NULL;
	conn_free(b->conn);
	peer_free(b->peer);
	words = b->words;
	bench_settle(b, 0);
	ck_assert_uint_eq(b->words, words);
	timer_free(b->watchdog);
	resolver_free(b->resolver);
	loop_free(b->loop);
	strbuf_fini(&b->diary);
}

static inline size_t
bench_count(const char *words)
{
	size_t n = 1;

	for (; *words != '\0'; words++)
		n += *words == ' ';
	return n;
}

/* Wait for these words, and for no others. */
static inline void
bench_expect(struct bench *b, const char *words)
{
	bench_wait(b, bench_count(words));
	ck_assert_str_eq(strbuf_text(&b->diary), words);
}

#endif
