/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "domain/id_number.h"
#include "domain/phone.h"

#define CELL_MAX 4200
#define SITE_MOST 2000
#define EXACT 15 /* digits that a spreadsheet's number keeps */

/* --- headings ----------------------------------------------------------------------------------------- */

/* As people's sheets and the platforms' templates head their columns, beside the fields' own labels and
 * names; compared without blanks, stars and brackets. */
static const struct {
	const char *heading;
	int field;
} synonyms[] = {
	{"序号", COLUMN_IGNORED},
	{"编号", COLUMN_IGNORED},
	{"退回原因", COLUMN_IGNORED},
	{"错误原因", COLUMN_IGNORED},
	{"失败原因", COLUMN_IGNORED},
	{"人员姓名", F_NAME},
	{"工人姓名", F_NAME},
	{"员工姓名", F_NAME},
	{"名字", F_NAME},
	{"姓 名", F_NAME},
	{"身份证号", F_NUMBER},
	{"身份证号码", F_NUMBER},
	{"身份证", F_NUMBER},
	{"证件号", F_NUMBER},
	{"公民身份号码", F_NUMBER},
	{"居民身份证号", F_NUMBER},
	{"居民身份证号码", F_NUMBER},
	{"证照号码", F_NUMBER},
	{"idcard", F_NUMBER},
	{"idcardnumber", F_NUMBER},
	{"证件种类", F_DOC_TYPE},
	{"身份证件类型", F_DOC_TYPE},
	{"证照类型", F_DOC_TYPE},
	{"手机", F_PHONE},
	{"手机号", F_PHONE},
	{"电话", F_PHONE},
	{"联系电话", F_PHONE},
	{"联系方式", F_PHONE},
	{"电话号码", F_PHONE},
	{"移动电话", F_PHONE},
	{"本人电话", F_PHONE},
	{"cellphone", F_PHONE},
	{"性 别", F_SEX},
	{"名族", F_NATION},
	{"出生年月日", F_BIRTH},
	{"出生年月", F_BIRTH},
	{"生日", F_BIRTH},
	{"住址", F_ADDRESS},
	{"家庭住址", F_ADDRESS},
	{"家庭地址", F_ADDRESS},
	{"户籍地址", F_ADDRESS},
	{"身份证地址", F_ADDRESS},
	{"身份证住址", F_ADDRESS},
	{"证件地址", F_ADDRESS},
	{"户籍住址", F_ADDRESS},
	{"地址", F_ADDRESS},
	{"发证机关", F_AUTHORITY},
	{"签证机关", F_AUTHORITY},
	{"颁发机关", F_AUTHORITY},
	{"证件有效期起", F_VALID_FROM},
	{"证件有效期开始", F_VALID_FROM},
	{"有效期起", F_VALID_FROM},
	{"有效期开始日期", F_VALID_FROM},
	{"证件开始日期", F_VALID_FROM},
	{"证件有效期止", F_VALID_TO},
	{"证件有效期结束", F_VALID_TO},
	{"有效期止", F_VALID_TO},
	{"有效期结束日期", F_VALID_TO},
	{"证件结束日期", F_VALID_TO},
	{"身份证有效期", F_VALID_TO},
	{"有效期", F_VALID_TO},
	{"人员类型", F_ROLE},
	{"岗位类型", F_ROLE},
	{"工人类型", F_ROLE},
	{"工人类别", F_ROLE},
	{"人员性质", F_ROLE},
	{"工种", F_TRADE},
	{"工种/岗位", F_TRADE},
	{"岗位", F_TRADE},
	{"岗位/工种", F_TRADE},
	{"当前工种", F_TRADE},
	{"职务", F_TRADE},
	{"单位", F_COMPANY},
	{"用工单位", F_COMPANY},
	{"用工企业", F_COMPANY},
	{"所属企业", F_COMPANY},
	{"企业名称", F_COMPANY},
	{"单位名称", F_COMPANY},
	{"所在企业", F_COMPANY},
	{"所在单位", F_COMPANY},
	{"参建单位", F_COMPANY},
	{"劳务公司", F_COMPANY},
	{"公司", F_COMPANY},
	{"统一社会信用代码", F_COMPANY},
	{"社会信用代码", F_COMPANY},
	{"所属公司", F_COMPANY},
	{"所属班组", F_TEAM},
	{"班组名称", F_TEAM},
	{"所在班组", F_TEAM},
	{"班 组", F_TEAM},
	{"班组长", F_LEADER},
	{"是否为班组长", F_LEADER},
	{"是否组长", F_LEADER},
	{"是否队长", F_LEADER},
	{"合同期限类型", F_CONTRACT_KIND},
	{"劳动合同类型", F_CONTRACT_KIND},
	{"合同种类", F_CONTRACT_KIND},
	{"合同开始日期", F_CONTRACT_FROM},
	{"合同起始日期", F_CONTRACT_FROM},
	{"合同开始时间", F_CONTRACT_FROM},
	{"合同开始", F_CONTRACT_FROM},
	{"合同生效日期", F_CONTRACT_FROM},
	{"合同结束日期", F_CONTRACT_TO},
	{"合同终止日期", F_CONTRACT_TO},
	{"合同结束时间", F_CONTRACT_TO},
	{"合同结束", F_CONTRACT_TO},
	{"合同失效日期", F_CONTRACT_TO},
	{"合同到期日期", F_CONTRACT_TO},
	{"用工类型", F_EMPLOYMENT_FORM},
	{"用工性质", F_EMPLOYMENT_FORM},
	{"工资计算方式", F_WAGE_KIND},
	{"计薪方式", F_WAGE_KIND},
	{"工资类型", F_WAGE_KIND},
	{"结算方式", F_WAGE_KIND},
	{"工资", F_WAGE},
	{"工资单价", F_WAGE},
	{"日工资", F_WAGE},
	{"约定工资", F_WAGE},
	{"薪资标准", F_WAGE},
	{"薪酬", F_WAGE},
	{"开户行", F_BANK},
	{"开户银行", F_BANK},
	{"银行", F_BANK},
	{"工资卡银行", F_BANK},
	{"银行名称", F_BANK},
	{"工资卡开户银行", F_BANK},
	{"银行卡号", F_BANK_NUMBER},
	{"银行账号", F_BANK_NUMBER},
	{"银行帐号", F_BANK_NUMBER},
	{"工资卡帐号", F_BANK_NUMBER},
	{"工资卡账号", F_BANK_NUMBER},
	{"工资卡", F_BANK_NUMBER},
	{"卡号", F_BANK_NUMBER},
	{"工资银行卡号", F_BANK_NUMBER},
	{"培训日期", F_TRAINED_ON},
	{"安全教育日期", F_TRAINED_ON},
	{"三级教育日期", F_TRAINED_ON},
	{"入场教育日期", F_TRAINED_ON},
	{"学历", F_EDUCATION},
	{"文化水平", F_EDUCATION},
	{"受教育程度", F_EDUCATION},
	{"现居住地址", F_LOCAL_ADDRESS},
	{"现居住地", F_LOCAL_ADDRESS},
	{"现居地址", F_LOCAL_ADDRESS},
	{"现住地址", F_LOCAL_ADDRESS},
	{"本地住址", F_LOCAL_ADDRESS},
	{"紧急联系人姓名", F_EMERGENCY_NAME},
	{"紧急联系人电话", F_EMERGENCY_PHONE},
	{"紧急联系方式", F_EMERGENCY_PHONE},
	{"紧急联系人联系电话", F_EMERGENCY_PHONE},
	{"紧急联系人手机", F_EMERGENCY_PHONE},
	{"入会日期", F_UNION_DATE},
	{"加入工会时间", F_UNION_DATE},
	{"是否有重大病史", F_MEDICAL},
	{"重大病史", F_MEDICAL},
	{"是否购买保险", F_INSURANCE},
	{"是否购买工伤保险", F_INSURANCE},
	{"工伤保险", F_INSURANCE},
	{"英文姓名", F_NAME_LATIN},
	{"英文名", F_NAME_LATIN},
};

