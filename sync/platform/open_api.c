/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/open_api.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "open_api/method.h"

#define BODY_MAX (16u << 20)
#define FIRST_TEAM 1500000001
#define LISTED 64

/* One call, or one accepted call that is judged now. */
struct visit {
	struct open_api_door *d;
	const struct open_api_app *app;
	struct pbox box;
	const char *method;
	cJSON *data;	 /* sealed fields opened */
	cJSON *answer;	 /* data of the answer, or the result */
	char words[512]; /* why not; "" accepted */
};

static const char *text_in(const cJSON *o, const char *key)
{
	const char *s = json_string(o, key);

	return s ? s : "";
}

/* Text, or a whole number as its digits. */
static void value_in(const cJSON *o, const char *key, char *out, size_t size)
{
	const cJSON *v = json_get(o, key);

	out[0] = '\0';
	if (cJSON_IsString(v))
		text_copy(out, size, v->valuestring);
	else if (cJSON_IsNumber(v))
		text_format(out, size, "%lld", (long long)json_int(o, key, -1));
}

/* --- answers --- */

static int write_answer(int64_t code, const char *words, cJSON *data, struct buf *out)
{
	cJSON *made = cJSON_CreateObject();
	char *text;

	cJSON_AddNumberToObject(made, "code", (double)code);
	cJSON_AddStringToObject(made, "message", words);
	if (!data || !cJSON_AddItemToObject(made, "data", data))
		cJSON_AddNullToObject(made, "data");
	text = json_text(made);
	cJSON_Delete(made);
	buf_reset(out);
	if (text)
		buf_adds(out, text);
	free(text);
	return text && !out->failed ? 200 : 500;
}

static bool no(struct visit *v, const char *words)
{
	text_copy(v->words, sizeof(v->words), words);
	return false;
}

/* --- names --- */

/* The uid of what this wire knows by other names only: the same names, the same uid. */
static void uid_of(const struct visit *v, const char *entity, const char *a, const char *b, const char *c,
		   char out[UID_TEXT])
{
	unsigned char h[crypto_hash_sha256_BYTES];
	struct buf names;

	buf_init(&names, 8192);
	buf_addf(&names, "%lld\n%s\n%s\n%s\n%s", (long long)v->box.id, entity, a, b, c);
	crypto_hash_sha256(h, (const unsigned char *)(names.data ? names.data : ""), names.len);
	buf_wipe_release(&names);
	h[6] = (unsigned char)((h[6] & 0x0F) | 0x80); /* RFC 9562 version 8: made by us */
	h[8] = (unsigned char)((h[8] & 0x3F) | 0x80);
	text_format(out, UID_TEXT, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		    h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13],
		    h[14], h[15]);
}

static void participant_uid(const struct visit *v, char out[UID_TEXT])
{
	uid_of(v, "participant", text_in(v->data, "projectCode"), text_in(v->data, "corpCode"), "", out);
}

static void person_uid(const struct visit *v, const cJSON *item, char out[UID_TEXT])
{
	uid_of(v, "person", text_in(item, "idCardType"), text_in(item, "idCardNumber"), "", out);
}

static void employment_uid(const struct visit *v, const char *corp, const char *person, char out[UID_TEXT])
{
	uid_of(v, "employment", text_in(v->data, "projectCode"), corp, person, out);
}

static int load(const struct visit *v, const char *uid, struct precord *out, bool *found, struct err *e)
{
	*out = (struct precord){0};
	return pstore_record_get(v->d->office.store, uid, out, found, e);
}

/* --- deeds through the office --- */

/* A copy of the named fields of `from`, with its uid. */
static cJSON *pick(const char *uid, const cJSON *from, const char *const *names)
{
	cJSON *made = cJSON_CreateObject();

	cJSON_AddStringToObject(made, "uid", uid);
	for (; *names; names++) {
		const cJSON *value = json_get(from, *names);

		if (value && !(cJSON_IsString(value) && !*value->valuestring))
			cJSON_AddItemToObject(made, *names, cJSON_Duplicate(value, false));
	}
	return made;
}

/* Takes the body. False: refused, or the store failed (*e). */
static bool deed(struct visit *v, const char *kind, cJSON *body, struct err *e)
{
	struct poperation op;
	int last = office_apply(&v->d->office, &v->box, kind, body, &op, e);

	cJSON_Delete(body);
	if (last > 0)
		text_format(v->words, sizeof(v->words), "%s%s%s", op.field, *op.field ? " " : "", op.reason);
	return !last;
}

static bool step(struct visit *v, const char *kind, const char *uid, const char *day, struct err *e)
{
	cJSON *body = cJSON_CreateObject();

	cJSON_AddStringToObject(body, "uid", uid);
	cJSON_AddStringToObject(body, "date", day);
	return deed(v, kind, body, e);
}

/* --- methods --- */

static bool corp_upload(struct visit *v, struct err *e)
{
	static const char *const names[] = {"corpCode", "corpName", "areaCode", "registerDate", NULL};
	char uid[UID_TEXT];

	uid_of(v, "company", text_in(v->data, "corpCode"), "", "", uid);
	return deed(v, "company.add", pick(uid, v->data, names),
		    e); /* uploading again replaces: it is an upload, not an Add */
}

static bool sub_add(struct visit *v, struct err *e)
{
	static const char *const names[] = {"projectCode", "corpCode", "corpName", "corpType",
					    "pmName",	   "pmPhone",  NULL};
	struct precord r;
	char uid[UID_TEXT];
	bool found;

	participant_uid(v, uid);
	if (load(v, uid, &r, &found, e))
		return false;
	precord_release(&r);
	return found ? no(v, "该分包企业已存在") : deed(v, "participant.add", pick(uid, v->data, names), e);
}

