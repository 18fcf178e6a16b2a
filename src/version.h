/*
 * version - which build this is.
 */
#ifndef VERSION_H
#define VERSION_H

#include "base/build_info.h"

extern const struct build_info build_info;

#endif
