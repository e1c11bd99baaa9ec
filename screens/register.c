/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The registration form: from a card, by hand, and for changing a record. Which fields there are and which are required is the
 * profile's; what they are is domain/field.h's; here they become lines of a form.
 *
 * A draft is kept from the first key, at most once a second and on every way out (U6). Each open form has a slot of its own for it
 * ("register", "register-2"…), so that a second form on top of the first one never takes its place.
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"
#include "desk/elsewhere.h"
#include "desk/device.h"
#include "dialog.h"
#include "form.h"
#include "screen_list.h"

#define SLOTS 8
#define DRAFT_MS 1000
#define ROWS_MOST 500

struct registration {
	struct sheet sheet;      /* first: the shared actions find it there */
	struct record record;    /* what the fields hold */
	struct record initial;   /* as the form began: F7 brings it back */
	int64_t amend;           /* person; 0: a new registration */
	bool again;              /* a new one of somebody on file */
	unsigned slot;           /* bit of the draft's slot; 0: none taken yet */
	char draft_form[32];
	bool changed, kept;      /* typed since the last draft; a draft is stored */
	int64_t kept_at;
	bool saved;
	int64_t known;           /* this document is somebody's already: the person */
	struct errand *asking;   /* whether another site of the firm knows the person; NULL: nothing under way */
	int64_t collected;       /* a device collected this person: desk/device.h; 0: none */
};

/* --- drafts ---------------------------------------------------------------------------------------------------------------------------- */

static void slot_name(const struct registration *r, unsigned i, char *out, size_t size)
{
	if (i)
		text_format(out, size, "%s-%u", r->amend ? "amend" : "register", i + 1);
	else
		text_copy(out, size, r->amend ? "amend" : "register");
}

static bool stored(struct ui *ui, const char *form)
{
	struct draft_row row[32];
	size_t n = 0;

	if (desk_draft_list(ui_desk(ui), row, ARRAY_LEN(row), &n, NULL))
		return false;
	for (size_t i = 0; i < n; i++)
		if (row[i].mine && !strcmp(row[i].form, form))
			return true;
	return false;
}

/* Amending and registering share the bits: no two open forms have the same one. */
static void take_slot(struct ui *ui, struct registration *r)
{
	unsigned *slots = ui_form_slots(ui);

	for (unsigned i = 0; i < SLOTS; i++) {
		slot_name(r, i, r->draft_form, sizeof(r->draft_form));
		if (!(*slots & (1u << i)) && (i == SLOTS - 1 || !stored(ui, r->draft_form))) {
			r->slot = 1u << i;
			*slots |= r->slot;
			return;
		}
	}
}

static void take_slot_named(struct ui *ui, struct registration *r, const char *form)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		slot_name(r, i, r->draft_form, sizeof(r->draft_form));
		if (!strcmp(r->draft_form, form)) {
			r->slot = 1u << i;
			*ui_form_slots(ui) |= r->slot;
			return;
		}
	}
}

static void put_line(struct registration *r, const struct form_line *l);
static void put_lost(struct registration *r);

static void keep_draft(struct ui *ui, struct registration *r, int64_t now)
{
	struct err e = {0};

	if (!r->changed || r->saved || !desk_session(ui_desk(ui))->account)
		return;
	if (r->sheet.touched)
		put_line(r, &r->sheet.line[r->sheet.focus]);
	put_lost(r);
	if (desk_draft_save(ui_desk(ui), r->draft_form, r->amend, &r->record, &e)) {
		log_err("keeping a draft", &e);
		ui_fail(ui, &e);
		r->kept_at = now;
		return;
	}
	r->changed = false;
	r->kept = true;
	r->kept_at = now;
}

static void drop_draft(struct ui *ui, struct registration *r)
{
	struct err e = {0};

	if (r->kept && desk_draft_drop(ui_desk(ui), r->draft_form, &e))
		log_err("dropping a draft", &e);
	r->kept = r->changed = false;
}

/* --- record and lines ---------------------------------------------------------------------------------------------------------------------- */

static bool is_choice(const struct field *f)
{
	return f->kind == FIELD_CODE || f->kind == FIELD_YES_NO || f->kind == FIELD_COMPANY || f->kind == FIELD_TEAM;
}

static bool is_locked(const struct registration *r, const struct field *f)
{
	return r->record.from_card && (f->flags & FIELD_FROM_CARD) && record_get(&r->record, f->id)[0];
}

