/*
 * blob - bytes that several answers share.
 *
 * Counted, and not changed once made; the last one to let go frees it, on any
 * thread.
 */
#ifndef WEB_BLOB_H
#define WEB_BLOB_H

#include <stddef.h>

struct strbuf;

struct blob {
	char	*bytes;		/* owned */
	size_t	 len;
	int	 refs;		/* private, atomic */
};

/* Take the bytes of body, which is left empty; one reference. */
struct blob *blob_new(struct strbuf *body);

/* NULL is fine for both. */
struct blob *blob_ref(struct blob *);
void	blob_unref(struct blob *);

/* How much all blobs together hold now. */
size_t	blob_bytes(void);

#endif
