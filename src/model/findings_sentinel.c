/* What can be wrong with the sentinels. */
#include <stdlib.h>
#include <string.h>

#include "model/findings_parts.h"

#define CLOCKS_MS	     2000
#define DOWN_AFTER_MIN_MS    1000
#define FAILOVER_TIMEOUT_MIN 10000

static bool
view_good(const struct finding_look *f, const struct picture_view *v)
{
	return finding_good(f, v->until_ms);
}

static bool
sentinel_good(const struct finding_look *f, const struct picture_sentinel *s)
{
	return finding_good(f, s->info_until_ms);
}

/* The largest of one figure of all good views; NUM_UNKNOWN: none tells. */
#define LARGEST(f, member)                                   \
	__extension__({                                      \
		const struct picture_view *largest_v;        \
		int64_t largest = NUM_UNKNOWN;               \
		vec_foreach(largest_v, &(f)->m->views)       \
			if (view_good((f), largest_v) &&     \
			    largest_v->member > largest)     \
				largest = largest_v->member; \
		largest;                                     \
	})

bool
finding_name_unknown(struct finding_look *f)
{
	const struct picture_unknown *u;
	bool found = false;

	vec_foreach(u, &f->p->unknown) {
		if (!finding_good(f, f->p->unknown_until_ms))
			continue;
		if (found)
			strbuf_puts(&f->seen, " ");
		found = true;
		strbuf_printf(&f->seen,
		    "The configuration names %s. The sentinels know: %s.",
		    u->labels->name, u->known[0] != '\0' ? u->known : "none");
		if (u->nearest == NULL)
			continue;
		strbuf_printf(&f->seen, " Is %s meant?", u->nearest);
		strbuf_puts(&f->remedy, "--sentinel.master-name=");
		finding_quote(&f->remedy, u->nearest);
		strbuf_putc(&f->remedy, '\n');
	}
	return found;
}

bool
finding_tilt(struct finding_look *f)
{
	const struct picture_sentinel *s;

	vec_each(s, &f->p->sentinels) {
		if (!sentinel_good(f, s) || s->tilt != 1)
			continue;
		finding_list(&f->seen, s->labels->name);
		finding_cli(&f->remedy, s->labels->name);
		strbuf_puts(&f->remedy, "INFO sentinel\n");
	}
	if (f->seen.len > 0)
		strbuf_puts(&f->remedy, "chronyc tracking");
	return f->seen.len > 0;
}

bool
finding_ids_shared(struct finding_look *f)
{
	const struct picture_sentinel *a, *b;
	size_t i;

	vec_each(a, &f->p->sentinels) {
		if (!sentinel_good(f, a) || a->id[0] == '\0')
			continue;
		for (i = 0; i < f->p->sentinels.n; i++) {
			b = f->p->sentinels.v[i];
			if (b != a && sentinel_good(f, b) &&
			    strcmp(a->id, b->id) == 0)
				break;
		}
		if (i == f->p->sentinels.n)
			continue;
		finding_list(&f->seen, a->labels->name);
		strbuf_printf(&f->seen, " (%.8s)", a->id);
	}
	if (f->seen.len > 0)
		strbuf_puts(&f->remedy,
		    "# On all but one of them: stop the sentinel, then\n"
		    "sed -i '/^sentinel myid/d' /etc/redis/sentinel.conf\n"
		    "systemctl start redis-sentinel");
	return f->seen.len > 0;
}

bool
finding_sentinel_down(struct finding_look *f)
{
	const struct picture_sentinel *s;

	vec_each(s, &f->p->sentinels) {
		if (!s->source->tried ||
		    finding_good(f, s->source->up_until_ms))
			continue;
		finding_list(&f->seen, s->labels->name);
		if (s->source->reason != REASON_NONE)
			strbuf_printf(
			    &f->seen, " (%s)", reason_name(s->source->reason));
		finding_cli(&f->remedy, s->labels->name);
		strbuf_puts(&f->remedy, "PING\n");
	}
	return f->seen.len > 0;
}

bool
finding_sentinel_versions(struct finding_look *f)
{
	const struct picture_sentinel *s, *first = NULL;
	bool differ = false;

	vec_each(s, &f->p->sentinels) {
		if (!sentinel_good(f, s) || s->version[0] == '\0')
			continue;
		if (first == NULL)
			first = s;
		differ |= strcmp(s->version, first->version) != 0;
		finding_list(&f->seen, s->labels->name);
		strbuf_printf(&f->seen, " %s", s->version);
	}
	return differ;
}

static void
clock_seen(struct finding_look *f, const char *name, int64_t offset_ms)
{
	finding_list(&f->seen, name);
	strbuf_printf(&f->seen, " %+.1f s", (double)offset_ms / 1000);
}