static bool sub_update(struct visit *v, struct err *e)
{
	static const struct {
		const char *field, *kind;
	} steps[] = {{"entryTime", "participant.enter"}, {"exitTime", "participant.exit"}};
	char uid[UID_TEXT], day[DATE_TEXT];

	participant_uid(v, uid);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		const char *time = text_in(v->data, steps[i].field);

		if (!*time)
			continue;
		text_copy(day, sizeof(day), time); /* its first ten characters */
		if (!step(v, steps[i].kind, uid, day, e))
			return false;
	}
	return true;
}

static void team_result(struct visit *v, const cJSON *team)
{
	v->answer = cJSON_CreateObject();
	cJSON_AddNumberToObject(v->answer, "teamSysNo", (double)json_int(team, "teamSysNo", 0));
}

static bool team_there(struct visit *v, const struct precord *r)
{
	cJSON *body = NULL;
	struct err e = {0};

	if (json_parse(&body, r->body, strlen(r->body), BODY_MAX, &e))
		return no(v, "班组已存在");
	text_format(v->words, sizeof(v->words), "班组已存在，已存在的班组编号：%lld",
		    (long long)json_int(body, "teamSysNo", 0));
	cJSON_Delete(body);
	return false;
}

static bool team_add(struct visit *v, struct err *e)
{
	static const char *const names[] = {"projectCode", "corpCode", "teamName", NULL};
	char uid[UID_TEXT], owner[UID_TEXT];
	struct precord r;
	int64_t teams;
	cJSON *body;
	bool found;

	uid_of(v, "team", text_in(v->data, "projectCode"), text_in(v->data, "teamName"), "", uid);
	if (load(v, uid, &r, &found, e))
		return false;
	if (found)
		team_there(v, &r);
	precord_release(&r);
	if (found || pstore_count(v->d->office.store, "team", &teams, e))
		return false;
	participant_uid(v, owner);
	body = pick(uid, v->data, names);
	cJSON_AddStringToObject(body, "participant", owner);
	cJSON_AddNumberToObject(body, "teamSysNo", (double)(FIRST_TEAM + teams));
	team_result(v, body);
	return deed(v, "team.add", body, e);
}

/* The team of the call by its number. */
static bool find_team(struct visit *v, char uid[UID_TEXT], struct err *e)
{
	int64_t number = json_int(v->data, "teamSysNo", -1);

	if (number < 0 || pstore_find_number(v->d->office.store, "team", "$.teamSysNo", number, uid, e))
		return no(v, "班组编号无效，班组尚未上传");
	return *uid ? true : no(v, "班组编号无效，班组尚未上传");
}

/* --- workers --- */

