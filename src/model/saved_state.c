#include "model/saved_state.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "base/xalloc.h"

#define FORMAT	"sentinel-exporter state"
#define VERSION 1
/* Sums of such numbers still fit. */
#define INT_MAX_STORED (INT64_C(1) << 53)

struct saved_state {
	json_t *masters; /* owned */
	size_t failovers_each;
};

/*
 * Both directions, field by field.
 */

/* One int64_t or uint64_t of a struct. */
struct field {
	const char *name;
	size_t offset;
	bool optional; /* NUM_UNKNOWN is not written */
};

#define COUNTER(name, member)                                        \
	{                                                            \
		name, offsetof(struct failover_stats, member), false \
	}
#define PHASE(name, i)                                                        \
	{                                                                     \
		name, offsetof(struct failover_stats, last_phase_ms[i]), true \
	}
static const struct field stats_fields[] = {
	COUNTER("failovers_automatic", failovers[FAILOVER_AUTOMATIC]),
	COUNTER("failovers_forced", failovers[FAILOVER_FORCED]),
	COUNTER("failovers_unknown", failovers[FAILOVER_UNKNOWN]),
	COUNTER("attempts", attempts),
	COUNTER("aborts_not_elected", aborts[ABORT_NOT_ELECTED]),
	COUNTER("aborts_no_good_replica", aborts[ABORT_NO_GOOD_REPLICA]),
	COUNTER("aborts_replica_timeout", aborts[ABORT_REPLICA_TIMEOUT]),
	COUNTER("last_failover_wall_ms", last_wall_ms),
	COUNTER("address_changes", address_changes),
	COUNTER("reboots", reboots),
	COUNTER("epoch_moves", epoch_moves),
	COUNTER("duplicates", duplicates),
	COUNTER("outage_ms", outage_ms),
	PHASE("last_detection_ms", PHASE_DETECTION),
	PHASE("last_election_ms", PHASE_ELECTION),
	PHASE("last_promotion_ms", PHASE_PROMOTION),
	PHASE("last_reconfiguration_ms", PHASE_RECONFIGURATION),
};

#define TOLD(name, member)                                    \
	{                                                     \
		name, offsetof(struct failover, member), true \
	}
static const struct field failover_fields[] = {
	TOLD("epoch", epoch),
	TOLD("started_wall_ms", started_wall_ms),
	TOLD("switched_wall_ms", switched_wall_ms),
	TOLD("duration_ms", duration_ms),
	TOLD("outage_ms", outage_ms),
	TOLD("detection_ms", phase_ms[PHASE_DETECTION]),
	TOLD("election_ms", phase_ms[PHASE_ELECTION]),
	TOLD("promotion_ms", phase_ms[PHASE_PROMOTION]),
	TOLD("reconfiguration_ms", phase_ms[PHASE_RECONFIGURATION]),
};

