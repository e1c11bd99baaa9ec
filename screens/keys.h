/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys from bytes. Pure: bytes and the time go in, keys come out, in the order in which they were typed.
 *
 * A key is a Unicode code point, a control character (K_CTRL('s')), or one of enum key above all code points. Characters that came in
 * a bracketed paste carry KEY_PASTED, so that pasted text can be typed into a field and can run no command.
 *
 * Why not the terminal library's decoder: it cannot tell a paste, it gives up a split sequence after one fixed delay, and what is
 * left of a mangled function key becomes letters, which would run commands (U5). Here a lone ESC is the Esc key after KEYS_ESC_MS;
 * once more of a sequence is there we wait KEYS_REST_MS for its end; and the tail of a sequence that comes belatedly, after its ESC
 * was already taken for Esc, is swallowed.
 */
#ifndef SCREENS_KEYS_H
#define SCREENS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYS_ESC_MS 120   /* a lone ESC is Esc after this (U5: answered within 150 ms) */
#define KEYS_REST_MS 1000 /* how long the end of a begun sequence or character may take */
#define KEYS_LATE_MS 600  /* a tail that comes within this after an Esc belongs to it */
#define KEYS_BUFFER 4096

#define K_CTRL(c) ((c) & 0x1F)
#define KEY_PASTED 0x400000

enum key {
	KEY_NONE = 0,
	KEY_FIRST = 0x110000,
	K_ENTER, K_ESC, K_TAB, K_BACKTAB, K_BACKSPACE, K_DELETE, K_INSERT,
	K_UP, K_DOWN, K_LEFT, K_RIGHT, K_HOME, K_END, K_PAGE_UP, K_PAGE_DOWN,
	K_F1, K_F2, K_F3, K_F4, K_F5, K_F6, K_F7, K_F8, K_F9, K_F10, K_F11, K_F12,
	K_REPORT, /* the terminal told the cursor's place: keys.report_row, report_column */
	KEY_LAST
};

struct key_sequence { char bytes[12]; int key; }; /* what this terminal sends, from its description */

#define KEYS_KNOWN 48

struct keys {
	unsigned char byte[KEYS_BUFFER];
	size_t n;
	int64_t since;     /* when the first byte in the buffer came */
	int64_t escaped;   /* when a lone ESC was given out as Esc; 0: not lately */
	bool pasting;
	bool expect_report; /* the terminal was asked for the cursor's place and has not answered: ESC [ r ; c R is no key */
	int report_row, report_column;
	struct key_sequence known[KEYS_KNOWN];
	size_t n_known;
};

void keys_init(struct keys *k);
void keys_know(struct keys *k, const char *bytes, int key); /* longer sequences than fit, and single bytes, are left out */
/* Takes as many of the n bytes as fit; returns how many. The caller comes again with the rest after keys_next(). */
size_t keys_feed(struct keys *k, const void *bytes, size_t n, int64_t now);
/* The next key, or KEY_NONE when there is none yet. */
int keys_next(struct keys *k, int64_t now);
/* Milliseconds after which keys_next() is to be asked again although nothing came; -1: not before the next byte. */
int keys_wait(const struct keys *k, int64_t now);

bool key_is_text(int key);        /* a printable character, typed or pasted */
uint32_t key_char(int key);       /* its code point */
/* "F4", "Ctrl-O", "Esc", "↑", "n": what stands in footer and help. */
void keys_name(int key, char *out, size_t size);

#endif
