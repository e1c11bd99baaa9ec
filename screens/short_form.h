/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A form that is no record: a sheet whose texts are kept as a draft of a name of its own, from the first key, at most once a second (U6).
 * Embedded as the first member of a screen's state, which is the sheet's owner too: the functions below are the screen's and the owner's.
 */
#ifndef SCREENS_SHORT_FORM_H
#define SCREENS_SHORT_FORM_H

#include "form.h"

struct short_form {
	struct sheet sheet;             /* first */
	char draft[32];                 /* the draft's name; "": none is kept (passwords) */
	const char *name[FORM_LINES];   /* of each line, as the draft has it */
	const char *extra_name, *extra; /* one more text of the draft; NULL: none */
	bool changed, kept, saved;      /* typed since the last draft; a draft is stored; written for good */
	int64_t kept_at;
};

/* Appends a line. */
struct form_line *short_form_add(struct short_form *s, int id, const char *name, const char *label, const char *help, unsigned max_chars);
/* What the line says: a choice's code, else the text; "" where the form has no such line. */
const char *short_form_text(struct short_form *s, int id);
/* Puts a value into a choice line as its word; what names nothing any more is shown as it was typed, and checked at leaving. */
void short_form_choose(struct ui *ui, struct short_form *s, struct form_line *l, const char *value);

/* Every line that must say something does, and what is typed into a choice is one of its values; else it is said at each line that is wrong,
 * and the focus goes to the first. */
bool short_form_complete(struct ui *ui, struct short_form *s);
/* Lists of values: a table of the profile (NULL: nothing), the project's participants by uid. */
size_t short_form_codes(struct ui *ui, const char *table, struct form_choice *out, size_t cap);
size_t short_form_participants(struct ui *ui, struct form_choice *out, size_t cap);

/* Goes on with the stored draft; what was typed into each line is handed to `put`. NULL: choices as above, other lines as they are. */
typedef void short_form_put(struct ui *ui, struct short_form *s, size_t line, const char *text);
void short_form_resume(struct ui *ui, struct short_form *s, short_form_put *put);
void short_form_keep(struct ui *ui, struct short_form *s, int64_t now);
void short_form_done(struct ui *ui, struct short_form *s); /* it is written: the draft goes */

/* struct form_owner */
void short_form_leave(struct ui *ui, void *owner, struct sheet *f, size_t line);
void short_form_typed(struct ui *ui, void *owner, struct sheet *f);
/* struct screen_ops */
void short_form_draw(struct ui *ui, void *state, struct canvas *c, struct area a);
enum reaction short_form_key(struct ui *ui, void *state, int key);
void short_form_event(struct ui *ui, void *state, const struct ui_event *ev);
#define SHORT_FORM_ACTIONS 1
extern const struct action short_form_actions[SHORT_FORM_ACTIONS];

#endif
