/*
 * tls_peer - a Redis that speaks TLS, on the test's own loop.
 *
 * Whatever command comes is answered with "+OK"; only whole commands count.
 */
#ifndef FAKE_TLS_PEER_H
#define FAKE_TLS_PEER_H

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "fake/certs.h"
#include "fake/peer.h"

struct tls_peer {
	struct loop *loop;		/* borrowed */
	SSL_CTX *ctx;			/* owned */
	struct event *accepting;	/* owned */
	int fd;
	struct addr addr;
	size_t accepted, shaken, resumed;
	char sni[64];			/* of the last handshake */
	TAILQ_HEAD(, tls_session) sessions;
};

struct tls_session {
	TAILQ_ENTRY(tls_session) link;
	struct tls_peer *peer;
	struct event *readable;
	SSL *ssl;
	int fd;
	bool shaken;
	struct strbuf in;
};

/* cert: its name; client_ca: who may come, NULL = anybody. */
static inline void
tls_peer_configure(struct tls_peer *p, const struct certs *c, const char *cert,
    const char *client_ca, int max_version)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	ck_assert_int_eq(SSL_CTX_use_certificate_file(ctx,
			     certs_path(c, cert, ".crt"), SSL_FILETYPE_PEM),
	    1);
	ck_assert_int_eq(SSL_CTX_use_PrivateKey_file(ctx,
			     certs_path(c, cert, ".key"), SSL_FILETYPE_PEM),
	    1);
	/* TLS 1.1 needs the lowest level of security. */
	SSL_CTX_set_security_level(ctx, max_version == TLS1_1_VERSION ? 0 : 1);
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, max_version);
	SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"peer", 4);
	if (client_ca != NULL) {
		ck_assert_int_eq(SSL_CTX_load_verify_file(
				     ctx, certs_path(c, client_ca, ".crt")),
		    1);
		SSL_CTX_set_verify(ctx,
		    SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	}
	SSL_CTX_free(p->ctx);
	p->ctx = ctx;
}

static inline void
tls_session_free(struct tls_session *s)
{
	TAILQ_REMOVE(&s->peer->sessions, s, link);
	event_free(s->readable);
	SSL_free(s->ssl);
	close(s->fd);
	strbuf_fini(&s->in);
	free(s);
}

/* Commands end with the bytes of their last word; all words of ours that end
 * with CRLF and are followed by nothing or by "*" end a command. */
static inline size_t
tls_session_commands(struct tls_session *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->in.len; i++)
		n += s->in.s[i] == '*' && (i == 0 || s->in.s[i - 1] == '\n');
	s->in.len = 0;
	return n;
}

static inline void
tls_session_serve(struct tls_session *s)
{
	char bytes[4096];
	size_t n;

	while (SSL_read_ex(s->ssl, bytes, sizeof(bytes), &n) == 1)
		strbuf_add(&s->in, bytes, n);
	for (n = tls_session_commands(s); n > 0; n--)
		(void)SSL_write(s->ssl, "+OK\r\n", 5);
}

static inline void
tls_session_readable(evutil_socket_t fd, short what, void *arg)
{
	struct tls_session *s = arg;
	struct tls_peer *p = s->peer;
	const char *sni;
	int rc;

	(void)fd;
	(void)what;
	ERR_clear_error();
	if (!s->shaken) {
		rc = SSL_accept(s->ssl);
		if (rc != 1) {
			rc = SSL_get_error(s->ssl, rc);
			if (rc != SSL_ERROR_WANT_READ)
				tls_session_free(s);
			return;
		}
		s->shaken = true;
		p->shaken++;
		p->resumed += SSL_session_reused(s->ssl) == 1;
		sni = SSL_get_servername(s->ssl, TLSEXT_NAMETYPE_host_name);
		(void)snprintf(p->sni, sizeof(p->sni), "%s",
		    sni == NULL ? "" : sni);
	}
	if (SSL_peek(s->ssl, &(char){ 0 }, 1) <= 0 &&
	    SSL_get_error(s->ssl, -1) != SSL_ERROR_WANT_READ)
		tls_session_free(s);
	else
		tls_session_serve(s);
}

static inline void
tls_peer_accept(evutil_socket_t fd, short what, void *arg)
{
	struct tls_peer *p = arg;
	struct tls_session *s = xcalloc(1, sizeof(*s));

	(void)what;
	s->peer = p;
	s->fd = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	ck_assert_int_ge(s->fd, 0);
	s->ssl = SSL_new(p->ctx);
	SSL_set_fd(s->ssl, s->fd);
	s->readable = event_new(loop_base(p->loop), s->fd,
	    EV_READ | EV_PERSIST, tls_session_readable, s);
	event_add(s->readable, NULL);
	TAILQ_INSERT_TAIL(&p->sessions, s, link);
	p->accepted++;
}

static inline struct tls_peer *
tls_peer_new(struct loop *loop, const struct certs *c, const char *cert,
    const char *client_ca, int max_version)
{
	struct tls_peer *p = xcalloc(1, sizeof(*p));
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(in);

	p->loop = loop;
	TAILQ_INIT(&p->sessions);
	tls_peer_configure(p, c, cert, client_ca, max_version);
	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(p->fd, (struct sockaddr *)&in, len), 0);
	ck_assert_int_eq(listen(p->fd, 16), 0);
	ck_assert_int_eq(getsockname(p->fd, (struct sockaddr *)&in, &len), 0);
	ck_assert(addr_set(&p->addr, "127.0.0.1", 9, ntohs(in.sin_port)));
	p->accepting = event_new(loop_base(loop), p->fd, EV_READ | EV_PERSIST,
	    tls_peer_accept, p);
	event_add(p->accepting, NULL);
	return p;
}

/* Hang up on everybody. */
static inline void
tls_peer_cut(struct tls_peer *p)
{
	while (!TAILQ_EMPTY(&p->sessions))
		tls_session_free(TAILQ_FIRST(&p->sessions));
}

static inline void
tls_peer_free(struct tls_peer *p)
{
	if (p == NULL)
		return;
	tls_peer_cut(p);
	event_free(p->accepting);
	close(p->fd);
	SSL_CTX_free(p->ctx);
	free(p);
}

#endif
