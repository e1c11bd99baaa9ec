/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the register says of an attendance device (H4): a new one, or one that stands in it. Lines are rows of a table; the desk checks. Kept as a
 * draft from the first key (U6): one for a new device, one for each that is changed. */
#include <stdio.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/device.h"
#include "screen_list.h"
#include "short_form.h"

#define DRAFT_DEVICE "device" /* and, of one that is changed, its id */

enum line_id { L_SERIAL, L_KIND, L_PLACE, L_MODEL, L_WAY, L_METHOD, L_BIOMETRIC, L_MAKER, L_COUNT };

static const struct device_line {
	const char *name, *label, *help; /* name: in the draft */
	unsigned max_chars;
	bool choice, required;
	enum device_list_of list;
} lines[L_COUNT] = {
	[L_SERIAL] = {"serial", N_("序列号"), N_("照设备铭牌；设备用它登录，字母和数字，至多 32 位"), 32, false, true, 0},
	[L_KIND] = {"kind", N_("种类"), N_("考勤设备，或只采集人员的采集设备"), 20, true, true, DEVICE_KINDS},
	[L_PLACE] = {"place", N_("安装位置"), N_("例如：南门 1 号通道"), 40, false, true, 0},
	[L_MODEL] = {"model", N_("型号"), N_("设备型号"), 40, false, false, 0},
	[L_WAY] = {"way", N_("通行方向"), N_("只供进或只供出的通道选一个；不分方向不填"), 20, true, false, DEVICE_WAYS},
	[L_METHOD] = {"method", N_("采集方式"), N_("闸机、壁挂或手持"), 20, true, false, DEVICE_METHODS},
	[L_BIOMETRIC] = {"biometric", N_("生物特征"), N_("人脸、指纹等"), 20, true, false, DEVICE_BIOMETRICS},
	[L_MAKER] = {"maker", N_("厂家识别码"), N_("32 位，由供应商提供；不填则不核对"), 32, false, false, 0},
};

struct device_form {
	struct short_form form; /* first */
	int64_t device;         /* 0: a new one */
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

/* Which line a refusal is about. */
static const struct { enum err_code code; enum line_id line; } about[] = {
	{ERR_DEVICE_SERIAL, L_SERIAL}, {ERR_DUPLICATE, L_SERIAL}, {ERR_DEVICE_MAKER, L_MAKER}, {ERR_DEVICE_WORD, L_KIND},
};

static void refused(struct ui *ui, struct device_form *s, const struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(about); i++)
		if (about[i].code == e->code)
			form_find_out(&s->form.sheet, form_find(&s->form.sheet, about[i].line), SEVERITY_BLOCK,
				      e->code == ERR_DUPLICATE ? _("本机已登记过这个序列号") : err_sentence(e->code));
	form_focus_first_block(ui, &s->form.sheet);
	ui_fail(ui, e);
}

static struct device_new typed(struct device_form *s)
{
	struct short_form *f = &s->form;

	return (struct device_new){.serial = short_form_text(f, L_SERIAL), .kind = short_form_text(f, L_KIND), .place = short_form_text(f, L_PLACE),
				   .model = short_form_text(f, L_MODEL), .way = short_form_text(f, L_WAY), .method = short_form_text(f, L_METHOD),
				   .biometric = short_form_text(f, L_BIOMETRIC), .maker = short_form_text(f, L_MAKER)};
}

static enum reaction save(struct ui *ui, void *owner, struct sheet *f)
{
	struct device_form *s = owner;
	struct device_new n;
	char uid[UID_TEXT];
	struct err e = {0};

	(void)f;
	if (!short_form_complete(ui, &s->form))
		return STAY;
	n = typed(s);
	if (s->device ? desk_device_edit(ui_desk(ui), s->device, &n, &e) : desk_device_add(ui_desk(ui), &n, uid, &e)) {
		refused(ui, s, &e);
		return STAY;
	}
	short_form_done(ui, &s->form);
	ui_say(ui, SAY_DONE, "%s", s->device ? _("设备登记已修改") : _("已登记设备，允许接入"));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner owner_ops = {.leave = short_form_leave, .choices = choices, .typed = short_form_typed, .save = save};

/* --- the screen ---------------------------------------------------------------------------------------------------------------------------- */

bool device_form_of_draft(const char *draft, int64_t *device)
{
	long long id = 0;

	if (strcmp(draft, DRAFT_DEVICE) != 0 && sscanf(draft, DRAFT_DEVICE ":%lld", &id) != 1)
		return false;
	*device = id;
	return true;
}

static void put(struct ui *ui, struct device_form *s, enum line_id id, const char *text)
{
	struct form_line *l = form_find(&s->form.sheet, (int)id);

	if (l->choice && text[0])
		short_form_choose(ui, &s->form, l, text);
	else
		form_set(&s->form.sheet, l, text, "");
}

static int load(struct ui *ui, struct device_form *s, struct err *e)
{
	struct device_row r;

	if (desk_device_get(ui_desk(ui), s->device, &r, e))
		return -1;
	put(ui, s, L_SERIAL, r.serial);
	put(ui, s, L_KIND, r.kind);
	put(ui, s, L_PLACE, r.place);
	put(ui, s, L_MODEL, r.model);
	put(ui, s, L_WAY, r.way);
	put(ui, s, L_METHOD, r.method);
	put(ui, s, L_BIOMETRIC, r.biometric);
	put(ui, s, L_MAKER, r.maker);
	return 0;
}

static int form_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct device_form *s = state;

	s->device = arg ? *(const int64_t *)arg : 0;
	form_init(&s->form.sheet, &owner_ops, s);
	for (int i = 0; i < L_COUNT; i++) {
		struct form_line *l = short_form_add(&s->form, i, lines[i].name, lines[i].label, lines[i].help, lines[i].max_chars);

		l->choice = lines[i].choice;
		l->required = lines[i].required;
	}
	text_format(s->form.draft, sizeof(s->form.draft), s->device ? DRAFT_DEVICE ":%lld" : DRAFT_DEVICE, (long long)s->device);
	if (s->device && load(ui, s, e))
		return -1;
	if (!s->device) {
		put(ui, s, L_KIND, "attendance");
		put(ui, s, L_BIOMETRIC, "face");
	}
	short_form_resume(ui, &s->form, NULL);
	form_begin(&s->form.sheet, s->device ? L_PLACE : L_SERIAL);
	return 0;
}

static void form_close(struct ui *ui, void *state)
{
	struct device_form *s = state;

	short_form_keep(ui, &s->form, clock_steady_ms());
	form_release(&s->form.sheet);
}

static void form_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_copy(out, size, ((const struct device_form *)state)->device ? _("修改") : _("登记一台设备"));
}

const struct screen_ops device_form_screen = {
	.name = "device_form",
	.title = N_("考勤设备"),
	.state_size = sizeof(struct device_form),
	.open = form_open,
	.heading = form_heading,
	.draw = short_form_draw,
	.key = short_form_key,
	.event = short_form_event,
	.close = form_close,
	.typing = form_typing,
	.actions = short_form_actions,
	.n_actions = SHORT_FORM_ACTIONS,
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
