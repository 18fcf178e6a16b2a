/*
 * status_text - a deployment as a table of 80 columns.
 */
#ifndef COMMAND_STATUS_TEXT_H
#define COMMAND_STATUS_TEXT_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/strbuf.h"

struct snapshot;

void	status_text(struct strbuf *, const struct snapshot *, struct now,
	    bool colours);

#endif
