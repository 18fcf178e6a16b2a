/*
 * assert - what only we can break, checked in release builds too.
 *
 * For invariants and for objects that a callback receives; never for what a
 * peer, a file or a client sends.  A failure prints one line and aborts:
 * going on would print figures that nobody can trust.
 *
 * An object that callbacks receive carries a number that tells its type:
 *
 *	struct conn {
 *		uint32_t	magic;
 *	#define CONN_MAGIC	0x6c1f08d3
 *	...
 *	OBJECT_INIT(c, CONN_MAGIC);	(in conn_new)
 *	OBJECT_CHECK(c, CONN_MAGIC);	(first line of each callback)
 *	OBJECT_FINI(c, CONN_MAGIC);	(in conn_free, before free)
 */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

#include <stdint.h>

/* Unlike assert(3), never compiled out.  The expression is read once. */
#define ASSERT(expression)                                                    \
	do {                                                                  \
		if (__builtin_expect(!(expression), 0))                       \
			assert_failed(__FILE__, __LINE__, #expression);       \
	} while (0)

#define OBJECT_INIT(object, number) ((void)((object)->magic = (number)))

/* Not NULL, of this type, and not freed. */
#define OBJECT_CHECK(object, number)                                          \
	ASSERT((object) != NULL && (object)->magic == (number))

/* Check it a last time and make later checks fail. */
#define OBJECT_FINI(object, number)                                           \
	do {                                                                  \
		OBJECT_CHECK(object, number);                                 \
		(object)->magic = 0;                                          \
	} while (0)

/* Print "assertion failed: FILE:LINE: EXPRESSION" to standard error, without
 * allocating, and abort. */
_Noreturn void assert_failed(const char *file, int line,
	    const char *expression);

#endif
