/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bodies for the open.api (STD: 全国建筑工人管理服务信息平台数据接口标准): flat objects in the standard's
 * names, each with everything its method asks for, since nothing on that wire can be referred to by uid:
 * companies go by credit code, teams by the number the platform gave them, people by their document. What no
 * method carries has its uid only.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/base64.h"
#include "json_out.h"
#include "store/attendance.h"
#include "store/hiring.h"
#include "store/person.h"
#include "wire_private.h"

#define PHOTO_MAX 262144 /* bytes; the desk's limit on photographs is lower */

static date_t day_of(const struct making *m)
{
	return m->fact->on != DATE_NONE ? m->fact->on : date_of_ms(m->fact->at_ms);
}

/* --- companies and participants ---------------------------------------------------------------------- */

static int company(const struct making *m, struct err *e)
{
	struct db_company c;

	if (db_company_get(m->d->store, m->fact->subject, &c, e))
		return -1;
	wire_text(m, "corpCode", c.credit_code);
	wire_text(m, "corpName", c.name);
	wire_text(m, "areaCode", c.area_code);
	wire_date(m, "registerDate", c.registered_on);
	return 0;
}

static void corp(const struct making *m, const struct db_participant *p)
{
	wire_project(m);
	wire_text(m, "corpCode", p->credit_code);
	wire_text(m, "corpName", p->company_name);
}

/* The standard's times: "yyyy-MM-dd HH:mm:ss"; we know days. */
static void midnight(const struct making *m, const char *key, date_t on)
{
	char day[DATE_TEXT], stamp[STAMP_TEXT];

	if (on == DATE_NONE)
		return;
	date_format(on, day);
	text_format(stamp, sizeof(stamp), "%s 00:00:00", day);
	wire_text(m, key, stamp);
}

static int participant(const struct making *m, struct err *e)
{
	bool enters = !strcmp(m->row->kind, "participant.enter"),
	     exits = !strcmp(m->row->kind, "participant.exit");
	struct db_participant p;

	if (db_participant_get(m->d->store, m->fact->subject, &p, e))
		return -1;
	corp(m, &p);
	wire_text(m, "corpType", profile_wire_code(m->d->profile, "participant_types", p.type));
	wire_text(m, "pmName", p.manager_name);
	wire_text(m, "pmPhone", p.manager_phone);
	midnight(m, "entryTime", enters ? day_of(m) : exits ? p.entered_on : DATE_NONE);
	midnight(m, "exitTime", exits ? day_of(m) : DATE_NONE);
	wipe(p.manager_phone, sizeof(p.manager_phone));
	return 0;
}

static int team(const struct making *m, struct err *e)
{
	struct db_participant p;
	struct db_team t;

	if (db_team_get(m->d->store, m->fact->subject, &t, e) ||
	    db_participant_get(m->d->store, t.participant, &p, e))
		return -1;
	corp(m, &p);
	wire_text(m, "teamName", t.name);
	return 0;
}

/* --- the team's number on the platform --------------------------------------------------------------- */

/* Of the newest accepted operation about this team that has one; "" when the platform has not named it yet.
 */
