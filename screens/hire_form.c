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
#include "base/log.h"
#include "base/text.h"
#include "desk/contract.h"
#include "form.h"
#include "screen_list.h"

#define ROWS_MOST 500
#define DRAFT_MS 1000

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
	struct sheet sheet; /* first */
	struct hire_form_arg arg;
	char draft[32];     /* the draft's name */
	bool changed, kept, saved;
	int64_t kept_at;
};

static const struct hire_line *lines_of(const struct hire_form *h, size_t *n)
{
	bool offer = h->arg.kind == HIRE_FORM_OFFER;

	/* Whether it is signed is decided when it is made. */
	*n = offer ? ARRAY_LEN(offer_lines) : ARRAY_LEN(contract_lines) - (h->arg.kind == HIRE_FORM_EDIT);
	return offer ? offer_lines : contract_lines;
}

static const char *text_of(struct hire_form *h, enum line_id id)
{
	struct form_line *l = form_find(&h->sheet, (int)id);

	return l ? (l->choice ? l->value : l->text) : "";
}

/* --- drafts --- */

static void keep_draft(struct ui *ui, struct hire_form *h, int64_t now)
{
	struct draft_text texts[DRAFT_TEXTS_MAX];
	size_t n;
	const struct hire_line *lines = lines_of(h, &n);
	struct err e = {0};

	if (!h->changed || h->saved || !desk_session(ui_desk(ui))->has_key)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct form_line *l = form_find(&h->sheet, (int)lines[i].id);

		texts[i] = (struct draft_text){lines[i].name, l->choice && l->value[0] ? l->value : l->text};
	}
	h->kept_at = now;
	if (desk_draft_save_texts(ui_desk(ui), h->draft, texts, n, &e)) {
		log_err("keeping a draft", &e);
		ui_fail(ui, &e);
		return;
	}
	h->changed = false;
	h->kept = true;
}

static void drop_draft(struct ui *ui, struct hire_form *h)
{
	struct err e = {0};

	if (h->kept && desk_draft_drop(ui_desk(ui), h->draft, &e))
		log_err("dropping a draft", &e);
	h->kept = h->changed = false;
}

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
		text_copy(h->draft, sizeof(h->draft), DRAFT_OFFER);
	else
		text_format(h->draft, sizeof(h->draft), DRAFT_CONTRACT ":%d:%lld:%lld", (int)h->arg.kind, (long long)h->arg.person,
			    (long long)h->arg.contract);
}

/* --- lines --- */

static void hire_leave(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	struct form_line *l = &f->line[line];

	(void)ui;
	(void)owner;
	text_narrow(l->text);
	text_trim(l->text);
	if (l->text[0])
		form_find_out(f, l, SEVERITY_NONE, "");
}

static void hire_typed(struct ui *ui, void *owner, struct sheet *f)
{
	(void)ui;
	(void)f;
	((struct hire_form *)owner)->changed = true;
}

static size_t code_choices(struct ui *ui, const char *table, struct form_choice *out, size_t cap)
{
	const struct code *codes;
	size_t n = profile_codes(desk_profile(ui_desk(ui)), table, &codes);

	n = n < cap ? n : cap;
	for (size_t i = 0; i < n; i++)
		form_choice_of_code(&out[i], &codes[i]);
	return n;
}

static size_t company_choices(struct ui *ui, struct form_choice *out, size_t cap)
{
	struct participant_row *rows = calloc(ROWS_MOST, sizeof(*rows));
	size_t n = 0;

	if (!rows || desk_participant_list(ui_desk(ui), rows, ROWS_MOST < cap ? ROWS_MOST : cap, &n, NULL))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		text_copy(out[i].value, sizeof(out[i].value), rows[i].uid);
		text_copy(out[i].label, sizeof(out[i].label), rows[i].company);
	}
	free(rows);
	return n;
}

