/*
 * page - what people look at: the deployment, one master, one failover.
 *
 * HTML made from the picture, complete without a script.  All text from
 * outside is escaped.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/strbuf.h"

struct snapshot;

/* Masters on one page; more than PAGE_DETAILED are sentences with a link. */
#define PAGE_MASTERS	50
#define PAGE_DETAILED	3

struct page_context {
	const char	*telemetry_path, *version;
	const struct snapshot *snapshot;
	struct now	now;
};

/* Page n (from 1) of the deployment, worst masters first; false when there is
 * no such page. */
bool	page_status(struct strbuf *, const struct page_context *, size_t n);

/* One master; false when nobody has that name. */
bool	page_master(struct strbuf *, const struct page_context *,
	    const char *master_name);

/* One failover, by "MASTER/EPOCH"; false when it is not known. */
bool	page_failover(struct strbuf *, const struct page_context *,
	    const char *which);

#endif
