/* version - the only object that the Makefile passes the version to. */
#include "version.h"

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

const struct build_info build_info = {
	.version = VERSION,
	.revision = REVISION,
	.compiler = COMPILER,
};
