/*
 * version - which build this is.  The only object that the Makefile tells.
 */
#ifndef VERSION_H
#define VERSION_H

extern const char version_number[], version_revision[], version_compiler[];

#endif
