/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lesson or a certificate of one person, typed: a table of lines; the desk checks. */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/dossier.h"
#include "form.h"
#include "screen_list.h"

enum line_id { L_KIND, L_ON, L_HOURS, L_NUMBER, L_ISSUER };
struct line { enum line_id id; const char *label, *help; unsigned max_chars; bool choice, required; };

static const struct line training_lines[] = {
	{L_KIND, N_("种类"), N_("按 F4 从列表选择"), 30, true, true},
	{L_ON, N_("培训日期"), N_("例如 2026-11-20"), 10, false, true},
	{L_HOURS, N_("学时"), N_("整数，可不填"), 4, false, false},
};
static const struct line certificate_lines[] = {
	{L_KIND, N_("种类"), N_("按 F4 从列表选择"), 30, true, true},
	{L_NUMBER, N_("证书编号"), N_("与证书一致"), 30, false, true},
	{L_ON, N_("有效期至"), N_("最后一天，例如 2028-04-09，或“长期”"), 10, false, true},
	{L_ISSUER, N_("发证机关"), N_("与证书一致，可不填"), 60, false, false},
};

struct dossier_form { struct sheet sheet; /* first */ int64_t person; bool certificate; };

static const char *text_of(struct dossier_form *s, enum line_id id)
{
	struct form_line *l = form_find(&s->sheet, (int)id);

	return !l ? "" : l->choice ? l->value : l->text;
}

static void leave(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	struct form_line *l = &f->line[line];

	(void)ui;
	(void)owner;
	text_narrow(l->text);
	text_trim(l->text);
	if (l->text[0])
		form_find_out(f, l, SEVERITY_NONE, "");
}

static size_t choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	const struct dossier_form *s = owner;
	const struct code *codes;
	size_t n = profile_codes(desk_profile(ui_desk(ui)), s->certificate ? "certificate_kinds" : "training_kinds", &codes);

	(void)f;
	(void)line;
	n = n < cap ? n : cap;
	for (size_t i = 0; i < n; i++) {
		text_copy(out[i].value, sizeof(out[i].value), codes[i].code);
		text_copy(out[i].label, sizeof(out[i].label), codes[i].name);
	}
	return n;
}

static bool complete(struct ui *ui, struct dossier_form *s)
{
	char sentence[200];

	for (size_t i = 0; i < s->sheet.n; i++) {
		struct form_line *l = &s->sheet.line[i];

		if (!l->required || (l->choice ? l->value : l->text)[0])
			continue;
		text_format(sentence, sizeof(sentence), _("请填写%s：%s"), _(l->label), _(l->help));
		form_find_out(&s->sheet, l, SEVERITY_BLOCK, sentence);
	}
	if (!form_focus_first_block(ui, &s->sheet))
		return true;
	ui_say(ui, SAY_ERROR, "%s", s->sheet.line[s->sheet.focus].finding);
	return false;
}

static int store(struct ui *ui, struct dossier_form *s, struct err *e)
{
	struct training_new t = {.persons = &s->person, .n = 1, .kind = text_of(s, L_KIND), .hours = strtoll(text_of(s, L_HOURS), NULL, 10)};
	struct certificate_new c = {
		.person = s->person, .kind = text_of(s, L_KIND), .number = text_of(s, L_NUMBER), .issuer = text_of(s, L_ISSUER)};
	const char *day = text_of(s, L_ON);
	date_t on;

	if (!strcmp(day, _("长期")))
		on = DATE_LONG_TERM;
	else if (!date_parse(day, &on))
		return err_set(e, ERR_FINDINGS, "%s", _("应为日期，如 2026-03-08"));
	t.on = c.valid_to = on;
	return s->certificate ? desk_certificate_add(ui_desk(ui), &c, e) : desk_training_add(ui_desk(ui), &t, e);
}

static enum reaction save(struct ui *ui, void *owner, struct sheet *f)
{
	struct dossier_form *s = owner;
	struct err e = {0};

	(void)f;
	if (!complete(ui, s))
		return STAY;
	if (store(ui, s, &e)) {
		ui_fail_why(ui, &e);
		return STAY;
	}
	ui_say(ui, SAY_DONE, "%s", _("已记录"));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner owner_ops = {.leave = leave, .choices = choices, .save = save};

static int form_opened(struct ui *ui, void *state, const void *arg, struct err *e)
{
	const struct dossier_form_arg *from = arg;
	const struct line *lines = from->certificate ? certificate_lines : training_lines;
	size_t n = from->certificate ? ARRAY_LEN(certificate_lines) : ARRAY_LEN(training_lines);
	struct dossier_form *s = state;

	(void)ui;
	(void)e;
	s->person = from->person;
	s->certificate = from->certificate;
	form_init(&s->sheet, &owner_ops, s);
	for (size_t i = 0; i < n; i++) {
		struct form_line *l = form_add(&s->sheet, (int)lines[i].id, lines[i].label, lines[i].help, lines[i].max_chars);

		l->choice = lines[i].choice;
		l->required = lines[i].required;
	}
	form_begin(&s->sheet, -1);
	return 0;
}

static void form_closed(struct ui *ui, void *state)
{
	(void)ui;
	form_release(&((struct dossier_form *)state)->sheet);
}

static void heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_copy(out, size, ((const struct dossier_form *)state)->certificate ? _("特种作业证书") : _("培训记录"));
}

static void draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	form_draw(ui, &((struct dossier_form *)state)->sheet, c, a);
}

static enum reaction key(struct ui *ui, void *state, int k)
{
	return form_key(ui, &((struct dossier_form *)state)->sheet, k);
}

static void event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_TICK)
		form_tick(ui, &((struct dossier_form *)state)->sheet, ev->now);
}

const struct screen_ops dossier_form_screen = {
	.name = "dossier_form", .title = N_("登记到档案"), .state_size = sizeof(struct dossier_form), .open = form_opened, .heading = heading,
	.draw = draw, .key = key, .event = event, .close = form_closed, .typing = form_typing, .shared = form_actions, .n_shared = FORM_ACTIONS};
