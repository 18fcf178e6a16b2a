/* How the exporter fares with what it watches. */
#include "metrics/families.h"

/* A watch that stands still gives no news of any source. */
double
families_source_up(const struct subject *s)
{
	return picture_good(s->source->up_until_ms, s->now_ms);
}

VALUE(poll_duration, known_ms(s->snapshot->poll_duration_ms));
VALUE(last_poll, moment(s->snapshot->last_poll_wall_ms));
VALUE(last_success, moment(s->source->last_success_wall_ms));
VALUE(config_ok, when(s->snapshot->config_wall_ms > 0, s->snapshot->config_ok));
VALUE(config_time, moment(s->snapshot->config_wall_ms));

static void
emit_errors(struct samples *out, const struct subject *s)
{
	enum reason i;

	for (i = REASON_NONE + 1; i < REASON_COUNT; i++)
		samples_add(
		    out, (double)s->source->errors[i], reason_name(i), NULL);
}

static const struct family exporter[] = {
	{ .name = "sentinel_exporter_poll_duration_seconds",
	    .type = FAMILY_GAUGE,
	    .value = poll_duration,
	    .help = "How long the last poll round took." },
	{ .name = "sentinel_exporter_last_poll_timestamp_seconds",
	    .type = FAMILY_GAUGE,
	    .value = last_poll,
	    .help = "Unix time at which the last poll round ended." },
	{ .name = "sentinel_exporter_source_last_success_timestamp_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_SOURCE,
	    .value = last_success,
	    .help = "Unix time at which the sentinel or node last answered a "
		    "poll." },
	{ .name = "sentinel_exporter_source_errors_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_SOURCE,
	    .labels = { "reason" },
	    .emit = emit_errors,
	    .help = "Polls, or single questions, that a sentinel or node did "
		    "not answer, by reason." },
	{ .name = "sentinel_exporter_config_last_reload_successful",
	    .type = FAMILY_GAUGE,
	    .value = config_ok,
	    .help = "Whether the configuration was read without an error the "
		    "last time, at the start or since." },
	{ .name = "sentinel_exporter_config_last_reload_success_timestamp_"
		  "seconds",
	    .type = FAMILY_GAUGE,
	    .value = config_time,
	    .help = "Unix time at which the configuration was last read "
		    "without an error." },
};

SECTION(families_exporter, "Itself", exporter);
