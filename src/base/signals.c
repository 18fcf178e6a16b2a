/* signals - one table of what is ignored. */
#include "base/signals.h"

#include <signal.h>
#include <stddef.h>

static const int ignored[] = { SIGHUP, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2,
	SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT, SIGXFSZ };

void
signals_ignore(void)
{
	size_t i;
	int s;

	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_IGN);
	for (s = SIGRTMIN; s <= SIGRTMAX; s++)
		(void)signal(s, SIG_IGN);
}
