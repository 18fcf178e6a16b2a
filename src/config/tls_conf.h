/*
 * tls_conf - how to speak TLS to one kind of server.
 *
 * Counted and immutable.  Files are named here and read by who dials, so that
 * renewed ones are followed.
 */
#ifndef CONFIG_TLS_CONF_H
#define CONFIG_TLS_CONF_H

#include <stdatomic.h>
#include <stdbool.h>

enum tls_version {
	TLS_VERSION_1_2,
	TLS_VERSION_1_3,
};

struct tls_conf {
	atomic_int refs;
	/* CAs; all NULL = the system's */
	char	*ca_file;	/* owned, PEM */
	char	*ca_path;	/* owned, a folder as OpenSSL hashes it */
	char	*ca_data;	/* owned, PEM text */
	char	*cert_file;	/* owned, PEM; NULL = no client certificate */
	char	*key_file;	/* owned, PEM; NULL only if cert_file is */
	char	*server_name;	/* owned; NULL = the name or IP dialled */
	char	*ciphers;	/* owned, OpenSSL's list for TLS 1.2; NULL = its
				 * default */
	enum tls_version min_version;
	bool	 insecure_skip_verify;	/* neither chain nor name */
	bool	 skip_name_check;	/* chain only, as redis-py may be told */
};

/* All empty, one reference. */
struct tls_conf *tls_conf_new(void);

/* One more reference; NULL is fine, as plain text is a NULL tls_conf. */
struct tls_conf *tls_conf_ref(struct tls_conf *);
void	tls_conf_unref(struct tls_conf *);

/* NULL is equal to NULL only. */
bool	tls_conf_equal(const struct tls_conf *, const struct tls_conf *);

#endif