/* Brackets with what they hold (必填), stars, colons and blanks mean nothing. */
static void bare(const char *heading, char *out, size_t size)
{
	int depth = 0;
	size_t n = 0, len;
	uint32_t cp;

	for (const char *s = heading; *s && (len = text_decode(s, strlen(s), &cp)) > 0; s += len) {
		if (cp == '(' || cp == 0xFF08 || cp == '[' || cp == 0x3010)
			depth++;
		else if (cp == ')' || cp == 0xFF09 || cp == ']' || cp == 0x3011)
			depth -= depth > 0;
		else if (!depth && cp > 0x20 && cp != 0x3000 && cp != 0xA0 && cp != '*' && cp != 0xFF0A &&
			 cp != ':' && cp != 0xFF1A && n + len < size) {
			memcpy(out + n, s, len);
			n += len;
		}
	}
	out[n] = '\0';
	for (char *c = out; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
}

static bool same_heading(const char *wanted, const char *is)
{
	char text[IMPORT_HEADING];

	bare(wanted, text, sizeof(text));
	return text[0] && strcmp(text, is) == 0;
}

bool import_heading_is(const char *wanted, const char *heading)
{
	char is[IMPORT_HEADING];

	bare(heading, is, sizeof(is));
	return is[0] && same_heading(wanted, is);
}

int import_heading_field(const char *heading)
{
	char is[IMPORT_HEADING];

	bare(heading, is, sizeof(is));
	if (!is[0])
		return COLUMN_UNKNOWN;
	for (enum field_id f = 0; f < FIELD_COUNT; f++) {
		const struct field *row = field_get(f);

		if (same_heading(row->label, is) || same_heading(_(row->label), is) ||
		    same_heading(row->name, is))
			return (int)f;
	}
	for (size_t i = 0; i < ARRAY_LEN(synonyms); i++)
		if (same_heading(synonyms[i].heading, is))
			return synonyms[i].field;
	return COLUMN_UNKNOWN;
}

static const char *cell_text(const cJSON *cell)
{
	const char *text = cJSON_IsString(cell) ? cell->valuestring : json_string(cell, "n");

	return text ? text : "";
}

/* ERR_IMPORT_HEADINGS when a field stands twice: which one would count? */
static int no_field_twice(const struct import_sheet *s, struct err *e)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t j = 0; j < i; j++)
			if (s->field[i] >= 0 && s->field[i] == s->field[j])
				return err_set(e, ERR_IMPORT_HEADINGS, _("“%s”和“%s”是同一项，请删去一列"),
					       s->heading[j], s->heading[i]);
	return 0;
}

