/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/project.h"

#include <string.h>

#include "rows.h"

/* --- projects
 * ----------------------------------------------------------------------------------------------------------------
 */

#define PROJECT_COLUMNS "SELECT id, uid, code, name, profile, status FROM project "

static int read_project(struct query *q, void *row, struct err *e)
{
	struct db_project *p = row;

	(void)e;
	*p = (struct db_project){.id = col_int(q, 0)};
	COL_TEXT(q, 1, p->uid);
	COL_TEXT(q, 2, p->code);
	COL_TEXT(q, 3, p->name);
	COL_TEXT(q, 4, p->profile);
	COL_TEXT(q, 5, p->status);
	return 0;
}

static int make_line(struct store *s, int64_t project, struct err *e)
{
	char box[UID_TEXT];
	struct query q;

	uid_new(box);
	query_open(&q, s, "INSERT INTO line(project, box, epoch, sequence) VALUES (?, ?, 1, 0)");
	bind_int(&q, project);
	bind_text(&q, box);
	return query_run(&q, e);
}

int db_project_insert(struct store *s, const struct db_project *p, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;
	int64_t made;

	uid_or_new(uid, p->uid);
	query_open(
		&q, s,
		"INSERT INTO project(uid, code, name, profile, status, made_ms) VALUES (?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_text(&q, p->code);
	bind_text(&q, p->name);
	bind_text(&q, p->profile);
	bind_text(&q, p->status);
	bind_int(&q, clock_now_ms());
	if (query_insert(&q, &made, e) || make_line(s, made, e) || db_project_number_set(s, made, "code", p->code, e))
		return -1;
	if (id)
		*id = made;
	return 0;
}

int db_project_get(struct store *s, int64_t id, struct db_project *out, struct err *e)
{
	struct query q;

	query_open(&q, s, PROJECT_COLUMNS "WHERE id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_project, out, "project", e);
}

int db_project_list(struct store *s, int64_t after, struct db_project *rows, size_t cap, size_t *n,
		    struct err *e)
{
	struct query q;

	query_open(&q, s, PROJECT_COLUMNS "WHERE id > ? ORDER BY id LIMIT ?");
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_project, rows, sizeof(*rows), cap, n, e);
}

/* --- companies
 * ----------------------------------------------------------------------------------------------------------------
 */

#define COMPANY_COLUMNS                                                                                      \
	"SELECT id, uid, credit_code, name, short_name, area_code, registered_on, on_platform_since FROM company "

static int read_company(struct query *q, void *row, struct err *e)
{
	struct db_company *c = row;

	(void)e;
	*c = (struct db_company){.id = col_int(q, 0), .registered_on = col_date(q, 6), .on_platform_since = col_date(q, 7)};
	COL_TEXT(q, 1, c->uid);
	COL_TEXT(q, 2, c->credit_code);
	COL_TEXT(q, 3, c->name);
	COL_TEXT(q, 4, c->short_name);
	COL_TEXT(q, 5, c->area_code);
	return 0;
}

int db_company_insert(struct store *s, const struct db_company *c, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, c->uid);
	query_open(&q, s,
		   "INSERT INTO company(id, uid, credit_code, name, short_name, area_code, registered_on, "
		   "on_platform_since, made_ms) VALUES (" FRESH_ID("company", "company") ", ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_text(&q, c->credit_code);
	bind_text(&q, c->name);
	bind_text(&q, c->short_name);
	bind_text(&q, c->area_code);
	bind_date(&q, c->registered_on);
	bind_date(&q, c->on_platform_since);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_company_update(struct store *s, const struct db_company *c, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE company SET name = ?, short_name = ?, area_code = ?, registered_on = ?, on_platform_since = ? "
		   "WHERE id = ?");
	bind_text(&q, c->name);
	bind_text(&q, c->short_name);
	bind_text(&q, c->area_code);
	bind_date(&q, c->registered_on);
	bind_date(&q, c->on_platform_since);
	bind_int(&q, c->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_company_by_name(struct store *s, const char *name, struct db_company *out, struct err *e)
{
	struct query q;

	query_open(&q, s, COMPANY_COLUMNS "WHERE name = ? ORDER BY id LIMIT 1");
	bind_text(&q, name);
	return rows_one(&q, read_company, out, "company", e);
}

int db_company_get(struct store *s, int64_t id, struct db_company *out, struct err *e)
{
	struct query q;

	query_open(&q, s, COMPANY_COLUMNS "WHERE id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_company, out, "company", e);
}

int db_company_by_uid(struct store *s, const char *uid, struct db_company *out, struct err *e)
{
	struct query q;

	query_open(&q, s, COMPANY_COLUMNS "WHERE uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_company, out, "company", e);
}

int db_company_by_code(struct store *s, const char *credit_code, struct db_company *out, struct err *e)
{
	struct query q;

	query_open(&q, s, COMPANY_COLUMNS "WHERE credit_code = ?");
	bind_text(&q, credit_code);
	return rows_one(&q, read_company, out, "company", e);
}

/* --- participants
 * ---------------------------------------------------------------------------------------------------------------
 */

#define PHONE_SEALED_AS "participant.manager_phone_sealed"
#define PARTICIPANT_COLUMNS                                                                                  \
	"SELECT p.id, p.uid, p.project, p.company, p.type, p.manager_name, p.manager_phone_sealed, "         \
	"p.state, p.entered_on, p.exited_on,"                                                                \
	" c.uid, c.credit_code, c.name, c.short_name, (SELECT count(*) FROM team t WHERE t.participant = "   \
	"p.id AND t.state <> 'none')"                                                                                              \
	" FROM participant p JOIN company c ON c.id = p.company "

static int read_participant(struct query *q, void *row, struct err *e)
{
	struct db_participant *p = row;

	*p = (struct db_participant){
		.id = col_int(q, 0),
		.project = col_int(q, 2),
		.company = col_int(q, 3),
		.state = (enum site_state)col_state(q, 7, CYCLE_PARTICIPANT),
		.entered_on = col_date(q, 8),
		.exited_on = col_date(q, 9),
		.teams = col_int(q, 14),
	};
	COL_TEXT(q, 1, p->uid);
	COL_TEXT(q, 4, p->type);
	COL_TEXT(q, 5, p->manager_name);
	COL_TEXT(q, 10, p->company_uid);
	COL_TEXT(q, 11, p->credit_code);
	COL_TEXT(q, 12, p->company_name);
	COL_TEXT(q, 13, p->short_name);
	return col_sealed_text_if_open(q, 6, p->uid, PHONE_SEALED_AS, p->manager_phone,
				       sizeof(p->manager_phone), e);
}

int db_participant_insert(struct store *s, const struct db_participant *p, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, p->uid);
	query_open(&q, s,
		   "INSERT INTO participant(id, uid, project, company, type, manager_name, manager_phone_sealed, "
		   "state, entered_on, exited_on, made_ms)"
		   " VALUES (" FRESH_ID("participant", "participant") ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, p->project);
	bind_int(&q, p->company);
	bind_text(&q, p->type);
	bind_text(&q, p->manager_name);
	bind_sealed_text(&q, uid, PHONE_SEALED_AS, p->manager_phone);
	bind_state(&q, CYCLE_PARTICIPANT, p->state);
	bind_date(&q, p->entered_on);
	bind_date(&q, p->exited_on);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_participant_get(struct store *s, int64_t id, struct db_participant *out, struct err *e)
{
	struct query q;

	query_open(&q, s, PARTICIPANT_COLUMNS "WHERE p.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_participant, out, "participant", e);
}

int db_participant_by_uid(struct store *s, const char *uid, struct db_participant *out, struct err *e)
{
	struct query q;

	query_open(&q, s, PARTICIPANT_COLUMNS "WHERE p.uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_participant, out, "participant", e);
}

const char sql_participant_list[] =
	PARTICIPANT_COLUMNS "WHERE p.project = ?1 AND p.id > ?2 AND p.state <> 'none' ORDER BY p.id LIMIT ?3";

int db_participant_list(struct store *s, int64_t project, int64_t after, struct db_participant *rows,
			size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_participant_list);
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_participant, rows, sizeof(*rows), cap, n, e);
}

int db_participant_state(struct store *s, int64_t id, enum site_state from, enum site_state to,
			 date_t entered_on, date_t exited_on, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE participant SET state = ?, entered_on = ifnull(?, entered_on), exited_on = "
		   "ifnull(?, exited_on) WHERE id = ? AND state = ?");
	bind_state(&q, CYCLE_PARTICIPANT, to);
	bind_date(&q, entered_on);
	bind_date(&q, exited_on);
	bind_int(&q, id);
	bind_state(&q, CYCLE_PARTICIPANT, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_participant_update(struct store *s, const struct db_participant *p, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE participant SET manager_name = ?, manager_phone_sealed = ? WHERE id = ?");
	bind_text(&q, p->manager_name);
	bind_sealed_text(&q, p->uid, PHONE_SEALED_AS, p->manager_phone);
	bind_int(&q, p->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_participant_find(struct store *s, int64_t project, int64_t company, const char *type, struct db_participant *out,
			struct err *e)
{
	struct query q;

	query_open(&q, s, PARTICIPANT_COLUMNS "WHERE p.project = ? AND p.company = ? AND p.type = ?");
	bind_int(&q, project);
	bind_int(&q, company);
	bind_text(&q, type);
	return rows_one(&q, read_participant, out, "participant", e);
}

int db_participant_people(struct store *s, int64_t id, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT 1 FROM employment WHERE participant = ? LIMIT 1");
	bind_int(&q, id);
	return query_int(&q, out, 0, e);
}
