/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keys.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define ESC 0x1B
#define CSI_MAX 32 /* longest control sequence looked at; longer ones are dropped whole */

void keys_init(struct keys *k)
{
	memset(k, 0, sizeof(*k));
}

void keys_know(struct keys *k, const char *bytes, int key)
{
	struct key_sequence *s = &k->known[k->n_known];

	if (!bytes || strlen(bytes) < 2 || strlen(bytes) >= sizeof(s->bytes) || k->n_known == KEYS_KNOWN)
		return;
	text_copy(s->bytes, sizeof(s->bytes), bytes);
	s->key = key;
	k->n_known++;
}

size_t keys_feed(struct keys *k, const void *bytes, size_t n, int64_t now)
{
	size_t room = sizeof(k->byte) - k->n;

	if (n > room)
		n = room;
	if (!k->n)
		k->since = now;
	memcpy(k->byte + k->n, bytes, n);
	k->n += n;
	return n;
}

static void drop(struct keys *k, size_t n, int64_t now)
{
	k->n -= n;
	memmove(k->byte, k->byte + n, k->n);
	wipe(k->byte + k->n, n);
	k->since = now;
}

/* --- what a sequence means ------------------------------------------------------------------------------------------------- */

static const struct { char final; int key; } letters[] = {
	{'A', K_UP}, {'B', K_DOWN}, {'C', K_RIGHT}, {'D', K_LEFT}, {'H', K_HOME}, {'F', K_END}, {'Z', K_BACKTAB},
	{'P', K_F1}, {'Q', K_F2}, {'R', K_F3}, {'S', K_F4}, {'M', K_ENTER}, {'I', K_TAB},
};

static const struct { int number, key; } numbers[] = {
	{1, K_HOME}, {2, K_INSERT}, {3, K_DELETE}, {4, K_END}, {5, K_PAGE_UP}, {6, K_PAGE_DOWN}, {7, K_HOME}, {8, K_END},
	{11, K_F1}, {12, K_F2}, {13, K_F3}, {14, K_F4}, {15, K_F5}, {17, K_F6}, {18, K_F7}, {19, K_F8}, {20, K_F9}, {21, K_F10},
	{23, K_F11}, {24, K_F12},
};

/* The keypad in its application mode, without Num Lock's meaning: ESC O x. */
static const char pad_from[] = "jklmnopqrstuvwxy", pad_to[] = "*+,-./0123456789";

static int by_letter(int final)
{
	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (letters[i].final == final)
			return letters[i].key;
	return KEY_NONE;
}

static int by_number(int number)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (numbers[i].number == number)
			return numbers[i].key;
	return KEY_NONE;
}

/* Parameters of a control sequence: decimal numbers between semicolons; at most two are looked at. Returns how many there are. */
static int parameters(const unsigned char *s, size_t n, int value[2])
{
	int count = n ? 1 : 0;

	value[0] = value[1] = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] == ';')
			count++;
		else if (s[i] >= '0' && s[i] <= '9' && count <= 2 && value[count - 1] < 10000)
			value[count - 1] = value[count - 1] * 10 + (s[i] - '0');
	}
	return count;
}

/* s: the n bytes after "ESC [", the last is the final one. */
static int csi_key(struct keys *k, const unsigned char *s, size_t n)
{
	int value[2], count = parameters(s, n - 1, value), final = s[n - 1];

	if (final == '~') {
		if (value[0] == 200 || value[0] == 201) {
			k->pasting = value[0] == 200;
			return KEY_NONE;
		}
		return by_number(value[0]);
	}
	if (final == 'R' && count == 2 && k->expect_report) { /* else it is F3 with a modifier */
		k->expect_report = false;
		k->report_row = value[0];
		k->report_column = value[1];
		return K_REPORT;
	}
	if (final == 'M' || final == 'I')
		return KEY_NONE;
	return by_letter(final);
}

static int ss3_key(int final)
{
	const char *at = final ? strchr(pad_from, final) : NULL;

	return at ? pad_to[at - pad_from] : by_letter(final);
}

/* --- taking one key from the front ------------------------------------------------------------------------------------------ */

