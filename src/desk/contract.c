/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/contract.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "deed.h"
#include "hiring.h"
#include "json_out.h"
#include "personal.h"
#include "wire.h"

#define CYCLE cycle_name(CYCLE_CONTRACT)
#define SCAN_EVENT "scan"
#define SCAN_ROLE "contract"
#define KIND_FIXED "0" /* national dictionary 合同期限类型 */
#define COUNT_LIMIT 1000

static unsigned may_write(void)
{
	return lifecycle_find(CYCLE_CONTRACT, CONTRACT_NONE, EVENT_CONTRACT_SIGN)->roles;
}

static struct subject subject_of(const struct db_contract *c, const char *title)
{
	struct subject s = {.cycle = CYCLE_CONTRACT, .id = c->id, .person = c->person, .state = c->state};

	text_copy(s.uid, sizeof(s.uid), c->uid);
	text_copy(s.title, sizeof(s.title), title);
	return s;
}

/* --- checking ---------------------------------------------------------------------------------------- */

static void find(struct contract_findings *f, const char *field, enum severity severity, const char *sentence)
{
	struct contract_finding *row = &f->item[f->n];

	if (severity == SEVERITY_NONE || f->n == ARRAY_LEN(f->item))
		return;
	f->n++;
	row->field = field;
	row->severity = severity;
	text_copy(row->sentence, sizeof(row->sentence), sentence);
}

static bool end_needed(const struct desk *d, const struct contract_new *c)
{
	return profile_required(d->profile, FORM_REGISTER, F_CONTRACT_TO) || !c->kind || strcmp(c->kind, KIND_FIXED) == 0;
}

static void check_dates(const struct desk *d, const struct contract_new *c, date_t completion, struct contract_findings *f)
{
	if (c->starts_on == DATE_NONE || c->starts_on == DATE_LONG_TERM)
		find(f, "starts_on", SEVERITY_BLOCK, _("请填写合同生效的第一天"));
	if (c->ends_on == DATE_NONE || c->ends_on == DATE_LONG_TERM) {
		if (end_needed(d, c))
			find(f, "ends_on", SEVERITY_BLOCK, _("请填写合同的最后一天：劳动合同须有明确的期限"));
	} else if (c->starts_on != DATE_NONE && c->ends_on < c->starts_on) {
		find(f, "ends_on", SEVERITY_BLOCK, _("合同终止日早于起始日"));
	} else if (c->ends_on < date_today()) {
		find(f, "ends_on", SEVERITY_WARN, _("合同终止日已过，请核对"));
	} else if (completion != DATE_NONE && c->ends_on < completion) {
		find(f, "ends_on", profile_severity(d->profile, "contract_past_completion"), _("合同终止日早于项目计划竣工日，到期前须续签"));
	}
}

static int check(struct desk *d, const struct contract_new *c, struct contract_findings *f, struct err *e)
{
	bool unit = c->unit && c->unit[0];
	date_t completion;

	f->n = 0;
	if (project_completion(d, &completion, e))
		return -1;
	if (!c->kind || !profile_code(d->profile, "contract_kinds", c->kind))
		find(f, "kind", SEVERITY_BLOCK, _("请从列表中选合同类型"));
	check_dates(d, c, completion, f);
	if (unit && !profile_code(d->profile, "contract_units", c->unit))
		find(f, "unit", SEVERITY_BLOCK, _("请从列表中选计量单位"));
	if (unit && c->price < 0)
		find(f, "price", SEVERITY_WARN, _("选了计量单位，没有填单价"));
	if (!unit && c->price >= 0)
		find(f, "unit", SEVERITY_BLOCK, _("填了单价，请选计量单位"));
	return 0;
}

static int blocked(const struct contract_findings *f, struct err *e)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->item[i].severity == SEVERITY_BLOCK)
			return err_set(e, ERR_FINDINGS, "%s", f->item[i].sentence);
	return 0;
}

