/*
 * doctor_text - findings for a terminal of 80 columns.
 */
#ifndef COMMAND_DOCTOR_TEXT_H
#define COMMAND_DOCTOR_TEXT_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "model/findings.h"

void	doctor_text(struct strbuf *, const struct findings *, bool colours);

#endif
