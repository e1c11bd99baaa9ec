/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folk.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "dossier.h"
#include "domain/id_number.h"
#include "domain/pinyin.h"
#include "json_out.h"
#include "personal.h"
#include "sister.h"
#include "store/dossier.h"
#include "store/hiring.h"
#include "store/outbox.h"

/* --- which field is whose ---------------------------------------------------------------------------- */

/* Besides these a person has a name and documents, an employment its clear columns (store/person.h). */
static const enum field_id person_fields[] = {
	F_NAME_LATIN, F_SEX,	     F_NATION,	      F_BIRTH,		F_ADDRESS,
	F_AUTHORITY,  F_NATIONALITY, F_PERMIT_NUMBER, F_TIMES_ISSUED,	F_PHONE,
	F_EDUCATION,  F_POLITICS,    F_LOCAL_ADDRESS, F_EMERGENCY_NAME, F_EMERGENCY_PHONE,
	F_MARITAL,    F_NATIVE_PLACE, F_USUAL_ADDRESS,
	F_UNION_DATE, F_MEDICAL,
};
static const enum field_id employment_fields[] = {
	F_CONTRACT_KIND,  F_UNIT,		 F_UNIT_PRICE, F_WAGE_KIND,   F_WAGE,      F_BASE_WAGE,
	F_PROBATION_WAGE, F_PERFORMANCE_TIMES, F_BANK, F_BANK_NUMBER, F_INSURANCE,
};

size_t folk_person_fields(const enum field_id **out)
{
	*out = person_fields;
	return ARRAY_LEN(person_fields);
}

size_t folk_employment_fields(const enum field_id **out)
{
	*out = employment_fields;
	return ARRAY_LEN(employment_fields);
}

enum folk_part folk_part_of(enum field_id field)
{
	if (field == F_TEAM || field == F_LEADER)
		return PART_ASSIGNMENT;
	if (field == F_COMPANY || field == F_ROLE || field == F_TRADE || field == F_INSURANCE)
		return PART_EMPLOYMENT;
	return field_get(field)->group == GROUP_CONTRACT ? PART_EMPLOYMENT : PART_PERSON;
}

int folk_body(const struct record *r, enum folk_part part, struct buf *out, struct err *e)
{
	json_out_open(out);
	for (enum field_id f = 0; f < FIELD_COUNT; f++)
		if (folk_part_of(f) == part)
			json_out_text(out, field_get(f)->name, record_get(r, f));
	if (part == PART_PERSON)
		json_out_number(out, "from_card", r->from_card);
	json_out_close(out);
	return out->failed ? err_set(e, ERR_MEMORY, "body of a fact") : 0;
}

/* --- loading ----------------------------------------------------------------------------------------- */

#define RECENT                                                                                               \
	32 /* employments or assignments of one person that are looked at, newest first, of all projects */

/* What one project knows of a person, and whether others do. */
struct knowing {
	struct desk *d;
	struct db_assignment assignment[RECENT];
	size_t assignments;
	struct folk *folk;
};

static bool counts_here(const struct knowing *k, const struct db_employment *m)
{
	if (m->project == k->d->project.id)
		return true;
	for (size_t i = 0; i < k->assignments; i++)
		if (k->assignment[i].project == k->d->project.id && k->assignment[i].employment == m->id)
			return true;
	return false;
}