int desk_contract_check(struct desk *d, const struct contract_new *c, struct contract_findings *out, struct err *e)
{
	return desk_may_in_project(d, 0, e) ? -1 : check(d, c, out, e);
}

/* Checks into the caller's findings, or into our own where the caller wants none. */
static int checked(struct desk *d, const struct contract_new *c, struct contract_findings *findings, struct err *e)
{
	struct contract_findings own, *f = findings ? findings : &own;

	if (desk_may_in_project(d, may_write(), e) || check(d, c, f, e))
		return -1;
	return blocked(f, e);
}

/* --- facts and operations ---------------------------------------------------------------------------- */

static int body_of(const struct db_contract *c, struct buf *out, struct err *e)
{
	char from[DATE_TEXT], to[DATE_TEXT];

	date_format(c->starts_on, from);
	date_format(c->ends_on, to);
	json_out_open(out);
	json_out_text(out, "kind", c->kind);
	json_out_text(out, "starts_on", from);
	json_out_text(out, "ends_on", to);
	json_out_text(out, "unit", c->unit);
	if (c->price >= 0)
		json_out_number(out, "price", c->price);
	json_out_close(out);
	return out->failed ? err_set(e, ERR_MEMORY, "body of a fact") : 0;
}

/* What must be there first: the employment, which the platform knows the contract by. */
static int deed_of(struct desk *d, struct subject *s, const struct db_contract *c, const struct deed *how, struct err *e)
{
	struct deed deed = *how;
	int64_t need;

	if (deed_reported(d, CYCLE_EMPLOYMENT, c->employment, &need, e))
		return -1;
	deed.subject = s;
	deed.actor = deed_actor(d, CYCLE_CONTRACT);
	deed.needs = &need;
	deed.n_needs = 1;
	return deed_do(d, &deed, NULL, e);
}

/* Sends a contract that came with a registration and was never sent by itself. */
static int report_whole(struct desk *d, const struct db_contract *c, struct err *e)
{
	struct operation op = {.kind = "contract.add", .uid = c->uid, .title = c->person_name, .person = c->person, .n_needs = 1};
	int64_t known, need;

	if (c->state != CONTRACT_IN_FORCE || deed_reported(d, CYCLE_CONTRACT, c->id, &known, e))
		return c->state != CONTRACT_IN_FORCE ? 0 : -1;
	if (known)
		return 0;
	if (db_fact_latest(d->store, CYCLE, c->id, event_name(EVENT_CONTRACT_SIGN), &op.fact, e) ||
	    deed_reported(d, CYCLE_EMPLOYMENT, c->employment, &need, e))
		return -1;
	op.needs = &need;
	return op.fact ? deed_queue(d, &op, e) : 0;
}

/* The employment's own words: always those of the contract in force that ends last. */
static int mirror(struct desk *d, int64_t employment, struct err *e)
{
	static const enum field_id fields[] = {F_CONTRACT_KIND, F_UNIT, F_UNIT_PRICE};
	struct db_contract c;
	struct db_employment m;
	struct record r;
	char price[24] = "";
	int rc = -1;

	if (db_contract_current(d->store, employment, &c, e) || db_employment_get(d->store, employment, &m, e))
		return -1;
	m.contract = c.id != 0;
	if (!c.id)
		return db_employment_update(d->store, &m, e);
	m.starts_on = c.starts_on;
	m.ends_on = c.ends_on;
	if (c.price >= 0)
		text_format(price, sizeof(price), "%lld", (long long)c.price);
	record_init(&r);
	if (record_set(&r, F_CONTRACT_KIND, c.kind, ORIGIN_STORED) || record_set(&r, F_UNIT, c.unit, ORIGIN_STORED) ||
	    record_set(&r, F_UNIT_PRICE, price, ORIGIN_STORED))
		err_set(e, ERR_MEMORY, "record");
	else if (db_fields_save(d->store, OWNER_EMPLOYMENT, employment, &r, fields, ARRAY_LEN(fields), e) == 0)
		rc = db_employment_update(d->store, &m, e);
	record_release(&r);
	wipe(price, sizeof(price));
	return rc;
}

