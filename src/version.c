#include "version.h"

const char version_number[] = VERSION;
const char version_revision[] = REVISION;
#ifdef __clang__
const char version_compiler[] = "clang " __clang_version__;
#else
const char version_compiler[] = "gcc " __VERSION__;
#endif
