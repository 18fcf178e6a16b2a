/*
 * httpd - the HTTP side: libmicrohttpd on a thread of its own.
 *
 * Every answer is made from one reference to the newest snapshot: no request
 * waits for Redis or for the watch.  Connections, their time and their memory
 * are limited.
 */
#ifndef WEB_HTTPD_H
#define WEB_HTTPD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strlist.h"

struct build_info;
struct handover;
struct httpd;

/* All pointers but the list are borrowed until httpd_stop. */
struct httpd_conf {
	const struct strlist *listen_addresses;	/* ":10379", "[::1]:10379" */
	const char	*telemetry_path;
	bool		systemd_socket;	/* instead of those addresses */
	const char	*config_file;	/* --web.config.file; NULL = none */
	int64_t		max_connections;	/* 1 or more */
	const struct build_info	*build;
	struct handover	*handover;
	void		(*ask_reload)(void);	/* called on the web's thread;
						 * NULL: not by HTTP */
};

/* Listen on all addresses and start answering; NULL with a reason that names
 * the address that could not be taken. */
struct httpd *httpd_start(const struct httpd_conf *, struct err *);

/* Stop accepting, end what is open, join the threads. */
void	httpd_stop(struct httpd *);

#endif
