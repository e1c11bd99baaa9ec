/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking, completing and registering a record (A1–A6, D1–D4): one transaction, one fsync. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check.h"
#include "deed.h"
#include "domain/id_number.h"
#include "dossier.h"
#include "folk.h"
#include "hiring.h"
#include "merge.h"
#include "personal.h"
#include "sister.h"

/* --- checking ---------------------------------------------------------------------------------------- */

int project_completion(struct desk *d, date_t *out, struct err *e)
{
	char text[24];

	if (db_setting_get(d->store, d->project.id, "project.completion", text, sizeof(text), e))
		return -1;
	if (!date_parse(text, out))
		*out = DATE_NONE;
	return 0;
}

/* ERR_NO_SUCH is an answer here: the record names nothing of this project. */
static int absent(struct err *own, struct err *e)
{
	return own->code == ERR_NO_SUCH ? 0 : err_set(e, own->code, "%s", own->detail);
}

static int record_site(struct desk *d, const struct record *r, struct record_site *out, struct err *e)
{
	struct err own = {ERR_NONE};

	memset(out, 0, sizeof(*out));
	if (record_get(r, F_COMPANY)[0]) {
		if (db_participant_by_uid(d->store, record_get(r, F_COMPANY), &out->participant, &own) &&
		    absent(&own, e))
			return -1;
		if (out->participant.project != d->project.id)
			out->participant.id = 0;
	}
	if (record_get(r, F_TEAM)[0]) {
		if (db_team_by_uid(d->store, record_get(r, F_TEAM), &out->team, &own) && absent(&own, e))
			return -1;
		if (out->team.project != d->project.id)
			out->team.id = 0;
	}
	return 0;
}

/* A6: an identity number is one person's, under whatever type of document it was typed. */
static int person_of_number(struct desk *d, const char *type, const char *number, int64_t *person, struct err *e)
{
	char normal[ID_NUMBER_TEXT];
	int rc;

	if (id_number_normalise(number, normal))
		number = normal;
	rc = db_person_by_document(d->store, type, number, person, e);
	if (!rc && !*person && id_number_kind_of(number) != ID_NUMBER_NONE)
		rc = db_number_owner(d->store, number, person, e);
	wipe(normal, sizeof(normal));
	return rc;
}

int record_check(struct desk *d, const struct record *r, struct findings *out, struct record_site *site,
		 struct err *e)
{
	struct check_context c = {.profile = d->profile, .today = date_today()};
	char trade[16];
	int64_t person = 0;

	if (!record_whole(r))
		return err_set(e, ERR_MEMORY, "record");
	if (project_completion(d, &c.completion, e) || record_site(d, r, site, e))
		return -1;
	if (record_get(r, F_NUMBER)[0] && person_of_number(d, record_get(r, F_DOC_TYPE), record_get(r, F_NUMBER), &person, e))
		return -1;
	if (folk_elsewhere_trade(d, person, trade, sizeof(trade), e))
		return -1;
	c.other_trade = trade;
	c.team_known = site->team.id != 0;
	c.company_known = site->participant.id != 0;
	c.company_general =
		strcmp(site->participant.type, profile_text(d->profile, "participants.general", "009")) == 0;
	c.team_kind = site->team.kind;
	c.team_company = site->team.participant_uid;
	check_record(&c, r, out);
	return 0;
}

bool desk_field_required(const struct desk *d, const struct record *r, enum field_id field)
{
	return check_requires(d->profile, r, field);
}

int desk_check_record(struct desk *d, const struct record *r, struct findings *out, struct err *e)
{
	struct record_site site;

	return desk_may_in_project(d, 0, e) ? -1 : record_check(d, r, out, &site, e);
}

int desk_check_field(struct desk *d, const struct record *r, enum field_id field, struct findings *out,
		     struct err *e)
{
	struct findings all;

	if (desk_check_record(d, r, &all, e))
		return -1;
	out->n = 0;
	for (size_t i = 0; i < all.n; i++)
		if (all.item[i].field == field)
			out->item[out->n++] = all.item[i];
	return 0;
}

