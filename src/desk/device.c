/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/device.h"

#include <string.h>

#include "announce.h"
#include "base/i18n.h"
#include "base/text.h"
#include "device_rows.h"
#include "folk.h"
#include "store/undo.h"

#define MAY_KEEP (ROLE_CLERK | ROLE_PROJECT_MANAGER | ROLE_COMPANY_HR)
#define DAY_MS 86400000LL

/* --- the register ------------------------------------------------------------------------------------ */

static int take_word(enum device_list_of list, const char *typed, char *out, size_t size, struct err *e)
{
	const char *name;

	if (!typed)
		return 0;
	if (!device_word_read(list, typed, &name))
		return err_set(e, ERR_DEVICE_WORD, "%s", typed);
	text_copy(out, size, name);
	return 0;
}

static void take_text(const char *typed, char *out, size_t size)
{
	if (!typed)
		return;
	text_copy(out, size, typed);
	text_trim(out);
}

static int take(const struct device_new *n, struct db_device *r, struct err *e)
{
	if (take_word(DEVICE_KINDS, n->kind, r->kind, sizeof(r->kind), e) || take_word(DEVICE_METHODS, n->method, r->method, sizeof(r->method), e) ||
	    take_word(DEVICE_BIOMETRICS, n->biometric, r->biometric, sizeof(r->biometric), e) ||
	    take_word(DEVICE_WAYS, n->way, r->way, sizeof(r->way), e))
		return -1;
	if (n->serial && !device_serial_read(n->serial, r->serial))
		return err_set(e, ERR_DEVICE_SERIAL, NULL);
	if (n->maker && !device_maker_read(n->maker, r->maker))
		return err_set(e, ERR_DEVICE_MAKER, NULL);
	take_text(n->place, r->place, sizeof(r->place));
	take_text(n->model, r->model, sizeof(r->model));
	return 0;
}

static int note(struct desk *d, const struct db_device *r, const char *action, struct err *e)
{
	return desk_audit(d, &(struct audit_entry){.action = action, .object = "device", .uid = r->uid, .detail = r->serial}, e);
}

/* Equipment that the platform keeps a register of too (JM-2 2.4.2): told as it stands. It is withdrawn, never taken back. */
static int report(struct desk *d, const struct db_device *r, const char *event, struct err *e)
{
	struct db_fact fact = {.project = d->project.id, .subject = r->id, .account = d->session.account, .at_ms = clock_now_ms(), .on = date_today(),
			       .true_on = DATE_NONE};
	struct announcing t = {.entity = "device", .uid = r->uid, .title = r->serial, .removed = r->gone};

	db_act_none(d->store);
	text_copy(fact.cycle, sizeof(fact.cycle), "device");
	text_copy(fact.event, sizeof(fact.event), event);
	text_copy(fact.actor, sizeof(fact.actor), actor_name(ACTOR_SITE));
	text_copy(fact.authority, sizeof(fact.authority), "desk");
	return db_fact_insert(d->store, &fact, NULL, &t.fact, e) || announce(d, &t, e) ? -1 : 0;
}

static int add(struct desk *d, struct db_device *r, struct err *e)
{
	return db_device_insert(d->store, r, &r->id, e) || report(d, r, "add", e) || note(d, r, "device_add", e) ? -1 : 0;
}

int desk_device_add(struct desk *d, const struct device_new *n, char uid[UID_TEXT], struct err *e)
{
	struct device_new whole = *n;
	struct db_device r = {.project = d->project.id, .allowed = true, .made_ms = clock_now_ms()};

	r.last_ms = r.made_ms;
	whole.kind = n->kind ? n->kind : "attendance";
	whole.serial = n->serial ? n->serial : "";
	uid_new(r.uid);
	if (desk_may_in_project(d, MAY_KEEP, e) || take(&whole, &r, e) || store_begin(d->store, e) || store_end(d->store, add(d, &r, e), e))
		return -1;
	text_copy(uid, UID_TEXT, r.uid);
	return 0;
}

