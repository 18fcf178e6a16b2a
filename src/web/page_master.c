/* page_master - one master: drawing, tables, failovers, queues, findings. */
#include <string.h>

#include "base/num.h"
#include "web/diagram.h"
#include "web/page_drawing.h"
#include "web/page_parts.h"

static bool
good(const struct page_context *c, int64_t until_ms)
{
	return picture_good(until_ms, c->now.mono_ms);
}

/* "<div class="scroll"><table>..." with these columns; those that begin with
 * "#" hold numbers. */
static void
table_begin(struct strbuf *b, const char *caption, const char *const *columns)
{
	strbuf_printf(b,
	    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"%s\"><table>\n<caption>%s</caption>\n<thead><tr>",
	    caption, caption);
	for (; *columns != NULL; columns++)
		if ((*columns)[0] == '#')
			strbuf_printf(b,
			    "<th scope=\"col\" class=\"number\">%s</th>",
			    *columns + 1);
		else
			strbuf_printf(b, "<th scope=\"col\">%s</th>", *columns);
	strbuf_puts(b, "</tr></thead>\n<tbody>\n");
}

static void
table_end(struct strbuf *b)
{
	strbuf_puts(b, "</tbody></table></div>\n");
}

static void
number_cell(struct strbuf *b, int64_t v)
{
	strbuf_puts(b, "<td class=\"number\">");
	page_number(b, v);
	strbuf_puts(b, "</td>");
}

static void
text_cell(struct strbuf *b, const char *class, const char *s)
{
	strbuf_printf(
	    b, class[0] == '\0' ? "<td>" : "<td class=\"%s\">", class);
	page_text(b, s);
	strbuf_puts(b, "</td>");
}

static void
row_begin(struct strbuf *b, const struct labels *name)
{
	strbuf_puts(b, "<tr><th scope=\"row\">");
	page_name(b, name);
	strbuf_puts(b, "</th>");
}

static void
source_cell(struct strbuf *b, const struct page_context *c,
    const struct picture_source *s)
{
	if (good(c, s->up_until_ms))
		text_cell(b, "good", "answers");
	else if (!s->tried)
		text_cell(b, "", "not asked yet");
	else
		text_cell(b, "bad",
		    s->reason == REASON_NONE ? "silent"
					     : reason_name(s->reason));
}

static const struct picture_view *
view_of(const struct page_context *c, const struct picture_master *m,
    const struct picture_sentinel *s)
{
	const struct picture_view *v;

	vec_foreach(v, &m->views)
		if (good(c, v->until_ms) &&
		    labels_named(
			v->sentinel, s->labels->name, s->labels->name_len))
			return v;
	return NULL;
}

static void
view_cells(struct strbuf *b, const struct picture_view *v)
{
	if (v == NULL) {
		strbuf_puts(b, "<td>-</td><td class=\"number\">-</td>"
			       "<td>-</td><td class=\"number\">-</td>");
		return;
	}
	text_cell(b, "", v->address == NULL ? "-" : v->address);
	number_cell(b, v->config_epoch);
	text_cell(b, (v->flags & (FLAG_S_DOWN | FLAG_O_DOWN)) != 0 ? "bad" : "",
	    (v->flags & FLAG_FAILOVER_IN_PROGRESS) != 0 ? "is failing over"
	    : (v->flags & FLAG_O_DOWN) != 0 ? "down, a quorum agrees"
	    : (v->flags & FLAG_S_DOWN) != 0 ? "down"
					    : "up");
	number_cell(b, v->quorum);
}

static void
put_sentinels(struct strbuf *b, const struct page_context *c,
    const struct picture *p, const struct picture_master *m)
{
	static const char *const columns[] = { "Sentinel", "State",
		"Names as master", "#Epoch", "Considers it", "#Quorum", NULL };
	const struct picture_sentinel *s;

	table_begin(b, "Sentinels", columns);
	vec_each(s, &p->sentinels) {
		row_begin(b, s->labels);
		if (good(c, s->info_until_ms) && s->tilt == 1)
			text_cell(b, "warning", "in TILT");
		else
			source_cell(b, c, s->source);
		view_cells(b, view_of(c, m, s));
		strbuf_puts(b, "</tr>\n");
	}
	table_end(b);
}

