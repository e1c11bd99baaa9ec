/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lesson, a certificate or a do-not-hire mark, typed: a table of lines; the desk checks. A lesson may be many people's: those marked in the
 * roster; then it is said for how many before it is written.
 *
 * What was typed is kept as a draft of its own for every person, from the first key (U6): opening the form again goes on with it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/dossier.h"
#include "dialog.h"
#include "screen_list.h"
#include "short_form.h"

#define WORD_ABOVE 10 /* more people than that: a word is to be typed (U4) */

enum line_id { L_KIND, L_ON, L_HOURS, L_NUMBER, L_ISSUER, L_REASON };
/* name: as the draft has it */
struct line { enum line_id id; const char *name, *label, *help; unsigned max_chars; bool choice, required; };

static const struct line training_lines[] = {
	{L_KIND, "kind", N_("种类"), N_("按 F4 从列表选择"), 30, true, true},
	{L_ON, "on", N_("培训日期"), N_("例如 2026-11-20"), 10, false, true},
	{L_HOURS, "hours", N_("学时"), N_("整数，可不填"), 4, false, false},
};
static const struct line certificate_lines[] = {
	{L_KIND, "kind", N_("种类"), N_("按 F4 从列表选择"), 30, true, true},
	{L_NUMBER, "number", N_("证书编号"), N_("与证书一致"), 30, false, true},
	{L_ON, "on", N_("有效期至"), N_("最后一天，例如 2028-04-09，或“长期”"), 10, false, true},
	{L_ISSUER, "issuer", N_("发证机关"), N_("与证书一致，可不填"), 60, false, false},
};

static const struct line mark_lines[] = {
	{L_REASON, "reason", N_("原因"), N_("为什么不宜录用；只在档案里显示"), 100, false, true},
	{L_ON, "on", N_("最后一天"), N_("例如 2027-06-30；不填：到解除为止"), 10, false, false},
};

struct dossier_form {
	struct short_form form; /* first */
	enum dossier_form_kind kind;
	int64_t *persons;
	size_t n;
};

typedef int writes_fn(struct ui *ui, struct dossier_form *s, struct err *e);
static int write_training(struct ui *ui, struct dossier_form *s, struct err *e);
static int write_certificate(struct ui *ui, struct dossier_form *s, struct err *e);
static int write_mark(struct ui *ui, struct dossier_form *s, struct err *e);

static const struct {
	const char *draft, *title, *codes /* NULL: nothing to choose */, *more_codes /* another table; may be NULL */;
	const struct line *lines;
	size_t n;
	writes_fn *write;
} kinds[] = {
	[DOSSIER_TRAINING] = {"training", N_("培训记录"), "training_kinds", NULL, training_lines, ARRAY_LEN(training_lines), write_training},
	[DOSSIER_CERTIFICATE] = {"certificate", N_("资格证书"), "certificate_kinds", "post_certificates", certificate_lines, ARRAY_LEN(certificate_lines), write_certificate},
	[DOSSIER_MARK] = {"mark", N_("不宜录用标记"), NULL, NULL, mark_lines, ARRAY_LEN(mark_lines), write_mark},
};

/* --- drafts ---------------------------------------------------------------------------------------------------------------------------- */

static void name_draft(struct dossier_form *s)
{
	text_format(s->form.draft, sizeof(s->form.draft), "%s:%lld", kinds[s->kind].draft, s->n == 1 ? (long long)s->persons[0] : 0LL);
}

bool dossier_form_of_draft(const char *draft, enum dossier_form_kind *kind, int64_t *person)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		size_t n = strlen(kinds[i].draft);

		if (strncmp(draft, kinds[i].draft, n) || draft[n] != ':')
			continue;
		*kind = (enum dossier_form_kind)i;
		*person = strtoll(draft + n + 1, NULL, 10);
		return true;
	}
	return false;
}

const char *dossier_form_word(enum dossier_form_kind kind)
{
	return _(kinds[kind].title);
}

/* --- lines ----------------------------------------------------------------------------------------------------------------------------- */

/* A key post's certificates (F3) stand behind those of special trades. */
static size_t choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	const struct dossier_form *s = owner;
	size_t n = short_form_codes(ui, kinds[s->kind].codes, out, cap);

	(void)f;
	(void)line;
	return n + short_form_codes(ui, kinds[s->kind].more_codes, out + n, cap - n);
}

/* --- writing --------------------------------------------------------------------------------------------------------------------------- */

/* "" is DATE_NONE: whether a day is needed, the line says. */
static int day_of(struct dossier_form *s, date_t *on, struct err *e)
{
	const char *day = short_form_text(&s->form, L_ON);

	*on = DATE_NONE;
	if (!day[0] || date_parse(day, on))
		return 0;
	if (!strcmp(day, _("长期"))) {
		*on = DATE_LONG_TERM;
		return 0;
	}
	form_find_out(&s->form.sheet, form_find(&s->form.sheet, L_ON), SEVERITY_BLOCK, _("应为日期，如 2026-03-08"));
	return err_set(e, ERR_FINDINGS, "%s", _("应为日期，如 2026-03-08"));
}

static int lesson_of(struct dossier_form *s, struct training_new *t, struct err *e)
{
	const char *hours = short_form_text(&s->form, L_HOURS);

	*t = (struct training_new){.persons = s->persons, .n = s->n, .kind = short_form_text(&s->form, L_KIND), .hours = strtoll(hours, NULL, 10)};
	if (hours[0] && !text_is_digits(hours)) {
		form_find_out(&s->form.sheet, form_find(&s->form.sheet, L_HOURS), SEVERITY_BLOCK, _("学时应为整数"));
		return err_set(e, ERR_FINDINGS, "%s", _("学时应为整数"));
	}
	return day_of(s, &t->on, e);
}

