/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of rows: columns are data, rows come in pages by key (never by offset, P9), the selected row has a marker and a bold name, rows
 * can be marked.
 *
 * A page holds LIST_PAGE rows. Where each page begins is kept (its anchor), so that the way back is as cheap as the way forward; at most
 * LIST_CACHED pages are held. Rows are named by their id: after a reload the selection stays on the same row where it still is.
 *
 * The list is embedded in a screen's state; list_init() before anything else, list_release() accepts a zeroed one. `owner` is handed to
 * load(). Rows may hold personal data: they are wiped.
 */
#ifndef SCREENS_LIST_H
#define SCREENS_LIST_H

#include "ui.h"

#define LIST_PAGE 64
#define LIST_CACHED 4
#define LIST_ANCHOR 600        /* bytes of an anchor */
#define LIST_MARKS_MAX 100000

struct column {
	const char *heading;   /* msgid */
	int width;             /* columns; the last column takes what is left */
	int drop;              /* left out below this many columns of the window; 0: never */
	void (*text)(const void *row, char *out, size_t size);
	bool name;             /* bold on the selected row */
	unsigned (*attr)(const void *row); /* may be NULL */
};

struct list_source {
	size_t row_size;
	/* Up to cap rows after `anchor` (NULL: from the start). Fills `next` (LIST_ANCHOR bytes, zeroed) with the anchor of what follows. */
	int (*load)(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e);
	int64_t (*id)(const void *row);
	/* In place of load, for rows that go on behind the id of the last one (0: from the start); a full page has more behind it. */
	int (*behind)(struct ui *ui, void *owner, int64_t id, void *rows, size_t cap, size_t *n, struct err *e);
	const struct column *columns;
	size_t n_columns;
	bool can_mark;
	bool people;           /* id() is a person: the whole file can be exported */
	const char *empty;     /* msgid: shown when there is no row */
	const struct column *paper; /* in place of the columns where the list goes into a file or on paper; NULL: the same */
	size_t n_paper;
	void (*says)(struct ui *ui, const void *owner, char *out, size_t size); /* what is listed (month, team): under the title there; may be NULL */
};

struct list_page { size_t index; size_t n; char *rows; bool loaded; };

struct list {
	const struct list_source *src;
	void *owner;
	size_t selected, top;  /* row numbers from the start */
	size_t height;         /* rows that the last paint showed */
	struct list_page page[LIST_CACHED];
	size_t next_page;      /* which slot is reused next */
	char **anchor;         /* anchor[i]: where page i begins; [0] is NULL */
	size_t anchors;
	size_t total;          /* known when `ended` */
	bool ended;
	int64_t *mark;         /* sorted ids */
	size_t marks, mark_room;
	size_t drawn_top; int drawn_row;
	bool failed;           /* the last load failed; not tried again before a key */
};

/* A page as load gives it, whichever way the source has. */
int list_fetch(struct ui *ui, const struct list_source *src, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more,
	       struct err *e);

void list_init(struct list *l, const struct list_source *src, void *owner);
void list_release(struct list *l);
void list_reload(struct ui *ui, struct list *l);     /* the data changed: same place, same selection where they still are */
void list_restart(struct ui *ui, struct list *l);    /* another query: from the start */
const void *list_row(struct ui *ui, struct list *l, size_t i); /* NULL: there is none */
const void *list_selected(struct ui *ui, struct list *l);      /* NULL: the list is empty */
bool list_has_row(const struct list *l);             /* something is selected */
void list_select(struct ui *ui, struct list *l, size_t i);     /* clamped */
bool list_find_loaded(struct ui *ui, struct list *l, int64_t id); /* selects the row with this id among the pages from the start; false: not found */
/* Draws headings and rows, fetching what the window's height makes necessary. focused: the cursor goes to the selected row. */
/* After list_draw(), on the screen on top: what was cut in the selected row stands whole in the status line. */
void list_hint(struct ui *ui, struct list *l, struct area a);
void list_draw(struct ui *ui, struct list *l, struct canvas *c, struct area a, bool focused);

/* Movement; false: not such a key. */
bool list_key(struct ui *ui, struct list *l, int key);

void list_mark(struct list *l, int64_t id, bool on);
bool list_marked(const struct list *l, int64_t id);
void list_unmark_all(struct list *l);
/* Marks every row of the query, or unmarks all when all are marked already. -1: failed, said in the status line. */
int list_mark_all(struct ui *ui, struct list *l);
/* The marked ids, or the selected one where none is marked. The caller frees. *n 0: nothing to act on. */
int64_t *list_chosen(struct ui *ui, struct list *l, size_t *n);

/* Shared actions of screens that are lists. The list must be the first member of the state. */
#define LIST_MOVE_ACTIONS 6
#define LIST_ACTIONS 8
#define LIST_MARK_ACTIONS 10
extern const struct action list_move_actions[LIST_MOVE_ACTIONS]; /* of lists that hold no data: moving only */
extern const struct action list_actions[LIST_ACTIONS];          /* and export, print */
extern const struct action list_mark_actions[LIST_MARK_ACTIONS]; /* the same and marking */

#endif
