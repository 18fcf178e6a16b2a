#include "web/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/num.h"

#define BACKLOG	      128
#define LISTENERS_MAX 64

/* addr_parse() wants a host, which ":port" has not. */
static bool
parse(const char *address, struct addr *a)
{
	size_t len = strlen(address);
	int64_t port;

	*a = (struct addr){ 0 };
	if (address[0] != ':')
		return addr_parse(a, address, len, 0);
	if (!num_int(address + 1, len - 1, 1, UINT16_MAX, &port))
		return false;
	a->port = (uint16_t)port;
	return true;
}

/* Without a host one IPv6 socket takes both families; with an IPv6 host it
 * must not get in the way of an IPv4 one on the same port. */
static int
listen_on(const struct addrinfo *ai, bool both_families)
{
	int fd, on = 1, v6only = !both_families;

	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    IPPROTO_TCP);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    (ai->ai_family != AF_INET6 ||
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only,
		    sizeof(v6only)) == 0) &&
	    bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	on = errno;
	close(fd);
	errno = on;
	return -1;
}

static int
listen_everywhere(uint16_t port)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = IN6ADDR_ANY_INIT };
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	struct addrinfo ai6 = { .ai_family = AF_INET6,
		.ai_addr = (struct sockaddr *)&v6,
		.ai_addrlen = sizeof(v6) };
	struct addrinfo ai4 = { .ai_family = AF_INET,
		.ai_addr = (struct sockaddr *)&v4,
		.ai_addrlen = sizeof(v4) };
	int fd = listen_on(&ai6, true);

	/* A kernel without IPv6. */
	if (fd < 0 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL))
		fd = listen_on(&ai4, false);
	return fd;
}

static int
listen_at(const struct addr *a, const char *address, struct err *err)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found, *ai;
	int rc, fd = -1;
	char port[8];

	(void)snprintf(port, sizeof(port), "%u", a->port);
	rc = getaddrinfo(a->host, port, &hints, &found);
	if (rc != 0) {
		err_set(
		    err, "cannot listen on %s: %s", address, gai_strerror(rc));
		return -1;
	}
	for (ai = found; ai != NULL && fd < 0; ai = ai->ai_next)
		fd = listen_on(ai, false);
	rc = errno;
	freeaddrinfo(found);
	errno = rc;
	return fd;
}

static const char *
remedy(int error)
{
	if (error == EADDRINUSE)
		return "; free the port or choose another with "
		       "--web.listen-address";
	if (error == EACCES)
		return "; choose a port above 1023 with --web.listen-address";
	if (error == EADDRNOTAVAIL)
		return "; choose an address of this machine with "
		       "--web.listen-address";
	return "";
}

int
listener_open(const char *address, struct err *err)
{
	struct addr a;
	int fd;

	if (!parse(address, &a)) {
		err_set(err,
		    "cannot listen on \"%s\": write host:port, "
		    "[IPv6]:port or :port in --web.listen-address",
		    address);
		return -1;
	}
	*err = (struct err){ 0 };
	fd = a.host[0] == '\0' ? listen_everywhere(a.port)
			       : listen_at(&a, address, err);
	if (fd < 0 && err->text[0] == '\0')
		err_set(err, "cannot listen on %s: %s%s", address,
		    strerror(errno), remedy(errno));
	return fd;
}

static bool
adopt(int fd)
{
	int on = 0, type = 0, flags = fcntl(fd, F_GETFL);
	socklen_t len = sizeof(int);

	return flags >= 0 &&
	       getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) == 0 &&
	       on != 0 &&
	       getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	       type == SOCK_STREAM &&
	       fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
	       fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

/* sd_listen_fds(3), which is all that libsystemd would be needed for. */
int
listener_systemd(struct err *err)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	int64_t to, n, i;

	if (pid == NULL || fds == NULL ||
	    !num_int(pid, strlen(pid), 1, INT32_MAX, &to) || to != getpid() ||
	    !num_int(fds, strlen(fds), 1, LISTENERS_MAX, &n)) {
		err_set(err, "--web.systemd-socket: systemd has handed over no "
			     "socket; start the exporter by its socket unit");
		return -1;
	}
	for (i = 0; i < n; i++)
		if (!adopt(LISTENER_SYSTEMD_FIRST + (int)i)) {
			err_set(err,
			    "--web.systemd-socket: socket %d of systemd does "
			    "not listen for streams; use ListenStream=",
			    (int)i + 1);
			return -1;
		}
	return (int)n;
}
