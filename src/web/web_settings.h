/*
 * web_settings - what --web.config.file says, in force, and followed when it
 * changes.
 *
 * A file that is broken when it is read again changes nothing; the log says
 * why.  On the web thread only, but for the opening.
 */
#ifndef WEB_WEB_SETTINGS_H
#define WEB_WEB_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "config/web_file.h"

#define WEB_SETTINGS_LOOK_MS	1000

struct auth;
struct tls_server;

struct web_settings {
	struct web_file file;		/* empty without a path */
	struct tls_server *tls;		/* counted; NULL = plain HTTP */
	struct auth	*auth;		/* owned */
	int64_t		looked_ms;
	bool		broken;		/* the new file is; it was logged */
};

/* path may be NULL: plain HTTP for everybody. */
bool	web_settings_open(struct web_settings *, const char *path,
	    struct err *);
void	web_settings_fini(struct web_settings *);

/* Read the files again if they changed; looks once a second. */
void	web_settings_refresh(struct web_settings *, int64_t now_ms);

#endif