/* Of those that count here the newest that is not over, else the newest. */
static int current_employment(struct knowing *k, int64_t person, struct err *e)
{
	struct db_employment *out = &k->folk->employment, rows[RECENT];
	size_t n;

	*out = (struct db_employment){.id = 0,
				      .starts_on = DATE_NONE,
				      .ends_on = DATE_NONE,
				      .leaves_on = DATE_NONE,
				      .trained_on = DATE_NONE};
	if (db_employment_list(k->d->store, person, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool over = lifecycle_final(CYCLE_EMPLOYMENT, rows[i].state);

		k->folk->sisters = k->folk->sisters || rows[i].project != k->d->project.id;
		if (counts_here(k, &rows[i]) && (!out->id || (lifecycle_final(CYCLE_EMPLOYMENT, out->state) && !over)))
			*out = rows[i];
	}
	return 0;
}

static int current_assignment(struct knowing *k, int64_t person, struct err *e)
{
	struct db_assignment *out = &k->folk->assignment;

	*out = (struct db_assignment){.id = 0, .entered_on = DATE_NONE, .exited_on = DATE_NONE};
	if (db_assignment_list(k->d->store, person, k->assignment, RECENT, &k->assignments, e))
		return -1;
	for (size_t i = 0; i < k->assignments; i++) {
		if (k->assignment[i].project != k->d->project.id)
			k->folk->sisters = true;
		else if (!out->id)
			*out = k->assignment[i];
	}
	return 0;
}

int folk_load(struct desk *d, int64_t person, struct folk *out, struct err *e)
{
	struct folk f;
	struct knowing k = {.d = d, .folk = &f};
	int64_t participant;

	memset(&f, 0, sizeof(f));
	if (db_person_get(d->store, person, &f.person, e) || current_assignment(&k, person, e) || current_employment(&k, person, e))
		return -1;
	if (f.assignment.team && db_team_get(d->store, f.assignment.team, &f.team, e))
		return -1;
	participant = f.team.id ? f.team.participant : f.employment.project == d->project.id ? f.employment.participant : f.assignment.participant;
	if (participant && db_participant_get(d->store, participant, &f.participant, e))
		return -1;
	*out = f;
	return 0;
}

bool folk_in_scope(const struct desk *d, int64_t participant)
{
	return !d->session.participant || d->session.participant == participant;
}

int folk_open(struct desk *d, int64_t person, struct folk *out, struct err *e)
{
	struct folk f;

	if (folk_load(d, person, &f, e))
		return -1;
	if (!folk_in_scope(d, f.participant.id))
		return err_set(e, ERR_NO_SUCH, "person of another participant");
	*out = f;
	return 0;
}

int folk_sees(struct desk *d, int64_t person, bool *sees, struct err *e)
{
	struct folk f;

	*sees = true;
	if (!d->session.participant)
		return 0;
	if (folk_load(d, person, &f, e))
		return -1;
	*sees = folk_in_scope(d, f.participant.id);
	return 0;
}

struct subject folk_employment(const struct folk *f)
{
	struct subject s = {.cycle = CYCLE_EMPLOYMENT,
			    .id = f->employment.id,
			    .person = f->person.id,
			    .state = f->employment.state};

	text_copy(s.uid, sizeof(s.uid), f->employment.uid);
	text_copy(s.title, sizeof(s.title), f->person.name);
	return s;
}

struct subject folk_assignment(const struct folk *f)
{
	struct subject s = {.cycle = CYCLE_ASSIGNMENT,
			    .id = f->assignment.id,
			    .person = f->person.id,
			    .state = f->assignment.state};

	text_copy(s.uid, sizeof(s.uid), f->assignment.uid);
	text_copy(s.title, sizeof(s.title), f->person.name);
	return s;
}

/* --- the record -------------------------------------------------------------------------------------- */

static int put(struct record *r, enum field_id field, const char *value, enum value_origin origin)
{
	return record_set(r, field, value, origin);
}

static int put_date(struct record *r, enum field_id field, date_t date, enum value_origin origin)
{
	char text[DATE_TEXT];

	date_format(date, text);
	return record_set(r, field, text, origin);
}

static int document_record(struct desk *d, const struct folk *f, struct record *r, struct err *e)
{
	struct db_document doc;
	enum value_origin origin;
	int rc;

	if (db_document_current(d->store, f->person.id, &doc, e))
		return -1;
	origin = doc.from_card ? ORIGIN_CARD : ORIGIN_TYPED;
	r->from_card = doc.from_card;
	rc = put(r, F_DOC_TYPE, doc.type, origin) || put(r, F_NUMBER, doc.number, origin) ||
	     put(r, F_NAME, f->person.name, origin) || put_date(r, F_VALID_FROM, doc.valid_from, origin) ||
	     put_date(r, F_VALID_TO, doc.valid_to, origin);
	wipe(&doc, sizeof(doc));
	return rc ? err_set(e, ERR_MEMORY, "record") : 0;
}

/* The day said at the hiring, or of a lesson since. */
static int trained_on(struct desk *d, const struct folk *f, date_t *out, struct err *e)
{
	date_t lesson, said = f->employment.id ? f->employment.trained_on : DATE_NONE;

	if (dossier_trained(d, f->person.id, &lesson, e))
		return -1;
	*out = said == DATE_NONE || (lesson != DATE_NONE && lesson > said) ? lesson : said;
	return 0;
}

static int employment_record(struct desk *d, const struct folk *f, struct record *r, struct err *e)
{
	const struct db_employment *m = &f->employment;
	date_t trained;
	struct db_participant p;

	if (!m->id)
		return 0;
	if (db_fields_load(d->store, OWNER_EMPLOYMENT, m->id, r, e) || trained_on(d, f, &trained, e))
		return -1;
	if (m->project != d->project.id && f->participant.company == m->company)
		p = f->participant; /* as the employer takes part here */
	else if (m->participant && db_participant_get(d->store, m->participant, &p, e))
		return -1;
	if (m->participant && put(r, F_COMPANY, p.uid, ORIGIN_STORED))
		return err_set(e, ERR_MEMORY, "record");
	if (put(r, F_ROLE, m->role, ORIGIN_STORED) || put(r, F_TRADE, m->trade, ORIGIN_STORED) ||
	    put(r, F_EMPLOYMENT_FORM, m->form, ORIGIN_STORED) ||
	    put_date(r, F_CONTRACT_FROM, m->starts_on, ORIGIN_STORED) ||
	    put_date(r, F_CONTRACT_TO, m->ends_on, ORIGIN_STORED) ||
	    put_date(r, F_TRAINED_ON, trained, ORIGIN_STORED))
		return err_set(e, ERR_MEMORY, "record");
	return 0;
}

int folk_record(struct desk *d, const struct folk *f, struct record *r, struct err *e)
{
	if (db_fields_load(d->store, OWNER_PERSON, f->person.id, r, e) || document_record(d, f, r, e) ||
	    employment_record(d, f, r, e))
		return -1;
	if (f->team.id && (put(r, F_TEAM, f->team.uid, ORIGIN_STORED) ||
			   put(r, F_LEADER, f->assignment.leader ? "1" : "0", ORIGIN_STORED)))
		return err_set(e, ERR_MEMORY, "record");
	return 0;
}

/* --- what guards ask --------------------------------------------------------------------------------- */

/* D8, D11 with_exit: the exit is the leaving, of the project and its employer, though the employment and its contract go on in name. */
static int employment_gone_with_exit(struct desk *d, const struct db_employment *m, bool *gone, struct err *e)
{
	struct db_assignment rows[RECENT];
	bool open = false, exited = false;
	size_t n;

	*gone = false;
	if (guard_leaving(d->profile) != LEAVING_WITH_EXIT)
		return 0;
	if (db_assignment_list(d->store, m->person, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].employment != m->id)
			continue;
		open = open || !lifecycle_final(CYCLE_ASSIGNMENT, rows[i].state);
		exited = exited || rows[i].state == ASSIGNMENT_EXITED;
	}
	*gone = exited && !open;
	return 0;
}

