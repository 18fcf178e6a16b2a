/*
 * web_file_parts - what the readers of a web configuration share.
 */
#ifndef CONFIG_WEB_FILE_PARTS_H
#define CONFIG_WEB_FILE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/web_file.h"
#include "config/yaml.h"

struct web_reader {
	struct web_file	*f;
	const char	*name;		/* of the file */
	struct err	*err;
	bool		client_auth_given;
};

struct web_key {
	const char	*name;
	enum yaml_kind	kind;
	bool		(*read)(struct web_reader *, const struct yaml *);
};

/* Read every key of the map by its entry; false with a reason. */
bool	web_file_keys(struct web_reader *, const struct yaml *map,
	    const struct web_key *, size_t n);

/* "true" or "false". */
bool	web_file_bool(struct web_reader *, const struct yaml *, bool *out);

/* tls_server_config, and then what its values mean together. */
bool	web_file_tls(struct web_reader *, const struct yaml *);
bool	web_file_check_tls(struct web_reader *, const struct yaml *);

bool	web_file_http(struct web_reader *, const struct yaml *);
bool	web_file_users(struct web_reader *, const struct yaml *);

#endif
