/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "personal.h"

#include <string.h>

#include "base/text.h"
#include "hiring.h"
#include "sister.h"
#include "store/dossier.h"
#include "store/fact.h"
#include "store/outbox.h"
#include "wire.h"
#include "wire_private.h"

#define BODY_MAX 65536

/* --- corrections ------------------------------------------------------------------------------------- */

static enum sent sent_of(enum outbox_state s)
{
	switch (s) {
	case OUTBOX_SENDING:
	case OUTBOX_WAITING:
	case OUTBOX_UNKNOWN:
		return SENT_ON_ITS_WAY;
	case OUTBOX_ACCEPTED:
		return SENT_TAKEN;
	case OUTBOX_REJECTED:
		return SENT_REFUSED;
	default:
		return SENT_NEVER;
	}
}

/* Calls each operation of a fact and of those before it in its chain of corrections, newest first. */
static int each_of_chain(struct desk *d, int64_t fact,
			 int (*each)(struct desk *, const struct db_outbox *, void *, struct err *),
			 void *arg, struct err *e)
{
	struct db_outbox row;
	struct db_fact f;

	while (fact) {
		struct err own = {ERR_NONE};

		if (db_fact_get(d->store, fact, &f, e))
			return -1;
		if (db_outbox_by_fact(d->store, fact, &row, &own) == 0) {
			if (each(d, &row, arg, e))
				return -1;
		} else if (own.code != ERR_NO_SUCH) {
			return err_set(e, own.code, "%s", own.detail);
		}
		fact = f.supersedes;
	}
	return 0;
}

struct looking {
	enum sent sent;
	bool any;
	int64_t left; /* the newest fact whose operation has left the box; 0: none */
	const char *add_kind; /* NULL: none of interest */
	bool adds, added;     /* there is one of that kind; one that has left the box */
};

static int look(struct desk *d, const struct db_outbox *row, void *arg, struct err *e)
{
	struct looking *l = arg;
	enum sent s = sent_of(row->state);

	(void)d;
	(void)e;
	l->any = true;
	if (s > l->sent)
		l->sent = s;
	if (!l->left && s >= SENT_ON_ITS_WAY)
		l->left = row->fact;
	if (l->add_kind && !strcmp(row->kind, l->add_kind)) {
		l->adds = true;
		l->added |= s >= SENT_ON_ITS_WAY;
	}
	return 0;
}

int correction_sent(struct desk *d, int64_t fact, enum sent *out, bool *reported, struct err *e)
{
	struct looking l = {.sent = SENT_NEVER};

	if (each_of_chain(d, fact, look, &l, e))
		return -1;
	*out = l.sent;
	*reported = l.any;
	return 0;
}

#define FIRST_EPOCH 1

static int look_anew(struct desk *d, const struct db_outbox *row, void *arg, struct err *e)
{
	bool *yes = arg;

	(void)d;
	(void)e;
	*yes |= row->frozen && row->epoch > FIRST_EPOCH && row->state != OUTBOX_WITHDRAWN && row->state != OUTBOX_SUPERSEDED;
	return 0;
}

int correction_told_anew(struct desk *d, int64_t fact, bool *yes, struct err *e)
{
	*yes = false;
	return each_of_chain(d, fact, look_anew, yes, e);
}

/* What was never sent, or refused, is done with; what is on its way keeps its own life. */
static int retire(struct desk *d, const struct db_outbox *row, void *arg, struct err *e)
{
	(void)arg;
	if (row->state != OUTBOX_HELD && row->state != OUTBOX_READY && row->state != OUTBOX_REJECTED)
		return 0;
	return db_outbox_state(d->store, row->id, row->state, OUTBOX_SUPERSEDED, e);
}

struct since {
	int64_t base;
	bool any;
};