static const char *team_word(struct ui *ui, const char *uid, char *out, size_t size)
{
	struct team_row team;

	text_copy(out, size, desk_team_get(ui_desk(ui), uid, &team, NULL) ? uid : team.name);
	return out;
}

static void company_word(struct ui *ui, const char *uid, char *out, size_t size)
{
	struct participant_row *rows = calloc(ROWS_MOST, sizeof(*rows));
	size_t n = 0;

	text_copy(out, size, uid);
	if (rows && !desk_participant_list(ui_desk(ui), rows, ROWS_MOST, &n, NULL))
		for (size_t i = 0; i < n; i++)
			if (!strcmp(rows[i].uid, uid))
				text_copy(out, size, rows[i].company);
	free(rows);
}

/* The value in words. */
static void field_text(struct ui *ui, const struct registration *r, const struct field *f, char *out, size_t size)
{
	const char *value = record_get(&r->record, f->id);
	const struct code *code;

	out[0] = '\0';
	if (!value[0])
		return;
	switch (f->kind) {
	case FIELD_CODE:
		code = profile_code(desk_profile(ui_desk(ui)), f->codes, value);
		text_copy(out, size, code ? code_word(code) : value);
		break;
	case FIELD_YES_NO:
		text_copy(out, size, !strcmp(value, "1") ? _("是") : !strcmp(value, "0") ? _("否") : value);
		break;
	case FIELD_TEAM:
		team_word(ui, value, out, size);
		break;
	case FIELD_COMPANY:
		company_word(ui, value, out, size);
		break;
	default:
		record_show(&r->record, f->id, out, size);
		break;
	}
}

static bool known_value(struct ui *ui, const struct registration *r, const struct field *f)
{
	return f->kind != FIELD_CODE || profile_code(desk_profile(ui_desk(ui)), f->codes, record_get(&r->record, f->id));
}

/* In a record that is being changed, what was carried over or taken as usual when it was made is the person's own by now. */
static const char *mark_of(const struct registration *r, enum field_id id)
{
	enum value_origin origin = r->record.origin[id];
	bool as_stored = r->amend && !strcmp(record_get(&r->record, id), record_get(&r->initial, id));

	return as_stored && (origin == ORIGIN_CARRIED || origin == ORIGIN_DEFAULT) ? "" : origin_word(origin);
}

static void show_line(struct ui *ui, struct registration *r, struct form_line *l)
{
	const struct field *f = field_get((enum field_id)l->id);
	char text[EDIT_TEXT];

	if (r->record.lost[f->id])
		return; /* the line alone has it */
	field_text(ui, r, f, text, sizeof(text));
	form_set(&r->sheet, l, text, l->choice && known_value(ui, r, f) ? record_get(&r->record, f->id) : "");
	if (l->choice && text[0] && !l->value[0]) /* typed and kept, in a draft, but it names nothing */
		form_find_out(&r->sheet, l, SEVERITY_BLOCK, _("没有这一项：按 F4 从列表选择"));
	l->mark = text[0] ? mark_of(r, f->id) : "";
	wipe(text, sizeof(text));
}

/* Lines whose value in the record is no longer what they show: others' derived values. */
static void show_changed(struct ui *ui, struct registration *r, const struct form_line *but)
{
	for (size_t i = 0; i < r->sheet.n; i++) {
		struct form_line *l = &r->sheet.line[i];

		bool filled = !l->text[0] && record_get(&r->record, (enum field_id)l->id)[0];

		if (l == but || (l->severity == SEVERITY_BLOCK && !filled))
			continue;
		if (filled)
			form_find_out(&r->sheet, l, SEVERITY_NONE, "");
		show_line(ui, r, l);
	}
}

/* The line's text into the record. What is no value of its kind is kept as typed; the check reports it. */
static void put_line(struct registration *r, const struct form_line *l)
{
	const struct field *f = field_get((enum field_id)l->id);

	if (l->locked)
		return;
	if (l->choice)
		record_set(&r->record, f->id, l->value[0] ? l->value : l->text, ORIGIN_TYPED);
	else
		record_put_typed(&r->record, f->id, l->text);
}

/* What there was no memory for when its line was left: the line has it still. */
static void put_lost(struct registration *r)
{
	for (size_t i = 0; i < r->sheet.n; i++)
		if (r->record.lost[r->sheet.line[i].id])
			put_line(r, &r->sheet.line[i]);
}

static const char *const group_words[] = {
	[GROUP_IDENTITY] = N_("身份"), [GROUP_WORK] = N_("工作"), [GROUP_CONTRACT] = N_("合同与工资"), [GROUP_PERSONAL] = N_("个人情况")};