static int team_number(struct desk *d, int64_t id, char *out, size_t size, struct err *e)
{
	struct db_fact rows[16];
	struct db_outbox row;
	struct err own = {ERR_NONE};
	int64_t after = 0;
	size_t n;

	out[0] = '\0';
	do {
		if (db_fact_of_subject(d->store, cycle_name(CYCLE_TEAM_SITE), id, after, rows,
				       ARRAY_LEN(rows), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			if (db_outbox_by_fact(d->store, rows[i].id, &row, &own)) {
				if (own.code != ERR_NO_SUCH)
					return err_set(e, own.code, "%s", own.detail);
			} else if (row.state == OUTBOX_ACCEPTED && row.number[0]) {
				text_copy(out, size, row.number);
			}
		}
		if (n)
			after = rows[n - 1].id;
	} while (n == ARRAY_LEN(rows));
	return 0;
}

static int of_team(const struct making *m, const struct folk *f, struct err *e)
{
	char number[64];

	if (team_number(m->d, f->team.id, number, sizeof(number), e))
		return -1;
	corp(m, &f->participant);
	wire_text(m, "teamSysNo", number);
	wire_text(m, "teamName", f->team.name);
	return 0;
}

/* --- workers ----------------------------------------------------------------------------------------- */

/* The person with the assignment that is spoken of, which need not be the newest one. */
static int folk_of(const struct making *m, int64_t assignment, struct folk *f, struct err *e)
{
	struct store *s = m->d->store;

	return folk_load(m->d, m->row->person, f, e) || db_assignment_get(s, assignment, &f->assignment, e) ||
			       db_employment_get(s, f->assignment.employment, &f->employment, e) ||
			       db_team_get(s, f->assignment.team, &f->team, e) ||
			       db_participant_get(s, f->team.participant, &f->participant, e)
		       ? -1
		       : 0;
}

static int add_picture(const struct making *m, const char *key, const struct buf *jpeg, struct err *e)
{
	size_t size = BASE64_TEXT(jpeg->len);
	char *base64 = malloc(size);

	if (!base64)
		return err_set(e, ERR_MEMORY, "photograph");
	base64_encode(base64, jpeg->data ? jpeg->data : "", jpeg->len);
	wire_text(m, key, base64);
	wipe(base64, size);
	free(base64);
	return 0;
}

static int picture(const struct making *m, const char *role, const char *key, struct err *e)
{
	struct db_attachment a;
	struct err own = {ERR_NONE};
	struct buf jpeg;
	int rc;

	if (db_attachment_latest(m->d->store, m->row->person, role, &a, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	buf_init(&jpeg, PHOTO_MAX);
	rc = db_attachment_content(m->d->store, a.id, &jpeg, e);
	if (!rc)
		rc = add_picture(m, key, &jpeg, e);
	buf_wipe_release(&jpeg);
	return rc;
}

int wire_photo(const struct making *m, struct err *e)
{
	return picture(m, "photo", "headImage", e);
}

#define PUNCH_PHOTO_MAX 50000 /* JM-3 1.2.4: never over 50 kb, read as 1,000 bytes each */

int wire_clock_picture(const struct making *m, const char *hash, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_attachment a;
	struct buf jpeg;
	int rc;

	if (db_attachment_by_hash(m->d->store, hash, &a, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail); /* erased when its term was over (S8) */
	if (a.bytes > PUNCH_PHOTO_MAX)
		return 0;
	buf_init(&jpeg, PUNCH_PHOTO_MAX);
	rc = db_attachment_content(m->d->store, a.id, &jpeg, e);
	if (!rc && jpeg.len)
		rc = add_picture(m, "photo", &jpeg, e);
	buf_wipe_release(&jpeg);
	return rc;
}

static int worker(const struct making *m, const struct folk *f, struct err *e)
{
	struct record r;
	int rc = -1;

	record_init(&r);
	if (of_team(m, f, e) || folk_record(m->d, f, &r, e))
		goto out;
	wire_part(m, &r, PART_PERSON);
	wire_field(m, &r, F_ROLE);
	wire_text(m, "workType", profile_wire_code(m->d->profile, field_get(F_TRADE)->codes, f->assignment.trade));
	wire_field(m, &r, F_BANK);
	wire_field(m, &r, F_BANK_NUMBER);
	wire_field(m, &r, F_INSURANCE);
	json_out_number(m->out, "isTeamLeader", f->assignment.leader);
	rc = wire_photo(m, e) || picture(m, "card_front", "positiveIDCardImage", e) || picture(m, "card_back", "negativeIDCardImage", e) ? -1 : 0;
out:
	record_release(&r);
	return rc;
}

static int assigned_worker(const struct making *m, struct err *e)
{
	struct folk f;

	return folk_of(m, m->fact->subject, &f, e) ? -1 : worker(m, &f, e);
}

/* Does the platform have this worker in this team? */
static int is_there(struct desk *d, const struct folk *f, bool *there, struct err *e)
{
	struct db_outbox row;
	char number[64];
	int64_t reported;

	*there = false;
	if (!f->assignment.id || !f->team.id)
		return 0;
	if (team_number(d, f->team.id, number, sizeof(number), e) ||
	    deed_reported(d, CYCLE_ASSIGNMENT, f->assignment.id, &reported, e))
		return -1;
	if (!number[0] || !reported)
		return 0;
	if (db_outbox_by_fact(d->store, reported, &row, e))
		return -1;
	*there = row.state == OUTBOX_ACCEPTED;
	return 0;
}

/* A correction: told by itself only where the platform has the worker already. */
static int corrected_worker(const struct making *m, struct err *e)
{
	struct folk f;
	bool there;

	if (folk_load(m->d, m->row->person, &f, e) || is_there(m->d, &f, &there, e))
		return -1;
	return there ? worker(m, &f, e) : 0;
}

/* Entry and exit: who and when, in the team's name. */
static int pass(const struct making *m, struct err *e)
{
	struct record r;
	struct folk f;
	int rc = -1;

	record_init(&r);
	if (folk_of(m, m->fact->subject, &f, e) || of_team(m, &f, e) || folk_record(m->d, &f, &r, e))
		goto out;
	wire_field(m, &r, F_DOC_TYPE);
	wire_field(m, &r, F_NUMBER);
	wire_date(m, "date", day_of(m));
	rc = 0;
out:
	record_release(&r);
	return rc;
}

/* --- wages ------------------------------------------------------------------------------------------- */

static int payroll(const struct making *m, struct err *e)
{
	struct record r;
	struct folk f;
	int rc = -1;

	record_init(&r);
	if (folk_load(m->d, m->row->person, &f, e) || of_team(m, &f, e) || folk_record(m->d, &f, &r, e))
		goto out;
	wire_field(m, &r, F_DOC_TYPE);
	wire_field(m, &r, F_NUMBER);
	rc = wire_open_payroll(m, &r, e);
out:
	record_release(&r);
	return rc;
}

/* --- attendance --------------------------------------------------------------------------------------- */

/* STD dictionary 通行方式. A desk punch goes as what it was, never as a face (001). */
static const char *pass_mode(enum clock_means means)
{
	static const char *const modes[CLOCK_MEANS_COUNT] = {
		[CLOCK_WORKER_CODE] = "010", [CLOCK_SITE_CODE] = "010", [CLOCK_FACE] = "001", [CLOCK_DEVICE] = "011", [CLOCK_CARD] = "005"};

	return modes[means];
}

static int clocking(const struct making *m, struct err *e)
{
	struct db_attendance a;
	char stamp[STAMP_TEXT];
	struct record r;
	struct folk f;
	int rc = -1;

	record_init(&r);
	if (db_attendance_get(m->d->store, m->fact->subject, &a, e) || folk_of(m, a.assignment, &f, e) || of_team(m, &f, e) ||
	    folk_record(m->d, &f, &r, e))
		goto out;
	wire_field(m, &r, F_DOC_TYPE);
	wire_field(m, &r, F_NUMBER);
	stamp_format(a.at_ms, stamp);
	wire_text(m, "date", stamp);
	wire_text(m, "direction", a.way == CLOCK_OUT ? "02" : "01");
	wire_text(m, "attendType", pass_mode(a.means));
	rc = 0;
out:
	record_release(&r);
	return rc;
}

/* --- contracts --------------------------------------------------------------------------------------- */

static void terms(const struct making *m, const struct db_contract *c)
{
	wire_text(m, "contractPeriodType",
	     profile_wire_code(m->d->profile, field_get(F_CONTRACT_KIND)->codes, c->kind));
	wire_date(m, "startDate", c->starts_on);
	wire_date(m, "endDate", c->ends_on);
	wire_text(m, "unit",
	     c->unit[0] ? profile_wire_code(m->d->profile, field_get(F_UNIT)->codes, c->unit) : "");
	if (c->price >= 0)
		json_out_number(m->out, "unitPrice", c->price);
}

/* Attachments of the open.api: at most 1 MB of Base64 each (STD WorkerContract.Add attachments). A larger one is not taken into the file
 * (contract.c); what came from elsewhere stays out of the call. */
static int scan(const struct making *m, int64_t attachment, struct err *e)
{
	struct db_attachment a;
	struct buf pdf;
	int rc;

	if (!attachment)
		return 0;
	if (db_attachment_get(m->d->store, attachment, &a, e))
		return -1;
	if (BASE64_TEXT((size_t)a.bytes) > OPEN_ATTACHMENT_MAX)
		return 0;
	buf_init(&pdf, OPEN_ATTACHMENT_MAX);
	rc = db_attachment_content(m->d->store, a.id, &pdf, e);
	if (!rc) {
		json_out_list(m->out, "attachments");
		json_out_open(m->out);
		wire_text(m, "name", "contract.pdf");
		rc = add_picture(m, "data", &pdf, e);
		json_out_close(m->out);
		json_out_list_end(m->out);
	}
	buf_wipe_release(&pdf);
	return rc;
}

static int contract(const struct making *m, struct err *e)
{
	struct store *s = m->d->store;
	struct db_contract c;
	struct record r;
	struct folk f;
	int rc = -1;

	record_init(&r);
	if (db_contract_get(s, m->fact->subject, &c, e) || folk_load(m->d, m->row->person, &f, e) ||
	    db_employment_get(s, c.employment, &f.employment, e) ||
	    db_participant_get(s, c.participant, &f.participant, e) || folk_record(m->d, &f, &r, e))
		goto out;
	corp(m, &f.participant);
	wire_field(m, &r, F_DOC_TYPE);
	wire_field(m, &r, F_NUMBER);
	terms(m, &c);
	rc = scan(m, c.scan, e);
out:
	wipe(&c, sizeof(c));
	record_release(&r);
	return rc;
}

/* --- order ------------------------------------------------------------------------------------------- */

bool wire_in_steps(const struct desk *d)
{
	return wire_speaks(d, "open_api");
}

bool wire_takes_scan(const struct desk *d, size_t bytes)
{
	return !wire_speaks(d, "open_api") || BASE64_TEXT(bytes) <= OPEN_ATTACHMENT_MAX;
}

/* Of a worker who must be there. */
static bool is_correction(const char *kind)
{
	return !strcmp(kind, "person.amend") || !strcmp(kind, "employment.amend") || !strncmp(kind, "card.", 5);
}

int wire_ready(struct desk *d, const struct db_outbox *row, bool *ready, struct err *e)
{
	struct db_outbox worker_row;
	int64_t reported;
	struct folk f;
	bool contract_add = !strcmp(row->kind, "contract.add");

	*ready = true;
	if ((!is_correction(row->kind) && !contract_add) || !wire_in_steps(d))
		return 0;
	if (folk_load(d, row->person, &f, e))
		return -1;
	if (contract_add)
		return is_there(d, &f, ready, e);
	if (!f.assignment.id)
		return 0;
	if (deed_reported(d, CYCLE_ASSIGNMENT, f.assignment.id, &reported, e))
		return -1;
	if (!reported)
		return 0;
	if (db_outbox_by_fact(d->store, reported, &worker_row, e))
		return -1;
	*ready = worker_row.state != OUTBOX_SENDING && worker_row.state != OUTBOX_WAITING &&
		 worker_row.state != OUTBOX_UNKNOWN;
	return 0;
}

/* --- the table --------------------------------------------------------------------------------------- */

static const struct {
	const char *kind;
	int (*body)(const struct making *m, struct err *e);
} bodies[] = {
	{"company.add", company},
	{"participant.add", participant},
	{"participant.enter", participant},
	{"participant.exit", participant},
	{"team.add", team},
	{"person.amend", corrected_worker},
	{"employment.amend", corrected_worker},
	{"assignment.submit", assigned_worker},
	{"assignment.enter", pass},
	{"assignment.exit", pass},
	{"attendance.clock", clocking},
	{"contract.add", contract},
	{"card.front", corrected_worker},
	{"card.back", corrected_worker},
	{"payroll.add", payroll},
	{"training.add", wire_training},
};

int wire_open_body(const struct making *m, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		if (!strcmp(bodies[i].kind, m->row->kind))
			return bodies[i].body(m, e);
	}
	return 0;
}