static const struct field memory_fields[] = {
	{ "epoch", offsetof(struct tracker_memory, epoch), true },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
put_fields(json_t *to, const void *from, const struct field *f, size_t n)
{
	int64_t v;

	for (; n > 0; n--, f++) {
		memcpy(&v, (const char *)from + f->offset, sizeof(v));
		if (!f->optional || v != NUM_UNKNOWN)
			json_object_set_new(to, f->name, json_integer(v));
	}
}

static bool
get_int(const json_t *from, const char *name, bool optional, int64_t *v,
    struct err *err)
{
	const json_t *j = json_object_get(from, name);

	if (j == NULL && optional) {
		*v = NUM_UNKNOWN;
		return true;
	}
	*v = json_integer_value(j);
	if (json_is_integer(j) && *v >= 0 && *v <= INT_MAX_STORED)
		return true;
	err_set(err, "%s is no number that this program writes", name);
	return false;
}

static bool
get_fields(const json_t *from, void *to, const struct field *f, size_t n,
    struct err *err)
{
	int64_t v;

	for (; n > 0; n--, f++) {
		if (!get_int(from, f->name, f->optional, &v, err))
			return false;
		memcpy((char *)to + f->offset, &v, sizeof(v));
	}
	return true;
}

static void
put_text(json_t *to, const char *name, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_object_set_new(to, name, json_string(text));
}

/* Text that fits; "" when it is absent. */
static bool
get_text(const json_t *from, const char *name, char *buf, size_t size,
    struct err *err)
{
	const json_t *j = json_object_get(from, name);
	const char *text = j == NULL ? "" : json_string_value(j);

	if (text != NULL && strlcpy(buf, text, size) < size)
		return true;
	err_set(err, "%s is no text that this program writes", name);
	return false;
}

static void
put_addr(json_t *to, const char *name, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	if (!addr_known(a))
		return;
	addr_format(a, text);
	put_text(to, name, text);
}

static bool
get_addr(const json_t *from, const char *name, struct addr *a, struct err *err)
{
	char text[ADDR_TEXT_MAX];

	*a = (struct addr){ 0 };
	if (!get_text(from, name, text, sizeof(text), err))
		return false;
	if (text[0] == '\0' || addr_parse(a, text, strlen(text), 0))
		return true;
	err_set(err, "%s is no address", name);
	return false;
}

/*
 * A failover.
 */

static json_t *
failover_to_json(const struct failover *f)
{
	json_t *j = json_object();

	put_fields(j, f, failover_fields, COUNT(failover_fields));
	put_text(j, "kind", failover_kind_names[f->kind]);
	put_addr(j, "from", &f->from);
	put_addr(j, "to", &f->to);
	put_text(j, "leader", f->leader);
	return j;
}

static bool
get_kind(const json_t *from, enum failover_kind *kind, struct err *err)
{
	const char *text = json_string_value(json_object_get(from, "kind"));
	size_t i;

	for (i = 0; text != NULL && i < FAILOVER_KINDS; i++)
		if (strcmp(text, failover_kind_names[i]) == 0) {
			*kind = (enum failover_kind)i;
			return true;
		}
	err_set(err, "kind is none of automatic, forced, unknown");
	return false;
}

static bool
failover_from_json(const json_t *j, struct failover *f, struct err *err)
{
	return get_fields(j, f, failover_fields, COUNT(failover_fields), err) &&
	       get_kind(j, &f->kind, err) &&
	       get_addr(j, "from", &f->from, err) &&
	       get_addr(j, "to", &f->to, err) &&
	       get_text(j, "leader", f->leader, sizeof(f->leader), err);
}

static json_t *
history_to_json(const struct tracker_memory *m, size_t most)
{
	json_t *list = json_array();
	size_t i = m->n_history > most ? m->n_history - most : 0;

	for (; i < m->n_history; i++)
		json_array_append_new(list, failover_to_json(&m->history[i]));
	return list;
}

static bool
history_from_json(const json_t *list, struct tracker_memory *m, struct err *err)
{
	size_t i;

	m->n_history = json_array_size(list);
	if (!json_is_array(list) || m->n_history > FAILOVER_HISTORY) {
		err_set(err, "history is no list of up to %d failovers",
		    FAILOVER_HISTORY);
		return false;
	}
	for (i = 0; i < m->n_history; i++)
		if (!failover_from_json(
			json_array_get(list, i), &m->history[i], err)) {
			err_prefix(err, "history[%zu]", i);
			return false;
		}
	return true;
}

/*
 * A master.
 */

static json_t *
buckets_to_json(const struct failover_stats *s)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i <= FAILOVER_BUCKETS; i++)
		json_array_append_new(
		    list, json_integer((json_int_t)s->buckets[i]));
	return list;
}

static bool
buckets_from_json(const json_t *j, struct failover_stats *s, struct err *err)
{
	const json_t *list = json_object_get(j, "duration_buckets");
	const json_t *sum = json_object_get(j, "duration_sum_seconds"), *one;
	json_int_t v;
	size_t i;

	s->duration_sum_s = json_number_value(sum);
	if (!json_is_number(sum) || !isfinite(s->duration_sum_s) ||
	    s->duration_sum_s < 0 ||
	    json_array_size(list) != FAILOVER_BUCKETS + 1) {
		err_set(err, "the histogram of durations is another one");
		return false;
	}
	for (i = 0; i <= FAILOVER_BUCKETS; i++) {
		one = json_array_get(list, i);
		v = json_integer_value(one);
		if (!json_is_integer(one) || v < 0 || v > INT_MAX_STORED) {
			err_set(err, "duration_buckets[%zu] is no count", i);
			return false;
		}
		s->buckets[i] = (uint64_t)v;
	}
	return true;
}

struct saved_state *
saved_state_new(size_t masters)
{
	struct saved_state *s = xcalloc(1, sizeof(*s));

	s->masters = json_array();
	s->failovers_each =
	    masters == 0 ? FAILOVER_HISTORY : STATE_FAILOVERS_MAX / masters;
	return s;
}

void
saved_state_free(struct saved_state *s)
{
	if (s == NULL)
		return;
	json_decref(s->masters);
	free(s);
}

