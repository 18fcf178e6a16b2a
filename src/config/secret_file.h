/*
 * secret_file - a password kept in a file.
 */
#ifndef CONFIG_SECRET_FILE_H
#define CONFIG_SECRET_FILE_H

#include <stdbool.h>

#include "base/err.h"

#define SECRET_FILE_MAX	4096

/* Read the file once into a new string, which the caller frees with
 * xfree_secret(); one trailing newline is no part of it.  *exposed tells
 * whether others may read the file. */
bool	secret_file_read(const char *path, char **secret, bool *exposed,
	    struct err *);

#endif