enum taken { TAKEN, INCOMPLETE };

/* Sequences that the terminal's description names. 1: one matched, 0: none, -1: the bytes so far are the beginning of one. */
static int match_known(const struct keys *k, size_t *len, int *key)
{
	int found = 0;

	for (size_t i = 0; i < k->n_known; i++) {
		size_t n = strlen(k->known[i].bytes), common = n < k->n ? n : k->n;

		if (memcmp(k->known[i].bytes, k->byte, common))
			continue;
		if (n <= k->n) {
			*len = n;
			*key = k->known[i].key;
			return 1;
		}
		found = -1;
	}
	return found;
}

static enum taken take_csi(struct keys *k, size_t *len, int *key)
{
	size_t i = 2;

	if (k->n > 2 && k->byte[2] == '[') { /* the Linux console: ESC [ [ A */
		if (k->n < 4)
			return INCOMPLETE;
		*len = 4;
		*key = k->byte[3] >= 'A' && k->byte[3] <= 'E' ? K_F1 + (k->byte[3] - 'A') : KEY_NONE;
		return TAKEN;
	}
	while (i < k->n && i < CSI_MAX && k->byte[i] >= 0x20 && k->byte[i] < 0x40)
		i++;
	if (i == k->n)
		return INCOMPLETE;
	if (i == CSI_MAX || k->byte[i] < 0x40 || k->byte[i] > 0x7E) { /* no sequence after all: what was looked at is dropped */
		*len = i;
		*key = KEY_NONE;
		return TAKEN;
	}
	*len = i + 1;
	*key = csi_key(k, k->byte + 2, i - 1);
	return TAKEN;
}

static enum taken take_escape(struct keys *k, size_t *len, int *key)
{
	int known;

	if (k->n == 1)
		return INCOMPLETE;
	known = match_known(k, len, key);
	if (known > 0)
		return TAKEN;
	if (k->byte[1] == '[')
		return take_csi(k, len, key);
	if (k->byte[1] == 'O') {
		if (k->n < 3)
			return INCOMPLETE;
		*len = 3;
		*key = ss3_key(k->byte[2]);
		return TAKEN;
	}
	if (known < 0)
		return INCOMPLETE;
	*len = 1; /* Esc, and what follows is a key of its own */
	*key = K_ESC;
	return TAKEN;
}

static enum taken take_character(struct keys *k, size_t *len, int *key)
{
	uint32_t cp;
	unsigned char b = k->byte[0];
	size_t want = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC2 ? 2 : 1;

	*len = text_decode((const char *)k->byte, k->n, &cp);
	if (*len) {
		*key = (int)cp;
		return TAKEN;
	}
	if (b >= 0xC2 && b < 0xF5 && k->n < want) {
		for (size_t i = 1; i < k->n; i++)
			if ((k->byte[i] & 0xC0) != 0x80)
				want = 1;
		if (want > 1)
			return INCOMPLETE;
	}
	*len = 1; /* no character: dropped */
	*key = KEY_NONE;
	return TAKEN;
}

/* One control byte as the key it is. Line ends inside a paste are blanks: they must not press Enter. */
static int control_key(struct keys *k, int c)
{
	if (k->pasting)
		return c == '\t' || c == '\r' || c == '\n' ? ' ' | KEY_PASTED : KEY_NONE;
	switch (c) {
	case '\r':
	case '\n':
		return K_ENTER;
	case '\t':
		return K_TAB;
	case 0x7F:
	case 0x08:
		return K_BACKSPACE;
	default:
		return c;
	}
}

/* The rest of a sequence whose ESC was taken for Esc, at the front: how many bytes to swallow, 0: it is none, -1: cannot tell yet. */
static int late_tail(const struct keys *k)
{
	size_t i = 1;

	if (k->byte[0] != '[' && k->byte[0] != 'O')
		return 0;
	if (k->n == 1)
		return -1;
	if (k->byte[0] == 'O')
		return ss3_key(k->byte[1]) ? 2 : 0;
	while (i < k->n && i < 8 && ((k->byte[i] >= '0' && k->byte[i] <= '9') || k->byte[i] == ';'))
		i++;
	if (i == k->n)
		return -1;
	return k->byte[i] == '~' || by_letter(k->byte[i]) ? (int)i + 1 : 0;
}

