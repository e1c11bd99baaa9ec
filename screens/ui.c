/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack of screens and the dispatch of keys. */
#include "ui.h"

#include <stdlib.h>
#include <string.h>

#include "base/held.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"
#include "dialog.h"
#include "screen_list.h"
#include "ui_private.h"

/* --- the stack --------------------------------------------------------------------------------------------------------------- */

struct entry *ui_entry(struct ui *ui)
{
	return ui->depth ? &ui->stack[ui->depth - 1] : NULL;
}

const struct screen_ops *ui_top(const struct ui *ui)
{
	return ui->depth ? ui->stack[ui->depth - 1].ops : NULL;
}

void *ui_top_state(const struct ui *ui)
{
	return ui->depth ? ui->stack[ui->depth - 1].state : NULL;
}

static void entry_close(struct ui *ui, struct entry *n)
{
	if (n->ops->close)
		n->ops->close(ui, n->state);
	held_drop(n->state);
	n->state = NULL;
}

int ui_push(struct ui *ui, const struct screen_ops *ops, const void *arg)
{
	struct entry n = {.ops = ops};
	struct err e = {0};

	if (ui->depth == STACK_MAX) {
		ui_say(ui, SAY_WARN, "%s", _("打开的窗口太多，请先返回"));
		return -1;
	}
	n.state = held_new(ops->state_size);
	if (!n.state) {
		err_set(&e, ERR_MEMORY, "%s", ops->name);
		ui_fail(ui, &e);
		return -1;
	}
	if (ops->open && ops->open(ui, n.state, arg, &e)) {
		entry_close(ui, &n);
		ui_fail(ui, &e);
		return -1;
	}
	ui->stack[ui->depth++] = n;
	return 0;
}

/* Takes one screen out of the stack, wherever it is: a dialog may have put another screen above itself before it closes. */
void ui_pop_state(struct ui *ui, const void *state)
{
	for (size_t i = ui->depth; i-- > 0;)
		if (ui->stack[i].state == state) {
			struct entry gone = ui->stack[i];

			memmove(&ui->stack[i], &ui->stack[i + 1], (ui->depth - i - 1) * sizeof(gone));
			ui->depth--;
			entry_close(ui, &gone);
			return;
		}
}

void ui_close_all_above(struct ui *ui, const void *state)
{
	while (ui->depth && ui->stack[ui->depth - 1].state != state)
		ui_pop_state(ui, ui->stack[ui->depth - 1].state);
}

void ui_to_home(struct ui *ui)
{
	while (ui->depth > 2)
		ui_pop_state(ui, ui->stack[ui->depth - 1].state);
}

/* --- life -------------------------------------------------------------------------------------------------------------------- */

int ui_new(struct ui **out, struct desk *desk, struct term *term, const struct screens_options *options, struct err *e)
{
	struct ui *ui = calloc(1, sizeof(*ui));

	if (!ui)
		return err_set(e, ERR_MEMORY, "ui");
	ui->desk = desk;
	ui->term = term;
	ui->options = options;
	ui->placed_card = ui->next_card = -1;
	ui->idle_lock_ms = IDLE_LOCK_MS;
	ui->last_key = ui->last_tick = clock_steady_ms();
	record_init(&ui->last_record);
	reader_link_init(&ui->reader);
	*out = ui;
	return 0;
}

void ui_free(struct ui *ui)
{
	if (!ui)
		return;
	session_open_seal(ui);
	ui_save_drafts(ui);
	while (ui->depth)
		ui_pop_state(ui, ui->stack[ui->depth - 1].state);
	session_release(ui);
	reader_link_stop(&ui->reader);
	wipe(ui, sizeof(*ui));
	free(ui);
}

int ui_run(struct ui *ui, struct err *e)
{
	return loop_run(ui, e);
}

void ui_quit(struct ui *ui)
{
	ui->done = true;
}

bool ui_done(const struct ui *ui)
{
	return ui->done;
}