static int write_training(struct ui *ui, struct dossier_form *s, struct err *e)
{
	struct training_new t;

	return lesson_of(s, &t, e) || desk_training_add(ui_desk(ui), &t, e) ? -1 : 0;
}

static int write_certificate(struct ui *ui, struct dossier_form *s, struct err *e)
{
	struct certificate_new c = {
		.person = s->persons[0], .kind = short_form_text(&s->form, L_KIND), .number = short_form_text(&s->form, L_NUMBER), .issuer = short_form_text(&s->form, L_ISSUER)};

	return day_of(s, &c.valid_to, e) || desk_certificate_add(ui_desk(ui), &c, e) ? -1 : 0;
}

static int write_mark(struct ui *ui, struct dossier_form *s, struct err *e)
{
	struct mark_new m = {.person = s->persons[0], .reason = short_form_text(&s->form, L_REASON)};

	return day_of(s, &m.until, e) || desk_mark_set(ui_desk(ui), &m, e) ? -1 : 0;
}

static bool written(struct ui *ui, struct dossier_form *s)
{
	struct err e = {0};

	if (kinds[s->kind].write(ui, s, &e)) {
		ui_fail_why(ui, &e);
		form_focus_first_block(ui, &s->form.sheet);
		return false;
	}
	short_form_done(ui, &s->form);
	ui_say(ui, SAY_DONE, "%s", s->n > 1 ? _("已记录；整批可以在“撤销”里撤回") : _("已记录"));
	ui_changed(ui);
	return true;
}

static void confirmed(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1 && written(ui, owner))
		ui_pop_state(ui, owner);
}

/* For many: what and for how many, and who has it already, before anything is written. */
static void ask_for_many(struct ui *ui, struct dossier_form *s)
{
	struct dialog_arg ask = {.title = N_("登记培训"), .button = {N_("再看看"), N_("登记")}, .n_buttons = 2, .done = confirmed, .owner = s};
	char text[700], day[DATE_TEXT];
	struct training_preview p;
	struct training_new t;
	struct err e = {0};

	if (lesson_of(s, &t, &e) || desk_training_preview(ui_desk(ui), &t, &p, &e)) {
		ui_fail_why(ui, &e);
		form_focus_first_block(ui, &s->form.sheet);
		return;
	}
	date_format(t.on, day);
	text_format(text, sizeof(text), _("为 %zu 人登记同一次培训（%s，%s）：%s%s"), p.able, form_find(&s->form.sheet, L_KIND)->text, day, p.names,
		    p.able > p.named ? _("……") : "");
	if (p.already)
		text_format(text + strlen(text), sizeof(text) - strlen(text), _("。另有 %zu 人这一天已有同种记录，不再重复"), p.already);
	ask.text = text;
	if (p.able > WORD_ABOVE) {
		ask.word = _("登记");
		ask.word2 = "record";
	}
	dialog_ask(ui, &ask);
}

static enum reaction save(struct ui *ui, void *owner, struct sheet *f)
{
	struct dossier_form *s = owner;

	(void)f;
	if (!short_form_complete(ui, &s->form))
		return STAY;
	if (s->n == 1)
		return written(ui, s) ? CLOSE : STAY;
	ask_for_many(ui, s);
	return STAY;
}

static const struct form_owner owner_ops = {.leave = short_form_leave, .choices = choices, .typed = short_form_typed, .save = save};

/* --- the screen ------------------------------------------------------------------------------------------------------------------------ */

static int form_opened(struct ui *ui, void *state, const void *arg, struct err *e)
{
	const struct dossier_form_arg *from = arg;
	struct dossier_form *s = state;

	form_init(&s->form.sheet, &owner_ops, s);
	s->persons = from->n ? malloc(from->n * sizeof(*s->persons)) : NULL;
	if (!s->persons)
		return err_set(e, ERR_MEMORY, "persons");
	memcpy(s->persons, from->persons, from->n * sizeof(*s->persons));
	s->n = from->n;
	s->kind = from->kind;
	name_draft(s);
	for (size_t i = 0; i < kinds[s->kind].n; i++) {
		const struct line *row = &kinds[s->kind].lines[i];
		struct form_line *l = short_form_add(&s->form, (int)row->id, row->name, row->label, row->help, row->max_chars);

		l->choice = row->choice;
		l->required = row->required;
	}
	short_form_resume(ui, &s->form, NULL);
	form_begin(&s->form.sheet, -1);
	return 0;
}

static void form_closed(struct ui *ui, void *state)
{
	struct dossier_form *s = state;

	if (s->persons)
		short_form_keep(ui, &s->form, clock_steady_ms());
	form_release(&s->form.sheet);
	free(s->persons);
}

static void heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct dossier_form *s = state;

	(void)ui;
	if (s->n == 1)
		text_copy(out, size, _(kinds[s->kind].title));
	else
		text_format(out, size, _("%s  %zu 人一起"), _(kinds[s->kind].title), s->n);
}

const struct screen_ops dossier_form_screen = {
	.name = "dossier_form",
	.title = N_("登记到档案"),
	.state_size = sizeof(struct dossier_form),
	.open = form_opened,
	.heading = heading,
	.draw = short_form_draw,
	.key = short_form_key,
	.event = short_form_event,
	.close = form_closed,
	.typing = form_typing,
	.actions = short_form_actions,
	.n_actions = SHORT_FORM_ACTIONS,
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
