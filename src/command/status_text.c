/* status_text - a deployment as a table of 80 columns. */
#include "command/status_text.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "command/text.h"
#include "model/sentence.h"
#include "model/snapshot.h"

/* What the rows are printed with. */
struct table {
	struct strbuf *out;
	int64_t now_ms;
	bool colours;
};

static void
cell(const struct table *t, const char *s, size_t width)
{
	text_cell(t->out, s, strlen(s), width, true);
	strbuf_putc(t->out, ' ');
}

static void
name_cell(const struct table *t, const struct labels *l, size_t width)
{
	text_cell(t->out, l->name, l->name_len, width, true);
	strbuf_putc(t->out, ' ');
}

static void
state_cell(
    const struct table *t, enum text_colour c, const char *s, size_t width)
{
	text_colour(t->out, t->colours, c);
	text_cell(t->out, s, strlen(s), width, true);
	text_colour(t->out, t->colours, TEXT_PLAIN);
	strbuf_putc(t->out, ' ');
}

static void
number_cell(const struct table *t, int64_t v, size_t width)
{
	char text[24] = "-";

	if (v != NUM_UNKNOWN)
		(void)snprintf(text, sizeof(text), "%lld", (long long)v);
	for (size_t n = strlen(text); n < width; n++)
		strbuf_putc(t->out, ' ');
	strbuf_printf(t->out, "%s ", text);
}

/* Blanks at the end of a line are nothing to see. */
static void
end_line(const struct table *t)
{
	struct strbuf *b = t->out;

	while (b->len > 0 && b->s[b->len - 1] == ' ')
		b->len--;
	strbuf_putc(b, '\n');
}

static void
heading(const struct table *t, const char *line)
{
	text_colour(t->out, t->colours, TEXT_BOLD);
	strbuf_printf(t->out, "  %s", line);
	text_colour(t->out, t->colours, TEXT_PLAIN);
	strbuf_putc(t->out, '\n');
}

static void
put_source_state(
    const struct table *t, const struct picture_source *s, const char *good)
{
	if (picture_good(s->up_until_ms, t->now_ms))
		state_cell(t, TEXT_GOOD, good, 9);
	else if (!s->tried)
		state_cell(t, TEXT_PLAIN, "-", 9);
	else if (s->reason == REASON_NONE)
		state_cell(t, TEXT_BAD, "down", 9);
	else
		state_cell(t, TEXT_BAD, reason_name(s->reason), 9);
}

static const struct picture_view *
find_view(const struct table *t, const struct picture_master *m,
    const struct picture_sentinel *s)
{
	const struct picture_view *v;

	vec_foreach(v, &m->views)
		if (picture_good(v->until_ms, t->now_ms) &&
		    labels_named(
			v->sentinel, s->labels->name, s->labels->name_len))
			return v;
	return NULL;
}

static void
put_sentinels(const struct table *t, const struct picture *p,
    const struct picture_master *m)
{
	const struct picture_sentinel *s;
	const struct picture_view *v;

	heading(t, "SENTINEL                     STATE     NAMES"
		   "                        EPOCH");
	vec_each(s, &p->sentinels) {
		v = find_view(t, m, s);
		strbuf_puts(t->out, "  ");
		name_cell(t, s->labels, 28);
		if (picture_good(s->info_until_ms, t->now_ms) && s->tilt == 1)
			state_cell(t, TEXT_WARNING, "tilt", 9);
		else
			put_source_state(t, s->source, "up");
		cell(t, v == NULL || v->address == NULL ? "-" : v->address, 28);
		number_cell(t, v == NULL ? NUM_UNKNOWN : v->config_epoch, 5);
		end_line(t);
	}
}

static const char *
node_role(const struct table *t, const struct picture_master *m,
    const struct picture_node *n)
{
	if (picture_good(m->until_ms, t->now_ms) && n == m->agreed)
		return "master";
	if (n->replica.labels == NULL ||
	    !picture_good(n->replica.until_ms, t->now_ms))
		return "-";
	if (n->replica.ghost == 1)
		return "ghost";
	return n->replica.next_master == 1 ? "next" : "replica";
}

static void
put_nodes(const struct table *t, const struct picture_master *m)
{
	const struct picture_node *n;
	int64_t lag;

	heading(t, "NODE                         STATE     ROLE    PRIORITY"
		   "   LAG BYTES VERSION");
	vec_foreach(n, &m->nodes) {
		lag = picture_good(n->replica.lag_until_ms, t->now_ms)
			  ? n->replica.lag_bytes
			  : NUM_UNKNOWN;
		strbuf_puts(t->out, "  ");
		name_cell(t, n->labels, 28);
		put_source_state(t, n->server->source, "up");
		cell(t, node_role(t, m, n), 7);
		number_cell(t,
		    n->replica.labels == NULL ? NUM_UNKNOWN
					      : n->replica.priority,
		    8);
		number_cell(
		    t, n->replica.labels == NULL ? NUM_UNKNOWN : lag, 11);
		if (picture_good(n->server->info_until_ms, t->now_ms))
			cell(t, n->server->info.version, 10);
		end_line(t);
	}
}

