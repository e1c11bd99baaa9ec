/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "open_api/method.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

#define IMAGE_PREFIX "data:image/jpeg;base64,"
#define LONG_TERM "long-term"

/* --- fields --- */

/* How a value of a flat body travels; what is not named goes as it is. Types: the standard's field tables. */
enum how {
	AS_IS,
	NUMBER,
	SEALED,
	PICTURE,
	YUAN,
	DECIMAL, /* a number written as text: "1.5" */
	FILES,	 /* a list of {name, data}: data is Base64 without a prefix */
	DAY /* a document without an end has no day here: left out */
};
static const struct {
	const char *name;
	enum how how;
} fields[] = {
	{"idCardNumber", SEALED},
	{"payRollBankCardNumber", SEALED},
	{"payBankCardNumber", SEALED},
	{"pmIDCardNumber", SEALED},
	{"responsiblePersonIDNumber", SEALED},
	{"legalManIDCardNumber", SEALED},
	{"teamSysNo", NUMBER},
	{"workRole", NUMBER},
	{"isTeamLeader", NUMBER},
	{"hasBuyInsurance", NUMBER},
	{"hasBadMedicalHistory", NUMBER},
	{"contractPeriodType", NUMBER},
	{"unit", NUMBER},
	{"unitPrice", YUAN},
	{"totalPayAmount", YUAN},
	{"actualAmount", YUAN},
	{"trainingDuration", DECIMAL},
	{"attachments", FILES},
	{"positiveIDCardImage", PICTURE},
	{"negativeIDCardImage", PICTURE},
	{"headImage", PICTURE},
	{"issueCardPic", PICTURE},
	{"expiryDate", DAY},
	{"endDate", DAY},
};

static enum how how_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (!strcmp(fields[i].name, name))
			return fields[i].how;
	}
	return AS_IS;
}

bool open_api_is_sealed(const char *field)
{
	return how_of(field) == SEALED;
}

/* --- methods --- */

static const char *const company[] = {"corpCode", "corpName", "areaCode", "registerDate", NULL};
static const char *const corp_code[] = {"corpCode", NULL};
static const char *const sub[] = {"projectCode", "corpCode",  "corpName", "corpType", "pmName",
				  "pmPhone",	 "entryTime", "exitTime", NULL};
static const char *const ask_sub[] = {"projectCode", "corpCode", NULL};
static const char *const team[] = {"projectCode", "corpCode", "corpName", "teamName", NULL};
static const char *const ask_team[] = {"projectCode", "corpCode", "teamName", NULL};
static const char *const team_name[] = {"teamName", NULL};
#define WORKER_TOP \
	"projectCode", "corpCode", "corpName", "teamSysNo", "teamName"
#define WORKER_FIELDS \
	"workerName", "isTeamLeader", "idCardType", "idCardNumber", "workType", "workRole", "nation", \
	"address", "headImage", "politicsType", "cultureLevelType", "cellPhone", "grantOrg", \
	"startDate", "expiryDate", "joinedTime", "hasBadMedicalHistory", "urgentLinkMan", \
	"urgentLinkManPhone", "payRollBankCardNumber", "payRollTopBankCode", "hasBuyInsurance", \
	"positiveIDCardImage", "negativeIDCardImage"
static const char *const worker_top[] = {WORKER_TOP, NULL};
static const char *const worker[] = {WORKER_FIELDS, NULL};
static const char *const worker_flat[] = {WORKER_TOP, WORKER_FIELDS, NULL};
static const char *const ask_worker[] = {"projectCode", "corpCode",	"teamSysNo",
					 "idCardType",	"idCardNumber", NULL};
static const char *const same_worker[] = {"teamSysNo", "idCardNumber", NULL};
static const char *const pass_top[] = {"projectCode", "corpCode", "corpName", "teamSysNo", NULL};
static const char *const pass[] = {"idCardType", "idCardNumber", "date", NULL};
static const char *const same_pass[] = {"teamSysNo", "idCardNumber", "date", NULL};
static const char *const punch_top[] = {"projectCode", "teamSysNo", NULL};
static const char *const punch[] = {"idCardType", "idCardNumber", "date", "direction", "attendType", NULL};
static const char *const ask_punch[] = {"projectCode", "teamSysNo", "idCardType", "idCardNumber", "date", NULL};
static const char *const same_punch[] = {"idCardNumber", "date", "direction", NULL};
static const char *const contract_top[] = {"projectCode", NULL};
static const char *const contract[] = {"corpCode",	     "corpName",  "idCardType", "idCardNumber",
				       "contractPeriodType", "startDate", "endDate",	"unit",
				       "unitPrice",	     "attachments", NULL};
