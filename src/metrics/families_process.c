/* The exporter's own process. */
#include "base/build_info.h"
#include "metrics/families.h"

VALUE(log_lines_dropped, (double)s->self->log_lines_dropped);
VALUE(cpu_seconds, s->self->cpu_seconds);
VALUE(open_fds, known(s->self->open_fds));
VALUE(max_fds, known(s->self->max_fds));
VALUE(virtual_bytes, known(s->self->virtual_bytes));
VALUE(virtual_max_bytes, known(s->self->virtual_max_bytes));
VALUE(resident_bytes, known(s->self->resident_bytes));
VALUE(start_time, s->self->start_time_seconds);
VALUE(threads, known(s->self->threads));

static void
emit_build(struct samples *out, const struct subject *s)
{
	const struct build_info *b = s->self->build;

	samples_add(out, 1, b->version, b->revision, b->compiler, NULL);
}

static void
emit_requests(struct samples *out, const struct subject *s)
{
	const struct http_count *h = s->self->http;
	char code[12];
	size_t i;

	for (i = 0; i < s->self->n_http; i++) {
		(void)snprintf(code, sizeof(code), "%d", h[i].code);
		samples_add(out, (double)h[i].n, h[i].handler, code, NULL);
	}
}

static const struct family process[] = {
	{ .name = "sentinel_exporter_build_info",
	    .type = FAMILY_INFO,
	    .labels = { "version", "revision", "compiler" },
	    .emit = emit_build,
	    .help = "What this exporter was built from, and with." },
	{ .name = "sentinel_exporter_http_requests_total",
	    .type = FAMILY_COUNTER,
	    .labels = { "handler", "code" },
	    .emit = emit_requests,
	    .help = "HTTP requests answered." },
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

SECTION(family_section_process, "Its process", process);
