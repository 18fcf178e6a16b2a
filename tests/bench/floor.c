/*
 * floor - the least that a poll round can cost.
 *
 * Sends each peer the commands of a round over a kept connection and throws
 * the replies away.  What it spends on CPU is the kernel's part and nothing
 * else; the exporter is measured against it.
 *
 *	floor ROUNDS < peers	one line a peer: port, then commands, each
 *				word separated by a space, commands by '|'
 *
 * Prints the CPU time of a round in microseconds.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEERS_MAX 16
#define PONG	  "+PONG\r\n"

struct peer {
	int fd;
	char wire[65536];
	size_t len;
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
add_command(struct peer *p, char *command)
{
	char *words[32], *save = NULL, *word;
	size_t i, n = 0;

	for (word = strtok_r(command, " ", &save); word != NULL && n < 32;
	     word = strtok_r(NULL, " ", &save))
		words[n++] = word;
	p->len += (size_t)snprintf(
	    p->wire + p->len, sizeof(p->wire) - p->len, "*%zu\r\n", n);
	for (i = 0; i < n; i++)
		p->len +=
		    (size_t)snprintf(p->wire + p->len, sizeof(p->wire) - p->len,
			"$%zu\r\n%s\r\n", strlen(words[i]), words[i]);
}

static void
dial(struct peer *p, int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1;

	p->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(p->fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		die("connect");
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static size_t
read_peers(struct peer *peers)
{
	char line[16384], *save = NULL, *command;
	size_t n = 0;

	while (n < PEERS_MAX && fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		command = strtok_r(line, "|", &save);
		dial(&peers[n], atoi(command));
		while ((command = strtok_r(NULL, "|", &save)) != NULL)
			add_command(&peers[n], command);
		/* Its answer marks the end of all others. */
		add_command(&peers[n], (char[]){ "PING" });
		n++;
	}
	return n;
}

static void
ask(struct peer *p)
{
	if (write(p->fd, p->wire, p->len) != (ssize_t)p->len)
		die("write");
}

static void
throw_away(struct peer *p)
{
	static char buf[65536];
	char tail[sizeof(PONG)] = "";
	ssize_t n;
	size_t keep = sizeof(PONG) - 1;

	do {
		n = read(p->fd, buf, sizeof(buf));
		if (n <= 0)
			die("read");
		if ((size_t)n >= keep)
			memcpy(tail, buf + (size_t)n - keep, keep);
	} while (memcmp(tail, PONG, keep) != 0);
}

static double
cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return 1e6 * (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

int
main(int argc, char **argv)
{
	static struct peer peers[PEERS_MAX];
	int round, rounds = argc > 1 ? atoi(argv[1]) : 100;
	size_t i, n = read_peers(peers);
	double begun = cpu_us();

	for (round = 0; round < rounds; round++) {
		for (i = 0; i < n; i++)
			ask(&peers[i]);
		for (i = 0; i < n; i++)
			throw_away(&peers[i]);
	}
	printf("%.1f\n", (cpu_us() - begun) / rounds);
	return 0;
}
