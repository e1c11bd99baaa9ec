/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/field.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/*
 * Wire names: ProjectWorker.Add and WorkerContract.Add of the national data standard (workerName … expiryDate; contractPeriodType …
 * endDate). Names that the standard lacks and our native dialect needs (nameLatin, gender, birthday, permitNumber, employmentForm,
 * payRollType, wage, baseWage, probationWage, performanceTimes, trainedOn, localAddress, nationality) are ours, in the same manner.
 */
#define FIELD(i, n, w, l, h, k, g, f, m, c)                                                                  \
	[i] = {.id = i, .name = n, .wire = w, .label = l, .help = h, .kind = k, .group = g, .flags = f,      \
	       .max_chars = m, .codes = c}
#define CARD FIELD_FROM_CARD
#define SEALED FIELD_SEALED
#define MASKED FIELD_MASKED
#define CARRIED FIELD_CARRIED

static const struct field fields[FIELD_COUNT] = {
	/* --- identity: as the card says --- */
	FIELD(F_DOC_TYPE, "doc_type", "idCardType", N_("证件类型"), N_("证件的种类，例如：居民身份证"), FIELD_CODE,
	      GROUP_IDENTITY, CARD, 8, "document_types"),
	FIELD(F_NUMBER, "number", "idCardNumber", N_("证件号码"),
	      N_("居民身份证 18 位，末位可以是 X；其他证件按证面填写"), FIELD_DOCUMENT, GROUP_IDENTITY,
	      CARD | SEALED | MASKED, 30, NULL),
	FIELD(F_NAME, "name", "workerName", N_("姓名"), N_("与证件一致；少数民族姓名中间用“·”"), FIELD_NAME,
	      GROUP_IDENTITY, CARD, 50, NULL),
	FIELD(F_NAME_LATIN, "name_latin", "nameLatin", N_("外文姓名"), N_("与证件一致的拉丁字母姓名，没有则不填"),
	      FIELD_NAME, GROUP_IDENTITY, CARD | SEALED, 60, NULL),
	FIELD(F_SEX, "sex", "gender", N_("性别"), N_("与证件一致"), FIELD_CODE, GROUP_IDENTITY, CARD | SEALED, 8,
	      "sex"),
	FIELD(F_NATION, "nation", "nation", N_("民族"), N_("与证件一致，例如：汉族"), FIELD_CODE, GROUP_IDENTITY,
	      CARD | SEALED, 16, "nations"),
	FIELD(F_BIRTH, "birth", "birthday", N_("出生日期"), N_("例如 1990-03-07"), FIELD_DATE, GROUP_IDENTITY,
	      CARD | SEALED, 10, NULL),
	FIELD(F_ADDRESS, "address", "address", N_("证件住址"), N_("证件上印的住址"), FIELD_TEXT, GROUP_IDENTITY,
	      CARD | SEALED | MASKED, 100, NULL),
	FIELD(F_AUTHORITY, "authority", "grantOrg", N_("签发机关"), N_("证件上印的签发机关"), FIELD_TEXT,
	      GROUP_IDENTITY, CARD | SEALED, 60, NULL),
	FIELD(F_VALID_FROM, "valid_from", "startDate", N_("有效期自"), N_("证件有效期的第一天，例如 2017-04-09"), FIELD_DATE,
	      GROUP_IDENTITY, CARD | SEALED, 10, NULL),
	FIELD(F_VALID_TO, "valid_to", "expiryDate", N_("有效期至"), N_("证件有效期的最后一天，例如 2037-04-09，或“长期”"),
	      FIELD_DATE, GROUP_IDENTITY, CARD | SEALED, 10, "long-term"),
	FIELD(F_NATIONALITY, "nationality", "nationality", N_("国籍"), N_("三位字母的国家或地区代码，中国不必填"),
	      FIELD_CODE, GROUP_IDENTITY, CARD | SEALED, 3, "nationalities"),
	FIELD(F_PERMIT_NUMBER, "permit_number", "permitNumber", N_("通行证号码"), N_("港澳台居民居住证背面的通行证号码"),
	      FIELD_TEXT, GROUP_IDENTITY, CARD | SEALED | MASKED, 9, NULL),
	FIELD(F_TIMES_ISSUED, "times_issued", NULL, N_("签发次数"), N_("证件上的签发次数，两位数字"), FIELD_DIGITS,
	      GROUP_IDENTITY, CARD | SEALED, 2, NULL),

	/* --- work --- */
	FIELD(F_PHONE, "phone", "cellPhone", N_("手机号码"), N_("11 位手机号；没有手机可填带区号的固定电话"), FIELD_PHONE,
	      GROUP_WORK, SEALED | MASKED, 20, NULL),
	FIELD(F_ROLE, "role", "workRole", N_("人员类别"), N_("建筑工人、管理人员或其他人员"), FIELD_CODE, GROUP_WORK,
	      CARRIED, 8, "worker_roles"),
	FIELD(F_TRADE, "trade", "workType", N_("工种（岗位）"), N_("例如：钢筋工；管理人员选岗位，例如：劳资专管员"),
	      FIELD_CODE, GROUP_WORK, CARRIED, 8, "trades"),
	FIELD(F_COMPANY, "company", "corpCode", N_("所属单位"), N_("在本项目参建单位中选择用工单位"), FIELD_COMPANY,
	      GROUP_WORK, CARRIED, 36, NULL),
	FIELD(F_TEAM, "team", "team", N_("班组"), N_("在该单位的班组中选择"), FIELD_TEAM, GROUP_WORK, CARRIED, 36, NULL),
	FIELD(F_LEADER, "leader", "isTeamLeader", N_("是否班组长"), N_("是或否"), FIELD_YES_NO, GROUP_WORK, 0, 1, NULL),

	/* --- contract and wage --- */
	FIELD(F_CONTRACT_KIND, "contract_kind", "contractPeriodType", N_("合同类型"),
	      N_("固定期限、以完成一定工作为期限，或用工书面协议"), FIELD_CODE, GROUP_CONTRACT, CARRIED, 8,
	      "contract_kinds"),
	FIELD(F_CONTRACT_FROM, "contract_from", "startDate", N_("合同起始"), N_("合同生效的第一天，例如 2026-11-20"),
	      FIELD_DATE, GROUP_CONTRACT, CARRIED, 10, NULL),
	FIELD(F_CONTRACT_TO, "contract_to", "endDate", N_("合同终止"), N_("合同最后一天，一般不早于项目竣工"), FIELD_DATE,
	      GROUP_CONTRACT, CARRIED, 10, NULL),
	FIELD(F_EMPLOYMENT_FORM, "employment_form", "employmentForm", N_("用工形式"), N_("临时或非临时"), FIELD_CODE,
	      GROUP_CONTRACT, CARRIED, 8, "employment_forms"),
	FIELD(F_UNIT, "unit", "unit", N_("计量单位"), N_("按量计酬时的单位，例如：平方米"), FIELD_CODE, GROUP_CONTRACT,
	      SEALED | CARRIED, 8, "contract_units"),
	FIELD(F_UNIT_PRICE, "unit_price", "unitPrice", N_("计量单价"), N_("每一单位的元数，最多两位小数，例如 45.50"),
	      FIELD_MONEY, GROUP_CONTRACT, SEALED | MASKED | CARRIED, 12, NULL),
	FIELD(F_WAGE_KIND, "wage_kind", "payRollType", N_("计酬方式"), N_("工资怎么算；F4 列出本地区的几种"), FIELD_CODE,
	      GROUP_CONTRACT, CARRIED, 8, "wage_kinds"),
	FIELD(F_WAGE, "wage", "wage", N_("工资标准"), N_("元，最多两位小数，例如 380 或 6500.50"), FIELD_MONEY,
	      GROUP_CONTRACT, SEALED | MASKED | CARRIED, 12, NULL),
	FIELD(F_BASE_WAGE, "base_wage", "baseWage", N_("基本工资"), N_("每月的基本工资，元，例如 4500"), FIELD_MONEY,
	      GROUP_CONTRACT, SEALED | MASKED | CARRIED, 12, NULL),
	FIELD(F_PROBATION_WAGE, "probation_wage", "probationWage", N_("试用期工资"), N_("试用期内每月的工资，元；没有试用期填基本工资"),
	      FIELD_MONEY, GROUP_CONTRACT, SEALED | MASKED | CARRIED, 12, NULL),
	FIELD(F_PERFORMANCE_TIMES, "performance_times", "performanceTimes", N_("绩效发放次数"),
	      N_("绩效工资一年发放几次，例如春季、秋季、春节共 3 次"), FIELD_DIGITS, GROUP_CONTRACT, SEALED | CARRIED, 2, NULL),
	FIELD(F_BANK, "bank", "payRollTopBankCode", N_("工资卡开户行"), N_("发放工资的银行，列表中没有则选“其他”"),
	      FIELD_CODE, GROUP_CONTRACT, SEALED | CARRIED, 8, "banks"),
	FIELD(F_BANK_NUMBER, "bank_number", "payRollBankCardNumber", N_("工资卡号"), N_("12 到 21 位数字"),
	      FIELD_BANK_CARD, GROUP_CONTRACT, SEALED | MASKED, 21, NULL),
	FIELD(F_TRAINED_ON, "trained_on", "trainedOn", N_("安全培训日期"), N_("完成基本安全培训的日期，例如 2026-11-20"),
	      FIELD_DATE, GROUP_CONTRACT, SEALED | CARRIED, 10, NULL),

	/* --- personal --- */
	FIELD(F_EDUCATION, "education", "cultureLevelType", N_("文化程度"), N_("例如：初中"), FIELD_CODE, GROUP_PERSONAL,
	      SEALED, 8, "education"),
	FIELD(F_POLITICS, "politics", "politicsType", N_("政治面貌"), N_("例如：群众"), FIELD_CODE, GROUP_PERSONAL,
	      SEALED, 8, "politics"),
	FIELD(F_MARITAL, "marital", "maritalStatus", N_("婚姻状况"), N_("例如：已婚"), FIELD_CODE, GROUP_PERSONAL, SEALED, 8,
	      "marital"),
	FIELD(F_NATIVE_PLACE, "native_place", "nativePlace", N_("籍贯"), N_("省和市县，例如：四川省达州市"), FIELD_TEXT,
	      GROUP_PERSONAL, SEALED, 60, NULL),
	FIELD(F_USUAL_ADDRESS, "usual_address", "usualAddress", N_("常住地址"), N_("平时居住的地方，与证件住址相同则不填"),
	      FIELD_TEXT, GROUP_PERSONAL, SEALED | MASKED, 100, NULL),
	FIELD(F_LOCAL_ADDRESS, "local_address", "localAddress", N_("现住址"), N_("在本地的住处，例如工地宿舍"), FIELD_TEXT,
	      GROUP_PERSONAL, SEALED | MASKED, 100, NULL),
	FIELD(F_EMERGENCY_NAME, "emergency_name", "urgentLinkMan", N_("紧急联系人"), N_("联系人姓名"), FIELD_NAME,
	      GROUP_PERSONAL, SEALED, 50, NULL),
	FIELD(F_EMERGENCY_PHONE, "emergency_phone", "urgentLinkManPhone", N_("紧急联系电话"),
	      N_("11 位手机号，或带区号的固定电话"), FIELD_PHONE, GROUP_PERSONAL, SEALED | MASKED, 20, NULL),
	FIELD(F_UNION_DATE, "union_date", "joinedTime", N_("加入工会日期"), N_("没有加入则不填"), FIELD_DATE,
	      GROUP_PERSONAL, SEALED, 10, NULL),
	FIELD(F_MEDICAL, "medical", "hasBadMedicalHistory", N_("有无重大病史"), N_("是：有；否：无"), FIELD_YES_NO,
	      GROUP_PERSONAL, SEALED, 1, NULL),
	FIELD(F_INSURANCE, "insurance", "hasBuyInsurance", N_("是否购买工伤或意外险"), N_("是或否"), FIELD_YES_NO,
	      GROUP_PERSONAL, SEALED | CARRIED, 1, NULL),
};

const struct field *field_get(enum field_id id)
{
	return (unsigned)id < FIELD_COUNT ? &fields[id] : NULL;
}

const struct field *field_by_name(const char *name)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

/* Which operation carries a field: the person's own facts, or those of the employment and assignment. */
static bool carried_by(const struct field *f, bool person)
{
	bool of_person = f->group == GROUP_IDENTITY || f->group == GROUP_PERSONAL || f->id == F_PHONE;

	if (f->id == F_INSURANCE)
		of_person = false;
	return of_person == person;
}

const struct field *field_by_wire(const char *operation, const char *wire)
{
	bool person = strncmp(operation, "person.", strlen("person.")) == 0;

	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (fields[i].wire && strcmp(fields[i].wire, wire) == 0 && carried_by(&fields[i], person))
			return &fields[i];
	return NULL;
}
