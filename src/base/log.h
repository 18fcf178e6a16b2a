/*
 * log - one event, one line, one write to standard error.
 *
 * Never waits: a line that cannot be written at once is dropped and counted,
 * and the next line that can be is preceded by one that tells how many were
 * lost.  A line is at most LOG_LINE_MAX bytes, long values are cut.  Any thread
 * may log; the level and format are set once at start.  Values from peers may
 * hold any byte: they are quoted and escaped here.  Never pass a secret.
 *
 *	log_info("master changed", "master_name", name, "to", addr, NULL);
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* A pipe takes up to PIPE_BUF bytes whole or not at all. */
#define LOG_LINE_MAX	4096
#define LOG_VALUE_MAX	1024

enum log_level {
	LOG_DEBUG,
	LOG_INFO,
	LOG_WARN,
	LOG_ERROR,
};

enum log_format {
	LOG_LOGFMT,
	LOG_JSON,
};

/* Set level and format, before any thread starts. */
void	log_setup(enum log_level, enum log_format);

/* Would a line of this level be written?  Spares building costly values. */
bool	log_enabled(enum log_level);

/* A line with msg and pairs of key and value strings, ended by NULL; a pair
 * whose value is NULL, or which no longer fits, is left out. */
void	log_line(enum log_level, const char *msg, ...)
	    __attribute__((sentinel));

/* Lines lost since the start because nobody read them. */
uint64_t log_lines_dropped(void);

#define log_debug(...)	log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)	log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...)	log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...)	log_line(LOG_ERROR, __VA_ARGS__)

#endif