/* The assignment to this team that is not over; "" none. *turns: how many there have been. */
static int live_assignment(const struct visit *v, const char *employment, const char *team,
			   char uid[UID_TEXT], size_t *turns, struct err *e)
{
	char uids[LISTED][UID_TEXT];
	size_t n = 0;

	uid[0] = '\0';
	*turns = 0;
	if (pstore_children(v->d->office.store, employment, "assignment", uids, LISTED, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct precord r;
		cJSON *body = NULL;
		bool found;

		if (load(v, uids[i], &r, &found, e))
			return -1;
		if (found && !json_parse(&body, r.body, strlen(r.body), BODY_MAX, e) &&
		    !strcmp(text_in(body, "team"), team)) {
			++*turns;
			if (strcmp(r.state, "exited") && strcmp(r.state, "withdrawn"))
				text_copy(uid, UID_TEXT, uids[i]);
		}
		cJSON_Delete(body);
		precord_release(&r);
	}
	return 0;
}

static bool new_assignment(struct visit *v, const cJSON *item, const char *person, const char *employment,
			   const char *team, size_t turn, char uid[UID_TEXT], struct err *e)
{
	static const char *const names[] = {"workType", "isTeamLeader", NULL};
	char nth[24];
	cJSON *body;

	text_format(nth, sizeof(nth), "%zu", turn);
	uid_of(v, "assignment", employment, team, nth, uid);
	body = pick(uid, item, names);
	cJSON_AddStringToObject(body, "employment", employment);
	cJSON_AddStringToObject(body, "person", person);
	cJSON_AddStringToObject(body, "team", team);
	return deed(v, "assignment.submit", body, e);
}

static const char *const person_names[] = {"workerName",
					   "idCardType",
					   "idCardNumber",
					   "nation",
					   "address",
					   "grantOrg",
					   "startDate",
					   "expiryDate",
					   "cellPhone",
					   "cultureLevelType",
					   "politicsType",
					   "urgentLinkMan",
					   "urgentLinkManPhone",
					   "joinedTime",
					   "hasBadMedicalHistory",
					   NULL};

static bool put_employment(struct visit *v, const char *kind, const cJSON *item, const char *person, const char *employment,
			   struct err *e)
{
	static const char *const names[] = {"payRollBankCardNumber", "payRollTopBankCode", "hasBuyInsurance",
					    "workType", NULL};
	char owner[UID_TEXT], role[16];
	cJSON *body = pick(employment, item, names);

	participant_uid(v, owner);
	value_in(item, "workRole", role, sizeof(role));
	cJSON_AddStringToObject(body, "person", person);
	cJSON_AddStringToObject(body, "participant", owner);
	cJSON_AddStringToObject(body, "corpCode", text_in(v->data, "corpCode"));
	cJSON_AddStringToObject(body, "workRole", role);
	return deed(v, kind, body, e);
}

static bool add_worker(struct visit *v, const cJSON *item, const char *team, struct err *e)
{
	char person[UID_TEXT], employment[UID_TEXT], assignment[UID_TEXT];
	size_t turns;

	person_uid(v, item, person);
	employment_uid(v, text_in(v->data, "corpCode"), person, employment);
	if (live_assignment(v, employment, team, assignment, &turns, e))
		return false;
	if (*assignment) {
		text_format(v->words, sizeof(v->words), "身份证号为%s的人员已在项目中",
			    text_in(item, "idCardNumber"));
		return false;
	}
	return deed(v, "person.add", pick(person, item, person_names), e) &&
	       put_employment(v, "employment.offer", item, person, employment, e) &&
	       new_assignment(v, item, person, employment, team, turns, assignment, e);
}

static bool each_item(struct visit *v, const char *list, size_t most,
		      bool (*one)(struct visit *, const cJSON *, const char *, struct err *),
		      const char *team, struct err *e)
{
	const cJSON *items = json_get(v->data, list), *item;

	if (!cJSON_IsArray(items) || !cJSON_GetArraySize(items) || (size_t)cJSON_GetArraySize(items) > most)
		return no(v, "列表条数不符合要求");
	cJSON_ArrayForEach(item, items)
	{
		if (!one(v, item, team, e))
			return false;
	}
	return true;
}

static bool worker_add(struct visit *v, struct err *e)
{
	char team[UID_TEXT];

	return find_team(v, team, e) && each_item(v, "workerList", 5, add_worker, team, e);
}

static bool worker_update(struct visit *v, struct err *e)
{
	char person[UID_TEXT], employment[UID_TEXT], team[UID_TEXT];
	struct precord r;
	bool found;

	person_uid(v, v->data, person);
	employment_uid(v, text_in(v->data, "corpCode"), person, employment);
	if (!find_team(v, team, e) || load(v, employment, &r, &found, e))
		return false;
	precord_release(&r);
	return found ? deed(v, "person.amend", pick(person, v->data, person_names), e) &&
			       put_employment(v, "employment.amend", v->data, person, employment, e)
		     : no(v, "该人员不在项目中");
}

/* --- entry and exit --- */

/* Has any assignment here this very day of entry (or exit)? */
static int had_day(const struct visit *v, const char *employment, const char *team, bool in, const char *day,
		   bool *had, struct err *e)
{
	char uids[LISTED][UID_TEXT];
	size_t n = 0;

	*had = false;
	if (pstore_children(v->d->office.store, employment, "assignment", uids, LISTED, &n, e))
		return -1;
	for (size_t i = 0; i < n && !*had; i++) {
		struct precord r;
		bool found;

		if (load(v, uids[i], &r, &found, e))
			return -1;
		*had = found && strstr(r.body, team) && !strcmp(in ? r.entered_on : r.exited_on, day);
		precord_release(&r);
	}
	return 0;
}

static bool pass_one(struct visit *v, const cJSON *item, const char *team, struct err *e)
{
	char person[UID_TEXT], employment[UID_TEXT], assignment[UID_TEXT];
	const char *day = text_in(item, "date");
	bool in = json_int(item, "type", -1) == 1, had;
	size_t turns;
	date_t on;

	if (!date_parse(day, &on) || on == DATE_LONG_TERM || on > date_today())
		return no(v, "进退场日期不能大于当前日期");
	person_uid(v, item, person);
	employment_uid(v, text_in(v->data, "corpCode"), person, employment);
	if (live_assignment(v, employment, team, assignment, &turns, e) ||
	    had_day(v, employment, team, in, day, &had, e))
		return false;
	if (!turns)
		return no(v, "该人员不在项目中");
	if (had)
		return no(v, in ? "该日期的进场记录已存在" : "该日期的退场记录已存在");
	if (!*assignment && in && !new_assignment(v, item, person, employment, team, turns, assignment, e))
		return false;
	return *assignment ? step(v, in ? "assignment.enter" : "assignment.exit", assignment, day, e)
			   : no(v, "该人员未进场，不能退场");
}

static bool entry_exit(struct visit *v, struct err *e)
{
	char team[UID_TEXT];

	return find_team(v, team, e) && each_item(v, "workerList", 50, pass_one, team, e);
}

/* --- attendance --- */

static void punch_uid(const struct visit *v, const cJSON *item, const char *team, char uid[UID_TEXT])
{
	char person[UID_TEXT];

	person_uid(v, item, person);
	uid_of(v, "attendance", person, team, text_in(item, "date"), uid);
}

/* What the clockings of a person, team and day hang on. */
static void punch_day(const struct visit *v, const cJSON *item, const char *team, char uid[UID_TEXT])
{
	char person[UID_TEXT], day[DATE_TEXT];

	person_uid(v, item, person);
	text_format(day, sizeof(day), "%.10s", text_in(item, "date"));
	uid_of(v, "attendance-day", person, team, day, uid);
}

/* The company is the team's: no clocking names it. */
static bool employed_in(struct visit *v, const cJSON *item, const char *team, bool *there, struct err *e)
{
	char person[UID_TEXT], employment[UID_TEXT], assignment[UID_TEXT];
	struct precord r;
	size_t turns = 0;
	bool found;

	*there = false;
	if (load(v, team, &r, &found, e))
		return false;
	person_uid(v, item, person);
	employment_uid(v, found ? r.corp : "", person, employment);
	precord_release(&r);
	if (live_assignment(v, employment, team, assignment, &turns, e))
		return false;
	*there = turns > 0;
	return true;
}

static bool punch_one(struct visit *v, const cJSON *item, const char *team, struct err *e)
{
	struct precord made = {.box = v->box.id, .applied = 1, .changed_ms = clock_now_ms()}, r;
	const char *direction = text_in(item, "direction");
	bool there, found;

	if (strlen(text_in(item, "date")) != 19 || (strcmp(direction, "01") && strcmp(direction, "02")))
		return no(v, "考勤时间或方向不正确");
	if (!employed_in(v, item, team, &there, e))
		return false;
	if (!there)
		return no(v, "该人员不在项目中");
	punch_uid(v, item, team, made.uid);
	if (load(v, made.uid, &r, &found, e))
		return false;
	precord_release(&r);
	if (found)
		return no(v, "该考勤记录已存在");
	text_copy(made.entity, sizeof(made.entity), "attendance");
	text_copy(made.state, sizeof(made.state), "known");
	punch_day(v, item, team, made.parent);
	made.body = json_text(item);
	found = made.body && !pstore_record_put(v->d->office.store, &made, e);
	precord_release(&made);
	return found;
}

static bool attendance_add(struct visit *v, struct err *e)
{
	char team[UID_TEXT];

	return find_team(v, team, e) && each_item(v, "dataList", 20, punch_one, team, e);
}

/* --- contracts --- */

static bool add_contract(struct visit *v, const cJSON *item, const char *team, struct err *e)
{
	char person[UID_TEXT], employment[UID_TEXT];
	struct precord r, made = {.box = v->box.id, .applied = 1, .changed_ms = clock_now_ms()};
	bool found;

	(void)team;
	person_uid(v, item, person);
	employment_uid(v, text_in(item, "corpCode"), person, employment);
	if (load(v, employment, &r, &found, e))
		return false;
	precord_release(&r);
	if (!found)
		return no(v, "该人员不在项目中");
	uid_of(v, "contract", employment, text_in(item, "startDate"), "", made.uid);
	if (load(v, made.uid, &r, &found, e))
		return false;
	precord_release(&r);
	if (found)
		return no(v, "该合同已存在");
	text_copy(made.entity, sizeof(made.entity), "contract");
	text_copy(made.state, sizeof(made.state), "in_force");
	text_copy(made.person, sizeof(made.person), person);
	text_copy(made.parent, sizeof(made.parent), employment);
	made.body = json_text(item);
	found = made.body && !pstore_record_put(v->d->office.store, &made, e);
	precord_release(&made);
	return found;
}

static bool contract_add(struct visit *v, struct err *e)
{
	return each_item(v, "contractList", 5, add_contract, "", e);
}

/* --- wages, training --- */

/* Kept as it came, under a parent that its query finds it by. False: there already (words), or the store failed (*e). */
static bool keep_new(struct visit *v, const char *entity, const char *uid, const char *parent, const char *person, const cJSON *body, const char *there,
		     struct err *e)
{
	struct precord r, made = {.box = v->box.id, .applied = 1, .changed_ms = clock_now_ms()};
	bool found;

	if (load(v, uid, &r, &found, e))
		return false;
	precord_release(&r);
	if (found)
		return no(v, there);
	text_copy(made.uid, sizeof(made.uid), uid);
	text_copy(made.entity, sizeof(made.entity), entity);
	text_copy(made.state, sizeof(made.state), "known");
	text_copy(made.parent, sizeof(made.parent), parent);
	text_copy(made.person, sizeof(made.person), person);
	made.body = json_text(body);
	found = made.body && !pstore_record_put(v->d->office.store, &made, e);
	precord_release(&made);
	return found;
}

static void pay_month(const struct visit *v, const char *person, const char *team, char uid[UID_TEXT])
{
	uid_of(v, "payroll-month", person, team, text_in(v->data, "payMonth"), uid);
}

static bool pay_one(struct visit *v, const cJSON *item, const char *team, struct err *e)
{
	char uid[UID_TEXT], parent[UID_TEXT], person[UID_TEXT];
	cJSON *body;
	date_t on;
	bool there, kept;

	if (!date_parse(text_in(item, "balanceDate"), &on) || on == DATE_LONG_TERM || on > date_today())
		return no(v, "结算日期不能大于当前日期");
	if (json_int(item, "isBackPay", 0) && !*text_in(item, "backPayMonth"))
		return no(v, "补发工资缺少补发月份");
	if (!employed_in(v, item, team, &there, e))
		return false;
	if (!there)
		return no(v, "该人员不在项目中，不能发放工资");
	person_uid(v, item, person);
	pay_month(v, person, team, parent);
	uid_of(v, "payroll", parent, text_in(item, "backPayMonth"), text_in(item, "thirdPayRollCode"), uid);
	body = cJSON_Duplicate(item, true);
	cJSON_AddStringToObject(body, "payMonth", text_in(v->data, "payMonth"));
	kept = body && keep_new(v, "payroll", uid, parent, person, body, "该工资记录已存在", e);
	cJSON_Delete(body);
	return kept;
}

static bool payroll_add(struct visit *v, struct err *e)
{
	char team[UID_TEXT];

	return find_team(v, team, e) && each_item(v, "detailList", 20, pay_one, team, e);
}

static bool is_known(struct visit *v, const cJSON *item, const char *unused, struct err *e)
{
	char person[UID_TEXT];
	struct precord r;
	bool found;

	(void)unused;
	person_uid(v, item, person);
	if (load(v, person, &r, &found, e))
		return false;
	precord_release(&r);
	return found ? true : no(v, "没有此证件号码的人员");
}

static void training_day(const struct visit *v, char uid[UID_TEXT])
{
	uid_of(v, "training-day", text_in(v->data, "projectCode"), text_in(v->data, "trainingDate"), "", uid);
}

static bool training_add(struct visit *v, struct err *e)
{
	char uid[UID_TEXT], parent[UID_TEXT];

	if (json_get(v->data, "workers") && !each_item(v, "workers", 1000, is_known, "", e))
		return false;
	training_day(v, parent);
	uid_of(v, "training", parent, text_in(v->data, "trainingName"), text_in(v->data, "description"), uid);
	return keep_new(v, "training", uid, parent, "", v->data, "该培训记录已存在", e);
}

/* --- queries --- */

static void add_row(struct visit *v, cJSON *row)
{
	cJSON_AddItemToArray(cJSON_GetObjectItem(v->answer, "rows"), row);
}

/* A record's body as a row, its sensitive fields sealed for the asker. */
static cJSON *row_of(const struct visit *v, const struct precord *r)
{
	cJSON *body = NULL, *field;
	struct err e = {0};
	struct buf box;

	if (json_parse(&body, r->body, strlen(r->body), BODY_MAX, &e))
		return cJSON_CreateObject();
	buf_init(&box, 8192);
	for (field = body->child; field; field = field->next) {
		buf_reset(&box);
		if (open_api_is_sealed(field->string) && cJSON_IsString(field) &&
		    !open_api_seal(v->app->secret, field->valuestring, &box, &e))
			cJSON_SetValuestring(field, box.data);
	}
	buf_release(&box);
	cJSON_DeleteItemFromObject(body, "uid");
	return body;
}

static bool query_one(struct visit *v, const char *uid, struct err *e)
{
	struct precord r;
	bool found;

	if (load(v, uid, &r, &found, e))
		return false;
	if (found)
		add_row(v, row_of(v, &r));
	precord_release(&r);
	return true;
}

static bool query_children(struct visit *v, const char *parent, const char *entity, struct err *e)
{
	char uids[LISTED][UID_TEXT];
	size_t n = 0;

	if (pstore_children(v->d->office.store, parent, entity, uids, LISTED, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!query_one(v, uids[i], e))
			return false;
	return true;
}

static bool corp_query(struct visit *v, struct err *e)
{
	char uid[UID_TEXT];

	uid_of(v, "company", text_in(v->data, "corpCode"), "", "", uid);
	return query_one(v, uid, e);
}

static bool sub_query(struct visit *v, struct err *e)
{
	char uid[UID_TEXT];

	participant_uid(v, uid);
	return query_one(v, uid, e);
}

static bool team_query(struct visit *v, struct err *e)
{
	char uid[UID_TEXT];

	uid_of(v, "team", text_in(v->data, "projectCode"), text_in(v->data, "teamName"), "", uid);
	return query_one(v, uid, e);
}

/* What a row about a worker says beside its own facts. */
static cJSON *worker_row(const struct visit *v)
{
	cJSON *row = cJSON_CreateObject();
	struct buf box;
	struct err e = {0};

	buf_init(&box, 8192);
	if (!open_api_seal(v->app->secret, text_in(v->data, "idCardNumber"), &box, &e))
		cJSON_AddStringToObject(row, "idCardNumber", box.data);
	buf_release(&box);
	cJSON_AddStringToObject(row, "corpCode", text_in(v->data, "corpCode"));
	cJSON_AddStringToObject(row, "idCardType", text_in(v->data, "idCardType"));
	if (json_get(v->data, "teamSysNo"))
		cJSON_AddNumberToObject(row, "teamSysNo", (double)json_int(v->data, "teamSysNo", 0));
	return row;
}

static bool query_people(struct visit *v, char employment[UID_TEXT], char team[UID_TEXT], struct err *e)
{
	char person[UID_TEXT];

	person_uid(v, v->data, person);
	employment_uid(v, text_in(v->data, "corpCode"), person, employment);
	if (find_team(v, team, e))
		return true;
	v->words[0] = '\0'; /* no such team: no rows */
	team[0] = '\0';
	return !e->code;
}

static bool worker_query(struct visit *v, struct err *e)
{
	char employment[UID_TEXT], team[UID_TEXT], assignment[UID_TEXT];
	size_t turns;

	if (!query_people(v, employment, team, e))
		return false;
	if (!*team)
		return true;
	if (live_assignment(v, employment, team, assignment, &turns, e))
		return false;
	if (*assignment)
		add_row(v, worker_row(v));
	return true;
}

static void add_pass(struct visit *v, const char *day, int type)
{
	cJSON *row;

	if (!*day)
		return;
	row = worker_row(v);
	cJSON_AddStringToObject(row, "date", day);
	cJSON_AddNumberToObject(row, "type", type);
	add_row(v, row);
}

static bool entry_exit_query(struct visit *v, struct err *e)
{
	char employment[UID_TEXT], team[UID_TEXT], uids[LISTED][UID_TEXT];
	size_t n = 0;

	if (!query_people(v, employment, team, e))
		return false;
	if (!*team)
		return true;
	if (pstore_children(v->d->office.store, employment, "assignment", uids, LISTED, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct precord r;
		bool found;

		if (load(v, uids[i], &r, &found, e))
			return false;
		if (found && strstr(r.body, team)) {
			add_pass(v, r.entered_on, 1);
			add_pass(v, r.exited_on, 0);
		}
		precord_release(&r);
	}
	return true;
}

static bool contract_query(struct visit *v, struct err *e)
{
	char employment[UID_TEXT], person[UID_TEXT];

	person_uid(v, v->data, person);
	employment_uid(v, text_in(v->data, "corpCode"), person, employment);
	return query_children(v, employment, "contract", e);
}

static bool attendance_query(struct visit *v, struct err *e)
{
	char team[UID_TEXT], day[UID_TEXT];

	if (!find_team(v, team, e)) {
		v->words[0] = '\0'; /* no such team: no rows */
		return !e->code;
	}
	punch_day(v, v->data, team, day);
	return query_children(v, day, "attendance", e);
}

static bool payroll_query(struct visit *v, struct err *e)
{
	char team[UID_TEXT], person[UID_TEXT], parent[UID_TEXT];

	if (!find_team(v, team, e)) {
		v->words[0] = '\0'; /* no such team: no rows */
		return !e->code;
	}
	person_uid(v, v->data, person);
	pay_month(v, person, team, parent);
	return query_children(v, parent, "payroll", e);
}

static bool training_query(struct visit *v, struct err *e)
{
	char parent[UID_TEXT];

	training_day(v, parent);
	return query_children(v, parent, "training", e);
}

static bool result_query(struct visit *v, struct err *e)
{
	struct pticket t;
	bool found;

	if (pstore_ticket_get(v->d->office.store, v->box.id, text_in(v->data, "requestSerialCode"), &t,
			      &found, e))
		return false;
	if (!found)
		return no(v, "请求流水号不存在");
	cJSON_AddStringToObject(v->answer, "requestSerialCode", t.serial);
	cJSON_AddNumberToObject(v->answer, "status", t.status);
	cJSON_AddStringToObject(v->answer, "result", t.result ? t.result : "");
	pticket_release(&t);
	return true;
}

/* --- the table --- */

static const char *const need_corp[] = {"corpCode", "corpName", "areaCode", "registerDate", NULL};
static const char *const need_sub[] = {"projectCode", "corpCode", "corpName", "corpType", NULL};
static const char *const need_team[] = {"projectCode", "corpCode", "corpName", "teamName", NULL};
static const char *const need_worker[] = {"projectCode", "corpCode", "corpName",
					  "teamSysNo",	 "teamName", NULL};
static const char *const need_each_worker[] = {"workerName", "idCardType", "idCardNumber", "workType",
					       "workRole",   "nation",	   "address",	   "cellPhone",
					       "grantOrg",   NULL};
static const char *const need_pass[] = {"projectCode", "corpCode", "corpName", "teamSysNo", NULL};
static const char *const need_each_pass[] = {"idCardType", "idCardNumber", "date", "type", NULL};
static const char *const need_punch[] = {"projectCode", "teamSysNo", NULL};
static const char *const need_each_punch[] = {"idCardType", "idCardNumber", "date", "direction", NULL};
static const char *const need_each_contract[] = {
	"corpCode", "corpName", "idCardType", "idCardNumber", "contractPeriodType", "startDate", NULL};
static const char *const need_pay[] = {"projectCode", "corpCode", "corpName", "teamSysNo", "payMonth", NULL};
static const char *const need_each_pay[] = {"idCardType",     "idCardNumber",	   "payRollBankCardNumber", "payRollBankCode", "payRollBankName",
					    "payBankCardNumber", "payBankCode",	   "payBankName",	    "totalPayAmount",  "actualAmount",
					    "isBackPay",      "balanceDate",	   "thirdPayRollCode",	    NULL};
static const char *const need_training[] = {"projectCode", "trainingDate", "trainingDuration", "trainingName", "trainingTypeCode", NULL};
static const char *const need_each_trained[] = {"idCardType", "idCardNumber", "isPass", NULL};
static const char *const need_day_of_training[] = {"projectCode", "trainingDate", NULL};
static const char *const need_project[] = {"projectCode", NULL};
static const char *const need_corp_code[] = {"corpCode", NULL};
static const char *const need_serial[] = {"requestSerialCode", NULL};

static const struct method {
	const char *name;
	const char *const *need;
	const char *list;
	const char *const *need_each;
	bool (*run)(struct visit *v, struct err *e);
	bool query; /* answered at once; the others get a serial number */
} methods[] = {
	{"Corp.Upload", need_corp, NULL, NULL, corp_upload, false},
	{"ProjectSubContractor.Add", need_sub, NULL, NULL, sub_add, false},
	{"ProjectSubContractor.Update", need_sub, NULL, NULL, sub_update, false},
	{"Team.Add", need_team, NULL, NULL, team_add, false},
	{"ProjectWorker.Add", need_worker, "workerList", need_each_worker, worker_add, false},
	{"ProjectWorker.Update", need_worker, NULL, NULL, worker_update, false},
	{"WorkerEntryExit.Add", need_pass, "workerList", need_each_pass, entry_exit, false},
	{"WorkerAttendance.Add", need_punch, "dataList", need_each_punch, attendance_add, false},
	{"WorkerContract.Add", need_project, "contractList", need_each_contract, contract_add, false},
	{"Payroll.Add", need_pay, "detailList", need_each_pay, payroll_add, false},
	{"ProjectTraining.Add", need_training, "workers", need_each_trained, training_add, false},
	{"Payroll.Query", need_project, NULL, NULL, payroll_query, true},
	{"ProjectTraining.Query", need_day_of_training, NULL, NULL, training_query, true},
	{"Corp.Query", need_corp_code, NULL, NULL, corp_query, true},
	{"ProjectSubContractor.Query", need_project, NULL, NULL, sub_query, true},
	{"Team.Query", need_project, NULL, NULL, team_query, true},
	{"ProjectWorker.Query", need_project, NULL, NULL, worker_query, true},
	{"WorkerEntryExit.Query", need_project, NULL, NULL, entry_exit_query, true},
	{"WorkerAttendance.Query", need_punch, NULL, NULL, attendance_query, true},
	{"WorkerContract.Query", need_project, NULL, NULL, contract_query, true},
	{OPEN_API_RESULT, need_serial, NULL, NULL, result_query, true},
};

static const struct method *method_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (!strcmp(methods[i].name, name))
			return &methods[i];
	}
	return NULL;
}

/* --- what a call must look like --- */

static bool is_there(const cJSON *object, const char *name)
{
	const cJSON *v = json_get(object, name);

	return cJSON_IsNumber(v) || (cJSON_IsString(v) && *v->valuestring);
}

static bool check_item(struct visit *v, const struct method *m, const cJSON *item, int at)
{
	for (const char *const *name = m->need_each; *name; name++) {
		if (is_there(item, *name))
			continue;
		text_format(v->words, sizeof(v->words), "[%s][%d][%s]不能为空!", m->list, at, *name);
		return false;
	}
	if (v->d->photo && m->need_each == need_each_worker && !is_there(item, "headImage")) {
		text_format(v->words, sizeof(v->words), "[%s][%d][headImage]不能为空!", m->list, at);
		return false;
	}
	return true;
}

static bool check_form(struct visit *v, const struct method *m)
{
	const cJSON *item;
	int at = 0;

	for (const char *const *name = m->need; *name; name++) {
		if (is_there(v->data, *name))
			continue;
		text_format(v->words, sizeof(v->words), "[%s]不能为空!", *name);
		return false;
	}
	if (!m->list)
		return true;
	if (!cJSON_IsArray(json_get(v->data, m->list)))
		return no(v, "缺少列表");
	cJSON_ArrayForEach(item, json_get(v->data, m->list))
	{
		if (!check_item(v, m, item, at++))
			return false;
	}
	return true;
}

/* Sealed fields, wherever they stand, become plain in the tree. */
static bool open_fields(struct visit *v, cJSON *at)
{
	struct buf plain;
	bool opened = true;

	buf_init(&plain, 8192);
	for (cJSON *field = at->child; field && opened; field = field->next) {
		if (cJSON_IsObject(field) || cJSON_IsArray(field)) {
			opened = open_fields(v, field);
			continue;
		}
		if (!cJSON_IsString(field) || !field->string || !open_api_is_sealed(field->string))
			continue;
		buf_reset(&plain);
		opened = !open_api_unseal(v->app->secret, field->valuestring, &plain, NULL) && plain.len;
		if (opened)
			cJSON_SetValuestring(field, plain.data);
		else
			text_format(v->words, sizeof(v->words), "[%s]解密失败", field->string);
	}
	buf_wipe_release(&plain);
	return opened;
}

/* --- judging what was accepted --- */

static cJSON *parse_data(const char *text)
{
	cJSON *data = NULL;
	struct err e = {0};

	if (json_parse(&data, text, strlen(text), BODY_MAX, &e))
		return NULL;
	if (cJSON_IsObject(data))
		return data;
	cJSON_Delete(data);
	return NULL;
}

/* In a savepoint: what is refused leaves nothing. */
static int judge_one(struct open_api_door *d, struct pticket *t, struct err *e)
{
	struct visit v = {.d = d, .box = {.id = t->box}, .method = t->method, .data = parse_data(t->data)};
	const struct method *m = method_of(t->method);
	struct err why = {0};
	bool done = false;

	if (pstore_mark(d->office.store, e))
		return -1;
	if (m && v.data)
		done = m->run(&v, &why);
	if (why.code || pstore_unmark(d->office.store, done, &why)) {
		*e = why;
		cJSON_Delete(v.data);
		cJSON_Delete(v.answer);
		return -1;
	}
	t->status = done ? 20 : 10;
	free(t->result);
	t->result = done && v.answer ? json_text(v.answer) : strdup(v.words);
	cJSON_Delete(v.data);
	cJSON_Delete(v.answer);
	return t->result ? pstore_ticket_put(d->office.store, t, e) : err_set(e, ERR_MEMORY, "result");
}

int open_api_door_judge(struct open_api_door *d, bool all, size_t *n, struct err *e)
{
	int64_t until = all ? INT64_MAX : clock_now_ms();
	struct pticket t;
	bool found;
	int last = 0;

	*n = 0;
	if (pstore_begin(d->office.store, e))
		return -1;
	while (!(last = pstore_ticket_due(d->office.store, until, &t, &found, e)) && found) {
		last = judge_one(d, &t, e);
		pticket_release(&t);
		if (last)
			break;
		++*n;
	}
	return pstore_end(d->office.store, !last, last ? NULL : e) || last ? -1 : 0;
}

/* --- the front --- */

static void serial_of(const struct visit *v, int64_t count, char *out, size_t size)
{
	char hour[OPEN_API_TIME];
	size_t n;

	open_api_time_format(OPEN_API_TIME_COMPACT, clock_now_ms(), hour);
	hour[10] = '\0';
	text_copy(out, size, v->method);
	for (n = 0; out[n]; n++)
		out[n] = out[n] == '.'			  ? '-'
			 : out[n] >= 'A' && out[n] <= 'Z' ? (char)(out[n] - 'A' + 'a')
							  : out[n];
	text_format(out + n, size - n, "-%s-1-%04lld", hour, (long long)count);
}

/* Taken for later: a serial number, nothing else yet. */
static int accept_call(struct visit *v, struct buf *out, struct err *e)
{
	struct pticket t = {.box = v->box.id, .due_ms = clock_now_ms() + v->d->delay_ms};
	cJSON *data;
	int64_t count;

	if (pstore_ticket_count(v->d->office.store, &count, e))
		return -1;
	serial_of(v, count + 1, t.serial, sizeof(t.serial));
	text_copy(t.method, sizeof(t.method), v->method);
	t.data = json_text(v->data);
	if (!t.data || pstore_ticket_put(v->d->office.store, &t, e)) {
		pticket_release(&t);
		return -1;
	}
	data = cJSON_CreateObject();
	cJSON_AddStringToObject(data, "requestSerialCode", t.serial);
	pticket_release(&t);
	return write_answer(0, "", data, out);
}

static int answer_query(struct visit *v, const struct method *m, struct buf *out, struct err *e)
{
	cJSON *rows;

	v->answer = cJSON_CreateObject();
	if (strcmp(m->name, OPEN_API_RESULT))
		cJSON_AddArrayToObject(v->answer, "rows");
	if (!m->run(v, e)) {
		cJSON_Delete(v->answer);
		return e->code ? -1 : write_answer(-1, v->words, NULL, out);
	}
	rows = cJSON_GetObjectItem(v->answer, "rows");
	if (rows)
		cJSON_AddNumberToObject(v->answer, "totalCount", cJSON_GetArraySize(rows));
	return write_answer(0, "", v->answer, out);
}

static int do_call(struct visit *v, struct buf *out, struct err *e)
{
	const struct method *m = method_of(v->method);

	if (!m)
		return write_answer(-3, "没有此接口的权限", NULL, out);
	if (!v->data || !open_fields(v, v->data) || !check_form(v, m))
		return write_answer(-1, v->data ? v->words : "data不是有效的JSON", NULL, out);
	return m->query ? answer_query(v, m, out, e) : accept_call(v, out, e);
}

/* --- who calls, and may he now --- */

static const struct open_api_app *app_of(const struct open_api_door *d, const char *appid)
{
	for (size_t i = 0; appid && i < d->apps; i++) {
		if (!strcmp(d->app[i].appid, appid))
			return &d->app[i];
	}
	return NULL;
}

static bool nonce_is_fresh(struct open_api_door *d, const char *nonce)
{
	if (!nonce || !*nonce || strlen(nonce) >= OPEN_API_NONCE)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(d->nonce); i++) {
		if (!strcmp(d->nonce[i], nonce))
			return false;
	}
	text_copy(d->nonce[d->next_nonce++ % ARRAY_LEN(d->nonce)], OPEN_API_NONCE, nonce);
	return true;
}

