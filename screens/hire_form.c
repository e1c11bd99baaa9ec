/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The short forms of hiring: an offer by name and document (D1), a contract added, renewed or changed (D9). Lines are rows of a table; the
 * desk checks. What was typed is kept as a draft from the first key (U6); there is one for each person and contract.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/contract.h"
#include "screen_list.h"
#include "short_form.h"

enum line_id { L_DOC_TYPE, L_NUMBER, L_NAME, L_COMPANY, L_KIND, L_FROM, L_TO, L_UNIT, L_PRICE, L_SIGNED };

struct hire_line {
	enum line_id id;
	const char *name, *label, *help;
	unsigned max_chars;
	bool choice, required;
	const char *codes; /* of the profile, for a choice */
	enum field_id field; /* of an offer */
};

static const struct hire_line offer_lines[] = {
	{L_DOC_TYPE, "doc_type", N_("证件类型"), N_("证件的种类，例如：居民身份证"), 20, true, true, "document_types", F_DOC_TYPE},
	{L_NUMBER, "number", N_("证件号码"), N_("居民身份证 18 位，末位可以是 X；其他证件按证面填写"), 30, false, true, NULL, F_NUMBER},
	{L_NAME, "name", N_("姓名"), N_("与证件一致；少数民族姓名中间用“·”"), 50, false, true, NULL, F_NAME},
	{L_COMPANY, "company", N_("所属单位"), N_("在本项目参建单位中选择用工单位"), 80, true, true, NULL, F_COMPANY},
};

static const struct hire_line contract_lines[] = {
	{L_KIND, "kind", N_("合同类型"), N_("固定期限、以完成一定工作为期限，或用工书面协议"), 30, true, true, "contract_kinds", FIELD_COUNT},
	{L_FROM, "starts_on", N_("合同起始"), N_("合同生效的第一天，例如 2026-11-20"), 10, false, true, NULL, FIELD_COUNT},
	{L_TO, "ends_on", N_("合同终止"), N_("合同最后一天，一般不早于项目竣工"), 10, false, false, NULL, FIELD_COUNT},
	{L_UNIT, "unit", N_("计量单位"), N_("按量计酬时的单位，例如：平方米"), 10, true, false, "contract_units", FIELD_COUNT},
	{L_PRICE, "price", N_("计量单价"), N_("每一单位的元数，最多两位小数，例如 45.50"), 12, false, false, NULL, FIELD_COUNT},
	{L_SIGNED, "signed", N_("是否已签订"), N_("双方已签字选“是”；还在拟的选“否”，签字后再办签订"), 4, true, true, NULL, FIELD_COUNT},
};

struct hire_form {
	struct short_form form; /* first */
	struct hire_form_arg arg;
};

static const struct hire_line *lines_of(const struct hire_form *h, size_t *n)
{
	bool offer = h->arg.kind == HIRE_FORM_OFFER;

	/* Whether it is signed is decided when it is made. */
	*n = offer ? ARRAY_LEN(offer_lines) : ARRAY_LEN(contract_lines) - (h->arg.kind == HIRE_FORM_EDIT);
	return offer ? offer_lines : contract_lines;
}

/* --- drafts --- */

bool hire_form_of_draft(const char *draft, struct hire_form_arg *out)
{
	long long person = 0, contract = 0;
	int kind;

	if (strcmp(draft, DRAFT_OFFER) == 0) {
		*out = (struct hire_form_arg){.kind = HIRE_FORM_OFFER};
		return true;
	}
	if (sscanf(draft, DRAFT_CONTRACT ":%d:%lld:%lld", &kind, &person, &contract) != 3)
		return false;
	*out = (struct hire_form_arg){.kind = (enum hire_form_kind)kind, .person = person, .contract = contract};
	return kind > HIRE_FORM_OFFER && kind <= HIRE_FORM_EDIT;
}

static void name_draft(struct hire_form *h)
{
	if (h->arg.kind == HIRE_FORM_OFFER)
		text_copy(h->form.draft, sizeof(h->form.draft), DRAFT_OFFER);
	else
		text_format(h->form.draft, sizeof(h->form.draft), DRAFT_CONTRACT ":%d:%lld:%lld", (int)h->arg.kind, (long long)h->arg.person,
			    (long long)h->arg.contract);
}

/* --- lines --- */