int import_headings(struct import_sheet *s, const cJSON *cells, bool *taken, struct err *e)
{
	const cJSON *cell;
	int known = 0;
	bool who = false;

	s->n = 0;
	cJSON_ArrayForEach(cell, cells)
	{
		if (s->n == IMPORT_COLUMNS)
			break;
		text_copy(s->heading[s->n], IMPORT_HEADING, cell_text(cell));
		text_trim(s->heading[s->n]);
		s->field[s->n] = import_heading_field(s->heading[s->n]);
		known += s->field[s->n] >= 0;
		who |= s->field[s->n] == F_NUMBER || s->field[s->n] == F_NAME;
		s->n++;
	}
	*taken = who && known >= 2;
	return *taken ? no_field_twice(s, e) : 0;
}

void import_ignored(const struct import_sheet *s, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < s->n; i++)
		if (s->field[i] == COLUMN_UNKNOWN && s->heading[i][0]) {
			desk_append(out, size, out[0] ? "、" : "");
			desk_append(out, size, s->heading[i]);
		}
}

const char *import_column_of(const struct import_sheet *s, enum field_id f)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->field[i] == (int)f)
			return s->heading[i];
	return _(field_get(f)->label);
}

void import_why(struct buf *why, const char *column, const char *sentence)
{
	buf_addf(why, _("%s“%s”列：%s"), why->len ? _("；") : "", column, sentence);
}