static bool not_too_fast(struct open_api_door *d, const char *appid, const char *method)
{
	char who[sizeof(d->called[0].who)];
	int64_t now = clock_steady_ms();
	size_t i = 0;

	text_format(who, sizeof(who), "%s %s", appid, method);
	while (i < ARRAY_LEN(d->called) && strcmp(d->called[i].who, who))
		i++;
	if (i == ARRAY_LEN(d->called))
		i = d->next_called++ % ARRAY_LEN(d->called);
	else if (now - d->called[i].at_ms < d->pace_ms)
		return false;
	text_copy(d->called[i].who, sizeof(d->called[i].who), who);
	d->called[i].at_ms = now;
	return true;
}

static bool clock_is_right(const struct open_api_door *d, const char *timestamp)
{
	int64_t ms;

	return timestamp && open_api_time_read(d->manner.time, timestamp, &ms) &&
	       llabs(clock_now_ms() - ms) <= OPEN_API_CLOCK_MS;
}

/* 0, or the standard's code with its words. */
static int64_t judge_caller(struct open_api_door *d, const struct open_api_param *p, size_t n,
			    const struct open_api_app **app, const char **words)
{
	const char *sign = open_api_value(p, n, "sign"), *method = open_api_value(p, n, "method");
	char right[OPEN_API_SIGN];

	*app = app_of(d, open_api_value(p, n, "appid"));
	*words = "appid无效";
	if (!*app || !method)
		return -1;
	*words = "签名错误";
	if (!sign || open_api_sign(&d->manner, p, n, (*app)->secret, right, NULL) ||
	    !open_api_sign_equal(sign, right))
		return -2;
	*words = "时间戳超出允许范围";
	if (!clock_is_right(d, open_api_value(p, n, "timestamp")))
		return -2;
	*words = "nonce重复";
	if (!nonce_is_fresh(d, open_api_value(p, n, "nonce")))
		return -2;
	*words = "访问过于频繁";
	return not_too_fast(d, (*app)->appid, method) ? 0 : -5;
}

