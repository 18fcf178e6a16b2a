/*
 * page_parts - what the files of the page share; for page*.c only.
 */
#ifndef WEB_PAGE_PARTS_H
#define WEB_PAGE_PARTS_H

#include <stdint.h>

#include "model/findings.h"
#include "model/sentence.h"
#include "model/snapshot.h"
#include "web/page.h"

#define PAGE_QUEUES	200	/* in the table of one master */
#define PAGE_FAILOVERS	20

void	page_begin(struct strbuf *, const struct page_context *,
	    const char *title);
void	page_end(struct strbuf *, const struct page_context *);

/* Append text from outside. */
void	page_text(struct strbuf *, const char *);
/* The same, with its line feeds. */
void	page_text_lines(struct strbuf *, const char *);
void	page_name(struct strbuf *, const struct labels *);

/* Append a name as a part of a URL's path. */
void	page_url(struct strbuf *, const char *name);

/* An integer; "-" when it is not known. */
void	page_number(struct strbuf *, int64_t);

/* A duration in ms as "12.3 s"; "-" when it is not known. */
void	page_seconds(struct strbuf *, int64_t ms);

/* A wall time as text; "-" when it is not known. */
void	page_time(struct strbuf *, int64_t wall_ms);

/* An id for the n-th thing of a kind about a master; the same each time. */
void	page_id(struct strbuf *, const char *kind, const struct labels *);

/* The sentence of a master as a section; with a link to its page if wanted. */
void	page_sentence(struct strbuf *, const struct page_context *,
	    const struct picture_master *, bool link);

/* page_master.c: the drawing, the tables and the findings of one master. */
void	page_master_details(struct strbuf *, const struct page_context *,
	    const struct picture *, const struct picture_master *);
void	page_findings(struct strbuf *, const char *id, const struct findings *);

#endif
