/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in and out, the idle lock, and the cards that wait. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "dialog.h"
#include "screen_list.h"
#include "ui_private.h"

#define DRAFTS_SHOWN 16

/* --- cards ------------------------------------------------------------------------------------------------------------------------ */

const struct id_card *ui_waiting_card(const struct ui *ui)
{
	return ui->cards ? ui->card[0] : NULL;
}

void ui_drop_card(struct ui *ui)
{
	if (!ui->cards)
		return;
	id_card_wipe(ui->card[0]);
	free(ui->card[0]);
	memmove(&ui->card[0], &ui->card[1], (--ui->cards) * sizeof(ui->card[0]));
}

static void drop_cards(struct ui *ui)
{
	while (ui->cards)
		ui_drop_card(ui);
}

/* The key of a person's file that fires an event: told by the file's own table. */
static const struct action *file_action(enum event event)
{
	for (size_t i = 0; i < person_screen.n_actions; i++)
		if (!strcmp(person_screen.actions[i].name, event_name(event)))
			return &person_screen.actions[i];
	return NULL;
}

/* Who lays down a known person's card wants the step that waits for them: it is named with its key. */
static void say_waiting_step(struct ui *ui, int64_t person)
{
	static const enum event waits[] = {EVENT_SUBMIT, EVENT_CONFIRM, EVENT_ENTER};
	struct possible rows[16];
	char key[24];
	size_t n = 0;

	if (desk_possible(ui->desk, person, rows, ARRAY_LEN(rows), &n, NULL))
		n = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t w = 0; w < ARRAY_LEN(waits); w++) {
			const struct action *a = rows[i].event == waits[w] && rows[i].verdict.can ? file_action(waits[w]) : NULL;

			if (!a)
				continue;
			keys_name(a->key, key, sizeof(key));
			ui_say(ui, SAY_INFO, _("此人已登记，可以办理%s：按 %s"), event_word(waits[w]), key);
			return;
		}
	ui_say(ui, SAY_INFO, "%s", _("此人已登记：打开其档案"));
}

/* D5: on file because of another project's employment; here the form is what is wanted, for the team. */
static int joins(struct ui *ui, const struct id_card *card, bool *out, struct err *e)
{
	char project[NAME_TEXT] = "";
	struct record r;
	int last;

	record_init(&r);
	last = record_from_card(&r, card) ? err_set(e, ERR_MEMORY, "card") : desk_employment_known(ui->desk, &r, project, sizeof(project), e);
	record_release(&r);
	*out = project[0] != '\0';
	return last;
}

/* person 0: nobody yet, or one who comes to this project with the file he has. */
static int whose_file(struct ui *ui, const struct id_card *card, int64_t *person, struct err *e)
{
	bool joining = false;

	if (desk_person_by_card(ui->desk, card, person, e) || (*person && joins(ui, card, &joining, e)))
		return -1;
	if (joining)
		*person = 0;
	return 0;
}

void ui_open_card(struct ui *ui)
{
	struct id_card card;
	struct err e = {0};
	int64_t person = 0;

	if (!ui->cards)
		return;
	card = *ui->card[0];
	ui_drop_card(ui);
	if (ui_top(ui)->card) {
		ui_top(ui)->card(ui, ui_top_state(ui), &card);
	} else if (whose_file(ui, &card, &person, &e)) {
		ui_fail(ui, &e);
		ui->card_missed = true;
	} else if (person) {
		if (ui_top(ui) == &person_screen) /* one file after the other, not one on top of the other */
			ui_pop_state(ui, ui_top_state(ui));
		ui->card_missed = ui_push(ui, &person_screen, &person) != 0;
		if (!ui->card_missed && !ui->status[0])
			say_waiting_step(ui, person);
	} else if (ui_push(ui, &register_screen, &(struct register_arg){.card = &card})) {
		ui->card_missed = true;
	}
	id_card_wipe(&card);
}

void session_open_waiting(struct ui *ui)
{
	while (ui->cards && desk_session(ui->desk)->account && !ui->locked && ui_top(ui) && (ui_top(ui)->flags & SCREEN_TAKES_CARD))
		ui_open_card(ui);
}

