/*
 * auth - basic authentication with bcrypt, without letting guesses starve a
 * good scrape.
 *
 * A password that was right, or wrong, before is known at once, by a keyed
 * digest; any other is hashed on a thread of its own, one at a time, behind a
 * short queue in which an address has few places.  An unknown user costs as
 * much time as a known one.
 *
 * All but the thread's own work runs on the web thread.
 */
#ifndef WEB_AUTH_H
#define WEB_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#define AUTH_QUEUE_MAX		32
#define AUTH_PER_ADDRESS_MAX	2
#define AUTH_KNOWN_MAX		64	/* right ones, and as many wrong ones */
#define AUTH_HEADER_MAX		1024

struct MHD_Connection;
struct auth;
struct auth_job;
struct web_file;

enum auth_verdict {
	AUTH_GRANTED,
	AUTH_DENIED,
	AUTH_BUSY,	/* too many are being checked */
	AUTH_LATER,	/* a job is to be submitted */
};

/* Without users, which is how it begins, everybody is granted. */
struct auth *auth_new(void);

/* End all jobs and the thread; what is submitted later is denied at once. */
void	auth_stop(struct auth *);
void	auth_free(struct auth *);

/* Take over the users of the file; verdicts of old ones are forgotten. */
void	auth_set_users(struct auth *, const struct web_file *);

/* Judge the Authorization header, NULL if none was sent.  address: the key
 * that the client is counted by. */
enum auth_verdict auth_judge(struct auth *, const char *authorization,
	    uint64_t address, struct auth_job **job);

/* Suspend the connection before; it is resumed once the job is done. */
void	auth_submit(struct auth *, struct auth_job *, struct MHD_Connection *);

/* Free a job that is not to be submitted. */
void	auth_discard(struct auth_job *);

/* What came out of a job that is done; frees it. */
enum auth_verdict auth_finish(struct auth *, struct auth_job *);

#endif
