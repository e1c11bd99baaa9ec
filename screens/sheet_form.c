/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sheet of a company, a participant, the project or an application (desk/particulars.h): lines are the rows of its table, the desk
 * checks. What was typed is kept as a draft of its own for each sheet, from the first key (U6).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/particulars.h"
#include "desk/people.h"
#include "desk/upkeep.h"
#include "screen_list.h"
#include "short_form.h"

#define DRAFT_UID "uid" /* among the draft's texts: whose sheet it is */

struct sheet_form {
	struct short_form form; /* first */
	struct particulars p; /* as it was opened, then as it is saved */
	char uid[UID_TEXT];   /* "": a new one */
};

static const struct { const char *title, *draft; } sheets[SHEET_OF_COUNT] = {
	[SHEET_COMPANY] = {N_("企业资料"), N_("企业资料")},
	[SHEET_PARTICIPANT] = {N_("参建单位资料"), N_("参建单位资料")},
	[SHEET_PROJECT] = {N_("项目资料"), N_("项目资料")},
	[SHEET_APPLICATION] = {N_("项目申报"), N_("项目申报")},
};

/* --- drafts: "sheet_company" for a new one, "sheet_company:" and the uid's last twelve digits for one that exists --------------------------- */

const char *sheet_draft_word(const char *form)
{
	char name[32];

	for (int s = 0; s < SHEET_OF_COUNT; s++) {
		text_format(name, sizeof(name), "sheet_%s", sheet_of_name((enum sheet_of)s));
		if (!strncmp(form, name, strlen(name)) && (!form[strlen(name)] || form[strlen(name)] == ':'))
			return _(sheets[s].draft);
	}
	return NULL;
}

static enum sheet_of sheet_of_draft(const char *form)
{
	int s = 0;

	while (s < SHEET_OF_COUNT - 1 && strncmp(form + strlen("sheet_"), sheet_of_name((enum sheet_of)s), strlen(sheet_of_name((enum sheet_of)s))))
		s++;
	return (enum sheet_of)s;
}

static void name_draft(struct sheet_form *s)
{
	text_format(s->form.draft, sizeof(s->form.draft), "sheet_%s%s%s", sheet_of_name(s->p.sheet), s->uid[0] ? ":" : "",
		    s->uid[0] ? s->uid + strlen(s->uid) - 12 : "");
}

static const char *text_of(const struct form_line *l)
{
	return l->choice && l->value[0] ? l->value : l->text;
}

/* --- lines ----------------------------------------------------------------------------------------------------------------------------- */

static const struct particular *row_of(const struct sheet_form *s, size_t i)
{
	const struct particular *rows = NULL;

	particulars_rows(s->p.sheet, &rows);
	return &rows[i];
}

static size_t sheet_choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	struct sheet_choice c;
	size_t n = 0;

	(void)f;
	for (; n < cap && desk_sheet_choice(ui_desk(ui), row_of(owner, line), n, &c); n++) {
		text_copy(out[n].value, sizeof(out[n].value), c.code);
		text_copy(out[n].label, sizeof(out[n].label), c.word);
	}
	return n;
}

/* A value that stands in the list shows its word; what names nothing is shown as it was typed. */
static void set_line(struct ui *ui, struct sheet_form *s, size_t i, const char *value)
{
	struct form_line *l = &s->form.sheet.line[i];
	struct sheet_choice c;

	for (size_t k = 0; l->choice && desk_sheet_choice(ui_desk(ui), row_of(s, i), k, &c); k++)
		if (!strcmp(c.code, value)) {
			form_set(&s->form.sheet, l, c.word, c.code);
			return;
		}
	form_set(&s->form.sheet, l, value, NULL);
}

/* A participant is a company of the library: its name stands beside its code at once. */
static void fill_company(struct ui *ui, struct sheet_form *s)
{
	int name = particulars_index(SHEET_PARTICIPANT, "company"), code = particulars_index(SHEET_PARTICIPANT, "credit_code");
	struct company_row known;

	if (s->p.sheet != SHEET_PARTICIPANT || s->uid[0])
		return;
	if (!desk_company_by_code(ui_desk(ui), s->form.sheet.line[code].text, &known, NULL))
		form_set(&s->form.sheet, &s->form.sheet.line[name], known.name, NULL);
	else
		form_find_out(&s->form.sheet, &s->form.sheet.line[code], SEVERITY_WARN, _("企业库里还没有这个单位：先在企业库添加"));
}

static void sheet_leave(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	struct sheet_form *s = owner;
	struct form_line *l = &f->line[line];
	char canonical[PARTICULAR_TEXT_MAX];
	char sentence[200];

	form_find_out(f, l, SEVERITY_NONE, "");
	if (l->choice || !l->text[0])
		return;
	if (particular_normalise(row_of(s, line), l->text, canonical)) {
		form_set(f, l, canonical, NULL);
		if (row_of(s, line)->kind == PARTICULAR_CREDIT && f->touched)
			fill_company(ui, s);
	} else {
		text_format(sentence, sizeof(sentence), _("%s不对：%s"), _(l->label), _(l->help));
		form_find_out(f, l, SEVERITY_BLOCK, sentence);
	}
	wipe(canonical, sizeof(canonical));
}