static const char *
role_of(const struct page_context *c, const struct picture_master *m,
    const struct picture_node *n)
{
	if (good(c, m->until_ms) && n == m->agreed)
		return "master";
	if (n->replica.labels == NULL || !good(c, n->replica.until_ms))
		return "-";
	if (n->replica.ghost == 1)
		return "gone, still listed";
	if (good(c, n->server->info_until_ms) && n->replica.foreign_master == 1)
		return "follows another master";
	return n->replica.next_master == 1 ? "replica, next master" : "replica";
}

static void
put_nodes(struct strbuf *b, const struct page_context *c,
    const struct picture_master *m)
{
	static const char *const columns[] = { "Data node", "State", "Role",
		"Link", "#Lag, bytes", "#Priority", "Version", NULL };
	const struct picture_node *n;
	bool replica, told;

	table_begin(b, "Data nodes", columns);
	vec_foreach(n, &m->nodes) {
		replica = n->replica.labels != NULL;
		told = good(c, n->server->info_until_ms);
		row_begin(b, n->labels);
		source_cell(b, c, n->server->source);
		text_cell(b, "", role_of(c, m, n));
		if (!replica || !told || n->replica.link_up == NUM_UNKNOWN)
			text_cell(b, "", "-");
		else if (n->replica.link_up == 1)
			text_cell(b, "good", "up");
		else
			text_cell(b, "bad",
			    n->replica.sync_in_progress == 1 ? "copying"
							     : "down");
		number_cell(b, replica && good(c, n->replica.lag_until_ms)
				   ? n->replica.lag_bytes
				   : NUM_UNKNOWN);
		number_cell(b, replica ? n->replica.priority : NUM_UNKNOWN);
		text_cell(b, "", told ? n->server->info.version : "-");
		strbuf_puts(b, "</tr>\n");
	}
	table_end(b);
}

/*
 * Queues.
 */

static void
put_priorities(struct strbuf *b, const struct picture_master *m,
    const struct picture_db *db, const struct picture_queue *q)
{
	const char *separator = "";
	size_t i;

	strbuf_puts(b, "<td>");
	for (i = 0; i < db->n_lengths && i < m->celery.steps.n; i++) {
		if (q->lengths[i] == 0 || q->lengths[i] == NUM_UNKNOWN)
			continue;
		strbuf_printf(b, "%s%lld: %lld", separator,
		    (long long)m->celery.steps.v[i], (long long)q->lengths[i]);
		separator = ", ";
	}
	strbuf_puts(b, separator[0] == '\0' ? "-</td>" : "</td>");
}

static void
put_head(struct strbuf *b, const struct page_context *c,
    const struct picture_queue *q)
{
	strbuf_puts(b, "<td class=\"number\">");
	if (good(c, q->head_until_ms) && q->head_since_wall_ms != NUM_UNKNOWN)
		strbuf_printf(b, "%lld s",
		    (long long)(c->now.wall_ms - q->head_since_wall_ms) / 1000);
	else
		strbuf_putc(b, '-');
	strbuf_puts(b, "</td>");
}

static void
put_queue(struct strbuf *b, const struct page_context *c,
    const struct picture_master *m, const struct picture_db *db,
    const struct picture_queue *q)
{
	row_begin(b, q->labels);
	number_cell(b, db->db);
	number_cell(b, q->length);
	put_priorities(b, m, db, q);
	put_head(b, c, q);
	number_cell(
	    b, db->readers_sign == READERS_UNKNOWN ? NUM_UNKNOWN : db->readers);
	if (q->stranded == 1)
		text_cell(b, "bad", "stranded: nobody reads here");
	else if (q->bound == 0)
		text_cell(b, "warning", "not bound");
	else
		text_cell(b, "", q->length == NUM_UNKNOWN ? "denied" : "");
	strbuf_puts(b, "</tr>\n");
}