static int audit(struct desk *d, const struct db_contract *c, const char *action, const char *note, struct err *e)
{
	return desk_audit(d, &(struct audit_entry){.action = action, .object = CYCLE, .uid = c->uid, .note = note}, e);
}

/* --- what a registration says ------------------------------------------------------------------------ */

static void take_record(const struct folk *f, const struct record *r, struct db_contract *c)
{
	const char *price = record_get(r, F_UNIT_PRICE);

	text_copy(c->kind, sizeof(c->kind), record_get(r, F_CONTRACT_KIND));
	text_copy(c->unit, sizeof(c->unit), record_get(r, F_UNIT));
	c->starts_on = f->employment.starts_on;
	c->ends_on = f->employment.ends_on == DATE_LONG_TERM ? DATE_NONE : f->employment.ends_on;
	c->price = price[0] && text_is_digits(price) ? strtoll(price, NULL, 10) : -1;
}

static bool same_terms(const struct db_contract *a, const struct db_contract *b)
{
	return strcmp(a->kind, b->kind) == 0 && strcmp(a->unit, b->unit) == 0 && a->starts_on == b->starts_on && a->ends_on == b->ends_on &&
	       a->price == b->price;
}

static int correct(struct desk *d, const struct db_contract *c, struct err *e)
{
	struct correction how = {.cycle = CYCLE,
				 .event = event_name(EVENT_CONTRACT_SIGN),
				 .add_kind = "contract.add",
				 .amend_kind = "contract.amend",
				 .subject = c->id,
				 .person = c->person,
				 .uid = c->uid,
				 .title = c->person_name};
	int64_t need, fact;
	struct buf body;
	int rc = -1;

	buf_init(&body, 4096);
	if (c->state == CONTRACT_DRAFTED)
		how.event = event_name(EVENT_CONTRACT_DRAFT);
	if (db_contract_update(d->store, c, e) || body_of(c, &body, e) ||
	    db_fact_latest(d->store, CYCLE, c->id, how.event, &how.fact, e) ||
	    deed_reported(d, CYCLE_EMPLOYMENT, c->employment, &need, e))
		goto out;
	how.body = body.data;
	how.needs = &need;
	how.n_needs = 1;
	rc = correction_write(d, &how, &fact, e);
out:
	buf_wipe_release(&body);
	return rc;
}

static int begin(struct desk *d, struct db_contract *c, const char *title, const struct deed *how, struct err *e)
{
	struct deed deed = *how;
	struct subject s;
	struct buf body;
	int rc = -1;

	c->made_ms = clock_now_ms();
	c->state = CONTRACT_NONE;
	uid_new(c->uid);
	buf_init(&body, 4096);
	if (body_of(c, &body, e) || db_contract_insert(d->store, c, &c->id, e))
		goto out;
	deed.body = body.data;
	s = subject_of(c, title);
	rc = deed_of(d, &s, c, &deed, e);
	c->state = (enum contract_state)s.state;
out:
	buf_wipe_release(&body);
	return rc;
}

static struct db_contract of_employment(const struct desk *d, const struct folk *f)
{
	return (struct db_contract){.project = d->project.id,
				    .person = f->person.id,
				    .employment = f->employment.id,
				    .participant = f->employment.participant,
				    .company = f->employment.company,
				    .price = -1};
}

