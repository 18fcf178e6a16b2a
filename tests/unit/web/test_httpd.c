#include "web/httpd.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/build_info.h"
#include "base/strbuf.h"
#include "model/deployment.h"
#include "model/snapshot.h"
#include "unit/unit.h"

#define ANSWER_MS 4000 /* until an answer must be there */

static struct handover *handover;
static struct strlist addresses;
static struct httpd *httpd;
static uint16_t port;
static struct strbuf answer;

static struct sockaddr_in
loopback(uint16_t at)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons(at),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

/* A listening socket on a port that was free. */
static int
take_port(uint16_t *taken)
{
	struct sockaddr_in a = loopback(0);
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, len), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	getsockname(fd, (struct sockaddr *)&a, &len);
	*taken = ntohs(a.sin_port);
	return fd;
}

static void
add_address(uint16_t at)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "127.0.0.1:%u", at);

	strlist_add(&addresses, text, (size_t)len);
}

static const struct build_info build = { "1.2.3", "abc", "cc" };

static struct httpd *
start(int64_t max_connections, struct err *err)
{
	const struct httpd_conf conf = { .listen_addresses = &addresses,
		.telemetry_path = "/metrics",
		.max_connections = max_connections,
		.build = &build,
		.handover = handover };

	return httpd_start(&conf, err);
}

/* The port may be taken by somebody else in between: then another is tried. */
static void
start_on_free_ports(uint16_t *ports, int n, int64_t max_connections)
{
	struct err err;
	int tries, i;

	for (tries = 0; httpd == NULL && tries < 20; tries++) {
		strlist_fini(&addresses);
		for (i = 0; i < n; i++) {
			close(take_port(&ports[i]));
			add_address(ports[i]);
		}
		httpd = start(max_connections, &err);
	}
	ck_assert_msg(httpd != NULL, "%s", err.text);
}

static void
start_on_same_port(void)
{
	struct err err;
	int i;

	for (i = 0; httpd == NULL && i < 500; i++) {
		httpd = start(64, &err);
		if (httpd == NULL)
			(void)poll(NULL, 0, 5);
	}
	ck_assert_msg(httpd != NULL, "%s", err.text);
}

static void
setup_bare(void)
{
	signal(SIGPIPE, SIG_IGN);
	handover = handover_new();
}

static void
setup(void)
{
	setup_bare();
	start_on_free_ports(&port, 1, 64);
}

static void
teardown(void)
{
	httpd_stop(httpd);
	handover_free(handover);
	strlist_fini(&addresses);
	strbuf_fini(&answer);
}

static int
dial(void)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void
say(int fd, const char *bytes, size_t len)
{
	ssize_t n;

	while (len > 0 && (n = send(fd, bytes, len, MSG_NOSIGNAL)) > 0) {
		bytes += n;
		len -= (size_t)n;
	}
}

static void
say_text(int fd, const char *text)
{
	say(fd, text, strlen(text));
}

/* Read into answer until `until` is in it (NULL: until the other end closes);
 * false when it closes before, or nothing comes for too long. */
static bool
hear(int fd, const char *until)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];
	ssize_t n;

	strbuf_fini(&answer);
	for (;;) {
		if (until != NULL && answer.len > 0 &&
		    memmem(answer.s, answer.len, until, strlen(until)) != NULL)
			return true;
		if (poll(&p, 1, ANSWER_MS) != 1)
			return false;
		n = read(fd, buf, sizeof(buf));
		if (n <= 0)
			return until == NULL;
		strbuf_add(&answer, buf, (size_t)n);
	}
}

/* One request on a connection of its own. */
static void
ask(const char *text)
{
	int fd = dial();

	say_text(fd, text);
	hear(fd, NULL);
	close(fd);
}

#define GET(path, more)                                                       \
	"GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" more "\r" \
	"\n"

static bool
says(const char *text)
{
	return strstr(strbuf_text(&answer), text) != NULL;
}

