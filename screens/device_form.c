/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the register says of an attendance device (H4): a new one, or one that stands in it. Lines are rows of a table; the desk checks. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/device.h"
#include "form.h"
#include "screen_list.h"

enum line_id { L_SERIAL, L_KIND, L_PLACE, L_MODEL, L_WAY, L_METHOD, L_BIOMETRIC, L_MAKER, L_COUNT };

static const struct device_line {
	const char *label, *help;
	unsigned max_chars;
	bool choice, required;
	enum device_list_of list;
} lines[L_COUNT] = {
	[L_SERIAL] = {N_("序列号"), N_("照设备铭牌；设备用它登录，字母和数字，至多 32 位"), 32, false, true, 0},
	[L_KIND] = {N_("种类"), N_("考勤设备，或只采集人员的采集设备"), 20, true, true, DEVICE_KINDS},
	[L_PLACE] = {N_("安装位置"), N_("例如：南门 1 号通道"), 40, false, true, 0},
	[L_MODEL] = {N_("型号"), N_("设备型号"), 40, false, false, 0},
	[L_WAY] = {N_("通行方向"), N_("只供进或只供出的通道选一个；不分方向不填"), 20, true, false, DEVICE_WAYS},
	[L_METHOD] = {N_("采集方式"), N_("闸机、壁挂或手持"), 20, true, false, DEVICE_METHODS},
	[L_BIOMETRIC] = {N_("生物特征"), N_("人脸、指纹等"), 20, true, false, DEVICE_BIOMETRICS},
	[L_MAKER] = {N_("厂家识别码"), N_("32 位，由供应商提供；不填则不核对"), 32, false, false, 0},
};

struct device_form {
	struct sheet sheet; /* first */
	int64_t device;	    /* 0: a new one */
};

static size_t choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	const struct device_word *words;
	size_t n = device_words(lines[f->line[line].id].list, &words);

	(void)ui;
	(void)owner;
	for (size_t i = 0; i < n && i < cap; i++) {
		text_copy(out[i].value, sizeof(out[i].value), words[i].name);
		text_copy(out[i].label, sizeof(out[i].label), _(words[i].word));
	}
	return n < cap ? n : cap;
}

static const char *text_of(struct device_form *s, enum line_id id)
{
	const struct form_line *l = form_find(&s->sheet, (int)id);

	return l->choice ? l->value : l->text;
}