static bool wanted(struct ui *ui, const struct registration *r, const struct field *f)
{
	const struct profile *p = desk_profile(ui_desk(ui));

	if (r->record.from_card && (f->flags & FIELD_FROM_CARD))
		return record_get(&r->record, f->id)[0] != '\0';
	return profile_offers(p, FORM_REGISTER, f->id) || profile_offers(p, FORM_MANUAL, f->id);
}

/* What must be filled in follows from what stands there. By hand, a citizen's card is not asked for what only a foreigner's bears (U1). */
static void ask_what_applies(struct ui *ui, struct registration *r)
{
	for (size_t i = 0; i < r->sheet.n; i++) {
		struct form_line *l = &r->sheet.line[i];

		l->required = desk_field_required(ui_desk(ui), &r->record, (enum field_id)l->id);
		l->hidden = !l->required && !l->group && !record_asks(&r->record, (enum field_id)l->id);
	}
}

static void build(struct ui *ui, struct registration *r)
{
	int group = -1;

	r->sheet.n = 0;
	for (int i = 0; i < FIELD_COUNT; i++) {
		const struct field *f = field_get((enum field_id)i);
		struct form_line *l;

		if (!wanted(ui, r, f) || !(l = form_add(&r->sheet, i, f->label, f->help, f->max_chars)))
			continue;
		if ((int)f->group != group)
			l->group = group_words[group = (int)f->group];
		l->choice = is_choice(f);
		l->locked = is_locked(r, f);
		show_line(ui, r, l);
	}
	ask_what_applies(ui, r);
}

/* --- checking -------------------------------------------------------------------------------------------------------------------------------- */

static void place_findings(struct registration *r, const struct findings *found)
{
	char sentence[200];

	for (size_t i = found->n; i-- > 0;) { /* the first of a field's findings is the one that stays */
		struct form_line *l = form_find(&r->sheet, (int)found->item[i].field);

		if (!l || (l->severity == SEVERITY_BLOCK && found->item[i].severity == SEVERITY_WARN))
			continue;
		text_copy(sentence, sizeof(sentence), found->item[i].sentence);
		if (!strcmp(found->item[i].rule, "required")) /* label and value are in sight: shorter */
			text_format(sentence, sizeof(sentence), _("必填：%s"), _(l->help));
		form_find_out(&r->sheet, l, found->item[i].severity, sentence);
	}
}

/* --- known at another site (L8) ----------------------------------------------------------------------------------------------------------------- */

static void stop_asking(struct registration *r)
{
	desk_errand_end(r->asking);
	r->asking = NULL;
}

/* Nobody waits for the answer; without a line, or without a platform that shares, there is none. */
static void ask_elsewhere(struct ui *ui, struct registration *r)
{
	const char *number = record_get(&r->record, F_NUMBER);
	struct err e = {0};

	stop_asking(r);
	if (r->amend || r->again || r->known || !number[0])
		return;
	if (desk_elsewhere_ask(ui_desk(ui), number, &r->asking, &e))
		log_write(LOG_DBG, "look-up: %s", err_name(e.code));
}

/* Into what is empty, and not into the line that is being typed in. */
static size_t fill(struct ui *ui, struct registration *r, const struct record *from)
{
	size_t n = 0;

	for (size_t i = 0; i < r->sheet.n; i++) {
		struct form_line *l = &r->sheet.line[i];
		enum field_id id = (enum field_id)l->id;

		if (l->locked || l->text[0] || record_get(&r->record, id)[0] || !record_get(from, id)[0] || (i == r->sheet.focus && r->sheet.touched))
			continue;
		if (record_set(&r->record, id, record_get(from, id), ORIGIN_PLATFORM))
			continue;
		form_find_out(&r->sheet, l, SEVERITY_NONE, "");
		show_line(ui, r, l);
		n++;
	}
	r->changed |= n > 0;
	return n;
}

static void tell_elsewhere(struct ui *ui, const struct elsewhere *x, size_t filled)
{
	char where[NAME_TEXT + 160] = "";

	if (x->n)
		text_format(where, sizeof(where), _("；最近在 %s（%s）"), x->work[0].project, x->work[0].state);
	if (filled)
		ui_say(ui, SAY_INFO, _("本单位别的项目登记过此人：带出 %zu 项，标“平台”，请核对%s"), filled, where);
	else
		ui_say(ui, SAY_INFO, _("本单位别的项目登记过此人%s"), where);
}

