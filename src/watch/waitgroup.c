#include "watch/waitgroup.h"

void
waitgroup_init(struct waitgroup *t, struct loop *loop, loop_fn *fn, void *arg)
{
	*t = (struct waitgroup){ .timer = timer_new(loop, fn, arg) };
}

void
waitgroup_fini(struct waitgroup *t)
{
	timer_free(t->timer);
	t->timer = NULL;
}

static void
settle(struct waitgroup *t)
{
	if (!t->sealed || t->open > 0)
		return;
	t->sealed = false;
	timer_set(t->timer, 0);
}

void
waitgroup_add(struct waitgroup *t)
{
	t->open++;
}

void
waitgroup_done(struct waitgroup **t)
{
	struct waitgroup *waitgroup = *t;

	if (waitgroup == NULL)
		return;
	*t = NULL;
	waitgroup->open--;
	if (waitgroup->timer != NULL)
		settle(waitgroup);
}

void
waitgroup_seal(struct waitgroup *t)
{
	t->sealed = true;
	settle(t);
}
