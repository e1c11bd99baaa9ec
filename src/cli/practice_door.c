/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice_door.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "base/text.h"
#include "profile/profile.h"

#define RULES_MAX (4u << 20)
#define AT '@'
#define PACE_MS "500" /* the box keeps the standard's second; a busy machine may hear two of its calls closer together */
#define PAGE_SECONDS "20" /* so long somebody takes to enter a person on the platform's page */

bool practice_door_name(const char *profile, const char *door, char *out, size_t size)
{
	enum upload_dialect d;

	if (!door)
		return text_copy(out, size, profile ? profile : "");
	return upload_dialect_parse(door, &d) && text_format(out, size, "%s%c%s", profile ? profile : "national", AT, door);
}

/* --- rules with another dialect -------------------------------------------------------------------------------------------------------- */

static int link_to(const char *from_dir, const char *dir, const char *name, struct err *e)
{
	char target[PATH_MAX], path[PATH_MAX];

	if (!text_format(target, sizeof(target), "%s/%s", from_dir, name) || !text_format(path, sizeof(path), "%s/%s", dir, name))
		return err_set(e, ERR_TOO_LARGE, "path");
	unlink(path); /* the rules may have been installed elsewhere since */
	return symlink(target, path) == 0 ? 0 : err_errno(e, path);
}

static void set_rule(cJSON *rules, const char *name, cJSON *value)
{
	cJSON *rule = cJSON_CreateObject();

	cJSON_AddItemToObject(rule, "value", value);
	cJSON_AddStringToObject(rule, "source", "DECIDED 练习另一种接口");
	cJSON_DeleteItemFromObject(rules, name);
	cJSON_AddItemToObject(rules, name, rule);
}

/* The device protocol is plain TCP (JM-3): on loopback, practice may. */
static void set_door(cJSON *doc, enum upload_dialect d)
{
	cJSON *rules = cJSON_GetObjectItemCaseSensitive(doc, "rules");

	if (!rules)
		rules = cJSON_AddObjectToObject(doc, "rules");
	set_rule(rules, "upload.dialect", cJSON_CreateString(upload_dialect_name(d)));
	if (d == DIALECT_DEVICE)
		set_rule(rules, "upload.plain", cJSON_CreateTrue());
}

static int write_rules(const char *from, const char *to, enum upload_dialect d, struct err *e)
{
	cJSON *doc = NULL;
	struct buf text;
	char *made = NULL;
	int fd = -1, rc = -1;

	buf_init(&text, RULES_MAX);
	if (io_read_file(from, RULES_MAX, &text, e) || json_parse(&doc, text.data ? text.data : "", text.len, RULES_MAX, e))
		goto out;
	set_door(doc, d);
	made = json_text(doc);
	fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (!made || fd < 0)
		rc = made ? err_errno(e, to) : err_set(e, ERR_MEMORY, "rules");
	else
		rc = io_write_all(fd, made, strlen(made), e);
out:
	if (fd >= 0)
		close(fd);
	free(made);
	cJSON_Delete(doc);
	buf_release(&text);
	return rc;
}

static int lay_rules(const struct practice_door *door, const struct practice_dirs *dirs, struct err *e)
{
	char from_dir[PATH_MAX], dir[PATH_MAX], from[PATH_MAX], to[PATH_MAX];

	if (profile_directory(from_dir, sizeof(from_dir), e))
		return -1;
	if (!text_format(dir, sizeof(dir), "%s/%s", dirs->dir, PRACTICE_RULES) || !text_format(from, sizeof(from), "%s/%s.json", from_dir, door->profile) ||
	    !text_format(to, sizeof(to), "%s/%s.json", dir, door->profile))
		return err_set(e, ERR_TOO_LARGE, "path");
	if (mkdir(dir, 0700) && errno != EEXIST)
		return err_errno(e, dir);
	if (link_to(from_dir, dir, "common.json", e) || link_to(from_dir, dir, "codes", e) || write_rules(from, to, door->speaks, e))
		return -1;
	return setenv("SHIMING_PROFILES", dir, 1) ? err_errno(e, "SHIMING_PROFILES") : 0;
}

/* --- opening --------------------------------------------------------------------------------------------------------------------------- */

/* A region's own dialect is known once its rules are read. */
static int own_dialect(struct practice_door *door, struct err *e)
{
	struct profile *p = NULL;

	if (profile_load(&p, NULL, door->profile, e))
		return -1;
	if (!upload_dialect_parse(profile_text(p, "upload.dialect", ""), &door->speaks))
		door->speaks = DIALECT_NATIVE;
	profile_free(p);
	return 0;
}

int practice_door_open(struct practice_door *out, const struct practice_dirs *dirs, struct err *e)
{
	const char *at = strchr(dirs->profile, AT);

	*out = (struct practice_door){.speaks = DIALECT_NATIVE};
	text_copy(out->secret, sizeof(out->secret), dirs->token); /* its first 32 characters */
	text_copy(out->profile, sizeof(out->profile), dirs->profile);
	if (!at)
		return own_dialect(out, e);
	out->profile[at - dirs->profile] = '\0';
	if (!upload_dialect_parse(at + 1, &out->speaks))
		return err_set(e, ERR_PROFILE, "%s", at + 1);
	return lay_rules(out, dirs, e);
}

void practice_door_arguments(const struct practice_door *door, char *account, size_t size, const char **argv, size_t cap, size_t *n)
{
	static const char device[] = PRACTICE_MAKER "/" PRACTICE_COLLECTOR;

	if (*n + 3 > cap || door->speaks == DIALECT_NATIVE)
		return;
	text_format(account, size, "%s=%s", PRACTICE_PROJECT, door->secret);
	argv[(*n)++] = door->speaks == DIALECT_DEVICE ? "--device" : "--open-api";
	argv[(*n)++] = door->speaks == DIALECT_DEVICE ? device : account;
	if (door->speaks == DIALECT_DEVICE && *n + 3 <= cap) {
		argv[(*n)++] = "--page-after";
		argv[(*n)++] = PAGE_SECONDS;
	}
	if (door->speaks == DIALECT_OPEN_API && *n + 3 <= cap) {
		argv[(*n)++] = "--open-api-pace";
		argv[(*n)++] = PACE_MS;
	}
	argv[*n] = NULL;
}