/* An account's box is found by what no bearer token can be. */
static void box_hash(const char *appid, unsigned char hash[PSTORE_HASH])
{
	char name[PSTORE_LABEL + 16];

	text_format(name, sizeof(name), "open.api\n%s", appid);
	crypto_hash_sha256(hash, (const unsigned char *)name, strlen(name));
}

static int find_box(struct open_api_door *d, const struct open_api_app *app, struct pbox *box, struct err *e)
{
	unsigned char hash[PSTORE_HASH];
	bool found;

	box_hash(app->appid, hash);
	if (pstore_box_by_token(d->office.store, hash, box, &found, e))
		return -1;
	return found ? 0 : err_set(e, ERR_NO_SUCH, "the account has no box");
}

int open_api_door_call(struct open_api_door *d, struct buf *body, struct buf *out)
{
	struct open_api_param p[OPEN_API_PARAMS];
	struct visit v = {.d = d};
	const char *words = "";
	struct err e = {0};
	int64_t code;
	size_t n, judged;
	int status;

	if (open_api_form_read(body, p, OPEN_API_PARAMS, &n, &e))
		return write_answer(-1, "不是表单", NULL, out);
	code = judge_caller(d, p, n, &v.app, &words);
	if (code)
		return write_answer(code, words, NULL, out);
	v.method = open_api_value(p, n, "method");
	v.data = parse_data(open_api_value(p, n, "data") ? open_api_value(p, n, "data") : "");
	status = find_box(d, v.app, &v.box, &e) || open_api_door_judge(d, false, &judged, &e)
			 ? -1
			 : do_call(&v, out, &e);
	cJSON_Delete(v.data);
	if (status > 0)
		return status;
	log_err("open.api", &e);
	return write_answer(9999, "Internal Error", NULL, out);
}

