#include "watch/waitgroup.h"

void
waitgroup_init(struct waitgroup *t, struct loop *loop, loop_fn *fn, void *arg)
{
	*t = (struct waitgroup){ .loop = loop,
		.over = { .fn = fn, .arg = arg } };
}

void
waitgroup_fini(struct waitgroup *t)
{
	if (t->loop != NULL)
		loop_undefer(t->loop, &t->over);
	t->loop = NULL;
}

static void
settle(struct waitgroup *t)
{
	if (!t->sealed || t->open > 0)
		return;
	t->sealed = false;
	loop_defer(t->loop, &t->over);
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
	if (waitgroup->loop != NULL)
		settle(waitgroup);
}

void
waitgroup_seal(struct waitgroup *t)
{
	t->sealed = true;
	settle(t);
}
