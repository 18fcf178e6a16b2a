/* The deployment model, fed with random facts in random order.  The input is a
 * program: a byte says which fact, those behind it from where.  After each
 * derivation what may be seen is printed, in both formats, and read strictly.
 *
 * What must hold: no counter of a failover falls; a node, and a sentinel, has
 * one name; nothing is said by a sentinel or a node that is not up, or stale;
 * no series comes twice, whatever the names are made of. */
#include <stdio.h>

#include "base/build_info.h"
#include "base/escape.h"
#include "base/num.h"
#include "fuzz/fuzz.h"
#include "fuzz/strict.h"
#include "model/derive.h"
#include "model/facts.h"
#include "model/failover_record.h"
#include "model/sentinel_identity.h"
#include "model/snapshot.h"
#include "protocol/reply_reader.h"

#define STALE_MS 15000
#define ADDRS	 6
#define STEPS	 400
#define LOOKS	 1

/* The same node under a name and an address, among others. */
static const char *const addrs[ADDRS] = { "10.0.0.1:6379", "10.0.0.2:6379",
	"redis-0:6379", "redis-1:6379", "[::1]:6379", "10.0.0.1:6380" };
static const char *const peers[] = { "10.0.1.1:26379", "10.0.1.2:26379",
	"sentinel-2:26379", "[::2]:26379" };
static const char *const names[] = { "mymaster", "cache", "a\xff\"\\\n" };
static const char *const ids[] = {
	"0123456789abcdef0123456789abcdef01234567",
	"89abcdef0123456789abcdef0123456789abcdef",
	"fedcba9876543210fedcba9876543210fedcba98",
};
static const char *const flags[] = { "master", "master,s_down",
	"master,s_down,o_down", "master,s_down,o_down,failover_in_progress",
	"master,force_failover,failover_in_progress" };
static const int steps_ms[] = { 0, 10, 300, 1000, 5000, STALE_MS + 1, 3600000 };

#define PICK(table) \
	(table)[fuzz_byte(&in) % (sizeof(table) / sizeof((table)[0]))]

struct counted {
	const struct failover_record *record;
	struct failover_stats stats;
};

static struct slice in;
static struct deployment d;
static struct now now;
static struct counted counted[8];
static int looks;

static struct addr
address(const char *text)
{
	struct addr a = { 0 };

	ASSERT(addr_parse(&a, text, strlen(text), 0));
	return a;
}

/* The reply that these bytes of RESP are. */
static struct reply *
reply_of(const char *resp)
{
	static const struct reply_limits limits = {
		.bytes = 1 << 16, .elements = 1000, .depth = 4
	};
	struct reply_reader *rd = reply_reader_new(&limits);
	struct reply *r;
	struct err err;

	reply_reader_feed(rd, resp, strlen(resp));
	r = reply_reader_next(rd, &err);
	ASSERT(r != NULL);
	reply_reader_free(rd);
	return r;
}

static void
put_bulk(struct strbuf *b, const char *text)
{
	strbuf_printf(b, "$%zu\r\n%s\r\n", strlen(text), text);
}

static void
put_pair(struct strbuf *b, const char *name, const char *value)
{
	put_bulk(b, name);
	put_bulk(b, value);
}

static void
put_number(struct strbuf *b, const char *name, unsigned value)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%u", value);
	put_pair(b, name, text);
}

/* "ip" and "port" of an address. */
static void
put_addr(struct strbuf *b, const char *text)
{
	struct addr a = address(text);

	put_pair(b, "ip", a.host);
	put_number(b, "port", a.port);
}

static void
put_master(struct strbuf *b, const char *name)
{
	strbuf_puts(b, "*20\r\n");
	put_pair(b, "name", name);
	put_addr(b, PICK(addrs));
	put_pair(b, "flags", PICK(flags));
	put_number(b, "config-epoch", fuzz_byte(&in) % 5);
	put_number(b, "quorum", fuzz_byte(&in) % 4);
	put_number(b, "down-after-milliseconds", 1000);
	put_number(b, "failover-timeout", 3000);
	put_number(b, "num-slaves", fuzz_byte(&in) % 4);
	put_number(b, "num-other-sentinels", fuzz_byte(&in) % 4);
}