/* What waits is made from the file when it leaves and tells the new value by itself, unless it is frozen; so do refused ones once mended. */
static int look_since(struct desk *d, const struct db_outbox *row, void *arg, struct err *e)
{
	struct since *s = arg;

	(void)d;
	(void)e;
	if (row->state == OUTBOX_READY && row->frozen)
		s->any = true;
	/* sent by a newer copy of the file (R11): nobody here knows under which number */
	if (sent_of(row->state) >= SENT_ON_ITS_WAY && s->base >= 0 && (!row->frozen || row->sequence > s->base))
		s->any = true;
	return 0;
}

#define NEEDS_MAX 8

/* What is corrected took place when it did; the correction's own moment stands in at_ms. */
static int day_of(struct desk *d, int64_t corrected, date_t *on, struct err *e)
{
	struct db_fact was;

	*on = date_today();
	if (!corrected)
		return 0;
	if (db_fact_get(d->store, corrected, &was, e))
		return -1;
	*on = was.on;
	wipe(was.note, sizeof(was.note));
	return 0;
}

static int write_here(struct desk *d, const struct correction *c, int64_t *fact, struct err *e)
{
	struct db_fact row = {.project = d->project.id,
			      .subject = c->subject,
			      .person = c->person,
			      .account = d->session.account,
			      .at_ms = clock_now_ms(),
			      .true_on = DATE_NONE,
			      .supersedes = c->fact};
	struct operation op = {.uid = c->uid, .title = c->title, .person = c->person};
	int64_t needs[NEEDS_MAX];
	struct looking l = {.sent = SENT_NEVER, .add_kind = c->add_kind};
	struct since since = {.base = c->base};

	text_copy(row.cycle, sizeof(row.cycle), c->cycle);
	text_copy(row.event, sizeof(row.event), c->event);
	text_copy(row.actor, sizeof(row.actor),
		  actor_name(c->theirs ? ACTOR_PLATFORM : deed_actor(d, CYCLE_EMPLOYMENT)));
	text_copy(row.authority, sizeof(row.authority), c->theirs ? "platform" : "desk");
	if (day_of(d, c->fact, &row.on, e) || each_of_chain(d, c->fact, look, &l, e) || each_of_chain(d, c->fact, look_since, &since, e))
		return -1;
	if (c->theirs && !since.any)
		return db_fact_insert(d->store, &row, c->body, fact, e);
	if (each_of_chain(d, c->fact, retire, NULL, e) || db_fact_insert(d->store, &row, c->body, fact, e))
		return -1;
	if (l.adds && !l.added) /* an amendment that seems to be on its way rests on what was refused, and comes to nothing */
		l.left = 0;
	op.kind = l.left ? c->amend_kind : c->add_kind;
	if (!op.kind || (c->fact && !l.any))
		return 0; /* never reported, so neither is its correction */
	for (size_t i = 0; i < c->n_needs && op.n_needs < NEEDS_MAX - 1; i++)
		needs[op.n_needs++] = c->needs[i];
	if (l.left)
		needs[op.n_needs++] = l.left;
	op.needs = needs;
	op.fact = *fact;
	return deed_queue(d, &op, e);
}

struct writing_there {
	const struct correction *c;
	int64_t *fact;
};

static int write_there(struct desk *d, void *arg, struct err *e)
{
	struct writing_there *x = arg;

	return write_here(d, x->c, x->fact, e);
}

/* On the line that told what is corrected (sister.h). */
int correction_write(struct desk *d, const struct correction *c, int64_t *fact, struct err *e)
{
	struct writing_there there = {c, fact};
	struct db_fact f = {.project = 0};

	if (c->fact && db_fact_get(d->store, c->fact, &f, e))
		return -1;
	wipe(f.note, sizeof(f.note));
	return sister_do(d, f.project ? f.project : d->project.id, write_there, &there, e);
}

/* --- the person -------------------------------------------------------------------------------------- */

static void document_of(const struct record *r, struct db_document *doc)
{
	text_copy(doc->type, sizeof(doc->type), record_get(r, F_DOC_TYPE));
	text_copy(doc->number, sizeof(doc->number), record_get(r, F_NUMBER));
	doc->valid_from = record_date(r, F_VALID_FROM);
	doc->valid_to = record_date(r, F_VALID_TO);
	doc->from_card = r->from_card;
	doc->current = true;
	doc->read_ms = r->from_card ? clock_now_ms() : 0;
}

