/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/office.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "domain/field.h"
#include "platform/body.h"
#include "platform/lost.h"
#include "platform/share.h"

#define DUE_AT_ONCE 256
#define OFFER "project.offer"
#define OFFER_MOST 4096

/* --- kinds --- */

#define REMOVED "removed"

enum how { PUT /* makes the record or replaces its facts */, STEP /* moves its state */, PUT_AND_STEP, REMOVE /* it stands no more; what it said is kept */ };

struct kind {
	const char *name, *entity;
	enum how how;
	enum cycle cycle;	/* CYCLE_COUNT: the thing has no states */
	const char *code, *why; /* what is said when the state forbids it */
};

static const struct kind kinds[] = {
	{"company.add", "company", PUT, CYCLE_COUNT},
	{"participant.add", "participant", PUT, CYCLE_PARTICIPANT},
	{"company.amend", "company", PUT, CYCLE_COUNT},
	{"participant.amend", "participant", PUT, CYCLE_PARTICIPANT},
	{"participant.enter", "participant", STEP, CYCLE_PARTICIPANT, "wrong-state",
	 "该参建单位当前状态不能进场"},
	{"participant.exit", "participant", STEP, CYCLE_PARTICIPANT, "not-entered",
	 "该参建单位未进场，不能退场"},
	{"team.add", "team", PUT, CYCLE_TEAM_SITE},
	{"team.amend", "team", PUT, CYCLE_TEAM_SITE},
	{"team.associate", "team", STEP, CYCLE_TEAM, "wrong-state", "该班组当前不能申请关联"},
	{"team.confirm_association", "team", STEP, CYCLE_TEAM, "wrong-state", "该班组没有待确认的关联"},
	{"team.refuse_association", "team", STEP, CYCLE_TEAM, "wrong-state", "该班组没有待确认的关联"},
	{"team.unbind", "team", STEP, CYCLE_TEAM, "wrong-state", "该班组没有关联，不能解绑"},
	{"team.set_own", "team", STEP, CYCLE_TEAM, "wrong-state", "该班组当前不能设为本单位班组"},
	{"team.enter", "team", STEP, CYCLE_TEAM_SITE, "wrong-state", "该班组当前状态不能进场"},
	{"team.exit", "team", STEP, CYCLE_TEAM_SITE, "not-entered", "该班组未进场，不能退场"},
	{"person.add", "person", PUT, CYCLE_COUNT},
	{"person.amend", "person", PUT, CYCLE_COUNT},
	{"employment.offer", "employment", PUT, CYCLE_EMPLOYMENT},
	{"employment.amend", "employment", PUT, CYCLE_EMPLOYMENT},
	{"employment.register", "employment", STEP, CYCLE_EMPLOYMENT, "not-consented",
	 "本人尚未同意，不能办理用工登记"},
	{"employment.withdraw_offer", "employment", STEP, CYCLE_EMPLOYMENT, "wrong-state",
	 "本人已答复，不能撤回聘用"},
	{"employment.agree_leave", "employment", STEP, CYCLE_EMPLOYMENT, "wrong-state", "本人没有申请离职"},
	{"employment.dismiss", "employment", STEP, CYCLE_EMPLOYMENT, "wrong-state", "该人员当前不能解聘"},
	{"employment.record_leaving", "employment", STEP, CYCLE_EMPLOYMENT, "wrong-state",
	 "该人员当前不能登记离职"},
	{"employment.leaving_day", "employment", STEP, CYCLE_EMPLOYMENT, "wrong-state", "没有登记离职日期"},
	{"employment.take_back", "employment", STEP, CYCLE_EMPLOYMENT, "wrong-state",
	 "没有可取消的离职或解聘"},
	{"employment.died", "employment", STEP, CYCLE_EMPLOYMENT, "wrong-state", "该用工关系已终止"},
	{"employment.contract_ended", "employment", STEP, CYCLE_EMPLOYMENT, "wrong-state",
	 "该用工关系已终止"},
	{"contract.add", "contract", PUT_AND_STEP, CYCLE_CONTRACT, "wrong-state", "该合同已终止"},
	{"contract.amend", "contract", PUT, CYCLE_CONTRACT},
	{"contract.end", "contract", STEP, CYCLE_CONTRACT, "wrong-state", "该合同不在期，不能终止"},
	{"contract.terminate", "contract", STEP, CYCLE_CONTRACT, "wrong-state", "该合同不在期，不能解除"},
	{"attendance.clock", "attendance", PUT, CYCLE_COUNT},
	{"post.fill", "post", PUT_AND_STEP, CYCLE_POST, "wrong-state", "该岗位当前不能设置人员"},
	{"post.vacate", "post", STEP, CYCLE_POST, "wrong-state", "该岗位没有人员，不能撤下"},
	{"post.absence", "absence", PUT, CYCLE_COUNT},
	{"payroll.add", "payroll", PUT, CYCLE_COUNT},
	{"payroll.amend", "payroll", PUT, CYCLE_COUNT},
	{"training.add", "training", PUT, CYCLE_COUNT},
	{"training.amend", "training", PUT, CYCLE_COUNT},
	{"training.remove", "training", REMOVE, CYCLE_COUNT},
	{"book.add", "book", PUT, CYCLE_COUNT},
	{"book.amend", "book", PUT, CYCLE_COUNT},
	{"book.remove", "book", REMOVE, CYCLE_COUNT},
	{"device.add", "device", PUT, CYCLE_COUNT},
	{"device.amend", "device", PUT, CYCLE_COUNT},
	{"device.remove", "device", REMOVE, CYCLE_COUNT},
	{"assignment.submit", "assignment", PUT_AND_STEP, CYCLE_ASSIGNMENT, "wrong-state",
	 "该分配当前不能提交"},
	{"assignment.amend", "assignment", PUT, CYCLE_ASSIGNMENT},
	{"assignment.confirm", "assignment", STEP, CYCLE_ASSIGNMENT, "wrong-state", "该分配当前不能确认"},
	{"assignment.return", "assignment", STEP, CYCLE_ASSIGNMENT, "wrong-state", "该分配当前不能退回"},
	{"assignment.enter", "assignment", STEP, CYCLE_ASSIGNMENT, "not-confirmed",
	 "该人员的分配尚未确认，不能进场"},
	{"assignment.exit", "assignment", STEP, CYCLE_ASSIGNMENT, "not-entered", "该人员未进场，不能退场"},
	{"assignment.withdraw", "assignment", STEP, CYCLE_ASSIGNMENT, "wrong-state",
	 "已进场或已结束的分配不能撤回"},
};

