/* credentials - copied, compared, and kept up with their file. */
#include "config/credentials.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "config/secret_file.h"

void
credentials_fini(struct credentials *c)
{
	free(c->username);
	xfree_secret(&c->password);
	free(c->password_file);
	*c = (struct credentials){ 0 };
}

void
credentials_copy(struct credentials *to, const struct credentials *from)
{
	*to = (struct credentials){
		.username = str_copy(from->username),
		.password = str_copy(from->password),
		.password_file = str_copy(from->password_file),
		.hide_username = from->hide_username,
		.stamp = from->stamp,
	};
}

const char *
credentials_shown_user(const struct credentials *c)
{
	if (c->username == NULL)
		return "default";
	return c->hide_username ? "<secret>" : c->username;
}

bool
credentials_equal(const struct credentials *a, const struct credentials *b)
{
	return str_same(a->username, b->username) &&
	       str_same(a->password_file, b->password_file) &&
	       (a->password_file != NULL || str_same(a->password, b->password));
}

enum credentials_refresh
credentials_refresh(struct credentials *c, struct err *err)
{
	struct file_stamp now;
	struct secret_file f;
	bool changed;

	if (c->password_file == NULL)
		return CREDENTIALS_SAME;
	now = file_stamp(c->password_file);
	if (file_stamp_equal(&now, &c->stamp))
		return CREDENTIALS_SAME;
	c->stamp = now;
	if (!secret_file_read(&f, c->password_file, err))
		return CREDENTIALS_UNREADABLE;
	c->stamp = f.stamp;
	changed = !str_same(f.secret, c->password);
	xfree_secret(&c->password);
	c->password = f.secret;
	c->changes += changed;
	return changed ? CREDENTIALS_CHANGED : CREDENTIALS_SAME;
}
