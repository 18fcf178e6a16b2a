/*
 * http_response - an answer with the headers that it needs.
 */
#ifndef WEB_HTTP_RESPONSE_H
#define WEB_HTTP_RESPONSE_H

struct MHD_Response;
struct answer;
struct web_file;

/* The response, with the headers that the file wants, which has taken over what the answer held; NULL when out of
 * memory. */
struct MHD_Response *http_response(struct answer *,
	    const struct web_file *);

/* The same headers on a response whose body comes from elsewhere. */
void	http_response_headers(struct MHD_Response *, const struct answer *,
	    const struct web_file *);

#endif
