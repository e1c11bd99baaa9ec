/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/watch.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/held.h"
#include "base/text.h"
#include "reader/card_text.h"

#define RETRY_SOON_MS 150   /* while the card may still be moving */
#define RETRY_LATER_MS 1000 /* once the failure was told */
#define LIST_SETTLE_MS 5000 /* a list waits for so long for what was plugged in just now */
#define LIST_LOOK_MS 500

/* How often a cause must be met before it is told, and whether trying again can help. */
static const struct patience {
	enum err_code cause;
	unsigned tries;
	bool hopeless;
} patience[] = {
	{ ERR_CARD_REMOVED, 3, false },     { ERR_CARD_NO_CARD, 3, false },  { ERR_CARD_UNREADABLE, 3, false },
	{ ERR_CARD_LINE, 3, false },        { ERR_CARD_CONTENT, 2, false },  { ERR_CARD_NOT_GENUINE, 2, false },
	{ ERR_CARD_READER_GONE, 2, false }, { ERR_CARD_NO_MODULE, 1, true },
};

static const struct patience *patience_for(enum err_code cause)
{
	static const struct patience at_once = { ERR_NONE, 1, false };

	for (size_t i = 0; i < ARRAY_LEN(patience); i++) {
		if (patience[i].cause == cause)
			return &patience[i];
	}
	return &at_once;
}

void watch_init(struct watch *w, const struct card_source *source, watch_emit emit, void *arg)
{
	memset(w, 0, sizeof(*w));
	w->source = *source;
	w->emit = emit;
	w->emit_arg = arg;
	w->steady_ms = clock_steady_ms;
	randombytes_buf(w->print_key, sizeof(w->print_key));
}

void watch_release(struct watch *w)
{
	if (w->source.ops)
		w->source.ops->close(w->source.self);
	wipe(w, sizeof(*w));
}

/* --- telling --- */

static void tell_about(struct watch *w, const struct seat *seat, struct card_event *ev)
{
	ev->at = clock_now_ms();
	if (seat) {
		ev->reader_kind = seat->kind;
		text_copy(ev->reader, sizeof(ev->reader), seat->name);
		text_copy(ev->module, sizeof(ev->module), seat->module);
	}
	w->emit(w->emit_arg, ev);
}

static void tell(struct watch *w, const struct seat *seat, enum card_event_kind kind, enum err_code cause,
		 const char *detail)
{
	struct card_event ev = { .kind = kind, .cause = cause };

	text_copy(ev.detail, sizeof(ev.detail), detail);
	tell_about(w, seat, &ev);
}

/* --- one card --- */

static void forget_card(struct watch_seat *s)
{
	s->told_card = s->done = false;
	s->tries = 0;
	s->told = s->last = ERR_NONE;
	s->next_try = 0;
}

/* A card that was lifted before its failure had lasted long enough to be told: told now, so that the clerk
 * knows why. */
static void card_gone(struct watch *w, struct watch_seat *s)
{
	if (!s->told_card)
		return;
	if (!s->done && s->last != ERR_NONE && s->told == ERR_NONE)
		tell(w, &s->seen, CARD_EVENT_FAILED, ERR_CARD_REMOVED, s->detail);
	tell(w, &s->seen, CARD_EVENT_CARD_GONE, ERR_NONE, "");
	if (w->has_last && strcmp(w->last_reader, s->seen.name) == 0 && s->done)
		w->last_seen = w->steady_ms();
	forget_card(s);
}

static void print_text(crypto_generichash_state *s, const char *text)
{
	crypto_generichash_update(s, (const unsigned char *)text, strlen(text) + 1);
}

/* Of the same as id_card_same(). */
static void print_of(const struct watch *w, const struct id_card *card, unsigned char out[WATCH_PRINT])
{
	crypto_generichash_state s;
	unsigned char type = (unsigned char)card->type;

	crypto_generichash_init(&s, w->print_key, sizeof(w->print_key), WATCH_PRINT);
	crypto_generichash_update(&s, &type, 1);
	print_text(&s, card->number);
	print_text(&s, card->name);
	print_text(&s, card->name_latin);
	print_text(&s, card->valid_from_text);
	print_text(&s, card->valid_to_text);
	crypto_generichash_final(&s, out, WATCH_PRINT);
	wipe(&s, sizeof(s));
}

static bool same_as_last(const struct watch *w, const unsigned char print[WATCH_PRINT])
{
	return w->has_last && w->steady_ms() - w->last_seen < SAME_CARD_MS && memcmp(w->last, print, WATCH_PRINT) == 0;
}

static void card_read(struct watch *w, struct watch_seat *s, const struct card_raw *raw)
{
	struct card_event ev = { .kind = CARD_EVENT_READ };
	unsigned char print[WATCH_PRINT];

	s->done = true;
	card_raw_to_card(&ev.card, raw, date_today());
	print_of(w, &ev.card, print);
	if (same_as_last(w, print)) {
		tell(w, &s->seen, CARD_EVENT_SAME, ERR_NONE, "");
	} else {
		tell_about(w, &s->seen, &ev);
		memcpy(w->last, print, sizeof(w->last));
		w->has_last = true;
	}
	text_copy(w->last_reader, sizeof(w->last_reader), s->seen.name);
	w->last_seen = w->steady_ms();
	card_event_wipe(&ev);
}

