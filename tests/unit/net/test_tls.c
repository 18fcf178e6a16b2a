/* TLS as a connection meets it: real certificates, a real server. */
#include "fake/tls_peer.h"
#include "net/tls_context.h"
#include "unit/net/bench.h"

struct stage {
	struct bench bench;
	struct certs certs;
	struct tls_conf *conf;
	struct tls_peer *peer;
};

/* Two CAs; certificates that fit, and ones that each lack one thing. */
static const struct cert_spec specs[] = {
	{ .name = "ca" },
	{ .name = "other-ca" },
	{ .name = "server",
	    .issuer = "ca",
	    .sans = "DNS:redis.lab,DNS:*.nodes.lab,IP:127.0.0.1" },
	{ .name = "named", .issuer = "ca", .sans = "DNS:redis.lab" },
	{ .name = "expired",
	    .issuer = "ca",
	    .sans = "IP:127.0.0.1",
	    .from_s = -9 * CERTS_DAY,
	    .until_s = -2 * CERTS_DAY },
	{ .name = "early",
	    .issuer = "ca",
	    .sans = "IP:127.0.0.1",
	    .from_s = 2 * CERTS_DAY,
	    .until_s = 9 * CERTS_DAY },
	{ .name = "foreign", .issuer = "other-ca", .sans = "IP:127.0.0.1" },
	{ .name = "for-clients",
	    .issuer = "ca",
	    .sans = "IP:127.0.0.1",
	    .usage = "clientAuth" },
	{ .name = "client", .issuer = "ca" },
	{ .name = "foreign-client", .issuer = "other-ca" },
	{ .name = "expired-client",
	    .issuer = "ca",
	    .from_s = -9 * CERTS_DAY,
	    .until_s = -2 * CERTS_DAY },
	{ .name = "for-servers", .issuer = "ca", .usage = "serverAuth" },
};

static char *
file_of(const struct stage *s, const char *name, const char *suffix)
{
	return name == NULL ? NULL
			    : xstrdup(certs_path(&s->certs, name, suffix));
}

static void
begin(struct stage *s)
{
	size_t i;

	*s = (struct stage){ 0 };
	bench_begin(&s->bench);
	certs_begin(&s->certs);
	for (i = 0; i < COUNT(specs); i++)
		certs_make(&s->certs, &specs[i]);
	s->conf = tls_conf_new();
	s->conf->ca_file = file_of(s, "ca", ".crt");
}

static void
show_certificate(struct stage *s, const char *name)
{
	s->conf->cert_file = file_of(s, name, ".crt");
	s->conf->key_file = file_of(s, name, ".key");
}

static void
dial(struct stage *s, const struct addr *addr)
{
	s->bench.conf.tls = tls_context_new(s->conf);
	s->bench.conn = conn_new(&s->bench.conf, addr, &s->bench.ops, 0);
}

static void
serve(struct stage *s, const char *cert, const char *client_ca, int version)
{
	s->peer =
	    tls_peer_new(s->bench.loop, &s->certs, cert, client_ca, version);
}

static void
end(struct stage *s)
{
	struct tls_context *context = s->bench.conf.tls;

	tls_peer_free(s->peer);
	bench_end(&s->bench);
	tls_context_unref(context);
	tls_conf_unref(s->conf);
	certs_end(&s->certs);
}