static void card_read(struct ui *ui, const struct id_card *card)
{
	struct id_card *kept;

	ui->card_missed = true;
	if (!desk_session(ui->desk)->account || ui->locked)
		return; /* nobody is there to register it */
	for (size_t i = 0; i < ui->cards; i++)
		if (id_card_same(ui->card[i], card)) {
			ui->card_missed = false;
			return;
		}
	if (ui->cards == CARDS_WAITING) {
		ui_say(ui, SAY_WARN, "%s", _("等候的身份证太多：请先办完前面的"));
		return;
	}
	kept = malloc(sizeof(*kept));
	if (!kept) {
		ui_fail(ui, &(struct err){.code = ERR_MEMORY});
		return;
	}
	*kept = *card;
	ui->card[ui->cards++] = kept;
	ui->card_missed = false;
	session_open_waiting(ui);
	if (ui->cards)
		ui_say(ui, SAY_WARN, ui_top(ui) == &register_screen ? _("已读到 %s 的身份证：当前内容不受影响；F8 打开，或办完后自动打开")
								    : _("已读到 %s 的身份证：当前内容不受影响，办完后自动打开"),
		       ui->card[ui->cards - 1]->name);
}

void session_card(struct ui *ui, const struct card_event *ev)
{
	struct ui_event gone = {.kind = UI_EVENT_CARD_GONE, .now = clock_steady_ms()};
	struct err e = {.code = ev->cause};

	switch (ev->kind) {
	case CARD_EVENT_READ:
		ui->last_key = clock_steady_ms();
		card_read(ui, &ev->card);
		break;
	case CARD_EVENT_TROUBLE:
	case CARD_EVENT_READER:
		/* said once; the header keeps its word for as long as it lasts */
		if (ev->cause)
			ui_fail(ui, &e);
		break;
	case CARD_EVENT_FAILED:
		text_copy(e.detail, sizeof(e.detail), ev->detail);
		ui_fail(ui, &e);
		break;
	case CARD_EVENT_CARD_GONE:
		if (ui->card_missed)
			reader_link_afresh(&ui->reader);
		ui->card_missed = false;
		session_next_card(ui, gone.now, true);
		ui_send_event(ui, &gone);
		break;
	default:
		break;
	}
}

void ui_card_event(struct ui *ui, const struct card_event *ev)
{
	reader_link_take(&ui->reader, ev);
	session_card(ui, ev);
}

/* --- practice: the made-up cards --------------------------------------------------------------------------------------------------- */

#define NOTICE_MS 3000 /* where the reader says nothing, the next card is put there after this */

static int control(struct ui *ui, const char *verb, int index, struct err *e)
{
	char line[300];

	text_format(line, sizeof(line), index >= 0 ? "%s %s\n" : "%s\n", verb, index >= 0 ? ui->options->card[index].name : "");
	return io_write_all(ui->options->card_control_fd, line, strlen(line), e);
}

int ui_place_card(struct ui *ui, int index, struct err *e)
{
	bool another = ui->placed_card >= 0 && index >= 0;

	if (index < 0 || another) {
		if (control(ui, "remove", -1, e))
			return -1;
		ui->placed_card = -1;
		ui->next_card = index;
		ui->next_card_since = clock_steady_ms();
		return 0;
	}
	if (control(ui, "place", index, e))
		return -1;
	ui->placed_card = index;
	return 0;
}

void session_next_card(struct ui *ui, int64_t now, bool gone)
{
	int index = ui->next_card;
	struct err e = {0};

	if (index < 0 || (!gone && now - ui->next_card_since < NOTICE_MS))
		return;
	ui->next_card = -1;
	if (ui_place_card(ui, index, &e))
		ui_fail(ui, &e);
}

/* --- login ------------------------------------------------------------------------------------------------------------------------ */

void session_link_runner(struct ui *ui)
{
	struct err e = {0};

	if (ui->runner || !desk_session(ui->desk)->has_key)
		return;
	if (runner_link_open(&ui->runner, ui->desk, &e) && e.code != ERR_NET_NOT_CONFIGURED) {
		log_err("linking to the runner", &e);
		ui_fail(ui, &e);
	}
}

static void link_gateway(struct ui *ui)
{
	struct err e = {0};

	if (ui->gateway || !desk_session(ui->desk)->has_key)
		return;
	if (gateway_link_open(&ui->gateway, ui->desk, &e) && e.code != ERR_GATEWAY_OFF)
		log_err("linking to the gateway", &e);
}

static void unlink_runner(struct ui *ui)
{
	runner_link_close(ui->gateway);
	ui->gateway = NULL;
	if (ui->runner)
		runner_link_close(ui->runner);
	ui->runner = NULL;
}

static void take_settings(struct ui *ui)
{
	char value[16];
	long minutes, width;

	if (!desk_setting_get(ui->desk, "idle_lock_minutes", value, sizeof(value), NULL) && (minutes = strtol(value, NULL, 10)) > 0)
		ui->idle_lock_ms = minutes * 60000;
	if (!desk_setting_get(ui->desk, "ambiguous_width", value, sizeof(value), NULL)) {
		width = strtol(value, NULL, 10);
		if ((width == 1 || width == 2) && width != text_ambiguous_width()) {
			text_set_ambiguous_width((int)width);
			ui_repaint(ui);
		}
	}
}

