/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "folk.h"
#include "json_out.h"
#include "store/attendance.h"
#include "store/fact.h"
#include "store/hiring.h"
#include "store/post.h"
#include "store/project.h"

void wire_text(const struct making *m, const char *key, const char *value)
{
	json_out_text(m->out, key, value);
}

void wire_date(const struct making *m, const char *key, date_t on)
{
	char s[DATE_TEXT];

	date_format(on, s);
	json_out_text(m->out, key, s);
}

static void project(const struct making *m)
{
	wire_text(m, "projectCode", m->d->project.code[0] ? m->d->project.code : m->d->project.uid);
}

/* --- fields of a record ------------------------------------------------------------------------------ */

static void field(const struct making *m, const struct record *r, enum field_id id)
{
	const struct field *f = field_get(id);
	const char *value = record_get(r, id);

	if (!f->wire || !value[0])
		return;
	if (f->kind == FIELD_CODE)
		wire_text(m, f->wire, profile_wire_code(m->d->profile, f->codes, value));
	else if ((f->kind == FIELD_MONEY || f->kind == FIELD_YES_NO) && text_is_digits(value))
		json_out_number(m->out, f->wire, strtoll(value, NULL, 10));
	else
		wire_text(m, f->wire, value);
}

static void part(const struct making *m, const struct record *r, enum folk_part which)
{
	for (enum field_id id = 0; id < FIELD_COUNT; id++)
		if (id != F_COMPANY && folk_part_of(id) == which)
			field(m, r, id);
}

void wire_part(const struct making *m, const struct record *r, enum folk_part which)
{
	part(m, r, which);
}

void wire_field(const struct making *m, const struct record *r, enum field_id id)
{
	field(m, r, id);
}

void wire_project(const struct making *m)
{
	project(m);
}

/* --- bodies ------------------------------------------------------------------------------------------ */

static int company_body(const struct making *m, struct err *e)
{
	struct db_company c;

	if (db_company_get(m->d->store, m->fact->subject, &c, e))
		return -1;
	wire_text(m, "corpCode", c.credit_code);
	wire_text(m, "corpName", c.name);
	wire_text(m, "corpShortName", c.short_name);
	wire_text(m, "areaCode", c.area_code);
	wire_date(m, "registerDate", c.registered_on);
	return 0;
}

/* What the sheet says and the standard has no name for, sent as the rows name it (domain/particulars.h). */
static int sheet_part(const struct making *m, enum sheet_of sheet, int64_t id, const char *uid, struct err *e)
{
	struct particulars p = {.sheet = sheet};
	const struct particular *rows = NULL;
	size_t n = particulars_rows(sheet, &rows);
	int rc = db_particulars_load(m->d->store, &p, id, uid, e);

	for (size_t i = 0; !rc && i < n; i++)
		if (rows[i].wire && !(rows[i].flags & PARTICULAR_CLEAR) && strcmp(rows[i].name, "manager_phone"))
			wire_text(m, rows[i].wire,
			     rows[i].codes && p.value[i][0] ? profile_wire_code(m->d->profile, rows[i].codes, p.value[i]) : p.value[i]);
	wipe(&p, sizeof(p));
	return rc;
}

static int participant_body(const struct making *m, struct err *e)
{
	struct db_participant p;

	if (db_participant_get(m->d->store, m->fact->subject, &p, e))
		return -1;
	project(m);
	wire_text(m, "corpCode", p.credit_code);
	wire_text(m, "corpName", p.company_name);
	wire_text(m, "corpType", profile_wire_code(m->d->profile, "participant_types", p.type));
	wire_text(m, "pmName", p.manager_name);
	wire_text(m, "pmPhone", p.manager_phone);
	wipe(p.manager_phone, sizeof(p.manager_phone));
	return sheet_part(m, SHEET_PARTICIPANT, p.id, p.uid, e);
}

static int team_body(const struct making *m, struct err *e)
{
	struct db_participant p;
	struct db_team t;

	if (db_team_get(m->d->store, m->fact->subject, &t, e) ||
	    db_participant_get(m->d->store, t.participant, &p, e))
		return -1;
	project(m);
	wire_text(m, "participant", t.participant_uid);
	wire_text(m, "corpCode", p.credit_code);
	wire_text(m, "teamName", t.name);
	wire_text(m, "teamKind", t.kind);
	return 0;
}

bool wire_speaks(const struct desk *d, const char *dialect)
{
	return d->profile && !strcmp(profile_text(d->profile, "upload.dialect", "native"), dialect);
}

/* The device protocol sends pictures with the texts, and has a dictionary of nations of its own. */
static int device_part(const struct making *m, const struct record *r, struct err *e)
{
	wire_text(m, "nationNumber", profile_wire_code(m->d->profile, "device_nations", record_get(r, F_NATION)));
	return wire_photo(m, e);
}

