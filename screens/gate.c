/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * At the gate (E4, F1): one card after the other on the reader, or one worker code after the other from a scanner, and nobody touches a key. Each
 * is let in or out, or clocked, or the screen says why not and what would allow it. The last ones stay on the screen.
 */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "edit.h"
#include "screen_list.h"

#define LAST 64

struct passing { char at[STAMP_TEXT]; char name[NAME_TEXT]; char text[420]; bool done; };

struct gate {
	struct edit code;
	enum gate_mode mode;
	enum clock_way way;      /* clocking: CLOCK_UNKNOWN for whatever comes next */
	int64_t person;          /* the last one's, to look at his photograph; 0: nobody */
	struct passing last[LAST]; /* a ring: the newest is before `next` */
	size_t next, n;
	size_t let, clocked;
};

static int gate_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct gate *g = state;

	(void)ui;
	(void)e;
	g->code.max_chars = 40;
	g->mode = arg ? *(const enum gate_mode *)arg : GATE_ENTER;
	return 0;
}

static enum event event_of(const struct gate *g)
{
	return g->mode == GATE_EXIT ? EVENT_EXIT : EVENT_ENTER;
}

static const char *mode_word(const struct gate *g)
{
	return g->mode == GATE_CLOCK ? _("打卡") : event_word(event_of(g));
}

static struct passing *note(struct gate *g, const char *name, const char *text, bool done)
{
	struct passing *p = &g->last[g->next];

	stamp_format(clock_now_ms(), p->at);
	text_copy(p->name, sizeof(p->name), name);
	text_copy(p->text, sizeof(p->text), text);
	p->done = done;
	g->next = (g->next + 1) % LAST;
	g->n += g->n < LAST;
	return p;
}

/* Who, which team, in or out, since when: what the one at the gate compares with the face before him. */
static void clocked_text(struct ui *ui, const struct clocked *c, enum clock_means means, char *out, size_t size)
{
	char stamp[STAMP_TEXT], why[200] = "";
	bool carried = desk_clock_carried(ui_desk(ui), means, why, sizeof(why));

	stamp_format(c->at_ms, stamp);
	text_format(out, size, "%s %.5s  %s  %s%s%s%s", clock_way_word(c->way), stamp + 11, c->team, c->trade, c->again ? _("  刚刚已经记过") : "",
		    carried ? "" : "  ", carried ? "" : why);
}

