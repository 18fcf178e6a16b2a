/*
 * Every row was put to kombu 5.2.4 on Python 3.11 first; where we refuse more
 * than kombu does, the row says so.
 */
#include "config/broker_url.h"

#include <string.h>

#include "base/strbuf.h"
#include "unit/unit.h"

static const struct good {
	const char *url;
	const char *sentinels; /* joined by ' ' */
	const char *username, *password;
	const char *dbs; /* joined by ' ' */
	bool conflict, none, tls;
} goods[] = {
	{ "sentinel://s1", "s1:26379", NULL, NULL, "0", 0, 0, 0 },
	{ "SENTINEL://S1:26380/3", "s1:26380", NULL, NULL, "3", 0, 0, 0 },
	/* a trailing ';', empty entries */
	{ "sentinel://s1;", "s1:26379", NULL, NULL, "0", 0, 0, 0 },
	{ "sentinel://s1;;sentinel://s2", "s1:26379 s2:26379", NULL, NULL, "0",
	    0, 0, 0 },
	/* credentials: of the first URL only */
	{ "sentinel://:p@ss@s1/2", "s1:26379", NULL, "p@ss", "2", 0, 0, 0 },
	{ "sentinel://u:p%40s%2Fs@s1", "s1:26379", "u", "p@s/s", "0", 0, 0, 0 },
	{ "sentinel://u@s1", "s1:26379", "u", NULL, "0", 0, 0, 0 },
	{ "sentinel://u:@s1", "s1:26379", "u", NULL, "0", 0, 0, 0 },
	{ "sentinel://:@s1", "s1:26379", NULL, NULL, "0", 0, 0, 0 },
	{ "sentinel://:p w@s1", "s1:26379", NULL, "p w", "0", 0, 0, 0 },
	{ "sentinel://:%zz%41@s1", "s1:26379", NULL, "%zzA", "0", 0, 0, 0 },
	{ "sentinel://s1;sentinel://u:p@s2", "s1:26379 s2:26379", NULL, NULL,
	    "0", 0, 0, 0 },
	/* hosts */
	{ "sentinel://[::1]:26380/1;sentinel://[::2]",
	    "[::1]:26380 [::2]:26379", NULL, NULL, "1", 0, 0, 0 },
	{ "sentinel:///0", "127.0.0.1:26379", NULL, NULL, "0", 0, 0, 0 },
	{ "sentinel://:p@:26380", "127.0.0.1:26380", NULL, "p", "0", 0, 0, 0 },
	{ "sentinel://s1:0", "s1:26379", NULL, NULL, "0", 0, 0, 0 },
	{ "sentinel://s1:", "s1:26379", NULL, NULL, "0", 0, 0, 0 },
	{ "sentinel://s1;s2:26379;sentinel://s3", "s1:26379 s3:26379", NULL,
	    NULL, "0", 0, 0, 0 },
	{ "sentinel://s1;sentinel://S1:26379", "s1:26379", NULL, NULL, "0", 0,
	    0, 0 },
	/* DBs */
	{ "sentinel://s1/", "s1:26379", NULL, NULL, "0", 0, 0, 0 },
	{ "sentinel://s1//3", "s1:26379", NULL, NULL, "3", 0, 0, 0 },
	{ "sentinel://s1//", "s1:26379", NULL, NULL, "0", 0, 0, 0 },
	{ "sentinel://s1/%33 ", "s1:26379", NULL, NULL, "3", 0, 0, 0 },
	{ "sentinel://s1/3\n", "s1:26379", NULL, NULL, "3", 0, 0, 0 },
	{ "sentinel://s1;sentinel://s2;sentinel://s3/3",
	    "s1:26379 s2:26379 s3:26379", NULL, NULL, "0 3", 1, 0, 0 },
	{ "sentinel://s1/7;sentinel://s2/3;sentinel://s3/7",
	    "s1:26379 s2:26379 s3:26379", NULL, NULL, "3 7", 1, 0, 0 },
	{ "sentinel://s1/3;sentinel://s2", "s1:26379 s2:26379", NULL, NULL, "3",
	    0, 0, 0 },
	{ "sentinel://s1;sentinel://s2/0", "s1:26379 s2:26379", NULL, NULL, "0",
	    0, 0, 0 },
	{ "sentinel://s1;redis://s2/4", "s1:26379", NULL, NULL, "0 4", 1, 0,
	    0 },
	{ "sentinel://s1/None", "s1:26379", NULL, NULL, "", 0, 1, 0 },
	{ "sentinel://s1;sentinel://s2/None", "s1:26379 s2:26379", NULL, NULL,
	    "0", 1, 1, 0 },
	/* options */
	{ "sentinel://s1?ssl_cert_reqs=none", "s1:26379", NULL, NULL, "0", 0, 0,
	    1 },
	{ "sentinel://s1?heartbeat=2&ssl_keyfile=x;sentinel://s2",
	    "s1:26379 s2:26379", NULL, NULL, "0", 0, 0, 1 },
	{ "sentinel://s1;sentinel://s2?heartbeat=2&ssl_keyfile=x",
	    "s1:26379 s2:26379", NULL, NULL, "0", 0, 0, 0 },
	/* only the first URL's are used at the start */
	{ "rediss://u:p@s1/2", "", "u", "p", "2", 0, 0, 1 },
	{ "redis://:p@s1", "", NULL, "p", "0", 0, 0, 0 },
	{ "sentinel://s1?x=&y&heartbeat=3", "s1:26379", NULL, NULL, "0", 0, 0,
	    0 },
};