/* --- messages ------------------------------------------------------------------------------------------------------------------ */

void ui_say(struct ui *ui, enum say kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_vformat(ui->status, sizeof(ui->status), fmt, ap);
	va_end(ap);
	ui->status_kind = kind;
}

void ui_fail(struct ui *ui, const struct err *e)
{
	const char *advice = err_advice(e->code);

	ui->last_error = *e;
	ui_say(ui, SAY_ERROR, *advice ? "%s。%s" : "%s", err_sentence(e->code), advice);
	if (e->code == ERR_INTERNAL || e->code == ERR_SYSTEM || e->code == ERR_DATA_DAMAGED || e->code == ERR_DISK_FULL)
		log_err("at the screen", e);
}

void ui_fail_why(struct ui *ui, const struct err *e)
{
	ui_fail(ui, e);
	for (const char *p = e->detail; *p; p++)
		if ((unsigned char)*p >= 0x80 || i18n_language() == LANGUAGE_EN) {
			ui_say(ui, SAY_ERROR, "%s：%s", err_sentence(e->code), e->detail);
			return;
		}
}

void ui_hint(struct ui *ui, enum say kind, const char *text)
{
	text_copy(ui->hint, sizeof(ui->hint), text);
	ui->hint_kind = kind;
}

void ui_wake(struct ui *ui, int64_t at)
{
	if (!ui->wake_at || at < ui->wake_at)
		ui->wake_at = at;
}

const struct err *ui_last_error(const struct ui *ui)
{
	return &ui->last_error;
}

const char *ui_status(const struct ui *ui)
{
	return ui->status;
}

/* --- events -------------------------------------------------------------------------------------------------------------------- */

void ui_send_event(struct ui *ui, const struct ui_event *ev)
{
	/* a screen may close itself on an event: the stack is walked from the top by position, and looked at anew each time */
	for (size_t i = ui->depth; i-- > ui->sealed;)
		if (i < ui->depth && ui->stack[i].ops->event)
			ui->stack[i].ops->event(ui, ui->stack[i].state, ev);
}

void ui_count_again(struct ui *ui)
{
	struct err e = {0};

	if (!desk_session(ui->desk)->account)
		return;
	if (desk_outbox_counts(ui->desk, &ui->counts, &e) || desk_line_state(ui->desk, &ui->line, &e))
		log_err("counting the outbox", &e);
}

static void tell_changed(struct ui *ui)
{
	struct ui_event ev = {.kind = UI_EVENT_CHANGED, .now = clock_steady_ms()};

	ui_count_again(ui);
	ui_send_event(ui, &ev);
}

void ui_changed(struct ui *ui)
{
	struct err e = {0};

	desk_change_count(ui->desk, &ui->change_count, &e);
	session_link_runner(ui); /* the address may have come just now */
	if (ui->runner)
		runner_link_nudge(ui->runner, false);
	tell_changed(ui);
}

void ui_send_now(struct ui *ui)
{
	if (ui->runner)
		runner_link_nudge(ui->runner, true);
}

void ui_stop_sending(struct ui *ui)
{
	if (ui->runner)
		runner_link_stop(ui->runner);
}

bool ui_has_runner(const struct ui *ui)
{
	return ui->runner != NULL;
}

static void look_for_changes(struct ui *ui)
{
	struct err e = {0};
	int64_t count;

	/* What they say is read behind a locked screen, too: left unread, it would end every wait at once. */
	ui->told |= ui->runner && runner_link_read(ui->runner);
	ui->told |= ui->gateway && runner_link_read(ui->gateway);
	if (ui->locked || desk_change_count(ui->desk, &count, &e) || (count == ui->change_count && !ui->told))
		return;
	ui->told = false;
	ui->change_count = count;
	tell_changed(ui);
}

/* Does a screen wait for a helper, or has it asked to be called at once? */
static bool works(const struct ui *ui)
{
	struct pollfd fds[STACK_MAX * UI_FDS];

	return ui->wake_at || ui_fds(ui, fds, ARRAY_LEN(fds));
}