static bool late_possible(const struct keys *k)
{
	return k->escaped && k->n && k->since - k->escaped <= KEYS_LATE_MS;
}

/* 1: a tail was swallowed, 0: there is none, -1: wait for the rest of what may be one. */
static int swallow_late(struct keys *k, int64_t now)
{
	int n = late_possible(k) ? late_tail(k) : 0;

	if (n < 0 && now - k->since < KEYS_ESC_MS)
		return -1;
	k->escaped = 0;
	if (n <= 0)
		return 0;
	drop(k, (size_t)n, now);
	return 1;
}

/* How long what lies there may wait for its rest. */
static int patience(const struct keys *k)
{
	bool lone = k->byte[0] == ESC && k->n == 1 && !k->pasting;

	return lone || late_possible(k) ? KEYS_ESC_MS : KEYS_REST_MS;
}

static int give_up(struct keys *k, int64_t now)
{
	bool lone = k->byte[0] == ESC && k->n == 1 && !k->pasting;

	drop(k, k->byte[0] == ESC ? k->n : 1, now);
	if (!lone)
		return KEY_NONE; /* a mangled sequence or half a character means nothing */
	k->escaped = now;
	return K_ESC;
}

int keys_next(struct keys *k, int64_t now)
{
	while (k->n) {
		size_t len;
		int key;
		enum taken t;

		int late = swallow_late(k, now);

		if (late < 0)
			return KEY_NONE;
		if (late)
			continue;
		t = k->byte[0] == ESC ? take_escape(k, &len, &key) : take_character(k, &len, &key);
		if (t == INCOMPLETE) {
			if (now - k->since < patience(k))
				return KEY_NONE;
			key = give_up(k, now);
			if (key)
				return key;
			continue;
		}
		drop(k, len, now);
		if (key > 0 && (key < 0x20 || key == 0x7F))
			key = control_key(k, key);
		else if (k->pasting && key_is_text(key))
			key |= KEY_PASTED;
		else if (k->pasting)
			key = KEY_NONE;
		if (key)
			return key;
	}
	return KEY_NONE;
}

int keys_wait(const struct keys *k, int64_t now)
{
	int64_t left;

	if (!k->n)
		return -1;
	left = k->since + patience(k) - now;
	return left < 0 ? 0 : (int)left;
}

/* --- names ------------------------------------------------------------------------------------------------------------------- */

uint32_t key_char(int key)
{
	return (uint32_t)(key & ~KEY_PASTED);
}

bool key_is_text(int key)
{
	uint32_t cp = key_char(key);

	return cp >= 0x20 && cp != 0x7F && !(cp >= 0x80 && cp < 0xA0) && cp < KEY_FIRST;
}

static const struct { int key; const char *name; } names[] = {
	{K_ENTER, N_("回车")}, {K_ESC, "Esc"}, {K_TAB, "Tab"}, {K_BACKTAB, "Shift-Tab"}, {K_BACKSPACE, N_("退格")}, {K_DELETE, "Del"},
	{K_INSERT, "Ins"}, {K_UP, N_("上")}, {K_DOWN, N_("下")}, {K_LEFT, N_("左")}, {K_RIGHT, N_("右")}, {K_HOME, "Home"}, {K_END, "End"},
	{K_PAGE_UP, "PgUp"}, {K_PAGE_DOWN, "PgDn"}, {' ', N_("空格")},
};

void keys_name(int key, char *out, size_t size)
{
	char utf8[5] = "";

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].key == key) {
			text_copy(out, size, _(names[i].name));
			return;
		}
	if (key >= K_F1 && key <= K_F12)
		text_format(out, size, "F%d", key - K_F1 + 1);
	else if (key > 0 && key < 0x20)
		text_format(out, size, "Ctrl-%c", key + '@');
	else if (key >= 0x20 && key < KEY_FIRST && text_encode((uint32_t)key, utf8))
		text_copy(out, size, utf8);
	else
		text_copy(out, size, "");
}
