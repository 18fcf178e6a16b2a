/*
 * labels - the label set of one object, as all its series are printed.  Pure.
 *
 * Written once, when the object first enters a picture, and shared by counted
 * reference by every later one.  Immutable; any thread may let go.
 */
#ifndef MODEL_LABELS_H
#define MODEL_LABELS_H

#include <stdbool.h>
#include <stddef.h>

struct labels {
	int		refs;		/* private */
	const char	*name;		/* the object's own name: any bytes,
					 * and a NUL behind them */
	size_t		name_len;
	size_t		len;
	char		set[];		/* escaped; {group="a",master_name="b"
					 * without the brace that closes it */
};

/* The labels of outer (NULL: none) and one more.  The value may be any bytes:
 * names that differ stay apart. */
const struct labels *labels_new(const struct labels *outer,
	    const char *label, const char *value, size_t len);

/* Is this the label set of an object of that name? */
bool	labels_named(const struct labels *, const char *value, size_t len);

/* One reference more; NULL is fine, and means none ever. */
const struct labels *labels_ref(const struct labels *);
void	labels_unref(const struct labels *);

#endif
