#include "model/source.h"

void
source_answered(struct source *s, struct now now)
{
	s->tried = true;
	s->up = true;
	s->reason = REASON_NONE;
	s->last_success = now;
}

void
source_failed(struct source *s, enum reason reason)
{
	s->tried = true;
	s->up = false;
	source_complain(s, reason);
}

void
source_complain(struct source *s, enum reason reason)
{
	s->reason = reason;
	s->errors[reason]++;
}