static void
put_replica(struct strbuf *b)
{
	strbuf_puts(b, "*14\r\n");
	put_addr(b, PICK(addrs));
	put_pair(b, "runid", PICK(ids));
	put_pair(b, "flags", fuzz_byte(&in) % 2 ? "slave" : "slave,s_down");
	put_number(b, "slave-priority", fuzz_byte(&in) % 3 * 50);
	put_number(b, "slave-repl-offset", fuzz_byte(&in));
	put_number(b, "info-refresh", fuzz_byte(&in) * 40);
}

static void
put_peer(struct strbuf *b)
{
	strbuf_puts(b, "*8\r\n");
	put_addr(b, PICK(peers));
	put_pair(b, "runid", PICK(ids));
	put_pair(b, "flags", "sentinel");
}

static struct sentinel *
any_sentinel(void)
{
	const unsigned i = fuzz_byte(&in);

	return d.sentinels.n == 0 ? NULL : d.sentinels.v[i % d.sentinels.n];
}

static struct server *
any_server(void)
{
	const unsigned i = fuzz_byte(&in);

	return d.servers.n == 0 ? NULL : d.servers.v[i % d.servers.n];
}

static struct master *
any_master(void)
{
	const unsigned i = fuzz_byte(&in);

	return d.masters.n == 0 ? NULL : d.masters.v[i % d.masters.n];
}

/*
 * Facts.
 */

static void
pass_time(void)
{
	const int64_t ms = PICK(steps_ms);

	now.mono_ms += ms;
	/* The wall clock may be set meanwhile. */
	now.wall_ms += fuzz_byte(&in) % 16 == 0 ? -ms : ms;
}

static void
add_sentinel(void)
{
	const char *label = PICK(peers);
	struct sentinel *s = deployment_add_sentinel(&d, label);

	s->addr = address(label);
	s->seed = fuzz_byte(&in) % 2 == 0;
}

static void
take_id(void)
{
	struct sentinel *s = any_sentinel();
	struct strbuf b = { 0 };
	struct reply *r;

	put_bulk(&b, PICK(ids));
	r = reply_of(strbuf_text(&b));
	if (s != NULL)
		sentinel_take_id(s, r);
	reply_free(r);
	strbuf_fini(&b);
}

static void
take_sentinel_info(void)
{
	struct sentinel *s = any_sentinel();
	struct strbuf b = { 0 }, text = { 0 };
	struct reply *r;

	strbuf_printf(&text,
	    "redis_version:7.0.15\r\nredis_mode:sentinel\r\nrun_id:%s\r\n"
	    "uptime_in_seconds:%u\r\nsentinel_masters:1\r\nsentinel_tilt:%"
	    "u\r\n",
	    PICK(ids), fuzz_byte(&in), fuzz_byte(&in) % 2);
	put_bulk(&b, strbuf_text(&text));
	r = reply_of(strbuf_text(&b));
	if (s != NULL) {
		sentinel_take_answer(s, now);
		(void)sentinel_take_info(s, r, now);
	}
	reply_free(r);
	strbuf_fini(&b);
	strbuf_fini(&text);
}

static void
take_masters(void)
{
	struct sentinel *s = any_sentinel();
	const unsigned n = fuzz_byte(&in) % 3;
	struct strlist found = { 0 };
	struct strbuf b = { 0 };
	struct reply *r;
	unsigned i;

	strbuf_printf(&b, "*%u\r\n", n);
	for (i = 0; i < n; i++)
		put_master(&b, PICK(names));
	r = reply_of(strbuf_text(&b));
	if (s != NULL)
		(void)sentinel_take_masters(s, r, &found);
	strlist_fini(&found);
	reply_free(r);
	strbuf_fini(&b);
}