/* --- completing -------------------------------------------------------------------------------------- */

static int derive(struct record *r, enum field_id field, const char *value)
{
	if (record_get(r, field)[0] && r->origin[field] != ORIGIN_DERIVED)
		return 0;
	return record_set(r, field, value, ORIGIN_DERIVED);
}

/* Birth and sex stand in the number; what was derived follows when the number is mended. */
static int derive_from_number(struct record *r)
{
	const char *number = record_get(r, F_NUMBER);
	char text[DATE_TEXT];
	date_t born;

	if (id_number_faults(number, date_today()))
		return 0;
	if (id_number_birth(number, &born)) {
		date_format(born, text);
		if (derive(r, F_BIRTH, text))
			return -1;
	}
	return id_number_sex(number) == ID_SEX_UNKNOWN ? 0
						       : derive(r, F_SEX, id_sex_name(id_number_sex(number)));
}

static int fill_defaults(const struct profile *p, struct record *r)
{
	char today[DATE_TEXT];

	date_format(date_today(), today);
	for (enum field_id f = 0; f < FIELD_COUNT; f++) {
		const char *value = profile_default(p, f);

		if (!value || record_get(r, f)[0])
			continue;
		if (strcmp(value, "today") == 0)
			value = today;
		if (record_set(r, f, value, ORIGIN_DEFAULT))
			return -1;
	}
	return 0;
}

int desk_complete_record(struct desk *d, struct record *r, struct err *e)
{
	struct record_site site;

	if (desk_may_in_project(d, 0, e) || record_site(d, r, &site, e))
		return -1;
	if (derive_from_number(r) || fill_defaults(d->profile, r) ||
	    (site.team.id && derive(r, F_COMPANY, site.team.participant_uid)))
		return err_set(e, ERR_MEMORY, "record");
	return 0;
}

/* --- who is it --------------------------------------------------------------------------------------- */

int desk_person_by_document(struct desk *d, const char *doc_type, const char *number, int64_t *person,
			    struct err *e)
{
	return desk_may(d, 0, true, e) ? -1 : person_of_number(d, doc_type, number, person, e);
}

int desk_person_by_card(struct desk *d, const struct id_card *card, int64_t *person, struct err *e)
{
	struct record r;
	int rc = -1;

	record_init(&r);
	if (record_from_card(&r, card))
		err_set(e, ERR_MEMORY, "record");
	else
		rc = desk_person_by_document(d, record_get(&r, F_DOC_TYPE), record_get(&r, F_NUMBER), person,
					     e);
	record_release(&r);
	return rc;
}

/* --- employed through another project (D5) ----------------------------------------------------------- */

static bool inherited(enum field_id f)
{
	return f != F_COMPANY && folk_part_of(f) == PART_EMPLOYMENT;
}

static bool said_by_nobody(const struct record *r, enum field_id f)
{
	enum value_origin o = r->origin[f];

	return !record_get(r, f)[0] || o == ORIGIN_DEFAULT || o == ORIGIN_CARRIED || o == ORIGIN_DERIVED;
}

/* What nobody typed gives way to what the employment says; what is empty, to what the file says. */
static bool gives_way(const struct record *r, enum field_id f)
{
	if (!record_get(r, f)[0])
		return folk_part_of(f) != PART_ASSIGNMENT;
	return (inherited(f) || f == F_COMPANY) && said_by_nobody(r, f);
}

/* As whose he is to be registered; id 0: nobody has said. */
static int employer_said(struct desk *d, const struct record *r, struct db_participant *out, struct err *e)
{
	struct record_site site;

	*out = (struct db_participant){.id = 0};
	if (said_by_nobody(r, F_COMPANY) && said_by_nobody(r, F_TEAM))
		return 0;
	if (record_site(d, r, &site, e))
		return -1;
	*out = site.participant;
	return !out->id && site.team.id ? db_participant_get(d->store, site.team.participant, out, e) : 0;
}