static int save_fields(struct personal *p, struct err *e)
{
	const enum field_id *fields;
	size_t n = folk_person_fields(&fields);

	if (db_fields_save(p->d->store, OWNER_PERSON, p->person->id, p->r, fields, n, e))
		return -1;
	return db_phone_set(p->d->store, p->person->id, record_get(p->r, F_PHONE), e);
}

int personal_insert(struct personal *p, struct err *e)
{
	struct db_document doc = {.id = 0};
	int64_t id;
	int rc = -1;

	*p->person = (struct db_person){.manual = !p->r->from_card, .made_ms = clock_now_ms()};
	uid_new(p->person->uid);
	text_copy(p->person->name, sizeof(p->person->name), record_get(p->r, F_NAME));
	if (db_person_insert(p->d->store, p->person, &p->person->id, e))
		return -1;
	document_of(p->r, &doc);
	uid_new(doc.uid);
	doc.person = p->person->id;
	if (db_document_insert(p->d->store, &doc, &id, e) == 0)
		rc = save_fields(p, e);
	wipe(&doc, sizeof(doc));
	return rc;
}

static int update_document(struct personal *p, struct err *e)
{
	struct db_document doc, said = {.id = 0};
	int64_t owner;
	int rc = -1;

	document_of(p->r, &said);
	if (db_document_current(p->d->store, p->person->id, &doc, e) ||
	    db_person_by_document(p->d->store, said.type, said.number, &owner, e))
		goto out;
	if (owner && owner != p->person->id) {
		err_set(e, ERR_DUPLICATE, "the document is another person's");
		goto out;
	}
	/* Another document of the same person, or a card with another number: the former one still finds the person. */
	if (strcmp(doc.type, said.type) || (doc.from_card && said.from_card && strcmp(doc.number, said.number))) {
		uid_new(said.uid);
		said.person = p->person->id;
		rc = db_document_insert(p->d->store, &said, &said.id, e);
		goto out;
	}
	/* A typed record says nothing against a card that was read before. */
	said.from_card = said.from_card || doc.from_card;
	said.read_ms = said.read_ms ? said.read_ms : doc.read_ms;
	said.id = doc.id;
	said.person = doc.person;
	memcpy(said.uid, doc.uid, sizeof(said.uid));
	rc = db_document_update(p->d->store, &said, e);
out:
	wipe(&doc, sizeof(doc));
	wipe(&said, sizeof(said));
	return rc;
}

int personal_update(struct personal *p, struct err *e)
{
	const char *name = record_get(p->r, F_NAME);

	if (update_document(p, e) || save_fields(p, e))
		return -1;
	if (strcmp(name, p->person->name) == 0)
		return 0;
	text_copy(p->person->name, sizeof(p->person->name), name);
	return db_person_rename(p->d->store, p->person->id, name, e);
}

/* Calls each standing fact of the person, oldest first. */
static int each_standing(struct personal *p, int (*each)(struct personal *, const struct db_fact *, struct db_fact *, struct err *),
			 struct db_fact *out, struct err *e)
{
	struct db_fact rows[16];
	int64_t after = 0;
	size_t n;