/* --- numbers ------------------------------------------------------------------------------------------ */

static bool scientific(const char *s)
{
	size_t digits = strspn(s, "0123456789.");

	return digits && (s[digits] == 'E' || s[digits] == 'e') &&
	       strspn(s + digits + 1, "+0123456789") == strlen(s + digits + 1) && s[digits + 1];
}

/* Sixteen digits and more of which all beyond the fifteenth are noughts. */
static bool noughts(const char *s)
{
	size_t n = strlen(s);

	return n > EXACT + 1 && text_is_digits(s) && strspn(s + EXACT, "0") == n - EXACT;
}

/* Has a spreadsheet lost digits of this? Only what cannot be right is called so. */
static bool rounded(enum field_kind kind, const cJSON *cell, const char *text)
{
	if (!cJSON_IsString(cell) && (scientific(text) || strcspn(text, ".") > EXACT))
		return strtod(text, NULL) >= 1e15;
	if (scientific(text))
		return true;
	if (kind == FIELD_DOCUMENT)
		return noughts(text) && strlen(text) == 18 && !id_number_check_digit_ok(text);
	return kind == FIELD_BANK_CARD && noughts(text) && !bank_card_luhn(text);
}

/* 1.38E+10 → 13800001234 where that is exact. */
static void expand(char *text, size_t size)
{
	double value = strtod(text, NULL);

	if (value >= 0 && value < 1e15 && value == (double)(long long)value)
		text_format(text, size, "%lld", (long long)value);
}

/* A day as sheets write it: 2026年3月8日, 2026-03-08 00:00:00. */
static void plain_day(char *text)
{
	char out[64];
	size_t n = 0, len;
	uint32_t cp;

	if (strlen(text) >= sizeof(out))
		return;
	for (const char *s = text; *s && (len = text_decode(s, strlen(s), &cp)) > 0; s += len) {
		if (cp == 0x65E5 || (cp == ' ' && n >= 8)) /* 日; the time of day */
			break;
		if (cp == 0x5E74 || cp == 0x6708) { /* 年, 月 */
			out[n++] = '-';
			continue;
		}
		memcpy(out + n, s, len);
		n += len;
	}
	out[n] = '\0';
	strcpy(text, out);
}

static bool whole_number(enum field_kind kind)
{
	return kind == FIELD_DOCUMENT || kind == FIELD_BANK_CARD || kind == FIELD_PHONE ||
	       kind == FIELD_DIGITS || kind == FIELD_CODE;
}

/* What the cell says, before words become codes. false: digits are lost. */
bool import_cell(enum field_kind kind, const cJSON *cell, char *out, size_t size)
{
	const char *day = json_string(cell, "d");

	text_copy(out, size, cell_text(cell));
	text_trim(out);
	if (whole_number(kind)) {
		text_narrow(out);
		text_trim(out);
		if (rounded(kind, cell, out))
			return false;
		if (!cJSON_IsString(cell))
			expand(out, size);
	} else if (kind == FIELD_DATE) {
		if (day)
			text_copy(out, size, day);
		plain_day(out);
	} else if (kind == FIELD_MONEY && !cJSON_IsString(cell) && out[0]) {
		text_format(out, size, "%.2f", strtod(out, NULL));
	}
	return true;
}

static bool take_cell(const struct field *f, const cJSON *cell, char *out, size_t size)
{
	return import_cell(f->id == F_PERMIT_NUMBER ? FIELD_DIGITS : f->kind, cell, out, size);
}

/* --- names of this project ---------------------------------------------------------------------------- */