static int lay_file(struct desk *d, const struct folk *f, struct record *r, struct err *e)
{
	struct record file;
	int rc;

	record_init(&file);
	rc = folk_record(d, f, &file, e);
	for (enum field_id i = 0; !rc && i < FIELD_COUNT; i++)
		if (gives_way(r, i) && record_get(&file, i)[0] && record_set(r, i, record_get(&file, i), ORIGIN_STORED))
			rc = err_set(e, ERR_MEMORY, "record");
	record_release(&file);
	return rc;
}

/* Lays what is known into the record of somebody who is employed through another project; *project 0: he is not. */
static int lay_employment(struct desk *d, struct record *r, int64_t *project, struct err *e)
{
	struct db_participant as;
	int64_t person = 0;
	struct folk f;

	*project = 0;
	if (!record_get(r, F_NUMBER)[0])
		return 0;
	if (person_of_number(d, record_get(r, F_DOC_TYPE), record_get(r, F_NUMBER), &person, e))
		return -1;
	if (!person || folk_load(d, person, &f, e))
		return person ? -1 : 0;
	if (f.employment.id && !lifecycle_final(CYCLE_EMPLOYMENT, f.employment.state))
		return 0;
	if (employer_said(d, r, &as, e) || sister_employment(d, person, &as, &f.employment, e))
		return -1;
	*project = f.employment.project;
	f.participant = as;
	return *project ? lay_file(d, &f, r, e) : 0;
}

int desk_employment_known(struct desk *d, struct record *r, char *project, size_t size, struct err *e)
{
	struct db_project other;
	int64_t id;

	*project = '\0';
	if (desk_may_in_project(d, 0, e) || lay_employment(d, r, &id, e))
		return -1;
	if (!id)
		return 0;
	if (db_project_get(d->store, id, &other, e))
		return -1;
	text_copy(project, size, other.name);
	return 0;
}

/* --- registering ------------------------------------------------------------------------------------- */

struct registering {
	struct desk *d;
	const struct record *r; /* merged */
	struct record merged;	/* what the caller handed over, with what is known besides */
	struct record_site site;
	struct findings *findings;
	struct folk folk;
	bool known;	     /* the person was on file before */
	bool by_card;
	bool joined;	     /* employed already, through another project: assigned here under that employment (D5) */
	int64_t person_fact; /* what reaches the platform before the employment */
};

/* L3: a mark that nobody has overridden stops, as the profile says; else it is told. */
static int not_barred(struct registering *g, struct err *e)
{
	enum severity severity = profile_severity(g->d->profile, "do_not_hire");
	char sentence[200];
	struct barred b;

	if (dossier_barred(g->d, g->folk.person.id, &b, e))
		return -1;
	if (!b.marked || severity == SEVERITY_NONE)
		return 0;
	dossier_barred_sentence(&b, sentence, sizeof(sentence));
	if (!b.barred || severity == SEVERITY_WARN) {
		check_warn(g->findings, F_NUMBER, "do_not_hire", sentence);
		return 0;
	}
	desk_append(sentence, sizeof(sentence), _("；由项目经理或企业在档案的标记页写明理由后放行"));
	check_refuse(g->findings, F_NUMBER, "do_not_hire", "", sentence);
	return err_set(e, ERR_FINDINGS, "do_not_hire");
}

/* D5: who is employed through another project needs no offer here, but a team. */
static int join(struct registering *g, struct err *e)
{
	struct db_employment m;
	char sentence[200];
	struct db_project other;

	if (sister_employment(g->d, g->folk.person.id, &g->site.participant, &m, e))
		return -1;
	g->joined = m.id != 0;
	if (!g->joined)
		return 0;
	g->folk.employment = m;
	g->folk.participant = g->site.participant;
	if (g->site.team.id)
		return 0;
	if (db_project_get(g->d->store, m.project, &other, e))
		return -1;
	text_format(sentence, sizeof(sentence), _("此人已由本单位聘用（项目“%s”），本项目不必再聘用：请选择班组"), other.name);
	check_refuse(g->findings, F_TEAM, "joined", "SH-QA r2 进场 6", sentence);
	return err_set(e, ERR_FINDINGS, "joined");
}