/* Each fault: what the server shows and wants, what we show, which words. */
static const struct {
	const char *cert, *client_ca, *own, *server_name;
	const char *words; /* NULL = it works */
	int version;
} faults[] = {
	{ "server", NULL, NULL, NULL, NULL, TLS1_3_VERSION },
	{ "server", NULL, NULL, NULL, NULL, TLS1_2_VERSION },
	{ "server", NULL, NULL, "redis.lab", NULL, TLS1_3_VERSION },
	{ "server", NULL, NULL, "a.nodes.lab", NULL, TLS1_3_VERSION },
	{ "named", NULL, NULL, "redis.lab", NULL, TLS1_3_VERSION },
	{ "server", "ca", "client", NULL, NULL, TLS1_3_VERSION },
	{ "server", "ca", "client", NULL, NULL, TLS1_2_VERSION },
	{ "named", NULL, NULL, NULL,
	    "the peer's certificate is not for 127.0.0.1; it is for redis.lab",
	    TLS1_3_VERSION },
	{ "server", NULL, NULL, "elsewhere.lab",
	    "the peer's certificate is not for elsewhere.lab; it is for "
	    "redis.lab, *.nodes.lab, 127.0.0.1",
	    TLS1_2_VERSION },
	{ "server", NULL, NULL, "a.b.nodes.lab",
	    "the peer's certificate is not for a.b.nodes.lab", TLS1_3_VERSION },
	{ "expired", NULL, NULL, NULL, "the peer's certificate has expired (20",
	    TLS1_3_VERSION },
	{ "early", NULL, NULL, NULL,
	    "the peer's certificate is not valid yet (20", TLS1_2_VERSION },
	{ "foreign", NULL, NULL, NULL,
	    "the peer's certificate is signed by an unknown CA",
	    TLS1_3_VERSION },
	{ "other-ca", NULL, NULL, NULL,
	    "the peer's certificate is signed by an unknown CA",
	    TLS1_2_VERSION },
	{ "for-clients", NULL, NULL, NULL,
	    "the peer's certificate is not meant for servers", TLS1_3_VERSION },
	{ "server", NULL, NULL, NULL,
	    "the peer speaks none of our TLS versions", TLS1_1_VERSION },
	{ "server", "ca", NULL, NULL, "the peer wants a client certificate",
	    TLS1_3_VERSION },
	{ "server", "ca", NULL, NULL, "the peer wants a client certificate",
	    TLS1_2_VERSION },
	{ "server", "ca", "foreign-client", NULL,
	    "the peer does not know the CA of our certificate",
	    TLS1_3_VERSION },
	{ "server", "ca", "foreign-client", NULL,
	    "the peer does not know the CA of our certificate",
	    TLS1_2_VERSION },
	{ "server", "ca", "expired-client", NULL,
	    "the peer says that our certificate has expired", TLS1_3_VERSION },
	{ "server", "ca", "for-servers", NULL,
	    "the peer does not take our certificate: it may not be meant for "
	    "clients",
	    TLS1_2_VERSION },
};

START_TEST(each_fault_has_its_words)
{
	struct stage s;

	begin(&s);
	if (faults[_i].own != NULL)
		show_certificate(&s, faults[_i].own);
	if (faults[_i].server_name != NULL)
		s.conf->server_name = xstrdup(faults[_i].server_name);
	serve(&s, faults[_i].cert, faults[_i].client_ca, faults[_i].version);
	dial(&s, &s.peer->addr);
	bench_send(&s.bench, "a", "PING", HOUR_MS);
	if (faults[_i].words == NULL) {
		bench_expect(&s.bench, "up a=OK");
	} else {
		bench_expect(&s.bench, "down=tls a=tls");
		ck_assert_msg(strncmp(s.bench.detail, faults[_i].words,
				  strlen(faults[_i].words)) == 0,
		    "%s", s.bench.detail);
	}
	end(&s);
}
END_TEST

START_TEST(sni_is_sent_for_names_alone)
{
	struct stage s;

	begin(&s);
	if (_i == 1)
		s.conf->server_name = xstrdup("redis.lab");
	serve(&s, "server", NULL, TLS1_3_VERSION);
	dial(&s, &s.peer->addr);
	bench_expect(&s.bench, "up");
	ck_assert_str_eq(s.peer->sni, _i == 1 ? "redis.lab" : "");
	end(&s);
}
END_TEST

/* Off only by request: all of it, or the name alone. */
START_TEST(verification_can_be_turned_off)
{
	static const char *const certs[] = { "foreign", "named" };
	struct stage s;

	begin(&s);
	s.conf->insecure_skip_verify = _i == 0;
	s.conf->skip_name_check = _i == 1;
	serve(&s, certs[_i], NULL, TLS1_3_VERSION);
	dial(&s, &s.peer->addr);
	bench_expect(&s.bench, "up");
	end(&s);
}
END_TEST