/* A contract on these days was there and is over: saving the registration again does not bring it back. */
static int was_over(struct desk *d, const struct db_contract *said, bool *over, struct err *e)
{
	struct db_contract rows[16];
	size_t n;

	*over = false;
	if (db_contract_of_employment(d->store, said->employment, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		*over = *over || (lifecycle_final(CYCLE_CONTRACT, rows[i].state) && rows[i].starts_on == said->starts_on &&
				  rows[i].ends_on == said->ends_on);
	return 0;
}

int contract_of_record(struct desk *d, const struct folk *f, const struct record *r, struct err *e)
{
	struct db_contract said = of_employment(d, f), is;
	/* what a registration says of it goes with the employment, unless that has no call of its own */
	struct deed sign = {.event = EVENT_CONTRACT_SIGN, .source = wire_in_steps(d) ? PLAN_DESK : PLAN_EFFECT, .on = DATE_NONE};
	bool over;

	if (!f->employment.contract)
		return 0;
	take_record(f, r, &said);
	if (db_contract_current(d->store, f->employment.id, &is, e))
		return -1;
	if (is.id) {
		if (same_terms(&is, &said))
			return 0;
		text_copy(is.kind, sizeof(is.kind), said.kind);
		text_copy(is.unit, sizeof(is.unit), said.unit);
		is.starts_on = said.starts_on;
		is.ends_on = said.ends_on;
		is.price = said.price;
		return correct(d, &is, e);
	}
	if (was_over(d, &said, &over, e))
		return -1;
	return over ? mirror(d, f->employment.id, e) : begin(d, &said, f->person.name, &sign, e);
}

/* --- adding and mending ------------------------------------------------------------------------------ */

static void take_new(const struct contract_new *n, struct db_contract *c)
{
	text_copy(c->kind, sizeof(c->kind), n->kind);
	text_copy(c->unit, sizeof(c->unit), n->unit ? n->unit : "");
	c->starts_on = n->starts_on;
	c->ends_on = n->ends_on == DATE_LONG_TERM ? DATE_NONE : n->ends_on;
	c->price = n->price;
}

/* One that has passed its day is done with when the next is signed. */
static int end_renewed(struct desk *d, int64_t renews, struct err *e)
{
	struct deed end = {.event = EVENT_CONTRACT_END, .source = PLAN_DESK};
	struct db_contract c;
	struct subject s;

	if (!renews)
		return 0;
	if (db_contract_get(d->store, renews, &c, e))
		return -1;
	if (c.state != CONTRACT_IN_FORCE || c.ends_on == DATE_NONE || c.ends_on >= date_today())
		return 0;
	end.on = c.ends_on;
	s = subject_of(&c, c.person_name);
	return report_whole(d, &c, e) ? -1 : deed_of(d, &s, &c, &end, e);
}

static int add(struct desk *d, const struct contract_new *n, int64_t *id, struct err *e)
{
	struct deed deed = {.event = n->draft ? EVENT_CONTRACT_DRAFT : EVENT_CONTRACT_SIGN, .source = PLAN_DESK, .on = DATE_NONE};
	struct db_contract c, before;
	struct folk f;

	if (folk_open(d, n->person, &f, e))
		return -1;
	if (!f.employment.id || lifecycle_final(CYCLE_EMPLOYMENT, f.employment.state))
		return err_set(e, ERR_FORBIDDEN, "%s", _("没有有效的聘用；先登记聘用"));
	if (n->renews && (db_contract_get(d->store, n->renews, &before, e) || before.person != n->person))
		return err_set(e, ERR_NO_SUCH, "the contract before is another person's");
	c = of_employment(d, &f);
	take_new(n, &c);
	c.renews = n->renews;
	if (begin(d, &c, f.person.name, &deed, e) || (!n->draft && end_renewed(d, n->renews, e)) || mirror(d, f.employment.id, e) ||
	    folk_refresh(d, f.person.id, false, e) || audit(d, &c, n->draft ? "contract draft" : "contract add", NULL, e))
		return -1;
	*id = c.id;
	return 0;
}

int desk_contract_add(struct desk *d, const struct contract_new *c, struct contract_findings *findings, int64_t *id, struct err *e)
{
	int64_t made = 0;

	if (checked(d, c, findings, e) || store_begin(d->store, e) || store_end(d->store, add(d, c, &made, e), e))
		return -1;
	*id = made;
	return 0;
}

/* Of this project and this account's people, or ERR_NO_SUCH. */
static int open_contract(struct desk *d, int64_t id, struct db_contract *c, struct folk *f, struct err *e)
{
	if (db_contract_get(d->store, id, c, e) || folk_open(d, c->person, f, e))
		return -1;
	return c->project == d->project.id ? 0 : err_set(e, ERR_NO_SUCH, "contract of another project");
}

static int edit(struct desk *d, int64_t id, const struct contract_new *n, struct err *e)
{
	struct db_contract c, was;
	struct folk f;

	if (open_contract(d, id, &c, &f, e))
		return -1;
	if (lifecycle_final(CYCLE_CONTRACT, c.state))
		return err_set(e, ERR_FORBIDDEN, _("合同%s，不能再改；请另签合同"), state_word(CYCLE_CONTRACT, c.state));
	was = c;
	take_new(n, &c);
	if (same_terms(&was, &c))
		return 0;
	if (correct(d, &c, e) || report_whole(d, &c, e) || mirror(d, c.employment, e) || folk_refresh(d, c.person, false, e))
		return -1;
	return audit(d, &c, "contract edit", NULL, e);
}

int desk_contract_edit(struct desk *d, int64_t id, const struct contract_new *c, struct contract_findings *findings, struct err *e)
{
	if (checked(d, c, findings, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, edit(d, id, c, e), e);
}

/* --- signing, ending, dissolving --------------------------------------------------------------------- */

static int refuse(struct err *e, const struct verdict *v)
{
	return err_set(e, ERR_FORBIDDEN, "%s%s%s", v->why, v->would[0] ? _("；") : "", v->would);
}

/* Ending is for the day agreed; before it a contract is dissolved. */
static bool day_has_come(const struct db_contract *c, enum event event, date_t on, struct verdict *v)
{
	char why[sizeof(v->why)], day[DATE_TEXT];

	if (event != EVENT_CONTRACT_END || c->ends_on == DATE_NONE || c->ends_on <= (on == DATE_NONE ? date_today() : on))
		return true;
	date_format(c->ends_on, day);
	text_format(why, sizeof(why), _("合同到 %s 才到期"), day);
	verdict_refuse(v, why, _("到那一天再办；提前结束的，办理“解除合同”"));
	return false;
}

static int judge(struct desk *d, const struct db_contract *c, const struct folk *f, enum event event, date_t on, struct err *e)
{
	const struct transition *row = lifecycle_find(CYCLE_CONTRACT, c->state, event);
	struct verdict v = {.can = true};
	struct situation s;

	if (!row) {
		guard_no_row(CYCLE_CONTRACT, c->state, event, &v);
		return refuse(e, &v);
	}
	if (!(d->session.roles & row->roles))
		return err_set(e, ERR_NOT_PERMITTED, "%s", event_name(event));
	if (folk_situation(d, f, event, on, &s, e))
		return -1;
	s.not_before = c->starts_on;
	if (!guards_pass(row, &s, &v) || !day_has_come(c, event, on, &v))
		return refuse(e, &v);
	return 0;
}

static int say_next(struct desk *d, const struct db_contract *c, char *warning, struct err *e)
{
	struct db_contract current;

	if (!warning)
		return 0;
	warning[0] = '\0';
	if (db_contract_current(d->store, c->employment, &current, e))
		return -1;
	if (!current.id)
		text_copy(warning, 200, _("此人没有在期的合同了：请续签，或办理用工的“合同到期或终止”"));
	return 0;
}

static int act(struct desk *d, int64_t id, const struct deed *how, char *warning, struct err *e)
{
	struct db_contract c;
	struct subject s;
	struct folk f;

	if (open_contract(d, id, &c, &f, e) || judge(d, &c, &f, how->event, how->on, e))
		return -1;
	s = subject_of(&c, f.person.name);
	if ((how->event != EVENT_CONTRACT_SIGN && report_whole(d, &c, e)) || deed_of(d, &s, &c, how, e) ||
	    (how->event == EVENT_CONTRACT_SIGN && end_renewed(d, c.renews, e)) || mirror(d, c.employment, e) ||
	    folk_refresh(d, c.person, false, e) || say_next(d, &c, warning, e))
		return -1;
	return audit(d, &c, event_name(how->event), how->note, e);
}

int desk_contract_act(struct desk *d, int64_t id, enum event event, date_t on, const char *note, char *warning, struct err *e)
{
	struct deed how = {.event = event, .source = PLAN_DESK, .on = on, .note = note};

	if (event_cycle(event) != CYCLE_CONTRACT || event == EVENT_CONTRACT_DRAFT)
		return err_set(e, ERR_USAGE, "%s is no act on a contract", event_name(event));
	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, act(d, id, &how, warning, e), e);
}

/* --- the scan ---------------------------------------------------------------------------------------- */

/* ISO 32000-1 7.5.2 and 7.5.5: the header stands in the first 1024 bytes, the end mark in the last 1024. */
static bool is_pdf(const char *s, size_t n)
{
	size_t near = n < 1024 ? n : 1024;

	return n >= 16 && memmem(s, near, "%PDF-", 5) && memmem(s + n - near, near, "%%EOF", 5);
}

int desk_contract_read_file(const char *path, struct buf *out, struct err *e)
{
	struct stat st;
	int fd, got, last = 0;

	buf_reset(out);
	fd = io_open_as_user(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, NULL);
	if (fd < 0)
		return err_errno(e, "scan");
	if (fstat(fd, &st))
		last = err_errno(e, "scan");
	else if (!S_ISREG(st.st_mode))
		last = err_set(e, ERR_NOT_FOUND, "no plain file");
	else if (st.st_size > CONTRACT_SCAN_MAX)
		last = err_set(e, ERR_SCAN_LARGE, "%lld bytes", (long long)st.st_size);
	errno = 0;
	while (!last && (got = io_fill(fd, out)) > 0)
		;
	if (!last && (out->failed || out->len > CONTRACT_SCAN_MAX))
		last = err_set(e, ERR_SCAN_LARGE, "it grows");
	else if (!last && errno)
		last = err_errno(e, "scan");
	close(fd);
	return last;
}

static int set_scan(struct desk *d, int64_t id, const void *pdf, size_t n, struct err *e)
{
	struct db_fact fact = {.project = d->project.id,
			       .event = SCAN_EVENT,
			       .authority = "desk",
			       .account = d->session.account,
			       .at_ms = clock_now_ms(),
			       .on = date_today(),
			       .true_on = DATE_NONE};
	int64_t made, sign;
	struct db_contract c;
	struct folk f;

	if (open_contract(d, id, &c, &f, e))
		return -1;
	fact.subject = c.id;
	fact.person = c.person;
	text_copy(fact.cycle, sizeof(fact.cycle), CYCLE);
	text_copy(fact.actor, sizeof(fact.actor), actor_name(deed_actor(d, CYCLE_CONTRACT)));
	if (db_fact_latest(d->store, CYCLE, c.id, SCAN_EVENT, &fact.supersedes, e) || db_fact_insert(d->store, &fact, NULL, &made, e) ||
	    db_attachment_add(d->store, c.project, c.person, made, SCAN_ROLE, "application/pdf", pdf, n, &c.scan, e) ||
	    db_contract_update(d->store, &c, e) || deed_reported(d, CYCLE_CONTRACT, c.id, &sign, e))
		return -1;
	/* The platform hears of it with the contract: sent now where it never was, amended where it was. */
	if (c.state == CONTRACT_IN_FORCE && (sign ? correct(d, &c, e) : report_whole(d, &c, e)))
		return -1;
	return folk_refresh(d, c.person, false, e) ? -1 : audit(d, &c, "contract scan", NULL, e);
}

int desk_contract_set_scan(struct desk *d, int64_t id, const void *pdf, size_t n, struct err *e)
{
	if (desk_may_in_project(d, may_write(), e))
		return -1;
	if (n > CONTRACT_SCAN_MAX)
		return err_set(e, ERR_SCAN_LARGE, "%zu bytes", n);
	if (!wire_takes_scan(d, n))
		return err_set(e, ERR_SCAN_PLATFORM, "%zu bytes", n);
	if (!is_pdf(pdf, n))
		return err_set(e, ERR_SCAN_FORMAT, "%zu bytes", n);
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, set_scan(d, id, pdf, n, e), e);
}

/* Recorded first: what cannot be recorded is not handed out. */
static int record_opening(struct desk *d, int64_t id, const char *what, struct db_contract *c, struct err *e)
{
	struct folk f;

	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || db_contract_get(d->store, id, c, e) || folk_open(d, c->person, &f, e) ||
	    store_begin(d->store, e))
		return -1;
	return store_end(d->store, audit(d, c, what, NULL, e), e);
}

