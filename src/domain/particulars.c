/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/particulars.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "domain/credit_code.h"
#include "domain/phone.h"

#define NEEDED PARTICULAR_NEEDED
#define FIXED PARTICULAR_FIXED
#define MASKED PARTICULAR_MASKED
#define CLEAR PARTICULAR_CLEAR

/* JM-1 2.4.1 企业信息维护; corpCode … as in the national data standard (STD Company.Add). */
static const struct particular company[] = {
	{"credit_code", "corpCode", N_("统一信用代码"), N_("18 位，营业执照上的统一社会信用代码"), N_("企业登记"), PARTICULAR_CREDIT, 18,
	 NEEDED | FIXED | CLEAR, NULL},
	{"name", "corpName", N_("单位名称"), N_("与营业执照一致的全称"), NULL, PARTICULAR_TEXT, 80, NEEDED | CLEAR, NULL},
	{"short_name", "corpShortName", N_("简称"), N_("列表里显示的短名"), NULL, PARTICULAR_TEXT, 20, CLEAR, NULL},
	{"area_code", "areaCode", N_("注册地区"), N_("六位行政区划代码"), NULL, PARTICULAR_AREA, 6, CLEAR, NULL},
	{"registered_on", "registerDate", N_("注册日期"), N_("例如 2010-05-18"), NULL, PARTICULAR_DATE, 10, CLEAR, NULL},
	{"founded_on", NULL, N_("成立日期"), N_("例如 2009-11-02"), NULL, PARTICULAR_DATE, 10, 0, NULL},
	{"nature", NULL, N_("单位性质"), N_("例如：有限责任公司"), NULL, PARTICULAR_TEXT, 30, 0, NULL},
	{"business_number", NULL, N_("工商注册号"), N_("旧的工商营业执照注册号，没有可不填"), NULL, PARTICULAR_NUMBER, 30, 0, NULL},
	{"capital", NULL, N_("注册资本（万元）"), N_("例如 5000 或 1200.5"), N_("资本"), PARTICULAR_AMOUNT, 20, 0, NULL},
	{"currency", NULL, N_("资本币种"), N_("例如：人民币元"), NULL, PARTICULAR_TEXT, 20, 0, NULL},
	{"paid_capital", NULL, N_("实收资本（万元）"), N_("例如 5000"), NULL, PARTICULAR_AMOUNT, 20, 0, NULL},
	{"legal_representative", NULL, N_("法定代表人"), N_("姓名"), N_("联系"), PARTICULAR_NAME, 50, 0, NULL},
	{"office_phone", NULL, N_("办公电话"), N_("手机号，或带区号的固定电话"), NULL, PARTICULAR_PHONE, 20, 0, NULL},
	{"fax", NULL, N_("传真号码"), N_("带区号的电话"), NULL, PARTICULAR_PHONE, 20, 0, NULL},
	{"email", NULL, N_("企业邮箱"), N_("例如 office@example.com"), NULL, PARTICULAR_EMAIL, 80, 0, NULL},
	{"postcode", NULL, N_("邮政编码"), N_("六位数字"), NULL, PARTICULAR_AREA, 6, 0, NULL},
	{"address", NULL, N_("营业地址"), N_("企业营业地址"), NULL, PARTICULAR_TEXT, 100, 0, NULL},
	{"on_platform_since", NULL, N_("已登录平台"), N_("该单位登录过实名制平台的日期；劳务单位登录过才能申请班组关联"), NULL, PARTICULAR_DATE, 10, CLEAR,
	 NULL},
};

/* JM-1 2.5.1, 2.5.2; pmName … as in STD ProjectSubContractor.Add. */
static const struct particular participant[] = {
	{"credit_code", "corpCode", N_("统一信用代码"), N_("企业库里的单位"), N_("参建"), PARTICULAR_CREDIT, 18, NEEDED | FIXED | CLEAR, NULL},
	{"company", "corpName", N_("单位名称"), N_("企业库里的单位"), NULL, PARTICULAR_TEXT, 80, FIXED | CLEAR, NULL},
	{"type", "corpType", N_("参建类型"), N_("在本项目中是总承包、劳务分包……"), NULL, PARTICULAR_CODE, 30, NEEDED | FIXED | CLEAR,
	 "participant_types"},
	{"manager_name", "pmName", N_("项目经理"), N_("该单位在本项目的负责人"), N_("项目经理"), PARTICULAR_NAME, 50, CLEAR, NULL},
	{"manager_doc_type", "pmIdCardType", N_("证件类型"), N_("项目经理的证件"), NULL, PARTICULAR_CODE, 30, 0, "document_types"},
	{"manager_document", "pmIdCardNumber", N_("证件号码"), N_("项目经理的证件号码"), NULL, PARTICULAR_DOCUMENT, 30, MASKED, NULL},
	{"manager_phone", "pmPhone", N_("项目经理电话"), N_("11 位手机号"), NULL, PARTICULAR_PHONE, 20, MASKED, NULL},
};

