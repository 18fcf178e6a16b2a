/* INFO of a node or a sentinel. */
#include "base/num.h"
#include "fuzz/fuzz.h"
#include "protocol/info.h"

static bool
ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static void
check_node(const struct node_info *i)
{
	const struct info_replica *r;
	const struct info_db *db;

	ASSERT(ends(i->run_id, sizeof(i->run_id)));
	ASSERT(ends(i->version, sizeof(i->version)));
	ASSERT(ends(i->product, sizeof(i->product)));
	ASSERT(ends(i->policy, sizeof(i->policy)));
	ASSERT(i->role == ROLE_MASTER || i->role == ROLE_REPLICA);
	ASSERT(i->uptime_s >= 0 || !num_known(i->uptime_s));
	ASSERT(i->used_memory >= 0 || !num_known(i->used_memory));
	vec_foreach(r, &i->replicas) {
		ASSERT(addr_known(&r->addr));
		ASSERT(r->offset >= 0 || !num_known(r->offset));
	}
	vec_foreach(db, &i->dbs)
		ASSERT(db->db >= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct node_info node, copy;
	struct sentinel_info sentinel;

	if (node_info_parse(&node, (const char *)data, size)) {
		check_node(&node);
		node_info_copy(&copy, &node);
		check_node(&copy);
		ASSERT(copy.replicas.n == node.replicas.n);
		node_info_fini(&copy);
	}
	node_info_fini(&node);
	if (sentinel_info_parse(&sentinel, (const char *)data, size)) {
		ASSERT(ends(sentinel.run_id, sizeof(sentinel.run_id)));
		ASSERT(sentinel.tilt >= 0 || !num_known(sentinel.tilt));
	}
	return 0;
}