static void hear_elsewhere(struct ui *ui, struct registration *r)
{
	struct elsewhere x;
	struct err e = {0};
	int got = desk_elsewhere_read(r->asking, &x, &e);

	if (!got)
		return;
	stop_asking(r);
	if (got < 0)
		log_write(LOG_DBG, "look-up: %s", err_name(e.code));
	else if (x.known)
		tell_elsewhere(ui, &x, fill(ui, r, &x.record));
	desk_elsewhere_release(&x);
}

static size_t register_fds(const void *state, struct pollfd fds[UI_FDS])
{
	const struct registration *r = state;

	if (!r->asking)
		return 0;
	fds[0] = (struct pollfd){.fd = desk_errand_fd(r->asking), .events = POLLIN};
	return 1;
}

static void say_known(struct ui *ui)
{
	ui_say(ui, SAY_WARN, "%s", _("这个证件号码已经登记过；F3 打开此人的档案"));
}

/* D5: employed already, through another project: what that says stands in the form, and only the team is missing. */
static bool employed_already(struct ui *ui, struct registration *r)
{
	char project[NAME_TEXT];
	struct err e = {0};

	if (desk_employment_known(ui_desk(ui), &r->record, project, sizeof(project), &e)) {
		ui_fail(ui, &e);
		return false;
	}
	if (!project[0])
		return false;
	show_changed(ui, r, NULL);
	ui_say(ui, SAY_WARN, _("本单位已在项目“%s”聘用此人：不再聘用，资料沿用，选班组即可"), project);
	return true;
}

/* The same document is the same person (A6): said as soon as the number is there. */
static void look_up_document(struct ui *ui, struct registration *r)
{
	const char *type = record_get(&r->record, F_DOC_TYPE), *number = record_get(&r->record, F_NUMBER);
	struct err e = {0};

	r->known = 0;
	if (r->amend || !number[0] || desk_person_by_document(ui_desk(ui), type, number, &r->known, &e))
		return;
	ask_elsewhere(ui, r);
	if (r->known && !employed_already(ui, r))
		say_known(ui);
}

static void say_no_memory(struct ui *ui)
{
	ui_fail(ui, &(struct err){.code = ERR_MEMORY});
}

static void register_leave(struct ui *ui, void *owner, struct sheet *s, size_t line)
{
	struct registration *r = owner;
	struct form_line *l = &s->line[line];
	struct findings *found = calloc(1, sizeof(*found));
	struct err e = {0};
	bool touched = s->touched;

	if (touched) {
		put_line(r, l);
		r->changed = true; /* a draft kept in the middle of typing has only what was typed, not what it names */
	}
	if (!found) {
		say_no_memory(ui);
		return;
	}
	form_find_out(s, l, SEVERITY_NONE, "");
	if (touched && desk_complete_record(ui_desk(ui), &r->record, &e))
		ui_fail(ui, &e);
	if (desk_check_field(ui_desk(ui), &r->record, (enum field_id)l->id, found, &e))
		ui_fail(ui, &e);
	else
		place_findings(r, found);
	if (touched && l->severity != SEVERITY_BLOCK)
		show_line(ui, r, l);
	if (touched)
		show_changed(ui, r, l);
	ask_what_applies(ui, r);
	if (touched && (l->id == F_NUMBER || l->id == F_DOC_TYPE))
		look_up_document(ui, r);
	free(found);
}

/* --- values to choose from ---------------------------------------------------------------------------------------------------------------------- */

static size_t code_choices(struct ui *ui, const struct field *f, struct form_choice *out, size_t cap)
{
	const struct code *codes;
	size_t n = profile_codes(desk_profile(ui_desk(ui)), f->codes, &codes);

	n = n < cap ? n : cap;
	for (size_t i = 0; i < n; i++)
		form_choice_of_code(&out[i], &codes[i]);
	return n;
}