/* Says which and when, nothing of what it is. */
static bool has_step_body(const struct kind *k)
{
	return k->how == STEP || k->how == REMOVE;
}

static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	}
	return NULL;
}

/* --- states --- */

/* A step that nobody takes here follows by itself: what boxes leave out, and accepting, which no box reports
 * (it has no upload). */
static void go_forward(const struct office *o, enum cycle c, int *state)
{
	enum event next;
	const struct transition *row;

	while ((next = lifecycle_forward(c, *state)) != EVENT_NONE &&
	       (o->left_out[next] || next == EVENT_ACCEPT)) {
		row = lifecycle_find(c, *state, next);
		if (!row)
			return;
		*state = row->to;
	}
}

static const struct transition *step_row(enum cycle c, int state, const char *upload)
{
	const struct transition *rows = NULL;
	size_t n = lifecycle_rows(c, &rows);

	for (size_t i = 0; i < n; i++) {
		if (rows[i].upload && rows[i].from == state && !strcmp(rows[i].upload, upload))
			return &rows[i];
	}
	return NULL;
}

static bool leads_to(enum cycle c, int state, const char *upload)
{
	const struct transition *rows = NULL;
	size_t n = lifecycle_rows(c, &rows);

	for (size_t i = 0; i < n; i++) {
		if (rows[i].upload && rows[i].to == state && !strcmp(rows[i].upload, upload))
			return true;
	}
	return false;
}

static int state_of(const struct precord *r, enum cycle c)
{
	int state = 0;

	if (c < CYCLE_COUNT)
		state_parse(c, c == CYCLE_TEAM ? r->relation : r->state, &state);
	return state;
}

static void set_state(const struct office *o, struct precord *r, enum cycle c, int state)
{
	char *into = c == CYCLE_TEAM ? r->relation : r->state;

	go_forward(o, c, &state);
	text_copy(into, PSTORE_STATE, state_name(c, state));
}

/* The day of entry or exit stands at the record. */
static void take_day(struct precord *r, const char *day)
{
	if (!strcmp(r->state, "on_site") || !strcmp(r->state, "entered"))
		text_copy(r->entered_on, sizeof(r->entered_on), day);
	else if (!strcmp(r->state, "exited"))
		text_copy(r->exited_on, sizeof(r->exited_on), day);
}

static int put_record(struct office *o, const struct precord *r, struct err *e)
{
	return pstore_record_put(o->store, r, e) || share_put(o, r, e) ? -1 : 0;
}

static const struct transition *end_row(int state)
{
	return lifecycle_find(CYCLE_ASSIGNMENT, state, EVENT_EMPLOYMENT_ENDED);
}

