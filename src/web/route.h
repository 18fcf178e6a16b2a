/*
 * route - the table of what is served, and what a request and an answer are.
 *
 * To add a page: a function that fills in an answer, and a line in route.c.
 * Such a function runs on the web thread, with nothing of HTTP in its way; it
 * takes the newest snapshot, prints, and lets go.  HEAD, 404, 405, gzip, the
 * security headers and the request counters are done for it.
 *
 *	static void
 *	serve_hello(struct site *site, const struct request *rq,
 *	    struct answer *out)
 *	{
 *		strbuf_puts(&out->body, "Hello\n");
 *	}
 *
 *	{ "/hello", ROUTE_GET, serve_hello },
 *
 * An answer may be a stream of server-sent events instead (web/stream.h):
 *
 *	out->stream = print_news;
 *	out->content_type = "text/event-stream";
 *
 * A path that ends in "/" and is not "/" stands for all paths that begin so;
 * rq->rest is what is behind it.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "web/stream.h"

struct blob;
struct site;

#define ROUTE_GET	"GET, HEAD"
#define ROUTE_POST	"POST, PUT"
#define ROUTE_MAX	24

struct request {
	const char	*method, *path;
	const char	*rest;		/* of the path, behind a prefix; else "" */
	const char	*accept, *accept_encoding;	/* NULL: not sent */
	bool		has_body;
};

/* How long a client may keep it. */
enum answer_keep {
	ANSWER_NO_STORE,	/* what is true now */
	ANSWER_IMMUTABLE,	/* an asset whose name holds its hash */
};

struct answer {
	int		code;		/* 200 */
	const char	*content_type;	/* plain text */
	const char	*allow;		/* of a 405, else NULL */
	const char	*location;	/* of a 3xx, else NULL */
	bool		page;		/* HTML, with a strict security policy */
	enum answer_keep keep;
	bool		gzipped;
	struct strbuf	body;		/* the caller's to release */
	/* Instead of body, counted: first and last part. */
	struct blob	*parts[2];
	/* Instead of both: the client stays, and is sent what this prints
	 * whenever it prints something else. */
	stream_fn	*stream;
};

typedef void route_fn(struct site *, const struct request *, struct answer *);

struct route {
	const char	*path;		/* NULL: the telemetry path */
	const char	*methods;
	route_fn	*serve;
};

/* The last one is for every other path. */
extern const struct route routes[];
extern const size_t routes_count;

/* The number of the route for a path, and what is behind its prefix. */
size_t	route_find(const char *path, const char *telemetry_path,
	    const char **rest);

/* Is the method in the list? */
bool	route_allows(const char *methods, const char *method);

#endif