static void clock_person(struct ui *ui, struct gate *g, int64_t person, enum clock_means means)
{
	struct clocking c = {.person = person, .means = means, .source = CLOCK_AT_DESK, .way = g->way};
	struct clocked out;
	struct verdict v;
	struct err e = {0};
	char text[420];

	if (desk_clock(ui_desk(ui), &c, &v, &out, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	g->person = person;
	if (v.can)
		clocked_text(ui, &out, means, text, sizeof(text));
	else
		text_format(text, sizeof(text), "%s%s%s", v.why, v.would[0] ? _("；") : "", v.would);
	note(g, v.name, text, v.can && !out.again);
	g->clocked += v.can && !out.again;
	ui_say(ui, v.can ? SAY_DONE : SAY_ERROR, "%s：%s", v.name, text);
	if (v.can && !out.again)
		ui_changed(ui);
}

static void pass(struct ui *ui, struct gate *g, int64_t person, enum clock_means means)
{
	struct act a = {.event = event_of(g), .persons = &person, .n = 1, .on = DATE_NONE};
	struct verdict v;
	struct err e = {0};
	size_t done;
	char text[420];

	if (g->mode == GATE_CLOCK) {
		clock_person(ui, g, person, means);
		return;
	}
	g->person = person;
	if (desk_act(ui_desk(ui), &a, &v, &done, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	if (done)
		text_format(text, sizeof(text), "%s%s%s", g->mode == GATE_EXIT ? _("已退场") : _("已进场"), v.warning[0] ? _("；") : "", v.warning);
	else
		text_format(text, sizeof(text), "%s%s%s", v.why, v.would[0] ? _("；") : "", v.would);
	note(g, v.name, text, done);
	g->let += done;
	ui_say(ui, done ? SAY_DONE : SAY_ERROR, "%s：%s", v.name, text);
	if (done)
		ui_changed(ui);
}

static void gate_card(struct ui *ui, void *state, const struct id_card *card)
{
	struct err e = {0};
	int64_t person = 0;

	if (desk_person_by_card(ui_desk(ui), card, &person, &e)) {
		ui_fail(ui, &e);
	} else if (!person) {
		note(state, card->name, _("没有登记过；请先登记"), false);
		ui_say(ui, SAY_ERROR, _("%s：没有登记过；请先登记"), card->name);
	} else {
		pass(ui, state, person, CLOCK_CARD);
	}
}

static enum reaction act_code(struct ui *ui, void *state)
{
	struct gate *g = state;
	struct err e = {0};
	int64_t person;
	bool found;

	if (!g->code.text[0])
		return STAY;
	found = desk_person_by_code(ui_desk(ui), g->code.text, &person, &e) == 0;
	edit_set(&g->code, "");
	if (found)
		pass(ui, g, person, CLOCK_WORKER_CODE);
	else
		ui_fail_why(ui, &e);
	return STAY;
}

static enum reaction act_direction(struct ui *ui, void *state)
{
	struct gate *g = state;

	(void)ui;
	g->mode = (g->mode + 1) % (GATE_CLOCK + 1);
	return STAY;
}

static enum reaction act_way(struct ui *ui, void *state)
{
	struct gate *g = state;

	if (g->mode == GATE_CLOCK)
		g->way = (g->way + 1) % (CLOCK_OUT + 1);
	else
		ui_say(ui, SAY_INFO, "%s", _("打卡时才分上下班；按 Tab 换到打卡"));
	return STAY;
}

static enum reaction act_photo(struct ui *ui, void *state)
{
	struct gate *g = state;

	if (g->person)
		ui_push(ui, &photo_screen, &g->person);
	else
		ui_say(ui, SAY_INFO, "%s", _("还没有人过来"));
	return STAY;
}

static void gate_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct gate *g = state;

	(void)ui;
	if (g->mode == GATE_CLOCK)
		text_format(out, size, _("%s：%s  已记 %zu 人次"), mode_word(g), g->way == CLOCK_UNKNOWN ? _("上下班自动") : clock_way_word(g->way), g->clocked);
	else
		text_format(out, size, _("办理%s  已放行 %zu 人"), mode_word(g), g->let);
}

static void gate_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct gate *g = state;
	int used = canvas_text(c, a.row, a.col + 2, a.width - 2, ATTR_PLAIN, _("把身份证放到读卡器上，或扫工人码：")) + 2;
	size_t rows = a.height > 2 ? (size_t)a.height - 2 : 0;

	(void)ui;
	for (size_t i = 0; i < g->n && i < rows; i++) {
		const struct passing *p = &g->last[(g->next + LAST - 1 - i) % LAST];
		int row = a.row + 2 + (int)i;

		canvas_cut(c, row, a.col + 2, 10, ATTR_DIM, p->at + (strlen(p->at) > 8 ? strlen(p->at) - 8 : 0));
		canvas_cut(c, row, a.col + 12, 14, i ? ATTR_PLAIN : ATTR_BOLD, p->name);
		canvas_cut(c, row, a.col + 27, a.width - 27, p->done ? ATTR_GREEN : ATTR_RED, p->text);
	}
	edit_draw(&g->code, c, a.row, a.col + used + 1, a.width - used - 2, ATTR_PLAIN, true);
}

static enum reaction gate_key(struct ui *ui, void *state, int key)
{
	(void)ui;
	return edit_key(&((struct gate *)state)->code, key, NULL) ? STAY : NOT_MINE;
}

static bool gate_typing(const void *state)
{
	(void)state;
	return true;
}

static void gate_close(struct ui *ui, void *state)
{
	(void)ui;
	edit_wipe(&((struct gate *)state)->code);
}

static const struct action actions[] = {
	{K_ENTER, 0, "code", N_("确定"), N_("键入或扫入工人码之后：办理这个人；扫码枪自己会按"), act_code, 0},
	{K_TAB, 0, "direction", N_("进场/退场/打卡"), N_("依次换为办理进场、办理退场、打卡"), act_direction, 0},
	{K_F6, K_CTRL('u'), "way", N_("上下班"), N_("打卡：依次为自动（没上班的记上班，已上班的记下班）、只记上班、只记下班"), act_way, 0},
	{K_F7, K_CTRL('t'), "photo", N_("照片"), N_("看刚才这个人的照片，与本人核对"), act_photo, NEEDS_KEY},
};

const struct screen_ops gate_screen = {
	.name = "gate",
	.title = N_("门岗"),
	.state_size = sizeof(struct gate),
	.open = gate_open,
	.heading = gate_heading,
	.draw = gate_draw,
	.key = gate_key,
	.close = gate_close,
	.typing = gate_typing,
	.card = gate_card,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};