static size_t hire_choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	static const struct { const char *value, *word; } yes_no[] = {{"1", N_("是")}, {"0", N_("否")}};
	size_t n;
	const struct hire_line *lines = lines_of(owner, &n);

	for (size_t i = 0; i < n; i++)
		if ((int)lines[i].id == f->line[line].id && lines[i].codes)
			return short_form_codes(ui, lines[i].codes, out, cap);
	if (f->line[line].id == L_COMPANY)
		return short_form_participants(ui, out, cap);
	if (f->line[line].id != L_SIGNED)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(yes_no); i++) {
		text_copy(out[i].value, sizeof(out[i].value), yes_no[i].value);
		text_copy(out[i].label, sizeof(out[i].label), _(yes_no[i].word));
	}
	return ARRAY_LEN(yes_no);
}

static void set_choice(struct ui *ui, struct hire_form *h, enum line_id id, const char *value)
{
	struct form_line *l = form_find(&h->form.sheet, (int)id);

	if (l)
		short_form_choose(ui, &h->form, l, value);
}

static void set_text(struct hire_form *h, enum line_id id, const char *text)
{
	struct form_line *l = form_find(&h->form.sheet, (int)id);

	if (l)
		form_set(&h->form.sheet, l, text, NULL);
}

static void find_at(struct hire_form *h, const char *name, enum severity severity, const char *sentence)
{
	size_t n;
	const struct hire_line *lines = lines_of(h, &n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(lines[i].name, name))
			form_find_out(&h->form.sheet, form_find(&h->form.sheet, (int)lines[i].id), severity, sentence);
}

/* --- the offer --- */

static int save_offer(struct ui *ui, struct hire_form *h, struct err *e)
{
	struct findings f = {.n = 0};
	struct registered done;
	struct record r;
	int rc = -1;

	record_init(&r);
	for (size_t i = 0; i < ARRAY_LEN(offer_lines); i++) {
		const char *value = short_form_text(&h->form, offer_lines[i].id);

		if (!offer_lines[i].choice)
			record_put_typed(&r, offer_lines[i].field, value);
		else if (record_set(&r, offer_lines[i].field, value, ORIGIN_TYPED))
			goto out;
	}
	rc = desk_complete_record(ui_desk(ui), &r, e);
	rc = rc ? rc : desk_offer(ui_desk(ui), &r, &f, &done, e);
	for (size_t i = 0; rc && i < f.n; i++)
		for (size_t j = 0; j < ARRAY_LEN(offer_lines); j++)
			if (offer_lines[j].field == f.item[i].field)
				find_at(h, offer_lines[j].name, f.item[i].severity, f.item[i].sentence);
out:
	record_release(&r);
	return rc;
}

/* --- the contract --- */

static date_t date_of(struct ui *ui, struct hire_form *h, enum line_id id, bool *good)
{
	const char *text = short_form_text(&h->form, id);
	date_t d = DATE_NONE;

	(void)ui;
	if (text[0] && !date_parse(text, &d)) {
		form_find_out(&h->form.sheet, form_find(&h->form.sheet, (int)id), SEVERITY_BLOCK, _("应为日期，如 2026-03-08"));
		*good = false;
	}
	return d;
}

/* Fen from what was typed in yuan, by the record's own reading of money. */
static int64_t price_of(struct hire_form *h, bool *good)
{
	const char *text = short_form_text(&h->form, L_PRICE);
	int64_t fen = -1;
	struct record r;

	if (!text[0])
		return -1;
	record_init(&r);
	if (record_put_typed(&r, F_UNIT_PRICE, text)) {
		fen = strtoll(record_get(&r, F_UNIT_PRICE), NULL, 10);
	} else {
		form_find_out(&h->form.sheet, form_find(&h->form.sheet, L_PRICE), SEVERITY_BLOCK, _("应为金额（元），最多两位小数，如 4500 或 4500.50"));
		*good = false;
	}
	record_release(&r);
	return fen;
}

static int save_contract(struct ui *ui, struct hire_form *h, struct err *e)
{
	struct contract_findings f = {.n = 0};
	bool good = true;
	struct contract_new c = {.person = h->arg.person, .kind = short_form_text(&h->form, L_KIND), .unit = short_form_text(&h->form, L_UNIT)};
	int64_t id;
	int rc;

	c.starts_on = date_of(ui, h, L_FROM, &good);
	c.ends_on = date_of(ui, h, L_TO, &good);
	c.price = price_of(h, &good);
	if (!good)
		return err_set(e, ERR_FINDINGS, "date or price");
	c.draft = strcmp(short_form_text(&h->form, L_SIGNED), "0") == 0;
	c.renews = h->arg.kind == HIRE_FORM_RENEW ? h->arg.contract : 0;
	rc = h->arg.kind == HIRE_FORM_EDIT ? desk_contract_edit(ui_desk(ui), h->arg.contract, &c, &f, e) : desk_contract_add(ui_desk(ui), &c, &f, &id, e);
	for (size_t i = 0; rc && i < f.n; i++)
		find_at(h, f.item[i].field, f.item[i].severity, f.item[i].sentence);
	return rc;
}

