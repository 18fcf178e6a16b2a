/* once - the metrics after one full poll. */
#include <stdio.h>

#include "app.h"
#include "base/clock.h"
#include "base/strbuf.h"
#include "command/command.h"
#include "command/snapshot_reached.h"
#include "metrics/render.h"
#include "model/snapshot.h"
#include "version.h"
#include "web/process.h"

static void
print_exposition(const struct snapshot *s)
{
	struct self_stats self = { .build = &build_info };
	struct strbuf out = { 0 };

	process_read(&self);
	render_exposition(&out, RENDER_TEXT, s, &self, clock_now().mono_ms);
	fwrite(strbuf_text(&out), 1, out.len, stdout);
	strbuf_fini(&out);
}

int
command_once(const struct conf *conf)
{
	const struct snapshot *s;
	struct err err;
	bool reached;

	s = app_poll_once(conf, &err);
	if (s == NULL) {
		fprintf(stderr, "sentinel-exporter: %s\n", err.text);
		return COMMAND_BAD_CONFIG;
	}
	print_exposition(s);
	reached = snapshot_reached(s) && snapshot_knows_names(s);
	snapshot_unref(s);
	return reached ? COMMAND_OK : COMMAND_NOT_REACHED;
}
