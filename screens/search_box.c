/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search_box.h"

#include <string.h>

#include "base/i18n.h"

void search_box_init(struct search_box *b)
{
	*b = (struct search_box){.edit = {.max_chars = SEARCH_BOX_CHARS}};
}

void search_box_focus(struct search_box *b)
{
	b->focused = true;
	b->edit.at = strlen(b->edit.text);
}

struct area search_box_draw(struct search_box *b, struct canvas *c, struct area a, const char *hint)
{
	int used = canvas_text(c, a.row, a.col, a.width, ATTR_PLAIN, _("找：")) + 1;

	if (b->focused || b->edit.text[0])
		edit_draw(&b->edit, c, a.row, a.col + used, a.width - used, ATTR_PLAIN, b->focused);
	else
		canvas_cut(c, a.row, a.col + used, a.width - used, ATTR_DIM, hint);
	return (struct area){a.row + 1, a.col, a.height - 1, a.width};
}

bool search_box_key(struct search_box *b, int key, bool *changed)
{
	*changed = false;
	if (!b->focused && key_is_text(key) && key_char(key) >= 0x80) {
		*b = (struct search_box){.edit = {.max_chars = SEARCH_BOX_CHARS}, .focused = true};
		*changed = true;
	}
	return b->focused && edit_key(&b->edit, key, changed);
}

bool search_box_leave(struct search_box *b)
{
	bool was = b->focused || b->edit.text[0];

	b->focused = false;
	edit_set(&b->edit, "");
	return was;
}