static size_t team_choices(struct ui *ui, const char *participant, struct form_choice *out, size_t cap)
{
	struct team_row *rows = calloc(ROWS_MOST, sizeof(*rows));
	size_t n = 0, kept = 0;

	if (rows && !desk_team_list(ui_desk(ui), rows, ROWS_MOST, &n, NULL))
		for (size_t i = 0; i < n && kept < cap; i++) {
			if (participant[0] && strcmp(rows[i].participant_uid, participant))
				continue;
			text_copy(out[kept].value, sizeof(out[kept].value), rows[i].uid);
			if (participant[0])
				text_copy(out[kept++].label, sizeof(out->label), rows[i].name);
			else
				text_format(out[kept++].label, sizeof(out->label), "%s · %s", rows[i].name, rows[i].company);
		}
	free(rows);
	return kept;
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

static size_t register_choices(struct ui *ui, void *owner, const struct sheet *s, size_t line, struct form_choice *out, size_t cap)
{
	const struct registration *r = owner;
	const struct field *f = field_get((enum field_id)s->line[line].id);

	switch (f->kind) {
	case FIELD_CODE:
		return code_choices(ui, f, out, cap);
	case FIELD_YES_NO:
		out[0] = (struct form_choice){.value = "1"};
		out[1] = (struct form_choice){.value = "0"};
		text_copy(out[0].label, sizeof(out[0].label), _("是"));
		text_copy(out[1].label, sizeof(out[1].label), _("否"));
		return 2;
	case FIELD_TEAM:
		return team_choices(ui, record_get(&r->record, F_COMPANY), out, cap);
	case FIELD_COMPANY:
		return company_choices(ui, out, cap);
	default:
		return 0;
	}
}

/* --- same, restore, typed ------------------------------------------------------------------------------------------------------------------------- */

static void bring(struct ui *ui, struct registration *r, struct form_line *l, const struct record *from, enum value_origin origin)
{
	enum field_id id = (enum field_id)l->id;

	if (record_set(&r->record, id, record_get(from, id), origin)) {
		say_no_memory(ui);
		return;
	}
	form_find_out(&r->sheet, l, SEVERITY_NONE, "");
	show_line(ui, r, l);
	ask_what_applies(ui, r);
	r->sheet.touched = false;
	r->changed = true;
}

static void register_same(struct ui *ui, void *owner, struct sheet *s, size_t line)
{
	struct registration *r = owner;
	struct record *last = ui_last_record(ui);

	if (!record_get(last, (enum field_id)s->line[line].id)[0])
		ui_say(ui, SAY_INFO, "%s", _("上一条记录没有这一项"));
	else
		bring(ui, r, &s->line[line], last, ORIGIN_CARRIED);
}

static void register_restore(struct ui *ui, void *owner, struct sheet *s, size_t line)
{
	struct registration *r = owner;

	bring(ui, r, &s->line[line], &r->initial, r->initial.origin[s->line[line].id]);
}

static void register_typed(struct ui *ui, void *owner, struct sheet *s)
{
	struct registration *r = owner;
	struct form_line *l = &s->line[s->focus];

	(void)ui;
	r->changed = true;
	if (l->mark) /* no longer as it was carried over */
		l->mark = NULL;
	if (l->choice && !s->touched)
		put_line(r, l); /* picked from the list: it has its value */
	if (!record_whole(&r->record))
		say_no_memory(ui);
	ask_what_applies(ui, r);
}

/* --- saving ------------------------------------------------------------------------------------------------------------------------------------------ */

static void put_all(struct registration *r)
{
	struct sheet *s = &r->sheet;

	/* lines whose text names no value are kept as typed, so that the check reports them */
	for (size_t i = 0; i < s->n; i++)
		if (s->line[i].choice && s->line[i].text[0] && !s->line[i].value[0])
			put_line(r, &s->line[i]);
	put_lost(r);
}

static bool blocked_choice(const struct sheet *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->line[i].choice && s->line[i].text[0] && !s->line[i].value[0])
			return true;
	return false;
}

static void not_saved(struct ui *ui, struct registration *r, const struct findings *found, const struct err *e)
{
	const struct finding *first = NULL;
	size_t blocks = 0;

	if (e->code != ERR_FINDINGS) {
		ui_fail(ui, e);
		if (e->code == ERR_DUPLICATE && !r->known)
			desk_person_by_document(ui_desk(ui), record_get(&r->record, F_DOC_TYPE), record_get(&r->record, F_NUMBER), &r->known, NULL);
		if (e->code == ERR_DUPLICATE && r->known) /* another clerk was faster */
			say_known(ui);
		return;
	}
	place_findings(r, found);
	for (size_t i = found->n; i-- > 0;)
		if (found->item[i].severity == SEVERITY_BLOCK) {
			first = &found->item[i];
			blocks++;
		}
	if (form_focus_first_block(ui, &r->sheet))
		ui_say(ui, SAY_ERROR, _("还有 %zu 处必须改正，光标在第一处：%s"), blocks, r->sheet.line[r->sheet.focus].finding);
	else if (first) /* it stands on a locked or an absent field: said here */
		ui_say(ui, SAY_ERROR, "%s", first->sentence);
	else
		ui_fail(ui, e);
}

