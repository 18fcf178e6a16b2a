/* Numbers and durations: what was read is read the same from what is printed. */
#include <math.h>

#include "base/num.h"
#include "fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	char text[NUM_TEXT_MAX];
	int64_t ms, v, w;
	double d, e;
	size_t n;

	if (num_duration_ms(s, size, &ms)) {
		ASSERT(ms >= 0);
		n = num_format_duration(ms, text);
		ASSERT(n == strlen(text));
		ASSERT(num_duration_ms(text, n, &w) && w == ms);
	}
	if (num_double(s, size, &d)) {
		ASSERT(isfinite(d));
		n = num_format(d, text);
		ASSERT(n == strlen(text));
		ASSERT(num_double(text, n, &e) && e == d);
	}
	if (num_int(s, size, -100, 100, &v))
		ASSERT(v >= -100 && v <= 100);
	if (num_int(s, size, INT64_MIN + 1, INT64_MAX, &v))
		ASSERT(num_known(v));
	return 0;
}
