/* client_list - count lines by DB; sorted, so that any number of DBs is cheap. */
#include "protocol/client_list.h"

#include <limits.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/slice.h"

static int
compare_dbs(const void *a, const void *b)
{
	const struct db_readers *x = a, *y = b;

	return (x->db > y->db) - (x->db < y->db);
}

void
client_list_fini(struct client_list *cl)
{
	vec_fini(&cl->readers);
}

/* One entry per reader, in any order, becomes one per DB. */
static void
sum_up(struct client_list *cl)
{
	struct db_readers *r, *last = cl->readers.v;

	if (cl->readers.n == 0)
		return;
	qsort(cl->readers.v, cl->readers.n, sizeof(*r), compare_dbs);
	for (r = last + 1; r < cl->readers.v + cl->readers.n; r++)
		if (r->db == last->db)
			last->n++;
		else
			*++last = *r;
	cl->readers.n = (size_t)(last - cl->readers.v) + 1;
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
		*vec_push(&cl->readers) =
		    (struct db_readers){ .db = (int)db, .n = 1 };
	return has_db && has_command;
}

bool
client_list_parse(struct client_list *cl, const char *text, size_t len)
{
	struct slice rest = { text, len }, line;

	cl->readers.n = 0;
	while (rest.s != NULL) {
		line = slice_cut(&rest, '\n');
		if (line.len > 0 && !take_line(cl, line)) {
			cl->readers.n = 0;
			return false;
		}
	}
	sum_up(cl);
	return len > 0;
}

int64_t
client_list_readers(const struct client_list *cl, int db)
{
	const struct db_readers key = { .db = db }, *found;

	if (cl->readers.n == 0)
		return 0;
	found = bsearch(
	    &key, cl->readers.v, cl->readers.n, sizeof(key), compare_dbs);
	return found == NULL ? 0 : found->n;
}