static bool complete(struct ui *ui, struct device_form *s)
{
	char sentence[200];

	for (size_t i = 0; i < s->sheet.n; i++) {
		struct form_line *l = &s->sheet.line[i];

		if (l->choice && l->text[0] && !l->value[0])
			form_find_out(&s->sheet, l, SEVERITY_BLOCK, _("没有这一项：按 F4 从列表选择"));
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

/* Which line a refusal is about. */
static const struct { enum err_code code; enum line_id line; } about[] = {
	{ERR_DEVICE_SERIAL, L_SERIAL}, {ERR_DUPLICATE, L_SERIAL}, {ERR_DEVICE_MAKER, L_MAKER}, {ERR_DEVICE_WORD, L_KIND},
};

static void refused(struct ui *ui, struct device_form *s, const struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(about); i++)
		if (about[i].code == e->code)
			form_find_out(&s->sheet, form_find(&s->sheet, about[i].line), SEVERITY_BLOCK,
				      e->code == ERR_DUPLICATE ? _("本机已登记过这个序列号") : err_sentence(e->code));
	form_focus_first_block(ui, &s->sheet);
	ui_fail(ui, e);
}

static enum reaction save(struct ui *ui, void *owner, struct sheet *f)
{
	struct device_form *s = owner;
	struct device_new n = {.serial = text_of(s, L_SERIAL), .kind = text_of(s, L_KIND), .place = text_of(s, L_PLACE), .model = text_of(s, L_MODEL),
			       .way = text_of(s, L_WAY), .method = text_of(s, L_METHOD), .biometric = text_of(s, L_BIOMETRIC), .maker = text_of(s, L_MAKER)};
	char uid[UID_TEXT];
	struct err e = {0};

	(void)f;
	if (!complete(ui, s))
		return STAY;
	if (s->device ? desk_device_edit(ui_desk(ui), s->device, &n, &e) : desk_device_add(ui_desk(ui), &n, uid, &e)) {
		refused(ui, s, &e);
		return STAY;
	}
	ui_say(ui, SAY_DONE, "%s", s->device ? _("设备登记已修改") : _("已登记设备，允许接入"));
	ui_changed(ui);
	return CLOSE;
}

static void leave(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	struct form_line *l = &f->line[line];

	(void)ui;
	(void)owner;
	text_narrow(l->text);
	text_trim(l->text);
	if (l->severity == SEVERITY_BLOCK && l->text[0])
		form_find_out(f, l, SEVERITY_NONE, "");
}

static const struct form_owner owner_ops = {.leave = leave, .choices = choices, .save = save};

/* --- the screen ---------------------------------------------------------------------------------------------------------------------------- */

static void put(struct device_form *s, enum line_id id, const char *text)
{
	struct form_line *l = form_find(&s->sheet, (int)id);

	form_set(&s->sheet, l, l->choice && text[0] ? device_word(lines[id].list, text) : text, l->choice ? text : "");
}

static int load(struct ui *ui, struct device_form *s, struct err *e)
{
	struct device_row r;

	if (desk_device_get(ui_desk(ui), s->device, &r, e))
		return -1;
	put(s, L_SERIAL, r.serial);
	put(s, L_KIND, r.kind);
	put(s, L_PLACE, r.place);
	put(s, L_MODEL, r.model);
	put(s, L_WAY, r.way);
	put(s, L_METHOD, r.method);
	put(s, L_BIOMETRIC, r.biometric);
	put(s, L_MAKER, r.maker);
	return 0;
}

static int form_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct device_form *s = state;

	s->device = arg ? *(const int64_t *)arg : 0;
	form_init(&s->sheet, &owner_ops, s);
	for (int i = 0; i < L_COUNT; i++) {
		struct form_line *l = form_add(&s->sheet, i, lines[i].label, lines[i].help, lines[i].max_chars);

		l->choice = lines[i].choice;
		l->required = lines[i].required;
	}
	if (s->device && load(ui, s, e))
		return -1;
	if (!s->device) {
		put(s, L_KIND, "attendance");
		put(s, L_BIOMETRIC, "face");
	}
	form_begin(&s->sheet, s->device ? L_PLACE : L_SERIAL);
	return 0;
}

static void form_close(struct ui *ui, void *state)
{
	(void)ui;
	form_release(&((struct device_form *)state)->sheet);
}

static void form_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_copy(out, size, ((const struct device_form *)state)->device ? _("修改") : _("登记一台设备"));
}

static void form_paint(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	form_draw(ui, &((struct device_form *)state)->sheet, c, a);
}

static enum reaction form_typed(struct ui *ui, void *state, int key)
{
	return form_key(ui, &((struct device_form *)state)->sheet, key);
}

static void form_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_TICK)
		form_tick(ui, &((struct device_form *)state)->sheet, ev->now);
}

static enum reaction act_back(struct ui *ui, void *state)
{
	(void)ui;
	(void)state;
	return CLOSE;
}

static const struct action actions[] = {
	{K_ESC, 0, "back", N_("返回"), N_("返回，不保存"), act_back, 0},
};

const struct screen_ops device_form_screen = {
	.name = "device_form",
	.title = N_("考勤设备"),
	.state_size = sizeof(struct device_form),
	.open = form_open,
	.heading = form_heading,
	.draw = form_paint,
	.key = form_typed,
	.event = form_event,
	.close = form_close,
	.typing = form_typing,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