/* --- opening --- */

void open_api_door_init(struct open_api_door *d, struct pstore *store)
{
	*d = (struct open_api_door){.office = {.store = store, .by_account = true}};
	for (enum event e = 0; e < EVENT_COUNT; e++)
		d->office.left_out[e] = lifecycle_may_leave_out(e);
}

int open_api_door_app(struct open_api_door *d, const char *line, struct err *e)
{
	const char *equals = strchr(line, '=');
	size_t n = equals ? strlen(equals + 1) : 0;
	unsigned char hash[PSTORE_HASH];
	struct open_api_app *app = &d->app[d->apps];

	if (!equals || equals == line || (size_t)(equals - line) >= sizeof(app->appid) ||
	    (n != 16 && n != 24 && n != 32))
		return err_set(e, ERR_USAGE,
			       "an open.api account is APPID=SECRET, the secret of 16, 24 or 32 characters");
	if (d->apps == OPEN_API_APPS)
		return err_set(e, ERR_USAGE, "too many open.api accounts");
	memcpy(app->appid, line, (size_t)(equals - line));
	app->appid[equals - line] = '\0';
	text_copy(app->secret, sizeof(app->secret), equals + 1);
	box_hash(app->appid, hash);
	d->apps++;
	return pstore_token_put(d->office.store, app->appid, hash, e);
}
