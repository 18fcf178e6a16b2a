/*
 * command - what the program can be asked to do, each a function of its own.
 *
 * config/verb.c names them, the table in command.c calls them: a new command
 * is a line in each and a file here.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "config/conf.h"

/* Exit statuses. */
enum command_status {
	COMMAND_OK = 0,
	COMMAND_CHECK_FAILED = 1,	/* --config.check, --healthcheck */
	COMMAND_FINDINGS = 1,		/* doctor */
	COMMAND_NOT_REACHED = 2,	/* no sentinel answered */
	COMMAND_BAD_CONFIG = 2,
};

/* Do what conf->command says; the exit status. */
int	command_run(const struct conf *);

/* Serve until SIGTERM or SIGINT. */
int	command_serve(const struct conf *);

/* One full poll, the exposition on standard output. */
int	command_once(const struct conf *);

/* The effective configuration on standard output, the warnings of a start on
 * standard error. */
int	command_check(const struct conf *);

/* Who reads a table or findings wants no news of the first round: from the
 * default level on down only warnings are logged. */
void	command_quiet(const struct conf *);

/* The deployment as a table or JSON, once or until a signal. */
int	command_status(const struct conf *);

/* What is wrong or risky; COMMAND_FINDINGS when something is. */
int	command_doctor(const struct conf *);

/* The report of a failover that the running exporter has counted. */
int	command_report(const struct conf *);

/* Ask the exporter that listens at the first address of the configuration. */
int	command_healthcheck(const struct conf *);

/* Texts on standard output. */
int	command_help(const struct conf *);
int	command_help_metrics(const struct conf *);
int	command_help_json(const struct conf *);
int	command_version(const struct conf *);

#endif
