/* SENTINEL MASTERS, REPLICAS, SENTINELS and GET-MASTER-ADDR-BY-NAME, and ROLE:
 * any reply, given to each. */
#include "base/num.h"
#include "fuzz/fuzz.h"
#include "protocol/instance.h"
#include "protocol/reply_reader.h"
#include "protocol/role.h"

static void
read_instance(const struct reply *r)
{
	struct master_fields m;
	struct replica_fields f;
	struct peer_fields p;

	if (master_fields_parse(&m, r)) {
		ASSERT(m.name[0] != '\0' && addr_known(&m.addr));
		ASSERT(memchr(m.name, '\0', sizeof(m.name)) != NULL);
		ASSERT(m.quorum >= 0 || !num_known(m.quorum));
	}
	if (replica_fields_parse(&f, r))
		ASSERT(addr_known(&f.addr));
	if (peer_fields_parse(&p, r)) {
		ASSERT(p.id[0] != '\0' && addr_known(&p.addr));
		ASSERT(memchr(p.id, '\0', sizeof(p.id)) != NULL);
	}
}

static void
read_reply(const struct reply *r)
{
	struct role_answer role;
	struct addr addr;
	size_t i;

	read_instance(r);
	if (master_addr_parse(&addr, r))
		ASSERT(addr_known(&addr) && addr.port > 0);
	if (role_parse(&role, r)) {
		ASSERT(role.role != ROLE_UNKNOWN);
		ASSERT(role.offset >= 0 || !num_known(role.offset));
	}
	for (i = 0; i < r->n; i++)
		read_instance(reply_at(r, i));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct reply_limits limits = {
		.bytes = 1 << 20, .elements = 10000, .depth = 4
	};
	struct reply_reader *rd = reply_reader_new(&limits);
	struct reply *r;
	struct err err;

	reply_reader_feed(rd, (const char *)data, size);
	while ((r = reply_reader_next(rd, &err)) != NULL) {
		read_reply(r);
		reply_free(r);
	}
	reply_reader_free(rd);
	return 0;
}
