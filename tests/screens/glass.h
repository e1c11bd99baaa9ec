/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a terminal shows, inside the test's own process: a pty whose other end is read by a thread and given to libvterm. The code under
 * test opens the tty as its terminal; glass_catch_up() waits (with a deadline) until everything it has sent is on the glass.
 */
#ifndef TESTS_SCREENS_GLASS_H
#define TESTS_SCREENS_GLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct glass;

struct glass *glass_open(int rows, int cols);
void glass_close(struct glass *g);
int glass_tty(const struct glass *g);                     /* for term_options.in and .out */
void glass_type(struct glass *g, const void *bytes, size_t n);
void glass_resize(struct glass *g, int rows, int cols);   /* the tty's size and the glass's */
void glass_catch_up(struct glass *g, uint64_t sent);      /* sent: term_bytes() since the glass was opened */
void glass_hang_up(struct glass *g);                      /* our end is closed: the tty reads end of input */

struct glass_cell { uint32_t cp; int width; bool bold, reverse; int fg, bg; /* palette numbers; -1: the terminal's own */ };
void glass_cell(struct glass *g, int row, int col, struct glass_cell *out);
void glass_cursor(struct glass *g, int *row, int *col);
const char *glass_row(struct glass *g, int row);          /* UTF-8 without trailing blanks; valid until the next call */
bool glass_shows(struct glass *g, const char *text);
void glass_print(struct glass *g);

#endif
