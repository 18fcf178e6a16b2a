#include "web/negotiation.h"

#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"

#define OM   RENDER_OPENMETRICS
#define TEXT RENDER_TEXT

static const struct accept_case {
	const char *accept;
	enum render_format format;
} accepts[] = {
	{ NULL, TEXT },
	{ "", TEXT },
	{ "*/*", TEXT },
	{ "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
	    TEXT },
	/* Prometheus 2.42 */
	{ "application/openmetrics-text;version=1.0.0,"
	  "application/openmetrics-text;version=0.0.1;q=0.75,"
	  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
	    OM },
	/* Prometheus 3.14 */
	{ "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;"
	  "q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
	  "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
	  "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
	    OM },
	/* Prometheus 3 with native histograms */
	{ "application/vnd.google.protobuf;"
	  "proto=io.prometheus.client.MetricFamily;encoding=delimited,"
	  "application/openmetrics-text;version=1.0.0;q=0.8,*/*;q=0.1",
	    OM },
	{ "application/openmetrics-text; version=1.0.0; charset=utf-8", OM },
	{ "APPLICATION/OpenMetrics-Text;Version=\"1.0.0\"", OM },
	{ "application/openmetrics-text ; version = 1.0.0 ; q = 1", OM },
	{ "application/openmetrics-text;version=0.0.1", TEXT },
	{ "application/openmetrics-text", TEXT },
	{ "application/openmetrics-text;version=2.0.0,text/plain;q=0.1", TEXT },
	{ "application/*", TEXT },
	{ "application/openmetrics-text;version=1.0.0;q=0", TEXT },
	{ "application/openmetrics-text;version=1.0.0;q=0.000,text/plain;q=0",
	    TEXT },
	{ "text/plain;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4",
	    TEXT },
	{ "text/plain;q=0.4,application/openmetrics-text;version=1.0.0;q=0.5",
	    OM },
	{ "text/plain,application/openmetrics-text;version=1.0.0", TEXT },
	{ "application/openmetrics-text;version=1.0.0,text/plain", OM },
	{ "application/openmetrics-text;version=1.0.0;q=nonsense", OM },
	{ "application/openmetrics-text;version=1.0.0;q=7,text/plain", OM },
	{ "image/png", TEXT },
	{ "application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.9", TEXT },
	{ "text/*;q=0.9,application/openmetrics-text;version=1.0.0;q=0.5",
	    TEXT },
	{ ",,;;q=;=,application/openmetrics-text;version=1.0.0", OM },
	{ "\xff\xfe;\x01=\x02", TEXT },
};

START_TEST(picks_the_format)
{
	ck_assert_int_eq(
	    negotiation_format(accepts[_i].accept), accepts[_i].format);
}
END_TEST

static const struct encoding_case {
	const char *header;
	bool gzip;
} encodings[] = {
	{ NULL, false },
	{ "", false },
	{ "gzip", true },
	{ "GZip", true },
	{ "x-gzip", true },
	{ "deflate, gzip;q=1.0, br", true },
	{ "gzip;q=0", false },
	{ "gzip;q=0.0, *", false },
	{ "*", true },
	{ "*;q=0", false },
	{ "identity", false },
	{ "gzipped", false },
	{ "gzi", false },
	{ "gzip;q=0.001", true },
	{ "br, zstd", false },
};

START_TEST(picks_the_encoding)
{
	ck_assert_int_eq(
	    negotiation_gzip(encodings[_i].header), encodings[_i].gzip);
}
END_TEST

START_TEST(does_not_read_endless_headers)
{
	static const char om[] = "application/openmetrics-text;version=1.0.0,";
	char header[NEGOTIATION_MAX + 2];

	memset(header, 'x', sizeof(header));
	memcpy(header, om, sizeof(om) - 1);
	header[NEGOTIATION_MAX] = '\0';
	ck_assert_int_eq(negotiation_format(header), OM);
	header[NEGOTIATION_MAX] = 'x';
	header[NEGOTIATION_MAX + 1] = '\0';
	ck_assert_int_eq(negotiation_format(header), TEXT);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("negotiation");
	TCase *tc = tcase_create("negotiation");

	tcase_add_loop_test(
	    tc, picks_the_format, 0, sizeof(accepts) / sizeof(accepts[0]));
	tcase_add_loop_test(tc, picks_the_encoding, 0,
	    sizeof(encodings) / sizeof(encodings[0]));
	tcase_add_test(tc, does_not_read_endless_headers);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
