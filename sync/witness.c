/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

#define MOST 4096
#define PATH_BYTES 4096

/* Every folder on the way, 0700. */
static bool make_dirs(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return false;
		*slash = '/';
	}
	return true;
}

/* The user's own. */
static bool own_dir(char *dir, size_t size)
{
	const char *own = secure_getenv("SHIMING_WITNESS"), *state = secure_getenv("XDG_STATE_HOME"),
		   *home = secure_getenv("HOME");

	if (own && *own)
		return text_format(dir, size, "%s", own);
	if (state && *state)
		return text_format(dir, size, "%s/shiming", state);
	return home && *home && text_format(dir, size, "%s/.local/state/shiming", home);
}

/* A place of the same group as the data's, which nobody outside it can write to. */
static bool serves(const char *shared, const struct stat *data)
{
	struct stat st;

	return shared[0] == '/' && !lstat(shared, &st) && S_ISDIR(st.st_mode) && st.st_gid == data->st_gid &&
	       (st.st_mode & S_IWGRP) && !(st.st_mode & S_IWOTH);
}

bool witness_path(const struct witness_of *of, char *out, size_t size)
{
	char dir[PATH_BYTES];
	struct stat data;

	if (stat(of->data_dir, &data))
		return false;
	if (data.st_mode & S_IWGRP)
		return serves(of->shared, &data) && text_format(out, size, "%s/%s.witness", of->shared, of->box);
	return own_dir(dir, sizeof(dir)) && dir[0] == '/' &&
	       text_format(out, size, "%s/%s.witness", dir, of->box) && make_dirs(out);
}

static bool read_head(const cJSON *doc, struct head *out)
{
	const char *box = json_string(doc, "box"), *hash = json_string(doc, "audit_hash");

	*out = (struct head){
		.box = {.epoch = json_int(doc, "epoch", -1), .sequence = json_int(doc, "sequence", -1)},
		.audit_count = json_int(doc, "audit_count", -1)};
	return box && uid_valid(box) && hash && hash[strspn(hash, "0123456789abcdef")] == '\0' &&
	       text_copy(out->box.uid, sizeof(out->box.uid), box) &&
	       text_copy(out->audit_hash, sizeof(out->audit_hash), hash) && out->box.epoch >= 0 &&
	       out->box.sequence >= 0 && out->audit_count >= 0;
}

bool witness_parse(const char *text, size_t n, struct head *out)
{
	cJSON *doc = NULL;
	bool ours = !json_parse(&doc, text, n, MOST, NULL) && read_head(doc, out);

	cJSON_Delete(doc);
	return ours;
}

int witness_read(const char *path, struct head *out, bool *found, struct err *e)
{
	struct buf text;
	int last = 0;

	*found = false;
	if (access(path, F_OK))
		return 0;
	buf_init(&text, MOST);
	if (io_read_file(path, MOST, &text, e))
		last = -1;
	else if (!witness_parse(text.data ? text.data : "", text.len, out))
		log_write(LOG_WRN, "the witness is not readable; the platform's word counts alone");
	else
		*found = true;
	buf_release(&text);
	return last;
}

int witness_print(const struct head *h, struct buf *out)
{
	return buf_addf(out,
			"{\"box\":\"%s\",\"epoch\":%lld,\"sequence\":%lld,\"audit_count\":%lld,\"audit_hash\":\"%s\"}\n",
			h->box.uid, (long long)h->box.epoch, (long long)h->box.sequence,
			(long long)h->audit_count, h->audit_hash);
}

/* Where the group may make files, its members may write this one anew. */
static mode_t mode_beside(const char *path)
{
	char dir[PATH_BYTES];
	struct stat st;
	char *slash;

	if (!text_copy(dir, sizeof(dir), path))
		return 0600;
	slash = strrchr(dir, '/');
	if (slash)
		*slash = '\0';
	return slash && !stat(dir, &st) && (st.st_mode & S_IWGRP) ? 0660 : 0600;
}

static int write_file(const char *path, const struct head *h, struct err *e)
{
	struct buf line;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600), last;

	if (fd < 0)
		return err_errno(e, "witness");
	if (fchmod(fd, mode_beside(path)) && errno != EPERM) { /* another's that a kill left behind */
		last = err_errno(e, "witness");
		close(fd);
		return last;
	}
	buf_init(&line, MOST);
	last = witness_print(h, &line) ? err_set(e, ERR_MEMORY, "witness") : io_write_all(fd, line.data, line.len, e);
	buf_release(&line);
	if (!last && fdatasync(fd))
		last = err_errno(e, "witness");
	close(fd);
	return last;
}

int witness_write(const char *path, const struct head *head, struct err *e)
{
	char fresh[PATH_BYTES + 8];

	if (!text_format(fresh, sizeof(fresh), "%s.new", path))
		return err_set(e, ERR_TOO_LARGE, "witness path");
	if (write_file(fresh, head, e))
		return -1;
	return rename(fresh, path) ? err_errno(e, "witness") : 0;
}