static const char *
queue_state(const struct picture_queue *q)
{
	if (q->stranded == 1)
		return "stranded";
	if (q->bound == 0)
		return "not bound";
	return q->length == NUM_UNKNOWN ? "denied" : "";
}

static void
put_db(const struct table *t, const struct picture_db *db)
{
	const struct picture_queue *q;

	vec_foreach(q, &db->queues) {
		strbuf_puts(t->out, "  ");
		number_cell(t, db->db, 3);
		name_cell(t, q->labels, 34);
		number_cell(t, q->length, 10);
		number_cell(t, db->unacked, 8);
		number_cell(t,
		    db->readers_sign == READERS_UNKNOWN ? NUM_UNKNOWN
							: db->readers,
		    7);
		state_cell(t, TEXT_BAD, queue_state(q), 9);
		end_line(t);
	}
}

static void
put_queues(const struct table *t, const struct picture_master *m)
{
	const struct picture_db *db;
	size_t queues = 0;

	vec_foreach(db, &m->celery.dbs)
		queues += db->queues.n;
	if (queues == 0)
		return;
	heading(t, " DB QUEUE                                  LENGTH  UNACKED "
		   "READERS STATE");
	vec_foreach(db, &m->celery.dbs)
		if (picture_good(db->until_ms, t->now_ms))
			put_db(t, db);
}

static void
put_master(const struct table *t, const struct picture *p,
    const struct picture_master *m)
{
	static const char *const words[] = { "GOOD", "LOOK", "BAD" };
	static const enum text_colour colours[] = { TEXT_GOOD, TEXT_WARNING,
		TEXT_BAD };
	struct strbuf sentence = { 0 };
	enum sentence_mood mood = sentence_of(&sentence, m, t->now_ms);

	state_cell(t, colours[mood], words[mood], 4);
	text_colour(t->out, t->colours, TEXT_BOLD);
	text_cell(t->out, m->labels->name, m->labels->name_len, 60, false);
	text_colour(t->out, t->colours, TEXT_PLAIN);
	if (p->group != NULL) {
		strbuf_puts(t->out, " in ");
		text_cell(
		    t->out, p->group->name, p->group->name_len, 60, false);
	}
	strbuf_putc(t->out, '\n');
	text_wrap(t->out, strbuf_text(&sentence), 5);
	strbuf_fini(&sentence);
	put_sentinels(t, p, m);
	put_nodes(t, m);
	put_queues(t, m);
	strbuf_putc(t->out, '\n');
}

static void
put_unknown(const struct table *t, const struct picture *p)
{
	const struct picture_unknown *u;
	struct strbuf line = { 0 };

	vec_foreach(u, &p->unknown) {
		if (!picture_good(p->unknown_until_ms, t->now_ms))
			continue;
		state_cell(t, TEXT_BAD, "BAD", 4);
		name_cell(t, u->labels, 60);
		end_line(t);
		line.len = 0;
		strbuf_printf(&line,
		    "No sentinel knows this name. They know: %s.",
		    u->known[0] != '\0' ? u->known : "none");
		text_wrap(t->out, strbuf_text(&line), 5);
		strbuf_putc(t->out, '\n');
	}
	strbuf_fini(&line);
}

static void
put_findings(const struct table *t, const struct snapshot *s)
{
	struct findings found = { 0 };
	size_t count[SEVERITIES] = { 0 };
	const struct picture *p;
	const struct finding *f;
	enum severity i;
	bool any = false;

	vec_foreach(p, &s->groups)
		findings_add(&found, p, t->now_ms);
	vec_foreach(f, &found.all)
		count[f->severity]++;
	for (i = 0; i < SEVERITIES; i++) {
		if (count[i] == 0)
			continue;
		strbuf_puts(t->out, any ? ", " : "Findings: ");
		text_colour(t->out, t->colours, text_severity(i));
		strbuf_printf(t->out, "%zu %s", count[i], severity_name(i));
		text_colour(t->out, t->colours, TEXT_PLAIN);
		any = true;
	}
	strbuf_puts(t->out, any ? ". sentinel-exporter doctor explains them.\n"
				: "Findings: none.\n");
	findings_fini(&found);
}

void
status_text(
    struct strbuf *out, const struct snapshot *s, struct now now, bool colours)
{
	const struct table t = { out, now.mono_ms, colours };
	const struct picture_sentinel *sentinel;
	const struct picture_master *m;
	const struct picture *p;

	vec_foreach(p, &s->groups) {
		put_unknown(&t, p);
		vec_each(m, &p->masters)
			put_master(&t, p, m);
		if (p->masters.n > 0)
			continue;
		heading(&t, "SENTINEL                     STATE");
		vec_each(sentinel, &p->sentinels) {
			strbuf_puts(out, "  ");
			name_cell(&t, sentinel->labels, 28);
			put_source_state(&t, sentinel->source, "up");
			end_line(&t);
		}
		strbuf_putc(out, '\n');
	}
	put_findings(&t, s);
}
