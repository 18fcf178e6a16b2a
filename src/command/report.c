/* report - a failover that the running exporter has counted, from the file in
 * which it keeps them. */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/strbuf.h"
#include "command/command.h"
#include "model/failover_report.h"
#include "watch/state_file.h"

/* The failover that is wanted: of a master and epoch, or the last one. */
struct search {
	const struct command_conf *told;
	bool found;
	struct failover failover;
	char master_name[MASTER_NAME_MAX];
};

static bool
is_wanted(const struct search *s, const struct failover *f)
{
	if (s->told->epoch != NUM_UNKNOWN && f->epoch != s->told->epoch)
		return false;
	return !s->found || f->switched_wall_ms > s->failover.switched_wall_ms;
}

static void
on_master(void *arg, const char *group, const struct tracker_memory *m)
{
	struct search *s = arg;
	size_t i;

	(void)group;
	if (s->told->master != NULL &&
	    strcmp(s->told->master, m->master_name) != 0)
		return;
	for (i = 0; i < m->n_history; i++) {
		if (!is_wanted(s, &m->history[i]))
			continue;
		s->found = true;
		s->failover = m->history[i];
		strlcpy(s->master_name, m->master_name, sizeof(s->master_name));
	}
}

static void
print_report(const struct search *s)
{
	struct strbuf out = { 0 };
	struct failover_report r;

	failover_report_init(&r, s->master_name, &s->failover, NULL);
	if (s->told->markdown)
		failover_report_markdown(&r, &out);
	else
		failover_report_text(&r, &out);
	fwrite(strbuf_text(&out), 1, out.len, stdout);
	failover_report_fini(&r);
	strbuf_fini(&out);
}

int
command_report(const struct conf *conf)
{
	struct search s = { .told = &conf->told };
	struct err err;

	if (conf->state_file == NULL) {
		fputs("sentinel-exporter: report: failovers are kept in the "
		      "file that --state.file names: give the one of the "
		      "running exporter\n",
		    stderr);
		return COMMAND_BAD_CONFIG;
	}
	if (!state_file_load(conf->state_file, on_master, &s, &err)) {
		fprintf(stderr, "sentinel-exporter: report: %s\n", err.text);
		return COMMAND_BAD_CONFIG;
	}
	if (!s.found) {
		fputs("sentinel-exporter: report: no such failover is kept\n",
		    stderr);
		return COMMAND_NOT_REACHED;
	}
	print_report(&s);
	return COMMAND_OK;
}