/* An employment that has ended takes its assignments with it (DESIGN 6). */
static int end_assignments(struct office *o, const struct precord *employment, const char *day, struct err *e)
{
	char uids[64][UID_TEXT];
	size_t n = 0;

	if (strcmp(employment->entity, "employment") ||
	    !lifecycle_final(CYCLE_EMPLOYMENT, state_of(employment, CYCLE_EMPLOYMENT)))
		return 0;
	if (pstore_children(o->store, employment->uid, "assignment", uids, ARRAY_LEN(uids), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct precord r = {0};
		bool found;
		int last = pstore_record_get(o->store, uids[i], &r, &found, e);

		if (!last && found && end_row(state_of(&r, CYCLE_ASSIGNMENT))) {
			set_state(o, &r, CYCLE_ASSIGNMENT, end_row(state_of(&r, CYCLE_ASSIGNMENT))->to);
			take_day(&r, day);
			r.changed_ms = clock_now_ms();
			last = put_record(o, &r, e);
		}
		precord_release(&r);
		if (last)
			return last;
	}
	return 0;
}

/* --- one operation --- */

struct deed {
	struct office *o;
	struct pbox *box;
	const struct kind *kind;
	const cJSON *body, *lost; /* lost: what the box says is not in its file (platform/lost.h) */
	struct poperation *op;
};

#define ACCEPTED 0
#define REFUSED 1 /* op says why */

static int refuse(struct poperation *op, const char *code, const char *field, const char *reason)
{
	text_copy(op->status, sizeof(op->status), "rejected");
	text_copy(op->code, sizeof(op->code), code);
	text_copy(op->field, sizeof(op->field), field);
	text_copy(op->reason, sizeof(op->reason), reason);
	return REFUSED;
}

static const char *text_in(const cJSON *body, const char *key)
{
	const char *s = json_string(body, key);

	return s ? s : "";
}

/* "" is there. */
static int is_here(struct deed *d, const char *uid, const char *entity, bool *here, struct err *e)
{
	struct precord r = {0};
	bool found = true;

	if (*uid && pstore_record_get(d->o->store, uid, &r, &found, e))
		return -1;
	*here = !*uid || (found && !strcmp(r.entity, entity));
	precord_release(&r);
	return 0;
}

/* One uid, or a list of them. */
static int all_here(struct deed *d, const char *field, const char *entity, bool *here, struct err *e)
{
	const cJSON *list = json_get(d->body, field), *v;

	if (!cJSON_IsArray(list))
		return is_here(d, text_in(d->body, field), entity, here, e);
	*here = true;
	cJSON_ArrayForEach(v, list)
	{
		if (is_here(d, v->valuestring, entity, here, e))
			return -1;
		if (!*here)
			break;
	}
	return 0;
}

static int check_references(struct deed *d, struct err *e)
{
	const char *entity = "", *field;
	bool here;

	for (unsigned i = 0; (field = body_reference(d->kind->entity, i, &entity)); i++) {
		if (all_here(d, field, entity, &here, e))
			return -1;
		if (!here)
			return refuse(d->op, "dependency", field, "所依赖的记录平台尚未收到");
	}
	return ACCEPTED;
}

/* A registration that was taken back at its desk stands here as a person all of whose employments are over. The same document registered
 * anew by the same box takes its place. */
static int replace_given_up(struct deed *d, const char *owner, bool *replaced, struct err *e)
{
	struct precord r = {0};
	bool found, over;
	int last = pstore_given_up(d->o->store, owner, &over, e) || pstore_record_get(d->o->store, owner, &r, &found, e);

	*replaced = !last && found && over && r.box == d->box->id;
	if (*replaced) {
		text_copy(r.state, sizeof(r.state), "replaced");
		last = pstore_record_put(d->o->store, &r, e);
	}
	precord_release(&r);
	return last ? -1 : 0;
}

/* Where boxes share, or are projects, another box's record of the same document is the same person, not a second one. */
static int check_person(struct deed *d, struct err *e)
{
	const char *type = text_in(d->body, "idCardType"), *number = text_in(d->body, "idCardNumber");
	char owner[UID_TEXT];
	bool replaced = false;

	if (d->o->share || d->o->by_account ? pstore_document_owner_in(d->o->store, d->box->id, type, number, d->op->subject, owner, e)
			: pstore_document_owner(d->o->store, type, number, d->op->subject, owner, e))
		return -1;
	if (*owner && !strcmp(d->kind->name, "person.add") && replace_given_up(d, owner, &replaced, e))
		return -1;
	return *owner && !replaced ? refuse(d->op, "duplicate-person", "idCardNumber", "该证件号码已登记在另一人员名下")
		      : ACCEPTED;
}

static int check_employment(struct deed *d, struct err *e)
{
	bool elsewhere;

	if (pstore_employed_elsewhere(d->o->store, text_in(d->body, "person"), text_in(d->body, "corpCode"),
				      &elsewhere, e))
		return -1;
	return elsewhere ? refuse(d->op, "employed-elsewhere", "person", "该人员在其他单位未离职") : ACCEPTED;
}

/* Only who is or was on site (F1). */
static int check_attendance(struct deed *d, struct err *e)
{
	struct precord r = {0};
	bool found, on_site;

	if (pstore_record_get(d->o->store, text_in(d->body, "assignment"), &r, &found, e))
		return -1;
	on_site = found && (!strcmp(r.state, "on_site") || !strcmp(r.state, "exited"));
	precord_release(&r);
	return on_site ? ACCEPTED : refuse(d->op, "not-entered", "assignment", "该人员未进场，不能考勤");
}

static int check_rules(struct deed *d, struct err *e)
{
	if (!strcmp(d->kind->entity, "attendance"))
		return check_attendance(d, e);
	if (!strcmp(d->kind->entity, "person"))
		return check_person(d, e);
	if (!strcmp(d->kind->name, "employment.offer"))
		return check_employment(d, e);
	return ACCEPTED;
}

static const char *parent_field(const char *entity)
{
	if (!strcmp(entity, "attendance"))
		return "assignment";
	return !strcmp(entity, "assignment") || !strcmp(entity, "contract") ? "employment" : "participant";
}

static const char *first_relation(const char *entity)
{
	return !strcmp(entity, "team") ? state_name(CYCLE_TEAM, TEAM_OWN) : "";
}

static int first_state(const struct kind *k)
{
	static const int first[CYCLE_COUNT] = {[CYCLE_EMPLOYMENT] = EMPLOYMENT_OFFERED,
					       [CYCLE_ASSIGNMENT] = ASSIGNMENT_DRAFTED,
					       [CYCLE_TEAM_SITE] = SITE_NOT_ENTERED,
					       [CYCLE_PARTICIPANT] = SITE_NOT_ENTERED,
					       [CYCLE_CONTRACT] = CONTRACT_DRAFTED};

	return k->cycle < CYCLE_COUNT ? first[k->cycle] : 0;
}

/* A new record as it stands before its first step. */
static void make_record(struct deed *d, struct precord *r)
{
	*r = (struct precord){.box = d->box->id};
	text_copy(r->uid, sizeof(r->uid), d->op->subject);
	text_copy(r->entity, sizeof(r->entity), d->kind->entity);
	text_copy(r->relation, sizeof(r->relation), first_relation(d->kind->entity));
	text_copy(r->state, sizeof(r->state), "known");
	if (d->kind->how ==
	    PUT_AND_STEP) /* the step comes in this very operation: nothing follows by itself before it */
		text_copy(r->state, sizeof(r->state), state_name(d->kind->cycle, first_state(d->kind)));
	else if (d->kind->cycle < CYCLE_COUNT)
		set_state(d->o, r, d->kind->cycle, first_state(d->kind));
}

static int put_facts(struct deed *d, struct precord *r, bool *changed, struct err *e)
{
	char *body = json_text(d->body);

	if (!body)
		return err_set(e, ERR_MEMORY, "body");
	*changed = !r->body || strcmp(r->body, body) != 0;
	free(r->body);
	r->body = body;
	text_copy(r->person, sizeof(r->person), text_in(d->body, "person"));
	text_copy(r->parent, sizeof(r->parent), text_in(d->body, parent_field(r->entity)));
	text_copy(r->corp, sizeof(r->corp), text_in(d->body, "corpCode"));
	return 0;
}

static int agreed(const struct deed *d, int state)
{
	bool known = d->o->consent_known && d->kind->cycle == CYCLE_EMPLOYMENT && !strcmp(d->kind->name, "employment.register");

	return known && state == EMPLOYMENT_OFFERED ? EMPLOYMENT_ACCEPTED : state;
}

/* 1: moved; 0: stood there already, with the same day: done before; REFUSED as -2; -1 failed. */
static int take_step(struct deed *d, struct precord *r, bool *moved)
{
	int state = agreed(d, state_of(r, d->kind->cycle));
	const struct transition *row = step_row(d->kind->cycle, state, d->kind->name);
	const char *day = text_in(d->body, "date");

	*moved = row != NULL;
	if (row) {
		set_state(d->o, r, d->kind->cycle, row->to);
		take_day(r, day);
		return ACCEPTED;
	}
	if (leads_to(d->kind->cycle, state, d->kind->name)) {
		const char *had = state == ASSIGNMENT_ON_SITE && d->kind->cycle == CYCLE_ASSIGNMENT
					  ? r->entered_on
					  : r->exited_on;

		if (!*day || !*had || !strcmp(day, had))
			return ACCEPTED;
		return refuse(d->op, "already", "date", "已按另一日期办理");
	}
	return refuse(d->op, d->kind->code, "", d->kind->why);
}

/* Nobody is assigned under an employment that is over (DESIGN 6): what was on its way when it ended comes too late. */
static int under_way(struct deed *d, bool *over, struct err *e)
{
	struct precord employment = {0};
	bool found;
	int last;

	*over = false;
	if (strcmp(d->kind->name, "assignment.submit"))
		return 0;
	last = pstore_record_get(d->o->store, text_in(d->body, "employment"), &employment, &found, e);
	if (!last && found)
		*over = lifecycle_final(CYCLE_EMPLOYMENT, state_of(&employment, CYCLE_EMPLOYMENT));
	precord_release(&employment);
	return last;
}

static int apply_to(struct deed *d, struct precord *r, bool known, struct err *e)
{
	bool changed = false, moved = false;
	int last = ACCEPTED;
	bool over;

	if (under_way(d, &over, e))
		return -1;
	if (over)
		return refuse(d->op, "wrong-state", "employment", "该用工关系已终止，不能分配");
	if (!known)
		make_record(d, r);
	if (d->kind->how == REMOVE)
		moved = strcmp(r->state, REMOVED) != 0;
	else if (d->kind->how != STEP && put_facts(d, r, &changed, e))
		return -1;
	if (d->kind->how == REMOVE)
		text_copy(r->state, sizeof(r->state), REMOVED);
	else if (d->kind->how != PUT)
		last = take_step(d, r, &moved);
	if (last != ACCEPTED || !(changed || moved || !known))
		return last;
	r->applied++;
	r->changed_ms = clock_now_ms();
	if (put_record(d->o, r, e))
		return -1;
	return end_assignments(d->o, r, text_in(d->body, "date"), e);
}

static int apply(struct deed *d, struct err *e)
{
	struct precord r = {0};
	bool known = false, amends = has_step_body(d->kind) || strstr(d->kind->name, ".amend");
	int last = pstore_record_get(d->o->store, d->op->subject, &r, &known, e);

	if (!last && known && (strcmp(r.entity, d->kind->entity) || r.box != d->box->id))
		last = refuse(d->op, "foreign-record", "uid", "该编号属于另一条记录");
	else if (!last && !known && amends)
		last = refuse(d->op, "dependency", "uid", "所依赖的记录平台尚未收到");
	if (!last && !known)
		last = lost_replace(d->o->store, d->op, d->body, d->lost, e);
	if (!last)
		last = check_rules(d, e);
	if (!last)
		last = apply_to(d, &r, known, e);
	precord_release(&r);
	return last;
}

static int judge(struct deed *d, struct err *e)
{
	struct body_fault fault;
	int last;

	if (!d->kind)
		return refuse(d->op, "unknown-kind", "", "平台不认识这种业务");
	if (d->o->refuse_at && d->o->operations_seen == d->o->refuse_at)
		return d->o->refuse_phone
			       ? refuse(d->op, "phone", "cellPhone", "手机号码与姓名核验不一致")
			       : refuse(d->op, "poisoned", "", "按测试要求退回");
	if (!body_check(has_step_body(d->kind) ? "step" : d->kind->entity, d->body, &fault))
		return refuse(d->op, fault.code, fault.field, fault.reason);
	last = has_step_body(d->kind) ? ACCEPTED : check_references(d, e);
	return last == ACCEPTED ? apply(d, e) : last;
}

int office_apply(struct office *o, struct pbox *box, const char *kind, const cJSON *body, struct poperation *op,
		 struct err *e)
{
	struct deed d = {.o = o, .box = box, .kind = kind_of(kind), .body = body, .op = op};

	*op = (struct poperation){.box = box->id, .received_ms = clock_now_ms()};
	text_copy(op->kind, sizeof(op->kind), kind);
	text_copy(op->subject, sizeof(op->subject), text_in(body, "uid"));
	return judge(&d, e);
}

/* In a savepoint of its own. What is refused for a dependency leaves no trace at all. */
static int decide_and_keep(struct deed *d, struct err *e)
{
	int last;

	if (pstore_mark(d->o->store, e))
		return -1;
	last = judge(d, e);
	if (last < 0) {
		pstore_unmark(d->o->store, false, NULL);
		return -1;
	}
	if (last == ACCEPTED)
		text_copy(d->op->status, sizeof(d->op->status), "accepted");
	if (pstore_unmark(d->o->store, last == ACCEPTED, e))
		return -1;
	return strcmp(d->op->code, "dependency") ? pstore_operation_put(d->o->store, d->op, e) : 0;
}

static int content_hash(const char *kind, const cJSON *body, unsigned char hash[PSTORE_HASH], struct err *e)
{
	char *text = json_text(body);
	crypto_hash_sha256_state s;

	if (!text)
		return err_set(e, ERR_MEMORY, "body");
	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, (const unsigned char *)kind, strlen(kind) + 1);
	crypto_hash_sha256_update(&s, (const unsigned char *)text, strlen(text));
	crypto_hash_sha256_final(&s, hash);
	wipe(text, strlen(text));
	free(text);
	return 0;
}