/* D4, D10: is there a way in for this person at all? */
static int way_in(struct registering *g, struct err *e)
{
	const struct folk *f = &g->folk;
	char elsewhere[NAME_TEXT], sentence[200];
	bool employed = f->employment.id && !lifecycle_final(CYCLE_EMPLOYMENT, f->employment.state);
	bool assigned = f->assignment.id && !lifecycle_final(CYCLE_ASSIGNMENT, f->assignment.state);

	if (folk_elsewhere(g->d, f->person.id, g->site.participant.company, elsewhere, sizeof(elsewhere), e))
		return -1;
	if (elsewhere[0]) {
		text_format(sentence, sizeof(sentence), _("此人在%s尚未离职。%s"), elsewhere, guard_way_out(g->d->profile));
		check_refuse(g->findings, F_NUMBER, "one_employer", "SH-OP 二 FAQ 2", sentence);
		return err_set(e, ERR_FINDINGS, "one_employer");
	}
	if (!employed)
		return join(g, e);
	if (!assigned && g->site.team.id)
		return 0;
	if (f->employment.state == EMPLOYMENT_PROCESSING)
		text_copy(sentence, sizeof(sentence), _("平台正在办理此人的登记，不必再办，等结果送达"));
	else
		text_format(sentence, sizeof(sentence), _("此人已登记（%s），请打开此人办理"),
			    state_word(CYCLE_EMPLOYMENT, f->employment.state));
	check_refuse(g->findings, F_NUMBER, "registered", "SH-OP 二 FAQ 1", sentence);
	return err_set(e, ERR_DUPLICATE, "employment %s", state_name(CYCLE_EMPLOYMENT, f->employment.state));
}

/* Who was read from a card stays as the card said when somebody types him in again (A4). */
static int keep_card(struct registering *g, struct err *e)
{
	struct record stored;
	int rc = -1;

	record_init(&stored);
	if (folk_record(g->d, &g->folk, &stored, e))
		goto out;
	if (!stored.from_card || g->r->from_card) {
		rc = 0;
		goto out;
	}
	for (enum field_id f = 0; f < FIELD_COUNT; f++)
		if ((field_get(f)->flags & FIELD_FROM_CARD) && stored.origin[f] == ORIGIN_CARD &&
		    record_set(&g->merged, f, record_get(&stored, f), ORIGIN_CARD)) {
			err_set(e, ERR_MEMORY, "record");
			goto out;
		}
	g->merged.from_card = true;
	rc = 0;
out:
	record_release(&stored);
	return rc;
}

static int save_portrait(struct registering *g, int64_t fact, struct err *e)
{
	int64_t id;

	if (!g->r->has_portrait)
		return 0;
	return db_attachment_add(g->d->store, 0, g->folk.person.id, fact, "portrait", "image/x-wlt",
				 g->r->portrait, sizeof(g->r->portrait), &id, e);
}

static int save_person(struct registering *g, struct err *e)
{
	struct personal p = {.d = g->d, .r = g->r, .person = &g->folk.person};

	if (!g->known) {
		if (personal_insert(&p, e))
			return -1;
	} else if (personal_update(&p, e)) {
		return -1;
	}
	if (personal_report(&p, &g->person_fact, e))
		return -1;
	return save_portrait(g, g->person_fact, e);
}