/* JM-1 2.1 and 2.3, JM-N 二(一), SH-QA r4 信息 1, NJ 5-8, CD 3.2.3. */
static const struct particular project[] = {
	{"name", NULL, N_("项目名称"), N_("与施工许可证或安监备案一致的全称"), N_("项目"), PARTICULAR_TEXT, 80, NEEDED | CLEAR, NULL},
	{"contract_name", NULL, N_("合同名称"), N_("施工合同上的工程名称；没有合同时可不填，以报建名称代替"), NULL, PARTICULAR_TEXT, 80, 0, NULL},
	{"reported_name", NULL, N_("报建名称"), N_("报建时的工程名称"), NULL, PARTICULAR_TEXT, 80, 0, NULL},
	{"kind", NULL, N_("工程类型"), N_("房建、市政、轨道交通……"), NULL, PARTICULAR_CODE, 20, 0, "project_kinds"},
	{"permit", NULL, N_("施工许可证"), N_("许可证编号"), NULL, PARTICULAR_NUMBER, 40, 0, NULL},
	{"starts_on", NULL, N_("实际开工"), N_("实名制自这一天起；例如 2026-03-01"), NULL, PARTICULAR_DATE, 10, 0, NULL},
	{"filed_on", NULL, N_("备案日期"), N_("施工许可或合同备案的日期；岗位考勤的缓冲期从次日起"), NULL, PARTICULAR_DATE, 10, 0, NULL},
	{"supervised_on", NULL, N_("安监站开工"), N_("安监站登记的开工日期，没有可不填；有的从这一天算，不从备案算"), NULL, PARTICULAR_DATE, 10, 0, NULL},
	{"completes_on", NULL, N_("计划竣工"), N_("劳动合同的终止日期应不早于这一天"), NULL, PARTICULAR_DATE, 10, CLEAR, NULL},
	{"area", NULL, N_("建筑面积（㎡）"), N_("例如 32000"), NULL, PARTICULAR_AMOUNT, 20, 0, NULL},
	{"cost", NULL, N_("工程造价（万元）"), N_("例如 8600"), NULL, PARTICULAR_AMOUNT, 20, 0, NULL},
	{"standing", NULL, N_("施工企业"), N_("本地、外地，或市场禁入、重点监管"), NULL, PARTICULAR_CODE, 20, 0, "firm_standings"},
	{"address", NULL, N_("项目地址"), N_("工地所在的地址"), N_("场所"), PARTICULAR_TEXT, 100, 0, NULL},
	{"position", NULL, N_("经纬度"), N_("经度,纬度，例如 113.0823,22.5790"), NULL, PARTICULAR_POSITION, 40, 0, NULL},
	{"place_code", NULL, N_("场所码"), N_("场所码 ID"), NULL, PARTICULAR_NUMBER, 40, 0, NULL},
	{"place_name", NULL, N_("场所名称"), N_("场所码的名称"), NULL, PARTICULAR_TEXT, 60, 0, NULL},
	{"place_admin", NULL, N_("场所管理员"), N_("姓名"), NULL, PARTICULAR_NAME, 50, 0, NULL},
	{"place_phone", NULL, N_("管理员手机"), N_("11 位手机号"), NULL, PARTICULAR_PHONE, 20, MASKED, NULL},
	{"code", "projectCode", N_("项目编码"), N_("平台给的项目编码"), N_("编号"), PARTICULAR_NUMBER, 60, CLEAR, NULL},
	{"realname_code", NULL, N_("实名制编号"), N_("平台给的实名制编号"), NULL, PARTICULAR_NUMBER, 60, CLEAR, NULL},
	{"levy_code", NULL, N_("征管编号"), N_("实名制合同的征管编号；一个征管编号只关联一个项目"), NULL, PARTICULAR_NUMBER, 60, CLEAR, NULL},
	{"contract_code", NULL, N_("合同编码"), N_("实名制合同的编码"), NULL, PARTICULAR_NUMBER, 60, CLEAR, NULL},
	{"attendance_contract", NULL, N_("考勤合同编码"), N_("考勤申请时关联的合同；应与实名制合同是同一份"), NULL, PARTICULAR_NUMBER, 60, 0, NULL},
	{"supervisor_code", NULL, N_("监理考勤工程"), N_("关联的监理方考勤工程编号；双方都申请考勤后关联"), NULL, PARTICULAR_NUMBER, 60, 0, NULL},
	{"supervisor_project", NULL, N_("监理所属项目"), N_("监理方考勤工程所属的项目编码；应与本项目一致"), NULL, PARTICULAR_NUMBER, 60, 0, NULL},
	{"province_manager", NULL, N_("省厅项目经理"), N_("省厅合同归集平台上的项目经理姓名"), NULL, PARTICULAR_NAME, 50, 0, NULL},
	{"platform_account", NULL, N_("项目账号"), N_("平台给本项目的账号名"), NULL, PARTICULAR_TEXT, 60, 0, NULL},
};

