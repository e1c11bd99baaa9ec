/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/body.h"

#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/text.h"
#include "base/uid.h"
#include "domain/phone.h"

enum kind { TEXT, DIGITS, DATE, DATE_OR_LONG, PHONE, FLAG, NUMBER, INSTANT, UID, REFERENCE, UIDS /* a list */, TEXTS /* an object of them */ };
#define LAST_INSTANT 253402300800000.0 /* the year 10000 */
#define NEEDED true
#define MAY false
#define TEXTS_MOST 64
#define CODE 64 /* a code, or the word or short word that a profile sends in its place */

struct field {
	const char *name;
	enum kind kind;
	bool needed;
	size_t most;	    /* characters */
	const char *entity; /* REFERENCE: of what */
};

static const struct field company[] = {
	{"uid", UID, NEEDED},
	{"corpCode", TEXT, NEEDED, 18},
	{"corpName", TEXT, NEEDED, 200},
	{"corpShortName", TEXT, MAY, 100},
	{"areaCode", DIGITS, MAY, 12},
	{"registerDate", DATE, MAY},
	{0},
};
static const struct field participant[] = {
	{"uid", UID, NEEDED},		{"projectCode", TEXT, MAY, 64},
	{"corpCode", TEXT, NEEDED, 18}, {"corpName", TEXT, NEEDED, 200},
	{"corpType", TEXT, MAY, CODE},	{"pmName", TEXT, MAY, 100},
	{"pmPhone", PHONE, MAY},	{"pmIdCardType", TEXT, MAY, CODE},
	{"pmIdCardNumber", TEXT, MAY, 30},
	{0},
};
static const struct field team[] = {
	{"uid", UID, NEEDED},
	{"projectCode", TEXT, MAY, 64},
	{"participant", REFERENCE, NEEDED, 0, "participant"},
	{"corpCode", TEXT, MAY, 18},
	{"teamName", TEXT, NEEDED, 100},
	{"teamKind", TEXT, MAY, CODE},
	{0},
};
static const struct field person[] = {
	{"uid", UID, NEEDED},
	{"workerName", TEXT, NEEDED, 100},
	{"nameLatin", TEXT, MAY, 120},
	{"idCardType", TEXT, NEEDED, CODE},
	{"idCardNumber", TEXT, NEEDED, 30},
	{"gender", TEXT, MAY, CODE},
	{"nation", TEXT, MAY, CODE},
	{"birthday", DATE, MAY},
	{"address", TEXT, MAY, 200},
	{"grantOrg", TEXT, MAY, 100},
	{"startDate", DATE, MAY},
	{"expiryDate", DATE_OR_LONG, MAY},
	{"nationality", TEXT, MAY, CODE},
	{"permitNumber", TEXT, MAY, 30},
	{"cellPhone", PHONE, MAY},
	{"cultureLevelType", TEXT, MAY, CODE},
	{"politicsType", TEXT, MAY, CODE},
	{"maritalStatus", TEXT, MAY, CODE},
	{"nativePlace", TEXT, MAY, 100},
	{"usualAddress", TEXT, MAY, 200},
	{"localAddress", TEXT, MAY, 200},
	{"urgentLinkMan", TEXT, MAY, 100},
	{"urgentLinkManPhone", PHONE, MAY},
	{"joinedTime", DATE, MAY},
	{"hasBadMedicalHistory", FLAG, MAY},
	{"isManual", FLAG, MAY},
	{0},
};
static const struct field employment[] = {
	{"uid", UID, NEEDED},
	{"person", REFERENCE, NEEDED, 0, "person"},
	{"projectCode", TEXT, MAY, 64},
	{"participant", REFERENCE, MAY, 0, "participant"},
	{"corpCode", TEXT, MAY, 18},
	{"workRole", TEXT, MAY, CODE},
	{"workType", TEXT, MAY, CODE},
	{"employmentForm", TEXT, MAY, CODE},
	{"contractPeriodType", TEXT, MAY, CODE},
	{"startDate", DATE, MAY},
	{"endDate", DATE_OR_LONG, MAY},
	{"payRollType", TEXT, MAY, CODE},
	{"wage", NUMBER, MAY},
	{"unit", TEXT, MAY, CODE},
	{"unitPrice", NUMBER, MAY},
	{"baseWage", NUMBER, MAY},
	{"probationWage", NUMBER, MAY},
	{"performanceTimes", DIGITS, MAY, 2},
	{"payRollTopBankCode", TEXT, MAY, CODE},
	{"payRollBankCardNumber", DIGITS, MAY, 30},
	{"trainedOn", DATE, MAY},
	{"hasBuyInsurance", FLAG, MAY},
	{0},
};
static const struct field assignment[] = {
	{"uid", UID, NEEDED},
	{"employment", REFERENCE, NEEDED, 0, "employment"},
	{"person", REFERENCE, MAY, 0, "person"},
	{"projectCode", TEXT, MAY, 64},
	{"team", REFERENCE, NEEDED, 0, "team"},
	{"workType", TEXT, MAY, CODE},
	{"isTeamLeader", FLAG, MAY},
	{"date", DATE, MAY},
	{0},
};
static const struct field contract[] = {
	{"uid", UID, NEEDED},
	{"employment", REFERENCE, NEEDED, 0, "employment"},
	{"person", REFERENCE, MAY, 0, "person"},
	{"projectCode", TEXT, MAY, 64},
	{"corpCode", TEXT, MAY, 18},
	{"contractPeriodType", TEXT, NEEDED, CODE},
	{"startDate", DATE, NEEDED},
	{"endDate", DATE, MAY},
	{"unit", TEXT, MAY, CODE},
	{"unitPrice", NUMBER, MAY},
	{"scan", TEXT, MAY, 64},
	{"renews", UID, MAY},
	{"date", DATE, MAY},
	{0},
};
static const struct field attendance[] = {
	{"uid", UID, NEEDED},
	{"person", REFERENCE, NEEDED, 0, "person"},
	{"assignment", REFERENCE, NEEDED, 0, "assignment"},
	{"projectCode", TEXT, MAY, 64},
	{"at", INSTANT, NEEDED},
	{"direction", TEXT, NEEDED, 7},
	{"means", TEXT, NEEDED, 16},
	{"device", TEXT, MAY, 63},
	{"image", TEXT, MAY, 64},
	{0},
};
static const struct field post[] = {
	{"uid", UID, NEEDED},
	{"projectCode", TEXT, MAY, 64},
	{"post", TEXT, NEEDED, CODE},
	{"seat", NUMBER, NEEDED},
	{"person", REFERENCE, NEEDED, 0, "person"},
	{"date", DATE, MAY},
	{"reason", TEXT, MAY, 500},
	{0},
};
static const struct field absence[] = {
	{"uid", UID, NEEDED},
	{"projectCode", TEXT, MAY, 64},
	{"post", REFERENCE, NEEDED, 0, "post"},
	{"date", DATE, NEEDED},
	{"reason", TEXT, MAY, 500},
	{0},
};
static const struct field payroll[] = {
	{"uid", UID, NEEDED},
	{"person", REFERENCE, NEEDED, 0, "person"},
	{"projectCode", TEXT, MAY, 64},
	{"payMonth", TEXT, NEEDED, 7},
	{"backPayMonth", TEXT, MAY, 7},
	{"days", NUMBER, MAY},
	{"totalPayAmount", NUMBER, NEEDED},
	{"actualAmount", NUMBER, NEEDED},
	{"balanceDate", DATE, MAY},
	{"payRollBankName", TEXT, MAY, 60},
	{"payRollBankCardNumber", DIGITS, MAY, 30},
	{"thirdPayRollCode", TEXT, MAY, 60},
	{0},
};
static const struct field training[] = {
	{"uid", UID, NEEDED},
	{"projectCode", TEXT, MAY, 64},
	{"trainingDate", DATE, NEEDED},
	{"trainingTypeCode", TEXT, NEEDED, CODE},
	{"trainingName", TEXT, NEEDED, 160},
	{"trainingDuration", TEXT, NEEDED, 16},
	{"trainer", TEXT, MAY, 160},
	{"trainingAddress", TEXT, MAY, 160},
	{"workers", UIDS, NEEDED, 5000, "person"},
	{0},
};
static const struct field book[] = {
	{"uid", UID, NEEDED},
	{"projectCode", TEXT, MAY, 64},
	{"register", TEXT, NEEDED, 31},
	{"title", TEXT, NEEDED, 63},
	{"person", REFERENCE, MAY, 0, "person"},
	{"values", TEXTS, NEEDED, 160},
	{"workers", UIDS, MAY, 5000, "person"},
	{0},
};
static const struct field device[] = {
	{"uid", UID, NEEDED},
	{"projectCode", TEXT, MAY, 64},
	{"deviceKind", TEXT, NEEDED, 16},
	{"serialNumber", TEXT, NEEDED, 63},
	{"makerCode", TEXT, MAY, 63},
	{"position", TEXT, MAY, 255},
	{"model", TEXT, MAY, 127},
	{"method", TEXT, MAY, 16},
	{"biometric", TEXT, MAY, 16},
	{"direction", TEXT, MAY, 8},
	{0},
};
static const struct field step[] = {
	{"uid", UID, NEEDED},
	{"projectCode", TEXT, MAY, 64},
	{"corpCode", TEXT, MAY, 18},  /* of associations: the labour subcontractor's */
	{"corpName", TEXT, MAY, 200},
	{"date", DATE, MAY},
	{"reason", TEXT, MAY, 500},
	{0},
};