START_TEST(sessions_are_resumed)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct stage s;

	begin(&s);
	serve(&s, "server", NULL, versions[_i]);
	dial(&s, &s.peer->addr);
	bench_send(&s.bench, "a", "PING", HOUR_MS);
	bench_expect(&s.bench, "up a=OK");
	tls_peer_cut(s.peer);
	bench_expect(&s.bench, "up a=OK down=closed up");
	ck_assert_uint_eq(s.peer->resumed, 1);
	end(&s);
}
END_TEST

static void
replace(char **text, char *with)
{
	free(*text);
	*text = with;
}

static void
cut_and_wait(struct stage *s, const char *words)
{
	size_t n = s->bench.words, len = s->bench.diary.len;

	tls_peer_cut(s->peer);
	bench_wait(&s->bench, n + bench_count(words));
	ck_assert_str_eq(s->bench.diary.s + len + 1, words);
}

/* The server's CA is another now: the file is read again, and the session is
 * not resumed, as it was judged by the old one. */
START_TEST(a_renewed_ca_file_is_followed)
{
	struct stage s;

	begin(&s);
	replace(&s.conf->ca_file, file_of(&s, "trusted", ".crt"));
	certs_copy(&s.certs, "ca", "trusted", ".crt");
	serve(&s, "server", NULL, TLS1_3_VERSION);
	dial(&s, &s.peer->addr);
	bench_expect(&s.bench, "up");
	tls_peer_configure(s.peer, &s.certs, "foreign", NULL, TLS1_3_VERSION);
	cut_and_wait(&s, "down=closed down=tls");
	certs_copy(&s.certs, "other-ca", "trusted", ".crt");
	bench_wait(&s.bench, s.bench.words + 1);
	while (!conn_is_up(s.bench.conn))
		bench_wait(&s.bench, s.bench.words + 1);
	end(&s);
}
END_TEST

/* Certificate first, key later, as two files are renewed: what was read before
 * stays in use while they do not fit. */
START_TEST(a_renewed_client_certificate_is_followed)
{
	struct stage s;

	begin(&s);
	show_certificate(&s, "client");
	serve(&s, "server", "ca", TLS1_2_VERSION);
	dial(&s, &s.peer->addr);
	bench_expect(&s.bench, "up");
	certs_copy(&s.certs, "foreign-client", "client", ".crt");
	cut_and_wait(&s, "down=closed up");
	certs_copy(&s.certs, "foreign-client", "client", ".key");
	cut_and_wait(&s, "down=closed down=tls");
	ck_assert_str_eq(
	    s.bench.detail, "the peer does not know the CA of our certificate");
	end(&s);
}
END_TEST

/* Files that cannot be used. */
static const struct {
	const char *ca, *cert, *key, *words;
} broken[] = {
	{ "none", NULL, NULL, "CA file %/none.crt: No such file" },
	{ "client.key", NULL, NULL, "CA file %/client.key.crt: " },
	{ "empty", NULL, NULL, "CA file %/empty.crt: no PEM certificate" },
	{ "ca", "none", "client", "certificate file %/none.crt: No such" },
	{ "ca", "empty", "client",
	    "certificate file %/empty.crt: no PEM certificate in it" },
	{ "ca", "client", "none", "key file %/none.key: No such file" },
	{ "ca", "client", "empty",
	    "key file %/empty.key: no PEM private key in it" },
	{ "ca", "client", "server",
	    "key file %/server.key does not belong to certificate file "
	    "%/client.crt" },
	{ "ca", "client", "sealed",
	    "key file %/sealed.key: the key is "
	    "encrypted; give one that is not" },
};

static void
put_folder(const struct stage *s, const char *words, struct strbuf *out)
{
	for (; *words != '\0'; words++)
		if (*words == '%')
			strbuf_puts(out, s->certs.folder);
		else
			strbuf_putc(out, *words);
}