static struct reply *
list_of(void (*put)(struct strbuf *))
{
	const unsigned n = fuzz_byte(&in) % 4;
	struct strbuf b = { 0 };
	struct reply *r;
	unsigned i;

	strbuf_printf(&b, "*%u\r\n", n);
	for (i = 0; i < n; i++)
		put(&b);
	r = reply_of(n == 3 ? "-NOPERM no\r\n" : strbuf_text(&b));
	strbuf_fini(&b);
	return r;
}

static bool
make_event(struct event *e, enum event_kind kind, const char *name)
{
	const char *at = PICK(addrs), *of = PICK(addrs);
	struct addr a = address(at), m = address(of);
	struct strbuf b = { 0 };
	bool made;

	if (kind == EVENT_SWITCH_MASTER)
		strbuf_printf(
		    &b, "%s %s %u %s %u", name, m.host, m.port, a.host, a.port);
	else if (kind == EVENT_NEW_EPOCH)
		strbuf_printf(&b, "%u", fuzz_byte(&in) % 5);
	else if (kind == EVENT_VOTE_FOR_LEADER)
		strbuf_printf(&b, "%s %u", PICK(ids), fuzz_byte(&in) % 5);
	else if (fuzz_byte(&in) % 2)
		strbuf_printf(&b, "master %s %s %u", name, a.host, a.port);
	else
		strbuf_printf(&b, "slave %s %s %u @ %s %s %u", at, a.host,
		    a.port, name, m.host, m.port);
	made = event_parse(e, event_channel(kind), strlen(event_channel(kind)),
	    strbuf_text(&b), b.len);
	strbuf_fini(&b);
	return made;
}

static void
take_view(void)
{
	struct sentinel *s = any_sentinel();
	const char *name = PICK(names), *addr = PICK(addrs);
	struct strbuf master = { 0 }, text = { 0 };
	struct reply *r[VIEW_REPLIES];
	struct event switched;
	const bool is_switch = fuzz_byte(&in) % 4 == 0 &&
			       make_event(&switched, EVENT_SWITCH_MASTER, name);
	struct addr a = address(addr);
	size_t i;

	put_master(&master, name);
	strbuf_puts(&text, "*2\r\n");
	put_bulk(&text, a.host);
	strbuf_printf(&text, "$4\r\n%04u\r\n", a.port % 10000);
	r[0] = reply_of(fuzz_byte(&in) % 16 == 0 ? "-ERR No such master\r\n"
						 : strbuf_text(&master));
	r[1] =
	    reply_of(fuzz_byte(&in) % 16 == 0 ? "*-1\r\n" : strbuf_text(&text));
	r[2] = list_of(put_replica);
	r[3] = list_of(put_peer);
	r[4] = reply_of(
	    fuzz_byte(&in) % 2
		? "+OK 3 usable Sentinels. x\r\n"
		: "-NOQUORUM 1 usable Sentinels. specified quorum\r\n");
	if (s != NULL)
		sentinel_take_view(
		    s, name, r, is_switch ? &switched : NULL, now);
	for (i = 0; i < VIEW_REPLIES; i++)
		reply_free(r[i]);
	strbuf_fini(&master);
	strbuf_fini(&text);
}

static void
take_event(void)
{
	struct sentinel *s = any_sentinel();
	const char *name = PICK(names);
	struct event e;

	if (!make_event(
		&e, (enum event_kind)(fuzz_byte(&in) % EVENT_OTHER), name) ||
	    s == NULL)
		return;
	sentinel_count_event(s, e.kind);
	if (e.kind != EVENT_SWITCH_MASTER)
		sentinel_take_event(s, &e, now);
}

static void
rename_sentinel(void)
{
	struct sentinel *s = any_sentinel();
	const char *label = PICK(peers);

	if (s != NULL && deployment_sentinel(&d, label) == NULL)
		sentinel_take_name(s, label);
}