static int take_operation(struct deed *d, const cJSON *from, struct err *e)
{
	struct office *o = d->o;
	struct pbox *box = d->box;
	struct poperation *out = d->op;
	struct poperation before;
	bool found;

	d->kind = kind_of(text_in(from, "kind"));
	d->body = json_get(from, "body");
	o->operations_seen++;
	*out = (struct poperation){
		.box = box->id, .received_ms = clock_now_ms(), .sequence = json_int(from, "sequence", 0)};
	text_copy(out->op, sizeof(out->op), text_in(from, "op"));
	text_copy(out->kind, sizeof(out->kind), text_in(from, "kind"));
	text_copy(out->subject, sizeof(out->subject), text_in(d->body, "uid"));
	if (content_hash(out->kind, d->body, out->hash, e) ||
	    pstore_operation_get(o->store, box->id, out->op, &before, &found, e))
		return -1;
	if (!found)
		return decide_and_keep(d, e);
	if (memcmp(before.hash, out->hash, PSTORE_HASH))
		refuse(out, "conflict-422", "", "同一编号的业务内容不一致");
	else
		*out = before;
	return 0;
}

/* --- JSON out --- */

static void add_text(cJSON *to, const char *key, const char *text)
{
	if (*text)
		cJSON_AddStringToObject(to, key, text);
}

