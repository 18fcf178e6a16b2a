/* utf8 - by the table of the Unicode standard. */
#include "base/utf8.h"

/* Table 3-7 of the Unicode standard: for a first byte in [first, last] the
 * second byte's range and the number of further bytes. */
static const struct lead {
	unsigned char first, last, second_min, second_max, more;
} leads[] = {
	{ 0xC2, 0xDF, 0x80, 0xBF, 1 },
	{ 0xE0, 0xE0, 0xA0, 0xBF, 2 },
	{ 0xE1, 0xEC, 0x80, 0xBF, 2 },
	{ 0xED, 0xED, 0x80, 0x9F, 2 },
	{ 0xEE, 0xEF, 0x80, 0xBF, 2 },
	{ 0xF0, 0xF0, 0x90, 0xBF, 3 },
	{ 0xF1, 0xF3, 0x80, 0xBF, 3 },
	{ 0xF4, 0xF4, 0x80, 0x8F, 3 },
};

size_t
utf8_sequence(const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;
	const struct lead *l;
	size_t i, k;

	if (len == 0 || u[0] == 0)
		return 0;
	if (u[0] < 0x80)
		return 1;
	for (i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		l = &leads[i];
		if (u[0] < l->first || u[0] > l->last)
			continue;
		if (len <= l->more || u[1] < l->second_min ||
		    u[1] > l->second_max)
			return 0;
		for (k = 2; k <= l->more; k++)
			if (u[k] < 0x80 || u[k] > 0xBF)
				return 0;
		return (size_t)l->more + 1;
	}
	return 0;
}
