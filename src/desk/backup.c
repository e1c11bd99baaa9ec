/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups and restoring: files that a clerk names, over the store's sealed ones. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "desk/upkeep.h"
#include "desk_private.h"
#include "store/backup.h"

static void backup_out(const struct backup_info *info, const char *path, struct backup *out)
{
	*out = (struct backup){.made_ms = info->made_ms, .bytes = info->bytes};
	text_copy(out->path, sizeof(out->path), path);
}

static int record(struct desk *d, struct err *e)
{
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, desk_audit(d, &(struct audit_entry){.action = "backup", .object = "file"}, e), e);
}

/* The record comes first: the backup then holds it, and one that fails is known too. */
int desk_backup(struct desk *d, const char *path, struct backup *out, struct err *e)
{
	struct backup_info info;
	int fd, last;

	if (desk_may(d, 0, true, e))
		return -1;
	fd = io_open_as_user(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, e);
	if (fd < 0)
		return -1;
	last = record(d, e) || store_backup(d->store, fd, &info, e) ? -1 : 0;
	if (last && ftruncate(fd, 0)) {
		/* half a backup stays: it does not open, and says so */
	}
	if (close(fd) && !last)
		last = err_errno(e, "backup");
	if (!last)
		backup_out(&info, path, out);
	return last;
}

int desk_backup_check(struct desk *d, const char *path, struct backup *out, struct err *e)
{
	struct backup_info info;
	int fd, last;

	if (desk_may(d, 0, true, e))
		return -1;
	fd = io_open_as_user(path, O_RDONLY, e);
	if (fd < 0)
		return -1;
	last = store_backup_check(d->store, fd, &info, e);
	close(fd);
	if (!last)
		backup_out(&info, path, out);
	return last;
}

int desk_restore(const struct desk_restore *r, struct backup *out, struct err *e)
{
	struct store_options o = {.dir = r->dir, .file = DESK_FILE};
	struct backup_way way = {.recovery_code = r->recovery_code, .account = r->account, .password = r->password};
	struct backup_info info;
	int fd = io_open_as_user(r->path, O_RDONLY, e), last;

	if (fd < 0)
		return -1;
	last = store_restore(&o, fd, &way, &info, e);
	close(fd);
	if (!last)
		backup_out(&info, r->path, out);
	return last;
}
