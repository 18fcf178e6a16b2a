/*
 * negotiation - what a client's Accept headers ask for.  Pure.
 *
 * RFC 9110 12.5, as far as the two formats go.  Nothing is ever refused: a
 * client that asks for what there is not gets text 0.0.4.  Text is NULL when
 * the header was not sent; longer than NEGOTIATION_MAX it is not read.
 */
#ifndef WEB_NEGOTIATION_H
#define WEB_NEGOTIATION_H

#include <stdbool.h>

#include "metrics/render.h"

#define NEGOTIATION_MAX	4096

/* Accept.  OpenMetrics only by its name and with version=1.0.0; of two formats
 * of one q the first named. */
enum render_format negotiation_format(const char *accept);

/* Accept-Encoding: is gzip wanted? */
bool	negotiation_gzip(const char *accept_encoding);

#endif