/* JM-1 2.1 项目申报, JM-5 2.2. */
static const struct particular application[] = {
	{"name", NULL, N_("项目名称"), N_("申报的项目名称"), N_("项目申报"), PARTICULAR_TEXT, 80, NEEDED | CLEAR, NULL},
	{"supplier", NULL, N_("供应商"), N_("考勤设备或平台的供应商名称"), NULL, PARTICULAR_TEXT, 80, NEEDED, NULL},
	{"kind", NULL, N_("工程类型"), N_("房建、市政、轨道交通……"), NULL, PARTICULAR_CODE, 20, NEEDED, "project_kinds"},
	{"status", NULL, N_("项目状态"), N_("筹备、在建……"), NULL, PARTICULAR_CODE, 20, NEEDED, "project_states"},
	{"permit", NULL, N_("施工许可证"), N_("许可证编号，没有可不填"), NULL, PARTICULAR_NUMBER, 40, 0, NULL},
	{"address", NULL, N_("项目地址"), N_("工地所在的地址"), NULL, PARTICULAR_TEXT, 100, NEEDED, NULL},
	{"applicant", NULL, N_("申请人"), N_("姓名"), N_("申请人"), PARTICULAR_NAME, 50, NEEDED, NULL},
	{"mobile", NULL, N_("申请人手机"), N_("11 位手机号"), NULL, PARTICULAR_PHONE, 20, NEEDED | MASKED, NULL},
	{"email", NULL, N_("申请人邮箱"), N_("审核结果发到这个邮箱"), NULL, PARTICULAR_EMAIL, 80, NEEDED | MASKED, NULL},
	{"account", NULL, N_("所得账号"), N_("审核通过后平台给的账号名"), N_("结果"), PARTICULAR_TEXT, 60, 0, NULL},
	{"answer", NULL, N_("审核意见"), N_("不通过的原因等"), NULL, PARTICULAR_TEXT, 120, 0, NULL},
};

static const struct {
	const char *name;
	const struct particular *rows;
	size_t n;
} sheets[SHEET_OF_COUNT] = {
	[SHEET_COMPANY] = {"company", company, ARRAY_LEN(company)},
	[SHEET_PARTICIPANT] = {"participant", participant, ARRAY_LEN(participant)},
	[SHEET_PROJECT] = {"project", project, ARRAY_LEN(project)},
	[SHEET_APPLICATION] = {"application", application, ARRAY_LEN(application)},
};
_Static_assert(ARRAY_LEN(project) <= PARTICULARS_MAX && ARRAY_LEN(company) <= PARTICULARS_MAX, "room for every row");

const char *sheet_of_name(enum sheet_of s)
{
	return (unsigned)s < SHEET_OF_COUNT ? sheets[s].name : "";
}

size_t particulars_rows(enum sheet_of s, const struct particular **rows)
{
	if ((unsigned)s >= SHEET_OF_COUNT)
		return 0;
	*rows = sheets[s].rows;
	return sheets[s].n;
}

int particulars_index(enum sheet_of s, const char *name)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(s, &rows);

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return (int)i;
	return -1;
}

const char *particulars_get(const struct particulars *p, const char *name)
{
	int i = particulars_index(p->sheet, name);

	return i < 0 ? "" : p->value[i];
}

void particulars_set(struct particulars *p, const char *name, const char *canonical)
{
	int i = particulars_index(p->sheet, name);

	if (i >= 0)
		text_copy(p->value[i], sizeof(p->value[i]), canonical);
}