static const char *const ask_contract[] = {"projectCode", "corpCode", "idCardType", "idCardNumber", NULL};
static const char *const same_contract[] = {"corpCode", "idCardNumber", "startDate", NULL};

static const char *const pay_top[] = {"projectCode", "corpCode", "corpName", "teamSysNo", "payMonth", NULL};
static const char *const pay[] = {"idCardType",	      "idCardNumber",	 "days",	    "payRollBankCardNumber", "payRollBankCode",
				  "payRollBankName",  "payBankCardNumber", "payBankCode",   "payBankName",	     "totalPayAmount",
				  "actualAmount",     "isBackPay",	 "balanceDate",	    "backPayMonth",	     "thirdPayRollCode",
				  NULL};
static const char *const ask_pay[] = {"projectCode", "payMonth", "corpCode", "corpName", "teamSysNo", "idCardType", "idCardNumber", NULL};
static const char *const same_pay[] = {"idCardNumber", "thirdPayRollCode", NULL};
static const char *const training[] = {"projectCode", "trainingDate", "trainingDuration", "trainingName", "trainingTypeCode", "trainer", "trainingAddress", "description", NULL};
static const char *const trained[] = {"idCardType", "idCardNumber", "isPass", NULL};
static const char *const ask_training[] = {"projectCode", "trainingDate", NULL};
static const char *const same_training[] = {"trainingDate", "trainingTypeCode", "description", NULL};

#define SUB_QUERY "ProjectSubContractor.Query"
#define WORKER_QUERY "ProjectWorker.Query"
#define PASS_QUERY "WorkerEntryExit.Query"

/* Of one call, as platforms accept them (each seen at one or two of them). */
#define WORKERS 5
#define PASSES 50
#define CONTRACTS 5
#define PUNCHES 20
#define PAYS 20

static const struct open_api_method methods[] = {
	{"company.add", "Corp.Upload", NULL, 1, company, NULL, "Corp.Query", corp_code, corp_code, NULL, -1,
	 false},
	{"participant.add", "ProjectSubContractor.Add", NULL, 1, sub, NULL, SUB_QUERY, ask_sub, corp_code,
	 NULL, -1, false},
	{"participant.enter", "ProjectSubContractor.Update", NULL, 1, sub, NULL, SUB_QUERY, ask_sub, NULL,
	 NULL, -1, false},
	{"participant.exit", "ProjectSubContractor.Update", NULL, 1, sub, NULL, SUB_QUERY, ask_sub, NULL,
	 NULL, -1, false},
	{"team.add", "Team.Add", NULL, 1, team, NULL, "Team.Query", ask_team, team_name, "teamSysNo", -1,
	 false},
	{"assignment.submit", "ProjectWorker.Add", "workerList", WORKERS, worker_top, worker, WORKER_QUERY,
	 ask_worker, same_worker, NULL, -1, false},
	{"person.amend", "ProjectWorker.Update", NULL, 1, worker_flat, NULL, WORKER_QUERY, ask_worker, NULL,
	 NULL, -1, true},
	{"employment.amend", "ProjectWorker.Update", NULL, 1, worker_flat, NULL, WORKER_QUERY, ask_worker,
	 NULL, NULL, -1, true},
	{"assignment.enter", "WorkerEntryExit.Add", "workerList", PASSES, pass_top, pass, PASS_QUERY,
	 ask_worker, same_pass, NULL, 1, false},
	{"assignment.exit", "WorkerEntryExit.Add", "workerList", PASSES, pass_top, pass, PASS_QUERY,
	 ask_worker, same_pass, NULL, 0, false},
	{"attendance.clock", "WorkerAttendance.Add", "dataList", PUNCHES, punch_top, punch, "WorkerAttendance.Query", ask_punch,
	 same_punch, NULL, -1, false},
	{"contract.add", "WorkerContract.Add", "contractList", CONTRACTS, contract_top, contract,
	 "WorkerContract.Query", ask_contract, same_contract, NULL, -1, false},
	{"card.front", "ProjectWorker.Update", NULL, 1, worker_flat, NULL, WORKER_QUERY, ask_worker, NULL, NULL, -1, true},
	{"card.back", "ProjectWorker.Update", NULL, 1, worker_flat, NULL, WORKER_QUERY, ask_worker, NULL, NULL, -1, true},
	{"payroll.add", "Payroll.Add", "detailList", PAYS, pay_top, pay, "Payroll.Query", ask_pay, same_pay, NULL, -1, false},
	{"training.add", "ProjectTraining.Add", "workers", 1, training, trained, "ProjectTraining.Query", ask_training, same_training, NULL, -1,
	 false},
};