static const struct {
	const char *entity;
	const struct field *fields;
} bodies[] = {
	{"company", company},	    {"participant", participant}, {"team", team}, {"person", person},
	{"employment", employment}, {"assignment", assignment}, {"contract", contract},	  {"step", step},
	{"attendance", attendance}, {"post", post},		  {"absence", absence},
	{"payroll", payroll},	    {"training", training},	  {"book", book}, {"device", device},
};

static const struct field *fields_of(const char *entity)
{
	static const struct field none[] = {{0}};

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		if (!strcmp(bodies[i].entity, entity))
			return bodies[i].fields;
	}
	return none;
}

static bool is_date(const char *s, bool long_term)
{
	date_t d;

	if (long_term && !strcmp(s, "long-term"))
		return true;
	return strlen(s) == 10 && s[4] == '-' && s[7] == '-' && date_parse(s, &d);
}

static bool fault_is(struct body_fault *f, const char *code, const char *field, const char *reason)
{
	f->code = code;
	f->field = field;
	text_format(f->reason, sizeof(f->reason), "%s", reason);
	return false;
}

static bool check_text(const struct field *f, const char *s, struct body_fault *fault)
{
	switch (f->kind) {
	case UID:
	case REFERENCE:
		return uid_valid(s) || fault_is(fault, "uid", f->name, "编号格式不正确");
	case DATE:
	case DATE_OR_LONG:
		return is_date(s, f->kind == DATE_OR_LONG) ||
		       fault_is(fault, "date", f->name, "日期格式不正确");
	case PHONE:
		return phone_valid(s) || fault_is(fault, "phone", f->name, "手机号码格式不正确");
	case DIGITS:
		if (!text_is_digits(s))
			return fault_is(fault, "digits", f->name, "只能填写数字");
		break;
	default:
		break;
	}
	return text_chars(s) <= f->most || fault_is(fault, "too-long", f->name, "内容过长");
}

