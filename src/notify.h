/*
 * notify - tell systemd how the service is doing (sd_notify(3)'s protocol).
 *
 * One datagram to $NOTIFY_SOCKET; does nothing where there is none.  The
 * protocol is stable and 30 lines; the library would bring four others along.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

/* state: "READY=1", "STOPPING=1", "WATCHDOG=1". */
void	notify_systemd(const char *state);

/* Half the watchdog's period in ms, 0 when systemd wants no watchdog. */
long	notify_watchdog_ms(void);

/* A reload begins; READY=1 ends it. */
void	notify_reloading(void);

#endif