static size_t hire_choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	static const struct { const char *value, *word; } yes_no[] = {{"1", N_("是")}, {"0", N_("否")}};
	size_t n;
	const struct hire_line *lines = lines_of(owner, &n);

	for (size_t i = 0; i < n; i++)
		if ((int)lines[i].id == f->line[line].id && lines[i].codes)
			return code_choices(ui, lines[i].codes, out, cap);
	if (f->line[line].id == L_COMPANY)
		return company_choices(ui, out, cap);
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
	struct form_line *l = form_find(&h->sheet, (int)id);
	struct form_choice *all = calloc(CHOICES_MAX, sizeof(*all));
	size_t n = all && l ? hire_choices(ui, h, &h->sheet, (size_t)(l - h->sheet.line), all, CHOICES_MAX) : 0;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i].value, value)) {
			form_set(&h->sheet, l, all[i].label, all[i].value);
			free(all);
			return;
		}
	free(all);
	if (l)
		form_set(&h->sheet, l, value, NULL);
}

static void set_text(struct hire_form *h, enum line_id id, const char *text)
{
	struct form_line *l = form_find(&h->sheet, (int)id);

	if (l)
		form_set(&h->sheet, l, text, NULL);
}

static void find_at(struct hire_form *h, const char *name, enum severity severity, const char *sentence)
{
	size_t n;
	const struct hire_line *lines = lines_of(h, &n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(lines[i].name, name))
			form_find_out(&h->sheet, form_find(&h->sheet, (int)lines[i].id), severity, sentence);
}

static bool complete(struct ui *ui, struct hire_form *h)
{
	for (size_t i = 0; i < h->sheet.n; i++) {
		struct form_line *l = &h->sheet.line[i];
		char sentence[200];

		if (!l->required || (l->choice ? l->value : l->text)[0])
			continue;
		text_format(sentence, sizeof(sentence), _("请填写%s：%s"), _(l->label), _(l->help));
		form_find_out(&h->sheet, l, SEVERITY_BLOCK, sentence);
	}
	if (!form_focus_first_block(ui, &h->sheet))
		return true;
	ui_say(ui, SAY_ERROR, "%s", h->sheet.line[h->sheet.focus].finding);
	return false;
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
		const char *value = text_of(h, offer_lines[i].id);

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
	const char *text = text_of(h, id);
	date_t d = DATE_NONE;

	(void)ui;
	if (text[0] && !date_parse(text, &d)) {
		form_find_out(&h->sheet, form_find(&h->sheet, (int)id), SEVERITY_BLOCK, _("应为日期，如 2026-03-08"));
		*good = false;
	}
	return d;
}

/* Fen from what was typed in yuan, by the record's own reading of money. */
static int64_t price_of(struct hire_form *h, bool *good)
{
	const char *text = text_of(h, L_PRICE);
	int64_t fen = -1;
	struct record r;

	if (!text[0])
		return -1;
	record_init(&r);
	if (record_put_typed(&r, F_UNIT_PRICE, text)) {
		fen = strtoll(record_get(&r, F_UNIT_PRICE), NULL, 10);
	} else {
		form_find_out(&h->sheet, form_find(&h->sheet, L_PRICE), SEVERITY_BLOCK, _("应为金额（元），最多两位小数，如 4500 或 4500.50"));
		*good = false;
	}
	record_release(&r);
	return fen;
}

