/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that the file holds about a person as one file for that person (L6): why it is handed out, and where it goes. The file is made with the clerk's
 * own rights, for his eyes only, never over another one. What was typed stands until it is written; it is no record, so it leaves no draft.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "desk/terms.h"
#include "form.h"
#include "office/client.h"
#include "screen_list.h"

#define WHOLE_MOST (256u << 20)
#define PATH_CHARS 300

enum line_id { L_REASON, L_PATH, L_COUNT };

static const struct { const char *label, *help; unsigned max_chars; } lines[L_COUNT] = {
	[L_REASON] = {N_("原因"), N_("谁要的、为什么，例如：本人书面申请；会留下记录"), 100},
	[L_PATH] = {N_("文件"), N_("写到哪里；只有您能打开，不会覆盖已有的文件"), PATH_CHARS},
};

struct own_data {
	struct sheet sheet; /* first */
	int64_t person;
};

static char *text_of(struct own_data *o, enum line_id id)
{
	return form_find(&o->sheet, (int)id)->text;
}

static bool complete(struct ui *ui, struct own_data *o)
{
	char sentence[300];

	for (size_t i = 0; i < o->sheet.n; i++) {
		struct form_line *l = &o->sheet.line[i];

		text_format(sentence, sizeof(sentence), _("请填写%s：%s"), _(l->label), _(l->help));
		form_find_out(&o->sheet, l, l->text[0] ? SEVERITY_NONE : SEVERITY_BLOCK, l->text[0] ? "" : sentence);
	}
	if (!form_focus_first_block(ui, &o->sheet))
		return true;
	ui_say(ui, SAY_ERROR, "%s", o->sheet.line[o->sheet.focus].finding);
	return false;
}

/* The file first: where there is no place for it nothing is handed out, nor recorded as such. */
static int hand_out(struct ui *ui, struct own_data *o, struct office_file *file, struct err *e)
{
	struct buf b;
	int last;

	if (office_file_new(file, text_of(o, L_PATH), false, e))
		return -1;
	buf_init(&b, WHOLE_MOST);
	last = desk_person_whole(ui_desk(ui), o->person, text_of(o, L_REASON), &b, e);
	if (!last)
		last = io_write_all(file->fd, b.data, b.len, e);
	buf_wipe_release(&b);
	return office_file_end(file, last, e);
}

static enum reaction save(struct ui *ui, void *owner, struct sheet *f)
{
	struct own_data *o = owner;
	struct office_file file = {.fd = -1};
	struct err e = {0};

	(void)f;
	if (!complete(ui, o))
		return STAY;
	if (hand_out(ui, o, &file, &e)) {
		if (e.code == ERR_FILE_EXISTS) {
			form_find_out(&o->sheet, form_find(&o->sheet, L_PATH), SEVERITY_BLOCK, err_sentence(e.code));
			form_focus_first_block(ui, &o->sheet);
		}
		ui_fail_why(ui, &e);
		return STAY;
	}
	ui_say(ui, SAY_DONE, _("本人的全部资料已写入 %s"), file.path);
	ui_changed(ui);
	return CLOSE;
}

static void leave(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	struct form_line *l = &f->line[line];

	(void)ui;
	(void)owner;
	text_trim(l->text);
	if (l->severity == SEVERITY_BLOCK && l->text[0])
		form_find_out(f, l, SEVERITY_NONE, "");
}

static const struct form_owner owner_ops = {.leave = leave, .save = save};

static int own_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct own_data *o = state;
	char path[PATH_CHARS], today[DATE_TEXT];

	(void)ui;
	(void)e;
	o->person = *(const int64_t *)arg;
	form_init(&o->sheet, &owner_ops, o);
	for (int i = 0; i < L_COUNT; i++)
		form_add(&o->sheet, i, lines[i].label, lines[i].help, lines[i].max_chars)->required = true;
	date_format(date_today(), today);
	text_format(path, sizeof(path), "~/%s-%s.json", _("本人资料"), today);
	form_set(&o->sheet, form_find(&o->sheet, L_PATH), path, NULL);
	form_begin(&o->sheet, L_REASON);
	return 0;
}

static void own_close(struct ui *ui, void *state)
{
	(void)ui;
	form_release(&((struct own_data *)state)->sheet);
}

static void own_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	form_draw(ui, &((struct own_data *)state)->sheet, c, a);
}

static enum reaction own_key(struct ui *ui, void *state, int key)
{
	return form_key(ui, &((struct own_data *)state)->sheet, key);
}

static void own_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_TICK)
		form_tick(ui, &((struct own_data *)state)->sheet, ev->now);
}

static enum reaction act_back(struct ui *ui, void *state)
{
	(void)ui;
	(void)state;
	return CLOSE;
}

static const struct action actions[] = {
	{K_ESC, 0, "back", N_("返回"), N_("返回，什么也不写出"), act_back, 0},
};

const struct screen_ops own_data_screen = {
	.name = "own_data",
	.title = N_("本人资料"),
	.state_size = sizeof(struct own_data),
	.open = own_open,
	.draw = own_draw,
	.key = own_key,
	.event = own_event,
	.close = own_close,
	.typing = form_typing,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
