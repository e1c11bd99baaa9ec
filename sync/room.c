/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/room.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/confine.h"
#include "base/text.h"
#include "desk/connection.h"
#include "desk/upkeep.h"
#include "profile/profile.h"
#include "sync/witness.h"

#define LINES 16
#define SECOND_PLACE "backup.dir"
#define CERTIFICATE "platform.ca_file"

static void look_at(const char *path, struct room_place *p)
{
	struct stat st;

	*p = (struct room_place){.dev = 0};
	text_copy(p->path, sizeof(p->path), path);
	if (!stat(path, &st)) {
		p->dev = st.st_dev;
		p->ino = st.st_ino;
	}
}

/* "": it names nothing. What is no whole path lies in the data directory (dialect_path()), which is in every
 * room. */
static int named(struct desk *d, const char *dir, int64_t project, const char *setting, char path[ROOM_PATH],
		 struct err *e)
{
	path[0] = '\0';
	if (desk_setting_of(d, project, setting, path, ROOM_PATH, e))
		return -1;
	if (path[0] && path[0] != '/')
		text_copy(path, ROOM_PATH, dir);
	return 0;
}

static const struct room_place *find(const struct room *r, const char *path)
{
	for (size_t i = 0; i < r->n; i++)
		if (!strcmp(r->place[i].path, path))
			return &r->place[i];
	return NULL;
}

static int add(struct room *r, struct desk *d, const char *dir, int64_t project, const char *setting,
	       struct err *e)
{
	char path[ROOM_PATH];

	if (named(d, dir, project, setting, path, e))
		return -1;
	if (path[0] && !find(r, path) && r->n < ROOM_PLACES)
		look_at(path, &r->place[r->n++]);
	return 0;
}

static int add_lines(struct room *r, struct desk *d, const char *dir, struct err *e)
{
	struct line_row *rows = calloc(LINES, sizeof(*rows));
	size_t n = LINES;
	int64_t after = 0;
	int last = rows ? 0 : err_set(e, ERR_MEMORY, "lines");

	while (!last && n == LINES) {
		last = desk_line_list(d, after, rows, LINES, &n, e);
		for (size_t i = 0; !last && i < n; i++)
			last = add(r, d, dir, after = rows[i].project.id, CERTIFICATE, e);
	}
	free(rows);
	return last;
}

/* The folder in which a witness of any box would stand. */
static const char *witness_folder(const char *dir, char path[ROOM_PATH])
{
	char *slash;

	if (!witness_path(&(struct witness_of){dir, WITNESS_SHARED, "any"}, path, ROOM_PATH))
		return "/dev/null";
	slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
	return path;
}

static void shut(const struct room *r, const char *dir)
{
	char witness[ROOM_PATH], profiles[ROOM_PATH] = "/usr";
	/* Libraries, the resolver's files, the list of trusted authorities, the service's credential. */
	const char *reads[ROOM_PLACES + 12] = {"/usr",	"/lib", "/lib64", "/etc",  "/run",
					       "/proc", "/sys", "/dev",	  profiles};
	const char *writes[ROOM_PLACES + 4] = {dir, witness_folder(dir, witness), "/dev/null"};
	size_t n_reads = 9, n_writes = 3;

	profile_directory(profiles, sizeof(profiles), NULL);
	for (size_t i = 0; i < r->n; i++) {
		struct stat st;

		if (!stat(r->place[i].path, &st) && S_ISDIR(st.st_mode))
			writes[n_writes++] = r->place[i].path;
		else
			reads[n_reads++] = r->place[i].path;
	}
	confine_to(&(struct confine_room){.net = CONFINE_INTERNET, .reads = reads, .writes = writes});
}

int room_shut(struct room *r, struct desk *d, const char *dir, struct err *e)
{
	r->n = 0;
	if (add(r, d, dir, 0, SECOND_PLACE, e) || add_lines(r, d, dir, e))
		return -1;
	shut(r, dir);
	return 0;
}

int room_has(const struct room *r, struct desk *d, const char *dir, int64_t project, const char *setting,
	     struct err *e)
{
	const struct room_place *was;
	struct room_place now;
	char path[ROOM_PATH];

	if (!r)
		return 0;
	if (named(d, dir, project, setting, path, e))
		return -1;
	if (!path[0])
		return 0;
	was = find(r, path);
	look_at(path, &now);
	return was && was->dev == now.dev && was->ino == now.ino ? 0
								 : err_set(e, ERR_RUNNER_ANEW, "%s", setting);
}
