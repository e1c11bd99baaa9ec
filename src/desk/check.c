/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "domain/id_number.h"
#include "domain/phone.h"
#include "guard.h"

struct checking {
	const struct check_context *c;
	const struct record *r;
	struct findings *out;
};

static void add(struct checking *k, enum field_id field, enum severity severity, const char *rule,
		const char *source, const char *sentence)
{
	struct findings *f = k->out;
	struct finding *row;

	if (severity == SEVERITY_NONE || f->n == ARRAY_LEN(f->item))
		return;
	row = &f->item[f->n++];
	row->field = field;
	row->severity = severity;
	text_copy(row->sentence, sizeof(row->sentence), sentence);
	text_copy(row->rule, sizeof(row->rule), rule);
	text_copy(row->source, sizeof(row->source), source ? source : "");
}

static void block(struct checking *k, enum field_id field, const char *rule, const char *source,
		  const char *sentence)
{
	add(k, field, SEVERITY_BLOCK, rule, source, sentence);
}

static void warn(struct checking *k, enum field_id field, const char *rule, const char *sentence)
{
	add(k, field, SEVERITY_WARN, rule, "", sentence);
}

static bool has(const struct checking *k, enum field_id field)
{
	return record_get(k->r, field)[0] != '\0';
}

/* --- what is required -------------------------------------------------------------------------------- */

/* SH-QA r4 11: by the day, settled at once or month by month; by the month, base and performance. What belongs to one way of paying is asked for
 * there only. Codes of wage_kinds: 1 by the day, 2 by the month, 3 by the piece. */
#define WAGE_BY_DAY "1"
#define WAGE_BY_MONTH "2"

static bool by_month(const struct checking *k)
{
	return strcmp(record_get(k->r, F_WAGE_KIND), WAGE_BY_MONTH) == 0;
}

static bool wage_applies(const struct checking *k, enum field_id field)
{
	switch (field) {
	case F_BASE_WAGE:
	case F_PROBATION_WAGE:
	case F_PERFORMANCE_TIMES:
		return by_month(k);
	case F_WAGE:
		return !by_month(k) || !profile_required(k->c->profile, FORM_REGISTER, F_BASE_WAGE);
	default:
		return true;
	}
}

/* What is typed by hand needs all that a registration needs, and what the card would have said besides. */
static bool asks_for(const struct checking *k, enum field_id field, enum form *form)
{
	const struct profile *p = k->c->profile;

	if (!wage_applies(k, field))
		return false;
	*form = FORM_REGISTER;
	if (profile_required(p, *form, field))
		return true;
	*form = FORM_MANUAL;
	return !k->r->from_card && profile_required(p, *form, field);
}

bool check_requires(const struct profile *p, const struct record *r, enum field_id field)
{
	const struct check_context c = {.profile = p};
	enum form form;

	return asks_for(&(struct checking){.c = &c, .r = r}, field, &form);
}

static void check_required(struct checking *k, enum field_id field)
{
	const struct profile *p = k->c->profile;
	const struct field *f = field_get(field);
	char sentence[200];
	enum form form;

	if (has(k, field) || !asks_for(k, field, &form))
		return;
	text_format(sentence, sizeof(sentence), _("请填写%s：%s"), _(f->label), _(f->help));
	block(k, field, "required", profile_required_source(p, form, field), sentence);
}

/* --- each kind of field ------------------------------------------------------------------------------ */

