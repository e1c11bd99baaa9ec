/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "base/text.h"
#include "base/uid.h"

#define MARKER "practice.json"
#define LOCK "practice.lock"
#define RUNTIME_PREFIX "shiming-practice-"

/* What --fresh removes: what practice itself has made, by name, nothing else. */
static const char *const ours[] = { "data", "platform", PRACTICE_RULES, MARKER };

static bool join(char *out, size_t size, const char *dir, const char *name)
{
	return text_format(out, size, "%s/%s", dir, name);
}

/* --- where ----------------------------------------------------------------------------------------------------------------------- */

static int default_dir(char *out, size_t size, const char *profile, struct err *e)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	bool fits;

	if (state && *state == '/')
		fits = text_format(out, size, "%s/shiming/practice/%s", state, profile);
	else if (home && *home == '/')
		fits = text_format(out, size, "%s/.local/state/shiming/practice/%s", home, profile);
	else
		return err_set(e, ERR_USAGE, "neither HOME nor XDG_STATE_HOME is set; use --dir");
	return fits ? 0 : err_set(e, ERR_TOO_LARGE, "path of the practice directory");
}

static int make_parents(const char *path, struct err *e)
{
	char part[PATH_MAX];

	text_copy(part, sizeof(part), path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return err_errno(e, part);
		*slash = '/';
	}
	if (mkdir(part, 0700) != 0 && errno != EEXIST)
		return err_errno(e, part);
	return 0;
}

static int absolute(char *out, size_t size, const char *dir, struct err *e)
{
	char cwd[PATH_MAX];

	if (*dir == '/')
		return text_copy(out, size, dir) ? 0 : err_set(e, ERR_TOO_LARGE, "path");
	if (!getcwd(cwd, sizeof(cwd)))
		return err_errno(e, "getcwd");
	return join(out, size, cwd, dir) ? 0 : err_set(e, ERR_TOO_LARGE, "path");
}

/* --- removing -------------------------------------------------------------------------------------------------------------------- */

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path) != 0 && errno != ENOENT ? -1 : 0;
}

static int remove_tree(const char *path, struct err *e)
{
	if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0 && errno != ENOENT)
		return err_errno(e, path);
	return 0;
}

static int begin_anew(const char *dir, struct err *e)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (!join(path, sizeof(path), dir, ours[i]) || remove_tree(path, e) != 0)
			return -1;
	return 0;
}

/* --- the lock, which also remembers the runtime directory of a session that was killed ------------------------------------------------ */

static int take_lock(struct practice_dirs *p, struct err *e)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[PATH_MAX];

	if (!join(path, sizeof(path), p->dir, LOCK))
		return err_set(e, ERR_TOO_LARGE, "path");
	p->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (p->lock < 0)
		return err_errno(e, path);
	if (fcntl(p->lock, F_OFD_SETLK, &whole) == 0)
		return 0;
	if (errno == EAGAIN || errno == EACCES)
		return err_set(e, ERR_DATA_LOCKED, "the practice site is open in another terminal");
	return err_errno(e, path);
}

static bool is_our_runtime(const char *path)
{
	const char *base = strrchr(path, '/');
	struct stat st;

	return base && strncmp(base + 1, RUNTIME_PREFIX, strlen(RUNTIME_PREFIX)) == 0 && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
		st.st_uid == geteuid();
}

static void remove_runtime_left_behind(struct practice_dirs *p)
{
	char path[sizeof(p->runtime)];
	ssize_t n = pread(p->lock, path, sizeof(path) - 1, 0);

	if (n <= 0)
		return;
	path[n] = '\0';
	path[strcspn(path, "\n")] = '\0';
	if (is_our_runtime(path))
		remove_tree(path, NULL);
}

static int make_runtime(struct practice_dirs *p, struct err *e)
{
	/* Not XDG_RUNTIME_DIR: that lies under /run, and pcscd of practice has a /run of its own. */
	text_copy(p->runtime, sizeof(p->runtime), "/tmp/" RUNTIME_PREFIX "XXXXXX");
	if (!mkdtemp(p->runtime)) {
		err_errno(e, p->runtime);
		p->runtime[0] = '\0';
		return -1;
	}
	if (ftruncate(p->lock, 0) != 0 || pwrite(p->lock, p->runtime, strlen(p->runtime), 0) < 0)
		return err_errno(e, LOCK);
	return 0;
}

/* --- the marker -------------------------------------------------------------------------------------------------------------------- */

/* Whether anything lies in the directory but our lock: then it must bear the marker. */
static bool holds_something(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	bool any = false;

	while (d && (entry = readdir(d)))
		any |= strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && strcmp(entry->d_name, LOCK);
	if (d)
		closedir(d);
	return any;
}

