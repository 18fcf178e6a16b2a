/*
 * credentials - user and password of one kind of server.
 *
 * In a group_conf they are as they were when the configuration was read.  Who
 * dials keeps a copy and refreshes it before each dial, so that a password
 * file that changed is followed without a reload.
 */
#ifndef CONFIG_CREDENTIALS_H
#define CONFIG_CREDENTIALS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/file.h"

struct credentials {
	char	*username;	/* owned; NULL = default user */
	char	*password;	/* owned, secret; NULL = none */
	char	*password_file;	/* owned; NULL: it came from elsewhere */
	bool	 hide_username;	/* a URL's, without a password beside it: it
				 * may be the password, so never show it */
	struct file_stamp stamp;	/* of the file when it was read */
	unsigned changes;	/* of the password, seen by a refresh */
};

void	credentials_fini(struct credentials *);
void	credentials_copy(struct credentials *to, const struct credentials *);

/* The user as messages may show it: "default" when there is none. */
const char *credentials_shown_user(const struct credentials *);

/* Same user, and the same password or the same file. */
bool	credentials_equal(const struct credentials *,
	    const struct credentials *);

enum credentials_refresh {
	CREDENTIALS_SAME,	/* nothing changed, or only the file's date */
	CREDENTIALS_CHANGED,	/* the password is another one now */
	CREDENTIALS_UNREADABLE,	/* err says why; the password stays */
};

/* Read the password file again if it has changed since it was read; a file
 * that cannot be read is reported once per change.  Cheap when nothing did: one
 * stat(). */
enum credentials_refresh credentials_refresh(struct credentials *,
	    struct err *);

#endif