static void saved_new(struct ui *ui, struct registration *r, const struct registered *done)
{
	ui_say(ui, SAY_DONE, _("已登记 %s：%s；班组分配：%s"), record_get(&r->record, F_NAME), state_word(CYCLE_EMPLOYMENT, (int)done->employment_state),
	       state_word(CYCLE_ASSIGNMENT, (int)done->assignment_state));
	record_release(ui_last_record(ui));
	record_init(ui_last_record(ui));
	record_copy(ui_last_record(ui), &r->record);
}

static int store(struct ui *ui, struct registration *r, struct findings *found, struct err *e)
{
	struct registered done = {0};
	struct err own = {0};
	int changed = 0;

	if (r->amend) {
		if (desk_amend(ui_desk(ui), r->amend, &r->record, found, &changed, e))
			return -1;
		if (changed)
			ui_say(ui, SAY_DONE, _("已修改 %d 项"), changed);
		else
			ui_say(ui, SAY_INFO, "%s", _("没有改动"));
		return 0;
	}
	if (desk_register(ui_desk(ui), &r->record, found, &done, e))
		return -1;
	saved_new(ui, r, &done);
	if (r->collected && desk_collected_take(ui_desk(ui), r->collected, done.person, &own))
		ui_fail(ui, &own); /* registered all the same: the device's row stays to be settled */
	return 0;
}

static int begin_record(struct ui *ui, struct registration *r, struct err *e);

/* After a manual entry the next one begins at once; after a card the next card opens its own form. */
static enum reaction after_saving(struct ui *ui, struct registration *r)
{
	struct err e = {0};
	bool again = !r->amend && !r->again && !r->collected && !r->record.from_card;

	drop_draft(ui, r);
	r->saved = true;
	ui_changed(ui);
	if (!again || ui_waiting_card(ui))
		return CLOSE;
	record_release(&r->record);
	record_release(&r->initial);
	record_init(&r->record);
	record_init(&r->initial);
	r->saved = false;
	r->known = 0;
	stop_asking(r);
	if (!begin_record(ui, r, &e))
		return STAY;
	ui_fail(ui, &e);
	return CLOSE;
}

static enum reaction register_save(struct ui *ui, void *owner, struct sheet *s)
{
	struct registration *r = owner;
	struct findings *found = calloc(1, sizeof(*found));
	struct err e = {0};
	enum reaction reaction = STAY;

	if (!found) {
		err_set(&e, ERR_MEMORY, "findings");
		ui_fail(ui, &e);
		return STAY;
	}
	put_all(r);
	if (blocked_choice(s) && form_focus_first_block(ui, s))
		ui_say(ui, SAY_ERROR, "%s", s->line[s->focus].finding);
	else if (store(ui, r, found, &e))
		not_saved(ui, r, found, &e);
	else
		reaction = after_saving(ui, r);
	free(found);
	return reaction;
}

static const struct form_owner owner_ops = {
	.leave = register_leave, .choices = register_choices, .same = register_same, .restore = register_restore, .typed = register_typed,
	.save = register_save};

/* --- opening ------------------------------------------------------------------------------------------------------------------------------------------ */

/* The record before may be another project's: its team and company are not to be had here. */
static bool had_here(struct ui *ui, enum field_id f, const char *value)
{
	char word[NAME_TEXT];
	struct team_row team;

	if (f == F_TEAM)
		return !desk_team_get(ui_desk(ui), value, &team, NULL);
	if (f != F_COMPANY)
		return true;
	company_word(ui, value, word, sizeof(word));
	return strcmp(word, value) != 0;
}

static void carry_over(struct ui *ui, struct record *r)
{
	const struct record *last = ui_last_record(ui);

	for (int i = 0; i < FIELD_COUNT; i++)
		if ((field_get((enum field_id)i)->flags & FIELD_CARRIED) && record_get(last, (enum field_id)i)[0] &&
		    had_here(ui, (enum field_id)i, record_get(last, (enum field_id)i)))
			record_set(r, (enum field_id)i, record_get(last, (enum field_id)i), ORIGIN_CARRIED);
}