static void continue_drafts(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)owner;
	(void)input;
	if (answer == 1)
		ui_push(ui, &drafts_screen, NULL);
}

/* Says whose drafts are kept, and offers this account's own (U6). */
static void offer_drafts(struct ui *ui)
{
	struct draft_row row[DRAFTS_SHOWN];
	size_t n = 0, mine = 0;
	char stamp[STAMP_TEXT] = "", text[400];
	struct err e = {0};

	if (desk_draft_list(ui->desk, row, ARRAY_LEN(row), &n, &e)) {
		log_err("listing drafts", &e);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (!row[i].mine)
			ui_say(ui, SAY_INFO, _("还保留着 %s 的草稿，由其本人登录后继续"), row[i].display);
		else if (!mine++)
			stamp_format(row[i].at_ms, stamp);
	}
	if (!mine)
		return;
	text_format(text, sizeof(text), _("%s，保留着您填了一半的草稿 %zu 份，最近一份填于 %s。"), desk_session(ui->desk)->display, mine, stamp);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("草稿"), .text = text, .button = {N_("以后再说"), N_("现在继续")}, .n_buttons = 2,
					    .focus = 1, .done = continue_drafts});
}

void ui_logged_in(struct ui *ui)
{
	int64_t now = clock_steady_ms();

	ui->locked = false;
	ui->last_key = now;
	take_settings(ui);
	ui_count_again(ui);
	desk_change_count(ui->desk, &ui->change_count, NULL);
	ui_push(ui, &home_screen, NULL);
	if (desk_session(ui->desk)->has_key)
		offer_drafts(ui);
	reader_link_start(&ui->reader, now);
	session_link_runner(ui);
	link_gateway(ui);
}

void ui_logout(struct ui *ui)
{
	session_open_seal(ui);
	ui_save_drafts(ui);
	while (ui->depth > 1)
		ui_pop_state(ui, ui->stack[ui->depth - 1].state);
	drop_cards(ui);
	record_release(&ui->last_record);
	record_init(&ui->last_record);
	unlink_runner(ui); /* the reader's helper goes on: a card that lies there is not read again for the next account */
	ui->locked = false;
	desk_logout(ui->desk);
	wipe(&ui->counts, sizeof(ui->counts));
	ui_repaint(ui);
}

void session_release(struct ui *ui)
{
	drop_cards(ui);
	record_release(&ui->last_record);
	unlink_runner(ui);
}

/* --- idle lock ---------------------------------------------------------------------------------------------------------------------- */

/*
 * Forms, files and lists stay as they are, cursor and all, but nothing of them can be read in memory or swap (S1). What they were at work on
 * rests until they are opened. The lock holds where there is no memory for it, too.
 */
static void seal_below(struct ui *ui)
{
	struct err e = {0};

	if (held_seal(&ui->seal, &e))
		log_err("sealing what lies behind the lock", &e);
	else
		ui->sealed = ui->depth;
}

void session_open_seal(struct ui *ui)
{
	held_open(&ui->seal);
	ui->sealed = 0;
}

void ui_lock(struct ui *ui)
{
	if (ui->locked || !desk_session(ui->desk)->account)
		return;
	ui_save_drafts(ui);
	drop_cards(ui);
	seal_below(ui);
	if (ui_push(ui, &lock_screen, NULL)) {
		session_open_seal(ui);
		return;
	}
	ui->locked = true;
	wipe(ui->status, sizeof(ui->status));
	wipe(ui->hint, sizeof(ui->hint));
	wipe(&ui->last_error, sizeof(ui->last_error));
	ui_repaint(ui);
}

void ui_unlocked(struct ui *ui)
{
	struct ui_event ev = {.kind = UI_EVENT_CHANGED, .now = clock_steady_ms()};

	session_open_seal(ui);
	ui->locked = false;
	ui_count_again(ui);
	ui_send_event(ui, &ev);
}

#define IDLE_WORK_MS 5000 /* housekeeping once, when nobody has typed for so long */

/* working: a screen is in the middle of something; the lock comes when it is through. F12 locks at once. */
void session_idle(struct ui *ui, int64_t now, bool working)
{
	struct err e = {0};
	bool more = false;

	if (!desk_session(ui->desk)->account)
		return;
	if (now - ui->last_key >= ui->idle_lock_ms && !working)
		ui_lock(ui);
	if (now - ui->last_key >= IDLE_WORK_MS && !ui->idle_done) {
		if (desk_idle(ui->desk, &more, &e))
			log_err("idle work", &e);
		ui->idle_done = !more;
	}
}
