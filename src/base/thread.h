/*
 * thread - a helper thread that leaves the signals to the loop.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Start fn(arg) with all signals blocked; false when the system will not. */
bool	thread_start(pthread_t *, void *(*fn)(void *), void *arg);

#endif