/* A code, its word or short word; or the beginning of one word only, 按月 for 按月结算. */
static const char *code_of(const struct profile *p, const char *table, const char *word)
{
	const struct code *codes, *begun = NULL;
	size_t n = profile_codes(p, table, &codes), found = 0;
	const struct code *said = profile_code_said(p, table, word);

	if (said)
		return said->code;
	for (size_t i = 0; i < n; i++) {
		if (strncmp(codes[i].name, word, strlen(word)) == 0) {
			begun = &codes[i];
			found++;
		}
	}
	return found == 1 && text_chars(word) >= 2 ? begun->code : word;
}

static const char *company_of(const struct import_sheet *s, const char *word)
{
	const char *found = NULL;

	for (size_t i = 0; i < s->participants; i++) {
		const struct participant_row *p = &s->participant[i];

		if (strcmp(p->company, word) && strcmp(p->short_name, word) && strcmp(p->credit_code, word) &&
		    strcmp(p->uid, word))
			continue;
		if (!found || p->state != SITE_EXITED)
			found = p->uid;
	}
	return found ? found : word;
}

/* In its company where the row names one; a name that two companies' teams bear names neither. */
static const char *team_of(const struct import_sheet *s, const char *company, const char *word)
{
	const char *found = NULL;

	for (size_t i = 0; i < s->teams; i++) {
		const struct team_row *t = &s->team[i];

		if ((strcmp(t->name, word) && strcmp(t->uid, word)) ||
		    (company[0] && strcmp(t->participant_uid, company)))
			continue;
		if (found)
			return word;
		found = t->uid;
	}
	return found ? found : word;
}

static const char *resolved(const struct import_sheet *s, const struct field *f, const struct record *r,
			    const char *word)
{
	switch (*word ? f->kind : FIELD_TEXT) {
	case FIELD_CODE:
		return code_of(s->d->profile, f->codes, word);
	case FIELD_COMPANY:
		return company_of(s, word);
	case FIELD_TEAM:
		return team_of(s, record_get(r, F_COMPANY), word);
	default:
		return word;
	}
}

static const cJSON *cell_of(const struct import_sheet *s, const cJSON *cells, enum field_id f)
{
	const cJSON *cell = cells->child;

	for (size_t i = 0; i < s->n && cell; i++, cell = cell->next)
		if (s->field[i] == (int)f)
			return cell;
	return NULL;
}

/* In the order of the fields: a number's form hangs on its type, a team on its company. */
int import_record(const struct import_sheet *s, const cJSON *cells, struct record *r, struct buf *why,
		  struct err *e)
{
	char text[CELL_MAX];

	for (enum field_id id = 0; id < FIELD_COUNT; id++) {
		const cJSON *cell = cell_of(s, cells, id);
		const struct field *f = field_get(id);

		if (!cell || !cell_text(cell)[0])
			continue;
		if (!take_cell(f, cell, text, sizeof(text))) {
			import_why(why, import_column_of(s, id),
				   _("号码被表格软件当作数字，15 "
				     "位以后的已经丢失；请先把这一列设为“文本”格式，再照原件重新填写"));
			continue;
		}
		record_put_typed(r, id, resolved(s, f, r, text));
	}
	wipe(text, sizeof(text));
	(void)e;
	return 0;
}

/* --- life --------------------------------------------------------------------------------------------- */

int import_sheet_open(struct import_sheet *s, struct desk *d, struct err *e)
{
	*s = (struct import_sheet){.d = d};
	s->heading = calloc(IMPORT_COLUMNS, sizeof(*s->heading));
	s->participant = calloc(SITE_MOST, sizeof(*s->participant));
	s->team = calloc(SITE_MOST, sizeof(*s->team));
	if (!s->heading || !s->participant || !s->team)
		return err_set(e, ERR_MEMORY, "import");
	if (desk_participant_list(d, s->participant, SITE_MOST, &s->participants, e))
		return -1;
	return desk_team_list(d, s->team, SITE_MOST, &s->teams, e);
}

void import_sheet_release(struct import_sheet *s)
{
	free(s->heading);
	free(s->participant);
	free(s->team);
	*s = (struct import_sheet){0};
}
