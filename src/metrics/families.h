/*
 * families - what the tables of the families_*.c are written with.  For
 * metrics/ alone; pure.
 *
 * A help text names the origin of the figure and holds none of \ " | nor a
 * line feed, so that it can stand in every format as it is.
 */
#ifndef METRICS_FAMILIES_H
#define METRICS_FAMILIES_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "metrics/family.h"
#include "metrics/samples.h"
#include "metrics/subject.h"
#include "model/snapshot.h"

/* The sections, in the order of the reference. */
extern const struct family_section families_sentinel, families_view,
    families_deployment, families_node, families_replica, families_celery,
    families_exporter;

/* Define the getter of a family with one value. */
#define VALUE(name, expression)                                               \
	static double name(const struct subject *s)                           \
	{                                                                     \
		return (expression);                                          \
	}                                                                     \
	struct family

#define SECTION(name, heading, table)                                         \
	const struct family_section name = { (heading), (table),   \
		sizeof(table) / sizeof((table)[0]) }

/* The value of a sample that there is none of. */
#define ABSENT	((double)NAN)

/* v where the condition for its being shown holds. */
static inline double
when(bool condition, double v)
{
	return condition ? v : ABSENT;
}

/* An integer of the model. */
static inline double
known(int64_t v)
{
	return when(v != NUM_UNKNOWN, (double)v);
}

/* Milliseconds of the model in seconds. */
static inline double
known_ms(int64_t v)
{
	return known(v) / 1000;
}

/* v while what it comes from is good. */
static inline double
until(const struct subject *s, int64_t until_ms, double v)
{
	return when(picture_good(until_ms, s->now_ms), v);
}

/* A moment in unix time; 0: there was none yet. */
static inline double
moment(int64_t wall_ms)
{
	return when(wall_ms > 0, known_ms(wall_ms));
}

/* Does the source answer, as far as one can tell now? */
double	families_source_up(const struct subject *);

#endif
