/*
 * page - HTML, self-contained.  Pure.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

struct strbuf;

/* What a browser sees at "/": what this is, and where to go. */
void	page_landing(struct strbuf *, const char *telemetry_path,
	    const char *version);

#endif
