/* snapshot_reached - did one poll find what was asked for? */
#include "command/snapshot_reached.h"

#include "model/snapshot.h"

bool
snapshot_reached(const struct snapshot *s)
{
	const struct picture_sentinel *sentinel;
	const struct picture *p;

	vec_foreach(p, &s->groups)
		vec_each(sentinel, &p->sentinels)
			if (sentinel->source->up_until_ms > 0)
				return true;
	return false;
}

bool
snapshot_knows_names(const struct snapshot *s)
{
	const struct picture *p;

	vec_foreach(p, &s->groups)
		if (p->unknown.n > 0)
			return false;
	return true;
}
