/*
 * page_drawing - a master and who sees it, as a diagram.
 */
#ifndef WEB_PAGE_DRAWING_H
#define WEB_PAGE_DRAWING_H

struct page_context;
struct picture;
struct picture_master;
struct strbuf;

/* Append it as SVG; the tables below it say the same in text. */
void	page_drawing(struct strbuf *, const struct page_context *,
	    const struct picture *, const struct picture_master *);

#endif