/* Those that are stranded first; the rest is counted. */
static void
put_queue_rows(struct strbuf *b, const struct page_context *c,
    const struct picture_master *m)
{
	const struct picture_db *db;
	const struct picture_queue *q;
	size_t shown = 0, all = 0;
	int stranded;

	for (stranded = 1; stranded >= 0; stranded--)
		vec_foreach(db, &m->celery.dbs) {
			if (!good(c, db->until_ms))
				continue;
			vec_foreach(q, &db->queues) {
				if ((q->stranded == 1) != stranded)
					continue;
				if (all++ < PAGE_QUEUES)
					put_queue(b, c, m, db, q);
				else
					continue;
				shown++;
			}
		}
	if (shown < all)
		strbuf_printf(b,
		    "<tr><td colspan=\"7\">and %zu more, in the metrics and "
		    "the JSON</td></tr>\n",
		    all - shown);
}

static void
put_queues(struct strbuf *b, const struct page_context *c,
    const struct picture_master *m)
{
	static const char *const columns[] = { "Queue", "#DB", "#Length",
		"By priority", "#Next one waits", "#Readers", "State", NULL };
	const struct picture_db *db;
	size_t queues = 0;

	vec_foreach(db, &m->celery.dbs)
		if (good(c, db->until_ms))
			queues += db->queues.n;
	if (queues == 0)
		return;
	strbuf_puts(b, "<section id=\"");
	page_id(b, "queues", m->labels);
	strbuf_puts(b, "\">\n<h3>Celery</h3>\n");
	table_begin(b, "Queues", columns);
	put_queue_rows(b, c, m);
	table_end(b);
	strbuf_puts(b, "<p>");
	if (good(c, m->celery.workers_until_ms) &&
	    m->celery.workers != NUM_UNKNOWN)
		strbuf_printf(b, "%lld workers are heard. ",
		    (long long)m->celery.workers);
	vec_foreach(db, &m->celery.dbs)
		if (good(c, db->until_ms) && db->unacked != NUM_UNKNOWN &&
		    db->unacked > 0)
			strbuf_printf(b,
			    "%lld tasks of database %d are delivered and not "
			    "acknowledged. ",
			    (long long)db->unacked, db->db);
	strbuf_puts(b, "</p>\n</section>\n");
}

/*
 * Failovers.
 */

/* Phases as a bar: what is not known has no length. */
static void
put_bar(struct strbuf *b, const struct failover *f)
{
	int64_t total = 0, at = 0, width;
	int i;

	for (i = 0; i < FAILOVER_PHASES; i++)
		if (f->phase_ms[i] != NUM_UNKNOWN)
			total += f->phase_ms[i];
	strbuf_puts(b, "<td><svg class=\"phases\" viewBox=\"0 0 1000 30\" "
		       "preserveAspectRatio=\"none\" aria-hidden=\"true\">");
	for (i = 0; i < FAILOVER_PHASES && total > 0; i++) {
		if (f->phase_ms[i] == NUM_UNKNOWN)
			continue;
		width = f->phase_ms[i] * 1000 / total;
		strbuf_printf(b,
		    "<rect class=\"%s\" x=\"%lld\" y=\"0\" width=\"%lld\" "
		    "height=\"30\"/>",
		    failover_phase_names[i], (long long)at, (long long)width);
		at += width;
	}
	strbuf_puts(b, "</svg>");
	for (i = 0; i < FAILOVER_PHASES; i++) {
		strbuf_printf(
		    b, "%s%s ", i == 0 ? "" : ", ", failover_phase_names[i]);
		page_seconds(b, f->phase_ms[i]);
	}
	strbuf_puts(b, "</td>");
}

static void
put_failover(
    struct strbuf *b, const struct picture_master *m, const struct failover *f)
{
	char text[ADDR_TEXT_MAX];

	strbuf_puts(b, "<tr><th scope=\"row\">");
	if (f->epoch != NUM_UNKNOWN) {
		strbuf_puts(b, "<a href=\"/failovers/");
		page_url(b, m->labels->name);
		strbuf_printf(b, "/%lld\">", (long long)f->epoch);
	}
	page_time(b, f->switched_wall_ms);
	strbuf_puts(b, f->epoch != NUM_UNKNOWN ? "</a></th>" : "</th>");
	text_cell(b, "", failover_kind_names[f->kind]);
	addr_format(&f->from, text);
	text_cell(b, "", addr_known(&f->from) ? text : "-");
	addr_format(&f->to, text);
	text_cell(b, "", text);
	strbuf_puts(b, "<td class=\"number\">");
	page_seconds(b, f->duration_ms);
	strbuf_puts(b, "</td><td class=\"number\">");
	page_seconds(b, f->outage_ms);
	strbuf_puts(b, "</td>");
	put_bar(b, f);
	strbuf_puts(b, "</tr>\n");
}