void ui_tick(struct ui *ui, int64_t now)
{
	struct ui_event ev = {.kind = UI_EVENT_TICK, .now = now};
	bool working = works(ui);

	if (now >= ui->wake_at)
		ui->wake_at = 0;
	if (now - ui->last_tick >= TICK_MS || now < ui->last_tick) {
		ui->last_tick = now;
		if (desk_session(ui->desk)->account)
			look_for_changes(ui);
		session_next_card(ui, now, false);
		session_idle(ui, now, working);
	}
	ui_send_event(ui, &ev);
}

void ui_save_drafts(struct ui *ui)
{
	struct ui_event ev = {.kind = UI_EVENT_LEAVING, .now = clock_steady_ms()};

	ui_send_event(ui, &ev);
}

/* --- dispatch ------------------------------------------------------------------------------------------------------------------ */

bool ui_action_applies(struct ui *ui, const struct screen_ops *ops, const void *state, const struct action *a)
{
	const struct session *s = desk_session(ui->desk);

	if ((a->needs & NEEDS_ROW) && !(ops->has_row && ops->has_row(state)))
		return false;
	if ((a->needs & NEEDS_FIT) && !(ops->fits && ops->fits(ui, state, a)))
		return false;
	if ((a->needs & NEEDS_PRACTICE) && (!ui->options->n_cards || ui->options->card_control_fd < 0))
		return false;
	if ((a->needs & NEEDS_CARD) && !ui->cards)
		return false;
	if ((a->needs & NEEDS_LOGIN) && (!s->account || ui->locked))
		return false;
	if ((a->needs & NEEDS_KEY) && !s->has_key)
		return false;
	return !(a->needs & NEEDS_PLATFORM) || ui->runner;
}

static const struct action *find_action(struct ui *ui, const struct entry *at, const struct action *rows, size_t n, int key, bool typing)
{
	if (typing && key_is_text(key))
		return NULL;
	for (size_t i = 0; i < n; i++)
		if ((rows[i].key == key || (rows[i].key2 && rows[i].key2 == key)) && ui_action_applies(ui, at->ops, at->state, &rows[i]))
			return &rows[i];
	return NULL;
}

static enum reaction run_in(struct ui *ui, const struct entry *at, const struct action *rows, size_t n, int key, bool typing)
{
	const struct action *a = find_action(ui, at, rows, n, key, typing);

	return a ? a->run(ui, at->state) : NOT_MINE;
}

static void dispatch(struct ui *ui, const struct entry *at, int key)
{
	bool typing = at->ops->typing && at->ops->typing(at->state);
	enum reaction r = run_in(ui, at, at->ops->actions, at->ops->n_actions, key, typing);

	if (r == NOT_MINE)
		r = run_in(ui, at, at->ops->shared, at->ops->n_shared, key, typing);
	if (r == NOT_MINE && at->ops->key)
		r = at->ops->key(ui, at->state, key);
	if (r == NOT_MINE)
		r = run_in(ui, at, ui_global_actions, ui_global_actions_size, key, typing);
	if (r == CLOSE)
		ui_pop_state(ui, at->state);
}

void ui_key(struct ui *ui, int key)
{
	struct entry at;

	if (!ui->depth)
		return;
	if (key == K_REPORT) {
		if (term_reported(ui->term))
			ui_repaint(ui);
		return;
	}
	ui->last_key = clock_steady_ms();
	ui->idle_done = false;
	ui->status[0] = '\0';
	at = *ui_entry(ui);
	dispatch(ui, &at, key);
	if (!ui->done)
		session_open_waiting(ui);
}

/* --- painting -------------------------------------------------------------------------------------------------------------------- */

int ui_paint(struct ui *ui, struct err *e)
{
	frame_draw(ui, term_canvas(ui->term));
	return term_flush(ui->term, e);
}

