/*
 * secrets - keep what the process knows out of core dumps and from other
 * processes of the same user.
 */
#ifndef SECRETS_H
#define SECRETS_H

/* No core dump, no ptrace, no reading of /proc/PID/mem and environ by others
 * than root.  Call it before any secret is read. */
void	secrets_guard(void);

#endif