static void warn_at_once(struct ui *ui, struct registration *r)
{
	struct findings *found = calloc(1, sizeof(*found));
	bool blocked = false;

	if (!found)
		return;
	/* what the card itself brings along is told before anything is typed (A9); empty fields are not complained about yet */
	for (int i = 0; i < FIELD_COUNT; i++)
		if ((field_get((enum field_id)i)->flags & FIELD_FROM_CARD) && record_get(&r->record, (enum field_id)i)[0]) {
			found->n = 0;
			if (desk_check_field(ui_desk(ui), &r->record, (enum field_id)i, found, NULL) || !found->n)
				continue;
			place_findings(r, found);
			if (!blocked || found->item[0].severity == SEVERITY_BLOCK)
				ui_say(ui, found->item[0].severity == SEVERITY_BLOCK ? SAY_ERROR : SAY_WARN, "%s", found->item[0].sentence);
			blocked |= found->item[0].severity == SEVERITY_BLOCK;
		}
	free(found);
}

/* A draft kept in the middle of typing has the text of a choice: it becomes one, as on leaving the line. */
static void settle_choices(struct ui *ui, struct registration *r)
{
	for (size_t i = 0; i < r->sheet.n; i++) {
		struct form_line *l = &r->sheet.line[i];

		if (!l->choice || l->locked || !l->text[0] || l->value[0])
			continue;
		form_settle(ui, &r->sheet, l);
		if (l->value[0])
			put_line(r, l);
	}
	ask_what_applies(ui, r);
}

/* A draft that goes on says what it said: findings of what is filled in; empty fields are not complained about yet. */
static void check_filled(struct ui *ui, struct registration *r)
{
	struct findings *found = calloc(1, sizeof(*found));
	size_t kept = 0;

	if (!found || desk_check_record(ui_desk(ui), &r->record, found, NULL))
		goto out;
	for (size_t i = 0; i < found->n; i++)
		if (record_get(&r->record, found->item[i].field)[0])
			found->item[kept++] = found->item[i];
	found->n = kept;
	place_findings(r, found);
out:
	free(found);
}

/* Defaults, carried-over values, what follows from them; then the lines. */
static int begin_record(struct ui *ui, struct registration *r, struct err *e)
{
	struct err own = {0};

	if (!r->amend)
		carry_over(ui, &r->record);
	if (desk_complete_record(ui_desk(ui), &r->record, &own))
		ui_fail(ui, &own);
	if (!record_whole(&r->record) || record_copy(&r->initial, &r->record))
		return err_set(e, ERR_MEMORY, "record");
	build(ui, r);
	form_begin(&r->sheet, -1);
	return 0;
}

/* Who is hired anew brings himself along; work, contract and wage are the new employer's. */
static int forget_work(struct record *record)
{
	int last = 0;

	for (enum field_id f = 0; f < FIELD_COUNT; f++) {
		enum field_group group = field_get(f)->group;

		if (group == GROUP_CONTRACT || (group == GROUP_WORK && f != F_PHONE))
			last |= record_set(record, f, "", ORIGIN_NONE);
	}
	return last;
}

static int load(struct ui *ui, struct registration *r, const struct register_arg *a, struct err *e)
{
	bool found = false;

	if (a->draft) {
		r->amend = !strncmp(a->draft_form, "amend", 5);
		take_slot_named(ui, r, a->draft_form);
		if (desk_draft_load(ui_desk(ui), a->draft_form, &r->amend, &r->record, &found, e))
			return -1;
		r->kept = found;
		return found ? 0 : err_set(e, ERR_NO_SUCH, "draft");
	}
	r->amend = a->amend;
	take_slot(ui, r);
	if (a->amend)
		return desk_person_record(ui_desk(ui), a->amend, &r->record, e);
	r->again = a->again != 0;
	if (a->again) {
		if (desk_person_record(ui_desk(ui), a->again, &r->record, e))
			return -1;
		return forget_work(&r->record) ? err_set(e, ERR_MEMORY, "record") : 0;
	}
	r->collected = a->collected;
	if (a->collected)
		return desk_collected_open(ui_desk(ui), a->collected, &r->record, e);
	if (a->card && record_from_card(&r->record, a->card))
		return err_set(e, ERR_MEMORY, "card");
	return 0;
}

static int register_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct registration *r = state;
	const struct register_arg *a = arg;
	const struct field *focus = a->focus ? field_by_name(a->focus) : NULL;

	form_init(&r->sheet, &owner_ops, r);
	record_init(&r->record);
	record_init(&r->initial);
	if (!desk_profile(ui_desk(ui)))
		return err_set(e, ERR_NO_PROJECT, NULL);
	if (load(ui, r, a, e))
		return -1;
	if (a->draft || a->amend) {
		if (record_copy(&r->initial, &r->record))
			return err_set(e, ERR_MEMORY, "record");
		build(ui, r);
		form_begin(&r->sheet, focus ? (int)focus->id : -1);
	} else if (begin_record(ui, r, e)) {
		return -1;
	}
	if (a->draft) {
		settle_choices(ui, r);
		check_filled(ui, r);
	}
	if (a->card) {
		warn_at_once(ui, r);
		ask_elsewhere(ui, r);
	}
	if ((a->card || a->again) && employed_already(ui, r) && !record_get(&r->record, F_TEAM)[0])
		form_begin(&r->sheet, F_TEAM);
	return 0;
}

