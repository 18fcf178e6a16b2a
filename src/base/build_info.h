/*
 * build_info - which build this is, as --version, the page and the metrics
 * show it.
 */
#ifndef BASE_BUILD_INFO_H
#define BASE_BUILD_INFO_H

struct build_info {
	const char	*version, *revision, *compiler;
};

#endif