static enum reaction hire_save(struct ui *ui, void *owner, struct sheet *f)
{
	struct hire_form *h = owner;
	bool offer = h->arg.kind == HIRE_FORM_OFFER;
	struct err e = {0};

	if (!short_form_complete(ui, &h->form))
		return STAY;
	if (offer ? save_offer(ui, h, &e) : save_contract(ui, h, &e)) {
		if (e.code == ERR_FINDINGS && form_focus_first_block(ui, f))
			ui_say(ui, SAY_ERROR, "%s", f->line[f->focus].finding);
		else
			ui_fail_why(ui, &e);
		return STAY;
	}
	short_form_done(ui, &h->form);
	ui_say(ui, SAY_DONE, "%s", offer ? _("已发起聘用，等本人在手机上同意") : _("合同已保存"));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner owner_ops = {.leave = short_form_leave, .choices = hire_choices, .typed = short_form_typed, .save = hire_save};

/* --- the screen --- */

static int fill_price(struct ui *ui, struct hire_form *h, struct err *e)
{
	char text[32];
	int64_t fen;

	if (desk_contract_price(ui_desk(ui), h->arg.contract, &fen, e))
		return -1;
	if (fen < 0)
		return 0;
	text_format(text, sizeof(text), fen % 100 ? "%lld.%02d" : "%lld", (long long)(fen / 100), (int)(fen % 100));
	set_text(h, L_PRICE, text);
	wipe(text, sizeof(text));
	return 0;
}

/* What is known already: the contract itself, or what follows the one before. */
static int fill_contract(struct ui *ui, struct hire_form *h, struct err *e)
{
	struct contract_row row;
	char text[DATE_TEXT];

	set_choice(ui, h, L_SIGNED, "1");
	if (!h->arg.contract) {
		date_format(date_today(), text);
		set_text(h, L_FROM, text);
		return 0;
	}
	if (desk_contract_get(ui_desk(ui), h->arg.contract, &row, e))
		return -1;
	h->arg.person = row.person;
	set_choice(ui, h, L_KIND, row.kind);
	if (row.unit[0])
		set_choice(ui, h, L_UNIT, row.unit);
	if (h->arg.kind == HIRE_FORM_RENEW) {
		date_format(row.ends_on == DATE_NONE ? date_today() : row.ends_on + 1, text);
		set_text(h, L_FROM, text);
	} else {
		date_format(row.starts_on, text);
		set_text(h, L_FROM, text);
		date_format(row.ends_on, text);
		set_text(h, L_TO, text);
	}
	return fill_price(ui, h, e);
}

static int hire_form_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct hire_form *h = state;
	size_t n;
	const struct hire_line *lines;

	form_init(&h->form.sheet, &owner_ops, h);
	if (!desk_profile(ui_desk(ui)))
		return err_set(e, ERR_NO_PROJECT, NULL);
	h->arg = *(const struct hire_form_arg *)arg;
	name_draft(h);
	lines = lines_of(h, &n);
	for (size_t i = 0; i < n; i++) {
		struct form_line *l = short_form_add(&h->form, (int)lines[i].id, lines[i].name, lines[i].label, lines[i].help, lines[i].max_chars);

		l->choice = lines[i].choice;
		l->required = lines[i].required;
	}
	if (h->arg.kind == HIRE_FORM_OFFER)
		set_choice(ui, h, L_DOC_TYPE, "01");
	else if (fill_contract(ui, h, e))
		return -1;
	short_form_resume(ui, &h->form, NULL);
	form_begin(&h->form.sheet, -1);
	return 0;
}

static void hire_form_close(struct ui *ui, void *state)
{
	struct hire_form *h = state;

	short_form_keep(ui, &h->form, clock_steady_ms());
	form_release(&h->form.sheet);
}

static void hire_form_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	static const char *const words[] = {
		[HIRE_FORM_OFFER] = N_("新建聘用"), [HIRE_FORM_CONTRACT] = N_("新合同"), [HIRE_FORM_RENEW] = N_("续签合同"), [HIRE_FORM_EDIT] = N_("修改合同")};

	(void)ui;
	text_copy(out, size, _(words[((const struct hire_form *)state)->arg.kind]));
}

const struct screen_ops hire_form_screen = {
	.name = "hire_form",
	.title = N_("填写"),
	.state_size = sizeof(struct hire_form),
	.open = hire_form_open,
	.heading = hire_form_heading,
	.draw = short_form_draw,
	.key = short_form_key,
	.event = short_form_event,
	.close = hire_form_close,
	.typing = form_typing,
	.actions = short_form_actions,
	.n_actions = SHORT_FORM_ACTIONS,
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