static cJSON *result_of(const struct poperation *op)
{
	cJSON *r = cJSON_CreateObject();
	char number[24];

	cJSON_AddStringToObject(r, "op", op->op);
	cJSON_AddStringToObject(r, "status", op->status);
	if (!strcmp(op->status, "accepted")) {
		text_format(number, sizeof(number), "%lld", (long long)op->id);
		cJSON_AddStringToObject(r, "number", number);
	}
	add_text(r, "code", op->code);
	add_text(r, "reason", op->reason);
	add_text(r, "field", op->field);
	return r;
}

/* Takes the object. */
static int write_json(cJSON *from, int status, struct buf *out)
{
	char *text = json_text(from);

	cJSON_Delete(from);
	buf_reset(out);
	if (text)
		buf_adds(out, text);
	free(text);
	if (text && !out->failed)
		return status;
	buf_reset(out);
	buf_adds(out, "{\"code\":\"memory\"}");
	return 500;
}

int office_refusal(int status, const char *code, const char *reason, struct buf *out)
{
	cJSON *r = cJSON_CreateObject();

	cJSON_AddStringToObject(r, "code", code);
	cJSON_AddStringToObject(r, "reason", reason);
	return write_json(r, status, out);
}

int office_failed(const struct err *e, struct buf *out)
{
	log_err("platform", e);
	return office_refusal(e->code == ERR_BUSY || e->code == ERR_DISK_FULL ? 503 : 500, "internal",
			      "平台内部错误", out);
}

/* --- requests --- */

static const char *form_fault(const struct pbox *box, const cJSON *request, const char **field)
{
	const cJSON *list = json_get(request, "operations"), *op;
	const char *uid = text_in(request, "box");

	*field = "box";
	if (!uid_valid(uid))
		return "缺少本机编号";
	if (*box->uid && strcmp(box->uid, uid))
		return "令牌属于另一台主机";
	*field = "epoch";
	if (json_int(request, "epoch", -1) < 0)
		return "缺少纪元";
	*field = "lost";
	if (!lost_valid(json_get(request, "lost")))
		return "接管前的序号范围有误";
	*field = "operations";
	if (!cJSON_IsArray(list) || !cJSON_GetArraySize(list) || cJSON_GetArraySize(list) > OFFICE_BATCH_MAX)
		return "业务条数应为 1 至 3000";
	cJSON_ArrayForEach(op, list)
	{
		if (!uid_valid(text_in(op, "op")) || !*text_in(op, "kind") ||
		    strlen(text_in(op, "kind")) > 31 || json_int(op, "sequence", -1) < 0 ||
		    !cJSON_IsObject(json_get(op, "body")))
			return "业务缺少编号、种类、序号或内容";
	}
	return NULL;
}

static int take_all(struct office *o, struct pbox *box, const cJSON *request, cJSON *results, struct err *e)
{
	struct pbox seen = *box;
	struct poperation done;
	struct deed d = {.o = o, .box = box, .lost = json_get(request, "lost"), .op = &done};
	const cJSON *op;

	text_copy(seen.uid, sizeof(seen.uid), text_in(request, "box"));
	seen.epoch = json_int(request, "epoch", 0);
	seen.sequence = 0;
	cJSON_ArrayForEach(op, json_get(request, "operations"))
	{
		if (take_operation(&d, op, e))
			return -1;
		if (json_int(op, "sequence", 0) > seen.sequence)
			seen.sequence = json_int(op, "sequence", 0);
		cJSON_AddItemToArray(results, result_of(&done));
	}
	if (pstore_box_seen(o->store, &seen, e))
		return -1;
	text_copy(box->uid, sizeof(box->uid), seen.uid);
	return 0;
}

/* Which contents it took of it, and under which number: a copy of the box's file may have sent others than the one that asks has (R11). */
static cJSON *known_result(const struct poperation *op)
{
	cJSON *r = result_of(op);
	char hex[PSTORE_HASH * 2 + 1];

	sodium_bin2hex(hex, sizeof(hex), op->hash, PSTORE_HASH);
	if (!strcmp(op->status, "accepted"))
		cJSON_AddStringToObject(r, "content", hex);
	cJSON_AddNumberToObject(r, "sequence", (double)op->sequence);
	return r;
}