static int offer(struct registering *g, struct err *e)
{
	struct db_employment *m = &g->folk.employment;
	struct situation situation;
	struct subject s;
	int64_t needs[2] = {g->person_fact, 0};
	struct buf body;
	int rc = -1;

	*m = (struct db_employment){.project = g->d->project.id,
				    .person = g->folk.person.id,
				    .state = EMPLOYMENT_NONE,
				    .leaves_on = DATE_NONE,
				    .made_ms = clock_now_ms()};
	uid_new(m->uid);
	buf_init(&body, 16384);
	if (employment_take(m, g->r, &g->site.participant) ||
	    db_employment_insert(g->d->store, m, &m->id, e) || employment_fields_save(g->d, m->id, g->r, e) ||
	    folk_body(g->r, PART_EMPLOYMENT, &body, e) ||
	    deed_reported(g->d, CYCLE_PARTICIPANT, g->site.participant.id, &needs[1], e) ||
	    folk_load(g->d, g->folk.person.id, &g->folk, e) ||
	    folk_situation(g->d, &g->folk, EVENT_OFFER, DATE_NONE, &situation, e))
		goto out;
	s = folk_employment(&g->folk);
	if (deed_do(g->d,
		    &(struct deed){.subject = &s,
				   .event = EVENT_OFFER,
				   .source = PLAN_DESK,
				   .situation = &situation,
				   .on = DATE_NONE,
				   .body = body.data,
				   .actor = deed_actor(g->d, CYCLE_EMPLOYMENT),
				   .needs = needs,
				   .n_needs = ARRAY_LEN(needs)},
		    NULL, e))
		goto out;
	if (contract_of_record(g->d, &g->folk, g->r, e))
		goto out;
	rc = folk_load(g->d, g->folk.person.id, &g->folk, e);
out:
	buf_wipe_release(&body);
	return rc;
}

/* D12: where the region lets nobody be hired before that. */
static int app_stands(struct registering *g, struct err *e)
{
	struct db_app app;

	if (g->joined || profile_severity(g->d->profile, "app_registration") != SEVERITY_BLOCK)
		return 0;
	if (db_app_get(g->d->store, g->d->project.id, g->folk.person.id, &app, e))
		return -1;
	if (app.state == APP_DONE)
		return 0;
	check_refuse(g->findings, F_NUMBER, "app_registration", "SH-OP 一", _("本人还没有完成手机登记，登记完成后才能聘用"));
	return err_set(e, ERR_FINDINGS, "app_registration");
}

/* Somebody new who looks like somebody known: told, and kept to be looked at (A6). */
static int look_alike(struct registering *g, struct err *e)
{
	enum severity severity = profile_severity(g->d->profile, "same_person");
	int64_t other;

	if (g->known || severity == SEVERITY_NONE)
		return 0;
	if (merge_offer_alike(g->d, g->folk.person.id, g->folk.person.name, &other, e))
		return -1;
	if (!other)
		return 0;
	if (severity == SEVERITY_WARN) {
		check_warn(g->findings, F_NUMBER, "same_person",
			   _("已有一份档案与此人姓名和出生日期相同，或手机号码相同；请在“疑似同一人”里核对"));
		return 0;
	}
	check_refuse(g->findings, F_NUMBER, "same_person", "",
		     _("已有一份档案与此人姓名和出生日期相同，或手机号码相同；请先核对，更正证件号码或手机号码"));
	return err_set(e, ERR_FINDINGS, "same_person");
}

/* What the record says of the employment otherwise than the file is a change of it, as desk_amend() would make it. */
static int keep_employment(struct registering *g, struct err *e)
{
	struct employment_change c = {
		.d = g->d, .r = g->r, .folk = &g->folk, .participant = &g->site.participant, .person_fact = g->person_fact};
	struct record file;
	bool differs = false;
	int64_t fact;
	int rc = -1;

	record_init(&file);
	if (folk_record(g->d, &g->folk, &file, e))
		goto out;
	for (enum field_id f = 0; f < FIELD_COUNT; f++)
		differs = differs || (inherited(f) && strcmp(record_get(g->r, f), record_get(&file, f)));
	rc = differs ? employment_amend(&c, &fact, e) : 0;
out:
	record_release(&file);
	return rc;
}