int folk_elsewhere(struct desk *d, int64_t person, int64_t company, char *name, size_t size, struct err *e)
{
	struct db_employment rows[RECENT];
	struct db_company c;
	size_t n;

	name[0] = '\0';
	if (!person)
		return 0;
	if (db_employment_list(d->store, person, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool gone = lifecycle_final(CYCLE_EMPLOYMENT, rows[i].state) || rows[i].company == company;

		if (!gone && employment_gone_with_exit(d, &rows[i], &gone, e))
			return -1;
		if (gone)
			continue;
		if (db_company_get(d->store, rows[i].company, &c, e))
			return -1;
		text_copy(name, size, c.short_name[0] ? c.short_name : c.name);
		return 0;
	}
	return 0;
}

/* D5: on which projects of this box the person is besides this assignment; of the newest, name and trade. */
static int open_assignments(struct desk *d, const struct folk *f, struct situation *s, struct err *e)
{
	struct db_assignment rows[RECENT];
	struct db_project other;
	size_t n;

	if (db_assignment_list(d->store, f->person.id, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].id == f->assignment.id || lifecycle_final(CYCLE_ASSIGNMENT, rows[i].state))
			continue;
		s->open_assignments++;
		if (s->other_project[0] || rows[i].project == d->project.id)
			continue;
		if (db_project_get(d->store, rows[i].project, &other, e))
			return -1;
		text_copy(s->other_project, sizeof(s->other_project), other.name);
		text_copy(s->other_trade, sizeof(s->other_trade), rows[i].trade);
	}
	return 0;
}

int folk_elsewhere_trade(struct desk *d, int64_t person, char *trade, size_t size, struct err *e)
{
	struct folk f;
	struct situation s = {.open_assignments = 0};

	trade[0] = '\0';
	if (!person || folk_load(d, person, &f, e))
		return person ? -1 : 0;
	if (open_assignments(d, &f, &s, e))
		return -1;
	text_copy(trade, size, s.other_trade);
	return 0;
}