static int save_contract(struct ui *ui, struct hire_form *h, struct err *e)
{
	struct contract_findings f = {.n = 0};
	bool good = true;
	struct contract_new c = {.person = h->arg.person, .kind = text_of(h, L_KIND), .unit = text_of(h, L_UNIT)};
	int64_t id;
	int rc;

	c.starts_on = date_of(ui, h, L_FROM, &good);
	c.ends_on = date_of(ui, h, L_TO, &good);
	c.price = price_of(h, &good);
	if (!good)
		return err_set(e, ERR_FINDINGS, "date or price");
	c.draft = strcmp(text_of(h, L_SIGNED), "0") == 0;
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

	if (!complete(ui, h))
		return STAY;
	if (offer ? save_offer(ui, h, &e) : save_contract(ui, h, &e)) {
		if (e.code == ERR_FINDINGS && form_focus_first_block(ui, f))
			ui_say(ui, SAY_ERROR, "%s", f->line[f->focus].finding);
		else
			ui_fail_why(ui, &e);
		return STAY;
	}
	drop_draft(ui, h);
	h->saved = true;
	ui_say(ui, SAY_DONE, "%s", offer ? _("已发起聘用，等本人在手机上同意") : _("合同已保存"));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner owner_ops = {.leave = hire_leave, .choices = hire_choices, .typed = hire_typed, .save = hire_save};

/* --- the screen --- */

struct resuming { struct ui *ui; struct hire_form *h; };

static void take_text(void *arg, const struct draft_text *text)
{
	struct resuming *r = arg;
	size_t n;
	const struct hire_line *lines = lines_of(r->h, &n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(lines[i].name, text->name)) {
			if (lines[i].choice)
				set_choice(r->ui, r->h, lines[i].id, text->text);
			else
				set_text(r->h, lines[i].id, text->text);
		}
}

static void resume(struct ui *ui, struct hire_form *h)
{
	struct resuming r = {ui, h};
	struct err e = {0};

	if (!desk_session(ui_desk(ui))->has_key)
		return;
	if (desk_draft_load_texts(ui_desk(ui), h->draft, take_text, &r, &h->kept, &e)) {
		log_err("loading a draft", &e);
		ui_fail(ui, &e);
	} else if (h->kept) {
		ui_say(ui, SAY_INFO, "%s", _("接着上次没有填完的内容"));
	}
}

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

	form_init(&h->sheet, &owner_ops, h);
	if (!desk_profile(ui_desk(ui)))
		return err_set(e, ERR_NO_PROJECT, NULL);
	h->arg = *(const struct hire_form_arg *)arg;
	name_draft(h);
	lines = lines_of(h, &n);
	for (size_t i = 0; i < n; i++) {
		struct form_line *l = form_add(&h->sheet, (int)lines[i].id, lines[i].label, lines[i].help, lines[i].max_chars);

		l->choice = lines[i].choice;
		l->required = lines[i].required;
	}
	if (h->arg.kind == HIRE_FORM_OFFER)
		set_choice(ui, h, L_DOC_TYPE, "01");
	else if (fill_contract(ui, h, e))
		return -1;
	resume(ui, h);
	form_begin(&h->sheet, -1);
	return 0;
}

static void hire_form_close(struct ui *ui, void *state)
{
	struct hire_form *h = state;

	keep_draft(ui, h, clock_steady_ms());
	form_release(&h->sheet);
}

static void hire_form_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct hire_form *h = state;

	if (ev->kind == UI_EVENT_TICK)
		form_tick(ui, &h->sheet, ev->now);
	if (ev->kind == UI_EVENT_LEAVING || (ev->kind == UI_EVENT_TICK && h->changed && ev->now - h->kept_at >= DRAFT_MS))
		keep_draft(ui, h, ev->now);
}

static void hire_form_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	form_draw(ui, &((struct hire_form *)state)->sheet, c, a);
}

static enum reaction hire_form_key(struct ui *ui, void *state, int key)
{
	return form_key(ui, &((struct hire_form *)state)->sheet, key);
}

static void hire_form_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	static const char *const words[] = {
		[HIRE_FORM_OFFER] = N_("新建聘用"), [HIRE_FORM_CONTRACT] = N_("新合同"), [HIRE_FORM_RENEW] = N_("续签合同"), [HIRE_FORM_EDIT] = N_("修改合同")};

	(void)ui;
	text_copy(out, size, _(words[((const struct hire_form *)state)->arg.kind]));
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct hire_form *h = state;

	keep_draft(ui, h, clock_steady_ms());
	if (h->kept) {
		ui_changed(ui);
		ui_say(ui, SAY_INFO, "%s", _("没有保存：填了的内容留作草稿，再打开这张表接着填"));
	}
	return CLOSE;
}

static const struct action actions[] = {
	{K_ESC, 0, "back", N_("返回"), N_("返回；没有保存的内容留作草稿"), act_back, 0},
};

const struct screen_ops hire_form_screen = {
	.name = "hire_form",
	.title = N_("填写"),
	.state_size = sizeof(struct hire_form),
	.open = hire_form_open,
	.heading = hire_form_heading,
	.draw = hire_form_draw,
	.key = hire_form_key,
	.event = hire_form_event,
	.close = hire_form_close,
	.typing = form_typing,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