static int find(struct desk *d, int64_t id, struct db_device *out, struct err *e)
{
	if (db_device_get(d->store, id, out, e))
		return -1;
	return out->project == d->project.id && !out->gone ? 0 : err_set(e, ERR_NO_SUCH, "device");
}

struct changing {
	const struct device_new *words; /* NULL: none */
	bool allow, forbid, withdraw;
	const char *action;
};

static int change(struct desk *d, int64_t id, const struct changing *c, struct err *e)
{
	struct db_device r;

	if (find(d, id, &r, e) || (c->words && take(c->words, &r, e)))
		return -1;
	if (c->allow && !r.allowed)
		r.last_ms = clock_now_ms();
	r.allowed = (r.allowed || c->allow) && !c->forbid && !c->withdraw;
	r.gone = c->withdraw;
	if (db_device_update(d->store, &r, e) || ((c->words || c->withdraw) && report(d, &r, c->withdraw ? "remove" : "amend", e)))
		return -1;
	return note(d, &r, c->action, e);
}

static int change_in_one(struct desk *d, int64_t id, const struct changing *c, struct err *e)
{
	if (desk_may_in_project(d, MAY_KEEP, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, change(d, id, c, e), e);
}

int desk_device_edit(struct desk *d, int64_t id, const struct device_new *n, struct err *e)
{
	return change_in_one(d, id, &(struct changing){.words = n, .action = "device_edit"}, e);
}

int desk_device_allow(struct desk *d, int64_t id, bool allowed, struct err *e)
{
	return change_in_one(
		d, id, &(struct changing){.allow = allowed, .forbid = !allowed, .action = allowed ? "device_allow" : "device_forbid"}, e);
}

int desk_device_withdraw(struct desk *d, int64_t id, struct err *e)
{
	return change_in_one(d, id, &(struct changing){.withdraw = true, .action = "device_withdraw"}, e);
}

/* --- looking ----------------------------------------------------------------------------------------- */

static bool direct(const struct desk *d)
{
	return profile_flag(d->profile, "devices.direct", false);
}

static int row_out(struct desk *d, const struct db_device *r, struct device_row *out, struct err *e)
{
	int64_t breach = profile_number(d->profile, "limits.device_silent_days", 0);

	*out = (struct device_row){.id = r->id, .allowed = r->allowed, .heard_ms = r->heard_ms, .last_ms = r->last_ms};
	text_copy(out->uid, sizeof(out->uid), r->uid);
	text_copy(out->kind, sizeof(out->kind), r->kind);
	text_copy(out->serial, sizeof(out->serial), r->serial);
	text_copy(out->maker, sizeof(out->maker), r->maker);
	text_copy(out->place, sizeof(out->place), r->place);
	text_copy(out->model, sizeof(out->model), r->model);
	text_copy(out->method, sizeof(out->method), r->method);
	text_copy(out->biometric, sizeof(out->biometric), r->biometric);
	text_copy(out->way, sizeof(out->way), r->way);
	if (r->allowed && (!direct(d) || r->heard_ms))
		out->silence = device_silence_of(r->last_ms, clock_now_ms(), breach);
	return db_tally(d->store, d->project.id, ROSTER_ON_SITE, SCOPE_PROJECT, 0, &out->people, e) ||
			       db_push_count(d->store, r->id, PUSH_DONE, &out->done, e) || db_push_count(d->store, r->id, PUSH_FAILED, &out->failed, e)
		       ? -1
		       : 0;
}

#define PAGE 16

int desk_device_list(struct desk *d, int64_t after, struct device_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_device page[PAGE];
	size_t got = PAGE, count = 0;

	if (desk_may_in_project(d, 0, e))
		return -1;
	while (count < cap && got == PAGE) {
		if (db_device_list(d->store, d->project.id, after, page, cap - count < PAGE ? cap - count : PAGE, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++, after = page[i - 1].id)
			if (row_out(d, &page[i], &rows[count++], e))
				return -1;
	}
	*n = count;
	return 0;
}

int desk_device_get(struct desk *d, int64_t id, struct device_row *out, struct err *e)
{
	struct db_device r;

	return desk_may_in_project(d, 0, e) || find(d, id, &r, e) ? -1 : row_out(d, &r, out, e);
}

int desk_device_by_serial(struct desk *d, const char *serial, struct device_row *out, struct err *e)
{
	struct db_device r;

	if (desk_may_in_project(d, 0, e) || db_device_by_serial(d->store, serial, &r, e))
		return -1;
	return r.project == d->project.id ? row_out(d, &r, out, e) : err_set(e, ERR_NO_SUCH, "device");
}

int desk_device_silent(struct desk *d, const struct device_row *after, struct device_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_device page[PAGE], key = {.id = after ? after->id : 0, .last_ms = after ? after->last_ms : INT64_MIN};
	size_t got = PAGE, count = 0;

	if (desk_may_in_project(d, 0, e))
		return -1;
	while (count < cap && got == PAGE) {
		if (db_device_silent(d->store, d->project.id, clock_now_ms() - DAY_MS, &key, page, PAGE, &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++) {
			key = page[i];
			if (direct(d) && !key.heard_ms)
				continue;
			if (row_out(d, &key, &rows[count++], e))
				return -1;
		}
	}
	*n = count;
	return 0;
}

bool desk_devices_served(struct desk *d, char *why, size_t size)
{
	bool may = d->profile && !direct(d);

	text_copy(why, size, may ? "" : err_sentence(ERR_DEVICE_DIRECT));
	return may;
}

/* --- who is on which device -------------------------------------------------------------------------- */

enum push_state push_now(const struct db_on_site *p)
{
	bool as_handed = strcmp(p->push.photo, p->photo) == 0;

	if ((p->push.state == PUSH_DONE || p->push.state == PUSH_FAILED) && as_handed)
		return p->push.state;
	return PUSH_WAITING;
}

bool push_move(enum push_state from, enum event event, enum push_state *to)
{
	const struct transition *row = lifecycle_find(CYCLE_PUSH, (int)from, event);

	if (row)
		*to = (enum push_state)row->to;
	return row != NULL;
}

static const char *why_word(enum push_why why)
{
	static const char *const words[PUSH_WHY_COUNT] = {
		[PUSH_WHY_NONE] = "", [PUSH_WHY_NO_PHOTO] = N_("没有照片"), [PUSH_WHY_PHOTO_LARGE] = N_("照片太大，设备收不下")};

	return words[why][0] ? _(words[why]) : "";
}

static void push_out(const struct db_on_site *p, const struct db_device *device, struct push_row *out)
{
	*out = (struct push_row){.person = p->person, .device = device->id, .state = push_now(p), .at_ms = p->push.at_ms};
	text_copy(out->name, sizeof(out->name), p->name);
	text_copy(out->serial, sizeof(out->serial), device->serial);
	text_copy(out->place, sizeof(out->place), device->place);
	if (out->state == PUSH_FAILED)
		text_copy(out->why, sizeof(out->why), why_word(p->push.why));
	else if (out->state == PUSH_WAITING && p->push.state == PUSH_DONE)
		text_copy(out->why, sizeof(out->why), _("照片换过了"));
}

static int left_out(struct desk *d, const struct db_push *p, const struct db_device *device, struct push_row *out, struct err *e)
{
	struct db_member m;
	struct err own = {ERR_NONE};

	*out = (struct push_row){.person = p->worker, .device = device->id, .state = PUSH_WITHDRAWN, .told = p->state == PUSH_WITHDRAWN, .at_ms = p->at_ms};
	text_copy(out->serial, sizeof(out->serial), device->serial);
	text_copy(out->place, sizeof(out->place), device->place);
	text_copy(out->why, sizeof(out->why), out->told ? "" : _("设备还没有来取新名单"));
	if (db_member_get(d->store, d->project.id, p->worker, &m, &own) == 0)
		text_copy(out->name, sizeof(out->name), m.name);
	else if (own.code != ERR_NO_SUCH)
		return err_set(e, own.code, "%s", own.detail);
	return 0;
}

struct listing {
	struct desk *d;
	struct db_device device;
	struct push_row *rows;
	size_t cap, n;
	struct push_cursor at;
};

static int list_on_site(struct listing *l, struct err *e)
{
	struct db_on_site_query q = {.project = l->d->project.id,
				     .device = l->device.id,
				     .view = ROSTER_ON_SITE,
				     .scope = l->d->session.participant ? SCOPE_PARTICIPANT : SCOPE_PROJECT,
				     .scope_id = l->d->session.participant};
	struct db_on_site page[PAGE];
	size_t got = PAGE;

	while (l->n < l->cap && got == PAGE) {
		size_t room = l->cap - l->n < PAGE ? l->cap - l->n : PAGE;

		q.after_key = l->at.key;
		q.after_person = l->at.id;
		if (db_on_site(l->d->store, &q, page, room, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			push_out(&page[i], &l->device, &l->rows[l->n++]);
			text_copy(l->at.key, sizeof(l->at.key), page[i].sort_key);
			l->at.id = page[i].person;
		}
		if (got < room)
			l->at = (struct push_cursor){.gone = true};
		if (l->at.gone)
			break;
	}
	return 0;
}

static int list_left_out(struct listing *l, struct err *e)
{
	struct db_push page[PAGE];
	size_t got = PAGE;

	while (l->n < l->cap && got == PAGE) {
		if (db_push_leftover(l->d->store, l->device.id, l->d->project.id, true, l->at.id, page, PAGE, &got, e))
			return -1;
		for (size_t i = 0; i < got && l->n < l->cap; i++) {
			bool sees = true;

			l->at.id = page[i].worker;
			if (folk_sees(l->d, page[i].worker, &sees, e) || (sees && left_out(l->d, &page[i], &l->device, &l->rows[l->n++], e)))
				return -1;
		}
	}
	return 0;
}

int desk_push_of_device(struct desk *d, int64_t device, const struct push_cursor *after, struct push_row *rows, size_t cap, size_t *n,
			struct push_cursor *next, bool *more, struct err *e)
{
	struct listing l = {.d = d, .rows = rows, .cap = cap, .at = after ? *after : (struct push_cursor){.id = 0}};

	if (desk_may_in_project(d, 0, e) || find(d, device, &l.device, e) || (!l.at.gone && list_on_site(&l, e)) || (l.at.gone && list_left_out(&l, e)))
		return -1;
	*n = l.n;
	*next = l.at;
	*more = l.n == cap;
	return 0;
}

/* The person's row on one device; false: never on it. */
static int one_push(struct desk *d, const struct db_device *device, int64_t person, struct push_row *out, bool *any, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_on_site there;
	struct db_push p;

	*any = true;
	if (db_on_site_get(d->store, d->project.id, device->id, person, &there, &own) == 0) {
		push_out(&there, device, out);
		return 0;
	}
	if (own.code != ERR_NO_SUCH)
		return err_set(e, own.code, "%s", own.detail);
	if (db_push_get(d->store, device->id, person, &p, e))
		return -1;
	*any = p.state != PUSH_NONE;
	return *any ? left_out(d, &p, device, out, e) : 0;
}

int desk_push_of_person(struct desk *d, int64_t person, int64_t after_device, struct push_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_device page[PAGE];
	size_t got = PAGE, count = 0;
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e))
		return -1;
	while (count < cap && got == PAGE) {
		if (db_device_list(d->store, d->project.id, after_device, page, PAGE, &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++) {
			bool any;

			after_device = page[i].id;
			if (one_push(d, &page[i], f.person.id, &rows[count], &any, e))
				return -1;
			count += any;
		}
	}
	*n = count;
	return 0;
}