static cJSON *looked_up(struct office *o, const struct pbox *box, const char *op, bool *found, struct err *e)
{
	struct poperation before;
	cJSON *r;

	if (pstore_operation_get(o->store, box->id, op, &before, found, e))
		return NULL;
	if (*found)
		return known_result(&before);
	r = cJSON_CreateObject();
	cJSON_AddStringToObject(r, "op", op);
	cJSON_AddStringToObject(r, "status", "absent");
	return r;
}

int office_lookup_one(struct office *o, const struct pbox *box, const char *op, struct buf *out)
{
	struct err e = {0};
	bool found = false;
	cJSON *r = uid_valid(op) ? looked_up(o, box, op, &found, &e) : NULL;

	if (!r && e.code)
		return office_failed(&e, out);
	if (found)
		return write_json(r, 200, out);
	cJSON_Delete(r);
	return office_refusal(404, "absent", "平台没有收到过这条业务", out);
}

int office_lookup(struct office *o, const struct pbox *box, const cJSON *request, struct buf *out)
{
	const cJSON *list = json_get(request, "ops"), *op;
	cJSON *answer, *results;
	struct err e = {0};
	bool found;

	if (!cJSON_IsArray(list) || !cJSON_GetArraySize(list) || cJSON_GetArraySize(list) > OFFICE_BATCH_MAX)
		return office_refusal(422, "ops", "查询条数应为 1 至 3000", out);
	answer = cJSON_CreateObject();
	results = cJSON_AddArrayToObject(answer, "results");
	cJSON_ArrayForEach(op, list)
	{
		cJSON *r = cJSON_IsString(op) && uid_valid(op->valuestring)
				   ? looked_up(o, box, op->valuestring, &found, &e)
				   : NULL;

		if (!r) {
			cJSON_Delete(answer);
			return e.code ? office_failed(&e, out)
				      : office_refusal(422, "ops", "业务编号格式不正确", out);
		}
		cJSON_AddItemToArray(results, r);
	}
	return write_json(answer, 200, out);
}

/* What an offer says stands in the project's record. */
static int add_project(struct office *o, const struct pchange *c, cJSON *to, struct err *e)
{
	struct precord r = {0};
	cJSON *body = NULL;
	bool found;
	int last;

	if (strcmp(c->kind, OFFER))
		return 0;
	last = pstore_record_get(o->store, c->subject, &r, &found, e);
	if (!last && found && r.body)
		last = json_parse(&body, r.body, strlen(r.body), OFFER_MOST, e);
	if (!last && body)
		cJSON_AddItemToObject(to, "project", body);
	precord_release(&r);
	return last;
}

static int add_fields(struct office *o, const struct pchange *c, cJSON *to, struct err *e)
{
	int64_t base = 0;
	char *fields;

	if (pstore_change_fields(o->store, c->uid, &base, &fields, e))
		return -1;
	if (!fields)
		return 0;
	cJSON_AddNumberToObject(to, "base", (double)base);
	cJSON_AddItemToObject(to, "fields", cJSON_CreateRaw(fields));
	wipe(fields, strlen(fields));
	free(fields);
	return 0;
}

static cJSON *change_of(const struct pchange *c)
{
	cJSON *r = cJSON_CreateObject();

	cJSON_AddStringToObject(r, "uid", c->uid);
	cJSON_AddStringToObject(r, "kind", c->kind);
	cJSON_AddStringToObject(r, "subject", c->subject);
	cJSON_AddNumberToObject(r, "at", (double)c->at_ms);
	if (*c->on)
		cJSON_AddStringToObject(r, "on", c->on);
	else
		cJSON_AddNullToObject(r, "on");
	cJSON_AddStringToObject(r, "by", c->by);
	cJSON_AddStringToObject(r, "note", c->note);
	return r;
}

static bool is_cursor(const char *cursor)
{
	return !*cursor || (text_is_digits(cursor) && strlen(cursor) <= 15);
}

static int add_change(struct office *o, const struct pchange *row, cJSON *list, struct err *e)
{
	cJSON *one = change_of(row);

	cJSON_AddItemToArray(list, one);
	return add_project(o, row, one, e) || add_fields(o, row, one, e) || share_add_work(o, row, one, e) ? -1 : 0;
}

/* The page after the cursor: changes, cursor and more, into the answer. */
static int add_page(struct office *o, const struct pbox *box, const char *cursor, cJSON *answer, struct err *e)
{
	struct pchange *rows = calloc(OFFICE_PAGE + 1, sizeof(*rows));
	int64_t after = strtoll(cursor, NULL, 10);
	cJSON *list = cJSON_AddArrayToObject(answer, "changes");
	char next[24];
	size_t n = 0;
	int last = rows ? pstore_changes(o->store, box->id, after, rows, OFFICE_PAGE + 1, &n, e) : err_set(e, ERR_MEMORY, "changes");

	for (size_t i = 0; !last && i < n && i < OFFICE_PAGE; i++) {
		last = add_change(o, &rows[i], list, e);
		after = rows[i].seq;
	}
	text_format(next, sizeof(next), "%lld", (long long)after);
	cJSON_AddStringToObject(answer, "cursor", next);
	cJSON_AddBoolToObject(answer, "more", n > OFFICE_PAGE);
	free(rows);
	return last;
}

int office_changes(struct office *o, const struct pbox *box, const char *cursor, struct buf *out)
{
	cJSON *answer;
	struct err e = {0};

	if (!is_cursor(cursor))
		return office_refusal(422, "cursor", "游标不是本平台给出的", out);
	answer = cJSON_CreateObject();
	if (!add_page(o, box, cursor, answer, &e))
		return write_json(answer, 200, out);
	cJSON_Delete(answer);
	return office_failed(&e, out);
}

/* The batch is kept by now: a page that cannot be made is left out, and the box asks for it by itself. */
static void add_page_asked(struct office *o, const struct pbox *box, const cJSON *request, cJSON *answer)
{
	const char *cursor = json_string(request, "cursor");
	cJSON *page = cJSON_CreateObject(), *one;
	struct err e = {0};

	if (cursor && is_cursor(cursor) && !add_page(o, box, cursor, page, &e)) {
		while ((one = page->child)) {
			cJSON_DetachItemViaPointer(page, one);
			cJSON_AddItemToObject(answer, one->string, one);
		}
	}
	if (e.code)
		log_err("platform", &e);
	cJSON_Delete(page);
}

