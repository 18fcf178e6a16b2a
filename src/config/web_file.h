/*
 * web_file - what --web.config.file says, in exporter-toolkit's format.
 *
 * Files that it names are read with it; their paths are relative to its own.
 */
#ifndef CONFIG_WEB_FILE_H
#define CONFIG_WEB_FILE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/file.h"
#include "base/strlist.h"

enum web_client_auth {
	WEB_NO_CLIENT_CERT,
	WEB_REQUEST_CLIENT_CERT,
	WEB_REQUIRE_ANY_CLIENT_CERT,
	WEB_VERIFY_CLIENT_CERT_IF_GIVEN,
	WEB_REQUIRE_AND_VERIFY_CLIENT_CERT,
};

/* A PEM text: from a file, or from the value itself. */
struct web_pem {
	char	*path;		/* owned; NULL = inline */
	char	*text;		/* owned, secret; NULL = not given */
	struct file_stamp stamp;
};

struct web_user {
	char	*name;		/* owned */
	char	*hash;		/* owned, bcrypt */
};

struct web_header {
	char	*name, *value;	/* owned */
};

struct web_file {
	char	*path;		/* owned */
	struct file_stamp stamp;
	bool	 tls;
	struct web_pem cert, private_key, client_ca;
	enum web_client_auth client_auth;
	struct strlist client_allowed_sans;
	int	 min_version, max_version;	/* 10 to 13 */
	struct strlist cipher_suites;	/* TLS 1.2 and older; known ones */
	struct strlist curves;		/* in order; known ones */
	bool	 prefer_server_ciphers;
	VEC(struct web_header) headers;
	VEC(struct web_user) users;
};

/* Read it; false with the place and the reason, and *f empty. */
bool	web_file_read(struct web_file *f, const char *path, struct err *);
void	web_file_fini(struct web_file *);

/* Has it, or a file that it names, changed since it was read? */
bool	web_file_changed(const struct web_file *);

#endif
