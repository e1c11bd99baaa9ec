/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "short_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"
#include "desk/people.h"
#include "desk/site.h"

#define DRAFT_MS 1000
#define PARTICIPANTS_MOST 500

static const char *said(const struct form_line *l)
{
	return l->choice && l->value[0] ? l->value : l->text;
}

struct form_line *short_form_add(struct short_form *s, int id, const char *name, const char *label, const char *help, unsigned max_chars)
{
	struct form_line *l = form_add(&s->sheet, id, label, help, max_chars);

	if (l)
		s->name[s->sheet.n - 1] = name;
	return l;
}

const char *short_form_text(struct short_form *s, int id)
{
	const struct form_line *l = form_find(&s->sheet, id);

	return !l ? "" : l->choice ? l->value : l->text;
}

void short_form_choose(struct ui *ui, struct short_form *s, struct form_line *l, const char *value)
{
	struct form_choice *all = calloc(CHOICES_MAX, sizeof(*all));
	size_t n = all ? s->sheet.ops->choices(ui, s->sheet.owner, &s->sheet, (size_t)(l - s->sheet.line), all, CHOICES_MAX) : 0, i = 0;

	while (i < n && strcmp(all[i].value, value))
		i++;
	if (i < n)
		form_set(&s->sheet, l, all[i].label, all[i].value);
	else
		form_set(&s->sheet, l, value, NULL);
	free(all);
}

bool short_form_complete(struct ui *ui, struct short_form *s)
{
	char sentence[200];

	for (size_t i = 0; i < s->sheet.n; i++) {
		struct form_line *l = &s->sheet.line[i];

		if (l->choice && l->text[0] && !l->value[0]) {
			form_find_out(&s->sheet, l, SEVERITY_BLOCK, _("没有这一项：按 F4 从列表选择"));
			continue;
		}
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

/* --- values to choose from --------------------------------------------------------------------------------------------------------------- */

size_t short_form_codes(struct ui *ui, const char *table, struct form_choice *out, size_t cap)
{
	const struct code *codes = NULL;
	size_t n = table ? profile_codes(desk_profile(ui_desk(ui)), table, &codes) : 0;

	n = n < cap ? n : cap;
	for (size_t i = 0; i < n; i++)
		form_choice_of_code(&out[i], &codes[i]);
	return n;
}

size_t short_form_participants(struct ui *ui, struct form_choice *out, size_t cap)
{
	struct participant_row *rows = calloc(PARTICIPANTS_MOST, sizeof(*rows));
	size_t n = 0;

	if (!rows || desk_participant_list(ui_desk(ui), rows, PARTICIPANTS_MOST < cap ? PARTICIPANTS_MOST : cap, &n, NULL))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		text_copy(out[i].value, sizeof(out[i].value), rows[i].uid);
		text_copy(out[i].label, sizeof(out[i].label), rows[i].company);
	}
	free(rows);
	return n;
}

/* --- drafts ------------------------------------------------------------------------------------------------------------------------------ */

void short_form_keep(struct ui *ui, struct short_form *s, int64_t now)
{
	struct draft_text texts[DRAFT_TEXTS_MAX];
	struct err e = {0};
	size_t n = 0;

	if (!s->draft[0] || !s->changed || s->saved || !desk_session(ui_desk(ui))->has_key)
		return;
	if (s->extra_name)
		texts[n++] = (struct draft_text){s->extra_name, s->extra};
	for (size_t i = 0; i < s->sheet.n && n < DRAFT_TEXTS_MAX; i++)
		texts[n++] = (struct draft_text){s->name[i], said(&s->sheet.line[i])};
	s->kept_at = now;
	if (desk_draft_save_texts(ui_desk(ui), s->draft, texts, n, &e)) {
		log_err("keeping a draft", &e);
		ui_fail(ui, &e);
		return;
	}
	s->changed = false;
	s->kept = true;
}

void short_form_done(struct ui *ui, struct short_form *s)
{
	struct err e = {0};

	if (s->kept && desk_draft_drop(ui_desk(ui), s->draft, &e))
		log_err("dropping a draft", &e);
	s->kept = s->changed = false;
	s->saved = true;
}

struct resuming {
	struct ui *ui;
	struct short_form *s;
	short_form_put *put;
};

static void put_as_it_is(struct ui *ui, struct short_form *s, size_t line, const char *text)
{
	struct form_line *l = &s->sheet.line[line];

	if (l->choice)
		short_form_choose(ui, s, l, text);
	else
		form_set(&s->sheet, l, text, NULL);
}

static void take_text(void *arg, const struct draft_text *text)
{
	const struct resuming *r = arg;

	for (size_t i = 0; i < r->s->sheet.n; i++)
		if (!strcmp(r->s->name[i], text->name))
			r->put(r->ui, r->s, i, text->text);
}

void short_form_resume(struct ui *ui, struct short_form *s, short_form_put *put)
{
	struct resuming r = {ui, s, put ? put : put_as_it_is};
	struct err e = {0};

	if (!desk_session(ui_desk(ui))->has_key)
		return;
	if (desk_draft_load_texts(ui_desk(ui), s->draft, take_text, &r, &s->kept, &e)) {
		log_err("loading a draft", &e);
		ui_fail(ui, &e);
	} else if (s->kept) {
		ui_say(ui, SAY_INFO, "%s", _("接着上次没有填完的内容"));
	}
}

/* --- of the sheet's owner ---------------------------------------------------------------------------------------------------------------- */

void short_form_leave(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	struct form_line *l = &f->line[line];

	(void)ui;
	(void)owner;
	if (!l->secret) {
		text_narrow(l->text);
		text_trim(l->text);
	}
	if (l->text[0])
		form_find_out(f, l, SEVERITY_NONE, "");
}

void short_form_typed(struct ui *ui, void *owner, struct sheet *f)
{
	(void)ui;
	(void)f;
	((struct short_form *)owner)->changed = true;
}

/* --- of the screen ----------------------------------------------------------------------------------------------------------------------- */

void short_form_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	form_draw(ui, state, c, a);
}

enum reaction short_form_key(struct ui *ui, void *state, int key)
{
	return form_key(ui, state, key);
}

void short_form_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct short_form *s = state;

	if (ev->kind == UI_EVENT_TICK)
		form_tick(ui, &s->sheet, ev->now);
	if (ev->kind == UI_EVENT_LEAVING || (ev->kind == UI_EVENT_TICK && s->changed && ev->now - s->kept_at >= DRAFT_MS))
		short_form_keep(ui, s, ev->now);
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct short_form *s = state;

	short_form_keep(ui, s, clock_steady_ms());
	if (s->kept) {
		ui_changed(ui);
		ui_say(ui, SAY_INFO, "%s", _("没有保存：填了的内容留作草稿，再打开这张表接着填"));
	}
	return CLOSE;
}

const struct action short_form_actions[SHORT_FORM_ACTIONS] = {
	{K_ESC, 0, "back", N_("返回"), N_("返回；没有保存的内容留作草稿"), act_back, 0},
};
