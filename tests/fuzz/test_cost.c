/* No text from outside costs more than 100 ms per MiB: a parser that looks at
 * all it has read for each thing that it reads lets one peer stop the watch. */
#include <time.h>

#include "base/strbuf.h"
#include "config/broker_url.h"
#include "config/yaml.h"
#include "fuzz/fuzz.h"
#include "model/saved_state.h"
#include "protocol/client_list.h"
#include "protocol/event.h"
#include "protocol/heartbeat.h"
#include "protocol/instance.h"
#include "protocol/kombu.h"
#include "protocol/reply_reader.h"
#include "unit/unit.h"

#define MIB	 (1 << 20)
#define LIMIT_MS 100
#define FIELDS	 "*2\r\n$4\r\nname\r\n$1\r\nm\r\n"

/* Sanitizers look at each byte too. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLOWER 8
#else
#define SLOWER 1
#endif

typedef void parse_fn(const char *text, size_t len);

static struct err err;

static void
parse_client_list(const char *text, size_t len)
{
	struct client_list cl = { 0 };

	(void)client_list_parse(&cl, text, len);
	client_list_fini(&cl);
}

static void
parse_info(const char *text, size_t len)
{
	struct sentinel_info sentinel;
	struct node_info node;

	(void)node_info_parse(&node, text, len);
	(void)sentinel_info_parse(&sentinel, text, len);
	node_info_fini(&node);
}

static void
parse_event(const char *text, size_t len)
{
	struct event e;

	(void)event_parse(&e, "+sdown", 6, text, len);
	(void)event_parse(&e, text, len, "", 0);
}

static void
parse_kombu(const char *text, size_t len)
{
	struct kombu_options o;
	const char *part;
	size_t n;

	kombu_options_init(&o);
	(void)kombu_binding_exchange(&o, text, len, &part, &n);
	(void)kombu_binding_queue(&o, text, len, &part, &n);
	(void)kombu_pidbox_worker(&o, text, len, &part, &n);
	(void)kombu_key_kind(&o, text, len, &part, &n);
	kombu_options_fini(&o);
}

static void
parse_envelope(const char *text, size_t len)
{
	char tag[DELIVERY_TAG_MAX];
	struct heartbeat h;

	(void)kombu_delivery_tag(text, len, tag);
	(void)heartbeat_parse(&h, text, len);
}

/* In pieces, as the socket gives them. */
static void
parse_reply(const char *text, size_t len)
{
	const struct reply_limits limits = {
		.bytes = 2 * MIB, .elements = MIB, .depth = 7
	};
	struct reply_reader *rd = reply_reader_new(&limits);
	struct master_fields m;
	size_t n, piece = 4096;
	struct reply *r;

	for (; len > 0; text += n, len -= n) {
		n = len < piece ? len : piece;
		reply_reader_feed(rd, text, n);
		while ((r = reply_reader_next(rd, &err)) != NULL) {
			(void)master_fields_parse(&m, r);
			reply_free(r);
		}
	}
	reply_reader_free(rd);
}

static void
parse_yaml(const char *text, size_t len)
{
	struct yaml root;

	if (yaml_parse(&root, "f", text, len, &err))
		yaml_fini(&root);
}

static void
parse_broker_url(const char *text, size_t len)
{
	struct broker_url b;

	(void)len;
	if (broker_url_parse(&b, text, &err))
		broker_url_fini(&b);
}

static void
parse_kombu_options(const char *text, size_t len)
{
	struct kombu_options o;

	(void)len;
	kombu_options_init(&o);
	(void)kombu_options_parse(&o, text, &err);
	kombu_options_fini(&o);
}

static void
pass_over(void *arg, const char *group, const struct tracker_memory *m)
{
	(void)arg, (void)group, (void)m;
}

static void
parse_saved_state(const char *text, size_t len)
{
	(void)saved_state_decode(text, len, pass_over, NULL, &err);
}

/* head, then unit as often as fits, with the number of each for a %d in it,
 * then tail. */
