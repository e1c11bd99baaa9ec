/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UTF-8 text: validity, characters, width on the terminal, bounded copying.
 *
 * Text inside the program is always valid UTF-8 without NUL; what comes from outside is checked once, at its edge, with
 * text_valid(). Widths are our own table (Unicode East Asian Width), not the C library's, so that they are the same on every
 * machine and under every locale; ambiguous characters (· ① …) have the width set by text_set_ambiguous_width().
 * Nothing here allocates. No function ever cuts inside a character, nor between a base character and its combining marks.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Decodes one character at s (n bytes there). Returns its length in bytes, or 0 when n is 0 or the bytes are not valid UTF-8
 * (overlong, surrogate, beyond U+10FFFF, cut). *cp is set only on success. */
size_t text_decode(const char *s, size_t n, uint32_t *cp);
/* Encodes cp into out (at least 4 bytes); returns the length, 0 for a surrogate or beyond U+10FFFF. No NUL is added. */
size_t text_encode(uint32_t cp, char out[4]);

bool text_valid(const char *s, size_t n);     /* valid UTF-8 and no NUL */
size_t text_chars(const char *s);             /* characters (code points) */
int text_cp_width(uint32_t cp);               /* 0, 1 or 2; control characters count 0 */
int text_width(const char *s);                /* columns of the whole string */

/* Bytes of the longest prefix of s that fits into `columns`; *used (may be NULL) gets the columns it takes. */
size_t text_fit(const char *s, int columns, int *used);

void text_set_ambiguous_width(int width);     /* 1 (default) or 2; once, at start */
int text_ambiguous_width(void);

/* Copies src into dst of `size` bytes, cut at a character's end where it does not fit; always terminated. Returns whether all
 * of it fitted. */
bool text_copy(char *dst, size_t size, const char *src);
/* The same with a format. */
bool text_format(char *dst, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool text_vformat(char *dst, size_t size, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));

/* Trims ASCII and ideographic blanks (U+0020, U+3000, tabs, line ends) at both ends, in place. */
void text_trim(char *s);
/* Full-width ASCII (U+FF01..FF5E, U+3000) becomes plain ASCII, in place: numbers typed with a Chinese input method on. */
void text_narrow(char *s);
bool text_is_digits(const char *s);           /* at least one character, all '0'..'9' */

/* Leaves the first `head` and last `tail` characters, stars between; all stars when the text is not longer than head + tail. */
void text_mask(char *dst, size_t size, const char *src, size_t head, size_t tail);

/* The one wipe. Personal data and keys leave memory through it and nothing else. */
void wipe(void *p, size_t n);

#endif