int office_operations(struct office *o, struct pbox *box, const cJSON *request, struct buf *out)
{
	const char *field, *fault = form_fault(box, request, &field);
	cJSON *answer, *results;
	struct err e = {0};

	if (fault)
		return office_refusal(
			!strcmp(field, "box") && *box->uid && uid_valid(text_in(request, "box")) ? 403 : 422,
			field, fault, out);
	if (pstore_begin(o->store, &e))
		return office_failed(&e, out);
	answer = cJSON_CreateObject();
	results = cJSON_AddArrayToObject(answer, "results");
	if (take_all(o, box, request, results, &e)) {
		pstore_end(o->store, false, NULL);
		cJSON_Delete(answer);
		return office_failed(&e, out);
	}
	if (pstore_end(o->store, true, &e)) {
		cJSON_Delete(answer);
		return office_failed(&e, out);
	}
	add_page_asked(o, box, request, answer);
	return write_json(answer, 200, out);
}

int office_box(const struct pbox *box, struct buf *out)
{
	cJSON *answer = cJSON_CreateObject();

	if (*box->uid)
		cJSON_AddStringToObject(answer, "box", box->uid);
	else
		cJSON_AddNullToObject(answer, "box");
	cJSON_AddNumberToObject(answer, "epoch", (double)box->epoch);
	cJSON_AddNumberToObject(answer, "sequence", (double)box->sequence);
	return write_json(answer, 200, out);
}

/* --- decisions --- */

static int tell_box(struct office *o, const struct precord *r, enum event event, const char *on,
		    const char *by, const char *note, struct err *e)
{
	struct pchange c = {.box = r->box, .at_ms = clock_now_ms()};

	uid_new(c.uid);
	text_format(c.kind, sizeof(c.kind), "%s.%s", cycle_name(event_cycle(event)), event_name(event));
	text_copy(c.subject, sizeof(c.subject), r->uid);
	text_copy(c.on, sizeof(c.on), on);
	text_copy(c.by, sizeof(c.by), by);
	text_copy(c.note, sizeof(c.note), note);
	return pstore_change_add(o->store, &c, e);
}

static int offer(struct office *o, int64_t box, const cJSON *body, char uid[UID_TEXT], struct err *e)
{
	struct precord r = {.box = box, .changed_ms = clock_now_ms(), .body = json_text(body)};
	struct pchange c = {.box = box, .at_ms = clock_now_ms(), .kind = OFFER};
	int last;

	uid_new(c.uid);
	uid_new(r.uid);
	text_copy(r.entity, sizeof(r.entity), "project");
	text_copy(r.state, sizeof(r.state), "offered");
	text_copy(c.subject, sizeof(c.subject), r.uid);
	text_copy(c.by, sizeof(c.by), "平台");
	text_copy(uid, UID_TEXT, r.uid);
	last = !r.body ? err_set(e, ERR_MEMORY, "offer")
		       : pstore_record_put(o->store, &r, e) || pstore_change_add(o->store, &c, e) ? -1 : 0;
	precord_release(&r);
	return last;
}

int office_offer(struct office *o, const char *known, const cJSON *body, char uid[UID_TEXT], struct err *e)
{
	struct precord r = {0};
	bool found;
	int last = pstore_record_get(o->store, known, &r, &found, e);

	if (!last && !found)
		last = err_set(e, ERR_NO_SUCH, "%s", known);
	if (!last && !(last = pstore_begin(o->store, e))) {
		last = offer(o, r.box, body, uid, e);
		last = pstore_end(o->store, !last, last ? NULL : e) || last ? -1 : 0;
	}
	precord_release(&r);
	return last;
}

static int decide(struct office *o, const char *subject, enum event event, const char *on, const char *by,
		  const char *note, struct err *e)
{
	enum cycle cycle = event_cycle(event);
	const struct transition *row;
	struct precord r = {0};
	bool found;
	int last = pstore_record_get(o->store, subject, &r, &found, e);

	if (last)
		return last;
	if (!found) {
		last = err_set(e, ERR_NO_SUCH, "%s", subject);
		goto out;
	}
	row = !strcmp(r.entity, cycle == CYCLE_TEAM_SITE ? "team" : cycle_name(cycle))
		      ? lifecycle_find(cycle, state_of(&r, cycle), event)
		      : NULL;
	if (!row) {
		last = err_set(e, ERR_FORBIDDEN, "%s is %s: no %s from there", r.entity, r.state,
			       event_name(event));
		goto out;
	}
	set_state(o, &r, cycle, row->to);
	take_day(&r, on);
	r.changed_ms = clock_now_ms();
	last = put_record(o, &r, e) || tell_box(o, &r, event, on, by, note, e) ||
			       end_assignments(o, &r, on, e)
		       ? -1
		       : 0;
out:
	precord_release(&r);
	return last;
}

int office_decide(struct office *o, const char *subject, enum event event, const char *on, const char *by,
		  const char *note, struct err *e)
{
	char today[DATE_TEXT];
	int last;

	date_format(date_today(), today);
	if (pstore_begin(o->store, e))
		return -1;
	last = decide(o, subject, event, on && *on ? on : today, by, note ? note : "", e);
	return pstore_end(o->store, !last, last ? NULL : e) || last ? -1 : 0;
}

/* --- fields changed there --- */

/* As the wire says it: numbers as decimal text. */
static void value_text(const cJSON *v, char *out, size_t size)
{
	if (cJSON_IsNumber(v))
		text_format(out, size, "%lld", (long long)v->valuedouble);
	else
		text_copy(out, size, cJSON_IsString(v) ? v->valuestring : "");
}