static const struct cost {
	parse_fn *parse;
	const char *head, *unit, *tail;
} costs[] = {
	/* The DB was searched among all that were met before. */
	{ parse_client_list, "", "db=%d cmd=brpop\n", "" },
	{ parse_client_list, "", "db=9 cmd=brpop\n", "" },
	{ parse_client_list, "", "= ", "" },
	{ parse_client_list, "db=1 cmd=", "brpop", "" },
	{ parse_info, "role:master\n", "x", "" },
	{ parse_info, "role:master\n", "a:b\n", "" },
	{ parse_info, "role:master\n",
	    "slave%d:ip=h,port=1,state=online,offset=1,lag=0\n", "" },
	{ parse_info, "role:master\nslave0:", "ip=h,", "" },
	{ parse_info, "role:master\n", "db%d:keys=1,expires=0\n", "" },
	{ parse_event, "", " ", "" },
	{ parse_event, "", "master x ", "" },
	{ parse_kombu, "", "\x06", "" },
	{ parse_kombu, "", "\x06\x16", "" },
	{ parse_kombu, "", "celery-task-", "" },
	{ parse_kombu, "q\x06\x16", "9", "" },
	{ parse_kombu, "_kombu.binding.", "celery.pidbox", "" },
	{ parse_envelope, "{\"properties\":{", "\"k%d\":0,", "\"z\":0}}" },
	{ parse_envelope, "", "[", "" },
	{ parse_envelope, "\"", "\\u00e9", "\"" },
	{ parse_reply, "", "+OK\r\n", "" },
	{ parse_reply, "+", "x", "" },
	{ parse_reply, "$1048000\r\n", "x", "" },
	{ parse_reply, "*200000\r\n", ":1\r\n", "" },
	{ parse_reply, "", FIELDS, "" },
	{ parse_reply, "", "*1\r\n*0\r\n", "" },
	{ parse_yaml, "", "k%d: 0\n", "" },
	{ parse_yaml, "", "- 0\n", "" },
	{ parse_yaml, "a: ", "x", "" },
	{ parse_yaml, "", "[", "" },
	{ parse_yaml, "a: \"", "\\x41", "\"" },
	{ parse_broker_url, "sentinel://a", ";sentinel://h%d", "" },
	{ parse_broker_url, "sentinel://a", ";sentinel://h/%d", "" },
	{ parse_broker_url, "sentinel://", "a@", "h" },
	{ parse_broker_url, "sentinel://h/0", "?a=1&", "" },
	{ parse_kombu_options, "{\"priority_steps\":[9", ",%d", "]}" },
	{ parse_kombu_options, "{", "\"k%d\":0,", "\"z\":0}" },
	{ parse_saved_state, "{\"masters\":[", "{},", "{}]}" },
};

static void
build(struct strbuf *b, const struct cost *c)
{
	const char *number = strstr(c->unit, "%d");
	int i;

	strbuf_puts(b, c->head);
	for (i = 0; b->len + 64 < MIB; i++) {
		if (number == NULL) {
			strbuf_puts(b, c->unit);
			continue;
		}
		strbuf_add(b, c->unit, (size_t)(number - c->unit));
		strbuf_printf(b, "%d", i);
		strbuf_puts(b, number + 2);
	}
	strbuf_puts(b, c->tail);
}

static double
cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1000 + (double)ts.tv_nsec / 1000000;
}

/* The best of ten: others may use the same core and caches. */
START_TEST(a_mib_costs_at_most_100_ms)
{
	const struct cost *c = &costs[_i];
	struct strbuf b = { 0 };
	double best = 1e9, spent;
	int i;

	build(&b, c);
	for (i = 0; i < 10 && best > LIMIT_MS * SLOWER; i++) {
		spent = cpu_ms();
		c->parse(strbuf_text(&b), b.len);
		spent = cpu_ms() - spent;
		best = spent < best ? spent : best;
	}
	strbuf_fini(&b);
	ck_assert_msg(best <= LIMIT_MS * SLOWER, "%.0f ms for %s%s%s", best,
	    c->head, c->unit, c->tail);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("cost");
	TCase *tc = tcase_create("cost");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_mib_costs_at_most_100_ms, 0,
	    (int)(sizeof(costs) / sizeof(costs[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