static void
assert_text(const char *got, const char *want)
{
	if (want == NULL)
		ck_assert_ptr_null(got);
	else
		ck_assert_str_eq(got, want);
}

START_TEST(reads_as_kombu_does)
{
	const struct good *g = &goods[_i];
	struct strbuf hosts = { 0 }, dbs = { 0 };
	char text[ADDR_TEXT_MAX];
	struct broker_url b;
	struct err err;
	size_t i;

	ck_assert_msg(
	    broker_url_parse(&b, g->url, &err), "%s: %s", g->url, err.text);
	for (i = 0; i < b.sentinels.n; i++) {
		endpoint_format(&b.sentinels.v[i], text);
		strbuf_printf(&hosts, "%s%s", i == 0 ? "" : " ", text);
	}
	for (i = 0; i < b.dbs.n; i++)
		strbuf_printf(&dbs, "%s%d", i == 0 ? "" : " ", b.dbs.v[i]);
	ck_assert_str_eq(strbuf_text(&hosts), g->sentinels);
	ck_assert_str_eq(strbuf_text(&dbs), g->dbs);
	assert_text(b.username, g->username);
	assert_text(b.password, g->password);
	ck_assert_int_eq(b.db_conflict, g->conflict);
	ck_assert_int_eq(b.db_none, g->none);
	ck_assert_int_eq(b.tls.conf != NULL, g->tls);
	strbuf_fini(&hosts);
	strbuf_fini(&dbs);
	broker_url_fini(&b);
}
END_TEST

/* "hunter" is a piece of the password wherever it stands. */
static const struct bad {
	const char *url, *says;
} bads[] = {
	{ "", "URL 1" },
	{ ";sentinel://s1", "URL 1" },
	{ "s1:26379", "sentinel://HOST:26379/DB" },
	{ "sentinel+x://s1", "sentinel://HOST:26379/DB" },
	{ "sentinel://s1;rediss://s2", "URL 2: is rediss://" },
	{ "amqp://:hunter2@s1/0", "sentinel://HOST:26379/DB" },
	{ "\"sentinel://:hunter2@s1/0\"", "remove those around the URL" },
	{ "'sentinel://:hunter2@s1/0'", "remove those around the URL" },
	{ "sentinel://s1:26379,s2:26379/0", "a URL for each and ';' between" },
	{ "sentinel://:hunter2@s1:1,s2:2/0", "a ',' stands between hosts" },
	{ "sentinel://::1:26379/0", "IPv6 address in brackets" },
	{ "sentinel://:hunter2@fe80::1/0", "IPv6 address in brackets" },
	{ "sentinel://s1 ;sentinel://s2", "URL 1: the host is neither" },
	{ "sentinel://s1 ;sentinel://s2", "remove the blank" },
	{ "sentinel://s1?ssl=true", "kombu fails at ?ssl=" },
	{ "sentinel://s1?ssl_cert_reqs=hunter", "none, optional or required" },
	{ "sentinel://s1;sentinel://s2?ssl_cert_reqs=hunter", "URL 2" },
	{ "sentinel://:hunter/2@s1/0", "'/' as %2F" },
	{ "sentinel://:hunter?2@s1/0", "'?' as %3F" },
	{ "sentinel://:hunter#2@s1/0", "'#' as %23" },
	{ "sentinel://:hunter;2@s1/0", "';' as %3B" },
	{ "sentinel://:hunter[2@s1/0", "%5B" },
	/* these two kombu takes, for the host "" at port 12 */
	{ "sentinel://:12?hunter@s1/0", "'?' as %3F" },
	{ "sentinel://:12;hunter@s1/0", "URL 2" },
	{ "sentinel://:hunter2@s1:x", "port" },
	{ "sentinel://s1:65536", "port" },
	{ "sentinel://s1;sentinel://s2:hunter2", "URL 2" },
	{ "sentinel://:hunter2@s1/x", "not a number" },
	{ "sentinel://s1/3/", "not a number" },
	{ "sentinel://s1/-1", "not a number" },
	{ "sentinel://s1/4294967296", "not a number" },
	{ "sentinel://s1?hunter=2", "--celery.transport-options" },
	/* kombu connects to the host "" of the second */
	{ "sentinel://s1; sentinel://s2/3", "URL 2: begins with a blank" },
	{ "sentinel://a b", "host" },
	/* kombu replaces the byte and fails to log in */
	{ "sentinel://:hunter%E4@s1", "password is not UTF-8" },
	{ "sentinel://:hunter%00@s1", "password is not UTF-8" },
	{ "sentinel://hunter%E4@s1", "user is not UTF-8" },
	{ "sentinel://s1\n;sentinel://s2", "line break" },
};