int desk_contract_open_scan(struct desk *d, int64_t id, struct buf *out, struct err *e)
{
	struct db_contract c;

	if (record_opening(d, id, "open contract scan", &c, e))
		return -1;
	buf_reset(out);
	return c.scan ? db_attachment_content(d->store, c.scan, out, e) : err_set(e, ERR_NO_SUCH, "no scan");
}

int desk_contract_price(struct desk *d, int64_t id, int64_t *out, struct err *e)
{
	struct db_contract c;

	if (record_opening(d, id, "open contract form", &c, e))
		return -1;
	*out = c.price;
	return 0;
}

/* --- lists ------------------------------------------------------------------------------------------- */

static const struct {
	const char *name, *word;
	enum contract_rank rank;
} filters[CONTRACT_FILTER_COUNT] = {
	[CONTRACTS_IN_FORCE] = {"in-force", N_("在期"), CONTRACT_RANK_IN_FORCE},
	[CONTRACTS_EXPIRING] = {"expiring", N_("将到期"), CONTRACT_RANK_IN_FORCE},
	[CONTRACTS_EXPIRED] = {"expired", N_("已到期"), CONTRACT_RANK_IN_FORCE},
	[CONTRACTS_DRAFTED] = {"drafted", N_("未签订"), CONTRACT_RANK_DRAFTED},
	[CONTRACTS_OVER] = {"over", N_("已终止或解除"), CONTRACT_RANK_OVER},
};

