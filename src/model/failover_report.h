/*
 * failover_report - one failover as it is told to people: what happened when,
 * and what each sentinel saw.  Pure.
 *
 * What is not known is left out, never guessed.  Page, text, Markdown and JSON
 * print the same rows.
 */
#ifndef MODEL_FAILOVER_REPORT_H
#define MODEL_FAILOVER_REPORT_H

#include <stdint.h>

#include "base/vec.h"

struct event_log_view;
struct failover;
struct strbuf;

struct report_row {
	const char	*what;		/* "Took" */
	char		*value;		/* owned; any bytes */
};

struct report_event {
	int64_t		after_ms;	/* since the failover began */
	const char	*sentinel, *channel, *payload;	/* borrowed from the log */
};

struct failover_report {
	char		*title;		/* owned; any bytes */
	VEC(struct report_row) rows;
	VEC(struct report_event) events;	/* as they came */
};

/* events may be NULL: those of before a restart are not kept. */
void	failover_report_init(struct failover_report *,
	    const char *master_name, const struct failover *,
	    const struct event_log_view *events);
void	failover_report_fini(struct failover_report *);

/* Append it as plain text, or as Markdown; safe for a terminal. */
void	failover_report_text(const struct failover_report *, struct strbuf *);
void	failover_report_markdown(const struct failover_report *,
	    struct strbuf *);

#endif