	*out = (struct db_fact){.id = 0};
	do {
		if (db_fact_of_subject(p->d->store, "person", p->person->id, after, rows, ARRAY_LEN(rows), &n,
				       e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = rows[i].id;
			if (!rows[i].superseded_by && !rows[i].reversed_by && !rows[i].reverses && each(p, &rows[i], out, e))
				return -1;
		}
	} while (n == ARRAY_LEN(rows));
	return 0;
}

static int if_here(struct personal *p, const struct db_fact *f, struct db_fact *out, struct err *e)
{
	(void)e;
	if (f->project == p->d->project.id)
		*out = *f;
	return 0;
}

static int if_told(struct personal *p, const struct db_fact *f, struct db_fact *out, struct err *e)
{
	bool here = f->project == p->d->project.id, told = here;

	if (!here && out->project == p->d->project.id)
		return 0;
	if (!here && sister_told_once(p->d) && sister_one_platform(p->d, f->project, &told, e))
		return -1;
	if (told)
		*out = *f;
	return 0;
}

/* The standing fact of the person in the current project. id 0: none. */
static int told_here(struct personal *p, struct db_fact *out, struct err *e)
{
	return each_standing(p, if_here, out, e);
}

/* The same, else of another project that tells the same platform of people once for all. */
static int standing_fact(struct personal *p, struct db_fact *out, struct err *e)
{
	return each_standing(p, if_told, out, e);
}

static int body_now(struct personal *p, struct buf *body, struct err *e)
{
	struct record now;
	struct folk f;
	int rc = -1;

	record_init(&now);
	if (folk_load(p->d, p->person->id, &f, e) == 0 && folk_record(p->d, &f, &now, e) == 0)
		rc = folk_body(&now, PART_PERSON, body, e);
	record_release(&now);
	return rc;
}

struct telling {
	struct personal *p;
	struct db_fact last; /* what was told last; id 0: nothing */
	bool theirs, again;  /* as in struct personal, on this line */
	const char *kind;    /* told anew only where the line has a call for it */
	int64_t *fact;
};

/* In the project that told of the person last. */
static int report_there(struct desk *d, void *arg, struct err *e)
{
	struct telling *t = arg;
	struct personal *p = t->p;
	struct correction c = {.cycle = "person",
			       .event = "register",
			       .add_kind = "person.add",
			       .amend_kind = "person.amend",
			       .subject = p->person->id,
			       .person = p->person->id,
			       .uid = p->person->uid,
			       .title = p->person->name,
			       .fact = t->last.id,
			       .theirs = t->theirs,
			       .base = p->base};
	struct buf before, now;
	int rc = -1;

	buf_init(&before, BODY_MAX);
	buf_init(&now, BODY_MAX);
	if (body_now(p, &now, e) || (c.fact && db_fact_body(d->store, c.fact, &before, e)))
		goto out;
	if (c.fact && !t->again && before.len == now.len && memcmp(before.data, now.data, now.len) == 0) {
		*t->fact = c.fact;
		rc = 0;
		goto out;
	}
	c.body = now.data;
	rc = correction_write(d, &c, t->fact, e);
out:
	buf_wipe_release(&before);
	buf_wipe_release(&now);
	return rc;
}

/* --- the person's other lines ---------------------------------------------------------------------------
 *
 * Whoever works on other projects too is known on their lines as well, unless one platform is told once for all (sister.h): what changes
 * is told on each. A line where nothing of him is open any more is left alone.
 */

#define LINES 32 /* projects of one box that one person is known in */

static int works_here(struct desk *d, int64_t person, bool *yes, struct err *e)
{
	struct folk f;

	if (folk_load(d, person, &f, e))
		return -1;
	*yes = (f.assignment.id && !lifecycle_final(CYCLE_ASSIGNMENT, f.assignment.state)) ||
	       (f.employment.project == d->project.id && !lifecycle_final(CYCLE_EMPLOYMENT, f.employment.state));
	return 0;
}

struct visiting {
	struct personal p;
	personal_line *each;
	void *arg;
};

static int visit_line(struct desk *d, void *arg, struct err *e)
{
	struct visiting *v = arg;
	struct db_fact told;
	bool works;

	if (works_here(d, v->p.person->id, &works, e) || (works && told_here(&v->p, &told, e)))
		return -1;
	return works && told.id ? v->each(d, &told, v->arg, e) : 0;
}

int personal_other_lines(struct desk *d, struct db_person *person, int64_t but, personal_line *each, void *arg, struct err *e)
{
	struct visiting v = {.p = {.d = d, .person = person}, .each = each, .arg = arg};
	int64_t ids[LINES];
	size_t n;

	if (db_projects_of_person(d->store, person->id, ids, LINES, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (ids[i] != but && sister_do(d, ids[i], visit_line, &v, e))
			return -1;
	return 0;
}

static int report_on_line(struct desk *d, const struct db_fact *told, void *arg, struct err *e)
{
	struct telling *t = arg;

	t->last = *told;
	return report_there(d, t, e);
}

static int share(struct personal *p, const char *role, int64_t fact, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_attachment a;

	if (db_attachment_latest(p->d->store, p->person->id, role, &a, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	return db_attachment_share(p->d->store, a.id, p->person->id, fact, role, e);
}

/* A line that hears of a person for the first time gets the pictures that are on file from other projects; the wires that have them in the
 * call itself need nothing. */
static int share_pictures(struct personal *p, int64_t fact, struct err *e)
{
	static const char *const roles[] = {"photo", "card_front", "card_back"};
	int64_t id;
	size_t n;

	if (!fact || !sister_told_once(p->d))
		return 0;
	if (db_projects_of_person(p->d->store, p->person->id, &id, 1, &n, e))
		return -1;
	for (size_t i = 0; n && i < ARRAY_LEN(roles); i++)
		if (share(p, roles[i], fact, e))
			return -1;
	return 0;
}

int personal_report(struct personal *p, int64_t *fact, struct err *e)
{
	struct telling t = {.p = p, .theirs = p->theirs, .again = p->again, .fact = fact}, other = {.p = p};
	int64_t told, ignored;

	other.fact = &ignored;
	if (standing_fact(p, &t.last, e))
		return -1;
	told = t.last.id ? t.last.project : p->d->project.id;
	if (sister_do(p->d, told, report_there, &t, e) || (!t.last.id && share_pictures(p, *fact, e)))
		return -1;
	return personal_other_lines(p->d, p->person, told, report_on_line, &other, e);
}

/* Called in the project whose worker's record is told anew, where its wire has the whole worker in one (open.api) or his picture with him. */
static int retell_here(struct desk *d, void *arg, struct err *e)
{
	struct telling *t = arg;
	enum sent sent = SENT_NEVER;
	bool works, reported;

	t->last.id = 0;
	if (sister_told_once(d) || wire_way(d, t->kind) != WAY_SENDS)
		return 0;
	if (works_here(d, t->p->person->id, &works, e) || (works && told_here(t->p, &t->last, e)) ||
	    (t->last.id && correction_sent(d, t->last.id, &sent, &reported, e)))
		return -1;
	return sent >= SENT_ON_ITS_WAY ? report_there(d, t, e) : 0; /* what has not left tells it by itself */
}

int personal_retell(struct desk *d, struct db_person *person, int64_t project, const char *kind, struct err *e)
{
	struct personal p = {.d = d, .person = person};
	int64_t ignored;
	struct telling t = {.p = &p, .again = true, .kind = kind, .fact = &ignored};

	return sister_do(d, project, retell_here, &t, e);
}

/* --- the employment ---------------------------------------------------------------------------------- */

int employment_take(struct db_employment *m, const struct record *r, const struct db_participant *p)
{
	m->participant = p->id;
	m->company = p->company;
	text_copy(m->role, sizeof(m->role), record_get(r, F_ROLE));
	text_copy(m->trade, sizeof(m->trade), record_get(r, F_TRADE));
	text_copy(m->form, sizeof(m->form), record_get(r, F_EMPLOYMENT_FORM));
	m->starts_on = record_date(r, F_CONTRACT_FROM);
	m->ends_on = record_date(r, F_CONTRACT_TO);
	m->trained_on = record_date(r, F_TRAINED_ON);
	m->contract = record_get(r, F_CONTRACT_KIND)[0] && m->starts_on != DATE_NONE;
	return 0;
}

int employment_fields_save(struct desk *d, int64_t employment, const struct record *r, struct err *e)
{
	const enum field_id *fields;
	size_t n = folk_employment_fields(&fields);

	return db_fields_save(d->store, OWNER_EMPLOYMENT, employment, r, fields, n, e);
}

static int look_going(struct desk *d, const struct db_outbox *row, void *arg, struct err *e)
{
	(void)d;
	(void)e;
	*(bool *)arg |= row->state != OUTBOX_WITHDRAWN && row->state != OUTBOX_SUPERSEDED;
	return 0;
}

/* An offer taken back before it left must not reach the platform after all. One that may have left when it was taken back goes there all the
 * same, corrected or not: its withdrawal waits for it. */
static int taken_back_here(struct desk *d, const struct db_employment *m, int64_t offer, bool *yes, struct err *e)
{
	bool going = false;

	if (each_of_chain(d, offer, look_going, &going, e))
		return -1;
	*yes = lifecycle_final(CYCLE_EMPLOYMENT, m->state) && !going;
	return 0;
}

struct following {
	const struct db_employment *m;
	struct db_assignment *a;
	bool theirs; /* the platform that this line goes to said so itself */
};

/* In the assignment's project: its row, and what its line has told of it already. */
static int follow_trade(struct desk *d, void *arg, struct err *e)
{
	struct following *w = arg;

	text_copy(w->a->trade, sizeof(w->a->trade), w->m->trade);
	if (db_assignment_update(d->store, w->a, e))
		return -1;
	return w->theirs && d->project.id == w->m->project ? 0 : assignment_trade_told(d, w->a, e);
}

/* The trade is the employment's; the assignments under it, of whatever project, show and send the same. */
static int assignments_follow_trade(struct employment_change *g, struct err *e)
{
	const struct db_employment *m = &g->folk->employment;
	struct db_assignment rows[LINES];
	size_t n;

	if (db_assignment_list(g->d->store, m->person, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct following w = {m, &rows[i], g->theirs};

		if (rows[i].employment == m->id && !lifecycle_final(CYCLE_ASSIGNMENT, rows[i].state) &&
		    strcmp(rows[i].trade, m->trade) && sister_do(g->d, rows[i].project, follow_trade, &w, e))
			return -1;
	}
	return 0;
}

/* Where every project tells of its workers itself, those of the others who work under this employment are told anew. */
static int retell_sharing(struct employment_change *g, struct err *e)
{
	const struct db_employment *m = &g->folk->employment;
	struct db_assignment rows[LINES];
	size_t n;

	if (db_assignment_list(g->d->store, m->person, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].employment == m->id && rows[i].project != m->project && !lifecycle_final(CYCLE_ASSIGNMENT, rows[i].state) &&
		    personal_retell(g->d, &g->folk->person, rows[i].project, "employment.amend", e))
			return -1;
	return 0;
}

/* A corrected offer waits for its person as the former one did. */
static int person_first(struct employment_change *g, int64_t *fact, struct err *e)
{
	struct personal p = {.d = g->d, .person = &g->folk->person};
	struct db_fact stands;

	if (standing_fact(&p, &stands, e))
		return -1;
	*fact = stands.id;
	return 0;
}

static int amend_here(struct employment_change *g, int64_t *fact, struct err *e)
{
	struct db_employment *m = &g->folk->employment;
	struct correction c = {.cycle = cycle_name(CYCLE_EMPLOYMENT),
			       .event = event_name(EVENT_OFFER),
			       .add_kind = "employment.offer",
			       .amend_kind = "employment.amend",
			       .subject = m->id,
			       .person = g->folk->person.id,
			       .uid = m->uid,
			       .title = g->folk->person.name,
			       .theirs = g->theirs,
			       .base = g->base};
	int64_t needs[2] = {g->person_fact, 0};
	struct buf body;
	bool back;
	int rc = -1;

	buf_init(&body, 16384);
	employment_take(m, g->r, g->participant);
	if (db_employment_update(g->d->store, m, e) || employment_fields_save(g->d, m->id, g->r, e) ||
	    contract_of_record(g->d, g->folk, g->r, e) || folk_body(g->r, PART_EMPLOYMENT, &body, e) ||
	    db_fact_latest(g->d->store, c.cycle, m->id, c.event, &c.fact, e) ||
	    taken_back_here(g->d, m, c.fact, &back, e) || assignments_follow_trade(g, e) ||
	    (!needs[0] && person_first(g, &needs[0], e)) ||
	    deed_reported(g->d, CYCLE_PARTICIPANT, m->participant, &needs[1], e))
		goto out;
	if (back)
		c.add_kind = NULL;
	c.body = body.data;
	c.needs = needs;
	c.n_needs = ARRAY_LEN(needs);
	rc = correction_write(g->d, &c, fact, e);
out:
	buf_wipe_release(&body);
	return rc;
}

struct amending_there {
	struct employment_change *change;
	int64_t *fact;
};

/* The record names the employer as it takes part in the project that the change was made from. */
static int amend_there(struct desk *d, void *arg, struct err *e)
{
	struct amending_there *x = arg;
	struct employment_change c = *x->change;
	struct db_participant as;
	struct record r;
	int rc = -1;

	record_init(&r);
	if (db_participant_get(d->store, c.folk->employment.participant, &as, e))
		goto out;
	if (record_copy(&r, c.r) || record_set(&r, F_COMPANY, as.uid, ORIGIN_STORED)) {
		err_set(e, ERR_MEMORY, "record");
		goto out;
	}
	c.r = &r;
	c.participant = &as;
	rc = amend_here(&c, x->fact, e);
out:
	record_release(&r);
	return rc;
}

int employment_amend(struct employment_change *g, int64_t *fact, struct err *e)
{
	struct amending_there there = {g, fact};
	int64_t home = g->folk->employment.project;

	if (home == g->d->project.id ? amend_here(g, fact, e) : sister_do(g->d, home, amend_there, &there, e))
		return -1;
	return retell_sharing(g, e);
}

/* --- the assignment ---------------------------------------------------------------------------------- */

/* What an offer made in this project would have waited for: the person as this project tells of him, and the employer's taking part. */
static int joined_needs(struct desk *d, struct folk *f, int64_t needs[2], struct err *e)
{
	struct personal p = {.d = d, .person = &f->person};

	if (f->employment.project == d->project.id)
		return 0;
	return personal_report(&p, &needs[0], e) || deed_reported(d, CYCLE_PARTICIPANT, f->participant.id, &needs[1], e) ? -1 : 0;
}

int assignment_begin(struct desk *d, struct folk *f, const struct db_team *team, bool leader, struct err *e)
{
	struct db_assignment a = {.project = d->project.id,
				  .person = f->person.id,
				  .employment = f->employment.id,
				  .team = team->id,
				  .participant = team->participant,
				  .state = ASSIGNMENT_NONE,
				  .leader = leader,
				  .entered_on = DATE_NONE,
				  .exited_on = DATE_NONE,
				  .made_ms = clock_now_ms()};
	struct verdict v = {.can = true};
	struct situation situation;
	int64_t needs[4] = {0};
	struct subject s;

	uid_new(a.uid);
	text_copy(a.trade, sizeof(a.trade), f->employment.trade);
	if (db_assignment_insert(d->store, &a, &a.id, e) || folk_load(d, f->person.id, f, e) ||
	    folk_situation(d, f, EVENT_DRAFT, DATE_NONE, &situation, e) ||
	    deed_reported(d, CYCLE_EMPLOYMENT, f->employment.id, &needs[0], e) ||
	    deed_reported(d, CYCLE_TEAM_SITE, team->id, &needs[1], e) || joined_needs(d, f, &needs[2], e))
		return -1;
	if (!guards_pass(lifecycle_find(CYCLE_ASSIGNMENT, ASSIGNMENT_NONE, EVENT_DRAFT), &situation, &v))
		return err_set(e, ERR_FORBIDDEN, "%s", v.why);
	s = folk_assignment(f);
	if (deed_do(d,
		    &(struct deed){.subject = &s,
				   .event = EVENT_DRAFT,
				   .source = PLAN_DESK,
				   .situation = &situation,
				   .on = DATE_NONE,
				   .actor = deed_actor(d, CYCLE_ASSIGNMENT),
				   .needs = needs,
				   .n_needs = ARRAY_LEN(needs)},
		    NULL, e))
		return -1;
	if (leader && db_team_leader(d->store, team->id, f->person.id, e))
		return -1;
	return folk_load(d, f->person.id, f, e);
}
