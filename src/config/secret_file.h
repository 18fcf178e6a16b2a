/*
 * secret_file - a password kept in a file.
 */
#ifndef CONFIG_SECRET_FILE_H
#define CONFIG_SECRET_FILE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/file.h"

#define SECRET_FILE_MAX	4096

struct secret_file {
	char	*secret;	/* owned: xfree_secret() */
	bool	 exposed;	/* others may read the file */
	struct file_stamp stamp;
};

/* Read the file once; one trailing newline is no part of the secret. */
bool	secret_file_read(struct secret_file *, const char *path, struct err *);

#endif