static void sheet_restore(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	struct sheet_form *s = owner;

	(void)f;
	set_line(ui, s, line, s->p.value[line]);
	s->form.changed = true;
}

static void show_findings(struct ui *ui, struct sheet_form *s, const struct sheet_findings *found)
{
	for (size_t i = 0; i < found->n; i++)
		form_find_out(&s->form.sheet, &s->form.sheet.line[found->item[i].row], found->item[i].severity, found->item[i].sentence);
	if (form_focus_first_block(ui, &s->form.sheet))
		ui_say(ui, SAY_ERROR, "%s", s->form.sheet.line[s->form.sheet.focus].finding);
}

static enum reaction sheet_save(struct ui *ui, void *owner, struct sheet *f)
{
	struct sheet_form *s = owner;
	struct sheet_findings found = {.n = 0};
	struct particulars now = {.sheet = s->p.sheet};
	struct err e = {0};
	size_t changed = 0;
	int rc;

	for (size_t i = 0; i < f->n; i++)
		text_copy(now.value[i], sizeof(now.value[i]), text_of(&f->line[i]));
	rc = desk_sheet_save(ui_desk(ui), &now, s->uid, &found, &changed, &e);
	wipe(&now, sizeof(now));
	if (rc) {
		if (e.code == ERR_FINDINGS && found.n)
			show_findings(ui, s, &found);
		else
			ui_fail_why(ui, &e);
		return STAY;
	}
	short_form_done(ui, &s->form);
	if (changed)
		ui_say(ui, SAY_DONE, _("已保存%s，改动 %zu 项"), _(sheets[s->p.sheet].title), changed);
	else
		ui_say(ui, SAY_INFO, "%s", _("没有改动"));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner owner_ops = {
	.leave = sheet_leave, .choices = sheet_choices, .typed = short_form_typed, .restore = sheet_restore, .save = sheet_save};

/* --- opening --------------------------------------------------------------------------------------------------------------------------- */

static void take_uid(void *arg, const struct draft_text *text)
{
	if (!strcmp(text->name, DRAFT_UID))
		text_copy(((struct sheet_form *)arg)->uid, UID_TEXT, text->text);
}

static void add_lines(struct ui *ui, struct sheet_form *s)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(s->p.sheet, &rows);

	for (size_t i = 0; i < n; i++) {
		struct form_line *l = short_form_add(&s->form, (int)i, rows[i].name, rows[i].label, rows[i].help, rows[i].max_chars);

		l->group = rows[i].group;
		l->choice = rows[i].codes != NULL;
		l->required = desk_sheet_required(ui_desk(ui), s->p.sheet, &rows[i]);
		l->locked = (rows[i].flags & PARTICULAR_FIXED) && (s->uid[0] || !(rows[i].flags & PARTICULAR_NEEDED));
		set_line(ui, s, i, s->p.value[i]);
	}
}

static void put_back(struct ui *ui, struct short_form *f, size_t line, const char *text)
{
	if (!f->sheet.line[line].locked)
		set_line(ui, f->sheet.owner, line, text);
}

static int sheet_form_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct sheet_form *s = state;
	const struct sheet_form_arg *a = arg;

	form_init(&s->form.sheet, &owner_ops, s);
	if (!desk_profile(ui_desk(ui)))
		return err_set(e, ERR_NO_PROJECT, NULL);
	s->p.sheet = a->draft_form ? sheet_of_draft(a->draft_form) : a->sheet;
	text_copy(s->uid, sizeof(s->uid), a->uid ? a->uid : "");
	if (a->draft_form) {
		text_copy(s->form.draft, sizeof(s->form.draft), a->draft_form);
		if (desk_session(ui_desk(ui))->has_key && desk_draft_load_texts(ui_desk(ui), s->form.draft, take_uid, s, &s->form.kept, e))
			return -1;
	}
	name_draft(s);
	if (desk_sheet(ui_desk(ui), s->p.sheet, s->uid, &s->p, e))
		return -1;
	add_lines(ui, s);
	s->form.extra_name = DRAFT_UID;
	s->form.extra = s->uid;
	short_form_resume(ui, &s->form, put_back);
	form_begin(&s->form.sheet, -1);
	return 0;
}

static void sheet_form_close(struct ui *ui, void *state)
{
	struct sheet_form *s = state;

	if (s->form.sheet.n)
		short_form_keep(ui, &s->form, clock_steady_ms());
	form_release(&s->form.sheet);
}

static void sheet_form_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct sheet_form *s = state;

	(void)ui;
	text_copy(out, size, _(sheets[s->p.sheet].title));
}

const struct screen_ops sheet_form_screen = {
	.name = "sheet_form",
	.title = N_("资料"),
	.state_size = sizeof(struct sheet_form),
	.open = sheet_form_open,
	.heading = sheet_form_heading,
	.draw = short_form_draw,
	.key = short_form_key,
	.event = short_form_event,
	.close = sheet_form_close,
	.typing = form_typing,
	.actions = short_form_actions,
	.n_actions = SHORT_FORM_ACTIONS,
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