static bool
begins(const char *text)
{
	return strncmp(strbuf_text(&answer), text, strlen(text)) == 0;
}

static int
open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static void
assert_alive(void)
{
	ask(GET("/-/healthy", ""));
	ck_assert_msg(begins("HTTP/1.1 200 "), "%s", strbuf_text(&answer));
}

START_TEST(serves_metrics)
{
	ask(GET("/metrics", ""));
	ck_assert(begins("HTTP/1.1 200 OK\r\n"));
	ck_assert(says("\r\nContent-Type: text/plain; version=0.0.4; "
		       "charset=utf-8\r\n"));
	ck_assert(says("\r\nCache-Control: no-store\r\n"));
	ck_assert(says("\r\nVary: Accept, Accept-Encoding\r\n"));
	ck_assert(says("\r\nX-Content-Type-Options: nosniff\r\n"));
	ck_assert(!says("\r\nContent-Encoding"));
	ck_assert(says("\r\n\r\n# HELP "));
	ck_assert(says("\nprocess_threads "));
}
END_TEST

START_TEST(serves_openmetrics_and_gzip)
{
	ask(GET("/metrics", "Accept: application/openmetrics-text;"
			    "version=1.0.0\r\nAccept-Encoding: gzip\r\n"));
	ck_assert(says("\r\nContent-Type: application/openmetrics-text; "
		       "version=1.0.0; charset=utf-8\r\n"));
	ck_assert(says("\r\nContent-Encoding: gzip\r\n"));
	ck_assert(says("\r\n\r\n\x1f\x8b\x08"));
}
END_TEST

START_TEST(query_is_ignored)
{
	ask(GET("/metrics?name[]=x&a", ""));
	ck_assert(begins("HTTP/1.1 200 "));
}
END_TEST

START_TEST(page_is_fenced_in)
{
	ask(GET("/", ""));
	ck_assert(says("\r\nContent-Type: text/html; charset=utf-8\r\n"));
	ck_assert(says("\r\nContent-Security-Policy: default-src 'none'; "));
	ck_assert(says("\r\nX-Frame-Options: DENY\r\n"));
	ck_assert(says("\r\nX-Content-Type-Options: nosniff\r\n"));
}
END_TEST