static bool is_latin(uint32_t cp)
{
	return (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') || (cp >= 0xC0 && cp < 0x250);
}

/* No digits; blanks and punctuation in Latin names only; the middle dot of Uyghur and other names in any.
 * Marks that a card's unreadable unit left behind ("[U+D83D]") pass, since the card is the authority on its
 * own text. */
static void check_name(struct checking *k, enum field_id field, const char *s)
{
	bool latin = false, han = false, digit = false, blank = false;
	size_t n = strlen(s), step;
	uint32_t cp;

	if (k->r->origin[field] == ORIGIN_CARD)
		return;
	for (size_t i = 0; i < n; i += step) {
		step = text_decode(s + i, n - i, &cp);
		if (!step)
			break;
		digit |= (cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19);
		blank |= cp == ' ' || cp == 0x3000;
		latin |= is_latin(cp);
		han |= cp >= 0x2E80;
	}
	if (digit)
		block(k, field, "name", "", _("姓名里不能有数字"));
	else if (blank && (han || !latin))
		block(k, field, "name", "", _("中文姓名中间不要空格；少数民族姓名用间隔号“·”"));
}

static void check_digits(struct checking *k, enum field_id field, const char *s)
{
	if (!text_is_digits(s))
		block(k, field, "digits", "", _("只能填数字"));
}

static void check_phone_field(struct checking *k, enum field_id field, const char *s)
{
	if (!phone_valid(s))
		block(k, field, "phone", "", _("应为 11 位手机号码，或带区号的固定电话，如 0573-88001234"));
	else if (field == F_PHONE && !phone_is_mobile(s))
		warn(k, field, "phone_fixed", _("不是手机号码，本人可能收不到平台的确认通知"));
}

static void check_date(struct checking *k, enum field_id field, const char *s)
{
	const struct field *f = field_get(field);
	date_t d;

	if (!date_parse(s, &d) || (d == DATE_LONG_TERM && !(f->codes && strcmp(f->codes, "long-term") == 0)))
		block(k, field, "date", "", _("应为日期，如 2026-03-08"));
}

static void check_money(struct checking *k, enum field_id field, const char *s)
{
	if (!text_is_digits(s) || strlen(s) > 12)
		block(k, field, "money", "", _("应为金额（元），最多两位小数，如 4500 或 4500.50"));
}

static void check_code(struct checking *k, enum field_id field, const char *s)
{
	const struct field *f = field_get(field);

	if (!profile_code(k->c->profile, f->codes, s))
		block(k, field, "code", "", _("不在可选的项目里，请从列表中选"));
}

static void check_yes_no(struct checking *k, enum field_id field, const char *s)
{
	if (strcmp(s, "0") && strcmp(s, "1"))
		block(k, field, "yes_no", "", _("应为“是”或“否”"));
}

static void check_bank_card(struct checking *k, enum field_id field, const char *s)
{
	if (!text_is_digits(s) || strlen(s) < 12 || strlen(s) > 21)
		block(k, field, "bank_card", "", _("银行卡号应为 12 至 21 位数字"));
	else if (!bank_card_luhn(s))
		warn(k, field, "bank_card_digit", _("银行卡号的校验位不对，请与卡面核对"));
}

static void check_company(struct checking *k, enum field_id field, const char *s)
{
	(void)s;
	if (!k->c->company_known)
		block(k, field, "company", "", _("不是本项目的参建单位，请从列表中选"));
}

static void check_team(struct checking *k, enum field_id field, const char *s)
{
	(void)s;
	if (!k->c->team_known)
		block(k, field, "team", "", _("不是本项目的班组，请从列表中选"));
}

static const struct {
	enum field_kind kind;
	void (*check)(struct checking *k, enum field_id field, const char *s);
} kind_checks[] = {
	{FIELD_NAME, check_name},	    {FIELD_DIGITS, check_digits},   {FIELD_PHONE, check_phone_field},
	{FIELD_DATE, check_date},	    {FIELD_MONEY, check_money},	    {FIELD_CODE, check_code},
	{FIELD_YES_NO, check_yes_no},	    {FIELD_COMPANY, check_company}, {FIELD_TEAM, check_team},
	{FIELD_BANK_CARD, check_bank_card},
};

static void check_kind(struct checking *k, enum field_id field)
{
	const struct field *f = field_get(field);
	const char *s = record_get(k->r, field);

	if (!s[0])
		return;
	if (text_chars(s) > f->max_chars) {
		char sentence[200];

		text_format(sentence, sizeof(sentence), _("最多 %u 个字"), f->max_chars);
		block(k, field, "length", "", sentence);
	}
	for (size_t i = 0; i < ARRAY_LEN(kind_checks); i++)
		if (kind_checks[i].kind == f->kind)
			kind_checks[i].check(k, field, s);
}

/* --- one field against the others (A4, A9, D3) ------------------------------------------------------- */

/* The document types whose number has a form that can be checked; GB/T of id_number.h. The codes are the
 * national dictionary's (身份证件类型, src/profile/codes). Others are taken as they are. */
static bool is_citizen_type(const char *type)
{
	return strcmp(type, "01") == 0;
}

static bool number_checkable(const struct checking *k)
{
	return is_citizen_type(record_get(k->r, F_DOC_TYPE)) ||
	       id_number_kind_of(record_get(k->r, F_NUMBER)) != ID_NUMBER_NONE;
}

static void rule_number(struct checking *k)
{
	const char *s = record_get(k->r, F_NUMBER);
	unsigned faults;

	if (!s[0] || !number_checkable(k))
		return;
	faults = id_number_faults(s, k->c->today);
	if (faults & ID_NUMBER_FAULT_SHAPE)
		block(k, F_NUMBER, "document_shape", "JM-3 1.2.6",
		      _("身份证号码应为 18 位：17 位数字加 1 位校验码（数字或 X）"));
	else if (faults & ID_NUMBER_FAULT_DIGIT)
		block(k, F_NUMBER, "check_digit", "GB 11643-1999",
		      _("校验码不对，号码里有一位填错了，请与证件核对"));
	if (faults & ID_NUMBER_FAULT_BIRTH)
		block(k, F_NUMBER, "document_birth", "GB 11643-1999", _("号码第 7 至 14 位不是一个出生日期"));
	if (faults & ID_NUMBER_FAULT_REGION)
		block(k, F_NUMBER, "document_region", "GB 11643-1999", _("号码前两位不是任何省份的代码"));
}

static void rule_sex(struct checking *k)
{
	enum id_sex sex, in_number = id_number_sex(record_get(k->r, F_NUMBER));

	if (!has(k, F_SEX) || in_number == ID_SEX_UNKNOWN || !id_sex_from_name(record_get(k->r, F_SEX), &sex))
		return;
	if (sex != in_number)
		add(k, F_SEX, k->r->from_card ? SEVERITY_WARN : SEVERITY_BLOCK, "sex_number", "JM-3 1.2.6",
		    _("与身份证号码里的性别不一致，请核对号码第 17 位"));
}

static int age_of(const struct checking *k)
{
	date_t born = record_date(k->r, F_BIRTH);

	if (born == DATE_NONE && !id_number_birth(record_get(k->r, F_NUMBER), &born))
		return -1;
	return born > k->c->today ? -1 : date_years_between(born, k->c->today);
}

static void rule_birth(struct checking *k)
{
	const struct profile *p = k->c->profile;
	date_t in_number, born = record_date(k->r, F_BIRTH);
	bool female = strcmp(record_get(k->r, F_SEX), id_sex_name(ID_SEX_FEMALE)) == 0;
	int64_t min = profile_number(p, "limits.min_age", 16);
	int64_t max =
		profile_number(p, female ? "limits.max_age_female" : "limits.max_age_male", female ? 50 : 60);
	int age = age_of(k);
	char sentence[200];

	if (born != DATE_NONE && id_number_birth(record_get(k->r, F_NUMBER), &in_number) && born != in_number)
		add(k, F_BIRTH, k->r->from_card ? SEVERITY_WARN : SEVERITY_BLOCK, "birth_number",
		    "JM-3 1.2.6", _("与身份证号码里的出生日期不一致，请核对号码第 7 至 14 位"));
	if (born != DATE_NONE && born != DATE_LONG_TERM && born > k->c->today)
		block(k, F_BIRTH, "birth_future", "", _("出生日期在今天之后"));
	if (age < 0)
		return;
	if (age < min) {
		text_format(sentence, sizeof(sentence), _("未满 %d 周岁，不得招用（《禁止使用童工规定》）"),
			    (int)min);
		add(k, F_BIRTH, profile_severity(p, "under_age"), "under_age", "国务院令第364号", sentence);
	} else if (age >= max) {
		text_format(sentence, sizeof(sentence),
			    _("已满 %d 周岁，超过本地区施工现场用工年龄，请核对岗位和体检情况"), (int)max);
		add(k, F_BIRTH, profile_severity(p, "over_age"), "over_age", "", sentence);
	}
}

static void rule_validity(struct checking *k)
{
	date_t from = record_date(k->r, F_VALID_FROM), to = record_date(k->r, F_VALID_TO);

	if (from != DATE_NONE && from != DATE_LONG_TERM && from > k->c->today)
		warn(k, F_VALID_FROM, "validity", _("有效期从今天之后才开始，请与证件核对"));
	if (to == DATE_NONE)
		return;
	if (from != DATE_NONE && to < from)
		block(k, F_VALID_TO, "validity", "", _("有效期止日早于起日"));
	else if (to < k->c->today)
		add(k, F_VALID_TO, profile_severity(k->c->profile, "expired_card"), "expired_card", "",
		    _("证件已过有效期，请提醒本人换证"));
}

static void rule_contract(struct checking *k)
{
	date_t from = record_date(k->r, F_CONTRACT_FROM), to = record_date(k->r, F_CONTRACT_TO),
	       born = record_date(k->r, F_BIRTH);

	if (from != DATE_NONE && born != DATE_NONE && from != DATE_LONG_TERM && from <= born)
		block(k, F_CONTRACT_FROM, "contract_order", "", _("合同起始日早于出生日期"));
	if (to == DATE_NONE)
		return;
	if (from != DATE_NONE && to < from)
		block(k, F_CONTRACT_TO, "contract_order", "", _("合同终止日早于起始日"));
	else if (to < k->c->today)
		warn(k, F_CONTRACT_TO, "contract_over", _("合同终止日已过，请核对"));
	else if (k->c->completion != DATE_NONE && to < k->c->completion)
		add(k, F_CONTRACT_TO, profile_severity(k->c->profile, "contract_past_completion"), "contract_completion",
		    "SH-QA r1 基本信息 1",
		    _("合同终止日早于项目计划竣工日，到期前须续签"));
}

/* D3: temporary hands are paid day by day, at once. */
#define FORM_TEMPORARY "2" /* employment_forms */

static void rule_wage_kind(struct checking *k)
{
	if (has(k, F_WAGE_KIND) && strcmp(record_get(k->r, F_EMPLOYMENT_FORM), FORM_TEMPORARY) == 0 &&
	    strcmp(record_get(k->r, F_WAGE_KIND), WAGE_BY_DAY))
		add(k, F_WAGE_KIND, profile_severity(k->c->profile, "temporary_by_day"), "temporary_by_day", "SH-QA r4 11",
		    _("临时工按日结算，做一天清一天"));
}

static void rule_base_wage(struct checking *k)
{
	int64_t least = profile_number(k->c->profile, "limits.base_wage", 0), fen;
	const char *base = record_get(k->r, F_BASE_WAGE), *probation = record_get(k->r, F_PROBATION_WAGE);
	char sentence[200];

	if (!base[0] || !text_is_digits(base))
		return;
	fen = strtoll(base, NULL, 10);
	if (least && fen < least) {
		char since[DATE_TEXT];

		date_format(profile_since(k->c->profile, "limits.base_wage"), since);
		text_format(sentence, sizeof(sentence), _("低于本地区的基本工资基准 %lld 元（%s 起），请核对"), (long long)(least / 100), since);
		add(k, F_BASE_WAGE, SEVERITY_WARN, "base_wage", "SH-QA r4 11", sentence);
	}
	if (probation[0] && text_is_digits(probation) && strtoll(probation, NULL, 10) > fen)
		warn(k, F_PROBATION_WAGE, "probation_wage", _("试用期工资高于基本工资，请核对"));
}

static void rule_performance(struct checking *k)
{
	int64_t least = profile_number(k->c->profile, "limits.performance_times", 0);
	const char *times = record_get(k->r, F_PERFORMANCE_TIMES);
	char sentence[200];

	if (!times[0] || !text_is_digits(times) || strtoll(times, NULL, 10) >= least)
		return;
	text_format(sentence, sizeof(sentence), _("绩效工资一年至少发放 %lld 次（春季、秋季、春节）"), (long long)least);
	add(k, F_PERFORMANCE_TIMES, SEVERITY_BLOCK, "performance_times", "SH-QA r4 11", sentence);
}

static void rule_unit(struct checking *k)
{
	if (has(k, F_UNIT_PRICE) && !has(k, F_UNIT))
		block(k, F_UNIT, "unit", "JM-1 2.9", _("填了单价，请选计量单位"));
}

static void rule_role(struct checking *k)
{
	if (strcmp(record_get(k->r, F_ROLE), ROLE_CODE_MANAGER) == 0 && guard_managers_elsewhere(k->c->profile))
		block(k, F_ROLE, "managers_elsewhere", "SH-QA r1–r4", _("本地区的管理人员在另外的系统里登记，这里不登记"));
}

static void rule_training(struct checking *k)
{
	date_t on = record_date(k->r, F_TRAINED_ON);

	if (on == DATE_NONE)
		return;
	if (on > k->c->today)
		block(k, F_TRAINED_ON, "trained_future", "", _("培训日期在今天之后；请在培训完成后再填"));
	else if (k->c->today - on > profile_number(k->c->profile, "limits.training_days", 365))
		warn(k, F_TRAINED_ON, "training_lapsed", _("安全培训已超过有效期，进场前须重新培训"));
}

static void rule_phone(struct checking *k)
{
	const char *own = record_get(k->r, F_PHONE), *other = record_get(k->r, F_EMERGENCY_PHONE);

	if (own[0] && strcmp(own, other) == 0)
		warn(k, F_EMERGENCY_PHONE, "same_phone", _("与本人手机号码相同，出事时联系不到家属"));
}

static void rule_bank(struct checking *k)
{
	if (has(k, F_BANK_NUMBER) && strcmp(record_get(k->r, F_BANK_NUMBER), record_get(k->r, F_NUMBER)) == 0)
		block(k, F_BANK_NUMBER, "duplicate", "", _("填的是身份证号码，请填银行卡号"));
	if (has(k, F_BANK_NUMBER) && !has(k, F_BANK))
		warn(k, F_BANK, "bank_missing", _("填了卡号但没有选开户银行"));
}

static void rule_union_date(struct checking *k)
{
	date_t on = record_date(k->r, F_UNION_DATE), born = record_date(k->r, F_BIRTH);

	if (on == DATE_NONE)
		return;
	if (on > k->c->today || (born != DATE_NONE && on <= born))
		block(k, F_UNION_DATE, "union_date", "", _("入会日期应在出生之后、今天或以前"));
}

static void rule_emergency_name(struct checking *k)
{
	if (has(k, F_EMERGENCY_NAME) &&
	    strcmp(record_get(k->r, F_EMERGENCY_NAME), record_get(k->r, F_NAME)) == 0)
		warn(k, F_EMERGENCY_NAME, "same_name", _("紧急联系人与本人同名，请核对"));
}

static void rule_team(struct checking *k)
{
	const struct check_context *c = k->c;
	const char *company = record_get(k->r, F_COMPANY), *role = record_get(k->r, F_ROLE);
	const char *kind = c->team_kind ? c->team_kind : "";

	if (!has(k, F_TEAM) || !c->team_known)
		return;
	if (company[0] && c->team_company && c->team_company[0] && strcmp(company, c->team_company))
		block(k, F_TEAM, "team_company", "JM-1 2.6", _("这个班组不属于所选的参建单位"));
	/* National dictionary 岗位类型: 10 manager, 20 worker. */
	if (strcmp(role, "10") == 0 && strcmp(kind, "worker") == 0)
		warn(k, F_TEAM, "team_kind", _("管理人员一般编入管理班组，请核对岗位或班组"));
	if (strcmp(role, "20") == 0 && strcmp(kind, "management") == 0)
		block(k, F_TEAM, "team_kind", "JM-1 2.6.1", _("管理班组只收管理人员，请另选班组"));
}

/* A13: each trade or post belongs to one kind of people, as the table says. */
static void rule_trade(struct checking *k)
{
	const struct code *c = profile_code(k->c->profile, field_get(F_TRADE)->codes, record_get(k->r, F_TRADE));

	if (c && c->group[0] && has(k, F_ROLE) && strcmp(c->group, record_get(k->r, F_ROLE)))
		warn(k, F_TRADE, "trade_role", _("这个工种（岗位）不属于所选的人员类别，请核对其一"));
}

/* D5, SH-QA r2 人员项目分配 6: of several trades the main one is recorded; on every project the same. */
static void rule_main_trade(struct checking *k)
{
	const char *other = k->c->other_trade;
	const struct code *c = other ? profile_code(k->c->profile, field_get(F_TRADE)->codes, other) : NULL;
	char sentence[200];

	if (!c || !has(k, F_TRADE) || !strcmp(other, record_get(k->r, F_TRADE)) || !profile_flag(k->c->profile, "main_trade_one", false))
		return;
	text_format(sentence, sizeof(sentence), _("此人在另一个项目的工种是%s；几个工种的只填主要的一个，请核对"), c->name);
	warn(k, F_TRADE, "main_trade", sentence);
}

/* A10: guards, cooks, cleaners, buyers are the general contractor's people. */
static void rule_others(struct checking *k)
{
	if (strcmp(record_get(k->r, F_ROLE), "30") || !has(k, F_COMPANY) || !k->c->company_known)
		return;
	if (!k->c->company_general)
		add(k, F_COMPANY, profile_severity(k->c->profile, "others_by_general"), "others_by_general",
		    "SH-QA r2 基本信息 6", _("其他人员由总承包单位作为用人单位录入，请选总承包单位"));
}

static void rule_name(struct checking *k)
{
	if (!has(k, F_NAME) && has(k, F_NUMBER) && has(k, F_NAME_LATIN))
		warn(k, F_NAME, "name_latin_only", _("没有中文姓名，将以外文姓名显示和上传"));
}

static const struct {
	enum field_id field; /* where its findings stand */
	void (*check)(struct checking *k);
} rules[] = {
	{F_NUMBER, rule_number},
	{F_NAME, rule_name},
	{F_SEX, rule_sex},
	{F_BIRTH, rule_birth},
	{F_VALID_FROM, rule_validity},
	{F_TRADE, rule_trade},
	{F_TRADE, rule_main_trade},
	{F_COMPANY, rule_others},
	{F_TEAM, rule_team},
	{F_CONTRACT_FROM, rule_contract},
	{F_ROLE, rule_role},
	{F_UNIT, rule_unit},
	{F_WAGE_KIND, rule_wage_kind},
	{F_BASE_WAGE, rule_base_wage},
	{F_PERFORMANCE_TIMES, rule_performance},
	{F_BANK, rule_bank},
	{F_TRAINED_ON, rule_training},
	{F_EMERGENCY_NAME, rule_emergency_name},
	{F_EMERGENCY_PHONE, rule_phone},
	{F_UNION_DATE, rule_union_date},
};

static int by_form_order(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	return (int)y->severity - (int)x->severity;
}

void check_record(const struct check_context *c, const struct record *r, struct findings *out)
{
	struct checking k = {.c = c, .r = r, .out = out};

	out->n = 0;
	for (enum field_id f = 0; f < FIELD_COUNT; f++) {
		check_required(&k, f);
		check_kind(&k, f);
	}
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		rules[i].check(&k);
	qsort(out->item, out->n, sizeof(out->item[0]), by_form_order);
}

void check_refuse(struct findings *f, enum field_id field, const char *rule, const char *source,
		  const char *sentence)
{
	struct checking k = {.out = f};

	if (f->n == ARRAY_LEN(f->item))
		f->n--; /* a warning of the last field gives way */
	block(&k, field, rule, source, sentence);
	qsort(f->item, f->n, sizeof(f->item[0]), by_form_order);
}

void check_warn(struct findings *f, enum field_id field, const char *rule, const char *sentence)
{
	struct checking k = {.out = f};

	warn(&k, field, rule, sentence);
	qsort(f->item, f->n, sizeof(f->item[0]), by_form_order);
}

bool check_blocks(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->item[i].severity == SEVERITY_BLOCK)
			return true;
	return false;
}
