/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/text.h"

#define FUSE_TYPE 0x65735546ul

/* statfs(2), "f_type"; the names are those of linux/magic.h and of the file systems' own sources. */
static const unsigned long network_types[] = {
	0x6969,	    /* nfs */
	0x517B,	    /* smb */
	0xFF534D42, /* cifs */
	0xFE534D42, /* smb2 */
	0x564C,	    /* ncp */
	0x5346414F, /* afs */
	0x6B414653, /* kafs */
	0x73757245, /* coda */
	0x01021997, /* 9p */
	0x00C36400, /* ceph */
	0x0BD00BD0, /* lustre */
	0x01161970, /* gfs2 */
	0x7461636F, /* ocfs2 */
	0x47504653, /* gpfs */
	0xAAD7AAEA, /* panfs */
	0x786F4256, /* vboxsf */
	0xBACBACBC, /* vmhgfs */
	0x20030528, /* orangefs */
};

bool dir_is_network(unsigned long type, const char *fuse_name)
{
	if ((type & 0xFFFFFFFFul) == FUSE_TYPE)
		return strcmp(fuse_name, "fuseblk") !=
		       0; /* a block device of this machine (ntfs-3g, exfat); any other may be anywhere */
	for (size_t i = 0; i < ARRAY_LEN(network_types); i++) {
		if ((type & 0xFFFFFFFFul) == network_types[i])
			return true;
	}
	return false;
}

/* proc(5), mountinfo: "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": device third, type
 * after the dash. */
static void mount_type(dev_t device, char *out, size_t size)
{
	char line[PATH_MAX * 2], want[32];
	FILE *f = fopen("/proc/self/mountinfo", "re");

	*out = '\0';
	if (!f)
		return;
	snprintf(want, sizeof(want), "%u:%u", major(device), minor(device));
	while (fgets(line, sizeof(line), f)) {
		char id[32], *dash = strstr(line, " - ");

		if (sscanf(line, "%*s %*s %31s", id) == 1 && !strcmp(id, want) && dash) {
			dash[3 + strcspn(dash + 3, " ")] = '\0';
			text_copy(out, size, dash + 3);
		}
	}
	fclose(f);
}

static bool is_setgid(void)
{
	return getegid() != getgid();
}

mode_t dir_file_mode(void)
{
	return is_setgid() ? 0660 : 0600;
}

/* Owner or group must be ours, and nobody else may have a way in. */
static int check_owner(const char *path, const struct stat *st, bool shared, struct err *e)
{
	if (is_setgid() || (shared && (st->st_mode & S_IWGRP))) {
		if (st->st_gid != getegid())
			return err_set(e, ERR_DATA_MODE, "%s: belongs to group %u, not to %u", path,
				       st->st_gid, getegid());
		if (st->st_mode & 007)
			return err_set(e, ERR_DATA_MODE, "%s: mode %04o is open to others", path,
				       st->st_mode & 07777);
		return 0;
	}
	if (st->st_uid != geteuid())
		return err_set(e, ERR_DATA_MODE, "%s: belongs to user %u, not to %u", path, st->st_uid,
			       geteuid());
	if (st->st_mode & 077)
		return err_set(e, ERR_DATA_MODE, "%s: mode %04o is open to others", path,
			       st->st_mode & 07777);
	return 0;
}

static int make_one(const char *dir, struct err *e)
{
	mode_t mode = is_setgid() ? 02770 : 0700;

	if (!mkdir(dir, mode))
		return chmod(dir, mode) ? err_errno(e, dir) : 0; /* whatever umask says */
	return errno == EEXIST ? 0 : err_errno(e, dir);
}

int dir_make(const char *dir, struct err *e)
{
	char path[PATH_MAX];

	if (!text_copy(path, sizeof(path), dir))
		return err_set(e, ERR_TOO_LARGE, "path of %zu bytes", strlen(dir));
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (make_one(path, e))
			return -1;
		*slash = '/';
	}
	return make_one(path, e);
}

static int check_writable(const char *path, int how, struct err *e)
{
	return faccessat(AT_FDCWD, path, how, AT_EACCESS) ? err_errno(e, path) : 0;
}

int dir_check(const char *dir, bool shared, struct err *e)
{
	struct stat st;
	struct statfs fs;
	char name[64] = "";

	if (stat(dir, &st))
		return errno == ENOENT || errno == ENOTDIR ? err_set(e, ERR_NO_DATA, "%s: not there", dir)
							   : err_errno(e, dir);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, ERR_NO_DATA, "%s: no directory", dir);
	if (statfs(dir, &fs))
		return err_errno(e, dir);
	if ((unsigned long)fs.f_type == FUSE_TYPE)
		mount_type(st.st_dev, name, sizeof(name));
	if (dir_is_network((unsigned long)fs.f_type, name))
		return err_set(e, ERR_DATA_NETWORK, "%s: file system %s 0x%lx", dir, name,
			       (unsigned long)fs.f_type);
	if (check_owner(dir, &st, shared, e))
		return -1;
	return check_writable(dir, R_OK | W_OK | X_OK, e);
}

int dir_check_file(const char *path, bool shared, struct err *e)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT ? err_set(e, ERR_NO_DATA, "%s: not there", path) : err_errno(e, path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_DATA_FOREIGN, "%s: no regular file", path);
	if (check_owner(path, &st, shared, e))
		return -1;
	return check_writable(path, R_OK | W_OK, e);
}