/* Each clock against ours: who is right cannot be told from here. */
bool
finding_clocks(struct finding_look *f)
{
	const struct picture_sentinel *s;
	const struct picture_master *m;
	const struct picture_node *n;

	vec_each(s, &f->p->sentinels) {
		if (sentinel_good(f, s) && s->clock_ms != NUM_UNKNOWN &&
		    llabs(s->clock_ms) > CLOCKS_MS)
			clock_seen(f, s->labels->name, s->clock_ms);
	}
	vec_each(m, &f->p->masters) {
		vec_foreach(n, &m->nodes)
			if (finding_good(f, n->server->info_until_ms) &&
			    n->server->clock_ms != NUM_UNKNOWN &&
			    llabs(n->server->clock_ms) > CLOCKS_MS)
				clock_seen(
				    f, n->labels->name, n->server->clock_ms);
	}
	if (f->seen.len == 0)
		return false;
	strbuf_puts(&f->seen, " against this host's clock");
	strbuf_puts(
	    &f->remedy, "chronyc tracking   # on each of them and here");
	return true;
}

bool
finding_rights(struct finding_look *f)
{
	const struct picture_source *s;
	size_t i = 0;
	bool sentinels = false, nodes = false;

	vec_each(s, &f->p->sources) {
		i++;
		if (s->reason != REASON_NOPERM && s->reason != REASON_AUTH)
			continue;
		finding_list(&f->seen, s->labels->name);
		strbuf_printf(&f->seen, " (%s)", reason_name(s->reason));
		if (i <= f->p->sentinels.n)
			sentinels = true;
		else
			nodes = true;
	}
	if (sentinels)
		strbuf_puts(&f->remedy,
		    "# On the sentinels:\n"
		    "ACL SETUSER exporter on >PASSWORD -@all +ping +info +role "
		    "+client|setname allchannels +subscribe +psubscribe "
		    "+unsubscribe +punsubscribe +sentinel|masters "
		    "+sentinel|master +sentinel|replicas +sentinel|sentinels "
		    "+sentinel|ckquorum +sentinel|get-master-addr-by-name "
		    "+sentinel|myid\n");
	if (nodes)
		strbuf_puts(&f->remedy,
		    "# On the data nodes:\n"
		    "ACL SETUSER exporter on >PASSWORD -@all +ping +select "
		    "+info +role +client|setname +llen +lindex +hlen +zcount "
		    "+zrange +scard +smembers +scan +client|list +psubscribe "
		    "&/*.celeryev/* %R~*\n");
	return sentinels || nodes;
}

bool
finding_sentinels_open(struct finding_look *f)
{
	const struct picture_sentinel *s;

	vec_each(s, &f->p->sentinels) {
		if (!f->p->sentinels_open || !sentinel_good(f, s))
			continue;
		finding_list(&f->seen, s->labels->name);
		finding_cli(&f->remedy, s->labels->name);
		strbuf_puts(&f->remedy, "CONFIG SET requirepass PASSWORD\n");
	}
	return f->seen.len > 0;
}

bool
finding_quorum_unreachable(struct finding_look *f)
{
	const struct picture_view *v;
	bool short_of = finding_good(f, f->m->until_ms) &&
			f->m->headroom != NUM_UNKNOWN && f->m->headroom < 0;

	if (short_of)
		strbuf_printf(&f->seen, "%lld more sentinels are needed",
		    -(long long)f->m->headroom);
	vec_foreach(v, &f->m->views) {
		if (!view_good(f, v) ||
		    (v->quorum_ok != 0 && v->majority_ok != 0))
			continue;
		finding_list(&f->seen, v->sentinel->name);
		strbuf_printf(&f->seen, " counts %lld of %lld usable",
		    (long long)v->usable, (long long)v->known_sentinels);
	}
	if (f->seen.len > 0)
		finding_on_sentinels(f, "CKQUORUM", "");
	return f->seen.len > 0;
}

bool
finding_no_spare(struct finding_look *f)
{
	if (!finding_good(f, f->m->until_ms) || f->m->headroom != 0)
		return false;
	strbuf_printf(&f->seen, "%lld sentinels count, and all are needed",
	    (long long)f->m->counted);
	finding_on_sentinels(f, "CKQUORUM", "");
	return true;
}

bool
finding_quorum_of_one(struct finding_look *f)
{
	const struct picture_view *v;

	vec_foreach(v, &f->m->views)
		if (view_good(f, v) && v->quorum == 1)
			finding_list(&f->seen, v->sentinel->name);
	if (f->seen.len > 0)
		finding_on_sentinels(f, "SET", "quorum 2");
	return f->seen.len > 0;
}

bool
finding_quorum_too_large(struct finding_look *f)
{
	int64_t known = LARGEST(f, known_sentinels),
		quorum = LARGEST(f, quorum);
	char rest[40];

	if (known == NUM_UNKNOWN || quorum <= known / 2 + 1)
		return false;
	strbuf_printf(&f->seen, "quorum %lld of %lld sentinels",
	    (long long)quorum, (long long)known);
	(void)snprintf(
	    rest, sizeof(rest), "quorum %lld", (long long)(known / 2 + 1));
	finding_on_sentinels(f, "SET", rest);
	return true;
}

