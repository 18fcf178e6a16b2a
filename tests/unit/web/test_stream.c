#include "web/stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/build_info.h"
#include "base/strbuf.h"
#include "model/snapshot.h"
#include "unit/unit.h"
#include "web/mhd.h"
#include "web/site.h"

#define ANSWER_MS 4000

static const struct build_info build = { "1.2.3", "abc", "cc" };
static struct handover *handover;
static struct site site;
static struct streams *streams;
static struct MHD_Daemon *server;
static struct strbuf heard;
static int64_t now_ms;
static int last_fd; /* the server's, of the last listener */

/* What listeners are to know: how many polls there were. */
static void
print_polls(struct site *of, const struct snapshot *s, struct strbuf *out)
{
	ck_assert_ptr_eq(of, &site);
	strbuf_printf(out, "polled\n%d", (int)s->poll_duration_ms);
}

static void
publish(int polls)
{
	struct snapshot *s = snapshot_new();

	s->poll_duration_ms = polls;
	s->next_stale_ms = INT64_MAX;
	handover_publish(handover, s);
}

static enum MHD_Result
handle(void *arg, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **mine)
{
	int fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)
		     ->connect_fd;
	struct MHD_Response *r = streams_listen(streams, print_polls, c, fd);
	enum MHD_Result queued;
	unsigned code = r != NULL ? 200 : 503;

	(void)arg, (void)url, (void)method, (void)version, (void)data,
	    (void)size, (void)mine;
	__atomic_store_n(&last_fd, fd, __ATOMIC_RELEASE);
	if (r == NULL)
		r = mhd_response(&(struct strbuf){ 0 });
	queued = MHD_queue_response(c, code, r);
	MHD_destroy_response(r);
	return queued;
}

static void
setup(void)
{
	now_ms = 1000;
	handover = handover_new();
	site_init(&site, "/metrics", &build, handover);
	publish(1);
	streams = streams_new(&site, 2);
	server = MHD_start_daemon(
	    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
	    NULL, handle, NULL, MHD_OPTION_END);
	ck_assert_ptr_nonnull(server);
}

static void
teardown(void)
{
	streams_end_all(streams);
	MHD_stop_daemon(server);
	streams_free(streams);
	site_fini(&site);
	handover_free(handover);
	strbuf_fini(&heard);
}

static int
dial(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port =
		    htons(MHD_get_daemon_info(server, MHD_DAEMON_INFO_BIND_PORT)
			      ->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(
	    send(fd, request, sizeof(request) - 1, 0), sizeof(request) - 1);
	return fd;
}

/* The door's thread: a turn each time, until the text is there. */
static bool
hears(int fd, const char *text)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];
	ssize_t n;
	int i;

	strbuf_fini(&heard);
	for (i = 0; i < ANSWER_MS / 10; i++) {
		streams_turn(streams, now_ms);
		if (poll(&p, 1, 10) != 1)
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n <= 0)
			return text == NULL;
		strbuf_add(&heard, buf, (size_t)n);
		if (text != NULL && strstr(strbuf_text(&heard), text) != NULL)
			return true;
	}
	return false;
}

START_TEST(a_listener_hears_the_newest_state_and_each_change)
{
	int fd = dial();

	ck_assert(hears(fd, "data: polled\ndata: 1\n\n"));
	publish(2);
	now_ms += STREAM_MS;
	ck_assert(hears(fd, "data: polled\ndata: 2\n\n"));
	close(fd);
}
END_TEST

START_TEST(what_is_the_same_is_not_sent_again)
{
	int fd = dial();

	ck_assert(hears(fd, "data: 1\n\n"));
	publish(1);
	now_ms += STREAM_MS;
	streams_turn(streams, now_ms);
	publish(2);
	now_ms += STREAM_MS;
	ck_assert(hears(fd, "data: 2\n\n"));
	ck_assert_ptr_null(strstr(strbuf_text(&heard), "data: 1"));
	close(fd);
}
END_TEST

START_TEST(quiet_streams_show_life)
{
	int fd = dial();

	ck_assert(hears(fd, "data: 1\n\n"));
	now_ms += STREAM_ALIVE_MS;
	ck_assert(hears(fd, ":\n\n"));
	close(fd);
}
END_TEST

START_TEST(too_many_listeners_are_refused)
{
	int a = dial(), b, c;

	ck_assert(hears(a, "data: 1\n\n"));
	b = dial();
	ck_assert(hears(b, "data: 1\n\n"));
	c = dial();
	ck_assert(hears(c, "HTTP/1.1 503 "));
	close(a);
	close(b);
	close(c);
}
END_TEST

/* A suspended connection is not watched by libmicrohttpd: the door ends it. */
START_TEST(a_listener_that_left_is_let_go)
{
	int fd = dial(), i;

	ck_assert(hears(fd, "data: 1\n\n"));
	streams_end(streams, __atomic_load_n(&last_fd, __ATOMIC_ACQUIRE));
	ck_assert(hears(fd, "0\r\n\r\n"));
	close(fd);
	for (i = 0; i < ANSWER_MS / 10 && streams_busy(streams); i++)
		(void)poll(NULL, 0, 10);
	ck_assert(!streams_busy(streams));
}
END_TEST

START_TEST(the_server_ends_with_listeners_waiting)
{
	int fd = dial();

	ck_assert(hears(fd, "data: 1\n\n"));
	streams_end_all(streams);
	ck_assert(hears(fd, "0\r\n\r\n"));
	close(fd);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("stream");
	TCase *tc = tcase_create("stream");

	tcase_set_timeout(tc, 20);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_listener_hears_the_newest_state_and_each_change);
	tcase_add_test(tc, what_is_the_same_is_not_sent_again);
	tcase_add_test(tc, quiet_streams_show_life);
	tcase_add_test(tc, too_many_listeners_are_refused);
	tcase_add_test(tc, a_listener_that_left_is_let_go);
	tcase_add_test(tc, the_server_ends_with_listeners_waiting);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