const struct open_api_method *open_api_method_at(unsigned i)
{
	return i < ARRAY_LEN(methods) ? &methods[i] : NULL;
}

const struct open_api_method *open_api_method(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (!strcmp(methods[i].kind, kind))
			return &methods[i];
	}
	return NULL;
}

/* --- arguments --- */

static int add_sealed(cJSON *to, const char *name, const char *plain, const struct open_api_key *key,
		      struct err *e)
{
	struct buf box;
	int last;

	buf_init(&box, 8192);
	last = open_api_seal(key->secret, plain, &box, e);
	if (!last && !cJSON_AddStringToObject(to, name, box.data))
		last = err_set(e, ERR_MEMORY, "%s", name);
	buf_release(&box);
	return last;
}

static bool add_picture(cJSON *to, const char *name, const char *base64, const struct open_api_manner *manner)
{
	const char *prefix = manner->image_prefix ? manner->image_prefix : IMAGE_PREFIX;
	struct buf text;
	bool added;

	buf_init(&text, strlen(base64) + strlen(prefix));
	buf_adds(&text, prefix);
	buf_adds(&text, base64);
	added = !text.failed && cJSON_AddStringToObject(to, name, text.data);
	buf_wipe_release(&text);
	return added;
}

/* What is no decimal number goes as it is, for the platform to refuse by name. */
static bool add_decimal(cJSON *to, const char *name, const char *text)
{
	size_t n = strspn(text, "0123456789");

	if (n && text[n] == '.' && text_is_digits(text + n + 1))
		n = strlen(text);
	return (n && !text[n] ? cJSON_AddRawToObject(to, name, text) : cJSON_AddStringToObject(to, name, text)) != NULL;
}

static bool add_files(cJSON *to, const char *name, const cJSON *files)
{
	cJSON *list = cJSON_AddArrayToObject(to, name);
	const cJSON *from;

	if (!list)
		return false;
	cJSON_ArrayForEach(from, files)
	{
		cJSON *file = cJSON_CreateObject();
		const char *called = json_string(from, "name"), *data = json_string(from, "data");

		if (!file || !cJSON_AddItemToArray(list, file)) {
			cJSON_Delete(file);
			return false;
		}
		if (!called || !data || !cJSON_AddStringToObject(file, "name", called) || !cJSON_AddStringToObject(file, "data", data))
			return false;
	}
	return true;
}

/* Money is whole fen with us, yuan with two digits there: a raw number, no float on the way. */
static bool add_yuan(cJSON *to, const char *name, int64_t fen)
{
	char text[32];

	text_format(text, sizeof(text), "%lld.%02d", (long long)(fen / 100), (int)(fen % 100));
	return cJSON_AddRawToObject(to, name, text) != NULL;
}

static bool add_plain(cJSON *to, const char *name, const cJSON *value, const struct open_api_manner *manner)
{
	const char *text = cJSON_IsString(value) ? value->valuestring : "";

	switch (how_of(name)) {
	case NUMBER:
		return cJSON_IsNumber(value) ? cJSON_AddNumberToObject(to, name, value->valuedouble) != NULL
		       : text_is_digits(text) && strlen(text) < 16
			       ? cJSON_AddNumberToObject(to, name, (double)strtoll(text, NULL, 10)) != NULL
			       : cJSON_AddStringToObject(to, name, text) != NULL;
	case YUAN:
		return cJSON_IsNumber(value) && value->valuedouble >= 0 &&
		       add_yuan(to, name, (int64_t)value->valuedouble);
	case PICTURE:
		return add_picture(to, name, text, manner);
	case DECIMAL:
		return add_decimal(to, name, text);
	case DAY:
		return !strcmp(text, LONG_TERM) || cJSON_AddStringToObject(to, name, text);
	default:
		return cJSON_IsNumber(value) ? cJSON_AddNumberToObject(to, name, value->valuedouble) != NULL
					     : cJSON_AddStringToObject(to, name, text) != NULL;
	}
}

