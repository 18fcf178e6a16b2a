/* healthcheck - is the exporter that listens there alive? */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/clock.h"
#include "command/command.h"
#include "config/web_file.h"

#define DEADLINE_MS 5000

static const char question[] = "GET /-/healthy HTTP/1.1\r\n"
			       "Host: localhost\r\n"
			       "Connection: close\r\n\r\n";

/* Where a process of this machine reaches what listens there. */
static void
choose_address(const char *listen, char *host, char *port)
{
	struct addr a;

	if (listen[0] == ':' || !addr_parse(&a, listen, strlen(listen), 0)) {
		(void)snprintf(host, ADDR_HOST_MAX, "localhost");
		(void)snprintf(port, NI_MAXSERV, "%s", listen + 1);
		return;
	}
	if (strcmp(a.host, "0.0.0.0") == 0)
		strlcpy(a.host, "127.0.0.1", sizeof(a.host));
	else if (strcmp(a.host, "::") == 0)
		strlcpy(a.host, "::1", sizeof(a.host));
	(void)snprintf(host, ADDR_HOST_MAX, "%s", a.host);
	(void)snprintf(port, NI_MAXSERV, "%u", a.port);
}

/* False when it is not ready in time. */
static bool
wait_for(int fd, short events, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left;
	int n;

	do {
		left = deadline_ms - clock_now().mono_ms;
		n = left <= 0 ? 0 : poll(&p, 1, (int)left);
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		errno = ETIMEDOUT;
	return n > 0;
}

static bool
connect_to(int fd, const struct addrinfo *ai, int64_t deadline_ms)
{
	int problem = 0;
	socklen_t len = sizeof(problem);

	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
		return true;
	if (errno != EINPROGRESS || !wait_for(fd, POLLOUT, deadline_ms))
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &len) != 0)
		return false;
	errno = problem;
	return problem == 0;
}

/* Send the question in plain text and read the first line of the answer. */
static bool
ask_plain(int fd, char *line, size_t size, int64_t deadline_ms)
{
	size_t got = 0;
	ssize_t n;

	if (send(fd, question, sizeof(question) - 1, MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(question) - 1)
		return false;
	while (got + 1 < size && memchr(line, '\n', got) == NULL) {
		if (!wait_for(fd, POLLIN, deadline_ms))
			return false;
		n = recv(fd, line + got, size - 1 - got, 0);
		if (n == 0)
			errno = ECONNRESET;
		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

/* What an SSL call wants before it is made again; false: it failed. */
static bool
wait_tls(int fd, SSL *ssl, int n, int64_t deadline_ms)
{
	switch (SSL_get_error(ssl, n)) {
	case SSL_ERROR_WANT_READ:
		return wait_for(fd, POLLIN, deadline_ms);
	case SSL_ERROR_WANT_WRITE:
		return wait_for(fd, POLLOUT, deadline_ms);
	default:
		errno = ECONNRESET;
		return false;
	}
}

/* The handshake is answer enough, and so is an alert: a server may want a
 * certificate, and a health check has none.  Nothing is verified, as nothing is
 * told. */
static bool
ask_tls(int fd, int64_t deadline_ms)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = ctx == NULL ? NULL : SSL_new(ctx);
	bool ok = ssl != NULL && SSL_set_fd(ssl, fd) == 1;
	int n;

	while (ok && (n = SSL_connect(ssl)) != 1)
		ok = wait_tls(fd, ssl, n, deadline_ms);
	ok = ok || ERR_GET_REASON(ERR_peek_error()) >= SSL_AD_REASON_OFFSET;
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	return ok;
}

static bool
ask(bool tls, int fd, char *line, size_t size, int64_t deadline_ms)
{
	if (!tls)
		return ask_plain(fd, line, size, deadline_ms);
	strlcpy(line, "HTTP/1.1 200 OK", size);
	return ask_tls(fd, deadline_ms);
}

static bool
ask_at(const struct addrinfo *ai, bool tls, char *line, size_t size,
    int64_t deadline_ms)
{
	int fd, problem;
	bool ok;

	fd = socket(ai->ai_family,
	    ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, ai->ai_protocol);
	if (fd < 0)
		return false;
	ok = connect_to(fd, ai, deadline_ms) &&
	     ask(tls, fd, line, size, deadline_ms);
	problem = errno;
	(void)close(fd);
	errno = problem;
	return ok;
}

static int
report(const char *address, const char *reason)
{
	fprintf(stderr, "sentinel-exporter: %s: %s\n", address, reason);
	return COMMAND_CHECK_FAILED;
}

static bool
speaks_tls(const struct conf *conf, bool *tls, struct err *err)
{
	struct web_file f;

	if (conf->web_config_file == NULL)
		return true;
	if (!web_file_read(&f, conf->web_config_file, err))
		return false;
	*tls = f.tls;
	web_file_fini(&f);
	return true;
}

int
command_healthcheck(const struct conf *conf)
{
	const int64_t deadline_ms = clock_now().mono_ms + DEADLINE_MS;
	const char *address = conf->web_listen_addresses.items.v[0];
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char host[ADDR_HOST_MAX], port[NI_MAXSERV], line[128] = "";
	struct addrinfo *list, *ai;
	bool ok = false, tls = false;
	struct err err;
	int problem;

	if (!speaks_tls(conf, &tls, &err))
		return report(conf->web_config_file, err.text);
	choose_address(address, host, port);
	problem = getaddrinfo(host, port, &hints, &list);
	if (problem != 0)
		return report(address, gai_strerror(problem));
	for (ai = list; ai != NULL && !ok; ai = ai->ai_next)
		ok = ask_at(ai, tls, line, sizeof(line), deadline_ms);
	problem = errno;
	freeaddrinfo(list);
	if (!ok)
		return report(address, strerror(problem));
	/* One that asks for a password is alive, too. */
	if (strncmp(line, "HTTP/1.1 200 ", 13) != 0 &&
	    strncmp(line, "HTTP/1.1 401 ", 13) != 0)
		return report(address, "is not healthy");
	return COMMAND_OK;
}
