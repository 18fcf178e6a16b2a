/*
 * signals - those that mean nothing to us, which would end the process.
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

/* Ignore them, before any thread starts: whatever is sent by mistake (a log
 * rotator's SIGUSR1, a closed terminal's SIGHUP) or by the system (SIGPIPE,
 * SIGXFSZ) must not stop the watch.  SIGTERM, SIGINT and SIGQUIT, and the
 * signals of a crash, stay as they are. */
void	signals_ignore(void);

#endif