const char *contract_filter_word(enum contract_filter f)
{
	return (unsigned)f < CONTRACT_FILTER_COUNT ? _(filters[f].word) : "";
}

const char *contract_filter_name(enum contract_filter f)
{
	return (unsigned)f < CONTRACT_FILTER_COUNT ? filters[f].name : "";
}

static void days_words(const struct db_contract *c, struct contract_row *out)
{
	date_t today = date_today();

	out->days_left = c->ends_on == DATE_NONE ? INT_MAX : c->ends_on - today;
	text_copy(out->says, sizeof(out->says), state_word(CYCLE_CONTRACT, c->state));
	if (c->state != CONTRACT_IN_FORCE || c->ends_on == DATE_NONE)
		return;
	if (out->days_left < 0)
		text_format(out->says, sizeof(out->says), _("已过 %d 天"), -out->days_left);
	else if (out->days_left == 0)
		text_copy(out->says, sizeof(out->says), _("今天到期"));
	else if (out->days_left <= CONTRACT_WARN_DAYS)
		text_format(out->says, sizeof(out->says), _("还有 %d 天"), out->days_left);
}

static void row_out(const struct desk *d, const struct db_contract *c, struct contract_row *out)
{
	*out = (struct contract_row){.id = c->id,
				     .person = c->person,
				     .state = c->state,
				     .starts_on = c->starts_on,
				     .ends_on = c->ends_on,
				     .has_price = c->price >= 0,
				     .has_scan = c->scan != 0,
				     .renews = c->renews};
	text_copy(out->uid, sizeof(out->uid), c->uid);
	text_copy(out->name, sizeof(out->name), c->person_name);
	text_copy(out->company, sizeof(out->company), c->company_name);
	text_copy(out->project, sizeof(out->project), c->project_name);
	text_copy(out->kind, sizeof(out->kind), c->kind);
	text_copy(out->kind_word, sizeof(out->kind_word), desk_code_word(d, "contract_kinds", c->kind));
	text_copy(out->unit, sizeof(out->unit), c->unit);
	text_copy(out->unit_word, sizeof(out->unit_word), desk_code_word(d, "contract_units", c->unit));
	days_words(c, out);
}