static void
take_node_info(void)
{
	struct server *s = any_server();
	const char *of = PICK(addrs), *reached = PICK(addrs);
	struct addr master = address(of), peer = { 0 };
	const bool is_master = fuzz_byte(&in) % 2;
	struct strbuf b = { 0 };
	struct node_info info;

	strbuf_printf(&b,
	    "redis_version:7.0.15\r\nrun_id:%s\r\nuptime_in_seconds:%u\r\n"
	    "role:%s\r\nmaster_host:%s\r\nmaster_port:%u\r\n"
	    "master_repl_offset:%u\r\nslave_repl_offset:%u\r\n"
	    "master_link_status:%s\r\nloading:%u\r\nslave_priority:100\r\n"
	    "slave0:ip=10.0.0.2,port=6379,state=online,offset=%u,lag=0\r\n",
	    PICK(ids), fuzz_byte(&in), is_master ? "master" : "slave",
	    master.host, master.port, fuzz_byte(&in), fuzz_byte(&in),
	    fuzz_byte(&in) % 2 ? "up" : "down",
	    fuzz_byte(&in) % 8 == 0 ? 1u : 0u, fuzz_byte(&in));
	if (fuzz_byte(&in) % 2)
		peer = address(reached);
	if (node_info_parse(&info, strbuf_text(&b), b.len) && s != NULL)
		server_take_info(s, &info, now, &peer, now);
	node_info_fini(&info);
	strbuf_fini(&b);
}

/* A queue whose name is whatever stands in the input. */
static void
take_queue(void)
{
	struct master *m = any_master();
	const int db_index = (int)(fuzz_byte(&in) % 3);
	const int64_t length = fuzz_byte(&in);
	const size_t wanted = fuzz_byte(&in) % 12;
	const size_t len = wanted < in.len ? wanted : in.len;
	struct celery_db *db;
	struct queue *q;

	if (m == NULL || len == 0)
		return;
	m->celery.node = m->agreement.master;
	db = celery_add_db(&m->celery, db_index);
	q = db == NULL ? NULL : celery_db_add_queue(db, in.s, len);
	if (q != NULL && q->lengths.n == 0)
		*vec_push(&q->lengths) = length;
	if (db != NULL)
		db->at_ms = now.mono_ms;
	in.s += len;
	in.len -= len;
	master_take_queues(m);
}

/*
 * What must hold.
 */

static void
check_not_less(uint64_t before, uint64_t after)
{
	ASSERT(before <= after);
}

static void
check_counters(void)
{
	const struct failover_stats *s;
	struct failover_record *r;
	struct counted old[8];
	size_t i, k, n = 0;

	memcpy(old, counted, sizeof(old));
	memset(counted, 0, sizeof(counted));
	vec_each(r, &d.records) {
		ASSERT(n < 8);
		s = tracker_stats(r->tracker);
		counted[n++] = (struct counted){ r, *s };
		for (i = 0; i < 8; i++) {
			if (old[i].record != r)
				continue;
			for (k = 0; k < FAILOVER_KINDS; k++)
				check_not_less(
				    old[i].stats.failovers[k], s->failovers[k]);
			check_not_less(old[i].stats.attempts, s->attempts);
			for (k = 0; k < FAILOVER_ABORTS; k++)
				check_not_less(
				    old[i].stats.aborts[k], s->aborts[k]);
			check_not_less(old[i].stats.reboots, s->reboots);
		}
	}
}

static void
check_names(void)
{
	size_t i, k, n;

	for (i = 1; i < d.sentinels.n; i++)
		ASSERT(strcmp(d.sentinels.v[i - 1]->label,
			   d.sentinels.v[i]->label) < 0);
	for (k = 0; k < d.masters.n; k++) {
		n = d.masters.v[k]->nodes.n;
		for (i = 1; i < n; i++)
			ASSERT(d.masters.v[k]->nodes.v[i - 1] !=
			       d.masters.v[k]->nodes.v[i]);
	}
}