static void card_failed(struct watch *w, struct watch_seat *s, const struct err *e)
{
	const struct patience *p = patience_for(e->code);

	s->tries++;
	s->last = e->code;
	text_copy(s->detail, sizeof(s->detail), e->detail);
	s->next_try = w->steady_ms() + (s->tries < p->tries ? RETRY_SOON_MS : RETRY_LATER_MS);
	if (s->tries < p->tries || s->told == e->code)
		return;
	s->told = e->code;
	s->done = p->hopeless;
	tell(w, &s->seen, CARD_EVENT_FAILED, e->code, e->detail);
}

static bool wanted(const struct watch *w, const struct watch_seat *s)
{
	if (!*w->only)
		return true;
	if (text_is_digits(w->only))
		return (unsigned long)(s - w->seat) + 1 == strtoul(w->only, NULL, 10);
	return strstr(s->seen.name, w->only) != NULL;
}

static void try_card(struct watch *w, struct watch_seat *s)
{
	struct card_raw raw;
	struct err e = { 0 };

	if (!wanted(w, s) || !s->seen.card || s->done || w->steady_ms() < s->next_try)
		return;
	if (s->tries == 0)
		tell(w, &s->seen, CARD_EVENT_READING, ERR_NONE, "");
	if (w->source.ops->read(w->source.self, s->seen.name, s->tries > 1, &raw, &e) == 0) {
		card_read(w, s, &raw);
		wipe(&raw, sizeof(raw));
		wipe_stack();
	} else {
		card_failed(w, s, &e);
	}
}

/* --- readers --- */

static struct watch_seat *find_seat(struct watch_seat *seats, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(seats[i].seen.name, name) == 0)
			return &seats[i];
	}
	return NULL;
}

static void seat_gone(struct watch *w, struct watch_seat *s, enum err_code cause)
{
	card_gone(w, s);
	tell(w, &s->seen, CARD_EVENT_READER_GONE, cause, "");
}

static void follow_seat(struct watch *w, struct watch_seat *s, const struct seat *now)
{
	bool another = now->card && s->seen.card && now->arrivals != s->seen.arrivals;
	bool changed = now->kind != s->seen.kind || now->trouble != s->seen.trouble ||
		       strcmp(now->module, s->seen.module) != 0;

	if (!now->card || another)
		card_gone(w, s);
	s->seen = *now;
	if (changed)
		tell(w, now, CARD_EVENT_READER, now->trouble, "");
	if (now->card && !s->told_card) {
		s->told_card = true;
		tell(w, now, CARD_EVENT_CARD, ERR_NONE, "");
	}
}

static void seat_came(struct watch *w, struct watch_seat *s, const struct seat *now)
{
	memset(s, 0, sizeof(*s));
	s->seen = *now;
	s->seen.card = false;
	tell(w, now, CARD_EVENT_READER, now->trouble, "");
	follow_seat(w, s, now);
}

static bool listed(const struct seats *now, const char *name)
{
	for (size_t i = 0; i < now->n; i++) {
		if (strcmp(now->seat[i].name, name) == 0)
			return true;
	}
	return false;
}

static void follow(struct watch *w, const struct seats *now)
{
	struct watch_seat next[SEATS_MAX];

	for (size_t i = 0; i < w->n; i++) {
		if (!listed(now, w->seat[i].seen.name))
			seat_gone(w, &w->seat[i], ERR_NONE);
	}
	for (size_t i = 0; i < now->n; i++) {
		struct watch_seat *old = find_seat(w->seat, w->n, now->seat[i].name);

		if (old) {
			follow_seat(w, old, &now->seat[i]);
			next[i] = *old;
		} else {
			seat_came(w, &next[i], &now->seat[i]);
		}
	}
	memcpy(w->seat, next, now->n * sizeof(next[0]));
	w->n = now->n;
}

static void service_lost(struct watch *w, const struct err *e)
{
	for (size_t i = 0; i < w->n; i++)
		seat_gone(w, &w->seat[i], e->code);
	w->n = 0;
	if (w->trouble == e->code)
		return;
	w->trouble = e->code;
	tell(w, NULL, CARD_EVENT_TROUBLE, e->code, e->detail);
}

static int time_to_wait(const struct watch *w, int timeout_ms)
{
	int64_t now = w->steady_ms();

	for (size_t i = 0; i < w->n; i++) {
		const struct watch_seat *s = &w->seat[i];

		if (wanted(w, s) && s->seen.card && !s->done && s->next_try - now < timeout_ms)
			timeout_ms = s->next_try > now ? (int)(s->next_try - now) : 0;
	}
	return timeout_ms;
}

static bool look(struct watch *w, int timeout_ms)
{
	struct seats now = { .n = 0 };
	struct err e = { 0 };

	if (w->source.ops->wait(w->source.self, timeout_ms, &now, &e) < 0) {
		service_lost(w, &e);
		return false;
	}
	if (w->trouble != ERR_NONE && w->trouble != now.why) {
		w->trouble = ERR_NONE;
		tell(w, NULL, CARD_EVENT_TROUBLE, ERR_NONE, "");
	}
	follow(w, &now);
	if (w->trouble != now.why) {
		w->trouble = now.why;
		tell(w, NULL, CARD_EVENT_TROUBLE, now.why, now.why_detail);
	}
	w->settling = now.settling;
	return true;
}

void watch_list(struct watch *w)
{
	int64_t until = w->steady_ms() + LIST_SETTLE_MS;
	int timeout_ms = 0;

	while (look(w, timeout_ms) && w->settling && w->steady_ms() < until)
		timeout_ms = LIST_LOOK_MS;
}

void watch_step(struct watch *w, int timeout_ms)
{
	if (!look(w, time_to_wait(w, timeout_ms)))
		return;
	for (size_t i = 0; i < w->n; i++)
		try_card(w, &w->seat[i]);
}
