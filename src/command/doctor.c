/* doctor - what is wrong or risky, why it matters, and what to do. */
#include <stdio.h>
#include <unistd.h>

#include "app.h"
#include "base/clock.h"
#include "command/command.h"
#include "command/doctor_text.h"
#include "command/snapshot_reached.h"
#include "command/text.h"
#include "model/snapshot.h"
#include "web/json_status.h"

static void
print_findings(const struct conf *conf, const struct findings *found)
{
	struct strbuf out = { 0 };

	if (conf->told.json)
		json_findings(&out, found, clock_now());
	else
		doctor_text(&out, found, text_wants_colours());
	fwrite(strbuf_text(&out), 1, out.len, stdout);
	strbuf_fini(&out);
}

int
command_doctor(const struct conf *conf)
{
	struct findings found = { 0 };
	const struct snapshot *s;
	const struct picture *p;
	int status = COMMAND_OK;
	struct err err;

	command_quiet(conf);
	s = app_poll_once(conf, &err);
	if (s == NULL) {
		fprintf(stderr, "sentinel-exporter: %s\n", err.text);
		return COMMAND_BAD_CONFIG;
	}
	vec_foreach(p, &s->groups)
		findings_add(&found, p, clock_now().mono_ms);
	print_findings(conf, &found);
	if (!snapshot_reached(s))
		status = COMMAND_NOT_REACHED;
	else if (found.all.n > 0)
		status = COMMAND_FINDINGS;
	findings_fini(&found);
	snapshot_unref(s);
	return status;
}