void ui_resized(struct ui *ui)
{
	if (term_measure(ui->term) < 0)
		ui_say(ui, SAY_ERROR, "%s", err_sentence(ERR_MEMORY));
}

void ui_repaint(struct ui *ui)
{
	term_forget(ui->term);
}

int ui_palette(const struct ui *ui)
{
	return term_palette(ui->term);
}

bool ui_console(const struct ui *ui)
{
	return term_console(ui->term);
}

size_t ui_fds(const struct ui *ui, struct pollfd *fds, size_t cap)
{
	size_t n = 0;

	for (size_t i = ui->sealed; i < ui->depth && n + UI_FDS <= cap; i++)
		if (ui->stack[i].ops->fds)
			n += ui->stack[i].ops->fds(ui->stack[i].state, fds + n);
	return n;
}

void ui_scrolled(struct ui *ui, int top, int bottom, int lines)
{
	term_scrolled(ui->term, top, bottom, lines);
}

const char *ui_marker(void)
{
	return text_width("▶") <= 2 ? "▶" : ">";
}

/* --- small things ---------------------------------------------------------------------------------------------------------------- */

struct desk *ui_desk(struct ui *ui)
{
	return ui->desk;
}

const struct screens_options *ui_options(const struct ui *ui)
{
	return ui->options;
}

const struct outbox_counts *ui_counts(const struct ui *ui)
{
	return &ui->counts;
}

const struct line_state *ui_line(const struct ui *ui)
{
	return &ui->line;
}

struct record *ui_last_record(struct ui *ui)
{
	return &ui->last_record;
}

unsigned *ui_form_slots(struct ui *ui)
{
	return &ui->form_slots;
}

int ui_placed_card(const struct ui *ui)
{
	return ui->next_card >= 0 ? ui->next_card : ui->placed_card;
}

/* --- keys of every screen ---------------------------------------------------------------------------------------------------------- */

static enum reaction act_repaint(struct ui *ui, void *state)
{
	(void)state;
	ui_repaint(ui);
	return STAY;
}

static enum reaction act_lock(struct ui *ui, void *state)
{
	(void)state;
	ui_lock(ui);
	return STAY;
}

static enum reaction act_cards(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &cards_screen, NULL);
	return STAY;
}

static enum reaction act_quit(struct ui *ui, void *state)
{
	(void)state;
	if (ui_top(ui) != &quit_screen)
		ui_push(ui, &quit_screen, NULL);
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	(void)ui;
	(void)state;
	return CLOSE;
}

static enum reaction act_back_unless_first(struct ui *ui, void *state)
{
	if (ui->depth > 2 || (ui_top(ui)->flags & SCREEN_OVERLAY))
		return act_back(ui, state);
	ui_say(ui, SAY_INFO, "%s", _("要离开请按 F10 或 Ctrl-Q"));
	return STAY;
}

const struct action ui_global_actions[] = {
	{K_F1, K_CTRL('g'), "help", N_("帮助"), N_("说明当前画面的所有按键和刚才的提示"), ui_help, 0},
	{K_F9, K_CTRL('k'), "cards", N_("放卡"), N_("练习：把一张虚构的身份证放到读卡器上，或拿开"), act_cards, NEEDS_PRACTICE | NEEDS_LOGIN},
	{K_ESC, 0, "back", N_("返回"), N_("返回上一画面；正在填写的内容留作草稿"), act_back_unless_first, NEEDS_LOGIN},
	{K_F12, K_CTRL('x'), "lock", NULL, N_("离开座位时锁定；正在填写的内容留作草稿"), act_lock, NEEDS_LOGIN},
	{K_CTRL('l'), 0, "repaint", NULL, N_("画面乱了时重新显示"), act_repaint, 0},
	{K_F10, K_CTRL('q'), "quit", N_("退出"), N_("退出程序；先说明还有什么没有上传"), act_quit, 0},
};
const size_t ui_global_actions_size = ARRAY_LEN(ui_global_actions);