/* --- what was typed ------------------------------------------------------------------------------------ */

static void drop_blanks(char *s)
{
	char *to = s;

	for (; *s; s++)
		if (*s != ' ' && *s != '\t')
			*to++ = *s;
	*to = '\0';
}

static bool as_number(char *s)
{
	drop_blanks(s);
	for (const char *c = s; *c; c++)
		if ((unsigned char)*c < 0x80 && !isalnum((unsigned char)*c) && !strchr("-_.()[]/", *c))
			return false;
	return true;
}

static bool as_amount(char *s)
{
	size_t whole, dot;

	drop_blanks(s);
	whole = strspn(s, "0123456789");
	dot = s[whole] == '.' ? strspn(s + whole + 1, "0123456789") : 0;
	if (!whole || whole > 12 || dot > 4 || s[whole + (s[whole] == '.') + dot] || (s[whole] == '.' && !dot))
		return false;
	return true;
}

static bool as_date(char *s)
{
	date_t d;

	if (!date_parse(s, &d) || d == DATE_LONG_TERM)
		return false;
	date_format(d, s);
	return true;
}

static bool as_phone(char *s)
{
	return phone_normalise(s, s);
}

static bool as_email(char *s)
{
	const char *at = strchr(s, '@');

	return at && at != s && strchr(at, '.') && !strchr(at + 1, '@') && !strpbrk(s, " \t,;");
}

static bool as_area(char *s)
{
	drop_blanks(s);
	return strlen(s) == 6 && text_is_digits(s);
}

static bool as_credit(char *s)
{
	return credit_code_normalise(s, s) && credit_code_valid(s);
}

static bool as_document(char *s)
{
	drop_blanks(s);
	for (char *c = s; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return as_number(s);
}

static bool degrees(const char **s, double most)
{
	char *end;
	double v = strtod(*s, &end);
	bool some = end != *s && v >= -most && v <= most;

	*s = end;
	return some;
}

static bool as_position(char *s)
{
	const char *at = s;

	drop_blanks(s);
	return degrees(&at, 180) && *at++ == ',' && degrees(&at, 90) && !*at;
}

static bool as_name(char *s)
{
	return !strpbrk(s, "0123456789@");
}

static bool as_yes_no(char *s)
{
	return strcmp(s, "0") == 0 || strcmp(s, "1") == 0;
}

static bool (*const normal[])(char *s) = {
	[PARTICULAR_NAME] = as_name,         [PARTICULAR_NUMBER] = as_number, [PARTICULAR_AMOUNT] = as_amount,
	[PARTICULAR_DATE] = as_date,         [PARTICULAR_PHONE] = as_phone,   [PARTICULAR_EMAIL] = as_email,
	[PARTICULAR_AREA] = as_area,         [PARTICULAR_CREDIT] = as_credit, [PARTICULAR_DOCUMENT] = as_document,
	[PARTICULAR_POSITION] = as_position, [PARTICULAR_YES_NO] = as_yes_no,
};

bool particular_normalise(const struct particular *row, const char *typed, char out[PARTICULAR_TEXT_MAX])
{
	char before[PARTICULAR_TEXT_MAX];
	bool fits;

	if (!text_copy(out, PARTICULAR_TEXT_MAX, typed))
		return false;
	if (row->kind != PARTICULAR_TEXT && row->kind != PARTICULAR_NAME)
		text_narrow(out);
	text_trim(out);
	if (!out[0])
		return true;
	text_copy(before, sizeof(before), out);
	fits = text_chars(out) <= row->max_chars && ((size_t)row->kind >= ARRAY_LEN(normal) || !normal[row->kind] || normal[row->kind](out));
	if (!fits)
		text_copy(out, PARTICULAR_TEXT_MAX, before);
	wipe(before, sizeof(before));
	return fits;
}

void particular_show(const struct particular *row, const char *canonical, char *out, size_t size)
{
	if (!(row->flags & PARTICULAR_MASKED) || !canonical[0])
		text_copy(out, size, canonical);
	else if (row->kind == PARTICULAR_PHONE)
		text_mask(out, size, canonical, 3, 4);
	else if (row->kind == PARTICULAR_EMAIL)
		text_mask(out, size, canonical, 1, strlen(strchr(canonical, '@') ? strchr(canonical, '@') : ""));
	else
		text_mask(out, size, canonical, 0, 4);
}