static int person_body(const struct making *m, struct err *e)
{
	struct record r;
	struct folk f;
	int rc = -1;

	record_init(&r);
	if (folk_load(m->d, m->row->person, &f, e) || folk_record(m->d, &f, &r, e))
		goto out;
	part(m, &r, PART_PERSON);
	json_out_number(m->out, "isManual", f.person.manual);
	rc = wire_speaks(m->d, "device") ? device_part(m, &r, e) : 0;
out:
	record_release(&r);
	return rc;
}

/* The employment that the fact is about, which need not be the current one any more. */
static int folk_of_employment(const struct making *m, int64_t id, struct folk *f, struct err *e)
{
	if (folk_load(m->d, m->row->person, f, e) || db_employment_get(m->d->store, id, &f->employment, e))
		return -1;
	return f->employment.participant
		       ? db_participant_get(m->d->store, f->employment.participant, &f->participant, e)
		       : 0;
}

static int employment_body(const struct making *m, struct err *e)
{
	struct record r;
	struct folk f;
	int rc = -1;

	record_init(&r);
	if (folk_of_employment(m, m->fact->subject, &f, e) || folk_record(m->d, &f, &r, e))
		goto out;
	wire_text(m, "person", f.person.uid);
	project(m);
	wire_text(m, "participant", f.participant.uid);
	wire_text(m, "corpCode", f.participant.credit_code);
	part(m, &r, PART_EMPLOYMENT);
	rc = 0;
out:
	record_release(&r);
	return rc;
}

static void event_day(const struct making *m)
{
	wire_date(m, "date", m->fact->on != DATE_NONE ? m->fact->on : date_of_ms(m->fact->at_ms));
}

static int assignment_body(const struct making *m, struct err *e)
{
	struct db_employment employment;
	struct db_assignment a;
	struct db_person person;
	struct db_team team = {.uid = ""};

	if (db_assignment_get(m->d->store, m->fact->subject, &a, e) ||
	    db_employment_get(m->d->store, a.employment, &employment, e) ||
	    db_person_get(m->d->store, a.person, &person, e) ||
	    (a.team && db_team_get(m->d->store, a.team, &team, e)))
		return -1;
	wire_text(m, "employment", employment.uid);
	wire_text(m, "person", person.uid);
	project(m);
	wire_text(m, "team", team.uid);
	if (a.trade[0])
		wire_text(m, "workType", profile_wire_code(m->d->profile, field_get(F_TRADE)->codes, a.trade));
	json_out_number(m->out, "isTeamLeader", a.leader);
	event_day(m);
	return 0;
}

/* WorkerContract.Add of the national standard, with the price in fen; scan: the SHA-256 that the file is sent by. */
static int contract_body(const struct making *m, struct err *e)
{
	struct db_contract c, before = {.id = 0};
	struct db_attachment scan = {.id = 0};
	struct db_employment employment;
	struct db_company company = {.id = 0};
	struct db_person person;

	if (db_contract_get(m->d->store, m->fact->subject, &c, e) || db_employment_get(m->d->store, c.employment, &employment, e) ||
	    db_person_get(m->d->store, c.person, &person, e) || (c.company && db_company_get(m->d->store, c.company, &company, e)) ||
	    (c.renews && db_contract_get(m->d->store, c.renews, &before, e)) || (c.scan && db_attachment_get(m->d->store, c.scan, &scan, e)))
		return -1;
	wire_text(m, "employment", employment.uid);
	wire_text(m, "person", person.uid);
	project(m);
	wire_text(m, "corpCode", company.credit_code);
	wire_text(m, "contractPeriodType", profile_wire_code(m->d->profile, field_get(F_CONTRACT_KIND)->codes, c.kind));
	wire_date(m, "startDate", c.starts_on);
	wire_date(m, "endDate", c.ends_on);
	wire_text(m, "unit", c.unit[0] ? profile_wire_code(m->d->profile, field_get(F_UNIT)->codes, c.unit) : "");
	if (c.price >= 0)
		json_out_number(m->out, "unitPrice", c.price);
	wire_text(m, "scan", scan.id ? scan.hash : "");
	wire_text(m, "renews", before.id ? before.uid : "");
	event_day(m);
	wipe(&c, sizeof(c));
	return 0;
}

static int event_body(const struct making *m, struct err *e)
{
	(void)e;
	project(m);
	event_day(m);
	wire_text(m, "reason", m->fact->note);
	return 0;
}

/* C4: which labour subcontractor it is about. */
static int association_body(const struct making *m, struct err *e)
{
	struct db_company c;
	struct db_team t;

	if (db_team_get(m->d->store, m->fact->subject, &t, e) || (t.partner && db_company_get(m->d->store, t.partner, &c, e)))
		return -1;
	if (t.partner) {
		wire_text(m, "corpCode", c.credit_code);
		wire_text(m, "corpName", c.name);
	}
	return event_body(m, e);
}