static int add_fields(cJSON *to, const char *const *names, const struct open_api_manner *manner,
		      const struct open_api_key *key, const cJSON *body, struct err *e)
{
	for (; *names; names++) {
		const cJSON *value = json_get(body, *names);

		if (!value || (cJSON_IsString(value) && !*value->valuestring))
			continue;
		if (how_of(*names) == FILES && cJSON_IsArray(value)) {
			if (!add_files(to, *names, value))
				return err_set(e, ERR_JSON, "%s", *names);
			continue;
		}
		if (!cJSON_IsString(value) && !cJSON_IsNumber(value))
			return err_set(e, ERR_JSON, "%s is neither text nor number", *names);
		if (how_of(*names) == SEALED && cJSON_IsString(value)) {
			if (add_sealed(to, *names, value->valuestring, key, e))
				return -1;
		} else if (!add_plain(to, *names, value, manner)) {
			return err_set(e, ERR_JSON, "%s", *names);
		}
	}
	return 0;
}

static int write_out(const cJSON *from, struct buf *out, struct err *e)
{
	char *text = json_text(from);
	int last = text ? buf_adds(out, text) : -1;

	if (text)
		wipe(text, strlen(text));
	free(text);
	return last ? err_set(e, ERR_MEMORY, "arguments") : 0;
}

bool open_api_together(const struct open_api_method *m, const cJSON *a, const cJSON *b)
{
	if (json_get(a, "attachments") || json_get(b, "attachments")) /* up to 1 MB each: calls of their own */
		return false;
	for (const char *const *name = m->top; *name; name++) {
		if (!cJSON_Compare(json_get(a, *name), json_get(b, *name), true) &&
		    (json_get(a, *name) || json_get(b, *name)))
			return false;
	}
	return true;
}

static int add_item(cJSON *list, const struct open_api_method *m, const struct open_api_manner *manner,
		    const struct open_api_key *key, const cJSON *body, struct err *e)
{
	cJSON *item = cJSON_CreateObject();

	if (!list || !item || !cJSON_AddItemToArray(list, item)) {
		cJSON_Delete(item);
		return err_set(e, ERR_MEMORY, "arguments");
	}
	if (add_fields(item, m->item, manner, key, body, e))
		return -1;
	if (m->type >= 0)
		cJSON_AddNumberToObject(item, "type", m->type);
	return 0;
}

/* One item a body; of a body that holds the list itself (who took part in a training), its items. */
static int add_items(cJSON *list, const struct open_api_method *m, const struct open_api_manner *manner, const struct open_api_key *key, const cJSON *body,
		     struct err *e)
{
	const cJSON *own = json_get(body, m->list), *item;

	if (!cJSON_IsArray(own))
		return add_item(list, m, manner, key, body, e);
	cJSON_ArrayForEach(item, own)
	{
		if (add_item(list, m, manner, key, item, e))
			return -1;
	}
	return 0;
}

int open_api_arguments(const struct open_api_method *m, const struct open_api_manner *manner,
		       const struct open_api_key *key, const cJSON *const *bodies, size_t n, struct buf *out,
		       struct err *e)
{
	cJSON *made = cJSON_CreateObject(), *list = NULL;
	int last = made ? add_fields(made, m->top, manner, key, bodies[0], e)
			: err_set(e, ERR_MEMORY, "arguments");

	if (!last && m->list)
		list = cJSON_AddArrayToObject(made, m->list);
	for (size_t i = 0; !last && m->list && i < n; i++)
		last = add_items(list, m, manner, key, bodies[i], e);
	if (!last)
		last = write_out(made, out, e);
	cJSON_Delete(made);
	return last;
}

/* Queries ask by the day, whatever the moment (STD WorkerAttendance.Query: date yyyy-MM-dd). */
static void ask_by_day(cJSON *made)
{
	cJSON *date = cJSON_GetObjectItemCaseSensitive(made, "date");

	if (cJSON_IsString(date) && strlen(date->valuestring) > 10)
		date->valuestring[10] = '\0';
}

int open_api_query_arguments(const struct open_api_method *m, const struct open_api_key *key,
			     const cJSON *body, struct buf *out, struct err *e)
{
	static const struct open_api_manner plain = {0};
	cJSON *made = cJSON_CreateObject();
	int last =
		made ? add_fields(made, m->ask, &plain, key, body, e) : err_set(e, ERR_MEMORY, "arguments");

	if (!last) {
		ask_by_day(made);
		cJSON_AddNumberToObject(made, "pageIndex", 0);
		cJSON_AddNumberToObject(made, "pageSize", 50);
		last = write_out(made, out, e);
	}
	cJSON_Delete(made);
	return last;
}
