/*
 * process - what /proc tells of the exporter's own process.
 */
#ifndef WEB_PROCESS_H
#define WEB_PROCESS_H

struct self_stats;

/* Fill in the figures for process_*; what cannot be read becomes unknown. */
void	process_read(struct self_stats *);

#endif