START_TEST(files_that_cannot_be_used_are_named)
{
	struct strbuf words = { 0 };
	struct stage s;
	FILE *f;

	begin(&s);
	f = fopen(certs_path(&s.certs, "empty", ".crt"), "w");
	fclose(f);
	f = fopen(certs_path(&s.certs, "empty", ".key"), "w");
	fclose(f);
	certs_seal(&s.certs, "client", "sealed");
	replace(&s.conf->ca_file, file_of(&s, broken[_i].ca, ".crt"));
	s.conf->cert_file = file_of(&s, broken[_i].cert, ".crt");
	s.conf->key_file = file_of(&s, broken[_i].key, ".key");
	serve(&s, "server", NULL, TLS1_3_VERSION);
	dial(&s, &s.peer->addr);
	bench_expect(&s.bench, "down=tls");
	put_folder(&s, broken[_i].words, &words);
	ck_assert_msg(strncmp(s.bench.detail, words.s, words.len) == 0,
	    "%s, not %s", s.bench.detail, words.s);
	strbuf_fini(&words);
	end(&s);
}
END_TEST

/*
 * The other side does not speak TLS, or we do not.
 */

static const struct peer_step mute[] = { { PEER_OVER, NULL, 0 } };
static const struct peer_step *const mutes[] = { mute, NULL };
static const struct peer_step speaks[] = { { PEER_SEND, "-ERR what\r\n", 0 },
	{ PEER_OVER, NULL, 0 } };
static const struct peer_step *const speaking[] = { speaks, NULL };
static const struct peer_step ends[] = { { PEER_CLOSE, NULL, 0 } };
static const struct peer_step *const ending[] = { ends, NULL };

static const struct {
	const struct peer_step *const *scripts;
	const char *diary, *words;
} plain[] = {
	{ mutes, "down=timeout", "connected, but no TLS handshake in time" },
	{ speaking, "down=tls",
	    "the peer answers in plain text: it does not speak TLS on this "
	    "port" },
	{ ending, "down=closed", " during the TLS handshake" },
};

START_TEST(a_peer_that_speaks_no_tls)
{
	struct stage s;

	begin(&s);
	/* Only the first is waited for. */
	s.bench.conf.dial_timeout_ms = _i == 0 ? 300 : HOUR_MS;
	s.bench.peer = peer_new(s.bench.loop, 0, plain[_i].scripts);
	dial(&s, &s.bench.peer->addr);
	bench_expect(&s.bench, plain[_i].diary);
	ck_assert_msg(strstr(s.bench.detail, plain[_i].words) != NULL, "%s",
	    s.bench.detail);
	end(&s);
}
END_TEST

START_TEST(plain_text_to_a_port_of_tls)
{
	struct stage s;

	begin(&s);
	serve(&s, "server", NULL, TLS1_3_VERSION);
	s.bench.conn = conn_new(&s.bench.conf, &s.peer->addr, &s.bench.ops, 0);
	bench_expect(&s.bench, "down=closed");
	ck_assert_ptr_nonnull(strstr(s.bench.detail, "does it want TLS?"));
	end(&s);
}
END_TEST

START_TEST(a_unix_socket_needs_a_server_name)
{
	struct addr a;
	struct stage s;

	begin(&s);
	ck_assert(addr_set(&a, "/tmp", 4, 0));
	s.bench.peer = peer_new_unix(
	    s.bench.loop, certs_path(&s.certs, "socket", ""), mutes);
	dial(&s, &s.bench.peer->addr);
	bench_expect(&s.bench, "down=tls");
	ck_assert_ptr_nonnull(strstr(s.bench.detail, "needs a server name"));
	end(&s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tls");
	TCase *tc = tcase_create("tls");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, each_fault_has_its_words, 0, COUNT(faults));
	tcase_add_loop_test(tc, sni_is_sent_for_names_alone, 0, 2);
	tcase_add_loop_test(tc, verification_can_be_turned_off, 0, 2);
	tcase_add_loop_test(tc, sessions_are_resumed, 0, 2);
	tcase_add_test(tc, a_renewed_ca_file_is_followed);
	tcase_add_test(tc, a_renewed_client_certificate_is_followed);
	tcase_add_loop_test(
	    tc, files_that_cannot_be_used_are_named, 0, COUNT(broken));
	tcase_add_loop_test(tc, a_peer_that_speaks_no_tls, 0, COUNT(plain));
	tcase_add_test(tc, plain_text_to_a_port_of_tls);
	tcase_add_test(tc, a_unix_socket_needs_a_server_name);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