static bool
utf8_valid(const char *s)
{
	size_t n;

	for (; *s != '\0'; s += n)
		if ((n = utf8_sequence(s, strlen(s))) == 0)
			return false;
	return true;
}

void
saved_state_add(
    struct saved_state *s, const char *group, const struct tracker_memory *m)
{
	json_t *j;

	if (!utf8_valid(m->master_name) ||
	    json_array_size(s->masters) >= STATE_MASTERS_MAX)
		return;
	j = json_object();
	put_text(j, "group", group);
	put_text(j, "master_name", m->master_name);
	put_fields(j, m, memory_fields, COUNT(memory_fields));
	put_addr(j, "master", &m->master);
	put_text(j, "run_id", m->run_id);
	put_fields(j, &m->stats, stats_fields, COUNT(stats_fields));
	json_object_set_new(j, "duration_buckets", buckets_to_json(&m->stats));
	json_object_set_new(
	    j, "duration_sum_seconds", json_real(m->stats.duration_sum_s));
	json_object_set_new(
	    j, "history", history_to_json(m, s->failovers_each));
	json_array_append_new(s->masters, j);
}

char *
saved_state_encode(const struct saved_state *s, size_t *len)
{
	json_t *j = json_pack("{sssisO}", "format", FORMAT, "version", VERSION,
	    "masters", s->masters);
	char *text = json_dumps(j, JSON_INDENT(1) | JSON_PRESERVE_ORDER);

	json_decref(j);
	if (text == NULL)
		abort();
	*len = strlen(text);
	return text;
}

static bool
master_from_json(const json_t *j, struct tracker_memory *m, struct err *err)
{
	const json_t *group = json_object_get(j, "group");

	*m = (struct tracker_memory){ 0 };
	m->stats.outage_since_mono_ms = NUM_UNKNOWN;
	if (json_string_length(json_object_get(j, "master_name")) == 0 ||
	    (group != NULL && !json_is_string(group))) {
		err_set(err, "a master_name is missing, or group is no text");
		return false;
	}
	return get_text(j, "master_name", m->master_name,
		   sizeof(m->master_name), err) &&
	       get_fields(j, m, memory_fields, COUNT(memory_fields), err) &&
	       get_addr(j, "master", &m->master, err) &&
	       get_text(j, "run_id", m->run_id, sizeof(m->run_id), err) &&
	       get_fields(
		   j, &m->stats, stats_fields, COUNT(stats_fields), err) &&
	       buckets_from_json(j, &m->stats, err) &&
	       history_from_json(json_object_get(j, "history"), m, err);
}

/* fn NULL: only look whether all of them are well. */
static bool
each_master(
    const json_t *masters, saved_state_fn *fn, void *arg, struct err *err)
{
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	const json_t *j;
	bool good = true;
	size_t i;

	for (i = 0; good && i < json_array_size(masters); i++) {
		j = json_array_get(masters, i);
		good = master_from_json(j, m, err);
		if (!good)
			err_prefix(err, "masters[%zu]", i);
		else if (fn != NULL)
			fn(arg, json_string_value(json_object_get(j, "group")),
			    m);
	}
	free(m);
	return good;
}

/* The list of masters, or NULL. */
static const json_t *
open_document(const json_t *j, struct err *err)
{
	const char *format = json_string_value(json_object_get(j, "format"));
	const json_t *version = json_object_get(j, "version");
	const json_t *masters = json_object_get(j, "masters");

	if (format == NULL || strcmp(format, FORMAT) != 0)
		err_set(err, "it was not written by sentinel-exporter");
	else if (!json_is_integer(version) ||
		 json_integer_value(version) != VERSION)
		err_set(err, "its version is not %d", VERSION);
	else if (!json_is_array(masters) ||
		 json_array_size(masters) > STATE_MASTERS_MAX)
		err_set(
		    err, "masters is no list of up to %d", STATE_MASTERS_MAX);
	else
		return masters;
	return NULL;
}

bool
saved_state_decode(const char *text, size_t len, saved_state_fn *fn, void *arg,
    struct err *err)
{
	json_error_t why;
	json_t *j = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
	const json_t *masters;
	bool good = false;

	if (j == NULL) {
		err_set(err, "line %d is no JSON: %s", why.line, why.text);
		return false;
	}
	masters = open_document(j, err);
	if (masters != NULL)
		good = each_master(masters, NULL, NULL, err) &&
		       each_master(masters, fn, arg, err);
	json_decref(j);
	return good;
}