static struct db_contract_query days_of(const struct desk *d, const struct contract_query *q)
{
	struct db_contract_query out = {.project = d->project.id,
					.participant = d->session.participant ? d->session.participant : q->participant,
					.rank = filters[q->filter].rank,
					.from = DATE_NONE,
					.to = DATE_NONE,
					.after_due = q->after_due,
					.after_id = q->after_id};
	date_t today = date_today();

	if (q->filter == CONTRACTS_IN_FORCE || q->filter == CONTRACTS_EXPIRING)
		out.from = today;
	if (q->filter == CONTRACTS_EXPIRING)
		out.to = today + CONTRACT_WARN_DAYS;
	if (q->filter == CONTRACTS_EXPIRED)
		out.to = today - 1;
	return out;
}

static int list_rows(struct desk *d, const struct contract_query *q, struct db_contract *rows, struct contract_page *page, struct err *e)
{
	struct db_contract_query days = days_of(d, q);
	struct folk f;

	if (!q->person)
		return db_contract_list(d->store, &days, rows, page->cap, &page->n, &page->more, e);
	if (folk_open(d, q->person, &f, e))
		return -1;
	return db_contract_of_person(d->store, q->person, q->after_id, rows, page->cap, &page->n, &page->more, e);
}

int desk_contracts(struct desk *d, const struct contract_query *q, struct contract_page *page, struct err *e)
{
	struct db_contract *rows;
	int rc;

	if (desk_may_in_project(d, 0, e))
		return -1;
	rows = calloc(page->cap ? page->cap : 1, sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "contracts");
	rc = list_rows(d, q, rows, page, e);
	for (size_t i = 0; rc == 0 && i < page->n; i++) {
		row_out(d, &rows[i], &page->row[i]);
		page->last_due = rows[i].ends_on == DATE_NONE ? DATE_LONG_TERM : rows[i].ends_on;
		page->last_id = rows[i].id;
	}
	wipe(rows, page->cap * sizeof(*rows));
	free(rows);
	return rc;
}

int desk_contract_get(struct desk *d, int64_t id, struct contract_row *out, struct err *e)
{
	struct db_contract c;
	struct folk f;

	if (desk_may_in_project(d, 0, e) || db_contract_get(d->store, id, &c, e) || folk_open(d, c.person, &f, e))
		return -1;
	row_out(d, &c, out);
	wipe(&c, sizeof(c));
	return 0;
}

int desk_contract_counts(struct desk *d, int64_t *expiring, int64_t *expired, struct err *e)
{
	date_t today = date_today();
	int64_t soon, past;

	if (desk_may_in_project(d, 0, e) ||
	    db_contract_count(d->store, d->project.id, d->session.participant, today, today + CONTRACT_WARN_DAYS, COUNT_LIMIT, &soon, e) ||
	    db_contract_count(d->store, d->project.id, d->session.participant, DATE_NONE, today - 1, COUNT_LIMIT, &past, e))
		return -1;
	*expiring = soon;
	*expired = past;
	return 0;
}