/* The device protocol knows people by their document and sends the picture with the punch (JM-3 1.2.4). */
static int device_clocking(const struct making *m, const struct db_attendance *a, struct err *e)
{
	struct record r;
	struct folk f;
	int rc = -1;

	record_init(&r);
	if (folk_load(m->d, a->person, &f, e) == 0 && folk_record(m->d, &f, &r, e) == 0) {
		field(m, &r, F_NUMBER);
		rc = a->picture[0] ? wire_clock_picture(m, a->picture, e) : 0;
	}
	record_release(&r);
	return rc;
}

static int attendance_body(const struct making *m, struct err *e)
{
	struct store *s = m->d->store;
	struct db_attendance a;
	struct db_assignment under;
	struct db_person person;

	if (db_attendance_get(s, m->fact->subject, &a, e) || db_person_get(s, a.person, &person, e) ||
	    db_assignment_get(s, a.assignment, &under, e))
		return -1;
	wire_text(m, "person", person.uid);
	wire_text(m, "assignment", under.uid);
	project(m);
	json_out_number(m->out, "at", a.at_ms);
	wire_text(m, "direction", clock_way_name(a.way));
	wire_text(m, "means", clock_means_name(a.means));
	wire_text(m, "device", a.device);
	wire_text(m, "image", a.picture);
	return wire_speaks(m->d, "device") ? device_clocking(m, &a, e) : 0;
}

/* F3: which seat of which post, and who holds it from that day. */
static int post_body(const struct making *m, struct err *e)
{
	struct db_person person = {.uid = ""};
	struct db_post p;

	if (db_post_get(m->d->store, m->fact->subject, &p, e) || (m->fact->person && db_person_get(m->d->store, m->fact->person, &person, e)))
		return -1;
	project(m);
	wire_text(m, "post", p.post);
	json_out_number(m->out, "seat", p.seat);
	wire_text(m, "person", person.uid);
	event_day(m);
	wire_text(m, "reason", m->fact->note);
	return 0;
}

/* F5: nobody holds it today, and that is filed. */
static int absence_body(const struct making *m, struct err *e)
{
	struct db_post p;

	if (db_post_get(m->d->store, m->fact->subject, &p, e))
		return -1;
	wire_text(m, "post", p.uid);
	return event_body(m, e);
}

enum upload_dialect wire_dialect(const struct desk *d)
{
	enum upload_dialect dialect = DIALECT_NATIVE;

	if (d->profile)
		upload_dialect_parse(profile_text(d->profile, "upload.dialect", ""), &dialect);
	return dialect;
}

enum upload_way wire_way(const struct desk *d, const char *kind)
{
	return upload_way(wire_dialect(d), kind);
}

bool wire_moves(const struct desk *d)
{
	return wire_speaks(d, "native");
}

bool wire_takes_unpaid(const struct desk *d)
{
	return !wire_speaks(d, "open_api");
}

/* The first row that the kind begins with. */
static const struct {
	const char *kind;
	int (*body)(const struct making *m, struct err *e);
} bodies[] = {
	{"company.", company_body},
	{"participant.add", participant_body},
	{"participant.amend", participant_body},
	{"team.add", team_body},
	{"team.amend", team_body},
	{"team.associate", association_body},
	{"team.confirm_association", association_body},
	{"team.refuse_association", association_body},
	{"team.unbind", association_body},
	{"team.set_own", event_body},
	{"person.", person_body},
	{"employment.offer", employment_body},
	{"employment.amend", employment_body},
	{"assignment.submit", assignment_body},
	{"assignment.amend", assignment_body},
	{"attendance.clock", attendance_body},
	{"payroll.", wire_payroll},
	{"training.", wire_training},
	{"book.", wire_book},
	{"device.", wire_device},
	{"contract.add", contract_body},
	{"contract.amend", contract_body},
	{"post.fill", post_body},
	{"post.absence", absence_body},
	{"", event_body},
};

int wire_body(struct desk *d, const struct db_outbox *row, struct buf *out, struct err *e)
{
	struct db_fact fact;
	struct making m = {.d = d, .row = row, .fact = &fact, .out = out};
	size_t i = 0;
	int rc;

	if (db_fact_get(d->store, row->fact, &fact, e))
		return -1;
	while (strncmp(row->kind, bodies[i].kind, strlen(bodies[i].kind)))
		i++;
	json_out_open(out);
	wire_text(&m, "uid", row->subject);
	rc = wire_speaks(d, "open_api") ? wire_open_body(&m, e) : bodies[i].body(&m, e);
	json_out_close(out);
	wipe(fact.note, sizeof(fact.note));
	if (rc)
		return -1;
	return out->failed ? err_set(e, ERR_TOO_LARGE, "body of %s", row->kind) : 0;
}
