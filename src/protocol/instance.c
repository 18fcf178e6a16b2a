#include "protocol/instance.h"

#include <string.h>

#include "base/num.h"
#include "protocol/field.h"

#define FLAGS_MAX 512

#define NROWS(table) (sizeof(table) / sizeof((table)[0]))

static const struct {
	const char *word;
	unsigned flag;
} flag_words[] = {
	{ "s_down", FLAG_S_DOWN },
	{ "o_down", FLAG_O_DOWN },
	{ "disconnected", FLAG_DISCONNECTED },
	{ "master_down", FLAG_MASTER_DOWN },
	{ "failover_in_progress", FLAG_FAILOVER_IN_PROGRESS },
	{ "promoted", FLAG_PROMOTED },
	{ "reconf_sent", FLAG_RECONF_SENT },
	{ "reconf_inprog", FLAG_RECONF_INPROG },
	{ "reconf_done", FLAG_RECONF_DONE },
	{ "force_failover", FLAG_FORCE_FAILOVER },
	{ "master_reboot", FLAG_MASTER_REBOOT },
};

/* What the three lists have that is more than one value copied. */
struct common {
	char ip[ADDR_HOST_MAX], flags[FLAGS_MAX];
	int64_t port;
};

struct master_draft {
	struct master_fields out;
	struct common common;
};

struct replica_draft {
	struct replica_fields out;
	struct common common;
	char master_host[ADDR_HOST_MAX];
	int64_t master_port;
};

struct peer_draft {
	struct peer_fields out;
	struct common common;
};

/* The tables are sorted by name (field_set searches). */
#define COUNT(name, member) COUNT_FIELD(master_draft, name, member)
#define TEXT(name, member)  TEXT_FIELD(master_draft, name, member)
static const struct field master_rows[] = {
	COUNT("config-epoch", out.config_epoch),
	COUNT("down-after-milliseconds", out.down_after_ms),
	COUNT("failover-timeout", out.failover_timeout_ms),
	TEXT("flags", common.flags),
	COUNT("info-refresh", out.info_refresh_ms),
	TEXT("ip", common.ip),
	COUNT("last-ok-ping-reply", out.last_ok_ping_reply_ms),
	TEXT("name", out.name),
	COUNT("num-other-sentinels", out.num_other_sentinels),
	COUNT("num-slaves", out.num_slaves),
	COUNT("parallel-syncs", out.parallel_syncs),
	COUNT("port", common.port),
	COUNT("quorum", out.quorum),
	TEXT("runid", out.run_id),
	COUNT("s-down-time", out.s_down_ms),
};
#undef COUNT
#undef TEXT

#define COUNT(name, member) COUNT_FIELD(replica_draft, name, member)
#define TEXT(name, member)  TEXT_FIELD(replica_draft, name, member)
static const struct field replica_rows[] = {
	COUNT("down-after-milliseconds", out.down_after_ms),
	TEXT("flags", common.flags),
	COUNT("info-refresh", out.info_refresh_ms),
	TEXT("ip", common.ip),
	COUNT("last-ok-ping-reply", out.last_ok_ping_reply_ms),
	COUNT("last-ping-sent", out.last_ping_sent_ms),
	TEXT("master-host", master_host),
	COUNT("master-link-down-time", out.link_down_ms),
	WORD_FIELD(replica_draft, "master-link-status", out.link_ok, "ok"),
	COUNT("master-port", master_port),
	COUNT("port", common.port),
	COUNT("replica-announced", out.announced),
	ROLE_FIELD(replica_draft, "role-reported", out.role_reported),
	TEXT("runid", out.run_id),
	COUNT("s-down-time", out.s_down_ms),
	COUNT("slave-priority", out.priority),
	COUNT("slave-repl-offset", out.repl_offset),
};
#undef COUNT
#undef TEXT

#define COUNT(name, member) COUNT_FIELD(peer_draft, name, member)
#define TEXT(name, member)  TEXT_FIELD(peer_draft, name, member)
static const struct field peer_rows[] = {
	TEXT("flags", common.flags),
	TEXT("ip", common.ip),
	COUNT("last-hello-message", out.last_hello_ms),
	COUNT("last-ok-ping-reply", out.last_ok_ping_reply_ms),
	COUNT("port", common.port),
	TEXT("runid", out.id),
};
#undef COUNT
#undef TEXT

static struct slice
text_at(const struct reply *r, size_t i)
{
	const struct reply *e = reply_at(r, i);

	return (struct slice){ reply_text(e), e == NULL ? 0 : e->len };
}

/* Name, value, name, value ...: false when the reply is no such list. */
static bool
read_list(
    const struct field *rows, size_t n, void *target, const struct reply *r)
{
	struct slice name, value;
	size_t i;

	field_clear(rows, n, target);
	if (r == NULL || r->type != REPLY_ARRAY)
		return false;
	for (i = 0; i < r->n; i += 2) {
		name = text_at(r, i);
		value = text_at(r, i + 1);
		if (name.s == NULL || value.s == NULL)
			return false;
		field_set(rows, n, target, name, value);
	}
	return true;
}

static unsigned
flags_parse(const char *list)
{
	struct slice rest = { list, strlen(list) }, word;
	unsigned flags = 0;
	size_t i;

	while (rest.s != NULL) {
		word = slice_cut(&rest, ',');
		for (i = 0; i < NROWS(flag_words); i++)
			if (slice_is(word, flag_words[i].word))
				flags |= flag_words[i].flag;
	}
	return flags;
}

/* An address from host and port apart; unknown for the "?" that Sentinel
 * prints as long as it does not know. */
static bool
join(struct addr *addr, const char *host, int64_t port)
{
	*addr = (struct addr){ .port = 0 };
	return port >= 1 && strcmp(host, "?") != 0 &&
	       addr_set(addr, host, strlen(host), port);
}

bool
master_fields_parse(struct master_fields *m, const struct reply *r)
{
	struct master_draft d;
	bool ok;

	memset(&d, 0, sizeof(d));
	ok = read_list(master_rows, NROWS(master_rows), &d, r) &&
	     join(&d.out.addr, d.common.ip, d.common.port) &&
	     d.out.name[0] != '\0';
	d.out.flags = flags_parse(d.common.flags);
	*m = d.out;
	return ok;
}

bool
replica_fields_parse(struct replica_fields *f, const struct reply *r)
{
	struct replica_draft d;
	bool ok;

	memset(&d, 0, sizeof(d));
	ok = read_list(replica_rows, NROWS(replica_rows), &d, r) &&
	     join(&d.out.addr, d.common.ip, d.common.port);
	join(&d.out.master, d.master_host, d.master_port);
	d.out.flags = flags_parse(d.common.flags);
	*f = d.out;
	return ok;
}

bool
peer_fields_parse(struct peer_fields *p, const struct reply *r)
{
	struct peer_draft d;
	bool ok;

	memset(&d, 0, sizeof(d));
	ok = read_list(peer_rows, NROWS(peer_rows), &d, r) &&
	     join(&d.out.addr, d.common.ip, d.common.port) &&
	     d.out.id[0] != '\0';
	d.out.flags = flags_parse(d.common.flags);
	*p = d.out;
	return ok;
}

bool
master_addr_parse(struct addr *addr, const struct reply *r)
{
	const char *host = reply_text(reply_at(r, 0));
	int64_t port;

	*addr = (struct addr){ .port = 0 };
	return r != NULL && r->n == 2 && host != NULL &&
	       reply_int(reply_at(r, 1), &port) && join(addr, host, port);
}
