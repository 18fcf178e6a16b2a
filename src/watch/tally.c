#include "watch/tally.h"

void
tally_init(struct tally *t, struct loop *loop, loop_fn *fn, void *arg)
{
	*t = (struct tally){ .timer = timer_new(loop, fn, arg) };
}

void
tally_fini(struct tally *t)
{
	timer_free(t->timer);
	t->timer = NULL;
}

static void
settle(struct tally *t)
{
	if (!t->sealed || t->open > 0)
		return;
	t->sealed = false;
	timer_set(t->timer, 0);
}

void
tally_add(struct tally *t)
{
	t->open++;
}

void
tally_done(struct tally **t)
{
	struct tally *tally = *t;

	if (tally == NULL)
		return;
	*t = NULL;
	tally->open--;
	if (tally->timer != NULL)
		settle(tally);
}

void
tally_seal(struct tally *t)
{
	t->sealed = true;
	settle(t);
}
