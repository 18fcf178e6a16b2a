/* secret_file - one line of a file becomes a password. */
#include "config/secret_file.h"

#include <string.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "config/quote.h"

static const char *
judge(struct file *f)
{
	if (f->len > 0 && f->bytes[f->len - 1] == '\n')
		f->len--;
	if (f->len > 0 && f->bytes[f->len - 1] == '\r')
		f->len--;
	if (f->len == 0)
		return "it is empty";
	if (memchr(f->bytes, '\0', f->len) != NULL)
		return "it holds a NUL byte";
	return NULL;
}

bool
secret_file_read(struct secret_file *out, const char *path, struct err *err)
{
	char shown[QUOTE_MAX];
	const char *wrong;
	struct file f;

	if (file_read(&f, path, SECRET_FILE_MAX, err)) {
		wrong = judge(&f);
		if (wrong == NULL) {
			*out = (struct secret_file){
				.secret = xmemdup0(f.bytes, f.len),
				.exposed = f.exposed,
				.stamp = f.stamp,
			};
			file_fini(&f);
			return true;
		}
		err_set(err, "%s", wrong);
		file_fini(&f);
	}
	err_prefix(err, "cannot take a password from %s",
	    quote(shown, path, strlen(path)));
	return false;
}