bool
finding_too_few_sentinels(struct finding_look *f)
{
	int64_t known = LARGEST(f, known_sentinels);

	if (known == NUM_UNKNOWN || known >= 3)
		return false;
	strbuf_printf(&f->seen, "%lld of at least 3", (long long)known);
	strbuf_puts(&f->remedy, "# On another host, in sentinel.conf:\n"
				"sentinel monitor ");
	finding_quote(&f->remedy, f->m->labels->name);
	strbuf_puts(&f->remedy, " HOST PORT 2");
	return true;
}

bool
finding_even_sentinels(struct finding_look *f)
{
	int64_t known = LARGEST(f, known_sentinels);

	if (known == NUM_UNKNOWN || known < 4 || known % 2 != 0)
		return false;
	strbuf_printf(&f->seen, "%lld sentinels, of which %lld may fail",
	    (long long)known, (long long)(known - known / 2 - 1));
	return true;
}

bool
finding_disagree(struct finding_look *f)
{
	const struct picture_view *v;

	if (!finding_good(f, f->m->until_ms) || f->m->distinct == NUM_UNKNOWN ||
	    f->m->distinct < 2)
		return false;
	vec_foreach(v, &f->m->views) {
		if (!view_good(f, v) || v->address == NULL)
			continue;
		finding_list(&f->seen, v->sentinel->name);
		strbuf_printf(&f->seen, " names %s in epoch %lld", v->address,
		    (long long)v->config_epoch);
	}
	finding_on_sentinels(f, "GET-MASTER-ADDR-BY-NAME", "");
	return true;
}

bool
finding_settings_differ(struct finding_look *f)
{
	enum agreement_setting i;

	if (!finding_good(f, f->m->until_ms))
		return false;
	for (i = 0; i < AGREEMENT_SETTING_COUNT; i++)
		if (f->m->drift[i] == 1)
			finding_list(&f->seen, agreement_setting_name(i));
	if (f->seen.len > 0)
		finding_on_sentinels(f, "MASTER", "");
	return f->seen.len > 0;
}

bool
finding_dead_peers(struct finding_look *f)
{
	const struct picture_view *v;

	vec_foreach(v, &f->m->views) {
		if (!view_good(f, v) || v->peers_down == NUM_UNKNOWN ||
		    v->peers_down == 0)
			continue;
		finding_list(&f->seen, v->sentinel->name);
		strbuf_printf(&f->seen, " counts %lld that are down",
		    (long long)v->peers_down);
	}
	if (f->seen.len == 0)
		return false;
	strbuf_puts(&f->remedy,
	    "# Only if they are gone for good; one sentinel after another, "
	    "30 s apart:");
	finding_on_sentinels(f, "RESET", "");
	return true;
}

bool
finding_peers_unknown(struct finding_look *f)
{
	const struct picture_view *v;

	vec_foreach(v, &f->m->views) {
		if (!view_good(f, v) || v->peers_unknown == NUM_UNKNOWN ||
		    v->peers_unknown == 0)
			continue;
		finding_list(&f->seen, v->sentinel->name);
		strbuf_printf(&f->seen, " does not know %lld",
		    (long long)v->peers_unknown);
	}
	if (f->seen.len > 0)
		finding_on_sentinels(f, "SENTINELS", "");
	return f->seen.len > 0;
}

bool
finding_down_after(struct finding_look *f)
{
	const struct picture_view *v;

	vec_foreach(v, &f->m->views) {
		if (!view_good(f, v) || v->down_after_ms == NUM_UNKNOWN ||
		    v->down_after_ms >= DOWN_AFTER_MIN_MS)
			continue;
		finding_list(&f->seen, v->sentinel->name);
		strbuf_printf(
		    &f->seen, " %lld ms", (long long)v->down_after_ms);
	}
	if (f->seen.len > 0)
		finding_on_sentinels(f, "SET", "down-after-milliseconds 5000");
	return f->seen.len > 0;
}

bool
finding_failover_timeout(struct finding_look *f)
{
	const struct picture_view *v;

	vec_foreach(v, &f->m->views) {
		if (!view_good(f, v) || v->failover_timeout_ms == NUM_UNKNOWN ||
		    v->failover_timeout_ms >= FAILOVER_TIMEOUT_MIN)
			continue;
		finding_list(&f->seen, v->sentinel->name);
		strbuf_printf(
		    &f->seen, " %lld ms", (long long)v->failover_timeout_ms);
	}
	if (f->seen.len > 0)
		finding_on_sentinels(f, "SET", "failover-timeout 60000");
	return f->seen.len > 0;
}