START_TEST(head_has_the_headers_and_no_body)
{
	int fd = dial();

	say_text(fd, "HEAD /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"
		     "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert(hear(fd, "Healthy\n"));
	ck_assert(says("\r\nContent-Length: 8\r\n"));
	ck_assert(says("\r\n\r\nHTTP/1.1 200 OK\r\n"));
	close(fd);
}
END_TEST

START_TEST(connections_live_on)
{
	int i, fd = dial();

	for (i = 0; i < 50; i++) {
		say_text(fd, "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
		ck_assert(hear(fd, "Healthy\n"));
	}
	close(fd);
}
END_TEST

static const struct refusal {
	const char *request, *status, *text;
} refusals[] = {
	{ GET("/nothing", ""), "HTTP/1.1 404 ", "Metrics are at /metrics" },
	{ GET("/%2e%2e/etc/passwd", ""), "HTTP/1.1 404 ", "Not found" },
	{ "DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	    "HTTP/1.1 405 ", "\r\nAllow: GET, HEAD\r\n" },
	{ "BREW /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	    "HTTP/1.1 405 ", "\r\nAllow: GET, HEAD\r\n" },
	{ "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
	    "HTTP/1.1 405 ", "\r\nAllow: GET, HEAD\r\n" },
	{ "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n"
	  "Expect: 100-continue\r\n\r\n",
	    "HTTP/1.1 405 ", "\r\nAllow: GET, HEAD\r\n" },
	{ "PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "5\r\nhello\r\n",
	    "HTTP/1.1 405 ", "\r\nAllow: GET, HEAD\r\n" },
	{ "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
	    "HTTP/1.1 413 ", "takes no body" },
	{ "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n"
	  "hello",
	    "HTTP/1.1 413 ", "takes no body" },
	{ "GET /metrics HTTP/1.1\r\nHost: x\r\n"
	  "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
	    "HTTP/1.1 413 ", "takes no body" },
	/* What a proxy in front may read otherwise. */
	{ "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
	  "Content-Length: 5\r\n\r\nhello",
	    "HTTP/1.1 400 ", "Two Content-Length" },
	{ "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
	  "Content-Length: 0\r\n\r\n",
	    "HTTP/1.1 400 ", "Two Content-Length" },
	{ "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
	  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    "HTTP/1.1 400 ", "beside Transfer-Encoding" },
	{ "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "HTTP/1.1 400 ",
	    "Two Host" },
	{ "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", "Host header is missing" },
	{ "GET /metrics%00.png HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400 ",
	    "a byte that no path has" },
	{ "GET /metr\x01ics HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400 ",
	    "a byte that no path has" },
	{ "\x16\x03\x01\x02", "HTTP/1.1 400 ", "no HTTP request" },
};

START_TEST(refuses)
{
	const struct refusal *r = &refusals[_i];
	int fd = dial();

	say_text(fd, r->request);
	ck_assert(hear(fd, r->text));
	ck_assert_msg(begins(r->status), "%s", strbuf_text(&answer));
	/* The connection ends: nothing behind it is taken for a request. */
	ck_assert(hear(fd, NULL));
	close(fd);
	assert_alive();
}
END_TEST

static const char *const garbage[] = {
	"\r\n\r\n\r\n",
	"GET\r\n\r\n",
	"GET / HTTP/9.9\r\n\r\n",
	"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
	"*1\r\n$4\r\nPING\r\n",
	"GET /\xff\xfe\x01 HTTP/1.1\r\nHost: \x80\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n"
	"\r\n",
	"GET / HTTP/1.1\r\nHost: x\r\nAccept: \x01\x02;q=\xff\r\n\r\n",
	"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\nrubbish rubbish\r\n\r\n",
	"GET /%00%ff%zz HTTP/1.1\r\nHost: x\r\n\r\n",
};

START_TEST(survives_garbage)
{
	int fd = dial();

	say_text(fd, garbage[_i]);
	assert_alive();
	shutdown(fd, SHUT_WR);
	assert_alive();
	close(fd);
}
END_TEST

START_TEST(survives_every_byte)
{
	char bytes[512];
	size_t i;
	int fd = dial();

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 + (size_t)_i);
	say(fd, bytes, sizeof(bytes));
	say_text(fd, "\r\n\r\n");
	assert_alive();
	close(fd);
}
END_TEST

/* A request line or header of length n. */
static void
ask_long(const char *before, size_t n, const char *behind)
{
	struct strbuf text = { 0 };
	int fd = dial();

	strbuf_puts(&text, before);
	while (n-- > 0)
		strbuf_putc(&text, 'a');
	strbuf_puts(&text, behind);
	say(fd, text.s, text.len);
	hear(fd, NULL);
	close(fd);
	strbuf_fini(&text);
}

START_TEST(long_url_is_refused)
{
	ask_long("GET /", 200000, " HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert(!says(" 200 "));
	assert_alive();
	ask_long("GET /", 10000,
	    " HTTP/1.1\r\nHost: x\r\n"
	    "Connection: close\r\n\r\n");
	ck_assert(begins("HTTP/1.1 404 "));
}
END_TEST

START_TEST(long_header_is_refused)
{
	ask_long("GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", 200000, "\r\n\r\n");
	ck_assert(!says(" 200 "));
	assert_alive();
	ask_long("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		 "Accept: ",
	    10000, "\r\n\r\n");
	ck_assert(begins("HTTP/1.1 200 "));
}
END_TEST

START_TEST(slow_clients_hold_nobody_up)
{
	int slow[10], i;

	for (i = 0; i < 10; i++) {
		slow[i] = dial();
		say_text(slow[i], "GET /metrics HTTP/1.1\r\nHo");
	}
	assert_alive();
	say_text(slow[0], "st: x\r\nConnection: close\r\n\r\n");
	ck_assert(hear(slow[0], NULL));
	ck_assert(begins("HTTP/1.1 200 "));
	for (i = 0; i < 10; i++)
		close(slow[i]);
}
END_TEST

START_TEST(half_open_clients_are_answered)
{
	int fd = dial();

	say_text(fd, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
	shutdown(fd, SHUT_WR);
	ck_assert(hear(fd, "\nprocess_threads "));
	close(fd);
}
END_TEST

START_TEST(clients_that_leave_before_the_answer_do_no_harm)
{
	const struct linger reset = { .l_onoff = 1 };
	int i, fd;

	for (i = 0; i < 20; i++) {
		fd = dial();
		say_text(fd, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);
	}
	assert_alive();
}
END_TEST

/* Idle ones give way, to each other too: the newest is always served. */
START_TEST(at_the_limit_idle_clients_give_way)
{
	int fd[8], i;

	start_on_free_ports(&port, 1, 4);
	for (i = 0; i < 8; i++) {
		fd[i] = dial();
		say_text(fd[i], "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
		ck_assert(hear(fd[i], "Healthy\n"));
	}
	/* 3 of 4 places are for one address. */
	say_text(fd[7], "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert(hear(fd[7], "Healthy\n"));
	for (i = 0; i < 5; i++) {
		hear(fd[i], NULL);
		ck_assert(!says("Healthy"));
	}
	for (i = 0; i < 8; i++)
		close(fd[i]);
}
END_TEST

/* Who has asked nothing yet holds nobody up, however many they are. */
START_TEST(at_the_limit_silent_clients_give_way)
{
	int fd[40], i;

	start_on_free_ports(&port, 1, 4);
	for (i = 0; i < 40; i++) {
		fd[i] = dial();
		say_text(fd[i], "GET /-/hea");
		if (i % 10 == 9)
			assert_alive();
	}
	for (i = 0; i < 40; i++)
		close(fd[i]);
}
END_TEST

/* Bytes and FIN in one packet: libmicrohttpd 0.9.75 did not notice. */
START_TEST(a_client_that_left_holds_no_descriptor)
{
	int i, fd, before = open_descriptors();

	for (i = 0; i < 50; i++) {
		fd = dial();
		say_text(fd, "GET /metr");
		close(fd);
	}
	for (i = 0; i < 400 && open_descriptors() > before; i++)
		(void)poll(NULL, 0, 5);
	ck_assert_int_le(open_descriptors(), before);
}
END_TEST

START_TEST(several_addresses_share_their_counters)
{
	uint16_t ports[2];
	int i;

	start_on_free_ports(ports, 2, 16);
	for (i = 0; i < 2; i++) {
		port = ports[i];
		assert_alive();
	}
	ask(GET("/metrics", ""));
	ck_assert(says("{handler=\"/-/healthy\",code=\"200\"} 2\n"));
}
END_TEST

START_TEST(a_taken_port_is_told_with_the_remedy)
{
	int taken = take_port(&port);
	char want[200];
	struct err err;

	add_address(port);
	ck_assert_ptr_null(start(4, &err));
	(void)snprintf(want, sizeof(want),
	    "cannot listen on 127.0.0.1:%u: Address already in use; free the "
	    "port or choose another with --web.listen-address",
	    port);
	ck_assert_str_eq(err.text, want);
	close(taken);
}
END_TEST

static const struct bad_address {
	const char *address, *text;
} bad_addresses[] = {
	{ "", "cannot listen on \"\": write host:port, [IPv6]:port or :port "
	      "in --web.listen-address" },
	{ "127.0.0.1", "cannot listen on \"127.0.0.1\": write host:port, " },
	{ ":0", "cannot listen on \":0\": write host:port, " },
	{ ":65536", "cannot listen on \":65536\": write host:port, " },
	{ ":x", "cannot listen on \":x\": write host:port, " },
	{ "192.0.2.1:10379", "cannot listen on 192.0.2.1:10379: Cannot assign "
			     "requested address; choose an address of this "
			     "machine with --web.listen-address" },
};

START_TEST(a_bad_address_is_told_with_the_remedy)
{
	const struct bad_address *b = &bad_addresses[_i];
	struct err err;

	strlist_add(&addresses, b->address, strlen(b->address));
	ck_assert_ptr_null(start(4, &err));
	ck_assert_msg(
	    strncmp(err.text, b->text, strlen(b->text)) == 0, "%s", err.text);
}
END_TEST

/* Failing on the second address must release the first. */
START_TEST(nothing_is_left_of_a_start_that_failed)
{
	uint16_t taken, first;
	int fd = take_port(&taken);
	struct err err;

	close(take_port(&first));
	add_address(first);
	add_address(taken);
	ck_assert_ptr_null(start(4, &err));
	close(fd);
	httpd = start(4, &err);
	ck_assert_msg(httpd != NULL, "%s", err.text);
}
END_TEST

START_TEST(stops_with_connections_open)
{
	int idle = dial(), begun = dial();

	say_text(begun, "GET / HTTP/1.1\r\n");
	assert_alive();
	httpd_stop(httpd);
	httpd = NULL;
	ck_assert(hear(idle, NULL));
	close(idle);
	close(begun);
}
END_TEST

static bool coming; /* atomic */

static void *
come_and_go(void *arg)
{
	struct sockaddr_in a = loopback(port);
	int fd;

	(void)arg;
	while (__atomic_load_n(&coming, __ATOMIC_RELAXED)) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
			say_text(fd, GET("/metrics", ""));
		close(fd);
	}
	return NULL;
}

/* Who was handed to libmicrohttpd just before it stopped is closed by it
 * without a word: an assertion failed at the end. */
START_TEST(stops_while_clients_come)
{
	pthread_t threads[4];
	int i, k;

	__atomic_store_n(&coming, true, __ATOMIC_RELAXED);
	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, come_and_go, NULL);
	for (k = 0; k < 30; k++) {
		httpd_stop(httpd);
		httpd = NULL;
		start_on_same_port();
		(void)poll(NULL, 0, 10);
	}
	__atomic_store_n(&coming, false, __ATOMIC_RELAXED);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}
END_TEST

/* Signals must reach the watch's loop, never a web thread. */
START_TEST(web_threads_block_all_signals)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	DIR *dir = opendir("/proc/self/task");
	unsigned long long mask;
	struct dirent *e;
	char path[300], line[256];
	size_t i, others = 0;
	FILE *f;

	/* A thread that is only just starting has all signals blocked. */
	assert_alive();
	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.' || atoi(e->d_name) == getpid())
			continue;
		(void)snprintf(
		    path, sizeof(path), "/proc/self/task/%s/status", e->d_name);
		f = fopen(path, "r");
		ck_assert_ptr_nonnull(f);
		while (fgets(line, sizeof(line), f) != NULL) {
			if (sscanf(line, "SigBlk: %llx", &mask) != 1)
				continue;
			others++;
			for (i = 0; i < 4; i++)
				ck_assert(mask >> (signals[i] - 1) & 1);
		}
		fclose(f);
	}
	closedir(dir);
	ck_assert_uint_ge(others, 1);
}
END_TEST

struct scraper {
	pthread_t thread;
	uint16_t port;
	int good;
};

static void *
scrape_often(void *arg)
{
	const char *text = GET("/metrics", "Accept-Encoding: gzip\r\n");
	struct scraper *me = arg;
	struct sockaddr_in a = loopback(me->port);
	char buf[4096];
	ssize_t n;
	int i, fd;

	for (i = 0; i < 50; i++) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0) {
			say_text(fd, text);
			n = read(fd, buf, sizeof(buf));
			me->good +=
			    n > 15 && memcmp(buf, "HTTP/1.1 200 OK", 15) == 0;
			while (n > 0)
				n = read(fd, buf, sizeof(buf));
		}
		close(fd);
	}
	return NULL;
}

/* Two web threads print while a third publishes. */
START_TEST(scrapes_and_publishing_go_side_by_side)
{
	const struct picture_time t = { { 1, 1 }, 15000 };
	struct scraper scrapers[4] = { 0 };
	struct deployment d = { 0 };
	struct snapshot *s;
	uint16_t ports[2];
	int i;

	start_on_free_ports(ports, 2, 16);
	deployment_add_master(&d, "mymaster");
	for (i = 0; i < 4; i++) {
		scrapers[i].port = ports[i % 2];
		pthread_create(
		    &scrapers[i].thread, NULL, scrape_often, &scrapers[i]);
	}
	for (i = 0; i < 2000; i++) {
		s = snapshot_new();
		snapshot_add(s, &d, &t);
		handover_publish(handover, s);
	}
	deployment_fini(&d);
	for (i = 0; i < 4; i++) {
		pthread_join(scrapers[i].thread, NULL);
		ck_assert_int_eq(scrapers[i].good, 50);
	}
	port = ports[0];
	ask(GET("/metrics", ""));
	ck_assert(says("{handler=\"/metrics\",code=\"200\"} 200\n"));
	ck_assert(says("sentinel_failovers_total{master_name=\"mymaster\","));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("httpd");
	TCase *tc = tcase_create("serving"), *bare = tcase_create("starting");

	tcase_set_timeout(tc, 20);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, serves_metrics);
	tcase_add_test(tc, serves_openmetrics_and_gzip);
	tcase_add_test(tc, query_is_ignored);
	tcase_add_test(tc, page_is_fenced_in);
	tcase_add_test(tc, head_has_the_headers_and_no_body);
	tcase_add_test(tc, connections_live_on);
	tcase_add_loop_test(
	    tc, refuses, 0, sizeof(refusals) / sizeof(refusals[0]));
	tcase_add_loop_test(
	    tc, survives_garbage, 0, sizeof(garbage) / sizeof(garbage[0]));
	tcase_add_loop_test(tc, survives_every_byte, 0, 8);
	tcase_add_test(tc, long_url_is_refused);
	tcase_add_test(tc, long_header_is_refused);
	tcase_add_test(tc, slow_clients_hold_nobody_up);
	tcase_add_test(tc, half_open_clients_are_answered);
	tcase_add_test(tc, clients_that_leave_before_the_answer_do_no_harm);
	tcase_add_test(tc, a_client_that_left_holds_no_descriptor);
	tcase_add_test(tc, stops_with_connections_open);
	tcase_add_test(tc, stops_while_clients_come);
	tcase_add_test(tc, web_threads_block_all_signals);
	tcase_add_test(bare, scrapes_and_publishing_go_side_by_side);
	suite_add_tcase(s, tc);
	tcase_set_timeout(bare, 20);
	tcase_add_checked_fixture(bare, setup_bare, teardown);
	tcase_add_test(bare, at_the_limit_idle_clients_give_way);
	tcase_add_test(bare, at_the_limit_silent_clients_give_way);
	tcase_add_test(bare, several_addresses_share_their_counters);
	tcase_add_test(bare, a_taken_port_is_told_with_the_remedy);
	tcase_add_loop_test(bare, a_bad_address_is_told_with_the_remedy, 0,
	    sizeof(bad_addresses) / sizeof(bad_addresses[0]));
	tcase_add_test(bare, nothing_is_left_of_a_start_that_failed);
	suite_add_tcase(s, bare);
	return unit_run(s);
}