/* A number stays a number; what was empty becomes whichever of the two the body's table takes. */
static bool put_value(cJSON *body, const char *entity, const char *field, const char *to)
{
	struct body_fault fault;

	cJSON_DeleteItemFromObjectCaseSensitive(body, field);
	if (*to)
		cJSON_AddStringToObject(body, field, to);
	if (body_check(entity, body, &fault))
		return true;
	if (!text_is_digits(to) || strcmp(fault.field, field) || strcmp(fault.code, "type"))
		return false;
	cJSON_DeleteItemFromObjectCaseSensitive(body, field);
	cJSON_AddNumberToObject(body, field, (double)strtoll(to, NULL, 10));
	return body_check(entity, body, &fault);
}

static int tell_field(struct office *o, const struct precord *r, const char *fields, const char *by, struct err *e)
{
	struct pchange c = {.box = r->box, .at_ms = clock_now_ms()};

	uid_new(c.uid);
	text_format(c.kind, sizeof(c.kind), "%s.changed", r->entity);
	text_copy(c.subject, sizeof(c.subject), r->uid);
	text_copy(c.by, sizeof(c.by), by);
	return pstore_change_add(o->store, &c, e) || pstore_change_fields_add(o->store, &c, fields, e) ? -1 : 0;
}

static char *fields_text(const char *field, const char *from, const char *to)
{
	cJSON *list = cJSON_CreateArray(), *one = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(one, "name", field);
	cJSON_AddStringToObject(one, "from", from);
	cJSON_AddStringToObject(one, "to", to);
	cJSON_AddItemToArray(list, one);
	text = json_text(list);
	cJSON_Delete(list);
	return text;
}

static int put_field(struct office *o, struct precord *r, cJSON *body, const char *field, const char *to,
		     const char *by, struct err *e)
{
	char from[401], *fields, *text;
	int last = -1;

	value_text(json_get(body, field), from, sizeof(from));
	if (!put_value(body, r->entity, field, to))
		return err_set(e, ERR_USAGE, "%s: no value for it", field);
	fields = fields_text(field, from, to);
	text = json_text(body);
	if (!fields || !text) {
		err_set(e, ERR_MEMORY, "fields");
	} else {
		free(r->body);
		r->body = text;
		text = NULL;
		r->changed_ms = clock_now_ms();
		last = put_record(o, r, e) || tell_field(o, r, fields, by, e) ? -1 : 0;
	}
	free(fields);
	free(text);
	wipe(from, sizeof(from));
	return last;
}

/* What of the site's things and of assignments may be changed there: what is not fixed. */
static const struct {
	const char *entity, *field;
} site_fields[] = {
	{"company", "corpName"},	{"company", "corpShortName"},	   {"company", "areaCode"},
	{"company", "registerDate"},	{"participant", "pmName"},	   {"participant", "pmPhone"},
	{"participant", "pmIdCardType"}, {"participant", "pmIdCardNumber"}, {"team", "teamName"},
	{"team", "teamKind"},		{"assignment", "team"},		   {"assignment", "isTeamLeader"},
};

static bool field_of(const char *entity, const char *field)
{
	if (!strcmp(entity, "person"))
		return field_by_wire("person.add", field);
	if (!strcmp(entity, "employment"))
		return field_by_wire("employment.offer", field);
	for (size_t i = 0; i < ARRAY_LEN(site_fields); i++)
		if (!strcmp(site_fields[i].entity, entity) && !strcmp(site_fields[i].field, field))
			return true;
	return false;
}

static int change_field(struct office *o, const char *subject, const char *field, const char *to, const char *by,
			struct err *e)
{
	struct precord r = {0};
	cJSON *body = NULL;
	bool found;
	int last = pstore_record_get(o->store, subject, &r, &found, e);

	if (!last && !found)
		last = err_set(e, ERR_NO_SUCH, "%s", subject);
	if (!last && (!field_of(r.entity, field) || text_chars(to) > 200))
		last = err_set(e, ERR_USAGE, "%s is no field of a %s", field, r.entity);
	if (!last)
		last = json_parse(&body, r.body, strlen(r.body), 1u << 20, e);
	if (!last)
		last = put_field(o, &r, body, field, to, by, e);
	cJSON_Delete(body);
	precord_release(&r);
	return last;
}

int office_change_field(struct office *o, const char *subject, const char *field, const char *to, const char *by,
			struct err *e)
{
	int last;

	if (pstore_begin(o->store, e))
		return -1;
	last = change_field(o, subject, field, to, by, e);
	return pstore_end(o->store, !last, last ? NULL : e) || last ? -1 : 0;
}

static const struct {
	const char *entity, *state;
	bool by_relation, by_person;
	enum event event;
} dues[] = {
	{"employment", "offered", false, true, EVENT_CONSENT},
	{"employment", "processing", false, true, EVENT_DONE},
	{"employment", "dismissing", false, true, EVENT_CONSENT_DISMISSAL},
	{"assignment", "accepted", false, false, EVENT_CONFIRM},
	{"team", "requested", true, false, EVENT_ASSOCIATION_CONFIRMED},
};

int office_decide_due(struct office *o, bool by_person, int64_t before_ms, size_t *n, struct err *e)
{
	char(*uids)[UID_TEXT] = calloc(DUE_AT_ONCE, UID_TEXT);
	int last = uids ? 0 : err_set(e, ERR_MEMORY, "due");

	*n = 0;
	for (size_t i = 0; !last && i < ARRAY_LEN(dues); i++) {
		size_t found = 0;

		if (dues[i].by_person != by_person)
			continue;
		last = pstore_due(o->store, dues[i].entity, dues[i].state, dues[i].by_relation, before_ms,
				  uids, DUE_AT_ONCE, &found, e);
		for (size_t k = 0; !last && k < found; k++, ++*n)
			last = office_decide(o, uids[k], dues[i].event, NULL, by_person ? "本人" : "平台",
					     NULL, e);
	}
	free(uids);
	return last;
}