static int register_rows(struct registering *g, struct registered *out, struct err *e)
{
	struct desk *d = g->d;
	int64_t person;

	if (person_of_number(d, record_get(g->r, F_DOC_TYPE), record_get(g->r, F_NUMBER), &person, e))
		return -1;
	g->known = person != 0;
	memset(&g->folk, 0, sizeof(g->folk));
	if (g->known && (folk_load(d, person, &g->folk, e) || not_barred(g, e) || way_in(g, e) || keep_card(g, e)))
		return -1;
	if (app_stands(g, e))
		return -1;
	if (save_person(g, e))
		return -1;
	if ((!g->folk.employment.id || lifecycle_final(CYCLE_EMPLOYMENT, g->folk.employment.state)) &&
	    offer(g, e))
		return -1;
	if (g->joined && keep_employment(g, e))
		return -1;
	if (dossier_note_training(d, g->folk.person.id, record_date(g->r, F_TRAINED_ON), e))
		return -1;
	if (g->site.team.id &&
	    assignment_begin(d, &g->folk, &g->site.team, strcmp(record_get(g->r, F_LEADER), "1") == 0, e))
		return -1;
	if (folk_refresh(d, g->folk.person.id, true, e) || look_alike(g, e) ||
	    desk_audit(d,
		       &(struct audit_entry){.action = "register",
					     .object = "person",
					     .uid = g->folk.person.uid,
					     .detail = g->by_card ? "card" : "manual"},
		       e))
		return -1;
	*out = (struct registered){.person = g->folk.person.id,
				   .employment = g->folk.employment.id,
				   .assignment = g->folk.assignment.id,
				   .employment_state = g->folk.employment.state,
				   .assignment_state = g->folk.assignment.state};
	memcpy(out->uid, g->folk.person.uid, UID_TEXT);
	memcpy(out->employment_uid, g->folk.employment.uid, UID_TEXT);
	return 0;
}

/* B1: the duty ends with the supervision (JM-N 二(一)); to a team nobody comes any more once the works are complete. */
static int project_takes(struct registering *g, struct err *e)
{
	enum project_state state;

	if (desk_project_state(g->d, &state, e))
		return -1;
	if (state == PROJECT_SUPERVISION_ENDED)
		check_refuse(g->findings, F_COMPANY, "project_open", "JM-N 二(一)", _("项目已终止监督，不再登记人员；仍在施工的，请先更正项目状态"));
	else if (state == PROJECT_COMPLETED && g->site.team.id)
		check_refuse(g->findings, F_TEAM, "project_open", "JM-N 二(一)", _("项目已竣工，不能再分配人员；仍在施工的，请先更正项目状态"));
	else
		return 0;
	return err_set(e, ERR_FINDINGS, "project_open");
}

/* Judged already; writes all of it or nothing. */
static int register_judged(struct registering *g, struct registered *out, struct err *e)
{
	struct registered done;
	int rc;

	if (project_takes(g, e))
		return -1;

	if (!g->site.participant.id && g->site.team.id &&
	    db_participant_get(g->d->store, g->site.team.participant, &g->site.participant, e))
		return -1;
	if (!folk_in_scope(g->d, g->site.participant.id))
		return err_set(e, ERR_NOT_PERMITTED, "company of another account");
	rc = store_begin(g->d->store, e);
	if (!rc)
		rc = store_end(g->d->store, register_rows(g, &done, e), e);
	if (!rc)
		*out = done;
	return rc;
}

static unsigned may_offer(void)
{
	return lifecycle_find(CYCLE_EMPLOYMENT, EMPLOYMENT_NONE, EVENT_OFFER)->roles;
}

/* The record as it is taken: with what the employment says that there is already. */
static int take_record(struct registering *g, const struct record *r, struct err *e)
{
	int64_t project;

	record_init(&g->merged);
	g->by_card = r->from_card;
	g->findings->n = 0;
	if (record_copy(&g->merged, r))
		return err_set(e, ERR_MEMORY, "record");
	g->r = &g->merged;
	return lay_employment(g->d, &g->merged, &project, e);
}

