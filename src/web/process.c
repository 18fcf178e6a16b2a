#include "web/process.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/num.h"
#include "metrics/family.h"

/* proc(5), /proc/pid/stat: what stands behind the ")" of the name, which may
 * itself hold anything; the first of these fields is the third, the state. */
enum stat_field {
	STAT_UTIME = 14 - 3,
	STAT_STIME = 15 - 3,
	STAT_THREADS = 20 - 3,
	STAT_STARTTIME = 22 - 3,
	STAT_VSIZE = 23 - 3,
	STAT_RSS = 24 - 3,
	STAT_FIELDS,
};

static size_t
read_file(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "re");
	size_t n;

	if (f == NULL)
		return 0;
	n = fread(buf, 1, size - 1, f);
	fclose(f);
	buf[n] = '\0';
	return n;
}

static bool
read_stat(int64_t fields[STAT_FIELDS])
{
	char buf[2048], *p, *word;
	int i;

	if (read_file("/proc/self/stat", buf, sizeof(buf)) == 0 ||
	    (p = strrchr(buf, ')')) == NULL)
		return false;
	p++;
	for (i = 0; i < STAT_FIELDS; i++) {
		p += strspn(p, " ");
		word = p;
		p += strcspn(p, " ");
		if (p == word)
			return false;
		if (!num_int(
			word, (size_t)(p - word), 0, INT64_MAX, &fields[i]))
			fields[i] = NUM_UNKNOWN;
	}
	return true;
}

/* Unix time of boot: the line "btime N" of /proc/stat. */
static double
boot_time(void)
{
	static const char key[] = "btime ";
	const size_t skip = sizeof(key) - 1;
	FILE *f = fopen("/proc/stat", "re");
	int64_t at = NUM_UNKNOWN;
	char *line = NULL;
	size_t size = 0;

	if (f == NULL)
		return (double)NAN;
	while (at == NUM_UNKNOWN && getline(&line, &size, f) > 0)
		if (strncmp(line, key, skip) == 0 &&
		    !num_int(line + skip, strcspn(line + skip, "\n"), 0,
			INT64_MAX, &at))
			break;
	free(line);
	fclose(f);
	return at == NUM_UNKNOWN ? (double)NAN : (double)at;
}

static int64_t
count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int64_t n = 0;

	if (dir == NULL)
		return NUM_UNKNOWN;
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n - 1; /* the directory's own */
}

static int64_t
limit_of(__rlimit_resource_t resource)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return NUM_UNKNOWN;
	return (int64_t)limit.rlim_cur;
}

void
process_read(struct self_stats *self)
{
	double ticks = (double)sysconf(_SC_CLK_TCK);
	int64_t f[STAT_FIELDS];

	self->cpu_seconds = self->start_time_seconds = (double)NAN;
	self->threads = self->virtual_bytes = self->resident_bytes =
	    NUM_UNKNOWN;
	self->log_lines_dropped = log_lines_dropped();
	self->open_fds = count_fds();
	self->max_fds = limit_of(RLIMIT_NOFILE);
	self->virtual_max_bytes = limit_of(RLIMIT_AS);
	if (!read_stat(f))
		return;
	self->cpu_seconds = (double)(f[STAT_UTIME] + f[STAT_STIME]) / ticks;
	self->start_time_seconds =
	    boot_time() + (double)f[STAT_STARTTIME] / ticks;
	self->threads = f[STAT_THREADS];
	self->virtual_bytes = f[STAT_VSIZE];
	self->resident_bytes = f[STAT_RSS] * sysconf(_SC_PAGESIZE);
}
