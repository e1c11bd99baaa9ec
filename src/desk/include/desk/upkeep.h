/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line asks beside a clerk's work: the company library, the audit chain, the soundness of the file. */
#ifndef DESK_UPKEEP_H
#define DESK_UPKEEP_H

#include "desk/desk.h"

struct company_row { char uid[UID_TEXT]; char credit_code[19]; char name[NAME_TEXT]; char short_name[NAME_TEXT]; char area_code[16]; date_t registered_on, on_platform_since; };
/* By credit code, those after `after` ("": from the first); a keyset page. */
int desk_company_list(struct desk *d, const char *after, struct company_row *rows, size_t cap, size_t *n, struct err *e);
/* The same, of those whose name, short name or credit code contains `text` ("": all). */
int desk_company_search(struct desk *d, const char *text, const char *after, struct company_row *rows, size_t cap, size_t *n, struct err *e);
int desk_company_by_code(struct desk *d, const char *credit_code, struct company_row *out, struct err *e);

/* The audit chain from its first row to its head (S4). Needs a session that can open the chain (the audit subkey). */
struct audit_report {
	bool sound;
	int64_t rows;
	char head[65];   /* hash of the last row, hexadecimal: what goes to platform and syslog */
	int64_t fault;   /* the first row that is not as it was written; 0 when sound */
	char what[120];  /* technical */
};
int desk_audit_verify(struct desk *d, struct audit_report *out, struct err *e);

/* The whole file, page by page; needs no session. ERR_DATA_DAMAGED. Reads only. */
int desk_check_file(struct desk *d, struct err *e);

/*
 * Backups (L9, R16): the whole file, sealed, read back before it counts as made (store/backup.h says how, and what opens one).
 */
struct backup { int64_t made_ms, bytes; /* of the data in it */ char path[4096]; };
/* To a new file that the clerk names, with the clerk's own rights; never over another one (ERR_FILE_EXISTS). Recorded in the audit. When it
 * fails an empty file may stay behind. */
int desk_backup(struct desk *d, const char *path, struct backup *out, struct err *e);
/* Reads a backup of these data from end to end. ERR_BACKUP, ERR_SEAL. */
int desk_backup_check(struct desk *d, const char *path, struct backup *out, struct err *e);

/*
 * Backups that the runner makes by itself (R16, L9): when something was recorded since the last one and an hour has passed (setting "backup.minutes", 5 to
 * 1440; "off": never), into the directory "backup" of the data directory, and a copy of each into the directory of the setting "backup.dir" (a second disk, a
 * stick), which is never made by us: a stick that is not there is said, not written beside. Of those of this file, and only of those, which stay is domain/keeping.h; on a
 * full disk the oldest go first, three always stay, and none goes before the new one was read back.
 */
#define BACKUP_PLACES 2 /* beside the data; the second place */
struct backup_place {
	char dir[4096];        /* "": none is set */
	bool there;            /* it can be read */
	int64_t made_ms;       /* of the newest of this program's backups there; 0: none */
	size_t n;
	char newest[4096];
};
/* What lies there, newest by name. Needs no session, nor a data file that opens: dir is the data directory, second the setting or "". */
void desk_backups_seen(const char *dir, const char *second, struct backup_place out[BACKUP_PLACES]);
enum backup_step { BACKUP_NOT_DUE, BACKUP_MADE };
/* One step of it; the runner calls it again and again. -1: it could not be made here (ERR_DISK_FULL, ERR_DATA_DAMAGED …) or not copied there (ERR_BACKUP_PLACE). */
int desk_backup_hourly(struct desk *d, enum backup_step *step, struct err *e);

struct desk_restore {
	const char *dir;                       /* must hold no DESK_FILE yet */
	const char *path;                      /* the backup, opened with the clerk's own rights */
	const char *recovery_code;             /* this … */
	const char *account, *password;        /* … or these */
};
int desk_restore(const struct desk_restore *r, struct backup *out, struct err *e);

#endif
