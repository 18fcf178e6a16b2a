#include "protocol/client_list.h"

#include <limits.h>

#include "base/num.h"
#include "protocol/slice.h"

#define DBS_MAX 10000

void
client_list_fini(struct client_list *cl)
{
	vec_fini(&cl->readers);
}

static void
count_reader(struct client_list *cl, int db)
{
	struct db_readers *r;

	vec_foreach(r, &cl->readers)
		if (r->db == db) {
			r->n++;
			return;
		}
	if (cl->readers.n >= DBS_MAX)
		return;
	r = vec_push(&cl->readers);
	r->db = db;
	r->n = 1;
}

/* One client; false when the line has no DB and no command. */
static bool
take_line(struct client_list *cl, struct slice line)
{
	bool has_db = false, has_command = false, reads = false;
	struct slice field, key;
	int64_t db = 0;

	while (line.s != NULL) {
		field = slice_cut(&line, ' ');
		key = slice_cut(&field, '=');
		if (field.s == NULL)
			continue;
		if (slice_is(key, "cmd")) {
			has_command = true;
			reads = slice_is(field, "brpop");
		} else if (slice_is(key, "db")) {
			has_db = num_int(field.s, field.len, 0, INT_MAX, &db);
		}
	}
	if (has_db && reads)
		count_reader(cl, (int)db);
	return has_db && has_command;
}

bool
client_list_parse(struct client_list *cl, const char *text, size_t len)
{
	struct slice rest = { text, len }, line;

	cl->readers.n = 0;
	while (rest.s != NULL) {
		line = slice_cut(&rest, '\n');
		if (line.len > 0 && !take_line(cl, line))
			return false;
	}
	return len > 0;
}

int64_t
client_list_readers(const struct client_list *cl, int db)
{
	const struct db_readers *r;

	vec_foreach(r, &cl->readers)
		if (r->db == db)
			return r->n;
	return 0;
}
