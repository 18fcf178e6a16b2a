/*
 * err - why something could not be done, in words for the operator.
 *
 * A function that can fail for a reason worth telling takes a struct err *
 * last, returns false (or NULL), and fills it once, where the reason is known.
 * The text names the place and the fix and never holds a secret.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

struct err {
	char	text[512];
};

/* Set the text; longer text is cut. */
void	err_set(struct err *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Put "prefix: " before the text that is there. */
void	err_prefix(struct err *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
