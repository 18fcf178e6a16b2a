#include "web/page.h"

#include "base/escape.h"
#include "base/strbuf.h"

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>sentinel-exporter</title>\n"
    "<style>\n"
    "body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto;\n"
    "       max-width: 40rem; padding: 0 1rem; color-scheme: light dark }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<h1>sentinel-exporter</h1>\n"
    "<p>Watches a Redis Sentinel deployment and its Celery queues for "
    "Prometheus. Version ";

static const char tail[] =
    "<li><a href=\"/api/v1/events\">Events</a>: the last events and "
    "failovers, as JSON</li>\n"
    "<li><a href=\"/-/healthy\">Health</a>: the process answers</li>\n"
    "<li><a href=\"/-/ready\">Readiness</a>: the first poll round is over"
    "</li>\n"
    "</ul>\n"
    "</body>\n"
    "</html>\n";

void
page_landing(struct strbuf *b, const char *telemetry_path, const char *version)
{
	strbuf_puts(b, head);
	escape_text(b, ESCAPE_HTML, version);
	strbuf_puts(b, ".</p>\n<ul>\n<li><a href=\"");
	escape_text(b, ESCAPE_HTML, telemetry_path);
	strbuf_puts(b, "\">Metrics</a></li>\n");
	strbuf_puts(b, tail);
}