static int register_taken(struct registering *g, const struct record *r, struct registered *out, struct err *e)
{
	if (take_record(g, r, e) || record_check(g->d, g->r, g->findings, &g->site, e))
		return -1;
	if (check_blocks(g->findings))
		return err_set(e, ERR_FINDINGS, "%zu findings", g->findings->n);
	return register_judged(g, out, e);
}

int desk_register(struct desk *d, const struct record *r, struct findings *findings, struct registered *out,
		  struct err *e)
{
	struct registering g = {.d = d, .findings = findings};
	int rc;

	if (desk_may_in_project(d, may_offer(), e))
		return -1;
	rc = register_taken(&g, r, out, e);
	record_release(&g.merged);
	return rc;
}

/* --- offering by name and document (D1) -------------------------------------------------------------- */

/* What an offer is made of; the rest is asked for when the person has consented. */
static const enum field_id offer_fields[] = {F_DOC_TYPE, F_NUMBER, F_NAME, F_COMPANY};

static bool asked_for(const struct record *r, enum field_id field)
{
	for (size_t i = 0; i < ARRAY_LEN(offer_fields); i++)
		if (offer_fields[i] == field)
			return true;
	return record_get(r, field)[0] != '\0';
}

static bool named(const struct findings *f, enum field_id field)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->item[i].field == field)
			return true;
	return false;
}

/* Leaves out what is missing and not asked for yet; what an offer needs is asked for whatever the profile says. */
static void offer_findings(const struct record *r, struct findings *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (asked_for(r, f->item[i].field))
			f->item[n++] = f->item[i];
	f->n = n;
	for (size_t i = 0; i < ARRAY_LEN(offer_fields); i++) {
		const struct field *field = field_get(offer_fields[i]);
		char sentence[200];

		if (record_get(r, field->id)[0] || named(f, field->id))
			continue;
		text_format(sentence, sizeof(sentence), _("请填写%s：%s"), _(field->label), _(field->help));
		check_refuse(f, field->id, "required", "SH-OP 二(一)", sentence);
	}
}

bool desk_offers_alone(const struct desk *d)
{
	return d->profile && profile_has_step(d->profile, EVENT_REGISTER);
}

static int offer_taken(struct registering *g, const struct record *r, struct registered *out, struct err *e)
{
	if (take_record(g, r, e) || record_check(g->d, g->r, g->findings, &g->site, e))
		return -1;
	offer_findings(g->r, g->findings);
	if (check_blocks(g->findings))
		return err_set(e, ERR_FINDINGS, "%zu findings", g->findings->n);
	return register_judged(g, out, e);
}

int desk_offer(struct desk *d, const struct record *r, struct findings *findings, struct registered *out, struct err *e)
{
	struct registering g = {.d = d, .findings = findings};
	int rc;

	findings->n = 0;
	if (desk_may_in_project(d, may_offer(), e))
		return -1;
	if (!desk_offers_alone(d))
		return err_set(e, ERR_FORBIDDEN, "%s", _("本地区聘用和用工登记一次办完；请填登记表"));
	rc = offer_taken(&g, r, out, e);
	record_release(&g.merged);
	return rc;
}

/* D2: what registering still needs; "" nothing. In form order, words. */
int register_missing(struct desk *d, const struct folk *f, char *out, size_t size, struct err *e)
{
	struct record_site site;
	struct findings findings;
	struct record r;
	int rc = -1;

	*out = '\0';
	record_init(&r);
	if (folk_record(d, f, &r, e) || record_check(d, &r, &findings, &site, e))
		goto out;
	for (size_t i = 0; i < findings.n; i++)
		if (findings.item[i].severity == SEVERITY_BLOCK && strcmp(findings.item[i].rule, "required") == 0) {
			desk_append(out, size, *out ? _("、") : "");
			desk_append(out, size, _(field_get(findings.item[i].field)->label));
		}
	rc = 0;
out:
	record_release(&r);
	return rc;
}