static void
check_silent(
    const char *text, const char *family, const char *label, const char *value)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%s{%s=\"", family, label);
	escape_text(&b, ESCAPE_LABEL, value);
	strbuf_puts(&b, "\"} ");
	ASSERT(!strict_has(text, strbuf_text(&b)));
	strbuf_fini(&b);
}

/* A figure that only it can tell is absent. */
static void
check_stale(const char *text)
{
	struct sentinel *s;

	vec_each(s, &d.sentinels)
		if (!fresh(s->info_at.mono_ms, now.mono_ms, STALE_MS))
			check_silent(
			    text, "sentinel_tilt", "sentinel", s->label);
}

static void
look(void)
{
	static const struct build_info build = { "1", "2", "3" };
	const struct picture_time t = { now, STALE_MS };
	const struct self_stats self = { .build = &build };
	struct snapshot *s = snapshot_new();
	struct strbuf b = { 0 };

	s->made_at = now;
	snapshot_add(s, &d, &t);
	render_exposition(&b, RENDER_TEXT, s, &self, now.mono_ms);
	strict_read(RENDER_TEXT, strbuf_text(&b), b.len);
	check_stale(strbuf_text(&b));
	b.len = 0;
	render_exposition(&b, RENDER_OPENMETRICS, s, &self, now.mono_ms);
	strict_read(RENDER_OPENMETRICS, strbuf_text(&b), b.len);
	strbuf_fini(&b);
	snapshot_unref(s);
}

static void
derive(void)
{
	struct master *m;

	(void)deployment_derive(&d, now);
	vec_each(m, &d.masters)
		m->change = (struct master_change){ 0 };
	check_counters();
	check_names();
}

static void
gone(struct master *m)
{
	ASSERT(m->deployment == &d);
}

static void
end_round(void)
{
	deployment_take_round(&d, now);
	derive();
	deployment_drop_masters(&d, gone);
	deployment_drop_servers(&d, NULL);
	/* Most of the time goes into this. */
	if (looks++ < LOOKS)
		look();
}

/* INFO is denied; ROLE may be allowed all the same. */
static void
deny(struct server *v, enum reason why)
{
	const struct role_answer role = {
		.role = fuzz_byte(&in) % 2 ? ROLE_MASTER : ROLE_REPLICA,
		.offset = NUM_UNKNOWN,
	};

	server_take_denial(v, why, fuzz_byte(&in) % 2 ? &role : NULL, now);
}

static void
fail_something(void)
{
	struct sentinel *s = any_sentinel();
	struct server *v = any_server();
	const enum reason why =
	    (enum reason)(1 + fuzz_byte(&in) % (REASON_COUNT - 1));

	switch (fuzz_byte(&in) % 4) {
	case 0:
		if (s != NULL)
			sentinel_take_failure(s, why);
		break;
	case 1:
		if (v != NULL)
			server_take_failure(v, why);
		break;
	case 2:
		if (v != NULL)
			deny(v, why);
		break;
	default:
		if (s != NULL)
			sentinel_take_stream(
			    s, fuzz_byte(&in) % 2, fuzz_byte(&in) % 2);
	}
}

static void
leave(void)
{
	struct sentinel *s = any_sentinel();

	if (s != NULL && fuzz_byte(&in) % 4 == 0)
		sentinel_take_leave(s);
}

typedef void fact_fn(void);

static fact_fn *const facts[] = { pass_time, add_sentinel, take_id,
	take_sentinel_info, take_masters, take_view, take_view, take_event,
	take_event, rename_sentinel, take_node_info, take_node_info, take_queue,
	fail_something, leave, derive, end_round };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int i;

	in = fuzz_slice(data, size);
	d = (struct deployment){ .stale_after_ms = STALE_MS };
	now = (struct now){ 1000000, 1700000000000 };
	memset(counted, 0, sizeof(counted));
	looks = 0;
	for (i = 0; i < STEPS && in.len > 0; i++)
		PICK(facts)();
	end_round();
	look();
	deployment_fini(&d);
	return 0;
}