static void register_close(struct ui *ui, void *state)
{
	struct registration *r = state;

	keep_draft(ui, r, clock_steady_ms());
	stop_asking(r);
	*ui_form_slots(ui) &= ~r->slot;
	record_release(&r->record);
	record_release(&r->initial);
	form_release(&r->sheet);
}

static void register_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct registration *r = state;

	(void)ui;
	text_copy(out, size, r->amend ? _("修改资料") : r->again ? _("再次聘用") : r->record.from_card ? _("读卡登记") : _("手工录入（将一直标明“手工”）"));
}

static void register_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	form_draw(ui, &((struct registration *)state)->sheet, c, a);
}

static enum reaction register_key(struct ui *ui, void *state, int key)
{
	return form_key(ui, &((struct registration *)state)->sheet, key);
}

static void register_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct registration *r = state;

	if (ev->kind == UI_EVENT_TICK)
		form_tick(ui, &r->sheet, ev->now);
	if (ev->kind == UI_EVENT_TICK && r->asking)
		hear_elsewhere(ui, r);
	if (ev->kind == UI_EVENT_LEAVING || (ev->kind == UI_EVENT_TICK && r->changed && ev->now - r->kept_at >= DRAFT_MS))
		keep_draft(ui, r, ev->now);
}

/* --- actions ------------------------------------------------------------------------------------------------------------------------------------------ */

static enum reaction act_back(struct ui *ui, void *state)
{
	struct registration *r = state;

	keep_draft(ui, r, clock_steady_ms());
	if (r->kept)
		ui_changed(ui);
	if (r->kept)
		ui_say(ui, SAY_INFO, "%s", _("没有保存：填了的内容留作草稿，在“今日”的草稿里继续"));
	return CLOSE;
}

/* The card that waits is this very person's: its content goes into this form; else it opens on top, and this form stays as it is. */
static enum reaction act_card(struct ui *ui, void *state)
{
	struct registration *r = state;
	const struct id_card *card = ui_waiting_card(ui);
	const char *number = record_get(&r->record, F_NUMBER);
	struct record with;

	if (r->amend || r->record.from_card || !number[0] || strcmp(number, card->number)) {
		ui_open_card(ui);
		return STAY;
	}
	form_leave(ui, &r->sheet);
	put_lost(r); /* the lines are built anew from the record */
	record_init(&with);
	if (!record_whole(&r->record) || record_copy(&with, &r->record) || record_from_card(&with, card) || record_copy(&r->record, &with)) {
		record_release(&with);
		say_no_memory(ui); /* and neither half of the two stands here */
		return STAY;
	}
	record_release(&with);
	ui_drop_card(ui);
	r->changed = true;
	build(ui, r);
	form_begin(&r->sheet, -1);
	ui_say(ui, SAY_DONE, "%s", _("证件内容已改为读卡所得"));
	return STAY;
}

static enum reaction act_known(struct ui *ui, void *state)
{
	struct registration *r = state;

	if (r->known)
		ui_push(ui, &person_screen, &r->known);
	else
		ui_say(ui, SAY_INFO, "%s", _("这个证件号码没有登记过"));
	return STAY;
}

static const struct action actions[] = {
	{K_F8, K_CTRL('t'), "card", N_("打开新卡"), N_("打开刚读到的身份证；当前的表原样留着，办完后回来"), act_card, NEEDS_CARD},
	{K_F3, K_CTRL('v'), "known", NULL, N_("证件号码已登记过时，打开此人的档案"), act_known, 0},
	{K_ESC, 0, "back", N_("返回"), N_("返回；没有保存的内容留作草稿"), act_back, 0},
};

const struct screen_ops register_screen = {
	.name = "register",
	.title = N_("登记"),
	.state_size = sizeof(struct registration),
	.open = register_open,
	.heading = register_heading,
	.draw = register_draw,
	.key = register_key,
	.event = register_event,
	.close = register_close,
	.fds = register_fds,
	.typing = form_typing,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