static bool check_list(const struct field *f, const cJSON *list, struct body_fault *fault)
{
	const cJSON *v;

	if (!cJSON_IsArray(list) || (size_t)cJSON_GetArraySize(list) > f->most)
		return fault_is(fault, "type", f->name, "应为列表");
	cJSON_ArrayForEach(v, list)
	{
		if (!cJSON_IsString(v) || !uid_valid(v->valuestring))
			return fault_is(fault, "uid", f->name, "编号格式不正确");
	}
	return true;
}

static bool check_texts(const struct field *f, const cJSON *object, struct body_fault *fault)
{
	const cJSON *v;

	if (!cJSON_IsObject(object) || cJSON_GetArraySize(object) > TEXTS_MOST)
		return fault_is(fault, "type", f->name, "类型不正确");
	cJSON_ArrayForEach(v, object)
	{
		if (!cJSON_IsString(v) || text_chars(v->valuestring) > f->most)
			return fault_is(fault, "type", f->name, "类型不正确");
	}
	return true;
}

static bool check_value(const struct field *f, const cJSON *v, struct body_fault *fault)
{
	if (f->kind == UIDS)
		return check_list(f, v, fault);
	if (f->kind == TEXTS)
		return check_texts(f, v, fault);
	if (f->kind == FLAG)
		return (cJSON_IsNumber(v) && (v->valuedouble == 0 || v->valuedouble == 1)) ||
		       fault_is(fault, "type", f->name, "只能是 0 或 1");
	if (f->kind == NUMBER || f->kind == INSTANT)
		return (cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble < (f->kind == NUMBER ? 1e12 : LAST_INSTANT) &&
			v->valuedouble == (double)(int64_t)v->valuedouble) ||
		       fault_is(fault, "type", f->name, "应为非负整数");
	if (!cJSON_IsString(v))
		return fault_is(fault, "type", f->name, "类型不正确");
	if (f->needed && !*v->valuestring)
		return fault_is(fault, "required", f->name, "不能为空");
	return !*v->valuestring || check_text(f, v->valuestring, fault);
}

bool body_check(const char *entity, const cJSON *body, struct body_fault *fault)
{
	for (const struct field *f = fields_of(entity); f->name; f++) {
		const cJSON *v = json_get(body, f->name);

		if (!v && f->needed)
			return fault_is(fault, "required", f->name, "缺少必填内容");
		if (v && !check_value(f, v, fault))
			return false;
	}
	return true;
}

const char *body_reference(const char *entity, unsigned i, const char **of_entity)
{
	for (const struct field *f = fields_of(entity); f->name; f++) {
		if ((f->kind == REFERENCE || f->kind == UIDS) && !i--) {
			*of_entity = f->entity;
			return f->name;
		}
	}
	return NULL;
}
