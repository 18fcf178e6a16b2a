#include "model/event_log.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/escape.h"
#include "base/xalloc.h"

#define NAME_MAX_BYTES 512
#define PAGE_EVENTS    100
/* The kept ones, plus a first and a last page that are only partly used. */
#define PAGES (EVENT_LOG_EVENTS / PAGE_EVENTS + 2)

/* Its events, each with its text in one block, appear in order.  Who reads one
 * got the view that covers it through a lock, after it was written. */
struct page {
	int refs;
	struct event_log_entry *events[PAGE_EVENTS]; /* owned */
};

struct event_log_view {
	int refs;
	size_t first, n; /* from the first event of the first page on */
	size_t n_pages;
	struct page *pages[PAGES]; /* counted */
};

/* The event_log's own view is the only one that grows; views that are handed out
 * are copies of it. */
struct event_log {
	struct event_log_view now;
	struct event_log_view
	    *frozen; /* counted; NULL: none since the last add */
};

static bool
release(int *refs)
{
	return __atomic_sub_fetch(refs, 1, __ATOMIC_ACQ_REL) == 0;
}

static void
page_unref(struct page *p)
{
	size_t i;

	if (!release(&p->refs))
		return;
	for (i = 0; i < PAGE_EVENTS; i++)
		free(p->events[i]);
	free(p);
}

static void
unref_pages(struct event_log_view *v)
{
	size_t i;

	for (i = 0; i < v->n_pages; i++)
		page_unref(v->pages[i]);
}

static void
view_unref(struct event_log_view *v)
{
	if (v == NULL || !release(&v->refs))
		return;
	unref_pages(v);
	free(v);
}

struct event_log *
event_log_new(void)
{
	return xcalloc(1, sizeof(struct event_log));
}

void
event_log_free(struct event_log *j)
{
	if (j == NULL)
		return;
	view_unref(j->frozen);
	unref_pages(&j->now);
	free(j);
}

/* Where each text begins in the block behind the event. */
struct draft {
	struct strbuf text;
	size_t group, sentinel, channel, master_name, payload;
};

/* So much of it that at most max bytes are left and no character is parted. */
static size_t
cut(struct slice s, size_t max)
{
	size_t n = max;

	if (s.len <= max)
		return s.len;
	while (max - n < 3 && ((unsigned char)s.s[n] & 0xC0) == 0x80)
		n--;
	return n;
}

static size_t
put(struct draft *d, struct slice s, size_t max)
{
	size_t begin = d->text.len;

	escape(&d->text, ESCAPE_NONE, s.s, cut(s, max));
	strbuf_putc(&d->text, '\0');
	return begin;
}

static size_t
put_name(struct draft *d, const char *name)
{
	return name == NULL ? SIZE_MAX
			    : put(d, (struct slice){ name, strlen(name) },
				  NAME_MAX_BYTES);
}

static const char *
at(const char *text, size_t begin)
{
	return begin == SIZE_MAX ? NULL : text + begin;
}

static struct event_log_entry *
event_new(const struct event_log_note *note)
{
	struct draft d = { 0 };
	struct event_log_entry *e;
	char *text;

	d.group = put_name(&d, note->group);
	d.sentinel = put_name(&d, note->sentinel);
	d.master_name = put_name(&d, note->master_name);
	d.channel = put(&d, note->channel, EVENT_LOG_CHANNEL_MAX);
	d.payload = put(&d, note->payload, EVENT_LOG_PAYLOAD_MAX);
	e = xcalloc(1, sizeof(*e) + d.text.len);
	text = (char *)(e + 1);
	memcpy(text, d.text.s, d.text.len);
	*e = (struct event_log_entry){ .wall_ms = note->wall_ms,
		.group = at(text, d.group),
		.sentinel = at(text, d.sentinel),
		.channel = at(text, d.channel),
		.master_name = at(text, d.master_name),
		.payload = at(text, d.payload) };
	strbuf_fini(&d.text);
	return e;
}

static void
drop_oldest(struct event_log_view *v)
{
	v->first++;
	v->n--;
	if (v->first < PAGE_EVENTS)
		return;
	v->first = 0;
	page_unref(v->pages[0]);
	v->n_pages--;
	memmove(&v->pages[0], &v->pages[1], v->n_pages * sizeof(v->pages[0]));
}

void
event_log_add(struct event_log *j, const struct event_log_note *note)
{
	struct event_log_view *v = &j->now;
	size_t end = v->first + v->n;

	view_unref(j->frozen);
	j->frozen = NULL;
	if (end == v->n_pages * PAGE_EVENTS) {
		v->pages[v->n_pages] = xcalloc(1, sizeof(struct page));
		v->pages[v->n_pages++]->refs = 1;
	}
	v->pages[end / PAGE_EVENTS]->events[end % PAGE_EVENTS] =
	    event_new(note);
	if (++v->n > EVENT_LOG_EVENTS)
		drop_oldest(v);
}

const struct event_log_view *
event_log_freeze(struct event_log *j)
{
	struct event_log_view *v = j->frozen;
	size_t i;

	if (v == NULL) {
		v = j->frozen = xcalloc(1, sizeof(*v));
		*v = j->now;
		v->refs = 1;
		for (i = 0; i < v->n_pages; i++)
			__atomic_add_fetch(
			    &v->pages[i]->refs, 1, __ATOMIC_RELAXED);
	}
	__atomic_add_fetch(&v->refs, 1, __ATOMIC_RELAXED);
	return v;
}

void
event_log_view_unref(const struct event_log_view *v)
{
	union {
		const struct event_log_view *c;
		struct event_log_view *m;
	} u = { .c = v };

	view_unref(u.m);
}

size_t
event_log_view_count(const struct event_log_view *v)
{
	return v == NULL ? 0 : v->n;
}

const struct event_log_entry *
event_log_view_at(const struct event_log_view *v, size_t i)
{
	size_t k = v->first + i;

	return v->pages[k / PAGE_EVENTS]->events[k % PAGE_EVENTS];
}