static void
put_failovers(struct strbuf *b, const struct picture_master *m)
{
	static const char *const columns[] = { "Failover", "Kind", "From", "To",
		"#Took", "#No writes for", "Phases", NULL };
	const struct failover_list *list = m->failover_list;
	size_t i, shown;

	if (list == NULL || list->n == 0)
		return;
	strbuf_puts(b, "<section id=\"");
	page_id(b, "failovers", m->labels);
	strbuf_puts(b, "\">\n<h3>Failovers</h3>\n");
	table_begin(b, "The last failovers", columns);
	for (i = list->n, shown = 0; i-- > 0 && shown < PAGE_FAILOVERS; shown++)
		put_failover(b, m, &list->v[i]);
	table_end(b);
	strbuf_puts(b, "</section>\n");
}

/*
 * Findings.
 */

void
page_findings(struct strbuf *b, const char *id, const struct findings *found)
{
	const struct finding *f;

	if (found->all.n == 0)
		return;
	strbuf_puts(b, "<section id=\"");
	page_text(b, id);
	strbuf_puts(b, "\">\n<h3>Findings</h3>\n");
	vec_foreach(f, &found->all) {
		strbuf_printf(b, "<details class=\"finding %s\" id=\"",
		    severity_name(f->severity));
		page_text(b, id);
		strbuf_printf(b,
		    "-%s\"><summary><span class=\"state %s\">%s</span> %s: ",
		    f->id,
		    f->severity == SEVERITY_CRITICAL  ? "bad"
		    : f->severity == SEVERITY_WARNING ? "warning"
						      : "",
		    severity_name(f->severity), f->title);
		page_text(b, f->seen);
		strbuf_printf(b, "</summary>\n<p>%s</p>\n", f->why);
		if (f->remedy[0] != '\0') {
			strbuf_puts(b, "<pre tabindex=\"0\">");
			page_text_lines(b, f->remedy);
			strbuf_puts(b, "</pre>\n");
		}
		strbuf_puts(b, "</details>\n");
	}
	strbuf_puts(b, "</section>\n");
}

static void
put_findings(struct strbuf *b, const struct page_context *c,
    const struct picture *p, const struct picture_master *m)
{
	struct findings found = { 0 };
	struct strbuf id = { 0 };

	findings_add_master(&found, p, m, c->now.mono_ms);
	page_id(&id, "findings", m->labels);
	page_findings(b, strbuf_text(&id), &found);
	findings_fini(&found);
	strbuf_fini(&id);
}

void
page_master_details(struct strbuf *b, const struct page_context *c,
    const struct picture *p, const struct picture_master *m)
{
	put_findings(b, c, p, m);
	strbuf_puts(b, "<section id=\"");
	page_id(b, "drawing", m->labels);
	strbuf_puts(b, "\">\n<h3 id=\"");
	page_id(b, "title", m->labels);
	strbuf_puts(b, "\">Who sees whom: ");
	page_name(b, m->labels);
	strbuf_puts(b, "</h3>\n");
	page_drawing(b, c, p, m);
	put_sentinels(b, c, p, m);
	put_nodes(b, c, m);
	strbuf_puts(b, "</section>\n");
	put_queues(b, c, m);
	put_failovers(b, m);
}

bool
page_master(
    struct strbuf *b, const struct page_context *c, const char *master_name)
{
	const struct picture_master *m = NULL;
	const struct picture *p;

	vec_foreach(p, &c->snapshot->groups) {
		m = picture_find(p, master_name);
		if (m != NULL)
			break;
	}
	if (m == NULL)
		return false;
	page_begin(b, c, master_name);
	page_sentence(b, c, m, false);
	page_master_details(b, c, p, m);
	page_end(b, c);
	return true;
}