/* 1: read, 0: there is none, -1: *e. */
static int read_marker(struct practice_dirs *p, char *profile, size_t size, struct err *e)
{
	char path[PATH_MAX];
	const char *name, *admin, *token;
	struct buf text;
	cJSON *json = NULL;
	int rc = -1;

	buf_init(&text, 4096);
	if (!join(path, sizeof(path), p->dir, MARKER)) {
		err_set(e, ERR_TOO_LARGE, "path");
		goto out;
	}
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		rc = 0;
		goto out;
	}
	if (io_read_file(path, 4096, &text, e) != 0 || json_parse(&json, text.data, text.len, 4096, e) != 0 ||
	    json_need_string(json, "profile", &name, e) != 0 || json_need_string(json, "admin", &admin, e) != 0 ||
	    json_need_string(json, "token", &token, e) != 0)
		goto out;
	text_copy(profile, size, name);
	text_copy(p->admin, sizeof(p->admin), admin);
	text_copy(p->token, sizeof(p->token), token);
	p->made = json_bool(json, "made", false);
	rc = 1;
out:
	cJSON_Delete(json);
	buf_wipe_release(&text);
	return rc;
}

static int write_marker(const struct practice_dirs *p, bool made, struct err *e)
{
	char path[PATH_MAX], fresh[PATH_MAX], text[256];
	int fd, rc = -1;

	text_format(text, sizeof(text), "{\"profile\":\"%s\",\"admin\":\"%s\",\"token\":\"%s\",\"made\":%s}\n", p->profile,
		p->admin, p->token, made ? "true" : "false");
	if (!join(path, sizeof(path), p->dir, MARKER) || !text_format(fresh, sizeof(fresh), "%s.new", path))
		return err_set(e, ERR_TOO_LARGE, "path");
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_errno(e, fresh);
	if (io_write_all(fd, text, strlen(text), e) == 0 && (fsync(fd) == 0 || err_errno(e, fresh) == 0) &&
	    (rename(fresh, path) == 0 || err_errno(e, path) == 0))
		rc = 0;
	close(fd);
	wipe(text, sizeof(text));
	return rc;
}

/* Three kinds of characters and enough of them, whatever the password rule says. */
static void new_secret(char out[PRACTICE_SECRET])
{
	unsigned char bytes[16];

	random_bytes(bytes, sizeof(bytes));
	memcpy(out, "Aa1-", 4);
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 4 + 2 * i, 3, "%02x", bytes[i]);
	wipe(bytes, sizeof(bytes));
}

/* A site that was begun and not finished (killed in between) is begun again: nobody has worked on it yet. */
static int settle(struct practice_dirs *p, const char *profile, bool fresh, struct err *e)
{
	char found[sizeof(p->profile)] = "";
	int has = read_marker(p, found, sizeof(found), e);

	if (has < 0)
		return -1;
	if (has == 0 && holds_something(p->dir))
		return err_set(e, ERR_DATA_FOREIGN, "%s is not empty and no practice directory", p->dir);
	if (has && p->made && !fresh) {
		if (profile && strcmp(profile, found) != 0)
			return err_set(e, ERR_PROFILE_UNKNOWN, "begun with profile %s; use --fresh or another --dir", found);
		text_copy(p->profile, sizeof(p->profile), found);
		return 0;
	}
	if (begin_anew(p->dir, e) != 0)
		return -1;
	p->made = false;
	text_copy(p->profile, sizeof(p->profile), profile ? profile : has ? found : "national");
	new_secret(p->admin);
	new_secret(p->token);
	return write_marker(p, false, e);
}

int practice_dirs_open(struct practice_dirs *p, const char *dir, const char *profile, bool fresh, struct err *e)
{
	*p = (struct practice_dirs){ .lock = -1 };
	if ((dir ? absolute(p->dir, sizeof(p->dir), dir, e) : default_dir(p->dir, sizeof(p->dir), profile ? profile : "national", e)) != 0)
		return -1;
	if (!join(p->data, sizeof(p->data), p->dir, "data") || !join(p->platform, sizeof(p->platform), p->dir, "platform"))
		return err_set(e, ERR_TOO_LARGE, "path");
	if (make_parents(p->dir, e) != 0 || take_lock(p, e) != 0)
		return -1;
	remove_runtime_left_behind(p);
	if (settle(p, profile, fresh, e) != 0)
		return -1;
	return make_runtime(p, e);
}

int practice_dirs_made(struct practice_dirs *p, struct err *e)
{
	if (write_marker(p, true, e) != 0)
		return -1;
	p->made = true;
	return 0;
}

void practice_dirs_close(struct practice_dirs *p)
{
	if (p->runtime[0])
		remove_tree(p->runtime, NULL);
	if (p->lock >= 0) {
		if (ftruncate(p->lock, 0) != 0)
			(void)0; /* a name that no longer exists is met with patience at the next start */
		close(p->lock);
	}
	wipe(p->admin, sizeof(p->admin));
	wipe(p->token, sizeof(p->token));
	*p = (struct practice_dirs){ .lock = -1 };
}