START_TEST(refuses)
{
	struct broker_url b;
	struct err err;

	ck_assert_msg(
	    !broker_url_parse(&b, bads[_i].url, &err), "%s", bads[_i].url);
	ck_assert_msg(strstr(err.text, bads[_i].says) != NULL, "%s", err.text);
	ck_assert_msg(strstr(err.text, "hunter") == NULL, "%s", err.text);
	ck_assert_ptr_null(b.password);
}
END_TEST

/* What kombu does in silence is told. */
START_TEST(tells_contradictions)
{
	static const struct {
		const char *url;
		size_t login, tls, no_scheme;
	} rows[] = {
		{ "sentinel://:p@s1;sentinel://:p@s2", 0, 0, 0 },
		{ "sentinel://:p@s1;sentinel://:p@s2;sentinel://:q@s3", 3, 0,
		    0 },
		{ "sentinel://:p@s1;sentinel://s2", 2, 0, 0 },
		{ "sentinel://u:p@s1;sentinel://:p@s2", 2, 0, 0 },
		{ "sentinel://s1?ssl_cert_reqs=none;sentinel://s2", 0, 2, 0 },
		{ "sentinel://s1;sentinel://s2?ssl_cert_reqs=none", 0, 2, 0 },
		{ "sentinel://s1;s2/3", 0, 0, 2 },
		{ "sentinel://s1;", 0, 0, 0 },
	};
	struct broker_url b;
	struct err err;

	ck_assert_msg(broker_url_parse(&b, rows[_i].url, &err), "%s", err.text);
	ck_assert_uint_eq(b.other_login, rows[_i].login);
	ck_assert_uint_eq(b.other_tls, rows[_i].tls);
	ck_assert_uint_eq(b.no_scheme, rows[_i].no_scheme);
	broker_url_fini(&b);
}
END_TEST

START_TEST(rediss_without_options_is_not_verified)
{
	struct broker_url b;
	struct err err;

	ck_assert(broker_url_parse(&b, "rediss://s1/0", &err));
	ck_assert(b.direct);
	ck_assert(b.tls_unverified);
	ck_assert(b.tls.conf->insecure_skip_verify);
	broker_url_fini(&b);
	ck_assert(broker_url_parse(&b,
	    "rediss://s1/0?ssl_cert_reqs=required&ssl_ca_certs=%2Fca", &err));
	ck_assert(!b.tls_unverified);
	ck_assert(!b.tls.conf->insecure_skip_verify);
	ck_assert_str_eq(b.tls.conf->ca_file, "/ca");
	broker_url_fini(&b);
}
END_TEST

START_TEST(refuses_too_many)
{
	struct strbuf text = { 0 };
	struct broker_url b;
	struct err err;
	int i;

	strbuf_puts(&text, "sentinel://s");
	for (i = 1; i < 1000; i++)
		strbuf_putc(&text, ';');
	ck_assert(broker_url_parse(&b, strbuf_text(&text), &err));
	broker_url_fini(&b);
	strbuf_putc(&text, ';');
	ck_assert(!broker_url_parse(&b, strbuf_text(&text), &err));
	ck_assert_ptr_nonnull(strstr(err.text, "1000"));
	strbuf_fini(&text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("broker_url");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, reads_as_kombu_does, 0,
	    (int)(sizeof(goods) / sizeof(goods[0])));
	tcase_add_loop_test(
	    tc, refuses, 0, (int)(sizeof(bads) / sizeof(bads[0])));
	tcase_add_loop_test(tc, tells_contradictions, 0, 8);
	tcase_add_test(tc, rediss_without_options_is_not_verified);
	tcase_add_test(tc, refuses_too_many);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