/* Is this employment's person on site anywhere, in this project or another one of this box? */
static int site_of_employment(struct desk *d, const struct folk *f, bool *out, struct err *e)
{
	struct db_assignment rows[RECENT];
	size_t n;

	if (db_assignment_list(d->store, f->person.id, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	*out = false;
	for (size_t i = 0; i < n; i++)
		*out = *out || (rows[i].employment == f->employment.id && rows[i].state == ASSIGNMENT_ON_SITE);
	return 0;
}

/* The part that a participant plays where it decides who receives: "general", "labour"; "" for others. Profile data. */
static bool plays(const struct desk *d, const struct db_participant *p, const char *part)
{
	const struct code *type = profile_code(d->profile, "participant_types", p->type);

	return type && strcmp(type->group, part) == 0;
}

/* E3: own people, own manager; a labour subcontractor's people, the general contractor's manager; a
 * specialist's, that specialist's, and where the profile asks for it the general contractor's after him. */
static void who_receives(const struct desk *d, const struct folk *f, struct situation *s)
{
	const struct session *me = &d->session;
	bool manager = me->roles & ROLE_PROJECT_MANAGER;
	bool general = plays(d, &f->participant, "general") || plays(d, &f->participant, "labour"), second;

	s->two_tiers = !general && f->participant.id && profile_flag(d->profile, "confirm.general_again", false);
	second = s->two_tiers && f->assignment.state == ASSIGNMENT_ACCEPTED;
	general = general || second;

	if (general)
		text_copy(s->receiver, sizeof(s->receiver), _("总承包单位"));
	else
		text_copy(s->receiver, sizeof(s->receiver),
			  f->participant.short_name[0] ? f->participant.short_name
						       : f->participant.company_name);
	if (!me->participant)
		s->receiving_manager = manager && general;
	else
		s->receiving_manager = manager && me->participant == f->participant.id &&
				       !second && !plays(d, &f->participant, "labour");
}

static int personal_facts(struct desk *d, const struct folk *f, struct situation *s, struct err *e)
{
	struct db_document doc;
	char text[64];
	date_t born;

	if (db_document_current(d->store, f->person.id, &doc, e) ||
	    db_field_load(d->store, OWNER_PERSON, f->person.id, F_BIRTH, text, sizeof(text), e))
		return -1;
	s->valid_to = doc.valid_to;
	s->age = -1;
	if ((date_parse(text, &born) || id_number_birth(doc.number, &born)) && born <= s->today)
		s->age = date_years_between(born, s->today);
	wipe(&doc, sizeof(doc));
	wipe(text, sizeof(text));
	return 0;
}

/* L1 to L3: what is on record beside the employment. */
static int dossier_facts(struct desk *d, const struct folk *f, struct situation *s, struct err *e)
{
	const char *kind = dossier_needs(d, f->assignment.trade[0] ? f->assignment.trade : f->employment.trade);
	struct barred b;

	if (trained_on(d, f, &s->trained_on, e) || dossier_worked(d, f->person.id, s->today, &s->worked_on, e) ||
	    dossier_barred(d, f->person.id, &b, e))
		return -1;
	if (b.marked)
		dossier_barred_sentence(&b, s->barred, sizeof(s->barred));
	s->let_pass = b.marked && !b.barred;
	s->certificate_to = DATE_NONE;
	if (!kind[0])
		return 0;
	text_copy(s->certificate, sizeof(s->certificate), desk_code_word(d, "certificate_kinds", kind));
	return dossier_certificate(d, f->person.id, kind, &s->certificate_to, e);
}

/* What only the employment's own events ask: D2, D7, D12. */
static int hiring_facts(struct desk *d, const struct folk *f, struct situation *s, struct err *e)
{
	struct db_app app;

	if (s->event == EVENT_DISMISS && site_of_employment(d, f, &s->on_any_site, e))
		return -1;
	if (s->event != EVENT_REGISTER)
		return 0;
	if (db_app_get(d->store, d->project.id, f->person.id, &app, e))
		return -1;
	s->app = app.state;
	return register_missing(d, f, s->missing, sizeof(s->missing), e);
}

int folk_situation(struct desk *d, const struct folk *f, enum event event, date_t on, struct situation *out,
		   struct err *e)
{
	struct situation s = {.profile = d->profile, .today = date_today(), .on = on, .event = event};

	s.employment = f->employment.state;
	s.has_team = f->team.id != 0;
	text_copy(s.team, sizeof(s.team), f->team.name);
	text_copy(s.company, sizeof(s.company),
		  f->participant.short_name[0] ? f->participant.short_name : f->participant.company_name);
	text_copy(s.team_kind, sizeof(s.team_kind), f->team.kind);
	s.relation = f->team.relation;
	s.team_site = f->team.state;
	s.participant_site = f->participant.state;
	s.has_contract = f->employment.contract;
	s.contract_dated = f->employment.starts_on != DATE_NONE;
	s.manager = strcmp(f->employment.role, ROLE_CODE_MANAGER) == 0;
	s.on_site = f->assignment.state == ASSIGNMENT_ON_SITE;
	s.not_before = s.on_site ? f->assignment.entered_on : DATE_NONE;
	s.leaves_on = f->employment.id ? f->employment.leaves_on : DATE_NONE;
	who_receives(d, f, &s);
	if (desk_project_state(d, &s.project, e) || personal_facts(d, f, &s, e) || dossier_facts(d, f, &s, e) || open_assignments(d, f, &s, e) ||
	    folk_elsewhere(d, f->person.id, f->employment.company, s.elsewhere, sizeof(s.elsewhere), e))
		return -1;
	if (hiring_facts(d, f, &s, e))
		return -1;
	*out = s;
	return 0;
}

/* --- the roster's row -------------------------------------------------------------------------------- */

static bool employed(enum employment_state s)
{
	return s == EMPLOYMENT_REGISTERED || s == EMPLOYMENT_LEAVING || s == EMPLOYMENT_DISMISSING ||
	       s == EMPLOYMENT_LEAVING_ON;
}

/* What each list shows (roster_filter_word). A person may stand in several. */
static unsigned views_of(const struct db_member *m)
{
	unsigned v = 1u << ROSTER_ALL;

	if (m->employment_state == EMPLOYMENT_OFFERED || m->employment_state == EMPLOYMENT_PROCESSING)
		v |= 1u << ROSTER_WAITING_CONSENT;
	if (m->employment_state == EMPLOYMENT_ACCEPTED ||
	    (employed(m->employment_state) &&
	     (m->assignment_state == ASSIGNMENT_NONE || m->assignment_state == ASSIGNMENT_DRAFTED ||
	      m->assignment_state == ASSIGNMENT_RETURNED)))
		v |= 1u << ROSTER_TO_SUBMIT;
	if (m->assignment_state == ASSIGNMENT_SUBMITTED || m->assignment_state == ASSIGNMENT_ACCEPTED)
		v |= 1u << ROSTER_TO_CONFIRM;
	if (m->assignment_state == ASSIGNMENT_CONFIRMED)
		v |= 1u << ROSTER_TO_ENTER;
	if (m->assignment_state == ASSIGNMENT_ON_SITE)
		v |= 1u << ROSTER_ON_SITE;
	if (m->assignment_state == ASSIGNMENT_EXITED)
		v |= 1u << ROSTER_EXITED;
	if (m->refused)
		v |= 1u << ROSTER_REFUSED;
	if (m->assignment_state == ASSIGNMENT_RETURNED)
		v |= 1u << VIEW_RETURNED;
	return v;
}

#define READINGS 7
#define MORE_TEXTS 8

struct texts {
	char name[SEARCH_KEY_SIZE];
	struct pinyin_reading reading[READINGS];
	const char *list[MEMBER_TEXTS];
	char more[MORE_TEXTS][SEARCH_KEY_SIZE]; /* team, company, trade; names of those who became this person */
	size_t n, n_more;
};

static int first_name_key(void *arg, enum search_kind kind, const char *key)
{
	struct texts *t = arg;

	if (kind != SEARCH_NAME)
		return 0;
	text_copy(t->name, sizeof(t->name), key);
	return 1;
}

static void search_texts(const char *name, struct texts *t)
{
	size_t readings = pinyin_readings(name, t->reading, ARRAY_LEN(t->reading));

	t->n = 0;
	t->name[0] = '\0';
	search_keys(name, first_name_key, t);
	if (t->name[0])
		t->list[t->n++] = t->name;
	for (size_t i = 0; i < readings; i++) {
		t->list[t->n++] = t->reading[i].full;
		t->list[t->n++] = t->reading[i].initials;
	}
	if (!readings)
		t->reading[0].full[0] = '\0';
}

/* As queries are folded, so that both meet. */
static void also_text(struct texts *t, const char *text)
{
	char *key = t->more[t->n_more];

	if (t->n_more == MORE_TEXTS || t->n == MEMBER_TEXTS || search_query(text, key, SEARCH_KEY_SIZE) == QUERY_EMPTY)
		return;
	t->list[t->n++] = key;
	t->n_more++;
}

/* A8: by team, company and trade too; and by the names of those whose files went into this one (A6). */
static int also_texts(struct desk *d, const struct folk *f, const char *trade, struct texts *t, struct err *e)
{
	const struct code *code = profile_code(d->profile, field_get(F_TRADE)->codes, trade);
	int64_t became[MORE_TEXTS];
	struct db_person p;
	size_t n;

	t->n_more = 0;
	also_text(t, f->team.name);
	also_text(t, f->participant.short_name[0] ? f->participant.short_name : f->participant.company_name);
	also_text(t, code ? code->name : ""); /* the Chinese, whatever the language of who registers */
	if (db_merged_into(d->store, f->person.id, became, MORE_TEXTS - 3, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (db_person_get(d->store, became[i], &p, e))
			return -1;
		if (strcmp(p.name, f->person.name))
			also_text(t, p.name);
	}
	return 0;
}

static int member_of(struct desk *d, const struct folk *f, struct db_member *m, struct err *e)
{
	struct db_document doc;
	bool ignored;
	size_t chars;

	if (db_document_current(d->store, f->person.id, &doc, e))
		return -1;
	chars = strlen(doc.number);
	text_copy(m->tail, sizeof(m->tail), doc.number + (chars > 4 ? chars - 4 : 0));
	wipe(&doc, sizeof(doc));
	m->project = d->project.id;
	m->person = f->person.id;
	text_copy(m->name, sizeof(m->name), f->person.name);
	m->team = f->team.id;
	m->participant = f->participant.id;
	text_copy(m->trade, sizeof(m->trade),
		  f->assignment.trade[0] ? f->assignment.trade : f->employment.trade);
	m->employment = f->employment.id;
	m->assignment = f->assignment.id;
	m->employment_state = f->employment.state;
	m->assignment_state = f->assignment.state;
	m->manual = f->person.manual;
	m->entered_on = f->assignment.entered_on;
	m->exited_on = f->assignment.exited_on;
	if (db_outbox_of_person(d->store, d->project.id, f->person.id, &m->waiting, &m->refused, e) ||
	    (f->employment.id && f->employment.project != d->project.id && !m->waiting &&
	     db_outbox_of_person(d->store, f->employment.project, f->person.id, &m->waiting, &ignored, e)))
		return -1;
	m->views = views_of(m);
	return 0;
}

#define SISTERS 32 /* projects of one box that one person is known in */

struct refreshing {
	int64_t person;
	bool renamed;
};

/* The row of the current project. */
static int refresh_here(struct desk *d, const struct folk *f, bool renamed, struct err *e)
{
	struct db_member m = {.project = 0};
	struct texts texts;

	if (member_of(d, f, &m, e))
		return -1;
	search_texts(m.name, &texts);
	if (also_texts(d, f, m.trade, &texts, e))
		return -1;
	text_format(m.sort_key, sizeof(m.sort_key), "%s %s", texts.reading[0].full, m.name);
	return db_member_save(d->store, &m, renamed ? texts.list : NULL, texts.n, e);
}

/* Called in the other project. */
static int refresh_sister(struct desk *d, void *arg, struct err *e)
{
	const struct refreshing *w = arg;
	struct folk f;

	return folk_load(d, w->person, &f, e) ? -1 : refresh_here(d, &f, w->renamed, e);
}

int folk_refresh_sisters(struct desk *d, int64_t person, bool renamed, struct err *e)
{
	struct refreshing w = {person, renamed};
	int64_t ids[SISTERS];
	size_t n;

	if (db_projects_of_person(d->store, person, ids, SISTERS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (ids[i] != d->project.id && sister_do(d, ids[i], refresh_sister, &w, e))
			return -1;
	return 0;
}

int folk_refresh(struct desk *d, int64_t person, bool renamed, struct err *e)
{
	struct folk f;

	if (folk_load(d, person, &f, e) || refresh_here(d, &f, renamed, e))
		return -1;
	return f.sisters ? folk_refresh_sisters(d, person, renamed, e) : 0;
}
