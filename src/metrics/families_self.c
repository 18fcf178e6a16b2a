/* The exporter itself. */
#include "base/build_info.h"
#include "metrics/families.h"

/* A watch that stands still gives no news of any source. */
double
families_source_up(const struct subject *s)
{
	return s->source->up &&
	       subject_fresh(s, s->source->last_success.mono_ms);
}

/* A moment in unix time; 0: there was none yet. */
static double
moment(int64_t wall_ms)
{
	return when(wall_ms > 0, known_ms(wall_ms));
}

VALUE(poll_duration, known_ms(s->x->snapshot->poll_duration_ms));
VALUE(last_poll, moment(s->x->snapshot->last_poll_wall_ms));
VALUE(last_success, moment(s->source->last_success.wall_ms));
VALUE(config_ok,
    when(s->x->snapshot->config_wall_ms > 0, s->x->snapshot->config_ok));
VALUE(config_time, moment(s->x->snapshot->config_wall_ms));
VALUE(log_lines_dropped, (double)s->x->self->log_lines_dropped);
VALUE(cpu_seconds, s->x->self->cpu_seconds);
VALUE(open_fds, known(s->x->self->open_fds));
VALUE(max_fds, known(s->x->self->max_fds));
VALUE(virtual_bytes, known(s->x->self->virtual_bytes));
VALUE(virtual_max_bytes, known(s->x->self->virtual_max_bytes));
VALUE(resident_bytes, known(s->x->self->resident_bytes));
VALUE(start_time, s->x->self->start_time_seconds);
VALUE(threads, known(s->x->self->threads));

static void
emit_build(struct samples *out, const struct subject *s)
{
	const struct build_info *b = s->x->self->build;

	samples_add(out, 1, b->version, b->revision, b->compiler, NULL);
}

static void
emit_requests(struct samples *out, const struct subject *s)
{
	const struct http_count *h = s->x->self->http;
	char code[12];
	size_t i;

	for (i = 0; i < s->x->self->n_http; i++) {
		(void)snprintf(code, sizeof(code), "%d", h[i].code);
		samples_add(out, (double)h[i].n, h[i].handler, code, NULL);
	}
}

static void
emit_errors(struct samples *out, const struct subject *s)
{
	enum reason i;

	for (i = REASON_NONE + 1; i < REASON_COUNT; i++)
		samples_add(
		    out, (double)s->source->errors[i], reason_name(i), NULL);
}

static const struct family self[] = {
	{ .name = "sentinel_exporter_build_info",
	    .type = FAMILY_INFO,
	    .labels = { "version", "revision", "compiler" },
	    .emit = emit_build,
	    .help = "What this exporter was built from, and with." },
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
	{ .name = "sentinel_exporter_http_requests_total",
	    .type = FAMILY_COUNTER,
	    .labels = { "handler", "code" },
	    .emit = emit_requests,
	    .help = "HTTP requests answered." },
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
	{ .name = "sentinel_exporter_log_lines_dropped_total",
	    .type = FAMILY_COUNTER,
	    .value = log_lines_dropped,
	    .help = "Log lines lost because standard error was not read fast "
		    "enough." },
	{ .name = "process_cpu_seconds_total",
	    .type = FAMILY_COUNTER,
	    .value = cpu_seconds,
	    .help = "User and system CPU time spent." },
	{ .name = "process_open_fds",
	    .type = FAMILY_GAUGE,
	    .value = open_fds,
	    .help = "Open file descriptors." },
	{ .name = "process_max_fds",
	    .type = FAMILY_GAUGE,
	    .value = max_fds,
	    .help = "Limit of open file descriptors." },
	{ .name = "process_virtual_memory_bytes",
	    .type = FAMILY_GAUGE,
	    .value = virtual_bytes,
	    .help = "Virtual memory size." },
	{ .name = "process_virtual_memory_max_bytes",
	    .type = FAMILY_GAUGE,
	    .value = virtual_max_bytes,
	    .help = "Limit of virtual memory; absent when there is none." },
	{ .name = "process_resident_memory_bytes",
	    .type = FAMILY_GAUGE,
	    .value = resident_bytes,
	    .help = "Resident memory size." },
	{ .name = "process_start_time_seconds",
	    .type = FAMILY_GAUGE,
	    .value = start_time,
	    .help = "Unix time at which the process started." },
	{ .name = "process_threads",
	    .type = FAMILY_GAUGE,
	    .value = threads,
	    .help = "Threads of the process." },
};

SECTION(self, "Itself", self);
